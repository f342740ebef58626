/* screen_signin.c - a shared tablet knows who holds it, with no network. */
#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"
#include "ui/sheet.h"

#define PIN_DIGITS 6
#define ASIDE_W    384
#define KEY_H      88
#define KEY_GAP    12

struct signin_model {
    int officer;
    char pin[PIN_DIGITS + 1];
    uint32_t attempt;    /* of the answer that was seen */
    bool asks_forgotten; /* the sheet that says what to do */
};

static const char *const theme_names[THEME__COUNT] = { N_("Day"), N_("Night"),
                                                       N_("Contrast") };
static const enum icon theme_icons[THEME__COUNT] = { ICON_SUN, ICON_MOON,
                                                     ICON_CONTRAST };

/* Languages name themselves: not for translation. */
static const struct {
    const char *code;
    const char *name;
} languages[] = { { "en", "English" },
                  { "cy", "Cymraeg" },
                  { "ar", "العربية" } };

static void signin_enter(void *model, struct nav *nav)
{
    struct signin_model *m = model;

    m->attempt = app_views(nav->app)->signin.attempt;
}

/* --- handle --- */

static size_t language_index(void)
{
    for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
        if (strcmp(languages[i].code, tr_lang()) == 0) {
            return i;
        }
    }
    return 0;
}

static void next_language(struct nav *nav)
{
    const size_t next = (language_index() + 1) % ARRAY_LEN(languages);
    enum err err = nav_set_language(nav, languages[next].code);

    if (!err) {
        err = app_set_language(nav->app, languages[next].code);
    }
    if (err) {
        nav_failed(nav, err);
    }
}

static void next_text_size(struct nav *nav)
{
    static const int steps[] = { 100, 125, 150, 200 };

    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        if (steps[i] > nav->ui.percent) {
            nav_set_text(nav, steps[i]);
            return;
        }
    }
    nav_set_text(nav, steps[0]);
}

static void put_digit(struct signin_model *m, int digit, struct nav *nav)
{
    const struct view_signin *v = &app_views(nav->app)->signin;
    const size_t len = strlen(m->pin);
    enum err err;

    if (v->state == SIGNIN_CHECKING || v->state == SIGNIN_LOCKED ||
        len >= PIN_DIGITS || m->officer >= v->officer_count) {
        return;
    }
    m->pin[len] = (char)('0' + digit);
    m->pin[len + 1] = '\0';
    if (len + 1 < PIN_DIGITS) {
        return;
    }
    err = app_sign_in(nav->app, v->officers[m->officer].id, m->pin);
    if (err) {
        wipe(m->pin, sizeof(m->pin));
        nav_failed(nav, err);
    }
}

static void erase_digit(struct signin_model *m)
{
    const size_t len = strlen(m->pin);

    if (len > 0) {
        m->pin[len - 1] = '\0';
    }
}

static enum go signin_handle(void *model, const struct ui_event *ev,
                             struct nav *nav)
{
    struct signin_model *m = model;

    if (m->asks_forgotten) {
        m->asks_forgotten =
            ev->id != CTL_SHEET_CANCEL && ev->kind != UI_GO_BACK;
        return GO_STAY;
    }
    if (ev->kind != UI_TAP) {
        return GO_STAY;
    }
    switch (ev->id) {
    case CTL_SIGNIN_OFFICER:
        m->officer = ev->index;
        wipe(m->pin, sizeof(m->pin));
        break;
    case CTL_SIGNIN_KEY:
        put_digit(m, ev->index, nav);
        break;
    case CTL_SIGNIN_DELETE:
        erase_digit(m);
        break;
    case CTL_SIGNIN_FORGOTTEN:
        m->asks_forgotten = true;
        break;
    case CTL_SIGNIN_THEME:
        nav_set_theme(nav, (enum theme_id)((nav->ui.theme + 1) % THEME__COUNT));
        break;
    case CTL_SIGNIN_TEXT:
        next_text_size(nav);
        break;
    case CTL_SIGNIN_LANG:
        next_language(nav);
        break;
    case CTL_LIBRARY_OPEN:
        return GO_LIBRARY;
    default:
        break;
    }
    return GO_STAY;
}

