/*
 * power.h - what is left: of the battery, of the disk.
 */
#ifndef PLATFORM_LINUX_POWER_H
#define PLATFORM_LINUX_POWER_H

#include "core/base.h"

/* The battery's charge, 0 to 100; of several the emptiest. -1 without one.
 * `sys` is the kernel's folder, given so that a test can show another; NULL
 * for the real one. */
int power_percent(const char *sys);
/* Bytes that a program may still write in this folder; -1: not known. */
int64_t power_free_bytes(const char *folder);

#endif /* PLATFORM_LINUX_POWER_H */
