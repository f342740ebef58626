/* Closing an incarnation and opening the next: see evlog.h. */
#include "core/evlog.h"

#include <string.h>

#include "core/evlog_internal.h"
#include "core/fields.h"
#include "core/mem.h"
#include "core/project.h"
#include "core/tier.h"

static const char sql_unsent[] =
    "SELECT e.id, e.sequence, e.header, e.body FROM event e"
    " WHERE e.incarnation = ?1 AND e.sequence >"
    " max(?2, (SELECT acked FROM incarnation WHERE id = ?1))"
    " AND e.link IS NOT NULL AND e.state <> 2 ORDER BY e.sequence LIMIT 1";
/* Made anew from a damaged store: no chain that could be given back. */
static const char sql_salvaged[] =
    "SELECT e.id, e.sequence, e.header, e.body FROM event e"
    " WHERE e.incarnation = ?1 AND e.sequence > ?2"
    " AND e.link IS NULL AND e.state <> 2 ORDER BY e.sequence LIMIT 1";
static const char sql_salvaged_chain[] =
    "SELECT id, incarnation FROM incarnation WHERE id > ?1 AND is_own = 1"
    " AND is_closed = 1 AND head = 0 ORDER BY id LIMIT 1";
static const char sql_close[] =
    "UPDATE incarnation SET is_closed = 1 WHERE id = ?1";
static const char sql_lower[] =
    "UPDATE incarnation SET acked = ?2"
    " WHERE id = ?1 AND is_own = 1 AND is_closed = 1 AND acked > ?2";
static const char sql_mark[] = "UPDATE event SET state = 2 WHERE id = ?1";

/* Which event of the old incarnation became which of the new one. */
struct moved {
    uint64_t from, to; /* sequences; `from` ascends */
};

struct restart {
    struct evlog *log;
    struct uuid old;
    int64_t old_row;
    const char *sql; /* what is recorded again */
    struct moved *moved;
    size_t moved_count, moved_cap;
};

static enum err note_move(struct restart *r, uint64_t from, uint64_t to)
{
    if (r->moved_count == r->moved_cap) {
        const size_t cap = r->moved_cap > 0 ? r->moved_cap * 2 : 64;
        struct moved *more = mem_realloc(r->moved, cap * sizeof(*more));

        if (more == NULL) {
            return ERR_NOMEM;
        }
        r->moved = more;
        r->moved_cap = cap;
    }
    r->moved[r->moved_count++] = (struct moved){ from, to };
    return ERR_OK;
}

/* A base that was recorded again is named by its new place. */
static void follow(const struct restart *r, struct event_ref *ref)
{
    size_t low = 0, high = r->moved_count;

    if (!uuid_eq(&ref->incarnation, &r->old)) {
        return;
    }
    while (low < high) {
        const size_t mid = low + (high - low) / 2;

        if (r->moved[mid].from < ref->sequence) {
            low = mid + 1;
        } else {
            high = mid;
        }
    }
    if (low < r->moved_count && r->moved[low].from == ref->sequence) {
        ref->incarnation = r->log->id.incarnation;
        ref->sequence = r->moved[low].to;
    }
}

static enum err rewrite(const struct restart *r, struct bytes in,
                        struct buf *out)
{
    struct event_ref refs[BODY_BASES_MAX];
    struct body_writer w;
    struct body_view v;
    char form[FORM_ID_MAX + 1] = "";
    size_t count;
    enum err err = body_parse(in, &v);

    if (err) {
        return err;
    }
    body_begin(&w);
    for (size_t i = 0; !err && i < v.field_count; i++) {
        const struct body_field_view *f = &v.fields[i];

        if (f->value.len > 0) {
            body_put_raw(&w, f->id, f->value);
        }
        err = body_bases(f, &r->old, refs, &count);
        for (size_t j = 0; j < count; j++) {
            follow(r, &refs[j]);
        }
        body_put_base(&w, f->id, &r->log->id.incarnation, refs, count);
    }
    w.parent = v.parent;
    w.parent_field = v.parent_field;
    w.kind = v.kind;
    for (size_t i = 0; i < v.form.len; i++) {
        form[i] = (char)v.form.data[i];
    }
    w.form = form;
    w.form_version = v.form_version;
    if (!err) {
        err = body_end(&w, out);
    }
    body_fini(&w);
    return err;
}

