/*
 * keyboard.h - the on-screen keyboard: a panel over the action bar whose
 * keys edit the field that has the focus. It never sends text anywhere.
 */
#ifndef UI_KIT_KEYBOARD_H
#define UI_KIT_KEYBOARD_H

#include "ui/kit/ui.h"

#define UI_KEYBOARD_FIRST 0xF000
#define UI_KEYBOARD_KEY   0xF000 /* index: the character */

/* Characters that are no letters. */
enum keyboard_sign {
    KEY_SHIFT = 1,
    KEY_DELETE,
    KEY_SIGNS,
    KEY_LETTERS,
    KEY_DONE,
    KEY_ENTER,
    KEY_BOARD /* the next language */
};

/* What it takes of the screen's height, from the bottom; 0: hidden. */
int keyboard_height(const struct ui *ui);
void keyboard_draw(struct ui *ui);

#endif /* UI_KIT_KEYBOARD_H */
