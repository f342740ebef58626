/*
 * world_salvage.c - stores that are damaged for good, and made anew from what
 * is left of them and their safety copy, in every 16th run. Its random numbers
 * are its own, so that the other runs stay as they were.
 *
 * In half of them the server is put back to a backup, too. An entry that its
 * tablet knew to be sent may then have been in the damaged page and in no
 * other place: it is excused where nobody holds it at the end. A safety copy
 * that has no room is left out: it may take the only copy along.
 */
#include "tests/sim/world.h"

#include <sqlite3.h>
#include <stdio.h>

#include "core/evlog_salvage.h"
#include "core/store_internal.h"

#define EVERY      16
#define THIS_ONE   3
#define BACK       6 /* permille, where the server is put back */
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
    plan->permille[WORLD_SERVER_BACK] =
        plan->seed % (2 * EVERY) == THIS_ONE ? BACK : 0;
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

/* --- what it takes along --- */

struct sent {
    struct world *w;
    unsigned tablet;
    const struct evlog_chain *chain;
};

static enum err see_sent(void *ctx, const struct evlog_event *e)
{
    const struct sent *s = ctx;
    const uint64_t token =
        world_read(&s->w->tablets[s->tablet], e->header, e->body);

    if (e->ref.sequence > s->chain->acked) {
        return ERR_STOPPED;
    }
    for (size_t i = 0; token != 0 && i < s->w->fact_count; i++) {
        s->w->facts[i].is_spoilt |= s->w->facts[i].token == token;
    }
    return ERR_OK;
}

static enum err see_sent_chain(void *ctx, const struct evlog_chain *chain)
{
    struct sent *s = ctx;

    s->chain = chain;
    return evlog_own(s->w->tablets[s->tablet].log, &chain->incarnation, 1,
                     SIZE_MAX, see_sent, s);
}

/* What is not marked has to come through the salvage, from its page or from
 * the safety copy, whatever becomes of the server. */
static void mark_sent(struct world *w, unsigned i)
{
    struct sent s = { w, i, NULL };
    const enum err err = evlog_chains(w->tablets[i].log, see_sent_chain, &s);

    world_trace(w, "sent", i, (uint64_t)err);
}

void world_salvage_restore(struct world *w)
{
    w->restored_facts = w->fact_count;
    for (unsigned i = 0; i < w->tablet_count; i++) {
        if (w->tablets[i].files > 0) {
            w->fired[WORLD_RUINED_BACK]++;
            return;
        }
    }
}

struct search {
    struct world_tablet *tablet;
    uint64_t token;
    bool is_found;
};

static enum err see_token(void *ctx, const struct evlog_event *e)
{
    struct search *s = ctx;

    s->is_found |= world_read(s->tablet, e->header, e->body) == s->token;
    return s->is_found ? ERR_STOPPED : ERR_OK;
}

static bool may_be_gone(const struct world *w, size_t fact)
{
    return fact < w->restored_facts && w->facts[fact].is_spoilt;
}

bool world_is_excused(struct world *w, size_t fact)
{
    struct search s = { .token = w->facts[fact].token };

    if (!may_be_gone(w, fact)) {
        return false;
    }
    for (unsigned i = 0; i < w->tablet_count && !s.is_found; i++) {
        s.tablet = &w->tablets[i];
        WORLD_ASSERT(w, !evlog_all(s.tablet->log, see_token, &s));
    }
    world_trace(w, "excused", fact, s.is_found);
    return !s.is_found;
}

/* The file lies there still, but no row says so. */
bool world_is_file_excused(struct world *w, size_t fact)
{
    static const char sql[] = "SELECT 1 FROM blob WHERE name = ?1";
    const struct world_fact *f = &w->facts[fact];
    sqlite3_stmt *st = NULL;
    bool is_known;

    if (!may_be_gone(w, fact)) {
        return false;
    }
    WORLD_ASSERT(w, !store_statement(w->tablets[f->tablet].store, sql, &st));
    sqlite3_bind_blob(st, 1, f->blob.bytes, sizeof(f->blob.bytes),
                      SQLITE_STATIC);
    is_known = sqlite3_step(st) == SQLITE_ROW;
    sqlite3_reset(st);
    world_trace(w, "file-excused", fact, is_known);
    return !is_known;
}

void world_ruin(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];

    if (w->plan.permille[WORLD_SERVER_BACK] > 0) {
        mark_sent(w, i);
        w->fired[WORLD_BACK_RUINED] += w->restored_facts > 0;
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
