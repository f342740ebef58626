#include "ui/nav.h"

#include <stdio.h>
#include <string.h>

#include "ui/bridge.h"
#include "ui/controls.h"
#include "ui/frame.h"
#include "ui/kit/input.h"
#include "ui/kit/tr.h"
#include "ui/library.h"
#include "ui/practice.h"
#include "ui/toast.h"

#define HOLD_FRAME_MS 33
#define SECOND_MS     1000
#define LOCK_AFTER_MS ((int64_t)3 * 60 * SECOND_MS)

#define S(NAME, name) &screen_##name,
static const struct screen *const screens[SCREEN__COUNT] = {
#include "ui/screens.def"
};
#undef S

static const enum go place_of[] = { GO_HOME,     GO_MAP,  GO_NOTEBOOK,
                                    GO_BRIEFING, GO_SYNC, GO_REVIEWS,
                                    GO_TEAM };

static const struct screen *current(const struct nav *nav)
{
    return screens[nav->stack[nav->depth - 1]];
}

const char *nav_screen_name(const struct nav *nav)
{
    return current(nav)->name;
}

/* What is said of one screen does not follow to the next; Undo does, but
 * not to where anybody could touch it. */
static void drop_toast(struct nav *nav)
{
    if (nav->toast.told != TOLD_SAVED ||
        nav->stack[nav->depth - 1] == SCREEN_SIGNIN) {
        nav->toast.told = TOLD_NOTHING;
    }
}

static void enter(struct nav *nav)
{
    const struct screen *s = current(nav);

    ASSERT(s->model_size <= NAV_MODEL_BYTES);
    wipe(nav->model, sizeof(nav->model)); /* it may have held a PIN */
    ui_forget(&nav->ui);
    memset(nav->ui.scrolls, 0, sizeof(nav->ui.scrolls));
    drop_toast(nav);
    s->enter(nav->model, nav);
}

enum err nav_init(struct nav *nav, struct app *app, const char *po_dir)
{
    enum err err;

    memset(nav, 0, sizeof(*nav));
    err = ui_init(&nav->ui, control_names);
    if (err)
        return err;
    nav->app = app;
    nav->po_dir = po_dir;
    nav->stack[0] = SCREEN_SIGNIN;
    nav->depth = 1;
    enter(nav);
    return ERR_OK;
}

void nav_fini(struct nav *nav)
{
    wipe(nav->model, sizeof(nav->model));
    ui_fini(&nav->ui);
    library_close();
    tr_close();
}

void nav_set_theme(struct nav *nav, enum theme_id theme)
{
    nav->ui.theme = theme;
}

void nav_set_text(struct nav *nav, int percent)
{
    percent = percent < 100 ? 100 : percent;
    nav->ui.percent = percent > 200 ? 200 : percent;
}

enum err nav_set_language(struct nav *nav, const char *lang)
{
    const enum err err = tr_use(nav->po_dir, lang);

    if (err)
        return err;
    snprintf(nav->ui.list.lang, sizeof(nav->ui.list.lang), "%s", tr_lang());
    nav->ui.list.is_flipped = tr_is_rtl();
    return ERR_OK;
}

static void open_root(struct nav *nav, enum screen_id id)
{
    nav->stack[0] = id;
    nav->depth = 1;
    enter(nav);
}

/* One that is open already comes back; what was above it goes. */
static void push(struct nav *nav, enum screen_id id)
{
    for (int i = 0; i < nav->depth; i++) {
        if (nav->stack[i] == id) {
            nav->depth = i + 1;
            enter(nav);
            return;
        }
    }
    ASSERT(nav->depth < NAV_DEPTH_MAX);
    nav->stack[nav->depth++] = id;
    enter(nav);
}

