/* screen_briefing.c - what the team leader wrote: read before you go. */
#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/inset.h"
#include "ui/kit/button.h"
#include "ui/kit/field.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"
#include "ui/sheet.h"

#define LIST_W   272 /* dp, as the design's column */
#define SIDE_W   272
#define MAP_H    197
#define DOT      12
#define QUESTION 240 /* bytes of a question */

struct briefing_model {
    char chosen[VIEW_ID_SIZE]; /* "": the first that is unread */
    bool asks;
    char question[QUESTION];
};

/* The first unread one after `from`, round the list; -1: none. */
static int next_unread(const struct view_briefs *v, int from)
{
    for (int i = 1; i <= v->count; i++) {
        const int at = (from + i) % v->count;

        if (!v->items[at].is_read && at != from) {
            return at;
        }
    }
    return -1;
}

static int chosen_of(const struct briefing_model *m,
                     const struct view_briefs *v)
{
    const int unread = v->count > 0 ? next_unread(v, v->count - 1) : -1;

    for (int i = 0; i < v->count; i++) {
        if (strcmp(v->items[i].id, m->chosen) == 0) {
            return i;
        }
    }
    return unread >= 0                                       ? unread
           : v->count > 1 && !v->items[v->count - 1].is_read ? v->count - 1
                                                             : 0;
}

static void choose(struct briefing_model *m, const struct view_briefs *v,
                   int at)
{
    snprintf(m->chosen, sizeof(m->chosen), "%s", v->items[at].id);
}

static void briefing_enter(void *model, struct nav *nav)
{
    const struct view_briefs *v = &app_views(nav->app)->briefs;

    /* From here on it stays, whatever comes meanwhile. */
    if (v->count > 0) {
        choose(model, v, chosen_of(model, v));
    }
}

/* --- handle --- */

static enum go read_it(struct briefing_model *m, const struct view_briefs *v,
                       struct nav *nav)
{
    const int at = chosen_of(m, v);
    const int next = next_unread(v, at);
    const enum err err =
        app_read_briefing(nav->app, v->items[at].id, v->items[at].changed);

    if (err) {
        nav_failed(nav, err);
        return GO_STAY;
    }
    if (next < 0) {
        return GO_HOME;
    }
    choose(m, v, next);
    memset(nav->ui.scrolls, 0, sizeof(nav->ui.scrolls)); /* from its top */
    return GO_STAY;
}

static enum go sheet_event(struct briefing_model *m, const struct ui_event *ev,
                           const struct view_briefs *v, struct nav *nav)
{
    enum err err;

    if (ev->kind == UI_EDITED) {
        snprintf(m->question, sizeof(m->question), "%.*s", QUESTION - 1,
                 ev->text);
        nav_keep(nav, KEPT_BRIEFING, v->items[chosen_of(m, v)].id, m->question);
        return GO_STAY;
    }
    if (ev->kind == UI_GO_BACK || ev->id == CTL_SHEET_CANCEL) {
        m->asks = false;
        ui_forget(&nav->ui);
        return GO_STAY;
    }
    if ((ev->id != CTL_SHEET_DONE && ev->kind != UI_SAVE) ||
        m->question[0] == '\0') {
        return GO_STAY;
    }
    err = app_ask_briefing(nav->app, v->items[chosen_of(m, v)].id, m->question);
    if (err) {
        nav_failed(nav, err);
        return GO_STAY; /* what was typed stays */
    }
    m->asks = false;
    m->question[0] = '\0';
    ui_forget(&nav->ui);
    return GO_STAY;
}

static enum go briefing_handle(void *model, const struct ui_event *ev,
                               struct nav *nav)
{
    struct briefing_model *m = model;
    const struct view_briefs *v = &app_views(nav->app)->briefs;

    if (ev->kind == UI_TAP && ev->id == CTL_LIBRARY_OPEN) {
        return GO_LIBRARY;
    }
    if (v->count == 0) {
        return ev->kind == UI_GO_BACK ? GO_BACK : GO_STAY;
    }
    if (m->asks) {
        return sheet_event(m, ev, v, nav);
    }
    if (ev->kind != UI_TAP) {
        return ev->kind == UI_GO_BACK ? GO_BACK : GO_STAY;
    }
    switch (ev->id) {
    case CTL_BRIEFING_ITEM:
        if (ev->index < v->count) {
            choose(m, v, ev->index);
            memset(nav->ui.scrolls, 0, sizeof(nav->ui.scrolls));
        }
        return GO_STAY;
    case CTL_BRIEFING_READ:
        return read_it(m, v, nav);
    case CTL_BRIEFING_ASK:
        m->asks = true;
        choose(m, v, chosen_of(m, v));
        snprintf(m->question, sizeof(m->question), "%.*s", QUESTION - 1,
                 view_kept_text(&app_views(nav->app)->kept, KEPT_BRIEFING,
                                m->chosen));
        return GO_STAY;
    case CTL_BRIEFING_MAP:
        snprintf(nav->area, sizeof(nav->area), "%s",
                 v->items[chosen_of(m, v)].area);
        return GO_MAP;
    default:
        return GO_STAY;
    }
}

