/* screen_log.c - a whole observation on one page, in under 20 seconds. */
#include "ui/screens/log.h"

#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"

#define MINUTE_MS    ((int64_t)60000)
#define TIME_STEP_MS (5 * MINUTE_MS)

const int log_people_steps[] = { 0, 1,  2,  3,  4,  5,  6,  7,  8,
                                 9, 10, 15, 20, 25, 30, 50, 100 };
const size_t log_people_count = ARRAY_LEN(log_people_steps);

static void log_enter(void *model, struct nav *nav)
{
    struct log_model *m = model;
    const struct views *v = app_views(nav->app);

    m->opened = v->log.opened;
    m->told = v->told.serial;
    m->draft.people = PEOPLE_UNKNOWN;
}

/* --- the draft --- */

static void keep(struct log_model *m, struct nav *nav)
{
    const enum err err = app_put_draft(nav->app, &m->draft);

    if (err) {
        nav_failed(nav, err);
    }
}

static void choose_type(struct log_model *m, int index, struct nav *nav)
{
    const struct view_log *v = &app_views(nav->app)->log;

    if (index < v->type_count) {
        snprintf(m->draft.type, sizeof(m->draft.type), "%s",
                 v->types[index].code);
        m->lacks_type = false;
        keep(m, nav);
    }
}

static void step_people(struct log_model *m, int by, struct nav *nav)
{
    int at = -1;

    for (size_t i = 0; i < log_people_count; i++) {
        if (log_people_steps[i] == m->draft.people) {
            at = (int)i;
        }
    }
    at = at < 0 ? (by > 0 ? 1 : 0) : at + by;
    if (at >= 0 && at < (int)log_people_count) {
        m->draft.people = log_people_steps[at];
        keep(m, nav);
    }
}

/* Touching what is chosen clears an answer that may be left out. */
static void choose_going(struct log_model *m, int index, struct nav *nav)
{
    const enum draft_going going = (enum draft_going)(index + 1);

    m->draft.going = m->draft.going == going ? GOING_NONE : going;
    keep(m, nav);
}

static void save(struct log_model *m, struct nav *nav)
{
    enum err err;

    m->lacks_type = m->draft.type[0] == '\0';
    m->lacks_who = m->draft.who == WHO_NONE;
    if (m->lacks_type || m->lacks_who) {
        const struct target *t = ui_find(
            &nav->ui, m->lacks_type ? "log.more-types" : "log.who.person");

        if (t != NULL) {
            ui_focus_on(&nav->ui, t->id, t->index);
        }
        return;
    }
    if (m->is_saving) {
        return;
    }
    err = app_save(nav->app, &m->draft);
    if (err) {
        nav_failed(nav, err);
    }
    m->is_saving = !err;
}

/* --- sheets --- */

static void open_sheet(struct log_model *m, enum log_sheet sheet)
{
    m->sheet = sheet;
    m->before = m->draft;
    m->is_typed = false;
    m->text[0] = '\0';
    if (sheet == LOG_NOTE) {
        snprintf(m->text, sizeof(m->text), "%s", m->draft.note);
    } else if (sheet == LOG_PLACE) {
        snprintf(m->text, sizeof(m->text), "%s", m->draft.place);
    }
}

static void close_sheet(struct log_model *m, struct nav *nav)
{
    m->sheet = LOG_NO_SHEET;
    ui_forget(&nav->ui);
}

/* The fields say how much fits, so nothing is cut here. */
static void add_line(char lines[VIEW_PEOPLE][VIEW_LINE_SIZE], const char *text)
{
    for (int i = 0; i < VIEW_PEOPLE; i++) {
        if (lines[i][0] == '\0') {
            snprintf(lines[i], VIEW_LINE_SIZE, "%.*s", VIEW_LINE_SIZE - 1,
                     text);
            return;
        }
    }
}

/* What is in the sheet stands in the draft. */
static void put_words(struct log_model *m)
{
    struct draft *d = &m->draft;

    *d = m->before;
    switch (m->sheet) {
    case LOG_NOTE:
        snprintf(d->note, sizeof(d->note), "%s", m->text);
        break;
    case LOG_PLACE:
        snprintf(d->place, sizeof(d->place), "%.*s", VIEW_LINE_SIZE - 1,
                 m->text);
        d->is_place_set = d->place[0] != '\0';
        break;
    case LOG_PERSON:
        add_line(d->persons, m->text);
        break;
    case LOG_VEHICLE:
        add_line(d->vehicles, m->text);
        break;
    default:
        break;
    }
}

/* Each letter is kept: a kill loses the last one at most. */
static void typed(struct log_model *m, const char *text, struct nav *nav)
{
    snprintf(m->text, sizeof(m->text), "%s", text);
    put_words(m);
    m->is_typed = true;
    keep(m, nav);
}

static void cancel(struct log_model *m, struct nav *nav)
{
    if (m->is_typed) {
        m->draft = m->before;
        keep(m, nav);
    }
    close_sheet(m, nav);
}

static void open_photo(struct log_model *m, int index, struct nav *nav)
{
    const struct view_log *v = &app_views(nav->app)->log;

    if (index < v->photo_count) {
        photo_page_open(&m->photo, v->photos[index].id, nav);
    }
}

static void sheet_done(struct log_model *m, struct nav *nav)
{
    if (m->sheet != LOG_TIME) { /* its steps are kept already */
        put_words(m);
    }
    keep(m, nav);
    close_sheet(m, nav);
}

