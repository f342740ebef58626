#include "core/evlog.h"

#include <string.h>

#include "core/erase.h"
#include "core/evlog_internal.h"
#include "core/mem.h"
#include "core/store_safety.h"

/* Names in the meta table. */
#define META_COUNCIL     "council"
#define META_DEVICE      "device"
#define META_INCARNATION "incarnation"
#define META_SEAL_KEY    "seal_key"
#define META_SERVER_KEY  "server_key"
#define META_RECOVERY    "recovery_key"
#define META_CLOCK       "clock"

#define SEAL_MAX_BYTES 1024

/* --- identity --- */

static enum err put_fixed(struct store *s, const char *name, const void *data,
                          size_t len)
{
    return store_meta_put(s, name, (struct bytes){ data, len });
}

static enum err get_fixed(struct store *s, const char *name, void *out,
                          size_t len)
{
    struct buf value;
    enum err err;

    buf_init(&value, len);
    err = store_meta_get(s, name, &value);
    if (!err && value.len != len) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        memcpy(out, value.data, len);
    }
    buf_wipe(&value);
    return err;
}

enum err evlog_clock_get(struct store *s, struct evlog_clock *out)
{
    return get_fixed(s, META_CLOCK, out, sizeof(*out));
}

enum err evlog_clock_put(struct store *s, const struct evlog_clock *clock)
{
    return put_fixed(s, META_CLOCK, clock, sizeof(*clock));
}

static enum err put_identity(struct store *s, const struct evlog_identity *id)
{
    const struct {
        const char *name;
        const void *data;
        size_t len;
    } facts[] = {
        { META_COUNCIL, id->council.bytes, sizeof(id->council) },
        { META_DEVICE, id->device.bytes, sizeof(id->device) },
        { META_INCARNATION, id->incarnation.bytes, sizeof(id->incarnation) },
        { META_SEAL_KEY, id->seal_key.d, sizeof(id->seal_key.d) },
        { META_SERVER_KEY, &id->server_key, sizeof(id->server_key) },
        { META_RECOVERY, &id->recovery_key, sizeof(id->recovery_key) },
    };
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < ARRAY_LEN(facts); i++) {
        err = put_fixed(s, facts[i].name, facts[i].data, facts[i].len);
    }
    return err;
}

static enum err get_identity(struct store *s, struct evlog_identity *id)
{
    const struct {
        const char *name;
        void *data;
        size_t len;
    } facts[] = {
        { META_COUNCIL, id->council.bytes, sizeof(id->council) },
        { META_DEVICE, id->device.bytes, sizeof(id->device) },
        { META_INCARNATION, id->incarnation.bytes, sizeof(id->incarnation) },
        { META_SEAL_KEY, id->seal_key.d, sizeof(id->seal_key.d) },
        { META_SERVER_KEY, &id->server_key, sizeof(id->server_key) },
        { META_RECOVERY, &id->recovery_key, sizeof(id->recovery_key) },
    };
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < ARRAY_LEN(facts); i++) {
        err = get_fixed(s, facts[i].name, facts[i].data, facts[i].len);
    }
    return err ? err : crypto_ec_derive(&id->seal_key);
}

/* --- incarnations --- */

static const char sql_incarnation_find[] =
    "SELECT id FROM incarnation WHERE incarnation = ?1";
static const char sql_incarnation_add[] =
    "INSERT INTO incarnation (incarnation, device, is_own, link)"
    " VALUES (?1, ?2, ?3, zeroblob(32))";

enum err evlog_incarnation_find(struct store *s, const struct uuid *incarnation,
                                int64_t *row_out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_incarnation_find, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, incarnation);
    err = db_row(st);
    if (!err) {
        *row_out = sqlite3_column_int64(st, 0);
        sqlite3_reset(st);
    }
    return err;
}

enum err evlog_incarnation_row(struct store *s, const struct uuid *incarnation,
                               const struct uuid *device, bool is_own,
                               int64_t *row_out)
{
    sqlite3_stmt *st;
    enum err err = evlog_incarnation_find(s, incarnation, row_out);

    if (err != ERR_NOT_FOUND) {
        return err;
    }
    err = store_statement(s, sql_incarnation_add, &st);
    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, incarnation);
    db_bind_uuid(st, 2, device);
    db_bind_int(st, 3, is_own);
    err = db_run(st);
    *row_out = sqlite3_last_insert_rowid(s->db);
    return err;
}

/* --- open --- */

enum err evlog_init(struct store *store, const struct evlog_identity *id)
{
    const struct port *port = store->port;
    struct evlog_clock clock = { 0 };
    struct buf old;
    int64_t row;
    enum err err;

    buf_init(&old, sizeof(id->device));
    err = store_meta_get(store, META_DEVICE, &old);
    buf_fini(&old);
    if (err != ERR_NOT_FOUND) {
        return err ? err : ERR_EXISTS;
    }
    /* Enrolled anew on the same hardware: count on from there. */
    err = port->ops->counter_get(port->ctx, &clock.counter);
    if (!err) {
        err = store_begin(store);
    }
    if (err) {
        return err;
    }
    err = put_identity(store, id);
    if (!err) {
        err = evlog_clock_put(store, &clock);
    }
    if (!err) {
        err = evlog_incarnation_row(store, &id->incarnation, &id->device, true,
                                    &row);
    }
    if (!err) {
        return store_commit(store);
    }
    store_rollback(store);
    return err;
}

static const char sql_head[] =
    "SELECT head, link FROM incarnation WHERE id = ?1";

