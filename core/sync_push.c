/* sync_push.c - one exchange request: our events, what we hold, what we ask. */
#include <string.h>

#include "core/store_sync.h"
#include "core/sync_internal.h"

#define RESTART_MAX_BYTES 64

/* --- what a restored server is still to get --- */

enum err sync_restart_get(struct sync *s)
{
    struct cbor_reader r;
    struct buf value;
    enum err err;

    memset(&s->restart, 0, sizeof(s->restart));
    buf_init(&value, RESTART_MAX_BYTES);
    err = store_meta_get(evlog_store(s->log), SYNC_META_RESTART, &value);
    if (!err && value.len > 0) {
        cbor_open(&r, buf_bytes(&value));
        if (cbor_get_array(&r) == 3) {
            s->restart.is_open = cbor_get_bool(&r);
            s->restart.chains = cbor_get_uint(&r);
            s->restart.page = cbor_get_int(&r);
        }
        err = cbor_close(&r);
    }
    buf_fini(&value);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err sync_restart_put(struct sync *s)
{
    struct buf value;
    enum err err;

    buf_init(&value, RESTART_MAX_BYTES);
    cbor_put_array(&value, 3);
    cbor_put_bool(&value, s->restart.is_open);
    cbor_put_uint(&value, s->restart.chains);
    cbor_put_int(&value, s->restart.page);
    err = value.err ? value.err
                    : store_meta_put(evlog_store(s->log), SYNC_META_RESTART,
                                     buf_bytes(&value));
    buf_fini(&value);
    return err;
}

/* --- which chain --- */

struct choice {
    const struct sync *s;
    uint64_t closed_seen;
    bool is_closed_found;
    struct evlog_chain chain;
};

static enum err choose(void *ctx, const struct evlog_chain *c)
{
    struct choice *to = ctx;

    if (!c->is_closed) {
        to->chain = *c;
        return ERR_OK;
    }
    if (to->s->restart.is_open && to->closed_seen >= to->s->restart.chains &&
        c->acked > 0) {
        to->chain = *c;
        to->is_closed_found = true;
        return ERR_STOPPED;
    }
    to->closed_seen++;
    return ERR_OK;
}

/* --- events of the push --- */

struct push {
    struct wire_list_writer events;
    uint64_t first, last;
    uint64_t limit; /* not beyond this sequence */
    size_t max;     /* bytes after which no more are taken */
    struct buf wire;
};

static enum err add_event(void *ctx, const struct evlog_event *e)
{
    struct push *p = ctx;
    enum err err;

    if (e->ref.sequence > p->limit || p->events.items.len >= p->max) {
        return ERR_STOPPED;
    }
    buf_reset(&p->wire);
    err = event_wire_put(&p->wire, e->header,
                         e->body.data == NULL ? NULL : e->salt.data, e->body);
    if (err)
        return err;
    if (p->first == 0) {
        p->first = e->ref.sequence;
    }
    p->last = e->ref.sequence;
    cbor_put_bytes(wire_list_item(&p->events), p->wire.data, p->wire.len);
    return p->events.items.err;
}

static enum err link_at(struct sync *s, const struct uuid *chain,
                        uint64_t sequence, struct hash *out)
{
    memset(out, 0, sizeof(*out));
    return sequence == 0 ? ERR_OK : evlog_link_at(s->log, chain, sequence, out);
}

/* --- what else it holds --- */

struct asking {
    const struct sync *s;
    struct wire_list_writer *names;
};

static enum err add_blob(void *ctx, const struct hash *name, uint64_t size)
{
    const struct asking *a = ctx;

    (void)size;
    if (sync_blob_is_stuck(a->s, name)) {
        return ERR_OK;
    }
    if (a->names->count == SYNC_BLOBS_MAX) {
        return ERR_STOPPED;
    }
    cbor_put_hash(wire_list_item(a->names), name);
    return a->names->items.err;
}

static enum err get_meta(struct sync *s, const char *name, struct buf *out)
{
    enum err err = store_meta_get(evlog_store(s->log), name, out);

    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* The events of a page that we still have, as the server sent them. */
static enum err put_page_events(struct sync *s, const struct store_page *page,
                                struct wire_list_writer *events)
{
    struct cbor_reader r;
    struct buf wire;
    size_t count;
    enum err err = ERR_OK;

    buf_init(&wire, HEADER_MAX_BYTES + BODY_MAX_BYTES + 64);
    cbor_open(&r, buf_bytes(&page->refs));
    count = cbor_get_array(&r);
    for (size_t i = 0; i < count && !err && !r.err; i++) {
        struct event_ref ref;

        (void)cbor_get_array(&r);
        cbor_get_uuid(&r, &ref.incarnation);
        ref.sequence = cbor_get_uint(&r);
        buf_reset(&wire);
        err = store_event_wire(evlog_store(s->log), &ref, &wire);
        if (!err) {
            cbor_put_bytes(wire_list_item(events), wire.data, wire.len);
        } else if (err == ERR_NOT_FOUND) {
            err = ERR_OK;
        }
    }
    buf_fini(&wire);
    return err ? err : events->items.err;
}

/* One page a request, after all closed chains were given back. */
static enum err put_offer(struct sync *s, struct wire_list_writer *offers)
{
    struct wire_list_writer events;
    struct store_page page;
    struct wire_offer offer;
    enum err err;

