/*
 * authority_renew.c - the council's own certificates, replaced before they
 * end and without losing a tablet.
 *
 * The server's certificate is signed anew, for the same key, by the issuing
 * CA: at each start and whenever half of its life is over. The issuing CA
 * needs the root's key from the safe, once a year; its predecessors stay in
 * the list of those who may have signed a tablet's certificate. A new root
 * is certified by the old one, and the server shows that certificate.
 */
#include <stdio.h>
#include <string.h>

#include "core/enrol.h"
#include "core/limits.h"
#include "sync-server/authority_internal.h"

/* Earlier issuing CAs that are shown: a tablet is away for years at most. */
#define OLD_MAX 8

static enum err get_cert(struct council *c, const char *meta, struct buf *der,
                         struct pki_cert *out)
{
    enum err err = authority_get(c, meta, der);

    return err ? err : pki_read(buf_bytes(der), out);
}

enum err authority_cap(struct council *c, int64_t *until_s)
{
    struct pki_cert issuer;
    struct buf der;
    enum err err;

    buf_init(&der, ENROL_CERT_MAX_BYTES);
    err = get_cert(c, AUTHORITY_META_ISSUER, &der, &issuer);
    buf_fini(&der);
    if (err)
        return err;
    if (issuer.until_s <= council_now(c) / 1000)
        return ERR_CLOSED;
    if (*until_s > issuer.until_s) {
        *until_s = issuer.until_s;
    }
    return ERR_OK;
}

enum err authority_days_left(struct council *c, int64_t *days_out)
{
    struct pki_cert issuer;
    struct buf der;
    enum err err;

    buf_init(&der, ENROL_CERT_MAX_BYTES);
    err = get_cert(c, AUTHORITY_META_ISSUER, &der, &issuer);
    buf_fini(&der);
    *days_out =
        err ? 0 : (issuer.until_s - council_now(c) / 1000) / AUTHORITY_DAY_S;
    return err;
}

/* --- lists of certificates in one value: DER after DER --- */

/* The first certificate of `list` moves to `out`; false at the end. */
static bool take_cert(struct bytes *list, struct bytes *out)
{
    size_t len;

    if (list->len < 4 || list->data[0] != 0x30 || list->data[1] != 0x82)
        return false;
    len = 4 + ((size_t)list->data[2] << 8 | list->data[3]);
    if (len > list->len)
        return false;
    *out = (struct bytes){ list->data, len };
    list->data += len;
    list->len -= len;
    return true;
}

static enum err get_list(struct council *c, const char *meta, struct buf *out)
{
    const enum err err = authority_get(c, meta, out);

    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err put_list_pem(struct council *c, const char *meta, size_t max,
                             struct buf *out)
{
    struct bytes list, one;
    struct buf all;
    enum err err;

    buf_init(&all, 64 * ENROL_CERT_MAX_BYTES);
    err = get_list(c, meta, &all);
    list = buf_bytes(&all);
    for (size_t i = 0; i < max && !err && take_cert(&list, &one); i++) {
        err = pki_cert_pem(one, out);
    }
    buf_fini(&all);
    return err;
}

/* --- a new issuing CA, and with it perhaps a new root --- */

struct roll {
    struct council *council;
    int64_t now_s;
    char root_name[PKI_NAME_MAX + 1], issuer_name[PKI_NAME_MAX + 1];
    struct buf root, issuer; /* DER, of now */
};

/* `old` before or after what the list has. */
static enum err add_to_list(struct council *c, const char *meta,
                            struct bytes old, bool is_first)
{
    struct buf list, all;
    enum err err;

    buf_init(&list, 64 * ENROL_CERT_MAX_BYTES);
    buf_init(&all, 64 * ENROL_CERT_MAX_BYTES);
    err = get_list(c, meta, &list);
    if (is_first) {
        buf_put(&all, old.data, old.len);
    }
    buf_put(&all, list.data, list.len);
    if (!is_first) {
        buf_put(&all, old.data, old.len);
    }
    err = err ? err : all.err;
    err = err ? err : sdb_meta_put(c->db, meta, buf_bytes(&all));
    buf_fini(&list);
    buf_fini(&all);
    return err;
}

static enum err sign(struct roll *r, enum pki_use use, int days,
                     const struct ec_public *key, const struct ec_key *signer,
                     struct buf *out)
{
    struct pki_new n = { .use = use,
                         .from_s = r->now_s - AUTHORITY_SKEW_S,
                         .until_s = r->now_s + days * AUTHORITY_DAY_S,
                         .key = *key,
                         .signer = signer };

