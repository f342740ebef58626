#include "ui/kit/path.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

struct cursor {
    const char *at;
    const char *end;
};

/* Where the pen is, and the last control point for smooth curves. */
struct pen {
    double x;
    double y;
    double ctrl_x;
    double ctrl_y;
    bool has_ctrl;
};

static void skip_gaps(struct cursor *c)
{
    while (c->at < c->end && strchr(" ,\t\n", *c->at) != NULL) {
        c->at++;
    }
}

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

/* SVG runs numbers together ("1.5.5-3"), so strtod would read too far. */
static bool read_number(struct cursor *c, double *out)
{
    double value = 0;
    double place = 0.1;
    double sign = 1;
    bool any = false;

    skip_gaps(c);
    if (c->at < c->end && (*c->at == '-' || *c->at == '+')) {
        sign = *c->at == '-' ? -1 : 1;
        c->at++;
    }
    for (; c->at < c->end && is_digit(*c->at); c->at++, any = true) {
        value = value * 10 + (*c->at - '0');
    }
    if (c->at < c->end && *c->at == '.') {
        for (c->at++; c->at < c->end && is_digit(*c->at); c->at++, any = true) {
            value += (*c->at - '0') * place;
            place /= 10;
        }
    }
    *out = sign * value;
    return any;
}

/* The flags of an arc may stand without a gap: "0 01.5". */
static bool read_flag(struct cursor *c, double *out)
{
    skip_gaps(c);
    if (c->at >= c->end || (*c->at != '0' && *c->at != '1')) {
        return false;
    }
    *out = *c->at++ - '0';
    return true;
}

static double angle_between(double ux, double uy, double vx, double vy)
{
    return atan2(ux * vy - uy * vx, ux * vx + uy * vy);
}

/* SVG 1.1 appendix F.6.5: end points to centre. */
static void arc_to(cairo_t *cr, const double a[7], double x0, double y0)
{
    const double phi = a[2] * PI / 180;
    const double dx = (x0 - a[5]) / 2;
    const double dy = (y0 - a[6]) / 2;
    const double px = cos(phi) * dx + sin(phi) * dy;
    const double py = -sin(phi) * dx + cos(phi) * dy;
    double rx = fabs(a[0]);
    double ry = fabs(a[1]);
    double over, k, cx, cy, t0, dt;
    cairo_matrix_t saved;

    if (rx <= 0 || ry <= 0) {
        cairo_line_to(cr, a[5], a[6]);
        return;
    }
    over = px * px / (rx * rx) + py * py / (ry * ry);
    if (over > 1) {
        rx *= sqrt(over);
        ry *= sqrt(over);
        over = 1;
    }
    k = over > 0 ? sqrt(fmax(0, 1 / over - 1)) : 0;
    if ((a[3] > 0.5) == (a[4] > 0.5)) {
        k = -k;
    }
    cx = k * rx * py / ry;
    cy = -k * ry * px / rx;
    t0 = angle_between(1, 0, (px - cx) / rx, (py - cy) / ry);
    dt = angle_between((px - cx) / rx, (py - cy) / ry, (-px - cx) / rx,
                       (-py - cy) / ry);
    if (a[4] > 0.5 && dt < 0) {
        dt += 2 * PI;
    } else if (a[4] <= 0.5 && dt > 0) {
        dt -= 2 * PI;
    }
    cairo_get_matrix(cr, &saved);
    cairo_translate(cr, cos(phi) * cx - sin(phi) * cy + (x0 + a[5]) / 2,
                    sin(phi) * cx + cos(phi) * cy + (y0 + a[6]) / 2);
    cairo_rotate(cr, phi);
    cairo_scale(cr, rx, ry);
    if (dt > 0) {
        cairo_arc(cr, 0, 0, 1, t0, t0 + dt);
    } else {
        cairo_arc_negative(cr, 0, 0, 1, t0, t0 + dt);
    }
    cairo_set_matrix(cr, &saved);
}

