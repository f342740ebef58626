/* sdb_sqlite_conflict.c - the list of records that may be in conflict. */
#include "sync-server/sdb_conflict.h"
#include "sync-server/sdb_sqlite.h"

enum err sdb_conflict_set(struct sdb *db, const struct uuid *record, bool is_on)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, is_on ? "INSERT INTO conflict(council, record) VALUES(?1,?2)"
                    " ON CONFLICT DO NOTHING"
                  : "DELETE FROM conflict WHERE council=?1 AND record=?2");

    sdb_sqlite_bind(st, "u", record);
    return sdb_sqlite_done(db, st);
}

enum err sdb_conflict_list(struct sdb *db, const struct uuid *after, size_t max,
                           sdb_id_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT record FROM conflict WHERE council=?1 AND record>?2"
            " ORDER BY record LIMIT ?3");

    sdb_sqlite_bind(st, "ui", after, (uint64_t)max);
    return sdb_sqlite_ids(db, st, fn, ctx);
}
