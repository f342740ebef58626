/*
 * edit.h - the text of the field that has the focus, letter by letter.
 *
 * The kit holds the text only while it is being typed; each change goes to
 * the screen as UI_EDITED, and the screen's model is what is drawn.
 */
#ifndef UI_KIT_EDIT_H
#define UI_KIT_EDIT_H

#include "ui/kit/input.h"

void edit_begin(struct ui *ui, const struct target *field, bool by_touch);
void edit_end(struct ui *ui);
bool edit_insert(struct ui *ui, const char *utf8, struct ui_event *ev_out);
bool edit_sign(struct ui *ui, unsigned code, struct ui_event *ev_out);
bool edit_erase(struct ui *ui, struct ui_event *ev_out);
void edit_move(struct ui *ui, enum ui_key key);

#endif /* UI_KIT_EDIT_H */
