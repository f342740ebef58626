/* cose_sign.c - COSE_Sign1 and COSE_Sign with ES256 (RFC 9052, section 4). */
#include "core/cose.h"

#include <string.h>

#include "core/cose_header.h"

#define FRAME_BYTES 512 /* names, heads and headers around a payload */

static const struct bytes nothing;

/* Sig_structure (section 4.4); `signer` is NULL for a COSE_Sign1. */
static void put_signed(struct buf *b, struct bytes body,
                       const struct bytes *signer, struct bytes aad,
                       struct bytes payload)
{
    cbor_put_array(b, signer != NULL ? 5 : 4);
    cbor_put_str(b, signer != NULL ? "Signature" : "Signature1");
    cbor_put_bytes(b, body.data, body.len);
    if (signer != NULL) {
        cbor_put_bytes(b, signer->data, signer->len);
    }
    cbor_put_bytes(b, aad.data, aad.len);
    cbor_put_bytes(b, payload.data, payload.len);
}

/* {1: -7}, what every signature of ours stands under. */
static const uint8_t es256_header[] = { 0xa1, 0x01, 0x26 };
static const struct bytes es256 = { es256_header, sizeof(es256_header) };

/* The protected bucket, {4: kid}. */
static void put_headers(struct buf *out, const struct ec_public *pub)
{
    uint8_t kid[COSE_KID_SIZE];

    cose_kid(pub, kid);
    cbor_put_bytes(out, es256.data, es256.len);
    cbor_put_map(out, 1);
    cbor_put_int(out, COSE_LABEL_KID);
    cbor_put_bytes(out, kid, sizeof(kid));
}

static size_t signed_max(struct bytes aad, struct bytes payload,
                         struct bytes body)
{
    return FRAME_BYTES + aad.len + payload.len + body.len;
}

enum err cose_sign1_put(struct buf *out, const struct ec_key *key,
                        struct bytes payload, struct bytes aad)
{
    uint8_t sig[CRYPTO_SIG_SIZE];
    struct buf signed_bytes;
    enum err err;

    buf_init(&signed_bytes, signed_max(aad, payload, es256));
    put_signed(&signed_bytes, es256, NULL, aad, payload);
    err = signed_bytes.err;
    if (!err) {
        err = crypto_sign(key, buf_bytes(&signed_bytes), sig);
    }
    buf_fini(&signed_bytes);
    if (err) {
        return err;
    }
    cbor_put_tag(out, COSE_TAG_SIGN1);
    cbor_put_array(out, 4);
    put_headers(out, &key->pub);
    cbor_put_bytes(out, payload.data, payload.len);
    cbor_put_bytes(out, sig, sizeof(sig));
    return out->err;
}

/* Payload of either message: bytes, or nil when it travels elsewhere. */
static struct bytes get_payload(struct cbor_reader *r, bool *detached_out)
{
    *detached_out = cbor_peek(r) == CBOR_TYPE_NULL;
    if (*detached_out) {
        cbor_get_null(r);
        return nothing;
    }
    return cbor_get_bytes(r);
}

enum err cose_sign1_parse(struct bytes in, struct cose_sign1 *out)
{
    struct cbor_reader r;
    struct cose_header header;
    enum err err;

    cose_open(&r, in, COSE_TAG_SIGN1, 4);
    if (r.err) {
        return r.err;
    }
    err = cose_header_get(&r, &header);
    if (err) {
        return err;
    }
    *out = (struct cose_sign1){ .alg = COSE_ES256,
                                .kid = header.kid,
                                .protected_raw = header.raw };
    out->payload = get_payload(&r, &out->detached);
    out->signature = cbor_get_bytes(&r);
    err = cbor_close(&r);
    if (!err && header.alg != COSE_ES256) {
        err = ERR_UNSUPPORTED;
    }
    return err;
}

enum err cose_sign1_verify(const struct cose_sign1 *msg,
                           const struct ec_public *pub, struct bytes payload,
                           struct bytes aad)
{
    struct buf b;
    enum err err;

    if (!msg->detached) {
        payload = msg->payload;
    }
    buf_init(&b, signed_max(aad, payload, msg->protected_raw));
    put_signed(&b, msg->protected_raw, NULL, aad, payload);
    err = b.err;
    if (!err) {
        err = crypto_verify(pub, buf_bytes(&b), msg->signature);
    }
    buf_fini(&b);
    return err;
}

