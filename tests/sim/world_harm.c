/* world_harm.c - what goes wrong with machines, disks, clocks and people. */
#include <string.h>

#include "tests/sim/world.h"

static void kill_soon(struct world *w, struct faultvfs *disk)
{
    faultvfs_plan(disk, FAULTVFS_KILL, 1 + world_below(w, 40), false);
}

static void fail_disk(struct world *w, struct faultvfs *disk)
{
    static const enum faultvfs_fault kinds[] = { FAULTVFS_WRITE_IO,
                                                 FAULTVFS_SYNC_IO,
                                                 FAULTVFS_READ_IO };

    faultvfs_plan(disk, kinds[world_below(w, 3)], 1 + world_below(w, 10),
                  false);
}

/* The folder as a backup tool or a thief would take it: as it lies there,
 * what is not in the main file yet beside it. */
static void copy_tablet(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];

    if (t->store == NULL) {
        return;
    }
    if (t->copy_disk == NULL) {
        const struct sim_port_options o = { &w->now_ms, 0,
                                            sim_random_next(&w->random) };

        WORLD_ASSERT(w, !faultvfs_new(world_below(w, 1000000), &t->copy_disk));
        WORLD_ASSERT(w, !sim_port_new(&o, &t->copy_machine));
    }
    WORLD_ASSERT(w, !faultvfs_copy(t->copy_disk, t->disk));
    WORLD_ASSERT(w, !sim_port_copy_files(t->copy_machine, t->machine));
    t->copy_facts = w->fact_count;
    memcpy(t->copy_file, t->file, sizeof(t->file));
}

static void put_back(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];

    world_tablet_off(w, i);
    WORLD_ASSERT(w, !faultvfs_copy(t->disk, t->copy_disk));
    WORLD_ASSERT(w, !sim_port_copy_files(t->machine, t->copy_machine));
    for (size_t f = (size_t)t->copy_facts; f < w->fact_count; f++) {
        w->facts[f].may_be_lost |= w->facts[f].tablet == i;
    }
    t->is_back = true;
    memcpy(t->file, t->copy_file, sizeof(t->file));
    world_trace(w, "put-back", i, 0);
    world_tablet_on(w, i);
}

/* A second tablet with the same identity; its key store is another one. */
static void clone(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];
    struct world_tablet *c = &w->tablets[w->tablet_count];
    const struct sim_port_options o = { &w->now_ms, 1790000000000,
                                        sim_random_next(&w->random) };

    world_tablet_off(w, i);
    memset(c, 0, sizeof(*c));
    WORLD_ASSERT(w, !faultvfs_new(sim_random_next(&w->random), &c->disk));
    WORLD_ASSERT(w, !sim_port_new(&o, &c->machine));
    sim_port_safety(c->machine, world_has_safety(&w->plan));
    WORLD_ASSERT(w, !faultvfs_copy(c->disk, t->disk));
    WORLD_ASSERT(w, !sim_port_copy_files(c->machine, t->machine));
    memcpy(c->file, t->file, sizeof(t->file));
    c->files = t->files;
    c->device = t->device;
    c->officer = t->officer;
    c->cert = t->cert;
    c->key = t->key;
    c->is_clone = t->is_clone = true;
    world_trace(w, "clone", i, w->tablet_count);
    world_tablet_on(w, i);
    world_tablet_on(w, w->tablet_count++);
}

static void revoke(struct world *w, unsigned i)
{
    struct sdb_device row;
    struct sdb *db;
    enum err err;

    world_server_off(w);
    err = sdb_open("c", faultvfs_name(w->disk), &db);
    if (!err) {
        sdb_use(db, &w->council);
        err = sdb_device_get(db, &w->tablets[i].device, &row);
        row.state = SDB_DEVICE_REVOKED;
        err = err ? err : sdb_device_put(db, &row);
        sdb_close(db);
    }
    world_trace(w, "revoke", i, (uint64_t)err);
    world_server_on(w);
}

static void back_up(struct world *w)
{
    unsigned n = w->backups % WORLD_BACKUPS_MAX;
    const struct sim_port_options o = { &w->now_ms, 0,
                                        sim_random_next(&w->random) };

    if (w->service == NULL) {
        return;
    }
    if (w->backup[n] == NULL) {
        WORLD_ASSERT(w, !faultvfs_new(w->backups, &w->backup[n]));
        WORLD_ASSERT(w, !sim_port_new(&o, &w->backup_machine[n]));
    }
    WORLD_ASSERT(w, !faultvfs_copy(w->backup[n], w->disk));
    WORLD_ASSERT(w, !sim_port_copy_files(w->backup_machine[n], w->machine));
    w->backups++;
    world_trace(w, "back-up", n, 0);
}

