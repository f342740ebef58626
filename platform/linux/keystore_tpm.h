/*
 * keystore_tpm.h - the two things that a TPM 2.0 does for the key store.
 * keystore_tpm_none.c is the machine without tss2.
 */
#ifndef PLATFORM_LINUX_KEYSTORE_TPM_H
#define PLATFORM_LINUX_KEYSTORE_TPM_H

#include "core/base.h"
#include "core/buf.h"

struct keystore_tpm; /* opaque */

/* ERR_UNSUPPORTED where there is no TPM; `tcti` as keystore_open(). */
MUST_USE enum err keystore_tpm_open(const char *tcti,
                                    struct keystore_tpm **out);
void keystore_tpm_close(struct keystore_tpm *t); /* NULL is allowed */

/* Only the TPM that sealed it unseals (ERR_WRONG_KEY). */
MUST_USE enum err keystore_tpm_seal(struct keystore_tpm *t, struct bytes secret,
                                    struct buf *out);
MUST_USE enum err keystore_tpm_unseal(struct keystore_tpm *t,
                                      struct bytes sealed, struct buf *out);

/*
 * A number in the TPM's own memory, 8 bytes; `slot` tells the stores of one
 * machine apart. 0 while never written.
 */
MUST_USE enum err keystore_tpm_get(struct keystore_tpm *t, uint32_t slot,
                                   uint64_t *out);
MUST_USE enum err keystore_tpm_put(struct keystore_tpm *t, uint32_t slot,
                                   uint64_t value);

#endif /* PLATFORM_LINUX_KEYSTORE_TPM_H */
