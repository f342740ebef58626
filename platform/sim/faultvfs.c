/* faultvfs.c - SQLite's VFS and file methods over faultvfs_disk.c. */
#include "platform/sim/faultvfs.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "platform/sim/faultvfs_disk.h"

struct handle {
    sqlite3_file base;
    struct faultvfs *v;
    struct faultvfs_file *f;
    int lock;
    bool is_temp;
    unsigned shm_shared, shm_exclusive; /* bit for each slot */
};

/* True when operation `f` fails now. */
static bool fails(struct faultvfs *v, enum faultvfs_fault f)
{
    if (v->plan[f] > 0 && --v->plan[f] == 0) {
        v->plan[f] = v->is_lasting[f] ? 1 : 0;
        v->fired[f]++;
        return true;
    }
    if (v->permille[f] > 0 && sim_random_chance(&v->random, v->permille[f])) {
        v->fired[f]++;
        return true;
    }
    return false;
}

/* Counts one operation; false when the process is dead. */
static bool lives(struct faultvfs *v)
{
    v->operations++;
    if (!v->is_dead && fails(v, FAULTVFS_KILL)) {
        v->is_dead = true;
    }
    return !v->is_dead;
}

static int file_close(sqlite3_file *file)
{
    struct handle *h = (struct handle *)file;

    h->f->open_count--;
    if (h->is_temp && h->f->open_count == 0) {
        faultvfs_disk_remove(h->v, h->f);
    }
    return SQLITE_OK;
}

/* True when the rotten place lies in these bytes of the file. */
static bool is_rotten(const struct handle *h, size_t at, size_t len)
{
    return h->v->rotten == h->f && h->v->rotten_at >= at &&
           h->v->rotten_at - at < len;
}

static int file_read(sqlite3_file *file, void *out, int amount,
                     sqlite3_int64 offset)
{
    struct handle *h = (struct handle *)file;
    size_t len = (size_t)amount;
    size_t at = (size_t)offset;
    size_t have;

    if (!lives(h->v) || fails(h->v, FAULTVFS_READ_IO)) {
        return SQLITE_IOERR_READ;
    }
    have = at < h->f->now.len ? h->f->now.len - at : 0;
    if (have >= len) {
        memcpy(out, h->f->now.data + at, len);
        if (is_rotten(h, at, len)) {
            ((uint8_t *)out)[h->v->rotten_at - at] ^= 1;
            h->v->fired[FAULTVFS_ROT]++;
        }
        return SQLITE_OK;
    }
    if (have > 0) {
        memcpy(out, h->f->now.data + at, have);
    }
    memset((uint8_t *)out + have, 0, len - have);
    return SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *file, const void *data, int amount,
                      sqlite3_int64 offset)
{
    struct handle *h = (struct handle *)file;

    if (!lives(h->v) || fails(h->v, FAULTVFS_WRITE_IO)) {
        return SQLITE_IOERR_WRITE;
    }
    if (fails(h->v, FAULTVFS_FULL)) {
        return SQLITE_FULL;
    }
    if (is_rotten(h, (size_t)offset, (size_t)amount)) {
        faultvfs_heal(h->v);
    }
    return faultvfs_disk_write(h->f, (size_t)offset,
                               (struct bytes){ data, (size_t)amount })
               ? SQLITE_IOERR_NOMEM
               : SQLITE_OK;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    struct handle *h = (struct handle *)file;

    if (!lives(h->v) || fails(h->v, FAULTVFS_WRITE_IO)) {
        return SQLITE_IOERR_TRUNCATE;
    }
    return faultvfs_disk_truncate(h->f, (size_t)size) ? SQLITE_IOERR_NOMEM
                                                      : SQLITE_OK;
}

