/*
 * home.h - parts of the home screen that stand in files of their own.
 */
#ifndef UI_SCREENS_HOME_H
#define UI_SCREENS_HOME_H

#include "ui/kit/paint.h"
#include "ui/view.h"

/* A row of a card: the promised "I'm OK", by how late it is and whether the
 * control room can see it. Task `index`; returns its height. */
int check_in_row(struct ui *ui, struct rect r, const struct view_welfare *w,
                 int index, int64_t now_ms);

#endif /* UI_SCREENS_HOME_H */
