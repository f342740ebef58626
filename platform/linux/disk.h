/*
 * disk.h - is what lies in a folder encrypted on its disk?
 */
#ifndef PLATFORM_LINUX_DISK_H
#define PLATFORM_LINUX_DISK_H

#include "core/base.h"

/*
 * True where the folder has an fscrypt policy, or its file system lies on
 * dm-crypt, directly or through other device-mapper layers (LVM on LUKS).
 * Doubt is "no". `sys` and `mountinfo` are the kernel's files, given so
 * that a test can show others; NULL for the real ones.
 */
bool disk_is_encrypted(int folder, const char *sys, const char *mountinfo);

/* What a program without rights may still write below the folder. */
MUST_USE enum err disk_free_bytes(int folder, uint64_t *out);

#endif /* PLATFORM_LINUX_DISK_H */
