/*
 * crypto.h - the few primitives that events need, over mbedcrypto.
 *
 * crypto.c is the only file of the core that includes mbedTLS headers, and
 * hides the difference between 2.28 (Debian 12) and 3.6 (Debian 13).
 * Randomness is passed in, so that a simulation repeats.
 */
#ifndef CORE_CRYPTO_H
#define CORE_CRYPTO_H

#include "core/base.h"

#define CRYPTO_KEY_SIZE   32 /* AES-256, HKDF output */
#define CRYPTO_TAG_SIZE   16 /* GCM */
#define CRYPTO_NONCE_SIZE 12 /* GCM */
#define CRYPTO_SIG_SIZE   64 /* ES256: r || s, RFC 9053 section 2.1 */
#define CRYPTO_EC_PRIVATE 32 /* P-256 scalar, big-endian */

/* Where random bytes come from; returns ERR_OK or ERR_IO. */
struct crypto_random {
    enum err (*fill)(void *ctx, uint8_t *out, size_t len);
    void *ctx;
};

/* A P-256 public key, affine, big-endian. */
struct ec_public {
    uint8_t x[32];
    uint8_t y[32];
};

/* A P-256 key pair. Wipe it when done. */
struct ec_key {
    uint8_t d[CRYPTO_EC_PRIVATE];
    struct ec_public pub;
};

struct sha256; /* opaque, for data that comes in pieces */
MUST_USE enum err sha256_new(struct sha256 **out);
void sha256_add(struct sha256 *h, struct bytes data);
void sha256_end(struct sha256 *h, struct hash *out); /* and start anew */
void sha256_free(struct sha256 *h);

void crypto_sha256(struct bytes data, struct hash *out);
void crypto_sha256_2(struct bytes a, struct bytes b, struct hash *out);
void crypto_hmac_sha256(struct bytes key, struct bytes data, struct hash *out);
/* RFC 5869; `len` up to 255 * 32. */
MUST_USE enum err crypto_hkdf_sha256(struct bytes salt, struct bytes secret,
                                     struct bytes info, uint8_t *out,
                                     size_t len);

MUST_USE enum err crypto_ec_new(struct crypto_random random,
                                struct ec_key *out);
/* The public half of the scalar in key->d; ERR_BAD_DATA if out of range. */
MUST_USE enum err crypto_ec_derive(struct ec_key *key);
/* ERR_BAD_DATA when the point isn't on the curve. */
MUST_USE enum err crypto_ec_check(const struct ec_public *pub);

/* ES256 over SHA-256(data); deterministic by RFC 6979. */
MUST_USE enum err crypto_sign(const struct ec_key *key, struct bytes data,
                              uint8_t sig_out[CRYPTO_SIG_SIZE]);
/* ERR_OK, or ERR_BAD_SEAL when the signature doesn't hold. */
MUST_USE enum err crypto_verify(const struct ec_public *pub, struct bytes data,
                                struct bytes sig);

/* The x coordinate of d * pub. */
MUST_USE enum err crypto_ecdh(const struct ec_key *key,
                              const struct ec_public *pub, uint8_t out[32]);

/*
 * AES-GCM with a 12-byte nonce and a 16-byte tag at the end. `key` has 16,
 * 24 or 32 bytes. `out` holds plain.len + 16, or sealed.len - 16 bytes.
 * It may be the memory of the input.
 * Open returns ERR_WRONG_KEY when the tag doesn't hold (zeros are in `out`
 * then), ERR_BAD_DATA for another nonce size or no room for a tag.
 */
MUST_USE enum err crypto_gcm_seal(struct bytes key, struct bytes nonce,
                                  struct bytes aad, struct bytes plain,
                                  uint8_t *out);
MUST_USE enum err crypto_gcm_open(struct bytes key, struct bytes nonce,
                                  struct bytes aad, struct bytes sealed,
                                  uint8_t *out);

#endif /* CORE_CRYPTO_H */
