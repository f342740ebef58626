/* evlog_safety.c - what the safety copy holds of the log: see evlog.h. */
#include "core/evlog_internal.h"
#include "core/limits.h"
#include "core/store_safety.h"

void evlog_safety_event(struct store *s, struct bytes header, struct bytes salt,
                        struct bytes body)
{
    struct buf wire;

    if (!store_safety_is_on(s)) {
        return;
    }
    buf_init(&wire, HEADER_MAX_BYTES + BODY_MAX_BYTES + 64);
    if (!event_wire_put(&wire, header, body.data == NULL ? NULL : salt.data,
                        body)) {
        store_safety_add(s, SAFETY_EVENT, buf_bytes(&wire));
    }
    buf_wipe(&wire);
}

void evlog_safety_ack(struct store *s, const struct uuid *incarnation,
                      uint64_t held)
{
    uint8_t item[sizeof(struct uuid) + 8];

    for (size_t i = 0; i < sizeof(*incarnation); i++) {
        item[i] = incarnation->bytes[i];
    }
    for (size_t i = 0; i < 8; i++) {
        item[sizeof(*incarnation) + i] = (uint8_t)(held >> (56 - 8 * i));
    }
    store_safety_add(s, SAFETY_ACK, (struct bytes){ item, sizeof(item) });
}

static enum err add_event(void *ctx, const struct evlog_event *e)
{
    struct evlog *log = ctx;

    evlog_safety_event(log->store, e->header, e->salt, e->body);
    return ERR_OK;
}

static enum err add_chain(void *ctx, const struct evlog_chain *c)
{
    return c->is_closed ? ERR_OK
                        : evlog_own(ctx, &c->incarnation, c->acked + 1,
                                    SIZE_MAX / 2, add_event, ctx);
}

/*
 * Entries whose photos the council lacks: without their header nobody would
 * know that those files are to be sent. What a closed chain held was sent, or
 * recorded again in the next one, so it counts as acknowledged; a chain that
 * was salvaged says nothing about that any more.
 */
static const char sql_photos[] =
    "SELECT DISTINCT e.id, e.header, e.salt, e.body, i.incarnation, e.sequence"
    " FROM blob b JOIN event e ON e.id = b.event"
    " JOIN incarnation i ON i.id = e.incarnation"
    " WHERE b.is_own = 1 AND b.receipt IS NULL AND i.is_own = 1"
    " AND (i.is_closed = 1 OR e.sequence <= i.acked)"
    " AND e.body IS NOT NULL ORDER BY e.id";

static enum err add_photos(struct evlog *log)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(log->store, sql_photos, &st);

    while (!err) {
        struct uuid incarnation;

        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        evlog_safety_event(log->store, db_get_bytes(st, 1), db_get_bytes(st, 2),
                           db_get_bytes(st, 3));
        db_get_uuid(st, 4, &incarnation);
        evlog_safety_ack(log->store, &incarnation,
                         (uint64_t)sqlite3_column_int64(st, 5));
    }
    return err;
}

static const char sql_keys[] = "SELECT record || key FROM content_key";

static enum err add_keys(struct evlog *log)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(log->store, sql_keys, &st);

    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        store_safety_add(log->store, SAFETY_KEY, db_get_bytes(st, 0));
    }
    return err;
}

static enum err fill(struct evlog *log)
{
    enum err err = store_begin(log->store);

    if (err)
        return err;
    err = store_safety_renew(log->store);
    err = err ? err : add_keys(log);
    err = err ? err : add_photos(log);
    err = err ? err : evlog_chains(log, add_chain, log);
    if (err) {
        store_rollback(log->store);
        return err;
    }
    return store_commit(log->store);
}

void evlog_safety_settle(struct evlog *log)
{
    bool events = true, blobs = true;
    enum err err;

    if (!store_safety_is_on(log->store)) {
        return;
    }
    err = evlog_unsent(log, &events, &blobs);
    if (!err && (store_safety_is_stale(log->store) ||
                 (!events && !blobs && store_safety_has_events(log->store)))) {
        err = fill(log);
    }
    if (err) {
        port_log(log->port, PORT_LOG_ERROR, "the safety copy: %s",
                 err_text(err));
    }
}
