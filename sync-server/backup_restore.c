/* backup_restore.c - a state of the council, put together and checked. */
#include <fcntl.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/crypto.h"
#include "sync-server/backup_files.h"
#include "sync-server/check.h"
#include "sync-server/sdb.h"

/* --- putting together --- */

/* A copy of FOLDER/name; its bytes are those that its name tells. */
static enum err fetch(const char *folder, const char *name, const char *to)
{
    char path[BACKUP_PATH_SIZE], check[BACKUP_CHECK_SIZE];
    static uint8_t piece[128 * 1024];
    struct sha256 *sum = NULL;
    struct hash hash;
    ssize_t got = 0;
    enum err err;
    int fd;

    backup_path(path, folder, name);
    (void)unlink(to);
    err = backup_copy_file(path, to);
    err = err ? err : sha256_new(&sum);
    if (err)
        return err;
    fd = open(to, O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && (got = read(fd, piece, sizeof(piece))) > 0) {
        sha256_add(sum, (struct bytes){ piece, (size_t)got });
    }
    sha256_end(sum, &hash);
    sha256_free(sum);
    if (fd >= 0) {
        close(fd);
    }
    if (fd < 0 || got < 0)
        return ERR_IO;
    backup_check((struct bytes){ hash.bytes, 32 }, check);
    return strstr(name, check) != NULL ? ERR_OK : ERR_BAD_HASH;
}

/* SQLite finds the log beside the database and puts it in. */
static enum err apply_log(const char *database)
{
    sqlite3 *db = NULL;
    int left = -1, done = -1;
    int rc = sqlite3_open_v2(database, &db, SQLITE_OPEN_READWRITE, NULL);

    if (rc == SQLITE_OK) {
        rc = sqlite3_exec(db, "SELECT count(*) FROM sqlite_schema", NULL, NULL,
                          NULL);
    }
    if (rc == SQLITE_OK) {
        rc = sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                       &left, &done);
    }
    sqlite3_close(db);
    return rc == SQLITE_OK     ? ERR_OK
           : rc == SQLITE_FULL ? ERR_FULL
                               : ERR_BAD_DATA;
}

/* The file of one part: 0 is the base. */
static enum err part_name(const struct backup_state *s, uint64_t number,
                          char out[256])
{
    return backup_part(s->folder, number, out) ? ERR_OK : ERR_GAP;
}

enum err backup_assemble(const struct backup_state *state, const char *dir,
                         struct buf *why)
{
    char database[BACKUP_PATH_SIZE], log[BACKUP_PATH_SIZE], name[256] = "";
    enum err err = ERR_OK;

    backup_path(database, dir, BACKUP_DATABASE);
    backup_path(log, dir, BACKUP_DATABASE "-wal");
    for (uint64_t i = 0; i <= state->segments && !err; i++) {
        err = part_name(state, i, name);
        err = err ? err : fetch(state->folder, name, i == 0 ? database : log);
        if (!err && i > 0) {
            err = apply_log(database);
        }
        if (err) {
            buf_printf(why, "%s, part %" PRIu64 " of %" PRIu64 " (%s): %s",
                       state->folder, i, state->segments, name, err_text(err));
        }
    }
    return err ? err : backup_sync_folder(dir);
}

/* --- checking --- */

struct finding {
    struct buf *why;
    uint64_t count;
};

static void found(void *ctx, const char *what)
{
    struct finding *f = ctx;

    if (f->count++ == 0) {
        buf_put_text(f->why, what);
    }
}

static enum err check_state(const char *to, const char *dir, struct buf *why)
{
    struct finding f = { why, 0 };
    struct check_result result;
    char blobs[BACKUP_PATH_SIZE];
    struct sdb *db = NULL;
    enum err err = sdb_open(dir, NULL, &db);

    backup_path(blobs, to, "blobs");
    err = err ? err : check_council(db, blobs, found, &f, &result);
    sdb_close(db);
    if (err && f.count == 0) {
        buf_put_text(why, err_text(err));
    }
    return err;
}

static enum err write_verified(const char *to, const struct backup_state *s)
{
    char path[BACKUP_PATH_SIZE], part[BACKUP_PATH_SIZE];
    bool ok;
    FILE *f;

    backup_path(path, to, "verified");
    backup_path(part, to, "verified.part");
    f = fopen(part, "we");
    if (f == NULL)
        return ERR_IO;
    ok = fprintf(f, "%lld %lld %llu\n", (long long)s->at_ms,
                 (long long)s->base_ms, (unsigned long long)s->segments) > 0;
    ok = fflush(f) == 0 && fsync(fileno(f)) == 0 && ok;
    ok = fclose(f) == 0 && ok && rename(part, path) == 0;
    return ok ? backup_sync_folder(to) : ERR_IO;
}

enum err backup_verify(const char *to, struct buf *why,
                       struct backup_state *out)
{
    char dir[BACKUP_PATH_SIZE];
    enum err err = backup_find(to, INT64_MAX, out);

    if (err) {
        buf_printf(why, "there is no whole backup in %s", to);
        return err;
    }
    snprintf(dir, sizeof(dir), "%.900s/verify-%ld", to, (long)getpid());
    backup_remove_folder(dir);
    err = backup_make_folder(dir);
    err = err ? err : backup_assemble(out, dir, why);
    err = err ? err : check_state(to, dir, why);
    backup_remove_folder(dir);
    return err ? err : write_verified(to, out);
}
