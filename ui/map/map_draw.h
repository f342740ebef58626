/* map_draw.h - the map thread's own: from a key to pixels. */
#ifndef UI_MAP_MAP_DRAW_H
#define UI_MAP_MAP_DRAW_H

#include "ui/map/map.h"

struct map_draw;

/* All on the map thread. `pack` is owned from here on. */
MUST_USE enum err map_draw_new(struct mappack *pack, struct map_draw **out);
void map_draw_free(struct map_draw *draw);

/*
 * The piece as 256 rows of 256 BGRX pixels (mem_free). ERR_NOT_FOUND: the
 * pack has nothing there; ERR_BAD_DATA: its tile is damaged.
 */
MUST_USE enum err map_draw_piece(struct map_draw *draw,
                                 const struct map_key *key,
                                 uint8_t **pixels_out);

/* As mappack_find. */
MUST_USE enum err map_draw_find(struct map_draw *draw, const char *words,
                                const struct geo_pos *from,
                                struct mappack_place *out, size_t max,
                                size_t *count_out);

#endif /* UI_MAP_MAP_DRAW_H */