/* A wrong PIN empties the dots; the line below says how many are left. */
static enum go signin_changed(void *model, struct nav *nav)
{
    struct signin_model *m = model;
    const struct view_signin *v = &app_views(nav->app)->signin;

    if (v->attempt != m->attempt) {
        m->attempt = v->attempt;
        wipe(m->pin, sizeof(m->pin));
    }
    return GO_STAY;
}

/* --- draw: the dark side --- */

static int aside_fact(struct ui *ui, struct rect r, enum icon icon,
                      const char *title, const char *detail)
{
    const int size = ui_icon_size(ui, 28);
    const int x = r.x + size + 12;
    const int w = r.w - size - 12;
    int y = r.y;

    ui_icon(ui, r.x, y, size, icon, COLOR_ON_RAIL);
    y +=
        ui_text(ui, rect_make(x, y, w, 0), TYPE_LABEL, COLOR_ON_RAIL, 0, title);
    y += ui_text(ui, rect_make(x, y, w, 0), TYPE_SMALL, COLOR_ON_RAIL, 0,
                 detail);
    return y - r.y;
}

static int fact_height(struct ui *ui, int width, const char *title,
                       const char *detail)
{
    const int w = width - ui_icon_size(ui, 28) - 12;

    return ui_text_height(ui, TYPE_LABEL, title, w) +
           ui_text_height(ui, TYPE_SMALL, detail, w);
}

struct fact {
    enum icon icon;
    const char *title;
    const char *detail;
};

static struct fact link_fact(struct ui *ui, const struct view_status *st)
{
    struct fact f = { ICON_SIGNAL_OFF, tr("No connection"),
                      tr("You can still sign in. Your PIN is checked on "
                         "this tablet.") };

    (void)ui;
    if (st->link != LINK_NONE) {
        f.icon = ICON_SIGNAL;
        f.title = st->link == LINK_WIFI     ? tr("Wi-Fi connected")
                  : st->link == LINK_MOBILE ? tr("Mobile data")
                                            : tr("Connected");
        f.detail = tr("Your PIN is checked on this tablet.");
    }
    return f;
}

static struct fact waiting_fact(struct ui *ui, const struct view_status *st)
{
    struct fact f = { ICON_CLOUD_CHECK, tr("Nothing waiting to send"), "" };

    f.detail = st->synced_ms != 0
                   ? ui_fmt(ui, tr("Last synced %s"),
                            fmt_when(ui, st->synced_ms, st->now_ms))
                   : tr("Not synced yet");
    if (!st->is_waiting_known) {
        f.icon = ICON_CLOUD_UP;
        f.title = tr("Sign in to see what waits");
    } else if (st->waiting_count > 0) {
        f.icon = ICON_CLOUD_UP;
        f.title =
            ui_fmt(ui,
                   trn("%d waits; sign in to send", "%d wait; sign in to send",
                       (unsigned long)st->waiting_count),
                   st->waiting_count);
    }
    return f;
}

static int brand_height(struct ui *ui, int width, const struct view_signin *v)
{
    const int words = ui_line(ui, TYPE_TITLE) +
                      ui_text_height(ui, TYPE_SMALL, v->council, width - 72);

    return words < 56 ? 56 : words;
}

static void draw_brand(struct ui *ui, struct rect r,
                       const struct view_signin *v)
{
    const int council = ui_text_height(ui, TYPE_SMALL, v->council, r.w - 72);
    int y = r.y +
            (brand_height(ui, r.w, v) - council - ui_line(ui, TYPE_TITLE)) / 2;

    (void)draw_icon(&ui->list, rect_make(r.x, r.y, 56, 56), ICON_MARK,
                    DRAW_RGB(ui_rgb(ui, COLOR_LIVE)),
                    DRAW_RGB(ui_rgb(ui, COLOR_ON_LIVE)));
    (void)rect_cut_start(&r, 72);
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_TITLE, COLOR_ON_RAIL, 0,
                 "Beatbook");
    (void)ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_ON_RAIL, 0,
                  v->council);
}

