#include "platform/linux/machine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "core/mem.h"
#include "platform/linux/clock.h"
#include "platform/linux/files.h"
#include "platform/linux/fsfile.h"
#include "platform/linux/keystore.h"
#include "platform/linux/location.h"
#include "platform/linux/logfile.h"
#include "platform/linux/safety.h"

#define LOCK_NAP_MS 20 /* between two looks at a lock that is held */

struct machine {
    struct port port;
    int folder, log_folder, lock; /* open, or -1 */
    struct uuid boot;
    char zone[ZONE_MAX];
    struct files *files;
    struct safety safety;
    struct keystore *keys;
    struct logfile *log;       /* NULL: standard error */
    struct location *location; /* NULL: none */
};

static void now(void *ctx, struct port_time *out)
{
    const struct machine *m = ctx;

    *out = (struct port_time){ .boot = m->boot };
    snprintf(out->zone, sizeof(out->zone), "%s", m->zone);
    clock_read(out);
    if (m->location) {
        out->has_gnss = location_time(m->location, &out->gnss_ms);
    }
}

static enum err random_fill(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    while (len > 0) {
        ssize_t got = getrandom(out, len, 0);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return ERR_IO;
        }
        out += got;
        len -= (size_t)got;
    }
    return ERR_OK;
}

static void log_line(void *ctx, enum port_log_level level, const char *text)
{
    struct machine *m = ctx;
    char line[LOGFILE_LINE_SIZE];
    struct port_time t;
    size_t len;

    clock_read(&t);
    if (m->log) {
        logfile_put(m->log, t.wall_ms, level, text);
        return;
    }
    len = logfile_line(line, t.wall_ms, level, text);
    (void)!write(STDERR_FILENO, line, len); /* one write: lines don't mix */
}

static enum err fix(void *ctx, struct port_fix *out)
{
    struct machine *m = ctx;

    return m->location ? location_fix(m->location, out) : ERR_NOT_FOUND;
}

static enum err counter_get(void *ctx, uint64_t *out)
{
    return keystore_counter(((struct machine *)ctx)->keys, out);
}

static enum err counter_raise(void *ctx, uint64_t value)
{
    return keystore_raise(((struct machine *)ctx)->keys, value);
}

static struct files *files_of(void *ctx)
{
    return ((struct machine *)ctx)->files;
}

static enum err part_size(void *ctx, const struct hash *part, uint64_t *out)
{
    return files_part_size(files_of(ctx), part, out);
}

static enum err part_write(void *ctx, const struct hash *part, uint64_t offset,
                           struct bytes data)
{
    return files_part_write(files_of(ctx), part, offset, data);
}

static enum err part_read(void *ctx, const struct hash *part, uint64_t offset,
                          uint8_t *out, size_t len, size_t *got_out)
{
    return files_part_read(files_of(ctx), part, offset, out, len, got_out);
}

static enum err part_commit(void *ctx, const struct hash *part,
                            const struct hash *name)
{
    return files_part_commit(files_of(ctx), part, name);
}

static enum err part_drop(void *ctx, const struct hash *part)
{
    return files_part_drop(files_of(ctx), part);
}

static enum err blob_size(void *ctx, const struct hash *name, uint64_t *out)
{
    return files_blob_size(files_of(ctx), name, out);
}

static enum err blob_read(void *ctx, const struct hash *name, uint64_t offset,
                          uint8_t *out, size_t len, size_t *got_out)
{
    return files_blob_read(files_of(ctx), name, offset, out, len, got_out);
}

static enum err blob_remove(void *ctx, const struct hash *name)
{
    return files_blob_remove(files_of(ctx), name);
}

static enum err safety_get(void *ctx, uint64_t offset, uint8_t *out, size_t len,
                           size_t *got_out)
{
    return safety_file_read(&((struct machine *)ctx)->safety, offset, out, len,
                            got_out);
}

static enum err safety_put(void *ctx, uint64_t offset, struct bytes data)
{
    return safety_file_write(&((struct machine *)ctx)->safety, offset, data);
}

