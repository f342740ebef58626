/* screen_end.c - what the patrol did, what the server holds of it. */
#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"
#include "ui/screens/begun.h"
#include "ui/screens/end.h"
#include "ui/sign.h"

struct end_model {
    bool is_closing;  /* the command is on its way */
    int reason;       /* why hotspots had no visit, 1..; 0: not said */
    bool is_asked;    /* closing needs it */
    bool is_for_book; /* the sheet signs the notebook only */
    struct sign sign;
    struct begun_model begun;
};

static void end_enter(void *model, struct nav *nav)
{
    (void)model;
    (void)nav;
}

/* "id=code;" for each hotspot without a visit. */
static void put_reasons(const struct view_end *e, int reason, char *out,
                        size_t size)
{
    size_t len = 0;

    out[0] = '\0';
    for (int i = 0; i < e->hotspot_count && reason > 0 && len < size; i++) {
        if (e->hotspots[i].goal > 0 && !e->hotspots[i].is_visited) {
            const int n = snprintf(out + len, size - len, "%s=%s;",
                                   e->hotspots[i].id, end_codes[reason - 1]);

            len += n > 0 ? (size_t)n : 0;
        }
    }
}

static enum go close_patrol(struct end_model *m, struct nav *nav)
{
    const struct view_end *e = &app_views(nav->app)->end;

    if (end_missed_count(e) > 0 && m->reason == 0) {
        m->is_asked = true;
        ui_focus_on(&nav->ui, CTL_END_REASON, 0);
        return GO_STAY;
    }
    m->is_for_book = false;
    sign_open(&m->sign, &nav->ui);
    return GO_STAY;
}

static enum go sign_it(struct end_model *m, const struct ui_event *ev,
                       struct nav *nav)
{
    const struct view_end *e = &app_views(nav->app)->end;
    char reasons[VIEW_HOTSPOTS * (VIEW_ID_SIZE + 16)];
    struct hand hand;
    enum err err;

    if (sign_event(&m->sign, ev, &nav->ui, &hand) != SIGN_DONE) {
        return GO_STAY;
    }
    if (m->is_for_book) {
        err = app_sign(nav->app, CMD_SIGN_BOOK, NULL, &hand);
        if (err) {
            nav_failed(nav, err);
        }
        return GO_STAY;
    }
    put_reasons(e, m->reason, reasons, sizeof(reasons));
    err = app_end_patrol(nav->app, reasons, &hand);
    if (err) {
        nav_failed(nav, err);
    }
    m->is_closing = !err;
    return GO_STAY;
}

static enum go end_handle(void *model, const struct ui_event *ev,
                          struct nav *nav)
{
    struct end_model *m = model;
    const bool is_over = app_views(nav->app)->end.ended_ms != 0;
    enum go go;

    if (m->sign.is_open) {
        return sign_it(m, ev, nav);
    }
    if (begun_handle(&m->begun, ev, nav, &go)) {
        return go;
    }
    if (ev->kind == UI_GO_BACK ||
        (ev->kind == UI_TAP && ev->id == CTL_END_KEEP)) {
        return GO_HOME;
    }
    if (ev->kind == UI_TAP && ev->id == CTL_END_REASON) {
        m->reason = ev->index + 1;
        m->is_asked = false;
        return GO_STAY;
    }
    if (ev->kind == UI_TAP && ev->id == CTL_END_DRAFT) {
        return begun_resume(&m->begun, nav);
    }
    if (ev->kind == UI_TAP && ev->id == CTL_END_PAGE) {
        return GO_NOTEBOOK;
    }
    if (ev->kind == UI_TAP && ev->id == CTL_END_SIGN) {
        m->is_for_book = true;
        sign_open(&m->sign, &nav->ui);
        return GO_STAY;
    }
    if (ev->kind != UI_SAVE &&
        !(ev->kind == UI_TAP && ev->id == CTL_END_CLOSE)) {
        return GO_STAY;
    }
    if (is_over) {
        return GO_HOME;
    }
    return close_patrol(m, nav);
}

static enum go end_changed(void *model, struct nav *nav)
{
    struct end_model *m = model;

    if (app_views(nav->app)->end.ended_ms != 0 ||
        app_views(nav->app)->told.told == TOLD_FAILED) {
        m->is_closing = false;
    }
    return GO_STAY;
}

/* --- draw --- */

struct count {
    enum icon icon;
    int n;
    const char *word;
};

/* 4, 2 or 1 across: as many as leave each word on its line. */
static int count_columns(struct ui *ui, const struct count *counts, int width)
{
    int most = 0;

    for (int i = 0; i < 4; i++) {
        const int w = ui_text_width(ui, TYPE_SMALL, counts[i].word);

        most = w > most ? w : most;
    }
    most += ui_icon_size(ui, 30) + 20;
    return 4 * most <= width ? 4 : 2 * most <= width ? 2 : 1;
}

