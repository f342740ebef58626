#include "platform/shared/x509req.h"

#include <stdlib.h>
#include <string.h>

#include <mbedtls/version.h>
#include <mbedtls/x509_csr.h>

#include "core/limits.h"
#include "platform/shared/kdf.h"
#include "tests/test.h"

static enum err count_up(void *ctx, uint8_t *out, size_t len)
{
    uint8_t *next = ctx;

    for (size_t i = 0; i < len; i++) {
        out[i] = (*next)++;
    }
    return ERR_OK;
}

static uint8_t counter = 1;
static const struct crypto_random counting = { count_up, &counter };

static void a_request_carries_the_key_and_a_clean_name(void **state)
{
    struct ec_key key;
    struct buf der;
    mbedtls_x509_csr csr;
    char subject[100];

    (void)state;
    buf_init(&der, ENROL_CSR_MAX_BYTES);
    assert_ok(crypto_ec_new(counting, &key));
    assert_ok(x509req_make(&key, "tablet 7, O=evil", counting, &der));
    mbedtls_x509_csr_init(&csr);
    assert_int_equal(mbedtls_x509_csr_parse_der(&csr, der.data, der.len), 0);
    mbedtls_x509_dn_gets(subject, sizeof(subject), &csr.subject);
    assert_string_equal(subject, "CN=tablet7Oevil");
    assert_non_null(memmem(der.data, der.len, key.pub.x, 32));
    mbedtls_x509_csr_free(&csr);
    buf_fini(&der);
}

static void the_request_is_signed_by_its_own_key(void **state)
{
    struct ec_key key;
    struct buf der, pem;
    FILE *f;

    (void)state;
    if (system("command -v openssl >/dev/null") != 0) {
        skip();
    }
    buf_init(&der, ENROL_CSR_MAX_BYTES);
    buf_init(&pem, ENROL_CSR_MAX_BYTES);
    assert_ok(crypto_ec_new(counting, &key));
    assert_ok(x509req_make(&key, "tablet", counting, &der));
    assert_ok(x509req_pem(buf_bytes(&der), "CERTIFICATE REQUEST", &pem));
    f = popen("openssl req -verify -noout 2>/dev/null", "w");
    assert_non_null(f);
    assert_int_equal(fwrite(pem.data, 1, pem.len, f), pem.len);
    assert_int_equal(pclose(f), 0);
    buf_fini(&pem);
    buf_fini(&der);
}

static void another_tls_library_reads_the_key(void **state)
{
    struct ec_key key;
    struct buf der, pem;
    FILE *f;

    (void)state;
    if (system("command -v openssl >/dev/null") != 0) {
        skip();
    }
    buf_init(&der, 256);
    buf_init(&pem, 512);
    assert_ok(crypto_ec_new(counting, &key));
    assert_ok(x509req_key_der(&key, &der));
    assert_ok(x509req_pem(buf_bytes(&der), "EC PRIVATE KEY", &pem));
    f = popen("openssl ec -check -noout 2>/dev/null", "w");
    assert_non_null(f);
    assert_int_equal(fwrite(pem.data, 1, pem.len, f), pem.len);
    assert_int_equal(pclose(f), 0);
    buf_fini(&pem);
    buf_fini(&der);
}

static void what_is_no_certificate_is_refused(void **state)
{
    struct x509req_cert cert;

    (void)state;
    assert_err(
        x509req_read((struct bytes){ (const uint8_t *)"\x30\x03x", 3 }, &cert),
        ERR_BAD_DATA);
    assert_err(x509req_read((struct bytes){ NULL, 0 }, &cert), ERR_BAD_DATA);
}

/* The same PIN must open the same wrap after each release. */
static void argon2id_gives_what_it_gave_before(void **state)
{
    const struct kdf_cost cost = { 1, KDF_MEMORY_MIN_KIB, 1 };
    const struct bytes pin = { (const uint8_t *)"4417", 4 };
    const struct bytes salt = { (const uint8_t *)"0123456789abcdef", 16 };
    uint8_t out[32];
    char hex[65];

    (void)state;
    assert_ok(kdf_argon2id(pin, salt, &cost, out));
    hex_format(out, 32, hex);
    assert_string_equal(
        hex,
        "126d8b028c47552f778900f4a7c70d6f989fab02ec82d30977454f20dcf985e5");
}

static void a_cost_outside_the_limits_is_refused(void **state)
{
    const struct bytes pin = { (const uint8_t *)"4417", 4 };
    const struct bytes salt = { (const uint8_t *)"0123456789abcdef", 16 };
    const struct kdf_cost cheap = { 1, 1024, 1 };
    const struct kdf_cost greedy = { 1, UINT32_MAX, 1 };
    uint8_t out[32];

    (void)state;
    assert_err(kdf_argon2id(pin, salt, &cheap, out), ERR_BAD_DATA);
    assert_err(kdf_argon2id(pin, salt, &greedy, out), ERR_BAD_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_carries_the_key_and_a_clean_name),
        cmocka_unit_test(the_request_is_signed_by_its_own_key),
        cmocka_unit_test(another_tls_library_reads_the_key),
        cmocka_unit_test(what_is_no_certificate_is_refused),
        cmocka_unit_test(argon2id_gives_what_it_gave_before),
        cmocka_unit_test(a_cost_outside_the_limits_is_refused),
    };

    return RUN_TESTS(tests);
}
