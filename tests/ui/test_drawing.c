/* Strokes on a picture: their outlines, and what they leave in its pixels. */
#include "ui/kit/drawing.h"

#include <stdlib.h>
#include <string.h>

#include "tests/test.h"

enum { WIDTH = 200, HEIGHT = 100 };

static uint32_t *grey(void)
{
    uint32_t *p = malloc((size_t)WIDTH * HEIGHT * 4);

    assert_non_null(p);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
        p[i] = 0xFF808080u;
    }
    return p;
}

static uint32_t pixel(const uint32_t *p, int x, int y)
{
    return p[y * WIDTH + x] & 0xFFFFFFu;
}

static void add(struct drawing *d, int x, int y)
{
    d->points[2 * d->count] = (int16_t)x;
    d->points[2 * d->count + 1] = (int16_t)y;
    d->count++;
}

static void a_line_is_red_with_a_light_edge_and_elsewhere_nothing(void **state)
{
    struct drawing d = { .width = WIDTH, .height = HEIGHT };
    uint32_t *p = grey();

    (void)state;
    add(&d, 20, 50);
    add(&d, 180, 50);
    assert_ok(drawing_into(&d, (uint8_t *)p, WIDTH, HEIGHT));
    assert_int_equal(pixel(p, 100, 50), DRAWING_RED);
    assert_int_equal(pixel(p, 100, 53), 0xFFFFFF);
    assert_int_equal(pixel(p, 100, 60), 0x808080);
    assert_int_equal(pixel(p, 10, 50), 0x808080);
    free(p);
}

static void a_drawing_keeps_its_place_on_a_larger_picture(void **state)
{
    struct drawing d = { .width = WIDTH / 2, .height = HEIGHT / 2 };
    uint32_t *p = grey();

    (void)state;
    add(&d, 10, 25);
    add(&d, 90, 25);
    assert_ok(drawing_into(&d, (uint8_t *)p, WIDTH, HEIGHT));
    assert_int_equal(pixel(p, 100, 50), DRAWING_RED);
    assert_int_equal(pixel(p, 100, 25), 0x808080);
    free(p);
}

static void an_arrow_goes_from_where_it_began_to_where_it_ended(void **state)
{
    struct drawing d = { .width = WIDTH, .height = HEIGHT };
    uint32_t *p = grey();

    (void)state;
    d.tools[0] = DRAWING_ARROW;
    add(&d, 20, 50);
    add(&d, 60, 10); /* the way there doesn't matter */
    add(&d, 160, 50);
    assert_ok(drawing_into(&d, (uint8_t *)p, WIDTH, HEIGHT));
    assert_int_equal(pixel(p, 60, 50), DRAWING_RED);
    assert_int_equal(pixel(p, 60, 10), 0x808080);
    assert_int_equal(pixel(p, 148, 43), DRAWING_RED); /* its head */
    assert_int_equal(pixel(p, 148, 57), DRAWING_RED);
    free(p);
}

static void a_ring_is_around_what_the_finger_went_around(void **state)
{
    struct drawing d = { .width = WIDTH, .height = HEIGHT };
    uint32_t *p = grey();

    (void)state;
    d.tools[0] = DRAWING_RING;
    add(&d, 60, 20);
    add(&d, 140, 80);
    assert_ok(drawing_into(&d, (uint8_t *)p, WIDTH, HEIGHT));
    assert_int_equal(pixel(p, 60, 50), DRAWING_RED);
    assert_int_equal(pixel(p, 140, 50), DRAWING_RED);
    assert_int_equal(pixel(p, 100, 20), DRAWING_RED);
    assert_int_equal(pixel(p, 100, 50), 0x808080);
    free(p);
}

static void strokes_are_counted_and_the_last_is_taken_back(void **state)
{
    struct drawing d = { .width = WIDTH, .height = HEIGHT };

    (void)state;
    assert_int_equal(drawing_strokes(d.points, d.count), 0);
    add(&d, 1, 1);
    add(&d, 2, 2);
    assert_int_equal(drawing_strokes(d.points, d.count), 1);
    add(&d, DRAW_LIFT, 0);
    add(&d, 5, 5);
    assert_int_equal(drawing_strokes(d.points, d.count), 2);
    d.count = drawing_without_last(d.points, d.count);
    assert_int_equal(d.count, 2);
    assert_int_equal(drawing_without_last(d.points, d.count), 0);
}

static void a_drawing_on_nothing_is_refused(void **state)
{
    const struct drawing d = { .count = 0 };
    uint32_t *p = grey();

    (void)state;
    assert_err(drawing_into(&d, (uint8_t *)p, WIDTH, HEIGHT), ERR_BAD_DATA);
    free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_is_red_with_a_light_edge_and_elsewhere_nothing),
        cmocka_unit_test(a_drawing_keeps_its_place_on_a_larger_picture),
        cmocka_unit_test(an_arrow_goes_from_where_it_began_to_where_it_ended),
        cmocka_unit_test(a_ring_is_around_what_the_finger_went_around),
        cmocka_unit_test(strokes_are_counted_and_the_last_is_taken_back),
        cmocka_unit_test(a_drawing_on_nothing_is_refused),
    };

    return RUN_TESTS(tests);
}
