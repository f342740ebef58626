#include "tests/store_machine.h"

#include <sqlite3.h>

#include "core/fields.h"
#include "core/project.h"

#define DEVICES_MAX 5
#define EVENTS_MAX  128

static uint64_t draw(uint64_t *seed, uint64_t below)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (*seed >> 33) % below;
}

/* Everything that was ever made, as it would lie on a server. */
struct pool {
    struct {
        struct buf header, salt, body;
    } events[EVENTS_MAX];
    size_t count;
};

static void keep(struct buf *to, struct bytes from)
{
    buf_init(to, BODY_MAX_BYTES);
    buf_put(to, from.data, from.len);
}

static enum err collect(void *ctx, const struct evlog_event *e)
{
    struct pool *pool = ctx;

    assert_true(pool->count < EVENTS_MAX);
    keep(&pool->events[pool->count].header, e->header);
    keep(&pool->events[pool->count].salt, e->salt);
    keep(&pool->events[pool->count].body, e->body);
    pool->count++;
    return ERR_OK;
}

static void pool_free(struct pool *pool)
{
    for (size_t i = 0; i < pool->count; i++) {
        buf_fini(&pool->events[i].header);
        buf_fini(&pool->events[i].salt);
        buf_fini(&pool->events[i].body);
    }
}

static void deliver(struct machine *m, const struct pool *pool, size_t i)
{
    assert_ok(evlog_receive(m->log, buf_bytes(&pool->events[i].header),
                            buf_bytes(&pool->events[i].salt),
                            buf_bytes(&pool->events[i].body)));
}

/* The events whose values stand in FIELD_NOTE of a record here. */
static size_t heads(struct machine *m, const struct uuid *record,
                    struct event_ref *out)
{
    sqlite3_stmt *st;
    size_t count = 0;

    assert_int_equal(
        sqlite3_prepare_v2(store_db(m->store),
                           "SELECT i.incarnation, e.sequence FROM field f"
                           " JOIN record r ON r.id = f.record"
                           " JOIN event e ON e.id = f.event"
                           " JOIN incarnation i ON i.id = e.incarnation"
                           " WHERE r.record = ?1 AND f.field = 4 LIMIT 64",
                           -1, &st, NULL),
        SQLITE_OK);
    sqlite3_bind_blob(st, 1, record->bytes, 16, SQLITE_STATIC);
    while (sqlite3_step(st) == SQLITE_ROW) {
        memcpy(out[count].incarnation.bytes, sqlite3_column_blob(st, 0), 16);
        out[count++].sequence = (uint64_t)sqlite3_column_int64(st, 1);
    }
    sqlite3_finalize(st);
    return count;
}

/* Devices write and hear from each other at random. */
static void live(struct machine *devices, size_t count, uint64_t *seed,
                 struct pool *pool)
{
    static const char *const words[] = { "north gate", "south gate", "bridge" };

    for (int turn = 0; turn < 40; turn++) {
        struct machine *m = &devices[draw(seed, count)];
        const struct uuid record = machine_record((uint8_t)draw(seed, 4));
        struct event_ref bases[BODY_BASES_MAX], made;

        if (draw(seed, 3) == 0 && pool->count > 0) {
            deliver(m, pool, draw(seed, pool->count));
            continue;
        }
        assert_ok(machine_note(m, &record, words[draw(seed, 3)], bases,
                               heads(m, &record, bases), &made));
        assert_ok(evlog_own(m->log, &made.incarnation, made.sequence, 1,
                            collect, pool));
        if (draw(seed, 12) == 0) {
            assert_ok(evlog_refused(m->log, &made, "tested"));
        }
    }
}

static void shuffle(size_t *order, size_t count, uint64_t *seed)
{
    for (size_t i = count; i > 1; i--) {
        const size_t k = draw(seed, i);
        const size_t swap = order[i - 1];

        order[i - 1] = order[k];
        order[k] = swap;
    }
}

/* All events, in any order, some of them twice. */
static void hear_all(struct machine *m, const struct pool *pool, uint64_t *seed)
{
    size_t order[EVENTS_MAX];

    for (size_t i = 0; i < pool->count; i++) {
        order[i] = i;
    }
    shuffle(order, pool->count, seed);
    for (size_t i = 0; i < pool->count; i++) {
        deliver(m, pool, order[i]);
        if (draw(seed, 4) == 0) {
            deliver(m, pool, order[draw(seed, i + 1)]);
        }
    }
}

static void one_history(uint64_t seed)
{
    struct machine devices[DEVICES_MAX];
    const size_t count = 2 + draw(&seed, DEVICES_MAX - 1);
    struct pool pool = { .count = 0 };
    struct hash got;

    for (size_t i = 0; i < count; i++) {
        machine_new(&devices[i], seed * 10 + i);
    }
    live(devices, count, &seed, &pool);
    for (size_t i = 0; i < count; i++) {
        hear_all(&devices[i], &pool, &seed);
    }
    for (size_t i = 0; i < count; i++) {
        struct hash rebuilt;

        assert_ok(store_dump_hash(devices[i].store, &got));
        assert_ok(store_rebuild(devices[i].store));
        assert_ok(store_dump_hash(devices[i].store, &rebuilt));
        assert_memory_equal(&got, &rebuilt, sizeof(got));
        assert_ok(store_fsck(devices[i].store, machine_finding, NULL));
    }
    for (size_t i = 0; i < count; i++) {
        machine_free(&devices[i]);
    }
    pool_free(&pool);
}

