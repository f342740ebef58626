#include "ui/position.h"

#include "ui/format.h"
#include "ui/inset.h"
#include "ui/kit/tr.h"

#define GRID      40
#define METRES_DP 3 /* so that ±10 m is a disc that can be seen */

const char *position_words(struct ui *ui, const struct view_place *p)
{
    const char *accuracy = p->accuracy_m > 0
                               ? ui_iso(ui, ui_fmt(ui, "±%d m", p->accuracy_m))
                               : tr("accuracy not known");

    if (!p->has_fix) {
        return tr("No GPS. Type the place.");
    }
    if (p->is_chosen) {
        return tr("Chosen on the map");
    }
    if (p->is_simulated) {
        return ui_fmt(ui, tr("Simulated position, %s"), accuracy);
    }
    if (p->is_old) {
        return ui_fmt(ui, tr("Last fix %s, %s"),
                      ui_iso(ui, fmt_time(ui, p->fix_ms)), accuracy);
    }
    if (p->beat[0] == '\0') {
        return ui_fmt(ui, tr("GPS %s"), accuracy);
    }
    return ui_fmt(ui, tr("GPS %s, %s"), accuracy, ui_iso(ui, p->beat));
}

static void draw_grid(struct ui *ui, struct rect r)
{
    for (int x = r.x + GRID / 2; x < r.x + r.w; x += GRID) {
        (void)ui_box(ui, rect_make(x, r.y, 1, r.h), COLOR_MAP_BUILDING,
                     COLOR_NONE, 0, 0);
    }
    for (int y = r.y + GRID / 2; y < r.y + r.h; y += GRID) {
        ui_hline(ui, r.x, y, r.w, COLOR_MAP_BUILDING);
    }
}

static void draw_spot(struct ui *ui, int x, int y, const struct view_place *p,
                      int most)
{
    int radius = p->accuracy_m * METRES_DP + 12;

    radius = radius > most ? most : radius;
    (void)draw_box(&ui->list,
                   rect_make(x - radius, y - radius, 2 * radius, 2 * radius),
                   DRAW_RGBA(ui_rgb(ui, COLOR_TRACK), 36),
                   DRAW_RGBA(ui_rgb(ui, COLOR_TRACK), 128), 1, radius);
    (void)ui_box(ui, rect_make(x - 12, y - 12, 24, 24),
                 p->is_old ? COLOR_NONE : COLOR_LIVE_MARK, COLOR_MAP_LABEL, 3,
                 12);
}

static void draw_no_map(struct ui *ui, struct rect r,
                        const struct view_place *p, bool has_pin)
{
    const char *where = p->has_fix
                            ? ui_iso(ui, fmt_position(ui, p->lat_e7, p->lon_e7))
                            : tr("Position not known");
    const int line = ui_line(ui, TYPE_CAPTION_B);
    const int middle = r.y + (r.h - line - 8) / 2;

    (void)ui_box(ui, r, COLOR_MAP_LAND, COLOR_NONE, 0, R_CARD - 1);
    (void)ui_box(ui, rect_make(r.x, r.y + r.h / 2, r.w, r.h - r.h / 2),
                 COLOR_MAP_LAND, COLOR_NONE, 0, 0);
    draw_grid(ui, r);
    if (p->has_fix) {
        draw_spot(ui, r.x + r.w / 2, middle, p, (r.h - line - 8) / 2 - 2);
    }
    if (has_pin && p->has_fix) { /* beside what, without? */
        ui_icon(ui, r.x + r.w / 2 + 20, middle - (middle - r.y < 44 ? 30 : 44),
                40, ICON_PIN, COLOR_PRIMARY_TEXT);
    }
    (void)ui_text(ui, rect_make(r.x + 16, r.y + r.h - line - 8, r.w - 32, line),
                  TYPE_CAPTION_B, COLOR_MAP_LABEL, UI_CENTER, where);
}

void position_draw(struct ui *ui, struct rect r, const struct view_place *p,
                   const struct view_place *own, bool has_pin, struct map *map)
{
    const struct map_spot spot = map_spot_of(p->lat_e7, p->lon_e7);
    struct map_view v;

    if (!p->has_fix || !inset_has(map, spot)) {
        draw_no_map(ui, r, p, has_pin);
        return;
    }
    inset_begin(ui, r, map, spot, INSET_ZOOM, &v);
    map_view_here(ui, &v, own, &spot);
    inset_end(ui, r, map, COLOR_BG, false);
}
