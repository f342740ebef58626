#include "sync-server/blobs.h"

#include <inttypes.h>
#include <string.h>

#include "core/body.h"
#include "core/fields.h"
#include "core/limits.h"
#include "core/mem.h"
#include "core/wire.h"
#include "sync-server/reader.h"

#define PIECE_TYPE "application/offset+octet-stream"

static const struct port *port_of(const struct route_call *call)
{
    return call->council->port;
}

/* The row of the blob that the path names. */
static enum err find(struct route_call *call, struct sdb_blob *out)
{
    struct hash name;
    enum err err;

    if (strlen(call->tail) != 2 * sizeof(name.bytes) ||
        hex_parse(call->tail, sizeof(name.bytes), name.bytes)) {
        return ERR_NOT_FOUND;
    }
    err = sdb_blob_get(call->council->db, &name, out);
    return !err && out->is_erased ? ERR_NOT_FOUND : err;
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

enum err blobs_hash_part(const struct port *port, const struct hash *part,
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

enum err blobs_complete(struct council *c, const struct hash *name,
                        uint64_t size)
{
    const struct port *port = c->port;
    struct hash hash;
    enum err err = blobs_hash_part(port, name, &hash);

    if (err)
        return err;
    if (!hash_eq(&hash, name)) {
        err = port->ops->part_drop(port->ctx, name);
        return err ? err : ERR_BAD_HASH;
    }
    err = port->ops->part_commit(port->ctx, name, name);
    return err ? err : mark_held(c, name, size);
}

/* --- up --- */

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
    if (in->upload_length == 0 || in->upload_length > BLOB_FILE_MAX_BYTES ||
        in->body.len > BLOB_PART_MAX_BYTES || have > in->upload_length) {
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
    uint64_t have = 0;
    enum err err = find(call, &blob);

    err = err ? err : catch_up(call, &blob);
    if (!err && blob.is_held) {
        put_offset(call, blob.size, blob.size);
        call->out->status = 204;
        return ERR_OK;
    }
    err = err ? err : part_size(call, &blob, &have);
    err = err ? err : check_piece(in, have);
    if (err == ERR_TOO_LONG && have > in->upload_length &&
        in->upload_length > 0) {
        /* Longer than the file is: it can't become it. Start anew. */
        err = port->ops->part_drop(port->ctx, &blob.name);
        err = err ? err : ERR_GAP;
    }
    err = err ? err
              : port->ops->part_write(port->ctx, &blob.name, have, in->body);
    if (err)
        return err;
    have += in->body.len;
    if (have == in->upload_length) {
        err = blobs_complete(call->council, &blob.name, have);
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

/* --- down --- */

/* Held, and for this tablet; else as if it weren't there. */
static enum err check_reader(struct reader *r, const struct sdb_blob *blob)
{
    bool may = false;
    enum err err =
        blob->is_held ? reader_may_have(r, blob->position, &may) : ERR_OK;

    return err ? err : may ? ERR_OK : ERR_NOT_FOUND;
}

static enum err open_reader(struct route_call *call, struct reader **out)
{
    struct reader *r = mem_alloc(sizeof(*r));
    enum err err;

    *out = NULL;
    if (r == NULL) {
        return ERR_NOMEM;
    }
    err = reader_open(call->council, &call->device.id, r);
    if (err) {
        mem_free(r);
        return err;
    }
    *out = r;
    return ERR_OK;
}

static enum err read_piece(struct route_call *call, const struct hash *name,
                           uint64_t offset)
{
    const struct port *port = port_of(call);
    size_t got = 0;
    uint8_t *to = buf_grow(&call->out->body, BLOB_PART_MAX_BYTES);
    enum err err;

    if (to == NULL) {
        return call->out->body.err;
    }
    err = port->ops->blob_read(port->ctx, name, offset, to, BLOB_PART_MAX_BYTES,
                               &got);
    call->out->body.len = err ? 0 : got;
    return err;
}

enum err blobs_get(struct route_call *call)
{
    struct reader *reader = NULL;
    struct sdb_blob blob;
    uint64_t offset;
    enum err err = find(call, &blob);

    err = err ? err : parse_offset(call->in->query, &offset);
    err = err ? err : catch_up(call, &blob);
    err = err ? err : open_reader(call, &reader);
    err = err ? err : check_reader(reader, &blob);
    mem_free(reader);
    err = err ? err : read_piece(call, &blob.name, offset);
    if (!err) {
        call->out->content_type = "application/octet-stream";
        put_offset(call, offset, blob.size);
    }
    return err;
}

/* --- many at once --- */

struct fetch {
    struct route_call *call;
    struct reader *reader;
    struct wire_list_writer files, missing;
    struct buf bytes; /* of one file */
    uint64_t left;    /* bytes that the answer may still take */
    bool is_full;
};

/* All of a file, of at most BLOB_FETCH_MAX_BYTES. */
static enum err read_whole(struct fetch *f, const struct sdb_blob *blob)
{
    const struct port *port = port_of(f->call);
    size_t got = 0;
    uint8_t *to;
    enum err err;

    buf_reset(&f->bytes);
    to = buf_grow(&f->bytes, (size_t)blob->size);
    if (to == NULL) {
        return f->bytes.err;
    }
    err = port->ops->blob_read(port->ctx, &blob->name, 0, to,
                               (size_t)blob->size, &got);
    return err ? err : got == blob->size ? ERR_OK : ERR_NOT_FOUND;
}

static enum err put_file(struct fetch *f, const struct sdb_blob *blob)
{
    struct wire_file file = { .name = blob->name };
    enum err err;

    if (blob->size > f->left) {
        f->is_full = true; /* next time, or in pieces */
        return ERR_OK;
    }
    err = read_whole(f, blob);
    if (err)
        return err;
    file.data = buf_bytes(&f->bytes);
    wire_file_put(wire_list_item(&f->files), &file);
    f->left -= blob->size;
    return f->files.items.err;
}

static enum err fetch_one(struct fetch *f, struct bytes item)
{
    struct sdb_blob blob;
    struct hash name;
    enum err err = wire_item_hash(item, &name);

    if (err)
        return err;
    if (f->is_full) {
        return ERR_OK;
    }
    err = sdb_blob_get(f->call->council->db, &name, &blob);
    err = err ? err : catch_up(f->call, &blob);
    err = err ? err : check_reader(f->reader, &blob);
    err = err ? err : put_file(f, &blob);
    if (err == ERR_NOT_FOUND) {
        cbor_put_hash(wire_list_item(&f->missing), &name);
        err = f->missing.items.err;
    }
    return err;
}

static enum err fetch_all(struct fetch *f, const struct wire_list *names)
{
    struct wire_list_reader list;
    struct bytes item;
    enum err err = ERR_OK;

    wire_list_open(&list, names);
    while (!err && wire_list_next(&list, &item)) {
        err = fetch_one(f, item);
    }
    return err ? err : list.r.err;
}

enum err blobs_fetch(struct route_call *call)
{
    struct fetch f = { .call = call };
    struct wire_fetched out;
    struct wire_fetch in;
    enum err err = strcmp(call->in->content_type, WIRE_TYPE_PLAIN) == 0
                       ? wire_fetch_get(call->in->body, &in)
                       : ERR_BAD_DATA;

    if (err)
        return err;
    if (in.names.count > SYNC_BLOBS_MAX) {
        return ERR_TOO_LONG;
    }
    f.left = in.max_bytes < BLOB_FETCH_MAX_BYTES ? in.max_bytes
                                                 : BLOB_FETCH_MAX_BYTES;
    wire_list_begin(&f.files, BLOB_FETCH_MAX_BYTES + SYNC_BLOBS_MAX * 64);
    wire_list_begin(&f.missing, SYNC_BLOBS_MAX * 40);
    buf_init(&f.bytes, BLOB_FETCH_MAX_BYTES);
    err = open_reader(call, &f.reader);
    err = err ? err : fetch_all(&f, &in.names);
    if (!err) {
        out.files = wire_list_view(&f.files);
        out.missing = wire_list_view(&f.missing);
        wire_fetched_put(&call->out->body, &out);
        call->out->content_type = WIRE_TYPE_PLAIN;
        err = call->out->body.err;
    }
    mem_free(f.reader);
    wire_list_fini(&f.files);
    wire_list_fini(&f.missing);
    buf_fini(&f.bytes);
    return err;
}
