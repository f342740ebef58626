/*
 * draw_form_panel.c - the panel of the figure's chosen label: what it may be
 * and its colour, each one touch (design, 04).
 */
#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/chip.h"
#include "ui/kit/tr.h"
#include "ui/screens/form.h"

#define PAD      22
#define SWATCH   S_TOUCH_MIN
#define SWATCH_W 62 /* its word may be wider than it */

static int draw_words(struct ui *ui, struct rect r, const struct view_form *v,
                      enum wear_part part, int field)
{
    const struct wear *w = &wear_parts[part];
    const int on = wear_word_in(part, form_figure_said(v, part));
    const char *labels[WEAR_WORDS + 1];
    const char *keys[WEAR_WORDS + 1];
    struct chips c = { .id = CTL_FORM_WEAR,
                       .labels = labels,
                       .keys = keys,
                       .on = on >= 0 ? 1u << on : 0,
                       .more_id = CTL_FORM_OPEN,
                       .more_index = (uint16_t)field,
                       .more_key = w->key,
                       .more_dots = true,
                       .in_form = true };

    while (c.most < WEAR_WORDS && w->words[c.most] != NULL) {
        labels[c.most] = tr(w->words[c.most]);
        keys[c.most] = fmt_number(ui, c.most + 1);
        c.most++;
    }
    c.count = c.most + 1; /* "…": in other words */
    return chips_draw(ui, r, &c);
}

/* Black or white, whichever is seen on it. */
static uint32_t ink_on(uint32_t rgb)
{
    const uint32_t light =
        (rgb >> 16 & 255) * 3 + (rgb >> 8 & 255) * 6 + (rgb & 255);

    return light > 1275 ? 0x000000 : 0xFFFFFF;
}

static void draw_disc(struct ui *ui, int x, int y, int which, bool is_on)
{
    const uint32_t rgb = wear_colours[which].rgb;
    const int icon = 26;

    if (!is_on) {
        (void)draw_box(&ui->list, rect_make(x, y, SWATCH, SWATCH),
                       DRAW_RGB(rgb), DRAW_RGB(ui_rgb(ui, COLOR_LINE_STRONG)),
                       S_BORDER_STRONG, SWATCH / 2);
        return;
    }
    (void)ui_box(ui, rect_make(x, y, SWATCH, SWATCH), COLOR_SURFACE,
                 COLOR_PRIMARY_TEXT, 4, SWATCH / 2);
    (void)draw_box(&ui->list, rect_make(x + 7, y + 7, SWATCH - 14, SWATCH - 14),
                   DRAW_RGB(rgb), DRAW_RGB(ui_rgb(ui, COLOR_LINE_STRONG)), 1,
                   SWATCH / 2 - 7);
    (void)draw_icon(
        &ui->list,
        rect_make(x + (SWATCH - icon) / 2, y + (SWATCH - icon) / 2, icon, icon),
        ICON_CHECK, DRAW_RGB(ink_on(rgb)), 0);
}

/* A colour, or "Other", with its word below; returns the height. */
static int draw_swatch(struct ui *ui, struct rect r, int which, bool is_on)
{
    const bool is_other = which == WEAR_COLOURS;
    const char *word = is_other ? tr("Other") : tr(wear_colours[which].word);
    const enum type type = is_on ? TYPE_CAPTION_B : TYPE_CAPTION;
    const int x = r.x + (r.w - SWATCH) / 2;

    if (is_other) {
        (void)ui_box(ui, rect_make(x, r.y, SWATCH, SWATCH), COLOR_SURFACE,
                     COLOR_LINE_STRONG, S_BORDER_STRONG, SWATCH / 2);
        ui_icon(ui, x + (SWATCH - 24) / 2, r.y + (SWATCH - 24) / 2, 24,
                ICON_PLUS, COLOR_TEXT);
    } else {
        draw_disc(ui, x, r.y, which, is_on);
    }
    r.h = SWATCH + 4 +
          ui_text(ui, rect_make(r.x, r.y + SWATCH + 4, r.w, 0), type,
                  COLOR_TEXT, UI_CENTER, word);
    ui_target(ui, r, CTL_FORM_COLOUR, (uint16_t)which,
              is_other ? "other" : fmt_number(ui, which + 1), R_FIELD,
              is_on ? UI_SELECTED : 0, word);
    return r.h;
}

static int draw_colours(struct ui *ui, struct rect r, const char *said)
{
    const int on = wear_colour_in(said);
    int wide = SWATCH_W;
    int columns;
    int high = 0;
    int y = r.y;

    for (int i = 0; i <= WEAR_COLOURS; i++) {
        const int w = ui_text_width(
            ui, TYPE_CAPTION_B,
            i == WEAR_COLOURS ? tr("Other") : tr(wear_colours[i].word));

        wide = w > wide ? w : wide;
    }
    columns = (r.w + 6) / (wide + 6);
    columns = columns < 1 ? 1 : columns > 9 ? 9 : columns;
    ui_group_begin(ui);
    for (int i = 0; i <= WEAR_COLOURS; i++) {
        struct rect cell = rect_cell(r, columns, i % columns, 6);

        if (i > 0 && i % columns == 0) {
            y += high + 8;
        }
        cell.y = y;
        high = draw_swatch(ui, cell, i, i == on);
    }
    ui_group_end(ui);
    return y + high - r.y;
}

int form_panel_draw(struct ui *ui, struct rect r, const struct view_form *v,
                    enum wear_part part)
{
    const struct wear *w = &wear_parts[part];
    const struct view_field *f = form_field_of_page(v, w->key);
    const int field = f != NULL ? (int)(f - v->fields) : 0;
    const int box = ui_box(ui, r, COLOR_SURFACE, COLOR_PRIMARY_TEXT,
                           S_BORDER_STRONG, R_CARD);
    const struct button next = { .kind = BUTTON_QUIET_SMALL,
                                 .id = CTL_FORM_NEXT,
                                 .label = tr(wear_parts[w->next].next_words) };
    const struct rect in = rect_inset(r, PAD, 0);
    const int next_w = button_width(ui, &next);
    const bool is_beside =
        ui_text_width(ui, TYPE_TITLE_S, tr(w->label)) + next_w + 16 <= in.w;
    const int next_h = button_height(ui, &next, next_w);
    int y = r.y + 4;

    (void)ui_text(ui,
                  rect_make(in.x, y, in.w - (is_beside ? next_w : 0),
                            is_beside ? next_h : 0),
                  TYPE_TITLE_S, COLOR_TEXT, is_beside ? UI_MID : 0,
                  tr(w->label));
    y += is_beside ? 0 : ui_line(ui, TYPE_TITLE_S);
    button_draw(ui,
                is_beside ? rect_make(r.x + r.w - 8 - next_w, y, next_w, next_h)
                          : rect_make(in.x, y, in.w, next_h),
                &next);
    y += next_h;
    y += draw_words(ui, rect_make(in.x, y, in.w, 0), v, part, field);
    if (w->has_colours) {
        y += 16 + draw_colours(ui, rect_make(in.x - 4, y + 16, in.w + 8, 0),
                               form_figure_said(v, part));
    }
    y += 18;
    draw_set_height(&ui->list, box, y - r.y);
    return y - r.y;
}
