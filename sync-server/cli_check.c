/* cli_check.c - fsck: does everything that is stored fit together? */
#include <stdio.h>
#include <string.h>

#include "sync-server/backup_files.h"
#include "sync-server/check.h"
#include "sync-server/cli.h"

static void print(void *ctx, const char *what)
{
    (void)ctx;
    printf("%s\n", what);
}

static enum err check_and_say(const char *dir, struct sdb *db)
{
    char blobs[BACKUP_PATH_SIZE];
    struct check_result r;
    enum err err;

    backup_path(blobs, dir, "blobs");
    err = check_council(db, blobs, print, NULL, &r);
    if (err && err != ERR_BAD_DATA) {
        cli_say("%s: %s", dir, err_text(err));
        return err;
    }
    printf("%llu events, %llu bodies, %llu erased, %llu seals, %llu blobs, "
           "log of %llu leaves: %llu findings\n",
           (unsigned long long)r.events, (unsigned long long)r.bodies,
           (unsigned long long)r.erased, (unsigned long long)r.seals,
           (unsigned long long)r.blobs, (unsigned long long)r.log_size,
           (unsigned long long)r.findings);
    return err;
}

/* While a server runs: one state of its database, read beside it. */
enum err cli_fsck(const struct cli *args)
{
    struct cli_open open;
    struct sdb *db = NULL;
    enum err err = cli_open(args->dir, &open);

    if (err == ERR_BUSY) {
        err = sdb_open_snapshot(args->dir, &db);
        err = err ? err : check_and_say(args->dir, db);
        sdb_close(db);
        return err;
    }
    if (err) {
        cli_say("%s: %s", args->dir, err_text(err));
        return err;
    }
    err = check_and_say(args->dir, open.db);
    cli_close(&open);
    return err;
}
