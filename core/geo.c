#include "core/geo.h"

#include <math.h>

/* WGS 84 (NIMA TR8350.2): half the equator's axis, metres; flattening. */
#define AXIS_M     6378137.0
#define FLATTENING (1 / 298.257223563)
#define ECC2       (FLATTENING * (2 - FLATTENING))
#define MM         1000.0
/* 1e-7 degree in radians. */
#define E7_RAD 1.7453292519943295e-9

bool geo_pos_is_valid(struct geo_pos p)
{
    return p.lat_e7 >= -GEO_LAT_MAX_E7 && p.lat_e7 <= GEO_LAT_MAX_E7 &&
           p.lon_e7 >= -GEO_LON_MAX_E7 && p.lon_e7 <= GEO_LON_MAX_E7;
}

bool geo_pos_eq(struct geo_pos a, struct geo_pos b)
{
    return a.lat_e7 == b.lat_e7 && a.lon_e7 == b.lon_e7;
}

/* --- how far --- */

static double square(double x)
{
    return x * x;
}

/* On the sphere that the ellipsoid is mapped to. */
static double reduced_latitude(int32_t lat_e7)
{
    return atan((1 - FLATTENING) * tan(lat_e7 * E7_RAD));
}

int64_t geo_distance_mm(struct geo_pos a, struct geo_pos b)
{
    const double lat_a = reduced_latitude(a.lat_e7);
    const double lat_b = reduced_latitude(b.lat_e7);
    const double half_lon = ((double)b.lon_e7 - (double)a.lon_e7) * E7_RAD / 2;
    const double mid = (lat_a + lat_b) / 2;
    const double half = (lat_b - lat_a) / 2;
    /* sin(angle / 2)^2: the haversine, good for short ways too. */
    const double h = fmin(1, square(sin(half)) + cos(lat_a) * cos(lat_b) *
                                                     square(sin(half_lon)));
    const double angle = 2 * asin(sqrt(h));
    double x = 0, y;

    if (h <= 0) {
        return 0;
    }
    if (h < 1) {
        x = (angle - sin(angle)) * square(sin(mid) * cos(half)) / (1 - h);
    }
    y = (angle + sin(angle)) * square(cos(mid) * sin(half)) / h;
    return llround(AXIS_M * (angle - FLATTENING / 2 * (x + y)) * MM);
}

int64_t geo_line_length_mm(const struct geo_line *line)
{
    int64_t sum = 0;

    for (size_t i = 1; i < line->count; i++) {
        sum += geo_distance_mm(line->points[i - 1], line->points[i]);
    }
    return sum;
}

/* --- boxes --- */

bool geo_box_has(const struct geo_box *box, struct geo_pos p)
{
    return p.lat_e7 >= box->min.lat_e7 && p.lat_e7 <= box->max.lat_e7 &&
           p.lon_e7 >= box->min.lon_e7 && p.lon_e7 <= box->max.lon_e7;
}

static void widen(struct geo_box *box, struct geo_pos p)
{
    if (p.lat_e7 < box->min.lat_e7) {
        box->min.lat_e7 = p.lat_e7;
    }
    if (p.lat_e7 > box->max.lat_e7) {
        box->max.lat_e7 = p.lat_e7;
    }
    if (p.lon_e7 < box->min.lon_e7) {
        box->min.lon_e7 = p.lon_e7;
    }
    if (p.lon_e7 > box->max.lon_e7) {
        box->max.lon_e7 = p.lon_e7;
    }
}

struct geo_box geo_box_empty(void)
{
    return (struct geo_box){ { INT32_MAX, INT32_MAX },
                             { INT32_MIN, INT32_MIN } };
}

void geo_box_add(struct geo_box *box, const struct geo_line *line)
{
    for (size_t i = 0; i < line->count; i++) {
        widen(box, line->points[i]);
    }
}

/* --- inside or not --- */

enum side { OUTSIDE, INSIDE, ON_EDGE };

static bool is_between(int32_t v, int32_t a, int32_t b)
{
    return a < b ? v >= a && v <= b : v >= b && v <= a;
}

/* Products of two differences: each is below 2^63, their difference isn't
 * always, so they are compared and never subtracted. */
