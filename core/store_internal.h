/*
 * store_internal.h - what the files with SQL share. Not for others.
 */
#ifndef CORE_STORE_INTERNAL_H
#define CORE_STORE_INTERNAL_H

#include "core/db.h"
#include "core/store.h"

#define STORE_STATEMENTS_MAX 256 /* twice the SQL texts there are */

struct store_safety;

struct store {
    sqlite3 *db;
    struct store_safety *safety; /* NULL: none */
    const struct port *port;
    int depth;           /* of nested transactions */
    bool is_rolled_back; /* an inner one failed: the outer can't commit */
    bool is_flush_due;   /* erase_flush may have something to do */
    struct {
        const char *sql; /* by address: a static text */
        sqlite3_stmt *st;
    } statements[STORE_STATEMENTS_MAX];
    size_t statement_count;
};

/*
 * A prepared statement for the static text `sql`, ready to bind; kept for
 * the next call. One that is in the middle of its rows isn't handed out
 * twice. Reset it after the last row that is read; after an error it is NULL,
 * which may be reset, too.
 */
MUST_USE enum err store_statement(struct store *s, const char *sql,
                                  sqlite3_stmt **out);

/* A connection that only reads what is left of a file; close it whatever
 * comes back. */
MUST_USE enum err store_open_damaged(const struct store_options *o,
                                     sqlite3 **out);

/* A value of the meta table, where the safety copy keeps such. */
void store_safety_put_meta(struct store *s, const char *name,
                           struct bytes value);
bool store_safety_keeps(const char *name);

/* The answer of a one-row, one-column query without values. */
MUST_USE enum err store_number(struct store *s, const char *sql, int64_t *out);

#endif /* CORE_STORE_INTERNAL_H */
