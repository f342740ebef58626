#include "core/store_parcels.h"

#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "core/store_internal.h"

static const char sql_waiting[] = "SELECT count(*) FROM parcel WHERE state = 0";
static const char sql_add[] =
    "INSERT INTO parcel (name, size, taken_ms) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (name) DO UPDATE SET state = 0, words = ''"
    " WHERE state = 2";

enum err store_parcel_add(struct store *s, const struct hash *name,
                          uint64_t size, int64_t now_ms)
{
    sqlite3_stmt *st;
    int64_t waiting = 0;
    enum err err = store_number(s, sql_waiting, &waiting);

    if (!err && waiting >= PARCELS_MAX) {
        err = ERR_FULL;
    }
    err = err ? err : store_statement(s, sql_add, &st);
    if (err)
        return err;
    db_bind_hash(st, 1, name);
    db_bind_int(st, 2, (int64_t)size);
    db_bind_int(st, 3, now_ms);
    return db_run(st);
}

static void read_parcel(sqlite3_stmt *st, struct store_parcel *p)
{
    memset(p, 0, sizeof(*p));
    db_get_hash(st, 0, &p->name);
    p->size = (uint64_t)sqlite3_column_int64(st, 1);
    p->state = (enum store_parcel_state)sqlite3_column_int(st, 2);
    snprintf(p->words, sizeof(p->words), "%s", db_get_text(st, 3));
    p->taken_ms = sqlite3_column_int64(st, 4);
    p->has_answer = sqlite3_column_int(st, 5) != 0;
}

#define COLUMNS "SELECT name, size, state, words, taken_ms, answer IS NOT NULL"

static const char sql_all[] = COLUMNS " FROM parcel ORDER BY taken_ms, name";

enum err store_parcels(struct store *s, store_parcel_fn fn, void *ctx)
{
    struct store_parcel p;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(s, sql_all, &st);

    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        read_parcel(st, &p);
        err = fn(ctx, &p);
        if (err) {
            sqlite3_reset(st);
        }
    }
    return err == ERR_STOPPED ? ERR_OK : err;
}

static const char sql_next[] =
    COLUMNS " FROM parcel WHERE state = 0 AND size <= ?1"
            " ORDER BY taken_ms, name LIMIT 1";

enum err store_parcel_next(struct store *s, uint64_t max_size,
                           struct store_parcel *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_next, &st);

    if (err)
        return err;
    db_bind_int(st, 1, (int64_t)max_size);
    err = db_row(st);
    if (!err) {
        read_parcel(st, out);
        sqlite3_reset(st);
    }
    return err;
}

static const char sql_end[] =
    "UPDATE parcel SET state = ?2, words = ?3, answer = ?4 WHERE name = ?1";

enum err store_parcel_end(struct store *s, const struct hash *name,
                          enum store_parcel_state state, struct bytes words,
                          struct bytes answer)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_end, &st);

    if (err)
        return err;
    db_bind_hash(st, 1, name);
    db_bind_int(st, 2, state);
    if (words.len > 0) {
        db_bind_text_view(st, 3, words);
    } else {
        db_bind_text(st, 3, "");
    }
    db_bind_bytes(st, 4, answer);
    return db_run(st);
}

static const char sql_answer[] =
    "SELECT answer FROM parcel WHERE name = ?1 AND answer IS NOT NULL";

enum err store_parcel_answer(struct store *s, const struct hash *name,
                             struct buf *out)
{
    struct bytes answer;
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_answer, &st);

    if (err)
        return err;
    db_bind_hash(st, 1, name);
    err = db_row(st);
    if (err)
        return err;
    answer = db_get_bytes(st, 0);
    buf_put(out, answer.data, answer.len);
    sqlite3_reset(st);
    return out->err;
}
