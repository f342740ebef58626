/* records_log.c - the records of a tablet's own store, as CSV. */
#include <string.h>

#include "core/arena.h"
#include "core/evlog.h"
#include "core/mem.h"
#include "core/records.h"

struct held {
    struct arena bytes;
    struct bundle_event *events; /* owned */
    size_t count, cap;
};

static struct bytes keep(struct arena *a, struct bytes in)
{
    uint8_t *copy = in.data ? arena_alloc(a, in.len + 1) : NULL;

    if (copy && in.len > 0) {
        memcpy(copy, in.data, in.len);
    }
    return (struct bytes){ copy, copy ? in.len : 0 };
}

static enum err hold(void *ctx, const struct evlog_event *e)
{
    struct held *h = ctx;
    struct bundle_event *out;

    if (h->count == h->cap) {
        const size_t cap = h->cap ? h->cap * 2 : 1024;
        struct bundle_event *more = mem_realloc(h->events, cap * sizeof(*more));

        if (!more) {
            return ERR_NOMEM;
        }
        h->events = more;
        h->cap = cap;
    }
    out = &h->events[h->count++];
    out->position = (uint64_t)e->id;
    out->header = keep(&h->bytes, e->header);
    out->salt = keep(&h->bytes, e->salt);
    out->body = keep(&h->bytes, e->body);
    if (!out->header.data || (e->body.data && !out->body.data)) {
        return ERR_NOMEM;
    }
    return ERR_OK;
}

enum err records_log_csv(struct evlog *log, struct buf *out)
{
    struct held h = { .events = NULL };
    enum err err;

    arena_init(&h.bytes, EXPORT_MAX_BYTES);
    err = evlog_all(log, hold, &h);
    if (!err) {
        err = records_csv(h.events, h.count, out);
    }
    mem_free(h.events);
    arena_fini(&h.bytes);
    return err;
}
