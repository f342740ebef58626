#include "core/prune.h"

#include "core/erase.h"
#include "core/project.h"
#include "core/store_internal.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

static const char sql_last[] =
    "SELECT coalesce(max(at_ms), -1) FROM prune_mark";
static const char sql_mark[] =
    "INSERT INTO prune_mark (at_ms, event) SELECT ?1, coalesce("
    "(SELECT min(e.id) - 1 FROM event e JOIN incarnation i"
    " ON i.id = e.incarnation WHERE i.is_own = 1 AND i.is_closed = 0"
    " AND e.sequence > i.acked AND e.link IS NOT NULL),"
    " (SELECT max(id) FROM event), 0)";
static const char sql_cover[] =
    "SELECT event, at_ms FROM prune_mark WHERE at_ms <= ?1"
    " ORDER BY at_ms DESC LIMIT 1";
static const char sql_old[] = "DELETE FROM prune_mark WHERE at_ms < ?1";
static const char sql_forget[] = "DELETE FROM prune_mark";

/* ?1: up to this event, ?2: behind this row; kinds: observation, person,
 * vehicle, photo, row. */
static const char sql_next[] =
    "SELECT r.record, r.id FROM record r WHERE r.id > ?2"
    " AND r.kind BETWEEN 1 AND 5"
    " AND r.gone <> 2 AND r.has_conflict = 0 AND r.has_quarantined = 0"
    " AND EXISTS (SELECT 1 FROM event e WHERE e.record = r.record"
    " AND e.body IS NOT NULL AND e.op NOT IN (30, 31, 32))"
    " AND NOT EXISTS (SELECT 1 FROM event e JOIN incarnation i"
    " ON i.id = e.incarnation WHERE e.record = r.record AND e.state <> 2"
    " AND e.op NOT IN (30, 31, 32) AND (e.id > ?1 OR (i.is_own = 1 AND e.link "
    "IS NOT NULL"
    " AND e.sequence > i.acked)))"
    " AND NOT EXISTS (SELECT 1 FROM event e JOIN blob b ON b.event = e.id"
    " WHERE e.record = r.record AND b.is_own = 1 AND b.receipt IS NULL)"
    " AND NOT EXISTS (SELECT 1 FROM draft d WHERE d.id = r.record)"
    " AND (SELECT coalesce(sum((e.op = 30) - (e.op = 31)), 0) FROM event e"
    " WHERE e.record = r.record AND e.op IN (30, 31)) <= 0"
    " ORDER BY r.id LIMIT 1";
static const char sql_events[] =
    "SELECT id, header FROM event WHERE record = ?1 AND id > ?2"
    " AND op NOT IN (30, 31, 32) ORDER BY id LIMIT 1";

static enum err run(struct store *s, const char *sql, int64_t value)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(s, sql, &st);

    if (err) {
        return err;
    }
    if (sqlite3_bind_parameter_count(st) > 0) {
        db_bind_int(st, 1, value);
    }
    return db_run(st);
}

/* The newest mark that is old enough; 0: none is. */
static enum err find_cover(struct store *s, int64_t until_ms, int64_t *event,
                           int64_t *at_ms)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_cover, &st);

    *event = *at_ms = 0;
    if (err) {
        return err;
    }
    db_bind_int(st, 1, until_ms);
    err = db_row(st);
    if (!err) {
        *event = sqlite3_column_int64(st, 0);
        *at_ms = sqlite3_column_int64(st, 1);
        sqlite3_reset(st);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err next_record(struct store *s, int64_t cover, int64_t *row,
                            struct uuid *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_next, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, cover);
    db_bind_int(st, 2, *row);
    err = db_row(st);
    if (!err) {
        db_get_uuid(st, 0, out);
        *row = sqlite3_column_int64(st, 1);
        sqlite3_reset(st);
    }
    return err;
}

static enum err drop_next(struct store *s, const struct uuid *record,
                          int64_t *id)
{
    struct bytes view;
    struct buf header;
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_events, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    db_bind_int(st, 2, *id);
    err = db_row(st);
    if (err) {
        return err;
    }
    *id = sqlite3_column_int64(st, 0);
    view = db_get_bytes(st, 1);
    buf_init(&header, HEADER_MAX_BYTES);
    buf_put(&header, view.data, view.len);
    sqlite3_reset(st);
    err = header.err ? header.err : erase_event(s, *id, buf_bytes(&header));
    buf_fini(&header);
    return err;
}

static enum err drop_record(struct store *s, struct uuid *record)
{
    int64_t id = 0;
    enum err err;

    do {
        err = drop_next(s, record, &id);
    } while (!err);
    return err == ERR_NOT_FOUND ? project_records(s, record, 1) : err;
}

static enum err drop_some(struct store *s, int64_t cover, int64_t *row)
{
    struct uuid record;
    enum err err = ERR_OK;

    for (size_t i = 0; i < PRUNE_RECORDS && !err; i++) {
        err = next_record(s, cover, row, &record);
        err = err ? err : drop_record(s, &record);
    }
    if (err == ERR_NOT_FOUND) {
        *row = 0;
        err = ERR_OK;
    }
    return err;
}

static enum err step(struct store *s, int64_t server_ms, uint64_t keep_days,
                     int64_t *row)
{
    int64_t last = -1, cover = 0, at_ms = 0;
    enum err err = store_number(s, sql_last, &last);

    if (!err && (last < 0 || server_ms >= last + DAY_MS)) {
        *row = 0;
        err = run(s, sql_mark, server_ms);
    } else if (!err && *row == 0) {
        return ERR_OK; /* once a day is enough */
    }
    keep_days = keep_days > PRUNE_DAYS_MIN ? keep_days : PRUNE_DAYS_MIN;
    if (err || keep_days > PRUNE_DAYS_MAX) {
        *row = 0;
        return err;
    }
    err =
        find_cover(s, server_ms - (int64_t)keep_days * DAY_MS, &cover, &at_ms);
    if (err || cover == 0) {
        *row = 0;
        return err;
    }
    err = drop_some(s, cover, row);
    return err ? err : run(s, sql_old, at_ms);
}

enum err prune_step(struct evlog *log, int64_t server_ms, uint64_t keep_days,
                    int64_t *from)
{
    int64_t row = *from;
    enum err err = evlog_begin(log);

    if (err) {
        return err;
    }
    err = step(evlog_store(log), server_ms, keep_days, &row);
    if (err) {
        evlog_rollback(log);
        return err;
    }
    err = evlog_commit(log);
    *from = err ? *from : row;
    return err;
}

enum err prune_forget(struct store *s)
{
    return run(s, sql_forget, 0);
}
