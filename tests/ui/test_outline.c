/* A line or an area as an answer: corners touched or walked. */
#include <string.h>

#include "core/drawn.h"
#include "tests/test.h"
#include "tests/ui/stage.h"
#include "ui/kit/input.h"
#include "ui/look.h"
#include "ui/map/map_spot.h"

/* The page that asks for the area of litter, on its map. */
static int open_outline(void **state)
{
    struct stage *s;

    if (stage_open(state)) {
        return -1;
    }
    s = *state;
    stage_tap(s, "home.tile.env");
    stage_tap(s, "log.type.ENV-01");
    stage_tap(s, "form.open.extent");
    return 0;
}

static void touch(struct stage *s, int x, int y)
{
    struct ui_event ev;

    (void)ui_touch_down(&s->nav.ui, x, y, 1000);
    s->nav.ui.tapped.id = 0; /* corners come as quick as fingers do */
    if (ui_touch_up(&s->nav.ui, x, y, 1100, &ev)) {
        nav_event(&s->nav, &ev);
    }
    stage_turn(s);
}

static void corners_become_an_area_that_stays(void **state)
{
    struct stage *s = *state;
    struct drawn d;

    assert_string_equal(nav_screen_name(&s->nav), "outline");
    assert_true(look_has(&s->nav, "Touch each corner of the area"));
    touch(s, 400, 300);
    touch(s, 600, 300);
    touch(s, 600, 500);
    touch(s, 400, 500);
    assert_true(look_has(&s->nav, "m²"));
    stage_tap(s, "outline.done");
    assert_int_equal(s->fake.last.kind, CMD_PUT_FIELD);
    assert_string_equal(s->fake.last.key, "extent");
    assert_ok(drawn_parse(s->fake.last.text, strlen(s->fake.last.text), &d));
    assert_int_equal(d.kind, DRAWN_AREA);
    assert_int_equal(d.count, 4);
    assert_string_equal(nav_screen_name(&s->nav), "form");
    assert_true(look_has(&s->nav, "On the map"));
    /* It opens as it was left, and can be taken out. */
    stage_tap(s, "form.open.extent");
    assert_true(look_has(&s->nav, "m around"));
    for (int i = 0; i < 4; i++) {
        stage_tap(s, "outline.take-back");
    }
    stage_tap(s, "outline.done");
    assert_string_equal(s->fake.last.text, "");
    assert_false(look_has(&s->nav, "On the map"));
}

static void edges_that_cross_are_no_area(void **state)
{
    struct stage *s = *state;
    const int before = s->fake.counts[CMD_PUT_FIELD];

    touch(s, 400, 300);
    touch(s, 600, 500);
    touch(s, 600, 300);
    touch(s, 400, 500);
    assert_true(look_has(&s->nav, "Edges cross"));
    stage_tap(s, "outline.done");
    assert_string_equal(nav_screen_name(&s->nav), "outline");
    assert_int_equal(s->fake.counts[CMD_PUT_FIELD], before);
    stage_tap(s, "outline.take-back");
    stage_tap(s, "outline.done");
    assert_string_equal(nav_screen_name(&s->nav), "form");
}

static void walk_to(struct stage *s, int64_t north_e7, int64_t east_e7)
{
    s->fake.v.home.position.lat_e7 += north_e7;
    s->fake.v.home.position.lon_e7 += east_e7;
    bridge_post(s->bridge, VIEW_HOME, &s->fake.v.home);
    stage_turn(s);
}

static void each_step_of_a_walk_is_a_corner(void **state)
{
    struct stage *s = *state;
    struct drawn d;

    walk_to(s, 1000, 0); /* not walked yet */
    stage_tap(s, "outline.walk");
    walk_to(s, 1000, 0);
    walk_to(s, 0, 2000);
    walk_to(s, 50, 0); /* half a metre is none */
    walk_to(s, -2000, 0);
    stage_tap(s, "outline.walk");
    walk_to(s, -5000, 5000);
    stage_tap(s, "outline.done");
    assert_ok(drawn_parse(s->fake.last.text, strlen(s->fake.last.text), &d));
    assert_int_equal(d.count, 3);
}

static void going_back_leaves_the_answer_as_it_was(void **state)
{
    struct stage *s = *state;
    const int before = s->fake.counts[CMD_PUT_FIELD];

    touch(s, 400, 300);
    stage_key(s, KEY_ESCAPE);
    assert_string_equal(nav_screen_name(&s->nav), "form");
    assert_int_equal(s->fake.counts[CMD_PUT_FIELD], before);
}

#define ON_OUTLINE(test) \
    cmocka_unit_test_setup_teardown(test, open_outline, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_OUTLINE(corners_become_an_area_that_stays),
        ON_OUTLINE(edges_that_cross_are_no_area),
        ON_OUTLINE(each_step_of_a_walk_is_a_corner),
        ON_OUTLINE(going_back_leaves_the_answer_as_it_was),
    };

    return RUN_TESTS(tests);
}
