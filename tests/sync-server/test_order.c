#include "sync-server/order.h"

#include <string.h>

#include "core/body.h"
#include "core/fields.h"
#include "sync-server/journal.h"
#include "tests/platform/tempdir.h"
#include "tests/sync-server/desk.h"

#define WORDS "a blue bicycle"

static struct desk desk;
static struct desk_tablet a, b;

static int set_up(void **state)
{
    (void)state;
    desk_open(&desk);
    desk_tablet_new(&desk, "tablet A", &a);
    desk_tablet_new(&desk, "tablet B", &b);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_tablet_free(&a);
    desk_tablet_free(&b);
    desk_close(&desk);
    return 0;
}

static bool on_disk(const char *text)
{
    return faultvfs_contains(
        desk.disk, (struct bytes){ (const uint8_t *)text, strlen(text) });
}

/* One event of `record` with a note and a parent (NULL: none). */
static void say(struct desk_tablet *t, const struct uuid *record,
                const char *text, const struct uuid *parent)
{
    struct desk_event e = { .record = *record };
    struct body_writer w;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, text);
    if (parent != NULL) {
        w.parent = *parent;
        w.parent_field = 20;
        e.kind = KIND_PERSON;
    }
    assert_ok(body_end(&w, &body));
    body_fini(&w);
    e.body = buf_bytes(&body);
    desk_record(t, &e);
    buf_fini(&body);
}

static void push(struct desk_tablet *t, uint64_t first, uint64_t last)
{
    struct desk_reply r;

    desk_send(t, &(struct desk_push){ .first = first, .last = last }, &r);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.receipt.sequence, last);
    desk_reply_free(&r);
}

static enum err order(enum err (*fn)(struct council *, const struct order_ask *,
                                     struct buf *),
                      const struct uuid *record)
{
    const struct order_ask ask = { .record = *record, .reason = "case 12" };
    struct buf text;
    enum err err;

    buf_init(&text, 4096);
    err = fn(&desk.council, &ask, &text);
    assert_true(text.len > 0);
    buf_fini(&text);
    return err;
}

static struct uuid record_id(uint8_t n)
{
    return (struct uuid){ { 7, n } };
}

static bool has_body(struct desk_tablet *t, uint64_t sequence)
{
    const struct event_ref ref = { t->incarnation, sequence };
    struct sdb_event e;

    assert_ok(sdb_event_get(desk.db, &ref, &e));
    assert_int_equal(e.state == SDB_ERASED, e.body.data == NULL);
    return e.body.data != NULL;
}

static void what_is_erased_stands_in_no_file(void **state)
{
    const struct uuid record = record_id(1), other = record_id(2);

    (void)state;
    say(&a, &record, WORDS, NULL);
    say(&a, &other, "a lamp", NULL);
    push(&a, 1, 2);
    assert_true(on_disk(WORDS));
    assert_ok(order(order_erase, &record));
    assert_false(on_disk(WORDS));
    assert_true(on_disk("a lamp"));
    assert_false(has_body(&a, 1));
    assert_true(has_body(&a, 2));
    assert_err(order(order_erase, &record), ERR_EXISTS);
}

static void what_hangs_on_a_record_goes_with_it(void **state)
{
    const struct uuid record = record_id(1), person = record_id(2);
    const struct uuid photo = record_id(3), other = record_id(4);

    (void)state;
    say(&a, &photo, "its photo", &person);
    say(&a, &person, "her name", &record);
    say(&a, &record, WORDS, NULL);
    say(&a, &other, "a lamp", NULL);
    push(&a, 1, 4);
    assert_ok(order(order_erase, &record));
    for (uint64_t n = 1; n <= 3; n++) {
        assert_false(has_body(&a, n));
    }
    assert_true(has_body(&a, 4));
}

static void nothing_is_erased_while_a_hold_stands(void **state)
{
    const struct uuid record = record_id(1), person = record_id(2);

    (void)state;
    say(&a, &record, WORDS, NULL);
    say(&a, &person, "her name", &record);
    push(&a, 1, 2);
    assert_err(order(order_release, &record), ERR_NOT_FOUND);
    assert_ok(order(order_hold, &person));
    assert_ok(order(order_hold, &person));
    assert_err(order(order_erase, &record), ERR_CLOSED); /* its child */
    assert_ok(order(order_release, &person));
    assert_err(order(order_erase, &person), ERR_CLOSED);
    assert_ok(order(order_release, &person));
    assert_ok(order(order_hold, &record));
    assert_err(order(order_erase, &person), ERR_CLOSED); /* its parent */
    assert_true(has_body(&a, 1) && has_body(&a, 2));
    assert_ok(order(order_release, &record));
    assert_ok(order(order_erase, &record));
    assert_err(order(order_hold, &record), ERR_EXISTS);
}

