#include "core/enrol.h"

#include <string.h>

#include "core/cbor.h"

/* --- small parts of messages --- */

/* The next key of a map has to be just this one. */
static void get_key(struct cbor_reader *r, uint64_t key)
{
    if (cbor_get_uint(r) != key) {
        r->err = ERR_BAD_DATA;
    }
}

static void open_map(struct cbor_reader *r, struct bytes in, size_t pairs)
{
    if (in.len > ENROL_BODY_MAX_BYTES) {
        r->at = r->end = in.data;
        r->err = ERR_TOO_LONG;
        return;
    }
    cbor_open(r, in);
    if (cbor_get_map(r) != pairs) {
        r->err = ERR_BAD_DATA;
    }
}

static struct bytes get_bytes(struct cbor_reader *r, uint64_t key, size_t max)
{
    struct bytes got;

    get_key(r, key);
    got = cbor_get_bytes(r);
    if (got.len == 0 || got.len > max) {
        r->err = ERR_BAD_DATA;
    }
    return got;
}

static struct bytes bounded_text(struct cbor_reader *r, size_t max)
{
    const struct bytes got = cbor_get_text(r);

    if (got.len > max) {
        r->err = ERR_BAD_DATA;
    }
    return got;
}

static struct bytes get_text(struct cbor_reader *r, uint64_t key, size_t max)
{
    get_key(r, key);
    return bounded_text(r, max);
}

/* A nested COSE message: its own reader checks what is in it. */
static struct bytes get_item(struct cbor_reader *r, uint64_t key)
{
    get_key(r, key);
    return cbor_get_item(r);
}

static void get_id(struct cbor_reader *r, uint64_t key, struct uuid *out)
{
    get_key(r, key);
    cbor_get_uuid(r, out);
}

static void put_bytes(struct buf *b, uint64_t key, struct bytes data)
{
    cbor_put_uint(b, key);
    cbor_put_bytes(b, data.data, data.len);
}

static void put_text(struct buf *b, uint64_t key, struct bytes text)
{
    cbor_put_uint(b, key);
    cbor_put_text(b, (const char *)text.data, text.len);
}

static void put_item(struct buf *b, uint64_t key, struct bytes item)
{
    cbor_put_uint(b, key);
    cbor_put_raw(b, item);
}

static void put_id(struct buf *b, uint64_t key, const struct uuid *id)
{
    cbor_put_uint(b, key);
    cbor_put_uuid(b, id);
}

static void put_chain(struct buf *b, uint64_t key, struct bytes leaf,
                      struct bytes issuer)
{
    cbor_put_uint(b, key);
    cbor_put_array(b, 2);
    cbor_put_bytes(b, leaf.data, leaf.len);
    cbor_put_bytes(b, issuer.data, issuer.len);
}

static void get_chain(struct cbor_reader *r, uint64_t key, struct bytes *leaf,
                      struct bytes *issuer)
{
    get_key(r, key);
    if (cbor_get_array(r) != 2) {
        r->err = ERR_BAD_DATA;
    }
    *leaf = cbor_get_bytes(r);
    *issuer = cbor_get_bytes(r);
    if (leaf->len > ENROL_CERT_MAX_BYTES ||
        issuer->len > ENROL_CERT_MAX_BYTES) {
        r->err = ERR_BAD_DATA;
    }
}

/* --- enrol --- */

enum err enrol_request_put(struct buf *out, const struct enrol_request *r)
{
    cbor_put_map(out, 6);
    put_bytes(out, 1, (struct bytes){ r->secret, ENROL_SECRET_SIZE });
    put_bytes(out, 2, r->csr);
    put_item(out, 3, r->seal_key);
    put_item(out, 4, r->statement);
    cbor_put_uint(out, 5);
    cbor_put_uint(out, r->storage);
    put_text(out, 6, r->version);
    return out->err;
}

enum err enrol_request_parse(struct bytes in, struct enrol_request *out)
{
    struct cbor_reader r;
    struct bytes secret;