/* Where each leads; a place on the rail begins anew, a task goes deeper. */
static const struct {
    enum screen_id id;
    bool is_root;
} ways[] = {
    [GO_SIGNIN] = { SCREEN_SIGNIN, true },
    [GO_HOME] = { SCREEN_HOME, true },
    [GO_MAP] = { SCREEN_MAP, true },
    [GO_NOTEBOOK] = { SCREEN_NOTEBOOK, true },
    [GO_BRIEFING] = { SCREEN_BRIEFING, true },
    [GO_SYNC] = { SCREEN_SYNC, true },
    [GO_REVIEWS] = { SCREEN_REVIEWS, true },
    [GO_TEAM] = { SCREEN_TEAM, true },
    [GO_LOG] = { SCREEN_LOG, false },
    [GO_FORM] = { SCREEN_FORM, false },
    [GO_END] = { SCREEN_END, false },
    [GO_CONFLICTS] = { SCREEN_CONFLICTS, false },
    [GO_CONFLICT] = { SCREEN_CONFLICT, false },
    [GO_LIBRARY] = { SCREEN_LIBRARY, false },
    [GO_CHECK] = { SCREEN_CHECK, false },
    [GO_ME] = { SCREEN_ME, false },
    [GO_REVIEW] = { SCREEN_REVIEW, false },
    [GO_ASKED] = { SCREEN_ASKED, false },
    [GO_HELP] = { SCREEN_LIBRARY, false },
    [GO_OUTLINE] = { SCREEN_OUTLINE, false },
};

void nav_go(struct nav *nav, enum go go)
{
    if (go == GO_STAY || go == GO_HERE) {
        return;
    }
    if (go == GO_BACK) {
        if (nav->depth > 1) {
            nav->depth--;
            enter(nav);
        } else if (nav->was_signed_in && nav->stack[0] != SCREEN_HOME) {
            open_root(nav, SCREEN_HOME);
        }
        return;
    }
    nav->wants_help |= go == GO_HELP;
    if (ways[go].is_root) {
        open_root(nav, ways[go].id);
    } else {
        push(nav, ways[go].id);
    }
}

static void show_toast(struct nav *nav, const struct view_told *told)
{
    nav->toast = *told;
    if (told->told == TOLD_PATROL_ENDED) { /* the sheet itself says it */
        nav->toast.told = TOLD_NOTHING;
    }
    nav->toast_until_ms = 0; /* counts from when it was drawn */
    nav->is_toast_drawn = false;
}

void nav_keep(struct nav *nav, enum kept_kind kind, const char *about,
              const char *text)
{
    const enum err err = app_keep_words(nav->app, (int)kind, about, text);

    if (err) {
        nav_failed(nav, err);
    }
}

void nav_failed(struct nav *nav, enum err err)
{
    const struct view_told told = { .told = TOLD_FAILED, .err = err };

    show_toast(nav, &told);
}

static void undo(struct nav *nav)
{
    enum err err;

    if (nav->toast.told != TOLD_SAVED) {
        return;
    }
    nav->toast.told = TOLD_NOTHING;
    err = app_send(nav->app, CMD_UNDO_SAVE);
    if (err) {
        nav_failed(nav, err);
    }
}

static void shell_tap(struct nav *nav, const struct ui_event *ev)
{
    enum err err = ERR_OK;

    if (ev->id == CTL_RAIL_PLACE) {
        nav_go(nav, place_of[ev->index]);
    } else if (ev->id == CTL_TOP_SYNC) {
        nav_go(nav, GO_SYNC);
    } else if (ev->id == CTL_TOP_BACK) {
        nav_go(nav, GO_BACK);
    } else if (ev->id == CTL_URGENT_SEEN) {
        err = app_see_task(nav->app, app_views(nav->app)->status.urgent.id);
    } else if (ev->id == CTL_TOAST_UNDO) {
        undo(nav);
    } else if (ev->id == CTL_RAIL_AVATAR) {
        nav_go(nav, GO_ME);
    }
    if (err) {
        nav_failed(nav, err);
    }
}

