/* sdb_sqlite_holder.c - holders' keys, late readers, bound tablets. */
#include "sync-server/sdb_holder.h"

#include <string.h>

#include "sync-server/sdb_sqlite.h"

static struct bytes key_bytes(const struct ec_public *key)
{
    return (struct bytes){ (const uint8_t *)key, sizeof(*key) };
}

static void read_key(struct bytes from, struct ec_public *out)
{
    if (from.len == sizeof(*out)) {
        memcpy(out, from.data, sizeof(*out));
    }
}

static enum err walked(struct sdb *db, sqlite3_stmt *st, enum err err)
{
    sdb_sqlite_end(db, st);
    return err == ERR_NOT_FOUND || err == ERR_STOPPED ? ERR_OK : err;
}

/* --- claims --- */

enum err sdb_claim_put(struct sdb *db, const struct sdb_claim *c)
{
    const struct bytes key = key_bytes(&c->pub);
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR REPLACE INTO holder_claim(council, claim, officer,"
            " device, public) VALUES(?1,?2,?3,?4,?5)");

    sdb_sqlite_bind(st, "uuub", &c->id, &c->officer, &c->device, &key);
    return sdb_sqlite_done(db, st);
}

enum err sdb_claims_of(struct sdb *db, const struct uuid *officer,
                       sdb_claim_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT claim, officer, device, public FROM holder_claim WHERE"
            " council=?1 AND officer=?2 ORDER BY claim");
    enum err err;

    sdb_sqlite_bind(st, "u", officer);
    while ((err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct sdb_claim c;
        struct bytes key;

        memset(&c, 0, sizeof(c));
        sdb_sqlite_read(st, "uuub", &c.id, &c.officer, &c.device, &key);
        read_key(key, &c.pub);
        err = fn(ctx, &c);
        if (err)
            break;
    }
    return walked(db, st, err);
}

enum err sdb_claims_drop(struct sdb *db, const struct uuid *officer,
                         const struct uuid *device)
{
    const struct uuid none = { { 0 } };
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "DELETE FROM holder_claim WHERE council=?1 AND device=?2 AND"
            " (officer=?3 OR ?4)");

    sdb_sqlite_bind(st, "uui", device, officer != NULL ? officer : &none,
                    (uint64_t)(officer == NULL));
    return sdb_sqlite_done(db, st);
}

/* --- certificates --- */

#define HOLDER_COLUMNS "holder, officer, device, role, public, revoked"

enum err sdb_holder_put(struct sdb *db, const struct sdb_holder *h)
{
    const struct bytes key = key_bytes(&h->pub);
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR REPLACE INTO holder(council, " HOLDER_COLUMNS
            ") VALUES(?1,?2,?3,?4,?5,?6,?7)");

    sdb_sqlite_bind(st, "uuutbi", &h->id, &h->officer, &h->device, h->role,
                    &key, (uint64_t)h->is_revoked);
    return sdb_sqlite_done(db, st);
}

static void read_holder(sqlite3_stmt *st, struct sdb_holder *h)
{
    struct bytes key;

    memset(h, 0, sizeof(*h));
    sdb_sqlite_read(st, "uuutbB", &h->id, &h->officer, &h->device, h->role,
                    &key, &h->is_revoked);
    read_key(key, &h->pub);
}

enum err sdb_holder_get(struct sdb *db, const struct uuid *id,
                        struct sdb_holder *out)
{
    sqlite3_stmt *st =
        sdb_sqlite_prepare(db, "SELECT " HOLDER_COLUMNS
                               " FROM holder WHERE council=?1 AND holder=?2");
    enum err err;

    sdb_sqlite_bind(st, "u", id);
    err = sdb_sqlite_row(db, st);
    if (err)
        return err;
    read_holder(st, out);
    sqlite3_reset(st);
    return ERR_OK;
}

enum err sdb_holder_all(struct sdb *db, sdb_holder_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT " HOLDER_COLUMNS
            " FROM holder WHERE council=?1 ORDER BY officer, holder");
    enum err err;

    while ((err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct sdb_holder h;

        read_holder(st, &h);
        err = fn(ctx, &h);
        if (err)
            break;
    }
    return walked(db, st, err);
}

