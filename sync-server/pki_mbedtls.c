/* pki_mbedtls.c - pki.h over mbedTLS 2.28 and 3.6. */
#include <mbedtls/asn1.h>
#include <mbedtls/md.h>
#include <mbedtls/oid.h>
#include <mbedtls/pem.h>
#include <mbedtls/pk.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#include <mbedtls/x509_csr.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/limits.h"
#include "sync-server/pki.h"

#define IS_V3       (MBEDTLS_VERSION_NUMBER >= 0x03000000)
#define SERIAL_SIZE 16

/* --- keys, by way of their DER: the same for both versions --- */

static int random_fill(void *ctx, unsigned char *out, size_t len)
{
    const struct crypto_random *random = ctx;

    return random->fill(random->ctx, out, len) == ERR_OK ? 0 : -1;
}

/* SubjectPublicKeyInfo of a P-256 key: fixed but for the point. */
static const uint8_t public_head[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a,
                                       0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
                                       0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
                                       0x01, 0x07, 0x03, 0x42, 0x00, 0x04 };
/* SEC 1 private key: version, scalar, then curve and point. */
static const uint8_t private_head[] = {
    0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20
};
static const uint8_t private_mid[] = { 0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86,
                                       0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
                                       0xa1, 0x44, 0x03, 0x42, 0x00, 0x04 };

static void private_der(const struct ec_key *key, struct buf *out)
{
    buf_put(out, private_head, sizeof(private_head));
    buf_put(out, key->d, sizeof(key->d));
    buf_put(out, private_mid, sizeof(private_mid));
    buf_put(out, key->pub.x, 32);
    buf_put(out, key->pub.y, 32);
}

static enum err load_public(const struct ec_public *pub,
                            mbedtls_pk_context *out)
{
    uint8_t der[sizeof(public_head) + 64];

    memcpy(der, public_head, sizeof(public_head));
    memcpy(der + sizeof(public_head), pub->x, 32);
    memcpy(der + sizeof(public_head) + 32, pub->y, 32);
    return mbedtls_pk_parse_public_key(out, der, sizeof(der)) == 0
               ? ERR_OK
               : ERR_BAD_DATA;
}

static enum err load_private(const struct ec_key *key,
                             struct crypto_random *random,
                             mbedtls_pk_context *out)
{
    struct buf der;
    int code;

    buf_init(&der, 256);
    private_der(key, &der);
    if (der.err)
        return der.err;
#if IS_V3
    code = mbedtls_pk_parse_key(out, der.data, der.len, NULL, 0, random_fill,
                                random);
#else
    (void)random;
    code = mbedtls_pk_parse_key(out, der.data, der.len, NULL, 0);
#endif
    buf_wipe(&der);
    return code == 0 ? ERR_OK : ERR_BAD_DATA;
}

/* ERR_BAD_DATA for anything but P-256. */
static enum err read_public(mbedtls_pk_context *pk, struct ec_public *out)
{
    uint8_t der[256];
    const int len = mbedtls_pk_write_pubkey_der(pk, der, sizeof(der));
    const uint8_t *at = der + sizeof(der) - len;

    if (len != (int)sizeof(public_head) + 64 ||
        memcmp(at, public_head, sizeof(public_head)) != 0)
        return ERR_BAD_DATA;
    memcpy(out->x, at + sizeof(public_head), 32);
    memcpy(out->y, at + sizeof(public_head) + 32, 32);
    return crypto_ec_check(out);
}

/* --- extensions as raw DER, which 2.28 has no writer for --- */

static void put_tlv(struct buf *out, uint8_t tag, const void *data, size_t len)
{
    ASSERT(len < 0x10000);
    buf_put_u8(out, tag);
    if (len >= 0x100) {
        buf_put_u8(out, 0x82);
        buf_put_u8(out, (uint8_t)(len >> 8));
    } else if (len >= 0x80) {
        buf_put_u8(out, 0x81);
    }
    buf_put_u8(out, (uint8_t)len);
    buf_put(out, data, len);
}

/* An IPv4 address in dots; false for a name. */
static bool is_ipv4(const char *text, uint8_t out[4])
{
    unsigned part[4];
    char rest;

    if (sscanf(text, "%3u.%3u.%3u.%3u%c", &part[0], &part[1], &part[2],
               &part[3], &rest) != 4)
        return false;
    for (int i = 0; i < 4; i++) {
        if (part[i] > 255)
            return false;
        out[i] = (uint8_t)part[i];
    }
    return true;
}

/* RFC 5280, 4.2.1.6: dNSName [2], URI [6], iPAddress [7]. */
static enum err set_sans(mbedtls_x509write_cert *w, const struct pki_new *what)
{
    struct buf names, all;
    enum err err;

