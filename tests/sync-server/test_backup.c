#include "sync-server/backup.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/crypto.h"
#include "platform/sim/sim_port.h"
#include "sync-server/backup_files.h"
#include "sync-server/check.h"
#include "sync-server/sdb_order.h"
#include "tests/platform/tempdir.h"
#include "tests/test.h"

/* A council on the real disk, a backup of it, and its minutes. */
static struct tempdir dir;
static char to[BACKUP_PATH_SIZE], back[BACKUP_PATH_SIZE];
static uint64_t world_ms, mono_ms;
static struct sim_port *machine;
static struct sdb *db;
static struct council council;
static struct backup *backup;

static int set_up(void **state)
{
    const struct sim_port_options options = { &world_ms, 1790000000000, 7 };
    struct backup_options where = { .every_ms = 60000 };

    (void)state;
    dir = tempdir_new();
    world_ms = mono_ms = 0;
    backup_path(to, dir.path, "backup");
    backup_path(back, dir.path, "back");
    assert_int_equal(mkdir(back, 0700), 0);
    assert_ok(sim_port_new(&options, &machine));
    assert_ok(sdb_open(dir.path, NULL, &db));
    assert_ok(council_init(db, sim_port(machine), "Westbrook"));
    assert_ok(council_open(db, sim_port(machine), &council));
    where.dir = dir.path;
    where.to = to;
    assert_ok(backup_open(&where, &council, &backup));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    backup_close(backup);
    council_close(&council);
    sdb_close(db);
    sim_port_free(machine);
    tempdir_free(&dir);
    return 0;
}

/* A minute passes; whatever is due then is done. */
static void minute(void)
{
    world_ms += 60000;
    mono_ms += 60000;
    for (int i = 0; i < 4; i++) {
        backup_tick(backup, mono_ms);
    }
}

static void write_event(void)
{
    const struct evlog_new e = { .record = council.id,
                                 .kind = KIND_COUNCIL,
                                 .op = OP_SET,
                                 .body = { (const uint8_t *)"\xa1\x01\xa0",
                                           3 } };

    assert_ok(council_record(&council, &e, 1));
}

static void no_finding(void *ctx, const char *what)
{
    (void)ctx;
    print_message("%s\n", what);
}

static uint64_t events_in(const struct backup_state *s)
{
    struct check_result result;
    struct sdb *copy;
    struct buf why;

    buf_init(&why, 1000);
    assert_ok(backup_assemble(s, back, &why));
    buf_fini(&why);
    assert_ok(sdb_open(back, NULL, &copy));
    assert_ok(check_council(copy, to, no_finding, NULL, &result));
    sdb_close(copy);
    return result.events;
}

static void each_minute_is_there_to_go_back_to(void **state)
{
    struct backup_state s;
    int64_t at[4];

    (void)state;
    minute(); /* the base: 2 events */
    for (int i = 0; i < 4; i++) {
        write_event();
        minute();
        at[i] = council_now(&council);
    }
    for (uint64_t i = 0; i < 4; i++) {
        assert_ok(backup_find(to, at[i], &s));
        assert_int_equal(s.segments, i + 1);
        assert_int_equal(events_in(&s), 3 + i);
    }
    assert_err(backup_find(to, 1790000000000 - 1, &s), ERR_NOT_FOUND);
    assert_int_equal(council.backup->shipped_ms, council_now(&council));
}

static void an_idle_minute_makes_no_file_and_is_covered(void **state)
{
    struct backup_state s;

    (void)state;
    minute();
    write_event();
    minute();
    minute();
    minute();
    assert_ok(backup_find(to, INT64_MAX, &s));
    assert_int_equal(s.segments, 1);
    assert_int_equal(council.backup->shipped_ms, council_now(&council));
}

static void what_was_verified_is_told_to_the_tablets(void **state)
{
    struct backup_state s;
    struct buf why, value;

    (void)state;
    minute();
    write_event();
    minute();
    assert_int_equal(council.backup->verified_ms, 0);
    buf_init(&why, 1000);
    buf_init(&value, 16);
    assert_ok(backup_verify(to, &why, &s));
    minute();
    assert_int_equal(council.backup->verified_ms, council.backup->shipped_ms);
    assert_ok(sdb_meta_get(db, COUNCIL_META_BACKUP, &value));
    buf_fini(&why);
    buf_fini(&value);
}

static void a_reader_holds_nothing_up_and_loses_nothing(void **state)
{
    struct backup_state s;
    struct sdb *reader;

    (void)state;
    minute();
    write_event();
    assert_ok(sdb_open_snapshot(dir.path, &reader));
    minute();
    write_event();
    minute();
    sdb_close(reader);
    write_event();
    minute();
    assert_ok(backup_find(to, INT64_MAX, &s));
    assert_int_equal(events_in(&s), 5);
}

static void a_flush_while_the_base_is_copied_begins_it_anew(void **state)
{
    struct backup_state s;

    (void)state;
    backup_tick(backup, mono_ms); /* begun, not copied */
    write_event();
    assert_ok(sdb_flush(db));
    assert_err(backup_find(to, INT64_MAX, &s), ERR_NOT_FOUND);
    minute();
    write_event();
    minute();
    assert_ok(backup_find(to, INT64_MAX, &s));
    assert_int_equal(events_in(&s), 4);
}

