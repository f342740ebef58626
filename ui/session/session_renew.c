/*
 * session_renew.c - the tablet's TLS certificate, replaced in time.
 *
 * From half of its life on, /v1/renew is asked over the old one. When it ran
 * out while the tablet was away, /v1/rekey is asked at the web listener,
 * signed by the old key, and an administrator has to agree. Either way the
 * new pair stands beside the old one (SESSION_TLS_NEXT) until an exchange
 * over it has worked; a kill at any point leaves a pair that works, or one
 * that can be asked for again. Nothing else depends on it: recording goes
 * on, what waits goes on waiting.
 */
#include <stdio.h>
#include <string.h>

#include "core/cbor.h"
#include "core/enrol.h"
#include "core/limits.h"
#include "platform/shared/x509req.h"
#include "ui/session/session_internal.h"

#define RENEW_TIMEOUT_MS 60000

static struct store *store_of(struct session *s)
{
    return tablet_store(s->tablet);
}

/* --- the two pairs --- */

/* The pair in use, from its three facts. */
static enum err get_current(struct session *s, struct buf *hold,
                            struct credential *out)
{
    static const char *const names[] = { SESSION_TLS_KEY, SESSION_TLS_LEAF,
                                         SESSION_TLS_ISSUER };
    struct buf part;
    enum err err = ERR_OK;

    buf_init(&part, ENROL_CERT_MAX_BYTES);
    memset(out, 0, sizeof(*out));
    buf_reset(hold);
    cbor_put_array(hold, ARRAY_LEN(names));
    for (size_t i = 0; i < ARRAY_LEN(names) && !err; i++) {
        buf_reset(&part);
        err = store_meta_get(store_of(s), names[i], &part);
        cbor_put_bytes(hold, part.data, part.len);
    }
    buf_wipe(&part);
    err = err ? err : hold->err;
    return err ? err : credential_parse(buf_bytes(hold), out);
}

static enum err get_next(struct session *s, struct buf *hold,
                         struct credential *out)
{
    enum err err;

    buf_reset(hold);
    err = store_meta_get(store_of(s), SESSION_TLS_NEXT, hold);
    return err ? err : credential_parse(buf_bytes(hold), out);
}

enum err session_credential(struct session *s, struct buf *hold,
                            struct credential *out)
{
    enum err err = ERR_NOT_FOUND;

    if (!s->renewal.is_next_bad) {
        err = get_next(s, hold, out);
    }
    s->renewal.uses_next = !err && out->leaf.len > 0;
    s->renewal.is_proven = false;
    return s->renewal.uses_next ? ERR_OK : get_current(s, hold, out);
}

static enum err put_next(struct session *s, const struct credential *c)
{
    struct buf b;
    enum err err;

    buf_init(&b, 4 * ENROL_CERT_MAX_BYTES);
    err = credential_put(&b, c);
    if (!err) {
        err = store_meta_put(store_of(s), SESSION_TLS_NEXT, buf_bytes(&b));
    }
    buf_wipe(&b);
    return err;
}

/* It worked: the old pair may go. All of it or nothing. */
static enum err promote(struct session *s)
{
    const struct bytes none = { (const uint8_t *)"", 0 };
    struct store *store = store_of(s);
    struct credential c;
    struct buf hold;
    enum err err;

    buf_init(&hold, 4 * ENROL_CERT_MAX_BYTES);
    err = get_next(s, &hold, &c);
    if (!err) {
        err = store_begin(store);
    }
    if (!err) {
        err = store_meta_put(store, SESSION_TLS_KEY,
                             (struct bytes){ c.key.d, sizeof(c.key.d) });
        err = err ? err : store_meta_put(store, SESSION_TLS_LEAF, c.leaf);
        err = err ? err : store_meta_put(store, SESSION_TLS_ISSUER, c.issuer);
        err = err ? err : store_meta_put(store, SESSION_TLS_NEXT, none);
        if (err) {
            store_rollback(store);
        } else {
            err = store_commit(store);
        }
    }
    wipe(&c, sizeof(c));
    buf_wipe(&hold);
    if (!err) {
        s->renewal.uses_next = false;
        port_log(session_port(s), PORT_LOG_INFO,
                 "the tablet's new certificate is in use");
    }
    return err;
}

