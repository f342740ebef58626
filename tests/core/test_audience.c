/* A subscription that is taken away takes what others wrote with it. */
#include "core/audience.h"

#include <sqlite3.h>

#include "core/fields.h"
#include "core/sync_internal.h"
#include "tests/store_machine.h"

static struct machine here, colleague, server;
static struct uuid note_here, note_there;

static int set_up(void **state)
{
    struct evlog_new e = { .kind = KIND_COUNCIL,
                           .kind_version = 1,
                           .op = OP_CREATE };
    struct body_writer w;
    struct buf body;

    (void)state;
    machine_new(&here, 1);
    machine_new(&colleague, 2);
    machine_new(&server, 3);
    note_here = machine_record(1);
    note_there = machine_record(2);
    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, COUNCIL_NAME, "Westbrook");
    assert_ok(body_end(&w, &body));
    body_fini(&w);
    e.record = evlog_identity(server.log)->council;
    e.body = buf_bytes(&body);
    assert_ok(evlog_append(server.log, &e, 1, NULL));
    buf_fini(&body);
    assert_ok(machine_note(&here, &note_here, "mine", NULL, 0, NULL));
    assert_ok(machine_note(&colleague, &note_there, "theirs", NULL, 0, NULL));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    machine_free(&here);
    machine_free(&colleague);
    machine_free(&server);
    return 0;
}

static enum err carry_one(void *ctx, const struct evlog_event *e)
{
    return evlog_receive(ctx, e->header, e->salt, e->body);
}

static void carry_all(void)
{
    assert_ok(evlog_all(server.log, carry_one, here.log));
    assert_ok(evlog_all(colleague.log, carry_one, here.log));
}

static int64_t ask(const char *sql)
{
    sqlite3_stmt *st;
    int64_t answer = -1;

    assert_int_equal(
        sqlite3_prepare_v2(store_db(here.store), sql, -1, &st, NULL),
        SQLITE_OK);
    if (sqlite3_step(st) == SQLITE_ROW) {
        answer = sqlite3_column_int64(st, 0);
    }
    sqlite3_finalize(st);
    return answer;
}

/* Cursors of the council and of the first `own` officers; then the lowest
 * position that is kept for an officer. */
static uint64_t follow(unsigned own, bool may_drop)
{
    struct wire_list_writer list;
    struct wire_list view;
    struct wire_list_reader r;
    struct cbor_reader c;
    struct bytes item;
    struct buf out;
    uint64_t low = UINT64_MAX;

    wire_list_begin(&list, 4096);
    for (unsigned i = 0; i <= own; i++) {
        struct wire_cursor cursor = { i == 0 ? WIRE_SUB_COUNCIL : WIRE_SUB_OWN,
                                      machine_record((uint8_t)(0x40 + i)), 900,
                                      100 };

        wire_cursor_put(wire_list_item(&list), &cursor);
    }
    view = wire_list_view(&list);
    buf_init(&out, 4096);
    assert_ok(evlog_begin(here.log));
    assert_ok(audience_follow(here.log, &view, may_drop, &out));
    assert_ok(store_meta_put(here.store, SYNC_META_CURSORS, buf_bytes(&out)));
    assert_ok(evlog_commit(here.log));
    cbor_open(&c, buf_bytes(&out));
    view.count = cbor_get_array(&c);
    view.items = (struct bytes){ c.at, (size_t)(c.end - c.at) };
    assert_int_equal(view.count, own + 1);
    wire_list_open(&r, &view);
    while (wire_list_next(&r, &item)) {
        struct wire_cursor cursor;

        assert_ok(wire_cursor_get(item, &cursor));
        if (cursor.kind == WIRE_SUB_COUNCIL) {
            assert_int_equal(cursor.position, 900);
        } else if (cursor.position < low) {
            low = cursor.position;
        }
    }
    wire_list_fini(&list);
    buf_fini(&out);
    return low;
}

#define BODIES "SELECT count(*) FROM event WHERE body IS NOT NULL"

static void what_others_wrote_goes_and_comes_again_from_the_start(void **state)
{
    (void)state;
    carry_all();
    assert_int_equal(follow(2, true), 900);
    assert_int_equal(ask(BODIES), 3);
    assert_int_equal(follow(1, true), 100);
    assert_int_equal(ask(BODIES), 2); /* own, and the council's */
    assert_int_equal(ask("SELECT count(*) FROM event"), 3);
    assert_int_equal(ask("SELECT count(*) FROM search WHERE search MATCH"
                         " 'theirs'"),
                     0);
    assert_int_equal(ask("SELECT count(*) FROM search WHERE search MATCH"
                         " 'mine'"),
                     1);
    assert_ok(store_fsck(here.store, machine_finding, NULL));
    carry_all();
    assert_int_equal(ask(BODIES), 3);
    assert_int_equal(follow(1, true), 900);
    assert_int_equal(ask(BODIES), 3);
    assert_ok(store_fsck(here.store, machine_finding, NULL));
}

static void what_comes_in_addition_drops_nothing(void **state)
{
    (void)state;
    carry_all();
    assert_int_equal(follow(1, true), 900);
    assert_int_equal(follow(2, true), 900);
    assert_int_equal(ask(BODIES), 3);
}

static void nothing_goes_while_a_restored_server_is_given_back(void **state)
{
    (void)state;
    carry_all();
    assert_int_equal(follow(2, true), 900);
    assert_int_equal(follow(1, false), 900);
    assert_int_equal(ask(BODIES), 3);
    assert_int_equal(follow(1, true), 100); /* not forgotten */
    assert_int_equal(ask(BODIES), 2);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_others_wrote_goes_and_comes_again_from_the_start),
        T(what_comes_in_addition_drops_nothing),
        T(nothing_goes_while_a_restored_server_is_given_back),
    };

    return RUN_TESTS(tests);
}
