/*
 * session_enrol.c - joining a council. Order matters: the device secret,
 * then the store, then the wraps; only the last makes the folder enrolled,
 * so a crash leaves one that can be enrolled again.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/cose.h"
#include "core/enrol.h"
#include "core/mem.h"
#include "platform/shared/x509req.h"
#include "ui/session/session_internal.h"

#define ENROL_WAIT_MS 60000

struct joining {
    struct session *s;
    const struct session_enrolment *what;
    struct buf *why;
    struct enrol_code code;
    struct buf root;   /* DER */
    struct buf answer; /* what `response` points into */
    struct buf csr, request;
    struct ec_key tls, seal;
    struct enrol_response response;
    struct session_officer who; /* copies, owned */
};

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

/* --- what the server is asked --- */

static enum err ask(struct joining *j, struct bytes authority,
                    const struct net_request *request, struct buf *out,
                    int *status_out)
{
    const struct net_options options = { .url = j->code.url,
                                         .authority = authority,
                                         .proxy = j->s->proxy,
                                         .answer_max_bytes =
                                             ENROL_BODY_MAX_BYTES };
    struct net_answer answer = { .err = ERR_OK };
    struct net *n = NULL;
    enum err err = net_open(&options, &n);

    if (!err) {
        err = net_send(n, request);
    }
    if (!err) {
        err = net_wait(n, 2 * ENROL_WAIT_MS, &answer);
    }
    if (!err) {
        err = answer.err;
    }
    if (err) {
        buf_printf(j->why,
                   "%s: %s. Check that the tablet is on the network "
                   "and try again; the code is still good.",
                   j->code.url, answer.why[0] ? answer.why : err_text(err));
    } else {
        *status_out = answer.status;
        buf_put(out, answer.body.data, answer.body.len);
        err = out->err;
    }
    net_close(n);
    return err;
}

/* Fetched from anybody; believed only when the code names its hash. */
static enum err fetch_authority(struct joining *j)
{
    const struct net_request request = { .method = NET_GET,
                                         .path = "/v1/ca",
                                         .timeout_ms = ENROL_WAIT_MS };
    struct hash hash;
    int status = 0;
    enum err err =
        ask(j, (struct bytes){ NULL, 0 }, &request, &j->root, &status);

    if (err) {
        return err;
    }
    crypto_sha256(buf_bytes(&j->root), &hash);
    if (status != 200 || !hash_eq(&hash, &j->code.ca)) {
        buf_printf(j->why,
                   "%s answered with another council's authority, or "
                   "something on the network reads along. Nothing was sent. "
                   "Check the code's address, or use another network.",
                   j->code.url);
        return status == 200 ? ERR_BAD_HASH : ERR_PORTAL;
    }
    return ERR_OK;
}

enum err session_fetch_authority(struct session *s,
                                 const struct enrol_code *code,
                                 struct buf *root, struct buf *why)
{
    struct joining j = { .s = s, .why = why, .code = *code };
    enum err err;

    buf_init(&j.root, ENROL_CERT_MAX_BYTES);
    err = fetch_authority(&j);
    if (!err) {
        buf_put(root, j.root.data, j.root.len);
        err = root->err;
    }
    buf_fini(&j.root);
    wipe(&j.code, sizeof(j.code));
    return err;
}

static enum err make_request(struct joining *j)
{
    const struct crypto_random random = port_random(session_port(j->s));
    struct enrol_request r = { .storage =
                                   (enum enrol_storage)session_storage(j->s),
                               .version = text_bytes(BEATBOOK_VERSION) };
    struct buf key, statement;
    enum err err = crypto_ec_new(random, &j->tls);

