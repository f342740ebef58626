/* world_harm.c - what goes wrong with machines, disks, clocks and people. */
#include <string.h>

#include "tests/sim/world.h"

static uint64_t below(struct world *w, uint64_t n)
{
    return sim_random_below(&w->random, n);
}

static void kill_soon(struct world *w, struct faultvfs *disk, bool *power)
{
    *power = below(w, 2) == 0;
    faultvfs_plan(disk, FAULTVFS_KILL, 1 + below(w, 40), false);
}

static void fail_disk(struct world *w, struct faultvfs *disk)
{
    static const enum faultvfs_fault kinds[] = {
        FAULTVFS_FULL, FAULTVFS_WRITE_IO, FAULTVFS_SYNC_IO, FAULTVFS_READ_IO
    };

    faultvfs_plan(disk, kinds[below(w, 4)], 1 + below(w, 10), false);
}

/* The folder as a backup tool or a thief would take it: when it is off. */
static void copy_tablet(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];

    if (t->store == NULL) {
        return;
    }
    world_tablet_off(w, i);
    if (t->copy_disk == NULL) {
        const struct sim_port_options o = { &w->now_ms, 0,
                                            sim_random_next(&w->random) };

        WORLD_ASSERT(w, !faultvfs_new(below(w, 1000000), &t->copy_disk));
        WORLD_ASSERT(w, !sim_port_new(&o, &t->copy_machine));
    }
    WORLD_ASSERT(w, !faultvfs_copy(t->copy_disk, t->disk));
    WORLD_ASSERT(w, !sim_port_copy_files(t->copy_machine, t->machine));
    t->copy_facts = w->fact_count;
    world_tablet_on(w, i);
}

static void put_back(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];

    if (t->store == NULL || t->copy_disk == NULL) {
        return;
    }
    world_tablet_off(w, i);
    WORLD_ASSERT(w, !faultvfs_copy(t->disk, t->copy_disk));
    WORLD_ASSERT(w, !sim_port_copy_files(t->machine, t->copy_machine));
    for (size_t f = (size_t)t->copy_facts; f < w->fact_count; f++) {
        w->facts[f].may_be_lost |= w->facts[f].tablet == i;
    }
    t->is_back = true;
    w->fired[WORLD_TABLET_BACK]++;
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

    if (w->tablet_count == WORLD_TABLETS_MAX || t->store == NULL ||
        t->is_clone) {
        return;
    }
    world_tablet_off(w, i);
    memset(c, 0, sizeof(*c));
    WORLD_ASSERT(w, !faultvfs_new(sim_random_next(&w->random), &c->disk));
    WORLD_ASSERT(w, !sim_port_new(&o, &c->machine));
    WORLD_ASSERT(w, !faultvfs_copy(c->disk, t->disk));
    WORLD_ASSERT(w, !sim_port_copy_files(c->machine, t->machine));
    c->device = t->device;
    c->officer = t->officer;
    c->cert = t->cert;
    c->key = t->key;
    c->is_clone = t->is_clone = true;
    w->fired[WORLD_TABLET_CLONED]++;
    world_trace(w, "clone", i, w->tablet_count);
    world_tablet_on(w, i);
    world_tablet_on(w, w->tablet_count++);
}

static void revoke(struct world *w, unsigned i)
{
    struct sdb_device row;
    struct sdb *db;
    enum err err;

    if (w->service == NULL || w->tablets[i].is_clone) {
        return;
    }
    world_server_off(w);
    err = sdb_open("c", faultvfs_name(w->disk), &db);
    if (!err) {
        sdb_use(db, &w->council);
        err = sdb_device_get(db, &w->tablets[i].device, &row);
        row.state = SDB_DEVICE_REVOKED;
        err = err ? err : sdb_device_put(db, &row);
        sdb_close(db);
    }
    w->fired[WORLD_REVOKED] += err ? 0 : 1;
    world_trace(w, "revoke", i, (uint64_t)err);
    world_server_on(w);
}

static void back_up(struct world *w)
{
    if (w->service == NULL) {
        return;
    }
    world_server_off(w);
    WORLD_ASSERT(w, !faultvfs_copy(w->backup, w->disk));
    WORLD_ASSERT(w, !sim_port_copy_files(w->backup_machine, w->machine));
    w->has_backup = true;
    world_server_on(w);
}

static void restore(struct world *w)
{
    if (w->service == NULL || !w->has_backup) {
        return;
    }
    world_server_off(w);
    WORLD_ASSERT(w, !faultvfs_copy(w->disk, w->backup));
    WORLD_ASSERT(w, !sim_port_copy_files(w->machine, w->backup_machine));
    w->fired[WORLD_SERVER_BACK]++;
    /* What a tablet that went back held is nowhere any more. */
    world_trace(w, "restore", 0, 0);
    world_server_on(w);
}

static void set_clock(struct world *w, unsigned i)
{
    static const int64_t jumps[] = { 0, 3600000, -3600000, 86400000LL * 36500,
                                     -86400000LL * 7300 };

    sim_port_skew(w->tablets[i].machine, jumps[below(w, 5)]);
    w->fired[WORLD_CLOCK]++;
    world_trace(w, "clock", i, 0);
}

void world_harm(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];

    switch (below(w, 40)) {
    case 0:
    case 1:
        kill_soon(w, t->disk, &t->is_power_loss);
        break;
    case 2:
    case 3:
        kill_soon(w, w->disk, &w->is_power_loss);
        break;
    case 4:
        fail_disk(w, t->disk);
        w->fired[WORLD_TABLET_DISK]++;
        break;
    case 5:
        fail_disk(w, w->disk);
        w->fired[WORLD_SERVER_DISK]++;
        break;
    case 6:
    case 7:
        t->deaf_until = w->now_ms + below(w, 120000);
        break;
    case 8:
        t->one_way_until = w->now_ms + below(w, 60000);
        break;
    case 9:
        set_clock(w, i);
        break;
    case 10:
        copy_tablet(w, i);
        break;
    case 11:
        if (below(w, 3) > 0) {
            put_back(w, i);
        }
        break;
    case 12:
        if (below(w, 2) == 0) {
            clone(w, i);
        }
        break;
    case 13:
        if (below(w, 4) == 0) {
            revoke(w, i);
        }
        break;
    case 14:
        back_up(w);
        break;
    case 15:
        if (below(w, 3) > 0) {
            restore(w);
        }
        break;
    default:
        break;
    }
}
