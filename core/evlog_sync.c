/* What the sync engine asks of the log: see evlog.h. */
#include "core/evlog.h"

#include "core/evlog_internal.h"
#include "core/project.h"
#include "core/prune.h"
#include "core/store_safety.h"

/* --- own chains --- */

struct store *evlog_store(struct evlog *log)
{
    return log->store;
}

static const char sql_chains[] =
    "SELECT incarnation, head, acked, is_closed FROM incarnation"
    " WHERE is_own = 1 ORDER BY id";

enum err evlog_chains(struct evlog *log, evlog_chain_fn fn, void *ctx)
{
    struct evlog_chain c;
    sqlite3_stmt *st;
    bool has_row = true;
    enum err err = store_statement(log->store, sql_chains, &st);

    if (err) {
        return err;
    }
    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        db_get_uuid(st, 0, &c.incarnation);
        c.head = (uint64_t)sqlite3_column_int64(st, 1);
        c.acked = (uint64_t)sqlite3_column_int64(st, 2);
        c.is_closed = sqlite3_column_int(st, 3) != 0;
        err = fn(ctx, &c);
    }
    sqlite3_reset(st);
    return err == ERR_STOPPED ? ERR_OK : err;
}

/* --- own events --- */

static const char sql_own[] =
    "SELECT e.id, e.header, e.salt, e.body, e.link, e.sequence FROM event e"
    " JOIN incarnation i ON i.id = e.incarnation"
    " WHERE i.incarnation = ?1 AND e.sequence >= ?2 AND e.link IS NOT NULL"
    " ORDER BY e.sequence LIMIT ?3";

static void get_event(sqlite3_stmt *st, const struct uuid *incarnation,
                      struct evlog_event *e)
{
    e->id = sqlite3_column_int64(st, 0);
    e->header = db_get_bytes(st, 1);
    e->salt = db_get_bytes(st, 2);
    e->body = db_get_bytes(st, 3);
    db_get_hash(st, 4, &e->link);
    e->ref.incarnation = *incarnation;
    e->ref.sequence = (uint64_t)sqlite3_column_int64(st, 5);
}

enum err evlog_own(struct evlog *log, const struct uuid *incarnation,
                   uint64_t first, size_t max, evlog_event_fn fn, void *ctx)
{
    sqlite3_stmt *st;
    struct evlog_event e;
    bool has_row;
    enum err err = store_statement(log->store, sql_own, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, incarnation);
    db_bind_int(st, 2, (int64_t)first);
    db_bind_int(st, 3, max < INT64_MAX ? (int64_t)max : INT64_MAX);
    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        get_event(st, incarnation, &e);
        err = fn(ctx, &e);
    }
    sqlite3_reset(st);
    return err == ERR_STOPPED ? ERR_OK : err;
}

static const char sql_all[] =
    "SELECT e.id, e.header, e.salt, e.body, e.link, e.sequence, i.incarnation"
    " FROM event e JOIN incarnation i ON i.id = e.incarnation"
    " WHERE e.state = 0 AND e.branch = 0 ORDER BY e.id";

enum err evlog_all(struct evlog *log, evlog_event_fn fn, void *ctx)
{
    sqlite3_stmt *st;
    enum err err = store_statement(log->store, sql_all, &st);

    while (!err) {
        struct uuid incarnation;
        struct evlog_event e = { .id = 0 };
        bool has_row;

        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        db_get_uuid(st, 6, &incarnation);
        get_event(st, &incarnation, &e);
        err = fn(ctx, &e);
    }
    sqlite3_reset(st);
    return err == ERR_STOPPED ? ERR_OK : err;
}

static const char sql_link_at[] =
    "SELECT e.link FROM event e JOIN incarnation i ON i.id = e.incarnation"
    " WHERE i.incarnation = ?1 AND e.sequence = ?2 AND e.link IS NOT NULL";

enum err evlog_link_at(struct evlog *log, const struct uuid *incarnation,
                       uint64_t sequence, struct hash *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(log->store, sql_link_at, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, incarnation);
    db_bind_int(st, 2, (int64_t)sequence);
    err = db_row(st);
    if (!err) {
        db_get_hash(st, 0, out);
        sqlite3_reset(st);
    }
    return err;
}

/* --- the server's verdict --- */

static const char sql_acked[] = "UPDATE incarnation SET acked = max(acked, ?2)"
                                " WHERE id = ?1 AND is_own = 1 AND head >= ?2";
static const char sql_acked_get[] =
    "SELECT acked FROM incarnation WHERE id = ?1";
static const char sql_receipt_add[] =
    "INSERT INTO receipt (incarnation, held, log_id, log_size, log_root,"
    " receipt, received_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
