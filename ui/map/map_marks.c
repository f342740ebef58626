/* map_marks.c - what lies on the map: areas, track, pins (map_view.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ui/format.h"
#include "ui/kit/paint.h"
#include "ui/map/map_view.h"

#define FILL_ALPHA    33 /* 13 % */
#define CIRCLE_ALPHA  36 /* 14 % */
#define BEYOND_DP     40 /* lines go on so far outside, for their ends */
#define STROKE_MAX    1024
#define BEAT_W        4
#define OTHER_BEAT_W  2
#define AREA_W        3
#define TRACK_W       6
#define HALO_W        11
#define DIAL_DP       66
#define DIAL_RING     7
#define PIN_R         17
#define CORNER_R      8
#define PIN_UP        28 /* from its tip to its middle */
#define TOUCH_DP      34
#define ACCURACY_MOST 400 /* dp: larger covers all there is to see */
#define PERCENT_MOST  150 /* of the text size, in marks of a fixed size */

struct pen {
    enum color color;
    int width;
    int dash; /* 0: a whole line */
    int gap;
};

struct marks {
    struct ui *ui;
    const struct map_view *v;
    const struct view_map *m;
    struct draw_point points[STROKE_MAX];
    uint32_t count;
    struct pen pen;
};

static uint32_t solid(const struct ui *ui, enum color color)
{
    return DRAW_RGB(ui_rgb(ui, color));
}

/* --- lines, cut to what can be seen --- */

static void flush(struct marks *k)
{
    if (k->count >= 2) {
        draw_set_dash(&k->ui->list,
                      draw_path(&k->ui->list, k->points, k->count, 0,
                                solid(k->ui, k->pen.color), k->pen.width),
                      k->pen.dash, k->pen.gap);
    }
    k->count = 0;
}

/* One side of the box: moves `from` or `to` along the piece (Liang and
 * Barsky); false when nothing of it is inside. */
static bool cut(double direction, double distance, double *from, double *to)
{
    const double at = direction != 0 ? distance / direction : 0;

    if (direction == 0) {
        return distance >= 0;
    }
    if (direction < 0) {
        *from = fmax(*from, at);
    } else {
        *to = fmin(*to, at);
    }
    return *from <= *to;
}

static void add_piece(struct marks *k, struct draw_point a, struct draw_point b)
{
    const struct rect r = rect_grow(k->v->box, BEYOND_DP);
    const double dx = (double)b.x - a.x;
    const double dy = (double)b.y - a.y;
    double from = 0;
    double to = 1;
    struct draw_point start;
    bool goes_on;

    if (!cut(-dx, (double)a.x - r.x, &from, &to) ||
        !cut(dx, (double)r.x + r.w - a.x, &from, &to) ||
        !cut(-dy, (double)a.y - r.y, &from, &to) ||
        !cut(dy, (double)r.y + r.h - a.y, &from, &to)) {
        return;
    }
    if (k->count + 3 > STROKE_MAX) {
        flush(k);
    }
    start.x = (int32_t)lround(a.x + from * dx);
    start.y = (int32_t)lround(a.y + from * dy);
    goes_on = k->count > 0 && k->points[k->count - 1].x == start.x &&
              k->points[k->count - 1].y == start.y;
    if (!goes_on) {
        if (k->count > 0) {
            k->points[k->count++] = (struct draw_point){ DRAW_BREAK, 0 };
        }
        k->points[k->count++] = start;
    }
    k->points[k->count].x = (int32_t)lround(a.x + to * dx);
    k->points[k->count].y = (int32_t)lround(a.y + to * dy);
    k->count++;
}

/* Lines through `pos`, broken where they are. */
static void stroke(struct marks *k, const struct view_pos *pos, int count,
                   struct pen pen)
{
    struct draw_point last = { 0, 0 };
    bool has_last = false;

    k->pen = pen;
    for (int i = 0; i < count; i++) {
        struct draw_point p;

        if (pos[i].lat_e7 == VIEW_POS_BREAK) {
            has_last = false;
            continue;
        }
        p = map_view_point(k->v, map_view_of(pos[i]));
        if (has_last) {
            add_piece(k, last, p);
        }
        last = p;
        has_last = true;
    }
    flush(k);
}

