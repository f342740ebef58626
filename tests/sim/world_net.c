/*
 * world_net.c - a request's way to the server and its answer's way back.
 * Time may pass between the two halves: the tablet records meanwhile, dies,
 * or gives up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/sim/world.h"

#define MTU_BYTES 1200

static const char portal_type[] = "text/html";
static const char portal_page[] = "<html>Welcome to Cafe Wi-Fi</html>";

/* --- the server's side --- */

static void fill_request(struct world *w, unsigned i,
                         const struct sync_request *r, struct bytes body,
                         struct service_request *in)
{
    static const enum service_method methods[] = {
        [SYNC_POST] = METHOD_POST,
        [SYNC_HEAD] = METHOD_HEAD,
        [SYNC_PATCH] = METHOD_PATCH,
        [SYNC_GET] = METHOD_GET,
    };

    in->listener = LISTENER_DEVICE;
    in->method = methods[r->method];
    snprintf(in->path, sizeof(in->path), "%.*s", (int)strcspn(r->path, "?"),
             r->path);
    if (strchr(r->path, '?') != NULL) {
        snprintf(in->query, sizeof(in->query), "%s", strchr(r->path, '?') + 1);
    }
    snprintf(in->content_type, sizeof(in->content_type), "%s", r->content_type);
    in->has_upload_offset = r->method == SYNC_PATCH;
    in->upload_offset = r->upload_offset;
    in->upload_length = r->upload_length;
    in->has_peer = true;
    in->device = w->tablets[i].device;
    in->peer_cert = w->tablets[i].cert;
    in->body = body;
}

/* When the server last learned something that others have to hear of. */
static void note_change(struct world *w)
{
    const struct ledger *ledger = &service_council(w->service)->ledger;

    if (ledger->log.size != w->log_size) {
        w->log_size = ledger->log.size;
        w->changed_ms = w->now_ms;
    }
}

/* What the http process makes of it, then the service. False: server off. */
static bool serve(struct world *w, unsigned i, const struct sync_request *r,
                  struct bytes body, struct service_response *out)
{
    struct service_request *in = calloc(1, sizeof(*in));

    WORLD_ASSERT(w, in != NULL);
    if (w->service == NULL) {
        free(in);
        return false;
    }
    fill_request(w, i, r, body, in);
    service_handle(w->service, in, out);
    world_wire_ask(w, i, in, out);
    free(in);
    w->exchanges++;
    note_change(w);
    world_trace(w, "served", i, (uint64_t)out->status);
    if (faultvfs_is_killed(w->disk)) {
        buf_fini(&out->body);
        return false; /* it died before it could answer */
    }
    return true;
}

static void serve_unheard(struct world *w, unsigned i,
                          const struct sync_request *r, struct bytes body)
{
    struct service_response out;

    if (serve(w, i, r, body, &out)) {
        buf_fini(&out.body);
    }
}

/* --- requests that arrive long after they were given up --- */

static uint8_t *copy_of(struct world *w, struct bytes b)
{
    uint8_t *copy = malloc(b.len + 1);

    WORLD_ASSERT(w, copy != NULL);
    if (b.len > 0) {
        memcpy(copy, b.data, b.len);
    }
    return copy;
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
        l->body = copy_of(w, r->body);
        l->at_ms = w->now_ms + world_below(w, 600000);
        return;
    }
}

void world_late(struct world *w)
{
    for (size_t n = 0; n < WORLD_LATE_MAX; n++) {
        struct world_late *l = &w->late[n];

        if (!l->is_used || (l->at_ms > w->now_ms && !w->is_calm)) {
            continue;
        }
        serve_unheard(w, l->tablet, &l->request,
                      (struct bytes){ l->body, l->body_len });
        free(l->body);
        memset(l, 0, sizeof(*l));
    }
}

/* --- one request on its way --- */

static uint64_t mono(struct world_tablet *t)
{
    const struct port *port = sim_port(t->machine);
    struct port_time now;

    port->ops->now(port->ctx, &now);
    return now.mono_ms;
}

/* Keeps a copy of the answer, to give it again another time. */
static void keep_answer(struct world *w, struct world_tablet *t,
                        const struct sync_response *r)
{
    if (w->plan.permille[WORLD_STALE] == 0 || w->is_calm) {
        return;
    }
    free(t->stale.body);
    t->stale.body = copy_of(w, r->body);
    t->stale.response = *r;
    t->stale.response.body.data = t->stale.body;
}

