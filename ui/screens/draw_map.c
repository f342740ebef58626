/* draw_map.c - the map screen: the ground, what floats above it (map.h). */
#include "ui/screens/map.h"

#include <math.h>
#include <string.h>

#include "core/geo.h"
#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/chip.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/map/map.h"
#include "ui/map/map_credit.h"
#include "ui/position.h"

#define SCALE_MOST 130 /* dp */
#define PLATE_GAP  8
#define FLOAT_GAP  8   /* between buttons that float */
#define FREE_LEAST 300 /* dp: less map than this beside a sheet is no use */

static const struct {
    const char *label;
    const char *key;
} layers[MAP_LAYER__COUNT] = {
    [MAP_LAYER_BEATS] = { N_("Beats"), "beats" },
    [MAP_LAYER_HOTSPOTS] = { N_("Hotspots"), "hotspots" },
    [MAP_LAYER_TRACK] = { N_("My track"), "track" },
    [MAP_LAYER_PINS] = { N_("Pins"), "pins" },
};

struct map_areas map_areas_of(const struct ui *ui, struct rect map,
                              bool has_sheet)
{
    struct map_areas a = { .map = map, .free = map };
    struct rect strip;

    if (!has_sheet) {
        return a;
    }
    if (frame_is_portrait(ui)) {
        strip = rect_cut_bottom(
            &a.free, ui_step(ui, map.h * 5 / 11, map.h / 2, map.h * 11 / 20));
        a.sheet = rect_make(strip.x + S_MARGIN, strip.y, strip.w - 2 * S_MARGIN,
                            strip.h - S_MARGIN);
    } else {
        strip = rect_cut_end(&a.free, ui_step(ui, 392, 452, 560));
        a.sheet = rect_make(strip.x, strip.y + S_MARGIN, strip.w - S_MARGIN,
                            strip.h - 2 * S_MARGIN);
    }
    if (a.free.w < FREE_LEAST || a.free.h < FREE_LEAST) {
        a.free = rect_make(map.x, map.y, 0, 0);
        a.sheet = rect_inset(map, S_MARGIN, S_MARGIN);
    }
    return a;
}

struct map_view map_view_now(const struct ui *ui, const struct map_model *m,
                             struct rect map)
{
    const struct map_areas a =
        map_areas_of(ui, map, m->panel != MAP_PANEL_NONE);
    const struct rect seen =
        draw_flip(&ui->list, rect_is_empty(a.free) ? map : a.free);
    const struct map_view v = { .box = draw_flip(&ui->list, map),
                                .middle = m->middle,
                                .middle_x = seen.x + seen.w / 2,
                                .middle_y = seen.y + seen.h / 2,
                                .zoom =
                                    m->zoom == 0 ? 17 * MAP_LEVEL : m->zoom };

    return v;
}

int map_chosen(const struct map_model *m, const struct view_map *v)
{
    for (int i = 0; m->panel == MAP_PANEL_HOTSPOT && i < v->area_count; i++) {
        if (strcmp(v->areas[i].id, m->chosen) == 0) {
            return i;
        }
    }
    return -1;
}

int map_chosen_pin(const struct map_model *m, const struct view_map *v)
{
    for (int i = 0; m->panel == MAP_PANEL_PIN && i < v->pin_count; i++) {
        if (strcmp(v->pins[i].id, m->chosen) == 0) {
            return i;
        }
    }
    return -1;
}

int map_metres(const struct view_area *a, const struct view_place *own)
{
    const struct geo_pos from = { (int32_t)own->lat_e7, (int32_t)own->lon_e7 };
    const struct geo_pos to = { a->middle.lat_e7, a->middle.lon_e7 };

    return own->has_fix ? (int)(geo_distance_mm(from, to) / 1000) : -1;
}

int map_nearest(const struct view_map *v, const struct view_place *own,
                int out[VIEW_AREAS])
{
    int count = 0;

    for (int i = 0; i < v->area_count; i++) {
        int at = count;

        if (v->areas[i].kind != VIEW_AREA_HOTSPOT) {
            continue;
        }
        while (at > 0 && map_metres(&v->areas[out[at - 1]], own) >
                             map_metres(&v->areas[i], own)) {
            out[at] = out[at - 1];
            at--;
        }
        out[at] = i;
        count++;
    }
    return count;
}

