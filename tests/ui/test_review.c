/* A team leader's review, what an officer is asked, signing by hand. */
#include "tests/test.h"

#include <string.h>

#include "tests/ui/stage.h"
#include "ui/bridge.h"
#include "ui/look.h"

static void a_leader_begins_with_the_list_and_opens_the_oldest(void **state)
{
    struct stage *s = *state;

    assert_string_equal(nav_screen_name(&s->nav), "reviews");
    assert_true(look_has(&s->nav, "58 of 65 here"));
    assert_true(look_has(&s->nav, "23 h 03"));
    stage_tap(s, "reviews.oldest");
    assert_string_equal(nav_screen_name(&s->nav), "review");
    assert_string_equal(s->fake.last.id, "log-6");
}

static void an_officer_has_no_such_list(void **state)
{
    struct stage *s = *state;

    assert_null(ui_find(&s->nav.ui, "rail.review"));
    assert_string_equal(nav_screen_name(&s->nav), "home");
}

static void the_list_is_narrowed_by_state_days_and_names(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "reviews.state.approved");
    assert_true(look_has(&s->nav, "Gareth Pryce"));
    assert_false(look_has(&s->nav, "Amina Yusuf"));
    stage_tap(s, "reviews.state.to-review");
    stage_tap(s, "reviews.dates");
    stage_tap(s, "sheet.choice.today");
    assert_true(look_has(&s->nav, "Keisha Brown"));
    assert_false(look_has(&s->nav, "Priya Nair"));
    stage_tap(s, "reviews.who");
    stage_tap(s, "sheet.choice.2"); /* Keisha Brown, without a tick */
    stage_tap(s, "sheet.cancel");
    assert_false(look_has(&s->nav, "Keisha Brown"));
    assert_true(look_has(&s->nav, "Amina Yusuf"));
}

static void a_record_shows_whose_hand_signed_words_of_it(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "reviews.row.1");
    stage_tap(s, "review.entry.6");
    assert_true(look_has(&s->nav, "Signed by Daria Popov, 12:04"));
    assert_false(look_has(&s->nav, "What was signed is not what stands here"));
    s->fake.v.record.hands[0].is_misfit = true;
    bridge_post(s->fake.bridge, VIEW_RECORD, &s->fake.v.record);
    stage_turn(s);
    assert_true(look_has(&s->nav, "What was signed is not what stands here"));
}

static void what_was_not_opened_is_said_before_it_is_approved(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "reviews.row.2");
    stage_tap(s, "review.approve");
    assert_int_equal(s->fake.counts[CMD_REVIEW], 0);
    assert_true(look_has(&s->nav, "records were not opened"));
    stage_tap(s, "sheet.cancel");
    assert_int_equal(s->fake.counts[CMD_REVIEW], 0);
    stage_tap(s, "review.approve");
    stage_tap(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_REVIEW], 1);
    assert_true(s->fake.last.is_on);
    assert_string_equal(s->fake.last.id, "log-1");
    assert_true(look_has(&s->nav, "Approved by Tom Ashdown"));
    assert_null(ui_find(&s->nav.ui, "review.approve"));
}

static void a_log_that_is_not_all_here_cannot_be_approved(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "reviews.row.1");
    assert_null(ui_find(&s->nav.ui, "review.approve"));
    assert_true(look_has(&s->nav, "Can be approved once all of it is here"));
}

static void nobody_approves_the_own_log(void **state)
{
    struct stage *s = *state;

    s->fake.v.reviews.items[1].is_own = true;
    bridge_post(s->fake.bridge, VIEW_REVIEW, &s->fake.v.reviews);
    stage_turn(s);
    stage_tap(s, "reviews.row.2");
    assert_null(ui_find(&s->nav.ui, "review.approve"));
    stage_tap(s, "review.entry.2");
    assert_null(ui_find(&s->nav.ui, "review.ask"));
}

