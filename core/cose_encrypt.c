/*
 * cose_encrypt.c - COSE_Encrypt0 and COSE_Encrypt (RFC 9052, section 5)
 * with AES-GCM and ECDH-ES + HKDF-256 on P-256 (RFC 9053, section 6.3).
 */
#include "core/cose.h"

#include <string.h>

#include "core/cose_header.h"

#define FRAME_BYTES 128 /* names, heads and our own headers */

static const struct bytes nothing;

/* {1: 3}: A256GCM, what every message of ours is encrypted with. */
static const uint8_t a256gcm_header[] = { 0xa1, 0x01, 0x03 };
static const struct bytes a256gcm = { a256gcm_header, sizeof(a256gcm_header) };
/* {1: -25}: how its key is agreed upon. */
static const uint8_t ecdh_header[] = { 0xa1, 0x01, 0x38, 0x18 };
static const struct bytes ecdh = { ecdh_header, sizeof(ecdh_header) };

/* Key size of a content algorithm in bytes; zero when it isn't ours. */
static size_t key_size(int64_t alg)
{
    switch (alg) {
    case COSE_A128GCM:
        return 16;
    case COSE_A192GCM:
        return 24;
    case COSE_A256GCM:
        return 32;
    default:
        return 0;
    }
}

/* What GCM authenticates: Enc_structure (section 5.3). */
static void put_enc_structure(struct buf *b, const char *context,
                              struct bytes raw, struct bytes aad)
{
    buf_init(b, FRAME_BYTES + raw.len + aad.len);
    cbor_put_array(b, 3);
    cbor_put_str(b, context);
    cbor_put_bytes(b, raw.data, raw.len);
    cbor_put_bytes(b, aad.data, aad.len);
}

/* --- one layer of AES-GCM --- */

/* Headers and ciphertext of a layer: three items of its array. */
static enum err put_layer(struct buf *out, const char *context,
                          struct bytes key, struct crypto_random random,
                          struct bytes plain, struct bytes aad)
{
    uint8_t nonce[CRYPTO_NONCE_SIZE];
    const size_t sealed_len = plain.len + CRYPTO_TAG_SIZE;
    struct buf enc;
    struct buf sealed;
    uint8_t *at;
    enum err err;

    put_enc_structure(&enc, context, a256gcm, aad);
    buf_init(&sealed, sealed_len);
    at = buf_grow(&sealed, sealed_len);
    err = enc.err ? enc.err : sealed.err;
    if (!err) {
        err = random.fill(random.ctx, nonce, sizeof(nonce));
    }
    if (!err) {
        err = crypto_gcm_seal(key, (struct bytes){ nonce, sizeof(nonce) },
                              buf_bytes(&enc), plain, at);
    }
    if (!err) {
        cbor_put_bytes(out, a256gcm.data, a256gcm.len);
        cbor_put_map(out, 1);
        cbor_put_int(out, COSE_LABEL_IV);
        cbor_put_bytes(out, nonce, sizeof(nonce));
        cbor_put_bytes(out, at, sealed_len);
        err = out->err;
    }
    buf_fini(&enc);
    buf_fini(&sealed);
    return err;
}

/* Appends the plain bytes; leaves `out` as it was when the tag is wrong. */
static enum err open_layer(struct buf *out, const char *context,
                           const struct cose_header *header, struct bytes key,
                           struct bytes sealed, struct bytes aad)
{
    const size_t start = out->len;
    struct buf enc;
    uint8_t *at;
    enum err err;

    if (sealed.len < CRYPTO_TAG_SIZE) {
        return ERR_BAD_DATA;
    }
    at = buf_grow(out, sealed.len - CRYPTO_TAG_SIZE);
    if (out->err) {
        return out->err;
    }
    put_enc_structure(&enc, context, header->raw, aad);
    err = enc.err;
    if (!err) {
        err = crypto_gcm_open(key, header->iv, buf_bytes(&enc), sealed, at);
    }
    if (err) {
        out->len = start;
    }
    buf_fini(&enc);
    return err;
}

/* --- COSE_Encrypt0 --- */

