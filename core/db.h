/*
 * db.h - SQLite in the house's terms: its codes mapped to ours, values bound
 * and read in our types. Only files that hold SQL include it.
 */
#ifndef CORE_DB_H
#define CORE_DB_H

#include <sqlite3.h>

#include "core/base.h"

/* The one table from SQLite's codes to ours. */
enum err db_err(int rc);

/* One or more statements without values. */
MUST_USE enum err db_exec(sqlite3 *db, const char *sql);

/* `n` counts from 1. What is bound must live until the statement ran. */
void db_bind_int(sqlite3_stmt *st, int n, int64_t value);
void db_bind_text(sqlite3_stmt *st, int n, const char *text); /* NULL: NULL */
void db_bind_text_view(sqlite3_stmt *st, int n, struct bytes text);
void db_bind_bytes(sqlite3_stmt *st, int n, struct bytes b); /* data NULL */
void db_bind_uuid(sqlite3_stmt *st, int n, const struct uuid *id);
void db_bind_uuid_or_null(sqlite3_stmt *st, int n, const struct uuid *id);
void db_bind_hash(sqlite3_stmt *st, int n, const struct hash *h);
void db_bind_null(sqlite3_stmt *st, int n);

/* One row forward; false in `row_out` at the end. */
MUST_USE enum err db_step(sqlite3_stmt *st, bool *row_out);
/* For statements without rows: run and reset. */
MUST_USE enum err db_run(sqlite3_stmt *st);
/* The first row; ERR_NOT_FOUND without one. Reset it after reading. */
MUST_USE enum err db_row(sqlite3_stmt *st);

/* `n` counts from 0. Views are valid until the next step or reset. */
struct bytes db_get_bytes(sqlite3_stmt *st, int n); /* data NULL for NULL */
void db_get_uuid(sqlite3_stmt *st, int n, struct uuid *out); /* else zero */
void db_get_hash(sqlite3_stmt *st, int n, struct hash *out); /* else zero */
const char *db_get_text(sqlite3_stmt *st, int n);            /* "" for NULL */

#endif /* CORE_DB_H */