static void end_flight(struct world_tablet *t)
{
    free(t->flight.up);
    free(t->flight.down);
    memset(&t->flight, 0, sizeof(t->flight));
}

/* The tablet goes down or gives up; what is under way may still arrive. */
void world_drop_flight(struct world *w, unsigned i)
{
    struct world_flight *f = &w->tablets[i].flight;

    if (f->state == FLIGHT_UP && !w->is_calm && world_below(w, 2) == 0) {
        keep_for_later(w, i, &f->request);
    }
    end_flight(&w->tablets[i]);
}

static void give_up(struct world *w, unsigned i, enum err err, const char *why)
{
    struct world_tablet *t = &w->tablets[i];

    world_drop_flight(w, i);
    sync_failed(t->sync, mono(t), err, why);
}

static void feed(struct world *w, unsigned i, const struct sync_response *r)
{
    struct world_tablet *t = &w->tablets[i];
    enum err err = sync_feed(t->sync, mono(t), r);

    world_wire_hear(w, i, r->content_type, r->body, err);
    world_trace(w, "fed", i, (uint64_t)err);
    if (r->content_type == portal_type) {
        WORLD_ASSERT(w, err != ERR_OK);
    }
}

/* Bytes at 1 B/s, or whatever the weather has. */
static uint64_t travel(struct world *w, const struct world_tablet *t,
                       size_t bytes)
{
    if (!w->is_calm && w->now_ms < t->slow_until) {
        w->fired[WORLD_SLOW]++;
        return (uint64_t)bytes * 1000;
    }
    return world_strikes(w, WORLD_DELAY) ? 1 + world_below(w, 30000) : 0;
}

static void read_headers(const struct service_response *in,
                         struct sync_response *out)
{
    unsigned long long offset;
    unsigned seconds;

    for (size_t i = 0; i < in->header_count; i++) {
        if (sscanf(in->headers[i], "Upload-Offset: %llu", &offset) == 1) {
            out->has_offset = true;
            out->upload_offset = offset;
        } else if (sscanf(in->headers[i], "Retry-After: %u", &seconds) == 1) {
            out->retry_after_s = seconds;
        }
    }
}

/* The server worked; its answer sets out. */
static void turn_round(struct world *w, unsigned i,
                       const struct service_response *from)
{
    struct world_tablet *t = &w->tablets[i];
    struct world_flight *f = &t->flight;

    memset(&f->response, 0, sizeof(f->response));
    f->response.status = from->status;
    f->response.content_type = from->content_type;
    read_headers(from, &f->response);
    f->down = copy_of(w, buf_bytes(&from->body));
    f->response.body = (struct bytes){ f->down, from->body.len };
    if (from->body.len > 0 && world_strikes(w, WORLD_CUT_DOWN)) {
        f->response.body.len = (size_t)world_below(w, from->body.len);
    } else if (from->body.len > 0 && world_strikes(w, WORLD_GARBLED)) {
        f->down[world_below(w, from->body.len)] ^= 4;
    }
    f->state = FLIGHT_DOWN;
    f->at_ms = w->now_ms + travel(w, t, from->body.len + 300);
}

static void arrive_up(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];
    struct world_flight *f = &t->flight;
    const struct bytes body = { f->up, f->request.body.len };
    struct service_response out;
    bool is_answered;

    if (world_strikes(w, WORLD_TWICE)) {
        serve_unheard(w, i, &f->request, body);
    }
    is_answered = serve(w, i, &f->request, body, &out);
    if (is_answered && !w->is_calm && w->now_ms < t->one_way_until) {
        w->fired[WORLD_ONE_WAY]++;
        buf_fini(&out.body);
        is_answered = false;
    } else if (is_answered && world_strikes(w, WORLD_LOST_DOWN)) {
        buf_fini(&out.body);
        is_answered = false;
    }
    f->state = FLIGHT_NONE;
    if (!is_answered) {
        give_up(w, i, ERR_UNREACHABLE, "No answer.");
        return;
    }
    turn_round(w, i, &out);
    buf_fini(&out.body);
}

