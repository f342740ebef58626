/*
 * strokes.h - what a finger drew on a picture, as it goes to the worker.
 */
#ifndef UI_KIT_STROKES_H
#define UI_KIT_STROKES_H

#include <stdint.h>

/* More marks than this hide what they point at. */
#define DRAWING_STROKES_MAX 32
/* As many as struct ui_ink has. */
#define DRAWING_POINTS_MAX 2048

enum drawing_tool { DRAWING_PEN, DRAWING_ARROW, DRAWING_RING };

struct drawing {
    int width, height; /* of the box it was drawn on, dp; 0: nothing */
    uint8_t tools[DRAWING_STROKES_MAX];     /* of each stroke */
    int count;                              /* points, lifted ones included */
    int16_t points[2 * DRAWING_POINTS_MAX]; /* as of struct ui_ink */
};

#endif /* UI_KIT_STROKES_H */
