/* wire.c - writers and readers made from wire_msgs.def. */
#include "core/wire.h"

#include <string.h>

#include "core/cose.h"
#include "core/limits.h"

/* Fields and signature of the longest thing that the server signs. */
#define SIGNED_MAX_BYTES (SYNC_BLOBS_MAX * 40 + 512)

/* --- one value of each type --- */

static void put_uint(struct buf *b, const uint64_t *v)
{
    cbor_put_uint(b, *v);
}

static void put_bool(struct buf *b, const bool *v)
{
    cbor_put_bool(b, *v);
}

static void put_uuid(struct buf *b, const struct uuid *v)
{
    cbor_put_uuid(b, v);
}

static void put_hash(struct buf *b, const struct hash *v)
{
    cbor_put_hash(b, v);
}

static void put_bytes(struct buf *b, const struct bytes *v)
{
    cbor_put_bytes(b, v->data, v->len);
}

static void put_text(struct buf *b, const struct bytes *v)
{
    cbor_put_text(b, (const char *)v->data, v->len);
}

static void put_list(struct buf *b, const struct wire_list *v)
{
    cbor_put_array(b, v->count);
    cbor_put_raw(b, v->items);
}

static void get_uint(struct cbor_reader *r, uint64_t *out)
{
    *out = cbor_get_uint(r);
}

static void get_bool(struct cbor_reader *r, bool *out)
{
    *out = cbor_get_bool(r);
}

static void get_uuid(struct cbor_reader *r, struct uuid *out)
{
    cbor_get_uuid(r, out);
}

static void get_hash(struct cbor_reader *r, struct hash *out)
{
    cbor_get_hash(r, out);
}

static void get_bytes(struct cbor_reader *r, struct bytes *out)
{
    *out = cbor_get_bytes(r);
}

static void get_text(struct cbor_reader *r, struct bytes *out)
{
    *out = cbor_get_text(r);
}

static void get_list(struct cbor_reader *r, struct wire_list *out)
{
    size_t count = cbor_get_array(r);
    const uint8_t *start = r->at;

    for (size_t i = 0; i < count && !r->err; i++) {
        cbor_skip(r);
    }
    if (!r->err) {
        out->count = count;
        out->items = (struct bytes){ start, (size_t)(r->at - start) };
    }
}

/* --- one message --- */

/* True when the field is there: counted, written, or missed on reading. */
#define IS_MUST(msg, name) true
#define IS_OPT(msg, name)  ((msg)->has_##name)
#define FOUND_MUST(msg, name)
#define FOUND_OPT(msg, name) (msg)->has_##name = true;
#define NEEDED_MUST(key)     (1u << (key))
#define NEEDED_OPT(key)      0u

#define COUNT(m, key, need, type, name) count += IS_##need(msg, name) ? 1u : 0u;
#define PUT(m, key, need, type, name) \
    if (IS_##need(msg, name)) {       \
        cbor_put_uint(out, key);      \
        put_##type(out, &msg->name);  \
    }
#define GET(m, key, need, type, name) \
    case key:                         \
        get_##type(&r, &out->name);   \
        FOUND_##need(out, name) break;
#define NEEDED(m, key, need, type, name) | NEEDED_##need(key)

#define DEFINE(m, FIELDS)                                            \
    void wire_##m##_put(struct buf *out, const struct wire_##m *msg) \
    {                                                                \
        size_t count = 0;                                            \
                                                                     \
        FIELDS(COUNT, m)                                             \
        cbor_put_map(out, count);                                    \
        FIELDS(PUT, m)                                               \
    }                                                                \
                                                                     \
    enum err wire_##m##_get(struct bytes in, struct wire_##m *out)   \
    {                                                                \
        const unsigned needed = 0u FIELDS(NEEDED, m);                \
        unsigned seen = 0;                                           \
        struct cbor_reader r;                                        \
        size_t pairs;                                                \
                                                                     \
        memset(out, 0, sizeof(*out));                                \
        cbor_open(&r, in);                                           \
        pairs = cbor_get_map(&r);                                    \
        for (size_t i = 0; i < pairs && !r.err; i++) {               \
            uint64_t key = cbor_get_uint(&r);                        \
                                                                     \
            seen |= key < 32 ? 1u << key : 0u;                       \
            switch (key) {                                           \
                FIELDS(GET, m)                                       \
            default:                                                 \
                cbor_skip(&r);                                       \
                break;                                               \
            }                                                        \
        }                                                            \
        if (cbor_close(&r)) {                                        \
            return ERR_BAD_DATA;                                     \
        }                                                            \
        return (seen & needed) == needed ? ERR_OK : ERR_BAD_DATA;    \
    }
