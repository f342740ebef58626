/* main.c - beatbook-gallery FOLDER: each sheet in each theme, language, text
 * size and width as a picture. */
#include <stdio.h>
#include <stdlib.h>

#include "tests/ui/gallery/gallery.h"
#include "ui/kit/render.h"
#include "ui/kit/tr.h"

static const char *const themes[THEME__COUNT] = { "day", "night", "contrast" };
static const char *const langs[] = { "en", "cy", "ar" };
static const int sizes[] = { 100, 150, 200 };
static const int widths[] = { 1280, 800 };

static int save(struct gallery *g, int sheet, int width, const char *path)
{
    struct render *render = NULL;
    const int h = gallery_draw(g, sheet, width);
    int rc = 1;

    if (render_new(width, h, &render) == ERR_OK) {
        render_paint(render, g->ui.engine, &g->ui.list,
                     rect_make(0, 0, width, h));
        rc = render_save(render, path) != ERR_OK;
    }
    render_free(render);
    return rc;
}

/* All sheets in one look. */
static int save_look(struct gallery *g, const char *dir, const char *lang,
                     int width)
{
    char path[1024];
    int rc = 0;

    for (int i = 0; i < gallery_sheet_count && rc == 0; i++) {
        snprintf(path, sizeof(path), "%s/%s-%s-%s-%d-%d.png", dir,
                 gallery_sheets[i].name, themes[g->ui.theme], lang,
                 g->ui.percent, width);
        rc = save(g, i, width, path);
    }
    return rc;
}

static int save_language(struct gallery *g, const char *dir, const char *lang)
{
    int rc = 0;

    if (tr_use(PO_DIR, lang) != ERR_OK) {
        fprintf(stderr, "beatbook-gallery: no texts in %s\n", lang);
        return 1;
    }
    snprintf(g->ui.list.lang, sizeof(g->ui.list.lang), "%s", lang);
    g->ui.list.is_flipped = tr_is_rtl();
    for (int theme = 0; theme < THEME__COUNT; theme++) {
        for (size_t size = 0; size < ARRAY_LEN(sizes); size++) {
            for (size_t w = 0; w < ARRAY_LEN(widths); w++) {
                g->ui.theme = (enum theme_id)theme;
                g->ui.percent = sizes[size];
                rc |= save_look(g, dir, lang, widths[w]);
            }
        }
    }
    return rc;
}

int main(int argc, char **argv)
{
    static struct gallery g;
    int rc = 0;

    if (argc != 2) {
        fprintf(stderr, "usage: beatbook-gallery FOLDER\n");
        return 2;
    }
    if (gallery_init(&g) != ERR_OK) {
        return 1;
    }
    for (size_t i = 0; i < ARRAY_LEN(langs); i++) {
        rc |= save_language(&g, argv[1], langs[i]);
    }
    if (rc != 0) {
        fprintf(stderr, "beatbook-gallery: cannot write to %s\n", argv[1]);
    }
    gallery_fini(&g);
    tr_close();
    return rc;
}
