/* Which tasks an officer sees, and what an officer says of one. */
#include "core/tablet_brief.h"

#include <string.h>

#include "tests/core/tablet_desk.h"

#define HOUR_MS ((int64_t)3600 * 1000)

static const struct uuid leader = { { 0x66 } };
static const struct uuid own_team = { { 0x77 } }, other_team = { { 0x78 } };

/* What a leader asks for; zero: not said. */
struct asked {
    const char *title, *officer; /* number of the one it is for */
    const struct uuid *team;
    int64_t sort, due_ms, goal_min, ended_ms;
    bool is_urgent;
};

static struct desk desk;
static struct tablet_task tasks[8];
static size_t task_count;

static int64_t now_ms(void)
{
    return MACHINE_WALL_MS + (int64_t)desk.m.world_ms;
}

static struct uuid ask_for(const struct asked *a)
{
    static uint8_t number = 100;
    struct evlog_new e = { .officer = leader,
                           .kind = KIND_TASK,
                           .op = OP_CREATE,
                           .record = machine_record(++number) };
    struct body_writer w;

    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, "Look twice.");
    body_put_text(&w, FIELD_TITLE, a->title);
    body_put_text(&w, FIELD_PLACE_NAME, "High Street");
    if (a->ended_ms != 0) {
        body_put_int(&w, FIELD_ENDED_MS, a->ended_ms);
    }
    if (a->sort != 0) {
        body_put_int(&w, TASK_KIND, a->sort);
    }
    if (a->due_ms != 0) {
        body_put_int(&w, TASK_DUE_MS, a->due_ms);
    }
    if (a->goal_min != 0) {
        body_put_int(&w, TASK_GOAL_MIN, a->goal_min);
    }
    body_put_text(&w, TASK_AREA, "beat-3");
    if (a->officer != NULL) {
        body_put_codes(&w, TASK_OFFICERS, &a->officer, 1, NULL, 0);
    }
    if (a->team != NULL) {
        body_put_uuid(&w, TASK_TEAM, a->team);
    }
    body_put_bool(&w, TASK_URGENT, a->is_urgent);
    desk_append(&desk, &e, &w);
    return e.record;
}

static void close_by(const struct uuid *officer, const struct uuid *task,
                     int64_t outcome, const char *reason)
{
    struct evlog_new e = {
        .officer = *officer, .kind = KIND_TASK, .op = OP_CLOSE, .record = *task
    };
    struct body_writer w;

    body_begin(&w);
    if (reason != NULL) {
        body_put_text(&w, FIELD_REASON, reason);
    }
    if (outcome != 0) {
        body_put_int(&w, TASK_OUTCOME, outcome);
    }
    desk_append(&desk, &e, &w);
}

static enum err take(void *ctx, const struct tablet_task *task)
{
    (void)ctx;
    assert_true(task_count < ARRAY_LEN(tasks));
    tasks[task_count++] = *task;
    return ERR_OK;
}

static size_t list(void)
{
    task_count = 0;
    assert_ok(tablet_tasks(desk.t, now_ms(), take, NULL));
    return task_count;
}

/* Officer 4417 of a team is signed in. */
static int set_up(void **state)
{
    struct evlog_new e = { .kind = KIND_OFFICER, .op = OP_CREATE };
    struct body_writer w;

    (void)state;
    desk_new(&desk, 1);
    e.record = desk.officer;
    body_begin(&w);
    body_put_text(&w, OFFICER_NUMBER, "4417");
    body_put_text(&w, OFFICER_NAME, "A. Officer");
    body_put_uuid(&w, OFFICER_TEAM, &own_team);
    desk_append(&desk, &e, &w);
    assert_ok(tablet_sign_in(desk.t, &desk.officer));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_free(&desk);
    return 0;
}

static void tasks_come_by_the_time_they_are_due(void **state)
{
    const struct asked late = { .title = "late",
                                .due_ms = now_ms() + 3 * HOUR_MS };
    const struct asked soon = { .title = "soon",
                                .due_ms = now_ms() + HOUR_MS,
                                .sort = TASK_SORT_HOTSPOT,
                                .goal_min = 15,
                                .is_urgent = true };
    const struct asked same = { .title = "same",
                                .due_ms = now_ms() + 3 * HOUR_MS };

    (void)state;
    ask_for(&late);
    ask_for(&soon);
    ask_for(&same);
    assert_int_equal(list(), 3);
    assert_string_equal(tasks[0].title, "soon");
    assert_int_equal(tasks[0].sort, TASK_SORT_HOTSPOT);
    assert_int_equal(tasks[0].goal_min, 15);
    assert_true(tasks[0].is_urgent);
    assert_string_equal(tasks[0].area, "beat-3");
    assert_string_equal(tasks[0].place_name, "High Street");
    assert_int_equal(tasks[1].sort, TASK_SORT_OTHER);
    assert_false(tasks[1].is_urgent);
    assert_int_equal(tasks[1].outcome, TASK_OPEN);
}

