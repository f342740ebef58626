/* store_main.c - the process with the database and the seal key. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/limits.h"
#include "core/mem.h"
#include "sync-server/ipc.h"
#include "sync-server/note.h"
#include "sync-server/sandbox.h"
#include "sync-server/serve.h"

#define BUCKETS 1024

struct known {
    struct known *next;
    uint64_t id;
    struct ipc_peer peer;
};

struct keeper {
    const struct serve_service *service;
    int tls_fd, http_fd, control_fd;
    struct ipc_reader tls, http;
    struct known *known[BUCKETS]; /* connections, as tls says */
};

static volatile sig_atomic_t is_stopping;

static void on_stop(int number)
{
    (void)number;
    is_stopping = 1;
}

static _Noreturn void give_up(const char *why)
{
    note("store", "ends: %s", why);
    exit(EXIT_FAILURE);
}

/* --- who is who --- */

static struct known **slot_of(struct keeper *k, uint64_t id)
{
    struct known **at = &k->known[id % BUCKETS];

    while (*at != NULL && (*at)->id != id) {
        at = &(*at)->next;
    }
    return at;
}

static void from_tls(struct keeper *k, const struct ipc_frame *frame)
{
    struct known **slot = slot_of(k, frame->conn);
    struct known *made = *slot;

    if (frame->type == IPC_CLOSE && made != NULL) {
        *slot = made->next;
        mem_free(made);
    } else if (frame->type == IPC_OPEN && made == NULL) {
        made = mem_alloc(sizeof(*made));
        if (made == NULL ||
            ipc_peer_parse(frame->payload, &made->peer) != ERR_OK)
            give_up("malformed frame of tls");
        made->id = frame->conn;
        *slot = made;
    } else if (frame->type != IPC_CLOSE) {
        give_up("unexpected frame of tls");
    }
}

static void drain_tls(struct keeper *k)
{
    struct ipc_frame frame;
    enum err err;

    do {
        err = ipc_read(k->tls_fd, &k->tls);
        if (err && err != ERR_NOT_FOUND)
            give_up("tls is gone");
        while (ipc_next(&k->tls, &frame) == ERR_OK) {
            from_tls(k, &frame);
        }
    } while (err == ERR_OK);
}

/* --- requests --- */

static void set_peer(struct service_request *r, const struct ipc_peer *peer)
{
    r->listener = peer->listener;
    r->has_peer = peer->has_device;
    r->device = peer->device;
    r->peer_cert = peer->cert;
    memcpy(r->address, peer->address, sizeof(r->address));
}

static void answer(struct keeper *k, uint64_t conn,
                   const struct service_response *r)
{
    struct buf payload, frame;

    buf_init(&payload, IPC_FRAME_MAX_BYTES);
    buf_init(&frame, IPC_FRAME_MAX_BYTES + IPC_HEAD_SIZE);
    ipc_response_put(&payload, r);
    if (payload.err)
        give_up("an answer is too long");
    ipc_put(&frame, IPC_RESPONSE, conn, buf_bytes(&payload));
    if (frame.err || ipc_write(k->http_fd, buf_bytes(&frame)))
        give_up("http is gone");
    buf_wipe(&payload);
    buf_wipe(&frame);
}

static void from_http(struct keeper *k, const struct ipc_frame *frame)
{
    static struct service_request in;
    static struct service_response out;
    const struct known *who;

    if (frame->type != IPC_REQUEST ||
        ipc_request_parse(frame->payload, &in) != ERR_OK)
        give_up("malformed frame of http");
    drain_tls(k); /* it told us who this is before it told http */
    who = *slot_of(k, frame->conn);
    memset(&out, 0, sizeof(out));
    buf_init(&out.body, SYNC_PLAIN_MAX_BYTES);
    if (who == NULL) { /* gone already: nobody reads the answer */
        out.status = 503;
    } else {
        set_peer(&in, &who->peer);
        k->service->handle(k->service->ctx, &in, &out);
    }
    if (out.body.err) {
        buf_reset(&out.body);
        out.status = 503;
        out.header_count = 0;
    }
    answer(k, frame->conn, &out);
    buf_wipe(&out.body);
    wipe(&in, sizeof(in));
}

