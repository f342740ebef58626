/* test_evlog_receive.c - one event from elsewhere: kept, held, or refused. */
#include "core/evlog_internal.h"
#include "tests/store_machine.h"

static const uint8_t salt_bytes[EVENT_SALT_SIZE] = { 7 };
static const struct bytes salt = { salt_bytes, sizeof(salt_bytes) };
static const struct bytes good = { (const uint8_t *)"\xa1\x01\xa0", 3 };
static const struct bytes none = { NULL, 0 };

/* A colleague's event number `sequence`, that commits to `body`. */
static struct event_header theirs(uint64_t sequence, struct bytes body)
{
    struct event_header h = { .envelope = EVENT_ENVELOPE,
                              .device = { { 8 } },
                              .incarnation = { { 9 } },
                              .sequence = sequence,
                              .hlc = 1000,
                              .boot = { { 3 } },
                              .record = { { 4 } },
                              .kind = KIND_OBSERVATION,
                              .kind_version = 1,
                              .op = OP_CREATE };

    event_commit(salt_bytes, body, &h.commitment);
    return h;
}

static enum err receive(struct machine *m, const struct event_header *h,
                        struct bytes with_salt, struct bytes body)
{
    struct buf header;
    enum err err;

    buf_init(&header, HEADER_MAX_BYTES);
    assert_ok(event_header_put(&header, h));
    err = evlog_receive(m->log, buf_bytes(&header), with_salt, body);
    buf_fini(&header);
    return err;
}

static uint64_t received(struct machine *m)
{
    struct evlog_counts counts;

    assert_ok(evlog_counts(m->log, &counts));
    return counts.received;
}

