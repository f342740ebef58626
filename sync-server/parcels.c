#include "sync-server/parcels.h"

#include <inttypes.h>
#include <string.h>

#include "core/cbor.h"
#include "core/limits.h"
#include "sync-server/blobs.h"
#include "sync-server/handover.h"

#define PIECE_TYPE "application/offset+octet-stream"
#define META       "parcel-" /* and its name: [ size, answer ] in sdb_meta */

struct parcel {
    struct hash name;
    char meta[sizeof(META) + 64];
    bool is_done;
    uint64_t have; /* bytes; all when it is done */
    struct buf answer;
};

static enum err read_done(struct council *c, struct parcel *p)
{
    struct cbor_reader r;
    struct bytes answer;
    struct buf value;
    enum err err;

    buf_init(&value, HANDOVER_REPLY_MAX_BYTES + 64);
    err = sdb_meta_get(c->db, p->meta, &value);
    if (!err) {
        cbor_open_gated(&r, buf_bytes(&value));
        (void)cbor_get_array(&r);
        p->have = cbor_get_uint(&r);
        answer = cbor_get_bytes(&r);
        buf_put(&p->answer, answer.data, answer.len);
        p->is_done = true;
        err = r.err ? r.err : p->answer.err;
    }
    buf_fini(&value);
    return err;
}

static enum err find(struct route_call *call, struct parcel *p)
{
    const struct port *port = call->council->port;
    enum err err;

    memset(p, 0, sizeof(*p));
    buf_init(&p->answer, HANDOVER_REPLY_MAX_BYTES);
    if (strlen(call->tail) != 64 || hex_parse(call->tail, 32, p->name.bytes)) {
        return ERR_BAD_DATA;
    }
    memcpy(p->meta, META, sizeof(META));
    hex_format(p->name.bytes, 32, p->meta + sizeof(META) - 1);
    err = read_done(call->council, p);
    if (err == ERR_NOT_FOUND) {
        err = port->ops->part_size(port->ctx, &p->name, &p->have);
        err = err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    return err;
}

static void put_offset(struct route_call *call, uint64_t offset)
{
    route_header(call->out, "Tus-Resumable: 1.0.0");
    route_header(call->out, "Upload-Offset: %" PRIu64, offset);
    route_header(call->out, "Cache-Control: no-store");
}

enum err parcels_head(struct route_call *call)
{
    struct parcel p;
    enum err err = find(call, &p);

    if (!err) {
        put_offset(call, p.have);
    }
    buf_fini(&p.answer);
    return err;
}

/* --- the whole is here --- */

struct source {
    const struct port *port;
    struct hash name;
    uint64_t at;
};

static enum err read_part(void *ctx, uint8_t *out, size_t len, size_t *got_out)
{
    struct source *s = ctx;
    enum err err = s->port->ops->part_read(s->port->ctx, &s->name, s->at, out,
                                           len, got_out);

    s->at += err ? 0 : *got_out;
    return err;
}

static enum err remember(struct council *c, const struct parcel *p,
                         uint64_t size)
{
    struct buf value;
    enum err err;

    buf_init(&value, HANDOVER_REPLY_MAX_BYTES + 64);
    cbor_put_array(&value, 2);
    cbor_put_uint(&value, size);
    cbor_put_bytes(&value, p->answer.data, p->answer.len);
    err = value.err ? value.err : council_begin(c);
    if (!err) {
        err = sdb_meta_put(c->db, p->meta, buf_bytes(&value));
        if (err) {
            council_rollback(c);
        } else {
            err = council_commit(c);
        }
    }
    buf_fini(&value);
    return err;
}

static bool is_refusal(enum err err)
{
    return err == ERR_BAD_DATA || err == ERR_WRONG_KEY || err == ERR_NEWER ||
           err == ERR_NOT_FOUND || err == ERR_TOO_LONG;
}

static enum err take_in(struct route_call *call, struct parcel *p,
                        uint64_t size)
{
    const struct port *port = call->council->port;
    struct source source = { .port = port, .name = p->name };
    struct handover_report report;
    struct buf words;
    enum err err, dropped;

    buf_init(&words, 4000);
    err =
        handover_import(call->council, read_part, &source, &report, &p->answer);
    if (is_refusal(err)) {
        handover_explain(&report, err, &words);
        err = route_reply_text(call, 422, buf_text(&words));
    } else if (!err) {
        err = remember(call->council, p, size);
        p->is_done = !err;
    }
    buf_fini(&words);
    if (err)
        return err; /* asked again: all bytes are here */
    dropped = port->ops->part_drop(port->ctx, &p->name);
    return dropped == ERR_NOT_FOUND ? ERR_OK : dropped;
}

static enum err finish(struct route_call *call, struct parcel *p, uint64_t size)
{
    const struct port *port = call->council->port;
    struct hash hash;
    enum err err = blobs_hash_part(port, &p->name, &hash);

    if (!err && !hash_eq(&hash, &p->name)) {
        err = port->ops->part_drop(port->ctx, &p->name);
        return err ? err : ERR_GAP; /* from its beginning again */
    }
    return err ? err : take_in(call, p, size);
}

static enum err take_piece(struct route_call *call, struct parcel *p)
{
    const struct service_request *in = call->in;
    const struct port *port = call->council->port;
    enum err err;

    if (strcmp(in->content_type, PIECE_TYPE) != 0 || !in->has_upload_offset) {
        return ERR_BAD_DATA;
    }
    if (in->upload_length == 0 || in->upload_length > PARCEL_MAX_BYTES ||
        in->body.len > BLOB_PART_MAX_BYTES) {
        return ERR_TOO_LONG;
    }
    if (p->have > in->upload_length) {
        err = port->ops->part_drop(port->ctx, &p->name);
        return err ? err : ERR_GAP;
    }
    if (in->upload_offset != p->have ||
        in->body.len > in->upload_length - p->have) {
        return ERR_GAP;
    }
    if (in->body.len > 0) {
        err = port->ops->part_write(port->ctx, &p->name, p->have, in->body);
        if (err)
            return err;
        p->have += in->body.len;
    }
    return p->have == in->upload_length ? finish(call, p, p->have) : ERR_OK;
}

enum err parcels_patch(struct route_call *call)
{
    struct parcel p;
    enum err err = find(call, &p);

    if (!err && !p.is_done) {
        err = take_piece(call, &p);
    }
    if (!err && p.is_done) {
        call->out->content_type = "application/octet-stream";
        buf_put(&call->out->body, p.answer.data, p.answer.len);
        err = call->out->body.err;
        put_offset(call, p.have);
    } else if (!err && call->out->status == 200) {
        call->out->status = 204;
        put_offset(call, p.have);
    }
    buf_fini(&p.answer);
    return err;
}
