#include "core/migrate.h"

#include <stdio.h>

#include "core/db.h"
#include "sql_core.h"

/*
 * Append only. A tablet that was in a drawer for a year may be at any row,
 * so a released row is never edited, reordered or removed.
 */
static const struct migration {
    int version;
    const char *sql;
} migrations[] = {
    { 1, sql_0001_init },       { 2, sql_0002_sync },   { 3, sql_0003_erase },
    { 4, sql_0004_blob_asked }, { 5, sql_0005_parcel }, { 6, sql_0006_said },
    { 7, sql_0007_lists },
};

int migrate_latest(void)
{
    return migrations[ARRAY_LEN(migrations) - 1].version;
}

enum err migrate_version(sqlite3 *db, int *out)
{
    sqlite3_stmt *st = NULL;
    enum err err =
        db_err(sqlite3_prepare_v2(db, "PRAGMA user_version", -1, &st, NULL));

    if (!err) {
        err = db_row(st);
    }
    if (!err) {
        *out = sqlite3_column_int(st, 0);
    }
    sqlite3_finalize(st); /* its error was reported by the step */
    return err;
}

/* The schema and its version change together or not at all. */
static enum err migrate_one(sqlite3 *db, const struct migration *m)
{
    char set_version[48];
    enum err err = db_exec(db, "BEGIN IMMEDIATE");

    if (err) {
        return err;
    }
    err = db_exec(db, m->sql);
    if (!err) {
        snprintf(set_version, sizeof(set_version), "PRAGMA user_version = %d",
                 m->version);
        err = db_exec(db, set_version);
    }
    if (!err) {
        err = db_exec(db, "COMMIT");
    }
    if (err) { /* without memory for that, closing rolls back */
        (void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    }
    return err;
}

enum err migrate_run(sqlite3 *db)
{
    int version = 0;
    enum err err = migrate_version(db, &version);

    if (!err && version > migrate_latest()) {
        return ERR_NEWER;
    }
    for (size_t i = 0; !err && i < ARRAY_LEN(migrations); i++) {
        if (migrations[i].version > version) {
            err = migrate_one(db, &migrations[i]);
        }
    }
    return err;
}
