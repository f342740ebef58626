#include "platform/linux/reserve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/linux/fsfile.h"

static bool exists(int folder)
{
    struct stat st;

    return fstatat(folder, RESERVE_NAME, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static void make(int folder, uint64_t bytes)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const int fd = openat(folder, RESERVE_NAME, flags, 0600);

    if (fd < 0) {
        return;
    }
    if (posix_fallocate(fd, 0, (off_t)bytes)) {
        (void)unlinkat(folder, RESERVE_NAME, 0);
    }
    close(fd);
}

bool reserve_tend(int folder, uint64_t free_bytes)
{
    if (free_bytes < RESERVE_LOW_BYTES) {
        return fsfile_remove(folder, RESERVE_NAME) == ERR_OK;
    }
    if (free_bytes >= RESERVE_SMALL_AGAIN_BYTES && !exists(folder)) {
        make(folder, free_bytes >= RESERVE_AGAIN_BYTES ? RESERVE_BYTES
                                                       : RESERVE_SMALL_BYTES);
    }
    return false;
}
