/* What tablet_record() takes, fills in and refuses. */
#include <string.h>

#include "core/tablet_internal.h"
#include "core/tablet_list.h"
#include "tests/core/tablet_desk.h"

static const struct tablet_text_field note = { "note", "red car" };

/* Refused with `want`, a word of it in the reason, nothing stored. */
static void assert_refuses(struct desk *d, const char *what, const char *key,
                           enum err want, const char *word)
{
    const struct tablet_text_field f = { key, "x" };
    const int64_t events = ask(d, "SELECT count(*) FROM event");
    struct uuid id;

    buf_reset(&d->why);
    assert_err(record(d, what, &f, 1, &id), want);
    buf_put_u8(&d->why, 0);
    assert_ok(d->why.err);
    assert_non_null(strstr((const char *)d->why.data, word));
    assert_int_equal(ask(d, "SELECT count(*) FROM event"), events);
}

static void a_retired_category_takes_no_record(void **state)
{
    struct desk d;

    (void)state;
    desk_new(&d, 1);
    publish_definition(
        d.t, KIND_CATEGORY, "OLD",
        "{\"id\":\"OLD\",\"label\":\"Old\",\"tier\":\"open\","
        "\"marking\":\"OFFICIAL\",\"form\":\"asb\",\"retired\":true}");
    assert_refuses(&d, "OLD", "note", ERR_BAD_DATA, "not used any more");
    desk_free(&d);
}

static void a_closed_categorys_form_is_not_filled_in_by_its_name(void **state)
{
    static const struct tablet_text_field fields[] = {
        { "category", "ASB" },
        { "marking", "OFFICIAL" },
        { "note", "red car" },
    };
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d, 2);
    assert_refuses(&d, "hate", "note", ERR_BAD_DATA, "name the category");
    assert_refuses(&d, "prevent_concern", "note", ERR_BAD_DATA,
                   "name the category");
    buf_reset(&d.why);
    assert_ok(record(&d, "asb", fields, ARRAY_LEN(fields), &id));
    desk_free(&d);
}

static void a_key_of_no_question_or_no_child_is_refused(void **state)
{
    static const char *const keys[] = {
        "persons.65.name", "persons.1",   "persons.one.name",
        "persons.1x.name", "note.1.name", "nobody.1.name",
    };
    static const struct tablet_text_field shape = { "persons.1.build", "vast" };
    static const char *const children[] = { "persons.1.nobody",
                                            "persons.1.height_cm" };
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d, 3);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        assert_refuses(&d, "ASB", keys[i], ERR_BAD_DATA, "no such question");
    }
    for (size_t i = 0; i < ARRAY_LEN(children); i++) {
        assert_refuses(&d, "ASB", children[i], ERR_BAD_DATA, "not an answer");
    }
    assert_err(record(&d, "ASB", &shape, 1, &id), ERR_BAD_DATA);
    desk_free(&d);
}

/* Several answers of one person are one record, vehicles are others. */
static void each_person_and_vehicle_is_one_record(void **state)
{
    static const struct tablet_text_field fields[] = {
        { "persons.2.name", "Roe" },
        { "persons.1.name", "Doe" },
        { "persons.1.hair", "grey" },
        { "vehicles.1.make", "Ford" },
        { "vehicles.1.model", "Focus" }
    };
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d, 4);
    assert_ok(tablet_sign_in(d.t, &d.officer));
    assert_ok(record(&d, "ASB", fields, ARRAY_LEN(fields), &id));
    assert_int_equal(ask(&d, "SELECT count(*) FROM record WHERE kind = 2"), 2);
    assert_int_equal(ask(&d, "SELECT count(*) FROM record WHERE kind = 3"), 1);
    assert_int_equal(ask(&d, "SELECT count(DISTINCT parent) FROM record"
                             " WHERE kind IN (2, 3)"),
                     1);
    desk_free(&d);
}

/* As many as the form takes; beyond 64 it is not memory that lacks. */
static void too_many_children_are_refused_as_too_many(void **state)
{
    enum { MANY = 65, FEW = 24 };
    struct tablet_text_field fields[MANY];
    char keys[MANY][32];
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d, 5);
    for (size_t i = 0; i < MANY; i++) {
        const bool is_person = i < 16 || i >= FEW;

        snprintf(keys[i], sizeof(keys[i]),
                 is_person ? "persons.%zu.name" : "vehicles.%zu.make",
                 i < 16 ? i + 1 : (is_person ? i - 7 : i - 15));
        fields[i] = (struct tablet_text_field){ keys[i], "x" };
    }
    assert_err(record(&d, "ASB", fields, MANY, &id), ERR_TOO_LONG);
    assert_err(record(&d, "ASB", fields, MANY - 1, &id), ERR_BAD_DATA);
    assert_int_equal(ask(&d, "SELECT count(*) FROM record WHERE kind = 1"), 0);
    assert_ok(record(&d, "ASB", fields, FEW, &id));
    assert_int_equal(ask(&d, "SELECT count(*) FROM record WHERE kind = 2"), 16);
    assert_int_equal(ask(&d, "SELECT count(*) FROM record WHERE kind = 3"), 8);
    desk_free(&d);
}

