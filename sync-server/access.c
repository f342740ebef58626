#include "sync-server/access.h"

#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/fields.h"
#include "core/mem.h"
#include "sync-server/holders.h"

static enum err append_revoke(struct council *c, enum event_kind kind,
                              const struct uuid *record)
{
    struct evlog_new e = { .record = *record, .kind = kind, .op = OP_REVOKE };
    struct body_writer w;
    struct buf body;
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    err = body_end(&w, &body);
    body_fini(&w);
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, NULL, NULL);
    buf_fini(&body);
    return err;
}

/* --- a tablet's seal keys --- */

static bool is_seal_key_of(const struct sdb_event *e, const struct uuid *device)
{
    const struct body_field_view *use, *owner;
    struct cbor_reader r;
    struct body_view view;
    struct bytes word;
    struct uuid id;

    if (e->body.data == NULL || body_parse(e->body, &view)) {
        return false;
    }
    use = body_find(&view, KEY_USE);
    owner = body_find(&view, KEY_OWNER);
    if (use == NULL || owner == NULL) {
        return false;
    }
    cbor_open_gated(&r, use->value);
    word = cbor_get_text(&r);
    if (r.err || word.len != 4 || memcmp(word.data, "seal", 4) != 0) {
        return false;
    }
    cbor_open_gated(&r, owner->value);
    cbor_get_uuid(&r, &id);
    return !r.err && uuid_eq(&id, device);
}

/* Grants are told to everybody: that list is short, the log is not. */
static enum err revoke_seal_keys(struct council *c, const struct uuid *device)
{
    const struct sdb_audience all = { WIRE_SUB_COUNCIL, c->id };
    const struct sdb_asker nobody = { { { 0 } }, { { 0 } } };
    uint64_t at = 0;
    enum err err;

    for (;; at++) {
        struct sdb_event e;
        struct uuid key;

        err = sdb_audience_next(c->db, &all, &nobody, at, &at);
        if (err)
            break;
        err = sdb_event_at(c->db, at, &e);
        if (err)
            break;
        key = e.record;
        if (e.kind == KIND_KEY && e.op == OP_GRANT &&
            uuid_eq(&e.device, &c->device) && is_seal_key_of(&e, device)) {
            err = append_revoke(c, KIND_KEY, &key);
            if (err)
                break;
        }
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* --- the two ends --- */

enum err access_end_device(struct council *c, const struct uuid *device)
{
    struct sdb_device d;
    enum err err = sdb_device_get(c->db, device, &d);

    if (err || d.state == SDB_DEVICE_REVOKED) {
        return err;
    }
    d.state = SDB_DEVICE_REVOKED;
    d.revoked_position = c->ledger.log.base + c->ledger.log.size;
    err = append_revoke(c, KIND_DEVICE, device);
    err = err ? err : sdb_device_put(c->db, &d);
    err = err ? err : revoke_seal_keys(c, device);
    return err ? err : holders_revoke(c, NULL, device);
}

enum err access_end_officer(struct council *c, const struct uuid *officer)
{
    struct sdb_officer o;
    enum err err = sdb_officer_get(c->db, officer, &o);

    if (err || !o.is_active) {
        return err;
    }
    o.is_active = false;
    err = append_revoke(c, KIND_OFFICER, officer);
    err = err ? err : sdb_officer_put(c->db, &o);
    return err ? err : holders_revoke(c, officer, NULL);
}

enum err access_again(struct council *c, uint64_t kind,
                      const struct uuid *record)
{
    enum err err = kind == KIND_DEVICE    ? access_end_device(c, record)
                   : kind == KIND_OFFICER ? access_end_officer(c, record)
                                          : ERR_OK;

    return err == ERR_NOT_FOUND ? ERR_OK : err; /* we don't know it at all */
}

/* --- verbs --- */

static enum err in_one(struct council *c, const struct uuid *id,
                       enum err (*end)(struct council *, const struct uuid *))
{
    enum err err = council_begin(c);

    if (err)
        return err;
    err = end(c, id);
    if (err) {
        council_rollback(c);
        return err;
    }
    return council_commit(c);
}

static enum err word_of(struct bytes b, char out[SDB_TEXT_MAX])
{
    if (b.len == 0 || b.len >= SDB_TEXT_MAX)
        return ERR_USAGE;
    memcpy(out, b.data, b.len);
    out[b.len] = '\0';
    return ERR_OK;
}

enum err access_officer(struct council *c, const struct admin_request *r,
                        struct buf *text)
{
    char number[SDB_TEXT_MAX];
    struct sdb_officer o;
    enum err err = r->count == 2 ? word_of(r->argument[1], number) : ERR_USAGE;

    err = err ? err : sdb_officer_by_number(c->db, number, &o);
    err = err ? err : in_one(c, &o.id, access_end_officer);
    if (!err) {
        buf_printf(text,
                   "ended the access of officer %s: nothing goes to "
                   "this person any more",
                   number);
    } else if (err == ERR_NOT_FOUND) {
        buf_put_text(text, "no officer has this number");
    }
    return err;
}

struct by_name {
    const char *name;
    size_t count;
    struct uuid id;
};

static enum err compare_name(void *ctx, const struct sdb_device *d)
{
    struct by_name *n = ctx;

    if (strcmp(d->name, n->name) == 0 && d->state != SDB_DEVICE_REVOKED) {
        n->id = d->id;
        n->count++;
    }
    return ERR_OK;
}

enum err access_device(struct council *c, const struct admin_request *r,
                       struct buf *text)
{
    char name[SDB_TEXT_MAX];
    struct by_name found = { .name = name };
    enum err err = r->count == 2 ? word_of(r->argument[1], name) : ERR_USAGE;

    if (!err && uuid_parse(name, &found.id)) {
        err = sdb_device_all(c->db, compare_name, &found);
        if (!err && found.count != 1) {
            buf_put_text(text, found.count == 0
                                   ? "no tablet with access has this name"
                                   : "several tablets have this name: say "
                                     "the id of one");
            err = found.count == 0 ? ERR_NOT_FOUND : ERR_USAGE;
        }
    }
    err = err ? err : in_one(c, &found.id, access_end_device);
    if (!err) {
        buf_printf(text,
                   "ended the access of %s: it gets nothing from its "
                   "next request on; what it still sends is kept apart",
                   name);
    }
    return err;
}
