#include "core/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"

#define BUF_FIRST_BYTES 64 /* most messages of ours are longer */

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){ .max = max };
}

void buf_fini(struct buf *b)
{
    mem_free(b->data);
    *b = (struct buf){ .max = b->max };
}

void buf_wipe(struct buf *b)
{
    if (b->data != NULL) {
        wipe(b->data, b->cap);
    }
    buf_fini(b);
}

void buf_reset(struct buf *b)
{
    b->len = 0;
    b->err = ERR_OK;
}

/* Make room for `len` more bytes and one hidden NUL. */
static bool reserve(struct buf *b, size_t len)
{
    size_t cap = b->cap > 0 ? b->cap : BUF_FIRST_BYTES;
    uint8_t *data;

    if (b->err) {
        return false;
    }
    if (len > b->max - b->len) {
        b->err = ERR_TOO_LONG;
        return false;
    }
    if (b->data != NULL && b->len + len + 1 <= b->cap) {
        return true;
    }
    while (cap < b->len + len + 1) {
        cap *= 2;
    }
    data = mem_realloc(b->data, cap);
    if (data == NULL) {
        b->err = ERR_NOMEM;
        return false;
    }
    b->data = data;
    b->cap = cap;
    return true;
}

uint8_t *buf_grow(struct buf *b, size_t len)
{
    uint8_t *at;

    if (!reserve(b, len)) {
        return NULL;
    }
    at = b->data + b->len;
    b->len += len;
    return at;
}

void buf_put(struct buf *b, const void *data, size_t len)
{
    uint8_t *at = buf_grow(b, len);

    if (at != NULL && len > 0) {
        memcpy(at, data, len);
    }
}

void buf_put_u8(struct buf *b, uint8_t byte)
{
    buf_put(b, &byte, 1);
}

void buf_put_text(struct buf *b, const char *text)
{
    buf_put(b, text, strlen(text));
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    ASSERT(len >= 0);
    if (!reserve(b, (size_t)len)) {
        return;
    }
    va_start(args, format);
    vsnprintf((char *)b->data + b->len, (size_t)len + 1, format, args);
    va_end(args);
    b->len += (size_t)len;
}

const char *buf_text(struct buf *b)
{
    if (!reserve(b, 0)) {
        return "";
    }
    b->data[b->len] = '\0';
    return (const char *)b->data;
}

struct bytes buf_bytes(const struct buf *b)
{
    return (struct bytes){ b->data, b->len };
}

enum err buf_take(struct buf *b, uint8_t **data_out, size_t *len_out)
{
    if (b->err) {
        return b->err;
    }
    if (!reserve(b, 0)) {
        return b->err; /* an empty buffer still hands out memory */
    }
    *data_out = b->data;
    *len_out = b->len;
    b->data = NULL;
    buf_fini(b);
    return ERR_OK;
}
