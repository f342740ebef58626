/* test_sync_rhythm.c - how much the engine sends, and when it tries again. */
#include "core/sync_internal.h"
#include "tests/core/sync_rig.h"

#define EVENTS 700

static int set_up(void **state)
{
    (void)state;
    rig_open(EVENTS);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rig_close();
    return 0;
}

static void cut(void)
{
    sync_failed(rig.sync, rig.mono_ms, ERR_UNREACHABLE, "cut");
}

static void acknowledge(uint64_t held)
{
    struct wire_receipt r;
    struct wire_reply reply;

    rig_plan(held, &r, &reply);
    assert_ok(rig_answer(&r, &reply));
}

static void batches_shrink_after_cuts_and_grow_again(void **state)
{
    uint64_t last;

    (void)state;
    assert_int_equal(rig_push(&last), SYNC_BATCH_MAX);
    cut();
    assert_int_equal(rig_push(&last), SYNC_BATCH_MID);
    cut();
    assert_int_equal(rig_push(&last), SYNC_BATCH_MIN);
    cut();
    assert_int_equal(rig_push(&last), SYNC_BATCH_MIN);
    acknowledge(last);
    assert_int_equal(rig_push(&last), SYNC_BATCH_MID);
    assert_int_equal(last, SYNC_BATCH_MIN + SYNC_BATCH_MID);
    acknowledge(last);
    assert_int_equal(rig_push(&last), SYNC_BATCH_MAX);
}

static void who_owes_a_restored_server_nothing_notes_no_debt(void **state)
{
    struct buf kept;
    uint64_t last;

    (void)state;
    buf_init(&kept, 100);
    (void)rig_push(&last);
    acknowledge(last);
    assert_err(store_meta_get(rig.store, SYNC_META_RESTART, &kept),
               ERR_NOT_FOUND);
    buf_fini(&kept);
}

static void the_wait_doubles_up_to_the_cap_and_is_drawn(void **state)
{
    uint64_t longest = 0, last, first_wait = 0, total = 0;
    struct sync_request q;

    (void)state;
    for (int i = 0; i < 60; i++) {
        uint64_t wake = 0, before;

        (void)rig_push(&last);
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
    (void)rig_push(&last);
    assert_err(sync_feed(rig.sync, rig.mono_ms, &busy), ERR_BUSY);
    assert_false(sync_next(rig.sync, rig.mono_ms, &q, &wake));
    assert_true(wake >= rig.mono_ms + 300000);
    assert_false(sync_next(rig.sync, rig.mono_ms + 299999, &q, &wake));
}

/* Five hundred that were sent away together are not to come back so. */
static void who_was_told_the_same_wait_comes_at_another_time(void **state)
{
    const struct sync_response busy = { .status = 503,
                                        .content_type = "text/plain",
                                        .retry_after_s = 300 };
    uint64_t last, first = UINT64_MAX, latest = 0;

    (void)state;
    for (int i = 0; i < 20; i++) {
        struct sync_request q;
        uint64_t wake = 0;

        sync_now(rig.sync, rig.mono_ms); /* each draw is a tablet's first */
        (void)rig_push(&last);
        assert_err(sync_feed(rig.sync, rig.mono_ms, &busy), ERR_BUSY);
        assert_false(sync_next(rig.sync, rig.mono_ms, &q, &wake));
        wake -= rig.mono_ms;
        first = wake < first ? wake : first;
        latest = wake > latest ? wake : latest;
    }
    assert_in_range(first, 300000, 350000);
    assert_in_range(latest, 500000, 600000);
}

static void the_button_forgets_the_wait(void **state)
{
    struct sync_request q;
    uint64_t last, wake = 0;

    (void)state;
    (void)rig_push(&last);
    cut();
    assert_false(sync_next(rig.sync, rig.mono_ms, &q, &wake));
    sync_now(rig.sync, rig.mono_ms);
    assert_true(sync_next(rig.sync, rig.mono_ms, &q, &wake));
}

static void refuse_the_chain(uint64_t held)
{
    struct wire_receipt r;
    struct wire_reply reply;

    rig_plan(held, &r, &reply);
    reply.has_stop = true;
    reply.stop = WIRE_STOP_GAP;
    assert_ok(rig_answer(&r, &reply));
}

static bool is_due(void)
{
    struct sync_request q;
    uint64_t wake;

    return sync_next(rig.sync, rig.mono_ms, &q, &wake);
}

/* Each new chain records again all that waits: a server that is wrong for a
 * night must not fill the tablet. */
static void a_server_that_takes_no_chain_is_asked_ever_more_rarely(void **state)
{
    const uint64_t day_ms = (uint64_t)24 * 60 * 60 * 1000;
    struct sync_status status;
    uint64_t last, from;
    int tries = 0;

    (void)state;
    rig_close();
    rig_open(3);
    (void)rig_push(&last);
    refuse_the_chain(0);
    assert_true(is_due()); /* the first one is what a copy needs, at once */
    refuse_the_chain(0);
    assert_false(is_due());
    sync_status(rig.sync, &status);
    assert_int_equal(status.state, SYNC_WAITING);
    assert_int_equal(status.last_err, ERR_REFUSED);
    assert_non_null(strstr(status.why, "safe"));
    for (from = rig.mono_ms; rig.mono_ms < from + day_ms; tries++) {
        (void)rig_push(&last);
        refuse_the_chain(0);
    }
    assert_in_range(tries, 144, 600); /* half the cap, by and by */
    (void)rig_push(&last);
    acknowledge(last);
    sync_status(rig.sync, &status);
    assert_int_equal(status.last_err, ERR_OK);
    rig_record(1);
    (void)rig_push(&last);
    refuse_the_chain(last - 1);
    assert_true(is_due());
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(batches_shrink_after_cuts_and_grow_again),
        T(who_owes_a_restored_server_nothing_notes_no_debt),
        T(the_wait_doubles_up_to_the_cap_and_is_drawn),
        T(a_busy_servers_word_is_kept),
        T(who_was_told_the_same_wait_comes_at_another_time),
        T(the_button_forgets_the_wait),
        T(a_server_that_takes_no_chain_is_asked_ever_more_rarely),
    };

    return RUN_TESTS(tests);
}
