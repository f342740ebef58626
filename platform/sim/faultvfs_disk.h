/*
 * faultvfs_disk.h - the disk behind faultvfs.h: named files with what is
 * durable, what is not yet, and what power loss makes of it.
 */
#ifndef PLATFORM_SIM_FAULTVFS_DISK_H
#define PLATFORM_SIM_FAULTVFS_DISK_H

#include <sqlite3.h>

#include "platform/sim/faultvfs.h"
#include "platform/sim/sim_random.h"

#define FAULTVFS_NAME_MAX  128
#define FAULTVFS_SECTOR    512
#define FAULTVFS_SPARES    4
#define FAULTVFS_SHM_PAGES 64 /* of 32 KiB: 64 x 4,096 WAL frames */

/* One operation since the last sync, in order. */
struct faultvfs_write {
    struct faultvfs_write *next;
    size_t offset;
    size_t len; /* of data; for a truncation the new size is `offset` */
    bool is_truncate;
    uint8_t data[];
};

/* Memory of the writes since the last sync, kept from one to the next. */
struct faultvfs_chunk {
    struct faultvfs_chunk *next;
    size_t used, cap;
    _Alignas(16) uint8_t data[];
};

struct faultvfs_bytes {
    uint8_t *data;
    size_t len, cap;
};

struct faultvfs_file {
    struct faultvfs_file *next;
    char name[FAULTVFS_NAME_MAX];
    struct faultvfs_bytes now, durable;
    bool is_copy; /* nothing was written yet: what is durable is `now` */
    struct faultvfs_write *first, *last;
    struct faultvfs_chunk *chunks; /* that in use first */
    unsigned open_count;
    /* locks of the rollback journal and of the WAL index */
    unsigned shared;
    const void *reserved, *pending, *exclusive;
    void *shm[FAULTVFS_SHM_PAGES];
    unsigned shm_shared[SQLITE_SHM_NLOCK];
    const void *shm_exclusive[SQLITE_SHM_NLOCK];
};

struct faultvfs {
    sqlite3_vfs vfs;
    char name[48];        /* ours */
    char cipher_name[80]; /* SQLite3MC's above ours */
    struct faultvfs_file *files;
    struct faultvfs_bytes spare[FAULTVFS_SPARES]; /* of removed files */
    struct sim_random random;
    bool is_dead;
    unsigned permille[FAULTVFS__COUNT];
    uint64_t plan[FAULTVFS__COUNT];
    bool is_lasting[FAULTVFS__COUNT];
    uint64_t fired[FAULTVFS__COUNT];
    uint64_t operations, syncs, sync_kill;
    uint64_t temp_count;
    const struct faultvfs_file *rotten; /* NULL: none */
    size_t rotten_at;
};

struct faultvfs_file *faultvfs_disk_find(const struct faultvfs *v,
                                         const char *name);
struct faultvfs_file *faultvfs_disk_add(struct faultvfs *v, const char *name);
void faultvfs_disk_remove(struct faultvfs *v, struct faultvfs_file *f);
void faultvfs_disk_fini(struct faultvfs *v);
void faultvfs_disk_shm_free(struct faultvfs_file *f);
MUST_USE enum err faultvfs_disk_write(struct faultvfs_file *f, size_t offset,
                                      struct bytes data);
MUST_USE enum err faultvfs_disk_truncate(struct faultvfs_file *f, size_t size);
MUST_USE enum err faultvfs_disk_sync(struct faultvfs_file *f);
void faultvfs_disk_power_loss(struct faultvfs *v);

#endif /* PLATFORM_SIM_FAULTVFS_DISK_H */
