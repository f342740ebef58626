/* Which briefings an officer sees, and what an officer says of one. */
#include "core/tablet_brief.h"

#include <string.h>

#include "tests/core/tablet_desk.h"

#define HOUR_MS ((int64_t)3600 * 1000)

static const struct uuid leader = { { 0x66 } }, colleague = { { 0x55 } };
static const struct uuid own_team = { { 0x77 } }, other_team = { { 0x78 } };

static struct desk desk;
static struct tablet_brief briefs[4];
static size_t brief_count;

static int64_t now_ms(void)
{
    return MACHINE_WALL_MS + (int64_t)desk.m.world_ms;
}

/* One event about briefing `id`; NULL texts and zero numbers: not said. */
struct said {
    const struct uuid *by;
    enum event_op op;
    const char *title, *note;
    const struct uuid *team;
    int64_t ends_ms, seen;
};

static void say(const struct uuid *id, const struct said *s)
{
    struct evlog_new e = {
        .officer = *s->by, .kind = KIND_BRIEFING, .op = s->op, .record = *id
    };
    struct body_writer w;

    body_begin(&w);
    if (s->note != NULL) {
        body_put_text(&w, FIELD_NOTE, s->note);
    }
    if (s->title != NULL) {
        body_put_text(&w, FIELD_TITLE, s->title);
    }
    if (s->ends_ms != 0) {
        body_put_int(&w, FIELD_ENDED_MS, s->ends_ms);
    }
    if (s->team != NULL) {
        body_put_uuid(&w, BRIEFING_TEAM, s->team);
    }
    if (s->seen != 0) {
        body_put_int(&w, BRIEFING_SEEN, s->seen);
    }
    desk_append(&desk, &e, &w);
}

static struct uuid tell(const char *title, const struct uuid *team,
                        int64_t ends_ms)
{
    static uint8_t number = 100;
    const struct uuid id = machine_record(++number);
    const struct said s = { .by = &leader,
                            .op = OP_CREATE,
                            .title = title,
                            .team = team,
                            .ends_ms = ends_ms };

    say(&id, &s);
    return id;
}

static enum err take(void *ctx, const struct tablet_brief *b)
{
    (void)ctx;
    assert_true(brief_count < ARRAY_LEN(briefs));
    briefs[brief_count++] = *b;
    return ERR_OK;
}

static size_t list(void)
{
    brief_count = 0;
    assert_ok(tablet_briefs(desk.t, now_ms(), take, NULL));
    return brief_count;
}

static int64_t events(void)
{
    return ask(&desk, "SELECT count(*) FROM event");
}

/* Officer 4417, of a team or of none. */
static void sign_in(const struct uuid *team)
{
    struct evlog_new e = { .kind = KIND_OFFICER, .op = OP_CREATE };
    struct body_writer w;

    e.record = desk.officer;
    body_begin(&w);
    body_put_text(&w, OFFICER_NUMBER, "4417");
    body_put_text(&w, OFFICER_NAME, "A. Officer");
    if (team != NULL) {
        body_put_uuid(&w, OFFICER_TEAM, team);
    }
    desk_append(&desk, &e, &w);
    assert_ok(tablet_sign_in(desk.t, &desk.officer));
}

