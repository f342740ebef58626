/*
 * rate.h - how often one address may ask: a count in a window of time.
 * Addresses are hashed into a fixed table; those that fall together share
 * their count, so that no flood of addresses takes memory.
 */
#ifndef SYNC_SERVER_RATE_H
#define SYNC_SERVER_RATE_H

#include "core/base.h"
#include "core/limits.h"

struct rate {
    struct {
        uint64_t since_ms;
        unsigned count;
    } slots[HTTP_WEB_RATE_SLOTS];
};
/* Counts one request; false when there were too many in this window. */
bool rate_allows(struct rate *r, const char *address, uint64_t now_ms);

#endif /* SYNC_SERVER_RATE_H */
