#include "ui/frame.h"

#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/urgent.h"

#define PLACES         FRAME_PLACE__COUNT
#define GPS_WEAK_M     50
#define BATTERY_LOW    15
#define COUNT_MOST     99
#define PLACE_GAP      4
#define PLACE_PORTRAIT 112

static const struct {
    enum icon icon;
    const char *label;
    const char *key;
} places[PLACES] = {
    { ICON_PATROL, N_("Patrol"), "patrol" },
    { ICON_MAP, N_("Map"), "map" },
    { ICON_NOTEBOOK, N_("Notebook"), "notebook" },
    { ICON_BRIEFING, N_("Briefing"), "briefing" },
    { ICON_SYNC, N_("Sync"), "sync" },
    { ICON_REVIEW, N_("Review"), "review" },
    { ICON_TEAM, N_("Team"), "team" },
};

/* Which of them, in this order: team leaders review what others wrote; their
 * own patrol and notebook are behind Team. */
static const int officer_places[] = { FRAME_PATROL, FRAME_MAP, FRAME_NOTEBOOK,
                                      FRAME_BRIEFING, FRAME_SYNC };
static const int leader_places[] = { FRAME_REVIEW, FRAME_MAP, FRAME_BRIEFING,
                                     FRAME_TEAM, FRAME_SYNC };

static int places_of(const struct view_status *st, const int **out)
{
    *out = st->is_leader ? leader_places : officer_places;
    return (int)(st->is_leader ? ARRAY_LEN(leader_places)
                               : ARRAY_LEN(officer_places));
}

bool frame_is_portrait(const struct ui *ui)
{
    return ui->height > ui->width;
}

static int rail_width(const struct ui *ui)
{
    return ui_step(ui, S_RAIL, 120, 160);
}

static int bottom_height(const struct ui *ui)
{
    return ui_step(ui, S_BOTTOMBAR, 112, 128);
}

static int top_height(const struct ui *ui)
{
    return ui_step(ui, S_TOPBAR, 80, 96);
}

static int action_height(const struct ui *ui)
{
    return ui_step(ui, S_ACTIONBAR, 128, 148);
}

int sos_width(const struct ui *ui)
{
    return frame_is_portrait(ui) ? ui_step(ui, S_SOS, 112, 136)
                                 : rail_width(ui) - 16;
}

int sos_height(const struct ui *ui)
{
    return frame_is_portrait(ui) ? bottom_height(ui) - 8
                                 : ui_step(ui, S_SOS, 96, 120);
}

/* A fixed shape cannot grow with its word: the word shrinks to fit. */
static int fit_percent(struct ui *ui, enum type type, const char *text,
                       int width, int percent)
{
    const int was = ui->percent;

    for (ui->percent = percent; ui->percent > 60; ui->percent -= 5) {
        if (ui_text_width(ui, type, text) <= width) {
            break;
        }
    }
    percent = ui->percent;
    ui->percent = was;
    return percent;
}

/* --- SOS --- */

static void sos_words(struct ui *ui, struct rect r, const char *big,
                      const char *small, enum color ink)
{
    const int was = ui->percent;
    const int big_h = ui_line(ui, TYPE_SOS);
    int small_h;
    int y;

    ui->percent = fit_percent(ui, TYPE_RAIL, small, r.w - 8, was);
    small_h = ui_line(ui, TYPE_RAIL);
    y = r.y + (r.h - big_h - small_h) / 2;
    (void)ui_text(ui, rect_make(r.x, y + big_h, r.w, 0), TYPE_RAIL, ink,
                  UI_CENTER, small);
    ui->percent = was;
    (void)ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SOS, ink, UI_CENTER, big);
}

/* One word in the button, shrunk to it. */
static void sos_word(struct ui *ui, struct rect r, enum color ink,
                     const char *word)
{
    const int was = ui->percent;

    ui->percent = fit_percent(ui, TYPE_RAIL, word, r.w - 8, was);
    r.h = r.h > 0 ? r.h : ui_line(ui, TYPE_RAIL);
    (void)ui_text(ui, r, TYPE_RAIL, ink, UI_CENTER | UI_MID, word);
    ui->percent = was;
}

