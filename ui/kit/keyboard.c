#include "ui/kit/keyboard.h"

#include <stdio.h>
#include <string.h>

#include "ui/kit/board.h"
#include "ui/kit/paint.h"
#include "ui/kit/tr.h"

#define KEY_H   60
#define KEY_GAP 8
#define ROWS    4
#define PAD_X   12
#define PANEL_H (ROWS * (KEY_H + KEY_GAP) + 3 * KEY_GAP)

int keyboard_height(const struct ui *ui)
{
    return ui->shows_keyboard ? PANEL_H + ui->keep_bottom : 0;
}

/* Decodes one letter of our own tables: two bytes at most. */
static unsigned next_letter(const char **at)
{
    const unsigned char first = (unsigned char)**at;

    if (first < 0x80) {
        *at += 1;
        return first;
    }
    *at += 2;
    return ((first & 0x1Fu) << 6) | ((unsigned char)(*at)[-1] & 0x3Fu);
}

static int letter_count(const char *letters)
{
    int n = 0;

    while (*letters != '\0') {
        (void)next_letter(&letters);
        n++;
    }
    return n;
}

static void draw_key(struct ui *ui, struct rect r, unsigned sign,
                     const char *label, enum icon icon)
{
    const bool is_down = ui_is_pressed(ui, UI_KEYBOARD_KEY, (uint16_t)sign);
    const bool is_done = sign == KEY_DONE;
    enum color fill = is_done ? COLOR_PRIMARY : COLOR_SURFACE;
    char key[12];

    if (is_down) {
        fill = is_done ? COLOR_PRIMARY_PRESS : COLOR_SUNKEN;
    }
    (void)ui_box(ui, r, fill, is_done ? COLOR_NONE : COLOR_LINE_STRONG,
                 S_BORDER, R_FIELD);
    if (icon != ICON_NONE) {
        ui_icon(ui, r.x + (r.w - 28) / 2, r.y + (r.h - 28) / 2, 28, icon,
                COLOR_TEXT);
    } else {
        const int percent = ui->percent;

        ui->percent = 100; /* keys do not grow: their places must not move */
        (void)ui_text(ui, r, is_done || sign == ' ' ? TYPE_LABEL : TYPE_READ,
                      is_done ? COLOR_ON_PRIMARY : COLOR_TEXT,
                      UI_CENTER | UI_MID | (is_done ? 0 : UI_LINE), label);
        ui->percent = percent;
    }
    snprintf(key, sizeof(key), sign > ' ' ? "u%04x" : "c%u", sign);
    /* Hit areas meet in the middle of the gaps. */
    ui_target(ui, rect_grow(r, KEY_GAP / 2), UI_KEYBOARD_KEY, (uint16_t)sign,
              key, R_FIELD, 0, label);
}

static void draw_letters(struct ui *ui, struct rect row, const char *letters,
                         int columns, int start)
{
    for (int i = start; *letters != '\0'; i++) {
        const char *from = letters;
        const unsigned sign = next_letter(&letters);

        draw_key(ui, rect_cell(row, columns, i, KEY_GAP), sign,
                 draw_keep(&ui->list, from, (size_t)(letters - from)),
                 ICON_NONE);
    }
}

/* Nine letters stand half a key in, ten as the row above. */
static void draw_middle_row(struct ui *ui, struct rect row)
{
    const char *letters = board_row(ui, 1);
    const int count = letter_count(letters);
    const int half = rect_cell(row, 10, 0, KEY_GAP).w / 2 + KEY_GAP / 2;

    draw_letters(ui, count < 10 ? rect_inset(row, half, 0) : row, letters,
                 count, 0);
}

static void draw_third_row(struct ui *ui, struct rect row)
{
    const char *letters = board_row(ui, 2);
    const int side = rect_cell(row, 20, 2, KEY_GAP).x - row.x +
                     rect_cell(row, 20, 2, KEY_GAP).w / 2;
    struct rect shift = rect_cut_start(&row, side);
    struct rect erase = rect_cut_end(&row, side);

    shift.w -= KEY_GAP;
    erase.x += KEY_GAP;
    erase.w -= KEY_GAP;
    if (ui->keyboard_page < BOARD_SIGNS) {
        draw_key(ui, shift, KEY_SHIFT, tr("Shift"), ICON_UP);
    }
    draw_letters(ui, row, letters, letter_count(letters), 0);
    draw_key(ui, erase, KEY_DELETE, tr("Delete"), ICON_BACKSPACE);
}

