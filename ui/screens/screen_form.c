/* screen_form.c - a whole observation on a page made from its form. */
#include <stdio.h>
#include <string.h>

#include "ui/civil.h"
#include "ui/controls.h"
#include "ui/kit/input.h"
#include "ui/nav.h"
#include "ui/screens/form.h"

#define MINUTE_MS    ((int64_t)60000)
#define TIME_STEP_MS (5 * MINUTE_MS)

static const struct views *views_of(const struct nav *nav)
{
    return app_views(nav->app);
}

static void form_enter(void *model, struct nav *nav)
{
    struct form_model *m = model;

    m->opened = views_of(nav)->form.opened;
    m->checked = views_of(nav)->form.checked;
    m->told = views_of(nav)->told.serial;
    m->part = WEAR_UPPER;
}

static void said(struct nav *nav, enum err err)
{
    if (err) {
        nav_failed(nav, err);
    }
}

static void full_key(const struct view_form *v, const char *key,
                     char out[VIEW_KEY_SIZE])
{
    snprintf(out, VIEW_KEY_SIZE, "%.40s%s%.36s", v->path,
             v->path[0] != '\0' ? "." : "", key);
}

/* --- answers on the page --- */

static void pick(int choice, struct nav *nav)
{
    const struct view_form *v = &views_of(nav)->form;
    char key[VIEW_KEY_SIZE];

    for (int i = 0; i < v->field_count; i++) {
        const struct view_field *f = &v->fields[i];

        if (f->choice_count > 0 && choice >= f->first_choice &&
            choice < f->first_choice + f->choice_count) {
            full_key(v, form_word(v, f->key), key);
            said(nav,
                 app_put_field(nav->app, key,
                               f->ask == ASK_MANY ? FIELD_TOGGLE : FIELD_CHOOSE,
                               form_word(v, v->choices[choice].code)));
            return;
        }
    }
}

static void choose_type(int index, struct nav *nav)
{
    const struct view_log *v = &views_of(nav)->log;

    if (index < v->type_count) {
        said(nav, app_put_field(nav->app, "category", FIELD_WRITE,
                                v->types[index].code));
    }
}

static void step_number(int index, int by, struct nav *nav)
{
    const struct view_form *v = &views_of(nav)->form;
    char key[VIEW_KEY_SIZE];
    char text[24];

    if (index >= v->field_count) {
        return;
    }
    full_key(v, form_word(v, v->fields[index].key), key);
    if (strcmp(form_word(v, v->fields[index].key), "height_cm") == 0) {
        snprintf(text, sizeof(text), "%d",
                 form_height_step(&v->fields[index], by));
        said(nav, app_put_field(nav->app, key, FIELD_WRITE, text));
    } else {
        said(nav, app_step_field(nav->app, key, by));
    }
}

/* One touch of the panel: a word or a colour of the chosen label. */
static void put_wear(const struct form_model *m, const struct ui_event *ev,
                     struct nav *nav)
{
    const struct view_form *v = &views_of(nav)->form;
    char text[VIEW_LINE_SIZE * 2];
    char key[VIEW_KEY_SIZE];

    snprintf(text, sizeof(text), "%s", form_figure_said(v, m->part));
    full_key(v, wear_parts[m->part].key, key);
    if (ev->id == CTL_FORM_COLOUR) {
        wear_put_colour(text, sizeof(text), ev->index);
    } else {
        wear_put_word(text, sizeof(text), m->part, ev->index);
    }
    said(nav, app_put_field(nav->app, key, FIELD_WRITE, text));
}

static void open_row(const char *key, struct nav *nav)
{
    said(nav, app_send_row(nav->app, CMD_OPEN_ROW, key));
}

static void add_row(int field, struct nav *nav)
{
    const struct view_form *v = &views_of(nav)->form;
    char key[VIEW_KEY_SIZE];

    if (field < 0 || field >= v->field_count ||
        v->fields[field].row_count >= v->fields[field].max_rows) {
        return;
    }
    snprintf(key, sizeof(key), "%s.%d", form_word(v, v->fields[field].key),
             v->fields[field].row_count + 1);
    open_row(key, nav);
}

