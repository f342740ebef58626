/*
 * exchange_page.c - what this tablet may read and lacks: subscriptions of
 * the officers who can open it, merged by position into one page.
 */
#include <string.h>

#include "core/mem.h"
#include "sync-server/exchange.h"
#include "sync-server/sdb_holder.h"
#include "sync-server/sdb_order.h"

/* A new subscription starts so far back; older things are on the server. */
#define WINDOW_MS ((int64_t)COUNCIL_KEEP_DAYS * 24 * 60 * 60 * 1000)
#define NOTHING   UINT64_MAX /* no further event for this subscription */

struct subscription {
    struct sdb_audience who;
    bool is_late; /* positions are ordinals of what was allowed later */
    uint64_t position, start;
    uint64_t next;  /* position of its next event, or NOTHING */
    uint64_t event; /* late: of the event behind `next` */
};

struct page {
    struct exchange *x;
    size_t count;
    struct subscription subs[SYNC_CURSORS_MAX];
};

/* --- which subscriptions --- */

static enum err add_subscription(struct page *p, const struct sdb_audience *who,
                                 bool is_late)
{
    struct subscription *s;

    if (p->count == ARRAY_LEN(p->subs)) {
        return ERR_TOO_LONG;
    }
    s = &p->subs[p->count++];
    memset(s, 0, sizeof(*s));
    s->who = *who;
    s->is_late = is_late;
    s->position = NOTHING; /* not set yet */
    return ERR_OK;
}

static enum err subscribe(struct page *p, uint64_t kind, const struct uuid *id)
{
    const struct sdb_audience who = { kind, *id };
    bool has_late = false;
    enum err err;

    for (size_t i = 0; i < p->count; i++) {
        if (p->subs[i].who.kind == kind && uuid_eq(&p->subs[i].who.id, id)) {
            return ERR_OK;
        }
    }
    err = sdb_late_has(p->x->c->db, &who, &has_late);
    err = err ? err : add_subscription(p, &who, false);
    return err || !has_late ? err : add_subscription(p, &who, true);
}

static enum err add_team(void *ctx, const struct uuid *id)
{
    return subscribe(ctx, WIRE_SUB_TEAM, id);
}

static enum err add_role(void *ctx, const struct uuid *id)
{
    return subscribe(ctx, WIRE_SUB_ROLE, id);
}

static enum err add_officer(struct page *p, const struct uuid *id)
{
    struct sdb *db = p->x->c->db;
    struct sdb_officer officer;
    bool is_allowed;
    enum err err = sdb_device_allows(db, &p->x->device.id, id, &is_allowed);

    if (err || !is_allowed)
        return err;
    err = sdb_officer_get(db, id, &officer);
    if (err || !officer.is_active)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    err = subscribe(p, WIRE_SUB_OWN, id);
    err = err ? err : sdb_officer_teams(db, id, add_team, p);
    return err ? err : sdb_officer_roles(db, id, add_role, p);
}

static enum err add_all(struct page *p)
{
    struct wire_list_reader list;
    struct bytes item;
    enum err err = subscribe(p, WIRE_SUB_ORDERS, &p->x->c->id);

    err = err ? err : subscribe(p, WIRE_SUB_COUNCIL, &p->x->c->id);
    if (p->x->in.officers.count > SYNC_OFFICERS_MAX) {
        return ERR_BAD_DATA;
    }
    wire_list_open(&list, &p->x->in.officers);
    while (!err && wire_list_next(&list, &item)) {
        struct uuid id;

        err = wire_item_uuid(item, &id);
        err = err ? err : add_officer(p, &id);
    }
    return err;
}

/* --- where each stands --- */

static uint64_t wire_kind(const struct subscription *s)
{
    return s->who.kind + (s->is_late ? WIRE_SUB_LATE : 0);
}

