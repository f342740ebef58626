/* test_cose_bad.c - messages of several signers or recipients, and keys,
 * that are not as RFC 9052 has them. */
#include <string.h>

#include "core/cbor.h"
#include "core/cose.h"
#include "tests/hex.h"
#include "tests/test.h"

#define MESSAGE_MAX 4096
#define TEN         "0102030405060708090a"
#define NONCE       "4c" TEN "0b0c"
#define TAG         "50" TEN "0b0c0d0e0f10"

static const struct bytes none;

struct row {
    const char *why, *hex;
    enum err want;
};

static enum err count_up(void *ctx, uint8_t *out, size_t len)
{
    uint8_t *next = ctx;

    for (size_t i = 0; i < len; i++) {
        out[i] = (*next)++;
    }
    return ERR_OK;
}

static struct ec_key new_key(uint8_t seed)
{
    struct ec_key key;

    assert_ok(crypto_ec_new((struct crypto_random){ count_up, &seed }, &key));
    return key;
}

static void check(const struct row *rows, size_t count,
                  enum err (*read)(struct bytes in))
{
    for (size_t i = 0; i < count; i++) {
        const struct hex in = hex_new(rows[i].hex);
        const enum err err = read(hex_bytes(in));

        if (err != rows[i].want) {
            fail_msg("%s: %s", rows[i].why, err_text(err));
        }
        free(in.data);
    }
}

/* --- several signers --- */

static enum err read_sign(struct bytes in)
{
    const struct ec_key key = new_key(1);
    struct bytes payload;

    return cose_sign_verify(in, &key.pub, none, &payload);
}

#define SIGN   "d862 84 40 a0 4178 "
#define SIGNER "83 43a10126 a0 4100 "

static void a_sign_of_another_shape_is_refused(void **state)
{
    static const struct row rows[] = {
        { "well made, another's", SIGN "81" SIGNER, ERR_BAD_SEAL },
        { "nobody", SIGN "80", ERR_BAD_DATA },
        { "a number of signers", SIGN "01", ERR_BAD_DATA },
        { "no payload", "d862 84 40 a0 f6 81" SIGNER, ERR_BAD_DATA },
        { "a payload of text", "d862 84 40 a0 6178 81" SIGNER, ERR_BAD_DATA },
        { "four", SIGN "84" SIGNER SIGNER SIGNER SIGNER, ERR_BAD_SEAL },
        { "five", SIGN "85" SIGNER SIGNER SIGNER SIGNER SIGNER, ERR_TOO_LONG },
        { "five parts", "d862 85 40 a0 4178 81" SIGNER "00", ERR_BAD_DATA },
        { "another tag", "d2 84 40 a0 4178 81" SIGNER, ERR_BAD_DATA },
        { "a number as signer", SIGN "8101", ERR_BAD_DATA },
        { "two parts", SIGN "81 82 43a10126 a0", ERR_BAD_DATA },
        { "a signature of text", SIGN "81 83 43a10126 a0 6178", ERR_BAD_DATA },
        { "headers twice", SIGN "81 83 43a10126 a10126 4100", ERR_BAD_DATA },
        { "bad, then good", SIGN "82 01" SIGNER, ERR_BAD_DATA },
        { "ES384 beside it", SIGN "82 83 44a1013822 a0 4100" SIGNER,
          ERR_BAD_SEAL },
        { "a header of later days", SIGN "81 83 43a10126 a1064131 4100",
          ERR_BAD_SEAL },
        { "headers of the whole", "d862 84 4180 a0 4178 81" SIGNER,
          ERR_BAD_DATA },
        { "headers no bytes", "d862 84 00 a0 4178 81" SIGNER, ERR_BAD_DATA },
    };

    (void)state;
    check(rows, ARRAY_LEN(rows), read_sign);
}

static enum err read_sign1(struct bytes in)
{
    struct cose_sign1 msg;

    return cose_sign1_parse(in, &msg);
}

