/*
 * chip.h - what narrows or switches a view: chips, tabs, and the steps of a
 * long form (design, components 2.4, 2.16, 2.29).
 */
#ifndef UI_KIT_CHIP_H
#define UI_KIT_CHIP_H

#include "ui/kit/paint.h"

/* One or several of a few, in rows that wrap; never cut off at the side. */
struct chips {
    uint16_t id;             /* of each; its index is its place */
    const uint16_t *indexes; /* or these, where a page has several such sets */
    const char *const *labels;
    const char *const *keys;
    const char *const *numbers; /* "6" after the label, or NULL */
    int count;                  /* at most 32 */
    uint32_t on;                /* bit i: chip i is chosen */
    int most;                   /* show so many and "n more"; 0: all */
    uint16_t more_id;           /* of "n more" */
    uint16_t more_index;
    const char *more_key;
    bool more_dots; /* "…" where there is no room for "7 more" */
    bool in_form;   /* larger words: an answer, not a filter */
};
int chips_height(struct ui *ui, const struct chips *c, int width);
/* Draws at the top of `r`; returns the height. */
int chips_draw(struct ui *ui, struct rect r, const struct chips *c);

/* Side by side while each label fits, else one below the other. */
struct tabs {
    uint16_t id;
    const char *const *labels;
    const char *const *keys;
    int count; /* four at most */
    int chosen;
};
int tabs_height(struct ui *ui, const struct tabs *t, int width);
void tabs_draw(struct ui *ui, struct rect r, const struct tabs *t);

/* Steps done can be opened again, later ones cannot. */
struct steps {
    uint16_t id;
    const char *const *labels;
    const char *const *keys;
    int count;
    int now; /* from 0 */
};
/* A list with numbered discs, for landscape; returns the height. */
int steps_list_draw(struct ui *ui, struct rect r, const struct steps *s);
/* Bars and one line of words, for portrait; returns the height. */
int steps_bars_draw(struct ui *ui, struct rect r, const struct steps *s);

/* 28 with a dot of 14 where two texts are compared (2.5). */
void radio_draw(struct ui *ui, int x, int y, bool is_on);

#endif /* UI_KIT_CHIP_H */
