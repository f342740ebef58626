#include "tests/ui/gallery/gallery.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/kit/paint.h"

#define ROW_GAP   20
#define SIDE_GAP  24
#define SHEET_H   8000 /* higher than any sheet; cut to what was drawn */
#define PHOTO_W   96
#define PHOTO_H   72
#define NAME_SIZE 12

const struct gallery_sheet gallery_sheets[] = {
    { "01-button", "Button", gallery_buttons, 0 },
    { "02-tile", "Big tile and choice", gallery_tiles, 0 },
    { "03-chip", "Chip, segments, stepper, switch", gallery_chips, 0 },
    { "04-field", "Text field", gallery_fields, 0 },
    { "05-photo", "Photo strip, signature pad", gallery_photos, 0 },
    { "06-card", "Person and vehicle card", gallery_cards, 0 },
    { "07-banner", "Banner, progress", gallery_banners, 0 },
    { "08-badge", "Badges and sync marks", gallery_badges, 0 },
    { "09-row", "List row, timeline, tabs", gallery_rows, 0 },
    { "10-steps", "Steps, minutes, pairs", gallery_steps, 0 },
    { "11-error", "Error, empty", gallery_errors, 0 },
    { "12-sos", "SOS, language", gallery_sos, 0 },
    { "13-page", "Notebook page", gallery_page, 0 },
    { "14-dialog", "Dialog", gallery_dialog, 800 },
    { "15-keyboard", "Keyboards", gallery_keyboards, 0 },
    { "16-toast", "Toast", gallery_toasts, 0 },
    { "17-sign", "Sign", gallery_sign_empty, 800 },
    { "18-sign-drawn", "Sign by hand", gallery_sign_drawn, 800 },
    { "19-sign-typed", "Sign by name", gallery_sign_typed, 800 },
    { "20-sign-not", "Not signed", gallery_sign_not, 800 },
    { "21-signed", "Signatures", gallery_signed, 0 },
};
const int gallery_sheet_count = (int)ARRAY_LEN(gallery_sheets);

/* Names "s1", "s2" and so on: a sample is a control like any other. */
static char names[GALLERY_NAMES][NAME_SIZE];
static const char *name_list[GALLERY_NAMES];

/* A street in four colours: what is on it does not matter. */
static enum err make_photo(struct image **out)
{
    uint32_t *pixels = calloc((size_t)PHOTO_W * PHOTO_H, sizeof(*pixels));
    enum err err;

    if (pixels == NULL) {
        return ERR_NOMEM;
    }
    for (int i = 0; i < PHOTO_W * PHOTO_H; i++) {
        const int x = i % PHOTO_W;
        const int y = i / PHOTO_W;

        pixels[i] = y < 40 ? 0xFFA9C3D6u : 0xFF7C858Du;
        if (y > 22 && y < 40 && x % 40 > 8) {
            pixels[i] = 0xFFB98A62u;
        }
    }
    err =
        image_new((const uint8_t *)pixels, PHOTO_W, PHOTO_H, PHOTO_W * 4, out);
    free(pixels);
    return err;
}

enum err gallery_init(struct gallery *g)
{
    enum err err;

    memset(g, 0, sizeof(*g));
    for (int i = 0; i < GALLERY_NAMES; i++) {
        snprintf(names[i], NAME_SIZE, "s%d", i);
        name_list[i] = names[i];
    }
    err = make_photo(&g->photo);
    if (err)
        return err;
    return ui_init(&g->ui, name_list);
}

void gallery_fini(struct gallery *g)
{
    image_free(g->photo);
    ui_fini(&g->ui);
}

uint16_t gallery_id(struct gallery *g)
{
    ASSERT(g->next_id < GALLERY_NAMES);
    return g->next_id++;
}

void gallery_break(struct gallery *g)
{
    if (g->x > g->area.x) {
        g->x = g->area.x;
        g->y += g->line + ROW_GAP;
        g->line = 0;
    }
}

void gallery_press(struct gallery *g, uint16_t id)
{
    g->ui.is_pressing = id != 0;
    g->ui.pressed.id = id;
    g->ui.pressed.index = 0;
}

int gallery_width(const struct gallery *g, int at_100)
{
    const int w = at_100 * g->ui.percent / 100;

    return w < g->area.w ? w : g->area.w;
}

struct rect gallery_place(struct gallery *g, const char *caption, int w, int h)
{
    struct ui *ui = &g->ui;
    int text = ui_text_width(ui, TYPE_CAPTION, caption);
    int head;
    int wide;

    text = text > g->area.w ? g->area.w : text;
    wide = text > w ? text : w;
    if (g->x > g->area.x && g->x + wide > g->area.x + g->area.w) {
        gallery_break(g);
    }
    head = ui_text(ui, rect_make(g->x, g->y, text, 0), TYPE_CAPTION,
                   COLOR_TEXT_2, 0, caption) +
           8;
    if (head + h > g->line) {
        g->line = head + h;
    }
    g->x += wide + SIDE_GAP;
    return rect_make(g->x - wide - SIDE_GAP, g->y + head, w, h);
}

static void draw_head(struct gallery *g, int sheet)
{
    struct ui *ui = &g->ui;
    const int h = ui_text(
        ui, rect_make(g->area.x, 28, g->area.w, 0), TYPE_TITLE_S, COLOR_TEXT, 0,
        ui_fmt(ui, "%d   %s", sheet + 1, gallery_sheets[sheet].title));

    (void)ui_box(ui, rect_make(g->area.x, 28 + h + 6, g->area.w, 2), COLOR_TEXT,
                 COLOR_NONE, 0, 0);
    g->y = 28 + h + 6 + 2 + 18;
}

int gallery_draw(struct gallery *g, int sheet, int width)
{
    const int fixed = gallery_sheets[sheet].height;
    int h;

    ui_forget(&g->ui);
    g->ui.shows_focus = true;
    ui_begin(&g->ui, width, fixed > 0 ? fixed : SHEET_H);
    g->area = rect_make(GALLERY_MARGIN, 0, width - 2 * GALLERY_MARGIN, 0);
    g->x = g->area.x;
    g->line = 0;
    g->next_id = CTL__COUNT; /* SOS keeps its own */
    draw_head(g, sheet);
    gallery_sheets[sheet].draw(g);
    gallery_press(g, 0);
    gallery_break(g);
    ui_end(&g->ui);
    h = fixed > 0 ? fixed : g->y + 28;
    g->ui.list.height = h;
    g->ui.height = h;
    draw_set_height(&g->ui.list, 0, h);
    return h;
}
