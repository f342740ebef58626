/* draw_form_sign.c - a question that is answered by a signature, and its
 * sheet: the words to be read first. */
#include "ui/controls.h"
#include "ui/kit/button.h"
#include "ui/kit/tr.h"
#include "ui/screens/form.h"

#define PAD 16

static int draw_signed(struct ui *ui, struct rect r, const struct views *v,
                       const struct view_field *f)
{
    const int card = ui_card(ui, r);
    const struct rect in = rect_inset(r, PAD, 0);
    const int h =
        2 * 12 + sign_show(ui, rect_make(in.x, r.y + 12, in.w, 0),
                           &v->form.signs[f->sign], false, v->status.now_ms);

    draw_set_height(&ui->list, card, h);
    return h + 8;
}

int form_sign_draw(struct ui *ui, struct rect r, const struct views *v,
                   int field)
{
    const struct view_field *f = &v->form.fields[field];
    const struct button sign = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_FORM_OPEN,
                                 .index = (uint16_t)field,
                                 .key = form_word(&v->form, f->key),
                                 .icon = ICON_PEN,
                                 .label = f->sign < 0 ? tr("Read and sign")
                                                      : tr("Sign again") };
    int w = button_width(ui, &sign);
    int y = r.y;

    if (f->sign >= 0) {
        y += draw_signed(ui, rect_make(r.x, y, r.w, 0), v, f);
    }
    w = w < r.w ? w : r.w;
    r = rect_make(r.x, y, w, button_height(ui, &sign, w));
    button_draw(ui, r, &sign);
    return y + r.h;
}

void form_draw_sign_sheet(const struct form_model *m, const struct view_form *v,
                          struct ui *ui)
{
    const struct view_field *f = form_field_of(v, m->key);
    const char *words;

    if (f == NULL) {
        return; /* the page went on without it */
    }
    words = form_word(v, f->value);
    words = words[0] == '\0' ? tr(form_word(v, f->hint))
                             : ui_fmt(ui, tr("“%s” – %s"), ui_iso(ui, words),
                                      tr(form_word(v, f->hint)));
    sign_draw(ui, &m->sign, tr(form_word(v, f->label)), words,
              tr("Keep the signature"));
}
