/*
 * blobcrypt.h - photos and recordings as they lie on disks and travel:
 * encrypted under a key of their own, in chunks, named by their ciphertext.
 *
 * The file (STREAM, Hoang, Reyhanitabar, Rogaway and Vizár, 2015):
 *
 *      0  "Bbl" 0x01       magic and version
 *      4  prefix           7 random bytes
 *     11  chunk 0 .. n     AES-256-GCM of BLOB_CHUNK_BYTES plain bytes and
 *                          its tag; the last has 1 to that many, and none
 *                          only if the blob is empty
 *
 * The nonce of a chunk is prefix || its number, 32 bits big-endian || 1 for
 * the last chunk, else 0; the authenticated data are the 11 bytes above. So
 * a chunk that is cut off, moved, repeated or from another file doesn't
 * open. The name of a blob is the SHA-256 of the whole file.
 */
#ifndef CORE_BLOBCRYPT_H
#define CORE_BLOBCRYPT_H

#include "core/crypto.h"

#define BLOBCRYPT_HEADER 11 /* bytes before the first chunk */

/* Takes the next piece of output; its error ends the work. */
typedef enum err (*blobcrypt_sink_fn)(void *ctx, struct bytes piece);

struct blobcrypt; /* one blob on its way, either direction */

struct blobcrypt_result {
    struct hash name;       /* SHA-256 of the ciphertext file */
    struct hash plain_hash; /* SHA-256 of the plain bytes */
    uint64_t file_bytes;
    uint64_t plain_bytes;
};

/* Encrypt under a new random key, which goes to `key_out`. */
MUST_USE enum err blobcrypt_seal_new(struct crypto_random random,
                                     blobcrypt_sink_fn sink, void *ctx,
                                     uint8_t key_out[CRYPTO_KEY_SIZE],
                                     struct blobcrypt **out);

/* Decrypt a file under its key. */
MUST_USE enum err blobcrypt_open_new(const uint8_t key[CRYPTO_KEY_SIZE],
                                     blobcrypt_sink_fn sink, void *ctx,
                                     struct blobcrypt **out);

/* Another limit of plain bytes than BLOB_MAX_BYTES; before the first add. */
void blobcrypt_limit(struct blobcrypt *b, uint64_t max_plain_bytes);

/*
 * The next piece of input, of any length; errors stick. ERR_NEWER: another
 * version; ERR_BAD_DATA: not such a file, or a chunk after the first does
 * not open; ERR_WRONG_KEY: the first does not; ERR_TOO_LONG: more than
 * BLOB_MAX_BYTES of plain bytes, or than blobcrypt_limit() said.
 */
MUST_USE enum err blobcrypt_add(struct blobcrypt *b, struct bytes piece);

/*
 * The input is complete. Until this returned ERR_OK, what the sink got from
 * a decryption may be the start of a longer blob: throw it away on error.
 */
MUST_USE enum err blobcrypt_end(struct blobcrypt *b,
                                struct blobcrypt_result *out);

void blobcrypt_free(struct blobcrypt *b); /* wipes the key; NULL allowed */

#endif /* CORE_BLOBCRYPT_H */
