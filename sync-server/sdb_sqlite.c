/* sdb_sqlite.c - one SQLite file: opened, migrated, transactions, facts. */
#include "sync-server/sdb_sqlite.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "core/mem.h"
#include "sync-server/sql_sqlite.h"

#define VIEW_MAX_BYTES (HEADER_MAX_BYTES + BODY_MAX_BYTES + 4096)

enum err sdb_sqlite_error(struct sdb *db, int rc)
{
    (void)db;
    if (rc == SQLITE_IOERR_SHMSIZE) {
        return ERR_FULL; /* no room for the file beside the WAL */
    }
    switch (rc & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return ERR_OK;
    case SQLITE_NOMEM:
        return ERR_NOMEM;
    case SQLITE_FULL:
        return ERR_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_CONSTRAINT:
        return ERR_EXISTS;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ERR_BAD_DATA;
    default:
        return ERR_IO;
    }
}

static sqlite3_stmt *make(struct sdb *db, const char *sql)
{
    sqlite3_stmt *st = NULL;

    if (sqlite3_prepare_v2(db->db, sql, -1, &st, NULL) != SQLITE_OK) {
        return NULL;
    }
    if (sqlite3_bind_parameter_count(st) > 0) {
        sqlite3_bind_blob(st, 1, db->council.bytes, sizeof(db->council.bytes),
                          SQLITE_STATIC);
    }
    return st;
}

sqlite3_stmt *sdb_sqlite_walk(struct sdb *db, const char *sql)
{
    sqlite3_stmt *st;

    for (size_t i = 0; i < db->walk_count; i++) {
        struct sdb_walk *w = &db->walks[i];

        if (w->text == sql && !w->is_used) {
            w->is_used = true;
            return w->st;
        }
    }
    st = make(db, sql);
    if (st != NULL && db->walk_count < SDB_WALKS_MAX) {
        db->walks[db->walk_count++] = (struct sdb_walk){ sql, st, true };
    }
    return st;
}

void sdb_sqlite_end(struct sdb *db, sqlite3_stmt *st)
{
    for (size_t i = 0; st != NULL && i < db->walk_count; i++) {
        if (db->walks[i].st == st) {
            sqlite3_reset(st);
            db->walks[i].is_used = false;
            return;
        }
    }
    sqlite3_finalize(st);
}

sqlite3_stmt *sdb_sqlite_prepare(struct sdb *db, const char *sql)
{
    sqlite3_stmt *st;

    for (size_t i = 0; i < db->count; i++) {
        if (db->texts[i] == sql) {
            sqlite3_reset(db->statements[i]);
            return db->statements[i];
        }
    }
    ASSERT(db->count < SDB_STATEMENTS_MAX);
    st = make(db, sql);
    if (st != NULL) {
        db->texts[db->count] = sql;
        db->statements[db->count++] = st;
    }
    return st;
}

static void forget_statements(struct sdb *db)
{
    for (size_t i = 0; i < db->count; i++) {
        sqlite3_finalize(db->statements[i]);
    }
    for (size_t i = 0; i < db->walk_count; i++) {
        sqlite3_finalize(db->walks[i].st);
    }
    db->count = 0;
    db->walk_count = 0;
}

void sdb_sqlite_bind(sqlite3_stmt *st, const char *types, ...)
{
    va_list args;
    int at = 2;

    if (st == NULL) {
        return;
    }
    va_start(args, types);
    for (const char *t = types; *t != '\0'; t++, at++) {
        const struct bytes *b;

        switch (*t) {
        case 'u':
            sqlite3_bind_blob(st, at, va_arg(args, const struct uuid *), 16,
                              SQLITE_STATIC);
            break;
        case 'h':
            sqlite3_bind_blob(st, at, va_arg(args, const struct hash *), 32,
                              SQLITE_STATIC);
            break;
        case 'i':
            sqlite3_bind_int64(st, at, (sqlite3_int64)va_arg(args, uint64_t));
            break;
        case 't':
            sqlite3_bind_text(st, at, va_arg(args, const char *), -1,
                              SQLITE_STATIC);
            break;
        default:
            ASSERT(*t == 'b');
            b = va_arg(args, const struct bytes *);
            if (b->data == NULL) {
                sqlite3_bind_null(st, at);
            } else {
                sqlite3_bind_blob64(st, at, b->data, b->len, SQLITE_STATIC);
            }
            break;
        }
    }
    va_end(args);
}

