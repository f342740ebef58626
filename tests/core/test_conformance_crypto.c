/* Published vectors of NIST, RFC 4231 and Wycheproof. */
#include "core/crypto.h"

#include <string.h>

#include "tests/data.h"

#define LINE_MAX_BYTES 70000 /* the longest message as hex */

/* How many ran, and how many are about something that we don't have. */
struct tally {
    size_t ran;
    size_t other;
};

static void tell(const char *what, struct tally tally, const char *why)
{
    print_message("%s: %zu hold, %zu not ours%s%s\n", what, tally.ran,
                  tally.other, tally.other > 0 ? ": " : "",
                  tally.other > 0 ? why : "");
    assert_true(tally.ran > 0);
}

static FILE *open_text(const char *name)
{
    char path[DATA_PATH_MAX];

    data_path(name, path);
    return fopen(path, "rb");
}

/* The value in "NAME = VALUE", without what ends the line; else NULL. */
static char *value_of(char *line, const char *name)
{
    const size_t len = strlen(name);

    line[strcspn(line, "\r\n")] = '\0';
    if (strncmp(line, name, len) != 0 || strncmp(line + len, " = ", 3) != 0) {
        return NULL;
    }
    return line + len + 3;
}

/* Reads a file of Len, Key, Msg and MD; Len is in bits. */
static struct tally run_rsp(FILE *file, bool is_hmac)
{
    static char line[LINE_MAX_BYTES];
    struct hex msg = hex_new("");
    struct hex key = hex_new("");
    struct tally tally = { 0, 0 };
    size_t len = 0;

    while (fgets(line, sizeof(line), file) != NULL) {
        char *text;

        if ((text = value_of(line, "Len")) != NULL) {
            len = strtoul(text, NULL, 10) / 8;
        } else if ((text = value_of(line, "Key")) != NULL) {
            free(key.data);
            key = hex_new(text);
        } else if ((text = value_of(line, "Msg")) != NULL) {
            free(msg.data);
            msg = hex_new(text);
        } else if ((text = value_of(line, "MD")) != NULL) {
            struct hex want = hex_new(text);
            struct hash got;

            msg.len = is_hmac ? msg.len : len; /* "00" stands for nothing */
            if (is_hmac) {
                crypto_hmac_sha256(hex_bytes(key), hex_bytes(msg), &got);
            } else {
                crypto_sha256(hex_bytes(msg), &got);
            }
            assert_int_equal(want.len, sizeof(got.bytes));
            assert_memory_equal(got.bytes, want.data, want.len);
            free(want.data);
            tally.ran++;
        }
    }
    free(msg.data);
    free(key.data);
    fclose(file);
    return tally;
}

static void sha256_agrees_with_nist(void **state)
{
    FILE *file = open_text("conformance/crypto/SHA256ShortMsg.rsp");

    (void)state;
    if (file == NULL) {
        skip();
    }
    tell("SHA-256", run_rsp(file, false), "");
}

static void hmac_agrees_with_rfc_4231(void **state)
{
    FILE *file = open_text("conformance/crypto/rfc-4231-sha256.txt");

    (void)state;
    if (file == NULL) {
        skip();
    }
    tell("RFC 4231", run_rsp(file, true), "");
}

typedef bool (*case_fn)(json_t *group, json_t *test);

/* Each case of a Wycheproof file; `run` says false for one not ours. */
static void run_wycheproof(const char *name, case_fn run, const char *why)
{
    json_t *root = data_json(name);
    struct tally tally = { 0, 0 };
    json_t *group;
    json_t *test;
    size_t i;
    size_t j;

    if (root == NULL) {
        skip();
    }
    json_array_foreach(json_object_get(root, "testGroups"), i, group)
    {
        json_array_foreach(json_object_get(group, "tests"), j, test)
        {
            if (run(group, test)) {
                tally.ran++;
            } else {
                tally.other++;
            }
        }
    }
    assert_int_equal(tally.ran + tally.other,
                     (size_t)data_number(root, "numberOfTests"));
    tell(strrchr(name, '/') + 1, tally, why);
    json_decref(root);
}

