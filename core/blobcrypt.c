#include "core/blobcrypt.h"

#include <string.h>

#include "core/limits.h"
#include "core/mem.h"

#define MAGIC_SIZE   4
#define PREFIX_SIZE  7
#define SEALED_CHUNK (BLOB_CHUNK_BYTES + CRYPTO_TAG_SIZE)

static const uint8_t magic[MAGIC_SIZE] = { 'B', 'b', 'l', 1 };

struct blobcrypt {
    bool is_sealing;
    enum err err; /* sticky */
    uint8_t key[CRYPTO_KEY_SIZE];
    uint8_t header[BLOBCRYPT_HEADER];
    size_t header_len; /* bytes of it that are known */
    uint32_t chunk;    /* number of the one in `data` */
    uint8_t *data;     /* the chunk that is being filled, SEALED_CHUNK */
    size_t len;
    uint64_t file_bytes;
    uint64_t plain_bytes;
    uint64_t max_bytes; /* of plain ones */
    struct sha256 *file_hash;
    struct sha256 *plain_hash;
    blobcrypt_sink_fn sink;
    void *ctx;
};

static_assert(MAGIC_SIZE + PREFIX_SIZE == BLOBCRYPT_HEADER,
              "the header is magic and prefix");
static_assert(PREFIX_SIZE + 4 + 1 == CRYPTO_NONCE_SIZE,
              "prefix, number and flag make a nonce");
static_assert(BLOB_MAX_BYTES / BLOB_CHUNK_BYTES < UINT32_MAX,
              "the number of a chunk never wraps");

static enum err blob_new(blobcrypt_sink_fn sink, void *ctx,
                         struct blobcrypt **out)
{
    struct blobcrypt *b = mem_alloc(sizeof(*b));
    enum err err;

    if (b == NULL) {
        return ERR_NOMEM;
    }
    b->sink = sink;
    b->ctx = ctx;
    b->max_bytes = BLOB_MAX_BYTES;
    b->data = mem_alloc(SEALED_CHUNK);
    err = b->data != NULL ? ERR_OK : ERR_NOMEM;
    if (!err) {
        err = sha256_new(&b->file_hash);
    }
    if (!err) {
        err = sha256_new(&b->plain_hash);
    }
    if (err) {
        blobcrypt_free(b);
        return err;
    }
    *out = b;
    return ERR_OK;
}

void blobcrypt_free(struct blobcrypt *b)
{
    if (b == NULL) {
        return;
    }
    sha256_free(b->file_hash);
    sha256_free(b->plain_hash);
    if (b->data != NULL) {
        wipe(b->data, SEALED_CHUNK);
    }
    mem_free(b->data);
    wipe(b->key, sizeof(b->key));
    mem_free(b);
}

enum err blobcrypt_seal_new(struct crypto_random random, blobcrypt_sink_fn sink,
                            void *ctx, uint8_t key_out[CRYPTO_KEY_SIZE],
                            struct blobcrypt **out)
{
    struct blobcrypt *b = NULL;
    enum err err = blob_new(sink, ctx, &b);

    if (err) {
        return err;
    }
    b->is_sealing = true;
    memcpy(b->header, magic, MAGIC_SIZE);
    err = random.fill(random.ctx, b->header + MAGIC_SIZE, PREFIX_SIZE);
    if (!err) {
        err = random.fill(random.ctx, b->key, sizeof(b->key));
    }
    if (err) {
        blobcrypt_free(b);
        return err;
    }
    memcpy(key_out, b->key, sizeof(b->key));
    *out = b;
    return ERR_OK;
}

enum err blobcrypt_open_new(const uint8_t key[CRYPTO_KEY_SIZE],
                            blobcrypt_sink_fn sink, void *ctx,
                            struct blobcrypt **out)
{
    enum err err = blob_new(sink, ctx, out);

    if (!err) {
        memcpy((*out)->key, key, CRYPTO_KEY_SIZE);
    }
    return err;
}

void blobcrypt_limit(struct blobcrypt *b, uint64_t max_plain_bytes)
{
    ASSERT(max_plain_bytes / BLOB_CHUNK_BYTES < UINT32_MAX);
    b->max_bytes = max_plain_bytes;
}

static void make_nonce(const struct blobcrypt *b, bool is_last,
                       uint8_t nonce[CRYPTO_NONCE_SIZE])
{
    memcpy(nonce, b->header + MAGIC_SIZE, PREFIX_SIZE);
    for (size_t i = 0; i < 4; i++) {
        nonce[PREFIX_SIZE + i] = (uint8_t)(b->chunk >> (24 - 8 * i));
    }
    nonce[CRYPTO_NONCE_SIZE - 1] = is_last;
}

