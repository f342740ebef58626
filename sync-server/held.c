#include "sync-server/held.h"

#include <string.h>

#include "core/body.h"
#include "core/cose.h"
#include "core/fields.h"
#include "core/mem.h"

/* --- keys --- */

struct reading {
    const struct council *c;
    struct held_keys *keys;
    struct body_view view;
};

static bool is_use(struct bytes value, const char *word)
{
    struct cbor_reader r;
    struct bytes text;

    cbor_open_gated(&r, value);
    text = cbor_get_text(&r);
    return !r.err && text.len == strlen(word) &&
           memcmp(text.data, word, text.len) == 0;
}

/* A tablet's and the server's own keys are told by the server, an officer's
 * by the tablet on which it was made. */
static bool is_ours(const struct reading *k, const struct sdb_event *e,
                    struct held_key *key)
{
    const struct body_field_view *use = body_find(&k->view, KEY_USE);
    const bool is_server = uuid_eq(&e->device, &k->c->device);

    if (use == NULL) {
        return false;
    }
    key->is_seal = is_use(use->value, "seal") || is_use(use->value, "server");
    return key->is_seal ? is_server
                        : is_use(use->value, "officer") &&
                              uuid_eq(&key->owner, &e->officer);
}

static void take_grant(struct reading *k, const struct sdb_event *e)
{
    struct held_key key = { .id = e->record,
                            .granted = e->position,
                            .revoked = UINT64_MAX };
    const struct body_field_view *pub, *owner;
    struct cbor_reader r;

    if (e->body.data == NULL || body_parse(e->body, &k->view) ||
        k->keys->count == HELD_KEYS_MAX) {
        return;
    }
    pub = body_find(&k->view, KEY_PUBLIC);
    owner = body_find(&k->view, KEY_OWNER);
    if (pub == NULL || owner == NULL) {
        return;
    }
    cbor_open_gated(&r, owner->value);
    cbor_get_uuid(&r, &key.owner);
    if (r.err || !is_ours(k, e, &key)) {
        return;
    }
    cbor_open_gated(&r, pub->value);
    if (cose_key_parse(cbor_get_bytes(&r), &key.pub) == ERR_OK && !r.err) {
        k->keys->list[k->keys->count++] = key;
    }
}

static enum err take_key(void *ctx, const struct sdb_event *e)
{
    struct reading *k = ctx;

    if (e->op == OP_GRANT) {
        take_grant(k, e);
    } else if (e->op == OP_REVOKE && uuid_eq(&e->device, &k->c->device)) {
        for (size_t i = 0; i < k->keys->count; i++) {
            if (uuid_eq(&k->keys->list[i].id, &e->record) &&
                k->keys->list[i].revoked == UINT64_MAX) {
                k->keys->list[i].revoked = e->position;
            }
        }
    }
    return ERR_OK;
}

enum err held_keys_read(struct council *c, struct held_keys **out)
{
    struct reading *k = mem_alloc(sizeof(*k));
    enum err err = ERR_NOMEM;

    *out = mem_alloc(sizeof(**out));
    if (k != NULL && *out != NULL) {
        (*out)->count = 0;
        k->c = c;
        k->keys = *out;
        err = sdb_key_events(c->db, take_key, k);
    }
    mem_free(k);
    if (err) {
        mem_free(*out);
        *out = NULL;
    }
    return err;
}

void held_keys_free(struct held_keys *keys)
{
    mem_free(keys);
}

/* --- one event --- */

struct chain {
    struct event_ref want;
    struct hash link, wanted_link; /* after the last one; after `want` */
    uint64_t next;
    bool has_gap;
};

static enum err take_link(void *ctx, const struct sdb_event *e)
{
    struct chain *k = ctx;

    if (e->ref.sequence != k->next) {
        k->has_gap = true;
        return ERR_STOPPED;
    }
    event_link(&k->link, e->header, &k->link);
    if (k->next == k->want.sequence) {
        k->wanted_link = k->link;
    }
    k->next++;
    return ERR_OK;
}

/* Was this key good when the event came in? The row of the tablet has its
 * newest key, too, from before keys were told by events. */
static bool opens(const struct council *c, const struct held_keys *keys,
                  const struct sdb_event *e, struct bytes seal,
                  struct event_seal *out)
{
    struct sdb_device device;

    for (size_t i = 0; i < keys->count; i++) {
        const struct held_key *k = &keys->list[i];

        if (k->is_seal && uuid_eq(&k->owner, &e->device) &&
            k->revoked > e->position &&
            event_seal_open(seal, &k->pub, out) == ERR_OK) {
            return true;
        }
    }
    if (uuid_eq(&e->device, &c->device)) {
        return event_seal_open(seal, &c->seal_key.pub, out) == ERR_OK;
    }
    return sdb_device_get(c->db, &e->device, &device) == ERR_OK &&
           event_seal_open(seal, &device.seal_key, out) == ERR_OK;
}

static enum err link_before(struct council *c, const struct event_ref *ref,
                            struct hash *out)
{
    const struct event_ref before = { ref->incarnation, ref->sequence - 1 };
    struct sdb_event e;
    enum err err = ERR_OK;

