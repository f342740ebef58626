/* The end of the shift, people, drafts: see tablet_list.h. */
#include <string.h>

#include "core/project.h"
#include "core/tablet_internal.h"
#include "core/tablet_list.h"

/* --- the end of the shift --- */

static const char sql_patrol[] =
    "SELECT r.record, r.created_ms, r.created_hlc,"
    " (SELECT value FROM field WHERE record = r.id AND field = ?3"
    " AND ordinal = 0),"
    " (SELECT header FROM event WHERE record = r.record AND op = ?4"
    " ORDER BY id DESC LIMIT 1),"
    " (SELECT header FROM event WHERE record = r.record ORDER BY id LIMIT 1)"
    " FROM record r WHERE r.kind = ?1 AND r.officer = ?2 AND r.is_own = 1"
    " ORDER BY r.created_hlc DESC LIMIT 1";

/* Own records of these kinds made during the patrol, and of those the ones
 * for which no receipt is missing. */
static const char sql_made[] =
    "SELECT r.kind, count(*), count(*) FILTER (WHERE NOT"
    " EXISTS (SELECT 1 FROM event e JOIN incarnation i"
    " ON i.id = e.incarnation WHERE e.record = r.record AND i.is_own = 1"
    " AND e.state <> 2 AND e.sequence > i.acked AND e.link IS NOT NULL)"
    " AND NOT EXISTS (SELECT 1 FROM event e JOIN blob b ON b.event = e.id"
    " WHERE e.record = r.record AND b.is_own = 1 AND b.receipt IS NULL))"
    " FROM record r WHERE r.is_own = 1 AND r.officer = ?1"
    " AND r.created_hlc BETWEEN ?2 AND ?3"
    " AND r.kind IN (1, 4, 8, 9, 30, 31) GROUP BY r.kind";

static_assert(KIND_OBSERVATION == 1 && KIND_PHOTO == 4 && KIND_ENTRY == 8 &&
                  KIND_NOTICE == 9 && KIND_RESTRICTED == 30 &&
                  KIND_SEALED == 31,
              "as in sql_made");

static const char sql_draft_count[] =
    "SELECT count(*) FROM draft WHERE officer = ?1 AND form NOT LIKE '@%'"
    " AND form <> 'review'"; /* a leader's question isn't a record */

/* When it was: the record's times, and its span of the logical clock. */
struct span {
    uint64_t from, to;
};

static enum err read_patrol(struct tablet *t, struct tablet_summary *out,
                            struct span *span)
{
    struct event_header h;
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql_patrol, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_PATROL);
    db_bind_uuid(st, 2, &t->officer);
    db_bind_int(st, 3, PATROL_AREA);
    db_bind_int(st, 4, OP_PATROL_END);
    err = db_row(st);
    if (err) {
        return err;
    }
    db_get_uuid(st, 0, &out->patrol);
    out->started_ms = sqlite3_column_int64(st, 1);
    span->from = (uint64_t)sqlite3_column_int64(st, 2);
    span->to = INT64_MAX;
    tablet_copy(db_get_bytes(st, 3), out->area, sizeof(out->area));
    if (!event_header_parse(db_get_bytes(st, 4), &h)) {
        out->ended_ms = h.wall_ms;
        span->to = h.hlc + 1; /* the line that says so comes after it */
    }
    if (!event_header_parse(db_get_bytes(st, 5), &h)) {
        out->utc_offset_min = (int)h.utc_offset_min;
    }
    sqlite3_reset(st);
    return ERR_OK;
}

static void add_kind(struct tablet_summary *out, int kind, unsigned made,
                     unsigned stored)
{
    switch (kind) {
    case KIND_PHOTO:
        out->photos += made;
        break;
    case KIND_ENTRY:
        out->entries += made;
        break;
    case KIND_NOTICE:
        out->notices += made;
        break;
    default:
        out->observations += made;
    }
    out->made += made;
    out->stored += stored;
    out->waiting += made - stored;
}

static enum err count_made(struct tablet *t, const struct span *span,
                           struct tablet_summary *out)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_made, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &t->officer);
    db_bind_int(st, 2, (int64_t)span->from);
    db_bind_int(st, 3, (int64_t)span->to);
    for (;;) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        add_kind(out, sqlite3_column_int(st, 0),
                 (unsigned)sqlite3_column_int(st, 1),
                 (unsigned)sqlite3_column_int(st, 2));
    }
}

enum err tablet_summary(struct tablet *t, struct tablet_summary *out)
{
    struct span span;
    struct uuid patrol;
    sqlite3_stmt *st;
    enum err err;