    memset(out, 0, sizeof(*out));
    open_map(&r, in, 6);
    secret = get_bytes(&r, 1, ENROL_SECRET_SIZE);
    out->csr = get_bytes(&r, 2, ENROL_CSR_MAX_BYTES);
    out->seal_key = get_item(&r, 3);
    out->statement = get_item(&r, 4);
    get_key(&r, 5);
    out->storage = (enum enrol_storage)cbor_get_uint_max(&r, 255);
    out->version = get_text(&r, 6, ENROL_VERSION_MAX);
    if (secret.len != ENROL_SECRET_SIZE || out->storage < ENROL_STORAGE_TPM ||
        out->storage > ENROL_STORAGE_WEAK) {
        r.err = r.err ? r.err : ERR_BAD_DATA;
        return r.err;
    }
    memcpy(out->secret, secret.data, ENROL_SECRET_SIZE);
    return cbor_close(&r);
}

static void put_officers(struct buf *out, const struct enrol_response *r)
{
    cbor_put_uint(out, 10);
    cbor_put_array(out, r->officer_count);
    for (size_t i = 0; i < r->officer_count; i++) {
        const struct enrol_officer *o = &r->officers[i];

        cbor_put_array(out, 4);
        cbor_put_uuid(out, &o->id);
        cbor_put_text(out, (const char *)o->number.data, o->number.len);
        cbor_put_text(out, (const char *)o->name.data, o->name.len);
        cbor_put_text(out, (const char *)o->role.data, o->role.len);
    }
}

static void get_officers(struct cbor_reader *r, struct enrol_response *out)
{
    get_key(r, 10);
    out->officer_count = cbor_get_array(r);
    if (out->officer_count > ENROL_OFFICERS_MAX) {
        out->officer_count = 0;
        r->err = ERR_BAD_DATA;
    }
    for (size_t i = 0; i < out->officer_count; i++) {
        struct enrol_officer *o = &out->officers[i];

        if (cbor_get_array(r) != 4) {
            r->err = ERR_BAD_DATA;
        }
        cbor_get_uuid(r, &o->id);
        o->number = bounded_text(r, ENROL_TEXT_MAX);
        o->name = bounded_text(r, ENROL_TEXT_MAX);
        o->role = bounded_text(r, ENROL_TEXT_MAX);
    }
}

enum err enrol_response_put(struct buf *out, const struct enrol_response *r)
{
    ASSERT(r->officer_count <= ENROL_OFFICERS_MAX);
    cbor_put_map(out, 11);
    put_id(out, 1, &r->council);
    put_text(out, 2, r->council_name);
    put_id(out, 3, &r->device);
    put_chain(out, 4, r->leaf, r->issuer);
    put_bytes(out, 5, r->root);
    put_item(out, 6, r->server_key);
    put_id(out, 7, &r->log_id);
    put_item(out, 8, r->recovery_key);
    put_text(out, 9, r->listener);
    put_officers(out, r);
    cbor_put_uint(out, 11);
    if (r->has_officer) {
        cbor_put_uuid(out, &r->officer);
    } else {
        cbor_put_null(out);
    }
    return out->err;
}

enum err enrol_response_parse(struct bytes in, struct enrol_response *out)
{
    struct cbor_reader r;

    memset(out, 0, sizeof(*out));
    open_map(&r, in, 11);
    get_id(&r, 1, &out->council);
    out->council_name = get_text(&r, 2, ENROL_TEXT_MAX);
    get_id(&r, 3, &out->device);
    get_chain(&r, 4, &out->leaf, &out->issuer);
    out->root = get_bytes(&r, 5, ENROL_CERT_MAX_BYTES);
    out->server_key = get_item(&r, 6);
    get_id(&r, 7, &out->log_id);
    out->recovery_key = get_item(&r, 8);
    out->listener = get_text(&r, 9, ENROL_LISTENER_MAX);
    get_officers(&r, out);
    get_key(&r, 11);
    out->has_officer = cbor_peek(&r) != CBOR_TYPE_NULL;
    if (out->has_officer) {
        cbor_get_uuid(&r, &out->officer);
    } else {
        cbor_get_null(&r);
    }
    return cbor_close(&r);
}

/* --- renew and rekey --- */

