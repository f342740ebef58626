#include "core/handover.h"

#include <string.h>

#include "core/cose.h"
#include "core/limits.h"
#include "core/mem.h"

#define HEAD_SIZE     (HANDOVER_MAGIC_SIZE + 4) /* before the box */
#define BOX_MAX_BYTES ((size_t)8 * 1024)
#define KEYS_MAX      4 /* of a reader */

static const uint8_t magic[HANDOVER_MAGIC_SIZE] = { 'B', 'h', 'o', 1 };

static struct bytes aad(void)
{
    return (struct bytes){ (const uint8_t *)HANDOVER_AAD,
                           sizeof(HANDOVER_AAD) - 1 };
}

static void put_length(uint8_t out[4], size_t n)
{
    for (size_t i = 0; i < 4; i++) {
        out[i] = (uint8_t)(n >> (24 - 8 * i));
    }
}

static size_t get_length(const uint8_t in[4])
{
    return (size_t)in[0] << 24 | (size_t)in[1] << 16 | (size_t)in[2] << 8 |
           in[3];
}

/* --- items --- */

void handover_items_init(struct handover_items *i, handover_item_fn fn,
                         void *ctx)
{
    memset(i, 0, sizeof(*i));
    i->fn = fn;
    i->ctx = ctx;
    buf_init(&i->payload, HANDOVER_ITEM_MAX_BYTES);
}

void handover_items_fini(struct handover_items *i)
{
    buf_wipe(&i->payload);
}

/* Takes from the front of `piece` what the head still lacks. */
static void take_head(struct handover_items *i, struct bytes *piece)
{
    while (i->head_len < sizeof(i->head) && piece->len > 0) {
        i->head[i->head_len++] = *piece->data++;
        piece->len--;
    }
}

enum err handover_items_add(struct handover_items *i, struct bytes piece)
{
    for (;;) {
        size_t want, some;
        enum err err;

        take_head(i, &piece);
        if (i->head_len < sizeof(i->head)) {
            return ERR_OK;
        }
        want = get_length(i->head + 1);
        if (want > HANDOVER_ITEM_MAX_BYTES) {
            return ERR_TOO_LONG;
        }
        some = want - i->payload.len;
        some = some < piece.len ? some : piece.len;
        buf_put(&i->payload, piece.data, some);
        if (i->payload.err) {
            return i->payload.err;
        }
        piece.data += some;
        piece.len -= some;
        if (i->payload.len < want) {
            return ERR_OK;
        }
        err = i->fn(i->ctx, i->head[0], buf_bytes(&i->payload));
        buf_reset(&i->payload);
        i->head_len = 0;
        if (err || piece.len == 0) {
            return err;
        }
    }
}

enum err handover_items_end(const struct handover_items *i)
{
    return i->head_len == 0 ? ERR_OK : ERR_BAD_DATA;
}

void handover_item_put(struct buf *out, enum handover_type type,
                       struct bytes payload)
{
    uint8_t length[4];

    put_length(length, payload.len);
    buf_put_u8(out, (uint8_t)type);
    buf_put(out, length, sizeof(length));
    buf_put(out, payload.data, payload.len);
}

/* --- writing --- */

struct handover_writer {
    struct blobcrypt *crypt;
};

/* The content key, closed to each of the council's keys. */
static enum err put_box(const struct ec_public *keys, size_t count,
                        struct crypto_random random, struct bytes content_key,
                        struct buf *out)
{
    uint8_t head[HEAD_SIZE];
    struct buf box;
    enum err err;

    buf_init(&box, BOX_MAX_BYTES);
    err = cose_encrypt_put(&box, keys, count, random, content_key, aad());
    memcpy(head, magic, sizeof(magic));
    put_length(head + sizeof(magic), box.len);
    buf_put(out, head, sizeof(head));
    buf_put(out, box.data, box.len);
    buf_fini(&box);
    return err ? err : out->err;
}

enum err handover_seal_new(const struct ec_public *keys, size_t count,
                           struct crypto_random random, blobcrypt_sink_fn sink,
                           void *ctx, struct handover_writer **out)
{
    struct handover_writer *w = mem_alloc(sizeof(*w));
    uint8_t key[CRYPTO_KEY_SIZE];
    struct buf front;
    enum err err;

    if (w == NULL) {
        return ERR_NOMEM;
    }
    buf_init(&front, BOX_MAX_BYTES + HEAD_SIZE);
    err = blobcrypt_seal_new(random, sink, ctx, key, &w->crypt);
    if (!err) {
        blobcrypt_limit(w->crypt, HANDOVER_MAX_BYTES);
        err = put_box(keys, count, random, (struct bytes){ key, sizeof(key) },
                      &front);
    }
    err = err ? err : sink(ctx, buf_bytes(&front));
    wipe(key, sizeof(key));
    buf_fini(&front);
    if (err) {
        handover_writer_free(w);
        return err;
    }
    *out = w;
    return ERR_OK;
}

