/*
 * hex.h - bytes written as hex in tests; spaces between them are allowed.
 */
#ifndef TESTS_HEX_H
#define TESTS_HEX_H

#include <stdlib.h>
#include <string.h>

#include "core/base.h"

/* The caller frees `data`; one byte is allocated even for "". */
struct hex {
    uint8_t *data;
    size_t len;
};

static inline struct hex hex_new(const char *text)
{
    const size_t len = strlen(text);
    char *digits = malloc(len + 1);
    struct hex h = { malloc(len / 2 + 1), 0 };
    size_t count = 0;

    ASSERT(digits != NULL);
    ASSERT(h.data != NULL);
    for (size_t i = 0; i < len; i++) {
        if (text[i] != ' ') {
            digits[count++] = text[i];
        }
    }
    digits[count] = '\0';
    h.len = count / 2;
    ASSERT(hex_parse(digits, h.len, h.data) == ERR_OK);
    free(digits);
    return h;
}

static inline struct bytes hex_bytes(struct hex h)
{
    return (struct bytes){ h.data, h.len };
}

#endif /* TESTS_HEX_H */
