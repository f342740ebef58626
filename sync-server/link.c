#include "sync-server/link.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "sync-server/note.h"

static _Noreturn void give_up(struct link *l, const char *why)
{
    note(l->name, "ends: %s", why);
    exit(EXIT_FAILURE);
}

enum err link_open(struct link *l, uv_loop_t *loop, int fd, const char *name)
{
    memset(l, 0, sizeof(*l));
    l->name = name;
    ipc_reader_init(&l->reader);
    if (uv_pipe_init(loop, &l->pipe, 0) != 0)
        return ERR_IO;
    l->pipe.data = l;
    return uv_pipe_open(&l->pipe, fd) == 0 ? ERR_OK : ERR_IO;
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
    struct link *l = stream->data;
    struct ipc_frame frame;
    enum err err;

    if (len == 0)
        return;
    if (len == UV_EOF)
        exit(EXIT_FAILURE); /* the parent says who ended first */
    if (len < 0)
        give_up(l, "read failed");
    if (ipc_feed(&l->reader,
                 (struct bytes){ (const uint8_t *)in->base, (size_t)len }))
        give_up(l, "no memory for a frame");
    while ((err = ipc_next(&l->reader, &frame)) == ERR_OK) {
        l->fn(l->ctx, &frame);
    }
    if (err != ERR_NOT_FOUND)
        give_up(l, "malformed frame");
}

void link_listen(struct link *l, link_fn fn, void *ctx)
{
    l->fn = fn;
    l->ctx = ctx;
    if (uv_read_start((uv_stream_t *)&l->pipe, on_alloc, on_read) != 0)
        give_up(l, "cannot read");
}

struct write {
    uv_write_t req;
    struct buf bytes;
};

static void on_written(uv_write_t *req, int status)
{
    struct write *w = req->data;
    struct link *l = req->handle->data;

    buf_wipe(&w->bytes);
    mem_free(w);
    if (status != 0)
        give_up(l, "write failed");
}

void link_send(struct link *l, enum ipc_type type, uint64_t conn,
               struct bytes payload)
{
    struct write *w = mem_alloc(sizeof(*w));
    uv_buf_t bytes;

    if (w == NULL)
        give_up(l, "no memory for a frame");
    buf_init(&w->bytes, IPC_FRAME_MAX_BYTES + IPC_HEAD_SIZE);
    ipc_put(&w->bytes, type, conn, payload);
    if (w->bytes.err)
        give_up(l, "no memory for a frame");
    w->req.data = w;
    bytes = uv_buf_init((char *)w->bytes.data, (unsigned)w->bytes.len);
    if (uv_write(&w->req, (uv_stream_t *)&l->pipe, &bytes, 1, on_written) != 0)
        give_up(l, "write failed");
}
