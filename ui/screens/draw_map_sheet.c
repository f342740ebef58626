/* draw_map_sheet.c - the sheet over the map: hotspots by nearness, or the
 * chosen one (map.h). */
#include "ui/screens/map.h"

#include "core/geo.h"
#include "core/gridref.h"
#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/field.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/map/map.h"

#define PAD  MAP_PAD
#define NEAR 60 /* metres: "you are near" */

static const char *distance(struct ui *ui, int metres)
{
    if (metres < 1000) {
        return ui_fmt(ui, tr("%d m away"), metres);
    }
    return ui_fmt(ui, tr("%d.%d km away"), metres / 1000, metres % 1000 / 100);
}

void map_draw_close(struct ui *ui, struct rect r)
{
    button_icon(ui,
                rect_make(r.x + r.w - S_TOUCH_MIN - 4, r.y + 4, S_TOUCH_MIN,
                          S_TOUCH_MIN),
                CTL_MAP_CLOSE, ICON_CLOSE, 26, tr("Close"));
}

/* What an officer reads to a control room. */
static const char *grid_words(struct ui *ui, const struct view_place *own)
{
    char text[GRIDREF_TEXT_SIZE];

    if (!own->has_fix) {
        return tr("No GPS");
    }
    if (gridref_text(own->lat_e7, own->lon_e7, text)) {
        return fmt_position(ui, own->lat_e7, own->lon_e7);
    }
    return ui_fmt(ui, tr("Grid reference %s"), ui_iso(ui, text));
}

static const char *beat_words(struct ui *ui, const struct views *v)
{
    const struct view_place *own = &v->home.position;

    if (own->is_simulated) {
        return tr("Simulated position");
    }
    if (own->is_old) {
        return ui_fmt(ui, tr("Last fix %s"),
                      ui_iso(ui, fmt_time(ui, own->fix_ms)));
    }
    return own->beat[0] != '\0' ? own->beat : "";
}

/* --- the list --- */

static const char *minutes_words(struct ui *ui, const struct view_area *a)
{
    if (!a->has_minutes || a->goal_minutes == 0) {
        return a->goal_minutes > 0
                   ? ui_fmt(ui, tr("goal %d minutes"), a->goal_minutes)
                   : "";
    }
    return ui_fmt(ui, tr("%d of %d minutes"), a->minutes, a->goal_minutes);
}

static int list_row(struct ui *ui, struct rect r, int n,
                    const struct view_area *a, int metres)
{
    const char *minutes = minutes_words(ui, a);
    const int room = r.w - 2 * PAD - 32;
    int y = r.y + 12;
    const int name_y = y;

    y += ui_text(ui, rect_make(r.x + PAD, y, room, 0), TYPE_LABEL, COLOR_TEXT,
                 0, a->name);
    if (metres >= 0) {
        y += ui_text(ui, rect_make(r.x + PAD, y, room, 0), TYPE_SMALL,
                     COLOR_TEXT_2, 0, distance(ui, metres));
    }
    if (minutes[0] != '\0') {
        y += ui_text(ui, rect_make(r.x + PAD, y, room, 0), TYPE_SMALL,
                     COLOR_TEXT_2, 0, minutes);
    }
    y += 12;
    y = y - r.y < S_ROW ? r.y + S_ROW : y;
    ui_icon(ui, r.x + r.w - PAD - 24, name_y + (y - r.y - 48) / 2, 24, ICON_FWD,
            COLOR_TEXT_2);
    ui_target(ui, rect_make(r.x + 8, r.y, r.w - 16, y - r.y), CTL_MAP_HOTSPOT,
              (uint16_t)n, ui_fmt(ui, "%d", n), R_FIELD, 0, a->name);
    return y - r.y;
}

