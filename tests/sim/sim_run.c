/* sim_run.c - one run from its plan. */
#include "tests/sim/sim_run.h"

#include <stdlib.h>
#include <string.h>

#include "core/crypto.h"

#define OPS_SPARE 5

/* The scalar 1 gives P-256's generator, with the real curve. */
bool sim_is_stub(void)
{
    static const uint8_t one[] = { 0x6b, 0x17, 0xd1, 0xf2 }; /* G.x */
    struct ec_key key = { .d = { [31] = 1 } };

    return crypto_ec_derive(&key) || memcmp(key.pub.x, one, 4) != 0;
}

void sim_plan(const struct sim_arguments *a, uint64_t seed,
              struct world_plan *out)
{
    world_plan(seed, sim_is_stub(), out);
    out->wire = a->wire;
    if (a->tablets > 0) {
        out->tablets = (unsigned)a->tablets;
    }
    if (a->steps > 0) {
        out->steps = (unsigned)a->steps;
    }
    for (size_t f = 0; a->has_faults && f < WORLD__COUNT; f++) {
        if (!a->is_allowed[f]) {
            out->permille[f] = 0;
        }
    }
}

static uint64_t add_up(const struct world *w, struct sim_totals *t)
{
    uint64_t fired = 0;

    for (size_t i = 0; i < WORLD__COUNT; i++) {
        t->fired[i] += w->fired[i];
        fired += w->fired[i];
    }
    for (unsigned n = 0; n <= w->tablet_count; n++) {
        bool is_tablet = n < w->tablet_count;
        const struct faultvfs *disk = is_tablet ? w->tablets[n].disk : w->disk;
        const struct sim_port *port =
            is_tablet ? w->tablets[n].machine : w->machine;

        for (size_t i = 0; i < FAULTVFS__COUNT; i++) {
            t->disk[i] += faultvfs_fired(disk, (enum faultvfs_fault)i);
        }
        for (size_t i = 0; i < SIM_FAULT__COUNT; i++) {
            t->port[i] += sim_port_fired(port, (enum sim_fault)i);
        }
    }
    return fired;
}

static void account(const struct world *w, struct sim_totals *t)
{
    uint64_t fired = add_up(w, t);

    t->runs++;
    t->operations += w->operations;
    t->exchanges += w->exchanges;
    t->tablet_ms += w->tablet_ms;
    t->counted +=
        w->tablet_count >= 2 && fired > 0 && w->operations >= WORLD_OPS_COUNTED;
    t->partitions += w->fired[WORLD_PARTITION] > 0;
    t->kills +=
        w->fired[WORLD_TABLET_KILLED] + w->fired[WORLD_SERVER_KILLED] > 0;
    if (w->heal_ms > t->heal_ms_max) {
        t->heal_ms_max = w->heal_ms;
    }
}

void sim_run(const struct world_plan *plan, bool is_verbose,
             struct sim_totals *t, struct hash *trace_out)
{
    struct world *w = calloc(1, sizeof(*w));
    const char *why;
    char text[256];

    if (w == NULL) {
        exit(1);
    }
    w->is_verbose = is_verbose;
    world_open(w, plan);
    /* A seed that counts is long enough; the others are worth more. */
    for (unsigned i = 0;
         i < plan->steps && (i <= plan->steps / 2 ||
                             w->operations < WORLD_OPS_COUNTED + OPS_SPARE);
         i++) {
        world_promised(w, i);
        world_step(w);
    }
    WORLD_ASSERT(w, world_settle(w));
    why = world_check(w, text, sizeof(text));
    if (why != NULL) {
        world_broken(w, why, "world_check", 0);
    }
    account(w, t);
    sha256_end(w->trace, trace_out);
    world_close(w);
    free(w);
}
