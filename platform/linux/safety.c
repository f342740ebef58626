#include "platform/linux/safety.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/limits.h"
#include "core/mem.h"
#include "platform/linux/fsfile.h"

void safety_init(struct safety *f, int folder)
{
    f->folder = folder;
    f->fd = -1;
    f->size = 0;
}

void safety_fini(struct safety *f)
{
    if (f->fd >= 0) {
        close(f->fd);
        f->fd = -1;
    }
}

static enum err open_it(struct safety *f)
{
    struct stat st;

    if (f->fd >= 0) {
        return ERR_OK;
    }
    f->fd = openat(f->folder, SAFETY_NAME, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (f->fd < 0) {
        return fsfile_err(errno);
    }
    if (fstat(f->fd, &st) != 0) {
        safety_fini(f);
        return ERR_IO;
    }
    f->size = (uint64_t)st.st_size;
    return ERR_OK;
}

enum err safety_file_read(struct safety *f, uint64_t offset, uint8_t *out,
                          size_t len, size_t *got_out)
{
    size_t got = 0;
    enum err err = open_it(f);

    *got_out = 0;
    while (!err && got < len) {
        const ssize_t n =
            pread(f->fd, out + got, len - got, (off_t)(offset + got));

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return fsfile_err(errno);
        }
        if (n == 0) {
            break;
        }
        got += (size_t)n;
    }
    *got_out = got;
    return err;
}

/* Zeros up to the next step beyond `need`, durable with its length. */
static enum err grow(struct safety *f, uint64_t need)
{
    const size_t step = SAFETY_GROW_BYTES;
    uint8_t *zeros;
    enum err err = ERR_OK;

    if (need <= f->size) {
        return ERR_OK;
    }
    zeros = mem_alloc(step);
    if (zeros == NULL) {
        return ERR_NOMEM;
    }
    while (!err && f->size < need) {
        err = fsfile_write_at(f->fd, (struct bytes){ zeros, step }, f->size);
        f->size += err ? 0 : step;
    }
    if (!err && fsync(f->fd) != 0) {
        err = fsfile_err(errno);
    }
    mem_free(zeros);
    return err;
}

enum err safety_file_write(struct safety *f, uint64_t offset, struct bytes data)
{
    enum err err = open_it(f);

    err = err ? err : grow(f, offset + data.len);
    err = err ? err : fsfile_write_at(f->fd, data, offset);
    if (!err && fdatasync(f->fd) != 0) {
        err = fsfile_err(errno);
    }
    return err;
}

enum err safety_file_replace(struct safety *f, struct bytes data)
{
    safety_fini(f);
    return fsfile_replace(f->folder, SAFETY_NAME, data);
}
