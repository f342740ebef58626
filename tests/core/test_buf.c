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
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buffer_never_grows_beyond_its_cap),
        cmocka_unit_test(an_error_sticks_until_reset),
        cmocka_unit_test(a_uuid_reads_back_as_written),
    };

    return RUN_TESTS(tests);
}
