/* test_sync_line.c - lines that are slow, and lines that are paid by the
 * byte. */
#include "core/store_parcels.h"
#include "core/sync_internal.h"
#include "tests/core/sync_rig.h"

#define LONG_BYTES ((size_t)30 * 1024)
#define FILE_BYTES ((size_t)3 * BLOB_PART_MAX_BYTES)

static struct sync_request request;
static uint8_t file[FILE_BYTES];

static int tear_down(void **state)
{
    (void)state;
    rig_close();
    return 0;
}

/* So many entries of 30 KiB each, as drawings are. */
static int set_up(void **state)
{
    static char text[LONG_BYTES + 1];
    struct evlog_new e = { .kind = KIND_OBSERVATION,
                           .kind_version = 1,
                           .op = OP_CREATE };
    struct body_writer w;
    struct buf body;

    (void)state;
    rig_open(0);
    for (uint8_t n = 0; n < 12; n++) {
        memset(text, 'a' + n, LONG_BYTES);
        buf_init(&body, BODY_MAX_BYTES);
        body_begin(&w);
        body_put_text(&w, FIELD_NOTE, text);
        assert_ok(body_end(&w, &body));
        body_fini(&w);
        e.body = buf_bytes(&body);
        e.record.bytes[0] = n;
        assert_ok(evlog_append(rig.log, &e, 1, NULL));
        buf_fini(&body);
    }
    return 0;
}

static void cut(void)
{
    sync_failed(rig.sync, rig.mono_ms, ERR_UNREACHABLE, "cut");
}

/* All up to `held` is there, said after so long. */
static void acknowledge_after(uint64_t ms, uint64_t held)
{
    struct wire_receipt r;
    struct wire_reply reply;

    rig.mono_ms += ms;
    rig_plan(held, &r, &reply);
    assert_ok(rig_answer(&r, &reply));
}

/* Twelve at once, then 256 KiB, then one: a line of 250 bytes a second has
 * two minutes for it. */
static void after_cuts_long_entries_go_one_by_one(void **state)
{
    uint64_t last;

    (void)state;
    assert_int_equal(rig_push(&last), 12);
    cut();
    assert_int_equal(rig_push(&last), 9);
    cut();
    assert_int_equal(rig_push(&last), 1);
    cut();
    assert_int_equal(rig_push(&last), 1);
}

static void what_came_over_a_slow_line_does_not_grow(void **state)
{
    uint64_t last;

    (void)state;
    (void)rig_push(&last);
    cut();
    (void)rig_push(&last);
    cut();
    assert_int_equal(rig_push(&last), 1);
    acknowledge_after(SYNC_QUICK_MS, 1);
    assert_int_equal(rig_push(&last), 1);
    acknowledge_after(SYNC_QUICK_MS - 1, 2);
    assert_int_equal(rig_push(&last), 9);
}

/* Half a kilobyte a second is slow, not dead; what a server bears is the
 * end of it. */
static void the_more_goes_the_longer_is_waited(void **state)
{
    uint64_t wake;

    (void)state;
    while (!sync_next(rig.sync, rig.mono_ms, &request, &wake)) {
        rig.mono_ms = wake;
    }
    assert_in_range(request.timeout_ms, request.body.len * 2 + 1,
                    HTTP_TOTAL_MS);
}

/* --- files --- */

static int set_up_file(void **state)
{
    const struct port *port;
    struct hash name;

    (void)state;
    rig_open(1);
    port = sim_port(rig.machine);
    memset(file, 'f', FILE_BYTES);
    crypto_sha256((struct bytes){ file, FILE_BYTES }, &name);
    for (size_t at = 0; at < FILE_BYTES; at += BLOB_PART_MAX_BYTES) {
        assert_ok(port->ops->part_write(
            port->ctx, &name, at,
            (struct bytes){ file + at, BLOB_PART_MAX_BYTES }));
    }
    assert_ok(port->ops->part_commit(port->ctx, &name, &name));
    assert_ok(store_parcel_add(rig.store, &name, FILE_BYTES, 1));
    return 0;
}

/* The next request; false: nothing before the next look for news. */
static bool next_but_exchanges(void)
{
    uint64_t wake = 0;

    for (int i = 0; i < 100; i++) {
        if (!sync_next(rig.sync, rig.mono_ms, &request, &wake)) {
            rig.mono_ms = wake;
        } else if (strcmp(request.path, "/v1/exchange") != 0) {
            return true;
        } else {
            acknowledge_after(0, 1);
        }
    }
    return false;
}

