#include "ui/kit/story.h"

#define STORY_PAD  20
#define STORY_TIME 52
#define STORY_DISC 32
#define STORY_GAP  16
#define MARK_ICON  22
#define BAR_H      24
#define BAR_ROW    52
#define BAR_OVER   4 /* the goal's line stands out so far */

/* --- timeline --- */

struct story_lay {
    int time;     /* width of the column */
    int x;        /* of the words, from the row's start */
    int room;     /* for the title */
    int mark;     /* width of the mark; 0: none */
    bool is_tall; /* the mark stands below */
    int h;
};

static struct story_lay lay_out(struct ui *ui, const struct story_row *row,
                                int width)
{
    struct story_lay l = { 0 };
    int all;

    l.time = ui_text_width(ui, TYPE_LABEL, row->time);
    l.time = l.time < STORY_TIME ? STORY_TIME : l.time;
    l.x = STORY_PAD + l.time + STORY_GAP + STORY_DISC + STORY_GAP;
    all = width - l.x - STORY_PAD;
    if (row->mark_text != NULL) {
        l.mark = ui_icon_size(ui, MARK_ICON) + 6 +
                 ui_text_width(ui, TYPE_SMALL_B, row->mark_text);
        const int room = all - l.mark - STORY_GAP;

        l.is_tall = room < 160 ||
                    ui_text_size(ui, TYPE_LABEL, row->title, room, 0).too_wide;
    }
    l.room = all - (l.mark > 0 && !l.is_tall ? l.mark + STORY_GAP : 0);
    l.h = ui_text_height(ui, TYPE_LABEL, row->title, l.room) +
          ui_text_height(ui, TYPE_SMALL, row->detail, all) + 20;
    l.h += l.is_tall ? ui_line(ui, TYPE_SMALL_B) : 0;
    l.h = l.h < S_ROW ? S_ROW : l.h;
    return l;
}

int story_height(struct ui *ui, const struct story_row *row, int width)
{
    return lay_out(ui, row, width).h;
}

static void draw_disc(struct ui *ui, struct rect r, const struct story_row *row)
{
    const int percent = ui->percent;

    (void)ui_box(ui, r, row->has_question ? COLOR_WARN : COLOR_PRIMARY,
                 COLOR_NONE, 0, STORY_DISC / 2);
    if (row->number == 0) {
        return;
    }
    ui->percent = percent > 125 ? 125 : percent; /* as on the map's pin */
    (void)ui_text(ui, r, TYPE_SMALL_B,
                  row->has_question ? COLOR_ON_WARN : COLOR_ON_PRIMARY,
                  UI_CENTER | UI_MID, ui_fmt(ui, "%d", row->number));
    ui->percent = percent;
}

static void draw_mark(struct ui *ui, int x, int y, const struct story_row *row)
{
    const int size = ui_icon_size(ui, MARK_ICON);
    const int line = ui_line(ui, TYPE_SMALL_B);
    const int text = ui_text_width(ui, TYPE_SMALL_B, row->mark_text);

    ui_icon(ui, x, y + (line - size) / 2, size, mark_icon(row->mark),
            mark_color(row->mark));
    (void)ui_text(ui, rect_make(x + size + 6, y, text, 0), TYPE_SMALL_B,
                  mark_color(row->mark), 0, row->mark_text);
}

