/* sdb_sqlite_order.c - orders about records, and what they take away. */
#include "sync-server/sdb_order.h"

#include <stdio.h>
#include <string.h>

#include "sync-server/sdb_sqlite.h"

#define ORDER_COLUMNS "id, op, record, root, officer, position, made_ms, reason"

enum err sdb_order_add(struct sdb *db, const struct sdb_order *o)
{
    sqlite3_stmt *st =
        sdb_sqlite_prepare(db, "INSERT INTO orders(council, " ORDER_COLUMNS ")"
                               " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9)");

    sdb_sqlite_bind(st, "uiuuuiit", &o->id, o->op, &o->record, &o->root,
                    &o->officer, o->position, (uint64_t)o->made_ms, o->reason);
    return sdb_sqlite_done(db, st);
}

static void read_order(sqlite3_stmt *st, struct sdb_order *o)
{
    memset(o, 0, sizeof(*o));
    sdb_sqlite_read(st, "uiuuuis", &o->id, &o->op, &o->record, &o->root,
                    &o->officer, &o->position, &o->made_ms);
    snprintf(o->reason, sizeof(o->reason), "%s",
             (const char *)sqlite3_column_text(st, 7));
}

enum err sdb_order_get(struct sdb *db, const struct uuid *id,
                       struct sdb_order *out)
{
    sqlite3_stmt *st =
        sdb_sqlite_prepare(db, "SELECT " ORDER_COLUMNS " FROM orders"
                               " WHERE council=?1 AND id=?2");
    enum err err;

    sdb_sqlite_bind(st, "u", id);
    err = sdb_sqlite_row(db, st);
    if (err)
        return err;
    read_order(st, out);
    sqlite3_reset(st);
    return ERR_OK;
}

enum err sdb_order_all(struct sdb *db, sdb_order_fn fn, void *ctx)
{
    sqlite3_stmt *st =
        sdb_sqlite_walk(db, "SELECT " ORDER_COLUMNS " FROM orders"
                            " WHERE council=?1 ORDER BY position");
    enum err err;

    while ((err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct sdb_order o;

        read_order(st, &o);
        err = fn(ctx, &o);
        if (err)
            break;
    }
    sdb_sqlite_end(db, st);
    return err == ERR_NOT_FOUND || err == ERR_STOPPED ? ERR_OK : err;
}

enum err sdb_order_state(struct sdb *db, const struct uuid *record,
                         struct sdb_order_state *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT max(0, coalesce(sum((op=30)-(op=31)),0)),"
            " coalesce(max(op=32),0) FROM orders"
            " WHERE council=?1 AND record=?2");
    enum err err;

    memset(out, 0, sizeof(*out));
    sdb_sqlite_bind(st, "u", record);
    err = sdb_sqlite_row(db, st);
    if (err)
        return err;
    sdb_sqlite_read(st, "iB", &out->holds, &out->is_erased);
    sqlite3_reset(st);
    return ERR_OK;
}

/* --- what is taken away --- */

enum err sdb_order_erase(struct sdb *db, const struct uuid *record,
                         uint64_t *count_out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "UPDATE event SET salt=NULL, body=NULL,"
            " state=CASE state WHEN 1 THEN 3 ELSE state END"
            " WHERE council=?1 AND record=?2 AND op NOT IN (30,31,32)"
            " AND body IS NOT NULL");
    enum err err;

    sdb_sqlite_bind(st, "u", record);
    err = sdb_sqlite_done(db, st);
    *count_out = err ? 0 : (uint64_t)sqlite3_changes(db->db);
    return err;
}

/* The rowid of a branch doesn't exist; its header says whose it is. */
static enum err is_of_record(struct bytes header, const struct uuid *record,
                             bool *out)
{
    struct event_header h;
    const enum err err = event_header_parse(header, &h);

    *out = (!err || err == ERR_NEWER) && uuid_eq(&h.record, record);
    return err == ERR_NOMEM ? err : ERR_OK;
}

static enum err drop_branch(struct sdb *db, const struct hash *header)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "UPDATE branch SET salt=NULL, body=NULL WHERE council=?1"
            " AND header_hash=?2");

    sdb_sqlite_bind(st, "h", header);
    return sdb_sqlite_done(db, st);
}

enum err sdb_order_erase_branches(struct sdb *db, const struct uuid *record)
{
    sqlite3_stmt *st =
        sdb_sqlite_walk(db, "SELECT header, header_hash FROM branch"
                            " WHERE council=?1 AND body IS NOT NULL");
    enum err err;

    while ((err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct bytes header;
        struct hash hash;
        bool ours;

        sdb_sqlite_read(st, "bh", &header, &hash);
        err = is_of_record(header, record, &ours);
        if (!err && ours) {
            err = drop_branch(db, &hash);
        }
        if (err)
            break;
    }
    sdb_sqlite_end(db, st);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err sdb_order_blob_next(struct sdb *db, struct hash *out)
{
    sqlite3_stmt *st =
        sdb_sqlite_prepare(db, "SELECT name FROM blob WHERE council=?1"
                               " AND erased=1 LIMIT 1");
    enum err err = sdb_sqlite_row(db, st);

    if (err)
        return err;
    sdb_sqlite_read(st, "h", out);
    sqlite3_reset(st);
    return ERR_OK;
}

enum err sdb_order_blob_gone(struct sdb *db, const struct hash *name)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "UPDATE blob SET erased=2 WHERE council=?1 AND name=?2");

    sdb_sqlite_bind(st, "h", name);
    return sdb_sqlite_done(db, st);
}

/* --- who carried it out --- */

enum err sdb_device_orders_get(struct sdb *db, const struct uuid *device,
                               uint64_t *out)
{
    sqlite3_stmt *st =
        sdb_sqlite_prepare(db, "SELECT position FROM device_orders"
                               " WHERE council=?1 AND device=?2");
    enum err err;

    *out = 0;
    sdb_sqlite_bind(st, "u", device);
    err = sdb_sqlite_number(db, st, out);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err sdb_device_orders_put(struct sdb *db, const struct uuid *device,
                               uint64_t position)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT INTO device_orders(council, device, position)"
            " VALUES(?1,?2,?3) ON CONFLICT(council, device) DO UPDATE"
            " SET position=max(position, excluded.position)");

    sdb_sqlite_bind(st, "ui", device, position);
    return sdb_sqlite_done(db, st);
}

#define BUSY_MS 5000 /* as sdb_open() sets it */

/* Doesn't wait for readers: the next call comes within a minute. */
enum err sdb_checkpoint(struct sdb *db)
{
    int left = 0, done = 0, rc;

    sqlite3_busy_timeout(db->db, 0);
    rc = sqlite3_wal_checkpoint_v2(db->db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                   &left, &done);
    sqlite3_busy_timeout(db->db, BUSY_MS);
    return sdb_sqlite_error(db, rc);
}

void sdb_set_flush(struct sdb *db, enum err (*fn)(void *ctx), void *ctx)
{
    db->flush = fn;
    db->flush_ctx = ctx;
    sqlite3_wal_autocheckpoint(db->db, fn != NULL ? 0 : 1000);
}

enum err sdb_flush(struct sdb *db)
{
    return db->flush != NULL ? db->flush(db->flush_ctx) : sdb_checkpoint(db);
}
