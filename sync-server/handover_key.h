/*
 * handover_key.h - the council's key for hand-over files: made once, its
 * public half published as a grant with use "handover". Apart from the seal
 * key, since one key isn't for signing and for opening. It is made when the
 * server first starts, so a council of an older version has one, too.
 */
#ifndef SYNC_SERVER_HANDOVER_KEY_H
#define SYNC_SERVER_HANDOVER_KEY_H

#include "sync-server/council.h"

/* Inside council_begin; nothing when there is one. */
MUST_USE enum err handover_key_make(struct council *c);
/* The same in a transaction of its own. */
MUST_USE enum err handover_key_ensure(struct council *c);
/* ERR_NOT_FOUND before it was made. Wipe `out` when done. */
MUST_USE enum err handover_key_get(struct council *c, struct ec_key *out);

#endif /* SYNC_SERVER_HANDOVER_KEY_H */
