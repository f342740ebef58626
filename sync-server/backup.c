#include "sync-server/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/cbor.h"
#include "core/limits.h"
#include "core/mem.h"
#include "sync-server/backup_files.h"
#include "sync-server/sdb_order.h"

/* One piece of the copy of a database: some 20 ms on a slow disk. */
#define PIECE_BYTES ((size_t)4 * 1024 * 1024)
/* Files of photos at one go. */
#define BLOBS_BYTES ((uint64_t)32 * 1024 * 1024)
/* A clock that was set back a little hides no new file. */
#define SLACK_MS ((int64_t)10 * 60 * 1000)
/* The fact in sdb_meta is renewed so often: each time is a commit. */
#define TELL_EVERY_MS ((int64_t)3600 * 1000)

/*
 *   IDLE --begin--> COPYING --whole--> SHIPPING --a day, an error--> IDLE
 */
enum phase { IDLE, COPYING, SHIPPING };

struct backup {
    struct council *council;
    struct council_backup status;
    char dir[BACKUP_PATH_SIZE], to[BACKUP_PATH_SIZE];
    uint64_t every_ms, due_ms, began_ms; /* monotonic */
    enum phase phase;
    int database; /* open for good: closing it would end SQLite's locks */
    int copy;     /* base.part */
    struct sha256 *sum;
    char folder[BACKUP_PATH_SIZE]; /* of this generation */
    int64_t base_ms;
    uint64_t segments;
    int64_t blobs_since_ms;
    int64_t told_ms; /* the verified state that sdb_meta names */
};

static int64_t wall(const struct backup *b)
{
    return council_now(b->council);
}

/* --- one generation --- */

static void abandon(struct backup *b)
{
    if (b->copy >= 0) {
        close(b->copy);
        b->copy = -1;
    }
    if (b->sum != NULL) {
        struct hash unused;

        sha256_end(b->sum, &unused);
        sha256_free(b->sum);
        b->sum = NULL;
    }
    if (b->phase == COPYING) {
        backup_remove_folder(b->folder);
    }
    b->phase = IDLE;
}

/* Names tell the order, also where the clock was set back. */
static enum err go_beyond(void *ctx, int64_t base_ms)
{
    int64_t *ms = ctx;

    *ms = *ms > base_ms ? *ms : base_ms + 1;
    return ERR_OK;
}

static enum err begin(struct backup *b, uint64_t mono_ms)
{
    char path[BACKUP_PATH_SIZE];
    enum err err = sdb_checkpoint(b->council->db);

    if (err)
        return err;
    b->base_ms = wall(b);
    err = backup_generations(b->to, go_beyond, &b->base_ms);
    if (err)
        return err;
    snprintf(b->folder, sizeof(b->folder), "%.900s/" BACKUP_GENERATION, b->to,
             (long long)b->base_ms);
    err = backup_make_folder(b->folder);
    err = err ? err : sha256_new(&b->sum);
    if (err)
        return err;
    backup_path(path, b->folder, "base.part");
    b->copy = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    b->phase = COPYING;
    b->began_ms = mono_ms;
    b->segments = 0;
    b->blobs_since_ms = 0;
    return b->copy >= 0 ? ERR_OK : errno == ENOSPC ? ERR_FULL : ERR_IO;
}

/* True in `end_out` when the last byte is copied. Nobody changes the file
 * meanwhile: what is committed stays in SQLite's log. */
static enum err copy_piece(struct backup *b, bool *end_out)
{
    static uint8_t piece[128 * 1024];
    const off_t at = lseek(b->copy, 0, SEEK_CUR);
    size_t done = 0;

    *end_out = false;
    while (done < PIECE_BYTES) {
        const ssize_t got =
            pread(b->database, piece, sizeof(piece), at + (off_t)done);

        if (got < 0 || (got > 0 && write(b->copy, piece, (size_t)got) != got))
            return errno == ENOSPC ? ERR_FULL : ERR_IO;
        if (got == 0) {
            *end_out = true;
            return ERR_OK;
        }
        sha256_add(b->sum, (struct bytes){ piece, (size_t)got });
        done += (size_t)got;
    }
    return ERR_OK;
}

