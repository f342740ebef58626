#include "sync-server/http.h"

#include <string.h>

void http_init(struct http *h, enum service_listener listener)
{
    memset(h, 0, sizeof(*h));
    h->listener = listener;
    buf_init(&h->head, HTTP_HEAD_MAX_BYTES);
    buf_init(&h->body, HTTP_BODY_MAX_BYTES);
}

void http_fini(struct http *h)
{
    buf_wipe(&h->head);
    buf_wipe(&h->body);
}

void http_next(struct http *h)
{
    buf_wipe(&h->head);
    buf_wipe(&h->body);
    buf_init(&h->head, HTTP_HEAD_MAX_BYTES);
    buf_init(&h->body, HTTP_BODY_MAX_BYTES);
    h->state = HTTP_STATE_HEAD;
    h->body_left = 0;
    h->expects = false;
    wipe(&h->request, sizeof(h->request));
}

static bool refuse(struct http *h, int status, const char *reason)
{
    h->refusal = (struct http_refusal){ status, reason };
    return false;
}

/* --- the target --- */

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* One byte of the path, decoded; -1 when it may not stand there. */
static int path_byte(struct bytes path, size_t *at)
{
    int c = path.data[*at];

    if (c == '%') {
        const int high =
            *at + 2 < path.len ? hex_value(path.data[*at + 1]) : -1;
        const int low = *at + 2 < path.len ? hex_value(path.data[*at + 2]) : -1;

        if (high < 0 || low < 0)
            return -1;
        c = high * 16 + low;
        *at += 2;
        if (c == '/' || c == '%') /* hides a segment, or is encoded twice */
            return -1;
    }
    *at += 1;
    return c < ' ' || c == 0x7f || c == '\\' ? -1 : c;
}

static bool has_dot_segment(const char *path)
{
    for (const char *at = path; at != NULL; at = strchr(at + 1, '/')) {
        const size_t len = strcspn(at + 1, "/");

        if ((len == 1 && at[1] == '.') ||
            (len == 2 && at[1] == '.' && at[2] == '.'))
            return true;
    }
    return false;
}

static bool take_target(struct http *h, struct bytes target)
{
    const uint8_t *mark = memchr(target.data, '?', target.len);
    struct service_request *r = &h->request;
    struct bytes path = target;
    size_t len = 0, at = 0;

    if (mark != NULL) {
        const size_t query = target.len - (size_t)(mark - target.data) - 1;

        if (query >= sizeof(r->query))
            return refuse(h, 414, "the query is too long");
        memcpy(r->query, mark + 1, query);
        path.len = (size_t)(mark - target.data);
    }
    if (path.len == 0 || path.data[0] != '/')
        return refuse(h, 400, "the target has to be a path");
    while (at < path.len) {
        const int c = path_byte(path, &at);

        if (c < 0)
            return refuse(h, 400, "malformed path");
        if (len + 1 >= sizeof(r->path))
            return refuse(h, 414, "the path is too long");
        r->path[len++] = (char)c;
    }
    if (has_dot_segment(r->path))
        return refuse(h, 400, "dot segment in the path");
    return true;
}

/* --- the headers that mean something to us --- */

static bool copy_value(struct http *h, char *out, size_t size,
                       struct bytes value)
{
    if (value.len >= size)
        return refuse(h, 431, "a header is too long");
    memcpy(out, value.data, value.len);
    out[value.len] = '\0';
    return true;
}

static bool value_is(struct bytes value, const char *text)
{
    const struct http_header h = { value, { NULL, 0 } };

    return http_header_is(&h, text);
}

static bool take_number(struct http *h, struct bytes value, uint64_t *out)
{
    uint64_t n = 0;

    if (value.len == 0 || value.len > 15)
        return refuse(h, 400, "malformed number in a header");
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return refuse(h, 400, "malformed number in a header");
        n = n * 10 + (uint64_t)(value.data[i] - '0');
    }
    *out = n;
    return true;
}

static bool take_header(struct http *h, const struct http_header *header)
{
    struct service_request *r = &h->request;

    if (http_header_is(header, "content-length"))
        return take_number(h, header->value, &h->body_left);
    if (http_header_is(header, "content-type"))
        return copy_value(h, r->content_type, sizeof(r->content_type),
                          header->value);
    if (http_header_is(header, "cookie"))
        return copy_value(h, r->cookie, sizeof(r->cookie), header->value);
    if (http_header_is(header, "origin"))
        return copy_value(h, r->origin, sizeof(r->origin), header->value);
    if (http_header_is(header, "host"))
        return copy_value(h, r->host, sizeof(r->host), header->value);
    if (http_header_is(header, "upload-length"))
        return take_number(h, header->value, &r->upload_length);
    if (http_header_is(header, "upload-offset")) {
        r->has_upload_offset = true;
        return take_number(h, header->value, &r->upload_offset);
    }
    if (http_header_is(header, "connection")) {
        h->keep_alive = h->keep_alive && !value_is(header->value, "close");
    } else if (http_header_is(header, "expect")) {
        if (!value_is(header->value, "100-continue"))
            return refuse(h, 417, "unknown expectation");
        h->expects = true;
    }
    return true;
}

