/*
 * sync_pull.c - one answer: checked as a whole, then applied as a whole, in
 * one transaction. What does not verify changes nothing.
 */
#include <stdio.h>
#include <string.h>

#include "core/audience.h"
#include "core/cose.h"
#include "core/erase.h"
#include "core/prune.h"
#include "core/store_sync.h"
#include "core/sync_internal.h"
#include "core/wipe_order.h"

struct answer {
    struct wire_reply msg;
    struct wire_receipt receipt;
    bool is_restart;   /* another log than the one we knew */
    bool is_link_ours; /* the receipt's link is ours at that number */
    bool has_order;    /* it is confirmed at once, by the next request */
    struct store_page page;
};

static const struct evlog_identity *me(const struct sync *s)
{
    return evlog_identity(s->log);
}

/* --- checks --- */

/* Our own last receipt: already verified when it was stored. */
static enum err read_last(struct sync *s, struct buf *buf,
                          struct wire_receipt *out)
{
    struct cose_sign1 msg;
    enum err err = store_meta_get(evlog_store(s->log), SYNC_META_RECEIPT, buf);

    err = err ? err : cose_sign1_parse(buf_bytes(buf), &msg);
    return err ? err : wire_receipt_get(msg.payload, out);
}

/* A log that got smaller, or another one of the same size, is an alarm. */
static enum err check_log(struct sync *s, struct answer *a)
{
    struct wire_receipt last;
    struct buf buf;
    enum err err;

