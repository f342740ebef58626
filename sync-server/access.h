/*
 * access.h - ending somebody's access: an officer's, a tablet's. Rows that
 * the service decides by and events that tell the tablets, in one
 * transaction; what arrives after that position of the log is quarantined,
 * whatever its clocks say. Nothing is deleted.
 */
#ifndef SYNC_SERVER_ACCESS_H
#define SYNC_SERVER_ACCESS_H

#include "sync-server/admin.h"

/* Inside a transaction; ERR_OK and nothing new when it has ended already. */
MUST_USE enum err access_end_officer(struct council *c,
                                     const struct uuid *officer);
MUST_USE enum err access_end_device(struct council *c,
                                    const struct uuid *device);

/* One of ours from before a restore, given back by a tablet: an end that we
 * forgot is written anew. `kind` and `record` of the "revoke". */
MUST_USE enum err access_again(struct council *c, uint64_t kind,
                               const struct uuid *record);

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