static void a_body_that_comes_later_is_not_kept(void **state)
{
    const struct uuid record = record_id(1), person = record_id(2);
    struct sdb_order_state order_state;

    (void)state;
    say(&a, &record, "first", NULL);
    push(&a, 1, 1);
    assert_ok(order(order_erase, &record));
    say(&a, &record, WORDS, NULL);
    say(&b, &person, "her name", &record);
    push(&a, 2, 2);
    push(&b, 1, 1);
    assert_false(has_body(&a, 2));
    assert_false(has_body(&b, 1));
    assert_false(on_disk(WORDS));
    assert_false(on_disk("her name"));
    assert_ok(sdb_order_state(desk.db, &person, &order_state));
    assert_true(order_state.is_erased); /* the tablets are told, too */
}

static void a_tablet_cannot_order_an_erasure(void **state)
{
    const struct uuid record = record_id(1);
    struct desk_reply r;

    (void)state;
    say(&a, &record, WORDS, NULL);
    push(&a, 1, 1);
    desk_record(&b,
                &(struct desk_event){ .op = OP_ERASE_BODY, .record = record });
    desk_send(&b, &(struct desk_push){ .first = 1, .last = 1 }, &r);
    assert_int_equal(r.msg.exceptions.count, 1);
    desk_reply_free(&r);
    assert_true(has_body(&a, 1));
}

static void the_file_of_an_erased_photo_is_gone_and_not_asked_for(void **state)
{
    const struct port *port = sim_port(desk.machine);
    const struct uuid record = record_id(1);
    const struct bytes bytes = { (const uint8_t *)"cipher", 6 };
    struct sdb_blob blob;
    struct desk_reply r;
    struct hash name;
    uint64_t size;

    (void)state;
    crypto_sha256(bytes, &name);
    desk_record(&a, &(struct desk_event){ .record = record, .blob = name });
    push(&a, 1, 1);
    assert_ok(port->ops->part_write(port->ctx, &name, 0, bytes));
    assert_ok(port->ops->part_commit(port->ctx, &name, &name));
    assert_ok(order(order_erase, &record));
    assert_err(port->ops->blob_size(port->ctx, &name, &size), ERR_NOT_FOUND);
    desk_send(&a, &(struct desk_push){ .blobs = &name, .blob_count = 1 }, &r);
    assert_int_equal(r.msg.wanted.count, 0);
    assert_int_equal(r.receipt.blobs.count, 0);
    desk_reply_free(&r);
    assert_ok(sdb_blob_get(desk.db, &name, &blob));
    assert_true(blob.is_erased && !blob.is_held);
}

/* The operation of the first event of a page. */
static uint64_t first_op(const struct desk_reply *r)
{
    struct wire_list_reader list;
    struct accept_event ev;
    struct wire_entry entry;
    struct bytes item;
    struct buf header;
    uint64_t op;

    wire_list_open(&list, &r->msg.entries);
    assert_true(wire_list_next(&list, &item));
    assert_ok(wire_entry_get(item, &entry));
    buf_init(&header, HEADER_MAX_BYTES);
    assert_ok(accept_parse(entry.event, &header, &ev));
    op = ev.h.op;
    buf_fini(&header);
    return op;
}

static bool listed(const char *what)
{
    struct buf text;
    bool found;

    buf_init(&text, 65536);
    assert_ok(order_list(&desk.council, &text));
    found = strstr(buf_text(&text), what) != NULL;
    buf_fini(&text);
    return found;
}

