#include "sync-server/admin.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/cbor.h"
#include "core/cose.h"
#include "core/enrol.h"
#include "core/fields.h"
#include "sync-server/access.h"
#include "sync-server/admin_import.h"
#include "sync-server/api_enrol.h"
#include "sync-server/areas.h"
#include "sync-server/authority.h"
#include "sync-server/brief.h"
#include "sync-server/definitions.h"
#include "sync-server/export/export.h"
#include "sync-server/holders.h"
#include "sync-server/order.h"
#include "sync-server/wipe.h"

#define DAY_MS ((int64_t)86400 * 1000)

void admin_request_put(struct buf *out, const struct admin_request *r)
{
    cbor_put_array(out, r->count);
    for (size_t i = 0; i < r->count; i++) {
        cbor_put_bytes(out, r->argument[i].data, r->argument[i].len);
    }
}

enum err admin_answer_parse(struct bytes in, enum err *code_out,
                            struct bytes *text_out)
{
    struct cbor_reader r;

    cbor_open(&r, in);
    if (cbor_get_array(&r) != 2)
        return ERR_BAD_DATA;
    *code_out = (enum err)cbor_get_uint_max(&r, ERR__COUNT - 1);
    *text_out = cbor_get_bytes(&r);
    return cbor_close(&r);
}

/* An argument as text; ERR_TOO_LONG, ERR_BAD_DATA for control characters. */
static enum err text_of(struct bytes b, char *out, size_t size)
{
    if (b.len >= size)
        return ERR_TOO_LONG;
    for (size_t i = 0; i < b.len; i++) {
        if (b.data[i] < ' ' || b.data[i] == 0x7f)
            return ERR_BAD_DATA;
    }
    if (b.len > 0) {
        memcpy(out, b.data, b.len);
    }
    out[b.len] = '\0';
    return ERR_OK;
}

/* --- officer --- */

struct new_officer {
    struct sdb_officer row;
    char role[SDB_TEXT_MAX];
    struct bytes pass, key; /* key: public, for the console; or empty */
    bool was_out;           /* the access had ended */
};

/* Who it is; for one who is there, the role that is added (set). */
static enum err append_officer(struct council *c, const struct new_officer *n,
                               enum event_op op)
{
    const bool is_new = op == OP_CREATE;
    struct evlog_new e = { .record = n->row.id,
                           .kind = KIND_OFFICER,
                           .op = op };
    struct body_writer w;
    struct buf body, *codes;
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    if (is_new) {
        body_put_text(&w, OFFICER_NUMBER, n->row.number);
        body_put_text(&w, OFFICER_NAME, n->row.name);
    }
    codes = body_field(&w, OFFICER_ROLES);
    cbor_put_array(codes, 2);
    cbor_put_array(codes, 1);
    cbor_put_str(codes, n->role);
    cbor_put_array(codes, 0);
    if (is_new) {
        body_put_uuid(&w, OFFICER_TEAM, &c->default_team);
    }
    err = body_end(&w, &body);
    body_fini(&w);
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, NULL, NULL);
    buf_fini(&body);
    return err;
}

struct allow {
    struct council *council;
    const struct uuid *officer;
};

static enum err allow_on(void *ctx, const struct sdb_device *d)
{
    const struct allow *a = ctx;
    bool is_bound;
    enum err err = sdb_device_is_bound(a->council->db, &d->id, &is_bound);

    return err || is_bound || d->is_kiosk
               ? err
               : sdb_device_allow(a->council->db, &d->id, a->officer);
}

static enum err put_pass(struct council *c, const struct new_officer *n)
{
    char name[sizeof(ADMIN_META_PASS) + UUID_TEXT_SIZE] = ADMIN_META_PASS;

    if (n->pass.len == 0)
        return ERR_OK;
    uuid_format(&n->row.id, name + sizeof(ADMIN_META_PASS) - 1);
    return sdb_meta_put(c->db, name, n->pass);
}

/* The key that reads closed records on the console: a new passphrase has a
 * new one, and present holders tell it what the old one could read. */
static enum err put_console_key(struct council *c, const struct new_officer *n)
{
    const struct crypto_random random = port_random(c->port);
    struct sdb_claim claim = { .officer = n->row.id };
    enum err err;

