#include <sqlite3.h>

#include "core/db.h"
#include "core/store_internal.h"
#include "tests/store_machine.h"

static void a_wrong_key_is_named_and_the_right_one_still_opens(void **state)
{
    struct store_options options;
    struct machine m;
    struct store *s;

    (void)state;
    machine_new(&m, 1);
    machine_close(&m);
    m.key[3] ^= 1;
    options = machine_options(&m);
    assert_err(store_open(&options, &s), ERR_WRONG_KEY);
    assert_null(s);
    m.key[3] ^= 1;
    assert_ok(machine_open(&m));
    machine_free(&m);
}

static void a_store_of_a_newer_program_is_left_alone(void **state)
{
    struct store_options options;
    struct machine m;
    struct store *s;
    uint64_t before;

    (void)state;
    machine_new(&m, 2);
    assert_int_equal(sqlite3_exec(store_db(m.store),
                                  "PRAGMA user_version = 1000", NULL, NULL,
                                  NULL),
                     SQLITE_OK);
    machine_close(&m);
    before = faultvfs_size(m.disk, "store.db");
    options = machine_options(&m);
    assert_err(store_open(&options, &s), ERR_NEWER);
    assert_int_equal(faultvfs_size(m.disk, "store.db"), before);
    machine_free(&m);
}

static void without_its_key_the_file_is_no_database(void **state)
{
    struct store_options options;
    struct machine m;
    struct store *s;

    (void)state;
    machine_new(&m, 3);
    machine_close(&m);
    options = machine_options(&m);
    options.key32 = (struct bytes){ NULL, 0 };
    assert_err(store_open(&options, &s), ERR_BAD_DATA);
    machine_free(&m);
}

static void an_inner_rollback_undoes_the_outer_transaction(void **state)
{
    const struct bytes value = { (const uint8_t *)"x", 1 };
    struct machine m;
    struct buf got;

    (void)state;
    machine_new(&m, 4);
    buf_init(&got, 10);
    assert_ok(store_begin(m.store));
    assert_ok(store_meta_put(m.store, "test", value));
    assert_ok(store_begin(m.store));
    store_rollback(m.store);
    assert_err(store_begin(m.store), ERR_STOPPED); /* nothing would be kept */
    assert_err(store_commit(m.store), ERR_STOPPED);
    assert_err(store_meta_get(m.store, "test", &got), ERR_NOT_FOUND);
    assert_ok(store_begin(m.store)); /* and the next one works */
    assert_ok(store_meta_put(m.store, "test", value));
    assert_ok(store_commit(m.store));
    assert_ok(store_meta_get(m.store, "test", &got));
    buf_fini(&got);
    machine_free(&m);
}

static void a_fact_may_be_empty(void **state)
{
    struct machine m;
    struct buf got;

    (void)state;
    machine_new(&m, 8);
    buf_init(&got, 10);
    assert_ok(store_meta_put(m.store, "test", (struct bytes){ NULL, 0 }));
    assert_ok(store_meta_get(m.store, "test", &got));
    assert_int_equal(got.len, 0);
    buf_fini(&got);
    machine_free(&m);
}

/* One that is being read is not taken from under its reader. */
static void a_statement_in_use_is_prepared_once_more(void **state)
{
    static const char sql[] = "SELECT 1 UNION SELECT 2";
    sqlite3_stmt *first, *second, *third;
    struct machine m;

    (void)state;
    machine_new(&m, 9);
    assert_ok(store_statement(m.store, sql, &first));
    assert_ok(db_row(first));
    assert_ok(store_statement(m.store, sql, &second));
    assert_ptr_not_equal(first, second);
    assert_ok(db_row(second));
    sqlite3_reset(first);
    assert_ok(store_statement(m.store, sql, &third));
    assert_ptr_equal(first, third);
    sqlite3_reset(second);
    machine_free(&m);
}

static void each_answer_of_sqlite_has_our_word(void **state)
{
    static const struct {
        int rc;
        enum err want;
    } rows[] = {
        { SQLITE_OK, ERR_OK },
        { SQLITE_ROW, ERR_OK },
        { SQLITE_DONE, ERR_OK },
        { SQLITE_NOMEM, ERR_NOMEM },
        { SQLITE_FULL, ERR_FULL },
        { SQLITE_BUSY, ERR_BUSY },
        { SQLITE_BUSY_SNAPSHOT, ERR_BUSY },
        { SQLITE_LOCKED, ERR_BUSY },
        { SQLITE_CORRUPT, ERR_BAD_DATA },
        { SQLITE_NOTADB, ERR_BAD_DATA },
        { SQLITE_TOOBIG, ERR_TOO_LONG },
        { SQLITE_CONSTRAINT_UNIQUE, ERR_EXISTS },
        { SQLITE_INTERRUPT, ERR_STOPPED },
        { SQLITE_READONLY, ERR_DENIED },
        { SQLITE_PERM, ERR_DENIED },
        { SQLITE_IOERR_FSYNC, ERR_IO },
        { SQLITE_MISUSE, ERR_IO },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_err(db_err(rows[i].rc), rows[i].want);
    }
}

