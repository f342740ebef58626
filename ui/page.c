#include "ui/page.h"

#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/sign.h"

#define SEAL_W 56
#define MARGIN 112

struct columns {
    int x;
    int w;
    int margin; /* of the line, from x */
    int text_x;
    int text_w;
    int rule; /* height of a line */
};

/* What is written: the entry's words and, after amended ones, "see 216". */
struct words {
    char text[VIEW_NOTE_SIZE + 64];
    struct text_span spans[TEXT_SPANS_MAX];
    int span_count;
};

static void add_span(struct words *w, size_t from, size_t to, int look,
                     uint32_t color)
{
    struct text_span *s = &w->spans[w->span_count++];

    s->from = (uint16_t)from;
    s->to = (uint16_t)to;
    s->look = (uint8_t)look;
    s->color = color;
}

static void make_words(struct ui *ui, const struct view_entry *e,
                       struct words *w)
{
    w->span_count = 0;
    if (e->amended_by != 0 && e->strike_to > e->strike_from) {
        const char *see = ui_fmt(ui, tr("see %d"), e->amended_by);
        const size_t from = (size_t)e->strike_from;
        const size_t to = (size_t)e->strike_to;

        snprintf(w->text, sizeof(w->text), "%.*s %s%s", e->strike_to, e->text,
                 see, e->text + e->strike_to);
        add_span(w, from, to, TEXT_STRIKE, ui_rgb(ui, COLOR_DANGER_TEXT));
        add_span(w, to + 1, to + 1 + strlen(see), TEXT_LINK,
                 ui_rgb(ui, COLOR_PRIMARY_TEXT));
        return;
    }
    snprintf(w->text, sizeof(w->text), "%s", e->text);
    if (e->amends != 0 && e->bold_to > e->bold_from) {
        add_span(w, (size_t)e->bold_from, (size_t)e->bold_to, TEXT_BOLD, 0);
    }
}

/* The spans that lie in [from, to), moved to start at 0. */
static int part_spans(const struct words *w, size_t from, size_t to,
                      struct text_span *out)
{
    int n = 0;

    for (int i = 0; i < w->span_count; i++) {
        if (w->spans[i].from >= from && w->spans[i].to <= to) {
            out[n] = w->spans[i];
            out[n].from = (uint16_t)(out[n].from - from);
            out[n].to = (uint16_t)(out[n].to - from);
            n++;
        }
    }
    return n;
}

static const char *badge_words(struct ui *ui, const struct view_entry *e)
{
    if (e->amends != 0) {
        return ui_fmt(ui, tr("Amends %d"), e->amends);
    }
    if (e->late_for_ms != 0) {
        return ui_fmt(ui, tr("Late, for %s"),
                      ui_iso(ui, fmt_time(ui, e->late_for_ms)));
    }
    return NULL;
}

/* Draws after the first paragraph, or on a line of its own; the height. */
static int draw_badge(struct ui *ui, const struct view_entry *e,
                      const struct columns *c, int line_y, int used)
{
    const char *words = badge_words(ui, e);
    const enum icon icon = e->amends != 0 ? ICON_LINK : ICON_CLOCK;
    const int up = (c->rule - badge_height(ui)) / 2 + 2;
    int w;

    if (words == NULL) {
        return 0;
    }
    w = badge_width(ui, icon, words);
    if (used + 9 + w <= c->text_w) {
        badge_draw(ui, c->text_x + used + 9, line_y + up, BADGE_WARN, icon,
                   words);
        return 0;
    }
    badge_draw(ui, c->text_x, line_y + c->rule + up, BADGE_WARN, icon, words);
    return c->rule;
}

static int draw_paragraph(struct ui *ui, const struct words *w, size_t from,
                          size_t to, struct rect r, int *used_out)
{
    struct text_span spans[TEXT_SPANS_MAX];
    const int n = part_spans(w, from, to, spans);
    const char *text = draw_keep(&ui->list, w->text + from, to - from);
    int h;

    if (to == from) {
        return ui_line(ui, TYPE_PAGE);
    }
    h = ui_text_spans(ui, r, TYPE_PAGE, COLOR_TEXT, text, spans, n);
    *used_out = ui_spans_last_width(ui, r.w, TYPE_PAGE, text, spans, n);
    return h;
}

