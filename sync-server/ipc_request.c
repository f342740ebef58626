/* ipc_request.c - requests, answers and peers as canonical CBOR arrays. */
#include <string.h>

#include "core/cbor.h"
#include "core/limits.h"
#include "sync-server/ipc.h"

static void put_text(struct buf *out, const char *text)
{
    /* As bytes: what came over HTTP need not be UTF-8. */
    cbor_put_bytes(out, text, strlen(text));
}

/* A text of at most size - 1 bytes without a NUL in it. */
static void get_text(struct cbor_reader *r, char *out, size_t size)
{
    const struct bytes got = cbor_get_bytes(r);

    out[0] = '\0';
    if (r->err)
        return;
    if (got.len >= size ||
        (got.len > 0 && memchr(got.data, '\0', got.len) != NULL)) {
        r->err = ERR_BAD_DATA;
        return;
    }
    if (got.len > 0) {
        memcpy(out, got.data, got.len);
    }
    out[got.len] = '\0';
}

static void get_count(struct cbor_reader *r, size_t want)
{
    if (cbor_get_array(r) != want) {
        r->err = ERR_BAD_DATA;
    }
}

void ipc_peer_put(struct buf *out, const struct ipc_peer *p)
{
    cbor_put_array(out, 5);
    cbor_put_uint(out, p->listener);
    put_text(out, p->address);
    cbor_put_bool(out, p->has_device);
    cbor_put_uuid(out, &p->device);
    cbor_put_hash(out, &p->cert);
}

enum err ipc_peer_parse(struct bytes in, struct ipc_peer *out)
{
    struct cbor_reader r;

    memset(out, 0, sizeof(*out));
    cbor_open(&r, in);
    get_count(&r, 5);
    out->listener =
        (enum service_listener)cbor_get_uint_max(&r, LISTENER_METRICS);
    get_text(&r, out->address, sizeof(out->address));
    out->has_device = cbor_get_bool(&r);
    cbor_get_uuid(&r, &out->device);
    cbor_get_hash(&r, &out->cert);
    return cbor_close(&r);
}

void ipc_request_put(struct buf *out, const struct service_request *r)
{
    cbor_put_array(out, 11);
    cbor_put_uint(out, r->method);
    put_text(out, r->path);
    put_text(out, r->query);
    put_text(out, r->content_type);
    put_text(out, r->cookie);
    put_text(out, r->origin);
    put_text(out, r->host);
    cbor_put_bool(out, r->has_upload_offset);
    cbor_put_uint(out, r->upload_offset);
    cbor_put_uint(out, r->upload_length);
    cbor_put_bytes(out, r->body.data, r->body.len);
}

enum err ipc_request_parse(struct bytes in, struct service_request *out)
{
    struct cbor_reader r;

    memset(out, 0, sizeof(*out));
    cbor_open(&r, in);
    get_count(&r, 11);
    out->method = (enum service_method)cbor_get_uint_max(&r, METHOD_PATCH);
    get_text(&r, out->path, sizeof(out->path));
    get_text(&r, out->query, sizeof(out->query));
    get_text(&r, out->content_type, sizeof(out->content_type));
    get_text(&r, out->cookie, sizeof(out->cookie));
    get_text(&r, out->origin, sizeof(out->origin));
    get_text(&r, out->host, sizeof(out->host));
    out->has_upload_offset = cbor_get_bool(&r);
    out->upload_offset = cbor_get_uint(&r);
    out->upload_length = cbor_get_uint(&r);
    out->body = cbor_get_bytes(&r);
    if (!r.err && out->path[0] != '/') {
        r.err = ERR_BAD_DATA;
    }
    return cbor_close(&r);
}

void ipc_response_put(struct buf *out, const struct service_response *r)
{
    ASSERT(r->header_count <= SERVICE_HEADERS_MAX);
    cbor_put_array(out, 4);
    cbor_put_uint(out, (uint64_t)r->status);
    put_text(out, r->content_type == NULL ? "" : r->content_type);
    cbor_put_array(out, r->header_count);
    for (size_t i = 0; i < r->header_count; i++) {
        put_text(out, r->headers[i]);
    }
    cbor_put_bytes(out, r->body.data, r->body.len);
}

enum err ipc_response_parse(struct bytes in, char type_out[64],
                            struct service_response *out,
                            struct bytes *body_out)
{
    struct cbor_reader r;

    memset(out, 0, sizeof(*out));
    cbor_open(&r, in);
    get_count(&r, 4);
    out->status = (int)cbor_get_uint_max(&r, 599);
    get_text(&r, type_out, 64);
    out->content_type = type_out;
    out->header_count = cbor_get_array(&r);
    if (out->header_count > SERVICE_HEADERS_MAX) {
        out->header_count = 0;
        r.err = ERR_BAD_DATA;
    }
    for (size_t i = 0; i < out->header_count; i++) {
        get_text(&r, out->headers[i], sizeof(out->headers[i]));
    }
    *body_out = cbor_get_bytes(&r);
    if (!r.err && out->status < 200) {
        r.err = ERR_BAD_DATA;
    }
    return cbor_close(&r);
}
