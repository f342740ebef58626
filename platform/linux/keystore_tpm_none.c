#include "platform/linux/keystore_tpm.h"

enum err keystore_tpm_open(const char *tcti, struct keystore_tpm **out)
{
    (void)tcti;
    (void)out;
    return ERR_UNSUPPORTED;
}

void keystore_tpm_close(struct keystore_tpm *t)
{
    ASSERT(t == NULL);
}

enum err keystore_tpm_seal(struct keystore_tpm *t, struct bytes secret,
                           struct buf *out)
{
    (void)t;
    (void)secret;
    (void)out;
    return ERR_UNSUPPORTED;
}

enum err keystore_tpm_unseal(struct keystore_tpm *t, struct bytes sealed,
                             struct buf *out)
{
    (void)t;
    (void)sealed;
    (void)out;
    return ERR_UNSUPPORTED;
}

enum err keystore_tpm_get(struct keystore_tpm *t, uint32_t slot, uint64_t *out)
{
    (void)t;
    (void)slot;
    (void)out;
    return ERR_UNSUPPORTED;
}

enum err keystore_tpm_put(struct keystore_tpm *t, uint32_t slot, uint64_t value)
{
    (void)t;
    (void)slot;
    (void)value;
    return ERR_UNSUPPORTED;
}
