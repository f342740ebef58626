#include "core/text.h"

/* Bytes of the character that `lead` opens, and the range of its second
 * byte (RFC 3629, section 4); 0 when no character opens so. */
static size_t sequence_len(uint8_t lead, uint8_t *low_out, uint8_t *high_out)
{
    *low_out = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    *high_out = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xc2) {
        return 0;
    }
    if (lead < 0xe0) {
        return 2;
    }
    if (lead < 0xf0) {
        return 3;
    }
    return lead < 0xf5 ? 4 : 0;
}

size_t text_char(const char *text, size_t len)
{
    const uint8_t *at = (const uint8_t *)text;
    uint8_t low;
    uint8_t high;
    const size_t n = len > 0 ? sequence_len(at[0], &low, &high) : 0;

    if (n == 0 || n > len) {
        return 0;
    }
    if (n > 1 && (at[1] < low || at[1] > high)) {
        return 0;
    }
    for (size_t i = 2; i < n; i++) {
        if (at[i] < 0x80 || at[i] > 0xbf) {
            return 0;
        }
    }
    return n;
}

bool text_is_utf8(const char *text, size_t len)
{
    while (len > 0) {
        const size_t n = text_char(text, len);

        if (n == 0) {
            return false;
        }
        text += n;
        len -= n;
    }
    return true;
}

size_t text_chars(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++) {
        count += ((uint8_t)text[i] & 0xc0) != 0x80;
    }
    return count;
}
