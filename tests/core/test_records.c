#include "core/records.h"

#include <string.h>

#include "core/mem.h"
#include "tests/core/tiny_council.h"

static const char form_json[] =
    "{\"id\":\"shop\",\"version\":1,\"kind\":\"observation\",\"label\":"
    "\"Shop\","
    "\"categories\":[],\"common\":[\"note\"],\"common_required\":[],"
    "\"fields\":["
    "{\"id\":16,\"key\":\"owner\",\"type\":\"text\",\"label\":\"Owner\"},"
    "{\"id\":17,\"key\":\"officer\",\"type\":\"text\",\"label\":\"Officer\"}]}";

/* The text of one file, and its NUL. */
static char *text_of(const struct tiny *t,
                     enum err (*make)(const struct bundle_event *, size_t,
                                      struct buf *))
{
    struct bundle_event events[TINY_EVENTS_MAX];
    const size_t count = tiny_events(t, events);
    struct buf out;
    char *text;

    buf_init(&out, (size_t)1 << 20);
    assert_ok(make(events, count, &out));
    text = mem_text(buf_text(&out));
    buf_fini(&out);
    assert_non_null(text);
    return text;
}

static void assert_has(const struct tiny *t, const char *what)
{
    char *csv = text_of(t, records_csv);

    if (strstr(csv, what) == NULL) {
        fail_msg("no \"%s\" in:\n%s", what, csv);
    }
    mem_free(csv);
}

static void assert_lacks(const struct tiny *t, const char *what)
{
    char *csv = text_of(t, records_csv);

    if (strstr(csv, what) != NULL) {
        fail_msg("\"%s\" in:\n%s", what, csv);
    }
    mem_free(csv);
}

static void publish_form(struct tiny *t, enum tiny_who who)
{
    const struct tiny_new e = { .who = who,
                                .kind = KIND_FORM,
                                .record = tiny_id(t) };
    struct body_writer w;

    body_begin(&w);
    body_put_text(&w, FIELD_TITLE, "shop");
    body_put_text(&w, DEFINITION_JSON, form_json);
    tiny_add(t, &e, &w);
}

static size_t count_rows(const struct tiny *t)
{
    char *csv = text_of(t, records_csv);
    size_t rows = 0;

    for (const char *at = csv; (at = strstr(at, "\r\n")) != NULL; at += 2) {
        rows++;
    }
    mem_free(csv);
    return rows - 1;
}

static void one_record_is_one_row_whatever_its_events(void **state)
{
    struct tiny t;
    struct tiny_new set = { .who = TINY_A, .op = OP_SET };
    struct body_writer w;
    size_t at;

    (void)state;
    tiny_init(&t);
    assert_int_equal(count_rows(&t), 0);
    set.record = tiny_id(&t);
    set.op = OP_CREATE;
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, "first");
    at = tiny_add(&t, &set, &w);
    set.op = OP_SET;
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, "second");
    body_put_base(&w, FIELD_NOTE, &t.devices[TINY_A].incarnation,
                  &t.events[at].ref, 1);
    tiny_add(&t, &set, &w);
    assert_int_equal(count_rows(&t), 1);
    assert_has(&t, "second");
    assert_lacks(&t, "first");
    tiny_fini(&t);
}

static void a_conflict_shows_all_its_values(void **state)
{
    struct tiny t;
    struct tiny_new e = { .who = TINY_A };
    struct body_writer w;

    (void)state;
    tiny_init(&t);
    e.record = tiny_id(&t);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, "mine");
    tiny_add(&t, &e, &w);
    e.who = TINY_B;
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, "yours");
    tiny_add(&t, &e, &w);
    assert_int_equal(count_rows(&t), 1);
    assert_has(&t, "mine | yours");
    assert_has(&t, ",no,yes,"); /* struck, conflict */
    tiny_fini(&t);
}

static void cells_with_commas_quotes_and_lines_are_quoted(void **state)
{
    struct tiny t;

    (void)state;
    tiny_init(&t);
    tiny_note(&t, TINY_A, "he said \"no\",\nthen left");
    assert_has(&t, ",\"he said \"\"no\"\",\nthen left\"\r\n");
    tiny_fini(&t);
}

static void a_forms_key_names_the_column_unless_it_is_taken(void **state)
{
    struct tiny t;
    struct tiny_new e = { .who = TINY_A, .form = "shop" };
    struct body_writer w;

    (void)state;
    tiny_init(&t);
    publish_form(&t, TINY_SERVER);
    e.record = tiny_id(&t);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, "N");
    body_put_text(&w, 16, "O");
    body_put_text(&w, 17, "P");
    body_put_text(&w, 19, "R");
    tiny_add(&t, &e, &w);
    assert_has(&t, "place_accuracy_m,note,owner,shop.19,shop.officer"
                   "\r\n");
    assert_has(&t, ",N,O,R,P\r\n");
    tiny_fini(&t);
}

