/* world_check.c - after the weather has cleared: was every promise kept? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/body.h"
#include "core/limits.h"
#include "core/store_sync.h"
#include "core/sync_internal.h"
#include "core/wire.h"
#include "tests/sim/world.h"

/*
 * Virtual time to converge after the last fault (reliability, I14). Where an
 * officer presses "try now": ten minutes. Where nobody does, the longest
 * back-off (10 minutes) and two polls on top.
 */
#define PRESSED_MS   ((uint64_t)10 * 60 * 1000)
#define UNPRESSED_MS ((uint64_t)25 * 60 * 1000)
/* A tablet reads what others sent after it had looked: it polls twice. */
#define POLLS_MS ((uint64_t)130 * 1000)

static bool is_settled(struct world *w)
{
    for (unsigned i = 0; i < w->tablet_count; i++) {
        struct world_tablet *t = &w->tablets[i];
        struct sync_status status;
        struct evlog_counts counts;

        if (t->store == NULL || evlog_counts(t->log, &counts)) {
            return false;
        }
        sync_status(t->sync, &status);
        if ((status.state != SYNC_IDLE && status.state != SYNC_STOPPED) ||
            counts.waiting > 0 || counts.blobs_own != counts.blobs_held) {
            return false;
        }
    }
    return w->service != NULL;
}

static void clear_weather(struct world *w)
{
    w->is_calm = true;
    for (unsigned i = 0; i < w->tablet_count; i++) {
        for (size_t f = 0; f < FAULTVFS__COUNT; f++) {
            faultvfs_plan(w->tablets[i].disk, (enum faultvfs_fault)f, 0, false);
        }
        faultvfs_heal(w->tablets[i].disk);
        world_calm_machine(w->tablets[i].machine);
        w->tablets[i].off_until = w->now_ms;
    }
    world_calm_machine(w->machine);
    for (size_t f = 0; f < FAULTVFS__COUNT; f++) {
        faultvfs_plan(w->disk, (enum faultvfs_fault)f, 0, false);
    }
    w->off_until = w->now_ms;
    world_reap(w);
    world_late(w);
    if (world_has_orders(&w->plan) && w->service != NULL) {
        world_server_off(w); /* what was cut short is done at the start */
        world_server_on(w);
    }
    for (unsigned i = 0; i < w->tablet_count; i++) {
        struct world_tablet *t = &w->tablets[i];
        const struct port *port = sim_port(t->machine);
        struct port_time now;

        port->ops->now(port->ctx, &now);
        t->wake_ms = 0;
        if (w->plan.is_pressed) {
            sync_now(t->sync, now.mono_ms);
        }
    }
}

/* To the next moment at which a tablet has something to do. */
static void skip(struct world *w)
{
    uint64_t next = w->now_ms + 60000;

    for (unsigned i = 0; i < w->tablet_count; i++) {
        const struct world_tablet *t = &w->tablets[i];
        uint64_t at =
            t->flight.state != FLIGHT_NONE ? t->flight.at_ms : t->wake_ms;

        next = at < next ? at : next;
    }
    w->now_ms = next > w->now_ms ? next : w->now_ms + 1;
}

bool world_settle(struct world *w)
{
    const uint64_t from = w->now_ms;
    const uint64_t until =
        from + (w->plan.is_pressed ? PRESSED_MS : UNPRESSED_MS);

    clear_weather(w);
    while (w->now_ms < until) {
        for (unsigned i = 0; i < w->tablet_count; i++) {
            world_sync(w, i);
        }
        if (w->now_ms > from + POLLS_MS &&
            w->now_ms > w->changed_ms + POLLS_MS && is_settled(w)) {
            w->heal_ms = w->now_ms - from;
            return true;
        }
        skip(w);
    }
    return false;
}

/* --- the checks --- */