    buf_init(&names, 4096);
    buf_init(&all, 4096 + 8);
    for (size_t i = 0; i < what->san_count; i++) {
        const char *san = what->sans[i];
        uint8_t ip[16] = { 0 };

        if (is_ipv4(san, ip)) {
            put_tlv(&names, 0x87, ip, 4);
        } else if (strcmp(san, "::1") == 0) {
            ip[15] = 1;
            put_tlv(&names, 0x87, ip, 16);
        } else {
            put_tlv(&names, 0x82, san, strlen(san));
        }
    }
    if (what->use == PKI_DEVICE) {
        char uri[PKI_NAME_MAX + 16];
        const int len =
            snprintf(uri, sizeof(uri), "urn:uuid:%s", what->subject);

        put_tlv(&names, 0x86, uri, (size_t)len);
    }
    err = names.err;
    if (!err && names.len > 0) {
        put_tlv(&all, 0x30, names.data, names.len);
        err = all.err;
        if (!err && mbedtls_x509write_crt_set_extension(
                        w, MBEDTLS_OID_SUBJECT_ALT_NAME,
                        MBEDTLS_OID_SIZE(MBEDTLS_OID_SUBJECT_ALT_NAME), 0,
                        all.data, all.len) != 0) {
            err = ERR_NOMEM;
        }
    }
    buf_fini(&names);
    buf_fini(&all);
    return err;
}

static enum err set_use(mbedtls_x509write_cert *w, enum pki_use use)
{
    /* SEQUENCE { id-kp-serverAuth / id-kp-clientAuth } */
    static const uint8_t server[] = { 0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06,
                                      0x01, 0x05, 0x05, 0x07, 0x03, 0x01 };
    static const uint8_t client[] = { 0x30, 0x0a, 0x06, 0x08, 0x2b, 0x06,
                                      0x01, 0x05, 0x05, 0x07, 0x03, 0x02 };
    const bool is_ca = use == PKI_ROOT || use == PKI_ISSUER;
    const int length = use == PKI_ROOT ? 1 : 0;
    int code = mbedtls_x509write_crt_set_basic_constraints(w, is_ca,
                                                           is_ca ? length : -1);

    if (code == 0) {
        code = mbedtls_x509write_crt_set_key_usage(
            w, is_ca ? MBEDTLS_X509_KU_KEY_CERT_SIGN | MBEDTLS_X509_KU_CRL_SIGN
                     : MBEDTLS_X509_KU_DIGITAL_SIGNATURE);
    }
    if (code == 0 && !is_ca) {
        code = mbedtls_x509write_crt_set_extension(
            w, MBEDTLS_OID_EXTENDED_KEY_USAGE,
            MBEDTLS_OID_SIZE(MBEDTLS_OID_EXTENDED_KEY_USAGE), 0,
            use == PKI_SERVER ? server : client, sizeof(server));
    }
    return code == 0 ? ERR_OK : ERR_NOMEM;
}

/* --- issuing --- */

static bool time_text(int64_t at_s, char out[16])
{
    const time_t at = (time_t)at_s;
    struct tm tm;

    return gmtime_r(&at, &tm) != NULL &&
           strftime(out, 16, "%Y%m%d%H%M%S", &tm) == 14;
}

static enum err set_serial(mbedtls_x509write_cert *w,
                           struct crypto_random random)
{
    uint8_t serial[SERIAL_SIZE];
    enum err err = random.fill(random.ctx, serial, sizeof(serial));

    if (err)
        return err;
    serial[0] = (uint8_t)((serial[0] & 0x7f) | 0x40); /* positive, full size */
#if IS_V3
    err = mbedtls_x509write_crt_set_serial_raw(w, serial, sizeof(serial)) == 0
              ? ERR_OK
              : ERR_NOMEM;
#else
    mbedtls_mpi number;

    mbedtls_mpi_init(&number);
    err = mbedtls_mpi_read_binary(&number, serial, sizeof(serial)) == 0 &&
                  mbedtls_x509write_crt_set_serial(w, &number) == 0
              ? ERR_OK
              : ERR_NOMEM;
    mbedtls_mpi_free(&number);
#endif
    return err;
}

/* "CN=..."; a comma or so in a council's name would start another part. */
static bool name_text(const char *common, char out[2 * PKI_NAME_MAX + 4])
{
    size_t len = 3;

    memcpy(out, "CN=", 3);
    for (; *common != '\0'; common++) {
        if ((unsigned char)*common < ' ' || *common == 0x7f)
            return false;
        if (strchr(",+\"\\<>;=#", *common) != NULL)
            continue; /* left out */
        out[len++] = *common;
    }
    out[len] = '\0';
    return len > 3;
}

