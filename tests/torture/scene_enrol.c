/*
 * scene_enrol.c - joining a council, in the steps and the order of
 * ui/session/session_enrol.c: store, then wraps, then all else.
 */
#include <stdio.h>
#include <string.h>

#include "core/cose.h"
#include "core/enrol.h"
#include "core/keyring.h"
#include "platform/shared/x509req.h"
#include "tests/torture/scene_net.h"
#include "tests/torture/scene_parts.h"
#include "tests/torture/scene_port.h"

#define META_LEAF "tls_leaf"

struct joining {
    struct scene *s;
    struct ec_key tls, seal;
    struct buf csr, request, root, answer;
    struct evlog_identity id;
    struct enrol_response *response;
};

static const struct keyring_proof proof = { { 1, 2, 3 }, { 4, 5, 6 } };

static struct bytes text_of(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

static enum err ask(struct scene *s, const struct scene_request *r,
                    struct buf *out)
{
    struct scene_answer a;
    enum err err = scene_ask(s, r, &a);

    if (!err && a.status != 200 && a.status != 201) {
        err = ERR_REFUSED;
    }
    if (!err) {
        buf_put(out, a.body.data, a.body.len);
        err = out->err;
    }
    scene_answer_fini(&a);
    return err;
}

static enum err fetch_authority(struct joining *j)
{
    const struct scene_request r = { .listener = LISTENER_WEB,
                                     .method = "GET",
                                     .path = "/v1/ca" };
    struct hash hash;
    enum err err = ask(j->s, &r, &j->root);

    if (err)
        return err;
    crypto_sha256(buf_bytes(&j->root), &hash);
    return hash_eq(&hash, &j->s->root) ? ERR_OK : ERR_BAD_HASH;
}

static enum err make_request(struct joining *j)
{
    const struct crypto_random random = port_random(&j->s->tablet.port);
    struct enrol_request r = { .storage = ENROL_STORAGE_TPM,
                               .version = text_of("0.1") };
    struct buf key, statement;
    enum err err = crypto_ec_new(random, &j->tls);

    buf_init(&key, 256);
    buf_init(&statement, 1024);
    err = err ? err : crypto_ec_new(random, &j->seal);
    err = err ? err : x509req_make(&j->tls, "tablet", random, &j->csr);
    cose_key_put(&key, &j->seal.pub);
    err = err ? err : key.err;
    err = err ? err
              : enrol_statement_put(&statement, &j->seal, buf_bytes(&j->csr),
                                    ENROL_AAD);
    if (!err) {
        memcpy(r.secret, j->s->secret, sizeof(r.secret));
        r.csr = buf_bytes(&j->csr);
        r.seal_key = buf_bytes(&key);
        r.statement = buf_bytes(&statement);
        err = enrol_request_put(&j->request, &r);
    }
    buf_fini(&key);
    buf_fini(&statement);
    return err;
}

static enum err check_answer(struct joining *j)
{
    struct enrol_response *r = j->response;
    struct x509req_cert cert;
    enum err err = enrol_response_parse(buf_bytes(&j->answer), r);

    if (!err && !bytes_eq(r->root, buf_bytes(&j->root))) {
        err = ERR_BAD_HASH;
    }
    err = err ? err : x509req_issued(r->issuer, r->root);
    err = err ? err : x509req_issued(r->leaf, r->issuer);
    err = err ? err : x509req_read(r->leaf, &cert);
    if (!err && (!cert.has_key ||
                 memcmp(&cert.key, &j->tls.pub, sizeof(cert.key)) != 0)) {
        err = ERR_BAD_SEAL;
    }
    return err;
}

/* --- what is kept --- */

static void store_path(const uint8_t attempt, char out[32])
{
    snprintf(out, 32, "store-%u.db", attempt);
}

static enum err make_store(struct joining *j, uint8_t attempt)
{
    struct scene *s = j->s;
    char path[32];
    const struct store_options o = { path,
                                     faultvfs_name(s->tablet.disk),
                                     { s->key, sizeof(s->key) },
                                     &s->tablet.port };
    struct store *store = NULL;
    enum err err;

    store_path(attempt, path);
    err = store_open(&o, &store);
    err = err ? err : evlog_init(store, &j->id);
    err = err ? err : store_meta_put(store, META_LEAF, j->response->leaf);
    store_close(store);
    return err;
}

/* Replaced whole: temp, fsync, rename, fsync of the folder. */
static enum err keep_wraps(struct scene *s, const struct keyring *ring,
                           uint8_t attempt)
{
    struct buf out;
    enum err err;

    buf_init(&out, sizeof(s->wraps) - 1);
    err = keyring_put(ring, &out);
    if (!err && scene_port_fails(&s->tablet)) {
        err = ERR_FULL;
    }
    err = err ? err : scene_port_commit(&s->tablet, false);
    if (!err) {
        s->wraps[0] = attempt;
        memcpy(s->wraps + 1, out.data, out.len);
        s->wraps_len = out.len + 1;
        err = scene_port_commit(&s->tablet, true);
    }
    buf_fini(&out);
    return err;
}

static enum err make_ring(struct joining *j, uint8_t attempt)
{
    const struct crypto_random random = port_random(&j->s->tablet.port);
    struct keyring_new_pin pin = { .officer = j->s->officer,
                                   .incarnation = j->id.incarnation,
                                   .number = "4127",
                                   .name = "A. Yusuf",
                                   .proof = proof };
    struct keyring_keys keys = { .has_officer = true };
    struct keyring *ring = NULL;
    enum err err = keyring_new(&j->id.device, &ring);

    memcpy(keys.database, j->s->key, sizeof(keys.database));
    err = err ? err
              : keyring_set_recovery(ring, &j->id.recovery_key, j->s->key,
                                     random);
    err = err ? err : crypto_ec_new(random, &keys.officer);
    err = err ? err : keyring_kdf_new(random, &pin.kdf);
    err = err ? err : keyring_set_pin(ring, &pin, &keys, random);
    err = err ? err : keep_wraps(j->s, ring, attempt);
    keyring_free(ring);
    return err;
}

static enum err settle(struct joining *j)
{
    struct enrol_response *r = j->response;
    const struct crypto_random random = port_random(&j->s->tablet.port);
    const uint8_t attempt = ++j->s->attempts;
    enum err err = random.fill(random.ctx, j->s->key, sizeof(j->s->key));

    err = err ? err : random.fill(random.ctx, j->id.incarnation.bytes, 16);
    j->id.council = r->council;
    j->id.device = r->device;
    j->id.seal_key = j->seal;
    err = err ? err : cose_key_parse(r->server_key, &j->id.server_key);
    err = err ? err : cose_key_parse(r->recovery_key, &j->id.recovery_key);
    err = err ? err : make_store(j, attempt);
    return err ? err : make_ring(j, attempt);
}

enum err scene_enrol(struct scene *s)
{
    static struct enrol_response response;
    struct joining j = { .s = s, .response = &response };
    enum err err;

    buf_init(&j.csr, ENROL_CSR_MAX_BYTES);
    buf_init(&j.request, ENROL_BODY_MAX_BYTES);
    buf_init(&j.root, ENROL_CERT_MAX_BYTES);
    buf_init(&j.answer, ENROL_BODY_MAX_BYTES);
    err = fetch_authority(&j);
    err = err ? err : make_request(&j);
    if (!err) {
        const struct scene_request r = { .listener = LISTENER_WEB,
                                         .method = "POST",
                                         .path = "/v1/enrol",
                                         .content_type = ENROL_TYPE,
                                         .body = buf_bytes(&j.request) };

        err = ask(s, &r, &j.answer);
    }
    err = err ? err : check_answer(&j);
    err = err ? err : settle(&j);
    err = err ? err : scene_tablet_on(s);
    s->is_enrolled = s->is_enrolled || !err;
    buf_fini(&j.csr);
    buf_fini(&j.request);
    buf_fini(&j.root);
    buf_fini(&j.answer);
    if (err && s->on_fed != NULL && s->message == s->cut_message) {
        s->on_fed(s, err);
    }
    return err;
}

/* --- opening it again --- */

static enum err unlock(struct scene *s)
{
    const struct bytes in = { s->wraps + 1, s->wraps_len - 1 };
    struct keyring_keys keys;
    struct keyring_kdf kdf;
    struct keyring *ring = NULL;
    struct port_time now;
    uint64_t wait;
    enum err err = keyring_parse(in, &ring);

    s->tablet.port.ops->now(s->tablet.port.ctx, &now);
    err = err ? err
              : keyring_try(ring, &s->officer, &now.boot, now.mono_ms, &kdf,
                            &wait);
    err = err ? err : keyring_open(ring, &s->officer, &proof, &keys);
    if (!err) {
        memcpy(s->key, keys.database, sizeof(s->key));
    }
    keyring_free(ring);
    return err;
}

static enum err read_identity(struct scene *s)
{
    struct buf leaf;
    enum err err;

    buf_init(&leaf, ENROL_CERT_MAX_BYTES);
    err = store_meta_get(tablet_store(s->t), META_LEAF, &leaf);
    if (!err) {
        crypto_sha256(buf_bytes(&leaf), &s->cert);
        s->device = evlog_identity(tablet_log(s->t))->device;
    }
    buf_fini(&leaf);
    return err;
}

enum err scene_tablet_on(struct scene *s)
{
    char path[32];
    struct tablet_options o = {
        .store = { path, NULL, { s->key, 32 }, &s->tablet.port },
        .port = &s->tablet.port,
        .officers = &s->officer,
        .officer_count = 1
    };
    enum err err;

    if (s->wraps_len == 0) {
        return ERR_NOT_FOUND;
    }
    o.store.vfs = faultvfs_name(s->tablet.disk);
    store_path(s->wraps[0], path);
    err = unlock(s);
    err = err ? err : tablet_open(&o, &s->t);
    err = err ? err : read_identity(s);
    if (err) {
        scene_tablet_off(s);
    }
    return err;
}
