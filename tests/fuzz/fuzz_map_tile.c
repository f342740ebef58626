/* fuzz_map_tile.c - any bytes as a map tile, packed or not: no crash, and
 * every index in the result lies within it. */
#include "core/limits.h"
#include "core/mvt.h"
#include "platform/shared/gunzip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_feature(const struct mvt_layer *l,
                          const struct mvt_feature *f)
{
    uint32_t points = 0;

    for (uint32_t i = 0; i < f->part_count; i++) {
        ASSERT(f->parts[i].first == points);
        points += f->parts[i].count;
    }
    ASSERT(points == f->point_count);
    (void)mvt_get(l, f, "name");
}

static void try_tile(struct bytes in)
{
    struct mvt_tile tile;

    if (mvt_decode(in, &tile)) {
        return;
    }
    for (uint32_t i = 0; i < tile.layer_count; i++) {
        const struct mvt_layer *l = &tile.layers[i];

        ASSERT(l->extent > 0);
        for (uint32_t k = 0; k < l->feature_count; k++) {
            check_feature(l, &l->features[k]);
        }
    }
    mvt_free(&tile);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes in = { data, size };
    struct buf out;

    if (!gunzip_is_packed(in)) {
        try_tile(in);
        return 0;
    }
    buf_init(&out, MVT_TILE_MAX_BYTES);
    if (gunzip(in, &out) == ERR_OK) {
        try_tile(buf_bytes(&out));
    }
    buf_fini(&out);
    return 0;
}
