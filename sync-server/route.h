/*
 * route.h - one table says who may ask what: listener, right, handler. A
 * new endpoint is one line in route.c and one function in its own file.
 */
#ifndef SYNC_SERVER_ROUTE_H
#define SYNC_SERVER_ROUTE_H

#include "sync-server/council.h"
#include "sync-server/service.h"

enum route_right {
    RIGHT_NONE,   /* anybody who reaches the listener */
    RIGHT_DEVICE, /* an enrolled device, also a revoked one */
    RIGHT_ACTIVE  /* an enrolled device that may download */
};

/* What a handler works with. */
struct route_call {
    struct council *council;
    const struct service_request *in;
    const char *tail;         /* what '*' of the pattern matched */
    struct sdb_device device; /* RIGHT_DEVICE and RIGHT_ACTIVE */
    bool may_download;        /* the same: device and certificate have access */
    struct service_response *out;
};

/* Fills `out` (status 200 and an empty body before); an error becomes the
 * status of route_status(). */
typedef enum err (*route_fn)(struct route_call *call);

struct route {
    enum service_method method;
    const char *pattern; /* exact, or with '*' at the end */
    enum service_listener listener;
    enum route_right right;
    route_fn handler;
};

/* The status for a listener, method, path; 404 or 405 without a route. */
void route_dispatch(struct council *council, const struct service_request *in,
                    struct service_response *out);

/* Adds "Name: value"; ASSERTs that there is room. */
void route_header(struct service_response *out, const char *format, ...)
    PRINTF(2, 3);
/* A plain answer with a reason in text/plain. */
enum err route_reply_text(struct route_call *call, int status,
                          const char *text);
int route_status(enum err err);

#endif /* SYNC_SERVER_ROUTE_H */
