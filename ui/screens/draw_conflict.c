/* draw_conflict.c - versions side by side, and what is true of them. */
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/field.h"
#include "ui/kit/tr.h"
#include "ui/screens/conflict.h"
#include "ui/screens/words_differ.h"
#include "ui/sheet.h"

#define CARD_PAD   22
#define CARD_LEAST 164
#define RADIO      28
#define SIDE_LEAST 250 /* narrower cards stand below each other */

/* --- one version --- */

const char *conflict_who(struct ui *ui, const char *who, const char *where,
                         bool is_you, bool is_here, bool is_office)
{
    who = is_you           ? tr("You")
          : who[0] != '\0' ? ui_iso(ui, who)
                           : tr("Nobody signed in");
    if (is_here || is_office) {
        where = is_here ? tr("this tablet") : tr("office");
    } else if (where[0] != '\0') {
        where = ui_iso(ui, where);
    }
    return where[0] != '\0' ? ui_fmt(ui, tr("%s, %s"), who, where) : who;
}

static const char *who_words(struct ui *ui, const struct view_side *s)
{
    return conflict_who(ui, s->who, s->where, s->is_you, s->is_here,
                        s->is_office);
}

/* A time is worth as much as the clock that gave it. */
static const char *clock_words(struct ui *ui, const struct view_side *s)
{
    if (s->by_satellite) {
        return tr("Time by satellite");
    }
    if (s->is_here) {
        return tr("Time by this tablet’s clock");
    }
    if (s->is_office || s->where[0] == '\0') {
        return tr("Time by the other device’s clock");
    }
    return ui_fmt(ui, tr("Time by the clock of %s"), ui_iso(ui, s->where));
}

static const char *side_words(struct ui *ui, const struct view_side *s,
                              int64_t now_ms)
{
    switch (s->kind) {
    case SIDE_WORD:
        return tr(s->text);
    case SIDE_TIME:
        return fmt_when(ui, s->time_ms, now_ms);
    case SIDE_EMPTY:
        return tr("(left empty)");
    case SIDE_STRUCK:
        return s->text[0] != '\0'
                   ? ui_fmt(ui, tr("Struck out: %s"), ui_iso(ui, s->text))
                   : tr("Struck out");
    case SIDE_KEPT:
        return s->text[0] != '\0'
                   ? ui_fmt(ui, tr("Keep it, with: %s"), ui_iso(ui, s->text))
                   : tr("Keep it");
    case SIDE_TEXT:
        break;
    }
    return s->text;
}

static void draw_radio(struct ui *ui, int x, int y, bool is_on)
{
    const int size = ui_icon_size(ui, RADIO);
    const int dot = size / 2;

    (void)ui_box(ui, rect_make(x, y, size, size), COLOR_NONE,
                 is_on ? COLOR_PRIMARY_TEXT : COLOR_LINE_STRONG,
                 S_BORDER_STRONG, size / 2);
    if (is_on) {
        (void)ui_box(
            ui, rect_make(x + (size - dot) / 2, y + (size - dot) / 2, dot, dot),
            COLOR_PRIMARY_TEXT, COLOR_NONE, 0, dot / 2);
    }
}

/* One card: `h` 0 measures only; returns the height that it needs. */
struct card {
    int index;
    bool is_on;
    const char *who, *when, *words, *clock;
    struct text_span spans[TEXT_SPANS_MAX];
    int span_count;
};

static int card_head(struct ui *ui, const struct card *c, int room)
{
    const int radio = ui_icon_size(ui, RADIO);
    const int when = ui_text_width(ui, TYPE_SMALL_B, c->when);
    const int beside = room - radio - 12 - when - 12;
    const int who = ui_text_height(ui, TYPE_SMALL, c->who,
                                   beside < 90 ? room - radio - 12 : beside);
    const int h = who + (beside < 90 ? ui_line(ui, TYPE_SMALL_B) : 0);

    return h > radio ? h : radio;
}

static int card_height(struct ui *ui, const struct card *c, int width)
{
    const int room = width - 2 * CARD_PAD;
    const int h = 18 + card_head(ui, c, room) + 8 +
                  ui_spans_height(ui, room, TYPE_BODY, c->words, c->spans,
                                  c->span_count) +
                  8 + ui_text_height(ui, TYPE_CAPTION, c->clock, room) + 16;

    return h < CARD_LEAST ? CARD_LEAST : h;
}

