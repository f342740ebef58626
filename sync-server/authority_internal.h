/* authority_internal.h - what authority*.c share. Not for others. */
#ifndef SYNC_SERVER_AUTHORITY_INTERNAL_H
#define SYNC_SERVER_AUTHORITY_INTERNAL_H

#include "sync-server/authority.h"
#include "sync-server/pki.h"

#define AUTHORITY_DAY_S     ((int64_t)86400)
#define AUTHORITY_ROOT_DAYS (20 * 365)
#define AUTHORITY_YEAR_DAYS 365

/* Subject and names of the server's certificate. */
void authority_name_server(struct pki_new *n, const char *host);
/* Wipe the key. */
MUST_USE enum err authority_load_issuer(struct council *c, struct ec_key *key,
                                        char name[PKI_NAME_MAX + 1]);
/* No certificate outlives the CA that signs it. ERR_CLOSED when that one
 * has ended. */
MUST_USE enum err authority_cap(struct council *c, int64_t *until_s);

#endif /* SYNC_SERVER_AUTHORITY_INTERNAL_H */