static bool is_valid(json_t *test)
{
    return strcmp(data_text(test, "result"), "valid") == 0;
}

static void assert_verdict(json_t *test, bool accepted)
{
    if (strcmp(data_text(test, "result"), "acceptable") != 0 &&
        accepted != is_valid(test)) {
        fail_msg("case %g (%s) should be %s", data_number(test, "tcId"),
                 data_text(test, "comment"), data_text(test, "result"));
    }
}

static bool run_hmac(json_t *group, json_t *test)
{
    struct hex key = data_hex(test, "key");
    struct hex msg = data_hex(test, "msg");
    struct hex tag = data_hex(test, "tag");
    struct hash got;

    (void)group;
    crypto_hmac_sha256(hex_bytes(key), hex_bytes(msg), &got);
    /* Half of them use the first 128 bits only. */
    assert_true(tag.len == 16 || tag.len == 32);
    assert_verdict(test, memcmp(got.bytes, tag.data, tag.len) == 0);
    free(key.data);
    free(msg.data);
    free(tag.data);
    return true;
}

static bool run_hkdf(json_t *group, json_t *test)
{
    struct hex ikm = data_hex(test, "ikm");
    struct hex salt = data_hex(test, "salt");
    struct hex info = data_hex(test, "info");
    struct hex okm = data_hex(test, "okm");
    const size_t size = (size_t)data_number(test, "size");
    uint8_t *got = malloc(size + 1);
    enum err err;

    (void)group;
    ASSERT(got != NULL);
    err = crypto_hkdf_sha256(hex_bytes(salt), hex_bytes(ikm), hex_bytes(info),
                             got, size);
    assert_verdict(test,
                   !err && okm.len == size && memcmp(got, okm.data, size) == 0);
    free(got);
    free(ikm.data);
    free(salt.data);
    free(info.data);
    free(okm.data);
    return true;
}

static bool run_gcm(json_t *group, json_t *test)
{
    struct hex key = data_hex(test, "key");
    struct hex iv = data_hex(test, "iv");
    struct hex aad = data_hex(test, "aad");
    struct hex msg = data_hex(test, "msg");
    struct hex ct = data_hex(test, "ct");
    struct hex tag = data_hex(test, "tag");
    const bool ours = data_number(group, "ivSize") == 96 &&
                      data_number(group, "tagSize") == 128;
    const size_t len = ct.len + tag.len;
    uint8_t *sealed = malloc(len + CRYPTO_TAG_SIZE);
    uint8_t *out = malloc(len + CRYPTO_TAG_SIZE);
    enum err err;

    ASSERT(sealed != NULL);
    ASSERT(out != NULL);
    memcpy(sealed, ct.data, ct.len);
    memcpy(sealed + ct.len, tag.data, tag.len);
    if (ours) {
        err = crypto_gcm_open(hex_bytes(key), hex_bytes(iv), hex_bytes(aad),
                              (struct bytes){ sealed, len }, out);
        assert_verdict(test, !err && memcmp(out, msg.data, msg.len) == 0);
        assert_ok(crypto_gcm_seal(hex_bytes(key), hex_bytes(iv), hex_bytes(aad),
                                  hex_bytes(msg), out));
        assert_verdict(test, memcmp(out, sealed, len) == 0);
    } else {
        assert_true(data_number(group, "ivSize") != 96);
        assert_err(crypto_gcm_open(hex_bytes(key), hex_bytes(iv),
                                   hex_bytes(aad),
                                   (struct bytes){ sealed, len }, out),
                   ERR_BAD_DATA);
    }
    free(sealed);
    free(out);
    free(key.data);
    free(iv.data);
    free(aad.data);
    free(msg.data);
    free(ct.data);
    free(tag.data);
    return ours;
}