enum err evlog_head(struct evlog *log, struct evlog_head *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(log->store, sql_head, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, log->incarnation_row);
    err = db_row(st);
    if (!err) {
        out->incarnation = log->id.incarnation;
        out->sequence = (uint64_t)sqlite3_column_int64(st, 0);
        db_get_hash(st, 1, &out->link);
        sqlite3_reset(st);
    }
    return err;
}

int64_t evlog_row(const struct evlog *log)
{
    return log->incarnation_row;
}

/* The newest seal is ours and closes the chain as the head says. */
static enum err check_seal(struct evlog *log)
{
    struct evlog_head head;
    struct event_seal seal, opened;
    struct buf bytes;
    enum err err = evlog_head(log, &head);

    if (err || head.sequence == 0) {
        return err;
    }
    buf_init(&bytes, SEAL_MAX_BYTES);
    err = evlog_seal_at(log, &head.incarnation, head.sequence, &seal, &bytes);
    if (!err) {
        err =
            event_seal_open(buf_bytes(&bytes), &log->id.seal_key.pub, &opened);
    }
    if (!err && (opened.sequence != head.sequence ||
                 !hash_eq(&opened.link, &head.link) ||
                 !uuid_eq(&opened.device, &log->id.device))) {
        err = ERR_BAD_SEAL;
    }
    buf_fini(&bytes);
    return err == ERR_NOT_FOUND || err == ERR_BAD_DATA ? ERR_BAD_SEAL : err;
}

/* The counter outside learns of a save that is durable; where it can't, the
 * next save or start raises it again. */
static void raise_counter(struct evlog *log, uint64_t value)
{
    const enum err err = log->port->ops->counter_raise(log->port->ctx, value);

    if (err) {
        port_log(log->port, PORT_LOG_WARN, "counter: %s", err_text(err));
    }
}

/* A copy that was put back knows less than the counter outside; one that was
 * killed before it was raised knows more. */
static enum err check_counter(struct evlog *log)
{
    struct evlog_clock clock;
    uint64_t outside = 0;
    enum err err = evlog_clock_get(log->store, &clock);

    if (!err) {
        err = log->port->ops->counter_get(log->port->ctx, &outside);
    }
    if (!err && outside < clock.counter) {
        raise_counter(log, clock.counter);
    }
    if (err || outside <= clock.counter) {
        return err;
    }
    port_log(log->port, PORT_LOG_WARN,
             "the store is behind its counter: a restored copy");
    err = store_begin(log->store);
    if (err) {
        return err;
    }
    clock.counter = outside;
    err = evlog_clock_put(log->store, &clock);
    if (!err) {
        err = evlog_new_incarnation(log);
    }
    if (err) {
        evlog_rollback(log);
        return err;
    }
    log->was_restored = true;
    return evlog_commit(log);
}

enum err evlog_open(struct store *store, struct evlog **out)
{
    struct evlog *log = mem_alloc(sizeof(*log));
    enum err err;

    *out = NULL;
    if (log == NULL) {
        return ERR_NOMEM;
    }
    log->store = store;
    log->port = store->port;
    buf_init(&log->header, HEADER_MAX_BYTES);
    err = get_identity(store, &log->id);
    if (!err) {
        err = evlog_incarnation_find(store, &log->id.incarnation,
                                     &log->incarnation_row);
    }
    if (!err) {
        err = check_seal(log);
    }
    if (!err) {
        err = check_counter(log);
    }
    if (!err) {
        store->is_flush_due = true; /* perhaps a crash came before it */
        err = erase_flush(store);
    }
    if (err) {
        evlog_close(log);
        return err;
    }
    evlog_safety_settle(log);
    *out = log;
    return ERR_OK;
}

void evlog_close(struct evlog *log)
{
    if (log == NULL) {
        return;
    }
    buf_fini(&log->header);
    wipe(&log->id, sizeof(log->id));
    mem_free(log);
}

bool evlog_was_restored(const struct evlog *log)
{
    return log->was_restored;
}

const struct evlog_identity *evlog_identity(const struct evlog *log)
{
    return &log->id;
}

/* --- transactions --- */

enum err evlog_begin(struct evlog *log)
{
    return store_begin(log->store);
}

enum err evlog_commit(struct evlog *log)
{
    struct evlog_clock clock;
    enum err err = store_commit(log->store);

    if (err || log->store->depth > 0) {
        return err;
    }
    err = evlog_clock_get(log->store, &clock);
    if (err) {
        port_log(log->port, PORT_LOG_WARN, "counter: %s", err_text(err));
    } else {
        raise_counter(log, clock.counter);
    }
    err = erase_flush(log->store);
    if (err) { /* the order is durable; the next save tries again */
        port_log(log->port, PORT_LOG_WARN, "erasing: %s", err_text(err));
    }
    if (store_safety_is_broken(log->store)) {
        evlog_safety_settle(log); /* no network may come for a whole shift */
    }
    return ERR_OK;
}

void evlog_rollback(struct evlog *log)
{
    struct uuid incarnation;
    int64_t row;

    store_rollback(log->store);
    /* A new incarnation of this transaction is undone, too. When even this
     * can't be read, the next save fails and says so. */
    if (!get_fixed(log->store, META_INCARNATION, incarnation.bytes,
                   sizeof(incarnation)) &&
        !evlog_incarnation_find(log->store, &incarnation, &row)) {
        log->id.incarnation = incarnation;
        log->incarnation_row = row;
    }
}
