#include "platform/sim/sim_port.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "platform/sim/sim_random.h"

struct sim_file {
    struct sim_file *next;
    struct hash name;
    bool is_part;
    uint8_t *data;
    size_t len;
};

struct sim_port {
    struct port port;
    struct sim_random random; /* what the port hands out */
    struct sim_random chance; /* when faults fire */
    const uint64_t *world_ms;
    int64_t start_wall_ms;
    int64_t skew_ms;
    uint64_t boot_ms; /* world time of the last boot */
    struct uuid boot;
    int offset_min;
    char zone[ZONE_MAX];
    bool has_gnss;
    int64_t gnss_off_ms;
    struct port_fix fix;
    uint64_t counter;
    struct sim_file *files;
    unsigned permille[SIM_FAULT__COUNT];
    uint64_t fired[SIM_FAULT__COUNT];
    char line[PORT_LOG_MAX];
    uint64_t errors;
    struct port_ops safe_ops; /* ours, and those of the safety copy */
    struct buf safety;
    bool has_safety; /* the file is there */
};

static bool fault(struct sim_port *p, enum sim_fault f)
{
    if (p->permille[f] == 0 || !sim_random_chance(&p->chance, p->permille[f])) {
        return false;
    }
    p->fired[f]++;
    return true;
}

static int64_t wall(const struct sim_port *p)
{
    return p->start_wall_ms + (int64_t)*p->world_ms;
}

static void port_now(void *ctx, struct port_time *out)
{
    const struct sim_port *p = ctx;

    memset(out, 0, sizeof(*out));
    out->wall_ms = wall(p) + p->skew_ms;
    out->mono_ms = *p->world_ms - p->boot_ms;
    out->boot = p->boot;
    out->utc_offset_min = p->offset_min;
    memcpy(out->zone, p->zone, sizeof(out->zone));
    out->has_gnss = p->has_gnss;
    out->gnss_ms = p->has_gnss ? wall(p) + p->gnss_off_ms : 0;
}

static enum err port_fill(void *ctx, uint8_t *out, size_t len)
{
    struct sim_port *p = ctx;

    if (fault(p, SIM_FAULT_RANDOM_IO)) {
        return ERR_IO;
    }
    sim_random_fill(&p->random, out, len);
    return ERR_OK;
}

static void port_line(void *ctx, enum port_log_level level, const char *text)
{
    struct sim_port *p = ctx;

    snprintf(p->line, sizeof(p->line), "%s", text);
    if (level == PORT_LOG_ERROR) {
        p->errors++;
    }
}

static enum err port_place(void *ctx, struct port_fix *out)
{
    const struct sim_port *p = ctx;

    if (p->fix.source == PORT_FIX_NONE) {
        return ERR_NOT_FOUND;
    }
    *out = p->fix;
    return ERR_OK;
}

static enum err counter_get(void *ctx, uint64_t *out)
{
    struct sim_port *p = ctx;

    if (fault(p, SIM_FAULT_COUNTER_IO)) {
        return ERR_IO;
    }
    *out = p->counter;
    return ERR_OK;
}

uint64_t sim_port_counter(const struct sim_port *p)
{
    return p->counter;
}

static enum err counter_raise(void *ctx, uint64_t value)
{
    struct sim_port *p = ctx;

    if (fault(p, SIM_FAULT_COUNTER_IO)) {
        return ERR_IO;
    }
    if (value > p->counter) {
        p->counter = value;
    }
    return ERR_OK;
}

static struct sim_file *find(const struct sim_port *p, const struct hash *name,
                             bool is_part)
{
    for (struct sim_file *f = p->files; f != NULL; f = f->next) {
        if (f->is_part == is_part && hash_eq(&f->name, name)) {
            return f;
        }
    }
    return NULL;
}

static void drop(struct sim_port *p, struct sim_file *file)
{
    for (struct sim_file **at = &p->files; *at != NULL; at = &(*at)->next) {
        if (*at == file) {
            *at = file->next;
            mem_free(file->data);
            mem_free(file);
            return;
        }
    }
}