struct check {
    struct world *w;
    struct sdb *db;
    char *text;
    size_t size;
    bool is_broken;
    /* of facts, by index */
    unsigned found[WORLD_FACTS_MAX], first_hand[WORLD_FACTS_MAX];
    bool erased[WORLD_FACTS_MAX];
    struct merkle tree;
    uint64_t base;
    /* of one chain */
    struct hash link;
    uint64_t hlc, next;
    /* of one tablet */
    struct world_tablet *tablet;
    uint64_t first_position;
    unsigned index;
};

static void broken(struct check *c, const char *what, uint64_t a, uint64_t b)
{
    if (!c->is_broken) {
        snprintf(c->text, c->size, "%s (%llu, %llu)", what,
                 (unsigned long long)a, (unsigned long long)b);
        c->is_broken = true;
    }
}

static enum err see_event(void *ctx, const struct sdb_event *e)
{
    struct check *c = ctx;
    struct event_header h;
    uint64_t token = world_read_any(c->w, e->header, e->body);
    enum err err = event_header_parse(e->header, &h);

    if (err)
        return err;
    if (e->position >= c->base) {
        err = merkle_append(
            &c->tree, (struct bytes){ e->header_hash.bytes, 32 }, NULL, NULL);
        if (err)
            return err;
    }
    for (size_t i = 0; token != 0 && i < c->w->fact_count; i++) {
        if (c->w->facts[i].token == token) {
            c->found[i]++;
            c->first_hand[i] += h.former.count > 0 ? 0 : 1;
            if (c->w->facts[i].is_refused && e->state != SDB_QUARANTINED) {
                broken(c, "a forbidden body was applied", i, e->position);
            }
        }
    }
    return ERR_OK;
}

/* I1, I10: everything saved is on the server, once. */
static void check_facts(struct check *c)
{
    for (size_t i = 0; i < c->w->fact_count; i++) {
        const struct world_fact *f = &c->w->facts[i];

        if (c->erased[i] && c->found[i] > 0) {
            broken(c, "erased words are on the server", i, f->tablet);
        }
        if (c->found[i] == 0 && !f->may_be_lost && !c->erased[i] &&
            !world_is_excused(c->w, i)) {
            broken(c, "a saved entry is not on the server", i, f->tablet);
        }
        if (c->first_hand[i] > 1) {
            broken(c, "an entry is on the server twice", i, f->tablet);
        }
    }
}

/* I12: nobody signs two entries of one number, except who was copied. A first
 * one of which the counter that tells a copy could not learn is excused. */
static void check_numbers(struct check *c)
{
    const struct world *w = c->w;

    for (size_t i = 0; i < w->fact_count && !c->is_broken; i++) {
        const struct world_fact *f = &w->facts[i];

        for (size_t k = 0; k < i; k++) {
            if (w->facts[k].is_counted && f->is_saved &&
                w->facts[k].ref.sequence == f->ref.sequence &&
                uuid_eq(&w->facts[k].ref.incarnation, &f->ref.incarnation) &&
                !w->tablets[f->tablet].is_clone) {
                broken(c, "two saved entries have one number", k, i);
            }
        }
    }
}

/* I20: a photo that the server says it holds is there, byte for byte. */
static void check_blob(struct check *c, size_t i, uint8_t *bytes, size_t size)
{
    const struct world_fact *f = &c->w->facts[i];
    const struct port *port = sim_port(c->w->machine);
    struct hash hash;
    size_t len = 0;
    enum err err =
        port->ops->blob_read(port->ctx, &f->blob, 0, bytes, size, &len);

    crypto_sha256((struct bytes){ bytes, len }, &hash);
    if (err || !hash_eq(&hash, &f->blob)) {
        broken(c, "a photo is not on the server", i, f->tablet);
    }
}

