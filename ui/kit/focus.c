/* focus.c - keys that move the focus, and keys that press (input.h). */
#include <stdlib.h>
#include <string.h>

#include "ui/kit/edit.h"
#include "ui/kit/input.h"

/* Live targets in focus order: by part, then as drawn. */
static int focus_order(const struct ui *ui, int *order)
{
    int n = 0;

    for (int part = 0; part < UI_KEYBOARD; part++) {
        for (int i = 0; i < ui->target_count; i++) {
            const struct target *t = &ui->targets[i];

            if ((int)t->part == part && ui_is_live(ui, t)) {
                order[n++] = i;
            }
        }
    }
    return n;
}

static int find_focus(const struct ui *ui, const int *order, int n)
{
    for (int i = 0; i < n; i++) {
        const struct target *t = &ui->targets[order[i]];

        if (t->id == ui->focus.id && t->index == ui->focus.index) {
            return i;
        }
    }
    return -1;
}

/* Entering a group lands on what is chosen in it, else on its first. */
static int group_entry(const struct ui *ui, const int *order, int n, int at)
{
    const int group = ui->targets[order[at]].group;
    int first = -1;

    if (group == 0) {
        return at;
    }
    for (int i = 0; i < n; i++) {
        const struct target *t = &ui->targets[order[i]];

        if (t->group != group) {
            continue;
        }
        if (t->flags & UI_SELECTED) {
            return i;
        }
        first = first < 0 ? i : first;
    }
    return first;
}

static void set_focus(struct ui *ui, const struct target *t)
{
    ui_focus_on(ui, t->id, t->index);
    (void)ui_reveal(ui, t);
    if (t->flags & UI_FIELD) {
        edit_begin(ui, t, false);
    } else {
        edit_end(ui);
    }
}

static void move_stop(struct ui *ui, int step, bool by_part)
{
    int order[UI_TARGETS_MAX];
    const int n = focus_order(ui, order);
    const int at = find_focus(ui, order, n);
    int to = at;

    if (n == 0) {
        return;
    }
    if (at < 0) {
        to = step > 0 ? 0 : n - 1;
    }
    for (int i = 0; at >= 0 && i < n; i++) {
        const struct target *from = &ui->targets[order[at]];

        to = (to + step + n) % n;
        if (by_part ? ui->targets[order[to]].part != from->part
                    : from->group == 0 ||
                          ui->targets[order[to]].group != from->group) {
            break;
        }
    }
    set_focus(ui, &ui->targets[order[group_entry(ui, order, n, to)]]);
}

/* How far `b` lies from `a` along the key, or -1 when not that way. */
static int distance(struct rect a, struct rect b, enum ui_key key)
{
    const int dx = b.x + b.w / 2 - (a.x + a.w / 2);
    const int dy = b.y + b.h / 2 - (a.y + a.h / 2);
    const int along = key == KEY_LEFT    ? -dx
                      : key == KEY_RIGHT ? dx
                      : key == KEY_UP    ? -dy
                                         : dy;
    const int across = key == KEY_LEFT || key == KEY_RIGHT ? abs(dy) : abs(dx);

    return along > 4 ? along + 3 * across : -1;
}

#define STEP_DP 96 /* of the ground, with each arrow */

/* Arrows on the map move it, not the focus: what lies that way comes. */
static bool move_ground(struct ui *ui, enum ui_key key, struct ui_event *ev)
{
    int order[UI_TARGETS_MAX];
    const int n = focus_order(ui, order);
    const int at = find_focus(ui, order, n);

    if (at < 0 || (ui->targets[order[at]].flags & UI_GROUND) == 0) {
        return false;
    }
    ev->kind = UI_DRAG;
    ev->id = ui->focus.id;
    ev->x = key == KEY_LEFT ? STEP_DP : key == KEY_RIGHT ? -STEP_DP : 0;
    ev->y = key == KEY_UP ? STEP_DP : key == KEY_DOWN ? -STEP_DP : 0;
    return true;
}

static void move_in_group(struct ui *ui, enum ui_key key)
{
    int order[UI_TARGETS_MAX];
    const int n = focus_order(ui, order);
    const int at = find_focus(ui, order, n);
    int best = -1;
    int best_distance = 0;

    if (at < 0 || ui->targets[order[at]].group == 0) {
        return;
    }
    for (int i = 0; i < n; i++) {
        const struct target *t = &ui->targets[order[i]];
        const int d = distance(ui->targets[order[at]].box, t->box, key);

        if (t->group == ui->targets[order[at]].group && d >= 0 &&
            (best < 0 || d < best_distance)) {
            best = i;
            best_distance = d;
        }
    }
    if (best >= 0) {
        set_focus(ui, &ui->targets[order[best]]);
    }
}

static void move_to_end(struct ui *ui, bool to_last)
{
    int order[UI_TARGETS_MAX];
    const int n = focus_order(ui, order);
    const int at = find_focus(ui, order, n);
    int found = -1;

    if (at < 0 || ui->targets[order[at]].group == 0) {
        return;
    }
    for (int i = 0; i < n; i++) {
        if (ui->targets[order[i]].group == ui->targets[order[at]].group &&
            (to_last || found < 0)) {
            found = i;
        }
    }
    if (found >= 0) {
        set_focus(ui, &ui->targets[order[found]]);
    }
}

static bool press(struct ui *ui, struct ui_event *ev)
{
    int order[UI_TARGETS_MAX];
    const int n = focus_order(ui, order);
    const int at = find_focus(ui, order, n);

    if (at < 0) {
        return false;
    }
    return ui_tap(ui, &ui->targets[order[at]], ev);
}

static bool edit_key(struct ui *ui, enum ui_key key, struct ui_event *ev)
{
    switch (key) {
    case KEY_ERASE:
        return edit_erase(ui, ev);
    case KEY_LEFT:
    case KEY_RIGHT:
    case KEY_FIRST:
    case KEY_LAST:
        edit_move(ui, key);
        return false;
    case KEY_NEW_LINE:
        return edit_insert(ui, "\n", ev);
    default:
        return false;
    }
}

bool ui_key_press(struct ui *ui, enum ui_key key, struct ui_event *ev_out)
{
    const bool was_shown = ui->shows_keyboard;

    ui->shows_focus = true;
    ui->shows_keyboard = false; /* there is a real one */
    memset(ev_out, 0, sizeof(*ev_out));
    switch (key) {
    case KEY_TAB:
        move_stop(ui, 1, false);
        return false;
    case KEY_BACK_TAB:
        move_stop(ui, -1, false);
        return false;
    case KEY_NEXT_PART:
        move_stop(ui, 1, true);
        return false;
    case KEY_ESCAPE: /* first the keyboard on the screen, then the page */
        ev_out->kind = UI_GO_BACK;
        return !was_shown;
    default:
        break;
    }
    if (ui->field.id != 0) {
        return edit_key(ui, key, ev_out);
    }
    switch (key) {
    case KEY_PRESS:
        return press(ui, ev_out);
    case KEY_FIRST:
    case KEY_LAST:
        move_to_end(ui, key == KEY_LAST);
        return false;
    case KEY_LEFT:
    case KEY_RIGHT:
    case KEY_UP:
    case KEY_DOWN:
        if (move_ground(ui, key, ev_out)) {
            return true;
        }
        move_in_group(ui, key);
        return false;
    default:
        return false;
    }
}
