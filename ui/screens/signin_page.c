/* signin_page.c - officers, PIN pad, settings of the sign-in page. */
#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/format.h"
#include "ui/frame.h"
#include "ui/kit/button.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"
#include "ui/screens/signin.h"

#define KEY_H   88
#define KEY_GAP 12

static const char *const theme_names[THEME__COUNT] = { N_("Day"), N_("Night"),
                                                       N_("Contrast") };
static const enum icon theme_icons[THEME__COUNT] = { ICON_SUN, ICON_MOON,
                                                     ICON_CONTRAST };

/* Languages name themselves: not for translation. */
static const struct {
    const char *code, *name, *brief;
} languages[] = {
    { "en", "English", "EN" },
    { "cy", "Cymraeg", "CY" },
    { "ar", "العربية", "ع" },
};

/* That in use, then the others: who reads no English has to find the own. */
static const char *language_names(struct ui *ui, bool is_brief)
{
    const char *first = "";
    const char *rest = "";

    for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
        const char *other = is_brief ? languages[i].brief : languages[i].name;

        if (strcmp(tr_lang(), languages[i].code) == 0) {
            first = ui_iso(ui, languages[i].name);
        } else {
            rest = ui_fmt(ui, is_brief ? "%s %s" : "%s · %s", rest,
                          ui_iso(ui, other));
        }
    }
    return ui_fmt(ui, "%s%s", first, rest);
}

const char *signin_languages(struct ui *ui)
{
    return language_names(ui, false);
}

static const struct {
    const char *id, *word;
} roles[] = {
    { "neighbourhood-officer", N_("Neighbourhood officer") },
    { "enforcement-officer", N_("Enforcement officer") },
    { "cohesion-officer", N_("Cohesion officer") },
    { "cctv-operative", N_("CCTV operative") },
    { "team-leader", N_("Team leader") },
    { "safeguarding-lead", N_("Safeguarding lead") },
    { "safeguarding-deputy", N_("Deputy safeguarding lead") },
    { "administrator", N_("Administrator") },
    { "auditor", N_("Auditor") },
    { "lead-member", N_("Lead member") },
};

const char *signin_role(const char *role)
{
    for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
        if (strcmp(roles[i].id, role) == 0) {
            return tr(roles[i].word);
        }
    }
    return tr(role);
}

const struct view_officer *signin_on_pad(const struct signin_model *m,
                                         const struct view_signin *v)
{
    const int at = m->step == STEP_OPENER ? m->opener : m->officer;

    if (m->step == STEP_NEW || m->step == STEP_AGAIN || at < 0 ||
        at >= v->officer_count) {
        return NULL;
    }
    return &v->officers[at];
}

bool signin_is_waiting(const struct view_officer *o, int64_t now_ms)
{
    return o->locked_until_ms > now_ms;
}

/* --- officers --- */

static int officer_row(struct ui *ui, struct rect r,
                       const struct view_officer *o, int index, bool is_on)
{
    const char *detail =
        o->role[0] != '\0'
            ? ui_fmt(ui, "%s %s", signin_role(o->role), ui_iso(ui, o->number))
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
                         const struct view_signin *v,
                         const struct signin_model *m)
{
    const bool opens = m->step == STEP_OPENER;
    const int chosen = opens ? m->opener : m->officer;
    int y = r.y;

    ui_group_begin(ui);
    for (int i = 0; i < v->officer_count; i++) {
        if (!opens || strcmp(v->officers[i].id, m->who.id) != 0) {
            y += officer_row(ui, rect_make(r.x, y, r.w, 0), &v->officers[i], i,
                             i == chosen) +
                 12;
        }
    }
    ui_group_end(ui);
    return y - 12;
}

