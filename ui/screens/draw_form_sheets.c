/* draw_form_sheets.c - the sheets that a form's page opens. */
#include <string.h>

#include "ui/civil.h"
#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/chip.h"
#include "ui/kit/field.h"
#include "ui/kit/tr.h"
#include "ui/screens/form.h"
#include "ui/sheet.h"

static const char *label_of(const struct form_model *m,
                            const struct view_form *v)
{
    const struct view_field *f = form_field_of(v, m->key);

    if (f != NULL) {
        return tr(form_word(v, f->label));
    }
    return strcmp(m->key, "place_name") == 0 ? tr("Place, in words")
                                             : tr("What you saw or heard");
}

/* Places that were named before: one touch instead of typing. */
static int draw_offers(struct ui *ui, struct rect r, const struct view_form *v)
{
    const char *labels[VIEW_FORM_OFFERS];
    const char *keys[VIEW_FORM_OFFERS];
    const struct chips c = { .id = CTL_SHEET_OFFER,
                             .labels = labels,
                             .keys = keys,
                             .count = v->offer_count,
                             .in_form = true };

    if (v->offer_count == 0) {
        return 0;
    }
    for (int i = 0; i < v->offer_count; i++) {
        labels[i] = ui_iso(ui, v->offers[i].text);
        keys[i] = ui_fmt(ui, "%d", i + 1);
    }
    return 12 + chips_draw(ui, rect_make(r.x, r.y + 12, r.w, 0), &c);
}

/* A number that stands on a thing as a code, too. Number plates aren't. */
static int draw_scan(struct ui *ui, struct rect r, const char *key)
{
    const struct button scan = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_SHEET_SCAN,
                                 .icon = ICON_QR,
                                 .label = tr("Scan a code") };
    const int w = button_width(ui, &scan);

    if (strstr(key, "asset_id") == NULL && strstr(key, "fault_ref") == NULL) {
        return 0;
    }
    r.y += 12;
    r.w = w < r.w ? w : r.w;
    r.h = button_height(ui, &scan, r.w);
    button_draw(ui, r, &scan);
    return r.h + 12;
}

static void draw_words(const struct form_model *m, const struct view_form *v,
                       struct ui *ui)
{
    const struct view_field *f = form_field_of(v, m->key);
    const bool is_number = m->sheet == FORM_NUMBER;
    const bool is_place = strcmp(m->key, "place_name") == 0;
    const bool is_short =
        is_number || is_place ||
        (f != NULL && f->max_chars > 0 && f->max_chars <= 120);
    struct sheet sheet = { .title = f != NULL  ? tr(form_word(v, f->label))
                                    : is_short ? tr("Where was it?")
                                               : tr("Note"),
                           .width = 640,
                           .cancel = tr("Cancel"),
                           .done = tr("Done") };
    const struct field field = { .id = CTL_SHEET_FIELD,
                                 .label = f != NULL && f->hint != 0
                                              ? tr(form_word(v, f->hint))
                                              : label_of(m, v),
                                 .text = m->text,
                                 .lines = is_short ? 1 : 4,
                                 .flags = is_number ? UI_NUMBER : 0,
                                 .most = is_place ? VIEW_LINE_SIZE - 1 : 0 };
    const struct rect r = sheet_begin(ui, &sheet);
    int y = r.y + field_draw(ui, r, &field);

    if (f != NULL && is_short && !is_number) {
        y += draw_scan(ui, rect_make(r.x, y, r.w, 0), m->key);
    }
    if (is_place) {
        y += draw_offers(ui, rect_make(r.x, y, r.w, 0), v);
    }
    sheet_end(ui, &sheet, y);
}

/* --- the time --- */

static int draw_unit(struct ui *ui, struct rect r, enum form_unit unit,
                     const char *label, const char *value)
{
    static const char *const keys[] = { "time", "day", "month", "year" };
    const struct stepper s = { .less_id = CTL_SHEET_STEP_DOWN,
                               .more_id = CTL_SHEET_STEP_UP,
                               .index = (uint16_t)unit,
                               .key = keys[unit],
                               .value = value };
    const int h = label_draw(ui, r, label, false);

    stepper_draw_one(ui, rect_make(r.x, r.y + h, r.w, stepper_height(ui)), &s);
    return h + stepper_height(ui) + 12;
}

