/*
 * access.h - ending somebody's access: an officer's, a tablet's. Rows that
 * the service decides by and events that tell the tablets, in one
 * transaction; what arrives after that position of the log is quarantined,
 * whatever its clocks say. Nothing is deleted. Each change stands in the
 * journal (access_journal.h) before anybody is told that it is done.
 */
#ifndef SYNC_SERVER_ACCESS_H
#define SYNC_SERVER_ACCESS_H

#include "sync-server/admin.h"
#include "sync-server/sdb_order.h"

/* Inside a transaction; ERR_OK and nothing new when it has ended already. */
MUST_USE enum err access_end_officer(struct council *c,
                                     const struct uuid *officer);
MUST_USE enum err access_end_device(struct council *c,
                                    const struct uuid *device);

/* Inside a transaction: an officer whose access had ended, with this role,
 * has it again: our event. The officer's row and role are the caller's. */
MUST_USE enum err access_grant(struct council *c, const struct uuid *officer,
                               const char *role);

/* One of ours from before a restore, given back by a tablet: an end that we
 * forgot is written anew, unless the access was given again since. `h`: of
 * the "revoke". */
MUST_USE enum err access_again(struct council *c, const struct event_header *h);
/* Inside a transaction: a line of the journal (access_is_line), carried out
 * unless the database knows it or a later one; `*is_new_out`: it changed
 * something. Whom the database doesn't know has no access anyway. */
MUST_USE enum err access_redo(struct council *c, const struct sdb_order *o,
                              bool *is_new_out);

/* The tablet with this id or name; one with access goes first. Where none or
 * several have the name, `text` says so: ERR_NOT_FOUND, ERR_USAGE. */
MUST_USE enum err access_find_device(struct council *c, const char *word,
                                     struct uuid *out, struct buf *text);

/* Verbs of the command line. "devices": a line each, id first.
 * "revoke-officer": number. "revoke-device": id or name. */
MUST_USE enum err access_devices(struct council *c,
                                 const struct admin_request *r,
                                 struct buf *text);
MUST_USE enum err access_officer(struct council *c,
                                 const struct admin_request *r,
                                 struct buf *text);
MUST_USE enum err access_device(struct council *c,
                                const struct admin_request *r,
                                struct buf *text);

#endif /* SYNC_SERVER_ACCESS_H */