    buf_init(&key, 256);
    buf_init(&statement, 1024);
    if (!err) {
        err = crypto_ec_new(random, &j->seal);
    }
    if (!err) {
        err = x509req_make(&j->tls, "tablet", random, &j->csr);
    }
    if (!err) {
        cose_key_put(&key, &j->seal.pub);
        err = key.err;
    }
    if (!err) {
        err = enrol_statement_put(&statement, &j->seal, buf_bytes(&j->csr),
                                  ENROL_AAD);
    }
    if (!err) {
        memcpy(r.secret, j->code.secret, sizeof(r.secret));
        r.csr = buf_bytes(&j->csr);
        r.seal_key = buf_bytes(&key);
        r.statement = buf_bytes(&statement);
        err = enrol_request_put(&j->request, &r);
    }
    wipe(&r, sizeof(r));
    buf_fini(&key);
    buf_fini(&statement);
    return err;
}

static enum err explain_refusal(struct joining *j, int status)
{
    struct enrol_refusal refusal;

    if (enrol_refusal_parse(buf_bytes(&j->answer), &refusal)) {
        buf_printf(j->why, "%s answered HTTP %d, which isn't our server's.",
                   j->code.url, status);
        return ERR_PORTAL;
    }
    buf_put(j->why, refusal.reason.data, refusal.reason.len);
    return ERR_REFUSED;
}

static enum err post_request(struct joining *j)
{
    struct net_request request = { .method = NET_POST,
                                   .path = "/v1/enrol",
                                   .content_type = ENROL_TYPE,
                                   .timeout_ms = ENROL_WAIT_MS };
    struct buf pem;
    int status = 0;
    enum err err;

    buf_init(&pem, 2 * ENROL_CERT_MAX_BYTES);
    request.body = buf_bytes(&j->request);
    err = x509req_pem(buf_bytes(&j->root), "CERTIFICATE", &pem);
    if (!err) {
        err = ask(j, buf_bytes(&pem), &request, &j->answer, &status);
    }
    if (!err && status != 200 && status != 201) {
        err = explain_refusal(j, status);
    }
    buf_fini(&pem);
    return err;
}

/* --- what it answered --- */

static enum err check_answer(struct joining *j)
{
    struct enrol_response *r = &j->response;
    struct x509req_cert cert;
    enum err err = enrol_response_parse(buf_bytes(&j->answer), r);

    if (!err && !bytes_eq(r->root, buf_bytes(&j->root))) {
        err = ERR_BAD_HASH;
    }
    if (!err) {
        err = x509req_issued(r->issuer, r->root);
    }
    if (!err) {
        err = x509req_issued(r->leaf, r->issuer);
    }
    if (!err) {
        err = x509req_read(r->leaf, &cert);
    }
    if (!err && (!cert.has_key ||
                 memcmp(&cert.key, &j->tls.pub, sizeof(cert.key)) != 0)) {
        err = ERR_BAD_SEAL;
    }
    if (err) {
        buf_printf(j->why,
                   "the server's answer doesn't hold (%s). Ask the "
                   "administrator for a new code.",
                   err_text(err));
    }
    return err;
}

static char *copy_bytes(struct bytes text)
{
    char *out = mem_alloc(text.len + 1);

    if (out && text.len > 0) {
        memcpy(out, text.data, text.len);
    }
    return out;
}

static enum err find_officer(struct joining *j)
{
    const struct bytes wanted = text_bytes(j->what->officer);

    for (size_t i = 0; i < j->response.officer_count; i++) {
        const struct enrol_officer *o = &j->response.officers[i];

        if (bytes_eq(o->number, wanted)) {
            char *number = copy_bytes(o->number), *name = copy_bytes(o->name);
            char *role = copy_bytes(o->role);

            j->who = (struct session_officer){ o->id, number, name, role };
            return number && name && role ? ERR_OK : ERR_NOMEM;
        }
    }
    buf_printf(j->why,
               j->response.has_officer
                   ? "this code isn't for officer %s. Ask for a new one."
                   : "officer %s isn't known to the council. Have the "
                     "officer added, then ask for a new code.",
               j->what->officer);
    return ERR_NOT_FOUND;
}

/* --- what is kept --- */

/* "host:port" of the device listener; one that listens everywhere is where
 * the code's server is. */
