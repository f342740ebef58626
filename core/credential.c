#include "core/credential.h"

#include <string.h>

#include "core/cbor.h"
#include "core/limits.h"

enum err credential_put(struct buf *out, const struct credential *c)
{
    cbor_put_array(out, 3);
    cbor_put_bytes(out, c->key.d, sizeof(c->key.d));
    cbor_put_bytes(out, c->leaf.data, c->leaf.len);
    cbor_put_bytes(out, c->issuer.data, c->issuer.len);
    return out->err;
}

enum err credential_parse(struct bytes in, struct credential *out)
{
    struct cbor_reader r;
    struct bytes scalar;
    enum err err;

    memset(out, 0, sizeof(*out));
    if (in.len == 0) {
        return ERR_NOT_FOUND;
    }
    cbor_open(&r, in);
    if (cbor_get_array(&r) != 3) {
        return ERR_BAD_DATA;
    }
    scalar = cbor_get_bytes(&r);
    out->leaf = cbor_get_bytes(&r);
    out->issuer = cbor_get_bytes(&r);
    err = cbor_close(&r);
    if (err || scalar.len != sizeof(out->key.d) ||
        out->leaf.len > ENROL_CERT_MAX_BYTES ||
        out->issuer.len > ENROL_CERT_MAX_BYTES ||
        (out->leaf.len == 0) != (out->issuer.len == 0)) {
        return ERR_BAD_DATA;
    }
    memcpy(out->key.d, scalar.data, sizeof(out->key.d));
    return crypto_ec_derive(&out->key);
}

enum credential_need credential_need(int64_t from_s, int64_t until_s,
                                     int64_t now_s)
{
    if (now_s >= until_s) {
        return CREDENTIAL_EXPIRED;
    }
    return now_s - from_s >= (until_s - from_s) / 2 ? CREDENTIAL_RENEW
                                                    : CREDENTIAL_GOOD;
}
