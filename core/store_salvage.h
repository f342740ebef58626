/*
 * store_salvage.h - what can still be read of a damaged store: row by row,
 * around the pages that can't be. The file is never written to.
 */
#ifndef CORE_STORE_SALVAGE_H
#define CORE_STORE_SALVAGE_H

#include <sqlite3.h>

#include "core/store.h"

struct salvage_event {
    struct bytes header, salt, body; /* body.data NULL: none */
    bool is_own;                     /* it had a link */
    int state;                       /* as stored */
    struct bytes reason;
};
struct salvage_chain {
    struct uuid incarnation;
    uint64_t head, acked;
    bool is_closed;
};

/* What is found is told here; any of them may be NULL. */
struct salvage_told {
    void *ctx;
    enum err (*meta)(void *ctx, const char *name, struct bytes value);
    enum err (*chain)(void *ctx, const struct salvage_chain *c);
    enum err (*event)(void *ctx, const struct salvage_event *e);
    enum err (*key)(void *ctx, struct bytes record, struct bytes key);
    enum err (*draft)(void *ctx, sqlite3_stmt *row); /* its five columns */
};

struct salvage_stats {
    bool is_open;  /* its first page could be read */
    uint64_t rows; /* read */
    uint64_t lost; /* numbers that could not be read: rows, at most */
};

/* In the order above. ERR_OK also when nothing could be read; the error of
 * a function that was told. */
MUST_USE enum err store_salvage(const struct store_options *damaged,
                                const struct salvage_told *told,
                                struct salvage_stats *out);

#endif /* CORE_STORE_SALVAGE_H */