/* A blob column of exactly `size` bytes, or zeros (NULL, other size). */
static void read_fixed(sqlite3_stmt *st, int at, void *out, size_t size)
{
    const void *data = sqlite3_column_blob(st, at);

    memset(out, 0, size);
    if (data != NULL && (size_t)sqlite3_column_bytes(st, at) == size) {
        memcpy(out, data, size);
    }
}

/* As a blob: for a text SQLite might have to add a NUL, and fail. */
static void read_text(sqlite3_stmt *st, int at, char out[SDB_TEXT_MAX])
{
    const char *data = sqlite3_column_blob(st, at);

    snprintf(out, SDB_TEXT_MAX, "%.*s",
             data != NULL ? sqlite3_column_bytes(st, at) : 0,
             data != NULL ? data : "");
}

void sdb_sqlite_read(sqlite3_stmt *st, const char *types, ...)
{
    va_list args;
    int at = 0;

    va_start(args, types);
    for (const char *t = types; *t != '\0'; t++, at++) {
        struct bytes *b;

        switch (*t) {
        case 'u':
            read_fixed(st, at, va_arg(args, struct uuid *), 16);
            break;
        case 'h':
            read_fixed(st, at, va_arg(args, struct hash *), 32);
            break;
        case 'i':
            *va_arg(args, uint64_t *) = (uint64_t)sqlite3_column_int64(st, at);
            break;
        case 's':
            *va_arg(args, int64_t *) = sqlite3_column_int64(st, at);
            break;
        case 'B':
            *va_arg(args, bool *) = sqlite3_column_int(st, at) != 0;
            break;
        case 't':
            read_text(st, at, va_arg(args, char *));
            break;
        default:
            ASSERT(*t == 'b');
            b = va_arg(args, struct bytes *);
            b->data = sqlite3_column_blob(st, at);
            b->len = (size_t)sqlite3_column_bytes(st, at);
            break;
        }
    }
    va_end(args);
}

enum err sdb_sqlite_row(struct sdb *db, sqlite3_stmt *st)
{
    int rc;

    if (st == NULL) {
        return ERR_NOMEM;
    }
    rc = sqlite3_step(st);
    if (rc == SQLITE_ROW) {
        return ERR_OK;
    }
    sqlite3_reset(st);
    return rc == SQLITE_DONE ? ERR_NOT_FOUND : sdb_sqlite_error(db, rc);
}

enum err sdb_sqlite_number(struct sdb *db, sqlite3_stmt *st, uint64_t *out)
{
    enum err err = sdb_sqlite_row(db, st);

    if (err)
        return err;
    sdb_sqlite_read(st, "i", out);
    sqlite3_reset(st);
    return ERR_OK;
}

enum err sdb_sqlite_done(struct sdb *db, sqlite3_stmt *st)
{
    int rc;

    if (st == NULL) {
        return ERR_NOMEM;
    }
    rc = sqlite3_step(st);
    sqlite3_reset(st);
    return sdb_sqlite_error(db, rc);
}

