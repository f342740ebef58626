/*
 * sdb.h - the server's storage contract. One implementation for each engine
 * (sdb_sqlite*.c now); every key starts with the council, so that one
 * database can hold many and be spread over many machines.
 *
 * Functions that find return ERR_NOT_FOUND; writers run inside sdb_begin()
 * and sdb_commit(), of which there is one at a time in a council. Views in
 * results are valid until the next call. What is committed is durable.
 */
#ifndef SYNC_SERVER_SDB_H
#define SYNC_SERVER_SDB_H

#include "core/event.h"

struct sdb;

/* Numbers are stored: append only. */
enum sdb_event_state {
    SDB_APPLIED = 1,
    SDB_QUARANTINED = 2, /* held, not applied: `reason` says why */
    SDB_ERASED = 3       /* body and salt are gone */
};

/* One accepted event. `link` is zero while the chain before it is missing
 * (given back by another tablet after a restore). */
struct sdb_event {
    struct event_ref ref;
    struct uuid device, officer, record;
    uint64_t kind, op;
    uint64_t position; /* of its leaf, over all logs of the council */
    bool has_link;
    struct hash link;
    struct hash header_hash;
    struct bytes header, salt, body; /* body.data NULL: none */
    enum sdb_event_state state;
    enum err code; /* of a quarantined one */
    struct bytes reason;
    int64_t received_ms;
};

enum sdb_incarnation_state {
    SDB_INCARNATION_OPEN = 1,
    SDB_INCARNATION_FORKED = 2 /* two histories; both are kept */
};

struct sdb_incarnation {
    struct uuid id, device;
    uint64_t held; /* contiguous, from 1 */
    struct hash link;
    enum sdb_incarnation_state state;
};

/* One Merkle log; the newest ordinal is the current one. */
struct sdb_log {
    uint64_t ordinal; /* 1.. */
    struct uuid id;
    uint64_t base; /* position of its first leaf */
    uint64_t size;
};

struct sdb_audience {
    uint64_t kind; /* enum wire_subscription */
    struct uuid id;
};

typedef enum err (*sdb_event_fn)(void *ctx, const struct sdb_event *e);
typedef enum err (*sdb_id_fn)(void *ctx, const struct uuid *id);

/* --- life --- */

/* Opens or creates the database in `dir` and runs missing migrations;
 * `vfs` as for SQLite. ERR_NEWER for one of a newer program. */
MUST_USE enum err sdb_open(const char *dir, const char *vfs, struct sdb **out);
/* One state of a database in use elsewhere: read only, until it is closed. */
MUST_USE enum err sdb_open_snapshot(const char *dir, struct sdb **out);
/* SQLite's own check of its pages; each finding to `fn`. */
MUST_USE enum err sdb_integrity(struct sdb *db,
                                void (*fn)(void *ctx, const char *what),
                                void *ctx);
void sdb_close(struct sdb *db); /* NULL is allowed */
/* All later calls are about this council. */
void sdb_use(struct sdb *db, const struct uuid *council);
/* The only council of a database that has one; ERR_NOT_FOUND before init. */
MUST_USE enum err sdb_council_find(struct sdb *db, struct uuid *out);
MUST_USE enum err sdb_council_name(struct sdb *db, struct buf *out);
MUST_USE enum err sdb_council_add(struct sdb *db, const struct uuid *id,
                                  const char *name);

MUST_USE enum err sdb_begin(struct sdb *db); /* takes the write lock */
MUST_USE enum err sdb_commit(struct sdb *db);
void sdb_rollback(struct sdb *db); /* no-op outside a transaction */

MUST_USE enum err sdb_meta_get(struct sdb *db, const char *name,
                               struct buf *out);
MUST_USE enum err sdb_meta_put(struct sdb *db, const char *name,
                               struct bytes value);

/* --- events and chains --- */

MUST_USE enum err sdb_event_add(struct sdb *db, const struct sdb_event *e);
MUST_USE enum err sdb_event_get(struct sdb *db, const struct event_ref *ref,
                                struct sdb_event *out);
