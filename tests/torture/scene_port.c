#include "tests/torture/scene_port.h"

bool scene_port_fails(struct scene_port *p)
{
    if (faultvfs_is_killed(p->disk)) {
        return true;
    }
    p->calls++;
    return p->plan > 0 &&
           (p->calls == p->plan || (p->is_lasting && p->calls > p->plan));
}

enum err scene_port_commit(struct scene_port *p, bool is_after)
{
    if (faultvfs_is_killed(p->disk)) {
        return ERR_IO;
    }
    p->commits += !is_after;
    if (p->commit > 0 && p->commits == p->commit && p->is_after == is_after) {
        faultvfs_kill(p->disk);
        return ERR_IO;
    }
    return ERR_OK;
}

static const struct port *under(const struct scene_port *p)
{
    return sim_port(p->sim);
}

static void now(void *ctx, struct port_time *out)
{
    struct scene_port *p = ctx;

    under(p)->ops->now(under(p)->ctx, out);
}

static void log_line(void *ctx, enum port_log_level level, const char *text)
{
    struct scene_port *p = ctx;

    under(p)->ops->log(under(p)->ctx, level, text);
}

static enum err fix(void *ctx, struct port_fix *out)
{
    struct scene_port *p = ctx;

    return under(p)->ops->fix(under(p)->ctx, out);
}

/* Each of these fails when its turn comes, else asks the machine. */
#define CALL(p, name, ...)        \
    (scene_port_fails(p) ? ERR_IO \
                         : under(p)->ops->name(under(p)->ctx, __VA_ARGS__))

static enum err random_bytes(void *ctx, uint8_t *out, size_t len)
{
    struct scene_port *p = ctx;

    return CALL(p, random, out, len);
}

static enum err counter_get(void *ctx, uint64_t *out)
{
    struct scene_port *p = ctx;

    return CALL(p, counter_get, out);
}

static enum err counter_raise(void *ctx, uint64_t value)
{
    struct scene_port *p = ctx;
    enum err err;

    if (scene_port_fails(p)) {
        return ERR_IO;
    }
    err = scene_port_commit(p, false);
    err = err ? err : under(p)->ops->counter_raise(under(p)->ctx, value);
    return err ? err : scene_port_commit(p, true);
}

static enum err part_size(void *ctx, const struct hash *part, uint64_t *out)
{
    struct scene_port *p = ctx;

    return CALL(p, part_size, part, out);
}

static enum err part_write(void *ctx, const struct hash *part, uint64_t offset,
                           struct bytes data)
{
    struct scene_port *p = ctx;

    return scene_port_fails(p)
               ? ERR_FULL
               : under(p)->ops->part_write(under(p)->ctx, part, offset, data);
}

static enum err part_read(void *ctx, const struct hash *part, uint64_t offset,
                          uint8_t *out, size_t len, size_t *got_out)
{
    struct scene_port *p = ctx;

    return CALL(p, part_read, part, offset, out, len, got_out);
}

static enum err part_commit(void *ctx, const struct hash *part,
                            const struct hash *name)
{
    struct scene_port *p = ctx;
    enum err err;

    if (scene_port_fails(p)) {
        return ERR_IO;
    }
    err = scene_port_commit(p, false);
    err = err ? err : under(p)->ops->part_commit(under(p)->ctx, part, name);
    return err ? err : scene_port_commit(p, true);
}

static enum err part_drop(void *ctx, const struct hash *part)
{
    struct scene_port *p = ctx;

    return CALL(p, part_drop, part);
}

static enum err blob_size(void *ctx, const struct hash *name, uint64_t *out)
{
    struct scene_port *p = ctx;

    return CALL(p, blob_size, name, out);
}

static enum err blob_read(void *ctx, const struct hash *name, uint64_t offset,
                          uint8_t *out, size_t len, size_t *got_out)
{
    struct scene_port *p = ctx;

    return CALL(p, blob_read, name, offset, out, len, got_out);
}

static enum err blob_remove(void *ctx, const struct hash *name)
{
    struct scene_port *p = ctx;

    return CALL(p, blob_remove, name);
}

static const struct port_ops ops = {
    .now = now,
    .random = random_bytes,
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
};

void scene_port_init(struct scene_port *p)
{
    p->port.ops = &ops;
    p->port.ctx = p;
}