static int file_sync(sqlite3_file *file, int flags)
{
    struct handle *h = (struct handle *)file;

    (void)flags;
    if (!h->v->is_dead) {
        h->v->syncs++;
        if (h->v->sync_kill > 0 && --h->v->sync_kill == 0) {
            faultvfs_kill(h->v);
        }
    }
    if (!lives(h->v) || fails(h->v, FAULTVFS_SYNC_IO)) {
        return SQLITE_IOERR_FSYNC;
    }
    return faultvfs_disk_sync(h->f) ? SQLITE_IOERR_NOMEM : SQLITE_OK;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *out)
{
    struct handle *h = (struct handle *)file;

    if (h->v->is_dead) {
        return SQLITE_IOERR_FSTAT;
    }
    *out = (sqlite3_int64)h->f->now.len;
    return SQLITE_OK;
}

static int file_lock(sqlite3_file *file, int lock)
{
    struct handle *h = (struct handle *)file;
    struct faultvfs_file *f = h->f;

    if (h->lock >= lock) {
        return SQLITE_OK;
    }
    if ((f->exclusive != NULL && f->exclusive != h) ||
        (lock == SQLITE_LOCK_SHARED && f->pending != NULL) ||
        (lock > SQLITE_LOCK_SHARED && f->reserved != NULL &&
         f->reserved != h)) {
        return SQLITE_BUSY;
    }
    if (h->lock == SQLITE_LOCK_NONE) {
        f->shared++;
    }
    if (lock >= SQLITE_LOCK_RESERVED) {
        f->reserved = h;
    }
    if (lock == SQLITE_LOCK_EXCLUSIVE) {
        f->pending = h;
        h->lock = SQLITE_LOCK_PENDING;
        if (f->shared > 1) {
            return SQLITE_BUSY;
        }
        f->exclusive = h;
    }
    h->lock = lock;
    return SQLITE_OK;
}

static int file_unlock(sqlite3_file *file, int lock)
{
    struct handle *h = (struct handle *)file;
    struct faultvfs_file *f = h->f;

    if (h->lock <= lock) {
        return SQLITE_OK;
    }
    if (f->reserved == h) {
        f->reserved = NULL;
    }
    if (f->pending == h) {
        f->pending = NULL;
    }
    if (f->exclusive == h) {
        f->exclusive = NULL;
    }
    if (lock == SQLITE_LOCK_NONE) {
        f->shared--;
    }
    h->lock = lock;
    return SQLITE_OK;
}

static int file_reserved(sqlite3_file *file, int *out)
{
    *out = ((struct handle *)file)->f->reserved != NULL;
    return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
    (void)file;
    (void)op;
    (void)arg;
    return SQLITE_NOTFOUND;
}

static int file_sector(sqlite3_file *file)
{
    (void)file;
    return FAULTVFS_SECTOR;
}

static int file_device(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE; /* as on Linux */
}

static int shm_map(sqlite3_file *file, int page, int size, int extend,
                   void volatile **out)
{
    struct handle *h = (struct handle *)file;

    *out = NULL;
    if (h->v->is_dead) {
        return SQLITE_IOERR_SHMMAP;
    }
    if (page >= FAULTVFS_SHM_PAGES) {
        return SQLITE_FULL;
    }
    if (h->f->shm[page] == NULL && extend) {
        h->f->shm[page] = mem_alloc((size_t)size);
        if (h->f->shm[page] == NULL) {
            return SQLITE_NOMEM;
        }
    }
    *out = h->f->shm[page];
    return SQLITE_OK;
}

static void shm_release(struct handle *h, int slot)
{
    unsigned bit = 1u << slot;

    if (h->shm_shared & bit) {
        h->f->shm_shared[slot]--;
    }
    if (h->shm_exclusive & bit) {
        h->f->shm_exclusive[slot] = NULL;
    }
    h->shm_shared &= ~bit;
    h->shm_exclusive &= ~bit;
}

static bool shm_is_free(const struct handle *h, int slot, bool is_shared)
{
    unsigned others = h->f->shm_shared[slot];

    if (h->f->shm_exclusive[slot] != NULL && h->f->shm_exclusive[slot] != h) {
        return false;
    }
    if (h->shm_shared & (1u << slot)) {
        others--;
    }
    return is_shared || others == 0;
}