static void a_question_nobody_answered_is_still_a_column(void **state)
{
    struct tiny t;
    struct tiny_new e = { .who = TINY_A, .form = "shop" };
    struct body_writer w;

    (void)state;
    tiny_init(&t);
    publish_form(&t, TINY_SERVER);
    e.record = tiny_id(&t);
    body_begin(&w);
    body_put_text(&w, 17, "P");
    tiny_add(&t, &e, &w);
    assert_has(&t, "place_accuracy_m,owner,shop.officer\r\n");
    assert_has(&t, ",,P\r\n");
    tiny_fini(&t);
}

static void only_the_council_defines_and_refuses(void **state)
{
    struct tiny t;
    struct tiny_new e = { .who = TINY_B, .form = "shop" };
    struct body_writer w;

    (void)state;
    tiny_init(&t);
    publish_form(&t, TINY_A); /* a tablet: its form names nothing */
    e.record = tiny_id(&t);
    body_begin(&w);
    body_put_text(&w, 16, "O");
    tiny_add(&t, &e, &w);
    assert_has(&t, "shop.16");
    for (enum tiny_who who = TINY_A;; who = TINY_SERVER) {
        struct tiny_new refuse = {
            .who = who, .kind = KIND_LOG, .op = OP_REFUSE, .record = t.council
        };

        body_begin(&w);
        body_put_uuid(&w, LOG_INCARNATION, &t.devices[TINY_B].incarnation);
        body_put_int(&w, LOG_SEQUENCE, (int64_t)t.devices[TINY_B].count);
        tiny_add(&t, &refuse, &w);
        if (who == TINY_SERVER) {
            break;
        }
        assert_has(&t, ",O\r\n");
    }
    assert_lacks(&t, ",O\r\n");
    tiny_fini(&t);
}

static void keys_of_photos_stand_in_no_file_for_people(void **state)
{
    struct tiny t;
    struct tiny_new e = { .who = TINY_A, .kind = KIND_PHOTO };
    struct body_writer w;
    uint8_t key[32];
    char *json;

    (void)state;
    tiny_init(&t);
    e.record = tiny_id(&t);
    memset(key, 0xab, sizeof(key));
    body_begin(&w);
    body_put_bytes(&w, PHOTO_KEY, (struct bytes){ key, 32 });
    body_put_text(&w, PHOTO_TYPE, "image/jpeg");
    tiny_add(&t, &e, &w);
    assert_has(&t, "image/jpeg");
    assert_lacks(&t, "abababab");
    json = text_of(&t, records_geojson);
    assert_null(strstr(json, "abababab"));
    mem_free(json);
    tiny_fini(&t);
}

static void restricted_and_sealed_records_never_appear(void **state)
{
    struct tiny t;

    (void)state;
    tiny_init(&t);
    for (uint64_t kind = KIND_RESTRICTED; kind <= KIND_SEALED; kind++) {
        struct tiny_new e = { .who = TINY_A, .kind = kind };
        struct body_writer w;

        e.record = tiny_id(&t);
        body_begin(&w);
        body_put_text(&w, FIELD_NOTE, "secret");
        tiny_add(&t, &e, &w);
    }
    assert_int_equal(count_rows(&t), 0);
    tiny_fini(&t);
}

static void a_place_becomes_columns_and_a_point(void **state)
{
    struct tiny t;
    struct tiny_new e = { .who = TINY_A };
    const struct body_place place = { .lat_e7 = 512724000,
                                      .lon_e7 = -9,
                                      .accuracy_mm = 4500 };
    struct body_writer w;
    char *json;

    (void)state;
    tiny_init(&t);
    tiny_note(&t, TINY_A, "nowhere");
    e.record = tiny_id(&t);
    body_begin(&w);
    body_place_put(body_field(&w, FIELD_PLACE), &place);
    tiny_add(&t, &e, &w);
    assert_has(&t, ",51.2724000,-0.0000009,4.500,");
    json = text_of(&t, records_geojson);
    assert_non_null(strstr(json, "\"coordinates\":[-0.0000009,51.2724000]"));
    assert_null(strstr(json, "nowhere")); /* no place, no point */
    mem_free(json);
    tiny_fini(&t);
}

static void an_entry_recorded_again_counts_once(void **state)
{
    struct tiny t;
    struct tiny_new e = { .who = TINY_A };
    struct body_writer w;
    size_t at;

    (void)state;
    tiny_init(&t);
    e.record = tiny_id(&t);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, "once");
    at = tiny_add(&t, &e, &w);
    e.who = TINY_B; /* stands for the new incarnation */
    e.repeats = t.events[at].ref;
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, "once");
    tiny_add(&t, &e, &w);
    assert_int_equal(count_rows(&t), 1);
    assert_has(&t, ",no,no,");
    assert_lacks(&t, "once | once");
    tiny_fini(&t);
}

