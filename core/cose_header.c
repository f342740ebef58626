/* cose_header.c - header buckets and public keys of COSE. */
#include "core/cose_header.h"

#include <string.h>

#include "core/limits.h"

/* RFC 9052 section 7 and RFC 9053 section 7.1. */
#define KEY_LABEL_TYPE  1
#define KEY_LABEL_CURVE (-1)
#define KEY_LABEL_X     (-2)
#define KEY_LABEL_Y     (-3)
#define KEY_TYPE_EC2    2
#define KEY_CURVE_P256  1

void cose_kid(const struct ec_public *pub, uint8_t kid[COSE_KID_SIZE])
{
    struct hash h;

    crypto_sha256_2((struct bytes){ pub->x, sizeof(pub->x) },
                    (struct bytes){ pub->y, sizeof(pub->y) }, &h);
    memcpy(kid, h.bytes, COSE_KID_SIZE);
}

void cose_put_protected(struct buf *b, int64_t alg)
{
    struct buf map;

    buf_init(&map, 16);
    cbor_put_map(&map, 1);
    cbor_put_uint(&map, COSE_LABEL_ALG);
    cbor_put_int(&map, alg);
    cbor_put_bytes(b, map.data, map.len);
    if (map.err && !b->err) {
        b->err = map.err;
    }
    buf_fini(&map);
}

void cose_open(struct cbor_reader *r, struct bytes in, enum cose_tag tag,
               size_t count)
{
    cbor_open(r, in);
    if (cbor_get_tag(r) != tag || cbor_get_array(r) != count) {
        r->err = ERR_BAD_DATA;
    }
}

/* Bit of a label in `seen`; zero for labels that nobody here reads. */
static uint32_t label_bit(int64_t label)
{
    if (label >= COSE_LABEL_ALG && label <= COSE_LABEL_PARTIAL_IV) {
        return (uint32_t)1 << label;
    }
    if (label == COSE_LABEL_SENDER_KEY) {
        return (uint32_t)1 << 8;
    }
    return label == COSE_LABEL_SALT ? (uint32_t)1 << 9 : 0;
}

/*
 * The list of labels that must be understood: each must be one of ours and
 * stand in the protected bucket, which is known only at its end.
 */
static enum err get_crit(struct cbor_reader *r, uint32_t *want_out)
{
    const size_t count = cbor_get_array(r);

    if (count == 0) {
        return ERR_BAD_DATA;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t bit;

        if (cbor_peek(r) == CBOR_TYPE_TEXT) {
            return ERR_UNSUPPORTED;
        }
        bit = label_bit(cbor_get_int(r));
        if (bit == 0) {
            return r->err ? r->err : ERR_UNSUPPORTED;
        }
        *want_out |= bit;
    }
    return r->err;
}

static enum err get_value(struct cbor_reader *r, int64_t label,
                          struct cose_header *out)
{
    switch (label) {
    case COSE_LABEL_ALG:
        if (cbor_peek(r) == CBOR_TYPE_TEXT) {
            cbor_skip(r); /* a name: none of ours */
        } else {
            out->alg = cbor_get_int(r);
        }
        break;
    case COSE_LABEL_KID:
        out->kid = cbor_get_bytes(r);
        break;
    case COSE_LABEL_IV:
        out->iv = cbor_get_bytes(r);
        break;
    case COSE_LABEL_SALT:
        out->salt = cbor_get_bytes(r);
        break;
    case COSE_LABEL_SENDER_KEY:
        out->sender = cbor_get_item(r);
        break;
    case COSE_LABEL_PARTIAL_IV:
        return ERR_UNSUPPORTED;
    default:
        if (label <= COSE_LABEL_PARTY_FIRST && label >= COSE_LABEL_PARTY_LAST) {
            return ERR_UNSUPPORTED; /* would change the derived key */
        }
        cbor_skip(r);
        break;
    }
    return r->err;
}

static enum err get_bucket(struct cbor_reader *r, bool is_protected,
                           struct cose_header *out)
{
    const size_t count = cbor_get_map(r);
    uint32_t want = 0;
    enum err err = r->err;