/* --- what floats --- */

static void float_button(struct ui *ui, struct rect r, uint16_t id,
                         enum icon icon, const char *label)
{
    (void)ui_box(ui, r, ui_is_pressed(ui, id, 0) ? COLOR_SUNKEN : COLOR_SURFACE,
                 COLOR_LINE_STRONG, S_BORDER_STRONG, R_CARD);
    ui_icon(ui, r.x + (r.w - 26) / 2, r.y + (r.h - 26) / 2, 26, icon,
            COLOR_TEXT);
    ui_target(ui, r, id, 0, NULL, R_CARD, 0, label);
}

void map_draw_zoom(struct ui *ui, struct rect free)
{
    struct rect r =
        rect_make(free.x + S_MARGIN, free.y + free.h - S_MARGIN - S_TOUCH_MIN,
                  S_TOUCH_MIN, S_TOUCH_MIN);
    const int step = S_TOUCH_MIN + FLOAT_GAP;

    ui_group_begin(ui);
    r.y -= 2 * step;
    float_button(ui, r, CTL_MAP_IN, ICON_PLUS, tr("Zoom in"));
    r.y += step;
    float_button(ui, r, CTL_MAP_OUT, ICON_MINUS, tr("Zoom out"));
    r.y += step;
    float_button(ui, r, CTL_MAP_LOCATE, ICON_LOCATE, tr("Where I am"));
    ui_group_end(ui);
}

/* In `width`: height only when `r` is NULL. */
static int put_chips(struct ui *ui, const struct map_model *m, int width,
                     const struct rect *r)
{
    const char *labels[MAP_LAYER__COUNT];
    const char *keys[MAP_LAYER__COUNT];
    struct chips chips = { .id = CTL_MAP_LAYER,
                           .labels = labels,
                           .keys = keys,
                           .count = MAP_LAYER__COUNT };

    for (int i = 0; i < MAP_LAYER__COUNT; i++) {
        labels[i] = tr(layers[i].label);
        keys[i] = layers[i].key;
        chips.on |= m->hides[i] ? 0 : 1u << i;
    }
    return r != NULL ? chips_draw(ui, *r, &chips)
                     : chips_height(ui, &chips, width);
}

int map_draw_chips(struct ui *ui, const struct map_model *m, struct rect r)
{
    return put_chips(ui, m, r.w, &r);
}

static int chips_room(const struct map_model *m, struct rect free)
{
    const int list = m->panel == MAP_PANEL_NONE ? S_TOUCH_MIN + FLOAT_GAP : 0;

    return free.w - 2 * S_MARGIN - list;
}

bool map_chips_float(struct ui *ui, const struct map_model *m, struct rect free)
{
    const int zoom = 3 * (S_TOUCH_MIN + FLOAT_GAP);
    const int plate =
        4 * ui_line(ui, TYPE_CAPTION_B) + 2 * ui_line(ui, TYPE_SMALL_B) + 40;
    const int room = chips_room(m, free);

    return room > 0 && put_chips(ui, m, room, NULL) + 3 * S_MARGIN +
                               (zoom > plate ? zoom : plate) <=
                           free.h;
}

static void draw_chips(struct ui *ui, const struct map_model *m,
                       struct rect free)
{
    struct rect r = rect_inset(free, S_MARGIN, S_MARGIN);

    if (m->panel == MAP_PANEL_NONE) {
        struct rect end = rect_cut_end(&r, S_TOUCH_MIN);

        end.h = S_TOUCH_MIN;
        float_button(ui, end, CTL_MAP_LIST, ICON_LIST,
                     tr("Hotspots by nearness"));
        (void)rect_cut_end(&r, FLOAT_GAP);
    }
    if (map_chips_float(ui, m, free)) {
        (void)map_draw_chips(ui, m, r);
    }
}

