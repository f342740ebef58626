/* Distances against published ones; inside, outside and the edge. */
#include "core/geo.h"

#include "tests/test.h"

static struct geo_pos at(double lat, double lon)
{
    return (struct geo_pos){ (int32_t)(lat * 1e7 + (lat < 0 ? -.5 : .5)),
                             (int32_t)(lon * 1e7 + (lon < 0 ? -.5 : .5)) };
}

static void distances_are_those_of_the_ellipsoid(void **state)
{
    static const struct {
        const char *why;
        double lat_a, lon_a, lat_b, lon_b;
        int64_t mm, within_mm;
    } rows[] = {
        /* clang-format off */
        { "a degree north on the equator",
          0, 0, 1, 0, 110574389, 1 },
        { "a degree east on the equator",
          0, 0, 0, 1, 111319491, 1 },
        { "a step of 1e-4 degree north",
          52.4, -4.6, 52.4001, -4.6, 11127, 1 },
        { "a step of 1e-4 degree east",
          52.4, -4.6, 52.4, -4.5999, 6806, 1 },
        { "Flinders Peak to Buninyong (GDA technical manual)",
          -37.951033417, 144.424867889, -37.652821139, 143.926495528,
          54972271, 100 },
        { "over the ocean, by Vincenty's formula",
          51.4706, -0.4619, 40.6398, -73.7789, 5554542718, 20000 },
        { "one place", 52.4, -4.6, 52.4, -4.6, 0, 0 },
        { "the other side of the earth, along a meridian",
          0, 0, 0, 180, 20003931459, 40000000 },
        /* clang-format on */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct geo_pos a = at(rows[i].lat_a, rows[i].lon_a);
        const struct geo_pos b = at(rows[i].lat_b, rows[i].lon_b);
        const int64_t there = geo_distance_mm(a, b);

        if (llabs(there - rows[i].mm) > rows[i].within_mm) {
            fail_msg("%s: %lld mm", rows[i].why, (long long)there);
        }
        assert_int_equal(there, geo_distance_mm(b, a));
    }
}

/* A square of 4 x 4 with a hole of 2 x 2 in its middle, in 1e-7 degree. */
static const struct geo_pos outer[] = {
    { 0, 0 }, { 0, 4 }, { 4, 4 }, { 4, 0 }, { 0, 0 },
};
static const struct geo_pos hole[] = {
    { 1, 1 }, { 1, 3 }, { 3, 3 }, { 3, 1 }, { 1, 1 },
};
/* A spike whose tip just touches the line that goes east from (10, 0). */
static const struct geo_pos spike[] = {
    { 5, 5 },
    { 10, 10 },
    { 5, 15 },
    { 5, 5 },
};
static const struct geo_line with_hole[] = { { outer, 5 }, { hole, 5 } };
static const struct geo_line with_spike[] = { { spike, 4 } };
static const struct geo_polygon polygons[] = { { with_hole, 2 },
                                               { with_spike, 1 } };
static const struct geo_shape both = { polygons, 2 };

static void a_hole_is_outside_and_every_edge_belongs(void **state)
{
    static const struct {
        const char *why;
        struct geo_pos p;
        bool want;
    } rows[] = {
        { "between the rings", { 2, 0 + 1 - 1 }, true },
        { "inside the outer ring", { 1, 0 }, true },
        { "the middle of the hole", { 2, 2 }, false },
        { "on the hole's edge", { 1, 2 }, true },
        { "on the hole's corner", { 3, 3 }, true },
        { "on the outer edge", { 4, 2 }, true },
        { "on the outer corner", { 0, 0 }, true },
        { "west of it, level with a corner", { 4, -1 }, false },
        { "east of it", { 2, 5 }, false },
        { "the second polygon", { 6, 10 }, true },
        { "its tip", { 10, 10 }, true },
        { "level with its tip, west", { 10, 0 }, false },
        { "level with its tip, east", { 10, 11 }, false },
        { "level with its base, west", { 5, 4 }, false },
        { "on its base", { 5, 9 }, true },
        { "on its slope", { 7, 7 }, true },
        { "beside its slope", { 7, 6 }, false },
        { "no place on earth", { INT32_MAX, INT32_MIN }, false },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (geo_shape_has(&both, rows[i].p) != rows[i].want) {
            fail_msg("%s", rows[i].why);
        }
    }
}

