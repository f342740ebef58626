/*
 * story.h - what happened, in order and in minutes: timeline entries,
 * hotspot bars, pairs of words (design, components 2.18, 2.30).
 */
#ifndef UI_KIT_STORY_H
#define UI_KIT_STORY_H

#include "ui/kit/marks.h"

struct story_row {
    uint16_t id; /* 0: nothing opens */
    uint16_t index;
    const char *key;
    const char *time; /* "09:38" */
    int number;       /* the same as on the map's pin; 0: a dot */
    const char *title;
    const char *detail;
    const char *mark_text; /* NULL: no mark */
    enum mark mark;
    bool has_question; /* somebody waits for an answer */
    bool is_last;      /* no line goes on below */
};
int story_height(struct ui *ui, const struct story_row *row, int width);
void story_draw(struct ui *ui, struct rect r, const struct story_row *row);

/* Minutes in a place, as honest as the receiver. */
struct hotspot_bar {
    const char *name;
    int minutes;
    int low;
    int high;
    int goal; /* minutes */
    int most; /* minutes that the whole bar stands for */
};
/* Name, bar and numbers in a row, or the bar below; returns the height. */
int hotspot_bar_draw(struct ui *ui, struct rect r, const struct hotspot_bar *b);

/* A word at the start, its value in bold at the end; returns the height. */
int pair_draw(struct ui *ui, struct rect r, const char *name,
              const char *value);

#endif /* UI_KIT_STORY_H */
