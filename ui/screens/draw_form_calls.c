/* draw_form_calls.c - whom to call, and what to bear in mind. */
#include "ui/kit/paint.h"
#include "ui/kit/tr.h"
#include "ui/screens/form.h"

#define PAD  20
#define ICON 40

static int draw_call(struct ui *ui, struct rect r, const struct view_form *v,
                     const struct view_call *c)
{
    const enum color ink = c->is_urgent ? COLOR_ON_SOS : COLOR_TEXT;
    const char *label = tr(form_word(v, c->label));
    const char *detail = form_word(v, c->detail);
    const char *number = ui_iso(ui, form_word(v, c->number));
    const int icon = ui_icon_size(ui, ICON);
    const int x = r.x + PAD + icon + 14;
    const int room = r.w - 2 * PAD - icon - 14;
    int h;
    int y;

    number = c->is_urgent ? ui_fmt(ui, tr("Call %s"), number) : number;
    detail = detail[0] != '\0' ? tr(detail) : "";
    h = ui_text_height(ui, TYPE_STAT, label, room) +
        ui_text_height(ui, TYPE_HEAD, number, room) +
        (detail[0] != '\0' ? ui_text_height(ui, TYPE_SMALL, detail, room) : 0) +
        2 * 14;
    r.h = h;
    if (c->is_urgent) {
        (void)ui_box(ui, r, COLOR_SOS, COLOR_NONE, 0, R_CARD);
    } else {
        draw_set_height(&ui->list, ui_card(ui, r), h);
    }
    ui_icon(ui, r.x + PAD, r.y + (h - icon) / 2, icon, ICON_PHONE, ink);
    y = r.y + 14;
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_STAT, ink, 0, label);
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_HEAD, ink, 0, number);
    if (detail[0] != '\0') {
        (void)ui_text(ui, rect_make(x, y, room, 0), TYPE_SMALL, ink, 0, detail);
    }
    return h;
}

int form_calls_draw(struct ui *ui, struct rect r, const struct view_form *v)
{
    int y = r.y;

    for (int i = 0; i < v->call_count; i++) {
        y += draw_call(ui, rect_make(r.x, y, r.w, 0), v, &v->calls[i]) + 16;
    }
    return y - r.y;
}

int form_advice_draw(struct ui *ui, struct rect r, const struct view_form *v)
{
    const int card = v->advice_count > 0 ? ui_card(ui, r) : 0;
    int y = r.y + 16;

    if (v->advice_count == 0) {
        return 0;
    }
    for (int i = 0; i < v->advice_count; i++) {
        y += ui_text(ui, rect_make(r.x + PAD, y, r.w - 2 * PAD, 0),
                     i == 0 ? TYPE_TITLE_S : TYPE_SMALL, COLOR_TEXT, 0,
                     tr(form_word(v, v->advice[i]))) +
             (i == 0 ? 4 : 6);
    }
    draw_set_height(&ui->list, card, y + 10 - r.y);
    return y + 10 + 16 - r.y;
}