static void save(struct form_model *m, struct nav *nav)
{
    enum err err;

    if (m->is_saving) {
        return;
    }
    err = app_send(nav->app, CMD_SAVE_FORM);
    said(nav, err);
    m->is_saving = !err;
}

/* --- sheets --- */

static void close_sheet(struct form_model *m, struct nav *nav)
{
    m->sheet = FORM_NO_SHEET;
    ui_forget(&nav->ui);
}

static void open_text(struct form_model *m, const char *key, const char *text)
{
    m->sheet = FORM_TEXT;
    snprintf(m->key, sizeof(m->key), "%s", key);
    snprintf(m->text, sizeof(m->text), "%s", text);
    snprintf(m->before, sizeof(m->before), "%s", text);
}

static void open_time(struct form_model *m, const char *key, int64_t ms,
                      const struct nav *nav)
{
    m->sheet = FORM_TIME;
    snprintf(m->key, sizeof(m->key), "%s", key);
    m->before_ms = ms;
    m->time_ms = ms != 0 ? ms : views_of(nav)->status.now_ms;
}

static void open_field(struct form_model *m, int index, struct nav *nav)
{
    const struct view_form *v = &views_of(nav)->form;
    const struct view_field *f;
    char number[24] = "";
    char key[VIEW_KEY_SIZE];

    if (index >= v->field_count) {
        return;
    }
    f = &v->fields[index];
    full_key(v, form_word(v, f->key), key);
    if (f->ask == ASK_TIME) {
        open_time(m, key, f->has_number ? f->number : 0, nav);
    } else if (f->ask == ASK_NUMBER) {
        if (f->has_number) {
            snprintf(number, sizeof(number), "%lld", (long long)f->number);
        }
        open_text(m, key, number);
        m->sheet = FORM_NUMBER;
    } else if (f->ask == ASK_SIGN) {
        snprintf(m->key, sizeof(m->key), "%s", key);
        m->sheet = FORM_SIGN;
        sign_open_other(&m->sign, &nav->ui);
    } else {
        open_text(m, key, form_word(v, f->value));
    }
}

/* The chosen label in words of one's own. */
static void open_part(struct form_model *m, struct nav *nav)
{
    const struct view_form *v = &views_of(nav)->form;
    const struct view_field *f = form_field_of_page(v, wear_parts[m->part].key);

    if (f != NULL) {
        open_field(m, (int)(f - v->fields), nav);
    }
}

static void open_rest(struct form_model *m, int index, const struct nav *nav)
{
    const struct view_form *v = &views_of(nav)->form;

    if (index < v->field_count) {
        full_key(v, form_word(v, v->fields[index].key), m->key);
        m->sheet = FORM_CHOICES;
    }
}

static void open_photo(struct form_model *m, int index, struct nav *nav)
{
    const struct view_log *v = &views_of(nav)->log;

    if (index < v->photo_count) {
        photo_page_open(&m->photo, v->photos[index].id, nav);
    }
}

static bool is_number(const char *text)
{
    return text[strspn(text, "0123456789")] == '\0' && strlen(text) <= 18;
}

/* Each letter is kept: a kill loses the last one at most. */
static void typed(struct form_model *m, const char *text, struct nav *nav)
{
    snprintf(m->text, sizeof(m->text), "%s", text);
    if (m->sheet == FORM_NUMBER && !is_number(text)) {
        return;
    }
    said(nav, app_put_field(nav->app, m->key, FIELD_WRITE, m->text));
}

static void put_time(struct form_model *m, int64_t ms, struct nav *nav)
{
    const bool is_past = strcmp(m->key, "noted") == 0;

    if (is_past && ms > views_of(nav)->status.now_ms) {
        return; /* the future cannot be chosen */
    }
    m->time_ms = ms;
    said(nav, app_put_time(nav->app, m->key, ms));
}

