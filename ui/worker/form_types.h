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

/*
 * A hate crime is what the victim feels it was: its strands are asked as
 * such, and its category follows from them. The category of `strands`
 * ("race;religion"): its own when there is one, else the group's.
 */
const char *form_types_of_strands(const char *strands);
/* True when it follows from the strands: nobody chooses it. */
bool form_types_follows(const char *category);
/* What a new log of a tile is about until something is chosen; "": that is
 * asked. */
const char *form_types_default(const char *kind);

#endif /* UI_WORKER_FORM_TYPES_H */
