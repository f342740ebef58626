/* A store whose file is damaged, and what is left of it. */
#include <string.h>

#include <sqlite3.h>

#include "core/evlog_salvage.h"
#include "core/limits.h"
#include "core/store_safety.h"
#include "tests/store_machine.h"

#define NOTES 40
#define PAGE  4096

static struct machine m;

static struct store_options fresh_options(void)
{
    struct store_options o = machine_options(&m);

    o.path = "new.db";
    return o;
}

static int set_up(void **state)
{
    (void)state;
    machine_new_safe(&m, 51);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    machine_free(&m);
    return 0;
}

static void note(uint8_t number, const char *text)
{
    const struct uuid record = machine_record(number);

    assert_ok(machine_note(&m, &record, text, NULL, 0, NULL));
}

static void notes(uint8_t from, uint8_t count)
{
    for (uint8_t i = 0; i < count; i++) {
        char text[60];

        snprintf(text, sizeof(text), "note number %d", from + i);
        note((uint8_t)(from + i), text);
    }
}

static int64_t ask(const char *sql)
{
    sqlite3_stmt *st;
    int64_t n = -1;

    assert_int_equal(sqlite3_prepare_v2(store_db(m.store), sql, -1, &st, NULL),
                     SQLITE_OK);
    if (sqlite3_step(st) == SQLITE_ROW) {
        n = sqlite3_column_int64(st, 0);
    }
    sqlite3_finalize(st);
    return n;
}

static void acknowledge(uint64_t held)
{
    struct evlog_ack ack = { .held = held,
                             .receipt = { (const uint8_t *)"r", 1 } };
    struct evlog_head head;

    assert_ok(evlog_head(m.log, &head));
    ack.incarnation = head.incarnation;
    ack.log_size = held;
    assert_ok(evlog_acked(m.log, &ack));
    assert_ok(store_meta_put(m.store, "sync.receipt", ack.receipt));
    evlog_safety_settle(m.log);
}

/* Everything in the database file, not in its WAL. */
static void checkpoint(void)
{
    assert_int_equal(sqlite3_wal_checkpoint_v2(store_db(m.store), NULL,
                                               SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                               NULL),
                     SQLITE_OK);
}

static void spoil_page_of(const char *file, size_t page)
{
    for (size_t i = 0; i < 32; i++) {
        (void)faultvfs_flip(m.disk, file, page * PAGE + 100 + i * 50);
    }
}

static void spoil_page(size_t page)
{
    spoil_page_of("store.db", page);
}

static void spoil_all(const char *file)
{
    checkpoint();
    for (size_t page = 0; page < faultvfs_size(m.disk, file) / PAGE; page++) {
        spoil_page_of(file, page);
    }
}

static struct salvage_report salvage_to(const char *from, const char *to)
{
    struct store_options old = machine_options(&m);
    struct store_options fresh = old;
    struct salvage_report r;

    old.path = from;
    fresh.path = to;
    machine_close(&m);
    assert_ok(evlog_salvage(&old, &fresh, &r));
    assert_ok(store_open(&fresh, &m.store));
    assert_ok(evlog_open(m.store, &m.log));
    return r;
}

static struct salvage_report salvage(void)
{
    return salvage_to("store.db", "new.db");
}

static void photo(uint8_t number)
{
    const struct port *port = sim_port(m.sim);
    const struct bytes bytes = { &number, 1 };
    struct hash name;
    struct evlog_new e = { .record = machine_record(number),
                           .kind = KIND_PHOTO,
                           .kind_version = 1,
                           .op = OP_CREATE,
                           .body = { (const uint8_t *)"\xa1\x01\xa0", 3 },
                           .blobs = &name,
                           .blob_count = 1 };

    crypto_sha256(bytes, &name);
    assert_ok(port->ops->part_write(port->ctx, &name, 0, bytes));
    assert_ok(port->ops->part_commit(port->ctx, &name, &name));
    assert_ok(evlog_append(m.log, &e, 1, NULL));
}

static void forget_photo(uint8_t number)
{
    const struct port *port = sim_port(m.sim);
    const struct bytes bytes = { &number, 1 };
    struct hash name;

    crypto_sha256(bytes, &name);
    assert_ok(port->ops->blob_remove(port->ctx, &name));
}

static int64_t photos_waiting(void)
{
    return ask("SELECT count(*) FROM blob WHERE is_own = 1"
               " AND receipt IS NULL");
}

