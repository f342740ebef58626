/* screen_signin.c - a shared tablet knows who holds it, with no network. */
#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/kit/input.h"
#include "ui/kit/marks.h"
#include "ui/kit/tr.h"
#include "ui/nav.h"
#include "ui/screens/signin.h"

#define ASIDE_W 384

/* --- steps --- */

static void go_to(struct signin_model *m, enum signin_step step)
{
    m->step = step;
    wipe(m->pin, sizeof(m->pin));
    wipe(m->text, sizeof(m->text));
    if (step == STEP_PIN) {
        wipe(m->first, sizeof(m->first));
        m->who = (struct view_officer){ .id = "" };
        m->is_renewal = false;
        m->is_different = false;
    }
}

static void told(struct nav *nav, enum err err)
{
    if (err) {
        nav_failed(nav, err);
    }
}

/* Nobody gets a PIN after all. */
static void give_up(struct signin_model *m, struct nav *nav)
{
    const bool was_open =
        m->step == STEP_WHO || m->step == STEP_NEW || m->step == STEP_AGAIN;

    go_to(m, STEP_PIN);
    if (was_open || app_views(nav->app)->signin.state == SIGNIN_BAD_CODE) {
        told(nav, app_send(nav->app, CMD_STOP_OPENING));
    }
}

/* A colleague who could open the tablet, the last used first; -1: none. */
static int first_opener(const struct signin_model *m,
                        const struct view_signin *v)
{
    for (int i = 0; i < v->officer_count; i++) {
        if (!v->officers[i].is_locked_out &&
            strcmp(v->officers[i].id, m->who.id) != 0) {
            return i;
        }
    }
    return -1;
}

static void ask_how(struct signin_model *m, const struct view_officer *who)
{
    go_to(m, STEP_HOW);
    m->who = who != NULL ? *who : (struct view_officer){ .id = "" };
}

static void choose_how(struct signin_model *m, int choice, struct nav *nav)
{
    m->opener = first_opener(m, &app_views(nav->app)->signin);
    go_to(m, choice == 0 && m->opener >= 0 ? STEP_OPENER : STEP_CODE);
}

/* The tablet is open for somebody who gets a PIN now. */
static void opened(struct signin_model *m, struct nav *nav)
{
    const struct view_signin *v = &app_views(nav->app)->signin;

    if (m->step == STEP_PIN && m->officer < v->officer_count) {
        go_to(m, STEP_NEW);
        m->who = v->officers[m->officer];
        m->is_renewal = true;
    } else if (m->who.id[0] != '\0') {
        go_to(m, STEP_NEW);
    } else {
        go_to(m, STEP_WHO);
        told(nav, app_find_staff(nav->app, ""));
    }
}

static void signin_enter(void *model, struct nav *nav)
{
    const struct view_signin *v = &app_views(nav->app)->signin;
    struct signin_model *m = model;

    m->attempt = v->attempt;
    if (v->state == SIGNIN_OPEN) { /* a PIN is renewed */
        opened(m, nav);
    }
}

/* --- digits --- */

static void new_pin_done(struct signin_model *m, struct nav *nav)
{
    if (m->step == STEP_NEW) {
        memcpy(m->first, m->pin, sizeof(m->first));
        wipe(m->pin, sizeof(m->pin));
        m->is_different = false;
        m->step = STEP_AGAIN;
        return;
    }
    m->is_different = strcmp(m->first, m->pin) != 0;
    if (!m->is_different) {
        told(nav, app_secret(nav->app, CMD_SET_PIN, m->who.id, m->pin));
    } else {
        m->step = STEP_NEW;
    }
    wipe(m->first, sizeof(m->first));
    wipe(m->pin, sizeof(m->pin));
}

static void pin_done(struct signin_model *m, const struct view_officer *o,
                     struct nav *nav)
{
    const enum command_kind kind =
        m->step == STEP_OPENER ? CMD_OPEN_FOR : CMD_SIGN_IN;
    const enum err err = app_secret(nav->app, kind, o->id, m->pin);

