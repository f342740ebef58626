/*
 * map_line.h - streets made whole again: a tile holds a street in pieces,
 * and a name needs a long line to stand on.
 */
#ifndef UI_MAP_MAP_LINE_H
#define UI_MAP_MAP_LINE_H

#include "core/arena.h"
#include "core/mvt.h"

struct map_line {
    struct bytes name;
    const struct mvt_feature *feature; /* one of its pieces: for the class */
    struct mvt_point *points;
    uint32_t count; /* at least 2 */
};

struct map_lines {
    struct map_line *items;
    uint32_t count;
};

/* Pieces that one name may have in one tile; a longer street stays in two. */
#define MAP_LINE_PIECES_MAX 400

/* Names of a line feature: an empty one leaves it out. */
typedef struct bytes (*map_line_name)(const struct mvt_layer *layer,
                                      const struct mvt_feature *f,
                                      const void *ctx);

/* Joins the lines of `layer` that have one name and meet end to end. */
MUST_USE enum err map_line_join(struct arena *arena,
                                const struct mvt_layer *layer,
                                map_line_name name, const void *ctx,
                                struct map_lines *out);

/* A point along the line, `at` dp from its start at `scale` dp a unit. */
struct map_line_at {
    double x;
    double y;
    double angle; /* of the piece it is on, radians clockwise from east */
};
double map_line_length(const struct map_line *line, double scale);
struct map_line_at map_line_find(const struct map_line *line, double scale,
                                 double at);

#endif /* UI_MAP_MAP_LINE_H */
