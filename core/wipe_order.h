/*
 * wipe_order.h - the council's signed order to one tablet: seal what was
 * not sent, then destroy your keys. Nothing else makes a tablet do that.
 */
#ifndef CORE_WIPE_ORDER_H
#define CORE_WIPE_ORDER_H

#include "core/buf.h"
#include "core/crypto.h"

#define WIPE_ORDER_AAD  "beatbook/wipe/1"
#define WIPE_ORDER_MAX  512          /* bytes, signed */
#define WIPE_ORDER_META "wipe.order" /* in the tablet's store, as received */

struct wipe_order {
    struct uuid device, id;
    int64_t given_ms; /* UTC */
};
/* Signed by the server's key, as a COSE_Sign1. */
MUST_USE enum err wipe_order_sign(struct buf *out, const struct ec_key *key,
                                  const struct wipe_order *order);
/* ERR_BAD_SEAL unless `server` signed it; ERR_DENIED when it is for another
 * device; ERR_BAD_DATA. */
MUST_USE enum err wipe_order_open(struct bytes in,
                                  const struct ec_public *server,
                                  const struct uuid *device,
                                  struct wipe_order *out);

#endif /* CORE_WIPE_ORDER_H */
