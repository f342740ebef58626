/* Briefings, tasks and the emergency banner, as they are touched. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/ui/stage.h"
#include "ui/look.h"

static struct view_brief *brief(struct stage *s, int i)
{
    return &s->fake.v.briefs.items[i];
}

static void show(struct stage *s)
{
    bridge_post(s->fake.bridge, VIEW_BRIEFING, &s->fake.v.briefs);
    bridge_post(s->fake.bridge, VIEW_HOME, &s->fake.v.home);
    bridge_post(s->fake.bridge, VIEW_STATUS, &s->fake.v.status);
    stage_turn(s);
}

static void emergency(struct stage *s)
{
    struct view_urgent *u = &s->fake.v.status.urgent;

    snprintf(u->id, sizeof(u->id), "task-9");
    snprintf(u->title, sizeof(u->title), "Leave Corn Street");
    snprintf(u->detail, sizeof(u->detail), "Gas. Meet at the Town Hall.");
    snprintf(u->from, sizeof(u->from), "Tom Ashdown");
    u->made_ms = FAKE_NOW_MS;
    show(s);
}

static void read_leads_to_the_next_unread_and_then_home(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.briefing");
    assert_true(look_has(&s->nav, "Up to 25 young people"));
    stage_tap(s, "briefing.read");
    assert_string_equal(s->fake.last.id, "brief-0");
    assert_true(look_has(&s->nav, "in a green coat"));
    stage_tap(s, "briefing.read");
    assert_string_equal(s->fake.last.id, "brief-1");
    assert_string_equal(nav_screen_name(&s->nav), "home");
    assert_true(look_has(&s->nav, "All read"));
}

static void read_names_the_version_that_was_shown(void **state)
{
    struct stage *s = *state;

    brief(s, 0)->changed = 0x0123456789abcdef;
    stage_tap(s, "rail.briefing");
    show(s);
    stage_tap(s, "briefing.read");
    assert_true(s->fake.last.at_ms == 0x0123456789abcdef);
}

static void one_that_is_read_offers_no_second_reading(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.briefing");
    stage_tap(s, "briefing.item.2");
    assert_null(ui_find(&s->nav.ui, "briefing.read"));
    assert_true(look_has(&s->nav, "Read 08:29"));
    brief(s, 2)->is_read = false; /* changed meanwhile */
    brief(s, 2)->changed_ms = FAKE_NOW_MS;
    show(s);
    assert_true(look_has(&s->nav, "Changed since you read it"));
    assert_non_null(ui_find(&s->nav.ui, "briefing.read"));
}

/* What comes by sync must not change the words under the reader's eyes. */
static void a_new_one_does_not_push_away_what_is_read(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.briefing");
    stage_tap(s, "briefing.item.1");
    memmove(&s->fake.v.briefs.items[1], &s->fake.v.briefs.items[0],
            4 * sizeof(s->fake.v.briefs.items[0]));
    s->fake.v.briefs.count = 5;
    snprintf(brief(s, 0)->id, sizeof(brief(s, 0)->id), "brief-new");
    snprintf(brief(s, 0)->text, sizeof(brief(s, 0)->text), "Just come.");
    show(s);
    assert_true(look_has(&s->nav, "in a green coat"));
    assert_false(look_has(&s->nav, "Just come."));
}

static void a_question_goes_with_its_briefing(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.briefing");
    stage_tap(s, "briefing.item.1");
    stage_tap(s, "briefing.ask");
    stage_tap(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_ASK_BRIEFING], 0);
    stage_tap(s, "sheet.field");
    stage_type(s, "Which coat?");
    stage_tap(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_ASK_BRIEFING], 1);
    assert_string_equal(s->fake.last.id, "brief-1");
    assert_string_equal(s->fake.last.text, "Which coat?");
    assert_true(look_has(&s->nav, "No answer yet"));
}

static void patrol_waits_for_what_must_be_read(void **state)
{
    struct stage *s = *state;

    s->fake.v.home.patrol = PATROL_OFF;
    s->fake.v.home.must_read_count = 1;
    brief(s, 0)->must_read = true;
    show(s);
    assert_true(look_has(&s->nav, "Read 1 item first"));
    assert_null(ui_find(&s->nav.ui, "home.start"));
    stage_tap(s, "home.briefing.first");
    assert_string_equal(nav_screen_name(&s->nav), "briefing");
    stage_tap(s, "briefing.read");
    stage_tap(s, "rail.patrol");
    assert_non_null(ui_find(&s->nav.ui, "home.start"));
    assert_int_equal(s->fake.counts[CMD_START_PATROL], 0);
}

static void no_briefing_says_so_and_has_nothing_to_press(void **state)
{
    struct stage *s = *state;

    s->fake.v.briefs.count = 0;
    stage_tap(s, "rail.briefing");
    show(s);
    assert_true(look_has(&s->nav, "No briefing today"));
    assert_null(ui_find(&s->nav.ui, "briefing.read"));
    assert_null(ui_find(&s->nav.ui, "briefing.ask"));
}

/* --- tasks --- */

static void not_done_asks_why_first(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tasks");
    stage_tap(s, "home.task.2");
    stage_tap(s, "task.not-done");
    assert_int_equal(s->fake.counts[CMD_CLOSE_TASK], 0);
    stage_tap(s, "sheet.choice.access");
    assert_int_equal(s->fake.counts[CMD_CLOSE_TASK], 1);
    assert_false(s->fake.last.is_on);
    assert_string_equal(s->fake.last.id, "task-2");
    assert_string_equal(s->fake.last.reason, "Could not get in");
    stage_tap(s, "home.tasks");
    assert_true(look_has(&s->nav, "Could not get in"));
}

