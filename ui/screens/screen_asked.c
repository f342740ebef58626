/* screen_asked.c - what a team leader asks the officer about a record. */
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

#define PAGE_W 760 /* dp at most: lines stay short enough to read */

struct asked_model {
    char chosen[VIEW_ID_SIZE]; /* "": the first */
    char text[VIEW_WORDS_SIZE];
};

static int chosen_of(const struct asked_model *m, const struct view_asks *v)
{
    for (int i = 0; i < v->count; i++) {
        if (strcmp(v->items[i].id, m->chosen) == 0) {
            return i;
        }
    }
    return 0;
}

static void choose(struct asked_model *m, const struct view_asks *v, int at)
{
    snprintf(m->chosen, sizeof(m->chosen), "%s", v->items[at].id);
}

static void asked_enter(void *model, struct nav *nav)
{
    const struct view_asks *v = &app_views(nav->app)->asks;

    if (v->count > 0) { /* it stays, whatever comes meanwhile */
        choose(model, v, 0);
    }
}

static enum go send_answer(struct asked_model *m, const struct view_asks *v,
                           struct nav *nav)
{
    enum err err;

    if (m->text[0] == '\0') {
        ui_focus_on(&nav->ui, CTL_ASKED_ANSWER, 0);
        return GO_STAY;
    }
    err = app_say(nav->app, CMD_ANSWER, v->items[chosen_of(m, v)].id, m->text);
    if (err) {
        nav_failed(nav, err);
        return GO_STAY; /* what was typed stays */
    }
    m->text[0] = '\0';
    ui_forget(&nav->ui);
    if (v->count == 1) {
        return GO_HOME;
    }
    choose(m, v, chosen_of(m, v) == 0 ? 1 : 0);
    return GO_STAY;
}

static enum go asked_handle(void *model, const struct ui_event *ev,
                            struct nav *nav)
{
    const struct view_asks *v = &app_views(nav->app)->asks;
    struct asked_model *m = model;

    if (ev->kind == UI_EDITED) {
        snprintf(m->text, sizeof(m->text), "%.*s", VIEW_WORDS_SIZE - 1,
                 ev->text);
        return GO_STAY;
    }
    if (ev->kind == UI_GO_BACK) {
        return GO_BACK;
    }
    if (v->count == 0) {
        return GO_STAY;
    }
    if (ev->kind == UI_SAVE ||
        (ev->kind == UI_TAP && ev->id == CTL_ASKED_SEND)) {
        return send_answer(m, v, nav);
    }
    if (ev->kind == UI_TAP && ev->id == CTL_ASKED_BOOK) {
        return GO_NOTEBOOK;
    }
    if (ev->kind == UI_TAP && ev->id == CTL_ASKED_ITEM &&
        ev->index < v->count) {
        choose(m, v, ev->index);
        m->text[0] = '\0';
    }
    return GO_STAY;
}

/* --- draw --- */

static int record_draw(struct ui *ui, struct rect r, const struct view_ask *a,
                       int64_t now_ms)
{
    const int card = ui_card(ui, r);
    const struct rect in = rect_inset(r, 21, 0);
    int y = r.y + 16;

    y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_TITLE_S, COLOR_TEXT, 0,
                 tr(a->title));
    y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 ui_fmt(ui,
                        a->is_yours ? tr("You wrote it %s")
                                    : tr("A colleague wrote it %s"),
                        ui_iso(ui, fmt_when(ui, a->made_ms, now_ms))));
    if (a->detail[0] != '\0') {
        y += 4;
        y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                     a->detail);
    }
    y += 16;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

