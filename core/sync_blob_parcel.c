/*
 * sync_blob_parcel.c - hand-over files of other tablets go up last: how far
 * the server has one (HEAD), its pieces (PATCH), and its answer with the
 * last of them, kept for the tablet that wrote it.
 */
#include <stdio.h>
#include <string.h>

#include "core/store_parcels.h"
#include "core/sync_internal.h"

#define PARCEL_TYPE       "application/offset+octet-stream"
#define PARCEL_TIMEOUT_MS 120000
#define PARCEL_UNREAD     "A carried file cannot be read."

void sync_parcel_begin(struct sync *s)
{
    s->parcel.is_open = true;
    s->parcel.has_offset = false;
}

static enum err find(struct sync *s)
{
    const uint64_t left = sync_meter_left(s);
    const uint64_t max =
        s->is_metered ? SYNC_METERED_BLOB_BYTES : PARCEL_MAX_BYTES;
    struct store_parcel p;
    enum err err =
        store_parcel_next(evlog_store(s->log), left < max ? left : max, &p);

    if (!err && !hash_eq(&p.name, &s->parcel.name)) {
        s->parcel.name = p.name;
        s->parcel.size = p.size;
        s->parcel.has_offset = false;
    }
    return err;
}

/* Its file is gone, or cut short: those behind it are not to wait. */
static enum err give_up(struct sync *s)
{
    static const char words[] = PARCEL_UNREAD;
    const struct bytes none = { NULL, 0 };

    sync_say(s, ERR_NOT_FOUND, words);
    return store_parcel_end(
        evlog_store(s->log), &s->parcel.name, PARCEL_REFUSED,
        (struct bytes){ (const uint8_t *)words, sizeof(words) - 1 }, none);
}

/* The next that can be read, and its next piece. */
static enum err find_piece(struct sync *s)
{
    for (;;) {
        enum err err = find(s);

        if (err || !s->parcel.has_offset) {
            return err;
        }
        err = sync_piece_read(s, &s->parcel.name, s->parcel.size,
                              s->parcel.offset);
        if (err != ERR_NOT_FOUND) {
            return err;
        }
        err = give_up(s);
        if (err)
            return err;
    }
}

bool sync_parcel_next(struct sync *s, struct sync_request *out)
{
    struct sync_parcel *p = &s->parcel;
    char hex[65];
    enum err err = p->is_open ? find_piece(s) : ERR_NOT_FOUND;

    if (err) {
        if (err != ERR_NOT_FOUND) {
            sync_say(s, err, PARCEL_UNREAD);
        }
        p->is_open = false;
        return false;
    }
    memset(out, 0, sizeof(*out));
    hex_format(p->name.bytes, sizeof(p->name.bytes), hex);
    snprintf(out->path, sizeof(out->path), "/v1/parcels/%s", hex);
    out->timeout_ms = PARCEL_TIMEOUT_MS;
    out->method = p->has_offset ? SYNC_PATCH : SYNC_HEAD;
    out->content_type = p->has_offset ? PARCEL_TYPE : "";
    if (p->has_offset) {
        out->body = buf_bytes(&s->body);
        out->upload_offset = p->offset;
        out->upload_length = p->size;
    }
    return true;
}

/* The council has it: what it said is for the author. */
static enum err deliver(struct sync *s, struct bytes answer)
{
    const struct bytes none = { NULL, 0 };
    enum err err;

    if (answer.len < 4 || memcmp(answer.data, "Bhr\x01", 4) != 0 ||
        answer.len > HANDOVER_REPLY_MAX_BYTES) {
        return ERR_PORTAL;
    }
    err = store_parcel_end(evlog_store(s->log), &s->parcel.name,
                           PARCEL_DELIVERED, none, answer);
    if (!err) {
        err = s->port->ops->blob_remove(s->port->ctx, &s->parcel.name);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

/* Kept, with what the server said of it. */
static enum err refuse(struct sync *s, const struct sync_response *r)
{
    const struct bytes none = { NULL, 0 };
    struct bytes words = r->body;

    words.len = words.len < 399 ? words.len : 399;
    while (words.len > 0 && words.data[words.len - 1] == '\n') {
        words.len--;
    }
    return store_parcel_end(evlog_store(s->log), &s->parcel.name,
                            PARCEL_REFUSED, words, none);
}

enum err sync_parcel_feed(struct sync *s, const struct sync_response *r)
{
    struct sync_parcel *p = &s->parcel;

    sync_meter_count(s, p->has_offset ? s->body.len : 0);
    if ((r->status == 200 && !p->has_offset) || r->status == 204) {
        if (!r->has_offset) {
            return ERR_PORTAL;
        }
        p->has_offset = true;
        p->offset = r->upload_offset;
        return ERR_OK;
    }
    if (r->status == 200) {
        return deliver(s, r->body);
    }
    if (!p->has_offset ? r->status == 404 || r->status == 405
                       : r->status == 404) {
        p->is_open = false; /* an older server */
        return ERR_OK;
    }
    if (strncmp(r->content_type, "text/plain", 10) != 0) {
        return ERR_PORTAL;
    }
    if (r->status == 409) {
        p->has_offset = false;
        return ERR_OK;
    }
    if (r->status == 422 || r->status == 413) {
        return refuse(s, r);
    }
    return r->status == 403 ? ERR_DENIED
           : r->status == 429 || r->status == 503 || r->status == 507
               ? ERR_BUSY
               : ERR_REFUSED;
}
