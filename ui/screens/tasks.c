#include "ui/screens/tasks.h"

#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/screens/home.h"
#include "ui/sheet.h"

#define NEXT_MOST 2 /* on the home screen */

/* What is kept is the English word: the council reads it. */
static const char *const reasons[] = {
    N_("No time"),
    N_("Called away"),
    N_("Could not get in"),
    N_("Not safe"),
    N_("Nothing there any more"),
};
static const char *const reason_keys[] = { "time", "called", "access", "safe",
                                           "gone" };

/* --- words --- */

static const char *title_of(struct ui *ui, const struct view_task *t)
{
    if (t->kind == TASK_CHECK_IN) {
        return tr("Welfare check-in");
    }
    if (t->kind == TASK_HOTSPOT) {
        return ui_fmt(ui, tr("Hotspot: %s"), ui_iso(ui, t->title));
    }
    return t->title;
}

static const char *detail_of(struct ui *ui, const struct view_task *t)
{
    const int left = t->minutes_goal - t->minutes_done;
    const char *at = ui_iso(ui, fmt_time(ui, t->closed_ms));

    if (t->state == TASK_STATE_DONE) {
        return ui_fmt(ui, tr("Done %s, %s"), at, ui_iso(ui, t->closed_by));
    }
    if (t->state == TASK_STATE_NOT_DONE) {
        return ui_fmt(ui, tr("Not done, %s: %s"), ui_iso(ui, t->closed_by),
                      ui_iso(ui, tr(t->reason)));
    }
    if (t->kind == TASK_CHECK_IN) {
        return tr("Control raises the alarm if this is missed");
    }
    if (t->kind == TASK_HOTSPOT) {
        return ui_fmt(ui, tr("%d of %d minutes today, %d left"),
                      t->minutes_done, t->minutes_goal, left > 0 ? left : 0);
    }
    return t->detail;
}

static enum icon icon_of(const struct view_task *t)
{
    return t->state == TASK_STATE_DONE       ? ICON_CHECK_O
           : t->state == TASK_STATE_NOT_DONE ? ICON_CROSS_O
           : t->kind == TASK_CHECK_IN        ? ICON_TIMER
           : t->kind == TASK_HOTSPOT         ? ICON_PIN
                                             : ICON_FLAG;
}

static const struct view_task *task_of(const struct view_home *h,
                                       const char *id)
{
    for (int i = 0; i < h->task_count; i++) {
        if (strcmp(h->tasks[i].id, id) == 0) {
            return &h->tasks[i];
        }
    }
    return NULL;
}

/* --- handle --- */

static enum go told(struct nav *nav, enum err err)
{
    if (err) {
        nav_failed(nav, err);
    }
    return GO_STAY;
}

static enum go show_on_map(const struct view_task *t, struct nav *nav)
{
    if (t != NULL) {
        snprintf(nav->area, sizeof(nav->area), "%s", t->area);
    }
    return GO_MAP;
}

static enum go open_task(struct tasks_model *m, const struct view_task *t,
                         struct nav *nav)
{
    if (t->kind == TASK_CHECK_IN) {
        return told(nav, app_check_in(nav->app, t->id));
    }
    if (t->kind == TASK_HOTSPOT && m->sheet == TASKS_NONE) {
        return show_on_map(t, nav);
    }
    m->sheet = TASKS_ONE;
    snprintf(m->id, sizeof(m->id), "%s", t->id);
    return GO_STAY;
}

static enum go close_task(struct tasks_model *m, struct nav *nav, bool is_done,
                          const char *reason)
{
    const enum err err = app_close_task(nav->app, m->id, is_done, reason);

    m->sheet = TASKS_NONE;
    return told(nav, err);
}

static enum go sheet_event(struct tasks_model *m, const struct ui_event *ev,
                           struct nav *nav)
{
    if (ev->id == CTL_SHEET_CANCEL || ev->kind == UI_GO_BACK) {
        m->sheet = m->sheet == TASKS_WHY ? TASKS_ONE : TASKS_NONE;
        return GO_STAY;
    }
    if (ev->kind != UI_TAP) {
        return GO_STAY;
    }
    if (m->sheet == TASKS_ONE && ev->id == CTL_SHEET_DONE) {
        return close_task(m, nav, true, "");
    }
    if (m->sheet == TASKS_ONE && ev->id == CTL_TASK_NOT_DONE) {
        m->sheet = TASKS_WHY;
    } else if (m->sheet == TASKS_ONE && ev->id == CTL_TASK_MAP) {
        return show_on_map(task_of(&app_views(nav->app)->home, m->id), nav);
    } else if (m->sheet == TASKS_WHY && ev->id == CTL_SHEET_CHOICE) {
        return close_task(m, nav, false, reasons[ev->index]);
    }
    return GO_STAY;
}

