/*
 * rows.h - a record's fields in words: label and value, one below the other.
 */
#ifndef UI_SCREENS_ROWS_H
#define UI_SCREENS_ROWS_H

#include "ui/kit/paint.h"
#include "ui/view.h"

/* One; label and value beside each other where both have room. Both return
 * the height. */
int rows_draw_one(struct ui *ui, struct rect r, const struct view_value *row,
                  int64_t now_ms);
/* All of them. */
int rows_draw(struct ui *ui, struct rect r, const struct view_record *x,
              int64_t now_ms);

#endif /* UI_SCREENS_ROWS_H */
