/* screen_sync.c - proof that what I made has arrived whole. */
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"
#include "ui/trouble.h"

struct sync_model {
    char unused;
};

static void sync_enter(void *model, struct nav *nav)
{
    (void)model;
    (void)nav;
}

/* What was refused is not sent again by itself: its line of the notebook is
 * where the officer reads it and amends it. */
static enum go open_record(struct nav *nav, const char *id)
{
    const enum err err = app_open_about(nav->app, id);

    if (err) {
        nav_failed(nav, err);
        return GO_STAY;
    }
    return GO_NOTEBOOK;
}

static enum go sync_handle(void *model, const struct ui_event *ev,
                           struct nav *nav)
{
    const struct views *v = app_views(nav->app);
    enum err err = ERR_OK;

    (void)model;
    if (ev->kind != UI_TAP) {
        return ev->kind == UI_GO_BACK ? GO_BACK : GO_STAY;
    }
    if (ev->id == CTL_SYNC_CONFLICTS) {
        return GO_CONFLICTS;
    }
    if (ev->id == CTL_SYNC_FIX && v->sync.problem.id[0] != '\0') {
        return open_record(nav, v->sync.problem.id);
    }
    if (ev->id == CTL_SYNC_NOW || ev->id == CTL_SYNC_FIX) {
        err = app_send(nav->app, CMD_SYNC_NOW);
    } else if (ev->id == CTL_SYNC_PAUSE) {
        err = app_send_on(nav->app, CMD_PAUSE_SYNC, !v->status.is_paused);
    } else if (ev->id == CTL_SYNC_HOLD) {
        err = app_send_on(nav->app, CMD_HOLD_PHOTOS, !v->sync.holds_photos);
    }
    if (err) {
        nav_failed(nav, err);
    }
    return GO_STAY;
}

/* --- draw: what did not go --- */

static int draw_problem(struct ui *ui, struct rect r, const struct views *v)
{
    const struct button again = { .kind = BUTTON_PRIMARY_SMALL,
                                  .id = CTL_SYNC_FIX,
                                  .label = v->sync.problem.id[0] != '\0'
                                               ? tr("Open record")
                                               : tr("Send again") };
    const int count = v->status.refused_count > 0 ? v->status.refused_count : 1;
    const char *title = ui_fmt(
        ui, trn("%d did not go: %s", "%d did not go: %s", (unsigned long)count),
        count, ui_iso(ui, v->sync.problem.title));
    const int icon = ui_icon_size(ui, S_ICON_M);
    const int bw = button_width(ui, &again);
    const bool stacked = r.w - 34 - icon - 32 - bw < 300;
    const int room = r.w - 38 - icon - 16 - (stacked ? 0 : bw + 16);
    const int text =
        ui_text_height(ui, TYPE_LABEL, title, room) +
        ui_text_height(ui, TYPE_SMALL, v->sync.problem.reason, room);
    const int bh = button_height(ui, &again, bw);
    struct rect row;
    int y = r.y + 16;

    r.h = text + 32 + (stacked ? bh + 12 : 0);
    r.h = r.h < bh + 32 ? bh + 32 : r.h;
    (void)ui_box(ui, r, COLOR_SURFACE, COLOR_DANGER_TEXT, S_BORDER_STRONG,
                 R_CARD);
    ui_icon(ui, r.x + 22, r.y + 16 + (text - icon) / 2, icon, ICON_ALERT,
            COLOR_DANGER_TEXT);
    y += ui_text(ui, rect_make(r.x + 38 + icon, y, room, 0), TYPE_LABEL,
                 COLOR_TEXT, 0, title);
    (void)ui_text(ui, rect_make(r.x + 38 + icon, y, room, 0), TYPE_SMALL,
                  COLOR_TEXT, 0, v->sync.problem.reason);
    row = rect_make(r.x, stacked ? r.y + r.h - bh - 16 : r.y, r.w - 14,
                    stacked ? bh : r.h);
    button_at_end(ui, &row, 0, &again);
    return r.h;
}

/* --- draw: two versions --- */

