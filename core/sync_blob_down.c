/*
 * sync_blob_down.c - files of others come down: whole ones that somebody
 * asked for one by one, from the byte where they stopped; small pictures
 * many at a time, newest first. A file counts when its bytes have the hash
 * that its event names, and not before.
 *
 * One look goes over all that is missing. What the server hasn't got either
 * is passed over until the next look, which follows the next exchange.
 */
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/sync_internal.h"

#define DOWN_TYPE       "application/octet-stream"
#define DOWN_TIMEOUT_MS 120000
#define HASH_PIECE      ((size_t)16 * 1024)

void sync_down_begin(struct sync *s, bool is_news)
{
    struct sync_down *d = &s->down;

    if (d->is_open) {
        return;
    }
    if (is_news || d->is_end) {
        store_blob_mark_top(&d->mark);
        d->is_end = false;
    }
    memset(&d->asked, 0, sizeof(d->asked));
    d->misses = 0;
    d->is_open = s->stop == WIRE_GO;
}

/* The next names to ask for; none: this look is over. */
static enum err look(struct sync *s)
{
    struct sync_down *d = &s->down;
    struct store *store = evlog_store(s->log);
    enum err err;

    d->is_single = false;
    if (sync_meter_left(s) < BLOB_FETCH_MAX_BYTES) {
        d->is_end = true; /* too dear for today */
        return ERR_OK;
    }
    err = store_blob_asked(store, &d->asked, &d->blobs[0]);
    if (err == ERR_NOT_FOUND) {
        err = store_blobs_small(store, &d->mark, d->blobs, SYNC_BLOBS_MAX,
                                &d->count);
        d->is_end = d->count == 0;
        return err;
    }
    if (!err) {
        d->count = 1;
        d->asked = d->blobs[0].name;
        d->is_single = true;
    }
    return err;
}

static enum err part_size(struct sync *s, const struct hash *name,
                          uint64_t *out)
{
    enum err err = s->port->ops->part_size(s->port->ctx, name, out);

    if (err == ERR_NOT_FOUND) {
        *out = 0;
        return ERR_OK;
    }
    return err;
}

static enum err ask_one(struct sync *s, struct sync_request *out)
{
    struct sync_down *d = &s->down;
    char hex[65];
    enum err err = part_size(s, &d->blobs[0].name, &d->offset);

    hex_format(d->blobs[0].name.bytes, sizeof(struct hash), hex);
    out->method = SYNC_GET;
    snprintf(out->path, sizeof(out->path), "/v1/blobs/%s?offset=%llu", hex,
             (unsigned long long)d->offset);
    out->content_type = "";
    return err;
}

static enum err ask_many(struct sync *s, struct sync_request *out)
{
    struct wire_list_writer names;
    struct wire_fetch msg;

    wire_list_begin(&names, SYNC_BLOBS_MAX * 40);
    for (size_t i = 0; i < s->down.count; i++) {
        cbor_put_hash(wire_list_item(&names), &s->down.blobs[i].name);
    }
    msg.names = wire_list_view(&names);
    msg.max_bytes = s->piece * (BLOB_FETCH_MAX_BYTES / BLOB_PART_MAX_BYTES);
    buf_reset(&s->body);
    wire_fetch_put(&s->body, &msg);
    wire_list_fini(&names);
    out->method = SYNC_POST;
    snprintf(out->path, sizeof(out->path), "/v1/blobs");
    out->content_type = WIRE_TYPE_PLAIN;
    out->body = buf_bytes(&s->body);
    return s->body.err;
}

bool sync_down_next(struct sync *s, struct sync_request *out)
{
    struct sync_down *d = &s->down;
    enum err err = ERR_OK;

    if (!d->is_open) {
        return false;
    }
    if (d->count == 0) {
        err = d->misses < BLOB_MISSES_MAX ? look(s) : ERR_OK;
    }
    if (!err && d->count > 0) {
        memset(out, 0, sizeof(*out));
        out->timeout_ms = DOWN_TIMEOUT_MS;
        err = d->is_single || d->has_no_batch ? ask_one(s, out)
                                              : ask_many(s, out);
        if (!err) {
            return true;
        }
    }
    if (err) {
        sync_say(s, err, "A colleague's photo cannot be stored here.");
    }
    d->count = 0;
    d->is_open = false;
    return false;
}

