/* screen_map.c - where am I, where should I be, how long was I there; no
 * tiles are ever fetched while on patrol. */
#include <stdio.h>
#include <string.h>

#include "core/gridref.h"
#include "ui/controls.h"
#include "ui/map/map.h"
#include "ui/map/map_move.h"
#include "ui/nav.h"
#include "ui/screens/map.h"
#include "ui/screens/tiles.h"

#define ZOOM_HOTSPOT (17 * MAP_LEVEL)
#define ZOOM_TOWN    (15 * MAP_LEVEL)

/* At the own place, else the beat, else whatever is stored. */
static void look_somewhere(struct map_model *m, const struct nav *nav)
{
    const struct views *v = app_views(nav->app);
    const struct view_place *own = &v->home.position;

    if (own->has_fix) {
        m->middle = map_spot_of(own->lat_e7, own->lon_e7);
        m->zoom = m->zoom == 0 ? MAP_ZOOM_START : m->zoom;
    } else if (m->zoom == 0) {
        (void)map_move_start(&v->map, app_map(nav->app), &m->middle, &m->zoom);
    }
}

/* What a briefing or a task speaks of. */
static bool look_at_area(struct map_model *m, struct nav *nav)
{
    const struct view_map *v = &app_views(nav->app)->map;
    int at = 0;

    while (at < v->area_count && strcmp(v->areas[at].id, nav->area) != 0) {
        at++;
    }
    nav->area[0] = '\0';
    if (at == v->area_count) {
        return false;
    }
    m->middle = map_view_of(v->areas[at].middle);
    m->was_moved = true;
    if (v->areas[at].kind == VIEW_AREA_HOTSPOT) {
        (void)snprintf(m->chosen, sizeof(m->chosen), "%s", v->areas[at].id);
        m->panel = MAP_PANEL_HOTSPOT;
        m->zoom = ZOOM_HOTSPOT;
    } else {
        m->panel = MAP_PANEL_NONE;
        m->zoom = ZOOM_TOWN;
    }
    return true;
}

static void map_enter(void *model, struct nav *nav)
{
    struct map_model *m = model;

    if (look_at_area(m, nav)) {
        return;
    }
    look_somewhere(m, nav);
    if (frame_is_portrait(&nav->ui) || nav->ui.percent >= 150) {
        m->panel = MAP_PANEL_NONE; /* the map first */
    }
}

static enum go map_changed(void *model, struct nav *nav)
{
    struct map_model *m = model;

    if (!m->was_moved) {
        look_somewhere(m, nav);
    }
    return GO_STAY;
}

/* The map's box before mirroring; false before the first frame. */
static bool find_box(const struct nav *nav, struct rect *out)
{
    const struct target *t = ui_find(&nav->ui, "map.ground");

    if (t != NULL) {
        *out = draw_flip(&nav->ui.list, t->box);
    }
    return t != NULL;
}

/* What was seen stays where it is, though a sheet comes or goes. */
static void set_panel(struct map_model *m, struct nav *nav,
                      enum map_panel panel)
{
    struct map_view before;
    struct map_view after;
    struct rect box;

    if (!find_box(nav, &box) || m->zoom == 0) {
        m->panel = panel;
        return;
    }
    before = map_view_now(&nav->ui, m, box);
    m->panel = panel;
    after = map_view_now(&nav->ui, m, box);
    m->middle = map_view_spot(&before, after.middle_x, after.middle_y);
}

static void choose(struct map_model *m, struct nav *nav, int area)
{
    const struct view_map *v = &app_views(nav->app)->map;

    if (area < 0 || area >= v->area_count) {
        return;
    }
    (void)snprintf(m->chosen, sizeof(m->chosen), "%s", v->areas[area].id);
    set_panel(m, nav, MAP_PANEL_HOTSPOT);
}

/* From the list: it may lie out of sight. */
static void choose_nth(struct map_model *m, struct nav *nav, int n)
{
    const struct views *v = app_views(nav->app);
    int order[VIEW_AREAS];

    if (n < map_nearest(&v->map, &v->home.position, order)) {
        choose(m, nav, order[n]);
        m->middle = map_view_of(v->map.areas[order[n]].middle);
        m->zoom = m->zoom < ZOOM_HOTSPOT ? ZOOM_HOTSPOT : m->zoom;
        m->was_moved = true;
    }
}

