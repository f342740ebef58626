#include "ui/kit/marks.h"

#define BADGE_PAD  10
#define BADGE_ICON 18

static const struct {
    enum color fill;
    enum color ink;
} badges[BADGE__COUNT] = {
    [BADGE_PLAIN] = { COLOR_SUNKEN, COLOR_TEXT },
    [BADGE_SEALED] = { COLOR_SEALED, COLOR_ON_SEALED },
    [BADGE_WAIT] = { COLOR_PRIMARY_SOFT, COLOR_ON_PRIMARY_SOFT },
    [BADGE_OK] = { COLOR_OK_SOFT, COLOR_ON_OK_SOFT },
    [BADGE_REVIEWED] = { COLOR_OK, COLOR_ON_OK },
    [BADGE_CONFLICT] = { COLOR_WARN, COLOR_ON_WARN },
    [BADGE_BAD] = { COLOR_DANGER, COLOR_ON_DANGER },
    [BADGE_WARN] = { COLOR_WARN_SOFT, COLOR_ON_WARN_SOFT },
    [BADGE_LIVE] = { COLOR_LIVE, COLOR_ON_LIVE },
    [BADGE_RESTRICTED] = { COLOR_SURFACE, COLOR_TEXT },
};

int badge_height(const struct ui *ui)
{
    return ui_line(ui, TYPE_CAPTION_B) + 8;
}

int badge_width(struct ui *ui, enum icon icon, const char *text)
{
    const int room = icon == ICON_NONE ? 0 : ui_icon_size(ui, BADGE_ICON) + 6;

    return 2 * BADGE_PAD + room + ui_text_width(ui, TYPE_CAPTION_B, text);
}

void badge_draw(struct ui *ui, int x, int y, enum badge badge, enum icon icon,
                const char *text)
{
    const bool has_edge =
        ui->theme == THEME_CONTRAST || badge == BADGE_RESTRICTED;
    const int size = ui_icon_size(ui, BADGE_ICON);
    struct rect r =
        rect_make(x, y, badge_width(ui, icon, text), badge_height(ui));

    (void)ui_box(ui, r, badges[badge].fill,
                 badge == BADGE_RESTRICTED ? COLOR_TEXT : COLOR_LINE,
                 has_edge ? S_BORDER_STRONG : 0, R_MARK);
    r = rect_inset(r, BADGE_PAD, 0);
    if (icon != ICON_NONE) {
        ui_icon(ui, r.x, r.y + (r.h - size) / 2, size, icon, badges[badge].ink);
        (void)rect_cut_start(&r, size + 6);
    }
    (void)ui_text(ui, r, TYPE_CAPTION_B, badges[badge].ink, UI_MID, text);
}

static const struct {
    enum icon icon;
    enum color color;
} mark_looks[MARK__COUNT] = {
    [MARK_DRAFT] = { ICON_EDIT, COLOR_TEXT_2 },
    [MARK_WAITING] = { ICON_CLOUD_UP, COLOR_PRIMARY_TEXT },
    [MARK_SENDING] = { ICON_CLOUD_UP, COLOR_PRIMARY_TEXT },
    [MARK_PAUSED] = { ICON_PAUSE, COLOR_TEXT_2 },
    [MARK_HELD] = { ICON_CHECK, COLOR_OK_TEXT },
    [MARK_REVIEWED] = { ICON_CHECK2, COLOR_OK_TEXT },
    [MARK_SENT_BACK] = { ICON_UNDO, COLOR_WARN_TEXT },
    [MARK_CONFLICT] = { ICON_SPLIT, COLOR_WARN_TEXT },
    [MARK_REFUSED] = { ICON_ALERT, COLOR_DANGER_TEXT },
    [MARK_SEALED] = { ICON_LOCK, COLOR_SEALED_TEXT },
};

enum icon mark_icon(enum mark mark)
{
    return mark_looks[mark].icon;
}

enum color mark_color(enum mark mark)
{
    return mark_looks[mark].color;
}

/* Room for the words between icon and mark; negative: mark goes below. */
static int row_room(struct ui *ui, const struct list_row *row, int width)
{
    const int mark = ui_icon_size(ui, 22) + 6 +
                     ui_text_width(ui, TYPE_SMALL_B, row->mark_text);

    return width - 40 - ui_icon_size(ui, 28) - 32 - mark;
}

int list_row_height(struct ui *ui, const struct list_row *row, int width,
                    int least)
{
    const bool is_tall = row_room(ui, row, width) < 200;
    const int room = is_tall ? width - 40 - ui_icon_size(ui, 28) - 16
                             : row_room(ui, row, width);
    int h = ui_text_height(ui, TYPE_LABEL, row->title, room) +
            ui_text_height(ui, TYPE_SMALL, row->detail, room) + 24;

    h += is_tall ? ui_line(ui, TYPE_SMALL_B) : 0;
    return h < least ? least : h;
}

