/* choose.c - tiles, choices, segments and steppers (button.h). */
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"

#define TILE_PAD    17 /* 16 and the edge */
#define CHOICE_PAD  15
#define CHOICE_TEXT 14 /* the words may come a little nearer the edge */
#define CHOICE_ROW  64
#define CHOICE_GRID 104
#define SEG_H       64
#define STEP_W      64

static enum color pressed_or(const struct ui *ui, uint16_t id, uint16_t index,
                             enum color rest)
{
    return ui_is_pressed(ui, id, index) ? COLOR_SUNKEN : rest;
}

static int tile_text_room(const struct ui *ui, const struct tile *t, int width)
{
    if (t->is_row) {
        return width - 2 * 21 - ui_icon_size(ui, S_ICON_L) - 16;
    }
    return width - 2 * TILE_PAD;
}

/* Under the label: why it is off. */
static int reason_height(struct ui *ui, const struct tile *t, int room)
{
    return t->reason != NULL ? ui_text_height(ui, TYPE_META, t->reason, room)
                             : 0;
}

/* In a row all stands under the label. */
static int note_height(struct ui *ui, const struct tile *t, int room)
{
    if (t->reason != NULL) {
        return reason_height(ui, t, room);
    }
    if (t->is_sealed) {
        return badge_height(ui) + 4;
    }
    if (t->note == NULL) {
        return 0;
    }
    return ui_text_height(ui, TYPE_CAPTION_B, t->note, room) + 4;
}

int tile_height(struct ui *ui, const struct tile *t, int width)
{
    const int room = tile_text_room(ui, t, width);
    const int text = ui_text_height(ui, TYPE_LABEL, t->label, room);
    const int icon = ui_icon_size(ui, S_ICON_L);

    if (t->is_row) {
        const int h = text + note_height(ui, t, room) + 2 * 16;

        return h < 96 ? 96 : h;
    }
    return 2 * TILE_PAD + icon + 14 + text + reason_height(ui, t, room);
}

bool tile_fits(struct ui *ui, const struct tile *t, int width)
{
    const int room = tile_text_room(ui, t, width);
    const int note = t->is_row ? room : room - ui_icon_size(ui, S_ICON_L) - 6;

    if (room < 1 || note < 1 ||
        ui_text_size(ui, TYPE_LABEL, t->label, room, 0).too_wide) {
        return false;
    }
    if (t->reason != NULL) {
        return !ui_text_size(ui, TYPE_META, t->reason, room, 0).too_wide;
    }
    if (t->is_sealed) {
        return badge_width(ui, ICON_LOCK, tr("Sealed")) <= note;
    }
    /* A note beside the icon has one line there. */
    return t->note == NULL ||
           ui_text_size(ui, TYPE_CAPTION_B, t->note, note, 0).lines <= 2;
}

static void tile_row(struct ui *ui, struct rect r, const struct tile *t,
                     enum color mark, enum color ink)
{
    const int icon = ui_icon_size(ui, S_ICON_L);
    const int room = tile_text_room(ui, t, r.w);
    const int text = ui_text_height(ui, TYPE_LABEL, t->label, room);
    const int x = r.x + 21 + icon + 16;
    int y = r.y + (r.h - text - note_height(ui, t, room)) / 2;

    ui_icon(ui, r.x + 21, r.y + (r.h - icon) / 2, icon, t->icon, mark);
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_LABEL, ink, 0, t->label);
    if (t->reason != NULL) {
        (void)ui_text(ui, rect_make(x, y, room, 0), TYPE_META, ink, 0,
                      t->reason);
    } else if (t->is_sealed) {
        badge_draw(ui, x, y + 4, BADGE_SEALED, ICON_LOCK, tr("Sealed"));
    } else if (t->note != NULL) {
        (void)ui_text(ui, rect_make(x, y + 4, room, 0), TYPE_CAPTION_B,
                      COLOR_TEXT_2, 0, t->note);
    }
}

static void tile_upright(struct ui *ui, struct rect r, const struct tile *t,
                         enum color mark, enum color ink)
{
    const int icon = ui_icon_size(ui, S_ICON_L);
    const int room = tile_text_room(ui, t, r.w);
    const int text = ui_text_height(ui, TYPE_LABEL, t->label, room);
    const int end = r.x + r.w - 15;
    const int x = r.x + TILE_PAD;
    const int bottom = r.y + r.h - TILE_PAD - reason_height(ui, t, room);

