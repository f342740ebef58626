#include "core/crypto.h"

#include <string.h>

#include "tests/hex.h"
#include "tests/test.h"

#define TEXT(s) ((struct bytes){ (const uint8_t *)(s), strlen(s) })
#define NONE    ((struct bytes){ NULL, 0 })

static void check_hex(const uint8_t *data, size_t len, const char *want)
{
    char text[257];

    ASSERT(2 * len < sizeof(text));
    hex_format(data, len, text);
    assert_string_equal(text, want);
}

/* Random enough for a test, and the same in every run. */
static enum err count_up(void *ctx, uint8_t *out, size_t len)
{
    uint8_t *next = ctx;

    for (size_t i = 0; i < len; i++) {
        out[i] = (*next)++;
    }
    return ERR_OK;
}

static enum err always_zero(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    memset(out, 0, len);
    return ERR_OK;
}

static enum err no_random(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    (void)out;
    (void)len;
    return ERR_IO;
}

static struct ec_key new_key(uint8_t seed)
{
    struct ec_key key;

    assert_ok(crypto_ec_new((struct crypto_random){ count_up, &seed }, &key));
    return key;
}

/* RFC 6979, appendix A.2.5: the P-256 key and its signatures. */
static struct ec_key rfc6979_key(void)
{
    struct ec_key key;

    assert_ok(hex_parse("C9AFA9D845BA75166B5C215767B1D693"
                        "4E50C3DB36E89B127B8A622B120F6721",
                        32, key.d));
    assert_ok(crypto_ec_derive(&key));
    return key;
}

/* FIPS 180-2, appendix B. */
static void sha256_gives_the_published_values(void **state)
{
    struct hash h;

    (void)state;
    crypto_sha256(TEXT("abc"), &h);
    check_hex(h.bytes, 32,
              "ba7816bf8f01cfea414140de5dae2223"
              "b00361a396177a9cb410ff61f20015ad");
    crypto_sha256(NONE, &h);
    check_hex(h.bytes, 32,
              "e3b0c44298fc1c149afbf4c8996fb924"
              "27ae41e4649b934ca495991b7852b855");
}

static void a_hash_in_pieces_equals_the_hash_of_the_whole(void **state)
{
    struct sha256 *pieces = NULL;
    struct hash whole;
    struct hash h;
    const char *text = "the quick brown fox jumps over the lazy dog, twice, "
                       "so that it is longer than one block of SHA-256";

    (void)state;
    crypto_sha256(TEXT(text), &whole);
    assert_ok(sha256_new(&pieces));
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < strlen(text); i++) {
            sha256_add(pieces, (struct bytes){ (const uint8_t *)text + i, 1 });
        }
        sha256_end(pieces, &h);
        assert_true(hash_eq(&h, &whole));
    }
    sha256_free(pieces);
    sha256_free(NULL);
    crypto_sha256_2((struct bytes){ (const uint8_t *)text, 7 }, TEXT(text + 7),
                    &h);
    assert_true(hash_eq(&h, &whole));
}

