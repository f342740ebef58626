/* sheets_sign.c - the sheet to sign on: empty, drawn, typed, the reason why
 * not; and signatures as they are shown (gallery.h). */
#include <stdio.h>
#include <string.h>

#include "tests/ui/gallery/gallery.h"
#include "ui/controls.h"
#include "ui/kit/draw.h"
#include "ui/kit/tr.h"
#include "ui/sign.h"

static const int16_t stroke[] = {
    40, 90,        60, 60,  70, 100, 90,  70,  110, 100, 140,
    80, DRAW_LIFT, 0,  150, 40, 140, 110, 190, 84,  240, 96,
};

static void add_sheet(struct gallery *g, const struct sign *s, bool is_drawn)
{
    struct ui_ink *ink = &g->ui.ink;

    memset(ink, 0, sizeof(*ink));
    if (is_drawn) {
        ink->id = CTL_SIGN_PAD;
        ink->count = (int)(ARRAY_LEN(stroke) / 2);
        memcpy(ink->points, stroke, sizeof(stroke));
    }
    sign_draw(&g->ui, s, tr("Signed by who said it"),
              tr("These are my words, as I said them."),
              tr("Keep the signature"));
    memset(ink, 0, sizeof(*ink));
}

void gallery_sign_empty(struct gallery *g)
{
    add_sheet(g, &(struct sign){ .is_open = true }, false);
}

void gallery_sign_drawn(struct gallery *g)
{
    add_sheet(g,
              &(struct sign){
                  .is_open = true, .asks_name = true, .name = "Dai Morgan" },
              true);
}

void gallery_sign_typed(struct gallery *g)
{
    add_sheet(g,
              &(struct sign){ .is_open = true,
                              .types = true,
                              .is_mine = true,
                              .name = "Amina Yusuf" },
              false);
}

void gallery_sign_not(struct gallery *g)
{
    add_sheet(g, &(struct sign){ .is_open = true, .asks_name = true, .why = 1 },
              false);
}

static void add_shown(struct gallery *g, const char *caption,
                      const struct view_signature *s, bool is_counter)
{
    const int w = gallery_width(g, 360);
    struct rect r = gallery_place(g, caption, w, 0);
    const int h = sign_show(&g->ui, r, s, is_counter, FAKE_NOW_MS);

    if (r.y - g->y + h > g->line) {
        g->line = r.y - g->y + h;
    }
}

void gallery_signed(struct gallery *g)
{
    struct view_signature s = { .by = "Dai Morgan",
                                .at_ms = FAKE_NOW_MS - 240000,
                                .ink = { .width = 400, .height = 150 } };

    s.ink.count = (int16_t)(ARRAY_LEN(stroke) / 2);
    memcpy(s.ink.points, stroke, sizeof(stroke));
    add_shown(g, "By hand", &s, false);
    add_shown(g, "Countersigned", &s, true);
    gallery_break(g);
    s.ink.count = 0;
    snprintf(s.name, sizeof(s.name), "Dai Morgan");
    add_shown(g, "Typed", &s, false);
    s.name[0] = '\0';
    snprintf(s.why, sizeof(s.why), "would-not");
    add_shown(g, "Would not", &s, false);
    gallery_break(g);
    s.by[0] = '\0';
    snprintf(s.why, sizeof(s.why), "cannot");
    add_shown(g, "Cannot, no name", &s, false);
}