enum err sdb_sqlite_ids(struct sdb *db, sqlite3_stmt *st, sdb_id_fn fn,
                        void *ctx)
{
    enum err err;

    while ((err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct uuid id;

        sdb_sqlite_read(st, "u", &id);
        err = fn(ctx, &id);
        if (err)
            break;
    }
    sdb_sqlite_end(db, st);
    return err == ERR_NOT_FOUND || err == ERR_STOPPED ? ERR_OK : err;
}

/* --- open --- */

static const char *const migrations[] = {
    sql_0001_council, sql_0002_orders, sql_0003_holders, sql_0004_conflicts,
    sql_0005_briefs,  sql_0006_alarms, sql_0007_pages,
};

static enum err exec(struct sdb *db, const char *sql)
{
    return sdb_sqlite_error(db, sqlite3_exec(db->db, sql, NULL, NULL, NULL));
}

static enum err version_get(struct sdb *db, size_t *out)
{
    sqlite3_stmt *st = sdb_sqlite_walk(db, "PRAGMA user_version");
    enum err err = sdb_sqlite_row(db, st);

    if (!err) {
        *out = (size_t)sqlite3_column_int64(st, 0);
    }
    sdb_sqlite_end(db, st);
    return err;
}

static enum err migrate(struct sdb *db)
{
    size_t version;
    enum err err = version_get(db, &version);

    if (err)
        return err;
    if (version > ARRAY_LEN(migrations)) {
        return ERR_NEWER;
    }
    for (; version < ARRAY_LEN(migrations); version++) {
        char text[48];

        snprintf(text, sizeof(text), "PRAGMA user_version=%zu", version + 1);
        err = exec(db, "BEGIN IMMEDIATE");
        err = err ? err : exec(db, migrations[version]);
        err = err ? err : exec(db, text);
        err = err ? err : exec(db, "COMMIT");
        if (err) {
            sqlite3_exec(db->db, "ROLLBACK", NULL, NULL, NULL);
            return err;
        }
    }
    return ERR_OK;
}

static const char sql_rollback[] = "ROLLBACK";

enum err sdb_open(const char *dir, const char *vfs, struct sdb **out)
{
    char path[512];
    struct sdb *db = mem_alloc(sizeof(*db));
    enum err err;
    int rc;

    if (db == NULL) {
        return ERR_NOMEM;
    }
    buf_init(&db->view, VIEW_MAX_BYTES);
    if (snprintf(path, sizeof(path), "%s/council.db", dir) >=
        (int)sizeof(path)) {
        sdb_close(db);
        return ERR_TOO_LONG;
    }
    rc = sqlite3_open_v2(path, &db->db,
                         SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, vfs);
    err = sdb_sqlite_error(db, rc);
    if (!err) {
        sqlite3_extended_result_codes(db->db, 1);
        /* Planned once, not anew for each value bound. */
        sqlite3_db_config(db->db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
        sqlite3_busy_timeout(db->db, 5000);
        err = exec(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                       "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
                       "PRAGMA trusted_schema=OFF; PRAGMA cache_size=-16384;"
                       "PRAGMA journal_size_limit=67108864");
    }
    err = err ? err : migrate(db);
    if (!err && sdb_sqlite_prepare(db, sql_rollback) == NULL) {
        err = ERR_NOMEM;
    }
    if (err) {
        sdb_close(db);
        return err;
    }
    *out = db;
    return ERR_OK;
}

enum err sdb_open_snapshot(const char *dir, struct sdb **out)
{
    char path[512];
    struct sdb *db = mem_alloc(sizeof(*db));
    enum err err;

    if (db == NULL) {
        return ERR_NOMEM;
    }
    buf_init(&db->view, VIEW_MAX_BYTES);
    snprintf(path, sizeof(path), "%.400s/council.db", dir);
    err = sdb_sqlite_error(
        db, sqlite3_open_v2(path, &db->db, SQLITE_OPEN_READONLY, NULL));
    if (!err) {
        sqlite3_busy_timeout(db->db, 5000);
        err = exec(db, "PRAGMA trusted_schema=OFF; BEGIN;"
                       "SELECT count(*) FROM council");
    }
    if (err) {
        sdb_close(db);
        return err;
    }
    *out = db;
    return ERR_OK;
}

enum err sdb_integrity(struct sdb *db, void (*fn)(void *ctx, const char *what),
                       void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(db, "PRAGMA integrity_check(20)");
    enum err err;

    while ((err = sdb_sqlite_row(db, st)) == ERR_OK) {
        const char *text = (const char *)sqlite3_column_text(st, 0);

        if (text != NULL && strcmp(text, "ok") != 0) {
            fn(ctx, text);
        }
    }
    sdb_sqlite_end(db, st);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

void sdb_close(struct sdb *db)
{
    if (db == NULL) {
        return;
    }
    forget_statements(db);
    sqlite3_close(db->db);
    buf_wipe(&db->view);
    mem_free(db);
}

void sdb_use(struct sdb *db, const struct uuid *council)
{
    forget_statements(db);
    db->council = *council;
}

enum err sdb_council_find(struct sdb *db, struct uuid *out)
{
    sqlite3_stmt *st = sdb_sqlite_walk(db, "SELECT council FROM council");
    enum err err = sdb_sqlite_row(db, st);

    if (!err) {
        sdb_sqlite_read(st, "u", out);
    }
    sdb_sqlite_end(db, st);
    return err;
}

enum err sdb_council_add(struct sdb *db, const struct uuid *id,
                         const char *name)
{
    sqlite3_stmt *st;

    sdb_use(db, id);
    st = sdb_sqlite_prepare(db,
                            "INSERT INTO council(council, name) VALUES(?1,?2)");
    sdb_sqlite_bind(st, "t", name);
    return sdb_sqlite_done(db, st);
}

enum err sdb_council_name(struct sdb *db, struct buf *out)
{
    sqlite3_stmt *st =
        sdb_sqlite_prepare(db, "SELECT name FROM council WHERE council=?1");
    struct bytes name;
    enum err err = sdb_sqlite_row(db, st);

    if (err)
        return err;
    sdb_sqlite_read(st, "b", &name);
    buf_put(out, name.data, name.len);
    sqlite3_reset(st);
    return out->err;
}

/* --- transactions --- */

/* Needs no memory: its statement was made when the database was opened. */
static enum err undo(struct sdb *db)
{
    enum err err = ERR_OK;

    if (!sqlite3_get_autocommit(db->db)) {
        err = sdb_sqlite_done(db, sdb_sqlite_prepare(db, sql_rollback));
    }
    /* It fails when SQLite rolled back by itself: the same result. */
    return sqlite3_get_autocommit(db->db) ? ERR_OK : err;
}

enum err sdb_begin(struct sdb *db)
{
    enum err err;

    ASSERT(!db->is_open);
    err = undo(db); /* one that could not be undone then */
    err = err ? err
              : sdb_sqlite_done(db, sdb_sqlite_prepare(db, "BEGIN IMMEDIATE"));
    db->is_open = !err;
    return err;
}

enum err sdb_commit(struct sdb *db)
{
    enum err err;

    ASSERT(db->is_open);
    err = sdb_sqlite_done(db, sdb_sqlite_prepare(db, "COMMIT"));
    if (err) {
        sdb_rollback(db);
    }
    db->is_open = false;
    return err;
}

void sdb_rollback(struct sdb *db)
{
    if (db->is_open && undo(db)) {
        ASSERT(!sqlite3_get_autocommit(db->db)); /* sdb_begin() tries again */
    }
    db->is_open = false;
}

/* --- small facts --- */

enum err sdb_meta_get(struct sdb *db, const char *name, struct buf *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT value FROM meta WHERE council=?1 AND name=?2");
    struct bytes value;
    enum err err;

    sdb_sqlite_bind(st, "t", name);
    err = sdb_sqlite_row(db, st);
    if (err)
        return err;
    sdb_sqlite_read(st, "b", &value);
    buf_put(out, value.data, value.len);
    sqlite3_reset(st);
    return out->err;
}

enum err sdb_meta_put(struct sdb *db, const char *name, struct bytes value)
{
    static const uint8_t nothing;
    struct bytes stored = { value.data ? value.data : &nothing, value.len };
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR REPLACE INTO meta(council, name, value)"
            " VALUES(?1,?2,?3)");

    sdb_sqlite_bind(st, "tb", name, &stored);
    return sdb_sqlite_done(db, st);
}
