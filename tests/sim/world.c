/* world.c - machines: made, switched on and off, thrown away. */
#include "tests/sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START_MS ((int64_t)1790000000000) /* 2026-09-21, in summer time */

static const uint8_t store_key[32] = { 1, 2, 3 };

/* Whoever started this process says how to repeat it: sim_run.c. */
void world_broken(struct world *w, const char *what, const char *file, int line)
{
    fprintf(stderr, "seed %llu, %llu ms: %s (%s:%d)\n",
            (unsigned long long)w->plan.seed, (unsigned long long)w->now_ms,
            what, file, line);
    exit(1);
}

#define MUST(w, call) WORLD_ASSERT(w, (call) == ERR_OK)

const char *world_fault_name(enum world_fault f)
{
    static const char *const names[] = {
#define X(name, permille, row, text) #name,
        WORLD_FAULTS(X)
#undef X
    };

    return names[f];
}

const char *world_fault_text(enum world_fault f)
{
    static const char *const texts[] = {
#define X(name, permille, row, text) text,
        WORLD_FAULTS(X)
#undef X
    };

    return texts[f];
}

const char *world_fault_row(enum world_fault f)
{
    static const char *const rows[] = {
#define X(name, permille, row, text) row,
        WORLD_FAULTS(X)
#undef X
    };

    return rows[f];
}

bool world_strikes(struct world *w, enum world_fault f)
{
    if (w->is_calm || w->plan.permille[f] == 0 ||
        !sim_random_chance(&w->chance[f], w->plan.permille[f])) {
        return false;
    }
    w->fired[f]++;
    return true;
}

uint64_t world_below(struct world *w, uint64_t n)
{
    return sim_random_below(&w->random, n);
}

void world_trace(struct world *w, const char *what, uint64_t a, uint64_t b)
{
    char line[120];
    int n = snprintf(line, sizeof(line), "%llu %s %llu %llu\n",
                     (unsigned long long)w->now_ms, what, (unsigned long long)a,
                     (unsigned long long)b);

    sha256_add(w->trace, (struct bytes){ (const uint8_t *)line, (size_t)n });
    if (w->is_verbose) {
        fputs(line, stderr);
    }
    if (w->wire != NULL) {
        fputs(line, w->wire);
    }
}

static void fill(struct world *w, void *out, size_t len)
{
    sim_random_fill(&w->random, out, len);
}

static void new_machine(struct world *w, struct sim_port **port,
                        struct faultvfs **disk)
{
    const struct sim_port_options o = { &w->now_ms, START_MS,
                                        sim_random_next(&w->random) };

    MUST(w, sim_port_new(&o, port));
    MUST(w, faultvfs_new(sim_random_next(&w->random), disk));
}

/* --- the server --- */

void world_server_on(struct world *w)
{
    const struct service_options o = { "c", faultvfs_name(w->disk),
                                       sim_port(w->machine) };

    enum err err = service_open(&o, &w->service);

    if (!err) {
        err = world_orders_replay(w);
        if (err) {
            service_close(w->service);
        }
    }
    world_trace(w, "server-on", 0, (uint64_t)err);
    if (err) {
        WORLD_ASSERT(w, !w->is_calm);
        w->service = NULL;
        w->off_until = w->now_ms + 5000;
    }
}

void world_server_off(struct world *w)
{
    service_close(w->service);
    w->service = NULL;
    world_trace(w, "server-off", 0, 0);
}

/* A store that was made and holds nothing yet, the same for all that begin;
 * what makes it, its migrations, has tests of its own. */
static const struct faultvfs *blank_tablet(struct world *w)
{
    static struct faultvfs *blank[2]; /* plain, encrypted */
    static const uint64_t no_time;
    const struct sim_port_options o = { &no_time, START_MS, 1 };
    struct faultvfs **disk = &blank[w->plan.is_encrypted];
    struct world_tablet t = { .file = "t.db" };
    struct store_options so;

    if (*disk == NULL) {
        MUST(w, sim_port_new(&o, &t.machine));
        MUST(w, faultvfs_new(1, disk));
        t.disk = *disk;
        so = world_store_options(w, &t);
        MUST(w, store_open(&so, &t.store));
        store_close(t.store);
        sim_port_free(t.machine);
    }
    return *disk;
}

