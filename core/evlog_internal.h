/*
 * evlog_internal.h - shared by the files evlog_*.c. Not for others.
 */
#ifndef CORE_EVLOG_INTERNAL_H
#define CORE_EVLOG_INTERNAL_H

#include "core/evlog.h"
#include "core/store_internal.h"

/* Stored in event.state: append only. */
enum evlog_state {
    EVLOG_APPLIED = 0,
    EVLOG_QUARANTINED = 1, /* held, not applied */
    EVLOG_REPEATED = 2     /* recorded again in a later incarnation */
};

struct evlog {
    struct store *store;
    const struct port *port;
    struct evlog_identity id;
    int64_t incarnation_row; /* of id.incarnation */
    bool was_restored;
    bool is_salvaging; /* a photo's file may be missing */
    bool has_told_ahead;
    struct buf header; /* scratch */
};

/* What moves with each save; read anew for each, so that a rollback of an
 * outer transaction leaves nothing stale. */
struct evlog_clock {
    uint64_t hlc;
    uint64_t counter; /* events ever made here, as the port's counter */
};
MUST_USE enum err evlog_clock_get(struct store *s, struct evlog_clock *out);
MUST_USE enum err evlog_clock_put(struct store *s,
                                  const struct evlog_clock *clock);

/* Row of an incarnation; ERR_NOT_FOUND. */
MUST_USE enum err evlog_incarnation_find(struct store *s,
                                         const struct uuid *incarnation,
                                         int64_t *row_out);
/* The same, made when it isn't there. */
MUST_USE enum err evlog_incarnation_row(struct store *s,
                                        const struct uuid *incarnation,
                                        const struct uuid *device, bool is_own,
                                        int64_t *row_out);

/* A row of the event table to be written. */
struct evlog_row {
    int64_t incarnation;
    int64_t branch;
    const struct event_header *h;
    struct bytes header;
    const struct hash *link; /* NULL: not our own */
    struct bytes salt, body; /* data NULL: none */
    enum evlog_state state;
    const char *reason; /* or NULL */
};
MUST_USE enum err evlog_insert(struct store *s, const struct evlog_row *row,
                               int64_t *id_out);

/* evlog_append, each event saying where it stood (NULL: none did). */
MUST_USE enum err evlog_append_repeats(struct evlog *log,
                                       const struct evlog_new *events,
                                       size_t count,
                                       const struct event_places *former,
                                       struct event_ref *refs_out);

/* Records again, in this incarnation, what was unsent of another of our own,
 * which is closed; inside evlog_begin. */
MUST_USE enum err evlog_repeat(struct evlog *log, const struct uuid *old,
                               int64_t old_row, uint64_t old_head);

/* What stands here of salvaged chains, recorded again: a restored server may
 * lack it, and they can't be given back. In a transaction. */
MUST_USE enum err evlog_repeat_salvaged(struct evlog *log);

/* The safety copy learns of an own event, and of what was acknowledged. */
void evlog_safety_event(struct store *s, struct bytes header, struct bytes salt,
                        struct bytes body);
void evlog_safety_ack(struct store *s, const struct uuid *incarnation,
                      uint64_t held);

#endif /* CORE_EVLOG_INTERNAL_H */
