/*
 * tablet_hold.h - restricted and sealed records on a tablet: who is told
 * their key when one is made, what the officer whose PIN was right may read
 * of others', and how a new holder gets what a present one has.
 *
 * A holder is a person with a role (core/tier.h) whose key the council's
 * server certified. Keys got from shares are in memory only, while that
 * officer's PIN has the tablet open: the store has the shares.
 */
#ifndef CORE_TABLET_HOLD_H
#define CORE_TABLET_HOLD_H

#include "core/tablet.h"
#include "core/tier.h"

#define TABLET_SHARES_MAX 200 /* of one save */

/* From now on, what was shared with this key is read; NULL: nothing. The
 * key is copied; tablet_close wipes it. */
MUST_USE enum err tablet_hold(struct tablet *t, const struct ec_key *holder);

/*
 * May a record of this tier be made here? Sealed ones only when at least
 * two people could read it and the recovery key is known: else ERR_DENIED,
 * and `why` says what the council must do.
 */
MUST_USE enum err tablet_may_close(struct tablet *t, enum tier tier,
                                   struct buf *why);

/*
 * Holders who lack the key of a record that can be read here get it: at
 * most TABLET_SHARES_MAX share-key events in one save. Call again while
 * `count_out` is that many.
 */
MUST_USE enum err tablet_share_missing(struct tablet *t, size_t *count_out);

#endif /* CORE_TABLET_HOLD_H */
