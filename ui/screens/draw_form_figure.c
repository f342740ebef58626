/*
 * draw_form_figure.c - a plain figure with eight labels around it; each opens
 * what it names. A colour named in a label fills that part; skin is never
 * drawn (design, components 2.13).
 */
#include <string.h>

#include "ui/controls.h"
#include "ui/kit/paint.h"
#include "ui/kit/tr.h"
#include "ui/screens/form.h"

#define PAD      12
#define TOP      20  /* above the first label */
#define FIGURE   160 /* its room between the labels */
#define TALL     332 /* the labels beside it, at least */
#define SMALLEST 112 /* dp: a label that holds its words */
#define LABEL_H  S_TOUCH_MIN
#define LINE_W   2
#define POINTS   64
#define BREAK    DRAW_BREAK
#define PALE     0x8CFFFFFFu /* a seam, on any cloth */
#define STRAP    0xFF22262Bu
#define STRAP_W  6

/* From the middle of the figure, in dp; y from the top of its card. */
struct spot {
    int32_t x;
    int32_t y;
};

/* clang-format off */
static const struct spot bag[] = {
    { -47, 112 }, { 34, 112 }, { 38, 112 }, { 41, 114 }, { 43, 118 },
    { 44, 123 }, { 44, 196 }, { 43, 199 }, { 42, 202 }, { 39, 203 },
    { 35, 204 }, { -49, 204 }, { -52, 203 }, { -55, 202 }, { -57, 199 },
    { -57, 196 }, { -57, 123 }, { -56, 118 }, { -55, 114 }, { -51, 112 },
    { -47, 112 }, { -47, 112 },
};

static const struct spot legs[] = {
    { -22, 214 }, { -29, 340 }, { -7, 340 }, { -2, 241 }, { -12, 241 },
    { 2, 241 }, { 7, 340 }, { 29, 340 }, { 22, 214 }, { -22, 214 },
};

static const struct spot feet[] = {
    { -30, 340 }, { -5, 340 }, { -5, 352 }, { -5, 353 }, { -6, 354 },
    { -7, 355 }, { -8, 355 }, { -37, 355 }, { -38, 355 }, { -39, 354 },
    { -40, 353 }, { -40, 352 }, { -40, 348 }, { -38, 345 }, { -35, 343 },
    { -30, 340 }, { -30, 340 }, { BREAK, 0 }, { 5, 340 }, { 30, 340 },
    { 35, 343 }, { 38, 345 }, { 40, 348 }, { 40, 352 }, { 40, 353 },
    { 39, 354 }, { 38, 355 }, { 37, 355 }, { 8, 355 }, { 7, 355 }, { 6, 354 },
    { 5, 353 }, { 5, 352 }, { 5, 340 },
};

static const struct spot top[] = {
    { -25, 98 }, { -13, 101 }, { 0, 102 }, { 13, 101 }, { 25, 98 },
    { 35, 102 }, { 42, 107 }, { 48, 114 }, { 50, 123 }, { 62, 204 },
    { 62, 208 }, { 61, 210 }, { 59, 212 }, { 55, 213 }, { 52, 213 },
    { 49, 212 }, { 47, 210 }, { 46, 206 }, { 35, 153 }, { 35, 218 },
    { 35, 220 }, { 34, 222 }, { 32, 223 }, { 30, 223 }, { -30, 223 },
    { -32, 223 }, { -34, 222 }, { -35, 220 }, { -35, 218 }, { -35, 153 },
    { -46, 206 }, { -47, 210 }, { -49, 212 }, { -52, 213 }, { -55, 213 },
    { -59, 212 }, { -61, 210 }, { -62, 208 }, { -62, 204 }, { -50, 123 },
    { -47, 114 }, { -42, 107 }, { -33, 102 }, { -22, 98 }, { -25, 98 },
};

static const struct spot seam[] = {
    { 0, 101 }, { 0, 219 }, { BREAK, 0 }, { -25, 98 }, { -12, 120 },
    { 0, 106 }, { 12, 120 }, { 25, 98 },
};

static const struct spot straps[] = {
    { -34, 112 }, { -34, 154 }, { BREAK, 0 }, { 34, 112 }, { 34, 154 },
};

static const struct spot hands[] = {
    { -66, 209 }, { -66, 214 }, { -66, 219 }, { -65, 222 }, { -62, 224 },
    { -59, 225 }, { -57, 225 }, { -55, 223 }, { -54, 221 }, { -53, 209 },
    { -66, 209 }, { BREAK, 0 }, { 66, 209 }, { 66, 214 }, { 66, 219 },
    { 65, 222 }, { 62, 224 }, { 59, 225 }, { 57, 225 }, { 55, 223 },
    { 54, 221 }, { 53, 209 }, { 66, 209 },
};

