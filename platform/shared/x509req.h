/*
 * x509req.h - the device's side of X.509: a P-256 key as TLS libraries take
 * it, a certificate request, and what a certificate says. By mbedTLS, 2.28
 * and 3.6.
 */
#ifndef PLATFORM_SHARED_X509REQ_H
#define PLATFORM_SHARED_X509REQ_H

#include "core/buf.h"
#include "core/crypto.h"

/* The key as DER (RFC 5915, "EC PRIVATE KEY"). Wipe the buffer. */
MUST_USE enum err x509req_key_der(const struct ec_key *key, struct buf *out);

/* PEM of a DER object, label "CERTIFICATE" or "EC PRIVATE KEY". */
MUST_USE enum err x509req_pem(struct bytes der, const char *label,
                              struct buf *out);

/*
 * PKCS#10 (RFC 2986), DER, signed by `key`. The subject is only a label:
 * who the device is, the council decides. `name` has letters, digits,
 * blanks and hyphens; anything else is left out of it.
 */
MUST_USE enum err x509req_make(const struct ec_key *key, const char *name,
                               struct crypto_random random, struct buf *out);

/* What a certificate says of itself; nothing here is verified. */
struct x509req_cert {
    int64_t not_before_s, not_after_s; /* UTC, Unix seconds */
    char subject[128], issuer[128];    /* cut where longer */
    bool has_key; /* an EC P-256 key, as uncompressed point */
    struct ec_public key;
};
MUST_USE enum err x509req_read(struct bytes der, struct x509req_cert *out);

/* ERR_BAD_SEAL unless `issuer` signed `leaf` and may sign certificates. */
MUST_USE enum err x509req_issued(struct bytes leaf, struct bytes issuer);

#endif /* PLATFORM_SHARED_X509REQ_H */
