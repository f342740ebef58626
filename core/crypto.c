/*
 * crypto.c - SHA-256, HMAC, HKDF, P-256 and AES-GCM over mbedcrypto 2.28
 * and 3.6.
 *
 * mbedTLS wants random bytes wherever it multiplies by a secret, to blind
 * the arithmetic against timing; they never reach the result. The core has
 * no source of its own, so they come from an HMAC-DRBG seeded with the
 * secret and the data: unknown to anyone without the key, and the same in
 * each run of a simulation.
 */
#include "core/crypto.h"

#include <string.h>

#include <mbedtls/ecdh.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/ecp.h>
#include <mbedtls/gcm.h>
#include <mbedtls/hkdf.h>
#include <mbedtls/hmac_drbg.h>
#include <mbedtls/md.h>
#include <mbedtls/sha256.h>
#include <mbedtls/version.h>

#include "core/mem.h"

/* 2.28 calls the functions that report errors _ret; 3.0 dropped the others. */
#if MBEDTLS_VERSION_MAJOR < 3
#define SHA256_STARTS(ctx)            mbedtls_sha256_starts_ret(ctx, 0)
#define SHA256_UPDATE(ctx, data, len) mbedtls_sha256_update_ret(ctx, data, len)
#define SHA256_FINISH(ctx, out)       mbedtls_sha256_finish_ret(ctx, out)
#else
#define SHA256_STARTS(ctx)            mbedtls_sha256_starts(ctx, 0)
#define SHA256_UPDATE(ctx, data, len) mbedtls_sha256_update(ctx, data, len)
#define SHA256_FINISH(ctx, out)       mbedtls_sha256_finish(ctx, out)
#endif

#define SHA256_BLOCK 64
#define EC_POINT     65 /* 0x04 || x || y */
#define EC_NEW_TRIES 8  /* a draw is out of range once in 2^32 */

/* --- SHA-256; without hardware of its own mbedTLS cannot fail here --- */

struct sha256 {
    mbedtls_sha256_context ctx;
};

static void sha_start(struct sha256 *h)
{
    mbedtls_sha256_init(&h->ctx);
    ASSERT(SHA256_STARTS(&h->ctx) == 0);
}

void sha256_add(struct sha256 *h, struct bytes data)
{
    if (data.len > 0) {
        ASSERT(SHA256_UPDATE(&h->ctx, data.data, data.len) == 0);
    }
}

static void sha_finish(struct sha256 *h, struct hash *out)
{
    ASSERT(SHA256_FINISH(&h->ctx, out->bytes) == 0);
    mbedtls_sha256_free(&h->ctx);
}

enum err sha256_new(struct sha256 **out)
{
    struct sha256 *h = mem_alloc(sizeof(*h));

    if (h == NULL) {
        return ERR_NOMEM;
    }
    sha_start(h);
    *out = h;
    return ERR_OK;
}

void sha256_end(struct sha256 *h, struct hash *out)
{
    sha_finish(h, out);
    sha_start(h);
}

void sha256_free(struct sha256 *h)
{
    if (h != NULL) {
        mbedtls_sha256_free(&h->ctx);
        mem_free(h);
    }
}

void crypto_sha256_2(struct bytes a, struct bytes b, struct hash *out)
{
    struct sha256 h;

    sha_start(&h);
    sha256_add(&h, a);
    sha256_add(&h, b);
    sha_finish(&h, out);
}

void crypto_sha256(struct bytes data, struct hash *out)
{
    crypto_sha256_2(data, (struct bytes){ NULL, 0 }, out);
}

/* RFC 2104; mbedTLS's own would allocate, and so could fail. */
void crypto_hmac_sha256(struct bytes key, struct bytes data, struct hash *out)
{
    uint8_t block[SHA256_BLOCK] = { 0 };
    const struct bytes pad = { block, sizeof(block) };

    if (key.len > sizeof(block)) {
        crypto_sha256(key, out);
        memcpy(block, out->bytes, sizeof(out->bytes));
    } else if (key.len > 0) {
        memcpy(block, key.data, key.len);
    }
    for (size_t i = 0; i < sizeof(block); i++) {
        block[i] ^= 0x36;
    }
    crypto_sha256_2(pad, data, out);
    for (size_t i = 0; i < sizeof(block); i++) {
        block[i] ^= 0x36 ^ 0x5c;
    }
    crypto_sha256_2(pad, (struct bytes){ out->bytes, sizeof(out->bytes) }, out);
    wipe(block, sizeof(block));
}

enum err crypto_hkdf_sha256(struct bytes salt, struct bytes secret,
                            struct bytes info, uint8_t *out, size_t len)
{
    const mbedtls_md_info_t *md = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);

    if (len > (size_t)255 * 32) {
        return ERR_TOO_LONG;
    }
    return mbedtls_hkdf(md, salt.data, salt.len, secret.data, secret.len,
                        info.data, info.len, out, len) == 0
               ? ERR_OK
               : ERR_NOMEM;
}

/* --- P-256 --- */