static int draw_counts(struct ui *ui, struct rect r, const struct view_end *e)
{
    struct count counts[] = {
        { ICON_EYE, e->observations,
          trn("observation", "observations", (unsigned long)e->observations) },
        { ICON_FPN, e->notices,
          trn("notice", "notices", (unsigned long)e->notices) },
        { ICON_IMAGE, e->photos,
          trn("photo", "photos", (unsigned long)e->photos) },
        { ICON_NOTEBOOK, e->entries,
          trn("notebook entry", "notebook entries",
              (unsigned long)e->entries) },
    };
    const struct count goals = { ICON_PIN, e->goals_met,
                                 trn("goal met", "goals met",
                                     (unsigned long)e->goals_met) };
    int columns;
    const int row = ui_line(ui, TYPE_HEAD) + ui_line(ui, TYPE_SMALL) + 8;
    const int icon = ui_icon_size(ui, 30);
    const struct rect in = rect_inset(r, 21, 0);
    int rows;

    if (e->hotspot_count > 0) {
        counts[3] = goals;
    }
    columns = count_columns(ui, counts, in.w);
    rows = 4 / columns;
    r.h = rows * row + 16;
    (void)ui_card(ui, r);
    for (int i = 0; i < 4; i++) {
        struct rect c = rect_cell(in, columns, i % columns, 8);
        int y = r.y + 12 + i / columns * row;

        ui_icon(ui, c.x, y + (row - 8 - icon) / 2, icon, counts[i].icon,
                COLOR_PRIMARY_TEXT);
        (void)rect_cut_start(&c, icon + 12);
        y += ui_text(ui, rect_make(c.x, y, c.w, 0), TYPE_HEAD, COLOR_TEXT, 0,
                     fmt_number(ui, counts[i].n));
        (void)ui_text(ui, rect_make(c.x, y, c.w, 0), TYPE_SMALL, COLOR_TEXT_2,
                      0, counts[i].word);
    }
    return r.h;
}

static int draw_head(struct ui *ui, struct rect r, const struct views *v)
{
    const struct view_end *e = &v->end;
    const int64_t to = e->ended_ms != 0 ? e->ended_ms : v->status.now_ms;
    const char *from = ui_iso(ui, fmt_time(ui, e->started_ms));
    const char *until = ui_iso(ui, fmt_time(ui, to));
    const char *words =
        e->partner[0] != '\0'
            ? ui_fmt(ui, tr("%s to %s, %s, with %s"), from, until,
                     ui_iso(ui, e->beat), ui_iso(ui, e->partner))
            : ui_fmt(ui, tr("%s to %s, %s"), from, until, ui_iso(ui, e->beat));
    const char *length = fmt_length(ui, to - e->started_ms);
    const int display = ui_line(ui, TYPE_DISPLAY);
    const int x = ui_text_width(ui, TYPE_DISPLAY, length) + 16;
    int h = ui_text(ui, r, TYPE_DISPLAY, COLOR_TEXT, 0, length);

    if (h == display && x + ui_text_width(ui, TYPE_BODY, words) <= r.w) {
        const int y = r.y + display - ui_line(ui, TYPE_BODY) - 4;

        (void)ui_text(ui, rect_make(r.x + x, y, r.w - x, 0), TYPE_BODY,
                      COLOR_TEXT_2, 0, words);
        return h;
    }
    h += ui_text(ui, rect_make(r.x, r.y + h, r.w, 0), TYPE_BODY, COLOR_TEXT_2,
                 0, words);
    return h;
}

/* Nobody may wonder whether the patrol still runs. */
static int draw_over(struct ui *ui, struct rect r, const struct view_end *e,
                     int64_t now_ms)
{
    const char *title = ui_fmt(ui, tr("Patrol ended at %s"),
                               ui_iso(ui, fmt_time(ui, e->ended_ms)));
    const char *more = tr("The patrol is closed and signed.");
    const int icon = ui_icon_size(ui, 44);
    const int x = r.x + 21 + icon + 16;
    const int room = r.x + r.w - 21 - x;
    const int text = ui_text_height(ui, TYPE_HEAD, title, room) +
                     ui_text_height(ui, TYPE_BODY, more, room);
    int y = r.y + 16;

    r.h = text + 32;
    (void)ui_box(ui, r, COLOR_OK_SOFT, COLOR_OK_TEXT, S_BORDER_STRONG, R_CARD);
    ui_icon(ui, r.x + 21, r.y + (r.h - icon) / 2, icon, ICON_CHECK_O,
            COLOR_OK_TEXT);
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_HEAD, COLOR_ON_OK_SOFT, 0,
                 title);
    (void)ui_text(ui, rect_make(x, y, room, 0), TYPE_BODY, COLOR_ON_OK_SOFT, 0,
                  more);
    if (e->signature.by[0] != '\0') {
        y = r.y + r.h + 12;
        r.h += 12 + sign_show(ui, rect_make(r.x + 21, y, r.w - 42, 0),
                              &e->signature, false, now_ms);
    }
    return r.h;
}

