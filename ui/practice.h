/*
 * practice.h - the mark of practice on each page: a band below it that no
 * screen, sheet or keyboard can cover.
 */
#ifndef UI_PRACTICE_H
#define UI_PRACTICE_H

#include "ui/kit/paint.h"

int practice_band_height(void);
/* After ui_end(): below what was drawn, down to `height`. */
void practice_band_draw(struct ui *ui, int height);

#endif /* UI_PRACTICE_H */
