#include "tests/test.h"

#include <string.h>

#include "core/body.h"
#include "tests/hex.h"

static const struct uuid own = { { 0xaa } };
static const struct uuid other = { { 0xbb } };

static void fields_bases_and_parent_come_back_as_written(void **state)
{
    const struct event_ref refs[] = { { own, 3 }, { other, 900 } };
    static const char *const added[] = { "glass", "knife" };
    struct event_ref got[BODY_BASES_MAX];
    struct body_writer w;
    struct body_view v;
    struct buf out;
    size_t count;

    (void)state;
    buf_init(&out, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_CATEGORY, "ASB-03");
    body_put_int(&w, FIELD_NOTED_MS, -5);
    body_put_codes(&w, 17, added, 2, NULL, 0);
    body_put_base(&w, FIELD_CATEGORY, &own, refs, 2);
    body_put_base(&w, 99, &own, refs, 1); /* struck, no value */
    w.parent = other;
    w.parent_field = 20;
    assert_ok(body_end(&w, &out));
    assert_ok(body_parse(buf_bytes(&out), &v));
    assert_int_equal(v.field_count, 4);
    assert_true(uuid_eq(&v.parent, &other));
    assert_int_equal(v.parent_field, 20);
    assert_ok(body_bases(body_find(&v, FIELD_CATEGORY), &own, got, &count));
    assert_int_equal(count, 2);
    assert_true(uuid_eq(&got[0].incarnation, &own));
    assert_int_equal(got[1].sequence, 900);
    assert_int_equal(body_find(&v, 99)->value.len, 0);
    assert_null(body_find(&v, 16));
    assert_false(v.has_newer);
    body_fini(&w);
    buf_fini(&out);
}

static void a_body_of_another_shape_is_refused(void **state)
{
    static const struct {
        const char *why, *hex;
    } rows[] = {
        { "not a map", "80" },
        { "no fields", "a0" },
        { "fields not a map", "a10180" },
        { "field 0", "a101a10000" },
        { "field id is a text", "a101a1616100" },
        { "a tagged value", "a101a101d200" },
        { "text ids", "a101a2616100616200" },
        { "no bases in the map", "a201a002a0" },
        { "an empty list of bases", "a201a002a10180" },
        { "base 0", "a201a002a1018100" },
        { "a base of one part", "a201a002a101818101" },
        { "a base of field 0", "a201a002a1008101" },
        { "a bad base, then a good one", "a201a002a2018100028101" },
        { "short parent", "a201a003420102" },
        { "short parent, and more", "a301a0034201020401" },
        { "kind 0", "a201a00500" },
        { "parent field 0", "a201a00400" },
        { "an empty form", "a201a00660" },
        { "a long form", "a201a006 7821 61616161616161616161616161616161616161"
                         "6161616161616161616161616161" },
        { "cut", "a101a1" },
        { "bytes behind it", "a101a000" },
    };
    struct body_view v;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct hex in = hex_new(rows[i].hex);

        if (body_parse(hex_bytes(in), &v) != ERR_BAD_DATA) {
            fail_msg("%s was let through", rows[i].why);
        }
        free(in.data);
    }
}

/* Fields, or bases of one field: `count` of them read back, or not. */
static enum err parse_many(size_t fields, size_t bases)
{
    struct body_view v;
    struct buf in;
    enum err err;

    buf_init(&in, BODY_MAX_BYTES);
    cbor_put_map(&in, 2);
    cbor_put_uint(&in, 1);
    cbor_put_map(&in, fields);
    for (size_t i = 0; i < fields; i++) {
        cbor_put_uint(&in, i + 1);
        cbor_put_uint(&in, 0);
    }
    cbor_put_uint(&in, 2);
    cbor_put_map(&in, 1);
    cbor_put_uint(&in, fields + 1);
    cbor_put_array(&in, bases);
    for (size_t i = 0; i < bases; i++) {
        cbor_put_uint(&in, i + 1);
    }
    assert_ok(in.err);
    err = body_parse(buf_bytes(&in), &v);
    buf_fini(&in);
    return err;
}

static void more_fields_or_bases_than_the_limit_are_refused(void **state)
{
    (void)state;
    assert_ok(parse_many(BODY_FIELDS_MAX - 1, 1));
    assert_err(parse_many(BODY_FIELDS_MAX, 1), ERR_BAD_DATA);
    assert_err(parse_many(BODY_FIELDS_MAX + 1, 1), ERR_BAD_DATA);
    assert_ok(parse_many(1, BODY_BASES_MAX));
    assert_err(parse_many(1, BODY_BASES_MAX + 1), ERR_BAD_DATA);
}