static int draw_figures(struct ui *ui, struct rect r, const struct end_model *m,
                        const struct view_end *e, bool is_wide)
{
    int y = r.y;

    y += draw_counts(ui, rect_make(r.x, y, r.w, 0), e) + 12;
    if (e->hotspot_count > 0) {
        y += end_hotspots(ui, rect_make(r.x, y, r.w, 0), e, !is_wide) + 12;
    }
    if (e->ended_ms == 0 && end_missed_count(e) > 0) {
        y += end_reasons(ui, rect_make(r.x, y, r.w, 0), e, m->reason - 1,
                         m->is_asked) +
             12;
    }
    return y;
}

static int draw_content(struct ui *ui, struct rect r, const struct end_model *m,
                        const struct app *app)
{
    const struct views *v = app_views(app);
    const bool is_wide = end_is_wide(ui, r);
    struct rect left = is_wide ? rect_columns(r, 0, 7) : r;
    struct rect right = is_wide ? rect_columns(r, 7, 5) : r;
    int end;

    left.y += draw_head(ui, rect_make(left.x, left.y, left.w, 0), v) + 12;
    left.y = draw_figures(ui, left, m, &v->end, is_wide);
    if (!is_wide) {
        right.y = left.y + 4;
    }
    end = end_way(ui, rect_make(right.x, right.y, right.w, 0), app) + right.y +
          16;
    end += end_list(ui, rect_make(right.x, end, right.w, 0), v) + 16;
    return end > left.y ? end : left.y;
}

static void draw_actions(struct ui *ui, struct rect row, bool is_over,
                         bool is_closing, bool has_minutes)
{
    const struct button close = { .kind = BUTTON_PRIMARY,
                                  .id = CTL_END_CLOSE,
                                  .icon = is_over ? ICON_CHECK : ICON_PEN,
                                  .label = is_over
                                               ? tr("Done")
                                               : tr("Sign and close patrol"),
                                  .is_busy = is_closing };
    const struct button keep = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_END_KEEP,
                                 .icon = ICON_PLAY,
                                 .label = tr("Keep patrolling") };

    ui_part(ui, UI_ACTIONS);
    button_at_end(ui, &row, 16, &close);
    if (!is_over && button_width(ui, &keep) <= row.w) {
        button_at_end(ui, &row, 16, &keep);
    }
    ui_part(ui, UI_CONTENT);
    if (has_minutes) {
        (void)ui_text(ui, row, TYPE_SMALL, COLOR_TEXT_2, UI_MID,
                      tr(end_minutes_note));
    }
}

static void draw_sign(struct ui *ui, const struct end_model *m,
                      const struct views *v)
{
    const char *lines = ui_fmt(ui, tr("You sign your notebook to entry %d."),
                               v->notebook.total_count);

    if (m->is_for_book) {
        sign_draw(ui, &m->sign, tr("Sign the notebook"), lines,
                  tr("Sign notebook"));
    } else {
        sign_draw(ui, &m->sign, tr("Sign and close patrol"),
                  tr("You sign this patrol and every entry of your notebook "
                     "up to now."),
                  tr("Sign and close"));
    }
}

static void end_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct end_model *m = model;
    const struct views *v = app_views(app);
    const bool is_over = v->end.ended_ms != 0;
    const struct frame frame = { .title = is_over ? tr("Patrol ended")
                                                  : tr("End of patrol"),
                                 .has_back = true,
                                 .has_actions = true };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);
    struct rect r = areas.main;

    r.y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + 20;
    if (is_over) {
        r.y += draw_over(ui, r, &v->end, v->status.now_ms) + 16;
    }
    ui_scroll_end(ui, draw_content(ui, r, m, app) + 8);
    draw_actions(ui, areas.actions, is_over, m->is_closing,
                 v->end.hotspot_count > 0 && end_is_wide(ui, areas.main));
    if (m->sign.is_open) {
        draw_sign(ui, m, v);
    }
    begun_draw(ui, &m->begun, v);
}

const struct screen screen_end = {
    .name = "end",
    .model_size = sizeof(struct end_model),
    .enter = end_enter,
    .handle = end_handle,
    .draw = end_draw,
    .changed = end_changed,
};
