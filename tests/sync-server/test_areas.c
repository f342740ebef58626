/* The council's areas, from its GeoJSON file to a tablet. */
#include "sync-server/areas.h"

#include <string.h>

#include "core/area.h"
#include "tests/sync-server/real_tablet.h"

#define WORDS(kind, name) \
    "\"properties\":{\"kind\":\"" kind "\",\"name\":\"" name "\"}"
#define SQUARE                                            \
    "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":" \
    "[[[0,0],[1,0],[1,1],[0,1],[0,0]]]}"
#define FEATURE(id, kind, name) \
    "{\"type\":\"Feature\",\"id\":\"" id "\"," WORDS(kind, name) "," SQUARE "}"
#define FILE_OF(features) \
    "{\"type\":\"FeatureCollection\",\"features\":[" features "]}"

static enum err publish(struct desk *d, const char *json, const char *said)
{
    struct buf text;
    enum err err;

    buf_init(&text, 4096);
    err = areas_publish(&d->council,
                        (struct bytes){ (const uint8_t *)json, strlen(json) },
                        &text);
    assert_string_equal(buf_text(&text), said);
    buf_fini(&text);
    return err;
}

static const struct area_list *areas_of(struct real_tablet *r)
{
    const struct area_list *all;

    real_sync(r);
    assert_ok(tablet_areas(r->t, &all));
    return all;
}

static void a_tablet_has_the_areas_of_the_last_file(void **state)
{
    const struct area_list *all;
    struct real_tablet r;
    struct desk d;

    (void)state;
    desk_open(&d);
    assert_ok(publish(
        &d,
        FILE_OF(FEATURE("b1", "beat", "Old name") "," FEATURE(
            "h1", "hotspot", "Market") "," FEATURE("h1", "street", "Market")),
        "3 areas, 3 new or changed, 0 withdrawn"));
    real_tablet_new(&d, "WB-07", 7, &r);
    all = areas_of(&r);
    assert_int_equal(all->count, 3);
    assert_non_null(area_find(all, AREA_STREET, "h1"));

    /* What is the same is not said again. */
    assert_ok(publish(&d,
                      FILE_OF(FEATURE("b1", "beat", "New name") "," FEATURE(
                          "h1", "street", "Market")),
                      "2 areas, 1 new or changed, 1 withdrawn"));
    all = areas_of(&r);
    assert_int_equal(all->count, 2);
    assert_null(area_find(all, AREA_HOTSPOT, "h1"));
    assert_non_null(area_find(all, AREA_BEAT, "b1"));
    assert_string_equal(area_find(all, AREA_BEAT, "b1")->name, "New name");

    /* And back again. */
    assert_ok(publish(&d, FILE_OF(FEATURE("h1", "hotspot", "Market")),
                      "1 areas, 1 new or changed, 2 withdrawn"));
    all = areas_of(&r);
    assert_int_equal(all->count, 1);
    real_tablet_free(&r);
    desk_close(&d);
}

static void a_file_with_a_mistake_publishes_nothing(void **state)
{
    static const struct {
        const char *json, *said;
        enum err want;
    } rows[] = {
        { FILE_OF(FEATURE("b1", "beat", "A") "," FEATURE("b1", "beat", "B")),
          "beat/b1", ERR_EXISTS },
        { FILE_OF(FEATURE("b1", "beat", "A") ",{\"type\":\"Feature\"}"),
          "feature 2 has no id or no kind", ERR_BAD_DATA },
        { FILE_OF(FEATURE("a\\\"b", "beat", "A")), "feature 1 has no usable id",
          ERR_BAD_DATA },
        { FILE_OF("{\"type\":\"Feature\",\"id\":\"b\"," WORDS(
              "beat", "A") ",\"geometry\":{\"type\":\"Polygon\","
                           "\"coordinates\":[[]]}}"),
          "beat/b", ERR_BAD_DATA },
        { FILE_OF(""), "no FeatureCollection with features", ERR_BAD_DATA },
        { "{", "no FeatureCollection with features", ERR_BAD_DATA },
    };
    struct real_tablet r;
    struct desk d;

    (void)state;
    desk_open(&d);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_err(publish(&d, rows[i].json, rows[i].said), rows[i].want);
    }
    real_tablet_new(&d, "WB-07", 7, &r);
    assert_int_equal(areas_of(&r)->count, 0);
    real_tablet_free(&r);
    desk_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tablet_has_the_areas_of_the_last_file),
        cmocka_unit_test(a_file_with_a_mistake_publishes_nothing),
    };

    return RUN_TESTS(tests);
}
