/* http_main.c - the process that reads hostile bytes and holds nothing. */
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "core/mem.h"
#include "sync-server/http.h"
#include "sync-server/link.h"
#include "sync-server/note.h"
#include "sync-server/rate.h"
#include "sync-server/sandbox.h"
#include "sync-server/serve.h"

#define BUCKETS 1024

/*
 * One connection. `pending` holds bytes that came while a request is at the
 * store: requests of one connection are answered in order, one at a time.
 */
struct conn {
    struct conn *next;
    uint64_t id;
    struct ipc_peer peer;
    struct http http;
    struct buf pending;
    bool is_waiting;   /* for the store */
    bool is_closed;    /* by the peer, while we wait */
    uint64_t since_ms; /* of this request's first byte; else of idleness */
    uint64_t body_ms;  /* since when the body comes */
    size_t body_held;  /* counted in front->bodies */
};

struct front {
    uv_loop_t loop;
    uv_timer_t timer;
    struct link tls, store;
    struct conn *conns[BUCKETS];
    size_t at_store;                         /* requests under way */
    size_t answered;                         /* by the store, so far */
    uint64_t asked_ms[HTTP_STORE_QUEUE_MAX]; /* when each of them went there */
    size_t bodies;   /* bytes of all bodies being received */
    struct rate web; /* requests to the web listener, by address */
};

static struct conn **slot_of(struct front *f, uint64_t id)
{
    struct conn **at = &f->conns[id % BUCKETS];

    while (*at != NULL && (*at)->id != id) {
        at = &(*at)->next;
    }
    return at;
}

static void conn_free(struct front *f, struct conn *c)
{
    struct conn **slot = slot_of(f, c->id);

    ASSERT(*slot == c);
    *slot = c->next;
    f->bodies -= c->body_held;
    http_fini(&c->http);
    buf_wipe(&c->pending);
    wipe(c, sizeof(*c));
    mem_free(c);
}

/* Ours is the last word: what was sent goes out, then the end. */
static void hang_up(struct front *f, struct conn *c)
{
    link_send(&f->tls, IPC_CLOSE, c->id, (struct bytes){ NULL, 0 });
    conn_free(f, c);
}

static void refuse(struct front *f, struct conn *c,
                   const struct http_refusal *why)
{
    struct buf out;

    buf_init(&out, HTTP_HEAD_MAX_BYTES);
    http_refusal_put(&out, why, false);
    link_send(&f->tls, IPC_DATA, c->id, buf_bytes(&out));
    buf_fini(&out);
    hang_up(f, c);
}

static void credit(struct front *f, const struct conn *c, size_t len)
{
    uint8_t count[4] = { (uint8_t)len, (uint8_t)(len >> 8),
                         (uint8_t)(len >> 16), (uint8_t)(len >> 24) };

    if (len > 0) {
        link_send(&f->tls, IPC_CREDIT, c->id, (struct bytes){ count, 4 });
    }
}

/* The store answers in the order in which it was asked. */
static bool is_store_late(const struct front *f)
{
    return f->at_store >= HTTP_STORE_QUEUE_MAX ||
           (f->at_store > 0 &&
            uv_now(&f->loop) - f->asked_ms[f->answered % HTTP_STORE_QUEUE_MAX] >
                HTTP_STORE_WAIT_MS);
}

static void next_request(struct front *f, struct conn *c)
{
    f->bodies -= c->body_held;
    c->body_held = 0;
    c->body_ms = 0;
    c->since_ms = uv_now(&f->loop);
    http_next(&c->http);
}

/* Come back later: over the same connection, since a new one costs both
 * sides more than this answer. False: it is gone. */
static bool turn_away(struct front *f, struct conn *c)
{
    static const struct http_refusal busy = { 503, "busy, try again" };
    struct buf out;

    if (!c->http.keep_alive || c->http.request.method == METHOD_HEAD) {
        refuse(f, c, &busy);
        return false;
    }
    buf_init(&out, HTTP_HEAD_MAX_BYTES);
    http_refusal_put(&out, &busy, true);
    link_send(&f->tls, IPC_DATA, c->id, buf_bytes(&out));
    buf_fini(&out);
    next_request(f, c);
    return true;
}