static enum err safety_renew(void *ctx, struct bytes data)
{
    return safety_file_replace(&((struct machine *)ctx)->safety, data);
}

static const struct port_ops machine_ops = {
    .now = now,
    .random = random_fill,
    .log = log_line,
    .fix = fix,
    .counter_get = counter_get,
    .counter_raise = counter_raise,
    .part_size = part_size,
    .part_write = part_write,
    .part_read = part_read,
    .part_commit = part_commit,
    .part_drop = part_drop,
    .blob_size = blob_size,
    .blob_read = blob_read,
    .blob_remove = blob_remove,
    .safety_read = safety_get,
    .safety_write = safety_put,
    .safety_replace = safety_renew,
};

/* The lock is the kernel's, not the file: it ends with its program. */
static enum err take_lock(struct machine *m, unsigned wait_ms)
{
    const struct timespec nap = { 0, LOCK_NAP_MS * 1000000L };

    m->lock = openat(m->folder, "lock",
                     O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (m->lock < 0) {
        return fsfile_err(errno);
    }
    while (flock(m->lock, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK) {
            return fsfile_err(errno);
        }
        if (wait_ms < LOCK_NAP_MS) {
            return ERR_BUSY;
        }
        wait_ms -= LOCK_NAP_MS;
        nanosleep(&nap, NULL); /* cut short by a signal: asked sooner */
    }
    return ERR_OK;
}

/* "host:port"; a build without libgps has no position, and goes on. */
static enum err open_location(struct machine *m, const char *gpsd)
{
    const char *colon = strrchr(gpsd, ':');
    char host[128];
    enum err err;

    if (!colon || colon == gpsd || (size_t)(colon - gpsd) >= sizeof(host)) {
        return ERR_USAGE;
    }
    memcpy(host, gpsd, (size_t)(colon - gpsd));
    host[colon - gpsd] = '\0';
    err = location_open(host, colon + 1, &m->location);
    return err == ERR_UNSUPPORTED ? ERR_OK : err;
}

static enum err open_parts(struct machine *m,
                           const struct machine_options *options)
{
    enum err err = fsfile_folder(AT_FDCWD, options->dir, &m->folder);

    if (!err && options->is_exclusive) {
        err = take_lock(m, options->lock_wait_ms);
    }
    if (!err && options->log_name) {
        err = fsfile_folder(m->folder, "log", &m->log_folder);
        if (!err) {
            err = logfile_open(m->log_folder, options->log_name, &m->log);
        }
    }
    safety_init(&m->safety, m->folder);
    if (!err) {
        err = files_open(m->folder, &m->files);
    }
    if (!err) {
        err = keystore_open(m->folder, options->tcti, &m->keys);
    }
    if (!err && options->gpsd) {
        err = open_location(m, options->gpsd);
    }
    return err;
}

enum err machine_open(const struct machine_options *options,
                      struct machine **out)
{
    struct machine *m = mem_alloc(sizeof(*m));
    enum err err;

    if (!m) {
        return ERR_NOMEM;
    }
    m->port = (struct port){ &machine_ops, m };
    m->folder = m->log_folder = m->lock = -1;
    safety_init(&m->safety, -1);
    clock_boot(&m->boot);
    clock_zone(m->zone);
    err = open_parts(m, options);
    if (err) {
        machine_close(m);
        return err;
    }
    *out = m;
    return ERR_OK;
}

static void close_fd(int fd)
{
    if (fd >= 0) {
        close(fd);
    }
}

void machine_close(struct machine *m)
{
    if (!m) {
        return;
    }
    location_close(m->location);
    keystore_close(m->keys);
    files_close(m->files);
    safety_fini(&m->safety);
    logfile_close(m->log);
    close_fd(m->log_folder);
    close_fd(m->folder);
    close_fd(m->lock); /* last: now another program may open DIR */
    mem_free(m);
}

const struct port *machine_port(struct machine *m)
{
    return &m->port;
}

struct keystore *machine_keys(struct machine *m)
{
    return m->keys;
}

int machine_folder(const struct machine *m)
{
    return m->folder;
}

struct location *machine_location(struct machine *m)
{
    return m->location;
}
