#include "platform/shared/gunzip.h"

#include <string.h>
#include <zlib.h>

#define STEP_BYTES  ((size_t)32 * 1024)
#define EITHER_KIND (15 + 32) /* the largest window, gzip or zlib */

bool gunzip_is_packed(struct bytes in)
{
    if (in.len < 2) {
        return false;
    }
    if (in.data[0] == 0x1F && in.data[1] == 0x8B) {
        return true;
    }
    return (in.data[0] & 0x0F) == Z_DEFLATED && in.data[0] >> 4 <= 7 &&
           (in.data[0] * 256 + in.data[1]) % 31 == 0;
}

static enum err unpack(z_stream *z, struct buf *out)
{
    uint8_t step[STEP_BYTES];
    int rc = Z_OK;

    while (rc == Z_OK) {
        z->next_out = step;
        z->avail_out = sizeof(step);
        rc = inflate(z, Z_NO_FLUSH);
        if (rc == Z_MEM_ERROR) {
            return ERR_NOMEM;
        }
        if (rc != Z_OK && rc != Z_STREAM_END) {
            return ERR_BAD_DATA;
        }
        buf_put(out, step, sizeof(step) - z->avail_out);
        if (out->err) {
            return out->err;
        }
    }
    return z->avail_in == 0 ? ERR_OK : ERR_BAD_DATA;
}

enum err gunzip(struct bytes in, struct buf *out)
{
    z_stream z;
    enum err err;

    if (in.len == 0 || in.len > UINT32_MAX) {
        return ERR_BAD_DATA;
    }
    memset(&z, 0, sizeof(z));
    z.next_in = (z_const Bytef *)(uintptr_t)in.data;
    z.avail_in = (uInt)in.len;
    if (inflateInit2(&z, EITHER_KIND) != Z_OK) {
        return ERR_NOMEM;
    }
    err = unpack(&z, out);
    (void)inflateEnd(&z);
    return err;
}
