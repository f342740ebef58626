#include "core/csv.h"

#include <string.h>

#include "core/limits.h"
#include "core/text.h"

void csv_open(struct csv_reader *r, struct bytes in)
{
    static const uint8_t bom[] = { 0xef, 0xbb, 0xbf };

    *r = (struct csv_reader){ .in = in, .line = 1 };
    if (in.len >= sizeof(bom) && memcmp(in.data, bom, sizeof(bom)) == 0) {
        r->at = sizeof(bom);
    }
    buf_init(&r->text, BODY_MAX_BYTES);
}

void csv_close(struct csv_reader *r)
{
    buf_fini(&r->text);
}

static enum err bad(struct csv_reader *r, const char *why)
{
    r->why = why;
    return ERR_BAD_DATA;
}

/* The byte at the cursor, or -1 at the end. */
static int peek(const struct csv_reader *r)
{
    return r->at < r->in.len ? r->in.data[r->at] : -1;
}

/* Cursor behind the opening quote; ends behind the closing one. */
static enum err read_quoted(struct csv_reader *r)
{
    for (;;) {
        const int c = peek(r);

        if (c < 0) {
            return bad(r, "a quoted field does not end");
        }
        r->at++;
        if (c == '"' && peek(r) != '"') {
            return ERR_OK;
        }
        if (c == '"') {
            r->at++; /* two quotes stand for one */
        }
        r->line += c == '\n';
        buf_put_u8(&r->text, (uint8_t)c);
        if (r->text.err) {
            return bad(r, "a row is too long");
        }
    }
}

static bool ends_field(int c)
{
    return c < 0 || c == ',' || c == '\n' || c == '\r';
}

static enum err read_plain(struct csv_reader *r)
{
    const size_t from = r->at;

    while (!ends_field(peek(r))) {
        if (peek(r) == '"') {
            return bad(r, "a quote in a field that does not begin with one");
        }
        r->at++;
    }
    buf_put(&r->text, r->in.data + from, r->at - from);
    return r->text.err ? bad(r, "a row is too long") : ERR_OK;
}

static enum err read_field(struct csv_reader *r, size_t index)
{
    const size_t from = r->text.len;
    size_t len;
    enum err err;

    r->starts[index] = from;
    if (peek(r) == '"') {
        r->at++;
        err = read_quoted(r);
    } else {
        err = read_plain(r);
    }
    if (err)
        return err;
    if (!ends_field(peek(r))) {
        return bad(r, "text behind a closing quote");
    }
    buf_put_u8(&r->text, '\0');
    if (r->text.err) {
        return bad(r, "a row is too long");
    }
    len = r->text.len - from - 1;
    if (!text_is_utf8((const char *)r->text.data + from, len) ||
        memchr(r->text.data + from, '\0', len) != NULL) {
        return bad(r, "text that is not UTF-8");
    }
    return ERR_OK;
}

/* Behind the last field of a row. */
static enum err end_row(struct csv_reader *r, size_t count)
{
    if (peek(r) == '\r') {
        r->at++;
        if (peek(r) != '\n') {
            return bad(r, "a carriage return without a line feed");
        }
    }
    r->at += peek(r) == '\n';
    r->line++;
    r->starts[count] = r->text.len;
    if (r->width == 0) {
        r->width = count;
    }
    return count == r->width
               ? ERR_OK
               : bad(r, "a row with more or fewer fields than the first");
}

enum err csv_next(struct csv_reader *r)
{
    size_t count = 0;
    enum err err;

    if (peek(r) < 0) {
        return ERR_NOT_FOUND;
    }
    buf_reset(&r->text);
    buf_put(&r->text, "", 0);
    r->row_line = r->line;
    for (;;) {
        if (count == CSV_FIELDS_MAX) {
            return bad(r, "too many fields in a row");
        }
        err = read_field(r, count++);
        if (err)
            return err;
        if (peek(r) != ',') {
            return end_row(r, count);
        }
        r->at++;
    }
}

struct bytes csv_field(const struct csv_reader *r, size_t i)
{
    ASSERT(i < r->width);
    return (struct bytes){ r->text.data + r->starts[i],
                           r->starts[i + 1] - r->starts[i] - 1 };
}
