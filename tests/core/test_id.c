#include "core/id.h"

#include <ctype.h>
#include <string.h>

#include "tests/test.h"

/* RFC 9562, appendix A.6. */
static void a_uuid7_is_that_of_the_rfc(void **state)
{
    const uint8_t random[10] = { 0x0c, 0xc3, 0x18, 0xc4, 0xdc,
                                 0x0c, 0x0c, 0x07, 0x39, 0x8f };
    char text[UUID_TEXT_SIZE];
    struct uuid id;

    (void)state;
    id_uuid7(UINT64_C(0x017f22e279b0), random, &id);
    uuid_format(&id, text);
    assert_string_equal(text, "017f22e2-79b0-7cc3-98c4-dc0c0c07398f");
}

static void uuid7s_sort_by_time_then_by_counter(void **state)
{
    const uint8_t low[10] = { 0x00, 0x01, 0xff, 0xff };
    const uint8_t high[10] = { 0x00, 0x02 };
    struct uuid a;
    struct uuid b;
    struct uuid later;

    (void)state;
    id_uuid7(1000, low, &a);
    id_uuid7(1000, high, &b);
    id_uuid7(1001, low, &later);
    assert_true(memcmp(&a, &b, sizeof(a)) < 0);
    assert_true(memcmp(&b, &later, sizeof(b)) < 0);
}

static const uint8_t code[16] = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55,
                                  0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb,
                                  0xcc, 0xdd, 0xee, 0xff };

static void format16(char out[ID_CODE_TEXT_SIZE])
{
    id_code_format((struct bytes){ code, sizeof(code) }, out);
}

static void codes_of_every_length_read_back(void **state)
{
    uint8_t bytes[ID_CODE_MAX];
    uint8_t back[ID_CODE_MAX];
    char text[ID_CODE_TEXT_SIZE];

    (void)state;
    for (size_t len = 0; len <= sizeof(bytes); len++) {
        memset(bytes, 0xff - (int)len, sizeof(bytes));
        id_code_format((struct bytes){ bytes, len }, text);
        assert_ok(id_code_parse(text, back, len, NULL));
        assert_memory_equal(back, bytes, len);
    }
}

static void a_code_may_be_typed_as_people_type(void **state)
{
    uint8_t back[16];
    char text[ID_CODE_TEXT_SIZE];

    (void)state;
    format16(text);
    assert_string_equal(text, "008J-4CT4-ANK7-F24S-NAXW-SQFE-ZWH");
    assert_ok(id_code_parse("oO8j 4ct4ank7f24s-naxw sqfe zwh", back, 16, NULL));
    assert_memory_equal(back, code, 16);
}

static void every_wrong_character_of_a_code_is_found(void **state)
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint8_t back[16];
    char text[ID_CODE_TEXT_SIZE];

    (void)state;
    format16(text);
    for (size_t i = 0; text[i] != '\0'; i++) {
        const char right = text[i];

        for (size_t d = 0; d < 32 && right != '-'; d++) {
            text[i] = digits[d];
            assert_err(id_code_parse(text, back, 16, NULL),
                       digits[d] == right ? ERR_OK : ERR_BAD_HASH);
        }
        text[i] = right;
    }
}

static void neighbours_that_changed_places_are_found(void **state)
{
    uint8_t back[16];
    char text[ID_CODE_TEXT_SIZE];
    char plain[ID_CODE_TEXT_SIZE] = "";
    size_t len = 0;

    (void)state;
    format16(text);
    for (const char *at = text; *at != '\0'; at++) {
        if (*at != '-') {
            plain[len++] = *at;
        }
    }
    for (size_t i = 0; plain[i + 1] != '\0'; i++) {
        const char first = plain[i];

        plain[i] = plain[i + 1];
        plain[i + 1] = first;
        assert_err(id_code_parse(plain, back, 16, NULL),
                   plain[i] == first ? ERR_OK : ERR_BAD_HASH);
        plain[i + 1] = plain[i];
        plain[i] = first;
    }
}