static enum err use_cursor(struct page *p, const struct wire_cursor *cursor,
                           uint64_t end)
{
    for (size_t i = 0; i < p->count; i++) {
        struct subscription *s = &p->subs[i];

        if (wire_kind(s) != cursor->kind || !uuid_eq(&s->who.id, &cursor->id)) {
            continue;
        }
        if (s->is_late) {
            s->start = cursor->start;
            s->position = p->x->knows_past ? cursor->position : s->start;
            continue;
        }
        s->start = cursor->start < end ? cursor->start : end;
        /* Positions of a log that we don't hold say nothing. */
        s->position = p->x->knows_past ? cursor->position : s->start;
        s->position = s->position < end ? s->position : end;
    }
    return ERR_OK;
}

/* A new one begins at its window. Where that is takes a look at each event
 * in it, so it's looked up for those alone. */
static enum err begin_new(struct page *p)
{
    const int64_t window_ms = council_now(p->x->c) - WINDOW_MS;
    uint64_t since = NOTHING, late_since = NOTHING;
    enum err err = ERR_OK;

    for (size_t i = 0; i < p->count && !err; i++) {
        struct subscription *s = &p->subs[i];

        if (s->position != NOTHING) {
            continue;
        }
        if (s->is_late && late_since == NOTHING) {
            err = sdb_late_since(p->x->c->db, window_ms, &late_since);
        } else if (!s->is_late && s->who.kind < WIRE_SUB_COUNCIL &&
                   since == NOTHING) {
            err = sdb_position_since(p->x->c->db, window_ms, &since);
        }
        s->start = s->is_late                        ? late_since
                   : s->who.kind >= WIRE_SUB_COUNCIL ? 0
                                                     : since;
        s->position = s->start;
    }
    return err;
}

static enum err place_cursors(struct page *p, uint64_t end)
{
    struct wire_list_reader list;
    struct bytes item;
    enum err err = ERR_OK;

    if (p->x->in.cursors.count > SYNC_CURSORS_MAX) {
        return ERR_BAD_DATA;
    }
    wire_list_open(&list, &p->x->in.cursors);
    while (!err && wire_list_next(&list, &item)) {
        struct wire_cursor cursor;

        err = wire_cursor_get(item, &cursor);
        err = err ? err : use_cursor(p, &cursor, end);
    }
    return err ? err : begin_new(p);
}

/* A tablet stores its cursors in the transaction that carries out what came
 * before them: the cursor of the orders is its word that it did. */
static enum err note_orders(struct page *p)
{
    struct sdb *db = p->x->c->db;
    const struct uuid *device = &p->x->device.id;
    uint64_t done;
    enum err err = sdb_device_orders_get(db, device, &done);

    for (size_t i = 0; i < p->count && !err; i++) {
        const struct subscription *s = &p->subs[i];

        if (s->who.kind == WIRE_SUB_ORDERS && s->position > done) {
            err = sdb_device_orders_put(db, device, s->position);
        }
    }
    return err;
}

/* --- the page --- */

static enum err look_ahead(struct page *p, struct subscription *s)
{
    struct sdb *db = p->x->c->db;
    const struct sdb_asker asker = { p->x->device.id, p->x->in.incarnation };
    enum err err = s->is_late ? sdb_late_next(db, &s->who, &asker, s->position,
                                              &s->next, &s->event)
                              : sdb_audience_next(db, &s->who, &asker,
                                                  s->position, &s->next);

    if (err == ERR_NOT_FOUND) {
        s->next = NOTHING;
        return ERR_OK;
    }
    return err;
}

static enum err put_entry(struct exchange *x, const struct sdb_event *e)
{
    struct wire_leaf leaf = { e->position, e->header_hash };
    struct wire_entry entry = { .position = e->position };
    struct buf wire;
    enum err err;

