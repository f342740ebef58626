#define _GNU_SOURCE /* mkdtemp */
#include "sync-server/export/export.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/cose.h"
#include "core/fields.h"
#include "sync-server/verify/folder.h"
#include "tests/platform/tempdir.h"
#include "tests/sync-server/desk.h"

static struct desk desk;
static struct desk_tablet a, b;
static struct tempdir temp;

/* What enrolment does: the tablet's key becomes an event. */
static void grant(const struct uuid *owner, const struct ec_public *pub)
{
    struct evlog_new e = { .kind = KIND_KEY, .op = OP_GRANT };
    struct body_writer w;
    struct buf key, body;
    const struct port *port = sim_port(desk.machine);

    buf_init(&key, 256);
    buf_init(&body, 1024);
    cose_key_put(&key, pub);
    body_begin(&w);
    body_put_bytes(&w, KEY_PUBLIC, buf_bytes(&key));
    body_put_text(&w, KEY_USE, "seal");
    body_put_uuid(&w, KEY_OWNER, owner);
    assert_ok(body_end(&w, &body));
    body_fini(&w);
    assert_ok(port->ops->random(port->ctx, e.record.bytes, 16));
    e.body = buf_bytes(&body);
    assert_ok(council_record(&desk.council, &e, 1));
    buf_fini(&key);
    buf_fini(&body);
}

static int set_up(void **state)
{
    (void)state;
    desk_open(&desk);
    desk_tablet_new(&desk, "tablet A", &a);
    desk_tablet_new(&desk, "tablet B", &b);
    grant(&a.device, &a.key.pub);
    grant(&b.device, &b.key.pub);
    temp = tempdir_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    tempdir_free(&temp);
    desk_tablet_free(&a);
    desk_tablet_free(&b);
    desk_close(&desk);
    return 0;
}

static void push(struct desk_tablet *t, uint64_t first, uint64_t last)
{
    struct desk_reply r;

    desk_send(t, &(struct desk_push){ .first = first, .last = last }, &r);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.receipt.sequence, last);
    desk_reply_free(&r);
}

static struct uuid record_named(const char *text)
{
    struct uuid id;

    memset(&id, 0, sizeof(id));
    snprintf((char *)id.bytes, sizeof(id.bytes), "%s", text);
    return id;
}

/* A note of tablet `t` in the record `name`. */
static void note(struct desk_tablet *t, const char *name, const char *text,
                 const char *parent)
{
    struct desk_event e;
    struct body_writer w;
    struct buf body;

    memset(&e, 0, sizeof(e));
    e.record = record_named(name);
    buf_init(&body, 4096);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, text);
    if (parent != NULL) {
        w.parent = record_named(parent);
        e.kind = KIND_PERSON;
    }
    assert_ok(body_end(&w, &body));
    body_fini(&w);
    e.body = buf_bytes(&body);
    desk_record(t, &e);
    buf_fini(&body);
}

static void a_day(void)
{
    note(&a, "alpha", "gate broken", NULL);
    note(&a, "alpha-person", "man in red", "alpha");
    push(&a, 1, 2);
    note(&b, "beta", "dogs barking", NULL);
    push(&b, 1, 1);
    note(&a, "gamma", "litter", NULL);
    push(&a, 3, 3);
}

static void export(enum bundle_scope scope, const char *id, char path[400])
{
    const struct export_what what = { scope, id };
    static int count;
    struct buf why;

    snprintf(path, 400, "%s/bundle%d", temp.path, ++count);
    buf_init(&why, 4096);
    assert_err(export_bundle(&desk.council, path, &what, &why), ERR_OK);
    buf_fini(&why);
}

static void tell(void *ctx, const char *what)
{
    print_message("%s\n", what);
    (void)ctx;
}

static struct bundle_verdict verify(const char *path)
{
    struct bundle_verdict v;
    struct folder folder;

    assert_ok(folder_read(path, &folder));
    assert_ok(bundle_verify(folder.files, folder.count, tell, NULL, &v));
    folder_free(&folder);
    assert_int_equal(v.findings, 0);
    assert_true(v.has_anchor);
    return v;
}