static enum err end_base(struct backup *b)
{
    static const char *const keys[] = { "tls", "safe" };
    char part[BACKUP_PATH_SIZE], path[BACKUP_PATH_SIZE], name[64];
    char check[BACKUP_CHECK_SIZE];
    struct hash hash;
    enum err err = fsync(b->copy) == 0 ? ERR_OK : ERR_IO;

    close(b->copy);
    b->copy = -1;
    sha256_end(b->sum, &hash);
    sha256_free(b->sum);
    b->sum = NULL;
    for (size_t i = 0; i < ARRAY_LEN(keys) && !err; i++) {
        err = backup_copy_folder(b->dir, b->folder, keys[i]);
    }
    backup_check((struct bytes){ hash.bytes, 32 }, check);
    snprintf(name, sizeof(name), "base-%s.db", check);
    backup_path(part, b->folder, "base.part");
    backup_path(path, b->folder, name);
    if (!err && rename(part, path) != 0) {
        err = ERR_IO;
    }
    err = err ? err : backup_sync_folder(b->folder);
    err = err ? err : backup_sync_folder(b->to);
    if (!err) {
        b->phase = SHIPPING;
        b->status.shipped_ms = b->base_ms;
    }
    return err;
}

/* --- files of photos --- */

struct blobs {
    struct backup *b;
    uint64_t bytes;
};

static enum err copy_blob(void *ctx, const struct sdb_blob *blob)
{
    struct blobs *k = ctx;
    char from[BACKUP_PATH_SIZE], to[BACKUP_PATH_SIZE];
    char name[2 * sizeof(blob->name) + 1], path[128];
    enum err err;

    if (k->bytes > BLOBS_BYTES)
        return ERR_STOPPED;
    hex_format(blob->name.bytes, sizeof(blob->name.bytes), name);
    snprintf(path, sizeof(path), "blobs/%s", name);
    backup_path(from, k->b->dir, path);
    backup_path(to, k->b->to, path);
    if (access(to, F_OK) == 0)
        return ERR_OK;
    err = backup_link_file(from, to);
    k->bytes += blob->size;
    return err == ERR_EXISTS ? ERR_OK : err;
}

/* Before the segment that names them. */
static enum err copy_blobs(struct backup *b, bool *all_out)
{
    struct blobs k = { b, 0 };
    const int64_t now = wall(b);
    enum err err =
        sdb_blob_held(b->council->db, b->blobs_since_ms, copy_blob, &k);

    *all_out = !err && k.bytes <= BLOBS_BYTES;
    if (*all_out) {
        char path[BACKUP_PATH_SIZE];

        backup_path(path, b->to, "blobs");
        err = k.bytes > 0 ? backup_sync_folder(path) : ERR_OK;
        b->blobs_since_ms = now > SLACK_MS ? now - SLACK_MS : 0;
    }
    return err;
}

/* However many they are: nothing waits for another tick. */
static enum err copy_all_blobs(struct backup *b)
{
    bool all = false;
    enum err err = ERR_OK;

    while (!err && !all) {
        err = copy_blobs(b, &all);
    }
    return err;
}

/* --- segments --- */

static enum err hash_file(const char *path, char check[BACKUP_CHECK_SIZE])
{
    static uint8_t piece[128 * 1024];
    struct sha256 *sum;
    struct hash hash;
    ssize_t got = 0;
    enum err err = sha256_new(&sum);
    const int fd = err ? -1 : open(path, O_RDONLY | O_CLOEXEC);

    if (err)
        return err;
    while (fd >= 0 && (got = read(fd, piece, sizeof(piece))) > 0) {
        sha256_add(sum, (struct bytes){ piece, (size_t)got });
    }
    sha256_end(sum, &hash);
    sha256_free(sum);
    if (fd >= 0) {
        close(fd);
    }
    backup_check((struct bytes){ hash.bytes, 32 }, check);
    return fd < 0 || got < 0 ? ERR_IO : ERR_OK;
}

