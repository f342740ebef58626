/*
 * link.h - one end of a socket pair in a libuv loop: frames in, frames out.
 */
#ifndef SYNC_SERVER_LINK_H
#define SYNC_SERVER_LINK_H

#include <uv.h>

#include "sync-server/ipc.h"

typedef void (*link_fn)(void *ctx, const struct ipc_frame *frame);

struct link {
    uv_pipe_t pipe;
    struct ipc_reader reader;
    link_fn fn;
    void *ctx;
    const char *name; /* for the log */
};

/* Takes over `fd`. When the other end is gone or talks nonsense the process
 * ends: its parent starts all of them anew. */
MUST_USE enum err link_open(struct link *l, uv_loop_t *loop, int fd,
                            const char *name);
void link_listen(struct link *l, link_fn fn, void *ctx);
/* Queued without limit: callers bound what they have under way. */
void link_send(struct link *l, enum ipc_type type, uint64_t conn,
               struct bytes payload);

#endif /* SYNC_SERVER_LINK_H */