static void tasks_of_others_are_not_shown(void **state)
{
    const struct asked mine = { .title = "mine", .officer = "4417" };
    const struct asked longer = { .title = "44170", .officer = "44170" };
    const struct asked theirs = { .title = "theirs", .officer = "4418" };
    const struct asked ours = { .title = "ours", .team = &own_team };
    const struct asked others = { .title = "others", .team = &other_team };

    (void)state;
    ask_for(&mine);
    ask_for(&longer);
    ask_for(&theirs);
    ask_for(&ours);
    ask_for(&others);
    assert_int_equal(list(), 2);
    assert_string_equal(tasks[0].title, "mine");
    assert_string_equal(tasks[1].title, "ours");
    assert_ok(tablet_sign_out(desk.t));
    assert_int_equal(list(), 0);
}

static void a_task_goes_when_it_is_over(void **state)
{
    const struct asked back = { .title = "taken back",
                                .ended_ms = now_ms() - 1 };
    const struct asked later = { .title = "ends later",
                                 .ended_ms = now_ms() + HOUR_MS };
    const struct asked old = { .title = "old",
                               .due_ms = now_ms() - TASK_KEEP_MS };
    const struct asked nameless = { .title = "" };

    (void)state;
    ask_for(&back);
    ask_for(&old);
    ask_for(&nameless);
    ask_for(&later);
    assert_int_equal(list(), 1);
    assert_string_equal(tasks[0].title, "ends later");
    desk.m.world_ms += (uint64_t)HOUR_MS;
    assert_int_equal(list(), 0);
}

/* A leader's newer program may write what this one doesn't know. */
static void a_value_out_of_range_is_as_if_not_said(void **state)
{
    const struct asked odd = { .title = "odd", .sort = 9, .goal_min = -5 };
    const struct asked far = { .title = "far",
                               .sort = -1,
                               .goal_min = 24 * 60 + 1 };

    (void)state;
    ask_for(&odd);
    ask_for(&far);
    assert_int_equal(list(), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(tasks[i].sort, TASK_SORT_OTHER);
        assert_int_equal(tasks[i].goal_min, 0);
    }
}

/* Far off is not long over: no time wraps round to the other end. */
static void a_time_at_the_end_of_time_is_far_off(void **state)
{
    const struct asked never = { .title = "never", .due_ms = INT64_MAX };
    const struct asked over = { .title = "over", .due_ms = INT64_MIN };

    (void)state;
    ask_for(&never);
    ask_for(&over);
    assert_int_equal(list(), 1);
    assert_string_equal(tasks[0].title, "never");
    assert_true(span_ms(INT64_MIN, INT64_MAX) == -INT64_MAX);
    assert_true(span_ms(INT64_MAX, INT64_MIN) == INT64_MAX);
    assert_true(span_ms(INT64_MIN, 0) == -INT64_MAX);
    assert_int_equal(span_ms(-5, -7), 2);
}

static void fields_of_another_type_hide_no_task(void **state)
{
    struct evlog_new e = { .officer = leader,
                           .kind = KIND_TASK,
                           .op = OP_CREATE,
                           .record = machine_record(50) };
    struct body_writer w;

    (void)state;
    body_begin(&w);
    body_put_text(&w, FIELD_TITLE, "odd types");
    body_put_text(&w, TASK_KIND, "check-in");
    body_put_text(&w, TASK_DUE_MS, "noon");
    body_put_int(&w, TASK_TEAM, 3);
    body_put_int(&w, TASK_URGENT, 1);
    desk_append(&desk, &e, &w);
    assert_int_equal(list(), 1);
    assert_int_equal(tasks[0].sort, TASK_SORT_OTHER);
    assert_int_equal(tasks[0].due_ms, 0);
    assert_false(tasks[0].is_urgent);
}

/* --- what is said of it --- */

static void not_done_wants_a_reason_and_is_said_once(void **state)
{
    const struct asked plain = { .title = "plain" };
    const struct uuid id = ask_for(&plain);

    (void)state;
    assert_err(tablet_task_close(desk.t, &id, TASK_NOT_DONE, ""), ERR_USAGE);
    assert_int_equal(list(), 1);
    assert_int_equal(tasks[0].outcome, TASK_OPEN);
    assert_ok(tablet_task_close(desk.t, &id, TASK_NOT_DONE, "no time"));
    assert_int_equal(list(), 1);
    assert_int_equal(tasks[0].outcome, TASK_NOT_DONE);
    assert_string_equal(tasks[0].reason, "no time");
    assert_string_equal(tasks[0].closed_by, "A. Officer");
    assert_err(tablet_task_close(desk.t, &id, TASK_DONE, ""), ERR_EXISTS);
}

