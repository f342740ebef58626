/*
 * fsfile.h - small files read and replaced whole, relative to an open
 * folder. Names never follow a symbolic link.
 */
#ifndef PLATFORM_LINUX_FSFILE_H
#define PLATFORM_LINUX_FSFILE_H

#include "core/base.h"
#include "core/buf.h"

/* What an errno means to us; never ERR_OK. */
enum err fsfile_err(int error);

/*
 * Open `name` inside `at` (AT_FDCWD: the working folder), made with mode
 * 0700 where it is missing; parents are not made.
 */
MUST_USE enum err fsfile_folder(int at, const char *name, int *fd_out);

/* Append the file's bytes to `out`; ERR_TOO_LONG beyond its cap. */
MUST_USE enum err fsfile_read(int folder, const char *name, struct buf *out);

/*
 * The file holds exactly `data` afterwards, mode 0600, also after a power
 * cut: temp, fsync, rename, fsync of the folder. On error the old content
 * is still there.
 */
MUST_USE enum err fsfile_replace(int folder, const char *name,
                                 struct bytes data);

/* Removed durably; ERR_NOT_FOUND when it wasn't there. */
MUST_USE enum err fsfile_remove(int folder, const char *name);

/* Write all of `data` at `offset`. */
MUST_USE enum err fsfile_write_at(int fd, struct bytes data, uint64_t offset);

#endif /* PLATFORM_LINUX_FSFILE_H */
