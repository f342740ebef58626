/*
 * home_notes.h - the lines above the patrol band: what was begun and isn't
 * finished, a PIN that is too old, the look at the tablet before a shift.
 */
#ifndef UI_SCREENS_HOME_NOTES_H
#define UI_SCREENS_HOME_NOTES_H

#include "ui/kit/paint.h"
#include "ui/view.h"

/* Draws at the top of `r`; returns the height with a gap below. */
int home_notes(struct ui *ui, struct rect r, const struct view_home *h);

#endif /* UI_SCREENS_HOME_NOTES_H */
