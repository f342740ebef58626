#include "core/tablet_capture.h"

#include <string.h>

#include "core/blobcrypt.h"
#include "core/mem.h"
#include "core/tablet_internal.h"

#define READ_PIECE ((size_t)64 * 1024)

/* What stands in a draft's row as its form: no form is called so. */
#define CAPTURE_FORM "@capture"

/* --- a file being sealed --- */

struct tablet_sealing {
    const struct port *port;
    struct hash part; /* a random name until the hash is known */
    uint64_t offset;
    uint8_t key[CRYPTO_KEY_SIZE];
    struct blobcrypt *crypt;
};

static enum err write_piece(void *ctx, struct bytes piece)
{
    struct tablet_sealing *s = ctx;
    enum err err = ERR_OK;

    while (!err && piece.len > 0) {
        const struct bytes some = { piece.data, piece.len < BLOB_PART_MAX_BYTES
                                                    ? piece.len
                                                    : BLOB_PART_MAX_BYTES };

        err = s->port->ops->part_write(s->port->ctx, &s->part, s->offset, some);
        s->offset += some.len;
        piece.data += some.len;
        piece.len -= some.len;
    }
    return err;
}

static void free_sealing(struct tablet_sealing *s)
{
    blobcrypt_free(s->crypt);
    wipe(s, sizeof(*s));
    mem_free(s);
}

enum err tablet_sealing_new(struct tablet *t, struct tablet_sealing **out)
{
    struct tablet_sealing *s = mem_alloc(sizeof(*s));
    enum err err;

    if (s == NULL) {
        return ERR_NOMEM;
    }
    s->port = t->port;
    err = t->port->ops->random(t->port->ctx, s->part.bytes,
                               sizeof(s->part.bytes));
    if (!err) {
        err = blobcrypt_seal_new(port_random(t->port), write_piece, s, s->key,
                                 &s->crypt);
    }
    if (err) {
        free_sealing(s);
        return err;
    }
    *out = s;
    return ERR_OK;
}

enum err tablet_sealing_add(struct tablet_sealing *s, struct bytes piece)
{
    return blobcrypt_add(s->crypt, piece);
}

void tablet_sealing_drop(struct tablet_sealing *s)
{
    if (s == NULL) {
        return;
    }
    if (s->port->ops->part_drop(s->port->ctx, &s->part)) {
        port_log(s->port, PORT_LOG_WARN, "a part of a photo stays behind");
    }
    free_sealing(s);
}

enum err tablet_sealing_end(struct tablet_sealing *s, struct tablet_file *out)
{
    struct blobcrypt_result result;
    enum err err = blobcrypt_end(s->crypt, &result);

    if (!err) {
        err = s->port->ops->part_commit(s->port->ctx, &s->part, &result.name);
    }
    if (err) {
        tablet_sealing_drop(s);
        return err;
    }
    *out = (struct tablet_file){ .name = result.name,
                                 .plain = result.plain_hash,
                                 .bytes = result.plain_bytes };
    memcpy(out->key, s->key, sizeof(out->key));
    free_sealing(s);
    return ERR_OK;
}

enum err tablet_file_seal(struct tablet *t, struct bytes plain,
                          struct tablet_file *out)
{
    struct tablet_sealing *s = NULL;
    enum err err = tablet_sealing_new(t, &s);

    if (err)
        return err;
    err = tablet_sealing_add(s, plain);
    if (err) {
        tablet_sealing_drop(s);
        return err;
    }
    return tablet_sealing_end(s, out);
}

/* --- its bytes --- */

static enum err take_plain(void *ctx, struct bytes piece)
{
    struct buf *out = ctx;

    buf_put(out, piece.data, piece.len);
    return out->err;
}

static enum err decrypt(struct tablet *t, const struct hash *name,
                        struct blobcrypt *b)
{
    uint8_t *piece = mem_alloc(READ_PIECE);
    uint64_t offset = 0;
    size_t got = 1;
    enum err err = piece == NULL ? ERR_NOMEM : ERR_OK;

    while (!err && got > 0) {
        err = t->port->ops->blob_read(t->port->ctx, name, offset, piece,
                                      READ_PIECE, &got);
        if (!err && got > 0) {
            err = blobcrypt_add(b, (struct bytes){ piece, got });
            offset += got;
        }
    }
    mem_free(piece);
    return err;
}

enum err tablet_file_bytes(struct tablet *t, const struct tablet_file *file,
                           struct buf *out)
{
    struct blobcrypt_result result;
    struct blobcrypt *b = NULL;
    enum err err = blobcrypt_open_new(file->key, take_plain, out, &b);