static void device_url(const struct joining *j, struct buf *out)
{
    const struct bytes at = j->response.listener;
    const char *host = strstr(j->code.url, "://") + 3;
    const char *colon = strrchr(host, ':');
    const size_t host_len =
        colon && !strchr(colon, ']') ? (size_t)(colon - host) : strlen(host);
    const bool is_any = (at.len > 8 && memcmp(at.data, "0.0.0.0:", 8) == 0) ||
                        (at.len > 5 && memcmp(at.data, "[::]:", 5) == 0) ||
                        (at.len > 1 && at.data[0] == ':');

    buf_put_text(out, "https://");
    if (is_any) {
        size_t port = at.len;

        while (port > 0 && at.data[port - 1] != ':') {
            port--;
        }
        buf_put(out, host, host_len);
        buf_put_u8(out, ':');
        buf_put(out, at.data + port, at.len - port);
    } else {
        buf_put(out, at.data, at.len);
    }
}

static enum err put_facts(struct joining *j, struct store *store)
{
    const struct enrol_response *r = &j->response;
    struct buf url;
    enum err err;

    buf_init(&url, ENROL_URL_MAX + 1);
    device_url(j, &url);
    const struct {
        const char *name;
        struct bytes value;
    } facts[] = {
        { SESSION_TLS_KEY, { j->tls.d, sizeof(j->tls.d) } },
        { SESSION_TLS_LEAF, r->leaf },
        { SESSION_TLS_ISSUER, r->issuer },
        { SESSION_TLS_ROOT, r->root },
        { SESSION_URL, buf_bytes(&url) },
        { SESSION_URL_WEB, text_bytes(j->code.url) },
        { SESSION_COUNCIL, r->council_name },
    };

    err = url.err;
    for (size_t i = 0; i < ARRAY_LEN(facts) && !err; i++) {
        err = store_meta_put(store, facts[i].name, facts[i].value);
    }
    buf_fini(&url);
    return err;
}

static enum err make_identity(struct joining *j, struct evlog_identity *id)
{
    const struct port *port = session_port(j->s);
    enum err err;

    id->council = j->response.council;
    id->device = j->response.device;
    id->seal_key = j->seal;
    err = cose_key_parse(j->response.server_key, &id->server_key);
    if (!err) {
        err = cose_key_parse(j->response.recovery_key, &id->recovery_key);
    }
    if (!err) {
        err = port->ops->random(port->ctx, id->incarnation.bytes,
                                sizeof(id->incarnation.bytes));
    }
    return err;
}

/* A store without wraps opens for nobody; it is set aside, not deleted. */
static enum err set_aside(struct session *s)
{
    static const char *const ends[] = { "", "-wal", "-shm" };
    const struct port *port = session_port(s);
    struct port_time now;

    port->ops->now(port->ctx, &now);
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        char from[SESSION_PATH_MAX], to[SESSION_PATH_MAX];

        snprintf(from, sizeof(from), "%s/store.db%s", s->dir, ends[i]);
        snprintf(to, sizeof(to), "%s/store.db.old-%" PRId64 "%s", s->dir,
                 now.wall_ms, ends[i]);
        if (rename(from, to) && errno != ENOENT) {
            return ERR_IO;
        }
    }
    return ERR_OK;
}

static enum err make_store(struct joining *j, struct evlog_identity *id)
{
    struct session *s = j->s;
    char path[SESSION_PATH_MAX];
    struct store_options options = { .path = path,
                                     .key32 = { s->keys.database,
                                                sizeof(s->keys.database) },
                                     .port = session_port(s) };
    struct store *store = NULL;
    enum err err = set_aside(s);

    session_store_path(s, path, sizeof(path));
    if (!err) {
        err = store_open(&options, &store);
    }
    if (!err) {
        err = evlog_init(store, id);
    }
    if (!err) {
        err = put_facts(j, store);
    }
    store_close(store);
    return err;
}