static int list_rows(struct ui *ui, const struct views *v, struct rect r)
{
    int order[VIEW_AREAS];
    const int count = map_nearest(&v->map, &v->home.position, order);
    int y = r.y;

    ui_group_begin(ui);
    for (int i = 0; i < count; i++) {
        const struct view_area *a = &v->map.areas[order[i]];

        if (i > 0) {
            ui_hline(ui, r.x + PAD, y, r.w - 2 * PAD, COLOR_LINE);
            y++;
        }
        y += list_row(ui, rect_make(r.x, y, r.w, 0), i, a,
                      map_metres(a, &v->home.position));
    }
    ui_group_end(ui);
    if (count == 0) {
        y += 12 + ui_text(ui, rect_make(r.x + PAD, y + 12, r.w - 2 * PAD, 0),
                          TYPE_BODY, COLOR_TEXT_2, 0,
                          tr("No hotspots are set for this council."));
    }
    return y;
}

/* --- the search --- */

static const char *kind_words(const struct mappack_place *p)
{
    switch (p->kind) {
    case MAPPACK_TOWN:
        return tr("Town or village");
    case MAPPACK_STREET:
        return tr("Street");
    case MAPPACK_ROAD:
        return tr("Road number");
    case MAPPACK_POSTCODE:
        return tr("Postcode");
    default:
        return tr("Place");
    }
}

/* "350 m away", from the officer; without a fix from the map's middle. */
static const char *far_words(struct ui *ui, const struct map_model *m,
                             const struct mappack_place *p)
{
    const struct geo_pos to = { (int32_t)p->lat_e7, (int32_t)p->lon_e7 };
    const int metres = (int)(geo_distance_mm(m->from, to) / 1000);

    if (m->is_from_own) {
        return distance(ui, metres);
    }
    return metres < 1000
               ? ui_fmt(ui, tr("%d m from the middle of the map"), metres)
               : ui_fmt(ui, tr("%d.%d km from the middle of the map"),
                        metres / 1000, metres % 1000 / 100);
}

static int found_row(struct ui *ui, const struct map_model *m, struct rect r,
                     int n, const struct mappack_place *p)
{
    const int room = r.w - 2 * PAD;
    const char *name = ui_iso(ui, p->name);
    const char *what =
        p->near[0] == '\0'
            ? kind_words(p)
            : ui_fmt(ui, tr("%s, %s"), kind_words(p), ui_iso(ui, p->near));
    int y = r.y + 12;

    y += ui_text(ui, rect_make(r.x + PAD, y, room, 0), TYPE_LABEL, COLOR_TEXT,
                 0, name);
    y += ui_text(ui, rect_make(r.x + PAD, y, room, 0), TYPE_SMALL, COLOR_TEXT_2,
                 0, ui_fmt(ui, "%s · %s", what, far_words(ui, m, p)));
    y += 12;
    y = y - r.y < S_ROW ? r.y + S_ROW : y;
    ui_target(ui, rect_make(r.x + 8, r.y, r.w - 16, y - r.y), CTL_MAP_FOUND,
              (uint16_t)n, ui_fmt(ui, "%d", n), R_FIELD, 0, name);
    return y - r.y;
}

static int found_rows(struct ui *ui, const struct map_model *m,
                      const struct map *map, struct rect r)
{
    size_t count = 0;
    const struct mappack_place *places = map_found(map, &count);
    int y = r.y;

    if (places == NULL) {
        return y; /* a few ms; a word about it would only flicker */
    }
    ui_group_begin(ui);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            ui_hline(ui, r.x + PAD, y, r.w - 2 * PAD, COLOR_LINE);
            y++;
        }
        y += found_row(ui, m, rect_make(r.x, y, r.w, 0), (int)i, &places[i]);
    }
    ui_group_end(ui);
    if (count == 0) {
        y += 12 + ui_text(ui, rect_make(r.x + PAD, y + 12, r.w - 2 * PAD, 0),
                          TYPE_BODY, COLOR_TEXT_2, 0,
                          tr("Nothing of that name on the stored map."));
    }
    return y;
}

static bool has_search(const struct map *map)
{
    return map != NULL && map_state(map)->status == MAP_READY &&
           map_state(map)->facts.has_search;
}

