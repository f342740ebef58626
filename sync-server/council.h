/*
 * council.h - the server as a device of its own: identity, incarnation,
 * chain, seal key and the log whose leaves are all accepted events.
 *
 * Every change is between council_begin() and council_commit(): one writer
 * at a time, the seal over our own events in the same transaction.
 */
#ifndef SYNC_SERVER_COUNCIL_H
#define SYNC_SERVER_COUNCIL_H

#include "core/evlog.h" /* struct evlog_new */
#include "core/port.h"
#include "sync-server/ledger.h"
#include "sync-server/sdb_people.h"

/* Names in sdb_meta. */
#define COUNCIL_META_RECOVERY "recovery-key"    /* COSE_Key */
#define COUNCIL_META_BACKUP   "backup-verified" /* int64 ms, as CBOR */
#define COUNCIL_KEEP_DAYS     35 /* tablets keep bodies at least so long */

/* Where an order is kept before it is carried out, outside the database, so
 * that it outlives a restore. */
struct sdb_order;
struct council_journal {
    enum err (*write)(void *ctx, const struct sdb_order *o); /* durable */
    void (*forget)(void *ctx, const struct hash *blob); /* its second copy */
    void *ctx;
};

/* How far the continuous backup is; wall clock, 0: never. */
struct council_backup {
    bool is_on;
    int64_t shipped_ms;  /* all before it is in the backup */
    int64_t verified_ms; /* all before it was restored and checked */
    enum err err;        /* of the last try */
};

struct council {
    struct sdb *db;
    const struct port *port;
    struct uuid id;
    struct uuid device; /* the server's own */
    struct ec_key seal_key;
    struct uuid default_team;              /* everybody, until teams are made */
    const struct council_journal *journal; /* NULL: none is kept */
    const struct council_backup *backup;   /* NULL: none is made */
    /* inside a transaction only */
    struct ledger ledger;
    struct sdb_incarnation head; /* of our own chain */
    uint64_t hlc;
    bool has_own; /* events of ours wait for their seal */
    uint64_t loaded_size, loaded_hlc;
};

/*
 * A new council in an empty database: ids, seal key, log, a team for
 * everybody, and the first events (council, server's key). One transaction.
 */
MUST_USE enum err council_init(struct sdb *db, const struct port *port,
                               const char *name);
/* ERR_NOT_FOUND before council_init. `db` and `port` outlive it. */
MUST_USE enum err council_open(struct sdb *db, const struct port *port,
                               struct council *out);
void council_close(struct council *c); /* wipes the key; not the database */

MUST_USE enum err council_begin(struct council *c);
MUST_USE enum err council_commit(struct council *c);
void council_rollback(struct council *c); /* no-op outside */

/*
 * One event of the server's own, with its leaf, for the audience `to`
 * (NULL: the council's subscription; kind 0: nobody).
 */
MUST_USE enum err council_append(struct council *c, const struct evlog_new *e,
                                 const struct sdb_audience *to,
                                 struct event_ref *ref_out);
/* begin, append all for everybody, commit: for the command line. */
MUST_USE enum err council_record(struct council *c, const struct evlog_new *e,
                                 size_t count);
/* A new chain of our own, whose first event names the one before: after a
 * restore, so that no number of the old one is used twice. */
MUST_USE enum err council_new_incarnation(struct council *c);
/* A new log, because `seen` is ours and we don't hold it (restored), or
 * because files are missing (missing.h; `seen`: all that we hold). */
MUST_USE enum err council_restart_log(struct council *c,
                                      const struct wire_checkpoint *seen);

/* Something that an administrator must see: kept, and told in the log. */
MUST_USE enum err council_alarm(struct council *c, enum err code,
                                const struct uuid *device,
                                const struct uuid *incarnation,
                                const char *text);

int64_t council_now(const struct council *c); /* wall clock, ms */

#endif /* SYNC_SERVER_COUNCIL_H */
