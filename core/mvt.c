#include "core/mvt.h"

#include <string.h>

#include "core/limits.h"
#include "core/mvt_geometry.h"
#include "core/pbuf.h"

/* Field numbers of the specification. */
enum { TILE_LAYER = 3 };
enum {
    LAYER_NAME = 1,
    LAYER_FEATURE = 2,
    LAYER_KEY = 3,
    LAYER_VALUE = 4,
    LAYER_EXTENT = 5,
    LAYER_VERSION = 15
};
enum { FEATURE_ID = 1, FEATURE_TAGS = 2, FEATURE_TYPE = 3, FEATURE_SHAPE = 4 };
enum {
    VALUE_TEXT = 1,
    VALUE_FLOAT = 2,
    VALUE_DOUBLE = 3,
    VALUE_INT = 4,
    VALUE_UINT = 5,
    VALUE_SINT = 6,
    VALUE_BOOL = 7
};

#define EXTENT_DEFAULT 4096
#define VERSION_NEWEST 2

static bool text_is(struct bytes a, const char *b)
{
    return a.len == strlen(b) && memcmp(a.data, b, a.len) == 0;
}

static double from_float(uint64_t bits)
{
    const uint32_t low = (uint32_t)bits;
    float f;

    memcpy(&f, &low, sizeof(f));
    return (double)f;
}

static double from_double(uint64_t bits)
{
    double d;

    memcpy(&d, &bits, sizeof(d));
    return d;
}

/* False when a known field is of another type than it should be. */
static bool put_value(struct mvt_value *v, const struct pbuf_field *f)
{
    v->kind = MVT_NUMBER;
    switch (f->number) {
    case VALUE_TEXT:
        v->kind = MVT_TEXT;
        v->text = f->bytes;
        return f->wire == PBUF_BYTES;
    case VALUE_FLOAT:
        v->number = from_float(f->value);
        return f->wire == PBUF_32;
    case VALUE_DOUBLE:
        v->number = from_double(f->value);
        return f->wire == PBUF_64;
    case VALUE_INT:
        v->number = (double)(int64_t)f->value;
        return f->wire == PBUF_VARINT;
    case VALUE_UINT:
        v->number = (double)f->value;
        return f->wire == PBUF_VARINT;
    case VALUE_SINT:
        v->number = (double)pbuf_zigzag(f->value);
        return f->wire == PBUF_VARINT;
    default: /* VALUE_BOOL */
        v->kind = MVT_BOOL;
        v->number = f->value != 0 ? 1 : 0;
        return f->wire == PBUF_VARINT;
    }
}

static enum err decode_value(struct bytes in, struct mvt_value *out)
{
    struct pbuf p = pbuf_open(in);
    struct pbuf_field f;
    int known = 0;

    while (pbuf_next(&p, &f)) {
        if (f.number < VALUE_TEXT || f.number > VALUE_BOOL) {
            continue;
        }
        known++;
        if (!put_value(out, &f)) {
            return ERR_BAD_DATA;
        }
    }
    return !p.bad && known == 1 ? ERR_OK : ERR_BAD_DATA;
}

/* A feature's fields before they are looked into. */
struct raw {
    uint64_t id;
    struct bytes tags;
    struct bytes shape;
    uint64_t type;
    bool has_type;
    bool has_shape;
};

static enum err read_feature(struct bytes in, struct raw *out)
{
    struct pbuf p = pbuf_open(in);
    struct pbuf_field f;

    while (pbuf_next(&p, &f)) {
        const enum pbuf_wire want =
            f.number == FEATURE_TAGS || f.number == FEATURE_SHAPE ? PBUF_BYTES
                                                                  : PBUF_VARINT;

        if (f.number < FEATURE_ID || f.number > FEATURE_SHAPE) {
            continue;
        }
        if (f.wire != want) {
            return ERR_BAD_DATA;
        }
        if (f.number == FEATURE_ID) {
            out->id = f.value;
        } else if (f.number == FEATURE_TAGS) {
            out->tags = f.bytes;
        } else if (f.number == FEATURE_TYPE) {
            out->type = f.value;
            out->has_type = true;
        } else {
            out->shape = f.bytes;
            out->has_shape = true;
        }
    }
    return p.bad ? ERR_BAD_DATA : ERR_OK;
}