/* --- when --- */

static enum credential_need need_of(struct session *s)
{
    const struct port *port = session_port(s);
    enum credential_need need = CREDENTIAL_GOOD;
    struct x509req_cert cert;
    struct port_time now;
    struct buf leaf;

    buf_init(&leaf, ENROL_CERT_MAX_BYTES);
    port->ops->now(port->ctx, &now);
    if (!store_meta_get(store_of(s), SESSION_TLS_LEAF, &leaf) &&
        !x509req_read(buf_bytes(&leaf), &cert)) {
        need = credential_need(cert.not_before_s, cert.not_after_s,
                               now.wall_ms / 1000);
    }
    buf_fini(&leaf);
    return need;
}

enum err session_renew_proven(struct session *s, enum err err)
{
    if (err == ERR_DENIED && s->renewal.uses_next) {
        s->renewal.is_next_bad = true; /* a server that forgot it */
        session_net_close(s);
        return ERR_OK;
    }
    if (err) {
        return ERR_OK; /* the engine knows */
    }
    s->renewal.is_proven = true;
    return s->renewal.uses_next ? promote(s) : ERR_OK;
}

bool session_renew_refused(struct session *s, const struct net_answer *a)
{
    struct session_renewal *r = &s->renewal;
    const bool is_ours =
        a->is_own_refused ||
        (a->err == ERR_TLS && need_of(s) == CREDENTIAL_EXPIRED);

    if (!is_ours) {
        return false;
    }
    if (r->uses_next) {
        r->is_next_bad = true;
        session_net_close(s);
        return false; /* the old one at the next try */
    }
    if (session_mono_ms(s) < r->rekey_ms) {
        return false;
    }
    r->is_rekey = true;
    r->holds_sync = true;
    return true;
}

/* --- asking --- */

struct asking {
    struct session *s;
    struct credential next, old;
    struct buf hold, old_hold, csr, statement, old_statement, body;
};

static void asking_init(struct asking *a, struct session *s)
{
    memset(a, 0, sizeof(*a));
    a->s = s;
    buf_init(&a->hold, 4 * ENROL_CERT_MAX_BYTES);
    buf_init(&a->old_hold, 4 * ENROL_CERT_MAX_BYTES);
    buf_init(&a->csr, ENROL_CSR_MAX_BYTES);
    buf_init(&a->statement, 1024);
    buf_init(&a->old_statement, 1024);
    buf_init(&a->body, ENROL_BODY_MAX_BYTES);
}

static void asking_fini(struct asking *a)
{
    buf_wipe(&a->hold);
    buf_wipe(&a->old_hold);
    buf_fini(&a->csr);
    buf_fini(&a->statement);
    buf_fini(&a->old_statement);
    buf_fini(&a->body);
    wipe(a, sizeof(*a));
}

/* A key that was asked for before is asked for again: no answer, or one
 * that was lost, leaves no key behind. */
static enum err make_key(struct asking *a)
{
    enum err err = get_next(a->s, &a->hold, &a->next);

    if (!err) {
        return ERR_OK;
    }
    memset(&a->next, 0, sizeof(a->next));
    err = crypto_ec_new(port_random(session_port(a->s)), &a->next.key);
    return err ? err : put_next(a->s, &a->next);
}

static enum err make_statements(struct asking *a)
{
    const struct evlog_identity *id = evlog_identity(tablet_log(a->s->tablet));
    enum err err = x509req_make(&a->next.key, "tablet",
                                port_random(session_port(a->s)), &a->csr);

    if (!err) {
        err = enrol_statement_put(&a->statement, &id->seal_key,
                                  buf_bytes(&a->csr), ENROL_AAD);
    }
    if (!err && a->s->renewal.is_rekey) {
        err = get_current(a->s, &a->old_hold, &a->old);
        err = err ? err
                  : enrol_statement_put(&a->old_statement, &a->old.key,
                                        buf_bytes(&a->csr), ENROL_REKEY_AAD);
    }
    return err;
}

