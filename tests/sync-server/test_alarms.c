/* Who needs help, as the server knows it: calls, and promises not kept. */
#include <string.h>

#include "core/limits.h"
#include "core/policy.h"
#include "core/tablet_safety.h"
#include "sync-server/alarm.h"
#include "sync-server/definitions.h"
#include "sync-server/sdb_page.h"
#include "sync-server/sdb_sqlite.h"
#include "tests/sync-server/real_tablet.h"

/* Of policy_before(). */
#define EVERY_MS (60 * (uint64_t)60000)
#define GRACE_MS (2 * (uint64_t)60000)

struct seen {
    size_t sos, answered, missed, due;
    struct alarm last;
};

static enum err take(void *ctx, const struct alarm *a)
{
    struct seen *s = ctx;

    s->sos += a->kind == ALARM_SOS;
    s->answered += a->is_answered;
    s->missed += a->kind == ALARM_MISSED;
    s->due += a->kind == ALARM_DUE;
    s->last = *a;
    return ERR_OK;
}

static struct seen look(struct desk *d)
{
    struct seen s = { 0 };

    assert_ok(alarm_list(&d->council, take, &s));
    return s;
}

static int64_t wall(struct real_tablet *r)
{
    struct port_time now;
    const struct port *port = sim_port(r->sim);

    port->ops->now(port->ctx, &now);
    return now.wall_ms;
}

static void promise(struct real_tablet *r)
{
    assert_ok(tablet_check_in(r->t, wall(r) + (int64_t)EVERY_MS, NULL));
    real_sync(r);
}

static void a_promise_that_is_not_kept_is_an_alarm(void **state)
{
    struct real_tablet r;
    struct uuid patrol;
    struct desk d;
    size_t count;

    (void)state;
    desk_open(&d);
    real_tablet_new(&d, "WB-07", 7, &r);
    assert_ok(tablet_patrol_start(r.t, "Beat 3", &patrol));
    promise(&r);
    assert_int_equal(look(&d).due, 1);

    /* The tablet falls silent. It is the server that notices. */
    d.world_ms += EVERY_MS;
    assert_int_equal(look(&d).missed, 0);
    d.world_ms += GRACE_MS + 1;
    assert_int_equal(look(&d).missed, 1);
    assert_ok(alarm_count(&d.council, &count));
    assert_int_equal(count, 1);

    promise(&r);
    assert_int_equal(look(&d).missed, 0);
    assert_int_equal(look(&d).due, 1);
    real_tablet_free(&r);
    desk_close(&d);
}

static void a_pause_or_an_end_takes_the_promise_back(void **state)
{
    struct real_tablet r;
    struct uuid patrol;
    struct desk d;

    (void)state;
    desk_open(&d);
    real_tablet_new(&d, "WB-07", 8, &r);
    assert_ok(tablet_patrol_start(r.t, "Beat 3", &patrol));
    promise(&r);
    assert_ok(tablet_patrol_pause(r.t, "meal"));
    real_sync(&r);
    assert_int_equal(look(&d).due, 0);
    assert_ok(tablet_patrol_resume(r.t));
    promise(&r);
    assert_int_equal(look(&d).due, 1);
    assert_ok(tablet_patrol_end(r.t));
    real_sync(&r);
    d.world_ms += 2 * EVERY_MS;
    assert_int_equal(look(&d).due + look(&d).missed, 0);
    real_tablet_free(&r);
    desk_close(&d);
}

static void a_clock_ahead_buys_no_time(void **state)
{
    struct real_tablet r;
    struct uuid patrol;
    struct desk d;

    (void)state;
    desk_open(&d);
    real_tablet_new(&d, "WB-07", 9, &r);
    sim_port_skew(r.sim, INT64_C(5) * 3600 * 1000);
    assert_ok(tablet_patrol_start(r.t, "Beat 3", &patrol));
    promise(&r);
    d.world_ms += EVERY_MS + GRACE_MS + 60000;
    assert_int_equal(look(&d).missed, 1);
    real_tablet_free(&r);
    desk_close(&d);
}

static void a_call_is_answered_once_and_the_tablet_knows(void **state)
{
    const struct body_place place = { .lat_e7 = 524000000,
                                      .lon_e7 = -46000000,
                                      .accuracy_mm = 6000,
                                      .source = PLACE_GPS };
    enum tablet_sos_state sos;
    struct real_tablet r;
    struct uuid record;
    struct seen seen;
    struct desk d;

    (void)state;
    desk_open(&d);
    real_tablet_new(&d, "WB-07", 10, &r);
    assert_ok(tablet_sos(r.t, &place, &record));
    real_sync(&r);
    assert_ok(tablet_sos_state(r.t, &record, &sos));
    assert_int_equal(sos, TABLET_SOS_HELD);
    seen = look(&d);
    assert_int_equal(seen.sos, 1);
    assert_int_equal(seen.answered, 0);
    assert_true(seen.last.has_place);
    assert_int_equal(seen.last.place.lat_e7, 524000000);

    assert_ok(alarm_answer(&d.council, &record, &d.officer));
    assert_err(alarm_answer(&d.council, &record, &d.officer), ERR_EXISTS);
    assert_err(alarm_answer(&d.council, &d.officer, &d.officer), ERR_NOT_FOUND);
    assert_int_equal(look(&d).answered, 1);
    real_sync(&r);
    assert_ok(tablet_sos_state(r.t, &record, &sos));
    assert_int_equal(sos, TABLET_SOS_ANSWERED);
    real_tablet_free(&r);
    desk_close(&d);
}

