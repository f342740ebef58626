#include "ui/screens/words_differ.h"

#include <string.h>

/* Beyond so many words only the first are told apart; the rest is plain. */
#define WORDS_MAX 96

struct word {
    uint16_t from, to; /* bytes, without the punctuation at its ends */
};

static bool is_letter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || ((unsigned char)c & 0x80) != 0;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

/* A word of nothing but punctuation is none. */
static int split(const char *text, struct word out[WORDS_MAX])
{
    size_t at = 0;
    int count = 0;

    while (at < UINT16_MAX && count < WORDS_MAX && text[at] != '\0') {
        size_t from;
        size_t to;

        while (is_space(text[at])) {
            at++;
        }
        from = at;
        while (text[at] != '\0' && !is_space(text[at]) && at < UINT16_MAX) {
            at++;
        }
        to = at;
        while (from < to && !is_letter(text[from])) {
            from++;
        }
        while (to > from && !is_letter(text[to - 1])) {
            to--;
        }
        if (to > from) {
            out[count++] = (struct word){ (uint16_t)from, (uint16_t)to };
        }
    }
    return count;
}

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_same(const char *a, struct word wa, const char *b,
                    struct word wb)
{
    const int len = wa.to - wa.from;

    if (len != wb.to - wb.from) {
        return false;
    }
    for (int i = 0; i < len; i++) {
        if (small(a[wa.from + i]) != small(b[wb.from + i])) {
            return false;
        }
    }
    return true;
}

struct pair {
    const char *text, *other;
    struct word words[WORDS_MAX], others[WORDS_MAX];
    int count, other_count;
    /* letters in common from here to both ends, at most */
    uint16_t common[WORDS_MAX + 1][WORDS_MAX + 1];
};

/* Longer words weigh more: "Abbey doorway" says more than "by the". */
static void compare(struct pair *p)
{
    memset(p->common, 0, sizeof(p->common));
    for (int i = p->count - 1; i >= 0; i--) {
        for (int k = p->other_count - 1; k >= 0; k--) {
            uint16_t best = p->common[i + 1][k] > p->common[i][k + 1]
                                ? p->common[i + 1][k]
                                : p->common[i][k + 1];

            if (is_same(p->text, p->words[i], p->other, p->others[k])) {
                const int with =
                    p->common[i + 1][k + 1] + p->words[i].to - p->words[i].from;

                best =
                    with > best && with <= UINT16_MAX ? (uint16_t)with : best;
            }
            p->common[i][k] = best;
        }
    }
}

/* Is word `i` one of the common ones, when `*k` is where the other is? */
static bool step(const struct pair *p, int i, int *k)
{
    const int len = p->words[i].to - p->words[i].from;

    for (; *k < p->other_count; (*k)++) {
        const int here = p->common[i][*k];

        if (is_same(p->text, p->words[i], p->other, p->others[*k]) &&
            here == p->common[i + 1][*k + 1] + len) {
            (*k)++;
            return true;
        }
        if (p->common[i][*k + 1] < here) {
            return false; /* a later word needs that one */
        }
    }
    return false;
}

/* Makes one of the two that have the least between them. */
static int join_closest(struct text_span *spans, int count)
{
    int at = 1;

    for (int i = 2; i < count; i++) {
        if (spans[i].from - spans[i - 1].to <
            spans[at].from - spans[at - 1].to) {
            at = i;
        }
    }
    spans[at - 1].to = spans[at].to;
    memmove(&spans[at], &spans[at + 1],
            (size_t)(count - 1 - at) * sizeof(*spans));
    return count - 1;
}

int words_differ(const char *text, const char *other,
                 struct text_span out[TEXT_SPANS_MAX])
{
    struct text_span spans[TEXT_SPANS_MAX + 1];
    struct pair p = { .text = text, .other = other };
    bool was_common = true;
    int count = 0;
    int k = 0;

    p.count = split(text, p.words);
    p.other_count = split(other, p.others);
    compare(&p);
    if (p.common[0][0] == 0) {
        return 0;
    }
    for (int i = 0; i < p.count; i++) {
        const bool is_common = step(&p, i, &k);

        if (!is_common && !was_common) {
            spans[count - 1].to = p.words[i].to;
        } else if (!is_common) {
            spans[count++] = (struct text_span){ p.words[i].from, p.words[i].to,
                                                 TEXT_BOLD, 0 };
        }
        if (count > TEXT_SPANS_MAX) {
            count = join_closest(spans, count);
        }
        was_common = is_common;
    }
    if (count > 0 && p.count == WORDS_MAX && p.other_count == WORDS_MAX &&
        spans[count - 1].to == p.words[WORDS_MAX - 1].to) {
        count--; /* whether the other has it, too, was not looked at */
    }
    memcpy(out, spans, (size_t)count * sizeof(*out));
    return count;
}
