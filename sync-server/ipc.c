#include "sync-server/ipc.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/limits.h"

static void put_le(uint8_t *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(value >> (8 * i));
    }
}

static uint64_t get_le(const uint8_t *in, size_t bytes)
{
    uint64_t value = 0;

    for (size_t i = 0; i < bytes; i++) {
        value |= (uint64_t)in[i] << (8 * i);
    }
    return value;
}

void ipc_put(struct buf *out, enum ipc_type type, uint64_t conn,
             struct bytes payload)
{
    uint8_t head[IPC_HEAD_SIZE];

    ASSERT(payload.len <= IPC_FRAME_MAX_BYTES);
    put_le(head, payload.len, 4);
    put_le(head + 4, (uint64_t)type, 4);
    put_le(head + 8, conn, 8);
    buf_put(out, head, sizeof(head));
    buf_put(out, payload.data, payload.len);
}

void ipc_reader_init(struct ipc_reader *r)
{
    buf_init(&r->in, 2 * (IPC_FRAME_MAX_BYTES + IPC_HEAD_SIZE));
    r->used = 0;
}

void ipc_reader_fini(struct ipc_reader *r)
{
    buf_wipe(&r->in);
    r->used = 0;
}

enum err ipc_feed(struct ipc_reader *r, struct bytes data)
{
    if (r->used > 0) {
        memmove(r->in.data, r->in.data + r->used, r->in.len - r->used);
        r->in.len -= r->used;
        r->used = 0;
    }
    buf_put(&r->in, data.data, data.len);
    return r->in.err;
}

enum err ipc_next(struct ipc_reader *r, struct ipc_frame *out)
{
    const size_t left = r->in.len - r->used;
    const uint8_t *at;
    uint64_t len, type;

    if (left < IPC_HEAD_SIZE)
        return ERR_NOT_FOUND;
    at = r->in.data + r->used;
    len = get_le(at, 4);
    type = get_le(at + 4, 4);
    if (len > IPC_FRAME_MAX_BYTES || type < IPC_OPEN || type >= IPC__COUNT)
        return ERR_BAD_DATA;
    if (left - IPC_HEAD_SIZE < len)
        return ERR_NOT_FOUND;
    out->type = (enum ipc_type)type;
    out->conn = get_le(at + 8, 8);
    out->payload.data = at + IPC_HEAD_SIZE;
    out->payload.len = (size_t)len;
    r->used += IPC_HEAD_SIZE + (size_t)len;
    return ERR_OK;
}

static bool wait_for(int fd, short events)
{
    struct pollfd p = { .fd = fd, .events = events };

    for (;;) {
        const int got = poll(&p, 1, -1);

        if (got > 0)
            return true;
        if (got < 0 && errno != EINTR)
            return false;
    }
}

enum err ipc_write(int fd, struct bytes frames)
{
    while (frames.len > 0) {
        const ssize_t sent = send(fd, frames.data, frames.len, MSG_NOSIGNAL);

        if (sent > 0) {
            frames.data += sent;
            frames.len -= (size_t)sent;
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (!wait_for(fd, POLLOUT))
                return ERR_IO;
        } else if (errno != EINTR) {
            return ERR_IO;
        }
    }
    return ERR_OK;
}

enum err ipc_read(int fd, struct ipc_reader *r)
{
    static uint8_t piece[64 * 1024];
    const ssize_t got = recv(fd, piece, sizeof(piece), MSG_DONTWAIT);

    if (got > 0)
        return ipc_feed(r, (struct bytes){ piece, (size_t)got });
    if (got == 0)
        return ERR_CLOSED;
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
        return ERR_NOT_FOUND;
    return ERR_IO;
}
