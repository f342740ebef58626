#include "core/audience.h"

#include <string.h>

#include "core/erase.h"
#include "core/mem.h"
#include "core/project.h"
#include "core/store_internal.h"
#include "core/sync_internal.h"

/* In the meta table while something is still to be dropped. */
#define META_DUE "audience.due"

/* --- which are missing --- */

static bool has_cursor(const struct wire_list *list,
                       const struct wire_cursor *wanted)
{
    struct wire_list_reader r;
    struct bytes item;

    wire_list_open(&r, list);
    while (wire_list_next(&r, &item)) {
        struct wire_cursor c;

        if (!wire_cursor_get(item, &c) && c.kind == wanted->kind &&
            uuid_eq(&c.id, &wanted->id)) {
            return true;
        }
    }
    return false;
}

/* Of what was kept last time, is all of it in `now`? */
static bool is_missing(struct bytes kept, const struct wire_list *now)
{
    struct wire_list before;
    struct wire_list_reader r;
    struct cbor_reader c;
    struct bytes item;

    cbor_open(&c, kept);
    before.count = cbor_get_array(&c);
    before.items = (struct bytes){ c.at, (size_t)(c.end - c.at) };
    wire_list_open(&r, &before);
    while (!c.err && wire_list_next(&r, &item)) {
        struct wire_cursor cursor;

        if (!wire_cursor_get(item, &cursor) && cursor.kind < WIRE_SUB_LATE &&
            !has_cursor(now, &cursor)) {
            return true;
        }
    }
    return false;
}

static enum err is_due(struct store *s, const struct wire_list *now, bool *out)
{
    const uint8_t due = 1;
    struct buf value;
    enum err err;

    buf_init(&value, SYNC_CURSORS_MAX_BYTES);
    err = store_meta_get(s, META_DUE, &value);
    *out = !err;
    if (err == ERR_NOT_FOUND) {
        err = store_meta_get(s, SYNC_META_CURSORS, &value);
        if (!err && is_missing(buf_bytes(&value), now)) {
            *out = true;
            err = store_meta_put(s, META_DUE,
                                 (struct bytes){ &due, sizeof(due) });
        }
    }
    buf_fini(&value);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* --- what goes --- */

/* What others wrote; of the server's own only what it told a role. */
static const char sql_next[] =
    "SELECT e.id, e.header, e.record FROM event e JOIN incarnation i"
    " ON i.id = e.incarnation WHERE e.id > ?1 AND i.is_own = 0"
    " AND e.body IS NOT NULL AND e.op NOT IN (30, 31, 32)"
    " AND (e.op = ?2 OR NOT EXISTS (SELECT 1 FROM record c"
    " WHERE c.record = ?3 AND c.device = i.device)) ORDER BY e.id LIMIT 1";

struct dropped {
    struct uuid *records; /* owned */
    size_t count, cap;
};

static enum err note(struct dropped *d, const struct uuid *record)
{
    void *more;

    if (d->count > 0 && uuid_eq(&d->records[d->count - 1], record)) {
        return ERR_OK;
    }
    if (d->count == d->cap) {
        d->cap = d->cap > 0 ? d->cap * 2 : 64;
        more = mem_realloc(d->records, d->cap * sizeof(*d->records));
        if (more == NULL) {
            return ERR_NOMEM;
        }
        d->records = more;
    }
    d->records[d->count++] = *record;
    return ERR_OK;
}

static enum err drop_next(struct evlog *log, int64_t *id, struct dropped *d)
{
    const struct uuid council = evlog_identity(log)->council;
    struct store *s = evlog_store(log);
    struct uuid record;
    struct bytes view;
    struct buf header;
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_next, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, *id);
    db_bind_int(st, 2, OP_CONSULT);
    db_bind_uuid(st, 3, &council);
    err = db_row(st);
    if (err) {
        return err;
    }
    *id = sqlite3_column_int64(st, 0);
    view = db_get_bytes(st, 1);
    db_get_uuid(st, 2, &record);
    buf_init(&header, HEADER_MAX_BYTES);
    buf_put(&header, view.data, view.len);
    sqlite3_reset(st);
    err = header.err;
    err = err ? err : erase_event(s, *id, buf_bytes(&header));
    err = err ? err : note(d, &record);
    buf_fini(&header);
    return err;
}

static enum err drop_all(struct evlog *log)
{
    static const char sql_done[] = "DELETE FROM meta WHERE name = ?1";
    struct dropped d = { .records = NULL };
    struct store *s = evlog_store(log);
    sqlite3_stmt *st;
    int64_t id = 0;
    enum err err;

    do {
        err = drop_next(log, &id, &d);
    } while (!err);
    err = err == ERR_NOT_FOUND ? ERR_OK : err;
    if (!err && d.count > 0) {
        err = project_records(s, d.records, d.count);
    }
    mem_free(d.records);
    err = err ? err : store_statement(s, sql_done, &st);
    if (err) {
        return err;
    }
    db_bind_text(st, 1, META_DUE);
    return db_run(st);
}

/* --- the cursors --- */

static void put_cursors(const struct wire_list *now, bool from_start,
                        struct buf *out)
{
    struct wire_list_reader r;
    struct bytes item;

    cbor_put_array(out, now->count);
    wire_list_open(&r, now);
    while (wire_list_next(&r, &item)) {
        struct wire_cursor c;

        if (!from_start || wire_cursor_get(item, &c) ||
            c.kind == WIRE_SUB_COUNCIL || c.kind == WIRE_SUB_ORDERS) {
            cbor_put_raw(out, item);
            continue;
        }
        c.position = c.start;
        wire_cursor_put(out, &c);
    }
}

enum err audience_follow(struct evlog *log, const struct wire_list *now,
                         bool may_drop, struct buf *out)
{
    bool due;
    enum err err = is_due(evlog_store(log), now, &due);

    if (!err && due && may_drop) {
        err = drop_all(log);
    }
    put_cursors(now, due && may_drop, out);
    return err ? err : out->err;
}
