/*
 * world_time.c - how a run's days pass: bursts of work with seconds between
 * two things, minutes of walking, nights with everything off, weeks off.
 */
#include "tests/sim/world.h"

#define MINUTE ((uint64_t)60 * 1000)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

#define OFF_PERMILLE 250 /* the others lie locked, their program asleep */

/* The end of a shift. */
static void all_off(struct world *w, uint64_t for_ms)
{
    for (unsigned i = 0; i < w->tablet_count; i++) {
        struct world_tablet *t = &w->tablets[i];

        if (t->store != NULL && sim_random_chance(&w->random, OFF_PERMILLE)) {
            world_tablet_off(w, i);
            sim_port_reboot(t->machine, false);
        }
        if (t->store == NULL) {
            t->off_until = w->now_ms + for_ms;
        }
    }
}

static void pass(struct world *w)
{
    uint64_t from = w->now_ms;
    uint64_t draw = world_below(w, 1000);

    if (draw < 935 - w->plan.weeks_permille) {
        w->now_ms += 1 + world_below(w, 3000);
    } else if (draw < 990 - w->plan.weeks_permille) {
        w->now_ms += MINUTE + world_below(w, 29 * MINUTE); /* in a pocket */
    } else if (draw < 1000 - w->plan.weeks_permille) {
        uint64_t night = 8 * HOUR + world_below(w, 8 * HOUR);

        all_off(w, night);
        w->now_ms += night;
    } else {
        uint64_t days = 1 + world_below(w, world_below(w, 25) ? 28 : 400);

        all_off(w, days * DAY);
        w->now_ms += days * DAY;
    }
    w->tablet_ms += (w->now_ms - from) * w->tablet_count;
}

void world_step(struct world *w)
{
    unsigned i = (unsigned)world_below(w, w->tablet_count);
    unsigned syncs = w->tablet_count / 8;

    pass(w);
    world_reap(w);
    if (sim_random_chance(&w->random, 780)) {
        world_act(w, i);
    }
    if (sim_random_chance(&w->random, 10)) {
        world_look(w);
    }
    world_harm(w, i);
    world_reap(w);
    if (sim_random_chance(&w->random, 350)) {
        world_sync(w, i);
        world_reap(w);
    }
    syncs += sim_random_chance(&w->random, 350);
    for (unsigned n = 0; n < syncs; n++) {
        world_sync(w, (unsigned)world_below(w, w->tablet_count));
        world_reap(w);
    }
    world_late(w);
    world_reap(w);
    world_photos_act(w, i);
    world_orders_act(w);
    world_reap(w);
}

/* Every run has a partition that some request met and that healed, and a kill,
 * unless the shrinker took them away. */
void world_promised(struct world *w, unsigned step)
{
    struct world_tablet *t = &w->tablets[w->plan.seed % w->tablet_count];
    const unsigned third = w->plan.steps / 3;

    if (w->plan.permille[WORLD_PARTITION] > 0 &&
        (step == third || (step > third && step < w->plan.steps / 2 &&
                           w->fired[WORLD_PARTITION] == 0))) {
        t->deaf_until = w->now_ms + 10 * MINUTE;
    }
    if (step == w->plan.steps / 2 && w->plan.permille[WORLD_TABLET_KILLED]) {
        t->is_power_loss = false;
        faultvfs_plan(t->disk, FAULTVFS_KILL, 1 + w->plan.seed % 40, false);
    }
}
