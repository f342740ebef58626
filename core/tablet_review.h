/*
 * tablet_review.h - a team leader's look at what the team did: patrols,
 * the entries of one, what was asked of them and answered. A review is an
 * event of its own about a record; it never changes what the officer wrote.
 *
 * What a leader sees here is what this tablet may read anyway: open records
 * of the teams. A restricted one is told as a row without content, a sealed
 * one not at all. As in core/tablet_list.h, `fn` may end a list with
 * ERR_STOPPED and must not write.
 */
#ifndef CORE_TABLET_REVIEW_H
#define CORE_TABLET_REVIEW_H

#include "core/fields.h"
#include "core/tablet_list.h"

#define TABLET_MINUTES_SIZE 1024

/* Is who is signed in a team leader, as the council says? */
MUST_USE enum err tablet_is_leader(struct tablet *t, bool *out);

/* --- one entry of a log --- */

enum tablet_entry_kind {
    TABLET_LOG_STARTED,
    TABLET_LOG_PAUSED,
    TABLET_LOG_RESUMED,
    TABLET_LOG_RECORD, /* an observation, a notice */
    TABLET_LOG_LINE,   /* written into the book by hand */
    TABLET_LOG_CLOSED, /* restricted: that there is one */
    TABLET_LOG_ENDED
};
enum tablet_review_mark {
    TABLET_TO_LOOK_AT,
    TABLET_REVIEWED, /* as it is now: a later change takes it back */
    TABLET_ASKED,
    TABLET_ANSWERED /* to be looked at again */
};

struct tablet_log_entry {
    enum tablet_entry_kind kind;
    int64_t at_ms; /* UTC: seen, or made where that isn't said */
    bool has_gnss;
    int64_t off_ms;          /* satellite minus wall clock, when it was made */
    struct tablet_item item; /* RECORD, LINE; id zero: none */
    uint64_t changed;        /* hlc of the newest that was seen */
    enum tablet_review_mark mark;
    char by[TABLET_TEXT_SIZE]; /* who reviewed or asked, last */
    int64_t by_ms;
    char question[TABLET_TEXT_SIZE], answer[TABLET_TEXT_SIZE];
    int64_t answered_ms;
    unsigned pictures, pictures_here; /* photos, and those one can see */
    bool has_place;
    struct body_place place; /* without words */
};
typedef enum err (*tablet_log_fn)(void *ctx, const struct tablet_log_entry *e);

/* --- a patrol's log --- */

enum tablet_log_state {
    TABLET_LOG_TO_REVIEW,
    TABLET_LOG_SENT_BACK, /* a question has no answer yet */
    TABLET_LOG_APPROVED,
    TABLET_LOG_ARRIVING /* its end isn't here */
};

struct tablet_patrol_log {
    struct uuid id, officer;
    char name[TABLET_TEXT_SIZE];  /* of the officer; "": not known here */
    char area[TABLET_TEXT_SIZE];  /* beat */
    int64_t started_ms, ended_ms; /* UTC; ended 0: not known */
    enum tablet_log_state state;
    bool is_own;
    unsigned logs, notices, photos, lines; /* lines: of the book, all */
    unsigned total, here; /* entries and pictures: named, and seen here */
    unsigned conflicts, to_look_at, reviewed, asked, answered;
    char minutes[TABLET_MINUTES_SIZE]; /* in each hotspot: tablet_track.h */
    int64_t distance_mm, gaps_ms;
    /* checks */
    int64_t clock_off_ms; /* the most that a clock was off; -1: no GPS */
    unsigned checks, late_checks; /* welfare: promised, and missed */
    bool has_line_gap;            /* a number of the book isn't here */
    struct uuid book;             /* of its lines; zero: none */
    uint64_t first_line, last_line;
    /* the verdict that stands, and one made without knowing of it */
    char by[TABLET_TEXT_SIZE], other[TABLET_TEXT_SIZE];
    int64_t by_ms, other_ms;
    char reason[TABLET_TEXT_SIZE];
};
typedef enum err (*tablet_patrol_fn)(void *ctx,
                                     const struct tablet_patrol_log *p);

/* Begun at `since_ms` (UTC) or later, newest first, REVIEW_LIST_MAX at
 * most. ERR_DENIED for anybody but a team leader. */
MUST_USE enum err tablet_patrols(struct tablet *t, int64_t since_ms,
                                 tablet_patrol_fn fn, void *ctx);
/* One of them: `out`, and each entry in the order of time (fn may be NULL). */
MUST_USE enum err tablet_patrol_log(struct tablet *t, const struct uuid *patrol,
                                    struct tablet_patrol_log *out,
                                    tablet_log_fn fn, void *ctx);

/* --- what a leader says: tablet_verdict.c --- */

struct tablet_log_question {
    struct uuid record;
    const char *text;
};
/*
 * Each question goes to the author of its record, and every other entry that
 * is to be looked at is marked as reviewed when `approves_rest`; the log is
 * approved with it when no question is open and all of it is here. One save
 * with a line in the leader's book. `reason`: why, where a check fails; "".
 * ERR_DENIED: no team leader, or the own log. ERR_USAGE: an empty question,
 * or nothing to do. ERR_NOT_FOUND: no such patrol or record.
 */
struct tablet_verdict {
    struct uuid patrol;
    const struct tablet_log_question *questions;
    size_t question_count;
    bool approves_rest;
    const char *reason;
};
MUST_USE enum err tablet_review(struct tablet *t,
                                const struct tablet_verdict *v);

/* --- what the officer sees of it --- */

struct tablet_asked {
    struct tablet_item item;
    char by[TABLET_TEXT_SIZE], question[TABLET_TEXT_SIZE];
    int64_t asked_ms;
    bool is_peer; /* a colleague asks, no team leader */
};
typedef enum err (*tablet_asked_fn)(void *ctx, const struct tablet_asked *a);
/* Questions to who is signed in that have no answer yet: those of team
 * leaders, newest first, then those of colleagues (tablet_history.h). One a
 * record: a leader's is answered first. */
MUST_USE enum err tablet_questions(struct tablet *t, tablet_asked_fn fn,
                                   void *ctx);
/* ERR_USAGE for an empty one, ERR_NOT_FOUND where nobody asked. */
MUST_USE enum err tablet_answer(struct tablet *t, const struct uuid *record,
                                const char *answer);

#endif /* CORE_TABLET_REVIEW_H */