    /* All roots have one name: a chain over several is as long, for the
     * rule of path lengths, as one over the last. */
    memcpy(n.issuer, r->root_name, sizeof(n.issuer));
    memcpy(n.subject, use == PKI_ROOT ? r->root_name : r->issuer_name,
           sizeof(n.subject));
    buf_reset(out);
    return pki_issue(&n, port_random(r->council->port), out);
}

static enum err replace_root(struct roll *r, const struct ec_key *old,
                             const struct ec_key *new_root)
{
    struct council *c = r->council;
    struct buf cross;
    enum err err;

    buf_init(&cross, ENROL_CERT_MAX_BYTES);
    err = sign(r, PKI_ROOT, AUTHORITY_ROOT_DAYS, &new_root->pub, old, &cross);
    err = err ? err
              : add_to_list(c, AUTHORITY_META_CROSS, buf_bytes(&cross), false);
    err = err ? err
              : sign(r, PKI_ROOT, AUTHORITY_ROOT_DAYS, &new_root->pub, new_root,
                     &r->root);
    err = err ? err
              : sdb_meta_put(c->db, AUTHORITY_META_ROOT, buf_bytes(&r->root));
    buf_fini(&cross);
    return err;
}

static enum err replace_issuer(struct roll *r, const struct ec_key *root)
{
    struct council *c = r->council;
    struct ec_key issuer;
    enum err err = crypto_ec_new(port_random(c->port), &issuer);

    err = err ? err
              : add_to_list(c, AUTHORITY_META_OLD, buf_bytes(&r->issuer), true);
    err = err ? err
              : sign(r, PKI_ISSUER, AUTHORITY_YEAR_DAYS, &issuer.pub, root,
                     &r->issuer);
    err =
        err ? err
            : sdb_meta_put(c->db, AUTHORITY_META_ISSUER, buf_bytes(&r->issuer));
    err = err ? err
              : sdb_meta_put(c->db, AUTHORITY_META_KEY,
                             (struct bytes){ issuer.d, sizeof(issuer.d) });
    wipe(&issuer, sizeof(issuer));
    return err;
}

enum err authority_roll(struct council *c, const struct ec_key *root,
                        const struct ec_key *new_root)
{
    struct roll r = { .council = c, .now_s = council_now(c) / 1000 };
    struct pki_cert root_cert, issuer_cert;
    enum err err;

    buf_init(&r.root, ENROL_CERT_MAX_BYTES);
    buf_init(&r.issuer, ENROL_CERT_MAX_BYTES);
    err = get_cert(c, AUTHORITY_META_ROOT, &r.root, &root_cert);
    err =
        err ? err : get_cert(c, AUTHORITY_META_ISSUER, &r.issuer, &issuer_cert);
    if (!err && memcmp(&root_cert.key, &root->pub, sizeof(root->pub)) != 0) {
        err = ERR_WRONG_KEY;
    }
    memcpy(r.root_name, root_cert.subject, sizeof(r.root_name));
    memcpy(r.issuer_name, issuer_cert.subject, sizeof(r.issuer_name));
    if (!err && new_root != NULL) {
        err = replace_root(&r, root, new_root);
    }
    err = err ? err : replace_issuer(&r, new_root != NULL ? new_root : root);
    buf_fini(&r.root);
    buf_fini(&r.issuer);
    return err;
}

/* --- the files of the tls process --- */

/* Reads the chain in use; true when its server certificate may stay. */
static bool may_stay(struct council *c, struct bytes chain_pem,
                     struct buf *leaf, struct pki_cert *cert)
{
    const int64_t now_s = council_now(c) / 1000;
    struct buf issuer;
    bool stays;