static void draw_aside(struct ui *ui, struct rect r, const struct views *v)
{
    const struct fact link = link_fact(ui, &v->status);
    const struct fact waiting = waiting_fact(ui, &v->status);
    const int sos_h = sos_height(ui);
    const int day = ui_text_height(ui, TYPE_TITLE_M,
                                   fmt_day(ui, v->status.now_ms), r.w - 64);
    const int clock_h = ui_line(ui, TYPE_CLOCK) + day;
    struct rect in;
    int link_h, waiting_h, y, bottom, top;

    (void)ui_box(ui, r, COLOR_RAIL, COLOR_NONE, 0, 0);
    in = rect_inset(r, 32, 32);
    link_h = fact_height(ui, in.w, link.title, link.detail);
    waiting_h = fact_height(ui, in.w, waiting.title, waiting.detail);
    draw_brand(ui, in, &v->signin);
    bottom = in.y + in.h - sos_h;
    sos_draw(ui, rect_make(in.x, bottom, sos_width(ui), sos_h), &v->status);
    (void)ui_text(ui,
                  rect_make(in.x + sos_width(ui) + 16, bottom,
                            ui_step(ui, 120, 160, 200), sos_h),
                  TYPE_SMALL, COLOR_ON_RAIL, UI_MID, tr("In danger? Call 999"));
    y = bottom - 24 - waiting_h;
    (void)aside_fact(ui, rect_make(in.x, y, in.w, 0), waiting.icon,
                     waiting.title, waiting.detail);
    y -= 16 + link_h;
    top = in.y + 100;
    /* On a low screen the connection gives way before the clock does. */
    if (y >= top + clock_h + 16) {
        (void)aside_fact(ui, rect_make(in.x, y, in.w, 0), link.icon, link.title,
                         link.detail);
        bottom = y;
    } else {
        bottom = y + 16 + link_h;
    }
    if (bottom - top < clock_h) {
        return;
    }
    y = top - 44 + (bottom - top + 44 - clock_h) / 2;
    y += ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_CLOCK, COLOR_ON_RAIL, 0,
                 fmt_time(ui, v->status.now_ms));
    (void)ui_text(ui, rect_make(in.x, y, in.w, 0), TYPE_TITLE_M, COLOR_ON_RAIL,
                  0, fmt_day(ui, v->status.now_ms));
}

/* The short form of the dark side: brand, time and SOS in one band. */
static int draw_band(struct ui *ui, struct rect r, const struct views *v)
{
    const int sos_h = sos_height(ui);
    const char *time = fmt_time(ui, v->status.now_ms);
    const int time_w = ui_text_width(ui, TYPE_HEAD, time);
    const int room = r.w - 2 * S_MARGIN - sos_width(ui) - time_w - 48;
    const int brand = brand_height(ui, room, &v->signin);
    struct rect in;

    r.h = (sos_h > brand ? sos_h : brand) + 32;
    (void)ui_box(ui, r, COLOR_RAIL, COLOR_NONE, 0, 0);
    in = rect_inset(r, S_MARGIN, 16);
    sos_draw(ui,
             rect_make(in.x + in.w - sos_width(ui), in.y + (in.h - sos_h) / 2,
                       sos_width(ui), sos_h),
             &v->status);
    (void)rect_cut_end(&in, sos_width(ui) + 24);
    (void)ui_text(ui, rect_cut_end(&in, time_w), TYPE_HEAD, COLOR_ON_RAIL,
                  UI_MID, time);
    in.y += (in.h - brand) / 2;
    in.w = room;
    draw_brand(ui, in, &v->signin);
    return r.h;
}

/* --- draw: officers --- */

