/*
 * sync_internal.h - shared by the files sync*.c. Not for others.
 */
#ifndef CORE_SYNC_INTERNAL_H
#define CORE_SYNC_INTERNAL_H

#include "core/limits.h"
#include "core/store.h"
#include "core/store_blobs.h"
#include "core/sync.h"
#include "core/wire.h"

/* Names in the store's meta table. */
#define SYNC_META_RECEIPT "sync.receipt" /* the last one, COSE_Sign1 */
#define SYNC_META_CURSORS "sync.cursors" /* CBOR array, as received */
#define SYNC_META_RESTART "sync.restart" /* CBOR: struct sync_restart */
#define SYNC_META_METER   "sync.meter"   /* CBOR: [day, bytes] */

/* What is still to be given back to a restored server. */
struct sync_restart {
    bool is_open;
    uint64_t chains; /* closed incarnations done, of all of them */
    int64_t page;    /* id of the last page given back */
};

enum sync_flight {
    SYNC_NONE,
    SYNC_EXCHANGE,
    SYNC_PIECE,
    SYNC_DOWN,
    SYNC_PARCEL
};

/* A blob that the server asked for. */
struct sync_blob {
    struct hash name;
    uint64_t size, offset;
};

#define SYNC_STUCK_WORDS                                                   \
    "a photo's file is damaged on this tablet: the council lacks it, and " \
    "its own copy should be looked for"

/* One of our files that the server wants and doesn't get. */
struct sync_stuck {
    struct hash name;
    unsigned tries;
};

/* What comes down: one look over all that is missing. */
struct sync_down {
    bool is_open;                /* a look goes on */
    bool is_end;                 /* the last one saw all small pictures */
    bool is_single;              /* the one at hand comes in pieces */
    bool has_no_batch;           /* the server is an older one */
    unsigned misses;             /* the server hadn't got them either */
    struct store_blob_mark mark; /* of the small pictures */
    struct hash asked;           /* the last whole file looked at */
    uint64_t offset;             /* of the piece that was asked for */
    size_t count;
    struct store_blob blobs[SYNC_BLOBS_MAX]; /* being asked for */
};

struct sync {
    struct evlog *log;
    const struct port *port;
    struct uuid officers[SYNC_OFFICERS_MAX];
    size_t officer_count;
    bool is_metered;

    enum sync_flight flight;
    struct buf body; /* of the request that is out */

    /* the exchange that is out */
    struct uuid chain;  /* whose events went up */
    uint64_t head;      /* that we named */
    bool is_closed;     /* a closed incarnation, given back */
    uint64_t closed_at; /* which of the closed ones */
    int64_t offered;    /* page in it, 0: none */
    struct sync_restart restart;
    uint64_t closed_next; /* first sequence of a closed chain to send */

    /* rhythm */
    uint64_t batch;    /* events of one push */
    size_t piece;      /* bytes of a file in one request */
    uint64_t sent_ms;  /* mono: the request that is out */
    unsigned failures; /* in a row */
    unsigned chains;   /* opened since a receipt named events of the open one */
    uint64_t next_ms;  /* mono: not before */
    uint64_t poll_ms;  /* mono: look for news */
    bool has_more;     /* the server has a further page */
    int64_t prune_from; /* 0: nothing more to prune today */
    bool is_piece_done; /* blobs went up: ask for their receipt */

    size_t blob_count;
    struct sync_blob blobs[SYNC_BLOBS_MAX]; /* wanted, small ones first */
    size_t asked;                           /* blobs of the exchange */
    size_t stuck_count;                     /* ever; the oldest make room */
    struct sync_stuck stuck[SYNC_STUCK_MAX];
    uint64_t stuck_ms; /* mono: looked at again; 0: none is stuck */

    struct sync_meter {
        bool is_read;
        uint64_t day, used; /* days since 1970 by this tablet's clock; bytes */
    } meter;

    struct sync_down down;
    struct sync_parcel {
        bool is_open;    /* one may wait */
        bool has_offset; /* the server said how far it has it */
        struct hash name;
        uint64_t size, offset;
    } parcel;

    enum wire_stop stop; /* of the device: revoked, re-enrol */
    struct sync_status status;
};

/* --- sync_push.c --- */
MUST_USE enum err sync_push_build(struct sync *s, const char **type_out);
MUST_USE enum err sync_restart_get(struct sync *s);
MUST_USE enum err sync_restart_put(struct sync *s);

/* --- sync_pull.c --- */
/* Applies a whole answer, or nothing of it. */
MUST_USE enum err sync_pull_apply(struct sync *s, const char *type,
                                  struct bytes body);

/* --- sync_meter.c --- */
/* Bytes of files that may still travel today; a link that isn't metered has
 * no end of them. Entries are never counted. */
uint64_t sync_meter_left(struct sync *s);
void sync_meter_count(struct sync *s, uint64_t bytes);

/* --- sync_blob.c --- */
/* The next piece of a file of `size` bytes into the request's body; nothing
 * where the server has all of it. ERR_NOT_FOUND: the file ends before. */
MUST_USE enum err sync_piece_read(struct sync *s, const struct hash *name,
                                  uint64_t size, uint64_t offset);
bool sync_blob_is_stuck(const struct sync *s, const struct hash *name);
bool sync_blob_any_stuck(const struct sync *s);
/* Gives them another try: when their time is over, or at once. */
void sync_blob_look_again(struct sync *s, uint64_t now, bool is_now);
bool sync_blob_next(struct sync *s, struct sync_request *out);
MUST_USE enum err sync_blob_feed(struct sync *s, const struct sync_response *r);

/* --- sync_blob_down.c --- */
/* After an exchange; `is_news`: events came with it. */
void sync_down_begin(struct sync *s, bool is_news);
bool sync_down_next(struct sync *s, struct sync_request *out);
MUST_USE enum err sync_down_feed(struct sync *s, const struct sync_response *r);

/* --- sync_blob_parcel.c --- */
void sync_parcel_begin(struct sync *s);
bool sync_parcel_next(struct sync *s, struct sync_request *out);
MUST_USE enum err sync_parcel_feed(struct sync *s,
                                   const struct sync_response *r);

void sync_say(struct sync *s, enum err err, const char *why);

#endif /* CORE_SYNC_INTERNAL_H */
