/* draw_form_fields.c - how each kind of question looks on a form's page. */
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/chip.h"
#include "ui/kit/field.h"
#include "ui/kit/tr.h"
#include "ui/screens/form.h"

#define CHIPS_ALL   8 /* so many stand on the page, of more only some */
#define CHIPS_SOME  5
#define CHIPS_MAX   32
#define SEGMENTS    4
#define STEPPER_MAX 400 /* dp: wider is no help */
#define PAD         16
#define BOX_LEAST   S_TOUCH_MIN
#define CARD_LEAST  72
#define ROW_ICON    40

/* --- words --- */

const char *form_word(const struct view_form *v, uint32_t at)
{
    return v->words + at;
}

const struct view_field *form_field_of_page(const struct view_form *v,
                                            const char *key)
{
    for (int i = 0; i < v->field_count; i++) {
        if (strcmp(form_word(v, v->fields[i].key), key) == 0) {
            return &v->fields[i];
        }
    }
    return NULL;
}

const struct view_field *form_field_of(const struct view_form *v,
                                       const char *key)
{
    const size_t len = strlen(v->path);

    if (len > 0) {
        if (strncmp(key, v->path, len) != 0 || key[len] != '.') {
            return NULL;
        }
        key += len + 1;
    }
    return form_field_of_page(v, key);
}

const char *form_sentence(struct ui *ui, const struct view_form *v,
                          const struct view_row *row)
{
    const char *out = "";

    for (int i = 0; i < row->part_count; i++) {
        const struct view_part *p = &v->parts[row->first_part + i];
        const char *text = form_word(v, p->text);

        text = p->is_word ? tr(text) : wear_say(ui, text);
        out = i == 0 ? text : ui_fmt(ui, tr("%s, %s"), out, text);
    }
    return out;
}

/* What is wrong, and what to do next. */
const char *form_fault_words(struct ui *ui, const struct view_form *v,
                             const struct view_field *f)
{
    const char *message = form_word(v, f->message);

    switch (f->fault) {
    case FAULT_MISSING:
        return f->ask == ASK_TEXT     ? tr("Write this, then save")
               : f->ask == ASK_NUMBER ? tr("Enter a number, then save")
               : f->ask == ASK_MANY   ? tr("Choose one or more, then save")
               : f->ask == ASK_TIME   ? tr("Set the time, then save")
               : f->ask == ASK_SIGN   ? tr("Have it signed, then save")
               : f->ask >= ASK_PERSON ? tr("Add one, then save")
                                      : tr("Choose an answer, then save");
    case FAULT_LONG:
        return f->max_chars > 0
                   ? ui_fmt(ui, tr("Make it shorter: at most %d letters"),
                            f->max_chars)
                   : tr("Make it shorter");
    case FAULT_SMALL:
        return ui_fmt(ui, tr("At least %d"), (int)f->min);
    case FAULT_LARGE:
        return ui_fmt(ui, tr("At most %d"), (int)f->max);
    case FAULT_RULE:
        return message[0] != '\0' ? tr(message) : tr("Change this answer");
    case FAULT_VALUE:
        return tr("Change this answer");
    case FAULT_INSIDE:
        return tr("Open it: an answer is missing");
    case FAULT_STALE:
        return tr("The words changed: have them signed again");
    case FAULT_NONE:
        break;
    }
    return "";
}

/* Label, hint where the control itself has no room for it, and the fault. */
static int head(struct ui *ui, struct rect r, const struct view_form *v,
                const struct view_field *f, bool with_hint)
{
    const bool is_bad = f->fault != FAULT_NONE;
    const char *label = tr(form_word(v, f->label));
    const char *hint = form_word(v, f->hint);
    const char *unit = form_word(v, f->unit);
    int y = r.y;

    if (unit[0] != '\0') {
        label = ui_fmt(ui, tr("%s (%s)"), label, unit);
    }
    y += ui_text(ui, r, TYPE_SMALL_B, is_bad ? COLOR_DANGER_TEXT : COLOR_TEXT,
                 0, label);
    if (with_hint && hint[0] != '\0') {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                     tr(hint));
    }
    if (is_bad) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL_B,
                     COLOR_DANGER_TEXT, 0, form_fault_words(ui, v, f));
    }
    return y + 6 - r.y;
}

