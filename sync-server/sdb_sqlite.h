/*
 * sdb_sqlite.h - what the files of the SQLite back end share: prepared
 * statements with the council bound first, values in and out by type.
 */
#ifndef SYNC_SERVER_SDB_SQLITE_H
#define SYNC_SERVER_SDB_SQLITE_H

#include <sqlite3.h>

#include "sync-server/sdb_people.h"

#define SDB_STATEMENTS_MAX 160 /* distinct SQL texts of this back end */
#define SDB_WALKS_MAX      48  /* the same, of walks, that are kept */

struct sdb {
    sqlite3 *db;
    struct uuid council;
    bool is_open; /* a transaction */
    size_t count;
    const char *texts[SDB_STATEMENTS_MAX];
    sqlite3_stmt *statements[SDB_STATEMENTS_MAX];
    struct sdb_walk {
        const char *text;
        sqlite3_stmt *st;
        bool is_used; /* by a walk that has not ended */
    } walks[SDB_WALKS_MAX];
    size_t walk_count;
    struct buf view;              /* what the last sdb_event_get showed */
    enum err (*flush)(void *ctx); /* or NULL */
    void *flush_ctx;
};

enum err sdb_sqlite_error(struct sdb *db, int rc);

/*
 * The cached statement of `sql` (compared as a pointer: a literal), reset,
 * with the council bound at ?1. NULL when out of memory or damaged.
 */
sqlite3_stmt *sdb_sqlite_prepare(struct sdb *db, const char *sql);
/* The same for walks that call back: one that is under way isn't handed out
 * twice. End it; NULL is allowed there. */
sqlite3_stmt *sdb_sqlite_walk(struct sdb *db, const char *sql);
void sdb_sqlite_end(struct sdb *db, sqlite3_stmt *st);

/*
 * Binds from ?2 on: u const struct uuid *, h const struct hash *,
 * i uint64_t, b const struct bytes * (NULL data: SQL NULL), t const char *.
 * What is bound must live until the statement ran: a copy could fail, and
 * SQLite would take NULL in its place.
 */
void sdb_sqlite_bind(sqlite3_stmt *st, const char *types, ...);
/* Reads columns from 0 on: u and h pointers to them, i uint64_t *,
 * s int64_t *, B bool *, b struct bytes *, t char[SDB_TEXT_MAX]. */
void sdb_sqlite_read(sqlite3_stmt *st, const char *types, ...);

/* ERR_OK with a row, ERR_NOT_FOUND without one (reset then). */
MUST_USE enum err sdb_sqlite_row(struct sdb *db, sqlite3_stmt *st);
/* One number, the first column of the first row. */
MUST_USE enum err sdb_sqlite_number(struct sdb *db, sqlite3_stmt *st,
                                    uint64_t *out);
/* A statement without rows, run and reset; NULL is ERR_NOMEM. */
MUST_USE enum err sdb_sqlite_done(struct sdb *db, sqlite3_stmt *st);
/* Rows of one id each, told to `fn`; ends the walk. */
MUST_USE enum err sdb_sqlite_ids(struct sdb *db, sqlite3_stmt *st, sdb_id_fn fn,
                                 void *ctx);

#endif /* SYNC_SERVER_SDB_SQLITE_H */
