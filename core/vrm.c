#include "core/vrm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNKNOWN "unknown"

struct style {
    const char *code;
    const char *pattern;
    int space_a, space_b;
};

#define VRM(code, pattern, a, b) { code, pattern, a, b },
static const struct style styles[] = {
#include "core/vrm.def"
};
#undef VRM

static bool is_in(const char *class, size_t len, char c)
{
    for (size_t i = 0; i < len; i++) {
        if (i + 2 < len && class[i + 1] == '-') {
            if (c >= class[i] && c <= class[i + 2]) {
                return true;
            }
            i += 2;
        } else if (c == class[i]) {
            return true;
        }
    }
    return c == '?';
}

/* "[CLASS]{M}" or "[CLASS]{M,N}" at the head of a pattern. */
struct step {
    const char *class;
    size_t class_len;
    long least, most;
    const char *next;
};

static struct step step_of(const char *pattern)
{
    struct step s = { .class = pattern + 1 };
    char *end;

    s.class_len = strcspn(s.class, "]");
    s.least = strtol(s.class + s.class_len + 2, &end, 10);
    s.most = *end == ',' ? strtol(end + 1, &end, 10) : s.least;
    s.next = end + 1;
    return s;
}

/* Two steps at most may vary, so that trying all is cheap. */
static bool fits(const char *pattern, const char *text)
{
    struct step s;

    if (*pattern == '\0') {
        return *text == '\0';
    }
    s = step_of(pattern);
    for (long n = 0; n <= s.most; n++) {
        if (n >= s.least && fits(s.next, text + n)) {
            return true;
        }
        if (text[n] == '\0' || !is_in(s.class, s.class_len, text[n])) {
            return false;
        }
    }
    return false;
}

static const struct style *style_of(const char *text)
{
    for (size_t i = 0; i < ARRAY_LEN(styles); i++) {
        if (fits(styles[i].pattern, text)) {
            return &styles[i];
        }
    }
    return NULL;
}

/* In capitals, without spaces; false when it is longer than any mark. */
static bool tidy(const char *text, char out[VRM_SIZE])
{
    size_t len = 0;

    for (; *text != '\0'; text++) {
        const char c = *text;

        if (c == ' ') {
            continue;
        }
        if (len + 3 >= VRM_SIZE) {
            return false;
        }
        out[len++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    out[len] = '\0';
    return true;
}

const char *vrm_read(const char *text, char out[VRM_SIZE])
{
    const struct style *style = tidy(text, out) ? style_of(out) : NULL;
    size_t len = strlen(text);

    if (style != NULL) {
        return style->code;
    }
    len = len < VRM_SIZE ? len : VRM_SIZE - 1;
    while (len > 0 && ((uint8_t)text[len] & 0xc0) == 0x80) {
        len--; /* not in the middle of a character */
    }
    memcpy(out, text, len);
    out[len] = '\0';
    return UNKNOWN;
}

void vrm_show(const char *text, char out[VRM_SIZE])
{
    char mark[VRM_SIZE];
    const struct style *style;
    int len;
    int a;

    if (strcmp(vrm_read(text, mark), UNKNOWN) == 0) {
        memcpy(out, mark, sizeof(mark));
        return;
    }
    style = style_of(mark);
    len = (int)strlen(mark);
    a = style == NULL ? 0 : style->space_a;
    a = a < 0 ? len + a : a;
    if (style != NULL && style->space_b > 0) {
        snprintf(out, VRM_SIZE, "%.*s %.*s %s", a, mark, style->space_b - a,
                 mark + a, mark + style->space_b);
    } else {
        snprintf(out, VRM_SIZE, "%.*s %s", a, mark, mark + a);
    }
}
