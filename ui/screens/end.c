/* end.c - minutes in hotspots, the way, what is left to do. */
#include <stdlib.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/inset.h"
#include "ui/kit/button.h"
#include "ui/kit/chip.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/screens/begun.h"
#include "ui/screens/end.h"

#define BAR_H    24
#define LINE_W   3
#define TRACK_W  5
#define WAY_H    236
#define PIN_ROOM 18 /* dp: a pin is higher than the margin of a way */

const char *const end_codes[END_REASONS] = { "incident", "elsewhere", "time",
                                             "other", "no-gps" };
static const char *const reasons[END_REASONS] = { N_("An incident"),
                                                  N_("Sent elsewhere"),
                                                  N_("No time"), N_("Other"),
                                                  N_("No GPS") };

bool end_is_wide(const struct ui *ui, struct rect main)
{
    return main.w > 900 && ui->percent < 150;
}

/* --- minutes in each hotspot --- */

const char *const end_minutes_note =
    N_("Hotspot minutes are shown low to high, as far as GPS can tell.");

/* The bar ends at twice the largest goal, or behind the longest stay. */
static int full_minutes(const struct view_end *e)
{
    int most = 30;

    for (int i = 0; i < e->hotspot_count; i++) {
        const struct view_hotspot *h = &e->hotspots[i];

        most = 2 * h->goal > most ? 2 * h->goal : most;
        most = h->high > most ? h->high : most;
    }
    return most;
}

static void draw_bar(struct ui *ui, struct rect r, const struct view_hotspot *h,
                     int full)
{
    const bool is_met = h->goal == 0 || h->best >= h->goal;
    const int best = r.w * h->best / full;
    const int low = r.w * h->low / full;
    const int high = r.w * h->high / full;

    (void)ui_box(ui, r, COLOR_SUNKEN, COLOR_NONE, 0, R_MARK);
    if (best > 0) {
        (void)ui_box(
            ui, rect_make(r.x, r.y, best, r.h), is_met ? COLOR_OK : COLOR_WARN,
            is_met ? COLOR_OK_TEXT : COLOR_WARN_TEXT, S_BORDER_STRONG, R_MARK);
    }
    if (high > low) {
        (void)ui_box(ui,
                     rect_make(r.x + low, r.y + (r.h - 4) / 2, high - low, 4),
                     COLOR_TEXT, COLOR_NONE, 0, 0);
    }
    if (h->goal > 0) {
        (void)ui_box(
            ui, rect_make(r.x + r.w * h->goal / full, r.y - 4, LINE_W, r.h + 8),
            COLOR_TEXT, COLOR_NONE, 0, 0);
    }
}

static int hotspot_row(struct ui *ui, struct rect r,
                       const struct view_hotspot *h, int full)
{
    const char *best = fmt_number(ui, h->best);
    const char *range = ui_iso(ui, ui_fmt(ui, "%d–%d", h->low, h->high));
    const int figures = ui_text_width(ui, TYPE_TITLE_S, best) + 8 +
                        ui_text_width(ui, TYPE_SMALL, range);
    const int end_w = ui_text_width(ui, TYPE_TITLE_S, "00") + 8 +
                      ui_text_width(ui, TYPE_SMALL, "00–00") + 16;
    const int name_w = r.w * 3 / 10;
    const bool is_beside =
        ui_text_height(ui, TYPE_LABEL, h->name, name_w - 8) ==
            ui_line(ui, TYPE_LABEL) &&
        ui->percent < 150;
    const int line = ui_line(ui, TYPE_TITLE_S);
    int y = r.y;

    if (!is_beside) {
        y += ui_text(ui, rect_make(r.x, y, r.w - end_w, 0), TYPE_LABEL,
                     COLOR_TEXT, 0, h->name);
        (void)ui_text(ui,
                      rect_make(r.x + r.w - figures, r.y,
                                ui_text_width(ui, TYPE_TITLE_S, best), 0),
                      TYPE_TITLE_S, COLOR_TEXT, 0, best);
    } else {
        (void)ui_text(ui, rect_make(r.x, y, name_w, line), TYPE_LABEL,
                      COLOR_TEXT, UI_MID, h->name);
        (void)ui_text(ui,
                      rect_make(r.x + r.w - figures, r.y,
                                ui_text_width(ui, TYPE_TITLE_S, best), line),
                      TYPE_TITLE_S, COLOR_TEXT, UI_MID, best);
    }
    (void)ui_text(ui,
                  rect_make(r.x + r.w - ui_text_width(ui, TYPE_SMALL, range),
                            r.y, ui_text_width(ui, TYPE_SMALL, range), line),
                  TYPE_SMALL, COLOR_TEXT_2, UI_MID, range);
    if (is_beside) {
        draw_bar(ui,
                 rect_make(r.x + name_w, r.y + (line - BAR_H) / 2,
                           r.w - name_w - end_w, BAR_H),
                 h, full);
        return line;
    }
    y += 6;
    draw_bar(ui, rect_make(r.x, y, r.w, BAR_H), h, full);
    return y + BAR_H + 4 - r.y;
}

