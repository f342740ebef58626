/*
 * geo.h - positions on the ground: how far, inside or not, how near to the
 * edge. WGS 84 in 1e-7 degree, as the store has them; lengths in
 * millimetres. A shape never crosses the antimeridian (RFC 7946, 3.1.9).
 */
#ifndef CORE_GEO_H
#define CORE_GEO_H

#include "core/base.h"

#define GEO_LAT_MAX_E7 INT32_C(900000000)
#define GEO_LON_MAX_E7 INT32_C(1800000000)
#define GEO_FAR_MM     INT64_MAX /* from a shape without edges */

struct geo_pos {
    int32_t lat_e7, lon_e7;
};

bool geo_pos_is_valid(struct geo_pos p); /* a place on earth */
bool geo_pos_eq(struct geo_pos a, struct geo_pos b);

/*
 * Along the ellipsoid (Lambert's formula on WGS 84): within 20 m over
 * thousands of kilometres, within 1 mm over a street.
 */
int64_t geo_distance_mm(struct geo_pos a, struct geo_pos b);

/* A line; as a ring its last point equals its first. */
struct geo_line {
    const struct geo_pos *points;
    size_t count;
};
int64_t geo_line_length_mm(const struct geo_line *line);

/* The first ring is the outside, the others are holes. */
struct geo_polygon {
    const struct geo_line *rings;
    size_t count;
};

struct geo_shape { /* one polygon, or several that belong together */
    const struct geo_polygon *polygons;
    size_t count;
};

struct geo_box { /* both corners belong to it */
    struct geo_pos min, max;
};
struct geo_box geo_box_empty(void); /* has nothing in it */
/* Wide enough for all points of `line`, too. */
void geo_box_add(struct geo_box *box, const struct geo_line *line);
bool geo_box_has(const struct geo_box *box, struct geo_pos p);

/* An edge belongs to the shape, that of a hole too. Exact: no rounding
 * decides on which side of a line somebody stood. */
bool geo_shape_has(const struct geo_shape *shape, struct geo_pos p);

/* To the nearest edge, from inside or outside; to the nearest point of a
 * line. Flat at `p`: within 1 % up to 50 km. GEO_FAR_MM without edges. */
int64_t geo_shape_edge_mm(const struct geo_shape *shape, struct geo_pos p);
int64_t geo_line_mm(const struct geo_line *line, struct geo_pos p);

#endif /* CORE_GEO_H */
