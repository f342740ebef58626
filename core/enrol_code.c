/* enrol_code.c - the text that a person carries from server to tablet. */
#include "core/enrol.h"

#include <string.h>

#define CHECK_SIZE 2
#define RAW_SIZE   (ENROL_SECRET_SIZE + 32 + CHECK_SIZE)
static_assert(RAW_SIZE * 8 == ENROL_CODE_DIGITS * 5, "no bits left over");

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static uint16_t crc16(uint16_t crc, const uint8_t *data, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        crc = (uint16_t)(crc ^ (data[i] << 8));
        for (int bit = 0; bit < 8; bit++) {
            const bool top = (crc & 0x8000u) != 0;

            crc = (uint16_t)(crc << 1);
            if (top) {
                crc ^= 0x1021u;
            }
        }
    }
    return crc;
}

static uint16_t check_of(const char *url, const uint8_t *raw)
{
    uint16_t crc = crc16(0xffff, (const uint8_t *)url, strlen(url));

    crc = crc16(crc, (const uint8_t *)"#", 1);
    return crc16(crc, raw, RAW_SIZE - CHECK_SIZE);
}

/* "https://" and a host with an optional port; nothing after that, so that
 * there is one spelling and nobody smuggles a user name or a path in. */
static bool is_url(const char *url, size_t len)
{
    static const char scheme[] = "https://";
    const size_t skip = sizeof(scheme) - 1;

    if (len <= skip || len > ENROL_URL_MAX || memcmp(url, scheme, skip) != 0)
        return false;
    for (size_t i = skip; i < len; i++) {
        const char c = url[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (c >= '0' && c <= '9') || (c != '\0' && strchr(".-:[]", c))))
            return false;
    }
    return true;
}

enum err enrol_code_format(const struct enrol_code *code,
                           char out[ENROL_CODE_MAX + 1])
{
    const size_t url_len = strlen(code->url);
    uint8_t raw[RAW_SIZE];
    uint16_t crc;
    uint32_t bits = 0;
    int held = 0;
    char *at = out + url_len;

    if (!is_url(code->url, url_len))
        return ERR_BAD_DATA;
    memcpy(raw, code->secret, ENROL_SECRET_SIZE);
    memcpy(raw + ENROL_SECRET_SIZE, code->ca.bytes, 32);
    crc = check_of(code->url, raw);
    raw[RAW_SIZE - 2] = (uint8_t)(crc >> 8);
    raw[RAW_SIZE - 1] = (uint8_t)crc;

    memcpy(out, code->url, url_len);
    *at++ = '#';
    for (size_t i = 0; i < RAW_SIZE; i++) {
        bits = (bits << 8) | raw[i];
        held += 8;
        while (held >= 5) {
            held -= 5;
            *at++ = digits[(bits >> held) & 31u];
        }
    }
    *at = '\0';
    wipe(raw, sizeof(raw));
    return ERR_OK;
}

/* -1 when it isn't a digit of Crockford's alphabet. */
static int digit_value(char c)
{
    const char *found;

    if (c >= 'a' && c <= 'z') {
        c = (char)(c - 'a' + 'A');
    }
    if (c == 'O') {
        c = '0';
    } else if (c == 'I' || c == 'L') {
        c = '1';
    }
    found = c == '\0' ? NULL : strchr(digits, c);
    return found == NULL ? -1 : (int)(found - digits);
}

/* Exactly ENROL_CODE_DIGITS digits; blanks and hyphens don't count. */
static enum err decode(const char *text, uint8_t raw[RAW_SIZE])
{
    uint32_t bits = 0;
    int held = 0;
    size_t count = 0, len = 0;

    for (; *text != '\0'; text++) {
        const int value = digit_value(*text);

        if (strchr("- \t\r\n", *text) != NULL)
            continue;
        if (value < 0 || count == ENROL_CODE_DIGITS)
            return ERR_BAD_DATA;
        count++;
        bits = (bits << 5) | (uint32_t)value;
        held += 5;
        if (held >= 8) {
            held -= 8;
            ASSERT(len < RAW_SIZE);
            raw[len++] = (uint8_t)(bits >> held);
        }
    }
    return count == ENROL_CODE_DIGITS ? ERR_OK : ERR_BAD_DATA;
}

enum err enrol_code_parse(const char *text, struct enrol_code *out)
{
    const char *hash;
    uint8_t raw[RAW_SIZE] = { 0 };
    uint16_t crc;
    enum err err;

    text += strspn(text, " \t\r\n");
    hash = strchr(text, '#');
    if (hash == NULL || !is_url(text, (size_t)(hash - text)))
        return ERR_BAD_DATA;
    memset(out, 0, sizeof(*out));
    memcpy(out->url, text, (size_t)(hash - text));

    err = decode(hash + 1, raw);
    if (err)
        goto out;
    crc = check_of(out->url, raw);
    if (raw[RAW_SIZE - 2] != (uint8_t)(crc >> 8) ||
        raw[RAW_SIZE - 1] != (uint8_t)crc) {
        err = ERR_BAD_DATA;
        goto out;
    }
    memcpy(out->secret, raw, ENROL_SECRET_SIZE);
    memcpy(out->ca.bytes, raw + ENROL_SECRET_SIZE, 32);
out:
    wipe(raw, sizeof(raw));
    return err;
}
