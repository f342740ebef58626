/* draw_form_calls.c - whom to call, and what to bear in mind. */
#include <string.h>

#include "ui/kit/marks.h"
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

/* Which choice of it was made, by its code; "": none yet. */
static const char *answer_of(const struct view_form *v, int field)
{
    const struct view_field *f = &v->fields[field];

    for (int i = f->first_choice; i < f->first_choice + f->choice_count; i++) {
        if (v->choices[i].is_on) {
            return form_word(v, v->choices[i].code);
        }
    }
    return "";
}

/* What must be known before anybody reaches for a phone. */
static int draw_before(struct ui *ui, struct rect r, const struct views *views,
                       bool *waits_out)
{
    const struct view_form *v = &views->form;
    const char *answer = answer_of(v, v->calls_after);
    int y = r.y;

    *waits_out = answer[0] == '\0';
    y += form_field_draw(ui, r, views, v->calls_after) + 16;
    if (*waits_out) {
        y += banner_draw(ui, rect_make(r.x, y, r.w, 0), BANNER_WARN, ICON_WARN,
                         tr("Answer this first. Then it says whom to call.")) +
             16;
    } else if (strcmp(answer, "yes") != 0) {
        y += banner_draw(ui, rect_make(r.x, y, r.w, 0), BANNER_BAD, ICON_WARN,
                         tr("Go more than 15 m away first. No phone or radio "
                            "before that.")) +
             16;
    }
    return y - r.y;
}

int form_calls_draw(struct ui *ui, struct rect r, const struct views *views)
{
    const struct view_form *v = &views->form;
    bool waits = false;
    int y = r.y;

    if (v->calls_after >= 0 && v->call_count > 0) {
        y += draw_before(ui, r, views, &waits);
    }
    for (int i = 0; i < v->call_count && !waits; i++) {
        y += draw_call(ui, rect_make(r.x, y, r.w, 0), v, &v->calls[i]) + 16;
    }
    return y - r.y;
}

/* No tick: whether it was done nobody has said. */
static int draw_step(struct ui *ui, struct rect r, const char *text)
{
    const int icon = ui_icon_size(ui, 24);
    const int x = r.x + icon + 12;
    const int h = ui_text(ui, rect_make(x, r.y, r.x + r.w - x, 0), TYPE_BODY,
                          COLOR_TEXT, 0, text);

    ui_icon(ui, r.x, r.y + (ui_line(ui, TYPE_BODY) - icon) / 2, icon,
            ICON_DOT_O, COLOR_TEXT_2);
    return h + 8;
}

/* Its title, a sentence, then the steps. */
int form_advice_draw(struct ui *ui, struct rect r, const struct view_form *v)
{
    const int card = v->advice_count > 0 ? ui_card(ui, r) : 0;
    const struct rect in = rect_inset(r, PAD, 0);
    int y = r.y + 12;

    if (v->advice_count == 0) {
        return 0;
    }
    for (int i = 0; i < v->advice_count; i++) {
        const char *text = tr(form_word(v, v->advice[i]));
        const struct rect line = rect_make(in.x, y, in.w, 0);

        if (i < 2) {
            y += ui_text(ui, line, i == 0 ? TYPE_TITLE_S : TYPE_SMALL,
                         COLOR_TEXT, 0, text) +
                 6;
            continue;
        }
        if (i == 2) {
            ui_hline(ui, in.x, y + 4, in.w, COLOR_LINE);
            y += 16;
        }
        y += draw_step(ui, rect_make(in.x, y, in.w, 0), text);
    }
    draw_set_height(&ui->list, card, y + 6 - r.y);
    return y + 6 + 16 - r.y;
}