static const char *goal_words(struct ui *ui, const struct view_end *e)
{
    int goal = 0;

    for (int i = 0; i < e->hotspot_count; i++) {
        if (goal != 0 && e->hotspots[i].goal != goal) {
            return tr("Upright line: the goal");
        }
        goal = e->hotspots[i].goal;
    }
    return goal > 0 ? ui_fmt(ui, tr("Upright line: goal of %d"), goal) : "";
}

int end_hotspots(struct ui *ui, struct rect r, const struct view_end *e,
                 bool has_note)
{
    const struct rect in = rect_inset(r, 21, 0);
    const int card = ui_card(ui, r);
    const int full = full_minutes(e);
    const char *goal = goal_words(ui, e);
    const int goal_w = ui_text_width(ui, TYPE_SMALL, goal);
    const char *title = tr("Minutes in each hotspot");
    const bool is_beside =
        ui_text_width(ui, TYPE_TITLE_S, title) + goal_w + 24 <= in.w;
    int y = r.y + 16;

    if (is_beside) {
        (void)ui_text(ui,
                      rect_make(in.x + in.w - goal_w, y, goal_w,
                                ui_line(ui, TYPE_TITLE_S)),
                      TYPE_SMALL, COLOR_TEXT_2, UI_MID, goal);
    }
    y += ui_text(ui, rect_make(in.x, y, in.w - (is_beside ? goal_w : 0), 0),
                 TYPE_TITLE_S, COLOR_TEXT, 0, title);
    if (!is_beside) {
        y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_SMALL, COLOR_TEXT_2,
                     0, goal);
    }
    if (e->is_at_least) {
        y += ui_text(ui, rect_make(in.x, y + 4, in.w, 0), TYPE_SMALL_B,
                     COLOR_WARN_TEXT, 0,
                     tr("Many gaps in GPS: the minutes are “at least”.")) +
             4;
    }
    for (int i = 0; i < e->hotspot_count; i++) {
        y += 20;
        y +=
            hotspot_row(ui, rect_make(in.x, y, in.w, 0), &e->hotspots[i], full);
    }
    if (has_note) {
        y += ui_text(ui, rect_make(in.x, y + 12, in.w, 0), TYPE_SMALL,
                     COLOR_TEXT_2, 0, tr(end_minutes_note)) +
             12;
    }
    y += 22;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

/* --- why there was no visit --- */

int end_missed_count(const struct view_end *e)
{
    int n = 0;

    for (int i = 0; i < e->hotspot_count; i++) {
        n += e->hotspots[i].goal > 0 && !e->hotspots[i].is_visited;
    }
    return n;
}

static const char *missed_words(struct ui *ui, const struct view_end *e)
{
    const char *first = "";

    for (int i = e->hotspot_count - 1; i >= 0; i--) {
        if (e->hotspots[i].goal > 0 && !e->hotspots[i].is_visited) {
            first = e->hotspots[i].name;
        }
    }
    if (end_missed_count(e) == 1) {
        return ui_fmt(ui, tr("%s: no visit. What got in the way?"),
                      ui_iso(ui, first));
    }
    return ui_fmt(ui,
                  trn("%s and %d more: no visit. What got in the way?",
                      "%s and %d more: no visit. What got in the way?",
                      (unsigned long)end_missed_count(e) - 1),
                  ui_iso(ui, first), end_missed_count(e) - 1);
}