static void check_blobs(struct check *c)
{
    static const struct hash none;
    const size_t size = 4 * BLOB_PART_MAX_BYTES;
    uint8_t *bytes = malloc(size);

    WORLD_ASSERT(c->w, bytes != NULL);
    for (size_t i = 0; i < c->w->fact_count; i++) {
        if (!hash_eq(&c->w->facts[i].blob, &none) &&
            !c->w->facts[i].may_be_lost && !c->erased[i] &&
            !world_is_file_excused(c->w, i)) {
            check_blob(c, i, bytes, size);
        }
    }
    free(bytes);
}

/* The stored nodes give the root that the leaves give. */
static void check_log(struct check *c)
{
    struct sdb_log log;
    struct hash want, have;

    if (sdb_log_current(c->db, &log) ||
        ledger_root_at(c->db, &log, log.size, &have)) {
        broken(c, "the log cannot be read", 0, 0);
        return;
    }
    merkle_root(&c->tree, &want);
    if (c->tree.size != log.size || !hash_eq(&want, &have)) {
        broken(c, "the log's root is not that of its leaves", c->tree.size,
               log.size);
    }
}

static enum err see_link(void *ctx, const struct sdb_event *e)
{
    struct check *c = ctx;
    struct event_header h;

    event_link(&c->link, e->header, &c->link);
    if (e->ref.sequence != c->next || !e->has_link ||
        !hash_eq(&e->link, &c->link) || event_header_parse(e->header, &h)) {
        broken(c, "a chain on the server has a hole", c->index,
               e->ref.sequence);
        return ERR_STOPPED;
    }
    if (h.hlc <= c->hlc) {
        broken(c, "a hybrid clock went back", c->index, e->ref.sequence);
    }
    c->hlc = h.hlc;
    c->next++;
    return ERR_OK;
}

/* I11, I13: what a receipt covers is there, in one chain without a hole. */
static enum err see_chain(void *ctx, const struct evlog_chain *chain)
{
    struct check *c = ctx;
    struct sdb_incarnation row;
    enum err err = sdb_incarnation_get(c->db, &chain->incarnation, &row);
    uint64_t all[2] = { 1, 0 }; /* what was given back may lie beyond */

    if (err == ERR_NOT_FOUND) {
        if (chain->acked > 0) {
            broken(c, "an acknowledged chain is gone", c->index, chain->acked);
        }
        return ERR_OK;
    }
    if (err)
        return err;
    if (row.held < chain->acked) {
        broken(c, "acknowledged entries are gone", row.held, chain->acked);
    }
    memset(&c->link, 0, sizeof(c->link));
    all[1] = row.held;
    c->hlc = 0;
    c->next = 1;
    err = sdb_event_range(c->db, &chain->incarnation, all, see_link, c);
    if (!err && (c->next != row.held + 1 || !hash_eq(&c->link, &row.link))) {
        broken(c, "held is not the end of the chain", c->next, row.held);
    }
    return err;
}

/* Where the tablet's subscription to its team began: what was older than the
 * server's window then is on the server only. */
static uint64_t first_position(const struct world_tablet *t)
{
    uint64_t start = UINT64_MAX;
    struct cbor_reader r;
    struct buf value;
    size_t count;

    buf_init(&value, SYNC_CURSORS_MAX_BYTES);
    if (!store_meta_get(t->store, SYNC_META_CURSORS, &value)) {
        cbor_open(&r, buf_bytes(&value));
        count = cbor_get_array(&r);
        for (size_t i = 0; i < count && !r.err; i++) {
            struct wire_cursor c;

            if (!wire_cursor_get(cbor_get_item(&r), &c) &&
                c.kind == WIRE_SUB_TEAM && c.start < start) {
                start = c.start;
            }
        }
    }
    buf_fini(&value);
    return start;
}

/* I14: every tablet that may read it holds every entry of its team. */
static enum err see_held(void *ctx, const struct sdb_event *e)
{
    struct check *c = ctx;
    struct buf wire;
    enum err err;

