#include "core/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

static struct bytes text(const char *s)
{
    return (struct bytes){ (const uint8_t *)s, strlen(s) };
}

static void quotes_commas_and_line_ends_stay_inside_a_field(void **state)
{
    struct csv_reader r;

    (void)state;
    csv_open(&r, text("\xef\xbb\xbf"
                      "a,b,c\r\n\"1,\"\"2\"\"\r\n3\",,z"));
    assert_ok(csv_next(&r));
    assert_int_equal(r.width, 3);
    assert_string_equal(csv_field(&r, 0).data, "a");
    assert_ok(csv_next(&r));
    assert_string_equal(csv_field(&r, 0).data, "1,\"2\"\r\n3");
    assert_int_equal(csv_field(&r, 1).len, 0);
    assert_string_equal(csv_field(&r, 2).data, "z");
    assert_int_equal(r.row_line, 2);
    assert_err(csv_next(&r), ERR_NOT_FOUND);
    csv_close(&r);
}

static void what_is_not_rfc_4180_is_refused_with_its_line(void **state)
{
    static const struct {
        const char *why, *csv;
        int line;
    } rows[] = {
        { "a quote inside", "a,b\nx\"y,z\n", 2 },
        { "text behind a quote", "a,b\n\"x\"y,z\n", 2 },
        { "an open quote", "a,b\nx,\"z\n", 2 },
        { "too few fields", "a,b\n1,2\nx\n", 3 },
        { "too many fields", "a,b\n1,2,3\n", 2 },
        { "a lone carriage return", "a,b\r1,2\n", 1 },
        { "not UTF-8", "a,b\n\xff,2\n", 2 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct csv_reader r;
        enum err err;

        csv_open(&r, text(rows[i].csv));
        do {
            err = csv_next(&r);
        } while (!err);
        assert_err(err, ERR_BAD_DATA);
        assert_int_equal(r.row_line, rows[i].line);
        assert_non_null(r.why);
        csv_close(&r);
    }
}

static void a_nul_is_refused(void **state)
{
    struct csv_reader r;

    (void)state;
    csv_open(&r, (struct bytes){ (const uint8_t *)"a\0b,c", 5 });
    assert_err(csv_next(&r), ERR_BAD_DATA);
    csv_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quotes_commas_and_line_ends_stay_inside_a_field),
        cmocka_unit_test(what_is_not_rfc_4180_is_refused_with_its_line),
        cmocka_unit_test(a_nul_is_refused),
    };

    return RUN_TESTS(tests);
}