static int search_field(struct ui *ui, const struct map_model *m, struct rect r)
{
    const struct field field = { .id = CTL_MAP_QUERY,
                                 .label = tr("Find a place"),
                                 .hint = tr("Street, postcode, road"),
                                 .text = m->query,
                                 .lines = 1,
                                 .most = (int)sizeof(m->query) - 1 };

    return field_draw(ui, r, &field);
}

static void draw_list(struct ui *ui, const struct map_model *m,
                      const struct app *app, const struct map_areas *areas)
{
    const struct views *v = app_views(app);
    const struct map *map = app_map(app);
    const struct rect r = areas->sheet;
    const struct rect words =
        rect_make(r.x + PAD, r.y + 18, r.w - 2 * PAD - S_TOUCH_MIN, 0);
    const char *beat = beat_words(ui, v);
    struct rect body;
    int y = words.y;

    y += ui_text(ui, words, TYPE_TITLE, COLOR_TEXT, 0, tr("Hotspots"));
    if (beat[0] != '\0') {
        y += ui_text(ui, rect_make(words.x, y, words.w, 0), TYPE_SMALL,
                     COLOR_TEXT_2, 0, beat);
    }
    y += ui_text(ui, rect_make(words.x, y, r.w - 2 * PAD, 0), TYPE_SMALL,
                 COLOR_TEXT_2, 0, grid_words(ui, &v->home.position));
    y += 8;
    map_draw_close(ui, r);
    ui_hline(ui, r.x + PAD, y, r.w - 2 * PAD, COLOR_LINE);
    body = rect_make(r.x + 2, y + 1, r.w - 4, r.y + r.h - y - 3);
    y = ui_scroll_begin(
        ui, CTL_SCROLL_SIDE,
        rect_make(body.x + S_MARGIN, body.y, body.w - 2 * S_MARGIN, body.h));
    if (has_search(map)) {
        y += 12;
        y += search_field(ui, m, rect_make(r.x + PAD, y, r.w - 2 * PAD, 0));
        y += 12;
    }
    if (has_search(map) && m->query[0] != '\0') {
        ui_scroll_end(ui,
                      found_rows(ui, m, map, rect_make(r.x, y, r.w, 0)) + 12);
        return;
    }
    if (!map_chips_float(ui, m, areas->free)) {
        y += 12;
        y += map_draw_chips(ui, m, rect_make(r.x + PAD, y, r.w - 2 * PAD, 0));
        y += 12;
    }
    y = list_rows(ui, v, rect_make(r.x, y, r.w, 0));
    ui_scroll_end(ui, y + 12);
}

/* --- the chosen one --- */

static int draw_minutes(struct ui *ui, struct rect r, const struct view_area *a)
{
    const char *big = fmt_number(ui, a->minutes);
    const int w = ui_text_width(ui, TYPE_NUMERAL, big);
    const int h = ui_line(ui, TYPE_NUMERAL);
    const int x = r.x + w + 16;
    const int room = r.w - w - 16;
    int y = r.y;
    int text;

    text = ui_text_height(ui, TYPE_BODY, minutes_words(ui, a), room) +
           ui_line(ui, TYPE_SMALL);
    (void)ui_text(ui, rect_make(r.x, r.y, w, 0), TYPE_NUMERAL, COLOR_TEXT, 0,
                  big);
    y += h > text ? h - text : 0;
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_BODY, COLOR_TEXT, 0,
                 ui_fmt(ui, tr("of %d minutes today"), a->goal_minutes));
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 ui_fmt(ui, tr("%d to %d, allowing for GPS"), a->low_minutes,
                        a->high_minutes));
    y = y < r.y + h ? r.y + h : y;
    y += 12;
    progress_draw(ui, rect_make(r.x, y, r.w, 12),
                  a->goal_minutes > 0 ? a->minutes * 1000 / a->goal_minutes
                                      : 1000);
    return y + 12 + 22;
}

int map_draw_part(struct ui *ui, struct rect r, const char *label,
                  const char *text)
{
    int y = r.y;

    if (text[0] == '\0') {
        return y;
    }
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 label);
    y +=
        ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT, 0, text);
    return y + 16;
}