static const char sql_blob_waits[] =
    "SELECT 1 FROM blob WHERE name = ?1 AND is_own = 1 AND receipt IS NULL";
static const char sql_blob_held[] =
    "UPDATE blob SET receipt = ?2 WHERE name = ?1 AND receipt IS NULL";

#define META_LAST_ACK "last_ack_ms"

static enum err is_news(struct evlog *log, int64_t row,
                        const struct evlog_ack *ack, bool *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(log->store, sql_acked_get, &st);

    *out = false;
    if (err) {
        return err;
    }
    db_bind_int(st, 1, row);
    err = db_row(st);
    if (err) {
        return err;
    }
    *out = (uint64_t)sqlite3_column_int64(st, 0) < ack->held;
    sqlite3_reset(st);
    for (size_t i = 0; !err && !*out && i < ack->blob_count; i++) {
        err = store_statement(log->store, sql_blob_waits, &st);
        if (!err) {
            db_bind_hash(st, 1, &ack->blobs[i]);
            err = db_step(st, out);
            sqlite3_reset(st);
        }
    }
    return err;
}

static enum err add_receipt(struct evlog *log, int64_t row,
                            const struct evlog_ack *ack, int64_t now_ms)
{
    sqlite3_stmt *st;
    int64_t receipt;
    enum err err = store_statement(log->store, sql_receipt_add, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, row);
    db_bind_int(st, 2, (int64_t)ack->held);
    db_bind_uuid(st, 3, &ack->log_id);
    db_bind_int(st, 4, (int64_t)ack->log_size);
    db_bind_hash(st, 5, &ack->log_root);
    db_bind_bytes(st, 6, ack->receipt);
    db_bind_int(st, 7, now_ms);
    err = db_run(st);
    receipt = sqlite3_last_insert_rowid(log->store->db);
    for (size_t i = 0; !err && i < ack->blob_count; i++) {
        err = store_statement(log->store, sql_blob_held, &st);
        if (!err) {
            db_bind_hash(st, 1, &ack->blobs[i]);
            db_bind_int(st, 2, receipt);
            err = db_run(st);
        }
    }
    return err;
}

static enum err apply_ack(struct evlog *log, const struct evlog_ack *ack)
{
    struct port_time now;
    sqlite3_stmt *st;
    bool news = false;
    int64_t row;
    enum err err = evlog_incarnation_find(log->store, &ack->incarnation, &row);

    if (err) {
        return err;
    }
    log->port->ops->now(log->port->ctx, &now);
    err = is_news(log, row, ack, &news);
    if (!err && news) {
        err = add_receipt(log, row, ack, now.wall_ms);
    }
    if (!err) {
        err = store_statement(log->store, sql_acked, &st);
    }
    if (err) {
        return err;
    }
    db_bind_int(st, 1, row);
    db_bind_int(st, 2, (int64_t)ack->held);
    err = db_run(st);
    if (!err && sqlite3_changes(log->store->db) == 0) {
        err = ERR_BAD_DATA; /* it holds more than we ever made */
    }
    if (!err && news) {
        evlog_safety_ack(log->store, &ack->incarnation, ack->held);
    }
    if (!err) {
        err = store_meta_put(log->store, META_LAST_ACK,
                             (struct bytes){ (const uint8_t *)&now.wall_ms,
                                             sizeof(now.wall_ms) });
    }
    return err;
}

enum err evlog_acked(struct evlog *log, const struct evlog_ack *ack)
{
    enum err err = evlog_begin(log);

    if (err) {
        return err;
    }
    err = apply_ack(log, ack);
    if (err) {
        evlog_rollback(log);
        return err;
    }
    return evlog_commit(log);
}

static const char sql_unack[] =
    "UPDATE incarnation SET acked = 0 WHERE is_own = 1 AND is_closed = 0";
static const char sql_unack_blobs[] =
    "UPDATE blob SET receipt = NULL WHERE is_own = 1";

enum err evlog_unack(struct evlog *log, bool has_chain)
{
    sqlite3_stmt *st;
    enum err err = evlog_begin(log);

    if (err) {
        return err;
    }
    if (has_chain) {
        err = store_statement(log->store, sql_unack, &st);
        err = err ? err : db_run(st);
    }
    /* It lacks what was acknowledged. */
    err = err ? err : store_safety_forget(log->store);
    if (!err) {
        err = prune_forget(log->store);
    }
    err = err ? err : evlog_repeat_salvaged(log);
    if (!err) {
        err = store_statement(log->store, sql_unack_blobs, &st);
    }
    if (!err) {
        err = db_run(st);
    }
    if (err) {
        evlog_rollback(log);
        return err;
    }
    return evlog_commit(log);
}

static const char sql_refused[] =
    "UPDATE event SET state = 1, reason = ?3 WHERE incarnation ="
    " (SELECT id FROM incarnation WHERE incarnation = ?1) AND sequence = ?2"
    " AND branch = 0 RETURNING record";

