/*
 * conflict.h - the model of "two versions", shared by what handles it and
 * what draws it.
 */
#ifndef UI_SCREENS_CONFLICT_H
#define UI_SCREENS_CONFLICT_H

#include "ui/frame.h"
#include "ui/nav.h"

enum conflict_sheet {
    CONFLICT_NO_SHEET,
    CONFLICT_WRITES,
    CONFLICT_FIELDS,
    CONFLICT_HISTORY,
    CONFLICT_ASKS
};

struct conflict_model {
    struct settlement answer; /* opened: of the view that it answers */
    uint32_t before;          /* `opened` when the screen was entered */
    bool is_shown;            /* the view of what was asked for is here */
    enum conflict_sheet sheet;
    int question; /* CONFLICT_WRITES: another value for it */
    bool is_sending;
    char text[VIEW_OTHER_SIZE];
    char words[VIEW_WORDS_SIZE]; /* CONFLICT_ASKS: to a colleague */
};

/* How many fields still need a choice. */
int conflict_open_count(const struct conflict_model *m,
                        const struct view_conflict *v);

/* Everything in the frame; the right column goes below on narrow screens. */
void conflict_draw_content(struct ui *ui, struct rect r,
                           const struct conflict_model *m,
                           const struct views *v);
void conflict_draw_actions(struct ui *ui, struct rect row,
                           const struct conflict_model *m,
                           const struct view_conflict *v);
void conflict_draw_sheet(struct ui *ui, const struct conflict_model *m,
                         const struct view_conflict *v);

/* "You, this tablet" */
const char *conflict_who(struct ui *ui, const char *who, const char *where,
                         bool is_you, bool is_here, bool is_office);

/* --- the record whole: draw_conflict_record.c --- */

/* What was asked, and the rows that open the sheets; returns the height. */
int conflict_record_ways(struct ui *ui, struct rect r, const struct views *v);
/* All but CONFLICT_WRITES. */
void conflict_record_sheet(struct ui *ui, const struct conflict_model *m,
                           const struct views *v);

#endif /* UI_SCREENS_CONFLICT_H */
