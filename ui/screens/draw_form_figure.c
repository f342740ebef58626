/*
 * draw_form_figure.c - a plain figure with eight labels around it; each opens
 * what it names. A colour named in a label fills that part; skin is never
 * drawn (design, components 2.13).
 */
#include <ctype.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/kit/paint.h"
#include "ui/kit/tr.h"
#include "ui/screens/form.h"

#define PAD     14
#define FIGURE  128 /* its room between the labels */
#define TALL    330 /* the figure itself */
#define LABEL_H S_TOUCH_MIN

static const struct {
    const char *key, *label;
    int part_y; /* where its line meets the figure */
} parts[] = {
    { "head", N_("Head"), 20 },    { "hair", N_("Face and hair"), 36 },
    { "bag", N_("Bag"), 90 },      { "upper_body", N_("Upper body"), 110 },
    { "hands", N_("Hands"), 176 }, { "marks", N_("Marks"), 140 },
    { "legs", N_("Legs"), 236 },   { "feet", N_("Feet"), 316 },
};

static const struct {
    const char *word;
    uint32_t rgb;
} colours[] = {
    { "black", 0x22262A },  { "grey", 0x7B848D },   { "gray", 0x7B848D },
    { "white", 0xFFFFFF },  { "navy", 0x1F2C55 },   { "blue", 0x27407A },
    { "green", 0x3E7A4A },  { "red", 0xA1292C },    { "brown", 0x6B4A2E },
    { "yellow", 0xE3C53A }, { "orange", 0xD9822B }, { "pink", 0xD98CA6 },
    { "purple", 0x6A4C93 }, { "beige", 0xCDBFA3 },
};

static int field_at(const struct view_form *v, const char *key)
{
    const struct view_field *f = form_field_of_page(v, key);

    return f != NULL ? (int)(f - v->fields) : -1;
}

bool form_figure_has(const struct view_form *v, int field)
{
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        if (strcmp(form_word(v, v->fields[field].key), parts[i].key) == 0) {
            return true;
        }
    }
    return false;
}

static const char *said_of(const struct view_form *v, const char *key)
{
    const int i = field_at(v, key);

    return i < 0 ? "" : form_word(v, v->fields[i].value);
}

static bool has_word(const char *text, const char *word)
{
    const size_t len = strlen(word);

    for (const char *at = text; *at != '\0'; at++) {
        const bool begins = at == text || !isalpha((unsigned char)at[-1]);
        size_t i = 0;

        while (i < len && tolower((unsigned char)at[i]) == word[i]) {
            i++;
        }
        if (begins && i == len && !isalpha((unsigned char)at[len])) {
            return true;
        }
    }
    return false;
}

/* The colour that the words name; the surface where they name none. */
static uint32_t fill_of(const struct ui *ui, const struct view_form *v,
                        const char *key)
{
    const char *text = said_of(v, key);

    for (size_t i = 0; i < ARRAY_LEN(colours); i++) {
        if (has_word(text, colours[i].word)) {
            return DRAW_RGB(colours[i].rgb);
        }
    }
    return DRAW_RGB(ui_rgb(ui, COLOR_SUNKEN));
}

static void part(struct ui *ui, struct rect r, uint32_t fill, int radius)
{
    (void)draw_box(&ui->list, r, fill, DRAW_RGB(ui_rgb(ui, COLOR_LINE_STRONG)),
                   S_BORDER_STRONG, radius);
}

static void draw_figure(struct ui *ui, int x, int y, const struct view_form *v)
{
    const uint32_t bare = DRAW_RGB(ui_rgb(ui, COLOR_SURFACE));
    const uint32_t top = fill_of(ui, v, "upper_body");
    const uint32_t legs = fill_of(ui, v, "legs");
    const uint32_t feet = fill_of(ui, v, "feet");

    if (said_of(v, "bag")[0] != '\0') {
        part(ui, rect_make(x - 48, y + 66, 24, 96), fill_of(ui, v, "bag"), 10);
    }
    part(ui, rect_make(x - 25, y, 50, 54), bare, 25);
    if (said_of(v, "head")[0] != '\0') {
        part(ui, rect_make(x - 26, y - 2, 52, 22), fill_of(ui, v, "head"), 11);
    }
    part(ui, rect_make(x - 34, y + 168, 33, 130), legs, 8);
    part(ui, rect_make(x + 1, y + 168, 33, 130), legs, 8);
    part(ui, rect_make(x - 58, y + 66, 24, 104), top, 12);
    part(ui, rect_make(x + 34, y + 66, 24, 104), top, 12);
    part(ui, rect_make(x - 56, y + 168, 20, 20), bare, 10);
    part(ui, rect_make(x + 36, y + 168, 20, 20), bare, 10);
    part(ui, rect_make(x - 40, y + 58, 80, 120), top, 16);
    part(ui, rect_make(x - 44, y + 296, 43, 20), feet, 9);
    part(ui, rect_make(x + 1, y + 296, 43, 20), feet, 9);
}

