/* screen_review.c - one patrol log: approve what is right, ask about what
 * is not, without changing anyone's words. */
#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/field.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"
#include "ui/screens/review.h"
#include "ui/sheet.h"
#include "ui/sign.h"

#define MAP_H   382
#define MAP_LOW 240

enum review_sheet {
    REVIEW_NO_SHEET,
    REVIEW_ENTRY,
    REVIEW_ASKS,
    REVIEW_WHY,
    REVIEW_UNSEEN
};

struct review_model {
    enum review_sheet sheet;
    char chosen[VIEW_ID_SIZE]; /* entry */
    char text[VIEW_WORDS_SIZE];
    struct sign sign;
    char log[VIEW_ID_SIZE]; /* whose entries were opened here */
    char seen[VIEW_LOG_ENTRIES][VIEW_ID_SIZE];
    int seen_count;
};

static void review_enter(void *model, struct nav *nav)
{
    (void)model;
    (void)nav;
}

static int chosen_of(const struct review_model *m,
                     const struct view_review_log *v)
{
    for (int i = 0; i < v->entry_count; i++) {
        if (m->chosen[0] != '\0' && strcmp(v->entries[i].id, m->chosen) == 0) {
            return i;
        }
    }
    return -1;
}

/* --- what was looked at --- */

static bool is_seen(const struct review_model *m, const char *id)
{
    for (int i = 0; i < m->seen_count; i++) {
        if (strcmp(m->seen[i], id) == 0) {
            return true;
        }
    }
    return false;
}

static void see(struct review_model *m, const struct view_review_log *v,
                const char *id)
{
    if (strcmp(m->log, v->item.id) != 0) {
        m->seen_count = 0;
        snprintf(m->log, sizeof(m->log), "%s", v->item.id);
    }
    if (m->seen_count < VIEW_LOG_ENTRIES && !is_seen(m, id)) {
        snprintf(m->seen[m->seen_count++], VIEW_ID_SIZE, "%s", id);
    }
}

/* Records that wait for a look and were not opened; who may not read a closed
 * one can't. */
static int unseen(const struct review_model *m, const struct view_review_log *v)
{
    const bool is_same = strcmp(m->log, v->item.id) == 0;
    int count = 0;

    for (int i = 0; i < v->entry_count; i++) {
        const struct view_log_entry *e = &v->entries[i];

        count += e->sort == VIEW_LOG_RECORD && e->mark == VIEW_TO_LOOK_AT &&
                 !(is_same && is_seen(m, e->id));
    }
    return count;
}

/* --- may it be approved --- */

static bool is_all_here(const struct view_review_item *i)
{
    return i->ended_ms != 0 && i->here >= i->total;
}

static bool may_approve(const struct view_review_log *v)
{
    return is_all_here(&v->item) && !v->item.is_own && v->item.conflicts == 0 &&
           v->item.state != VIEW_LOG_APPROVED && v->item.id[0] != '\0';
}

/* What stands in its way; "" for nothing. */
static const char *obstacle(struct ui *ui, const struct view_review_log *v)
{
    if (v->item.id[0] == '\0') {
        return "";
    }
    if (v->item.is_own) {
        return tr("Your own log: needs another team leader");
    }
    if (!is_all_here(&v->item)) {
        return v->item.ended_ms == 0
                   ? tr("Can be approved once the patrol has ended")
                   : tr("Can be approved once all of it is here");
    }
    if (v->item.conflicts > 0) {
        return ui_fmt(ui,
                      trn("%d entry has two versions: settle it first",
                          "%d entries have two versions: settle them first",
                          (unsigned long)v->item.conflicts),
                      v->item.conflicts);
    }
    return "";
}

/* --- handle --- */

static enum go told(struct nav *nav, enum err err)
{
    if (err) {
        nav_failed(nav, err);
    }
    return GO_STAY;
}

static void close_sheet(struct review_model *m, struct nav *nav)
{
    m->sheet = REVIEW_NO_SHEET;
    m->text[0] = '\0';
    ui_forget(&nav->ui);
}

static enum go say(struct review_model *m, struct nav *nav, bool approves)
{
    const struct view_review_log *v = &app_views(nav->app)->review;
    const bool needs_reason = approves && review_is_wrong(v);

    if (approves && m->sheet == REVIEW_NO_SHEET && unseen(m, v) > 0) {
        m->sheet = REVIEW_UNSEEN;
        return GO_STAY;
    }
    if (needs_reason && m->sheet != REVIEW_WHY) {
        m->sheet = REVIEW_WHY;
        return GO_STAY;
    }
    (void)told(nav, app_review(nav->app, v->item.id, approves,
                               needs_reason ? m->text : ""));
    close_sheet(m, nav);
    return GO_STAY;
}