    snprintf(m->tried, sizeof(m->tried), "%s", o->id);
    if (err) {
        wipe(m->pin, sizeof(m->pin));
        nav_failed(nav, err);
    }
}

static void put_digit(struct signin_model *m, int digit, struct nav *nav)
{
    const struct views *v = app_views(nav->app);
    const struct view_officer *o = signin_on_pad(m, &v->signin);
    const bool is_new = m->step == STEP_NEW || m->step == STEP_AGAIN;
    const size_t len = strlen(m->pin);

    if (v->signin.state == SIGNIN_CHECKING || len >= PIN_DIGITS ||
        (!is_new && (o == NULL || o->is_locked_out ||
                     signin_is_waiting(o, v->status.now_ms)))) {
        return;
    }
    m->pin[len] = (char)('0' + digit);
    m->pin[len + 1] = '\0';
    if (len + 1 < PIN_DIGITS) {
        return;
    }
    if (is_new) {
        new_pin_done(m, nav);
    } else {
        pin_done(m, o, nav);
    }
}

static void erase_digit(struct signin_model *m)
{
    const size_t len = strlen(m->pin);

    if (len > 0) {
        m->pin[len - 1] = '\0';
    }
}

/* --- sheets --- */

static void send_code(struct signin_model *m, struct nav *nav)
{
    char code[SIGNIN_TEXT_SIZE];
    size_t len = 0;

    for (const char *c = m->text; *c != '\0'; c++) {
        if (*c != '-' && *c != ' ') {
            code[len++] = *c;
        }
    }
    code[len] = '\0';
    told(nav, app_secret(nav->app, CMD_USE_CODE, NULL, code));
    wipe(code, sizeof(code));
}

static void typed(struct signin_model *m, const char *text, struct nav *nav)
{
    snprintf(m->text, sizeof(m->text), "%s", text);
    if (m->step == STEP_WHO) {
        told(nav, app_find_staff(nav->app, m->text));
    }
}

static void sheet_event(struct signin_model *m, const struct ui_event *ev,
                        struct nav *nav)
{
    const struct view_signin *v = &app_views(nav->app)->signin;

    if (ev->kind == UI_EDITED) {
        typed(m, ev->text, nav);
    } else if (ev->id == CTL_SHEET_CANCEL || ev->kind == UI_GO_BACK) {
        give_up(m, nav);
    } else if (ev->kind != UI_TAP) {
        return;
    } else if (ev->id == CTL_SHEET_CHOICE && m->step == STEP_HOW) {
        choose_how(m, ev->index, nav);
    } else if (ev->id == CTL_SHEET_DONE && m->step == STEP_CODE) {
        send_code(m, nav);
    } else if (ev->id == CTL_SIGNIN_STAFF && ev->index < v->staff_count) {
        go_to(m, STEP_NEW);
        m->who = v->staff[ev->index];
    }
}

static void patrol_event(const struct ui_event *ev, struct nav *nav)
{
    if (ev->id == CTL_SHEET_CANCEL || ev->kind == UI_GO_BACK) {
        told(nav, app_send(nav->app, CMD_LOCK));
    } else if (ev->kind == UI_TAP && ev->id == CTL_SHEET_CHOICE) {
        told(nav, app_send_on(nav->app, CMD_TAKE_PATROL, ev->index == 0));
    }
}

/* --- handle --- */

/* On a page that scrolls the pad comes into sight by itself. */
static void show_pad(struct ui *ui)
{
    const struct target *t = ui_find(ui, "signin.pin.0");

    if (t != NULL) {
        (void)ui_reveal(ui, t);
    }
}

static void choose_officer(struct signin_model *m, int index, struct ui *ui)
{
    show_pad(ui);
    if (m->step == STEP_OPENER) {
        m->opener = index;
    } else {
        m->officer = index;
    }
    wipe(m->pin, sizeof(m->pin));
}

static void page_tap(struct signin_model *m, const struct ui_event *ev,
                     struct nav *nav)
{
    const struct view_signin *v = &app_views(nav->app)->signin;