static void fill(struct marks *k, const struct view_area *a, enum color color,
                 int alpha)
{
    for (int i = 0; i < a->point_count && i < STROKE_MAX; i++) {
        const struct view_pos *pos = &k->m->points[a->point_at + i];

        k->points[i] = pos->lat_e7 == VIEW_POS_BREAK
                           ? (struct draw_point){ DRAW_BREAK, 0 }
                           : map_view_point(k->v, map_view_of(*pos));
    }
    (void)draw_path(
        &k->ui->list, k->points,
        (uint32_t)(a->point_count < STROKE_MAX ? a->point_count : STROKE_MAX),
        DRAW_RGBA(ui_rgb(k->ui, color), alpha), 0, 0);
}

/* --- areas --- */

static bool is_met(const struct view_area *a)
{
    return a->has_minutes && a->low_minutes >= a->goal_minutes;
}

static bool is_unvisited(const struct view_area *a)
{
    return a->has_minutes && a->high_minutes == 0;
}

static enum color color_of(const struct view_area *a)
{
    if (a->kind == VIEW_AREA_ORDER) {
        return COLOR_SEALED_TEXT;
    }
    if (is_met(a)) {
        return COLOR_OK_TEXT;
    }
    return is_unvisited(a) ? COLOR_WARN_TEXT : COLOR_TRACK;
}

static void draw_area(struct marks *k, const struct view_area *a,
                      bool is_chosen)
{
    const struct view_pos *pos = &k->m->points[a->point_at];
    const bool is_dashed = is_unvisited(a) || a->kind == VIEW_AREA_ORDER;

    if (a->kind != VIEW_AREA_ORDER) { /* as large as a town centre */
        fill(k, a, color_of(a), is_chosen ? 2 * FILL_ALPHA : FILL_ALPHA);
    }
    stroke(k, pos, a->point_count,
           (struct pen){ color_of(a), is_chosen ? AREA_W + 2 : AREA_W,
                         is_dashed ? 9 : 0, 6 });
}

static void draw_beats(struct marks *k)
{
    for (int i = 0; i < k->m->area_count; i++) {
        const struct view_area *a = &k->m->areas[i];
        const struct view_pos *pos = &k->m->points[a->point_at];

        if (a->kind == VIEW_AREA_ORDER) {
            draw_area(k, a, false);
        } else if (a->kind == VIEW_AREA_BEAT && !a->is_own) {
            stroke(k, pos, a->point_count,
                   (struct pen){ COLOR_BEAT, OTHER_BEAT_W, 2, 6 });
        }
    }
    for (int i = 0; i < k->m->area_count; i++) { /* the own edge on top */
        const struct view_area *a = &k->m->areas[i];

        if (a->kind == VIEW_AREA_BEAT && a->is_own) {
            stroke(k, &k->m->points[a->point_at], a->point_count,
                   (struct pen){ COLOR_BEAT, BEAT_W, 14, 8 });
        }
    }
}

static bool is_on_screen(const struct marks *k, struct draw_point p)
{
    return rect_contains(rect_grow(k->v->box, DIAL_DP), p.x, p.y);
}

/* A name on a plate that lets the map shine through a little. */
static void draw_name(struct marks *k, struct draw_point p, const char *name)
{
    struct ui *ui = k->ui;
    const int w = ui_text_width(ui, TYPE_CAPTION_B, name);
    const int h = ui_line(ui, TYPE_CAPTION_B);
    const struct rect r = rect_make(p.x - w / 2, p.y - h / 2, w, h);

    if (!rect_inside(rect_grow(r, 8), k->v->box)) {
        return; /* half a name says less than none */
    }
    (void)draw_box(&ui->list, rect_make(r.x - 6, r.y, w + 12, h),
                   DRAW_RGBA(ui_rgb(ui, COLOR_MAP_LAND), 200), 0, 0, R_MARK);
    (void)ui_text(ui, r, TYPE_CAPTION_B, COLOR_MAP_LABEL, UI_CENTER, name);
}