/* Instead of the officers, while somebody chooses a PIN. */
static int draw_advice(struct ui *ui, struct rect r,
                       const struct signin_model *m)
{
    const char *words[] = {
        m->is_renewal ? tr("Your PIN is more than 90 days old.") : NULL,
        tr("Six digits that only you know."),
        tr("Not a birthday, not 123456, not your number."),
        tr("It opens this tablet only."),
    };
    const int card = ui_card(ui, r);
    int y = r.y + 21;

    y += ui_text(ui, rect_make(r.x + 21, y, r.w - 42, 0), TYPE_LABEL,
                 COLOR_TEXT, 0, m->who.name);
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        if (words[i] != NULL) {
            y += 8 + ui_text(ui, rect_make(r.x + 21, y + 8, r.w - 42, 0),
                             TYPE_BODY, COLOR_TEXT_2, 0, words[i]);
        }
    }
    y += 21;
    draw_set_height(&ui->list, card, y - r.y);
    return y;
}

static const char *list_title(const struct signin_model *m)
{
    switch (m->step) {
    case STEP_OPENER:
        return tr("Who opens the tablet?");
    case STEP_NEW:
    case STEP_AGAIN:
        return tr("A PIN for this tablet");
    default:
        return tr("Who is on duty?");
    }
}

static int draw_list(struct ui *ui, struct rect r, const struct view_signin *v,
                     const struct signin_model *m)
{
    return m->step == STEP_NEW || m->step == STEP_AGAIN
               ? draw_advice(ui, r, m)
               : draw_officers(ui, r, v, m);
}

/* --- PIN --- */

static void draw_dots(struct ui *ui, struct rect r, int filled)
{
    int x = r.x + (r.w - (PIN_DIGITS * 36 - 16)) / 2;

    for (int i = 0; i < PIN_DIGITS; i++, x += 36) {
        (void)ui_box(ui, rect_make(x, r.y, 20, 20),
                     i < filled ? COLOR_TEXT : COLOR_NONE, COLOR_TEXT,
                     S_BORDER_STRONG, 10);
    }
}

static void draw_digit(struct ui *ui, struct rect r, int digit, bool is_off)
{
    const bool is_down = ui_is_pressed(ui, CTL_SIGNIN_KEY, (uint16_t)digit);

    (void)ui_box(ui, r,
                 is_off    ? COLOR_DISABLED
                 : is_down ? COLOR_SUNKEN
                           : COLOR_SURFACE,
                 COLOR_LINE_STRONG, S_BORDER, R_CARD);
    (void)ui_text(ui, r, TYPE_PIN, is_off ? COLOR_ON_DISABLED : COLOR_TEXT,
                  UI_CENTER | UI_MID, fmt_number(ui, digit));
    ui_target(ui, r, CTL_SIGNIN_KEY, (uint16_t)digit, fmt_number(ui, digit),
              R_CARD, UI_REPEATS | (is_off ? UI_DISABLED : 0),
              fmt_number(ui, digit));
}

/* The way on beside the nought. */
static struct button side_button(const struct signin_model *m)
{
    const bool is_pin = m->step == STEP_PIN || m->step == STEP_HELP;
    const struct button b = {
        .kind = BUTTON_QUIET_SMALL,
        .id = is_pin ? CTL_SIGNIN_FORGOTTEN : CTL_SIGNIN_CANCEL,
        .label = is_pin ? tr("Forgotten PIN") : tr("Cancel")
    };

    return b;
}

/* Beside the nought, where its words have room there. */
static bool side_fits(struct ui *ui, const struct button *b, int width)
{
    return !ui_text_size(ui, TYPE_SMALL_B, b->label, width / 3 - 24, 0)
                .too_wide;
}

static void draw_pad(struct ui *ui, struct rect r, const struct signin_model *m,
                     bool is_off)
{
    const bool was_flipped = ui->list.is_flipped;
    const int row = (r.h - 3 * KEY_GAP) / 4;
    const struct button side = side_button(m);

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
        draw_digit(ui, cell, i, is_off);
    }
    r.y += 3 * (row + KEY_GAP);
    draw_digit(ui, rect_cell(r, 3, 1, KEY_GAP), 0, is_off);
    if (side_fits(ui, &side, r.w)) {
        button_draw(ui, rect_cell(r, 3, 0, KEY_GAP), &side);
    }
    button_icon(ui, rect_cell(r, 3, 2, KEY_GAP), CTL_SIGNIN_DELETE,
                ICON_BACKSPACE, 32, tr("Delete"));
    ui_group_end(ui);
    ui->list.is_flipped = was_flipped;
}

