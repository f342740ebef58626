/*
 * sdb_page.h - the storage contract, fifth part: what the console's pages
 * look up about records and tablets. Events are shown as by sdb_event_all.
 */
#ifndef SYNC_SERVER_SDB_PAGE_H
#define SYNC_SERVER_SDB_PAGE_H

#include "sync-server/sdb_people.h"

/* --- what hangs on a record: filled by children.h --- */

struct sdb_child {
    struct uuid parent, record;
    uint64_t kind, position; /* of its create */
};
typedef enum err (*sdb_child_fn)(void *ctx, const struct sdb_child *child);
/* Once more is ERR_OK. Inside a transaction. */
MUST_USE enum err sdb_child_add(struct sdb *db, const struct sdb_child *child);
/* In the order of the log, at most `max`. */
MUST_USE enum err sdb_child_list(struct sdb *db, const struct uuid *parent,
                                 size_t max, sdb_child_fn fn, void *ctx);
/* Creates of children with from <= position < to, in order. */
MUST_USE enum err sdb_child_creates(struct sdb *db, const uint64_t from_to[2],
                                    sdb_event_fn fn, void *ctx);

/* --- lists --- */

/* Applied events of one operation (ask, review) below `before`, newest
 * first, at most `max`. */
MUST_USE enum err sdb_said_list(struct sdb *db, enum event_op op,
                                uint64_t before, size_t max, sdb_event_fn fn,
                                void *ctx);
/* The same of starts of patrols. */
MUST_USE enum err sdb_patrol_list(struct sdb *db, uint64_t before, size_t max,
                                  sdb_event_fn fn, void *ctx);
/* All that was said about keys, in order. */
MUST_USE enum err sdb_key_events(struct sdb *db, sdb_event_fn fn, void *ctx);

typedef enum err (*sdb_team_fn)(void *ctx, const struct uuid *id,
                                const char *name);
MUST_USE enum err sdb_team_all(struct sdb *db, sdb_team_fn fn, void *ctx);

/* --- chains of a tablet, and the other branches of forks --- */

typedef enum err (*sdb_incarnation_fn)(void *ctx,
                                       const struct sdb_incarnation *i);
MUST_USE enum err sdb_incarnation_all(struct sdb *db, const struct uuid *device,
                                      sdb_incarnation_fn fn, void *ctx);
/* Events of other branches: of one chain, or (NULL) of all, by number. Only
 * ref, header, header_hash, salt, body, received_ms are given. */
MUST_USE enum err sdb_branch_all(struct sdb *db, const struct uuid *incarnation,
                                 size_t max, sdb_event_fn fn, void *ctx);

#endif /* SYNC_SERVER_SDB_PAGE_H */
