/*
 * conflict.h - what a person must decide about a record, and the event that
 * says what was decided. A pure function of the record's events, for tablet
 * and server alike; core/merge.h says what stands in conflict.
 *
 * A strike beside an edit is one question about the whole record (field 0):
 * shall it stay struck, or be kept as it was, with the edit? The fields that
 * two people wrote differently are a question each.
 */
#ifndef CORE_CONFLICT_H
#define CORE_CONFLICT_H

#include "core/merge.h"

#define CONFLICT_RECORD 0 /* the question about the whole record */

struct conflict_side {
    size_t event;       /* index into the events given: who wrote it, when */
    struct bytes value; /* CBOR; data NULL: that event is the strike */
};

struct conflict_question {
    uint64_t field; /* CONFLICT_RECORD: struck (sides with data NULL) or not */
    size_t side_count; /* in order (hlc, device, incarnation, sequence) */
    struct conflict_side *sides;
};

struct conflict {
    struct merge_record now;
    struct merge_record kept; /* the same as if nobody had struck it */
    bool is_strike;           /* the first question is CONFLICT_RECORD */
    size_t question_count;    /* 0: nothing to decide */
    struct conflict_question *questions;
    size_t joined; /* fields that joined without trouble */
};

/* `events` as for merge_record; they outlive `out`. Free with
 * conflict_fini. */
MUST_USE enum err conflict_read(const struct merge_event *events, size_t count,
                                struct conflict *out);
void conflict_fini(struct conflict *c);

/* What is to stand. Of CONFLICT_RECORD: value data NULL for "struck", else
 * anything for "kept". */
struct conflict_choice {
    uint64_t field;
    struct bytes value; /* CBOR */
};

struct conflict_answer {
    const struct conflict_choice *choices;
    size_t count;
    const struct uuid *incarnation; /* of who decides: shortens its bases */
};

/*
 * The decision as a body: values and, as bases, every head of what it
 * decides. `op_out` is OP_RESOLVE, or OP_STRIKE when the strike stands.
 * Fields that no choice names stay in conflict. ERR_NOT_FOUND: a choice
 * about what is no question. ERR_BAD_DATA: a kept record's field has two
 * values and no choice.
 */
MUST_USE enum err conflict_decide(const struct conflict *c,
                                  const struct merge_event *events,
                                  const struct conflict_answer *answer,
                                  struct body_writer *w, enum event_op *op_out);

/* The heads that the questions are about, as one hash: another one later
 * means that somebody wrote in between. */
void conflict_stamp(const struct conflict *c, const struct merge_event *events,
                    struct hash *out);

#endif /* CORE_CONFLICT_H */