/* Records with their text, whichever entry says it. */
static void check_notes(int64_t count)
{
    char sql[100];

    snprintf(sql, sizeof(sql),
             "SELECT count(DISTINCT record) FROM record WHERE kind = %d",
             KIND_OBSERVATION);
    assert_int_equal(ask(sql), count);
    assert_int_equal(ask("SELECT count(*) FROM conflict"), 0);
    assert_ok(store_fsck(m.store, machine_finding, NULL));
}

static void a_lost_file_is_made_anew_from_the_copy_alone(void **state)
{
    struct evlog_counts counts;
    struct salvage_report r;

    (void)state;
    notes(1, NOTES);
    spoil_all("store.db");
    r = salvage();
    assert_false(r.is_file_readable);
    assert_int_equal(r.from_safety, NOTES);
    assert_int_equal(r.unsent, NOTES);
    check_notes(NOTES);
    assert_ok(evlog_counts(m.log, &counts));
    assert_int_equal(counts.waiting, NOTES + 1); /* and its announcement */
}

static void no_page_takes_anything_unsent_with_it(void **state)
{
    size_t pages;

    (void)state;
    notes(1, NOTES);
    checkpoint();
    pages = faultvfs_size(m.disk, "store.db") / PAGE;
    tear_down(NULL);
    for (size_t page = 0; page < pages; page += 3 * test_step(13)) {
        struct salvage_report r;

        set_up(NULL);
        notes(1, NOTES);
        checkpoint();
        spoil_page(page);
        r = salvage();
        assert_int_equal(r.unsent, NOTES);
        check_notes(NOTES);
        tear_down(NULL);
    }
    set_up(NULL);
}

static void what_was_acknowledged_is_not_sent_again(void **state)
{
    struct evlog_counts counts;
    struct salvage_report r;

    (void)state;
    notes(1, 20);
    acknowledge(15);
    checkpoint();
    spoil_page((size_t)ask("SELECT rootpage FROM sqlite_master"
                           " WHERE name = 'record'") -
               1);
    r = salvage();
    assert_int_equal(r.unsent, 5);
    assert_ok(evlog_counts(m.log, &counts));
    assert_int_equal(counts.waiting, 6);
}

static void the_copy_begins_anew_when_all_is_acknowledged(void **state)
{
    const size_t before = sim_port_safety_size(m.sim);
    size_t full;

    (void)state;
    notes(1, NOTES);
    full = sim_port_safety_size(m.sim);
    assert_true(full > before + NOTES * 200);
    acknowledge(NOTES - 1);
    assert_true(sim_port_safety_size(m.sim) >= full);
    acknowledge(NOTES);
    assert_true(sim_port_safety_size(m.sim) < before + 400);
}

static void what_a_restored_server_lacks_is_in_the_copy_again(void **state)
{
    struct salvage_report r;

    (void)state;
    notes(1, NOTES);
    acknowledge(NOTES);
    assert_ok(evlog_unack(m.log, true));
    spoil_all("store.db");
    r = salvage();
    assert_int_equal(r.from_safety, NOTES);
    assert_int_equal(r.unsent, NOTES);
    check_notes(NOTES);
}

/* Its chain can't be given back: there may be gaps in it. */
static void what_was_salvaged_goes_to_a_restored_server_once_more(void **state)
{
    struct evlog_counts before, after;

    (void)state;
    notes(1, 10);
    acknowledge(10);
    notes(20, 2);
    (void)salvage();
    assert_int_equal(ask("SELECT count(*) FROM incarnation"
                         " WHERE is_own = 1 AND is_closed = 0"),
                     1);
    assert_ok(evlog_counts(m.log, &before));
    for (int i = 0; i < 2; i++) {
        assert_ok(evlog_unack(m.log, true));
        assert_ok(evlog_counts(m.log, &after));
        assert_int_equal(after.waiting, before.waiting + 10);
    }
    check_notes(12);
}

/* Else nobody would notice that the server was put back before the damage:
 * what it had acknowledged would stay on this tablet. */