/* --- draw: the list --- */

static const char *state_of(struct ui *ui, const struct view_brief *b,
                            int64_t now_ms)
{
    if (b->is_read) {
        return ui_fmt(ui, tr("Read %s"),
                      ui_iso(ui, fmt_when(ui, b->read_ms, now_ms)));
    }
    if (b->read_ms != 0) {
        return ui_fmt(ui, tr("Changed %s"),
                      ui_iso(ui, fmt_when(ui, b->changed_ms, now_ms)));
    }
    if (b->must_read) {
        return tr("Read before patrol");
    }
    return b->place[0] != '\0' ? b->place
                               : ui_fmt(ui, tr("From %s"), ui_iso(ui, b->from));
}

static int item_draw(struct ui *ui, struct rect r, const struct view_brief *b,
                     int index, bool is_chosen, int64_t now_ms)
{
    const int icon = ui_icon_size(ui, S_ICON);
    const int before = 16 + icon + 14;
    const int w = r.w - before - 16;
    const char *state = state_of(ui, b, now_ms);
    const int words = ui_text_height(ui, TYPE_LABEL, b->title, w) +
                      ui_text_height(ui, TYPE_META, state, w);
    const enum color ink = is_chosen ? COLOR_ON_PRIMARY_SOFT : COLOR_TEXT;
    int y = r.y + 14;

    r.h = words + 28 < S_ROW ? S_ROW : words + 28;
    if (is_chosen) {
        (void)ui_box(ui, r, COLOR_PRIMARY_SOFT, COLOR_NONE, 0, 0);
        (void)ui_box(ui, rect_make(r.x, r.y, 5, r.h), COLOR_PRIMARY, COLOR_NONE,
                     0, 0);
    }
    if (b->is_read) {
        ui_icon(ui, r.x + 16, y, icon, ICON_CHECK_O,
                is_chosen ? ink : COLOR_OK_TEXT);
    } else {
        (void)ui_box(ui,
                     rect_make(r.x + 16 + (icon - DOT) / 2,
                               y + (ui_line(ui, TYPE_LABEL) - DOT) / 2, DOT,
                               DOT),
                     is_chosen ? COLOR_ON_PRIMARY_SOFT : COLOR_PRIMARY_TEXT,
                     COLOR_NONE, 0, DOT / 2);
    }
    y += ui_text(ui, rect_make(r.x + before, y, w, 0), TYPE_LABEL, ink, 0,
                 b->title);
    (void)ui_text(ui, rect_make(r.x + before, y, w, 0), TYPE_META,
                  is_chosen ? ink : COLOR_TEXT_2, 0, state);
    ui_target(ui, r, CTL_BRIEFING_ITEM, (uint16_t)index, fmt_number(ui, index),
              0, is_chosen ? UI_SELECTED : 0, b->title);
    return r.h;
}

static int list_draw(struct ui *ui, struct rect r, const struct view_briefs *v,
                     int chosen, int64_t now_ms)
{
    const int card = ui_card(ui, r);
    int y = r.y + 1;

    ui_group_begin(ui);
    for (int i = 0; i < v->count; i++) {
        if (i > 0) {
            ui_hline(ui, r.x + 1, y, r.w - 2, COLOR_LINE);
            y++;
        }
        y += item_draw(ui, rect_make(r.x + 1, y, r.w - 2, 0), &v->items[i], i,
                       i == chosen, now_ms);
    }
    ui_group_end(ui);
    draw_set_height(&ui->list, card, y + 1 - r.y);
    return y + 1 - r.y;
}

/* The way to what doesn't change from day to day; returns its height. */
static int library_button(struct ui *ui, struct rect r)
{
    const struct button b = { .kind = BUTTON_SECONDARY,
                              .id = CTL_LIBRARY_OPEN,
                              .icon = ICON_NOTEBOOK,
                              .label = tr("Library and emergency card") };

    r.h = button_height(ui, &b, r.w);
    button_draw(ui, r, &b);
    return r.h;
}