static void times_are_utc_and_officers_are_no_rows(void **state)
{
    struct tiny t;
    struct tiny_new officer = { .who = TINY_SERVER, .kind = KIND_OFFICER };
    struct body_writer w;

    (void)state;
    tiny_init(&t);
    officer.record = tiny_id(&t);
    body_begin(&w);
    body_put_text(&w, OFFICER_NUMBER, "4127");
    tiny_add(&t, &officer, &w);
    tiny_note(&t, TINY_A, "x");
    assert_has(&t, "2026-09-21T14:13:24.000Z,60,");
    assert_lacks(&t, "4127"); /* the officer is no record of patrol work */
    tiny_fini(&t);
}

/* A wrong day in a file for a court. */
static void days_are_those_of_the_calendar(void **state)
{
    static const struct {
        int64_t ms;
        const char *text;
    } days[] = { { 0, "1970-01-01T00:00:00.000Z" },
                 { -1, "1969-12-31T23:59:59.999Z" },
                 { 951782400000, "2000-02-29T00:00:00.000Z" },
                 { 1703980800000, "2023-12-31T00:00:00.000Z" },
                 { 1709164800000, "2024-02-29T00:00:00.000Z" },
                 { 4107456000000, "2100-02-28T00:00:00.000Z" },
                 { 4107542400000, "2100-03-01T00:00:00.000Z" },
                 { -2077747200000, "1904-02-29T00:00:00.000Z" },
                 { -14831769600000, "1500-01-01T00:00:00.000Z" } };
    struct buf out;

    (void)state;
    buf_init(&out, 100);
    for (size_t i = 0; i < ARRAY_LEN(days); i++) {
        buf_reset(&out);
        records_time(days[i].ms, &out);
        assert_string_equal(buf_text(&out), days[i].text);
    }
    buf_fini(&out);
}

/* Whatever a form of today or tomorrow put there. */
static void each_type_of_answer_has_its_words(void **state)
{
    static const struct {
        const char *item;
        size_t len;
        const char *text;
    } answers[] = { { NULL, 0, "(struck)" },
                    { "\x18\x2a", 2, "42" },
                    { "\x26", 1, "-7" },
                    { "\x63yes", 4, "yes" },
                    { "\x42\x0a\xff", 3, "0aff" },
                    { "\xf5", 1, "yes" },
                    { "\xf4", 1, "no" },
                    { "\xf6", 1, "" },
                    { "\x80", 1, "" },
                    { "\x83\x61\x61\x07\x61\x62", 6, "a;;b" },
                    { "\x82\x61\x61\xff", 4, "a;" },
                    { "", 0, "" },
                    { "\xa0", 1, "" },
                    { "\xc1\x01", 2, "" } };
    struct buf out;

    (void)state;
    buf_init(&out, 1000);
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        buf_reset(&out);
        records_item(
            (struct bytes){ (const uint8_t *)answers[i].item, answers[i].len },
            &out);
        assert_string_equal(buf_text(&out), answers[i].text);
    }
    buf_fini(&out);
}

/* Two tablets that say the same say it once. */
static void a_value_that_two_tablets_gave_stands_once(void **state)
{
    struct tiny t;
    struct tiny_new e = { .who = TINY_A };

    (void)state;
    tiny_init(&t);
    e.record = tiny_id(&t);
    for (e.who = TINY_A; e.who <= TINY_B; e.who++) {
        struct body_writer w;

        body_begin(&w);
        body_put_text(&w, FIELD_NOTE, "ours");
        tiny_add(&t, &e, &w);
    }
    assert_int_equal(count_rows(&t), 1);
    assert_has(&t, ",no,no,"); /* struck, conflict */
    assert_lacks(&t, "ours | ours");
    tiny_fini(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_those_of_the_calendar),
        cmocka_unit_test(each_type_of_answer_has_its_words),
        cmocka_unit_test(a_value_that_two_tablets_gave_stands_once),
        cmocka_unit_test(one_record_is_one_row_whatever_its_events),
        cmocka_unit_test(a_conflict_shows_all_its_values),
        cmocka_unit_test(cells_with_commas_quotes_and_lines_are_quoted),
        cmocka_unit_test(a_forms_key_names_the_column_unless_it_is_taken),
        cmocka_unit_test(a_question_nobody_answered_is_still_a_column),
        cmocka_unit_test(only_the_council_defines_and_refuses),
        cmocka_unit_test(keys_of_photos_stand_in_no_file_for_people),
        cmocka_unit_test(restricted_and_sealed_records_never_appear),
        cmocka_unit_test(a_place_becomes_columns_and_a_point),
        cmocka_unit_test(an_entry_recorded_again_counts_once),
        cmocka_unit_test(times_are_utc_and_officers_are_no_rows),
    };

    return RUN_TESTS(tests);
}