/* --- choices --- */

static const char *choice_key(struct ui *ui, const struct view_form *v,
                              const struct view_field *f, int choice)
{
    return ui_fmt(ui, "%s.%s", form_word(v, f->key),
                  form_word(v, v->choices[choice].code));
}

struct parts {
    const char *labels[SEGMENTS];
    const char *keys[SEGMENTS];
    struct segments s;
};

/* Few short answers stand in one box. */
static bool make_segments(struct ui *ui, const struct view_form *v,
                          const struct view_field *f, int width,
                          struct parts *out)
{
    if (f->choice_count > SEGMENTS || f->ask == ASK_MANY) {
        return false;
    }
    out->s = (struct segments){ .id = CTL_FORM_PICK,
                                .first = (uint16_t)f->first_choice,
                                .labels = out->labels,
                                .keys = out->keys,
                                .count = f->choice_count,
                                .chosen = -1 };
    for (int i = 0; i < f->choice_count; i++) {
        const struct view_choice *c = &v->choices[f->first_choice + i];

        out->labels[i] = tr(form_word(v, c->label));
        out->keys[i] = choice_key(ui, v, f, f->first_choice + i);
        out->s.chosen = c->is_on ? i : out->s.chosen;
    }
    return f->ask == ASK_YES_NO || segments_fit(ui, &out->s, width);
}

/* All chips; or the first and whatever is chosen, then "7 more". */
static int chips(struct ui *ui, struct rect r, const struct view_form *v,
                 const struct view_field *f, int index)
{
    const int some = f->choice_count > CHIPS_ALL ? CHIPS_SOME : CHIPS_ALL;
    const char *labels[CHIPS_MAX];
    const char *keys[CHIPS_MAX];
    uint16_t indexes[CHIPS_MAX];
    struct chips c = { .id = CTL_FORM_PICK,
                       .indexes = indexes,
                       .labels = labels,
                       .keys = keys,
                       .count = f->choice_count,
                       .more_id = CTL_FORM_REST,
                       .more_index = (uint16_t)index,
                       .more_key = form_word(v, f->key),
                       .in_form = true };

    for (int i = 0; i < f->choice_count && c.most < CHIPS_MAX; i++) {
        const int at = f->first_choice + i;
        const struct view_choice *choice = &v->choices[at];

        if (i < some || choice->is_on) {
            labels[c.most] = tr(form_word(v, choice->label));
            keys[c.most] = choice_key(ui, v, f, at);
            indexes[c.most] = (uint16_t)at;
            c.on |= (choice->is_on ? 1u : 0u) << c.most;
            c.most++;
        }
    }
    return chips_draw(ui, r, &c);
}

int form_choices_draw(struct ui *ui, struct rect r, const struct view_form *v,
                      int index)
{
    const struct view_field *f = &v->fields[index];
    struct parts parts;

    if (!make_segments(ui, v, f, r.w, &parts)) {
        return chips(ui, r, v, f, index);
    }
    r.h = segments_height(ui, &parts.s, r.w);
    segments_draw(ui, r, &parts.s);
    return r.h;
}

/* --- a box that opens a sheet --- */

/* What was drawn, by its size. */
static const char *outline_words(struct ui *ui, const struct view_field *f)
{
    if (!f->has_number) {
        return "";
    }
    return f->ask == ASK_AREA
               ? ui_fmt(ui, tr("On the map, %s m²"), fmt_number(ui, f->number))
               : ui_fmt(ui, tr("On the map, %s m"),
                        fmt_number(ui, f->number / 1000));
}