static int64_t away(struct draw_point p, int x, int y)
{
    const int64_t dx = (int64_t)p.x - x;
    const int64_t dy = (int64_t)p.y - y;

    return dx * dx + dy * dy;
}

static bool hides_pin(const struct map_view *v, const struct view_map *m,
                      const struct view_place *own, struct draw_point p)
{
    const int64_t least =
        (int64_t)(DIAL_DP / 2 + PIN_R) * (DIAL_DP / 2 + PIN_R);

    if (own->has_fix &&
        away(map_view_point(v, map_spot_of(own->lat_e7, own->lon_e7)), p.x,
             p.y) < least) {
        return true;
    }
    for (int i = 0; i < m->pin_count; i++) {
        struct draw_point pin = map_view_point(v, map_view_of(m->pins[i].pos));

        pin.y -= PIN_UP;
        if (away(pin, p.x, p.y) < least) {
            return true;
        }
    }
    return false;
}

/* In the middle of its area, or nearer to the edge where a pin is there. */
static struct draw_point dial_point(const struct map_view *v,
                                    const struct view_map *m,
                                    const struct view_place *own,
                                    const struct view_area *a)
{
    static const int8_t ways[][2] = { { 0, 0 },   { 0, -8 }, { -6, 6 },
                                      { 6, 6 },   { 8, 0 },  { -8, 0 },
                                      { -6, -6 }, { 6, -6 }, { 0, 8 } };
    const struct draw_point p = map_view_point(v, map_view_of(a->middle));
    const struct draw_point edge =
        a->point_count > 0
            ? map_view_point(v, map_view_of(m->points[a->point_at]))
            : p;
    const int r = (int)sqrt((double)away(edge, p.x, p.y));

    for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
        const struct draw_point at = { p.x + ways[i][0] * r / 10,
                                       p.y + ways[i][1] * r / 10 };

        if (!hides_pin(v, m, own, at)) {
            return at;
        }
    }
    return p;
}

static void draw_dial(struct marks *k, const struct view_place *own,
                      const struct view_area *a)
{
    struct ui *ui = k->ui;
    const struct draw_point p = dial_point(k->v, k->m, own, a);
    const struct rect r =
        rect_make(p.x - DIAL_DP / 2, p.y - DIAL_DP / 2, DIAL_DP, DIAL_DP);
    const int part =
        a->goal_minutes > 0 ? a->minutes * 1000 / a->goal_minutes : 1000;

    if (!is_on_screen(k, p)) {
        return;
    }
    if (is_met(a)) {
        (void)ui_box(ui, r, COLOR_OK, COLOR_MAP_HALO, 2, DIAL_DP / 2);
        ui_icon(ui, p.x - 20, p.y - 20, 40, ICON_CHECK, COLOR_ON_OK);
        return;
    }
    (void)ui_box(ui, r, COLOR_SURFACE, COLOR_LINE_STRONG, 1, DIAL_DP / 2);
    (void)draw_arc(&ui->list, rect_grow(r, -3), solid(ui, COLOR_SUNKEN),
                   DIAL_RING, 1000);
    if (part > 0) {
        (void)draw_arc(&ui->list, rect_grow(r, -3), solid(ui, COLOR_TRACK),
                       DIAL_RING, part > 1000 ? 1000 : part);
    }
    (void)ui_text(ui, r, TYPE_TITLE_S, COLOR_TEXT, UI_CENTER | UI_MID,
                  fmt_number(ui, a->minutes));
}

static void draw_hotspots(struct marks *k, int chosen)
{
    for (int i = 0; i < k->m->area_count; i++) {
        if (k->m->areas[i].kind == VIEW_AREA_HOTSPOT) {
            draw_area(k, &k->m->areas[i], i == chosen);
        }
    }
}