int signin_pad(struct ui *ui, struct rect r, const struct signin_model *m,
               bool is_off)
{
    const int pad = 4 * KEY_H + 3 * KEY_GAP;

    draw_dots(ui, rect_make(r.x, r.y, r.w, 20), (int)strlen(m->pin));
    draw_pad(ui, rect_make(r.x, r.y + 50, r.w, pad), m, is_off);
    return 50 + pad;
}

static const char *wait_words(struct ui *ui, int64_t left_ms)
{
    const int left = (int)((left_ms + 999) / 1000);

    if (left >= 60) {
        return ui_fmt(ui, tr("Try again in %d min %d s."), left / 60,
                      left % 60);
    }
    return ui_fmt(ui, tr("Try again in %d s."), left);
}

/* "" while nothing was typed wrong: no warning that nobody has earned. */
static const char *tries_words(struct ui *ui, const struct view_signin *v,
                               const struct signin_model *m, int64_t now_ms)
{
    const struct view_officer *o = signin_on_pad(m, v);
    const unsigned long left = (unsigned long)v->tries_left;
    const bool is_wrong =
        v->state == SIGNIN_WRONG && o != NULL && strcmp(o->id, m->tried) == 0;
    const char *wrong = is_wrong
                            ? ui_fmt(ui,
                                     trn("Wrong PIN. %d try left.",
                                         "Wrong PIN. %d tries left.", left),
                                     v->tries_left)
                            : "";

    if (v->state == SIGNIN_CHECKING) {
        return tr("Checking");
    }
    if (m->step == STEP_NEW && m->is_different) {
        return tr("The two were not the same. Choose again.");
    }
    if (o != NULL && o->is_locked_out) {
        return tr("This PIN is locked. A colleague or a one-time code opens "
                  "the tablet: touch Forgotten PIN.");
    }
    if (o != NULL && signin_is_waiting(o, now_ms)) {
        const char *wait = wait_words(ui, o->locked_until_ms - now_ms);

        return is_wrong ? ui_fmt(ui, "%s %s", wrong, wait) : wait;
    }
    return wrong;
}

static const char *pad_title(struct ui *ui, const struct view_signin *v,
                             const struct signin_model *m)
{
    const struct view_officer *o = signin_on_pad(m, v);

    if (m->step == STEP_NEW) {
        return ui_fmt(ui, tr("%s, choose a PIN"),
                      ui_iso(ui, fmt_first_name(ui, m->who.name)));
    }
    if (m->step == STEP_AGAIN) {
        return tr("Once more the same");
    }
    return o != NULL ? ui_fmt(ui, tr("%s, enter your PIN"),
                              ui_iso(ui, fmt_first_name(ui, o->name)))
                     : tr("Enter your PIN");
}

