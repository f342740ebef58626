#include "core/id.h"

#include <stdio.h>
#include <string.h>

#define GROUP 4 /* characters between dashes */

void id_uuid7(uint64_t unix_ms, const uint8_t random[10], struct uuid *id_out)
{
    for (size_t i = 0; i < 6; i++) {
        id_out->bytes[i] = (uint8_t)(unix_ms >> (40 - 8 * i));
    }
    memcpy(id_out->bytes + 6, random, 10);
    id_out->bytes[6] = (uint8_t)(0x70 | (random[0] & 0x0f));
    id_out->bytes[8] = (uint8_t)(0x80 | (random[2] & 0x3f));
}

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static char upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/* Value of a base 32 character; -1 when no code has it. */
static int digit_value(char c)
{
    const char *at;

    c = upper(c);
    if (c == 'O') {
        c = '0';
    } else if (c == 'I' || c == 'L') {
        c = '1';
    }
    at = c != '\0' ? strchr(digits, c) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

/*
 * Adds one value to a check: times x in GF(32) = GF(2)[x] / (x^5 + x^2 + 1).
 * Weights are the powers of x, which differ for 31 places and repeat then.
 */
static unsigned check_add(unsigned check, unsigned value)
{
    check ^= value;
    check <<= 1;
    return (check & 0x20) != 0 ? check ^ 0x25 : check;
}

static size_t code_chars(size_t len)
{
    return (len * 8 + 4) / 5;
}

/* The i-th five bits, from the left; zeros follow the last byte. */
static unsigned five_bits(struct bytes code, size_t i)
{
    unsigned value = 0;

    for (size_t bit = 5 * i; bit < 5 * i + 5; bit++) {
        const unsigned byte = bit / 8 < code.len ? code.data[bit / 8] : 0;

        value = value << 1 | (byte >> (7 - bit % 8) & 1);
    }
    return value;
}

void id_code_format(struct bytes code, char out[ID_CODE_TEXT_SIZE])
{
    const size_t count = code_chars(code.len);
    unsigned check = 0;

    ASSERT(code.len <= ID_CODE_MAX);
    for (size_t i = 0; i < count; i++) {
        const unsigned value = five_bits(code, i);

        check = check_add(check, value);
        *out++ = digits[value];
        if (i % GROUP == GROUP - 1) {
            *out++ = '-';
        }
    }
    *out++ = digits[check];
    *out = '\0';
}

static enum err bad_at(size_t at, size_t *at_out)
{
    if (at_out != NULL) {
        *at_out = at;
    }
    return ERR_BAD_DATA;
}

enum err id_code_parse(const char *text, uint8_t *out, size_t len,
                       size_t *at_out)
{
    const size_t count = code_chars(len);
    const unsigned spare = (unsigned)(count * 5 - len * 8);
    size_t read = 0;
    unsigned check = 0;
    unsigned bits = 0;
    unsigned bit_count = 0;
    size_t at;
    int value = 0;

    ASSERT(len <= ID_CODE_MAX);
    for (at = 0; text[at] != '\0'; at++) {
        if (text[at] == '-' || text[at] == ' ') {
            continue;
        }
        value = digit_value(text[at]);
        if (value < 0 || read > count) {
            return bad_at(at, at_out);
        }
        if (read++ == count) {
            continue; /* the check character */
        }
        check = check_add(check, (unsigned)value);
        bits = bits << 5 | (unsigned)value;
        bit_count += 5;
        if (bit_count >= 8) {
            bit_count -= 8;
            *out++ = (uint8_t)(bits >> bit_count);
            bits &= (1u << bit_count) - 1;
        }
    }
    if (read != count + 1) {
        return bad_at(at, at_out);
    }
    ASSERT(bit_count == spare);
    if ((unsigned)value != check || bits != 0) {
        return ERR_BAD_HASH; /* spare bits are zero in what we print */
    }
    return ERR_OK;
}

/* --- notices --- */

/* Letters of the council count 0 to 25, digits what they say. */
static unsigned notice_check(const struct id_notice *number)
{
    char text[32];
    unsigned check = 0;

    (void)snprintf(text, sizeof(text), "%s%02u%02u%06u", number->council,
                   number->block, number->year, number->serial);
    for (const char *at = text; *at != '\0'; at++) {
        const char zero = *at >= 'A' ? 'A' : '0';

        check = check_add(check, (unsigned)(*at - zero));
    }
    return check;
}

void id_notice_format(const struct id_notice *number,
                      char out[ID_NOTICE_TEXT_SIZE])
{
    int len;

    ASSERT(strlen(number->council) == 2);
    ASSERT(number->block > 0 && number->block <= ID_NOTICE_BLOCK_MAX);
    ASSERT(number->year < 100);
    ASSERT(number->serial > 0 && number->serial <= ID_NOTICE_SERIAL_MAX);
    len = snprintf(out, ID_NOTICE_TEXT_SIZE, "%s-%02u-%02u-%06u-%c",
                   number->council, number->block, number->year, number->serial,
                   digits[notice_check(number)]);
    ASSERT(len > 0 && len < ID_NOTICE_TEXT_SIZE);
}

/* `least` to `most` digits, then the end of a part. */
static bool get_number(const char **at, unsigned least, unsigned most,
                       unsigned *out)
{
    unsigned count = 0;

    *out = 0;
    while (**at >= '0' && **at <= '9' && count < most) {
        /* Two digits are the shortest form; a longer one starts above 0. */
        if (count == least && *out < 10 && least < most) {
            return false;
        }
        *out = *out * 10 + (unsigned)(*(*at)++ - '0');
        count++;
    }
    if (count < least || (**at != '-' && **at != ' ')) {
        return false;
    }
    (*at)++;
    return true;
}

enum err id_notice_parse(const char *text, struct id_notice *number_out,
                         size_t *at_out)
{
    struct id_notice n = { .block = 0 };
    const char *at = text;
    int check;

    for (size_t i = 0; i < 2; i++) {
        n.council[i] = upper(*at);
        if (n.council[i] < 'A' || n.council[i] > 'Z') {
            return bad_at((size_t)(at - text), at_out);
        }
        at++;
    }
    if (*at != '-' && *at != ' ') {
        return bad_at((size_t)(at - text), at_out);
    }
    at++;
    if (!get_number(&at, 2, 4, &n.block) || !get_number(&at, 2, 2, &n.year) ||
        !get_number(&at, 6, 6, &n.serial)) {
        return bad_at((size_t)(at - text), at_out);
    }
    check = digit_value(*at);
    if (check < 0 || at[1] != '\0') {
        return bad_at((size_t)(at - text) + (check >= 0), at_out);
    }
    if ((unsigned)check != notice_check(&n) || n.block == 0 || n.serial == 0) {
        return ERR_BAD_HASH;
    }
    *number_out = n;
    return ERR_OK;
}