/* A place for a log: by what it is called, or its grid reference. */
static void set_spot(struct map_model *m, struct map_spot spot,
                     const char *name)
{
    char grid[GRIDREF_TEXT_SIZE] = "";
    int64_t lat = 0;
    int64_t lon = 0;

    map_spot_back(spot, &lat, &lon);
    m->spot = (struct log_spot){ .is_set = true,
                                 .lat_e7 = (int32_t)lat,
                                 .lon_e7 = (int32_t)lon };
    if (name[0] == '\0' && gridref_text(lat, lon, grid)) {
        grid[0] = '\0'; /* beyond the grid: degrees say it */
    }
    (void)snprintf(m->spot.name, sizeof(m->spot.name), "%s",
                   name[0] != '\0' ? name : grid);
}

static void hold_ground(struct map_model *m, int x, int y, struct nav *nav)
{
    struct rect box;
    struct map_view view;

    if (find_box(nav, &box) && m->zoom != 0) {
        view = map_view_now(&nav->ui, m, box);
        set_spot(m, map_view_spot(&view, x, y), "");
        set_panel(m, nav, MAP_PANEL_LOG);
    }
}

/* By key: what is in the middle. */
static void press_ground(struct map_model *m, struct nav *nav)
{
    struct rect box;
    struct map_view view;

    if (find_box(nav, &box)) {
        view = map_view_now(&nav->ui, m, box);
        hold_ground(m, view.middle_x, view.middle_y, nav);
    }
}

static void touch_ground(struct map_model *m, const struct ui_event *ev,
                         struct nav *nav)
{
    const struct view_map *v = &app_views(nav->app)->map;
    struct rect box;
    struct map_view view;
    int pin = -1;

    if (!find_box(nav, &box)) {
        return;
    }
    if (ev->x == 0 && ev->y == 0) {
        press_ground(m, nav);
        return;
    }
    view = map_view_now(&nav->ui, m, box);
    if (!m->hides[MAP_LAYER_PINS]) {
        pin = map_view_pin_at(&view, v, ev->x, ev->y);
    }
    if (pin >= 0) {
        (void)snprintf(m->chosen, sizeof(m->chosen), "%s", v->pins[pin].id);
        set_panel(m, nav, MAP_PANEL_PIN);
    } else if (!m->hides[MAP_LAYER_HOTSPOTS]) {
        choose(m, nav,
               map_view_hotspot_at(&view, v,
                                   &app_views(nav->app)->home.position, ev->x,
                                   ev->y));
    }
}

static void choose_found(struct map_model *m, struct nav *nav, int n)
{
    const struct map *map = app_map(nav->app);
    const struct mappack_place *places;
    size_t count = 0;

    places = map != NULL ? map_found(map, &count) : NULL;
    if (places == NULL || n >= (int)count) {
        return;
    }
    m->has_found = true;
    m->found = map_spot_of(places[n].lat_e7, places[n].lon_e7);
    (void)snprintf(m->found_name, sizeof(m->found_name), "%s", places[n].name);
    m->middle = m->found;
    m->zoom = places[n].kind == MAPPACK_TOWN ? ZOOM_TOWN : MAP_ZOOM_START;
    m->was_moved = true;
    if (frame_is_portrait(&nav->ui) || nav->ui.percent >= 150) {
        set_panel(m, nav, MAP_PANEL_NONE);
    }
}

/* Where distances count from: the officer, or what the map shows. */
static void set_from(struct map_model *m, const struct view_place *own)
{
    int64_t lat = own->lat_e7;
    int64_t lon = own->lon_e7;

    m->is_from_own = own->has_fix;
    if (!own->has_fix) {
        map_spot_back(m->middle, &lat, &lon);
    }
    m->from = (struct geo_pos){ (int32_t)lat, (int32_t)lon };
}

static void search(struct map_model *m, const char *words, struct nav *nav)
{
    (void)snprintf(m->query, sizeof(m->query), "%s", words);
    set_from(m, &app_views(nav->app)->home.position);
    if (app_map(nav->app) != NULL) {
        map_search(app_map(nav->app), m->query, m->from);
    }
    if (words[0] == '\0') {
        m->has_found = false;
    }
}

static void move_ground(struct map_model *m, const struct ui_event *ev,
                        struct nav *nav)
{
    struct map_view view;
    struct rect box;

    if (!find_box(nav, &box) || m->zoom == 0) {
        return;
    }
    view = map_view_now(&nav->ui, m, box);
    map_move_event(&view, ev);
    m->middle = view.middle;
    m->zoom = view.zoom;
    m->was_moved = true;
}

