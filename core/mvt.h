/*
 * mvt.h - a tile of the map: Mapbox Vector Tile 2.1 (and 1), decoded.
 *
 * Tiles come from a file that somebody made elsewhere. One that breaks the
 * format is refused whole; what the specification lets a reader pass over
 * (a feature without a type, a second layer of one name) is left out and
 * counted. Coordinates are as stored: 0 to `extent` across the tile, with
 * y downward, and a little beyond at the edges.
 */
#ifndef CORE_MVT_H
#define CORE_MVT_H

#include "core/arena.h"
#include "core/base.h"

/* The specification's own numbers. */
enum mvt_type { MVT_UNKNOWN = 0, MVT_POINT = 1, MVT_LINE = 2, MVT_POLYGON = 3 };

struct mvt_point {
    int32_t x;
    int32_t y;
};

/* A ring (without its first point again), a line, or points. */
struct mvt_part {
    uint32_t first; /* in the feature's points */
    uint32_t count;
};

enum mvt_kind { MVT_TEXT, MVT_NUMBER, MVT_BOOL };

struct mvt_value {
    enum mvt_kind kind;
    struct bytes text; /* any bytes: look before you draw them */
    double number;     /* also of a bool: 0 or 1 */
};

struct mvt_feature {
    enum mvt_type type;
    uint64_t id;       /* 0: none */
    struct bytes tags; /* checked pairs; read them with mvt_get */
    struct mvt_point *points;
    uint32_t point_count;
    struct mvt_part *parts;
    uint32_t part_count;
};

struct mvt_layer {
    struct bytes name;
    uint32_t version;
    uint32_t extent; /* never 0 */
    struct bytes *keys;
    uint32_t key_count;
    struct mvt_value *values;
    uint32_t value_count;
    struct mvt_feature *features;
    uint32_t feature_count;
};

struct mvt_tile {
    struct arena arena; /* owns all below but the bytes of texts */
    struct mvt_layer *layers;
    uint32_t layer_count;
    uint32_t lost; /* features and layers that were passed over */
};

/*
 * Texts in the result point into `in`, which must live as long. ERR_BAD_DATA
 * for a tile that breaks the format, ERR_TOO_LONG beyond MVT_TILE_MAX_BYTES,
 * ERR_NOMEM beyond MVT_MEMORY_MAX_BYTES. Nothing to free after a failure.
 */
MUST_USE enum err mvt_decode(struct bytes in, struct mvt_tile *out);
void mvt_free(struct mvt_tile *tile); /* may be called twice */

/* The layer of this name, or NULL. */
const struct mvt_layer *mvt_layer(const struct mvt_tile *tile,
                                  const char *name);
/* What the feature says about `key`, or NULL. */
const struct mvt_value *mvt_get(const struct mvt_layer *layer,
                                const struct mvt_feature *feature,
                                const char *key);

#endif /* CORE_MVT_H */