static void done_needs_one_more_touch(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tasks");
    stage_tap(s, "home.task.3");
    stage_tap(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_CLOSE_TASK], 1);
    assert_true(s->fake.last.is_on);
    assert_string_equal(s->fake.last.id, "task-3");
}

static void back_from_the_reasons_leads_to_the_task(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tasks");
    stage_tap(s, "home.task.3");
    stage_tap(s, "task.not-done");
    stage_tap(s, "sheet.cancel");
    assert_non_null(ui_find(&s->nav.ui, "task.not-done"));
    stage_tap(s, "sheet.cancel");
    assert_null(ui_find(&s->nav.ui, "task.not-done"));
    assert_int_equal(s->fake.counts[CMD_CLOSE_TASK], 0);
}

/* --- the emergency --- */

static void an_emergency_stands_on_every_screen_until_it_is_touched(
    void **state)
{
    static const char *const places[] = { "rail.patrol", "rail.map",
                                          "rail.notebook", "rail.briefing",
                                          "rail.sync" };
    struct stage *s = *state;

    emergency(s);
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        stage_tap(s, places[i]);
        assert_true(look_has(&s->nav, "Leave Corn Street"));
    }
    stage_tap(s, "rail.patrol");
    stage_tap(s, "home.tile.asb");
    assert_true(look_has(&s->nav, "Leave Corn Street"));
    stage_tap(s, "urgent.seen");
    assert_int_equal(s->fake.counts[CMD_SEE_TASK], 1);
    assert_string_equal(s->fake.last.id, "task-9");
    assert_false(look_has(&s->nav, "Leave Corn Street"));
}

/* --- the library --- */

static void without_a_pin_there_is_the_emergency_card_and_nothing_else(
    void **state)
{
    struct stage *s = *state;

    stage_tap(s, "library.open");
    assert_true(look_has(&s->nav, "0800 789 321"));
    assert_null(ui_find(&s->nav.ui, "library.search"));
    assert_null(ui_find(&s->nav.ui, "library.doc.powers"));
    assert_null(ui_find(&s->nav.ui, "rail.patrol"));
    assert_null(ui_find(&s->nav.ui, "top.sync"));
    assert_non_null(ui_find(&s->nav.ui, "sos"));
    stage_tap(s, "back");
    assert_string_equal(nav_screen_name(&s->nav), "signin");
}

static void the_library_finds_words_in_all_documents(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.briefing");
    stage_tap(s, "library.open");
    stage_tap(s, "library.search");
    stage_type(s, "needl");
    assert_true(look_has(&s->nav, "Who deals with it"));
    assert_true(look_has(&s->nav, "To be confirmed by the council"));
    assert_false(look_has(&s->nav, "Heavy bleeding"));
    stage_tap(s, "library.doc.emergency");
    assert_true(look_has(&s->nav, "999"));
    stage_tap(s, "back");
    assert_string_equal(nav_screen_name(&s->nav), "briefing");
}

static void the_library_shows_the_powers_of_the_councils_nation(void **state)
{
    struct stage *s = *state;
    struct profile *p = &s->fake.v.briefs.profile;

    stage_tap(s, "rail.briefing");
    stage_tap(s, "library.open");
    stage_tap(s, "library.search");
    stage_type(s, "tobacco");
    assert_true(look_has(&s->nav, "Tobacco: under 16"));
    snprintf(p->jurisdiction, sizeof(p->jurisdiction), "S");
    snprintf(p->title, sizeof(p->title), "Scotland");
    show(s);
    stage_tap(s, "library.doc.powers");
    assert_true(look_has(&s->nav, "shown for Scotland"));
    stage_tap(s, "library.search");
    stage_type(s, "tobacco");
    assert_false(look_has(&s->nav, "Tobacco: under 16"));
    assert_true(look_has(&s->nav, "Nothing found"));
}

static void rarer_things_are_recorded_from_the_library(void **state)
{
    static const char *const forms[][2] = {
        { "library.form.engage", "Business visit" },
        { "library.form.survey", "Venue booking check" },
        { "library.form.asset", "Defibrillator" },
        { "library.form.training", "Induction" },
    };
    struct stage *s = *state;

    for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
        stage_tap(s, "rail.briefing");
        stage_tap(s, "library.open");
        stage_tap(s, forms[i][0]);
        assert_string_equal(nav_screen_name(&s->nav), "form");
        assert_true(look_has(&s->nav, forms[i][1]));
    }
}

#define OUT(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_signed_out, stage_close)
#define IN(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(read_leads_to_the_next_unread_and_then_home),
        IN(read_names_the_version_that_was_shown),
        IN(one_that_is_read_offers_no_second_reading),
        IN(a_new_one_does_not_push_away_what_is_read),
        IN(a_question_goes_with_its_briefing),
        IN(patrol_waits_for_what_must_be_read),
        IN(no_briefing_says_so_and_has_nothing_to_press),
        IN(not_done_asks_why_first),
        IN(done_needs_one_more_touch),
        IN(back_from_the_reasons_leads_to_the_task),
        IN(an_emergency_stands_on_every_screen_until_it_is_touched),
        OUT(without_a_pin_there_is_the_emergency_card_and_nothing_else),
        IN(the_library_finds_words_in_all_documents),
        IN(the_library_shows_the_powers_of_the_councils_nation),
        IN(rarer_things_are_recorded_from_the_library),
    };

    return RUN_TESTS(tests);
}
