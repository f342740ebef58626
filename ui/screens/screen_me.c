/* screen_me.c - who is signed in: lock, sign out, help, how it all looks. */
#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"
#include "ui/screens/signin.h"

#define WIDE 1000 /* two columns */

static void me_enter(void *model, struct nav *nav)
{
    (void)model;
    (void)nav;
}

/* --- handle --- */

static enum go sent(struct nav *nav, enum command_kind kind)
{
    const enum err err = app_send(nav->app, kind);

    if (err) {
        nav_failed(nav, err);
    }
    return GO_STAY;
}

/* Nobody goes home with a patrol that runs: its end comes first. */
static enum go sign_out(struct nav *nav)
{
    return app_views(nav->app)->home.patrol != PATROL_OFF
               ? GO_END
               : sent(nav, CMD_SIGN_OUT);
}

static enum go me_handle(void *model, const struct ui_event *ev,
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
    case CTL_ME_LOCK:
        return sent(nav, CMD_LOCK);
    case CTL_ME_OUT:
        return sign_out(nav);
    case CTL_ME_HELP:
        return GO_HELP;
    case CTL_LIBRARY_OPEN:
        return GO_LIBRARY;
    default:
        (void)signin_set(nav, ev->id);
        return GO_STAY;
    }
}

/* --- draw --- */

struct row {
    uint16_t id;
    enum icon icon;
    const char *title;
    const char *detail;
};

/* Returns its height. */
static int draw_row(struct ui *ui, struct rect r, const struct row *row)
{
    const int icon = ui_icon_size(ui, 28);
    const int x = r.x + 20 + icon + 16;
    const int room = r.w - 40 - icon - 16;
    const int text = ui_text_height(ui, TYPE_LABEL, row->title, room) +
                     ui_text_height(ui, TYPE_SMALL, row->detail, room);
    int y;

    r.h = text + 32 < 88 ? 88 : text + 32;
    (void)ui_box(ui, r,
                 ui_is_pressed(ui, row->id, 0) ? COLOR_SUNKEN : COLOR_SURFACE,
                 COLOR_LINE_STRONG, S_BORDER, R_CARD);
    ui_icon(ui, r.x + 20, r.y + (r.h - icon) / 2, icon, row->icon, COLOR_TEXT);
    y = r.y + (r.h - text) / 2;
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 row->title);
    (void)ui_text(ui, rect_make(x, y, room, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                  row->detail);
    ui_target(ui, r, row->id, 0, NULL, R_CARD, 0, row->title);
    return r.h;
}

static struct row lock_row(const struct views *v)
{
    const struct row row = {
        CTL_ME_LOCK, ICON_LOCK, tr("Lock this tablet"),
        v->home.patrol != PATROL_OFF
            ? tr("Your patrol, its track and sending go on. Your PIN opens it "
                 "again.")
            : tr("Your PIN opens it again. It locks by itself after three "
                 "minutes.")
    };

    return row;
}

static struct row out_row(struct ui *ui, const struct views *v)
{
    struct row row = { CTL_ME_OUT, ICON_OUT, tr("Sign out"),
                       tr("Nothing is waiting to be sent.") };

    if (v->home.patrol != PATROL_OFF) {
        row.title = tr("End patrol, then sign out");
        row.detail = tr("A patrol is running. Its end sheet comes first.");
    } else if (v->status.waiting_count > 0) {
        row.detail =
            ui_fmt(ui,
                   trn("%d still waits here. It is safe and goes when somebody "
                       "signs in.",
                       "%d still wait here. They are safe and go when somebody "
                       "signs in.",
                       (unsigned long)v->status.waiting_count),
                   v->status.waiting_count);
    }
    return row;
}

static int draw_rows(struct ui *ui, struct rect r, const struct row *rows,
                     size_t count)
{
    for (size_t i = 0; i < count; i++) {
        r.y += draw_row(ui, r, &rows[i]) + 12;
    }
    return r.y;
}

/* Language, text size, light: what each is now; a touch takes the next. */
static int draw_look(struct ui *ui, struct rect r)
{
    const char *const titles[] = { tr("Language"), tr("Text size"),
                                   tr("Light") };
    struct button all[SIGNIN_SETTINGS];
    const struct row card = { CTL_LIBRARY_OPEN, ICON_ALERT,
                              tr("Emergency card"),
                              tr("Whom to call, and what to do first.") };

    signin_setting(ui, all);
    r.y = draw_rows(ui, r, &card, 1);
    for (size_t i = 0; i < ARRAY_LEN(titles); i++) {
        const struct row row = { all[i].id, all[i].icon, titles[i],
                                 i == 0 ? signin_languages(ui) : all[i].label };

        r.y = draw_rows(ui, r, &row, 1);
    }
    return r.y;
}

static void me_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct views *v = app_views(app);
    const struct frame frame = { .title = v->status.officer, .has_back = true };
    const struct rect main = frame_draw(ui, &v->status, &frame).main;
    const struct row rows[] = {
        lock_row(v),
        out_row(ui, v),
        { CTL_ME_HELP, ICON_HELP, tr("How to use this tablet"),
          tr("A shift from sign-in to sign-out, and what to do when "
             "something is in the way. F1 on a keyboard.") },
    };
    const bool is_wide = main.w >= WIDE && ui->percent < 150;
    struct rect r = main;
    int end, other;

    (void)model;
    r.y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, main) + 24;
    r.w = is_wide ? (main.w - 16) / 2 : main.w;
    end = draw_rows(ui, r, rows, ARRAY_LEN(rows));
    if (is_wide) {
        r.x += r.w + 16;
    } else {
        r.y = end;
    }
    other = draw_look(ui, r);
    ui_scroll_end(ui, (other > end ? other : end) + 12);
}

const struct screen screen_me = {
    .name = "me",
    .model_size = 0,
    .enter = me_enter,
    .handle = me_handle,
    .draw = me_draw,
};
