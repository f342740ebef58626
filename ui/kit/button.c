#include "ui/kit/button.h"

#include "ui/kit/tr.h"

struct look {
    int height;
    int pad; /* edge included */
    enum type type;
    enum color fill;
    enum color edge;
    enum color ink;
    enum color pressed;
};

static const struct look looks[BUTTON__COUNT] = {
    /* clang-format off */
    [BUTTON_PRIMARY] = { 72, 34, TYPE_TITLE_S, COLOR_PRIMARY, COLOR_NONE,
                         COLOR_ON_PRIMARY, COLOR_PRIMARY_PRESS },
    [BUTTON_PRIMARY_SMALL] = { 56, 22, TYPE_LABEL, COLOR_PRIMARY, COLOR_NONE,
                               COLOR_ON_PRIMARY, COLOR_PRIMARY_PRESS },
    [BUTTON_SECONDARY] = { 56, 22, TYPE_LABEL, COLOR_SURFACE,
                           COLOR_PRIMARY_TEXT, COLOR_PRIMARY_TEXT,
                           COLOR_SUNKEN },
    [BUTTON_QUIET] = { 56, 22, TYPE_LABEL, COLOR_NONE, COLOR_NONE,
                       COLOR_PRIMARY_TEXT, COLOR_SUNKEN },
    [BUTTON_QUIET_TEXT] = { 56, 14, TYPE_SMALL_B, COLOR_NONE, COLOR_NONE,
                            COLOR_TEXT, COLOR_SUNKEN },
    [BUTTON_QUIET_SMALL] = { 56, 5, TYPE_SMALL_B, COLOR_NONE, COLOR_NONE,
                             COLOR_PRIMARY_TEXT, COLOR_SUNKEN },
    [BUTTON_ON_LIVE] = { 56, 22, TYPE_LABEL, COLOR_NONE, COLOR_ON_LIVE,
                         COLOR_ON_LIVE, COLOR_NONE },
    [BUTTON_DANGER_LINE] = { 56, 22, TYPE_LABEL, COLOR_SURFACE,
                             COLOR_DANGER_TEXT, COLOR_DANGER_TEXT,
                             COLOR_SUNKEN },
    [BUTTON_DANGER] = { 56, 22, TYPE_LABEL, COLOR_DANGER, COLOR_NONE,
                        COLOR_ON_DANGER, COLOR_DANGER },
    [BUTTON_DONE] = { 56, 22, TYPE_LABEL, COLOR_OK, COLOR_NONE, COLOR_ON_OK,
                      COLOR_OK },
    /* clang-format on */
};

#define ICON_GAP     10
#define ICON_UPRIGHT 32
#define SWITCH_W     72
#define SWITCH_GAP   12
#define SWITCH_ROW   64

static int icon_room(const struct ui *ui, const struct button *b)
{
    return b->icon == ICON_NONE ? 0 : ui_icon_size(ui, S_ICON) + ICON_GAP;
}

int button_width(struct ui *ui, const struct button *b)
{
    const struct look *look = &looks[b->kind];
    const int w = 2 * look->pad + icon_room(ui, b) +
                  ui_text_width(ui, look->type, b->label);

    return w < S_TOUCH_MIN ? S_TOUCH_MIN : w;
}

int button_height(struct ui *ui, const struct button *b, int width)
{
    const struct look *look = &looks[b->kind];
    const int room = width - 2 * look->pad - icon_room(ui, b);
    const int text = ui_text_height(ui, look->type, b->label, room);

    return look->height + text - type_faces[look->type].line;
}

static void draw_busy(struct ui *ui, int x, int y, enum color ink)
{
    for (int i = 0; i < 3; i++) {
        (void)ui_box(ui, rect_make(x + i * 11, y, 8, 8), ink, COLOR_NONE, 0, 4);
    }
}

static void draw_upright(struct ui *ui, struct rect r, const struct button *b,
                         enum color ink)
{
    const int size = ui_icon_size(ui, ICON_UPRIGHT);
    const enum type type = looks[b->kind].type;
    const int text = ui_text_height(ui, type, b->label, r.w - 16);
    const int top = r.y + (r.h - size - 6 - text) / 2;

    ui_icon(ui, r.x + (r.w - size) / 2, top, size, b->icon, ink);
    (void)ui_text(ui, rect_make(r.x + 8, top + size + 6, r.w - 16, text), type,
                  ink, UI_CENTER, b->label);
}

static void draw_inside(struct ui *ui, struct rect r, const struct button *b,
                        enum color ink)
{
    const struct look *look = &looks[b->kind];
    const int size = ui_icon_size(ui, S_ICON);
    const int room = icon_room(ui, b);
    const int most = r.w - 2 * (look->pad < 6 ? look->pad : 6) - room;
    int text = ui_text_width(ui, look->type, b->label);
    int x;

