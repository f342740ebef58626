#include "platform/shared/x509req.h"

#include <string.h>

#include <mbedtls/error.h>
#include <mbedtls/pem.h>
#include <mbedtls/pk.h>
#include <mbedtls/version.h>
#include <mbedtls/x509_crt.h>
#include <mbedtls/x509_csr.h>

#include "core/limits.h"

#define PEM_MAX_BYTES (ENROL_CERT_MAX_BYTES * 3 / 2 + 128)

/* RFC 5915 for P-256: all lengths are fixed, so this is a template. */
static const uint8_t key_head[] = { 0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20 };
static const uint8_t key_curve[] = { 0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86,
                                     0x48, 0xce, 0x3d, 0x03, 0x01, 0x07 };
static const uint8_t key_point[] = { 0xa1, 0x44, 0x03, 0x42, 0x00, 0x04 };

enum err x509req_key_der(const struct ec_key *key, struct buf *out)
{
    buf_put(out, key_head, sizeof(key_head));
    buf_put(out, key->d, sizeof(key->d));
    buf_put(out, key_curve, sizeof(key_curve));
    buf_put(out, key_point, sizeof(key_point));
    buf_put(out, key->pub.x, sizeof(key->pub.x));
    buf_put(out, key->pub.y, sizeof(key->pub.y));
    return out->err;
}

enum err x509req_pem(struct bytes der, const char *label, struct buf *out)
{
    unsigned char text[PEM_MAX_BYTES];
    char head[64], tail[64];
    size_t len = 0;
    int rc;

    if (der.len > ENROL_CERT_MAX_BYTES) {
        return ERR_TOO_LONG;
    }
    snprintf(head, sizeof(head), "-----BEGIN %s-----\n", label);
    snprintf(tail, sizeof(tail), "-----END %s-----\n", label);
    rc = mbedtls_pem_write_buffer(head, tail, der.data, der.len, text,
                                  sizeof(text), &len);
    if (rc == 0 && len > 0) {
        buf_put(out, text, len - 1); /* its NUL is counted */
    }
    wipe(text, sizeof(text));
    return rc == 0 ? out->err : ERR_BAD_DATA;
}

static int fill(void *ctx, unsigned char *out, size_t len)
{
    const struct crypto_random *random = ctx;

    return random->fill(random->ctx, out, len) ? -1 : 0;
}

static int parse_key(mbedtls_pk_context *pk, const struct buf *der,
                     struct crypto_random *random)
{
#if MBEDTLS_VERSION_MAJOR >= 3
    return mbedtls_pk_parse_key(pk, der->data, der->len, NULL, 0, fill, random);
#else
    (void)random;
    return mbedtls_pk_parse_key(pk, der->data, der->len, NULL, 0);
#endif
}

static void label(const char *name, char out[64])
{
    size_t len = 0;

    for (; *name && len < 40; name++) {
        char c = *name;

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            (c >= '0' && c <= '9') || c == '-') {
            out[len++] = c;
        }
    }
    out[len] = '\0';
}

enum err x509req_make(const struct ec_key *key, const char *name,
                      struct crypto_random random, struct buf *out)
{
    mbedtls_pk_context pk;
    mbedtls_x509write_csr csr;
    unsigned char der[ENROL_CSR_MAX_BYTES];
    char subject[80], clean[64];
    struct buf key_der;
    int len;

    label(name, clean);
    snprintf(subject, sizeof(subject), "CN=%s", clean[0] ? clean : "tablet");
    mbedtls_pk_init(&pk);
    mbedtls_x509write_csr_init(&csr);
    buf_init(&key_der, 256);
    len = x509req_key_der(key, &key_der) ? -1 : 0;
    if (len == 0) {
        len = parse_key(&pk, &key_der, &random);
    }
    if (len == 0) {
        mbedtls_x509write_csr_set_md_alg(&csr, MBEDTLS_MD_SHA256);
        mbedtls_x509write_csr_set_key(&csr, &pk);
        len = mbedtls_x509write_csr_set_subject_name(&csr, subject);
    }
    if (len == 0) {
        len = mbedtls_x509write_csr_der(&csr, der, sizeof(der), fill, &random);
    }
    if (len > 0) { /* written at the end of the buffer */
        buf_put(out, der + sizeof(der) - (size_t)len, (size_t)len);
    }
    buf_wipe(&key_der);
    mbedtls_x509write_csr_free(&csr);
    mbedtls_pk_free(&pk);
    return len > 0 ? out->err : ERR_BAD_DATA;
}

/* Days from 1970-01-01, Gregorian. */
static int64_t to_seconds(const mbedtls_x509_time *t)
{
    const int64_t y = t->mon <= 2 ? t->year - 1 : t->year;
    const int64_t era = y / 400, yoe = y - era * 400;
    const int64_t doy =
        (153 * (t->mon + (t->mon > 2 ? -3 : 9)) + 2) / 5 + t->day - 1;
    const int64_t days =
        era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;

    return days * 86400 + t->hour * 3600 + t->min * 60 + t->sec;
}

/* The point stands at the end of its SubjectPublicKeyInfo. */
static void read_key(const mbedtls_x509_crt *crt, struct x509req_cert *out)
{
    static const uint8_t head[] = { 0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a,
                                    0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
                                    0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03,
                                    0x01, 0x07, 0x03, 0x42, 0x00, 0x04 };
    const uint8_t *raw = crt->pk_raw.p;

    out->has_key = crt->pk_raw.len == sizeof(head) + 64 &&
                   memcmp(raw, head, sizeof(head)) == 0;
    if (out->has_key) {
        memcpy(out->key.x, raw + sizeof(head), 32);
        memcpy(out->key.y, raw + sizeof(head) + 32, 32);
    }
}

enum err x509req_read(struct bytes der, struct x509req_cert *out)
{
    mbedtls_x509_crt crt;
    enum err err = ERR_BAD_DATA;

    memset(out, 0, sizeof(*out));
    mbedtls_x509_crt_init(&crt);
    if (mbedtls_x509_crt_parse_der(&crt, der.data, der.len) == 0) {
        out->not_before_s = to_seconds(&crt.valid_from);
        out->not_after_s = to_seconds(&crt.valid_to);
        mbedtls_x509_dn_gets(out->subject, sizeof(out->subject), &crt.subject);
        mbedtls_x509_dn_gets(out->issuer, sizeof(out->issuer), &crt.issuer);
        read_key(&crt, out);
        err = ERR_OK;
    }
    mbedtls_x509_crt_free(&crt);
    return err;
}

enum err x509req_issued(struct bytes leaf, struct bytes issuer)
{
    mbedtls_x509_crt a, b;
    uint32_t flags = 0;
    enum err err = ERR_BAD_DATA;

    mbedtls_x509_crt_init(&a);
    mbedtls_x509_crt_init(&b);
    if (mbedtls_x509_crt_parse_der(&a, leaf.data, leaf.len) == 0 &&
        mbedtls_x509_crt_parse_der(&b, issuer.data, issuer.len) == 0) {
        mbedtls_x509_crt_verify(&a, &b, NULL, NULL, &flags, NULL, NULL);
        /* The tablet's clock is no reason to refuse. */
        flags &= ~(uint32_t)(MBEDTLS_X509_BADCERT_EXPIRED |
                             MBEDTLS_X509_BADCERT_FUTURE);
        err = flags == 0 ? ERR_OK : ERR_BAD_SEAL;
    }
    mbedtls_x509_crt_free(&a);
    mbedtls_x509_crt_free(&b);
    return err;
}
