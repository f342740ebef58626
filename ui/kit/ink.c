#include "ui/kit/ink.h"

#include <math.h>
#include <stdlib.h>

#include "ui/kit/paint.h"

#define INK_WIDTH 3
#define INK_STEP  2 /* dp; nearer points add nothing to see */
#define BASE_UP   34
#define CROSS     14

void ink_clear(struct ui *ui)
{
    wipe(&ui->ink, sizeof(ui->ink));
}

static void put(struct ui_ink *ink, int x, int y)
{
    if (ink->count < UI_INK_MAX) {
        ink->points[2 * ink->count] = (int16_t)x;
        ink->points[2 * ink->count + 1] = (int16_t)y;
        ink->count++;
    }
}

static int clamp(int v, int most)
{
    v = v < 0 ? 0 : v;
    return v > most ? most : v;
}

void ink_begin(struct ui *ui, const struct target *t, int x, int y)
{
    if (ui->ink.id != t->id) {
        ink_clear(ui);
        ui->ink.id = t->id;
    }
    if (ui->ink.count > 0) {
        put(&ui->ink, DRAW_LIFT, 0);
    }
    if (ui->ink.stroke_count == 0) {
        ui->ink.first_ms = ui->down_ms;
        ui->ink.box = t->box;
    }
    if (ui->ink.stroke_count < UI_STROKES_MAX) {
        ui->ink.at_ms[ui->ink.stroke_count++] =
            (uint32_t)(ui->down_ms - ui->ink.first_ms);
    }
    ui->ink.is_down = true;
    put(&ui->ink, clamp(x - t->box.x, t->box.w), clamp(y - t->box.y, t->box.h));
}

bool ink_go(struct ui *ui, const struct target *t, int x, int y)
{
    const int at = 2 * (ui->ink.count - 1);

    x = clamp(x - t->box.x, t->box.w);
    y = clamp(y - t->box.y, t->box.h);
    if (abs(x - ui->ink.points[at]) < INK_STEP &&
        abs(y - ui->ink.points[at + 1]) < INK_STEP) {
        return false;
    }
    put(&ui->ink, x, y);
    return true;
}

void ink_end(struct ui *ui)
{
    ui->ink.is_down = false;
}

int ink_length(const struct ui_ink *ink)
{
    double sum = 0;

    for (int i = 1; i < ink->count; i++) {
        const int16_t *p = ink->points + 2 * (i - 1);

        if (p[0] != DRAW_LIFT && p[2] != DRAW_LIFT) {
            sum += hypot(p[2] - p[0], p[3] - p[1]);
        }
    }
    return (int)sum;
}

bool ink_is_signature(const struct ui *ui, uint16_t id)
{
    return ui->ink.id == id && ink_length(&ui->ink) >= INK_LEAST;
}

void ink_pad_draw(struct ui *ui, struct rect r, uint16_t id, const char *hint)
{
    const bool is_live = ui->ink.id == id && ui->ink.is_down;
    const bool is_empty = ui->ink.id != id || ui->ink.count == 0;
    const int base = r.y + r.h - BASE_UP;

    (void)ui_box(ui, r, COLOR_SURFACE,
                 is_live ? COLOR_PRIMARY_TEXT : COLOR_LINE_STRONG,
                 S_BORDER_STRONG, R_CARD);
    ui_hline(ui, r.x + 20, base, r.w - 40, COLOR_LINE_STRONG);
    ui_icon(ui, r.x + 20, base - CROSS - 6, CROSS, ICON_CLOSE, COLOR_TEXT_2);
    if (is_empty) {
        const int h = ui_text_height(ui, TYPE_BODY, hint, r.w - 96);

        (void)ui_text(ui, rect_make(r.x + 48, base - h - 8, r.w - 96, h),
                      TYPE_BODY, COLOR_TEXT_2, 0, hint);
    } else {
        (void)draw_line(&ui->list, r, ui->ink.points, ui->ink.count,
                        DRAW_RGB(ui_rgb(ui, COLOR_TEXT)), INK_WIDTH);
    }
    ui_target(ui, r, id, 0, NULL, R_CARD, UI_DRAWS, hint);
}
