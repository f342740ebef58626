#include "ui/urgent.h"

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/tr.h"

/* What of it is said, the most first: a small screen has its content, too. */
enum { SAYS_ALL, SAYS_WHERE, SAYS_WHAT };

struct words {
    const char *what, *where, *from;
};

static int words_height(struct ui *ui, const struct words *w, int width)
{
    int h = ui_text_height(ui, TYPE_TITLE_S, w->what, width);

    h += w->where[0] != '\0' ? ui_text_height(ui, TYPE_BODY, w->where, width)
                             : 0;
    return h + (w->from[0] != '\0'
                    ? ui_text_height(ui, TYPE_SMALL, w->from, width)
                    : 0);
}

static void words_draw(struct ui *ui, struct rect r, const struct words *w)
{
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_TITLE_S, COLOR_ON_DANGER,
                 0, w->what);
    if (w->where[0] != '\0') {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, COLOR_ON_DANGER,
                     0, w->where);
    }
    if (w->from[0] != '\0') {
        (void)ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL,
                      COLOR_ON_DANGER, 0, w->from);
    }
}

static struct words make_words(struct ui *ui, const struct view_urgent *u,
                               int says)
{
    struct words w = { .where = "", .from = "" };

    w.what = ui_fmt(ui, tr("Emergency: %s"), ui_iso(ui, u->title));
    if (says <= SAYS_WHERE) {
        w.where = u->detail;
    }
    if (says == SAYS_ALL && u->from[0] != '\0') {
        w.from = ui_fmt(ui, tr("From %s, %s"), ui_iso(ui, u->from),
                        ui_iso(ui, fmt_time(ui, u->made_ms)));
    }
    return w;
}

void urgent_draw(struct ui *ui, struct rect *r, const struct view_urgent *u)
{
    const struct button seen = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_URGENT_SEEN,
                                 .icon = ICON_CHECK,
                                 .label = tr("Seen") };
    const int icon = ui_icon_size(ui, S_ICON_M);
    const int button_w = button_width(ui, &seen);
    const int button_h = button_height(ui, &seen, button_w);
    const int before = S_MARGIN + icon + 16;
    const bool stacked = r->w - before - button_w - 40 < 260;
    const int room = r->w - before - S_MARGIN - (stacked ? 0 : button_w + 16);
    struct words words;
    struct rect box, row;
    int says = SAYS_ALL;

    if (u->id[0] == '\0') {
        return;
    }
    do {
        words = make_words(ui, u, says);
        box = rect_make(r->x, r->y, r->w,
                        words_height(ui, &words, room) + 24 +
                            (stacked ? button_h + 8 : 0));
        box.h = box.h < button_h + 24 ? button_h + 24 : box.h;
    } while (box.h > r->h / 3 && ++says <= SAYS_WHAT);
    (void)ui_box(ui, box, COLOR_DANGER, COLOR_NONE, 0, 0);
    ui_icon(ui, box.x + S_MARGIN, box.y + 12, icon, ICON_ALERT,
            COLOR_ON_DANGER);
    words_draw(ui, rect_make(box.x + before, box.y + 12, room, 0), &words);
    row = rect_make(stacked ? box.x + before
                            : box.x + box.w - S_MARGIN - button_w,
                    stacked ? box.y + box.h - button_h - 12
                            : box.y + (box.h - button_h) / 2,
                    button_w, button_h);
    /* The button brings its own ground: it reads on any colour. */
    (void)ui_box(ui, row, COLOR_SURFACE, COLOR_NONE, 0, R_CARD);
    ui_part(ui, UI_TOP);
    button_draw(ui, row, &seen);
    ui_part(ui, UI_CONTENT);
    (void)rect_cut_top(r, box.h);
}
