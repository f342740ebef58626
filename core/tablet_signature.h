/*
 * tablet_signature.h - somebody's words in a record, signed by their hand on
 * the tablet: a row with the form `signature` (core/fields.h). Its hash is
 * SHA-256 over the deterministic CBOR
 *
 *   [ words / null, who / null, strokes / null, typed / null, why / null ]
 *
 * and the officer who wrote the words down signs that hash with their key.
 */
#ifndef CORE_TABLET_SIGNATURE_H
#define CORE_TABLET_SIGNATURE_H

#include "core/signed_words.h"
#include "core/strokes.h"
#include "core/tablet_list.h"

struct tablet_signature {
    struct uuid id;
    char by[TABLET_TEXT_SIZE]; /* "": not said */
    int64_t at_ms;             /* UTC */
    char name[TABLET_TEXT_SIZE], why[TABLET_CODE_SIZE];
    bool has_ink;
    struct strokes ink;
    bool fits; /* its hash is that of what stands beside it */
};
typedef enum err (*tablet_signature_fn)(void *ctx,
                                        const struct tablet_signature *s);
/* Of one record, the newest first. */
MUST_USE enum err tablet_signatures(struct tablet *t, const struct uuid *record,
                                    tablet_signature_fn fn, void *ctx);

#endif /* CORE_TABLET_SIGNATURE_H */
