#include "core/store.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/migrate.h"
#include "core/store_internal.h"
#include "core/store_safety.h"

/* Older ones can lose a commit when the WAL is reset (architecture, 4). */
_Static_assert(SQLITE_VERSION_NUMBER >= 3051003, "SQLite is too old");

#define RAW_KEY_PREFIX "raw:" /* SQLite3MC: 32 bytes follow, no derivation */
#define KEY_SIZE       32

static const char settings[] =
    "PRAGMA locking_mode = EXCLUSIVE;" /* one connection: the head is cached */
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA secure_delete = ON;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cache_size = -16000;"; /* KiB: the indexes of 100,000 events */

static enum err set_key(sqlite3 *db, struct bytes key)
{
    uint8_t text[sizeof(RAW_KEY_PREFIX) - 1 + KEY_SIZE];
    int rc;

    if (key.len == 0) {
        return ERR_OK;
    }
    ASSERT(key.len == KEY_SIZE);
    memcpy(text, RAW_KEY_PREFIX, sizeof(RAW_KEY_PREFIX) - 1);
    memcpy(text + sizeof(RAW_KEY_PREFIX) - 1, key.data, KEY_SIZE);
    rc = sqlite3_key(db, text, (int)sizeof(text));
    wipe(text, sizeof(text));
    return db_err(rc);
}

static enum err open_file(const struct store_options *o, sqlite3 **out)
{
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

    return db_err(sqlite3_open_v2(o->path, out, flags, o->vfs));
}

/* Nothing is written before the key and the version are known to fit. */
static enum err prepare(struct store *s, const struct store_options *o)
{
    int version = 0;
    enum err err;

    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* A statement is planned once, not anew for each value bound to it. */
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
    err = set_key(s->db, o->key32);
    if (err) {
        return err;
    }
    err = migrate_version(s->db, &version);
    if (err == ERR_BAD_DATA && o->key32.len > 0) {
        return ERR_WRONG_KEY;
    }
    if (err) {
        return err;
    }
    if (version > migrate_latest()) {
        return ERR_NEWER;
    }
    err = db_exec(s->db, settings);
    if (!err) {
        err = migrate_run(s->db);
    }
    if (!err) {
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    }
    return err;
}

enum err store_open_damaged(const struct store_options *o, sqlite3 **out)
{
    int version = 0;
    enum err err = open_file(o, out);

    if (!err) {
        sqlite3_db_config(*out, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        err = set_key(*out, o->key32);
    }
    err = err ? err
              : db_exec(*out, "PRAGMA locking_mode = EXCLUSIVE;"
                              "PRAGMA query_only = ON;"
                              "PRAGMA trusted_schema = OFF;");
    return err ? err : migrate_version(*out, &version);
}

static const char sql_rollback[] = "ROLLBACK";

enum err store_open(const struct store_options *options, struct store **out)
{
    sqlite3_stmt *rollback;
    struct store *s;
    enum err err;

    *out = NULL;
    ASSERT(sqlite3_libversion_number() == SQLITE_VERSION_NUMBER);
    s = mem_alloc(sizeof(*s));
    if (s == NULL) {
        return ERR_NOMEM;
    }
    s->port = options->port;
    err = open_file(options, &s->db);
    if (!err) {
        err = prepare(s, options);
    }
    if (!err) {
        err = store_statement(s, sql_rollback, &rollback);
    }
    if (!err) {
        err = store_safety_open(s, options->key32);
    }
    if (err) {
        port_log(options->port, PORT_LOG_ERROR, "store: %s", err_text(err));
        store_close(s);
        return err;
    }
    *out = s;
    return ERR_OK;
}

void store_close(struct store *s)
{
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; i < s->statement_count; i++) {
        sqlite3_finalize(s->statements[i].st);
    }
    sqlite3_close_v2(s->db);
    store_safety_close(s);
    mem_free(s);
}

struct sqlite3 *store_db(struct store *s)
{
    return s->db;
}

const struct port *store_port(const struct store *s)
{
    return s->port;
}

