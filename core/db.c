#include "core/db.h"

#include <string.h>

enum err db_err(int rc)
{
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
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ERR_BAD_DATA;
    case SQLITE_TOOBIG:
        return ERR_TOO_LONG;
    case SQLITE_CONSTRAINT:
        return ERR_EXISTS;
    case SQLITE_INTERRUPT:
        return ERR_STOPPED;
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return ERR_DENIED;
    default:
        return ERR_IO;
    }
}

enum err db_exec(sqlite3 *db, const char *sql)
{
    return db_err(sqlite3_exec(db, sql, NULL, NULL, NULL));
}

/* A bind fails for a wrong number or a busy statement: our bugs. */
static void bound(int rc)
{
    ASSERT(rc == SQLITE_OK || rc == SQLITE_NOMEM || rc == SQLITE_TOOBIG);
}

void db_bind_int(sqlite3_stmt *st, int n, int64_t value)
{
    bound(sqlite3_bind_int64(st, n, value));
}

void db_bind_text(sqlite3_stmt *st, int n, const char *text)
{
    bound(sqlite3_bind_text(st, n, text, -1, SQLITE_STATIC));
}

void db_bind_text_view(sqlite3_stmt *st, int n, struct bytes text)
{
    bound(sqlite3_bind_text64(st, n, (const char *)text.data, text.len,
                              SQLITE_STATIC, SQLITE_UTF8));
}

void db_bind_bytes(sqlite3_stmt *st, int n, struct bytes b)
{
    bound(sqlite3_bind_blob64(st, n, b.data, b.len, SQLITE_STATIC));
}

void db_bind_uuid(sqlite3_stmt *st, int n, const struct uuid *id)
{
    bound(
        sqlite3_bind_blob(st, n, id->bytes, sizeof(id->bytes), SQLITE_STATIC));
}

void db_bind_uuid_or_null(sqlite3_stmt *st, int n, const struct uuid *id)
{
    if (uuid_is_zero(id)) {
        db_bind_null(st, n);
    } else {
        db_bind_uuid(st, n, id);
    }
}

void db_bind_hash(sqlite3_stmt *st, int n, const struct hash *h)
{
    bound(sqlite3_bind_blob(st, n, h->bytes, sizeof(h->bytes), SQLITE_STATIC));
}

void db_bind_null(sqlite3_stmt *st, int n)
{
    bound(sqlite3_bind_null(st, n));
}

enum err db_step(sqlite3_stmt *st, bool *row_out)
{
    const int rc = sqlite3_step(st);

    *row_out = rc == SQLITE_ROW;
    if (rc != SQLITE_ROW) {
        sqlite3_reset(st); /* the same error again */
    }
    return db_err(rc);
}

enum err db_run(sqlite3_stmt *st)
{
    const int rc = sqlite3_step(st);

    sqlite3_reset(st); /* the same error again */
    return db_err(rc);
}

enum err db_row(sqlite3_stmt *st)
{
    bool has_row;
    const enum err err = db_step(st, &has_row);

    return !err && !has_row ? ERR_NOT_FOUND : err;
}

struct bytes db_get_bytes(sqlite3_stmt *st, int n)
{
    static const uint8_t nothing;
    struct bytes b = { sqlite3_column_blob(st, n), 0 };

    b.len = (size_t)sqlite3_column_bytes(st, n);
    if (b.data == NULL && sqlite3_column_type(st, n) != SQLITE_NULL) {
        b.data = &nothing; /* SQLite gives NULL for an empty value */
    }
    return b;
}

static void get_fixed(sqlite3_stmt *st, int n, uint8_t *out, size_t len)
{
    const struct bytes b = db_get_bytes(st, n);

    memset(out, 0, len);
    if (b.len == len) {
        memcpy(out, b.data, len);
    }
}

void db_get_uuid(sqlite3_stmt *st, int n, struct uuid *out)
{
    get_fixed(st, n, out->bytes, sizeof(out->bytes));
}

void db_get_hash(sqlite3_stmt *st, int n, struct hash *out)
{
    get_fixed(st, n, out->bytes, sizeof(out->bytes));
}

const char *db_get_text(sqlite3_stmt *st, int n)
{
    const char *text = (const char *)sqlite3_column_text(st, n);

    return text != NULL ? text : "";
}
