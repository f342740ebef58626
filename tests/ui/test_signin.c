/* The page where a shared tablet learns who holds it, in all its states. */
#include "tests/test.h"

#include <string.h>

#include "tests/ui/audit.h"
#include "tests/ui/stage.h"
#include "ui/bridge.h"
#include "ui/kit/input.h"
#include "ui/look.h"

static void pin(struct stage *s, const char *digits)
{
    for (; *digits != '\0'; digits++) {
        char name[] = "signin.pin.0";

        name[strlen(name) - 1] = *digits;
        stage_tap(s, name);
    }
}

static int open_with_colleague(void **state)
{
    const int failed = stage_open_signed_out(state);
    struct stage *s = *state;

    s->fake.has_other_patrol = true;
    return failed;
}

static void a_wait_counts_down_and_takes_no_digit(void **state)
{
    struct stage *s = *state;

    pin(s, "111111");
    pin(s, "111111");
    pin(s, "111111");
    assert_true(look_has(&s->nav, "Try again in 15 s."));
    app_set_clock(s->nav.app, s->fake.v.status.now_ms + 6000);
    stage_turn(s);
    assert_true(look_has(&s->nav, "Try again in 9 s."));
    pin(s, "246810");
    assert_int_equal(s->fake.counts[CMD_SIGN_IN], 3);
    app_set_clock(s->nav.app, s->fake.v.status.now_ms + 15000);
    stage_turn(s);
    pin(s, "246810");
    assert_string_equal(nav_screen_name(&s->nav), "home");
}

static void a_wait_of_one_officer_is_not_another_s(void **state)
{
    struct stage *s = *state;

    for (int i = 0; i < 3; i++) {
        pin(s, "111111");
    }
    stage_tap(s, "signin.officer.4188");
    assert_false(look_has(&s->nav, "Try again"));
    assert_false(look_has(&s->nav, "Wrong PIN"));
    pin(s, "246810");
    assert_string_equal(nav_screen_name(&s->nav), "home");
}

static void a_locked_pin_says_who_can_open(void **state)
{
    struct stage *s = *state;

    s->fake.v.signin.tries_left = 1;
    pin(s, "111111");
    assert_true(look_has(&s->nav, "This PIN is locked"));
    assert_true(look_has(&s->nav, "one-time code"));
    stage_tap(s, "signin.forgotten");
    stage_tap(s, "sheet.choice.colleague");
    assert_true(look_has(&s->nav, "Marek, enter your PIN"));
    assert_null(ui_find(&s->nav.ui, "signin.officer.4127"));
}

static void a_colleague_opens_it_for_a_forgotten_pin(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "signin.forgotten");
    stage_tap(s, "sheet.choice.colleague");
    stage_tap(s, "signin.officer.4009");
    pin(s, "246810");
    assert_int_equal(s->fake.counts[CMD_OPEN_FOR], 1);
    assert_string_equal(s->fake.last.id, "4009");
    assert_true(look_has(&s->nav, "Amina, choose a PIN"));
    pin(s, "135791");
    assert_true(look_has(&s->nav, "Once more the same"));
    pin(s, "135792");
    assert_int_equal(s->fake.counts[CMD_SET_PIN], 0);
    assert_true(look_has(&s->nav, "The two were not the same"));
    pin(s, "135791");
    pin(s, "135791");
    assert_int_equal(s->fake.counts[CMD_SET_PIN], 1);
    assert_string_equal(s->fake.last.id, "4127");
    assert_string_equal(nav_screen_name(&s->nav), "home");
}

static void a_wrong_pin_of_the_colleague_opens_nothing(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "signin.forgotten");
    stage_tap(s, "sheet.choice.colleague");
    pin(s, "111111");
    assert_true(look_has(&s->nav, "Wrong PIN"));
    assert_true(look_has(&s->nav, "Who opens the tablet?"));
    stage_tap(s, "signin.cancel");
    assert_true(look_has(&s->nav, "Who is on duty?"));
    assert_int_equal(s->fake.counts[CMD_STOP_OPENING], 0);
}

static void a_code_opens_it_for_somebody_found_by_name(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "signin.someone-else");
    stage_tap(s, "sheet.choice.code");
    stage_tap(s, "sheet.field");
    stage_type(s, "0123");
    stage_tap(s, "sheet.done");
    assert_true(look_has(&s->nav, "does not open this tablet"));
    stage_tap(s, "sheet.field");
    stage_type(s, "-4567-89AB-CDEF-GHJK-MNPQ-RS");
    stage_tap(s, "sheet.done");
    assert_true(look_has(&s->nav, "Who gets a PIN?"));
    stage_tap(s, "sheet.field");
    stage_type(s, "Rao");
    assert_true(look_has(&s->nav, "Sunil Rao"));
    assert_false(look_has(&s->nav, "Rosa Lindqvist"));
    stage_tap(s, "signin.staff.4003");
    pin(s, "135791");
    pin(s, "135791");
    assert_string_equal(s->fake.last.id, "4003");
    assert_string_equal(nav_screen_name(&s->nav), "home");
}

