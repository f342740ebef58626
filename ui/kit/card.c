#include "ui/kit/card.h"

#include "ui/kit/tr.h"

#define CARD_PAD    16
#define AVATAR      56
#define CARD_GAP    14
#define CARD_LEAST  72
#define ERROR_ICON  28
#define ERROR_PAD   20
#define PLATE_PAD   10
#define BUTTON_ROOM 260 /* less text than this beside it: it goes below */

/* --- number plate --- */

int plate_width(struct ui *ui, const char *plate)
{
    return 2 * PLATE_PAD + ui_text_width(ui, TYPE_PLATE, plate);
}

int plate_height(const struct ui *ui)
{
    return ui_line(ui, TYPE_PLATE) + 6;
}

void plate_draw(struct ui *ui, int x, int y, const char *plate)
{
    const struct rect r =
        rect_make(x, y, plate_width(ui, plate), plate_height(ui));

    (void)ui_box(ui, r, COLOR_SURFACE, COLOR_TEXT, S_BORDER_STRONG, R_MARK);
    (void)ui_text(ui, rect_inset(r, 3, 0), TYPE_PLATE, COLOR_TEXT,
                  UI_CENTER | UI_MID, plate);
}

/* --- person or vehicle --- */

static const char *card_title(const struct who_card *c)
{
    return c->is_restricted ? tr("Restricted person") : c->title;
}

static int card_room(const struct ui *ui, int width)
{
    return width - 2 * CARD_PAD - AVATAR - 2 * CARD_GAP -
           ui_icon_size(ui, S_ICON);
}

static int title_height(struct ui *ui, const struct who_card *c, int room)
{
    return c->plate != NULL && !c->is_restricted
               ? plate_height(ui) + 2
               : ui_text_height(ui, TYPE_LABEL, card_title(c), room);
}

int who_card_height(struct ui *ui, const struct who_card *c, int width)
{
    const int room = card_room(ui, width);
    const int h = title_height(ui, c, room) +
                  ui_text_height(ui, TYPE_SMALL, c->detail, room) + 20;

    return h < CARD_LEAST ? CARD_LEAST : h;
}

static void draw_face(struct ui *ui, struct rect r, const struct who_card *c)
{
    const enum icon icon = c->is_restricted ? ICON_LOCK : c->icon;

    if (c->initials != NULL && !c->is_restricted) {
        avatar_draw(ui, r, c->initials, COLOR_PRIMARY_SOFT,
                    COLOR_ON_PRIMARY_SOFT);
        return;
    }
    (void)ui_box(ui, r,
                 c->is_restricted ? COLOR_SEALED_SOFT : COLOR_PRIMARY_SOFT,
                 COLOR_NONE, 0, r.h / 2);
    ui_icon(ui, r.x + (r.w - 30) / 2, r.y + (r.h - 30) / 2, 30, icon,
            c->is_restricted ? COLOR_SEALED_TEXT : COLOR_ON_PRIMARY_SOFT);
}

