/* What is captured for a draft: kept, labelled, saved, thrown away. */
#include "core/tablet_capture.h"

#include <stdio.h>
#include <string.h>

#include <sqlite3.h>

#include "core/fields.h"
#include "core/tablet_photos.h"
#include "tests/store_machine.h"

static const struct uuid ann = { { 0xa } };
static const char form[] =
    "{\"id\":\"plain\",\"version\":1,\"kind\":\"observation\","
    "\"label\":\"Plain\",\"categories\":[],\"common\":[\"note\"],"
    "\"common_required\":[],\"fields\":[]}";

struct desk {
    struct machine m;
    struct tablet *t;
    struct buf why;
};

static void reopen(struct desk *d)
{
    const struct tablet_options options = { .store = machine_options(&d->m),
                                            .port = sim_port(d->m.sim) };

    tablet_close(d->t);
    assert_ok(tablet_open(&options, &d->t));
    assert_ok(tablet_sign_in(d->t, &ann));
}

static void append(struct desk *d, struct evlog_new *e, struct body_writer *w)
{
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    assert_ok(body_end(w, &body));
    e->body = buf_bytes(&body);
    assert_ok(evlog_append(tablet_log(d->t), e, 1, NULL));
    body_fini(w);
    buf_fini(&body);
}

static void desk_new(struct desk *d)
{
    struct evlog_new officer = {
        .record = ann, .kind = KIND_OFFICER, .kind_version = 1, .op = OP_CREATE
    };
    struct evlog_new def = { .kind = KIND_FORM,
                             .kind_version = 1,
                             .op = OP_CREATE };
    struct body_writer w;

    memset(d, 0, sizeof(*d));
    machine_new(&d->m, 5);
    machine_close(&d->m);
    buf_init(&d->why, 1000);
    reopen(d);
    body_begin(&w);
    body_put_text(&w, OFFICER_NUMBER, "4127");
    body_put_text(&w, OFFICER_NAME, "Ann Élan-Example");
    append(d, &officer, &w);
    def.record = machine_record(9);
    body_begin(&w);
    body_put_text(&w, FIELD_TITLE, "plain");
    body_put_text(&w, DEFINITION_JSON, form);
    append(d, &def, &w);
}

static void desk_free(struct desk *d)
{
    tablet_close(d->t);
    buf_fini(&d->why);
    machine_free(&d->m);
}

/* Seals `text` as a picture of the draft. */
static struct tablet_capture capture(struct desk *d, uint8_t id,
                                     const struct uuid *draft,
                                     const struct uuid *copy_of,
                                     const char *text)
{
    struct tablet_capture c = { .id = machine_record(id),
                                .draft = *draft,
                                .orientation = 1 };

    if (copy_of != NULL) {
        c.copy_of = *copy_of;
    }
    snprintf(c.media_type, sizeof(c.media_type), "image/jpeg");
    assert_ok(tablet_file_seal(
        d->t, (struct bytes){ (const uint8_t *)text, strlen(text) },
        &c.original));
    assert_ok(tablet_capture_put(d->t, &c));
    return c;
}

struct seen {
    struct tablet_capture list[4];
    size_t count;
};

static enum err take(void *ctx, const struct tablet_capture *c)
{
    struct seen *s = ctx;

    assert_true(s->count < ARRAY_LEN(s->list));
    s->list[s->count++] = *c;
    return ERR_OK;
}

static void a_capture_is_there_again_after_a_kill(void **state)
{
    const struct uuid draft = machine_record(100), other = machine_record(101);
    struct tablet_capture first, second;
    struct seen seen = { .count = 0 };
    struct buf bytes;
    struct desk d;

    (void)state;
    desk_new(&d);
    first = capture(&d, 20, &draft, NULL, "the photo");
    second = capture(&d, 21, &draft, &first.id, "drawn on");
    (void)capture(&d, 22, &other, NULL, "another log's");
    reopen(&d);
    assert_ok(tablet_captures(d.t, &draft, take, &seen));
    assert_int_equal(seen.count, 2);
    assert_true(uuid_eq(&seen.list[0].id, &first.id));
    assert_true(uuid_eq(&seen.list[1].copy_of, &first.id));
    assert_string_equal(seen.list[1].media_type, "image/jpeg");
    buf_init(&bytes, 100);
    assert_ok(tablet_file_bytes(d.t, &seen.list[1].original, &bytes));
    assert_string_equal(buf_text(&bytes), "drawn on");
    assert_true(hash_eq(&seen.list[1].original.plain, &second.original.plain));
    buf_fini(&bytes);
    desk_free(&d);
}

static enum err count_draft(void *ctx, const struct uuid *id, const char *what,
                            struct bytes data)
{
    (void)id;
    (void)what;
    (void)data;
    ++*(int *)ctx;
    return ERR_OK;
}

static void a_capture_is_no_draft_of_its_own(void **state)
{
    const struct uuid draft = machine_record(100);
    struct desk d;
    int drafts = 0;

    (void)state;
    desk_new(&d);
    (void)capture(&d, 20, &draft, NULL, "the photo");
    assert_ok(tablet_drafts(d.t, count_draft, &drafts));
    assert_int_equal(drafts, 0);
    desk_free(&d);
}

