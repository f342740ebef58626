/* Photos: encrypted to blob files first, then referred to. */
#include <string.h>

#include "core/blobcrypt.h"
#include "core/tablet_internal.h"

struct blob_file {
    const struct port *port;
    struct hash part; /* a random name until the hash is known */
    uint64_t offset;
};

static enum err write_piece(void *ctx, struct bytes piece)
{
    struct blob_file *f = ctx;
    enum err err = ERR_OK;

    while (!err && piece.len > 0) {
        const struct bytes some = { piece.data, piece.len < BLOB_PART_MAX_BYTES
                                                    ? piece.len
                                                    : BLOB_PART_MAX_BYTES };

        err = f->port->ops->part_write(f->port->ctx, &f->part, f->offset, some);
        f->offset += some.len;
        piece.data += some.len;
        piece.len -= some.len;
    }
    return err;
}

/* One file as it will lie and travel. */
struct sealed_blob {
    struct blobcrypt_result result;
    uint8_t key[CRYPTO_KEY_SIZE];
};

static enum err seal_blob(struct tablet *t, struct bytes plain,
                          struct sealed_blob *out)
{
    struct blob_file file = { .port = t->port };
    struct blobcrypt *b = NULL;
    enum err err = t->port->ops->random(t->port->ctx, file.part.bytes,
                                        sizeof(file.part.bytes));

    if (!err) {
        err = blobcrypt_seal_new(port_random(t->port), write_piece, &file,
                                 out->key, &b);
    }
    if (!err) {
        err = blobcrypt_add(b, plain);
    }
    if (!err) {
        err = blobcrypt_end(b, &out->result);
    }
    blobcrypt_free(b);
    if (!err) {
        err = t->port->ops->part_commit(t->port->ctx, &file.part,
                                        &out->result.name);
    }
    if (err && t->port->ops->part_drop(t->port->ctx, &file.part)) {
        port_log(t->port, PORT_LOG_WARN, "a part of a photo stays behind");
    }
    return err;
}

static void put_hash(struct body_writer *w, uint64_t id, const struct hash *h)
{
    body_put_bytes(w, id, (struct bytes){ h->bytes, sizeof(h->bytes) });
}

static void put_key(struct body_writer *w, uint64_t id, const uint8_t *key)
{
    body_put_bytes(w, id, (struct bytes){ key, CRYPTO_KEY_SIZE });
}

static void put_original(struct body_writer *w, const struct sealed_blob *b,
                         const struct tablet_photo *p)
{
    put_hash(w, PHOTO_BLOB, &b->result.name);
    put_key(w, PHOTO_KEY, b->key);
    put_hash(w, PHOTO_HASH, &b->result.plain_hash);
    body_put_int(w, PHOTO_BYTES, (int64_t)b->result.plain_bytes);
    body_put_text(w, PHOTO_TYPE, p->media_type);
    if (p->orientation > 0) {
        body_put_int(w, PHOTO_ORIENTATION, p->orientation);
    }
}

static void put_small(struct body_writer *w, const struct sealed_blob *b)
{
    put_hash(w, PHOTO_SMALL_BLOB, &b->result.name);
    put_key(w, PHOTO_SMALL_KEY, b->key);
    put_hash(w, PHOTO_SMALL_HASH, &b->result.plain_hash);
    body_put_int(w, PHOTO_SMALL_BYTES, (int64_t)b->result.plain_bytes);
}

void tablet_save_photo(struct tablet_save *s, const struct tablet_photo *p,
                       const struct uuid *parent, uint32_t field,
                       enum tier tier)
{
    struct sealed_blob original, small;
    struct hash blobs[2];
    struct evlog_new e = { .officer = s->t->officer,
                           .kind = KIND_PHOTO,
                           .kind_version = 1,
                           .op = OP_CREATE,
                           .blobs = blobs,
                           .blob_count = 1 };
    struct body_writer w;

    if (!s->err) {
        s->err = tablet_new_id(s->t, &e.record);
    }
    if (!s->err) {
        s->err = seal_blob(s->t, p->original, &original);
    }
    if (!s->err && p->small.len > 0) {
        s->err = seal_blob(s->t, p->small, &small);
        e.blob_count = 2;
    }
    if (s->err) {
        return;
    }
    body_begin(&w);
    put_original(&w, &original, p);
    blobs[0] = original.result.name;
    if (e.blob_count == 2) {
        put_small(&w, &small);
        blobs[1] = small.result.name;
    }
    if (p->taken_ms != 0) {
        body_put_int(&w, PHOTO_TAKEN_MS, p->taken_ms);
    }
    if (p->caption != NULL && p->caption[0] != '\0') {
        body_put_text(&w, PHOTO_CAPTION, p->caption);
    }
    w.parent = *parent;
    w.parent_field = field;
    tablet_save_record(s, &e, &w, tier);
    wipe(&original, sizeof(original));
    wipe(&small, sizeof(small));
}