/* The body for the new incarnation: what we can't read (sealed) names no
 * other event, and stays as it is. */
static enum err renew_body(const struct restart *r,
                           const struct event_header *h, struct bytes body,
                           struct buf *out)
{
    struct buf plain, renewed;
    enum err err;

    if (h->kind != KIND_RESTRICTED && h->kind != KIND_SEALED) {
        return rewrite(r, body, out);
    }
    buf_init(&plain, BODY_MAX_BYTES);
    buf_init(&renewed, BODY_MAX_BYTES);
    err = tier_open(r->log->store, &h->record, body, &plain);
    if (!err) {
        err = rewrite(r, buf_bytes(&plain), &renewed);
    }
    if (!err) {
        err = tier_close(r->log->store, &h->record, buf_bytes(&renewed), out);
    } else if (err == ERR_NOT_FOUND) {
        buf_put(out, body.data, body.len);
        err = out->err;
    }
    buf_wipe(&plain);
    buf_wipe(&renewed);
    return err;
}

static enum err mark_repeated(struct store *s, int64_t id)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(s, sql_mark, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, id);
    return db_run(st);
}

/* Where the new entry stood: whoever holds any of these, and whoever wrote
 * upon one, knows them for the same. */
static struct event_places former_of(const struct restart *r,
                                     const struct event_header *h)
{
    struct event_places p = h->former;

    if (p.count == EVENT_PLACES_MAX) { /* the first one stays */
        p.count--;
        memmove(&p.at[1], &p.at[2], (p.count - 1) * sizeof(p.at[0]));
    }
    p.at[p.count++] = (struct event_ref){ r->old, h->sequence };
    return p;
}

static enum err repeat_one(struct restart *r, int64_t id, struct bytes header,
                           struct bytes body)
{
    struct event_header h;
    struct event_places former;
    struct event_ref made;
    struct evlog_new e = { .kind_version = 0 };
    struct buf renewed;
    enum err err = event_header_parse(header, &h);

    if (err) {
        return err;
    }
    buf_init(&renewed, BODY_MAX_BYTES);
    if (h.op != OP_NEW_INCARNATION && body.data != NULL) {
        err = renew_body(r, &h, body, &renewed);
        e = (struct evlog_new){ h.officer,
                                h.record,
                                (enum event_kind)h.kind,
                                h.kind_version,
                                (enum event_op)h.op,
                                h.form,
                                h.form_version,
                                buf_bytes(&renewed),
                                h.blobs,
                                h.blob_count };
        former = former_of(r, &h);
        if (!err) {
            err = mark_repeated(r->log->store, id);
        }
        if (!err) {
            err = evlog_append_repeats(r->log, &e, 1, &former, &made);
        }
        if (!err) {
            err = note_move(r, h.sequence, made.sequence);
        }
    }
    buf_wipe(&renewed);
    return err;
}

/* Row by row: each append reads and writes the same table. */
static enum err repeat_all(struct restart *r)
{
    struct buf header, body;
    struct bytes view;
    sqlite3_stmt *st;
    int64_t id, sequence = 0;
    bool has_body;
    enum err err = ERR_OK;

    buf_init(&header, HEADER_MAX_BYTES);
    buf_init(&body, BODY_MAX_BYTES);
    while (!err) {
        err = store_statement(r->log->store, r->sql, &st);
        if (err) {
            break;
        }
        db_bind_int(st, 1, r->old_row);
        db_bind_int(st, 2, sequence);
        err = db_row(st);
        if (err) {
            break;
        }
        id = sqlite3_column_int64(st, 0);
        sequence = sqlite3_column_int64(st, 1);
        buf_reset(&header);
        buf_reset(&body);
        view = db_get_bytes(st, 2);
        buf_put(&header, view.data, view.len);
        view = db_get_bytes(st, 3);
        buf_put(&body, view.data, view.len);
        has_body = view.data != NULL;
        sqlite3_reset(st);
        err = header.err ? header.err : body.err;
        if (!err && has_body) { /* what was erased has nothing to say */
            err = repeat_one(r, id, buf_bytes(&header), buf_bytes(&body));
        }
    }
    buf_fini(&header);
    buf_wipe(&body);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err announce(struct restart *r, uint64_t old_head)
{
    struct evlog *log = r->log;
    struct body_writer w;
    struct buf body;
    struct evlog_new e = { .record = log->id.device,
                           .kind = KIND_DEVICE,
                           .kind_version = 1,
                           .op = OP_NEW_INCARNATION };
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_uuid(&w, DEVICE_INCARNATION, &r->old);
    body_put_int(&w, DEVICE_SEQUENCE, (int64_t)old_head);
    err = body_end(&w, &body);
    if (!err) {
        e.body = buf_bytes(&body);
        err = evlog_append(log, &e, 1, NULL);
    }
    body_fini(&w);
    buf_fini(&body);
    return err;
}

static enum err open_next(struct restart *r)
{
    struct evlog *log = r->log;
    struct evlog_head head;
    sqlite3_stmt *st;
    enum err err = evlog_head(log, &head);

