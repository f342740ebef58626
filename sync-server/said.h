/*
 * said.h - what people said of an open record without changing it: questions
 * of colleagues and of team leaders, answers, reviews (core/PROTOCOL.md 4).
 */
#ifndef SYNC_SERVER_SAID_H
#define SYNC_SERVER_SAID_H

#include "core/fields.h"
#include "sync-server/council.h"

#define SAID_MAX       64 /* of one record, in the order of the log */
#define SAID_TEXT_SIZE 2001

struct said_one {
    struct event_ref ref, origin; /* origin: of a copy, where it stood first */
    uint64_t op;                  /* OP_ASK, OP_ANSWER, OP_REVIEW */
    uint64_t hlc;
    struct uuid officer;
    int64_t at_ms;  /* by that device's own clock */
    bool is_peer;   /* between two officers: */
    struct uuid of; /* whom is asked; of an answer who asked */
    int64_t verdict, count;
    uint64_t seen;
    char text[SAID_TEXT_SIZE]; /* question, answer, reason */
};

struct said {
    struct uuid record, officer; /* officer: of its first event */
    uint64_t kind;               /* of its first event; 0: none is held */
    bool is_closed;              /* restricted or sealed: nothing is read */
    int64_t made_ms;
    uint64_t changed; /* hlc of its newest change, or answer to a leader */
    uint64_t newest;  /* of all */
    size_t count;
    bool is_cut; /* more was said */
    struct said_one list[SAID_MAX];
};
/* Large. Without an event of the record `kind` is 0. */
MUST_USE enum err said_read(struct council *c, const struct uuid *record,
                            struct said *out);

/* The first answer to a question; NULL: none. */
const struct said_one *said_answer(const struct said *s,
                                   const struct said_one *ask);
/* Neither answered nor, a leader's, set aside by an approval. */
bool said_is_open(const struct said *s, const struct said_one *ask);

enum said_mark { SAID_TO_LOOK_AT, SAID_REVIEWED, SAID_ASKED, SAID_ANSWERED };
/* Where an entry stands in a review; the approval or question that says so
 * in `by_out` (NULL: none). */
enum said_mark said_mark(const struct said *s, const struct said_one **by_out);

#endif /* SYNC_SERVER_SAID_H */
