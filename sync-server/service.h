/*
 * service.h - the council's service without sockets: a request in, an
 * answer out. The store process calls it for what the http process parsed;
 * the simulator calls it directly. Everything that decides is behind it:
 * who may ask is looked up in the database on every request.
 */
#ifndef SYNC_SERVER_SERVICE_H
#define SYNC_SERVER_SERVICE_H

#include "core/base.h"
#include "core/buf.h"
#include "core/port.h"

struct service; /* opaque */

struct service_options {
    const char *dir;         /* of the council: database, blobs, keys */
    const char *vfs;         /* NULL: SQLite's default */
    const struct port *port; /* clock, random, blob files, log */
};
MUST_USE enum err service_open(const struct service_options *options,
                               struct service **out);
void service_close(struct service *s);

/* For the command line, between requests. */
struct council;
struct council *service_council(struct service *s);

enum service_listener { LISTENER_DEVICE, LISTENER_WEB, LISTENER_METRICS };

enum service_method { METHOD_GET, METHOD_HEAD, METHOD_POST, METHOD_PATCH };

/* Checked and bounded by the http process; strings are never NULL. */
struct service_request {
    enum service_listener listener;
    enum service_method method;
    char path[512];   /* decoded, starts with '/', no dot segments */
    char query[1024]; /* as sent, without '?' */
    char content_type[64];
    char cookie[512];
    char origin[200];
    char host[200];
    bool has_upload_offset;
    uint64_t upload_offset, upload_length;
    bool has_peer;         /* a client certificate of our CA was shown */
    struct uuid device;    /* from that certificate */
    struct hash peer_cert; /* SHA-256 of its DER */
    char address[64];      /* of the peer, for limits; never logged */
    struct bytes body;
};

#define SERVICE_HEADERS_MAX 8
struct service_response {
    int status; /* HTTP */
    const char *content_type;
    size_t header_count;
    char headers[SERVICE_HEADERS_MAX][512]; /* "Name: value" */
    struct buf body;
};

/* Always answers; an error of ours is a 503 or 507 with a plain reason. */
void service_handle(struct service *s, const struct service_request *in,
                    struct service_response *out);

/* Work that waits for nobody (expiry, backups). Next due in `*wake_ms`. */
void service_tick(struct service *s, uint64_t *wake_ms_out);

#endif /* SYNC_SERVER_SERVICE_H */
