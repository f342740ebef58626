/*
 * fuzz_blobcrypt.c - the first byte says how the rest is cut into pieces.
 * The rest is opened as a file, then sealed as a blob: that opens again,
 * and not without its last byte, nor with one bit changed.
 */
#include "core/blobcrypt.h"

#include <string.h>

#include "core/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROOM ((size_t)1 << 20)

static enum err keep(void *ctx, struct bytes piece)
{
    struct buf *b = ctx;

    buf_put(b, piece.data, piece.len);
    return b->err;
}

static enum err count_up(void *ctx, uint8_t *out, size_t len)
{
    uint8_t *next = ctx;

    for (size_t i = 0; i < len; i++) {
        out[i] = (*next)++;
    }
    return ERR_OK;
}

static enum err feed(struct blobcrypt *c, struct bytes in, size_t piece)
{
    struct blobcrypt_result result;

    while (in.len > 0) {
        const size_t len = piece < in.len ? piece : in.len;
        const enum err err = blobcrypt_add(c, (struct bytes){ in.data, len });

        if (err) {
            return err;
        }
        in.data += len;
        in.len -= len;
    }
    return blobcrypt_end(c, &result);
}

static enum err open_file(const uint8_t key[CRYPTO_KEY_SIZE], struct bytes in,
                          size_t piece, struct buf *out)
{
    struct blobcrypt *c = NULL;
    enum err err = blobcrypt_open_new(key, keep, out, &c);

    ASSERT(!err);
    buf_reset(out);
    err = feed(c, in, piece);
    blobcrypt_free(c);
    return err;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t piece = size > 0 ? (size_t)data[0] + 1 : 1;
    const struct bytes in = { data + (size > 0), size - (size > 0) };
    uint8_t key[CRYPTO_KEY_SIZE] = { 0 };
    struct blobcrypt *c = NULL;
    uint8_t seed = (uint8_t)size;
    struct buf file;
    struct buf plain;

    buf_init(&file, ROOM);
    buf_init(&plain, ROOM);
    ASSERT(open_file(key, in, piece, &plain) != ERR_OK);
    ASSERT(blobcrypt_seal_new((struct crypto_random){ count_up, &seed }, keep,
                              &file, key, &c) == ERR_OK);
    ASSERT(feed(c, in, piece) == ERR_OK);
    blobcrypt_free(c);
    ASSERT(open_file(key, buf_bytes(&file), piece, &plain) == ERR_OK);
    ASSERT(bytes_eq(buf_bytes(&plain), in));
    file.data[size % file.len] ^= 1;
    ASSERT(open_file(key, buf_bytes(&file), piece, &plain) != ERR_OK);
    file.data[size % file.len] ^= 1;
    file.len--;
    ASSERT(open_file(key, buf_bytes(&file), piece, &plain) != ERR_OK);
    buf_fini(&file);
    buf_fini(&plain);
    return 0;
}