static void read_http(struct keeper *k)
{
    struct ipc_frame frame;
    enum err err = ipc_read(k->http_fd, &k->http);

    if (err && err != ERR_NOT_FOUND)
        give_up("http is gone");
    while ((err = ipc_next(&k->http, &frame)) == ERR_OK) {
        from_http(k, &frame);
    }
    if (err != ERR_NOT_FOUND)
        give_up("malformed frame of http");
}

/* --- the command line, over control.sock (only our own user opens it) --- */

static bool read_control(int fd, struct ipc_reader *reader,
                         struct ipc_frame *frame)
{
    for (;;) {
        struct pollfd p = { .fd = fd, .events = POLLIN };
        enum err err = ipc_next(reader, frame);

        if (err != ERR_NOT_FOUND)
            return err == ERR_OK && frame->type == IPC_CONTROL;
        if (poll(&p, 1, CONTROL_READ_MS) <= 0)
            return false;
        err = ipc_read(fd, reader);
        if (err && err != ERR_NOT_FOUND)
            return false;
    }
}

static void take_control(struct keeper *k)
{
    const int fd = accept(k->control_fd, NULL, NULL);
    struct ipc_reader reader;
    struct ipc_frame frame;
    struct buf out, reply;

    if (fd < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
        give_up("cannot accept the command line");
    if (fd < 0)
        return;
    ipc_reader_init(&reader);
    buf_init(&out, IPC_FRAME_MAX_BYTES);
    buf_init(&reply, IPC_FRAME_MAX_BYTES + IPC_HEAD_SIZE);
    if (read_control(fd, &reader, &frame)) {
        k->service->control(k->service->ctx, frame.payload, &out);
        ipc_put(&reply, IPC_CONTROL, 0, buf_bytes(&out));
        if (ipc_write(fd, buf_bytes(&reply))) {
            note("store", "the command line left without its answer");
        }
    }
    ipc_reader_fini(&reader);
    buf_wipe(&out);
    buf_wipe(&reply);
    close(fd);
}

/* --- the loop --- */

static int wait_ms(struct keeper *k)
{
    uint64_t wake = 1000;

    k->service->tick(k->service->ctx, &wake);
    return wake > 1000 ? 1000 : (int)wake;
}

static void loop(struct keeper *k)
{
    while (!is_stopping && !(k->service->is_over != NULL &&
                             k->service->is_over(k->service->ctx))) {
        struct pollfd p[3] = { { .fd = k->tls_fd, .events = POLLIN },
                               { .fd = k->http_fd, .events = POLLIN },
                               { .fd = k->control_fd, .events = POLLIN } };

        if (poll(p, 3, wait_ms(k)) < 0 && errno != EINTR)
            give_up("poll failed");
        if (p[0].revents != 0) {
            drain_tls(k);
        }
        if (p[1].revents != 0) {
            read_http(k);
        }
        if (p[2].revents != 0) {
            take_control(k);
        }
    }
}

static void must(enum err err, const char *what)
{
    if (err) {
        note("store", "cannot start: %s: %s", what, err_text(err));
        exit(EXIT_FAILURE);
    }
}

_Noreturn void store_chore(const struct serve_options *options)
{
    must(sandbox_child(), "ending with the parent");
    must(sandbox_no_rings(), "doing without io_uring");
    must(sandbox_user(options->user), "changing the user");
    must(sandbox_enter(SANDBOX_STORE), "system call filter");
    exit(options->chore(options->bound_ctx) ? EXIT_FAILURE : EXIT_SUCCESS);
}

_Noreturn void store_main(const struct serve_options *options, int tls_fd,
                          int http_fd, int control_fd, int ready_fd)
{
    static struct keeper k;
    struct sigaction stop = { .sa_handler = on_stop };

    must(sandbox_child(), "ending with the parent");
    must(sandbox_no_rings(), "doing without io_uring");
    must(sandbox_user(options->user), "changing the user");
    sigaction(SIGTERM, &stop, NULL);
    k.service = &options->service;
    k.tls_fd = tls_fd;
    k.http_fd = http_fd;
    k.control_fd = control_fd;
    ipc_reader_init(&k.tls);
    ipc_reader_init(&k.http);
    must(k.service->open(k.service->ctx), "opening the database");
    must(sandbox_enter(SANDBOX_STORE), "system call filter");
    if (write(ready_fd, "", 1) != 1)
        give_up("the parent is gone");
    close(ready_fd);
    loop(&k);
    k.service->close(k.service->ctx);
    exit(EXIT_SUCCESS);
}
