/*
 * view_brief.h - briefings and tasks as the screens are shown them: part of
 * view.h, with the same rules.
 */
#ifndef UI_VIEW_BRIEF_H
#define UI_VIEW_BRIEF_H

#include "core/base.h"
#include "core/power_card.h"
#include "core/profile.h"

#define VIEW_BRIEFS     16
#define VIEW_TASKS      16
#define VIEW_BRIEF_SIZE 2048 /* bytes of one section */

struct view_brief {
    char id[40];
    char title[128], place[128];
    char from[64]; /* "": not known here */
    char marking[40];
    char area[40]; /* id of a beat or hotspot; "": none */
    char text[VIEW_BRIEF_SIZE], why[VIEW_BRIEF_SIZE];
    char to_do[VIEW_BRIEF_SIZE], look_for[VIEW_BRIEF_SIZE];
    int64_t made_ms, ends_ms; /* ends 0: not said */
    int64_t changed_ms;       /* 0: as it was made */
    int64_t read_ms;          /* 0: never */
    uint64_t changed;         /* what "read" is said of */
    bool is_read;             /* as it is now */
    bool must_read;           /* before a patrol */
    char question[256], answer[256];
    int64_t asked_ms, answered_ms; /* 0: none */
};

struct view_briefs {
    struct view_brief items[VIEW_BRIEFS]; /* newest first */
    int count;
    struct profile profile;   /* whose law: which powers the library shows */
    struct power_cards cards; /* of who is signed in */
    char today[CARD_DAY_SIZE];
};

enum task_kind { TASK_CHECK_IN, TASK_HOTSPOT, TASK_OTHER };
enum task_state { TASK_STATE_OPEN, TASK_STATE_DONE, TASK_STATE_NOT_DONE };

/* Id of the task that is the promised "I'm OK", not a team leader's. */
#define VIEW_WELFARE "check-in"

struct view_task {
    char id[40];
    int64_t due_ms;
    enum task_kind kind;
    char title[128];
    int minutes_done; /* hotspots */
    int minutes_goal;
    char detail[128]; /* of TASK_OTHER: where, or what to know */
    char text[256];   /* what the officer should know */
    char place[128];
    char area[40];
    char from[64];
    enum task_state state;
    int64_t closed_ms;
    char closed_by[64];
    char reason[128];
};

/* An emergency re-task that was not seen yet; id "": none. */
struct view_urgent {
    char id[40];
    char title[128];
    char detail[128]; /* where, or what to know */
    char from[64];
    int64_t made_ms;
};

#endif /* UI_VIEW_BRIEF_H */
