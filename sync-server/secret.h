/*
 * secret.h - secrets under a passphrase: the root key in the safe, and what
 * an officer signs in to the console with.
 *
 *   [ 1, salt, passes, memory KiB, lanes, COSE_Encrypt0 ]   canonical CBOR
 *   key = Argon2id(passphrase, salt); external data "beatbook/secret/1"
 */
#ifndef SYNC_SERVER_SECRET_H
#define SYNC_SERVER_SECRET_H

#include "core/buf.h"
#include "core/crypto.h"

#define SECRET_WRAPPED_MAX ((size_t)4096)

MUST_USE enum err secret_wrap(struct bytes passphrase, struct bytes plain,
                              struct crypto_random random, struct buf *out);
/* ERR_WRONG_KEY for another passphrase; `plain_out` is to be wiped. */
MUST_USE enum err secret_open(struct bytes passphrase, struct bytes wrapped,
                              struct buf *plain_out);

#endif /* SYNC_SERVER_SECRET_H */
