/*
 * sync.h - the tablet's side of reconciliation, sans-IO: it hands out one
 * request at a time and is fed the answer, or the news that there was none.
 *
 *   sync_next() -> request -> (network) -> sync_feed() or sync_failed()
 *
 * Only a verified receipt moves anything to "acknowledged". A web page in
 * place of an answer, an inspecting proxy, a cut at any byte: no state
 * changes, the engine waits and tries again (full jitter after the cap,
 * Retry-After obeyed). States and what is true in each: head of sync.c.
 */
#ifndef CORE_SYNC_H
#define CORE_SYNC_H

#include "core/evlog.h"

struct sync; /* opaque */

struct sync_options {
    struct evlog *log; /* outlives the engine */
    const struct port *port;
    const struct uuid *officers; /* with a wrap on this tablet */
    size_t officer_count;
    bool is_metered; /* hold originals back */
};
MUST_USE enum err sync_open(const struct sync_options *options,
                            struct sync **out);
void sync_close(struct sync *s);

enum sync_method { SYNC_POST, SYNC_HEAD, SYNC_PATCH, SYNC_GET };

/* Views are valid until the next call of the engine. */
struct sync_request {
    enum sync_method method;
    char path[160];    /* "/v1/exchange", "/v1/blobs/<hex>" */
    struct bytes body; /* zstd-packed CBOR, or a piece of a blob */
    const char *content_type;
    uint64_t upload_offset, upload_length; /* PATCH only (tus 1.0) */
    uint32_t timeout_ms;                   /* whole request */
};

/*
 * What to do at time `mono_ms`. True: send `out`. False: nothing now; look
 * again at `*wake_ms_out` (mono), or when something was recorded.
 */
bool sync_next(struct sync *s, uint64_t mono_ms, struct sync_request *out,
               uint64_t *wake_ms_out);

struct sync_response {
    int status;               /* HTTP */
    const char *content_type; /* "" when absent */
    struct bytes body;
    bool has_offset;
    uint64_t upload_offset; /* header Upload-Offset */
    uint32_t retry_after_s; /* 0: none */
};
/* Returns what the answer meant: ERR_OK, ERR_PORTAL, ERR_REFUSED, ... */
enum err sync_feed(struct sync *s, uint64_t mono_ms,
                   const struct sync_response *response);
/* No answer: ERR_UNREACHABLE, ERR_TLS, ... `why` for the status page. */
void sync_failed(struct sync *s, uint64_t mono_ms, enum err err,
                 const char *why);

/* "Try now": forget the back-off (the officer pressed the button). */
void sync_now(struct sync *s, uint64_t mono_ms);

enum sync_state {
    SYNC_IDLE,    /* nothing waits, last exchange succeeded */
    SYNC_SENDING, /* a request is out, or the next is due */
    SYNC_WAITING, /* back-off after a failure */
    SYNC_STOPPED  /* needs a person: revoked, alarm, re-enrolment */
};
struct sync_status {
    enum sync_state state;
    enum err last_err;
    char why[200];                    /* plain words, no personal data */
    uint64_t next_try_ms;             /* mono, while waiting */
    uint64_t bytes_total, bytes_done; /* of the blob on its way */
    struct hash blob;                 /* that blob; zero: none */
    /* The council's clock, UTC, at monotonic `council_mono_ms`; 0: no answer
     * yet. It may run up to HLC_AHEAD_MAX_MS before its wall's. */
    int64_t council_ms;
    uint64_t council_mono_ms;
    bool is_alarm; /* log went back, fork: shown until resolved */
};
void sync_status(const struct sync *s, struct sync_status *out);

#endif /* CORE_SYNC_H */
