/*
 * screen.h - what a screen is: a model, and three functions around it.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "ui/app.h"
#include "ui/kit/ui.h"

struct nav;

/* Where to go after an event. */
enum go {
    GO_STAY,
    GO_HERE, /* the same, and the frame around has nothing to do with it */
    GO_BACK,
    GO_SIGNIN,
    GO_HOME,
    GO_MAP,
    GO_NOTEBOOK,
    GO_BRIEFING,
    GO_SYNC,
    GO_LOG,
    GO_FORM,
    GO_END,
    GO_CONFLICTS,
    GO_CONFLICT,
    GO_LIBRARY,
    GO_CHECK,
    GO_ME,      /* who is signed in: lock, sign out, settings */
    GO_HELP,    /* the library, open at how this tablet is used */
    GO_REVIEWS, /* a team leader's list */
    GO_TEAM,    /* who of a leader's team is out */
    GO_REVIEW,  /* one of it */
    GO_ASKED,   /* what a team leader asks */
    GO_OUTLINE  /* a line or an area, drawn on the map */
};

struct screen {
    const char *name;
    size_t model_size;
    /* The model comes zeroed. */
    void (*enter)(void *model, struct nav *nav);
    /* The only place where things happen. */
    enum go (*handle)(void *model, const struct ui_event *ev, struct nav *nav);
    /* Reads model and views, fills the draw list; nothing else. */
    void (*draw)(const void *model, const struct app *app, struct ui *ui);
    /* New views have come; NULL: only the drawing changes. */
    enum go (*changed)(void *model, struct nav *nav);
};

/* screens.def lists them all: S(NAME, name) */
#define S(NAME, name) SCREEN_##NAME,
enum screen_id {
#include "ui/screens.def"
    SCREEN__COUNT
};
#undef S

#define S(NAME, name) extern const struct screen screen_##name;
#include "ui/screens.def"
#undef S

#endif /* UI_SCREEN_H */
