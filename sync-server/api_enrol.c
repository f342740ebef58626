#include "sync-server/api_enrol.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/body.h"
#include "core/cose.h"
#include "core/enrol.h"
#include "core/fields.h"
#include "sync-server/attempts.h"
#include "sync-server/authority.h"
#include "sync-server/pki.h"
#include "sync-server/sdb_holder.h"

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

/* --- answers --- */

static const struct {
    enum enrol_refusal_code code;
    int status;
    const char *reason;
} refusals[] = {
    { ENROL_REFUSED_CODE, 403,
      "This code is not valid: used, expired or mistyped. Ask for a new one." },
    { ENROL_REFUSED_TRIES, 429, "Too many wrong tries. Wait 15 minutes." },
    { ENROL_REFUSED_REQUEST, 400, "The request is malformed." },
    { ENROL_REFUSED_STORAGE, 403,
      "This tablet has neither a TPM nor an encrypted disk. An administrator "
      "has to allow that, with a new code: enrol --weak-storage." },
    { ENROL_REFUSED_REVOKED, 403, "This tablet was shut out by the council." },
    { ENROL_REFUSED_APPROVAL, 403,
      "An administrator has to approve this tablet's new certificate." },
    { ENROL_REFUSED_SERVER, 503, "The server has a fault. Try again later." },
};

static enum err refuse(struct route_call *call, enum enrol_refusal_code code)
{
    for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
        if (refusals[i].code == code) {
            const struct enrol_refusal r = { (uint64_t)code,
                                             text_bytes(refusals[i].reason) };

            call->out->status = refusals[i].status;
            call->out->content_type = ENROL_TYPE;
            if (refusals[i].status == 429 || refusals[i].status == 503) {
                route_header(call->out, "Retry-After: %d", 900);
            }
            return enrol_refusal_put(&call->out->body, &r);
        }
    }
    return ERR_UNSUPPORTED;
}

enum err api_ca(struct route_call *call)
{
    call->out->content_type = "application/pkix-cert";
    return authority_get(call->council, AUTHORITY_META_ROOT, &call->out->body);
}

/* The chain of a tablet that was let in just now. */
static enum err put_renewed(struct route_call *call, const struct buf *leaf)
{
    struct enrol_renewed r = { .cross_count = 0 };
    struct buf issuer, roots;
    enum err err;

    buf_init(&issuer, ENROL_CERT_MAX_BYTES);
    buf_init(&roots, 128 * ENROL_CERT_MAX_BYTES);
    err = authority_get(call->council, AUTHORITY_META_ISSUER, &issuer);
    err = err ? err : authority_put_roots(call->council, &roots, &r);
    r.leaf = buf_bytes(leaf);
    r.issuer = buf_bytes(&issuer);
    call->out->content_type = ENROL_TYPE;
    err = err ? err : enrol_renewed_put(&call->out->body, &r);
    buf_fini(&issuer);
    buf_fini(&roots);
    return err;
}

/* --- enrol: what the answer tells --- */

struct answer {
    struct council *council;
    struct enrol_response response; /* large: one at a time, see below */
    struct buf leaf, issuer, root, server_key, recovery, listener, texts;
};

/* Texts have to stay where they are while views point at them. */
static struct bytes keep_text(struct buf *texts, const char *text)
{
    const struct bytes from = text_bytes(text);
    uint8_t *at = buf_grow(texts, from.len);

    if (at == NULL)
        return (struct bytes){ NULL, 0 };
    memcpy(at, from.data, from.len);
    return (struct bytes){ at, from.len };
}

static const char *const roles[] = {
    "neighbourhood-officer", "enforcement-officer", "cohesion-officer",
    "cctv-operative",        "team-leader",         "safeguarding-lead",
    "safeguarding-deputy",   "administrator",       "auditor",
    "lead-member",
};

const char *api_enrol_role(size_t n)
{
    return n < ARRAY_LEN(roles) ? roles[n] : NULL;
}

static enum err add_officer(void *ctx, const struct sdb_officer *row)
{
    struct answer *a = ctx;
    struct enrol_officer *o = &a->response.officers[a->response.officer_count];
    bool has = false;

    if (!row->is_active || a->response.officer_count == ENROL_OFFICERS_MAX ||
        (a->response.has_officer && !uuid_eq(&row->id, &a->response.officer)))
        return ERR_OK;
    o->id = row->id;
    o->number = keep_text(&a->texts, row->number);
    o->name = keep_text(&a->texts, row->name);
    o->role = (struct bytes){ NULL, 0 };
    for (size_t i = 0; i < ARRAY_LEN(roles) && !has; i++) {
        enum err err =
            sdb_officer_has_role(a->council->db, &row->id, roles[i], &has);

        if (err)
            return err;
        if (has) {
            o->role = keep_text(&a->texts, roles[i]);
        }
    }
    a->response.officer_count++;
    return ERR_OK;
}

