#include "platform/linux/fsfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FSFILE_NAME_MAX 64

enum err fsfile_err(int error)
{
    switch (error) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return ERR_FULL;
    case ENOENT:
        return ERR_NOT_FOUND;
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
        return ERR_DENIED;
    case ENOMEM:
        return ERR_NOMEM;
    default:
        return ERR_IO;
    }
}

enum err fsfile_folder(int at, const char *name, int *fd_out)
{
    int fd;

    if (mkdirat(at, name, 0700) && errno != EEXIST) {
        return fsfile_err(errno);
    }
    fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return fsfile_err(errno);
    }
    *fd_out = fd;
    return ERR_OK;
}

enum err fsfile_read(int folder, const char *name, struct buf *out)
{
    uint8_t piece[4096];
    ssize_t got;
    int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        return fsfile_err(errno);
    }
    do {
        got = read(fd, piece, sizeof(piece));
        if (got > 0) {
            buf_put(out, piece, (size_t)got);
        }
    } while ((got > 0 || (got < 0 && errno == EINTR)) && !out->err);
    wipe(piece, sizeof(piece));
    if (got < 0) {
        out->err = fsfile_err(errno);
    }
    close(fd);
    return out->err;
}

enum err fsfile_write_at(int fd, struct bytes data, uint64_t offset)
{
    size_t done = 0;

    while (done < data.len) {
        ssize_t put = pwrite(fd, data.data + done, data.len - done,
                             (off_t)(offset + done));

        if (put < 0 && errno == EINTR) {
            continue;
        }
        if (put < 0) {
            return fsfile_err(errno);
        }
        done += (size_t)put;
    }
    return ERR_OK;
}

enum err fsfile_replace(int folder, const char *name, struct bytes data)
{
    char temp[FSFILE_NAME_MAX];
    enum err err;
    int fd;

    snprintf(temp, sizeof(temp), ".%s.new", name);
    fd = openat(folder, temp,
                O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return fsfile_err(errno);
    }
    err = fsfile_write_at(fd, data, 0);
    if (!err && fsync(fd)) {
        err = fsfile_err(errno);
    }
    if (close(fd) && !err) {
        err = fsfile_err(errno);
    }
    if (!err && renameat(folder, temp, folder, name)) {
        err = fsfile_err(errno);
    }
    if (!err && fsync(folder)) {
        err = fsfile_err(errno);
    }
    if (err) {
        unlinkat(folder, temp, 0);
    }
    return err;
}

enum err fsfile_remove(int folder, const char *name)
{
    if (unlinkat(folder, name, 0) || fsync(folder)) {
        return fsfile_err(errno);
    }
    return ERR_OK;
}
