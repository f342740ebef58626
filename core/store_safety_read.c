/* store_safety_read.c - a safety copy, as far as it can be read. */
#include <string.h>

#include "core/handover.h"
#include "core/limits.h"
#include "core/mem.h"
#include "core/store_internal.h"
#include "core/store_safety.h"

#define MAGIC_SIZE 4
#define ID_SIZE    16
#define FILE_HEAD  (MAGIC_SIZE + ID_SIZE)
#define MARK_SIZE  4
#define FRAME_HEAD (MARK_SIZE + 4 + CRYPTO_NONCE_SIZE)
#define AAD_SIZE   (ID_SIZE + 8)
#define LOOK_BYTES ((size_t)4 * 1024)

struct reading {
    const struct port *port;
    uint8_t key[CRYPTO_KEY_SIZE];
    uint8_t id[ID_SIZE];
    struct safety_stats *stats;
    safety_item_fn fn;
    void *ctx;
    uint8_t *frame;     /* FRAME_HEAD + SAFETY_FRAME_MAX_BYTES and its tag */
    struct buf pending; /* items since the last commit */
};

static uint64_t get_be(const uint8_t *in, size_t size)
{
    uint64_t n = 0;

    for (size_t i = 0; i < size; i++) {
        n = n << 8 | in[i];
    }
    return n;
}

/* Items that were saved: told one by one. */
static enum err tell_item(void *ctx, unsigned type, struct bytes payload)
{
    struct reading *r = ctx;

    return type >= SAFETY_EVENT && type <= SAFETY_ACK
               ? r->fn(r->ctx, (enum safety_type)type, payload)
               : ERR_OK;
}

static enum err tell_pending(struct reading *r)
{
    struct handover_items items;
    enum err err;

    handover_items_init(&items, tell_item, r);
    err = handover_items_add(&items, buf_bytes(&r->pending));
    handover_items_fini(&items);
    buf_reset(&r->pending);
    return err;
}

static enum err take_item(void *ctx, unsigned type, struct bytes payload)
{
    struct reading *r = ctx;

    if (type == SAFETY_COMMIT) {
        return tell_pending(r);
    }
    if (type == SAFETY_ROLLBACK) {
        buf_reset(&r->pending);
        return ERR_OK;
    }
    handover_item_put(&r->pending, (enum handover_type)type, payload);
    return r->pending.err;
}

static enum err take_frame(struct reading *r, struct bytes plain)
{
    struct handover_items items;
    enum err err;

    handover_items_init(&items, take_item, r);
    err = handover_items_add(&items, plain);
    handover_items_fini(&items);
    return err;
}

/* The frame at `offset`: its length, or 0 when none opens there. */
static enum err read_frame(struct reading *r, uint64_t offset,
                           uint64_t *size_out)
{
    uint8_t aad[AAD_SIZE];
    size_t got = 0, len;
    enum err err;

    *size_out = 0;
    err = r->port->ops->safety_read(r->port->ctx, offset, r->frame, FRAME_HEAD,
                                    &got);
    if (err || got < FRAME_HEAD || memcmp(r->frame, "BsfR", MARK_SIZE) != 0) {
        return ERR_OK;
    }
    len = (size_t)get_be(r->frame + MARK_SIZE, 4);
    if (len > SAFETY_FRAME_MAX_BYTES) {
        return ERR_OK;
    }
    err = r->port->ops->safety_read(r->port->ctx, offset + FRAME_HEAD,
                                    r->frame + FRAME_HEAD,
                                    len + CRYPTO_TAG_SIZE, &got);
    if (err || got < len + CRYPTO_TAG_SIZE) {
        return ERR_OK;
    }
    memcpy(aad, r->id, ID_SIZE);
    for (size_t i = 0; i < 8; i++) {
        aad[ID_SIZE + i] = (uint8_t)(offset >> (56 - 8 * i));
    }
    err = crypto_gcm_open(
        (struct bytes){ r->key, sizeof(r->key) },
        (struct bytes){ r->frame + MARK_SIZE + 4, CRYPTO_NONCE_SIZE },
        (struct bytes){ aad, sizeof(aad) },
        (struct bytes){ r->frame + FRAME_HEAD, len + CRYPTO_TAG_SIZE },
        r->frame + FRAME_HEAD);
    if (err == ERR_WRONG_KEY) {
        return ERR_OK;
    }
    if (err)
        return err;
    *size_out = FRAME_HEAD + len + CRYPTO_TAG_SIZE;
    r->stats->frames++;
    return take_frame(r, (struct bytes){ r->frame + FRAME_HEAD, len });
}

/* The next place from `offset` on where a frame may begin; 0: the end, or
 * what can't be read. */
static uint64_t look_on(struct reading *r, uint64_t offset)
{
    uint8_t look[LOOK_BYTES];

    for (;;) {
        size_t got = 0;
        enum err err = r->port->ops->safety_read(r->port->ctx, offset, look,
                                                 sizeof(look), &got);

        if (err || got < MARK_SIZE) {
            return 0;
        }
        for (size_t i = 0; i + MARK_SIZE <= got; i++) {
            if (memcmp(look + i, "BsfR", MARK_SIZE) == 0) {
                return offset + i;
            }
        }
        offset += got - (MARK_SIZE - 1);
    }
}

static enum err read_all(struct reading *r)
{
    uint64_t offset = FILE_HEAD, size, next;
    enum err err = ERR_OK;

    while (!err) {
        err = read_frame(r, offset, &size);
        if (err || size > 0) {
            offset += size;
            continue;
        }
        next = look_on(r, offset + 1);
        if (next == 0) {
            break;
        }
        r->stats->damaged++;
        offset = next;
    }
    return err;
}

enum err store_safety_read(const struct port *port, struct bytes key32,
                           safety_item_fn fn, void *ctx,
                           struct safety_stats *out)
{
    struct reading r = { .port = port, .stats = out, .fn = fn, .ctx = ctx };
    static const char info[] = "beatbook/safety/1";
    uint8_t head[FILE_HEAD];
    size_t got = 0;
    enum err err;

    memset(out, 0, sizeof(*out));
    if (port->ops->safety_read == NULL) {
        return ERR_NOT_FOUND;
    }
    err = port->ops->safety_read(port->ctx, 0, head, sizeof(head), &got);
    if (err)
        return err;
    if (got < sizeof(head) || memcmp(head, "Bsf\x01", MAGIC_SIZE) != 0) {
        return ERR_NOT_FOUND;
    }
    memcpy(r.id, head + MAGIC_SIZE, ID_SIZE);
    buf_init(&r.pending, SAFETY_PENDING_MAX_BYTES);
    r.frame = mem_alloc(FRAME_HEAD + SAFETY_FRAME_MAX_BYTES + CRYPTO_TAG_SIZE);
    err = r.frame == NULL
              ? ERR_NOMEM
              : crypto_hkdf_sha256(
                    (struct bytes){ NULL, 0 }, key32,
                    (struct bytes){ (const uint8_t *)info, sizeof(info) - 1 },
                    r.key, sizeof(r.key));
    err = err ? err : read_all(&r);
    mem_free(r.frame);
    buf_wipe(&r.pending);
    wipe(r.key, sizeof(r.key));
    return err;
}
