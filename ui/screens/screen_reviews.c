/* screen_reviews.c - a team leader's patrol logs: which need me. */
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/chip.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"
#include "ui/sheet.h"

#define DAY_MS       ((int64_t)24 * 3600 * 1000)
#define HOUR_MS      ((int64_t)3600 * 1000)
#define MINUTE_MS    ((int64_t)60 * 1000)
#define OVERDUE_DAYS 5
#define TABLE_W      1136 /* the design's, all columns */
#define TABLE_LEAST  1000
#define AVATAR       48
#define ROW_LEAST    79 /* and the line above it */
#define NAMES_MAX    32 /* officers and beats of one list */

enum reviews_sheet { REVIEWS_NO_SHEET, REVIEWS_DATES, REVIEWS_WHO };

struct reviews_model {
    enum view_log_state state;
    enum reviews_sheet sheet;
    int dates;    /* index into days */
    uint32_t off; /* of the names below: those without a tick */
};

static const int days[] = { 1, 7, 35 };
static const char *const day_labels[] = { N_("Today"), N_("Last 7 days"),
                                          N_("Last 35 days") };
static const char *const day_keys[] = { "today", "week", "all" };

static const char *const state_labels[VIEW_LOG_STATE__COUNT] = {
    [VIEW_LOG_TO_REVIEW] = N_("To review"),
    [VIEW_LOG_SENT_BACK] = N_("Sent back"),
    [VIEW_LOG_APPROVED] = N_("Approved"),
    [VIEW_LOG_ARRIVING] = N_("Still arriving"),
};
static const char *const state_keys[VIEW_LOG_STATE__COUNT] = {
    [VIEW_LOG_TO_REVIEW] = "to-review",
    [VIEW_LOG_SENT_BACK] = "sent-back",
    [VIEW_LOG_APPROVED] = "approved",
    [VIEW_LOG_ARRIVING] = "arriving",
};

static void reviews_enter(void *model, struct nav *nav)
{
    struct reviews_model *m = model;

    (void)nav;
    m->dates = 1;
}

/* --- which are shown --- */

/* Officers, then beats, each once, in the order of the list. */
static int names_of(const struct view_reviews *v, const char *out[NAMES_MAX])
{
    int count = 0;

    for (int beats = 0; beats < 2; beats++) {
        const int first = count;

        for (int i = 0; i < v->count; i++) {
            const char *name = beats ? v->items[i].beat : v->items[i].officer;
            bool is_there = name[0] == '\0';

            for (int k = first; k < count; k++) {
                is_there |= strcmp(out[k], name) == 0;
            }
            if (!is_there && count < NAMES_MAX) {
                out[count++] = name;
            }
        }
    }
    return count;
}

