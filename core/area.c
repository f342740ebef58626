#include "core/area.h"

#include <math.h>
#include <string.h>

#include "core/json.h"
#include "core/limits.h"
#include "core/mem.h"

static const char *const kind_words[] = {
    [AREA_HOTSPOT] = "hotspot", [AREA_BEAT] = "beat",
    [AREA_ORDER] = "order",     [AREA_DISTRICT] = "district",
    [AREA_STREET] = "street",   [AREA_PLACE] = "place",
    [AREA_OTHER] = "area",
};

enum area_kind area_kind_of(const char *word)
{
    size_t i = 0;

    while (i < AREA_OTHER && strcmp(kind_words[i], word) != 0) {
        i++;
    }
    return (enum area_kind)i;
}

const char *area_kind_word(enum area_kind kind)
{
    return kind_words[kind];
}

/* --- geometry --- */

/* Members of an array, each an item of `size` bytes in one block. */
typedef enum err (*item_fn)(const struct json *in, struct arena *arena,
                            void *out);

static enum err read_list(const struct json *in, struct arena *arena,
                          size_t size, item_fn fn, void **list_out)
{
    uint8_t *list;
    size_t n = 0;

    if (in == NULL || in->type != JSON_ARRAY) {
        return ERR_BAD_DATA;
    }
    list = arena_array(arena, in->count, size);
    if (list == NULL) {
        return ERR_NOMEM;
    }
    for (const struct json *at = in->first; at != NULL; at = at->next) {
        const enum err err = fn(at, arena, list + size * n++);

        if (err)
            return err;
    }
    *list_out = list;
    return ERR_OK;
}

static enum err read_degrees(const struct json *in, int32_t max_e7,
                             int32_t *out)
{
    double e7;

    if (in == NULL || (in->type != JSON_INT && in->type != JSON_REAL)) {
        return ERR_BAD_DATA;
    }
    e7 = in->real * 1e7;
    if (!(e7 >= -max_e7 && e7 <= max_e7)) {
        return ERR_BAD_DATA;
    }
    *out = (int32_t)lround(e7);
    return ERR_OK;
}

/* Longitude, latitude and perhaps a height, which nobody asks for. */
static enum err read_position(const struct json *in, struct arena *arena,
                              void *out)
{
    struct geo_pos *p = out;
    enum err err;

    (void)arena;
    if (in == NULL || in->type != JSON_ARRAY || in->count < 2) {
        return ERR_BAD_DATA;
    }
    err = read_degrees(in->first, GEO_LON_MAX_E7, &p->lon_e7);
    return err ? err
               : read_degrees(in->first->next, GEO_LAT_MAX_E7, &p->lat_e7);
}

static enum err read_positions(const struct json *in, struct arena *arena,
                               struct geo_line *out)
{
    void *points;
    const enum err err =
        read_list(in, arena, sizeof(struct geo_pos), read_position, &points);

    if (!err) {
        *out = (struct geo_line){ points, in->count };
    }
    return err;
}

static enum err read_line(const struct json *in, struct arena *arena, void *out)
{
    struct geo_line *line = out;
    const enum err err = read_positions(in, arena, line);

    return err ? err : line->count < 2 ? ERR_BAD_DATA : ERR_OK;
}

static enum err read_ring(const struct json *in, struct arena *arena, void *out)
{
    struct geo_line *ring = out;
    const enum err err = read_positions(in, arena, ring);

    if (err)
        return err;
    return ring->count >= 4 &&
                   geo_pos_eq(ring->points[0], ring->points[ring->count - 1])
               ? ERR_OK
               : ERR_BAD_DATA;
}

static enum err read_point(const struct json *in, struct arena *arena,
                           void *out)
{
    struct geo_pos *p = arena_alloc(arena, sizeof(*p));

    if (p == NULL) {
        return ERR_NOMEM;
    }
    *(struct geo_line *)out = (struct geo_line){ p, 1 };
    return read_position(in, arena, p);
}

static enum err read_polygon(const struct json *in, struct arena *arena,
                             void *out)
{
    struct geo_polygon *polygon = out;
    void *rings;
    const enum err err =
        read_list(in, arena, sizeof(struct geo_line), read_ring, &rings);

    if (!err) {
        *polygon = (struct geo_polygon){ rings, in->count };
    }
    return err;
}

/* One item is read as a list of one. */
static enum err read_some(const struct json *in, bool is_list, size_t size,
                          item_fn fn, struct arena *arena, void **list_out)
{
    if (is_list) {
        return read_list(in, arena, size, fn, list_out);
    }
    *list_out = arena_alloc(arena, size);
    return *list_out == NULL ? ERR_NOMEM : fn(in, arena, *list_out);
}