static int question_draw(struct ui *ui, struct rect r, const struct view_ask *a,
                         int64_t now_ms)
{
    const int card = ui_box(ui, r, COLOR_WARN_SOFT, COLOR_WARN_TEXT,
                            S_BORDER_STRONG, R_CARD);
    const struct rect in = rect_inset(r, 21, 0);
    int y = r.y + 16;

    y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_LABEL,
                 COLOR_ON_WARN_SOFT, 0,
                 ui_fmt(ui, tr("%s asks, %s"), ui_iso(ui, a->by),
                        ui_iso(ui, fmt_when(ui, a->at_ms, now_ms)))) +
         4;
    y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_READ, COLOR_ON_WARN_SOFT,
                 0, a->question) +
         16;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

/* The others that wait, each to be chosen. */
static int others_draw(struct ui *ui, struct rect r, const struct view_asks *v,
                       int chosen)
{
    int y = r.y;

    if (v->count < 2) {
        return 0;
    }
    y += label_draw(ui, rect_make(r.x, y, r.w, 0), tr("Also asked"), false);
    ui_group_begin(ui);
    for (int i = 0; i < v->count; i++) {
        const struct choice c = { .id = CTL_ASKED_ITEM,
                                  .index = (uint16_t)i,
                                  .key = fmt_number(ui, i + 1),
                                  .icon = ICON_QUESTION,
                                  .label = tr(v->items[i].title),
                                  .is_row = true };
        const int h = i == chosen ? 0 : choice_height(ui, &c, r.w);

        if (i != chosen) {
            choice_draw(ui, rect_make(r.x, y, r.w, h), &c);
            y += h + 8;
        }
    }
    ui_group_end(ui);
    return y - r.y;
}

static void asked_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct asked_model *m = model;
    const struct views *v = app_views(app);
    const struct view_asks *asks = &v->asks;
    const struct frame frame = {
        .title = asks->items[chosen_of(m, asks)].is_peer
                     ? tr("A colleague asks")
                     : trn("Your team leader asks", "Your team leader asks",
                           (unsigned long)asks->count),
        .has_back = true,
        .has_actions = asks->count > 0
    };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);
    const int at = chosen_of(m, asks);
    const struct view_ask *a = &asks->items[at];
    const struct field answer = { .id = CTL_ASKED_ANSWER,
                                  .label = tr("Your answer"),
                                  .text = m->text,
                                  .lines = 4 };
    const struct button send = { .kind = BUTTON_PRIMARY,
                                 .id = CTL_ASKED_SEND,
                                 .icon = ICON_SEND,
                                 .label = tr("Send answer") };
    const struct button book = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_ASKED_BOOK,
                                 .icon = ICON_NOTEBOOK,
                                 .label = tr("Open notebook") };
    struct rect r = areas.main;
    struct rect row = areas.actions;
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + 20;

    if (asks->count == 0) {
        y += 60;
        y += empty_draw(ui, rect_make(r.x, y, r.w, 0), ICON_CHECK_O,
                        tr("Nothing is asked"),
                        tr("What a team leader asks about your log comes "
                           "here."));
        ui_scroll_end(ui, y + 20);
        return;
    }
    r.w = r.w < PAGE_W ? r.w : PAGE_W;
    y += record_draw(ui, rect_make(r.x, y, r.w, 0), a, v->status.now_ms) + 16;
    y += question_draw(ui, rect_make(r.x, y, r.w, 0), a, v->status.now_ms) + 16;
    y += field_draw(ui, rect_make(r.x, y, r.w, 0), &answer) + 8;
    if (a->is_yours) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                     tr("Your record stays as you wrote it. To correct it, "
                        "amend the entry in your notebook."));
    }
    y += 20;
    y += others_draw(ui, rect_make(r.x, y, r.w, 0), asks, at);
    ui_scroll_end(ui, y + 12);
    ui_part(ui, UI_ACTIONS);
    button_at_end(ui, &row, 16, &send);
    if (button_width(ui, &book) <= row.w) {
        button_at_end(ui, &row, 16, &book);
    }
    ui_part(ui, UI_CONTENT);
}

const struct screen screen_asked = {
    .name = "asked",
    .model_size = sizeof(struct asked_model),
    .enter = asked_enter,
    .handle = asked_handle,
    .draw = asked_draw,
};