static void with_the_last_receipt_gone_all_that_is_left_is_sent(void **state)
{
    struct evlog_counts counts;
    struct salvage_report r;

    (void)state;
    notes(1, 10);
    acknowledge(10);
    notes(20, 2);
    assert_int_equal(
        sqlite3_exec(store_db(m.store),
                     "DELETE FROM meta WHERE name = 'sync.receipt'", NULL, NULL,
                     NULL),
        SQLITE_OK);
    r = salvage();
    assert_int_equal(r.unsent, 12);
    assert_ok(evlog_counts(m.log, &counts));
    assert_int_equal(counts.waiting, 13); /* and that the store is new */
    check_notes(12);
}

/* Two chains, both with a second entry: a correction names its own's. */
static void a_correction_of_any_chain_still_names_what_it_corrects(void **state)
{
    const struct uuid record = machine_record(9);
    struct event_ref made;

    (void)state;
    notes(1, 5);
    acknowledge(5);
    assert_ok(evlog_new_incarnation(m.log));
    assert_ok(machine_note(&m, &record, "north gate", NULL, 0, &made));
    assert_ok(machine_note(&m, &record, "south gate", &made, 1, NULL));
    acknowledge(3);
    (void)salvage();
    assert_ok(evlog_unack(m.log, true));
    check_notes(6);
    assert_int_equal(ask("SELECT count(*) FROM field f JOIN record r"
                         " ON r.id = f.record WHERE substr(f.value, 2) IN"
                         " (CAST('north gate' AS BLOB),"
                         " CAST('south gate' AS BLOB))"),
                     1);
}

static void a_photo_that_is_gone_holds_back_nothing_behind_it(void **state)
{
    struct evlog_counts before, after;

    (void)state;
    photo(1);
    notes(20, 2);
    acknowledge(3);
    (void)salvage();
    assert_true(sim_port_blob_bytes(m.sim) > 0);
    forget_photo(1);
    assert_ok(evlog_counts(m.log, &before));
    assert_ok(evlog_unack(m.log, true));
    assert_ok(evlog_counts(m.log, &after));
    assert_int_equal(after.waiting, before.waiting + 3);
}

/* Killed between the news that the server was restored and the new copy. */
static void a_new_copy_that_is_due_outlives_a_kill(void **state)
{
    struct salvage_report r;

    (void)state;
    notes(1, NOTES);
    acknowledge(NOTES);
    assert_ok(store_begin(m.store));
    assert_ok(evlog_unack(m.log, true));
    assert_ok(store_commit(m.store)); /* and no further */
    machine_close(&m);
    assert_ok(machine_open(&m));
    spoil_all("store.db");
    r = salvage();
    assert_int_equal(r.from_safety, NOTES);
    assert_int_equal(r.unsent, NOTES);
    check_notes(NOTES);
}

/* Whatever fails while the copy is made anew, the one there was stays. */
static void a_copy_that_cannot_be_made_anew_stays_as_it_was(void **state)
{
    struct salvage_report r;

    (void)state;
    notes(1, NOTES);
    assert_ok(store_safety_forget(m.store));
    faultvfs_plan(m.disk, FAULTVFS_WRITE_IO, 1, true);
    evlog_safety_settle(m.log);
    faultvfs_plan(m.disk, FAULTVFS_WRITE_IO, 0, false);
    notes(NOTES + 1, 1);
    spoil_all("store.db");
    r = salvage();
    assert_int_equal(r.from_safety, NOTES + 1);
    assert_int_equal(r.unsent, NOTES + 1);
    check_notes(NOTES + 1);
}

static void what_was_undone_is_not_brought_back(void **state)
{
    struct salvage_report r;

    (void)state;
    notes(1, 3);
    assert_ok(evlog_begin(m.log));
    notes(10, 3);
    evlog_rollback(m.log);
    notes(20, 2);
    checkpoint();
    spoil_page(0);
    r = salvage();
    assert_int_equal(r.unsent, 5);
    check_notes(5);
}

/* Killed when the copy had it and the store hadn't: nobody was told that it
 * was saved, and the next entry got its number. */
static void a_save_that_failed_gives_way_to_the_next(void **state)
{
    const struct uuid lost = machine_record(8), kept = machine_record(9);
    struct salvage_report r;

    (void)state;
    notes(1, 3);
    faultvfs_plan(m.disk, FAULTVFS_KILL, 1, false);
    assert_true(machine_note(&m, &lost, "lost", NULL, 0, NULL) != ERR_OK);
    machine_close(&m);
    faultvfs_restart(m.disk, false);
    assert_ok(machine_open(&m));
    assert_ok(machine_note(&m, &kept, "kept", NULL, 0, NULL));
    spoil_all("store.db");
    r = salvage();
    assert_int_equal(r.unsent, 4);
    check_notes(4);
    assert_int_equal(ask("SELECT count(*) FROM field f JOIN record r"
                         " ON r.id = f.record WHERE substr(f.value, 2) ="
                         " CAST('kept' AS BLOB)"),
                     1);
}