static void choose_time(struct log_model *m, int index, struct nav *nav)
{
    static const int ago_min[] = { 0, 10, 30 };

    m->draft.happened_ms =
        app_views(nav->app)->status.now_ms - ago_min[index] * MINUTE_MS;
    m->draft.is_time_set = true;
    keep(m, nav);
    close_sheet(m, nav);
}

static void step_time(struct log_model *m, int64_t by_ms, struct nav *nav)
{
    const int64_t now = app_views(nav->app)->status.now_ms;
    const int64_t to = m->draft.happened_ms + by_ms;

    if (to <= now) { /* the future cannot be chosen */
        m->draft.happened_ms = to;
        m->draft.is_time_set = true;
        keep(m, nav);
    }
}

static enum go choose(struct log_model *m, int index, struct nav *nav)
{
    static const enum log_sheet adds[] = { LOG_NOTE, LOG_PERSON, LOG_VEHICLE };

    if (m->sheet == LOG_TYPES) {
        choose_type(m, index, nav);
        close_sheet(m, nav);
    } else if (m->sheet == LOG_TIME) {
        choose_time(m, index, nav);
    } else if (m->sheet == LOG_ADD) {
        open_sheet(m, adds[index]);
    }
    return GO_STAY;
}

static enum go sheet_event(struct log_model *m, const struct ui_event *ev,
                           struct nav *nav)
{
    if (ev->kind == UI_EDITED) {
        typed(m, ev->text, nav);
        return GO_STAY;
    }
    if (ev->kind == UI_GO_BACK || ev->id == CTL_SHEET_CANCEL) {
        cancel(m, nav);
        return GO_STAY;
    }
    if (ev->kind != UI_TAP) {
        return GO_STAY;
    }
    switch (ev->id) {
    case CTL_SHEET_CHOICE:
        return choose(m, ev->index, nav);
    case CTL_SHEET_LESS:
        step_time(m, -TIME_STEP_MS, nav);
        break;
    case CTL_SHEET_MORE:
        step_time(m, TIME_STEP_MS, nav);
        break;
    case CTL_SHEET_DONE:
        sheet_done(m, nav);
        break;
    default:
        break;
    }
    return GO_STAY;
}

/* --- handle --- */

static void tap(struct log_model *m, const struct ui_event *ev, struct nav *nav)
{
    static const struct {
        enum control id;
        enum log_sheet sheet;
    } opens[] = {
        { CTL_LOG_MORE, LOG_TYPES },    { CTL_LOG_PLACE, LOG_PLACE },
        { CTL_LOG_TIME, LOG_TIME },     { CTL_LOG_NOTE, LOG_NOTE },
        { CTL_LOG_PERSON, LOG_PERSON }, { CTL_LOG_VEHICLE, LOG_VEHICLE },
        { CTL_LOG_ADD, LOG_ADD },
    };

    for (size_t i = 0; i < ARRAY_LEN(opens); i++) {
        if (opens[i].id == (enum control)ev->id) {
            open_sheet(m, opens[i].sheet);
            return;
        }
    }
    switch (ev->id) {
    case CTL_LOG_TYPE:
        choose_type(m, ev->index, nav);
        break;
    case CTL_LOG_PHOTO:
        open_photo(m, ev->index, nav);
        break;
    case CTL_LOG_WHO:
        m->draft.who = (enum draft_who)(ev->index + 1);
        m->lacks_who = false;
        keep(m, nav);
        break;
    case CTL_LOG_GOING:
        choose_going(m, ev->index, nav);
        break;
    case CTL_LOG_FEWER:
        step_people(m, -1, nav);
        break;
    case CTL_LOG_PEOPLE:
        step_people(m, 1, nav);
        break;
    case CTL_LOG_TAKE:
        photo_page_take(&m->photo, nav);
        break;
    case CTL_LOG_SAVE:
        save(m, nav);
        break;
    default:
        break;
    }
}

static enum go log_handle(void *model, const struct ui_event *ev,
                          struct nav *nav)
{
    struct log_model *m = model;

    if (photo_page_is_open(&m->photo)) {
        return photo_page_event(&m->photo, ev, nav);
    }
    if (m->sheet != LOG_NO_SHEET) {
        return sheet_event(m, ev, nav);
    }
    if (ev->kind == UI_GO_BACK) {
        return GO_BACK; /* the worker keeps the draft */
    }
    if (ev->kind == UI_SAVE) {
        save(m, nav);
    } else if (ev->kind == UI_TAP) {
        tap(m, ev, nav);
    }
    return GO_STAY;
}

static enum go log_changed(void *model, struct nav *nav)
{
    struct log_model *m = model;
    const struct views *v = app_views(nav->app);

    (void)photo_page_changed(&m->photo, nav);
    if (v->log.opened != m->opened) {
        m->opened = v->log.opened;
        m->draft = v->log.draft;
        m->is_loaded = true;
    }
    if (!m->draft.is_place_set && v->log.position.name[0] != '\0') {
        snprintf(m->draft.place, sizeof(m->draft.place), "%s",
                 v->log.position.name);
    }
    if (v->told.serial != m->told) {
        m->told = v->told.serial;
        if (v->told.told == TOLD_SAVED && m->is_saving) {
            return GO_BACK;
        }
        m->is_saving = false;
    }
    return GO_STAY;
}

const struct screen screen_log = {
    .name = "log",
    .model_size = sizeof(struct log_model),
    .enter = log_enter,
    .handle = log_handle,
    .draw = log_draw,
    .changed = log_changed,
};