enum err cose_sign_put(struct buf *out, const struct ec_key *keys,
                       size_t key_count, struct bytes payload, struct bytes aad)
{
    uint8_t sig[CRYPTO_SIG_SIZE];
    struct buf b;
    enum err err;

    ASSERT(key_count > 0);
    ASSERT(key_count <= COSE_SIGNERS_MAX);
    /* All sign the same bytes: the headers under the signature agree. */
    buf_init(&b, signed_max(aad, payload, es256));
    put_signed(&b, nothing, &es256, aad, payload);
    cbor_put_tag(out, COSE_TAG_SIGN);
    cbor_put_array(out, 4);
    cbor_put_bytes(out, NULL, 0);
    cbor_put_map(out, 0);
    cbor_put_bytes(out, payload.data, payload.len);
    cbor_put_array(out, key_count);
    err = b.err;
    for (size_t i = 0; i < key_count && !err; i++) {
        err = crypto_sign(&keys[i], buf_bytes(&b), sig);
        cbor_put_array(out, 3);
        put_headers(out, &keys[i].pub);
        cbor_put_bytes(out, sig, sizeof(sig));
    }
    buf_fini(&b);
    return err ? err : out->err;
}

/* A COSE_Sign taken apart, as far as checking one signer needs it. */
struct sign {
    struct bytes body; /* protected bucket */
    struct bytes payload;
    size_t count;
    struct {
        struct bytes raw;
        struct bytes kid;
        struct bytes signature;
    } signers[COSE_SIGNERS_MAX];
};

/* Adds the next signer unless its algorithm or headers aren't ours. */
static enum err get_signer(struct cbor_reader *r, struct sign *s)
{
    struct cbor_reader one;
    struct cose_header header;
    struct bytes signature;
    enum err err;

    cbor_open_gated(&one, cbor_get_item(r));
    if (cbor_get_array(&one) != 3) {
        return ERR_BAD_DATA;
    }
    err = cose_header_get(&one, &header);
    if (err == ERR_UNSUPPORTED) {
        return ERR_OK;
    }
    signature = cbor_get_bytes(&one);
    if (!err) {
        err = cbor_close(&one);
    }
    if (!err && header.alg == COSE_ES256) {
        s->signers[s->count].raw = header.raw;
        s->signers[s->count].kid = header.kid;
        s->signers[s->count].signature = signature;
        s->count++;
    }
    return err;
}

static enum err sign_parse(struct bytes in, struct sign *s)
{
    struct cbor_reader r;
    struct cose_header header;
    size_t count;
    bool detached = false;
    enum err err;

    *s = (struct sign){ .count = 0 };
    cose_open(&r, in, COSE_TAG_SIGN, 4);
    if (r.err) {
        return r.err;
    }
    err = cose_header_get(&r, &header);
    if (err) {
        return err;
    }
    s->body = header.raw;
    s->payload = get_payload(&r, &detached);
    count = cbor_get_array(&r);
    if (r.err || detached || count == 0) {
        return ERR_BAD_DATA;
    }
    if (count > COSE_SIGNERS_MAX) {
        return ERR_TOO_LONG;
    }
    for (size_t i = 0; i < count && !err; i++) {
        err = get_signer(&r, s);
    }
    return err ? err : cbor_close(&r);
}

static enum err verify_signer(const struct sign *s, size_t i,
                              const struct ec_public *pub, struct bytes aad)
{
    struct buf b;
    enum err err;

    buf_init(&b, signed_max(aad, s->payload, s->body) + s->signers[i].raw.len);
    put_signed(&b, s->body, &s->signers[i].raw, aad, s->payload);
    err = b.err;
    if (!err) {
        err = crypto_verify(pub, buf_bytes(&b), s->signers[i].signature);
    }
    buf_fini(&b);
    return err;
}

enum err cose_sign_verify(struct bytes in, const struct ec_public *pub,
                          struct bytes aad, struct bytes *payload_out)
{
    uint8_t kid[COSE_KID_SIZE];
    struct sign s;
    enum err err = sign_parse(in, &s);

    if (err) {
        return err;
    }
    cose_kid(pub, kid);
    err = ERR_BAD_SEAL;
    /* First those that name this key, then the others. */
    for (int named = 1; named >= 0 && err == ERR_BAD_SEAL; named--) {
        for (size_t i = 0; i < s.count && err == ERR_BAD_SEAL; i++) {
            const bool is_named =
                bytes_eq(s.signers[i].kid, (struct bytes){ kid, sizeof(kid) });

            if (is_named == (named == 1)) {
                err = verify_signer(&s, i, pub, aad);
            }
        }
    }
    if (!err) {
        *payload_out = s.payload;
    }
    return err;
}
