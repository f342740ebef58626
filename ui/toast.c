#include "ui/toast.h"

#include "ui/controls.h"
#include "ui/kit/button.h"
#include "ui/kit/keyboard.h"
#include "ui/kit/tr.h"

#define TOAST_H 72
#define TOAST_W 464

const char *toast_error(enum err err)
{
    switch (err) {
    case ERR_FULL:
        return N_("No space left. Send what waits first.");
    case ERR_TOO_LONG:
        return N_("Too long to keep. Make it shorter.");
    case ERR_DENIED:
        return N_("You may not do this.");
    case ERR_UNREACHABLE:
        return N_("No connection. Nothing is lost.");
    case ERR_BUSY:
        return N_("Busy. Try again in a moment.");
    case ERR_UNSUPPORTED:
    case ERR_NOT_FOUND:
        return N_("Not on this tablet.");
    case ERR_CLOSED:
        return N_("This is closed. Nothing can be added.");
    default:
        return N_("This did not work. Your records are safe.");
    }
}

static const char *words_of(const struct view_told *told)
{
    switch (told->told) {
    case TOLD_SAVED:
        return N_("Observation saved");
    case TOLD_UNDONE:
        return N_("Taken back. It is a draft again.");
    case TOLD_CHECKED_IN:
        return N_("Checked in");
    case TOLD_ENTRY_MADE:
        return N_("Entry written");
    case TOLD_PATROL_ENDED:
        return N_("Patrol ended");
    case TOLD_PHOTO_KEPT:
        return N_("Photo kept");
    case TOLD_SOS_NOT_SENT:
        return N_("SOS not sent. Hold for 2 seconds.");
    case TOLD_FAILED:
        return toast_error(told->err);
    default:
        return "";
    }
}

void toast_draw(struct ui *ui, const struct view_told *told)
{
    const bool has_undo = told->told == TOLD_SAVED;
    const char *words = tr(words_of(told));
    const int undo_w =
        has_undo ? ui_text_width(ui, TYPE_LABEL, tr("Undo")) + 48 : 0;
    const int side = ui->height > ui->width ? 0 : ui_step(ui, 96, 120, 160);
    const int most = ui->width - side - 48;
    int w = ui_text_width(ui, TYPE_LABEL, words) + 48 + undo_w;
    struct rect r;
    int text;

    w = w < TOAST_W ? TOAST_W : w;
    w = w > most ? most : w;
    text = ui_text_height(ui, TYPE_LABEL, words, w - 48 - undo_w);
    r.w = w;
    r.h = text + 32 < TOAST_H ? TOAST_H : text + 32;
    r.x = side + (ui->width - side - w) / 2;
    r.y = ui->height - ui_step(ui, 104, 128, 148) - 24 - r.h -
          (side == 0 ? ui_step(ui, 88, 112, 128) : 0);
    if (ui->shows_keyboard) {
        r.y = ui->height - keyboard_height(ui) - 24 - r.h;
    }
    (void)ui_box(ui, r, COLOR_TEXT, COLOR_NONE, 0, R_CARD);
    (void)ui_text(ui, rect_make(r.x + 24, r.y, w - 48 - undo_w, r.h),
                  TYPE_LABEL, COLOR_BG, UI_MID, words);
    if (has_undo) {
        const struct rect b =
            rect_make(r.x + w - undo_w - 8, r.y + 8, undo_w, r.h - 16);

        (void)ui_box(ui, b, COLOR_NONE, COLOR_BG, S_BORDER_STRONG, R_CARD);
        (void)ui_text(ui, b, TYPE_LABEL, COLOR_BG, UI_CENTER | UI_MID,
                      tr("Undo"));
        ui_part(ui, UI_TOP);
        ui_target(ui, b, CTL_TOAST_UNDO, 0, NULL, R_CARD, 0, tr("Undo"));
        ui_part(ui, UI_CONTENT);
    }
}
