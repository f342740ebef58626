/*
 * credential.h - a tablet's TLS key with its certificate, and when it is
 * time for the next. The pair in use stays until the next one has worked:
 *
 *   asked:    a new key, no certificate yet; kept, so that a lost answer is
 *             asked for again with the same key
 *   answered: key, certificate and issuer; tried at the next connection
 *   worked:   it takes the place of the one in use, in one transaction
 */
#ifndef CORE_CREDENTIAL_H
#define CORE_CREDENTIAL_H

#include "core/buf.h"
#include "core/crypto.h"

struct credential {
    struct ec_key key;         /* wipe it when done */
    struct bytes leaf, issuer; /* DER; both empty: not answered yet */
};
/* CBOR [ scalar, leaf, issuer ]. */
MUST_USE enum err credential_put(struct buf *out, const struct credential *c);
/* ERR_NOT_FOUND for no bytes: there is none. `out` views `in`. */
MUST_USE enum err credential_parse(struct bytes in, struct credential *out);

enum credential_need {
    CREDENTIAL_GOOD,   /* the first half of its life, or not begun */
    CREDENTIAL_RENEW,  /* the second half */
    CREDENTIAL_EXPIRED /* over, by the tablet's clock: the server decides */
};
/* Times in seconds of UTC. A clock before `from_s` is wrong, not early. */
enum credential_need credential_need(int64_t from_s, int64_t until_s,
                                     int64_t now_s);

#endif /* CORE_CREDENTIAL_H */