enum err handover_put(struct handover_writer *w, enum handover_type type,
                      struct bytes payload)
{
    uint8_t head[5] = { (uint8_t)type };
    enum err err;

    ASSERT(payload.len <= HANDOVER_ITEM_MAX_BYTES);
    put_length(head + 1, payload.len);
    err = blobcrypt_add(w->crypt, (struct bytes){ head, sizeof(head) });
    return err ? err : blobcrypt_add(w->crypt, payload);
}

enum err handover_seal_end(struct handover_writer *w)
{
    struct blobcrypt_result result;

    return blobcrypt_end(w->crypt, &result);
}

void handover_writer_free(struct handover_writer *w)
{
    if (w != NULL) {
        blobcrypt_free(w->crypt);
        mem_free(w);
    }
}

/* --- reading --- */

struct handover_reader {
    struct ec_key keys[KEYS_MAX];
    size_t key_count;
    struct handover_items items;
    struct buf front;        /* magic, length, box, until it is opened */
    struct blobcrypt *crypt; /* NULL before */
};

enum err handover_open_new(const struct ec_key *keys, size_t count,
                           handover_item_fn fn, void *ctx,
                           struct handover_reader **out)
{
    struct handover_reader *r = mem_alloc(sizeof(*r));

    ASSERT(count <= KEYS_MAX);
    if (r == NULL) {
        return ERR_NOMEM;
    }
    memcpy(r->keys, keys, count * sizeof(*keys));
    r->key_count = count;
    handover_items_init(&r->items, fn, ctx);
    buf_init(&r->front, HEAD_SIZE + BOX_MAX_BYTES);
    *out = r;
    return ERR_OK;
}

void handover_reader_free(struct handover_reader *r)
{
    if (r != NULL) {
        blobcrypt_free(r->crypt);
        handover_items_fini(&r->items);
        buf_fini(&r->front);
        wipe(r->keys, sizeof(r->keys));
        mem_free(r);
    }
}

static enum err take_plain(void *ctx, struct bytes piece)
{
    return handover_items_add(ctx, piece);
}

static enum err open_box(struct handover_reader *r)
{
    const struct bytes box = { r->front.data + HEAD_SIZE,
                               r->front.len - HEAD_SIZE };
    struct buf key;
    enum err err = ERR_WRONG_KEY;

    buf_init(&key, 64);
    for (size_t i = 0; i < r->key_count && err == ERR_WRONG_KEY; i++) {
        buf_reset(&key);
        err = cose_encrypt_open(&key, &r->keys[i], box, aad());
    }
    if (!err && key.len != CRYPTO_KEY_SIZE) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        err = blobcrypt_open_new(key.data, take_plain, &r->items, &r->crypt);
    }
    if (!err) {
        blobcrypt_limit(r->crypt, HANDOVER_MAX_BYTES);
    }
    buf_wipe(&key);
    return err;
}

static enum err check_magic(const struct buf *front)
{
    const size_t len = front->len < sizeof(magic) ? front->len : sizeof(magic);

    for (size_t i = 0; i < len; i++) {
        if (front->data[i] != magic[i]) {
            return i == 3 && front->data[i] > magic[i] ? ERR_NEWER
                                                       : ERR_BAD_DATA;
        }
    }
    return ERR_OK;
}

/* Takes from the front of `piece` what stands before the payload. */
static enum err take_front(struct handover_reader *r, struct bytes *piece)
{
    enum err err = ERR_OK;

    while (!err && r->crypt == NULL && piece->len > 0) {
        buf_put_u8(&r->front, *piece->data++);
        piece->len--;
        err = r->front.err ? r->front.err : check_magic(&r->front);
        if (!err && r->front.len >= HEAD_SIZE) {
            const size_t box = get_length(r->front.data + sizeof(magic));

            if (box == 0 || box > BOX_MAX_BYTES) {
                err = ERR_BAD_DATA;
            } else if (r->front.len == HEAD_SIZE + box) {
                err = open_box(r);
            }
        }
    }
    return err;
}

enum err handover_add(struct handover_reader *r, struct bytes piece)
{
    enum err err = take_front(r, &piece);

    if (err || piece.len == 0) {
        return err;
    }
    err = blobcrypt_add(r->crypt, piece);
    return err == ERR_WRONG_KEY ? ERR_BAD_DATA : err; /* the box was right */
}

enum err handover_open_end(struct handover_reader *r)
{
    struct blobcrypt_result result;
    enum err err =
        r->crypt == NULL ? ERR_BAD_DATA : blobcrypt_end(r->crypt, &result);

    if (err == ERR_WRONG_KEY) {
        err = ERR_BAD_DATA;
    }
    return err ? err : handover_items_end(&r->items);
}