    if (n->key.len == 0)
        return ERR_OK;
    if (n->key.len != sizeof(claim.pub))
        return ERR_USAGE;
    memcpy(&claim.pub, n->key.data, sizeof(claim.pub));
    err = crypto_ec_check(&claim.pub);
    err = err ? err : random.fill(random.ctx, claim.id.bytes, 16);
    err = err ? err : holders_revoke_console(c, &n->row.id);
    return err ? err : sdb_claim_put(c->db, &claim);
}

static enum err store_officer(struct council *c, struct new_officer *n,
                              bool is_new)
{
    struct allow all = { c, &n->row.id };
    bool has_role = false;
    enum err err = sdb_officer_put(c->db, &n->row);

    err =
        err ? err : sdb_officer_join_team(c->db, &n->row.id, &c->default_team);
    err =
        err ? err : sdb_officer_has_role(c->db, &n->row.id, n->role, &has_role);
    err = err ? err : sdb_officer_add_role(c->db, &n->row.id, n->role);
    err = err ? err : put_pass(c, n);
    err = err ? err : put_console_key(c, n);
    if (!err && n->was_out) {
        err = access_grant(c, &n->row.id, n->role);
    } else if (!err && !has_role) {
        err = append_officer(c, n, is_new ? OP_CREATE : OP_SET);
    }
    if (!err && is_new) {
        err = sdb_device_all(c->db, allow_on, &all);
    }
    return err ? err : holders_certify(c, &n->row.id);
}

/* A misspelt role would be an officer who may do nothing, and nobody told. */
static enum err check_role(const char *role, struct buf *text)
{
    for (size_t i = 0; api_enrol_role(i) != NULL; i++) {
        if (strcmp(api_enrol_role(i), role) == 0)
            return ERR_OK;
    }
    buf_printf(text, "there is no role \"%s\"; the roles are", role);
    for (size_t i = 0; api_enrol_role(i) != NULL; i++) {
        buf_printf(text, "%s %s", i > 0 ? "," : "", api_enrol_role(i));
    }
    return ERR_NOT_FOUND;
}

/* Adds an officer; for a number that is there: a new passphrase or role. */
static enum err do_officer(struct council *c, const struct admin_request *r,
                           struct buf *text)
{
    const struct crypto_random random = port_random(c->port);
    struct new_officer n = { .row = { .is_active = true } };
    bool is_new;
    enum err err;

    if (r->count < 5 || r->count > 6)
        return ERR_USAGE;
    err = text_of(r->argument[1], n.row.number, sizeof(n.row.number));
    err = err ? err : text_of(r->argument[2], n.row.name, sizeof(n.row.name));
    err = err ? err : text_of(r->argument[3], n.role, sizeof(n.role));
    if (!err && (n.row.number[0] == '\0' || n.row.name[0] == '\0')) {
        err = ERR_USAGE;
    }
    err = err ? err : check_role(n.role, text);
    if (err)
        return err;
    n.pass = r->argument[4];
    if (r->count == 6) {
        n.key = r->argument[5];
    }
    err = random.fill(random.ctx, n.row.id.bytes, 16);
    err = err ? err : council_begin(c);
    if (!err) {
        struct sdb_officer old;

        err = sdb_officer_by_number(c->db, n.row.number, &old);
        is_new = err == ERR_NOT_FOUND;
        if (!err) {
            n.row.id = old.id;
            n.was_out = !old.is_active;
        }
        err = is_new ? ERR_OK : err;
        err = err ? err : store_officer(c, &n, is_new);
        if (err) {
            council_rollback(c);
        } else {
            err = council_commit(c);
        }
        buf_printf(text, "%s officer %s, %s; %s", is_new ? "added" : "changed",
                   n.row.number, n.role,
                   n.pass.len > 0 ? "the passphrase opens the console"
                   : is_new       ? "no passphrase was given: no console"
                                  : "the passphrase is as it was");
    }
    return err;
}

/* --- enrol --- */

static enum err put_code(struct council *c, const uint8_t *secret,
                         struct buf *text)
{
    struct enrol_code code = { .url = "" };
    char out[ENROL_CODE_MAX + 1];
    struct buf url;
    enum err err;

