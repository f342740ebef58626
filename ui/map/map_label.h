/*
 * map_label.h - the names on the map: along streets, at places, never over
 * each other.
 *
 * They are placed for a whole block at once, the important first, and none
 * reaches over the block's edge: so pieces and blocks that are drawn at
 * different times fit together without knowing of each other.
 */
#ifndef UI_MAP_MAP_LABEL_H
#define UI_MAP_MAP_LABEL_H

#include "ui/map/map_shape.h"

/* Names that may stand in one block of 1,024 dp, and wait to. */
#define MAP_LABELS_MAX    400
#define MAP_LABEL_TEXT    120 /* bytes; longer names are left out */
#define MAP_LABEL_REPEATS 6   /* of a street along one block */

/* Fonts of one thread. */
struct map_pen;
MUST_USE enum err map_pen_new(struct map_pen **out);
void map_pen_free(struct map_pen *pen);

struct map_labels;

/* `lang` "cy" takes Welsh names where there are; `percent` 100 to 200. */
MUST_USE enum err map_label_place(struct map_pen *pen,
                                  const struct map_block *block,
                                  const char *lang, int percent,
                                  struct map_labels **out);
void map_label_free(struct map_labels *labels);

/* Those that reach into the piece with its corner at (x, y). */
void map_label_draw(cairo_t *cr, const struct map_labels *labels,
                    enum theme_id theme, double x, double y);

/* How many stand. */
int map_label_count(const struct map_labels *labels);

#endif /* UI_MAP_MAP_LABEL_H */
