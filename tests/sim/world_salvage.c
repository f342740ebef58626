/*
 * world_salvage.c - stores that are damaged for good, and made anew from what
 * is left of them and their safety copy, in every 16th run. Its random numbers
 * are its own, so that the other runs stay as they were.
 *
 * Two things are left out of these runs, as they may take the only copy along:
 * a server put back to a backup (what it had acknowledged may have been lost
 * with the page that held it), and a safety copy that has no room.
 */
#include "tests/sim/world.h"

#include <stdio.h>

#include "core/evlog_salvage.h"

#define EVERY      16
#define THIS_ONE   3
#define PAGE       ((size_t)4096)
#define PAGES_MAX  12
#define BITS       32 /* of a page that are others afterwards */
#define BITS_APART 100

bool world_has_safety(const struct world_plan *plan)
{
    return plan->seed % EVERY == THIS_ONE;
}

void world_salvage_plan(struct world_plan *plan)
{
    if (!world_has_safety(plan)) {
        plan->permille[WORLD_TABLET_RUINED] = 0;
        return;
    }
    plan->is_encrypted = true; /* the copy is made under the store's key */
    plan->permille[WORLD_SERVER_BACK] = 0;
    plan->permille[WORLD_TABLET_TEMP_FULL] = 0;
}

/* One page in ten runs, or the whole file: nothing of it can be read. */
static size_t spoil(struct world *w, struct world_tablet *t)
{
    struct sim_random *random = &w->chance[WORLD_TABLET_RUINED];
    const size_t pages = faultvfs_size(t->disk, t->file) / PAGE;
    const bool is_all = sim_random_chance(random, 100);
    const size_t count =
        is_all ? pages : 1 + (size_t)sim_random_below(random, PAGES_MAX);

    for (size_t n = 0; n < count && pages > 0; n++) {
        const size_t page =
            is_all ? n : (size_t)sim_random_below(random, pages);

        for (size_t bit = 0; bit < BITS; bit++) {
            (void)faultvfs_flip(t->disk, t->file,
                                page * PAGE + 100 + bit * BITS_APART);
        }
    }
    return count;
}

void world_ruin(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];

    world_tablet_off(w, i);
    world_trace(w, "ruined", i, spoil(w, t));
    t->is_ruined = true;
    world_tablet_on(w, i);
}

enum err world_salvage(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];
    const struct store_options damaged = world_store_options(w, t);
    struct store_options fresh = damaged;
    struct salvage_report report;
    char path[sizeof(t->file)];
    enum err err;

    snprintf(path, sizeof(path), "t%u.db", ++t->files);
    fresh.path = path;
    err = evlog_salvage(&damaged, &fresh, &report);
    world_trace(w, "salvaged", i, (uint64_t)err);
    if (!err) {
        snprintf(t->file, sizeof(t->file), "%s", path);
        t->is_ruined = false;
    }
    return err;
}
