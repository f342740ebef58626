/*
 * attempts.h - counts wrong tries by address (or officer), in memory.
 *
 * A table of fixed size: an attacker with many addresses pushes out the
 * oldest counts, which is why codes have 128 bits.
 */
#ifndef SYNC_SERVER_ATTEMPTS_H
#define SYNC_SERVER_ATTEMPTS_H

#include "core/base.h"

#define ATTEMPTS_MAX       5 /* of one name within ATTEMPTS_WINDOW_MS */
#define ATTEMPTS_WINDOW_MS ((int64_t)15 * 60 * 1000)

/* True when `name` has had its tries; look before each. */
bool attempts_spent(const char *name, int64_t now_ms);
void attempts_wrong(const char *name, int64_t now_ms);
void attempts_right(const char *name);

#endif /* SYNC_SERVER_ATTEMPTS_H */
