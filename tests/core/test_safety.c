/* The safety copy as a file: what is told of it, and what isn't. */
#include "core/limits.h"
#include "core/store_safety.h"
#include "tests/store_machine.h"

#define FILE_HEAD  20 /* store_safety.h */
#define FRAME_HEAD 20
/* The largest that an entry takes. */
#define LARGE (BODY_MAX_BYTES + HEADER_MAX_BYTES)

static struct machine m;
static uint8_t large[LARGE];

static int set_up(void **state)
{
    (void)state;
    machine_new_safe(&m, 61);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    machine_free(&m);
    return 0;
}

struct told {
    size_t entries, others;
    struct safety_stats stats;
};

static enum err count(void *ctx, enum safety_type type, struct bytes payload)
{
    struct told *t = ctx;

    (void)payload;
    t->entries += type == SAFETY_EVENT;
    t->others += type != SAFETY_EVENT;
    return ERR_OK;
}

static struct told read_copy(void)
{
    struct told t = { 0 };

    assert_ok(store_safety_read(sim_port(m.sim), machine_options(&m).key32,
                                count, &t, &t.stats));
    return t;
}

static enum err read_any(void)
{
    struct told t = { 0 };

    return store_safety_read(sim_port(m.sim), machine_options(&m).key32, count,
                             &t, &t.stats);
}

static void add(size_t size, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        store_safety_add(m.store, SAFETY_EVENT, (struct bytes){ large, size });
    }
}

/* The file with `bytes` at `offset`, its end if need be. */
static void patch(size_t offset, const void *bytes, size_t len)
{
    const struct port *port = sim_port(m.sim);
    struct buf file;
    uint8_t *to;
    size_t got;

    buf_init(&file, SAFETY_PENDING_MAX_BYTES);
    to = buf_grow(&file, sim_port_safety_size(m.sim));
    ASSERT(to != NULL);
    assert_ok(port->ops->safety_read(port->ctx, 0, to, file.len, &got));
    if (offset == file.len) {
        buf_put(&file, bytes, len);
    }
    memcpy(file.data + offset, bytes, len);
    assert_ok(port->ops->safety_replace(port->ctx, buf_bytes(&file)));
    buf_fini(&file);
}

static bool is_stale_when_opened_again(void)
{
    const struct store_options options = machine_options(&m);
    bool is_stale;

    machine_close(&m);
    assert_ok(store_open(&options, &m.store)); /* the log would renew it */
    is_stale = store_safety_is_stale(m.store);
    assert_true(store_safety_is_broken(m.store) == is_stale);
    return is_stale;
}

static void open_again(void)
{
    machine_close(&m);
    assert_ok(machine_open(&m));
}

/* An import of ten statements: its frames stand in the file before the store
 * says whether it was saved. */
static void a_save_of_many_frames_counts_whole_or_not_at_all(void **state)
{
    (void)state;
    assert_ok(store_begin(m.store));
    add(LARGE, 10);
    store_rollback(m.store);
    assert_true(sim_port_safety_size(m.sim) > 5 * LARGE);
    assert_int_equal(read_copy().entries, 0);
    add(10, 1);
    assert_int_equal(read_copy().entries, 1);
    assert_ok(store_begin(m.store));
    add(LARGE, 10);
    assert_int_equal(read_copy().entries, 1);
    assert_ok(store_commit(m.store));
    assert_int_equal(read_copy().entries, 11);
    assert_int_equal(read_copy().stats.damaged, 0);
}

/* The disk is full in the middle of a save that is then undone. */
static void a_large_save_undone_on_a_full_disk_leaves_a_copy_to_renew(
    void **state)
{
    (void)state;
    assert_ok(store_begin(m.store));
    add(LARGE, 4);
    sim_port_fault(m.sim, SIM_FAULT_BLOB_FULL, 1000);
    add(LARGE, 4);
    store_rollback(m.store);
    sim_port_fault(m.sim, SIM_FAULT_BLOB_FULL, 0);
    assert_true(store_safety_is_broken(m.store));
    assert_int_equal(read_copy().entries, 0);
}

/* More than fits memory: it takes the old one's place before it is whole, and
 * says so, should it never be. */
static void a_long_copy_that_is_not_finished_is_made_once_more(void **state)
{
    (void)state;
    assert_ok(store_begin(m.store));
    assert_ok(store_safety_renew(m.store));
    add(LARGE, SAFETY_WHOLE_MAX_BYTES / LARGE + 4);
    store_rollback(m.store);
    assert_true(store_safety_is_broken(m.store));
    assert_true(store_safety_has_events(m.store));
    open_again();
    assert_false(store_safety_is_broken(m.store));
    assert_int_equal(read_copy().entries, 0);
}

static void a_long_copy_that_is_finished_tells_every_entry(void **state)
{
    const size_t entries = SAFETY_WHOLE_MAX_BYTES / LARGE + 4;

    (void)state;
    assert_ok(store_begin(m.store));
    assert_ok(store_safety_renew(m.store));
    add(LARGE, entries);
    assert_ok(store_commit(m.store));
    assert_false(store_safety_is_broken(m.store));
    assert_int_equal(read_copy().entries, entries);
}

/* A tablet put back to an older program reads its newer copy. */
static void an_item_of_an_unknown_kind_is_passed_over(void **state)
{
    (void)state;
    assert_ok(store_begin(m.store));
    store_safety_add(m.store, (enum safety_type)0, (struct bytes){ large, 4 });
    store_safety_add(m.store, (enum safety_type)9, (struct bytes){ large, 4 });
    add(10, 1);
    assert_ok(store_commit(m.store));
    assert_int_equal(read_copy().entries, 1);
    assert_int_equal(read_copy().stats.damaged, 0);
}

