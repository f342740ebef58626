/* screen_home.c - what am I doing, what is next, log in one touch. */
#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"
#include "ui/screens/begun.h"
#include "ui/screens/home_notes.h"
#include "ui/screens/tasks.h"
#include "ui/screens/tiles.h"
#include "ui/sheet.h"

/* The design's heights at 1280 x 800. */
#define NEXT_H    200
#define TILE_H    136
#define TILE_MOST 200 /* on a higher screen */

struct home_model {
    bool asks_pause; /* the sheet that asks the reason of a pause */
    struct tasks_model tasks;
    struct begun_model begun;
};

static const char *const pause_reasons[] = { N_("Meal"), N_("Meeting"),
                                             N_("Incident"), N_("Other") };
static const char *const pause_codes[] = { "meal", "meeting", "incident",
                                           "other" };

static void home_enter(void *model, struct nav *nav)
{
    (void)model;
    (void)nav;
}

/* --- handle --- */

static enum go told(struct nav *nav, enum err err, enum go go)
{
    if (err) {
        nav_failed(nav, err);
        return GO_STAY;
    }
    return go;
}

static enum go sheet_event(struct home_model *m, const struct ui_event *ev,
                           struct nav *nav)
{
    if (ev->id == CTL_SHEET_CHOICE && m->asks_pause) {
        m->asks_pause = false;
        return told(nav, app_pause_patrol(nav->app, pause_codes[ev->index]),
                    GO_STAY);
    }
    if (ev->id == CTL_SHEET_CANCEL || ev->kind == UI_GO_BACK) {
        m->asks_pause = false;
    }
    return GO_STAY;
}

static enum go home_handle(void *model, const struct ui_event *ev,
                           struct nav *nav)
{
    struct home_model *m = model;
    enum go go;

    if (m->asks_pause) {
        return sheet_event(m, ev, nav);
    }
    if (begun_handle(&m->begun, ev, nav, &go) ||
        tasks_handle(&m->tasks, ev, nav, &go)) {
        return go;
    }
    if (ev->kind != UI_TAP) {
        return GO_STAY;
    }
    switch (ev->id) {
    case CTL_HOME_START:
        return told(nav, app_send(nav->app, CMD_START_PATROL), GO_STAY);
    case CTL_HOME_RESUME:
        return told(nav, app_send(nav->app, CMD_RESUME_PATROL), GO_STAY);
    case CTL_HOME_PAUSE:
        m->asks_pause = true;
        return GO_STAY;
    case CTL_HOME_END:
        return GO_END;
    case CTL_HOME_BRIEFING:
        return GO_BRIEFING;
    case CTL_HOME_ASKED:
        return GO_ASKED;
    case CTL_HOME_CONFLICTS:
        return GO_CONFLICTS;
    case CTL_HOME_CHECK:
        return GO_CHECK;
    case CTL_HOME_PIN:
        return told(nav, app_send(nav->app, CMD_RENEW_PIN), GO_STAY);
    case CTL_HOME_DRAFT:
        return begun_resume(&m->begun, nav);
    case CTL_HOME_TILE:
        return begun_open(&m->begun, nav, tiles_looks[ev->index].kind, NULL);
    default:
        return GO_STAY;
    }
}

/* --- draw: patrol band --- */

static const char *band_title(struct ui *ui, const struct view_home *h)
{
    if (h->patrol == PATROL_OFF) {
        return tr("Not on patrol");
    }
    return ui_fmt(ui,
                  h->patrol == PATROL_PAUSED ? tr("Paused · %s")
                                             : tr("On patrol · %s"),
                  ui_iso(ui, h->beat));
}

static const char *band_line(struct ui *ui, const struct view_home *h)
{
    const char *since = ui_iso(ui, fmt_time(ui, h->started_ms));
    const char *with = ui_iso(ui, h->partner);

    if (h->patrol == PATROL_OFF) {
        return h->partner[0] != '\0'
                   ? ui_fmt(ui, tr("%s, with %s"), ui_iso(ui, h->beat), with)
                   : ui_iso(ui, h->beat);
    }
    if (h->partner[0] == '\0') {
        return ui_fmt(ui,
                      h->by_car ? tr("By car, alone, since %s")
                                : tr("On foot, alone, since %s"),
                      since);
    }
    return ui_fmt(ui,
                  h->by_car ? tr("By car with %s, since %s")
                            : tr("On foot with %s, since %s"),
                  with, since);
}

