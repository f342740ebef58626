/*
 * map_shape.h - what of a decoded tile is drawn, how wide and in which
 * colour; the style of the map in one table.
 *
 * A decoded tile of the pack is a *block*: it is drawn in square pieces of
 * 256 dp, at its own zoom + 2 or nearer. Block coordinates are dp from its
 * north-west corner at the zoom that is being drawn.
 */
#ifndef UI_MAP_MAP_SHAPE_H
#define UI_MAP_MAP_SHAPE_H

#include <cairo.h>

#include "core/mvt.h"
#include "ui/kit/tokens.h"

/* A tile of the pack at zoom z is meant for the screen's zoom z + 2. */
#define MAP_BLOCK_STEP 2

struct map_block {
    const struct mvt_tile *tile;
    double side; /* dp of the whole block */
    int zoom;    /* of the screen */
    enum theme_id theme;
};

/* Draws the piece whose corner is (x, y) of the block to all of `cr`, which
 * is 256 dp square and has its origin there. */
void map_shape_draw(cairo_t *cr, const struct map_block *block, double x,
                    double y);

/* dp that a road of this class is wide; 0: not drawn at this zoom. */
double map_shape_road(const char *class_name, size_t len, int zoom);

/* The text of `key`, or an empty one: the bytes belong to the tile. */
struct bytes map_shape_text(const struct mvt_layer *l,
                            const struct mvt_feature *f, const char *key);

#endif /* UI_MAP_MAP_SHAPE_H */
