/*
 * kdf.c - Argon2id's place taken by one HMAC, for test programs only: what a
 * passphrase opens is tested, not the 46 MiB that each try costs. The limits
 * of the cost stay checked: platform/shared/kdf.c asks before it calls this.
 * test_x509req and the end-to-end tests have the real one.
 */
#include <argon2.h>
#include <string.h>

#include "core/base.h"
#include "core/crypto.h"

int argon2id_hash_raw(const uint32_t t_cost, const uint32_t m_cost,
                      const uint32_t parallelism, const void *pwd,
                      const size_t pwdlen, const void *salt,
                      const size_t saltlen, void *hash, const size_t hashlen)
{
    const uint32_t cost[] = { t_cost, m_cost, parallelism };
    struct hash key, out;

    ASSERT(hashlen == sizeof(out.bytes));
    crypto_sha256_2((struct bytes){ (const uint8_t *)cost, sizeof(cost) },
                    (struct bytes){ salt, saltlen }, &key);
    crypto_hmac_sha256((struct bytes){ key.bytes, sizeof(key.bytes) },
                       (struct bytes){ pwd, pwdlen }, &out);
    memcpy(hash, out.bytes, hashlen);
    return ARGON2_OK;
}