enum err evlog_refused(struct evlog *log, const struct event_ref *ref,
                       const char *reason)
{
    struct uuid record;
    sqlite3_stmt *st;
    enum err err = evlog_begin(log);

    if (err) {
        return err;
    }
    err = store_statement(log->store, sql_refused, &st);
    if (!err) {
        db_bind_uuid(st, 1, &ref->incarnation);
        db_bind_int(st, 2, (int64_t)ref->sequence);
        db_bind_text(st, 3, reason);
        err = db_row(st);
        if (!err) {
            db_get_uuid(st, 0, &record);
            sqlite3_reset(st);
            err = project_records(log->store, &record, 1);
        }
    }
    if (err) {
        evlog_rollback(log);
        return err;
    }
    return evlog_commit(log);
}

/* --- counts --- */

static const char sql_counts[] =
    "SELECT coalesce(sum(iif(is_closed, acked, head)), 0),"
    " coalesce(sum(iif(is_closed, 0, head - acked)), 0),"
    " coalesce(sum(acked), 0)"
    " FROM incarnation WHERE is_own = 1";
static const char sql_count_quarantined[] =
    "SELECT count(*) FROM event WHERE state = 1";
static const char sql_count_received[] =
    "SELECT count(*) FROM event e JOIN incarnation i ON i.id = e.incarnation"
    " WHERE i.is_own = 0";
static const char sql_count_blobs[] =
    "SELECT count(*) FROM blob WHERE is_own = 1";
static const char sql_count_blobs_held[] =
    "SELECT count(*) FROM blob WHERE is_own = 1 AND receipt IS NOT NULL";
static const char sql_count_conflicts[] =
    "SELECT count(DISTINCT record) FROM conflict";

enum err evlog_counts(struct evlog *log, struct evlog_counts *out)
{
    const struct {
        const char *sql;
        uint64_t *to;
    } numbers[] = {
        { sql_count_quarantined, &out->quarantined },
        { sql_count_received, &out->received },
        { sql_count_blobs, &out->blobs_own },
        { sql_count_blobs_held, &out->blobs_held },
        { sql_count_conflicts, &out->conflicts },
    };
    struct buf last;
    sqlite3_stmt *st;
    int64_t number = 0;
    enum err err = store_statement(log->store, sql_counts, &st);

    *out = (struct evlog_counts){ 0 };
    if (!err) {
        err = db_row(st);
    }
    if (err) {
        return err;
    }
    out->own = (uint64_t)sqlite3_column_int64(st, 0);
    out->waiting = (uint64_t)sqlite3_column_int64(st, 1);
    out->acknowledged = (uint64_t)sqlite3_column_int64(st, 2);
    sqlite3_reset(st);
    for (size_t i = 0; !err && i < ARRAY_LEN(numbers); i++) {
        err = store_number(log->store, numbers[i].sql, &number);
        *numbers[i].to = (uint64_t)number;
    }
    if (err) {
        return err;
    }
    buf_init(&last, sizeof(out->last_ack_ms));
    err = store_meta_get(log->store, META_LAST_ACK, &last);
    if (!err && last.len == sizeof(out->last_ack_ms)) {
        out->last_ack_ms = *(const int64_t *)(const void *)last.data;
    }
    buf_fini(&last);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static const char sql_unsent[] =
    "SELECT EXISTS (SELECT 1 FROM incarnation"
    " WHERE is_own = 1 AND is_closed = 0 AND head > acked),"
    " EXISTS (SELECT 1 FROM blob WHERE is_own = 1 AND receipt IS NULL)";

enum err evlog_unsent(struct evlog *log, bool *events_out, bool *blobs_out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(log->store, sql_unsent, &st);

    err = err ? err : db_row(st);
    if (!err) {
        *events_out = sqlite3_column_int(st, 0) != 0;
        *blobs_out = sqlite3_column_int(st, 1) != 0;
        sqlite3_reset(st);
    }
    return err;
}

static const char sql_blobs_waiting[] =
    "SELECT name, size FROM blob WHERE is_own = 1 AND receipt IS NULL"
    " ORDER BY size, name";

enum err evlog_blobs_waiting(struct evlog *log, evlog_blob_fn fn, void *ctx)
{
    sqlite3_stmt *st;
    struct hash name;
    bool has_row;
    enum err err = store_statement(log->store, sql_blobs_waiting, &st);

    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        db_get_hash(st, 0, &name);
        err = fn(ctx, &name, (uint64_t)sqlite3_column_int64(st, 1));
        if (err) {
            sqlite3_reset(st);
        }
    }
    return err == ERR_STOPPED ? ERR_OK : err;
}