static void a_rebuild_equals_what_was_kept_up_to_date(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 12; seed += test_step(6)) {
        one_history(seed);
    }
}

static void tablets_that_hold_the_same_events_show_the_same(void **state)
{
    (void)state;
    for (uint64_t seed = 100; seed < 112; seed += test_step(6)) {
        struct machine a, b, c;
        struct pool pool = { .count = 0 };
        struct hash left, right;
        uint64_t random = seed;

        machine_new(&a, seed);
        machine_new(&b, seed + 1000);
        machine_new(&c, seed + 2000);
        for (int i = 0; i < 30; i++) {
            struct machine *m = draw(&random, 2) == 0 ? &a : &b;
            const struct uuid record =
                machine_record((uint8_t)draw(&random, 3));
            struct event_ref bases[BODY_BASES_MAX], made;

            assert_ok(machine_note(m, &record, i % 2 == 0 ? "yes" : "no", bases,
                                   heads(m, &record, bases), &made));
            assert_ok(evlog_own(m->log, &made.incarnation, made.sequence, 1,
                                collect, &pool));
        }
        hear_all(&a, &pool, &random);
        hear_all(&b, &pool, &random);
        hear_all(&c, &pool, &random);
        assert_ok(store_dump_hash(a.store, &left));
        assert_ok(store_dump_hash(b.store, &right));
        assert_memory_equal(&left, &right, sizeof(left));
        assert_ok(store_dump_hash(c.store, &right));
        assert_memory_equal(&left, &right, sizeof(left));
        machine_free(&a);
        machine_free(&b);
        machine_free(&c);
        pool_free(&pool);
    }
}

static int64_t ask(struct machine *m, const char *sql)
{
    sqlite3_stmt *st;
    int64_t answer = -1;

    assert_int_equal(sqlite3_prepare_v2(store_db(m->store), sql, -1, &st, NULL),
                     SQLITE_OK);
    if (sqlite3_step(st) == SQLITE_ROW) {
        answer = sqlite3_column_int64(st, 0);
    }
    sqlite3_finalize(st);
    return answer;
}

static void concurrent_values_are_both_found_by_search(void **state)
{
    const struct uuid record = machine_record(1);
    struct pool pool = { .count = 0 };
    struct event_ref made;
    struct machine a, b;

    (void)state;
    machine_new(&a, 1);
    machine_new(&b, 2);
    assert_ok(machine_note(&a, &record, "underpass", NULL, 0, &made));
    assert_ok(evlog_own(a.log, &made.incarnation, 1, 1, collect, &pool));
    assert_ok(machine_note(&b, &record, "footbridge", NULL, 0, &made));
    deliver(&b, &pool, 0);
    assert_int_equal(ask(&b, "SELECT has_conflict FROM record"), 1);
    assert_int_equal(ask(&b, "SELECT count(*) FROM search"
                             " WHERE search MATCH 'underpass'"),
                     1);
    assert_int_equal(ask(&b, "SELECT count(*) FROM search"
                             " WHERE search MATCH 'footbridge'"),
                     1);
    machine_free(&a);
    machine_free(&b);
    pool_free(&pool);
}

static void a_conflict_is_counted_until_a_value_is_chosen(void **state)
{
    const struct uuid record = machine_record(1);
    struct pool pool = { .count = 0 };
    struct evlog_counts counts;
    struct event_ref made, both[2];
    struct machine a, b;

    (void)state;
    machine_new(&a, 1);
    machine_new(&b, 2);
    assert_ok(machine_note(&a, &record, "underpass", NULL, 0, &made));
    assert_ok(evlog_own(a.log, &made.incarnation, 1, 1, collect, &pool));
    assert_ok(machine_note(&b, &record, "footbridge", NULL, 0, &made));
    assert_ok(evlog_counts(b.log, &counts));
    assert_int_equal(counts.conflicts, 0);
    deliver(&b, &pool, 0);
    assert_ok(evlog_counts(b.log, &counts));
    assert_int_equal(counts.conflicts, 1);
    assert_int_equal(heads(&b, &record, both), 2);
    assert_ok(machine_note(&b, &record, "footbridge", both, 2, &made));
    assert_ok(evlog_counts(b.log, &counts));
    assert_int_equal(counts.conflicts, 0);
    machine_free(&a);
    machine_free(&b);
    pool_free(&pool);
}

