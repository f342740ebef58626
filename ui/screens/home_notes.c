#include "ui/screens/home_notes.h"

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/screens/begun.h"

struct strip {
    uint16_t id;
    enum icon icon;
    enum color mark;
    const char *words;
};

static int draw_strip(struct ui *ui, struct rect r, const struct strip *s)
{
    const char *words = s->words;
    const int icon = ui_icon_size(ui, 28);
    const int room = r.w - 40 - 2 * icon - 32;

    r.h = ui_text_height(ui, TYPE_LABEL, words, room) + 40;
    (void)ui_card(ui, r);
    ui_icon(ui, r.x + 20, r.y + (r.h - icon) / 2, icon, s->icon, s->mark);
    (void)ui_text(ui, rect_make(r.x + 36 + icon, r.y, room, r.h), TYPE_LABEL,
                  COLOR_TEXT, UI_MID, words);
    ui_icon(ui, r.x + r.w - 20 - icon, r.y + (r.h - icon) / 2, icon, ICON_FWD,
            COLOR_TEXT);
    ui_target(ui, r, s->id, 0, NULL, R_CARD, 0, words);
    return r.h + 16;
}

static int pin_note(struct ui *ui, struct rect r, int hours)
{
    const struct strip s = {
        CTL_HOME_PIN, ICON_LOCK, COLOR_WARN_TEXT,
        ui_fmt(ui,
               trn("Your PIN is too old. It lets you in for %d hour more: "
                   "choose a new one.",
                   "Your PIN is too old. It lets you in for %d hours more: "
                   "choose a new one.",
                   (unsigned long)hours),
               hours)
    };

    return draw_strip(ui, r, &s);
}

/* Before a patrol only: on it nothing of this can be changed. */
static int check_note(struct ui *ui, struct rect r, int looks)
{
    const struct strip right = { CTL_HOME_CHECK, ICON_CHECK, COLOR_OK_TEXT,
                                 tr("This tablet is ready for the shift") };
    const struct strip look = { CTL_HOME_CHECK, ICON_WARN, COLOR_WARN_TEXT,
                                ui_fmt(
                                    ui,
                                    trn("%d thing to look at before you start",
                                        "%d things to look at before you start",
                                        (unsigned long)looks),
                                    looks) };

    return draw_strip(ui, r, looks > 0 ? &look : &right);
}

int home_notes(struct ui *ui, struct rect r, const struct view_home *h)
{
    struct strip s = { CTL_HOME_CONFLICTS, ICON_SPLIT, COLOR_WARN_TEXT, "" };
    int y = r.y;

    if (h->pin_hours_left >= 0) {
        y += pin_note(ui, rect_make(r.x, y, r.w, 0), h->pin_hours_left);
    }
    if (h->clock_off_s != 0) {
        y += banner_draw(ui, rect_make(r.x, y, r.w, 0), BANNER_WARN, ICON_CLOCK,
                         tr("GPS and this tablet’s clock differ. Both times "
                            "are kept.")) +
             16;
    }
    if (h->ask_count > 0) {
        s = (struct strip){ CTL_HOME_ASKED, ICON_QUESTION, COLOR_WARN_TEXT,
                            ui_fmt(ui,
                                   trn("%d question from %s",
                                       "%d questions from %s",
                                       (unsigned long)h->ask_count),
                                   h->ask_count, ui_iso(ui, h->asked_by)) };
        y += draw_strip(ui, rect_make(r.x, y, r.w, 0), &s);
        s = (struct strip){ CTL_HOME_CONFLICTS, ICON_SPLIT, COLOR_WARN_TEXT,
                            "" };
    }
    if (h->conflict_count > 0) {
        s.words = ui_fmt(ui,
                         trn("%d record has two versions to settle",
                             "%d records have two versions to settle",
                             (unsigned long)h->conflict_count),
                         h->conflict_count);
        y += draw_strip(ui, rect_make(r.x, y, r.w, 0), &s);
    }
    if (h->begun_count > 0) {
        s = (struct strip){ CTL_HOME_DRAFT, ICON_EDIT, COLOR_WARN_TEXT,
                            ui_fmt(ui,
                                   trn("%d draft: %s", "%d drafts, last: %s",
                                       (unsigned long)h->begun_count),
                                   h->begun_count,
                                   begun_title(ui, &h->begun[0])) };
        y += draw_strip(ui, rect_make(r.x, y, r.w, 0), &s);
    }
    if (h->patrol == PATROL_OFF && h->is_checked) {
        y += check_note(ui, rect_make(r.x, y, r.w, 0), h->check_looks);
    }
    return y - r.y;
}
