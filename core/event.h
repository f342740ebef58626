/*
 * event.h - one entry of the notebook: header, body, link and seal.
 * core/PROTOCOL.md sections 2-4 give the same in CDDL.
 *
 * The header is deterministic CBOR, never changed and never erased, and so
 * holds nothing about a member of the public. The body can be erased: the
 * header has only its commitment. The chain runs over headers:
 *     link(0) = 32 zero bytes
 *     link(n) = SHA-256(link(n-1) || SHA-256(header(n)))
 */
#ifndef CORE_EVENT_H
#define CORE_EVENT_H

#include "core/base.h"
#include "core/buf.h"
#include "core/crypto.h"
#include "core/limits.h"
#include "core/ops.def"

enum event_op {
#define X(num, NAME, word) OP_##NAME = (num),
    EVENT_OPS(X)
#undef X
};

enum event_kind {
#define X(num, NAME, word) KIND_##NAME = (num),
    EVENT_KINDS(X)
#undef X
};

/* NULL for a number that this version doesn't know. */
const char *event_op_word(uint64_t op);
const char *event_kind_word(uint64_t kind);

#define EVENT_ENVELOPE  1 /* the envelope version that we write */
#define EVENT_SALT_SIZE 16

/* Names an event anywhere: an incarnation is globally unique. */
struct event_ref {
    struct uuid incarnation;
    uint64_t sequence;
};

/* Where an entry stood that was recorded again: oldest first. */
struct event_places {
    size_t count; /* 0: it is none's copy */
    struct event_ref at[EVENT_PLACES_MAX];
};

struct event_header {
    uint64_t envelope;
    struct uuid device;
    struct uuid incarnation; /* random: two copies never open the same */
    uint64_t sequence;       /* 1..n without gap in the incarnation */
    uint64_t hlc;            /* 48-bit ms || 16-bit counter: order, no date */
    int64_t wall_ms;
    uint64_t mono_ms;
    struct uuid boot;
    int64_t utc_offset_min;
    char zone[ZONE_MAX];
    bool has_gnss;
    int64_t gnss_ms;
    struct uuid officer; /* zero: nobody signed in, written as absent */
    struct uuid record;
    uint64_t kind, kind_version;
    uint64_t op;
    char form[FORM_ID_MAX + 1]; /* "" when the record has no form */
    uint64_t form_version;
    struct hash commitment; /* SHA-256(salt || body) */
    size_t blob_count;
    struct hash blobs[HEADER_BLOBS_MAX]; /* ascending */
    /* Recorded again after its incarnation was closed: this event counts in
     * the place of the last of these, which was a copy of those before (in
     * the header, as a body may be closed to its own author). */
    struct event_places former;
};

MUST_USE enum err event_header_put(struct buf *out,
                                   const struct event_header *h);
/*
 * Keys of the map: 1 envelope, 2 device, 3 incarnation, 4 sequence, 5 hlc,
 * 6 wall, 7 mono, 8 boot, 9 UTC offset, 10 zone, 11 GNSS, 12 officer,
 * 13 record, 14 kind, 15 kind version, 16 op, 17 form, 18 form version,
 * 19 commitment, 20 blobs, 21 repeats [incarnation, sequence], 22 earlier
 * [* repeats]. What is none is absent. Unsigned values are below 2^63, so
 * that SQL can hold them.
 *
 * ERR_BAD_DATA unless canonical and complete; ERR_NEWER for another
 * envelope version (device, incarnation, sequence and record are read).
 * Unknown keys are allowed and kept in the bytes, never in the struct.
 */
MUST_USE enum err event_header_parse(struct bytes in, struct event_header *h);

void event_commit(const uint8_t salt[EVENT_SALT_SIZE], struct bytes body,
                  struct hash *out);
void event_link(const struct hash *prev, struct bytes header, struct hash *out);

/*
 * As sent: the header without its commitment when the body goes with it,
 * because the other side can compute it. Parse gives the full header back
 * in `header_out`; `*body_out` has data NULL when the body is absent
 * (erased, or not for this reader). Views point into `in`.
 */
MUST_USE enum err event_wire_put(struct buf *out, struct bytes header,
                                 const uint8_t *salt, struct bytes body);
MUST_USE enum err event_wire_parse(struct bytes in, struct buf *header_out,
                                   struct bytes *salt_out,
                                   struct bytes *body_out);

/* What a seal signs. */
struct event_seal {
    struct uuid device, incarnation;
    uint64_t sequence;
    struct hash link;
};

/* COSE_Sign1, ES256; the external data is "beatbook/seal/1". */
MUST_USE enum err event_seal_put(struct buf *out, const struct ec_key *key,
                                 const struct event_seal *seal);
/* ERR_BAD_SEAL when `pub` did not sign it. */
MUST_USE enum err event_seal_open(struct bytes in, const struct ec_public *pub,
                                  struct event_seal *out);

/* --- the hybrid logical clock --- */

/* Next local time after `*hlc` and not before the wall clock. */
uint64_t hlc_next(uint64_t *hlc, int64_t wall_ms);
int64_t hlc_ms(uint64_t hlc); /* UTC, at most HLC_AHEAD_MAX_MS too late */
/*
 * A remote time was seen. False when it lies more than HLC_AHEAD_MAX_MS
 * beyond the wall clock: it moves ours to that bound only, flag the event.
 */
bool hlc_observe(uint64_t *hlc, uint64_t remote, int64_t wall_ms);

#endif /* CORE_EVENT_H */
