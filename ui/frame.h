/*
 * frame.h - what stands around every officer screen: rail or bottom bar,
 * top bar with the sync chip, action bar, SOS (design, components 2.1).
 */
#ifndef UI_FRAME_H
#define UI_FRAME_H

#include "ui/kit/marks.h"
#include "ui/view.h"

/* Places on the rail. */
enum frame_place {
    FRAME_PATROL,
    FRAME_MAP,
    FRAME_NOTEBOOK,
    FRAME_BRIEFING,
    FRAME_SYNC,
    FRAME_REVIEW,
    FRAME_TEAM,
    FRAME_PLACE__COUNT
};

struct frame {
    const char *title;
    const char *note;  /* after the title where there is room, or NULL */
    const char *badge; /* protective marking or state, or NULL */
    enum badge badge_look;
    enum icon badge_icon;
    bool has_back; /* inside a task */
    bool has_actions;
    bool is_out; /* nobody is signed in: no places, nothing of anybody's */
    int place;   /* enum frame_place, lit on the rail */
};

struct frame_areas {
    struct rect main;    /* with the side margins taken off */
    struct rect actions; /* inside the action bar; empty without one */
};

bool frame_is_portrait(const struct ui *ui);

/* Draws all but SOS and returns what is left. */
struct frame_areas frame_draw(struct ui *ui, const struct view_status *st,
                              const struct frame *frame);

/* The button at its place; the sign-in screen has its own place for it. */
void frame_sos(struct ui *ui, const struct view_status *st);
void sos_draw(struct ui *ui, struct rect r, const struct view_status *st);
/* Its size at this text size. */
int sos_width(const struct ui *ui);
int sos_height(const struct ui *ui);

#endif /* UI_FRAME_H */