/* As above, but its chain was closed before anything else was saved in it:
 * what the copy alone has goes to the council, too. */
static void a_save_that_failed_in_a_closed_chain_is_sent(void **state)
{
    const struct uuid lost = machine_record(8);

    (void)state;
    notes(1, 3);
    acknowledge(2);
    faultvfs_plan(m.disk, FAULTVFS_KILL, 1, false);
    assert_true(machine_note(&m, &lost, "lost", NULL, 0, NULL) != ERR_OK);
    machine_close(&m);
    faultvfs_restart(m.disk, false);
    assert_ok(machine_open(&m));
    assert_ok(evlog_new_incarnation(m.log));
    (void)salvage();
    check_notes(4);
    assert_int_equal(ask("SELECT count(*) FROM event e JOIN incarnation i"
                         " ON i.id = e.incarnation WHERE i.is_closed = 0"
                         " AND e.kind = 1"),
                     2); /* and the third note */
}

/* Its entry is acknowledged, its file isn't; then the disk goes twice. */
static void a_photo_waits_on_through_two_salvages(void **state)
{
    struct salvage_report r;

    (void)state;
    photo(1);
    photo(2);
    acknowledge(2);
    assert_int_equal(photos_waiting(), 2);
    spoil_all("store.db");
    r = salvage();
    assert_false(r.is_file_readable);
    assert_int_equal(r.unsent, 2); /* the last receipt went with the file */
    assert_int_equal(photos_waiting(), 2);
    spoil_all("new.db");
    r = salvage_to("new.db", "newer.db");
    assert_int_equal(photos_waiting(), 2);
    /* the first salvage's announcement and copies; what the safety copy had
     * for the photos' sake names the same places */
    assert_int_equal(r.unsent, 1 + 2 + 2);
    assert_ok(store_fsck(m.store, machine_finding, NULL));
}

/* Recorded again after a stop: the entry that named the file first lies in
 * a chain that is closed. */
static void a_photo_of_a_closed_chain_waits_on_in_a_new_copy(void **state)
{
    struct salvage_report r;

    (void)state;
    photo(1);
    assert_ok(evlog_new_incarnation(m.log));
    acknowledge(2);
    sim_port_safety_spoil(m.sim, 40, 100000);
    machine_close(&m);
    assert_ok(machine_open(&m)); /* the safety copy is made anew */
    spoil_all("store.db");
    r = salvage();
    assert_int_equal(r.unsent, 1);
    assert_int_equal(photos_waiting(), 1);
}

static void a_damaged_copy_gives_what_it_can(void **state)
{
    struct salvage_report r;

    (void)state;
    notes(1, NOTES);
    checkpoint();
    spoil_page(0);
    sim_port_safety_spoil(m.sim, sim_port_safety_size(m.sim) / 2, 20);
    r = salvage();
    assert_int_equal(r.safety_damage, 1);
    assert_int_equal(r.unsent, NOTES - 1);
    check_notes(NOTES - 1);
}

static void a_copy_that_was_cut_is_made_whole_at_the_next_start(void **state)
{
    struct salvage_report r;

    (void)state;
    notes(1, NOTES);
    sim_port_safety_spoil(m.sim, 40, 100000);
    machine_close(&m);
    assert_ok(machine_open(&m));
    note(99, "and one more");
    checkpoint();
    spoil_page(0);
    r = salvage();
    assert_int_equal(r.safety_damage, 0);
    assert_int_equal(r.unsent, NOTES + 1);
}

static void a_full_disk_for_the_copy_stops_no_save(void **state)
{
    struct salvage_report r;

    (void)state;
    notes(1, 5);
    sim_port_fault(m.sim, SIM_FAULT_BLOB_FULL, 1000);
    notes(10, 5);
    sim_port_fault(m.sim, SIM_FAULT_BLOB_FULL, 0);
    evlog_safety_settle(m.log); /* as the next exchange does */
    notes(20, 5);
    checkpoint();
    spoil_page(0);
    r = salvage();
    assert_int_equal(r.unsent, 15);
}

