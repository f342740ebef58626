/* enrol_statement.c - "this request for a certificate is mine". */
#include "core/enrol.h"

#include <string.h>

#include "core/cose.h"

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

enum err enrol_statement_put(struct buf *out, const struct ec_key *key,
                             struct bytes csr, const char *aad)
{
    struct hash hash;

    crypto_sha256(csr, &hash);
    return cose_sign1_put(out, key, (struct bytes){ hash.bytes, 32 },
                          text_bytes(aad));
}

enum err enrol_statement_verify(struct bytes statement,
                                const struct ec_public *pub, struct bytes csr,
                                const char *aad)
{
    struct cose_sign1 msg;
    struct hash hash;
    enum err err = cose_sign1_parse(statement, &msg);

    if (err)
        return err;
    crypto_sha256(csr, &hash);
    if (msg.detached ||
        !bytes_eq(msg.payload, (struct bytes){ hash.bytes, 32 }))
        return ERR_BAD_SEAL;
    return cose_sign1_verify(&msg, pub, msg.payload, text_bytes(aad));
}