static void keep_question(struct review_model *m, struct nav *nav)
{
    (void)told(nav, app_say(nav->app, CMD_PUT_QUESTION, m->chosen, m->text));
    close_sheet(m, nav);
}

static void open_question(struct review_model *m,
                          const struct view_review_log *v)
{
    const int at = chosen_of(m, v);

    m->sheet = REVIEW_ASKS;
    m->text[0] = '\0';
    if (at >= 0) {
        snprintf(m->text, sizeof(m->text), "%s", v->entries[at].draft);
    }
}

static enum go sheet_event(struct review_model *m, const struct ui_event *ev,
                           struct nav *nav)
{
    const struct view_review_log *v = &app_views(nav->app)->review;
    enum err err;

    if (ev->kind == UI_EDITED) {
        snprintf(m->text, sizeof(m->text), "%.*s", VIEW_WORDS_SIZE - 1,
                 ev->text);
    } else if (ev->kind == UI_GO_BACK ||
               (ev->kind == UI_TAP && ev->id == CTL_SHEET_CANCEL)) {
        close_sheet(m, nav);
    } else if (ev->kind == UI_TAP && ev->id == CTL_REVIEW_ASK) {
        open_question(m, v);
    } else if (ev->kind == UI_TAP && ev->id == CTL_REVIEW_SETTLE) {
        err = app_open_conflict(nav->app, m->chosen);
        (void)told(nav, err);
        return err ? GO_STAY : GO_CONFLICT;
    } else if (ev->kind == UI_SAVE ||
               (ev->kind == UI_TAP && ev->id == CTL_SHEET_DONE)) {
        if (m->sheet == REVIEW_ASKS) {
            keep_question(m, nav);
        } else if (m->sheet == REVIEW_UNSEEN ||
                   (m->sheet == REVIEW_WHY && m->text[0] != '\0')) {
            return say(m, nav, true);
        }
    }
    return GO_STAY;
}

static enum go sign_it(struct review_model *m, const struct ui_event *ev,
                       struct nav *nav)
{
    struct hand hand;

    if (sign_event(&m->sign, ev, &nav->ui, &hand) == SIGN_DONE) {
        return told(nav, app_sign(nav->app, CMD_COUNTERSIGN,
                                  app_views(nav->app)->review.item.id, &hand));
    }
    return GO_STAY;
}

static enum go review_handle(void *model, const struct ui_event *ev,
                             struct nav *nav)
{
    const struct view_review_log *v = &app_views(nav->app)->review;
    struct review_model *m = model;

    if (m->sign.is_open) {
        return sign_it(m, ev, nav);
    }
    if (m->sheet != REVIEW_NO_SHEET) {
        return sheet_event(m, ev, nav);
    }
    if (ev->kind != UI_TAP) {
        return ev->kind == UI_GO_BACK ? GO_BACK : GO_STAY;
    }
    switch (ev->id) {
    case CTL_REVIEW_ENTRY:
        if (ev->index < v->entry_count) {
            snprintf(m->chosen, sizeof(m->chosen), "%s",
                     v->entries[ev->index].id);
            m->sheet = REVIEW_ENTRY;
            see(m, v, m->chosen);
            (void)told(nav, m->chosen[0] != '\0'
                                ? app_read_record(nav->app, m->chosen)
                                : ERR_OK);
        }
        return GO_STAY;
    case CTL_REVIEW_BACK:
        return say(m, nav, false);
    case CTL_REVIEW_APPROVE:
        return say(m, nav, true);
    case CTL_REVIEW_SIGN:
        sign_open(&m->sign, &nav->ui);
        return GO_STAY;
    default:
        return GO_STAY;
    }
}

/* --- draw --- */

static const char *summary(struct ui *ui, const struct view_review_log *v)
{
    const int drafts = review_drafts(v);
    const int questions = v->asked + drafts;
    const int left = v->to_look_at - drafts;
    const int all = v->reviewed + v->asked + v->to_look_at;

    return ui_fmt(
        ui, "%s %s, %s, %s",
        ui_fmt(ui, trn("%d entry:", "%d entries:", (unsigned long)all), all),
        ui_fmt(ui,
               trn("%d reviewed", "%d reviewed", (unsigned long)v->reviewed),
               v->reviewed),
        ui_fmt(ui, trn("%d question", "%d questions", (unsigned long)questions),
               questions),
        ui_fmt(ui,
               trn("%d to look at", "%d to look at",
                   (unsigned long)(left > 0 ? left : 0)),
               left > 0 ? left : 0));
}

