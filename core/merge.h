/*
 * merge.h - what a record is, as a pure function of its events.
 *
 * Concurrency is known by cause, never by clocks: an event is superseded in
 * a field when a later one names it in its bases. What is left are the
 * heads. More than one distinct value among them is a conflict: all stay,
 * none is current (architecture, 3). A strike is a head of every field; a
 * set outside its past stands beside it. Arrival order never matters.
 */
#ifndef CORE_MERGE_H
#define CORE_MERGE_H

#include "core/body.h"

/* One event as the merge needs it; views stay with the caller. */
struct merge_event {
    struct event_ref ref;
    uint64_t hlc;
    struct uuid device;
    struct uuid officer;
    uint64_t op;
    struct bytes body;   /* data NULL: erased or not held; no fields then */
    bool is_quarantined; /* known, not applied */
    struct event_places former; /* recorded again: counts in their place */
};

struct merge_value {
    size_t event;       /* index into the events given */
    struct bytes value; /* data NULL: this head is a strike */
};

struct merge_field {
    uint64_t id;
    size_t head_count;
    struct merge_value *heads; /* in order (hlc, device, incarnation, seq) */
    bool is_conflict;          /* distinct values among the heads */
    bool is_set;      /* a set of codes: union; conflict only beside a strike */
    struct buf codes; /* set field: canonical array of tstr */
};

struct merge_record {
    size_t field_count;
    struct merge_field *fields; /* ascending id */
    struct uuid parent;
    uint64_t parent_field;
    bool is_struck; /* every head of every field is a strike */
    bool has_conflict;
    bool has_missing; /* names a base that isn't held yet */
    bool has_newer;   /* an operation that this version doesn't know */
};

/* `events` in any order. ERR_NOMEM, or ERR_BAD_DATA for a body that isn't
 * one (callers quarantine those first). Free with merge_fini. */
MUST_USE enum err merge_record(const struct merge_event *events, size_t count,
                               struct merge_record *out);
void merge_fini(struct merge_record *r);

#endif /* CORE_MERGE_H */
