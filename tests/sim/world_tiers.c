/*
 * world_tiers.c - restricted records, in every 8th run: who may not read one
 * gets nothing of it, whatever was copied, put back or given back. Its random
 * numbers are its own, so that the other runs stay as they were.
 */
#include "tests/sim/world.h"

#include "core/limits.h"
#include "core/tier.h"

#define EVERY    8
#define THIS_ONE 6

void world_tiers_plan(struct world_plan *plan)
{
    if (plan->seed % EVERY != THIS_ONE) {
        plan->permille[WORLD_CLOSED] = 0;
    }
}

enum err world_close_body(struct world_tablet *t, const struct uuid *record,
                          struct buf *body)
{
    struct buf closed;
    enum err err;

    buf_init(&closed, BODY_MAX_BYTES);
    err = tier_close(t->store, record, buf_bytes(body), &closed);
    buf_reset(body);
    buf_put(body, closed.data, closed.len);
    buf_fini(&closed);
    return err ? err : body->err;
}

uint64_t world_read(struct world_tablet *t, struct bytes header,
                    struct bytes body)
{
    struct event_header h;
    struct buf plain;
    uint64_t token = 0;

    if (body.data == NULL || event_header_parse(header, &h) ||
        h.kind != KIND_RESTRICTED) {
        return world_token(body);
    }
    buf_init(&plain, BODY_MAX_BYTES);
    if (!tier_open(t->store, &h.record, body, &plain)) {
        token = world_token(buf_bytes(&plain));
    }
    buf_fini(&plain);
    return token;
}

uint64_t world_read_any(struct world *w, struct bytes header, struct bytes body)
{
    uint64_t token = world_read(&w->tablets[0], header, body);

    for (unsigned i = 1; i < w->tablet_count && token == 0; i++) {
        token = world_read(&w->tablets[i], header, body);
    }
    return token;
}

static enum err see_other(void *ctx, const struct evlog_event *e)
{
    const struct world_tablet *t = ctx;
    struct event_header h;

    return !event_header_parse(e->header, &h) && h.kind == KIND_RESTRICTED &&
                   !uuid_eq(&h.device, &t->device)
               ? ERR_DENIED
               : ERR_OK;
}

bool world_holds_others(struct world *w, unsigned tablet)
{
    struct world_tablet *t = &w->tablets[tablet];

    if (w->plan.permille[WORLD_CLOSED] == 0) {
        return false; /* nobody made one */
    }
    return evlog_all(t->log, see_other, t) == ERR_DENIED;
}
