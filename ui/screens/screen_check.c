/* screen_check.c - is this tablet fit for the shift, and what to do else. */
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"
#include "ui/screens/signin.h"
#include "ui/sheet.h"
#include "ui/trouble.h"

struct check_model {
    bool asks_pin; /* the sheet for a duress PIN */
    struct signin_model pad;
};

static void told(struct nav *nav, enum err err)
{
    if (err) {
        nav_failed(nav, err);
    }
}

static void check_enter(void *model, struct nav *nav)
{
    (void)model;
    told(nav, app_send(nav->app, CMD_CHECK_TABLET));
}

/* --- handle --- */

static void open_sheet(struct check_model *m, bool is_open)
{
    m->asks_pin = is_open;
    wipe(&m->pad, sizeof(m->pad));
    m->pad.step = STEP_NEW;
}

/* Typed once, and once more the same. */
static void pin_done(struct check_model *m, struct nav *nav)
{
    struct signin_model *p = &m->pad;

    if (p->step == STEP_NEW) {
        memcpy(p->first, p->pin, sizeof(p->first));
        wipe(p->pin, sizeof(p->pin));
        p->step = STEP_AGAIN;
        return;
    }
    if (strcmp(p->first, p->pin) == 0) {
        told(nav, app_secret(nav->app, CMD_SET_DURESS, NULL, p->pin));
        open_sheet(m, false);
        return;
    }
    open_sheet(m, true);
    p->is_different = true;
}

static enum go sheet_event(struct check_model *m, const struct ui_event *ev,
                           struct nav *nav)
{
    const size_t len = strlen(m->pad.pin);

    if (ev->id == CTL_SHEET_CANCEL || ev->id == CTL_SIGNIN_CANCEL ||
        ev->kind == UI_GO_BACK) {
        open_sheet(m, false);
    } else if (ev->kind == UI_TAP && ev->id == CTL_SIGNIN_DELETE && len > 0) {
        m->pad.pin[len - 1] = '\0';
    } else if (ev->kind == UI_TAP && ev->id == CTL_SIGNIN_KEY) {
        m->pad.pin[len] = (char)('0' + ev->index);
        m->pad.pin[len + 1] = '\0';
        if (len + 1 == PIN_DIGITS) {
            pin_done(m, nav);
        }
    }
    return GO_STAY;
}

static enum go check_handle(void *model, const struct ui_event *ev,
                            struct nav *nav)
{
    struct check_model *m = model;

    if (m->asks_pin) {
        return sheet_event(m, ev, nav);
    }
    if (ev->kind == UI_GO_BACK) {
        return GO_BACK;
    }
    if (ev->kind != UI_TAP) {
        return GO_STAY;
    }
    switch (ev->id) {
    case CTL_CHECK_AGAIN:
        told(nav, app_send(nav->app, CMD_CHECK_TABLET));
        return GO_STAY;
    case CTL_CHECK_DURESS:
        open_sheet(m, true);
        return GO_STAY;
    case CTL_CHECK_START:
        told(nav, app_send(nav->app, CMD_START_PATROL));
        return GO_BACK;
    default:
        return GO_STAY;
    }
}

/* --- draw: one line a thing looked at --- */

struct line {
    const char *title;
    const char *found;
    const char *what_to_do; /* "" where all is right */
};

static struct line chain_line(struct ui *ui, const struct view_check_item *i)
{
    const struct line line = {
        tr("Notebook"),
        i->state == CHECK_RIGHT
            ? ui_fmt(ui,
                     trn("The last %d entry fits its chain",
                         "The last %d entries fit their chain",
                         (unsigned long)i->number),
                     (int)i->number)
            : tr("An entry does not fit its chain"),
        i->state == CHECK_RIGHT
            ? ""
            : tr("Go on writing: nothing is lost. Tell your team leader "
                 "today.")
    };

    return line;
}

static const char *off_words(struct ui *ui, int64_t seconds)
{
    const int64_t days = seconds / (24 * 3600);

    return days < 2 ? ui_iso(ui, fmt_timer(ui, seconds * 1000))
                    : ui_fmt(ui, trn("%d day", "%d days", (unsigned long)days),
                             (int)days);
}

static struct line clock_line(struct ui *ui, const struct view_check_item *i)
{
    struct line line = { tr("Clock"), tr("Nothing to compare it with yet"),
                         tr("It is compared when there is a position or a "
                            "connection.") };

