/*
 * drawing.h - strokes of a finger on a picture: lines, arrows, rings. Seen
 * while they are drawn (ui/kit/ink.h gathers them) and then drawn into the
 * pixels of a copy; both by the same outlines.
 */
#ifndef UI_KIT_DRAWING_H
#define UI_KIT_DRAWING_H

#include "ui/kit/strokes.h"
#include "ui/kit/ui.h"

static_assert(DRAWING_POINTS_MAX == UI_INK_MAX, "all ink can be kept");

/* Of what is drawn, dp: the line, and the light edge that sets it off. */
#define DRAWING_WIDTH 5
#define DRAWING_EDGE  9
#define DRAWING_RED   0xD4351Cu

/* Points of the longest outline that isn't the stroke itself. */
#define DRAWING_OUTLINE_MAX 64
/* What `tool` makes of a stroke of `n` points; returns how many points,
 * DRAW_LIFT ones included. A pen's stroke is its own outline: 0. */
int drawing_outline(enum drawing_tool tool, const int16_t *stroke, int n,
                    int16_t out[2 * DRAWING_OUTLINE_MAX]);

/* How many strokes there are, and the drawing without its last one. */
int drawing_strokes(const int16_t *points, int count);
int drawing_without_last(const int16_t *points, int count);

/* The strokes in `box` on the screen. */
void drawing_show(struct ui *ui, struct rect box, const struct drawing *d);

/* Into opaque BGRA rows of 4 * width bytes, larger or smaller than the
 * box; ERR_BAD_DATA when there is no box, ERR_NOMEM. */
MUST_USE enum err drawing_into(const struct drawing *d, uint8_t *pixels,
                               int width, int height);

#endif /* UI_KIT_DRAWING_H */