    ui_icon(ui, x, r.y + TILE_PAD, icon, t->icon, mark);
    (void)ui_text(ui, rect_make(x, bottom - text, room, 0), TYPE_LABEL, ink, 0,
                  t->label);
    if (t->reason != NULL) {
        (void)ui_text(ui, rect_make(x, bottom, room, 0), TYPE_META, ink, 0,
                      t->reason);
    } else if (t->is_sealed) {
        const int w = badge_width(ui, ICON_LOCK, tr("Sealed"));

        badge_draw(ui, end - w, r.y + 15, BADGE_SEALED, ICON_LOCK,
                   tr("Sealed"));
    } else if (t->note != NULL) {
        const int from = x + icon + 8;

        (void)ui_text(ui, rect_make(from, r.y + 19, end - from, 0),
                      TYPE_CAPTION_B, COLOR_TEXT_2, UI_END, t->note);
    }
}

void tile_draw(struct ui *ui, struct rect r, const struct tile *t)
{
    const bool is_off = t->reason != NULL;
    const int edge_w = ui->theme == THEME_CONTRAST ? S_BORDER_STRONG : S_BORDER;
    enum color fill = t->is_sealed ? COLOR_SEALED_SOFT : COLOR_SURFACE;
    enum color mark = t->is_sealed ? COLOR_SEALED_TEXT : COLOR_PRIMARY_TEXT;
    enum color ink = t->is_sealed ? COLOR_ON_SEALED_SOFT : COLOR_TEXT;
    enum color edge = t->is_sealed ? COLOR_SEALED_TEXT : COLOR_LINE_STRONG;

    fill = is_off ? COLOR_DISABLED : pressed_or(ui, t->id, t->index, fill);
    if (is_off) {
        mark = COLOR_ON_DISABLED;
        ink = COLOR_ON_DISABLED;
    }
    if (is_off) {
        edge = COLOR_DISABLED;
    }
    (void)ui_box(ui, r, fill, edge, edge_w, R_CARD);
    if (t->is_row) {
        tile_row(ui, r, t, mark, ink);
    } else {
        tile_upright(ui, r, t, mark, ink);
    }
    ui_target(ui, r, t->id, t->index, t->key, R_CARD, is_off ? UI_DISABLED : 0,
              t->label);
}

int choice_height(struct ui *ui, const struct choice *c, int width)
{
    const int icon = ui_icon_size(ui, 28);
    int h;

    if (c->is_row) {
        const int room = width - 2 * 25 - icon - 20 - (c->is_on ? icon : 0);

        h = ui_text_height(ui, TYPE_LABEL, c->label, room) + 24;
        return h < CHOICE_ROW ? CHOICE_ROW : h;
    }
    h = 13 + icon + 4 +
        ui_text_height(ui, TYPE_LABEL, c->label,
                       width - CHOICE_PAD - CHOICE_TEXT) +
        11;
    return h < CHOICE_GRID ? CHOICE_GRID : h;
}

bool choice_fits(struct ui *ui, const struct choice *c, int width)
{
    const int icon = ui_icon_size(ui, 28);
    const int room = c->is_row ? width - 2 * 25 - 2 * icon - 20
                               : width - CHOICE_PAD - CHOICE_TEXT;

    return room > 0 &&
           !ui_text_size(ui, TYPE_LABEL, c->label, room, 0).too_wide;
}

static void choice_row(struct ui *ui, struct rect r, const struct choice *c,
                       enum color ink)
{
    const int icon = ui_icon_size(ui, 28);
    const int tick = ui_icon_size(ui, S_ICON);
    const int x = r.x + 25 + icon + 20;
    int end = r.x + r.w - 25;

    if (c->is_on) {
        ui_icon(ui, end - tick, r.y + (r.h - tick) / 2, tick, ICON_CHECK,
                COLOR_PRIMARY_TEXT);
        end -= icon;
    }
    ui_icon(ui, r.x + 25, r.y + (r.h - icon) / 2, icon, c->icon,
            COLOR_PRIMARY_TEXT);
    (void)ui_text(ui, rect_make(x, r.y, end - x, r.h), TYPE_LABEL, ink, UI_MID,
                  c->label);
}

static void choice_upright(struct ui *ui, struct rect r, const struct choice *c,
                           enum color ink)
{
    const int icon = ui_icon_size(ui, 28);
    const int tick = ui_icon_size(ui, S_ICON);
    const int room = r.w - CHOICE_PAD - CHOICE_TEXT;
    const int text = ui_text_height(ui, TYPE_LABEL, c->label, room);