    memset(out, 0, sizeof(*out));
    if (ref->sequence > 1) {
        err = sdb_event_get(c->db, &before, &e);
        if (!err) {
            *out = e.link;
            err = e.has_link ? ERR_OK : ERR_NOT_FOUND;
        }
    }
    return err;
}

/* From the link before the event to the number that is sealed. */
static enum err check_chain(struct council *c, const struct held_keys *keys,
                            const struct sdb_event *e, struct bytes seal,
                            struct held *out)
{
    const uint64_t first_last[2] = { e->ref.sequence, out->sealed_at };
    struct chain k = { .want = e->ref, .next = e->ref.sequence };
    struct event_seal says;
    enum err err = link_before(c, &e->ref, &k.link);

    if (err) {
        out->seal = HELD_NO_CHAIN;
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    if (out->sealed_at - e->ref.sequence > HELD_WALK_MAX) {
        out->seal = HELD_FAR;
        return ERR_OK;
    }
    err =
        sdb_event_range(c->db, &e->ref.incarnation, first_last, take_link, &k);
    if (err) {
        return err;
    }
    if (k.has_gap || k.next != out->sealed_at + 1) {
        out->seal = HELD_NO_CHAIN;
    } else if (opens(c, keys, e, seal, &says) &&
               uuid_eq(&says.incarnation, &e->ref.incarnation) &&
               uuid_eq(&says.device, &e->device) &&
               says.sequence == out->sealed_at &&
               hash_eq(&says.link, &k.link) &&
               hash_eq(&e->link, &k.wanted_link)) {
        out->seal = HELD_SEALED;
    } else {
        out->seal = HELD_BROKEN;
    }
    return ERR_OK;
}

static enum err check_seal(struct council *c, const struct held_keys *keys,
                           const struct sdb_event *e, struct held *out)
{
    struct event_ref at = e->ref;
    struct buf seal;
    enum err err;

    if (!e->has_link) {
        out->seal = HELD_NO_CHAIN;
        return ERR_OK;
    }
    buf_init(&seal, 4096);
    err = sdb_seal_from(c->db, &at, &seal);
    if (err == ERR_NOT_FOUND) {
        out->seal = HELD_NO_SEAL;
        err = ERR_OK;
    } else if (!err) {
        out->sealed_at = at.sequence;
        err = check_chain(c, keys, e, buf_bytes(&seal), out);
    }
    buf_fini(&seal);
    return err;
}

/* The log that its leaf stands in: a restart begins another one. */
static enum err find_log(struct council *c, uint64_t position,
                         struct sdb_log *log)
{
    enum err err = sdb_log_current(c->db, log);

    while (!err && log->base > position && log->ordinal > 1) {
        err = sdb_log_at(c->db, log->ordinal - 1, log);
    }
    return err;
}

static enum err check_log(struct council *c, uint64_t position,
                          struct bytes leaf, struct held *out)
{
    struct ledger_reader reader = { .db = c->db };
    struct merkle_proof proof;
    struct sdb_log log;
    struct hash root;
    enum err err = find_log(c, position, &log);

    if (err || position < log.base || position - log.base >= log.size) {
        return err;
    }
    reader.ordinal = log.ordinal;
    out->log_size = log.size;
    err = ledger_root_at(c->db, &log, log.size, &root);
    err = err ? err
              : merkle_prove(position - log.base, log.size, ledger_node,
                             &reader, &proof);
    if (!err) {
        out->is_in_log = merkle_check(leaf, position - log.base, log.size,
                                      &proof, &root) == ERR_OK;
    }
    return err;
}

static bool is_body_whole(const struct sdb_event *e)
{
    struct event_header h;
    struct hash commitment;

    if (e->body.data == NULL) {
        return e->state == SDB_ERASED;
    }
    if (event_header_parse(e->header, &h) || e->salt.len != EVENT_SALT_SIZE) {
        return false;
    }
    event_commit(e->salt.data, e->body, &commitment);
    return hash_eq(&commitment, &h.commitment);
}

enum err held_check(struct council *c, const struct held_keys *keys,
                    const struct event_ref *ref, struct held *out)
{
    struct sdb_event e;
    struct hash leaf;
    struct buf header;
    enum err err = sdb_event_get(c->db, ref, &e);

    memset(out, 0, sizeof(*out));
    if (err) {
        return err;
    }
    buf_init(&header, HEADER_MAX_BYTES);
    buf_put(&header, e.header.data, e.header.len);
    out->is_body_whole = is_body_whole(&e);
    e.header = buf_bytes(&header); /* views end with the next call */
    e.body = e.salt = (struct bytes){ NULL, 0 };
    err = header.err;
    crypto_sha256(e.header, &leaf);
    err =
        err ? err
            : check_log(c, e.position,
                        (struct bytes){ leaf.bytes, sizeof(leaf.bytes) }, out);
    err = err ? err : check_seal(c, keys, &e, out);
    buf_fini(&header);
    return err;
}
