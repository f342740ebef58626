#include "platform/sim/faultvfs_disk.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"

struct faultvfs_file *faultvfs_disk_find(const struct faultvfs *v,
                                         const char *name)
{
    for (struct faultvfs_file *f = v->files; f != NULL; f = f->next) {
        if (strcmp(f->name, name) == 0) {
            return f;
        }
    }
    return NULL;
}

/* Memory of a removed file, for the next one. */
static void give_spare(struct faultvfs *v, struct faultvfs_bytes *b)
{
    for (size_t i = 0; i < FAULTVFS_SPARES; i++) {
        if (v->spare[i].cap < b->cap) {
            struct faultvfs_bytes old = v->spare[i];

            v->spare[i] = *b;
            *b = old;
        }
    }
    mem_free(b->data);
}

static void take_spare(struct faultvfs *v, struct faultvfs_bytes *b)
{
    for (size_t i = 0; i < FAULTVFS_SPARES && b->cap == 0; i++) {
        *b = v->spare[i];
        b->len = 0;
        v->spare[i] = (struct faultvfs_bytes){ NULL, 0, 0 };
    }
}

void faultvfs_disk_fini(struct faultvfs *v)
{
    while (v->files != NULL) {
        ASSERT(v->files->open_count == 0);
        faultvfs_disk_remove(v, v->files);
    }
    for (size_t i = 0; i < FAULTVFS_SPARES; i++) {
        mem_free(v->spare[i].data);
    }
}

struct faultvfs_file *faultvfs_disk_add(struct faultvfs *v, const char *name)
{
    struct faultvfs_file *f = mem_alloc(sizeof(*f));

    if (f != NULL) {
        snprintf(f->name, sizeof(f->name), "%s", name);
        take_spare(v, &f->now);
        take_spare(v, &f->durable);
        f->next = v->files;
        v->files = f;
    }
    return f;
}

void faultvfs_disk_shm_free(struct faultvfs_file *f)
{
    for (size_t i = 0; i < FAULTVFS_SHM_PAGES; i++) {
        mem_free(f->shm[i]);
        f->shm[i] = NULL;
    }
    memset(f->shm_shared, 0, sizeof(f->shm_shared));
    for (size_t i = 0; i < SQLITE_SHM_NLOCK; i++) {
        f->shm_exclusive[i] = NULL;
    }
}

#define CHUNK_BYTES ((size_t)64 * 1024)

/* Memory until forget_writes(). */
static void *take(struct faultvfs_file *f, size_t len)
{
    const size_t need = (len + 15) / 16 * 16;
    struct faultvfs_chunk *c = f->chunks;

    if (c == NULL || c->cap - c->used < need) {
        const size_t cap = need > CHUNK_BYTES ? need : CHUNK_BYTES;

        c = mem_realloc(NULL, sizeof(*c) + cap);
        if (c == NULL) {
            return NULL;
        }
        c->next = f->chunks;
        c->used = 0;
        c->cap = cap;
        f->chunks = c;
    }
    c->used += need;
    return c->data + c->used - need;
}

/* Keeps one chunk: the next write comes soon. */
static void forget_writes(struct faultvfs_file *f)
{
    while (f->chunks != NULL && f->chunks->next != NULL) {
        struct faultvfs_chunk *c = f->chunks;

        f->chunks = c->next;
        mem_free(c);
    }
    if (f->chunks != NULL) {
        f->chunks->used = 0;
    }
    f->first = NULL;
    f->last = NULL;
}

void faultvfs_disk_remove(struct faultvfs *v, struct faultvfs_file *f)
{
    struct faultvfs_file **at = &v->files;

    while (*at != f) {
        at = &(*at)->next;
    }
    *at = f->next;
    if (v->rotten == f) {
        v->rotten = NULL;
    }
    faultvfs_disk_shm_free(f);
    forget_writes(f);
    mem_free(f->chunks);
    give_spare(v, &f->now);
    give_spare(v, &f->durable);
    mem_free(f);
}

