#include "sync-server/secret.h"

#include "core/cbor.h"
#include "core/cose.h"
#include "core/limits.h"
#include "platform/shared/kdf.h"

#define FORMAT    1
#define SALT_SIZE 16

static const char aad_text[] = "beatbook/secret/1";
static const struct bytes aad = { (const uint8_t *)aad_text,
                                  sizeof(aad_text) - 1 };

enum err secret_wrap(struct bytes passphrase, struct bytes plain,
                     struct crypto_random random, struct buf *out)
{
    const struct kdf_cost cost = { 3, KDF_MEMORY_MIN_KIB, 1 };
    uint8_t salt[SALT_SIZE], key[CRYPTO_KEY_SIZE];
    enum err err = random.fill(random.ctx, salt, sizeof(salt));

    if (err)
        return err;
    err = kdf_argon2id(passphrase, (struct bytes){ salt, sizeof(salt) }, &cost,
                       key);
    if (err)
        return err;
    cbor_put_array(out, 6);
    cbor_put_uint(out, FORMAT);
    cbor_put_bytes(out, salt, sizeof(salt));
    cbor_put_uint(out, cost.passes);
    cbor_put_uint(out, cost.memory_kib);
    cbor_put_uint(out, cost.lanes);
    err = cose_encrypt0_put(out, (struct bytes){ key, sizeof(key) }, random,
                            plain, aad);
    wipe(key, sizeof(key));
    return err ? err : out->err;
}

enum err secret_open(struct bytes passphrase, struct bytes wrapped,
                     struct buf *plain_out)
{
    uint8_t key[CRYPTO_KEY_SIZE];
    struct kdf_cost cost;
    struct cbor_reader r;
    struct bytes salt, sealed;
    enum err err;

    cbor_open(&r, wrapped);
    if (cbor_get_array(&r) != 6 || cbor_get_uint(&r) != FORMAT)
        return ERR_BAD_DATA;
    salt = cbor_get_bytes(&r);
    cost.passes = (uint32_t)cbor_get_uint_max(&r, KDF_PASSES_MAX);
    cost.memory_kib = (uint32_t)cbor_get_uint_max(&r, KDF_MEMORY_MAX_KIB);
    cost.lanes = (uint32_t)cbor_get_uint_max(&r, KDF_LANES_MAX);
    sealed = cbor_get_item(&r);
    err = cbor_close(&r);
    if (err)
        return err;
    err = kdf_argon2id(passphrase, salt, &cost, key);
    if (err)
        return err;
    err = cose_encrypt0_open(plain_out, (struct bytes){ key, sizeof(key) },
                             sealed, aad);
    wipe(key, sizeof(key));
    return err;
}
