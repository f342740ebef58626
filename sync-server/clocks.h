/*
 * clocks.h - does a tablet's clock fit what the server knows for itself: when
 * the entry arrived, and when the tablet was enrolled? A wrong clock is said,
 * never corrected, and never a reason to refuse (architecture, 2).
 */
#ifndef SYNC_SERVER_CLOCKS_H
#define SYNC_SERVER_CLOCKS_H

#include "core/event.h"
#include "sync-server/council.h"

/* `wall_ms` by the tablet, the others by us. More than CLOCK_OFF_MAX_MS after
 * its arrival or before the enrolment; `enrolled_ms` 0: not known. */
bool clocks_wrong(int64_t wall_ms, int64_t received_ms, int64_t enrolled_ms);

/* The same for an entry that came in; looks the tablet up. */
bool clocks_wrong_in(struct council *c, const struct event_header *h,
                     int64_t received_ms);

#endif /* SYNC_SERVER_CLOCKS_H */