static void giving_up_closes_what_was_opened(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "signin.someone-else");
    stage_tap(s, "sheet.choice.colleague");
    pin(s, "246810");
    stage_tap(s, "sheet.cancel");
    assert_int_equal(s->fake.counts[CMD_STOP_OPENING], 1);
    assert_true(look_has(&s->nav, "Who is on duty?"));
}

static void a_colleague_s_patrol_is_asked_about_before_home(void **state)
{
    struct stage *s = *state;

    pin(s, "246810");
    assert_string_equal(nav_screen_name(&s->nav), "signin");
    assert_true(look_has(&s->nav, "Keisha Brown is on patrol"));
    stage_tap(s, "sheet.choice.hand-over");
    assert_int_equal(s->fake.counts[CMD_TAKE_PATROL], 1);
    assert_true(s->fake.last.is_on);
    assert_string_equal(nav_screen_name(&s->nav), "home");
}

static void going_back_from_that_question_signs_nobody_in(void **state)
{
    struct stage *s = *state;

    pin(s, "246810");
    stage_tap(s, "sheet.cancel");
    assert_int_equal(s->fake.counts[CMD_LOCK], 1);
    assert_int_equal(s->fake.counts[CMD_TAKE_PATROL], 0);
    assert_true(look_has(&s->nav, "enter your PIN"));
}

static void what_a_colleague_wrote_is_told_apart(void **state)
{
    struct stage *s = *state;

    assert_false(look_has(&s->nav, "waiting for"));
    s->fake.v.signin.officers[4].waiting = 3;
    bridge_post(s->fake.bridge, VIEW_SIGNIN, &s->fake.v.signin);
    stage_turn(s);
    assert_true(look_has(&s->nav, "3 waiting for"));
    stage_tap(s, "signin.officer.4230"); /* hers: no colleague's */
    assert_false(look_has(&s->nav, "waiting for"));
}

static void three_minutes_without_a_touch_lock(void **state)
{
    struct stage *s = *state;

    (void)nav_tick(&s->nav, 1000);
    stage_tap(s, "rail.notebook");
    (void)nav_tick(&s->nav, 1000 + 179999);
    assert_int_equal(s->fake.counts[CMD_LOCK], 0);
    stage_turn(s);
    assert_int_equal(nav_next_tick(&s->nav), 1);
    (void)nav_tick(&s->nav, 1000 + 180000);
    stage_turn(s);
    assert_int_equal(s->fake.counts[CMD_LOCK], 1);
    assert_string_equal(nav_screen_name(&s->nav), "signin");
    (void)nav_tick(&s->nav, 1000 + 400000);
    stage_turn(s);
    assert_int_equal(s->fake.counts[CMD_LOCK], 1);
}

static void a_touch_puts_the_lock_off(void **state)
{
    struct stage *s = *state;

    (void)nav_tick(&s->nav, 170000);
    stage_tap(s, "rail.notebook");
    (void)nav_tick(&s->nav, 190000);
    stage_turn(s);
    assert_int_equal(s->fake.counts[CMD_LOCK], 0);
}

static void f1_helps_and_goes_away(void **state)
{
    const struct ui_event help = { .kind = UI_HELP };
    struct stage *s = *state;

    nav_event(&s->nav, &help);
    stage_turn(s);
    assert_true(look_has(&s->nav, "After three wrong PINs"));
    stage_tap(s, "sheet.cancel");
    assert_false(look_has(&s->nav, "After three wrong PINs"));
}

static void a_pin_that_is_too_old_is_renewed_first(void **state)
{
    struct stage *s = *state;

    pin(s, "24681");
    s->fake.v.signin.attempt++;
    s->fake.v.signin.state = SIGNIN_OPEN;
    bridge_post(s->fake.bridge, VIEW_SIGNIN, &s->fake.v.signin);
    stage_turn(s);
    assert_true(look_has(&s->nav, "more than 90 days old"));
    assert_true(look_has(&s->nav, "Amina, choose a PIN"));
}

