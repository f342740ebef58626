/*
 * decide.h - a record as the console sees it: its events merged, and what
 * a person has decided about it.
 *
 * A decision made on the console is an event of the server as a device (its
 * chain, its seal) that names the officer who was signed in, as every event
 * names who wrote it. It goes to whoever reads the record. Closed records
 * are not read here.
 */
#ifndef SYNC_SERVER_DECIDE_H
#define SYNC_SERVER_DECIDE_H

#include "core/conflict.h"
#include "core/form.h"
#include "sync-server/council.h"

struct decide_event {
    struct event_header header;
    struct buf body;
};

struct decide_record {
    struct uuid id;
    uint64_t kind; /* of its first event */
    bool is_closed;
    size_t count, cap, max;
    size_t first;               /* index of the earliest event by its hlc */
    struct decide_event **list; /* owned; in the order of the log */
    struct merge_event *events; /* the same, for core/conflict.h */
    struct conflict conflict;
    struct form *form; /* NULL: none, or not published */
};

/* ERR_NOT_FOUND without events, ERR_DENIED for a closed record, ERR_TOO_LONG
 * beyond DECIDE_EVENTS_MAX. Free with decide_fini, also after an error. */
MUST_USE enum err decide_read(struct council *c, const struct uuid *record,
                              struct decide_record *out);
void decide_fini(struct decide_record *r);
/* The first head of a field as merged; data NULL without one. */
struct bytes decide_value(const struct decide_record *r, uint64_t field);

/* Renews the record's place in the list of conflicts, after an event of it
 * was accepted. Inside a transaction. */
MUST_USE enum err decide_index(struct council *c, const struct uuid *record,
                               uint64_t kind, uint64_t op);

/* One event of the server's own about an open record, for everybody who
 * reads it. Inside a transaction. */
MUST_USE enum err decide_append(struct council *c, const struct evlog_new *e);

/* Records the decision of `officer`, for everybody who reads the record.
 * Errors as conflict_decide(). Its own transaction. */
MUST_USE enum err decide(struct council *c, const struct decide_record *r,
                         const struct uuid *officer,
                         const struct conflict_choice *choices, size_t count);

#endif /* SYNC_SERVER_DECIDE_H */
