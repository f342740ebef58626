/*
 * clock.h - the machine's clocks as evidence: wall, monotonic (counts while
 * the machine sleeps), boot, zone.
 */
#ifndef PLATFORM_LINUX_CLOCK_H
#define PLATFORM_LINUX_CLOCK_H

#include "core/port.h"

/* The boot's id; all zero where the kernel gives none. Read once. */
void clock_boot(struct uuid *out);

/* The zone's IANA name from TZ, the localtime link or the timezone file;
 * "" when none tells. Read once; a move is seen at the next start. */
void clock_zone(char out[ZONE_MAX]);

/* Wall clock, monotonic clock and UTC offset, as they are now. */
void clock_read(struct port_time *out);

/* CLOCK_BOOTTIME in milliseconds. */
uint64_t clock_mono_ms(void);

#endif /* PLATFORM_LINUX_CLOCK_H */