bool tasks_handle(struct tasks_model *m, const struct ui_event *ev,
                  struct nav *nav, enum go *go_out)
{
    const struct view_home *h = &app_views(nav->app)->home;

    *go_out = GO_STAY;
    if (ev->kind == UI_TAP && ev->id == CTL_HOME_TASK) {
        if (ev->index < h->task_count) {
            *go_out = open_task(m, &h->tasks[ev->index], nav);
        }
        return true;
    }
    if (m->sheet != TASKS_NONE) {
        *go_out = sheet_event(m, ev, nav);
        return true;
    }
    if (ev->kind == UI_TAP && ev->id == CTL_HOME_TASKS) {
        m->sheet = TASKS_ALL;
        return true;
    }
    return false;
}

/* --- draw: rows --- */

static int row_draw(struct ui *ui, struct rect r, const struct view_task *t,
                    int index)
{
    const bool is_open = t->state == TASK_STATE_OPEN;
    const struct button ok = { .kind = BUTTON_PRIMARY_SMALL,
                               .id = CTL_HOME_TASK,
                               .index = (uint16_t)index,
                               .key = fmt_number(ui, index),
                               .icon = ICON_CHECK,
                               .label = tr("I’m OK") };
    const struct button open = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_HOME_TASK,
                                 .index = (uint16_t)index,
                                 .key = fmt_number(ui, index),
                                 .label = tr("Open") };
    const struct button *b = t->kind == TASK_CHECK_IN ? &ok : &open;
    const int button_w = is_open ? button_width(ui, b) : 0;
    const int time_w = ui_text_width(ui, TYPE_TITLE_S, fmt_time(ui, t->due_ms));
    const int icon = ui_icon_size(ui, 28);
    const int before = 20 + (time_w < 60 ? 60 : time_w) + 16 + icon + 16;
    const int room = r.w - before - 16 - button_w - 20;
    const bool stacked = is_open && room < 220;
    const int text_w = stacked ? r.w - before - 20 : room;
    const int words = ui_text_height(ui, TYPE_LABEL, title_of(ui, t), text_w) +
                      ui_text_height(ui, TYPE_SMALL, detail_of(ui, t), text_w);
    const int bh = is_open ? button_height(ui, b, button_w) : 0;
    struct rect row;
    int h = words + 16 + (stacked ? bh + 8 : 0);
    int y;

    h = h < S_ROW ? S_ROW : h;
    h = !stacked && h < bh + 16 ? bh + 16 : h;
    y = r.y + (stacked ? 8 : (h - words) / 2);
    (void)ui_text(ui,
                  rect_make(r.x + 20, r.y, time_w, stacked ? words + 16 : h),
                  TYPE_TITLE_S, is_open ? COLOR_TEXT : COLOR_TEXT_2, UI_MID,
                  fmt_time(ui, t->due_ms));
    ui_icon(ui, r.x + before - 16 - icon,
            r.y + ((stacked ? words + 16 : h) - icon) / 2, icon, icon_of(t),
            t->state == TASK_STATE_DONE       ? COLOR_OK_TEXT
            : t->state == TASK_STATE_NOT_DONE ? COLOR_WARN_TEXT
                                              : COLOR_TEXT);
    y += ui_text(ui, rect_make(r.x + before, y, text_w, 0), TYPE_LABEL,
                 is_open ? COLOR_TEXT : COLOR_TEXT_2, 0, title_of(ui, t));
    (void)ui_text(ui, rect_make(r.x + before, y, text_w, 0), TYPE_SMALL,
                  COLOR_TEXT_2, 0, detail_of(ui, t));
    row = rect_make(r.x, stacked ? r.y + h - bh - 8 : r.y, r.w - 20,
                    stacked ? bh : h);
    if (is_open) {
        button_at_end(ui, &row, 0, b);
    }
    return h;
}

static int rows_draw(struct ui *ui, struct rect r, const struct view_home *h,
                     int count, int64_t now_ms)
{
    int y = r.y;

    for (int i = 0; i < count; i++) {
        ui_hline(ui, r.x, y, r.w, COLOR_LINE);
        y += strcmp(h->tasks[i].id, VIEW_WELFARE) == 0
                 ? check_in_row(ui, rect_make(r.x, y, r.w, 0), &h->welfare, i,
                                now_ms)
                 : row_draw(ui, rect_make(r.x, y, r.w, 0), &h->tasks[i], i);
    }
    return y - r.y;
}

