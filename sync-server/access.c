#include "sync-server/access.h"

#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/cbor.h"
#include "core/fields.h"
#include "core/mem.h"
#include "sync-server/access_journal.h"
#include "sync-server/holders.h"
#include "sync-server/page.h"

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

static enum err end_device(struct council *c, struct sdb_device *d)
{
    enum err err;

    d->state = SDB_DEVICE_REVOKED;
    d->revoked_position = c->ledger.log.base + c->ledger.log.size;
    err = append_revoke(c, KIND_DEVICE, &d->id);
    err = err ? err : sdb_device_put(c->db, d);
    err = err ? err : revoke_seal_keys(c, &d->id);
    return err ? err : holders_revoke(c, NULL, &d->id);
}

static enum err end_officer(struct council *c, struct sdb_officer *o)
{
    enum err err;

    o->is_active = false;
    err = append_revoke(c, KIND_OFFICER, &o->id);
    err = err ? err : sdb_officer_put(c->db, o);
    return err ? err : holders_revoke(c, &o->id, NULL);
}

enum err access_end_device(struct council *c, const struct uuid *device)
{
    struct sdb_device d;
    enum err err = sdb_device_get(c->db, device, &d);

    if (err || d.state == SDB_DEVICE_REVOKED) {
        return err;
    }
    err = access_journal_add(c, OP_REVOKE, device, "device");
    return err ? err : end_device(c, &d);
}

enum err access_end_officer(struct council *c, const struct uuid *officer)
{
    struct sdb_officer o;
    enum err err = sdb_officer_get(c->db, officer, &o);

    if (err || !o.is_active) {
        return err;
    }
    err = access_journal_add(c, OP_REVOKE, officer, "officer");
    return err ? err : end_officer(c, &o);
}

/* --- and back --- */

static enum err append_grant(struct council *c, const struct uuid *officer,
                             const char *role)
{
    struct evlog_new e = { .record = *officer,
                           .kind = KIND_OFFICER,
                           .op = OP_GRANT };
    struct body_writer w;
    struct buf body, *codes;
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    codes = body_field(&w, OFFICER_ROLES);
    cbor_put_array(codes, 2);
    cbor_put_array(codes, 1);
    cbor_put_str(codes, role);
    cbor_put_array(codes, 0);
    err = body_end(&w, &body);
    body_fini(&w);
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, NULL, NULL);
    buf_fini(&body);
    return err;
}

enum err access_grant(struct council *c, const struct uuid *officer,
                      const char *role)
{
    const enum err err = access_journal_add(c, OP_GRANT, officer, role);

    return err ? err : append_grant(c, officer, role);
}

/* --- after a restore --- */

enum err access_again(struct council *c, const struct event_header *h)
{
    bool is_over = false;
    enum err err;

    if (h->kind != KIND_DEVICE && h->kind != KIND_OFFICER)
        return ERR_OK;
    err = access_journal_granted_since(c, &h->record, h->hlc, &is_over);
    if (err || is_over)
        return err;
    err = h->kind == KIND_DEVICE ? access_end_device(c, &h->record)
                                 : access_end_officer(c, &h->record);
    return err == ERR_NOT_FOUND ? ERR_OK : err; /* we don't know it at all */
}

static enum err redo_officer(struct council *c, const struct sdb_order *line,
                             bool *is_new)
{
    struct sdb_officer o;
    enum err err = sdb_officer_get(c->db, &line->record, &o);

    if (err || o.is_active == (line->op == OP_GRANT))
        return err;
    *is_new = true;
    if (line->op == OP_REVOKE)
        return end_officer(c, &o);
    o.is_active = true;
    err = sdb_officer_put(c->db, &o);
    err = err ? err : sdb_officer_add_role(c->db, &o.id, line->reason);
    err = err ? err : append_grant(c, &o.id, line->reason);
    return err ? err : holders_certify(c, &o.id);
}

static enum err redo(struct council *c, const struct sdb_order *line,
                     bool *is_new)
{
    struct sdb_device d;
    enum err err = sdb_device_get(c->db, &line->record, &d);

    if (err == ERR_NOT_FOUND)
        return redo_officer(c, line, is_new);
    if (err || d.state == SDB_DEVICE_REVOKED || line->op != OP_REVOKE)
        return err;
    *is_new = true;
    return end_device(c, &d);
}