static int nice_metres(double metres_dp)
{
    static const int nice[] = { 5,   10,   20,   50,   100,  200,
                                500, 1000, 2000, 5000, 10000 };
    int best = nice[0];

    for (size_t i = 0; i < ARRAY_LEN(nice); i++) {
        if (nice[i] / metres_dp <= SCALE_MOST) {
            best = nice[i];
        }
    }
    return best;
}

/* A bar with its length above, on a plate so that it is legible anywhere. */
static void draw_scale(struct ui *ui, const struct map_view *v,
                       struct rect free)
{
    const double metres_dp =
        map_spot_metres(v->middle, (double)v->zoom / MAP_LEVEL);
    const int metres = nice_metres(metres_dp);
    const int w = (int)lround(metres / metres_dp);
    const int line = ui_line(ui, TYPE_CAPTION_B);
    const char *text = metres >= 1000 ? ui_fmt(ui, tr("%d km"), metres / 1000)
                                      : ui_fmt(ui, tr("%d m"), metres);
    const int x = free.x + S_MARGIN + S_TOUCH_MIN + 16;
    const int y = free.y + free.h - S_MARGIN - 6;
    const int text_w = ui_text_width(ui, TYPE_CAPTION_B, text);
    const int plate = w > text_w ? w : text_w;

    (void)draw_box(&ui->list,
                   rect_make(x - 6, y - line - 8, plate + 12, line + 12),
                   DRAW_RGBA(ui_rgb(ui, COLOR_MAP_LAND), 200), 0, 0, R_MARK);
    (void)ui_text(ui, rect_make(x, y - line - 6, plate, line), TYPE_CAPTION_B,
                  COLOR_TEXT, UI_CENTER, text);
    (void)ui_box(ui, rect_make(x, y - 3, w, 3), COLOR_TEXT, COLOR_NONE, 0, 0);
    (void)ui_box(ui, rect_make(x, y - 11, 3, 8), COLOR_TEXT, COLOR_NONE, 0, 0);
    (void)ui_box(ui, rect_make(x + w - 3, y - 11, 3, 8), COLOR_TEXT, COLOR_NONE,
                 0, 0);
}

/* The licence asks for it wherever the map is seen. */
void map_draw_source(struct ui *ui, const struct map *pack, struct rect map)
{
    const int percent = ui->percent;
    char credit[MAPPACK_TEXT_SIZE];
    const char *text;
    int w;
    int h;
    struct rect r;

    if (pack == NULL || map_state(pack)->status != MAP_READY) {
        return;
    }
    map_credit(&map_state(pack)->facts, credit);
    if (credit[0] == '\0') {
        return;
    }
    text = ui_iso(ui, credit);

    ui->percent = 100; /* in the margin below the sheet; a link has no use */
    w = ui_text_width(ui, TYPE_CAPTION, text);
    h = ui_line(ui, TYPE_CAPTION);
    r = rect_make(map.x + map.w - w - 12, map.y + map.h - h - 2, w, h);
    (void)draw_box(&ui->list, rect_make(r.x - 6, r.y, w + 12, h),
                   DRAW_RGBA(ui_rgb(ui, COLOR_MAP_LAND), 220), 0, 0, R_MARK);
    (void)ui_text(ui, r, TYPE_CAPTION, COLOR_MAP_LABEL, UI_END, text);
    ui->percent = percent;
}

/* Why there is no map, or not all of it; NULL: there is. */
static const char *trouble(struct ui *ui, const struct map *map, bool is_whole,
                           enum icon *icon_out)
{
    const struct map_state *s = map != NULL ? map_state(map) : NULL;

    *icon_out = ICON_INFO;
    if (s != NULL && s->status == MAP_OPENING) {
        return NULL;
    }
    if (s != NULL && s->status == MAP_REFUSED && s->fault != MAPPACK_MISSING) {
        *icon_out = ICON_WARN;
        return ui_fmt(ui,
                      tr("The stored map cannot be used: %s. All else works."),
                      tr(mappack_fault_text(s->fault)));
    }
    if (s != NULL && s->damaged_count > 0) {
        *icon_out = ICON_WARN;
        return tr("A part of the stored map is damaged. All else works.");
    }
    return is_whole ? NULL
                    : tr("Not stored here. It comes with the next Wi-Fi sync.");
}