int tasks_draw_next(struct ui *ui, struct rect r, const struct view_home *h,
                    int64_t now_ms)
{
    const int line = ui_line(ui, TYPE_LABEL);
    const int head = line + 30 < 54 ? 54 : line + 30;
    const int card = ui_card(ui, r);
    const int n = h->open_count < NEXT_MOST ? h->open_count : NEXT_MOST;
    const char *all = ui_fmt(
        ui, trn("All %d task", "All %d tasks", (unsigned long)h->task_count),
        h->task_count);
    int y;

    (void)ui_text(ui, rect_make(r.x + 21, r.y + 1, r.w - 42, head),
                  TYPE_TITLE_S, COLOR_TEXT, UI_MID, tr("Next"));
    if (h->task_count > 0) {
        const int w = ui_text_width(ui, TYPE_LABEL, all) + 24;
        const struct rect t = rect_make(r.x + r.w - 9 - w, r.y, w, head + 2);

        (void)ui_text(ui, rect_inset(t, 12, 0), TYPE_LABEL, COLOR_PRIMARY_TEXT,
                      UI_MID, all);
        ui_target(ui, t, CTL_HOME_TASKS, 0, NULL, R_CARD, 0, all);
    }
    y = r.y + 1 + head;
    if (n == 0) {
        y +=
            ui_text(ui, rect_make(r.x + 21, y, r.w - 42, 0), TYPE_BODY,
                    COLOR_TEXT_2, 0, tr("Nothing set. Patrol your hotspots.")) +
            20;
    } else {
        y += rows_draw(ui, rect_make(r.x + 1, y, r.w - 2, 0), h, n, now_ms) + 1;
    }
    y = y < r.y + r.h ? r.y + r.h : y;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

/* --- draw: sheets --- */

static void draw_all(struct ui *ui, const struct view_home *h, int64_t now_ms)
{
    struct sheet sheet = { .title = tr("Tasks"), .width = 720 };
    const struct rect r = sheet_begin(ui, &sheet);

    sheet_end(ui, &sheet, r.y + rows_draw(ui, r, h, h->task_count, now_ms));
}

static int line_draw(struct ui *ui, struct rect r, enum type type,
                     const char *text)
{
    return text[0] == '\0' ? 0 : ui_text(ui, r, type, COLOR_TEXT, 0, text) + 8;
}

static void draw_one(struct ui *ui, const struct view_task *t, int64_t now_ms)
{
    struct sheet sheet = { .title = title_of(ui, t),
                           .width = 640,
                           .done = tr("Done") };
    const struct rect r = sheet_begin(ui, &sheet);
    const struct button not_done = { .kind = BUTTON_SECONDARY,
                                     .id = CTL_TASK_NOT_DONE,
                                     .icon = ICON_CROSS_O,
                                     .label = tr("Not done") };
    const struct button map = { .kind = BUTTON_SECONDARY,
                                .id = CTL_TASK_MAP,
                                .icon = ICON_MAP,
                                .label = tr("Show on map") };
    int y = r.y;

    y += line_draw(
        ui, rect_make(r.x, y, r.w, 0), TYPE_BODY_B,
        ui_fmt(ui, tr("Due %s"), ui_iso(ui, fmt_when(ui, t->due_ms, now_ms))));
    if (t->kind == TASK_HOTSPOT) {
        y += line_draw(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY,
                       detail_of(ui, t));
    }
    y += line_draw(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, t->place);
    y += line_draw(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, t->text);
    if (t->from[0] != '\0') {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                     ui_fmt(ui, tr("From %s"), ui_iso(ui, t->from))) +
             8;
    }
    y += 8;
    if (t->kind == TASK_HOTSPOT || t->area[0] != '\0') {
        const int h = button_height(ui, &map, r.w);

        button_draw(ui, rect_make(r.x, y, r.w, h), &map);
        y += h + 12;
    }
    button_draw(ui, rect_make(r.x, y, r.w, button_height(ui, &not_done, r.w)),
                &not_done);
    sheet_end(ui, &sheet, y + button_height(ui, &not_done, r.w));
}

static void draw_why(struct ui *ui)
{
    struct sheet sheet = { .title = tr("Why was it not done?"), .width = 464 };
    const struct rect r = sheet_begin(ui, &sheet);

    sheet_end(
        ui, &sheet,
        sheet_choices(ui, r, reasons, reason_keys, ARRAY_LEN(reasons), -1));
}

void tasks_draw_sheet(struct ui *ui, const struct tasks_model *m,
                      const struct views *v)
{
    const struct view_task *t = task_of(&v->home, m->id);

    if (m->sheet == TASKS_WHY) {
        draw_why(ui);
    } else if (m->sheet == TASKS_ONE && t != NULL) {
        draw_one(ui, t, v->status.now_ms);
    } else if (m->sheet != TASKS_NONE) {
        draw_all(ui, &v->home, v->status.now_ms);
    }
}
