/* http_head.c - the one spelling of a head that we accept. RFC 9112. */
#include <string.h>

#include "sync-server/http.h"

static bool refuse(struct http_refusal *why, int status, const char *reason)
{
    why->status = status;
    why->reason = reason;
    return false;
}

/* RFC 9110, 5.6.2. */
static bool is_token(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_blank(uint8_t c)
{
    return c == ' ' || c == '\t';
}

static bool same_name(struct bytes a, const char *b)
{
    if (a.len != strlen(b))
        return false;
    for (size_t i = 0; i < a.len; i++) {
        uint8_t c = a.data[i];

        if (c >= 'A' && c <= 'Z') {
            c = (uint8_t)(c - 'A' + 'a');
        }
        if (c != (uint8_t)b[i])
            return false;
    }
    return true;
}

bool http_header_is(const struct http_header *h, const char *name)
{
    return same_name(h->name, name);
}

bool http_header_split(struct bytes line, struct http_header *out)
{
    size_t colon = 0, from, to = line.len;

    while (colon < line.len && is_token(line.data[colon])) {
        colon++;
    }
    if (colon == 0 || colon == line.len || line.data[colon] != ':')
        return false;
    from = colon + 1;
    while (from < to && is_blank(line.data[from])) {
        from++;
    }
    while (to > from && is_blank(line.data[to - 1])) {
        to--;
    }
    out->name = (struct bytes){ line.data, colon };
    out->value = (struct bytes){ line.data + from, to - from };
    return true;
}

/* "METHOD SP target SP HTTP/1.x": single blanks, visible ASCII only. */
static bool check_request_line(struct bytes line, struct http_refusal *why)
{
    size_t blanks = 0;

    for (size_t i = 0; i < line.len; i++) {
        const uint8_t c = line.data[i];

        if (c == ' ') {
            blanks++;
        } else if (c <= ' ' || c >= 0x7f) {
            return refuse(why, 400, "control character in the request line");
        }
    }
    if (blanks != 2 || line.len < 14 || line.data[0] == ' ')
        return refuse(why, 400, "malformed request line");
    if (memcmp(line.data + line.len - 9, " HTTP/1.", 8) != 0)
        return refuse(why, 505, "HTTP/1.1 only");
    if (line.data[line.len - 1] != '0' && line.data[line.len - 1] != '1')
        return refuse(why, 505, "HTTP/1.1 only");
    return true;
}

/* Digits only, and few enough of them to fit 64 bits. */
static bool is_length(struct bytes value)
{
    if (value.len == 0 || value.len > 15)
        return false;
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] < '0' || value.data[i] > '9')
            return false;
    }
    return true;
}

struct seen {
    size_t headers, hosts, lengths, encodings;
};

static bool check_header_line(struct bytes line, struct seen *seen,
                              struct http_refusal *why)
{
    struct http_header h;

    if (is_blank(line.data[0]))
        return refuse(why, 400, "folded header line");
    if (!http_header_split(line, &h))
        return refuse(why, 400, "malformed header line");
    for (size_t i = 0; i < h.value.len; i++) {
        const uint8_t c = h.value.data[i];

        if ((c < ' ' && c != '\t') || c == 0x7f)
            return refuse(why, 400, "control character in a header");
    }
    if (++seen->headers > HTTP_HEADERS_MAX)
        return refuse(why, 431, "too many header lines");
    seen->hosts += same_name(h.name, "host");
    seen->encodings += same_name(h.name, "transfer-encoding");
    if (same_name(h.name, "content-length")) {
        seen->lengths++;
        if (!is_length(h.value))
            return refuse(why, 400, "malformed Content-Length");
    }
    if (same_name(h.name, "upgrade") || same_name(h.name, "trailer"))
        return refuse(why, 400, "no upgrades and no trailers here");
    return true;
}

static bool check_seen(const struct seen *seen, struct http_refusal *why)
{
    if (seen->lengths > 1)
        return refuse(why, 400, "more than one Content-Length");
    if (seen->encodings > 0 && seen->lengths > 0)
        return refuse(why, 400, "Content-Length and Transfer-Encoding");
    if (seen->encodings > 0)
        return refuse(why, 411, "say the Content-Length instead");
    if (seen->hosts != 1)
        return refuse(why, 400, "exactly one Host is needed");
    return true;
}

bool http_head_check(struct bytes head, struct http_refusal *why)
{
    struct seen seen = { 0, 0, 0, 0 };
    size_t start = 0;

    for (size_t i = 0; i < head.len; i++) {
        const struct bytes line = { head.data + start, i - start };

        if (head.data[i] == '\n')
            return refuse(why, 400, "line feed without carriage return");
        if (head.data[i] != '\r')
            continue;
        if (i + 1 >= head.len || head.data[i + 1] != '\n')
            return refuse(why, 400, "carriage return without line feed");
        if (start == 0) {
            if (!check_request_line(line, why))
                return false;
        } else if (line.len == 0) {
            return check_seen(&seen, why);
        } else if (!check_header_line(line, &seen, why)) {
            return false;
        }
        i++;
        start = i + 1;
    }
    return refuse(why, 400, "the head does not end");
}