static void draw_last_row(struct ui *ui, struct rect row)
{
    const bool is_signs = ui->keyboard_page == BOARD_SIGNS;
    const int unit = rect_cell(row, 10, 0, KEY_GAP).w;
    struct rect r = rect_cut_start(&row, unit + unit / 2);

    draw_key(ui, r, is_signs ? KEY_LETTERS : KEY_SIGNS,
             is_signs ? "abc" : "123", ICON_NONE);
    (void)rect_cut_start(&row, KEY_GAP);
    draw_key(ui, rect_cut_start(&row, unit), KEY_BOARD, tr("Language"),
             ICON_GLOBE);
    (void)rect_cut_start(&row, KEY_GAP);
    draw_key(ui, rect_cut_start(&row, unit), '\'', "'", ICON_NONE);
    (void)rect_cut_start(&row, KEY_GAP);
    draw_key(ui, rect_cut_start(&row, unit), 0xA3, "£", ICON_NONE);
    (void)rect_cut_start(&row, KEY_GAP);
    draw_key(ui, rect_cut_end(&row, unit + unit / 2), KEY_DONE, tr("Done"),
             ICON_NONE);
    (void)rect_cut_end(&row, KEY_GAP);
    draw_key(ui, rect_cut_end(&row, unit), '.', ".", ICON_NONE);
    (void)rect_cut_end(&row, KEY_GAP);
    draw_key(ui, rect_cut_end(&row, unit), ',', ",", ICON_NONE);
    (void)rect_cut_end(&row, KEY_GAP);
    draw_key(ui, row, ' ', board_name(ui), ICON_NONE);
}

static void draw_number_pad(struct ui *ui, struct rect area)
{
    const int wide = area.w < 420 ? area.w : 420;

    area.x += (area.w - wide) / 2;
    area.w = wide;
    for (int row = 0; row < 3; row++) {
        struct rect line = rect_cut_top(&area, KEY_H);

        draw_letters(ui, line, board_row(ui, row), 3, 0);
        (void)rect_cut_top(&area, KEY_GAP);
    }
    area.h = KEY_H;
    draw_key(ui, rect_cell(area, 3, 0, KEY_GAP), KEY_DELETE, tr("Delete"),
             ICON_BACKSPACE);
    draw_key(ui, rect_cell(area, 3, 1, KEY_GAP), '0', "0", ICON_NONE);
    draw_key(ui, rect_cell(area, 3, 2, KEY_GAP), KEY_DONE, tr("Done"),
             ICON_NONE);
}

void keyboard_draw(struct ui *ui)
{
    struct rect area = draw_flip(
        &ui->list, rect_make(ui->keep_start, ui->height - keyboard_height(ui),
                             ui->width - ui->keep_start, PANEL_H));
    const bool was_flipped = ui->list.is_flipped;
    struct rect row;

    /* Letter keys keep their order in every language. */
    ui->list.is_flipped = false;
    ui->part = UI_KEYBOARD;
    ui->clip = rect_make(0, 0, ui->width, ui->height);
    (void)ui_box(ui, area, COLOR_BG, COLOR_NONE, 0, 0);
    ui_hline(ui, area.x, area.y, area.w, COLOR_LINE_STRONG);
    area = rect_inset(area, PAD_X, KEY_GAP + KEY_GAP / 2);
    if (ui->keyboard_page == BOARD_NUMBERS) {
        draw_number_pad(ui, area);
    } else {
        row = rect_cut_top(&area, KEY_H);
        draw_letters(ui, row, board_row(ui, 0), 10, 0);
        (void)rect_cut_top(&area, KEY_GAP);
        draw_middle_row(ui, rect_cut_top(&area, KEY_H));
        (void)rect_cut_top(&area, KEY_GAP);
        draw_third_row(ui, rect_cut_top(&area, KEY_H));
        (void)rect_cut_top(&area, KEY_GAP);
        draw_last_row(ui, rect_cut_top(&area, KEY_H));
    }
    ui->list.is_flipped = was_flipped;
}
