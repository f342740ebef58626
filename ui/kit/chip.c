#include "ui/kit/chip.h"

#include "ui/kit/tr.h"

#define CHIP_PAD  18
#define CHIP_GAP  8
#define CHIP_TICK 20
#define TAB_LINE  4
#define STEP_ROW  64
#define STEP_DISC 36
#define STEP_BAR  8
#define RADIO     28
#define RADIO_DOT 14

/* --- chips --- */

/* What one chip says; more_id's chip comes last. */
struct one {
    const char *label;
    const char *name; /* accessible */
    const char *number;
    enum type type;
    bool is_on;
    bool is_more;
};

static int shown_count(const struct chips *c)
{
    return c->most > 0 && c->most < c->count ? c->most : c->count;
}

static struct one one_of(struct ui *ui, const struct chips *c, int i)
{
    struct one one = { .label = "",
                       .type = c->in_form ? TYPE_LABEL : TYPE_SMALL_B };
    const int shown = shown_count(c);

    if (i == shown) {
        const int left = c->count - shown;

        one.is_more = true;
        one.name =
            ui_fmt(ui, trn("%d more", "%d more", (unsigned long)left), left);
        one.label = c->more_dots ? "…" : one.name;
        return one;
    }
    one.label = c->labels[i];
    one.name = one.label;
    one.number = c->numbers != NULL ? c->numbers[i] : NULL;
    one.is_on = ((c->on >> i) & 1u) != 0;
    return one;
}

static bool has_tick(const struct one *one)
{
    return one->is_on && one->number == NULL;
}

static int chip_side(struct ui *ui, const struct one *one)
{
    int w = 2 * CHIP_PAD;

    w += has_tick(one) ? ui_icon_size(ui, CHIP_TICK) + CHIP_GAP : 0;
    if (one->number != NULL) {
        w += CHIP_GAP + ui_text_width(ui, TYPE_SMALL, one->number);
    }
    return w;
}

static struct rect chip_box(struct ui *ui, const struct one *one, int most)
{
    const int side = chip_side(ui, one);
    int text = ui_text_width(ui, one->type, one->label);
    int h;

    text = text > most - side ? most - side : text;
    h = ui_text_height(ui, one->type, one->label, text) + 2 * 16;
    h = h < S_TOUCH_MIN ? S_TOUCH_MIN : h;
    return rect_make(0, 0, text + side < h ? h : text + side, h);
}

static void draw_chip(struct ui *ui, struct rect r, const struct chips *c,
                      int i, const struct one *one)
{
    const uint16_t id = one->is_more ? c->more_id : c->id;
    const uint16_t index = one->is_more         ? c->more_index
                           : c->indexes != NULL ? c->indexes[i]
                                                : (uint16_t)i;
    const enum color ink = one->is_on ? COLOR_ON_PRIMARY_SOFT : COLOR_TEXT;
    const int tick = ui_icon_size(ui, CHIP_TICK);
    struct rect in = rect_inset(r, CHIP_PAD, 0);
    enum color fill = one->is_on ? COLOR_PRIMARY_SOFT : COLOR_SURFACE;

    fill = ui_is_pressed(ui, id, index) ? COLOR_SUNKEN : fill;
    (void)ui_box(ui, r, fill,
                 one->is_on ? COLOR_PRIMARY_TEXT : COLOR_LINE_STRONG,
                 one->is_on ? S_BORDER_STRONG : S_BORDER, S_TOUCH_MIN / 2);
    if (has_tick(one)) {
        ui_icon(ui, in.x, r.y + (r.h - tick) / 2, tick, ICON_CHECK,
                COLOR_PRIMARY_TEXT);
        (void)rect_cut_start(&in, tick + CHIP_GAP);
    }
    if (one->number != NULL) {
        const struct rect end =
            rect_cut_end(&in, ui_text_width(ui, TYPE_SMALL, one->number));

        (void)ui_text(ui, end, TYPE_SMALL, ink, UI_MID, one->number);
        (void)rect_cut_end(&in, CHIP_GAP);
    }
    (void)ui_text(ui, in, one->type, ink, UI_MID | UI_CENTER, one->label);
    ui_target(ui, r, id, index, one->is_more ? c->more_key : c->keys[i],
              S_TOUCH_MIN / 2, one->is_on ? UI_SELECTED : 0, one->name);
}

