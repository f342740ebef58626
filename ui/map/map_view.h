/*
 * map_view.h - the map in a box of the screen: the stored pieces, and what
 * lies on them. The map is never mirrored.
 */
#ifndef UI_MAP_MAP_VIEW_H
#define UI_MAP_MAP_VIEW_H

#include "ui/kit/ui.h"
#include "ui/map/map_spot.h"
#include "ui/view.h"

struct map;

#define MAP_LEVEL 1000 /* zoom is counted in thousandths of a doubling */

/* Where the map is looked at; a plain value. */
struct map_view {
    struct rect box;        /* on the screen, as it lies there */
    struct map_spot middle; /* what is seen at (middle_x, middle_y) */
    int middle_x;           /* on the screen: not the box's middle, when a */
    int middle_y;           /* sheet covers a part */
    int zoom;               /* in MAP_LEVELs */
};

enum map_layer {
    MAP_LAYER_BEATS,
    MAP_LAYER_HOTSPOTS,
    MAP_LAYER_TRACK,
    MAP_LAYER_PINS,
    MAP_LAYER__COUNT
};

/* Between places and dots of the screen. */
struct draw_point map_view_point(const struct map_view *v,
                                 struct map_spot spot);
struct map_spot map_view_spot(const struct map_view *v, int x, int y);
struct map_spot map_view_of(struct view_pos pos);

/* Moved by a finger; grown around a dot. Zoom stays within what there is. */
void map_view_move(struct map_view *v, int dx, int dy);
void map_view_zoom(struct map_view *v, int zoom, int x, int y);

/*
 * Grid and pieces. `map` may be NULL. False when some of it isn't stored.
 */
bool map_view_ground(struct ui *ui, const struct map_view *v, struct map *map);

/* Areas, track, pins, own position; `shows` by map_layer; `chosen`: index of
 * the area that is lit, or -1. */
void map_view_marks(struct ui *ui, const struct map_view *v,
                    const struct view_map *m, const struct view_place *own,
                    const bool *shows, int chosen);

/* Where I am, if there is a fix, and a pin at `pin`, if not NULL. */
void map_view_here(struct ui *ui, const struct map_view *v,
                   const struct view_place *own, const struct map_spot *pin);

/* One area of `m`, lit, and nothing else. */
void map_view_area(struct ui *ui, const struct map_view *v,
                   const struct view_map *m, int area);

/* A line that is being drawn, with its corners; closed when its last is its
 * first. */
void map_view_outline(struct ui *ui, const struct map_view *v,
                      const struct view_pos *pos, int count, bool is_wrong);

/* The place that was looked for or held, with its name, if it has one. */
void map_view_found(struct ui *ui, const struct map_view *v,
                    struct map_spot spot, enum icon icon, const char *name);

/* A place is in an area, by its rings. */
bool map_view_is_in(const struct view_map *m, const struct view_area *a,
                    const struct view_place *place);

/* What is touched at a dot: an index, or -1. */
int map_view_pin_at(const struct map_view *v, const struct view_map *m, int x,
                    int y);
int map_view_hotspot_at(const struct map_view *v, const struct view_map *m,
                        const struct view_place *own, int x, int y);

#endif /* UI_MAP_MAP_VIEW_H */