/* --- draw: one of them --- */

static const char *head_of(struct ui *ui, const struct view_briefs *v, int at,
                           int64_t now_ms)
{
    const struct view_brief *b = &v->items[at];
    const char *when =
        fmt_is_today(b->made_ms, now_ms)
            ? ui_fmt(ui, tr("Today, %s"), ui_iso(ui, fmt_time(ui, b->made_ms)))
            : fmt_when(ui, b->made_ms, now_ms);
    const char *from =
        ui_fmt(ui, tr("From %s, %s"), ui_iso(ui, b->from), ui_iso(ui, when));
    const char *ends =
        b->ends_ms != 0
            ? ui_fmt(ui, tr("Ends %s"), ui_iso(ui, fmt_day(ui, b->ends_ms)))
            : "";

    return ui_fmt(ui, "%s   %s   %s",
                  ui_fmt(ui, tr("%d of %d"), at + 1, v->count), from, ends);
}

static int section_draw(struct ui *ui, struct rect r, const char *head,
                        const char *text)
{
    int y = r.y;

    if (text[0] == '\0') {
        return 0;
    }
    if (head != NULL) {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_TITLE_S, COLOR_TEXT, 0,
                     head) +
             6;
    }
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_READ, COLOR_TEXT, 0, text);
    return y + 16 - r.y;
}

static int talk_draw(struct ui *ui, struct rect r, const struct view_brief *b,
                     int64_t now_ms)
{
    int y = r.y;

    if (b->asked_ms == 0) {
        return 0;
    }
    ui_hline(ui, r.x, y, r.w, COLOR_LINE);
    y += 12;
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 ui_fmt(ui, tr("You asked, %s"),
                        ui_iso(ui, fmt_when(ui, b->asked_ms, now_ms))));
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                 b->question) +
         8;
    if (b->answered_ms == 0) {
        return y +
               ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2,
                       0, tr("No answer yet")) +
               16 - r.y;
    }
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 ui_fmt(ui, tr("Answer, %s"),
                        ui_iso(ui, fmt_when(ui, b->answered_ms, now_ms))));
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY_B, COLOR_TEXT, 0,
                 b->answer);
    return y + 16 - r.y;
}

static int area_of(const struct view_map *m, const char *id)
{
    for (int i = 0; i < m->area_count && id[0] != '\0'; i++) {
        if (strcmp(m->areas[i].id, id) == 0) {
            return i;
        }
    }
    return -1;
}

/* The area on the stored map; returns the height with the gap below. */
static int map_draw(struct ui *ui, struct rect r, const struct view_brief *b,
                    const struct app *app)
{
    const struct view_map *m = &app_views(app)->map;
    const int area = area_of(m, b->area);
    struct map_spot middle;
    struct map_view view;
    int zoom;

    r.h = MAP_H;
    if (area < 0 ||
        !inset_fit(&m->points[m->areas[area].point_at],
                   m->areas[area].point_count, r, &middle, &zoom) ||
        !inset_has(app_map(app), middle)) {
        return 0;
    }
    inset_begin(ui, r, app_map(app), middle, zoom, &view);
    map_view_area(ui, &view, m, area);
    inset_end(ui, r, app_map(app), COLOR_SURFACE, true);
    return MAP_H + 12;
}

/* Map, where, why here: beside the words, or below them. */
static int side_draw(struct ui *ui, struct rect r, const struct view_brief *b,
                     const struct app *app)
{
    const struct button map = { .kind = BUTTON_SECONDARY,
                                .id = CTL_BRIEFING_MAP,
                                .icon = ICON_MAP,
                                .label = tr("Show on map") };
    int y = r.y;

    y += map_draw(ui, r, b, app);
    if (b->place[0] != '\0') {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY_B, COLOR_TEXT, 0,
                     b->place) +
             12;
    }
    if (b->area[0] != '\0') {
        const int h = button_height(ui, &map, r.w);

        button_draw(ui, rect_make(r.x, y, r.w, h), &map);
        y += h + 12;
    }
    if (b->why[0] != '\0') {
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                     ui_fmt(ui, tr("Why here: %s"), ui_iso(ui, b->why))) +
             16;
    }
    return y - r.y;
}

static bool has_side(const struct view_brief *b)
{
    return b->place[0] != '\0' || b->area[0] != '\0' || b->why[0] != '\0';
}