static const struct type {
    const char *name;
    bool is_list, is_polygon;
    item_fn fn;
} types[] = {
    { "Point", false, false, read_point },
    { "MultiPoint", true, false, read_point },
    { "LineString", false, false, read_line },
    { "MultiLineString", true, false, read_line },
    { "Polygon", false, true, read_polygon },
    { "MultiPolygon", true, true, read_polygon },
};

static enum err read_plain(const struct json *geometry, const char *name,
                           struct arena *arena, struct area_ground *out)
{
    const struct json *in = json_get(geometry, "coordinates");
    const struct type *type = NULL;
    void *list;
    size_t size;
    enum err err;

    for (size_t i = 0; i < ARRAY_LEN(types); i++) {
        if (strcmp(types[i].name, name) == 0) {
            type = &types[i];
        }
    }
    if (type == NULL || in == NULL) {
        return ERR_BAD_DATA;
    }
    size =
        type->is_polygon ? sizeof(struct geo_polygon) : sizeof(struct geo_line);
    err = read_some(in, type->is_list, size, type->fn, arena, &list);
    if (err)
        return err;
    if (type->is_polygon) {
        out->shape = (struct geo_shape){ list, type->is_list ? in->count : 1 };
    } else {
        out->lines = list;
        out->line_count = type->is_list ? in->count : 1;
    }
    return ERR_OK;
}

static enum err join(struct area_ground *all, const struct area_ground *more,
                     struct arena *arena)
{
    const size_t polygons = all->shape.count + more->shape.count;
    const size_t lines = all->line_count + more->line_count;
    struct geo_polygon *p = arena_array(arena, polygons, sizeof(*p));
    struct geo_line *l = arena_array(arena, lines, sizeof(*l));

    if (p == NULL || l == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < polygons; i++) {
        p[i] = i < all->shape.count
                   ? all->shape.polygons[i]
                   : more->shape.polygons[i - all->shape.count];
    }
    for (size_t i = 0; i < lines; i++) {
        l[i] = i < all->line_count ? all->lines[i]
                                   : more->lines[i - all->line_count];
    }
    *all = (struct area_ground){ { p, polygons }, l, lines };
    return ERR_OK;
}

/* No collection stands in another (RFC 7946, 3.1.8). */
static enum err read_collection(const struct json *geometry,
                                struct arena *arena, struct area_ground *out)
{
    const struct json *in = json_get(geometry, "geometries");
    struct area_ground one;
    enum err err = in != NULL && in->type == JSON_ARRAY ? ERR_OK : ERR_BAD_DATA;

    for (in = err ? NULL : in->first; in != NULL && !err; in = in->next) {
        const char *name = json_get_text(in, "type");

        one = (struct area_ground){ 0 };
        err = name == NULL ? ERR_BAD_DATA : read_plain(in, name, arena, &one);
        err = err ? err : join(out, &one, arena);
    }
    return err;
}

enum err area_ground_parse(const struct json *geometry, struct arena *arena,
                           struct area_ground *out)
{
    const char *name = json_get_text(geometry, "type");

    *out = (struct area_ground){ 0 };
    if (name == NULL) {
        return ERR_BAD_DATA;
    }
    return strcmp(name, "GeometryCollection") == 0
               ? read_collection(geometry, arena, out)
               : read_plain(geometry, name, arena, out);
}

/* --- features --- */

struct owned {
    struct area_list all; /* first, so that it finds its owner */
    struct area *list;    /* all.list */
    size_t cap;
    struct arena arena;
};

static const char *copy(struct arena *arena, const struct json *object,
                        const char *key)
{
    const char *text = json_get_text(object, key);

    text = text != NULL ? text : "";
    return arena_text(arena, text, strlen(text));
}

static struct geo_box box_of(const struct area_ground *g)
{
    struct geo_box box = geo_box_empty();

    for (size_t i = 0; i < g->shape.count; i++) {
        for (size_t k = 0; k < g->shape.polygons[i].count; k++) {
            geo_box_add(&box, &g->shape.polygons[i].rings[k]);
        }
    }
    for (size_t i = 0; i < g->line_count; i++) {
        geo_box_add(&box, &g->lines[i]);
    }
    return box;
}