static void the_whole_earth_is_no_overflow(void **state)
{
    static const struct geo_pos corners[] = {
        { -GEO_LAT_MAX_E7, -GEO_LON_MAX_E7 },
        { -GEO_LAT_MAX_E7, GEO_LON_MAX_E7 },
        { GEO_LAT_MAX_E7, GEO_LON_MAX_E7 },
        { GEO_LAT_MAX_E7, -GEO_LON_MAX_E7 },
        { -GEO_LAT_MAX_E7, -GEO_LON_MAX_E7 },
    };
    static const struct geo_line ring = { corners, 5 };
    static const struct geo_polygon polygon = { &ring, 1 };
    static const struct geo_shape earth = { &polygon, 1 };
    const struct geo_pos places[] = { at(51.5, -0.1),
                                      at(-89.9, 179.9),
                                      { -GEO_LAT_MAX_E7, GEO_LON_MAX_E7 } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        assert_true(geo_shape_has(&earth, places[i]));
    }
}

static void the_edge_is_as_far_as_a_tape_measure_says(void **state)
{
    /* 0.01 degree of a square at 52.4 north: 1,112.8 m by 680.6 m below and
     * 680.5 m above. */
    const struct geo_pos square[] = { at(52.4, -4.6), at(52.4, -4.59),
                                      at(52.41, -4.59), at(52.41, -4.6),
                                      at(52.4, -4.6) };
    const struct geo_line ring = { square, 5 };
    const struct geo_polygon polygon = { &ring, 1 };
    const struct geo_shape shape = { &polygon, 1 };
    const struct geo_shape nothing = { NULL, 0 };
    const struct {
        const char *why;
        struct geo_pos p;
        int64_t mm;
    } rows[] = {
        { "inside, near the south", at(52.401, -4.595), 111275 },
        { "inside, near the east", at(52.405, -4.5905), 34028 },
        { "outside, to the north", at(52.4101, -4.595), 11127 },
        { "outside, off a corner", at(52.4101, -4.5899), 13043 },
        { "on the edge", at(52.4, -4.595), 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const int64_t mm = geo_shape_edge_mm(&shape, rows[i].p);

        if (llabs(mm - rows[i].mm) > 3) {
            fail_msg("%s: %lld mm", rows[i].why, (long long)mm);
        }
    }
    assert_true(geo_shape_edge_mm(&nothing, rows[0].p) == GEO_FAR_MM);
    assert_true(llabs(geo_line_length_mm(&ring) - 2 * 1112757 - 680641 -
                      680486) < 1000);
}

static void a_box_has_its_corners_and_an_empty_one_nothing(void **state)
{
    const struct geo_line line = { outer, 3 };
    struct geo_box box = geo_box_empty();

    (void)state;
    assert_false(geo_box_has(&box, outer[0]));
    geo_box_add(&box, &line);
    assert_true(geo_box_has(&box, outer[0]));
    assert_true(geo_box_has(&box, outer[2]));
    assert_false(geo_box_has(&box, at(1, 1)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_those_of_the_ellipsoid),
        cmocka_unit_test(a_hole_is_outside_and_every_edge_belongs),
        cmocka_unit_test(the_whole_earth_is_no_overflow),
        cmocka_unit_test(the_edge_is_as_far_as_a_tape_measure_says),
        cmocka_unit_test(a_box_has_its_corners_and_an_empty_one_nothing),
    };

    return RUN_TESTS(tests);
}
