#include "sync-server/holders.h"

#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/cose.h"
#include "core/fields.h"
#include "core/mem.h"
#include "core/tier.h"

#define KEYS_MAX 512 /* of all holders, revoked ones too */

/* --- the server's own events --- */

struct key_event {
    struct uuid record;
    enum event_op op;
    const char *use, *role; /* role NULL: none */
    struct uuid owner;
    struct ec_public pub;
};

static enum err append_key(struct council *c, const struct key_event *k)
{
    struct evlog_new e = { .record = k->record, .kind = KIND_KEY, .op = k->op };
    struct body_writer w;
    struct buf body, key;
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    buf_init(&key, 256);
    cose_key_put(&key, &k->pub);
    body_begin(&w);
    if (k->op == OP_GRANT) {
        body_put_bytes(&w, KEY_PUBLIC, buf_bytes(&key));
        body_put_text(&w, KEY_USE, k->use);
        body_put_uuid(&w, KEY_OWNER, &k->owner);
        if (k->role != NULL) {
            body_put_text(&w, KEY_ROLE, k->role);
        }
    }
    err = body_end(&w, &body);
    body_fini(&w);
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, NULL, NULL);
    buf_fini(&body);
    buf_fini(&key);
    return err;
}

enum err holders_publish_recovery(struct council *c)
{
    const struct crypto_random random = port_random(c->port);
    struct key_event k = { .op = OP_GRANT, .use = "recovery", .owner = c->id };
    struct buf key;
    enum err err;

    buf_init(&key, 256);
    err = sdb_meta_get(c->db, COUNCIL_META_RECOVERY, &key);
    err = err ? err : cose_key_parse(buf_bytes(&key), &k.pub);
    err = err ? err : random.fill(random.ctx, k.record.bytes, 16);
    err = err ? err : append_key(c, &k);
    buf_fini(&key);
    return err;
}

/* --- certifying --- */

/* Copied, because walks and writes don't mix. */
struct keys {
    size_t claim_count, holder_count;
    struct sdb_claim claims[KEYS_MAX];
    struct sdb_holder holders[KEYS_MAX];
};

static enum err add_claim(void *ctx, const struct sdb_claim *claim)
{
    struct keys *k = ctx;

    if (k->claim_count == KEYS_MAX) {
        return ERR_STOPPED;
    }
    k->claims[k->claim_count++] = *claim;
    return ERR_OK;
}

static enum err add_holder(void *ctx, const struct sdb_holder *holder)
{
    struct keys *k = ctx;

    if (holder->is_revoked) {
        return ERR_OK;
    }
    if (k->holder_count == KEYS_MAX) {
        return ERR_FULL;
    }
    k->holders[k->holder_count++] = *holder;
    return ERR_OK;
}

static bool has_holder(const struct keys *k, const struct sdb_claim *claim,
                       const char *role)
{
    for (size_t i = 0; i < k->holder_count; i++) {
        if (memcmp(&k->holders[i].pub, &claim->pub, sizeof(claim->pub)) == 0 &&
            strcmp(k->holders[i].role, role) == 0) {
            return true;
        }
    }
    return false;
}

static enum err certify_one(struct council *c, const struct sdb_claim *claim,
                            const char *role)
{
    const struct crypto_random random = port_random(c->port);
    struct sdb_holder h = { .officer = claim->officer,
                            .device = claim->device,
                            .pub = claim->pub };
    struct key_event k = { .op = OP_GRANT,
                           .use = "holder",
                           .role = role,
                           .owner = claim->officer,
                           .pub = claim->pub };
    enum err err = random.fill(random.ctx, h.id.bytes, 16);

    snprintf(h.role, sizeof(h.role), "%s", role);
    k.record = h.id;
    err = err ? err : append_key(c, &k);
    return err ? err : sdb_holder_put(c->db, &h);
}

static enum err certify_role(struct council *c, const struct keys *k,
                             const struct uuid *officer, const char *role)
{
    bool has_role = false;
    enum err err = sdb_officer_has_role(c->db, officer, role, &has_role);

    for (size_t i = 0; i < k->claim_count && has_role && !err; i++) {
        if (!has_holder(k, &k->claims[i], role)) {
            err = certify_one(c, &k->claims[i], role);
        }
    }
    return err;
}

