/* sdb_sqlite_log.c - the Merkle log's nodes, audiences, blobs, counts. */
#include "sync-server/sdb_sqlite.h"

#include <string.h>

#include "core/wire.h"

static enum err one_log(struct sdb *db, sqlite3_stmt *st, struct sdb_log *out)
{
    enum err err = sdb_sqlite_row(db, st);

    if (err)
        return err;
    sdb_sqlite_read(st, "iuii", &out->ordinal, &out->id, &out->base,
                    &out->size);
    sqlite3_reset(st);
    return ERR_OK;
}

enum err sdb_log_current(struct sdb *db, struct sdb_log *out)
{
    return one_log(
        db,
        sdb_sqlite_prepare(db, "SELECT ordinal, id, base, size FROM log WHERE"
                               " council=?1 ORDER BY ordinal DESC LIMIT 1"),
        out);
}

enum err sdb_log_find(struct sdb *db, const struct uuid *id,
                      struct sdb_log *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT ordinal, id, base, size FROM log WHERE council=?1"
            " AND id=?2");

    sdb_sqlite_bind(st, "u", id);
    return one_log(db, st, out);
}

enum err sdb_log_at(struct sdb *db, uint64_t ordinal, struct sdb_log *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT ordinal, id, base, size FROM log WHERE council=?1"
            " AND ordinal=?2");

    sdb_sqlite_bind(st, "i", ordinal);
    return one_log(db, st, out);
}

enum err sdb_log_put(struct sdb *db, const struct sdb_log *log)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT INTO log(council, ordinal, id, base, size)"
            " VALUES(?1,?2,?3,?4,?5) ON CONFLICT(council, ordinal)"
            " DO UPDATE SET size=excluded.size");

    sdb_sqlite_bind(st, "iuii", log->ordinal, &log->id, log->base, log->size);
    return sdb_sqlite_done(db, st);
}

enum err sdb_node_put(struct sdb *db, uint64_t log, unsigned level,
                      uint64_t index, const struct hash *node)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR REPLACE INTO node(council, log, level, idx, hash)"
            " VALUES(?1,?2,?3,?4,?5)");

    sdb_sqlite_bind(st, "iiih", log, (uint64_t)level, index, node);
    return sdb_sqlite_done(db, st);
}

enum err sdb_node_get(struct sdb *db, uint64_t log, unsigned level,
                      uint64_t index, struct hash *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT hash FROM node WHERE council=?1 AND log=?2 AND level=?3"
            " AND idx=?4");
    enum err err;

    sdb_sqlite_bind(st, "iii", log, (uint64_t)level, index);
    err = sdb_sqlite_row(db, st);
    if (err)
        return err;
    sdb_sqlite_read(st, "h", out);
    sqlite3_reset(st);
    return ERR_OK;
}

/* --- audiences --- */

enum err sdb_audience_add(struct sdb *db, const struct sdb_audience *a,
                          const struct sdb_event *e)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR IGNORE INTO audience(council, kind, id, position,"
            " device) VALUES(?1,?2,?3,?4,?5)");
    enum err err;

    sdb_sqlite_bind(st, "iuiu", a->kind, &a->id, e->position, &e->device);
    err = sdb_sqlite_done(db, st);
    if (err || a->kind == WIRE_SUB_ORDERS)
        return err; /* an order is for all, the record isn't */
    st = sdb_sqlite_prepare(
        db, "INSERT OR IGNORE INTO record_audience(council, record, kind, id)"
            " VALUES(?1,?2,?3,?4)");
    sdb_sqlite_bind(st, "uiu", &e->record, a->kind, &a->id);
    return sdb_sqlite_done(db, st);
}