/* The band's ways on, the last first: they stand from the end. */
static int band_buttons(struct ui *ui, const struct view_home *h,
                        struct button out[2])
{
    const bool is_on = h->patrol == PATROL_ON;
    const struct button end = { .kind =
                                    is_on ? BUTTON_ON_LIVE : BUTTON_SECONDARY,
                                .id = CTL_HOME_END,
                                .icon = ICON_STOP,
                                .label = tr("End patrol") };
    const struct button pause = { .kind = BUTTON_ON_LIVE,
                                  .id = CTL_HOME_PAUSE,
                                  .icon = ICON_PAUSE,
                                  .label = tr("Pause") };
    const struct button go_on = { .kind = BUTTON_PRIMARY_SMALL,
                                  .id = CTL_HOME_RESUME,
                                  .icon = ICON_PLAY,
                                  .label = tr("Go on") };
    const struct button start = { .kind = BUTTON_PRIMARY,
                                  .id = CTL_HOME_START,
                                  .icon = ICON_PLAY,
                                  .label = tr("Start patrol") };

    const struct button first = {
        .kind = BUTTON_PRIMARY,
        .id = CTL_HOME_BRIEFING,
        .icon = ICON_BRIEFING,
        .key = "first",
        .label = ui_fmt(ui,
                        trn("Read %d item first", "Read %d items first",
                            (unsigned long)h->must_read_count),
                        h->must_read_count)
    };

    out[0] = h->patrol != PATROL_OFF   ? end
             : h->must_read_count == 0 ? start
                                       : first;
    out[1] = is_on ? pause : go_on;
    return h->patrol == PATROL_OFF ? 1 : 2;
}

static void band_words(struct ui *ui, struct rect r, const struct view_home *h,
                       int64_t now_ms)
{
    const bool is_on = h->patrol == PATROL_ON;
    const enum color ink = is_on ? COLOR_ON_LIVE : COLOR_TEXT;
    const int64_t from =
        h->patrol == PATROL_PAUSED ? h->paused_ms : h->started_ms;
    const int icon = ui_icon_size(ui, 20);
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_LABEL, ink, 0,
                 band_title(ui, h));
    if (h->patrol != PATROL_OFF) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_NUMERAL, ink, 0,
                     fmt_timer(ui, now_ms - from));
    }
    ui_icon(ui, r.x, y + (ui_line(ui, TYPE_SMALL) - icon) / 2, icon,
            h->by_car ? ICON_CAR : ICON_WALK, ink);
    (void)ui_text(ui, rect_make(r.x + icon + 8, y, r.w - icon - 8, 0),
                  TYPE_SMALL, ink, 0, band_line(ui, h));
}

static int words_height(struct ui *ui, const struct view_home *h, int width)
{
    int y = ui_text_height(ui, TYPE_LABEL, band_title(ui, h), width);

    y += h->patrol != PATROL_OFF ? ui_line(ui, TYPE_NUMERAL) : 0;
    return y + ui_text_height(ui, TYPE_SMALL, band_line(ui, h),
                              width - ui_icon_size(ui, 20) - 8);
}

/* Width that the buttons take beside the words. */
static int buttons_width(struct ui *ui, const struct button *b, int n)
{
    int w = 0;

    for (int i = 0; i < n; i++) {
        w += button_width(ui, &b[i]) + 12;
    }
    return w;
}

/* Below the words: in one line, or each its own; returns the height. */
static int stack_buttons(struct ui *ui, struct rect r, const struct button *b,
                         int n)
{
    const bool in_line = buttons_width(ui, b, n) <= r.w + 12;
    int y = r.y;

    if (in_line) {
        r.h = button_height(ui, &b[0], r.w);
        for (int i = 0; i < n; i++) {
            button_at_end(ui, &r, 12, &b[i]);
        }
        return r.h;
    }
    for (int i = n - 1; i >= 0; i--) {
        const int h = button_height(ui, &b[i], r.w);

        button_draw(ui, rect_make(r.x, y, r.w, h), &b[i]);
        y += h + 8;
    }
    return y - 8 - r.y;
}

