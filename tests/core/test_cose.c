#include "core/cose.h"

#include <string.h>

#include "core/cbor.h"
#include "tests/hex.h"
#include "tests/test.h"

#define TEXT(s) ((struct bytes){ (const uint8_t *)(s), strlen(s) })
#define NONE    ((struct bytes){ NULL, 0 })

#define MESSAGE_MAX 65536

static enum err count_up(void *ctx, uint8_t *out, size_t len)
{
    uint8_t *next = ctx;

    for (size_t i = 0; i < len; i++) {
        out[i] = (*next)++;
    }
    return ERR_OK;
}

static enum err no_random(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    (void)out;
    (void)len;
    return ERR_IO;
}

static uint8_t counter;
static const struct crypto_random counting = { count_up, &counter };

static struct ec_key new_key(uint8_t seed)
{
    struct ec_key key;

    assert_ok(crypto_ec_new((struct crypto_random){ count_up, &seed }, &key));
    return key;
}

static void assert_plain(const struct buf *b, const char *want)
{
    assert_int_equal(b->len, strlen(want));
    assert_memory_equal(b->data, want, b->len);
}

static enum err verify1(struct bytes in, const struct ec_public *pub,
                        struct bytes aad)
{
    struct cose_sign1 msg;
    enum err err = cose_sign1_parse(in, &msg);

    return err ? err : cose_sign1_verify(&msg, pub, NONE, aad);
}

static void a_sign1_holds_for_its_key_payload_and_aad(void **state)
{
    const struct ec_key key = new_key(1);
    const struct ec_key other = new_key(2);
    uint8_t kid[COSE_KID_SIZE];
    struct cose_sign1 msg;
    struct buf b;

    (void)state;
    buf_init(&b, MESSAGE_MAX);
    assert_ok(cose_sign1_put(&b, &key, TEXT("line 7"), TEXT("book")));
    assert_ok(cbor_gate(buf_bytes(&b), NULL));
    assert_ok(cose_sign1_parse(buf_bytes(&b), &msg));
    cose_kid(&key.pub, kid);
    assert_int_equal(msg.kid.len, COSE_KID_SIZE);
    assert_memory_equal(msg.kid.data, kid, COSE_KID_SIZE);
    assert_true(bytes_eq(msg.payload, TEXT("line 7")));
    assert_ok(verify1(buf_bytes(&b), &key.pub, TEXT("book")));
    assert_err(verify1(buf_bytes(&b), &key.pub, TEXT("boot")), ERR_BAD_SEAL);
    assert_err(verify1(buf_bytes(&b), &other.pub, TEXT("book")), ERR_BAD_SEAL);
    buf_fini(&b);
}

static void no_byte_of_a_sign1_can_change(void **state)
{
    const struct ec_key key = new_key(1);
    struct buf b;

    (void)state;
    buf_init(&b, MESSAGE_MAX);
    assert_ok(cose_sign1_put(&b, &key, TEXT("line 7"), NONE));
    for (size_t i = 0; i < b.len; i++) {
        struct cose_sign1 msg;

        b.data[i] ^= 0x04;
        if (cose_sign1_parse(buf_bytes(&b), &msg) == ERR_OK &&
            msg.kid.data != NULL &&
            (b.data + i < msg.kid.data ||
             b.data + i >= msg.kid.data + msg.kid.len)) {
            assert_err(cose_sign1_verify(&msg, &key.pub, NONE, NONE),
                       ERR_BAD_SEAL); /* the hint alone isn't signed */
        }
        b.data[i] ^= 0x04;
    }
    assert_ok(verify1(buf_bytes(&b), &key.pub, NONE));
    buf_fini(&b);
}

/* Rewrite a Sign1 of ours with nil for its payload. */
static void detach(struct buf *out, struct bytes in)
{
    struct cbor_reader r;

    cbor_open(&r, in);
    cbor_put_tag(out, cbor_get_tag(&r));
    cbor_put_array(out, cbor_get_array(&r));
    cbor_put_raw(out, cbor_get_item(&r));
    cbor_put_raw(out, cbor_get_item(&r));
    cbor_skip(&r);
    cbor_put_null(out);
    cbor_put_raw(out, cbor_get_item(&r));
    assert_ok(cbor_close(&r));
    assert_ok(out->err);
}