    memset(out, 0, sizeof(*out));
    err = read_patrol(t, out, &span);
    if (!err) {
        err = count_made(t, &span, out);
    }
    if (!err && tablet_patrol_find(t, &patrol, &out->is_paused)) {
        out->is_paused = false;
    }
    if (!err) {
        err = store_statement(t->store, sql_draft_count, &st);
    }
    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &t->officer);
    err = db_row(st);
    if (!err) {
        out->drafts = (unsigned)sqlite3_column_int(st, 0);
        sqlite3_reset(st);
    }
    return err;
}

/* --- people --- */

static const char sql_people[] =
    "SELECT r.record, n.value, m.value, (SELECT value FROM field"
    " WHERE record = r.id AND field = ?4 AND ordinal = 0) FROM record r"
    " JOIN field n ON n.record = r.id AND n.field = ?2 AND n.ordinal = 0"
    " JOIN field m ON m.record = r.id AND m.field = ?3 AND m.ordinal = 0"
    " WHERE r.kind = ?1 AND r.is_struck = 0 ORDER BY m.value, r.record";

/* The first of a set of codes. */
static void copy_code(struct bytes cbor, char *out, size_t size)
{
    struct cbor_reader r;
    struct bytes text;

    out[0] = '\0';
    if (cbor.data == NULL) {
        return;
    }
    cbor_open_gated(&r, cbor);
    if (cbor_get_array(&r) == 0) {
        return;
    }
    text = cbor_get_text(&r);
    if (!r.err && text.len < size) {
        memcpy(out, text.data, text.len);
        out[text.len] = '\0';
    }
}

enum err tablet_people(struct tablet *t, tablet_person_fn fn, void *ctx)
{
    struct tablet_person p;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_people, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_OFFICER);
    db_bind_int(st, 2, OFFICER_NUMBER);
    db_bind_int(st, 3, OFFICER_NAME);
    db_bind_int(st, 4, OFFICER_ROLES);
    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        db_get_uuid(st, 0, &p.id);
        tablet_copy(db_get_bytes(st, 1), p.number, sizeof(p.number));
        tablet_copy(db_get_bytes(st, 2), p.name, sizeof(p.name));
        copy_code(db_get_bytes(st, 3), p.role, sizeof(p.role));
        err = fn(ctx, &p);
    }
    sqlite3_reset(st);
    return err == ERR_STOPPED ? ERR_OK : err;
}

/* --- drafts --- */

static const char sql_draft_put[] =
    "INSERT INTO draft (id, officer, form, data, changed_ms)"
    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO UPDATE SET"
    " form = excluded.form, data = excluded.data,"
    " changed_ms = excluded.changed_ms";
static const char sql_draft_drop[] =
    "DELETE FROM draft WHERE id = ?1 AND officer = ?2";
static const char sql_drafts[] =
    "SELECT id, form, data FROM draft WHERE officer = ?1"
    " AND form NOT LIKE '@%' ORDER BY changed_ms DESC, id";

enum err tablet_draft_put(struct tablet *t, const struct uuid *id,
                          const char *form, struct bytes data)
{
    static const uint8_t nothing;
    struct port_time now;
    sqlite3_stmt *st;
    const enum err err = store_statement(t->store, sql_draft_put, &st);

    if (err) {
        return err;
    }
    if (data.data == NULL) {
        data.data = &nothing;
    }
    t->port->ops->now(t->port->ctx, &now);
    db_bind_uuid(st, 1, id);
    db_bind_uuid(st, 2, &t->officer);
    db_bind_text(st, 3, form);
    db_bind_bytes(st, 4, data);
    db_bind_int(st, 5, now.wall_ms);
    return db_run(st);
}

enum err tablet_draft_drop(struct tablet *t, const struct uuid *id)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(t->store, sql_draft_drop, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, id);
    db_bind_uuid(st, 2, &t->officer);
    return db_run(st);
}

static enum err each_draft(sqlite3_stmt *st, tablet_draft_fn fn, void *ctx)
{
    struct uuid id;
    bool has_row;
    enum err err = ERR_OK;

    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        db_get_uuid(st, 0, &id);
        err = fn(ctx, &id, db_get_text(st, 1), db_get_bytes(st, 2));
    }
    sqlite3_reset(st);
    return err == ERR_STOPPED ? ERR_OK : err;
}

enum err tablet_drafts(struct tablet *t, tablet_draft_fn fn, void *ctx)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(t->store, sql_drafts, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &t->officer);
    return each_draft(st, fn, ctx);
}

static const char sql_drafts_of[] =
    "SELECT id, form, data FROM draft WHERE officer = ?1 AND form = ?2"
    " ORDER BY changed_ms DESC, id";

enum err tablet_drafts_of(struct tablet *t, const char *form,
                          tablet_draft_fn fn, void *ctx)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(t->store, sql_drafts_of, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &t->officer);
    db_bind_text(st, 2, form);
    return each_draft(st, fn, ctx);
}