static int draw_band(struct ui *ui, struct rect r, const struct view_home *h,
                     int64_t now_ms)
{
    const bool is_on = h->patrol == PATROL_ON;
    const bool is_paused = h->patrol == PATROL_PAUSED;
    struct button b[2];
    const int n = band_buttons(ui, h, b);
    const int beside = r.w - 48 - buttons_width(ui, b, n);
    const bool stacked = beside < ui_step(ui, 240, 330, 420);
    const int room = stacked ? r.w - 48 : beside;
    const int words = words_height(ui, h, room);
    const int box = ui_box(ui, r, is_on ? COLOR_LIVE : COLOR_SURFACE,
                           is_paused ? COLOR_LINE_STRONG : COLOR_LINE,
                           is_on       ? 0
                           : is_paused ? S_BORDER_STRONG
                                       : S_BORDER,
                           R_CARD);
    struct rect row;

    r.h = words + 22 < 128 && !stacked ? 128 : words + 22;
    row = rect_inset(r, S_MARGIN, 0);
    band_words(ui, rect_make(row.x, r.y + (r.h - words) / 2, room, words), h,
               now_ms);
    if (stacked) {
        row.y = r.y + r.h;
        r.h += stack_buttons(ui, row, b, n) + 16;
    } else {
        for (int i = 0; i < n; i++) {
            button_at_end(ui, &row, 12, &b[i]);
        }
    }
    draw_set_height(&ui->list, box, r.h);
    return r.h;
}

/* --- draw: briefing --- */

static const char *unread_words(struct ui *ui, int unread)
{
    return unread > 0
               ? ui_fmt(ui,
                        trn("%d to read", "%d to read", (unsigned long)unread),
                        unread)
               : tr("All read");
}

static int unread_count(const struct view_home *h)
{
    int n = 0;

    for (int i = 0; i < h->briefing_count; i++) {
        n += h->briefings[i].is_unread;
    }
    return n;
}

/* The narrow form: one row that opens the briefing. */
static int briefing_row(struct ui *ui, struct rect r, const struct view_home *h)
{
    const int n = unread_count(h);
    const int icon = ui_icon_size(ui, S_ICON_M);
    const int go_on = ui_icon_size(ui, S_ICON);
    const char *detail =
        h->briefing_count > 0 ? h->briefings[0].title : tr("No briefing today");
    const char *words = unread_words(ui, n);
    const int badge =
        h->briefing_count > 0 ? badge_width(ui, ICON_NONE, words) + 16 : 0;
    const int room = r.w - 42 - icon - 16 - go_on - 16 - badge;
    int y;

    r.h = ui_text_height(ui, TYPE_LABEL, tr("Today’s briefing"), room) +
          ui_text_height(ui, TYPE_SMALL, detail, room) + 32;
    (void)ui_card(ui, r);
    ui_icon(ui, r.x + 21, r.y + (r.h - icon) / 2, icon, ICON_BRIEFING,
            COLOR_TEXT);
    y = r.y + 16;
    y += ui_text(ui, rect_make(r.x + 21 + icon + 16, y, room, 0), TYPE_LABEL,
                 COLOR_TEXT, 0, tr("Today’s briefing"));
    (void)ui_text(ui, rect_make(r.x + 21 + icon + 16, y, room, 0), TYPE_SMALL,
                  COLOR_TEXT_2, 0, detail);
    if (badge > 0) {
        badge_draw(ui, r.x + r.w - 21 - go_on - badge,
                   r.y + (r.h - badge_height(ui)) / 2,
                   n > 0 ? BADGE_WAIT : BADGE_OK, ICON_NONE, words);
    }
    ui_icon(ui, r.x + r.w - 21 - go_on, r.y + (r.h - go_on) / 2, go_on,
            ICON_FWD, COLOR_TEXT);
    ui_target(ui, r, CTL_HOME_BRIEFING, 0, NULL, R_CARD, 0,
              tr("Today’s briefing"));
    return r.h;
}

static int briefing_items(struct ui *ui, struct rect r,
                          const struct view_home *h)
{
    int y = r.y;

    for (int i = 0; i < h->briefing_count && i < 3; i++) {
        const struct view_briefing *b = &h->briefings[i];

        y += 10;
        (void)ui_box(ui, rect_make(r.x, y + 6, 12, 12),
                     b->is_unread ? COLOR_PRIMARY_TEXT : COLOR_NONE,
                     COLOR_PRIMARY_TEXT, S_BORDER_STRONG, 6);
        y += ui_text(ui, rect_make(r.x + 24, y, r.w - 24, 0), TYPE_LABEL,
                     COLOR_TEXT, 0, b->title);
        y += ui_text(ui, rect_make(r.x + 24, y, r.w - 24, 0), TYPE_SMALL,
                     COLOR_TEXT_2, UI_LINE, b->detail);
        y += 10;
    }
    return y - r.y;
}