WIRE_MESSAGES(DEFINE)

/* --- lists --- */

void wire_list_begin(struct wire_list_writer *w, size_t max_bytes)
{
    buf_init(&w->items, max_bytes);
    w->count = 0;
}

struct buf *wire_list_item(struct wire_list_writer *w)
{
    w->count++;
    return &w->items;
}

struct wire_list wire_list_view(const struct wire_list_writer *w)
{
    return (struct wire_list){ w->count, buf_bytes(&w->items) };
}

void wire_list_fini(struct wire_list_writer *w)
{
    buf_fini(&w->items);
}

void wire_list_open(struct wire_list_reader *r, const struct wire_list *list)
{
    cbor_open_gated(&r->r, list->items);
    r->left = list->count;
}

bool wire_list_next(struct wire_list_reader *r, struct bytes *item_out)
{
    if (r->left == 0) {
        return false;
    }
    r->left--;
    *item_out = cbor_get_item(&r->r);
    return r->r.err == ERR_OK;
}

enum err wire_item_bytes(struct bytes item, struct bytes *out)
{
    struct cbor_reader r;

    cbor_open_gated(&r, item);
    *out = cbor_get_bytes(&r);
    return cbor_close(&r);
}

enum err wire_item_hash(struct bytes item, struct hash *out)
{
    struct cbor_reader r;

    cbor_open_gated(&r, item);
    cbor_get_hash(&r, out);
    return cbor_close(&r);
}

enum err wire_item_uuid(struct bytes item, struct uuid *out)
{
    struct cbor_reader r;

    cbor_open_gated(&r, item);
    cbor_get_uuid(&r, out);
    return cbor_close(&r);
}

/* --- signed messages --- */

static struct bytes text_bytes(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

static enum err sign(struct buf *out, const struct ec_key *key,
                     const struct buf *payload, const char *aad)
{
    if (payload->err) {
        return payload->err;
    }
    return cose_sign1_put(out, key, buf_bytes(payload), text_bytes(aad));
}

static enum err open_signed(struct bytes in, const struct ec_public *pub,
                            const char *aad, struct bytes *payload_out)
{
    const struct bytes none = { NULL, 0 };
    struct cose_sign1 msg;
    enum err err = cose_sign1_parse(in, &msg);

    if (err)
        return err;
    if (msg.detached) {
        return ERR_BAD_DATA;
    }
    *payload_out = msg.payload;
    return cose_sign1_verify(&msg, pub, none, text_bytes(aad));
}

#define SIGN(m, AAD)                                                    \
    enum err wire_##m##_sign(struct buf *out, const struct ec_key *key, \
                             const struct wire_##m *msg)                \
    {                                                                   \
        struct buf payload;                                             \
        enum err err;                                                   \
                                                                        \
        buf_init(&payload, SIGNED_MAX_BYTES);                           \
        wire_##m##_put(&payload, msg);                                  \
        err = sign(out, key, &payload, AAD);                            \
        buf_fini(&payload);                                             \
        return err;                                                     \
    }
#define OPEN(m, AAD)                                                       \
    enum err wire_##m##_open(struct bytes in, const struct ec_public *pub, \
                             struct wire_##m *out)                         \
    {                                                                      \
        struct bytes payload;                                              \
        enum err err = open_signed(in, pub, AAD, &payload);                \
                                                                           \
        return err ? err : wire_##m##_get(payload, out);                   \
    }

SIGN(receipt, WIRE_AAD_RECEIPT)
OPEN(receipt, WIRE_AAD_RECEIPT)
SIGN(page, WIRE_AAD_PAGE)
OPEN(page, WIRE_AAD_PAGE)
SIGN(checkpoint, WIRE_AAD_CHECKPOINT)
