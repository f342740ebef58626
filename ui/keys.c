#include "ui/keys.h"

#include <string.h>

#include "ui/kit/input.h"

struct key_row {
    SDL_Keycode code;
    enum ui_key key;
};

static const struct key_row rows[] = {
    { SDLK_LEFT, KEY_LEFT },       { SDLK_RIGHT, KEY_RIGHT },
    { SDLK_UP, KEY_UP },           { SDLK_DOWN, KEY_DOWN },
    { SDLK_HOME, KEY_FIRST },      { SDLK_END, KEY_LAST },
    { SDLK_BACKSPACE, KEY_ERASE }, { SDLK_ESCAPE, KEY_ESCAPE },
    { SDLK_F6, KEY_NEXT_PART },
};

static void deliver(struct nav *nav, const struct ui_event *ev, bool has)
{
    if (has) {
        nav_event(nav, ev);
    }
}

static void make_and_deliver(struct nav *nav, enum ui_event_kind kind,
                             int index)
{
    const struct ui_event ev = { .kind = kind, .index = (uint16_t)index };

    nav_event(nav, &ev);
}

static bool chord(struct nav *nav, const SDL_Keysym *sym)
{
    const bool ctrl = (sym->mod & KMOD_CTRL) != 0;
    const bool alt = (sym->mod & KMOD_ALT) != 0;

    if (ctrl && sym->sym == SDLK_s) {
        make_and_deliver(nav, UI_SAVE, 0);
    } else if (ctrl && sym->sym == SDLK_z) {
        make_and_deliver(nav, UI_UNDO, 0);
    } else if (ctrl && sym->sym == SDLK_n) {
        make_and_deliver(nav, UI_NEW, 0);
    } else if (alt && sym->sym == SDLK_LEFT) {
        make_and_deliver(nav, UI_GO_BACK, 0);
    } else if (alt && sym->sym >= SDLK_1 && sym->sym <= SDLK_5) {
        make_and_deliver(nav, UI_PLACE, sym->sym - SDLK_1);
    } else {
        return false;
    }
    return true;
}

/* Which of our keys it is; -1: none. */
static int key_of(const struct nav *nav, const SDL_Keysym *sym)
{
    const bool is_editing = nav->ui.field.id != 0;

    if (sym->sym == SDLK_TAB) {
        return sym->mod & KMOD_SHIFT ? KEY_BACK_TAB : KEY_TAB;
    }
    if (sym->sym == SDLK_RETURN || sym->sym == SDLK_KP_ENTER) {
        return is_editing ? KEY_NEW_LINE : KEY_PRESS;
    }
    if (sym->sym == SDLK_SPACE && !is_editing) {
        return KEY_PRESS;
    }
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (rows[i].code == sym->sym) {
            return (int)rows[i].key;
        }
    }
    return -1;
}

static bool on_key_down(struct nav *nav, const SDL_KeyboardEvent *key,
                        int64_t ms)
{
    struct ui_event ev;
    int which;

    if (key->keysym.sym == SDLK_F12) {
        if (!key->repeat) {
            ui_hold_begin(&nav->ui, "sos", ms);
        }
        return true;
    }
    if (key->keysym.sym == SDLK_F1) {
        make_and_deliver(nav, UI_HELP, 0);
        return true;
    }
    if (chord(nav, &key->keysym)) {
        return true;
    }
    which = key_of(nav, &key->keysym);
    if (which < 0) {
        return false;
    }
    deliver(nav, &ev, ui_key_press(&nav->ui, (enum ui_key)which, &ev));
    return true;
}

static bool on_text(struct nav *nav, const char *text)
{
    struct ui_event ev;

    if (nav->ui.field.id == 0 && strcmp(text, " ") == 0) {
        return false; /* it pressed already */
    }
    deliver(nav, &ev, ui_type(&nav->ui, text, &ev));
    return true;
}

static bool on_move(struct nav *nav, int x, int y)
{
    struct ui_event out;
    const bool changes = ui_touch_move(&nav->ui, x, y);

    deliver(nav, &out, ui_drag_take(&nav->ui, &out));
    return changes;
}

#define PINCH_MAX 300 /* in one event; more is a finger that jumped */

static bool on_wheel(struct nav *nav, const SDL_MouseWheelEvent *ev)
{
    const int x = ev->mouseX;
    const int y = ev->mouseY;
    const int lines = ev->y;
    struct ui_event out;

    if (ui_wheel(&nav->ui, x, y, lines)) {
        return true;
    }
    if (lines == 0 ||
        !ui_zoom_at(&nav->ui, x, y, lines > 0 ? UI_LEVEL : -UI_LEVEL, false,
                    &out)) {
        return false;
    }
    nav_event(nav, &out);
    return true;
}

/* dDist is by how much of the screen the fingers came apart. */
static bool on_pinch(struct nav *nav, const SDL_MultiGestureEvent *ev)
{
    const int x = (int)(ev->x * (float)nav->ui.width);
    const int y = (int)(ev->y * (float)nav->ui.height);
    int amount = (int)(ev->dDist * 4 * UI_LEVEL);
    struct ui_event out;

    amount = amount > PINCH_MAX ? PINCH_MAX : amount;
    amount = amount < -PINCH_MAX ? -PINCH_MAX : amount;
    if (ev->numFingers != 2 || amount == 0 ||
        !ui_zoom_at(&nav->ui, x, y, amount, true, &out)) {
        return false;
    }
    nav_event(nav, &out);
    return true;
}

static bool on_mouse(struct nav *nav, const SDL_Event *ev, int64_t ms)
{
    struct ui_event out;

    switch (ev->type) {
    case SDL_MOUSEBUTTONDOWN:
        return ev->button.button == SDL_BUTTON_LEFT &&
               ui_touch_down(&nav->ui, ev->button.x, ev->button.y, ms);
    case SDL_MOUSEBUTTONUP:
        if (ev->button.button != SDL_BUTTON_LEFT) {
            return false;
        }
        deliver(nav, &out,
                ui_touch_up(&nav->ui, ev->button.x, ev->button.y, ms, &out));
        return true;
    case SDL_MOUSEMOTION:
        return (ev->motion.state & SDL_BUTTON_LMASK) != 0 &&
               on_move(nav, ev->motion.x, ev->motion.y);
    default:
        return on_wheel(nav, &ev->wheel);
    }
}

bool keys_event(struct nav *nav, const SDL_Event *ev, int64_t ms)
{
    struct ui_event out;

    if (ev->type == SDL_MOUSEBUTTONDOWN || ev->type == SDL_KEYDOWN ||
        ev->type == SDL_MOUSEWHEEL) {
        nav_touched(nav);
    }

    switch (ev->type) {
    case SDL_MOUSEBUTTONDOWN: /* SDL makes these of touches too */
    case SDL_MOUSEBUTTONUP:
    case SDL_MOUSEMOTION:
    case SDL_MOUSEWHEEL:
        return on_mouse(nav, ev, ms);
    case SDL_MULTIGESTURE:
        return on_pinch(nav, &ev->mgesture);
    case SDL_KEYDOWN:
        return on_key_down(nav, &ev->key, ms);
    case SDL_KEYUP:
        if (ev->key.keysym.sym == SDLK_F12) {
            deliver(nav, &out, ui_hold_end(&nav->ui, &out));
            return true;
        }
        return false;
    case SDL_TEXTINPUT:
        return on_text(nav, ev->text.text);
    default:
        return false;
    }
}
