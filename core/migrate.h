/*
 * migrate.h - the schema's numbered steps, forward only, one transaction
 * each. The number of the last one stands in PRAGMA user_version.
 */
#ifndef CORE_MIGRATE_H
#define CORE_MIGRATE_H

#include <sqlite3.h>

#include "core/base.h"

/* The version that this program writes. */
int migrate_latest(void);

/*
 * Runs the steps that `db` lacks. ERR_NEWER, and nothing is written, when
 * it has more than this program knows.
 */
MUST_USE enum err migrate_run(sqlite3 *db);

/* As PRAGMA user_version; ERR_BAD_DATA: not a database, or a wrong key. */
MUST_USE enum err migrate_version(sqlite3 *db, int *out);

#endif /* CORE_MIGRATE_H */