    text = text > most ? most : text;
    x = r.x + (r.w - room - text) / 2;
    if (b->is_busy) {
        draw_busy(ui, x - 8, r.y + r.h / 2 - 4, ink);
    } else if (b->icon != ICON_NONE) {
        ui_icon(ui, x, r.y + (r.h - size) / 2, size, b->icon, ink);
    }
    (void)ui_text(ui, rect_make(x + room, r.y, text, r.h), look->type, ink,
                  UI_CENTER | UI_MID, b->label);
}

void button_draw(struct ui *ui, struct rect r, const struct button *b)
{
    const struct look *look = &looks[b->kind];
    enum color fill = look->fill;
    enum color edge = look->edge;
    enum color ink = look->ink;

    if (ui_is_pressed(ui, b->id, b->index)) {
        fill = look->pressed;
    }
    if (b->is_disabled) {
        fill = COLOR_DISABLED;
        edge = COLOR_NONE;
        ink = COLOR_ON_DISABLED;
    }
    (void)ui_box(ui, r, fill, edge, S_BORDER_STRONG, R_CARD);
    if (b->is_upright) {
        draw_upright(ui, r, b, ink);
    } else {
        draw_inside(ui, r, b, ink);
    }
    ui_target(ui, r, b->id, b->index, b->key, R_CARD,
              b->is_disabled || b->is_busy ? UI_DISABLED : 0, b->label);
}

static struct rect centred(struct ui *ui, struct rect strip,
                           const struct button *b)
{
    const int h = button_height(ui, b, strip.w);

    return rect_make(strip.x, strip.y + (strip.h - h) / 2, strip.w, h);
}

void button_at_end(struct ui *ui, struct rect *row, int gap,
                   const struct button *b)
{
    const struct rect r = rect_cut_end(row, button_width(ui, b));

    button_draw(ui, centred(ui, r, b), b);
    (void)rect_cut_end(row, gap);
}

void button_at_start(struct ui *ui, struct rect *row, int gap,
                     const struct button *b)
{
    const struct rect r = rect_cut_start(row, button_width(ui, b));

    button_draw(ui, centred(ui, r, b), b);
    (void)rect_cut_start(row, gap);
}

void button_icon(struct ui *ui, struct rect r, uint16_t id, enum icon icon,
                 int icon_size, const char *label)
{
    const int size = ui_icon_size(ui, icon_size);

    if (ui_is_pressed(ui, id, 0)) {
        (void)ui_box(ui, r, COLOR_SUNKEN, COLOR_NONE, 0, R_CARD);
    }
    ui_icon(ui, r.x + (r.w - size) / 2, r.y + (r.h - size) / 2, size, icon,
            COLOR_TEXT);
    ui_target(ui, r, id, 0, NULL, R_CARD, 0, label);
}

int switch_row_height(struct ui *ui, int width, const char *label,
                      const char *detail)
{
    const int room = width - SWITCH_W - SWITCH_GAP;
    const int h = ui_text_height(ui, TYPE_LABEL, label, room) +
                  ui_text_height(ui, TYPE_SMALL, detail, room);

    return h < SWITCH_ROW ? SWITCH_ROW : h;
}

void switch_row(struct ui *ui, struct rect r, uint16_t id, bool is_on,
                const char *label, const char *detail)
{
    const struct rect target = r;
    struct rect box = rect_cut_end(&r, SWITCH_W);
    struct rect knob;
    int y;

    box = rect_make(box.x, box.y + (box.h - 40) / 2, SWITCH_W, 40);
    (void)rect_cut_end(&r, SWITCH_GAP);
    y = r.y + (r.h - ui_text_height(ui, TYPE_LABEL, label, r.w) -
               ui_text_height(ui, TYPE_SMALL, detail, r.w)) /
                  2;
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 label);
    (void)ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                  detail);
    (void)ui_box(ui, box, is_on ? COLOR_PRIMARY : COLOR_SUNKEN,
                 is_on ? COLOR_NONE : COLOR_LINE_STRONG, S_BORDER_STRONG, 20);
    knob = rect_make(box.x + (is_on ? 36 : 4), box.y + 4, 32, 32);
    (void)ui_box(ui, knob, is_on ? COLOR_ON_PRIMARY : COLOR_LINE_STRONG,
                 COLOR_NONE, 0, 16);
    if (is_on) {
        ui_icon(ui, knob.x + 5, knob.y + 5, 22, ICON_CHECK, COLOR_PRIMARY);
    }
    ui_target(ui, target, id, 0, NULL, R_CARD, is_on ? UI_SELECTED : 0, label);
}