static struct sim_file *add(struct sim_port *p, const struct hash *name,
                            bool is_part)
{
    struct sim_file *f = mem_alloc(sizeof(*f));

    if (f != NULL) {
        f->name = *name;
        f->is_part = is_part;
        f->next = p->files;
        p->files = f;
    }
    return f;
}

static enum err part_size(void *ctx, const struct hash *part, uint64_t *out)
{
    struct sim_port *p = ctx;
    const struct sim_file *f = find(p, part, true);

    if (fault(p, SIM_FAULT_BLOB_IO)) {
        return ERR_IO;
    }
    *out = f == NULL ? 0 : f->len;
    return f == NULL ? ERR_NOT_FOUND : ERR_OK;
}

static enum err part_write(void *ctx, const struct hash *part, uint64_t offset,
                           struct bytes data)
{
    struct sim_port *p = ctx;
    struct sim_file *f = find(p, part, true);
    size_t end;

    if (fault(p, SIM_FAULT_BLOB_IO)) {
        return ERR_IO;
    }
    if (fault(p, SIM_FAULT_BLOB_FULL)) {
        return ERR_FULL;
    }
    if (offset > (f == NULL ? 0 : f->len)) {
        return ERR_GAP;
    }
    if (f == NULL && (f = add(p, part, true)) == NULL) {
        return ERR_NOMEM;
    }
    end = (size_t)offset + data.len;
    if (end > f->len) {
        uint8_t *more = mem_realloc(f->data, end);

        if (more == NULL) {
            return ERR_NOMEM;
        }
        f->data = more;
        f->len = end;
    }
    if (data.len > 0) {
        memcpy(f->data + offset, data.data, data.len);
    }
    return ERR_OK;
}

static enum err read_from(struct sim_port *p, const struct sim_file *f,
                          uint64_t offset, struct bytes *out)
{
    if (fault(p, SIM_FAULT_BLOB_IO)) {
        return ERR_IO;
    }
    if (f == NULL) {
        return ERR_NOT_FOUND;
    }
    if (offset >= f->len) {
        out->len = 0;
        return ERR_OK;
    }
    out->data = f->data + offset;
    if (out->len > f->len - (size_t)offset) {
        out->len = f->len - (size_t)offset;
    }
    return ERR_OK;
}

static enum err part_read(void *ctx, const struct hash *part, uint64_t offset,
                          uint8_t *out, size_t len, size_t *got_out)
{
    struct sim_port *p = ctx;
    struct bytes view = { NULL, len };
    enum err err = read_from(p, find(p, part, true), offset, &view);

    if (!err) {
        *got_out = view.len;
        if (view.len > 0) {
            memcpy(out, view.data, view.len);
        }
    }
    return err;
}

static enum err part_commit(void *ctx, const struct hash *part,
                            const struct hash *name)
{
    struct sim_port *p = ctx;
    struct sim_file *f = find(p, part, true);

    if (fault(p, SIM_FAULT_BLOB_IO)) {
        return ERR_IO;
    }
    if (f == NULL) {
        return ERR_NOT_FOUND;
    }
    if (find(p, name, false) != NULL) {
        drop(p, f);
        return ERR_OK;
    }
    f->name = *name;
    f->is_part = false;
    return ERR_OK;
}

static enum err part_drop(void *ctx, const struct hash *part)
{
    struct sim_port *p = ctx;
    struct sim_file *f = find(p, part, true);

    if (f == NULL) {
        return ERR_NOT_FOUND;
    }
    drop(p, f);
    return ERR_OK;
}

static enum err blob_size(void *ctx, const struct hash *name, uint64_t *out)
{
    struct sim_port *p = ctx;
    const struct sim_file *f = find(p, name, false);

