/*
 * exchange_offer.c - after a restore, tablets give back what they had
 * downloaded. Our own signature on the page says that we had accepted it.
 */
#include <stdio.h>
#include <string.h>

#include "sync-server/access.h"
#include "sync-server/exchange.h"
#include "sync-server/order.h"

/* True when `header` is one of the page's leaves. */
static bool is_leaf(struct bytes leaves, const struct hash *header)
{
    struct wire_list list;
    struct wire_list_reader r;
    struct cbor_reader c;
    struct bytes item;

    cbor_open_gated(&c, leaves);
    list.count = cbor_get_array(&c);
    list.items = (struct bytes){ c.at, (size_t)(c.end - c.at) };
    wire_list_open(&r, &list);
    while (wire_list_next(&r, &item)) {
        struct wire_leaf leaf;

        if (!wire_leaf_get(item, &leaf) && hash_eq(&leaf.header, header)) {
            return true;
        }
    }
    return false;
}

/* Our signature, by the key that we have, over exactly these leaves. */
static enum err check_page(struct exchange *x, const struct wire_offer *offer)
{
    struct wire_page page;
    struct hash leaves;
    enum err err;

    err = wire_page_open(offer->seal, &x->c->seal_key.pub, &page);
    err = err ? err : cbor_gate(offer->leaves, NULL);
    if (err)
        return err;
    crypto_sha256(offer->leaves, &leaves);
    return hash_eq(&leaves, &page.leaves) ? ERR_OK : ERR_BAD_HASH;
}

static enum err alarm_other_history(struct exchange *x,
                                    const struct accept_event *ev)
{
    const char *text = uuid_eq(&ev->h.device, &x->c->device)
                           ? "What it wrote before it was restored differs "
                             "from what it wrote since; both are kept."
                           : "An entry given back differs from the one held; "
                             "both are kept.";

    return council_alarm(x->c, ERR_FORK, &ev->h.device, &ev->h.incarnation,
                         text);
}

static enum err take_back(struct exchange *x, const struct accept_event *ev)
{
    const struct event_ref ref = { ev->h.incarnation, ev->h.sequence };
    struct accept_result result;
    enum order_cover cover = ORDER_NONE;
    struct sdb_device device;
    struct sdb_event held, e;
    enum err err = sdb_event_get(x->c->db, &ref, &held);

    if (!err && hash_eq(&held.header_hash, &ev->header_hash)) {
        return accept_fill(x->c, &held, ev);
    }
    if (!err) {
        err = order_covers(x->c, ev, &cover);
        if (err)
            return err;
        memset(&e, 0, sizeof(e));
        e.ref = ref;
        e.header = ev->header;
        e.header_hash = ev->header_hash;
        if (cover == ORDER_NONE) {
            e.salt = ev->salt;
            e.body = ev->body;
        }
        e.received_ms = council_now(x->c);
        err = sdb_branch_add(x->c->db, &e);
        return err ? err : alarm_other_history(x, ev);
    }
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    if (uuid_eq(&ev->h.device, &x->c->device)) {
        return order_given_back(x->c, ev); /* the rest the restart names */
    }
    err = sdb_device_get(x->c->db, &ev->h.device, &device);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    device.state = SDB_DEVICE_ACTIVE; /* it was, when we sent this page */
    return accept_store(x->c, &device, ev, NULL, &result);
}

/* Who was shut out stays out, though the backup knew nothing of it. An end
 * that stands here has had its effect, and more may have followed. */
static enum err end_again(struct exchange *x, const struct accept_event *ev)
{
    const struct event_ref ref = { ev->h.incarnation, ev->h.sequence };
    struct sdb_event held;
    enum err err;

    if (!uuid_eq(&ev->h.device, &x->c->device) || ev->h.op != OP_REVOKE)
        return ERR_OK;
    err = sdb_event_get(x->c->db, &ref, &held);
    if (err && err != ERR_NOT_FOUND)
        return err;
    return !err && hash_eq(&held.header_hash, &ev->header_hash)
               ? ERR_OK
               : access_again(x->c, &ev->h);
}

static enum err take_offer(struct exchange *x, const struct wire_offer *offer)
{
    struct wire_list_reader list;
    struct bytes item, wire;
    struct buf header;
    enum err err = check_page(x, offer);

    if (err == ERR_BAD_SEAL || err == ERR_BAD_HASH) {
        return ERR_OK; /* not ours: nothing to take */
    }
    buf_init(&header, HEADER_MAX_BYTES);
    wire_list_open(&list, &offer->events);
    while (!err && wire_list_next(&list, &item)) {
        struct accept_event ev;

        err = wire_item_bytes(item, &wire);
        err = err ? err : accept_parse(wire, &header, &ev);
        ev.is_given_back = true;
        if (!err && is_leaf(offer->leaves, &ev.header_hash)) {
            err = end_again(x, &ev);
            err = err ? err : take_back(x, &ev);
        }
    }
    buf_fini(&header);
    return err;
}

enum err exchange_offers(struct exchange *x)
{
    struct wire_list_reader list;
    struct bytes item;
    enum err err = ERR_OK;

    if (!x->in.has_offers) {
        return ERR_OK;
    }
    if (x->in.offers.count > SYNC_OFFERS_MAX) {
        return ERR_BAD_DATA;
    }
    wire_list_open(&list, &x->in.offers);
    while (!err && wire_list_next(&list, &item)) {
        struct wire_offer offer;

        err = wire_offer_get(item, &offer);
        err = err ? err : take_offer(x, &offer);
    }
    return err;
}