    if (!err) {
        err = store_statement(log->store, sql_close, &st);
    }
    if (err) {
        return err;
    }
    db_bind_int(st, 1, r->old_row);
    err = db_run(st);
    if (!err) {
        err = log->port->ops->random(log->port->ctx, log->id.incarnation.bytes,
                                     sizeof(log->id.incarnation.bytes));
    }
    if (!err) {
        err =
            evlog_incarnation_row(log->store, &log->id.incarnation,
                                  &log->id.device, true, &log->incarnation_row);
    }
    if (!err) {
        err = store_meta_put(
            log->store, "incarnation",
            (struct bytes){ log->id.incarnation.bytes, sizeof(struct uuid) });
    }
    if (!err) {
        err = announce(r, head.sequence);
    }
    return err ? err : repeat_all(r);
}

enum err evlog_new_incarnation(struct evlog *log)
{
    struct restart r = { .log = log,
                         .sql = sql_unsent,
                         .old = log->id.incarnation,
                         .old_row = log->incarnation_row };
    enum err err = evlog_begin(log);

    if (err) {
        return err;
    }
    err = open_next(&r);
    mem_free(r.moved);
    if (!err) {
        err = evlog_commit(log);
    } else {
        evlog_rollback(log);
    }
    if (err) {
        log->id.incarnation = r.old;
        log->incarnation_row = r.old_row;
    }
    return err;
}

static enum err lower(struct restart *r, uint64_t held)
{
    sqlite3_stmt *st;
    enum err err = store_statement(r->log->store, sql_lower, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, r->old_row);
    db_bind_int(st, 2, (int64_t)held);
    err = db_run(st);
    return err || sqlite3_changes(r->log->store->db) == 0 ? err : repeat_all(r);
}

enum err evlog_record_again(struct evlog *log, const struct uuid *incarnation,
                            uint64_t held)
{
    struct restart r = { .log = log, .sql = sql_unsent, .old = *incarnation };
    enum err err = evlog_begin(log);

    if (err) {
        return err;
    }
    err = evlog_incarnation_find(log->store, incarnation, &r.old_row);
    err = err ? err : lower(&r, held);
    mem_free(r.moved);
    if (err) {
        evlog_rollback(log);
        return err;
    }
    return evlog_commit(log);
}

enum err evlog_repeat(struct evlog *log, const struct uuid *old,
                      int64_t old_row, uint64_t old_head)
{
    struct restart r = {
        .log = log, .sql = sql_unsent, .old = *old, .old_row = old_row
    };
    enum err err = announce(&r, old_head);

    err = err ? err : repeat_all(&r);
    mem_free(r.moved);
    return err;
}

enum err evlog_repeat_salvaged(struct evlog *log)
{
    struct restart r = { .log = log, .sql = sql_salvaged };
    enum err err = ERR_OK;

    log->is_salvaging = true; /* a photo may have gone as well */
    while (!err) {
        sqlite3_stmt *st;

        err = store_statement(log->store, sql_salvaged_chain, &st);
        if (err) {
            break;
        }
        db_bind_int(st, 1, r.old_row);
        err = db_row(st);
        if (err) {
            break;
        }
        r.old_row = sqlite3_column_int64(st, 0);
        db_get_uuid(st, 1, &r.old);
        sqlite3_reset(st);
        r.moved_count = 0;
        err = repeat_all(&r);
    }
    mem_free(r.moved);
    log->is_salvaging = false;
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}