/* RFC 4231, test cases 2 and 6. */
static void hmac_gives_the_published_values(void **state)
{
    uint8_t long_key[131];
    struct hash h;

    (void)state;
    crypto_hmac_sha256(TEXT("Jefe"), TEXT("what do ya want for nothing?"), &h);
    check_hex(h.bytes, 32,
              "5bdcc146bf60754e6a042426089575c7"
              "5a003f089d2739839dec58b964ec3843");
    memset(long_key, 0xaa, sizeof(long_key));
    crypto_hmac_sha256(
        (struct bytes){ long_key, sizeof(long_key) },
        TEXT("Test Using Larger Than Block-Size Key - Hash Key First"), &h);
    check_hex(h.bytes, 32,
              "60e431591ee0b67f0d8a26aacbf5b77f"
              "8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 5869, test case 1. */
static void hkdf_gives_the_published_value(void **state)
{
    uint8_t secret[22];
    uint8_t out[42];
    struct hex salt = hex_new("000102030405060708090a0b0c");
    struct hex info = hex_new("f0f1f2f3f4f5f6f7f8f9");

    (void)state;
    memset(secret, 0x0b, sizeof(secret));
    assert_ok(crypto_hkdf_sha256(hex_bytes(salt),
                                 (struct bytes){ secret, sizeof(secret) },
                                 hex_bytes(info), out, sizeof(out)));
    check_hex(out, sizeof(out),
              "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56"
              "ecc4c5bf34007208d5b887185865");
    assert_err(crypto_hkdf_sha256(NONE, NONE, NONE, out, 255 * 32 + 1),
               ERR_TOO_LONG);
    free(salt.data);
    free(info.data);
}

static void signatures_are_the_deterministic_ones_of_rfc_6979(void **state)
{
    const struct ec_key key = rfc6979_key();
    uint8_t sig[CRYPTO_SIG_SIZE];

    (void)state;
    check_hex(key.pub.x, 32,
              "60fed4ba255a9d31c961eb74c6356d68"
              "c049b8923b61fa6ce669622e60f29fb6");
    check_hex(key.pub.y, 32,
              "7903fe1008b8bc99a41ae9e95628bc64"
              "f2f1b20c2d7e9f5177a3c294d4462299");
    assert_ok(crypto_sign(&key, TEXT("sample"), sig));
    check_hex(sig, sizeof(sig),
              "efd48b2aacb6a8fd1140dd9cd45e81d6"
              "9d2c877b56aaf991c34d0ea84eaf3716"
              "f7cb1c942d657c41d436c7a1b6e29f65"
              "f3e900dbb9aff4064dc4ab2f843acda8");
    assert_ok(crypto_sign(&key, TEXT("test"), sig));
    check_hex(sig, sizeof(sig),
              "f1abb023518351cd71d881567b1ea663"
              "ed3efcf6c5132b354f28d3b0b7d38367"
              "019f4113742a2b14bd25926b49c64915"
              "5f267e60d3814b4c0cc84250e46f0083");
}

static void a_signature_holds_for_its_key_and_data_only(void **state)
{
    const struct ec_key key = new_key(1);
    const struct ec_key other = new_key(100);
    struct ec_public off_curve = key.pub;
    uint8_t sig[CRYPTO_SIG_SIZE];
    const struct bytes view = { sig, sizeof(sig) };

    (void)state;
    assert_ok(crypto_sign(&key, TEXT("42 made"), sig));
    assert_ok(crypto_verify(&key.pub, TEXT("42 made"), view));
    assert_err(crypto_verify(&key.pub, TEXT("43 made"), view), ERR_BAD_SEAL);
    assert_err(crypto_verify(&other.pub, TEXT("42 made"), view), ERR_BAD_SEAL);
    off_curve.y[31] ^= 1;
    assert_err(crypto_verify(&off_curve, TEXT("42 made"), view), ERR_BAD_SEAL);
    assert_err(
        crypto_verify(&key.pub, TEXT("42 made"), (struct bytes){ sig, 63 }),
        ERR_BAD_SEAL);
    for (size_t i = 0; i < sizeof(sig); i += 7) {
        sig[i] ^= 0x10;
        assert_err(crypto_verify(&key.pub, TEXT("42 made"), view),
                   ERR_BAD_SEAL);
        sig[i] ^= 0x10;
    }
    memset(sig, 0, sizeof(sig));
    assert_err(crypto_verify(&key.pub, TEXT("42 made"), view), ERR_BAD_SEAL);
}

static void scalars_and_points_out_of_range_are_refused(void **state)
{
    struct ec_key key = { { 0 }, { { 0 }, { 0 } } };
    struct ec_public pub = new_key(3).pub;

    (void)state;
    assert_err(crypto_ec_derive(&key), ERR_BAD_DATA);
    memset(key.d, 0xff, sizeof(key.d));
    assert_err(crypto_ec_derive(&key), ERR_BAD_DATA);
    assert_ok(crypto_ec_check(&pub));
    pub.x[0] ^= 1;
    assert_err(crypto_ec_check(&pub), ERR_BAD_DATA);
    memset(&pub, 0, sizeof(pub));
    assert_err(crypto_ec_check(&pub), ERR_BAD_DATA);
    memset(&pub, 0xff, sizeof(pub)); /* coordinates above the field */
    assert_err(crypto_ec_check(&pub), ERR_BAD_DATA);
}

static void a_bad_random_source_makes_no_key(void **state)
{
    struct ec_key key;

    (void)state;
    assert_err(crypto_ec_new((struct crypto_random){ no_random, NULL }, &key),
               ERR_IO);
    assert_err(crypto_ec_new((struct crypto_random){ always_zero, NULL }, &key),
               ERR_IO);
}

static void both_ends_agree_on_a_secret(void **state)
{
    const struct ec_key a = new_key(5);
    const struct ec_key b = new_key(77);
    struct ec_public off_curve = b.pub;
    uint8_t ab[32];
    uint8_t ba[32];

    (void)state;
    assert_ok(crypto_ecdh(&a, &b.pub, ab));
    assert_ok(crypto_ecdh(&b, &a.pub, ba));
    assert_memory_equal(ab, ba, 32);
    off_curve.x[31] ^= 1;
    assert_err(crypto_ecdh(&a, &off_curve, ab), ERR_BAD_DATA);
}

/* McGrew and Viega, "The Galois/Counter Mode of Operation", case 16. */
static void gcm_gives_the_published_value(void **state)
{
    struct hex key = hex_new("feffe9928665731c6d6a8f9467308308"
                             "feffe9928665731c6d6a8f9467308308");
    struct hex nonce = hex_new("cafebabefacedbaddecaf888");
    struct hex aad = hex_new("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    struct hex plain = hex_new("d9313225f88406e5a55909c5aff5269a"
                               "86a7a9531534f7da2e4c303d8a318a72"
                               "1c3c0c95956809532fcf0e2449a6b525"
                               "b16aedf5aa0de657ba637b39");
    uint8_t out[60 + 16];

    (void)state;
    assert_int_equal(plain.len, 60);
    assert_ok(crypto_gcm_seal(hex_bytes(key), hex_bytes(nonce), hex_bytes(aad),
                              hex_bytes(plain), out));
    check_hex(out, sizeof(out),
              "522dc1f099567d07f47f37a32a84427d"
              "643a8cdcbfe5c0c97598a2bd2555d1aa"
              "8cb08e48590dbb3da7b08b1056828838"
              "c5f61e6393ba7a0abcc9f662"
              "76fc6ece0f4e1768cddf8853bb2d551b");
    free(key.data);
    free(nonce.data);
    free(aad.data);
    free(plain.data);
}

static void what_was_changed_does_not_open(void **state)
{
    uint8_t key[CRYPTO_KEY_SIZE] = { 1 };
    uint8_t nonce[CRYPTO_NONCE_SIZE] = { 2 };
    uint8_t sealed[5 + CRYPTO_TAG_SIZE];
    uint8_t plain[5];
    const struct bytes k = { key, sizeof(key) };
    const struct bytes n = { nonce, sizeof(nonce) };
    const struct bytes in = { sealed, sizeof(sealed) };

    (void)state;
    assert_ok(crypto_gcm_seal(k, n, TEXT("a"), TEXT("plain"), sealed));
    assert_ok(crypto_gcm_open(k, n, TEXT("a"), in, plain));
    assert_memory_equal(plain, "plain", 5);
    for (size_t i = 0; i < sizeof(sealed); i++) {
        sealed[i] ^= 1;
        assert_err(crypto_gcm_open(k, n, TEXT("a"), in, plain), ERR_WRONG_KEY);
        assert_memory_equal(plain, "\0\0\0\0\0", 5);
        sealed[i] ^= 1;
    }
    assert_err(crypto_gcm_open(k, n, TEXT("b"), in, plain), ERR_WRONG_KEY);
    key[31] ^= 1;
    assert_err(crypto_gcm_open(k, n, TEXT("a"), in, plain), ERR_WRONG_KEY);
    assert_err(crypto_gcm_open(k, n, NONE, (struct bytes){ sealed, 15 }, plain),
               ERR_BAD_DATA);
    assert_err(crypto_gcm_open(k, (struct bytes){ nonce, 11 }, NONE, in, plain),
               ERR_BAD_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_published_values),
        cmocka_unit_test(a_hash_in_pieces_equals_the_hash_of_the_whole),
        cmocka_unit_test(hmac_gives_the_published_values),
        cmocka_unit_test(hkdf_gives_the_published_value),
        cmocka_unit_test(signatures_are_the_deterministic_ones_of_rfc_6979),
        cmocka_unit_test(a_signature_holds_for_its_key_and_data_only),
        cmocka_unit_test(scalars_and_points_out_of_range_are_refused),
        cmocka_unit_test(a_bad_random_source_makes_no_key),
        cmocka_unit_test(both_ends_agree_on_a_secret),
        cmocka_unit_test(gcm_gives_the_published_value),
        cmocka_unit_test(what_was_changed_does_not_open),
    };

    return RUN_TESTS(tests);
}