static int draw_conflicts(struct ui *ui, struct rect r,
                          const struct view_conflicts *c)
{
    const char *words = ui_fmt(ui,
                               trn("%d record has two versions to settle",
                                   "%d records have two versions to settle",
                                   (unsigned long)c->item_count),
                               c->item_count);
    const int icon = ui_icon_size(ui, 28);
    const int room = r.w - 40 - 2 * icon - 32;

    r.h = ui_text_height(ui, TYPE_LABEL, words, room) + 40;
    (void)ui_card(ui, r);
    ui_icon(ui, r.x + 20, r.y + (r.h - icon) / 2, icon, ICON_SPLIT,
            COLOR_WARN_TEXT);
    (void)ui_text(ui, rect_make(r.x + 36 + icon, r.y, room, r.h), TYPE_LABEL,
                  COLOR_TEXT, UI_MID, words);
    ui_icon(ui, r.x + r.w - 20 - icon, r.y + (r.h - icon) / 2, icon, ICON_FWD,
            COLOR_TEXT);
    ui_target(ui, r, CTL_SYNC_CONFLICTS, 0, NULL, R_CARD, 0, words);
    return r.h;
}

/* --- draw: on its way --- */

static const char *left_words(struct ui *ui, const struct view_sync *s)
{
    const char *left =
        ui_iso(ui, fmt_bytes(ui, s->total_bytes - s->sent_bytes));

    if (s->seconds_left < 0) {
        return ui_fmt(ui, tr("%s left"), left);
    }
    return ui_fmt(ui,
                  trn("%s left, about %d second", "%s left, about %d seconds",
                      (unsigned long)s->seconds_left),
                  left, s->seconds_left);
}

/* "1.2 of 3.4 MB": the unit once where it is the same. */
static const char *sent_words(struct ui *ui, const struct view_sync *s)
{
    const char *sent = fmt_bytes(ui, s->sent_bytes);
    const char *total = fmt_bytes(ui, s->total_bytes);
    const char *unit = strchr(sent, ' ');
    const char *same = strchr(total, ' ');

    if (unit != NULL && same != NULL && strcmp(unit, same) == 0) {
        sent = draw_keep(&ui->list, sent, (size_t)(unit - sent));
    }
    return ui_fmt(ui, tr("%s of %s"), ui_iso(ui, sent), ui_iso(ui, total));
}