static const struct spot neck[] = {
    { -10, 81 }, { 10, 81 }, { 10, 96 }, { 5, 100 }, { 0, 101 }, { -5, 100 },
    { -10, 96 }, { -10, 81 },
};

static const struct spot cap[] = {
    { -24, 56 }, { -24, 43 }, { -20, 34 }, { -12, 28 }, { 0, 26 }, { 12, 28 },
    { 20, 34 }, { 24, 43 }, { 24, 56 }, { 12, 53 }, { 0, 52 }, { -12, 53 },
    { -24, 56 }, { -24, 56 }, { BREAK, 0 }, { -24, 56 }, { -31, 57 },
    { -37, 59 }, { -41, 60 }, { -45, 63 }, { -34, 64 }, { -22, 63 },
    { -11, 61 }, { 1, 58 }, { -24, 56 },
};
/* clang-format on */

/* Where the line of each label ends, by enum wear_part. */
static const struct spot dots[WEAR__COUNT] = {
    [WEAR_HEAD] = { -20, 38 },   [WEAR_HAIR] = { 20, 70 },
    [WEAR_BAG] = { -37, 122 },   [WEAR_UPPER] = { 40, 147 },
    [WEAR_HANDS] = { -64, 216 }, [WEAR_MARKS] = { 34, 197 },
    [WEAR_LEGS] = { -20, 281 },  [WEAR_FEET] = { 35, 347 },
};

static const struct view_field *field_of(const struct view_form *v,
                                         enum wear_part part)
{
    return form_field_of_page(v, wear_parts[part].key);
}

bool form_figure_has(const struct view_form *v, int field)
{
    for (int i = 0; i < WEAR__COUNT; i++) {
        if (field_of(v, (enum wear_part)i) == &v->fields[field]) {
            return true;
        }
    }
    return false;
}

const char *form_figure_said(const struct view_form *v, enum wear_part part)
{
    const struct view_field *f = field_of(v, part);

    return f != NULL ? form_word(v, f->value) : "";
}

/* --- the figure --- */

struct figure {
    struct ui *ui;
    const struct view_form *v;
    int x, y; /* its middle and top, before mirroring */
};

static struct draw_point place(const struct figure *g, struct spot s)
{
    const struct rect at =
        draw_flip(&g->ui->list, rect_make(g->x + s.x, g->y + s.y, 0, 0));

    return (struct draw_point){ at.x, at.y };
}

static void shape(const struct figure *g, const struct spot *spots, size_t n,
                  uint32_t fill, uint32_t edge, int edge_w)
{
    struct draw_point p[POINTS];

    for (size_t i = 0; i < n && i < POINTS; i++) {
        p[i] = spots[i].x == BREAK ? (struct draw_point){ BREAK, 0 }
                                   : place(g, spots[i]);
    }
    (void)draw_path(&g->ui->list, p, (uint32_t)n, fill, edge, edge_w);
}

/* The colour that the words name; of clothes without one a pale grey. */
static uint32_t fill_of(const struct figure *g, enum wear_part part)
{
    uint32_t rgb;

    return DRAW_RGB(wear_rgb(form_figure_said(g->v, part), &rgb)
                        ? rgb
                        : ui_rgb(g->ui, COLOR_SUNKEN));
}

#define SHAPE(g, of, fill, edge) shape(g, of, ARRAY_LEN(of), fill, edge, LINE_W)

static bool is_said(const struct figure *g, enum wear_part part)
{
    return form_figure_said(g->v, part)[0] != '\0';
}

static void draw_head(const struct figure *g, uint32_t bare, uint32_t ink)
{
    const int word = wear_word_in(WEAR_HEAD, form_figure_said(g->v, WEAR_HEAD));

    SHAPE(g, neck, bare, ink);
    (void)draw_box(&g->ui->list, rect_make(g->x - 23, g->y + 32, 46, 55), bare,
                   ink, LINE_W, 23);
    if (is_said(g, WEAR_HEAD) && word != WEAR_WORDS - 1) { /* "Bare" */
        SHAPE(g, cap, fill_of(g, WEAR_HEAD), ink);
    }
}

static void draw_figure(struct ui *ui, int x, int y, const struct view_form *v)
{
    const struct figure g = { ui, v, x, y };
    const uint32_t bare = DRAW_RGB(ui_rgb(ui, COLOR_SURFACE));
    const uint32_t ink = DRAW_RGB(ui_rgb(ui, COLOR_TEXT));
    const bool has_bag =
        is_said(&g, WEAR_BAG) &&
        wear_word_in(WEAR_BAG, form_figure_said(v, WEAR_BAG)) != 4; /* "No" */

    if (has_bag) {
        SHAPE(&g, bag, fill_of(&g, WEAR_BAG), ink);
    }
    SHAPE(&g, legs, fill_of(&g, WEAR_LEGS), ink);
    SHAPE(&g, feet, fill_of(&g, WEAR_FEET), ink);
    SHAPE(&g, top, fill_of(&g, WEAR_UPPER), ink);
    SHAPE(&g, seam, 0, PALE);
    if (has_bag) {
        shape(&g, straps, ARRAY_LEN(straps), 0, STRAP, STRAP_W);
    }
    SHAPE(&g, hands, bare, ink);
    draw_head(&g, bare, ink);
}

