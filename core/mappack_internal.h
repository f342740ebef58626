/* mappack_internal.h - shared by the files mappack*.c. Not for others. */
#ifndef CORE_MAPPACK_INTERNAL_H
#define CORE_MAPPACK_INTERNAL_H

#include <sqlite3.h>

#include "core/mappack.h"

struct mappack {
    sqlite3 *db;
    sqlite3_stmt *tile;
    sqlite3_stmt *find; /* NULL: no search */
    struct mappack_facts facts;
};

/* Prepares `find`; false when the pack has no search of ours. */
bool mappack_find_prepare(struct mappack *pack);

/*
 * A name as it is compared: lower case, letters of the Latin script without
 * their accents, one blank for all that is no letter or digit. The result
 * begins and ends with a blank; cut at `size`.
 */
size_t mappack_fold(const char *text, char *out, size_t size);

#endif /* CORE_MAPPACK_INTERNAL_H */