enum err cose_encrypt0_put(struct buf *out, struct bytes key32,
                           struct crypto_random random, struct bytes plain,
                           struct bytes aad)
{
    ASSERT(key32.len == CRYPTO_KEY_SIZE);
    cbor_put_tag(out, COSE_TAG_ENCRYPT0);
    cbor_put_array(out, 3);
    return put_layer(out, "Encrypt0", key32, random, plain, aad);
}

enum err cose_encrypt0_open(struct buf *out, struct bytes key, struct bytes in,
                            struct bytes aad)
{
    struct cbor_reader r;
    struct cose_header header;
    struct bytes sealed;
    enum err err;

    cose_open(&r, in, COSE_TAG_ENCRYPT0, 3);
    if (r.err) {
        return r.err;
    }
    err = cose_header_get(&r, &header);
    if (err) {
        return err;
    }
    sealed = cbor_get_bytes(&r);
    err = cbor_close(&r);
    if (err) {
        return err;
    }
    if (key_size(header.alg) == 0) {
        return ERR_UNSUPPORTED;
    }
    if (key_size(header.alg) != key.len) {
        return ERR_WRONG_KEY;
    }
    return open_layer(out, "Encrypt0", &header, key, sealed, aad);
}

/* --- key agreement --- */

/* A key that lives on the stack for one message. */
struct secret {
    uint8_t bytes[CRYPTO_KEY_SIZE];
    size_t len;
};

static struct bytes secret_view(const struct secret *s)
{
    return (struct bytes){ s->bytes, s->len };
}

/* COSE_KDF_Context without parties (RFC 9053, section 5.2). */
static void put_kdf_context(struct buf *b, int64_t alg, struct bytes raw)
{
    buf_init(b, FRAME_BYTES + raw.len);
    cbor_put_array(b, 4);
    cbor_put_int(b, alg);
    for (int party = 0; party < 2; party++) {
        cbor_put_array(b, 3);
        for (int i = 0; i < 3; i++) {
            cbor_put_null(b); /* identity, nonce, other */
        }
    }
    cbor_put_array(b, 2);
    cbor_put_uint(b, key_size(alg) * 8);
    cbor_put_bytes(b, raw.data, raw.len);
}

/* The key for `alg` between `own` and `peer`; `header` is the recipient's. */
static enum err agree(const struct ec_key *own, const struct ec_public *peer,
                      const struct cose_header *header, int64_t alg,
                      struct secret *out)
{
    uint8_t shared[32];
    struct buf context;
    enum err err = crypto_ecdh(own, peer, shared);

    put_kdf_context(&context, alg, header->raw);
    if (!err) {
        err = context.err;
    }
    if (!err) {
        out->len = key_size(alg);
        err = crypto_hkdf_sha256(header->salt,
                                 (struct bytes){ shared, sizeof(shared) },
                                 buf_bytes(&context), out->bytes, out->len);
    }
    wipe(shared, sizeof(shared));
    buf_fini(&context);
    return err;
}

/* A recipient that agrees with a fresh key; its half goes to `*out`. */
static enum err put_agreement(struct buf *out, const struct ec_public *peer,
                              struct crypto_random random,
                              struct secret *key_out)
{
    const struct cose_header header = { .raw = ecdh };
    uint8_t kid[COSE_KID_SIZE];
    struct ec_key sender;
    enum err err = crypto_ec_new(random, &sender);

    if (!err) {
        err = agree(&sender, peer, &header, COSE_A256GCM, key_out);
    }
    if (!err) {
        cose_kid(peer, kid);
        cbor_put_array(out, 3);
        cbor_put_bytes(out, ecdh.data, ecdh.len);
        cbor_put_map(out, 2);
        cbor_put_int(out, COSE_LABEL_KID);
        cbor_put_bytes(out, kid, sizeof(kid));
        cbor_put_int(out, COSE_LABEL_SENDER_KEY);
        cose_key_put(out, &sender.pub);
        cbor_put_bytes(out, NULL, 0);
        err = out->err;
    }
    wipe(&sender, sizeof(sender));
    return err;
}

/* --- COSE_Encrypt: writing --- */