static void sos_holding(struct ui *ui, struct rect r)
{
    const int d = r.w < r.h ? r.w : r.h;
    const struct rect disc =
        rect_make(r.x + (r.w - d) / 2, r.y + (r.h - d) / 2, d, d);

    (void)ui_box(ui, disc, COLOR_SOS, COLOR_NONE, 0, d / 2);
    (void)draw_arc(&ui->list, disc, DRAW_RGB(ui_rgb(ui, COLOR_ON_SOS)), 6,
                   ui->held_permille);
    sos_word(ui, rect_inset(disc, 6, 0), COLOR_ON_SOS, tr("Keep on"));
}

static void sos_state(struct ui *ui, struct rect r, enum view_sos sos)
{
    const bool is_answered = sos == SOS_ANSWERED;
    const enum color ink = is_answered ? COLOR_ON_OK : COLOR_ON_WARN;
    const int size = ui_icon_size(ui, 28);
    const int y = r.y + (r.h - size - ui_line(ui, TYPE_RAIL)) / 2;

    (void)ui_box(ui, r, is_answered ? COLOR_OK : COLOR_WARN, COLOR_NONE, 0,
                 R_PANEL);
    ui_icon(ui, r.x + (r.w - size) / 2, y, size,
            is_answered ? ICON_CHECK : ICON_SEND, ink);
    sos_word(ui, rect_make(r.x, y + size, r.w, 0), ink,
             is_answered         ? tr("Control")
             : sos == SOS_TRYING ? tr("Call 999")
                                 : tr("Sent"));
}

void sos_draw(struct ui *ui, struct rect r, const struct view_status *st)
{
    ui_part(ui, UI_SOS);
    if (ui_is_pressed(ui, CTL_SOS, 0)) {
        sos_holding(ui, r);
    } else if (st->sos != SOS_NONE) {
        sos_state(ui, r, st->sos);
    } else {
        (void)ui_box(ui, r, COLOR_SOS, COLOR_NONE, 0, R_PANEL);
        sos_words(ui, r, "SOS", tr("Hold 2 s"), COLOR_ON_SOS);
    }
    ui_target(ui, r, CTL_SOS, 0, NULL, R_PANEL, UI_HOLDS,
              tr("SOS, hold for 2 seconds"));
    ui_part(ui, UI_CONTENT);
}

void frame_sos(struct ui *ui, const struct view_status *st)
{
    const int w = sos_width(ui);
    const int h = sos_height(ui);

    if (frame_is_portrait(ui)) {
        sos_draw(ui, rect_make(ui->width - 8 - w, ui->height - 4 - h, w, h),
                 st);
    } else {
        sos_draw(ui, rect_make(8, ui->height - 8 - h, w, h), st);
    }
}

/* --- rail --- */

/* Labels shrink together until the longest fits its place. */
static int label_percent(struct ui *ui, int width)
{
    int percent = ui->percent;

    for (int i = 0; i < PLACES; i++) {
        percent =
            fit_percent(ui, TYPE_RAIL, tr(places[i].label), width, percent);
    }
    return percent;
}

static void count_bubble(struct ui *ui, struct rect r, int end, int count)
{
    const int percent = ui->percent;
    const char *text = count > COUNT_MOST ? "99+" : fmt_number(ui, (long)count);
    struct rect b;

    if (count <= 0) {
        return;
    }
    ui->percent = 100; /* a fixed mark; the number also stands in words */
    b.w = ui_text_width(ui, TYPE_CAPTION_B, text) + 12;
    b.w = b.w < 22 ? 22 : b.w;
    b = rect_make(r.x + r.w - end - b.w, r.y + 6, b.w, 22);
    (void)ui_box(ui, b, COLOR_WARN, COLOR_NONE, 0, 11);
    (void)ui_text(ui, b, TYPE_CAPTION_B, COLOR_ON_WARN, UI_CENTER | UI_MID,
                  text);
    ui->percent = percent;
}

