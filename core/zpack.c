#include "core/zpack.h"

#include <string.h>

#include <zstd.h>
#include <zstd_errors.h>

#include "core/limits.h"

#define LEVEL      3
#define STEP_BYTES ((size_t)128 * 1024) /* output of one turn */

/* RFC 8878 section 3.1.2: magic number, size, then that many bytes. */
#define SKIP_MAGIC  0x184d2a50u
#define SKIP_HEADER 8

static enum err from_zstd(size_t ret)
{
    switch (ZSTD_getErrorCode(ret)) {
    case ZSTD_error_no_error:
        return ERR_OK;
    case ZSTD_error_memory_allocation:
        return ERR_NOMEM;
    case ZSTD_error_frameParameter_windowTooLarge:
    case ZSTD_error_dstSize_tooSmall:
        return ERR_TOO_LONG;
    default:
        return ERR_BAD_DATA;
    }
}

/* The most that a packed body of this length may hold. */
static size_t plain_max(size_t packed_len)
{
    size_t max = SYNC_PLAIN_MAX_BYTES;

    if (packed_len < SYNC_PLAIN_MAX_BYTES / SYNC_INFLATE_RATIO_MAX) {
        max = packed_len * SYNC_INFLATE_RATIO_MAX;
    }
    return max > ZPACK_FLOOR_BYTES ? max : ZPACK_FLOOR_BYTES;
}

static void put_le32(struct buf *b, uint32_t value)
{
    for (unsigned shift = 0; shift < 32; shift += 8) {
        buf_put_u8(b, (uint8_t)(value >> shift));
    }
}

/* Make a body that packed too well long enough for the reader's limit. */
static void pad(struct buf *out, size_t packed_len, size_t plain_len)
{
    const size_t want =
        (plain_len + SYNC_INFLATE_RATIO_MAX - 1) / SYNC_INFLATE_RATIO_MAX;
    size_t more = 0;
    uint8_t *at;

    if (plain_len <= plain_max(packed_len)) {
        return;
    }
    if (want > packed_len + SKIP_HEADER) {
        more = want - packed_len - SKIP_HEADER;
    }
    put_le32(out, SKIP_MAGIC);
    put_le32(out, (uint32_t)more);
    at = buf_grow(out, more);
    if (at != NULL) {
        memset(at, 0, more);
    }
}

enum err zpack_pack(struct buf *out, struct bytes in)
{
    const size_t start = out->len;
    size_t room = ZSTD_compressBound(in.len);
    ZSTD_CCtx *ctx = NULL;
    uint8_t *at;
    size_t len = 0;
    enum err err;

    if (in.len > SYNC_PLAIN_MAX_BYTES) {
        return ERR_TOO_LONG;
    }
    if (room > out->max - out->len) {
        room = out->max - out->len; /* it may well fit */
    }
    at = buf_grow(out, room);
    if (out->err) {
        return out->err;
    }
    ctx = ZSTD_createCCtx();
    if (ctx == NULL) {
        err = ERR_NOMEM;
        goto out;
    }
    ZSTD_CCtx_setParameter(ctx, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(ctx, ZSTD_c_windowLog, SYNC_WINDOW_LOG);
    ZSTD_CCtx_setParameter(ctx, ZSTD_c_checksumFlag, 1);
    len = ZSTD_compress2(ctx, at, room, in.data, in.len);
    err = from_zstd(len);
    if (!err) {
        out->len = start + len;
        pad(out, len, in.len);
        err = out->err;
    }
out:
    if (err) {
        out->len = start;
    }
    ZSTD_freeCCtx(ctx);
    return err;
}

/* All frames of `in` until its end; never more than `max` bytes. */
static enum err unpack(ZSTD_DCtx *ctx, struct buf *out, struct bytes in,
                       size_t max)
{
    ZSTD_inBuffer from = { in.data, in.len, 0 };
    size_t used = 0;

    for (;;) {
        /* One byte over the limit shows that there is more. */
        const size_t left = max + 1 - used;
        ZSTD_outBuffer to = { NULL, left < STEP_BYTES ? left : STEP_BYTES, 0 };
        size_t ret;

        to.dst = buf_grow(out, to.size);
        if (out->err) {
            return out->err;
        }
        ret = ZSTD_decompressStream(ctx, &to, &from);
        out->len -= to.size - to.pos;
        used += to.pos;
        if (ZSTD_isError(ret)) {
            return from_zstd(ret);
        }
        if (used > max) {
            return ERR_TOO_LONG;
        }
        if (from.pos == from.size && ret == 0) {
            return ERR_OK;
        }
        if (from.pos == from.size && to.pos < to.size) {
            return ERR_BAD_DATA; /* cut */
        }
    }
}

enum err zpack_unpack(struct buf *out, struct bytes in)
{
    const size_t start = out->len;
    const size_t max = plain_max(in.len);
    unsigned long long claim;
    ZSTD_DCtx *ctx;
    enum err err;

    if (out->err) {
        return out->err;
    }
    claim = ZSTD_getFrameContentSize(in.data, in.len);
    if (claim == ZSTD_CONTENTSIZE_ERROR) {
        return ERR_BAD_DATA;
    }
    if (claim != ZSTD_CONTENTSIZE_UNKNOWN && claim > max) {
        return ERR_TOO_LONG; /* it says so itself */
    }
    ctx = ZSTD_createDCtx();
    if (ctx == NULL) {
        return ERR_NOMEM;
    }
    ZSTD_DCtx_setParameter(ctx, ZSTD_d_windowLogMax, SYNC_WINDOW_LOG);
    err = unpack(ctx, out, in, max);
    if (err) {
        out->len = start;
    }
    ZSTD_freeDCtx(ctx);
    return err;
}
