#include "sync-server/exchange.h"

#include <string.h>

#include "core/cose.h"
#include "core/wipe_order.h"
#include "sync-server/wipe.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)
/* Exceptions of one push: each at most this long, encoded. */
#define EXCEPTION_BYTES   160
#define SEEN_EVERY_MS     ((int64_t)60 * 1000)
#define LOST_LOG          "lost-log-" /* and its id: in sdb_meta */
#define BACKUP_SLACK_DAYS 7           /* architecture, section 4: pruning */

static void begin_lists(struct exchange *x)
{
    wire_list_begin(&x->exceptions, SYNC_BATCH_MAX * EXCEPTION_BYTES);
    wire_list_begin(&x->entries,
                    SYNC_EVENTS_MAX_BYTES + BODY_MAX_BYTES + HEADER_MAX_BYTES);
    wire_list_begin(&x->leaves, SYNC_BATCH_MAX * 64);
    wire_list_begin(&x->cursors, SYNC_CURSORS_MAX * 64);
    wire_list_begin(&x->wanted, SYNC_BLOBS_MAX * 64);
    wire_list_begin(&x->blobs, SYNC_BLOBS_MAX * 40);
    buf_init(&x->wipe, WIPE_ORDER_MAX);
}

static void end_lists(struct exchange *x)
{
    wire_list_fini(&x->exceptions);
    wire_list_fini(&x->entries);
    wire_list_fini(&x->leaves);
    wire_list_fini(&x->cursors);
    wire_list_fini(&x->wanted);
    wire_list_fini(&x->blobs);
    buf_fini(&x->wipe);
}

/* Views of a receipt that one of our tablets shows; not verified. */
static enum err read_receipt(struct bytes in, struct wire_receipt *out)
{
    struct cose_sign1 msg;
    enum err err = cose_sign1_parse(in, &msg);

    err = err || msg.detached ? ERR_BAD_DATA : ERR_OK;
    return err ? err : wire_receipt_get(msg.payload, out);
}

/* True when a tablet showed that log before, or it is an ended one of ours:
 * one restart named it, a second would say nothing new. */
static enum err is_named(struct exchange *x, const struct uuid *log_id,
                         bool *out)
{
    char name[sizeof(LOST_LOG) + 32];
    struct sdb_log old;
    struct buf value;
    enum err err;

    *out = !uuid_eq(log_id, &x->c->ledger.log.id);
    err = *out ? sdb_log_find(x->c->db, log_id, &old) : ERR_OK;
    if (err != ERR_NOT_FOUND)
        return err;
    memcpy(name, LOST_LOG, sizeof(LOST_LOG));
    hex_format(log_id->bytes, 16, name + sizeof(LOST_LOG) - 1);
    buf_init(&value, 16);
    err = sdb_meta_get(x->c->db, name, &value);
    buf_fini(&value);
    if (err != ERR_NOT_FOUND)
        return err;
    *out = false;
    return sdb_meta_put(x->c->db, name, (struct bytes){ NULL, 0 });
}

/* Which log the tablet last saw. Ours, restored from a backup, is noticed
 * here, by our own signature on what we no longer hold. */
static enum err check_past(struct exchange *x)
{
    struct council *c = x->c;
    struct wire_receipt seen;
    struct wire_checkpoint at;
    bool named;
    enum err err;

    if (!x->in.has_receipt) {
        x->knows_past = true; /* new here: its cursors are empty */
        return ERR_OK;
    }
    err = read_receipt(x->in.receipt, &seen);
    if (err)
        return err;
    err = ledger_knows(c->db, &seen.log_id, seen.size, &seen.root,
                       &x->knows_past);
    if (err || x->knows_past)
        return err;
    err = wire_receipt_open(x->in.receipt, &c->seal_key.pub, &seen);
    if (err)
        return err == ERR_NOMEM ? err : ERR_OK; /* not ours */
    err = is_named(x, &seen.log_id, &named);
    if (err || named)
        return err;
    port_log(c->port, PORT_LOG_WARN,
             "a tablet holds our signature on entries that we lack: this "
             "server was restored from a backup; a new log begins, tablets "
             "give back what is missing");
    at = (struct wire_checkpoint){ seen.log_id, seen.size, seen.root };
    return council_restart_log(c, &at);
}

static enum err load_chain(struct exchange *x)
{
    enum err err = sdb_incarnation_get(x->c->db, &x->in.incarnation, &x->chain);

    if (err == ERR_NOT_FOUND) {
        memset(&x->chain, 0, sizeof(x->chain));
        x->chain.id = x->in.incarnation;
        x->chain.device = x->device.id;
        x->chain.state = SDB_INCARNATION_OPEN;
        return ERR_OK;
    }
    if (!err && !uuid_eq(&x->chain.device, &x->device.id)) {
        return ERR_DENIED;
    }
    return err;
}

/* Of the blobs that were asked about: which are held, which we want. */
static enum err answer_blobs(struct exchange *x)
{
    const struct port *port = x->c->port;
    struct wire_list_reader list;
    struct bytes item;
    enum err err = ERR_OK;

