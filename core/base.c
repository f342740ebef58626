#include "core/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const err_texts[ERR__COUNT] = {
#define X(name, text) [ERR_##name] = text,
    ERR_MAP(X)
#undef X
};

const char *err_text(enum err err)
{
    if ((unsigned)err >= ERR__COUNT) {
        return "unknown error"; /* a newer peer may know more codes */
    }
    return err_texts[err];
}

_Noreturn void assert_failed(const char *expr, const char *file, int line)
{
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, expr);
    abort();
}

bool uuid_eq(const struct uuid *a, const struct uuid *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

bool uuid_is_zero(const struct uuid *id)
{
    static const struct uuid zero;

    return uuid_eq(id, &zero);
}

bool hash_eq(const struct hash *a, const struct hash *b)
{
    uint8_t diff = 0;

    for (size_t i = 0; i < sizeof(a->bytes); i++) {
        diff |= (uint8_t)(a->bytes[i] ^ b->bytes[i]);
    }
    return diff == 0;
}

bool bytes_eq(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

void hex_format(const uint8_t *data, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[data[i] >> 4];
        out[2 * i + 1] = digits[data[i] & 15];
    }
    out[2 * len] = '\0';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

enum err hex_parse(const char *text, size_t len, uint8_t *out)
{
    for (size_t i = 0; i < len; i++) {
        const int high = hex_digit(text[2 * i]);
        const int low = high < 0 ? -1 : hex_digit(text[2 * i + 1]);

        if (low < 0) {
            return ERR_BAD_DATA;
        }
        out[i] = (uint8_t)(high << 4 | low);
    }
    return text[2 * len] == '\0' ? ERR_OK : ERR_BAD_DATA;
}

void uuid_format(const struct uuid *id, char out[UUID_TEXT_SIZE])
{
    static const uint8_t groups[] = { 4, 2, 2, 2, 6 };
    const uint8_t *at = id->bytes;

    for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
        hex_format(at, groups[i], out);
        at += groups[i];
        out += (size_t)2 * groups[i];
        *out++ = i + 1 < ARRAY_LEN(groups) ? '-' : '\0';
    }
}

enum err uuid_parse(const char *text, struct uuid *id_out)
{
    char digits[33];
    size_t count = 0;

    for (const char *at = text; *at != '\0'; at++) {
        const ptrdiff_t pos = at - text;

        if (*at == '-' && (pos == 8 || pos == 13 || pos == 18 || pos == 23)) {
            continue;
        }
        if (count == 32) {
            return ERR_BAD_DATA;
        }
        digits[count++] = *at;
    }
    digits[count] = '\0';
    return count == 32 ? hex_parse(digits, 16, id_out->bytes) : ERR_BAD_DATA;
}

int64_t span_ms(int64_t a, int64_t b)
{
    if (b >= 0) {
        return a < -INT64_MAX + b ? -INT64_MAX : a - b;
    }
    return a > INT64_MAX + b ? INT64_MAX : a - b;
}

void wipe(void *data, size_t len)
{
    volatile uint8_t *at = data;

    while (len-- > 0) {
        *at++ = 0;
    }
}
