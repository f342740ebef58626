#include "ui/kit/drawing.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

#include "ui/kit/path.h"

#define HEAD_LENGTH 26.0 /* dp, of an arrow's */
#define HEAD_ANGLE  0.5  /* radians to either side */
#define RING_POINTS 48

static void put(int16_t *out, int *n, double x, double y)
{
    out[2 * *n] = (int16_t)lround(x);
    out[2 * *n + 1] = (int16_t)lround(y);
    ++*n;
}

/* From where the finger came down to where it was lifted. */
static int arrow(const int16_t *s, int n, int16_t *out)
{
    const double x0 = s[0];
    const double y0 = s[1];
    const double x1 = s[2 * (n - 1)];
    const double y1 = s[2 * (n - 1) + 1];
    const double back = atan2(y0 - y1, x0 - x1);
    int count = 0;

    put(out, &count, x0, y0);
    put(out, &count, x1, y1);
    put(out, &count, DRAW_LIFT, 0);
    put(out, &count, x1 + HEAD_LENGTH * cos(back - HEAD_ANGLE),
        y1 + HEAD_LENGTH * sin(back - HEAD_ANGLE));
    put(out, &count, x1, y1);
    put(out, &count, x1 + HEAD_LENGTH * cos(back + HEAD_ANGLE),
        y1 + HEAD_LENGTH * sin(back + HEAD_ANGLE));
    return count;
}

/* Around all that the finger touched. */
static int ring(const int16_t *s, int n, int16_t *out)
{
    double left = s[0];
    double right = s[0];
    double top = s[1];
    double bottom = s[1];
    int count = 0;

    for (int i = 1; i < n; i++) {
        left = fmin(left, s[2 * i]);
        right = fmax(right, s[2 * i]);
        top = fmin(top, s[2 * i + 1]);
        bottom = fmax(bottom, s[2 * i + 1]);
    }
    for (int i = 0; i <= RING_POINTS; i++) {
        const double a = 2 * PI * i / RING_POINTS;

        put(out, &count, (left + right) / 2 + (right - left) / 2 * cos(a),
            (top + bottom) / 2 + (bottom - top) / 2 * sin(a));
    }
    return count;
}

int drawing_outline(enum drawing_tool tool, const int16_t *stroke, int n,
                    int16_t out[2 * DRAWING_OUTLINE_MAX])
{
    static_assert(RING_POINTS + 1 <= DRAWING_OUTLINE_MAX, "a ring fits");

    if (n < 1 || tool == DRAWING_PEN) {
        return 0;
    }
    return tool == DRAWING_ARROW ? arrow(stroke, n, out) : ring(stroke, n, out);
}

/* --- strokes in their row --- */

/* The stroke from point `at`; where it ends. */
static int stroke_end(const int16_t *points, int count, int at)
{
    while (at < count && points[2 * at] != DRAW_LIFT) {
        at++;
    }
    return at;
}

int drawing_strokes(const int16_t *points, int count)
{
    int strokes = 0;

    for (int at = 0; at < count; strokes++) {
        at = stroke_end(points, count, at) + 1;
    }
    return strokes;
}

int drawing_without_last(const int16_t *points, int count)
{
    int last = 0;

    for (int i = 0; i < count; i++) {
        last = points[2 * i] == DRAW_LIFT ? i : last;
    }
    return last;
}

typedef void (*line_fn)(void *ctx, const int16_t *points, int count);

/* Each stroke's outline, in turn. */
static void each(const struct drawing *d, line_fn fn, void *ctx)
{
    int16_t outline[2 * DRAWING_OUTLINE_MAX];
    int stroke = 0;

    for (int at = 0; at < d->count && stroke < DRAWING_STROKES_MAX; stroke++) {
        const int end = stroke_end(d->points, d->count, at);
        const int n = drawing_outline((enum drawing_tool)d->tools[stroke],
                                      d->points + 2 * at, end - at, outline);

        if (end > at) {
            fn(ctx, n > 0 ? outline : d->points + 2 * at, n > 0 ? n : end - at);
        }
        at = end + 1;
    }
}

/* --- on the screen --- */

struct screen_pen {
    struct ui *ui;
    struct rect box;
    uint32_t color;
    int width;
};

static void to_screen(void *ctx, const int16_t *points, int count)
{
    struct screen_pen *p = ctx;

    (void)draw_line(&p->ui->list, p->box, points, count, p->color, p->width);
}

void drawing_show(struct ui *ui, struct rect box, const struct drawing *d)
{
    struct screen_pen pen = { ui, box, DRAW_RGB(0xFFFFFFu), DRAWING_EDGE };

    each(d, to_screen, &pen);
    pen.color = DRAW_RGB(DRAWING_RED);
    pen.width = DRAWING_WIDTH;
    each(d, to_screen, &pen);
}

/* --- into pixels --- */

static void to_path(void *ctx, const int16_t *points, int count)
{
    cairo_t *cr = ctx;
    bool is_up = true;

    for (int i = 0; i < count; i++) {
        const double x = points[2 * i];
        const double y = points[2 * i + 1];

        if (points[2 * i] == DRAW_LIFT) {
            is_up = true;
        } else if (is_up) {
            cairo_move_to(cr, x, y);
            cairo_line_to(cr, x, y); /* a tap is a dot */
            is_up = false;
        } else {
            cairo_line_to(cr, x, y);
        }
    }
}

static void stroke_all(cairo_t *cr, const struct drawing *d)
{
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    each(d, to_path, cr);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_set_line_width(cr, DRAWING_EDGE);
    cairo_stroke_preserve(cr);
    cairo_set_source_rgb(cr, (DRAWING_RED >> 16 & 255) / 255.0,
                         (DRAWING_RED >> 8 & 255) / 255.0,
                         (DRAWING_RED & 255) / 255.0);
    cairo_set_line_width(cr, DRAWING_WIDTH);
    cairo_stroke(cr);
}

enum err drawing_into(const struct drawing *d, uint8_t *pixels, int width,
                      int height)
{
    cairo_surface_t *surface;
    cairo_t *cr;
    enum err err = ERR_OK;

    if (d->width < 1 || d->height < 1) {
        return ERR_BAD_DATA;
    }
    surface = cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_RGB24,
                                                  width, height, width * 4);
    cr = cairo_create(surface);
    cairo_scale(cr, (double)width / d->width, (double)height / d->height);
    stroke_all(cr, d);
    if (cairo_status(cr) != CAIRO_STATUS_SUCCESS) {
        err = ERR_NOMEM;
    }
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    cairo_surface_destroy(surface);
    return err;
}
