/*
 * missing.h - photos whose file a restored server doesn't have, though its
 * database says so: a backup lost them. They are wanted again.
 */
#ifndef SYNC_SERVER_MISSING_H
#define SYNC_SERVER_MISSING_H

#include "sync-server/council.h"

/*
 * One transaction: every blob that is called held and has no file is not
 * held any more. Were there any, the log begins anew with what it has: a
 * tablet that sees another log takes all of its own for unacknowledged and
 * asks about its photos again (core/PROTOCOL.md, 5).
 */
MUST_USE enum err missing_want_again(struct council *c, uint64_t *count_out);

#endif /* SYNC_SERVER_MISSING_H */