static void draw_dials(struct marks *k, const struct view_place *own)
{
    for (int i = 0; i < k->m->area_count; i++) {
        const struct view_area *a = &k->m->areas[i];

        if (a->kind == VIEW_AREA_HOTSPOT && a->has_minutes) {
            draw_dial(k, own, a);
        } else if (a->kind == VIEW_AREA_HOTSPOT) {
            draw_name(k, map_view_point(k->v, map_view_of(a->middle)), a->name);
        }
    }
}

/* --- what officers drew --- */

static void draw_outline(struct marks *k, const struct view_pos *pos, int count,
                         enum color color)
{
    stroke(k, pos, count, (struct pen){ COLOR_MAP_HALO, HALO_W, 0, 0 });
    stroke(k, pos, count, (struct pen){ color, AREA_W + 1, 0, 0 });
}

static void draw_drawn(struct marks *k)
{
    for (int i = 0; i < k->m->area_count; i++) {
        const struct view_area *a = &k->m->areas[i];

        if (a->kind == VIEW_AREA_DRAWN) {
            fill(k, a, COLOR_PRIMARY, FILL_ALPHA);
        }
        if (a->kind == VIEW_AREA_DRAWN || a->kind == VIEW_AREA_LINE) {
            draw_outline(k, &k->m->points[a->point_at], a->point_count,
                         COLOR_PRIMARY);
        }
    }
}

/* --- pins and the own place --- */

static void draw_drop(struct marks *k, struct draw_point tip, int grow,
                      enum color color)
{
    const int r = PIN_R + grow;
    const struct draw_point corners[] = {
        { tip.x - r * 4 / 5, tip.y - PIN_UP + r * 3 / 5 },
        { tip.x, tip.y + grow },
        { tip.x + r * 4 / 5, tip.y - PIN_UP + r * 3 / 5 }
    };

    (void)ui_box(k->ui, rect_make(tip.x - r, tip.y - PIN_UP - r, 2 * r, 2 * r),
                 color, COLOR_NONE, 0, r);
    (void)draw_path(&k->ui->list, corners, ARRAY_LEN(corners),
                    solid(k->ui, color), 0, 0);
}

static void draw_pin(struct marks *k, const struct view_pin *pin)
{
    const struct draw_point p = map_view_point(k->v, map_view_of(pin->pos));

    if (!is_on_screen(k, p)) {
        return;
    }
    draw_drop(k, p, 2, COLOR_MAP_HALO);
    draw_drop(k, p, 0, pin->is_sealed ? COLOR_SEALED : COLOR_PRIMARY);
    (void)ui_text(
        k->ui,
        rect_make(p.x - PIN_R, p.y - PIN_UP - PIN_R, 2 * PIN_R, 2 * PIN_R),
        TYPE_SMALL_B, pin->is_sealed ? COLOR_ON_SEALED : COLOR_ON_PRIMARY,
        UI_CENTER | UI_MID, fmt_number(k->ui, pin->number));
}

static void draw_own(struct marks *k, const struct view_place *own)
{
    const struct map_spot spot = map_spot_of(own->lat_e7, own->lon_e7);
    const struct draw_point p = map_view_point(k->v, spot);
    const double metres = map_spot_metres(spot, (double)k->v->zoom / MAP_LEVEL);
    int r = (int)(own->accuracy_m / metres);

    if (!own->has_fix || !is_on_screen(k, p)) {
        return;
    }
    r = r > ACCURACY_MOST ? ACCURACY_MOST : r;
    if (r > 12) {
        (void)draw_box(&k->ui->list, rect_make(p.x - r, p.y - r, 2 * r, 2 * r),
                       DRAW_RGBA(ui_rgb(k->ui, COLOR_TRACK), CIRCLE_ALPHA),
                       DRAW_RGBA(ui_rgb(k->ui, COLOR_TRACK), 128), 1, r);
    }
    (void)ui_box(k->ui, rect_make(p.x - 13, p.y - 13, 26, 26),
                 own->is_old ? COLOR_NONE : COLOR_LIVE_MARK,
                 own->is_old ? COLOR_MAP_LABEL : COLOR_ON_RAIL_ACTIVE, 3, 13);
}

