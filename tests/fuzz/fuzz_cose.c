/*
 * fuzz_cose.c - any bytes given to every reader of COSE: no crash, and what
 * a reader refuses leaves its output as it was.
 */
#include "core/cose.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PLAIN_MAX ((size_t)1 << 20)

/* The key whose scalar is 1..32, as in the corpus. */
static const struct ec_key *the_key(void)
{
    static struct ec_key key;

    if (key.d[31] == 0) {
        for (size_t i = 0; i < sizeof(key.d); i++) {
            key.d[i] = (uint8_t)(i + 1);
        }
        ASSERT(crypto_ec_derive(&key) == ERR_OK);
    }
    return &key;
}

static void try_signed(struct bytes in, struct bytes aad)
{
    const struct ec_public *pub = &the_key()->pub;
    struct cose_sign1 msg;
    struct bytes payload;

    if (cose_sign1_parse(in, &msg) == ERR_OK) {
        ASSERT(msg.payload.len <= in.len);
        ASSERT(msg.signature.len <= in.len);
        if (cose_sign1_verify(&msg, pub, aad, aad) == ERR_OK) {
            ASSERT(msg.alg == COSE_ES256);
        }
    }
    if (cose_sign_verify(in, pub, aad, &payload) == ERR_OK) {
        ASSERT(payload.len <= in.len);
    }
}

static void try_encrypted(struct bytes in, struct bytes aad)
{
    const struct ec_key *key = the_key();
    struct buf b;

    buf_init(&b, PLAIN_MAX);
    if (cose_encrypt0_open(&b, (struct bytes){ key->d, sizeof(key->d) }, in,
                           aad) != ERR_OK) {
        ASSERT(b.len == 0);
    }
    buf_reset(&b);
    if (cose_encrypt_open(&b, key, in, aad) != ERR_OK) {
        ASSERT(b.len == 0);
    }
    buf_fini(&b);
}

static void try_key(struct bytes in)
{
    struct ec_public pub;
    struct ec_public again;
    struct buf b;

    buf_init(&b, PLAIN_MAX);
    if (cose_key_parse(in, &pub) == ERR_OK) {
        cose_key_put(&b, &pub);
        ASSERT(cose_key_parse(buf_bytes(&b), &again) == ERR_OK);
        ASSERT(memcmp(&pub, &again, sizeof(pub)) == 0);
    }
    buf_fini(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t aad[] = { 'a' };
    const struct bytes in = { data, size };

    try_signed(in, (struct bytes){ aad, sizeof(aad) });
    try_encrypted(in, (struct bytes){ aad, sizeof(aad) });
    try_key(in);
    return 0;
}