static void draw_place(struct ui *ui, struct rect r, int i, bool is_on,
                       int percent)
{
    const int size = ui_icon_size(ui, 28);
    const enum color ink = is_on ? COLOR_ON_RAIL_ACTIVE : COLOR_ON_RAIL;
    const int was = ui->percent;
    int line;
    int y;

    if (is_on) {
        (void)ui_box(ui, r, COLOR_RAIL_ACTIVE, COLOR_NONE, 0, R_CARD);
    } else if (ui_is_pressed(ui, CTL_RAIL_PLACE, (uint16_t)i)) {
        (void)ui_box(ui, r, COLOR_NONE, COLOR_ON_RAIL, S_BORDER_STRONG, R_CARD);
    }
    ui->percent = percent;
    line = ui_line(ui, TYPE_RAIL);
    y = r.y + (r.h - size - 4 - line) / 2;
    ui_icon(ui, r.x + (r.w - size) / 2, y, size, places[i].icon, ink);
    (void)ui_text(ui, rect_make(r.x, y + size + 4, r.w, line), TYPE_RAIL, ink,
                  UI_CENTER, tr(places[i].label));
    ui->percent = was;
    ui_target(ui, r, CTL_RAIL_PLACE, (uint16_t)i, places[i].key, R_CARD,
              is_on ? UI_SELECTED : 0, tr(places[i].label));
}

static void draw_marks(struct ui *ui, struct rect r, int i,
                       const struct view_status *st)
{
    const int end = frame_is_portrait(ui) ? 22 : 8;

    if (i == FRAME_PATROL && st->on_patrol) {
        (void)ui_box(ui, rect_make(r.x + r.w - end - 4 - 14, r.y + 8, 14, 14),
                     COLOR_LIVE_MARK, COLOR_ON_RAIL_ACTIVE, S_BORDER_STRONG, 7);
    } else if (i == FRAME_BRIEFING) {
        count_bubble(ui, r, end, st->unread_count);
    } else if (i == FRAME_SYNC) {
        count_bubble(ui, r, end, st->waiting_count);
    } else if (i == FRAME_REVIEW) {
        count_bubble(ui, r, end, st->review_count);
    }
}

static void draw_avatar(struct ui *ui, struct rect r, enum color ink,
                        const struct view_status *st)
{
    const int percent = ui->percent;

    (void)ui_box(ui, r, COLOR_NONE, ink, S_BORDER_STRONG, r.w / 2);
    ui->percent = 100;
    (void)ui_text(ui, r, TYPE_LABEL, ink, UI_CENTER | UI_MID,
                  fmt_initials(ui, st->officer));
    ui->percent = percent;
    ui_target(
        ui, r, CTL_RAIL_AVATAR, 0, NULL, r.w / 2, 0,
        ui_fmt(ui, tr("%s: lock, sign out, help"), ui_iso(ui, st->officer)));
}

/* Large text and upright screens leave no room for it above the places. */
static bool rail_has_avatar(const struct ui *ui)
{
    return ui->percent < 150 && !frame_is_portrait(ui);
}

static void draw_rail(struct ui *ui, const struct view_status *st, int place)
{
    const int w = rail_width(ui);
    const bool has_avatar = rail_has_avatar(ui);
    const int top = has_avatar ? 76 : 8;
    const int room = ui->height - top - sos_height(ui) - 16;
    const int percent = label_percent(ui, w - 20);
    const int *shown;
    const int count = places_of(st, &shown);
    int h = ui_step(ui, 80, 96, 108);

    if (h > room / count - PLACE_GAP) {
        h = room / count - PLACE_GAP;
    }
    (void)ui_box(ui, rect_make(0, 0, w, ui->height), COLOR_RAIL, COLOR_NONE, 0,
                 0);
    if (has_avatar) {
        draw_avatar(ui, rect_make((w - S_TOUCH_MIN) / 2, 8, 56, 56),
                    COLOR_ON_RAIL, st);
    }
    ui_group_begin(ui);
    for (int i = 0; i < count; i++) {
        const struct rect r =
            rect_make(8, top + i * (h + PLACE_GAP), w - 16, h);

        draw_place(ui, r, shown[i], shown[i] == place, percent);
        draw_marks(ui, r, shown[i], st);
    }
    ui_group_end(ui);
}