static int draw_answer(struct ui *ui, struct rect r, const struct view_form *v,
                       int index, const char *text, enum icon icon)
{
    const struct view_field *f = &v->fields[index];
    const char *hint = tr(form_word(v, f->hint));
    const int size = ui_icon_size(ui, S_ICON);
    const int room = r.w - 2 * PAD - size - 12;
    const bool is_empty = text[0] == '\0';
    const char *words = !is_empty ? text
                        : hint[0] != '\0' && f->ask != ASK_TIME
                            ? hint
                            : tr("Not answered");
    int h = ui_text_height(ui, TYPE_BODY, words, room) + 2 * 14;

    h = h < BOX_LEAST ? BOX_LEAST : h;
    r.h = h;
    (void)ui_box(ui, r,
                 ui_is_pressed(ui, CTL_FORM_OPEN, (uint16_t)index)
                     ? COLOR_SUNKEN
                     : COLOR_SURFACE,
                 f->fault != FAULT_NONE ? COLOR_DANGER_TEXT : COLOR_LINE_STRONG,
                 S_BORDER_STRONG, R_FIELD);
    (void)ui_text(ui, rect_make(r.x + PAD, r.y, room, h), TYPE_BODY,
                  is_empty ? COLOR_TEXT_2 : COLOR_TEXT, UI_MID, words);
    ui_icon(ui, r.x + r.w - PAD - size, r.y + (h - size) / 2, size, icon,
            COLOR_PRIMARY_TEXT);
    ui_target(ui, r, CTL_FORM_OPEN, (uint16_t)index, form_word(v, f->key),
              R_FIELD, 0, tr(form_word(v, f->label)));
    return h;
}

static int draw_number(struct ui *ui, struct rect r, const struct view_form *v,
                       int index)
{
    const struct view_field *f = &v->fields[index];
    const struct stepper s = {
        .less_id = CTL_FORM_LESS,
        .more_id = CTL_FORM_PLUS,
        .open_id = CTL_FORM_OPEN,
        .index = (uint16_t)index,
        .key = form_word(v, f->key),
        .value = f->has_number ? fmt_number(ui, (long)f->number) : "–",
        .label = tr(form_word(v, f->label)),
        .at_least = f->has_number && f->has_min && f->number <= f->min,
        .at_most = f->has_number && f->has_max && f->number >= f->max
    };

    r.h = stepper_height(ui);
    r.w = r.w > STEPPER_MAX && ui->percent < 150 ? STEPPER_MAX : r.w;
    stepper_draw_one(ui, r, &s);
    return r.h;
}

/* --- rows --- */

static const char *row_title(struct ui *ui, const struct view_field *f,
                             int number)
{
    return f->ask == ASK_PERSON    ? ui_fmt(ui, tr("Person %d"), number)
           : f->ask == ASK_VEHICLE ? ui_fmt(ui, tr("Vehicle %d"), number)
                                   : ui_fmt(ui, tr("Entry %d"), number);
}

