/* GeoJSON of the demo, of nobody's making, and of a real council. */
#include "core/area.h"

#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/limits.h"
#include "tests/test.h"

#define SQUARE "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]"
#define FEATURE(words, geometry)                                \
    "{\"type\":\"Feature\",\"id\":\"a\",\"properties\":{" words \
    "},\"geometry\":" geometry "}"
#define BEAT           "\"kind\":\"beat\",\"name\":\"Beat A\""
#define POLYGON(rings) "{\"type\":\"Polygon\",\"coordinates\":" rings "}"

#define DATA_PATH_MAX 4096

static void data_path(const char *name, char out[DATA_PATH_MAX])
{
    const char *folder = getenv("BEATBOOK_DATA");

    snprintf(out, DATA_PATH_MAX, "%s/%s",
             folder != NULL ? folder : SOURCE_DIR "/../shared/data", name);
}

static char *read_whole(const char *path, size_t *len_out)
{
    FILE *file = fopen(path, "rb");
    char *text = malloc(JSON_MAX_BYTES);

    assert_non_null(text);
    if (file == NULL) {
        free(text);
        return NULL;
    }
    *len_out = fread(text, 1, JSON_MAX_BYTES, file);
    fclose(file);
    return text;
}

static struct area_list *list_of(const char *path)
{
    struct area_list *all = NULL;
    size_t len = 0;
    char *text = read_whole(path, &len);

    if (text != NULL) {
        assert_ok(area_list_new(&all));
        assert_ok(area_list_add(all, text, len));
        free(text);
    }
    return all;
}

static void the_demo_says_where_the_bus_station_is(void **state)
{
    struct area_list *all = list_of(SOURCE_DIR "/assets/demo/areas.geojson");
    const struct geo_pos stand_c = { 524006745, -45950623 };
    const struct area *a;

    (void)state;
    assert_non_null(all);
    a = area_at(all, AREA_BEAT, "2026-10-16", stand_c);
    assert_non_null(a);
    assert_string_equal(a->id, "beat-3");
    a = area_at(all, AREA_HOTSPOT, "2026-10-16", stand_c);
    assert_non_null(a);
    assert_string_equal(a->id, "station-approach");
    assert_int_equal(a->goal_minutes, 15);
    assert_int_equal(area_distance_mm(a, stand_c), 0);
    /* A street of the same id is another area. */
    assert_non_null(area_find(all, AREA_STREET, "station-approach"));
    assert_null(area_find(all, AREA_ORDER, "station-approach"));
    a = area_find(all, AREA_PLACE, "stand-c");
    assert_non_null(a);
    assert_true(area_distance_mm(a, stand_c) < 1000);
    area_list_free(all);
}

static void an_order_ends_with_its_last_day(void **state)
{
    struct area_list *all = list_of(SOURCE_DIR "/assets/demo/areas.geojson");
    const struct area *order;

    (void)state;
    assert_non_null(all);
    order = area_find(all, AREA_ORDER, "pspo-2");
    assert_non_null(order);
    assert_true(area_holds_on(order, "2027-06-04"));
    assert_false(area_holds_on(order, "2027-06-05"));
    area_list_free(all);
}

/* From its first day on, and only on its own ground. */
static void an_area_is_found_on_its_days_and_its_ground(void **state)
{
    static const char json[] =
        FEATURE(BEAT ",\"from\":\"2026-10-01\",\"until\":\"2026-10-31\"",
                POLYGON("[[[0,0],[1,0],[0,1],[0,0]]]"));
    const struct geo_pos in = { 1000000, 1000000 };
    const struct geo_pos in_box_only = { 9000000, 9000000 };
    struct area_list *all;

    (void)state;
    assert_ok(area_list_new(&all));
    assert_ok(area_list_add(all, json, sizeof(json) - 1));
    assert_non_null(area_at(all, AREA_BEAT, "2026-10-01", in));
    assert_null(area_at(all, AREA_BEAT, "2026-09-30", in));
    assert_null(area_at(all, AREA_BEAT, "2026-11-01", in));
    assert_null(area_at(all, AREA_BEAT, "2026-10-01", in_box_only));
    assert_null(area_at(all, AREA_HOTSPOT, "2026-10-01", in));
    area_list_free(all);
}