    buf_init(&wire, HEADER_MAX_BYTES + BODY_MAX_BYTES + 64);
    err = event_wire_put(&wire, e->header,
                         e->body.data == NULL ? NULL : e->salt.data, e->body);
    if (!err) {
        entry.event = buf_bytes(&wire);
        wire_entry_put(wire_list_item(&x->entries), &entry);
        wire_leaf_put(wire_list_item(&x->leaves), &leaf);
        err = x->entries.items.err ? x->entries.items.err : x->leaves.items.err;
    }
    buf_fini(&wire);
    return err;
}

/* Of the orders alone, or of all the others. */
static uint64_t first_next(const struct page *p, bool is_order)
{
    uint64_t min = NOTHING;

    for (size_t i = 0; i < p->count; i++) {
        if (!p->subs[i].is_late &&
            (p->subs[i].who.kind == WIRE_SUB_ORDERS) == is_order) {
            min = p->subs[i].next < min ? p->subs[i].next : min;
        }
    }
    return min;
}

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Every subscription that this event was for goes on behind it. */
static enum err pass(struct page *p, uint64_t position)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < p->count && !err; i++) {
        struct subscription *s = &p->subs[i];

        if (!s->is_late && s->next == position) {
            s->position = position + 1;
            err = look_ahead(p, s);
        }
    }
    return err;
}

static bool is_full(const struct exchange *x)
{
    return x->entries.count >= least(x->in.max_rows, SYNC_BATCH_MAX) ||
           x->entries.items.len >=
               least(x->in.max_bytes, SYNC_EVENTS_MAX_BYTES);
}

static enum err put_event(struct exchange *x, uint64_t position)
{
    struct sdb_event e;
    enum err err = sdb_event_at(x->c->db, position, &e);

    return err ? err : put_entry(x, &e);
}

/* What was allowed later comes first: somebody waits for it. */
static enum err fill_late(struct page *p)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < p->count && !err; i++) {
        struct subscription *s = &p->subs[i];

        while (s->is_late && s->next != NOTHING && !err) {
            if (is_full(p->x)) {
                p->x->has_more = true;
                break;
            }
            err = put_event(p->x, s->event);
            s->position = s->next + 1;
            err = err ? err : look_ahead(p, s);
        }
    }
    return err;
}

static enum err fill_by_position(struct page *p, bool is_order)
{
    uint64_t position;
    enum err err = ERR_OK;

    while (!err && (position = first_next(p, is_order)) != NOTHING) {
        if (is_full(p->x)) {
            p->x->has_more = true;
            break;
        }
        err = put_event(p->x, position);
        err = err ? err : pass(p, position);
    }
    return err;
}

/* Orders go before everything else. */
static enum err fill(struct page *p, uint64_t end)
{
    struct exchange *x = p->x;
    enum err err = fill_by_position(p, true);

    err = err ? err : fill_late(p);
    err = err ? err : fill_by_position(p, false);
    for (size_t i = 0; i < p->count && !err; i++) {
        const struct subscription *s = &p->subs[i];
        const uint64_t left = first_next(p, s->who.kind == WIRE_SUB_ORDERS);
        const struct wire_cursor cursor = { wire_kind(s), s->who.id,
                                            s->is_late ? s->position
                                                       : least(left, end),
                                            s->start };

        wire_cursor_put(wire_list_item(&x->cursors), &cursor);
    }
    return err ? err : x->cursors.items.err;
}

enum err exchange_page(struct exchange *x)
{
    const struct sdb_log *log = &x->c->ledger.log;
    const uint64_t end = log->base + log->size;
    struct page *p = mem_alloc(sizeof(*p));
    enum err err;

    if (p == NULL) {
        return ERR_NOMEM;
    }
    p->x = x;
    err = add_all(p);
    err = err ? err : place_cursors(p, end);
    err = err ? err : note_orders(p);
    for (size_t i = 0; i < p->count && !err; i++) {
        err = look_ahead(p, &p->subs[i]);
    }
    err = err ? err : fill(p, end);
    mem_free(p);
    return err;
}
