/*
 * sdb_conflict.h - the storage contract, fourth part: which records may be
 * in conflict. decide.h keeps the list; the events decide.
 */
#ifndef SYNC_SERVER_SDB_CONFLICT_H
#define SYNC_SERVER_SDB_CONFLICT_H

#include "sync-server/sdb.h"

/* On the list, or off it. */
MUST_USE enum err sdb_conflict_set(struct sdb *db, const struct uuid *record,
                                   bool is_on);
/* Ids after `after` (zero: from the first), ascending, at most `max`. */
MUST_USE enum err sdb_conflict_list(struct sdb *db, const struct uuid *after,
                                    size_t max, sdb_id_fn fn, void *ctx);

#endif /* SYNC_SERVER_SDB_CONFLICT_H */
