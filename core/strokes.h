/*
 * strokes.h - a drawing by hand, as it is stored: where the pen went and
 * when each stroke began. Deterministic CBOR:
 *
 *   strokes = [ width, height, * [ ms, x, y, * (dx, dy) ] ]
 *
 * Whole units (dp) from the left top as the hand saw it, ms since the first
 * stroke began.
 */
#ifndef CORE_STROKES_H
#define CORE_STROKES_H

#include "core/buf.h"
#include "core/limits.h"

struct strokes {
    int width, height; /* of the paper; 1 to STROKES_SIDE_MAX */
    int stroke_count;
    int point_count;
    struct {
        uint32_t at_ms;
        int first; /* of its points; it ends where the next begins */
    } strokes[STROKES_MAX];
    int16_t points[2 * STROKES_POINTS_MAX]; /* x, y */
};

/* Nothing is said of more points than fit; those are left out. */
void strokes_begin(struct strokes *s, int width, int height);
void strokes_down(struct strokes *s, uint32_t at_ms);
void strokes_point(struct strokes *s, int x, int y);

/* ERR_USAGE for a drawing outside its own paper. */
MUST_USE enum err strokes_put(struct buf *out, const struct strokes *s);
/* ERR_BAD_DATA for anything that isn't as above or too much. */
MUST_USE enum err strokes_get(struct bytes in, struct strokes *out);

#endif /* CORE_STROKES_H */
