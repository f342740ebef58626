/*
 * cli_backup.c - whole copies of a council by hand, and the way back from
 * one or from a continuous backup (backup.h). A copy is made while a server
 * runs: the database as one consistent snapshot first, then the blobs (whole
 * files that never change), then the keys.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sync-server/backup_files.h"
#include "sync-server/cli.h"
#include "sync-server/journal.h"
#include "sync-server/missing.h"

#define PATH_SIZE BACKUP_PATH_SIZE

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

static enum err copy_folder(const char *from, const char *to, const char *name)
{
    const enum err err = backup_copy_folder(from, to, name);

    if (err) {
        cli_say("%s/%s: %s", from, name, err_text(err));
    }
    return err;
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

    backup_path(from, dir, BACKUP_DATABASE);
    backup_path(to, out, BACKUP_DATABASE);
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

/* Orders of FROM that TO doesn't know. */
static enum err copy_journal(const char *from, const char *to)
{
    char in[PATH_SIZE], out[PATH_SIZE];
    enum err err;

    backup_path(in, from, JOURNAL_FILE);
    backup_path(out, to, JOURNAL_FILE);
    err = journal_merge(in, out);
    if (err) {
        cli_say("%s: %s", in, err_text(err));
    }
    return err;
}

static enum err copy_rest(const char *from, const char *keys, const char *to)
{
    enum err err = copy_folder(from, to, "blobs");

    err = err ? err : copy_folder(keys, to, "tls");
    err = err ? err : copy_folder(keys, to, "safe");
    err = err ? err : copy_journal(from, to);
    return err ? err : backup_sync_folder(to);
}

static enum err copy_all(const char *from, const char *to)
{
    enum err err = make_folder(to);

    err = err ? err : copy_database(from, to);
    return err ? err : copy_rest(from, from, to);
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

/* --- the newest continuous backup --- */

static void format_time(int64_t ms, char out[32])
{
    const time_t seconds = (time_t)(ms / 1000);
    struct tm tm;

    gmtime_r(&seconds, &tm);
    strftime(out, 32, "%Y-%m-%d %H:%M:%S", &tm);
}

enum err cli_verify(const struct cli *args)
{
    char to[PATH_SIZE], time[32];
    struct backup_state state;
    struct buf why;
    enum err err;

    backup_path(to, args->dir, "backup");
    if (args->operand != NULL) {
        snprintf(to, sizeof(to), "%s", args->operand);
    }
    buf_init(&why, 4096);
    err = backup_verify(to, &why, &state);
    if (err) {
        cli_say("the backup does not hold: %s", buf_text(&why));
    } else {
        format_time(state.at_ms, time);
        printf("%s was restored and checked: the state of %s UTC, 0 "
               "findings\n",
               to, time);
    }
    buf_fini(&why);
    return err;
}

/* --- the way back --- */

/* "2026-01-31T09:30" or with seconds, UTC; to the end of what is named. */
static enum err parse_time(const char *text, int64_t *out)
{
    struct tm tm;
    const char *end;
    int64_t span = 999;

    memset(&tm, 0, sizeof(tm));
    end = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
    if (end == NULL) {
        memset(&tm, 0, sizeof(tm));
        end = strptime(text, "%Y-%m-%dT%H:%M", &tm);
        span = 59999;
    }
    if (end == NULL || *end != '\0') {
        cli_say("--until wants a time in UTC such as 2026-01-31T09:30");
        return ERR_USAGE;
    }
    *out = (int64_t)timegm(&tm) * 1000 + span;
    return ERR_OK;
}

static enum err restore_state(const struct cli *args)
{
    struct backup_state state;
    int64_t until = INT64_MAX;
    char time[32];
    struct buf why;
    enum err err = ERR_OK;

    if (args->until != NULL) {
        err = parse_time(args->until, &until);
    }
    if (err)
        return err;
    err = backup_find(args->operand, until, &state);
    if (err) {
        cli_say("there is no backup%s in %s",
                args->until != NULL ? " as old as that" : "", args->operand);
        return err;
    }
    buf_init(&why, 4096);
    err = make_folder(args->dir);
    if (!err) {
        err = backup_assemble(&state, args->dir, &why);
        if (err) {
            cli_say("%s", buf_text(&why));
        }
    }
    buf_fini(&why);
    err = err ? err : copy_rest(args->operand, state.folder, args->dir);
    if (!err) {
        format_time(state.at_ms, time);
        printf("the council as it was on %s UTC\n", time);
    }
    return err;
}

/* The log is restarted when the first tablet shows a checkpoint that is
 * newer than the backup; at once where the backup lost files. */
static enum err begin_anew(const char *dir)
{
    struct cli_open open;
    uint64_t missing = 0;
    enum err err = cli_open_anew(dir, &open);

