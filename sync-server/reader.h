/*
 * reader.h - what a tablet may download: events and files of records that
 * went to an audience of an officer who may open it, and its own.
 */
#ifndef SYNC_SERVER_READER_H
#define SYNC_SERVER_READER_H

#include "sync-server/council.h"

#define READER_AUDIENCES_MAX 512 /* 64 officers: own, teams, roles */

/* One tablet's audiences, looked up once for a request. */
struct reader {
    struct sdb *db;
    struct uuid device;
    size_t count;
    struct sdb_audience list[READER_AUDIENCES_MAX];
};
MUST_USE enum err reader_open(struct council *c, const struct uuid *device,
                              struct reader *out);
/* May it have the file that the event at `position` named? */
MUST_USE enum err reader_may_have(struct reader *r, uint64_t position,
                                  bool *out);

#endif /* SYNC_SERVER_READER_H */