enum err holders_certify(struct council *c, const struct uuid *officer)
{
    struct keys *k = mem_alloc(sizeof(*k));
    enum err err;

    if (k == NULL) {
        return ERR_NOMEM;
    }
    err = sdb_claims_of(c->db, officer, add_claim, k);
    err = err ? err : sdb_holder_all(c->db, add_holder, k);
    for (size_t i = 0; tier_role(i) != NULL && !err; i++) {
        err = certify_role(c, k, officer, tier_role(i));
    }
    mem_free(k);
    return err;
}

enum err holders_claimed(struct council *c, const struct accept_event *ev)
{
    const struct body_field_view *use, *pub;
    struct sdb_claim claim = { .id = ev->h.record,
                               .officer = ev->h.officer,
                               .device = ev->h.device };
    struct body_view view;
    struct cbor_reader r;
    struct bytes word, key;

    if (ev->is_newer || ev->body.data == NULL || body_parse(ev->body, &view)) {
        return ERR_OK;
    }
    use = body_find(&view, KEY_USE);
    pub = body_find(&view, KEY_PUBLIC);
    if (use == NULL || pub == NULL) {
        return ERR_OK;
    }
    cbor_open_gated(&r, use->value);
    word = cbor_get_text(&r);
    if (r.err || word.len != 6 || memcmp(word.data, "holder", 6) != 0) {
        return ERR_OK;
    }
    cbor_open_gated(&r, pub->value);
    key = cbor_get_bytes(&r);
    if (r.err || cose_key_parse(key, &claim.pub) ||
        crypto_ec_check(&claim.pub)) {
        return ERR_OK; /* no key: nobody will be told anything by it */
    }
    {
        enum err err = sdb_claim_put(c->db, &claim);

        return err ? err : holders_certify(c, &claim.officer);
    }
}

enum err holders_revoke(struct council *c, const struct uuid *officer,
                        const struct uuid *device)
{
    struct keys *k = mem_alloc(sizeof(*k));
    enum err err;

    if (k == NULL) {
        return ERR_NOMEM;
    }
    err = sdb_holder_all(c->db, add_holder, k);
    for (size_t i = 0; i < k->holder_count && !err; i++) {
        struct sdb_holder *h = &k->holders[i];
        const struct key_event e = { .record = h->id, .op = OP_REVOKE };

        if ((officer != NULL && !uuid_eq(&h->officer, officer)) ||
            (device != NULL && !uuid_eq(&h->device, device))) {
            continue;
        }
        h->is_revoked = true;
        err = append_key(c, &e);
        err = err ? err : sdb_holder_put(c->db, h);
    }
    if (!err && device != NULL) {
        err = sdb_claims_drop(c->db, officer, device);
    }
    mem_free(k);
    return err;
}

enum err holders_revoke_console(struct council *c, const struct uuid *officer)
{
    const struct uuid console = { { 0 } }; /* it is no device */

    return holders_revoke(c, officer, &console);
}

/* --- routing --- */

enum err holders_reader(struct council *c, const struct accept_event *ev,
                        struct uuid *officer_out)
{
    const struct body_field_view *f;
    struct sdb_officer officer;
    struct sdb_holder holder;
    struct body_view view;
    struct cbor_reader r;
    struct uuid id;
    enum err err;

    if (ev->is_newer || ev->body.data == NULL || body_parse(ev->body, &view)) {
        return ERR_NOT_FOUND;
    }
    f = body_find(&view, SHARE_HOLDER);
    if (f == NULL) {
        return ERR_NOT_FOUND;
    }
    cbor_open_gated(&r, f->value);
    cbor_get_uuid(&r, &id);
    if (r.err) {
        return ERR_NOT_FOUND;
    }
    err = sdb_holder_get(c->db, &id, &holder);
    err = err ? err : sdb_officer_get(c->db, &holder.officer, &officer);
    if (!err && (holder.is_revoked || !officer.is_active)) {
        err = ERR_NOT_FOUND;
    }
    if (!err) {
        *officer_out = holder.officer;
    }
    return err;
}