static void a_detached_payload_comes_from_the_caller(void **state)
{
    const struct ec_key key = new_key(1);
    struct cose_sign1 msg;
    struct buf whole;
    struct buf b;

    (void)state;
    buf_init(&whole, MESSAGE_MAX);
    buf_init(&b, MESSAGE_MAX);
    assert_ok(cose_sign1_put(&whole, &key, TEXT("line 7"), NONE));
    detach(&b, buf_bytes(&whole));
    assert_ok(cose_sign1_parse(buf_bytes(&b), &msg));
    assert_true(msg.detached);
    assert_ok(cose_sign1_verify(&msg, &key.pub, TEXT("line 7"), NONE));
    assert_err(cose_sign1_verify(&msg, &key.pub, TEXT("line 8"), NONE),
               ERR_BAD_SEAL);
    assert_err(cose_sign1_verify(&msg, &key.pub, NONE, NONE), ERR_BAD_SEAL);
    buf_fini(&whole);
    buf_fini(&b);
}

struct header_row {
    const char *why;
    const char *is_protected; /* hex, content of the byte string */
    const char *open;         /* hex, the unprotected map */
    enum err want;
};

static void put_hex(struct buf *b, const char *hex, bool wrap)
{
    struct hex h = hex_new(hex);

    if (wrap) {
        cbor_put_bytes(b, h.data, h.len);
    } else {
        buf_put(b, h.data, h.len);
    }
    free(h.data);
}

static void headers_are_read_strictly(void **state)
{
    static const struct header_row rows[] = {
        { "as we write it", "a10126", "a0", ERR_OK },
        { "unknown labels", "a2012618636178", "a1633a3a3a01", ERR_OK },
        { "algorithm in the open", "a0", "a10126", ERR_OK },
        { "the same, shorter", "", "a10126", ERR_OK },
        { "critical and known", "a30126028104044131", "a0", ERR_OK },
        { "no algorithm", "", "a0", ERR_UNSUPPORTED },
        { "ES384", "a1013822", "a0", ERR_UNSUPPORTED },
        { "a name for algorithm", "a10163457332", "a0", ERR_UNSUPPORTED },
        { "algorithm twice", "a10126", "a10126", ERR_BAD_DATA },
        { "critical text label", "a2012602816178", "a0", ERR_UNSUPPORTED },
        { "critical unknown label", "a20126028118 63", "a0", ERR_UNSUPPORTED },
        { "critical, but absent", "a20126028104", "a0", ERR_BAD_DATA },
        { "critical names nothing", "a201260280", "a0", ERR_BAD_DATA },
        { "critical in the open", "a10126", "a1028101", ERR_BAD_DATA },
        { "protected isn't a map", "80", "a10126", ERR_BAD_DATA },
        { "protected has a tail", "a1012600", "a0", ERR_BAD_DATA },
        { "protected is cut", "a101", "a0", ERR_BAD_DATA },
        { "protected not canonical", "a1180126", "a0", ERR_BAD_DATA },
        { "key id isn't bytes", "a10126", "a10401", ERR_BAD_DATA },
        { "bytes as a label", "a10126", "a1413101", ERR_BAD_DATA },
        { "partial IV", "a10126", "a1064131", ERR_UNSUPPORTED },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct cose_sign1 msg;
        struct buf b;
        enum err err;

        buf_init(&b, 1024);
        cbor_put_tag(&b, 18);
        cbor_put_array(&b, 4);
        put_hex(&b, rows[i].is_protected, true);
        put_hex(&b, rows[i].open, false);
        cbor_put_bytes(&b, "x", 1);
        cbor_put_bytes(&b, "y", 1);
        err = cose_sign1_parse(buf_bytes(&b), &msg);
        if (err != rows[i].want) {
            fail_msg("%s: %s", rows[i].why, err_text(err));
        }
        buf_fini(&b);
    }
}

/* RFC 9052 section 3: h'a0' and h'' both stand for no protected header. */
static void an_empty_protected_map_is_signed_as_nothing(void **state)
{
    const struct ec_key key = new_key(1);
    uint8_t sig[CRYPTO_SIG_SIZE];
    struct buf b;

    (void)state;
    buf_init(&b, MESSAGE_MAX);
    cbor_put_array(&b, 4);
    cbor_put_str(&b, "Signature1");
    cbor_put_bytes(&b, NULL, 0);
    cbor_put_bytes(&b, NULL, 0);
    cbor_put_bytes(&b, "x", 1);
    assert_ok(crypto_sign(&key, buf_bytes(&b), sig));
    for (int is_map = 0; is_map < 2; is_map++) {
        buf_reset(&b);
        cbor_put_tag(&b, 18);
        cbor_put_array(&b, 4);
        put_hex(&b, is_map == 1 ? "a0" : "", true);
        put_hex(&b, "a10126", false);
        cbor_put_bytes(&b, "x", 1);
        cbor_put_bytes(&b, sig, sizeof(sig));
        assert_ok(verify1(buf_bytes(&b), &key.pub, NONE));
    }
    buf_fini(&b);
}

