/* sdb_sqlite_event.c - events, chains, branches and seals. */
#include "sync-server/sdb_sqlite.h"

#include <string.h>

#include "sync-server/sdb_order.h"

#define EVENT_COLUMNS                                                      \
    "incarnation, sequence, device, officer, record, kind, op, position, " \
    "link, header_hash, header, salt, body, state, code, reason, received_ms"
#define SELECT_EVENT "SELECT " EVENT_COLUMNS " FROM event WHERE council=?1 "

enum err sdb_event_add(struct sdb *db, const struct sdb_event *e)
{
    const struct bytes link = { e->has_link ? e->link.bytes : NULL, 32 };
    const struct bytes reason = { e->reason.len ? e->reason.data
                                                : (const uint8_t *)"",
                                  e->reason.len };
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db,
        "INSERT INTO event(council, " EVENT_COLUMNS ") VALUES(?1,?2,?3,?4,"
        "?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16,CAST(?17 AS TEXT),?18)");

    sdb_sqlite_bind(st, "uiuuuiiibhbbbiibi", &e->ref.incarnation,
                    e->ref.sequence, &e->device, &e->officer, &e->record,
                    e->kind, e->op, e->position, &link, &e->header_hash,
                    &e->header, &e->salt, &e->body, (uint64_t)e->state,
                    (uint64_t)e->code, &reason, (uint64_t)e->received_ms);
    return sdb_sqlite_done(db, st);
}

static void read_event(sqlite3_stmt *st, struct sdb_event *e)
{
    uint64_t state, code;

    memset(e, 0, sizeof(*e));
    sdb_sqlite_read(st, "uiuuuiiihhbbbiibs", &e->ref.incarnation,
                    &e->ref.sequence, &e->device, &e->officer, &e->record,
                    &e->kind, &e->op, &e->position, &e->link, &e->header_hash,
                    &e->header, &e->salt, &e->body, &state, &code, &e->reason,
                    &e->received_ms);
    e->has_link = sqlite3_column_type(st, 8) != SQLITE_NULL;
    e->state = (enum sdb_event_state)state;
    e->code = (enum err)code;
    if (sqlite3_column_type(st, 12) != SQLITE_NULL && e->body.data == NULL) {
        static const uint8_t nothing; /* SQLite shows x'' as NULL */

        e->body.data = &nothing;
    }
}

/* Moves a view into db->view, so that the statement can be reset. */
static void keep(struct sdb *db, struct bytes *view, size_t *at)
{
    if (view->data != NULL) {
        view->data = db->view.data + *at;
        *at += view->len;
    }
}

static enum err one_event(struct sdb *db, sqlite3_stmt *st,
                          struct sdb_event *out)
{
    enum err err = sdb_sqlite_row(db, st);
    size_t at = 0;

    if (err)
        return err;
    read_event(st, out);
    buf_reset(&db->view);
    buf_put(&db->view, out->header.data, out->header.len);
    buf_put(&db->view, out->salt.data, out->salt.len);
    buf_put(&db->view, out->body.data, out->body.len);
    buf_put(&db->view, out->reason.data, out->reason.len);
    keep(db, &out->header, &at);
    keep(db, &out->salt, &at);
    keep(db, &out->body, &at);
    keep(db, &out->reason, &at);
    sqlite3_reset(st);
    return db->view.err;
}

enum err sdb_event_get(struct sdb *db, const struct event_ref *ref,
                       struct sdb_event *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(db, SELECT_EVENT
                                          "AND incarnation=?2 AND sequence=?3");

    sdb_sqlite_bind(st, "ui", &ref->incarnation, ref->sequence);
    return one_event(db, st, out);
}

enum err sdb_event_at(struct sdb *db, uint64_t position, struct sdb_event *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(db, SELECT_EVENT "AND position=?2");

    sdb_sqlite_bind(st, "i", position);
    return one_event(db, st, out);
}

/* ERR_NOT_FOUND: of a row it is the end, of who was told it is an error. */
static enum err walked(enum err row, enum err told)
{
    if (told) {
        return told == ERR_STOPPED ? ERR_OK : told;
    }
    return row == ERR_NOT_FOUND ? ERR_OK : row;
}

static enum err walk(struct sdb *db, sqlite3_stmt *st, sdb_event_fn fn,
                     void *ctx)
{
    enum err err = ERR_OK, told = ERR_OK;

    while (!told && (err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct sdb_event e;

        read_event(st, &e);
        told = fn(ctx, &e);
    }
    sdb_sqlite_end(db, st);
    return walked(err, told);
}

enum err sdb_event_range(struct sdb *db, const struct uuid *inc,
                         const uint64_t first_last[2], sdb_event_fn fn,
                         void *ctx)
{
    sqlite3_stmt *st =
        sdb_sqlite_walk(db, SELECT_EVENT "AND incarnation=?2 AND sequence>=?3"
                                         " AND sequence<=?4 ORDER BY sequence");

    sdb_sqlite_bind(st, "uii", inc, first_last[0], first_last[1]);
    return walk(db, st, fn, ctx);
}

enum err sdb_event_all(struct sdb *db, uint64_t from_position, sdb_event_fn fn,
                       void *ctx)
{
    sqlite3_stmt *st =
        sdb_sqlite_walk(db, SELECT_EVENT "AND position>=?2 ORDER BY position");

    sdb_sqlite_bind(st, "i", from_position);
    return walk(db, st, fn, ctx);
}

enum err sdb_event_of_record(struct sdb *db, const struct uuid *record,
                             sdb_event_fn fn, void *ctx)
{
    sqlite3_stmt *st =
        sdb_sqlite_walk(db, SELECT_EVENT "AND record=?2 ORDER BY position");

    sdb_sqlite_bind(st, "u", record);
    return walk(db, st, fn, ctx);
}

enum err sdb_event_set_link(struct sdb *db, const struct event_ref *ref,
                            const struct hash *link)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "UPDATE event SET link=?4 WHERE council=?1 AND incarnation=?2"
            " AND sequence=?3");

    sdb_sqlite_bind(st, "uih", &ref->incarnation, ref->sequence, link);
    return sdb_sqlite_done(db, st);
}