static enum err load_answer(struct answer *a, struct bytes name)
{
    struct council *c = a->council;
    struct sdb_log log;
    enum err err = authority_get(c, AUTHORITY_META_ISSUER, &a->issuer);

    err = err ? err : authority_get(c, AUTHORITY_META_ROOT, &a->root);
    err = err ? err : authority_get(c, COUNCIL_META_RECOVERY, &a->recovery);
    err = err ? err : authority_get(c, AUTHORITY_META_LISTENER, &a->listener);
    err = err ? err : sdb_log_current(c->db, &log);
    if (err)
        return err;
    cose_key_put(&a->server_key, &c->seal_key.pub);
    a->response.council = c->id;
    a->response.council_name = name;
    a->response.leaf = buf_bytes(&a->leaf);
    a->response.issuer = buf_bytes(&a->issuer);
    a->response.root = buf_bytes(&a->root);
    a->response.server_key = buf_bytes(&a->server_key);
    a->response.log_id = log.id;
    a->response.recovery_key = buf_bytes(&a->recovery);
    a->response.listener = buf_bytes(&a->listener);
    return sdb_officer_all(c->db, add_officer, a);
}

static enum err answer(struct route_call *call,
                       const struct sdb_enrolment *code, const struct buf *leaf)
{
    static struct answer a; /* 40 KiB; the store answers one at a time */
    struct buf name;
    enum err err;

    memset(&a, 0, sizeof(a));
    a.council = call->council;
    a.response.device = code->device;
    a.response.has_officer = !uuid_is_zero(&code->officer);
    a.response.officer = code->officer;
    buf_init(&a.leaf, ENROL_CERT_MAX_BYTES);
    buf_init(&a.issuer, ENROL_CERT_MAX_BYTES);
    buf_init(&a.root, ENROL_CERT_MAX_BYTES);
    buf_init(&a.server_key, 256);
    buf_init(&a.recovery, 256);
    buf_init(&a.listener, ENROL_LISTENER_MAX);
    buf_init(&name, ENROL_TEXT_MAX);
    /* All of it at once: growing would move what views point at. */
    buf_init(&a.texts, (size_t)3 * ENROL_TEXT_MAX * ENROL_OFFICERS_MAX);
    (void)buf_grow(&a.texts, a.texts.max);
    err = a.texts.err;
    a.texts.len = 0;
    buf_put(&a.leaf, leaf->data, leaf->len);
    err = err ? err : authority_get(call->council, API_META_COUNCIL, &name);
    err = err ? err : load_answer(&a, buf_bytes(&name));
    call->out->content_type = ENROL_TYPE;
    err = err ? err : enrol_response_put(&call->out->body, &a.response);
    buf_fini(&a.leaf);
    buf_fini(&a.issuer);
    buf_fini(&a.root);
    buf_fini(&a.server_key);
    buf_fini(&a.recovery);
    buf_fini(&a.listener);
    buf_fini(&a.texts);
    buf_fini(&name);
    return err;
}

/* --- enrol: what is stored --- */

static enum err append_device(struct council *c, const struct sdb_device *d,
                              enum enrol_storage storage)
{
    struct evlog_new e = { .record = d->id,
                           .kind = KIND_DEVICE,
                           .op = OP_CREATE };
    struct body_writer w;
    struct buf body;
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, DEVICE_NAME, d->name);
    body_put_bool(&w, DEVICE_KIOSK, d->is_kiosk);
    body_put_int(&w, DEVICE_STORAGE, (int64_t)storage);
    err = body_end(&w, &body);
    body_fini(&w);
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, NULL, NULL);
    if (!err && storage == ENROL_STORAGE_WEAK) {
        e.op = OP_WEAK_STORAGE; /* the administrator's consent, on record */
        err = council_append(c, &e, NULL, NULL);
    }
    buf_fini(&body);
    return err;
}

static enum err append_key(struct council *c, const struct sdb_device *d)
{
    struct evlog_new e = { .kind = KIND_KEY, .op = OP_GRANT };
    const struct crypto_random random = port_random(c->port);
    struct body_writer w;
    struct buf body, key;
    enum err err = random.fill(random.ctx, e.record.bytes, 16);