static void draw_bottom(struct ui *ui, const struct view_status *st, int place)
{
    const int h = bottom_height(ui);
    const struct rect bar = rect_make(0, ui->height - h, ui->width, h);
    const int end = ui->width - 8 - sos_width(ui);
    /* They and SOS share the width: equal room between them. */
    const int *shown;
    const int count = places_of(st, &shown);
    const int wide = ui_step(ui, PLACE_PORTRAIT, 112, 124);
    const int w = wide * count > end - 16 ? (end - 16) / count : wide;
    const int percent = label_percent(ui, w - 8);

    (void)ui_box(ui, bar, COLOR_RAIL, COLOR_NONE, 0, 0);
    ui_group_begin(ui);
    for (int i = 0; i < count; i++) {
        const int x = 8 + (end - 8 - count * w) * i / count + i * w;
        const struct rect r = rect_make(x, bar.y + 4, w, h - 8);

        draw_place(ui, r, shown[i], shown[i] == place, percent);
        draw_marks(ui, r, shown[i], st);
    }
    ui_group_end(ui);
}

/* --- top bar --- */

/* The less room, the less is said; the clock and the count stay. */
enum drop { DROP_NOTHING, DROP_SYNCED, DROP_GPS, DROP_BATTERY, DROP_WORDS };

struct chip {
    enum icon icon;
    enum color ink;
    const char *words;
    const char *more; /* "" without */
};

static struct chip make_chip(struct ui *ui, const struct view_status *st,
                             enum drop drop)
{
    const char *n = fmt_number(ui, (long)st->waiting_count);
    struct chip c = { ICON_CLOUD_UP, COLOR_TEXT, "", "" };

    if (st->refused_count > 0) {
        c.icon = ICON_ALERT;
        c.ink = COLOR_DANGER_TEXT;
        n = fmt_number(ui, (long)st->refused_count);
        c.words = ui_fmt(ui,
                         trn("%d did not go", "%d did not go",
                             (unsigned long)st->refused_count),
                         st->refused_count);
    } else if (st->waiting_count == 0) {
        c.icon = ICON_CLOUD_CHECK;
        c.words = tr("All sent");
    } else {
        c.icon = st->is_paused           ? ICON_PAUSE
                 : st->link == LINK_NONE ? ICON_CLOUD_OFF
                                         : ICON_CLOUD_UP;
        c.words = ui_fmt(
            ui,
            trn("%d waiting", "%d waiting", (unsigned long)st->waiting_count),
            st->waiting_count);
    }
    if (drop == DROP_WORDS) {
        c.words = n;
    } else if (drop == DROP_NOTHING && st->synced_ms != 0) {
        c.more = ui_fmt(ui, tr("· last synced %s"),
                        fmt_when(ui, st->synced_ms, st->now_ms));
    }
    return c;
}

static int chip_width(struct ui *ui, const struct chip *c)
{
    const int more =
        c->more[0] != '\0' ? ui_text_width(ui, TYPE_STAT_M, c->more) + 4 : 0;

    return 17 + ui_icon_size(ui, S_ICON) + 8 +
           ui_text_width(ui, TYPE_STAT, c->words) + more + 17;
}

