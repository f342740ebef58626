#include "ui/kit/render.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ui/kit/path.h"

struct render {
    cairo_surface_t *surface;
    int scale; /* per cent */
};

enum err render_new(int width, int height, struct render **out)
{
    struct render *r = calloc(1, sizeof(*r));

    if (r == NULL) {
        return ERR_NOMEM;
    }
    r->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
    if (cairo_surface_status(r->surface) != CAIRO_STATUS_SUCCESS) {
        render_free(r);
        return ERR_NOMEM;
    }
    r->scale = 100;
    *out = r;
    return ERR_OK;
}

void render_set_scale(struct render *r, int percent)
{
    r->scale = percent;
}

struct rect render_cover(const struct render *r, struct rect dp)
{
    const int x = dp.x * r->scale / 100;
    const int y = dp.y * r->scale / 100;
    const int right = ((dp.x + dp.w) * r->scale + 99) / 100;
    const int bottom = ((dp.y + dp.h) * r->scale + 99) / 100;

    return rect_intersect(
        rect_make(x, y, right - x, bottom - y),
        rect_make(0, 0, cairo_image_surface_get_width(r->surface),
                  cairo_image_surface_get_height(r->surface)));
}

void render_free(struct render *r)
{
    if (r == NULL) {
        return;
    }
    cairo_surface_destroy(r->surface);
    free(r);
}

static void set_color(cairo_t *cr, uint32_t argb)
{
    cairo_set_source_rgba(cr, ((argb >> 16) & 255) / 255.0,
                          ((argb >> 8) & 255) / 255.0, (argb & 255) / 255.0,
                          (argb >> 24) / 255.0);
}

static void box_path(cairo_t *cr, double x, double y, double w, double h,
                     double radius)
{
    const double r = fmin(radius, fmin(w, h) / 2);

    cairo_new_path(cr);
    if (r <= 0) {
        cairo_rectangle(cr, x, y, w, h);
        return;
    }
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + w - r, y + r, r, -PI / 2, 0);
    cairo_arc(cr, x + w - r, y + h - r, r, 0, PI / 2);
    cairo_arc(cr, x + r, y + h - r, r, PI / 2, PI);
    cairo_arc(cr, x + r, y + r, r, PI, 3 * PI / 2);
    cairo_close_path(cr);
}

/* A box on whole pixels, in dp again; a hairline is one pixel at least. */
struct place {
    double x;
    double y;
    double w;
    double h;
    double edge;
};

static double on_pixel(int dp, double scale)
{
    return round(dp * scale) / scale;
}

static struct place place_of(cairo_t *cr, const struct draw_cmd *c)
{
    struct place p;
    double scale = 1;
    double y_scale = 1;

    cairo_user_to_device_distance(cr, &scale, &y_scale);
    p.x = on_pixel(c->box.x, scale);
    p.y = on_pixel(c->box.y, scale);
    p.w = on_pixel(c->box.x + c->box.w, scale) - p.x;
    p.h = on_pixel(c->box.y + c->box.h, scale) - p.y;
    p.w = c->box.w > 0 ? fmax(p.w, 1 / scale) : p.w;
    p.h = c->box.h > 0 ? fmax(p.h, 1 / scale) : p.h;
    p.edge = fmax(round(c->edge_w * scale), 1) / scale;
    return p;
}

static void paint_box(cairo_t *cr, const struct draw_cmd *c)
{
    const struct place p = place_of(cr, c);

    if (c->fill >> 24) {
        set_color(cr, c->fill);
        box_path(cr, p.x, p.y, p.w, p.h, c->radius);
        cairo_fill(cr);
    }
    if (c->edge >> 24) {
        const double inset = p.edge / 2;

        set_color(cr, c->edge);
        cairo_set_line_width(cr, p.edge);
        box_path(cr, p.x + inset, p.y + inset, p.w - p.edge, p.h - p.edge,
                 c->radius > inset ? c->radius - inset : 0);
        cairo_stroke(cr);
    }
}