    if (!x->in.has_blobs) {
        return ERR_OK;
    }
    if (x->in.blobs.count > SYNC_BLOBS_MAX) {
        return ERR_BAD_DATA;
    }
    wire_list_open(&list, &x->in.blobs);
    while (!err && wire_list_next(&list, &item)) {
        struct wire_wanted wanted = { .offset = 0 };
        struct sdb_blob blob;

        err = wire_item_hash(item, &wanted.name);
        err = err ? err : sdb_blob_get(x->c->db, &wanted.name, &blob);
        if (err == ERR_NOT_FOUND) {
            err = ERR_OK; /* no accepted header names it */
        } else if (!err && blob.is_erased) {
            continue; /* neither held nor wanted */
        } else if (!err && blob.is_held) {
            cbor_put_hash(wire_list_item(&x->blobs), &wanted.name);
        } else if (!err) {
            err = port->ops->part_size(port->ctx, &wanted.name, &wanted.offset);
            err = err == ERR_NOT_FOUND ? ERR_OK : err;
            wire_wanted_put(wire_list_item(&x->wanted), &wanted);
        }
    }
    return err;
}

static enum err note_seen(struct exchange *x)
{
    int64_t now = council_now(x->c);

    if (now - x->device.seen_ms < SEEN_EVERY_MS && now >= x->device.seen_ms) {
        return ERR_OK;
    }
    x->device.seen_ms = now;
    return sdb_device_put(x->c->db, &x->device);
}

static void stop_device(struct exchange *x)
{
    if (x->stop != WIRE_GO) {
        return; /* what concerns the chain comes first */
    }
    if (x->device.state == SDB_DEVICE_REVOKED) {
        x->stop = WIRE_STOP_REVOKED;
        x->reason = "This tablet's access was ended. What is written here is "
                    "still taken and kept.";
    } else if (!x->may_download || x->device.state == SDB_DEVICE_REENROL) {
        x->stop = WIRE_STOP_REENROL;
        x->reason = "A copy of this tablet was in use. It must be enrolled "
                    "again, in a new folder, before it can download.";
    }
}

/* What the receipt names: never beyond the tablet's own head, or where its
 * branch begins: it can check the link. */
static void show_held(struct exchange *x)
{
    x->shown_held = x->is_behind ? x->in.head_sequence : x->chain.held;
    x->shown_link = x->is_behind ? x->in.head_link : x->chain.link;
    if (x->is_forked) {
        x->shown_held = x->common;
        x->shown_link = x->common_link;
    }
}

static enum err run_carried(struct exchange *x)
{
    enum err err = load_chain(x);

    err = err ? err : exchange_take(x);
    err = err ? err : answer_blobs(x);
    x->shown_held = x->chain.held;
    x->shown_link = x->chain.link;
    return err;
}

static enum err run(struct exchange *x)
{
    enum err err;

    if (x->is_carried) {
        return run_carried(x);
    }
    err = load_chain(x);
    /* Our own signature tells of the past, whoever shows it: without that a
     * revoked tablet would hold the receipt for a lie for ever. */
    err = err ? err : check_past(x);
    if (!err && x->device.state != SDB_DEVICE_REVOKED) {
        err = exchange_offers(x);
    }
    err = err ? err : exchange_push(x);
    err = err ? err : answer_blobs(x);
    /* Its own last word may have ended its access. */
    err = err ? err : sdb_device_get(x->c->db, &x->device.id, &x->device);
    err = err ? err : wipe_pending(x->c, &x->device.id, &x->wipe);
    if (!err && x->may_download && x->device.state == SDB_DEVICE_ACTIVE &&
        x->wipe.len == 0) {
        err = exchange_page(x); /* the push may have shown a copy */
    }
    stop_device(x);
    show_held(x);
    return err ? err : note_seen(x);
}

/* Whole days that tablets keep bodies: until a verified backup holds them. */
static uint64_t keep_days(struct exchange *x)
{
    struct cbor_reader r;
    struct buf value;
    int64_t verified = 0;
    uint64_t days;

    buf_init(&value, 16);
    if (!sdb_meta_get(x->c->db, COUNCIL_META_BACKUP, &value)) {
        cbor_open(&r, buf_bytes(&value));
        verified = cbor_get_int(&r);
    }
    buf_fini(&value);
    days =
        (uint64_t)((council_now(x->c) - verified) / DAY_MS) + BACKUP_SLACK_DAYS;
    return days > COUNCIL_KEEP_DAYS ? days : COUNCIL_KEEP_DAYS;
}

/* --- the answer --- */

static enum err sign_receipt(struct exchange *x, struct buf *out)
{
    struct wire_checkpoint at;
    struct wire_receipt r;

    ledger_checkpoint(&x->c->ledger, &at);
    r.log_id = at.log_id;
    r.size = at.size;
    r.root = at.root;
    r.device = x->device.id;
    r.incarnation = x->chain.id;
    r.sequence = x->shown_held;
    r.link = x->shown_link;
    r.blobs = wire_list_view(&x->blobs);
    return wire_receipt_sign(out, &x->c->seal_key, &r);
}