static int draw_card(struct ui *ui, struct rect r, const struct view_form *v,
                     const struct view_field *f, int at)
{
    const struct view_row *row = &v->rows[at];
    const char *title = row_title(ui, f, row->number);
    const char *said = form_sentence(ui, v, row);
    const int icon = ui_icon_size(ui, ROW_ICON);
    const int fwd = ui_icon_size(ui, S_ICON);
    const int x = r.x + PAD + icon + 12;
    const int room = r.w - 2 * PAD - icon - fwd - 24;
    const int text = ui_text_height(ui, TYPE_LABEL, title, room) +
                     ui_text_height(ui, TYPE_SMALL, said, room);
    int y;

    r.h = text + 24 < CARD_LEAST ? CARD_LEAST : text + 24;
    (void)ui_box(ui, r,
                 ui_is_pressed(ui, CTL_FORM_ROW, (uint16_t)at) ? COLOR_SUNKEN
                                                               : COLOR_SURFACE,
                 COLOR_LINE_STRONG, S_BORDER, R_CARD);
    ui_icon(ui, r.x + PAD, r.y + (r.h - icon) / 2, icon,
            f->ask == ASK_PERSON    ? ICON_PERSON
            : f->ask == ASK_VEHICLE ? ICON_CAR
                                    : ICON_LIST,
            COLOR_PRIMARY_TEXT);
    y = r.y + (r.h - text) / 2;
    y +=
        ui_text(ui, rect_make(x, y, room, 0), TYPE_LABEL, COLOR_TEXT, 0, title);
    (void)ui_text(ui, rect_make(x, y, room, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                  said);
    ui_icon(ui, r.x + r.w - PAD - fwd, r.y + (r.h - fwd) / 2, fwd, ICON_FWD,
            COLOR_PRIMARY_TEXT);
    ui_target(ui, r, CTL_FORM_ROW, (uint16_t)at, form_word(v, row->key), R_CARD,
              0, title);
    return r.h;
}

static int draw_rows(struct ui *ui, struct rect r, const struct view_form *v,
                     int index)
{
    const struct view_field *f = &v->fields[index];
    const struct button add = { .kind = BUTTON_SECONDARY,
                                .id = CTL_FORM_ADD,
                                .index = (uint16_t)index,
                                .key = form_word(v, f->key),
                                .icon = f->ask == ASK_PERSON ? ICON_PERSON_ADD
                                        : f->ask == ASK_VEHICLE ? ICON_CAR
                                                                : ICON_PLUS,
                                .label = f->ask == ASK_PERSON ? tr("Add person")
                                         : f->ask == ASK_VEHICLE
                                             ? tr("Add vehicle")
                                             : tr("Add") };
    int y = r.y;
    int w;
    int h;

    for (int i = 0; i < f->row_count; i++) {
        y += draw_card(ui, rect_make(r.x, y, r.w, 0), v, f, f->first_row + i) +
             8;
    }
    if (!f->has_add || f->row_count >= f->max_rows) {
        return y - 8 - r.y;
    }
    w = button_width(ui, &add);
    w = w > r.w ? r.w : w;
    h = button_height(ui, &add, w);
    button_draw(ui, rect_make(r.x, y, w, h), &add);
    return y + h - r.y;
}

/* --- any --- */

int form_field_draw(struct ui *ui, struct rect r, const struct views *v, int i)
{
    const struct view_form *form = &v->form;
    const struct view_field *f = &form->fields[i];
    const bool in_box = f->ask == ASK_TEXT || f->ask == ASK_PLACE ||
                        f->ask == ASK_LINE || f->ask == ASK_AREA ||
                        f->ask == ASK_SIGN; /* its sheet has the hint */
    const int top = r.y;

    if (f->ask >= ASK_PERSON && f->ask != ASK_SIGN && f->row_count == 0 &&
        !f->has_add) {
        return 0; /* the bar has its button */
    }
    r.y += head(ui, r, form, f, !in_box);
    switch (f->ask) {
    case ASK_YES_NO:
    case ASK_ONE:
    case ASK_MANY:
        r.y += form_choices_draw(ui, r, form, i);
        break;
    case ASK_NUMBER:
        r.y += draw_number(ui, r, form, i);
        break;
    case ASK_TIME:
        r.y += draw_answer(
            ui, r, form, i,
            f->has_number ? fmt_when(ui, f->number, v->status.now_ms) : "",
            ICON_CLOCK);
        break;
    case ASK_TEXT:
    case ASK_PLACE:
        r.y +=
            draw_answer(ui, r, form, i, form_word(form, f->value), ICON_EDIT);
        break;
    case ASK_LINE:
    case ASK_AREA:
        r.y += draw_answer(ui, r, form, i, outline_words(ui, f), ICON_MAP);
        break;
    case ASK_PERSON:
    case ASK_VEHICLE:
    case ASK_GROUP:
        r.y += draw_rows(ui, r, form, i);
        break;
    case ASK_SIGN:
        r.y += form_sign_draw(ui, r, v, i);
        break;
    }
    return r.y - top;
}
