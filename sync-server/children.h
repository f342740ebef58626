/*
 * children.h - what hangs on an open record: persons, vehicles, photos and
 * rows. Each says so in its body; a table of it is brought up to date when a
 * page asks, so that taking events in costs nothing more. Of closed records
 * the bodies can't be read, so they have none here.
 */
#ifndef SYNC_SERVER_CHILDREN_H
#define SYNC_SERVER_CHILDREN_H

#include "sync-server/council.h"
#include "sync-server/sdb_page.h"

#define CHILDREN_MAX 100 /* told of one record */

struct children {
    size_t count;
    bool is_cut;  /* there are more */
    bool is_late; /* the table isn't up to date yet: ask again */
    struct sdb_child list[CHILDREN_MAX];
};
/* In the order of the log. Its own transaction where there is something new;
 * at most CHILDREN_STEP events are looked at by one call. */
#define CHILDREN_STEP 200000
MUST_USE enum err children_of(struct council *c, const struct uuid *parent,
                              struct children *out);

#endif /* SYNC_SERVER_CHILDREN_H */
