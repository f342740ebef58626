/*
 * world_orders.c - what the council orders about records, in every 16th run:
 * holds, erasures, and backups that were checked, after which tablets prune.
 * Its random numbers are its own, so that the other runs stay as they were.
 * These runs have no tablet that is shut out: it would not hear of orders.
 */
#include "tests/sim/world.h"

#include <stdlib.h>
#include <string.h>

#include "core/cbor.h"
#include "sync-server/order.h"

#define EVERY      16
#define THIS_ONE   7
#define MONTH_MS   ((int64_t)40 * 86400000)
#define ACT_CHANCE 25 /* of 1,000 steps */

bool world_has_orders(const struct world_plan *plan)
{
    return plan->seed % EVERY == THIS_ONE;
}

/* Half of these runs prune: what is pruned needs its backup. */
static bool prunes(const struct world *w)
{
    return w->plan.seed % (2 * EVERY) == THIS_ONE;
}

void world_orders_plan(struct world_plan *plan)
{
    if (!world_has_orders(plan)) {
        return;
    }
    plan->permille[WORLD_REVOKED] = 0;
    plan->permille[WORLD_TABLET_CLONED] = 0;
    plan->permille[WORLD_TABLET_BACK] = 0;
    if (plan->seed % (2 * EVERY) == THIS_ONE) {
        plan->permille[WORLD_SERVER_BACK] = 0;
    }
}

/* The journal beside the database: no restore takes it back. */
static enum err write_order(void *ctx, const struct sdb_order *o)
{
    struct world *w = ctx;

    if (w->order_count == WORLD_ORDERS_MAX) {
        return ERR_FULL;
    }
    w->orders[w->order_count++] = *o;
    return ERR_OK;
}

static void forget_blob(void *ctx, const struct hash *blob)
{
    (void)ctx;
    (void)blob;
}

enum err world_orders_replay(struct world *w)
{
    struct council *c = service_council(w->service);
    bool is_new;
    enum err err;

    if (!world_has_orders(&w->plan)) {
        return ERR_OK;
    }
    w->journal = (struct council_journal){ write_order, forget_blob, w };
    c->journal = &w->journal;
    err = council_begin(c);
    if (err) {
        return err;
    }
    for (size_t i = 0; i < w->order_count && !err; i++) {
        err = order_apply(c, &w->orders[i], &is_new);
    }
    if (err) {
        council_rollback(c);
        return err;
    }
    err = council_commit(c);
    return err ? err : order_flush(c);
}

/* A month passes on the server, whose newest backup was just checked. */
static enum err verify_backup(struct world *w)
{
    struct council *c = service_council(w->service);
    struct buf value;
    enum err err;

    w->order_skew_ms += MONTH_MS;
    sim_port_skew(w->machine, w->order_skew_ms);
    buf_init(&value, 16);
    cbor_put_int(&value, council_now(c));
    err = sdb_begin(c->db);
    if (!err) {
        err = sdb_meta_put(c->db, COUNCIL_META_BACKUP, buf_bytes(&value));
        err = err ? err : sdb_commit(c->db);
        if (err) {
            sdb_rollback(c->db);
        }
    }
    buf_fini(&value);
    return err;
}

void world_orders_act(struct world *w)
{
    static const char *const names[] = { "hold", "release", "erase",
                                         "backup-checked" };
    struct order_ask ask = { .reason = "case" };
    struct buf text;
    uint64_t what;
    enum err err = ERR_OK;

    if (!world_has_orders(&w->plan) || w->service == NULL || w->is_calm ||
        w->fact_count == 0 ||
        !sim_random_chance(&w->order_random, ACT_CHANCE)) {
        return;
    }
    what = sim_random_below(&w->order_random, 4);
    ask.record =
        w->facts[sim_random_below(&w->order_random, w->fact_count)].record;
    buf_init(&text, 4096);
    if (what == 0) {
        err = order_hold(service_council(w->service), &ask, &text);
    } else if (what == 1) {
        err = order_release(service_council(w->service), &ask, &text);
    } else if (what == 2) {
        err = order_erase(service_council(w->service), &ask, &text);
    } else if (prunes(w)) {
        err = verify_backup(w);
    }
    buf_fini(&text);
    world_trace(w, names[what], (uint64_t)err, w->order_count);
}

/* --- after it --- */

void world_orders_erased(struct world *w, struct sdb *db, bool *out)
{
    for (size_t i = 0; i < w->fact_count; i++) {
        struct sdb_order_state state = { 0, false };

        out[i] = world_has_orders(&w->plan) &&
                 !sdb_order_state(db, &w->facts[i].record, &state) &&
                 state.is_erased;
    }
}

struct words {
    const struct world *w;
    const bool *erased;
    size_t found; /* a fact and 1 */
};

static enum err see_words(void *ctx, const struct evlog_event *e)
{
    struct words *k = ctx;
    const uint64_t token = world_token(e->body);

    for (size_t i = 0; token != 0 && i < k->w->fact_count; i++) {
        if (k->erased[i] && k->w->facts[i].token == token) {
            k->found = i + 1;
        }
    }
    return ERR_OK;
}

size_t world_orders_left(struct world *w, unsigned tablet, const bool *erased)
{
    struct words k = { w, erased, 0 };

    if (world_has_orders(&w->plan)) {
        WORLD_ASSERT(w, !evlog_all(w->tablets[tablet].log, see_words, &k));
    }
    return k.found;
}