static int draw_words(struct ui *ui, const struct view_entry *e,
                      const struct columns *c, int y)
{
    struct words w;
    size_t at = 0;
    int top = y;

    make_words(ui, e, &w);
    for (;;) {
        const size_t to = at + strcspn(w.text + at, "\n");
        int used = 0;

        y += draw_paragraph(ui, &w, at, to,
                            rect_make(c->text_x, y, c->text_w, 0), &used);
        if (at == 0) {
            y += draw_badge(ui, e, c, y - c->rule, used);
        }
        if (w.text[to] == '\0') {
            return y - top;
        }
        at = to + 1;
    }
}

static void draw_margin(struct ui *ui, const struct view_entry *e,
                        const struct columns *c, int y)
{
    const char *time = fmt_time(ui, e->made_ms);
    const char *number = fmt_number(ui, e->number);
    const int time_w = ui_text_width(ui, TYPE_PAGE_B, time);
    const int seal = ui_icon_size(ui, 22);
    const int x = c->x + 20 + time_w + 8;

    (void)ui_text(ui, rect_make(c->x + 20, y, time_w, 0), TYPE_PAGE_B,
                  COLOR_TEXT, 0, time);
    (void)ui_text(ui, rect_make(x, y + 2, c->x + c->margin - x - 2, c->rule),
                  TYPE_CAPTION, COLOR_TEXT_2, UI_MID, number);
    ui_icon(ui, c->x + c->w - SEAL_W / 2 - seal / 2, y + (c->rule - seal) / 2,
            seal, e->fits ? ICON_SEAL : ICON_ALERT,
            e->fits ? COLOR_OK_TEXT : COLOR_DANGER_TEXT);
}

/*
 * Entries are touched by their lines. Where a short one stands beside a
 * taller one, or last, it borrows what it lacks of the 56 dp that gloves
 * need; a run of short ones keeps to the rules of the page.
 */
static void add_target(struct ui *ui, const struct columns *c, int y, int h,
                       const struct view_entry *e, int index, bool is_on)
{
    struct target *above =
        index > 0 ? &ui->targets[ui->target_count - 1] : NULL;
    int from = y;

    if (above != NULL && h < S_TOUCH_MIN && above->box.h > S_TOUCH_MIN) {
        const int spare = above->box.h - S_TOUCH_MIN;

        from -= spare < S_TOUCH_MIN - h ? spare : S_TOUCH_MIN - h;
    } else if (above != NULL && h > S_TOUCH_MIN && above->box.h < S_TOUCH_MIN) {
        const int lack = S_TOUCH_MIN - above->box.h;

        from += lack < h - S_TOUCH_MIN ? lack : h - S_TOUCH_MIN;
    }
    if (above != NULL) {
        above->box.h += from - y;
    }
    ui_target(ui, rect_make(c->x, from, c->w, y + h - from), CTL_BOOK_ENTRY,
              (uint16_t)index, fmt_number(ui, e->number), 0,
              UI_WRITTEN | (is_on ? UI_SELECTED : 0), e->text);
}

/* Below the last line the page is free: a short one takes a rule more. */
static int stretch_last(struct ui *ui, const struct columns *c)
{
    struct target *last = &ui->targets[ui->target_count - 1];

    if (last->box.h >= S_TOUCH_MIN) {
        return 0;
    }
    last->box.h = S_TOUCH_MIN;
    return c->rule;
}

static int draw_entries(struct ui *ui, const struct columns *c, int y,
                        const struct view_notebook *v, int chosen)
{
    ui_group_begin(ui);
    for (int i = 0; i < v->entry_count; i++) {
        const struct view_entry *e = &v->entries[i];
        const bool is_on = e->number == chosen;
        const int mark =
            ui_box(ui, rect_make(c->x, y, c->w, 0),
                   is_on ? COLOR_PRIMARY_SOFT : COLOR_NONE, COLOR_NONE, 0, 0);
        const int h = draw_words(ui, e, c, y);

        draw_set_height(&ui->list, mark, h);
        draw_margin(ui, e, c, y);
        add_target(ui, c, y, h, e, i, is_on);
        y += h;
    }
    y += stretch_last(ui, c);
    ui_group_end(ui);
    return y;
}

/* Signed to a line of this page, and nothing written since: ruled off. */
static bool is_ruled_off(const struct view_notebook *v)
{
    const int to = v->signature.to;

    return v->entry_count > 0 && v->signature.by[0] != '\0' &&
           v->entries[v->entry_count - 1].number == to;
}