/* True when any file of the bundle holds these bytes. */
static bool bundle_has(const char *path, const void *data, size_t len)
{
    struct folder folder;
    bool found = false;

    assert_ok(folder_read(path, &folder));
    for (size_t i = 0; i < folder.count; i++) {
        const struct bytes in = folder.files[i].data;

        for (size_t at = 0; at + len <= in.len && !found; at++) {
            found = memcmp(in.data + at, data, len) == 0;
        }
    }
    folder_free(&folder);
    return found;
}

static bool has_text(const char *path, const char *text)
{
    return bundle_has(path, text, strlen(text));
}

static void the_whole_council_is_exported_and_holds(void **state)
{
    char path[400];
    struct bundle_verdict v;

    (void)state;
    a_day();
    export(BUNDLE_ALL, "", path);
    v = verify(path);
    assert_int_equal(v.events, 2 + 2 + 4); /* council, keys, notes */
    assert_true(has_text(path, "gate broken"));
    assert_true(has_text(path, "dogs barking"));
}

static void one_record_shows_its_children_and_nothing_of_others(void **state)
{
    const struct uuid id = record_named("alpha");
    const struct uuid beta = record_named("beta");
    char text[UUID_TEXT_SIZE];
    char path[400];
    struct bundle_verdict v;

    (void)state;
    a_day();
    uuid_format(&id, text);
    export(BUNDLE_RECORD, text, path);
    v = verify(path);
    assert_int_equal(v.events, 1 + 1 + 2); /* council, A's key, notes */
    assert_true(has_text(path, "gate broken"));
    assert_true(has_text(path, "man in red"));
    assert_false(has_text(path, "dogs barking"));
    assert_false(has_text(path, "litter"));
    assert_false(bundle_has(path, beta.bytes, 16));
    assert_false(bundle_has(path, b.device.bytes, 16));
}

static void a_record_between_two_pushes_verifies_alone(void **state)
{
    const struct uuid id = record_named("gamma");
    char text[UUID_TEXT_SIZE];
    char path[400];

    (void)state;
    a_day();
    note(&a, "delta", "later", NULL);
    push(&a, 4, 4);
    uuid_format(&id, text);
    export(BUNDLE_RECORD, text, path);
    verify(path);
    assert_true(has_text(path, "litter"));
    assert_false(has_text(path, "later"));
    assert_false(has_text(path, "gate broken"));
}

static void a_patrol_takes_along_what_was_noted_on_it(void **state)
{
    const struct uuid patrol = record_named("patrol");
    char text[UUID_TEXT_SIZE];
    char path[400];
    struct desk_event e;
    struct body_writer w;
    struct buf body;

    (void)state;
    note(&a, "patrol", "north beat", NULL);
    memset(&e, 0, sizeof(e));
    e.record = record_named("on-it");
    buf_init(&body, 4096);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, "seen on patrol");
    body_put_uuid(&w, FIELD_PATROL, &patrol);
    assert_ok(body_end(&w, &body));
    body_fini(&w);
    e.body = buf_bytes(&body);
    desk_record(&a, &e);
    buf_fini(&body);
    note(&a, "off-it", "seen off duty", NULL);
    push(&a, 1, 3);
    uuid_format(&patrol, text);
    export(BUNDLE_PATROL, text, path);
    verify(path);
    assert_true(has_text(path, "seen on patrol"));
    assert_false(has_text(path, "seen off duty"));
}