int end_reasons(struct ui *ui, struct rect r, const struct view_end *e,
                int chosen, bool is_asked)
{
    const char *labels[END_REASONS];
    const struct chips chips = { .id = CTL_END_REASON,
                                 .labels = labels,
                                 .keys = end_codes,
                                 .count = e->has_track ? END_REASONS - 1
                                                       : END_REASONS,
                                 .on = chosen >= 0 ? 1U << chosen : 0 };
    const enum color ink = is_asked ? COLOR_DANGER_TEXT : COLOR_WARN_TEXT;
    const int box = ui_box(ui, r, COLOR_SURFACE, ink, S_BORDER_STRONG, R_CARD);
    const int icon = ui_icon_size(ui, 28);
    const struct rect in = rect_inset(r, 22, 0);
    int y = r.y + 16;

    for (int i = 0; i < END_REASONS; i++) {
        labels[i] = tr(reasons[i]);
    }
    ui_icon(ui, in.x, y, icon, ICON_WARN, ink);
    y += ui_text(ui, rect_make(in.x + icon + 16, y, in.w - icon - 16, 0),
                 TYPE_LABEL, is_asked ? COLOR_DANGER_TEXT : COLOR_TEXT, 0,
                 missed_words(ui, e)) +
         12;
    y += chips_draw(ui, rect_make(in.x, y, in.w, 0), &chips) + 16;
    draw_set_height(&ui->list, box, y - r.y);
    return y - r.y;
}

/* --- the way --- */

/* A map isn't mirrored: the points lie as they are, in a box that may be. */
static void draw_way(struct ui *ui, struct rect r, const struct view_end *e)
{
    const int side = (r.w < r.h ? r.w : r.h) - 48;
    const struct rect box =
        rect_make(r.x + (r.w - side) / 2, r.y + (r.h - side) / 2, side, side);
    int16_t points[2 * VIEW_WAY];
    int16_t end[4];

    for (int i = 0; i < e->way_count; i++) {
        const bool is_lift = e->way[i].x == VIEW_LIFT;

        points[2 * i] =
            is_lift ? DRAW_LIFT : (int16_t)(side * e->way[i].x / 1000);
        points[2 * i + 1] = (int16_t)(side * e->way[i].y / 1000);
    }
    for (int i = 0; i < 4; i++) {
        end[i] = points[2 * (e->way_count - 1) + i % 2];
    }
    (void)draw_line(&ui->list, box, points, e->way_count,
                    DRAW_RGB(ui_rgb(ui, COLOR_TRACK)), TRACK_W);
    (void)draw_line(&ui->list, box, end, 2,
                    DRAW_RGB(ui_rgb(ui, COLOR_MAP_LABEL)), 20);
    (void)draw_line(&ui->list, box, end, 2,
                    DRAW_RGB(ui_rgb(ui, COLOR_LIVE_MARK)), 14);
}

static const char *distance_words(struct ui *ui, int64_t metres)
{
    return metres < 1000 ? ui_fmt(ui, tr("%d m"), (int)metres)
                         : ui_fmt(ui, tr("%d.%d km"), (int)(metres / 1000),
                                  (int)(metres / 100 % 10));
}

static const char *gap_words(struct ui *ui, const struct view_end *e)
{
    const char *gaps;

    if (!e->has_track) {
        return tr("No position came from GPS");
    }
    if (e->gap_count == 0) {
        return tr("No gaps in GPS");
    }
    gaps = ui_fmt(ui,
                  trn("%d gap in GPS, %d min in all",
                      "%d gaps in GPS, %d min in all",
                      (unsigned long)e->gap_count),
                  e->gap_count, e->gap_minutes);
    return e->gap_why[0] != '\0' ? ui_fmt(ui, "%s: %s", gaps, tr(e->gap_why))
                                 : gaps;
}