static void draw_chip(struct ui *ui, struct rect r, const struct chip *c)
{
    const int size = ui_icon_size(ui, S_ICON);
    const bool is_bad = c->ink == COLOR_DANGER_TEXT;
    const int words = ui_text_width(ui, TYPE_STAT, c->words);
    int x = r.x + 17;

    (void)ui_box(ui, r,
                 ui_is_pressed(ui, CTL_TOP_SYNC, 0) ? COLOR_SUNKEN
                                                    : COLOR_SURFACE,
                 is_bad ? COLOR_DANGER_TEXT : COLOR_LINE_STRONG,
                 is_bad ? S_BORDER_STRONG : S_BORDER, R_CARD);
    ui_icon(ui, x, r.y + (r.h - size) / 2, size, c->icon, c->ink);
    x += size + 8;
    (void)ui_text(ui, rect_make(x, r.y, words, r.h), TYPE_STAT, c->ink, UI_MID,
                  c->words);
    x += words + 4;
    (void)ui_text(ui, rect_make(x, r.y, r.x + r.w - 17 - x + 1, r.h),
                  TYPE_STAT_M, COLOR_TEXT_2, UI_MID, c->more);
    ui_target(ui, r, CTL_TOP_SYNC, 0, NULL, R_CARD, 0,
              ui_fmt(ui, "%s %s", c->words, c->more));
}

struct stat {
    enum icon icon;
    int icon_size;
    enum color ink;
    const char *text;
};

static struct stat gps_stat(struct ui *ui, const struct view_status *st)
{
    struct stat s = { ICON_LOCATE, 22, COLOR_TEXT, "" };

    if (!st->has_fix) {
        s.text = tr("No GPS");
        s.icon = ICON_WARN;
        s.ink = COLOR_WARN_TEXT;
        return s;
    }
    s.text = ui_iso(ui, st->accuracy_m > 0 ? ui_fmt(ui, "±%d m", st->accuracy_m)
                                           : "±?");
    if (st->accuracy_m > GPS_WEAK_M || st->accuracy_m == 0) {
        s.icon = ICON_WARN;
        s.ink = COLOR_WARN_TEXT;
    }
    return s;
}

static int stat_width(struct ui *ui, const struct stat *s)
{
    return 4 + ui_icon_size(ui, s->icon_size) + 8 +
           ui_text_width(ui, TYPE_STAT, s->text) + 4;
}

static void stat_at_end(struct ui *ui, struct rect *row, const struct stat *s)
{
    const int size = ui_icon_size(ui, s->icon_size);
    struct rect r = rect_cut_end(row, stat_width(ui, s));

    ui_icon(ui, r.x + 4, r.y + (r.h - size) / 2, size, s->icon, s->ink);
    (void)rect_cut_start(&r, 4 + size + 8);
    (void)ui_text(ui, r, TYPE_STAT, s->ink, UI_MID, s->text);
    (void)rect_cut_end(row, 12);
}

/* Width of the end part at this level. */
static int end_width(struct ui *ui, const struct view_status *st,
                     enum drop drop)
{
    const struct stat gps = gps_stat(ui, st);
    const struct stat battery = { ICON_BATTERY, 24, COLOR_TEXT, "100%" };
    const struct chip chip = make_chip(ui, st, drop);
    int w = chip_width(ui, &chip) + 12 +
            ui_text_width(ui, TYPE_BAR_CLOCK, fmt_time(ui, st->now_ms));

    w += drop < DROP_GPS ? stat_width(ui, &gps) + 12 : 0;
    if (drop < DROP_BATTERY && st->battery_percent >= 0) {
        w += stat_width(ui, &battery) + 12;
    }
    return w;
}

static void draw_top_end(struct ui *ui, struct rect row,
                         const struct view_status *st, enum drop drop)
{
    const char *clock = fmt_time(ui, st->now_ms);
    const struct stat gps = gps_stat(ui, st);
    const struct chip chip = make_chip(ui, st, drop);
    const int clock_w = ui_text_width(ui, TYPE_BAR_CLOCK, clock);
    const int h = ui_step(ui, S_TOUCH_MIN, 64, 72);
    struct rect r;

    (void)ui_text(ui, rect_cut_end(&row, clock_w), TYPE_BAR_CLOCK, COLOR_TEXT,
                  UI_MID, clock);
    (void)rect_cut_end(&row, 12);
    if (drop < DROP_BATTERY && st->battery_percent >= 0) {
        const struct stat battery = { ICON_BATTERY, 24,
                                      st->battery_percent < BATTERY_LOW
                                          ? COLOR_DANGER_TEXT
                                          : COLOR_TEXT,
                                      ui_fmt(ui, "%d%%", st->battery_percent) };

        stat_at_end(ui, &row, &battery);
    }
    if (drop < DROP_GPS) {
        stat_at_end(ui, &row, &gps);
    }
    ui_part(ui, UI_TOP);
    r = rect_cut_end(&row, chip_width(ui, &chip));
    draw_chip(ui, rect_make(r.x, r.y + (r.h - h) / 2, r.w, h), &chip);
    ui_part(ui, UI_CONTENT);
}