    buf_reset(leaf);
    buf_init(&issuer, ENROL_CERT_MAX_BYTES);
    stays = pki_cert_der(chain_pem, leaf) == ERR_OK &&
            pki_read(buf_bytes(leaf), cert) == ERR_OK &&
            authority_get(c, AUTHORITY_META_ISSUER, &issuer) == ERR_OK &&
            pki_check(buf_bytes(leaf), buf_bytes(&issuer)) == ERR_OK &&
            now_s < cert->from_s + (cert->until_s - cert->from_s) / 2;
    buf_fini(&issuer);
    return stays;
}

bool authority_is_due(struct council *c, struct bytes chain_pem)
{
    struct pki_cert cert;
    struct buf leaf;
    int64_t days = 0;
    bool is_due;

    buf_init(&leaf, ENROL_CERT_MAX_BYTES);
    /* Near the end of its CA each new one is shorter: not over and over. */
    is_due = !may_stay(c, chain_pem, &leaf, &cert) &&
             authority_days_left(c, &days) == ERR_OK && days > 1;
    buf_fini(&leaf);
    return is_due;
}

static enum err issue_server(struct council *c, const struct ec_public *key,
                             struct buf *leaf)
{
    const int64_t now_s = council_now(c) / 1000;
    struct pki_new n = { .use = PKI_SERVER,
                         .from_s = now_s - AUTHORITY_SKEW_S,
                         .until_s =
                             now_s + AUTHORITY_YEAR_DAYS * AUTHORITY_DAY_S,
                         .key = *key };
    struct ec_key issuer;
    struct buf host;
    enum err err;

    buf_init(&host, 256);
    err = authority_get(c, AUTHORITY_META_HOST, &host);
    err = err ? err : authority_load_issuer(c, &issuer, n.issuer);
    err = err ? err : authority_cap(c, &n.until_s);
    if (!err) {
        authority_name_server(&n, buf_text(&host));
        n.signer = &issuer;
        buf_reset(leaf);
        err = pki_issue(&n, port_random(c->port), leaf);
    }
    wipe(&issuer, sizeof(issuer));
    buf_fini(&host);
    return err;
}

enum err authority_refresh(struct council *c, struct bytes chain_pem,
                           struct authority_files *out)
{
    struct pki_cert cert;
    struct buf leaf, issuer;
    enum err err;

    memset(out, 0, sizeof(*out));
    buf_init(&out->chain, 16 * ENROL_CERT_MAX_BYTES);
    buf_init(&out->devices, 16 * ENROL_CERT_MAX_BYTES);
    buf_init(&leaf, ENROL_CERT_MAX_BYTES);
    buf_init(&issuer, ENROL_CERT_MAX_BYTES);
    memset(&cert, 0, sizeof(cert));
    err = pki_cert_der(chain_pem, &leaf);
    if (!err && !may_stay(c, chain_pem, &leaf, &cert)) {
        err = pki_read(buf_bytes(&leaf), &cert);
        err = err ? err : issue_server(c, &cert.key, &leaf);
    }
    err = err ? err : authority_get(c, AUTHORITY_META_ISSUER, &issuer);
    err = err ? err : pki_cert_pem(buf_bytes(&leaf), &out->chain);
    err = err ? err : pki_cert_pem(buf_bytes(&issuer), &out->chain);
    err = err ? err
              : put_list_pem(c, AUTHORITY_META_CROSS, ENROL_CROSS_MAX,
                             &out->chain);
    err = err ? err : pki_cert_pem(buf_bytes(&issuer), &out->devices);
    err =
        err ? err : put_list_pem(c, AUTHORITY_META_OLD, OLD_MAX, &out->devices);
    buf_fini(&leaf);
    buf_fini(&issuer);
    return err;
}

enum err authority_put_roots(struct council *c, struct buf *hold,
                             struct enrol_renewed *out)
{
    struct bytes list, all[64], one;
    struct buf cross;
    size_t count = 0;
    enum err err;

    buf_init(&cross, 64 * ENROL_CERT_MAX_BYTES);
    err = authority_get(c, AUTHORITY_META_CROSS, &cross);
    if (err == ERR_NOT_FOUND) {
        buf_fini(&cross);
        return ERR_OK;
    }
    err = err ? err : authority_get(c, AUTHORITY_META_ROOT, hold);
    if (!err) {
        const size_t root_len = hold->len;

        buf_put(hold, cross.data, cross.len);
        err = hold->err;
        out->root = (struct bytes){ hold->data, root_len };
        list = (struct bytes){ hold->data + root_len, hold->len - root_len };
    }
    while (!err && count < ARRAY_LEN(all) && take_cert(&list, &one)) {
        all[count++] = one;
    }
    for (size_t i = count < ENROL_CROSS_MAX ? 0 : count - ENROL_CROSS_MAX;
         !err && i < count; i++) {
        out->cross[out->cross_count++] = all[i]; /* the newest ones */
    }
    buf_fini(&cross);
    return err;
}
