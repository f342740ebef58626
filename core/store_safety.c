#include "core/store_safety.h"

#include <string.h>

#include "core/cbor.h"
#include "core/handover.h"
#include "core/limits.h"
#include "core/mem.h"
#include "core/store_internal.h"

#define MAGIC_SIZE  4
#define ID_SIZE     16
#define FILE_HEAD   (MAGIC_SIZE + ID_SIZE)
#define MARK_SIZE   4
#define FRAME_HEAD  (MARK_SIZE + 4 + CRYPTO_NONCE_SIZE)
#define AAD_SIZE    (ID_SIZE + 8)
#define META_ID     "safety.id"
#define VALUE_LIMIT ((size_t)16 * 1024) /* of the meta table, kept here */

static const uint8_t magic[MAGIC_SIZE] = { 'B', 's', 'f', 1 };
static const uint8_t mark[MARK_SIZE] = { 'B', 's', 'f', 'R' };

struct store_safety {
    uint8_t key[CRYPTO_KEY_SIZE], nonce_key[CRYPTO_KEY_SIZE];
    uint8_t id[ID_SIZE];
    uint64_t end; /* offset of the next frame */
    bool is_stale;
    bool is_doomed; /* whole, but something in it must go */
    bool has_events;
    bool is_flushed;  /* frames since the last commit */
    struct buf items; /* of the frame in the making */
    struct buf frame;
    bool is_renewing; /* since store_safety_renew() */
    bool is_making;   /* a new file, in `whole`; the old one stands as it was */
    struct buf whole;
    struct {
        uint8_t id[ID_SIZE];
        uint64_t end;
        bool is_stale, has_events;
    } old;
};

static enum err derive(struct bytes key32, const char *info,
                       uint8_t out[CRYPTO_KEY_SIZE])
{
    return crypto_hkdf_sha256(
        (struct bytes){ NULL, 0 }, key32,
        (struct bytes){ (const uint8_t *)info, strlen(info) }, out,
        CRYPTO_KEY_SIZE);
}

static void put_be(uint8_t *out, uint64_t n, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        out[i] = (uint8_t)(n >> (8 * (size - 1 - i)));
    }
}

static void make_aad(const uint8_t id[ID_SIZE], uint64_t offset,
                     uint8_t out[AAD_SIZE])
{
    memcpy(out, id, ID_SIZE);
    put_be(out + ID_SIZE, offset, 8);
}

/* --- open --- */

/* Bytes of the frame at `offset`, 0 when there is none. */
static uint64_t frame_at(const struct port *port, uint64_t offset)
{
    uint8_t head[FRAME_HEAD];
    size_t got = 0;
    uint64_t len;

    if (port->ops->safety_read(port->ctx, offset, head, sizeof(head), &got) ||
        got < sizeof(head) || memcmp(head, mark, MARK_SIZE) != 0) {
        return 0;
    }
    len = (uint64_t)head[4] << 24 | (uint64_t)head[5] << 16 |
          (uint64_t)head[6] << 8 | head[7];
    return len > SAFETY_FRAME_MAX_BYTES ? 0
                                        : FRAME_HEAD + len + CRYPTO_TAG_SIZE;
}

/* Behind the last frame there is nothing, or what was made ready: zeros. */
static bool is_clean_end(const struct port *port, uint64_t offset)
{
    uint8_t tail[64];
    size_t got = 0;

    if (port->ops->safety_read(port->ctx, offset, tail, sizeof(tail), &got)) {
        return false;
    }
    for (size_t i = 0; i < got; i++) {
        if (tail[i] != 0) {
            return false;
        }
    }
    return true;
}

static void find_end(struct store_safety *f, const struct port *port)
{
    uint8_t head[FILE_HEAD];
    size_t got = 0;
    uint64_t step;

    f->is_stale = true;
    if (port->ops->safety_read(port->ctx, 0, head, sizeof(head), &got) ||
        got < sizeof(head) || memcmp(head, magic, MAGIC_SIZE) != 0) {
        return;
    }
    memcpy(f->id, head + MAGIC_SIZE, ID_SIZE);
    f->end = FILE_HEAD;
    while ((step = frame_at(port, f->end)) > 0) {
        f->end += step;
        f->has_events = true; /* perhaps */
    }
    f->is_stale = !is_clean_end(port, f->end);
}

enum err store_safety_open(struct store *s, struct bytes key32)
{
    struct store_safety *f;
    enum err err;

    if (s->port->ops->safety_write == NULL || key32.len == 0) {
        return ERR_OK;
    }
    f = mem_alloc(sizeof(*f));
    if (f == NULL) {
        return ERR_NOMEM;
    }
    buf_init(&f->items, 2 * SAFETY_FRAME_MAX_BYTES);
    buf_init(&f->frame, 2 * SAFETY_FRAME_MAX_BYTES);
    s->safety = f;
    err = derive(key32, "beatbook/safety/1", f->key);
    err = err ? err : derive(key32, "beatbook/safety/nonce/1", f->nonce_key);
    find_end(f, s->port);
    return err;
}

