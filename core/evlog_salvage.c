#include "core/evlog_salvage.h"

#include <string.h>

#include "core/cbor.h"
#include "core/evlog_internal.h"
#include "core/limits.h"
#include "core/mem.h"
#include "core/project.h"
#include "core/store_safety.h"
#include "core/store_salvage.h"

#define META_RECEIPT    "sync.receipt" /* sync_internal.h */
#define NAME_MAX_BYTES  80
#define VALUES_MAX      2000 /* of the meta table */
#define VALUE_MAX_BYTES ((size_t)256 * 1024)

/* A value of the old meta table. */
struct value {
    char name[NAME_MAX_BYTES];
    struct buf bytes;
};

/* One old incarnation of our own. */
struct old_chain {
    struct uuid incarnation;
    int64_t row; /* in the new store; 0: not yet */
    uint64_t head, acked;
    uint64_t end;             /* closed: nothing was saved beyond; 0: unknown */
    bool is_closed, is_known; /* its own row could be read */
};

struct salvage {
    struct store *store; /* the new one */
    struct evlog *log;
    struct salvage_report *out;
    struct value *values;
    size_t value_count;
    struct old_chain *chains;
    size_t chain_count, chain_cap;
    struct buf header;
    bool is_safety;       /* what is told comes from the safety copy */
    int64_t last_of_file; /* row of the last event that didn't; so far, any */
};

/* --- first: who this tablet is --- */

static struct value *find(struct salvage *k, const char *name)
{
    for (size_t i = 0; i < k->value_count; i++) {
        if (strcmp(k->values[i].name, name) == 0) {
            return &k->values[i];
        }
    }
    return NULL;
}

static enum err take_meta(void *ctx, const char *name, struct bytes value)
{
    struct salvage *k = ctx;
    struct value *v = find(k, name);

    if (strlen(name) >= NAME_MAX_BYTES || value.len > VALUE_MAX_BYTES ||
        (v == NULL && k->value_count == VALUES_MAX)) {
        return ERR_OK;
    }
    if (v == NULL) {
        v = &k->values[k->value_count++];
        memcpy(v->name, name, strlen(name) + 1);
        buf_init(&v->bytes, VALUE_MAX_BYTES);
    }
    buf_reset(&v->bytes);
    buf_put(&v->bytes, value.data, value.len);
    return v->bytes.err;
}

static enum err take_safety_meta(struct salvage *k, struct bytes item)
{
    struct cbor_reader r;
    struct bytes name, value;
    char text[NAME_MAX_BYTES];

    cbor_open_gated(&r, item);
    if (cbor_get_array(&r) != 2) {
        return ERR_OK;
    }
    name = cbor_get_text(&r);
    value = cbor_get_bytes(&r);
    if (r.err || name.len >= sizeof(text)) {
        return ERR_OK;
    }
    memcpy(text, name.data, name.len);
    text[name.len] = '\0';
    return take_meta(k, text, value);
}

static bool get(struct salvage *k, const char *name, void *out, size_t len)
{
    const struct value *v = find(k, name);

    if (v == NULL || v->bytes.len != len) {
        return false;
    }
    memcpy(out, v->bytes.data, len);
    return true;
}

static enum err read_identity(struct salvage *k, struct evlog_identity *id)
{
    const struct port *port = k->store->port;

    memset(id, 0, sizeof(*id));
    if (!get(k, "council", &id->council, sizeof(id->council)) ||
        !get(k, "device", &id->device, sizeof(id->device)) ||
        !get(k, "seal_key", id->seal_key.d, sizeof(id->seal_key.d)) ||
        !get(k, "server_key", &id->server_key, sizeof(id->server_key)) ||
        !get(k, "recovery_key", &id->recovery_key, sizeof(id->recovery_key)) ||
        crypto_ec_derive(&id->seal_key)) {
        return ERR_NOT_FOUND;
    }
    return port->ops->random(port->ctx, id->incarnation.bytes,
                             sizeof(id->incarnation.bytes));
}

