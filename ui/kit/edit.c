#include "ui/kit/edit.h"

#include <stdio.h>
#include <string.h>

#include "core/text.h"
#include "ui/kit/board.h"
#include "ui/kit/keyboard.h"

void edit_begin(struct ui *ui, const struct target *field, bool by_touch)
{
    const bool is_same =
        ui->field.id == field->id && ui->field.index == field->index;

    ui->field.id = field->id;
    ui->field.index = field->index;
    ui->shows_keyboard = by_touch;
    if (is_same) {
        return;
    }
    snprintf(ui->edit, sizeof(ui->edit), "%s", field->text);
    ui->caret = (int)strlen(ui->edit);
    ui->caret_seen = -1;
    ui->edit_most = field->most > 0 ? field->most : UI_EDIT_MAX;
    ui->edits_area = (field->flags & UI_AREA) != 0;
    if (field->flags & UI_NUMBER) {
        ui->keyboard_page = BOARD_NUMBERS;
    } else { /* a sentence begins with a capital */
        ui->keyboard_page = ui->caret == 0 && board_has_capitals(ui)
                                ? BOARD_CAPITALS
                                : BOARD_LETTERS;
    }
}

void edit_end(struct ui *ui)
{
    ui->field.id = 0;
    ui->shows_keyboard = false;
    wipe(ui->edit, sizeof(ui->edit));
}

static bool edited(struct ui *ui, struct ui_event *ev)
{
    memset(ev, 0, sizeof(*ev));
    ev->kind = UI_EDITED;
    ev->id = ui->field.id;
    ev->index = ui->field.index;
    ev->text = ui->edit;
    return true;
}

/* C0, DEL and C1: nothing that a person writes. */
static bool is_control(const char *at, size_t len)
{
    const uint8_t *byte = (const uint8_t *)at;

    return len == 1 ? byte[0] < 0x20 || byte[0] == 0x7f
                    : len == 2 && byte[0] == 0xc2 && byte[1] < 0xa0;
}

/* Whole, valid characters of `in`, as many as have room. */
static size_t clean(struct ui *ui, const char *in, size_t room, char *out)
{
    size_t left = strlen(in);
    size_t done = 0;
    size_t n;

    for (; left > 0; in += n, left -= n) {
        const size_t whole = text_char(in, left);
        const bool is_space = *in == '\t' || (*in == '\n' && !ui->edits_area);

        n = whole > 0 ? whole : 1;
        if (whole == 0 || (is_control(in, n) && !is_space && *in != '\n')) {
            continue; /* not a letter: passed over */
        }
        if (done + n > room) {
            ui->is_edit_full = true;
            break;
        }
        memcpy(out + done, is_space ? " " : in, n);
        done += n;
    }
    return done;
}

bool edit_insert(struct ui *ui, const char *utf8, struct ui_event *ev_out)
{
    const size_t len = strlen(ui->edit);
    const size_t at = (size_t)ui->caret;
    const size_t most = (size_t)ui->edit_most;
    char letters[UI_EDIT_MAX];
    size_t more;

    if (ui->field.id == 0) {
        return false;
    }
    more = clean(ui, utf8, len < most ? most - len : 0, letters);
    memmove(ui->edit + at + more, ui->edit + at, len - at + 1);
    memcpy(ui->edit + at, letters, more);
    ui->caret += (int)more;
    wipe(letters, more);
    return edited(ui, ev_out);
}

bool edit_sign(struct ui *ui, unsigned code, struct ui_event *ev_out)
{
    char utf8[4] = { 0 };

    if (code == KEY_ENTER) {
        return edit_insert(ui, "\n", ev_out);
    }
    if (code < 0x80) {
        utf8[0] = (char)code;
    } else { /* our boards have two-byte letters at most */
        utf8[0] = (char)(0xC0u | (code >> 6));
        utf8[1] = (char)(0x80u | (code & 0x3Fu));
    }
    return edit_insert(ui, utf8, ev_out);
}

static bool is_tail(char byte)
{
    return ((unsigned char)byte & 0xC0u) == 0x80u;
}

static int letter_before(const struct ui *ui)
{
    int at = ui->caret;

    while (at > 0) {
        at--;
        if (!is_tail(ui->edit[at])) {
            break;
        }
    }
    return at;
}

bool edit_erase(struct ui *ui, struct ui_event *ev_out)
{
    const int from = letter_before(ui);

    if (ui->field.id == 0 || from == ui->caret) {
        return false;
    }
    memmove(ui->edit + from, ui->edit + ui->caret,
            strlen(ui->edit + ui->caret) + 1);
    ui->caret = from;
    return edited(ui, ev_out);
}

void edit_move(struct ui *ui, enum ui_key key)
{
    const int len = (int)strlen(ui->edit);

    if (key == KEY_LEFT) {
        ui->caret = letter_before(ui);
    } else if (key == KEY_RIGHT && ui->caret < len) {
        do {
            ui->caret++;
        } while (is_tail(ui->edit[ui->caret]));
    } else if (key == KEY_FIRST) {
        ui->caret = 0;
    } else if (key == KEY_LAST) {
        ui->caret = len;
    }
}
