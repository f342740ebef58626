/* Photos: encrypted to blob files first, then referred to. */
#include <stdio.h>
#include <string.h>

#include "core/tablet_capture.h"
#include "core/tablet_internal.h"

static void put_hash(struct body_writer *w, uint64_t id, const struct hash *h)
{
    body_put_bytes(w, id, (struct bytes){ h->bytes, sizeof(h->bytes) });
}

static void put_key(struct body_writer *w, uint64_t id, const uint8_t *key)
{
    body_put_bytes(w, id, (struct bytes){ key, CRYPTO_KEY_SIZE });
}

static void put_original(struct body_writer *w, const struct tablet_capture *c)
{
    put_hash(w, PHOTO_BLOB, &c->original.name);
    put_key(w, PHOTO_KEY, c->original.key);
    put_hash(w, PHOTO_HASH, &c->original.plain);
    body_put_int(w, PHOTO_BYTES, (int64_t)c->original.bytes);
    body_put_text(w, PHOTO_TYPE, c->media_type);
    if (c->orientation > 0) {
        body_put_int(w, PHOTO_ORIENTATION, c->orientation);
    }
}

static void put_small(struct body_writer *w, const struct tablet_file *f)
{
    put_hash(w, PHOTO_SMALL_BLOB, &f->name);
    put_key(w, PHOTO_SMALL_KEY, f->key);
    put_hash(w, PHOTO_SMALL_HASH, &f->plain);
    body_put_int(w, PHOTO_SMALL_BYTES, (int64_t)f->bytes);
}

/* Encrypts what only lies in memory yet. */
static enum err seal(struct tablet *t, const struct tablet_photo *p,
                     struct tablet_capture *out)
{
    enum err err = tablet_new_id(t, &out->id);

    err = err ? err : tablet_file_seal(t, p->original, &out->original);
    if (!err && p->small.len > 0) {
        err = tablet_file_seal(t, p->small, &out->small);
    }
    snprintf(out->media_type, sizeof(out->media_type), "%s", p->media_type);
    out->orientation = p->orientation;
    out->taken_ms = p->taken_ms;
    return err;
}

static void put_facts(struct body_writer *w, const struct tablet_capture *c,
                      const char *caption, const char *exhibit)
{
    if (c->taken_ms != 0) {
        body_put_int(w, PHOTO_TAKEN_MS, c->taken_ms);
    }
    if (caption != NULL && caption[0] != '\0') {
        body_put_text(w, PHOTO_CAPTION, caption);
    }
    if (!uuid_is_zero(&c->copy_of)) {
        body_put_uuid(w, PHOTO_COPY_OF, &c->copy_of);
    }
    if (exhibit[0] != '\0') {
        body_put_text(w, PHOTO_EXHIBIT, exhibit);
    }
    if (c->length_ms > 0) {
        body_put_int(w, PHOTO_LENGTH_MS, c->length_ms);
    }
}

static size_t name_blobs(const struct tablet_capture *c, struct hash out[2])
{
    out[0] = c->original.name;
    if (c->small.bytes == 0) {
        return 1;
    }
    out[1] = c->small.name;
    return 2;
}

void tablet_save_photo(struct tablet_save *s, const struct tablet_photo *p,
                       const struct uuid *parent, uint32_t field,
                       enum tier tier)
{
    struct tablet_capture c = { .orientation = 0 };
    char exhibit[TABLET_EXHIBIT_SIZE];
    struct hash blobs[2];
    struct evlog_new e = { .officer = s->t->officer,
                           .kind = KIND_PHOTO,
                           .kind_version = 1,
                           .op = OP_CREATE,
                           .blobs = blobs };
    struct body_writer w;

    if (!s->err && p->kept == NULL) {
        s->err = seal(s->t, p, &c);
    } else if (!s->err) {
        c = *p->kept;
        s->err = tablet_draft_drop(s->t, &c.id);
    }
    s->err = s->err ? s->err : tablet_exhibit_take(s->t, exhibit);
    if (s->err) {
        return;
    }
    e.record = c.id;
    e.blob_count = name_blobs(&c, blobs);
    body_begin(&w);
    put_original(&w, &c);
    if (e.blob_count == 2) {
        put_small(&w, &c.small);
    }
    put_facts(&w, &c, p->caption, exhibit);
    w.parent = *parent;
    w.parent_field = field;
    tablet_save_record(s, &e, &w, tier);
    wipe(&c, sizeof(c));
}