    if (err)
        return err;
    err = missing_want_again(&open.council, &missing);
    cli_close(&open);
    if (missing > 0) {
        printf("%llu photos or recordings have no file in this backup: "
               "tablets that still have them are asked for them again\n",
               (unsigned long long)missing);
    }
    return err;
}

static bool is_copy(const char *folder)
{
    char path[PATH_SIZE];

    backup_path(path, folder, BACKUP_DATABASE);
    return access(path, F_OK) == 0;
}

/* The journal that was named, or the one in the folder that was. */
static bool journal_path(const char *named, char out[PATH_SIZE])
{
    struct stat st;

    snprintf(out, PATH_SIZE, "%s", named);
    if (stat(named, &st) == 0 && S_ISDIR(st.st_mode)) {
        backup_path(out, named, JOURNAL_FILE);
    }
    return stat(out, &st) == 0 && S_ISREG(st.st_mode);
}

/* A journal that was named, and the one in a folder of continuous backups,
 * were kept up to date; that of a copy is as old as it. */
static bool is_journal_whole(const struct cli *args, bool has_journal)
{
    return args->erasures != NULL || (has_journal && !is_copy(args->operand));
}

/* What no journal told us, and where there may be one. */
static void tell_orders(const struct cli *args, bool has_journal)
{
    if (has_journal) {
        printf("the journal of orders is as old as this copy: ");
    } else {
        printf("no journal of orders was found: ");
    }
    printf("what was erased after it is erased again when tablets connect. "
           "If the lost server's folder, or that of its backups, can still "
           "be read: remove %s, and call this again with --erasures and that "
           "folder\n",
           args->dir);
}

static enum err add_erasures(const struct cli *args, bool *is_whole_out)
{
    bool has_journal;
    char to[PATH_SIZE], from[PATH_SIZE];
    enum err err;

    backup_path(to, args->dir, JOURNAL_FILE);
    if (args->erasures != NULL) {
        err = journal_path(args->erasures, from) ? journal_merge(from, to)
                                                 : ERR_NOT_FOUND;
        if (err) {
            cli_say("%s: %s", args->erasures, err_text(err));
            return err;
        }
    }
    has_journal = access(to, F_OK) == 0;
    *is_whole_out = is_journal_whole(args, has_journal);
    if (!*is_whole_out) {
        tell_orders(args, has_journal);
    }
    return ERR_OK;
}

static void tell_end(const struct cli *args, bool is_whole)
{
    printf("restored into %s. ", args->dir);
    if (is_whole) {
        printf("Whose access was ended or given again since, as the journal "
               "of orders has it, is so here: \"device\" lists the tablets. "
               "Start \"serve\" with it");
    } else {
        printf("Whose access was ended since has it again: look with "
               "\"device\", end it with \"device --revoke\" and \"officer "
               "--revoke\". Then start \"serve\" with it");
    }
    printf(": tablets notice by themselves and give back what it lacks; "
           "until all have connected, entries may be missing here\n");
}

enum err cli_restore(const struct cli *args)
{
    char journal[PATH_SIZE];
    bool is_whole = false;
    enum err err;

    if (args->operand == NULL) {
        cli_say("restore needs the folder of the backup");
        return ERR_USAGE;
    }
    if (args->erasures != NULL && !journal_path(args->erasures, journal)) {
        cli_say("%s: no journal of orders there; nothing was restored",
                args->erasures);
        return ERR_NOT_FOUND;
    }
    err = is_copy(args->operand) ? copy_all(args->operand, args->dir)
                                 : restore_state(args);
    err = err ? err : add_erasures(args, &is_whole);
    if (!err) {
        err = begin_anew(args->dir);
        if (err) {
            cli_say("%s: %s", args->dir, err_text(err));
        }
    }
    if (!err) {
        tell_end(args, is_whole);
    }
    return err;
}
