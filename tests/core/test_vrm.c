/* Registration marks: kept without spaces, shown with them, never refused. */
#include "core/vrm.h"

#include <string.h>

#include "tests/test.h"

static const struct {
    const char *typed, *style, *kept, *shown;
} marks[] = {
    { "wb01 ktx", "current", "WB01KTX", "WB01 KTX" },
    { "A123BCD", "prefix", "A123BCD", "A123 BCD" },
    { "p1 abc", "prefix", "P1ABC", "P1 ABC" },
    { "ABC 123D", "suffix", "ABC123D", "ABC 123D" },
    { "Q12 ABC", "q", "Q12ABC", "Q12 ABC" },
    { "123 D 456", "diplomatic", "123D456", "123 D 456" },
    { "BIG 1", "dateless", "BIG1", "BIG 1" },
    { "1 rzz", "dateless", "1RZZ", "1 RZZ" },
    { "WB?1 K?X", "current", "WB?1K?X", "WB?1 K?X" },
};

static void each_style_is_known(void **state)
{
    char out[VRM_SIZE];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
        assert_string_equal(vrm_read(marks[i].typed, out), marks[i].style);
        assert_string_equal(out, marks[i].kept);
        vrm_show(marks[i].kept, out);
        assert_string_equal(out, marks[i].shown);
    }
}

static void letters_that_were_never_issued_fit_no_style(void **state)
{
    char out[VRM_SIZE];

    (void)state;
    /* no I or Q in the memory tag, no I in the last three */
    assert_string_equal(vrm_read("IB01KTX", out), "unknown");
    assert_string_equal(vrm_read("WB01KIX", out), "unknown");
    assert_string_equal(vrm_read("", out), "unknown");
}

static void what_fits_no_style_stays_as_it_was_written(void **state)
{
    char out[VRM_SIZE];

    (void)state;
    assert_string_equal(vrm_read("m\u00fc AB 1234", out), "unknown");
    assert_string_equal(out, "m\u00fc AB 1234");
    vrm_show(out, out);
    assert_string_equal(out, "m\u00fc AB 1234");
    assert_string_equal(vrm_read("1234567890123456789012\u00e9 and more", out),
                        "unknown");
    assert_string_equal(out, "1234567890123456789012");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_style_is_known),
        cmocka_unit_test(letters_that_were_never_issued_fit_no_style),
        cmocka_unit_test(what_fits_no_style_stays_as_it_was_written),
    };

    return RUN_TESTS(tests);
}