void store_safety_close(struct store *s)
{
    if (s->safety != NULL) {
        wipe(s->safety->key, sizeof(s->safety->key));
        wipe(s->safety->nonce_key, sizeof(s->safety->nonce_key));
        buf_wipe(&s->safety->items);
        buf_fini(&s->safety->frame);
        buf_fini(&s->safety->whole);
        mem_free(s->safety);
        s->safety = NULL;
    }
}

bool store_safety_is_on(const struct store *s)
{
    return s->safety != NULL;
}

/* --- writing --- */

/*
 * The nonce is made of what it seals and where that stands, under a key of
 * its own: it comes again only with the same bytes at the same place. Random
 * numbers could fail here, between a save and its second copy.
 */
static void make_nonce(const struct store_safety *f,
                       const uint8_t aad[AAD_SIZE],
                       uint8_t out[CRYPTO_NONCE_SIZE])
{
    struct hash place, nonce;

    crypto_hmac_sha256((struct bytes){ f->nonce_key, sizeof(f->nonce_key) },
                       (struct bytes){ aad, AAD_SIZE }, &place);
    crypto_hmac_sha256((struct bytes){ place.bytes, sizeof(place.bytes) },
                       buf_bytes(&f->items), &nonce);
    memcpy(out, nonce.bytes, CRYPTO_NONCE_SIZE);
}

/* The items as one frame that stands at `offset`, appended to `out`. */
static enum err seal(struct store_safety *f, uint64_t offset, struct buf *out)
{
    uint8_t head[FRAME_HEAD], aad[AAD_SIZE];
    uint8_t *room;

    memcpy(head, mark, MARK_SIZE);
    put_be(head + MARK_SIZE, f->items.len, 4);
    make_aad(f->id, offset, aad);
    make_nonce(f, aad, head + MARK_SIZE + 4);
    buf_put(out, head, sizeof(head));
    room = buf_grow(out, f->items.len + CRYPTO_TAG_SIZE);
    if (room == NULL) {
        return out->err;
    }
    return crypto_gcm_seal(
        (struct bytes){ f->key, sizeof(f->key) },
        (struct bytes){ head + MARK_SIZE + 4, CRYPTO_NONCE_SIZE },
        (struct bytes){ aad, sizeof(aad) }, buf_bytes(&f->items), room);
}

static void tell(struct store *s, enum err err)
{
    port_log(s->port, PORT_LOG_ERROR, "the safety copy can't be written: %s",
             err_text(err));
}

/* The new file came to nothing: the old one goes on. */
static void keep_old(struct store_safety *f)
{
    memcpy(f->id, f->old.id, ID_SIZE);
    f->end = f->old.end;
    f->is_stale = f->old.is_stale;
    f->has_events |= f->old.has_events;
    f->is_doomed = true;
    f->is_flushed = f->is_making = f->is_renewing = false;
    buf_reset(&f->items);
    buf_fini(&f->whole);
}

/* The new file takes the old one's place, as a whole. */
static void publish(struct store *s)
{
    struct store_safety *f = s->safety;
    const enum err err =
        s->port->ops->safety_replace(s->port->ctx, buf_bytes(&f->whole));

    if (err) {
        tell(s, err);
        keep_old(f);
        return;
    }
    f->is_making = false;
    buf_fini(&f->whole);
}

static enum err write_frame(struct store *s)
{
    struct store_safety *f = s->safety;

    if (!f->is_making) {
        return s->port->ops->safety_write(s->port->ctx, f->end,
                                          buf_bytes(&f->frame));
    }
    buf_put(&f->whole, f->frame.data, f->frame.len);
    return f->whole.err;
}

static void flush(struct store *s)
{
    struct store_safety *f = s->safety;
    enum err err = f->items.err;

    buf_reset(&f->frame);
    err = err ? err : seal(f, f->end, &f->frame);
    err = err ? err : write_frame(s);
    buf_reset(&f->items);
    if (err) {
        if (!f->is_stale) {
            tell(s, err);
        }
        if (f->is_making) {
            keep_old(f);
        } else {
            f->is_stale = true;
        }
        return;
    }
    f->end += f->frame.len;
    f->is_flushed = true;
    if (f->is_making && f->whole.len > SAFETY_WHOLE_MAX_BYTES) {
        publish(s); /* the rest is added to it */
    }
}

void store_safety_add(struct store *s, enum safety_type type,
                      struct bytes payload)
{
    struct store_safety *f = s->safety;