static void card_who(struct ui *ui, struct rect in, const struct card *c,
                     enum color ink)
{
    const int radio = ui_icon_size(ui, RADIO);
    const int when = ui_text_width(ui, TYPE_SMALL_B, c->when);
    const int beside = in.w - radio - 12 - when - 12;
    const int x = in.x + radio + 12;
    int line = ui_line(ui, TYPE_SMALL);

    draw_radio(ui, in.x, in.y, c->is_on);
    line = line < radio ? (radio - line) / 2 : 0;
    if (beside >= 90) {
        (void)ui_text(ui, rect_make(in.x + in.w - when, in.y + line, when, 0),
                      TYPE_SMALL_B, ink, 0, c->when);
        (void)ui_text(ui, rect_make(x, in.y + line, beside, 0), TYPE_SMALL, ink,
                      0, c->who);
        return;
    }
    in.y += ui_text(ui, rect_make(x, in.y, in.x + in.w - x, 0), TYPE_SMALL, ink,
                    0, c->who);
    (void)ui_text(ui, rect_make(x, in.y, in.x + in.w - x, 0), TYPE_SMALL_B, ink,
                  0, c->when);
}

static void card_draw(struct ui *ui, struct rect r, const struct card *c)
{
    const enum color ink = c->is_on ? COLOR_ON_PRIMARY_SOFT : COLOR_TEXT;
    const bool is_down =
        ui_is_pressed(ui, CTL_CONFLICT_SIDE, (uint16_t)c->index);
    const struct rect in =
        rect_make(r.x + CARD_PAD, r.y + 18, r.w - 2 * CARD_PAD, r.h - 18 - 16);
    int y = in.y + card_head(ui, c, in.w) + 8;

    (void)ui_box(ui, r,
                 is_down    ? COLOR_SUNKEN
                 : c->is_on ? COLOR_PRIMARY_SOFT
                            : COLOR_SURFACE,
                 c->is_on ? COLOR_PRIMARY_TEXT : COLOR_LINE_STRONG,
                 c->is_on ? S_BORDER_STRONG : S_BORDER, R_CARD);
    card_who(ui, in, c, ink);
    (void)ui_text_spans(ui, rect_make(in.x, y, in.w, 0), TYPE_BODY, ink,
                        c->words, c->spans, c->span_count);
    y = r.y + r.h - 16 - ui_text_height(ui, TYPE_CAPTION, c->clock, in.w);
    (void)ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_CAPTION,
                  c->is_on ? ink : COLOR_TEXT_2, 0, c->clock);
    ui_target(ui, r, CTL_CONFLICT_SIDE, (uint16_t)c->index,
              ui_fmt(ui, "%d.%d", c->index / VIEW_SIDES + 1,
                     c->index % VIEW_SIDES + 1),
              R_CARD, c->is_on ? UI_SELECTED : 0,
              ui_fmt(ui, "%s: %s", c->who, c->words));
}

static struct card make_card(struct ui *ui, const struct conflict_model *m,
                             const struct view_question *q, int question,
                             int side)
{
    const struct view_side *s = &q->sides[side];
    struct card c = { .index = question * VIEW_SIDES + side,
                      .is_on = m->answer.choice[question] == side + 1,
                      .who = who_words(ui, s),
                      .clock = clock_words(ui, s) };

    return c;
}

/* --- one field --- */

static const char *chosen_words(struct ui *ui, const struct view_question *q,
                                int choice)
{
    if (choice == 0) {
        return tr("Choose one");
    }
    if (choice == SETTLE_OTHER) {
        return tr("Chosen: your words");
    }
    if (q->sides[choice - 1].is_you) {
        return tr("Chosen: yours");
    }
    return ui_fmt(ui, tr("Chosen: %s"),
                  ui_iso(ui, fmt_first_name(ui, q->sides[choice - 1].who)));
}

