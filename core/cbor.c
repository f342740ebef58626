#include "core/cbor.h"

#include <string.h>

/* RFC 8949 section 3.1: the three high bits of an item's first byte. */
enum major {
    MAJOR_UINT,
    MAJOR_NEGINT,
    MAJOR_BYTES,
    MAJOR_TEXT,
    MAJOR_ARRAY,
    MAJOR_MAP,
    MAJOR_TAG,
    MAJOR_SIMPLE
};

#define SIMPLE_FALSE 20
#define SIMPLE_TRUE  21
#define SIMPLE_NULL  22

#define HEAD_SIZE_MAX 9 /* first byte and a 64-bit argument */

static void put_head(struct buf *b, enum major major, uint64_t value)
{
    uint8_t head[HEAD_SIZE_MAX];
    size_t size = 0; /* of the argument after the first byte */
    uint8_t info = (uint8_t)value;

    if (value > UINT32_MAX) {
        size = 8;
        info = 27;
    } else if (value > UINT16_MAX) {
        size = 4;
        info = 26;
    } else if (value > UINT8_MAX) {
        size = 2;
        info = 25;
    } else if (value > 23) {
        size = 1;
        info = 24;
    }
    head[0] = (uint8_t)((unsigned)major << 5 | info);
    for (size_t i = size; i > 0; i--) {
        head[i] = (uint8_t)value;
        value >>= 8;
    }
    buf_put(b, head, size + 1);
}

void cbor_put_uint(struct buf *b, uint64_t value)
{
    put_head(b, MAJOR_UINT, value);
}

void cbor_put_int(struct buf *b, int64_t value)
{
    if (value < 0) {
        put_head(b, MAJOR_NEGINT, ~(uint64_t)value); /* -1 - value */
    } else {
        put_head(b, MAJOR_UINT, (uint64_t)value);
    }
}

void cbor_put_bool(struct buf *b, bool value)
{
    put_head(b, MAJOR_SIMPLE, value ? SIMPLE_TRUE : SIMPLE_FALSE);
}

void cbor_put_null(struct buf *b)
{
    put_head(b, MAJOR_SIMPLE, SIMPLE_NULL);
}

void cbor_put_bytes(struct buf *b, const void *data, size_t len)
{
    put_head(b, MAJOR_BYTES, len);
    buf_put(b, data, len);
}

void cbor_put_text(struct buf *b, const char *text, size_t len)
{
    put_head(b, MAJOR_TEXT, len);
    buf_put(b, text, len);
}

void cbor_put_str(struct buf *b, const char *text)
{
    cbor_put_text(b, text, strlen(text));
}

void cbor_put_array(struct buf *b, size_t count)
{
    put_head(b, MAJOR_ARRAY, count);
}

void cbor_put_map(struct buf *b, size_t count)
{
    put_head(b, MAJOR_MAP, count);
}

void cbor_put_tag(struct buf *b, uint64_t tag)
{
    put_head(b, MAJOR_TAG, tag);
}

void cbor_put_raw(struct buf *b, struct bytes item)
{
    buf_put(b, item.data, item.len);
}

void cbor_put_uuid(struct buf *b, const struct uuid *id)
{
    cbor_put_bytes(b, id->bytes, sizeof(id->bytes));
}

void cbor_put_hash(struct buf *b, const struct hash *h)
{
    cbor_put_bytes(b, h->bytes, sizeof(h->bytes));
}

void cbor_open_gated(struct cbor_reader *r, struct bytes in)
{
    static const uint8_t nothing;
    const uint8_t *at = in.len > 0 ? in.data : &nothing;

    *r = (struct cbor_reader){ .at = at, .end = at + in.len };
}

void cbor_open(struct cbor_reader *r, struct bytes in)
{
    const enum err err = cbor_gate(in, NULL);

    cbor_open_gated(r, err ? (struct bytes){ NULL, 0 } : in);
    r->err = err;
}

static uint64_t fail(struct cbor_reader *r)
{
    if (!r->err) {
        r->err = ERR_BAD_DATA;
    }
    r->at = r->end;
    return 0;
}

/* Read any head; the bounds hold for gated bytes, but cost nothing. */
static uint64_t next_head(struct cbor_reader *r, enum major *major_out)
{
    unsigned info;
    size_t size;
    uint64_t value = 0;

    if (r->at == r->end) {
        return fail(r);
    }
    *major_out = (enum major)(*r->at >> 5);
    info = *r->at++ & 0x1f;
    if (info < 24) {
        return info;
    }
    size = (size_t)1 << (info - 24);
    if (info > 27 || (size_t)(r->end - r->at) < size) {
        return fail(r);
    }
    while (size-- > 0) {
        value = value << 8 | *r->at++;
    }
    return value;
}

/* Read a head that must have this major type; zero and an error if not. */
static uint64_t want_head(struct cbor_reader *r, enum major want)
{
    enum major major = want;
    const uint64_t value = next_head(r, &major);

    return major == want ? value : fail(r);
}