static void step_time(struct form_model *m, int unit, int by, struct nav *nav)
{
    switch ((enum form_unit)unit) {
    case UNIT_TIME:
        put_time(m, m->time_ms + by * TIME_STEP_MS, nav);
        break;
    case UNIT_DAY:
        put_time(m, m->time_ms + by * CIVIL_DAY_MS, nav);
        break;
    case UNIT_MONTH:
        put_time(m, civil_add_months(m->time_ms, by), nav);
        break;
    case UNIT_YEAR:
        put_time(m, civil_add_months(m->time_ms, 12 * by), nav);
        break;
    }
}

static void choose(struct form_model *m, int index, struct nav *nav)
{
    static const int ago_min[] = { 0, 10, 30 };
    const struct view_form *v = &views_of(nav)->form;
    const struct view_field *f = form_field_of(v, m->key);

    switch (m->sheet) {
    case FORM_TYPES:
        choose_type(index, nav);
        close_sheet(m, nav);
        break;
    case FORM_TIME:
        put_time(m, views_of(nav)->status.now_ms - ago_min[index] * MINUTE_MS,
                 nav);
        close_sheet(m, nav);
        break;
    case FORM_CHOICES:
        if (f != NULL && index < f->choice_count) {
            pick(f->first_choice + index, nav);
        }
        if (f == NULL || f->ask != ASK_MANY) {
            close_sheet(m, nav);
        }
        break;
    case FORM_ADD:
        close_sheet(m, nav);
        if (index == 0) {
            open_text(m, "note", views_of(nav)->log.draft.note);
        } else {
            add_row(index == 1 ? v->person_field : v->vehicle_field, nav);
        }
        break;
    default:
        break;
    }
}

/* What was typed since the sheet opened is taken back. */
static void cancel(struct form_model *m, struct nav *nav)
{
    if (m->sheet == FORM_TEXT || m->sheet == FORM_NUMBER) {
        if (strcmp(m->text, m->before) != 0) {
            said(nav, app_put_field(nav->app, m->key, FIELD_WRITE, m->before));
        }
    } else if (m->sheet == FORM_TIME && m->time_ms != m->before_ms &&
               (m->before_ms != 0 || strcmp(m->key, "noted") != 0)) {
        said(nav, app_put_time(nav->app, m->key, m->before_ms));
    }
    close_sheet(m, nav);
}

static void done(struct form_model *m, struct nav *nav)
{
    if (m->sheet == FORM_TIME && m->before_ms == 0) {
        put_time(m, m->time_ms, nav);
    }
    close_sheet(m, nav);
}

static void take_offer(struct form_model *m, int index, struct nav *nav)
{
    const struct view_form *v = &views_of(nav)->form;

    if (index < v->offer_count) {
        said(nav, app_put_field(nav->app, m->key, FIELD_WRITE,
                                v->offers[index].text));
    }
    close_sheet(m, nav);
}

static void sign_event_here(struct form_model *m, const struct ui_event *ev,
                            struct nav *nav)
{
    struct hand hand;
    const enum sign_step step = sign_event(&m->sign, ev, &nav->ui, &hand);

    if (step == SIGN_DONE) {
        said(nav, app_sign_field(nav->app, m->key, &hand,
                                 views_of(nav)->status.now_ms));
    }
    if (step != SIGN_GOES_ON) {
        m->sheet = FORM_NO_SHEET;
    }
}

static void sheet_event(struct form_model *m, const struct ui_event *ev,
                        struct nav *nav)
{
    if (m->sheet == FORM_SIGN) {
        sign_event_here(m, ev, nav);
        return;
    }
    if (ev->kind == UI_EDITED) {
        typed(m, ev->text, nav);
    } else if (ev->kind == UI_GO_BACK || ev->id == CTL_SHEET_CANCEL) {
        cancel(m, nav);
    } else if (ev->kind != UI_TAP) {
        return;
    } else if (ev->id == CTL_SHEET_CHOICE) {
        choose(m, ev->index, nav);
    } else if (ev->id == CTL_SHEET_STEP_DOWN) {
        step_time(m, ev->index, -1, nav);
    } else if (ev->id == CTL_SHEET_STEP_UP) {
        step_time(m, ev->index, 1, nav);
    } else if (ev->id == CTL_SHEET_OFFER) {
        take_offer(m, ev->index, nav);
    } else if (ev->id == CTL_SHEET_SCAN) {
        photo_page_scan(&m->photo, nav);
    } else if (ev->id == CTL_SHEET_DONE) {
        done(m, nav);
    }
}

