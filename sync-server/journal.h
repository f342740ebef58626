/*
 * journal.h - the orders of a council (order.h) and the accesses that ended
 * or were given again (access_journal.h), one line each, in a file beside
 * the database and in a second one in the folder of backups. Neither is part
 * of a snapshot: a restored server reads them and carries out anew what its
 * database doesn't know.
 *
 *   line = op id record root officer ms check reason
 *
 * `check`, the first 8 bytes of SHA-256 over the rest, tells a damaged line.
 * A last line without its end was never acknowledged and is passed over.
 * `op`: hold, release, erase-body, revoke, grant; append only. A whole line
 * with another one is a newer version's: nothing is opened with it, because
 * what it ends might stay open.
 */
#ifndef SYNC_SERVER_JOURNAL_H
#define SYNC_SERVER_JOURNAL_H

#include "sync-server/council.h"

#define JOURNAL_FILE "orders.journal"

struct journal; /* opaque */

/* `second` NULL: one file only. Files are made at the first order. */
MUST_USE enum err journal_open(const char *dir, const char *second,
                               struct journal **out);
void journal_close(struct journal *j); /* NULL is allowed */
const struct council_journal *journal_hook(struct journal *j);

/*
 * Carries out what the database doesn't know, before anybody is let in.
 * `redone_out` counts erasures. ERR_BAD_DATA: a line is damaged; the others
 * were carried out, but somebody has to look. ERR_NEWER: none was.
 */
MUST_USE enum err journal_replay(struct journal *j, struct council *c,
                                 uint64_t *redone_out);
/* Accesses that the last replay ended or gave again. */
uint64_t journal_accesses(const struct journal *j);
/* Opens it, hangs it on the council and replays it; the same errors. */
MUST_USE enum err journal_attach(const char *dir, const char *second,
                                 struct council *c, struct journal **out,
                                 uint64_t *redone_out);
/* Adds the lines of `from` that `to` doesn't have; no `from` is fine. */
MUST_USE enum err journal_merge(const char *from, const char *to);

#endif /* SYNC_SERVER_JOURNAL_H */