static int draw_parts(struct ui *ui, struct rect r, const struct view_area *a)
{
    if (a->has_minutes && a->goal_minutes > 0) {
        r.y = draw_minutes(ui, r, a);
    } else {
        r.y = map_draw_part(ui, r, tr("Today"), minutes_words(ui, a));
    }
    r.y = map_draw_part(ui, r, tr("Why here"), a->why);
    r.y = map_draw_part(ui, r, tr("Look for"), a->look_for);
    return map_draw_part(ui, r, tr("Visits today"), map_visit_words(ui, a));
}

static const char *where_words(struct ui *ui, int metres)
{
    if (metres < 0) {
        return tr("Hotspot");
    }
    if (metres <= NEAR) {
        return tr("Hotspot, you are near");
    }
    return ui_fmt(ui, tr("Hotspot, %s"), distance(ui, metres));
}

/* The buttons of a hotspot: a visit only while a patrol runs. */
static int draw_foot(struct ui *ui, const struct view_area *a, bool on_patrol,
                     struct rect r)
{
    const struct button visit = {
        .kind = BUTTON_PRIMARY,
        .id = CTL_MAP_VISIT,
        .icon = a->is_visiting ? ICON_STOP : ICON_PLAY,
        .label = a->is_visiting ? tr("End visit") : tr("Start visit")
    };
    const struct button log = { .kind = BUTTON_SECONDARY,
                                .id = CTL_MAP_LOG,
                                .icon = ICON_PLUS,
                                .label = tr("Log something here") };
    const int log_h = button_height(ui, &log, r.w);
    const int visit_h = on_patrol ? button_height(ui, &visit, r.w) + 12 : 0;

    button_draw(ui, rect_make(r.x, r.y + r.h - log_h, r.w, log_h), &log);
    if (on_patrol) {
        button_draw(
            ui, rect_make(r.x, r.y + r.h - log_h - visit_h, r.w, visit_h - 12),
            &visit);
    }
    return log_h + visit_h;
}

static void draw_hotspot(struct ui *ui, const struct views *v, int area,
                         struct rect r)
{
    const struct view_area *a = &v->map.areas[area];
    const struct rect in = rect_make(r.x + PAD, r.y + 22, r.w - 2 * PAD, 0);
    int y = in.y;
    int foot;
    struct rect body;

    y += ui_text(ui, rect_make(in.x, y, in.w - S_TOUCH_MIN, 0), TYPE_SMALL,
                 COLOR_TEXT_2, 0,
                 where_words(ui, map_metres(a, &v->home.position)));
    y += ui_text(ui, rect_make(in.x, y, in.w - S_TOUCH_MIN, 0), TYPE_TITLE,
                 COLOR_TEXT, 0, a->name);
    y += 8;
    map_draw_close(ui, r);
    foot = draw_foot(ui, a, v->home.patrol == PATROL_ON,
                     rect_make(in.x, r.y, in.w, r.h - 16));
    body = rect_make(in.x + 2, y, in.w - 4, r.y + r.h - y - foot - 2 * 16);
    y = ui_scroll_begin(ui, CTL_SCROLL_SIDE, body);
    y = draw_parts(ui, rect_make(in.x, y + 4, in.w, 0), a);
    ui_scroll_end(ui, y);
}

void map_draw_sheet(struct ui *ui, const struct map_model *m,
                    const struct app *app, const struct map_areas *areas)
{
    const struct rect r = areas->sheet;
    const struct views *v = app_views(app);
    const int area = map_chosen(m, &v->map);
    const int pin = map_chosen_pin(m, &v->map);

    (void)ui_box(ui, r, COLOR_SURFACE, COLOR_LINE_STRONG, S_BORDER_STRONG,
                 R_CARD);
    if (area >= 0) {
        draw_hotspot(ui, v, area, r);
    } else if (pin >= 0) {
        map_draw_pin(ui, &v->map.pins[pin], v->status.now_ms, r);
    } else if (m->panel == MAP_PANEL_LOG) {
        map_draw_log(ui, &v->home, &m->spot, r);
    } else {
        draw_list(ui, m, app, areas);
    }
}