static int briefing_card(struct ui *ui, struct rect r,
                         const struct view_home *h, int least)
{
    const struct button read = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_HOME_BRIEFING,
                                 .icon = ICON_BRIEFING,
                                 .label = tr("Read briefing") };
    const int n = unread_count(h);
    const int card = ui_card(ui, r);
    const struct rect in = rect_inset(r, 21, 17);
    const char *words = unread_words(ui, n);
    const int badge =
        h->briefing_count > 0 ? badge_width(ui, ICON_NONE, words) : 0;
    int y = in.y;
    int bh;

    if (badge > 0) {
        badge_draw(ui, in.x + in.w - badge, y, n > 0 ? BADGE_WAIT : BADGE_OK,
                   ICON_NONE, words);
    }
    y += ui_text(ui, rect_make(in.x, y, in.w - badge - 8, 0), TYPE_TITLE_S,
                 COLOR_TEXT, 0, tr("Today’s briefing")) +
         6;
    if (h->briefing_count == 0) {
        y += ui_text(ui, rect_make(in.x, y + 10, in.w, 0), TYPE_BODY,
                     COLOR_TEXT_2, 0, tr("No briefing today")) +
             30;
    } else {
        y += briefing_items(ui, rect_make(in.x, y, in.w, 0), h);
    }
    bh = button_height(ui, &read, in.w);
    if (y + bh + 21 < r.y + least) {
        y = r.y + least - 21 - bh;
    }
    button_draw(ui, rect_make(in.x, y, in.w, bh), &read);
    y += bh + 21;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

/* --- draw: tiles --- */

static struct tile make_tile(struct ui *ui, const struct view_home *h, int i)
{
    struct tile t = { .id = CTL_HOME_TILE,
                      .index = (uint16_t)i,
                      .key = tiles_looks[i].kind,
                      .icon = tiles_looks[i].icon,
                      .label = tr(tiles_looks[i].label),
                      .is_sealed = i == TILE_PREVENT };

    if (i == TILE_NOTICE && h->notice_numbers < 0) {
        t.reason = tr("No power on record");
    } else if (!h->has_form[i]) {
        t.reason = tr("Not on this tablet");
        t.is_sealed = false;
    } else if (i == TILE_NOTICE && h->notice_numbers == 0) {
        t.reason = tr("No numbers left");
    } else if (i == TILE_NOTICE && h->notice_numbers > 0) {
        t.note = ui_fmt(ui,
                        trn("%d number left", "%d numbers left",
                            (unsigned long)h->notice_numbers),
                        h->notice_numbers);
    }
    return t;
}

static int most_columns(struct ui *ui, int width)
{
    if (frame_is_portrait(ui)) {
        return ui->percent >= 150 ? 1 : 2;
    }
    if (ui->percent >= 200) {
        return width > 900 ? 2 : 1;
    }
    if (ui->percent >= 150) {
        return width > 900 ? 3 : 2;
    }
    return width > 1000 ? 5 : width > 600 ? 4 : 2;
}

/* The most columns that leave every word of every label whole. */
static int tile_columns(struct ui *ui, int width, const struct view_home *h)
{
    int columns = most_columns(ui, width);
    int i = 0;

    while (i < TILE__COUNT && columns > 1) {
        struct tile t = make_tile(ui, h, i);

        t.is_row = columns <= 2;
        if (tile_fits(ui, &t, (width + 12) / columns - 12)) {
            i++;
        } else {
            columns--;
            i = 0;
        }
    }
    return columns;
}

/* As high as the page leaves room, within reason; a little less than the
 * design's least where that saves scrolling and the words still fit. */
static int tile_row_height(struct ui *ui, struct rect r,
                           const struct view_home *h, int columns, int room)
{
    const bool is_row = columns <= 2;
    const int least = is_row ? 96 : S_TILE;
    const int most = is_row ? 106 : TILE_MOST;
    int need = 0;

    for (int i = 0; i < TILE__COUNT; i++) {
        struct tile t = make_tile(ui, h, i);
        int one;

        t.is_row = is_row;
        one = tile_height(ui, &t, rect_cell(r, columns, i % columns, 12).w);
        need = one > need ? one : need;
    }
    if (room < need || room < (is_row ? least : S_TILE - 16)) {
        return need > least ? need : least;
    }
    return room > most && most > need ? most : room;
}