    buf_init(&buf, 8192);
    err = read_last(s, &buf, &last);
    if (!err) {
        a->is_restart = !uuid_eq(&last.log_id, &a->receipt.log_id);
        if (!a->is_restart && (a->receipt.size < last.size ||
                               (a->receipt.size == last.size &&
                                !hash_eq(&a->receipt.root, &last.root)))) {
            err = ERR_WENT_BACK;
        }
    }
    buf_fini(&buf);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err check_link(struct sync *s, struct answer *a)
{
    const struct hash zero = { { 0 } };
    struct hash ours;
    enum err err = ERR_OK;

    if (a->receipt.sequence > s->head) {
        a->is_link_ours = false;
        return ERR_OK;
    }
    if (a->receipt.sequence == 0) {
        a->is_link_ours = hash_eq(&a->receipt.link, &zero);
        return ERR_OK;
    }
    err = evlog_link_at(s->log, &s->chain, a->receipt.sequence, &ours);
    a->is_link_ours = !err && hash_eq(&ours, &a->receipt.link);
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err check_receipt(struct sync *s, struct answer *a)
{
    enum err err =
        wire_receipt_open(a->msg.receipt, &me(s)->server_key, &a->receipt);

    if (err)
        return err == ERR_NOMEM ? err : ERR_PORTAL;
    if (!uuid_eq(&a->receipt.device, &me(s)->device) ||
        !uuid_eq(&a->receipt.incarnation, &s->chain)) {
        return ERR_PORTAL; /* a true receipt, of somebody else's exchange */
    }
    err = check_log(s, a);
    return err ? err : check_link(s, a);
}

/* One downloaded event, taken apart. */
struct entry {
    uint64_t position;
    struct bytes salt, body;
};

static enum err parse_entry(struct bytes item, struct buf *header,
                            struct entry *out)
{
    struct wire_entry e;
    enum err err = wire_entry_get(item, &e);

    buf_reset(header);
    out->position = e.position;
    return err ? err
               : event_wire_parse(e.event, header, &out->salt, &out->body);
}

static void put_ref(struct answer *a, struct bytes header)
{
    struct buf *refs = &a->page.refs;
    struct event_header h;
    enum err err = event_header_parse(header, &h);

    a->has_order |= !err && erase_is_order(h.op);
    cbor_put_array(refs, 2);
    if (err && err != ERR_NEWER) {
        memset(&h, 0, sizeof(h)); /* names nothing; its place is kept */
    }
    cbor_put_uuid(refs, &h.incarnation);
    cbor_put_uint(refs, h.sequence);
}

/* The leaves as we compute them are what the server signed. */
static enum err check_page(struct sync *s, struct answer *a)
{
    struct wire_list_reader list;
    struct wire_page page;
    struct bytes item;
    struct buf header;
    struct hash hash;
    enum err err = ERR_OK;

    if (a->msg.entries.count == 0) {
        return ERR_OK;
    }
    if (!a->msg.has_page || a->msg.entries.count > SYNC_BATCH_MAX) {
        return ERR_BAD_DATA;
    }
    cbor_put_array(&a->page.leaves, a->msg.entries.count);
    cbor_put_array(&a->page.refs, a->msg.entries.count);
    buf_init(&header, HEADER_MAX_BYTES);
    wire_list_open(&list, &a->msg.entries);
    while (!err && wire_list_next(&list, &item)) {
        struct wire_leaf leaf;
        struct entry e;

        err = parse_entry(item, &header, &e);
        leaf.position = e.position;
        crypto_sha256(buf_bytes(&header), &leaf.header);
        wire_leaf_put(&a->page.leaves, &leaf);
        put_ref(a, buf_bytes(&header));
    }
    buf_fini(&header);
    buf_put(&a->page.seal, a->msg.page.data, a->msg.page.len);
    err = err ? err : a->page.leaves.err;
    err = err ? err : a->page.refs.err;
    err = err ? err : a->page.seal.err;
    err = err ? err : wire_page_open(a->msg.page, &me(s)->server_key, &page);
    if (err)
        return err;
    crypto_sha256(buf_bytes(&a->page.leaves), &hash);
    return hash_eq(&hash, &page.leaves) &&
                   uuid_eq(&page.device, &me(s)->device) &&
                   uuid_eq(&page.log_id, &a->receipt.log_id)
               ? ERR_OK
               : ERR_BAD_SEAL;
}

/* --- application --- */

static enum err apply_ack(struct sync *s, const struct answer *a)
{
    struct hash blobs[SYNC_BLOBS_MAX];
    struct evlog_ack ack;
    struct wire_list_reader list;
    struct bytes item;

    memset(&ack, 0, sizeof(ack));
    wire_list_open(&list, &a->receipt.blobs);
    while (wire_list_next(&list, &item) && ack.blob_count < SYNC_BLOBS_MAX) {
        enum err err = wire_item_hash(item, &blobs[ack.blob_count++]);

        if (err)
            return err;
    }
    ack.incarnation = s->chain;
    ack.held = a->is_link_ours ? a->receipt.sequence : 0;
    ack.receipt = a->msg.receipt;
    ack.log_id = a->receipt.log_id;
    ack.log_size = a->receipt.size;
    ack.log_root = a->receipt.root;
    ack.blobs = blobs;
    return evlog_acked(s->log, &ack);
}

static enum err apply_exceptions(struct sync *s, const struct answer *a)
{
    struct wire_list_reader list;
    struct bytes item;
    enum err err = ERR_OK;

    if (!a->is_link_ours) {
        return ERR_OK;
    }
    wire_list_open(&list, &a->msg.exceptions);
    while (!err && wire_list_next(&list, &item)) {
        struct event_ref ref = { .incarnation = s->chain };
        struct wire_exception e;
        char reason[200];

        err = wire_exception_get(item, &e);
        if (err || e.sequence == 0 || e.sequence > a->receipt.sequence)
            continue;
        ref.sequence = e.sequence;
        snprintf(reason, sizeof(reason), "%.*s",
                 (int)(e.reason.len < 199 ? e.reason.len : 199),
                 (const char *)e.reason.data);
        err = evlog_refused(s->log, &ref, reason);
    }
    return err;
}

static enum err receive(struct sync *s, const struct answer *a)
{
    struct wire_list_reader list;
    struct bytes item;
    struct buf header;
    enum err err = ERR_OK;

    buf_init(&header, HEADER_MAX_BYTES);
    wire_list_open(&list, &a->msg.entries);
    while (!err && wire_list_next(&list, &item)) {
        struct entry e;

        err = parse_entry(item, &header, &e);
        err = err ? err
                  : evlog_receive(s->log, buf_bytes(&header), e.salt, e.body);
        if (err == ERR_FORK) {
            s->status.is_alarm = true;
            err = ERR_OK;
        } else if (err == ERR_BAD_DATA) { /* its hash was made from it */
            port_log(s->port, PORT_LOG_WARN, "an event was not one: skipped");
            err = ERR_OK;
        }
    }
    buf_fini(&header);
    return err;
}

/* Kept before it is obeyed: that is not the engine's work. An order that
 * isn't the council's, or not for us, is nothing. */
static enum err keep_order(struct sync *s, const struct answer *a)
{
    const struct evlog_identity *id = evlog_identity(s->log);
    struct wipe_order order;
    enum err err;

    if (!a->msg.has_wipe) {
        return ERR_OK;
    }
    err = wipe_order_open(a->msg.wipe, &id->server_key, &id->device, &order);
    if (err && err != ERR_NOMEM) {
        port_log(s->port, PORT_LOG_WARN, "a wipe order does not hold: %s",
                 err_text(err));
        return ERR_OK;
    }
    return err ? err
               : store_meta_put(evlog_store(s->log), WIPE_ORDER_META,
                                a->msg.wipe);
}

static enum err keep_page(struct sync *s, const struct answer *a)
{
    const struct wire_list *list = &a->msg.cursors;
    struct buf cursors;
    enum err err = ERR_OK;

    if (a->msg.entries.count > 0) {
        err = store_page_add(evlog_store(s->log), &a->page);
    }
    if (err || list->count == 0) {
        return err;
    }
    buf_init(&cursors, SYNC_CURSORS_MAX_BYTES);
    err = audience_follow(s->log, list, !s->restart.is_open, &cursors);
    err = err ? err
              : store_meta_put(evlog_store(s->log), SYNC_META_CURSORS,
                               buf_bytes(&cursors));
    buf_fini(&cursors);
    return err;
}

/*
 * A closed chain goes back batch by batch, as long as the server takes it.
 * Where it has another branch of it (a copy of this tablet came first), the
 * rest stands there beside the other, but counts for nothing: it is recorded
 * again.
 */
static enum err give_chain(struct sync *s, const struct answer *a)
{
    const bool is_fork = a->msg.has_stop && a->msg.stop == WIRE_STOP_FORK;
    const uint64_t held =
        a->is_link_ours ? a->receipt.sequence : s->closed_next - 1;
    enum err err = ERR_OK;

    if (held < s->head && !is_fork && held >= s->closed_next) {
        s->closed_next = held + 1;
        return ERR_OK;
    }
    if (held < s->head) {
        err = evlog_record_again(s->log, &s->chain, held);
    }
    s->closed_next = 1;
    s->restart.chains = s->closed_at + 1;
    return err ? err : sync_restart_put(s);
}

/* Where giving back stands after this answer. */
static enum err go_on_giving(struct sync *s, const struct answer *a)
{
    if (a->is_restart) {
        s->restart = (struct sync_restart){ .is_open = true };
        s->closed_next = 1;
        s->status.is_alarm = true;
        return sync_restart_put(s);
    }
    if (s->is_closed) {
        return give_chain(s, a);
    }
    if (s->offered > 0) {
        s->restart.page = s->offered;
        return sync_restart_put(s);
    }
    return ERR_OK;
}

/* After this answer the open chain will be closed: see obey(). */
static bool leaves_chain(const struct answer *a)
{
    return !a->is_link_ours ||
           (a->msg.has_stop && a->msg.stop == WIRE_STOP_FORK);
}

static enum err apply(struct sync *s, const struct answer *a)
{
    enum err err = evlog_begin(s->log);

    if (err)
        return err;
    if (a->is_restart) {
        err = evlog_unack(s->log, s->is_closed || !leaves_chain(a));
    }
    if (!err && !s->is_closed) {
        err = apply_ack(s, a);
        err = err ? err : apply_exceptions(s, a);
    }
    err = err ? err
              : store_meta_put(evlog_store(s->log), SYNC_META_RECEIPT,
                               a->msg.receipt);
    err = err ? err : go_on_giving(s, a);
    err = err ? err : keep_order(s, a);
    err = err ? err : keep_page(s, a);
    err = err ? err : receive(s, a);
    if (err) {
        evlog_rollback(s->log);
        return err;
    }
    return evlog_commit(s->log);
}

/* --- after it --- */

static enum err find_size(void *ctx, const struct hash *name, uint64_t size)
{
    struct sync *s = ctx;

    for (size_t i = 0; i < s->blob_count; i++) {
        if (hash_eq(&s->blobs[i].name, name)) {
            s->blobs[i].size = size;
        }
    }
    return ERR_OK;
}

static enum err note_wanted(struct sync *s, const struct answer *a)
{
    struct wire_list_reader list;
    struct bytes item;

    s->blob_count = 0;
    wire_list_open(&list, &a->msg.wanted);
    while (wire_list_next(&list, &item) && s->blob_count < SYNC_BLOBS_MAX) {
        struct wire_wanted w;
        enum err err = wire_wanted_get(item, &w);

        if (err)
            return err;
        s->blobs[s->blob_count++] = (struct sync_blob){ w.name, 0, w.offset };
    }
    return evlog_blobs_waiting(s->log, find_size, s);
}

static enum err obey(struct sync *s, const struct answer *a)
{
    uint64_t stop = a->msg.has_stop ? a->msg.stop : (uint64_t)WIRE_GO;
    char why[200] = "";
    enum err err = ERR_OK;

    if (a->msg.has_reason) {
        snprintf(why, sizeof(why), "%.*s",
                 (int)(a->msg.reason.len < 199 ? a->msg.reason.len : 199),
                 (const char *)a->msg.reason.data);
    }
    s->stop = WIRE_GO;
    if (stop == WIRE_STOP_REVOKED || stop == WIRE_STOP_REENROL) {
        s->stop = (enum wire_stop)stop;
        sync_say(s, ERR_DENIED, why);
    }
    if (stop == WIRE_STOP_SEAL) {
        sync_say(s, ERR_REFUSED, why);
        return ERR_REFUSED;
    }
    if (s->is_closed) {
        return ERR_OK;
    }
    if (stop == WIRE_STOP_GAP || leaves_chain(a)) {
        s->status.is_alarm |= stop != WIRE_STOP_GAP;
        s->chains++;
        err = evlog_new_incarnation(s->log);
    } else if (a->receipt.sequence > 0) {
        s->chains = 0;
    }
    return err;
}

static void note_clock(struct sync *s, const struct wire_reply *msg)
{
    struct port_time now;

    s->port->ops->now(s->port->ctx, &now);
    s->status.council_ms = hlc_ms(msg->hlc);
    s->status.council_mono_ms = now.mono_ms;
}

enum err sync_pull_apply(struct sync *s, const char *type, struct bytes body)
{
    struct sync_restart before = s->restart;
    uint64_t closed_next = s->closed_next;
    struct answer a;
    struct buf plain;
    enum err err;

    memset(&a, 0, sizeof(a));
    store_page_begin(&a.page);
    buf_init(&plain, SYNC_PLAIN_MAX_BYTES);
    err = wire_unpack(&plain, type, body);
    err = err ? err : wire_reply_get(buf_bytes(&plain), &a.msg);
    if (err && err != ERR_NOMEM) {
        err = ERR_PORTAL;
    }
    if (!err && a.msg.version != WIRE_VERSION) {
        err = ERR_NEWER;
    }
    err = err ? err : check_receipt(s, &a);
    err = err ? err : check_page(s, &a);
    if (!err) {
        err = apply(s, &a);
        if (err) {
            s->restart = before;
            s->closed_next = closed_next;
        }
    }
    if (!err) {
        /* More of our files may wait than one exchange asks about. */
        s->has_more = a.msg.has_more || a.has_order ||
                      (s->asked == SYNC_BLOBS_MAX && a.receipt.blobs.count > 0);
        note_clock(s, &a.msg);
        if (prune_step(s->log, s->status.council_ms, a.msg.keep_days,
                       &s->prune_from)) { /* what stays does no harm */
            port_log(s->port, PORT_LOG_WARN, "old content could not be pruned");
        }
        err = note_wanted(s, &a);
        err = err ? err : obey(s, &a);
        sync_down_begin(s, a.msg.entries.count > 0);
        sync_parcel_begin(s);
        evlog_safety_settle(s->log);
    }
    buf_fini(&plain);
    store_page_fini(&a.page);
    return err;
}
