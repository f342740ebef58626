/* idle.h - nothing that was asked of a store is left half read. */
#ifndef TESTS_IDLE_H
#define TESTS_IDLE_H

#include <sqlite3.h>

#include "tests/test.h"

/* Statements that no end came to; while there is one, no checkpoint gets
 * through, and the next to ask the same has it planned anew. */
static inline size_t idle_open_statements(sqlite3 *db)
{
    sqlite3_stmt *st = NULL;
    size_t count = 0;

    while ((st = sqlite3_next_stmt(db, st)) != NULL) {
        if (sqlite3_stmt_busy(st)) {
            print_error("left open: %s\n", sqlite3_sql(st));
            count++;
        }
    }
    return count;
}

#endif /* TESTS_IDLE_H */
