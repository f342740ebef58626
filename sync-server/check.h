/*
 * check.h - does everything that a council stores fit together? Headers and
 * the log, links, commitments, seals, files of blobs, SQLite's own pages.
 */
#ifndef SYNC_SERVER_CHECK_H
#define SYNC_SERVER_CHECK_H

#include "sync-server/sdb.h"

struct check_result {
    uint64_t events, bodies, erased, seals, blobs, log_size, findings;
};
/* One line in plain words for each finding. */
typedef void (*check_fn)(void *ctx, const char *what);

/* `blobs`: the folder with their files. ERR_BAD_DATA: there was a finding. */
MUST_USE enum err check_council(struct sdb *db, const char *blobs, check_fn fn,
                                void *ctx, struct check_result *out);

#endif /* SYNC_SERVER_CHECK_H */