static int words_draw(struct ui *ui, struct rect r, const struct view_brief *b,
                      int64_t now_ms)
{
    int y = r.y;

    y += section_draw(ui, rect_make(r.x, y, r.w, 0), NULL, b->text);
    y +=
        section_draw(ui, rect_make(r.x, y, r.w, 0), tr("What to do"), b->to_do);
    y += section_draw(ui, rect_make(r.x, y, r.w, 0), tr("Look out for"),
                      b->look_for);
    y += talk_draw(ui, rect_make(r.x, y, r.w, 0), b, now_ms);
    return y - r.y;
}

static int article_draw(struct ui *ui, struct rect r, const struct app *app,
                        int at)
{
    const struct view_briefs *v = &app_views(app)->briefs;
    const int64_t now_ms = app_views(app)->status.now_ms;
    const struct view_brief *b = &v->items[at];
    const bool is_beside = r.w >= 720 && ui->percent < 150 && has_side(b);
    int y = r.y;
    int words, side;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_META, COLOR_TEXT_2, 0,
                 head_of(ui, v, at, now_ms)) +
         8;
    if (!b->is_read && b->read_ms != 0) {
        badge_draw(ui, r.x, y, BADGE_WARN, ICON_EDIT,
                   tr("Changed since you read it"));
        y += badge_height(ui) + 8;
    }
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_HEAD, COLOR_TEXT, 0,
                 b->title) +
         14;
    if (is_beside) {
        const int w = r.w - SIDE_W - 30;

        words = words_draw(ui, rect_make(r.x, y, w, 0), b, now_ms);
        side = side_draw(ui, rect_make(r.x + w + 30, y, SIDE_W, 0), b, app);
        return y + (words > side ? words : side) - r.y;
    }
    y += words_draw(ui, rect_make(r.x, y, r.w, 0), b, now_ms);
    return y + side_draw(ui, rect_make(r.x, y, r.w, 0), b, app) - r.y;
}

/* --- draw: the whole --- */

static void draw_wide(struct ui *ui, struct rect r, const struct app *app,
                      int at)
{
    const struct views *v = app_views(app);
    struct rect list = rect_cut_start(&r, LIST_W);
    struct rect in;
    int y;

    (void)rect_cut_start(&r, 16);
    y = ui_scroll_begin(ui, CTL_SCROLL_SIDE, list);
    y += list_draw(ui, rect_make(list.x, y, list.w, 0), &v->briefs, at,
                   v->status.now_ms) +
         16;
    ui_scroll_end(ui, y + library_button(ui, rect_make(list.x, y, list.w, 0)));
    (void)ui_card(ui, r);
    in = rect_inset(r, 33, 2);
    y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, in) + 26;
    y += article_draw(ui, rect_make(in.x, y, in.w, 0), app, at);
    ui_scroll_end(ui, y + 12);
}

static void draw_narrow(struct ui *ui, struct rect r, const struct app *app,
                        int at)
{
    const struct views *v = app_views(app);
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + 20;
    const struct rect in = rect_make(r.x + 21, y + 20, r.w - 42, 0);
    const int card = ui_card(ui, rect_make(r.x, y, r.w, 0));
    const int h = article_draw(ui, in, app, at) + 28;

    draw_set_height(&ui->list, card, h);
    y += h + 16;
    y += list_draw(ui, rect_make(r.x, y, r.w, 0), &v->briefs, at,
                   v->status.now_ms) +
         16;
    y += library_button(ui, rect_make(r.x, y, r.w, 0));
    ui_scroll_end(ui, y + 20);
}

static void hint_draw(struct ui *ui, struct rect r)
{
    const int icon = ui_icon_size(ui, S_ICON);
    const int w = r.w - icon - 13 - 16;
    const char *read = tr("“Read” tells your team leader you opened it.");
    const char *understood = tr("“Understood” says you know what to do.");
    int h, y;

    if (w < 260) {
        return;
    }
    h = ui_text_height(ui, TYPE_SMALL, read, w) +
        ui_text_height(ui, TYPE_SMALL, understood, w);
    if (h > r.h) {
        return;
    }
    y = r.y + (r.h - h) / 2;
    ui_icon(ui, r.x, r.y + (r.h - icon) / 2, icon, ICON_EYE, COLOR_TEXT);
    y += ui_text(ui, rect_make(r.x + icon + 13, y, w, 0), TYPE_SMALL,
                 COLOR_TEXT, 0, read);
    (void)ui_text(ui, rect_make(r.x + icon + 13, y, w, 0), TYPE_SMALL,
                  COLOR_TEXT, 0, understood);
}