static int set_up(void **state)
{
    (void)state;
    desk_new(&desk, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_free(&desk);
    return 0;
}

/* --- which are shown --- */

static void those_of_other_teams_are_not_shown(void **state)
{
    (void)state;
    sign_in(&own_team);
    tell("for all", NULL, 0);
    tell("for us", &own_team, 0);
    tell("for them", &other_team, 0);
    assert_int_equal(list(), 2);
    assert_string_equal(briefs[0].title, "for us");
    assert_string_equal(briefs[1].title, "for all");
}

/* Better one too many than one that nobody of a new team was told. */
static void who_has_no_team_sees_all(void **state)
{
    (void)state;
    sign_in(NULL);
    tell("for us", &own_team, 0);
    tell("for them", &other_team, 0);
    assert_int_equal(list(), 2);
}

static void what_is_over_or_without_a_title_is_not_shown(void **state)
{
    (void)state;
    sign_in(&own_team);
    tell("until noon", NULL, now_ms() + HOUR_MS);
    tell("yesterday", NULL, now_ms() - HOUR_MS);
    tell(NULL, NULL, 0);
    assert_int_equal(list(), 1);
    assert_string_equal(briefs[0].title, "until noon");
    assert_int_not_equal(briefs[0].ends_ms, 0);
}

/* A leader's newer program may write what this one doesn't know. */
static void fields_of_another_type_hide_no_briefing(void **state)
{
    struct evlog_new e = { .officer = leader,
                           .kind = KIND_BRIEFING,
                           .op = OP_CREATE,
                           .record = machine_record(50) };
    struct body_writer w;

    (void)state;
    sign_in(&own_team);
    body_begin(&w);
    body_put_text(&w, FIELD_PLACE, "High Street");
    body_put_text(&w, FIELD_TITLE, "odd types");
    body_put_text(&w, FIELD_ENDED_MS, "noon");
    body_put_int(&w, BRIEFING_MUST_READ, 1);
    body_put_int(&w, BRIEFING_TEAM, 3);
    desk_append(&desk, &e, &w);
    assert_int_equal(list(), 1);
    assert_int_equal(briefs[0].ends_ms, 0);
    assert_false(briefs[0].must_read || briefs[0].has_place);
}

static void its_place_and_urgency_are_shown(void **state)
{
    const struct body_place place = { .lat_e7 = 515000000,
                                      .lon_e7 = -31000000 };
    struct evlog_new e = { .officer = leader,
                           .kind = KIND_BRIEFING,
                           .op = OP_CREATE,
                           .record = machine_record(51) };
    struct body_writer w;

    (void)state;
    sign_in(&own_team);
    body_begin(&w);
    body_place_put(body_field(&w, FIELD_PLACE), &place);
    body_put_text(&w, FIELD_TITLE, "a place");
    body_put_bool(&w, BRIEFING_MUST_READ, true);
    desk_append(&desk, &e, &w);
    assert_int_equal(list(), 1);
    assert_true(briefs[0].must_read && briefs[0].has_place);
    assert_int_equal(briefs[0].place.lat_e7, place.lat_e7);
}

static void nobody_sees_or_says_anything_without_signing_in(void **state)
{
    const struct uuid id = tell("for all", NULL, 0);

    (void)state;
    assert_int_equal(list(), 0);
    assert_err(tablet_brief_read(desk.t, &id, 1), ERR_DENIED);
    assert_err(tablet_brief_ask(desk.t, &id, "why?"), ERR_DENIED);
}

/* --- reading --- */

static void a_change_after_it_was_read_makes_it_unread(void **state)
{
    const struct said change = { .by = &leader,
                                 .op = OP_RESOLVE,
                                 .note = "now by the park" };
    const struct uuid id = tell("for all", NULL, 0);

    (void)state;
    sign_in(&own_team);
    assert_int_equal(list(), 1);
    assert_false(briefs[0].is_read);
    assert_ok(tablet_brief_read(desk.t, &id, briefs[0].changed));
    assert_int_equal(list(), 1);
    assert_true(briefs[0].is_read);
    say(&id, &change);
    assert_int_equal(list(), 1);
    assert_false(briefs[0].is_read);
    assert_int_not_equal(briefs[0].read_ms, 0);
}

static void reading_is_recorded_once_and_by_each(void **state)
{
    const struct uuid id = tell("for all", NULL, 0);
    const struct said theirs = { .by = &colleague,
                                 .op = OP_ACKNOWLEDGE,
                                 .seen = INT64_MAX };
    const struct said odd = { .by = &desk.officer,
                              .op = OP_ACKNOWLEDGE,
                              .seen = -1 };
    const struct said none = { .by = &desk.officer, .op = OP_ACKNOWLEDGE };
    int64_t before;

    (void)state;
    sign_in(&own_team);
    say(&id, &theirs);
    say(&id, &odd);
    say(&id, &none);
    assert_int_equal(list(), 1);
    assert_false(briefs[0].is_read);
    assert_ok(tablet_brief_read(desk.t, &id, briefs[0].changed));
    before = events();
    assert_ok(tablet_brief_read(desk.t, &id, briefs[0].changed));
    assert_int_equal(events(), before);
    /* what was read of it earlier does not make it unread */
    say(&id, &odd);
    assert_int_equal(list(), 1);
    assert_true(briefs[0].is_read);
}

/* --- asking --- */

static void an_answer_to_an_earlier_question_is_not_the_later_ones(void **state)
{
    const struct uuid id = tell("for all", NULL, 0);
    const struct said answer = { .by = &leader,
                                 .op = OP_ANSWER,
                                 .note = "by the gate" };
    const struct said theirs = { .by = &colleague,
                                 .op = OP_ASK,
                                 .note = "who?" };

    (void)state;
    sign_in(&own_team);
    assert_ok(tablet_brief_ask(desk.t, &id, "where?"));
    say(&id, &theirs);
    say(&id, &answer);
    assert_int_equal(list(), 1);
    assert_string_equal(briefs[0].question, "where?");
    assert_string_equal(briefs[0].answer, "by the gate");
    desk.m.world_ms += 1000;
    assert_ok(tablet_brief_ask(desk.t, &id, "when?"));
    assert_int_equal(list(), 1);
    assert_string_equal(briefs[0].question, "when?");
    assert_string_equal(briefs[0].answer, "");
    assert_int_equal(briefs[0].answered_ms, 0);
}

static void an_answer_without_words_is_shown_as_none(void **state)
{
    const struct uuid id = tell("for all", NULL, 0);
    const struct said answer = { .by = &leader, .op = OP_ANSWER };

    (void)state;
    sign_in(&own_team);
    assert_ok(tablet_brief_ask(desk.t, &id, "where?"));
    say(&id, &answer);
    assert_int_equal(list(), 1);
    assert_string_equal(briefs[0].answer, "");
    assert_int_not_equal(briefs[0].answered_ms, 0);
}

static void only_a_briefing_can_be_asked_about(void **state)
{
    const struct uuid id = tell("for all", NULL, 0);
    struct uuid other;
    int64_t before;

    (void)state;
    sign_in(&own_team);
    assert_ok(record(&desk, "ASB", NULL, 0, &other));
    before = events();
    assert_err(tablet_brief_ask(desk.t, &other, "why?"), ERR_NOT_FOUND);
    assert_err(tablet_brief_read(desk.t, &other, 1), ERR_NOT_FOUND);
    assert_err(tablet_brief_ask(desk.t, &id, ""), ERR_USAGE);
    assert_int_equal(events(), before);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(those_of_other_teams_are_not_shown),
        CASE(who_has_no_team_sees_all),
        CASE(what_is_over_or_without_a_title_is_not_shown),
        CASE(fields_of_another_type_hide_no_briefing),
        CASE(its_place_and_urgency_are_shown),
        CASE(nobody_sees_or_says_anything_without_signing_in),
        CASE(a_change_after_it_was_read_makes_it_unread),
        CASE(reading_is_recorded_once_and_by_each),
        CASE(an_answer_to_an_earlier_question_is_not_the_later_ones),
        CASE(an_answer_without_words_is_shown_as_none),
        CASE(only_a_briefing_can_be_asked_about),
    };

    return RUN_TESTS(tests);
}