static const struct faultvfs *blank_council(struct world *w)
{
    static struct faultvfs *blank;
    struct sdb *db;

    if (blank == NULL) {
        MUST(w, faultvfs_new(1, &blank));
        MUST(w, sdb_open("c", faultvfs_name(blank), &db));
        sdb_close(db);
    }
    return blank;
}

static void found_council(struct world *w)
{
    struct council c;
    struct sdb *db;

    new_machine(w, &w->machine, &w->disk);
    MUST(w, faultvfs_copy(w->disk, blank_council(w)));
    MUST(w, sdb_open("c", faultvfs_name(w->disk), &db));
    MUST(w, council_init(db, sim_port(w->machine), "Westbrook"));
    MUST(w, council_open(db, sim_port(w->machine), &c));
    w->server_key = c.seal_key.pub;
    w->council = c.id;
    for (unsigned i = 0; i < w->tablet_count; i++) {
        struct world_tablet *t = &w->tablets[i];
        struct sdb_officer officer = { .is_active = true };
        struct sdb_device device = { .state = SDB_DEVICE_ACTIVE };
        struct sdb_certificate cert = { .is_revoked = false };

        officer.id = t->officer;
        snprintf(officer.number, sizeof(officer.number), "%u", 4400 + i);
        device.id = t->device;
        device.seal_key = t->key.pub;
        cert.fingerprint = t->cert;
        cert.device = t->device;
        MUST(w, sdb_officer_put(db, &officer));
        MUST(w, sdb_officer_join_team(db, &t->officer, &c.default_team));
        MUST(w, sdb_device_put(db, &device));
        MUST(w, sdb_device_allow(db, &t->device, &t->officer));
        MUST(w, sdb_certificate_put(db, &cert));
    }
    council_close(&c);
    sdb_close(db);
}

/* --- tablets --- */

struct store_options world_store_options(struct world *w,
                                         struct world_tablet *t)
{
    return (struct store_options){
        t->file,
        faultvfs_name(t->disk),
        { store_key, w->plan.is_encrypted ? sizeof(store_key) : 0 },
        sim_port(t->machine)
    };
}

static enum err open_tablet(struct world *w, struct world_tablet *t)
{
    const struct store_options o = world_store_options(w, t);
    struct sync_options so = { .port = sim_port(t->machine),
                               .officers = &t->officer,
                               .officer_count = 1 };
    struct evlog_identity id;
    enum err err = store_open(&o, &t->store);

    if (err)
        return err;
    err = evlog_open(t->store, &t->log);
    if (err == ERR_NOT_FOUND) {
        memset(&id, 0, sizeof(id));
        id.council = w->council;
        id.device = t->device;
        fill(w, &id.incarnation, sizeof(id.incarnation));
        id.seal_key = t->key;
        id.server_key = w->server_key;
        id.recovery_key = w->server_key;
        err = evlog_init(t->store, &id);
        err = err ? err : evlog_open(t->store, &t->log);
    }
    so.log = t->log;
    return err ? err : sync_open(&so, &t->sync);
}

void world_tablet_off(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];

    world_drop_flight(w, i);
    sync_close(t->sync);
    evlog_close(t->log);
    store_close(t->store);
    t->sync = NULL;
    t->log = NULL;
    t->store = NULL;
    world_trace(w, "tablet-off", i, 0);
}

void world_tablet_on(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];
    enum err err = t->is_ruined ? world_salvage(w, i) : ERR_OK;

    err = err ? err : open_tablet(w, t);
    t->wake_ms = 0;
    world_trace(w, "tablet-on", i, (uint64_t)err);
    if (err) {
        /* Only what we inject may keep it shut; then it is tried again. */
        WORLD_ASSERT(w, !w->is_calm);
        world_tablet_off(w, i);
        t->off_until = w->now_ms + 5000;
    }
}

