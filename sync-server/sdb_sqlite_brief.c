/* sdb_sqlite_brief.c - which records are briefings, which tasks. */
#include "sync-server/brief.h"
#include "sync-server/sdb_sqlite.h"

enum err sdb_brief_list(struct sdb *db, enum event_kind kind, size_t max,
                        sdb_id_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT record FROM event WHERE council=?1 AND kind=?2"
            " AND op = 1 AND kind IN (10, 11) AND state = 1"
            " ORDER BY position DESC LIMIT ?3");

    sdb_sqlite_bind(st, "ii", (uint64_t)kind, (uint64_t)max);
    return sdb_sqlite_ids(db, st, fn, ctx);
}
