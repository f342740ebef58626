/*
 * holders.h - whose keys read closed records (core/PROTOCOL.md, 2). A key
 * is claimed by a tablet or the console; it counts when this server grants
 * it for a role of its officer, as an event in the log. All inside a
 * transaction.
 */
#ifndef SYNC_SERVER_HOLDERS_H
#define SYNC_SERVER_HOLDERS_H

#include "sync-server/accept.h"
#include "sync-server/sdb_holder.h"

/* An accepted "grant" of a tablet: when it is a holder's, the claim is kept
 * and certified for the roles that its officer has. */
MUST_USE enum err holders_claimed(struct council *c,
                                  const struct accept_event *ev);
/* Grants what this officer's roles call for and isn't granted yet. */
MUST_USE enum err holders_certify(struct council *c,
                                  const struct uuid *officer);
/* Revokes the keys of an officer, or those on a device; NULL: any. A
 * device's claims are forgotten. */
MUST_USE enum err holders_revoke(struct council *c, const struct uuid *officer,
                                 const struct uuid *device);
/* The same for the console's key of one officer. */
MUST_USE enum err holders_revoke_console(struct council *c,
                                         const struct uuid *officer);
/* Whom a share-key event is for; ERR_NOT_FOUND when it is nobody's who may
 * read (recovery key, revoked, unknown). */
MUST_USE enum err holders_reader(struct council *c,
                                 const struct accept_event *ev,
                                 struct uuid *officer_out);
/* The recovery key, as everybody who seals needs to know it. Once. */
MUST_USE enum err holders_publish_recovery(struct council *c);

#endif /* SYNC_SERVER_HOLDERS_H */
