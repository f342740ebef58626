/* draw_log_sheets.c - the sheets that the quick log opens. */
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/field.h"
#include "ui/kit/tr.h"
#include "ui/screens/log.h"
#include "ui/screens/log_parts.h"
#include "ui/sheet.h"

static void draw_types(const struct log_model *m, const struct view_log *v,
                       struct ui *ui)
{
    struct sheet sheet = { .title = tr("What is happening?"), .width = 640 };
    const char *labels[VIEW_TYPES];
    const char *keys[VIEW_TYPES];
    struct rect r;
    int chosen = -1;

    for (int i = 0; i < v->type_count; i++) {
        labels[i] = v->types[i].label;
        keys[i] = v->types[i].code;
        chosen = strcmp(keys[i], m->draft.type) == 0 ? i : chosen;
    }
    r = sheet_begin(ui, &sheet);
    sheet_end(
        ui, &sheet,
        sheet_choices(ui, r, labels, keys, (size_t)v->type_count, chosen));
}

static void draw_time(const struct log_model *m, struct ui *ui)
{
    static const char *const labels[] = { N_("Now"), N_("10 minutes ago"),
                                          N_("30 minutes ago") };
    static const char *const keys[] = { "now", "10", "30" };
    struct sheet sheet = { .title = tr("When was it?"), .width = 464 };
    const struct rect r = sheet_begin(ui, &sheet);
    int y = sheet_choices(ui, r, labels, keys, ARRAY_LEN(labels), -1) + 16;

    y += label_draw(ui, rect_make(r.x, y, r.w, 0), tr("Earlier"), false);
    stepper_draw(ui, rect_make(r.x, y, r.w, stepper_height(ui)), CTL_SHEET_LESS,
                 CTL_SHEET_MORE, fmt_time(ui, m->draft.happened_ms), false,
                 false);
    sheet_end(ui, &sheet, y + stepper_height(ui));
}

static void draw_add(struct ui *ui)
{
    static const char *const labels[] = { N_("Note"), N_("Person"),
                                          N_("Vehicle") };
    static const char *const keys[] = { "note", "person", "vehicle" };
    struct sheet sheet = { .title = tr("What do you add?"), .width = 464 };
    const struct rect r = sheet_begin(ui, &sheet);

    sheet_end(ui, &sheet,
              sheet_choices(ui, r, labels, keys, ARRAY_LEN(labels), -1));
}

struct words_sheet {
    const char *title;
    const char *label;
    const char *hint;
    int lines;
    int most; /* bytes; 0: a whole note */
};

static void draw_words(const struct log_model *m, struct ui *ui,
                       const struct words_sheet *w)
{
    struct sheet sheet = { .title = w->title,
                           .width = 640,
                           .cancel = tr("Cancel"),
                           .done = tr("Done"),
                           .is_off = m->text[0] == '\0' };
    const struct field f = { .id = CTL_SHEET_FIELD,
                             .label = w->label,
                             .hint = w->hint,
                             .text = m->text,
                             .lines = w->lines,
                             .most = w->most };
    const struct rect r = sheet_begin(ui, &sheet);

    sheet_end(ui, &sheet, r.y + field_draw(ui, r, &f));
}

void log_draw_sheet(const struct log_model *m, const struct views *v,
                    struct ui *ui)
{
    const struct words_sheet note = { tr("Note"), tr("What you saw or heard"),
                                      NULL, 4, 0 };
    const struct words_sheet place = { tr("Where was it?"),
                                       tr("Place, in words"),
                                       tr("Street, shop, stand"), 1,
                                       VIEW_LINE_SIZE - 1 };
    const struct words_sheet person = {
        tr("Person"), tr("A description that a colleague can use"),
        tr("Behaviour and clothes, not guesses"), 2, VIEW_LINE_SIZE - 1
    };
    const struct words_sheet vehicle = { tr("Vehicle"),
                                         tr("Plate, make, colour"), NULL, 1,
                                         VIEW_LINE_SIZE - 1 };

    switch (m->sheet) {
    case LOG_TYPES:
        draw_types(m, &v->log, ui);
        break;
    case LOG_TIME:
        draw_time(m, ui);
        break;
    case LOG_ADD:
        draw_add(ui);
        break;
    case LOG_NOTE:
        draw_words(m, ui, &note);
        break;
    case LOG_PLACE:
        draw_words(m, ui, &place);
        break;
    case LOG_PERSON:
        draw_words(m, ui, &person);
        break;
    case LOG_VEHICLE:
        draw_words(m, ui, &vehicle);
        break;
    case LOG_NO_SHEET:
        break;
    }
}
