/* fuzz_migrate.c - any bytes as the database file that a program finds at
 * its start: refused with an error or brought up to date, never a crash,
 * and never half way: the version says which steps are in it. */
#include <string.h>

#include "core/migrate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool load(sqlite3 *db, const uint8_t *data, size_t size)
{
    unsigned char *copy = sqlite3_malloc64(size > 0 ? size : 1);

    if (copy == NULL) {
        return false;
    }
    memcpy(copy, data, size);
    return sqlite3_deserialize(db, "main", copy, (sqlite3_int64)size,
                               (sqlite3_int64)size,
                               SQLITE_DESERIALIZE_FREEONCLOSE |
                                   SQLITE_DESERIALIZE_RESIZEABLE) == SQLITE_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sqlite3 *db = NULL;
    int before = 0, after = 0;

    ASSERT(sqlite3_open(":memory:", &db) == SQLITE_OK);
    if (load(db, data, size) && migrate_version(db, &before) == ERR_OK) {
        const enum err err = migrate_run(db);

        if (err == ERR_OK) {
            ASSERT(migrate_version(db, &after) == ERR_OK);
            ASSERT(after == migrate_latest());
        } else if (err == ERR_NEWER) {
            ASSERT(before > migrate_latest());
        }
        ASSERT(sqlite3_get_autocommit(db));
    }
    sqlite3_close(db);
    return 0;
}