static const struct {
    const char *why, *json;
    enum err want;
} imported[] = {
    { "an area", FEATURE(BEAT, POLYGON(SQUARE)), ERR_OK },
    { "withdrawn", FEATURE(BEAT, "null"), ERR_OK },
    { "a kind to come",
      FEATURE("\"kind\":\"zone\",\"name\":\"Z\"", POLYGON(SQUARE)), ERR_OK },
    { "with a height",
      FEATURE(BEAT, "{\"type\":\"Point\",\"coordinates\":[1,2,30]}"), ERR_OK },
    { "an open ring", FEATURE(BEAT, POLYGON("[[[0,0],[1,0],[1,1],[0,1]]]")),
      ERR_BAD_DATA },
    { "three positions", FEATURE(BEAT, POLYGON("[[[0,0],[1,0],[0,0]]]")),
      ERR_BAD_DATA },
    { "off the earth",
      FEATURE(BEAT, "{\"type\":\"Point\",\"coordinates\":[0,90.1]}"),
      ERR_BAD_DATA },
    { "a number too large for any",
      FEATURE(BEAT, "{\"type\":\"Point\",\"coordinates\":[1e999,0]}"),
      ERR_BAD_DATA },
    { "a word for a number",
      FEATURE(BEAT, "{\"type\":\"Point\",\"coordinates\":[\"0\",0]}"),
      ERR_BAD_DATA },
    { "a line of one",
      FEATURE(BEAT, "{\"type\":\"LineString\",\"coordinates\":[[0,0]]}"),
      ERR_BAD_DATA },
    { "no such type",
      FEATURE(BEAT, "{\"type\":\"Circle\",\"coordinates\":[0,0]}"),
      ERR_BAD_DATA },
    { "a collection in a collection",
      FEATURE(BEAT, "{\"type\":\"GeometryCollection\",\"geometries\":["
                    "{\"type\":\"GeometryCollection\","
                    "\"geometries\":[]}]}"),
      ERR_BAD_DATA },
    { "no name", FEATURE("\"kind\":\"beat\"", POLYGON(SQUARE)), ERR_BAD_DATA },
    { "a goal of years",
      FEATURE(BEAT ",\"goal_minutes\":99999999", POLYGON(SQUARE)),
      ERR_BAD_DATA },
    { "a day that is none",
      FEATURE(BEAT ",\"until\":\"4 June\"", POLYGON(SQUARE)), ERR_BAD_DATA },
    { "two polygons in a collection",
      FEATURE(BEAT, "{\"type\":\"GeometryCollection\",\"geometries\":[" POLYGON(
                        SQUARE) "," POLYGON(SQUARE) "]}"),
      ERR_OK },
    { "days from and until",
      FEATURE(BEAT ",\"from\":\"2026-10-01\",\"until\":\"2026-10-31\"",
              POLYGON(SQUARE)),
      ERR_OK },
    { "no coordinates", FEATURE(BEAT, "{\"type\":\"Point\"}"), ERR_BAD_DATA },
    { "coordinates that are no list",
      FEATURE(BEAT, "{\"type\":\"Polygon\",\"coordinates\":7}"), ERR_BAD_DATA },
    { "a position that is no list",
      FEATURE(BEAT, "{\"type\":\"MultiPoint\",\"coordinates\":[7]}"),
      ERR_BAD_DATA },
    { "a position of one number",
      FEATURE(BEAT, "{\"type\":\"Point\",\"coordinates\":[7]}"), ERR_BAD_DATA },
    { "a ring that is none",
      FEATURE(BEAT, "{\"type\":\"Polygon\",\"coordinates\":[7]}"),
      ERR_BAD_DATA },
    { "west of the earth",
      FEATURE(BEAT, "{\"type\":\"Point\",\"coordinates\":[-180.1,0]}"),
      ERR_BAD_DATA },
    { "a geometry without a type", FEATURE(BEAT, "{\"coordinates\":[0,0]}"),
      ERR_BAD_DATA },
    { "a collection of nothing",
      FEATURE(BEAT, "{\"type\":\"GeometryCollection\"}"), ERR_BAD_DATA },
    { "a collection that is no list",
      FEATURE(BEAT, "{\"type\":\"GeometryCollection\",\"geometries\":7}"),
      ERR_BAD_DATA },
    { "a member without a type",
      FEATURE(BEAT, "{\"type\":\"GeometryCollection\",\"geometries\":[{}]}"),
      ERR_BAD_DATA },
    { "no kind", FEATURE("\"name\":\"Beat A\"", POLYGON(SQUARE)),
      ERR_BAD_DATA },
    { "a goal in words",
      FEATURE(BEAT ",\"goal_minutes\":\"ten\"", POLYGON(SQUARE)),
      ERR_BAD_DATA },
    { "a goal below nothing",
      FEATURE(BEAT ",\"goal_minutes\":-1", POLYGON(SQUARE)), ERR_BAD_DATA },
    { "a day cut short",
      FEATURE(BEAT ",\"until\":\"2026-10\"", POLYGON(SQUARE)), ERR_BAD_DATA },
    { "a day with its hour",
      FEATURE(BEAT ",\"from\":\"2026-10-01T08\"", POLYGON(SQUARE)),
      ERR_BAD_DATA },
    { "a day with letters",
      FEATURE(BEAT ",\"from\":\"2026-1O-01\"", POLYGON(SQUARE)), ERR_BAD_DATA },
    { "no id",
      "{\"type\":\"Feature\",\"properties\":{" BEAT "},\"geometry\":null}",
      ERR_BAD_DATA },
    { "no geometry, not even null",
      "{\"type\":\"Feature\",\"id\":\"a\",\"properties\":{" BEAT "}}",
      ERR_BAD_DATA },
    { "features that are no list",
      "{\"type\":\"FeatureCollection\",\"features\":7}", ERR_BAD_DATA },
    { "no features", "{\"type\":\"FeatureCollection\"}", ERR_BAD_DATA },
    { "no feature", "{\"type\":\"Polygon\"}", ERR_BAD_DATA },
    { "no JSON", "{", ERR_BAD_DATA },
    { "one bad among good ones",
      "{\"type\":\"FeatureCollection\",\"features\":[" FEATURE(
          BEAT, POLYGON(SQUARE)) ",{}]}",
      ERR_BAD_DATA },
};

