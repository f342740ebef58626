/*
 * urgent.h - an emergency re-task, on every officer screen until it was
 * touched: below the top bar, above all content.
 */
#ifndef UI_URGENT_H
#define UI_URGENT_H

#include "ui/kit/paint.h"
#include "ui/view.h"

/* Takes what it needs from the top of `r`; nothing without one. */
void urgent_draw(struct ui *ui, struct rect *r, const struct view_urgent *u);

#endif /* UI_URGENT_H */