/* SQLite's log as a segment, then it is emptied. When a reader keeps it from
 * being emptied, the next segment holds this one's part again, which does
 * no harm. */
static enum err ship(struct backup *b)
{
    char log[BACKUP_PATH_SIZE], part[BACKUP_PATH_SIZE];
    char path[BACKUP_PATH_SIZE], name[80], check[BACKUP_CHECK_SIZE];
    const int64_t now = wall(b);
    struct stat what;
    enum err err;

    backup_path(log, b->dir, BACKUP_DATABASE "-wal");
    if (stat(log, &what) != 0 || what.st_size == 0) {
        b->status.shipped_ms = now; /* nothing happened */
        return ERR_OK;
    }
    backup_path(part, b->folder, "segment.part");
    (void)unlink(part);
    err = backup_copy_file(log, part);
    err = err ? err : hash_file(part, check);
    if (err)
        return err;
    snprintf(name, sizeof(name), BACKUP_SEGMENT,
             (unsigned long long)b->segments + 1, (long long)now, check);
    backup_path(path, b->folder, name);
    if (rename(part, path) != 0)
        return ERR_IO;
    err = backup_sync_folder(b->folder);
    if (err)
        return err;
    b->segments++;
    b->status.shipped_ms = now;
    err = sdb_checkpoint(b->council->db);
    return err == ERR_BUSY ? ERR_OK : err;
}

/* What sdb_flush() does while we run. */
static enum err on_flush(void *ctx)
{
    struct backup *b = ctx;
    enum err err = ERR_OK;

    if (b->phase == COPYING) {
        abandon(b); /* begun again at the next tick */
        b->due_ms = 0;
    } else if (b->phase == SHIPPING) {
        err = copy_all_blobs(b);
        err = err ? err : ship(b);
    }
    return err ? err : sdb_checkpoint(b->council->db);
}

/* --- what is known of it --- */

static void tell_verified(struct backup *b)
{
    struct backup_state seen;
    struct buf value;
    enum err err = backup_verified(b->to, &seen);

    if (err)
        return;
    b->status.verified_ms = seen.at_ms;
    if (seen.base_ms == b->base_ms && seen.segments == b->segments &&
        b->phase == SHIPPING && b->status.shipped_ms > seen.at_ms) {
        b->status.verified_ms = b->status.shipped_ms; /* nothing since */
    }
    if (b->status.verified_ms < b->told_ms + TELL_EVERY_MS)
        return;
    buf_init(&value, 16);
    cbor_put_int(&value, b->status.verified_ms);
    err = sdb_begin(b->council->db);
    if (!err) {
        err = sdb_meta_put(b->council->db, COUNCIL_META_BACKUP,
                           buf_bytes(&value));
        err = err ? err : sdb_commit(b->council->db);
        if (err) {
            sdb_rollback(b->council->db);
        }
    }
    if (!err) {
        b->told_ms = b->status.verified_ms;
    }
    buf_fini(&value);
}

struct oldest {
    const char *to;
    size_t keep, seen;
};

static enum err count_one(void *ctx, int64_t base_ms)
{
    struct oldest *o = ctx;

    (void)base_ms;
    o->seen++;
    return ERR_OK;
}

static enum err remove_one(void *ctx, int64_t base_ms)
{
    struct oldest *o = ctx;
    char path[BACKUP_PATH_SIZE];

    if (o->seen-- > o->keep) {
        snprintf(path, sizeof(path), "%.900s/" BACKUP_GENERATION, o->to,
                 (long long)base_ms);
        backup_remove_folder(path);
    }
    return ERR_OK;
}

static void remove_old(struct backup *b)
{
    struct oldest o = { b->to, BACKUP_GENERATIONS, 0 };

    if (!backup_generations(b->to, count_one, &o)) {
        if (backup_generations(b->to, remove_one, &o)) {
            port_log(b->council->port, PORT_LOG_WARN,
                     "old backups could not be removed");
        }
    }
}

