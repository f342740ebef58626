#include "core/store_blobs.h"

#include <string.h>

#include "core/event.h"
#include "core/fields.h"
#include "core/store_internal.h"

#define HASH_HEAD 2 /* bytes of CBOR before the 32 of a hash */

static_assert(PHOTO_SMALL_BLOB == 22, "as in sql_small");

void store_blob_mark_top(struct store_blob_mark *mark)
{
    mark->hlc = mark->row = INT64_MAX;
}

static const char sql_small[] =
    "SELECT r.created_hlc, r.id, f.value, f.event FROM record r"
    " JOIN field f ON f.record = r.id AND f.field = 22 AND f.ordinal = 0"
    " WHERE r.kind = ?1 AND r.is_struck = 0 AND f.event IS NOT NULL"
    " AND (r.created_hlc, r.id) < (?2, ?3)"
    " AND length(f.value) = 34 AND NOT EXISTS"
    " (SELECT 1 FROM blob b WHERE b.name = substr(f.value, 3))"
    " ORDER BY r.created_hlc DESC, r.id DESC LIMIT ?4";

enum err store_blobs_small(struct store *s, struct store_blob_mark *mark,
                           struct store_blob *out, size_t max, size_t *count)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(s, sql_small, &st);

    *count = 0;
    if (err)
        return err;
    db_bind_int(st, 1, KIND_PHOTO);
    db_bind_int(st, 2, mark->hlc);
    db_bind_int(st, 3, mark->row);
    db_bind_int(st, 4, (int64_t)max);
    for (;;) {
        struct bytes value;

        err = db_step(st, &has_row);
        if (err || !has_row)
            return err;
        mark->hlc = sqlite3_column_int64(st, 0);
        mark->row = sqlite3_column_int64(st, 1);
        value = db_get_bytes(st, 2);
        out[*count].event = sqlite3_column_int64(st, 3);
        memcpy(out[*count].name.bytes, value.data + HASH_HEAD,
               sizeof(struct hash));
        ++*count;
    }
}

static const char sql_ask[] =
    "INSERT INTO blob_asked (name, event) SELECT ?1, ?2 WHERE NOT EXISTS"
    " (SELECT 1 FROM blob WHERE name = ?1) ON CONFLICT (name) DO NOTHING";

enum err store_blob_ask(struct store *s, const struct store_blob *b)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_ask, &st);

    if (err)
        return err;
    db_bind_hash(st, 1, &b->name);
    db_bind_int(st, 2, b->event);
    return db_run(st);
}

static const char sql_asked[] =
    "SELECT a.name, a.event FROM blob_asked a JOIN event e ON e.id = a.event"
    " WHERE a.name > ?1 AND e.body IS NOT NULL ORDER BY a.name LIMIT 1";

enum err store_blob_asked(struct store *s, const struct hash *after,
                          struct store_blob *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_asked, &st);

    if (err)
        return err;
    db_bind_hash(st, 1, after);
    err = db_row(st);
    if (err)
        return err;
    db_get_hash(st, 0, &out->name);
    out->event = sqlite3_column_int64(st, 1);
    sqlite3_reset(st);
    return ERR_OK;
}

static const char sql_here[] =
    "INSERT INTO blob (name, size, is_own, event)"
    " SELECT ?1, ?2, 0, id FROM event WHERE id = ?3 AND body IS NOT NULL"
    " ON CONFLICT (name) DO NOTHING";
static const char sql_is_here[] = "SELECT 1 FROM blob WHERE name = ?1";
static const char sql_unask[] = "DELETE FROM blob_asked WHERE name = ?1";

static enum err put_here(struct store *s, const struct store_blob *b,
                         uint64_t size)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_here, &st);

    if (!err) {
        db_bind_hash(st, 1, &b->name);
        db_bind_int(st, 2, (int64_t)size);
        db_bind_int(st, 3, b->event);
        err = db_run(st);
    }
    err = err ? err : store_statement(s, sql_unask, &st);
    if (!err) {
        db_bind_hash(st, 1, &b->name);
        err = db_run(st);
    }
    return err;
}

enum err store_blob_here(struct store *s, const struct store_blob *b,
                         uint64_t size)
{
    sqlite3_stmt *st;
    bool has_row = false;
    enum err err = store_begin(s);

    if (err)
        return err;
    err = put_here(s, b, size);
    if (err) {
        store_rollback(s);
        return err;
    }
    err = store_commit(s);
    err = err ? err : store_statement(s, sql_is_here, &st);
    if (!err) {
        db_bind_hash(st, 1, &b->name);
        err = db_step(st, &has_row);
        sqlite3_reset(st);
    }
    return err ? err : has_row ? ERR_OK : ERR_NOT_FOUND;
}
