#include "core/pbuf.h"

#include <string.h>

struct pbuf pbuf_open(struct bytes in)
{
    const struct pbuf p = { .at = in.data,
                            .end = in.len > 0 ? in.data + in.len : in.data };

    return p;
}

static size_t left(const struct pbuf *p)
{
    return p->at == p->end ? 0 : (size_t)(p->end - p->at);
}

static uint64_t fail(struct pbuf *p)
{
    p->bad = true;
    p->at = p->end;
    return 0;
}

uint64_t pbuf_varint(struct pbuf *p)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        uint8_t byte;

        if (left(p) == 0) {
            return fail(p);
        }
        byte = *p->at++;
        if (shift == 63 && byte > 1) {
            return fail(p); /* more than 64 bits */
        }
        value |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) {
            return value;
        }
    }
    return fail(p);
}

static uint64_t get_fixed(struct pbuf *p, unsigned size)
{
    uint64_t value = 0;

    if (left(p) < size) {
        return fail(p);
    }
    for (unsigned i = 0; i < size; i++) {
        value |= (uint64_t)p->at[i] << (8 * i);
    }
    p->at += size;
    return value;
}

static struct bytes get_bytes(struct pbuf *p)
{
    const uint64_t len = pbuf_varint(p);
    struct bytes out = { NULL, 0 };

    if (p->bad || len > left(p)) {
        (void)fail(p);
        return out;
    }
    out.data = p->at;
    out.len = (size_t)len;
    if (len > 0) {
        p->at += len;
    }
    return out;
}

bool pbuf_next(struct pbuf *p, struct pbuf_field *out)
{
    uint64_t key;

    if (p->bad || left(p) == 0) {
        return false;
    }
    memset(out, 0, sizeof(*out));
    key = pbuf_varint(p);
    if (p->bad || key >> 3 == 0 || key >> 3 > 0x1FFFFFFF) {
        (void)fail(p);
        return false;
    }
    out->number = (uint32_t)(key >> 3);
    switch (key & 7) {
    case PBUF_VARINT:
        out->wire = PBUF_VARINT;
        out->value = pbuf_varint(p);
        break;
    case PBUF_64:
        out->wire = PBUF_64;
        out->value = get_fixed(p, 8);
        break;
    case PBUF_BYTES:
        out->wire = PBUF_BYTES;
        out->bytes = get_bytes(p);
        break;
    case PBUF_32:
        out->wire = PBUF_32;
        out->value = get_fixed(p, 4);
        break;
    default: /* groups, long gone, and what never was */
        (void)fail(p);
    }
    return !p->bad;
}

int64_t pbuf_zigzag(uint64_t value)
{
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}