static enum drop choose_drop(struct ui *ui, const struct view_status *st,
                             int room)
{
    enum drop drop = frame_is_portrait(ui) || ui->percent >= 150 ? DROP_SYNCED
                                                                 : DROP_NOTHING;

    drop = ui->percent >= 200 ? DROP_WORDS : drop;
    while (drop < DROP_WORDS && end_width(ui, st, drop) > room) {
        drop = (enum drop)(drop + 1);
    }
    return drop;
}

static int badge_room(struct ui *ui, struct rect r, const struct frame *frame)
{
    const bool shows = frame->badge != NULL && ui->percent < 150 &&
                       !frame_is_portrait(ui) && r.w > 950;

    return shows ? 28 + badge_width(ui, frame->badge_icon, frame->badge) : 0;
}

/* Then it stands where a task has its way back. */
static bool top_has_avatar(const struct ui *ui, const struct frame *frame)
{
    return !frame->has_back && !frame->is_out && !rail_has_avatar(ui);
}

static int note_room(struct ui *ui, struct rect r, const struct frame *frame)
{
    const bool shows = frame->note != NULL && ui->percent < 150 &&
                       !frame_is_portrait(ui) && r.w > 950;

    return shows ? 16 + ui_text_width(ui, TYPE_SMALL, frame->note) : 0;
}

static int back_size(const struct ui *ui, const struct frame *frame)
{
    return frame->has_back             ? ui_step(ui, S_TOUCH_MIN, 64, 72)
           : top_has_avatar(ui, frame) ? S_TOUCH_MIN + 12
                                       : 0;
}

/* What is said at the end, and the room that leaves for the title. */
static enum drop plan_top(struct ui *ui, struct rect r,
                          const struct view_status *st,
                          const struct frame *frame, int *title_out)
{
    const int row = r.w - 2 * S_MARGIN - back_size(ui, frame);
    const int title = ui_text_width(ui, TYPE_BAR, frame->title);
    const enum drop drop = choose_drop(
        ui, st,
        row - title - 24 - badge_room(ui, r, frame) - note_room(ui, r, frame));
    const int most = row - end_width(ui, st, drop) - 12;

    *title_out = title < most ? title : most;
    return drop;
}

/* A word that is wider than the room makes the title smaller. */
static int title_percent(struct ui *ui, const char *title, int width)
{
    const int was = ui->percent;
    int percent;

    while (ui->percent > 60 &&
           ui_text_size(ui, TYPE_BAR, title, width, 0).too_wide) {
        ui->percent -= 5;
    }
    percent = ui->percent;
    ui->percent = was;
    return percent;
}

static void draw_title(struct ui *ui, struct rect r, const char *title)
{
    const int was = ui->percent;

    ui->percent = title_percent(ui, title, r.w);
    (void)ui_text(ui, r, TYPE_BAR, COLOR_TEXT, UI_MID, title);
    ui->percent = was;
}