static void draw_row_mark(struct ui *ui, int end, int y,
                          const struct list_row *row)
{
    const int size = ui_icon_size(ui, 22);
    const int text = ui_text_width(ui, TYPE_SMALL_B, row->mark_text);
    const int line = ui_line(ui, TYPE_SMALL_B);
    const enum color ink = mark_color(row->mark);

    (void)ui_text(ui, rect_make(end - text, y, text, 0), TYPE_SMALL_B, ink, 0,
                  row->mark_text);
    ui_icon(ui, end - text - 6 - size, y + (line - size) / 2, size,
            mark_icon(row->mark), ink);
}

void list_row_draw(struct ui *ui, struct rect r, const struct list_row *row)
{
    const int icon = ui_icon_size(ui, 28);
    const bool is_tall = row_room(ui, row, r.w) < 200;
    const int room = is_tall ? r.w - 40 - icon - 16 : row_room(ui, row, r.w);
    const int x = r.x + 20 + icon + 16;
    const int mark_h = ui_line(ui, TYPE_SMALL_B);
    int h = ui_text_height(ui, TYPE_LABEL, row->title, room) +
            ui_text_height(ui, TYPE_SMALL, row->detail, room);
    int y;

    h += is_tall ? mark_h : 0;
    y = r.y + (r.h - h) / 2;
    ui_icon(ui, r.x + 20, r.y + (r.h - icon) / 2, icon, row->icon,
            row->icon_color);
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 row->title);
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 row->detail);
    draw_row_mark(ui, r.x + r.w - 20, is_tall ? y : r.y + (r.h - mark_h) / 2,
                  row);
}

static const struct {
    enum color fill;
    enum color ink;
} banners[] = {
    [BANNER_INFO] = { COLOR_PRIMARY_SOFT, COLOR_ON_PRIMARY_SOFT },
    [BANNER_OK] = { COLOR_OK_SOFT, COLOR_ON_OK_SOFT },
    [BANNER_WARN] = { COLOR_WARN_SOFT, COLOR_ON_WARN_SOFT },
    [BANNER_BAD] = { COLOR_DANGER_SOFT, COLOR_ON_DANGER_SOFT },
    [BANNER_SEALED] = { COLOR_SEALED_SOFT, COLOR_ON_SEALED_SOFT },
    [BANNER_SOS] = { COLOR_SOS, COLOR_ON_SOS },
};

int banner_draw(struct ui *ui, struct rect r, enum banner banner,
                enum icon icon, const char *text)
{
    const struct banner_room none = { 0, 0 };

    return banner_draw_on(ui, r, banner, icon, text, none);
}

int banner_draw_on(struct ui *ui, struct rect r, enum banner banner,
                   enum icon icon, const char *text, struct banner_room free)
{
    const int edge_w = ui->theme == THEME_CONTRAST ? S_BORDER_STRONG : 0;
    const int size = ui_icon_size(ui, 26);
    const int room = r.w - 32 - size - 14 - free.end;
    const int text_h = ui_text_height(ui, TYPE_BANNER, text, room) + 24;
    const int h = text_h < 64 ? 64 : text_h;

    r.h = h + free.below;
    (void)ui_box(ui, r, banners[banner].fill, COLOR_LINE, edge_w, R_CARD);
    ui_icon(ui, r.x + 16, r.y + (h - size) / 2, size, icon,
            banners[banner].ink);
    (void)ui_text(ui, rect_make(r.x + 16 + size + 14, r.y, room, h),
                  TYPE_BANNER, banners[banner].ink, UI_MID, text);
    return r.h;
}

void progress_draw(struct ui *ui, struct rect r, int permille)
{
    struct rect done = r;

    permille = permille < 0 ? 0 : permille;
    done.w = r.w * (permille > 1000 ? 1000 : permille) / 1000;
    (void)ui_box(ui, r, COLOR_SUNKEN, COLOR_LINE, S_BORDER, r.h / 2);
    if (done.w > 0) {
        (void)ui_box(ui, done, COLOR_PRIMARY_TEXT, COLOR_NONE, 0, r.h / 2);
    }
}

int empty_draw(struct ui *ui, struct rect r, enum icon icon, const char *title,
               const char *detail)
{
    const bool is_good = icon == ICON_CHECK_O || icon == ICON_CLOUD_CHECK;
    int y = r.y;

    ui_icon(ui, r.x + (r.w - 48) / 2, y, 48, icon,
            is_good ? COLOR_OK_TEXT : COLOR_TEXT_2);
    y += 48 + 12;
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_TITLE_S, COLOR_TEXT,
                 UI_CENTER, title) +
         4;
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2,
                 UI_CENTER, detail);
    return y - r.y;
}

void avatar_draw(struct ui *ui, struct rect r, const char *initials,
                 enum color fill, enum color ink)
{
    const int percent = ui->percent;

    (void)ui_box(ui, r, fill, COLOR_NONE, 0, r.h / 2);
    ui->percent = percent > 125 ? 125 : percent; /* the disc stays 48 */
    (void)ui_text(ui, r, TYPE_LABEL, ink, UI_CENTER | UI_MID, initials);
    ui->percent = percent;
}