static int draw_pin(struct ui *ui, struct rect r, const struct views *v,
                    const struct signin_model *m)
{
    const struct view_officer *o = signin_on_pad(m, &v->signin);
    const char *words = tries_words(ui, &v->signin, m, v->status.now_ms);
    const bool is_off = o != NULL && (o->is_locked_out ||
                                      signin_is_waiting(o, v->status.now_ms));
    const bool is_bad = is_off || v->signin.state == SIGNIN_WRONG ||
                        (m->step == STEP_NEW && m->is_different);
    const struct button side = side_button(m);
    const char *title = pad_title(ui, &v->signin, m);
    int y = r.y;
    int h = ui_text_height(ui, TYPE_TITLE, title, r.w);

    h = h < 40 ? 40 : h;
    (void)ui_text(ui, rect_make(r.x, y, r.w, h), TYPE_TITLE, COLOR_TEXT, 0,
                  title);
    y += h + 38;
    y += signin_pad(ui, rect_make(r.x, y, r.w, 0), m, is_off) + 16;
    y += ui_text(ui, rect_make(r.x, y, r.w, 0),
                 is_bad ? TYPE_SMALL_B : TYPE_SMALL,
                 is_bad ? COLOR_DANGER_TEXT : COLOR_TEXT_2, UI_CENTER, words);
    if (!side_fits(ui, &side, r.w)) {
        h = button_height(ui, &side, r.w);
        button_draw(ui, rect_make(r.x, y + 8, r.w, h), &side);
        y += h + 8;
    }
    return y;
}

/* --- theme, text size, language --- */

static int settings_height(struct ui *ui)
{
    return S_TOUCH_MIN + ui_line(ui, TYPE_SMALL_B) - 24;
}

