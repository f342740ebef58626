/* The decoder of map tiles, on bytes written here by hand. */
#include <string.h>

#include "core/limits.h"
#include "core/mvt.h"
#include "core/pbuf.h"
#include "tests/test.h"

/* Layer "l", version 2, one key "k", one value "v"; then a feature whose
 * fields are given. */
#define LAYER(len, ...)                                                   \
    0x1a, 15 + (len), 0x78, 0x02, 0x0a, 0x01, 'l', 0x1a, 0x01, 'k', 0x22, \
        0x03, 0x0a, 0x01, 'v', 0x12, (len), __VA_ARGS__

static enum err decode(const uint8_t *data, size_t len, struct mvt_tile *out)
{
    return mvt_decode((struct bytes){ data, len }, out);
}

#define FEATURE_TEST(want, ...)                                           \
    do {                                                                  \
        const uint8_t feature_[] = { __VA_ARGS__ };                       \
        const uint8_t data_[] = { LAYER(sizeof(feature_), __VA_ARGS__) }; \
        struct mvt_tile tile_;                                            \
        assert_err(decode(data_, sizeof(data_), &tile_), (want));         \
        if ((want) == ERR_OK) {                                           \
            mvt_free(&tile_);                                             \
        }                                                                 \
    } while (0)

static void a_polygon_comes_with_its_hole_and_tags(void **state)
{
    /* Ring (0,0) (10,0) (10,10); hole (3,1) (4,1) (4,2). */
    const uint8_t data[] = { LAYER(28, 0x12, 0x02, 0, 0, 0x18, 0x03, 0x22, 0x12,
                                   9, 0, 0, 18, 20, 0, 0, 20, 15, 9, 13, 17, 18,
                                   2, 0, 0, 2, 15, 0x08, 0x05) };
    const struct mvt_layer *l;
    const struct mvt_feature *f;
    struct mvt_tile tile;

    (void)state;
    assert_ok(decode(data, sizeof(data), &tile));
    l = mvt_layer(&tile, "l");
    assert_non_null(l);
    assert_int_equal(l->extent, 4096);
    assert_int_equal(l->feature_count, 1);
    f = &l->features[0];
    assert_int_equal(f->type, MVT_POLYGON);
    assert_int_equal(f->id, 5);
    assert_int_equal(f->part_count, 2);
    assert_int_equal(f->parts[1].first, 3);
    assert_int_equal(f->parts[1].count, 3);
    assert_int_equal(f->points[2].x, 10);
    assert_int_equal(f->points[2].y, 10);
    assert_int_equal(f->points[3].x, 3);
    assert_int_equal(f->points[3].y, 1);
    assert_non_null(mvt_get(l, f, "k"));
    assert_int_equal(mvt_get(l, f, "k")->text.len, 1);
    assert_null(mvt_get(l, f, "other"));
    assert_null(mvt_layer(&tile, "other"));
    mvt_free(&tile);
}

static void geometry_that_breaks_a_rule_refuses_the_tile(void **state)
{
    (void)state;
    /* A point, a line, a ring: fine. */
    FEATURE_TEST(ERR_OK, 0x18, 1, 0x22, 3, 9, 2, 2);
    FEATURE_TEST(ERR_OK, 0x18, 2, 0x22, 6, 9, 2, 2, 10, 2, 2);
    /* A line of one point; a line without start; two starts. */
    FEATURE_TEST(ERR_BAD_DATA, 0x18, 2, 0x22, 3, 9, 2, 2);
    FEATURE_TEST(ERR_BAD_DATA, 0x18, 2, 0x22, 3, 10, 2, 2);
    FEATURE_TEST(ERR_BAD_DATA, 0x18, 2, 0x22, 6, 9, 2, 2, 9, 2, 2);
    /* A ring that is not closed; one closed twice; a command 3. */
    FEATURE_TEST(ERR_BAD_DATA, 0x18, 3, 0x22, 8, 9, 0, 0, 18, 2, 0, 0, 2);
    FEATURE_TEST(ERR_BAD_DATA, 0x18, 3, 0x22, 10, 9, 0, 0, 18, 2, 0, 0, 2, 15,
                 15);
    FEATURE_TEST(ERR_BAD_DATA, 0x18, 1, 0x22, 3, 11, 2, 2);
    /* More points than bytes; half a point; no point at all. */
    FEATURE_TEST(ERR_BAD_DATA, 0x18, 1, 0x22, 7, 0xf9, 0xff, 0xff, 0xff, 0x0f,
                 2, 2);
    FEATURE_TEST(ERR_BAD_DATA, 0x18, 1, 0x22, 2, 9, 2);
    FEATURE_TEST(ERR_BAD_DATA, 0x18, 1, 0x22, 0);
}

static void tags_beyond_the_tables_refuse_the_tile(void **state)
{
    (void)state;
    FEATURE_TEST(ERR_BAD_DATA, 0x12, 2, 1, 0, 0x18, 1, 0x22, 3, 9, 2, 2);
    FEATURE_TEST(ERR_BAD_DATA, 0x12, 2, 0, 1, 0x18, 1, 0x22, 3, 9, 2, 2);
}

static void what_may_be_passed_over_is_counted(void **state)
{
    /* Without a type; and with half a pair of tags. */
    const uint8_t no_type[] = { LAYER(5, 0x22, 3, 9, 2, 2) };
    const uint8_t half[] = { LAYER(10, 0x12, 1, 0, 0x18, 1, 0x22, 3, 9, 2, 2) };
    struct mvt_tile tile;

    (void)state;
    assert_ok(decode(no_type, sizeof(no_type), &tile));
    assert_int_equal(tile.lost, 1);
    assert_int_equal(tile.layers[0].feature_count, 0);
    mvt_free(&tile);
    assert_ok(decode(half, sizeof(half), &tile));
    assert_int_equal(tile.lost, 1);
    mvt_free(&tile);
}

static void a_tile_cut_anywhere_is_refused(void **state)
{
    const uint8_t data[] = { LAYER(7, 0x18, 1, 0x22, 3, 9, 2, 2) };
    struct mvt_tile tile;

    (void)state;
    for (size_t len = 1; len < sizeof(data); len++) {
        assert_err(decode(data, len, &tile), ERR_BAD_DATA);
    }
    assert_ok(decode(data, 0, &tile));
    mvt_free(&tile);
}

static void a_varint_of_more_than_64_bits_is_bad(void **state)
{
    const uint8_t most[] = { 0xff, 0xff, 0xff, 0xff, 0xff,
                             0xff, 0xff, 0xff, 0xff, 0x01 };
    const uint8_t more[] = { 0xff, 0xff, 0xff, 0xff, 0xff,
                             0xff, 0xff, 0xff, 0xff, 0x02 };
    struct pbuf p = pbuf_open((struct bytes){ most, sizeof(most) });

    (void)state;
    assert_true(pbuf_varint(&p) == UINT64_MAX);
    assert_false(p.bad);
    p = pbuf_open((struct bytes){ more, sizeof(more) });
    (void)pbuf_varint(&p);
    assert_true(p.bad);
    assert_true(pbuf_zigzag(UINT64_MAX) == INT64_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_polygon_comes_with_its_hole_and_tags),
        cmocka_unit_test(geometry_that_breaks_a_rule_refuses_the_tile),
        cmocka_unit_test(tags_beyond_the_tables_refuse_the_tile),
        cmocka_unit_test(what_may_be_passed_over_is_counted),
        cmocka_unit_test(a_tile_cut_anywhere_is_refused),
        cmocka_unit_test(a_varint_of_more_than_64_bits_is_bad),
    };

    return RUN_TESTS(tests);
}