static int draw_sending(struct ui *ui, struct rect r, const struct view_sync *s,
                        const struct app *app)
{
    const struct image *image = app_image(app, s->sending_image);
    const char *size = sent_words(ui, s);
    const int size_w = ui_text_width(ui, TYPE_SMALL_B, size);
    const int x = r.x + (image != NULL ? 72 : 0);
    const int w = r.x + r.w - x;
    const bool stacked = w - size_w - 12 < 240;
    int y = r.y;

    if (image != NULL) {
        (void)draw_image(&ui->list, rect_make(r.x, y + 6, 56, 56), image,
                         R_FIELD);
    }
    if (!stacked) {
        (void)ui_text(ui, rect_make(x + w - size_w, y, size_w, 0), TYPE_SMALL_B,
                      COLOR_TEXT, 0, size);
    }
    y += ui_text(ui, rect_make(x, y, stacked ? w : w - size_w - 12, 0),
                 TYPE_LABEL, COLOR_TEXT, 0, s->sending);
    if (stacked) {
        y += ui_text(ui, rect_make(x, y, w, 0), TYPE_SMALL_B, COLOR_TEXT, 0,
                     size);
    }
    progress_draw(
        ui, rect_make(x, y + 6, w, 10),
        s->total_bytes > 0 ? (int)(s->sent_bytes * 1000 / s->total_bytes) : 0);
    y += 20;
    y += ui_text(ui, rect_make(x, y, w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 left_words(ui, s));
    return y - r.y;
}

static const char *rest_words(struct ui *ui, const struct views *v)
{
    if (v->status.is_paused) {
        return tr("Paused by you.");
    }
    if (v->status.trouble != TROUBLE_NONE) {
        return trouble_advice(v->status.trouble);
    }
    if (v->status.link == LINK_NONE) {
        return v->sync.tried_ms != 0
                   ? ui_fmt(ui, tr("Waits for a signal. Last try %s."),
                            fmt_when(ui, v->sync.tried_ms, v->status.now_ms))
                   : tr("Waits for a signal.");
    }
    return tr("Nothing is being sent now.");
}

static int draw_way(struct ui *ui, struct rect r, const struct views *v,
                    const struct app *app)
{
    const bool is_paused = v->status.is_paused;
    const struct button pause = { .kind = BUTTON_QUIET,
                                  .id = CTL_SYNC_PAUSE,
                                  .icon = is_paused ? ICON_PLAY : ICON_PAUSE,
                                  .label =
                                      is_paused ? tr("Go on") : tr("Pause") };
    const struct button now = { .kind = BUTTON_QUIET,
                                .id = CTL_SYNC_NOW,
                                .icon = ICON_SEND,
                                .label = tr("Send now") };
    const bool is_idle = !v->sync.is_sending && !is_paused;
    const int bh = button_height(ui, &pause, button_width(ui, &pause));
    const int card = ui_card(ui, r);
    struct rect row = rect_make(r.x + 21, r.y + 13, r.w - 34, bh);
    int y = row.y + bh + 8;

    button_at_end(ui, &row, 8, is_idle ? &now : &pause);
    (void)ui_text(ui, row, TYPE_TITLE_S, COLOR_TEXT, UI_MID, tr("On its way"));
    if (v->sync.is_sending && !is_paused) {
        y += draw_sending(ui, rect_make(r.x + 21, y, r.w - 42, 0), &v->sync,
                          app);
    } else {
        y += ui_text(ui, rect_make(r.x + 21, y, r.w - 42, 0), TYPE_BODY,
                     COLOR_TEXT_2, 0, rest_words(ui, v));
    }
    y += 19;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

/* --- draw: what waits --- */

static const struct {
    enum icon icon;
    enum color color;
} item_looks[] = {
    [ITEM_RECORD] = { ICON_ASB, COLOR_TEXT },
    [ITEM_NOTE] = { ICON_NOTEBOOK, COLOR_TEXT },
    [ITEM_PHOTO] = { ICON_IMAGE, COLOR_TEXT },
    [ITEM_SEALED] = { ICON_LOCK, COLOR_SEALED_TEXT },
    [ITEM_OTHER] = { ICON_ID, COLOR_TEXT },
};

static int draw_item(struct ui *ui, struct rect r, const struct view_item *i,
                     int64_t now_ms)
{
    const bool is_sealed = i->kind == ITEM_SEALED;
    struct list_row row = {
        .icon = item_looks[i->kind].icon,
        .icon_color = item_looks[i->kind].color,
        .title = i->title,
        .detail = i->photos > 0     ? ui_fmt(ui, tr("%d of %d photos arrived"),
                                             i->photos_held, i->photos)
                  : i->made_ms != 0 ? fmt_when(ui, i->made_ms, now_ms)
                                    : i->detail,
        .mark = is_sealed           ? MARK_SEALED
                : i->waits_for_wifi ? MARK_PAUSED
                                    : MARK_WAITING,
        .mark_text = is_sealed      ? tr("Sealed")
                     : i->bytes > 0 ? fmt_bytes(ui, i->bytes)
                                    : "",
    };

    r.h = list_row_height(ui, &row, r.w, 76);
    list_row_draw(ui, r, &row);
    return r.h;
}

/* What nobody typed, so that the list adds up to what waits. */
static int draw_own(struct ui *ui, struct rect r, int count)
{
    struct list_row row = {
        .icon = ICON_SYNC,
        .icon_color = COLOR_TEXT,
        .title =
            ui_fmt(ui,
                   trn("%d entry of the tablet itself",
                       "%d entries of the tablet itself", (unsigned long)count),
                   count),
        .detail = tr("Sign-ins, check-ins, the way walked"),
        .mark = MARK_WAITING,
        .mark_text = "",
    };

    r.h = list_row_height(ui, &row, r.w, 76);
    list_row_draw(ui, r, &row);
    return r.h;
}

static int draw_waiting(struct ui *ui, struct rect r, const struct views *v)
{
    const struct view_sync *s = &v->sync;
    const int count = v->status.waiting_count - (s->is_sending ? 1 : 0) -
                      (s->problem.title[0] != '\0' ? 1 : 0);
    const int items = count > 0 ? count : 0;
    const char *sum =
        s->item_bytes > 0
            ? ui_fmt(ui,
                     trn("%d item, %s", "%d items, %s", (unsigned long)items),
                     items, ui_iso(ui, fmt_bytes(ui, s->item_bytes)))
            : ui_fmt(ui, trn("%d item", "%d items", (unsigned long)items),
                     items);
    const char *title = tr("Waiting on this tablet");
    const int title_w = ui_text_width(ui, TYPE_TITLE_S, title);
    const int sum_w = ui_text_width(ui, TYPE_SMALL, sum);
    const bool stacked = title_w + sum_w + 60 > r.w;
    const int card = ui_card(ui, r);
    const int line = ui_line(ui, TYPE_TITLE_S);
    int y = r.y + 13;

    (void)ui_text(ui, rect_make(r.x + 21, y, r.w - 42, 0), TYPE_TITLE_S,
                  COLOR_TEXT, 0, title);
    y += stacked ? ui_text_height(ui, TYPE_TITLE_S, title, r.w - 42) : 2;
    (void)ui_text(
        ui, rect_make(stacked ? r.x + 21 : r.x + r.w - 21 - sum_w, y, sum_w, 0),
        TYPE_SMALL, COLOR_TEXT_2, 0, sum);
    y = stacked ? y + ui_line(ui, TYPE_SMALL) + 8 : r.y + 13 + line + 8;
    for (int i = 0; i < s->item_count; i++) {
        ui_hline(ui, r.x + 1, y, r.w - 2, COLOR_LINE);
        y += draw_item(ui, rect_make(r.x + 1, y, r.w - 2, 0), &s->items[i],
                       v->status.now_ms);
    }
    if (items > s->item_count && s->item_count < VIEW_ITEMS) {
        ui_hline(ui, r.x + 1, y, r.w - 2, COLOR_LINE);
        y += draw_own(ui, rect_make(r.x + 1, y, r.w - 2, 0),
                      items - s->item_count);
    }
    y += 1;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

static int draw_nothing(struct ui *ui, struct rect r, const struct view_sync *s)
{
    const int card = ui_card(ui, r);
    const int h =
        empty_draw(ui, rect_make(r.x + 24, r.y + 40, r.w - 48, 0),
                   ICON_CLOUD_CHECK, tr("Nothing waiting"),
                   ui_fmt(ui,
                          trn("The server holds %d record of this tablet.",
                              "All %d are held by the server.",
                              (unsigned long)s->made_count),
                          s->made_count));

    draw_set_height(&ui->list, card, h + 80);
    return h + 80;
}

/* --- draw: connection and what is held --- */

static const char *link_words(struct ui *ui, const struct view_status *st)
{
    if (st->link == LINK_WIFI) {
        return tr("Wi-Fi connected");
    }
    if (st->link == LINK_MOBILE) {
        return ui_fmt(ui,
                      trn("Mobile data, %d bar", "Mobile data, %d bars",
                          (unsigned long)st->link_bars),
                      st->link_bars);
    }
    if (st->trouble != TROUBLE_NONE) {
        return trouble_title(st->trouble);
    }
    return st->link == LINK_ANY ? tr("Connected") : tr("No connection");
}

static int draw_link(struct ui *ui, struct rect r, const struct views *v)
{
    const struct view_status *st = &v->status;
    const char *last = st->synced_ms != 0
                           ? ui_fmt(ui, tr("Last synced %s"),
                                    fmt_when(ui, st->synced_ms, st->now_ms))
                           : tr("Not synced yet");
    const char *rule = tr("Hold photos on mobile data");
    const char *note = tr("Text and SOS always go");
    const int icon = ui_icon_size(ui, S_ICON_M);
    const int card = ui_card(ui, r);
    const struct rect in = rect_inset(r, 21, 0);
    const int x = in.x + icon + 16;
    int y = r.y + 19;
    int h;

    ui_icon(ui, in.x, y + 8, icon,
            st->link == LINK_NONE ? ICON_SIGNAL_OFF : ICON_SIGNAL, COLOR_TEXT);
    y += ui_text(ui, rect_make(x, y, in.x + in.w - x, 0), TYPE_LABEL,
                 COLOR_TEXT, 0, link_words(ui, st));
    y += ui_text(ui, rect_make(x, y, in.x + in.w - x, 0), TYPE_SMALL,
                 COLOR_TEXT_2, 0, last);
    y += 14;
    ui_hline(ui, in.x, y, in.w, COLOR_LINE);
    y += 7;
    h = ui_text_height(ui, TYPE_LABEL, rule, in.w - 84) +
        ui_text_height(ui, TYPE_SMALL, note, in.w - 84) + 16;
    switch_row(ui, rect_make(in.x, y, in.w, h), CTL_SYNC_HOLD,
               v->sync.holds_photos, rule, note);
    y += h + 19;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

static int draw_kind(struct ui *ui, struct rect r, const struct view_kind *k)
{
    const bool is_all = k->held >= k->made;
    const int icon = ui_icon_size(ui, S_ICON);
    const int line = ui_line(ui, TYPE_BODY);
    const char *held = fmt_number(ui, k->held);
    const char *of = ui_fmt(ui, tr("of %d"), k->made);
    const int held_w = ui_text_width(ui, TYPE_BODY_B, held);
    const int of_w = ui_text_width(ui, TYPE_BODY, of);
    int x = r.x + r.w - icon - 16 - of_w;
    const int room = x - 5 - held_w - 8 - r.x;
    const int text = ui_text_height(ui, TYPE_BODY, tr(k->name), room);

    r.h = text + 22 < 50 ? 50 : text + 22;
    r.h = r.h < line + 22 ? line + 22 : r.h;
    ui_hline(ui, r.x, r.y, r.w, COLOR_LINE);
    (void)ui_text(ui, rect_make(r.x, r.y + 1, room, r.h), TYPE_BODY, COLOR_TEXT,
                  UI_MID, tr(k->name));
    (void)ui_text(ui, rect_make(x, r.y + 1, of_w, r.h), TYPE_BODY, COLOR_TEXT_2,
                  UI_MID, of);
    x -= 5 + held_w;
    (void)ui_text(ui, rect_make(x, r.y + 1, held_w, r.h), TYPE_BODY_B,
                  COLOR_TEXT, UI_MID, held);
    ui_icon(ui, r.x + r.w - icon, r.y + (r.h - icon) / 2 + 1, icon,
            is_all ? ICON_CHECK : ICON_CLOUD_UP,
            is_all ? COLOR_OK_TEXT : COLOR_PRIMARY_TEXT);
    return r.h;
}

static int draw_held(struct ui *ui, struct rect r, const struct view_sync *s,
                     int least)
{
    const char *promise =
        tr("Nothing is cleared from this tablet until the server has named "
           "it and its check matches. It is then kept 35 more days.");
    const int icon = ui_icon_size(ui, 36);
    const int card = ui_card(ui, r);
    const struct rect in = rect_inset(r, 21, 0);
    const int x = in.x + icon + 16;
    int y = r.y + 17;

    ui_icon(ui, in.x, y + 8, icon, ICON_CLOUD_CHECK, COLOR_OK_TEXT);
    y += ui_text(ui, rect_make(x, y, in.x + in.w - x, 0), TYPE_TITLE_S,
                 COLOR_TEXT, 0,
                 ui_fmt(ui, tr("The server holds %d of %d"), s->held_count,
                        s->made_count));
    y += ui_text(ui, rect_make(x, y, in.x + in.w - x, 0), TYPE_SMALL,
                 COLOR_TEXT_2, 0, tr("Each one checked, byte for byte"));
    y += 12;
    for (int i = 0; i < s->kind_count; i++) {
        y += draw_kind(ui, rect_make(in.x, y, in.w, 0), &s->kinds[i]);
    }
    y += 8;
    y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 promise);
    y += 17;
    y = y - r.y < least ? r.y + least : y;
    draw_set_height(&ui->list, card, y - r.y);
    return y - r.y;
}

/* --- draw --- */

static int draw_left(struct ui *ui, struct rect r, const struct views *v,
                     const struct app *app)
{
    const bool is_all = v->status.waiting_count == 0;
    int y = r.y;

    if (v->sync.problem.title[0] != '\0') {
        y += draw_problem(ui, rect_make(r.x, y, r.w, 0), v) + 16;
    }
    if (v->conflicts.item_count > 0) {
        y += draw_conflicts(ui, rect_make(r.x, y, r.w, 0), &v->conflicts) + 16;
    }
    if (is_all) {
        return y + draw_nothing(ui, rect_make(r.x, y, r.w, 0), &v->sync);
    }
    y += draw_way(ui, rect_make(r.x, y, r.w, 0), v, app) + 16;
    if (v->sync.item_count > 0 || v->status.waiting_count > 0) {
        y += draw_waiting(ui, rect_make(r.x, y, r.w, 0), v);
    }
    return y;
}

static int draw_right(struct ui *ui, struct rect r, const struct views *v,
                      int bottom)
{
    int y = r.y;

    y += draw_link(ui, rect_make(r.x, y, r.w, 0), v) + 16;
    return y + draw_held(ui, rect_make(r.x, y, r.w, 0), &v->sync, bottom - y);
}

static void sync_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct views *v = app_views(app);
    const struct frame frame = { .title = tr("Sync"), .place = 4 };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);
    const struct rect r = areas.main;
    const bool is_wide = r.w > 900 && ui->percent < 150;
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + (is_wide ? 24 : 20);

    (void)model;
    if (is_wide) {
        struct rect a = rect_columns(r, 0, 7);
        struct rect b = rect_columns(r, 7, 5);
        int left;

        a.y = y;
        b.y = y;
        left = draw_left(ui, a, v, app);
        y = draw_right(ui, b, v, y + r.h - 48);
        y = left > y ? left : y;
    } else {
        y = draw_left(ui, rect_make(r.x, y, r.w, 0), v, app) + 16;
        y = draw_right(ui, rect_make(r.x, y, r.w, 0), v, 0);
    }
    ui_scroll_end(ui, y + 24);
}

const struct screen screen_sync = {
    .name = "sync",
    .model_size = sizeof(struct sync_model),
    .enter = sync_enter,
    .handle = sync_handle,
    .draw = sync_draw,
};