static void sos(struct nav *nav, bool held)
{
    const struct view_told told = { .told = TOLD_NOTHING };

    if (held) {
        const enum err err = app_send(nav->app, CMD_SOS);

        if (err) {
            nav_failed(nav, err);
        }
        return;
    }
    show_toast(nav, &told);
    nav->toast.told = TOLD_SOS_NOT_SENT;
}

void nav_touched(struct nav *nav)
{
    nav->touched_ms = nav->mono_ms;
    nav->is_locking = false;
}

/* After three minutes without a touch; patrol and drafts go on. */
static void lock_if_left(struct nav *nav)
{
    const enum capture_state capture = app_views(nav->app)->capture.state;

    if (capture == CAPTURE_LIVE || capture == CAPTURE_RECORDS) {
        nav_touched(nav); /* a camera does not lock; it closes by itself */
        return;
    }
    if (!nav->was_signed_in || nav->is_locking ||
        nav->mono_ms - nav->touched_ms < LOCK_AFTER_MS) {
        return;
    }
    nav->is_locking = app_send(nav->app, CMD_LOCK) == ERR_OK;
}

void nav_event(struct nav *nav, const struct ui_event *ev)
{
    enum go go;

    nav_touched(nav);
    if (ev->kind == UI_HELD || ev->kind == UI_LET_GO) {
        sos(nav, ev->kind == UI_HELD);
        return;
    }
    if (ev->kind == UI_UNDO) {
        undo(nav);
        return;
    }
    if (ev->kind == UI_NEW && nav->was_signed_in &&
        nav->stack[nav->depth - 1] != SCREEN_NOTEBOOK) {
        nav_go(nav, GO_NOTEBOOK); /* what was begun stays a draft */
    }
    if (nav->ui.is_edit_full) {
        const struct view_told full = { .told = TOLD_FIELD_FULL };

        nav->ui.is_edit_full = false;
        show_toast(nav, &full);
    }
    go = current(nav)->handle(nav->model, ev, nav);
    if (go != GO_STAY) {
        nav_go(nav, go);
    } else if (ev->kind == UI_TAP) {
        shell_tap(nav, ev);
    } else if (ev->kind == UI_PLACE && nav->was_signed_in) {
        nav_go(nav, place_of[ev->index]);
    } else if (ev->kind == UI_HELP && nav->was_signed_in &&
               nav->stack[nav->depth - 1] != SCREEN_LIBRARY) {
        nav_go(nav, GO_HELP); /* Back returns to what was begun */
    }
}

void nav_changed(struct nav *nav)
{
    const struct views *v = app_views(nav->app);

    nav->wall_ms = v->status.now_ms;
    nav->wall_at_ms = nav->mono_ms;
    if (v->status.is_signed_in != nav->was_signed_in) {
        nav_touched(nav);
        nav->was_signed_in = v->status.is_signed_in;
        nav_go(nav, !nav->was_signed_in   ? GO_SIGNIN
                    : v->status.is_leader ? GO_REVIEWS
                                          : GO_HOME);
    } else if (current(nav)->changed != NULL) {
        nav_go(nav, current(nav)->changed(nav->model, nav));
    }
    /* Last: it is said on the screen that these views lead to. */
    if (v->told.serial != nav->told_serial) {
        nav->told_serial = v->told.serial;
        show_toast(nav, &v->told);
    }
}

/* It stays for some seconds after it was drawn; Undo, while it is focused. */
static bool toast_ends(struct nav *nav)
{
    if (nav->toast.told == TOLD_NOTHING) {
        return false;
    }
    if (nav->toast_until_ms == 0 && nav->is_toast_drawn) {
        nav->toast_until_ms = nav->mono_ms + MS_TOAST_STAY;
    }
    if (nav->toast_until_ms == 0 || nav->mono_ms < nav->toast_until_ms ||
        nav->ui.focus.id == CTL_TOAST_UNDO) {
        return false;
    }
    nav->toast.told = TOLD_NOTHING;
    return true;
}