/* A log of writes grows by pages; most files never get longer. */
#define GROW_BYTES ((size_t)256 * 1024)

/* Room for `len` bytes; what lies behind b->len is anything. */
static enum err reserve(struct faultvfs_bytes *b, size_t len)
{
    if (len > b->cap) {
        size_t cap = 2 * len + GROW_BYTES;
        uint8_t *more = mem_realloc(b->data, cap);

        if (more == NULL) {
            return ERR_NOMEM;
        }
        b->data = more;
        b->cap = cap;
    }
    return ERR_OK;
}

static enum err resize(struct faultvfs_bytes *b, size_t len)
{
    enum err err = reserve(b, len);

    if (err)
        return err;
    if (len > b->len) {
        memset(b->data + b->len, 0, len - b->len);
    }
    b->len = len;
    return ERR_OK;
}

static enum err apply(struct faultvfs_bytes *b, size_t offset,
                      struct bytes data)
{
    const size_t end = offset + data.len;
    enum err err = end > b->len ? reserve(b, end) : ERR_OK;

    if (err)
        return err;
    if (offset > b->len) {
        memset(b->data + b->len, 0, offset - b->len);
    }
    if (data.len > 0) {
        memcpy(b->data + offset, data.data, data.len);
    }
    b->len = end > b->len ? end : b->len;
    return ERR_OK;
}

static enum err remember(struct faultvfs_file *f, size_t offset,
                         struct bytes data, bool is_truncate)
{
    struct faultvfs_write *w = take(f, sizeof(*w) + data.len);

    if (w == NULL) {
        return ERR_NOMEM;
    }
    if (f->is_copy) {
        enum err err =
            apply(&f->durable, 0, (struct bytes){ f->now.data, f->now.len });

        if (err)
            return err;
        f->is_copy = false;
    }
    w->next = NULL;
    w->offset = offset;
    w->len = data.len;
    w->is_truncate = is_truncate;
    if (data.len > 0) {
        memcpy(w->data, data.data, data.len);
    }
    if (f->last == NULL) {
        f->first = w;
    } else {
        f->last->next = w;
    }
    f->last = w;
    return ERR_OK;
}

enum err faultvfs_disk_write(struct faultvfs_file *f, size_t offset,
                             struct bytes data)
{
    enum err err = remember(f, offset, data, false);

    return err ? err : apply(&f->now, offset, data);
}

enum err faultvfs_disk_truncate(struct faultvfs_file *f, size_t size)
{
    enum err err = remember(f, size, (struct bytes){ NULL, 0 }, true);

    return err ? err : resize(&f->now, size);
}

static enum err apply_write(struct faultvfs_bytes *b,
                            const struct faultvfs_write *w, size_t len)
{
    return w->is_truncate ? resize(b, w->offset)
                          : apply(b, w->offset, (struct bytes){ w->data, len });
}

enum err faultvfs_disk_sync(struct faultvfs_file *f)
{
    for (struct faultvfs_write *w = f->first; w != NULL; w = w->next) {
        enum err err = apply_write(&f->durable, w, w->len);

        if (err)
            return err;
    }
    forget_writes(f);
    return ERR_OK;
}

/* Sectors of one write, each for itself: new, old, or what was never said. */
static enum err put_garbage(struct faultvfs *v, struct faultvfs_file *f,
                            const struct faultvfs_write *w)
{
    enum err err = ERR_OK;

    for (size_t at = 0; at < w->len && !err; at += FAULTVFS_SECTOR) {
        const size_t len =
            w->len - at < FAULTVFS_SECTOR ? w->len - at : FAULTVFS_SECTOR;
        uint8_t noise[FAULTVFS_SECTOR];
        const uint8_t *data = w->data + at;
        const uint64_t draw = sim_random_below(&v->random, 3);

        if (draw == 1) {
            sim_random_fill(&v->random, noise, len);
            data = noise;
        }
        if (draw != 2) {
            err =
                apply(&f->durable, w->offset + at, (struct bytes){ data, len });
        }
    }
    return err;
}

