#include "sync-server/authority.h"

#include <stdio.h>
#include <string.h>

#include "core/cose.h"
#include "core/limits.h"
#include "sync-server/authority_internal.h"
#include "sync-server/pki.h"
#include "sync-server/secret.h"

enum err authority_get(struct council *c, const char *meta, struct buf *out)
{
    buf_reset(out);
    return sdb_meta_get(c->db, meta, out);
}

static enum err put_text(struct council *c, const char *meta, const char *text)
{
    return sdb_meta_put(c->db, meta,
                        (struct bytes){ (const uint8_t *)text, strlen(text) });
}

enum err authority_fingerprint(struct council *c, struct hash *out)
{
    struct buf root;
    enum err err;

    buf_init(&root, ENROL_CERT_MAX_BYTES);
    err = authority_get(c, AUTHORITY_META_ROOT, &root);
    if (!err) {
        crypto_sha256(buf_bytes(&root), out);
    }
    buf_fini(&root);
    return err;
}

void authority_name_server(struct pki_new *n, const char *host)
{
    snprintf(n->subject, sizeof(n->subject), "%s", host);
    n->sans[0] = "localhost";
    n->sans[1] = "127.0.0.1";
    n->sans[2] = "::1";
    n->sans[3] = host;
    n->san_count = strcmp(host, "localhost") == 0 ? 3 : 4;
}

/* --- init --- */

struct maker {
    struct council *council;
    const char *host;
    char root_name[PKI_NAME_MAX + 1], issuer_name[PKI_NAME_MAX + 1];
    int64_t now_s;
    struct ec_key root, issuer, server, recovery;
    struct buf root_der, issuer_der, server_der;
};

static enum err make_one(struct maker *m, enum pki_use use, int days,
                         struct buf *der_out)
{
    const bool by_root = use == PKI_ROOT || use == PKI_ISSUER;
    struct pki_new n = { .use = use,
                         .from_s = m->now_s - AUTHORITY_SKEW_S,
                         .until_s = m->now_s + days * AUTHORITY_DAY_S,
                         .signer = by_root ? &m->root : &m->issuer };

    snprintf(n.issuer, sizeof(n.issuer), "%s",
             by_root ? m->root_name : m->issuer_name);
    if (use == PKI_ROOT) {
        snprintf(n.subject, sizeof(n.subject), "%s", m->root_name);
        n.key = m->root.pub;
    } else if (use == PKI_ISSUER) {
        snprintf(n.subject, sizeof(n.subject), "%s", m->issuer_name);
        n.key = m->issuer.pub;
    } else {
        n.key = m->server.pub;
        authority_name_server(&n, m->host);
    }
    return pki_issue(&n, port_random(m->council->port), der_out);
}

static enum err make_all(struct maker *m)
{
    const struct crypto_random random = port_random(m->council->port);
    enum err err = crypto_ec_new(random, &m->root);

    err = err ? err : crypto_ec_new(random, &m->issuer);
    err = err ? err : crypto_ec_new(random, &m->server);
    err = err ? err : crypto_ec_new(random, &m->recovery);
    err = err ? err : make_one(m, PKI_ROOT, AUTHORITY_ROOT_DAYS, &m->root_der);
    err = err ? err
              : make_one(m, PKI_ISSUER, AUTHORITY_YEAR_DAYS, &m->issuer_der);
    return err ? err
               : make_one(m, PKI_SERVER, AUTHORITY_YEAR_DAYS, &m->server_der);
}

static enum err store_all(struct maker *m)
{
    struct council *c = m->council;
    struct buf key;
    enum err err;

    buf_init(&key, 256);
    cose_key_put(&key, &m->recovery.pub);
    err = key.err;
    err =
        err ? err : sdb_meta_put(c->db, COUNCIL_META_RECOVERY, buf_bytes(&key));
    err =
        err ? err
            : sdb_meta_put(c->db, AUTHORITY_META_ROOT, buf_bytes(&m->root_der));
    err = err ? err
              : sdb_meta_put(c->db, AUTHORITY_META_ISSUER,
                             buf_bytes(&m->issuer_der));
    err = err ? err
              : sdb_meta_put(c->db, AUTHORITY_META_KEY,
                             (struct bytes){ m->issuer.d, 32 });
    err = err ? err : put_text(c, AUTHORITY_META_NAME, m->issuer_name);
    err = err ? err : put_text(c, AUTHORITY_META_HOST, m->host);
    buf_fini(&key);
    return err;
}

