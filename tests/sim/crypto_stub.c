/*
 * crypto_stub.c - core/crypto.h with a curve that costs nothing, for the
 * simulator only: as many seeds as possible, every message of the same size.
 *
 * Hashes and AES-GCM are the real ones. A public key is (x, y) with x =
 * SHA-256 of the scalar and y = SHA-256 of x; a signature is two hashes over
 * the public key and the data. So another key, another byte and a point that
 * is on no curve are still found; whoever knows the public key can forge,
 * which no simulated machine does. No installed program links this file:
 * tests/lint/stub.sh.
 */
#define crypto_ec_new    crypto_real_ec_new
#define crypto_ec_derive crypto_real_ec_derive
#define crypto_ec_check  crypto_real_ec_check
#define crypto_sign      crypto_real_sign
#define crypto_verify    crypto_real_verify
#define crypto_ecdh      crypto_real_ecdh
#include "core/crypto.c" /* NOLINT(bugprone-suspicious-include): meant */
#undef crypto_ec_new
#undef crypto_ec_derive
#undef crypto_ec_check
#undef crypto_sign
#undef crypto_verify
#undef crypto_ecdh

MUST_USE enum err crypto_ec_new(struct crypto_random random,
                                struct ec_key *out);
MUST_USE enum err crypto_ec_derive(struct ec_key *key);
MUST_USE enum err crypto_ec_check(const struct ec_public *pub);
MUST_USE enum err crypto_sign(const struct ec_key *key, struct bytes data,
                              uint8_t sig_out[CRYPTO_SIG_SIZE]);
MUST_USE enum err crypto_verify(const struct ec_public *pub, struct bytes data,
                                struct bytes sig);
MUST_USE enum err crypto_ecdh(const struct ec_key *key,
                              const struct ec_public *pub, uint8_t out[32]);

/* SHA-256 of a word that says what for, and two pieces. */
static void stub_hash(char what, struct bytes a, struct bytes b,
                      uint8_t out[32])
{
    const uint8_t head[2] = { (uint8_t)what, (uint8_t)a.len };
    struct hash hash;
    struct sha256 h;

    sha_start(&h);
    sha256_add(&h, (struct bytes){ head, sizeof(head) });
    sha256_add(&h, a);
    sha256_add(&h, b);
    sha_finish(&h, &hash);
    memcpy(out, hash.bytes, 32);
}

enum err crypto_ec_derive(struct ec_key *key)
{
    static const struct bytes none = { NULL, 0 };

    stub_hash('x', (struct bytes){ key->d, sizeof(key->d) }, none, key->pub.x);
    stub_hash('y', (struct bytes){ key->pub.x, 32 }, none, key->pub.y);
    return ERR_OK;
}

enum err crypto_ec_new(struct crypto_random random, struct ec_key *out)
{
    enum err err = random.fill(random.ctx, out->d, sizeof(out->d));

    if (err) {
        wipe(out, sizeof(*out));
        return err;
    }
    return crypto_ec_derive(out);
}

enum err crypto_ec_check(const struct ec_public *pub)
{
    static const struct bytes none = { NULL, 0 };
    uint8_t y[32];

    stub_hash('y', (struct bytes){ pub->x, 32 }, none, y);
    return memcmp(y, pub->y, sizeof(y)) == 0 ? ERR_OK : ERR_BAD_DATA;
}

static void stub_sign(const struct ec_public *pub, struct bytes data,
                      uint8_t out[CRYPTO_SIG_SIZE])
{
    uint8_t both[64];

    memcpy(both, pub->x, 32);
    memcpy(both + 32, pub->y, 32);
    stub_hash('r', (struct bytes){ both, sizeof(both) }, data, out);
    stub_hash('s', (struct bytes){ both, sizeof(both) },
              (struct bytes){ out, 32 }, out + 32);
}

enum err crypto_sign(const struct ec_key *key, struct bytes data,
                     uint8_t sig_out[CRYPTO_SIG_SIZE])
{
    struct ec_key own = *key;
    enum err err = crypto_ec_derive(&own);

    stub_sign(&own.pub, data, sig_out);
    return err;
}

enum err crypto_verify(const struct ec_public *pub, struct bytes data,
                       struct bytes sig)
{
    uint8_t want[CRYPTO_SIG_SIZE];

    if (sig.len != CRYPTO_SIG_SIZE || crypto_ec_check(pub)) {
        return ERR_BAD_SEAL;
    }
    stub_sign(pub, data, want);
    return memcmp(want, sig.data, sizeof(want)) == 0 ? ERR_OK : ERR_BAD_SEAL;
}

/* Both sides hash the two x coordinates in the same order. */
enum err crypto_ecdh(const struct ec_key *key, const struct ec_public *pub,
                     uint8_t out[32])
{
    struct ec_key own = *key;
    enum err err = crypto_ec_derive(&own);
    bool is_first = memcmp(own.pub.x, pub->x, 32) < 0;

    err = err ? err : crypto_ec_check(pub);
    stub_hash('z', (struct bytes){ is_first ? own.pub.x : pub->x, 32 },
              (struct bytes){ is_first ? pub->x : own.pub.x, 32 }, out);
    return err;
}