MUST_USE enum err sdb_event_at(struct sdb *db, uint64_t position,
                               struct sdb_event *out);
MUST_USE enum err sdb_event_set_link(struct sdb *db,
                                     const struct event_ref *ref,
                                     const struct hash *link);
MUST_USE enum err sdb_event_set_state(struct sdb *db,
                                      const struct sdb_event *e);
/* The other branch of a fork: kept beside the first, once for each header. */
MUST_USE enum err sdb_branch_add(struct sdb *db, const struct sdb_event *e);
/* Events of one incarnation with first <= sequence <= last, in order. */
MUST_USE enum err sdb_event_range(struct sdb *db, const struct uuid *inc,
                                  const uint64_t first_last[2], sdb_event_fn fn,
                                  void *ctx);
MUST_USE enum err sdb_event_all(struct sdb *db, uint64_t from_position,
                                sdb_event_fn fn, void *ctx);
MUST_USE enum err sdb_incarnation_get(struct sdb *db, const struct uuid *id,
                                      struct sdb_incarnation *out);
/* How many chains a device has written: more than one where its folder was
 * copied, put back or salvaged. */
MUST_USE enum err sdb_incarnation_count(struct sdb *db,
                                        const struct uuid *device,
                                        uint64_t *out);
MUST_USE enum err sdb_incarnation_put(struct sdb *db,
                                      const struct sdb_incarnation *i);
/* The seal that closed each push. */
MUST_USE enum err sdb_seal_put(struct sdb *db, const struct event_ref *ref,
                               struct bytes seal);
/* The first seal at or after `sequence`; its sequence in `*ref`. */
MUST_USE enum err sdb_seal_from(struct sdb *db, struct event_ref *ref,
                                struct buf *seal_out);

typedef enum err (*sdb_seal_fn)(void *ctx, const struct event_ref *ref,
                                struct bytes seal);
MUST_USE enum err sdb_seal_all(struct sdb *db, sdb_seal_fn fn, void *ctx);

/* --- the log --- */

MUST_USE enum err sdb_log_current(struct sdb *db, struct sdb_log *out);
MUST_USE enum err sdb_log_find(struct sdb *db, const struct uuid *id,
                               struct sdb_log *out);
MUST_USE enum err sdb_log_at(struct sdb *db, uint64_t ordinal,
                             struct sdb_log *out);
/* Adds it, or renews its size. */
MUST_USE enum err sdb_log_put(struct sdb *db, const struct sdb_log *log);
MUST_USE enum err sdb_node_put(struct sdb *db, uint64_t log, unsigned level,
                               uint64_t index, const struct hash *node);
MUST_USE enum err sdb_node_get(struct sdb *db, uint64_t log, unsigned level,
                               uint64_t index, struct hash *out);

/* --- who gets what --- */

MUST_USE enum err sdb_audience_add(struct sdb *db, const struct sdb_audience *a,
                                   const struct sdb_event *e);
/* Every audience that an event of this record went to. */
MUST_USE enum err sdb_audience_of_record(
    struct sdb *db, const struct uuid *record,
    enum err (*fn)(void *, struct sdb_audience), void *ctx);
/* A tablet in the life that it has now. What it wrote in that life it has;
 * what it wrote before may be lost there (put back to an older copy). */
struct sdb_asker {
    struct uuid device, incarnation;
};
/* The first position >= `from` for this audience that the asker did not
 * write in this life; ERR_NOT_FOUND when there is none. */
MUST_USE enum err sdb_audience_next(struct sdb *db,
                                    const struct sdb_audience *a,
                                    const struct sdb_asker *asker,
                                    uint64_t from, uint64_t *out);
/* The first position received at or after `ms`; the end without one. */
MUST_USE enum err sdb_position_since(struct sdb *db, int64_t ms, uint64_t *out);

#endif /* SYNC_SERVER_SDB_H */
