#include "sync-server/blobs.h"

#include <inttypes.h>
#include <string.h>

#include "core/body.h"
#include "core/fields.h"
#include "core/limits.h"

#define PIECE_TYPE "application/offset+octet-stream"

static const struct port *port_of(const struct route_call *call)
{
    return call->council->port;
}

/* The row of the blob that the path names. */
static enum err find(struct route_call *call, struct sdb_blob *out)
{
    struct hash name;

    if (strlen(call->tail) != 2 * sizeof(name.bytes) ||
        hex_parse(call->tail, sizeof(name.bytes), name.bytes)) {
        return ERR_NOT_FOUND;
    }
    return sdb_blob_get(call->council->db, &name, out);
}

static enum err part_size(struct route_call *call, const struct sdb_blob *b,
                          uint64_t *out)
{
    const struct port *port = port_of(call);
    enum err err = port->ops->part_size(port->ctx, &b->name, out);

    if (err == ERR_NOT_FOUND) {
        *out = 0;
        return ERR_OK;
    }
    return err;
}

static void put_offset(struct route_call *call, uint64_t offset, uint64_t size)
{
    route_header(call->out, "Tus-Resumable: 1.0.0");
    route_header(call->out, "Upload-Offset: %" PRIu64, offset);
    if (size > 0) {
        route_header(call->out, "Upload-Length: %" PRIu64, size);
    }
    route_header(call->out, "Cache-Control: no-store");
}

/* --- completion --- */

static enum err record_held(struct council *c, const struct sdb_blob *blob)
{
    const struct sdb_audience nobody = { 0, c->id };
    struct body_writer w;
    struct evlog_new e;
    struct buf body;
    enum err err;

    buf_init(&body, 1024);
    body_begin(&w);
    body_put_bytes(&w, LOG_BLOB, (struct bytes){ blob->name.bytes, 32 });
    body_put_int(&w, LOG_BYTES, (int64_t)blob->size);
    err = body_end(&w, &body);
    body_fini(&w);
    memset(&e, 0, sizeof(e));
    e.record = c->id;
    e.kind = KIND_LOG;
    e.op = OP_BLOB_HELD;
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, &nobody, NULL);
    buf_fini(&body);
    return err;
}

/* The file is whole and durable; now the log says so. */
static enum err mark_held(struct council *c, const struct hash *name,
                          uint64_t size)
{
    struct sdb_blob blob;
    enum err err = council_begin(c);

    if (err)
        return err;
    err = sdb_blob_get(c->db, name, &blob);
    if (!err && !blob.is_held) {
        blob.is_held = true;
        blob.size = size;
        blob.held_ms = council_now(c);
        err = sdb_blob_put(c->db, &blob);
        err = err ? err : record_held(c, &blob);
    }
    if (err) {
        council_rollback(c);
        return err;
    }
    return council_commit(c);
}

/* A crash between the file's commit and the row's: the file is there. */
static enum err catch_up(struct route_call *call, struct sdb_blob *blob)
{
    const struct port *port = port_of(call);
    uint64_t size;
    enum err err;

    if (blob->is_held) {
        return ERR_OK;
    }
    err = port->ops->blob_size(port->ctx, &blob->name, &size);
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    err = mark_held(call->council, &blob->name, size);
    blob->is_held = !err;
    blob->size = size;
    return err;
}

static enum err hash_part(const struct port *port, const struct hash *part,
                          struct hash *out)
{
    uint8_t piece[16 * 1024];
    struct sha256 *h;
    uint64_t offset = 0;
    size_t got = 0;
    enum err err = sha256_new(&h);

    if (err)
        return err;
    do {
        err = port->ops->part_read(port->ctx, part, offset, piece,
                                   sizeof(piece), &got);
        if (!err) {
            sha256_add(h, (struct bytes){ piece, got });
            offset += got;
        }
    } while (!err && got > 0);
    sha256_end(h, out);
    sha256_free(h);
    return err;
}