static void what_is_not_geojson_changes_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(imported); i++) {
        struct area_list *all;
        enum err err;

        assert_ok(area_list_new(&all));
        err = area_list_add(all, imported[i].json, strlen(imported[i].json));
        if (err != imported[i].want) {
            fail_msg("%s: %s", imported[i].why, err_text(err));
        }
        assert_int_equal(all->count, err || i == 1 ? 0 : 1);
        area_list_free(all);
    }
}

/* As geojson-fixtures has them: how many polygons, rings, lines, points. */
static void each_published_geometry_is_read_whole(void **state)
{
    static const struct {
        const char *name;
        size_t polygons, rings, lines, points;
    } rows[] = {
        { "point", 0, 0, 1, 1 },
        { "multipoint", 0, 0, 2, 2 },
        { "linestring", 0, 0, 1, 2 },
        { "multilinestring", 0, 0, 2, 4 },
        { "polygon", 1, 1, 0, 0 },
        { "multipolygon", 2, 3, 0, 0 },
        { "geometrycollection", 0, 0, 2, 3 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char name[200], path[DATA_PATH_MAX];
        size_t len = 0, rings = 0, points = 0;
        struct area_ground ground;
        const struct json *root;
        struct arena arena;
        char *text;

        snprintf(name, sizeof(name), "conformance/geojson/geometry-%s.geojson",
                 rows[i].name);
        data_path(name, path);
        text = read_whole(path, &len);
        if (text == NULL) {
            skip();
        }
        arena_init(&arena, AREAS_MAX_BYTES);
        assert_ok(json_parse(text, len, &arena, &root));
        assert_ok(area_ground_parse(root, &arena, &ground));
        for (size_t k = 0; k < ground.shape.count; k++) {
            rings += ground.shape.polygons[k].count;
        }
        for (size_t k = 0; k < ground.line_count; k++) {
            points += ground.lines[k].count;
        }
        assert_int_equal(ground.shape.count, rows[i].polygons);
        assert_int_equal(rings, rows[i].rings);
        assert_int_equal(ground.line_count, rows[i].lines);
        assert_int_equal(points, rows[i].points);
        arena_fini(&arena);
        free(text);
    }
}

/* One ward's name, for each that has `p` in it: there is one, or none. */
static void find_wards(const struct json *features, struct arena *arena,
                       struct geo_pos p, char *out, size_t size)
{
    out[0] = '\0';
    for (const struct json *f = features->first; f != NULL; f = f->next) {
        struct area_ground ground;
        const size_t len = strlen(out);

        assert_ok(area_ground_parse(json_get(f, "geometry"), arena, &ground));
        if (geo_shape_has(&ground.shape, p)) {
            snprintf(out + len, size - len, "%s",
                     json_get_text(json_get(f, "properties"), "WD13NM"));
        }
    }
}

static void places_of_newport_lie_in_one_ward_each(void **state)
{
    static const struct {
        const char *place;
        double lat, lon;
        const char *ward;
    } rows[] = {
        { "the railway station", 51.5886, -2.9983, "Stow Hill" },
        { "the amphitheatre", 51.6085, -2.9568, "Caerleon" },
        { "the docks", 51.5620, -2.9890, "Pillgwenlly" },
        { "far out in the Severn", 51.4800, -2.9000, "" },
    };
    char path[DATA_PATH_MAX], found[200];
    const struct json *root;
    struct arena arena;
    size_t len = 0;
    char *text;

    (void)state;
    data_path("map/boundaries/W06000022_wards_by_lad.json", path);
    text = read_whole(path, &len);
    if (text == NULL) {
        skip();
    }
    arena_init(&arena, 4 * AREAS_MAX_BYTES);
    assert_ok(json_parse(text, len, &arena, &root));
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct geo_pos p = { (int32_t)(rows[i].lat * 1e7),
                                   (int32_t)(rows[i].lon * 1e7) };

        find_wards(json_get(root, "features"), &arena, p, found, sizeof(found));
        if (strcmp(found, rows[i].ward) != 0) {
            fail_msg("%s lies in \"%s\"", rows[i].place, found);
        }
    }
    arena_fini(&arena);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_demo_says_where_the_bus_station_is),
        cmocka_unit_test(an_order_ends_with_its_last_day),
        cmocka_unit_test(an_area_is_found_on_its_days_and_its_ground),
        cmocka_unit_test(what_is_not_geojson_changes_nothing),
        cmocka_unit_test(each_published_geometry_is_read_whole),
        cmocka_unit_test(places_of_newport_lie_in_one_ward_each),
    };

    return RUN_TESTS(tests);
}