enum cbor_type cbor_peek(const struct cbor_reader *r)
{
    static const enum cbor_type types[] = {
        [MAJOR_UINT] = CBOR_TYPE_UINT,   [MAJOR_NEGINT] = CBOR_TYPE_NEGINT,
        [MAJOR_BYTES] = CBOR_TYPE_BYTES, [MAJOR_TEXT] = CBOR_TYPE_TEXT,
        [MAJOR_ARRAY] = CBOR_TYPE_ARRAY, [MAJOR_MAP] = CBOR_TYPE_MAP,
        [MAJOR_TAG] = CBOR_TYPE_TAG,     [MAJOR_SIMPLE] = CBOR_TYPE_BOOL,
    };

    if (r->at == r->end) {
        return CBOR_TYPE_END;
    }
    if (*r->at == (MAJOR_SIMPLE << 5 | SIMPLE_NULL)) {
        return CBOR_TYPE_NULL;
    }
    return types[*r->at >> 5];
}

uint64_t cbor_get_uint(struct cbor_reader *r)
{
    return want_head(r, MAJOR_UINT);
}

uint64_t cbor_get_uint_max(struct cbor_reader *r, uint64_t max)
{
    const uint64_t value = cbor_get_uint(r);

    return value <= max ? value : fail(r);
}

int64_t cbor_get_int(struct cbor_reader *r)
{
    enum major major = MAJOR_UINT;
    const uint64_t value = next_head(r, &major);

    if (major > MAJOR_NEGINT || value > INT64_MAX) {
        return (int64_t)fail(r);
    }
    return major == MAJOR_NEGINT ? -1 - (int64_t)value : (int64_t)value;
}

static unsigned get_simple(struct cbor_reader *r)
{
    return (unsigned)want_head(r, MAJOR_SIMPLE);
}

bool cbor_get_bool(struct cbor_reader *r)
{
    const unsigned value = get_simple(r);

    if (value != SIMPLE_TRUE && value != SIMPLE_FALSE) {
        return fail(r);
    }
    return value == SIMPLE_TRUE;
}

void cbor_get_null(struct cbor_reader *r)
{
    if (get_simple(r) != SIMPLE_NULL) {
        fail(r);
    }
}

static struct bytes get_string(struct cbor_reader *r, enum major major)
{
    const uint64_t len = want_head(r, major);
    struct bytes view = { r->at, 0 };

    if (len > (uint64_t)(r->end - r->at)) {
        fail(r);
        return view;
    }
    view.len = (size_t)len;
    r->at += view.len;
    return view;
}

struct bytes cbor_get_bytes(struct cbor_reader *r)
{
    return get_string(r, MAJOR_BYTES);
}

struct bytes cbor_get_text(struct cbor_reader *r)
{
    return get_string(r, MAJOR_TEXT);
}

/* No more items than bytes are left, each `size` bytes at least. */
static size_t get_count(struct cbor_reader *r, enum major major, size_t size)
{
    const uint64_t count = want_head(r, major);

    if (count > (uint64_t)(r->end - r->at) / size) {
        return (size_t)fail(r);
    }
    return (size_t)count;
}

size_t cbor_get_array(struct cbor_reader *r)
{
    return get_count(r, MAJOR_ARRAY, 1);
}

size_t cbor_get_map(struct cbor_reader *r)
{
    return get_count(r, MAJOR_MAP, 2);
}

uint64_t cbor_get_tag(struct cbor_reader *r)
{
    return want_head(r, MAJOR_TAG);
}

static void get_fixed(struct cbor_reader *r, uint8_t *out, size_t len)
{
    const struct bytes view = cbor_get_bytes(r);

    if (view.len != len) {
        fail(r);
        memset(out, 0, len);
        return;
    }
    memcpy(out, view.data, len);
}

void cbor_get_uuid(struct cbor_reader *r, struct uuid *out)
{
    get_fixed(r, out->bytes, sizeof(out->bytes));
}

void cbor_get_hash(struct cbor_reader *r, struct hash *out)
{
    get_fixed(r, out->bytes, sizeof(out->bytes));
}

/* Pass one head and its string; returns how many items it announces. */
static uint64_t skip_head(struct cbor_reader *r)
{
    enum major major = MAJOR_UINT;
    const uint64_t value = next_head(r, &major);
    const uint64_t left = (uint64_t)(r->end - r->at);

    switch (major) {
    case MAJOR_BYTES:
    case MAJOR_TEXT:
        if (value > left) {
            return fail(r);
        }
        r->at += value;
        return 0;
    case MAJOR_ARRAY:
        return value <= left ? value : fail(r);
    case MAJOR_MAP:
        return value <= left / 2 ? 2 * value : fail(r);
    case MAJOR_TAG:
        return 1;
    default:
        return 0;
    }
}

struct bytes cbor_get_item(struct cbor_reader *r)
{
    const uint8_t *start = r->at;
    uint64_t items = 1;

    while (items > 0 && !r->err) {
        items += skip_head(r) - 1;
    }
    return (struct bytes){ start, r->err ? 0 : (size_t)(r->at - start) };
}

void cbor_skip(struct cbor_reader *r)
{
    (void)cbor_get_item(r);
}

enum err cbor_close(const struct cbor_reader *r)
{
    if (r->err) {
        return r->err;
    }
    return r->at == r->end ? ERR_OK : ERR_BAD_DATA;
}