    buf_init(&url, ENROL_URL_MAX + 1);
    err = authority_get(c, AUTHORITY_META_WEB, &url);
    if (err == ERR_NOT_FOUND) {
        buf_reset(text);
        buf_put_text(text, "the server's address is not known yet: start "
                           "\"serve\" once");
        err = ERR_CLOSED;
    }
    if (!err) {
        snprintf(code.url, sizeof(code.url), "%s", buf_text(&url));
        memcpy(code.secret, secret, ENROL_SECRET_SIZE);
        err = authority_fingerprint(c, &code.ca);
    }
    err = err ? err : enrol_code_format(&code, out);
    if (!err) {
        buf_put_text(text, out);
    }
    wipe(&code, sizeof(code));
    wipe(out, sizeof(out));
    buf_fini(&url);
    return err;
}

/* The one that a code is made for: nobody else may use that tablet. */
static enum err find_officer(struct council *c, struct bytes number,
                             struct uuid *out, struct buf *text)
{
    struct sdb_officer o;
    char word[SDB_TEXT_MAX];
    enum err err = text_of(number, word, sizeof(word));

    err = err ? err : sdb_officer_by_number(c->db, word, &o);
    if (err == ERR_NOT_FOUND || (!err && !o.is_active)) {
        buf_put_text(text, "no officer with access has this number");
        return ERR_NOT_FOUND;
    }
    *out = o.id;
    return err;
}

static enum err do_enrol(struct council *c, const struct admin_request *r,
                         struct buf *text)
{
    const struct crypto_random random = port_random(c->port);
    struct sdb_enrolment e = { .expires_ms = council_now(c) + DAY_MS };
    uint8_t secret[ENROL_SECRET_SIZE];
    enum err err;

    if (r->count < 4 || r->count > 5 || r->argument[1].len == 0)
        return ERR_USAGE;
    err = text_of(r->argument[1], e.name, sizeof(e.name));
    if (!err && r->count == 5 && r->argument[4].len > 0) {
        err = find_officer(c, r->argument[4], &e.officer, text);
    }
    e.is_kiosk = r->argument[2].len > 0;
    e.allows_weak_storage = r->argument[3].len > 0;
    err = err ? err : random.fill(random.ctx, secret, sizeof(secret));
    err = err ? err : random.fill(random.ctx, e.device.bytes, 16);
    if (err)
        return err;
    crypto_sha256((struct bytes){ secret, sizeof(secret) }, &e.secret);
    buf_printf(text,
               "%s: one tablet, once, within a day; keep it to yourself. "
               "On the tablet: beatbookctl enrol\n",
               e.name);
    err = put_code(c, secret, text);
    wipe(secret, sizeof(secret));
    err = err ? err : sdb_begin(c->db);
    if (err)
        return err;
    err = sdb_enrolment_put(c->db, &e);
    if (err) {
        sdb_rollback(c->db);
        return err;
    }
    return sdb_commit(c->db);
}

/* --- small verbs --- */

static enum err do_rekey(struct council *c, const struct admin_request *r,
                         struct buf *text)
{
    char word[SDB_TEXT_MAX], until[32];
    char name[sizeof(API_META_REKEY) + UUID_TEXT_SIZE] = API_META_REKEY;
    struct sdb_device device;
    struct uuid uuid;
    enum err err;

    if (r->count != 2)
        return ERR_USAGE;
    err = text_of(r->argument[1], word, sizeof(word));
    err = err ? err : access_find_device(c, word, &uuid, text);
    err = err ? err : sdb_device_get(c->db, &uuid, &device);
    if (err)
        return err;
    uuid_format(&uuid, name + sizeof(API_META_REKEY) - 1);
    snprintf(until, sizeof(until), "%" PRId64, council_now(c) + DAY_MS);
    err = sdb_begin(c->db);
    err = err ? err
              : sdb_meta_put(
                    c->db, name,
                    (struct bytes){ (const uint8_t *)until, strlen(until) });
    if (err) {
        sdb_rollback(c->db);
        return err;
    }
    buf_printf(text,
               "%s may ask for a new certificate for a day; where it trusts "
               "an old root, type this there (beatbookctl rekey --code):\n",
               device.name);
    err = sdb_commit(c->db);
    return err ? err : put_code(c, uuid.bytes, text);
}

static enum err do_wipe(struct council *c, const struct admin_request *r,
                        struct buf *text)
{
    char word[SDB_TEXT_MAX], reason[SDB_TEXT_MAX];
    struct uuid device;
    enum err err;

