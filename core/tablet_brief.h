/*
 * tablet_brief.h - what team leaders tell and ask of who is signed in:
 * briefings and tasks, as the council's server wrote them. What an officer
 * says of one (read and understood, a question, done) is an event of its own
 * and a line of the book; it never changes what the leader wrote.
 *
 * As in core/tablet_list.h, `fn` may end a list with ERR_STOPPED and must
 * not write. Texts too long for their place are cut at a character.
 */
#ifndef CORE_TABLET_BRIEF_H
#define CORE_TABLET_BRIEF_H

#include "core/fields.h"
#include "core/tablet_list.h"

#define TABLET_LONG_SIZE 2048 /* bytes of one section of a briefing */

struct tablet_brief {
    struct uuid id;
    char from[TABLET_TEXT_SIZE]; /* name of the author; "": not known here */
    char title[TABLET_TEXT_SIZE], marking[TABLET_CODE_SIZE];
    char place_name[TABLET_TEXT_SIZE], area[TABLET_CODE_SIZE];
    char text[TABLET_LONG_SIZE], why[TABLET_LONG_SIZE];
    char to_do[TABLET_LONG_SIZE], look_for[TABLET_LONG_SIZE];
    bool has_place;
    struct body_place place;              /* without words */
    int64_t made_ms, changed_ms, ends_ms; /* UTC; ends 0: until taken back */
    uint64_t changed; /* hlc of the newest change: tablet_brief_read() */
    bool must_read;   /* before a patrol */
    int64_t read_ms;  /* by who is signed in, the newest time; 0: never */
    bool is_read;     /* as it is now: false again after a change */
    /* The newest question of who is signed in; ms 0: none. */
    char question[TABLET_TEXT_SIZE], answer[TABLET_TEXT_SIZE];
    int64_t asked_ms, answered_ms;
};
typedef enum err (*tablet_brief_fn)(void *ctx, const struct tablet_brief *b);

/* Those of the officer's team that have not ended at `now_ms` (UTC), newest
 * first. Nothing when nobody is signed in. */
MUST_USE enum err tablet_briefs(struct tablet *t, int64_t now_ms,
                                tablet_brief_fn fn, void *ctx);
/* Read and understood, as it was at `changed`. A second time is ERR_OK and
 * records nothing. ERR_NOT_FOUND for no briefing. */
MUST_USE enum err tablet_brief_read(struct tablet *t, const struct uuid *brief,
                                    uint64_t changed);
/* A question to who wrote it; ERR_USAGE for an empty one. */
MUST_USE enum err tablet_brief_ask(struct tablet *t, const struct uuid *brief,
                                   const char *question);

struct tablet_task {
    struct uuid id;
    enum task_sort sort;
    char from[TABLET_TEXT_SIZE];
    char title[TABLET_TEXT_SIZE], note[TABLET_TEXT_SIZE];
    char place_name[TABLET_TEXT_SIZE], area[TABLET_CODE_SIZE];
    int64_t made_ms, due_ms; /* UTC */
    int goal_min;
    bool is_urgent, is_acknowledged; /* by who is signed in */
    enum task_outcome outcome;       /* the first that anybody said */
    int64_t closed_ms;
    char closed_by[TABLET_TEXT_SIZE], reason[TABLET_TEXT_SIZE];
};
typedef enum err (*tablet_task_fn)(void *ctx, const struct tablet_task *task);

/* Those for who is signed in, by the time they are due; gone once their
 * author took them back, and from TASK_KEEP_MS after that time on. */
MUST_USE enum err tablet_tasks(struct tablet *t, int64_t now_ms,
                               tablet_task_fn fn, void *ctx);
/* ERR_USAGE: not done and no reason. ERR_EXISTS: somebody closed it. */
MUST_USE enum err tablet_task_close(struct tablet *t, const struct uuid *task,
                                    enum task_outcome outcome,
                                    const char *reason);
/* An emergency re-task was seen. A second time records nothing. */
MUST_USE enum err tablet_task_seen(struct tablet *t, const struct uuid *task);

#endif /* CORE_TABLET_BRIEF_H */
