/*
 * view_review.h - a team leader's patrol logs, what the officer is asked of
 * them, and signatures. Snapshots as those of view.h are.
 */
#ifndef UI_VIEW_REVIEW_H
#define UI_VIEW_REVIEW_H

#include "ui/view_map.h"

#define VIEW_REVIEWS     48
#define VIEW_LOG_ENTRIES 48
#define VIEW_ASKS        8
#define VIEW_INK_POINTS  640
#define VIEW_INK_STROKES 32
#define VIEW_WORDS_SIZE  256 /* of a question, an answer */

/* What a hand drew, dp from the left top of its paper; x DRAW_LIFT between
 * two strokes. width 0: nothing. */
struct view_ink {
    int16_t width, height;
    int16_t count;
    int16_t stroke_count;
    uint32_t at_ms[VIEW_INK_STROKES]; /* since the first stroke began */
    int16_t points[2 * VIEW_INK_POINTS];
};

/* Who signed, when, up to which line. */
struct view_signature {
    char by[64];   /* "": nobody */
    char name[64]; /* typed in place of ink */
    char why[16];  /* neither: "would-not", "cannot" */
    int to;
    bool is_misfit; /* what was signed is not what stands there */
    int64_t at_ms;
    struct view_ink ink;
};

enum view_log_state {
    VIEW_LOG_TO_REVIEW,
    VIEW_LOG_SENT_BACK,
    VIEW_LOG_APPROVED,
    VIEW_LOG_ARRIVING,
    VIEW_LOG_STATE__COUNT
};

struct view_review_item {
    char id[40];
    char officer[64];
    char beat[64];
    int64_t started_ms, ended_ms; /* ended 0: not known */
    int logs, notices;
    int goals_met, goals;
    int here, total; /* entries and pictures */
    int conflicts;
    enum view_log_state state;
    bool is_answered; /* a question of ours was */
    bool is_own;
};

/* Newest first. */
struct view_reviews {
    struct view_review_item items[VIEW_REVIEWS];
    int count;
    int64_t as_of_ms; /* what this tablet holds; 0: never synced */
};

enum view_entry_sort {
    VIEW_LOG_STARTED,
    VIEW_LOG_PAUSED,
    VIEW_LOG_RESUMED,
    VIEW_LOG_RECORD,
    VIEW_LOG_LINE,
    VIEW_LOG_CLOSED, /* restricted: only that there is one */
    VIEW_LOG_ENDED
};
enum view_log_mark {
    VIEW_TO_LOOK_AT,
    VIEW_REVIEWED,
    VIEW_ASKED,
    VIEW_ANSWERED
};

struct view_log_entry {
    char id[40]; /* "": nothing to review */
    enum view_entry_sort sort;
    enum view_log_mark mark;
    int64_t at_ms;
    char title[128]; /* English: tr() it */
    char detail[256];
    char by[64]; /* who reviewed or asked, last */
    char question[VIEW_WORDS_SIZE], answer[VIEW_WORDS_SIZE];
    char draft[VIEW_WORDS_SIZE]; /* a question that isn't sent yet */
    int pictures, pictures_here;
    uint32_t image; /* of the first; 0: none */
    bool has_conflict;
    bool has_place;
};

struct view_review_log {
    struct view_review_item item; /* id "": none is open */
    struct view_log_entry entries[VIEW_LOG_ENTRIES];
    int entry_count;
    int reviewed, asked, to_look_at; /* drafts are counted as to look at */
    char by[64], other[64];          /* whose verdict stands, beside it */
    int64_t by_ms;
    /* checks */
    bool has_line_gap;
    int64_t clock_off_ms; /* -1: no GPS */
    int checks, late_checks;
    char missed[64]; /* the first hotspot with a goal and no visit; "" */
    int missed_count;
    int distance_m, gap_minutes;
    /* the book that its lines stand in */
    int last_line;
    struct view_signature signature, counter;
    struct view_map map; /* pins only */
    uint32_t opened;     /* counts what was opened */
};

/* What the officer who is signed in is asked. */
struct view_ask {
    char id[40];
    char title[128]; /* English: tr() it */
    char detail[256];
    char by[64];
    char question[VIEW_WORDS_SIZE];
    bool is_yours; /* the record */
    bool is_peer;  /* a colleague asks, no team leader */
    int64_t at_ms, made_ms;
};
struct view_asks {
    struct view_ask items[VIEW_ASKS]; /* newest first */
    int count;                        /* of those; more may be open */
};

#endif /* UI_VIEW_REVIEW_H */
