/*
 * wipe.h - orders to tablets to close themselves for good: given by the
 * command line, put into each answer, noted when obeyed.
 */
#ifndef SYNC_SERVER_WIPE_H
#define SYNC_SERVER_WIPE_H

#include "core/event.h"
#include "sync-server/council.h"

/* Inside a transaction: the event, and the order for the next answers. A
 * second one for the same device changes nothing; ERR_NOT_FOUND. */
MUST_USE enum err wipe_order(struct council *c, const struct uuid *device,
                             const char *reason);
/* The signed order that this device has still to obey; empty: none. */
MUST_USE enum err wipe_pending(struct council *c, const struct uuid *device,
                               struct buf *out);
/* Inside a transaction, for each accepted event: the tablet's own `wipe` is
 * its last word; the device counts as revoked from then on. */
MUST_USE enum err wipe_obeyed(struct council *c, const struct event_header *h,
                              uint64_t position);
/* One line a device with an order: its id, name, when given, when obeyed. */
MUST_USE enum err wipe_list(struct council *c, struct buf *text);

#endif /* SYNC_SERVER_WIPE_H */