/* Lays them out; draws when asked to. */
static int flow(struct ui *ui, struct rect r, const struct chips *c, bool draws)
{
    const int shown = shown_count(c);
    const int all = shown + (shown < c->count);
    int x = 0;
    int y = 0;
    int line = 0;

    for (int i = 0; i < all; i++) {
        const struct one one = one_of(ui, c, i);
        struct rect box = chip_box(ui, &one, r.w);

        if (x > 0 && x + box.w > r.w) {
            y += line + CHIP_GAP;
            x = 0;
            line = 0;
        }
        box.x = r.x + x;
        box.y = r.y + y;
        if (draws) {
            draw_chip(ui, box, c, i, &one);
        }
        x += box.w + CHIP_GAP;
        line = box.h > line ? box.h : line;
    }
    return y + line;
}

int chips_height(struct ui *ui, const struct chips *c, int width)
{
    return flow(ui, rect_make(0, 0, width, 0), c, false);
}

int chips_draw(struct ui *ui, struct rect r, const struct chips *c)
{
    int h;

    ui_group_begin(ui);
    h = flow(ui, r, c, true);
    ui_group_end(ui);
    return h;
}

/* --- tabs --- */

static bool tabs_stack(struct ui *ui, const struct tabs *t, int width)
{
    for (int i = 0; i < t->count; i++) {
        if (ui_text_width(ui, TYPE_LABEL, t->labels[i]) + 16 >
            width / t->count) {
            return true;
        }
    }
    return false;
}

int tabs_height(struct ui *ui, const struct tabs *t, int width)
{
    const int row = ui_line(ui, TYPE_LABEL) + 32;

    return tabs_stack(ui, t, width) ? row * t->count : row;
}

static void draw_tab(struct ui *ui, struct rect r, const struct tabs *t, int i,
                     bool stacked)
{
    const bool is_on = i == t->chosen;

    if (ui_is_pressed(ui, t->id, (uint16_t)i)) {
        (void)ui_box(ui, r, COLOR_SUNKEN, COLOR_NONE, 0, 0);
    }
    (void)ui_text(ui, rect_inset(r, 8, 0), is_on ? TYPE_LABEL : TYPE_BODY,
                  is_on ? COLOR_PRIMARY_TEXT : COLOR_TEXT,
                  UI_MID | (stacked ? 0 : UI_CENTER), t->labels[i]);
    if (is_on) {
        const struct rect line =
            stacked ? rect_make(r.x - 4, r.y, TAB_LINE, r.h)
                    : rect_make(r.x, r.y + r.h - TAB_LINE, r.w, TAB_LINE);

        (void)ui_box(ui, line, COLOR_PRIMARY_TEXT, COLOR_NONE, 0, 0);
    }
    ui_target(ui, r, t->id, (uint16_t)i, t->keys[i], R_MARK,
              is_on ? UI_SELECTED : 0, t->labels[i]);
}

void tabs_draw(struct ui *ui, struct rect r, const struct tabs *t)
{
    const bool stacked = tabs_stack(ui, t, r.w);
    const int row = ui_line(ui, TYPE_LABEL) + 32;

    ui_group_begin(ui);
    ui_hline(ui, r.x, r.y + r.h - S_BORDER, r.w, COLOR_LINE_STRONG);
    for (int i = 0; i < t->count; i++) {
        const struct rect tab = stacked
                                    ? rect_make(r.x, r.y + i * row, r.w, row)
                                    : rect_cell(r, t->count, i, 0);

        draw_tab(ui, tab, t, i, stacked);
    }
    ui_group_end(ui);
}

/* --- steps --- */