    store_page_begin(&page);
    wire_list_begin(&events, SYNC_PLAIN_MAX_BYTES);
    err = store_page_after(evlog_store(s->log), s->restart.page, &page);
    if (!err) {
        err = put_page_events(s, &page, &events);
        offer.seal = buf_bytes(&page.seal);
        offer.leaves = buf_bytes(&page.leaves);
        offer.events = wire_list_view(&events);
        wire_offer_put(wire_list_item(offers), &offer);
        s->offered = page.id;
        err = err ? err : offers->items.err;
    } else if (err == ERR_NOT_FOUND) {
        s->restart.is_open = false; /* all was given back */
        err = sync_restart_put(s);
    }
    wire_list_fini(&events);
    store_page_fini(&page);
    return err;
}

/* --- the request --- */

struct request {
    struct wire_exchange x;
    struct push push;
    struct wire_list_writer officers, blobs, offers;
    struct buf seal, receipt, cursors;
};

static void begin(struct request *r)
{
    memset(r, 0, sizeof(*r));
    wire_list_begin(&r->push.events, SYNC_EVENTS_MAX_BYTES + HEADER_MAX_BYTES +
                                         BODY_MAX_BYTES + 4096);
    wire_list_begin(&r->officers, SYNC_OFFICERS_MAX * 32);
    wire_list_begin(&r->blobs, SYNC_BLOBS_MAX * 40);
    wire_list_begin(&r->offers, SYNC_PLAIN_MAX_BYTES);
    buf_init(&r->push.wire, HEADER_MAX_BYTES + BODY_MAX_BYTES + 64);
    buf_init(&r->seal, 1024);
    buf_init(&r->receipt, 8192);
    buf_init(&r->cursors, SYNC_CURSORS_MAX_BYTES);
}

static void end(struct request *r)
{
    wire_list_fini(&r->push.events);
    wire_list_fini(&r->officers);
    wire_list_fini(&r->blobs);
    wire_list_fini(&r->offers);
    buf_fini(&r->push.wire);
    buf_fini(&r->seal);
    buf_fini(&r->receipt);
    buf_fini(&r->cursors);
}

static size_t bytes_of_batch(uint64_t events)
{
    return events >= SYNC_BATCH_MAX   ? SYNC_EVENTS_MAX_BYTES
           : events >= SYNC_BATCH_MID ? SYNC_EVENTS_MID_BYTES
                                      : SYNC_EVENTS_MIN_BYTES;
}

static enum err fill_events(struct sync *s, struct request *r,
                            const struct choice *c)
{
    uint64_t first = c->chain.acked + 1;
    enum err err;

    r->push.limit = c->chain.head;
    r->push.max = bytes_of_batch(s->batch);
    if (c->is_closed_found) {
        first = s->closed_next;
        r->push.limit = c->chain.acked;
    }
    err = evlog_own(s->log, &s->chain, first, (size_t)s->batch, add_event,
                    &r->push);
    if (!err && r->push.last > 0) {
        err = evlog_seal_for(s->log, &s->chain, r->push.last, &r->seal);
        r->x.has_first = r->x.has_events = r->x.has_seal = true;
        r->x.first = r->push.first;
        r->x.events = wire_list_view(&r->push.events);
        r->x.seal = buf_bytes(&r->seal);
    }
    return err;
}

static enum err fill_state(struct sync *s, struct request *r)
{
    struct asking asking = { s, &r->blobs };
    struct cbor_reader cursors;
    enum err err = get_meta(s, SYNC_META_RECEIPT, &r->receipt);

    err = err ? err : get_meta(s, SYNC_META_CURSORS, &r->cursors);
    if (err)
        return err;
    r->x.has_receipt = r->receipt.len > 0;
    r->x.receipt = buf_bytes(&r->receipt);
    if (r->cursors.len > 0) {
        cbor_open(&cursors, buf_bytes(&r->cursors));
        r->x.cursors.count = cbor_get_array(&cursors);
        r->x.cursors.items =
            (struct bytes){ cursors.at, (size_t)(cursors.end - cursors.at) };
    }
    for (size_t i = 0; i < s->officer_count; i++) {
        cbor_put_uuid(wire_list_item(&r->officers), &s->officers[i]);
    }
    r->x.officers = wire_list_view(&r->officers);
    err = evlog_blobs_waiting(s->log, add_blob, &asking);
    s->asked = r->blobs.count;
    r->x.has_blobs = r->blobs.count > 0;
    r->x.blobs = wire_list_view(&r->blobs);
    r->x.max_rows = s->batch;
    r->x.max_bytes = SYNC_EVENTS_MAX_BYTES;
    return err;
}

static enum err fill(struct sync *s, struct request *r)
{
    struct choice c = { .s = s };
    enum err err = evlog_chains(s->log, choose, &c);

    if (err)
        return err;
    s->chain = c.chain.incarnation;
    s->is_closed = c.is_closed_found;
    s->closed_at = c.closed_seen;
    s->head = c.is_closed_found ? c.chain.acked : c.chain.head;
    s->offered = 0;
    r->x.version = WIRE_VERSION;
    r->x.device = evlog_identity(s->log)->device;
    r->x.incarnation = s->chain;
    r->x.head_sequence = s->head;
    err = link_at(s, &s->chain, s->head, &r->x.head_link);
    err = err ? err : fill_events(s, r, &c);
    err = err ? err : fill_state(s, r);
    if (!err && s->restart.is_open && !s->is_closed) {
        err = put_offer(s, &r->offers);
        r->x.has_offers = r->offers.count > 0;
        r->x.offers = wire_list_view(&r->offers);
    }
    return err;
}

enum err sync_push_build(struct sync *s, const char **type_out)
{
    struct request r;
    struct buf plain;
    enum err err;

    begin(&r);
    buf_init(&plain, SYNC_PLAIN_MAX_BYTES);
    buf_reset(&s->body);
    err = fill(s, &r);
    if (!err) {
        wire_exchange_put(&plain, &r.x);
        err = plain.err;
    }
    err = err ? err : wire_pack(&s->body, buf_bytes(&plain), type_out);
    buf_fini(&plain);
    end(&r);
    return err;
}