static void words_draw(struct ui *ui, struct rect row,
                       const struct view_review_log *v, bool is_wide)
{
    const char *why = is_wide ? obstacle(ui, v) : ""; /* else a banner does */
    const char *words = why[0] != '\0' ? why : summary(ui, v);
    const int icon = ui_icon_size(ui, S_ICON);
    const int w = row.w - icon - 13 - 16;

    if (w < 160 || v->item.id[0] == '\0' ||
        ui_text_height(ui, TYPE_SMALL, words, w) > row.h) {
        return;
    }
    ui_icon(ui, row.x, row.y + (row.h - icon) / 2, icon,
            why[0] != '\0' ? ICON_INFO : ICON_REVIEW, COLOR_TEXT);
    (void)ui_text(ui, rect_make(row.x + icon + 13, row.y, w, row.h),
                  ui_text_height(ui, TYPE_BODY, words, w) <= row.h ? TYPE_BODY
                                                                   : TYPE_SMALL,
                  COLOR_TEXT, UI_MID, words);
}

static struct button back_button(struct ui *ui, int drafts)
{
    return (struct button){ .kind = BUTTON_SECONDARY,
                            .id = CTL_REVIEW_BACK,
                            .icon = ICON_UNDO,
                            .label = ui_fmt(ui,
                                            trn("Send back with %d question",
                                                "Send back with %d questions",
                                                (unsigned long)drafts),
                                            drafts) };
}

static void actions_draw(struct ui *ui, struct rect row,
                         const struct view_review_log *v, bool is_wide)
{
    const int drafts = review_drafts(v);
    const bool is_rest = drafts + v->asked + v->reviewed > 0;
    const struct button approve = { .kind = BUTTON_PRIMARY,
                                    .id = CTL_REVIEW_APPROVE,
                                    .icon = ICON_CHECK2,
                                    .label = is_rest ? tr("Approve the rest")
                                                     : tr("Approve") };
    const struct button back = back_button(ui, drafts);

    ui_part(ui, UI_ACTIONS);
    if (may_approve(v)) {
        button_at_end(ui, &row, 16, &approve);
    }
    if (drafts > 0 && (!may_approve(v) || button_width(ui, &back) <= row.w)) {
        button_at_end(ui, &row, 16, &back);
    }
    ui_part(ui, UI_CONTENT);
    words_draw(ui, row, v, is_wide);
}

static const char *title_of(struct ui *ui, const struct view_review_item *i)
{
    return i->id[0] == '\0' ? tr("Patrol log")
           : i->beat[0] != '\0'
               ? ui_fmt(ui, tr("%s, %s"), ui_iso(ui, i->officer),
                        ui_iso(ui, ui_fmt(ui, "%.*s",
                                          (int)strcspn(i->beat, ","), i->beat)))
               : i->officer;
}

static const char *when_of(struct ui *ui, const struct view_review_item *i)
{
    const char *from = ui_iso(ui, fmt_time(ui, i->started_ms));

    return i->ended_ms == 0
               ? ui_fmt(ui, tr("%s, since %s"), fmt_day(ui, i->started_ms),
                        from)
               : ui_fmt(ui, tr("%s, %s to %s"), fmt_day(ui, i->started_ms),
                        from, ui_iso(ui, fmt_time(ui, i->ended_ms)));
}

/* Back, and send back where it had no room in the bar. */
static int narrow_extra(struct ui *ui, struct rect r,
                        const struct view_review_log *v, int bar_w)
{
    const int drafts = review_drafts(v);
    const struct button back = back_button(ui, drafts);
    const struct button approve = { .kind = BUTTON_PRIMARY,
                                    .icon = ICON_CHECK2,
                                    .label = tr("Approve the rest") };
    const int h = button_height(ui, &back, r.w);

    if (drafts == 0 || !may_approve(v) ||
        button_width(ui, &approve) + 16 + button_width(ui, &back) <= bar_w) {
        return 0;
    }
    button_draw(ui, rect_make(r.x, r.y, r.w, h), &back);
    return h + 16;
}

static void draw_wide(struct ui *ui, struct rect r, const struct views *v,
                      const struct app *app)
{
    const struct rect left = rect_columns(r, 0, 6);
    const struct rect right = rect_columns(r, 6, 6);
    int y = ui_scroll_begin(ui, CTL_SCROLL_SIDE, left) + S_MARGIN;

    review_map(ui, rect_make(left.x, y, left.w, MAP_H), &v->review, app);
    y += MAP_H + 16;
    y += review_checks(ui, rect_make(left.x, y, left.w, 0), v);
    ui_scroll_end(ui, y + 12);
    y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, right) + S_MARGIN;
    y += review_entries(ui, rect_make(right.x, y, right.w, 0), v);
    ui_scroll_end(ui, y + 16);
}