    if (i->state == CHECK_RIGHT) {
        line.found = i->other == CLOCK_BY_GNSS
                         ? tr("Agrees with the satellites")
                         : tr("Agrees with the council");
        line.what_to_do = "";
    } else if (i->state != CHECK_NOT_HERE) {
        line.found = i->other == CLOCK_BY_DATE ? trouble_title(TROUBLE_DATE)
                     : i->other == CLOCK_BY_GNSS
                         ? ui_fmt(ui, tr("%s off, by the satellites"),
                                  off_words(ui, i->number))
                         : ui_fmt(ui, tr("%s off, by the council’s clock"),
                                  off_words(ui, i->number));
        line.what_to_do = tr("Set the tablet’s time. Each entry keeps all "
                             "clocks, so none is wrong for it.");
    }
    return line;
}

static struct line fix_line(struct ui *ui, const struct view_check_item *i)
{
    const struct line line = {
        tr("Position"),
        i->number > 0    ? ui_fmt(ui, tr("Known to %d m"), (int)i->number)
        : i->number == 0 ? tr("Known, the receiver does not say how well")
                         : tr("Not known yet"),
        i->state == CHECK_RIGHT
            ? ""
            : tr("Step outside for a minute. Without it, choose the place by "
                 "hand.")
    };

    return line;
}

static struct line storage_line(struct ui *ui, const struct view_check_item *i)
{
    const struct line line = {
        tr("Space"),
        ui_fmt(ui, tr("%s free"),
               ui_iso(ui, fmt_bytes(ui, i->number * 1024 * 1024))),
        i->state == CHECK_RIGHT
            ? ""
            : tr("Sync on Wi-Fi: what the council holds makes room. Text "
                 "still fits when photos do not.")
    };

    return line;
}

static struct line forms_line(struct ui *ui, const struct view_check_item *i,
                              int64_t now_ms)
{
    const char *count =
        ui_fmt(ui, trn("%d form", "%d forms", (unsigned long)i->number),
               (int)i->number);
    const char *when = i->other != 0 ? fmt_when(ui, i->other, now_ms) : NULL;
    const struct line line = {
        tr("Forms"),
        when != NULL
            ? ui_fmt(ui, tr("%s, last synced %s"), count, ui_iso(ui, when))
            : ui_fmt(ui, tr("%s, never synced"), count),
        i->state == CHECK_RIGHT
            ? ""
            : tr("Sync once before you go, where there is a connection.")
    };

    return line;
}

static struct line powers_line(struct ui *ui, const struct view_check *v)
{
    const struct view_check_item *i = &v->items[CHECK_POWERS];
    struct line line = {
        tr("Accreditation"), tr("Not kept on this tablet"),
        tr("Carry your card: it says what you may do, and where.")
    };

    if (i->state == CHECK_NOT_HERE) {
        return line;
    }
    if (v->until[0] == '\0') {
        line.found = tr("You hold no card");
        line.what_to_do = tr("You may record and advise. Ask your team leader "
                             "before you use a power.");
        return line;
    }
    line.found = ui_fmt(
        ui,
        i->state == CHECK_WRONG ? tr("Ended on %s: %s") : tr("Until %s: %s"),
        ui_iso(ui, fmt_iso_day(ui, v->until)), ui_iso(ui, v->issuer));
    if (i->state == CHECK_WRONG) {
        line.what_to_do = tr("Do not use its powers. Ask your team leader for "
                             "a new card.");
    } else if (i->state == CHECK_LOOK) {
        line.what_to_do = tr("It ends soon. Ask your team leader for a new "
                             "card now.");
    } else {
        line.what_to_do = ui_fmt(ui,
                                 trn("%d power. The library shows which.",
                                     "%d powers. The library shows which.",
                                     (unsigned long)i->number),
                                 (int)i->number);
    }
    return line;
}

static struct line line_of(struct ui *ui, const struct view_check *v, int kind,
                           int64_t now_ms)
{
    const struct line printer = { tr("Printer"), tr("None on this tablet"),
                                  tr("Notices are printed at the office.") };

    switch ((enum check_kind)kind) {
    case CHECK_CHAIN:
        return chain_line(ui, &v->items[kind]);
    case CHECK_CLOCK:
        return clock_line(ui, &v->items[kind]);
    case CHECK_FIX:
        return fix_line(ui, &v->items[kind]);
    case CHECK_STORAGE:
        return storage_line(ui, &v->items[kind]);
    case CHECK_FORMS:
        return forms_line(ui, &v->items[kind], now_ms);
    case CHECK_POWERS:
        return powers_line(ui, v);
    default:
        return printer;
    }
}

static int draw_row(struct ui *ui, struct rect r, const struct line *line,
                    enum check_state state)
{
    static const enum icon icons[] = { ICON_CHECK, ICON_WARN, ICON_ALERT,
                                       ICON_MINUS };
    static const enum color colors[] = { COLOR_OK_TEXT, COLOR_WARN_TEXT,
                                         COLOR_DANGER_TEXT, COLOR_TEXT_2 };
    const int icon = ui_icon_size(ui, 28);
    const int x = r.x + 20 + icon + 16;
    const int room = r.w - 40 - icon - 16;
    int y = r.y + 14;