/* What each operation needs; every part may be unused. */
struct ec {
    mbedtls_ecp_group grp;
    mbedtls_ecp_point point;
    mbedtls_mpi d, r, s;
    mbedtls_hmac_drbg_context blind;
};

/* Only memory can run out where the inputs were checked before. */
static enum err ec_err(int ret, enum err otherwise)
{
    if (ret == 0) {
        return ERR_OK;
    }
    return ret == MBEDTLS_ERR_MPI_ALLOC_FAILED ||
                   ret == MBEDTLS_ERR_ECP_ALLOC_FAILED ||
                   ret == MBEDTLS_ERR_MD_ALLOC_FAILED
               ? ERR_NOMEM
               : otherwise;
}

static void ec_fini(struct ec *ec)
{
    mbedtls_ecp_group_free(&ec->grp);
    mbedtls_ecp_point_free(&ec->point);
    mbedtls_mpi_free(&ec->d);
    mbedtls_mpi_free(&ec->r);
    mbedtls_mpi_free(&ec->s);
    mbedtls_hmac_drbg_free(&ec->blind);
}

/* Needs ec_fini whatever it returns. */
static enum err ec_init(struct ec *ec)
{
    mbedtls_ecp_group_init(&ec->grp);
    mbedtls_ecp_point_init(&ec->point);
    mbedtls_mpi_init(&ec->d);
    mbedtls_mpi_init(&ec->r);
    mbedtls_mpi_init(&ec->s);
    mbedtls_hmac_drbg_init(&ec->blind);
    return ec_err(mbedtls_ecp_group_load(&ec->grp, MBEDTLS_ECP_DP_SECP256R1),
                  ERR_UNSUPPORTED);
}

/* The scalar, checked, and the blinding that goes with it and `data`. */
static enum err ec_load_key(struct ec *ec, const uint8_t d[CRYPTO_EC_PRIVATE],
                            const uint8_t data[32])
{
    const mbedtls_md_info_t *md = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    uint8_t seed[CRYPTO_EC_PRIVATE + 32];
    int ret;

    memcpy(seed, d, CRYPTO_EC_PRIVATE);
    memcpy(seed + CRYPTO_EC_PRIVATE, data, 32);
    ret = mbedtls_hmac_drbg_seed_buf(&ec->blind, md, seed, sizeof(seed));
    wipe(seed, sizeof(seed));
    if (ret == 0) {
        ret = mbedtls_mpi_read_binary(&ec->d, d, CRYPTO_EC_PRIVATE);
    }
    if (ret == 0) {
        ret = mbedtls_ecp_check_privkey(&ec->grp, &ec->d);
    }
    return ec_err(ret, ERR_BAD_DATA);
}

static enum err ec_load_public(struct ec *ec, const struct ec_public *pub)
{
    uint8_t text[EC_POINT] = { 0x04 };
    int ret;

    memcpy(text + 1, pub->x, sizeof(pub->x));
    memcpy(text + 33, pub->y, sizeof(pub->y));
    ret =
        mbedtls_ecp_point_read_binary(&ec->grp, &ec->point, text, sizeof(text));
    if (ret == 0) {
        ret = mbedtls_ecp_check_pubkey(&ec->grp, &ec->point);
    }
    return ec_err(ret, ERR_BAD_DATA);
}

enum err crypto_ec_derive(struct ec_key *key)
{
    static const uint8_t data[32] = "beatbook derive";
    uint8_t text[EC_POINT];
    struct ec ec;
    size_t len = 0;
    enum err err = ec_init(&ec);

    if (!err) {
        err = ec_load_key(&ec, key->d, data);
    }
    if (!err) {
        err = ec_err(mbedtls_ecp_mul(&ec.grp, &ec.point, &ec.d, &ec.grp.G,
                                     mbedtls_hmac_drbg_random, &ec.blind),
                     ERR_BAD_DATA);
    }
    if (!err) {
        err = ec_err(mbedtls_ecp_point_write_binary(&ec.grp, &ec.point,
                                                    MBEDTLS_ECP_PF_UNCOMPRESSED,
                                                    &len, text, sizeof(text)),
                     ERR_BAD_DATA);
    }
    if (!err) {
        ASSERT(len == sizeof(text));
        memcpy(key->pub.x, text + 1, sizeof(key->pub.x));
        memcpy(key->pub.y, text + 33, sizeof(key->pub.y));
    }
    ec_fini(&ec);
    return err;
}

enum err crypto_ec_new(struct crypto_random random, struct ec_key *out)
{
    enum err err = ERR_BAD_DATA;

    for (int i = 0; i < EC_NEW_TRIES && err == ERR_BAD_DATA; i++) {
        err = random.fill(random.ctx, out->d, sizeof(out->d));
        if (!err) {
            err = crypto_ec_derive(out);
        }
    }
    if (err) {
        wipe(out, sizeof(*out));
    }
    return err == ERR_BAD_DATA ? ERR_IO : err; /* that source isn't random */
}

enum err crypto_ec_check(const struct ec_public *pub)
{
    struct ec ec;
    enum err err = ec_init(&ec);

    if (!err) {
        err = ec_load_public(&ec, pub);
    }
    ec_fini(&ec);
    return err;
}