static enum err write_many(uint64_t fields, uint64_t bases)
{
    const struct event_ref ref = { { { 1 } }, 1 };
    struct body_writer w;
    struct buf out;
    enum err err;

    buf_init(&out, BODY_MAX_BYTES);
    body_begin(&w);
    for (uint64_t id = 1; id <= fields; id++) {
        body_put_text(&w, id, "a");
    }
    for (uint64_t id = 1; id <= bases; id++) {
        body_put_base(&w, id, &ref.incarnation, &ref, 1);
    }
    err = body_end(&w, &out);
    body_fini(&w);
    buf_fini(&out);
    return err;
}

static void a_body_that_nobody_could_read_is_not_written(void **state)
{
    (void)state;
    assert_ok(write_many(BODY_FIELDS_MAX, BODY_FIELDS_MAX));
    assert_err(write_many(BODY_FIELDS_MAX + 1, 0), ERR_TOO_LONG);
    assert_err(write_many(0, BODY_FIELDS_MAX + 1), ERR_TOO_LONG);
}

static void a_body_longer_than_the_limit_is_refused(void **state)
{
    static uint8_t text[BODY_MAX_BYTES];
    struct body_view v;
    struct buf in;

    (void)state;
    buf_init(&in, 2 * BODY_MAX_BYTES);
    for (size_t more = 0; more < 2; more++) {
        buf_reset(&in);
        buf_put(&in, "\xa1\x01\xa1\x01", 4);
        cbor_put_bytes(&in, text, BODY_MAX_BYTES - 9 + more);
        assert_int_equal(in.len, BODY_MAX_BYTES + more);
        assert_err(body_parse(buf_bytes(&in), &v),
                   more == 0 ? ERR_OK : ERR_BAD_DATA);
    }
    buf_fini(&in);
}

static void a_newer_key_is_flagged_and_skipped(void **state)
{
    struct hex in = hex_new("a201a101 63616263 1863 820102");
    struct body_view v;

    (void)state;
    assert_ok(body_parse(hex_bytes(in), &v));
    assert_true(v.has_newer);
    assert_int_equal(v.field_count, 1);
    free(in.data);
}

static void a_place_keeps_every_part(void **state)
{
    const struct body_place in = { 513456789, -31234567,
                                   4200,      PLACE_GPS,
                                   true,      { (uint8_t *)"kiosk", 5 } };
    struct body_place got;
    struct buf out;

    (void)state;
    buf_init(&out, 100);
    body_place_put(&out, &in);
    assert_ok(body_place_parse(buf_bytes(&out), &got));
    assert_int_equal(got.lat_e7, in.lat_e7);
    assert_int_equal(got.lon_e7, in.lon_e7);
    assert_int_equal(got.accuracy_mm, 4200);
    assert_int_equal(got.source, PLACE_GPS);
    assert_true(got.is_simulated);
    assert_true(bytes_eq(got.words, in.words));
    buf_fini(&out);
}

static void a_place_off_the_earth_is_refused(void **state)
{
    static const struct {
        const char *hex;
        enum err want;
    } rows[] = {
        { "a2 01 1a35a4e900 02 00", ERR_OK },       /* the pole */
        { "a2 01 1a35a4e901 02 00", ERR_BAD_DATA }, /* 90.0000001 north */
        { "a2 01 3a35a4e8ff 02 00", ERR_OK },
        { "a2 01 3a35a4e900 02 00", ERR_BAD_DATA }, /* ... and south */
        { "a2 01 00 02 1a6b49d201", ERR_BAD_DATA }, /* east */
        { "a1 01 00", ERR_BAD_DATA },
        { "a1 02 00", ERR_BAD_DATA },
        { "a3 01 00 02 00 1863 6178", ERR_OK }, /* somebody newer */
        { "a3 01 00 02 00 03 6178", ERR_BAD_DATA },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct hex in = hex_new(rows[i].hex);
        struct body_place got;

        assert_err(body_place_parse(hex_bytes(in), &got), rows[i].want);
        free(in.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_bases_and_parent_come_back_as_written),
        cmocka_unit_test(a_body_of_another_shape_is_refused),
        cmocka_unit_test(more_fields_or_bases_than_the_limit_are_refused),
        cmocka_unit_test(a_body_that_nobody_could_read_is_not_written),
        cmocka_unit_test(a_body_longer_than_the_limit_is_refused),
        cmocka_unit_test(a_newer_key_is_flagged_and_skipped),
        cmocka_unit_test(a_place_keeps_every_part),
        cmocka_unit_test(a_place_off_the_earth_is_refused),
    };

    return RUN_TESTS(tests);
}
