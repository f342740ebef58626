/*
 * input.h - touches and keys against the targets of the last frame.
 *
 * Each call returns true when it made an event. Touch acts on release
 * inside; sliding off cancels; sliding along scrolls. Times are ms of any
 * clock that only goes forward.
 */
#ifndef UI_KIT_INPUT_H
#define UI_KIT_INPUT_H

#include "ui/kit/ui.h"

enum ui_key {
    KEY_TAB,
    KEY_BACK_TAB,
    KEY_PRESS, /* Enter or Space */
    KEY_LEFT,
    KEY_RIGHT,
    KEY_UP,
    KEY_DOWN,
    KEY_FIRST,
    KEY_LAST,
    KEY_ERASE,
    KEY_ESCAPE,
    KEY_NEW_LINE,
    KEY_NEXT_PART
};

bool ui_touch_down(struct ui *ui, int x, int y, int64_t ms);
bool ui_touch_move(struct ui *ui, int x, int y); /* true: draw again */
bool ui_touch_up(struct ui *ui, int x, int y, int64_t ms,
                 struct ui_event *ev_out);
bool ui_wheel(struct ui *ui, int x, int y, int lines);

/* What touch_move moved the ground by since the last call: UI_DRAG. */
bool ui_drag_take(struct ui *ui, struct ui_event *ev_out);
/* Two fingers, or a wheel over the ground at (x, y): UI_ZOOM. With
 * `is_pinch`, drags rest until the fingers are lifted. */
bool ui_zoom_at(struct ui *ui, int x, int y, int amount, bool is_pinch,
                struct ui_event *ev_out);

bool ui_key_press(struct ui *ui, enum ui_key key, struct ui_event *ev_out);
/* Letters typed: into the field, or the control labelled with them. */
bool ui_type(struct ui *ui, const char *utf8, struct ui_event *ev_out);

/* Starts or ends the hold of the SOS button by key. */
void ui_hold_begin(struct ui *ui, const char *name, int64_t ms);
bool ui_hold_end(struct ui *ui, struct ui_event *ev_out);

/* While a hold runs: moves its ring; true with UI_HELD, or UI_SPOT of the
 * ground, when it is done. */
bool ui_tick(struct ui *ui, int64_t ms, struct ui_event *ev_out);

/* A whole touch of a control, scrolled into view before; for scripts. */
bool ui_tap(struct ui *ui, const struct target *t, struct ui_event *ev_out);
/* True when the area had to move: draw again before touching. */
bool ui_reveal(struct ui *ui, const struct target *t);

#endif /* UI_KIT_INPUT_H */
