/* A tile where something was begun and not saved: the officer decides. */
#include "tests/test.h"

#include <string.h>

#include "tests/ui/stage.h"
#include "ui/bridge.h"
#include "ui/look.h"

static void assert_opened(const struct stage *s, const char *kind,
                          const char *draft)
{
    assert_int_equal(s->fake.last.kind, CMD_OPEN_LOG);
    assert_string_equal(s->fake.last.id, kind);
    assert_string_equal(s->fake.last.key, draft);
}

static void without_a_draft_a_tile_opens_a_new_log(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.env");
    assert_opened(s, "env", "");
    assert_string_equal(nav_screen_name(&s->nav), "form");
}

static void a_tile_with_a_draft_asks_and_opens_nothing(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    assert_int_equal(s->fake.counts[CMD_OPEN_LOG], 0);
    assert_true(look_has(&s->nav, "Go on with the draft from 10:03"));
    assert_true(look_has(&s->nav, "Market Square, north side"));
    assert_true(look_has(&s->nav, "Street drinking"));
    assert_false(look_has(&s->nav, "Canal Street car park"));
}

static void going_on_opens_the_draft_that_was_chosen(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "begun.draft.3");
    assert_opened(s, "asb", "draft-3");
    assert_string_equal(nav_screen_name(&s->nav), "log");
}

static void a_new_one_leaves_the_drafts_alone(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "begun.new");
    assert_opened(s, "asb", "");
    assert_int_equal(s->fake.v.home.begun_count, 4);
}

static void closing_the_question_opens_nothing(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.vehicle");
    stage_tap(s, "sheet.cancel");
    assert_int_equal(s->fake.counts[CMD_OPEN_LOG], 0);
    assert_false(look_has(&s->nav, "Start a new one"));
    assert_string_equal(nav_screen_name(&s->nav), "home");
}

static void the_note_of_several_drafts_asks_which(void **state)
{
    struct stage *s = *state;

    assert_true(look_has(&s->nav, "4 drafts, last: Market Square"));
    stage_tap(s, "home.draft");
    assert_false(look_has(&s->nav, "Start a new one"));
    stage_tap(s, "begun.draft.2");
    assert_opened(s, "vehicle", "draft-2");
    assert_string_equal(nav_screen_name(&s->nav), "form");
}

static void a_line_for_the_notebook_opens_the_notebook(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.draft");
    stage_tap(s, "begun.draft.4");
    assert_int_equal(s->fake.counts[CMD_OPEN_LOG], 0);
    assert_string_equal(nav_screen_name(&s->nav), "notebook");
}

static void the_note_of_one_draft_opens_it(void **state)
{
    struct stage *s = *state;

    s->fake.v.home.begun_count = 1;
    bridge_post(s->fake.bridge, VIEW_HOME, &s->fake.v.home);
    stage_turn(s);
    assert_true(look_has(&s->nav, "1 draft: Market Square"));
    stage_tap(s, "home.draft");
    assert_opened(s, "asb", "draft-1");
}

static void the_end_of_a_patrol_asks_which_draft_to_finish(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.end");
    stage_tap(s, "end.draft");
    assert_true(look_has(&s->nav, "Which draft?"));
    stage_tap(s, "begun.draft.1");
    assert_opened(s, "asb", "draft-1");
}

int main(void)
{
#define IN(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_drafts, stage_close)
    const struct CMUnitTest tests[] = {
        IN(without_a_draft_a_tile_opens_a_new_log),
        IN(a_tile_with_a_draft_asks_and_opens_nothing),
        IN(going_on_opens_the_draft_that_was_chosen),
        IN(a_new_one_leaves_the_drafts_alone),
        IN(closing_the_question_opens_nothing),
        IN(the_note_of_several_drafts_asks_which),
        IN(a_line_for_the_notebook_opens_the_notebook),
        IN(the_note_of_one_draft_opens_it),
        IN(the_end_of_a_patrol_asks_which_draft_to_finish),
    };

    return RUN_TESTS(tests);
}