/* --- labels --- */

static int label_height(struct ui *ui, const struct view_form *v,
                        enum wear_part part, int width)
{
    const char *said = wear_say(ui, form_figure_said(v, part));
    const int h = ui_text_height(ui, TYPE_CAPTION, tr(wear_parts[part].label),
                                 width - 22) +
                  ui_text_height(ui, TYPE_SMALL_B, said[0] != '\0' ? said : "–",
                                 width - 22) +
                  12;

    return h < LABEL_H ? LABEL_H : h;
}

static void draw_label(struct ui *ui, struct rect r, const struct view_form *v,
                       enum wear_part part, bool is_on)
{
    const char *label = tr(wear_parts[part].label);
    const char *said = wear_say(ui, form_figure_said(v, part));
    const enum color ink = is_on ? COLOR_ON_PRIMARY_SOFT : COLOR_TEXT;
    int y = r.y + 6;

    (void)ui_box(ui, r,
                 ui_is_pressed(ui, CTL_FORM_PART, (uint16_t)part) ? COLOR_SUNKEN
                 : is_on ? COLOR_PRIMARY_SOFT
                         : COLOR_SURFACE,
                 is_on ? COLOR_PRIMARY_TEXT : COLOR_LINE_STRONG,
                 is_on ? S_BORDER_STRONG : S_BORDER, R_FIELD);
    y += ui_text(ui, rect_make(r.x + 11, y, r.w - 22, 0), TYPE_CAPTION, ink, 0,
                 label);
    (void)ui_text(ui, rect_make(r.x + 11, y, r.w - 22, 0), TYPE_SMALL_B, ink, 0,
                  said[0] != '\0' ? said : "–");
    ui_target(ui, r, CTL_FORM_PART, (uint16_t)part, wear_parts[part].key,
              R_FIELD, is_on ? UI_SELECTED : 0, label);
}

/* From the label to the figure, with a dot where it means. */
static void draw_leader(const struct figure *g, struct rect label,
                        enum wear_part part)
{
    const struct spot end = dots[part];
    const int sign = end.x < 0 ? -1 : 1;
    const int edge = (sign < 0 ? label.x + label.w : label.x) - g->x;
    const int mid = label.y + label.h / 2 - g->y;
    const struct spot line[] = { { edge, mid },
                                 { end.x + sign * 10, mid },
                                 end };

    shape(g, line, ARRAY_LEN(line), 0,
          DRAW_RGB(ui_rgb(g->ui, COLOR_LINE_STRONG)), 1);
    (void)ui_box(g->ui, rect_make(g->x + end.x - 5, g->y + end.y - 5, 10, 10),
                 COLOR_TEXT, COLOR_SURFACE, 1, 5);
}

/* Labels in two columns, `room` wide each, the figure between them. */
int form_figure_draw(struct ui *ui, struct rect r, const struct view_form *v,
                     enum wear_part chosen)
{
    const bool has_figure = ui->percent < 150;
    const int between = has_figure ? FIGURE : PAD;
    const int room = (r.w - 2 * PAD - between) / 2;
    struct figure g = { ui, v, r.x + r.w / 2, r.y };
    int high = 0;
    int step;

    if (room < SMALLEST) {
        return 0;
    }
    for (int i = 0; i < WEAR__COUNT; i++) {
        const int h = label_height(ui, v, (enum wear_part)i, room);

        high = h > high ? h : high;
    }
    step = has_figure ? (TALL - LABEL_H) / 3 : 0;
    step = step < high + 8 ? high + 8 : step;
    high = has_figure ? high : step - 8;
    g.y += has_figure ? (3 * step + LABEL_H - TALL) / 2 : 0;
    if (has_figure) {
        draw_figure(ui, g.x, g.y, v);
    }
    ui_group_begin(ui);
    for (int i = 0; i < WEAR__COUNT; i++) {
        const bool at_end = i % 2 == 1;
        const struct rect box = rect_make(
            at_end ? r.x + r.w - PAD - room : r.x + PAD,
            r.y + TOP + i / 2 * step, room,
            has_figure ? label_height(ui, v, (enum wear_part)i, room) : high);

        if (has_figure) {
            draw_leader(&g, box, (enum wear_part)i);
        }
        draw_label(ui, box, v, (enum wear_part)i, i == (int)chosen);
    }
    ui_group_end(ui);
    return TOP + 3 * step + (has_figure ? LABEL_H : high) +
           (high > LABEL_H && has_figure ? high - LABEL_H : 0) + TOP;
}