static int draw_heading(struct ui *ui, struct rect r,
                        const struct view_question *q, int number, int choice)
{
    const char *label =
        q->label[0] != '\0' ? tr(q->label) : tr("Struck out or kept?");
    const char *title =
        ui_fmt(ui, "%s. %s", fmt_number(ui, number), ui_iso(ui, label));
    const char *chosen = chosen_words(ui, q, choice);
    const int w = ui_text_width(ui, TYPE_SMALL, chosen);
    int h;

    if (ui_text_width(ui, TYPE_TITLE_S, title) + w + 16 <= r.w) {
        (void)ui_text(ui, rect_make(r.x + r.w - w, r.y + 2, w, 0), TYPE_SMALL,
                      COLOR_TEXT_2, 0, chosen);
        return ui_text(ui, rect_make(r.x, r.y, r.w - w - 16, 0), TYPE_TITLE_S,
                       COLOR_TEXT, 0, title);
    }
    h = ui_text(ui, r, TYPE_TITLE_S, COLOR_TEXT, 0, title);
    return h + ui_text(ui, rect_make(r.x, r.y + h, r.w, 0), TYPE_SMALL,
                       COLOR_TEXT_2, 0, chosen);
}

/* The versions, two in a row where there is room. */
static int draw_sides(struct ui *ui, struct rect r,
                      const struct conflict_model *m,
                      const struct view_question *q, int number, int64_t now_ms)
{
    const int columns =
        (r.w - S_GUTTER) / 2 >= SIDE_LEAST * ui->percent / 100 ? 2 : 1;
    struct card cards[VIEW_SIDES];
    int y = r.y;

    for (int i = 0; i < q->side_count; i++) {
        cards[i] = make_card(ui, m, q, number, i);
        cards[i].when = fmt_when(ui, q->sides[i].made_ms, now_ms);
        cards[i].words = side_words(ui, &q->sides[i], now_ms);
    }
    if (q->side_count == 2 && q->sides[0].kind == SIDE_TEXT &&
        q->sides[1].kind == SIDE_TEXT) {
        for (int i = 0; i < 2; i++) {
            cards[i].span_count = words_differ(
                cards[i].words, cards[1 - i].words, cards[i].spans);
        }
    }
    ui_group_begin(ui);
    for (int i = 0; i < q->side_count; i += columns) {
        int h = 0;

        for (int k = i; k < i + columns && k < q->side_count; k++) {
            const struct rect cell = rect_cell(r, columns, k - i, S_GUTTER);
            const int need = card_height(ui, &cards[k], cell.w);

            h = need > h ? need : h;
        }
        for (int k = i; k < i + columns && k < q->side_count; k++) {
            struct rect cell = rect_cell(r, columns, k - i, S_GUTTER);

            cell.y = y;
            cell.h = h;
            card_draw(ui, cell, &cards[k]);
        }
        y += h + S_GUTTER;
    }
    ui_group_end(ui);
    return y - S_GUTTER - r.y;
}

/* What was written in place of all of them. */
static int draw_other(struct ui *ui, struct rect r, const char *text,
                      bool is_on)
{
    const enum color ink = is_on ? COLOR_ON_PRIMARY_SOFT : COLOR_TEXT;
    const int room = r.w - 2 * CARD_PAD;

    r.h = 32 + ui_text_height(ui, TYPE_BODY, text, room);
    (void)ui_box(ui, r, is_on ? COLOR_PRIMARY_SOFT : COLOR_SURFACE,
                 is_on ? COLOR_PRIMARY_TEXT : COLOR_LINE_STRONG,
                 is_on ? S_BORDER_STRONG : S_BORDER, R_CARD);
    (void)ui_text(ui, rect_make(r.x + CARD_PAD, r.y + 16, room, 0), TYPE_BODY,
                  ink, 0, text);
    return r.h;
}

