/*
 * faultvfs.h - an SQLite VFS in memory, one set of files for each machine,
 * registered below SQLite3MC's, so that the cipher sees its faults too.
 *
 * A write is in `now` at once and durable only after xSync. Power loss
 * decides for each write since the last sync whether it was kept, dropped,
 * torn, turned to garbage or swapped with the next. Killing the process keeps
 * every write, but nothing follows.
 */
#ifndef PLATFORM_SIM_FAULTVFS_H
#define PLATFORM_SIM_FAULTVFS_H

#include "core/base.h"

#define FAULTVFS_FAULTS(X)                                \
    X(READ_IO, "a database page cannot be read")          \
    X(WRITE_IO, "a database page cannot be written")      \
    X(SYNC_IO, "fsync of the database fails")             \
    X(FULL, "no space for the database")                  \
    X(KILL, "killed between two database operations")     \
    X(KEPT, "unsynced write survived power loss")         \
    X(DROPPED, "unsynced write lost at power loss")       \
    X(TORN, "unsynced write torn at power loss")          \
    X(GARBAGE, "unsynced sector garbage at power loss")   \
    X(REORDERED, "unsynced writes swapped at power loss") \
    X(ROT, "a bit read other than it was written")

#define X(name, text) FAULTVFS_##name,
enum faultvfs_fault { FAULTVFS_FAULTS(X) FAULTVFS__COUNT };
#undef X

struct faultvfs; /* opaque */

MUST_USE enum err faultvfs_new(uint64_t seed, struct faultvfs **out);
/* No connection may be open any more. NULL is allowed. */
void faultvfs_free(struct faultvfs *v);

/* For sqlite3_open_v2() and store_options.vfs: the cipher above us. */
const char *faultvfs_name(const struct faultvfs *v);

/* `permille` of the operations that can fail in this way do. */
void faultvfs_rate(struct faultvfs *v, enum faultvfs_fault f,
                   unsigned permille);
/* The `nth` such operation from now on fails (1: the next; 0: none); with
 * `is_lasting` all later ones, too. */
void faultvfs_plan(struct faultvfs *v, enum faultvfs_fault f, uint64_t nth,
                   bool is_lasting);
/* How many more until it fires; 0 without a plan. */
uint64_t faultvfs_planned(const struct faultvfs *v, enum faultvfs_fault f);
/* Nothing gets through until faultvfs_restart(): the process is dead. */
void faultvfs_kill(struct faultvfs *v);
bool faultvfs_is_killed(const struct faultvfs *v);
/* The `nth` xSync from now on (1: the next; 0: none) doesn't come: the
 * process is dead in its place, with all that waits for it unsynced. */
void faultvfs_kill_at_sync(struct faultvfs *v, uint64_t nth);
uint64_t faultvfs_syncs(const struct faultvfs *v); /* asked for so far */
/* Another draw of what becomes of unsynced writes. */
void faultvfs_reseed(struct faultvfs *v, uint64_t seed);
/* After the dead process's connections were closed. */
void faultvfs_restart(struct faultvfs *v, bool is_power_loss);

uint64_t faultvfs_fired(const struct faultvfs *v, enum faultvfs_fault f);
const char *faultvfs_text(enum faultvfs_fault f);
/* Operations so far: reads, writes and syncs. */
uint64_t faultvfs_operations(const struct faultvfs *v);

/* Replaces the files of `to` by those of `from`: a backup, a clone. `to`
 * has no open connection, `from` none inside a transaction. */
MUST_USE enum err faultvfs_copy(struct faultvfs *to,
                                const struct faultvfs *from);
/* Bytes of the file as of now, 0 without one; and one bit of it changed. */
size_t faultvfs_size(const struct faultvfs *v, const char *file);
bool faultvfs_flip(struct faultvfs *v, const char *file, size_t offset);
/* From now on a bit at `offset` is read wrong, until that place is written
 * again or the disk is healed. */
void faultvfs_rot(struct faultvfs *v, const char *file, size_t offset);
void faultvfs_heal(struct faultvfs *v);
/* True when these bytes stand in any file, as written or as durable. */
bool faultvfs_contains(const struct faultvfs *v, struct bytes what);

#endif /* PLATFORM_SIM_FAULTVFS_H */
