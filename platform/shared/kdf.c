#include "platform/shared/kdf.h"

#include <argon2.h>

#include "core/limits.h"

enum err kdf_argon2id(struct bytes secret, struct bytes salt,
                      const struct kdf_cost *cost, uint8_t out[32])
{
    int rc;

    if (cost->passes == 0 || cost->passes > KDF_PASSES_MAX ||
        cost->memory_kib < KDF_MEMORY_MIN_KIB ||
        cost->memory_kib > KDF_MEMORY_MAX_KIB || cost->lanes == 0 ||
        cost->lanes > KDF_LANES_MAX || salt.len < 16) {
        return ERR_BAD_DATA;
    }
    rc = argon2id_hash_raw(cost->passes, cost->memory_kib, cost->lanes,
                           secret.data, secret.len, salt.data, salt.len, out,
                           32);
    if (rc == ARGON2_MEMORY_ALLOCATION_ERROR) {
        return ERR_NOMEM;
    }
    return rc == ARGON2_OK ? ERR_OK : ERR_BAD_DATA;
}