    if (e->position < c->first_position || e->state != SDB_APPLIED ||
        e->kind == KIND_LOG || e->kind == KIND_DEVICE ||
        e->kind == KIND_RESTRICTED || uuid_eq(&e->device, &c->tablet->device)) {
        return ERR_OK;
    }
    buf_init(&wire, HEADER_MAX_BYTES + BODY_MAX_BYTES + 64);
    err = store_event_wire(c->tablet->store, &e->ref, &wire);
    if (err == ERR_NOT_FOUND) {
        broken(c, "a tablet lacks an entry of its team", c->index, e->position);
    }
    buf_fini(&wire);
    return err == ERR_NOT_FOUND ? ERR_STOPPED : err;
}

static void finding(void *ctx, const char *what)
{
    struct check *c = ctx;

    if (!c->is_broken) {
        snprintf(c->text, c->size, "tablet %u: fsck: %s", c->index, what);
        c->is_broken = true;
    }
}

/* I9: projections are a function of the events alone: fsck makes them anew
 * and compares. */
static void check_store(struct check *c)
{
    if (store_fsck(c->tablet->store, finding, c)) {
        broken(c, "damaged, or projections differ after a rebuild", c->index,
               0);
    }
}

static void check_tablet(struct check *c, unsigned i)
{
    struct sdb_device row;
    size_t fact = 0;
    enum err err;

    c->index = i;
    c->tablet = &c->w->tablets[i];
    c->first_position = first_position(c->tablet);
    err = evlog_chains(c->tablet->log, see_chain, c);
    err = err ? err : sdb_device_get(c->db, &c->tablet->device, &row);
    if (!err && row.state == SDB_DEVICE_ACTIVE) {
        err = sdb_event_all(c->db, 0, see_held, c);
    }
    if (err) {
        broken(c, err_text(err), i, 0);
    }
    /* I12, the other way: no alarm about one that nobody copied */
    if (!err && row.state == SDB_DEVICE_REENROL && !c->tablet->is_clone &&
        !c->tablet->is_back) {
        broken(c, "a tablet is taken for a copy", i, 0);
    }
    if (!err && row.state == SDB_DEVICE_ACTIVE &&
        (fact = world_orders_left(c->w, i, c->erased)) > 0) {
        broken(c, "erased words are on a tablet", i, fact - 1);
    }
    if (world_holds_others(c->w, i)) {
        broken(c, "another's restricted record is on a tablet", i, 0);
    }
    /* Two with one identity get nothing of each other. */
    if (!c->tablet->is_clone && !world_merge_holds(c->w, i, &fact)) {
        broken(c, "a record shows other notes than those that stand", i, fact);
    }
    if (!err && row.state == SDB_DEVICE_ACTIVE && !c->tablet->is_clone) {
        const char *why = world_photos_wrong(c->w, i, c->db);

        if (why != NULL) {
            broken(c, why, i, 0);
        }
    }
    check_store(c);
}

const char *world_check(struct world *w, char *text, size_t size)
{
    struct check *c = calloc(1, sizeof(*c));
    struct sdb_log log;
    bool is_broken;

    WORLD_ASSERT(w, c != NULL);
    c->w = w;
    c->text = text;
    c->size = size;
    merkle_init(&c->tree);
    WORLD_ASSERT(w, !sdb_open("c", faultvfs_name(w->disk), &c->db));
    sdb_use(c->db, &w->council);
    WORLD_ASSERT(w, !sdb_log_current(c->db, &log));
    c->base = log.base;
    world_orders_erased(w, c->db, c->erased);
    if (sdb_event_all(c->db, 0, see_event, c)) {
        broken(c, "the server's events cannot be read", 0, 0);
    }
    check_facts(c);
    check_numbers(c);
    check_blobs(c);
    check_log(c);
    for (unsigned i = 0; i < w->tablet_count && !c->is_broken; i++) {
        check_tablet(c, i);
    }
    sdb_close(c->db);
    is_broken = c->is_broken;
    free(c);
    return is_broken ? text : NULL;
}
