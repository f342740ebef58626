/*
 * enrol.h - how a tablet joins a council: the code that a person carries
 * over, and the messages of /v1/enrol, /v1/renew and /v1/rekey. Bytes only:
 * the platform makes the PKCS#10 request and speaks to the network.
 *
 * The tablet fetches /v1/ca unverified, compares its SHA-256 with the code,
 * and from then on trusts only that certificate. core/PROTOCOL.md, section
 * "Enrolment", gives the same in CDDL.
 */
#ifndef CORE_ENROL_H
#define CORE_ENROL_H

#include "core/base.h"
#include "core/buf.h"
#include "core/crypto.h"
#include "core/limits.h"

#define ENROL_SECRET_SIZE  16
#define ENROL_TYPE         "application/cbor"
#define ENROL_AAD          "beatbook/enrol/1" /* of the seal's statement */
#define ENROL_REKEY_AAD    "beatbook/rekey/1" /* of the old TLS key's */
#define ENROL_CODE_DIGITS  80                 /* base32 of 16 + 32 + 2 bytes */
#define ENROL_CODE_MAX     (ENROL_URL_MAX + 1 + ENROL_CODE_DIGITS)
#define ENROL_VERSION_MAX  32
#define ENROL_LISTENER_MAX ENROL_URL_MAX

/*
 * Text: "<https URL>#<Crockford base32 of secret, CA hash, check bytes>".
 * The check is CRC-16 (polynomial 0x1021, from 0xffff) over URL, '#',
 * secret and hash: a slip of the keyboard is told apart from a wrong code.
 */
struct enrol_code {
    char url[ENROL_URL_MAX + 1]; /* of the web listener, no path */
    uint8_t secret[ENROL_SECRET_SIZE];
    struct hash ca; /* SHA-256 of the root certificate's DER */
};
/* Wipe `out` when done: it opens the door once. */
MUST_USE enum err enrol_code_format(const struct enrol_code *code,
                                    char out[ENROL_CODE_MAX + 1]);
/* Reads either case, O for 0, I and L for 1, and skips blanks and hyphens
 * in the part after '#'. ERR_BAD_DATA for anything else. */
MUST_USE enum err enrol_code_parse(const char *text, struct enrol_code *out);

/* How the device keeps its secret. Stored: append only. */
enum enrol_storage {
    ENROL_STORAGE_TPM = 1,
    ENROL_STORAGE_DISK = 2, /* no TPM, encrypted disk */
    ENROL_STORAGE_WEAK = 3  /* neither; an administrator has to agree */
};

/* Everywhere below: views into what was parsed, text without NUL. */

struct enrol_request {
    uint8_t secret[ENROL_SECRET_SIZE];
    struct bytes csr;       /* PKCS#10, DER */
    struct bytes seal_key;  /* COSE_Key */
    struct bytes statement; /* enrol_statement_put() by the seal key */
    enum enrol_storage storage;
    struct bytes version; /* of the program */
};
MUST_USE enum err enrol_request_put(struct buf *out,
                                    const struct enrol_request *r);
MUST_USE enum err enrol_request_parse(struct bytes in,
                                      struct enrol_request *out);

struct enrol_officer {
    struct uuid id;
    struct bytes number, name, role;
};

struct enrol_response {
    struct uuid council;
    struct bytes council_name;
    struct uuid device;
    struct bytes leaf, issuer; /* DER: the new certificate and its CA */
    struct bytes root;         /* DER: what the code's hash names */
    struct bytes server_key;   /* COSE_Key: seals receipts and pages */
    struct uuid log_id;
    struct bytes recovery_key; /* COSE_Key */
    struct bytes listener;     /* "host:port" for devices */
    size_t officer_count;
    struct enrol_officer officers[ENROL_OFFICERS_MAX];
    bool has_officer; /* the code was bound to this one */
    struct uuid officer;
};
MUST_USE enum err enrol_response_put(struct buf *out,
                                     const struct enrol_response *r);
MUST_USE enum err enrol_response_parse(struct bytes in,
                                       struct enrol_response *out);

/* /v1/renew, over the old certificate: a new TLS key, the same device. */
struct enrol_renew {
    struct bytes csr;
    struct bytes statement; /* by the seal key, as at enrolment */
    struct bytes version;
};
MUST_USE enum err enrol_renew_put(struct buf *out, const struct enrol_renew *r);
MUST_USE enum err enrol_renew_parse(struct bytes in, struct enrol_renew *out);

/* /v1/rekey, over the web listener: the certificate expired while the
 * device was away. An administrator has to approve. */
struct enrol_rekey {
    struct uuid device;
    struct bytes old_leaf;      /* DER: the expired certificate */
    struct bytes csr;           /* of the new key */
    struct bytes statement;     /* by the seal key */
    struct bytes old_statement; /* by the old TLS key, ENROL_REKEY_AAD */
    struct bytes version;
};
MUST_USE enum err enrol_rekey_put(struct buf *out, const struct enrol_rekey *r);
MUST_USE enum err enrol_rekey_parse(struct bytes in, struct enrol_rekey *out);

/* The answer to both. After a root was replaced it also has the root of
 * now, and how it came from those before: certificates of each new root's
 * key by the root before it, oldest first. */
struct enrol_renewed {
    struct bytes leaf, issuer;
    struct bytes root; /* empty: as ever */
    size_t cross_count;
    struct bytes cross[ENROL_CROSS_MAX];
};
MUST_USE enum err enrol_renewed_put(struct buf *out,
                                    const struct enrol_renewed *r);
MUST_USE enum err enrol_renewed_parse(struct bytes in,
                                      struct enrol_renewed *out);

/* Sent instead, with a status of 400 and more. Stored: append only. */
enum enrol_refusal_code {
    ENROL_REFUSED_CODE = 1,     /* no such code, or used, or expired */
    ENROL_REFUSED_TRIES = 2,    /* too many wrong tries, wait */
    ENROL_REFUSED_REQUEST = 3,  /* malformed, or a signature is wrong */
    ENROL_REFUSED_STORAGE = 4,  /* weak storage without leave */
    ENROL_REFUSED_REVOKED = 5,  /* this device was shut out */
    ENROL_REFUSED_APPROVAL = 6, /* an administrator has to approve first */
    ENROL_REFUSED_SERVER = 7    /* our fault, try later */
};
struct enrol_refusal {
    uint64_t code;       /* also ones of a newer server */
    struct bytes reason; /* plain words for the person with the tablet */
};
MUST_USE enum err enrol_refusal_put(struct buf *out,
                                    const struct enrol_refusal *r);
MUST_USE enum err enrol_refusal_parse(struct bytes in,
                                      struct enrol_refusal *out);

/* COSE_Sign1 by `key` over SHA-256(csr), with `aad` (ENROL_AAD, ...). */
MUST_USE enum err enrol_statement_put(struct buf *out, const struct ec_key *key,
                                      struct bytes csr, const char *aad);
/* ERR_BAD_SEAL unless `pub` made it for just this request. */
MUST_USE enum err enrol_statement_verify(struct bytes statement,
                                         const struct ec_public *pub,
                                         struct bytes csr, const char *aad);

#endif /* CORE_ENROL_H */
