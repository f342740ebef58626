/* sdb_sqlite_alarm.c - calls for help and promised check-ins. */
#include "sync-server/alarm.h"
#include "sync-server/sdb_sqlite.h"

/* sos is 33, check-in 34; patrol is kind 6, its pause and end 12 and 14. The
 * index event_alarm is used where its own words stand in the query, and no
 * other one looks better: hence the plus. */
static const char sql_calls[] =
    "SELECT record, officer, device, received_ms, header, body FROM event"
    " WHERE council=?1 AND op=33 AND op IN (33, 34) AND state=1"
    " AND +received_ms>=?2"
    " ORDER BY position DESC LIMIT ?3";
static const char sql_promises[] =
    "SELECT record, officer, device, received_ms, header, body FROM event e"
    " WHERE council=?1 AND op=34 AND op IN (33, 34) AND kind=6 AND state=1"
    " AND +received_ms>=?2"
    " AND NOT EXISTS (SELECT 1 FROM event n WHERE n.council=e.council"
    " AND n.record=e.record AND n.position>e.position AND n.state=1"
    " AND n.op IN (34, 12, 14)) ORDER BY position DESC LIMIT ?3";
static const char sql_answer[] =
    "SELECT officer, received_ms FROM event WHERE council=?1 AND record=?2"
    " AND op=21 AND state=1 ORDER BY position LIMIT 1";

static_assert(OP_SOS == 33 && OP_CHECK_IN == 34 && OP_PATROL_PAUSE == 12 &&
                  OP_PATROL_END == 14 && OP_ACKNOWLEDGE == 21 &&
                  KIND_PATROL == 6,
              "as in the queries above");

enum err sdb_alarm_list(struct sdb *db, enum event_op op, int64_t since_ms,
                        size_t max,
                        enum err (*fn)(void *ctx, const struct sdb_event *e),
                        void *ctx)
{
    sqlite3_stmt *st =
        sdb_sqlite_walk(db, op == OP_SOS ? sql_calls : sql_promises);
    enum err err = ERR_OK;
    int step = SQLITE_DONE;

    if (st == NULL) {
        return ERR_NOMEM;
    }
    sdb_sqlite_bind(st, "ii", (uint64_t)(since_ms > 0 ? since_ms : 0),
                    (uint64_t)max);
    while (!err && (step = sqlite3_step(st)) == SQLITE_ROW) {
        struct sdb_event e = { .op = (uint64_t)op };

        sdb_sqlite_read(st, "uuusbb", &e.record, &e.officer, &e.device,
                        &e.received_ms, &e.header, &e.body);
        err = fn(ctx, &e);
    }
    if (!err && step != SQLITE_DONE) {
        err = sdb_sqlite_error(db, step);
    }
    sdb_sqlite_end(db, st);
    return err;
}

enum err sdb_alarm_answer(struct sdb *db, const struct uuid *record,
                          struct uuid *officer_out, int64_t *ms_out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(db, sql_answer);
    enum err err;

    sdb_sqlite_bind(st, "u", record);
    err = sdb_sqlite_row(db, st);
    if (!err) {
        sdb_sqlite_read(st, "us", officer_out, ms_out);
        sqlite3_reset(st);
    }
    return err;
}
