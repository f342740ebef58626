#include "ui/screens/rows.h"

#include <string.h>

#include "core/gridref.h"
#include "ui/format.h"
#include "ui/kit/tr.h"

static const char *words_of(struct ui *ui, const char *text)
{
    const char *all = "";

    while (*text != '\0') {
        const char *end = strchr(text, '\n');
        const size_t len = end != NULL ? (size_t)(end - text) : strlen(text);
        const bool is_out = *text == '-' && len > 1;
        const char *word =
            tr(draw_keep(&ui->list, text + is_out, len - is_out));

        if (is_out) {
            word = ui_fmt(ui, tr("not %s"), ui_iso(ui, word));
        }
        all = all[0] != '\0' ? ui_fmt(ui, tr("%s, %s"), all, word) : word;
        text += end != NULL ? len + 1 : len;
    }
    return all;
}

static const char *place_of(struct ui *ui, const struct view_value *row)
{
    char grid[GRIDREF_TEXT_SIZE];
    const char *where =
        gridref_text(row->lat_e7, row->lon_e7, grid)
            ? fmt_position(ui, row->lat_e7, row->lon_e7)
            : ui_fmt(ui, tr("Grid reference %s"), ui_iso(ui, grid));

    return row->text[0] != '\0'
               ? ui_fmt(ui, tr("%s, %s"), ui_iso(ui, row->text), where)
               : where;
}

static const char *value_of(struct ui *ui, const struct view_value *row,
                            int64_t now_ms)
{
    switch (row->kind) {
    case ROW_WORDS:
        return words_of(ui, row->text);
    case ROW_TIME:
        return fmt_when(ui, row->time_ms, now_ms);
    case ROW_PLACE:
        return place_of(ui, row);
    case ROW_EMPTY:
        return tr("(left empty)");
    case ROW_TEXT:
        break;
    }
    return row->is_cut ? ui_fmt(ui, "%s…", row->text) : row->text;
}

int rows_draw_one(struct ui *ui, struct rect r, const struct view_value *row,
                  int64_t now_ms)
{
    const char *label = row->label[0] != '\0' ? tr(row->label) : "";
    const char *value = value_of(ui, row, now_ms);
    const bool is_beside = r.w > 480 && ui->percent < 150;
    struct rect a = r;
    struct rect b = r;
    int h = 0;

    if (is_beside) {
        a = rect_cut_start(&b, r.w * 2 / 5);
        a.w -= 16;
    }
    if (label[0] != '\0') {
        h = ui_text(ui, a, TYPE_SMALL, COLOR_TEXT_2, 0, label);
    }
    b.y += is_beside ? 0 : h;
    if (row->is_differ) {
        b.y += ui_text(ui, b, TYPE_SMALL_B, COLOR_WARN_TEXT, 0,
                       row->who[0] != '\0'
                           ? ui_fmt(ui, tr("Differs: %s"), ui_iso(ui, row->who))
                           : tr("Differs"));
    }
    b.y += ui_text(ui, b, TYPE_BODY, COLOR_TEXT, 0, value);
    return b.y - r.y > h ? b.y - r.y : h;
}

int rows_draw(struct ui *ui, struct rect r, const struct view_record *x,
              int64_t now_ms)
{
    int y = r.y;

    for (int i = 0; i < x->row_count; i++) {
        if (i > 0 && x->rows[i].label[0] != '\0') {
            ui_hline(ui, r.x, y, r.w, COLOR_LINE);
        }
        y += 10;
        y += rows_draw_one(ui, rect_make(r.x, y, r.w, 0), &x->rows[i], now_ms) +
             10;
    }
    return y - r.y;
}
