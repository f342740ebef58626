/*
 * tablet_history.h - what became of one record, step by step, and what
 * officers ask each other about it. A question to a colleague is an event
 * of its own (PROTOCOL 4, Review); it changes nothing of the record and
 * nothing of its review.
 */
#ifndef CORE_TABLET_HISTORY_H
#define CORE_TABLET_HISTORY_H

#include "core/tablet_conflict.h"

struct tablet_step_field {
    uint64_t id;
    struct bytes value; /* CBOR; a set as codes added and removed */
};

struct tablet_step {
    uint64_t op;           /* enum event_op */
    bool is_refused;       /* held by the server, not applied */
    struct tablet_side by; /* who, where, when; `reason`; no value */
    size_t field_count;    /* 0 too where the content isn't here */
    const struct tablet_step_field *fields;
};
typedef enum err (*tablet_step_fn)(void *ctx, const struct tablet_step *s);

/* In the order of hlc, oldest first; views end with the call of `fn`, which
 * must not write and may end it with ERR_STOPPED. ERR_NOT_FOUND, ERR_DENIED
 * for what isn't readable here. */
MUST_USE enum err tablet_history(struct tablet *t, const struct uuid *record,
                                 tablet_step_fn fn, void *ctx);

/* Who wrote an event, where and when; the rest of `side` stays. */
MUST_USE enum err tablet_side_read(struct tablet *t,
                                   const struct event_ref *ref,
                                   struct tablet_side *side);

/* The newest question of who is signed in to a colleague about a record. */
struct tablet_exchange {
    struct uuid whom; /* zero: none was asked */
    char name[TABLET_TEXT_SIZE];
    char question[TABLET_TEXT_SIZE], answer[TABLET_TEXT_SIZE];
    int64_t asked_ms, answered_ms; /* UTC; answered 0: not yet */
};
MUST_USE enum err tablet_asked_by_me(struct tablet *t,
                                     const struct uuid *record,
                                     struct tablet_exchange *out);
/* ERR_USAGE for an empty one or oneself, ERR_DENIED for a closed record:
 * nobody else reads it. The answer: tablet_answer(). */
MUST_USE enum err tablet_ask(struct tablet *t, const struct uuid *record,
                             const struct uuid *whom, const char *question);

#endif /* CORE_TABLET_HISTORY_H */
