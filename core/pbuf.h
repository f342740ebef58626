/*
 * pbuf.h - the wire format of protocol buffers, read in place.
 *
 * Map tiles are the only such bytes that come in, and three message types
 * of them: a cursor over the bytes allocates nothing and copies nothing,
 * where a generated decoder would make an object for each feature before
 * anybody could count them. Errors stick: read on, look at `bad` at the end.
 */
#ifndef CORE_PBUF_H
#define CORE_PBUF_H

#include "core/base.h"

/* Numbers of the format itself. */
enum pbuf_wire { PBUF_VARINT = 0, PBUF_64 = 1, PBUF_BYTES = 2, PBUF_32 = 5 };

struct pbuf {
    const uint8_t *at;
    const uint8_t *end;
    bool bad; /* cut off, or not of this format */
};

struct pbuf_field {
    uint32_t number;
    enum pbuf_wire wire;
    uint64_t value;     /* PBUF_VARINT, and the bits of PBUF_32, PBUF_64 */
    struct bytes bytes; /* PBUF_BYTES */
};

struct pbuf pbuf_open(struct bytes in);

/* The next field; false at the end and when the bytes are bad. */
bool pbuf_next(struct pbuf *p, struct pbuf_field *out);

/* One varint of a packed field; 0 and bad when there is none. */
uint64_t pbuf_varint(struct pbuf *p);

/* ZigZag: 0, -1, 1, -2... */
int64_t pbuf_zigzag(uint64_t value);

#endif /* CORE_PBUF_H */
