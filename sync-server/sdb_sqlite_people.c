/* sdb_sqlite_people.c - devices, officers, codes, certificates, alarms. */
#include "sync-server/sdb_people.h"

#include <stdio.h>
#include <string.h>

#include "core/crypto.h"
#include "sync-server/sdb_sqlite.h"

/* --- devices --- */

#define DEVICE_COLUMNS                                          \
    "device, name, kiosk, weak, state, seal_key, enrolled_ms, " \
    "seen_ms, revoked_position, forked"

enum err sdb_device_put(struct sdb *db, const struct sdb_device *d)
{
    const struct bytes key = { (const uint8_t *)&d->seal_key,
                               sizeof(d->seal_key) };
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR REPLACE INTO device(council, " DEVICE_COLUMNS
            ") VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)");

    sdb_sqlite_bind(st, "utiiibiiiu", &d->id, d->name, (uint64_t)d->is_kiosk,
                    (uint64_t)d->has_weak_storage, (uint64_t)d->state, &key,
                    (uint64_t)d->enrolled_ms, (uint64_t)d->seen_ms,
                    d->revoked_position, &d->forked);
    return sdb_sqlite_done(db, st);
}

static void read_device(sqlite3_stmt *st, struct sdb_device *d)
{
    struct bytes key;
    uint64_t state;

    memset(d, 0, sizeof(*d));
    sdb_sqlite_read(st, "utBBibssiu", &d->id, d->name, &d->is_kiosk,
                    &d->has_weak_storage, &state, &key, &d->enrolled_ms,
                    &d->seen_ms, &d->revoked_position, &d->forked);
    d->state = (enum sdb_device_state)state;
    if (key.len == sizeof(d->seal_key)) {
        memcpy(&d->seal_key, key.data, key.len);
    }
}

enum err sdb_device_get(struct sdb *db, const struct uuid *id,
                        struct sdb_device *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(db, "SELECT " DEVICE_COLUMNS
                                              " FROM device WHERE council=?1"
                                              " AND device=?2");
    enum err err;

    sdb_sqlite_bind(st, "u", id);
    err = sdb_sqlite_row(db, st);
    if (err)
        return err;
    read_device(st, out);
    sqlite3_reset(st);
    return ERR_OK;
}

/* A walk that ended: all rows told, stopped early, or an error. */
static enum err walked(struct sdb *db, sqlite3_stmt *st, enum err err)
{
    sdb_sqlite_end(db, st);
    return err == ERR_NOT_FOUND || err == ERR_STOPPED ? ERR_OK : err;
}

enum err sdb_device_all(struct sdb *db, sdb_device_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(db, "SELECT " DEVICE_COLUMNS
                                           " FROM device WHERE council=?1"
                                           " ORDER BY name, device");
    enum err err;

    while ((err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct sdb_device d;

        read_device(st, &d);
        err = fn(ctx, &d);
        if (err)
            break;
    }
    return walked(db, st, err);
}

enum err sdb_device_allow(struct sdb *db, const struct uuid *device,
                          const struct uuid *officer)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR IGNORE INTO device_officer(council, device, officer)"
            " VALUES(?1,?2,?3)");

    sdb_sqlite_bind(st, "uu", device, officer);
    return sdb_sqlite_done(db, st);
}

static enum err exists(struct sdb *db, sqlite3_stmt *st, bool *out)
{
    enum err err = sdb_sqlite_row(db, st);

    *out = err == ERR_OK;
    if (*out) {
        sqlite3_reset(st);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err sdb_device_allows(struct sdb *db, const struct uuid *device,
                           const struct uuid *officer, bool *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT 1 FROM device_officer WHERE council=?1 AND device=?2"
            " AND officer=?3");

    sdb_sqlite_bind(st, "uu", device, officer);
    return exists(db, st, out);
}

enum err sdb_device_officers(struct sdb *db, const struct uuid *device,
                             sdb_id_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT officer FROM device_officer WHERE council=?1 AND device=?2"
            " ORDER BY officer");

    sdb_sqlite_bind(st, "u", device);
    return sdb_sqlite_ids(db, st, fn, ctx);
}

/* --- officers --- */