/* Offline all day: no exchange comes along to mend the copy. */
static void a_copy_that_failed_is_made_anew_by_the_next_save(void **state)
{
    struct salvage_report r;

    (void)state;
    notes(1, 5);
    sim_port_fault(m.sim, SIM_FAULT_BLOB_FULL, 1000);
    notes(10, 5);
    assert_true(store_safety_is_broken(m.store));
    sim_port_fault(m.sim, SIM_FAULT_BLOB_FULL, 0);
    notes(20, 1);
    assert_false(store_safety_is_broken(m.store));
    spoil_all("store.db");
    r = salvage();
    assert_int_equal(r.from_safety, 11);
    assert_int_equal(r.unsent, 11);
    check_notes(11);
}

static void no_random_number_stands_between_a_save_and_its_copy(void **state)
{
    struct salvage_report r;

    (void)state;
    notes(1, 3);
    assert_ok(evlog_begin(m.log));
    notes(10, 1);
    sim_port_fault(m.sim, SIM_FAULT_RANDOM_IO, 1000);
    assert_ok(evlog_commit(m.log));
    sim_port_fault(m.sim, SIM_FAULT_RANDOM_IO, 0);
    spoil_all("store.db");
    r = salvage();
    assert_int_equal(r.unsent, 4);
    check_notes(4);
}

static void a_store_that_is_whole_is_salvaged_without_loss(void **state)
{
    struct salvage_report r;

    (void)state;
    notes(1, NOTES);
    acknowledge(10);
    r = salvage();
    assert_int_equal(r.lost_rows, 0);
    assert_int_equal(r.from_file, NOTES);
    assert_int_equal(r.from_safety, 0);
    assert_int_equal(r.unsent, NOTES - 10);
    check_notes(NOTES);
}

static void without_file_and_copy_nothing_is_pretended(void **state)
{
    const struct store_options old = machine_options(&m);
    const struct store_options fresh = fresh_options();
    struct salvage_report r;

    (void)state;
    notes(1, 3);
    checkpoint();
    spoil_page(0);
    sim_port_safety_spoil(m.sim, 0, 1000000);
    machine_close(&m);
    assert_err(evlog_salvage(&old, &fresh, &r), ERR_NOT_FOUND);
}

static void no_word_stands_readable_in_the_copy(void **state)
{
    const struct port *port = sim_port(m.sim);
    static uint8_t bytes[100000];
    size_t got;

    (void)state;
    note(1, "a very particular sentence");
    assert_ok(port->ops->safety_read(port->ctx, 0, bytes, sizeof(bytes), &got));
    for (size_t i = 0; i + 10 < got; i++) {
        assert_true(memcmp(bytes + i, "particular", 10) != 0);
    }
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_lost_file_is_made_anew_from_the_copy_alone),
        T(no_page_takes_anything_unsent_with_it),
        T(what_was_acknowledged_is_not_sent_again),
        T(the_copy_begins_anew_when_all_is_acknowledged),
        T(what_a_restored_server_lacks_is_in_the_copy_again),
        T(what_was_salvaged_goes_to_a_restored_server_once_more),
        T(with_the_last_receipt_gone_all_that_is_left_is_sent),
        T(a_correction_of_any_chain_still_names_what_it_corrects),
        T(a_photo_that_is_gone_holds_back_nothing_behind_it),
        T(a_new_copy_that_is_due_outlives_a_kill),
        T(a_copy_that_cannot_be_made_anew_stays_as_it_was),
        T(what_was_undone_is_not_brought_back),
        T(a_save_that_failed_gives_way_to_the_next),
        T(a_save_that_failed_in_a_closed_chain_is_sent),
        T(a_photo_waits_on_through_two_salvages),
        T(a_photo_of_a_closed_chain_waits_on_in_a_new_copy),
        T(a_damaged_copy_gives_what_it_can),
        T(a_copy_that_was_cut_is_made_whole_at_the_next_start),
        T(a_full_disk_for_the_copy_stops_no_save),
        T(a_copy_that_failed_is_made_anew_by_the_next_save),
        T(no_random_number_stands_between_a_save_and_its_copy),
        T(a_store_that_is_whole_is_salvaged_without_loss),
        T(without_file_and_copy_nothing_is_pretended),
        T(no_word_stands_readable_in_the_copy),
    };

    return RUN_TESTS(tests);
}
