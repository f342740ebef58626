#include "core/buf.h"

#include <string.h>

#include "tests/test.h"

static void a_buffer_never_grows_beyond_its_cap(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 10);
    buf_put(&b, "0123456789", 10);
    assert_ok(b.err);
    buf_put_u8(&b, 'x');
    assert_err(b.err, ERR_TOO_LONG);
    assert_int_equal(b.len, 10);
    buf_fini(&b);
}

static void an_error_sticks_until_reset(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 4);
    buf_put_text(&b, "12345");
    buf_put_text(&b, "1");
    assert_err(b.err, ERR_TOO_LONG);
    assert_int_equal(b.len, 0);
    buf_reset(&b);
    buf_printf(&b, "%d", 42);
    assert_string_equal(buf_text(&b), "42");
    buf_fini(&b);
}

static void a_uuid_reads_back_as_written(void **state)
{
    const struct uuid id = { { 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xab, 0xcd } };
    struct uuid back;
    char text[UUID_TEXT_SIZE];

    (void)state;
    uuid_format(&id, text);
    assert_string_equal(text, "01020304-0506-0708-09ab-cd0000000000");
    assert_ok(uuid_parse(text, &back));
    assert_true(uuid_eq(&id, &back));
    assert_err(uuid_parse("01020304", &back), ERR_BAD_DATA);
    assert_err(uuid_parse("0102030405060708090a0b0c0d0e0f1g", &back),
               ERR_BAD_DATA);
    assert_ok(uuid_parse("010203040506070809ABCD0000000000", &back));
    assert_true(uuid_eq(&id, &back));
    assert_err(uuid_parse("01020304-0506-0708-09ab-cd00000000000", &back),
               ERR_BAD_DATA);
    assert_err(uuid_parse("0102030-40506-0708-09ab-cd0000000000", &back),
               ERR_BAD_DATA);
}

/* The characters just before and behind each run of digits. */
static void hex_digits_end_where_they_do(void **state)
{
    static const char *const bad[] = { "/0", ":0", "@0", "G0", "`0", "g0",
                                       "0/", "0g", "0",  "",   "000" };
    uint8_t byte;

    (void)state;
    assert_ok(hex_parse("9f", 1, &byte));
    assert_int_equal(byte, 0x9f);
    assert_ok(hex_parse("Aa", 1, &byte));
    assert_int_equal(byte, 0xaa);
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(hex_parse(bad[i], 1, &byte), ERR_BAD_DATA);
    }
}

static void an_empty_buffer_still_hands_out_memory(void **state)
{
    uint8_t *data = NULL;
    size_t len = 9;
    struct buf b;

    (void)state;
    buf_init(&b, 4);
    assert_ok(buf_take(&b, &data, &len));
    assert_non_null(data);
    assert_int_equal(len, 0);
    free(data);
    buf_init(&b, 4);
    buf_put(&b, "12345", 5);
    assert_err(buf_take(&b, &data, &len), ERR_TOO_LONG);
    assert_string_equal(buf_text(&b), "");
    buf_fini(&b);
}

static void an_error_of_a_newer_peer_has_words(void **state)
{
    (void)state;
    assert_string_equal(err_text((enum err)ERR__COUNT), "unknown error");
    assert_string_equal(err_text(ERR_STOPPED), "stopped");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_never_grows_beyond_its_cap),
        cmocka_unit_test(an_error_sticks_until_reset),
        cmocka_unit_test(a_uuid_reads_back_as_written),
        cmocka_unit_test(hex_digits_end_where_they_do),
        cmocka_unit_test(an_empty_buffer_still_hands_out_memory),
        cmocka_unit_test(an_error_of_a_newer_peer_has_words),
    };

    return RUN_TESTS(tests);
}
