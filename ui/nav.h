/*
 * nav.h - the stack of screens, the toast above them, and the settings.
 */
#ifndef UI_NAV_H
#define UI_NAV_H

#include "ui/screen.h"

#define NAV_DEPTH_MAX 8
/* The quick log: its draft, what is typed, what Cancel brings back. */
#define NAV_MODEL_BYTES (136 * 1024)

struct nav {
    struct ui ui;
    struct app *app;
    const char *po_dir; /* catalogues; borrowed */
    enum screen_id stack[NAV_DEPTH_MAX];
    int depth; /* at least 1 */
    _Alignas(max_align_t) unsigned char model[NAV_MODEL_BYTES];
    bool was_signed_in;
    char outline[VIEW_KEY_SIZE]; /* the answer that is drawn on a map */
    char area[40];   /* that the map shows when it opens; "": as it was */
    bool wants_help; /* the library opens at how this tablet is used */
    /* toast */
    uint32_t told_serial;
    struct view_told toast; /* TOLD_NOTHING: none */
    int64_t toast_until_ms; /* 0: it was not drawn yet */
    bool is_toast_drawn;
    /* clock: the worker's wall clock at our monotonic one */
    int64_t wall_ms;
    int64_t wall_at_ms;
    int64_t mono_ms;
    int64_t touched_ms; /* the last touch or key, monotonic */
    bool is_locking;    /* nobody touched it for long: asked for */
};

MUST_USE enum err nav_init(struct nav *nav, struct app *app,
                           const char *po_dir);
void nav_fini(struct nav *nav);

/* Settings; they hold until sign-out. nav_set_text clamps to 100-200. */
void nav_set_theme(struct nav *nav, enum theme_id theme);
void nav_set_text(struct nav *nav, int percent);
MUST_USE enum err nav_set_language(struct nav *nav, const char *lang);

void nav_go(struct nav *nav, enum go go);
void nav_event(struct nav *nav, const struct ui_event *ev);
void nav_changed(struct nav *nav); /* after bridge_take said true */
/* Words of a sheet at each letter: a kill loses the last one at most. */
void nav_keep(struct nav *nav, enum kept_kind kind, const char *about,
              const char *text);
/* A verb failed: the screen stays, a toast says why. */
void nav_failed(struct nav *nav, enum err err);

/* Somebody is at it: the lock waits. nav_event() says so by itself. */
void nav_touched(struct nav *nav);

/* Moves clock, toast and holds to `mono_ms`; true: draw again. */
bool nav_tick(struct nav *nav, int64_t mono_ms);
/* ms until nav_tick is wanted, or -1: nothing moves. */
int nav_next_tick(const struct nav *nav);

void nav_draw(struct nav *nav, int width, int height);
const char *nav_screen_name(const struct nav *nav);

#endif /* UI_NAV_H */
