#include "ui/kit/field.h"

#include <string.h>

#define PAD_X     16 /* 14 and the edge */
#define PAD_Y     14
#define LABEL_GAP 6

int label_draw(struct ui *ui, struct rect r, const char *text, bool is_bad)
{
    return ui_text(ui, r, TYPE_SMALL_B, is_bad ? COLOR_DANGER_TEXT : COLOR_TEXT,
                   0, text) +
           LABEL_GAP;
}

/* What is being typed stays in sight; after that a finger may scroll. */
static void follow_caret(struct ui *ui, int y, int h)
{
    struct ui_scroll *s;
    int by = 0;

    if (ui->scroll_now < 0 || ui->caret == ui->caret_seen) {
        return;
    }
    ui->caret_seen = ui->caret;
    s = &ui->scrolls[ui->scroll_now];
    if (y < s->view.y) {
        by = y - s->view.y;
    } else if (y + h > s->view.y + s->view.h) {
        by = y + h - s->view.y - s->view.h;
    }
    s->offset += by;
    ui->draws_again |= by != 0;
}

static void draw_caret(struct ui *ui, struct rect in, const char *text)
{
    const struct text_job job = { .text = text,
                                  .len = strlen(text),
                                  .type = TYPE_BODY,
                                  .percent = ui->percent,
                                  .width = in.w,
                                  .is_rtl = ui->list.is_flipped,
                                  .lang = ui->list.lang };
    int x = 0;
    int y = 0;

    if (job.len > 0) {
        text_caret(ui->engine, &job, ui->caret, &x, &y);
        /* Pango counts from the left of what is drawn; boxes flip. */
        x = ui->list.is_flipped ? in.w - x : x;
    }
    follow_caret(ui, in.y + y, ui_line(ui, TYPE_BODY) + PAD_Y);
    (void)ui_box(
        ui, rect_make(in.x + x, in.y + y + 3, 2, ui_line(ui, TYPE_BODY) - 6),
        COLOR_PRIMARY_TEXT, COLOR_NONE, 0, 0);
}

/* At the end of the box: what is wrong with it, or that it is sealed. */
static enum icon end_icon(const struct field *f)
{
    if (f->error != NULL) {
        return ICON_ALERT;
    }
    return f->is_sealed ? ICON_LOCK : ICON_NONE;
}

static void draw_frame(struct ui *ui, struct rect box, const struct field *f,
                       bool is_editing)
{
    const int size = ui_icon_size(ui, S_ICON);
    enum color edge = is_editing ? COLOR_PRIMARY_TEXT : COLOR_LINE_STRONG;

    edge = f->error != NULL ? COLOR_DANGER_TEXT : edge;
    (void)ui_box(ui, box, f->is_fixed ? COLOR_SUNKEN : COLOR_SURFACE,
                 f->is_fixed ? COLOR_NONE : edge, S_BORDER_STRONG, R_FIELD);
    if (end_icon(f) != ICON_NONE) {
        ui_icon(ui, box.x + box.w - PAD_X - size, box.y + (box.h - size) / 2,
                size, end_icon(f),
                f->error != NULL ? COLOR_DANGER_TEXT : COLOR_TEXT_2);
    }
}

int field_draw(struct ui *ui, struct rect r, const struct field *f)
{
    const bool is_editing =
        ui->field.id == f->id && ui->field.index == f->index;
    const int line = ui_line(ui, TYPE_BODY);
    struct rect box = r;
    struct rect in;
    int text_h;

    box.y += label_draw(ui, r, f->label, f->error != NULL);
    in = rect_make(box.x + PAD_X, box.y + PAD_Y, r.w - 2 * PAD_X, 0);
    if (end_icon(f) != ICON_NONE) {
        in.w -= ui_icon_size(ui, S_ICON) + 10;
    }
    text_h = ui_text_height(ui, TYPE_BODY, f->text, in.w);
    text_h = text_h < f->lines * line ? f->lines * line : text_h;
    box.h = text_h + 2 * PAD_Y;
    draw_frame(ui, box, f, is_editing);
    if (f->text[0] != '\0') {
        (void)ui_text(ui, in, TYPE_BODY, COLOR_TEXT, 0, f->text);
    } else if (f->hint != NULL && !is_editing) {
        (void)ui_text(ui, in, TYPE_BODY, COLOR_TEXT_2, 0, f->hint);
    }
    if (is_editing) {
        draw_caret(ui, in, f->text);
    }
    ui_target(ui, box, f->id, f->index,
              f->index > 0 ? ui_fmt(ui, "%d", f->index) : NULL, R_FIELD,
              f->is_fixed ? UI_DISABLED
                          : UI_FIELD | (f->lines > 1 ? UI_AREA : 0) | f->flags,
              f->label);
    ui->targets[ui->target_count - 1].text =
        draw_keep(&ui->list, f->text, strlen(f->text));
    ui->targets[ui->target_count - 1].most = f->most;
    r.h = box.y + box.h - r.y;
    if (f->error != NULL) {
        r.h += 6 + ui_text(ui, rect_make(r.x, r.y + r.h + 6, r.w, 0),
                           TYPE_SMALL_B, COLOR_DANGER_TEXT, 0, f->error);
    }
    return r.h;
}
