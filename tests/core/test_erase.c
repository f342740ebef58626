#include "core/erase.h"

#include "core/db.h"
#include "core/fields.h"
#include "tests/store_machine.h"

#define WORDS "red umbrella"

/* The council's server, as far as a tablet sees it: a chain of orders. */
struct server {
    struct uuid device, incarnation;
    uint64_t sequence;
};
static struct server server = { { { 0x5e } }, { { 0x51 } }, 0 };

/* A store without the cipher, so that its files can be searched. */
static void open_plain(struct machine *m)
{
    struct store_options options = machine_options(m);

    options.key32 = (struct bytes){ NULL, 0 };
    assert_ok(store_open(&options, &m->store));
}

static void new_plain(struct machine *m, uint64_t seed)
{
    struct sim_port_options options = { &m->world_ms, MACHINE_WALL_MS, seed };
    struct evlog_identity id;

    memset(m, 0, sizeof(*m));
    server.sequence = 0;
    assert_ok(sim_port_new(&options, &m->sim));
    assert_ok(faultvfs_new(seed, &m->disk));
    open_plain(m);
    machine_identity(m, &id);
    assert_ok(evlog_init(m->store, &id));
    assert_ok(evlog_open(m->store, &m->log));
}

static bool on_disk(const struct machine *m, const char *text)
{
    return faultvfs_contains(
        m->disk, (struct bytes){ (const uint8_t *)text, strlen(text) });
}

/* One event of another device. */
struct foreign {
    enum event_op op;
    struct uuid record;
    const char *note;
};
struct wire {
    struct buf header, body;
    uint8_t salt[EVENT_SALT_SIZE];
};

static void make_foreign(struct machine *m, const struct foreign *f,
                         struct wire *out)
{
    struct event_header h = { .envelope = EVENT_ENVELOPE,
                              .device = server.device,
                              .incarnation = server.incarnation,
                              .sequence = ++server.sequence,
                              .hlc = (uint64_t)MACHINE_WALL_MS << 16,
                              .wall_ms = MACHINE_WALL_MS,
                              .record = f->record,
                              .kind = KIND_OBSERVATION,
                              .kind_version = 1,
                              .op = f->op };
    struct body_writer w;

    (void)m;
    memset(out->salt, 3, sizeof(out->salt));
    buf_init(&out->header, HEADER_MAX_BYTES);
    buf_init(&out->body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, f->note);
    assert_ok(body_end(&w, &out->body));
    body_fini(&w);
    event_commit(out->salt, buf_bytes(&out->body), &h.commitment);
    assert_ok(event_header_put(&out->header, &h));
}

static enum err deliver(struct machine *m, struct wire *w)
{
    return evlog_receive(m->log, buf_bytes(&w->header),
                         (struct bytes){ w->salt, sizeof(w->salt) },
                         buf_bytes(&w->body));
}

static void wire_free(struct wire *w)
{
    buf_fini(&w->header);
    buf_fini(&w->body);
}

static enum err tell(struct machine *m, enum event_op op,
                     const struct uuid *record, const char *note)
{
    const struct foreign f = { op, *record, note };
    struct wire w;
    enum err err;

    make_foreign(m, &f, &w);
    err = deliver(m, &w);
    wire_free(&w);
    return err;
}