static void draw_all(struct marks *k, const struct view_place *own,
                     const bool *shows, int chosen)
{
    const struct view_map *m = k->m;

    if (shows[MAP_LAYER_BEATS]) {
        draw_beats(k);
    }
    if (shows[MAP_LAYER_TRACK]) {
        stroke(k, m->track, m->track_count,
               (struct pen){ COLOR_MAP_HALO, HALO_W, 0, 0 });
        stroke(k, m->track, m->track_count,
               (struct pen){ COLOR_TRACK, TRACK_W, 0, 0 });
    }
    if (shows[MAP_LAYER_HOTSPOTS]) {
        draw_hotspots(k, chosen);
    }
    for (int i = 0; shows[MAP_LAYER_BEATS] && i < m->area_count; i++) {
        if (m->areas[i].kind == VIEW_AREA_BEAT) {
            draw_name(k, map_view_point(k->v, map_view_of(m->areas[i].middle)),
                      m->areas[i].name);
        }
    }
    if (shows[MAP_LAYER_PINS]) {
        draw_drawn(k);
    }
    for (int i = 0; shows[MAP_LAYER_PINS] && i < m->pin_count; i++) {
        draw_pin(k, &m->pins[i]);
    }
    if (shows[MAP_LAYER_HOTSPOTS]) {
        draw_dials(k, own);
    }
    draw_own(k, own);
}

void map_view_marks(struct ui *ui, const struct map_view *v,
                    const struct view_map *m, const struct view_place *own,
                    const bool *shows, int chosen)
{
    struct marks k = { .ui = ui, .v = v, .m = m };
    const bool was_flipped = ui->list.is_flipped;
    const int percent = ui->percent;

    ui->list.is_flipped = false;
    ui->list.on_map = true;
    ui->percent = percent > PERCENT_MOST ? PERCENT_MOST : percent;
    draw_clip(&ui->list, v->box);
    draw_all(&k, own, shows, chosen);
    draw_unclip(&ui->list);
    ui->percent = percent;
    ui->list.on_map = false;
    ui->list.is_flipped = was_flipped;
}

void map_view_area(struct ui *ui, const struct map_view *v,
                   const struct view_map *m, int area)
{
    struct marks k = { .ui = ui, .v = v, .m = m };
    const bool was_flipped = ui->list.is_flipped;

    ui->list.is_flipped = false;
    ui->list.on_map = true;
    draw_clip(&ui->list, v->box);
    draw_area(&k, &m->areas[area], true);
    draw_unclip(&ui->list);
    ui->list.on_map = false;
    ui->list.is_flipped = was_flipped;
}

void map_view_here(struct ui *ui, const struct map_view *v,
                   const struct view_place *own, const struct map_spot *pin)
{
    struct marks k = { .ui = ui, .v = v };
    const bool was_flipped = ui->list.is_flipped;

    ui->list.is_flipped = false;
    ui->list.on_map = true;
    draw_clip(&ui->list, v->box);
    draw_own(&k, own);
    if (pin != NULL) {
        const struct draw_point p = map_view_point(v, *pin);

        draw_drop(&k, p, 2, COLOR_MAP_HALO);
        draw_drop(&k, p, 0, COLOR_PRIMARY);
        (void)ui_box(ui, rect_make(p.x - 6, p.y - PIN_UP - 6, 12, 12),
                     COLOR_ON_PRIMARY, COLOR_NONE, 0, 6);
    }
    draw_unclip(&ui->list);
    ui->list.on_map = false;
    ui->list.is_flipped = was_flipped;
}

