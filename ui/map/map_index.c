/*
 * map_index.c - beatbook-mapindex PACK: the names in a pack's tiles become
 * its search. Run once, where packs are made (platform/linux/mappack.sh).
 */
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "core/mappack_index.h"
#include "core/mvt.h"
#include "platform/shared/gunzip.h"
#include "ui/map/map_spot.h"

struct job {
    struct mappack_index *index;
    int zoom;
    int column;
    int row;
};

static struct bytes text_of(const struct mvt_layer *l,
                            const struct mvt_feature *f, const char *key)
{
    const struct mvt_value *v = mvt_get(l, f, key);
    const struct bytes none = { NULL, 0 };

    return v != NULL && v->kind == MVT_TEXT ? v->text : none;
}

/* Where the middle of the feature's points is. */
static void place_of(const struct job *j, const struct mvt_layer *l,
                     const struct mvt_feature *f, int64_t *lat, int64_t *lon)
{
    const struct mvt_point *p = &f->points[f->point_count / 2];
    const double side = 1.0 / (double)(1 << j->zoom);
    const struct map_spot spot = { (j->column + (double)p->x / l->extent) *
                                       side,
                                   (j->row + (double)p->y / l->extent) * side };

    map_spot_back(spot, lat, lon);
}

static enum err add_names(const struct job *j, const struct mvt_layer *l,
                          enum mappack_kind kind, const char *const *keys,
                          size_t key_count)
{
    enum err err = ERR_OK;

    for (uint32_t i = 0; l != NULL && i < l->feature_count && !err; i++) {
        const struct mvt_feature *f = &l->features[i];
        int64_t lat = 0;
        int64_t lon = 0;

        if (f->point_count == 0) {
            continue;
        }
        place_of(j, l, f, &lat, &lon);
        for (size_t k = 0; k < key_count && !err; k++) {
            err = mappack_index_add(j->index, kind, text_of(l, f, keys[k]), lat,
                                    lon);
        }
    }
    return err;
}

static enum err add_tile(const struct job *j, const struct mvt_tile *tile)
{
    static const char *const names[] = { "name", "name_en", "name_cy" };
    static const char *const refs[] = { "ref" };
    static const struct {
        const char *layer;
        enum mappack_kind kind;
        const char *const *keys;
        size_t key_count;
    } rows[] = {
        { "place", MAPPACK_TOWN, names, 1 },
        { "place", MAPPACK_POINT, names + 1, ARRAY_LEN(names) - 1 },
        { "road", MAPPACK_STREET, names, ARRAY_LEN(names) },
        { "road", MAPPACK_ROAD, refs, ARRAY_LEN(refs) },
        { "postcode", MAPPACK_POSTCODE, names, 1 },
        { "point", MAPPACK_POINT, names, ARRAY_LEN(names) },
        { "green", MAPPACK_POINT, names, ARRAY_LEN(names) },
        { "water", MAPPACK_POINT, names, ARRAY_LEN(names) },
    };
    enum err err = ERR_OK;

    for (size_t i = 0; i < ARRAY_LEN(rows) && !err; i++) {
        err = add_names(j, mvt_layer(tile, rows[i].layer), rows[i].kind,
                        rows[i].keys, rows[i].key_count);
    }
    return err;
}

static enum err take_tile(void *ctx, int column, int row, struct bytes data)
{
    struct job *j = ctx;
    struct mvt_tile tile;
    struct buf plain;
    enum err err = ERR_OK;

    j->column = column;
    j->row = row;
    buf_init(&plain, MVT_TILE_MAX_BYTES);
    if (gunzip_is_packed(data)) {
        err = gunzip(data, &plain);
    } else {
        buf_put(&plain, data.data, data.len);
    }
    if (!err) {
        err = mvt_decode(buf_bytes(&plain), &tile);
    }
    if (!err) {
        err = add_tile(j, &tile);
        mvt_free(&tile);
    }
    buf_fini(&plain);
    if (err) {
        fprintf(stderr, "beatbook-mapindex: tile %d/%d/%d: %s\n", j->zoom,
                column, row, err_text(err));
    }
    return err;
}

static enum err collect(const char *path, struct mappack_index *index)
{
    struct job job = { .index = index };
    struct mappack *pack = NULL;
    const enum mappack_fault fault = mappack_open(path, &pack);
    enum err err;

    if (fault != MAPPACK_FINE) {
        fprintf(stderr, "beatbook-mapindex: %s: %s\n", path,
                mappack_fault_text(fault));
        return ERR_BAD_DATA;
    }
    job.zoom = mappack_facts(pack)->zoom_max;
    err = mappack_each(pack, job.zoom, take_tile, &job);
    mappack_close(pack);
    return err;
}

int main(int argc, char **argv)
{
    struct mappack_index *index = NULL;
    size_t count = 0;
    enum err err;

    if (argc != 2) {
        fprintf(stderr, "usage: beatbook-mapindex PACK.mbtiles\n");
        return 2;
    }
    err = mappack_index_new(&index);
    if (!err) {
        err = collect(argv[1], index);
    }
    if (!err) {
        err = mappack_index_write(index, argv[1], &count);
    }
    mappack_index_free(index);
    if (err) {
        fprintf(stderr, "beatbook-mapindex: %s: %s\n", argv[1], err_text(err));
        return 1;
    }
    printf("%zu places can be found\n", count);
    return 0;
}
