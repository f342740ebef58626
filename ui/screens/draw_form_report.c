/*
 * draw_form_report.c - a report of what was seen, as five lines: what, where,
 * when, who, vehicle; each opens its answer (design, 08).
 */
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/card.h"
#include "ui/kit/marks.h"
#include "ui/kit/paint.h"
#include "ui/kit/tr.h"
#include "ui/screens/form.h"

#define PAD      20
#define TITLE_W  128
#define ICON     24
#define LINE_TOP 18

static const char *const keys[] = { "what",       "where_exact", "started_at",
                                    "stopped_at", "who",         "vehicles" };

static int index_of(const struct view_form *v, const char *key)
{
    const struct view_field *f = form_field_of_page(v, key);

    return f != NULL ? (int)(f - v->fields) : -1;
}

bool form_report_is(const struct view_form *v)
{
    return v->path[0] == '\0' && index_of(v, "what") >= 0 &&
           index_of(v, "where_exact") >= 0 && index_of(v, "who") >= 0;
}

bool form_report_has(const struct view_form *v, int field)
{
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        if (strcmp(form_word(v, v->fields[field].key), keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* One answer in a line: its hint, what was answered, a pencil. */
struct cell {
    uint16_t id, index;
    const char *key;
    const char *hint;
    const char *value; /* "": nothing yet */
    const char *plate; /* before the value, or NULL */
    const char *wrong; /* what is wrong, or NULL */
};

static int cell_room(struct ui *ui, int width)
{
    return width - ui_icon_size(ui, ICON) - 12;
}

static const char *cell_value(const struct cell *c)
{
    return c->value[0] != '\0' ? c->value : tr("Not answered");
}

static int cell_height(struct ui *ui, const struct cell *c, int width)
{
    const int room = cell_room(ui, width);
    const int h =
        (c->wrong != NULL ? ui_text_height(ui, TYPE_SMALL_B, c->wrong, room)
                          : 0) +
        ui_text_height(ui, TYPE_META, c->hint, room) +
        (c->plate != NULL ? plate_height(ui) + 4 : 0) +
        ui_text_height(ui, TYPE_BODY, cell_value(c), room) + 2 * LINE_TOP;

    return h < S_TOUCH_MIN ? S_TOUCH_MIN : h;
}

static void cell_draw(struct ui *ui, struct rect r, const struct cell *c)
{
    const int icon = ui_icon_size(ui, ICON);
    const int room = cell_room(ui, r.w);
    int y = r.y + LINE_TOP;

    if (ui_is_pressed(ui, c->id, c->index)) {
        (void)ui_box(ui, rect_make(r.x, r.y + 1, r.w, r.h - 1), COLOR_SUNKEN,
                     COLOR_NONE, 0, R_FIELD);
    }
    if (c->wrong != NULL) {
        y += ui_text(ui, rect_make(r.x, y, room, 0), TYPE_SMALL_B,
                     COLOR_DANGER_TEXT, 0, c->wrong);
    }
    y += ui_text(ui, rect_make(r.x, y, room, 0), TYPE_META, COLOR_TEXT_2, 0,
                 c->hint);
    if (c->plate != NULL) {
        plate_draw(ui, r.x, y + 2, c->plate);
        y += plate_height(ui) + 4;
    }
    (void)ui_text(ui, rect_make(r.x, y, room, 0), TYPE_BODY,
                  c->value[0] != '\0' ? COLOR_TEXT : COLOR_TEXT_2, 0,
                  cell_value(c));
    ui_icon(ui, r.x + r.w - icon, r.y + (r.h - icon) / 2, icon, ICON_EDIT,
            COLOR_PRIMARY_TEXT);
    ui_target(ui, r, c->id, c->index, c->key, R_FIELD, 0, c->hint);
}

static struct cell answer_cell(struct ui *ui, const struct views *v,
                               const char *key)
{
    const struct view_form *form = &v->form;
    const int i = index_of(form, key);
    const struct view_field *f = &form->fields[i];
    struct cell c = { .id = CTL_FORM_OPEN,
                      .index = (uint16_t)i,
                      .key = form_word(form, f->key),
                      .hint = tr(form_word(form, f->label)),
                      .value = form_word(form, f->value) };

    if (f->ask == ASK_TIME) {
        c.value =
            f->has_number ? fmt_when(ui, f->number, v->status.now_ms) : "";
    }
    if (f->fault != FAULT_NONE) {
        c.wrong = form_fault_words(ui, form, f);
    }
    return c;
}

/* The first vehicle that was added, or the way to add one. */
static struct cell vehicle_cell(struct ui *ui, const struct view_form *v)
{
    const int i = index_of(v, "vehicles");
    const struct view_field *f = &v->fields[i];
    struct cell c = { .id = CTL_FORM_ADD,
                      .index = (uint16_t)i,
                      .key = form_word(v, f->key),
                      .hint = tr("Number, make, colour, where it stood"),
                      .value = "" };

    if (f->row_count > 0) {
        const struct view_row *row = &v->rows[f->first_row];

        c.id = CTL_FORM_ROW;
        c.index = (uint16_t)f->first_row;
        c.key = form_word(v, row->key);
        c.value = form_sentence(ui, v, row);
    }
    return c;
}

/* A large word, then one answer or two beside each other. */
static int draw_answers(struct ui *ui, struct rect r, const char *title,
                        const struct cell *cells, int count)
{
    const bool is_beside = r.w >= 560 && ui->percent < 150;
    const struct rect in =
        is_beside
            ? rect_make(r.x + PAD + TITLE_W, r.y, r.w - 2 * PAD - TITLE_W, 0)
            : rect_make(r.x + PAD, r.y + LINE_TOP + ui_line(ui, TYPE_TITLE) - 8,
                        r.w - 2 * PAD, 0);
    const int columns = is_beside ? count : 1;
    int high = 0;
    int y = in.y;

    (void)ui_text(ui, rect_make(r.x + PAD, r.y + LINE_TOP, r.w - 2 * PAD, 0),
                  TYPE_TITLE, COLOR_TEXT, 0, title);
    for (int i = 0; i < count; i++) {
        const int h =
            cell_height(ui, &cells[i], rect_cell(in, columns, 0, PAD).w);

        high = h > high ? h : high;
    }
    for (int i = 0; i < count; i++) {
        struct rect cell = rect_cell(in, columns, i % columns, PAD);

        cell.y = y;
        cell.h = high;
        cell_draw(ui, cell, &cells[i]);
        y += columns == 1 ? high : 0;
    }
    return (columns == 1 ? y : y + high) - r.y;
}

int form_report_first(struct ui *ui, struct rect r, const struct views *v,
                      int field)
{
    const struct view_form *form = &v->form;
    const struct view_field *f = &form->fields[field];
    const char *label = f->fault != FAULT_NONE ? form_fault_words(ui, form, f)
                                               : tr(form_word(form, f->label));
    struct rect text = r;
    struct rect box;
    int h;

    if (r.w < 560 || ui->percent >= 150 || f->ask != ASK_YES_NO) {
        return form_field_draw(ui, r, v, field);
    }
    box = rect_cut_end(&text, r.w * 58 / 100);
    h = form_choices_draw(ui, box, form, field);
    (void)ui_text(ui, rect_make(text.x, text.y, text.w - 16, h), TYPE_LABEL,
                  f->fault != FAULT_NONE ? COLOR_DANGER_TEXT : COLOR_TEXT,
                  UI_MID, label);
    return h;
}

int form_report_draw(struct ui *ui, struct rect r, const struct views *v)
{
    const int card = ui_card(ui, r);
    const struct cell what = answer_cell(ui, v, "what");
    const struct cell where = answer_cell(ui, v, "where_exact");
    const struct cell when[] = { answer_cell(ui, v, "started_at"),
                                 answer_cell(ui, v, "stopped_at") };
    const struct cell who = answer_cell(ui, v, "who");
    const struct cell vehicle = vehicle_cell(ui, &v->form);
    const struct {
        const char *title;
        const struct cell *cells;
        int count;
    } lines[] = { { tr("What"), &what, 1 },
                  { tr("Where"), &where, 1 },
                  { tr("When"), when, 2 },
                  { tr("Who"), &who, 1 },
                  { tr("Vehicle"), &vehicle, 1 } };
    int y = r.y + 1;

    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        if (i > 0) {
            ui_hline(ui, r.x, y, r.w, COLOR_LINE);
        }
        y += draw_answers(ui, rect_make(r.x, y, r.w, 0), lines[i].title,
                          lines[i].cells, lines[i].count);
    }
    draw_set_height(&ui->list, card, y + 1 - r.y);
    return y + 1 - r.y;
}