static int officer_row(struct ui *ui, struct rect r,
                       const struct view_officer *o, int index, bool is_on)
{
    const char *detail = o->role[0] != '\0' ? ui_fmt(ui, "%s %s", tr(o->role),
                                                     ui_iso(ui, o->number))
                                            : o->number;
    const int tick = ui_icon_size(ui, 26);
    const int room = r.w - 2 * 17 - 48 - 12 - (is_on ? tick + 12 : 0);
    const int text = ui_text_height(ui, TYPE_LABEL, o->name, room) +
                     ui_text_height(ui, TYPE_META, detail, room);
    const int edge = is_on ? S_BORDER_STRONG : S_BORDER;
    int y;

    r.h = text + 32 < 84 ? 84 : text + 32;
    (void)ui_box(ui, r,
                 ui_is_pressed(ui, CTL_SIGNIN_OFFICER, (uint16_t)index)
                     ? COLOR_SUNKEN
                 : is_on ? COLOR_PRIMARY_SOFT
                         : COLOR_SURFACE,
                 is_on ? COLOR_PRIMARY_TEXT : COLOR_LINE_STRONG, edge, R_CARD);
    avatar_draw(ui, rect_make(r.x + 16 + edge, r.y + (r.h - 48) / 2, 48, 48),
                fmt_initials(ui, o->name),
                is_on ? COLOR_PRIMARY : COLOR_PRIMARY_SOFT,
                is_on ? COLOR_ON_PRIMARY : COLOR_ON_PRIMARY_SOFT);
    y = r.y + (r.h - text) / 2;
    y += ui_text(ui, rect_make(r.x + 76 + edge, y, room, 0), TYPE_LABEL,
                 is_on ? COLOR_ON_PRIMARY_SOFT : COLOR_TEXT, 0, o->name);
    (void)ui_text(ui, rect_make(r.x + 76 + edge, y, room, 0), TYPE_META,
                  is_on ? COLOR_ON_PRIMARY_SOFT : COLOR_TEXT_2, 0, detail);
    if (is_on) {
        ui_icon(ui, r.x + r.w - 18 - tick, r.y + (r.h - tick) / 2, tick,
                ICON_CHECK, COLOR_PRIMARY_TEXT);
    }
    ui_target(ui, r, CTL_SIGNIN_OFFICER, (uint16_t)index, o->number, R_CARD,
              is_on ? UI_SELECTED : 0, o->name);
    return r.h;
}

static int draw_officers(struct ui *ui, struct rect r,
                         const struct view_signin *v, int chosen)
{
    int y = r.y;

    ui_group_begin(ui);
    for (int i = 0; i < v->officer_count; i++) {
        y += officer_row(ui, rect_make(r.x, y, r.w, 0), &v->officers[i], i,
                         i == chosen) +
             12;
    }
    ui_group_end(ui);
    return y - 12;
}

/* --- draw: PIN --- */

static void draw_dots(struct ui *ui, struct rect r, int filled)
{
    int x = r.x + (r.w - (PIN_DIGITS * 36 - 16)) / 2;

    for (int i = 0; i < PIN_DIGITS; i++, x += 36) {
        (void)ui_box(ui, rect_make(x, r.y, 20, 20),
                     i < filled ? COLOR_TEXT : COLOR_NONE, COLOR_TEXT,
                     S_BORDER_STRONG, 10);
    }
}

static void draw_digit(struct ui *ui, struct rect r, int digit)
{
    (void)ui_box(ui, r,
                 ui_is_pressed(ui, CTL_SIGNIN_KEY, (uint16_t)digit)
                     ? COLOR_SUNKEN
                     : COLOR_SURFACE,
                 COLOR_LINE_STRONG, S_BORDER, R_CARD);
    (void)ui_text(ui, r, TYPE_PIN, COLOR_TEXT, UI_CENTER | UI_MID,
                  fmt_number(ui, digit));
    ui_target(ui, r, CTL_SIGNIN_KEY, (uint16_t)digit, fmt_number(ui, digit),
              R_CARD, UI_REPEATS, fmt_number(ui, digit));
}

