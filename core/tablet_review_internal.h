/*
 * tablet_review_internal.h - shared by the files of core/tablet_review.h.
 */
#ifndef CORE_TABLET_REVIEW_INTERNAL_H
#define CORE_TABLET_REVIEW_INTERNAL_H

#include "core/tablet_internal.h"
#include "core/tablet_review.h"

/* What was said of one record, into `e`: mark, question, answer, pictures.
 * `with_place`: and where it was. Its item, kind and time too. */
MUST_USE enum err tablet_review_entry(struct tablet *t,
                                      const struct uuid *record,
                                      bool with_place,
                                      struct tablet_log_entry *e);

/* What the patrol's own events say. */
struct review_patrol {
    struct tablet_patrol_log *out;
    int64_t grace_ms;  /* after which a check-in is late: core/policy.h */
    uint64_t from, to; /* hlc of start and end */
    uint64_t newest;   /* hlc of the newest event */
    /* verdicts, oldest first */
    struct review_one {
        uint64_t hlc, seen;
        int64_t verdict, at_ms;
        struct uuid officer;
        char reason[TABLET_TEXT_SIZE];
    } reviews[REVIEW_VERDICTS_MAX];
    size_t review_count;
    struct {
        enum tablet_entry_kind kind;
        int64_t at_ms;
    } steps[REVIEW_STEPS_MAX];
    size_t step_count;
    int64_t due_ms; /* of the welfare check promised last; 0: none */
};
/* Fields and events of the patrol `out->id`; ERR_NOT_FOUND. */
MUST_USE enum err tablet_review_read(struct tablet *t, struct review_patrol *p);
/* Which verdict stands, once the entries are counted. */
MUST_USE enum err tablet_review_settle(struct tablet *t,
                                       struct review_patrol *p);

#endif /* CORE_TABLET_REVIEW_INTERNAL_H */