/* One number of the store. */
static int64_t ask(struct machine *m, const char *sql)
{
    sqlite3_stmt *st;
    int64_t got;

    assert_int_equal(sqlite3_prepare_v2(store_db(m->store), sql, -1, &st, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    got = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return got;
}

static void what_its_header_does_not_commit_to_is_not_taken(void **state)
{
    const struct event_header h = theirs(1, good);
    const struct bytes short_salt = { salt_bytes, EVENT_SALT_SIZE - 1 };
    const struct bytes other = { (const uint8_t *)"\xa0", 1 };
    struct machine m;

    (void)state;
    machine_new(&m, 1);
    assert_err(receive(&m, &h, short_salt, good), ERR_BAD_DATA);
    assert_err(receive(&m, &h, none, good), ERR_BAD_DATA);
    assert_err(receive(&m, &h, salt, other), ERR_BAD_HASH);
    assert_err(evlog_receive(m.log, other, salt, good), ERR_BAD_DATA);
    assert_int_equal(received(&m), 0);
    assert_ok(receive(&m, &h, salt, good));
    assert_int_equal(received(&m), 1);
    machine_free(&m);
}

/* Held, with its reason, and never applied: it blocks nothing. */
static void a_body_that_nobody_can_read_is_held(void **state)
{
    struct event_header h = theirs(1, salt);
    struct machine m;

    (void)state;
    machine_new(&m, 2);
    assert_ok(receive(&m, &h, salt, salt));
    assert_int_equal(ask(&m, "SELECT state FROM event"), EVLOG_QUARANTINED);
    assert_int_equal(ask(&m, "SELECT reason = 'its content can''t be read'"
                             " FROM event"),
                     1);
    h = theirs(2, good);
    assert_ok(receive(&m, &h, salt, good));
    assert_int_equal(ask(&m, "SELECT state FROM event WHERE sequence = 2"),
                     EVLOG_APPLIED);
    assert_ok(store_fsck(m.store, machine_finding, NULL));
    machine_free(&m);
}

/* Somebody newer, or who sealed it, may put anything there. */
static void a_body_that_is_not_for_us_to_read_has_no_flaw(void **state)
{
    struct event_header h[] = { theirs(1, salt), theirs(2, salt),
                                theirs(3, salt) };
    struct machine m;

    (void)state;
    machine_new(&m, 3);
    h[0].envelope = EVENT_ENVELOPE + 1;
    h[1].kind = KIND_RESTRICTED;
    h[2].kind = KIND_SEALED;
    for (size_t i = 0; i < ARRAY_LEN(h); i++) {
        h[i].record.bytes[1] = (uint8_t)i;
        assert_ok(receive(&m, &h[i], salt, salt));
    }
    assert_int_equal(ask(&m, "SELECT count(*) FROM event WHERE state = 0"), 3);
    machine_free(&m);
}

static void a_body_that_comes_later_is_filled_in_once(void **state)
{
    const struct event_header h = theirs(1, good);
    struct machine m;

    (void)state;
    machine_new(&m, 4);
    assert_ok(receive(&m, &h, none, none));
    assert_int_equal(ask(&m, "SELECT body IS NULL AND salt IS NULL FROM event"),
                     1);
    assert_ok(receive(&m, &h, none, none));
    assert_ok(receive(&m, &h, salt, good));
    assert_int_equal(ask(&m, "SELECT body = x'a101a0' FROM event"), 1);
    assert_ok(receive(&m, &h, none, none)); /* and stays */
    assert_int_equal(ask(&m, "SELECT body = x'a101a0' FROM event"), 1);
    assert_int_equal(received(&m), 1);
    assert_ok(store_fsck(m.store, machine_finding, NULL));
    machine_free(&m);
}

/* Another copy of this store went on in our name. */
static void a_later_event_of_our_own_chain_opens_a_new_one(void **state)
{
    const struct uuid record = machine_record(1);
    struct event_header h = theirs(1, good);
    struct evlog_head head;
    struct machine m;

    (void)state;
    machine_new(&m, 5);
    assert_ok(machine_note(&m, &record, "one", NULL, 0, NULL));
    assert_ok(evlog_head(m.log, &head));
    h.device = evlog_identity(m.log)->device;
    h.incarnation = head.incarnation;
    assert_err(receive(&m, &h, salt, good), ERR_FORK); /* at our place */
    assert_true(
        uuid_eq(&evlog_identity(m.log)->incarnation, &head.incarnation));
    h.sequence = 2;
    assert_ok(receive(&m, &h, salt, good));
    assert_false(
        uuid_eq(&evlog_identity(m.log)->incarnation, &head.incarnation));
    machine_free(&m);
}

static void a_clock_that_was_seen_moves_ours(void **state)
{
    const struct uuid record = machine_record(1);
    struct event_header h = theirs(1, good);
    struct machine m;

    (void)state;
    machine_new(&m, 6);
    h.hlc = ((uint64_t)MACHINE_WALL_MS + 60000) << 16;
    assert_ok(receive(&m, &h, salt, good));
    assert_ok(machine_note(&m, &record, "later", NULL, 0, NULL));
    assert_int_equal(ask(&m, "SELECT (SELECT created_hlc FROM record WHERE"
                             " hex(record) LIKE '01%') > (SELECT created_hlc"
                             " FROM record WHERE hex(record) LIKE '04%')"),
                     1);
    machine_free(&m);
}

static void what_is_too_long_or_nothing_makes_no_event(void **state)
{
    static uint8_t large[BODY_MAX_BYTES + 1];
    struct evlog_new e = { .record = machine_record(1),
                           .kind = KIND_OBSERVATION,
                           .kind_version = 1,
                           .op = OP_CREATE,
                           .body = { large, sizeof(large) } };
    struct evlog_head head;
    struct machine m;

    (void)state;
    machine_new(&m, 7);
    assert_err(evlog_append(m.log, &e, 1, NULL), ERR_TOO_LONG);
    assert_ok(evlog_append(m.log, &e, 0, NULL));
    assert_ok(evlog_head(m.log, &head));
    assert_int_equal(head.sequence, 0);
    machine_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_its_header_does_not_commit_to_is_not_taken),
        cmocka_unit_test(a_body_that_nobody_can_read_is_held),
        cmocka_unit_test(a_body_that_is_not_for_us_to_read_has_no_flaw),
        cmocka_unit_test(a_body_that_comes_later_is_filled_in_once),
        cmocka_unit_test(a_later_event_of_our_own_chain_opens_a_new_one),
        cmocka_unit_test(a_clock_that_was_seen_moves_ours),
        cmocka_unit_test(what_is_too_long_or_nothing_makes_no_event),
    };

    return RUN_TESTS(tests);
}
