/*
 * toast.h - one line about what just happened, with Undo where it can be
 * taken back (design, components 2.15).
 */
#ifndef UI_TOAST_H
#define UI_TOAST_H

#include "ui/kit/paint.h"
#include "ui/view.h"

void toast_draw(struct ui *ui, const struct view_told *told);

/* What an officer is told about a failure: what is safe, what to do. */
const char *toast_error(enum err err);

#endif /* UI_TOAST_H */