static enum err set_names(mbedtls_x509write_cert *w, const struct pki_new *what)
{
    char subject[2 * PKI_NAME_MAX + 4], issuer[2 * PKI_NAME_MAX + 4];
    char from[16], until[16];

    if (!name_text(what->subject, subject) || !name_text(what->issuer, issuer))
        return ERR_BAD_DATA;
    if (!time_text(what->from_s, from) || !time_text(what->until_s, until))
        return ERR_BAD_DATA;
    if (mbedtls_x509write_crt_set_subject_name(w, subject) != 0 ||
        mbedtls_x509write_crt_set_issuer_name(w, issuer) != 0 ||
        mbedtls_x509write_crt_set_validity(w, from, until) != 0)
        return ERR_BAD_DATA;
    return ERR_OK;
}

static enum err write_der(mbedtls_x509write_cert *w,
                          struct crypto_random *random, struct buf *der_out)
{
    uint8_t der[ENROL_CERT_MAX_BYTES];
    const int len =
        mbedtls_x509write_crt_der(w, der, sizeof(der), random_fill, random);

    if (len <= 0)
        return ERR_BAD_DATA;
    buf_put(der_out, der + sizeof(der) - len, (size_t)len);
    return der_out->err;
}

enum err pki_issue(const struct pki_new *what, struct crypto_random random,
                   struct buf *der_out)
{
    mbedtls_x509write_cert w;
    mbedtls_pk_context subject, signer;
    enum err err;

    mbedtls_x509write_crt_init(&w);
    mbedtls_pk_init(&subject);
    mbedtls_pk_init(&signer);
    err = load_public(&what->key, &subject);
    if (err)
        goto out;
    err = load_private(what->signer, &random, &signer);
    if (err)
        goto out;
    mbedtls_x509write_crt_set_version(&w, MBEDTLS_X509_CRT_VERSION_3);
    mbedtls_x509write_crt_set_md_alg(&w, MBEDTLS_MD_SHA256);
    mbedtls_x509write_crt_set_subject_key(&w, &subject);
    mbedtls_x509write_crt_set_issuer_key(&w, &signer);
    err = set_serial(&w, random);
    if (err)
        goto out;
    err = set_names(&w, what);
    if (err)
        goto out;
    err = set_use(&w, what->use);
    if (err)
        goto out;
    err = set_sans(&w, what);
    if (err)
        goto out;
    if (mbedtls_x509write_crt_set_subject_key_identifier(&w) != 0 ||
        mbedtls_x509write_crt_set_authority_key_identifier(&w) != 0) {
        err = ERR_NOMEM;
        goto out;
    }
    err = write_der(&w, &random, der_out);
out:
    mbedtls_x509write_crt_free(&w);
    mbedtls_pk_free(&subject);
    mbedtls_pk_free(&signer);
    return err;
}

/* --- reading --- */

/* Whole input, one item: nothing may hide behind it. */
static bool is_one_item(struct bytes der)
{
    unsigned char *at = (unsigned char *)(uintptr_t)der.data;
    size_t len = 0;

    return der.len > 0 && der.len <= ENROL_CERT_MAX_BYTES &&
           mbedtls_asn1_get_tag(&at, der.data + der.len, &len,
                                MBEDTLS_ASN1_CONSTRUCTED |
                                    MBEDTLS_ASN1_SEQUENCE) == 0 &&
           at + len == der.data + der.len;
}

enum err pki_request_key(struct bytes der, struct ec_public *out)
{
    mbedtls_x509_csr csr;
    uint8_t hash[32];
    struct hash sum;
    enum err err = ERR_BAD_DATA;

    mbedtls_x509_csr_init(&csr);
    if (!is_one_item(der) ||
        mbedtls_x509_csr_parse_der(&csr, der.data, der.len) != 0)
        goto out;
    err = read_public(&csr.pk, out);
    if (err)
        goto out;
    crypto_sha256((struct bytes){ csr.cri.p, csr.cri.len }, &sum);
    memcpy(hash, sum.bytes, sizeof(hash));
#if IS_V3
    /* The signature's place is private in 3.x: it is the last BIT STRING. */
    err = ERR_BAD_SEAL;
    for (size_t len = 66; len <= 74 && err; len++) {
        if (der.len > len &&
            mbedtls_pk_verify(&csr.pk, MBEDTLS_MD_SHA256, hash, sizeof(hash),
                              der.data + der.len - len, len) == 0) {
            err = ERR_OK;
        }
    }
#else
    err = csr.sig_md == MBEDTLS_MD_SHA256 &&
                  mbedtls_pk_verify(&csr.pk, MBEDTLS_MD_SHA256, hash,
                                    sizeof(hash), csr.sig.p, csr.sig.len) == 0
              ? ERR_OK
              : ERR_BAD_SEAL;
#endif
out:
    mbedtls_x509_csr_free(&csr);
    return err;
}

