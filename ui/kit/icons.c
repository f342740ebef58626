#include "ui/kit/icons.h"

#include <math.h>
#include <string.h>

#include "ui/kit/path.h"

#define ICON_BOX    24.0
#define ICON_STROKE 1.75
#define MARK_BOX    48.0

#define ICON(NAME, name, mirrors, shapes) { name, mirrors, shapes },
static const struct {
    const char *name;
    bool mirrors;
    const char *shapes;
} icons[] = {
    { "none", false, "" },
#include "ui/kit/icons.def"
    { "mark", false, "" },
};
#undef ICON

bool icon_mirrors(enum icon icon)
{
    return icons[icon].mirrors;
}

enum icon icon_find(const char *name)
{
    for (int i = 1; i < ICON__COUNT; i++) {
        if (strcmp(icons[i].name, name) == 0) {
            return (enum icon)i;
        }
    }
    return ICON_NONE;
}

static void round_box(cairo_t *cr, double x, double y, double w, double h,
                      double r)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + w - r, y + r, r, -PI / 2, 0);
    cairo_arc(cr, x + w - r, y + h - r, r, 0, PI / 2);
    cairo_arc(cr, x + r, y + h - r, r, PI / 2, PI);
    cairo_arc(cr, x + r, y + r, r, PI, 3 * PI / 2);
    cairo_close_path(cr);
}

static void draw_shape(cairo_t *cr, const char *shape, size_t len)
{
    const char kind = shape[0];
    double n[5];

    cairo_new_path(cr);
    if (kind == 'p' || kind == 'f') {
        path_add(cr, shape + 1, len - 1);
    } else {
        const int count = path_numbers(shape + 1, len - 1, n, 5);

        if (count == 3) {
            cairo_arc(cr, n[0], n[1], n[2], 0, 2 * PI);
        } else if (count == 5) {
            round_box(cr, n[0], n[1], n[2], n[3], n[4]);
        }
    }
    if (kind == 'd' || kind == 'f' || kind == 'R') {
        cairo_fill(cr);
    } else {
        cairo_stroke(cr);
    }
}

void icon_draw(cairo_t *cr, enum icon icon, double x, double y, double size)
{
    const char *at = icons[icon].shapes;

    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, size / ICON_BOX, size / ICON_BOX);
    cairo_set_line_width(cr, ICON_STROKE);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    while (*at != '\0') {
        const size_t len = strcspn(at, ";");

        draw_shape(cr, at, len);
        at += len;
        at += *at == ';';
    }
    cairo_restore(cr);
}

static void set_rgb(cairo_t *cr, unsigned rgb)
{
    cairo_set_source_rgb(cr, ((rgb >> 16) & 255) / 255.0,
                         ((rgb >> 8) & 255) / 255.0, (rgb & 255) / 255.0);
}

void icon_draw_mark(cairo_t *cr, double x, double y, double size, unsigned back,
                    unsigned front)
{
    static const char route[] = "M15 36V12h10.5a6 6 0 0 1 0 12H15"
                                "M25.5 24H27a6 6 0 0 1 0 12h-5";

    cairo_save(cr);
    cairo_translate(cr, x, y);
    cairo_scale(cr, size / MARK_BOX, size / MARK_BOX);
    cairo_new_path(cr);
    round_box(cr, 0, 0, MARK_BOX, MARK_BOX, 11);
    set_rgb(cr, back);
    cairo_fill(cr);
    set_rgb(cr, front);
    cairo_set_line_width(cr, 4.6);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    path_add(cr, route, sizeof(route) - 1);
    cairo_stroke(cr);
    cairo_arc(cr, 15, 36, 4.6, 0, 2 * PI);
    cairo_fill(cr);
    cairo_restore(cr);
}
