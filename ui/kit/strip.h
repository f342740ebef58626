/*
 * strip.h - photos in a row, and the button that takes one more (design,
 * components 2.10).
 */
#ifndef UI_KIT_STRIP_H
#define UI_KIT_STRIP_H

#include "ui/kit/button.h"
#include "ui/kit/marks.h"

struct thumb {
    uint16_t id;
    uint16_t index;
    const char *key;
    const struct image *image; /* NULL: not decoded yet, or broken */
    bool is_broken;
    int number;
    bool has_mark; /* where it stands, when it is saved */
    enum mark mark;
    const char *label;  /* accessible name */
    const char *length; /* of a recording: "0:12"; NULL: it is none */
};

/* One photo, its number, its mark. */
void thumb_draw(struct ui *ui, struct rect r, const struct thumb *t);

struct strip {
    const struct thumb *thumbs;
    int count;
    int side;           /* 144, in portrait 104 */
    struct button take; /* upright, as high as a thumb; id 0: none */
};
/*
 * What does not fit in one row is counted ("+5") on the last thumb shown.
 * Draws at the top of `r`; returns the height.
 */
int strip_draw(struct ui *ui, struct rect r, const struct strip *s);

#endif /* UI_KIT_STRIP_H */
