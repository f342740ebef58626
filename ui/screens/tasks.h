/*
 * tasks.h - tasks on the home screen: the next two, all of them, one of
 * them with "Done" and "Not done".
 */
#ifndef UI_SCREENS_TASKS_H
#define UI_SCREENS_TASKS_H

#include "ui/nav.h"

enum tasks_sheet { TASKS_NONE, TASKS_ALL, TASKS_ONE, TASKS_WHY };

struct tasks_model {
    enum tasks_sheet sheet;
    char id[VIEW_ID_SIZE]; /* of TASKS_ONE and TASKS_WHY */
};

/* True: the event was for the tasks; `*go_out` says where to go. */
bool tasks_handle(struct tasks_model *m, const struct ui_event *ev,
                  struct nav *nav, enum go *go_out);

/* The card "Next"; at least r.h high, returns its height. */
int tasks_draw_next(struct ui *ui, struct rect r, const struct view_home *h,
                    int64_t now_ms);
/* The sheet that is open, if one is. */
void tasks_draw_sheet(struct ui *ui, const struct tasks_model *m,
                      const struct views *v);

#endif /* UI_SCREENS_TASKS_H */