static void draw_disc(struct ui *ui, struct rect r, const struct steps *s,
                      int i)
{
    const int percent = ui->percent;

    if (i < s->now) {
        (void)ui_box(ui, r, COLOR_OK, COLOR_NONE, 0, r.h / 2);
        ui_icon(ui, r.x + 7, r.y + 7, r.w - 14, ICON_CHECK, COLOR_ON_OK);
        return;
    }
    (void)ui_box(ui, r, i == s->now ? COLOR_PRIMARY : COLOR_SURFACE,
                 i == s->now ? COLOR_NONE : COLOR_LINE_STRONG, S_BORDER_STRONG,
                 r.h / 2);
    ui->percent = percent > 125 ? 125 : percent; /* the disc stays 36 */
    (void)ui_text(ui, r, TYPE_LABEL,
                  i == s->now ? COLOR_ON_PRIMARY : COLOR_TEXT_2,
                  UI_CENTER | UI_MID, ui_fmt(ui, "%d", i + 1));
    ui->percent = percent;
}

int steps_list_draw(struct ui *ui, struct rect r, const struct steps *s)
{
    const int room = r.w - STEP_DISC - 16;
    int y = r.y;

    ui_group_begin(ui);
    for (int i = 0; i < s->count; i++) {
        const int text = ui_text_height(ui, TYPE_LABEL, s->labels[i], room);
        const int h = text + 24 < STEP_ROW ? STEP_ROW : text + 24;
        const struct rect row = rect_make(r.x, y, r.w, h);
        const struct rect disc =
            rect_make(r.x, y + (h - STEP_DISC) / 2, STEP_DISC, STEP_DISC);

        if (i + 1 < s->count) {
            (void)ui_box(ui,
                         rect_make(r.x + STEP_DISC / 2 - 1, disc.y + STEP_DISC,
                                   2, h - STEP_DISC),
                         COLOR_LINE_STRONG, COLOR_NONE, 0, 0);
        }
        draw_disc(ui, disc, s, i);
        (void)ui_text(ui, rect_make(r.x + STEP_DISC + 16, y, room, h),
                      i == s->now ? TYPE_LABEL : TYPE_BODY,
                      i <= s->now ? COLOR_TEXT : COLOR_TEXT_2, UI_MID,
                      s->labels[i]);
        ui_target(ui, row, s->id, (uint16_t)i, s->keys[i], R_CARD,
                  i > s->now ? UI_DISABLED : 0, s->labels[i]);
        y += h;
    }
    ui_group_end(ui);
    return y - r.y;
}

int steps_bars_draw(struct ui *ui, struct rect r, const struct steps *s)
{
    const char *words = ui_fmt(ui, tr("Step %d of %d: %s"), s->now + 1,
                               s->count, ui_iso(ui, s->labels[s->now]));

    r.h = STEP_BAR;
    for (int i = 0; i < s->count; i++) {
        enum color fill = COLOR_SUNKEN;

        if (i < s->now) {
            fill = COLOR_OK;
        } else if (i == s->now) {
            fill = COLOR_PRIMARY;
        }
        (void)ui_box(ui, rect_cell(r, s->count, i, 8), fill,
                     i > s->now ? COLOR_LINE_STRONG : COLOR_NONE, S_BORDER,
                     STEP_BAR / 2);
    }
    return STEP_BAR + 8 +
           ui_text(ui, rect_make(r.x, r.y + STEP_BAR + 8, r.w, 0), TYPE_SMALL_B,
                   COLOR_TEXT, 0, words);
}

void radio_draw(struct ui *ui, int x, int y, bool is_on)
{
    const int at = (RADIO - RADIO_DOT) / 2;

    (void)ui_box(ui, rect_make(x, y, RADIO, RADIO), COLOR_SURFACE,
                 is_on ? COLOR_PRIMARY_TEXT : COLOR_LINE_STRONG,
                 S_BORDER_STRONG, RADIO / 2);
    if (is_on) {
        (void)ui_box(ui, rect_make(x + at, y + at, RADIO_DOT, RADIO_DOT),
                     COLOR_PRIMARY_TEXT, COLOR_NONE, 0, RADIO_DOT / 2);
    }
}