/* The same figures on both sides, from what the council published. */
static void a_council_decides_how_late_is_missed(void **state)
{
    static const char json[] =
        "{\"id\":\"policy\",\"version\":2,\"date\":\"2027-01-05\","
        "\"check_in_minutes\":30,\"check_in_grace_minutes\":10,"
        "\"hotspot_cap_minutes\":15}";
    struct policy policy;
    struct real_tablet r;
    struct uuid patrol;
    struct desk d;

    (void)state;
    desk_open(&d);
    real_tablet_new(&d, "WB-07", 11, &r);
    assert_ok(tablet_policy(r.t, &policy));
    assert_int_equal(policy.check_in_ms, EVERY_MS);
    assert_ok(council_begin(&d.council));
    assert_ok(definitions_add_policy(
        &d.council, (struct bytes){ (const uint8_t *)json, strlen(json) },
        &policy));
    assert_ok(council_commit(&d.council));
    real_sync(&r);
    assert_ok(tablet_policy(r.t, &policy));
    assert_int_equal(policy.check_in_ms, 30 * 60000);
    assert_int_equal(policy.hotspot_cap_ms, 15 * 60000);

    assert_ok(tablet_patrol_start(r.t, "Beat 3", &patrol));
    assert_ok(tablet_check_in(r.t, wall(&r) + policy.check_in_ms, NULL));
    real_sync(&r);
    d.world_ms += 39 * 60000;
    assert_int_equal(look(&d).missed, 0);
    d.world_ms += 2 * 60000;
    assert_int_equal(look(&d).missed, 1);
    real_tablet_free(&r);
    desk_close(&d);
}

/* --- how they are found --- */

static enum err take_event(void *ctx, const struct sdb_event *e)
{
    (void)ctx;
    (void)e;
    return ERR_OK;
}

/* The plan of the walk with these words in its text. */
static void assert_uses(struct sdb *db, const char *words, const char *index)
{
    char sql[1200], plan[400] = "";
    sqlite3_stmt *st = NULL;

    for (size_t i = 0; i < db->walk_count; i++) {
        if (strstr(db->walks[i].text, words) != NULL) {
            snprintf(sql, sizeof(sql), "EXPLAIN QUERY PLAN %s",
                     db->walks[i].text);
            assert_int_equal(sqlite3_prepare_v2(db->db, sql, -1, &st, NULL),
                             SQLITE_OK);
            assert_int_equal(sqlite3_step(st), SQLITE_ROW);
            snprintf(plan, sizeof(plan), "%s",
                     (const char *)sqlite3_column_text(st, 3));
            sqlite3_finalize(st);
        }
    }
    if (strstr(plan, index) == NULL) {
        fail_msg("%s is found by \"%s\", not by %s", words, plan, index);
    }
}

/* Each page of the console asks for calls: the log may be long. */
static void what_pages_list_is_found_by_its_own_index(void **state)
{
    static struct desk d;

    (void)state;
    desk_open(&d);
    assert_ok(sdb_alarm_list(d.db, OP_SOS, 0, 10, take_event, NULL));
    assert_ok(sdb_alarm_list(d.db, OP_CHECK_IN, 0, 10, take_event, NULL));
    assert_ok(sdb_said_list(d.db, OP_ASK, 9, 10, take_event, NULL));
    assert_ok(sdb_patrol_list(d.db, 9, 10, take_event, NULL));
    assert_ok(sdb_key_events(d.db, take_event, NULL));
    assert_uses(d.db, "op=33", "event_alarm");
    assert_uses(d.db, "op=34", "event_alarm");
    assert_uses(d.db, "op IN (22, 23, 25)", "event_said");
    assert_uses(d.db, "op = 11", "event_patrol");
    assert_uses(d.db, "kind = 16", "event_key");
    desk_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_pages_list_is_found_by_its_own_index),
        cmocka_unit_test(a_promise_that_is_not_kept_is_an_alarm),
        cmocka_unit_test(a_pause_or_an_end_takes_the_promise_back),
        cmocka_unit_test(a_clock_ahead_buys_no_time),
        cmocka_unit_test(a_council_decides_how_late_is_missed),
        cmocka_unit_test(a_call_is_answered_once_and_the_tablet_knows),
    };

    return RUN_TESTS(tests);
}