/* What stands between may answer by itself. */
static bool is_intercepted(struct world *w, unsigned i)
{
    struct sync_response r;

    memset(&r, 0, sizeof(r));
    r.content_type = portal_type;
    r.body =
        (struct bytes){ (const uint8_t *)portal_page, sizeof(portal_page) - 1 };
    if (world_strikes(w, WORLD_PORTAL_200)) {
        r.status = 200;
    } else if (world_strikes(w, WORLD_PORTAL_302)) {
        r.status = 302;
    } else if (world_strikes(w, WORLD_PORTAL_511)) {
        r.status = 511;
    } else if (world_strikes(w, WORLD_BUSY)) {
        r.status = world_below(w, 2) == 0 ? 503 : 429;
        r.content_type = "text/plain; charset=utf-8";
        r.retry_after_s = 7;
    } else if (world_strikes(w, WORLD_SERVER_507)) {
        r.status = 507;
        r.content_type = "text/plain; charset=utf-8";
    } else {
        return false;
    }
    feed(w, i, &r);
    return true;
}

static bool is_unreachable(struct world *w, unsigned i,
                           const struct sync_request *r)
{
    if (w->is_calm) {
        return false;
    }
    if (w->now_ms < w->tablets[i].deaf_until) {
        w->fired[WORLD_PARTITION]++;
        return true;
    }
    if (w->now_ms < w->tablets[i].mtu_until && r->body.len > MTU_BYTES) {
        w->fired[WORLD_MTU]++;
        return true;
    }
    if (world_strikes(w, WORLD_LATE)) {
        keep_for_later(w, i, r);
        return true;
    }
    return world_strikes(w, WORLD_LOST_UP);
}

/* A piece of a photo that isn't the one meant. */
static void harm_chunk(struct world *w, unsigned i)
{
    struct world_flight *f = &w->tablets[i].flight;
    size_t len = f->request.body.len;

    if (world_strikes(w, WORLD_CHUNK_MISSING)) {
        f->request.upload_offset += len;
    } else if (len > 1 && world_strikes(w, WORLD_CHUNK_SWAPPED)) {
        uint8_t last = f->up[len - 1];

        memmove(f->up + 1, f->up, len - 1);
        f->up[0] = last;
    } else if (world_strikes(w, WORLD_CHUNK_REPEATED)) {
        serve_unheard(w, i, &f->request, (struct bytes){ f->up, len });
    }
}

static void set_out(struct world *w, unsigned i, const struct sync_request *r)
{
    struct world_tablet *t = &w->tablets[i];
    struct world_flight *f = &t->flight;

    world_trace(w, "request", i, r->body.len);
    if (is_unreachable(w, i, r)) {
        sync_failed(t->sync, mono(t), ERR_UNREACHABLE, "No connection.");
        return;
    }
    if (world_strikes(w, WORLD_PROXY)) {
        sync_failed(t->sync, mono(t), ERR_TLS, "Another certificate.");
        return;
    }
    if (is_intercepted(w, i)) {
        return;
    }
    f->request = *r;
    f->up = copy_of(w, r->body);
    f->request.body.data = f->up;
    if (r->method == SYNC_PATCH) {
        harm_chunk(w, i);
    }
    f->state = FLIGHT_UP;
    f->until_ms = w->now_ms + r->timeout_ms;
    f->at_ms = w->now_ms + travel(w, t, r->body.len + 300);
}

/* Moves what is on its way, if its time has come. */
static void move(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];
    struct world_flight *f = &t->flight;

    if (f->state == FLIGHT_UP && w->now_ms >= f->at_ms &&
        f->at_ms <= f->until_ms) {
        arrive_up(w, i);
    }
    if (f->state != FLIGHT_NONE && w->now_ms >= f->until_ms &&
        (f->state == FLIGHT_UP || f->at_ms > f->until_ms)) {
        give_up(w, i, ERR_UNREACHABLE, "Too slow.");
    }
    if (f->state == FLIGHT_DOWN && w->now_ms >= f->at_ms) {
        struct sync_response r = f->response;
        uint8_t *body = f->down;

        f->down = NULL;
        end_flight(t);
        if (t->stale.body != NULL && world_strikes(w, WORLD_STALE)) {
            feed(w, i, &t->stale.response);
        } else {
            feed(w, i, &r);
            keep_answer(w, t, &r);
        }
        /* feed() leaves it alone. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
        free(body);
    }
}

void world_sync(struct world *w, unsigned i)
{
    struct world_tablet *t = &w->tablets[i];
    struct sync_request r;
    uint64_t now, wake;

    if (t->store == NULL) {
        return;
    }
    if (t->flight.state == FLIGHT_NONE && w->now_ms >= t->wake_ms) {
        now = mono(t);
        if (sync_next(t->sync, now, &r, &wake)) {
            set_out(w, i, &r);
        } else {
            t->wake_ms = w->now_ms + (wake > now ? wake - now : 1);
        }
    }
    move(w, i);
}
