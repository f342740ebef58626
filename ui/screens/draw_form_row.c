/*
 * draw_form_row.c - questions in columns, and the page of one person, vehicle
 * or row: a sentence as it will read. A person's is draw_form_person.c.
 */
#include <string.h>

#include "ui/kit/paint.h"
#include "ui/kit/tr.h"
#include "ui/screens/form.h"

#define GAP         16
#define SHORT_CHARS 120
#define PAIR_LEAST  420 /* dp: a column that has room for two */

/* --- columns --- */

struct form_flow form_flow_all(const struct view_form *v)
{
    struct form_flow f = { .count = 0 };

    for (int i = 0; i < v->field_count; i++) {
        if (v->call_count == 0 || i != v->calls_after) { /* with the calls */
            f.order[f.count++] = i;
        }
    }
    return f;
}

/* Two short answers stand side by side: hair and bag, make and model. */
static bool is_short(const struct ui *ui, const struct view_form *v, int width,
                     int i)
{
    const struct view_field *f = &v->fields[i];

    return v->path[0] != '\0' && f->ask == ASK_TEXT && f->max_chars > 0 &&
           f->max_chars <= SHORT_CHARS && width >= PAIR_LEAST &&
           ui->percent < 150;
}

/* Drawn and taken back: nothing of it stays in the list. */
static int field_height(struct ui *ui, const struct views *v, int width, int i)
{
    const int count = ui->list.count;
    const int targets = ui->target_count;
    const int groups = ui->groups;
    const uint32_t text_len = ui->list.text_len;
    const int pair = is_short(ui, &v->form, width, i) ? 2 : 1;
    const int h =
        form_field_draw(ui, rect_make(0, 0, width / pair, 0), v, i) / pair;

    ui->list.count = count;
    ui->list.text_len = text_len;
    ui->target_count = targets;
    ui->groups = groups;
    return h;
}

int form_flow_split(struct ui *ui, const struct views *v,
                    const struct form_flow *f, int a, int b, int behind)
{
    int heights[VIEW_FORM_FIELDS];
    int left = 0;
    int right = behind;
    int n = 0;

    for (int i = 0; i < f->count; i++) {
        heights[i] = field_height(ui, v, b, f->order[i]) + GAP;
        right += heights[i];
    }
    while (n < f->count) {
        const int h = field_height(ui, v, a, f->order[n]) + GAP;

        if (left + h > right && (left > 0 || right < behind + h)) {
            break;
        }
        left += h;
        right -= heights[n++];
    }
    return n;
}

int form_flow_draw(struct ui *ui, struct rect r, const struct views *v,
                   const struct form_flow *f, int from, int to)
{
    int y = r.y;

    for (int i = from; i < to; i++) {
        const bool is_pair = is_short(ui, &v->form, r.w, f->order[i]) &&
                             i + 1 < to &&
                             is_short(ui, &v->form, r.w, f->order[i + 1]);
        struct rect cell = is_pair ? rect_cell(r, 2, 0, GAP) : r;
        int other = 0;
        int h;

        cell.y = y;
        h = form_field_draw(ui, cell, v, f->order[i]);
        if (is_pair) {
            cell = rect_cell(r, 2, 1, GAP);
            cell.y = y;
            other = form_field_draw(ui, cell, v, f->order[++i]);
        }
        h = other > h ? other : h;
        y += h > 0 ? h + GAP : 0;
    }
    return y - r.y;
}

/* --- a person, vehicle or row --- */

int form_reads_draw(struct ui *ui, struct rect r, const char *said)
{
    const int card = ui_card(ui, r);
    int y = r.y + 14;

    r = rect_inset(r, 20, 0);
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_CAPTION_B, COLOR_TEXT_2, 0,
                 tr("Reads as"));
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY,
                 said[0] != '\0' ? COLOR_TEXT : COLOR_TEXT_2, 0,
                 said[0] != '\0' ? said : tr("Describe one thing"));
    draw_set_height(&ui->list, card, y + 14 - r.y);
    return y + 14 - r.y;
}

int form_row_draw(struct ui *ui, struct rect r, const struct form_model *m,
                  const struct views *v, bool is_wide)
{
    const struct form_flow all = form_flow_all(&v->form);
    const struct rect a = is_wide ? rect_columns(r, 0, 6) : r;
    const struct rect b = rect_columns(r, 6, 6);
    int left = r.y;
    int right = r.y;
    int n = all.count;

    if (v->form.page == ASK_PERSON) {
        return form_person_draw(ui, r, m, v, is_wide);
    }
    left += form_reads_draw(ui, rect_make(a.x, left, a.w, 0),
                            form_sentence(ui, &v->form, &v->form.self)) +
            GAP;
    if (is_wide) {
        n = form_flow_split(ui, v, &all, a.w, b.w, right - left);
    }
    left += form_flow_draw(ui, rect_make(a.x, left, a.w, 0), v, &all, 0, n);
    right += form_flow_draw(ui, rect_make(b.x, right, b.w, 0), v, &all, n,
                            all.count);
    return left > right ? left : right;
}
