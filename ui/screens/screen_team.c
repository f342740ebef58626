/* screen_team.c - who of the team is out, and what of theirs waits. */
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"

#define ROW_PAD 16
#define TEAM    32 /* officers shown; a team has a dozen */

struct team_model {
    char unused;
};

/* One officer: the newest patrol, and how many logs wait for a review. */
struct member {
    int newest; /* of the views' items */
    int waiting;
};

static int members_of(const struct view_reviews *v, struct member out[TEAM])
{
    int count = 0;

    for (int i = 0; i < v->count; i++) { /* newest first */
        int at = 0;

        while (at < count && strcmp(v->items[out[at].newest].officer,
                                    v->items[i].officer) != 0) {
            at++;
        }
        if (at == TEAM) {
            continue;
        }
        if (at == count) {
            out[count++] = (struct member){ .newest = i };
        }
        out[at].waiting +=
            v->items[i].state == VIEW_LOG_TO_REVIEW && !v->items[i].is_own;
    }
    return count;
}

static void team_enter(void *model, struct nav *nav)
{
    (void)model;
    (void)nav;
}

static enum go open_log(struct nav *nav, int index)
{
    const struct view_reviews *v = &app_views(nav->app)->reviews;
    struct member members[TEAM];
    enum err err;

    if (index >= members_of(v, members)) {
        return GO_STAY;
    }
    err = app_say(nav->app, CMD_OPEN_REVIEW, v->items[members[index].newest].id,
                  "");
    if (err) {
        nav_failed(nav, err);
        return GO_STAY;
    }
    return GO_REVIEW;
}

static enum go team_handle(void *model, const struct ui_event *ev,
                           struct nav *nav)
{
    (void)model;
    if (ev->kind == UI_GO_BACK) {
        return GO_BACK;
    }
    if (ev->kind != UI_TAP) {
        return GO_STAY;
    }
    switch (ev->id) {
    case CTL_TEAM_ROW:
        return open_log(nav, ev->index);
    case CTL_TEAM_PATROL:
        return GO_HOME;
    case CTL_TEAM_BOOK:
        return GO_NOTEBOOK;
    default:
        return GO_STAY;
    }
}

/* --- draw --- */

static const char *state_of(struct ui *ui, const struct view_review_item *i,
                            int64_t now_ms)
{
    const char *from = ui_iso(ui, fmt_when(ui, i->started_ms, now_ms));

    if (i->ended_ms == 0) {
        return ui_fmt(ui, tr("On patrol since %s"), from);
    }
    return ui_fmt(ui, tr("Last patrol %s to %s"), from,
                  ui_iso(ui, fmt_time(ui, i->ended_ms)));
}

static const char *waiting_of(struct ui *ui, int count)
{
    return count == 0 ? tr("Nothing to review")
                      : ui_fmt(ui,
                               trn("%d log to review", "%d logs to review",
                                   (unsigned long)count),
                               count);
}