static int64_t time_of(const mbedtls_x509_time *t)
{
    struct tm tm = { .tm_year = t->year - 1900,
                     .tm_mon = t->mon - 1,
                     .tm_mday = t->day,
                     .tm_hour = t->hour,
                     .tm_min = t->min,
                     .tm_sec = t->sec };

    return (int64_t)timegm(&tm);
}

enum err pki_read(struct bytes der, struct pki_cert *out)
{
    mbedtls_x509_crt cert;
    enum err err = ERR_BAD_DATA;

    memset(out, 0, sizeof(*out));
    mbedtls_x509_crt_init(&cert);
    if (!is_one_item(der) ||
        mbedtls_x509_crt_parse_der(&cert, der.data, der.len) != 0)
        goto out;
    for (const mbedtls_x509_name *name = &cert.subject; name != NULL;
         name = name->next) {
        if (MBEDTLS_OID_CMP(MBEDTLS_OID_AT_CN, &name->oid) == 0 &&
            name->val.len <= PKI_NAME_MAX) {
            memcpy(out->subject, name->val.p, name->val.len);
            out->subject[name->val.len] = '\0';
        }
    }
    out->from_s = time_of(&cert.valid_from);
    out->until_s = time_of(&cert.valid_to);
    err = read_public(&cert.pk, &out->key);
out:
    mbedtls_x509_crt_free(&cert);
    return err;
}

enum err pki_check(struct bytes der, struct bytes issuer)
{
    mbedtls_x509_crt cert, ca;
    uint32_t flags = 0;
    enum err err = ERR_BAD_DATA;

    mbedtls_x509_crt_init(&cert);
    mbedtls_x509_crt_init(&ca);
    if (is_one_item(der) && is_one_item(issuer) &&
        mbedtls_x509_crt_parse_der(&cert, der.data, der.len) == 0 &&
        mbedtls_x509_crt_parse_der(&ca, issuer.data, issuer.len) == 0) {
        const int code =
            mbedtls_x509_crt_verify(&cert, &ca, NULL, NULL, &flags, NULL, NULL);

        flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED |
                             MBEDTLS_X509_BADCERT_FUTURE);
        err = (code == 0 || code == MBEDTLS_ERR_X509_CERT_VERIFY_FAILED) &&
                      flags == 0
                  ? ERR_OK
                  : ERR_BAD_SEAL;
    }
    mbedtls_x509_crt_free(&cert);
    mbedtls_x509_crt_free(&ca);
    return err;
}

/* --- PEM --- */

static enum err to_pem(const char *label, struct bytes der, struct buf *out)
{
    char begin[64], end[64];
    uint8_t text[2 * ENROL_CERT_MAX_BYTES];
    size_t len = 0;

    snprintf(begin, sizeof(begin), "-----BEGIN %s-----\n", label);
    snprintf(end, sizeof(end), "-----END %s-----\n", label);
    if (mbedtls_pem_write_buffer(begin, end, der.data, der.len, text,
                                 sizeof(text), &len) != 0)
        return ERR_TOO_LONG;
    buf_put(out, text, len - 1); /* len counts the NUL */
    wipe(text, sizeof(text));
    return out->err;
}

enum err pki_cert_pem(struct bytes der, struct buf *out)
{
    return to_pem("CERTIFICATE", der, out);
}

enum err pki_key_pem(const struct ec_key *key, struct buf *out)
{
    struct buf der;
    enum err err;

    buf_init(&der, 256);
    private_der(key, &der);
    err = der.err ? der.err : to_pem("EC PRIVATE KEY", buf_bytes(&der), out);
    buf_wipe(&der);
    return err;
}

enum err pki_cert_der(struct bytes pem, struct buf *out)
{
    mbedtls_x509_crt cert;
    struct buf text;
    enum err err = ERR_BAD_DATA;

    mbedtls_x509_crt_init(&cert);
    buf_init(&text, 8 * ENROL_CERT_MAX_BYTES);
    buf_put(&text, pem.data, pem.len);
    buf_put_u8(&text, 0);
    if (!text.err && mbedtls_x509_crt_parse(&cert, text.data, text.len) == 0) {
        buf_put(out, cert.raw.p, cert.raw.len);
        err = out->err;
    }
    mbedtls_x509_crt_free(&cert);
    buf_fini(&text);
    return err;
}