/* Wherever the disk lost a sector of it. */
static void a_frame_that_is_damaged_hides_none_behind_it(void **state)
{
    static const struct {
        size_t at;
        char bytes[8];
        size_t len;
    } damage[] = { { 0, "BsfX", 4 },             /* its mark */
                   { 4, "\xff\xff\xff\xff", 4 }, /* no length */
                   { 4, "\x00\x0f\x00\x00", 4 }, /* beyond the end */
                   { 4, "\x00\x00\x00\x01", 4 }, /* too short */
                   { 8, "nonce", 5 },
                   { FRAME_HEAD, "content", 7 } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(damage); i++) {
        struct told before, after;
        size_t at;

        before = read_copy();
        at = sim_port_safety_size(m.sim);
        add(10, 3);
        patch(at + damage[i].at, damage[i].bytes, damage[i].len);
        after = read_copy();
        assert_int_equal(after.entries, before.entries + 2);
        assert_int_equal(after.stats.damaged, before.stats.damaged + 1);
    }
}

/* The hole is larger than what is looked through at a time. */
static void a_hole_in_the_copy_hides_nothing_behind_it(void **state)
{
    size_t at;

    (void)state;
    at = sim_port_safety_size(m.sim);
    add(LARGE, 1);
    add(10, 2);
    sim_port_safety_spoil(m.sim, at, LARGE);
    assert_int_equal(read_copy().entries, 2);
    assert_int_equal(read_copy().stats.damaged, 1);
}

/* Otherwise what is saved next would stand behind a hole, or in a file that
 * is another store's. */
static void a_copy_with_a_foreign_end_or_head_is_made_anew(void **state)
{
    static const uint8_t zeros[32], torn[] = "Bsf and no more";

    (void)state;
    assert_false(is_stale_when_opened_again());
    patch(sim_port_safety_size(m.sim), zeros, sizeof(zeros));
    assert_false(is_stale_when_opened_again()); /* room made ready */
    patch(sim_port_safety_size(m.sim), torn, sizeof(torn));
    assert_true(is_stale_when_opened_again());
    store_close(m.store);
    m.store = NULL;
    assert_ok(machine_open(&m)); /* it is made anew here */
    assert_false(is_stale_when_opened_again());
    patch(FILE_HEAD + 4, "\xff\xff\xff\xff", 4); /* a length of nothing */
    assert_true(is_stale_when_opened_again());
    patch(0, "Bsf\x02", 4); /* a newer program's */
    assert_true(is_stale_when_opened_again());
    assert_err(read_any(), ERR_NOT_FOUND);
}

/* Cut to nothing, or no file beside the store on this machine. */
static void without_a_copy_nothing_is_told(void **state)
{
    const struct port *port = sim_port(m.sim);
    static const struct bytes few = { (const uint8_t *)"Bsf\x01", 4 };
    struct machine bare;
    struct told t = { 0 };

    (void)state;
    assert_ok(port->ops->safety_replace(port->ctx, few));
    assert_err(read_any(), ERR_NOT_FOUND);
    assert_true(is_stale_when_opened_again());
    machine_new(&bare, 62);
    assert_false(store_safety_is_on(bare.store));
    assert_false(store_safety_is_stale(bare.store));
    assert_false(store_safety_is_broken(bare.store));
    assert_false(store_safety_has_events(bare.store));
    store_safety_add(bare.store, SAFETY_EVENT, few);
    assert_ok(store_safety_forget(bare.store));
    assert_err(store_safety_read(sim_port(bare.sim),
                                 machine_options(&bare).key32, count, &t,
                                 &t.stats),
               ERR_NOT_FOUND);
    machine_free(&bare);
}

/* Its words would stand on the disk in the clear: there is no key to seal
 * them with. */
static void a_store_without_a_key_has_no_copy(void **state)
{
    struct store_options options = machine_options(&m);
    struct store *plain;

    (void)state;
    options.path = "plain.db";
    options.key32 = (struct bytes){ NULL, 0 };
    assert_ok(store_open(&options, &plain));
    assert_false(store_safety_is_on(plain));
    store_close(plain);
}

/* Lists that come down again with the next sync have no place in it. */
static void only_short_values_are_copied(void **state)
{
    const size_t before = read_copy().others;

    (void)state;
    assert_ok(store_meta_put(m.store, "long",
                             (struct bytes){ large, (size_t)16 * 1024 + 1 }));
    assert_int_equal(read_copy().others, before);
    assert_ok(store_meta_put(m.store, "short",
                             (struct bytes){ large, (size_t)16 * 1024 }));
    assert_int_equal(read_copy().others, before + 1);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_save_of_many_frames_counts_whole_or_not_at_all),
        T(a_large_save_undone_on_a_full_disk_leaves_a_copy_to_renew),
        T(a_long_copy_that_is_not_finished_is_made_once_more),
        T(a_long_copy_that_is_finished_tells_every_entry),
        T(an_item_of_an_unknown_kind_is_passed_over),
        T(a_frame_that_is_damaged_hides_none_behind_it),
        T(a_hole_in_the_copy_hides_nothing_behind_it),
        T(a_copy_with_a_foreign_end_or_head_is_made_anew),
        T(without_a_copy_nothing_is_told),
        T(a_store_without_a_key_has_no_copy),
        T(only_short_values_are_copied),
    };

    return RUN_TESTS(tests);
}