static int draw_tiles(struct ui *ui, struct rect r, const struct view_home *h,
                      int bottom)
{
    const int columns = tile_columns(ui, r.w, h);
    const int rows = (TILE__COUNT + columns - 1) / columns;
    const bool is_row = columns <= 2;
    const int room = (bottom - r.y - (rows - 1) * 12) / rows;
    const int height = tile_row_height(ui, r, h, columns, room);

    ui_group_begin(ui);
    for (int i = 0; i < TILE__COUNT; i++) {
        struct tile t = make_tile(ui, h, i);
        struct rect cell = rect_cell(r, columns, i % columns, 12);

        t.is_row = is_row;
        cell.y += i / columns * (height + 12);
        cell.h = height;
        tile_draw(ui, cell, &t);
    }
    ui_group_end(ui);
    return rows * (height + 12) - 12;
}

/* --- draw --- */

/* Height that a few tasks leave to the card above the tiles: with it the
 * tiles keep their shape and the page is full. */
static int room_for_next(struct ui *ui, int y, int bottom)
{
    const int tiles_h = 2 * TILE_H + 12;
    const int room = bottom - tiles_h - 8 - ui_line(ui, TYPE_TITLE_S) - 16 - y;

    return room > NEXT_H ? NEXT_H : room;
}

static int draw_wide(struct ui *ui, struct rect r, const struct view_home *h,
                     int64_t now_ms)
{
    const int bottom = r.y + r.h;
    const struct rect main = rect_columns(r, 0, 8);
    const struct rect side = rect_columns(r, 8, 4);
    int y = r.y;
    int side_h;

    y += home_notes(ui, rect_make(main.x, y, main.w, 0), h);
    y += draw_band(ui, rect_make(main.x, y, main.w, 0), h, now_ms) + 16;
    y += tasks_draw_next(
        ui, rect_make(main.x, y, main.w, room_for_next(ui, y, bottom)), h,
        now_ms);
    side_h = briefing_card(ui, rect_make(side.x, r.y, side.w, 0), h, y - r.y);
    return r.y + side_h > y ? r.y + side_h : y;
}

static int draw_narrow(struct ui *ui, struct rect r, const struct view_home *h,
                       int64_t now_ms)
{
    int y = r.y;

    y += home_notes(ui, rect_make(r.x, y, r.w, 0), h);
    y += draw_band(ui, rect_make(r.x, y, r.w, 0), h, now_ms) + 16;
    y += tasks_draw_next(ui, rect_make(r.x, y, r.w, 0), h, now_ms) + 16;
    return y + briefing_row(ui, rect_make(r.x, y, r.w, 0), h);
}

static void draw_content(struct ui *ui, struct rect main, const struct views *v)
{
    const bool is_wide = main.w > 900 && ui->percent < 150;
    struct rect r = main;
    int y;

    r.y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, main) + (is_wide ? 24 : 20);
    r.h = main.h - 48;
    y = is_wide ? draw_wide(ui, r, &v->home, v->status.now_ms)
                : draw_narrow(ui, r, &v->home, v->status.now_ms);
    y += is_wide ? 16 : 20;
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_TITLE_S, COLOR_TEXT, 0,
                 tr("Quick log")) +
         (is_wide ? 8 : 12);
    y += draw_tiles(ui, rect_make(r.x, y, r.w, 0), &v->home,
                    main.y + main.h - 24);
    ui_scroll_end(ui, y + 24);
}

static void draw_pause_sheet(struct ui *ui)
{
    struct sheet sheet = { .title = tr("Why do you pause?"), .width = 464 };
    struct rect r = sheet_begin(ui, &sheet);

    sheet_end(ui, &sheet,
              sheet_choices(ui, r, pause_reasons, pause_codes,
                            ARRAY_LEN(pause_reasons), -1));
}

static void home_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct home_model *m = model;
    const struct views *v = app_views(app);
    const struct frame frame = { .title = tr("Patrol"), .place = 0 };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);

    draw_content(ui, areas.main, v);
    if (m->asks_pause) {
        draw_pause_sheet(ui);
    } else {
        tasks_draw_sheet(ui, &m->tasks, v);
        begun_draw(ui, &m->begun, v);
    }
}

const struct screen screen_home = {
    .name = "home",
    .model_size = sizeof(struct home_model),
    .enter = home_enter,
    .handle = home_handle,
    .draw = home_draw,
};