enum err crypto_sign(const struct ec_key *key, struct bytes data,
                     uint8_t sig_out[CRYPTO_SIG_SIZE])
{
    struct hash hash;
    struct ec ec;
    enum err err = ec_init(&ec);
    int ret;

    crypto_sha256(data, &hash);
    if (!err) {
        err = ec_load_key(&ec, key->d, hash.bytes);
    }
    if (err) {
        goto out;
    }
    ret = mbedtls_ecdsa_sign_det_ext(&ec.grp, &ec.r, &ec.s, &ec.d, hash.bytes,
                                     sizeof(hash.bytes), MBEDTLS_MD_SHA256,
                                     mbedtls_hmac_drbg_random, &ec.blind);
    if (ret == 0) {
        ret = mbedtls_mpi_write_binary(&ec.r, sig_out, 32);
    }
    if (ret == 0) {
        ret = mbedtls_mpi_write_binary(&ec.s, sig_out + 32, 32);
    }
    err = ec_err(ret, ERR_BAD_DATA);
out:
    ec_fini(&ec);
    return err;
}

enum err crypto_verify(const struct ec_public *pub, struct bytes data,
                       struct bytes sig)
{
    struct hash hash;
    struct ec ec;
    enum err err;
    int ret;

    if (sig.len != CRYPTO_SIG_SIZE) {
        return ERR_BAD_SEAL;
    }
    err = ec_init(&ec);
    if (!err) {
        err = ec_load_public(&ec, pub);
    }
    if (err) {
        goto out;
    }
    crypto_sha256(data, &hash);
    ret = mbedtls_mpi_read_binary(&ec.r, sig.data, 32);
    if (ret == 0) {
        ret = mbedtls_mpi_read_binary(&ec.s, sig.data + 32, 32);
    }
    if (ret == 0) {
        ret = mbedtls_ecdsa_verify(&ec.grp, hash.bytes, sizeof(hash.bytes),
                                   &ec.point, &ec.r, &ec.s);
    }
    err = ec_err(ret, ERR_BAD_SEAL);
out:
    ec_fini(&ec);
    return err == ERR_BAD_DATA ? ERR_BAD_SEAL : err;
}

enum err crypto_ecdh(const struct ec_key *key, const struct ec_public *pub,
                     uint8_t out[32])
{
    struct ec ec;
    enum err err = ec_init(&ec);
    int ret;

    if (!err) {
        err = ec_load_key(&ec, key->d, pub->x);
    }
    if (!err) {
        err = ec_load_public(&ec, pub);
    }
    if (!err) {
        ret = mbedtls_ecdh_compute_shared(&ec.grp, &ec.r, &ec.point, &ec.d,
                                          mbedtls_hmac_drbg_random, &ec.blind);
        if (ret == 0) {
            ret = mbedtls_mpi_write_binary(&ec.r, out, 32);
        }
        err = ec_err(ret, ERR_BAD_DATA);
    }
    ec_fini(&ec);
    return err;
}

/* --- AES-GCM --- */

static enum err gcm_init(mbedtls_gcm_context *gcm, struct bytes key)
{
    ASSERT(key.len == 16 || key.len == 24 || key.len == 32);
    mbedtls_gcm_init(gcm);
    return mbedtls_gcm_setkey(gcm, MBEDTLS_CIPHER_ID_AES, key.data,
                              (unsigned)key.len * 8) == 0
               ? ERR_OK
               : ERR_NOMEM;
}

enum err crypto_gcm_seal(struct bytes key, struct bytes nonce, struct bytes aad,
                         struct bytes plain, uint8_t *out)
{
    mbedtls_gcm_context gcm;
    enum err err = gcm_init(&gcm, key);

    ASSERT(nonce.len == CRYPTO_NONCE_SIZE);
    if (!err && mbedtls_gcm_crypt_and_tag(
                    &gcm, MBEDTLS_GCM_ENCRYPT, plain.len, nonce.data, nonce.len,
                    aad.data, aad.len, plain.data, out, CRYPTO_TAG_SIZE,
                    out + plain.len) != 0) {
        err = ERR_TOO_LONG; /* GCM ends at 64 GiB */
    }
    mbedtls_gcm_free(&gcm);
    return err;
}

enum err crypto_gcm_open(struct bytes key, struct bytes nonce, struct bytes aad,
                         struct bytes sealed, uint8_t *out)
{
    mbedtls_gcm_context gcm;
    size_t len;
    enum err err;

    if (nonce.len != CRYPTO_NONCE_SIZE || sealed.len < CRYPTO_TAG_SIZE) {
        return ERR_BAD_DATA;
    }
    len = sealed.len - CRYPTO_TAG_SIZE;
    err = gcm_init(&gcm, key);
    if (!err &&
        mbedtls_gcm_auth_decrypt(&gcm, len, nonce.data, nonce.len, aad.data,
                                 aad.len, sealed.data + len, CRYPTO_TAG_SIZE,
                                 sealed.data, out) != 0) {
        err = ERR_WRONG_KEY;
    }
    mbedtls_gcm_free(&gcm);
    return err;
}
