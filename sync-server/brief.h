/*
 * brief.h - what team leaders tell and ask of the officers: briefings and
 * tasks. Each is an event of the server as a device, in the leader's name,
 * for the tablets of the team; what officers say of it comes back as events
 * of theirs (core/PROTOCOL.md 5).
 */
#ifndef SYNC_SERVER_BRIEF_H
#define SYNC_SERVER_BRIEF_H

#include "core/fields.h"
#include "sync-server/decide.h"

#define BRIEF_LINE_SIZE 200  /* bytes of a title or a name, with its NUL */
#define BRIEF_CODE_SIZE 40   /* an area, a marking, an officer's number */
#define BRIEF_LONG_SIZE 2001 /* one section */
#define BRIEF_FOR_MAX   8    /* officers named by a task */

struct brief {
    struct uuid id;      /* zero: a new one */
    struct uuid officer; /* who writes it */
    char title[BRIEF_LINE_SIZE], place_name[BRIEF_LINE_SIZE];
    char marking[BRIEF_CODE_SIZE], area[BRIEF_CODE_SIZE];
    char text[BRIEF_LONG_SIZE], why[BRIEF_LONG_SIZE];
    char to_do[BRIEF_LONG_SIZE], look_for[BRIEF_LONG_SIZE];
    int64_t ends_ms; /* UTC; 0: until it is ended */
    bool must_read;  /* before a patrol */
};

struct brief_task {
    struct uuid id, officer;
    char title[BRIEF_LINE_SIZE], place_name[BRIEF_LINE_SIZE];
    char area[BRIEF_CODE_SIZE], text[BRIEF_LONG_SIZE];
    enum task_sort sort;
    int64_t due_ms; /* UTC */
    int goal_min;   /* TASK_SORT_HOTSPOT; 0: none */
    char officers[BRIEF_FOR_MAX][BRIEF_CODE_SIZE];
    size_t officer_count; /* 0: the whole team */
    bool is_urgent;
};

/* Publishes a new briefing, or what was changed of one (`id`). Each its own
 * transaction. ERR_USAGE without title or text. */
MUST_USE enum err brief_put(struct council *c, const struct brief *b,
                            struct uuid *id_out);
MUST_USE enum err brief_task_put(struct council *c, const struct brief_task *t,
                                 struct uuid *id_out);
/* It leaves the tablets at their next sync. ERR_NOT_FOUND for another kind. */
MUST_USE enum err brief_end(struct council *c, const struct uuid *id,
                            const struct uuid *officer);
/* To a question about it. ERR_USAGE for an empty one. */
MUST_USE enum err brief_answer(struct council *c, const struct uuid *id,
                               const struct uuid *officer, const char *text);

/* As it stands, out of its events; id and officer too. */
void brief_read(const struct decide_record *r, struct brief *out);
void brief_task_read(const struct decide_record *r, struct brief_task *out);

/* What an officer said of one. */
struct brief_mark {
    struct uuid officer;
    uint64_t op;                /* acknowledge, ask, answer, close, check-in */
    int64_t at_ms;              /* by the clock of that device */
    bool is_current;            /* acknowledge: nothing was changed since */
    bool is_done;               /* close, check-in */
    char text[BRIEF_LONG_SIZE]; /* question, answer, reason */
};
typedef enum err (*brief_mark_fn)(void *ctx, const struct brief_mark *m);
/* Each of it, in the order of the log. */
MUST_USE enum err brief_marks(const struct decide_record *r, brief_mark_fn fn,
                              void *ctx);

/* Local time of the council, as the server's clock has it. */
MUST_USE enum err brief_local_ms(struct council *c, const int date[5],
                                 int64_t *out);
/* "2026-10-23" (its last minute) or "2026-10-23T15:00"; ERR_BAD_DATA. */
MUST_USE enum err brief_time_parse(struct council *c, const char *text,
                                   int64_t *out);
/* The other way, "2026-10-23T15:00". */
void brief_time_format(struct council *c, int64_t ms, char *out, size_t size);

/*
 * A file: one object or an array of them, each a briefing or a task (it has
 * "due"). `officer` writes them. How many were published goes to `text`, or
 * what is wrong; nothing is published then but what stood before it.
 *   briefing: title, text, why_here, what_to_do, look_out_for, place, area,
 *             marking, ends, must_read
 *   task: title, text, place, area, kind ("check-in", "hotspot", "other"),
 *         due, goal_minutes, for (numbers), urgent
 */
MUST_USE enum err brief_import(struct council *c, struct bytes json,
                               const struct uuid *officer, struct buf *text);

/* Newest first, at most `max`; kind: briefing or task. In sdb_sqlite_brief.c */
MUST_USE enum err sdb_brief_list(struct sdb *db, enum event_kind kind,
                                 size_t max, sdb_id_fn fn, void *ctx);

#endif /* SYNC_SERVER_BRIEF_H */
