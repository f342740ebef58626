/*
 * fake_app.h - a worker without a core: the design's sample day (Westbrook,
 * Friday 16 October 2026), for tests and for looking at screens.
 *
 * Only tests link it. It answers verbs the way the real one does, in memory.
 */
#ifndef TESTS_UI_FAKE_APP_H
#define TESTS_UI_FAKE_APP_H

#include "ui/app.h"
#include "ui/bridge.h"

/* 10:07:12 on that Friday, local. */
#define FAKE_NOW_MS ((int64_t)1792145232000)

struct fake_form;

struct fake_app {
    struct bridge *bridge;
    struct views v;
    struct fake_form *forms; /* owned; NULL until one is opened */
    int counts[64];          /* commands handled, by kind */
    struct command last;     /* the latest, without its PIN */
    enum err fail_with;      /* ERR_OK, or what every verb meets */
    bool starts_signed_in;
    bool has_conflict;     /* one record has two versions */
    bool is_leader;        /* Tom Ashdown is signed in */
    bool is_asked;         /* he asks something about an entry */
    bool has_other_patrol; /* a colleague's runs on this tablet */
    bool has_drafts;       /* two ASB logs, one of a vehicle, a line */
    bool has_no_camera;    /* nor a microphone */
    enum capture_mode taking;
};

extern const struct app_backend fake_backend;

/* The day's briefings, as the design has them: fake_briefs.c. */
void fake_fill_briefs(struct view_briefs *v);
void fake_fill_tasks(struct view_home *v);
/* What was begun and not saved. */
void fake_fill_begun(struct view_home *v);
/* What the officer says of a briefing or task; what to tell of it. */
enum told fake_say(struct fake_app *f, const struct command *cmd);

/* Tom Ashdown's tablet: patrol logs to review: fake_review.c. */
void fake_fill_review(struct fake_app *f);
void fake_lead(struct fake_app *f);
void fake_post_review(struct fake_app *f);
/* True for a command about logs, questions, signatures. */
bool fake_review(struct fake_app *f, const struct command *cmd);

/* A record with two versions: fake_conflict.c. */
void fake_fill_conflicts(struct fake_app *f);
/* True for a command about it. */
bool fake_conflict(struct fake_app *f, const struct command *cmd);

/* PIN of every officer. */
#define FAKE_PIN "246810"
/* The recovery code, without its hyphens. */
#define FAKE_CODE "0123456789ABCDEFGHJKMNPQRS"

/* --- between fake_app.c and fake_signin.c --- */

void fake_status(struct view_status *s);
void fake_tell(struct fake_app *f, enum told told, enum err err);
/* From the map: a visit, the line about a record. */
void fake_place(struct fake_app *f, const struct command *cmd);
/* True for a command of the pages before and around a shift. */
bool fake_signin(struct fake_app *f, const struct command *cmd);

/* True for a command about photos: fake_photo.c. */
bool fake_photo(struct fake_app *f, const struct command *cmd);
/* Pictures posted at the start. */
enum { FAKE_BENCH = 1, FAKE_SHOP, FAKE_ROAD };

#endif /* TESTS_UI_FAKE_APP_H */
