/*
 * tls_main.c - the process with the TLS keys and the network's sockets.
 *
 *   SHAKING --handshake--> OPEN --last answer or error--> LINGER --> closed
 *
 * SHAKING  nobody knows of the connection but this process
 * OPEN     http and store were told who it is; plain bytes flow, at most
 *          CONN_WINDOW_BYTES of them not yet taken by http
 * LINGER   all is written and we said goodbye; what the peer still sends is
 *          thrown away, so that it can read our last answer
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "core/limits.h"
#include "core/mem.h"
#include "sync-server/link.h"
#include "sync-server/note.h"
#include "sync-server/sandbox.h"
#include "sync-server/serve.h"
#include "sync-server/tls.h"

#define BUCKETS 1024

enum conn_state { CONN_SHAKING, CONN_OPEN, CONN_LINGER, CONN_CLOSED };

struct gate;

struct conn {
    uv_tcp_t tcp;
    struct conn *next;
    struct gate *gate;
    uint64_t id;
    enum conn_state state;
    struct tls_conn *tls; /* NULL: plain, metrics */
    struct ipc_peer peer;
    size_t in_flight;  /* plain bytes that http has not taken */
    size_t queued;     /* encrypted bytes that the network has not taken */
    uint64_t moved_ms; /* accepted, or bytes were written last */
    bool is_first;     /* no byte has come yet */
    bool is_announced; /* http and store know it */
    bool ends;         /* LINGER once `queued` is 0 */
};

struct gate {
    uv_loop_t loop;
    uv_timer_t timer;
    uv_tcp_t listeners[SERVE_SOCKETS_MAX];
    struct tls_server *servers[SERVE_SOCKETS_MAX];
    struct link http, store;
    struct conn *conns[BUCKETS];
    size_t count;
    uint64_t last_id;
    unsigned turned; /* away, since the log said so last */
    uint64_t turned_note_ms;
};

static const char *const listener_names[] = { "device listener", "web listener",
                                              "metrics listener" };

static struct conn *find(struct gate *g, uint64_t id)
{
    struct conn *c = g->conns[id % BUCKETS];

    while (c != NULL && c->id != id) {
        c = c->next;
    }
    return c;
}

/* --- the end of a connection --- */

static void on_closed(uv_handle_t *handle)
{
    struct conn *c = handle->data;

    tls_conn_free(c->tls);
    mem_free(c);
}

static void drop(struct conn *c)
{
    struct gate *g = c->gate;
    struct conn **at = &g->conns[c->id % BUCKETS];
    const struct bytes none = { NULL, 0 };

    if (c->state == CONN_CLOSED)
        return;
    while (*at != c) {
        at = &(*at)->next;
    }
    *at = c->next;
    g->count--;
    if (c->is_announced) {
        link_send(&g->http, IPC_CLOSE, c->id, none);
        link_send(&g->store, IPC_CLOSE, c->id, none);
    }
    c->state = CONN_CLOSED;
    uv_close((uv_handle_t *)&c->tcp, on_closed);
}

struct write {
    uv_write_t req;
    struct conn *conn;
    uint8_t *data;
    size_t len;
};

static void on_shut(uv_shutdown_t *req, int status)
{
    (void)status;
    mem_free(req);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *in);
static void on_alloc(uv_handle_t *handle, size_t wish, uv_buf_t *out);

static void linger(struct conn *c)
{
    uv_shutdown_t *req = mem_alloc(sizeof(*req));

    c->state = CONN_LINGER;
    c->moved_ms = uv_now(&c->gate->loop);
    if (req == NULL || uv_shutdown(req, (uv_stream_t *)&c->tcp, on_shut) != 0) {
        mem_free(req);
        drop(c);
        return;
    }
    (void)uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
}

static void on_written(uv_write_t *req, int status)
{
    struct write *w = req->data;
    struct conn *c = w->conn;

    c->queued -= w->len;
    c->moved_ms = uv_now(&c->gate->loop);
    mem_free(w->data);
    mem_free(w);
    if (c->state == CONN_CLOSED)
        return;
    if (status != 0) {
        drop(c);
    } else if (c->ends && c->queued == 0 && c->state != CONN_LINGER) {
        linger(c);
    }
}