void who_card_draw(struct ui *ui, struct rect r, const struct who_card *c)
{
    const bool has_plate = c->plate != NULL && !c->is_restricted;
    const int fwd = ui_icon_size(ui, S_ICON);
    const int room = card_room(ui, r.w);
    const int x = r.x + CARD_PAD + AVATAR + CARD_GAP;
    int y = r.y + (r.h - title_height(ui, c, room) -
                   ui_text_height(ui, TYPE_SMALL, c->detail, room)) /
                      2;

    (void)ui_box(
        ui, r,
        ui_is_pressed(ui, c->id, c->index) ? COLOR_SUNKEN : COLOR_SURFACE,
        COLOR_LINE, ui->theme == THEME_CONTRAST ? S_BORDER_STRONG : S_BORDER,
        R_CARD);
    draw_face(
        ui, rect_make(r.x + CARD_PAD, r.y + (r.h - AVATAR) / 2, AVATAR, AVATAR),
        c);
    if (has_plate) {
        plate_draw(ui, x, y, c->plate);
        y += plate_height(ui) + 2;
    } else {
        y += ui_text(ui, rect_make(x, y, room, 0), TYPE_LABEL, COLOR_TEXT, 0,
                     card_title(c));
    }
    (void)ui_text(ui, rect_make(x, y, room, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                  c->detail);
    ui_icon(ui, r.x + r.w - CARD_PAD - fwd, r.y + (r.h - fwd) / 2, fwd,
            ICON_FWD, COLOR_TEXT_2);
    ui_target(ui, r, c->id, c->index, c->key, R_CARD, 0,
              has_plate ? c->plate : card_title(c));
}

/* --- something went wrong --- */

static int draw_ways(struct ui *ui, struct rect r, const struct error_card *c)
{
    const int act = button_width(ui, &c->act);
    int other = c->other.id != 0 ? button_width(ui, &c->other) : 0;
    const bool stacked = other > 0 && act + 12 + other > r.w;
    int w = act > r.w ? r.w : act;
    int h = button_height(ui, &c->act, w);

    button_draw(ui, rect_make(r.x, r.y, w, h), &c->act);
    if (other == 0) {
        return h;
    }
    other = other > r.w ? r.w : other;
    w = button_height(ui, &c->other, other);
    button_draw(ui,
                stacked ? rect_make(r.x, r.y + h + 8, other, w)
                        : rect_make(r.x + act + 12, r.y, other, w),
                &c->other);
    return stacked ? h + 8 + w : h;
}

int error_card_draw(struct ui *ui, struct rect r, const struct error_card *c)
{
    const int icon = ui_icon_size(ui, ERROR_ICON);
    const int box = ui_box(ui, rect_make(r.x, r.y, r.w, 0), COLOR_SURFACE,
                           COLOR_DANGER_TEXT, S_BORDER_STRONG, R_CARD);
    const struct rect in = rect_inset(r, ERROR_PAD, 0);
    const int room = in.w - icon - 12;
    int y = r.y + ERROR_PAD;
    int h = ui_text_height(ui, TYPE_LABEL, c->title, room);

    h = h < icon ? icon : h;
    ui_icon(ui, in.x, y + (h - icon) / 2, icon, ICON_ALERT, COLOR_DANGER_TEXT);
    (void)ui_text(ui, rect_make(in.x + icon + 12, y, room, h), TYPE_LABEL,
                  COLOR_TEXT, UI_MID, c->title);
    y += h + 8;
    y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_SMALL, COLOR_TEXT, 0,
                 c->words);
    if (c->act.id != 0) {
        y += 12;
        y += draw_ways(ui, rect_make(in.x, y, in.w, 0), c);
    }
    if (c->code != NULL) {
        y += 8;
        y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_CAPTION,
                     COLOR_TEXT_2, 0, c->code);
    }
    y += ERROR_PAD;
    draw_set_height(&ui->list, box, y - r.y);
    return y - r.y;
}

/* --- a banner with a button --- */

int banner_button_draw(struct ui *ui, struct rect r, enum banner banner,
                       enum icon icon, const char *text, const struct button *b)
{
    int bw = button_width(ui, b);
    const bool stacked = r.w - bw - 24 < BUTTON_ROOM * ui->percent / 100;
    int bh;
    int h;

    bw = bw > r.w - 32 ? r.w - 32 : bw;
    bh = button_height(ui, b, bw);
    if (stacked) {
        h = banner_draw_on(ui, r, banner, icon, text,
                           (struct banner_room){ .below = bh + 12 });
        button_draw(ui, rect_make(r.x + 16, r.y + h - bh - 12, bw, bh), b);
        return h;
    }
    r.h = ui_line(ui, TYPE_BANNER) + 24; /* a button may be the higher one */
    r.h = r.h < 64 ? 64 : r.h;
    h = bh + 16 > r.h ? bh + 16 - r.h : 0;
    h = banner_draw_on(ui, r, banner, icon, text,
                       (struct banner_room){ .end = bw + 8, .below = h });
    button_draw(ui, rect_make(r.x + r.w - bw - 8, r.y + (h - bh) / 2, bw, bh),
                b);
    return h;
}