/* "2027-06-04", or nothing. */
static bool is_day(const char *text)
{
    static const char shape[] = "0000-00-00";
    size_t i = 0;

    if (text[0] == '\0') {
        return true;
    }
    for (; shape[i] != '\0' && text[i] != '\0'; i++) {
        if (shape[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return shape[i] == '\0' && text[i] == '\0';
}

static enum err read_words(const struct json *p, struct arena *arena,
                           struct area *out)
{
    const char *kind = json_get_text(p, "kind");
    const struct json *goal = json_get(p, "goal_minutes");

    if (kind == NULL || json_get_text(p, "name") == NULL) {
        return ERR_BAD_DATA;
    }
    out->kind = area_kind_of(kind);
    out->name = copy(arena, p, "name");
    out->why = copy(arena, p, "why");
    out->look_for = copy(arena, p, "look_for");
    out->from = copy(arena, p, "from");
    out->until = copy(arena, p, "until");
    if (out->name == NULL || out->why == NULL || out->look_for == NULL ||
        out->from == NULL || out->until == NULL) {
        return ERR_NOMEM;
    }
    if (goal != NULL) {
        if (goal->type != JSON_INT || goal->number < 0 ||
            goal->number > AREA_GOAL_MAX_MINUTES) {
            return ERR_BAD_DATA;
        }
        out->goal_minutes = (int)goal->number;
    }
    return is_day(out->from) && is_day(out->until) ? ERR_OK : ERR_BAD_DATA;
}

static enum err read_feature(const struct json *f, struct arena *arena,
                             struct area *out)
{
    const struct json *geometry = json_get(f, "geometry");
    const char *type = json_get_text(f, "type");
    enum err err;

    *out = (struct area){ 0 };
    if (type == NULL || strcmp(type, "Feature") != 0 || geometry == NULL ||
        json_get_text(f, "id") == NULL) {
        return ERR_BAD_DATA;
    }
    out->id = copy(arena, f, "id");
    err = out->id == NULL ? ERR_NOMEM
                          : read_words(json_get(f, "properties"), arena, out);
    if (!err && geometry->type != JSON_NULL) {
        err = area_ground_parse(geometry, arena, &out->ground);
    }
    out->box = box_of(&out->ground);
    return err;
}

static enum err add_feature(struct owned *o, const struct json *f)
{
    struct area one;
    struct area *grown;
    enum err err = read_feature(f, &o->arena, &one);

    if (err)
        return err;
    if (one.ground.shape.count == 0 && one.ground.line_count == 0) {
        return ERR_OK; /* withdrawn */
    }
    if (o->all.count == AREAS_MAX) {
        return ERR_TOO_LONG;
    }
    grown = mem_grow(o->list, o->all.count, &o->cap, sizeof(one));
    if (grown == NULL) {
        return ERR_NOMEM;
    }
    o->list = grown;
    o->all.list = grown;
    o->list[o->all.count++] = one;
    return ERR_OK;
}

enum err area_list_new(struct area_list **out)
{
    struct owned *o = mem_alloc(sizeof(*o));

    if (o == NULL) {
        return ERR_NOMEM;
    }
    arena_init(&o->arena, AREAS_MAX_BYTES);
    *out = &o->all;
    return ERR_OK;
}

void area_list_free(struct area_list *all)
{
    struct owned *o = (struct owned *)all;

    if (o != NULL) {
        arena_fini(&o->arena);
        mem_free(o->list);
        mem_free(o);
    }
}

enum err area_list_add(struct area_list *all, const char *json, size_t len)
{
    struct owned *o = (struct owned *)all;
    const size_t before = all->count;
    const struct json *root, *at;
    struct arena scratch;
    const char *type;
    enum err err;

    arena_init(&scratch, AREAS_MAX_BYTES);
    err = json_parse(json, len, &scratch, &root);
    type = err ? NULL : json_get_text(root, "type");
    if (!err && type != NULL && strcmp(type, "FeatureCollection") == 0) {
        at = json_get(root, "features");
        err = at != NULL && at->type == JSON_ARRAY ? ERR_OK : ERR_BAD_DATA;
        for (at = err ? NULL : at->first; at != NULL && !err; at = at->next) {
            err = add_feature(o, at);
        }
    } else if (!err) {
        err = add_feature(o, root);
    }
    arena_fini(&scratch);
    if (err) {
        all->count = before;
    }
    return err;
}

/* --- questions --- */

const struct area *area_find(const struct area_list *all, enum area_kind kind,
                             const char *id)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->list[i].kind == kind && strcmp(all->list[i].id, id) == 0) {
            return &all->list[i];
        }
    }
    return NULL;
}

bool area_holds_on(const struct area *a, const char *day)
{
    return (a->from[0] == '\0' || strcmp(a->from, day) <= 0) &&
           (a->until[0] == '\0' || strcmp(day, a->until) <= 0);
}

const struct area *area_at(const struct area_list *all, enum area_kind kind,
                           const char *day, struct geo_pos p)
{
    for (size_t i = 0; i < all->count; i++) {
        const struct area *a = &all->list[i];

        if (a->kind == kind && area_holds_on(a, day) &&
            geo_box_has(&a->box, p) && geo_shape_has(&a->ground.shape, p)) {
            return a;
        }
    }
    return NULL;
}

int64_t area_distance_mm(const struct area *a, struct geo_pos p)
{
    int64_t best = GEO_FAR_MM;

    if (geo_shape_has(&a->ground.shape, p)) {
        return 0;
    }
    best = geo_shape_edge_mm(&a->ground.shape, p);
    for (size_t i = 0; i < a->ground.line_count; i++) {
        const int64_t mm = geo_line_mm(&a->ground.lines[i], p);

        best = mm < best ? mm : best;
    }
    return best;
}