static void every_signer_of_a_sign_is_found(void **state)
{
    const struct ec_key keys[] = { new_key(1), new_key(2), new_key(3) };
    const struct ec_key other = new_key(4);
    struct bytes payload = NONE;
    struct buf b;

    (void)state;
    buf_init(&b, MESSAGE_MAX);
    assert_ok(
        cose_sign_put(&b, keys, ARRAY_LEN(keys), TEXT("closed"), TEXT("book")));
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        payload = NONE;
        assert_ok(cose_sign_verify(buf_bytes(&b), &keys[i].pub, TEXT("book"),
                                   &payload));
        assert_true(bytes_eq(payload, TEXT("closed")));
    }
    assert_err(
        cose_sign_verify(buf_bytes(&b), &other.pub, TEXT("book"), &payload),
        ERR_BAD_SEAL);
    assert_err(cose_sign_verify(buf_bytes(&b), &keys[0].pub, NONE, &payload),
               ERR_BAD_SEAL);
    b.data[b.len - 1] ^= 1; /* the last one's signature */
    assert_err(
        cose_sign_verify(buf_bytes(&b), &keys[2].pub, TEXT("book"), &payload),
        ERR_BAD_SEAL);
    assert_ok(
        cose_sign_verify(buf_bytes(&b), &keys[1].pub, TEXT("book"), &payload));
    buf_fini(&b);
}

static void encrypt0_opens_with_its_key_and_aad_only(void **state)
{
    uint8_t key[CRYPTO_KEY_SIZE] = { 9 };
    const struct bytes k = { key, sizeof(key) };
    struct buf b;
    struct buf plain;

    (void)state;
    buf_init(&b, MESSAGE_MAX);
    buf_init(&plain, MESSAGE_MAX);
    assert_ok(cose_encrypt0_put(&b, k, counting, TEXT("pin"), TEXT("slot")));
    assert_ok(cbor_gate(buf_bytes(&b), NULL));
    assert_ok(cose_encrypt0_open(&plain, k, buf_bytes(&b), TEXT("slot")));
    assert_plain(&plain, "pin");
    assert_err(cose_encrypt0_open(&plain, k, buf_bytes(&b), TEXT("slut")),
               ERR_WRONG_KEY);
    assert_err(cose_encrypt0_open(&plain, (struct bytes){ key, 16 },
                                  buf_bytes(&b), TEXT("slot")),
               ERR_WRONG_KEY);
    key[0]++;
    assert_err(cose_encrypt0_open(&plain, k, buf_bytes(&b), TEXT("slot")),
               ERR_WRONG_KEY);
    assert_plain(&plain, "pin"); /* unchanged by what failed */
    buf_fini(&b);
    buf_fini(&plain);
}

static void the_same_plain_text_never_looks_the_same(void **state)
{
    uint8_t key[CRYPTO_KEY_SIZE] = { 9 };
    const struct bytes k = { key, sizeof(key) };
    struct buf a;
    struct buf b;

    (void)state;
    buf_init(&a, MESSAGE_MAX);
    buf_init(&b, MESSAGE_MAX);
    assert_ok(cose_encrypt0_put(&a, k, counting, TEXT("pin"), NONE));
    assert_ok(cose_encrypt0_put(&b, k, counting, TEXT("pin"), NONE));
    assert_false(bytes_eq(buf_bytes(&a), buf_bytes(&b)));
    buf_fini(&a);
    buf_fini(&b);
}

/* Seal to the first `count` keys; each must open it, `other` must not. */
static void check_recipients(size_t count)
{
    struct ec_key keys[COSE_RECIPIENTS_MAX];
    struct ec_public pubs[COSE_RECIPIENTS_MAX];
    const struct ec_key other = new_key(200);
    struct buf b;
    struct buf plain;

    for (size_t i = 0; i < count; i++) {
        keys[i] = new_key((uint8_t)(i + 1));
        pubs[i] = keys[i].pub;
    }
    buf_init(&b, MESSAGE_MAX);
    buf_init(&plain, MESSAGE_MAX);
    assert_ok(cose_encrypt_put(&b, pubs, count, counting, TEXT("who saw it"),
                               TEXT("record")));
    assert_ok(cbor_gate(buf_bytes(&b), NULL));
    for (size_t i = 0; i < count; i++) {
        buf_reset(&plain);
        assert_ok(
            cose_encrypt_open(&plain, &keys[i], buf_bytes(&b), TEXT("record")));
        assert_plain(&plain, "who saw it");
    }
    assert_err(cose_encrypt_open(&plain, &other, buf_bytes(&b), TEXT("record")),
               ERR_WRONG_KEY);
    assert_err(cose_encrypt_open(&plain, &keys[0], buf_bytes(&b), NONE),
               ERR_WRONG_KEY);
    assert_plain(&plain, "who saw it");
    buf_fini(&b);
    buf_fini(&plain);
}

