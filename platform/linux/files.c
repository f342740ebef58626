#include "platform/linux/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"
#include "core/mem.h"
#include "platform/linux/fsfile.h"

struct files {
    int blobs; /* open folders */
    int parts;
};

struct name {
    char hex[2 * sizeof(struct hash) + 1];
};

static struct name name_of(const struct hash *h)
{
    struct name n;

    hex_format(h->bytes, sizeof(h->bytes), n.hex);
    return n;
}

enum err files_open(int folder, struct files **out)
{
    struct files *f = mem_alloc(sizeof(*f));
    enum err err;

    if (!f) {
        return ERR_NOMEM;
    }
    f->blobs = f->parts = -1;
    err = fsfile_folder(folder, "blobs", &f->blobs);
    if (!err) {
        err = fsfile_folder(f->blobs, "part", &f->parts);
    }
    if (err) {
        files_close(f);
        return err;
    }
    *out = f;
    return ERR_OK;
}

void files_close(struct files *f)
{
    if (!f) {
        return;
    }
    if (f->parts >= 0) {
        close(f->parts);
    }
    if (f->blobs >= 0) {
        close(f->blobs);
    }
    mem_free(f);
}

static enum err size_of(int folder, const struct hash *h, uint64_t *out)
{
    struct stat st;

    if (fstatat(folder, name_of(h).hex, &st, AT_SYMLINK_NOFOLLOW)) {
        return fsfile_err(errno);
    }
    if (!S_ISREG(st.st_mode)) {
        return ERR_BAD_DATA;
    }
    *out = (uint64_t)st.st_size;
    return ERR_OK;
}

static enum err read_at(int folder, const struct hash *h, uint64_t offset,
                        struct bytes room, size_t *got_out)
{
    uint8_t *out = (uint8_t *)(uintptr_t)room.data;
    size_t got = 0;
    enum err err = ERR_OK;
    int fd = openat(folder, name_of(h).hex, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        return fsfile_err(errno);
    }
    while (got < room.len) {
        ssize_t n = pread(fd, out + got, room.len - got, (off_t)(offset + got));

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            err = fsfile_err(errno);
        }
        if (n <= 0) {
            break;
        }
        got += (size_t)n;
    }
    close(fd);
    *got_out = err ? 0 : got;
    return err;
}

enum err files_part_size(struct files *f, const struct hash *part,
                         uint64_t *out)
{
    return size_of(f->parts, part, out);
}

enum err files_part_write(struct files *f, const struct hash *part,
                          uint64_t offset, struct bytes data)
{
    struct stat st;
    enum err err;
    int fd = openat(f->parts, name_of(part).hex,
                    O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0) {
        return fsfile_err(errno);
    }
    if (fstat(fd, &st)) {
        err = fsfile_err(errno);
    } else if (offset > (uint64_t)st.st_size) {
        err = ERR_GAP;
    } else if (offset > BLOB_FILE_MAX_BYTES ||
               data.len > BLOB_FILE_MAX_BYTES - offset) {
        err = ERR_TOO_LONG;
    } else {
        err = fsfile_write_at(fd, data, offset);
    }
    if (close(fd) && !err) {
        err = fsfile_err(errno);
    }
    return err;
}

enum err files_part_read(struct files *f, const struct hash *part,
                         uint64_t offset, uint8_t *out, size_t len,
                         size_t *got_out)
{
    return read_at(f->parts, part, offset, (struct bytes){ out, len }, got_out);
}

enum err files_part_commit(struct files *f, const struct hash *part,
                           const struct hash *name)
{
    struct name from = name_of(part);
    struct name to = name_of(name);
    enum err err = ERR_OK;
    int fd = openat(f->parts, from.hex, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        return fsfile_err(errno);
    }
    if (fsync(fd) || renameat(f->parts, from.hex, f->blobs, to.hex) ||
        fsync(f->blobs)) {
        err = fsfile_err(errno);
    }
    close(fd);
    return err;
}

enum err files_part_drop(struct files *f, const struct hash *part)
{
    return unlinkat(f->parts, name_of(part).hex, 0) ? fsfile_err(errno)
                                                    : ERR_OK;
}

enum err files_blob_size(struct files *f, const struct hash *name,
                         uint64_t *out)
{
    return size_of(f->blobs, name, out);
}

enum err files_blob_read(struct files *f, const struct hash *name,
                         uint64_t offset, uint8_t *out, size_t len,
                         size_t *got_out)
{
    return read_at(f->blobs, name, offset, (struct bytes){ out, len }, got_out);
}

enum err files_blob_remove(struct files *f, const struct hash *name)
{
    return fsfile_remove(f->blobs, name_of(name).hex);
}
