/*
 * reviews.h - a patrol's log as team leaders review it: its entries, what
 * was asked of them, and the verdict that stands (core/PROTOCOL.md 4). As on
 * the tablet (core/tablet_review.h), but for every patrol of the council.
 */
#ifndef SYNC_SERVER_REVIEWS_H
#define SYNC_SERVER_REVIEWS_H

#include "sync-server/said.h"
#include "sync-server/sdb_page.h"

#define REVIEWS_WALK_MAX 5000 /* events looked at for one patrol */

/* Most urgent first. */
enum review_state {
    REVIEW_TO_DO,   /* ended, no verdict that stands */
    REVIEW_BACK,    /* a question has no answer yet */
    REVIEW_RUNNING, /* its end isn't here */
    REVIEW_DONE     /* approved */
};

struct review_log {
    struct uuid patrol, officer;
    int64_t started_ms, ended_ms; /* by the tablet's clock; 0: not here */
    char area[64];                /* id of a beat; "" */
    enum review_state state;
    size_t entries, closed, to_look_at, reviewed, asked, answered;
    bool is_cut;    /* more entries than REVIEW_ENTRIES_MAX */
    struct uuid by; /* of the verdict that stands; zero: none */
    int64_t by_ms;
    char reason[SAID_TEXT_SIZE];
    struct uuid other; /* whose was made without knowing of it; zero: none */
    int64_t other_ms;
};

struct review_entry {
    struct uuid record;
    uint64_t kind;
    bool is_closed; /* restricted or sealed: that it is there, no more */
    int64_t made_ms;
    enum said_mark mark;
    const struct said *said;
    const struct said_one *by; /* see said_mark */
};
typedef enum err (*review_entry_fn)(void *ctx, const struct review_entry *e);
/*
 * One patrol, and each entry in the order that it was written (`fn` may be
 * NULL). Entries are those that its officer wrote on the tablet, in the
 * chain, that it was begun on. ERR_NOT_FOUND: its beginning isn't held.
 */
MUST_USE enum err reviews_read(struct council *c, const struct uuid *patrol,
                               review_entry_fn fn, void *ctx,
                               struct review_log *out);

#endif /* SYNC_SERVER_REVIEWS_H */
