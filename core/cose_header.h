/*
 * cose_header.h - the two header buckets of a COSE layer (RFC 9052, section
 * 3); for cose_*.c only.
 */
#ifndef CORE_COSE_HEADER_H
#define CORE_COSE_HEADER_H

#include "core/cbor.h"
#include "core/cose.h"

/* CBOR tags of RFC 9052, section 2. */
enum cose_tag {
    COSE_TAG_ENCRYPT0 = 16,
    COSE_TAG_SIGN1 = 18,
    COSE_TAG_ENCRYPT = 96,
    COSE_TAG_SIGN = 98
};

/* Labels that we read; those below zero belong to key agreement. */
enum cose_label {
    COSE_LABEL_ALG = 1,
    COSE_LABEL_CRIT = 2,
    COSE_LABEL_CONTENT_TYPE = 3,
    COSE_LABEL_KID = 4,
    COSE_LABEL_IV = 5,
    COSE_LABEL_PARTIAL_IV = 6,
    COSE_LABEL_SENDER_KEY = -1,
    COSE_LABEL_SALT = -20,
    COSE_LABEL_PARTY_FIRST = -21,
    COSE_LABEL_PARTY_LAST = -26
};

struct cose_header {
    struct bytes raw; /* protected bucket for signing; none if empty */
    int64_t alg;      /* 0: absent, or a name instead of a number */
    struct bytes kid;
    struct bytes iv;
    struct bytes salt;
    struct bytes sender; /* encoded COSE_Key; empty when absent */
    uint32_t seen;       /* labels met, so that none comes twice */
};

/*
 * Read both buckets at `r`. ERR_BAD_DATA for a wrong form or one label in
 * both, ERR_UNSUPPORTED for a critical label, partial IV or party that we
 * don't know. Views point into the input.
 */
MUST_USE enum err cose_header_get(struct cbor_reader *r,
                                  struct cose_header *out);

/* Bytes of the protected bucket {1: alg}, as a byte string. */
void cose_put_protected(struct buf *b, int64_t alg);

/* Opens `in` and reads its tag and the array of `count` items after it. */
void cose_open(struct cbor_reader *r, struct bytes in, enum cose_tag tag,
               size_t count);

#endif /* CORE_COSE_HEADER_H */
