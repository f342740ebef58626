/*
 * field.h - label, box, caret: where words are typed (components 2.7).
 */
#ifndef UI_KIT_FIELD_H
#define UI_KIT_FIELD_H

#include "ui/kit/paint.h"

struct field {
    uint16_t id;
    uint16_t index;
    const char *label;
    const char *hint; /* shown while it is empty; NULL: none */
    const char *text;
    const char *error; /* what is wrong and what to do; NULL: nothing */
    int lines;         /* 1, or an area of at least so many lines */
    int flags;         /* UI_NUMBER, UI_SECRET */
    int most;          /* bytes; 0: UI_EDIT_MAX */
    bool is_fixed;     /* can be read only */
    bool is_sealed;    /* with a lock at its end */
};

/* Draws at the top of `r`; returns the height with label and error. */
int field_draw(struct ui *ui, struct rect r, const struct field *f);

/* A label above a control; returns its height with the gap. */
int label_draw(struct ui *ui, struct rect r, const char *text, bool is_bad);

#endif /* UI_KIT_FIELD_H */
