/*
 * desk.h - a council on a simulated machine and hand-made tablets in front
 * of it, for tests of the service. A tablet here is only a chain and a key:
 * it can be made to lie in ways that the real one cannot.
 */
#ifndef TESTS_SYNC_SERVER_DESK_H
#define TESTS_SYNC_SERVER_DESK_H

#include "core/body.h"
#include "core/limits.h"
#include "platform/sim/faultvfs.h"
#include "platform/sim/sim_port.h"
#include "sync-server/council.h"
#include "sync-server/service.h"
#include "tests/test.h"

#define DESK_EVENTS_MAX 64

struct desk {
    uint64_t world_ms;
    struct sim_port *machine;
    struct faultvfs *disk;
    struct service *service;
    struct sdb *db; /* a second look at the same database */
    struct council council;
    struct uuid officer;
};
void desk_open(struct desk *d);
void desk_restart(struct desk *d); /* the service, after a kill */
void desk_close(struct desk *d);

struct desk_tablet {
    struct desk *desk;
    struct uuid device, incarnation, officer;
    struct hash cert;
    struct ec_key key;
    uint64_t hlc, count;                  /* events made */
    struct buf wire[DESK_EVENTS_MAX + 1]; /* by sequence */
    struct hash link[DESK_EVENTS_MAX + 1];
    struct buf receipt; /* the last one */
    struct buf cursors; /* the items of the last list */
    size_t cursor_count;
};
void desk_tablet_new(struct desk *d, const char *name, struct desk_tablet *t);
void desk_tablet_free(struct desk_tablet *t);
/* A chain of its own from the same state: what a copied folder does. */
void desk_tablet_clone(const struct desk_tablet *from, struct desk_tablet *to);

/* One event, an observation with a note unless changed here. */
struct desk_event {
    uint64_t kind, op;
    struct uuid record;
    struct bytes body;   /* data NULL: a note */
    struct hash blob;    /* zero: none */
    struct uuid officer; /* zero: the tablet's */
    const char *form;    /* NULL: none */
};
void desk_record(struct desk_tablet *t, const struct desk_event *e);
void desk_note(struct desk_tablet *t, const char *text);

/* What to send; zeros: an honest push of first..last. */
struct desk_push {
    uint64_t first, last;
    bool is_bad_seal;
    bool forgets_receipt;
    struct bytes offer; /* an encoded wire_offer */
    const struct hash *blobs;
    size_t blob_count;
    size_t max_rows;
};

/* The answer; free with desk_reply_free. */
struct desk_reply {
    int status;
    struct buf plain, body;
    struct wire_reply msg;
    struct wire_receipt receipt; /* verified, where status is 200 */
};
void desk_encode(struct desk_tablet *t, const struct desk_push *p,
                 struct buf *out);
/* Sends packed bytes as they are. */
void desk_send_raw(struct desk_tablet *t, const char *type, struct bytes body,
                   struct desk_reply *out);
void desk_send(struct desk_tablet *t, const struct desk_push *p,
               struct desk_reply *out);
void desk_reply_free(struct desk_reply *r);

#endif /* TESTS_SYNC_SERVER_DESK_H */