    if (fault(p, SIM_FAULT_BLOB_IO)) {
        return ERR_IO;
    }
    *out = f == NULL ? 0 : f->len;
    return f == NULL ? ERR_NOT_FOUND : ERR_OK;
}

static enum err blob_read(void *ctx, const struct hash *name, uint64_t offset,
                          uint8_t *out, size_t len, size_t *got_out)
{
    struct sim_port *p = ctx;
    struct bytes view = { NULL, len };
    enum err err = read_from(p, find(p, name, false), offset, &view);

    if (!err) {
        *got_out = view.len;
        if (view.len > 0) {
            memcpy(out, view.data, view.len);
        }
        if (view.len > 0 && fault(p, SIM_FAULT_BLOB_ROT)) {
            out[sim_random_below(&p->chance, view.len)] ^= 1;
        }
    }
    return err;
}

static enum err blob_remove(void *ctx, const struct hash *name)
{
    struct sim_port *p = ctx;
    struct sim_file *f = find(p, name, false);

    if (f == NULL) {
        return ERR_NOT_FOUND;
    }
    drop(p, f);
    return ERR_OK;
}

static const struct port_ops ops = {
    .now = port_now,
    .random = port_fill,
    .log = port_line,
    .fix = port_place,
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

/* --- the safety copy: durable at once --- */

#define SAFETY_MAX_BYTES ((size_t)64 * 1024 * 1024)

static enum err safety_read_at(void *ctx, uint64_t offset, uint8_t *out,
                               size_t len, size_t *got_out)
{
    struct sim_port *p = ctx;
    size_t got = 0;

    if (!p->has_safety) {
        return ERR_NOT_FOUND;
    }
    if (offset < p->safety.len) {
        got = p->safety.len - (size_t)offset;
        got = got < len ? got : len;
        memcpy(out, p->safety.data + offset, got);
    }
    *got_out = got;
    return ERR_OK;
}

static enum err safety_write_at(void *ctx, uint64_t offset, struct bytes data)
{
    struct sim_port *p = ctx;

    if (fault(p, SIM_FAULT_BLOB_FULL)) {
        return ERR_FULL;
    }
    if (!p->has_safety || offset > p->safety.len) {
        return ERR_GAP;
    }
    p->safety.len = (size_t)offset;
    buf_put(&p->safety, data.data, data.len);
    return p->safety.err;
}

static enum err safety_replace_all(void *ctx, struct bytes data)
{
    struct sim_port *p = ctx;

    if (fault(p, SIM_FAULT_BLOB_FULL)) {
        return ERR_FULL;
    }
    p->has_safety = true;
    buf_reset(&p->safety);
    buf_put(&p->safety, data.data, data.len);
    return p->safety.err;
}

void sim_port_safety(struct sim_port *p, bool is_on)
{
    p->safe_ops = ops;
    p->safe_ops.safety_read = safety_read_at;
    p->safe_ops.safety_write = safety_write_at;
    p->safe_ops.safety_replace = safety_replace_all;
    p->port.ops = is_on ? &p->safe_ops : &ops;
}

void sim_port_safety_spoil(struct sim_port *p, size_t offset, size_t len)
{
    for (size_t i = offset; i < offset + len && i < p->safety.len; i++) {
        p->safety.data[i] ^= 0x5a;
    }
}

size_t sim_port_safety_size(const struct sim_port *p)
{
    return p->safety.len;
}

enum err sim_port_new(const struct sim_port_options *options,
                      struct sim_port **out)
{
    struct sim_port *p = mem_alloc(sizeof(*p));

    if (p == NULL) {
        return ERR_NOMEM;
    }
    p->port.ops = &ops;
    p->port.ctx = p;
    buf_init(&p->safety, SAFETY_MAX_BYTES);
    p->world_ms = options->world_ms;
    p->start_wall_ms = options->start_wall_ms;
    sim_random_init(&p->random, options->seed);
    sim_random_init(&p->chance, ~options->seed);
    sim_port_zone(p, 0, "Europe/London");
    sim_port_reboot(p, false);
    *out = p;
    return ERR_OK;
}

void sim_port_free(struct sim_port *p)
{
    if (p == NULL) {
        return;
    }
    while (p->files != NULL) {
        drop(p, p->files);
    }
    buf_fini(&p->safety);
    mem_free(p);
}

const struct port *sim_port(struct sim_port *p)
{
    return &p->port;
}

void sim_port_skew(struct sim_port *p, int64_t ms)
{
    p->skew_ms = ms;
}

void sim_port_zone(struct sim_port *p, int offset_min, const char *zone)
{
    p->offset_min = offset_min;
    memset(p->zone, 0, sizeof(p->zone));
    snprintf(p->zone, sizeof(p->zone), "%s", zone);
}

void sim_port_gnss(struct sim_port *p, bool has, int64_t off_ms)
{
    p->has_gnss = has;
    p->gnss_off_ms = off_ms;
}

void sim_port_place(struct sim_port *p, const struct port_fix *fix)
{
    p->fix = *fix;
}

void sim_port_reboot(struct sim_port *p, bool is_power_loss)
{
    p->boot_ms = *p->world_ms;
    sim_random_fill(&p->random, p->boot.bytes, sizeof(p->boot.bytes));
    for (struct sim_file *f = p->files; is_power_loss && f; f = f->next) {
        if (f->is_part && f->len > 0) {
            f->len = (size_t)sim_random_below(&p->chance, f->len + 1);
            if (f->len > 0 && sim_random_chance(&p->chance, 500)) {
                f->data[sim_random_below(&p->chance, f->len)] ^= 0x55;
            }
            p->fired[SIM_FAULT_BLOB_LOST]++;
        }
    }
}

void sim_port_reseed(struct sim_port *p, uint64_t seed)
{
    sim_random_init(&p->chance, seed);
}

void sim_port_fault(struct sim_port *p, enum sim_fault f, unsigned permille)
{
    p->permille[f] = permille;
}

uint64_t sim_port_fired(const struct sim_port *p, enum sim_fault f)
{
    return p->fired[f];
}

const char *sim_fault_text(enum sim_fault f)
{
    static const char *const texts[] = {
#define X(name, text) text,
        SIM_FAULTS(X)
#undef X
    };

    ASSERT((size_t)f < ARRAY_LEN(texts));
    return texts[f];
}

enum err sim_port_copy_files(struct sim_port *to, const struct sim_port *from)
{
    ASSERT(to != from);
    while (to->files != NULL) {
        drop(to, to->files);
    }
    for (const struct sim_file *f = from->files; f != NULL; f = f->next) {
        struct sim_file *copy = add(to, &f->name, f->is_part);

        if (copy == NULL) {
            return ERR_NOMEM;
        }
        if (f->len > 0) {
            copy->data = mem_alloc(f->len);
            if (copy->data == NULL) {
                return ERR_NOMEM;
            }
            memcpy(copy->data, f->data, f->len);
            copy->len = f->len;
        }
    }
    to->has_safety = from->has_safety; /* it lies in the same folder */
    buf_reset(&to->safety);
    buf_put(&to->safety, from->safety.data, from->safety.len);
    return to->safety.err;
}

uint64_t sim_port_blob_bytes(const struct sim_port *p)
{
    uint64_t total = 0;

    for (const struct sim_file *f = p->files; f != NULL; f = f->next) {
        total += f->is_part ? 0 : f->len;
    }
    return total;
}

bool sim_port_blob_flip(struct sim_port *p, const struct hash *name)
{
    struct sim_file *f = find(p, name, false);

    if (f == NULL || f->len == 0) {
        return false;
    }
    f->data[sim_random_below(&p->chance, f->len)] ^= 1;
    return true;
}

const char *sim_port_log_line(const struct sim_port *p)
{
    return p->line;
}

uint64_t sim_port_log_errors(const struct sim_port *p)
{
    return p->errors;
}
