/*
 * sync_blob.c - encrypted files go up in pieces, the smallest file first;
 * text comes before any piece (sync.c looks for it between two).
 */
#include <stdio.h>
#include <string.h>

#include "core/sync_internal.h"

#define PIECE_TYPE       "application/offset+octet-stream"
#define PIECE_TIMEOUT_MS 120000

static void forget(struct sync *s, size_t i)
{
    s->blob_count--;
    memmove(&s->blobs[i], &s->blobs[i + 1],
            (s->blob_count - i) * sizeof(s->blobs[0]));
    memset(&s->status.blob, 0, sizeof(s->status.blob));
}

/* --- files that don't get there --- */

static struct sync_stuck *find_stuck(const struct sync *s,
                                     const struct hash *name)
{
    const size_t count =
        s->stuck_count < SYNC_STUCK_MAX ? s->stuck_count : SYNC_STUCK_MAX;

    for (size_t i = 0; i < count; i++) {
        if (hash_eq(&s->stuck[i].name, name)) {
            return (struct sync_stuck *)&s->stuck[i];
        }
    }
    return NULL;
}

bool sync_blob_is_stuck(const struct sync *s, const struct hash *name)
{
    const struct sync_stuck *at = find_stuck(s, name);

    return at != NULL && at->tries >= SYNC_STUCK_TRIES;
}

bool sync_blob_any_stuck(const struct sync *s)
{
    for (size_t i = 0; i < SYNC_STUCK_MAX; i++) {
        if (s->stuck[i].tries >= SYNC_STUCK_TRIES) {
            return true;
        }
    }
    return false;
}

static void note_stuck(struct sync *s, const struct hash *name)
{
    struct sync_stuck *at = find_stuck(s, name);

    if (at == NULL) {
        at = &s->stuck[s->stuck_count++ % SYNC_STUCK_MAX];
        *at = (struct sync_stuck){ *name, 0 };
    }
    at->tries++;
    if (at->tries == SYNC_STUCK_TRIES) {
        port_log(s->port, PORT_LOG_WARN,
                 "a file of ours is damaged here and was passed over");
    }
}

static void forget_stuck(struct sync *s)
{
    s->has_more |= sync_blob_any_stuck(s); /* the server says what it wants */
    memset(s->stuck, 0, sizeof(s->stuck));
    s->stuck_count = 0;
    s->stuck_ms = 0;
}

void sync_blob_look_again(struct sync *s, uint64_t now, bool is_now)
{
    if (is_now) {
        forget_stuck(s); /* what went wrong before counts no more */
        return;
    }
    if (!sync_blob_any_stuck(s)) {
        return;
    }
    if (s->stuck_ms == 0) {
        s->stuck_ms = now + SYNC_STUCK_MS;
    }
    if (now >= s->stuck_ms) {
        forget_stuck(s);
    }
}

/* --- pieces --- */

static bool is_next(struct sync *s, const struct sync_blob *b)
{
    return b->size > 0 && b->size - b->offset <= sync_meter_left(s) &&
           (!s->is_metered || b->size <= SYNC_METERED_BLOB_BYTES);
}

enum err sync_piece_read(struct sync *s, const struct hash *name, uint64_t size,
                         uint64_t offset)
{
    const uint64_t left = size > offset ? size - offset : 0;
    const size_t want = left < s->piece ? (size_t)left : s->piece;
    size_t got = 0;
    uint8_t *to;
    enum err err;

    buf_reset(&s->body);
    if (want == 0) {
        return ERR_OK; /* all of it, or too much, is there: it's to judge */
    }
    to = buf_grow(&s->body, want);
    if (to == NULL) {
        return s->body.err;
    }
    err = s->port->ops->blob_read(s->port->ctx, name, offset, to, want, &got);
    s->body.len = err ? 0 : got;
    return err ? err : got == 0 ? ERR_NOT_FOUND : ERR_OK;
}

bool sync_blob_next(struct sync *s, struct sync_request *out)
{
    char hex[65];
    enum err err;

    while (s->blob_count > 0) {
        const struct sync_blob *b = &s->blobs[0];

        err = is_next(s, b) ? sync_piece_read(s, &b->name, b->size, b->offset)
                            : ERR_NOT_FOUND;
        if (err) {
            if (is_next(s, b)) {
                note_stuck(s, &b->name);
                s->is_piece_done = true; /* ask for others in its place */
            }
            forget(s, 0);
            continue;
        }
        memset(out, 0, sizeof(*out));
        hex_format(b->name.bytes, sizeof(b->name.bytes), hex);
        out->method = SYNC_PATCH;
        snprintf(out->path, sizeof(out->path), "/v1/blobs/%s", hex);
        out->content_type = PIECE_TYPE;
        out->body = buf_bytes(&s->body);
        out->upload_offset = b->offset;
        out->upload_length = b->size;
        out->timeout_ms = PIECE_TIMEOUT_MS;
        s->status.blob = b->name;
        s->status.bytes_total = b->size;
        s->status.bytes_done = b->offset;
        return true;
    }
    return false;
}

enum err sync_blob_feed(struct sync *s, const struct sync_response *r)
{
    struct sync_blob *b = &s->blobs[0];

    sync_meter_count(s, s->body.len);
    if (r->status == 204 && r->has_offset && r->upload_offset <= b->size) {
        b->offset = r->upload_offset;
        s->status.bytes_done = b->offset;
        if (b->offset == b->size) {
            forget(s, 0);
        }
        return ERR_OK;
    }
    if (r->status == 409 || r->status == 422 || r->status == 404) {
        /* Another offset, a damaged copy, an unknown name: the next
         * exchange says from where on it is wanted. */
        if (r->status == 422) {
            note_stuck(s, &b->name);
        }
        forget(s, 0);
        return ERR_OK;
    }
    if (r->status == 429 || r->status == 503 || r->status == 507) {
        return ERR_BUSY;
    }
    return r->status >= 400 && strncmp(r->content_type, "text/plain", 10) == 0
               ? ERR_REFUSED
               : ERR_PORTAL;
}