static bool is_identity(const char *name)
{
    static const char *const names[] = { "council",      "device",
                                         "seal_key",     "server_key",
                                         "recovery_key", "incarnation" };

    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Certificates and the like; cursors not: all is to come down again. The last
 * receipt tells whether the server was put back since. */
static enum err keep_values(struct salvage *k)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < k->value_count && !err; i++) {
        const struct value *v = &k->values[i];

        if (!is_identity(v->name) && (store_safety_keeps(v->name) ||
                                      strcmp(v->name, META_RECEIPT) == 0)) {
            err = store_meta_put(k->store, v->name, buf_bytes(&v->bytes));
        }
    }
    return err;
}

/* --- then: its entries --- */

static struct old_chain *chain_of(struct salvage *k, const struct uuid *id)
{
    for (size_t i = 0; i < k->chain_count; i++) {
        if (uuid_eq(&k->chains[i].incarnation, id)) {
            return &k->chains[i];
        }
    }
    if (k->chain_count == k->chain_cap) {
        const size_t cap = k->chain_cap * 2 + 8;
        struct old_chain *more = mem_realloc(k->chains, cap * sizeof(*more));

        if (more == NULL) {
            return NULL;
        }
        k->chains = more;
        k->chain_cap = cap;
    }
    k->chains[k->chain_count] = (struct old_chain){ .incarnation = *id };
    return &k->chains[k->chain_count++];
}

static enum err take_chain(void *ctx, const struct salvage_chain *c)
{
    struct old_chain *to = chain_of(ctx, &c->incarnation);

    if (to == NULL) {
        return ERR_NOMEM;
    }
    to->head = c->head;
    to->acked = c->acked;
    to->is_closed = c->is_closed;
    to->end = c->is_closed ? c->head : 0; /* 0: it was salvaged before */
    to->is_known = true;
    return ERR_OK;
}

static const char sql_has[] =
    "SELECT id FROM event WHERE incarnation = ?1 AND sequence = ?2";
static const char sql_drop[] = "DELETE FROM event WHERE id = ?1";
static const char sql_last[] = "SELECT coalesce(max(id), 0) FROM event";

/*
 * Is it there? What the safety copy tells twice counts as told last: the
 * first was a save that failed after the copy had it (the program was killed
 * there), and the next one got its number.
 */
static enum err has_event(struct salvage *k, int64_t row, uint64_t sequence,
                          bool *out)
{
    sqlite3_stmt *st;
    int64_t id = 0;
    enum err err = store_statement(k->store, sql_has, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, row);
    db_bind_int(st, 2, (int64_t)sequence);
    err = db_step(st, out);
    id = *out ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    if (err || id <= k->last_of_file) {
        return err;
    }
    *out = false;
    k->out->from_safety--;
    err = store_statement(k->store, sql_drop, &st);
    if (!err) {
        db_bind_int(st, 1, id);
        err = db_run(st);
    }
    return err;
}

static enum err insert_own(struct salvage *k, const struct event_header *h,
                           const struct salvage_event *e)
{
    static const struct hash no_link;
    struct old_chain *c = chain_of(k, &h->incarnation);
    bool has = false;
    int64_t id;
    enum err err = c == NULL ? ERR_NOMEM : ERR_OK;

    if (!err && c->row == 0) {
        err = evlog_incarnation_row(k->store, &h->incarnation, &h->device, true,
                                    &c->row);
    }
    err = err ? err : has_event(k, c->row, h->sequence, &has);
    if (err || has)
        return err;
    c->head = c->head > h->sequence ? c->head : h->sequence;
    k->out->from_file += !k->is_safety;
    k->out->from_safety += k->is_safety;
    return evlog_insert(k->store,
                        &(struct evlog_row){ .incarnation = c->row,
                                             .h = h,
                                             .header = e->header,
                                             .link = &no_link,
                                             .salt = e->salt,
                                             .body = e->body,
                                             .state = e->state == EVLOG_REPEATED
                                                          ? EVLOG_REPEATED
                                                          : EVLOG_APPLIED },
                        &id);
}

/* Its body, where it has one, is what the header commits to. */
static bool is_as_written(const struct event_header *h,
                          const struct salvage_event *e)
{
    struct hash commitment;

    if (e->body.data == NULL) {
        return true;
    }
    if (e->salt.len != EVENT_SALT_SIZE) {
        return false;
    }
    event_commit(e->salt.data, e->body, &commitment);
    return hash_eq(&commitment, &h->commitment);
}