/* Three notes, the last one with a file. */
static void three_notes(struct machine *m, uint64_t seed)
{
    const struct bytes bytes = { (const uint8_t *)"a file", 6 };
    const struct uuid record = machine_record(1);
    const struct port *port;
    struct hash name;
    struct evlog_new e = { .record = record,
                           .kind = KIND_PHOTO,
                           .kind_version = 1,
                           .op = OP_CREATE,
                           .body = { (const uint8_t *)"\xa1\x01\xa0", 3 },
                           .blobs = &name,
                           .blob_count = 1 };

    machine_new(m, seed);
    port = sim_port(m->sim);
    crypto_sha256(bytes, &name);
    assert_ok(port->ops->part_write(port->ctx, &name, 0, bytes));
    assert_ok(port->ops->part_commit(port->ctx, &name, &name));
    assert_ok(machine_note(m, &record, "same", NULL, 0, NULL));
    assert_ok(machine_note(m, &record, "same", NULL, 0, NULL));
    assert_ok(evlog_append(m->log, &e, 1, NULL));
}

static void gather(void *ctx, const char *what)
{
    buf_printf(ctx, "%s\n", what);
}

static void fsck_says_in_words_what_was_damaged(void **state)
{
    static const struct {
        const char *sql, *words;
    } rows[] = {
        { "UPDATE event SET body = x'a101a10463626164' WHERE sequence = 2",
          "/2: its content was changed" },
        { "UPDATE event SET header = x'00' WHERE sequence = 2",
          "/2: its header can't be read" },
        { "UPDATE event SET header = (SELECT header FROM event"
          " WHERE sequence = 1) WHERE sequence = 2",
          "/2: its header says 1" },
        { "UPDATE event SET link = zeroblob(32) WHERE sequence = 2",
          ": the link of 2 does not fit" },
        { "DELETE FROM event WHERE sequence = 2", ": 3 follows 1" },
        { "DELETE FROM blob; DELETE FROM event WHERE sequence = 3",
          ": ends at 2, not where its head says" },
        { "UPDATE incarnation SET link = zeroblob(32)",
          ": ends at 3, not where its head says" },
        { "UPDATE incarnation SET acked = 4",
          ": more is confirmed than was made" },
        { "UPDATE seal SET seal = x'00' WHERE sequence = 2",
          "seal of 2 does not hold" },
        { "UPDATE seal SET seal = (SELECT seal FROM seal WHERE sequence = 1)"
          " WHERE sequence = 2",
          "seal of 2 does not hold" },
        { "UPDATE meta SET value = zeroblob(32) WHERE name = 'seal_key'",
          "the seal key is no key" },
        { "UPDATE blob SET size = size + 1", ": its bytes were changed" },
        { "UPDATE blob SET name = zeroblob(32)",
          "blob 0000000000000000000000000000000000000000000000000000000000000"
          "000: not found" },
        { "UPDATE record SET is_struck = 1",
          "lists and search differ from the events: rebuild them" },
    };
    struct buf words;

    (void)state;
    buf_init(&words, 4096);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct machine m;

        three_notes(&m, 20 + i);
        buf_reset(&words);
        assert_ok(store_fsck(m.store, gather, &words));
        assert_int_equal(words.len, 0);
        assert_ok(db_exec(store_db(m.store), rows[i].sql));
        assert_err(store_fsck(m.store, gather, &words), ERR_BAD_DATA);
        if (strstr(buf_text(&words), rows[i].words) == NULL) {
            fail_msg("%s: %s", rows[i].words, buf_text(&words));
        }
        machine_free(&m);
    }
    buf_fini(&words);
}

/* Without the key nobody can judge the seals; the chains they can. */
static void fsck_goes_on_without_the_seal_key(void **state)
{
    struct machine m;

    (void)state;
    three_notes(&m, 40);
    assert_ok(
        db_exec(store_db(m.store), "DELETE FROM meta WHERE name = 'seal_key'"));
    assert_ok(store_fsck(m.store, machine_finding, NULL));
    machine_free(&m);
}

static void fsck_notices_a_projection_that_was_changed(void **state)
{
    const struct uuid record = machine_record(1);
    struct machine m;

    (void)state;
    machine_new(&m, 7);
    assert_ok(machine_note(&m, &record, "seen", NULL, 0, NULL));
    assert_int_equal(sqlite3_exec(store_db(m.store),
                                  "UPDATE record SET is_struck = 1", NULL, NULL,
                                  NULL),
                     SQLITE_OK);
    assert_err(store_fsck(m.store, machine_finding, NULL), ERR_BAD_DATA);
    assert_ok(store_rebuild(m.store));
    assert_ok(store_fsck(m.store, machine_finding, NULL));
    machine_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_key_is_named_and_the_right_one_still_opens),
        cmocka_unit_test(a_store_of_a_newer_program_is_left_alone),
        cmocka_unit_test(without_its_key_the_file_is_no_database),
        cmocka_unit_test(an_inner_rollback_undoes_the_outer_transaction),
        cmocka_unit_test(a_fact_may_be_empty),
        cmocka_unit_test(a_statement_in_use_is_prepared_once_more),
        cmocka_unit_test(each_answer_of_sqlite_has_our_word),
        cmocka_unit_test(fsck_says_in_words_what_was_damaged),
        cmocka_unit_test(fsck_goes_on_without_the_seal_key),
        cmocka_unit_test(fsck_notices_a_projection_that_was_changed),
    };

    return RUN_TESTS(tests);
}
