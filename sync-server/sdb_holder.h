/*
 * sdb_holder.h - the storage contract, third part: keys that read closed
 * records, events that somebody may read later than they were logged, and
 * tablets bound to their officers.
 */
#ifndef SYNC_SERVER_SDB_HOLDER_H
#define SYNC_SERVER_SDB_HOLDER_H

#include "sync-server/sdb_people.h"

/* A key that an officer asks to be certified. Device zero: the console. */
struct sdb_claim {
    struct uuid id, officer, device;
    struct ec_public pub;
};
typedef enum err (*sdb_claim_fn)(void *ctx, const struct sdb_claim *c);
/* The same id again replaces. */
MUST_USE enum err sdb_claim_put(struct sdb *db, const struct sdb_claim *c);
MUST_USE enum err sdb_claims_of(struct sdb *db, const struct uuid *officer,
                                sdb_claim_fn fn, void *ctx);
/* Those on a device, of one officer or (NULL) of all. */
MUST_USE enum err sdb_claims_drop(struct sdb *db, const struct uuid *officer,
                                  const struct uuid *device);

/* One certified for a role. `id` is the record of our grant. */
struct sdb_holder {
    struct uuid id, officer, device;
    char role[SDB_TEXT_MAX];
    struct ec_public pub;
    bool is_revoked;
};
typedef enum err (*sdb_holder_fn)(void *ctx, const struct sdb_holder *h);
MUST_USE enum err sdb_holder_put(struct sdb *db, const struct sdb_holder *h);
MUST_USE enum err sdb_holder_get(struct sdb *db, const struct uuid *id,
                                 struct sdb_holder *out);
MUST_USE enum err sdb_holder_all(struct sdb *db, sdb_holder_fn fn, void *ctx);

/*
 * Audience `a` may read what is held of `record` below `position`, too: a
 * late row for each applied event.
 */
MUST_USE enum err sdb_late_add(struct sdb *db, const struct sdb_audience *a,
                               const struct uuid *record, uint64_t position,
                               int64_t now_ms);
/* As sdb_audience_next, by ordinal; the event's position beside it. */
MUST_USE enum err sdb_late_next(struct sdb *db, const struct sdb_audience *a,
                                const struct sdb_asker *asker, uint64_t from,
                                uint64_t *ordinal_out, uint64_t *position_out);
/* The first ordinal that was allowed at or after `ms`. */
MUST_USE enum err sdb_late_since(struct sdb *db, int64_t ms, uint64_t *out);
MUST_USE enum err sdb_late_has(struct sdb *db, const struct sdb_audience *a,
                               bool *out);

/* The newest share below `before` that this officer was given; its position,
 * or ERR_NOT_FOUND. */
MUST_USE enum err sdb_share_before(struct sdb *db, const struct uuid *officer,
                                   uint64_t before, uint64_t *out);

/* From now on only officers in sdb_device_allows use it. */
MUST_USE enum err sdb_device_bind(struct sdb *db, const struct uuid *device);
MUST_USE enum err sdb_device_is_bound(struct sdb *db, const struct uuid *device,
                                      bool *out);

#endif /* SYNC_SERVER_SDB_HOLDER_H */