void world_reap(struct world *w)
{
    for (unsigned i = 0; i < w->tablet_count; i++) {
        struct world_tablet *t = &w->tablets[i];

        if (faultvfs_is_killed(t->disk)) {
            world_tablet_off(w, i);
            faultvfs_restart(t->disk, t->is_power_loss);
            sim_port_reboot(t->machine, t->is_power_loss);
            t->off_until = w->now_ms + sim_random_below(&w->random, 20000);
            w->fired[t->is_power_loss ? WORLD_TABLET_POWER
                                      : WORLD_TABLET_KILLED]++;
        }
        if (t->store == NULL && w->now_ms >= t->off_until) {
            world_tablet_on(w, i);
        }
    }
    if (faultvfs_is_killed(w->disk)) {
        world_server_off(w);
        faultvfs_restart(w->disk, w->is_power_loss);
        sim_port_reboot(w->machine, w->is_power_loss);
        w->off_until = w->now_ms + sim_random_below(&w->random, 20000);
        w->fired[w->is_power_loss ? WORLD_SERVER_POWER : WORLD_SERVER_KILLED]++;
    }
    if (w->service == NULL && w->now_ms >= w->off_until) {
        world_server_on(w);
    }
}

/* --- all of it --- */

void world_open(struct world *w, const struct world_plan *plan)
{
    bool is_verbose = w->is_verbose;

    memset(w, 0, sizeof(*w));
    w->is_verbose = is_verbose;
    w->plan = *plan;
    w->tablet_count = plan->tablets;
    sim_random_init(&w->random, plan->seed);
    sim_random_init(&w->order_random, plan->seed + 1);
    for (size_t f = 0; f < WORLD__COUNT; f++) {
        sim_random_init(&w->chance[f], f < WORLD_FIRST_APART
                                           ? plan->seed * WORLD_FIRST_APART + f
                                           : ~(plan->seed * 1000 + f));
    }
    MUST(w, sha256_new(&w->trace));
    for (unsigned i = 0; i < plan->tablets; i++) {
        struct world_tablet *t = &w->tablets[i];

        new_machine(w, &t->machine, &t->disk);
        sim_port_safety(t->machine, world_has_safety(plan));
        MUST(w, faultvfs_copy(t->disk, blank_tablet(w)));
        snprintf(t->file, sizeof(t->file), "t.db");
        fill(w, &t->device, sizeof(t->device));
        fill(w, &t->officer, sizeof(t->officer));
        fill(w, &t->cert, sizeof(t->cert));
        MUST(w, crypto_ec_new(port_random(sim_port(t->machine)), &t->key));
    }
    found_council(w);
    world_wire_open(w);
    world_server_on(w);
    for (unsigned i = 0; i < plan->tablets; i++) {
        world_tablet_on(w, i);
    }
}

void world_close(struct world *w)
{
    world_wire_close(w);
    w->wire = NULL;
    for (unsigned i = 0; i < w->tablet_count; i++) {
        struct world_tablet *t = &w->tablets[i];

        world_tablet_off(w, i);
        faultvfs_free(t->disk);
        sim_port_free(t->machine);
        faultvfs_free(t->copy_disk);
        sim_port_free(t->copy_machine);
        free(t->stale.body);
    }
    for (size_t i = 0; i < WORLD_LATE_MAX; i++) {
        free(w->late[i].body);
    }
    world_server_off(w);
    faultvfs_free(w->disk);
    sim_port_free(w->machine);
    for (size_t i = 0; i < WORLD_BACKUPS_MAX; i++) {
        faultvfs_free(w->backup[i]);
        sim_port_free(w->backup_machine[i]);
    }
    sha256_free(w->trace);
}
