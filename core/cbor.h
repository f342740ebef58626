/*
 * cbor.h - deterministic CBOR (RFC 8949, section 4.2.1), both directions.
 *
 * Writing goes into a buf, whose error sticks. Reading goes through the
 * gate: libcbor's streaming decoder under our rules. What the gate lets
 * through is in shortest form, of definite length, with sorted unique map
 * keys, at most CBOR_DEPTH_MAX deep, without floats, tags (but the COSE
 * ones) or trailing bytes, and no length in it claims more bytes than are
 * there. So everything that decodes has exactly one spelling.
 */
#ifndef CORE_CBOR_H
#define CORE_CBOR_H

#include "core/base.h"
#include "core/buf.h"
#include "core/cbor_gate.h"

/* --- writing: the caller puts map keys in ascending encoded order --- */

void cbor_put_uint(struct buf *b, uint64_t value);
void cbor_put_int(struct buf *b, int64_t value);
void cbor_put_bool(struct buf *b, bool value);
void cbor_put_null(struct buf *b);
void cbor_put_bytes(struct buf *b, const void *data, size_t len);
void cbor_put_text(struct buf *b, const char *text, size_t len); /* UTF-8 */
void cbor_put_str(struct buf *b, const char *text); /* up to its NUL */
void cbor_put_array(struct buf *b, size_t count);   /* then `count` items */
void cbor_put_map(struct buf *b, size_t count);     /* then `count` pairs */
void cbor_put_tag(struct buf *b, uint64_t tag);
void cbor_put_raw(struct buf *b, struct bytes item); /* one encoded item */
void cbor_put_uuid(struct buf *b, const struct uuid *id);
void cbor_put_hash(struct buf *b, const struct hash *h);

/* --- the gate: cbor_gate() and cbor_gate_first(), core/cbor_gate.h --- */

/* --- reading what the gate let through --- */

enum cbor_type {
    CBOR_TYPE_END, /* nothing left */
    CBOR_TYPE_UINT,
    CBOR_TYPE_NEGINT,
    CBOR_TYPE_BYTES,
    CBOR_TYPE_TEXT,
    CBOR_TYPE_ARRAY,
    CBOR_TYPE_MAP,
    CBOR_TYPE_TAG,
    CBOR_TYPE_BOOL,
    CBOR_TYPE_NULL
};

/*
 * Walks over gated bytes. The error sticks: after the first wrong type
 * every get returns zero or empty, so a reader reads a whole message and
 * looks at `err` once. Views point into the input.
 */
struct cbor_reader {
    const uint8_t *at;
    const uint8_t *end;
    enum err err; /* ERR_BAD_DATA: an item had another type or range */
};

/* Runs the gate first: a reader never sees bytes that did not pass. */
void cbor_open(struct cbor_reader *r, struct bytes in);
/* Without the gate, for a part of bytes that passed it already. */
void cbor_open_gated(struct cbor_reader *r, struct bytes in);

enum cbor_type cbor_peek(const struct cbor_reader *r);
uint64_t cbor_get_uint(struct cbor_reader *r);
uint64_t cbor_get_uint_max(struct cbor_reader *r, uint64_t max);
int64_t cbor_get_int(struct cbor_reader *r);
bool cbor_get_bool(struct cbor_reader *r);
void cbor_get_null(struct cbor_reader *r);
struct bytes cbor_get_bytes(struct cbor_reader *r);
struct bytes cbor_get_text(struct cbor_reader *r); /* valid UTF-8 */
size_t cbor_get_array(struct cbor_reader *r);      /* number of items */
size_t cbor_get_map(struct cbor_reader *r);        /* number of pairs */
uint64_t cbor_get_tag(struct cbor_reader *r);
void cbor_get_uuid(struct cbor_reader *r, struct uuid *out);
void cbor_get_hash(struct cbor_reader *r, struct hash *out);
struct bytes cbor_get_item(struct cbor_reader *r); /* any one, encoded */
void cbor_skip(struct cbor_reader *r);

/* ERR_OK when nothing went wrong and nothing is left. */
MUST_USE enum err cbor_close(const struct cbor_reader *r);

#endif /* CORE_CBOR_H */
