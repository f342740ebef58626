/* wire_pack.c - the body of a request or answer, packed where that helps. */
#include <string.h>

#include "core/wire.h"
#include "core/zpack.h"

enum err wire_pack(struct buf *out, struct bytes plain, const char **type_out)
{
    const size_t start = out->len;

    if (zpack_pack(out, plain) == ERR_OK && out->len - start < plain.len) {
        *type_out = WIRE_TYPE_PACKED;
        return ERR_OK;
    }
    if (out->err) {
        return out->err;
    }
    out->len = start;
    buf_put(out, plain.data, plain.len);
    *type_out = WIRE_TYPE_PLAIN;
    return out->err;
}

enum err wire_unpack(struct buf *out, const char *type, struct bytes in)
{
    if (strcmp(type, WIRE_TYPE_PLAIN) == 0) {
        buf_put(out, in.data, in.len);
        return out->err;
    }
    return strcmp(type, WIRE_TYPE_PACKED) == 0 ? zpack_unpack(out, in)
                                               : ERR_BAD_DATA;
}
