/* sheets_more.c - fields, photos, ink, SOS, languages (gallery.h). */
#include <string.h>

#include "tests/ui/gallery/gallery.h"
#include "ui/controls.h"
#include "ui/frame.h"
#include "ui/kit/chip.h"
#include "ui/kit/field.h"
#include "ui/kit/ink.h"
#include "ui/kit/strip.h"
#include "ui/kit/tr.h"

static void grow_line(struct gallery *g, int bottom)
{
    g->line = bottom - g->y > g->line ? bottom - g->y : g->line;
}

/* --- 4: fields --- */

static void add_field(struct gallery *g, const char *caption, struct field f,
                      int width)
{
    const struct rect r = gallery_place(g, caption, gallery_width(g, width), 0);

    f.id = gallery_id(g);
    f.label = tr("Name of the place");
    grow_line(g, r.y + field_draw(&g->ui, r, &f));
}

void gallery_fields(struct gallery *g)
{
    add_field(g, "Empty, hint",
              (struct field){
                  .text = "", .hint = tr("Street, shop, stand"), .lines = 1 },
              300);
    g->ui.field.id = g->next_id;
    g->ui.caret = 7;
    add_field(g, "Being typed in",
              (struct field){ .text = "Corn St", .lines = 1 }, 300);
    g->ui.field.id = 0;
    add_field(g, "Filled", (struct field){ .text = "Corn Street", .lines = 1 },
              300);
    add_field(
        g, "Read only",
        (struct field){ .text = tr("Not known"), .lines = 1, .is_fixed = true },
        300);
    add_field(g, "Sealed",
              (struct field){ .text = tr("Sealed"),
                              .lines = 1,
                              .is_fixed = true,
                              .is_sealed = true },
              300);
    gallery_break(g);
    add_field(g, "Error: what is wrong, what to do",
              (struct field){ .text = "14 / 13 / 1998",
                              .error = tr("Choose what is happening"),
                              .lines = 1 },
              420);
    add_field(g, "Several lines",
              (struct field){ .text = "Spoke to a stallholder about waste "
                                      "cardboard. She will store it.",
                              .lines = 3 },
              420);
}

/* --- 5: photos and ink --- */

static void sign(struct ui_ink *ink, uint16_t id)
{
    static const int16_t points[] = {
        40, 90,        60, 60,  70, 100, 90,  70,  110, 100, 140,
        80, DRAW_LIFT, 0,  150, 40, 140, 110, 190, 84,  240, 96,
    };

    ink->id = id;
    ink->count = (int)(ARRAY_LEN(points) / 2);
    memcpy(ink->points, points, sizeof(points));
}

static void add_strip(struct gallery *g, const char *caption, int count,
                      int width)
{
    struct thumb thumbs[6];
    const struct strip s = { .thumbs = thumbs,
                             .count = count,
                             .side = 144,
                             .take = { .kind = BUTTON_SECONDARY,
                                       .id = gallery_id(g),
                                       .icon = ICON_CAMERA,
                                       .label = tr("Take photo"),
                                       .is_upright = true } };

    for (int i = 0; i < count; i++) {
        thumbs[i] = (struct thumb){ .id = gallery_id(g),
                                    .image = i == 2 ? NULL : g->photo,
                                    .is_broken = i == 2,
                                    .number = i + 1,
                                    .has_mark = i == 1,
                                    .mark = MARK_HELD,
                                    .label = "Photo" };
    }
    (void)strip_draw(&g->ui,
                     gallery_place(g, caption,
                                   width < g->area.w ? width : g->area.w,
                                   s.side),
                     &s);
}

void gallery_photos(struct gallery *g)
{
    struct ui *ui = &g->ui;
    struct rect r;
    uint16_t id;

    add_strip(g, "Photo strip", 2, 456);
    add_strip(g, "More than fit", 6, 612);
    gallery_break(g);
    id = gallery_id(g);
    ink_clear(ui);
    r = gallery_place(g, "Signature pad", 360, 168);
    ink_pad_draw(ui, r, id, tr("Enter your PIN"));
    id = gallery_id(g);
    sign(&ui->ink, id);
    r = gallery_place(g, "Signed", 360, 168);
    ink_pad_draw(ui, r, id, tr("Enter your PIN"));
}

/* --- 12: SOS and languages --- */

static void add_sos(struct gallery *g, const char *caption, enum view_sos sos)
{
    const struct view_status st = { .sos = sos };
    struct ui *ui = &g->ui;
    const int h = ui->height;
    struct rect r;

    ui->height = ui->width - 1; /* as beside the rail */
    r = gallery_place(g, caption, sos_width(ui), sos_height(ui));
    sos_draw(ui, r, &st);
    ui->height = h;
}

void gallery_sos(struct gallery *g)
{
    static const char *const names[] = { "English", "Cymraeg", "العربية" };
    static const char *const keys[] = { "en", "cy", "ar" };
    const struct chips c = {
        .id = gallery_id(g), .labels = names, .keys = keys, .count = 3, .on = 1
    };
    struct ui *ui = &g->ui;
    const int w = gallery_width(g, 480);

    add_sos(g, "Rest", SOS_NONE);
    gallery_press(g, CTL_SOS);
    g->ui.held_permille = 600;
    add_sos(g, "Holding", SOS_NONE);
    gallery_press(g, 0);
    g->ui.held_permille = 0;
    add_sos(g, "Trying", SOS_TRYING);
    add_sos(g, "Sent", SOS_SENT);
    add_sos(g, "Answered", SOS_ANSWERED);
    /* one name, four times: only the first is a control of this sheet */
    while (ui->target_count > 1) {
        ui->target_count--;
    }
    gallery_break(g);
    (void)chips_draw(
        ui, gallery_place(g, "Language", w, chips_height(ui, &c, w)), &c);
}