    err = err ? err : decrypt(t, &file->name, b);
    err = err ? err : blobcrypt_end(b, &result);
    if (!err && (!hash_eq(&result.name, &file->name) ||
                 !hash_eq(&result.plain_hash, &file->plain))) {
        err = ERR_BAD_HASH;
    }
    if (err == ERR_BAD_DATA || err == ERR_WRONG_KEY || err == ERR_NEWER) {
        err = ERR_BAD_HASH;
    }
    if (err) {
        buf_reset(out);
    }
    blobcrypt_free(b);
    return err;
}

/* --- the row of a draft --- */

static void put_file(struct buf *b, const struct tablet_file *f)
{
    cbor_put_array(b, 4);
    cbor_put_hash(b, &f->name);
    cbor_put_hash(b, &f->plain);
    cbor_put_bytes(b, f->key, sizeof(f->key));
    cbor_put_uint(b, f->bytes);
}

static void get_file(struct cbor_reader *r, struct tablet_file *f)
{
    struct bytes key;

    if (cbor_get_array(r) != 4) {
        r->err = ERR_BAD_DATA;
    }
    cbor_get_hash(r, &f->name);
    cbor_get_hash(r, &f->plain);
    key = cbor_get_bytes(r);
    if (!r->err && key.len == sizeof(f->key)) {
        memcpy(f->key, key.data, sizeof(f->key));
    }
    f->bytes = cbor_get_uint(r);
}

static void write_row(struct buf *b, const struct tablet_capture *c)
{
    cbor_put_array(b, 8);
    cbor_put_uuid(b, &c->draft);
    cbor_put_uuid(b, &c->copy_of);
    put_file(b, &c->original);
    put_file(b, &c->small);
    cbor_put_str(b, c->media_type);
    cbor_put_int(b, c->orientation);
    cbor_put_int(b, c->taken_ms);
    cbor_put_int(b, c->length_ms);
}

static enum err read_row(struct bytes row, struct tablet_capture *c)
{
    struct cbor_reader r;
    struct bytes type;

    cbor_open(&r, row);
    if (cbor_get_array(&r) != 8) {
        return ERR_BAD_DATA;
    }
    cbor_get_uuid(&r, &c->draft);
    cbor_get_uuid(&r, &c->copy_of);
    get_file(&r, &c->original);
    get_file(&r, &c->small);
    type = cbor_get_text(&r);
    if (type.len >= sizeof(c->media_type)) {
        return ERR_BAD_DATA;
    }
    if (type.len > 0) {
        memcpy(c->media_type, type.data, type.len);
    }
    c->media_type[type.len] = '\0';
    c->orientation = (int)cbor_get_int(&r);
    c->taken_ms = cbor_get_int(&r);
    c->length_ms = cbor_get_int(&r);
    return cbor_close(&r);
}

enum err tablet_capture_put(struct tablet *t, const struct tablet_capture *c)
{
    struct buf row;
    enum err err;

    buf_init(&row, CAPTURE_ROW_MAX_BYTES);
    write_row(&row, c);
    err = row.err ? row.err
                  : tablet_draft_put(t, &c->id, CAPTURE_FORM, buf_bytes(&row));
    buf_wipe(&row);
    return err;
}

static const char sql_captures[] =
    "SELECT id, data FROM draft WHERE officer = ?1 AND form = ?2 ORDER BY id";

/* Ids are made in order of time, so they are the order of capture. */
enum err tablet_captures(struct tablet *t, const struct uuid *draft,
                         tablet_capture_fn fn, void *ctx)
{
    struct tablet_capture c = { .orientation = 0 };
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_captures, &st);

    if (err)
        return err;
    db_bind_uuid(st, 1, &t->officer);
    db_bind_text(st, 2, CAPTURE_FORM);
    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        db_get_uuid(st, 0, &c.id);
        if (read_row(db_get_bytes(st, 1), &c)) {
            continue; /* of another version of the program */
        }
        err = uuid_eq(&c.draft, draft) ? fn(ctx, &c) : ERR_OK;
    }
    sqlite3_reset(st);
    wipe(&c, sizeof(c));
    return err == ERR_STOPPED ? ERR_OK : err;
}

static void remove_file(struct tablet *t, const struct tablet_file *f)
{
    if (f->bytes > 0 && t->port->ops->blob_remove(t->port->ctx, &f->name)) {
        port_log(t->port, PORT_LOG_WARN, "a file of a photo stays behind");
    }
}

/* The row first: a file without one can't be opened by anybody. */
enum err tablet_capture_drop(struct tablet *t, const struct tablet_capture *c)
{
    const enum err err = tablet_draft_drop(t, &c->id);

    if (!err) {
        remove_file(t, &c->original);
        remove_file(t, &c->small);
    }
    return err;
}