/* One DER INTEGER of at most 32 bytes, without any slack in its form. */
static bool get_integer(struct bytes *in, uint8_t out[32])
{
    size_t len;
    const uint8_t *at = in->data + 2;

    if (in->len < 3 || in->data[0] != 2 || in->data[1] > 33 ||
        in->data[1] == 0 || in->len < (size_t)2 + in->data[1]) {
        return false;
    }
    len = in->data[1];
    in->data += 2 + len;
    in->len -= 2 + len;
    if (at[0] >= 0x80 || (at[0] == 0 && len > 1 && at[1] < 0x80)) {
        return false; /* negative, or padded */
    }
    if (at[0] == 0 && len > 1) {
        at++;
        len--;
    }
    if (len > 32) {
        return false;
    }
    memset(out, 0, 32);
    memcpy(out + 32 - len, at, len);
    return true;
}

static bool raw_signature(struct bytes der, uint8_t out[CRYPTO_SIG_SIZE])
{
    if (der.len < 2 || der.data[0] != 0x30 || der.data[1] >= 0x80 ||
        der.data[1] != der.len - 2) {
        return false;
    }
    der.data += 2;
    der.len -= 2;
    return get_integer(&der, out) && get_integer(&der, out + 32) &&
           der.len == 0;
}

/* Coordinates come with a zero in front when their top bit is set. */
static void get_coordinate(json_t *key, const char *name, uint8_t out[32])
{
    struct hex h = data_hex(key, name);
    const size_t skip_len = h.len > 32 ? h.len - 32 : 0;

    memset(out, 0, 32);
    memcpy(out + 32 - (h.len - skip_len), h.data + skip_len, h.len - skip_len);
    free(h.data);
}

static bool run_ecdsa(json_t *group, json_t *test)
{
    json_t *key = json_object_get(group, "publicKey");
    struct hex msg = data_hex(test, "msg");
    struct hex der = data_hex(test, "sig");
    uint8_t sig[CRYPTO_SIG_SIZE];
    struct ec_public pub;
    const bool is_raw = raw_signature(hex_bytes(der), sig);

    get_coordinate(key, "wx", pub.x);
    get_coordinate(key, "wy", pub.y);
    if (is_raw) {
        assert_verdict(
            test, crypto_verify(&pub, hex_bytes(msg),
                                (struct bytes){ sig, sizeof(sig) }) == ERR_OK);
    } else {
        assert_false(is_valid(test)); /* nothing good is passed over */
    }
    free(msg.data);
    free(der.data);
    return is_raw;
}

static void hmac_agrees_with_wycheproof(void **state)
{
    (void)state;
    run_wycheproof("conformance/crypto/wycheproof-hmac_sha256_test.json",
                   run_hmac, "");
}

static void hkdf_agrees_with_wycheproof(void **state)
{
    (void)state;
    run_wycheproof("conformance/crypto/wycheproof-hkdf_sha256_test.json",
                   run_hkdf, "");
}

static void gcm_agrees_with_wycheproof(void **state)
{
    (void)state;
    run_wycheproof("conformance/crypto/wycheproof-aes_gcm_test.json", run_gcm,
                   "nonces of other sizes (refused)");
}

static void ecdsa_agrees_with_wycheproof(void **state)
{
    (void)state;
    run_wycheproof(
        "conformance/crypto/wycheproof-ecdsa_secp256r1_sha256_test.json",
        run_ecdsa, "about DER, which COSE doesn't use (none is valid)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_agrees_with_nist),
        cmocka_unit_test(hmac_agrees_with_rfc_4231),
        cmocka_unit_test(hmac_agrees_with_wycheproof),
        cmocka_unit_test(hkdf_agrees_with_wycheproof),
        cmocka_unit_test(gcm_agrees_with_wycheproof),
        cmocka_unit_test(ecdsa_agrees_with_wycheproof),
    };

    return RUN_TESTS(tests);
}