static enum err take_event(void *ctx, const struct salvage_event *e)
{
    struct salvage *k = ctx;
    struct event_header h;
    enum err err = event_header_parse(e->header, &h);

    if (err && err != ERR_NEWER) {
        k->out->lost_rows += !k->is_safety;
        return err == ERR_NOMEM ? err : ERR_OK;
    }
    if (!is_as_written(&h, e)) {
        k->out->lost_rows += !k->is_safety;
        return ERR_OK;
    }
    if (uuid_eq(&h.device, &k->log->id.device)) {
        return insert_own(k, &h, e);
    }
    err = evlog_receive(k->log, e->header, e->salt, e->body);
    k->out->from_file += !err;
    return err == ERR_FORK ? ERR_OK : err; /* both branches are kept */
}

static const char sql_key_put[] =
    "INSERT INTO content_key (record, key) VALUES (?1, ?2)"
    " ON CONFLICT DO NOTHING";

static enum err take_key(void *ctx, struct bytes record, struct bytes key)
{
    struct salvage *k = ctx;
    sqlite3_stmt *st;
    enum err err = store_statement(k->store, sql_key_put, &st);

    if (!err && record.len == 16 && key.len == CRYPTO_KEY_SIZE) {
        db_bind_bytes(st, 1, record);
        db_bind_bytes(st, 2, key);
        err = db_run(st);
    }
    return err;
}

static const char sql_draft_put[] =
    "INSERT INTO draft (id, officer, form, data, changed_ms)"
    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING";

static enum err take_draft(void *ctx, sqlite3_stmt *row)
{
    struct salvage *k = ctx;
    sqlite3_stmt *st;
    enum err err = store_statement(k->store, sql_draft_put, &st);

    if (!err) {
        for (int i = 0; i < 5; i++) {
            sqlite3_bind_value(st, i + 1, sqlite3_column_value(row, i));
        }
        err = db_run(st);
    }
    return err;
}

/* --- the safety copy --- */

static enum err take_safety_event(struct salvage *k, struct bytes wire)
{
    struct salvage_event e = { .state = EVLOG_APPLIED };
    enum err err;

    buf_reset(&k->header);
    err = event_wire_parse(wire, &k->header, &e.salt, &e.body);
    if (err) {
        return err == ERR_NOMEM ? err : ERR_OK;
    }
    e.header = buf_bytes(&k->header);
    return take_event(k, &e);
}

static enum err take_ack(struct salvage *k, struct bytes item)
{
    struct old_chain *c;
    struct uuid id;
    uint64_t held = 0;

    if (item.len != sizeof(id) + 8) {
        return ERR_OK;
    }
    memcpy(id.bytes, item.data, sizeof(id));
    for (size_t i = 0; i < 8; i++) {
        held = held << 8 | item.data[sizeof(id) + i];
    }
    c = chain_of(k, &id);
    if (c == NULL) {
        return ERR_NOMEM;
    }
    c->acked = c->acked > held ? c->acked : held;
    return ERR_OK;
}

static enum err take_safety_values(void *ctx, enum safety_type type,
                                   struct bytes payload)
{
    return type == SAFETY_META ? take_safety_meta(ctx, payload) : ERR_OK;
}

static enum err take_safety(void *ctx, enum safety_type type,
                            struct bytes payload)
{
    struct salvage *k = ctx;

    switch (type) {
    case SAFETY_EVENT:
        return take_safety_event(k, payload);
    case SAFETY_ACK:
        return take_ack(k, payload);
    case SAFETY_KEY:
        return payload.len == 16 + CRYPTO_KEY_SIZE
                   ? take_key(
                         k, (struct bytes){ payload.data, 16 },
                         (struct bytes){ payload.data + 16, CRYPTO_KEY_SIZE })
                   : ERR_OK;
    default:
        return ERR_OK;
    }
}

/* --- last: what was unsent is recorded again --- */