static void paint_icon(cairo_t *cr, const struct draw_cmd *c)
{
    cairo_save(cr);
    if (c->is_flipped) {
        cairo_translate(cr, 2.0 * c->box.x + c->box.w, 0);
        cairo_scale(cr, -1, 1);
    }
    if (c->icon == ICON_MARK) {
        icon_draw_mark(cr, c->box.x, c->box.y, c->box.w, c->fill & 0xFFFFFF,
                       c->edge & 0xFFFFFF);
    } else {
        set_color(cr, c->fill);
        icon_draw(cr, c->icon, c->box.x, c->box.y, c->box.w);
    }
    cairo_restore(cr);
}

/* Of its own size, opaque, not rounded: bytes are copied. */
static bool is_plain_copy(cairo_t *cr, const struct draw_cmd *c)
{
    double x = 1;
    double y = 1;

    cairo_user_to_device_distance(cr, &x, &y);
    return x == 1 && c->image->is_opaque && c->radius == 0 &&
           c->box.w == c->image->width && c->box.h == c->image->height;
}

static void paint_copy(cairo_t *cr, const struct draw_cmd *c,
                       cairo_surface_t *pixels)
{
    cairo_set_source_surface(cr, pixels, c->box.x, c->box.y);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
    cairo_rectangle(cr, c->box.x, c->box.y, c->box.w, c->box.h);
    cairo_fill(cr);
}

/* On a large screen a picture that is stretched at each frame must be quick:
 * it is drawn well again as soon as the fingers rest. */
#define QUICK_DP (1600 * 1200)

static cairo_filter_t filter_of(cairo_t *cr, const struct image *image)
{
    cairo_surface_t *to = cairo_get_target(cr);
    const int size =
        cairo_image_surface_get_width(to) * cairo_image_surface_get_height(to);

    if (!image->is_opaque) {
        return CAIRO_FILTER_GOOD;
    }
    return size > QUICK_DP ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_BILINEAR;
}

/* Cover-fit: the box is full, what is over at two sides is cut. */
static void paint_image(cairo_t *cr, const struct draw_cmd *c)
{
    const struct image *image = c->image;
    const double scale =
        fmax(c->box.w / (double)image->width, c->box.h / (double)image->height);
    cairo_surface_t *pixels = cairo_image_surface_create_for_data(
        image->pixels,
        image->is_opaque ? CAIRO_FORMAT_RGB24 : CAIRO_FORMAT_ARGB32,
        image->width, image->height, image->stride);

    if (is_plain_copy(cr, c)) {
        paint_copy(cr, c, pixels);
        cairo_surface_destroy(pixels);
        return;
    }
    cairo_save(cr);
    box_path(cr, c->box.x, c->box.y, c->box.w, c->box.h, c->radius);
    cairo_clip(cr);
    cairo_translate(cr, c->box.x + (c->box.w - image->width * scale) / 2,
                    c->box.y + (c->box.h - image->height * scale) / 2);
    cairo_scale(cr, scale, scale);
    cairo_set_source_surface(cr, pixels, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), filter_of(cr, image));
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(pixels);
}

static void paint_arc(cairo_t *cr, const struct draw_cmd *c)
{
    const double r = (c->box.w - c->edge_w) / 2.0;

    set_color(cr, c->edge);
    cairo_set_line_width(cr, c->edge_w);
    cairo_new_path(cr);
    cairo_arc(cr, c->box.x + c->box.w / 2.0, c->box.y + c->box.h / 2.0, r,
              -PI / 2, -PI / 2 + 2 * PI * c->turn / 1000.0);
    cairo_stroke(cr);
}

static void paint_line(cairo_t *cr, const struct draw_list *list,
                       const struct draw_cmd *c)
{
    const char *at = list->text + c->text_at;
    int16_t p[2] = { DRAW_LIFT, 0 };
    bool is_down = false;

    set_color(cr, c->edge);
    cairo_set_line_width(cr, c->edge_w);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_new_path(cr);
    for (uint32_t i = 0; i < c->text_len; i += sizeof(p)) {
        memcpy(p, at + i, sizeof(p));
        if (p[0] == DRAW_LIFT) {
            is_down = false;
        } else if (is_down) {
            cairo_line_to(cr, c->box.x + p[0], c->box.y + p[1]);
        } else { /* a point alone is a dot */
            cairo_move_to(cr, c->box.x + p[0], c->box.y + p[1]);
            cairo_line_to(cr, c->box.x + p[0], c->box.y + p[1]);
            is_down = true;
        }
    }
    cairo_stroke(cr);
}