static void has_up_to(uint64_t offset)
{
    const bool is_asked = request.method == SYNC_HEAD;

    assert_ok(sync_feed(rig.sync, rig.mono_ms,
                        &(struct sync_response){ .status = is_asked ? 200 : 204,
                                                 .has_offset = true,
                                                 .upload_offset = offset }));
}

/* Bytes of the next piece, after the server said how far it has it. */
static size_t piece_from(uint64_t offset)
{
    assert_true(next_but_exchanges());
    if (request.method == SYNC_HEAD) {
        has_up_to(offset);
        assert_true(next_but_exchanges());
    }
    assert_int_equal(request.method, SYNC_PATCH);
    assert_int_equal(request.upload_offset, offset);
    return request.body.len;
}

static void after_cuts_a_file_goes_in_smaller_pieces(void **state)
{
    static const size_t kib[] = { 256, 64, 16, 16 };
    size_t i;

    (void)state;
    for (i = 0; i < ARRAY_LEN(kib); i++) {
        assert_int_equal(piece_from(0), kib[i] * 1024);
        cut();
    }
    assert_int_equal(piece_from(0), 16 * 1024);
    rig.mono_ms += SYNC_QUICK_MS; /* it got there, but slowly */
    has_up_to((uint64_t)16 * 1024);
    assert_int_equal(piece_from((uint64_t)16 * 1024), 16 * 1024);
    has_up_to((uint64_t)32 * 1024);
    assert_int_equal(piece_from((uint64_t)32 * 1024), 64 * 1024);
}

/* --- paid by the byte --- */

static void open_metered(void)
{
    static const struct uuid nobody = { { 0 } };

    sync_close(rig.sync);
    assert_ok(sync_open(&(struct sync_options){ .log = rig.log,
                                                .port = sim_port(rig.machine),
                                                .officers = &nobody,
                                                .is_metered = true },
                        &rig.sync));
}

static void a_day_has_a_budget_that_a_restart_does_not_renew(void **state)
{
    const uint64_t small = 1000;

    (void)state;
    sync_meter_count(rig.sync, SYNC_METERED_DAY_BYTES);
    assert_int_equal(sync_meter_left(rig.sync), UINT64_MAX);
    open_metered();
    assert_int_equal(sync_meter_left(rig.sync), SYNC_METERED_DAY_BYTES);
    sync_meter_count(rig.sync, SYNC_METERED_DAY_BYTES - small);
    assert_int_equal(sync_meter_left(rig.sync), small);
    open_metered();
    assert_int_equal(sync_meter_left(rig.sync), small);
    sync_meter_count(rig.sync, small + 1);
    assert_int_equal(sync_meter_left(rig.sync), 0);
    rig.world_ms += (uint64_t)24 * 60 * 60 * 1000;
    assert_int_equal(sync_meter_left(rig.sync), SYNC_METERED_DAY_BYTES);
}

/* The file is of 768 KiB: an original, which waits for the office anyway. */
static void entries_travel_when_the_budget_is_used_up(void **state)
{
    uint64_t last;

    (void)state;
    open_metered();
    sync_meter_count(rig.sync, SYNC_METERED_DAY_BYTES);
    rig_record(1);
    assert_int_equal(rig_push(&last), 2);
    acknowledge_after(0, 2);
}

static void what_cannot_be_read_of_the_budget_holds_nothing_back(void **state)
{
    static const uint8_t odd[] = { 0x82, 0x01 };

    (void)state;
    assert_ok(store_meta_put(rig.store, SYNC_META_METER,
                             (struct bytes){ odd, sizeof(odd) }));
    open_metered();
    assert_int_equal(sync_meter_left(rig.sync), SYNC_METERED_DAY_BYTES);
}

int main(void)
{
#define T(name, before) cmocka_unit_test_setup_teardown(name, before, tear_down)
    const struct CMUnitTest tests[] = {
        T(after_cuts_long_entries_go_one_by_one, set_up),
        T(what_came_over_a_slow_line_does_not_grow, set_up),
        T(the_more_goes_the_longer_is_waited, set_up),
        T(after_cuts_a_file_goes_in_smaller_pieces, set_up_file),
        T(a_day_has_a_budget_that_a_restart_does_not_renew, set_up_file),
        T(entries_travel_when_the_budget_is_used_up, set_up_file),
        T(what_cannot_be_read_of_the_budget_holds_nothing_back, set_up_file),
    };

    return RUN_TESTS(tests);
}