    buf_init(&body, BODY_MAX_BYTES);
    buf_init(&key, 256);
    cose_key_put(&key, &d->seal_key);
    body_begin(&w);
    body_put_bytes(&w, KEY_PUBLIC, buf_bytes(&key));
    body_put_text(&w, KEY_USE, "seal");
    body_put_bytes(&w, KEY_OWNER, (struct bytes){ d->id.bytes, 16 });
    err = err ? err : body_end(&w, &body);
    body_fini(&w);
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, NULL, NULL);
    buf_fini(&body);
    buf_fini(&key);
    return err;
}

struct allow {
    struct council *council;
    const struct uuid *device;
};

static enum err allow_one(void *ctx, const struct sdb_officer *o)
{
    const struct allow *a = ctx;

    return o->is_active ? sdb_device_allow(a->council->db, a->device, &o->id)
                        : ERR_OK;
}

/* Who may open it: the one that the code was made for, else any officer of
 * the council, but nobody on a kiosk. */
static enum err allow_officers(struct council *c,
                               const struct sdb_enrolment *code)
{
    struct allow all = { c, &code->device };
    enum err err;

    if (code->is_kiosk) {
        return ERR_OK;
    }
    if (uuid_is_zero(&code->officer)) {
        return sdb_officer_all(c->db, allow_one, &all);
    }
    err = sdb_device_bind(c->db, &code->device);
    return err ? err : sdb_device_allow(c->db, &code->device, &code->officer);
}

/* The device's row, its events, and who may open it. */
static enum err store_device(struct council *c, struct sdb_enrolment *code,
                             const struct enrol_request *request,
                             const struct ec_public *seal)
{
    struct sdb_device d = { .id = code->device,
                            .is_kiosk = code->is_kiosk,
                            .has_weak_storage =
                                request->storage == ENROL_STORAGE_WEAK,
                            .state = SDB_DEVICE_ACTIVE,
                            .seal_key = *seal,
                            .enrolled_ms = council_now(c),
                            .seen_ms = council_now(c) };
    enum err err;

    memcpy(d.name, code->name, sizeof(d.name));
    code->used_ms = d.enrolled_ms;
    err = sdb_enrolment_put(c->db, code);
    err = err ? err : sdb_device_put(c->db, &d);
    err = err ? err : append_device(c, &d, request->storage);
    err = err ? err : append_key(c, &d);
    return err ? err : allow_officers(c, code);
}

/* Everything that the request has to prove. */
static enum err check_request(const struct enrol_request *r,
                              struct ec_public *seal, struct ec_public *tls)
{
    enum err err = cose_key_parse(r->seal_key, seal);

    err = err ? err : crypto_ec_check(seal);
    err = err ? err
              : enrol_statement_verify(r->statement, seal, r->csr, ENROL_AAD);
    return err ? err : pki_request_key(r->csr, tls);
}

/* A used code is good once more for the same tablet: its answer was lost. */
static bool may_repeat(struct council *c, const struct sdb_enrolment *code,
                       const struct ec_public *seal)
{
    struct sdb_device d;

    return sdb_device_get(c->db, &code->device, &d) == ERR_OK &&
           d.state == SDB_DEVICE_ACTIVE &&
           memcmp(&d.seal_key, seal, sizeof(*seal)) == 0;
}

static enum err let_in(struct route_call *call, struct sdb_enrolment *code,
                       const struct enrol_request *request)
{
    struct council *c = call->council;
    struct ec_public seal, tls;
    struct buf leaf;
    enum err err;

    if (check_request(request, &seal, &tls))
        return refuse(call, ENROL_REFUSED_REQUEST);
    if (code->used_ms != 0 && !may_repeat(c, code, &seal))
        return refuse(call, ENROL_REFUSED_CODE);
    if (request->storage == ENROL_STORAGE_WEAK && !code->allows_weak_storage)
        return refuse(call, ENROL_REFUSED_STORAGE);

    buf_init(&leaf, ENROL_CERT_MAX_BYTES);
    err = council_begin(c);
    if (!err && code->used_ms == 0) {
        err = store_device(c, code, request, &seal);
    }
    err = err ? err : authority_issue(c, &code->device, &tls, &leaf);
    if (err) {
        council_rollback(c);
    } else {
        err = council_commit(c);
    }
    err = err ? err : answer(call, code, &leaf);
    buf_fini(&leaf);
    return err;
}

enum err api_enrol(struct route_call *call)
{
    struct council *c = call->council;
    const int64_t now = council_now(c);
    struct enrol_request request;
    struct sdb_enrolment code;
    struct hash secret;
    enum err err;