/* On the stored map when there is one of it, with the pins. */
static bool draw_map(struct ui *ui, struct rect r, const struct app *app)
{
    static const bool shows[MAP_LAYER__COUNT] = {
        [MAP_LAYER_TRACK] = true, [MAP_LAYER_PINS] = true
    };
    const struct views *v = app_views(app);
    struct map_spot middle;
    struct map_view view;
    int zoom;

    if (!inset_fit(v->map.track, v->map.track_count, rect_inset(r, 8, PIN_ROOM),
                   &middle, &zoom) ||
        !inset_has(app_map(app), middle)) {
        return false;
    }
    inset_begin(ui, r, app_map(app), middle, zoom, &view);
    map_view_marks(ui, &view, &v->map, &v->home.position, shows, -1);
    inset_end(ui, r, app_map(app), COLOR_BG, false);
    return true;
}

static void draw_ground(struct ui *ui, struct rect r, const struct app *app)
{
    if (draw_map(ui, r, app)) {
        return;
    }
    (void)ui_box(ui, r, COLOR_MAP_LAND, COLOR_NONE, 0, R_CARD - 1);
    (void)ui_box(ui, rect_make(r.x, r.y + r.h / 2, r.w, r.h - r.h / 2),
                 COLOR_MAP_LAND, COLOR_NONE, 0, 0);
    draw_way(ui, r, &app_views(app)->end);
}

int end_way(struct ui *ui, struct rect r, const struct app *app)
{
    const struct view_end *e = &app_views(app)->end;
    const int map_h = e->way_count > 0 ? WAY_H : 0;
    const char *far = distance_words(ui, e->distance_m);
    const int far_w = ui_text_width(ui, TYPE_BODY_B, far);
    const char *gaps = gap_words(ui, e);
    const int line = ui_line(ui, TYPE_BODY_B);
    const bool is_beside =
        far_w + 24 + ui_text_width(ui, TYPE_SMALL, gaps) <= r.w - 42;
    const int card = ui_card(ui, r);
    int y = r.y + map_h + 12;

    if (map_h > 0) {
        draw_ground(ui, rect_make(r.x + 1, r.y + 1, r.w - 2, map_h - 1), app);
        ui_hline(ui, r.x, r.y + map_h, r.w, COLOR_LINE);
    }
    (void)ui_text(ui, rect_make(r.x + 21, y, far_w, line), TYPE_BODY_B,
                  COLOR_TEXT, UI_MID, far);
    if (is_beside) {
        const int w = ui_text_width(ui, TYPE_SMALL, gaps);

        (void)ui_text(ui, rect_make(r.x + r.w - 21 - w, y, w, line), TYPE_SMALL,
                      COLOR_TEXT_2, UI_MID, gaps);
        y += line;
    } else {
        y += line;
        y += ui_text(ui, rect_make(r.x + 21, y, r.w - 42, 0), TYPE_SMALL,
                     COLOR_TEXT_2, 0, gaps);
    }
    if (e->is_simulated) {
        y += ui_text(ui, rect_make(r.x + 21, y, r.w - 42, 0), TYPE_SMALL_B,
                     COLOR_WARN_TEXT, 0, tr("Positions were replayed"));
    }
    y += 12;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

/* --- what is left to do --- */

struct row {
    enum icon icon;
    enum color color;
    const char *title;
    const char *detail; /* "": none */
    const char *button; /* NULL: none */
    uint16_t id;
};

static int draw_row(struct ui *ui, struct rect r, const struct row *row)
{
    const struct button b = { .kind = BUTTON_SECONDARY,
                              .id = row->id,
                              .label = row->button };
    const int icon = ui_icon_size(ui, 26);
    const int bw = row->button != NULL ? button_width(ui, &b) + 16 : 0;
    const int x = r.x + 21 + icon + 16;
    const int room = r.x + r.w - 20 - bw - x;
    const int text = ui_text_height(ui, TYPE_LABEL, row->title, room) +
                     (row->detail[0] != '\0'
                          ? ui_text_height(ui, TYPE_META, row->detail, room)
                          : 0);
    struct rect line;
    int h = text + 18;
    int y;

    if (row->button != NULL) {
        const int bh = button_height(ui, &b, bw - 16);

        h = h < bh + 8 ? bh + 8 : h;
    }
    y = r.y + (h - text) / 2;
    ui_icon(ui, r.x + 21, r.y + (h - icon) / 2, icon, row->icon, row->color);
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 row->title);
    if (row->detail[0] != '\0') {
        (void)ui_text(ui, rect_make(x, y, room, 0), TYPE_META, COLOR_TEXT_2, 0,
                      row->detail);
    }
    if (row->button != NULL) {
        line = rect_make(r.x, r.y, r.w - 20, h);
        button_at_end(ui, &line, 0, &b);
    }
    return h;
}

