#include "ui/inset.h"

#include <math.h>

#include "ui/kit/paint.h"
#include "ui/kit/path.h"
#include "ui/map/map.h"
#include "ui/map/map_credit.h"

#define ARC_POINTS 7  /* of one corner */
#define FIT_MARGIN 28 /* dp around what is to be seen */
#define E7         1e7

bool inset_has(const struct map *map, struct map_spot middle)
{
    const struct map_state *s = map != NULL ? map_state(map) : NULL;
    int64_t lat;
    int64_t lon;

    if (s == NULL || s->status != MAP_READY) {
        return false;
    }
    map_spot_back(middle, &lat, &lon);
    return !s->facts.has_bounds || ((double)lat / E7 >= s->facts.south &&
                                    (double)lat / E7 <= s->facts.north &&
                                    (double)lon / E7 >= s->facts.west &&
                                    (double)lon / E7 <= s->facts.east);
}

void inset_begin(struct ui *ui, struct rect r, struct map *map,
                 struct map_spot middle, int zoom, struct map_view *v_out)
{
    const struct rect box = draw_flip(&ui->list, r);

    *v_out = (struct map_view){ .box = box,
                                .middle = middle,
                                .middle_x = box.x + box.w / 2,
                                .middle_y = box.y + box.h / 2,
                                .zoom = zoom };
    (void)map_view_ground(ui, v_out, map);
}

/* What the round corner leaves free of the square one at (x, y); the corner's
 * circle lies at (x + sx * radius, y + sy * radius). */
static void round_off(struct ui *ui, int x, int y, int sx, int sy,
                      enum color color)
{
    struct draw_point p[ARC_POINTS + 1] = { { x, y } };
    const int radius = R_CARD - 1;

    for (int i = 0; i < ARC_POINTS; i++) {
        const double turn = PI / 2 * i / (ARC_POINTS - 1);

        p[i + 1].x = x + sx * (int)lround(radius * (1 - cos(turn)));
        p[i + 1].y = y + sy * (int)lround(radius * (1 - sin(turn)));
    }
    (void)draw_path(&ui->list, p, ARC_POINTS + 1, DRAW_RGB(ui_rgb(ui, color)),
                    0, 0);
}

/* The licence asks for it wherever the map is seen. */
static void draw_source(struct ui *ui, struct rect box, const struct map *map)
{
    char credit[MAPPACK_TEXT_SIZE];
    const int percent = ui->percent;
    const char *text;
    int w;
    int h;
    struct rect r;

    map_credit(&map_state(map)->facts, credit);
    if (credit[0] == '\0') {
        return;
    }
    text = ui_iso(ui, credit);
    ui->percent = 100; /* a small picture has no room for more */
    w = ui_text_width(ui, TYPE_CAPTION, text);
    w = w < box.w - 16 ? w : box.w - 16;
    h = ui_text_height(ui, TYPE_CAPTION, text, w);
    r = rect_make(box.x + box.w - w - 8, box.y + box.h - h - 2, w, h);
    (void)draw_box(&ui->list, rect_make(r.x - 4, r.y, w + 8, h),
                   DRAW_RGBA(ui_rgb(ui, COLOR_MAP_LAND), 220), 0, 0, R_MARK);
    (void)ui_text(ui, r, TYPE_CAPTION, COLOR_MAP_LABEL, 0, text);
    ui->percent = percent;
}

void inset_source(struct ui *ui, struct rect r, const struct map *map)
{
    const struct rect box = draw_flip(&ui->list, r);
    const bool was_flipped = ui->list.is_flipped;

    if (map == NULL || map_state(map)->status != MAP_READY) {
        return;
    }
    ui->list.is_flipped = false;
    ui->list.on_map = true;
    draw_source(ui, box, map);
    ui->list.on_map = false;
    ui->list.is_flipped = was_flipped;
}

void inset_end(struct ui *ui, struct rect r, const struct map *map,
               enum color around, bool all)
{
    const struct rect box = draw_flip(&ui->list, r);
    const bool was_flipped = ui->list.is_flipped;
    const int right = box.x + box.w;
    const int bottom = box.y + box.h;

    inset_source(ui, r, map);
    ui->list.is_flipped = false;
    ui->list.on_map = true;
    round_off(ui, box.x, box.y, 1, 1, around);
    round_off(ui, right, box.y, -1, 1, around);
    if (all) {
        round_off(ui, box.x, bottom, 1, -1, around);
        round_off(ui, right, bottom, -1, -1, around);
    }
    ui->list.on_map = false;
    ui->list.is_flipped = was_flipped;
}

bool inset_fit(const struct view_pos *pos, int count, struct rect r,
               struct map_spot *middle_out, int *zoom_out)
{
    struct map_spot least = { 2, 2 };
    struct map_spot most = { -1, -1 };
    double w;
    double h;
    double scale;

    for (int i = 0; i < count; i++) {
        struct map_spot s;

        if (pos[i].lat_e7 == VIEW_POS_BREAK) {
            continue;
        }
        s = map_view_of(pos[i]);
        least.x = fmin(least.x, s.x);
        least.y = fmin(least.y, s.y);
        most.x = fmax(most.x, s.x);
        most.y = fmax(most.y, s.y);
    }
    if (most.x < 0) {
        return false;
    }
    *middle_out =
        (struct map_spot){ (least.x + most.x) / 2, (least.y + most.y) / 2 };
    w = fmax(most.x - least.x, 1e-9);
    h = fmax(most.y - least.y, 1e-9);
    scale = fmin((r.w - 2 * FIT_MARGIN) / w, (r.h - 2 * FIT_MARGIN) / h);
    *zoom_out =
        (int)(fmin(fmax(log2(scale / MAP_TILE_DP), MAP_ZOOM_MIN), 18.0) *
              MAP_LEVEL);
    return true;
}