static int arg_count(char cmd)
{
    switch (cmd | 0x20) {
    case 'm':
    case 'l':
        return 2;
    case 'h':
    case 'v':
        return 1;
    case 's':
        return 4;
    case 'c':
        return 6;
    case 'a':
        return 7;
    default:
        return 0;
    }
}

static bool read_args(struct cursor *c, char cmd, double *a)
{
    const int count = arg_count(cmd);

    for (int i = 0; i < count; i++) {
        const bool is_flag = (cmd | 0x20) == 'a' && (i == 3 || i == 4);

        if (!(is_flag ? read_flag(c, &a[i]) : read_number(c, &a[i]))) {
            return false;
        }
    }
    return true;
}

/* Relative coordinates become absolute; h and v get their other half. */
static void make_absolute(char cmd, const struct pen *pen, double *a)
{
    const bool is_rel = (cmd & 0x20) != 0;
    const double dx = is_rel ? pen->x : 0;
    const double dy = is_rel ? pen->y : 0;

    switch (cmd | 0x20) {
    case 'h':
        a[0] += dx;
        a[1] = pen->y;
        break;
    case 'v':
        a[1] = a[0] + dy;
        a[0] = pen->x;
        break;
    case 'a':
        a[5] += dx;
        a[6] += dy;
        break;
    default:
        for (int i = 0; i < arg_count(cmd); i += 2) {
            a[i] += dx;
            a[i + 1] += dy;
        }
    }
}

static void curve(cairo_t *cr, struct pen *pen, const double *a)
{
    cairo_curve_to(cr, a[0], a[1], a[2], a[3], a[4], a[5]);
    pen->ctrl_x = a[2];
    pen->ctrl_y = a[3];
    pen->has_ctrl = true;
}

static void draw_part(cairo_t *cr, char cmd, struct pen *pen, double *a)
{
    const bool had_ctrl = pen->has_ctrl;

    pen->has_ctrl = false;
    switch (cmd | 0x20) {
    case 'm':
        cairo_move_to(cr, a[0], a[1]);
        break;
    case 'c':
        curve(cr, pen, a);
        break;
    case 's': {
        const double full[6] = {
            had_ctrl ? 2 * pen->x - pen->ctrl_x : pen->x,
            had_ctrl ? 2 * pen->y - pen->ctrl_y : pen->y,
            a[0],
            a[1],
            a[2],
            a[3],
        };

        curve(cr, pen, full);
        break;
    }
    case 'a':
        arc_to(cr, a, pen->x, pen->y);
        break;
    default:
        cairo_line_to(cr, a[0], a[1]);
    }
    cairo_get_current_point(cr, &pen->x, &pen->y);
}

void path_add(cairo_t *cr, const char *text, size_t len)
{
    struct cursor c = { text, text + len };
    struct pen pen = { 0 };
    double args[8] = { 0 };
    char cmd = 0;

    for (;;) {
        skip_gaps(&c);
        if (c.at >= c.end) {
            return;
        }
        if (strchr("MmLlHhVvCcSsAaZz", *c.at) != NULL) {
            cmd = *c.at++;
        } else if (cmd == 'm' || cmd == 'M') {
            cmd = cmd == 'm' ? 'l' : 'L'; /* more pairs are lines */
        }
        if (cmd == 'z' || cmd == 'Z') {
            cairo_close_path(cr);
            cairo_get_current_point(cr, &pen.x, &pen.y);
            cmd = 0;
            continue;
        }
        if (cmd == 0 || !read_args(&c, cmd, args)) {
            return;
        }
        make_absolute(cmd, &pen, args);
        draw_part(cr, cmd, &pen, args);
    }
}

int path_numbers(const char *text, size_t len, double *out, int max)
{
    struct cursor c = { text, text + len };
    int n = 0;

    while (n < max && read_number(&c, &out[n])) {
        n++;
    }
    return n;
}