    ui_icon(ui, r.x + CHOICE_PAD, r.y + 13, icon, c->icon, COLOR_PRIMARY_TEXT);
    if (c->is_on) {
        ui_icon(ui, r.x + r.w - 12 - tick, r.y + 12, tick, ICON_CHECK,
                COLOR_PRIMARY_TEXT);
    }
    (void)ui_text(ui,
                  rect_make(r.x + CHOICE_PAD, r.y + r.h - 11 - text, room, 0),
                  TYPE_LABEL, ink, 0, c->label);
}

void choice_draw(struct ui *ui, struct rect r, const struct choice *c)
{
    const enum color ink = c->is_on ? COLOR_ON_PRIMARY_SOFT : COLOR_TEXT;

    (void)ui_box(ui, r,
                 pressed_or(ui, c->id, c->index,
                            c->is_on ? COLOR_PRIMARY_SOFT : COLOR_SURFACE),
                 c->is_on ? COLOR_PRIMARY_TEXT : COLOR_LINE_STRONG,
                 c->is_on ? S_BORDER_STRONG : S_BORDER, R_CARD);
    if (c->is_row) {
        choice_row(ui, r, c, ink);
    } else {
        choice_upright(ui, r, c, ink);
    }
    ui_target(ui, r, c->id, c->index, c->key, R_CARD,
              c->is_on ? UI_SELECTED : 0, c->label);
}

/* Room for a label beside its tick, with as little air as there must be. */
static int segment_room(const struct ui *ui, int part)
{
    return part - ui_icon_size(ui, 22) - 8;
}

/* Side by side while each word fits beside its tick, else stacked. */
static bool is_stacked(struct ui *ui, const struct segments *s, int width)
{
    for (int i = 0; i < s->count; i++) {
        struct text_size size;

        size = ui_text_size(ui, TYPE_SEG, s->labels[i],
                            segment_room(ui, width / s->count), 0);
        if (size.too_wide || size.lines > 2) {
            return true;
        }
    }
    return false;
}

bool segments_fit(struct ui *ui, const struct segments *s, int width)
{
    return !is_stacked(ui, s, width);
}

int segments_height(struct ui *ui, const struct segments *s, int width)
{
    const int row = SEG_H + ui_line(ui, TYPE_SEG) - 22;

    if (is_stacked(ui, s, width)) {
        return s->count * row;
    }
    for (int i = 0; i < s->count; i++) {
        const int room = segment_room(ui, width / s->count);

        if (ui_text_size(ui, TYPE_SEG, s->labels[i], room, 0).lines > 1) {
            return row + ui_line(ui, TYPE_SEG) - 8;
        }
    }
    return row;
}

static void draw_segment(struct ui *ui, struct rect r, const struct segments *s,
                         int i)
{
    const bool is_on = i == s->chosen;
    const int tick = ui_icon_size(ui, 22);
    const int most = segment_room(ui, r.w);
    int text = ui_text_width(ui, TYPE_SEG, s->labels[i]);
    int room;
    int x;

    text = text > most ? most : text;
    room = is_on ? tick + (text + tick + 16 > r.w ? 4 : 8) : 0;
    x = r.x + (r.w - room - text) / 2;
    if (is_on) {
        ui_icon(ui, x, r.y + (r.h - tick) / 2, tick, ICON_CHECK,
                COLOR_ON_PRIMARY);
    }
    (void)ui_text(ui, rect_make(x + room, r.y, text, r.h), TYPE_SEG,
                  is_on ? COLOR_ON_PRIMARY : COLOR_TEXT, UI_CENTER | UI_MID,
                  s->labels[i]);
    ui_target(ui, r, s->id, (uint16_t)(s->first + i), s->keys[i], R_CARD,
              is_on ? UI_SELECTED : 0, s->labels[i]);
}

static struct rect segment_box(struct rect r, const struct segments *s, int i,
                               bool stacked)
{
    const struct rect in = rect_inset(r, 1, 1);

    if (stacked) {
        const int y0 = in.y + in.h * i / s->count;
        const int y1 = in.y + in.h * (i + 1) / s->count;

        return rect_make(in.x, y0, in.w, y1 - y0);
    }
    return rect_cell(in, s->count, i, 0);
}

