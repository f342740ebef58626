/* Events from the server: see evlog.h. */
#include "core/evlog.h"

#include "core/erase.h"
#include "core/evlog_internal.h"
#include "core/project.h"

static const char sql_same[] =
    "SELECT id, header, body IS NULL FROM event"
    " WHERE incarnation = ?1 AND sequence = ?2 ORDER BY branch";
static const char sql_body_put[] =
    "UPDATE event SET salt = ?2, body = ?3 WHERE id = ?1";

/* What is already stored under the ref of an arriving event. */
struct held {
    int64_t branches; /* 0: nothing is */
    int64_t id;       /* the row with the same header; 0: none */
    bool lacks_body;
};

static enum err find_held(struct store *s, int64_t incarnation,
                          uint64_t sequence, struct bytes header,
                          struct held *out)
{
    sqlite3_stmt *st;
    bool has_row = true;
    enum err err = store_statement(s, sql_same, &st);

    *out = (struct held){ 0 };
    if (err) {
        return err;
    }
    db_bind_int(st, 1, incarnation);
    db_bind_int(st, 2, (int64_t)sequence);
    for (;;) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        out->branches++;
        if (bytes_eq(db_get_bytes(st, 1), header)) {
            out->id = sqlite3_column_int64(st, 0);
            out->lacks_body = sqlite3_column_int(st, 2) != 0;
        }
    }
}

static enum err put_body(struct store *s, int64_t id, struct bytes salt,
                         struct bytes body)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(s, sql_body_put, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, id);
    db_bind_bytes(st, 2, salt);
    db_bind_bytes(st, 3, body);
    return db_run(st);
}

/* A body that merge can't read is held, never applied, and says why. */
static const char *body_flaw(const struct event_header *h, struct bytes body)
{
    struct body_view view;

    if (body.data == NULL || h->envelope != EVENT_ENVELOPE ||
        erase_is_order(h->op) || /* what it says is not needed to obey */
        h->kind == KIND_RESTRICTED || h->kind == KIND_SEALED) {
        return NULL; /* absent, or closed */
    }
    return body_parse(body, &view) ? "its content can't be read" : NULL;
}

/* Our own incarnation went on elsewhere: another copy of this store ran. */
static enum err leave_incarnation(struct evlog *log,
                                  const struct event_header *h)
{
    struct evlog_head head;
    enum err err;

    if (!uuid_eq(&h->incarnation, &log->id.incarnation)) {
        return ERR_OK;
    }
    err = evlog_head(log, &head);
    if (err || h->sequence <= head.sequence) {
        return err;
    }
    port_log(log->port, PORT_LOG_WARN,
             "the server holds later events of this incarnation");
    return evlog_new_incarnation(log);
}

static enum err observe_clock(struct evlog *log, uint64_t hlc)
{
    struct evlog_clock clock;
    struct port_time now;
    enum err err = evlog_clock_get(log->store, &clock);

    if (err) {
        return err;
    }
    log->port->ops->now(log->port->ctx, &now);
    if (!hlc_observe(&clock.hlc, hlc, now.wall_ms) && !log->has_told_ahead) {
        log->has_told_ahead = true; /* once: all that follows is ahead, too */
        port_log(log->port, PORT_LOG_WARN,
                 "another tablet's clock is, or was, far ahead of ours");
    }
    return evlog_clock_put(log->store, &clock);
}

/* An order to erase wins over what it erases, whichever came first. */
static enum err drop_erased(struct evlog *log, const struct event_header *h,
                            struct bytes *salt, struct bytes *body)
{
    bool is_erased = false;
    enum err err = ERR_OK;

    if (body->data != NULL && !erase_is_order(h->op)) {
        err = erase_is_ordered(log->store, &h->record, &is_erased);
    }
    if (is_erased) {
        *salt = (struct bytes){ NULL, 0 };
        *body = (struct bytes){ NULL, 0 };
    }
    return err;
}

static enum err store_event(struct evlog *log, const struct event_header *h,
                            struct bytes header, struct bytes salt,
                            struct bytes body)
{
    const char *flaw = body_flaw(h, body);
    struct held held;
    int64_t row, id;
    enum err err = leave_incarnation(log, h);

    if (!err) {
        err = drop_erased(log, h, &salt, &body);
    }
    if (!err) {
        /* Not ours to send, even where a copy of this store wrote it. */
        err = evlog_incarnation_row(log->store, &h->incarnation, &h->device,
                                    false, &row);
    }
    if (!err) {
        err = find_held(log->store, row, h->sequence, header, &held);
    }
    if (err) {
        return err;
    }
    if (held.id != 0) {
        return held.lacks_body && body.data != NULL
                   ? put_body(log->store, held.id, salt, body)
                   : ERR_EXISTS;
    }
    err = evlog_insert(log->store,
                       &(struct evlog_row){ .incarnation = row,
                                            .branch = held.branches,
                                            .h = h,
                                            .header = header,
                                            .salt = salt,
                                            .body = body,
                                            .state = flaw != NULL
                                                         ? EVLOG_QUARANTINED
                                                         : EVLOG_APPLIED,
                                            .reason = flaw },
                       &id);
    if (!err) {
        err = observe_clock(log, h->hlc);
    }
    if (!err && h->op == OP_ERASE_BODY) {
        err = erase_record(log->store, &h->record);
    }
    return !err && held.branches > 0 ? ERR_FORK : err;
}

enum err evlog_receive(struct evlog *log, struct bytes header,
                       struct bytes salt, struct bytes body)
{
    struct event_header h;
    struct hash commitment;
    enum err err = event_header_parse(header, &h);
    bool is_fork;

    if (err && err != ERR_NEWER) {
        return err;
    }
    if (body.data == NULL) {
        salt.data = NULL;
        salt.len = 0;
    } else {
        if (salt.len != EVENT_SALT_SIZE) {
            return ERR_BAD_DATA;
        }
        event_commit(salt.data, body, &commitment);
        if (!hash_eq(&commitment, &h.commitment)) {
            return ERR_BAD_HASH;
        }
    }
    err = evlog_begin(log);
    if (err) {
        return err;
    }
    err = store_event(log, &h, header, salt, body);
    is_fork = err == ERR_FORK;
    if (!err || is_fork) {
        err = project_records(log->store, &h.record, 1);
    }
    if (err && err != ERR_EXISTS) {
        evlog_rollback(log);
        return err;
    }
    err = evlog_commit(log);
    return err || !is_fork ? err : ERR_FORK;
}
