/* test_enrol.c - the enrolment code and the messages around it. */
#include "core/enrol.h"

#include <string.h>

#include "core/cbor.h"
#include "tests/test.h"

static struct enrol_code sample(void)
{
    struct enrol_code code = { .url = "https://patrol.westbrook.example:8443" };

    for (size_t i = 0; i < sizeof(code.secret); i++) {
        code.secret[i] = (uint8_t)(i * 17);
    }
    for (size_t i = 0; i < 32; i++) {
        code.ca.bytes[i] = (uint8_t)(255 - i);
    }
    return code;
}

static void a_code_reads_back_as_it_was_written(void **state)
{
    const struct enrol_code code = sample();
    struct enrol_code got;
    char text[ENROL_CODE_MAX + 1];

    (void)state;
    assert_ok(enrol_code_format(&code, text));
    assert_int_equal(strlen(text), strlen(code.url) + 1 + ENROL_CODE_DIGITS);
    assert_ok(enrol_code_parse(text, &got));
    assert_string_equal(got.url, code.url);
    assert_memory_equal(got.secret, code.secret, sizeof(code.secret));
    assert_true(hash_eq(&got.ca, &code.ca));
}

static void a_code_may_be_typed_with_small_letters_and_hyphens(void **state)
{
    const struct enrol_code code = sample();
    struct enrol_code got;
    char text[ENROL_CODE_MAX + 1], typed[2 * ENROL_CODE_MAX] = " ";
    const size_t url = strlen(code.url) + 1;
    size_t len;

    (void)state;
    assert_ok(enrol_code_format(&code, text));
    memcpy(typed + 1, text, url);
    len = url + 1;
    for (size_t i = url; text[i] != '\0'; i++) {
        char c = text[i];

        c = c == '0' ? 'o' : c == '1' ? 'l' : c;
        typed[len++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        if (i % 4 == 0) {
            typed[len++] = '-';
        }
    }
    typed[len] = '\n';
    assert_ok(enrol_code_parse(typed, &got));
    assert_memory_equal(got.secret, code.secret, sizeof(code.secret));
}

static void each_single_wrong_letter_is_noticed(void **state)
{
    const struct enrol_code code = sample();
    struct enrol_code got;
    char text[ENROL_CODE_MAX + 1];

    (void)state;
    assert_ok(enrol_code_format(&code, text));
    for (size_t i = strlen("https://"); text[i] != '\0'; i++) {
        const char was = text[i];

        if (was == '#')
            continue;
        text[i] = was == '7' ? '8' : '7';
        assert_err(enrol_code_parse(text, &got), ERR_BAD_DATA);
        text[i] = was;
    }
    assert_ok(enrol_code_parse(text, &got));
}

static void a_code_for_anything_but_https_is_refused(void **state)
{
    static const char *const urls[] = {
        "http://a.example", "https://",           "https://a.example/path",
        "https://u@a",      "https://a.example ", "ftp://a",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(urls); i++) {
        struct enrol_code code = sample(), got;
        char text[ENROL_CODE_MAX + 1];
        char joined[2 * ENROL_CODE_MAX];

        assert_ok(enrol_code_format(&code, text));
        snprintf(joined, sizeof(joined), "%s%s", urls[i], strchr(text, '#'));
        assert_err(enrol_code_parse(joined, &got), ERR_BAD_DATA);
        snprintf(code.url, sizeof(code.url), "%s", urls[i]);
        assert_err(enrol_code_format(&code, text), ERR_BAD_DATA);
    }
}

static struct bytes text_of(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

/* COSE messages are opaque here: one canonical item each. */
static const uint8_t key_item[] = { 0xa1, 0x01, 0x02 };
static const uint8_t sign_item[] = { 0xd2, 0x84, 0x41, 0x00, 0xa0,
                                     0x41, 0x01, 0x41, 0x02 };
#define ITEM(a) ((struct bytes){ (a), sizeof(a) })

static void a_request_reads_back_and_any_cut_is_refused(void **state)
{
    struct enrol_request r = { .csr = text_of("request"),
                               .seal_key = ITEM(key_item),
                               .statement = ITEM(sign_item),
                               .storage = ENROL_STORAGE_DISK,
                               .version = text_of("0.1.0") };
    struct enrol_request got;
    struct buf b;

    (void)state;
    memset(r.secret, 7, sizeof(r.secret));
    buf_init(&b, ENROL_BODY_MAX_BYTES);
    assert_ok(enrol_request_put(&b, &r));
    assert_ok(enrol_request_parse(buf_bytes(&b), &got));
    assert_memory_equal(got.secret, r.secret, sizeof(r.secret));
    assert_true(bytes_eq(got.csr, r.csr));
    assert_true(bytes_eq(got.seal_key, r.seal_key));
    assert_true(bytes_eq(got.statement, r.statement));
    assert_true(bytes_eq(got.version, r.version));
    assert_int_equal(got.storage, ENROL_STORAGE_DISK);
    for (size_t len = 0; len < b.len; len++) {
        assert_int_not_equal(
            enrol_request_parse((struct bytes){ b.data, len }, &got), ERR_OK);
    }
    buf_fini(&b);
}

static void an_unknown_kind_of_storage_is_refused(void **state)
{
    struct enrol_request r = { .csr = text_of("request"),
                               .seal_key = ITEM(key_item),
                               .statement = ITEM(sign_item),
                               .storage = (enum enrol_storage)4 };
    struct enrol_request got;
    struct buf b;

    (void)state;
    buf_init(&b, ENROL_BODY_MAX_BYTES);
    assert_ok(enrol_request_put(&b, &r));
    assert_err(enrol_request_parse(buf_bytes(&b), &got), ERR_BAD_DATA);
    buf_fini(&b);
}

static void a_response_with_officers_reads_back(void **state)
{
    static struct enrol_response r, got;
    struct buf b;

    (void)state;
    r = (struct enrol_response){
        .council_name = text_of("Westbrook"),
        .leaf = text_of("leaf"),
        .issuer = text_of("issuer"),
        .root = text_of("root"),
        .server_key = ITEM(key_item),
        .recovery_key = ITEM(key_item),
        .listener = text_of("localhost:8443"),
        .officer_count = 2,
        .has_officer = true,
    };
    r.council.bytes[0] = 1;
    r.device.bytes[0] = 2;
    r.log_id.bytes[0] = 3;
    r.officers[1].id.bytes[0] = 4;
    r.officers[1].name = text_of("Asha Okafor");
    r.officer = r.officers[1].id;
    buf_init(&b, ENROL_BODY_MAX_BYTES);
    assert_ok(enrol_response_put(&b, &r));
    assert_ok(enrol_response_parse(buf_bytes(&b), &got));
    assert_true(uuid_eq(&got.council, &r.council));
    assert_true(uuid_eq(&got.device, &r.device));
    assert_true(uuid_eq(&got.log_id, &r.log_id));
    assert_true(bytes_eq(got.issuer, r.issuer));
    assert_true(bytes_eq(got.listener, r.listener));
    assert_int_equal(got.officer_count, 2);
    assert_true(bytes_eq(got.officers[1].name, r.officers[1].name));
    assert_true(got.has_officer);
    assert_true(uuid_eq(&got.officer, &r.officers[1].id));
    buf_fini(&b);
}

static void a_refusal_of_a_newer_server_is_still_read(void **state)
{
    const struct enrol_refusal r = { 99, text_of("not today") };
    struct enrol_refusal got;
    struct buf b;

    (void)state;
    buf_init(&b, 1000);
    assert_ok(enrol_refusal_put(&b, &r));
    assert_ok(enrol_refusal_parse(buf_bytes(&b), &got));
    assert_int_equal(got.code, 99);
    assert_true(bytes_eq(got.reason, r.reason));
    buf_fini(&b);
}

static void renew_and_rekey_messages_read_back(void **state)
{
    const struct enrol_renew renew = { text_of("csr"), ITEM(sign_item),
                                       text_of("1") };
    struct enrol_rekey rekey = { .old_leaf = text_of("old"),
                                 .csr = text_of("csr"),
                                 .statement = ITEM(sign_item),
                                 .old_statement = ITEM(sign_item),
                                 .version = text_of("1") };
    struct enrol_renew got_renew;
    struct enrol_rekey got_rekey;
    struct buf b;

    (void)state;
    rekey.device.bytes[3] = 9;
    buf_init(&b, 1000);
    assert_ok(enrol_renew_put(&b, &renew));
    assert_ok(enrol_renew_parse(buf_bytes(&b), &got_renew));
    assert_true(bytes_eq(got_renew.csr, renew.csr));
    buf_reset(&b);
    assert_ok(enrol_rekey_put(&b, &rekey));
    assert_ok(enrol_rekey_parse(buf_bytes(&b), &got_rekey));
    assert_true(uuid_eq(&got_rekey.device, &rekey.device));
    assert_true(bytes_eq(got_rekey.old_leaf, rekey.old_leaf));
    assert_err(enrol_renew_parse(buf_bytes(&b), &got_renew), ERR_BAD_DATA);
    buf_fini(&b);
}

static void a_renewal_tells_of_a_new_root_only_where_there_is_one(void **state)
{
    struct enrol_renewed r = { .leaf = text_of("leaf"),
                               .issuer = text_of("ca") };
    struct enrol_renewed got;
    struct buf b;

    (void)state;
    buf_init(&b, 1000);
    assert_ok(enrol_renewed_put(&b, &r));
    assert_int_equal(b.data[0], 0xa1); /* as before there was a key 2 */
    assert_ok(enrol_renewed_parse(buf_bytes(&b), &got));
    assert_int_equal(got.root.len, 0);
    buf_reset(&b);
    r.root = text_of("root");
    r.cross[r.cross_count++] = text_of("cross");
    assert_ok(enrol_renewed_put(&b, &r));
    assert_ok(enrol_renewed_parse(buf_bytes(&b), &got));
    assert_true(bytes_eq(got.root, r.root));
    assert_int_equal(got.cross_count, 1);
    assert_true(bytes_eq(got.cross[0], r.cross[0]));
    for (size_t cut = 0; cut < b.len; cut++) {
        assert_true(enrol_renewed_parse((struct bytes){ b.data, cut }, &got) !=
                    ERR_OK);
    }
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_reads_back_as_it_was_written),
        cmocka_unit_test(a_code_may_be_typed_with_small_letters_and_hyphens),
        cmocka_unit_test(each_single_wrong_letter_is_noticed),
        cmocka_unit_test(a_code_for_anything_but_https_is_refused),
        cmocka_unit_test(a_request_reads_back_and_any_cut_is_refused),
        cmocka_unit_test(an_unknown_kind_of_storage_is_refused),
        cmocka_unit_test(a_response_with_officers_reads_back),
        cmocka_unit_test(a_refusal_of_a_newer_server_is_still_read),
        cmocka_unit_test(renew_and_rekey_messages_read_back),
        cmocka_unit_test(a_renewal_tells_of_a_new_root_only_where_there_is_one),
    };

    return RUN_TESTS(tests);
}
