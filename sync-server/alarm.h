/*
 * alarm.h - who needs help: calls (SOS), and officers who promised to say
 * "I'm OK" and did not. The promise is an event on the server, so it is the
 * server that notices, whatever became of the tablet.
 */
#ifndef SYNC_SERVER_ALARM_H
#define SYNC_SERVER_ALARM_H

#include "core/body.h"
#include "sync-server/council.h"

enum alarm_kind {
    ALARM_SOS,
    ALARM_MISSED, /* a check-in is later than its grace */
    ALARM_DUE     /* promised, and not yet late: no alarm */
};

struct alarm {
    enum alarm_kind kind;
    struct uuid record, officer, device;
    int64_t at_ms;   /* SOS: received; else when it was due; server's clock */
    int64_t said_ms; /* when the tablet last said something of it */
    bool has_place;
    struct body_place place; /* words are never set */
    bool is_answered;
    struct uuid answered_by;
    int64_t answered_ms;
};
typedef enum err (*alarm_fn)(void *ctx, const struct alarm *a);

/* Calls of the last ALARM_DAYS days and every promise that still stands,
 * newest first; calls before promises. */
MUST_USE enum err alarm_list(struct council *c, alarm_fn fn, void *ctx);
/* Calls that nobody took, and missed check-ins. */
MUST_USE enum err alarm_count(struct council *c, size_t *out);
/* `officer` takes the call: an event that goes to the tablet. ERR_NOT_FOUND
 * when there is no such call, ERR_EXISTS when somebody has taken it. */
MUST_USE enum err alarm_answer(struct council *c, const struct uuid *record,
                               const struct uuid *officer);

/* --- storage --- */

/* Calls and promises as stored, newest first, at most `max`; `e` has record,
 * officer, device, body, header, received_ms. A promise that was followed by
 * another, a pause or an end is left out. */
MUST_USE enum err sdb_alarm_list(
    struct sdb *db, enum event_op op, int64_t since_ms, size_t max,
    enum err (*fn)(void *ctx, const struct sdb_event *e), void *ctx);
/* The first answer to a call: officer and time; ERR_NOT_FOUND. */
MUST_USE enum err sdb_alarm_answer(struct sdb *db, const struct uuid *record,
                                   struct uuid *officer_out, int64_t *ms_out);

#endif /* SYNC_SERVER_ALARM_H */
