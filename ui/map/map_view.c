#include "ui/map/map_view.h"

#include <math.h>
#include <string.h>

#include "ui/kit/paint.h"
#include "ui/map/map.h"

#define GRID_DP   64
#define NEARER    3  /* levels above that may stand in for a missing piece */
#define RING      1  /* pieces around what is seen, drawn ahead */
#define SIDE_MOST 24 /* pieces across: 2560 dp at half a level, and more */

static double scale_of(const struct map_view *v)
{
    return map_spot_scale((double)v->zoom / MAP_LEVEL);
}

/* What of the world's plane lies at the box's corner, in whole dp. */
static void corner(const struct map_view *v, double *x, double *y)
{
    *x = floor(v->middle.x * scale_of(v)) - (v->middle_x - v->box.x);
    *y = floor(v->middle.y * scale_of(v)) - (v->middle_y - v->box.y);
}

struct draw_point map_view_point(const struct map_view *v, struct map_spot spot)
{
    struct draw_point p;
    double x;
    double y;

    corner(v, &x, &y);
    x = spot.x * scale_of(v) - x + v->box.x;
    y = spot.y * scale_of(v) - y + v->box.y;
    /* Cairo counts dots in 24 bits. */
    p.x = (int32_t)fmin(fmax(x, -4e6), 4e6);
    p.y = (int32_t)fmin(fmax(y, -4e6), 4e6);
    return p;
}

struct map_spot map_view_spot(const struct map_view *v, int x, int y)
{
    const double scale = scale_of(v);
    const struct map_spot spot = { v->middle.x + (x - v->middle_x) / scale,
                                   v->middle.y + (y - v->middle_y) / scale };

    return spot;
}

struct map_spot map_view_of(struct view_pos pos)
{
    return map_spot_of(pos.lat_e7, pos.lon_e7);
}

void map_view_move(struct map_view *v, int dx, int dy)
{
    const double scale = scale_of(v);

    v->middle.x = fmin(fmax(v->middle.x - dx / scale, 0), 1);
    v->middle.y = fmin(fmax(v->middle.y - dy / scale, 0), 1);
}

void map_view_zoom(struct map_view *v, int zoom, int x, int y)
{
    const struct map_spot fixed = map_view_spot(v, x, y);
    double scale;

    zoom = zoom < MAP_ZOOM_MIN * MAP_LEVEL ? MAP_ZOOM_MIN * MAP_LEVEL : zoom;
    zoom = zoom > MAP_ZOOM_MAX * MAP_LEVEL ? MAP_ZOOM_MAX * MAP_LEVEL : zoom;
    v->zoom = zoom;
    scale = scale_of(v);
    v->middle.x = fixed.x - (x - v->middle_x) / scale;
    v->middle.y = fixed.y - (y - v->middle_y) / scale;
    map_view_move(v, 0, 0);
}

static void draw_grid(struct ui *ui, struct rect r, int dx, int dy)
{
    for (int x = r.x + dx; x < r.x + r.w; x += GRID_DP) {
        (void)ui_box(ui, rect_make(x, r.y, 1, r.h), COLOR_MAP_BUILDING,
                     COLOR_NONE, 0, 0);
    }
    for (int y = r.y + dy; y < r.y + r.h; y += GRID_DP) {
        ui_hline(ui, r.x, y, r.w, COLOR_MAP_BUILDING);
    }
}

struct tiles { /* one frame's */
    struct ui *ui;
    const struct map_view *v;
    struct map *map;
    struct map_key key; /* of the look and the zoom */
    double side;        /* dp of a piece on the screen */
    double x, y;        /* corner of the box in the plane */
    bool is_whole;
};

static struct rect place_of(const struct tiles *t, double column, double row,
                            double side)
{
    const int left = (int)floor(column * side - t->x + 0.5);
    const int top = (int)floor(row * side - t->y + 0.5);

    return rect_make(t->v->box.x + left, t->v->box.y + top,
                     (int)floor((column + 1) * side - t->x + 0.5) - left,
                     (int)floor((row + 1) * side - t->y + 0.5) - top);
}

