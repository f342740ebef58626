/*
 * mappack.h - the stored map: one MBTiles file (1.3) of vector tiles, opened
 * for reading only.
 *
 * The file comes from outside and is trusted in nothing: what is wrong with
 * it is named, nothing in it can run for long or write, and the program
 * goes on without a map.
 */
#ifndef CORE_MAPPACK_H
#define CORE_MAPPACK_H

#include "core/base.h"
#include "core/buf.h"
#include "core/geo.h"

struct mappack;

enum mappack_fault {
    MAPPACK_FINE,
    MAPPACK_MISSING,    /* no such file, or it may not be read */
    MAPPACK_NOT_A_PACK, /* no SQLite file, or without tiles and metadata */
    MAPPACK_EMPTY,      /* not one tile */
    MAPPACK_UNINDEXED,  /* each tile would be searched for from the start */
    MAPPACK_NOT_VECTOR, /* pictures, or zoom levels that cannot be */
    MAPPACK_DAMAGED,
    MAPPACK_NO_MEMORY
};

#define MAPPACK_TEXT_SIZE 128

struct mappack_facts {
    char name[MAPPACK_TEXT_SIZE];
    char made[16]; /* the day its data is of, "2023-06-13"; "": not said */
    char source[MAPPACK_TEXT_SIZE]; /* whom to name for it; "": not said */
    int zoom_min;
    int zoom_max;
    bool has_bounds;
    double west, south, east, north; /* degrees, WGS84 */
    bool has_search;                 /* see mappack_find */
};

/* For a log, English; never NULL. */
const char *mappack_fault_text(enum mappack_fault fault);

/* `path` as SQLite takes it. Opens nothing unless MAPPACK_FINE comes back. */
MUST_USE enum mappack_fault mappack_open(const char *path,
                                         struct mappack **pack_out);
void mappack_close(struct mappack *pack); /* NULL is allowed */

const struct mappack_facts *mappack_facts(const struct mappack *pack);

/*
 * The tile as stored (gzip, as a rule), appended to `out`; column and row
 * count from the north-west. ERR_NOT_FOUND: there is none, ERR_BAD_DATA: the
 * file is damaged here, ERR_TOO_LONG beyond MVT_PACKED_MAX_BYTES.
 */
MUST_USE enum err mappack_tile(struct mappack *pack, int zoom, int column,
                               int row, struct buf *out);

/* --- search --- */

enum mappack_kind {                   /* in the pack: append only */
                    MAPPACK_TOWN = 1, /* town, suburb, village */
                    MAPPACK_STREET = 2,
                    MAPPACK_ROAD = 3, /* by its number */
                    MAPPACK_POSTCODE = 4,
                    MAPPACK_POINT = 5 /* a building, a station, ... */
};

#define MAPPACK_NAME_SIZE 96

struct mappack_place {
    enum mappack_kind kind;
    char name[MAPPACK_NAME_SIZE];
    char near[MAPPACK_NAME_SIZE]; /* town or suburb; "Hollins, NP20 1XJ"
                                   * where two of a name are in one; "" */
    int64_t lat_e7;
    int64_t lon_e7;
};

/*
 * The places whose names are most like `words`, the best first: letters may
 * be missing, wrong or in another order, accents and capitals don't count.
 * Names that are as much alike: towns first, then by distance from `from`
 * (NULL: streets before roads, postcodes, points).
 * Nothing for less than two letters. ERR_UNSUPPORTED: it has no search.
 */
MUST_USE enum err mappack_find(struct mappack *pack, const char *words,
                               const struct geo_pos *from,
                               struct mappack_place *out, size_t max,
                               size_t *count_out);

/* Calls `fn` for each tile of `zoom`, packed as stored; for the index. */
typedef enum err (*mappack_tile_fn)(void *ctx, int column, int row,
                                    struct bytes data);
MUST_USE enum err mappack_each(struct mappack *pack, int zoom,
                               mappack_tile_fn fn, void *ctx);

#endif /* CORE_MAPPACK_H */
