/* Briefings and tasks: a leader writes, real tablets read and answer. */
#include <string.h>

#include "core/tablet_brief.h"
#include "sync-server/brief.h"
#include "tests/sync-server/real_tablet.h"

#define DAY_MS ((int64_t)86400000)

static void assert_same(struct uuid x, struct uuid y)
{
    assert_memory_equal(x.bytes, y.bytes, sizeof(x.bytes));
}

static struct desk desk;
static struct real_tablet a, b;

static int set_up(void **state)
{
    (void)state;
    desk_open(&desk);
    real_publish(&desk);
    real_tablet_new(&desk, "tablet A", 21, &a);
    real_tablet_new(&desk, "tablet B", 22, &b);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    real_tablet_free(&a);
    real_tablet_free(&b);
    desk_close(&desk);
    return 0;
}

static struct council *council(void)
{
    return service_council(desk.service);
}

static int64_t now_ms(void)
{
    return council_now(council());
}

static void import(const char *json)
{
    struct buf text;

    buf_init(&text, 4096);
    assert_ok(brief_import(
        council(), (struct bytes){ (const uint8_t *)json, strlen(json) },
        &desk.officer, &text));
    buf_fini(&text);
}

static struct uuid publish(const char *title, int64_t ends_ms)
{
    struct brief brief = { .officer = desk.officer,
                           .ends_ms = ends_ms,
                           .must_read = true };
    struct uuid id;

    snprintf(brief.title, sizeof(brief.title), "%s", title);
    snprintf(brief.text, sizeof(brief.text), "Panels broken.\nTwice.");
    snprintf(brief.to_do, sizeof(brief.to_do), "Talk first.");
    snprintf(brief.marking, sizeof(brief.marking), "OFFICIAL");
    assert_ok(brief_put(council(), &brief, &id));
    return id;
}

/* --- what a tablet lists --- */

static struct tablet_brief briefs[4];
static size_t brief_count;
static struct tablet_task tasks[4];
static size_t task_count;

static enum err take_brief(void *ctx, const struct tablet_brief *brief)
{
    (void)ctx;
    briefs[brief_count++ % ARRAY_LEN(briefs)] = *brief;
    return ERR_OK;
}

static size_t list(struct real_tablet *r)
{
    brief_count = 0;
    assert_ok(tablet_briefs(r->t, now_ms(), take_brief, NULL));
    return brief_count;
}

static enum err take_task(void *ctx, const struct tablet_task *task)
{
    (void)ctx;
    tasks[task_count++ % ARRAY_LEN(tasks)] = *task;
    return ERR_OK;
}

static size_t list_tasks(struct real_tablet *r)
{
    task_count = 0;
    assert_ok(tablet_tasks(r->t, now_ms(), take_task, NULL));
    return task_count;
}

/* --- what the council has of it --- */

struct told {
    size_t read, current, asked, closed;
    struct brief_mark last;
};

static enum err take_mark(void *ctx, const struct brief_mark *m)
{
    struct told *told = ctx;

    told->read += m->op == OP_ACKNOWLEDGE;
    told->current += m->op == OP_ACKNOWLEDGE && m->is_current;
    told->asked += m->op == OP_ASK;
    told->closed += m->op == OP_CLOSE || m->op == OP_CHECK_IN;
    told->last = *m;
    return ERR_OK;
}

static struct told told(const struct uuid *id)
{
    struct told out = { .read = 0 };
    struct decide_record r;

    assert_ok(decide_read(council(), id, &r));
    assert_ok(brief_marks(&r, take_mark, &out));
    decide_fini(&r);
    return out;
}

/* --- briefings --- */

static void a_briefing_comes_whole_and_unread(void **state)
{
    const int64_t ends_ms = now_ms() + DAY_MS;
    const struct uuid id = publish("Bus station", ends_ms);

    (void)state;
    real_sync(&a);
    assert_int_equal(list(&a), 1);
    assert_same(briefs[0].id, id);
    assert_string_equal(briefs[0].title, "Bus station");
    assert_string_equal(briefs[0].text, "Panels broken.\nTwice.");
    assert_string_equal(briefs[0].to_do, "Talk first.");
    assert_string_equal(briefs[0].look_for, "");
    assert_string_equal(briefs[0].marking, "OFFICIAL");
    assert_int_equal(briefs[0].ends_ms, ends_ms);
    assert_true(briefs[0].must_read && !briefs[0].is_read);
    assert_int_equal(briefs[0].read_ms, 0);
}