static void no_pin_of_any_step_stays_in_the_model(void **state)
{
    struct stage *s = *state;
    bool found = false;

    stage_tap(s, "signin.forgotten");
    stage_tap(s, "sheet.choice.colleague");
    pin(s, "246810");
    pin(s, "135791");
    stage_tap(s, "signin.cancel");
    for (size_t i = 0; i + 6 <= NAV_MODEL_BYTES; i++) {
        found |= memcmp(s->nav.model + i, "135791", 6) == 0 ||
                 memcmp(s->nav.model + i, "246810", 6) == 0;
    }
    assert_false(found);
}

static void before_a_patrol_home_says_what_to_look_at(void **state)
{
    struct stage *s = *state;

    s->fake.v.home.patrol = PATROL_OFF;
    s->fake.v.home.is_checked = true;
    s->fake.v.home.check_looks = 0;
    bridge_post(s->fake.bridge, VIEW_HOME, &s->fake.v.home);
    stage_turn(s);
    assert_true(look_has(&s->nav, "This tablet is ready"));
    stage_tap(s, "home.check");
    assert_string_equal(nav_screen_name(&s->nav), "check");
    assert_int_equal(s->fake.counts[CMD_CHECK_TABLET], 1);
    assert_true(look_has(&s->nav, "Agrees with the satellites"));
    assert_true(look_has(&s->nav, "Sync on Wi-Fi"));
    stage_tap(s, "check.start");
    assert_int_equal(s->fake.counts[CMD_START_PATROL], 1);
    assert_string_equal(nav_screen_name(&s->nav), "home");
    assert_false(look_has(&s->nav, "before you start"));
}

static void a_duress_pin_is_typed_twice_and_not_kept(void **state)
{
    struct stage *s = *state;
    bool found = false;

    s->fake.v.home.patrol = PATROL_OFF;
    s->fake.v.home.is_checked = true;
    bridge_post(s->fake.bridge, VIEW_HOME, &s->fake.v.home);
    stage_turn(s);
    stage_tap(s, "home.check");
    stage_tap(s, "check.duress-pin");
    pin(s, "975310");
    pin(s, "975311");
    assert_true(look_has(&s->nav, "The two were not the same"));
    pin(s, "975310");
    assert_int_equal(s->fake.counts[CMD_SET_DURESS], 0);
    pin(s, "975310");
    assert_int_equal(s->fake.counts[CMD_SET_DURESS], 1);
    assert_true(look_has(&s->nav, "Your duress PIN is set"));
    for (size_t i = 0; i + 6 <= NAV_MODEL_BYTES; i++) {
        found |= memcmp(s->nav.model + i, "975310", 6) == 0;
    }
    assert_false(found);
}

static void an_old_pin_can_be_renewed_from_home(void **state)
{
    struct stage *s = *state;

    s->fake.v.home.pin_hours_left = 41;
    bridge_post(s->fake.bridge, VIEW_HOME, &s->fake.v.home);
    stage_turn(s);
    assert_true(look_has(&s->nav, "41 hours more"));
    stage_tap(s, "home.new-pin");
    assert_string_equal(nav_screen_name(&s->nav), "signin");
    assert_true(look_has(&s->nav, "Amina, choose a PIN"));
}

#define IN(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)
#define OUT(test) \
    cmocka_unit_test_setup_teardown(test, stage_open_signed_out, stage_close)
#define SHARED(test) \
    cmocka_unit_test_setup_teardown(test, open_with_colleague, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OUT(a_wait_counts_down_and_takes_no_digit),
        OUT(a_wait_of_one_officer_is_not_another_s),
        OUT(a_locked_pin_says_who_can_open),
        OUT(a_colleague_opens_it_for_a_forgotten_pin),
        OUT(a_wrong_pin_of_the_colleague_opens_nothing),
        OUT(a_code_opens_it_for_somebody_found_by_name),
        OUT(giving_up_closes_what_was_opened),
        SHARED(a_colleague_s_patrol_is_asked_about_before_home),
        SHARED(going_back_from_that_question_signs_nobody_in),
        OUT(what_a_colleague_wrote_is_told_apart),
        IN(three_minutes_without_a_touch_lock),
        IN(a_touch_puts_the_lock_off),
        OUT(f1_helps_and_goes_away),
        OUT(a_pin_that_is_too_old_is_renewed_first),
        IN(before_a_patrol_home_says_what_to_look_at),
        IN(a_duress_pin_is_typed_twice_and_not_kept),
        IN(an_old_pin_can_be_renewed_from_home),
        OUT(no_pin_of_any_step_stays_in_the_model),
    };

    return RUN_TESTS(tests);
}