/* One of several recipients: an agreed key wraps the content key. */
static enum err put_wrapped(struct buf *out, const struct ec_public *peer,
                            struct crypto_random random,
                            const struct secret *content)
{
    struct secret wrap;
    struct buf nested;
    enum err err;

    buf_init(&nested, (size_t)4 * FRAME_BYTES);
    cbor_put_array(&nested, 1);
    err = put_agreement(&nested, peer, random, &wrap);
    if (!err) {
        cbor_put_array(out, 4);
        err = put_layer(out, "Enc_Recipient", secret_view(&wrap), random,
                        secret_view(content), nothing);
    }
    if (!err) {
        cbor_put_raw(out, buf_bytes(&nested));
        err = out->err;
    }
    wipe(&wrap, sizeof(wrap));
    buf_fini(&nested);
    return err;
}

/* Array of recipients, and the content key that they will reach. */
static enum err put_recipients(struct buf *out,
                               const struct ec_public *recipients, size_t count,
                               struct crypto_random random,
                               struct secret *content)
{
    enum err err;

    cbor_put_array(out, count);
    content->len = CRYPTO_KEY_SIZE;
    if (count == 1) {
        return put_agreement(out, recipients, random, content);
    }
    err = random.fill(random.ctx, content->bytes, content->len);
    for (size_t i = 0; i < count && !err; i++) {
        err = put_wrapped(out, &recipients[i], random, content);
    }
    return err;
}

enum err cose_encrypt_put(struct buf *out, const struct ec_public *recipients,
                          size_t recipient_count, struct crypto_random random,
                          struct bytes plain, struct bytes aad)
{
    struct secret content;
    struct buf list;
    enum err err;

    ASSERT(recipient_count > 0);
    ASSERT(recipient_count <= COSE_RECIPIENTS_MAX);
    buf_init(&list, recipient_count * 8 * FRAME_BYTES);
    err = put_recipients(&list, recipients, recipient_count, random, &content);
    if (!err) {
        cbor_put_tag(out, COSE_TAG_ENCRYPT);
        cbor_put_array(out, 4);
        err = put_layer(out, "Encrypt", secret_view(&content), random, plain,
                        aad);
    }
    if (!err) {
        cbor_put_raw(out, buf_bytes(&list));
        err = out->err;
    }
    wipe(&content, sizeof(content));
    buf_fini(&list);
    return err;
}

/* --- COSE_Encrypt: reading --- */

/* One way to the content key, as the message offers it. */
struct recipient {
    bool is_wrapped;
    struct cose_header wrap; /* when wrapped: its own layer ... */
    struct bytes wrapped_key;
    struct cose_header agreement; /* ... and the one below */
};

struct message {
    struct cose_header header;
    struct bytes sealed;
    size_t count;
    struct recipient recipients[COSE_RECIPIENTS_MAX];
};

/* Direct agreement: [headers, empty ciphertext]. */
static enum err get_agreement(struct cbor_reader *r, struct cose_header *out)
{
    enum err err;

    if (cbor_get_array(r) != 3) {
        return ERR_BAD_DATA;
    }
    err = cose_header_get(r, out);
    if (!err && (cbor_get_bytes(r).len != 0 || r->err)) {
        err = ERR_BAD_DATA;
    }
    return err;
}

static enum err get_recipient(struct bytes item, struct recipient *out)
{
    struct cbor_reader r;
    enum err err;

    *out = (struct recipient){ .is_wrapped = false };
    cbor_open_gated(&r, item);
    out->is_wrapped = cbor_get_array(&r) == 4;
    if (!out->is_wrapped) {
        cbor_open_gated(&r, item);
        err = get_agreement(&r, &out->agreement);
        return err ? err : cbor_close(&r);
    }
    err = cose_header_get(&r, &out->wrap);
    if (err) {
        return err;
    }
    out->wrapped_key = cbor_get_bytes(&r);
    if (cbor_get_array(&r) != 1) {
        return ERR_BAD_DATA;
    }
    err = get_agreement(&r, &out->agreement);
    return err ? err : cbor_close(&r);
}