static void a_flush_between_two_minutes_is_a_segment(void **state)
{
    struct backup_state s;

    (void)state;
    minute();
    write_event();
    assert_ok(sdb_flush(db));
    write_event();
    minute();
    assert_ok(backup_find(to, INT64_MAX, &s));
    assert_int_equal(s.segments, 2);
    assert_int_equal(events_in(&s), 4);
}

/* A photo whose arrival is committed: its file and its row. */
static void hold_photo(uint8_t n)
{
    char name[2 * sizeof(struct hash) + 1], path[BACKUP_PATH_SIZE];
    struct sdb_blob row = { .size = 1, .is_held = true };
    struct hash hash;
    int fd;

    crypto_sha256((struct bytes){ &n, 1 }, &hash);
    row.name = hash;
    row.held_ms = council_now(&council);
    hex_format(hash.bytes, sizeof(hash.bytes), name);
    backup_path(path, dir.path, "blobs");
    (void)mkdir(path, 0700);
    snprintf(path, sizeof(path), "%.900s/blobs/%s", dir.path, name);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_int_equal(write(fd, &n, 1), 1);
    close(fd);
    assert_ok(sdb_begin(db));
    assert_ok(sdb_blob_put(db, &row));
    assert_ok(sdb_commit(db));
}

/* What a state names, it has: else a restored server holds a photo by its
 * receipt whose file is nowhere, and no tablet is asked for it again. */
static void the_newest_state_holds(void)
{
    struct backup_state s;
    struct buf why;

    buf_init(&why, 1000);
    if (backup_verify(to, &why, &s)) {
        fail_msg("%s", buf_text(&why));
    }
    buf_fini(&why);
}

static void a_photo_of_the_last_minute_is_in_the_backup_of_a_stop(void **state)
{
    (void)state;
    minute();
    hold_photo(1);
    backup_close(backup);
    backup = NULL;
    the_newest_state_holds();
}

static void a_photo_is_in_the_backup_before_a_flush_names_it(void **state)
{
    (void)state;
    minute();
    hold_photo(1);
    assert_ok(sdb_flush(db));
    the_newest_state_holds();
}

/* The file of a part; changed by one bit, or removed. */
static void harm(const struct backup_state *s, uint64_t number, bool remove)
{
    char name[256], path[BACKUP_PATH_SIZE];
    uint8_t byte;
    int fd;

    assert_true(backup_part(s->folder, number, name));
    backup_path(path, s->folder, name);
    if (remove) {
        assert_int_equal(unlink(path), 0);
        return;
    }
    fd = open(path, O_RDWR);
    assert_int_equal(pread(fd, &byte, 1, 2000), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, 2000), 1);
    close(fd);
}

static void one_changed_bit_in_any_part_is_noticed(void **state)
{
    struct backup_state s;
    struct buf why;

    (void)state;
    minute();
    write_event();
    minute();
    buf_init(&why, 1000);
    for (uint64_t part = 0; part < 2; part++) {
        assert_ok(backup_find(to, INT64_MAX, &s));
        harm(&s, part, false);
        assert_err(backup_verify(to, &why, &s), ERR_BAD_HASH);
        harm(&s, part, false); /* back again */
    }
    assert_ok(backup_verify(to, &why, &s));
    buf_fini(&why);
}

static void a_missing_segment_ends_what_can_be_gone_back_to(void **state)
{
    struct backup_state s;

    (void)state;
    minute();
    for (int i = 0; i < 3; i++) {
        write_event();
        minute();
    }
    assert_ok(backup_find(to, INT64_MAX, &s));
    harm(&s, 2, true);
    assert_ok(backup_find(to, INT64_MAX, &s));
    assert_int_equal(s.segments, 1);
    assert_int_equal(events_in(&s), 3);
}

static enum err count(void *ctx, int64_t base_ms)
{
    (void)base_ms;
    ++*(size_t *)ctx;
    return ERR_OK;
}

static void a_week_is_kept_in_order_though_the_clock_goes_back(void **state)
{
    struct backup_state s;
    size_t generations = 0;

    (void)state;
    for (int day = 0; day < 12; day++) {
        write_event();
        minute();
        sim_port_skew(machine, -day * 5 * 86400000LL);
        mono_ms += BACKUP_GENERATION_MS;
        minute();
    }
    assert_ok(backup_generations(to, count, &generations));
    assert_int_equal(generations, BACKUP_GENERATIONS);
    assert_ok(backup_find(to, INT64_MAX, &s));
    assert_int_equal(events_in(&s), 14);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(each_minute_is_there_to_go_back_to),
        T(an_idle_minute_makes_no_file_and_is_covered),
        T(what_was_verified_is_told_to_the_tablets),
        T(a_reader_holds_nothing_up_and_loses_nothing),
        T(a_flush_while_the_base_is_copied_begins_it_anew),
        T(a_flush_between_two_minutes_is_a_segment),
        T(a_photo_of_the_last_minute_is_in_the_backup_of_a_stop),
        T(a_photo_is_in_the_backup_before_a_flush_names_it),
        T(one_changed_bit_in_any_part_is_noticed),
        T(a_missing_segment_ends_what_can_be_gone_back_to),
        T(a_week_is_kept_in_order_though_the_clock_goes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
