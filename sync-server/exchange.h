/*
 * exchange.h - POST /v1/exchange: what a tablet sends is taken, judged and
 * acknowledged; what it lacks is sent. One transaction, one verified seal.
 *
 *   request -> restart? -> offers -> push -> page -> commit -> receipt
 */
#ifndef SYNC_SERVER_EXCHANGE_H
#define SYNC_SERVER_EXCHANGE_H

#include "core/limits.h"
#include "sync-server/accept.h"
#include "sync-server/route.h"

struct exchange {
    struct council *c;
    struct sdb_device device;
    bool may_download;
    struct wire_exchange in;
    struct sdb_incarnation chain; /* held 0 for one not seen before */
    bool knows_past;              /* its receipt is a prefix of our log */
    enum wire_stop stop;
    const char *reason;
    bool is_behind; /* its head fits, and we hold more */
    bool is_forked; /* by this push: `common` entries agree */
    uint64_t common;
    struct hash common_link;
    uint64_t shown_held; /* what the answer and its receipt name */
    struct hash shown_link;
    struct wire_list_writer exceptions, entries, leaves, cursors, wanted, blobs;
    bool has_more;
    bool is_carried; /* by hand: nothing goes down */
    struct buf wipe; /* an order that this tablet has still to obey */
};

enum err exchange_handle(struct route_call *call);

/* What became of a push that came by hand (handover.h). */
struct exchange_carried {
    uint64_t held_before, held; /* of its chain */
    uint64_t refused;
    const char *reason; /* why it was not taken; NULL: it was */
};
/* As if its tablet had sent it, but for its head and for news: `reply_out`
 * gets a wire_reply with the receipt. One transaction. */
MUST_USE enum err exchange_carry(struct council *c,
                                 const struct sdb_device *device,
                                 const struct wire_exchange *in,
                                 struct buf *reply_out,
                                 struct exchange_carried *out);

/* --- exchange_push.c --- */
MUST_USE enum err exchange_push(struct exchange *x);
/* The same, whatever the head is that the tablet names. */
MUST_USE enum err exchange_take(struct exchange *x);
/* --- exchange_offer.c --- */
MUST_USE enum err exchange_offers(struct exchange *x);
/* --- exchange_page.c --- */
MUST_USE enum err exchange_page(struct exchange *x);

#endif /* SYNC_SERVER_EXCHANGE_H */