/* To any state that was kept, also one from before the last restore. */
static void restore(struct world *w)
{
    unsigned have =
        w->backups < WORLD_BACKUPS_MAX ? w->backups : WORLD_BACKUPS_MAX;
    unsigned n = (unsigned)world_below(w, have);

    world_salvage_restore(w);
    world_server_off(w);
    WORLD_ASSERT(w, !faultvfs_copy(w->disk, w->backup[n]));
    WORLD_ASSERT(w, !sim_port_copy_files(w->machine, w->backup_machine[n]));
    world_trace(w, "restore", n, 0);
    world_server_on(w);
}

#define DAY_MS ((int64_t)86400000)

static void set_clock(struct world *w, struct world_tablet *t)
{
    static const int64_t jumps[] = {
        0, 3600000, -3600000, DAY_MS * 36500, DAY_MS * -7300, DAY_MS * -36500
    };

    sim_port_skew(t->machine, jumps[world_below(w, 6)]);
}

/* A flat battery: the clock begins where the firmware was made. */
static void restart_with_clock_back(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];

    if (t->store != NULL) {
        world_tablet_off(w, i);
    }
    sim_port_reboot(t->machine, false);
    sim_port_skew(t->machine, -DAY_MS * (int64_t)(1 + world_below(w, 4000)));
    world_tablet_on(w, i);
}

static void harm_clocks(struct world *w, unsigned i)
{
    static const int64_t server_jumps[] = { 0, 3600000, -3600000,
                                            DAY_MS * 365 };
    struct world_tablet *t = &w->tablets[i];

    if (world_strikes(w, WORLD_CLOCK)) {
        set_clock(w, t);
    }
    if (world_strikes(w, WORLD_CLOCK_RESTART)) {
        restart_with_clock_back(w, i);
    }
    if (world_strikes(w, WORLD_DST)) {
        sim_port_zone(t->machine, world_below(w, 2) == 0 ? 60 : 0,
                      "Europe/London");
    }
    if (world_strikes(w, WORLD_GNSS)) {
        sim_port_gnss(t->machine, world_below(w, 3) > 0,
                      world_below(w, 2) == 0 ? 0 : -DAY_MS * 7168);
    }
    if (world_strikes(w, WORLD_SERVER_CLOCK)) {
        sim_port_skew(w->machine, server_jumps[world_below(w, 4)]);
    }
}

static void harm_disks(struct world *w, struct world_tablet *t)
{
    if (world_strikes(w, WORLD_TABLET_EIO)) {
        fail_disk(w, t->disk);
    }
    if (world_strikes(w, WORLD_SERVER_EIO)) {
        fail_disk(w, w->disk);
    }
    if (world_strikes(w, WORLD_TABLET_FULL)) {
        faultvfs_plan(t->disk, FAULTVFS_FULL, 1 + world_below(w, 10), false);
    }
    if (world_strikes(w, WORLD_SERVER_FULL)) {
        faultvfs_plan(w->disk, FAULTVFS_FULL, 1 + world_below(w, 10), false);
    }
}

#define SHAKY_PERMILLE 300
#define SHAKY_MS       60000

static void shake(struct world *w, struct sim_port *machine, uint64_t *until,
                  enum sim_fault f)
{
    sim_port_fault(machine, f, SHAKY_PERMILLE);
    *until = w->now_ms + world_below(w, SHAKY_MS);
}

void world_calm_machine(struct sim_port *machine)
{
    for (size_t f = 0; f < SIM_FAULT__COUNT; f++) {
        sim_port_fault(machine, (enum sim_fault)f, 0);
    }
}

