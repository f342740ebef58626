/* wire_pack.c - zstd around a message, with every limit on what comes in. */
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "core/limits.h"
#include "core/wire.h"

#define LEVEL 3 /* the tablet's battery matters more than the last 5 % */

enum err wire_pack(struct buf *out, struct bytes plain, const char **type_out)
{
    size_t start = out->len;
    size_t bound = ZSTD_compressBound(plain.len);
    ZSTD_CCtx *z = NULL;
    uint8_t *to;
    size_t n = 0;
    bool is_packed = false;

    to = buf_grow(out, bound);
    if (to != NULL && (z = ZSTD_createCCtx()) != NULL) {
        ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, LEVEL);
        ZSTD_CCtx_setParameter(z, ZSTD_c_windowLog, SYNC_WINDOW_LOG);
        n = ZSTD_compress2(z, to, bound, plain.data, plain.len);
        /* What packs better than the receiver allows goes as it is. */
        is_packed = !ZSTD_isError(n) && n < plain.len &&
                    plain.len <= n * SYNC_INFLATE_RATIO_MAX;
    }
    ZSTD_freeCCtx(z);
    if (out->err) {
        return out->err;
    }
    out->len = start;
    if (is_packed) {
        out->len += n;
        *type_out = WIRE_TYPE_PACKED;
    } else {
        buf_put(out, plain.data, plain.len);
        *type_out = WIRE_TYPE_PLAIN;
    }
    return out->err;
}

static enum err inflate(struct buf *out, ZSTD_DStream *z, struct bytes in)
{
    size_t max = in.len * SYNC_INFLATE_RATIO_MAX;
    ZSTD_inBuffer from = { in.data, in.len, 0 };
    size_t total = 0;
    size_t left = 1;

    if (max > SYNC_PLAIN_MAX_BYTES) {
        max = SYNC_PLAIN_MAX_BYTES;
    }
    while (left != 0) {
        uint8_t piece[16 * 1024];
        ZSTD_outBuffer to = { piece, sizeof(piece), 0 };
        size_t before = from.pos;

        left = ZSTD_decompressStream(z, &to, &from);
        if (ZSTD_isError(left)) {
            return ZSTD_getErrorCode(left) ==
                           ZSTD_error_frameParameter_windowTooLarge
                       ? ERR_TOO_LONG
                       : ERR_BAD_DATA;
        }
        total += to.pos;
        if (total > max) {
            return ERR_TOO_LONG;
        }
        buf_put(out, piece, to.pos);
        if (out->err) {
            return out->err;
        }
        if (to.pos == 0 && from.pos == before && left != 0) {
            return ERR_BAD_DATA; /* cut off */
        }
    }
    return from.pos == from.size ? ERR_OK : ERR_BAD_DATA;
}

enum err wire_unpack(struct buf *out, const char *type, struct bytes in)
{
    ZSTD_DStream *z;
    enum err err;

    if (strcmp(type, WIRE_TYPE_PLAIN) == 0) {
        buf_put(out, in.data, in.len);
        return out->err;
    }
    if (strcmp(type, WIRE_TYPE_PACKED) != 0 || in.len == 0) {
        return ERR_BAD_DATA;
    }
    z = ZSTD_createDStream();
    if (z == NULL) {
        return ERR_NOMEM;
    }
    ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, SYNC_WINDOW_LOG);
    err = inflate(out, z, in);
    ZSTD_freeDStream(z);
    return err;
}
