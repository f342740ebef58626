#include "ui/kit/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ui/kit/board.h"
#include "ui/kit/edit.h"
#include "ui/kit/ink.h"
#include "ui/kit/keyboard.h"

#define PAN_DP   12 /* a finger in a glove trembles less than this */
#define WHEEL_DP 72
#define RING_DP  8 /* room for the focus ring when scrolled to */

static const struct target *at_point(const struct ui *ui, int x, int y)
{
    for (int i = ui->target_count - 1; i >= 0; i--) {
        const struct target *t = &ui->targets[i];

        if (rect_contains(t->box, x, y) && rect_contains(t->clip, x, y) &&
            ui_is_live(ui, t)) {
            return t;
        }
    }
    return NULL;
}

static const struct target *of_id(const struct ui *ui, struct ui_key_of key)
{
    for (int i = 0; i < ui->target_count; i++) {
        const struct target *t = &ui->targets[i];

        if (t->id == key.id && t->index == key.index && ui_is_live(ui, t)) {
            return t;
        }
    }
    return NULL;
}

static int scroll_at(const struct ui *ui, int x, int y)
{
    for (int i = 0; i < UI_SCROLLS_MAX; i++) {
        if (ui->scrolls[i].id != 0 &&
            rect_contains(draw_flip(&ui->list, ui->scrolls[i].view), x, y) &&
            ui->scrolls[i].content > ui->scrolls[i].view.h) {
            return i;
        }
    }
    return -1;
}

bool ui_touch_down(struct ui *ui, int x, int y, int64_t ms)
{
    const struct target *t = at_point(ui, x, y);

    ui->shows_focus = false;
    ui->is_panning = false;
    ui->is_pressing = t != NULL;
    ui->pan_scroll = scroll_at(ui, x, y);
    ui->down_x = x;
    ui->down_y = y;
    ui->last_x = x;
    ui->last_y = y;
    ui->is_dragging = false;
    ui->down_ms = ms;
    ui->held_permille = 0;
    if (t != NULL) {
        ui->pressed.id = t->id;
        ui->pressed.index = t->index;
    }
    if (t != NULL && (t->flags & UI_DRAWS)) {
        ui->pan_scroll = -1; /* the page stays where it is signed */
        ink_begin(ui, t, x, y);
    }
    return t != NULL;
}

static bool scroll_by(struct ui *ui, int scroll, int dy)
{
    struct ui_scroll *s = &ui->scrolls[scroll];
    const int most = s->content - s->view.h;
    int to = s->offset + dy;

    to = to > most ? most : to;
    to = to < 0 ? 0 : to;
    if (to == s->offset) {
        return false;
    }
    s->offset = to;
    return true;
}

/* The first step is not taken: it only shows that this is no tap. */
static bool drag_ground(struct ui *ui, int x, int y)
{
    if (!ui->is_dragging) {
        if (abs(x - ui->down_x) <= PAN_DP && abs(y - ui->down_y) <= PAN_DP) {
            return false;
        }
        ui->is_dragging = true;
        ui->is_pressing = false;
    } else if (!ui->is_pinching) {
        ui->drag_x += x - ui->last_x;
        ui->drag_y += y - ui->last_y;
    }
    ui->last_x = x;
    ui->last_y = y;
    return true;
}

bool ui_touch_move(struct ui *ui, int x, int y)
{
    const struct target *t = of_id(ui, ui->pressed);
    bool changes = false;

    if (ui->ink.is_down) {
        return t != NULL && ink_go(ui, t, x, y);
    }
    if (t != NULL && (t->flags & UI_GROUND) &&
        (ui->is_pressing || ui->is_dragging)) {
        return drag_ground(ui, x, y);
    }
    if (ui->is_pressing && t != NULL && !rect_contains(t->box, x, y)) {
        ui->is_pressing = false; /* slid off: cancelled */
        ui->held_permille = 0;
        changes = true;
    }
    if (ui->pan_scroll >= 0 && !ui->is_panning &&
        abs(y - ui->down_y) > PAN_DP) {
        ui->is_panning = true;
        ui->is_pressing = false;
        changes = true;
    }
    if (ui->is_panning) {
        changes |= scroll_by(ui, ui->pan_scroll, ui->last_y - y);
    }
    ui->last_y = y;
    return changes;
}

