#include "ui/kit/strip.h"

#define STRIP_GAP 12
#define DISC      20
#define MARK_DISC 24

static void draw_number(struct ui *ui, struct rect r, int number)
{
    const int percent = ui->percent;
    const struct rect disc = rect_make(r.x + 8, r.y + 8, DISC, DISC);

    ui->percent = 100; /* the disc does not grow: the photo counts */
    (void)ui_box(ui, disc, COLOR_RAIL, COLOR_NONE, 0, DISC / 2);
    (void)ui_text(ui, disc, TYPE_CAPTION_B, COLOR_ON_RAIL, UI_CENTER | UI_MID,
                  ui_fmt(ui, "%d", number));
    ui->percent = percent;
}

/* On a dark band at its foot, as wide as the words. */
static void draw_length(struct ui *ui, struct rect r, const char *length)
{
    const int percent = ui->percent;
    struct rect band;

    ui->percent = 100; /* as the number: the picture counts */
    band.w = ui_text_width(ui, TYPE_CAPTION_B, length) + 16;
    band.h = ui_line(ui, TYPE_CAPTION_B) + 6;
    band.x = r.x + 8;
    band.y = r.y + r.h - band.h - 8;
    (void)ui_box(ui, band, COLOR_RAIL, COLOR_NONE, 0, band.h / 2);
    (void)ui_text(ui, band, TYPE_CAPTION_B, COLOR_ON_RAIL, UI_CENTER | UI_MID,
                  length);
    ui->percent = percent;
}

void thumb_draw(struct ui *ui, struct rect r, const struct thumb *t)
{
    const int icon = ui_icon_size(ui, S_ICON_M);

    if (t->image != NULL) {
        (void)draw_image(&ui->list, r, t->image, R_FIELD);
    } else {
        (void)ui_box(ui, r, COLOR_SUNKEN, COLOR_LINE_STRONG, S_BORDER, R_FIELD);
        ui_icon(ui, r.x + (r.w - icon) / 2, r.y + (r.h - icon) / 2, icon,
                t->is_broken        ? ICON_WARN
                : t->length != NULL ? ICON_MIC
                                    : ICON_IMAGE,
                COLOR_TEXT_2);
    }
    if (t->length != NULL) {
        draw_length(ui, r, t->length);
    }
    draw_number(ui, r, t->number);
    if (t->has_mark) {
        const struct rect disc =
            rect_make(r.x + r.w - MARK_DISC - 8, r.y + r.h - MARK_DISC - 8,
                      MARK_DISC, MARK_DISC);

        (void)ui_box(ui, disc, COLOR_SURFACE, COLOR_LINE_STRONG, S_BORDER,
                     MARK_DISC / 2);
        ui_icon(ui, disc.x + 4, disc.y + 4, MARK_DISC - 8, mark_icon(t->mark),
                mark_color(t->mark));
    }
    ui_target(ui, r, t->id, t->index, t->key, R_FIELD, 0, t->label);
}

static void draw_rest(struct ui *ui, struct rect r, int count)
{
    (void)ui_box(ui, r, COLOR_SUNKEN, COLOR_LINE_STRONG, S_BORDER, R_FIELD);
    (void)ui_text(ui, r, TYPE_TITLE, COLOR_TEXT, UI_CENTER | UI_MID,
                  ui_iso(ui, ui_fmt(ui, "+%d", count)));
}

int strip_draw(struct ui *ui, struct rect r, const struct strip *s)
{
    const bool takes = s->take.id != 0;
    const int step = s->side + STRIP_GAP;
    const int most = (r.w + STRIP_GAP) / step - (takes ? 1 : 0);
    const bool is_over = s->count > most;
    const int shown = is_over ? (most > 0 ? most - 1 : 0) : s->count;
    int x = r.x;

    ui_group_begin(ui);
    for (int i = 0; i < shown; i++, x += step) {
        thumb_draw(ui, rect_make(x, r.y, s->side, s->side), &s->thumbs[i]);
    }
    if (is_over && most > 0) {
        draw_rest(ui, rect_make(x, r.y, s->side, s->side), s->count - shown);
        x += step;
    }
    ui_group_end(ui);
    if (takes) {
        const int left = r.x + r.w - x;

        button_draw(ui,
                    rect_make(x, r.y, left < s->side ? left : s->side, s->side),
                    &s->take);
    }
    return s->side;
}
