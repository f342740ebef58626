/* screen_conflict.c - one record, every version in sight, and a decision. */
#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/kit/tr.h"
#include "ui/screens/conflict.h"

/* Which question a control of it belongs to. */
#define INDEX_QUESTION(index) ((index) / VIEW_SIDES)
#define INDEX_SIDE(index)     ((index) % VIEW_SIDES)

static void conflict_enter(void *model, struct nav *nav)
{
    struct conflict_model *m = model;

    m->before = app_views(nav->app)->conflicts.open.opened;
}

/* A struck record that stays struck needs no other choice. */
static bool stays_struck(const struct conflict_model *m,
                         const struct view_conflict *v)
{
    const int side = m->answer.choice[0];

    return v->question_count > 0 && v->questions[0].label[0] == '\0' &&
           side > 0 && v->questions[0].sides[side - 1].kind == SIDE_STRUCK;
}

int conflict_open_count(const struct conflict_model *m,
                        const struct view_conflict *v)
{
    int count = 0;

    if (stays_struck(m, v)) {
        return 0;
    }
    for (int i = 0; i < v->question_count; i++) {
        count += m->answer.choice[i] == 0;
    }
    return count;
}

/* --- handle --- */

static void choose(struct conflict_model *m, const struct view_conflict *v,
                   int index)
{
    const int question = INDEX_QUESTION(index);
    const int side = INDEX_SIDE(index) + 1;

    if (question < v->question_count &&
        side <= v->questions[question].side_count) {
        m->answer.choice[question] = side;
    }
}

static enum kept_kind kept_of(int question)
{
    return (enum kept_kind)(KEPT_CONFLICT + question);
}

/* Begins with both versions, to be joined, or with what was written. */
static void write_other(struct conflict_model *m, const struct views *views,
                        int question)
{
    const struct view_conflict *v = &views->conflicts.open;
    const struct view_question *q = &v->questions[question];
    const char *kept = view_kept_text(&views->kept, kept_of(question), v->id);
    size_t at = 0;

    if (question >= v->question_count) {
        return;
    }
    m->question = question;
    m->sheet = CONFLICT_WRITES;
    m->text[0] = '\0';
    if (m->answer.other[question][0] != '\0') {
        kept = m->answer.other[question];
    }
    if (kept[0] != '\0') {
        snprintf(m->text, sizeof(m->text), "%.*s", VIEW_OTHER_SIZE - 1, kept);
        return;
    }
    for (int i = 0; i < q->side_count && !q->is_number; i++) {
        const size_t need = strlen(q->sides[i].text) + 2;

        if (at + need >= sizeof(m->text)) {
            break;
        }
        at += (size_t)snprintf(m->text + at, sizeof(m->text) - at, "%s%s",
                               at > 0 ? "\n" : "", q->sides[i].text);
    }
}

static void settle(struct conflict_model *m, const struct view_conflict *v,
                   struct nav *nav)
{
    enum err err;

    if (v->question_count == 0 || conflict_open_count(m, v) > 0 ||
        m->is_sending) {
        return;
    }
    m->answer.opened = v->opened;
    err = app_settle(nav->app, &m->answer);
    if (err) {
        nav_failed(nav, err);
    }
    m->is_sending = !err;
}

/* A question goes to whoever the sheet named. */
static bool send_question(struct conflict_model *m, struct nav *nav)
{
    const struct view_record *v = &app_views(nav->app)->record;
    enum err err;

    if (m->words[0] == '\0') {
        return false;
    }
    err = app_ask_about(nav->app, v->id, v->ask_id, m->words);
    if (err) {
        nav_failed(nav, err);
        return false; /* what was typed stays */
    }
    m->words[0] = '\0';
    return true;
}

/* Those that are only read, and the question. */
static enum go aside_event(struct conflict_model *m, const struct ui_event *ev,
                           struct nav *nav)
{
    const bool is_done =
        ev->kind == UI_SAVE || (ev->kind == UI_TAP && ev->id == CTL_SHEET_DONE);
    bool is_over = ev->kind == UI_GO_BACK ||
                   (ev->kind == UI_TAP && ev->id == CTL_SHEET_CANCEL);

    if (ev->kind == UI_EDITED) {
        snprintf(m->words, sizeof(m->words), "%.*s", VIEW_WORDS_SIZE - 1,
                 ev->text);
        nav_keep(nav, KEPT_ASK, app_views(nav->app)->record.id, m->words);
    } else if (m->sheet == CONFLICT_ASKS && is_done) {
        is_over = send_question(m, nav);
    }
    if (is_over) {
        m->sheet = CONFLICT_NO_SHEET;
        ui_forget(&nav->ui);
    }
    return GO_STAY;
}

static enum go sheet_event(struct conflict_model *m, const struct ui_event *ev,
                           struct nav *nav)
{
    bool is_over = false;

