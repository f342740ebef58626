#include "core/form_text.h"

#include <string.h>

#include "tests/test.h"

static const char sample[] =
    "{\"id\": \"t\", \"version\": 1, \"kind\": \"observation\","
    " \"label\": \"T\", \"fields\": ["
    "{\"id\": 16, \"key\": \"count\", \"type\": \"number\","
    " \"label\": \"L\"},"
    "{\"id\": 17, \"key\": \"seen_at\", \"type\": \"date_time\","
    " \"label\": \"L\"},"
    "{\"id\": 18, \"key\": \"set\", \"type\": \"many_of\","
    " \"label\": \"L\", \"open_choices\": true},"
    "{\"id\": 19, \"key\": \"hash\", \"type\": \"bytes\","
    " \"label\": \"L\"},"
    "{\"id\": 20, \"key\": \"pictures\", \"type\": \"photo\","
    " \"label\": \"L\"}]}";

struct fixture {
    struct form *form;
    struct arena arena;
};

static struct fixture fixture;

static int make(void **state)
{
    arena_init(&fixture.arena, (size_t)64 * 1024);
    *state = &fixture;
    return form_parse(sample, strlen(sample), &fixture.form) != ERR_OK;
}

static int drop(void **state)
{
    (void)state;
    form_free(fixture.form);
    arena_fini(&fixture.arena);
    return 0;
}

static enum err read(const char *key, const char *text,
                     struct form_value *value_out)
{
    return form_read(fixture.form, key, text, &fixture.arena, value_out);
}

static void a_time_is_read_to_the_millisecond_in_utc(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        { "1970-01-01T00:00Z", 0 },
        { "1969-12-31T23:59:59.999Z", -1 },
        { "2026-10-16T10:05:00+01:00", INT64_C(1792141500000) },
        { "2026-10-16T09:05:00.25Z", INT64_C(1792141500250) },
        { "2024-02-29T00:00:00Z", INT64_C(1709164800000) },
        { "2000-03-01T00:00:00Z", INT64_C(951868800000) },
        { "0001-01-01T00:00:00Z", INT64_C(-62135596800000) },
        { "9999-12-31T23:59:59.999Z", INT64_C(253402300799999) },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        int64_t ms = 7;

        print_message("%s\n", rows[i].text);
        assert_ok(form_read_time(rows[i].text, &ms));
        assert_true(ms == rows[i].ms);
    }
}

static void a_time_that_no_calendar_has_is_refused(void **state)
{
    static const char *const rows[] = {
        "2026-02-29T00:00Z",
        "2026-13-01T00:00Z",
        "2026-00-01T00:00Z",
        "2026-04-31T00:00Z",
        "2026-01-01T24:00Z",
        "2026-01-01T00:60Z",
        "2026-01-01T00:00",
        "2026-01-01 00:00Z",
        "2026-1-1T00:00Z",
        "2026-01-01T00:00:00.Z",
        "1900-02-29T00:00Z",
        "0000-01-01T00:00Z",
        "2026-01-01T00:00+0100",
        "2026-01-01T00:00Zx",
        "T",
        "",
        "2026-01-01T00:00+24:00",
    };
    int64_t ms;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        print_message("%s\n", rows[i]);
        assert_err(form_read_time(rows[i], &ms), ERR_BAD_DATA);
    }
}

static void a_place_is_two_numbers_and_perhaps_words(void **state)
{
    struct form_value v;

    (void)state;
    assert_ok(read("place", "51.5876543 -3.0012345", &v));
    assert_int_equal(v.field, FIELD_PLACE);
    assert_int_equal(v.lat_e7, 515876543);
    assert_int_equal(v.lon_e7, -30012345);
    assert_int_equal(v.text.len, 0);
    assert_ok(read("place", "51.5,-3 Corn Street", &v));
    assert_int_equal(v.lat_e7, 515000000);
    assert_int_equal(v.lon_e7, -30000000);
    assert_memory_equal(v.text.data, "Corn Street", 12);
    assert_err(read("place", "51.5", &v), ERR_BAD_DATA);
    assert_err(read("place", "51.5 east", &v), ERR_BAD_DATA);
    assert_err(read("place", "1e1 2", &v), ERR_BAD_DATA);
    assert_err(read("place", "51.5 999", &v), ERR_BAD_DATA);
}

static void numbers_sets_and_bytes_are_read_whole(void **state)
{
    struct form_value v;

    (void)state;
    assert_ok(read("count", "-12", &v));
    assert_int_equal(v.number, -12);
    assert_err(read("count", "12x", &v), ERR_BAD_DATA);
    assert_err(read("count", "1.5", &v), ERR_BAD_DATA);
    assert_err(read("count", "9999999999999999999", &v), ERR_BAD_DATA);
    assert_ok(read("seen_at", "1792141500000", &v));
    assert_true(v.number == INT64_C(1792141500000));
    assert_ok(read("set", "a;b;;c", &v));
    assert_int_equal(v.count, 3);
    assert_string_equal(v.codes[2], "c");
    assert_ok(read("hash", "00ff10", &v));
    assert_int_equal(v.text.len, 3);
    assert_memory_equal(v.text.data, "\x00\xff\x10", 3);
    assert_err(read("hash", "00f", &v), ERR_BAD_DATA);
}

static void what_the_form_does_not_ask_is_named(void **state)
{
    struct form_value v;

    (void)state;
    assert_err(read("nobody", "x", &v), ERR_NOT_FOUND);
    assert_err(read("pictures", "x.jpg", &v), ERR_UNSUPPORTED);
    assert_ok(read("note", "", &v));
    assert_int_equal(v.kind, FORM_VALUE_NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_time_is_read_to_the_millisecond_in_utc),
        cmocka_unit_test(a_time_that_no_calendar_has_is_refused),
        cmocka_unit_test(a_place_is_two_numbers_and_perhaps_words),
        cmocka_unit_test(numbers_sets_and_bytes_are_read_whole),
        cmocka_unit_test(what_the_form_does_not_ask_is_named),
    };

    return cmocka_run_group_tests(tests, make, drop);
}