static void actions_draw(struct ui *ui, struct rect r,
                         const struct view_brief *b, int64_t now_ms)
{
    const struct button read = { .kind = BUTTON_PRIMARY,
                                 .id = CTL_BRIEFING_READ,
                                 .icon = ICON_CHECK,
                                 .label = tr("Read and understood") };
    const struct button ask = { .kind = BUTTON_SECONDARY,
                                .id = CTL_BRIEFING_ASK,
                                .icon = ICON_QUESTION,
                                .label = tr("I have a question") };

    ui_part(ui, UI_ACTIONS);
    if (!b->is_read) {
        button_at_end(ui, &r, 16, &read);
    }
    if (button_width(ui, &ask) <= r.w) {
        button_at_end(ui, &r, 16, &ask);
    }
    ui_part(ui, UI_CONTENT);
    if (!b->is_read) {
        hint_draw(ui, r);
    } else if (r.w > 200) {
        const int icon = ui_icon_size(ui, S_ICON);

        ui_icon(ui, r.x, r.y + (r.h - icon) / 2, icon, ICON_CHECK_O,
                COLOR_OK_TEXT);
        (void)ui_text(ui, rect_make(r.x + icon + 13, r.y, r.w - icon - 13, r.h),
                      TYPE_LABEL, COLOR_OK_TEXT, UI_MID,
                      state_of(ui, b, now_ms));
    }
}

static void ask_draw(struct ui *ui, const struct briefing_model *m,
                     const struct view_brief *b)
{
    struct sheet sheet = { .title = b->from[0] != '\0'
                                        ? ui_fmt(ui, tr("What do you ask %s?"),
                                                 ui_iso(ui, b->from))
                                        : tr("What do you ask?"),
                           .width = 640,
                           .cancel = tr("Cancel"),
                           .done = tr("Send question"),
                           .is_off = m->question[0] == '\0' };
    const struct rect r = sheet_begin(ui, &sheet);
    const struct field text = { .id = CTL_SHEET_FIELD,
                                .label = tr("Your question"),
                                .text = m->question,
                                .lines = 3,
                                .most = QUESTION - 1 };

    sheet_end(ui, &sheet,
              r.y + field_draw(ui, rect_make(r.x, r.y, r.w, 0), &text));
}

static void draw_none(struct ui *ui, struct rect r)
{
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + 80;
    const int w = r.w < 480 ? r.w : 480;

    y += empty_draw(ui, rect_make(r.x, y, r.w, 0), ICON_BRIEFING,
                    tr("No briefing today"),
                    tr("What your team leader writes comes here.")) +
         24;
    y += library_button(ui, rect_make(r.x + (r.w - w) / 2, y, w, 0));
    ui_scroll_end(ui, y + 20);
}

static void briefing_draw(const void *model, const struct app *app,
                          struct ui *ui)
{
    const struct briefing_model *m = model;
    const struct views *v = app_views(app);
    const int at = chosen_of(m, &v->briefs);
    const struct view_brief *b = &v->briefs.items[at];
    const bool is_plain = strcmp(b->marking, "OFFICIAL") == 0;
    const struct frame frame = {
        .title = tr("Briefing"),
        .badge =
            v->briefs.count > 0 && b->marking[0] != '\0' ? b->marking : NULL,
        .badge_look = is_plain ? BADGE_PLAIN : BADGE_RESTRICTED,
        .badge_icon = is_plain ? ICON_NONE : ICON_EYE,
        .place = 3,
        .has_actions = v->briefs.count > 0
    };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);
    const bool is_wide = areas.main.w >= 1000 && ui->percent < 150;

    if (v->briefs.count == 0) {
        draw_none(ui, areas.main);
        return;
    }
    if (is_wide) {
        draw_wide(ui, rect_inset(areas.main, 0, S_MARGIN), app, at);
    } else {
        draw_narrow(ui, areas.main, app, at);
    }
    actions_draw(ui, areas.actions, b, v->status.now_ms);
    if (m->asks) {
        ask_draw(ui, m, b);
    }
}

const struct screen screen_briefing = {
    .name = "briefing",
    .model_size = sizeof(struct briefing_model),
    .enter = briefing_enter,
    .handle = briefing_handle,
    .draw = briefing_draw,
};