static void draw_narrow(struct ui *ui, struct rect r, const struct views *v,
                        const struct app *app, int bar_w)
{
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + 16;
    const char *why = obstacle(ui, &v->review);

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 when_of(ui, &v->review.item)) +
         12;
    if (why[0] != '\0') {
        y += banner_draw(ui, rect_make(r.x, y, r.w, 0), BANNER_INFO, ICON_INFO,
                         why) +
             16;
    }
    y += narrow_extra(ui, rect_make(r.x, y, r.w, 0), &v->review, bar_w);
    y += review_entries(ui, rect_make(r.x, y, r.w, 0), v) + 16;
    review_map(ui, rect_make(r.x, y, r.w, MAP_LOW), &v->review, app);
    y += MAP_LOW + 16;
    y += review_checks(ui, rect_make(r.x, y, r.w, 0), v);
    ui_scroll_end(ui, y + 16);
}

static void ask_draw(struct ui *ui, const struct review_model *m,
                     const struct view_review_log *v)
{
    struct sheet sheet = { .title = ui_fmt(ui, tr("What do you ask %s?"),
                                           ui_iso(ui, v->item.officer)),
                           .width = 640,
                           .cancel = tr("Cancel"),
                           .done = m->text[0] == '\0' ? tr("No question")
                                                      : tr("Keep question") };
    const struct rect r = sheet_begin(ui, &sheet);
    const struct field text = { .id = CTL_SHEET_FIELD,
                                .label = tr("Your question"),
                                .text = m->text,
                                .lines = 3 };

    sheet_end(ui, &sheet,
              r.y + field_draw(ui, rect_make(r.x, r.y, r.w, 0), &text));
}

static void why_draw(struct ui *ui, const struct review_model *m)
{
    struct sheet sheet = { .title = tr("A check went wrong"),
                           .width = 640,
                           .cancel = tr("Cancel"),
                           .done = tr("Approve"),
                           .is_off = m->text[0] == '\0' };
    const struct rect r = sheet_begin(ui, &sheet);
    const struct field text = { .id = CTL_SHEET_FIELD,
                                .label = tr("Why is it right all the same?"),
                                .text = m->text,
                                .lines = 3 };

    sheet_end(ui, &sheet,
              r.y + field_draw(ui, rect_make(r.x, r.y, r.w, 0), &text));
}

static void unseen_draw(struct ui *ui, const struct review_model *m,
                        const struct view_review_log *v)
{
    const int count = unseen(m, v);
    struct sheet sheet = { .title = tr("Not all of it was opened"),
                           .width = 640,
                           .cancel = tr("Cancel"),
                           .done = tr("Approve all the same") };
    const struct rect r = sheet_begin(ui, &sheet);

    sheet_end(ui, &sheet,
              r.y + ui_text(ui, r, TYPE_BODY, COLOR_TEXT, 0,
                            ui_fmt(ui,
                                   trn("%d record was not opened. Approving "
                                       "says that you have read it.",
                                       "%d records were not opened. Approving "
                                       "says that you have read them.",
                                       (unsigned long)count),
                                   count)));
}

static void sheets_draw(struct ui *ui, const struct review_model *m,
                        const struct views *v, const struct app *app)
{
    const int at = chosen_of(m, &v->review);

    if (m->sign.is_open) {
        sign_draw(ui, &m->sign, tr("Countersign the notebook"),
                  ui_fmt(ui, tr("You read the lines of %s up to entry %d."),
                         ui_iso(ui, v->review.item.officer),
                         v->review.last_line),
                  tr("Countersign"));
    } else if (m->sheet == REVIEW_ENTRY && at >= 0) {
        review_entry_sheet(ui, app, at);
    } else if (m->sheet == REVIEW_ASKS) {
        ask_draw(ui, m, &v->review);
    } else if (m->sheet == REVIEW_WHY) {
        why_draw(ui, m);
    } else if (m->sheet == REVIEW_UNSEEN) {
        unseen_draw(ui, m, &v->review);
    }
}

static void review_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct review_model *m = model;
    const struct views *v = app_views(app);
    const struct frame frame = { .title = title_of(ui, &v->review.item),
                                 .note = v->review.item.id[0] != '\0'
                                             ? when_of(ui, &v->review.item)
                                             : NULL,
                                 .has_back = true,
                                 .has_actions = true,
                                 .place = FRAME_REVIEW };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);
    const bool is_wide =
        areas.main.w >= 1000 && areas.main.h >= 520 && ui->percent < 150;

    if (is_wide) {
        draw_wide(ui, areas.main, v, app);
    } else {
        draw_narrow(ui, areas.main, v, app, areas.actions.w);
    }
    actions_draw(ui, areas.actions, &v->review, is_wide);
    sheets_draw(ui, m, v, app);
}

const struct screen screen_review = {
    .name = "review",
    .model_size = sizeof(struct review_model),
    .enter = review_enter,
    .handle = review_handle,
    .draw = review_draw,
};
