/* test_sync_rhythm.c - how much the engine sends, and when it tries again. */
#include <stdlib.h>
#include <string.h>

#include "core/body.h"
#include "core/limits.h"
#include "core/sync.h"
#include "core/wire.h"
#include "platform/sim/faultvfs.h"
#include "platform/sim/sim_port.h"
#include "tests/test.h"

#define EVENTS 700

struct rig {
    uint64_t world_ms, mono_ms;
    struct sim_port *machine;
    struct faultvfs *disk;
    struct store *store;
    struct evlog *log;
    struct sync *sync;
    struct ec_key server;
    struct evlog_identity id;
};
static struct rig rig;

static void record(size_t count)
{
    struct evlog_new e[100];
    struct body_writer w;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, "a note");
    assert_ok(body_end(&w, &body));
    body_fini(&w);
    memset(e, 0, sizeof(e));
    for (size_t i = 0; i < ARRAY_LEN(e); i++) {
        e[i].kind = KIND_OBSERVATION;
        e[i].kind_version = 1;
        e[i].op = OP_CREATE;
        e[i].body = buf_bytes(&body);
        e[i].record.bytes[0] = (uint8_t)i;
    }
    for (; count > 0; count -= ARRAY_LEN(e)) {
        assert_ok(evlog_append(rig.log, e, ARRAY_LEN(e), NULL));
    }
    buf_fini(&body);
}

static int set_up(void **state)
{
    static const struct uuid nobody = { { 0 } };
    const struct sim_port_options machine = { &rig.world_ms, 1790000000000, 5 };
    struct store_options store = { .path = "t" };
    struct sync_options sync = { .officers = &nobody };
    struct crypto_random random;

    (void)state;
    memset(&rig, 0, sizeof(rig));
    assert_ok(sim_port_new(&machine, &rig.machine));
    assert_ok(faultvfs_new(3, &rig.disk));
    random = port_random(sim_port(rig.machine));
    assert_ok(crypto_ec_new(random, &rig.server));
    assert_ok(crypto_ec_new(random, &rig.id.seal_key));
    memset(rig.id.device.bytes, 1, 16);
    memset(rig.id.incarnation.bytes, 2, 16);
    rig.id.server_key = rig.server.pub;
    rig.id.recovery_key = rig.server.pub;
    store.vfs = faultvfs_name(rig.disk);
    store.port = sim_port(rig.machine);
    assert_ok(store_open(&store, &rig.store));
    assert_ok(evlog_init(rig.store, &rig.id));
    assert_ok(evlog_open(rig.store, &rig.log));
    record(EVENTS);
    sync.log = rig.log;
    sync.port = sim_port(rig.machine);
    assert_ok(sync_open(&sync, &rig.sync));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    sync_close(rig.sync);
    evlog_close(rig.log);
    store_close(rig.store);
    faultvfs_free(rig.disk);
    sim_port_free(rig.machine);
    return 0;
}

/* The next request, whenever it is due: how many events are in it, and the
 * sequence of the last. */
static size_t next_push(uint64_t *last)
{
    struct sync_request q;
    struct wire_exchange x;
    struct buf plain;
    uint64_t wake = 0;
    size_t count;

    for (int i = 0; !sync_next(rig.sync, rig.mono_ms, &q, &wake); i++) {
        assert_true(i < 1000); /* without memory it may never come */
        rig.mono_ms = wake;
    }
    assert_string_equal(q.path, "/v1/exchange");
    buf_init(&plain, SYNC_PLAIN_MAX_BYTES);
    assert_ok(wire_unpack(&plain, q.content_type, q.body));
    assert_ok(wire_exchange_get(buf_bytes(&plain), &x));
    count = x.has_events ? x.events.count : 0;
    *last = x.has_events ? x.first + count - 1 : 0;
    buf_fini(&plain);
    return count;
}

static void cut(void)
{
    sync_failed(rig.sync, rig.mono_ms, ERR_UNREACHABLE, "cut");
}

