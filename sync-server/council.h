/*
 * council.h - the server as a device of its own: identity, incarnation,
 * chain, seal key and the log whose leaves are all accepted events.
 */
#ifndef SYNC_SERVER_COUNCIL_H
#define SYNC_SERVER_COUNCIL_H

#include "core/evlog.h" /* struct evlog_new */
#include "core/port.h"
#include "core/wire.h"
#include "sync-server/sdb_people.h"

/* COSE_Key in sdb_meta; sealed records and PIN wraps open with it. */
#define COUNCIL_META_RECOVERY "recovery-key"

struct council {
    struct sdb *db;
    const struct port *port;
    struct uuid id;
    struct uuid device, incarnation; /* the server's own */
    struct ec_key seal_key;
    struct ec_public recovery_key; /* zero until set */
    struct uuid default_team;
};

/*
 * A new council in an empty database: ids, seal key, log, a team for
 * everybody, and the first events (council, server's key). One transaction.
 */
MUST_USE enum err council_init(struct sdb *db, const struct port *port,
                               const char *name);
/* ERR_NOT_FOUND before council_init. */
MUST_USE enum err council_open(struct sdb *db, const struct port *port,
                               struct council *out);
void council_close(struct council *c); /* wipes the key; not the database */

/*
 * One event of the server's own, with its leaf, for everybody in `to`
 * (NULL: the council's subscription). Inside a transaction; the seal comes
 * with council_seal() at its end.
 */
MUST_USE enum err council_append(struct council *c, const struct evlog_new *e,
                                 const struct sdb_audience *to,
                                 struct event_ref *ref_out);
MUST_USE enum err council_seal(struct council *c);
/* sdb_begin, append, seal, commit: for the command line. */
MUST_USE enum err council_record(struct council *c, const struct evlog_new *e,
                                 size_t count);

/* The wall clock of the port. */
int64_t council_now(const struct council *c);

#endif /* SYNC_SERVER_COUNCIL_H */
