#include "core/drawn.h"

#include <math.h>
#include <string.h>

#define AREA_HEAD "{\"type\":\"Polygon\",\"coordinates\":[["
#define AREA_END  "]]}"
#define LINE_HEAD "{\"type\":\"LineString\",\"coordinates\":["
#define LINE_END  "]}"
#define DEGREE_E7 10000000
#define DEGREE_M  111319.5
#define TO_RADIAN 1.7453292519943295e-9 /* of 1e-7 degree */

bool drawn_add(struct drawn *d, struct geo_pos p)
{
    if (d->count == DRAWN_POINTS_MAX ||
        (d->count > 0 && geo_pos_eq(d->points[d->count - 1], p))) {
        return false;
    }
    d->points[d->count++] = p;
    return true;
}

void drawn_thin(struct drawn *d)
{
    size_t kept = 0;

    for (size_t i = 0; i < d->count; i += 2) {
        d->points[kept++] = d->points[i];
    }
    d->count = kept;
}

/* --- text --- */

static void put_degrees(struct buf *out, int32_t e7)
{
    const uint32_t value = e7 < 0 ? 0U - (uint32_t)e7 : (uint32_t)e7;
    char digits[8];
    size_t len = 7;

    buf_printf(out, "%s%u", e7 < 0 ? "-" : "", value / DEGREE_E7);
    for (uint32_t rest = value % DEGREE_E7, i = 7; i > 0; i--) {
        digits[i - 1] = (char)('0' + rest % 10);
        rest /= 10;
    }
    while (len > 0 && digits[len - 1] == '0') {
        len--;
    }
    if (len > 0) {
        buf_put_text(out, ".");
        buf_put(out, digits, len);
    }
}

static void put_position(struct buf *out, const struct geo_pos *p,
                         const char *before)
{
    buf_put_text(out, before);
    put_degrees(out, p->lon_e7);
    buf_put_text(out, ",");
    put_degrees(out, p->lat_e7);
    buf_put_text(out, "]");
}

void drawn_put(const struct drawn *d, struct buf *out)
{
    const bool is_area = d->kind == DRAWN_AREA;

    ASSERT(d->count > 0);
    buf_put_text(out, is_area ? AREA_HEAD : LINE_HEAD);
    for (size_t i = 0; i < d->count; i++) {
        put_position(out, &d->points[i], i > 0 ? ",[" : "[");
    }
    if (is_area) {
        put_position(out, &d->points[0], ",[");
    }
    buf_put_text(out, is_area ? AREA_END : LINE_END);
}

struct cursor {
    const char *at, *end;
};

static bool eat(struct cursor *c, const char *text)
{
    const size_t len = strlen(text);

    if ((size_t)(c->end - c->at) < len || memcmp(c->at, text, len) != 0) {
        return false;
    }
    c->at += len;
    return true;
}

static bool is_digit(const struct cursor *c)
{
    return c->at < c->end && *c->at >= '0' && *c->at <= '9';
}

/* Up to seven digits, the last of them no zero. */
static bool eat_fraction(struct cursor *c, int64_t *e7)
{
    int64_t unit = DEGREE_E7 / 10;
    const char *first = c->at;

    for (; is_digit(c) && unit > 0; unit /= 10) {
        *e7 += (*c->at++ - '0') * unit;
    }
    return c->at > first && c->at[-1] != '0' && !is_digit(c);
}

static bool eat_degrees(struct cursor *c, int32_t max_e7, int32_t *out)
{
    const bool is_negative = eat(c, "-");
    const char *first = c->at;
    int64_t e7 = 0;

    while (is_digit(c) && c->at - first < 3) {
        e7 = e7 * 10 + (*c->at++ - '0');
    }
    if (c->at == first || is_digit(c) || (*first == '0' && c->at > first + 1)) {
        return false;
    }
    e7 *= DEGREE_E7;
    if (eat(c, ".") && !eat_fraction(c, &e7)) {
        return false;
    }
    if (e7 > max_e7 || (is_negative && e7 == 0)) {
        return false;
    }
    *out = (int32_t)(is_negative ? -e7 : e7);
    return true;
}

