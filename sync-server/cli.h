/*
 * cli.h - the verbs of beatbook-server, one function each.
 */
#ifndef SYNC_SERVER_CLI_H
#define SYNC_SERVER_CLI_H

#include "core/buf.h"
#include "platform/linux/machine.h"
#include "sync-server/council.h"

/* What was said on the command line; NULL: not said. */
struct cli {
    const char *verb;
    const char *operand; /* OUT of backup, FROM of restore */
    const char *dir, *council, *listen, *web, *metrics, *add, *name, *role;
    const char *revoke, *device, *bundle, *record, *patrol, *notice;
    const char *host, *assets, *share, *user, *safe;
    const char *reason, *officer, *backup, *erasures, *until, *every;
    const char *sealed, *receipt, *file;
    bool is_kiosk, has_weak_storage, is_new_root;
};

/* An open council, held alone. */
struct cli_open {
    struct machine *machine;
    struct sdb *db;
    struct council council;
    struct journal *journal;
    uint64_t redone; /* erasures that the database didn't know */
};
/* Certificates of the tls process as they should be now. */
MUST_USE enum err cli_refresh(const char *dir, struct council *c);
/* ERR_BUSY while a server runs in this folder. */
MUST_USE enum err cli_open(const char *dir, struct cli_open *out);
/* The same, and gives another program that long to end. */
MUST_USE enum err cli_open_wait(const char *dir, unsigned wait_ms,
                                struct cli_open *out);
/* Restored: our own chain goes on under a new name, and only then what the
 * journal says is carried out, so that no number of the old one is used
 * twice. */
MUST_USE enum err cli_open_anew(const char *dir, struct cli_open *out);
void cli_close(struct cli_open *o);

/* Each says on standard error what went wrong; the code becomes the exit
 * code: 0, 2 for wrong use, else 10 + its number (base.h). */
enum err cli_init(const struct cli *args);
enum err cli_serve(const struct cli *args);
enum err cli_officer(const struct cli *args);
enum err cli_device(const struct cli *args);
enum err cli_enrol(const struct cli *args);
enum err cli_rekey(const struct cli *args);
enum err cli_wipe(const struct cli *args);
enum err cli_renew_ca(const struct cli *args);
enum err cli_export(const struct cli *args);
enum err cli_import(const struct cli *args);
enum err cli_areas(const struct cli *args); /* areas, profile, cards */
enum err cli_fingerprint(const struct cli *args);
enum err cli_order(const struct cli *args); /* erase, hold, release */
enum err cli_brief(const struct cli *args); /* briefing, task */
enum err cli_erasures(const struct cli *args);
enum err cli_fsck(const struct cli *args);
enum err cli_verify(const struct cli *args);
enum err cli_backup(const struct cli *args);
enum err cli_restore(const struct cli *args);

/* The running server's answer, or ours when none runs: see admin.h. */
struct admin_request;
MUST_USE enum err cli_ask(const char *dir, const struct admin_request *r,
                          struct buf *out);

/* Asks, and prints the answer's text as it came. */
MUST_USE enum err cli_run(const char *dir, const struct admin_request *r);

/* One line to standard error, behind the program's name. */
void cli_say(const char *format, ...) PRINTF(1, 2);

/*
 * From the file that BEATBOOK_PASSPHRASE_FILE names (its first line), else
 * asked for twice at the terminal. ERR_NOT_FOUND when there is neither;
 * ERR_USAGE when it is too short.
 */
MUST_USE enum err cli_passphrase(const char *what, struct buf *out);

/* Durable: written beside, fsynced, renamed. Mode 0600. */
MUST_USE enum err cli_write_file(const char *dir, const char *name,
                                 struct bytes data);

#endif /* SYNC_SERVER_CLI_H */