static enum err make_ring(struct joining *j, const struct evlog_identity *id)
{
    struct session *s = j->s;
    enum err err = keyring_new(&id->device, &s->ring);

    if (!err) {
        err = keyring_set_recovery(s->ring, &id->recovery_key, s->keys.database,
                                   port_random(session_port(s)));
    }
    if (!err) {
        err = session_open_tablet(s);
    }
    if (!err) {
        err = session_add_officer(s, &j->who, j->what->pin);
    }
    return err;
}

static enum err settle(struct joining *j)
{
    const struct port *port = session_port(j->s);
    struct session *s = j->s;
    struct evlog_identity id = { .device = j->response.device };
    enum err err = keystore_make(machine_keys(s->machine), port_random(port),
                                 true); /* the server agreed to it */

    if (err == ERR_EXISTS) {
        err = ERR_OK;
    }
    if (!err) {
        err = session_wipe_forget(j->s);
    }
    if (!err) {
        err = port->ops->random(port->ctx, s->keys.database,
                                sizeof(s->keys.database));
    }
    if (!err) {
        err = make_identity(j, &id);
    }
    if (!err) {
        err = make_store(j, &id);
    }
    if (!err) {
        err = make_ring(j, &id);
    }
    wipe(&id, sizeof(id));
    if (err) {
        buf_printf(j->why,
                   "the tablet could not keep its enrolment (%s). "
                   "Free some space, then ask for a new code.",
                   err_text(err));
    }
    return err;
}

static enum err join(struct joining *j)
{
    enum err err = enrol_code_parse(j->what->code, &j->code);

    if (err) {
        buf_put_text(j->why, "the code isn't one: check it letter by letter.");
        return err;
    }
    err = fetch_authority(j);
    if (!err) {
        err = make_request(j);
    }
    if (!err) {
        err = post_request(j);
    }
    if (!err) {
        err = check_answer(j);
    }
    if (!err) {
        err = find_officer(j);
    }
    return err ? err : settle(j);
}

/* The tablet was opened for nobody yet; now for the one with the PIN. */
static enum err reopen(struct session *s, const struct session_enrolment *what)
{
    struct uuid officer;
    uint64_t wait_ms;
    enum err err = keyring_find(s->ring, what->officer, &officer);

    session_lock(s);
    return err ? err : session_unlock(s, &officer, what->pin, &wait_ms);
}

enum err session_enrol(struct session *s, const struct session_enrolment *what,
                       struct buf *why)
{
    struct joining j = { .s = s, .what = what, .why = why };
    enum err err;

    if (s->ring) {
        buf_put_text(why, "this tablet is enrolled already.");
        return ERR_EXISTS;
    }
    if (what->pin.len < PIN_MIN_BYTES || what->pin.len > PIN_MAX_BYTES) {
        buf_printf(why, "a PIN has %d to %d characters.", PIN_MIN_BYTES,
                   PIN_MAX_BYTES);
        return ERR_TOO_LONG;
    }
    buf_init(&j.root, ENROL_CERT_MAX_BYTES);
    buf_init(&j.answer, ENROL_BODY_MAX_BYTES);
    buf_init(&j.csr, ENROL_CSR_MAX_BYTES);
    buf_init(&j.request, ENROL_BODY_MAX_BYTES);
    err = join(&j);
    if (err) {
        session_lock(s);
        keyring_free(s->ring);
        s->ring = NULL;
    } else {
        err = reopen(s, what);
    }
    mem_free((void *)(uintptr_t)j.who.number);
    mem_free((void *)(uintptr_t)j.who.name);
    mem_free((void *)(uintptr_t)j.who.role);
    buf_fini(&j.root);
    buf_fini(&j.answer);
    buf_fini(&j.csr);
    buf_wipe(&j.request);
    wipe(&j.code, sizeof(j.code));
    wipe(&j.tls, sizeof(j.tls));
    wipe(&j.seal, sizeof(j.seal));
    return err;
}
