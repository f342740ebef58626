/*
 * cbor_copy.h - writes any item anew, item by item, with sorted map keys.
 *
 * For tests only: it reads without the gate, so that what others wrote in
 * another order can be brought into ours outside of the product.
 */
#ifndef TESTS_CORE_CBOR_COPY_H
#define TESTS_CORE_CBOR_COPY_H

#include <stdlib.h>
#include <string.h>

#include "core/cbor.h"

#define COPY_BYTES_MAX ((size_t)1 << 20)

static inline void cbor_copy(struct buf *out, struct cbor_reader *r);

/* One pair as it will be written; the key is its first item. */
static inline int copy_order(struct bytes a, struct bytes b)
{
    const int order = memcmp(a.data, b.data, a.len < b.len ? a.len : b.len);

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static inline void copy_map(struct buf *out, struct cbor_reader *r)
{
    const size_t count = cbor_get_map(r);
    struct buf *pairs = calloc(count + 1, sizeof(*pairs));

    ASSERT(pairs != NULL);
    cbor_put_map(out, count);
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        struct buf pair;

        buf_init(&pair, COPY_BYTES_MAX);
        cbor_copy(&pair, r);
        cbor_copy(&pair, r);
        while (at > 0 &&
               copy_order(buf_bytes(&pair), buf_bytes(&pairs[at - 1])) < 0) {
            pairs[at] = pairs[at - 1];
            at--;
        }
        pairs[at] = pair;
    }
    for (size_t i = 0; i < count; i++) {
        cbor_put_raw(out, buf_bytes(&pairs[i]));
        buf_fini(&pairs[i]);
    }
    free(pairs);
}

static inline void copy_array(struct buf *out, struct cbor_reader *r)
{
    const size_t count = cbor_get_array(r);

    cbor_put_array(out, count);
    for (size_t i = 0; i < count; i++) {
        cbor_copy(out, r);
    }
}

static inline void cbor_copy(struct buf *out, struct cbor_reader *r)
{
    struct bytes view;

    switch (cbor_peek(r)) {
    case CBOR_TYPE_UINT:
        cbor_put_uint(out, cbor_get_uint(r));
        break;
    case CBOR_TYPE_BYTES:
        view = cbor_get_bytes(r);
        cbor_put_bytes(out, view.data, view.len);
        break;
    case CBOR_TYPE_TEXT:
        view = cbor_get_text(r);
        cbor_put_text(out, (const char *)view.data, view.len);
        break;
    case CBOR_TYPE_ARRAY:
        copy_array(out, r);
        break;
    case CBOR_TYPE_MAP:
        copy_map(out, r);
        break;
    case CBOR_TYPE_TAG:
        cbor_put_tag(out, cbor_get_tag(r));
        cbor_copy(out, r);
        break;
    case CBOR_TYPE_BOOL:
        cbor_put_bool(out, cbor_get_bool(r));
        break;
    case CBOR_TYPE_NULL:
        cbor_get_null(r);
        cbor_put_null(out);
        break;
    default:
        cbor_put_raw(out, cbor_get_item(r)); /* below int64, too */
        break;
    }
}

#endif /* TESTS_CORE_CBOR_COPY_H */
