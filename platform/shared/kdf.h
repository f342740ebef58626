/*
 * kdf.h - a key from what a person knows: Argon2id (RFC 9106).
 */
#ifndef PLATFORM_SHARED_KDF_H
#define PLATFORM_SHARED_KDF_H

#include "core/base.h"

struct kdf_cost {
    uint32_t passes, memory_kib, lanes; /* within KDF_* of core/limits.h */
};

/*
 * 32 bytes from `secret` and a salt of 16 or more. ERR_BAD_DATA when the
 * cost is outside its limits, ERR_NOMEM.
 */
MUST_USE enum err kdf_argon2id(struct bytes secret, struct bytes salt,
                               const struct kdf_cost *cost, uint8_t out[32]);

#endif /* PLATFORM_SHARED_KDF_H */
