/* The map: visits, pins that open their record, a log at a place held. */
#include <string.h>

#include "core/gridref.h"
#include "tests/test.h"
#include "tests/ui/on_map.h"
#include "ui/look.h"

static const struct view_map *areas(const struct stage *s)
{
    return &app_views(s->nav.app)->map;
}

/* A finger that rests there for so long. */
static void hold(struct stage *s, int x, int y, int ms)
{
    struct ui_event ev;

    (void)nav_tick(&s->nav, 1000);
    (void)ui_touch_down(&s->nav.ui, x, y, 1000);
    (void)nav_tick(&s->nav, 1000 + ms);
    if (ui_touch_up(&s->nav.ui, x, y, 1000 + ms, &ev)) {
        nav_event(&s->nav, &ev);
    }
    stage_turn(s);
}

static void open_hotspot(struct stage *s, int area)
{
    const struct map_view view = on_map_view(s);
    const struct draw_point p =
        map_view_point(&view, map_view_of(areas(s)->areas[area].middle));

    assert_int_equal(areas(s)->areas[area].kind, VIEW_AREA_HOTSPOT);
    on_map_touch(s, p.x, p.y);
    assert_int_equal(on_map_model(s)->panel, MAP_PANEL_HOTSPOT);
}

static void a_visit_begins_and_ends_by_one_button(void **state)
{
    struct stage *s = *state;

    open_hotspot(s, 2);
    assert_true(look_has(&s->nav, "Start visit"));
    assert_true(look_has(&s->nav, "for 7 min"));
    stage_tap(s, "map.visit");
    assert_int_equal(s->fake.last.kind, CMD_VISIT);
    assert_true(s->fake.last.is_on);
    assert_string_equal(s->fake.last.id, areas(s)->areas[2].id);
    assert_true(look_has(&s->nav, "End visit"));
    assert_true(look_has(&s->nav, "since "));
    stage_tap(s, "map.visit");
    assert_false(s->fake.last.is_on);
    assert_true(look_has(&s->nav, "Start visit"));
}

static void without_a_patrol_no_visit_is_offered(void **state)
{
    struct stage *s = *state;

    s->fake.v.home.patrol = PATROL_OFF;
    bridge_post(s->bridge, VIEW_HOME, &s->fake.v.home);
    stage_turn(s);
    open_hotspot(s, 2);
    assert_null(ui_find(&s->nav.ui, "map.visit"));
    assert_non_null(ui_find(&s->nav.ui, "map.log"));
}

static void touch_pin(struct stage *s, int pin)
{
    const struct map_view view = on_map_view(s);
    const struct draw_point p =
        map_view_point(&view, map_view_of(areas(s)->pins[pin].pos));

    on_map_touch(s, p.x, p.y - 28);
    assert_int_equal(on_map_model(s)->panel, MAP_PANEL_PIN);
    assert_string_equal(on_map_model(s)->chosen, areas(s)->pins[pin].id);
}

static void a_pin_opens_its_record(void **state)
{
    struct stage *s = *state;

    touch_pin(s, 0);
    assert_true(look_has(&s->nav, "Begging"));
    assert_true(look_has(&s->nav, "Bus Station, Stand C"));
    stage_tap(s, "map.record");
    assert_string_equal(nav_screen_name(&s->nav), "notebook");
    assert_int_equal(s->fake.last.kind, CMD_OPEN_ABOUT);
    assert_true(look_has(&s->nav, "Entry 214"));
}

static void a_sealed_pin_says_no_more_than_that(void **state)
{
    struct stage *s = *state;

    touch_pin(s, 3);
    assert_true(look_has(&s->nav, "Sealed record"));
    assert_false(look_has(&s->nav, "Stand C"));
}

static void holding_the_map_logs_at_that_place(void **state)
{
    struct stage *s = *state;
    const struct map_view view = on_map_view(s);
    const struct map_spot spot = map_view_spot(&view, 300, 600);
    char grid[GRIDREF_TEXT_SIZE];
    int64_t lat = 0;
    int64_t lon = 0;

    map_spot_back(spot, &lat, &lon);
    assert_ok(gridref_text(lat, lon, grid));
    hold(s, 300, 600, 650);
    assert_int_equal(on_map_model(s)->panel, MAP_PANEL_LOG);
    assert_true(look_has(&s->nav, grid));
    stage_tap(s, "map.tile.asb");
    assert_string_equal(nav_screen_name(&s->nav), "log");
    assert_int_equal(s->fake.last.kind, CMD_OPEN_LOG);
    assert_true(s->fake.last.spot.is_set);
    assert_true(s->fake.last.spot.lat_e7 - lat <= 1);
    assert_true(s->fake.last.spot.lon_e7 - lon <= 1);
    assert_string_equal(s->fake.last.spot.name, grid);
}

