#include "ui/toast.h"

#include <limits.h>

#include "ui/controls.h"
#include "ui/kit/button.h"
#include "ui/kit/keyboard.h"
#include "ui/kit/tr.h"

#define TOAST_H     72
#define TOAST_W     464
#define TOAST_GAP   24
#define LOOK_STEP   8 /* dp between the places that are tried */
#define CLIPS_MAX   8
#define WORDS_WEIGH 16
/* A control whose edge is hidden weighs as words do. */
#define CONTROLS_WEIGH 16

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

/* Of a patrol log and its questions. */
static const char *review_words(enum told told)
{
    switch (told) {
    case TOLD_APPROVED:
        return N_("Approved. The officer sees it with the next sync.");
    case TOLD_SENT_BACK:
        return N_("Sent back. It goes with the next sync.");
    case TOLD_ANSWERED:
        return N_("Answered. It goes with the next sync.");
    case TOLD_SIGNED:
        return N_("Signed");
    default:
        return "";
    }
}

static const char *words_of(const struct view_told *told)
{
    switch (told->told) {
    case TOLD_SAVED:
        return N_("Observation saved");
    case TOLD_SEALED:
        return N_("Sealed. This tablet keeps only its number.");
    case TOLD_UNDONE:
        return N_("Taken back. It is a draft again.");
    case TOLD_CHECKED_IN:
        return N_("Checked in");
    case TOLD_ASKED:
        return N_("Question kept. It goes with the next sync.");
    case TOLD_TASK_CLOSED:
        return N_("Task closed");
    case TOLD_ENTRY_MADE:
        return N_("Entry written");
    case TOLD_PHOTO_KEPT:
        return N_("Photo kept");
    case TOLD_RECORDING_KEPT:
        return N_("Recording kept");
    case TOLD_SETTLED:
        return N_("Settled. The others stay in its history.");
    case TOLD_CHANGED:
        return N_("Changed meanwhile. Look at it again.");
    case TOLD_SOS_SENT:
        return N_("The control room sees your call for help.");
    case TOLD_SOS_ANSWERED:
        return N_("The control room has taken your call for help.");
    case TOLD_LEFT_BEAT:
        return N_("You have left your beat.");
    case TOLD_ENTERED_BEAT:
        return N_("You are back in your beat.");
    case TOLD_VISIT_STARTED:
        return N_("Visit begun");
    case TOLD_VISIT_ENDED:
        return N_("Visit ended");
    case TOLD_CALL_999:
        return N_("Recorded. Now call 999 or use your radio.");
    case TOLD_SOS_SHUT:
        return N_("Not sent from here: call 999 or use your radio now.");
    case TOLD_SOS_NOT_SENT:
        return N_("SOS not sent. Hold for 2 seconds.");
    case TOLD_FAILED:
        return toast_error(told->err);
    case TOLD_DAMAGED:
        return N_("This notebook file is damaged. Your PIN again makes a new "
                  "one. Nothing is deleted.");
    case TOLD_PIN_SET:
        return N_("Your new PIN is set on this tablet");
    case TOLD_DURESS_SET:
        return N_("Your duress PIN is set");
    case TOLD_DURESS_SAME:
        return N_("That is your PIN. Choose another one.");
    case TOLD_PATROL_RUNS:
        return N_("A patrol runs on this tablet. End it before you practise.");
    case TOLD_NO_PHOTO_ROOM:
        return N_("No room for more photos. Words can still be saved.");
    case TOLD_FIELD_FULL:
        return N_("This field is full. No more letters fit.");
    case TOLD_MENDED:
        return N_("A new notebook file was made. The damaged one is kept.");
    default:
        return review_words(told->told);
    }
}

static const char *said(struct ui *ui, const struct view_told *told)
{
    const char *name = ui_iso(ui, told->name);

    switch (told->told) {
    case TOLD_IN_HOTSPOT:
        return ui_fmt(ui, tr("You are in a hotspot: %s"), name);
    case TOLD_OUT_HOTSPOT:
        return ui_fmt(ui, tr("You have left the hotspot %s"), name);
    default:
        return tr(words_of(told));
    }
}