static int draw_question(struct ui *ui, struct rect r,
                         const struct conflict_model *m,
                         const struct view_question *q, int number,
                         int64_t now_ms)
{
    const int choice = m->answer.choice[number];
    const struct button write = { .kind = BUTTON_QUIET,
                                  .id = CTL_CONFLICT_WRITE,
                                  .index = (uint16_t)number,
                                  .key = fmt_number(ui, number + 1),
                                  .icon = ICON_EDIT,
                                  .label = q->is_number
                                               ? tr("Write another")
                                               : tr("Join or write another") };
    int y = r.y;
    int w = button_width(ui, &write);

    y += draw_heading(ui, rect_make(r.x, y, r.w, 0), q, number + 1, choice) + 8;
    y += draw_sides(ui, rect_make(r.x, y, r.w, 0), m, q, number, now_ms);
    if (choice == SETTLE_OTHER) {
        y += S_GUTTER;
        y += draw_other(ui, rect_make(r.x, y, r.w, 0), m->answer.other[number],
                        true);
    }
    if (q->can_write) {
        w = w > r.w ? r.w : w;
        button_draw(ui, rect_make(r.x, y, w, button_height(ui, &write, w)),
                    &write);
        y += button_height(ui, &write, w);
    }
    return y - r.y;
}

/* --- beside it: what record, and that nothing is lost --- */

static int draw_record(struct ui *ui, struct rect r, const struct views *v)
{
    const struct view_conflict *c = &v->conflicts.open;
    const char *when = ui_iso(ui, fmt_when(ui, c->made_ms, v->status.now_ms));
    const char *made =
        c->by_you ? ui_fmt(ui, tr("Made by you, %s"), when)
                  : ui_fmt(ui, tr("Made by %s, %s"), ui_iso(ui, c->by), when);
    const char *joined =
        ui_fmt(ui,
               trn("People changed this without knowing of each other. %d "
                   "other field joined up without trouble.",
                   "People changed this without knowing of each other. %d "
                   "other fields joined up without trouble.",
                   (unsigned long)c->joined_count),
               c->joined_count);
    const int icon = ui_icon_size(ui, S_ICON_M);
    const int card = ui_card(ui, r);
    const struct rect in = rect_inset(r, 21, 0);
    const int x = in.x + icon + 12;
    int y = r.y + 19;

    ui_icon(ui, in.x, y + 8, icon, ICON_SPLIT, COLOR_TEXT);
    y += ui_text(ui, rect_make(x, y, in.x + in.w - x, 0), TYPE_LABEL,
                 COLOR_TEXT, 0, tr(c->title));
    y += ui_text(ui, rect_make(x, y, in.x + in.w - x, 0), TYPE_SMALL,
                 COLOR_TEXT_2, 0, made);
    y += 14;
    ui_hline(ui, in.x, y, in.w, COLOR_LINE);
    y += 15;
    y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_SMALL, COLOR_TEXT, 0,
                 joined) +
         19;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

static int draw_promise(struct ui *ui, struct rect r)
{
    const char *title = tr("Both versions are kept");
    const char *more = tr("Whatever you choose, the other stays in the "
                          "record’s history with name and time. Clocks "
                          "never decide.");
    const int icon = ui_icon_size(ui, 28);
    const int x = r.x + 20 + icon + 14;
    const int room = r.x + r.w - 20 - x;
    const int text = ui_text_height(ui, TYPE_LABEL, title, room) +
                     ui_text_height(ui, TYPE_META, more, room);
    const int edge_w = ui->theme == THEME_CONTRAST ? S_BORDER_STRONG : 0;
    int y = r.y + 16;

    r.h = text + 32;
    (void)ui_box(ui, r, COLOR_OK_SOFT, COLOR_LINE, edge_w, R_CARD);
    ui_icon(ui, r.x + 20, y, icon, ICON_CHECK_O, COLOR_ON_OK_SOFT);
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_LABEL, COLOR_ON_OK_SOFT, 0,
                 title);
    (void)ui_text(ui, rect_make(x, y, room, 0), TYPE_META, COLOR_ON_OK_SOFT, 0,
                  more);
    return r.h;
}

static int draw_beside(struct ui *ui, struct rect r, const struct views *v)
{
    int y = r.y;

    y += draw_record(ui, rect_make(r.x, y, r.w, 0), v) + 16;
    y += draw_promise(ui, rect_make(r.x, y, r.w, 0)) + 16;
    return y + conflict_record_ways(ui, rect_make(r.x, y, r.w, 0), v);
}

