/*
 * begun.h - opening a log: a new one at once, but where one of that kind was
 * begun and not saved, a sheet asks first. Nothing that was begun is lost.
 */
#ifndef UI_SCREENS_BEGUN_H
#define UI_SCREENS_BEGUN_H

#include "ui/nav.h"

struct begun_model {
    bool is_open;            /* the sheet asks */
    char kind[VIEW_ID_SIZE]; /* what is to be logged; "": which draft it is */
    bool has_spot;
    struct log_spot spot;
};

/* A log of `kind`; its place may be one chosen on the map, or NULL. */
enum go begun_open(struct begun_model *m, struct nav *nav, const char *kind,
                   const struct log_spot *spot);
/* The draft that there is; of several, the sheet asks which. */
enum go begun_resume(struct begun_model *m, struct nav *nav);

/* True: the event was for the sheet; `*go_out` says where to go. */
bool begun_handle(struct begun_model *m, const struct ui_event *ev,
                  struct nav *nav, enum go *go_out);
/* The sheet, if it is open. */
void begun_draw(struct ui *ui, const struct begun_model *m,
                const struct views *v);

/* What a draft says: where it is or how it begins, else what it is about. */
const char *begun_title(struct ui *ui, const struct view_begun *b);

#endif /* UI_SCREENS_BEGUN_H */
