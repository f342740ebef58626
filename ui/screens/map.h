/*
 * map.h - the map screen's own: shared by screen_map.c, which acts, and
 * draw_map.c, draw_map_sheet.c and draw_map_spot.c, which draw.
 */
#ifndef UI_SCREENS_MAP_H
#define UI_SCREENS_MAP_H

#include "core/geo.h"
#include "ui/app.h"
#include "ui/frame.h"
#include "ui/map/map_view.h"
#include "ui/screens/begun.h"

enum map_panel {
    MAP_PANEL_LIST,    /* hotspots by nearness */
    MAP_PANEL_HOTSPOT, /* the chosen one */
    MAP_PANEL_PIN,     /* the chosen record */
    MAP_PANEL_LOG,     /* what to log at `spot` */
    MAP_PANEL_NONE
};

struct map_model {
    struct map_spot middle;
    int zoom;       /* in MAP_LEVELs; 0: not looked at anything yet */
    bool was_moved; /* by hand: it no longer follows the own place */
    bool hides[MAP_LAYER__COUNT];
    enum map_panel panel;
    char query[64];      /* what is typed; "": hotspots are listed */
    struct geo_pos from; /* distances of what is found count from here */
    bool is_from_own;    /* the officer's place, else the map's middle */
    bool has_found;      /* the place that was chosen of what was found */
    struct map_spot found;
    char found_name[96];
    char chosen[40]; /* id of the area, or of the record */
    struct log_spot spot;
    struct begun_model begun;
};

/* Boxes before mirroring. */
struct map_areas {
    struct rect map;
    struct rect sheet; /* empty without one */
    struct rect free;  /* of the map, what no sheet covers */
};

struct map_areas map_areas_of(const struct ui *ui, struct rect map,
                              bool has_sheet);
/* `map` is the box before mirroring, as the target map.ground has it. */
struct map_view map_view_now(const struct ui *ui, const struct map_model *m,
                             struct rect map);

/* Index of the chosen area in the view, or -1. */
int map_chosen(const struct map_model *m, const struct view_map *v);

/* Index of the chosen pin, or -1. */
int map_chosen_pin(const struct map_model *m, const struct view_map *v);

/* Areas of kind hotspot, the nearest first; returns how many. */
int map_nearest(const struct view_map *v, const struct view_place *own,
                int out[VIEW_AREAS]);
/* Metres from the own place to the middle of an area; -1 without a fix. */
int map_metres(const struct view_area *a, const struct view_place *own);

void map_screen_draw(const void *model, const struct app *app, struct ui *ui);
void map_draw_sheet(struct ui *ui, const struct map_model *m,
                    const struct app *app, const struct map_areas *areas);

#define MAP_PAD 22 /* inside a sheet */

/* Larger, smaller, where I am: at the lower start of `free`. */
void map_draw_zoom(struct ui *ui, struct rect free);

/* Whose data it is, at the lower end of `map`. */
void map_draw_source(struct ui *ui, const struct map *pack, struct rect map);

/* Parts of a sheet. */
void map_draw_close(struct ui *ui, struct rect r);
int map_draw_part(struct ui *ui, struct rect r, const char *label,
                  const char *text);
const char *map_visit_words(struct ui *ui, const struct view_area *a);
/* One record, and what to log at a place: draw_map_spot.c. */
void map_draw_pin(struct ui *ui, const struct view_pin *pin, int64_t now_ms,
                  struct rect r);
void map_draw_log(struct ui *ui, const struct view_home *h,
                  const struct log_spot *spot, struct rect r);

/* Layers float above the map where there is room, else stand in the list. */
bool map_chips_float(struct ui *ui, const struct map_model *m,
                     struct rect free);
int map_draw_chips(struct ui *ui, const struct map_model *m, struct rect r);

#endif /* UI_SCREENS_MAP_H */