static struct button forgotten_button(void)
{
    const struct button b = { .kind = BUTTON_QUIET_SMALL,
                              .id = CTL_SIGNIN_FORGOTTEN,
                              .label = tr("Forgotten PIN") };

    return b;
}

/* Beside the nought, where its words have room there. */
static bool forgotten_fits(struct ui *ui, int width)
{
    const struct button b = forgotten_button();

    return !ui_text_size(ui, TYPE_SMALL_B, b.label, width / 3 - 24, 0).too_wide;
}

static void draw_pad(struct ui *ui, struct rect r)
{
    const bool was_flipped = ui->list.is_flipped;
    const int row = (r.h - 3 * KEY_GAP) / 4;
    const struct button forgotten = forgotten_button();

    /* The order of digits is the same in every language. */
    if (was_flipped) {
        r = draw_flip(&ui->list, r);
        ui->list.is_flipped = false;
    }
    r.h = row;
    ui_group_begin(ui);
    for (int i = 1; i <= 9; i++) {
        struct rect cell = rect_cell(r, 3, (i - 1) % 3, KEY_GAP);

        cell.y += (i - 1) / 3 * (row + KEY_GAP);
        draw_digit(ui, cell, i);
    }
    r.y += 3 * (row + KEY_GAP);
    draw_digit(ui, rect_cell(r, 3, 1, KEY_GAP), 0);
    if (forgotten_fits(ui, r.w)) {
        button_draw(ui, rect_cell(r, 3, 0, KEY_GAP), &forgotten);
    }
    button_icon(ui, rect_cell(r, 3, 2, KEY_GAP), CTL_SIGNIN_DELETE,
                ICON_BACKSPACE, 32, tr("Delete"));
    ui_group_end(ui);
    ui->list.is_flipped = was_flipped;
}

static const char *locked_words(struct ui *ui, int wait_minutes)
{
    if (wait_minutes == 0) { /* tried too often: waiting does not help */
        return tr("This PIN is locked. Ask a team leader.");
    }
    return ui_fmt(ui,
                  trn("Wait %d minute, or ask a team leader.",
                      "Wait %d minutes, or ask a team leader.",
                      (unsigned long)wait_minutes),
                  wait_minutes);
}

static const char *wrong_words(struct ui *ui, const struct view_signin *v)
{
    const unsigned long left = (unsigned long)v->tries_left;
    const char *wait = ui_fmt(
        ui,
        trn("%d minute wait", "%d minute wait", (unsigned long)v->wait_minutes),
        v->wait_minutes);

    if (v->wait_minutes == 0) {
        return ui_fmt(
            ui,
            trn("Wrong PIN. %d try left.", "Wrong PIN. %d tries left.", left),
            v->tries_left);
    }
    return ui_fmt(ui,
                  trn("Wrong PIN. %d try left before a %s.",
                      "Wrong PIN. %d tries left before a %s.", left),
                  v->tries_left, wait);
}

/* "" while nothing was typed wrong: no warning that nobody has earned. */
static const char *tries_words(struct ui *ui, const struct view_signin *v)
{
    switch (v->state) {
    case SIGNIN_CHECKING:
        return tr("Checking");
    case SIGNIN_LOCKED:
        return locked_words(ui, v->wait_minutes);
    case SIGNIN_WRONG:
        return wrong_words(ui, v);
    default:
        return "";
    }
}