static bool is_off(const struct reviews_model *m, const char *const *names,
                   int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        if ((m->off >> i & 1U) != 0 && strcmp(names[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static int64_t day_of(int64_t ms)
{
    return ms / DAY_MS;
}

/* By dates and names; the state is asked for apart. */
static bool is_in(const struct reviews_model *m, const struct views *v,
                  const struct view_review_item *i)
{
    const char *names[NAMES_MAX];
    const int count = m->off != 0 ? names_of(&v->reviews, names) : 0;

    return day_of(v->status.now_ms) - day_of(i->started_ms) < days[m->dates] &&
           !is_off(m, names, count, i->officer) &&
           !is_off(m, names, count, i->beat);
}

static int list_of(const struct reviews_model *m, const struct views *v,
                   enum view_log_state state, int out[VIEW_REVIEWS])
{
    int count = 0;

    for (int i = 0; i < v->reviews.count; i++) {
        const struct view_review_item *item = &v->reviews.items[i];

        if (item->state == state && is_in(m, v, item)) {
            out[count++] = i;
        }
    }
    return count;
}

/* --- handle --- */

static enum go open_log(struct nav *nav, int at)
{
    const struct view_review_item *i = &app_views(nav->app)->reviews.items[at];
    const enum err err = app_say(nav->app, CMD_OPEN_REVIEW, i->id, "");

    if (err) {
        nav_failed(nav, err);
        return GO_STAY;
    }
    return GO_REVIEW;
}

static enum go sheet_event(struct reviews_model *m, const struct ui_event *ev)
{
    if (ev->kind == UI_GO_BACK ||
        (ev->kind == UI_TAP && ev->id == CTL_SHEET_CANCEL)) {
        m->sheet = REVIEWS_NO_SHEET;
    } else if (ev->kind == UI_TAP && ev->id == CTL_SHEET_CHOICE) {
        if (m->sheet == REVIEWS_DATES) {
            m->dates = ev->index;
            m->sheet = REVIEWS_NO_SHEET;
        } else {
            m->off ^= 1U << ev->index;
        }
    }
    return GO_STAY;
}

static enum go reviews_handle(void *model, const struct ui_event *ev,
                              struct nav *nav)
{
    const struct views *v = app_views(nav->app);
    struct reviews_model *m = model;
    int shown[VIEW_REVIEWS];
    const int count = list_of(m, v, m->state, shown);

    if (m->sheet != REVIEWS_NO_SHEET) {
        return sheet_event(m, ev);
    }
    if (ev->kind != UI_TAP) {
        return ev->kind == UI_GO_BACK ? GO_BACK : GO_STAY;
    }
    switch (ev->id) {
    case CTL_REVIEWS_STATE:
        m->state = (enum view_log_state)ev->index;
        return GO_STAY;
    case CTL_REVIEWS_DATES:
        m->sheet = REVIEWS_DATES;
        return GO_STAY;
    case CTL_REVIEWS_WHO:
        m->sheet = REVIEWS_WHO;
        return GO_STAY;
    case CTL_REVIEWS_ROW:
        return ev->index < count ? open_log(nav, shown[ev->index]) : GO_STAY;
    case CTL_REVIEWS_OLDEST:
        return count > 0 ? open_log(nav, shown[count - 1]) : GO_STAY;
    default:
        return GO_STAY;
    }
}

/* --- draw: words --- */

static const char *when_of(struct ui *ui, const struct view_review_item *i,
                           int64_t now_ms)
{
    const char *time = ui_iso(ui, fmt_time(ui, i->started_ms));
    const int64_t ago = day_of(now_ms) - day_of(i->started_ms);

    return ago == 0  ? ui_fmt(ui, tr("Today %s"), time)
           : ago < 7 ? ui_fmt(ui, "%s %s", fmt_weekday(ui, i->started_ms), time)
                     : fmt_when(ui, i->started_ms, now_ms);
}

static const char *length_of(struct ui *ui, int64_t ms)
{
    return ui_fmt(ui, tr("%d h %02d"), (int)(ms / HOUR_MS),
                  (int)(ms % HOUR_MS / MINUTE_MS));
}

static bool is_overdue(const struct view_review_item *i, int64_t now_ms)
{
    return i->state == VIEW_LOG_TO_REVIEW &&
           day_of(now_ms) - day_of(i->started_ms) > OVERDUE_DAYS;
}

struct arrived {
    enum icon icon;
    enum color ink;
    const char *words;
    const char *more; /* "" */
};

static struct arrived arrived_of(struct ui *ui,
                                 const struct view_review_item *i)
{
    struct arrived a = { ICON_CHECK, COLOR_OK_TEXT, "", "" };

    if (i->conflicts > 0) {
        a = (struct arrived){ ICON_SPLIT, COLOR_WARN_TEXT,
                              ui_fmt(ui,
                                     trn("%d conflict", "%d conflicts",
                                         (unsigned long)i->conflicts),
                                     i->conflicts),
                              "" };
    } else if (i->ended_ms == 0) {
        a = (struct arrived){ ICON_CLOUD_UP, COLOR_PRIMARY_TEXT,
                              ui_fmt(ui, tr("%d here, goes on"), i->here), "" };
    } else if (i->here < i->total) {
        a = (struct arrived){
            ICON_CLOUD_UP, COLOR_PRIMARY_TEXT,
            ui_fmt(ui, tr("%d of %d here"), i->here, i->total), ""
        };
    } else {
        a.words = ui_fmt(ui, tr("All %d here"), i->total);
    }
    if (i->is_own) {
        a.more = tr("Needs another team leader");
    } else if (i->is_answered) {
        a.more = tr("Your question answered");
    }
    return a;
}

/* --- draw: the table --- */

struct columns {
    int name, started, length, logs, notices, hotspots, arrived, end;
};

static struct columns columns_of(struct rect r)
{
    static const int at[] = { 325, 465, 629, 729, 845, 881 };
    int x[ARRAY_LEN(at)];

    for (size_t i = 0; i < ARRAY_LEN(at); i++) {
        x[i] = r.x + at[i] * r.w / TABLE_W;
    }
    return (struct columns){ r.x + 89, x[0], x[1], x[2],
                             x[3],     x[4], x[5], r.x + r.w - 61 };
}

/* From `x` to the next column. */
static struct rect span(struct rect row, int x, int to)
{
    return rect_make(x, row.y, to - x - 12, row.h);
}

static void number(struct ui *ui, int end, struct rect row, enum type type,
                   enum color ink, const char *text)
{
    const int w = ui_text_width(ui, type, text);

    (void)ui_text(ui, rect_make(end - w, row.y, w, row.h), type, ink, UI_MID,
                  text);
}

/* Over its figures, in two lines where a word is long. */
static void head_number(struct ui *ui, int from, int end, struct rect row,
                        const char *text)
{
    (void)ui_text(ui, rect_make(from, row.y, end - from, row.h), TYPE_SMALL,
                  COLOR_TEXT_2, UI_END | UI_MID, text);
}

static int head_draw(struct ui *ui, struct rect r, const struct columns *c)
{
    const int room = c->hotspots - c->notices - 20;
    const int high = ui_text_height(ui, TYPE_SMALL, tr("Hotspots"), room);
    const struct rect row = rect_make(r.x, r.y, r.w, 20 + high);
    const enum color ink = COLOR_TEXT_2;

    (void)ui_text(ui, span(row, c->name, c->started), TYPE_SMALL, ink, UI_MID,
                  tr("Officer and beat"));
    (void)ui_text(ui, span(row, c->started, c->length), TYPE_SMALL, ink, UI_MID,
                  tr("Started"));
    (void)ui_text(ui, span(row, c->length, c->logs - 40), TYPE_SMALL, ink,
                  UI_MID, tr("Length"));
    head_number(ui, c->logs - 80, c->logs, row, tr("Logs"));
    head_number(ui, c->logs + 10, c->notices, row, tr("Notices"));
    head_number(ui, c->hotspots - room, c->hotspots, row, tr("Hotspots"));
    (void)ui_text(ui, span(row, c->arrived, c->end + 12), TYPE_SMALL, ink,
                  UI_MID, tr("Arrived"));
    return row.h;
}

static int arrived_draw(struct ui *ui, struct rect r, const struct arrived *a,
                        bool is_drawn)
{
    const int icon = ui_icon_size(ui, 22);
    const int x = r.x + icon + 6;
    const int w = r.x + r.w - x;
    int h = ui_text_height(ui, TYPE_SMALL_B, a->words, w);
    const int first = h;

    h += a->more[0] != '\0' ? ui_text_height(ui, TYPE_SMALL, a->more, r.w) : 0;
    if (!is_drawn) {
        return h;
    }
    r.y += (r.h - h) / 2;
    ui_icon(ui, r.x, r.y + (first - icon) / 2, icon, a->icon, a->ink);
    (void)ui_text(ui, rect_make(x, r.y, w, 0), TYPE_SMALL_B, a->ink, 0,
                  a->words);
    if (a->more[0] != '\0') {
        (void)ui_text(ui, rect_make(r.x, r.y + first, r.w, 0), TYPE_SMALL,
                      COLOR_TEXT_2, 0, a->more);
    }
    return h;
}

static void row_target(struct ui *ui, struct rect r, int at,
                       const struct view_review_item *i)
{
    ui_target(
        ui, r, CTL_REVIEWS_ROW, (uint16_t)at, fmt_number(ui, at + 1), 0, 0,
        ui_fmt(ui, "%s, %s", ui_iso(ui, i->officer), ui_iso(ui, i->beat)));
}

static void who_draw(struct ui *ui, struct rect r,
                     const struct view_review_item *i, int words)
{
    const int x = r.x + 89;
    const int y = r.y + (r.h - words) / 2;
    int h;

    avatar_draw(ui,
                rect_make(r.x + 21, r.y + (r.h - AVATAR) / 2, AVATAR, AVATAR),
                fmt_initials(ui, i->officer), COLOR_PRIMARY_SOFT,
                COLOR_ON_PRIMARY_SOFT);
    h = ui_text(ui, rect_make(x, y, r.x + r.w - x, 0), TYPE_LABEL, COLOR_TEXT,
                0, i->officer);
    (void)ui_text(ui, rect_make(x, y + h, r.x + r.w - x, 0), TYPE_SMALL,
                  COLOR_TEXT_2, 0, i->beat);
}

static int who_height(struct ui *ui, int width,
                      const struct view_review_item *i)
{
    return ui_text_height(ui, TYPE_LABEL, i->officer, width) +
           ui_text_height(ui, TYPE_SMALL, i->beat, width);
}

static int row_draw(struct ui *ui, struct rect r, const struct columns *c,
                    const struct view_review_item *i, int at, int64_t now_ms)
{
    const struct arrived a = arrived_of(ui, i);
    const int name_w = c->started - 12 - c->name;
    const int words = who_height(ui, name_w, i);
    const int arrived_w = c->end - c->arrived - 8;
    const enum color late =
        is_overdue(i, now_ms) ? COLOR_WARN_TEXT : COLOR_TEXT;
    int h = arrived_draw(ui, rect_make(0, 0, arrived_w, 0), &a, false);

    h = words > h ? words : h;
    r.h = h + 24 < ROW_LEAST ? ROW_LEAST : h + 24;
    if (ui_is_pressed(ui, CTL_REVIEWS_ROW, (uint16_t)at)) {
        (void)ui_box(ui, r, COLOR_SUNKEN, COLOR_NONE, 0, 0);
    }
    who_draw(ui, rect_make(r.x, r.y, c->started - 12 - r.x, r.h), i, words);
    (void)ui_text(ui, span(r, c->started, c->length), TYPE_BODY, late, UI_MID,
                  when_of(ui, i, now_ms));
    (void)ui_text(
        ui, span(r, c->length, c->logs - 30), TYPE_BODY, COLOR_TEXT, UI_MID,
        i->ended_ms != 0 ? length_of(ui, i->ended_ms - i->started_ms) : "–");
    number(ui, c->logs, r, TYPE_LABEL, COLOR_TEXT, fmt_number(ui, i->logs));
    number(ui, c->notices, r, i->notices > 0 ? TYPE_LABEL : TYPE_BODY,
           i->notices > 0 ? COLOR_TEXT : COLOR_TEXT_2,
           fmt_number(ui, i->notices));
    number(ui, c->hotspots, r, TYPE_BODY, COLOR_TEXT,
           i->goals > 0 ? ui_fmt(ui, tr("%d of %d"), i->goals_met, i->goals)
                        : "–");
    (void)arrived_draw(ui, rect_make(c->arrived, r.y, arrived_w, r.h), &a,
                       true);
    ui_icon(ui, c->end + 10, r.y + (r.h - 24) / 2, 24, ICON_FWD, COLOR_TEXT);
    row_target(ui, r, at, i);
    return r.h;
}

/* Where the columns have no room. */
static const char *facts_of(struct ui *ui, const struct view_review_item *i,
                            int64_t now_ms)
{
    const char *logs =
        ui_fmt(ui, trn("%d log", "%d logs", (unsigned long)i->logs), i->logs);
    const char *length =
        i->ended_ms != 0
            ? ui_iso(ui, length_of(ui, i->ended_ms - i->started_ms))
            : "–";
    const char *first =
        ui_fmt(ui, "%s · %s · %s", when_of(ui, i, now_ms), length, logs);

    return i->notices == 0 ? first
                           : ui_fmt(ui, "%s · %s", first,
                                    ui_fmt(ui,
                                           trn("%d notice", "%d notices",
                                               (unsigned long)i->notices),
                                           i->notices));
}

static int card_draw(struct ui *ui, struct rect r,
                     const struct view_review_item *i, int at, int64_t now_ms)
{
    const struct arrived a = arrived_of(ui, i);
    const char *facts = facts_of(ui, i, now_ms);
    const int w = r.w - 89 - 50;
    const int words = who_height(ui, w, i);
    const int facts_h = ui_text_height(ui, TYPE_SMALL, facts, w);
    const int arrived_h = arrived_draw(ui, rect_make(0, 0, w, 0), &a, false);
    int y = r.y + 12;

    r.h = words + facts_h + arrived_h + 28;
    if (ui_is_pressed(ui, CTL_REVIEWS_ROW, (uint16_t)at)) {
        (void)ui_box(ui, r, COLOR_SUNKEN, COLOR_NONE, 0, 0);
    }
    who_draw(ui, rect_make(r.x, y, 89 + w, words), i, words);
    y += words;
    (void)ui_text(ui, rect_make(r.x + 89, y, w, 0), TYPE_SMALL,
                  is_overdue(i, now_ms) ? COLOR_WARN_TEXT : COLOR_TEXT, 0,
                  facts);
    y += facts_h + 4;
    (void)arrived_draw(ui, rect_make(r.x + 89, y, w, arrived_h), &a, true);
    ui_icon(ui, r.x + r.w - 40, r.y + (r.h - 24) / 2, 24, ICON_FWD, COLOR_TEXT);
    row_target(ui, r, at, i);
    return r.h;
}

static bool has_columns(const struct ui *ui, struct rect r)
{
    return r.w >= TABLE_LEAST && ui->percent < 125;
}

static int list_draw(struct ui *ui, struct rect r, const struct views *v,
                     const int *shown, int count)
{
    const struct columns c = columns_of(r);
    const bool is_table = has_columns(ui, r);
    const int card = ui_card(ui, r);
    int y = r.y + 1;

    if (is_table) {
        y += head_draw(ui, rect_make(r.x + 1, y, r.w - 2, 0), &c);
    }
    ui_group_begin(ui);
    for (int k = 0; k < count; k++) {
        const struct view_review_item *i = &v->reviews.items[shown[k]];
        const struct rect row = rect_make(r.x + 1, y + 1, r.w - 2, 0);

        if (k > 0 || is_table) {
            ui_hline(ui, r.x + 1, y, r.w - 2, COLOR_LINE);
        }
        y += 1 + (is_table ? row_draw(ui, row, &c, i, k, v->status.now_ms)
                           : card_draw(ui, row, i, k, v->status.now_ms));
    }
    ui_group_end(ui);
    y += 1;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

/* --- draw: what stands around --- */

/* What narrows the list, as a chip with an icon. */
static int tool_width(struct ui *ui, const char *label)
{
    return 40 + ui_icon_size(ui, 22) + 8 +
           ui_text_width(ui, TYPE_SMALL_B, label);
}

static void tool_draw(struct ui *ui, struct rect r, uint16_t id, enum icon icon,
                      const char *label)
{
    const int size = ui_icon_size(ui, 22);

    (void)ui_box(ui, r, ui_is_pressed(ui, id, 0) ? COLOR_SUNKEN : COLOR_SURFACE,
                 COLOR_LINE_STRONG, S_BORDER, r.h / 2);
    ui_icon(ui, r.x + 20, r.y + (r.h - size) / 2, size, icon, COLOR_TEXT);
    (void)ui_text(ui,
                  rect_make(r.x + 20 + size + 8, r.y, r.w - 40 - size - 8, r.h),
                  TYPE_SMALL_B, COLOR_TEXT, UI_MID, label);
    ui_target(ui, r, id, 0, NULL, r.h / 2, 0, label);
}

static int chips_row(struct ui *ui, struct rect r,
                     const struct reviews_model *m, const struct views *v)
{
    const char *labels[VIEW_LOG_STATE__COUNT];
    const char *numbers[VIEW_LOG_STATE__COUNT];
    const char *dates = tr(day_labels[m->dates]);
    const char *who =
        m->off == 0 ? tr("All beats and officers") : tr("Some beats, officers");
    const struct chips chips = { .id = CTL_REVIEWS_STATE,
                                 .labels = labels,
                                 .keys = state_keys,
                                 .numbers = numbers,
                                 .count = VIEW_LOG_STATE__COUNT,
                                 .on = 1U << m->state };
    const int dates_w = tool_width(ui, dates);
    const int who_w = tool_width(ui, who);
    const int tools = dates_w + 8 + who_w;
    const int h = S_TOUCH_MIN + ui_line(ui, TYPE_SMALL_B) - 24;
    const bool is_beside = tools + 600 <= r.w && ui->percent < 125;
    int shown[VIEW_REVIEWS];
    int y = r.y;

    for (int i = 0; i < VIEW_LOG_STATE__COUNT; i++) {
        labels[i] = tr(state_labels[i]);
        numbers[i] =
            fmt_number(ui, list_of(m, v, (enum view_log_state)i, shown));
    }
    if (is_beside) {
        tool_draw(ui, rect_make(r.x + r.w - tools, y, dates_w, h),
                  CTL_REVIEWS_DATES, ICON_CALENDAR, dates);
        tool_draw(ui, rect_make(r.x + r.w - who_w, y, who_w, h),
                  CTL_REVIEWS_WHO, ICON_FILTER, who);
        return chips_draw(ui, rect_make(r.x, y, r.w - tools - 8, 0), &chips);
    }
    y += chips_draw(ui, rect_make(r.x, y, r.w, 0), &chips) + 8;
    tool_draw(ui, rect_make(r.x, y, dates_w, h), CTL_REVIEWS_DATES,
              ICON_CALENDAR, dates);
    if (tools <= r.w) {
        tool_draw(ui, rect_make(r.x + dates_w + 8, y, who_w, h),
                  CTL_REVIEWS_WHO, ICON_FILTER, who);
        return y + h - r.y;
    }
    y += h + 8;
    tool_draw(ui, rect_make(r.x, y, who_w < r.w ? who_w : r.w, h),
              CTL_REVIEWS_WHO, ICON_FILTER, who);
    return y + h - r.y;
}

struct sum {
    const char *figure, *word;
};

static int sums_of(struct ui *ui, const struct views *v, const int *shown,
                   int count, struct sum out[4])
{
    int64_t ms = 0;
    int logs = 0, notices = 0, met = 0, goals = 0;

    for (int k = 0; k < count; k++) {
        const struct view_review_item *i = &v->reviews.items[shown[k]];

        ms += i->ended_ms != 0 ? i->ended_ms - i->started_ms : 0;
        logs += i->logs;
        notices += i->notices;
        met += i->goals_met;
        goals += i->goals;
    }
    out[0] = (struct sum){ length_of(ui, ms), tr("patrolled") };
    out[1] = (struct sum){ fmt_number(ui, logs),
                           trn("log", "logs", (unsigned long)logs) };
    out[2] = (struct sum){ fmt_number(ui, notices),
                           trn("notice", "notices", (unsigned long)notices) };
    out[3] = (struct sum){ ui_fmt(ui, tr("%d of %d"), met, goals),
                           tr("hotspot goals met") };
    return goals > 0 ? 4 : 3;
}

/* In rows that wrap; returns the height. */
static int sums_draw(struct ui *ui, struct rect r, const struct views *v,
                     const int *shown, int count)
{
    struct sum sums[4];
    const int n = sums_of(ui, v, shown, count, sums);
    const int line = ui_line(ui, TYPE_HEAD);
    int x = r.x, y = r.y;

    for (int i = 0; i < n; i++) {
        const int fw = ui_text_width(ui, TYPE_HEAD, sums[i].figure);
        const int ww = ui_text_width(ui, TYPE_SMALL, sums[i].word);

        if (x > r.x && x + fw + 12 + ww > r.x + r.w) {
            x = r.x;
            y += line + 4;
        }
        (void)ui_text(ui, rect_make(x, y, fw, line), TYPE_HEAD, COLOR_TEXT,
                      UI_MID, sums[i].figure);
        if (fw + 12 + ww <= r.w) {
            (void)ui_text(ui, rect_make(x + fw + 12, y + 3, ww, line),
                          TYPE_SMALL, COLOR_TEXT_2, UI_MID, sums[i].word);
            x += fw + 12 + ww + 40;
        } else {
            y += line;
            y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL,
                         COLOR_TEXT_2, 0, sums[i].word) -
                 line;
            x = r.x + r.w;
        }
    }
    return y + line - r.y;
}

static const char *as_of(struct ui *ui, const struct views *v)
{
    return v->reviews.as_of_ms == 0
               ? tr("Not synced yet: what this tablet holds")
               : ui_fmt(ui, tr("List as of %s"),
                        ui_iso(ui, fmt_when(ui, v->reviews.as_of_ms,
                                            v->status.now_ms)));
}

static void dates_sheet(struct ui *ui, const struct reviews_model *m)
{
    struct sheet sheet = { .title = tr("Which days?"), .width = 464 };
    const struct rect r = sheet_begin(ui, &sheet);

    sheet_end(
        ui, &sheet,
        sheet_choices(ui, r, day_labels, day_keys, ARRAY_LEN(days), m->dates));
}

static void who_sheet(struct ui *ui, const struct reviews_model *m,
                      const struct view_reviews *v)
{
    struct sheet sheet = { .title = tr("Which beats and officers?"),
                           .width = 560 };
    const struct rect r = sheet_begin(ui, &sheet);
    const char *names[NAMES_MAX];
    const int count = names_of(v, names);
    int y = r.y;

    for (int i = 0; i < count; i++) {
        y = sheet_choice(ui, rect_make(r.x, y, r.w, 0), i, names[i],
                         fmt_number(ui, i + 1), (m->off >> i & 1U) == 0) +
            8;
    }
    sheet_end(ui, &sheet, y);
}

static int empty_list(struct ui *ui, struct rect r,
                      const struct reviews_model *m)
{
    return m->state == VIEW_LOG_TO_REVIEW
               ? empty_draw(ui, r, ICON_CHECK_O, tr("All reviewed"),
                            tr("No patrol log waits for you."))
               : empty_draw(ui, r, ICON_LIST, tr("None here"),
                            tr("No patrol log of these days is in this "
                               "state."));
}

static void draw_foot(struct ui *ui, struct rect r, const struct views *v,
                      const int *shown, int count, const struct button *start)
{
    struct rect row = r;

    ui_part(ui, UI_ACTIONS);
    button_at_end(ui, &row, 16, start);
    ui_part(ui, UI_CONTENT);
    row.y += (row.h - ui_line(ui, TYPE_HEAD)) / 2;
    (void)sums_draw(ui, row, v, shown, count);
}

static void reviews_draw(const void *model, const struct app *app,
                         struct ui *ui)
{
    const struct reviews_model *m = model;
    const struct views *v = app_views(app);
    int shown[VIEW_REVIEWS];
    const int count = list_of(m, v, m->state, shown);
    const bool is_wide =
        ui->width >= 1232 && ui->height >= 720 && ui->percent < 125;
    const struct button start = { .kind = is_wide ? BUTTON_PRIMARY_SMALL
                                                  : BUTTON_PRIMARY,
                                  .id = CTL_REVIEWS_OLDEST,
                                  .icon = ICON_PLAY,
                                  .label = tr("Start with the oldest") };
    const struct frame frame = { .title = tr("Patrol logs to review"),
                                 .place = FRAME_REVIEW,
                                 .has_actions = !is_wide && count > 0 };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);
    struct rect r = areas.main;
    struct rect foot = { 0 };
    int y;

    if (is_wide && count > 0) {
        foot = rect_cut_bottom(&r, 106);
        foot = rect_make(foot.x, foot.y + 20, foot.w, 56);
    }
    y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + S_MARGIN;
    y += chips_row(ui, rect_make(r.x, y, r.w, 0), m, v) + 16;
    if (count > 0) {
        y += list_draw(ui, rect_make(r.x, y, r.w, 0), v, shown, count);
    } else {
        y += 48;
        y += empty_list(ui, rect_make(r.x, y, r.w, 0), m);
    }
    if (!is_wide && count > 0) {
        y += 16;
        y += sums_draw(ui, rect_make(r.x, y, r.w, 0), v, shown, count);
    }
    if (!is_wide || count == 0) { /* else the chip above says it */
        y += 12;
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                     as_of(ui, v)) +
             8;
    }
    ui_scroll_end(ui, y);
    if (foot.h > 0) {
        draw_foot(ui, foot, v, shown, count, &start);
    } else if (frame.has_actions) {
        struct rect row = areas.actions;

        ui_part(ui, UI_ACTIONS);
        button_at_end(ui, &row, 16, &start);
        ui_part(ui, UI_CONTENT);
    }
    if (m->sheet == REVIEWS_DATES) {
        dates_sheet(ui, m);
    } else if (m->sheet == REVIEWS_WHO) {
        who_sheet(ui, m, &v->reviews);
    }
}

const struct screen screen_reviews = {
    .name = "reviews",
    .model_size = sizeof(struct reviews_model),
    .enter = reviews_enter,
    .handle = reviews_handle,
    .draw = reviews_draw,
};