/* --- handle --- */

/* Touches of what every log has. */
static void tap_log(struct form_model *m, const struct ui_event *ev,
                    struct nav *nav)
{
    const struct views *v = views_of(nav);

    switch (ev->id) {
    case CTL_LOG_TYPE:
        choose_type(ev->index, nav);
        break;
    case CTL_LOG_MORE:
        m->sheet = FORM_TYPES;
        break;
    case CTL_LOG_PLACE:
        open_text(m, "place_name", v->log.draft.place);
        break;
    case CTL_LOG_TIME:
        open_time(m, "noted", v->log.draft.happened_ms, nav);
        break;
    case CTL_LOG_NOTE:
        open_text(m, "note", v->log.draft.note);
        break;
    case CTL_LOG_PERSON:
        add_row(v->form.person_field, nav);
        break;
    case CTL_LOG_VEHICLE:
        add_row(v->form.vehicle_field, nav);
        break;
    case CTL_LOG_ADD:
        m->sheet = FORM_ADD;
        break;
    case CTL_LOG_PHOTO:
        open_photo(m, ev->index, nav);
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

static void show_face(struct form_model *m, enum form_face face,
                      struct nav *nav)
{
    m->face = face;
    ui_forget(&nav->ui);
    memset(nav->ui.scrolls, 0, sizeof(nav->ui.scrolls));
}

/* Touches of a person's page; false: it was none of them. */
static bool tap_person(struct form_model *m, const struct ui_event *ev,
                       struct nav *nav)
{
    switch (ev->id) {
    case CTL_FORM_PART:
        m->part = (enum wear_part)ev->index;
        return true;
    case CTL_FORM_NEXT:
        m->part = wear_parts[m->part].next;
        return true;
    case CTL_FORM_WEAR:
        put_wear(m, ev, nav);
        return true;
    case CTL_FORM_COLOUR:
        if (ev->index < WEAR_COLOURS) {
            put_wear(m, ev, nav);
        } else {
            open_part(m, nav);
        }
        return true;
    case CTL_FORM_SEEN:
        show_face(m, FORM_SEEN, nav);
        return true;
    case CTL_FORM_NAMED:
        show_face(m, FORM_NAMED, nav);
        return true;
    default:
        return false;
    }
}

static void tap(struct form_model *m, const struct ui_event *ev,
                struct nav *nav)
{
    const struct view_form *v = &views_of(nav)->form;

    switch (ev->id) {
    case CTL_FORM_PICK:
        pick(ev->index, nav);
        break;
    case CTL_FORM_OPEN:
        open_field(m, ev->index, nav);
        break;
    case CTL_FORM_REST:
        open_rest(m, ev->index, nav);
        break;
    case CTL_FORM_LESS:
        step_number(ev->index, -1, nav);
        break;
    case CTL_FORM_PLUS:
        step_number(ev->index, 1, nav);
        break;
    case CTL_FORM_ROW:
        if (ev->index < v->row_count) {
            open_row(form_word(v, v->rows[ev->index].key), nav);
        }
        break;
    case CTL_FORM_ADD:
        add_row(ev->index, nav);
        break;
    case CTL_FORM_DROP:
        said(nav, app_send_row(nav->app, CMD_DROP_ROW, v->path));
        break;
    case CTL_FORM_DONE:
        if (m->face == FORM_LOOKS) {
            open_row("", nav);
        } else {
            show_face(m, FORM_LOOKS, nav);
        }
        break;
    default:
        if (!tap_person(m, ev, nav)) {
            tap_log(m, ev, nav);
        }
    }
}

/* A line or an area has a page of its own. */
static bool opens_outline(const struct ui_event *ev, struct nav *nav)
{
    const struct view_form *v = &views_of(nav)->form;
    const struct view_field *f = &v->fields[ev->index];

    if (ev->kind != UI_TAP || ev->id != CTL_FORM_OPEN ||
        ev->index >= v->field_count ||
        (f->ask != ASK_LINE && f->ask != ASK_AREA)) {
        return false;
    }
    full_key(v, form_word(v, f->key), nav->outline);
    return true;
}

static enum go form_handle(void *model, const struct ui_event *ev,
                           struct nav *nav)
{
    struct form_model *m = model;
    const bool is_row = views_of(nav)->form.path[0] != '\0';
    const bool goes_back = ev->kind == UI_GO_BACK ||
                           (ev->kind == UI_TAP && ev->id == CTL_TOP_BACK);

    if (photo_page_is_open(&m->photo)) {
        return photo_page_event(&m->photo, ev, nav);
    }
    if (m->sheet != FORM_NO_SHEET) {
        sheet_event(m, ev, nav);
    } else if (goes_back && m->face != FORM_LOOKS) {
        show_face(m, FORM_LOOKS, nav);
        return GO_HERE;
    } else if (goes_back && is_row) {
        open_row("", nav);
        return GO_HERE;
    } else if (goes_back) {
        return GO_BACK; /* the worker keeps the draft */
    } else if (ev->kind == UI_SAVE && !is_row) {
        save(m, nav);
    } else if (opens_outline(ev, nav)) {
        return GO_OUTLINE;
    } else if (ev->kind == UI_TAP) {
        tap(m, ev, nav);
    }
    return GO_STAY;
}

/* --- what the worker answers --- */

/* The first control of the first question that something is wrong with. */
static void focus_first(const struct view_form *v, struct nav *nav)
{
    const struct ui *ui = &nav->ui;
    char name[UI_NAME_SIZE];

    for (int i = -1; i < v->field_count; i++) {
        const bool is_bad =
            i < 0 ? v->lacks_type : v->fields[i].fault != FAULT_NONE;
        const char *key = i < 0 ? "" : form_word(v, v->fields[i].key);

        if (!is_bad) {
            continue;
        }
        for (int k = 0; k < ui->target_count; k++) {
            const struct target *t = &ui->targets[k];

            snprintf(name, sizeof(name), "form.%s.", key);
            if (i < 0
                    ? t->id == CTL_LOG_TYPE
                    : (t->id == CTL_FORM_PICK &&
                       strncmp(t->name, name, strlen(name)) == 0) ||
                          ((t->id == CTL_FORM_OPEN || t->id == CTL_FORM_ADD) &&
                           t->index == i)) {
                ui_focus_on(&nav->ui, t->id, t->index);
                (void)ui_reveal(&nav->ui, t);
                return;
            }
        }
    }
}

static enum go form_changed(void *model, struct nav *nav)
{
    struct form_model *m = model;
    const struct views *v = views_of(nav);
    const char *code = photo_page_changed(&m->photo, nav);

    if (code != NULL && m->sheet == FORM_TEXT) {
        typed(m, code, nav);
    }
    if (v->form.opened != m->opened) {
        m->opened = v->form.opened;
        m->sheet = FORM_NO_SHEET;
        m->face = FORM_LOOKS;
        m->part = WEAR_UPPER;
        ui_forget(&nav->ui);
        memset(nav->ui.scrolls, 0, sizeof(nav->ui.scrolls));
    }
    if (v->form.checked != m->checked) {
        m->checked = v->form.checked;
        m->is_saving = false;
        focus_first(&v->form, nav);
    }
    if (v->told.serial != m->told) {
        m->told = v->told.serial;
        if (m->is_saving &&
            (v->told.told == TOLD_SAVED || v->told.told == TOLD_SEALED)) {
            return GO_BACK;
        }
        m->is_saving = false;
    }
    return GO_STAY;
}

const struct screen screen_form = {
    .name = "form",
    .model_size = sizeof(struct form_model),
    .enter = form_enter,
    .handle = form_handle,
    .draw = form_draw,
    .changed = form_changed,
};
