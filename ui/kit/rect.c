#include "ui/kit/rect.h"

#include "ui/kit/tokens.h"

static int min_int(int a, int b)
{
    return a < b ? a : b;
}

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

struct rect rect_make(int x, int y, int w, int h)
{
    struct rect r = { x, y, w, h };

    return r;
}

struct rect rect_inset(struct rect r, int dx, int dy)
{
    return rect_make(r.x + dx, r.y + dy, max_int(r.w - 2 * dx, 0),
                     max_int(r.h - 2 * dy, 0));
}

struct rect rect_grow(struct rect r, int d)
{
    return rect_make(r.x - d, r.y - d, r.w + 2 * d, r.h + 2 * d);
}

struct rect rect_cut_top(struct rect *r, int h)
{
    const int taken = min_int(max_int(h, 0), r->h);
    const struct rect out = rect_make(r->x, r->y, r->w, taken);

    r->y += taken;
    r->h -= taken;
    return out;
}

struct rect rect_cut_bottom(struct rect *r, int h)
{
    const int taken = min_int(max_int(h, 0), r->h);

    r->h -= taken;
    return rect_make(r->x, r->y + r->h, r->w, taken);
}

struct rect rect_cut_start(struct rect *r, int w)
{
    const int taken = min_int(max_int(w, 0), r->w);
    const struct rect out = rect_make(r->x, r->y, taken, r->h);

    r->x += taken;
    r->w -= taken;
    return out;
}

struct rect rect_cut_end(struct rect *r, int w)
{
    const int taken = min_int(max_int(w, 0), r->w);

    r->w -= taken;
    return rect_make(r->x + r->w, r->y, taken, r->h);
}

static int cell_edge(int i, int n, int total)
{
    return (2 * i * total + n) / (2 * n); /* rounded to nearest */
}

struct rect rect_cell(struct rect r, int n, int i, int gap)
{
    const int x0 = cell_edge(i, n, r.w + gap);
    const int x1 = cell_edge(i + 1, n, r.w + gap) - gap;

    return rect_make(r.x + x0, r.y, x1 - x0, r.h);
}

struct rect rect_columns(struct rect r, int first, int span)
{
    const struct rect a = rect_cell(r, 12, first, S_GUTTER);
    const struct rect b = rect_cell(r, 12, first + span - 1, S_GUTTER);

    return rect_make(a.x, r.y, b.x + b.w - a.x, r.h);
}

struct rect rect_intersect(struct rect a, struct rect b)
{
    const int x0 = max_int(a.x, b.x);
    const int y0 = max_int(a.y, b.y);
    const int x1 = min_int(a.x + a.w, b.x + b.w);
    const int y1 = min_int(a.y + a.h, b.y + b.h);

    return rect_make(x0, y0, max_int(x1 - x0, 0), max_int(y1 - y0, 0));
}

struct rect rect_union(struct rect a, struct rect b)
{
    int x0;
    int y0;

    if (rect_is_empty(a)) {
        return b;
    }
    if (rect_is_empty(b)) {
        return a;
    }
    x0 = min_int(a.x, b.x);
    y0 = min_int(a.y, b.y);
    return rect_make(x0, y0, max_int(a.x + a.w, b.x + b.w) - x0,
                     max_int(a.y + a.h, b.y + b.h) - y0);
}

bool rect_is_empty(struct rect r)
{
    return r.w <= 0 || r.h <= 0;
}

bool rect_contains(struct rect r, int x, int y)
{
    return x >= r.x && x < r.x + r.w && y >= r.y && y < r.y + r.h;
}

bool rect_inside(struct rect inner, struct rect outer)
{
    return inner.x >= outer.x && inner.y >= outer.y &&
           inner.x + inner.w <= outer.x + outer.w &&
           inner.y + inner.h <= outer.y + outer.h;
}