bool nav_tick(struct nav *nav, int64_t mono_ms)
{
    const struct view_status *st = &app_views(nav->app)->status;
    struct ui_event ev;
    bool changes = false;

    nav->mono_ms = mono_ms;
    lock_if_left(nav);
    if (st->clock_runs) {
        const int64_t now = nav->wall_ms + mono_ms - nav->wall_at_ms;

        changes = now / SECOND_MS != st->now_ms / SECOND_MS;
        app_set_clock(nav->app, now);
    }
    changes |= toast_ends(nav);
    if (nav->ui.is_pressing) {
        const int before = nav->ui.held_permille;

        if (ui_tick(&nav->ui, mono_ms, &ev)) {
            nav_event(nav, &ev);
            changes = true;
        }
        changes |= nav->ui.held_permille != before;
    }
    return changes;
}

/* An officer's wait after wrong PINs is counted down. */
static bool counts_down(const struct nav *nav, const struct views *v)
{
    if (nav->stack[nav->depth - 1] != SCREEN_SIGNIN) {
        return false;
    }
    for (int i = 0; i < v->signin.officer_count; i++) {
        if (v->signin.officers[i].locked_until_ms > v->status.now_ms) {
            return true;
        }
    }
    return false;
}

static bool is_holding(const struct nav *nav)
{
    return nav->ui.is_pressing && (nav->ui.pressed.id == CTL_SOS ||
                                   nav->ui.pressed.id == CTL_MAP_GROUND);
}

int nav_next_tick(const struct nav *nav)
{
    const struct views *v = app_views(nav->app);
    int64_t next = -1;

    if (is_holding(nav)) {
        return HOLD_FRAME_MS;
    }
    if (nav->toast.told != TOLD_NOTHING) {
        next = nav->toast_until_ms > 0 ? nav->toast_until_ms - nav->mono_ms
               : nav->is_toast_drawn   ? 0
                                       : MS_TOAST_STAY;
    }
    if (v->status.clock_runs) {
        /* The timer's seconds show only at home; elsewhere minutes do. */
        const bool has_timer = (nav->stack[nav->depth - 1] == SCREEN_HOME &&
                                v->home.patrol != PATROL_OFF) ||
                               counts_down(nav, v);
        const int64_t unit = has_timer ? SECOND_MS : 60 * SECOND_MS;
        const int64_t left = unit - v->status.now_ms % unit;

        next = next < 0 || left < next ? left : next;
    }
    if (nav->was_signed_in && !nav->is_locking) {
        const int64_t left = nav->touched_ms + LOCK_AFTER_MS - nav->mono_ms;

        next = next < 0 || left < next ? left : next;
        next = next < 0 ? 0 : next;
    }
    return next < 0 ? -1 : (int)next;
}

static void draw_once(struct nav *nav, int width, int height)
{
    struct ui *ui = &nav->ui;

    const int band =
        app_views(nav->app)->status.is_practice ? practice_band_height() : 0;

    ui_begin(ui, width, height - band);
    current(nav)->draw(nav->model, nav->app, ui);
    if (nav->toast.told != TOLD_NOTHING) {
        toast_draw(ui, &nav->toast);
        nav->is_toast_drawn = true;
    }
    if (nav->stack[nav->depth - 1] != SCREEN_SIGNIN) {
        frame_sos(ui, &app_views(nav->app)->status);
    }
    ui_end(ui);
    if (band > 0) {
        practice_band_draw(ui, height);
    }
}

void nav_draw(struct nav *nav, int width, int height)
{
    draw_once(nav, width, height);
    if (nav->ui.draws_again) { /* a caret went out of sight */
        nav->ui.draws_again = false;
        draw_once(nav, width, height);
        nav->ui.draws_again = false;
    }
}
