#include "ui/map/map_draw.h"

#include <string.h>

#include "core/limits.h"
#include "core/mem.h"
#include "platform/shared/gunzip.h"
#include "ui/map/map_label.h"
#include "ui/map/map_spot.h"

/* Decoded tiles kept: a screen shows parts of four to six blocks. */
#define BLOCKS_MAX 8

struct block {
    bool is_used;
    int zoom; /* of the pack */
    int column;
    int row;
    enum err err;    /* why there is nothing in it */
    struct buf data; /* what the tile's texts point into */
    struct mvt_tile tile;
    struct map_labels *labels; /* NULL until asked for */
    struct map_look look;      /* of the labels */
    int labels_zoom;
    uint32_t last_use;
};

struct map_draw {
    struct mappack *pack;
    struct map_pen *pen;
    struct block blocks[BLOCKS_MAX];
    uint32_t uses;
};

enum err map_draw_new(struct mappack *pack, struct map_draw **out)
{
    struct map_draw *d = mem_alloc(sizeof(*d));
    enum err err;

    if (d == NULL) {
        mappack_close(pack);
        return ERR_NOMEM;
    }
    d->pack = pack;
    err = map_pen_new(&d->pen);
    if (err) {
        map_draw_free(d);
        return err;
    }
    *out = d;
    return ERR_OK;
}

static void drop_block(struct block *b)
{
    if (b->is_used) {
        map_label_free(b->labels);
        mvt_free(&b->tile);
        buf_fini(&b->data);
    }
    memset(b, 0, sizeof(*b));
}

void map_draw_free(struct map_draw *draw)
{
    if (draw == NULL) {
        return;
    }
    for (int i = 0; i < BLOCKS_MAX; i++) {
        drop_block(&draw->blocks[i]);
    }
    map_pen_free(draw->pen);
    mappack_close(draw->pack);
    mem_free(draw);
}

static enum err read_block(struct map_draw *d, struct block *b)
{
    struct buf packed;
    enum err err;

    buf_init(&packed, MVT_PACKED_MAX_BYTES);
    err = mappack_tile(d->pack, b->zoom, b->column, b->row, &packed);
    if (!err && gunzip_is_packed(buf_bytes(&packed))) {
        err = gunzip(buf_bytes(&packed), &b->data);
    } else if (!err) {
        buf_put(&b->data, packed.data, packed.len);
        err = b->data.err;
    }
    buf_fini(&packed);
    return err ? err : mvt_decode(buf_bytes(&b->data), &b->tile);
}

static struct block *find_block(struct map_draw *d, int zoom, int column,
                                int row)
{
    struct block *oldest = &d->blocks[0];

    d->uses++;
    for (int i = 0; i < BLOCKS_MAX; i++) {
        struct block *b = &d->blocks[i];

        if (b->is_used && b->zoom == zoom && b->column == column &&
            b->row == row) {
            b->last_use = d->uses;
            return b;
        }
        if (!b->is_used || b->last_use < oldest->last_use) {
            oldest = b;
        }
    }
    drop_block(oldest);
    oldest->is_used = true;
    oldest->zoom = zoom;
    oldest->column = column;
    oldest->row = row;
    oldest->last_use = d->uses;
    buf_init(&oldest->data, MVT_TILE_MAX_BYTES);
    oldest->err = read_block(d, oldest);
    return oldest;
}

static bool is_same_look(struct map_look a, struct map_look b)
{
    return a.percent == b.percent && a.is_welsh == b.is_welsh;
}

/* A map without names is better than none: memory may be short. */
static void place_labels(struct map_draw *d, struct block *b,
                         const struct map_block *block,
                         const struct map_key *key)
{
    if (b->labels != NULL && b->labels_zoom == key->zoom &&
        is_same_look(b->look, key->look)) {
        return;
    }
    map_label_free(b->labels);
    b->labels = NULL;
    b->labels_zoom = key->zoom;
    b->look = key->look;
    if (map_label_place(d->pen, block, key->look.is_welsh ? "cy" : "en",
                        key->look.percent, &b->labels)) {
        b->labels = NULL;
    }
}

static enum err paint(struct map_draw *d, struct block *b,
                      const struct map_key *key, int step, uint8_t **pixels_out)
{
    const struct map_block block = { .tile = &b->tile,
                                     .side = MAP_TILE_DP * (double)(1 << step),
                                     .zoom = key->zoom,
                                     .theme = key->look.theme };
    const double x = (double)MAP_TILE_DP * (key->column - (b->column << step));
    const double y = (double)MAP_TILE_DP * (key->row - (b->row << step));
    uint8_t *pixels = mem_array((size_t)MAP_TILE_DP * MAP_TILE_DP, 4);
    cairo_surface_t *surface;
    cairo_t *cr;

    if (pixels == NULL) {
        return ERR_NOMEM;
    }
    place_labels(d, b, &block, key);
    surface = cairo_image_surface_create_for_data(
        pixels, CAIRO_FORMAT_RGB24, MAP_TILE_DP, MAP_TILE_DP, MAP_TILE_DP * 4);
    cr = cairo_create(surface);
    map_shape_draw(cr, &block, x, y);
    if (b->labels != NULL) {
        map_label_draw(cr, b->labels, key->look.theme, x, y);
    }
    cairo_destroy(cr);
    cairo_surface_flush(surface);
    cairo_surface_destroy(surface);
    *pixels_out = pixels;
    return ERR_OK;
}

/* Tiles without anything in them are left out of packs: there is land. */
static bool is_within(const struct mappack_facts *f, int zoom, int column,
                      int row)
{
    const double west = column / (double)(1 << zoom) * 360 - 180;
    const double width = 360.0 / (1 << zoom);
    const struct map_spot north_west =
        map_spot_of((int64_t)(f->north * 1e7), (int64_t)(f->west * 1e7));
    const struct map_spot south_east =
        map_spot_of((int64_t)(f->south * 1e7), (int64_t)(f->east * 1e7));
    const double side = 1.0 / (1 << zoom);

    return f->has_bounds && west < f->east && west + width > f->west &&
           row * side < south_east.y && (row + 1) * side > north_west.y;
}

enum err map_draw_piece(struct map_draw *draw, const struct map_key *key,
                        uint8_t **pixels_out)
{
    const struct mappack_facts *facts = mappack_facts(draw->pack);
    int zoom = key->zoom - MAP_BLOCK_STEP;
    int step;
    struct block *b;

    zoom = zoom > facts->zoom_max ? facts->zoom_max : zoom;
    if (zoom < facts->zoom_min) {
        return ERR_NOT_FOUND;
    }
    step = key->zoom - zoom;
    b = find_block(draw, zoom, key->column >> step, key->row >> step);
    if (b->err == ERR_NOT_FOUND && !is_within(facts, zoom, b->column, b->row)) {
        return ERR_NOT_FOUND;
    }
    if (b->err && b->err != ERR_NOT_FOUND) {
        return b->err == ERR_NOMEM ? ERR_NOMEM : ERR_BAD_DATA;
    }
    return paint(draw, b, key, step, pixels_out);
}

enum err map_draw_find(struct map_draw *draw, const char *words,
                       const struct geo_pos *from, struct mappack_place *out,
                       size_t max, size_t *count_out)
{
    return mappack_find(draw->pack, words, from, out, max, count_out);
}
