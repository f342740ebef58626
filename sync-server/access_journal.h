/*
 * access_journal.h - that an access ended, or was given again, as a line of
 * the journal (journal.h), so that a restored server knows of it:
 *
 *   revoke  of a device or an officer; the reason says which, for people
 *   grant   of an officer; the reason is the role
 *
 * A line is carried out once. The lines of one subject are told in order by
 * their times, which never go back: where journals of two histories were put
 * together, the latest counts.
 */
#ifndef SYNC_SERVER_ACCESS_JOURNAL_H
#define SYNC_SERVER_ACCESS_JOURNAL_H

#include "core/event.h"
#include "sync-server/sdb_order.h"

struct council;

/* OP_REVOKE and OP_GRANT; the other lines are orders about records. */
bool access_is_line(uint64_t op);

/* Inside the transaction of a change and before it: the line is durable in
 * the journal, and in the database as carried out. Nothing where no journal
 * is kept. `word`: the reason. */
MUST_USE enum err access_journal_add(struct council *c, enum event_op op,
                                     const struct uuid *subject,
                                     const char *word);
/* Has the database no need of this line: it, or a later one of its subject,
 * was carried out? */
MUST_USE enum err access_journal_knows(struct council *c,
                                       const struct sdb_order *o, bool *out);
/* A line of the journal is carried out now. */
MUST_USE enum err access_journal_done(struct council *c,
                                      const struct sdb_order *o);
/* Was the access given again after our event with this `hlc`? */
MUST_USE enum err access_journal_granted_since(struct council *c,
                                               const struct uuid *subject,
                                               uint64_t hlc, bool *out);

#endif /* SYNC_SERVER_ACCESS_JOURNAL_H */