/* A receipt for all up to `held`, as the server would sign it. */
static void acknowledge(uint64_t held)
{
    struct wire_receipt r = { .size = held + 2, .sequence = held };
    struct wire_reply reply = { .version = WIRE_VERSION, .held = held };
    struct sync_response answer = { .status = 200 };
    struct buf receipt, plain, packed;

    r.device = rig.id.device;
    r.incarnation = rig.id.incarnation;
    memset(r.log_id.bytes, 7, 16);
    memset(r.root.bytes, (int)held & 0xff, 32);
    assert_ok(evlog_link_at(rig.log, &r.incarnation, held, &r.link));
    buf_init(&receipt, 4096);
    buf_init(&plain, 65536);
    buf_init(&packed, 65536);
    assert_ok(wire_receipt_sign(&receipt, &rig.server, &r));
    reply.link = r.link;
    reply.receipt = buf_bytes(&receipt);
    wire_reply_put(&plain, &reply);
    assert_ok(wire_pack(&packed, buf_bytes(&plain), &answer.content_type));
    answer.body = buf_bytes(&packed);
    assert_ok(sync_feed(rig.sync, rig.mono_ms, &answer));
    buf_fini(&receipt);
    buf_fini(&plain);
    buf_fini(&packed);
}

static void batches_shrink_after_cuts_and_grow_again(void **state)
{
    uint64_t last;

    (void)state;
    assert_int_equal(next_push(&last), SYNC_BATCH_MAX);
    cut();
    assert_int_equal(next_push(&last), SYNC_BATCH_MID);
    cut();
    assert_int_equal(next_push(&last), SYNC_BATCH_MIN);
    cut();
    assert_int_equal(next_push(&last), SYNC_BATCH_MIN);
    acknowledge(last);
    assert_int_equal(next_push(&last), SYNC_BATCH_MID);
    assert_int_equal(last, SYNC_BATCH_MIN + SYNC_BATCH_MID);
    acknowledge(last);
    assert_int_equal(next_push(&last), SYNC_BATCH_MAX);
}

static void the_wait_doubles_up_to_the_cap_and_is_drawn(void **state)
{
    uint64_t longest = 0, last, first_wait = 0, total = 0;
    struct sync_request q;

    (void)state;
    for (int i = 0; i < 60; i++) {
        uint64_t wake = 0, before;

        (void)next_push(&last);
        cut();
        before = rig.mono_ms;
        assert_false(sync_next(rig.sync, rig.mono_ms, &q, &wake));
        assert_true(wake - before <= SYNC_BACKOFF_CAP_MS);
        first_wait = i == 0 ? wake - before : first_wait;
        longest = wake - before > longest ? wake - before : longest;
        total += i >= 20 ? wake - before : 0;
    }
    assert_true(first_wait <= SYNC_BACKOFF_FIRST_MS);
    assert_true(longest > SYNC_BACKOFF_CAP_MS / 2);
    /* Full jitter after the cap: 40 draws lie around its half. */
    assert_in_range(total / 40, SYNC_BACKOFF_CAP_MS / 4,
                    SYNC_BACKOFF_CAP_MS * 3 / 4);
}

static void a_busy_servers_word_is_kept(void **state)
{
    const struct sync_response busy = { .status = 503,
                                        .content_type = "text/plain",
                                        .retry_after_s = 300 };
    struct sync_request q;
    uint64_t last, wake = 0;

    (void)state;
    (void)next_push(&last);
    assert_err(sync_feed(rig.sync, rig.mono_ms, &busy), ERR_BUSY);
    assert_false(sync_next(rig.sync, rig.mono_ms, &q, &wake));
    assert_true(wake >= rig.mono_ms + 300000);
    assert_false(sync_next(rig.sync, rig.mono_ms + 299999, &q, &wake));
}

static void the_button_forgets_the_wait(void **state)
{
    struct sync_request q;
    uint64_t last, wake = 0;

    (void)state;
    (void)next_push(&last);
    cut();
    assert_false(sync_next(rig.sync, rig.mono_ms, &q, &wake));
    sync_now(rig.sync, rig.mono_ms);
    assert_true(sync_next(rig.sync, rig.mono_ms, &q, &wake));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(batches_shrink_after_cuts_and_grow_again),
        T(the_wait_doubles_up_to_the_cap_and_is_drawn),
        T(a_busy_servers_word_is_kept),
        T(the_button_forgets_the_wait),
    };

    return RUN_TESTS(tests);
}
