/*
 * location.h - where the machine is, by gpsd, on a thread of its own that
 * reconnects for ever. Without a receiver it says so and costs nothing.
 * location_none.c is the machine without libgps.
 */
#ifndef PLATFORM_LINUX_LOCATION_H
#define PLATFORM_LINUX_LOCATION_H

#include "core/port.h"

struct location; /* opaque */

/* gpsd's address, "127.0.0.1" and "2947" as a rule; copied. Returns at
 * once; ERR_UNSUPPORTED in a build without libgps. */
MUST_USE enum err location_open(const char *host, const char *port,
                                struct location **out);
void location_close(struct location *l); /* NULL is allowed */

/* The newest position, however old (age_ms); ERR_NOT_FOUND before the first
 * one. A receiver that lost its satellites doesn't erase it. */
MUST_USE enum err location_fix(struct location *l, struct port_fix *out);

/* The receiver's time now, as it says it, when it spoke in the last
 * LOCATION_TIME_AGE_MS; also without a position. */
bool location_time(struct location *l, int64_t *gnss_ms_out);

/* What came in since the start. */
struct location_stats {
    uint64_t connects, disconnects;
    uint64_t reports; /* with a mode: fix or no fix */
    uint64_t fixes;   /* of these, with a position */
    bool is_connected;
};
void location_stats(struct location *l, struct location_stats *out);
/* Wait until there are more reports or disconnects than in `seen`; false
 * when none came in `timeout_ms`. `seen` is renewed. */
bool location_wait(struct location *l, struct location_stats *seen,
                   uint32_t timeout_ms);

#endif /* PLATFORM_LINUX_LOCATION_H */