/* ERR_NOT_FOUND: half a pair, which a reader may pass over. */
static enum err check_tags(const struct mvt_layer *l, struct bytes tags)
{
    struct pbuf p = pbuf_open(tags);

    while (p.at != p.end) {
        if (pbuf_varint(&p) >= l->key_count || p.bad) {
            return ERR_BAD_DATA;
        }
        if (p.at == p.end) {
            return ERR_NOT_FOUND;
        }
        if (pbuf_varint(&p) >= l->value_count || p.bad) {
            return ERR_BAD_DATA;
        }
    }
    return ERR_OK;
}

/* ERR_NOT_FOUND: it can be left out and the rest stands. */
static enum err decode_feature(struct mvt_tile *tile,
                               const struct mvt_layer *layer, struct bytes in,
                               struct mvt_feature *out)
{
    struct raw raw = { 0 };
    enum err err = read_feature(in, &raw);

    if (!err) {
        err = check_tags(layer, raw.tags);
    }
    if (err)
        return err;
    if (!raw.has_type || !raw.has_shape || raw.type > MVT_POLYGON) {
        return ERR_NOT_FOUND;
    }
    memset(out, 0, sizeof(*out));
    out->type = (enum mvt_type)raw.type;
    out->id = raw.id;
    out->tags = raw.tags;
    if (out->type == MVT_UNKNOWN) {
        return ERR_OK;
    }
    return mvt_geometry(&tile->arena, raw.shape, layer->version, out);
}

/* Name, version, extent; counts what is there more than once. */
static enum err read_layer(struct bytes in, struct mvt_layer *l)
{
    struct pbuf p = pbuf_open(in);
    struct pbuf_field f;

    l->version = 1; /* the format's default */
    l->extent = EXTENT_DEFAULT;
    while (pbuf_next(&p, &f)) {
        const bool is_number =
            f.number == LAYER_EXTENT || f.number == LAYER_VERSION;

        if (f.number > LAYER_EXTENT && f.number != LAYER_VERSION) {
            continue;
        }
        if (f.wire != (is_number ? PBUF_VARINT : PBUF_BYTES) ||
            (is_number && (f.value == 0 || f.value > INT32_MAX))) {
            return ERR_BAD_DATA;
        }
        l->feature_count += f.number == LAYER_FEATURE;
        l->key_count += f.number == LAYER_KEY;
        l->value_count += f.number == LAYER_VALUE;
        if (f.number == LAYER_NAME) {
            l->name = f.bytes;
        } else if (f.number == LAYER_EXTENT) {
            l->extent = (uint32_t)f.value;
        } else if (f.number == LAYER_VERSION) {
            l->version = (uint32_t)f.value;
        }
    }
    return !p.bad && l->name.len > 0 ? ERR_OK : ERR_BAD_DATA;
}

static enum err read_words(struct bytes in, struct mvt_layer *l)
{
    struct pbuf p = pbuf_open(in);
    struct pbuf_field f;
    uint32_t keys = 0;
    uint32_t values = 0;

    while (pbuf_next(&p, &f)) {
        if (f.number == LAYER_KEY) {
            l->keys[keys++] = f.bytes;
        } else if (f.number == LAYER_VALUE) {
            const enum err err = decode_value(f.bytes, &l->values[values++]);

            if (err)
                return err;
        }
    }
    return ERR_OK;
}

