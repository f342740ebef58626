#include "sync-server/reader.h"

#include <string.h>

#include "core/wire.h"

static void add(struct reader *r, uint64_t kind, const struct uuid *id)
{
    if (r->count < READER_AUDIENCES_MAX) { /* beyond it: not allowed */
        r->list[r->count++] = (struct sdb_audience){ kind, *id };
    }
}

static enum err add_team(void *ctx, const struct uuid *id)
{
    add(ctx, WIRE_SUB_TEAM, id);
    return ERR_OK;
}

static enum err add_role(void *ctx, const struct uuid *id)
{
    add(ctx, WIRE_SUB_ROLE, id);
    return ERR_OK;
}

struct officers {
    size_t count;
    struct uuid list[SYNC_OFFICERS_MAX];
};

static enum err note_officer(void *ctx, const struct uuid *id)
{
    struct officers *o = ctx;

    if (o->count < ARRAY_LEN(o->list)) {
        o->list[o->count++] = *id;
    }
    return ERR_OK;
}

static enum err add_officer(struct reader *r, const struct uuid *id)
{
    struct sdb_officer officer;
    enum err err = sdb_officer_get(r->db, id, &officer);

    if (err || !officer.is_active)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    add(r, WIRE_SUB_OWN, id);
    err = sdb_officer_teams(r->db, id, add_team, r);
    return err ? err : sdb_officer_roles(r->db, id, add_role, r);
}

enum err reader_open(struct council *c, const struct uuid *device,
                     struct reader *out)
{
    struct officers officers = { .count = 0 };
    enum err err;

    memset(out, 0, sizeof(*out));
    out->db = c->db;
    out->device = *device;
    add(out, WIRE_SUB_COUNCIL, &c->id);
    err = sdb_device_officers(c->db, device, note_officer, &officers);
    for (size_t i = 0; i < officers.count && !err; i++) {
        err = add_officer(out, &officers.list[i]);
    }
    return err;
}

struct search {
    const struct reader *r;
    bool is_found;
};

static enum err compare(void *ctx, struct sdb_audience a)
{
    struct search *s = ctx;

    for (size_t i = 0; i < s->r->count && !s->is_found; i++) {
        s->is_found =
            s->r->list[i].kind == a.kind && uuid_eq(&s->r->list[i].id, &a.id);
    }
    return ERR_OK;
}

enum err reader_may_have(struct reader *r, uint64_t position, bool *out)
{
    struct search s = { .r = r };
    struct sdb_event e;
    struct uuid record;
    enum err err = sdb_event_at(r->db, position, &e);

    *out = false;
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    if (uuid_eq(&e.device, &r->device)) {
        *out = true;
        return ERR_OK;
    }
    if (e.state != SDB_APPLIED) {
        return ERR_OK;
    }
    record = e.record;
    err = sdb_audience_of_record(r->db, &record, compare, &s);
    *out = s.is_found;
    return err;
}