bool ui_wheel(struct ui *ui, int x, int y, int lines)
{
    const int scroll = scroll_at(ui, x, y);

    return scroll >= 0 && scroll_by(ui, scroll, -lines * WHEEL_DP);
}

static bool put_event(struct ui_event *ev, enum ui_event_kind kind,
                      const struct target *t)
{
    memset(ev, 0, sizeof(*ev));
    ev->kind = kind;
    if (t != NULL) {
        ev->id = t->id;
        ev->index = t->index;
    }
    return true;
}

bool ui_drag_take(struct ui *ui, struct ui_event *ev_out)
{
    if (ui->drag_x == 0 && ui->drag_y == 0) {
        return false;
    }
    (void)put_event(ev_out, UI_DRAG, of_id(ui, ui->pressed));
    ev_out->x = ui->drag_x;
    ev_out->y = ui->drag_y;
    ui->drag_x = 0;
    ui->drag_y = 0;
    return true;
}

bool ui_zoom_at(struct ui *ui, int x, int y, int amount, bool is_pinch,
                struct ui_event *ev_out)
{
    const struct target *t = at_point(ui, x, y);

    if (t == NULL || (t->flags & UI_GROUND) == 0) {
        return false;
    }
    if (is_pinch) {
        ui->is_pinching = true;
        ui->is_pressing = false; /* no tap when they are lifted */
    }
    (void)put_event(ev_out, UI_ZOOM, t);
    ev_out->x = x;
    ev_out->y = y;
    ev_out->amount = amount;
    return true;
}

/* A key of the on-screen board: the board's own, or an edit. */
static bool tap_key(struct ui *ui, unsigned sign, struct ui_event *ev)
{
    switch (sign) {
    case KEY_SHIFT:
        ui->keyboard_page = ui->keyboard_page == BOARD_CAPITALS
                                ? BOARD_LETTERS
                                : BOARD_CAPITALS;
        return false;
    case KEY_BOARD:
        board_next(ui);
        return false;
    case KEY_SIGNS:
        ui->keyboard_page = BOARD_SIGNS;
        return false;
    case KEY_LETTERS:
        ui->keyboard_page = BOARD_LETTERS;
        return false;
    case KEY_DONE:
        edit_end(ui);
        return false;
    case KEY_DELETE:
        return edit_erase(ui, ev);
    default:
        if (ui->keyboard_page == BOARD_CAPITALS) {
            ui->keyboard_page = BOARD_LETTERS; /* one capital at a time */
        }
        return edit_sign(ui, sign, ev);
    }
}

static bool act(struct ui *ui, const struct target *t, bool by_touch,
                struct ui_event *ev)
{
    if (t->part == UI_KEYBOARD) {
        return tap_key(ui, t->index, ev);
    }
    ui_focus_on(ui, t->id, t->index);
    if (t->flags & (UI_DISABLED | UI_DRAWS)) {
        return false;
    }
    if (t->flags & UI_FIELD) {
        edit_begin(ui, t, by_touch);
        return false;
    }
    edit_end(ui);
    return put_event(ev, UI_TAP, t);
}

static bool is_again(const struct ui *ui, const struct target *t, int64_t ms)
{
    return t->part != UI_KEYBOARD && !(t->flags & UI_REPEATS) &&
           ui->tapped.id == t->id && ui->tapped.index == t->index &&
           ms - ui->tapped_ms < MS_AGAIN;
}

bool ui_touch_up(struct ui *ui, int x, int y, int64_t ms,
                 struct ui_event *ev_out)
{
    const struct target *t = of_id(ui, ui->pressed);
    const bool was_pressing = ui->is_pressing;

    ui->is_pressing = false;
    ui->is_dragging = false;
    ui->drag_x = 0;
    ui->drag_y = 0;
    if (ui->is_pinching) {
        ui->is_pinching = false;
        return put_event(ev_out, UI_ZOOM, t); /* by nothing: it is over */
    }
    ui->is_panning = false;
    ui->pan_scroll = -1;
    ui->held_permille = 0;
    if (ui->ink.is_down) {
        ink_end(ui);
        return t != NULL && put_event(ev_out, UI_INKED, t);
    }
    if (!was_pressing || t == NULL || !rect_contains(t->box, x, y)) {
        return false;
    }
    if (t->flags & UI_HOLDS) {
        return put_event(ev_out, UI_LET_GO, t);
    }
    if (is_again(ui, t, ms)) {
        return false;
    }
    ui->tapped.id = t->id;
    ui->tapped.index = t->index;
    ui->tapped_ms = ms;
    if (!act(ui, t, true, ev_out)) {
        return false;
    }
    ev_out->x = x;
    ev_out->y = y;
    return true;
}

