#include "core/strokes.h"

#include "core/cbor.h"
#include "tests/test.h"

static void what_a_hand_drew_comes_back_as_it_was(void **state)
{
    struct strokes s, back;
    struct buf out, again;

    (void)state;
    buf_init(&out, STROKES_BYTES_MAX);
    buf_init(&again, STROKES_BYTES_MAX);
    strokes_begin(&s, 320, 150);
    strokes_down(&s, 0);
    strokes_point(&s, 10, 100);
    strokes_point(&s, 40, 20);
    strokes_point(&s, 5, 149);
    strokes_down(&s, 830); /* touched and let go: nothing was drawn */
    strokes_down(&s, 900);
    strokes_point(&s, 320, 150);
    assert_ok(strokes_put(&out, &s));
    assert_ok(strokes_get(buf_bytes(&out), &back));
    assert_int_equal(back.width, 320);
    assert_int_equal(back.stroke_count, 2);
    assert_int_equal(back.point_count, 4);
    assert_int_equal(back.points[4], 5);
    assert_int_equal(back.points[5], 149);
    assert_int_equal(back.strokes[1].at_ms, 900);
    assert_int_equal(back.strokes[1].first, 3);
    assert_ok(strokes_put(&again, &back));
    assert_int_equal(out.len, again.len);
    assert_memory_equal(out.data, again.data, out.len);
    buf_fini(&out);
    buf_fini(&again);
}

static void a_full_drawing_is_stored_and_more_points_are_left_out(void **state)
{
    struct strokes s, back;
    struct buf out;

    (void)state;
    buf_init(&out, STROKES_BYTES_MAX);
    strokes_begin(&s, STROKES_SIDE_MAX, STROKES_SIDE_MAX);
    for (int i = 0; i < STROKES_POINTS_MAX + 10; i++) {
        if (i % 16 == 0) {
            strokes_down(&s, UINT32_MAX);
        }
        strokes_point(&s, i % 2 * STROKES_SIDE_MAX, (i + 1) % 2 * 4000);
    }
    assert_int_equal(s.point_count, STROKES_POINTS_MAX);
    assert_ok(strokes_put(&out, &s));
    assert_ok(strokes_get(buf_bytes(&out), &back));
    assert_int_equal(back.point_count, STROKES_POINTS_MAX);
    buf_fini(&out);
}

static void a_pen_beside_the_paper_is_refused(void **state)
{
    struct strokes s;
    struct buf out;

    (void)state;
    buf_init(&out, STROKES_BYTES_MAX);
    strokes_begin(&s, 320, 150);
    strokes_down(&s, 0);
    strokes_point(&s, 321, 0);
    assert_err(strokes_put(&out, &s), ERR_USAGE);
    strokes_begin(&s, 0, 150);
    assert_err(strokes_put(&out, &s), ERR_USAGE);
    buf_fini(&out);
}

static void bytes_that_are_no_drawing_are_refused(void **state)
{
    static const struct {
        const char *what;
        uint8_t bytes[12];
        size_t len;
    } rows[] = {
        { "empty", { 0 }, 0 },
        { "no array", { 0x01 }, 1 },
        { "no height", { 0x81, 0x05 }, 2 },
        { "no paper", { 0x82, 0x00, 0x05 }, 3 },
        { "a stroke that is a number", { 0x83, 0x05, 0x05, 0x01 }, 4 },
        { "a stroke without a point", { 0x83, 0x05, 0x05, 0x81, 0x00 }, 5 },
        { "half a point", { 0x83, 0x05, 0x05, 0x82, 0x00, 0x01 }, 6 },
        { "a point off the paper",
          { 0x83, 0x05, 0x05, 0x83, 0x00, 0x06, 0x00 },
          7 },
        { "a step off the paper",
          { 0x83, 0x05, 0x05, 0x85, 0x00, 0x00, 0x00, 0x20, 0x00 },
          9 },
        { "a tail", { 0x82, 0x05, 0x05, 0x00 }, 4 },
    };
    struct strokes s;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const enum err err =
            strokes_get((struct bytes){ rows[i].bytes, rows[i].len }, &s);

        if (err != ERR_BAD_DATA) {
            print_error("%s: %s\n", rows[i].what, err_text(err));
        }
        assert_err(err, ERR_BAD_DATA);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_hand_drew_comes_back_as_it_was),
        cmocka_unit_test(a_full_drawing_is_stored_and_more_points_are_left_out),
        cmocka_unit_test(a_pen_beside_the_paper_is_refused),
        cmocka_unit_test(bytes_that_are_no_drawing_are_refused),
    };

    return RUN_TESTS(tests);
}