/* Recipients that aren't for us to open are passed over. */
static bool is_ours(const struct recipient *to)
{
    return to->agreement.alg == COSE_ECDH_ES_HKDF_256 &&
           (!to->is_wrapped || key_size(to->wrap.alg) > 0);
}

static enum err get_recipients(struct cbor_reader *r, struct message *out)
{
    const size_t count = cbor_get_array(r);
    enum err err = r->err;

    if (!err && count == 0) {
        err = ERR_BAD_DATA;
    }
    if (!err && count > COSE_RECIPIENTS_MAX) {
        err = ERR_TOO_LONG;
    }
    for (size_t i = 0; i < count && !err; i++) {
        struct recipient *to = &out->recipients[out->count];

        err = get_recipient(cbor_get_item(r), to);
        if (!err && !to->is_wrapped && count > 1) {
            err = ERR_BAD_DATA; /* section 8.5.4: the only one, or none */
        }
        if (!err && is_ours(to)) {
            out->count++;
        } else if (err == ERR_UNSUPPORTED) {
            err = ERR_OK;
        }
    }
    if (!err && out->count == 0) {
        err = ERR_UNSUPPORTED;
    }
    return err;
}

static enum err get_message(struct bytes in, struct message *out)
{
    struct cbor_reader r;
    enum err err;

    out->count = 0;
    cose_open(&r, in, COSE_TAG_ENCRYPT, 4);
    if (r.err) {
        return r.err;
    }
    err = cose_header_get(&r, &out->header);
    if (err) {
        return err;
    }
    out->sealed = cbor_get_bytes(&r);
    err = get_recipients(&r, out);
    if (!err) {
        err = cbor_close(&r);
    }
    if (!err && key_size(out->header.alg) == 0) {
        err = ERR_UNSUPPORTED;
    }
    return err;
}

/* The content key by one recipient; a wrong one shows when it is used. */
static enum err reach_key(const struct message *m, const struct recipient *to,
                          const struct ec_key *key, struct secret *out)
{
    const int64_t alg = to->is_wrapped ? to->wrap.alg : m->header.alg;
    struct ec_public sender;
    struct secret wrap;
    struct buf plain;
    enum err err = cose_key_parse(to->agreement.sender, &sender);

    if (err) {
        return err;
    }
    err = agree(key, &sender, &to->agreement, alg, &wrap);
    if (err || !to->is_wrapped) {
        *out = wrap;
        wipe(&wrap, sizeof(wrap));
        return err;
    }
    buf_init(&plain, CRYPTO_KEY_SIZE);
    err = open_layer(&plain, "Enc_Recipient", &to->wrap, secret_view(&wrap),
                     to->wrapped_key, nothing);
    if (!err && plain.len != key_size(m->header.alg)) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        out->len = plain.len;
        memcpy(out->bytes, plain.data, plain.len);
    }
    wipe(&wrap, sizeof(wrap));
    buf_wipe(&plain);
    return err;
}

static enum err open_by(struct buf *out, const struct message *m,
                        const struct recipient *to, const struct ec_key *key,
                        struct bytes aad)
{
    struct secret content = { .len = 0 };
    enum err err = reach_key(m, to, key, &content);

    if (!err) {
        err = open_layer(out, "Encrypt", &m->header, secret_view(&content),
                         m->sealed, aad);
    }
    wipe(&content, sizeof(content));
    return err;
}

enum err cose_encrypt_open(struct buf *out, const struct ec_key *key,
                           struct bytes in, struct bytes aad)
{
    uint8_t kid[COSE_KID_SIZE];
    struct message m;
    enum err err = get_message(in, &m);

    if (err) {
        return err;
    }
    cose_kid(&key->pub, kid);
    err = ERR_WRONG_KEY;
    for (int named = 1; named >= 0 && err == ERR_WRONG_KEY; named--) {
        for (size_t i = 0; i < m.count && err == ERR_WRONG_KEY; i++) {
            const struct recipient *to = &m.recipients[i];
            const bool is_named =
                bytes_eq(to->agreement.kid, (struct bytes){ kid, sizeof(kid) });

            if (is_named == (named == 1)) {
                err = open_by(out, &m, to, key, aad);
            }
        }
    }
    return err;
}