/* True: it was answered at once, and the connection goes on. */
static bool ask_store(struct front *f, struct conn *c)
{
    struct buf out;

    if (c->peer.listener == LISTENER_WEB &&
        !rate_allows(&f->web, c->peer.address, uv_now(&f->loop))) {
        static const struct http_refusal often = { 429, "too many requests" };

        refuse(f, c, &often);
        return false;
    }

    if (is_store_late(f)) {
        return turn_away(f, c);
    }
    buf_init(&out, IPC_FRAME_MAX_BYTES);
    ipc_request_put(&out, &c->http.request);
    ASSERT(out.err == ERR_OK);
    link_send(&f->store, IPC_REQUEST, c->id, buf_bytes(&out));
    buf_wipe(&out);
    f->asked_ms[(f->answered + f->at_store++) % HTTP_STORE_QUEUE_MAX] =
        uv_now(&f->loop);
    c->is_waiting = true;
    return false;
}

/* All bodies together are bounded: memory is what attackers ask for. */
static bool count_body(struct front *f, struct conn *c)
{
    const size_t held = c->http.body.len;

    f->bodies = f->bodies - c->body_held + held;
    c->body_held = held;
    return f->bodies <= HTTP_BODIES_MAX_BYTES;
}

static void pump(struct front *f, struct conn *c)
{
    static const struct http_refusal full = { 503, "busy, try again" };
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";

    while (!c->is_waiting && c->pending.len > 0) {
        size_t used = 0;
        const enum http_step step =
            http_feed(&c->http, buf_bytes(&c->pending), &used);

        memmove(c->pending.data, c->pending.data + used, c->pending.len - used);
        c->pending.len -= used;
        credit(f, c, used);
        if (step == HTTP_REFUSED) {
            refuse(f, c, &c->http.refusal);
            return;
        }
        if (!count_body(f, c)) {
            refuse(f, c, &full);
            return;
        }
        if (step == HTTP_CONTINUE) {
            link_send(
                &f->tls, IPC_DATA, c->id,
                (struct bytes){ (const uint8_t *)go_on, sizeof(go_on) - 1 });
        } else if (step == HTTP_COMPLETE) {
            if (!ask_store(f, c))
                return;
        }
        if (c->http.state == HTTP_STATE_BODY && c->body_ms == 0) {
            c->body_ms = uv_now(&f->loop);
        }
    }
}

static void take_data(struct front *f, struct conn *c, struct bytes data)
{
    if (c->pending.len == 0 && c->http.head.len == 0 && !c->is_waiting) {
        c->since_ms = uv_now(&f->loop);
    }
    buf_put(&c->pending, data.data, data.len);
    if (c->pending.err) { /* more than the window: not our tls process */
        note("http", "ends: more bytes than were asked for");
        exit(EXIT_FAILURE);
    }
    pump(f, c);
}

static void open_conn(struct front *f, const struct ipc_frame *frame)
{
    struct conn **slot = slot_of(f, frame->conn);
    struct conn *c = mem_alloc(sizeof(*c));

    if (c == NULL || *slot != NULL ||
        ipc_peer_parse(frame->payload, &c->peer) != ERR_OK) {
        note("http", "ends: cannot take a connection");
        exit(EXIT_FAILURE);
    }
    c->id = frame->conn;
    c->since_ms = uv_now(&f->loop);
    http_init(&c->http, c->peer.listener);
    buf_init(&c->pending, 2 * CONN_WINDOW_BYTES);
    *slot = c;
}

static void from_tls(void *ctx, const struct ipc_frame *frame)
{
    struct front *f = ctx;
    struct conn *c;

    if (frame->type == IPC_OPEN) {
        open_conn(f, frame);
        return;
    }
    c = *slot_of(f, frame->conn);
    if (c == NULL)
        return; /* we hung up, it doesn't know yet */
    if (frame->type == IPC_DATA) {
        take_data(f, c, frame->payload);
    } else if (frame->type == IPC_CLOSE) {
        c->is_closed = true;
        if (!c->is_waiting) {
            conn_free(f, c);
        }
    }
}

