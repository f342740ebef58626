#include "ui/kit/plural.h"

#include <stdbool.h>
#include <string.h>

#define DEPTH_MAX 32

struct parser {
    const char *at;
    unsigned long n;
    int depth;
    bool is_bad;
};

static unsigned long ternary(struct parser *p);

void plural_parse(struct plural *p, const char *head)
{
    const char *from = strstr(head, "plural=");
    size_t len;

    p->rule[0] = '\0';
    if (from == NULL) {
        return;
    }
    from += strlen("plural=");
    len = strcspn(from, ";\n");
    if (len < sizeof(p->rule)) {
        memcpy(p->rule, from, len);
        p->rule[len] = '\0';
    }
}

static bool eat(struct parser *p, const char *sign)
{
    const size_t len = strlen(sign);

    while (*p->at == ' ') {
        p->at++;
    }
    if (strncmp(p->at, sign, len) != 0) {
        return false;
    }
    p->at += len;
    return true;
}

static unsigned long primary(struct parser *p)
{
    unsigned long value = 0;

    if (++p->depth > DEPTH_MAX) {
        p->is_bad = true;
        return 0;
    }
    if (eat(p, "(")) {
        value = ternary(p);
        p->is_bad |= !eat(p, ")");
    } else if (eat(p, "!")) {
        value = !primary(p);
    } else if (eat(p, "n")) {
        value = p->n;
    } else if (*p->at >= '0' && *p->at <= '9') {
        while (*p->at >= '0' && *p->at <= '9' && value < 100000) {
            value = value * 10 + (unsigned long)(*p->at++ - '0');
        }
    } else {
        p->is_bad = true;
    }
    p->depth--;
    return value;
}

static unsigned long remainder_of(struct parser *p)
{
    unsigned long value = primary(p);

    while (!p->is_bad && eat(p, "%")) {
        const unsigned long by = primary(p);

        value = by != 0 ? value % by : 0;
    }
    return value;
}

static unsigned long compare(struct parser *p)
{
    const unsigned long a = remainder_of(p);

    if (eat(p, "==")) {
        return a == remainder_of(p);
    }
    if (eat(p, "!=")) {
        return a != remainder_of(p);
    }
    if (eat(p, "<=")) {
        return a <= remainder_of(p);
    }
    if (eat(p, ">=")) {
        return a >= remainder_of(p);
    }
    if (eat(p, "<")) {
        return a < remainder_of(p);
    }
    if (eat(p, ">")) {
        return a > remainder_of(p);
    }
    return a;
}

static unsigned long both(struct parser *p)
{
    unsigned long value = compare(p);

    while (!p->is_bad && eat(p, "&&")) {
        const unsigned long next = compare(p);

        value = value && next;
    }
    return value;
}

static unsigned long either(struct parser *p)
{
    unsigned long value = both(p);

    while (!p->is_bad && eat(p, "||")) {
        const unsigned long next = both(p);

        value = value || next;
    }
    return value;
}

static unsigned long ternary(struct parser *p)
{
    const unsigned long test = either(p);
    unsigned long yes;
    unsigned long no;

    if (p->is_bad || !eat(p, "?")) {
        return test;
    }
    if (++p->depth > DEPTH_MAX) {
        p->is_bad = true;
        return 0;
    }
    yes = ternary(p);
    p->is_bad |= !eat(p, ":");
    no = ternary(p);
    p->depth--;
    return test ? yes : no;
}

unsigned long plural_form(const struct plural *p, unsigned long n)
{
    struct parser parser = { p->rule, n, 0, false };
    unsigned long form;

    if (p->rule[0] == '\0') {
        return n != 1;
    }
    form = ternary(&parser);
    return parser.is_bad ? 0 : form;
}