    for (size_t i = 0; i < count && !err; i++) {
        int64_t label;
        uint32_t bit;

        if (cbor_peek(r) == CBOR_TYPE_TEXT) {
            cbor_skip(r); /* private labels have names */
            cbor_skip(r);
            continue;
        }
        label = cbor_get_int(r);
        bit = label_bit(label);
        if (r->err || (out->seen & bit) != 0 ||
            (label == COSE_LABEL_CRIT && !is_protected)) {
            return ERR_BAD_DATA;
        }
        out->seen |= bit;
        err = label == COSE_LABEL_CRIT ? get_crit(r, &want)
                                       : get_value(r, label, out);
    }
    if (!err && (want & ~out->seen) != 0) {
        err = ERR_BAD_DATA; /* critical, but absent */
    }
    return err;
}

enum err cose_header_get(struct cbor_reader *r, struct cose_header *out)
{
    struct cbor_reader inner;
    struct bytes raw;
    enum err err = ERR_OK;

    *out = (struct cose_header){ .alg = 0 };
    raw = cbor_get_bytes(r);
    if (r->err) {
        return r->err;
    }
    if (raw.len > 0) {
        cbor_open(&inner, raw);
        if (cbor_peek(&inner) != CBOR_TYPE_MAP) {
            return ERR_BAD_DATA;
        }
        err = get_bucket(&inner, true, out);
        if (!err) {
            err = cbor_close(&inner);
        }
    }
    /* Section 3: an empty map is signed as if it were not there. */
    if (raw.len != 1) {
        out->raw = raw;
    }
    return err ? err : get_bucket(r, false, out);
}

void cose_key_put(struct buf *out, const struct ec_public *pub)
{
    cbor_put_map(out, 4);
    cbor_put_int(out, KEY_LABEL_TYPE);
    cbor_put_int(out, KEY_TYPE_EC2);
    cbor_put_int(out, KEY_LABEL_CURVE);
    cbor_put_int(out, KEY_CURVE_P256);
    cbor_put_int(out, KEY_LABEL_X);
    cbor_put_bytes(out, pub->x, sizeof(pub->x));
    cbor_put_int(out, KEY_LABEL_Y);
    cbor_put_bytes(out, pub->y, sizeof(pub->y));
}

/* One coordinate; compressed keys have a bool for y. */
static enum err get_coordinate(struct cbor_reader *r, uint8_t out[32])
{
    struct bytes view;

    if (cbor_peek(r) == CBOR_TYPE_BOOL) {
        return ERR_UNSUPPORTED;
    }
    view = cbor_get_bytes(r);
    if (view.len != 32) {
        return ERR_BAD_DATA;
    }
    memcpy(out, view.data, 32);
    return ERR_OK;
}

enum err cose_key_parse(struct bytes in, struct ec_public *out)
{
    struct cbor_reader r;
    size_t count;
    unsigned found = 0; /* of type, curve, x and y; keys come once */
    enum err err = ERR_OK;

    cbor_open(&r, in);
    count = cbor_get_map(&r);
    for (size_t i = 0; i < count && !err && !r.err; i++) {
        if (cbor_peek(&r) == CBOR_TYPE_TEXT) {
            cbor_skip(&r);
            cbor_skip(&r);
            continue;
        }
        switch (cbor_get_int(&r)) {
        case KEY_LABEL_TYPE:
            err = cbor_get_int(&r) == KEY_TYPE_EC2 ? ERR_OK : ERR_UNSUPPORTED;
            found++;
            break;
        case KEY_LABEL_CURVE:
            err = cbor_get_int(&r) == KEY_CURVE_P256 ? ERR_OK : ERR_UNSUPPORTED;
            found++;
            break;
        case KEY_LABEL_X:
            err = get_coordinate(&r, out->x);
            found++;
            break;
        case KEY_LABEL_Y:
            err = get_coordinate(&r, out->y);
            found++;
            break;
        default:
            cbor_skip(&r);
            break;
        }
    }
    if (!err) {
        err = cbor_close(&r);
    }
    if (!err && found != 4) {
        err = ERR_BAD_DATA;
    }
    return err ? err : crypto_ec_check(out);
}