/* --- a file that came whole --- */

/* The first of those asked for is done with. */
static void drop(struct sync_down *d, size_t i)
{
    d->count--;
    memmove(&d->blobs[i], &d->blobs[i + 1],
            (d->count - i) * sizeof(d->blobs[0]));
    d->is_single = false;
}

static void miss(struct sync_down *d, size_t i)
{
    d->misses++;
    drop(d, i);
}

/* The part has the name's hash: it is the file, and stays. */
static enum err keep(struct sync *s, const struct store_blob *b, uint64_t size)
{
    const struct port_ops *ops = s->port->ops;
    enum err err = ops->part_commit(s->port->ctx, &b->name, &b->name);

    err = err ? err : store_blob_here(evlog_store(s->log), b, size);
    if (err == ERR_NOT_FOUND) { /* erased while it was on its way */
        err = ops->blob_remove(s->port->ctx, &b->name);
    }
    return err;
}

static enum err hash_part(struct sync *s, const struct hash *part,
                          struct hash *out)
{
    const struct port_ops *ops = s->port->ops;
    uint8_t *piece = mem_alloc(HASH_PIECE);
    struct sha256 *sum = NULL;
    uint64_t offset = 0;
    size_t got = 0;
    enum err err = piece == NULL ? ERR_NOMEM : sha256_new(&sum);

    if (!err) {
        do {
            err = ops->part_read(s->port->ctx, part, offset, piece, HASH_PIECE,
                                 &got);
            if (!err) {
                sha256_add(sum, (struct bytes){ piece, got });
                offset += got;
            }
        } while (!err && got > 0);
        sha256_end(sum, out);
        sha256_free(sum);
    }
    mem_free(piece);
    return err;
}

/* --- one file, piece by piece --- */

static enum err feed_one(struct sync *s, const struct sync_response *r)
{
    const struct port_ops *ops = s->port->ops;
    struct sync_down *d = &s->down;
    const struct store_blob *b = &d->blobs[0];
    struct hash hash;
    enum err err;

    if (strncmp(r->content_type, DOWN_TYPE, strlen(DOWN_TYPE)) != 0 ||
        !r->has_offset || r->upload_offset != d->offset ||
        r->body.len > BLOB_PART_MAX_BYTES) {
        return ERR_PORTAL;
    }
    if (r->body.len > 0) {
        err = ops->part_write(s->port->ctx, &b->name, d->offset, r->body);
        if (err)
            return err;
        if (r->body.len == BLOB_PART_MAX_BYTES) {
            return ERR_OK; /* there may be more */
        }
    }
    err = hash_part(s, &b->name, &hash);
    if (!err && hash_eq(&hash, &b->name)) {
        err = keep(s, b, d->offset + r->body.len);
        drop(d, 0);
        return err;
    }
    if (err || r->body.len > 0) {
        return err; /* the answer was cut: go on behind it */
    }
    err = ops->part_drop(s->port->ctx, &b->name);
    miss(d, 0);
    port_log(s->port, PORT_LOG_WARN, "a file arrived damaged: fetched anew");
    return err;
}

/* --- many small ones --- */

static size_t place_of(const struct sync_down *d, const struct hash *name)
{
    size_t i = 0;

    while (i < d->count && !hash_eq(&d->blobs[i].name, name)) {
        i++;
    }
    return i;
}

static enum err write_part(struct sync *s, const struct hash *name,
                           struct bytes data)
{
    const struct port_ops *ops = s->port->ops;
    uint64_t offset = 0;
    enum err err = ops->part_drop(s->port->ctx, name);