void map_view_outline(struct ui *ui, const struct map_view *v,
                      const struct view_pos *pos, int count, bool is_wrong)
{
    const enum color color = is_wrong ? COLOR_DANGER : COLOR_PRIMARY;
    struct marks k = { .ui = ui, .v = v };
    const bool was_flipped = ui->list.is_flipped;

    ui->list.is_flipped = false;
    ui->list.on_map = true;
    draw_clip(&ui->list, v->box);
    draw_outline(&k, pos, count, color);
    for (int i = 0; i < count; i++) {
        const struct draw_point p = map_view_point(v, map_view_of(pos[i]));

        if (is_on_screen(&k, p)) {
            (void)ui_box(ui,
                         rect_make(p.x - CORNER_R, p.y - CORNER_R, 2 * CORNER_R,
                                   2 * CORNER_R),
                         COLOR_SURFACE, color, AREA_W, CORNER_R);
        }
    }
    draw_unclip(&ui->list);
    ui->list.on_map = false;
    ui->list.is_flipped = was_flipped;
}

void map_view_found(struct ui *ui, const struct map_view *v,
                    struct map_spot spot, enum icon icon, const char *name)
{
    struct marks k = { .ui = ui, .v = v };
    const struct draw_point p = map_view_point(v, spot);
    const struct draw_point below = { p.x, p.y + 18 };
    const bool was_flipped = ui->list.is_flipped;

    if (!is_on_screen(&k, p)) {
        return;
    }
    ui->list.is_flipped = false;
    ui->list.on_map = true;
    draw_clip(&ui->list, v->box);
    draw_drop(&k, p, 2, COLOR_MAP_HALO);
    draw_drop(&k, p, 0, COLOR_WARN);
    ui_icon(ui, p.x - 11, p.y - PIN_UP - 11, 22, icon, COLOR_ON_WARN);
    if (name[0] != '\0') {
        draw_name(&k, below, name);
    }
    draw_unclip(&ui->list);
    ui->list.on_map = false;
    ui->list.is_flipped = was_flipped;
}

/* --- what is touched --- */

int map_view_pin_at(const struct map_view *v, const struct view_map *m, int x,
                    int y)
{
    int64_t least = (int64_t)TOUCH_DP * TOUCH_DP;
    int best = -1;

    for (int i = 0; i < m->pin_count; i++) {
        struct draw_point p = map_view_point(v, map_view_of(m->pins[i].pos));

        p.y -= PIN_UP;
        if (away(p, x, y) < least) {
            least = away(p, x, y);
            best = i;
        }
    }
    return best;
}

/* Even and odd crossings of a ray to the right, all rings together. */
static bool has_point(const struct map_view *v, const struct view_map *m,
                      const struct view_area *a, int x, int y)
{
    bool inside = false;

    for (int i = 0; i + 1 < a->point_count; i++) {
        const struct view_pos *pos = &m->points[a->point_at + i];
        struct draw_point p;
        struct draw_point q;

        if (pos[0].lat_e7 == VIEW_POS_BREAK ||
            pos[1].lat_e7 == VIEW_POS_BREAK) {
            continue;
        }
        p = map_view_point(v, map_view_of(pos[0]));
        q = map_view_point(v, map_view_of(pos[1]));
        if ((p.y > y) != (q.y > y) &&
            x < p.x + ((double)q.x - p.x) * (y - p.y) / ((double)q.y - p.y)) {
            inside = !inside;
        }
    }
    return inside;
}

bool map_view_is_in(const struct view_map *m, const struct view_area *a,
                    const struct view_place *place)
{
    const struct map_view v = { .middle =
                                    map_spot_of(place->lat_e7, place->lon_e7),
                                .zoom = MAP_ZOOM_MAX * MAP_LEVEL };

    return has_point(&v, m, a, 0, 0);
}

int map_view_hotspot_at(const struct map_view *v, const struct view_map *m,
                        const struct view_place *own, int x, int y)
{
    int inside = -1;

    for (int i = 0; i < m->area_count; i++) {
        const struct view_area *a = &m->areas[i];

        if (a->kind != VIEW_AREA_HOTSPOT) {
            continue;
        }
        if (away(dial_point(v, m, own, a), x, y) <
            (int64_t)TOUCH_DP * TOUCH_DP) {
            return i; /* its dial lies above other areas */
        }
        if (has_point(v, m, a, x, y)) {
            inside = i;
        }
    }
    return inside;
}
