/*
 * ledger.h - the council's Merkle log: one leaf, SHA-256(header), for each
 * accepted event in commit order. A position counts leaves over all logs of
 * the council; a new log starts only when a restored database is noticed.
 */
#ifndef SYNC_SERVER_LEDGER_H
#define SYNC_SERVER_LEDGER_H

#include "core/merkle.h"
#include "core/wire.h"
#include "sync-server/sdb.h"

struct ledger {
    struct sdb *db;
    struct sdb_log log;
    struct merkle tree;
};

/* The current log as the database has it. */
MUST_USE enum err ledger_load(struct sdb *db, struct ledger *out);
/* Adds a leaf; it counts after ledger_save and the commit. */
MUST_USE enum err ledger_append(struct ledger *l, const struct hash *header,
                                uint64_t *position_out);
MUST_USE enum err ledger_save(struct ledger *l);
/* A new empty log behind the current one; saved at once. */
MUST_USE enum err ledger_start(struct sdb *db, const struct uuid *id,
                               struct ledger *l);

void ledger_checkpoint(const struct ledger *l, struct wire_checkpoint *out);
/* The root of the first `size` leaves of one log; ERR_NOT_FOUND when it
 * has fewer. */
MUST_USE enum err ledger_root_at(struct sdb *db, const struct sdb_log *log,
                                 uint64_t size, struct hash *out);
/* True when a checkpoint that we signed is a prefix of what we hold. */
MUST_USE enum err ledger_knows(struct sdb *db, const struct uuid *log_id,
                               uint64_t size, const struct hash *root,
                               bool *out);
/* Reads nodes for merkle_prove(); ctx is this. */
struct ledger_reader {
    struct sdb *db;
    uint64_t ordinal;
};
MUST_USE enum err ledger_node(void *ctx, unsigned level, uint64_t index,
                              struct hash *out);

#endif /* SYNC_SERVER_LEDGER_H */
