#include "core/signed_words.h"

#include <string.h>

#include "core/cbor.h"
#include "core/cose.h"
#include "core/fields.h"
#include "core/limits.h"

#define HASHED_MAX_BYTES (TEXT_MAX_BYTES + STROKES_BYTES_MAX + (size_t)4096)

uint64_t signed_words_field(enum signed_part part)
{
    static const uint64_t fields[SIGNED_PARTS] = {
        [SIGNED_PART_WORDS] = SIGNED_WORDS, [SIGNED_PART_WHO] = SIGNED_BY,
        [SIGNED_PART_INK] = SIGN_INK,       [SIGNED_PART_TYPED] = SIGN_NAME,
        [SIGNED_PART_WHY] = SIGN_WHY,
    };

    return fields[part];
}

enum err signed_words_hash(const struct bytes parts[SIGNED_PARTS],
                           struct hash *out)
{
    struct buf b;
    enum err err;

    buf_init(&b, HASHED_MAX_BYTES);
    cbor_put_array(&b, SIGNED_PARTS);
    for (int i = 0; i < SIGNED_PARTS; i++) {
        if (parts[i].len == 0) {
            cbor_put_null(&b);
        } else if (i == SIGNED_PART_INK) {
            cbor_put_bytes(&b, parts[i].data, parts[i].len);
        } else {
            cbor_put_text(&b, (const char *)parts[i].data, parts[i].len);
        }
    }
    err = b.err;
    if (!err) {
        crypto_sha256(buf_bytes(&b), out);
    }
    buf_wipe(&b);
    return err;
}

enum err signed_words_check(struct bytes cose, const struct ec_public *pub,
                            const struct hash *hash)
{
    const struct bytes aad = { (const uint8_t *)SIGNATURE_AAD,
                               strlen(SIGNATURE_AAD) };
    struct bytes payload;
    const enum err err = cose_sign_verify(cose, pub, aad, &payload);

    if (err) {
        return err;
    }
    return payload.len == sizeof(hash->bytes) &&
                   memcmp(payload.data, hash->bytes, payload.len) == 0
               ? ERR_OK
               : ERR_BAD_SEAL;
}