static void a_check_in_that_is_done_is_a_check_in(void **state)
{
    const struct asked check_in = { .title = "check in",
                                    .sort = TASK_SORT_CHECK_IN };
    const struct asked visit = { .title = "visit", .sort = TASK_SORT_HOTSPOT };
    const struct uuid one = ask_for(&check_in), two = ask_for(&visit),
                      three = ask_for(&check_in);
    const int64_t before = ask(&desk, "SELECT count(*) FROM event");

    (void)state;
    assert_ok(tablet_task_close(desk.t, &one, TASK_DONE, ""));
    assert_ok(tablet_task_close(desk.t, &two, TASK_DONE, "all quiet"));
    assert_ok(tablet_task_close(desk.t, &three, TASK_NOT_DONE, "no time"));
    assert_err(tablet_task_close(desk.t, &one, TASK_DONE, ""), ERR_EXISTS);
    assert_int_equal(list(), 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(tasks[i].outcome, strcmp(tasks[i].reason, "no time")
                                               ? TASK_DONE
                                               : TASK_NOT_DONE);
    }
    assert_true(ask(&desk, "SELECT count(*) FROM event") > before);
}

/* Two said it without a line between them: the first one counts. */
static void the_first_that_was_said_of_a_task_stays(void **state)
{
    const struct uuid colleague = { { 0x55 } };
    const struct asked plain = { .title = "plain" };
    const struct uuid one = ask_for(&plain), two = ask_for(&plain);

    (void)state;
    close_by(&colleague, &one, TASK_NOT_DONE, "locked");
    close_by(&leader, &one, TASK_DONE, NULL);
    close_by(&leader, &two, 0, NULL); /* how it ended was not said: done */
    close_by(&colleague, &two, TASK_NOT_DONE, "locked");
    assert_int_equal(list(), 2);
    assert_int_equal(tasks[0].outcome, TASK_NOT_DONE);
    assert_string_equal(tasks[0].reason, "locked");
    assert_int_equal(tasks[1].outcome, TASK_DONE);
    assert_string_equal(tasks[1].reason, "");
    assert_true(tasks[1].closed_ms < now_ms());
}

static void a_task_is_seen_once_and_by_each_officer(void **state)
{
    const struct uuid colleague = { { 0x55 } };
    const struct asked urgent = { .title = "now", .is_urgent = true };
    const struct uuid id = ask_for(&urgent);
    int64_t events;

    (void)state;
    assert_ok(tablet_task_seen(desk.t, &id));
    events = ask(&desk, "SELECT count(*) FROM event");
    assert_ok(tablet_task_seen(desk.t, &id));
    assert_int_equal(ask(&desk, "SELECT count(*) FROM event"), events);
    assert_int_equal(list(), 1);
    assert_true(tasks[0].is_acknowledged);
    assert_ok(tablet_sign_in(desk.t, &colleague));
    assert_int_equal(list(), 1);
    assert_false(tasks[0].is_acknowledged);
    assert_ok(tablet_task_seen(desk.t, &id));
    assert_true(ask(&desk, "SELECT count(*) FROM event") > events);
}

static void nothing_is_said_of_what_is_no_task_or_by_nobody(void **state)
{
    const struct asked plain = { .title = "plain" };
    const struct uuid id = ask_for(&plain), none = { { 0x99 } };

    (void)state;
    assert_err(tablet_task_seen(desk.t, &none), ERR_NOT_FOUND);
    assert_err(tablet_task_seen(desk.t, &desk.officer), ERR_NOT_FOUND);
    assert_ok(tablet_sign_out(desk.t));
    assert_err(tablet_task_seen(desk.t, &id), ERR_DENIED);
    assert_err(tablet_task_close(desk.t, &id, TASK_DONE, ""), ERR_DENIED);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(tasks_come_by_the_time_they_are_due),
        CASE(tasks_of_others_are_not_shown),
        CASE(a_task_goes_when_it_is_over),
        CASE(a_value_out_of_range_is_as_if_not_said),
        CASE(a_time_at_the_end_of_time_is_far_off),
        CASE(fields_of_another_type_hide_no_task),
        CASE(not_done_wants_a_reason_and_is_said_once),
        CASE(a_check_in_that_is_done_is_a_check_in),
        CASE(the_first_that_was_said_of_a_task_stays),
        CASE(a_task_is_seen_once_and_by_each_officer),
        CASE(nothing_is_said_of_what_is_no_task_or_by_nobody),
    };

    return RUN_TESTS(tests);
}
