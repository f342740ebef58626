/* The real machine's port: files that survive, a counter that never falls. */
#include "platform/linux/machine.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/linux/disk.h"
#include "platform/linux/fsfile.h"
#include "platform/linux/keystore.h"
#include "platform/linux/logfile.h"
#include "platform/linux/reserve.h"
#include "tests/platform/tempdir.h"
#include "tests/test.h"

static struct machine *open_in(const struct tempdir *d)
{
    struct machine_options options = { .dir = d->path,
                                       .log_name = "test.log",
                                       .is_exclusive = true,
                                       .tcti = "none" };
    struct machine *m;

    assert_ok(machine_open(&options, &m));
    return m;
}

static void only_one_program_opens_a_folder(void **state)
{
    struct tempdir d = tempdir_new();
    struct machine *m = open_in(&d);
    struct machine_options again = { .dir = d.path, .is_exclusive = true };
    struct machine *other;

    (void)state;
    assert_err(machine_open(&again, &other), ERR_BUSY);
    machine_close(m);
    machine_close(open_in(&d));
    tempdir_free(&d);
}

static void *end_it(void *m)
{
    machine_close(m);
    return NULL;
}

static void a_program_that_is_ending_is_waited_for(void **state)
{
    struct tempdir d = tempdir_new();
    struct machine *m = open_in(&d);
    struct machine_options again = { .dir = d.path,
                                     .is_exclusive = true,
                                     .lock_wait_ms = 60000,
                                     .tcti = "none" };
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, end_it, m), 0);
    assert_ok(machine_open(&again, &m));
    machine_close(m);
    assert_int_equal(pthread_join(thread, NULL), 0);
    tempdir_free(&d);
}

static void the_clocks_know_boot_zone_and_never_go_back(void **state)
{
    struct tempdir d = tempdir_new();
    struct machine *m = open_in(&d);
    const struct port *port = machine_port(m);
    struct port_time a, b;

    (void)state;
    port->ops->now(port->ctx, &a);
    port->ops->now(port->ctx, &b);
    assert_false(uuid_is_zero(&a.boot));
    assert_true(uuid_eq(&a.boot, &b.boot));
    assert_true(b.mono_ms >= a.mono_ms);
    assert_true(a.wall_ms > 1700000000000);
    machine_close(m);
    tempdir_free(&d);
}

static void a_part_grows_without_gap_and_becomes_a_blob(void **state)
{
    struct tempdir d = tempdir_new();
    struct machine *m = open_in(&d);
    const struct port *p = machine_port(m);
    const struct hash part = { { 1 } }, name = { { 2 } };
    const struct bytes half = { (const uint8_t *)"01234567", 8 };
    uint8_t got[32];
    uint64_t size;
    size_t len;

    (void)state;
    assert_err(p->ops->part_size(p->ctx, &part, &size), ERR_NOT_FOUND);
    assert_err(p->ops->part_write(p->ctx, &part, 1, half), ERR_GAP);
    assert_ok(p->ops->part_write(p->ctx, &part, 0, half));
    machine_close(m); /* the part is still there after a restart */
    m = open_in(&d);
    p = machine_port(m);
    assert_ok(p->ops->part_size(p->ctx, &part, &size));
    assert_int_equal(size, 8);
    assert_ok(p->ops->part_write(p->ctx, &part, 8, half));
    assert_ok(p->ops->part_commit(p->ctx, &part, &name));
    assert_err(p->ops->part_size(p->ctx, &part, &size), ERR_NOT_FOUND);
    assert_ok(p->ops->blob_read(p->ctx, &name, 6, got, sizeof(got), &len));
    assert_int_equal(len, 10);
    assert_memory_equal(got, "6701234567", 10);
    assert_ok(p->ops->blob_read(p->ctx, &name, 16, got, sizeof(got), &len));
    assert_int_equal(len, 0);
    assert_ok(p->ops->blob_remove(p->ctx, &name));
    assert_err(p->ops->blob_size(p->ctx, &name, &size), ERR_NOT_FOUND);
    machine_close(m);
    tempdir_free(&d);
}

static void a_symbolic_link_in_place_of_a_blob_is_not_followed(void **state)
{
    struct tempdir d = tempdir_new();
    struct machine *m = open_in(&d);
    const struct port *p = machine_port(m);
    const struct hash name = { { 2 } };
    char path[400], hex[65];
    uint8_t got[4];
    size_t len;

    (void)state;
    hex_format(name.bytes, 32, hex);
    snprintf(path, sizeof(path), "%s/blobs/%s", d.path, hex);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_err(p->ops->blob_read(p->ctx, &name, 0, got, 4, &len), ERR_DENIED);
    machine_close(m);
    tempdir_free(&d);
}