static void an_order_goes_first_and_its_cursor_confirms_it(void **state)
{
    const struct uuid record = record_id(1);
    struct desk_reply r;

    (void)state;
    for (uint8_t i = 1; i < 6; i++) {
        say(&a, &(struct uuid){ { 7, i } }, "news", NULL);
    }
    push(&a, 1, 5);
    assert_ok(order(order_erase, &record));
    assert_true(listed("not confirmed by tablet B"));
    desk_send(&b, &(struct desk_push){ .max_rows = 1 }, &r);
    assert_true(r.msg.has_more);
    assert_int_equal(first_op(&r), OP_ERASE_BODY);
    desk_reply_free(&r);
    assert_true(listed("not confirmed by tablet B")); /* sent isn't done */
    desk_send(&b, &(struct desk_push){ .max_rows = 3 }, &r);
    assert_int_equal(r.msg.entries.count, 3);
    assert_true(r.msg.has_more);
    desk_reply_free(&r);
    assert_false(listed("not confirmed by tablet B"));
    assert_true(listed("not confirmed by tablet A"));
    desk_send(&b, &(struct desk_push){ 0 }, &r);
    assert_int_equal(r.msg.entries.count, 2 + 5 - 3); /* none twice */
    desk_reply_free(&r);
}

static void reopen(struct faultvfs *backup)
{
    service_close(desk.service);
    council_close(&desk.council);
    sdb_close(desk.db);
    assert_ok(faultvfs_copy(desk.disk, backup));
    assert_ok(sdb_open("c", faultvfs_name(desk.disk), &desk.db));
    assert_ok(council_open(desk.db, sim_port(desk.machine), &desk.council));
    assert_ok(council_begin(&desk.council));
    assert_ok(council_new_incarnation(&desk.council));
    assert_ok(council_commit(&desk.council));
    assert_ok(
        service_open(&(struct service_options){ "c", faultvfs_name(desk.disk),
                                                sim_port(desk.machine) },
                     &desk.service));
}

static void the_journal_erases_again_what_a_backup_brought_back(void **state)
{
    const struct uuid record = record_id(1), held = record_id(2);
    struct tempdir dir = tempdir_new();
    struct faultvfs *backup;
    struct journal *j;
    uint64_t redone;

    (void)state;
    say(&a, &record, WORDS, NULL);
    say(&a, &held, "a lamp", NULL);
    push(&a, 1, 2);
    assert_ok(faultvfs_new(5, &backup));
    assert_ok(faultvfs_copy(backup, desk.disk));
    assert_ok(journal_attach(dir.path, NULL, &desk.council, &j, &redone));
    assert_ok(order(order_erase, &record));
    assert_ok(order(order_hold, &held));
    journal_close(j);
    reopen(backup);
    assert_true(on_disk(WORDS)); /* as the backup was */
    assert_ok(journal_attach(dir.path, NULL, &desk.council, &j, &redone));
    assert_int_equal(redone, 1);
    assert_false(on_disk(WORDS));
    assert_false(has_body(&a, 1));
    assert_err(order(order_erase, &held), ERR_CLOSED);
    assert_ok(journal_replay(j, &desk.council, &redone));
    assert_int_equal(redone, 0); /* once is enough */
    journal_close(j);
    faultvfs_free(backup);
    tempdir_free(&dir);
}