void segments_draw(struct ui *ui, struct rect r, const struct segments *s)
{
    const bool stacked = is_stacked(ui, s, r.w);

    ui_group_begin(ui);
    (void)ui_box(ui, r, COLOR_SURFACE, COLOR_NONE, 0, R_CARD);
    for (int i = 0; i < s->count; i++) {
        const struct rect part = segment_box(r, s, i, stacked);
        const bool is_down = ui_is_pressed(ui, s->id, (uint16_t)(s->first + i));

        if (i == s->chosen || is_down) {
            const bool at_side = i == 0 || i == s->count - 1;

            (void)ui_box(ui, part, is_down ? COLOR_SUNKEN : COLOR_PRIMARY,
                         COLOR_NONE, 0, at_side ? R_CARD : 0);
            if (at_side && !stacked) { /* square where parts meet */
                struct rect half = part;

                half.w = part.w / 2;
                half.x += i == 0 ? part.w - half.w : 0;
                (void)ui_box(ui, half, is_down ? COLOR_SUNKEN : COLOR_PRIMARY,
                             COLOR_NONE, 0, 0);
            }
        }
        if (i > 0) {
            const struct rect line =
                stacked ? rect_make(part.x, part.y, part.w, S_BORDER)
                        : rect_make(part.x, part.y, S_BORDER, part.h);

            (void)ui_box(ui, line, COLOR_LINE_STRONG, COLOR_NONE, 0, 0);
        }
    }
    (void)ui_box(ui, r, COLOR_NONE, COLOR_LINE_STRONG, S_BORDER, R_CARD);
    for (int i = 0; i < s->count; i++) {
        draw_segment(ui, segment_box(r, s, i, stacked), s, i);
    }
    ui_group_end(ui);
}

int stepper_height(struct ui *ui)
{
    const int h = ui_line(ui, TYPE_SOS) + 16;

    return h < SEG_H ? SEG_H : h;
}

static void step_sign(struct ui *ui, struct rect r, uint16_t id,
                      const struct stepper *s, bool is_limit, const char *label)
{
    const int size = ui_icon_size(ui, 26);

    if (ui_is_pressed(ui, id, s->index)) {
        (void)ui_box(ui, rect_inset(r, 1, 1), COLOR_SUNKEN, COLOR_NONE, 0,
                     R_CARD);
    }
    ui_icon(ui, r.x + (r.w - size) / 2, r.y + (r.h - size) / 2, size,
            id == s->less_id ? ICON_MINUS : ICON_PLUS,
            is_limit ? COLOR_ON_DISABLED : COLOR_PRIMARY_TEXT);
    ui_target(ui, r, id, s->index, s->key, R_CARD,
              UI_REPEATS | (is_limit ? UI_DISABLED : 0), label);
}

void stepper_draw_one(struct ui *ui, struct rect r, const struct stepper *s)
{
    struct rect mid = r;
    const struct rect less = rect_cut_start(&mid, STEP_W + 1);
    const struct rect more = rect_cut_end(&mid, STEP_W + 1);

    ui_group_begin(ui);
    (void)ui_box(ui, r, COLOR_SURFACE, COLOR_LINE_STRONG, S_BORDER, R_CARD);
    (void)ui_box(ui, rect_make(mid.x, r.y + 1, 1, r.h - 2), COLOR_LINE,
                 COLOR_NONE, 0, 0);
    (void)ui_box(ui, rect_make(mid.x + mid.w - 1, r.y + 1, 1, r.h - 2),
                 COLOR_LINE, COLOR_NONE, 0, 0);
    step_sign(ui, less, s->less_id, s, s->at_least, tr("Fewer"));
    (void)ui_text(ui, mid, TYPE_SOS, COLOR_TEXT, UI_CENTER | UI_MID, s->value);
    if (s->open_id != 0) {
        ui_target(ui, mid, s->open_id, s->index, s->key, R_FIELD, 0, s->label);
    }
    step_sign(ui, more, s->more_id, s, s->at_most, tr("More"));
    ui_group_end(ui);
}

void stepper_draw(struct ui *ui, struct rect r, uint16_t less_id,
                  uint16_t more_id, const char *value, bool at_least,
                  bool at_most)
{
    const struct stepper s = { .less_id = less_id,
                               .more_id = more_id,
                               .value = value,
                               .at_least = at_least,
                               .at_most = at_most };

    stepper_draw_one(ui, r, &s);
}