static void what_is_thrown_away_leaves_no_file(void **state)
{
    const struct uuid draft = machine_record(100);
    struct seen seen = { .count = 0 };
    struct tablet_capture c;
    struct buf bytes;
    struct desk d;

    (void)state;
    desk_new(&d);
    c = capture(&d, 20, &draft, NULL, "the photo");
    assert_ok(tablet_capture_drop(d.t, &c));
    assert_ok(tablet_captures(d.t, &draft, take, &seen));
    assert_int_equal(seen.count, 0);
    buf_init(&bytes, 100);
    assert_err(tablet_file_bytes(d.t, &c.original, &bytes), ERR_NOT_FOUND);
    buf_fini(&bytes);
    desk_free(&d);
}

static void save(struct desk *d, const struct uuid *draft,
                 const struct tablet_photo *photos, size_t count,
                 struct uuid *out)
{
    const struct tablet_new n = { .what = "plain",
                                  .photos = photos,
                                  .photo_count = count,
                                  .record = *draft };

    assert_ok(tablet_record(d->t, &n, out, &d->why));
}

static void a_copy_names_its_original_and_both_have_their_hash(void **state)
{
    const struct uuid draft = machine_record(100);
    struct tablet_capture first, second;
    struct tablet_photo photos[2] = { { .kept = &first }, { .kept = &second } };
    struct tablet_photo_item item;
    struct seen seen = { .count = 0 };
    struct buf bytes;
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d);
    first = capture(&d, 20, &draft, NULL, "the photo");
    second = capture(&d, 21, &draft, &first.id, "drawn on");
    save(&d, &draft, photos, 2, &id);
    assert_ok(tablet_photo_item(d.t, &second.id, &item));
    assert_true(uuid_eq(&item.copy_of, &first.id));
    assert_true(hash_eq(&item.plain, &second.original.plain));
    assert_string_equal(item.exhibit, "AÉE/2");
    assert_ok(tablet_photo_item(d.t, &first.id, &item));
    assert_true(uuid_is_zero(&item.copy_of));
    assert_true(hash_eq(&item.plain, &first.original.plain));
    assert_string_equal(item.exhibit, "AÉE/1");
    assert_true(uuid_eq(&item.officer, &ann));
    buf_init(&bytes, 100);
    assert_ok(tablet_photo_bytes(d.t, &first.id, true, &bytes));
    assert_string_equal(buf_text(&bytes), "the photo"); /* untouched */
    buf_fini(&bytes);
    assert_ok(tablet_captures(d.t, &draft, take, &seen));
    assert_int_equal(seen.count, 0); /* records now */
    assert_ok(store_fsck(tablet_store(d.t), machine_finding, NULL));
    desk_free(&d);
}

static void labels_go_on_after_a_restart_and_are_never_given_twice(void **state)
{
    const struct uuid draft = machine_record(100), next = machine_record(101);
    char label[TABLET_EXHIBIT_SIZE];
    struct tablet_capture c;
    const struct tablet_photo photo = { .kept = &c };
    struct tablet_photo_item item;
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d);
    c = capture(&d, 20, &draft, NULL, "one");
    save(&d, &draft, &photo, 1, &id);
    reopen(&d);
    assert_ok(tablet_exhibit_next(d.t, 0, label));
    assert_string_equal(label, "AÉE/2");
    assert_ok(tablet_exhibit_next(d.t, 3, label));
    assert_string_equal(label, "AÉE/5");
    c = capture(&d, 21, &next, NULL, "two");
    save(&d, &next, &photo, 1, &id);
    assert_ok(tablet_photo_item(d.t, &c.id, &item));
    assert_string_equal(item.exhibit, "AÉE/2");
    desk_free(&d);
}

static void initials_are_the_first_letters_of_a_name(void **state)
{
    static const struct {
        const char *why, *name, *want;
    } rows[] = {
        { "two words", "Amina Yusuf", "AY" },
        { "joined by a hyphen", "Jo Smith-Jones", "JSJ" },
        { "lower case", "ann o'hara", "AO" },
        { "more than four", "A B C D E", "ABCD" },
        { "another script", "أمينة يوسف", "أي" },
        { "nothing", "", "" },
    };
    char got[20];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        tablet_initials(rows[i].name, got);
        assert_string_equal(got, rows[i].want);
    }
}

static void a_recording_that_is_not_ended_leaves_nothing(void **state)
{
    static const uint8_t piece[70000];
    struct tablet_sealing *s = NULL;
    uint64_t before;
    struct desk d;

    (void)state;
    desk_new(&d);
    before = sim_port_blob_bytes(d.m.sim);
    assert_ok(tablet_sealing_new(d.t, &s));
    assert_ok(tablet_sealing_add(s, (struct bytes){ piece, sizeof(piece) }));
    tablet_sealing_drop(s);
    assert_int_equal(sim_port_blob_bytes(d.m.sim), before);
    desk_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_capture_is_there_again_after_a_kill),
        cmocka_unit_test(a_capture_is_no_draft_of_its_own),
        cmocka_unit_test(what_is_thrown_away_leaves_no_file),
        cmocka_unit_test(a_copy_names_its_original_and_both_have_their_hash),
        cmocka_unit_test(
            labels_go_on_after_a_restart_and_are_never_given_twice),
        cmocka_unit_test(initials_are_the_first_letters_of_a_name),
        cmocka_unit_test(a_recording_that_is_not_ended_leaves_nothing),
    };

    return RUN_TESTS(tests);
}
