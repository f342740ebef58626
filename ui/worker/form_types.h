/*
 * form_types.h - what a tile of the home screen offers to choose from: the
 * categories of its group, with icons.
 */
#ifndef UI_WORKER_FORM_TYPES_H
#define UI_WORKER_FORM_TYPES_H

#include "core/category.h"
#include "ui/view.h"

/* The group of categories behind a tile ("asb"); "": none. */
const char *form_types_group(const char *kind);

/* Title, marking and types of `kind` into `v`: those that have an icon as
 * they are most often seen on a beat, then the others as in the file. */
void form_types_list(const struct category_list *all, const char *kind,
                     struct view_log *v);

#endif /* UI_WORKER_FORM_TYPES_H */