static void every_recipient_opens_and_nobody_else(void **state)
{
    (void)state;
    check_recipients(1);
    check_recipients(2);
    check_recipients(COSE_RECIPIENTS_MAX);
}

static void without_random_bytes_nothing_is_sealed(void **state)
{
    const struct crypto_random none = { no_random, NULL };
    const struct ec_public pubs[] = { new_key(1).pub, new_key(2).pub };
    uint8_t key[CRYPTO_KEY_SIZE] = { 9 };
    struct buf b;

    (void)state;
    buf_init(&b, MESSAGE_MAX);
    assert_err(cose_encrypt0_put(&b, (struct bytes){ key, sizeof(key) }, none,
                                 TEXT("x"), NONE),
               ERR_IO);
    assert_err(cose_encrypt_put(&b, pubs, 1, none, TEXT("x"), NONE), ERR_IO);
    assert_err(cose_encrypt_put(&b, pubs, 2, none, TEXT("x"), NONE), ERR_IO);
    buf_fini(&b);
}

/* Every reader sees every prefix and a changed byte at every place. */
static void broken_messages_are_refused_by_every_reader(void **state)
{
    const struct ec_key key = new_key(1);
    const struct ec_public pubs[] = { key.pub, new_key(2).pub };
    struct bytes payload;
    struct buf b;
    struct buf plain;

    (void)state;
    buf_init(&b, MESSAGE_MAX);
    buf_init(&plain, MESSAGE_MAX);
    assert_ok(cose_encrypt_put(&b, pubs, 2, counting, TEXT("x"), NONE));
    for (size_t len = 0; len < b.len; len++) {
        assert_err(cose_encrypt_open(&plain, &key,
                                     (struct bytes){ b.data, len }, NONE),
                   ERR_BAD_DATA);
    }
    for (size_t i = 0; i < b.len; i += 3 * test_step(7)) {
        b.data[i] ^= 0x20;
        buf_reset(&plain);
        if (cose_encrypt_open(&plain, &key, buf_bytes(&b), NONE) == ERR_OK) {
            assert_plain(&plain, "x"); /* a hint, or the other's part */
        }
        b.data[i] ^= 0x20;
    }
    buf_reset(&b);
    assert_ok(cose_sign_put(&b, &key, 1, TEXT("x"), NONE));
    for (size_t len = 0; len < b.len; len++) {
        assert_err(cose_sign_verify((struct bytes){ b.data, len }, &key.pub,
                                    NONE, &payload),
                   ERR_BAD_DATA);
    }
    assert_err(verify1(buf_bytes(&b), &key.pub, NONE), ERR_BAD_DATA);
    buf_fini(&b);
    buf_fini(&plain);
}

static void a_public_key_reads_back_as_written(void **state)
{
    const struct ec_public pub = new_key(1).pub;
    struct ec_public back;
    struct buf b;

    (void)state;
    buf_init(&b, 128);
    cose_key_put(&b, &pub);
    assert_ok(cose_key_parse(buf_bytes(&b), &back));
    assert_memory_equal(&back, &pub, sizeof(pub));
    b.data[b.len - 1] ^= 1; /* no longer on the curve */
    assert_err(cose_key_parse(buf_bytes(&b), &back), ERR_BAD_DATA);
    b.data[b.len - 1] ^= 1;
    b.data[2] = 1; /* another type of key */
    assert_err(cose_key_parse(buf_bytes(&b), &back), ERR_UNSUPPORTED);
    b.data[2] = 2;
    b.data[4] = 2; /* another curve */
    assert_err(cose_key_parse(buf_bytes(&b), &back), ERR_UNSUPPORTED);
    assert_err(cose_key_parse(TEXT("\xa1\x01\x02"), &back), ERR_BAD_DATA);
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sign1_holds_for_its_key_payload_and_aad),
        cmocka_unit_test(no_byte_of_a_sign1_can_change),
        cmocka_unit_test(a_detached_payload_comes_from_the_caller),
        cmocka_unit_test(headers_are_read_strictly),
        cmocka_unit_test(an_empty_protected_map_is_signed_as_nothing),
        cmocka_unit_test(every_signer_of_a_sign_is_found),
        cmocka_unit_test(encrypt0_opens_with_its_key_and_aad_only),
        cmocka_unit_test(the_same_plain_text_never_looks_the_same),
        cmocka_unit_test(every_recipient_opens_and_nobody_else),
        cmocka_unit_test(without_random_bytes_nothing_is_sealed),
        cmocka_unit_test(broken_messages_are_refused_by_every_reader),
        cmocka_unit_test(a_public_key_reads_back_as_written),
    };

    return RUN_TESTS(tests);
}