/* How much written area of what is drawn so far lies under `r`. */
static int words_under(const struct draw_list *l, struct rect r)
{
    struct rect clips[CLIPS_MAX];
    int depth = 0;
    int area = 0;

    clips[0] = rect_make(0, 0, l->width, l->height);
    r = draw_flip(l, r);
    for (int i = 0; i < l->count; i++) {
        const struct draw_cmd *c = &l->cmds[i];

        if (c->kind == DRAW_CLIP && depth + 1 < CLIPS_MAX) {
            clips[depth + 1] = rect_intersect(clips[depth], c->box);
            depth++;
        } else if (c->kind == DRAW_UNCLIP && depth > 0) {
            depth--;
        } else if (c->kind == DRAW_TEXT) {
            const struct rect seen =
                rect_intersect(rect_intersect(c->box, clips[depth]), r);

            area += seen.w * seen.h;
        }
    }
    return area;
}

/* The same of what can be touched; a line of the notebook's page is mostly
 * paper, a button that is half hidden is missed. */
static int targets_under(const struct ui *ui, struct rect r)
{
    int area = 0;

    r = draw_flip(&ui->list, r);
    for (int i = 0; i < ui->target_count; i++) {
        const struct target *t = &ui->targets[i];
        const struct rect seen =
            rect_intersect(rect_intersect(t->box, t->clip), r);

        area +=
            seen.w * seen.h *
            ((t->flags & (UI_WRITTEN | UI_GROUND)) != 0 ? 1 : CONTROLS_WEIGH);
    }
    return area;
}

static int cost_at(const struct ui *ui, struct rect r)
{
    return words_under(&ui->list, r) * WORDS_WEIGH + targets_under(ui, r);
}

/* Above the action bar; where there is none, as low in the lower half as
 * hides the fewest words and the least of the controls: in the middle, or
 * beside it. */
static struct rect place_toast(const struct ui *ui, struct rect r, int side)
{
    const int lowest = ui->height - ui->foot - TOAST_GAP - r.h;
    const int across[3] = { r.x, side + TOAST_GAP,
                            ui->width - TOAST_GAP - r.w };
    struct rect best = rect_make(r.x, lowest, r.w, r.h);
    int least = INT_MAX;

    if (ui->shows_keyboard) {
        best.y = ui->height - keyboard_height(ui) - TOAST_GAP - r.h;
        return best;
    }
    if (ui->has_actions) {
        return best;
    }
    for (size_t i = 0; i < ARRAY_LEN(across); i++) {
        r.x = across[i];
        for (r.y = lowest; least > 0 && r.y > ui->height / 2;
             r.y -= LOOK_STEP) {
            const int cost = cost_at(ui, r);

            if (cost < least) {
                least = cost;
                best = r;
            }
        }
    }
    return best;
}

static bool is_bad(enum told told)
{
    return told == TOLD_FAILED || told == TOLD_DAMAGED ||
           told == TOLD_SOS_NOT_SENT || told == TOLD_SOS_SHUT ||
           told == TOLD_FIELD_FULL || told == TOLD_NO_PHOTO_ROOM ||
           told == TOLD_PATROL_RUNS || told == TOLD_CHANGED;
}

void toast_draw(struct ui *ui, const struct view_told *told)
{
    const int icon = ui_icon_size(ui, S_ICON);
    const bool has_undo = told->told == TOLD_SAVED;
    const char *words = said(ui, told);
    const int undo_w =
        has_undo ? ui_text_width(ui, TYPE_LABEL, tr("Undo")) + 48 : 0;
    const int side = ui->height > ui->width ? 0 : ui_step(ui, 96, 120, 160);
    const int most = ui->width - side - 48;
    const int frame = 48 + icon + 12 + undo_w; /* all but the words */
    int w = ui_text_width(ui, TYPE_LABEL, words) + frame;
    struct rect r;
    int text;

    w = w < TOAST_W ? TOAST_W : w;
    w = w > most ? most : w;
    text = ui_text_height(ui, TYPE_LABEL, words, w - frame);
    r.w = w;
    r.h = text + 32 < TOAST_H ? TOAST_H : text + 32;
    r.x = side + (ui->width - side - w) / 2;
    r = place_toast(ui, r, side);
    (void)ui_box(ui, r, COLOR_TEXT, COLOR_NONE, 0, R_CARD);
    ui_icon(ui, r.x + 24, r.y + (r.h - icon) / 2, icon,
            is_bad(told->told) ? ICON_ALERT : ICON_CHECK, COLOR_BG);
    (void)ui_text(ui, rect_make(r.x + 36 + icon, r.y, w - frame, r.h),
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
