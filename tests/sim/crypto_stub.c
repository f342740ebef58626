/*
 * crypto_stub.c - core/crypto.h with a curve that costs nothing, for the
 * simulator only: as many seeds as possible, every message of the same size.
 *
 * SHA-256 and AES-GCM are the real ones. A public key is (x, y) with x = a
 * mixture of the scalar's bits and y = one of x; a signature is two mixtures
 * of the public key and the data. So another key, another byte and a point that
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

#define ODD_1 0x9e3779b97f4a7c15u
#define ODD_2 0xbf58476d1ce4e5b9u

static uint64_t mix(uint64_t state, uint64_t word)
{
    state = (state ^ word) * ODD_2;
    return (state ^ state >> 29) * ODD_1;
}

static uint64_t mix_bytes(uint64_t state, struct bytes b)
{
    uint64_t word;
    size_t at = 0;

    for (; b.len - at >= sizeof(word); at += sizeof(word)) {
        memcpy(&word, b.data + at, sizeof(word));
        state = mix(state, word);
    }
    word = 0;
    if (at < b.len) {
        memcpy(&word, b.data + at, b.len - at);
    }
    return mix(state, word ^ (uint64_t)b.len << 56);
}

/* 32 bytes of a word that says what for, and two pieces: nobody here looks
 * for two that give the same. */
static void stub_hash(char what, struct bytes a, struct bytes b,
                      uint8_t out[32])
{
    uint64_t state = mix_bytes(mix_bytes(mix(ODD_1, (uint64_t)what), a), b);

    for (uint64_t i = 0; i < 4; i++) {
        const uint64_t word = mix(state, i);

        memcpy(out + 8 * i, &word, sizeof(word));
    }
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
