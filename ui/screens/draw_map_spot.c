/* draw_map_spot.c - the sheet over the map: one record, or what to log at
 * the place that was held (map.h). */
#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/tr.h"
#include "ui/screens/map.h"
#include "ui/screens/tiles.h"

#define PAD   MAP_PAD
#define SHOWN 4 /* visits: the newest */

const char *map_visit_words(struct ui *ui, const struct view_area *a)
{
    const int first = a->visit_count > SHOWN ? a->visit_count - SHOWN : 0;
    const char *all = "";

    for (int i = first; i < a->visit_count; i++) {
        const struct view_visit *v = &a->visits[i];
        const char *time = ui_iso(ui, fmt_time(ui, v->from_ms));
        const char *one =
            v->goes_on ? ui_fmt(ui, tr("since %s, %d min"), time, v->minutes)
                       : ui_fmt(ui, tr("%s for %d min"), time, v->minutes);

        all = i == first ? one : ui_fmt(ui, tr("%s, %s"), all, one);
    }
    return all;
}

/* Small line and title; returns where the rest begins. */
static int draw_head(struct ui *ui, struct rect r, const char *small,
                     const char *title)
{
    const struct rect in =
        rect_make(r.x + PAD, r.y + 22, r.w - 2 * PAD - S_TOUCH_MIN, 0);
    int y = in.y;

    y += ui_text(ui, in, TYPE_SMALL, COLOR_TEXT_2, 0, small);
    y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_TITLE, COLOR_TEXT, 0,
                 title);
    map_draw_close(ui, r);
    return y + 8;
}

void map_draw_pin(struct ui *ui, const struct view_pin *pin, int64_t now_ms,
                  struct rect r)
{
    const struct button open = { .kind = BUTTON_PRIMARY,
                                 .id = CTL_MAP_RECORD,
                                 .icon = ICON_NOTEBOOK,
                                 .label = tr("Open in the notebook") };
    const int w = r.w - 2 * PAD;
    const int foot = button_height(ui, &open, w);
    int y = draw_head(ui, r, ui_fmt(ui, tr("Record %d"), pin->number),
                      pin->title[0] != '\0' ? ui_iso(ui, pin->title)
                                            : tr("Sealed record"));
    const struct rect body =
        rect_make(r.x + PAD + 2, y, w - 4, r.y + r.h - y - foot - 2 * 16);

    y = ui_scroll_begin(ui, CTL_SCROLL_SIDE, body) + 4;
    y = map_draw_part(ui, rect_make(r.x + PAD, y, w, 0), tr("When"),
                      fmt_when(ui, pin->at_ms, now_ms));
    y = map_draw_part(ui, rect_make(r.x + PAD, y, w, 0), tr("Place"),
                      pin->place);
    y = map_draw_part(ui, rect_make(r.x + PAD, y, w, 0), tr("Note"), pin->note);
    ui_scroll_end(ui, y);
    button_draw(ui, rect_make(r.x + PAD, r.y + r.h - foot - 16, w, foot),
                &open);
}

static int tile_row(struct ui *ui, struct rect r, int i)
{
    const char *label = tr(tiles_looks[i].label);
    const int icon = ui_icon_size(ui, 28);
    const struct rect words =
        rect_make(r.x + PAD + icon + 16, r.y, r.w - 2 * PAD - icon - 16, 0);
    int h = ui_text_height(ui, TYPE_LABEL, label, words.w) + 24;

    h = h < S_ROW ? S_ROW : h;
    ui_icon(ui, r.x + PAD, r.y + (h - icon) / 2, icon, tiles_looks[i].icon,
            i == TILE_PREVENT ? COLOR_SEALED : COLOR_TEXT);
    (void)ui_text(ui, rect_make(words.x, words.y, words.w, h), TYPE_LABEL,
                  COLOR_TEXT, UI_MID, label);
    ui_target(ui, rect_make(r.x + 8, r.y, r.w - 16, h), CTL_MAP_TILE,
              (uint16_t)i, tiles_looks[i].kind, R_FIELD, 0, label);
    return h;
}

void map_draw_log(struct ui *ui, const struct view_home *h,
                  const struct log_spot *spot, struct rect r)
{
    int y = draw_head(ui, r,
                      spot->name[0] != '\0'
                          ? ui_iso(ui, spot->name)
                          : fmt_position(ui, spot->lat_e7, spot->lon_e7),
                      tr("Log here"));
    const struct rect body =
        rect_make(r.x + S_MARGIN, y, r.w - 2 * S_MARGIN, r.y + r.h - y - 3);
    bool is_first = true;

    ui_hline(ui, r.x + PAD, y, r.w - 2 * PAD, COLOR_LINE);
    y = ui_scroll_begin(ui, CTL_SCROLL_SIDE, body) + 1;
    ui_group_begin(ui);
    for (int i = 0; i < TILE__COUNT; i++) {
        if (!h->has_form[i]) {
            continue;
        }
        if (!is_first) {
            ui_hline(ui, r.x + PAD, y, r.w - 2 * PAD, COLOR_LINE);
            y++;
        }
        y += tile_row(ui, rect_make(r.x, y, r.w, 0), i);
        is_first = false;
    }
    ui_group_end(ui);
    ui_scroll_end(ui, y + 12);
}
