/*
 * backup.h - the continuous backup of a running council: a copy of the
 * database once a day, and what was committed since as one segment a minute
 * (backup_files.h shows the folder). Called between requests by the process
 * that has the database; never in the way of a request for long.
 *
 * From its start SQLite's log is emptied by nobody else, so that each
 * segment follows the one before: sdb_flush() goes through here, too. What
 * fails is said once, tried again a minute later, and shown on /healthz.
 */
#ifndef SYNC_SERVER_BACKUP_H
#define SYNC_SERVER_BACKUP_H

#include "sync-server/council.h"

#define BACKUP_EVERY_MS      ((uint64_t)60 * 1000)
#define BACKUP_GENERATION_MS ((uint64_t)24 * 3600 * 1000)
#define BACKUP_GENERATIONS   7 /* days that can be gone back to */
#define BACKUP_VERIFY_MS     ((uint64_t)3600 * 1000)
#define BACKUP_FIRST_LOOK_MS ((uint64_t)2 * 60 * 1000)

struct backup; /* opaque */

struct backup_options {
    const char *dir; /* of the council */
    const char *to;  /* the folder of backups; made when missing */
    uint64_t every_ms;
};
/* ERR_IO and others when the folder can't be made: no backup then, which
 * the caller has to say. */
MUST_USE enum err backup_open(const struct backup_options *options,
                              struct council *c, struct backup **out);
/* Ships what is left. NULL is allowed. Before the database is closed. */
void backup_close(struct backup *b);

/* A piece of work, when one is due. */
void backup_tick(struct backup *b, uint64_t mono_ms);

#endif /* SYNC_SERVER_BACKUP_H */