static enum err read_features(struct mvt_tile *tile, struct bytes in,
                              struct mvt_layer *l)
{
    struct pbuf p = pbuf_open(in);
    struct pbuf_field f;
    uint32_t kept = 0;

    while (pbuf_next(&p, &f)) {
        enum err err;

        if (f.number != LAYER_FEATURE) {
            continue;
        }
        err = decode_feature(tile, l, f.bytes, &l->features[kept]);
        if (err == ERR_NOT_FOUND) {
            tile->lost++;
        } else if (err) {
            return err;
        } else {
            kept++;
        }
    }
    l->feature_count = kept;
    return ERR_OK;
}

static void *take(struct mvt_tile *tile, uint32_t n, size_t size)
{
    return arena_array(&tile->arena, n > 0 ? n : 1, size);
}

static enum err fill_layer(struct mvt_tile *tile, struct bytes in,
                           struct mvt_layer *l)
{
    enum err err;

    l->keys = take(tile, l->key_count, sizeof(*l->keys));
    l->values = take(tile, l->value_count, sizeof(*l->values));
    l->features = take(tile, l->feature_count, sizeof(*l->features));
    if (l->keys == NULL || l->values == NULL || l->features == NULL) {
        return ERR_NOMEM;
    }
    err = read_words(in, l);
    return err ? err : read_features(tile, in, l);
}

static enum err add_layer(struct mvt_tile *tile, struct bytes in)
{
    struct mvt_layer layer = { .version = 1 };
    enum err err = read_layer(in, &layer);

    if (err)
        return err;
    for (uint32_t i = 0; i < tile->layer_count; i++) {
        if (bytes_eq(tile->layers[i].name, layer.name)) {
            tile->lost++; /* the first of a name stands */
            return ERR_OK;
        }
    }
    if (layer.version > VERSION_NEWEST || tile->layer_count == MVT_LAYERS_MAX) {
        tile->lost++;
        return ERR_OK;
    }
    err = fill_layer(tile, in, &layer);
    if (!err) {
        tile->layers[tile->layer_count++] = layer;
    }
    return err;
}

enum err mvt_decode(struct bytes in, struct mvt_tile *out)
{
    struct pbuf p = pbuf_open(in);
    struct pbuf_field f;
    enum err err = ERR_OK;

    memset(out, 0, sizeof(*out));
    if (in.len > MVT_TILE_MAX_BYTES) {
        return ERR_TOO_LONG;
    }
    arena_init(&out->arena, MVT_MEMORY_MAX_BYTES);
    out->layers =
        arena_array(&out->arena, MVT_LAYERS_MAX, sizeof(*out->layers));
    if (out->layers == NULL) {
        err = ERR_NOMEM;
    }
    while (!err && pbuf_next(&p, &f)) {
        if (f.number == TILE_LAYER) {
            err = f.wire == PBUF_BYTES ? add_layer(out, f.bytes) : ERR_BAD_DATA;
        }
    }
    if (!err && p.bad) {
        err = ERR_BAD_DATA;
    }
    if (err) {
        mvt_free(out);
    }
    return err;
}

void mvt_free(struct mvt_tile *tile)
{
    arena_fini(&tile->arena);
    memset(tile, 0, sizeof(*tile));
}

const struct mvt_layer *mvt_layer(const struct mvt_tile *tile, const char *name)
{
    for (uint32_t i = 0; i < tile->layer_count; i++) {
        if (text_is(tile->layers[i].name, name)) {
            return &tile->layers[i];
        }
    }
    return NULL;
}

const struct mvt_value *mvt_get(const struct mvt_layer *layer,
                                const struct mvt_feature *feature,
                                const char *key)
{
    struct pbuf p = pbuf_open(feature->tags);

    while (p.at != p.end) {
        const uint64_t k = pbuf_varint(&p);
        const uint64_t v = pbuf_varint(&p);

        if (text_is(layer->keys[k], key)) {
            return &layer->values[v];
        }
    }
    return NULL;
}