static const char sql_acked_put[] =
    "UPDATE incarnation SET acked = ?2, is_closed = 1 WHERE id = ?1";
static const char sql_count_unsent[] =
    "SELECT count(*) FROM event WHERE incarnation = ?1 AND sequence > ?2"
    " AND state <> 2 AND body IS NOT NULL";
/* The old chain can't be given back: there may be gaps in it. Its entries
 * stand here like those that came from elsewhere. */
static const char sql_unlink[] =
    "UPDATE event SET link = NULL WHERE incarnation = ?1";
static const char sql_settle[] =
    "UPDATE incarnation SET acked = 0, head = 0, is_closed = 1 WHERE id = ?1";
static const char sql_blobs[] =
    "SELECT id, header FROM event WHERE incarnation = ?1 AND state <> 2";
static const char sql_blob_put[] =
    "INSERT INTO blob (name, size, is_own, event) VALUES (?1, ?2, 1, ?3)"
    " ON CONFLICT (name) DO NOTHING";

static enum err run2(struct salvage *k, const char *sql, int64_t a, int64_t b)
{
    sqlite3_stmt *st;
    enum err err = store_statement(k->store, sql, &st);

    if (!err) {
        db_bind_int(st, 1, a);
        if (sqlite3_bind_parameter_count(st) > 1) {
            db_bind_int(st, 2, b);
        }
        err = db_run(st);
    }
    return err;
}

static enum err put_blobs(struct salvage *k, int64_t event,
                          const struct event_header *h)
{
    const struct port *port = k->store->port;
    sqlite3_stmt *st;
    enum err err = ERR_OK;

    for (size_t i = 0; i < h->blob_count && !err; i++) {
        uint64_t size = 0;

        err = port->ops->blob_size(port->ctx, &h->blobs[i], &size);
        if (err == ERR_NOT_FOUND) {
            err = ERR_OK;
            continue;
        }
        err = err ? err : store_statement(k->store, sql_blob_put, &st);
        if (!err) {
            db_bind_hash(st, 1, &h->blobs[i]);
            db_bind_int(st, 2, (int64_t)size);
            db_bind_int(st, 3, event);
            err = db_run(st);
        }
    }
    return err;
}

/* Photos of entries that had been sent: whether their files have arrived
 * the next receipt says. */
static enum err keep_blobs(struct salvage *k, const struct old_chain *c)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(k->store, sql_blobs, &st);

    if (err)
        return err;
    db_bind_int(st, 1, c->row);
    while (!err) {
        struct event_header h;

        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        err = event_header_parse(db_get_bytes(st, 1), &h);
        if (!err || err == ERR_NEWER) {
            err = put_blobs(k, sqlite3_column_int64(st, 0), &h);
        }
    }
    sqlite3_reset(st);
    return err;
}

static enum err count_unsent(struct salvage *k, const struct old_chain *c)
{
    sqlite3_stmt *st;
    enum err err = store_statement(k->store, sql_count_unsent, &st);

    if (err)
        return err;
    db_bind_int(st, 1, c->row);
    db_bind_int(st, 2, (int64_t)c->acked);
    err = db_row(st);
    if (!err) {
        k->out->unsent += (uint64_t)sqlite3_column_int64(st, 0);
        sqlite3_reset(st);
    }
    return err;
}

/* All of a closed chain was sent, or recorded again when it was closed; but
 * for a save that failed after the safety copy had it. */
static bool has_unsent(const struct old_chain *c)
{
    return !c->is_closed || (c->end > 0 && c->head > c->end);
}

static enum err close_chain(struct salvage *k, struct old_chain *c)
{
    enum err err;

    if (c->row == 0) {
        return ERR_OK; /* nothing of it is left */
    }
    if (c->is_closed && c->acked < c->end) {
        c->acked = c->end;
    }
    err = run2(k, sql_acked_put, c->row, (int64_t)c->acked);
    if (!err && has_unsent(c)) {
        err = count_unsent(k, c);
        err =
            err ? err : evlog_repeat(k->log, &c->incarnation, c->row, c->head);
    }
    err = err ? err : keep_blobs(k, c);
    err = err ? err : run2(k, sql_unlink, c->row, 0);
    return err ? err : run2(k, sql_settle, c->row, 0);
}

