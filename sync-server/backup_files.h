/*
 * backup_files.h - what stands in a folder of continuous backups, and how a
 * state of the council is put together from it.
 *
 *   orders.journal              never goes back (journal.h)
 *   verified                    which state was restored and checked last
 *   blobs/HEX                   files of photos; they never change
 *   gen-MS/base-CHECK.db        the database as it was at MS
 *   gen-MS/seg-N-MS-CHECK.wal   what was committed since, N = 1, 2, 3 ...
 *   gen-MS/tls, gen-MS/safe     keys and certificates
 *
 * A segment is SQLite's own write-ahead log: SQLite puts it into the
 * database when it is laid beside it. CHECK is the first 8 bytes of its
 * SHA-256: SQLite itself would pass over a damaged end in silence.
 */
#ifndef SYNC_SERVER_BACKUP_FILES_H
#define SYNC_SERVER_BACKUP_FILES_H

#include "core/buf.h"

#define BACKUP_PATH_SIZE 1024
#define BACKUP_DATABASE  "council.db"

/* DIR/name/..., cut short at BACKUP_PATH_SIZE (then it is not found). */
void backup_path(char out[BACKUP_PATH_SIZE], const char *dir, const char *name);

/* Durable copies; `to` must not exist. ERR_FULL, ERR_IO, ERR_EXISTS. */
MUST_USE enum err backup_copy_file(const char *from, const char *to);
/* A hard link where that is possible. */
MUST_USE enum err backup_link_file(const char *from, const char *to);
/* The regular files of FROM/name into TO/name; none is fine. */
MUST_USE enum err backup_copy_folder(const char *from, const char *to,
                                     const char *name);
MUST_USE enum err backup_make_folder(const char *path); /* there is fine */
MUST_USE enum err backup_sync_folder(const char *path);
/* A folder and all that is in it. */
void backup_remove_folder(const char *path);

/* One state: a base and segments 1..segments of its generation. */
struct backup_state {
    char folder[BACKUP_PATH_SIZE]; /* of the generation */
    int64_t base_ms, at_ms;        /* begun; the last thing in it */
    uint64_t segments;
};
/* The newest at or before `until_ms` (INT64_MAX: of all); ERR_NOT_FOUND. */
MUST_USE enum err backup_find(const char *to, int64_t until_ms,
                              struct backup_state *out);
/* Makes DIR/council.db of it; DIR exists. ERR_BAD_HASH, ERR_GAP: a file of
 * the backup is damaged or missing; `why` names it. */
MUST_USE enum err backup_assemble(const struct backup_state *state,
                                  const char *dir, struct buf *why);

/* Puts together the newest state in a folder of TO, checks it (check.h), writes
 * TO/verified. For a process of its own: it takes its time. */
MUST_USE enum err backup_verify(const char *to, struct buf *why,
                                struct backup_state *out);
/* What the last backup_verify said; ERR_NOT_FOUND before. */
MUST_USE enum err backup_verified(const char *to, struct backup_state *out);

/* --- names --- */

#define BACKUP_GENERATION "gen-%013lld"
#define BACKUP_SEGMENT    "seg-%08llu-%013lld-%16s.wal"
#define BACKUP_CHECK_SIZE 17
void backup_check(struct bytes hash32, char out[BACKUP_CHECK_SIZE]);

/* The file of part N of a generation, 0 the base; false: it isn't there. */
bool backup_part(const char *folder, uint64_t number, char out[256]);

/* The generations in TO, oldest first: `fn` gets each name's number. */
typedef enum err (*backup_generation_fn)(void *ctx, int64_t base_ms);
MUST_USE enum err backup_generations(const char *to, backup_generation_fn fn,
                                     void *ctx);

#endif /* SYNC_SERVER_BACKUP_FILES_H */
