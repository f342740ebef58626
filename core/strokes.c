#include "core/strokes.h"

#include <string.h>

#include "core/cbor.h"

void strokes_begin(struct strokes *s, int width, int height)
{
    memset(s, 0, sizeof(*s));
    s->width = width;
    s->height = height;
}

void strokes_down(struct strokes *s, uint32_t at_ms)
{
    if (s->stroke_count < STROKES_MAX) {
        s->strokes[s->stroke_count].at_ms = at_ms;
        s->strokes[s->stroke_count].first = s->point_count;
        s->stroke_count++;
    }
}

void strokes_point(struct strokes *s, int x, int y)
{
    if (s->stroke_count > 0 && s->point_count < STROKES_POINTS_MAX) {
        s->points[2 * s->point_count] = (int16_t)x;
        s->points[2 * s->point_count + 1] = (int16_t)y;
        s->point_count++;
    }
}

static int end_of(const struct strokes *s, int stroke)
{
    return stroke + 1 < s->stroke_count ? s->strokes[stroke + 1].first
                                        : s->point_count;
}

static bool is_on_paper(const struct strokes *s, int x, int y)
{
    return x >= 0 && y >= 0 && x <= s->width && y <= s->height;
}

static bool is_side(int64_t n)
{
    return n >= 1 && n <= STROKES_SIDE_MAX;
}

/* --- put --- */

static void put_stroke(struct buf *out, const struct strokes *s, int stroke)
{
    const int end = end_of(s, stroke);
    int x = 0, y = 0;

    cbor_put_array(out, 1 + 2 * (size_t)(end - s->strokes[stroke].first));
    cbor_put_uint(out, s->strokes[stroke].at_ms);
    for (int i = s->strokes[stroke].first; i < end; i++) {
        cbor_put_int(out, s->points[2 * i] - x);
        cbor_put_int(out, s->points[2 * i + 1] - y);
        x = s->points[2 * i];
        y = s->points[2 * i + 1];
    }
}

enum err strokes_put(struct buf *out, const struct strokes *s)
{
    size_t count = 0;

    if (!is_side(s->width) || !is_side(s->height)) {
        return ERR_USAGE;
    }
    for (int i = 0; i < s->point_count; i++) {
        if (!is_on_paper(s, s->points[2 * i], s->points[2 * i + 1])) {
            return ERR_USAGE;
        }
    }
    for (int i = 0; i < s->stroke_count; i++) {
        count += end_of(s, i) > s->strokes[i].first;
    }
    cbor_put_array(out, 2 + count);
    cbor_put_int(out, s->width);
    cbor_put_int(out, s->height);
    for (int i = 0; i < s->stroke_count; i++) {
        if (end_of(s, i) > s->strokes[i].first) {
            put_stroke(out, s, i);
        }
    }
    return out->err;
}

/* --- get --- */

static bool get_stroke(struct cbor_reader *r, struct strokes *out)
{
    const size_t count = cbor_get_array(r);
    const uint64_t at_ms = cbor_get_uint(r);
    int64_t x = 0, y = 0;

    if (r->err || count < 3 || count % 2 != 1 || at_ms > UINT32_MAX ||
        out->stroke_count == STROKES_MAX ||
        count / 2 > (size_t)(STROKES_POINTS_MAX - out->point_count)) {
        return false;
    }
    strokes_down(out, (uint32_t)at_ms);
    for (size_t i = 0; i < count / 2; i++) {
        const int64_t dx = cbor_get_int(r);
        const int64_t dy = cbor_get_int(r);

        if (r->err || dx < -STROKES_SIDE_MAX || dx > STROKES_SIDE_MAX ||
            dy < -STROKES_SIDE_MAX || dy > STROKES_SIDE_MAX) {
            return false;
        }
        x += dx;
        y += dy;
        if (!is_on_paper(out, (int)x, (int)y)) {
            return false;
        }
        strokes_point(out, (int)x, (int)y);
    }
    return true;
}

enum err strokes_get(struct bytes in, struct strokes *out)
{
    struct cbor_reader r;
    size_t count;
    int64_t width, height;

    memset(out, 0, sizeof(*out));
    cbor_open(&r, in);
    count = cbor_get_array(&r);
    width = cbor_get_int(&r);
    height = cbor_get_int(&r);
    if (r.err || count < 2 || !is_side(width) || !is_side(height)) {
        return ERR_BAD_DATA;
    }
    strokes_begin(out, (int)width, (int)height);
    for (size_t i = 2; i < count; i++) {
        if (!get_stroke(&r, out)) {
            return ERR_BAD_DATA;
        }
    }
    return cbor_close(&r) ? ERR_BAD_DATA : ERR_OK;
}
