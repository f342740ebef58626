/* http_lib_parser.c - heads read by http_parser (Debian 12). */
#include <http_parser.h>
#include <string.h>

#include "sync-server/http.h"

struct walk {
    struct bytes target;
    uint64_t length;
    int minor;
};

/* Pieces of the target follow each other: the head is in one buffer. */
static int on_url(http_parser *p, const char *at, size_t len)
{
    struct walk *w = p->data;

    if (w->target.data == NULL) {
        w->target.data = (const uint8_t *)at;
    }
    w->target.len += len;
    return 0;
}

/* 1: there is no body for the library, we count its bytes ourselves. */
static int on_headers_complete(http_parser *p)
{
    struct walk *w = p->data;

    w->length = p->content_length;
    w->minor = p->http_minor;
    return 1;
}

/* Stop here: what follows is body. */
static int on_message_complete(http_parser *p)
{
    http_parser_pause(p, 1);
    return 0;
}

static bool method_of(unsigned int method, enum service_method *out)
{
    switch (method) {
    case HTTP_GET:
        *out = METHOD_GET;
        return true;
    case HTTP_HEAD:
        *out = METHOD_HEAD;
        return true;
    case HTTP_POST:
        *out = METHOD_POST;
        return true;
    case HTTP_PATCH:
        *out = METHOD_PATCH;
        return true;
    default:
        return false;
    }
}

bool http_head_parse(struct bytes head, struct http_head *out,
                     struct http_refusal *why)
{
    struct walk w = { { NULL, 0 }, 0, 0 };
    http_parser parser;
    http_parser_settings settings;
    enum http_errno code;

    http_parser_settings_init(&settings);
    settings.on_url = on_url;
    settings.on_headers_complete = on_headers_complete;
    settings.on_message_complete = on_message_complete;
    http_parser_init(&parser, HTTP_REQUEST);
    parser.data = &w;
    http_parser_execute(&parser, &settings, (const char *)head.data, head.len);
    code = HTTP_PARSER_ERRNO(&parser);

    memset(out, 0, sizeof(*out));
    *why = (struct http_refusal){ 400, "malformed request" };
    if (code == HPE_INVALID_METHOD) {
        *why = (struct http_refusal){ 501, "unknown method" };
    }
    if (code != HPE_PAUSED || w.target.len == 0)
        return false;
    if (!method_of(parser.method, &out->method)) {
        *why = (struct http_refusal){ 405, "no such method here" };
        return false;
    }
    out->target = w.target;
    out->minor = w.minor;
    out->length = w.length == UINT64_MAX ? 0 : w.length;
    return true;
}
