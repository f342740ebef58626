/*
 * position.h - where I am when no map is stored: a grid, my position with
 * its accuracy, and that it says so. It never looks like a map.
 */
#ifndef UI_POSITION_H
#define UI_POSITION_H

#include "ui/kit/paint.h"
#include "ui/view.h"

/* Fills `r`, the upper part of a card with rounded corners. */
void position_draw(struct ui *ui, struct rect r, const struct view_place *p,
                   bool has_pin);
/* "GPS ±6 m, Beat 3", "Last fix 09:58, ±6 m", "No GPS. Type the place." */
const char *position_words(struct ui *ui, const struct view_place *p);

#endif /* UI_POSITION_H */
