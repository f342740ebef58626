#include "sync-server/html.h"

#include <string.h>

static void put_char(struct buf *out, char c)
{
    switch (c) {
    case '&':
        buf_put_text(out, "&amp;");
        return;
    case '<':
        buf_put_text(out, "&lt;");
        return;
    case '>':
        buf_put_text(out, "&gt;");
        return;
    case '"':
        buf_put_text(out, "&quot;");
        return;
    case '\'':
        buf_put_text(out, "&#39;");
        return;
    default:
        break;
    }
    if ((unsigned char)c < ' ' && c != '\n' && c != '\t') {
        buf_put_text(out, "&#xFFFD;");
    } else {
        buf_put_u8(out, (uint8_t)c);
    }
}

void html_put_text(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        put_char(out, *text);
    }
}

static const char *value_of(const struct html_value *values, size_t count,
                            const uint8_t *name, size_t len)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(values[i].name) == len &&
            memcmp(values[i].name, name, len) == 0)
            return values[i].text;
    }
    return NULL;
}

/* One hole that starts at `at`; 0 when there is none, else its length. */
static size_t fill_hole(struct buf *out, const uint8_t *at, size_t left,
                        const struct html_value *values, size_t count)
{
    const size_t braces = left >= 3 && at[2] == '{' ? 3 : 2;
    const char *text;
    size_t len = 0;

    if (left < 5 || at[0] != '{' || at[1] != '{')
        return 0;
    while (braces + len < left && at[braces + len] != '}') {
        len++;
    }
    if (2 * braces + len > left || at[braces + len + braces - 1] != '}')
        return 0;
    text = value_of(values, count, at + braces, len);
    if (text != NULL && braces == 2) {
        html_put_text(out, text);
    } else if (text != NULL && len > 4 && memcmp(at + 3, "raw_", 4) == 0) {
        buf_put_text(out, text);
    }
    return 2 * braces + len;
}

void html_fill(struct buf *out, struct bytes template_text,
               const struct html_value *values, size_t count)
{
    size_t at = 0;

    while (at < template_text.len) {
        const size_t hole = fill_hole(out, template_text.data + at,
                                      template_text.len - at, values, count);

        if (hole == 0) {
            buf_put_u8(out, template_text.data[at]);
        }
        at += hole > 0 ? hole : 1;
    }
}

/* --- forms --- */

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

static bool decode(struct bytes in, bool is_lines, char *out, size_t size)
{
    size_t len = 0;

    for (size_t i = 0; i < in.len; i++) {
        int c = in.data[i] == '+' ? ' ' : in.data[i];

        if (c == '%') {
            if (i + 2 >= in.len || hex_value(in.data[i + 1]) < 0 ||
                hex_value(in.data[i + 2]) < 0)
                return false;
            c = hex_value(in.data[i + 1]) * 16 + hex_value(in.data[i + 2]);
            i += 2;
        }
        if (is_lines && c == '\r')
            continue;
        if ((c < ' ' && !(is_lines && c == '\n')) || c == 0x7f ||
            len + 1 >= size)
            return false;
        out[len++] = (char)c;
    }
    out[len] = '\0';
    return true;
}

static bool get(struct bytes body, const char *name, bool is_lines, char *out,
                size_t size)
{
    const size_t want = strlen(name);
    size_t start = 0;

    out[0] = '\0';
    while (start < body.len) {
        const uint8_t *at = body.data + start;
        const uint8_t *end = memchr(at, '&', body.len - start);
        const size_t len = end == NULL ? body.len - start : (size_t)(end - at);

        if (len > want && memcmp(at, name, want) == 0 && at[want] == '=')
            return decode((struct bytes){ at + want + 1, len - want - 1 },
                          is_lines, out, size);
        start += len + 1;
    }
    return false;
}

bool html_form_get(struct bytes body, const char *name, char *out, size_t size)
{
    return get(body, name, false, out, size);
}

bool html_form_get_lines(struct bytes body, const char *name, char *out,
                         size_t size)
{
    return get(body, name, true, out, size);
}
