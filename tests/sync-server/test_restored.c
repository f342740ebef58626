/* A restored server and a copied tablet: what was acknowledged counts. */
#include <string.h>

#include "sync-server/missing.h"
#include "tests/sync-server/real_tablet.h"

static struct desk desk;
static struct real_tablet a, copy;
static struct faultvfs *backup;

static int set_up(void **state)
{
    (void)state;
    desk_open(&desk);
    real_publish(&desk);
    real_tablet_new(&desk, "tablet A", 31, &a);
    real_sync(&a); /* its form */
    memset(&copy, 0, sizeof(copy));
    assert_ok(faultvfs_new(5, &backup));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    real_tablet_free(&a);
    if (copy.sim != NULL) {
        real_tablet_free(&copy);
    }
    faultvfs_free(backup);
    desk_close(&desk);
    return 0;
}

static void note(struct real_tablet *r, struct uuid *record)
{
    real_photos(r, 0, 1, 0, record);
}

/* The folder, as it is now, in a second machine. */
static void copy_folder(void)
{
    const struct sim_port_options machine = { &desk.world_ms, 1790000000000,
                                              77 };

    real_tablet_close(&a);
    copy = a;
    assert_ok(sim_port_new(&machine, &copy.sim));
    assert_ok(faultvfs_new(78, &copy.disk));
    assert_ok(faultvfs_copy(copy.disk, a.disk));
    assert_ok(sim_port_copy_files(copy.sim, a.sim));
    assert_ok(real_tablet_open(&a));
    assert_ok(real_tablet_open(&copy));
}

static void back_up(void)
{
    assert_ok(faultvfs_copy(backup, desk.disk));
}

static void restore(void)
{
    service_close(desk.service);
    council_close(&desk.council);
    sdb_close(desk.db);
    assert_ok(faultvfs_copy(desk.disk, backup));
    assert_ok(
        service_open(&(struct service_options){ "c", faultvfs_name(desk.disk),
                                                sim_port(desk.machine) },
                     &desk.service));
    assert_ok(sdb_open("c", faultvfs_name(desk.disk), &desk.db));
    assert_ok(council_open(desk.db, sim_port(desk.machine), &desk.council));
}

struct count {
    struct uuid record;
    size_t applied;
};

static enum err count_event(void *ctx, const struct sdb_event *e)
{
    struct count *c = ctx;

    c->applied += uuid_eq(&e->record, &c->record) && e->op == OP_CREATE &&
                  e->state == SDB_APPLIED && e->body.data != NULL;
    return ERR_OK;
}

/* How often the server has that record's first entry, applied. */
static size_t applied(const struct uuid *record)
{
    struct count c = { .record = *record };

    assert_ok(sdb_event_all(desk.db, 0, count_event, &c));
    return c.applied;
}

static bool lose(struct real_tablet *r, const struct sync_request *q,
                 struct service_response *answer)
{
    (void)r;
    (void)answer;
    return q->method == SYNC_POST;
}

static uint64_t alarms(void)
{
    struct sdb_counts counts;

    assert_ok(sdb_counts(desk.db, &counts));
    return counts.alarms;
}

/* The first machine's chain is closed, and acknowledged, when the restored
 * server gets the copy's entries under the same numbers first. */
static void what_a_copy_displaces_in_a_closed_chain_is_recorded_again(
    void **state)
{
    struct uuid common, ours, theirs, later;

    (void)state;
    note(&a, &common);
    real_sync(&a);
    back_up();
    copy_folder();
    note(&a, &ours);
    real_sync(&a);
    note(&copy, &theirs);
    copy.fault = lose; /* it shows itself to the server, and hears nothing */
    copy.faults_left = 1;
    while (copy.faults_left > 0) {
        real_step(&copy);
    }
    note(&a, &later);
    real_sync(&a); /* its chain is closed now */
    assert_int_equal(applied(&ours), 1);
    restore();
    assert_int_equal(applied(&ours), 0);
    real_sync(&copy);
    assert_int_equal(applied(&theirs), 1);
    real_sync(&a);
    assert_int_equal(applied(&common), 1);
    assert_int_equal(applied(&ours), 1);
    assert_int_equal(applied(&theirs), 1);
    assert_int_equal(applied(&later), 1);
    restore(); /* and once more: nothing is recorded a second time */
    real_sync(&copy);
    real_sync(&a);
    assert_int_equal(applied(&common), 1);
    assert_int_equal(applied(&ours), 1);
    assert_int_equal(applied(&later), 1);
}