static void draw_top(struct ui *ui, struct rect r, const struct view_status *st,
                     const struct frame *frame)
{
    const int back = back_size(ui, frame);
    struct rect row = rect_inset(r, S_MARGIN, 0);
    int title = 0;
    const enum drop drop = plan_top(ui, r, st, frame, &title);

    ui_hline(ui, r.x, r.y + r.h - 1, r.w, COLOR_LINE);
    if (frame->has_back) {
        ui_part(ui, UI_BACK);
        button_icon(
            ui, rect_make(row.x - 12, row.y + (row.h - back) / 2, back, back),
            CTL_TOP_BACK, ICON_BACK, 28, tr("Back"));
        ui_part(ui, UI_CONTENT);
        (void)rect_cut_start(&row, back);
    }
    if (top_has_avatar(ui, frame)) {
        ui_part(ui, UI_BACK);
        draw_avatar(ui,
                    rect_make(row.x, row.y + (row.h - S_TOUCH_MIN) / 2,
                              S_TOUCH_MIN, S_TOUCH_MIN),
                    COLOR_TEXT, st);
        ui_part(ui, UI_CONTENT);
        (void)rect_cut_start(&row, back);
    }
    draw_title(ui, rect_cut_start(&row, title), frame->title);
    if (note_room(ui, r, frame) > 0 &&
        note_room(ui, r, frame) + end_width(ui, st, drop) + 12 <= row.w) {
        struct rect note = rect_cut_start(&row, note_room(ui, r, frame));

        (void)rect_cut_start(&note, 16);
        (void)ui_text(ui, note, TYPE_SMALL, COLOR_TEXT_2, UI_MID, frame->note);
    }
    if (badge_room(ui, r, frame) > 0) {
        badge_draw(ui, row.x + 28, row.y + (row.h - badge_height(ui)) / 2,
                   frame->badge_look, frame->badge_icon, frame->badge);
    }
    if (!frame->is_out) {
        draw_top_end(ui, row, st, drop);
    }
}

/* Higher than its step when the title needs two lines. */
static int bar_height(struct ui *ui, struct rect r,
                      const struct view_status *st, const struct frame *frame)
{
    const int least = top_height(ui);
    int title = 0;
    int h;

    (void)plan_top(ui, r, st, frame, &title);
    h = ui_text_height(ui, TYPE_BAR, frame->title, title);
    return h > least ? h : least;
}

/* The keyboard never covers SOS. */
static void keep_in_sight(struct ui *ui)
{
    const bool is_upright = frame_is_portrait(ui);

    ui->keep_start = is_upright ? 0 : rail_width(ui);
    ui->keep_bottom = is_upright ? bottom_height(ui) : 0;
    ui->foot = ui->keep_bottom;
}

/* Where the places would stand: only SOS does. */
static void draw_bare(struct ui *ui)
{
    const int h = bottom_height(ui);

    (void)ui_box(ui,
                 frame_is_portrait(ui)
                     ? rect_make(0, ui->height - h, ui->width, h)
                     : rect_make(0, 0, rail_width(ui), ui->height),
                 COLOR_RAIL, COLOR_NONE, 0, 0);
}

struct frame_areas frame_draw(struct ui *ui, const struct view_status *st,
                              const struct frame *frame)
{
    struct rect rest = rect_make(0, 0, ui->width, ui->height);
    struct frame_areas areas = { 0 };
    struct rect bar;

    keep_in_sight(ui);
    if (frame_is_portrait(ui)) {
        (void)rect_cut_bottom(&rest, bottom_height(ui));
    } else {
        (void)rect_cut_start(&rest, rail_width(ui));
    }
    bar = rect_cut_top(&rest, bar_height(ui, rest, st, frame));
    draw_top(ui, bar, st, frame);
    if (frame->has_actions) {
        areas.actions = rect_cut_bottom(&rest, action_height(ui));
        ui->foot += areas.actions.h;
        ui->has_actions = true;
        (void)ui_box(ui, areas.actions, COLOR_SURFACE, COLOR_NONE, 0, 0);
        ui_hline(ui, areas.actions.x, areas.actions.y, areas.actions.w,
                 COLOR_LINE);
        areas.actions = rect_inset(areas.actions, S_MARGIN, 0);
        (void)rect_cut_top(&areas.actions, 1);
    }
    urgent_draw(ui, &rest, &st->urgent);
    ui_part(ui, UI_RAIL);
    if (frame->is_out) {
        draw_bare(ui);
    } else if (frame_is_portrait(ui)) {
        draw_bottom(ui, st, frame->place);
    } else {
        draw_rail(ui, st, frame->place);
    }
    ui_part(ui, UI_CONTENT);
    areas.main = rect_inset(rest, S_MARGIN, 0);
    return areas;
}
