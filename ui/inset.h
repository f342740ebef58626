/*
 * inset.h - the stored map as a small picture in a card: it is looked at,
 * not moved. Where nothing is stored the caller draws what it has instead.
 */
#ifndef UI_INSET_H
#define UI_INSET_H

#include "ui/map/map_view.h"

struct map;

#define INSET_ZOOM (18 * MAP_LEVEL) /* a street and its houses */

/* Is there a stored map of this place? `map` may be NULL. */
bool inset_has(const struct map *map, struct map_spot middle);

/* The ground of `r` (a box before mirroring) around `middle`; draw what lies
 * on it with `v_out`, then call inset_end. */
void inset_begin(struct ui *ui, struct rect r, struct map *map,
                 struct map_spot middle, int zoom, struct map_view *v_out);
/* Whose map it is, in the corner of `r`; nothing where none is drawn. */
void inset_source(struct ui *ui, struct rect r, const struct map *map);
/* Whose map it is, and round corners: the upper two, or all, with what lies
 * around them in `around`. */
void inset_end(struct ui *ui, struct rect r, const struct map *map,
               enum color around, bool all);

/* The zoom at which all of `pos` is seen in `r`, and its middle; false when
 * there is no position. */
bool inset_fit(const struct view_pos *pos, int count, struct rect r,
               struct map_spot *middle_out, int *zoom_out);

#endif /* UI_INSET_H */