/* Queue bytes for the network; takes over what `b` holds. */
static void put_network(struct conn *c, struct buf *b)
{
    struct write *w;
    uv_buf_t bytes;

    if (b->len == 0 && !b->err)
        return;
    w = mem_alloc(sizeof(*w));
    if (w == NULL || buf_take(b, &w->data, &w->len) != ERR_OK) {
        mem_free(w);
        drop(c);
        return;
    }
    w->conn = c;
    w->req.data = w;
    c->queued += w->len;
    bytes = uv_buf_init((char *)w->data, (unsigned)w->len);
    if (uv_write(&w->req, (uv_stream_t *)&c->tcp, &bytes, 1, on_written) != 0) {
        c->queued -= w->len;
        mem_free(w->data);
        mem_free(w);
        drop(c);
    }
}

/* Say goodbye after all that is queued. */
static void end(struct conn *c)
{
    if (c->state == CONN_CLOSED || c->ends)
        return;
    c->ends = true;
    if (c->tls != NULL) {
        tls_end(c->tls);
        put_network(c, tls_out(c->tls));
    }
    if (c->state != CONN_CLOSED && c->queued == 0) {
        linger(c);
    }
}

/* --- network to http --- */

static void announce(struct conn *c)
{
    struct buf b;

    c->state = CONN_OPEN;
    c->is_announced = true;
    buf_init(&b, 1000);
    ipc_peer_put(&b, &c->peer);
    ASSERT(b.err == ERR_OK);
    /* The store first: it has to know before http asks for anything. */
    link_send(&c->gate->store, IPC_OPEN, c->id, buf_bytes(&b));
    link_send(&c->gate->http, IPC_OPEN, c->id, buf_bytes(&b));
    buf_fini(&b);
}

static void to_http(struct conn *c, const uint8_t *data, size_t len)
{
    c->in_flight += len;
    link_send(&c->gate->http, IPC_DATA, c->id, (struct bytes){ data, len });
}

/* Decrypt what has come, as far as the window allows. */
static void pump(struct conn *c)
{
    static uint8_t plain[16 * 1024];
    enum err err = ERR_OK;
    size_t got;

    while (!err && c->in_flight < CONN_WINDOW_BYTES) {
        err = tls_read(c->tls, plain, sizeof(plain), &got);
        if (!err) {
            to_http(c, plain, got);
        }
    }
    if (err == ERR_TLS || err == ERR_CLOSED) {
        put_network(c, tls_out(c->tls));
        end(c);
    }
}

static size_t count_device(const struct conn *of)
{
    size_t count = 0;

    for (size_t i = 0; i < BUCKETS; i++) {
        for (const struct conn *c = of->gate->conns[i]; c; c = c->next) {
            count += c->state == CONN_OPEN && !c->ends && c->peer.has_device &&
                     uuid_eq(&c->peer.device, &of->peer.device);
        }
    }
    return count;
}

static void shake(struct conn *c)
{
    const enum err err = tls_handshake(c->tls);
    enum err peer;

    put_network(c, tls_out(c->tls));
    if (c->state == CONN_CLOSED || err == ERR_BUSY)
        return;
    if (err) {
        note("tls", "%s: refused: %s", listener_names[c->peer.listener],
             tls_why(c->tls));
        end(c);
        return;
    }
    peer = tls_peer(c->tls, &c->peer.device, &c->peer.cert);
    if (peer == ERR_BAD_DATA) {
        note("tls", "%s: refused: no device in the certificate",
             listener_names[c->peer.listener]);
        end(c);
        return;
    }
    c->peer.has_device = peer == ERR_OK;
    if (c->peer.has_device && count_device(c) >= CONN_PER_DEVICE_MAX) {
        c->gate->turned++;
        end(c);
        return;
    }
    announce(c);
    pump(c);
}

/* A browser or a tablet that was told "http://": say so in its language. */
static void refuse_plain(struct conn *c)
{
    static const char text[] =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n"
        "Content-Length: 43\r\nConnection: close\r\n\r\n"
        "This port speaks HTTPS only: use https://.\n";
    struct buf b;

    note("tls", "%s: refused: plain HTTP", listener_names[c->peer.listener]);
    buf_init(&b, sizeof(text));
    buf_put_text(&b, text);
    put_network(c, &b);
    c->ends = true; /* without a goodbye in TLS */
}

static void take_bytes(struct conn *c, const uint8_t *data, size_t len)
{
    if (c->tls == NULL) {
        to_http(c, data, len);
        return;
    }
    if (c->is_first && data[0] >= 'A' && data[0] <= 'Z') {
        refuse_plain(c);
        return;
    }
    c->is_first = false;
    if (tls_feed(c->tls, (struct bytes){ data, len })) {
        drop(c);
    } else if (c->state == CONN_SHAKING) {
        shake(c);
    } else {
        pump(c);
    }
}