    if (attempts_spent(call->in->address, now))
        return refuse(call, ENROL_REFUSED_TRIES);
    if (enrol_request_parse(call->in->body, &request) != ERR_OK)
        return refuse(call, ENROL_REFUSED_REQUEST);
    crypto_sha256((struct bytes){ request.secret, ENROL_SECRET_SIZE }, &secret);
    wipe(request.secret, sizeof(request.secret));
    err = sdb_enrolment_get(c->db, &secret, &code);
    if (!err && code.expires_ms <= now) {
        err = ERR_NOT_FOUND;
    }
    if (err == ERR_NOT_FOUND) {
        attempts_wrong(call->in->address, now);
        return refuse(call, ENROL_REFUSED_CODE);
    }
    return err ? err : let_in(call, &code, &request);
}

/* --- renew and rekey --- */

static enum err issue_again(struct route_call *call, const struct uuid *device,
                            const struct ec_public *tls)
{
    struct council *c = call->council;
    struct buf leaf;
    enum err err = council_begin(c);

    buf_init(&leaf, ENROL_CERT_MAX_BYTES);
    err = err ? err : authority_issue(c, device, tls, &leaf);
    if (err) {
        council_rollback(c);
    } else {
        err = council_commit(c);
    }
    err = err ? err : put_renewed(call, &leaf);
    buf_fini(&leaf);
    return err;
}

enum err api_renew(struct route_call *call)
{
    struct enrol_renew r;
    struct ec_public tls;

    if (call->device.state == SDB_DEVICE_REVOKED)
        return refuse(call, ENROL_REFUSED_REVOKED);
    if (enrol_renew_parse(call->in->body, &r) != ERR_OK ||
        enrol_statement_verify(r.statement, &call->device.seal_key, r.csr,
                               ENROL_AAD) != ERR_OK ||
        pki_request_key(r.csr, &tls) != ERR_OK)
        return refuse(call, ENROL_REFUSED_REQUEST);
    return issue_again(call, &call->device.id, &tls);
}

/* The old certificate is one of ours, for this device, not revoked. */
static enum err check_old(struct council *c, const struct enrol_rekey *r,
                          struct sdb_device *device)
{
    struct sdb_certificate row;
    struct pki_cert cert;
    struct hash print;
    enum err err;

    crypto_sha256(r->old_leaf, &print);
    err = sdb_certificate_get(c->db, &print, &row);
    err = err ? err : sdb_device_get(c->db, &r->device, device);
    err = err ? err : pki_read(r->old_leaf, &cert);
    if (!err && (!uuid_eq(&row.device, &r->device) || row.is_revoked)) {
        err = ERR_DENIED;
    }
    err = err ? err
              : enrol_statement_verify(r->old_statement, &cert.key, r->csr,
                                       ENROL_REKEY_AAD);
    return err ? err
               : enrol_statement_verify(r->statement, &device->seal_key, r->csr,
                                        ENROL_AAD);
}

/* An administrator said yes, and not more than a day ago. */
static bool is_approved(struct council *c, const struct uuid *device)
{
    char name[sizeof(API_META_REKEY) + UUID_TEXT_SIZE] = API_META_REKEY;
    struct buf until;
    bool yes = false;

    uuid_format(device, name + sizeof(API_META_REKEY) - 1);
    buf_init(&until, 64);
    if (authority_get(c, name, &until) == ERR_OK) {
        yes = strtoll(buf_text(&until), NULL, 10) > (long long)council_now(c);
    }
    buf_fini(&until);
    return yes;
}

enum err api_rekey(struct route_call *call)
{
    struct council *c = call->council;
    const int64_t now = council_now(c);
    struct sdb_device device;
    struct enrol_rekey r;
    struct ec_public tls;

    if (attempts_spent(call->in->address, now))
        return refuse(call, ENROL_REFUSED_TRIES);
    if (enrol_rekey_parse(call->in->body, &r) != ERR_OK ||
        pki_request_key(r.csr, &tls) != ERR_OK)
        return refuse(call, ENROL_REFUSED_REQUEST);
    if (check_old(c, &r, &device) != ERR_OK) {
        attempts_wrong(call->in->address, now);
        return refuse(call, ENROL_REFUSED_REQUEST);
    }
    if (device.state == SDB_DEVICE_REVOKED)
        return refuse(call, ENROL_REFUSED_REVOKED);
    if (!is_approved(c, &device.id))
        return refuse(call, ENROL_REFUSED_APPROVAL);
    return issue_again(call, &device.id, &tls);
}