/* The same with a chain that is open still: the server hears of the copy by
 * getting the displaced entries as they were. */
static void a_restored_server_learns_that_a_copy_came_first(void **state)
{
    struct uuid common, ours, theirs;

    (void)state;
    note(&a, &common);
    real_sync(&a);
    back_up();
    copy_folder();
    note(&a, &ours);
    note(&copy, &theirs);
    real_sync(&a);
    restore();
    real_sync(&copy);
    assert_int_equal(alarms(), 0);
    real_sync(&a);
    assert_int_equal(alarms(), 1);
    assert_int_equal(applied(&common), 1);
    assert_int_equal(applied(&ours), 1);
    assert_int_equal(applied(&theirs), 1);
}

/* Its author is in a canal; who had read it gives it back. */
static void what_colleagues_hold_comes_back_without_its_author(void **state)
{
    struct uuid first, second;

    (void)state;
    real_tablet_new(&desk, "tablet B", 32, &copy);
    real_sync(&copy);
    back_up();
    note(&a, &first);
    note(&a, &second);
    real_sync(&a);
    real_sync(&copy);
    restore();
    assert_int_equal(applied(&first), 0);
    real_sync(&copy);
    assert_int_equal(applied(&first), 1);
    assert_int_equal(applied(&second), 1);
    real_sync(&a); /* found after all: nothing is there twice */
    assert_int_equal(applied(&first), 1);
    assert_int_equal(applied(&second), 1);
}

static enum err add_name(void *ctx, const struct sdb_blob *b)
{
    struct hash *names = ctx;

    for (size_t i = 0; i < 2; i++) {
        if (hash_eq(&names[i], &(struct hash){ { 0 } })) {
            names[i] = b->name;
            return ERR_OK;
        }
    }
    return ERR_TOO_LONG;
}

static size_t files_here(const struct hash names[2])
{
    const struct port *port = sim_port(desk.machine);
    size_t count = 0;
    uint64_t size;

    for (size_t i = 0; i < 2; i++) {
        count += port->ops->blob_size(port->ctx, &names[i], &size) == ERR_OK;
    }
    return count;
}

/* The tablet shows a receipt that the backup knows: nothing tells it that
 * the files are gone but the new log. */
static void photos_that_the_backup_lost_are_brought_again(void **state)
{
    const struct port *port = sim_port(desk.machine);
    struct hash names[2] = { { { 0 } }, { { 0 } } };
    struct uuid record;
    uint64_t missing;

    (void)state;
    real_photos(&a, 1, 3000, 0, &record); /* the small one and its original */
    real_sync(&a);
    assert_ok(sdb_blob_held(desk.db, 0, add_name, names));
    assert_int_equal(files_here(names), 2);
    back_up();
    restore();
    assert_ok(missing_want_again(&desk.council, &missing));
    assert_int_equal(missing, 0); /* all are there: nothing is asked for */
    assert_ok(port->ops->blob_remove(port->ctx, &names[0]));
    assert_ok(port->ops->blob_remove(port->ctx, &names[1]));
    assert_ok(missing_want_again(&desk.council, &missing));
    assert_int_equal(missing, 2);
    real_sync(&a);
    assert_int_equal(files_here(names), 2);
    assert_ok(missing_want_again(&desk.council, &missing));
    assert_int_equal(missing, 0);
    assert_int_equal(applied(&record), 1);
}

/* Another tablet's wrong date is none of the council's: the answer's own
 * clock counts, whatever ours is set to. */
static void the_councils_clock_is_told_with_each_answer(void **state)
{
    struct sync_status before, after;
    struct sync *s;
    struct uuid record;

    (void)state;
    assert_ok(tablet_sync(a.t, &s));
    sync_status(s, &before);
    assert_true(before.council_ms != 0);
    sim_port_skew(a.sim, (int64_t)34 * 365 * 24 * 3600 * 1000);
    note(&a, &record);
    real_sync(&a);
    sync_status(s, &after);
    assert_true(after.council_mono_ms >= before.council_mono_ms);
    assert_true(after.council_ms - before.council_ms <=
                (int64_t)(HLC_AHEAD_MAX_MS + 1 + after.council_mono_ms -
                          before.council_mono_ms));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(what_a_copy_displaces_in_a_closed_chain_is_recorded_again),
        T(a_restored_server_learns_that_a_copy_came_first),
        T(what_colleagues_hold_comes_back_without_its_author),
        T(photos_that_the_backup_lost_are_brought_again),
        T(the_councils_clock_is_told_with_each_answer),
    };

    return RUN_TESTS(tests);
}