enum err enrol_renew_put(struct buf *out, const struct enrol_renew *r)
{
    cbor_put_map(out, 3);
    put_bytes(out, 1, r->csr);
    put_item(out, 2, r->statement);
    put_text(out, 3, r->version);
    return out->err;
}

enum err enrol_renew_parse(struct bytes in, struct enrol_renew *out)
{
    struct cbor_reader r;

    open_map(&r, in, 3);
    out->csr = get_bytes(&r, 1, ENROL_CSR_MAX_BYTES);
    out->statement = get_item(&r, 2);
    out->version = get_text(&r, 3, ENROL_VERSION_MAX);
    return cbor_close(&r);
}

enum err enrol_rekey_put(struct buf *out, const struct enrol_rekey *r)
{
    cbor_put_map(out, 6);
    put_id(out, 1, &r->device);
    put_bytes(out, 2, r->old_leaf);
    put_bytes(out, 3, r->csr);
    put_item(out, 4, r->statement);
    put_item(out, 5, r->old_statement);
    put_text(out, 6, r->version);
    return out->err;
}

enum err enrol_rekey_parse(struct bytes in, struct enrol_rekey *out)
{
    struct cbor_reader r;

    open_map(&r, in, 6);
    get_id(&r, 1, &out->device);
    out->old_leaf = get_bytes(&r, 2, ENROL_CERT_MAX_BYTES);
    out->csr = get_bytes(&r, 3, ENROL_CSR_MAX_BYTES);
    out->statement = get_item(&r, 4);
    out->old_statement = get_item(&r, 5);
    out->version = get_text(&r, 6, ENROL_VERSION_MAX);
    return cbor_close(&r);
}

enum err enrol_renewed_put(struct buf *out, const struct enrol_renewed *r)
{
    const bool has_root = r->root.len > 0;

    cbor_put_map(out, has_root ? 2 : 1);
    put_chain(out, 1, r->leaf, r->issuer);
    if (has_root) {
        cbor_put_uint(out, 2);
        cbor_put_array(out, 1 + r->cross_count);
        cbor_put_bytes(out, r->root.data, r->root.len);
        for (size_t i = 0; i < r->cross_count; i++) {
            cbor_put_bytes(out, r->cross[i].data, r->cross[i].len);
        }
    }
    return out->err;
}

static struct bytes get_cert(struct cbor_reader *r)
{
    const struct bytes der = cbor_get_bytes(r);

    if (der.len == 0 || der.len > ENROL_CERT_MAX_BYTES) {
        r->err = r->err ? r->err : ERR_BAD_DATA;
    }
    return der;
}

enum err enrol_renewed_parse(struct bytes in, struct enrol_renewed *out)
{
    struct cbor_reader r;
    size_t keys;

    memset(out, 0, sizeof(*out));
    cbor_open(&r, in);
    keys = cbor_get_map(&r);
    if (keys != 1 && keys != 2) {
        return ERR_BAD_DATA;
    }
    get_chain(&r, 1, &out->leaf, &out->issuer);
    if (keys == 2) {
        size_t count;

        get_key(&r, 2);
        count = cbor_get_array(&r);
        if (count < 1 || count > 1 + ENROL_CROSS_MAX) {
            return ERR_BAD_DATA;
        }
        out->root = get_cert(&r);
        out->cross_count = count - 1;
        for (size_t i = 0; i < out->cross_count; i++) {
            out->cross[i] = get_cert(&r);
        }
    }
    return cbor_close(&r);
}

enum err enrol_refusal_put(struct buf *out, const struct enrol_refusal *r)
{
    cbor_put_map(out, 2);
    cbor_put_uint(out, 1);
    cbor_put_uint(out, r->code);
    put_text(out, 2, r->reason);
    return out->err;
}

enum err enrol_refusal_parse(struct bytes in, struct enrol_refusal *out)
{
    struct cbor_reader r;

    open_map(&r, in, 2);
    get_key(&r, 1);
    out->code = cbor_get_uint(&r);
    out->reason = get_text(&r, 2, ENROL_TEXT_MAX);
    return cbor_close(&r);
}
