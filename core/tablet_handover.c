#include "core/tablet_handover.h"

#include <string.h>

#include "core/cose.h"
#include "core/mem.h"
#include "core/tablet_internal.h"
#include "core/wire.h"

#define KEYS_MAX   4 /* handover keys; the recovery key is one more */
#define FILE_PIECE ((size_t)64 * 1024)

/* --- whom it is sealed to --- */

/* Keys that the server granted for this use and nobody revoked: newest
 * first. The server is the device that made the council's own record. */
static const char sql_keys[] =
    "SELECT k.value FROM record r"
    " JOIN record c ON c.record = ?1 AND c.kind = ?2 AND c.device = r.device"
    " JOIN field u ON u.record = r.id AND u.field = ?3 AND u.value = ?4"
    " JOIN field k ON k.record = r.id AND k.field = ?5"
    " WHERE r.kind = ?6 AND r.is_struck = 0 AND r.has_conflict = 0"
    " AND NOT EXISTS (SELECT 1 FROM event e WHERE e.record = r.record"
    " AND e.op = ?7 AND e.state = 0) ORDER BY r.created_hlc DESC LIMIT ?8";

static enum err find_keys(struct tablet *t, struct ec_public *out,
                          size_t *count)
{
    static const uint8_t use[] = "\x68handover"; /* CBOR text */
    const struct evlog_identity *id = evlog_identity(t->log);
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_keys, &st);

    *count = 0;
    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &id->council);
    db_bind_int(st, 2, KIND_COUNCIL);
    db_bind_int(st, 3, KEY_USE);
    db_bind_bytes(st, 4, (struct bytes){ use, sizeof(use) - 1 });
    db_bind_int(st, 5, KEY_PUBLIC);
    db_bind_int(st, 6, KIND_KEY);
    db_bind_int(st, 7, OP_REVOKE);
    db_bind_int(st, 8, KEYS_MAX);
    for (;;) {
        struct cbor_reader r;
        struct bytes cose;

        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        cbor_open_gated(&r, db_get_bytes(st, 0));
        cose = cbor_get_bytes(&r);
        ASSERT(*count < KEYS_MAX);
        if (!r.err && !cose_key_parse(cose, &out[*count])) {
            ++*count;
        }
    }
    out[(*count)++] = id->recovery_key; /* when the server is no more */
    return err;
}

/* --- events --- */

struct export
{
    struct tablet *t;
    struct handover_writer *w;
    struct tablet_handover *out;
    bool is_all;
    /* one push */
    struct wire_list_writer events;
    struct buf wire, item;
    uint64_t first, last, limit;
    uint8_t *piece;
};

static enum err add_event(void *ctx, const struct evlog_event *e)
{
    struct export *x = ctx;
    enum err err;

    if (e->ref.sequence > x->limit ||
        x->events.items.len >= SYNC_EVENTS_MAX_BYTES) {
        return ERR_STOPPED;
    }
    buf_reset(&x->wire);
    err = event_wire_put(&x->wire, e->header,
                         e->body.data == NULL ? NULL : e->salt.data, e->body);
    if (err) {
        return err;
    }
    x->first = x->first == 0 ? e->ref.sequence : x->first;
    x->last = e->ref.sequence;
    cbor_put_bytes(wire_list_item(&x->events), x->wire.data, x->wire.len);
    return x->events.items.err;
}

static enum err put_push(struct export *x, const struct uuid *chain)
{
    struct wire_carry_push msg = { .incarnation = *chain, .first = x->first };
    struct buf seal;
    enum err err;

    buf_init(&seal, 1024);
    err = evlog_seal_for(x->t->log, chain, x->last, &seal);
    if (!err) {
        msg.events = wire_list_view(&x->events);
        msg.seal = buf_bytes(&seal);
        buf_reset(&x->item);
        wire_carry_push_put(&x->item, &msg);
        err = x->item.err;
    }
    err = err ? err : handover_put(x->w, HANDOVER_PUSH, buf_bytes(&x->item));
    buf_fini(&seal);
    x->out->events += x->last - x->first + 1;
    return err;
}

/* Events first..limit of one chain, as many pushes as they take. */
static enum err put_chain(struct export *x, const struct uuid *chain,
                          uint64_t first)
{
    enum err err = ERR_OK;

    while (!err && first <= x->limit) {
        x->first = x->last = 0;
        wire_list_begin(&x->events, HANDOVER_ITEM_MAX_BYTES);
        err = evlog_own(x->t->log, chain, first, SYNC_BATCH_MAX, add_event, x);
        if (!err && x->first > 0) {
            err = put_push(x, chain);
        }
        wire_list_fini(&x->events);
        if (x->last == 0) {
            break;
        }
        first = x->last + 1;
    }
    return err;
}

struct chains {
    struct evlog_chain *list;
    size_t count, cap;
};

static enum err note_chain(void *ctx, const struct evlog_chain *c)
{
    struct chains *to = ctx;