static void a_question_is_kept_until_it_is_sent_back(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "reviews.row.2");
    assert_null(ui_find(&s->nav.ui, "review.send-back"));
    stage_tap(s, "review.entry.2");
    stage_tap(s, "review.ask");
    stage_tap(s, "sheet.field");
    stage_type(s, "Which door?");
    stage_tap(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_PUT_QUESTION], 1);
    assert_string_equal(s->fake.last.id, "entry-1");
    assert_string_equal(s->fake.last.text, "Which door?");
    assert_true(look_has(&s->nav, "Your question on 2"));
    assert_true(look_has(&s->nav, "goes to Keisha"));
    stage_tap(s, "review.send-back");
    assert_int_equal(s->fake.counts[CMD_REVIEW], 1);
    assert_false(s->fake.last.is_on);
    assert_true(look_has(&s->nav, "Sent back by Tom Ashdown"));
}

static void a_log_that_was_read_is_approved_with_one_touch(void **state)
{
    struct stage *s = *state;
    const struct view_review_log *v = &s->fake.v.review;
    char control[48];

    stage_tap(s, "reviews.row.2");
    for (int i = 0; i < v->entry_count; i++) {
        if (v->entries[i].sort == VIEW_LOG_RECORD) {
            snprintf(control, sizeof(control), "review.entry.%d", i + 1);
            stage_tap(s, control);
            assert_true(look_has(&s->nav, "Held by the server"));
            stage_tap(s, "sheet.cancel");
        }
    }
    stage_tap(s, "review.approve");
    assert_int_equal(s->fake.counts[CMD_REVIEW], 1);
}

static void an_opened_record_shows_its_answers(void **state)
{
    struct stage *s = *state;
    const struct view_review_log *v = &s->fake.v.review;
    char control[48];
    int at = 0;

    stage_tap(s, "reviews.row.2");
    while (v->entries[at].sort != VIEW_LOG_RECORD) {
        at++;
    }
    snprintf(control, sizeof(control), "review.entry.%d", at + 1);
    stage_tap(s, control);
    assert_int_equal(s->fake.counts[CMD_READ_RECORD], 1);
    assert_true(look_has(&s->nav, s->fake.v.record.rows[0].label));
}

static void a_check_that_failed_needs_a_reason(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "reviews.row.2");
    s->fake.v.review.has_line_gap = true;
    bridge_post(s->fake.bridge, VIEW_REVIEW_LOG, &s->fake.v.review);
    stage_turn(s);
    stage_tap(s, "review.approve");
    stage_tap(s, "sheet.done"); /* not all was opened */
    stage_tap(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_REVIEW], 0);
    stage_tap(s, "sheet.field");
    stage_type(s, "Book 2 began here");
    stage_tap(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_REVIEW], 1);
    assert_string_equal(s->fake.last.reason, "Book 2 began here");
}

static void a_restricted_record_shows_nothing_and_opens_nothing(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "reviews.row.2");
    assert_true(look_has(&s->nav, "Restricted record"));
    assert_null(ui_find(&s->nav.ui, "review.entry.5"));
}

static void an_answer_goes_with_its_record(void **state)
{
    struct stage *s = *state;

    assert_true(look_has(&s->nav, "1 question from Tom Ashdown"));
    stage_tap(s, "home.asked");
    assert_true(look_has(&s->nav, "did camera 15 face you?"));
    stage_tap(s, "asked.send");
    assert_int_equal(s->fake.counts[CMD_ANSWER], 0);
    stage_tap(s, "asked.answer");
    stage_type(s, "The left one. Yes.");
    stage_tap(s, "asked.send");
    assert_int_equal(s->fake.counts[CMD_ANSWER], 1);
    assert_string_equal(s->fake.last.id, "entry-5");
    assert_string_equal(s->fake.last.text, "The left one. Yes.");
    assert_string_equal(nav_screen_name(&s->nav), "home");
    assert_false(look_has(&s->nav, "1 question from"));
}

/* --- signing --- */

