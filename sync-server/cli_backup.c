/*
 * cli_backup.c - a folder that can be restored from, made while a server
 * runs: the database as one consistent snapshot first, then the blobs
 * (whole files that never change), then the keys.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sync-server/cli.h"

#define DATABASE  "council.db"
#define PATH_SIZE 4096

static enum err complain(const char *path)
{
    cli_say("%s: %s", path, strerror(errno));
    return errno == ENOSPC ? ERR_FULL : ERR_IO;
}

static enum err make_folder(const char *path)
{
    if (mkdir(path, 0700) == 0)
        return ERR_OK;
    if (errno == EEXIST) {
        cli_say("%s exists already: nothing is overwritten", path);
        return ERR_EXISTS;
    }
    return complain(path);
}

static enum err sync_folder(const char *path)
{
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool ok = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0) {
        close(fd);
    }
    return ok ? ERR_OK : complain(path);
}

static enum err copy_bytes(int from, int to)
{
    static char piece[128 * 1024];
    ssize_t got;

    while ((got = read(from, piece, sizeof(piece))) > 0) {
        for (ssize_t done = 0; done < got;) {
            const ssize_t put = write(to, piece + done, (size_t)(got - done));

            if (put <= 0)
                return ERR_IO;
            done += put;
        }
    }
    return got < 0 || fsync(to) != 0 ? ERR_IO : ERR_OK;
}

static enum err copy_file(const char *from, const char *to)
{
    const int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    const int out =
        open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    enum err err = in < 0 || out < 0 ? ERR_IO : copy_bytes(in, out);

    if (err) {
        err = complain(in < 0 ? from : to);
    }
    if (in >= 0) {
        close(in);
    }
    if (out >= 0) {
        close(out);
    }
    return err;
}

/* The regular files of DIR/name into OUT/name; none is fine. */
static enum err copy_folder(const char *dir, const char *out, const char *name)
{
    char from[PATH_SIZE], to[PATH_SIZE];
    struct dirent *entry;
    enum err err;
    DIR *folder;

    snprintf(from, sizeof(from), "%.2000s/%s", dir, name);
    snprintf(to, sizeof(to), "%.2000s/%s", out, name);
    folder = opendir(from);
    if (folder == NULL)
        return ERR_OK;
    err = make_folder(to);
    while (!err && (entry = readdir(folder)) != NULL) {
        struct stat what;

        snprintf(from, sizeof(from), "%.2000s/%s/%.255s", dir, name,
                 entry->d_name);
        snprintf(to, sizeof(to), "%.2000s/%s/%.255s", out, name, entry->d_name);
        if (lstat(from, &what) == 0 && S_ISREG(what.st_mode)) {
            err = copy_file(from, to);
        }
    }
    closedir(folder);
    snprintf(to, sizeof(to), "%.2000s/%s", out, name);
    return err ? err : sync_folder(to);
}

static enum err run_sql(const char *path, int flags, const char *sql,
                        const char *argument)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    int code = sqlite3_open_v2(path, &db, flags, NULL);

    if (code == SQLITE_OK) {
        (void)sqlite3_busy_timeout(db, 10000);
        code = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    }
    if (code == SQLITE_OK && argument != NULL) {
        code = sqlite3_bind_text(st, 1, argument, -1, SQLITE_STATIC);
    }
    if (code == SQLITE_OK) {
        code = sqlite3_step(st);
    }
    if (code == SQLITE_ROW && sqlite3_column_text(st, 0) != NULL &&
        strcmp((const char *)sqlite3_column_text(st, 0), "ok") == 0) {
        code = SQLITE_DONE; /* of the integrity check */
    }
    if (code != SQLITE_DONE) {
        cli_say("%s: %s", path, db == NULL ? "no memory" : sqlite3_errmsg(db));
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
    return code == SQLITE_DONE ? ERR_OK : ERR_BAD_DATA;
}

static enum err sync_file(const char *path)
{
    const int fd = open(path, O_RDWR | O_CLOEXEC);
    const bool ok = fd >= 0 && fchmod(fd, 0600) == 0 && fsync(fd) == 0;

    if (fd >= 0) {
        close(fd);
    }
    return ok ? ERR_OK : complain(path);
}

/* A snapshot, and a look at what was written: an unread backup is a hope. */
static enum err copy_database(const char *dir, const char *out)
{
    char from[PATH_SIZE], to[PATH_SIZE];
    enum err err;

    snprintf(from, sizeof(from), "%s/%s", dir, DATABASE);
    snprintf(to, sizeof(to), "%s/%s", out, DATABASE);
    if (access(from, F_OK) != 0) {
        cli_say("there is no council in %s", dir);
        return ERR_NOT_FOUND;
    }
    err = run_sql(from, SQLITE_OPEN_READWRITE, "VACUUM INTO $1", to);
    err = err ? err : sync_file(to);
    return err ? err
               : run_sql(to, SQLITE_OPEN_READONLY, "PRAGMA integrity_check",
                         NULL);
}

static enum err copy_all(const char *from, const char *to)
{
    static const char *const folders[] = { "blobs", "tls", "safe" };
    enum err err = make_folder(to);

    err = err ? err : copy_database(from, to);
    for (size_t i = 0; i < ARRAY_LEN(folders) && !err; i++) {
        err = copy_folder(from, to, folders[i]);
    }
    return err ? err : sync_folder(to);
}

enum err cli_backup(const struct cli *args)
{
    enum err err;

    if (args->operand == NULL) {
        cli_say("backup needs the folder to make");
        return ERR_USAGE;
    }
    err = copy_all(args->dir, args->operand);
    if (!err) {
        printf("backup in %s; it holds keys: keep it as you keep them\n",
               args->operand);
    }
    return err;
}

/* Our own chain goes on under a new name; the log is restarted when the
 * first tablet shows a checkpoint that is newer than the backup. */
static enum err begin_anew(const char *dir)
{
    struct cli_open open;
    enum err err = cli_open(dir, &open);

    if (err)
        return err;
    err = council_begin(&open.council);
    if (!err) {
        err = council_new_incarnation(&open.council);
        if (err) {
            council_rollback(&open.council);
        } else {
            err = council_commit(&open.council);
        }
    }
    cli_close(&open);
    return err;
}

enum err cli_restore(const struct cli *args)
{
    enum err err;

    if (args->operand == NULL) {
        cli_say("restore needs the folder of the backup");
        return ERR_USAGE;
    }
    err = copy_all(args->operand, args->dir);
    if (!err) {
        err = begin_anew(args->dir);
        if (err) {
            cli_say("%s: %s", args->dir, err_text(err));
        }
    }
    if (!err) {
        printf("restored into %s\n", args->dir);
    }
    return err;
}