    if (f == NULL || f->is_stale) {
        return;
    }
    if (f->items.len > 0 &&
        f->items.len + payload.len > SAFETY_FRAME_MAX_BYTES / 2) {
        flush(s);
    }
    handover_item_put(&f->items, (enum handover_type)type, payload);
    f->has_events |= type == SAFETY_EVENT;
    if (s->depth == 0) {
        store_safety_commit(s);
    }
}

static void end(struct store *s, enum safety_type type)
{
    struct store_safety *f = s->safety;

    handover_item_put(&f->items, (enum handover_type)type,
                      (struct bytes){ NULL, 0 });
    flush(s);
    f->is_flushed = false;
}

void store_safety_commit(struct store *s)
{
    struct store_safety *f = s->safety;

    /* Frames went before only to make room for an item. */
    if (f != NULL && !f->is_stale && (f->items.len > 0 || f->items.err)) {
        end(s, SAFETY_COMMIT);
        f->is_renewing = false;
        if (f->is_making) {
            publish(s);
        }
    }
}

void store_safety_rollback(struct store *s)
{
    struct store_safety *f = s->safety;

    if (f == NULL) {
        return;
    }
    if (f->is_making) {
        keep_old(f);
        return;
    }
    buf_reset(&f->items);
    if (f->is_flushed && !f->is_stale) {
        end(s, SAFETY_ROLLBACK);
    }
    f->is_stale |= f->is_renewing; /* it stands there half made */
    f->is_renewing = false;
}

/* --- anew --- */

bool store_safety_is_stale(struct store *s)
{
    struct store_safety *f = s->safety;
    struct buf id;
    bool is_ours;

    if (f == NULL) {
        return false;
    }
    buf_init(&id, ID_SIZE);
    is_ours = store_meta_get(s, META_ID, &id) == ERR_OK && id.len == ID_SIZE &&
              memcmp(id.data, f->id, ID_SIZE) == 0;
    buf_fini(&id);
    return f->is_stale || f->is_doomed || !is_ours;
}

bool store_safety_is_broken(const struct store *s)
{
    return s->safety != NULL && (s->safety->is_stale || s->safety->is_doomed);
}

enum err store_safety_forget(struct store *s)
{
    if (s->safety == NULL) {
        return ERR_OK;
    }
    s->safety->is_doomed = true;
    /* Whoever is killed before it is made anew finds a stranger's. */
    return store_meta_put(s, META_ID, (struct bytes){ NULL, 0 });
}

bool store_safety_has_events(const struct store *s)
{
    return s->safety != NULL && (s->safety->has_events || s->safety->is_stale);
}

bool store_safety_keeps(const char *name)
{
    static const char *const moving[] = { "clock", "last_ack_ms", META_ID };

    for (size_t i = 0; i < ARRAY_LEN(moving); i++) {
        if (strcmp(name, moving[i]) == 0) {
            return false;
        }
    }
    return strncmp(name, "sync.", 5) != 0;
}

void store_safety_put_meta(struct store *s, const char *name,
                           struct bytes value)
{
    struct buf item;

    if (s->safety == NULL || value.len > VALUE_LIMIT ||
        !store_safety_keeps(name)) {
        return;
    }
    buf_init(&item, VALUE_LIMIT + 512);
    cbor_put_array(&item, 2);
    cbor_put_str(&item, name);
    cbor_put_bytes(&item, value.data, value.len);
    if (!item.err) {
        store_safety_add(s, SAFETY_META, buf_bytes(&item));
    }
    buf_wipe(&item);
}

static const char sql_meta[] = "SELECT name, value FROM meta ORDER BY name";

static enum err add_meta(struct store *s)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(s, sql_meta, &st);

    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        store_safety_put_meta(s, db_get_text(st, 0), db_get_bytes(st, 1));
    }
    return err;
}

enum err store_safety_renew(struct store *s)
{
    struct store_safety *f = s->safety;
    uint8_t id[ID_SIZE];
    enum err err;

    ASSERT(f != NULL && s->depth > 0);
    err = s->port->ops->random(s->port->ctx, id, sizeof(id));
    if (err) {
        return err;
    }
    memcpy(f->old.id, f->id, ID_SIZE);
    f->old.end = f->end;
    f->old.is_stale = f->is_stale;
    f->old.has_events = f->has_events;
    memcpy(f->id, id, ID_SIZE);
    f->end = FILE_HEAD;
    f->is_stale = f->is_doomed = f->has_events = f->is_flushed = false;
    f->is_making = f->is_renewing = true;
    buf_reset(&f->items);
    buf_init(&f->whole, 2 * SAFETY_WHOLE_MAX_BYTES);
    buf_put(&f->whole, magic, MAGIC_SIZE);
    buf_put(&f->whole, id, sizeof(id));
    err = add_meta(s);
    return err ? err
               : store_meta_put(s, META_ID, (struct bytes){ id, sizeof(id) });
}
