/*
 * signed_words.h - what a signature on somebody's words is about, and how
 * it is checked: see tablet_signature.h for the bytes that are hashed.
 */
#ifndef CORE_SIGNED_WORDS_H
#define CORE_SIGNED_WORDS_H

#include "core/buf.h"
#include "core/crypto.h"

#define SIGNATURE_FORM "signature"
#define SIGNATURE_AAD  "beatbook/signed-words/1" /* of the officer's key */

/* What is hashed, in this order. */
enum signed_part {
    SIGNED_PART_WORDS,
    SIGNED_PART_WHO,
    SIGNED_PART_INK, /* core/strokes.h; of the last three one is given */
    SIGNED_PART_TYPED,
    SIGNED_PART_WHY,
    SIGNED_PARTS
};
/* The field that holds a part. */
uint64_t signed_words_field(enum signed_part part);

/* Parts that are not given have len 0. ERR_NOMEM or ERR_TOO_LONG. */
MUST_USE enum err signed_words_hash(const struct bytes parts[SIGNED_PARTS],
                                    struct hash *out);

/* ERR_BAD_SEAL unless `cose` (COSE_Sign) is by `pub` over this hash;
 * ERR_BAD_DATA, ERR_UNSUPPORTED as cose_sign_verify(). */
MUST_USE enum err signed_words_check(struct bytes cose,
                                     const struct ec_public *pub,
                                     const struct hash *hash);

#endif /* CORE_SIGNED_WORDS_H */