enum err sdb_officer_put(struct sdb *db, const struct sdb_officer *o)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT INTO officer(council, officer, number, name, active)"
            " VALUES(?1,?2,?3,?4,?5) ON CONFLICT(council, officer) DO UPDATE"
            " SET number=excluded.number, name=excluded.name,"
            " active=excluded.active");

    sdb_sqlite_bind(st, "utti", &o->id, o->number, o->name,
                    (uint64_t)o->is_active);
    return sdb_sqlite_done(db, st);
}

static void read_officer(sqlite3_stmt *st, struct sdb_officer *o)
{
    sdb_sqlite_read(st, "uttB", &o->id, o->number, o->name, &o->is_active);
}

static enum err one_officer(struct sdb *db, sqlite3_stmt *st,
                            struct sdb_officer *out)
{
    enum err err = sdb_sqlite_row(db, st);

    if (err)
        return err;
    read_officer(st, out);
    sqlite3_reset(st);
    return ERR_OK;
}

enum err sdb_officer_get(struct sdb *db, const struct uuid *id,
                         struct sdb_officer *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT officer, number, name, active FROM officer WHERE"
            " council=?1 AND officer=?2");

    sdb_sqlite_bind(st, "u", id);
    return one_officer(db, st, out);
}

enum err sdb_officer_by_number(struct sdb *db, const char *number,
                               struct sdb_officer *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT officer, number, name, active FROM officer WHERE"
            " council=?1 AND number=?2");

    sdb_sqlite_bind(st, "t", number);
    return one_officer(db, st, out);
}

enum err sdb_officer_all(struct sdb *db, sdb_officer_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT officer, number, name, active FROM officer WHERE"
            " council=?1 ORDER BY number");
    enum err err;

    while ((err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct sdb_officer o;

        read_officer(st, &o);
        err = fn(ctx, &o);
        if (err)
            break;
    }
    return walked(db, st, err);
}

enum err sdb_officer_join_team(struct sdb *db, const struct uuid *officer,
                               const struct uuid *team)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR IGNORE INTO officer_team(council, officer, team)"
            " VALUES(?1,?2,?3)");

    sdb_sqlite_bind(st, "uu", officer, team);
    return sdb_sqlite_done(db, st);
}

enum err sdb_officer_add_role(struct sdb *db, const struct uuid *officer,
                              const char *role)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR IGNORE INTO officer_role(council, officer, role)"
            " VALUES(?1,?2,?3)");

    sdb_sqlite_bind(st, "ut", officer, role);
    return sdb_sqlite_done(db, st);
}

enum err sdb_officer_has_role(struct sdb *db, const struct uuid *officer,
                              const char *role, bool *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT 1 FROM officer_role WHERE council=?1 AND officer=?2"
            " AND role=?3");

    sdb_sqlite_bind(st, "ut", officer, role);
    return exists(db, st, out);
}

enum err sdb_officer_teams(struct sdb *db, const struct uuid *officer,
                           sdb_id_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT team FROM officer_team WHERE council=?1 AND officer=?2"
            " ORDER BY team");

    sdb_sqlite_bind(st, "u", officer);
    return sdb_sqlite_ids(db, st, fn, ctx);
}

void sdb_role_id(const char *role, struct uuid *out)
{
    struct hash h;

    crypto_sha256((struct bytes){ (const uint8_t *)role, strlen(role) }, &h);
    memcpy(out->bytes, h.bytes, sizeof(out->bytes));
}

enum err sdb_officer_roles(struct sdb *db, const struct uuid *officer,
                           sdb_id_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT role FROM officer_role WHERE council=?1 AND officer=?2"
            " ORDER BY role");
    enum err err;

    sdb_sqlite_bind(st, "u", officer);
    while ((err = sdb_sqlite_row(db, st)) == ERR_OK) {
        char role[SDB_TEXT_MAX];
        struct uuid id;

        sdb_sqlite_read(st, "t", role);
        sdb_role_id(role, &id);
        err = fn(ctx, &id);
        if (err)
            break;
    }
    return walked(db, st, err);
}

enum err sdb_team_put(struct sdb *db, const struct uuid *id, const char *name)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR REPLACE INTO team(council, team, name)"
            " VALUES(?1,?2,?3)");

    sdb_sqlite_bind(st, "ut", id, name);
    return sdb_sqlite_done(db, st);
}

