/* http_answer.c - answers as bytes, with the headers that keep browsers safe.
 */
#include <stdio.h>
#include <string.h>

#include "sync-server/http.h"

static const struct {
    int status;
    const char *text;
} texts[] = {
    { 200, "OK" },
    { 201, "Created" },
    { 202, "Accepted" },
    { 204, "No Content" },
    { 303, "See Other" },
    { 304, "Not Modified" },
    { 400, "Bad Request" },
    { 401, "Unauthorized" },
    { 403, "Forbidden" },
    { 404, "Not Found" },
    { 405, "Method Not Allowed" },
    { 408, "Request Timeout" },
    { 409, "Conflict" },
    { 410, "Gone" },
    { 411, "Length Required" },
    { 412, "Precondition Failed" },
    { 413, "Content Too Large" },
    { 414, "URI Too Long" },
    { 415, "Unsupported Media Type" },
    { 417, "Expectation Failed" },
    { 422, "Unprocessable Content" },
    { 429, "Too Many Requests" },
    { 431, "Request Header Fields Too Large" },
    { 460, "Checksum Mismatch" }, /* tus, checksum extension */
    { 500, "Internal Server Error" },
    { 501, "Not Implemented" },
    { 503, "Service Unavailable" },
    { 505, "HTTP Version Not Supported" },
    { 507, "Insufficient Storage" },
};

const char *http_status_text(int status)
{
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (texts[i].status == status)
            return texts[i].text;
    }
    return "Answer";
}

static bool is_clean(const char *line)
{
    for (; *line != '\0'; line++) {
        if ((unsigned char)*line < ' ' || *line == 0x7f)
            return false;
    }
    return true;
}

/*
 * No script or style but ours, no framing, no sniffing, no referrer; pages
 * hold records, so nobody keeps a copy unless the page says otherwise.
 */
static void put_safety(struct buf *out, const struct service_response *r)
{
    bool has_cache = false;

    for (size_t i = 0; i < r->header_count; i++) {
        has_cache =
            has_cache || strncmp(r->headers[i], "Cache-Control:", 14) == 0;
    }
    buf_put_text(out, "Strict-Transport-Security: max-age=31536000\r\n"
                      "X-Content-Type-Options: nosniff\r\n"
                      "Referrer-Policy: no-referrer\r\n"
                      "Cross-Origin-Opener-Policy: same-origin\r\n"
                      "Cross-Origin-Resource-Policy: same-origin\r\n"
                      "X-Frame-Options: DENY\r\n"
                      "Permissions-Policy: camera=(), geolocation=(), "
                      "microphone=()\r\n"
                      "Content-Security-Policy: default-src 'none'; "
                      "style-src 'self'; script-src 'self'; font-src 'self'; "
                      "img-src 'self'; form-action 'self'; base-uri 'none'; "
                      "frame-ancestors 'none'\r\n");
    if (!has_cache) {
        buf_put_text(out, "Cache-Control: no-store\r\n");
    }
}

void http_answer_put(struct buf *out, const struct service_response *r,
                     struct bytes body, bool is_head, bool keep_alive)
{
    const char *type = r->content_type;

    buf_printf(out, "HTTP/1.1 %d %s\r\n", r->status,
               http_status_text(r->status));
    if (type != NULL && type[0] != '\0' && is_clean(type)) {
        buf_printf(out, "Content-Type: %s\r\n", type);
    }
    if (r->status != 204 && r->status != 304) {
        buf_printf(out, "Content-Length: %zu\r\n", body.len);
    }
    for (size_t i = 0; i < r->header_count; i++) {
        if (is_clean(r->headers[i])) {
            buf_printf(out, "%s\r\n", r->headers[i]);
        }
    }
    put_safety(out, r);
    buf_put_text(out, keep_alive ? "\r\n" : "Connection: close\r\n\r\n");
    if (!is_head && r->status != 204 && r->status != 304) {
        buf_put(out, body.data, body.len);
    }
}

void http_refusal_put(struct buf *out, const struct http_refusal *why,
                      bool keep_alive)
{
    struct service_response r = { .status = why->status,
                                  .content_type = "text/plain" };
    char text[200];
    const int len = snprintf(text, sizeof(text), "%s\n", why->reason);

    if (why->status == 429 || why->status == 503) {
        snprintf(r.headers[0], sizeof(r.headers[0]), "Retry-After: %d",
                 HTTP_RETRY_AFTER_S);
        r.header_count = 1;
    }
    ASSERT(len > 0 && (size_t)len < sizeof(text));
    http_answer_put(out, &r, (struct bytes){ (uint8_t *)text, (size_t)len },
                    false, keep_alive);
}