static void a_signature_goes_as_strokes(void **state)
{
    struct stage *s = *state;
    const struct view_ink *ink = &s->fake.last.hand.ink;

    stage_tap(s, "home.end");
    stage_tap(s, "end.sign");
    stage_tap(s, "sheet.done"); /* nothing drawn: nothing happens */
    assert_int_equal(s->fake.counts[CMD_SIGN_BOOK], 0);
    stage_sign(s);
    assert_int_equal(s->fake.counts[CMD_SIGN_BOOK], 1);
    assert_true(ink->width >= 320 && ink->height >= 150);
    assert_true(ink->count >= 10);
    assert_int_equal(ink->stroke_count, 1);
    assert_int_equal(ink->points[0], 20);
    assert_int_equal(s->fake.counts[CMD_END_PATROL], 0);
    assert_true(look_has(&s->nav, "is signed"));
}

static void a_typed_name_must_be_called_a_signature(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "rail.notebook");
    stage_tap(s, "notebook.sign");
    stage_tap(s, "sign.type");
    stage_tap(s, "sign.name");
    stage_type(s, "Amina Yusuf");
    stage_tap(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_SIGN_BOOK], 0);
    stage_tap(s, "sign.mine");
    stage_tap(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_SIGN_BOOK], 1);
    assert_string_equal(s->fake.last.hand.name, "Amina Yusuf");
    assert_int_equal(s->fake.last.hand.ink.width, 0);
}

static void the_patrol_ends_for_one_who_cannot_sign(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.end");
    stage_tap(s, "end.reason.incident");
    stage_tap(s, "end.close");
    assert_int_equal(s->fake.counts[CMD_END_PATROL], 0);
    stage_tap(s, "sign.why.cannot");
    stage_tap(s, "sheet.done");
    assert_int_equal(s->fake.counts[CMD_END_PATROL], 1);
    assert_string_equal(s->fake.last.hand.why, "cannot");
    assert_true(look_has(&s->nav, "could not sign"));
}

static void a_cancelled_signature_ends_nothing(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.end");
    stage_tap(s, "end.reason.incident");
    stage_tap(s, "end.close");
    stage_tap(s, "sheet.cancel");
    assert_int_equal(s->fake.counts[CMD_END_PATROL], 0);
    assert_string_equal(nav_screen_name(&s->nav), "end");
}

static void a_leader_countersigns_what_the_officer_signed(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "reviews.row.2");
    assert_true(look_has(&s->nav, "Signed by Keisha Brown"));
    stage_tap(s, "review.countersign");
    stage_sign(s);
    assert_int_equal(s->fake.counts[CMD_COUNTERSIGN], 1);
    assert_string_equal(s->fake.last.id, "log-1");
    assert_true(look_has(&s->nav, "Countersigned by Tom Ashdown"));
    assert_null(ui_find(&s->nav.ui, "review.countersign"));
}

#define IN(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)
#define LEADS(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_leader, stage_close)
#define ASKED(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_asked, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEADS(a_leader_begins_with_the_list_and_opens_the_oldest),
        IN(an_officer_has_no_such_list),
        LEADS(the_list_is_narrowed_by_state_days_and_names),
        LEADS(a_record_shows_whose_hand_signed_words_of_it),
        LEADS(what_was_not_opened_is_said_before_it_is_approved),
        LEADS(a_log_that_is_not_all_here_cannot_be_approved),
        LEADS(nobody_approves_the_own_log),
        LEADS(a_question_is_kept_until_it_is_sent_back),
        LEADS(a_log_that_was_read_is_approved_with_one_touch),
        LEADS(an_opened_record_shows_its_answers),
        LEADS(a_check_that_failed_needs_a_reason),
        LEADS(a_restricted_record_shows_nothing_and_opens_nothing),
        ASKED(an_answer_goes_with_its_record),
        IN(a_signature_goes_as_strokes),
        IN(a_typed_name_must_be_called_a_signature),
        IN(the_patrol_ends_for_one_who_cannot_sign),
        IN(a_cancelled_signature_ends_nothing),
        LEADS(a_leader_countersigns_what_the_officer_signed),
    };

    return RUN_TESTS(tests);
}