/* --- enrolment --- */

enum err sdb_enrolment_put(struct sdb *db, const struct sdb_enrolment *e)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR REPLACE INTO enrolment(council, secret, device, name,"
            " kiosk, weak, expires_ms, tries, used_ms, officer)"
            " VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10)");

    sdb_sqlite_bind(st, "hutiiiiiu", &e->secret, &e->device, e->name,
                    (uint64_t)e->is_kiosk, (uint64_t)e->allows_weak_storage,
                    (uint64_t)e->expires_ms, (uint64_t)e->tries,
                    (uint64_t)e->used_ms, &e->officer);
    return sdb_sqlite_done(db, st);
}

enum err sdb_enrolment_get(struct sdb *db, const struct hash *secret,
                           struct sdb_enrolment *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT secret, device, name, kiosk, weak, expires_ms, tries,"
            " used_ms, officer FROM enrolment WHERE council=?1 AND secret=?2");
    uint64_t tries;
    enum err err;

    sdb_sqlite_bind(st, "h", secret);
    err = sdb_sqlite_row(db, st);
    if (err)
        return err;
    sdb_sqlite_read(st, "hutBBsisu", &out->secret, &out->device, out->name,
                    &out->is_kiosk, &out->allows_weak_storage, &out->expires_ms,
                    &tries, &out->used_ms, &out->officer);
    out->tries = (unsigned)tries;
    sqlite3_reset(st);
    return ERR_OK;
}

enum err sdb_certificate_put(struct sdb *db, const struct sdb_certificate *c)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT OR REPLACE INTO certificate(council, fingerprint, device,"
            " not_before_ms, not_after_ms, revoked)"
            " VALUES(?1,?2,?3,?4,?5,?6)");

    sdb_sqlite_bind(st, "huiii", &c->fingerprint, &c->device,
                    (uint64_t)c->not_before_ms, (uint64_t)c->not_after_ms,
                    (uint64_t)c->is_revoked);
    return sdb_sqlite_done(db, st);
}

enum err sdb_certificate_get(struct sdb *db, const struct hash *print,
                             struct sdb_certificate *out)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "SELECT fingerprint, device, not_before_ms, not_after_ms, revoked"
            " FROM certificate WHERE council=?1 AND fingerprint=?2");
    enum err err;

    sdb_sqlite_bind(st, "h", print);
    err = sdb_sqlite_row(db, st);
    if (err)
        return err;
    sdb_sqlite_read(st, "hussB", &out->fingerprint, &out->device,
                    &out->not_before_ms, &out->not_after_ms, &out->is_revoked);
    sqlite3_reset(st);
    return ERR_OK;
}

/* --- alarms --- */

enum err sdb_alarm_add(struct sdb *db, const struct sdb_alarm *a)
{
    sqlite3_stmt *st = sdb_sqlite_prepare(
        db, "INSERT INTO alarm(council, id, at_ms, code, device, incarnation,"
            " text, closed) SELECT ?1, coalesce(max(id),0)+1, ?2, ?3, ?4, ?5,"
            " ?6, 0 FROM alarm WHERE council=?1");

    sdb_sqlite_bind(st, "iiuut", (uint64_t)a->at_ms, (uint64_t)a->code,
                    &a->device, &a->incarnation, a->text);
    return sdb_sqlite_done(db, st);
}

enum err sdb_alarm_all(struct sdb *db, sdb_alarm_fn fn, void *ctx)
{
    sqlite3_stmt *st = sdb_sqlite_walk(
        db, "SELECT id, at_ms, code, device, incarnation, closed, text FROM"
            " alarm WHERE council=?1 ORDER BY id DESC");
    enum err err;

    while ((err = sdb_sqlite_row(db, st)) == ERR_OK) {
        struct sdb_alarm a;
        uint64_t code;

        memset(&a, 0, sizeof(a));
        sdb_sqlite_read(st, "isiuuB", &a.id, &a.at_ms, &code, &a.device,
                        &a.incarnation, &a.is_closed);
        snprintf(a.text, sizeof(a.text), "%s",
                 (const char *)sqlite3_column_text(st, 6));
        a.code = (enum err)code;
        err = fn(ctx, &a);
        if (err)
            break;
    }
    return walked(db, st, err);
}
