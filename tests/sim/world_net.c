/* world_net.c - a request's way to the server and its answer's way back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world.h"

static const char portal_page[] = "<html>Welcome to Cafe Wi-Fi</html>";

/* What the http process makes of it, then the service. False: server off. */
static bool serve(struct world *w, unsigned i, const struct sync_request *r,
                  struct bytes body, struct service_response *out)
{
    static const enum service_method methods[] = {
        [SYNC_POST] = METHOD_POST,
        [SYNC_HEAD] = METHOD_HEAD,
        [SYNC_PATCH] = METHOD_PATCH,
        [SYNC_GET] = METHOD_GET,
    };
    struct service_request *in = calloc(1, sizeof(*in));

    WORLD_ASSERT(w, in != NULL);
    if (w->service == NULL) {
        free(in);
        return false;
    }
    in->listener = LISTENER_DEVICE;
    in->method = methods[r->method];
    snprintf(in->path, sizeof(in->path), "%s", r->path);
    snprintf(in->content_type, sizeof(in->content_type), "%s", r->content_type);
    in->has_upload_offset = r->method == SYNC_PATCH;
    in->upload_offset = r->upload_offset;
    in->upload_length = r->upload_length;
    in->has_peer = true;
    in->device = w->tablets[i].device;
    in->peer_cert = w->tablets[i].cert;
    in->body = body;
    service_handle(w->service, in, out);
    free(in);
    world_trace(w, "served", i, (uint64_t)out->status);
    if (faultvfs_is_killed(w->disk)) {
        buf_fini(&out->body);
        return false; /* it died before it could answer */
    }
    return true;
}

static void read_headers(const struct service_response *in,
                         struct sync_response *out)
{
    unsigned long long offset;

    for (size_t i = 0; i < in->header_count; i++) {
        if (sscanf(in->headers[i], "Upload-Offset: %llu", &offset) == 1) {
            out->has_offset = true;
            out->upload_offset = offset;
        }
    }
}

/* Draws one fault; false in calm weather. */
static bool strikes(struct world *w, enum world_fault f, unsigned permille)
{
    if (w->is_calm || !sim_random_chance(&w->random, permille)) {
        return false;
    }
    w->fired[f]++;
    return true;
}

static void keep_for_later(struct world *w, unsigned i,
                           const struct sync_request *r)
{
    for (size_t n = 0; n < WORLD_LATE_MAX; n++) {
        struct world_late *l = &w->late[n];

        if (l->is_used) {
            continue;
        }
        l->is_used = true;
        l->tablet = i;
        l->request = *r;
        l->body_len = r->body.len;
        l->body = malloc(r->body.len + 1);
        WORLD_ASSERT(w, l->body != NULL);
        memcpy(l->body, r->body.data, r->body.len);
        l->at_ms = w->now_ms + sim_random_below(&w->random, 600000);
        return;
    }
}

void world_late(struct world *w)
{
    for (size_t n = 0; n < WORLD_LATE_MAX; n++) {
        struct world_late *l = &w->late[n];
        struct service_response out;

        if (!l->is_used || (l->at_ms > w->now_ms && !w->is_calm)) {
            continue;
        }
        if (serve(w, l->tablet, &l->request,
                  (struct bytes){ l->body, l->body_len }, &out)) {
            buf_fini(&out.body);
        }
        free(l->body);
        memset(l, 0, sizeof(*l));
    }
}

static void feed(struct world *w, unsigned i, const struct sync_response *r,
                 uint64_t mono)
{
    enum err err = sync_feed(w->tablets[i].sync, mono, r);

    world_trace(w, "fed", i, (uint64_t)err);
    if (r->content_type == portal_page) {
        WORLD_ASSERT(w, err != ERR_OK);
    }
}

static void answer(struct world *w, unsigned i, struct service_response *from,
                   uint64_t mono)
{
    struct sync_response r;

    memset(&r, 0, sizeof(r));
    r.status = from->status;
    r.content_type = from->content_type;
    r.body = buf_bytes(&from->body);
    read_headers(from, &r);
    if (from->body.len > 0 && strikes(w, WORLD_CUT_DOWN, 20)) {
        r.body.len = (size_t)sim_random_below(&w->random, from->body.len);
    } else if (from->body.len > 0 && strikes(w, WORLD_GARBLED, 20)) {
        from->body.data[sim_random_below(&w->random, from->body.len)] ^= 4;
    }
    feed(w, i, &r, mono);
}

static bool is_unreachable(struct world *w, struct world_tablet *t,
                           const struct sync_request *r, unsigned i)
{
    if (w->is_calm) {
        return false;
    }
    if (w->now_ms < t->deaf_until) {
        w->fired[WORLD_PARTITION]++;
        return true;
    }
    if (strikes(w, WORLD_LATE, 15)) {
        keep_for_later(w, i, r);
        return true;
    }
    return strikes(w, WORLD_LOST_UP, 60);
}

static bool is_intercepted(struct world *w, unsigned i, uint64_t mono)
{
    struct sync_response r;

    memset(&r, 0, sizeof(r));
    if (strikes(w, WORLD_PORTAL, 20)) {
        r.status = sim_random_chance(&w->random, 500) ? 200 : 302;
        r.content_type = "text/html";
        r.body = (struct bytes){ (const uint8_t *)portal_page,
                                 sizeof(portal_page) - 1 };
    } else if (strikes(w, WORLD_BUSY, 20)) {
        r.status = 503;
        r.content_type = "text/plain; charset=utf-8";
        r.retry_after_s = 7;
    } else {
        return false;
    }
    feed(w, i, &r, mono);
    return true;
}

static void deliver(struct world *w, unsigned i, const struct sync_request *r,
                    uint64_t mono)
{
    struct world_tablet *t = &w->tablets[i];
    struct service_response out;
    bool is_answered;

    if (strikes(w, WORLD_TWICE, 30) && serve(w, i, r, r->body, &out)) {
        buf_fini(&out.body);
    }
    is_answered = serve(w, i, r, r->body, &out);
    if (is_answered && (strikes(w, WORLD_LOST_DOWN, 60) ||
                        (!w->is_calm && w->now_ms < t->one_way_until))) {
        if (w->now_ms < t->one_way_until) {
            w->fired[WORLD_ONE_WAY]++;
        }
        buf_fini(&out.body);
        is_answered = false;
    }
    if (!is_answered) {
        sync_failed(t->sync, mono, ERR_UNREACHABLE, "No answer.");
        return;
    }
    answer(w, i, &out, mono);
    buf_fini(&out.body);
}

void world_sync(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];
    const struct port *port = sim_port(t->machine);
    struct sync_request r;
    struct port_time now;
    uint64_t wake;

    if (t->store == NULL) {
        return;
    }
    port->ops->now(port->ctx, &now);
    if (!sync_next(t->sync, now.mono_ms, &r, &wake)) {
        return;
    }
    world_trace(w, "request", i, r.body.len);
    if (is_unreachable(w, t, &r, i)) {
        sync_failed(t->sync, now.mono_ms, ERR_UNREACHABLE, "No connection.");
    } else if (!is_intercepted(w, i, now.mono_ms)) {
        deliver(w, i, &r, now.mono_ms);
    }
}