static enum err make_body(struct asking *a)
{
    const struct bytes version = { (const uint8_t *)BEATBOOK_VERSION,
                                   strlen(BEATBOOK_VERSION) };
    const struct enrol_renew renew = { .csr = buf_bytes(&a->csr),
                                       .statement = buf_bytes(&a->statement),
                                       .version = version };
    const struct enrol_rekey rekey = {
        .device = evlog_identity(tablet_log(a->s->tablet))->device,
        .old_leaf = a->old.leaf,
        .csr = renew.csr,
        .statement = renew.statement,
        .old_statement = buf_bytes(&a->old_statement),
        .version = version
    };

    return a->s->renewal.is_rekey ? enrol_rekey_put(&a->body, &rekey)
                                  : enrol_renew_put(&a->body, &renew);
}

/* To the web listener, which asks for no certificate. */
static enum err open_web(struct session *s)
{
    struct net_options options = { .proxy = s->proxy,
                                   .answer_max_bytes = ENROL_BODY_MAX_BYTES,
                                   .ready = s->ready,
                                   .ready_ctx = s->ready_ctx };
    struct buf url, root, pem;
    enum err err;

    net_close(s->renewal.web);
    s->renewal.web = NULL;
    buf_init(&url, ENROL_URL_MAX + 1);
    buf_init(&root, ENROL_CERT_MAX_BYTES);
    buf_init(&pem, 2 * ENROL_CERT_MAX_BYTES);
    err = store_meta_get(store_of(s), SESSION_URL_WEB, &url);
    err = err ? err : store_meta_get(store_of(s), SESSION_TLS_ROOT, &root);
    err = err ? err : x509req_pem(buf_bytes(&root), "CERTIFICATE", &pem);
    if (!err) {
        options.url = buf_text(&url);
        options.authority = buf_bytes(&pem);
        err = net_open(&options, &s->renewal.web);
    }
    buf_fini(&url);
    buf_fini(&root);
    buf_fini(&pem);
    return err;
}

static enum err ask(struct session *s)
{
    struct net_request request = { .method = NET_POST,
                                   .path = s->renewal.is_rekey ? "/v1/rekey"
                                                               : "/v1/renew",
                                   .content_type = ENROL_TYPE,
                                   .timeout_ms = RENEW_TIMEOUT_MS };
    struct asking a;
    enum err err;

    asking_init(&a, s);
    err = make_key(&a);
    err = err ? err : make_statements(&a);
    err = err ? err : make_body(&a);
    if (!err && s->renewal.is_rekey) {
        err = open_web(s);
    }
    if (!err) {
        request.body = buf_bytes(&a.body);
        err = net_send(s->renewal.is_rekey ? s->renewal.web : s->net, &request);
    }
    asking_fini(&a);
    return err;
}

enum err session_renew_start(struct session *s, bool *is_busy_out)
{
    struct session_renewal *r = &s->renewal;
    enum err err;

    if (!r->is_rekey &&
        (!r->is_proven || r->uses_next || session_mono_ms(s) < r->next_ms ||
         need_of(s) == CREDENTIAL_GOOD)) {
        return ERR_OK;
    }
    r->next_ms = session_mono_ms(s) + SESSION_RENEW_RETRY_MS;
    err = ask(s);
    r->is_out = !err;
    *is_busy_out = !err;
    return err;
}

/* --- the answer --- */

/*
 * The root to trust from now on: ours, or the one that it leads to. `hold`
 * has ours.
 */
static enum err find_root(const struct enrol_renewed *r, struct bytes ours,
                          struct bytes *out)
{
    struct x509req_cert now, new;
    struct bytes at = ours;
    enum err err;