    if (to->count == to->cap) {
        const size_t cap = to->cap * 2 + 8;
        struct evlog_chain *more = mem_realloc(to->list, cap * sizeof(*more));

        if (more == NULL) {
            return ERR_NOMEM;
        }
        to->list = more;
        to->cap = cap;
    }
    to->list[to->count++] = *c;
    return ERR_OK;
}

/* What a closed chain never got acknowledged stands in a later one. */
static enum err put_chains(struct export *x)
{
    struct chains chains = { .count = 0 };
    enum err err = evlog_chains(x->t->log, note_chain, &chains);

    for (size_t i = 0; i < chains.count && !err; i++) {
        const struct evlog_chain *c = &chains.list[i];

        x->limit = c->is_closed ? c->acked : c->head;
        if (x->is_all || !c->is_closed) {
            err = put_chain(x, &c->incarnation, x->is_all ? 1 : c->acked + 1);
        }
    }
    mem_free(chains.list);
    return err;
}

/* --- files --- */

static enum err put_bytes(struct export *x, const struct hash *name,
                          uint64_t size)
{
    const struct port *port = x->t->port;
    uint64_t at = 0;
    enum err err = ERR_OK;

    while (!err && at < size) {
        const uint64_t left = size - at;
        size_t got = 0;

        err = port->ops->blob_read(
            port->ctx, name, at, x->piece,
            left < FILE_PIECE ? (size_t)left : FILE_PIECE, &got);
        if (!err && got == 0) {
            err = ERR_IO; /* shorter than it was */
        }
        err = err ? err
                  : handover_put(x->w, HANDOVER_PIECE,
                                 (struct bytes){ x->piece, got });
        at += got;
    }
    return err;
}

static enum err put_file(struct export *x, const struct hash *name,
                         uint64_t size)
{
    const struct port *port = x->t->port;
    const struct wire_carry_file msg = { *name, size };
    uint64_t there = 0;
    enum err err = port->ops->blob_size(port->ctx, name, &there);

    if (err == ERR_NOT_FOUND || (!err && there != size)) {
        x->out->missing++;
        return ERR_OK;
    }
    if (err) {
        return err;
    }
    buf_reset(&x->item);
    wire_carry_file_put(&x->item, &msg);
    err = x->item.err ? x->item.err
                      : handover_put(x->w, HANDOVER_FILE, buf_bytes(&x->item));
    x->out->files++;
    x->out->bytes += size;
    return err ? err : put_bytes(x, name, size);
}

static const char sql_files[] =
    "SELECT name, size FROM blob WHERE is_own = 1"
    " AND (?1 = 1 OR receipt IS NULL) ORDER BY size, name";

static enum err put_files(struct export *x)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(x->t->store, sql_files, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, x->is_all);
    while (!err) {
        struct hash name;

        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        db_get_hash(st, 0, &name);
        err = put_file(x, &name, (uint64_t)sqlite3_column_int64(st, 1));
    }
    sqlite3_reset(st);
    return err;
}

/* --- the whole --- */

static enum err put_head(struct export *x)
{
    const struct evlog_identity *id = evlog_identity(x->t->log);
    struct wire_carry_head msg = { .version = WIRE_VERSION,
                                   .council = id->council,
                                   .device = id->device,
                                   .incarnation = id->incarnation };
    struct port_time now;

    x->t->port->ops->now(x->t->port->ctx, &now);
    msg.made_ms = now.wall_ms > 0 ? (uint64_t)now.wall_ms : 0;
    buf_reset(&x->item);
    wire_carry_head_put(&x->item, &msg);
    return x->item.err ? x->item.err
                       : handover_put(x->w, HANDOVER_HEAD, buf_bytes(&x->item));
}

static enum err put_end(struct export *x)
{
    const struct wire_carry_end msg = { x->out->events, x->out->files };

    buf_reset(&x->item);
    wire_carry_end_put(&x->item, &msg);
    return x->item.err ? x->item.err
                       : handover_put(x->w, HANDOVER_END, buf_bytes(&x->item));
}

enum err tablet_handover(struct tablet *t, bool is_all, blobcrypt_sink_fn sink,
                         void *ctx, struct tablet_handover *out)
{
    struct export x = { .t = t, .out = out, .is_all = is_all };
    struct ec_public keys[KEYS_MAX + 1];
    size_t count;
    enum err err;

    memset(out, 0, sizeof(*out));
    buf_init(&x.wire, HEADER_MAX_BYTES + BODY_MAX_BYTES + 64);
    buf_init(&x.item, HANDOVER_ITEM_MAX_BYTES);
    x.piece = mem_alloc(FILE_PIECE);
    err = x.piece == NULL ? ERR_NOMEM : find_keys(t, keys, &count);
    err = err ? err
              : handover_seal_new(keys, count, port_random(t->port), sink, ctx,
                                  &x.w);
    err = err ? err : put_head(&x);
    err = err ? err : put_chains(&x);
    err = err ? err : put_files(&x);
    err = err ? err : put_end(&x);
    err = err ? err : handover_seal_end(x.w);
    handover_writer_free(x.w);
    mem_free(x.piece);
    buf_wipe(&x.wire);
    buf_wipe(&x.item);
    return err;
}