static void read_and_understood_reaches_council_and_other_tablet(void **state)
{
    const struct uuid id = publish("Bus station", now_ms() + DAY_MS);

    (void)state;
    real_sync(&a);
    assert_int_equal(list(&a), 1);
    assert_ok(tablet_brief_read(a.t, &id, briefs[0].changed));
    assert_int_equal(list(&a), 1);
    assert_true(briefs[0].is_read && briefs[0].read_ms > 0);
    assert_int_equal(told(&id).read, 0); /* not sent yet */
    real_sync(&a);
    assert_int_equal(told(&id).current, 1);
    assert_same(told(&id).last.officer, desk.officer);
    assert_int_equal(told(&id).last.at_ms, briefs[0].read_ms);
    real_sync(&b);
    assert_int_equal(list(&b), 1);
    assert_true(briefs[0].is_read);
}

static void reading_it_again_records_nothing(void **state)
{
    const struct uuid id = publish("Bus station", now_ms() + DAY_MS);
    struct evlog_counts made, now;

    (void)state;
    real_sync(&a);
    assert_int_equal(list(&a), 1);
    assert_ok(tablet_brief_read(a.t, &id, briefs[0].changed));
    assert_ok(evlog_counts(tablet_log(a.t), &made));
    assert_ok(tablet_brief_read(a.t, &id, briefs[0].changed));
    assert_ok(evlog_counts(tablet_log(a.t), &now));
    assert_int_equal(now.waiting, made.waiting);
    assert_err(tablet_brief_read(a.t, &a.device, 1), ERR_NOT_FOUND);
}

static void a_change_makes_it_unread_again(void **state)
{
    struct brief brief = { .officer = desk.officer };
    const struct uuid id = publish("Bus station", now_ms() + DAY_MS);
    struct decide_record r;
    struct uuid same;

    (void)state;
    real_sync(&a);
    assert_int_equal(list(&a), 1);
    assert_ok(tablet_brief_read(a.t, &id, briefs[0].changed));
    assert_ok(decide_read(council(), &id, &r));
    brief_read(&r, &brief);
    decide_fini(&r);
    snprintf(brief.text, sizeof(brief.text), "Three times now.");
    assert_ok(brief_put(council(), &brief, &same));
    assert_same(same, id);
    real_sync(&a);
    assert_int_equal(list(&a), 1);
    assert_string_equal(briefs[0].text, "Three times now.");
    assert_string_equal(briefs[0].to_do, "Talk first.");
    assert_true(!briefs[0].is_read && briefs[0].read_ms > 0);
    assert_int_equal(told(&id).read, 1);
    assert_int_equal(told(&id).current, 0);
    assert_ok(tablet_brief_read(a.t, &id, briefs[0].changed));
    real_sync(&a);
    assert_int_equal(told(&id).current, 1);
}

/* Nothing changed: nobody has to read it again. */
static void the_same_words_again_are_no_change(void **state)
{
    struct brief brief;
    const struct uuid id = publish("Bus station", now_ms() + DAY_MS);
    struct decide_record r;
    struct uuid same;
    size_t before;

    (void)state;
    assert_ok(decide_read(council(), &id, &r));
    brief_read(&r, &brief);
    before = r.count;
    decide_fini(&r);
    assert_ok(brief_put(council(), &brief, &same));
    assert_ok(decide_read(council(), &id, &r));
    assert_int_equal(r.count, before);
    decide_fini(&r);
}

static void an_ended_one_leaves_the_list_by_itself(void **state)
{
    const struct uuid id = publish("Bus station", now_ms() + DAY_MS);

    (void)state;
    (void)publish("Market day", now_ms() + 3 * DAY_MS);
    real_sync(&a);
    assert_int_equal(list(&a), 2);
    desk.world_ms += 2 * (uint64_t)DAY_MS;
    assert_int_equal(list(&a), 1);
    assert_string_equal(briefs[0].title, "Market day");
    assert_ok(brief_end(council(), &briefs[0].id, &desk.officer));
    real_sync(&a);
    assert_int_equal(list(&a), 0);
    assert_int_equal(told(&id).read, 0);
}