static int shm_lock(sqlite3_file *file, int first, int count, int flags)
{
    struct handle *h = (struct handle *)file;
    bool is_shared = (flags & SQLITE_SHM_SHARED) != 0;

    for (int i = first; i < first + count; i++) {
        if (!(flags & SQLITE_SHM_UNLOCK) && !shm_is_free(h, i, is_shared)) {
            return SQLITE_BUSY;
        }
    }
    for (int i = first; i < first + count; i++) {
        unsigned bit = 1u << i;

        if (flags & SQLITE_SHM_UNLOCK) {
            shm_release(h, i);
        } else if (is_shared && !(h->shm_shared & bit)) {
            h->shm_shared |= bit;
            h->f->shm_shared[i]++;
        } else if (!is_shared) {
            h->shm_exclusive |= bit;
            h->f->shm_exclusive[i] = h;
        }
    }
    return SQLITE_OK;
}

static void shm_barrier(sqlite3_file *file)
{
    (void)file;
}

static int shm_unmap(sqlite3_file *file, int is_delete)
{
    struct handle *h = (struct handle *)file;

    for (int i = 0; i < SQLITE_SHM_NLOCK; i++) {
        shm_release(h, i);
    }
    if (is_delete || h->f->open_count == 1) {
        faultvfs_disk_shm_free(h->f);
    }
    return SQLITE_OK;
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_reserved,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_device,
    .xShmMap = shm_map,
    .xShmLock = shm_lock,
    .xShmBarrier = shm_barrier,
    .xShmUnmap = shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file,
                    int flags, int *flags_out)
{
    struct faultvfs *v = vfs->pAppData;
    struct handle *h = (struct handle *)file;
    char temp[32];

    memset(h, 0, sizeof(*h));
    if (!lives(v)) {
        return SQLITE_CANTOPEN;
    }
    if (name == NULL) {
        snprintf(temp, sizeof(temp), "temp-%llu",
                 (unsigned long long)++v->temp_count);
        name = temp;
    }
    h->v = v;
    h->is_temp = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
    h->f = faultvfs_disk_find(v, name);
    if (h->f == NULL && (flags & SQLITE_OPEN_CREATE)) {
        h->f = faultvfs_disk_add(v, name);
    }
    if (h->f == NULL) {
        return SQLITE_CANTOPEN;
    }
    h->f->open_count++;
    h->base.pMethods = &methods;
    if (flags_out != NULL) {
        *flags_out = flags;
    }
    return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync_dir)
{
    struct faultvfs *v = vfs->pAppData;
    struct faultvfs_file *f = faultvfs_disk_find(v, name);

    (void)sync_dir;
    if (!lives(v)) {
        return SQLITE_IOERR_DELETE;
    }
    if (f == NULL) {
        return SQLITE_IOERR_DELETE_NOENT;
    }
    if (f->open_count == 0) {
        faultvfs_disk_remove(v, f);
        return SQLITE_OK;
    }
    return faultvfs_disk_truncate(f, 0) ? SQLITE_IOERR_NOMEM : SQLITE_OK;
}

static int vfs_access(sqlite3_vfs *vfs, const char *name, int flags, int *out)
{
    struct faultvfs *v = vfs->pAppData;
    const struct faultvfs_file *f = faultvfs_disk_find(v, name);

    *out = f != NULL && (flags != SQLITE_ACCESS_EXISTS || f->now.len > 0);
    return SQLITE_OK;
}

static int vfs_full_name(sqlite3_vfs *vfs, const char *name, int size,
                         char *out)
{
    (void)vfs;
    snprintf(out, (size_t)size, "%s", name);
    return SQLITE_OK;
}

static int vfs_randomness(sqlite3_vfs *vfs, int size, char *out)
{
    struct faultvfs *v = vfs->pAppData;

    sim_random_fill(&v->random, (uint8_t *)out, (size_t)size);
    return size;
}

static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return microseconds;
}

static int vfs_time(sqlite3_vfs *vfs, sqlite3_int64 *out)
{
    (void)vfs;
    *out = 212000000000000; /* Julian ms; nothing of ours asks SQLite */
    return SQLITE_OK;
}

/* SQLite3MC's layer calls it without looking whether it is there. */
static int vfs_last_error(sqlite3_vfs *vfs, int size, char *out)
{
    (void)vfs;
    if (size > 0) {
        out[0] = '\0';
    }
    return 0;
}

