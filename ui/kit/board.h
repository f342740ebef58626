/*
 * board.h - the letters of the on-screen keyboard, by language.
 *
 * A board has two pages of letters (capitals, or the rarer letters of a
 * script without them) and one of signs: three rows each, the third with
 * seven keys between Shift and Delete.
 */
#ifndef UI_KIT_BOARD_H
#define UI_KIT_BOARD_H

#include "ui/kit/ui.h"

enum board_page { BOARD_LETTERS, BOARD_CAPITALS, BOARD_SIGNS, BOARD_NUMBERS };

/* Letters of a row of the page in use, UTF-8. */
const char *board_row(const struct ui *ui, int row);
/* The language's own name, for the space bar. */
const char *board_name(const struct ui *ui);
/* Does a sentence begin with another letter? */
bool board_has_capitals(const struct ui *ui);
/* Goes to the next language, until another is chosen. */
void board_next(struct ui *ui);

#endif /* UI_KIT_BOARD_H */