static enum err sign_page(struct exchange *x, struct buf *out)
{
    struct wire_list list = wire_list_view(&x->leaves);
    struct wire_page page;
    struct buf leaves;

    if (list.count == 0) {
        return ERR_OK;
    }
    buf_init(&leaves, list.items.len + 16);
    cbor_put_array(&leaves, list.count);
    cbor_put_raw(&leaves, list.items);
    page.log_id = x->c->ledger.log.id;
    page.device = x->device.id;
    crypto_sha256(buf_bytes(&leaves), &page.leaves);
    buf_fini(&leaves);
    return wire_page_sign(out, &x->c->seal_key, &page);
}

static void fill_reply(struct exchange *x, struct wire_reply *r)
{
    uint64_t hlc = x->c->hlc;

    memset(r, 0, sizeof(*r));
    r->version = WIRE_VERSION;
    r->held = x->shown_held;
    r->link = x->shown_link;
    r->exceptions = wire_list_view(&x->exceptions);
    r->entries = wire_list_view(&x->entries);
    r->cursors = wire_list_view(&x->cursors);
    r->has_more = x->has_more;
    r->wanted = wire_list_view(&x->wanted);
    r->keep_days = keep_days(x);
    r->hlc = hlc_next(&hlc, council_now(x->c)); /* tablets count days by it */
    r->has_wipe = x->wipe.len > 0;
    r->wipe = buf_bytes(&x->wipe);
    if (x->stop != WIRE_GO) {
        r->has_stop = r->has_reason = true;
        r->stop = (uint64_t)x->stop;
        r->reason =
            (struct bytes){ (const uint8_t *)x->reason, strlen(x->reason) };
    }
}

static enum err reply_plain(struct exchange *x, struct buf *out)
{
    struct buf receipt, page;
    struct wire_reply r;
    enum err err;

    buf_init(&receipt, 4096);
    buf_init(&page, 1024);
    err = sign_receipt(x, &receipt);
    err = err ? err : sign_page(x, &page);
    if (!err) {
        fill_reply(x, &r);
        r.receipt = buf_bytes(&receipt);
        r.has_page = page.len > 0;
        r.page = buf_bytes(&page);
        wire_reply_put(out, &r);
        err = out->err;
    }
    buf_fini(&receipt);
    buf_fini(&page);
    return err;
}

static enum err reply(struct exchange *x, struct service_response *out)
{
    struct buf plain;
    enum err err;

    buf_init(&plain, SYNC_PLAIN_MAX_BYTES);
    err = reply_plain(x, &plain);
    err = err ? err
              : wire_pack(&out->body, buf_bytes(&plain), &out->content_type);
    buf_fini(&plain);
    return err;
}

static enum err transact(struct exchange *x)
{
    enum err err = council_begin(x->c);

    if (err)
        return err;
    /* Another process may have changed the device since the look-up. */
    err = sdb_device_get(x->c->db, &x->device.id, &x->device);
    err = err ? err : run(x);
    if (err) {
        council_rollback(x->c);
        return err;
    }
    return council_commit(x->c);
}

static enum err answer(struct route_call *call, struct bytes plain)
{
    struct exchange x = { .c = call->council,
                          .device = call->device,
                          .may_download = call->may_download };
    enum err err = wire_exchange_get(plain, &x.in);

    if (err)
        return err;
    if (x.in.version != WIRE_VERSION) {
        return ERR_NEWER;
    }
    if (!uuid_eq(&x.in.device, &x.device.id)) {
        return ERR_DENIED;
    }
    begin_lists(&x);
    err = transact(&x);
    err = err ? err : reply(&x, call->out);
    end_lists(&x);
    return err;
}

enum err exchange_handle(struct route_call *call)
{
    struct buf plain;
    enum err err;

    buf_init(&plain, SYNC_PLAIN_MAX_BYTES);
    err = wire_unpack(&plain, call->in->content_type, call->in->body);
    err = err ? err : answer(call, buf_bytes(&plain));
    buf_fini(&plain);
    return err;
}

enum err exchange_carry(struct council *c, const struct sdb_device *device,
                        const struct wire_exchange *in, struct buf *reply_out,
                        struct exchange_carried *out)
{
    struct exchange x = { .c = c, .device = *device, .in = *in };
    struct sdb_incarnation before;
    enum err err = sdb_incarnation_get(c->db, &in->incarnation, &before);

    if (err && err != ERR_NOT_FOUND)
        return err;
    out->held_before = err ? 0 : before.held;
    x.is_carried = true;
    begin_lists(&x);
    err = transact(&x);
    err = err ? err : reply_plain(&x, reply_out);
    out->held = x.chain.held;
    out->refused = x.exceptions.count;
    out->reason = x.stop == WIRE_GO ? NULL : x.reason;
    end_lists(&x);
    return err;
}