/* A line under the last entry, the signature on four rules below it. */
static int draw_signed(struct ui *ui, const struct columns *c, int y,
                       const struct view_notebook *v)
{
    const struct rect ink =
        rect_make(c->text_x, y + c->rule / 2, c->text_w, 3 * c->rule);
    const char *words =
        ui_fmt(ui, tr("Signed by %s, %s"), ui_iso(ui, v->signature.by),
               ui_iso(ui, fmt_time(ui, v->signature.at_ms)));

    (void)ui_box(ui, rect_make(c->x, y - 1, c->w, 2), COLOR_TEXT, COLOR_NONE, 0,
                 0);
    if (v->signature.ink.count > 0) {
        sign_ink(ui, ink, &v->signature.ink);
        y += 3 * c->rule;
    } else if (v->signature.name[0] != '\0') {
        y += ui_text(ui, rect_make(c->text_x, y, c->text_w, 0), TYPE_PAGE,
                     COLOR_TEXT, 0, v->signature.name);
    }
    return y + ui_text(ui, rect_make(c->text_x, y, c->text_w, 0), TYPE_PAGE,
                       COLOR_TEXT_2, 0, words);
}

static void draw_rules(struct ui *ui, const struct columns *c, int from, int to)
{
    for (int y = from + c->rule - 1; y < to; y += c->rule) {
        ui_hline(ui, c->x, y, c->w, COLOR_PAPER_LINE);
    }
    (void)ui_box(ui, rect_make(c->x + c->margin, from, 2, to - from),
                 COLOR_PAPER_MARGIN, COLOR_NONE, 0, 0);
}

static int draw_head(struct ui *ui, struct rect r,
                     const struct view_notebook *v)
{
    const char *page = ui_fmt(ui, tr("Page %d"), v->page);
    const char *book = v->book[0] != '\0'
                           ? ui_fmt(ui, tr("Book %s"), ui_iso(ui, v->book))
                           : "";
    const char *date = fmt_date(ui, v->date_ms);
    const int page_w = ui_text_width(ui, TYPE_TITLE, page);
    const int date_w = ui_text_width(ui, TYPE_BODY, date);
    const int book_w = ui_text_width(ui, TYPE_SMALL, book);
    const int room = r.w - 40;
    const int line = ui_line(ui, TYPE_TITLE);
    int h = line + 36;

    (void)ui_text(ui, rect_make(r.x + 20, r.y + 18, page_w, 0), TYPE_TITLE,
                  COLOR_TEXT, 0, page);
    if (page_w + 16 + date_w + 16 + book_w <= room) {
        (void)ui_text(ui,
                      rect_make(r.x + 20 + page_w + 16, r.y + 20, date_w, line),
                      TYPE_BODY, COLOR_TEXT, UI_MID, date);
        (void)ui_text(
            ui, rect_make(r.x + r.w - 20 - book_w, r.y + 18, book_w, line),
            TYPE_SMALL, COLOR_TEXT_2, UI_MID, book);
        return h;
    }
    h = 18 + line;
    h += ui_text(ui, rect_make(r.x + 20, r.y + h, room, 0), TYPE_BODY,
                 COLOR_TEXT, 0, date);
    h += ui_text(ui, rect_make(r.x + 20, r.y + h, room, 0), TYPE_SMALL,
                 COLOR_TEXT_2, 0, book);
    return h + 18;
}

/* The page that is written on, with lines that nobody signed yet. */
static bool may_sign(const struct view_notebook *v)
{
    return v->page == v->page_count && v->total_count > v->signature.to;
}

/* Low where there is nothing to press. */
static int foot_height(struct ui *ui, const struct view_notebook *v)
{
    return (v->page_count > 1 || may_sign(v) ? 52 : 32) +
           ui_line(ui, TYPE_LABEL);
}

