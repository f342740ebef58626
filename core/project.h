/*
 * project.h - records as screens and searches see them, made from events:
 * a pure function of the events held and of the content keys held. Written
 * in the same transaction as the events; dropped and made anew they are
 * equal (store_dump_hash).
 */
#ifndef CORE_PROJECT_H
#define CORE_PROJECT_H

#include "core/merge.h"
#include "core/store.h"
#include "core/tier.h"

/* Renew the rows of these records; sorts `records`, which may repeat. */
MUST_USE enum err project_records(struct store *s, struct uuid *records,
                                  size_t count);
/* Drop all rows and make them anew. */
MUST_USE enum err project_all(struct store *s);

/* Opens a closed body of `record`; ERR_NOT_FOUND without a key for it. */
typedef enum err (*project_open_fn)(void *ctx, const struct uuid *record,
                                    struct bytes body, struct buf *plain_out);

/* One record, merged with keys of the caller's own and written nowhere. */
struct project_view {
    uint64_t kind; /* 30 or 31 still: nothing could be opened */
    char form[FORM_ID_MAX + 1];
    uint64_t form_version;
    const struct merge_event *events; /* heads point into them */
    struct merge_record merged;
    struct history *history; /* opaque */
};
/* ERR_NOT_FOUND: no event of it is held. Free with project_view_fini. */
MUST_USE enum err project_view(struct store *s, const struct uuid *record,
                               project_open_fn open, void *ctx,
                               struct project_view *out);
void project_view_fini(struct project_view *v); /* wipes */
/* The applied and quarantined events of a record as merge takes them, bodies
 * opened where a key is held; all views end with the call of `fn`.
 * ERR_NOT_FOUND when none is held, else what `fn` returned. */
typedef enum err (*project_events_fn)(void *ctx,
                                      const struct merge_event *events,
                                      size_t count);
MUST_USE enum err project_events(struct store *s, const struct uuid *record,
                                 project_events_fn fn, void *ctx);

/* --- between project.c and project_index.c --- */

/* One record being projected. */
struct project {
    struct store *store;
    int64_t id; /* row */
    uint64_t kind;
    enum tier tier;
    struct merge_record merged;
    const struct merge_event *events;
    size_t count;
};

/* A field with one value for all: data NULL when missing or in conflict. */
struct bytes project_value(const struct merge_record *r, uint64_t field);
bool project_text(struct bytes value, struct bytes *out);
bool project_int(struct bytes value, int64_t *out);

/* Renew search, place and definition rows. */
MUST_USE enum err project_index(const struct project *p, bool is_new);

#endif /* CORE_PROJECT_H */