enum err store_statement(struct store *s, const char *sql, sqlite3_stmt **out)
{
    sqlite3_stmt *st = NULL;
    int rc;

    *out = NULL;
    for (size_t i = 0; i < s->statement_count; i++) {
        if (s->statements[i].sql == sql &&
            !sqlite3_stmt_busy(s->statements[i].st)) {
            *out = s->statements[i].st;
            return ERR_OK;
        }
    }
    ASSERT(s->statement_count < STORE_STATEMENTS_MAX);
    rc = sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &st,
                            NULL);
    if (rc != SQLITE_OK) {
        port_log(s->port, PORT_LOG_ERROR, "store: %s", sqlite3_errmsg(s->db));
        return db_err(rc);
    }
    s->statements[s->statement_count].sql = sql;
    s->statements[s->statement_count].st = st;
    s->statement_count++;
    *out = st;
    return ERR_OK;
}

enum err store_number(struct store *s, const char *sql, int64_t *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql, &st);

    if (!err) {
        err = db_row(st);
    }
    if (!err) {
        *out = sqlite3_column_int64(st, 0);
        sqlite3_reset(st);
    }
    return err;
}

/* --- transactions --- */

static const char sql_begin[] = "BEGIN IMMEDIATE";
static const char sql_commit[] = "COMMIT";

static enum err run(struct store *s, const char *sql)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(s, sql, &st);

    return err ? err : db_run(st);
}

/* Needs no memory: its statement was made when the store was opened. */
static enum err undo(struct store *s)
{
    const enum err err =
        sqlite3_get_autocommit(s->db) ? ERR_OK : run(s, sql_rollback);

    return sqlite3_get_autocommit(s->db) ? ERR_OK : err;
}

enum err store_begin(struct store *s)
{
    enum err err = ERR_OK;

    if (s->depth == 0) {
        err = undo(s); /* one that could not be undone then */
        s->is_rolled_back = false;
        err = err ? err : run(s, sql_begin);
    } else if (s->is_rolled_back) {
        err = ERR_STOPPED;
    }
    s->depth += !err;
    return err;
}

enum err store_commit(struct store *s)
{
    enum err err;

    ASSERT(s->depth > 0);
    s->depth--;
    if (s->is_rolled_back) {
        return ERR_STOPPED;
    }
    if (s->depth > 0) {
        return ERR_OK;
    }
    store_safety_commit(s); /* durable twice before anybody is told */
    err = run(s, sql_commit);
    if (err && undo(s)) {
        port_log(s->port, PORT_LOG_ERROR, "store: could not roll back");
    }
    return err;
}

void store_rollback(struct store *s)
{
    ASSERT(s->depth > 0);
    s->depth--;
    s->is_rolled_back = true;
    if (undo(s)) {
        port_log(s->port, PORT_LOG_ERROR, "store: could not roll back");
    }
    store_safety_rollback(s);
}

/* --- small facts --- */

static const char sql_meta_get[] = "SELECT value FROM meta WHERE name = ?1";
static const char sql_meta_put[] =
    "INSERT INTO meta (name, value) VALUES (?1, ?2)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value";

enum err store_meta_get(struct store *s, const char *name, struct buf *out)
{
    sqlite3_stmt *st;
    struct bytes value;
    enum err err = store_statement(s, sql_meta_get, &st);

    if (err) {
        return err;
    }
    db_bind_text(st, 1, name);
    err = db_row(st);
    if (!err) {
        value = db_get_bytes(st, 0);
        buf_put(out, value.data, value.len);
        sqlite3_reset(st);
        err = out->err;
    }
    return err;
}

enum err store_meta_put(struct store *s, const char *name, struct bytes value)
{
    static const uint8_t nothing;
    sqlite3_stmt *st = NULL;
    const enum err err = store_statement(s, sql_meta_put, &st);

    if (err) {
        return err;
    }
    if (value.data == NULL) {
        value.data = &nothing;
    }
    db_bind_text(st, 1, name);
    db_bind_bytes(st, 2, value);
    store_safety_put_meta(s, name, value);
    return db_run(st);
}