/* Without the last receipt nothing would tell that the server was put back
 * meanwhile: all that is left goes there once more, each naming its place. */
static enum err repeat_unsure(struct salvage *k)
{
    struct evlog_head before, after;
    bool was_acked = false;
    enum err err;

    for (size_t i = 0; i < k->chain_count; i++) {
        was_acked |= k->chains[i].acked > 0 || k->chains[i].is_closed;
    }
    if (!was_acked || find(k, META_RECEIPT) != NULL) {
        return ERR_OK;
    }
    err = evlog_head(k->log, &before);
    err = err ? err : evlog_repeat_salvaged(k->log);
    err = err ? err : evlog_head(k->log, &after);
    k->out->unsent += err ? 0 : after.sequence - before.sequence;
    return err;
}

static enum err rebuild(struct salvage *k, const struct store_options *damaged)
{
    const struct salvage_told told = { .ctx = k,
                                       .chain = take_chain,
                                       .event = take_event,
                                       .key = take_key,
                                       .draft = take_draft };
    struct salvage_stats file;
    struct safety_stats safety;
    enum err err = keep_values(k);

    err = err ? err : store_salvage(damaged, &told, &file);
    k->out->is_file_readable = !err && file.is_open;
    k->out->lost_rows += err ? 0 : file.lost;
    k->is_safety = true;
    err = err ? err : store_number(k->store, sql_last, &k->last_of_file);
    err = err ? err
              : store_safety_read(k->store->port, damaged->key32, take_safety,
                                  k, &safety);
    if (err == ERR_NOT_FOUND) {
        err = ERR_OK;
    } else if (!err) {
        k->out->safety_damage = safety.damaged;
    }
    k->log->is_salvaging = true;
    for (size_t i = 0; i < k->chain_count && !err; i++) {
        err = close_chain(k, &k->chains[i]);
    }
    k->log->is_salvaging = false;
    err = err ? err : repeat_unsure(k);
    return err ? err : project_all(k->store);
}

static enum err first_look(struct salvage *k,
                           const struct store_options *damaged,
                           struct evlog_identity *id)
{
    const struct salvage_told told = { .ctx = k, .meta = take_meta };
    struct salvage_stats file;
    struct safety_stats safety;
    enum err err = store_salvage(damaged, &told, &file);

    err = err ? err
              : store_safety_read(damaged->port, damaged->key32,
                                  take_safety_values, k, &safety);
    err = err == ERR_NOT_FOUND ? ERR_OK : err;
    return err ? err : read_identity(k, id);
}

static enum err run(struct salvage *k, const struct store_options *damaged)
{
    enum err err = evlog_begin(k->log);

    if (err)
        return err;
    err = rebuild(k, damaged);
    if (err) {
        evlog_rollback(k->log);
        return err;
    }
    return evlog_commit(k->log);
}

enum err evlog_salvage(const struct store_options *damaged,
                       const struct store_options *fresh,
                       struct salvage_report *out)
{
    struct salvage k = { .out = out, .last_of_file = INT64_MAX };
    struct evlog_identity id;
    enum err err;

    memset(out, 0, sizeof(*out));
    memset(&id, 0, sizeof(id));
    buf_init(&k.header, HEADER_MAX_BYTES);
    k.values = mem_array(VALUES_MAX, sizeof(*k.values));
    err = k.values == NULL ? ERR_NOMEM : store_open(fresh, &k.store);
    err = err ? err : first_look(&k, damaged, &id);
    /* The copy of the old store stays as it is until the new one is whole. */
    if (!err) {
        store_safety_close(k.store);
        err = evlog_init(k.store, &id);
    }
    err = err ? err : evlog_open(k.store, &k.log);
    err = err ? err : run(&k, damaged);
    evlog_close(k.log);
    store_close(k.store);
    for (size_t i = 0; i < k.value_count; i++) {
        buf_wipe(&k.values[i].bytes);
    }
    mem_free(k.values);
    mem_free(k.chains);
    buf_fini(&k.header);
    wipe(&id, sizeof(id));
    return err;
}
