/* check_in.c - the welfare check: due, late, seen by control or not. */
#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/tr.h"
#include "ui/screens/home.h"

/* From amber to red (design, screen 02). */
#define LATE_MS 60000

struct look {
    enum color fill, ink, soft; /* soft: of the second line */
    const char *words;
};

static struct look look_of(const struct view_welfare *w, int64_t late_ms)
{
    struct look l = { COLOR_NONE, COLOR_TEXT, COLOR_TEXT_2,
                      tr("Control raises the alarm if this is missed") };

    if (late_ms >= LATE_MS) {
        l = (struct look){ COLOR_DANGER_SOFT, COLOR_ON_DANGER_SOFT,
                           COLOR_ON_DANGER_SOFT,
                           late_ms < w->grace_ms
                               ? tr("Late. Control will be told.")
                               : tr("Late. Control has been told.") };
    } else if (late_ms >= 0) {
        l = (struct look){ COLOR_WARN_SOFT, COLOR_ON_WARN_SOFT,
                           COLOR_ON_WARN_SOFT, tr("Due now. Are you OK?") };
    }
    if (!w->is_seen) {
        l.words = tr("Control cannot see your check-ins now. Use your radio.");
        l.soft = l.fill == COLOR_NONE ? COLOR_WARN_TEXT : l.soft;
    }
    return l;
}

int check_in_row(struct ui *ui, struct rect r, const struct view_welfare *w,
                 int index, int64_t now_ms)
{
    const struct button ok = { .kind = BUTTON_PRIMARY_SMALL,
                               .id = CTL_HOME_TASK,
                               .index = (uint16_t)index,
                               .key = fmt_number(ui, index),
                               .icon = ICON_CHECK,
                               .label = tr("I’m OK") };
    const struct look look = look_of(w, now_ms - w->due_ms);
    const char *time = fmt_time(ui, w->due_ms);
    const char *title = tr("Welfare check-in");
    const int time_w = ui_text_width(ui, TYPE_TITLE_S, time);
    const int icon = ui_icon_size(ui, 28);
    const int before = 20 + (time_w < 60 ? 60 : time_w) + 16 + icon + 16;
    const int room = r.w - before - 16 - button_width(ui, &ok) - 20;
    const bool stacked = room < 220;
    const int text_w = stacked ? r.w - before - 20 : room;
    const int words = ui_text_height(ui, TYPE_LABEL, title, text_w) +
                      ui_text_height(ui, TYPE_SMALL, look.words, text_w);
    const int bh = button_height(ui, &ok, button_width(ui, &ok));
    const int head = stacked ? words + 16 : 0;
    struct rect row;
    int h = words + 16 + (stacked ? bh + 8 : 0);
    int y;

    h = h < S_ROW ? S_ROW : h;
    h = !stacked && h < bh + 16 ? bh + 16 : h;
    if (look.fill != COLOR_NONE) {
        (void)ui_box(ui, rect_make(r.x, r.y + 1, r.w, h - 1), look.fill,
                     COLOR_NONE, 0, 0);
    }
    (void)ui_text(ui, rect_make(r.x + 20, r.y, time_w, stacked ? head : h),
                  TYPE_TITLE_S, look.ink, UI_MID, time);
    ui_icon(ui, r.x + before - 16 - icon,
            r.y + ((stacked ? head : h) - icon) / 2, icon, ICON_TIMER,
            look.ink);
    y = r.y + (stacked ? 8 : (h - words) / 2);
    y += ui_text(ui, rect_make(r.x + before, y, text_w, 0), TYPE_LABEL,
                 look.ink, 0, title);
    (void)ui_text(ui, rect_make(r.x + before, y, text_w, 0), TYPE_SMALL,
                  look.soft, 0, look.words);
    row = rect_make(r.x, stacked ? r.y + h - bh - 8 : r.y, r.w - 20,
                    stacked ? bh : h);
    button_at_end(ui, &row, 0, &ok);
    return h;
}