static void a_wrong_code_says_where(void **state)
{
    uint8_t back[16];
    size_t at = 0;

    (void)state;
    assert_err(
        id_code_parse("008J-4CT4-ANK7-U24S-NAXW-SQFE-ZWH", back, 16, &at),
        ERR_BAD_DATA);
    assert_int_equal(at, 15); /* no code has a U */
    assert_err(id_code_parse("008J-4CT4", back, 16, &at), ERR_BAD_DATA);
    assert_int_equal(at, 9); /* it ends too early */
    assert_err(
        id_code_parse("008J-4CT4-ANK7-F24S-NAXW-SQFE-ZWHH", back, 16, &at),
        ERR_BAD_DATA);
    assert_int_equal(at, 33);
    assert_err(id_code_parse("", back, 16, &at), ERR_BAD_DATA);
    assert_int_equal(at, 0);
}

static const struct id_notice notice = { "WB", 7, 26, 4183 };

static void a_notice_number_reads_back(void **state)
{
    struct id_notice many = { "ZZ", ID_NOTICE_BLOCK_MAX, 99,
                              ID_NOTICE_SERIAL_MAX };
    struct id_notice back;
    char text[ID_NOTICE_TEXT_SIZE];

    (void)state;
    id_notice_format(&notice, text);
    assert_memory_equal(text, "WB-07-26-004183-", 16);
    assert_int_equal(strlen(text), 17);
    assert_ok(id_notice_parse(text, &back, NULL));
    assert_string_equal(back.council, "WB");
    assert_int_equal(back.block, 7);
    assert_int_equal(back.year, 26);
    assert_int_equal(back.serial, 4183);
    for (char *c = text; *c != '\0'; c++) {
        *c = (char)(*c == '-' ? ' ' : tolower((unsigned char)*c));
    }
    assert_ok(id_notice_parse(text, &back, NULL));
    id_notice_format(&many, text);
    assert_ok(id_notice_parse(text, &back, NULL));
    assert_int_equal(back.block, ID_NOTICE_BLOCK_MAX);
}

static void every_wrong_character_of_a_notice_is_found(void **state)
{
    struct id_notice back;
    char text[ID_NOTICE_TEXT_SIZE];

    (void)state;
    id_notice_format(&notice, text);
    for (size_t i = 0; text[i] != '\0'; i++) {
        const char right = text[i];

        for (int c = '0'; c <= 'Z'; c++) {
            text[i] = (char)c;
            if (c != right) {
                assert_int_not_equal(id_notice_parse(text, &back, NULL),
                                     ERR_OK);
            }
        }
        text[i] = right;
    }
    assert_ok(id_notice_parse(text, &back, NULL));
}

struct notice_row {
    const char *why;
    const char *text;
    size_t at;
};

static void a_wrong_notice_number_says_where(void **state)
{
    static const struct notice_row rows[] = {
        { "nothing", "", 0 },
        { "a digit in the council", "W1-07-26-004183-K", 1 },
        { "three letters", "WBX-07-26-004183-K", 2 },
        { "a short block", "WB-7-26-004183-K", 4 },
        { "a block with a zero too many", "WB-007-26-004183-K", 5 },
        { "a block of five digits", "WB-10000-26-004183-K", 7 },
        { "a long year", "WB-07-2026-004183-K", 8 },
        { "a short serial", "WB-07-26-4183-K", 13 },
        { "no check", "WB-07-26-004183-", 16 },
        { "no letter that we use", "WB-07-26-004183-U", 16 },
        { "something behind it", "WB-07-26-004183-KK", 17 },
    };
    struct id_notice back;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t at = SIZE_MAX;
        const enum err err = id_notice_parse(rows[i].text, &back, &at);

        if (err != ERR_BAD_DATA || at != rows[i].at) {
            fail_msg("%s: %s at %zu", rows[i].why, err_text(err), at);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_uuid7_is_that_of_the_rfc),
        cmocka_unit_test(uuid7s_sort_by_time_then_by_counter),
        cmocka_unit_test(codes_of_every_length_read_back),
        cmocka_unit_test(a_code_may_be_typed_as_people_type),
        cmocka_unit_test(every_wrong_character_of_a_code_is_found),
        cmocka_unit_test(neighbours_that_changed_places_are_found),
        cmocka_unit_test(a_wrong_code_says_where),
        cmocka_unit_test(a_notice_number_reads_back),
        cmocka_unit_test(every_wrong_character_of_a_notice_is_found),
        cmocka_unit_test(a_wrong_notice_number_says_where),
    };

    return RUN_TESTS(tests);
}
