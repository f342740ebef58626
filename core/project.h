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
