#define _POSIX_C_SOURCE 200809L /* openat, mkdirat, fsync */

#include "sync-server/export/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"

static enum err from_errno(int error)
{
    switch (error) {
    case EEXIST:
        return ERR_EXISTS;
    case ENOSPC:
    case EDQUOT:
        return ERR_FULL;
    case EACCES:
    case EPERM:
        return ERR_DENIED;
    case ENOENT:
    case ENOTDIR:
        return ERR_NOT_FOUND;
    default:
        return ERR_IO;
    }
}

enum err folder_open(const char *path, struct folder *out)
{
    *out = (struct folder){ .fd = -1 };
    if (mkdir(path, 0700) != 0) {
        return from_errno(errno);
    }
    out->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return out->fd < 0 ? from_errno(errno) : ERR_OK;
}

void folder_close(struct folder *f)
{
    for (size_t i = 0; i < f->count; i++) {
        buf_fini(&f->entries[i].blocks);
    }
    mem_free(f->entries);
    if (f->fd >= 0) {
        close(f->fd);
    }
    *f = (struct folder){ .fd = -1 };
}

static enum err write_all(int fd, struct bytes data)
{
    size_t done = 0;

    while (done < data.len) {
        const ssize_t n = write(fd, data.data + done, data.len - done);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return from_errno(errno);
        }
        done += (size_t)n;
    }
    return fsync(fd) == 0 ? ERR_OK : from_errno(errno);
}

/* Names come from the exporter: at most one folder deep. */
static enum err make_parent(const struct folder *f, const char *name)
{
    const char *slash = strchr(name, '/');
    char parent[FOLDER_NAME_MAX];

    if (slash == NULL) {
        return ERR_OK;
    }
    snprintf(parent, sizeof(parent), "%.*s", (int)(slash - name), name);
    if (mkdirat(f->fd, parent, 0700) != 0 && errno != EEXIST) {
        return from_errno(errno);
    }
    return ERR_OK;
}

enum err folder_put_last(struct folder *f, const char *name, struct bytes data)
{
    enum err err = make_parent(f, name);
    int fd;

    if (err)
        return err;
    fd = openat(f->fd, name,
                O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return from_errno(errno);
    }
    err = write_all(fd, data);
    if (close(fd) != 0 && !err) {
        err = from_errno(errno);
    }
    if (!err && fsync(f->fd) != 0) {
        err = from_errno(errno);
    }
    return err;
}

static enum err note(struct folder *f, const char *name, struct bytes data)
{
    struct folder_entry *e;

    if (f->count == f->cap) {
        const size_t cap = f->cap > 0 ? 2 * f->cap : 16;
        void *more = mem_realloc(f->entries, cap * sizeof(f->entries[0]));

        if (more == NULL) {
            return ERR_NOMEM;
        }
        f->entries = more;
        f->cap = cap;
    }
    e = &f->entries[f->count++];
    *e = (struct folder_entry){ .size = data.len };
    snprintf(e->name, sizeof(e->name), "%s", name);
    crypto_sha256(data, &e->hash);
    buf_init(&e->blocks, SIZE_MAX / 2);
    for (size_t at = 0; at < data.len; at += BUNDLE_BLOCK_BYTES) {
        const size_t left = data.len - at;
        const struct bytes block = { data.data + at, left < BUNDLE_BLOCK_BYTES
                                                         ? left
                                                         : BUNDLE_BLOCK_BYTES };
        struct hash hash;

        crypto_sha256(block, &hash);
        buf_put(&e->blocks, hash.bytes, sizeof(hash.bytes));
    }
    return e->blocks.err;
}

enum err folder_put(struct folder *f, const char *name, struct bytes data)
{
    const enum err err = note(f, name, data);

    return err ? err : folder_put_last(f, name, data);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct folder_entry *)a)->name,
                  ((const struct folder_entry *)b)->name);
}

void folder_sort(struct folder *f)
{
    if (f->count > 1) {
        qsort(f->entries, f->count, sizeof(f->entries[0]), by_name);
    }
}