static void a_question_comes_back_with_its_answer(void **state)
{
    const struct uuid id = publish("Bus station", now_ms() + DAY_MS);

    (void)state;
    real_sync(&a);
    assert_err(tablet_brief_ask(a.t, &id, ""), ERR_USAGE);
    assert_ok(tablet_brief_ask(a.t, &id, "Which stand?"));
    real_sync(&a);
    assert_int_equal(told(&id).asked, 1);
    assert_string_equal(told(&id).last.text, "Which stand?");
    assert_ok(brief_answer(council(), &id, &desk.officer, "B to D."));
    real_sync(&a);
    assert_int_equal(list(&a), 1);
    assert_string_equal(briefs[0].question, "Which stand?");
    assert_string_equal(briefs[0].answer, "B to D.");
    assert_int_equal(briefs[0].read_ms, 0); /* an answer is no change */
}

static void a_tablet_cannot_write_a_briefing(void **state)
{
    struct desk_tablet liar;
    struct desk_reply reply;
    const struct desk_event e = { .kind = KIND_BRIEFING, .op = OP_CREATE };
    const struct desk_event set = { .kind = KIND_TASK, .op = OP_SET };

    (void)state;
    desk_tablet_new(&desk, "liar", &liar);
    desk_record(&liar, &e);
    desk_record(&liar, &set);
    desk_send(&liar, &(struct desk_push){ .first = 1, .last = liar.count },
              &reply);
    assert_int_equal(reply.status, 200);
    assert_int_equal(reply.msg.exceptions.count, 2);
    desk_reply_free(&reply);
    desk_tablet_free(&liar);
    real_sync(&a);
    assert_int_equal(list(&a), 0);
}

/* --- tasks --- */

static void tasks_come_by_the_time_they_are_due(void **state)
{
    (void)state;
    import("[{\"title\":\"Abbey Close\",\"due\":\"2026-09-21T23:50\","
           "\"goal_minutes\":15},"
           "{\"title\":\"Check in\",\"due\":\"2026-09-21T23:10\","
           "\"kind\":\"check-in\"},"
           "{\"title\":\"Not for us\",\"due\":\"2026-09-21T23:20\","
           "\"for\":[\"nobody\"]}]");
    real_sync(&a);
    assert_int_equal(list_tasks(&a), 2);
    assert_string_equal(tasks[0].title, "Check in");
    assert_int_equal(tasks[0].sort, TASK_SORT_CHECK_IN);
    assert_int_equal(tasks[1].sort, TASK_SORT_HOTSPOT);
    assert_int_equal(tasks[1].goal_min, 15);
    assert_int_equal(tasks[1].due_ms - tasks[0].due_ms, 40 * 60000);
}

static struct uuid one_task(bool is_urgent)
{
    struct brief_task task = { .officer = desk.officer,
                               .sort = TASK_SORT_OTHER,
                               .due_ms = now_ms() + 3600000,
                               .is_urgent = is_urgent };
    struct uuid id;

    snprintf(task.title, sizeof(task.title), "Look at the trauma kit");
    assert_ok(brief_task_put(council(), &task, &id));
    real_sync(&a);
    return id;
}

static void not_done_needs_a_reason_and_says_it(void **state)
{
    const struct uuid id = one_task(false);

    (void)state;
    assert_err(tablet_task_close(a.t, &id, TASK_NOT_DONE, ""), ERR_USAGE);
    assert_ok(tablet_task_close(a.t, &id, TASK_NOT_DONE, "It was locked."));
    assert_err(tablet_task_close(a.t, &id, TASK_DONE, ""), ERR_EXISTS);
    assert_int_equal(list_tasks(&a), 1);
    assert_int_equal(tasks[0].outcome, TASK_NOT_DONE);
    assert_string_equal(tasks[0].reason, "It was locked.");
    real_sync(&a);
    assert_int_equal(told(&id).closed, 1);
    assert_false(told(&id).last.is_done);
    assert_string_equal(told(&id).last.text, "It was locked.");
    real_sync(&b);
    assert_int_equal(list_tasks(&b), 1);
    assert_int_equal(tasks[0].outcome, TASK_NOT_DONE);
}