static void with_a_draft_of_that_kind_the_map_asks_first(void **state)
{
    struct stage *s = *state;

    fake_fill_begun(&s->fake.v.home);
    bridge_post(s->bridge, VIEW_HOME, &s->fake.v.home);
    hold(s, 300, 600, 650);
    stage_tap(s, "map.tile.asb");
    assert_int_equal(s->fake.counts[CMD_OPEN_LOG], 0);
    assert_true(look_has(&s->nav, "Go on with a draft, at this place?"));
    stage_tap(s, "begun.new");
    assert_string_equal(s->fake.last.key, "");
    assert_true(s->fake.last.spot.is_set);
}

static void a_short_touch_or_a_drag_is_no_hold(void **state)
{
    struct stage *s = *state;
    struct ui_event ev;

    hold(s, 300, 600, 300);
    assert_int_equal(on_map_model(s)->panel, MAP_PANEL_LIST);
    (void)ui_touch_down(&s->nav.ui, 300, 600, 1000);
    (void)ui_touch_move(&s->nav.ui, 340, 600);
    (void)nav_tick(&s->nav, 3000);
    (void)ui_touch_up(&s->nav.ui, 340, 600, 3000, &ev);
    stage_turn(s);
    assert_int_equal(on_map_model(s)->panel, MAP_PANEL_LIST);
}

static void a_key_logs_at_the_middle(void **state)
{
    struct stage *s = *state;
    const struct target *t = ui_find(&s->nav.ui, "map.ground");

    ui_focus_on(&s->nav.ui, t->id, t->index);
    stage_key(s, KEY_PRESS);
    assert_int_equal(on_map_model(s)->panel, MAP_PANEL_LOG);
    stage_key(s, KEY_ESCAPE);
    assert_int_equal(on_map_model(s)->panel, MAP_PANEL_LIST);
}

static void a_log_in_a_hotspot_takes_its_name(void **state)
{
    struct stage *s = *state;

    open_hotspot(s, 3); /* the officer is elsewhere */
    stage_tap(s, "map.log");
    stage_tap(s, "map.tile.env");
    assert_string_equal(s->fake.last.spot.name, areas(s)->areas[3].name);
    assert_true(s->fake.last.spot.is_set);
}

static void a_briefing_shows_its_area(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.briefing");
    (void)snprintf(s->nav.area, sizeof(s->nav.area), "%s",
                   areas(s)->areas[3].id);
    nav_go(&s->nav, GO_MAP);
    stage_turn(s);
    assert_int_equal(on_map_model(s)->panel, MAP_PANEL_HOTSPOT);
    assert_string_equal(on_map_model(s)->chosen, areas(s)->areas[3].id);
    /* Once: the next time the map opens as ever. */
    stage_tap(s, "rail.patrol");
    stage_tap(s, "rail.map");
    assert_int_equal(on_map_model(s)->panel, MAP_PANEL_LIST);
}

static void coming_to_a_hotspot_is_told_by_name(void **state)
{
    struct stage *s = *state;

    (void)snprintf(s->fake.v.told.name, sizeof(s->fake.v.told.name),
                   "Market Place");
    fake_tell(&s->fake, TOLD_IN_HOTSPOT, ERR_OK);
    bridge_post(s->bridge, VIEW_TOLD, &s->fake.v.told);
    stage_turn(s);
    assert_true(look_has(&s->nav, "You are in a hotspot"));
    assert_true(look_has(&s->nav, "Market Place"));
}

#define ON_MAP(test) \
    cmocka_unit_test_setup_teardown(test, on_map_open, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_MAP(a_visit_begins_and_ends_by_one_button),
        ON_MAP(without_a_patrol_no_visit_is_offered),
        ON_MAP(a_pin_opens_its_record),
        ON_MAP(a_sealed_pin_says_no_more_than_that),
        ON_MAP(holding_the_map_logs_at_that_place),
        ON_MAP(with_a_draft_of_that_kind_the_map_asks_first),
        ON_MAP(a_short_touch_or_a_drag_is_no_hold),
        ON_MAP(a_key_logs_at_the_middle),
        ON_MAP(a_log_in_a_hotspot_takes_its_name),
        ON_MAP(a_briefing_shows_its_area),
        ON_MAP(coming_to_a_hotspot_is_told_by_name),
    };

    return RUN_TESTS(tests);
}