static bool take_headers(struct http *h)
{
    const uint8_t *at = memchr(h->head.data, '\n', h->head.len);
    const uint8_t *end = h->head.data + h->head.len;

    ASSERT(at != NULL);
    for (at++; end - at > 2;) {
        const uint8_t *eol = memchr(at, '\r', (size_t)(end - at));
        struct http_header header;
        bool ok;

        ASSERT(eol != NULL);
        ok = http_header_split((struct bytes){ at, (size_t)(eol - at) },
                               &header);
        ASSERT(ok);
        if (!take_header(h, &header))
            return false;
        at = eol + 2;
    }
    return true;
}

static bool take_head(struct http *h)
{
    const struct bytes head = buf_bytes(&h->head);
    const size_t max = h->listener == LISTENER_DEVICE ? HTTP_BODY_MAX_BYTES
                                                      : HTTP_WEB_BODY_MAX_BYTES;
    struct http_head parsed;

    if (!http_head_check(head, &h->refusal) ||
        !http_head_parse(head, &parsed, &h->refusal))
        return false;
    h->request.listener = h->listener;
    h->request.method = parsed.method;
    h->keep_alive = parsed.minor == 1;
    if (!take_target(h, parsed.target) || !take_headers(h))
        return false;
    if (h->body_left != parsed.length)
        return refuse(h, 400, "malformed Content-Length");
    if (h->body_left > max)
        return refuse(h, 413, "the body is too long");
    return true;
}

/* --- feeding --- */

/* Where the head ends in `in`, given what came before; 0: not yet. */
static size_t find_end(const struct buf *head, struct bytes in)
{
    static const char want[] = "\r\n\r\n";
    uint8_t last[4] = { 0 };

    for (size_t i = 0; i < 3 && i < head->len; i++) {
        last[3 - i] = head->data[head->len - 1 - i];
    }
    for (size_t i = 0; i < in.len; i++) {
        memmove(last, last + 1, 3);
        last[3] = in.data[i];
        if (memcmp(last, want, 4) == 0)
            return i + 1;
        if (last[2] == '\n' && last[3] == '\n')
            return i + 1; /* the check will say why not */
    }
    return 0;
}

static enum http_step feed_head(struct http *h, struct bytes in,
                                size_t *used_out)
{
    const size_t end = find_end(&h->head, in);

    *used_out = end > 0 ? end : in.len;
    buf_put(&h->head, in.data, *used_out);
    if (h->head.err) {
        (void)refuse(h, h->head.err == ERR_NOMEM ? 503 : 431,
                     "the head is too long");
        return HTTP_REFUSED;
    }
    if (end == 0)
        return HTTP_MORE;
    if (!take_head(h))
        return HTTP_REFUSED;
    h->state = HTTP_STATE_BODY;
    return h->expects && h->body_left > 0 ? HTTP_CONTINUE : HTTP_MORE;
}

static enum http_step feed_body(struct http *h, struct bytes in,
                                size_t *used_out)
{
    const size_t take = in.len < h->body_left ? in.len : (size_t)h->body_left;

    buf_put(&h->body, in.data, take);
    *used_out = take;
    if (h->body.err) {
        (void)refuse(h, 503, "no memory for the body");
        return HTTP_REFUSED;
    }
    h->body_left -= take;
    if (h->body_left > 0)
        return HTTP_MORE;
    h->request.body = buf_bytes(&h->body);
    h->state = HTTP_STATE_DONE;
    return HTTP_COMPLETE;
}

enum http_step http_feed(struct http *h, struct bytes in, size_t *used_out)
{
    enum http_step step = HTTP_MORE;
    size_t used = 0;

    *used_out = 0;
    ASSERT(h->state != HTTP_STATE_DONE);
    if (h->state == HTTP_STATE_HEAD) {
        if (in.len == 0)
            return HTTP_MORE;
        step = feed_head(h, in, &used);
        *used_out = used;
        if (step != HTTP_MORE || h->state == HTTP_STATE_HEAD)
            return step;
    }
    in.data += used;
    in.len -= used;
    step = feed_body(h, in, &used);
    *used_out += used;
    return step;
}