static int label_height(struct ui *ui, const struct view_form *v, size_t i,
                        int width)
{
    const char *said = said_of(v, parts[i].key);
    const int h =
        ui_text_height(ui, TYPE_CAPTION, tr(parts[i].label), width - 20) +
        ui_text_height(ui, TYPE_SMALL_B, said[0] != '\0' ? said : "–",
                       width - 20) +
        12;

    return h < LABEL_H ? LABEL_H : h;
}

static void draw_label(struct ui *ui, struct rect r, const struct view_form *v,
                       size_t i)
{
    const int field = field_at(v, parts[i].key);
    const char *said = said_of(v, parts[i].key);
    const bool is_on = said[0] != '\0';
    const enum color ink = is_on ? COLOR_ON_PRIMARY_SOFT : COLOR_TEXT;
    int y = r.y + 6;

    if (field < 0) {
        return;
    }
    (void)ui_box(ui, r,
                 ui_is_pressed(ui, CTL_FORM_OPEN, (uint16_t)field)
                     ? COLOR_SUNKEN
                 : is_on ? COLOR_PRIMARY_SOFT
                         : COLOR_SURFACE,
                 is_on ? COLOR_PRIMARY_TEXT : COLOR_LINE_STRONG,
                 is_on ? S_BORDER_STRONG : S_BORDER, R_FIELD);
    y += ui_text(ui, rect_make(r.x + 10, y, r.w - 20, 0), TYPE_CAPTION, ink, 0,
                 tr(parts[i].label));
    (void)ui_text(ui, rect_make(r.x + 10, y, r.w - 20, 0), TYPE_SMALL_B, ink, 0,
                  is_on ? ui_iso(ui, said) : "–");
    ui_target(ui, r, CTL_FORM_OPEN, (uint16_t)field, parts[i].key, R_FIELD, 0,
              tr(form_word(v, v->fields[field].label)));
}

/* From the label to the figure, with a dot where it means. */
static void draw_leader(struct ui *ui, struct rect label, int x, int y)
{
    const bool at_start = label.x < x;
    const int from = at_start ? label.x + label.w : x;
    const int to = at_start ? x : label.x;
    const int mid = label.y + label.h / 2;
    const int turn = at_start ? from + 6 : to - 6;
    const int top = mid < y ? mid : y;

    (void)ui_box(ui, rect_make(at_start ? from : turn, mid, 6, 1),
                 COLOR_LINE_STRONG, COLOR_NONE, 0, 0);
    (void)ui_box(ui, rect_make(turn, top, 1, (mid < y ? y - mid : mid - y) + 1),
                 COLOR_LINE_STRONG, COLOR_NONE, 0, 0);
    (void)ui_box(ui,
                 rect_make(at_start ? turn : from, y,
                           at_start ? to - turn : turn - from, 1),
                 COLOR_LINE_STRONG, COLOR_NONE, 0, 0);
    (void)ui_box(ui, rect_make(x - 4, y - 4, 9, 9), COLOR_SURFACE, COLOR_TEXT,
                 S_BORDER_STRONG, 4);
}

int form_figure_draw(struct ui *ui, struct rect r, const struct views *v)
{
    const struct view_form *f = &v->form;
    const int card = ui_card(ui, r);
    const int room = (r.w - 2 * PAD - FIGURE - 24) / 2;
    const int middle = r.x + r.w / 2;
    int high = 0;
    int step;
    int y;

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        const int h = label_height(ui, f, i, room);

        high = h > high ? h : high;
    }
    step = (TALL + 8 - high) / 3;
    step = step < high + 12 ? high + 12 : step;
    y = r.y + PAD;
    draw_figure(ui, middle, y + (3 * step + high - TALL) / 2 + 6, f);
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        const bool at_end = i % 2 == 1;
        const struct rect box =
            rect_make(at_end ? r.x + r.w - PAD - room : r.x + PAD,
                      y + (int)(i / 2) * step, room, high);
        const int off = i < 2 ? 14 : i < 6 ? 46 : 18;

        draw_leader(ui, box, at_end ? middle + off : middle - off,
                    y + (3 * step + high - TALL) / 2 + 6 + parts[i].part_y);
        draw_label(ui, box, f, i);
    }
    y += 3 * step + high + PAD;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}