/* What one write since the last sync became. */
static enum err settle(struct faultvfs *v, struct faultvfs_file *f,
                       const struct faultvfs_write *w)
{
    size_t sectors = w->len / FAULTVFS_SECTOR;
    uint64_t draw = sim_random_below(&v->random, 7);

    if (draw < 2) {
        v->fired[FAULTVFS_DROPPED]++;
        return ERR_OK;
    }
    if (draw < 4 || w->is_truncate || (draw < 6 && sectors < 2)) {
        v->fired[FAULTVFS_KEPT]++;
        return apply_write(&f->durable, w, w->len);
    }
    if (draw == 6) {
        v->fired[FAULTVFS_GARBAGE]++;
        return put_garbage(v, f, w);
    }
    v->fired[FAULTVFS_TORN]++;
    return apply_write(
        &f->durable, w,
        FAULTVFS_SECTOR *
            (size_t)(1 + sim_random_below(&v->random, sectors - 1)));
}

/* Some neighbours reach the disk in the other order. */
static void reorder(struct faultvfs *v, struct faultvfs_file *f)
{
    struct faultvfs_write **at = &f->first;

    while (*at != NULL && (*at)->next != NULL) {
        struct faultvfs_write *one = *at;
        struct faultvfs_write *two = one->next;

        if (sim_random_below(&v->random, 6) == 0) {
            one->next = two->next;
            two->next = one;
            *at = two;
            v->fired[FAULTVFS_REORDERED]++;
        }
        at = &(*at)->next;
    }
}

void faultvfs_disk_power_loss(struct faultvfs *v)
{
    for (struct faultvfs_file *f = v->files; f != NULL; f = f->next) {
        if (f->is_copy) {
            continue;
        }
        reorder(v, f);
        for (struct faultvfs_write *w = f->first; w != NULL; w = w->next) {
            enum err err = settle(v, f, w);

            ASSERT(!err); /* memory of the simulation itself */
        }
        forget_writes(f);
        ASSERT(resize(&f->now, 0) == ERR_OK);
        ASSERT(apply(&f->now, 0,
                     (struct bytes){ f->durable.data, f->durable.len }) ==
               ERR_OK);
    }
}

enum err faultvfs_copy(struct faultvfs *to, const struct faultvfs *from)
{
    ASSERT(to != from);
    while (to->files != NULL) {
        ASSERT(to->files->open_count == 0);
        faultvfs_disk_remove(to, to->files);
    }
    for (const struct faultvfs_file *f = from->files; f; f = f->next) {
        struct faultvfs_file *copy = faultvfs_disk_add(to, f->name);
        struct bytes now = { f->now.data, f->now.len };
        enum err err = copy == NULL ? ERR_NOMEM : apply(&copy->now, 0, now);

        if (err)
            return err;
        copy->is_copy = true;
    }
    return ERR_OK;
}

size_t faultvfs_size(const struct faultvfs *v, const char *file)
{
    const struct faultvfs_file *f = faultvfs_disk_find(v, file);

    return f == NULL ? 0 : f->now.len;
}

static bool contains(const uint8_t *data, size_t len, struct bytes what)
{
    for (size_t i = 0; i + what.len <= len; i++) {
        if (memcmp(data + i, what.data, what.len) == 0) {
            return true;
        }
    }
    return false;
}

bool faultvfs_contains(const struct faultvfs *v, struct bytes what)
{
    for (const struct faultvfs_file *f = v->files; f; f = f->next) {
        if (contains(f->now.data, f->now.len, what) ||
            contains(f->durable.data, f->durable.len, what)) {
            return true;
        }
    }
    return false;
}

bool faultvfs_flip(struct faultvfs *v, const char *file, size_t offset)
{
    struct faultvfs_file *f = faultvfs_disk_find(v, file);

    if (f == NULL || offset >= f->now.len ||
        (!f->is_copy && offset >= f->durable.len)) {
        return false;
    }
    f->now.data[offset] ^= 1;
    if (!f->is_copy) {
        f->durable.data[offset] ^= 1;
    }
    return true;
}