static bool eat_position(struct cursor *c, struct geo_pos *out)
{
    return eat(c, "[") && eat_degrees(c, GEO_LON_MAX_E7, &out->lon_e7) &&
           eat(c, ",") && eat_degrees(c, GEO_LAT_MAX_E7, &out->lat_e7) &&
           eat(c, "]");
}

/* All but the end of the ring or line; an area's first corner again is its
 * end, and stands nowhere else. */
static bool eat_positions(struct cursor *c, struct drawn *d)
{
    do {
        struct geo_pos p;

        if (!eat_position(c, &p)) {
            return false;
        }
        if (d->kind == DRAWN_AREA && d->count > 0 &&
            geo_pos_eq(p, d->points[0])) {
            return true;
        }
        if (!drawn_add(d, p)) {
            return false;
        }
    } while (eat(c, ","));
    return d->kind == DRAWN_LINE;
}

enum err drawn_parse(const char *text, size_t len, struct drawn *out)
{
    struct cursor c = { text, text + len };
    const bool is_area = eat(&c, AREA_HEAD);

    *out = (struct drawn){ .kind = is_area ? DRAWN_AREA : DRAWN_LINE };
    return (is_area || eat(&c, LINE_HEAD)) && eat_positions(&c, out) &&
                   eat(&c, is_area ? AREA_END : LINE_END) && c.at == c.end &&
                   drawn_is_whole(out)
               ? ERR_OK
               : ERR_BAD_DATA;
}

/* --- what it comes to --- */

/* Which side of the line from `a` to `b` `c` is on: the sign. */
static double side(struct geo_pos a, struct geo_pos b, struct geo_pos c)
{
    return ((double)b.lon_e7 - a.lon_e7) * ((double)c.lat_e7 - a.lat_e7) -
           ((double)b.lat_e7 - a.lat_e7) * ((double)c.lon_e7 - a.lon_e7);
}

static bool do_cross(struct geo_pos a, struct geo_pos b, struct geo_pos c,
                     struct geo_pos d)
{
    return side(a, b, c) * side(a, b, d) < 0 &&
           side(c, d, a) * side(c, d, b) < 0;
}

bool drawn_crosses(const struct drawn *d)
{
    for (size_t i = 0; d->kind == DRAWN_AREA && i < d->count; i++) {
        for (size_t k = i + 1; k < d->count; k++) {
            if (do_cross(d->points[i], d->points[(i + 1) % d->count],
                         d->points[k], d->points[(k + 1) % d->count])) {
                return true;
            }
        }
    }
    return false;
}

bool drawn_is_whole(const struct drawn *d)
{
    return d->kind == DRAWN_LINE ? d->count >= 2
                                 : d->count >= 3 && !drawn_crosses(d);
}

int64_t drawn_length_mm(const struct drawn *d)
{
    const struct geo_line line = { d->points, d->count };
    int64_t length = geo_line_length_mm(&line);

    if (d->kind == DRAWN_AREA && d->count > 1) {
        length += geo_distance_mm(d->points[d->count - 1], d->points[0]);
    }
    return length;
}

int64_t drawn_area_m2(const struct drawn *d)
{
    double sum = 0;
    double east;

    if (d->kind == DRAWN_LINE || d->count < 3) {
        return 0;
    }
    east = cos(d->points[0].lat_e7 * TO_RADIAN);
    for (size_t i = 1; i + 1 < d->count; i++) {
        sum += side(d->points[0], d->points[i], d->points[i + 1]);
    }
    return llround(fabs(sum) / 2 * (DEGREE_M / DEGREE_E7) *
                   (DEGREE_M / DEGREE_E7) * east);
}