    switch (ev->id) {
    case CTL_SIGNIN_OFFICER:
        choose_officer(m, ev->index, &nav->ui);
        break;
    case CTL_SIGNIN_KEY:
        put_digit(m, ev->index, nav);
        break;
    case CTL_SIGNIN_DELETE:
        erase_digit(m);
        break;
    case CTL_SIGNIN_FORGOTTEN:
        ask_how(m, m->officer < v->officer_count ? &v->officers[m->officer]
                                                 : NULL);
        break;
    case CTL_SIGNIN_OTHER:
        ask_how(m, NULL);
        break;
    case CTL_SIGNIN_CANCEL:
        give_up(m, nav);
        break;
    case CTL_SIGNIN_PRACTISE:
        told(nav, app_send_on(nav->app, CMD_PRACTISE,
                              !app_views(nav->app)->status.is_practice));
        break;
    default:
        (void)signin_set(nav, ev->id);
        break;
    }
}

static enum go signin_handle(void *model, const struct ui_event *ev,
                             struct nav *nav)
{
    struct signin_model *m = model;

    if (app_views(nav->app)->signin.state == SIGNIN_PATROL) {
        patrol_event(ev, nav);
    } else if (ev->kind == UI_HELP) {
        go_to(m, STEP_HELP);
    } else if (m->step == STEP_HOW || m->step == STEP_CODE ||
               m->step == STEP_WHO || m->step == STEP_HELP) {
        sheet_event(m, ev, nav);
    } else if (ev->kind == UI_GO_BACK && m->step != STEP_PIN) {
        give_up(m, nav);
    } else if (ev->kind == UI_TAP && ev->id == CTL_LIBRARY_OPEN) {
        return GO_LIBRARY;
    } else if (ev->kind == UI_TAP) {
        page_tap(m, ev, nav);
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
        if (v->state == SIGNIN_OPEN && m->step < STEP_WHO) {
            opened(m, nav);
        } else if (v->state == SIGNIN_READY && m->step > STEP_CODE) {
            go_to(m, STEP_PIN); /* the PIN could not be set: it is told */
        }
    }
    return GO_STAY;
}

/* --- draw --- */

/* The tablet belongs to nobody yet; the settings stand at the foot. */
static void draw_no_officers(struct ui *ui, struct rect r)
{
    const int settings = signin_settings_height(ui, r.w);
    int y = ui_scroll_begin(ui, CTL_SCROLL_MAIN, r);
    const int foot = y + r.h - settings - 32;

    y += 40;
    y += empty_draw(ui, rect_make(r.x, y, r.w, 0), ICON_QR,
                    tr("This tablet is not set up."),
                    tr("Connect to Wi-Fi and scan the code from your team "
                       "leader."));
    y = y + 24 > foot ? y + 24 : foot;
    signin_settings(ui, rect_make(r.x, y, r.w, settings));
    ui_scroll_end(ui, y + settings + 24);
}

static void signin_draw(const void *model, const struct app *app, struct ui *ui)
{
    const struct signin_model *m = model;
    const struct views *v = app_views(app);
    struct rect rest = rect_make(0, 0, ui->width, ui->height);

    if (ui->width < 1100 || ui->height < 720 || ui->percent >= 150) {
        (void)rect_cut_top(&rest, signin_band(ui, rest, v));
    } else {
        signin_aside(ui, rect_cut_start(&rest, ASIDE_W), v, m);
    }
    if (v->signin.officer_count == 0) {
        draw_no_officers(ui, rect_inset(rest, S_MARGIN, 0));
    } else if (rest.w > 820 && rest.h >= 720 && ui->percent < 125) {
        signin_columns(ui, rect_inset(rest, 32, 32), v, m);
    } else {
        signin_column(ui, rect_inset(rest, S_MARGIN, 0), v, m);
    }
    signin_sheet(ui, &v->signin, m);
}

const struct screen screen_signin = {
    .name = "signin",
    .model_size = sizeof(struct signin_model),
    .enter = signin_enter,
    .handle = signin_handle,
    .draw = signin_draw,
    .changed = signin_changed,
};