enum err faultvfs_new(uint64_t seed, struct faultvfs **out)
{
    struct faultvfs *v = mem_alloc(sizeof(*v));

    if (v == NULL) {
        return ERR_NOMEM;
    }
    sim_random_init(&v->random, seed);
    snprintf(v->name, sizeof(v->name), "fault-%p", (void *)v);
    snprintf(v->cipher_name, sizeof(v->cipher_name), "multipleciphers-%s",
             v->name);
    v->vfs = (sqlite3_vfs){
        .iVersion = 2,
        .szOsFile = sizeof(struct handle),
        .mxPathname = FAULTVFS_NAME_MAX,
        .zName = v->name,
        .pAppData = v,
        .xOpen = vfs_open,
        .xDelete = vfs_delete,
        .xAccess = vfs_access,
        .xFullPathname = vfs_full_name,
        .xRandomness = vfs_randomness,
        .xSleep = vfs_sleep,
        .xGetLastError = vfs_last_error,
        .xCurrentTimeInt64 = vfs_time,
    };
    if (sqlite3_vfs_register(&v->vfs, 0) != SQLITE_OK ||
        sqlite3mc_vfs_create(v->name, 0) != SQLITE_OK) {
        sqlite3_vfs_unregister(&v->vfs);
        mem_free(v);
        return ERR_NOMEM;
    }
    *out = v;
    return ERR_OK;
}

void faultvfs_free(struct faultvfs *v)
{
    if (v == NULL) {
        return;
    }
    sqlite3mc_vfs_destroy(v->cipher_name);
    sqlite3_vfs_unregister(&v->vfs);
    faultvfs_disk_fini(v);
    mem_free(v);
}

const char *faultvfs_name(const struct faultvfs *v)
{
    return v->cipher_name;
}

void faultvfs_rate(struct faultvfs *v, enum faultvfs_fault f, unsigned permille)
{
    v->permille[f] = permille;
}

void faultvfs_plan(struct faultvfs *v, enum faultvfs_fault f, uint64_t nth,
                   bool is_lasting)
{
    v->plan[f] = nth;
    v->is_lasting[f] = is_lasting;
}

uint64_t faultvfs_planned(const struct faultvfs *v, enum faultvfs_fault f)
{
    return v->plan[f];
}

void faultvfs_kill(struct faultvfs *v)
{
    if (!v->is_dead) {
        v->is_dead = true;
        v->fired[FAULTVFS_KILL]++;
    }
}

void faultvfs_kill_at_sync(struct faultvfs *v, uint64_t nth)
{
    v->sync_kill = nth;
}

uint64_t faultvfs_syncs(const struct faultvfs *v)
{
    return v->syncs;
}

void faultvfs_reseed(struct faultvfs *v, uint64_t seed)
{
    sim_random_init(&v->random, seed);
}

bool faultvfs_is_killed(const struct faultvfs *v)
{
    return v->is_dead;
}

void faultvfs_restart(struct faultvfs *v, bool is_power_loss)
{
    if (is_power_loss) {
        faultvfs_disk_power_loss(v);
    }
    for (struct faultvfs_file *f = v->files; f != NULL; f = f->next) {
        ASSERT(f->open_count == 0);
        faultvfs_disk_shm_free(f);
    }
    v->is_dead = false;
}

void faultvfs_rot(struct faultvfs *v, const char *file, size_t offset)
{
    v->rotten = faultvfs_disk_find(v, file);
    v->rotten_at = offset;
}

void faultvfs_heal(struct faultvfs *v)
{
    v->rotten = NULL;
}

uint64_t faultvfs_fired(const struct faultvfs *v, enum faultvfs_fault f)
{
    return v->fired[f];
}

const char *faultvfs_text(enum faultvfs_fault f)
{
    static const char *const texts[] = {
#define X(name, text) text,
        FAULTVFS_FAULTS(X)
#undef X
    };

    ASSERT((size_t)f < ARRAY_LEN(texts));
    return texts[f];
}

uint64_t faultvfs_operations(const struct faultvfs *v)
{
    return v->operations;
}
