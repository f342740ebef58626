/* draw_conflict_record.c - the record of two versions whole: its fields, its
 * history, a question to the other author. */
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/field.h"
#include "ui/kit/tr.h"
#include "ui/screens/conflict.h"
#include "ui/screens/rows.h"
#include "ui/sheet.h"

#define WAY_LEAST   64
#define SHEET_WIDTH 720

/* --- the ways there --- */

struct way {
    uint16_t id;
    enum icon icon;
    const char *label;
};

static int draw_way(struct ui *ui, struct rect r, const struct way *way,
                    bool is_first)
{
    const int icon = ui_icon_size(ui, S_ICON);
    const int x = r.x + 20 + icon + 16;
    const int room = r.x + r.w - 20 - icon - 12 - x;
    const int text = ui_text_height(ui, TYPE_BODY, way->label, room);

    r.h = text + 24 < WAY_LEAST ? WAY_LEAST : text + 24;
    if (ui_is_pressed(ui, way->id, 0)) {
        (void)ui_box(ui, rect_make(r.x + 1, r.y, r.w - 2, r.h), COLOR_SUNKEN,
                     COLOR_NONE, 0, 0);
    }
    if (!is_first) {
        ui_hline(ui, r.x + 1, r.y, r.w - 2, COLOR_LINE);
    }
    ui_icon(ui, r.x + 20, r.y + (r.h - icon) / 2, icon, way->icon, COLOR_TEXT);
    (void)ui_text(ui, rect_make(x, r.y, room, r.h), TYPE_BODY, COLOR_TEXT,
                  UI_MID, way->label);
    ui_icon(ui, r.x + r.w - 20 - icon, r.y + (r.h - icon) / 2, icon, ICON_FWD,
            COLOR_TEXT);
    ui_target(ui, r, way->id, 0, NULL, R_CARD, 0, way->label);
    return r.h;
}

/* What was asked, and what came back. */
static int draw_exchange(struct ui *ui, struct rect r, const struct views *v)
{
    const struct view_record *x = &v->record;
    const char *now = ui_iso(ui, fmt_when(ui, x->asked_ms, v->status.now_ms));
    const int card = ui_card(ui, r);
    const struct rect in = rect_inset(r, 21, 0);
    int y = r.y + 16;

    y += ui_text(
        ui, rect_make(in.x, y, in.w, 0), TYPE_LABEL, COLOR_TEXT, 0,
        ui_fmt(ui, tr("You asked %s, %s"), ui_iso(ui, x->ask_name), now));
    y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                 x->question) +
         8;
    if (x->answered_ms == 0) {
        y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_SMALL, COLOR_TEXT_2,
                     0, tr("No answer yet."));
    } else {
        now = ui_iso(ui, fmt_when(ui, x->answered_ms, v->status.now_ms));
        y += ui_text(
            ui, rect_make(in.x, y, in.w, 0), TYPE_LABEL, COLOR_TEXT, 0,
            ui_fmt(ui, tr("%s answered, %s"), ui_iso(ui, x->ask_name), now));
        y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                     x->answer);
    }
    y += 16;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