/* --- what is filled in --- */

struct fields {
    char category[20], marking[40];
    int64_t noted_ms;
    int32_t lat_e7;
    bool has_patrol;
};

static enum err take(void *ctx, const struct tablet_field *f)
{
    struct fields *to = ctx;
    struct cbor_reader r;

    if (f->id == FIELD_CATEGORY) {
        tablet_copy(f->value, to->category, sizeof(to->category));
    } else if (f->id == FIELD_MARKING) {
        tablet_copy(f->value, to->marking, sizeof(to->marking));
    } else if (f->id == FIELD_NOTED_MS) {
        cbor_open_gated(&r, f->value);
        to->noted_ms = cbor_get_int(&r);
    }
    to->has_patrol |= f->id == FIELD_PATROL;
    return ERR_OK;
}

static struct fields fields_of(struct desk *d, const struct uuid *id)
{
    struct fields out = { .lat_e7 = 0 };

    assert_ok(tablet_fields(d->t, id, take, &out));
    out.lat_e7 = (int32_t)ask(d, "SELECT min_lat FROM place");
    return out;
}

static void what_is_known_is_filled_in(void **state)
{
    const struct body_place here = { .lat_e7 = 515000000, .lon_e7 = -31000000 };
    const struct tablet_new n = {
        .what = "ASB", .fields = &note, .field_count = 1, .place = &here
    };
    struct fields got;
    struct uuid id, patrol;
    struct desk d;

    (void)state;
    desk_new(&d, 6);
    assert_ok(tablet_sign_in(d.t, &d.officer));
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrol));
    assert_ok(tablet_record(d.t, &n, &id, &d.why));
    got = fields_of(&d, &id);
    assert_string_equal(got.category, "ASB");
    assert_string_equal(got.marking, "OFFICIAL");
    assert_true(got.noted_ms > 0);
    assert_true(got.has_patrol);
    assert_int_equal(got.lat_e7, here.lat_e7);
    desk_free(&d);
}

static void what_was_answered_is_not_filled_in_again(void **state)
{
    static const struct tablet_text_field fields[] = {
        { "note", "red car" },    { "category", "ASB" },
        { "noted", "1000" },      { "marking", "OFFICIAL-SENSITIVE" },
        { "place", "51.6 -3.2" },
    };
    const struct body_place here = { .lat_e7 = 515000000, .lon_e7 = -31000000 };
    const struct tablet_new n = { .what = "ASB",
                                  .fields = fields,
                                  .field_count = ARRAY_LEN(fields),
                                  .place = &here };
    struct fields got;
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d, 7);
    assert_ok(tablet_record(d.t, &n, &id, &d.why));
    got = fields_of(&d, &id);
    assert_string_equal(got.marking, "OFFICIAL-SENSITIVE");
    assert_int_equal(got.noted_ms, 1000);
    assert_false(got.has_patrol);
    assert_int_equal(got.lat_e7, here.lat_e7); /* the map's, not the text */
    desk_free(&d);
}

static void a_record_before_the_first_sync_says_what_to_do(void **state)
{
    struct desk d;

    (void)state;
    desk_new(&d, 8);
    assert_refuses(&d, "NOPE", "note", ERR_NOT_FOUND, "send and receive");
    publish_definition(d.t, KIND_CATEGORY, "LOS",
                       "{\"id\":\"LOS\",\"label\":\"Lost\",\"tier\":\"open\","
                       "\"marking\":\"OFFICIAL\",\"form\":\"not_here\"}");
    assert_refuses(&d, "LOS", "note", ERR_NOT_FOUND, "send and receive");
    desk_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_retired_category_takes_no_record),
        cmocka_unit_test(a_closed_categorys_form_is_not_filled_in_by_its_name),
        cmocka_unit_test(a_key_of_no_question_or_no_child_is_refused),
        cmocka_unit_test(each_person_and_vehicle_is_one_record),
        cmocka_unit_test(too_many_children_are_refused_as_too_many),
        cmocka_unit_test(what_is_known_is_filled_in),
        cmocka_unit_test(what_was_answered_is_not_filled_in_again),
        cmocka_unit_test(a_record_before_the_first_sync_says_what_to_do),
    };

    return RUN_TESTS(tests);
}