static void an_emergency_is_seen_once(void **state)
{
    const struct uuid id = one_task(true);

    (void)state;
    assert_int_equal(list_tasks(&a), 1);
    assert_true(tasks[0].is_urgent && !tasks[0].is_acknowledged);
    assert_ok(tablet_task_seen(a.t, &id));
    assert_ok(tablet_task_seen(a.t, &id));
    assert_int_equal(list_tasks(&a), 1);
    assert_true(tasks[0].is_acknowledged);
    assert_int_equal(tasks[0].outcome, TASK_OPEN);
    real_sync(&a);
    assert_int_equal(told(&id).read, 1);
}

static void a_task_that_was_taken_back_is_gone(void **state)
{
    const struct uuid id = one_task(false);

    (void)state;
    assert_ok(brief_end(council(), &id, &desk.officer));
    real_sync(&a);
    assert_int_equal(list_tasks(&a), 0);
}

static void a_task_is_gone_half_a_day_after_it_was_due(void **state)
{
    (void)state;
    (void)one_task(false);
    desk.world_ms += 12 * 3600000;
    assert_int_equal(list_tasks(&a), 1);
    desk.world_ms += 3600000 + 1000;
    assert_int_equal(list_tasks(&a), 0);
}

/* --- files --- */

static void refuse(const char *json, const char *why)
{
    struct buf text;

    buf_init(&text, 4096);
    assert_err(
        brief_import(council(),
                     (struct bytes){ (const uint8_t *)json, strlen(json) },
                     &desk.officer, &text),
        strstr(json, "\"text\"") != NULL || strstr(json, "title") == NULL
            ? ERR_BAD_DATA
            : ERR_USAGE);
    assert_non_null(strstr(buf_text(&text), why));
    buf_fini(&text);
}

static void a_wrong_file_is_refused_with_its_reason(void **state)
{
    (void)state;
    refuse("{", "no JSON");
    refuse("[7]", "no briefing");
    refuse("{\"title\":\"x\"}", "needs a title and a text");
    refuse("{\"title\":\"x\",\"text\":\"y\",\"ends\":\"2026-02-30\"}",
           "no date");
    refuse("{\"title\":\"x\\ny\",\"text\":\"y\"}", "control character");
    refuse("{\"title\":\"x\",\"text\":\"\",\"due\":\"2026-02-03T25:00\"}",
           "no date");
    refuse("{\"title\":\"x\",\"text\":\"\",\"due\":\"2026-02-03T15:00\","
           "\"kind\":\"war\"}",
           "check-in, hotspot or other");
    real_sync(&a);
    assert_int_equal(list(&a), 0);
    assert_int_equal(list_tasks(&a), 0);
}

static void a_date_is_the_councils_own_and_comes_back(void **state)
{
    static const char *const dates[] = { "2026-02-28T00:00", "2028-02-29T23:59",
                                         "2026-10-16T15:05" };
    char text[32];
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(dates); i++) {
        assert_ok(brief_time_parse(council(), dates[i], &ms));
        brief_time_format(council(), ms, text, sizeof(text));
        assert_string_equal(text, dates[i]);
    }
    assert_err(brief_time_parse(council(), "2027-02-29", &ms), ERR_BAD_DATA);
    assert_err(brief_time_parse(council(), "2026-1-1", &ms), ERR_BAD_DATA);
    assert_ok(brief_time_parse(council(), "2026-10-23", &ms));
    brief_time_format(council(), ms, text, sizeof(text));
    assert_string_equal(text, "2026-10-23T23:59");
}

#define IN(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(a_briefing_comes_whole_and_unread),
        IN(read_and_understood_reaches_council_and_other_tablet),
        IN(reading_it_again_records_nothing),
        IN(a_change_makes_it_unread_again),
        IN(the_same_words_again_are_no_change),
        IN(an_ended_one_leaves_the_list_by_itself),
        IN(a_question_comes_back_with_its_answer),
        IN(a_tablet_cannot_write_a_briefing),
        IN(tasks_come_by_the_time_they_are_due),
        IN(not_done_needs_a_reason_and_says_it),
        IN(an_emergency_is_seen_once),
        IN(a_task_that_was_taken_back_is_gone),
        IN(a_task_is_gone_half_a_day_after_it_was_due),
        IN(a_wrong_file_is_refused_with_its_reason),
        IN(a_date_is_the_councils_own_and_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