    *out = ours;
    if (r->root.len == 0 || bytes_eq(r->root, ours)) {
        return ERR_OK;
    }
    for (size_t i = 0; i < r->cross_count; i++) {
        if (!x509req_issued(r->cross[i], at)) {
            at = r->cross[i];
        }
    }
    err = x509req_read(at, &now);
    err = err ? err : x509req_read(r->root, &new);
    err = err ? err : x509req_issued(r->root, r->root);
    if (!err && (!now.has_key || !new.has_key ||
                 memcmp(&now.key, &new.key, sizeof(now.key)) != 0)) {
        err = ERR_BAD_SEAL;
    }
    *out = r->root;
    return err;
}

static enum err check_renewed(const struct enrol_renewed *r, struct bytes root,
                              const struct ec_key *key)
{
    struct x509req_cert cert;
    enum err err = x509req_issued(r->issuer, root);

    err = err ? err : x509req_issued(r->leaf, r->issuer);
    err = err ? err : x509req_read(r->leaf, &cert);
    if (!err && (!cert.has_key ||
                 memcmp(&cert.key, &key->pub, sizeof(cert.key)) != 0)) {
        err = ERR_BAD_SEAL;
    }
    return err;
}

/* Root and pair together, or neither. */
static enum err keep(struct session *s, struct bytes root,
                     const struct credential *c)
{
    struct store *store = store_of(s);
    enum err err = store_begin(store);

    if (err) {
        return err;
    }
    err = store_meta_put(store, SESSION_TLS_ROOT, root);
    err = err ? err : put_next(s, c);
    if (err) {
        store_rollback(store);
        return err;
    }
    return store_commit(store);
}

static enum err take_renewed(struct session *s, struct bytes body)
{
    struct enrol_renewed renewed;
    struct bytes root = { NULL, 0 };
    struct credential c;
    struct buf hold, ours;
    enum err err;

    buf_init(&hold, 4 * ENROL_CERT_MAX_BYTES);
    buf_init(&ours, ENROL_CERT_MAX_BYTES);
    err = get_next(s, &hold, &c);
    err = err ? err : store_meta_get(store_of(s), SESSION_TLS_ROOT, &ours);
    err = err ? err : enrol_renewed_parse(body, &renewed);
    err = err ? err : find_root(&renewed, buf_bytes(&ours), &root);
    err = err ? err : check_renewed(&renewed, root, &c.key);
    if (!err) {
        c.leaf = renewed.leaf;
        c.issuer = renewed.issuer;
        err = keep(s, root, &c);
    }
    wipe(&c, sizeof(c));
    buf_wipe(&hold);
    buf_fini(&ours);
    return err;
}

/* What the person with the tablet is to be told; ERR_OK: it is there. */
static enum err judge(struct session *s, const struct net_answer *a, char *why,
                      size_t size)
{
    struct enrol_refusal refusal;
    char id[UUID_TEXT_SIZE];
    enum err err = a->err;

    snprintf(why, size, "%s", a->why);
    if (!err && a->status == 200) {
        err = take_renewed(s, a->body);
        snprintf(why, size, "the new certificate does not hold (%s)",
                 err_text(err));
    } else if (!err && enrol_refusal_parse(a->body, &refusal)) {
        snprintf(why, size, "HTTP %d, which isn't our server's", a->status);
        err = ERR_PORTAL;
    } else if (!err && refusal.code == ENROL_REFUSED_APPROVAL) {
        uuid_format(&evlog_identity(tablet_log(s->tablet))->device, id);
        snprintf(why, size,
                 "This tablet's certificate ran out. Ask your administrator "
                 "to let tablet %s ask for a new one; nothing is lost",
                 id);
        err = ERR_TLS;
    } else if (!err) {
        snprintf(why, size, "%.*s", (int)refusal.reason.len,
                 (const char *)refusal.reason.data);
        err = ERR_REFUSED;
    }
    return err;
}

/* The exchange that failed over the old one: now for the engine. */
static enum err release_sync(struct session *s, enum err outcome,
                             const char *why)
{
    struct sync *sync;
    enum err err = tablet_sync(s->tablet, &sync);

    if (!err && s->renewal.holds_sync) {
        sync_failed(sync, session_mono_ms(s), ERR_TLS, outcome ? why : "");
    }
    if (!err && !outcome) {
        sync_now(sync, session_mono_ms(s));
    }
    s->renewal.holds_sync = false;
    return err;
}