static enum err complete(struct route_call *call, const struct sdb_blob *blob,
                         uint64_t size)
{
    const struct port *port = port_of(call);
    struct hash hash;
    enum err err = hash_part(port, &blob->name, &hash);

    if (err)
        return err;
    if (!hash_eq(&hash, &blob->name)) {
        err = port->ops->part_drop(port->ctx, &blob->name);
        return err ? err : ERR_BAD_HASH;
    }
    err = port->ops->part_commit(port->ctx, &blob->name, &blob->name);
    return err ? err : mark_held(call->council, &blob->name, size);
}

/* --- the three methods --- */

enum err blobs_head(struct route_call *call)
{
    struct sdb_blob blob;
    uint64_t offset = 0;
    enum err err = find(call, &blob);

    err = err ? err : catch_up(call, &blob);
    if (!err && blob.is_held) {
        offset = blob.size;
    } else if (!err) {
        err = part_size(call, &blob, &offset);
    }
    if (!err) {
        put_offset(call, offset, blob.size);
    }
    return err;
}

static enum err check_piece(const struct service_request *in, uint64_t have)
{
    if (strcmp(in->content_type, PIECE_TYPE) != 0 || !in->has_upload_offset) {
        return ERR_BAD_DATA;
    }
    if (in->upload_length == 0 || in->upload_length > BLOB_MAX_BYTES ||
        in->body.len > BLOB_PART_MAX_BYTES) {
        return ERR_TOO_LONG;
    }
    if (in->upload_offset != have) {
        return ERR_GAP; /* 409: HEAD says where to go on */
    }
    return in->body.len > in->upload_length - have ? ERR_BAD_DATA : ERR_OK;
}

enum err blobs_patch(struct route_call *call)
{
    const struct service_request *in = call->in;
    const struct port *port = port_of(call);
    struct sdb_blob blob;
    uint64_t have;
    enum err err = find(call, &blob);

    err = err ? err : catch_up(call, &blob);
    if (!err && blob.is_held) {
        put_offset(call, blob.size, blob.size);
        call->out->status = 204;
        return ERR_OK;
    }
    err = err ? err : part_size(call, &blob, &have);
    err = err ? err
              : check_piece(in, have > in->upload_length ? UINT64_MAX : have);
    err = err ? err
              : port->ops->part_write(port->ctx, &blob.name, have, in->body);
    if (err)
        return err;
    have += in->body.len;
    if (have == in->upload_length) {
        err = complete(call, &blob, have);
        if (err)
            return err;
    }
    put_offset(call, have, in->upload_length);
    call->out->status = 204;
    return ERR_OK;
}

/* "offset=N" and nothing else; 0 when absent. */
static enum err parse_offset(const char *query, uint64_t *out)
{
    static const char key[] = "offset=";

    *out = 0;
    if (query[0] == '\0') {
        return ERR_OK;
    }
    if (strncmp(query, key, sizeof(key) - 1) != 0) {
        return ERR_BAD_DATA;
    }
    for (const char *p = query + sizeof(key) - 1; *p != '\0'; p++) {
        if (*p < '0' || *p > '9' || *out > BLOB_MAX_BYTES) {
            return ERR_BAD_DATA;
        }
        *out = *out * 10 + (uint64_t)(*p - '0');
    }
    return ERR_OK;
}

enum err blobs_get(struct route_call *call)
{
    const struct port *port = port_of(call);
    struct sdb_blob blob;
    uint64_t offset;
    size_t got = 0;
    uint8_t *to;
    enum err err = find(call, &blob);

    err = err ? err : parse_offset(call->in->query, &offset);
    if (!err && !blob.is_held) {
        err = ERR_NOT_FOUND;
    }
    if (err)
        return err;
    to = buf_grow(&call->out->body, BLOB_PART_MAX_BYTES);
    if (to == NULL) {
        return call->out->body.err;
    }
    err = port->ops->blob_read(port->ctx, &blob.name, offset, to,
                               BLOB_PART_MAX_BYTES, &got);
    call->out->body.len = err ? 0 : got;
    if (!err) {
        call->out->content_type = "application/octet-stream";
        put_offset(call, offset, blob.size);
    }
    return err;
}