void ui_hold_begin(struct ui *ui, const char *name, int64_t ms)
{
    const struct target *t = ui_find(ui, name);

    if (t != NULL && !ui->is_pressing) {
        ui->pressed.id = t->id;
        ui->pressed.index = t->index;
        ui->is_pressing = true;
        ui->down_ms = ms;
        ui->down_x = t->box.x + t->box.w / 2;
        ui->down_y = t->box.y + t->box.h / 2;
    }
}

bool ui_hold_end(struct ui *ui, struct ui_event *ev_out)
{
    const struct target *t = of_id(ui, ui->pressed);

    if (!ui->is_pressing || t == NULL) {
        return false;
    }
    ui->is_pressing = false;
    ui->held_permille = 0;
    return put_event(ev_out, UI_LET_GO, t);
}

bool ui_tick(struct ui *ui, int64_t ms, struct ui_event *ev_out)
{
    const struct target *t = of_id(ui, ui->pressed);

    if (!ui->is_pressing || t == NULL) {
        return false;
    }
    if ((t->flags & UI_GROUND) && ms - ui->down_ms >= MS_HOLD_SPOT) {
        ui->is_pressing = false; /* lifted, it is no tap */
        (void)put_event(ev_out, UI_SPOT, t);
        ev_out->x = ui->down_x;
        ev_out->y = ui->down_y;
        return true;
    }
    if (!(t->flags & UI_HOLDS)) {
        return false;
    }
    ui->held_permille = (int)((ms - ui->down_ms) * 1000 / MS_HOLD_SOS);
    if (ui->held_permille < 1000) {
        return false;
    }
    ui->is_pressing = false;
    ui->held_permille = 0;
    return put_event(ev_out, UI_HELD, t);
}

bool ui_reveal(struct ui *ui, const struct target *t)
{
    struct rect view;
    int dy = 0;

    if (t->scroll < 0) {
        return false;
    }
    view = ui->scrolls[t->scroll].view;
    if (t->box.y - RING_DP < view.y) {
        dy = t->box.y - RING_DP - view.y;
    } else if (t->box.y + t->box.h + RING_DP > view.y + view.h) {
        dy = t->box.y + t->box.h + RING_DP - view.y - view.h;
    }
    return dy != 0 && scroll_by(ui, t->scroll, dy);
}

bool ui_tap(struct ui *ui, const struct target *t, struct ui_event *ev_out)
{
    return act(ui, t, false, ev_out);
}

/* Letters on a sheet go into its first field: nobody has to go there. */
static bool begin_field(struct ui *ui)
{
    for (int i = 0; i < ui->target_count; i++) {
        const struct target *t = &ui->targets[i];

        if (t->layer > 0 && (t->flags & UI_FIELD) && ui_is_live(ui, t)) {
            ui_focus_on(ui, t->id, t->index);
            (void)ui_reveal(ui, t);
            edit_begin(ui, t, false);
            return true;
        }
    }
    return false;
}

bool ui_type(struct ui *ui, const char *utf8, struct ui_event *ev_out)
{
    if (ui->field.id != 0 || begin_field(ui)) {
        return edit_insert(ui, utf8, ev_out);
    }
    for (int i = 0; i < ui->target_count; i++) {
        const struct target *t = &ui->targets[i];

        if (!ui_is_live(ui, t)) {
            continue;
        }
        if ((t->flags & UI_GROUND) && strpbrk(utf8, "+=-") == utf8) {
            (void)put_event(ev_out, UI_ZOOM, t);
            ev_out->x = -1;
            ev_out->y = -1;
            ev_out->amount = utf8[0] == '-' ? -UI_LEVEL : UI_LEVEL;
            return true;
        }
        if (strcmp(t->label, utf8) == 0) {
            return act(ui, t, false, ev_out);
        }
    }
    return false;
}