void story_draw(struct ui *ui, struct rect r, const struct story_row *row)
{
    const struct story_lay l = lay_out(ui, row, r.w);
    const int x = r.x + l.x;
    const int disc = r.x + STORY_PAD + l.time + STORY_GAP;
    const int all = r.x + r.w - STORY_PAD - x;
    enum color second = row->has_question ? COLOR_ON_WARN_SOFT : COLOR_TEXT_2;
    int y = r.y + 10;

    if (row->has_question || ui_is_pressed(ui, row->id, row->index)) {
        (void)ui_box(ui, r, row->has_question ? COLOR_WARN_SOFT : COLOR_SUNKEN,
                     COLOR_NONE, 0, 0);
    }
    if (!row->is_last) {
        (void)ui_box(ui,
                     rect_make(disc + STORY_DISC / 2 - 1, y + STORY_DISC, 2,
                               r.y + r.h + 10 - y - STORY_DISC),
                     COLOR_LINE_STRONG, COLOR_NONE, 0, 0);
    }
    (void)ui_text(ui, rect_make(r.x + STORY_PAD, y, l.time, 0), TYPE_LABEL,
                  COLOR_TEXT, 0, row->time);
    draw_disc(ui, rect_make(disc, y, STORY_DISC, STORY_DISC), row);
    if (l.mark > 0 && !l.is_tall) {
        draw_mark(ui, r.x + r.w - STORY_PAD - l.mark, y, row);
    }
    y += ui_text(ui, rect_make(x, y, l.room, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 row->title);
    y += ui_text(ui, rect_make(x, y, all, 0), TYPE_SMALL, second, 0,
                 row->detail);
    if (l.is_tall) {
        draw_mark(ui, x, y, row);
    }
    if (row->id != 0) {
        ui_target(ui, r, row->id, row->index, row->key, 0, 0, row->title);
    }
}

/* --- minutes in a hotspot --- */

static int along(const struct hotspot_bar *b, int width, int minutes)
{
    minutes = minutes > b->most ? b->most : minutes;
    return b->most > 0 ? width * minutes / b->most : 0;
}

static void draw_bar(struct ui *ui, struct rect r, const struct hotspot_bar *b)
{
    const bool is_met = b->minutes >= b->goal;
    const int low = along(b, r.w, b->low);
    const int high = along(b, r.w, b->high);
    struct rect done = r;

    (void)ui_box(ui, r, COLOR_SUNKEN, COLOR_LINE,
                 ui->theme == THEME_CONTRAST ? S_BORDER : 0, R_MARK);
    done.w = along(b, r.w, b->minutes);
    if (done.w > 0) {
        (void)ui_box(ui, done, is_met ? COLOR_OK : COLOR_WARN,
                     is_met ? COLOR_OK_TEXT : COLOR_WARN_TEXT, S_BORDER_STRONG,
                     R_MARK);
    }
    if (high > low) {
        (void)ui_box(ui,
                     rect_make(r.x + low, r.y + (r.h - 4) / 2, high - low, 4),
                     COLOR_TEXT, COLOR_NONE, 0, 0);
    }
    (void)ui_box(ui,
                 rect_make(r.x + along(b, r.w, b->goal), r.y - BAR_OVER, 3,
                           r.h + 2 * BAR_OVER),
                 COLOR_TEXT, COLOR_NONE, 0, 0);
}

/* "22 20-24", at the end of `r`; returns the width it wants. */
static int numbers(struct ui *ui, struct rect r, const struct hotspot_bar *b,
                   bool draws)
{
    const char *minutes = ui_fmt(ui, "%d", b->minutes);
    const char *range = ui_iso(ui, ui_fmt(ui, "%d\u2013%d", b->low, b->high));
    const int range_w = ui_text_width(ui, TYPE_SMALL, range);
    const int minutes_w = ui_text_width(ui, TYPE_TITLE_S, minutes);
    struct rect part;

    if (draws) {
        part = rect_cut_end(&r, range_w);
        (void)ui_text(ui, part, TYPE_SMALL, COLOR_TEXT_2, UI_MID, range);
        (void)rect_cut_end(&r, 6);
        part = rect_cut_end(&r, minutes_w);
        (void)ui_text(ui, part, TYPE_TITLE_S, COLOR_TEXT, UI_MID, minutes);
    }
    return range_w + 6 + minutes_w;
}

int hotspot_bar_draw(struct ui *ui, struct rect r, const struct hotspot_bar *b)
{
    const int name_w = 184 * ui->percent / 100;
    int end = numbers(ui, r, b, false);
    const bool stacked =
        r.w - name_w - 32 - end < 160 ||
        ui_text_size(ui, TYPE_LABEL, b->name, name_w, 0).too_wide;
    const int name_room = stacked ? r.w - end - STORY_GAP : name_w;
    const int text = ui_text_height(ui, TYPE_LABEL, b->name, name_room);

    if (stacked) {
        const int head = text + 8;

        (void)ui_text(ui, rect_make(r.x, r.y + 4, name_room, 0), TYPE_LABEL,
                      COLOR_TEXT, 0, b->name);
        (void)numbers(ui, rect_make(r.x, r.y + 4, r.w, text), b, true);
        draw_bar(ui, rect_make(r.x, r.y + head + BAR_OVER, r.w, BAR_H), b);
        return head + BAR_OVER + BAR_H + 12;
    }
    end = end < 92 ? 92 : end;
    r.h = text + 16 < BAR_ROW ? BAR_ROW : text + 16;
    (void)ui_text(ui, rect_make(r.x, r.y, name_room, r.h), TYPE_LABEL,
                  COLOR_TEXT, UI_MID, b->name);
    (void)numbers(ui, r, b, true);
    draw_bar(ui,
             rect_make(r.x + name_w + STORY_GAP, r.y + (r.h - BAR_H) / 2,
                       r.w - name_w - 2 * STORY_GAP - end, BAR_H),
             b);
    return r.h;
}

/* --- pairs --- */

int pair_draw(struct ui *ui, struct rect r, const char *name, const char *value)
{
    const int value_w = ui_text_width(ui, TYPE_SMALL_B, value);
    const bool stacked = r.w - value_w - STORY_GAP <
                         ui_text_size(ui, TYPE_SMALL, name, 0, 0).width;
    int y = r.y;

    if (stacked) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                     name);
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL_B, COLOR_TEXT, 0,
                     value);
        return y - r.y;
    }
    (void)ui_text(ui, rect_make(r.x, y, r.w - value_w - STORY_GAP, 0),
                  TYPE_SMALL, COLOR_TEXT_2, 0, name);
    return ui_text(ui, rect_make(r.x + r.w - value_w, y, value_w, 0),
                   TYPE_SMALL_B, COLOR_TEXT, 0, value);
}