static void draw_foot(struct ui *ui, struct rect r,
                      const struct view_notebook *v)
{
    const struct button before = { .kind = BUTTON_QUIET,
                                   .id = CTL_BOOK_BEFORE,
                                   .icon = ICON_BACK,
                                   .label =
                                       ui_fmt(ui, tr("Page %d"), v->page - 1) };
    const struct button after = { .kind = BUTTON_QUIET,
                                  .id = CTL_BOOK_AFTER,
                                  .icon = ICON_FWD,
                                  .label =
                                      ui_fmt(ui, tr("Page %d"), v->page + 1) };
    const struct button sign = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_BOOK_SIGN,
                                 .icon = ICON_PEN,
                                 .label = tr("Sign off page") };
    const char *promise = tr("Entries are never changed or deleted.");
    const int icon = ui_icon_size(ui, 22);
    struct rect row = rect_inset(r, 10, 0);

    if (may_sign(v) && button_width(ui, &sign) <= row.w) {
        button_at_end(ui, &row, 8, &sign);
    }
    if (v->page < v->page_count) {
        button_at_end(ui, &row, 8, &after);
    }
    if (v->page > 1) {
        button_at_end(ui, &row, 8, &before);
    }
    (void)rect_cut_start(&row, 10);
    if (ui_text_height(ui, TYPE_SMALL, promise, row.w - icon - 8) > r.h ||
        row.w < 160) {
        return; /* the same is said in the side card by the seal */
    }
    ui_icon(ui, row.x, r.y + (r.h - icon) / 2, icon, ICON_LOCK, COLOR_TEXT);
    (void)rect_cut_start(&row, icon + 8);
    (void)ui_text(ui, row, TYPE_SMALL, COLOR_TEXT, UI_MID, promise);
}

static struct columns make_columns(struct ui *ui, struct rect r)
{
    const int before = 20 + ui_text_width(ui, TYPE_PAGE_B, "00:00") + 8 +
                       ui_text_width(ui, TYPE_CAPTION, "0000") + 4;
    struct columns c = { .x = r.x, .w = r.w };

    c.margin = before < MARGIN ? MARGIN : before;
    c.text_x = r.x + c.margin + 16;
    c.text_w = r.w - c.margin - 16 - SEAL_W;
    c.rule = ui_line(ui, TYPE_PAGE);
    return c;
}

static int draw_body(struct ui *ui, const struct columns *c, int y,
                     const struct view_notebook *v, int chosen, int bottom)
{
    int end;

    if (v->entry_count == 0) {
        (void)ui_text(ui, rect_make(c->text_x, y, c->text_w, 0), TYPE_PAGE,
                      COLOR_TEXT_2, 0, tr("An empty page."));
        end = y + c->rule;
    } else {
        end = draw_entries(ui, c, y, v, chosen);
        if (is_ruled_off(v)) {
            end = draw_signed(ui, c, end, v);
        }
    }
    end = end < bottom ? bottom : end;
    draw_rules(ui, c, y, end);
    return end;
}

int page_draw(struct ui *ui, struct rect r, const struct view_notebook *v,
              int chosen)
{
    const bool is_fixed = r.h > 0;
    const int foot_h = foot_height(ui, v);
    const int card = ui_box(ui, r, COLOR_PAPER, COLOR_NONE, 0, R_CARD);
    const struct rect in = rect_inset(r, 1, 1);
    const struct columns c = make_columns(ui, in);
    int y = r.y + 1 + draw_head(ui, rect_make(in.x, r.y + 1, in.w, 0), v);
    int end;

    (void)ui_box(ui, rect_make(in.x, y - 2, in.w, 2), COLOR_PAPER_MARGIN,
                 COLOR_NONE, 0, 0);
    if (is_fixed) {
        const struct rect view =
            rect_make(in.x + S_MARGIN, y, in.w - 2 * S_MARGIN,
                      r.y + r.h - 1 - foot_h - y);
        const int top = ui_scroll_begin(ui, CTL_SCROLL_SIDE, view);

        end = draw_body(ui, &c, top, v, chosen, view.y + view.h);
        ui_scroll_end(ui, end);
        y = view.y + view.h;
    } else {
        y = draw_body(ui, &c, y, v, chosen, 0);
    }
    ui_hline(ui, in.x, y, in.w, COLOR_LINE);
    draw_foot(ui, rect_make(in.x, y, in.w, foot_h), v);
    y += foot_h + 1;
    draw_set_height(&ui->list, card, y - r.y);
    (void)ui_box(ui, rect_make(r.x, r.y, r.w, y - r.y), COLOR_NONE,
                 COLOR_LINE_STRONG, S_BORDER, R_CARD);
    return y - r.y;
}
