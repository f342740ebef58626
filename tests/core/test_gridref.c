/* Grid references, against the Ordnance Survey's own example and others. */
#include "core/gridref.h"
#include "tests/test.h"

static void places_have_the_references_that_others_compute(void **state)
{
    static const struct {
        const char *where;
        int64_t lat_e7, lon_e7;
        const char *want;
    } rows[] = {
        { "the guide's example", 526579786, 17160519, "TG 51409 13177" },
        { "Kent", 512724000, 1909000, "TQ 52925 54862" },
        { "Leicester", 526369000, -11398000, "SK 58309 04697" },
        { "Liverpool", 534084000, -29916000, "SJ 34179 90634" },
        { "Cardiff", 514816000, -31791000, "ST 18217 76508" },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        char text[GRIDREF_TEXT_SIZE];

        assert_ok(gridref_text(rows[i].lat_e7, rows[i].lon_e7, text));
        assert_string_equal(text, rows[i].want);
    }
}

static void the_north_and_the_islands_have_letters_too(void **state)
{
    char text[GRIDREF_TEXT_SIZE];

    (void)state;
    assert_ok(gridref_text(601500000, -11500000, text)); /* Lerwick */
    assert_memory_equal(text, "HU ", 3);
    assert_ok(gridref_text(499140000, -63150000, text)); /* Scilly */
    assert_memory_equal(text, "SV ", 3);
}

static void a_place_off_the_grid_has_none(void **state)
{
    char text[GRIDREF_TEXT_SIZE];

    (void)state;
    assert_err(gridref_text(485000000, 23000000, text), ERR_NOT_FOUND);
    assert_err(gridref_text(525200000, 134000000, text), ERR_NOT_FOUND);
    assert_err(gridref_text(-900000000, 0, text), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_have_the_references_that_others_compute),
        cmocka_unit_test(the_north_and_the_islands_have_letters_too),
        cmocka_unit_test(a_place_off_the_grid_has_none),
    };

    return RUN_TESTS(tests);
}
