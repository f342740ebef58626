/* Lines and areas as answers: one text for one shape, and no other. */
#include "core/drawn.h"

#include <string.h>

#include "core/form_check.h"
#include "tests/test.h"

#define LINE(points) "{\"type\":\"LineString\",\"coordinates\":[" points "]}"
#define AREA(points) "{\"type\":\"Polygon\",\"coordinates\":[[" points "]]}"

/* 0.001 degree by 0.001 degree at 52.4 north: 111.3 by 67.9 m. */
#define SQUARE "[-4.6,52.4],[-4.599,52.4],[-4.599,52.401],[-4.6,52.401]"

static enum err parse(const char *text, struct drawn *out)
{
    return drawn_parse(text, strlen(text), out);
}

static void a_shape_is_written_as_it_was_read(void **state)
{
    static const char *const texts[] = {
        LINE("[-4.6026531,52.4005396],[0,0]"),
        LINE("[180,-90],[-180,90],[-0.0000001,1.1]"),
        AREA(SQUARE ",[-4.6,52.4]"),
    };
    struct drawn d;
    struct buf out;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_ok(parse(texts[i], &d));
        buf_init(&out, DRAWN_MAX_BYTES);
        drawn_put(&d, &out);
        assert_string_equal(buf_text(&out), texts[i]);
        buf_fini(&out);
    }
    assert_int_equal(d.kind, DRAWN_AREA);
    assert_int_equal(d.count, 4);
}

static void another_way_to_say_it_is_refused(void **state)
{
    static const struct {
        const char *why, *text;
    } rows[] = {
        { "empty", "" },
        { "one corner", LINE("[1,2]") },
        { "no corner", LINE("") },
        { "a blank", LINE("[1,2], [3,4]") },
        { "a zero at the end", LINE("[1.10,2],[3,4]") },
        { "a point without digits", LINE("[1.,2],[3,4]") },
        { "eight digits", LINE("[1.12345678,2],[3,4]") },
        { "a zero before", LINE("[01,2],[3,4]") },
        { "minus nothing", LINE("[-0,2],[3,4]") },
        { "an exponent", LINE("[1e1,2],[3,4]") },
        { "not on earth", LINE("[180.0000001,2],[3,4]") },
        { "a pole too far", LINE("[1,90.5],[3,4]") },
        { "a height", LINE("[1,2,3],[3,4,5]") },
        { "the same corner twice", LINE("[1,2],[1,2],[3,4]") },
        { "something behind", LINE("[1,2],[3,4]") " " },
        { "an area that isn't closed", AREA(SQUARE) },
        { "an area of two corners", AREA("[1,2],[3,4],[1,2]") },
        { "closed in the middle", AREA(SQUARE ",[-4.6,52.4],[1,2]") },
        { "a hole", AREA(SQUARE ",[-4.6,52.4]],[" SQUARE) },
        { "edges that cross", AREA("[0,0],[1,1],[1,0],[0,1],[0,0]") },
        { "a point", "{\"type\":\"Point\",\"coordinates\":[1,2]}" },
        { "cut", "{\"type\":\"LineString\",\"coordinates\":[[1,2],[3" },
    };
    struct drawn d;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (parse(rows[i].text, &d) != ERR_BAD_DATA) {
            fail_msg("%s", rows[i].why);
        }
    }
}

static void a_full_shape_fits_and_one_corner_more_does_not(void **state)
{
    struct drawn d = { .kind = DRAWN_LINE }, again;
    struct buf out;

    (void)state;
    for (int i = 0; i < DRAWN_POINTS_MAX; i++) {
        assert_true(
            drawn_add(&d, (struct geo_pos){ -891234567 - i, -1791234561 - i }));
    }
    assert_false(drawn_add(&d, (struct geo_pos){ 1, 1 }));
    buf_init(&out, DRAWN_MAX_BYTES);
    drawn_put(&d, &out);
    assert_ok(out.err);
    assert_ok(drawn_parse((const char *)out.data, out.len, &again));
    assert_int_equal(again.count, DRAWN_POINTS_MAX);
    buf_fini(&out);
    drawn_thin(&d);
    assert_int_equal(d.count, DRAWN_POINTS_MAX / 2);
}

static void length_and_area_are_those_of_the_ground(void **state)
{
    struct drawn d;

    (void)state;
    assert_ok(parse(AREA(SQUARE ",[-4.6,52.4]"), &d));
    /* 111.27 m by 68.06 m on the ellipsoid. */
    assert_true(drawn_area_m2(&d) > 7490);
    assert_true(drawn_area_m2(&d) < 7650);
    assert_true(drawn_length_mm(&d) > 357000);
    assert_true(drawn_length_mm(&d) < 360000);
    assert_ok(parse(LINE("[-4.6,52.4],[-4.6,52.401]"), &d));
    assert_int_equal(drawn_area_m2(&d), 0);
    assert_true(drawn_length_mm(&d) > 111000);
    assert_true(drawn_length_mm(&d) < 111500);
}

static void check_answer(const char *text, bool holds)
{
    static const char json[] =
        "{\"id\":\"f\",\"version\":1,\"kind\":\"observation\","
        "\"label\":\"F\",\"fields\":[{\"id\":16,\"key\":\"extent\","
        "\"type\":\"area\",\"label\":\"Area\"}]}";
    const struct form_value value = { .field = 16,
                                      .kind = FORM_VALUE_TEXT,
                                      .text = { (const uint8_t *)text,
                                                strlen(text) } };
    struct form_problems problems;
    struct form *form = NULL;

    assert_ok(form_parse(json, sizeof(json) - 1, &form));
    assert_ok(form_check(form, &value, 1, &problems));
    assert_int_equal(problems.count, holds ? 0 : 1);
    form_free(form);
}

static void a_form_takes_an_area_for_an_area_only(void **state)
{
    (void)state;
    check_answer(AREA(SQUARE ",[-4.6,52.4]"), true);
    check_answer(LINE("[1,2],[3,4]"), false);
    check_answer("round the corner", false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shape_is_written_as_it_was_read),
        cmocka_unit_test(another_way_to_say_it_is_refused),
        cmocka_unit_test(a_full_shape_fits_and_one_corner_more_does_not),
        cmocka_unit_test(length_and_area_are_those_of_the_ground),
        cmocka_unit_test(a_form_takes_an_area_for_an_area_only),
    };

    return RUN_TESTS(tests);
}