/* --- the rhythm --- */

static enum err step_copying(struct backup *b, uint64_t mono_ms)
{
    bool end, all = false;
    enum err err = copy_piece(b, &end);

    b->due_ms = mono_ms;
    if (err || !end)
        return err;
    err = copy_blobs(b, &all);
    if (err || !all)
        return err;
    err = end_base(b);
    b->due_ms = mono_ms + b->every_ms;
    if (!err) {
        remove_old(b);
    }
    return err;
}

static enum err step_shipping(struct backup *b, uint64_t mono_ms)
{
    bool all = false;
    enum err err = copy_blobs(b, &all);

    if (err || !all)
        return err;
    b->due_ms = mono_ms + b->every_ms;
    err = ship(b);
    if (!err && mono_ms - b->began_ms > BACKUP_GENERATION_MS) {
        b->phase = IDLE;
        b->due_ms = mono_ms;
    }
    return err;
}

static enum err step(struct backup *b, uint64_t mono_ms)
{
    enum err err;

    switch (b->phase) {
    case COPYING:
        return step_copying(b, mono_ms);
    case SHIPPING:
        return step_shipping(b, mono_ms);
    default:
        b->due_ms = mono_ms;
        err = begin(b, mono_ms);
        if (err == ERR_BUSY) { /* somebody reads: in a second */
            b->due_ms = mono_ms + 1000;
            return ERR_OK;
        }
        return err;
    }
}

void backup_tick(struct backup *b, uint64_t mono_ms)
{
    enum err err;

    if (mono_ms < b->due_ms)
        return;
    err = step(b, mono_ms);
    tell_verified(b);
    if (err) {
        port_log(b->council->port, PORT_LOG_ERROR,
                 "the backup failed (%s); it begins anew in a minute",
                 err_text(err));
        abandon(b);
        b->due_ms = mono_ms + b->every_ms;
    }
    b->status.err = err ? err : b->phase == SHIPPING ? ERR_OK : b->status.err;
}

/* What a check that was killed left behind. */
static void remove_rests(const struct backup *b)
{
    char path[BACKUP_PATH_SIZE];
    struct dirent *entry;
    DIR *folder = opendir(b->to);

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        if (strncmp(entry->d_name, "verify-", 7) == 0) {
            backup_path(path, b->to, entry->d_name);
            backup_remove_folder(path);
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
}

enum err backup_open(const struct backup_options *options, struct council *c,
                     struct backup **out)
{
    struct backup *b = mem_alloc(sizeof(*b));
    char path[BACKUP_PATH_SIZE];
    enum err err;

    *out = NULL;
    if (b == NULL)
        return ERR_NOMEM;
    b->council = c;
    b->every_ms = options->every_ms;
    b->copy = b->database = -1;
    snprintf(b->dir, sizeof(b->dir), "%s", options->dir);
    snprintf(b->to, sizeof(b->to), "%s", options->to);
    err = backup_make_folder(b->to);
    backup_path(path, b->to, "blobs");
    err = err ? err : backup_make_folder(path);
    backup_path(path, b->dir, BACKUP_DATABASE);
    if (!err) {
        b->database = open(path, O_RDONLY | O_CLOEXEC);
        err = b->database < 0 ? ERR_IO : ERR_OK;
    }
    if (err) {
        mem_free(b);
        return err;
    }
    remove_rests(b);
    b->status.is_on = true;
    c->backup = &b->status;
    sdb_set_flush(c->db, on_flush, b);
    tell_verified(b);
    *out = b;
    return ERR_OK;
}

void backup_close(struct backup *b)
{
    if (b == NULL)
        return;
    if (b->phase == SHIPPING && (copy_all_blobs(b) || ship(b))) {
        port_log(b->council->port, PORT_LOG_WARN,
                 "the last minute is not in the backup");
    }
    abandon(b);
    sdb_set_flush(b->council->db, NULL, NULL);
    b->council->backup = NULL;
    /* b->database stays open until the process ends: see above. */
    mem_free(b);
}
