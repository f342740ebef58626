#include "tests/test.h"

#include <sqlite3.h>

#include "platform/sim/faultvfs.h"

/* 32 bytes as they are: deriving a key takes most of a second, each time. */
static const char key[4 + 32] = "raw:seven";

static sqlite3 *open_db(struct faultvfs *v)
{
    sqlite3 *db = NULL;

    assert_int_equal(sqlite3_open_v2("t.db", &db,
                                     SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                                     faultvfs_name(v)),
                     SQLITE_OK);
    assert_int_equal(sqlite3_key(db, key, sizeof(key)), SQLITE_OK);
    if (sqlite3_exec(db,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "CREATE TABLE IF NOT EXISTS t(n INTEGER PRIMARY KEY,"
                     " b BLOB);",
                     NULL, NULL, NULL) != SQLITE_OK) {
        sqlite3_close(db);
        return NULL;
    }
    return db;
}

static int count(sqlite3 *db)
{
    sqlite3_stmt *st = NULL;
    int n;

    assert_int_equal(
        sqlite3_prepare_v2(db, "SELECT count(*) FROM t", -1, &st, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    n = sqlite3_column_int(st, 0);
    sqlite3_finalize(st);
    return n;
}

static bool insert(sqlite3 *db)
{
    return sqlite3_exec(db, "INSERT INTO t(b) VALUES(randomblob(9000))", NULL,
                        NULL, NULL) == SQLITE_OK;
}

static void committed_rows_survive_power_loss(void **state)
{
    uint64_t fired[FAULTVFS__COUNT] = { 0 };

    (void)state;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct faultvfs *v;
        sqlite3 *db;
        int done = 0;
        int found;

        assert_ok(faultvfs_new(seed, &v));
        db = open_db(v);
        assert_non_null(db);
        faultvfs_plan(v, FAULTVFS_KILL, 5 + 3 * seed, false);
        while (insert(db)) {
            done++;
        }
        sqlite3_close(db);
        assert_true(faultvfs_is_killed(v));
        faultvfs_restart(v, true);
        db = open_db(v);
        assert_non_null(db);
        found = count(db);
        assert_true(found == done || found == done + 1);
        sqlite3_close(db);
        for (size_t i = 0; i < FAULTVFS__COUNT; i++) {
            fired[i] += faultvfs_fired(v, (enum faultvfs_fault)i);
        }
        faultvfs_free(v);
    }
    assert_true(fired[FAULTVFS_KEPT] > 0);
    assert_true(fired[FAULTVFS_DROPPED] > 0);
    assert_true(fired[FAULTVFS_TORN] > 0);
}

static void unsynced_rows_are_lost_by_power_but_not_by_kill(void **state)
{
    int lost = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct faultvfs *v;
        sqlite3 *db;

        assert_ok(faultvfs_new(seed, &v));
        db = open_db(v);
        sqlite3_exec(db, "PRAGMA synchronous=OFF", NULL, NULL, NULL);
        for (int i = 0; i < 5; i++) {
            assert_true(insert(db));
        }
        faultvfs_kill(v);
        sqlite3_close(db);
        faultvfs_restart(v, seed % 2 == 0);
        db = open_db(v);
        if (db == NULL || count(db) < 5) {
            lost++;
            assert_true(seed % 2 == 0);
        }
        sqlite3_close(db);
        faultvfs_free(v);
    }
    assert_true(lost > 0);
}

static void a_full_disk_fails_the_commit_and_then_recovers(void **state)
{
    struct faultvfs *v;
    sqlite3 *db;

    (void)state;
    assert_ok(faultvfs_new(3, &v));
    db = open_db(v);
    assert_true(insert(db));
    faultvfs_plan(v, FAULTVFS_FULL, 1, true);
    assert_false(insert(db));
    assert_int_equal(sqlite3_errcode(db), SQLITE_FULL);
    faultvfs_plan(v, FAULTVFS_FULL, 0, false);
    assert_true(insert(db));
    assert_int_equal(count(db), 2);
    assert_true(faultvfs_fired(v, FAULTVFS_FULL) > 0);
    sqlite3_close(db);
    faultvfs_free(v);
}

/* SQLite3MC once forgot such an error and took the page as read. */
static void a_page_that_cannot_be_read_is_an_error_above_the_cipher(
    void **state)
{
    struct faultvfs *v;
    sqlite3 *db;

    (void)state;
    assert_ok(faultvfs_new(4, &v));
    db = open_db(v);
    for (int i = 0; i < 20; i++) {
        assert_true(insert(db));
    }
    sqlite3_close(db);
    db = open_db(v);
    faultvfs_plan(v, FAULTVFS_READ_IO, 1, true);
    assert_int_not_equal(
        sqlite3_exec(db, "SELECT sum(length(b)) FROM t", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_errcode(db), SQLITE_IOERR);
    faultvfs_plan(v, FAULTVFS_READ_IO, 0, false);
    assert_int_equal(count(db), 20);
    sqlite3_close(db);
    faultvfs_free(v);
}

static void a_copy_is_a_database_of_its_own(void **state)
{
    struct faultvfs *a, *b;
    sqlite3 *db;

    (void)state;
    assert_ok(faultvfs_new(1, &a));
    assert_ok(faultvfs_new(2, &b));
    db = open_db(a);
    assert_true(insert(db));
    assert_ok(faultvfs_copy(b, a));
    assert_true(insert(db));
    sqlite3_close(db);
    db = open_db(b);
    assert_int_equal(count(db), 1);
    sqlite3_close(db);
    faultvfs_free(a);
    faultvfs_free(b);
}

static void the_file_on_disk_is_encrypted_below_the_cipher(void **state)
{
    struct faultvfs *v;
    sqlite3 *db;

    (void)state;
    assert_ok(faultvfs_new(1, &v));
    db = open_db(v);
    assert_true(insert(db));
    sqlite3_close(db);
    assert_true(faultvfs_size(v, "t.db") > 0);
    assert_true(faultvfs_flip(v, "t.db", 5000));
    db = open_db(v);
    if (db != NULL) {
        assert_int_not_equal(
            sqlite3_exec(db, "SELECT sum(length(b)) FROM t", NULL, NULL, NULL),
            SQLITE_OK);
    }
    sqlite3_close(db);
    faultvfs_free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(committed_rows_survive_power_loss),
        cmocka_unit_test(unsynced_rows_are_lost_by_power_but_not_by_kill),
        cmocka_unit_test(a_full_disk_fails_the_commit_and_then_recovers),
        cmocka_unit_test(
            a_page_that_cannot_be_read_is_an_error_above_the_cipher),
        cmocka_unit_test(a_copy_is_a_database_of_its_own),
        cmocka_unit_test(the_file_on_disk_is_encrypted_below_the_cipher),
    };

    return RUN_TESTS(tests);
}