static int draw_pin(struct ui *ui, struct rect r, const struct view_signin *v,
                    const struct signin_model *m, int key_h)
{
    const bool is_bad = v->state == SIGNIN_WRONG || v->state == SIGNIN_LOCKED;
    const char *title =
        m->officer < v->officer_count
            ? ui_fmt(
                  ui, tr("%s, enter your PIN"),
                  ui_iso(ui, fmt_first_name(ui, v->officers[m->officer].name)))
            : tr("Enter your PIN");
    int y = r.y;
    int h;

    h = ui_text_height(ui, TYPE_TITLE, title, r.w);
    h = h < 40 ? 40 : h;
    (void)ui_text(ui, rect_make(r.x, y, r.w, h), TYPE_TITLE, COLOR_TEXT, 0,
                  title);
    y += h + 38;
    draw_dots(ui, rect_make(r.x, y, r.w, 20), (int)strlen(m->pin));
    y += 50;
    draw_pad(ui, rect_make(r.x, y, r.w, 4 * key_h + 3 * KEY_GAP));
    y += 4 * key_h + 3 * KEY_GAP + 16;
    y += ui_text(ui, rect_make(r.x, y, r.w, 0),
                 is_bad ? TYPE_SMALL_B : TYPE_SMALL,
                 is_bad ? COLOR_DANGER_TEXT : COLOR_TEXT_2, UI_CENTER,
                 tries_words(ui, v));
    if (!forgotten_fits(ui, r.w)) {
        const struct button b = forgotten_button();

        h = button_height(ui, &b, r.w);
        button_draw(ui, rect_make(r.x, y + 8, r.w, h), &b);
        y += h + 8;
    }
    return y;
}

/* --- draw --- */

static int settings_height(struct ui *ui)
{
    return S_TOUCH_MIN + ui_line(ui, TYPE_SMALL_B) - 24;
}

#define SETTINGS 4

static void make_settings(struct ui *ui, struct button out[SETTINGS])
{
    const struct button all[SETTINGS] = {
        { .kind = BUTTON_QUIET_TEXT,
          .id = CTL_SIGNIN_LANG,
          .icon = ICON_GLOBE,
          .label = languages[language_index()].name },
        { .kind = BUTTON_QUIET_TEXT,
          .id = CTL_SIGNIN_TEXT,
          .icon = ICON_TEXT_SIZE,
          .label = ui_fmt(ui, "%d%%", ui->percent) },
        { .kind = BUTTON_QUIET_TEXT,
          .id = CTL_SIGNIN_THEME,
          .icon = theme_icons[ui->theme],
          .label = tr(theme_names[ui->theme]) },
        { .kind = BUTTON_QUIET_TEXT,
          .id = CTL_LIBRARY_OPEN,
          .icon = ICON_ALERT,
          .label = tr("Emergency card") },
    };

    memcpy(out, all, sizeof(all));
}

/* How many lines the three need. */
static int settings_lines(struct ui *ui, int width)
{
    struct button buttons[SETTINGS];
    int room = width;
    int lines = 1;

    make_settings(ui, buttons);
    for (int i = 0; i < SETTINGS; i++) {
        const int w = button_width(ui, &buttons[i]);

        if (room < w) {
            lines++;
            room = width;
        }
        room -= w + 4;
    }
    return lines;
}

/* Theme, text size and language: the last line ends at the box's bottom. */
static void draw_settings(struct ui *ui, struct rect r)
{
    struct button buttons[SETTINGS];
    const int h = settings_height(ui);
    const int lines = settings_lines(ui, r.w);
    struct rect row = rect_make(r.x, r.y + r.h - lines * (h + 4) + 4, r.w, h);

    make_settings(ui, buttons);
    for (int i = 0; i < SETTINGS; i++) {
        if (row.w < button_width(ui, &buttons[i])) {
            row = rect_make(r.x, row.y + h + 4, r.w, h);
        }
        button_at_end(ui, &row, 4, &buttons[i]);
    }
}

static void draw_no_officers(struct ui *ui, struct rect r)
{
    (void)empty_draw(ui, rect_make(r.x, r.y + 80, r.w, 0), ICON_QR,
                     tr("This tablet is not set up."),
                     tr("Connect to Wi-Fi and scan the code from your team "
                        "leader."));
}

static const char *tablet_words(struct ui *ui, const struct view_signin *v)
{
    return v->tablet[0] != '\0'
               ? ui_fmt(ui, tr("Tablet %s, shared"), ui_iso(ui, v->tablet))
               : tr("Shared tablet");
}

