/*
 * ink.h - what a hand draws: strokes gathered from touches, and the pad to
 * sign on (design, components 2.11).
 */
#ifndef UI_KIT_INK_H
#define UI_KIT_INK_H

#include "ui/kit/ui.h"

/* Less than this is a slip of the finger, not a signature; dp. */
#define INK_LEAST 40

void ink_clear(struct ui *ui);
/* Touches on a target with UI_DRAWS, in screen dp; input.c calls these. */
void ink_begin(struct ui *ui, const struct target *t, int x, int y);
bool ink_go(struct ui *ui, const struct target *t, int x, int y);
void ink_end(struct ui *ui);

/* Length of all strokes, dp. */
int ink_length(const struct ui_ink *ink);
/* Is it enough to be a signature on the pad `id`? */
bool ink_is_signature(const struct ui *ui, uint16_t id);

/* The pad: frame, base line, cross, and the ink that belongs to `id`.
 * `hint` stands on it while it is empty. At least 320 x 150. */
void ink_pad_draw(struct ui *ui, struct rect r, uint16_t id, const char *hint);

#endif /* UI_KIT_INK_H */