enum err sdb_audience_of_record(struct sdb *db, const struct uuid *record,
                                enum err (*fn)(void *, struct sdb_audience),
                                void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT kind, id FROM record_audience WHERE council=?1"
            " AND record=?2");
    enum err err;

    sdb_sqlite_bind(st, "u", record);
    while ((err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct sdb_audience a;

        sdb_sqlite_read(st, "iu", &a.kind, &a.id);
        err = fn(ctx, a);
        if (err)
            break;
    }
    sdb_sqlite_end(db, st);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err sdb_audience_next(struct sdb *db, const struct sdb_audience *a,
                           const struct sdb_asker *asker, uint64_t from,
                           uint64_t *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT a.position FROM audience a WHERE a.council=?1 AND"
            " a.kind=?2 AND a.id=?3 AND a.position>=?4 AND (a.device<>?5 OR"
            " NOT EXISTS (SELECT 1 FROM event e WHERE e.council=?1 AND"
            " e.position=a.position AND e.incarnation=?6))"
            " ORDER BY a.position LIMIT 1");

    sdb_sqlite_bind(st, "iuiuu", a->kind, &a->id, from, &asker->device,
                    &asker->incarnation);
    return sdb_sqlite_number(db, st, out);
}

enum err sdb_position_since(struct sdb *db, int64_t ms, uint64_t *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT coalesce((SELECT min(position) FROM event WHERE council=?1"
            " AND received_ms>=?2), (SELECT max(position)+1 FROM event WHERE"
            " council=?1), 0)");

    sdb_sqlite_bind(st, "i", (uint64_t)ms);
    return sdb_sqlite_number(db, st, out);
}

/* --- blobs --- */

enum err sdb_blob_put(struct sdb *db, const struct sdb_blob *b)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR REPLACE INTO blob(council, name, size, held, position,"
            " held_ms, erased) VALUES(?1,?2,?3,?4,?5,?6,?7)");

    sdb_sqlite_bind(st, "hiiiii", &b->name, b->size, (uint64_t)b->is_held,
                    b->position, (uint64_t)b->held_ms, (uint64_t)b->is_erased);
    return sdb_sqlite_done(db, st);
}

enum err sdb_blob_get(struct sdb *db, const struct hash *name,
                      struct sdb_blob *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT name, size, held, position, held_ms, erased FROM blob WHERE"
            " council=?1 AND name=?2");
    enum err err;

    sdb_sqlite_bind(st, "h", name);
    err = sdb_sqlite_row(db, st);
    if (err)
        return err;
    sdb_sqlite_read(st, "hiBisB", &out->name, &out->size, &out->is_held,
                    &out->position, &out->held_ms, &out->is_erased);
    sqlite3_reset(st);
    return ERR_OK;
}

enum err sdb_blob_held(struct sdb *db, int64_t since_ms, sdb_blob_fn fn,
                       void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT name, size, held, position, held_ms, erased FROM blob"
            " WHERE council=?1 AND held AND NOT erased AND held_ms>=?2");
    enum err err;

    sdb_sqlite_bind(st, "i", (uint64_t)since_ms);
    while ((err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct sdb_blob b;

        sdb_sqlite_read(st, "hiBisB", &b.name, &b.size, &b.is_held, &b.position,
                        &b.held_ms, &b.is_erased);
        err = fn(ctx, &b);
        if (err)
            break;
    }
    sdb_sqlite_end(db, st);
    return err == ERR_NOT_FOUND || err == ERR_STOPPED ? ERR_OK : err;
}

enum err sdb_counts(struct sdb *db, struct sdb_counts *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT (SELECT count(*) FROM event WHERE council=?1),"
            " (SELECT count(*) FROM event WHERE council=?1 AND state=2),"
            " (SELECT count(*) FROM blob WHERE council=?1),"
            " (SELECT count(*) FROM blob WHERE council=?1 AND held),"
            " (SELECT count(*) FROM device WHERE council=?1),"
            " (SELECT count(*) FROM alarm WHERE council=?1 AND NOT closed)");
    enum err err = sdb_sqlite_row(db, st);

    if (err)
        return err;
    sdb_sqlite_read(st, "iiiiii", &out->events, &out->quarantined, &out->blobs,
                    &out->blobs_held, &out->devices, &out->alarms);
    sqlite3_reset(st);
    return ERR_OK;
}
