/*
 * world_salvage.c - stores that are damaged for good, and made anew from what
 * is left of them and their safety copy, in every 16th run. Its random numbers
 * are its own, so that the other runs stay as they were.
 *
 * Where the server is put back to a backup as well, what it had acknowledged
 * may be gone with the page that held it: when a store is ruined, the tablet
 * says what it still has to send, and that must not be lost, whatever comes.
 * A safety copy that has no room is left out: it may be the only copy.
 */
#include "tests/sim/world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/evlog_salvage.h"

#define EVERY      16
#define THIS_ONE   3
#define PAGE       ((size_t)4096)
#define PAGES_MAX  12
#define BITS       32 /* of a page that are others afterwards */
#define BITS_APART 100
/* While tablets give back what a restored server lacks. */
#define SOON_MS       60000
#define SOON_PERMILLE 100

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
    plan->permille[WORLD_TABLET_TEMP_FULL] = 0;
}

/* One page in ten runs, or the whole file: nothing of it can be read. */
static size_t spoil(struct world *w, struct world_tablet *t)
{
    struct sim_random *random = &w->chance[WORLD_TABLET_RUINED];
    const size_t pages = faultvfs_size(t->disk, t->file) / PAGE;
    const bool is_all = sim_random_chance(
        random, w->plan.permille[WORLD_SERVER_BACK] > 0 ? 400 : 100);
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

/* --- what only the council has --- */

struct unsent {
    struct world *w;
    bool is[WORLD_FACTS_MAX];
};

static enum err see_unsent(void *ctx, const struct evlog_event *e)
{
    struct unsent *u = ctx;
    const uint64_t token = world_token(e->body);

    for (size_t f = 0; token != 0 && f < u->w->fact_count; f++) {
        u->is[f] |= u->w->facts[f].token == token;
    }
    return ERR_OK;
}

struct chains {
    struct evlog *log;
    struct unsent *unsent;
};

static enum err see_chain(void *ctx, const struct evlog_chain *c)
{
    const struct chains *k = ctx;

    return c->is_closed ? ERR_OK
                        : evlog_own(k->log, &c->incarnation, c->acked + 1,
                                    SIZE_MAX / 2, see_unsent, k->unsent);
}

/* What it need not send any more is the server's to keep. Where that was put
 * back since, it may have been the only one to have it. */
static void hand_over(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];
    struct unsent *u = calloc(1, sizeof(*u));
    struct chains k = { t->log, u };

    WORLD_ASSERT(w, u != NULL);
    u->w = w;
    if (evlog_chains(t->log, see_chain, &k)) {
        memset(u->is, 0, sizeof(u->is)); /* a disk that fails says nothing */
    }
    for (size_t f = 0; f < w->fact_count; f++) {
        struct world_fact *fact = &w->facts[f];

        if (fact->tablet == i && !u->is[f]) {
            fact->is_councils = true;
            fact->may_be_lost |= f < w->restored_facts;
        }
    }
    free(u);
}

void world_salvage_restored(struct world *w)
{
    w->restored_facts = w->fact_count;
    w->restored_ms = w->now_ms;
    for (size_t f = 0; f < w->fact_count; f++) {
        w->facts[f].may_be_lost |= w->facts[f].is_councils;
    }
}

uint64_t world_forlorn(const struct world *w, unsigned tablet)
{
    static const struct hash none;
    uint64_t count = 0;

    for (size_t f = 0; f < w->fact_count; f++) {
        const struct world_fact *fact = &w->facts[f];

        count += fact->tablet == tablet && fact->is_councils &&
                 fact->may_be_lost && !hash_eq(&fact->blob, &none);
    }
    return count;
}

bool world_ruin_strikes(struct world *w)
{
    if (w->restored_facts > 0 && world_has_safety(&w->plan) && !w->is_calm &&
        w->now_ms < w->restored_ms + SOON_MS &&
        sim_random_chance(&w->chance[WORLD_TABLET_RUINED], SOON_PERMILLE)) {
        w->fired[WORLD_TABLET_RUINED]++;
        return true;
    }
    return world_strikes(w, WORLD_TABLET_RUINED);
}

void world_ruin(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];

    if (w->plan.permille[WORLD_SERVER_BACK] > 0) {
        hand_over(w, i);
    }
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
