/*
 * ipc.h - frames between the server's processes, over socket pairs.
 *
 *   frame = length of payload u32 || type u32 || connection u64 || payload
 *   all little-endian
 *
 * Bytes only. Each side treats the other as broken into: a frame that is
 * too long, of an unknown type or malformed ends the process that reads
 * it, and the parent starts all of them anew.
 */
#ifndef SYNC_SERVER_IPC_H
#define SYNC_SERVER_IPC_H

#include "core/buf.h"
#include "sync-server/service.h"

enum ipc_type {
    IPC_OPEN = 1, /* tls -> http, store: who a connection is */
    IPC_DATA,     /* tls <-> http: plain bytes */
    IPC_CREDIT,   /* http -> tls: so many bytes may follow, u32 */
    IPC_CLOSE,    /* either way; http -> tls: after what was sent */
    IPC_REQUEST,  /* http -> store */
    IPC_RESPONSE, /* store -> http */
    IPC_CONTROL,  /* command line -> store, and its answer */
    IPC_READY,    /* child -> parent: rights dropped, at work */
    IPC__COUNT
};

struct ipc_frame {
    enum ipc_type type;
    uint64_t conn; /* never used twice while the server runs */
    struct bytes payload;
};

#define IPC_HEAD_SIZE 16

void ipc_put(struct buf *out, enum ipc_type type, uint64_t conn,
             struct bytes payload);

struct ipc_reader {
    struct buf in;
    size_t used; /* of `in`: frames that were handed out */
};
void ipc_reader_init(struct ipc_reader *r);
void ipc_reader_fini(struct ipc_reader *r);
/* What came from the socket; ERR_NOMEM, ERR_TOO_LONG. */
MUST_USE enum err ipc_feed(struct ipc_reader *r, struct bytes data);
/* The next whole frame, valid until ipc_feed(). ERR_NOT_FOUND: not yet. */
MUST_USE enum err ipc_next(struct ipc_reader *r, struct ipc_frame *out);

/* --- payloads; parse gives views or copies as the struct says --- */

/* Who is at the other end, as the tls process knows it. */
struct ipc_peer {
    enum service_listener listener;
    char address[64];
    bool has_device;
    struct uuid device;
    struct hash cert;
};
void ipc_peer_put(struct buf *out, const struct ipc_peer *p);
MUST_USE enum err ipc_peer_parse(struct bytes in, struct ipc_peer *out);

/* All but the peer: that comes from the tls process itself, so that the
 * http process, which reads hostile bytes, can't claim to be somebody. */
void ipc_request_put(struct buf *out, const struct service_request *r);
MUST_USE enum err ipc_request_parse(struct bytes in,
                                    struct service_request *out);

/* `content_type` of the parsed response points into `type_out`. */
void ipc_response_put(struct buf *out, const struct service_response *r);
MUST_USE enum err ipc_response_parse(struct bytes in, char type_out[64],
                                     struct service_response *out,
                                     struct bytes *body_out);

/* --- files --- */

/* Whole frame or nothing, blocking; ERR_IO when the other side is gone. */
MUST_USE enum err ipc_write(int fd, struct bytes frames);
/* One read() into the reader: ERR_NOT_FOUND when nothing is there now,
 * ERR_CLOSED at the end. */
MUST_USE enum err ipc_read(int fd, struct ipc_reader *r);

#endif /* SYNC_SERVER_IPC_H */
