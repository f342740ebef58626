/* The draw list in pixels, at any scale. */
#include "ui/kit/render.h"

#include <string.h>

#include "tests/test.h"

#define INK   0xFF1C3FA8u
#define PAPER 0xFFFFFFFFu

struct easel {
    struct draw_list list;
    struct text_engine *engine;
    struct render *render;
};

static void paint(struct easel *e, int width, int height, int scale)
{
    draw_begin(&e->list, width, height);
    (void)draw_box(&e->list, rect_make(0, 0, width, height), PAPER, 0, 0, 0);
    (void)draw_box(&e->list, rect_make(10, 7, 20, 1), INK, 0, 0, 0);
    (void)draw_box(&e->list, rect_make(10, 20, 20, 20), 0, INK, 1, 0);
    assert_ok(
        render_new(width * scale / 100, height * scale / 100, &e->render));
    render_set_scale(e->render, scale);
    render_paint(e->render, e->engine, &e->list,
                 rect_make(0, 0, width, height));
}

static uint32_t pixel(const struct easel *e, int x, int y)
{
    int stride = 0;
    const uint8_t *at = render_pixels(e->render, &stride);
    uint32_t rgb;

    memcpy(&rgb, at + (size_t)y * (size_t)stride + (size_t)x * 4, sizeof(rgb));
    return rgb | 0xFF000000u;
}

static int open_easel(void **state)
{
    static struct easel e;

    memset(&e, 0, sizeof(e));
    assert_ok(text_new(&e.engine));
    *state = &e;
    return 0;
}

static int close_easel(void **state)
{
    struct easel *e = *state;

    render_free(e->render);
    text_free(e->engine);
    return 0;
}

static void twice_the_scale_is_twice_the_pixels(void **state)
{
    struct easel *e = *state;

    paint(e, 50, 50, 200);
    assert_int_equal(pixel(e, 20, 14), INK);
    assert_int_equal(pixel(e, 59, 15), INK);
    assert_int_equal(pixel(e, 60, 15), PAPER);
    assert_int_equal(pixel(e, 59, 16), PAPER);
}

/* Half a pixel of a rule would be grey: it is one whole pixel or two. */
static void a_hairline_is_whole_at_any_scale(void **state)
{
    struct easel *e = *state;

    for (int scale = 100; scale <= 400; scale += 5) {
        paint(e, 50, 50, scale);
        for (int y = 0; y < 50 * scale / 100; y++) {
            const uint32_t rgb = pixel(e, 20 * scale / 100, y);

            assert_true(rgb == INK || rgb == PAPER);
        }
        render_free(e->render);
        e->render = NULL;
    }
}

static void what_changed_covers_its_pixels(void **state)
{
    struct easel *e = *state;
    struct rect px;

    paint(e, 100, 100, 150);
    px = render_cover(e->render, rect_make(1, 1, 1, 1));
    assert_int_equal(px.x, 1);
    assert_int_equal(px.y, 1);
    assert_int_equal(px.x + px.w, 3);
    assert_int_equal(px.y + px.h, 3);
    px = render_cover(e->render, rect_make(90, 90, 50, 50));
    assert_int_equal(px.x + px.w, 150);
    assert_int_equal(px.y + px.h, 150);
}

#define ON(test) cmocka_unit_test_setup_teardown(test, open_easel, close_easel)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON(twice_the_scale_is_twice_the_pixels),
        ON(a_hairline_is_whole_at_any_scale),
        ON(what_changed_covers_its_pixels),
    };

    return RUN_TESTS(tests);
}