int conflict_record_ways(struct ui *ui, struct rect r, const struct views *v)
{
    const struct view_record *x = &v->record;
    const struct way ways[] = {
        { CTL_CONFLICT_FIELDS, ICON_LIST,
          ui_fmt(ui,
                 trn("See all %d field", "See all %d fields",
                     (unsigned long)x->field_count),
                 x->field_count) },
        { CTL_CONFLICT_HISTORY, ICON_CLOCK, tr("History of this record") },
        { CTL_CONFLICT_ASK, ICON_QUESTION,
          ui_fmt(ui, tr("Ask %s"), ui_iso(ui, x->ask_name)) },
    };
    const int count = x->ask_id[0] != '\0' ? 3 : 2;
    int y = r.y;
    int card;

    if (x->asked_ms != 0) {
        y += draw_exchange(ui, rect_make(r.x, y, r.w, 0), v) + 16;
    }
    card = ui_card(ui, rect_make(r.x, y, r.w, 0));
    r.y = y;
    ui_group_begin(ui);
    for (int i = 0; i < count; i++) {
        y += draw_way(ui, rect_make(r.x, y, r.w, 0), &ways[i], i == 0);
    }
    ui_group_end(ui);
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

/* --- sheets --- */

static void draw_fields(struct ui *ui, const struct views *v)
{
    const struct view_record *x = &v->record;
    struct sheet sheet = { .title = tr("All fields"), .width = SHEET_WIDTH };
    const struct rect r = sheet_begin(ui, &sheet);
    int y = r.y;

    y += rows_draw(ui, r, x, v->status.now_ms);
    sheet_end(ui, &sheet, y);
}

static const char *step_words(struct ui *ui, const struct view_step *s)
{
    switch (s->kind) {
    case STEP_MADE:
        return tr("Made");
    case STEP_CHANGED:
        return tr("Changed");
    case STEP_SETTLED:
        return tr("Settled");
    case STEP_STRUCK:
        return s->why[0] != '\0'
                   ? ui_fmt(ui, tr("Struck out: %s"), ui_iso(ui, s->why))
                   : tr("Struck out");
    case STEP_PHOTO:
        return tr("Photo added");
    case STEP_ASKED:
        return tr("Asked");
    case STEP_ANSWERED:
        return tr("Answered");
    case STEP_REVIEWED:
        return tr("Reviewed");
    case STEP_ISSUED:
        break;
    }
    return tr("Issued");
}

static int draw_step(struct ui *ui, struct rect r, const struct view_step *s,
                     const struct views *v)
{
    const int64_t now_ms = v->status.now_ms;
    const char *who =
        conflict_who(ui, s->who, s->where, s->is_you, s->is_here, s->is_office);
    const char *when = fmt_when(ui, s->at_ms, now_ms);
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 step_words(ui, s));
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 ui_fmt(ui, tr("%s, %s"), who, ui_iso(ui, when)));
    if (s->is_refused) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL_B,
                     COLOR_DANGER_TEXT, 0, tr("Held, not applied"));
    }
    for (int i = s->first; i < s->first + s->count; i++) {
        y += 6;
        y += rows_draw_one(ui, rect_make(r.x, y, r.w, 0),
                           &v->record.step_rows[i], now_ms);
    }
    return y - r.y;
}

static void draw_history(struct ui *ui, const struct views *v)
{
    const struct view_record *x = &v->record;
    struct sheet sheet = { .title = tr("History of this record"),
                           .width = SHEET_WIDTH };
    const struct rect r = sheet_begin(ui, &sheet);
    int y = r.y;

    for (int i = 0; i < x->step_count; i++) {
        if (i > 0) {
            ui_hline(ui, r.x, y, r.w, COLOR_LINE);
        }
        y += 12;
        y += draw_step(ui, rect_make(r.x, y, r.w, 0), &x->steps[i], v) + 12;
    }
    if (x->earlier_count > 0) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                     ui_fmt(ui,
                            trn("And %d earlier step: the console shows it.",
                                "And %d earlier steps: the console shows "
                                "them.",
                                (unsigned long)x->earlier_count),
                            x->earlier_count));
    }
    sheet_end(ui, &sheet, y);
}

static void draw_question(struct ui *ui, const struct conflict_model *m,
                          const struct view_record *x)
{
    struct sheet sheet = { .title = ui_fmt(ui, tr("Ask %s"),
                                           ui_iso(ui, x->ask_name)),
                           .width = 640,
                           .cancel = tr("Cancel"),
                           .done = tr("Send question"),
                           .is_off = m->words[0] == '\0' };
    const struct rect r = sheet_begin(ui, &sheet);
    const struct field words = { .id = CTL_SHEET_FIELD,
                                 .label = tr("Your question"),
                                 .text = m->words,
                                 .lines = 3,
                                 .most = VIEW_WORDS_SIZE - 1 };
    int y = r.y + field_draw(ui, r, &words) + 8;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 tr("It goes with the next sync and stands on their first "
                    "page. The answer comes back to this record."));
    sheet_end(ui, &sheet, y);
}

void conflict_record_sheet(struct ui *ui, const struct conflict_model *m,
                           const struct views *v)
{
    if (m->sheet == CONFLICT_FIELDS) {
        draw_fields(ui, v);
    } else if (m->sheet == CONFLICT_HISTORY) {
        draw_history(ui, v);
    } else if (m->sheet == CONFLICT_ASKS) {
        draw_question(ui, m, &v->record);
    }
}