static void paint_path(cairo_t *cr, const struct draw_list *list,
                       const struct draw_cmd *c)
{
    const double dash[] = { c->dash, c->gap };
    bool is_first = true;

    cairo_new_path(cr);
    for (uint32_t i = 0; i < c->point_count; i++) {
        const struct draw_point *p = &list->points[c->points_at + i];

        if (p->x == DRAW_BREAK) {
            is_first = true;
        } else if (is_first) {
            cairo_move_to(cr, p->x, p->y);
            is_first = false;
        } else {
            cairo_line_to(cr, p->x, p->y);
        }
    }
    if (c->fill >> 24) {
        set_color(cr, c->fill);
        cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
        cairo_fill_preserve(cr);
    }
    if (c->edge >> 24) {
        set_color(cr, c->edge);
        cairo_set_line_width(cr, c->edge_w);
        cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
        cairo_set_line_cap(cr, c->dash > 0 ? CAIRO_LINE_CAP_BUTT
                                           : CAIRO_LINE_CAP_ROUND);
        cairo_set_dash(cr, dash, c->dash > 0 ? 2 : 0, 0);
        cairo_stroke(cr);
        cairo_set_dash(cr, NULL, 0, 0);
    }
    cairo_new_path(cr);
}

static void paint_cmd(cairo_t *cr, struct text_engine *engine,
                      const struct draw_list *list, const struct draw_cmd *c)
{
    struct text_job job;

    switch (c->kind) {
    case DRAW_BOX:
        paint_box(cr, c);
        break;
    case DRAW_TEXT:
        job = draw_job(list, c);
        text_draw(engine, cr, &job, c->box.x, c->box.y, c->fill & 0xFFFFFF);
        break;
    case DRAW_ICON:
        paint_icon(cr, c);
        break;
    case DRAW_IMAGE:
        paint_image(cr, c);
        break;
    case DRAW_ARC:
        paint_arc(cr, c);
        break;
    case DRAW_LINE:
        paint_line(cr, list, c);
        break;
    case DRAW_PATH:
        paint_path(cr, list, c);
        break;
    case DRAW_CLIP:
        cairo_save(cr);
        cairo_rectangle(cr, c->box.x, c->box.y, c->box.w, c->box.h);
        cairo_clip(cr);
        break;
    case DRAW_UNCLIP:
        cairo_restore(cr);
        break;
    }
}

static bool is_clip(const struct draw_cmd *c)
{
    return c->kind == DRAW_CLIP || c->kind == DRAW_UNCLIP;
}

void render_paint(struct render *r, struct text_engine *engine,
                  const struct draw_list *list, struct rect damage)
{
    cairo_t *cr = cairo_create(r->surface);
    const struct rect px = render_cover(r, damage);

    cairo_rectangle(cr, px.x, px.y, px.w, px.h);
    cairo_clip(cr);
    cairo_scale(cr, r->scale / 100.0, r->scale / 100.0);
    for (int i = 0; i < list->count; i++) {
        const struct draw_cmd *c = &list->cmds[i];

        if (is_clip(c) ||
            !rect_is_empty(rect_intersect(rect_grow(c->box, 2), damage))) {
            paint_cmd(cr, engine, list, c);
        }
    }
    cairo_destroy(cr);
    cairo_surface_flush(r->surface);
}

const uint8_t *render_pixels(const struct render *r, int *stride_out)
{
    *stride_out = cairo_image_surface_get_stride(r->surface);
    return cairo_image_surface_get_data(r->surface);
}

enum err render_save(const struct render *r, const char *path)
{
    return cairo_surface_write_to_png(r->surface, path) == CAIRO_STATUS_SUCCESS
               ? ERR_OK
               : ERR_IO;
}