static void the_counter_goes_up_only_and_survives(void **state)
{
    struct tempdir d = tempdir_new();
    struct machine *m = open_in(&d);
    const struct port *p = machine_port(m);
    uint64_t value;

    (void)state;
    assert_ok(p->ops->counter_get(p->ctx, &value));
    assert_int_equal(value, 0);
    assert_ok(p->ops->counter_raise(p->ctx, 7));
    assert_ok(p->ops->counter_raise(p->ctx, 3));
    machine_close(m);
    m = open_in(&d);
    p = machine_port(m);
    assert_ok(p->ops->counter_get(p->ctx, &value));
    assert_int_equal(value, 7);
    machine_close(m);
    tempdir_free(&d);
}

static void a_copied_folder_shows_a_higher_counter_once(void **state)
{
    struct tempdir d = tempdir_new(), copy = tempdir_new();
    struct machine *m = open_in(&d);
    char command[800];
    uint64_t value;

    (void)state;
    assert_ok(keystore_raise(machine_keys(m), 7));
    machine_close(m);
    snprintf(command, sizeof(command), "cp -a '%s/.' '%s'", d.path, copy.path);
    assert_int_equal(system(command), 0);
    m = open_in(&copy);
    assert_ok(keystore_counter(machine_keys(m), &value));
    assert_int_equal(value, 8);
    assert_ok(keystore_raise(machine_keys(m), 8));
    machine_close(m);
    m = open_in(&copy);
    assert_ok(keystore_counter(machine_keys(m), &value));
    assert_int_equal(value, 8);
    machine_close(m);
    tempdir_free(&copy);
    tempdir_free(&d);
}

