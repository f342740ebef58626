/*
 * map.h - the stored map as pictures: a thread opens the pack, decodes its
 * tiles and draws them; the UI thread copies what is there to the screen.
 *
 *     UI thread                              map thread
 *     map_open(path) --- request --->        mappack_open
 *     map_begin, map_tile..., map_end        the nearest wish first:
 *         --- wishes (the latest list) --->  gunzip, mvt, cairo
 *     map_take <--- pictures, state ---
 *
 * No frame waits for the map: what is not drawn yet is a grid, or the level
 * above it enlarged.
 */
#ifndef UI_MAP_MAP_H
#define UI_MAP_MAP_H

#include "core/mappack.h"
#include "ui/kit/image.h"
#include "ui/kit/tokens.h"

/* Wishes of one frame: the pieces of 2560 x 1600 and a ring around them. */
#define MAP_WISHES_MAX 192
/* Pieces kept, 256 KiB each: what a frame shows and as much again. */
#define MAP_PIECES_MIN 64
#define MAP_PIECES_MAX 256
#define MAP_PATH_MAX   4096
#define MAP_FOUND_MAX  8
#define MAP_WORDS_SIZE 64

/* How a piece looks; another look is another piece. */
struct map_look {
    enum theme_id theme;
    int percent;
    bool is_welsh;
};

struct map_key {
    int zoom; /* of the screen */
    int column;
    int row;
    struct map_look look;
};

enum map_status { MAP_NONE, MAP_OPENING, MAP_READY, MAP_REFUSED };

struct map_state {
    enum map_status status;
    enum mappack_fault fault; /* when refused */
    struct mappack_facts facts;
    int damaged_count; /* tiles that could not be read */
};

enum map_piece { MAP_PIECE_WAITS, MAP_PIECE_DRAWN, MAP_PIECE_NONE };

struct map;

MUST_USE enum err map_new(struct map **out);
void map_free(struct map *map); /* joins the thread; NULL is allowed */

/* UI thread, all below. */

/* Another pack, or the first; `path` is copied. */
MUST_USE enum err map_open(struct map *map, const char *path);
const struct map_state *map_state(const struct map *map);

/* A frame: between these, map_tile says what is there and wishes the rest,
 * which is drawn in the order in which it was asked for. */
void map_begin(struct map *map);
enum map_piece map_tile(struct map *map, const struct map_key *key,
                        const struct image **image_out);
/* The same without wishing for it: NULL when it isn't there. */
const struct image *map_peek(const struct map *map, const struct map_key *key);
void map_end(struct map *map);

/* Looks for `words` (cut at MAP_WORDS_SIZE), what is as much alike by its
 * distance from `from`; what was found comes with map_take. */
void map_search(struct map *map, const char *words, struct geo_pos from);
/* The places found for the words asked for last; NULL while they are looked
 * for. Valid until the next map_take. */
const struct mappack_place *map_found(const struct map *map, size_t *count_out);

/* Takes in what was drawn; true when something is new. */
bool map_take(struct map *map);
/* Everything that was wished for is there. */
bool map_is_idle(struct map *map);
/* The SDL event that says "there is something to take". */
void map_set_event(struct map *map, uint32_t event_type);

#endif /* UI_MAP_MAP_H */