static void draw_trouble(struct ui *ui, struct rect free, const char *text,
                         enum icon icon)
{
    const int left = S_MARGIN + S_TOUCH_MIN + 16;
    const int size = ui_icon_size(ui, S_ICON);
    struct rect r = rect_make(free.x + left, 0, free.w - left - S_MARGIN, 0);
    int text_w;

    text_w = ui_text_size(ui, TYPE_SMALL_B, text, r.w - size - 44, 0).width;
    r.w = text_w + size + 44;
    r.h = ui_text_height(ui, TYPE_SMALL_B, text, text_w) + 24;
    r.y = free.y + free.h - S_MARGIN - 2 * ui_line(ui, TYPE_CAPTION_B) -
          PLATE_GAP - r.h;
    (void)ui_box(ui, r, COLOR_SURFACE, COLOR_LINE_STRONG, S_BORDER_STRONG,
                 R_CARD);
    ui_icon(ui, r.x + 16, r.y + (r.h - size) / 2, size, icon, COLOR_TEXT);
    (void)ui_text(ui, rect_make(r.x + 16 + size + 12, r.y, text_w, r.h),
                  TYPE_SMALL_B, COLOR_TEXT, UI_MID, text);
}

/* The day that the pack's data is of: when it was stored says less. */
static const char *stored_words(struct ui *ui, const struct map *map)
{
    const struct map_state *s = map != NULL ? map_state(map) : NULL;

    if (s == NULL || s->status != MAP_READY || s->facts.made[0] == '\0') {
        return NULL;
    }
    return ui_fmt(ui, tr("Stored, map of %s"),
                  ui_iso(ui, fmt_iso_day(ui, s->facts.made)));
}

static void draw_ground(struct ui *ui, const struct map_model *m,
                        const struct app *app, const struct map_areas *a,
                        const struct map_view *view)
{
    const struct views *v = app_views(app);
    struct map *map = app_map(app);
    bool shows[MAP_LAYER__COUNT];
    const char *text;
    enum icon icon;
    bool is_whole;

    for (int i = 0; i < MAP_LAYER__COUNT; i++) {
        shows[i] = !m->hides[i];
    }
    is_whole = map_view_ground(ui, view, map);
    ui_target(ui, a->map, CTL_MAP_GROUND, 0, NULL, 0, UI_GROUND,
              tr("Map: arrows move it, plus and minus zoom"));
    map_view_marks(ui, view, &v->map, &v->home.position, shows,
                   map_chosen(m, &v->map));
    if (m->has_found) {
        map_view_found(ui, view, m->found, ICON_SEARCH, m->found_name);
    }
    if (m->panel == MAP_PANEL_LOG && m->spot.is_set) {
        map_view_found(ui, view, map_spot_of(m->spot.lat_e7, m->spot.lon_e7),
                       ICON_PLUS, "");
    }
    if (!rect_is_empty(a->free)) {
        draw_chips(ui, m, a->free);
        map_draw_zoom(ui, a->free);
        draw_scale(ui, view, a->free);
        text = trouble(ui, map, is_whole, &icon);
        if (text != NULL) {
            draw_trouble(ui, a->free, text, icon);
        }
    }
    map_draw_source(ui, map, a->map);
}

void map_screen_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct map_model *m = model;
    const struct views *v = app_views(app);
    const struct frame frame = { .title = tr("Map"),
                                 .badge = stored_words(ui, app_map(app)),
                                 .badge_look = BADGE_PLAIN,
                                 .badge_icon = ICON_CLOUD_OFF,
                                 .place = 1 };
    const struct rect main = frame_draw(ui, &v->status, &frame).main;
    const struct rect map =
        rect_make(main.x - S_MARGIN, main.y, main.w + 2 * S_MARGIN, main.h);
    const struct map_areas areas =
        map_areas_of(ui, map, m->panel != MAP_PANEL_NONE);
    const struct map_view view = map_view_now(ui, m, map);

    draw_ground(ui, m, app, &areas, &view);
    if (m->panel != MAP_PANEL_NONE) {
        map_draw_sheet(ui, m, app, &areas);
    }
    begun_draw(ui, &m->begun, v);
}