/* Two columns, as the design has it: all is in sight. */
static void draw_columns(struct ui *ui, struct rect r, const struct views *v,
                         const struct signin_model *m)
{
    struct rect list = rect_cut_start(&r, r.w > 820 ? 400 : r.w / 2 - 16);
    const int foot = list.y + list.h - 56;
    int y = list.y;

    (void)rect_cut_start(&r, 32);
    (void)ui_text(ui, rect_make(list.x, y, list.w, 40), TYPE_TITLE, COLOR_TEXT,
                  0, tr("Who is on duty?"));
    y += 52;
    list.h = foot - 8 - y;
    list.y = y;
    y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, list);
    y = draw_officers(ui, rect_make(list.x, y, list.w, 0), &v->signin,
                      m->officer);
    ui_scroll_end(ui, y);
    (void)ui_text(ui, rect_make(list.x, foot, list.w, 56), TYPE_SMALL,
                  COLOR_TEXT_2, UI_MID, tablet_words(ui, &v->signin));
    (void)draw_pin(ui, r, &v->signin, m, KEY_H);
    draw_settings(ui, rect_make(r.x, foot, r.w, 56));
}

/* One column that scrolls: large text, upright and low screens. */
static void draw_column(struct ui *ui, struct rect r, const struct views *v,
                        const struct signin_model *m)
{
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + 24;
    int h;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_TITLE, COLOR_TEXT, 0,
                 tr("Who is on duty?")) +
         12;
    y = draw_officers(ui, rect_make(r.x, y, r.w, 0), &v->signin, m->officer);
    y = draw_pin(ui, rect_make(r.x, y + 24, r.w, 0), &v->signin, m, KEY_H);
    y += 16;
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 tablet_words(ui, &v->signin));
    if (r.w > ui->width / 2 + 200) { /* the dark side does not say it */
        const struct fact link = link_fact(ui, &v->status);
        const struct fact waiting = waiting_fact(ui, &v->status);

        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                     link.title);
        y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                     waiting.title);
    }
    h = settings_lines(ui, r.w) * (settings_height(ui) + 4);
    draw_settings(ui, rect_make(r.x, y + 8, r.w, h));
    y += h + 8;
    ui_scroll_end(ui, y + 24);
}

static void draw_forgotten(struct ui *ui)
{
    struct sheet sheet = { .title = tr("Forgotten PIN"), .width = 560 };
    const struct rect r = sheet_begin(ui, &sheet);
    int y = r.y;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_BODY, COLOR_TEXT, 0,
                 tr("A colleague who can sign in here opens the tablet and "
                    "you set a new PIN. Or your team leader gives you a "
                    "one-time code by phone. Both work with no "
                    "connection."));
    sheet_end(ui, &sheet, y);
}

static void signin_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct signin_model *m = model;
    const struct views *v = app_views(app);
    struct rect rest = rect_make(0, 0, ui->width, ui->height);

    if (ui->width < 1100 || ui->height < 720 || ui->percent >= 150) {
        (void)rect_cut_top(&rest, draw_band(ui, rest, v));
    } else {
        draw_aside(ui, rect_cut_start(&rest, ASIDE_W), v);
    }
    if (v->signin.officer_count == 0) {
        draw_no_officers(ui, rect_inset(rest, S_MARGIN, 0));
        draw_settings(ui, rect_make(rest.x + S_MARGIN, rest.y + rest.h - 88,
                                    rest.w - 2 * S_MARGIN, 56));
    } else if (rest.w > 820 && rest.h >= 720 && ui->percent < 125) {
        draw_columns(ui, rect_inset(rest, 32, 32), v, m);
    } else {
        draw_column(ui, rect_inset(rest, S_MARGIN, 0), v, m);
    }
    if (m->asks_forgotten) {
        draw_forgotten(ui);
    }
}

const struct screen screen_signin = {
    .name = "signin",
    .model_size = sizeof(struct signin_model),
    .enter = signin_enter,
    .handle = signin_handle,
    .draw = signin_draw,
    .changed = signin_changed,
};