/* Up to twice what the server said, so that those it sent away together do
 * not come back together. */
static uint64_t when_again(struct session *s, uint32_t retry_after_s)
{
    const struct port *port = session_port(s);
    const uint64_t wait_ms = (uint64_t)retry_after_s * 1000;
    uint64_t draw = 0;

    if (port->ops->random(port->ctx, (uint8_t *)&draw, sizeof(draw))) {
        draw = wait_ms;
    }
    return session_mono_ms(s) + wait_ms + draw % (wait_ms + 1);
}

enum err session_renew_wait(struct session *s, uint32_t wait_ms)
{
    struct session_renewal *r = &s->renewal;
    const bool was_rekey = r->is_rekey;
    struct net_answer answer;
    char why[NET_WHY_MAX];
    enum err err = net_wait(was_rekey ? r->web : s->net, wait_ms, &answer);
    enum err outcome;

    if (err == ERR_BUSY) {
        return err;
    }
    r->is_out = false;
    r->is_rekey = false;
    if (err) {
        return err;
    }
    outcome = judge(s, &answer, why, sizeof(why));
    if (answer.retry_after_s > 0) {
        r->next_ms = when_again(s, answer.retry_after_s);
    }
    port_log(session_port(s), outcome ? PORT_LOG_WARN : PORT_LOG_INFO,
             "%s of the tablet's certificate: %s",
             was_rekey ? "re-key" : "renewal", err_text(outcome));
    net_close(r->web);
    r->web = NULL;
    if (!outcome) {
        r->is_next_bad = false;
        r->rekey_ms = session_mono_ms(s) + SESSION_REKEY_RETRY_MS;
        net_close(s->net); /* the next connection is the new one's */
        s->net = NULL;
        s->is_sent = false;
    }
    return was_rekey || !outcome ? release_sync(s, outcome, why) : ERR_OK;
}

/* --- by hand --- */

/* The root and the address that a person carried over. */
static enum err trust(struct session *s, const struct enrol_code *code,
                      struct buf *why)
{
    const struct bytes url = { (const uint8_t *)code->url, strlen(code->url) };
    struct buf root;
    enum err err;

    if (memcmp(code->secret,
               evlog_identity(tablet_log(s->tablet))->device.bytes,
               sizeof(code->secret)) != 0) {
        buf_put_text(why, "the code is for another tablet.");
        return ERR_DENIED;
    }
    buf_init(&root, ENROL_CERT_MAX_BYTES);
    err = session_fetch_authority(s, code, &root, why);
    err = err ? err : store_begin(store_of(s));
    if (!err) {
        err = store_meta_put(store_of(s), SESSION_TLS_ROOT, buf_bytes(&root));
        err = err ? err : store_meta_put(store_of(s), SESSION_URL_WEB, url);
        if (err) {
            store_rollback(store_of(s));
        } else {
            err = store_commit(store_of(s));
        }
    }
    buf_fini(&root);
    return err;
}

enum err session_rekey(struct session *s, const char *code, struct buf *why)
{
    struct enrol_code parsed;
    enum err err = ERR_OK;

    ASSERT(s->tablet != NULL);
    if (code != NULL) {
        err = enrol_code_parse(code, &parsed);
        if (err) {
            buf_put_text(why, "the code isn't one: check it letter by letter.");
        }
        err = err ? err : trust(s, &parsed, why);
    }
    if (!err && !s->renewal.is_out) {
        session_net_close(s); /* it trusted the old root */
        s->renewal.is_rekey = true;
        s->renewal.is_next_bad = false;
    }
    return err;
}

void session_renew_close(struct session *s)
{
    net_close(s->renewal.web);
    s->renewal.web = NULL;
    s->renewal.is_out = false;
    s->renewal.is_proven = false;
}
