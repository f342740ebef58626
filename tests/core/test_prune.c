#include "core/prune.h"

#include "core/db.h"
#include "core/event.h"
#include "core/fields.h"
#include "tests/store_machine.h"

#define DAY_MS ((int64_t)86400000)

static const int64_t start = MACHINE_WALL_MS;

static int64_t number(struct machine *m, const char *sql)
{
    sqlite3_stmt *st;
    int64_t n;

    assert_int_equal(sqlite3_prepare_v2(store_db(m->store), sql, -1, &st, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

static int64_t bodies(struct machine *m)
{
    return number(m, "SELECT count(*) FROM event WHERE body IS NOT NULL");
}

/* The council says that it has 1..held, and these blobs. */
static void receipt(struct machine *m, uint64_t held, const struct hash *blobs,
                    size_t blob_count)
{
    struct evlog_ack ack = { .held = held,
                             .receipt = { (const uint8_t *)"r", 1 },
                             .blobs = blobs,
                             .blob_count = blob_count };
    struct evlog_head head;

    assert_ok(evlog_head(m->log, &head));
    ack.incarnation = head.incarnation;
    assert_ok(evlog_acked(m->log, &ack));
}

static void answer(struct machine *m, int64_t day, uint64_t keep_days)
{
    int64_t from = 0;

    do {
        assert_ok(prune_step(m->log, start + day * DAY_MS, keep_days, &from));
    } while (from != 0);
}

static void note(struct machine *m, uint8_t n)
{
    const struct uuid record = machine_record(n);

    assert_ok(machine_note(m, &record, "words", NULL, 0, NULL));
}

static void content_goes_when_the_council_had_it_long_enough(void **state)
{
    struct machine m;

    (void)state;
    machine_new(&m, 1);
    note(&m, 1);
    note(&m, 2);
    receipt(&m, 2, NULL, 0);
    answer(&m, 0, 35);
    answer(&m, 34, 35);
    assert_int_equal(bodies(&m), 2);
    answer(&m, 35, 35);
    assert_int_equal(bodies(&m), 0);
    assert_int_equal(number(&m, "SELECT count(*) FROM event"), 2);
    assert_int_equal(number(&m, "SELECT count(*) FROM record WHERE gone = 1"),
                     2);
    assert_ok(store_fsck(m.store, machine_finding, NULL));
    machine_free(&m);
}

static void an_old_backup_keeps_it_longer(void **state)
{
    struct machine m;

    (void)state;
    machine_new(&m, 2);
    note(&m, 1);
    receipt(&m, 1, NULL, 0);
    answer(&m, 0, 50);
    answer(&m, 49, 50);
    assert_int_equal(bodies(&m), 1);
    answer(&m, 50, 50);
    assert_int_equal(bodies(&m), 0);
    machine_free(&m);
}

static void without_a_verified_backup_nothing_goes(void **state)
{
    struct machine m;

    (void)state;
    machine_new(&m, 3);
    note(&m, 1);
    receipt(&m, 1, NULL, 0);
    answer(&m, 0, 20000);
    answer(&m, 25000, 20000);
    assert_int_equal(bodies(&m), 1);
    machine_free(&m);
}

static void what_waits_stays_however_old(void **state)
{
    struct machine m;

    (void)state;
    machine_new(&m, 4);
    note(&m, 1);
    note(&m, 2);
    receipt(&m, 1, NULL, 0);
    answer(&m, 0, 35);
    answer(&m, 400, 35);
    assert_int_equal(bodies(&m), 1); /* the second */
    receipt(&m, 2, NULL, 0);
    answer(&m, 401, 35);
    answer(&m, 435, 35);
    assert_int_equal(bodies(&m), 1);
    answer(&m, 436, 35);
    assert_int_equal(bodies(&m), 0);
    machine_free(&m);
}

static void a_record_that_goes_on_stays_whole(void **state)
{
    struct machine m;

    (void)state;
    machine_new(&m, 5);
    note(&m, 1);
    receipt(&m, 1, NULL, 0);
    answer(&m, 0, 35);
    note(&m, 1);
    receipt(&m, 2, NULL, 0);
    answer(&m, 40, 35);
    answer(&m, 74, 35);
    assert_int_equal(bodies(&m), 2);
    answer(&m, 75, 35);
    assert_int_equal(bodies(&m), 0);
    machine_free(&m);
}

static void a_photo_that_no_receipt_names_stays(void **state)
{
    const struct bytes bytes = { (const uint8_t *)"cipher", 6 };
    struct evlog_new e = { .record = machine_record(1),
                           .kind = KIND_PHOTO,
                           .kind_version = 1,
                           .op = OP_CREATE,
                           .body = { (const uint8_t *)"\xa1\x01\xa0", 3 },
                           .blob_count = 1 };
    const struct port *port;
    struct machine m;
    struct hash name;
    uint64_t size;

    (void)state;
    machine_new(&m, 6);
    port = sim_port(m.sim);
    crypto_sha256(bytes, &name);
    assert_ok(port->ops->part_write(port->ctx, &name, 0, bytes));
    assert_ok(port->ops->part_commit(port->ctx, &name, &name));
    e.blobs = &name;
    assert_ok(evlog_append(m.log, &e, 1, NULL));
    receipt(&m, 1, NULL, 0);
    answer(&m, 0, 35);
    answer(&m, 40, 35);
    assert_int_equal(bodies(&m), 1);
    receipt(&m, 1, &name, 1);
    answer(&m, 41, 35);
    assert_int_equal(bodies(&m), 0);
    assert_err(port->ops->blob_size(port->ctx, &name, &size), ERR_NOT_FOUND);
    assert_ok(store_fsck(m.store, machine_finding, NULL));
    machine_free(&m);
}

static void a_restored_server_starts_the_count_anew(void **state)
{
    struct machine m;

    (void)state;
    machine_new(&m, 7);
    note(&m, 1);
    receipt(&m, 1, NULL, 0);
    answer(&m, 0, 35);
    assert_ok(evlog_unack(m.log, true));
    receipt(&m, 1, NULL, 0);
    answer(&m, 40, 35);
    assert_int_equal(bodies(&m), 1);
    answer(&m, 75, 35);
    assert_int_equal(bodies(&m), 0);
    machine_free(&m);
}

static void a_legal_hold_keeps_it(void **state)
{
    struct event_header h = { .envelope = EVENT_ENVELOPE,
                              .device = { { 9 } },
                              .incarnation = { { 8 } },
                              .sequence = 1,
                              .hlc = (uint64_t)MACHINE_WALL_MS << 16,
                              .wall_ms = MACHINE_WALL_MS,
                              .kind = KIND_OBSERVATION,
                              .kind_version = 1,
                              .op = OP_HOLD };
    const struct bytes none = { NULL, 0 };
    struct machine m;
    struct buf header;

    (void)state;
    machine_new(&m, 8);
    note(&m, 1);
    receipt(&m, 1, NULL, 0);
    h.record = machine_record(1);
    buf_init(&header, HEADER_MAX_BYTES);
    assert_ok(event_header_put(&header, &h));
    assert_ok(evlog_receive(m.log, buf_bytes(&header), none, none));
    answer(&m, 0, 35);
    answer(&m, 60, 35);
    assert_int_equal(bodies(&m), 1);
    h.sequence = 2;
    h.op = OP_RELEASE;
    buf_reset(&header);
    assert_ok(event_header_put(&header, &h));
    assert_ok(evlog_receive(m.log, buf_bytes(&header), none, none));
    answer(&m, 61, 35);
    assert_int_equal(bodies(&m), 0);
    buf_fini(&header);
    machine_free(&m);
}

static void the_tablets_own_clock_prunes_nothing(void **state)
{
    struct machine m;

    (void)state;
    machine_new(&m, 9);
    note(&m, 1);
    receipt(&m, 1, NULL, 0);
    answer(&m, 0, 35);
    sim_port_skew(m.sim, 36500 * DAY_MS);
    answer(&m, 2, 35);
    assert_int_equal(bodies(&m), 1);
    machine_free(&m);
}

static void what_came_back_is_whole_again(void **state)
{
    struct machine a, b;
    struct hash before, after;
    struct buf header, salt, body;
    sqlite3_stmt *st;

    (void)state;
    machine_new(&a, 10);
    machine_new(&b, 11);
    note(&a, 1);
    buf_init(&header, HEADER_MAX_BYTES);
    buf_init(&salt, 64);
    buf_init(&body, BODY_MAX_BYTES);
    assert_int_equal(sqlite3_prepare_v2(store_db(a.store),
                                        "SELECT header, salt, body FROM event",
                                        -1, &st, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    buf_put(&header, sqlite3_column_blob(st, 0),
            (size_t)sqlite3_column_bytes(st, 0));
    buf_put(&salt, sqlite3_column_blob(st, 1),
            (size_t)sqlite3_column_bytes(st, 1));
    buf_put(&body, sqlite3_column_blob(st, 2),
            (size_t)sqlite3_column_bytes(st, 2));
    sqlite3_finalize(st);
    assert_ok(evlog_receive(b.log, buf_bytes(&header), buf_bytes(&salt),
                            buf_bytes(&body)));
    assert_ok(store_dump_hash(b.store, &before));
    answer(&b, 0, 35);
    answer(&b, 35, 35);
    assert_int_equal(bodies(&b), 0);
    assert_ok(evlog_receive(b.log, buf_bytes(&header), buf_bytes(&salt),
                            buf_bytes(&body)));
    assert_ok(store_dump_hash(b.store, &after));
    assert_true(hash_eq(&before, &after));
    buf_fini(&header);
    buf_fini(&salt);
    buf_fini(&body);
    machine_free(&a);
    machine_free(&b);
}

static void strike(struct machine *m, const struct uuid *record,
                   const struct event_ref *base, struct event_ref *out)
{
    struct evlog_new e = { .record = *record,
                           .kind = KIND_OBSERVATION,
                           .kind_version = 1,
                           .op = OP_STRIKE };
    struct body_writer w;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_base(&w, FIELD_NOTE, &evlog_identity(m->log)->incarnation, base,
                  1);
    assert_ok(body_end(&w, &body));
    e.body = buf_bytes(&body);
    assert_ok(evlog_append(m->log, &e, 1, out));
    body_fini(&w);
    buf_fini(&body);
}

static void a_strike_that_was_settled_does_not_stand_again(void **state)
{
    const struct uuid record = machine_record(1);
    struct event_ref made, struck, again;
    struct machine m;

    (void)state;
    machine_new(&m, 12);
    assert_ok(machine_note(&m, &record, "words", NULL, 0, &made));
    strike(&m, &record, &made, &struck);
    assert_ok(machine_note(&m, &record, "after all", &struck, 1, &again));
    receipt(&m, 3, NULL, 0);
    answer(&m, 0, 35);
    answer(&m, 35, 35);
    assert_int_equal(bodies(&m), 0);
    assert_ok(machine_note(&m, &record, "and more", &again, 1, NULL));
    assert_int_equal(number(&m, "SELECT count(*) FROM field"), 1);
    assert_int_equal(number(&m, "SELECT count(*) FROM conflict"), 0);
    assert_int_equal(number(&m, "SELECT is_struck FROM record"), 0);
    machine_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(content_goes_when_the_council_had_it_long_enough),
        cmocka_unit_test(an_old_backup_keeps_it_longer),
        cmocka_unit_test(without_a_verified_backup_nothing_goes),
        cmocka_unit_test(what_waits_stays_however_old),
        cmocka_unit_test(a_record_that_goes_on_stays_whole),
        cmocka_unit_test(a_photo_that_no_receipt_names_stays),
        cmocka_unit_test(a_restored_server_starts_the_count_anew),
        cmocka_unit_test(a_legal_hold_keeps_it),
        cmocka_unit_test(the_tablets_own_clock_prunes_nothing),
        cmocka_unit_test(what_came_back_is_whole_again),
        cmocka_unit_test(a_strike_that_was_settled_does_not_stand_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