static int64_t across(struct geo_pos from, struct geo_pos lat,
                      struct geo_pos lon)
{
    return ((int64_t)lat.lat_e7 - from.lat_e7) *
           ((int64_t)lon.lon_e7 - from.lon_e7);
}

static enum side ring_side(const struct geo_line *ring, struct geo_pos p)
{
    bool is_in = false;

    for (size_t i = 1; i < ring->count; i++) {
        const struct geo_pos a = ring->points[i - 1], b = ring->points[i];
        const int64_t left = across(a, p, b), right = across(a, b, p);

        if (left == right && is_between(p.lat_e7, a.lat_e7, b.lat_e7) &&
            is_between(p.lon_e7, a.lon_e7, b.lon_e7)) {
            return ON_EDGE;
        }
        /* The edge crosses the line from p to the east? */
        if ((a.lat_e7 > p.lat_e7) != (b.lat_e7 > p.lat_e7) &&
            (b.lat_e7 > a.lat_e7 ? right < left : right > left)) {
            is_in = !is_in;
        }
    }
    return is_in ? INSIDE : OUTSIDE;
}

static bool polygon_has(const struct geo_polygon *polygon, struct geo_pos p)
{
    enum side side;

    if (polygon->count == 0) {
        return false;
    }
    side = ring_side(&polygon->rings[0], p);
    for (size_t i = 1; i < polygon->count && side == INSIDE; i++) {
        if (ring_side(&polygon->rings[i], p) == INSIDE) {
            return false;
        }
    }
    return side != OUTSIDE;
}

bool geo_shape_has(const struct geo_shape *shape, struct geo_pos p)
{
    if (!geo_pos_is_valid(p)) {
        return false; /* and a product might not fit */
    }
    for (size_t i = 0; i < shape->count; i++) {
        if (polygon_has(&shape->polygons[i], p)) {
            return true;
        }
    }
    return false;
}

/* --- how near --- */

/* The ground around one position as a plane, metres. */
struct plane {
    struct geo_pos origin;
    double lat_m, lon_m; /* of 1e-7 degree */
};

static struct plane plane_at(struct geo_pos p)
{
    const double s = sin(p.lat_e7 * E7_RAD);
    const double w = 1 - ECC2 * s * s;
    const double across_m = AXIS_M / sqrt(w);

    return (struct plane){ .origin = p,
                           .lat_m = across_m * (1 - ECC2) / w * E7_RAD,
                           .lon_m =
                               across_m * cos(p.lat_e7 * E7_RAD) * E7_RAD };
}

static double segment_m(const struct plane *pl, struct geo_pos a,
                        struct geo_pos b)
{
    const double ax = ((double)a.lon_e7 - pl->origin.lon_e7) * pl->lon_m;
    const double ay = ((double)a.lat_e7 - pl->origin.lat_e7) * pl->lat_m;
    const double dx = ((double)b.lon_e7 - a.lon_e7) * pl->lon_m;
    const double dy = ((double)b.lat_e7 - a.lat_e7) * pl->lat_m;
    const double length2 = dx * dx + dy * dy;
    double t = length2 > 0 ? -(ax * dx + ay * dy) / length2 : 0;

    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return hypot(ax + t * dx, ay + t * dy);
}

static double line_m(const struct plane *pl, const struct geo_line *line)
{
    double best = INFINITY;

    if (line->count == 1) {
        best = segment_m(pl, line->points[0], line->points[0]);
    }
    for (size_t i = 1; i < line->count; i++) {
        best = fmin(best, segment_m(pl, line->points[i - 1], line->points[i]));
    }
    return best;
}

static int64_t in_mm(double metres)
{
    return isinf(metres) ? GEO_FAR_MM : (int64_t)llround(metres * MM);
}

int64_t geo_line_mm(const struct geo_line *line, struct geo_pos p)
{
    const struct plane pl = plane_at(p);

    return in_mm(line_m(&pl, line));
}

int64_t geo_shape_edge_mm(const struct geo_shape *shape, struct geo_pos p)
{
    const struct plane pl = plane_at(p);
    double best = INFINITY;

    for (size_t i = 0; i < shape->count; i++) {
        for (size_t k = 0; k < shape->polygons[i].count; k++) {
            best = fmin(best, line_m(&pl, &shape->polygons[i].rings[k]));
        }
    }
    return in_mm(best);
}