static int64_t number(struct machine *m, const char *sql)
{
    sqlite3_stmt *st;
    int64_t n;

    assert_int_equal(sqlite3_prepare_v2(store_db(m->store), sql, -1, &st, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

static void what_is_erased_stands_in_no_file(void **state)
{
    const struct uuid record = machine_record(1), other = machine_record(2);
    struct machine m;

    (void)state;
    new_plain(&m, 1);
    assert_ok(machine_note(&m, &other, "a lamp is out", NULL, 0, NULL));
    for (int i = 0; i < 20; i++) {
        assert_ok(machine_note(&m, &record, WORDS, NULL, 0, NULL));
    }
    assert_true(on_disk(&m, WORDS));
    assert_true(on_disk(&m, "umbrella"));
    assert_ok(tell(&m, OP_ERASE_BODY, &record, "case 12"));
    assert_false(on_disk(&m, WORDS));
    assert_false(on_disk(&m, "umbrella"));
    assert_true(on_disk(&m, "a lamp is out"));
    assert_ok(store_fsck(m.store, machine_finding, NULL));
    assert_int_equal(number(&m, "SELECT count(*) FROM event"), 22);
    assert_int_equal(number(&m, "SELECT gone FROM record ORDER BY id DESC"), 2);
    assert_int_equal(number(&m, "SELECT count(*) FROM search WHERE"
                                " search MATCH 'umbrella'"),
                     0);
    assert_int_equal(
        number(&m, "SELECT count(*) FROM search WHERE search MATCH 'lamp'"), 1);
    machine_free(&m);
}

static void put_place(struct machine *m, const struct uuid *record,
                      const struct body_place *place)
{
    struct evlog_new e = { .record = *record,
                           .kind = KIND_OBSERVATION,
                           .kind_version = 1,
                           .op = OP_CREATE };
    struct body_writer w;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_place_put(body_field(&w, FIELD_PLACE), place);
    assert_ok(body_end(&w, &body));
    e.body = buf_bytes(&body);
    assert_ok(evlog_append(m->log, &e, 1, NULL));
    body_fini(&w);
    buf_fini(&body);
}

static void where_it_was_stands_in_no_file_either(void **state)
{
    /* 0x1e5a7c3d and 0x2b6d9f11 as the place index writes them. */
    const uint8_t cell[] = { 0x1e, 0x5a, 0x7c, 0x3d };
    const struct body_place there = { .lat_e7 = 0x1e5a7c3d,
                                      .lon_e7 = 0x2b6d9f11 };
    const struct body_place here = { .lat_e7 = 514, .lon_e7 = 22 };
    const struct uuid record = machine_record(3);
    struct machine m;

    (void)state;
    new_plain(&m, 2);
    for (uint8_t i = 4; i < 8; i++) {
        put_place(&m, &(struct uuid){ { 9, i } }, &here);
    }
    put_place(&m, &record, &there);
    assert_true(faultvfs_contains(m.disk, (struct bytes){ cell, 4 }));
    assert_ok(tell(&m, OP_ERASE_BODY, &record, "case 12"));
    assert_false(faultvfs_contains(m.disk, (struct bytes){ cell, 4 }));
    assert_int_equal(number(&m, "SELECT count(*) FROM place"), 4);
    assert_ok(store_fsck(m.store, machine_finding, NULL));
    machine_free(&m);
}

static void an_order_wins_over_a_body_that_comes_later(void **state)
{
    const struct uuid record = machine_record(1);
    const struct foreign late = { OP_CREATE, record, WORDS };
    struct wire w;
    struct machine m;

    (void)state;
    new_plain(&m, 3);
    make_foreign(&m, &late, &w);
    assert_ok(tell(&m, OP_ERASE_BODY, &record, "case 12"));
    assert_int_equal(number(&m, "SELECT count(*) FROM record"), 0);
    assert_ok(deliver(&m, &w));
    assert_ok(deliver(&m, &w));
    assert_false(on_disk(&m, WORDS));
    assert_int_equal(number(&m, "SELECT gone FROM record"), 2);
    assert_ok(store_fsck(m.store, machine_finding, NULL));
    wire_free(&w);
    machine_free(&m);
}

static void lists_are_the_same_in_whichever_order_they_came(void **state)
{
    const struct uuid record = machine_record(1);
    const struct foreign said = { OP_CREATE, record, WORDS };
    const struct foreign order = { OP_ERASE_BODY, record, "case 12" };
    struct wire a, b;
    struct machine m[2];
    struct hash dump[2];

    (void)state;
    new_plain(&m[0], 4);
    new_plain(&m[1], 5);
    make_foreign(&m[0], &said, &a);
    make_foreign(&m[0], &order, &b);
    assert_ok(deliver(&m[0], &a));
    assert_ok(deliver(&m[0], &b));
    assert_ok(deliver(&m[1], &b));
    assert_ok(deliver(&m[1], &a));
    assert_ok(store_dump_hash(m[0].store, &dump[0]));
    assert_ok(store_dump_hash(m[1].store, &dump[1]));
    assert_true(hash_eq(&dump[0], &dump[1]));
    wire_free(&a);
    wire_free(&b);
    machine_free(&m[0]);
    machine_free(&m[1]);
}

static void an_erased_record_takes_no_new_words(void **state)
{
    const struct uuid record = machine_record(1);
    struct machine m;

    (void)state;
    new_plain(&m, 6);
    assert_ok(machine_note(&m, &record, "first", NULL, 0, NULL));
    assert_ok(tell(&m, OP_ERASE_BODY, &record, "case 12"));
    assert_err(machine_note(&m, &record, WORDS, NULL, 0, NULL), ERR_CLOSED);
    assert_false(on_disk(&m, WORDS));
    machine_free(&m);
}

static void a_hold_takes_nothing_away(void **state)
{
    const struct uuid record = machine_record(1);
    struct machine m;

    (void)state;
    new_plain(&m, 7);
    assert_ok(machine_note(&m, &record, WORDS, NULL, 0, NULL));
    assert_ok(tell(&m, OP_HOLD, &record, "court"));
    assert_ok(tell(&m, OP_RELEASE, &record, "court"));
    assert_true(on_disk(&m, WORDS));
    assert_int_equal(number(&m, "SELECT gone FROM record"), 0);
    assert_int_equal(number(&m, "SELECT event_count FROM record"), 1);
    machine_free(&m);
}

static void a_new_incarnation_leaves_erased_entries_behind(void **state)
{
    const struct uuid record = machine_record(1), other = machine_record(2);
    struct machine m;

    (void)state;
    new_plain(&m, 8);
    assert_ok(machine_note(&m, &other, "kept", NULL, 0, NULL));
    assert_ok(machine_note(&m, &record, WORDS, NULL, 0, NULL));
    assert_ok(tell(&m, OP_ERASE_BODY, &record, "case 12"));
    assert_ok(evlog_new_incarnation(m.log));
    assert_ok(store_fsck(m.store, machine_finding, NULL));
    assert_int_equal(number(&m, "SELECT count(*) FROM event WHERE state = 2"),
                     1);
    machine_free(&m);
}

/* A photo's file, known by the record's event. */
static void add_blob(struct machine *m, const struct uuid *record,
                     struct hash *name)
{
    const struct port *port = sim_port(m->sim);
    const struct bytes bytes = { (const uint8_t *)"cipher", 6 };
    struct evlog_new e = { .record = *record,
                           .kind = KIND_PHOTO,
                           .kind_version = 1,
                           .op = OP_CREATE,
                           .body = { (const uint8_t *)"\xa1\x01\xa0", 3 },
                           .blobs = name,
                           .blob_count = 1 };

    crypto_sha256(bytes, name);
    assert_ok(port->ops->part_write(port->ctx, name, 0, bytes));
    assert_ok(port->ops->part_commit(port->ctx, name, name));
    assert_ok(evlog_append(m->log, &e, 1, NULL));
}

static void the_files_of_photos_go_with_it(void **state)
{
    const struct uuid record = machine_record(1);
    struct evlog_counts counts;
    struct machine m;
    struct hash name;
    uint64_t size;

    (void)state;
    new_plain(&m, 9);
    add_blob(&m, &record, &name);
    assert_ok(tell(&m, OP_ERASE_BODY, &record, "case 12"));
    assert_err(
        sim_port(m.sim)->ops->blob_size(sim_port(m.sim)->ctx, &name, &size),
        ERR_NOT_FOUND);
    assert_ok(evlog_counts(m.log, &counts));
    assert_int_equal(counts.blobs_own, 0); /* none waits for ever */
    assert_ok(store_fsck(m.store, machine_finding, NULL));
    machine_free(&m);
}

/* Killed at every operation of the disk while the order is carried out. */
static void a_crash_at_any_point_is_made_good(void **state)
{
    const struct uuid record = machine_record(1);
    bool was_cut = true;

    (void)state;
    for (uint64_t nth = 1; was_cut; nth += test_step(9)) {
        struct machine m;
        struct hash name;

        new_plain(&m, nth);
        add_blob(&m, &record, &name);
        assert_ok(machine_note(&m, &record, WORDS, NULL, 0, NULL));
        faultvfs_plan(m.disk, FAULTVFS_KILL, nth, false);
        (void)tell(&m, OP_ERASE_BODY, &record, "case 12");
        was_cut = faultvfs_is_killed(m.disk);
        faultvfs_plan(m.disk, FAULTVFS_KILL, 0, false);
        machine_close(&m);
        faultvfs_restart(m.disk, nth % 2 == 0);
        open_plain(&m);
        assert_ok(evlog_open(m.store, &m.log));
        server.sequence = 0;
        (void)tell(&m, OP_ERASE_BODY, &record, "case 12");
        assert_false(on_disk(&m, WORDS));
        assert_ok(store_fsck(m.store, machine_finding, NULL));
        machine_free(&m);
        assert_true(nth < 500);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_erased_stands_in_no_file),
        cmocka_unit_test(where_it_was_stands_in_no_file_either),
        cmocka_unit_test(an_order_wins_over_a_body_that_comes_later),
        cmocka_unit_test(lists_are_the_same_in_whichever_order_they_came),
        cmocka_unit_test(an_erased_record_takes_no_new_words),
        cmocka_unit_test(a_hold_takes_nothing_away),
        cmocka_unit_test(a_new_incarnation_leaves_erased_entries_behind),
        cmocka_unit_test(the_files_of_photos_go_with_it),
        cmocka_unit_test(a_crash_at_any_point_is_made_good),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