static int draw_units(struct ui *ui, struct rect r, const struct form_model *m,
                      bool is_past)
{
    const struct civil c = civil_of(m->time_ms);
    const char *values[] = { fmt_time(ui, m->time_ms), fmt_number(ui, c.day),
                             fmt_month(ui, m->time_ms),
                             ui_fmt(ui, "%d", c.year) };
    const char *const labels[] = { tr("Time"), tr("Day"), tr("Month"),
                                   tr("Year") };
    const int count = is_past ? 2 : 4;
    const bool in_pairs = r.w > 500 && ui->percent < 150;
    int y = r.y;
    int h = 0;

    for (int i = 0; i < count; i++) {
        const struct rect cell = in_pairs ? rect_cell(r, 2, i % 2, 12) : r;

        h = draw_unit(ui, rect_make(cell.x, y, cell.w, 0), (enum form_unit)i,
                      labels[i], values[i]);
        y += !in_pairs || i % 2 == 1 ? h : 0;
    }
    return y - r.y;
}

static void draw_time(const struct form_model *m, const struct view_form *v,
                      struct ui *ui)
{
    static const char *const labels[] = { N_("Now"), N_("10 minutes ago"),
                                          N_("30 minutes ago") };
    static const char *const keys[] = { "now", "10", "30" };
    const bool is_past = strcmp(m->key, "noted") == 0;
    const struct view_field *f = form_field_of(v, m->key);
    struct sheet sheet = { .title = f != NULL ? tr(form_word(v, f->label))
                                              : tr("When was it?"),
                           .width = 560,
                           .cancel = tr("Cancel"),
                           .done = tr("Done") };
    const struct rect r = sheet_begin(ui, &sheet);
    int y = sheet_choices(ui, r, labels, keys, ARRAY_LEN(labels), -1) + 16;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 fmt_date(ui, m->time_ms)) +
         8;
    y += draw_units(ui, rect_make(r.x, y, r.w, 0), m, is_past);
    sheet_end(ui, &sheet, y);
}

/* --- choices --- */

static void draw_types(const struct view_log *v, struct ui *ui)
{
    struct sheet sheet = { .title = tr("What is happening?"), .width = 640 };
    const char *labels[VIEW_TYPES];
    const char *keys[VIEW_TYPES];
    struct rect r;
    int chosen = -1;

    for (int i = 0; i < v->type_count; i++) {
        labels[i] = v->types[i].label;
        keys[i] = v->types[i].code;
        chosen = strcmp(keys[i], v->draft.type) == 0 ? i : chosen;
    }
    r = sheet_begin(ui, &sheet);
    sheet_end(
        ui, &sheet,
        sheet_choices(ui, r, labels, keys, (size_t)v->type_count, chosen));
}

static void draw_choices(const struct form_model *m, const struct view_form *v,
                         struct ui *ui)
{
    const struct view_field *f = form_field_of(v, m->key);
    struct sheet sheet = { .title = label_of(m, v),
                           .width = 640,
                           .cancel = tr("Close") };
    struct rect r;
    int y;

    r = sheet_begin(ui, &sheet);
    y = r.y;
    ui_group_begin(ui);
    for (int i = 0; f != NULL && i < f->choice_count; i++) {
        const struct view_choice *c = &v->choices[f->first_choice + i];

        y = sheet_choice(ui, rect_make(r.x, y, r.w, 0), i,
                         tr(form_word(v, c->label)), form_word(v, c->code),
                         c->is_on) +
            8;
    }
    ui_group_end(ui);
    sheet_end(ui, &sheet, y - 8);
}

static void draw_add(const struct view_form *v, struct ui *ui)
{
    static const char *const all[] = { N_("Note"), N_("Person"),
                                       N_("Vehicle") };
    static const char *const codes[] = { "note", "person", "vehicle" };
    struct sheet sheet = { .title = tr("What do you add?"), .width = 464 };
    const bool is_there[] = { v->has_note, v->person_field >= 0,
                              v->vehicle_field >= 0 };
    const struct rect r = sheet_begin(ui, &sheet);
    int y = r.y;

    ui_group_begin(ui);
    for (int i = 0; i < 3; i++) {
        if (is_there[i]) {
            y = sheet_choice(ui, rect_make(r.x, y, r.w, 0), i, tr(all[i]),
                             codes[i], false) +
                8;
        }
    }
    ui_group_end(ui);
    sheet_end(ui, &sheet, y - 8);
}

void form_draw_sheet(const struct form_model *m, const struct views *v,
                     struct ui *ui)
{
    switch (m->sheet) {
    case FORM_TYPES:
        draw_types(&v->log, ui);
        break;
    case FORM_TEXT:
    case FORM_NUMBER:
        draw_words(m, &v->form, ui);
        break;
    case FORM_TIME:
        draw_time(m, &v->form, ui);
        break;
    case FORM_CHOICES:
        draw_choices(m, &v->form, ui);
        break;
    case FORM_ADD:
        draw_add(&v->form, ui);
        break;
    case FORM_SIGN:
        form_draw_sign_sheet(m, &v->form, ui);
        break;
    case FORM_NO_SHEET:
        break;
    }
}