static int draw_questions(struct ui *ui, struct rect r,
                          const struct conflict_model *m, const struct views *v)
{
    const struct view_conflict *c = &v->conflicts.open;
    int y = r.y;

    if (c->question_count == 0) {
        return y + empty_draw(ui, rect_make(r.x, y + 24, r.w, 0), ICON_CHECK_O,
                              tr("Settled"),
                              tr("Nothing of this record is in conflict."));
    }
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_READ, COLOR_TEXT, 0,
                 tr("Choose what is right for each. Not sure? Leave it to "
                    "your team leader.")) +
         20;
    for (int i = 0; i < c->question_count; i++) {
        y += draw_question(ui, rect_make(r.x, y, r.w, 0), m, &c->questions[i],
                           i, v->status.now_ms) +
             (c->questions[i].can_write ? 8 : 24);
    }
    return y;
}

void conflict_draw_content(struct ui *ui, struct rect r,
                           const struct conflict_model *m,
                           const struct views *v)
{
    const bool is_wide = r.w > 900 && ui->percent < 150;
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + (is_wide ? 24 : 20);

    if (is_wide) {
        struct rect a = rect_columns(r, 0, 8);
        struct rect b = rect_columns(r, 8, 4);
        int beside;

        a.y = b.y = y;
        beside = draw_beside(ui, b, v);
        y = draw_questions(ui, a, m, v);
        y = beside > y ? beside : y;
    } else {
        r.y = y;
        r.y = draw_questions(ui, r, m, v);
        y = draw_beside(ui, r, v);
    }
    ui_scroll_end(ui, y);
}

/* --- actions --- */

void conflict_draw_actions(struct ui *ui, struct rect row,
                           const struct conflict_model *m,
                           const struct view_conflict *v)
{
    const int open = conflict_open_count(m, v);
    const struct button use = {
        .kind = BUTTON_PRIMARY,
        .id = CTL_CONFLICT_USE,
        .label = open > 0 ? ui_fmt(ui,
                                   trn("Choose %d more", "Choose %d more",
                                       (unsigned long)open),
                                   open)
                          : tr("Use these"),
        .is_disabled = open > 0 || v->question_count == 0,
        .is_busy = m->is_sending,
    };
    const struct button keep = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_CONFLICT_KEEP,
                                 .icon = ICON_TEAM,
                                 .label = tr("Leave to team leader") };
    const int w = button_width(ui, &keep);
    const char *note = tr("Settled here now, sent when there is a signal.");
    const int icon = ui_icon_size(ui, 26);

    ui_part(ui, UI_ACTIONS);
    button_at_end(ui, &row, 16, &use);
    if (w <= row.w) { /* as high as what it stands beside */
        const int h = button_height(ui, &use, button_width(ui, &use));
        const struct rect r = rect_cut_end(&row, w);

        button_draw(ui, rect_make(r.x, r.y + (r.h - h) / 2, r.w, h), &keep);
        (void)rect_cut_end(&row, 16);
    }
    ui_part(ui, UI_CONTENT);
    if (row.w > icon + 200 &&
        ui_text_height(ui, TYPE_BODY, note, row.w - icon - 12) <= row.h) {
        ui_icon(ui, row.x, row.y + (row.h - icon) / 2, icon, ICON_CLOUD_UP,
                COLOR_TEXT);
        (void)rect_cut_start(&row, icon + 12);
        (void)ui_text(ui, row, TYPE_BODY, COLOR_TEXT, UI_MID, note);
    }
}

/* --- another value --- */

void conflict_draw_sheet(struct ui *ui, const struct conflict_model *m,
                         const struct view_conflict *v)
{
    const struct view_question *q = &v->questions[m->question];
    struct sheet sheet = { .title = q->is_number ? tr("Write another")
                                                 : tr("Join or write another"),
                           .width = 640,
                           .cancel = tr("Cancel"),
                           .done = tr("Use this"),
                           .is_off = m->text[0] == '\0' };
    const struct rect r = sheet_begin(ui, &sheet);
    const struct field text = { .id = CTL_SHEET_FIELD,
                                .label = tr(q->label),
                                .text = m->text,
                                .lines = q->is_number ? 1 : 4,
                                .flags = q->is_number ? UI_NUMBER : 0,
                                .most = VIEW_OTHER_SIZE - 1 };

    sheet_end(ui, &sheet, r.y + field_draw(ui, r, &text));
}
