/*
 * tier.h - bodies of restricted and sealed records: COSE_Encrypt0 under a
 * content key, the record's id as external data (architecture, 2).
 *
 * A restricted record's content key stays in its author's store; a sealed
 * one's leaves in share-key events and is forgotten. A holder opens shares
 * with a key that comes from the own key of the officer whose PIN was right:
 * what others hold of a tablet's store tells them nothing.
 */
#ifndef CORE_TIER_H
#define CORE_TIER_H

#include "core/buf.h"
#include "core/crypto.h"
#include "core/event.h"
#include "core/store.h"

/* Stored in record.tier: append only. */
enum tier { TIER_OPEN = 0, TIER_RESTRICTED = 1, TIER_SEALED = 2 };

enum tier tier_of_kind(uint64_t header_kind);

/* ERR_NOT_FOUND when no key held here opens it. */
MUST_USE enum err tier_open(struct store *s, const struct uuid *record,
                            struct bytes body, struct buf *plain_out);
/* Under the record's key, which is made and kept the first time. */
MUST_USE enum err tier_close(struct store *s, const struct uuid *record,
                             struct bytes plain, struct buf *out);
/* The record's key, for sharing; ERR_NOT_FOUND. */
MUST_USE enum err tier_key(struct store *s, const struct uuid *record,
                           uint8_t key_out[CRYPTO_KEY_SIZE]);
/* Under a new key that isn't kept: the caller shares and wipes it. */
MUST_USE enum err tier_seal(struct store *s, const struct uuid *record,
                            struct bytes plain, struct buf *out,
                            uint8_t key_out[CRYPTO_KEY_SIZE]);

/* Kept for good: a record of the author's own whose key was lost here. */
MUST_USE enum err tier_keep(struct store *s, const struct uuid *record,
                            const uint8_t key[CRYPTO_KEY_SIZE]);
/* With a key from a share; ERR_WRONG_KEY for another record's. */
MUST_USE enum err tier_open_with(const uint8_t key[CRYPTO_KEY_SIZE],
                                 const struct uuid *record, struct bytes body,
                                 struct buf *plain_out);

/* --- shares --- */

/* Which role reads which tier; `role` as in KIND_OFFICER, field 18. */
bool tier_is_read_by(enum tier tier, const char *role);
/* The nth role that reads a closed tier; NULL behind the last. */
const char *tier_role(size_t n);

/* The key that an officer's shares are made to: HKDF-SHA256 over the
 * officer's key on this tablet, "beatbook/holder/N", the first N from 1 that
 * is a scalar of P-256. Wipe it when done. */
MUST_USE enum err tier_holder_key(const struct ec_key *officer,
                                  struct ec_key *out);

/* The content of a share-key event's field: the key, for one holder. */
MUST_USE enum err tier_share(struct crypto_random random,
                             const struct uuid *record,
                             const uint8_t key[CRYPTO_KEY_SIZE],
                             const struct ec_public *holder, struct buf *out);
/* What a holder does with it; ERR_WRONG_KEY when it was made for another. */
MUST_USE enum err tier_share_open(const struct uuid *record, struct bytes share,
                                  const struct ec_key *holder,
                                  uint8_t key_out[CRYPTO_KEY_SIZE]);

#endif /* CORE_TIER_H */