static void a_plain_disk_is_refused_until_weak_storage_is_granted(void **state)
{
    struct tempdir d = tempdir_new();
    struct machine *m = open_in(&d);
    struct keystore *k = machine_keys(m);
    struct crypto_random random = port_random(machine_port(m));
    uint8_t secret[KEYSTORE_SECRET_SIZE], again[KEYSTORE_SECRET_SIZE];
    struct stat st;

    (void)state;
    if (keystore_protection(k) != KEYSTORE_WEAK) {
        machine_close(m);
        tempdir_free(&d);
        skip();
    }
    assert_err(keystore_secret(k, secret), ERR_NOT_FOUND);
    assert_err(keystore_make(k, random, false), ERR_DENIED);
    assert_ok(keystore_make(k, random, true));
    assert_err(keystore_make(k, random, true), ERR_EXISTS);
    assert_ok(keystore_secret(k, secret));
    machine_close(m);
    m = open_in(&d);
    assert_ok(keystore_secret(machine_keys(m), again));
    assert_memory_equal(secret, again, sizeof(secret));
    assert_int_equal(fstatat(machine_folder(m), "keystore/secret", &st, 0), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    machine_close(m);
    tempdir_free(&d);
}

static void a_destroyed_secret_is_gone_and_another_can_be_made(void **state)
{
    struct tempdir d = tempdir_new();
    struct machine *m = open_in(&d);
    struct crypto_random random = port_random(machine_port(m));
    uint8_t secret[KEYSTORE_SECRET_SIZE], again[KEYSTORE_SECRET_SIZE];
    int folder;

    (void)state;
    assert_ok(keystore_make(machine_keys(m), random, true));
    assert_ok(keystore_secret(machine_keys(m), secret));
    assert_ok(keystore_destroy(machine_keys(m)));
    assert_err(keystore_secret(machine_keys(m), again), ERR_NOT_FOUND);
    assert_ok(keystore_make(machine_keys(m), random, true));
    /* Killed after it was put aside: the rest is done at the next start. */
    folder = machine_folder(m);
    assert_int_equal(
        renameat(folder, "keystore/secret", folder, "keystore/destroyed"), 0);
    machine_close(m);
    m = open_in(&d);
    random = port_random(machine_port(m));
    assert_err(keystore_secret(machine_keys(m), again), ERR_NOT_FOUND);
    assert_int_equal(
        faccessat(machine_folder(m), "keystore/destroyed", F_OK, 0), -1);
    assert_ok(keystore_make(machine_keys(m), random, true));
    assert_ok(keystore_secret(machine_keys(m), again));
    assert_memory_not_equal(secret, again, sizeof(secret));
    machine_close(m);
    tempdir_free(&d);
}

/* LVM on LUKS: the volume's uuid says LVM, its slave's says CRYPT. */
static void encryption_is_seen_through_device_mapper_layers(void **state)
{
    struct tempdir d = tempdir_new();
    char command[1600], table[400];
    int fd = open(d.path, O_RDONLY | O_DIRECTORY);
    struct stat st;

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(fstat(fd, &st), 0);
    snprintf(table, sizeof(table), "%s/none", d.path);
    snprintf(command, sizeof(command),
             "cd '%s' && b=dev/block/$(stat -c %%Hd:%%Ld .) &&"
             " mkdir -p $b/dm $b/slaves/dm-0/dm &&"
             " echo LVM-abc >$b/dm/uuid &&"
             " echo CRYPT-LUKS2-abc >$b/slaves/dm-0/dm/uuid",
             d.path);
    assert_int_equal(system(command), 0);
    if (st.st_dev >> 8 == 0) { /* no device number to ask the table for */
        assert_false(disk_is_encrypted(fd, d.path, table));
    } else {
        assert_true(disk_is_encrypted(fd, d.path, table));
        snprintf(command, sizeof(command),
                 "cd '%s' && mkdir $(echo dev/block/*)/slaves/sdb", d.path);
        assert_int_equal(system(command), 0); /* one plain leg */
        assert_false(disk_is_encrypted(fd, d.path, table));
    }
    close(fd);
    tempdir_free(&d);
}

static void the_log_never_outgrows_two_files(void **state)
{
    struct tempdir d = tempdir_new();
    int fd = open(d.path, O_RDONLY | O_DIRECTORY);
    struct logfile *log;
    struct stat st;
    char text[PORT_LOG_MAX];

    (void)state;
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    text[0] = '\n'; /* can't start a line of its own */
    assert_ok(logfile_open(fd, "a.log", &log));
    for (int i = 0; i < 6000; i++) {
        logfile_put(log, 1700000000000, PORT_LOG_INFO, text);
    }
    logfile_close(log);
    assert_int_equal(fstatat(fd, "a.log", &st, 0), 0);
    assert_true((size_t)st.st_size <= LOG_FILE_MAX_BYTES);
    assert_int_equal(fstatat(fd, "a.log.1", &st, 0), 0);
    assert_true((size_t)st.st_size <= LOG_FILE_MAX_BYTES);
    close(fd);
    tempdir_free(&d);
}

static void a_failed_replace_keeps_the_old_file(void **state)
{
    struct tempdir d = tempdir_new();
    int fd = open(d.path, O_RDONLY | O_DIRECTORY);
    struct buf text;

    (void)state;
    assert_ok(
        fsfile_replace(fd, "a", (struct bytes){ (const uint8_t *)"old", 3 }));
    assert_int_equal(mkdirat(fd, ".a.new", 0700), 0); /* temp can't be made */
    assert_int_not_equal(
        fsfile_replace(fd, "a", (struct bytes){ (const uint8_t *)"new", 3 }),
        ERR_OK);
    buf_init(&text, 10);
    assert_ok(fsfile_read(fd, "a", &text));
    assert_string_equal(buf_text(&text), "old");
    buf_fini(&text);
    close(fd);
    tempdir_free(&d);
}

static void a_small_disk_has_a_small_reserve(void **state)
{
    struct tempdir d = tempdir_new();
    const int folder = open(d.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat st = { 0 };

    (void)state;
    assert_true(folder >= 0);
    assert_false(reserve_tend(folder, RESERVE_SMALL_AGAIN_BYTES));
    assert_int_equal(fstatat(folder, RESERVE_NAME, &st, 0), 0);
    assert_int_equal(st.st_size, RESERVE_SMALL_BYTES);
    assert_true(reserve_tend(folder, RESERVE_LOW_BYTES - 1));
    close(folder);
    tempdir_free(&d);
}

static void the_reserve_gives_its_room_to_what_is_written(void **state)
{
    struct tempdir d = tempdir_new();
    const int folder = open(d.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat st;

    (void)state;
    assert_true(folder >= 0);
    assert_false(reserve_tend(folder, RESERVE_SMALL_AGAIN_BYTES - 1));
    assert_int_not_equal(fstatat(folder, RESERVE_NAME, &st, 0), 0);
    assert_false(reserve_tend(folder, RESERVE_AGAIN_BYTES));
    assert_int_equal(fstatat(folder, RESERVE_NAME, &st, 0), 0);
    assert_true((uint64_t)st.st_blocks * 512 >= RESERVE_BYTES);
    assert_false(reserve_tend(folder, RESERVE_LOW_BYTES));
    assert_int_equal(fstatat(folder, RESERVE_NAME, &st, 0), 0);
    assert_true(reserve_tend(folder, RESERVE_LOW_BYTES - 1));
    assert_int_not_equal(fstatat(folder, RESERVE_NAME, &st, 0), 0);
    assert_false(reserve_tend(folder, 0));
    close(folder);
    tempdir_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_one_program_opens_a_folder),
        cmocka_unit_test(a_program_that_is_ending_is_waited_for),
        cmocka_unit_test(the_clocks_know_boot_zone_and_never_go_back),
        cmocka_unit_test(a_part_grows_without_gap_and_becomes_a_blob),
        cmocka_unit_test(a_symbolic_link_in_place_of_a_blob_is_not_followed),
        cmocka_unit_test(the_counter_goes_up_only_and_survives),
        cmocka_unit_test(a_copied_folder_shows_a_higher_counter_once),
        cmocka_unit_test(a_plain_disk_is_refused_until_weak_storage_is_granted),
        cmocka_unit_test(a_destroyed_secret_is_gone_and_another_can_be_made),
        cmocka_unit_test(encryption_is_seen_through_device_mapper_layers),
        cmocka_unit_test(the_log_never_outgrows_two_files),
        cmocka_unit_test(a_failed_replace_keeps_the_old_file),
        cmocka_unit_test(a_small_disk_has_a_small_reserve),
        cmocka_unit_test(the_reserve_gives_its_room_to_what_is_written),
    };

    return RUN_TESTS(tests);
}
