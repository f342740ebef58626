/* What becomes of single rows when a damaged store is made anew. */
#include <string.h>

#include <sqlite3.h>

#include "core/evlog_salvage.h"
#include "core/limits.h"
#include "core/store_safety.h"
#include "tests/store_machine.h"

static struct machine m;

static int set_up(void **state)
{
    (void)state;
    machine_new_safe(&m, 71);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    machine_free(&m);
    return 0;
}

static void note(uint8_t number)
{
    const struct uuid record = machine_record(number);

    assert_ok(machine_note(&m, &record, "a note", NULL, 0, NULL));
}

/* As damage would have it: without the table's own conditions. */
static void run_sql(const char *sql)
{
    sqlite3 *db = store_db(m.store);

    assert_int_equal(sqlite3_exec(db,
                                  "PRAGMA ignore_check_constraints = ON;"
                                  "PRAGMA foreign_keys = OFF",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
}

static int64_t ask(const char *sql)
{
    sqlite3_stmt *st;
    int64_t n = -1;

    assert_int_equal(sqlite3_prepare_v2(store_db(m.store), sql, -1, &st, NULL),
                     SQLITE_OK);
    if (sqlite3_step(st) == SQLITE_ROW) {
        n = sqlite3_column_int64(st, 0);
    }
    sqlite3_finalize(st);
    return n;
}

static int64_t observations(void)
{
    char sql[80];

    snprintf(sql, sizeof(sql), "SELECT count(*) FROM record WHERE kind = %d",
             KIND_OBSERVATION);
    return ask(sql);
}

static enum err try_salvage(const char *from, struct salvage_report *r)
{
    struct store_options old = machine_options(&m), fresh = old;

    old.path = from;
    fresh.path = "new.db";
    machine_close(&m);
    return evlog_salvage(&old, &fresh, r);
}

static struct salvage_report salvage_of(const char *from)
{
    struct store_options fresh = machine_options(&m);
    struct salvage_report r;

    fresh.path = "new.db";
    assert_ok(try_salvage(from, &r));
    assert_ok(store_open(&fresh, &m.store));
    assert_ok(evlog_open(m.store, &m.log));
    assert_ok(store_fsck(m.store, machine_finding, NULL));
    return r;
}

static struct salvage_report salvage(void)
{
    return salvage_of("store.db");
}

static void lose_copy(void)
{
    sim_port_safety_spoil(m.sim, 0, 1000000);
}

static const char put_draft_and_keys[] =
    "INSERT INTO draft VALUES (zeroblob(16), zeroblob(16), 'asb', x'a0', 7);"
    "INSERT INTO content_key VALUES (zeroblob(16), zeroblob(32))";
static const char count_drafts[] =
    "SELECT count(*) FROM draft WHERE form = 'asb' AND changed_ms = 7";
static const char count_keys[] = "SELECT count(*) FROM content_key";

static void what_was_being_written_is_there_afterwards(void **state)
{
    (void)state;
    run_sql(put_draft_and_keys);
    (void)salvage();
    assert_int_equal(ask(count_drafts), 1);
    assert_int_equal(ask(count_keys), 1);
}

/* Its officer wrote it: without its key nobody here could read it again. */
static void a_restricted_record_opens_after_the_file_is_lost(void **state)
{
    (void)state;
    run_sql(put_draft_and_keys);
    assert_ok(store_safety_forget(m.store));
    evlog_safety_settle(m.log);
    (void)salvage_of("lost.db");
    assert_int_equal(ask(count_keys), 1);
}

static void a_key_of_a_wrong_size_is_left_behind(void **state)
{
    (void)state;
    run_sql("INSERT INTO content_key VALUES (zeroblob(16), zeroblob(31));"
            "INSERT INTO content_key VALUES (zeroblob(17), zeroblob(32));"
            "INSERT INTO content_key VALUES (zeroblob(16), zeroblob(32))");
    (void)salvage();
    assert_int_equal(ask(count_keys), 1);
}

/* Not one word that its author didn't sign; the copy has the right ones. */
static void an_entry_that_was_changed_comes_from_the_copy(void **state)
{
    static const char *const changes[] = {
        "UPDATE event SET body = x'a0' WHERE sequence = 2",
        "UPDATE event SET salt = x'01' WHERE sequence = 2",
        "UPDATE event SET header = x'a0' WHERE sequence = 2"
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
        struct salvage_report r;

        note(1);
        note(2);
        run_sql(changes[i]);
        r = salvage();
        assert_int_equal(r.lost_rows, 1);
        assert_int_equal(r.from_file, 1);
        assert_int_equal(r.from_safety, 1);
        assert_int_equal(r.unsent, 2);
        assert_int_equal(observations(), 2);
        tear_down(NULL);
        set_up(NULL);
    }
}

static void an_entry_without_its_body_keeps_its_place(void **state)
{
    struct salvage_report r;

    (void)state;
    note(1);
    note(2);
    run_sql("UPDATE event SET body = NULL, salt = NULL WHERE sequence = 1");
    lose_copy();
    r = salvage();
    assert_int_equal(r.lost_rows, 0);
    assert_int_equal(r.from_file, 2);
    assert_int_equal(r.unsent, 1);
}

static void receive(uint64_t sequence, uint64_t envelope, enum err expected)
{
    static const uint8_t salt[EVENT_SALT_SIZE] = { 7 };
    static const struct bytes body = { (const uint8_t *)"\xa1\x01\xa0", 3 };
    struct event_header h = { .envelope = envelope,
                              .device = { { 8 } },
                              .incarnation = { { 9 } },
                              .sequence = sequence,
                              .hlc = 1000 + envelope,
                              .boot = { { 3 } },
                              .record = { { 4, (uint8_t)sequence } },
                              .kind = KIND_OBSERVATION,
                              .kind_version = 1,
                              .op = OP_CREATE };
    struct buf header;

    buf_init(&header, HEADER_MAX_BYTES);
    event_commit(salt, body, &h.commitment);
    assert_ok(event_header_put(&header, &h));
    assert_err(evlog_receive(m.log, buf_bytes(&header),
                             (struct bytes){ salt, sizeof(salt) }, body),
               expected);
    buf_fini(&header);
}

/* Also those of a newer program, and two that claim one number. */
static void what_colleagues_wrote_stays(void **state)
{
    struct salvage_report r;

    (void)state;
    receive(1, EVENT_ENVELOPE, ERR_OK);
    receive(2, EVENT_ENVELOPE + 1, ERR_OK);
    receive(3, EVENT_ENVELOPE, ERR_OK);
    receive(3, EVENT_ENVELOPE + 1, ERR_FORK);
    run_sql("UPDATE event SET branch = 0, sequence = 9 WHERE branch = 1");
    r = salvage();
    assert_int_equal(r.lost_rows, 0);
    assert_int_equal(r.unsent, 0);
    assert_int_equal(
        ask("SELECT count(*) FROM event WHERE link IS NULL AND branch = 0"), 3);
    assert_int_equal(ask("SELECT count(*) FROM event WHERE branch = 1"), 1);
}

static void an_empty_notebook_is_made_anew_as_empty(void **state)
{
    struct salvage_report r;

    (void)state;
    r = salvage();
    assert_true(r.is_file_readable);
    assert_int_equal(r.from_file + r.from_safety + r.unsent, 0);
    assert_int_equal(ask("SELECT count(*) FROM event"), 0);
}

/* The tablet goes on talking to its council without a visit to the desk. */
static void certificates_and_the_last_receipt_stay(void **state)
{
    const struct bytes value = { (const uint8_t *)"value", 5 };

    (void)state;
    assert_ok(store_meta_put(m.store, "tls_cert", value));
    assert_ok(store_meta_put(m.store, "sync.receipt", value));
    assert_ok(store_meta_put(m.store, "sync.cursor", value));
    (void)salvage();
    assert_int_equal(ask("SELECT count(*) FROM meta WHERE value = x'76616c7565'"
                         " AND name IN ('tls_cert', 'sync.receipt')"),
                     2);
    assert_int_equal(ask("SELECT count(*) FROM meta WHERE name = 'sync.cursor'"
                         " AND value = x'76616c7565'"),
                     0);
}

/* A table blown up by damage is read as far as there is room. */
static void values_of_a_size_that_nobody_wrote_are_left(void **state)
{
    (void)state;
    run_sql("INSERT INTO meta VALUES ('zz' || hex(zeroblob(40)), x'01'),"
            " ('zy', zeroblob(262145))");
    run_sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
            " WHERE i < 2100) INSERT INTO meta SELECT 'z' || i, x'01' FROM n");
    (void)salvage();
    assert_int_equal(ask("SELECT count(*) FROM meta WHERE name LIKE 'zz%'"
                         " OR name = 'zy'"),
                     0);
    assert_in_range(ask("SELECT count(*) FROM meta"), 1900, 2010);
}

/* It would sign for another tablet, or for none. */
static void without_its_whole_identity_nothing_is_pretended(void **state)
{
    static const char *const losses[] = {
        "DELETE FROM meta WHERE name = 'council'",
        "DELETE FROM meta WHERE name = 'device'",
        "DELETE FROM meta WHERE name = 'seal_key'",
        "DELETE FROM meta WHERE name = 'server_key'",
        "DELETE FROM meta WHERE name = 'recovery_key'",
        "UPDATE meta SET value = x'01' WHERE name = 'device'",
        "UPDATE meta SET value = zeroblob(32) WHERE name = 'seal_key'"
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(losses); i++) {
        struct salvage_report r;

        note(1);
        run_sql(losses[i]);
        lose_copy();
        assert_err(try_salvage("store.db", &r), ERR_NOT_FOUND);
        tear_down(NULL);
        set_up(NULL);
    }
}

static void put_item(enum safety_type type, const char *bytes, size_t len)
{
    store_safety_add(m.store, type,
                     (struct bytes){ (const uint8_t *)bytes, len });
}

/* A newer program may have put them there. */
static void items_of_another_shape_are_passed_over(void **state)
{
    char long_name[100] = "\x82\x78\x5a"; /* [ text of 90, bytes ] */
    struct salvage_report r;

    (void)state;
    memset(long_name + 3, 'n', 90);
    long_name[93] = 0x40;
    put_item(SAFETY_META, "\x83\x61n\x41v\x01", 6);
    put_item(SAFETY_META, "\x82\x01\x41v", 4);
    put_item(SAFETY_META, long_name, 94);
    put_item(SAFETY_ACK, "short", 5);
    put_item(SAFETY_KEY, "short", 5);
    put_item(SAFETY_EVENT, "no event", 8);
    note(1);
    r = salvage_of("lost.db");
    assert_int_equal(r.from_safety, 1);
    assert_int_equal(r.unsent, 1);
    assert_int_equal(r.safety_damage, 0);
    assert_int_equal(ask("SELECT count(*) FROM content_key"), 0);
}

static void photo(const char *of)
{
    const struct port *port = sim_port(m.sim);
    const struct bytes bytes = { (const uint8_t *)of, 1 };
    struct hash name;
    struct evlog_new e = { .record = machine_record((uint8_t)*of),
                           .kind = KIND_PHOTO,
                           .kind_version = 1,
                           .op = OP_CREATE,
                           .body = { (const uint8_t *)"\xa1\x01\xa0", 3 },
                           .blobs = &name,
                           .blob_count = 1 };

    crypto_sha256(bytes, &name);
    assert_ok(port->ops->part_write(port->ctx, &name, 0, bytes));
    assert_ok(port->ops->part_commit(port->ctx, &name, &name));
    assert_ok(evlog_append(m.log, &e, 1, NULL));
    if (*of == 'g') {
        assert_ok(port->ops->blob_remove(port->ctx, &name));
    }
}

/* The disk that damaged the store took a file with it. */
static void a_photo_that_is_gone_is_not_waited_for(void **state)
{
    struct evlog_head head;
    struct evlog_ack ack = { .held = 2,
                             .log_size = 2,
                             .receipt = { (const uint8_t *)"r", 1 } };

    (void)state;
    photo("gone");
    photo("here");
    assert_ok(evlog_head(m.log, &head));
    ack.incarnation = head.incarnation;
    assert_ok(evlog_acked(m.log, &ack));
    (void)salvage();
    assert_int_equal(ask("SELECT count(*) FROM blob WHERE is_own = 1"), 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_was_being_written_is_there_afterwards),
        T(a_restricted_record_opens_after_the_file_is_lost),
        T(a_key_of_a_wrong_size_is_left_behind),
        T(an_entry_that_was_changed_comes_from_the_copy),
        T(an_entry_without_its_body_keeps_its_place),
        T(what_colleagues_wrote_stays),
        T(an_empty_notebook_is_made_anew_as_empty),
        T(certificates_and_the_last_receipt_stay),
        T(values_of_a_size_that_nobody_wrote_are_left),
        T(without_its_whole_identity_nothing_is_pretended),
        T(items_of_another_shape_are_passed_over),
        T(a_photo_that_is_gone_is_not_waited_for),
    };

    return RUN_TESTS(tests);
}