    if (ev->kind == UI_EDITED) {
        snprintf(m->text, sizeof(m->text), "%.*s", VIEW_OTHER_SIZE - 1,
                 ev->text);
        nav_keep(nav, kept_of(m->question),
                 app_views(nav->app)->conflicts.open.id, m->text);
    } else if (ev->kind == UI_GO_BACK ||
               (ev->kind == UI_TAP && ev->id == CTL_SHEET_CANCEL)) {
        nav_keep(nav, kept_of(m->question), "", "");
        is_over = true;
    } else if ((ev->kind == UI_SAVE ||
                (ev->kind == UI_TAP && ev->id == CTL_SHEET_DONE)) &&
               m->text[0] != '\0') {
        memcpy(m->answer.other[m->question], m->text, sizeof(m->text));
        m->answer.choice[m->question] = SETTLE_OTHER;
        is_over = true;
    }
    if (is_over) {
        m->sheet = CONFLICT_NO_SHEET;
        ui_forget(&nav->ui);
    }
    return GO_STAY;
}

static void open_sheet(struct conflict_model *m, const struct views *v,
                       uint16_t id)
{
    if (id == CTL_CONFLICT_FIELDS) {
        m->sheet = CONFLICT_FIELDS;
    } else if (id == CTL_CONFLICT_HISTORY) {
        m->sheet = CONFLICT_HISTORY;
    } else if (id == CTL_CONFLICT_ASK) {
        m->sheet = CONFLICT_ASKS;
        snprintf(m->words, sizeof(m->words), "%.*s", VIEW_WORDS_SIZE - 1,
                 view_kept_text(&v->kept, KEPT_ASK, v->record.id));
    }
}

static enum go conflict_handle(void *model, const struct ui_event *ev,
                               struct nav *nav)
{
    const struct view_conflict *v = &app_views(nav->app)->conflicts.open;
    struct conflict_model *m = model;

    if (m->sheet == CONFLICT_WRITES) {
        return sheet_event(m, ev, nav);
    }
    if (m->sheet != CONFLICT_NO_SHEET) {
        return aside_event(m, ev, nav);
    }
    if (ev->kind == UI_GO_BACK ||
        (ev->kind == UI_TAP && ev->id == CTL_CONFLICT_KEEP)) {
        return GO_BACK;
    }
    if (ev->kind == UI_SAVE ||
        (ev->kind == UI_TAP && ev->id == CTL_CONFLICT_USE)) {
        settle(m, v, nav);
    } else if (ev->kind == UI_TAP && ev->id == CTL_CONFLICT_SIDE) {
        choose(m, v, ev->index);
    } else if (ev->kind == UI_TAP && ev->id == CTL_CONFLICT_WRITE &&
               ev->index < v->question_count) {
        write_other(m, app_views(nav->app), ev->index);
    } else if (ev->kind == UI_TAP) {
        open_sheet(m, app_views(nav->app), ev->id);
    }
    return GO_STAY;
}

/* Other values came: what was chosen among the old ones is void. */
static enum go conflict_changed(void *model, struct nav *nav)
{
    const struct views *v = app_views(nav->app);
    struct conflict_model *m = model;

    if (v->conflicts.open.opened != m->before) {
        m->before = v->conflicts.open.opened;
        wipe(&m->answer, sizeof(m->answer));
        m->is_shown = true;
        if (m->sheet == CONFLICT_WRITES) {
            m->sheet = CONFLICT_NO_SHEET;
        }
    }
    if (v->told.serial != nav->told_serial) {
        const bool is_done = m->is_sending && v->told.told == TOLD_SETTLED;

        m->is_sending = false;
        return is_done && v->conflicts.open.question_count == 0 ? GO_BACK
                                                                : GO_STAY;
    }
    return GO_STAY;
}

/* --- draw --- */

static void conflict_draw(const void *model, const struct app *app,
                          struct ui *ui)
{
    const struct conflict_model *m = model;
    const struct views *v = app_views(app);
    const struct view_conflict *c = &v->conflicts.open;
    const struct frame frame = {
        .title = tr("Two versions"),
        .badge = ui_fmt(ui,
                        trn("%d to settle", "%d to settle",
                            (unsigned long)c->question_count),
                        c->question_count),
        .badge_look = BADGE_CONFLICT,
        .badge_icon = ICON_SPLIT,
        .has_back = true,
        .has_actions = true,
        .place = 4,
    };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);

    if (!m->is_shown) {
        return; /* the worker is about to answer */
    }
    conflict_draw_content(ui, areas.main, m, v);
    conflict_draw_actions(ui, areas.actions, m, c);
    if (m->sheet == CONFLICT_WRITES) {
        conflict_draw_sheet(ui, m, c);
    } else if (m->sheet != CONFLICT_NO_SHEET) {
        conflict_record_sheet(ui, m, v);
    }
}

const struct screen screen_conflict = {
    .name = "conflict",
    .model_size = sizeof(struct conflict_model),
    .enter = conflict_enter,
    .handle = conflict_handle,
    .draw = conflict_draw,
    .changed = conflict_changed,
};
