/*
 * authority.h - the council's certificate authority and recovery key.
 *
 * `init` makes a root (its key leaves for the safe, wrapped, and is never
 * kept), an issuing CA of one year whose key stays in the database, and the
 * server's own certificate. Tablets' certificates last 90 days; whether one
 * counts is looked up in the database on every request.
 */
#ifndef SYNC_SERVER_AUTHORITY_H
#define SYNC_SERVER_AUTHORITY_H

#include "sync-server/council.h"

/* Names in sdb_meta. */
#define AUTHORITY_META_ROOT     "ca-root"       /* DER */
#define AUTHORITY_META_ISSUER   "ca-issuer"     /* DER */
#define AUTHORITY_META_KEY      "ca-issuer-key" /* scalar, 32 bytes */
#define AUTHORITY_META_NAME     "ca-name"       /* common name of the issuer */
#define AUTHORITY_META_LISTENER "device-listener" /* "host:port" */
#define AUTHORITY_META_WEB      "web-url"         /* "https://host:port" */
#define AUTHORITY_META_HOST     "host"            /* as tablets know us */
#define AUTHORITY_META_OLD      "ca-issuers-old"  /* DER, newest first */
#define AUTHORITY_META_CROSS    "ca-cross"        /* DER, oldest first */

#define AUTHORITY_DEVICE_DAYS 90
#define AUTHORITY_SKEW_S      3600 /* a tablet's clock may be behind */

/* Texts that `init` writes into files; wipe all but the certificates. */
struct authority_files {
    struct buf chain, key, devices;      /* PEM: for the tls process */
    struct buf root_safe, recovery_safe; /* wrapped: for the safe */
};

/* In one transaction. `host`: a name or address besides localhost's. */
MUST_USE enum err authority_init(struct council *c, const char *name,
                                 const char *host, struct bytes passphrase,
                                 struct authority_files *out);
void authority_files_fini(struct authority_files *f);

/* A fact from sdb_meta into `out`, which is reset before. */
MUST_USE enum err authority_get(struct council *c, const char *meta,
                                struct buf *out);
/* SHA-256 of the root certificate: what codes and people compare. */
MUST_USE enum err authority_fingerprint(struct council *c, struct hash *out);

/* --- before they expire: authority_renew.c --- */

/*
 * A new issuing CA, signed by the root's key; the one before goes on being
 * believed. With `new_root` that key signs the new root first, so that
 * tablets find their way from the old one; it becomes the council's. In one
 * transaction. ERR_WRONG_KEY when `root` isn't the root's.
 */
MUST_USE enum err authority_roll(struct council *c, const struct ec_key *root,
                                 const struct ec_key *new_root);
/*
 * The two files of certificates that the tls process reads, as they should
 * be now. `chain_pem` is the one in use: its server certificate stays while
 * it has more than half of its life left and the CA of now signed it.
 */
MUST_USE enum err authority_refresh(struct council *c, struct bytes chain_pem,
                                    struct authority_files *out);
/* True when that would change the server's certificate. */
bool authority_is_due(struct council *c, struct bytes chain_pem);
/* Days until the issuing CA ends; an administrator has to bring the root's
 * key from the safe before that. */
MUST_USE enum err authority_days_left(struct council *c, int64_t *days_out);
/* With a renewed certificate: the root, and the way to it; nothing where it
 * was never replaced. `hold` has what `out` views. */
struct enrol_renewed;
MUST_USE enum err authority_put_roots(struct council *c, struct buf *hold,
                                      struct enrol_renewed *out);

/* A certificate for a tablet's TLS key, noted in the database. Inside a
 * transaction. */
MUST_USE enum err authority_issue(struct council *c, const struct uuid *device,
                                  const struct ec_public *key,
                                  struct buf *leaf_out);

#endif /* SYNC_SERVER_AUTHORITY_H */