static enum err write_all(struct maker *m, struct bytes passphrase,
                          struct authority_files *out)
{
    const struct crypto_random random = port_random(m->council->port);
    enum err err = pki_cert_pem(buf_bytes(&m->server_der), &out->chain);

    err = err ? err : pki_cert_pem(buf_bytes(&m->issuer_der), &out->chain);
    err = err ? err : pki_key_pem(&m->server, &out->key);
    err = err ? err : pki_cert_pem(buf_bytes(&m->issuer_der), &out->devices);
    err = err ? err
              : secret_wrap(passphrase, (struct bytes){ m->root.d, 32 }, random,
                            &out->root_safe);
    return err ? err
               : secret_wrap(passphrase, (struct bytes){ m->recovery.d, 32 },
                             random, &out->recovery_safe);
}

enum err authority_init(struct council *c, const char *name, const char *host,
                        struct bytes passphrase, struct authority_files *out)
{
    struct maker m = { .council = c,
                       .host = host,
                       .now_s = council_now(c) / 1000 };
    enum err err;

    buf_init(&out->chain, 4 * ENROL_CERT_MAX_BYTES);
    buf_init(&out->key, ENROL_CERT_MAX_BYTES);
    buf_init(&out->devices, 2 * ENROL_CERT_MAX_BYTES);
    buf_init(&out->root_safe, SECRET_WRAPPED_MAX);
    buf_init(&out->recovery_safe, SECRET_WRAPPED_MAX);
    buf_init(&m.root_der, ENROL_CERT_MAX_BYTES);
    buf_init(&m.issuer_der, ENROL_CERT_MAX_BYTES);
    buf_init(&m.server_der, ENROL_CERT_MAX_BYTES);
    snprintf(m.root_name, sizeof(m.root_name), "%.70s root CA", name);
    snprintf(m.issuer_name, sizeof(m.issuer_name), "%.70s issuing CA", name);
    err = make_all(&m);
    err = err ? err : store_all(&m);
    err = err ? err : write_all(&m, passphrase, out);
    buf_fini(&m.root_der);
    buf_fini(&m.issuer_der);
    buf_fini(&m.server_der);
    wipe(&m, sizeof(m));
    return err;
}

void authority_files_fini(struct authority_files *f)
{
    buf_fini(&f->chain);
    buf_wipe(&f->key);
    buf_fini(&f->devices);
    buf_wipe(&f->root_safe);
    buf_wipe(&f->recovery_safe);
}

/* --- tablets --- */

enum err authority_load_issuer(struct council *c, struct ec_key *key,
                               char name[PKI_NAME_MAX + 1])
{
    struct buf value;
    enum err err;

    buf_init(&value, 1024);
    err = authority_get(c, AUTHORITY_META_KEY, &value);
    if (!err && value.len != sizeof(key->d)) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        memcpy(key->d, value.data, sizeof(key->d));
        err = crypto_ec_derive(key);
    }
    wipe(value.data, value.len);
    err = err ? err : authority_get(c, AUTHORITY_META_NAME, &value);
    if (!err) {
        snprintf(name, PKI_NAME_MAX + 1, "%s", buf_text(&value));
    }
    buf_wipe(&value);
    return err;
}

enum err authority_issue(struct council *c, const struct uuid *device,
                         const struct ec_public *key, struct buf *leaf_out)
{
    const int64_t now_s = council_now(c) / 1000;
    struct pki_new n = { .use = PKI_DEVICE,
                         .from_s = now_s - AUTHORITY_SKEW_S,
                         .until_s =
                             now_s + AUTHORITY_DEVICE_DAYS * AUTHORITY_DAY_S,
                         .key = *key };
    struct sdb_certificate row = { .device = *device };
    struct ec_key issuer;
    enum err err = authority_load_issuer(c, &issuer, n.issuer);

    err = err ? err : authority_cap(c, &n.until_s);
    row.not_before_ms = n.from_s * 1000;
    row.not_after_ms = n.until_s * 1000;
    n.signer = &issuer;
    uuid_format(device, n.subject);
    err = err ? err : pki_issue(&n, port_random(c->port), leaf_out);
    wipe(&issuer, sizeof(issuer));
    if (err)
        return err;
    crypto_sha256(buf_bytes(leaf_out), &row.fingerprint);
    return sdb_certificate_put(c->db, &row);
}
