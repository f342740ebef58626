/*
 * page.h - a ruled notebook page: times and numbers before the margin line,
 * text on the rules, a seal tick at the end (design, components 2.28).
 */
#ifndef UI_PAGE_H
#define UI_PAGE_H

#include "ui/kit/paint.h"
#include "ui/view.h"

/*
 * Draws the page; with r.h 0 it is as high as its entries, else they scroll
 * inside (CTL_SCROLL_SIDE). Entries are CTL_BOOK_ENTRY by their place.
 * Returns the height.
 */
int page_draw(struct ui *ui, struct rect r, const struct view_notebook *v,
              int chosen);

#endif /* UI_PAGE_H */