/* A level above, enlarged, until the piece itself is drawn. */
static bool draw_stand_in(const struct tiles *t, int column, int row)
{
    for (int up = 1; up <= NEARER; up++) {
        struct map_key key = t->key;
        const struct image *image;

        key.zoom -= up;
        key.column = column >> up;
        key.row = row >> up;
        image = map_peek(t->map, &key);
        if (image != NULL) {
            draw_clip(&t->ui->list, place_of(t, column, row, t->side));
            (void)draw_image(
                &t->ui->list,
                place_of(t, key.column, key.row, t->side * (double)(1 << up)),
                image, 0);
            draw_unclip(&t->ui->list);
            return true;
        }
    }
    return false;
}

/* The four of the level below, made smaller. */
static void draw_smaller(const struct tiles *t, int column, int row)
{
    for (int i = 0; i < 4; i++) {
        struct map_key key = t->key;
        const struct image *image;

        key.zoom++;
        key.column = column * 2 + i % 2;
        key.row = row * 2 + i / 2;
        image = map_peek(t->map, &key);
        if (image != NULL) {
            (void)draw_image(&t->ui->list,
                             place_of(t, key.column, key.row, t->side / 2),
                             image, 0);
        }
    }
}

static void draw_piece(struct tiles *t, int column, int row)
{
    const struct image *image = NULL;
    enum map_piece piece;

    t->key.column = column;
    t->key.row = row;
    piece = map_tile(t->map, &t->key, &image);
    if (image != NULL) {
        (void)draw_image(&t->ui->list, place_of(t, column, row, t->side), image,
                         0);
    } else if (piece == MAP_PIECE_WAITS) {
        if (!draw_stand_in(t, column, row)) {
            draw_smaller(t, column, row);
        }
    } else {
        t->is_whole = false;
    }
}

static struct tiles tiles_of(struct ui *ui, const struct map_view *v,
                             struct map *map)
{
    struct tiles t = { .ui = ui, .v = v, .map = map, .is_whole = true };
    const int zoom = (v->zoom + MAP_LEVEL / 2) / MAP_LEVEL;

    t.key.zoom = zoom;
    t.key.look.theme = ui->theme;
    t.key.look.percent = ui->percent;
    t.key.look.is_welsh = strcmp(ui->list.lang, "cy") == 0;
    t.side = scale_of(v) / (double)(1 << zoom);
    corner(v, &t.x, &t.y);
    return t;
}

static void wish_around(struct tiles *t, int west, int north, int east,
                        int south)
{
    const struct image *image;

    for (int row = north - RING; row <= south + RING; row++) {
        for (int column = west - RING; column <= east + RING; column++) {
            if (row < north || row > south || column < west || column > east) {
                t->key.column = column;
                t->key.row = row;
                (void)map_tile(t->map, &t->key, &image);
            }
        }
    }
}

static bool draw_tiles(struct ui *ui, const struct map_view *v, struct map *map)
{
    struct tiles t = tiles_of(ui, v, map);
    const int west = (int)floor(t.x / t.side);
    const int north = (int)floor(t.y / t.side);
    int east = (int)floor((t.x + v->box.w) / t.side);
    int south = (int)floor((t.y + v->box.h) / t.side);

    east = east > west + SIDE_MOST ? west + SIDE_MOST : east;
    south = south > north + SIDE_MOST ? north + SIDE_MOST : south;
    map_begin(map);
    for (int row = north; row <= south; row++) {
        for (int column = west; column <= east; column++) {
            draw_piece(&t, column, row);
        }
    }
    wish_around(&t, west, north, east, south);
    map_end(map);
    return t.is_whole;
}

bool map_view_ground(struct ui *ui, const struct map_view *v, struct map *map)
{
    const bool was_flipped = ui->list.is_flipped;
    bool is_whole = false;
    double x;
    double y;

    ui->list.is_flipped = false;
    ui->list.on_map = true;
    corner(v, &x, &y);
    (void)ui_box(ui, v->box, COLOR_MAP_LAND, COLOR_NONE, 0, 0);
    draw_clip(&ui->list, v->box);
    draw_grid(ui, v->box, GRID_DP - 1 - (int)fmod(x, GRID_DP),
              GRID_DP - 1 - (int)fmod(y, GRID_DP));
    if (map != NULL && map_state(map)->status == MAP_READY) {
        is_whole = draw_tiles(ui, v, map);
    }
    draw_unclip(&ui->list);
    ui->list.on_map = false;
    ui->list.is_flipped = was_flipped;
    return is_whole;
}