    if (r->count == 1)
        return wipe_list(c, text);
    if (r->count != 3)
        return ERR_USAGE;
    err = text_of(r->argument[1], word, sizeof(word));
    err = err ? err : text_of(r->argument[2], reason, sizeof(reason));
    err = err ? err : access_find_device(c, word, &device, text);
    err = err ? err : council_begin(c);
    if (err)
        return err;
    err = wipe_order(c, &device, reason);
    if (err) {
        council_rollback(c);
        return err;
    }
    buf_put_text(text, "the order goes out with the tablet's next sync; "
                       "\"wipe\" alone lists who has obeyed");
    return council_commit(c);
}

/* Last line: what beatbook-verify takes as its anchor. */
static enum err do_fingerprint(struct council *c, const struct admin_request *r,
                               struct buf *text)
{
    struct hash ca, seal;
    struct buf key;
    char hex[65];
    enum err err;

    (void)r;
    buf_init(&key, 256);
    cose_key_put(&key, &c->seal_key.pub);
    crypto_sha256(buf_bytes(&key), &seal);
    buf_fini(&key);
    err = authority_fingerprint(c, &ca);
    if (!err) {
        hex_format(ca.bytes, 32, hex);
        buf_printf(text, "certificate authority %s\n", hex);
        hex_format(seal.bytes, 32, hex);
        buf_printf(text, "evidence bundles are signed by\n%s", hex);
    }
    return err;
}

static enum err do_export(struct council *c, const struct admin_request *r,
                          struct buf *text)
{
    struct export_what what = { .scope = BUNDLE_ALL };
    char path[1024], scope[16], id[100];
    enum err err;

    if (r->count != 4)
        return ERR_USAGE;
    err = text_of(r->argument[1], path, sizeof(path));
    err = err ? err : text_of(r->argument[2], scope, sizeof(scope));
    err = err ? err : text_of(r->argument[3], id, sizeof(id));
    if (err)
        return err;
    if (strcmp(scope, "record") == 0) {
        what.scope = BUNDLE_RECORD;
    } else if (strcmp(scope, "patrol") == 0) {
        what.scope = BUNDLE_PATROL;
    } else if (strcmp(scope, "notice") == 0) {
        what.scope = BUNDLE_NOTICE;
    }
    what.id = id;
    err = export_bundle(c, path, &what, text);
    if (!err) {
        buf_reset(text);
        buf_printf(text, "bundle in %s", path);
    }
    return err;
}

/* --- orders about a record --- */

typedef enum err (*order_fn)(struct council *c, const struct order_ask *ask,
                             struct buf *text);

static enum err do_order(struct council *c, const struct admin_request *r,
                         order_fn fn, struct buf *text)
{
    char id[UUID_TEXT_SIZE], reason[SDB_REASON_MAX], number[SDB_TEXT_MAX];
    struct order_ask ask = { .reason = reason };
    struct sdb_officer officer;
    enum err err;

    if (r->count != 4)
        return ERR_USAGE;
    err = text_of(r->argument[1], id, sizeof(id));
    err = err ? err : text_of(r->argument[2], reason, sizeof(reason));
    err = err ? err : text_of(r->argument[3], number, sizeof(number));
    if (err || uuid_parse(id, &ask.record)) {
        buf_put_text(text, "a record's id is 32 hex digits, a reason at most "
                           "255 bytes");
        return err ? err : ERR_USAGE;
    }
    if (number[0] != '\0') {
        err = sdb_officer_by_number(c->db, number, &officer);
        if (err) {
            buf_printf(text, "there is no officer %s", number);
            return err;
        }
        ask.officer = officer.id;
    }
    return fn(c, &ask, text);
}

static enum err do_erase(struct council *c, const struct admin_request *r,
                         struct buf *text)
{
    return do_order(c, r, order_erase, text);
}

static enum err do_hold(struct council *c, const struct admin_request *r,
                        struct buf *text)
{
    return do_order(c, r, order_hold, text);
}

static enum err do_release(struct council *c, const struct admin_request *r,
                           struct buf *text)
{
    return do_order(c, r, order_release, text);
}

static enum err do_erasures(struct council *c, const struct admin_request *r,
                            struct buf *text)
{
    (void)r;
    return order_list(c, text);
}

static enum err do_import(struct council *c, const struct admin_request *r,
                          struct buf *text)
{
    char path[4096];
    enum err err =
        r->count == 2 ? text_of(r->argument[1], path, sizeof(path)) : ERR_USAGE;

    return err ? err : admin_import(c, path, text);
}