static void a_sign1_of_another_shape_is_refused(void **state)
{
    static const struct row rows[] = {
        { "well made", "d2 84 43a10126 a0 4178 4179", ERR_OK },
        { "a signature of text", "d2 84 43a10126 a0 4178 6179", ERR_BAD_DATA },
        { "five parts", "d2 85 43a10126 a0 4178 4179 00", ERR_BAD_DATA },
        { "headers no bytes", "d2 84 00 a0 4178 4179", ERR_BAD_DATA },
        { "a salt", "d2 84 43a10126 a1334131 4178 4179", ERR_OK },
        { "a party", "d2 84 43a10126 a1344131 4178 4179", ERR_UNSUPPORTED },
        { "the last party", "d2 84 43a10126 a138194131 4178 4179",
          ERR_UNSUPPORTED },
        { "behind it", "d2 84 43a10126 a1381a4131 4178 4179", ERR_OK },
        { "a bad one, and more", "d2 84 43a10126 a2064131 0701 4178 4179",
          ERR_UNSUPPORTED },
        { "critical bytes", "d2 84 47a2012602814131 a0 4178 4179",
          ERR_BAD_DATA },
    };

    (void)state;
    check(rows, ARRAY_LEN(rows), read_sign1);
}

/* --- sealed --- */

static enum err read_encrypt0_with(struct bytes in, size_t key_len)
{
    static const uint8_t key[CRYPTO_KEY_SIZE] = { 1 };
    struct buf out;
    enum err err;

    buf_init(&out, MESSAGE_MAX);
    buf_put(&out, "kept", 4);
    err = cose_encrypt0_open(&out, (struct bytes){ key, key_len }, in, none);
    assert_int_equal(out.len, 4);
    buf_fini(&out);
    return err;
}

static enum err read_encrypt0(struct bytes in)
{
    return read_encrypt0_with(in, CRYPTO_KEY_SIZE);
}

#define SEALED_BY(alg) "d0 83 43a101" alg " a105" NONCE

static void an_encrypt0_of_another_shape_is_refused(void **state)
{
    static const struct row rows[] = {
        { "well made, another's", SEALED_BY("03") TAG, ERR_WRONG_KEY },
        { "shorter than a tag", SEALED_BY("03") "4f" TEN "0b0c0d0e0f",
          ERR_BAD_DATA },
        { "text", SEALED_BY("03") "6178", ERR_BAD_DATA },
        { "for a shorter key", SEALED_BY("01") TAG, ERR_WRONG_KEY },
        { "for a middling key", SEALED_BY("02") TAG, ERR_WRONG_KEY },
        { "another cipher", SEALED_BY("05") TAG, ERR_UNSUPPORTED },
        { "no cipher", "d0 83 40 a105" NONCE TAG, ERR_UNSUPPORTED },
        { "a short nonce", "d0 83 43a10103 a105 4a" TEN TAG, ERR_BAD_DATA },
        { "bad headers", "d0 83 4180 a105" NONCE TAG, ERR_BAD_DATA },
        { "four parts", "d0 84 43a10103 a105" NONCE TAG "00", ERR_BAD_DATA },
    };
    const struct hex shorter = hex_new(SEALED_BY("01") TAG);
    const struct hex middling = hex_new(SEALED_BY("02") TAG);

    (void)state;
    check(rows, ARRAY_LEN(rows), read_encrypt0);
    assert_err(read_encrypt0_with(hex_bytes(shorter), 16), ERR_WRONG_KEY);
    assert_err(read_encrypt0_with(hex_bytes(middling), 24), ERR_WRONG_KEY);
    free(shorter.data);
    free(middling.data);
}

static enum err read_encrypt(struct bytes in)
{
    const struct ec_key key = new_key(1);
    struct buf out;
    enum err err;

    buf_init(&out, MESSAGE_MAX);
    err = cose_encrypt_open(&out, &key, in, none);
    buf_fini(&out);
    return err;
}

#define ENCRYPT "d860 84 43a10103 a105" NONCE TAG
#define DIRECT  "83 44a1013818 a0 40 "
#define OTHERS  "83 44a101381c a0 40 "
#define WRAPPED "84 43a10103 a105" NONCE TAG