static void spoil_journal(const struct tempdir *dir, const char *mode, long at,
                          const char *text)
{
    char path[400];
    FILE *f;

    snprintf(path, sizeof(path), "%s/" JOURNAL_FILE, dir->path);
    f = fopen(path, mode);
    assert_non_null(f);
    assert_int_equal(fseek(f, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    fputs(text, f);
    fclose(f);
}

static void a_damaged_line_is_told_and_the_others_count(void **state)
{
    const struct uuid record = record_id(1), other = record_id(2);
    struct tempdir dir = tempdir_new();
    struct faultvfs *backup;
    struct journal *j;
    uint64_t redone;

    (void)state;
    say(&a, &record, WORDS, NULL);
    say(&a, &other, "a lamp", NULL);
    push(&a, 1, 2);
    assert_ok(faultvfs_new(5, &backup));
    assert_ok(faultvfs_copy(backup, desk.disk));
    assert_ok(journal_attach(dir.path, NULL, &desk.council, &j, &redone));
    assert_ok(order(order_erase, &record));
    assert_ok(order(order_erase, &other));
    journal_close(j);
    spoil_journal(&dir, "r+", 20, "0000");
    spoil_journal(&dir, "a", 0, "erase-body cut sho");
    reopen(backup);
    assert_err(journal_attach(dir.path, NULL, &desk.council, &j, &redone),
               ERR_BAD_DATA);
    assert_int_equal(redone, 1);
    assert_false(has_body(&a, 2));
    journal_close(j);
    faultvfs_free(backup);
    tempdir_free(&dir);
}

/* A page as a tablet gives it back. */
static void put_offer(const struct desk_reply *r, struct buf *out)
{
    struct wire_list_writer events;
    struct wire_list_reader list;
    struct wire_offer offer;
    struct bytes item;
    struct buf leaves, header;

    buf_init(&leaves, 65536);
    buf_init(&header, HEADER_MAX_BYTES);
    wire_list_begin(&events, SYNC_PLAIN_MAX_BYTES);
    cbor_put_array(&leaves, r->msg.entries.count);
    wire_list_open(&list, &r->msg.entries);
    while (wire_list_next(&list, &item)) {
        struct accept_event ev;
        struct wire_entry entry;
        struct wire_leaf leaf;

        assert_ok(wire_entry_get(item, &entry));
        assert_ok(accept_parse(entry.event, &header, &ev));
        leaf = (struct wire_leaf){ entry.position, ev.header_hash };
        wire_leaf_put(&leaves, &leaf);
        cbor_put_bytes(wire_list_item(&events), entry.event.data,
                       entry.event.len);
    }
    offer.seal = r->msg.page;
    offer.leaves = buf_bytes(&leaves);
    offer.events = wire_list_view(&events);
    wire_offer_put(out, &offer);
    wire_list_fini(&events);
    buf_fini(&leaves);
    buf_fini(&header);
}

static void without_a_journal_a_tablet_brings_the_order_back(void **state)
{
    const struct uuid record = record_id(1);
    struct faultvfs *backup;
    struct desk_reply r;
    struct buf offer;

    (void)state;
    say(&a, &record, WORDS, NULL);
    push(&a, 1, 1);
    assert_ok(faultvfs_new(5, &backup));
    assert_ok(faultvfs_copy(backup, desk.disk));
    assert_ok(order(order_erase, &record));
    buf_init(&offer, SYNC_PLAIN_MAX_BYTES);
    desk_send(&b, &(struct desk_push){ 0 }, &r);
    put_offer(&r, &offer);
    desk_reply_free(&r);
    reopen(backup);
    assert_true(has_body(&a, 1));
    desk_send(&b, &(struct desk_push){ .offer = buf_bytes(&offer) }, &r);
    assert_int_equal(r.status, 200);
    desk_reply_free(&r);
    assert_false(has_body(&a, 1));
    assert_true(listed("not confirmed by tablet B")); /* made anew */
    desk_send(&b, &(struct desk_push){ .offer = buf_bytes(&offer) }, &r);
    desk_reply_free(&r);
    assert_true(listed("1 erased")); /* and only once */
    buf_fini(&offer);
    faultvfs_free(backup);
}

/* An entry given back without its body, by a tablet that had pruned it. */
static void the_author_fills_in_what_came_back_without_content(void **state)
{
    const struct uuid record = record_id(1);
    const struct bytes none = { NULL, 0 };
    struct sdb_event e;

    (void)state;
    say(&a, &record, WORDS, NULL);
    push(&a, 1, 1);
    assert_ok(
        sdb_event_get(desk.db, &(struct event_ref){ a.incarnation, 1 }, &e));
    e.salt = e.body = none;
    assert_ok(sdb_begin(desk.db));
    assert_ok(sdb_event_set_state(desk.db, &e));
    assert_ok(sdb_commit(desk.db));
    say(&a, &record, "more", NULL);
    push(&a, 1, 2);
    assert_true(has_body(&a, 1));
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_is_erased_stands_in_no_file),
        T(what_hangs_on_a_record_goes_with_it),
        T(nothing_is_erased_while_a_hold_stands),
        T(a_body_that_comes_later_is_not_kept),
        T(a_tablet_cannot_order_an_erasure),
        T(the_file_of_an_erased_photo_is_gone_and_not_asked_for),
        T(an_order_goes_first_and_its_cursor_confirms_it),
        T(the_journal_erases_again_what_a_backup_brought_back),
        T(a_damaged_line_is_told_and_the_others_count),
        T(without_a_journal_a_tablet_brings_the_order_back),
        T(the_author_fills_in_what_came_back_without_content),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
