/*
 * hand_ink.h - a drawing by hand, from a screen's form into the stored one
 * (core/strokes.h) and back.
 */
#ifndef UI_WORKER_HAND_INK_H
#define UI_WORKER_HAND_INK_H

#include "core/strokes.h"
#include "ui/view_review.h"

void hand_ink_take(const struct view_ink *from, struct strokes *to);
/* What doesn't fit is left out. */
void hand_ink_show(const struct strokes *from, struct view_ink *to);

#endif /* UI_WORKER_HAND_INK_H */
