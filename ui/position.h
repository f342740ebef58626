/*
 * position.h - where something is: on the stored map; or, when none is
 * stored, a grid with its accuracy, that says so and never looks like a map.
 */
#ifndef UI_POSITION_H
#define UI_POSITION_H

#include "ui/kit/paint.h"
#include "ui/view.h"

struct map;

/* Fills `r`, the upper part of a card with rounded corners: the stored map
 * around that place with a pin and with where I am now, or a grid. `map` may
 * be NULL. */
void position_draw(struct ui *ui, struct rect r, const struct view_place *p,
                   const struct view_place *own, bool has_pin, struct map *map);
/* "GPS ±6 m, Beat 3", "Last fix 09:58, ±6 m", "No GPS. Type the place." */
const char *position_words(struct ui *ui, const struct view_place *p);

#endif /* UI_POSITION_H */