/* What fails beside the database, for up to a minute. */
static void harm_devices(struct world *w, struct world_tablet *t)
{
    static const struct {
        enum world_fault kind;
        enum sim_fault fault;
        bool is_server;
    } table[] = {
        { WORLD_TABLET_BLOB_EIO, SIM_FAULT_BLOB_IO, false },
        { WORLD_SERVER_BLOB_EIO, SIM_FAULT_BLOB_IO, true },
        { WORLD_KEYSTORE_EIO, SIM_FAULT_COUNTER_IO, false },
        { WORLD_RANDOM_EIO, SIM_FAULT_RANDOM_IO, false },
        { WORLD_TABLET_TEMP_FULL, SIM_FAULT_BLOB_FULL, false },
        { WORLD_SERVER_TEMP_FULL, SIM_FAULT_BLOB_FULL, true },
        { WORLD_BLOB_ROT, SIM_FAULT_BLOB_ROT, false },
    };

    for (size_t i = 0; i < ARRAY_LEN(table); i++) {
        if (world_strikes(w, table[i].kind)) {
            shake(w, table[i].is_server ? w->machine : t->machine,
                  table[i].is_server ? &w->shaky_until : &t->shaky_until,
                  table[i].fault);
        }
    }
    if (t->shaky_until != 0 && w->now_ms > t->shaky_until) {
        world_calm_machine(t->machine);
        faultvfs_heal(t->disk);
        t->shaky_until = 0;
    }
    if (w->shaky_until != 0 && w->now_ms > w->shaky_until) {
        world_calm_machine(w->machine);
        w->shaky_until = 0;
    }
}

/* The cipher's tag finds it when that page is read: only where there is a
 * cipher, as on every real tablet. */
static void harm_page(struct world *w, struct world_tablet *t)
{
    size_t size = faultvfs_size(t->disk, t->file);

    if (w->plan.is_encrypted && size > 0 &&
        world_strikes(w, WORLD_TABLET_ROT)) {
        faultvfs_rot(t->disk, t->file, (size_t)world_below(w, size));
        t->shaky_until = w->now_ms + world_below(w, SHAKY_MS);
    }
}

/* Counted when the machine went down: world_reap(). */
static bool is_time_for(struct world *w, enum world_fault f)
{
    bool is_hit = world_strikes(w, f);

    w->fired[f] -= is_hit;
    return is_hit;
}

static void harm_machines(struct world *w, struct world_tablet *t)
{
    if (is_time_for(w, WORLD_TABLET_KILLED)) {
        t->is_power_loss = false;
        kill_soon(w, t->disk);
    }
    if (is_time_for(w, WORLD_TABLET_POWER)) {
        t->is_power_loss = true;
        kill_soon(w, t->disk);
    }
    if (is_time_for(w, WORLD_SERVER_KILLED)) {
        w->is_power_loss = false;
        kill_soon(w, w->disk);
    }
    if (is_time_for(w, WORLD_SERVER_POWER)) {
        w->is_power_loss = true;
        kill_soon(w, w->disk);
    }
}

static void harm_network(struct world *w, struct world_tablet *t)
{
    if (is_time_for(w, WORLD_PARTITION)) {
        t->deaf_until = w->now_ms + world_below(w, 600000);
    }
    if (is_time_for(w, WORLD_ONE_WAY)) {
        t->one_way_until = w->now_ms + world_below(w, 300000);
    }
    if (is_time_for(w, WORLD_MTU)) {
        t->mtu_until = w->now_ms + world_below(w, 600000);
    }
    if (is_time_for(w, WORLD_SLOW)) {
        t->slow_until = w->now_ms + world_below(w, 600000);
    }
}

static void harm_files(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];

    if (w->plan.permille[WORLD_TABLET_BACK] > 0 && world_below(w, 50) == 0) {
        copy_tablet(w, i);
    }
    if (t->store != NULL && t->copy_disk != NULL &&
        world_strikes(w, WORLD_TABLET_BACK)) {
        put_back(w, i);
    }
    if (w->tablet_count < WORLD_TABLETS_MAX && t->store != NULL &&
        !t->is_clone && world_strikes(w, WORLD_TABLET_CLONED)) {
        clone(w, i);
    }
    if (w->plan.permille[WORLD_SERVER_BACK] > 0 && world_below(w, 50) == 0) {
        back_up(w);
    }
    if (w->service != NULL && w->backups > 0 &&
        world_strikes(w, WORLD_SERVER_BACK)) {
        restore(w);
    }
}

void world_harm(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];

    harm_machines(w, t);
    harm_disks(w, t);
    harm_devices(w, t);
    harm_page(w, t);
    harm_network(w, t);
    harm_files(w, i);
    harm_clocks(w, i);
    if (t->store != NULL && world_strikes(w, WORLD_TABLET_RUINED)) {
        world_ruin(w, i);
    }
    if (w->service != NULL && !t->is_clone && world_strikes(w, WORLD_REVOKED)) {
        revoke(w, i);
    }
}
