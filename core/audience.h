/*
 * audience.h - what this tablet may read, as the cursors of the server's
 * answers say. When one is missing that was there before (an officer left,
 * a PIN was taken away), what others wrote goes from here, and what may
 * still be read comes again from its cursor's start.
 */
#ifndef CORE_AUDIENCE_H
#define CORE_AUDIENCE_H

#include "core/evlog.h"
#include "core/wire.h"

/*
 * Inside a transaction: `now` are the cursors of an answer, as items; the
 * ones to be kept go to `out` as an array. Headers, links and everything
 * that this tablet wrote stay, and so does what the council publishes.
 * While `may_drop` is false (a restored server is still given back what it
 * lost) the loss is only noted, and made good by a later call.
 */
MUST_USE enum err audience_follow(struct evlog *log,
                                  const struct wire_list *now, bool may_drop,
                                  struct buf *out);

#endif /* CORE_AUDIENCE_H */