enum err access_redo(struct council *c, const struct sdb_order *o,
                     bool *is_new_out)
{
    bool is_known;
    enum err err = access_journal_knows(c, o, &is_known);

    *is_new_out = false;
    if (err || is_known)
        return err;
    err = redo(c, o, is_new_out);
    if (err == ERR_NOT_FOUND)
        return ERR_OK;
    return err ? err : access_journal_done(c, o);
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

/* --- which tablet --- */

struct by_name {
    const char *name;
    bool ended; /* look among those whose access has ended */
    size_t count;
    struct uuid id;
};

static enum err compare_name(void *ctx, const struct sdb_device *d)
{
    struct by_name *n = ctx;

    if (strcmp(d->name, n->name) == 0 &&
        (d->state == SDB_DEVICE_REVOKED) == n->ended) {
        n->id = d->id;
        n->count++;
    }
    return ERR_OK;
}

struct listing {
    struct sdb *db;
    const char *name; /* NULL: all */
    struct buf *text;
};

static enum err put_device(void *ctx, const struct sdb_device *d)
{
    static const char *const states[] = {
        [SDB_DEVICE_ACTIVE] = "has access",
        [SDB_DEVICE_REENROL] = "to be enrolled anew: it was copied",
        [SDB_DEVICE_REVOKED] = "access ended",
    };
    const struct listing *l = ctx;
    char id[UUID_TEXT_SIZE], enrolled[32], seen[32];
    uint64_t chains;
    enum err err;

    if (l->name != NULL && strcmp(l->name, d->name) != 0)
        return ERR_OK;
    err = sdb_incarnation_count(l->db, &d->id, &chains);
    if (err)
        return err;
    uuid_format(&d->id, id);
    page_time(d->enrolled_ms, enrolled, sizeof(enrolled));
    page_time(d->seen_ms, seen, sizeof(seen));
    buf_printf(l->text, "%s%s  %s, %s, enrolled %s, last seen %s%s",
               l->text->len > 0 ? "\n" : "", id, d->name, states[d->state],
               enrolled, d->seen_ms != 0 ? seen : "never",
               d->has_weak_storage ? ", disk not encrypted" : "");
    if (chains > 1) {
        buf_printf(l->text, ", %d chains: it was copied, put back or salvaged",
                   (int)chains);
    }
    return ERR_OK;
}

enum err access_find_device(struct council *c, const char *word,
                            struct uuid *out, struct buf *text)
{
    const struct listing list = { c->db, word, text };
    struct by_name found = { .name = word };
    enum err err = ERR_OK;

    if (uuid_parse(word, out) == ERR_OK)
        return ERR_OK;
    for (int i = 0; i < 2 && !err && found.count == 0; i++) {
        found.ended = i > 0;
        err = sdb_device_all(c->db, compare_name, &found);
    }
    if (err)
        return err;
    if (found.count == 1) {
        *out = found.id;
        return ERR_OK;
    }
    buf_put_text(text, found.count == 0
                           ? "no tablet has this name; \"device\" alone lists "
                             "them all"
                           : "several tablets have this name: say the id of "
                             "one");
    err = found.count == 0 ? ERR_NOT_FOUND : ERR_USAGE;
    if (found.count > 1 && sdb_device_all(c->db, put_device, (void *)&list)) {
        buf_put_text(text, ", which could not be read");
    }
    return err;
}

enum err access_devices(struct council *c, const struct admin_request *r,
                        struct buf *text)
{
    struct listing list = { c->db, NULL, text };
    const enum err err =
        r->count == 1 ? sdb_device_all(c->db, put_device, &list) : ERR_USAGE;

    if (!err && text->len == 0) {
        buf_put_text(text, "no tablet was enrolled yet");
    }
    return err;
}

enum err access_device(struct council *c, const struct admin_request *r,
                       struct buf *text)
{
    char name[SDB_TEXT_MAX];
    struct uuid id;
    enum err err = r->count == 2 ? word_of(r->argument[1], name) : ERR_USAGE;

    err = err ? err : access_find_device(c, name, &id, text);
    err = err ? err : in_one(c, &id, access_end_device);
    if (!err) {
        buf_printf(text,
                   "ended the access of %s: it gets nothing from its "
                   "next request on; what it still sends is kept apart",
                   name);
    }
    return err;
}
