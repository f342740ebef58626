/*
 * log.h - the quick log's model, shared by what it does (screen_log.c) and
 * how it looks (draw_log.c, draw_log_sheets.c).
 */
#ifndef UI_SCREENS_LOG_H
#define UI_SCREENS_LOG_H

#include "ui/screen.h"
#include "ui/screens/photo.h"

enum log_sheet {
    LOG_NO_SHEET,
    LOG_TYPES,
    LOG_PLACE,
    LOG_TIME,
    LOG_NOTE,
    LOG_PERSON,
    LOG_VEHICLE,
    LOG_ADD
};

struct log_model {
    struct draft draft;
    bool is_loaded;  /* the worker's draft is here */
    uint32_t opened; /* view_log.opened as it was seen */
    uint32_t told;
    enum log_sheet sheet;
    char text[VIEW_NOTE_SIZE]; /* being typed in a sheet */
    struct draft before;       /* what Cancel brings back */
    bool is_typed;             /* letters went into the draft */
    bool lacks_type;           /* Save was pressed too early */
    bool lacks_who;
    bool is_saving;
    struct photo_page photo;
};

/* The numbers that the stepper knows; 30, 50 and 100 mean "or more". */
extern const int log_people_steps[];
extern const size_t log_people_count;

void log_draw(const void *model, const struct app *app, struct ui *ui);
void log_draw_sheet(const struct log_model *m, const struct views *v,
                    struct ui *ui);

#endif /* UI_SCREENS_LOG_H */
