/*
 * accept.h - one event that came in: its verdict, its row and leaf, and who
 * may read it. A well-formed header that fits is always taken; a refusal
 * concerns the body only, which goes to quarantine with a plain reason.
 */
#ifndef SYNC_SERVER_ACCEPT_H
#define SYNC_SERVER_ACCEPT_H

#include "sync-server/council.h"

/* An event as it was sent, taken apart. */
struct accept_event {
    struct event_header h;
    bool is_newer;      /* another envelope: kept and forwarded unread */
    bool is_given_back; /* our signature says that we applied it once */
    struct bytes header;
    struct hash header_hash;
    struct bytes salt, body;
};
/* `header` is the memory for ev->header; reset first. ERR_BAD_DATA when it
 * isn't one. */
MUST_USE enum err accept_parse(struct bytes wire, struct buf *header,
                               struct accept_event *out);

struct accept_result {
    enum err code; /* ERR_OK: applied */
    const char *reason;
};

/*
 * Stores one event that isn't held yet. `link` is NULL while its chain is
 * missing. `device` is the one that the event names.
 */
MUST_USE enum err accept_store(struct council *c,
                               const struct sdb_device *device,
                               const struct accept_event *ev,
                               const struct hash *link,
                               struct accept_result *result_out);

/*
 * The body of an event that is held without it: given back after a restore
 * by a tablet that had pruned it. Nothing when there is nothing to fill.
 */
MUST_USE enum err accept_fill(struct council *c, const struct sdb_event *held,
                              const struct accept_event *ev);

#endif /* SYNC_SERVER_ACCEPT_H */
