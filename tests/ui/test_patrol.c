/* A patrol on the screens: the welfare check, its end. */
#include <string.h>

#include "tests/test.h"
#include "tests/ui/stage.h"
#include "ui/look.h"

#define SECOND ((int64_t)1000)
#define MINUTE (60 * SECOND)

static void show_welfare(struct stage *s, int64_t late_ms, bool is_seen)
{
    struct view_home *h = &s->fake.v.home;

    h->welfare.due_ms = FAKE_NOW_MS - late_ms;
    h->welfare.is_seen = is_seen;
    bridge_post(s->fake.bridge, VIEW_HOME, h);
    stage_turn(s);
}

static void a_check_says_how_late_it_is_and_who_knows(void **state)
{
    static const struct {
        int64_t late_ms;
        bool is_seen;
        const char *words;
    } rows[] = {
        { -20 * MINUTE, true, "Control raises the alarm if this is missed" },
        { 0, true, "Due now. Are you OK?" },
        { 59 * SECOND, true, "Due now. Are you OK?" },
        { MINUTE, true, "Late. Control will be told." },
        { 2 * MINUTE, true, "Late. Control has been told." },
        { -20 * MINUTE, false,
          "Control cannot see your check-ins now. Use your radio." },
        { 5 * MINUTE, false,
          "Control cannot see your check-ins now. Use your radio." },
    };
    struct stage *s = *state;

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        show_welfare(s, rows[i].late_ms, rows[i].is_seen);
        if (!look_has(&s->nav, rows[i].words)) {
            fail_msg("%s", rows[i].words);
        }
    }
}

static void one_touch_says_i_am_ok(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.task.0");
    assert_int_equal(s->fake.counts[CMD_CHECK_IN], 1);
    assert_true(look_has(&s->nav, "Checked in"));
}

static void a_hotspot_without_a_visit_needs_a_reason(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.end");
    assert_true(
        look_has(&s->nav, "Abbey Close: no visit. What got in the way?"));
    stage_tap(s, "end.close");
    assert_int_equal(s->fake.counts[CMD_END_PATROL], 0);
    stage_tap(s, "end.reason.elsewhere");
    stage_tap(s, "end.close");
    stage_sign(s);
    assert_int_equal(s->fake.counts[CMD_END_PATROL], 1);
    assert_string_equal(s->fake.last.text, "abbey-close=elsewhere;");
    /* It is over: nothing is asked any more. */
    assert_false(
        look_has(&s->nav, "Abbey Close: no visit. What got in the way?"));
}

static void with_every_hotspot_visited_nothing_is_asked(void **state)
{
    struct stage *s = *state;
    struct view_end *e = &s->fake.v.end;

    e->hotspots[3].is_visited = true;
    bridge_post(s->fake.bridge, VIEW_END, e);
    stage_turn(s);
    stage_tap(s, "home.end");
    stage_tap(s, "end.close");
    stage_sign(s);
    assert_int_equal(s->fake.counts[CMD_END_PATROL], 1);
    assert_string_equal(s->fake.last.text, "");
}

static void many_gaps_make_the_minutes_at_least(void **state)
{
    struct stage *s = *state;
    struct view_end *e = &s->fake.v.end;

    stage_tap(s, "home.end");
    assert_false(look_has(&s->nav, "Many gaps in GPS"));
    e->is_at_least = true;
    bridge_post(s->fake.bridge, VIEW_END, e);
    stage_turn(s);
    assert_true(look_has(&s->nav, "Many gaps in GPS"));
    assert_true(look_has(&s->nav, "2 gaps in GPS, 3 min in all"));
}

static void clocks_that_differ_are_said(void **state)
{
    struct stage *s = *state;
    struct view_home *h = &s->fake.v.home;

    assert_false(look_has(&s->nav, "clock differ"));
    h->clock_off_s = 180;
    bridge_post(s->fake.bridge, VIEW_HOME, h);
    stage_turn(s);
    assert_true(look_has(&s->nav, "clock differ"));
}

int main(void)
{
#define IN(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)
    const struct CMUnitTest tests[] = {
        IN(a_check_says_how_late_it_is_and_who_knows),
        IN(one_touch_says_i_am_ok),
        IN(a_hotspot_without_a_visit_needs_a_reason),
        IN(with_every_hotspot_visited_nothing_is_asked),
        IN(many_gaps_make_the_minutes_at_least),
        IN(clocks_that_differ_are_said),
    };

    return RUN_TESTS(tests);
}