void signin_setting(struct ui *ui, struct button out[SIGNIN_SETTINGS])
{
    const struct button all[SIGNIN_SETTINGS] = {
        { .kind = BUTTON_QUIET_TEXT,
          .id = CTL_SIGNIN_LANG,
          .icon = ICON_GLOBE,
          .label = language_names(ui, true) },
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

/* The emergency card comes first. */
static const int settings_order[SIGNIN_SETTINGS] = { 3, 0, 1, 2 };

/* Not all in one line: then the card has one, and they the last. */
static bool card_is_alone(struct ui *ui, const struct button *all, int width)
{
    int sum = -4;

    for (int i = 0; i < SIGNIN_SETTINGS; i++) {
        sum += button_width(ui, &all[i]) + 4;
    }
    return sum > width;
}

static int settings_lines(struct ui *ui, int width)
{
    struct button buttons[SIGNIN_SETTINGS];
    int room = width;
    int lines = 1;
    bool is_alone;

    signin_setting(ui, buttons);
    is_alone = card_is_alone(ui, buttons, width);
    for (int i = 0; i < SIGNIN_SETTINGS; i++) {
        const int w = button_width(ui, &buttons[settings_order[i]]);

        if (room < w || (i == 1 && is_alone)) {
            lines++;
            room = width;
        }
        room -= w + 4;
    }
    return lines;
}

/* Theme, text size and language: the last line ends at the box's bottom. */
void signin_settings(struct ui *ui, struct rect r)
{
    struct button buttons[SIGNIN_SETTINGS];
    const int h = settings_height(ui);
    const int lines = settings_lines(ui, r.w);
    struct rect row = rect_make(r.x, r.y + r.h - lines * (h + 4) + 4, r.w, h);
    bool is_alone;

    signin_setting(ui, buttons);
    is_alone = card_is_alone(ui, buttons, r.w);
    for (int i = 0; i < SIGNIN_SETTINGS; i++) {
        const struct button *b = &buttons[settings_order[i]];

        if (row.w < button_width(ui, b) || (i == 1 && is_alone)) {
            row = rect_make(r.x, row.y + h + 4, r.w, h);
        }
        button_at_end(ui, &row, 4, b);
    }
}

int signin_settings_height(struct ui *ui, int width)
{
    return settings_lines(ui, width) * (settings_height(ui) + 4);
}

/* --- touched --- */

static void next_language(struct nav *nav)
{
    size_t next = 0;
    enum err err;

    for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
        if (strcmp(languages[i].code, tr_lang()) == 0) {
            next = (i + 1) % ARRAY_LEN(languages);
        }
    }
    err = nav_set_language(nav, languages[next].code);
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

bool signin_set(struct nav *nav, uint16_t id)
{
    if (id == CTL_SIGNIN_THEME) {
        nav_set_theme(nav, (enum theme_id)((nav->ui.theme + 1) % THEME__COUNT));
    } else if (id == CTL_SIGNIN_TEXT) {
        next_text_size(nav);
    } else if (id == CTL_SIGNIN_LANG) {
        next_language(nav);
    } else {
        return false;
    }
    return true;
}

/* --- the page --- */

static const char *tablet_words(struct ui *ui, const struct view_signin *v)
{
    return v->tablet[0] != '\0'
               ? ui_fmt(ui, tr("Tablet %s, shared"), ui_iso(ui, v->tablet))
               : tr("Shared tablet");
}

static struct button other_button(void)
{
    const struct button b = { .kind = BUTTON_QUIET_SMALL,
                              .id = CTL_SIGNIN_OTHER,
                              .label = tr("Someone else") };

    return b;
}

static struct button practise_button(const struct views *v)
{
    const struct button b = { .kind = BUTTON_QUIET_SMALL,
                              .id = CTL_SIGNIN_PRACTISE,
                              .label = v->status.is_practice
                                           ? tr("Leave practice")
                                           : tr("Practise") };

    return b;
}

static void draw_foot(struct ui *ui, struct rect r, const struct views *v,
                      const struct signin_model *m)
{
    const struct button other = other_button();

    if (m->step == STEP_PIN || m->step == STEP_HELP) {
        const struct button practise = practise_button(v);

        if (!v->status.is_practice) {
            button_at_end(ui, &r, 8, &other);
        }
        button_at_end(ui, &r, 8, &practise);
    }
    (void)ui_text(ui, r, TYPE_SMALL, COLOR_TEXT_2, UI_MID,
                  tablet_words(ui, &v->signin));
}

void signin_columns(struct ui *ui, struct rect r, const struct views *v,
                    const struct signin_model *m)
{
    struct rect list = rect_cut_start(&r, r.w > 820 ? 400 : r.w / 2 - 16);
    const int foot = list.y + list.h - 56;
    int y = list.y;

    (void)rect_cut_start(&r, 32);
    (void)ui_text(ui, rect_make(list.x, y, list.w, 40), TYPE_TITLE, COLOR_TEXT,
                  0, list_title(m));
    y += 52;
    list.h = foot - 8 - y;
    list.y = y;
    y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, list);
    y = draw_list(ui, rect_make(list.x, y, list.w, 0), &v->signin, m);
    ui_scroll_end(ui, y);
    draw_foot(ui, rect_make(list.x, foot, list.w, 56), v, m);
    (void)draw_pin(ui, r, v, m);
    signin_settings(ui, rect_make(r.x, foot, r.w, 56));
}

void signin_column(struct ui *ui, struct rect r, const struct views *v,
                   const struct signin_model *m)
{
    const struct button other = other_button();
    const struct button practise = practise_button(v);
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r) + 24;
    int h;

    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_TITLE, COLOR_TEXT, 0,
                 list_title(m)) +
         12;
    y = draw_list(ui, rect_make(r.x, y, r.w, 0), &v->signin, m);
    if (m->step == STEP_PIN || m->step == STEP_HELP) {
        h = button_height(ui, &other, r.w);
        button_draw(ui, rect_make(r.x, y + 8, r.w, h), &other);
        y += h + 8;
        h = button_height(ui, &practise, r.w);
        button_draw(ui, rect_make(r.x, y + 8, r.w, h), &practise);
        y += h + 8;
    }
    y = draw_pin(ui, rect_make(r.x, y + 24, r.w, 0), v, m);
    y += 16;
    y += ui_text(ui, rect_make(r.x, y, r.w, 0), TYPE_SMALL, COLOR_TEXT_2, 0,
                 tablet_words(ui, &v->signin));
    if (r.w > ui->width / 2 + 200) { /* the dark side does not say it */
        y = signin_facts(ui, rect_make(r.x, y, r.w, 0), v, m);
    }
    h = signin_settings_height(ui, r.w);
    signin_settings(ui, rect_make(r.x, y + 8, r.w, h));
    y += h + 8;
    ui_scroll_end(ui, y + 24);
}