static void on_alloc(uv_handle_t *handle, size_t wish, uv_buf_t *out)
{
    static char piece[64 * 1024];

    (void)handle;
    (void)wish;
    out->base = piece;
    out->len = sizeof(piece);
}

static void on_read(uv_stream_t *stream, ssize_t len, const uv_buf_t *in)
{
    struct conn *c = stream->data;

    if (len < 0) {
        drop(c);
        return;
    }
    if (len == 0 || c->ends) /* or LINGER: thrown away */
        return;
    take_bytes(c, (const uint8_t *)in->base, (size_t)len);
    if (c->state == CONN_OPEN && c->in_flight >= CONN_WINDOW_BYTES) {
        (void)uv_read_stop(stream);
    }
}

/* --- http to network --- */

static void put_plain(struct conn *c, struct bytes data)
{
    struct buf b;

    if (c->tls == NULL) {
        buf_init(&b, data.len);
        buf_put(&b, data.data, data.len);
        put_network(c, &b);
        return;
    }
    if (tls_write(c->tls, data)) {
        drop(c);
        return;
    }
    put_network(c, tls_out(c->tls));
}

static void take_credit(struct conn *c, struct bytes count)
{
    size_t n = 0;

    for (size_t i = 0; i < 4 && i < count.len; i++) {
        n |= (size_t)count.data[i] << (8 * i);
    }
    c->in_flight = n < c->in_flight ? c->in_flight - n : 0;
    if (c->in_flight >= CONN_WINDOW_BYTES || c->state != CONN_OPEN)
        return;
    if (c->tls != NULL) {
        pump(c);
    }
    if (c->state == CONN_OPEN && c->in_flight < CONN_WINDOW_BYTES) {
        (void)uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
    }
}

static void from_http(void *ctx, const struct ipc_frame *frame)
{
    struct gate *g = ctx;
    struct conn *c = find(g, frame->conn);

    if (c == NULL || c->ends || c->state != CONN_OPEN)
        return;
    if (frame->type == IPC_DATA) {
        put_plain(c, frame->payload);
    } else if (frame->type == IPC_CREDIT) {
        take_credit(c, frame->payload);
    } else if (frame->type == IPC_CLOSE) {
        end(c);
    }
}

static void from_store(void *ctx, const struct ipc_frame *frame)
{
    (void)ctx;
    (void)frame; /* it has nothing to say to us */
}

/* --- new connections and slow ones --- */

static void name_address(struct conn *c)
{
    struct sockaddr_storage at;
    int len = sizeof(at);

    if (uv_tcp_getpeername(&c->tcp, (struct sockaddr *)&at, &len) != 0)
        return;
    if (at.ss_family == AF_INET6) {
        (void)uv_ip6_name((const struct sockaddr_in6 *)&at, c->peer.address,
                          sizeof(c->peer.address));
    } else {
        (void)uv_ip4_name((const struct sockaddr_in *)&at, c->peer.address,
                          sizeof(c->peer.address));
    }
}

/* Without tablets that showed who they are: many share a router. */
static size_t count_address(const struct gate *g, const char *address)
{
    size_t count = 0;

    for (size_t i = 0; i < BUCKETS; i++) {
        for (const struct conn *c = g->conns[i]; c != NULL; c = c->next) {
            count +=
                !c->peer.has_device && strcmp(c->peer.address, address) == 0;
        }
    }
    return count;
}

static void begin(struct gate *g, struct conn *c)
{
    struct tls_server *server = g->servers[c->peer.listener];

    c->moved_ms = uv_now(&g->loop);
    c->is_first = true;
    if (g->count > CONN_MAX ||
        count_address(g, c->peer.address) > CONN_PER_ADDRESS_MAX) {
        g->turned++;
        drop(c);
        return;
    }
    (void)uv_tcp_nodelay(&c->tcp, 1);
    if (server != NULL && tls_conn_new(server, &c->tls)) {
        drop(c);
        return;
    }
    if (server == NULL) {
        announce(c);
    }
    (void)uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
}

static void on_connection(uv_stream_t *stream, int status)
{
    struct gate *g = stream->data;
    struct conn *c;

    if (status != 0)
        return;
    c = mem_alloc(sizeof(*c));
    if (c == NULL)
        return;
    uv_tcp_init(&g->loop, &c->tcp);
    c->tcp.data = c;
    c->gate = g;
    c->id = ++g->last_id;
    c->next = g->conns[c->id % BUCKETS];
    g->conns[c->id % BUCKETS] = c;
    g->count++;
    for (size_t i = 0; i < SERVE_SOCKETS_MAX; i++) {
        if (stream == (uv_stream_t *)&g->listeners[i]) {
            c->peer.listener = (enum service_listener)i;
        }
    }
    if (uv_accept(stream, (uv_stream_t *)&c->tcp) != 0) {
        drop(c);
        return;
    }
    name_address(c);
    begin(g, c);
}

