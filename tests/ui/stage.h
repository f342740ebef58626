/*
 * stage.h - a screen without a window or a thread: the fake worker, the
 * navigation and its draw list, turned by hand.
 */
#ifndef TESTS_UI_STAGE_H
#define TESTS_UI_STAGE_H

#include "tests/ui/fake_app.h"
#include "ui/nav.h"

struct stage {
    struct fake_app fake;
    struct bridge *bridge;
    struct nav nav;
    int width;
    int height;
};

/* cmocka set-up and tear-down; *state is a struct stage, signed in. */
int stage_open(void **state);
int stage_open_signed_out(void **state);
int stage_open_conflict(void **state); /* one record has two versions */
int stage_open_leader(void **state);   /* a team leader is signed in */
int stage_open_drafts(void **state);   /* logs were begun */
int stage_open_asked(void **state);    /* he asks an officer something */
int stage_close(void **state);

/* Handles commands, takes views, draws, twice: as a real frame would. */
void stage_turn(struct stage *s);
/* Touches the control of this name; fails the test when there is none. */
void stage_tap(struct stage *s, const char *name);
/* Draws on the pad of the sheet, and takes it. */
void stage_sign(struct stage *s);
/* An environmental log with a person who said these words. */
void stage_reply(struct stage *s, const char *words);
void stage_key(struct stage *s, int key);
void stage_type(struct stage *s, const char *text);

#endif /* TESTS_UI_STAGE_H */