static enum err emit(struct blobcrypt *b, struct bytes piece)
{
    if (b->is_sealing) {
        sha256_add(b->file_hash, piece);
        b->file_bytes += piece.len;
    } else {
        sha256_add(b->plain_hash, piece);
        b->plain_bytes += piece.len;
        if (b->plain_bytes > b->max_bytes) {
            return ERR_TOO_LONG;
        }
    }
    return piece.len > 0 ? b->sink(b->ctx, piece) : ERR_OK;
}

static enum err seal_chunk(struct blobcrypt *b, struct bytes nonce)
{
    const struct bytes key = { b->key, sizeof(b->key) };
    const struct bytes header = { b->header, sizeof(b->header) };
    enum err err = ERR_OK;

    if (b->chunk == 0) {
        err = emit(b, header);
    }
    if (!err) {
        err = crypto_gcm_seal(key, nonce, header,
                              (struct bytes){ b->data, b->len }, b->data);
    }
    if (!err) {
        err = emit(b, (struct bytes){ b->data, b->len + CRYPTO_TAG_SIZE });
    }
    return err;
}

static enum err open_chunk(struct blobcrypt *b, struct bytes nonce)
{
    const struct bytes key = { b->key, sizeof(b->key) };
    const struct bytes header = { b->header, sizeof(b->header) };
    enum err err;

    if (b->len < CRYPTO_TAG_SIZE ||
        (b->len == CRYPTO_TAG_SIZE && b->chunk > 0)) {
        return ERR_BAD_DATA;
    }
    err = crypto_gcm_open(key, nonce, header, (struct bytes){ b->data, b->len },
                          b->data);
    if (err == ERR_WRONG_KEY && b->chunk > 0) {
        return ERR_BAD_DATA; /* it was the right key for the first */
    }
    if (!err) {
        err = emit(b, (struct bytes){ b->data, b->len - CRYPTO_TAG_SIZE });
    }
    return err;
}

static enum err end_chunk(struct blobcrypt *b, bool is_last)
{
    uint8_t nonce[CRYPTO_NONCE_SIZE];
    const struct bytes view = { nonce, sizeof(nonce) };
    enum err err;

    make_nonce(b, is_last, nonce);
    err = b->is_sealing ? seal_chunk(b, view) : open_chunk(b, view);
    b->chunk++;
    b->len = 0;
    return err;
}

/* Take from the front of `piece` what is still missing of the header. */
static enum err take_header(struct blobcrypt *b, struct bytes *piece)
{
    while (b->header_len < BLOBCRYPT_HEADER && piece->len > 0) {
        const uint8_t byte = *piece->data++;

        piece->len--;
        if (b->header_len < MAGIC_SIZE && byte != magic[b->header_len]) {
            return b->header_len == MAGIC_SIZE - 1 && byte > magic[3]
                       ? ERR_NEWER
                       : ERR_BAD_DATA;
        }
        b->header[b->header_len++] = byte;
    }
    return ERR_OK;
}

enum err blobcrypt_add(struct blobcrypt *b, struct bytes piece)
{
    const size_t full = b->is_sealing ? BLOB_CHUNK_BYTES : SEALED_CHUNK;

    if (b->err) {
        return b->err;
    }
    if (b->is_sealing) {
        sha256_add(b->plain_hash, piece);
        b->plain_bytes += piece.len;
        b->err = b->plain_bytes > b->max_bytes ? ERR_TOO_LONG : ERR_OK;
    } else {
        sha256_add(b->file_hash, piece);
        b->file_bytes += piece.len;
        b->err = take_header(b, &piece);
    }
    while (!b->err && piece.len > 0) {
        size_t part;

        /* A full chunk waits for more input: it might be the last one. */
        if (b->len == full) {
            b->err = end_chunk(b, false);
        }
        part = piece.len < full - b->len ? piece.len : full - b->len;
        memcpy(b->data + b->len, piece.data, part);
        b->len += part;
        piece.data += part;
        piece.len -= part;
    }
    return b->err;
}

enum err blobcrypt_end(struct blobcrypt *b, struct blobcrypt_result *out)
{
    if (!b->err && !b->is_sealing && b->header_len < BLOBCRYPT_HEADER) {
        b->err = ERR_BAD_DATA;
    }
    if (!b->err) {
        b->err = end_chunk(b, true);
    }
    if (b->err) {
        return b->err;
    }
    b->err = ERR_CLOSED; /* nothing can be added to it */
    sha256_end(b->file_hash, &out->name);
    sha256_end(b->plain_hash, &out->plain_hash);
    out->file_bytes = b->file_bytes;
    out->plain_bytes = b->plain_bytes;
    return ERR_OK;
}
