/*
 * conflict.h - the model of "two versions", shared by what handles it and
 * what draws it.
 */
#ifndef UI_SCREENS_CONFLICT_H
#define UI_SCREENS_CONFLICT_H

#include "ui/frame.h"
#include "ui/nav.h"

struct conflict_model {
    struct settlement answer; /* opened: of the view that it answers */
    uint32_t before;          /* `opened` when the screen was entered */
    bool is_shown;            /* the view of what was asked for is here */
    bool is_writing;          /* the sheet: another value for `question` */
    int question;
    bool is_sending;
    char text[VIEW_OTHER_SIZE];
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

#endif /* UI_SCREENS_CONFLICT_H */