static enum err do_areas(struct council *c, const struct admin_request *r,
                         struct buf *text)
{
    return r->count == 2 ? areas_publish(c, r->argument[1], text) : ERR_USAGE;
}

static enum err do_profile(struct council *c, const struct admin_request *r,
                           struct buf *text)
{
    struct profile profile;
    enum err err = r->count == 2 ? council_begin(c) : ERR_USAGE;

    if (err) {
        return err;
    }
    err = definitions_add_profile(c, r->argument[1], &profile);
    if (err) {
        council_rollback(c);
        buf_put_text(text, "not a profile: see assets/profiles");
        return err;
    }
    buf_printf(text, "officers see the powers of: %s", profile.title);
    return council_commit(c);
}

static enum err do_policy(struct council *c, const struct admin_request *r,
                          struct buf *text)
{
    struct policy p;
    enum err err = r->count == 2 ? council_begin(c) : ERR_USAGE;

    if (err) {
        return err;
    }
    err = definitions_add_policy(c, r->argument[1], &p);
    if (err) {
        council_rollback(c);
        buf_put_text(text, "not a policy: see assets/policy.json");
        return err;
    }
    buf_printf(text,
               "officers check in every %lld minutes, after their next"
               " sync",
               (long long)(p.check_in_ms / 60000));
    return council_commit(c);
}

static enum err do_cards(struct council *c, const struct admin_request *r,
                         struct buf *text)
{
    enum err err = r->count == 2 ? council_begin(c) : ERR_USAGE;

    if (err) {
        return err;
    }
    err = definitions_add_cards(c, r->argument[1]);
    if (err) {
        council_rollback(c);
        buf_put_text(text,
                     "nothing was taken: see core/power_card.h for the shape "
                     "of the file");
        return err;
    }
    buf_put_text(text, "tablets know the cards after their next sync");
    return council_commit(c);
}

/* In whose name; without a number in nobody's. */
static enum err do_brief(struct council *c, const struct admin_request *r,
                         struct buf *text)
{
    struct uuid officer = { { 0 } };
    enum err err = r->count == 3 ? ERR_OK : ERR_USAGE;

    if (!err && r->argument[2].len > 0) {
        err = find_officer(c, r->argument[2], &officer, text);
    }
    return err ? err : brief_import(c, r->argument[1], &officer, text);
}

static const struct {
    const char *verb;
    enum err (*fn)(struct council *, const struct admin_request *,
                   struct buf *);
} verbs[] = {
    { "officer", do_officer },
    { "enrol", do_enrol },
    { "brief", do_brief },
    { "wipe", do_wipe },
    { "rekey", do_rekey },
    { "export", do_export },
    { "import", do_import },
    { "areas", do_areas },
    { "profile", do_profile },
    { "policy", do_policy },
    { "cards", do_cards },
    { "fingerprint", do_fingerprint },
    { "erase", do_erase },
    { "hold", do_hold },
    { "release", do_release },
    { "erasures", do_erasures },
    { "revoke-officer", access_officer },
    { "revoke-device", access_device },
    { "devices", access_devices },
};

static enum err parse(struct bytes in, struct admin_request *out)
{
    struct cbor_reader r;

    cbor_open(&r, in);
    out->count = cbor_get_array(&r);
    if (out->count == 0 || out->count > ADMIN_ARGUMENTS_MAX)
        return ERR_BAD_DATA;
    for (size_t i = 0; i < out->count; i++) {
        out->argument[i] = cbor_get_bytes(&r);
    }
    return cbor_close(&r);
}

void admin_handle(struct council *c, struct bytes in, struct buf *out)
{
    struct admin_request r;
    struct buf text;
    enum err err = parse(in, &r);

    buf_init(&text, ADMIN_TEXT_MAX_BYTES);
    if (!err) {
        err = ERR_UNSUPPORTED;
        for (size_t i = 0; i < ARRAY_LEN(verbs); i++) {
            if (bytes_eq(r.argument[0],
                         (struct bytes){ (const uint8_t *)verbs[i].verb,
                                         strlen(verbs[i].verb) })) {
                err = verbs[i].fn(c, &r, &text);
            }
        }
    }
    cbor_put_array(out, 2);
    cbor_put_uint(out, (uint64_t)err);
    cbor_put_bytes(out, text.data, text.len);
    buf_wipe(&text);
}