static const char *left_words(struct ui *ui, const struct views *v)
{
    const char *space = ui_fmt(ui, tr("Space left: %s"),
                               ui_iso(ui, fmt_bytes(ui, v->end.free_bytes)));

    if (v->status.battery_percent < 0) {
        return v->end.free_bytes >= 0 ? space : "";
    }
    if (v->end.battery_until_ms == 0) {
        return space;
    }
    return ui_fmt(ui, "%s. %s",
                  ui_fmt(ui, tr("At this pace until %s"),
                         ui_iso(ui, fmt_time(ui, v->end.battery_until_ms))),
                  space);
}

/* The rows that there are; returns how many. */
static int make_rows(struct ui *ui, const struct views *v, struct row rows[4])
{
    const struct view_end *e = &v->end;
    int n = 0;

    rows[n++] = (struct row){
        .icon = e->waiting_count > 0 ? ICON_CLOUD_UP : ICON_CHECK_O,
        .color = e->waiting_count > 0 ? COLOR_PRIMARY_TEXT : COLOR_OK_TEXT,
        .title = ui_fmt(ui, tr("%d made, %d stored, %d waiting"), e->made_count,
                        e->stored_count, e->waiting_count),
        .detail = e->waiting_count > 0 ? tr("What waits goes by itself.")
                                       : tr("The server holds each one."),
    };
    if (e->draft_count > 0) {
        rows[n++] = (struct row){
            .icon = ICON_EDIT,
            .color = COLOR_WARN_TEXT,
            .title =
                ui_fmt(ui,
                       trn("%d draft not finished", "%d drafts not finished",
                           (unsigned long)e->draft_count),
                       e->draft_count),
            .detail = v->home.begun_count > 0
                          ? begun_title(ui, &v->home.begun[0])
                          : "",
            .button = tr("Finish"),
            .id = CTL_END_DRAFT,
        };
    }
    if (e->page > 0) {
        rows[n++] = (struct row){
            .icon = ICON_NOTEBOOK,
            .color = COLOR_TEXT,
            .title =
                e->unsigned_lines > 0
                    ? ui_fmt(ui, tr("Notebook page %d to sign"), e->page)
                    : ui_fmt(ui, tr("Notebook page %d is signed"), e->page),
            .detail = "",
            .button = e->unsigned_lines > 0 ? tr("Sign") : tr("Open"),
            .id = e->unsigned_lines > 0 ? CTL_END_SIGN : CTL_END_PAGE,
        };
    }
    if (v->status.battery_percent >= 0 || e->free_bytes >= 0) {
        rows[n++] = (struct row){
            .icon = ICON_BATTERY,
            .color = COLOR_TEXT,
            .title =
                v->status.battery_percent >= 0
                    ? ui_fmt(ui, tr("Battery %d%%"), v->status.battery_percent)
                    : tr("On mains power"),
            .detail = left_words(ui, v),
        };
    }
    return n;
}

int end_list(struct ui *ui, struct rect r, const struct views *v)
{
    const int card = ui_card(ui, r);
    struct row rows[4];
    const int n = make_rows(ui, v, rows);
    int y = r.y;

    for (int i = 0; i < n; i++) {
        if (i > 0) {
            ui_hline(ui, r.x, y, r.w, COLOR_LINE);
        }
        y += draw_row(ui, rect_make(r.x, y, r.w, 0), &rows[i]);
    }
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}
