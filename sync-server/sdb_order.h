/*
 * sdb_order.h - the storage contract, third part: orders about records, and
 * which tablets carried them out. order.h makes them. Beside them the lines
 * about accesses that were carried out, which access_journal.h makes.
 */
#ifndef SYNC_SERVER_SDB_ORDER_H
#define SYNC_SERVER_SDB_ORDER_H

#include "sync-server/sdb.h"

#define SDB_REASON_MAX 256 /* bytes of UTF-8 with NUL */

struct sdb_order {
    struct uuid id;
    uint64_t op; /* OP_HOLD, OP_RELEASE, OP_ERASE_BODY; access_journal.h */
    struct uuid record;
    struct uuid root;    /* that was named; the same, or above it */
    struct uuid officer; /* zero: not said */
    char reason[SDB_REASON_MAX];
    uint64_t position; /* of our event */
    int64_t made_ms;
};
typedef enum err (*sdb_order_fn)(void *ctx, const struct sdb_order *o);

MUST_USE enum err sdb_order_add(struct sdb *db, const struct sdb_order *o);
MUST_USE enum err sdb_order_get(struct sdb *db, const struct uuid *id,
                                struct sdb_order *out);
MUST_USE enum err sdb_order_all(struct sdb *db, sdb_order_fn fn, void *ctx);

struct sdb_order_state {
    uint64_t holds; /* that were not released */
    bool is_erased;
};
MUST_USE enum err sdb_order_state(struct sdb *db, const struct uuid *record,
                                  struct sdb_order_state *out);

/* Events of one record, in order of their positions. */
MUST_USE enum err sdb_event_of_record(struct sdb *db, const struct uuid *record,
                                      sdb_event_fn fn, void *ctx);
/* Salt and body of every event of the record but orders; how many had one. */
MUST_USE enum err sdb_order_erase(struct sdb *db, const struct uuid *record,
                                  uint64_t *count_out);
/* Likewise of the other branches of forks. */
MUST_USE enum err sdb_order_erase_branches(struct sdb *db,
                                           const struct uuid *record);

/* Blobs whose file is still to be removed; then: it is. */
MUST_USE enum err sdb_order_blob_next(struct sdb *db, struct hash *out);
MUST_USE enum err sdb_order_blob_gone(struct sdb *db, const struct hash *name);

/* 0 for a tablet that never said. Never goes back. */
MUST_USE enum err sdb_device_orders_get(struct sdb *db,
                                        const struct uuid *device,
                                        uint64_t *out);
MUST_USE enum err sdb_device_orders_put(struct sdb *db,
                                        const struct uuid *device,
                                        uint64_t position);

/* Empties the write-ahead log into the database, so that what was erased is
 * in no file; ERR_BUSY while another program reads. Outside transactions. */
MUST_USE enum err sdb_flush(struct sdb *db);
/* What sdb_flush() does from now on, and nobody else: a backup wants to see
 * the log first. NULL: sdb_checkpoint(), and SQLite when it likes. */
void sdb_set_flush(struct sdb *db, enum err (*fn)(void *ctx), void *ctx);
/* The thing itself. */
MUST_USE enum err sdb_checkpoint(struct sdb *db);

#endif /* SYNC_SERVER_SDB_ORDER_H */