/* Beside the name where there is room, else below. */
static int row_draw(struct ui *ui, struct rect r, const struct views *v,
                    const struct member *m, int index)
{
    const struct view_review_item *i = &v->reviews.items[m->newest];
    const char *state = state_of(ui, i, v->status.now_ms);
    const char *waits = waiting_of(ui, m->waiting);
    const enum color ink = m->waiting > 0 ? COLOR_WARN_TEXT : COLOR_TEXT_2;
    const int face = 48;
    const int icon = ui_icon_size(ui, S_ICON);
    const int x = r.x + ROW_PAD + face + 16;
    const int room = r.x + r.w - ROW_PAD - icon - 12 - x;
    const bool is_wide = room > 640 && ui->percent < 150;
    const int w = is_wide ? room * 3 / 5 : room;
    int text = ui_text_height(ui, TYPE_LABEL, i->officer, w) +
               ui_text_height(ui, TYPE_SMALL, i->beat, w) +
               ui_text_height(ui, TYPE_SMALL, state, w);
    int y;

    text += is_wide ? 0 : ui_text_height(ui, TYPE_SMALL_B, waits, w);
    r.h = text + 2 * ROW_PAD;
    if (ui_is_pressed(ui, CTL_TEAM_ROW, (uint16_t)index)) {
        (void)ui_box(ui, rect_make(r.x + 1, r.y, r.w - 2, r.h), COLOR_SUNKEN,
                     COLOR_NONE, 0, 0);
    }
    avatar_draw(ui,
                rect_make(r.x + ROW_PAD, r.y + (r.h - face) / 2, face, face),
                fmt_initials(ui, i->officer), COLOR_PRIMARY_SOFT,
                COLOR_ON_PRIMARY_SOFT);
    y = r.y + ROW_PAD;
    y += ui_text(ui, rect_make(x, y, w, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 i->officer);
    y += ui_text(ui, rect_make(x, y, w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 i->beat);
    y += ui_text(ui, rect_make(x, y, w, 0),
                 i->ended_ms == 0 ? TYPE_SMALL_B : TYPE_SMALL,
                 i->ended_ms == 0 ? COLOR_OK_TEXT : COLOR_TEXT, 0, state);
    if (is_wide) {
        (void)ui_text(ui, rect_make(x + w, r.y, room - w, r.h), TYPE_SMALL_B,
                      ink, UI_MID | UI_END, waits);
    } else {
        (void)ui_text(ui, rect_make(x, y, w, 0), TYPE_SMALL_B, ink, 0, waits);
    }
    ui_icon(ui, r.x + r.w - ROW_PAD - icon, r.y + (r.h - icon) / 2, icon,
            ICON_FWD, COLOR_TEXT);
    ui_target(ui, r, CTL_TEAM_ROW, (uint16_t)index, fmt_number(ui, index + 1),
              R_CARD, 0, i->officer);
    return r.h;
}

static int rows_draw(struct ui *ui, struct rect r, const struct views *v)
{
    struct member members[TEAM];
    const int count = members_of(&v->reviews, members);
    int y = r.y;
    int card;

    if (count == 0) {
        return empty_draw(ui, rect_make(r.x, y + 60, r.w, 0), ICON_TEAM,
                          tr("Nobody yet"),
                          tr("Who of your team patrols is shown here after "
                             "the next sync.")) +
               60;
    }
    card = ui_card(ui, rect_make(r.x, y, r.w, 0));
    ui_group_begin(ui);
    for (int i = 0; i < count; i++) {
        if (i > 0) {
            ui_hline(ui, r.x + 1, y, r.w - 2, COLOR_LINE);
        }
        y += row_draw(ui, rect_make(r.x, y, r.w, 0), v, &members[i], i);
    }
    ui_group_end(ui);
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

static void team_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct views *v = app_views(app);
    const struct frame frame = { .title = tr("Team"),
                                 .has_actions = true,
                                 .place = FRAME_TEAM };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);
    const struct button patrol = { .kind = BUTTON_SECONDARY,
                                   .id = CTL_TEAM_PATROL,
                                   .icon = ICON_PATROL,
                                   .label = tr("My patrol") };
    const struct button book = { .kind = BUTTON_SECONDARY,
                                 .id = CTL_TEAM_BOOK,
                                 .icon = ICON_NOTEBOOK,
                                 .label = tr("My notebook") };
    struct rect r = areas.main;
    struct rect row = areas.actions;
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + 24;

    (void)model;
    r.y = y;
    y += rows_draw(ui, r, v);
    y += 16;
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 v->reviews.as_of_ms != 0
                     ? ui_fmt(ui, tr("As of %s: what has arrived here."),
                              ui_iso(ui, fmt_when(ui, v->reviews.as_of_ms,
                                                  v->status.now_ms)))
                     : tr("What has arrived here."));
    ui_scroll_end(ui, y + 20);
    ui_part(ui, UI_ACTIONS);
    button_at_end(ui, &row, 16, &patrol);
    button_at_end(ui, &row, 16, &book);
    ui_part(ui, UI_CONTENT);
}

const struct screen screen_team = {
    .name = "team",
    .model_size = sizeof(struct team_model),
    .enter = team_enter,
    .handle = team_handle,
    .draw = team_draw,
};
