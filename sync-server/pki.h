/*
 * pki.h - the council's own certificates: a root that stays in the safe, an
 * issuing CA of one year, the server's and the tablets' certificates.
 *
 * P-256 and SHA-256 throughout. Times are UTC seconds. One adapter file
 * for mbedTLS 2.28 and 3.6. DER in and out.
 */
#ifndef SYNC_SERVER_PKI_H
#define SYNC_SERVER_PKI_H

#include "core/buf.h"
#include "core/crypto.h"

#define PKI_NAME_MAX 100
#define PKI_SANS_MAX 8

enum pki_use { PKI_ROOT, PKI_ISSUER, PKI_SERVER, PKI_DEVICE };

struct pki_new {
    enum pki_use use;
    char subject[PKI_NAME_MAX + 1]; /* common name; a device's: its id */
    char issuer[PKI_NAME_MAX + 1];  /* common name of who signs */
    int64_t from_s, until_s;
    struct ec_public key;           /* of the subject */
    const struct ec_key *signer;    /* of the issuer */
    const char *sans[PKI_SANS_MAX]; /* server: host names and addresses */
    size_t san_count;
};
MUST_USE enum err pki_issue(const struct pki_new *what,
                            struct crypto_random random, struct buf *der_out);

/* The key of a PKCS#10 request that is signed by it; ERR_BAD_SEAL if not,
 * ERR_BAD_DATA when malformed, not P-256, or with bytes behind it. */
MUST_USE enum err pki_request_key(struct bytes der, struct ec_public *out);

struct pki_cert {
    char subject[PKI_NAME_MAX + 1];
    int64_t from_s, until_s;
    struct ec_public key;
};
MUST_USE enum err pki_read(struct bytes der, struct pki_cert *out);
/* That `issuer` signed `der`; the dates are not looked at. */
MUST_USE enum err pki_check(struct bytes der, struct bytes issuer);

/* "-----BEGIN CERTIFICATE-----" and "EC PRIVATE KEY" (SEC 1). */
MUST_USE enum err pki_cert_pem(struct bytes der, struct buf *out);
MUST_USE enum err pki_key_pem(const struct ec_key *key, struct buf *out);
/* The first certificate of a PEM text, as DER. */
MUST_USE enum err pki_cert_der(struct bytes pem, struct buf *out);

#endif /* SYNC_SERVER_PKI_H */
