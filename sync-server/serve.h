/*
 * serve.h - the running server: a parent that waits, and three children.
 *
 *   network <-> tls <-plain bytes-> http <-requests-> store <-> database
 *                `----- who each connection is -----'^
 *                       command line <- control.sock -'
 *
 * tls holds the TLS keys and the sockets, http reads hostile bytes and
 * holds nothing, store holds database and seal key. If one ends, the parent
 * ends the others and starts all anew; nothing acknowledged is lost, since
 * an answer leaves only after its commit.
 */
#ifndef SYNC_SERVER_SERVE_H
#define SYNC_SERVER_SERVE_H

#include "core/buf.h"
#include "sync-server/service.h"

/* What the store process does; tests put something small in its place. */
struct serve_service {
    enum err (*open)(void *ctx);
    void (*handle)(void *ctx, const struct service_request *in,
                   struct service_response *out);
    void (*tick)(void *ctx, uint64_t *wake_ms_out);
    /* A message of the command line, and its answer. */
    void (*control)(void *ctx, struct bytes in, struct buf *out);
    void (*close)(void *ctx);
    void *ctx;
    /* True: close, and have all processes started anew; NULL: never. */
    bool (*is_over)(void *ctx);
};

struct serve_options {
    const char *dir;     /* holds tls/ and gets control.sock */
    const char *listen;  /* HOST:PORT, devices */
    const char *web;     /* HOST:PORT */
    const char *metrics; /* HOST:PORT or NULL; loopback only */
    const char *user;    /* to become, when root; or NULL */
    struct serve_service service;
    /* Before each start of the processes, in one of its own; NULL: nothing. */
    enum err (*prepare)(void *ctx);
    /* Called with what was bound, before the processes start; and, the first
     * time, when the database is open and requests are answered. */
    void (*bound)(void *ctx, const char *listen, const char *web,
                  const char *metrics);
    void (*ready)(void *ctx);
    /* Work with files that takes its time, in a process of its own with the
     * rights of the store; again `chore_ms` after its end. NULL: none. */
    enum err (*chore)(void *ctx);
    uint64_t chore_first_ms, chore_ms;
    void *bound_ctx;
};

/* Until SIGTERM or SIGINT: ERR_OK then. */
MUST_USE enum err serve_run(const struct serve_options *options);

/* --- files in the folder of the council, written by `init` --- */

#define SERVE_CONTROL     "control.sock"
#define SERVE_TLS_KEY     "tls/server.key.pem"
#define SERVE_TLS_CHAIN   "tls/server.chain.pem"
#define SERVE_TLS_DEVICES "tls/devices.ca.pem" /* who signs tablets' */
#define SERVE_SOCKETS_MAX 3

/* --- the children; each starts by dropping its rights --- */

struct serve_sockets {
    int fd[SERVE_SOCKETS_MAX]; /* by enum service_listener; -1: none */
};
_Noreturn void tls_main(const struct serve_options *options,
                        const struct serve_sockets *sockets, int http_fd,
                        int store_fd);
_Noreturn void http_main(const struct serve_options *options, int tls_fd,
                         int store_fd);
/* Writes one byte to `ready_fd` when it is at work. */
_Noreturn void store_main(const struct serve_options *options, int tls_fd,
                          int http_fd, int control_fd, int ready_fd);
_Noreturn void store_chore(const struct serve_options *options);

/* A whole file of at most `max` bytes. */
MUST_USE enum err serve_read_file(const char *dir, const char *name, size_t max,
                                  struct buf *out);

#endif /* SYNC_SERVER_SERVE_H */