    ui_icon(ui, r.x + 20, y, icon, icons[state], colors[state]);
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_LABEL, COLOR_TEXT, 0,
                 line->title);
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_BODY, COLOR_TEXT, 0,
                 line->found);
    y += ui_text(ui, rect_make(x, y, room, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 line->what_to_do);
    return y + 14 - r.y;
}

static int draw_rows(struct ui *ui, struct rect r, const struct view_check *v,
                     int from, int to, int64_t now_ms)
{
    const int card = ui_card(ui, r);
    int y = r.y;

    for (int i = from; i < to; i++) {
        const struct line line = line_of(ui, v, i, now_ms);

        if (i > from) {
            ui_hline(ui, r.x + 1, y, r.w - 2, COLOR_LINE);
        }
        y += draw_row(ui, rect_make(r.x, y, r.w, 0), &line, v->items[i].state);
    }
    draw_set_height(&ui->list, card, y - r.y);
    return y;
}

/* --- draw --- */

static int draw_button(struct ui *ui, struct rect r, const struct button *b)
{
    const int most = button_width(ui, b);

    r.w = most < r.w ? most : r.w;
    r.h = button_height(ui, b, r.w);
    button_draw(ui, r, b);
    return r.h;
}

static void draw_page(struct ui *ui, struct rect main, const struct views *v)
{
    const struct button again = { .kind = BUTTON_SECONDARY,
                                  .id = CTL_CHECK_AGAIN,
                                  .icon = ICON_SYNC,
                                  .label = tr("Look again") };
    const struct button duress = { .kind = BUTTON_QUIET,
                                   .id = CTL_CHECK_DURESS,
                                   .icon = ICON_LOCK,
                                   .label = tr("Set a duress PIN") };
    const bool is_wide = main.w > 900 && ui->percent < 150;
    const int half = is_wide ? CHECK_STORAGE + 1 : CHECK__COUNT;
    struct rect r = main;
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, main) + 24;
    int end;

    r.w = is_wide ? (main.w - 16) / 2 : main.w;
    end = draw_rows(ui, rect_make(r.x, y, r.w, 0), &v->check, 0, half,
                    v->status.now_ms);
    if (is_wide) {
        const int other =
            draw_rows(ui, rect_make(r.x + r.w + 16, y, r.w, 0), &v->check, half,
                      CHECK__COUNT, v->status.now_ms);

        end = other > end ? other : end;
    }
    y = end + 16;
    y += draw_button(ui, rect_make(r.x, y, main.w, 0), &again) + 8;
    y += draw_button(ui, rect_make(r.x, y, main.w, 0), &duress);
    ui_scroll_end(ui, y + 24);
}

static void draw_pin_sheet(struct ui *ui, const struct check_model *m)
{
    struct sheet sheet = { .title = m->pad.step == STEP_AGAIN
                                        ? tr("Once more the same")
                                        : tr("Choose a duress PIN"),
                           .width = 560,
                           .cancel = tr("Cancel") };
    const struct rect r = sheet_begin(ui, &sheet);
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT, 0,
                 m->pad.is_different
                     ? tr("The two were not the same. Choose again.")
                     : tr("It looks like signing in, calls for help without "
                          "a sign of it, and shows no persons, places or "
                          "notes.")) +
         16;
    y += signin_pad(ui, rect_make(r.x, y, r.w, 0), &m->pad, false);
    sheet_end(ui, &sheet, y);
}

static void check_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct check_model *m = model;
    const struct views *v = app_views(app);
    const bool can_start = v->home.patrol == PATROL_OFF;
    const struct frame frame = { .title = tr("Before you start"),
                                 .has_back = true,
                                 .has_actions = can_start,
                                 .place = 0 };
    const struct frame_areas areas = frame_draw(ui, &v->status, &frame);
    const struct button start = { .kind = BUTTON_PRIMARY,
                                  .id = CTL_CHECK_START,
                                  .icon = ICON_PLAY,
                                  .label = tr("Start patrol") };

    draw_page(ui, areas.main, v);
    if (can_start) {
        struct rect row = areas.actions;

        ui_part(ui, UI_ACTIONS);
        button_at_end(ui, &row, 0, &start);
        ui_part(ui, UI_CONTENT);
    }
    if (m->asks_pin) {
        draw_pin_sheet(ui, m);
    }
}

const struct screen screen_check = {
    .name = "check",
    .model_size = sizeof(struct check_model),
    .enter = check_enter,
    .handle = check_handle,
    .draw = check_draw,
};