static void answer(struct front *f, struct conn *c,
                   const struct service_response *r, struct bytes body)
{
    const bool keep = c->http.keep_alive;
    struct buf out;

    buf_init(&out, IPC_FRAME_MAX_BYTES);
    http_answer_put(&out, r, body, c->http.request.method == METHOD_HEAD, keep);
    if (out.err) {
        note("http", "an answer is too long, connection ended");
        buf_fini(&out);
        hang_up(f, c);
        return;
    }
    link_send(&f->tls, IPC_DATA, c->id, buf_bytes(&out));
    buf_wipe(&out);
    if (!keep) {
        hang_up(f, c);
        return;
    }
    next_request(f, c);
    pump(f, c);
}

static void from_store(void *ctx, const struct ipc_frame *frame)
{
    static struct service_response r;
    struct front *f = ctx;
    struct conn *c = *slot_of(f, frame->conn);
    struct bytes body;
    char type[64];

    if (frame->type != IPC_RESPONSE ||
        ipc_response_parse(frame->payload, type, &r, &body) != ERR_OK) {
        note("http", "ends: malformed answer of the store");
        exit(EXIT_FAILURE);
    }
    ASSERT(f->at_store > 0);
    f->at_store--;
    f->answered++;
    if (c == NULL)
        return;
    c->is_waiting = false;
    if (c->is_closed) {
        conn_free(f, c);
        return;
    }
    answer(f, c, &r, body);
}

/* What is wrong with how slow it is; NULL when nothing. */
static const struct http_refusal *overdue(const struct conn *c, uint64_t now)
{
    static const struct http_refusal head = { 408, "the head came too slowly" };
    static const struct http_refusal body = { 408, "the body came too slowly" };
    static const struct http_refusal idle = { 408, "nothing was asked" };
    const uint64_t age = now - c->since_ms;

    if (c->is_waiting)
        return NULL;
    if (c->http.state == HTTP_STATE_HEAD && c->http.head.len == 0)
        return age > HTTP_IDLE_MS ? &idle : NULL;
    if (c->http.state == HTTP_STATE_HEAD)
        return age > HTTP_HEAD_MS ? &head : NULL;
    if (age > HTTP_TOTAL_MS)
        return &body;
    if (now - c->body_ms > HTTP_RATE_GRACE_MS &&
        c->http.body.len * 1000 <
            (now - c->body_ms) * HTTP_RATE_MIN_BYTES_PER_S)
        return &body;
    return NULL;
}

static void on_timer(uv_timer_t *timer)
{
    struct front *f = timer->data;
    const uint64_t now = uv_now(&f->loop);

    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct conn *c = f->conns[i], *next; c != NULL; c = next) {
            const struct http_refusal *why = overdue(c, now);

            next = c->next;
            if (why == NULL)
                continue;
            if (c->http.state == HTTP_STATE_HEAD && c->http.head.len == 0) {
                hang_up(f, c); /* idle: nobody waits for an answer */
            } else {
                refuse(f, c, why);
            }
        }
    }
}

static void must(enum err err, const char *what)
{
    if (err) {
        note("http", "cannot start: %s: %s", what, err_text(err));
        exit(EXIT_FAILURE);
    }
}

_Noreturn void http_main(const struct serve_options *options, int tls_fd,
                         int store_fd)
{
    static struct front f;

    must(sandbox_child(), "ending with the parent");
    must(sandbox_no_rings(), "doing without io_uring");
    must(sandbox_user(options->user), "changing the user");
    must(uv_loop_init(&f.loop) == 0 ? ERR_OK : ERR_IO, "event loop");
    must(link_open(&f.tls, &f.loop, tls_fd, "http"), "tls process");
    must(link_open(&f.store, &f.loop, store_fd, "http"), "store process");
    uv_timer_init(&f.loop, &f.timer);
    f.timer.data = &f;
    uv_timer_start(&f.timer, on_timer, 1000, 1000);
    link_listen(&f.tls, from_tls, &f);
    link_listen(&f.store, from_store, &f);
    must(sandbox_enter(SANDBOX_HTTP), "system call filter");
    uv_run(&f.loop, UV_RUN_DEFAULT);
    exit(EXIT_FAILURE); /* the loop has no end of its own */
}