/* A new record that says it belongs to a patrol. */
static void on_patrol(struct machine *m, uint8_t number, struct bytes patrol)
{
    struct evlog_new e = { .record = machine_record(number),
                           .kind = KIND_OBSERVATION,
                           .kind_version = 1,
                           .op = OP_CREATE };
    struct body_writer w;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_bytes(&w, FIELD_PATROL, patrol);
    assert_ok(body_end(&w, &body));
    e.body = buf_bytes(&body);
    assert_ok(evlog_append(m->log, &e, 1, NULL));
    body_fini(&w);
    buf_fini(&body);
}

static void a_record_is_of_the_patrol_that_it_names(void **state)
{
    const struct uuid patrol = { { 0xab } };
    struct machine m;

    (void)state;
    machine_new(&m, 4);
    on_patrol(&m, 1, (struct bytes){ patrol.bytes, sizeof(patrol.bytes) });
    on_patrol(&m, 2, (struct bytes){ patrol.bytes, 15 });
    assert_int_equal(ask(&m, "SELECT count(*) FROM record"), 2);
    assert_int_equal(ask(&m, "SELECT count(*) FROM record WHERE patrol ="
                             " x'ab000000000000000000000000000000'"),
                     1);
    assert_int_equal(
        ask(&m, "SELECT count(*) FROM record WHERE patrol IS NULL"), 1);
    machine_free(&m);
}

/* A new record under a title: what the map's pin and the lists say of it. */
static void titled(struct machine *m, uint8_t number, const char *title)
{
    struct evlog_new e = { .record = machine_record(number),
                           .kind = KIND_OBSERVATION,
                           .kind_version = 1,
                           .op = OP_CREATE };
    struct body_writer w;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_TITLE, title);
    assert_ok(body_end(&w, &body));
    e.body = buf_bytes(&body);
    assert_ok(evlog_append(m->log, &e, 1, NULL));
    body_fini(&w);
    buf_fini(&body);
}

static void lists_call_a_record_by_its_title_while_there_is_one(void **state)
{
    struct machine m;

    (void)state;
    machine_new(&m, 7);
    titled(&m, 1, "bin store");
    titled(&m, 2, "north gate");
    assert_int_equal(
        ask(&m, "SELECT count(*) FROM record WHERE title = 'bin store'"), 1);
    titled(&m, 2, "south gate"); /* did not know of the other: no one's */
    assert_int_equal(ask(&m, "SELECT count(*) FROM record"
                             " WHERE title IS NULL AND has_conflict = 1"),
                     1);
    machine_free(&m);
}

static void a_view_says_which_form_was_filled_in(void **state)
{
    struct evlog_new e = { .record = machine_record(1),
                           .kind = KIND_OBSERVATION,
                           .kind_version = 1,
                           .op = OP_CREATE,
                           .form = "fly-tip",
                           .form_version = 7,
                           .body = { (const uint8_t *)"\xa1\x01\xa0", 3 } };
    struct project_view view;
    struct machine m;

    (void)state;
    machine_new(&m, 5);
    assert_ok(evlog_append(m.log, &e, 1, NULL));
    assert_ok(project_view(m.store, &e.record, NULL, NULL, &view));
    assert_int_equal(view.kind, KIND_OBSERVATION);
    assert_string_equal(view.form, "fly-tip");
    assert_int_equal(view.form_version, 7);
    project_view_fini(&view);
    machine_free(&m);
}

/* Nothing of what lay in the memory before is taken for the view's. */
static void a_record_that_is_not_here_has_no_view(void **state)
{
    const struct uuid record = machine_record(1);
    struct project_view view;
    struct machine m;

    (void)state;
    machine_new(&m, 6);
    memset(&view, 0x5a, sizeof(view));
    assert_err(project_view(m.store, &record, NULL, NULL, &view),
               ERR_NOT_FOUND);
    project_view_fini(&view); /* may be called all the same */
    machine_free(&m);
}

static void a_quarantined_value_is_not_shown(void **state)
{
    const struct uuid record = machine_record(1);
    struct event_ref made;
    struct machine m;

    (void)state;
    machine_new(&m, 3);
    assert_ok(machine_note(&m, &record, "underpass", NULL, 0, &made));
    assert_ok(evlog_refused(m.log, &made, "tested"));
    assert_int_equal(ask(&m, "SELECT count(*) FROM field"), 0);
    assert_int_equal(ask(&m, "SELECT count(*) FROM search"), 0);
    assert_int_equal(ask(&m, "SELECT has_quarantined FROM record"), 1);
    machine_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rebuild_equals_what_was_kept_up_to_date),
        cmocka_unit_test(tablets_that_hold_the_same_events_show_the_same),
        cmocka_unit_test(concurrent_values_are_both_found_by_search),
        cmocka_unit_test(a_conflict_is_counted_until_a_value_is_chosen),
        cmocka_unit_test(a_record_is_of_the_patrol_that_it_names),
        cmocka_unit_test(lists_call_a_record_by_its_title_while_there_is_one),
        cmocka_unit_test(a_view_says_which_form_was_filled_in),
        cmocka_unit_test(a_record_that_is_not_here_has_no_view),
        cmocka_unit_test(a_quarantined_value_is_not_shown),
    };

    return RUN_TESTS(tests);
}