    err = err == ERR_NOT_FOUND ? ERR_OK : err;
    while (!err && data.len > 0) {
        const struct bytes some = { data.data, data.len < BLOB_PART_MAX_BYTES
                                                   ? data.len
                                                   : BLOB_PART_MAX_BYTES };

        err = ops->part_write(s->port->ctx, name, offset, some);
        offset += some.len;
        data.data += some.len;
        data.len -= some.len;
    }
    return err;
}

static enum err take_file(struct sync *s, struct bytes item)
{
    struct sync_down *d = &s->down;
    struct wire_file file;
    struct hash hash;
    size_t i;
    enum err err = wire_file_get(item, &file);

    if (err)
        return ERR_PORTAL;
    i = place_of(d, &file.name);
    crypto_sha256(file.data, &hash);
    if (i == d->count || !hash_eq(&hash, &file.name)) {
        return ERR_BAD_HASH;
    }
    err = write_part(s, &file.name, file.data);
    err = err ? err : keep(s, &d->blobs[i], file.data.len);
    if (!err) {
        drop(d, i);
    }
    return err;
}

static enum err take_missing(struct sync *s, struct bytes item)
{
    struct hash name;
    size_t i;

    if (wire_item_hash(item, &name)) {
        return ERR_PORTAL;
    }
    i = place_of(&s->down, &name);
    if (i < s->down.count) {
        miss(&s->down, i);
    }
    return ERR_OK;
}

static enum err take_all(struct sync *s, const struct wire_list *list,
                         enum err (*take)(struct sync *, struct bytes))
{
    struct wire_list_reader r;
    struct bytes item;
    enum err err = ERR_OK;

    wire_list_open(&r, list);
    while (!err && wire_list_next(&r, &item)) {
        err = take(s, item);
    }
    return err;
}

static enum err feed_many(struct sync *s, const struct sync_response *r)
{
    const size_t before = s->down.count;
    struct wire_fetched msg;
    enum err err;

    if (strcmp(r->content_type, WIRE_TYPE_PLAIN) != 0) {
        return ERR_PORTAL;
    }
    err = wire_fetched_get(r->body, &msg);
    if (err)
        return err == ERR_NOMEM ? err : ERR_PORTAL;
    err = store_begin(evlog_store(s->log)); /* one commit for all of them */
    if (err)
        return err;
    err = take_all(s, &msg.files, take_file);
    err = err ? err : take_all(s, &msg.missing, take_missing);
    if (err == ERR_BAD_HASH || err == ERR_PORTAL || !err) {
        enum err stored = store_commit(evlog_store(s->log));

        err = stored ? stored : err;
    } else {
        store_rollback(evlog_store(s->log));
    }
    if (!err && s->down.count == before) {
        s->down.is_single = true; /* larger than one answer: in pieces */
    }
    return err;
}

/* --- the answer --- */

enum err sync_down_feed(struct sync *s, const struct sync_response *r)
{
    struct sync_down *d = &s->down;
    const bool is_one = d->is_single || d->has_no_batch;
    enum err err;

    if (d->count == 0) {
        return ERR_OK;
    }
    if (r->status == 200) {
        sync_meter_count(s, r->body.len);
        err = is_one ? feed_one(s, r) : feed_many(s, r);
        if (err == ERR_FULL) {
            sync_say(s, err, "No space left for colleagues' photos.");
            d->count = 0;
            d->is_open = false;
            return ERR_OK; /* what is written here goes up all the same */
        }
        return err;
    }
    if (strncmp(r->content_type, "text/plain", 10) != 0) {
        return ERR_PORTAL;
    }
    if (r->status == 404 || r->status == 405) {
        if (is_one) {
            miss(d, 0);
        } else {
            d->has_no_batch = true; /* an older server */
        }
        return ERR_OK;
    }
    if (r->status == 403) {
        d->count = 0;
        d->is_open = false; /* the next exchange says why */
        return ERR_OK;
    }
    return r->status == 429 || r->status == 503 || r->status == 507
               ? ERR_BUSY
               : ERR_REFUSED;
}
