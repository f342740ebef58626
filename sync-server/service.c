#include "sync-server/service.h"

#include <string.h>

#include "core/limits.h"
#include "core/mem.h"
#include "sync-server/order.h"
#include "sync-server/route.h"
#include "sync-server/session.h"

/* Nothing of ours is due sooner; long enough not to wake an idle machine. */
#define TICK_MS ((uint64_t)60 * 1000)

struct service {
    struct sdb *db;
    const struct port *port;
    struct council council;
    uint64_t flush_ms; /* monotonic: look again then */
};

enum err service_open(const struct service_options *options,
                      struct service **out)
{
    struct service *s = mem_alloc(sizeof(*s));
    enum err err;

    if (s == NULL) {
        return ERR_NOMEM;
    }
    s->port = options->port;
    err = sdb_open(options->dir, options->vfs, &s->db);
    err = err ? err : council_open(s->db, options->port, &s->council);
    err = err ? err : order_flush(&s->council); /* cut short by a crash */
    if (err) {
        service_close(s);
        return err;
    }
    *out = s;
    return ERR_OK;
}

void service_close(struct service *s)
{
    if (s == NULL) {
        return;
    }
    session_end_all();
    council_close(&s->council);
    sdb_close(s->db);
    mem_free(s);
}

struct council *service_council(struct service *s)
{
    return &s->council;
}

void service_handle(struct service *s, const struct service_request *in,
                    struct service_response *out)
{
    memset(out, 0, sizeof(*out));
    out->content_type = "";
    buf_init(&out->body, SYNC_BODY_MAX_BYTES);
    route_dispatch(&s->council, in, out);
    if (out->status == 507) {
        port_log(s->port, PORT_LOG_ERROR,
                 "no space left on this disk: nothing was taken, tablets "
                 "keep it and try again (answered 507)");
    } else if (out->status >= 500) {
        port_log(s->port, PORT_LOG_ERROR, "answered %d", out->status);
    }
}

void service_tick(struct service *s, uint64_t *wake_ms_out)
{
    struct port_time t;

    s->port->ops->now(s->port->ctx, &t);
    if (t.mono_ms >= s->flush_ms) { /* what a reader kept from going */
        s->flush_ms = t.mono_ms + TICK_MS;
        if (order_flush(&s->council)) {
            port_log(s->port, PORT_LOG_WARN,
                     "what was erased is still in the database's log: a "
                     "reader keeps it");
        }
    }
    *wake_ms_out = t.mono_ms + TICK_MS;
}