/* --- late readers --- */

enum err sdb_late_add(struct sdb *db, const struct sdb_audience *a,
                      const struct uuid *record, uint64_t position,
                      int64_t now_ms)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT INTO late(council, kind, id, ordinal, position, device,"
            " made_ms) SELECT ?1, ?2, ?3, (SELECT coalesce(max(ordinal),0)"
            " FROM late WHERE council=?1) + row_number() OVER (ORDER BY"
            " position), position, device, ?6 FROM event WHERE council=?1 AND"
            " record=?4 AND position<?5 AND state<>2");

    sdb_sqlite_bind(st, "iuuii", a->kind, &a->id, record, position,
                    (uint64_t)now_ms);
    return sdb_sqlite_done(db, st);
}

enum err sdb_late_next(struct sdb *db, const struct sdb_audience *a,
                       const struct sdb_asker *asker, uint64_t from,
                       uint64_t *ordinal_out, uint64_t *position_out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT l.ordinal, l.position FROM late l WHERE l.council=?1 AND"
            " l.kind=?2 AND l.id=?3 AND l.ordinal>=?4 AND (l.device<>?5 OR"
            " NOT EXISTS (SELECT 1 FROM event e WHERE e.council=?1 AND"
            " e.position=l.position AND e.incarnation=?6))"
            " ORDER BY l.ordinal LIMIT 1");
    enum err err;

    sdb_sqlite_bind(st, "iuiuu", a->kind, &a->id, from, &asker->device,
                    &asker->incarnation);
    err = sdb_sqlite_row(db, st);
    if (err)
        return err;
    sdb_sqlite_read(st, "ii", ordinal_out, position_out);
    sqlite3_reset(st);
    return ERR_OK;
}

enum err sdb_late_since(struct sdb *db, int64_t ms, uint64_t *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT coalesce((SELECT min(ordinal) FROM late WHERE council=?1"
            " AND made_ms>=?2), (SELECT max(ordinal)+1 FROM late WHERE"
            " council=?1), 1)");

    sdb_sqlite_bind(st, "i", (uint64_t)ms);
    return sdb_sqlite_number(db, st, out);
}

enum err sdb_late_has(struct sdb *db, const struct sdb_audience *a, bool *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT EXISTS (SELECT 1 FROM late WHERE council=?1 AND kind=?2"
            " AND id=?3)");
    uint64_t has = 0;
    enum err err;

    sdb_sqlite_bind(st, "iu", a->kind, &a->id);
    err = sdb_sqlite_number(db, st, &has);
    *out = has != 0;
    return err;
}

enum err sdb_share_before(struct sdb *db, const struct uuid *officer,
                          uint64_t before, uint64_t *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT a.position FROM audience a JOIN event e ON"
            " e.council=a.council AND e.position=a.position WHERE"
            " a.council=?1 AND a.kind=1 AND a.id=?2 AND a.position<?3 AND"
            " e.op=29 AND e.state=1 ORDER BY a.position DESC LIMIT 1");

    sdb_sqlite_bind(st, "ui", officer, before);
    return sdb_sqlite_number(db, st, out);
}

/* --- bound tablets --- */

enum err sdb_device_bind(struct sdb *db, const struct uuid *device)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR IGNORE INTO device_bound(council, device)"
            " VALUES(?1,?2)");

    sdb_sqlite_bind(st, "u", device);
    return sdb_sqlite_done(db, st);
}

enum err sdb_device_is_bound(struct sdb *db, const struct uuid *device,
                             bool *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT EXISTS (SELECT 1 FROM device_bound WHERE council=?1 AND"
            " device=?2)");
    uint64_t is_bound = 0;
    enum err err;

    sdb_sqlite_bind(st, "u", device);
    err = sdb_sqlite_number(db, st, &is_bound);
    *out = is_bound != 0;
    return err;
}