static void an_encrypt_of_another_shape_is_refused(void **state)
{
    static const struct row rows[] = {
        { "nobody", ENCRYPT "80", ERR_BAD_DATA },
        { "a number of recipients", ENCRYPT "01", ERR_BAD_DATA },
        { "no key of the sender", ENCRYPT "81" DIRECT, ERR_BAD_DATA },
        { "a number as recipient", ENCRYPT "8101", ERR_BAD_DATA },
        { "two parts", ENCRYPT "81 82 44a1013818 a0", ERR_BAD_DATA },
        { "a key where none is", ENCRYPT "81 83 44a1013818 a0 4100",
          ERR_BAD_DATA },
        { "a number there", ENCRYPT "81 83 44a1013818 a0 00", ERR_BAD_DATA },
        { "two direct ones", ENCRYPT "82" DIRECT DIRECT, ERR_BAD_DATA },
        { "somebody else's way", ENCRYPT "81" OTHERS, ERR_UNSUPPORTED },
        { "two agreements", ENCRYPT "81" WRAPPED "82" DIRECT DIRECT,
          ERR_BAD_DATA },
        { "no agreement", ENCRYPT "81" WRAPPED "01", ERR_BAD_DATA },
        { "a bad agreement", ENCRYPT "81" WRAPPED "8101", ERR_BAD_DATA },
        { "a wrap of later days",
          ENCRYPT "81 84 43a10103 a1064131" TAG "81" DIRECT, ERR_UNSUPPORTED },
        { "a wrap by another cipher",
          ENCRYPT "81 84 43a10105 a105" NONCE TAG "81" DIRECT,
          ERR_UNSUPPORTED },
        { "another cipher", "d860 84 43a10105 a105" NONCE TAG "81" DIRECT,
          ERR_UNSUPPORTED },
        { "bad headers", "d860 84 4180 a105" NONCE TAG "81" DIRECT,
          ERR_BAD_DATA },
        { "text", "d860 84 43a10103 a105" NONCE "6178 81" DIRECT,
          ERR_BAD_DATA },
        { "three parts", "d860 83 43a10103 a105" NONCE TAG, ERR_BAD_DATA },
    };
    struct buf many;
    const struct hex head = hex_new(ENCRYPT), one = hex_new(OTHERS);

    (void)state;
    check(rows, ARRAY_LEN(rows), read_encrypt);
    buf_init(&many, MESSAGE_MAX);
    for (size_t count = COSE_RECIPIENTS_MAX; count < 18; count++) {
        buf_reset(&many);
        buf_put(&many, head.data, head.len);
        cbor_put_array(&many, count);
        for (size_t i = 0; i < count; i++) {
            buf_put(&many, one.data, one.len);
        }
        /* Not alone, and so no way that one may agree by. */
        assert_err(read_encrypt(buf_bytes(&many)),
                   count > COSE_RECIPIENTS_MAX ? ERR_TOO_LONG : ERR_BAD_DATA);
    }
    free(head.data);
    free(one.data);
    buf_fini(&many);
}

/* The wrapped key is as long as the message's own cipher wants it. */
static void a_key_of_another_length_opens_nothing(void **state)
{
    const struct ec_key keys[] = { new_key(1), new_key(2) };
    const struct ec_public pubs[] = { keys[0].pub, keys[1].pub };
    const struct bytes text = { (const uint8_t *)"x", 1 };
    uint8_t next = 9;
    struct buf b, plain;

    (void)state;
    buf_init(&b, MESSAGE_MAX);
    buf_init(&plain, MESSAGE_MAX);
    assert_ok(cose_encrypt_put(
        &b, pubs, 2, (struct crypto_random){ count_up, &next }, text, none));
    assert_memory_equal(b.data, "\xd8\x60\x84\x43\xa1\x01\x03", 7);
    assert_ok(cose_encrypt_open(&plain, &keys[0], buf_bytes(&b), none));
    b.data[6] = COSE_A128GCM;
    buf_reset(&plain);
    assert_err(cose_encrypt_open(&plain, &keys[0], buf_bytes(&b), none),
               ERR_BAD_DATA);
    assert_int_equal(plain.len, 0);
    buf_fini(&b);
    buf_fini(&plain);
}

static enum err read_key(struct bytes in)
{
    struct ec_public pub;

    return cose_key_parse(in, &pub);
}

static void a_key_of_another_shape_is_refused(void **state)
{
    static const struct row rows[] = {
        { "no map", "80", ERR_BAD_DATA },
        { "no curve", "a10102", ERR_BAD_DATA },
        { "short x", "a3 0102 2001 214101", ERR_BAD_DATA },
        { "compressed", "a3 0102 2001 22f5", ERR_UNSUPPORTED },
        { "a name beside it", "a2 0102 6178 00", ERR_BAD_DATA },
        { "another label beside it", "a2 0102 0300", ERR_BAD_DATA },
        { "bytes as a label", "a2 0102 413100", ERR_BAD_DATA },
    };

    (void)state;
    check(rows, ARRAY_LEN(rows), read_key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sign_of_another_shape_is_refused),
        cmocka_unit_test(a_sign1_of_another_shape_is_refused),
        cmocka_unit_test(an_encrypt0_of_another_shape_is_refused),
        cmocka_unit_test(an_encrypt_of_another_shape_is_refused),
        cmocka_unit_test(a_key_of_another_length_opens_nothing),
        cmocka_unit_test(a_key_of_another_shape_is_refused),
    };

    return RUN_TESTS(tests);
}
