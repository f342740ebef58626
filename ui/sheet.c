#include "ui/sheet.h"

#include "ui/controls.h"
#include "ui/kit/button.h"
#include "ui/kit/keyboard.h"
#include "ui/kit/tr.h"

#define PAD      24
#define BARE_MAX 420 /* less room than this beside a keyboard: no frame */

static int buttons_height(struct ui *ui, const struct sheet *s, int width)
{
    const struct button b = { .kind = BUTTON_SECONDARY,
                              .label =
                                  s->done != NULL ? s->done : tr("Close") };
    const int w = button_width(ui, &b);

    return button_height(ui, &b, w < width / 2 - 6 ? w : width / 2 - 6);
}

struct rect sheet_begin(struct ui *ui, struct sheet *sheet)
{
    /* SOS and the places around it stay in sight. */
    const bool is_upright = ui->height > ui->width;
    const int side = is_upright ? 0 : ui_step(ui, 96, 120, 160);
    const int foot_bar = is_upright ? ui_step(ui, 88, 112, 128) : 0;
    const int board = keyboard_height(ui);
    const int most_w = ui->width - side - 2 * PAD;
    const int most_h =
        ui->height - (board > foot_bar ? board : foot_bar) - 2 * PAD;
    const int grown = sheet->width * (ui->percent > 150 ? 150 : ui->percent);
    struct rect r;
    int foot;
    int y;

    r.w = grown / 100 < most_w ? grown / 100 : most_w;
    r.x = side + (ui->width - side - r.w) / 2;
    r.y = PAD;
    r.h = most_h;
    sheet->is_bare = board > 0 && most_h < BARE_MAX;
    ui_layer_begin(ui);
    sheet->first_cmd = ui->list.count;
    sheet->first_target = ui->target_count;
    sheet->box = r;
    sheet->panel = ui_box(ui, r, COLOR_SURFACE, COLOR_LINE_STRONG,
                          S_BORDER_STRONG, R_PANEL);
    r = rect_inset(r, PAD, 0);
    y = r.y + PAD;
    if (!sheet->is_bare) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_TITLE, COLOR_TEXT, 0,
                     sheet->title) +
             16;
    }
    foot = PAD;
    foot += sheet->is_bare ? 0 : buttons_height(ui, sheet, r.w) + PAD;
    r.h = sheet->box.y + most_h - foot - y;
    r.y = y;
    r.y = ui_scroll_begin(ui, CTL_SCROLL_SHEET, r);
    return r;
}

static void shift(struct ui *ui, const struct sheet *s, int dy)
{
    for (int i = s->first_cmd; i < ui->list.count; i++) {
        ui->list.cmds[i].box.y += dy;
    }
    for (int i = s->first_target; i < ui->target_count; i++) {
        ui->targets[i].box.y += dy;
        ui->targets[i].clip.y += dy;
    }
    for (int i = 0; i < UI_SCROLLS_MAX; i++) {
        if (ui->scrolls[i].id == CTL_SCROLL_SHEET) {
            ui->scrolls[i].view.y += dy;
        }
    }
}

static void draw_buttons(struct ui *ui, const struct sheet *s, struct rect r)
{
    const struct button cancel = { .kind = BUTTON_SECONDARY,
                                   .id = CTL_SHEET_CANCEL,
                                   .label = s->cancel != NULL ? s->cancel
                                                              : tr("Close") };
    const struct button done = { .kind = s->is_danger ? BUTTON_DANGER
                                                      : BUTTON_PRIMARY_SMALL,
                                 .id = CTL_SHEET_DONE,
                                 .label = s->done,
                                 .is_disabled = s->is_off };
    const int half = r.w / 2 - 6;
    int w = button_width(ui, &cancel);

    w = s->done != NULL && w > half ? half : w;
    ui_part(ui, UI_ACTIONS);
    if (s->done == NULL) {
        button_draw(ui, rect_cut_end(&r, w), &cancel);
    } else {
        int done_w = button_width(ui, &done);

        done_w = done_w > half ? half : done_w;
        button_draw(ui, rect_cut_end(&r, done_w), &done);
        (void)rect_cut_end(&r, 12);
        button_draw(ui, rect_cut_end(&r, w), &cancel);
    }
    ui_part(ui, UI_CONTENT);
}

void sheet_end(struct ui *ui, struct sheet *sheet, int bottom_y)
{
    const struct ui_scroll *s = &ui->scrolls[ui->scroll_now];
    const struct rect view = s->view;
    const int most_h = sheet->box.h;
    int content;
    int h;
    int y;

    ui_scroll_end(ui, bottom_y);
    content = s->content < view.h ? s->content : view.h;
    y = view.y + content + PAD;
    if (!sheet->is_bare) { /* Done on the keyboard brings them back */
        h = buttons_height(ui, sheet, view.w);
        draw_buttons(ui, sheet, rect_make(view.x, y, view.w, h));
        y += h + PAD;
    }
    h = y - sheet->box.y;
    draw_set_height(&ui->list, sheet->panel, h);
    shift(ui, sheet, (most_h - h) / 2);
    ui_layer_end(ui);
}

int sheet_choice(struct ui *ui, struct rect r, int index, const char *label,
                 const char *key, bool is_on)
{
    const int tick = ui_icon_size(ui, S_ICON);
    const int text = ui_text_height(ui, TYPE_LABEL, label, r.w - 48 - tick);
    const struct rect box =
        rect_make(r.x, r.y, r.w, text + 32 < 64 ? 64 : text + 32);

    (void)ui_box(ui, box, is_on ? COLOR_PRIMARY_SOFT : COLOR_SURFACE,
                 is_on ? COLOR_PRIMARY_TEXT : COLOR_LINE_STRONG,
                 is_on ? S_BORDER_STRONG : S_BORDER, R_CARD);
    (void)ui_text(ui, rect_make(box.x + 18, box.y, r.w - 48 - tick, box.h),
                  TYPE_LABEL, is_on ? COLOR_ON_PRIMARY_SOFT : COLOR_TEXT,
                  UI_MID, label);
    if (is_on) {
        ui_icon(ui, box.x + box.w - 18 - tick, box.y + (box.h - tick) / 2, tick,
                ICON_CHECK, COLOR_PRIMARY_TEXT);
    }
    ui_target(ui, box, CTL_SHEET_CHOICE, (uint16_t)index, key, R_CARD,
              is_on ? UI_SELECTED : 0, label);
    return box.y + box.h;
}

int sheet_choices(struct ui *ui, struct rect r, const char *const *labels,
                  const char *const *keys, size_t count, int chosen)
{
    int y = r.y;

    ui_group_begin(ui);
    for (size_t i = 0; i < count; i++) {
        y = sheet_choice(ui, rect_make(r.x, y, r.w, 0), (int)i, tr(labels[i]),
                         keys[i], (int)i == chosen) +
            8;
    }
    ui_group_end(ui);
    return y - 8;
}