static void zoom_by(struct map_model *m, struct nav *nav, int levels)
{
    struct map_view view;
    struct rect box;

    if (find_box(nav, &box) && m->zoom != 0) {
        view = map_view_now(&nav->ui, m, box);
        map_move_levels(&view, levels);
        m->zoom = view.zoom;
    }
}

/* The officer's own place where that is in the hotspot, else its middle. */
static void log_here(struct map_model *m, struct nav *nav)
{
    const struct views *v = app_views(nav->app);
    const struct view_place *own = &v->home.position;
    const int area = map_chosen(m, &v->map);

    if (area < 0) {
        return;
    }
    set_spot(m, map_view_of(v->map.areas[area].middle),
             v->map.areas[area].name);
    m->spot.is_set = !own->has_fix || own->is_old ||
                     !map_view_is_in(&v->map, &v->map.areas[area], own);
    set_panel(m, nav, MAP_PANEL_LOG);
}

static void visit(struct map_model *m, struct nav *nav)
{
    const struct view_map *v = &app_views(nav->app)->map;
    const int area = map_chosen(m, v);
    enum err err = ERR_OK;

    if (area >= 0) {
        err = app_visit(nav->app, m->chosen, !v->areas[area].is_visiting);
    }
    if (err) {
        nav_failed(nav, err);
    }
}

static enum go open_record(const struct map_model *m, struct nav *nav)
{
    const enum err err = app_open_about(nav->app, m->chosen);

    if (err) {
        nav_failed(nav, err);
        return GO_STAY;
    }
    return GO_NOTEBOOK;
}

/* Of a panel, back to the list; of the list, away. */
static void close_panel(struct map_model *m, struct nav *nav)
{
    set_panel(m, nav,
              m->panel == MAP_PANEL_LIST ? MAP_PANEL_NONE : MAP_PANEL_LIST);
}

static enum go map_tap(struct map_model *m, const struct ui_event *ev,
                       struct nav *nav)
{
    switch (ev->id) {
    case CTL_MAP_GROUND:
        touch_ground(m, ev, nav);
        break;
    case CTL_MAP_LAYER:
        m->hides[ev->index] = !m->hides[ev->index];
        break;
    case CTL_MAP_IN:
        zoom_by(m, nav, 1);
        break;
    case CTL_MAP_OUT:
        zoom_by(m, nav, -1);
        break;
    case CTL_MAP_LOCATE:
        m->was_moved = false;
        look_somewhere(m, nav);
        break;
    case CTL_MAP_LIST:
        set_panel(m, nav, MAP_PANEL_LIST);
        break;
    case CTL_MAP_HOTSPOT:
        choose_nth(m, nav, ev->index);
        break;
    case CTL_MAP_FOUND:
        choose_found(m, nav, ev->index);
        break;
    case CTL_MAP_CLOSE:
        close_panel(m, nav);
        break;
    case CTL_MAP_LOG:
        log_here(m, nav);
        break;
    case CTL_MAP_VISIT:
        visit(m, nav);
        break;
    case CTL_MAP_RECORD:
        return open_record(m, nav);
    case CTL_MAP_TILE:
        return begun_open(&m->begun, nav, tiles_looks[ev->index].kind,
                          &m->spot);
    default:
        break;
    }
    return GO_STAY;
}

static enum go map_handle(void *model, const struct ui_event *ev,
                          struct nav *nav)
{
    struct map_model *m = model;
    enum go go;

    if (begun_handle(&m->begun, ev, nav, &go)) {
        return go;
    }
    switch (ev->kind) {
    case UI_GO_BACK:
        if (m->panel != MAP_PANEL_LIST && m->panel != MAP_PANEL_NONE) {
            set_panel(m, nav, MAP_PANEL_LIST);
            return GO_STAY;
        }
        return GO_BACK;
    case UI_SPOT:
        hold_ground(m, ev->x, ev->y, nav);
        return GO_STAY;
    case UI_DRAG:
    case UI_ZOOM:
        move_ground(m, ev, nav);
        return GO_STAY;
    case UI_EDITED:
        search(m, ev->text, nav);
        return GO_STAY;
    case UI_TAP:
        return map_tap(m, ev, nav);
    default:
        return GO_STAY;
    }
}

const struct screen screen_map = {
    .name = "map",
    .model_size = sizeof(struct map_model),
    .enter = map_enter,
    .handle = map_handle,
    .draw = map_screen_draw,
    .changed = map_changed,
};
