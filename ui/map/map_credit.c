#include "ui/map/map_credit.h"

#include <string.h>

static const struct {
    const char *name, *text;
} entities[] = { { "&copy;", "©" }, { "&#169;", "©" }, { "&#xA9;", "©" },
                 { "&amp;", "&" },  { "&lt;", "<" },   { "&gt;", ">" },
                 { "&nbsp;", " " }, { "&quot;", "\"" } };

/* Bytes of the entity at `at`, 0: there is none that we know. */
static size_t entity(const char *at, const char **text_out)
{
    for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
        const size_t len = strlen(entities[i].name);

        if (strncmp(at, entities[i].name, len) == 0) {
            *text_out = entities[i].text;
            return len;
        }
    }
    return 0;
}

/* Every entity is longer than what it stands for: `out` has room. */
void map_credit(const struct mappack_facts *facts, char out[MAPPACK_TEXT_SIZE])
{
    const char *at = facts->source;
    size_t len = 0;

    while (*at != '\0') {
        const char *end = *at == '<' ? strchr(at, '>') : NULL;
        const char *text = NULL;
        const size_t skip = entity(at, &text);

        if (end != NULL) {
            at = end + 1;
        } else if (skip > 0) {
            memcpy(out + len, text, strlen(text));
            len += strlen(text);
            at += skip;
        } else {
            out[len++] = *at++;
        }
    }
    out[len] = '\0';
}