enum err sdb_event_set_state(struct sdb *db, const struct sdb_event *e)
{
    const struct bytes reason = { e->reason.len ? e->reason.data
                                                : (const uint8_t *)"",
                                  e->reason.len };
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "UPDATE event SET state=?4, code=?5, reason=CAST(?6 AS TEXT),"
            " salt=?7, body=?8"
            " WHERE council=?1 AND incarnation=?2 AND sequence=?3");

    sdb_sqlite_bind(st, "uiiibbb", &e->ref.incarnation, e->ref.sequence,
                    (uint64_t)e->state, (uint64_t)e->code, &reason, &e->salt,
                    &e->body);
    return sdb_sqlite_done(db, st);
}

enum err sdb_branch_add(struct sdb *db, const struct sdb_event *e)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR IGNORE INTO branch(council, incarnation, sequence,"
            " header_hash, header, salt, body, received_ms)"
            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8)");

    sdb_sqlite_bind(st, "uihbbbi", &e->ref.incarnation, e->ref.sequence,
                    &e->header_hash, &e->header, &e->salt, &e->body,
                    (uint64_t)e->received_ms);
    return sdb_sqlite_done(db, st);
}

enum err sdb_incarnation_get(struct sdb *db, const struct uuid *id,
                             struct sdb_incarnation *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT incarnation, device, held, link, state FROM incarnation"
            " WHERE council=?1 AND incarnation=?2");
    uint64_t state;
    enum err err;

    sdb_sqlite_bind(st, "u", id);
    err = sdb_sqlite_row(db, st);
    if (err)
        return err;
    sdb_sqlite_read(st, "uuihi", &out->id, &out->device, &out->held, &out->link,
                    &state);
    out->state = (enum sdb_incarnation_state)state;
    sqlite3_reset(st);
    return ERR_OK;
}

enum err sdb_incarnation_count(struct sdb *db, const struct uuid *device,
                               uint64_t *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT count(*) FROM incarnation WHERE council=?1 AND device=?2");
    enum err err;

    *out = 0;
    sdb_sqlite_bind(st, "u", device);
    err = sdb_sqlite_row(db, st);
    if (!err) {
        sdb_sqlite_read(st, "i", out);
        sqlite3_reset(st);
    }
    return err;
}

enum err sdb_incarnation_put(struct sdb *db, const struct sdb_incarnation *i)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR REPLACE INTO incarnation(council, incarnation, device,"
            " held, link, state) VALUES(?1,?2,?3,?4,?5,?6)");

    sdb_sqlite_bind(st, "uuihi", &i->id, &i->device, i->held, &i->link,
                    (uint64_t)i->state);
    return sdb_sqlite_done(db, st);
}

enum err sdb_seal_put(struct sdb *db, const struct event_ref *ref,
                      struct bytes seal)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR REPLACE INTO seal(council, incarnation, sequence, seal)"
            " VALUES(?1,?2,?3,?4)");

    sdb_sqlite_bind(st, "uib", &ref->incarnation, ref->sequence, &seal);
    return sdb_sqlite_done(db, st);
}

enum err sdb_seal_from(struct sdb *db, struct event_ref *ref,
                       struct buf *seal_out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT sequence, seal FROM seal WHERE council=?1 AND"
            " incarnation=?2 AND sequence>=?3 ORDER BY sequence LIMIT 1");
    struct bytes seal;
    enum err err;

    sdb_sqlite_bind(st, "ui", &ref->incarnation, ref->sequence);
    err = sdb_sqlite_row(db, st);
    if (err)
        return err;
    sdb_sqlite_read(st, "ib", &ref->sequence, &seal);
    buf_put(seal_out, seal.data, seal.len);
    sqlite3_reset(st);
    return seal_out->err;
}

enum err sdb_seal_all(struct sdb *db, sdb_seal_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT incarnation, sequence, seal FROM seal WHERE council=?1");
    enum err err = ERR_OK, told = ERR_OK;

    while (!told && (err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct event_ref ref;
        struct bytes seal;

        sdb_sqlite_read(st, "uib", &ref.incarnation, &ref.sequence, &seal);
        told = fn(ctx, &ref, seal);
    }
    sdb_sqlite_end(db, st);
    return walked(err, told);
}