/* Nobody can be told without a handshake, so whoever runs this is. */
static void say_turned(struct gate *g, uint64_t now)
{
    if (g->turned == 0 || now < g->turned_note_ms)
        return;
    note("tls", "turned away %u connections: too many at once", g->turned);
    g->turned = 0;
    g->turned_note_ms = now + CONN_TURNED_NOTE_MS;
}

static void on_timer(uv_timer_t *timer)
{
    struct gate *g = timer->data;
    const uint64_t now = uv_now(&g->loop);

    say_turned(g, now);
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct conn *c = g->conns[i], *next; c != NULL; c = next) {
            const uint64_t age = now - c->moved_ms;

            next = c->next;
            if ((c->state == CONN_SHAKING && age > CONN_HANDSHAKE_MS) ||
                (c->state == CONN_LINGER && age > CONN_LINGER_MS) ||
                (c->queued > 0 && age > CONN_WRITE_STALL_MS)) {
                drop(c);
            }
        }
    }
}

/* --- start --- */

static void must(enum err err, const char *what)
{
    if (err) {
        note("tls", "cannot start: %s: %s", what, err_text(err));
        exit(EXIT_FAILURE);
    }
}

static void load_keys(struct gate *g, const char *dir)
{
    struct buf chain, key, devices;
    struct tls_options options = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };

    buf_init(&chain, 32 * ENROL_CERT_MAX_BYTES);
    buf_init(&key, 4 * ENROL_CERT_MAX_BYTES);
    buf_init(&devices, 32 * ENROL_CERT_MAX_BYTES);
    must(serve_read_file(dir, SERVE_TLS_CHAIN, chain.max, &chain),
         SERVE_TLS_CHAIN);
    must(serve_read_file(dir, SERVE_TLS_KEY, key.max, &key), SERVE_TLS_KEY);
    must(serve_read_file(dir, SERVE_TLS_DEVICES, devices.max, &devices),
         SERVE_TLS_DEVICES);
    options.chain = buf_bytes(&chain);
    options.key = buf_bytes(&key);
    must(tls_server_new(&options, &g->servers[LISTENER_WEB]), "web listener");
    options.client_ca = buf_bytes(&devices);
    must(tls_server_new(&options, &g->servers[LISTENER_DEVICE]),
         "device listener");
    buf_fini(&chain);
    buf_wipe(&key);
    buf_fini(&devices);
}

static void listen_on(struct gate *g, size_t listener, int fd)
{
    uv_tcp_t *tcp = &g->listeners[listener];

    if (fd < 0)
        return;
    uv_tcp_init(&g->loop, tcp);
    tcp->data = g;
    must(uv_tcp_open(tcp, fd) == 0 &&
                 uv_listen((uv_stream_t *)tcp, 512, on_connection) == 0
             ? ERR_OK
             : ERR_IO,
         listener_names[listener]);
}

_Noreturn void tls_main(const struct serve_options *options,
                        const struct serve_sockets *sockets, int http_fd,
                        int store_fd)
{
    static struct gate g;

    must(sandbox_child(), "ending with the parent");
    must(sandbox_no_rings(), "doing without io_uring");
    load_keys(&g, options->dir);
    must(sandbox_user(options->user), "changing the user");
    must(uv_loop_init(&g.loop) == 0 ? ERR_OK : ERR_IO, "event loop");
    must(link_open(&g.http, &g.loop, http_fd, "tls"), "http process");
    must(link_open(&g.store, &g.loop, store_fd, "tls"), "store process");
    link_listen(&g.http, from_http, &g);
    link_listen(&g.store, from_store, &g);
    uv_timer_init(&g.loop, &g.timer);
    g.timer.data = &g;
    uv_timer_start(&g.timer, on_timer, 1000, 1000);
    for (size_t i = 0; i < SERVE_SOCKETS_MAX; i++) {
        listen_on(&g, i, sockets->fd[i]);
    }
    must(sandbox_enter(SANDBOX_TLS), "system call filter");
    uv_run(&g.loop, UV_RUN_DEFAULT);
    exit(EXIT_FAILURE); /* the loop has no end of its own */
}
