#include "ui/look.h"

#include <string.h>

#define PLAIN_MAX 4096

/* Without U+2066..2069: they are there for the order of letters only. */
static void plain(const char *text, size_t len, char out[PLAIN_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < len && n + 1 < PLAIN_MAX; i++) {
        const unsigned char *at = (const unsigned char *)text + i;

        if (i + 2 < len && at[0] == 0xE2 && at[1] == 0x81 && at[2] >= 0xA6 &&
            at[2] <= 0xA9) {
            i += 2;
            continue;
        }
        out[n++] = text[i];
    }
    out[n] = '\0';
}

bool look_has(const struct nav *nav, const char *text)
{
    const struct draw_list *l = &nav->ui.list;
    char words[PLAIN_MAX];

    for (int i = 0; i < l->count; i++) {
        const struct draw_cmd *c = &l->cmds[i];

        if (c->kind == DRAW_TEXT) {
            plain(l->text + c->text_at, c->text_len, words);
            if (strstr(words, text) != NULL) {
                return true;
            }
        }
    }
    return false;
}

void look_print(const struct nav *nav, FILE *out)
{
    const struct draw_list *l = &nav->ui.list;
    char words[PLAIN_MAX];

    fprintf(out, "screen: %s\n", nav_screen_name(nav));
    for (int i = 0; i < l->count; i++) {
        const struct draw_cmd *c = &l->cmds[i];

        if (c->kind == DRAW_TEXT) {
            plain(l->text + c->text_at, c->text_len, words);
            fprintf(out, "  text: %s\n", words);
        }
    }
    for (int i = 0; i < nav->ui.target_count; i++) {
        const struct target *t = &nav->ui.targets[i];

        if (ui_is_live(&nav->ui, t)) {
            fprintf(out, "  control: %s%s\n", t->name,
                    t->flags & UI_DISABLED ? " (disabled)" : "");
        }
    }
}
