/*
 * reserve.h - a file that holds room on the disk, to be given up when
 * something else has filled it: what is written by hand is small, and shall
 * still go in when nothing else does.
 */
#ifndef PLATFORM_LINUX_RESERVE_H
#define PLATFORM_LINUX_RESERVE_H

#include "core/base.h"

#define RESERVE_NAME "reserve"

/* Bytes: what a day's words and the database's own log want. */
#define RESERVE_BYTES ((uint64_t)8 * 1024 * 1024)
/* On a small disk: enough to sign in, look, and carry entries out by hand. */
#define RESERVE_SMALL_BYTES ((uint64_t)1024 * 1024)
/* With less than this free it is given up. */
#define RESERVE_LOW_BYTES ((uint64_t)2 * 1024 * 1024)
/* With as much free it is made; well above the limit for photos, so that it
 * never takes the room of what somebody is about to save. */
#define RESERVE_AGAIN_BYTES ((uint64_t)128 * 1024 * 1024)
/* The small one: well above the free room that gives it up again. */
#define RESERVE_SMALL_AGAIN_BYTES ((uint64_t)8 * 1024 * 1024)

/*
 * `free_bytes` are free in `folder` now: makes the file, gives it up, or
 * leaves it. True when it was given up just now. Trouble changes nothing: the
 * next call tries again.
 */
bool reserve_tend(int folder, uint64_t free_bytes);

#endif /* PLATFORM_LINUX_RESERVE_H */
