/*
 * map_move.h - what a finger, a wheel or a key does to a view of the map,
 * and where it looks before anybody has moved it; of every page with a map.
 */
#ifndef UI_MAP_MAP_MOVE_H
#define UI_MAP_MAP_MOVE_H

#include "ui/map/map_view.h"

struct map;

#define MAP_ZOOM_START (17 * MAP_LEVEL) /* streets around one */
#define MAP_ZOOM_FAR   (14 * MAP_LEVEL) /* a town */

/* UI_DRAG, or UI_ZOOM: after the fingers are lifted (amount 0), and by key,
 * to the next whole level. */
void map_move_event(struct map_view *v, const struct ui_event *ev);
/* The same by a button. */
void map_move_levels(struct map_view *v, int levels);

/* Without an own place: the own beat, any area, or the middle of what is
 * stored; false: there is none of these. `pack` may be NULL. */
bool map_move_start(const struct view_map *areas, const struct map *pack,
                    struct map_spot *middle_out, int *zoom_out);

#endif /* UI_MAP_MAP_MOVE_H */