static void an_unknown_record_or_a_used_folder_is_refused(void **state)
{
    const struct uuid nobody = record_named("nobody");
    char text[UUID_TEXT_SIZE];
    struct export_what what = { BUNDLE_RECORD, text };
    char path[400];
    struct stat st;
    struct buf why;

    (void)state;
    a_day();
    uuid_format(&nobody, text);
    snprintf(path, sizeof(path), "%s/none", temp.path);
    buf_init(&why, 4096);
    assert_err(export_bundle(&desk.council, path, &what, &why), ERR_NOT_FOUND);
    assert_true(stat(path, &st) != 0);
    what.id = "not an id";
    assert_err(export_bundle(&desk.council, path, &what, &why), ERR_NOT_FOUND);
    what = (struct export_what){ BUNDLE_ALL, "" };
    assert_err(export_bundle(&desk.council, temp.path, &what, &why),
               ERR_EXISTS);
    assert_true(why.len > 0);
    buf_fini(&why);
}

static void an_enrolled_again_tablet_keeps_its_old_seals(void **state)
{
    struct sdb_device row;
    char path[400];

    (void)state;
    a_day();
    a.key.d[5] ^= 1;
    assert_ok(crypto_ec_derive(&a.key));
    assert_ok(sdb_device_get(desk.db, &a.device, &row));
    row.seal_key = a.key.pub;
    assert_ok(sdb_device_put(desk.db, &row));
    grant(&a.device, &a.key.pub);
    note(&a, "epsilon", "with a new key", NULL);
    push(&a, 4, 4);
    export(BUNDLE_ALL, "", path);
    verify(path);
}

static void a_photo_that_has_not_arrived_is_listed_not_hidden(void **state)
{
    struct desk_event e;
    char path[400];
    struct bundle_verdict v;

    (void)state;
    memset(&e, 0, sizeof(e));
    memset(e.blob.bytes, 0x5a, sizeof(e.blob.bytes));
    desk_record(&a, &e);
    push(&a, 1, 1);
    export(BUNDLE_ALL, "", path);
    v = verify(path);
    assert_int_equal(v.missing_blobs, 1);
    assert_int_equal(v.blobs, 0);
}

static void what_was_given_back_is_listed_as_known_to_the_log_alone(
    void **state)
{
    struct sdb_event e, held;
    const struct event_ref ref = { b.incarnation, 1 };
    struct bundle_verdict v;
    struct buf header, body;
    char path[400];

    (void)state;
    a_day();
    /* an event of B's own future, as another tablet gives it back */
    note(&b, "zeta", "given back", NULL);
    assert_ok(sdb_event_get(desk.db, &ref, &held));
    e = held;
    buf_init(&header, HEADER_MAX_BYTES);
    buf_init(&body, BODY_MAX_BYTES);
    {
        struct bytes salt, view;

        assert_ok(
            event_wire_parse(buf_bytes(&b.wire[2]), &header, &salt, &view));
        e.header = buf_bytes(&header);
        e.salt = salt;
        e.body = view;
        e.reason = (struct bytes){ 0 };
        e.ref.sequence = 2;
        e.has_link = false;
        e.record = record_named("zeta");
        crypto_sha256(e.header, &e.header_hash);
        assert_ok(council_begin(&desk.council));
        assert_ok(
            ledger_append(&desk.council.ledger, &e.header_hash, &e.position));
        assert_ok(sdb_event_add(desk.db, &e));
        assert_ok(council_commit(&desk.council));
    }
    export(BUNDLE_ALL, "", path);
    v = verify(path);
    assert_int_equal(v.unchained, 1);
    push(&b, 2, 2); /* the author comes back: its chain is whole again */
    export(BUNDLE_ALL, "", path);
    v = verify(path);
    assert_int_equal(v.unchained, 0);
    buf_fini(&header);
    buf_fini(&body);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_whole_council_is_exported_and_holds),
        CASE(one_record_shows_its_children_and_nothing_of_others),
        CASE(a_record_between_two_pushes_verifies_alone),
        CASE(a_patrol_takes_along_what_was_noted_on_it),
        CASE(an_unknown_record_or_a_used_folder_is_refused),
        CASE(an_enrolled_again_tablet_keeps_its_old_seals),
        CASE(a_photo_that_has_not_arrived_is_listed_not_hidden),
        CASE(what_was_given_back_is_listed_as_known_to_the_log_alone),
    };

    return RUN_TESTS(tests);
}
