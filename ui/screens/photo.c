#include "ui/screens/photo.h"

#include <stdio.h>
#include <string.h>

#include "ui/controls.h"
#include "ui/kit/ink.h"
#include "ui/nav.h"

static void said(struct nav *nav, enum err err)
{
    if (err) {
        nav_failed(nav, err);
    }
}

static void turn_to(struct photo_page *p, enum photo_mode mode, struct nav *nav)
{
    p->mode = mode;
    ui_forget(&nav->ui);
    memset(nav->ui.scrolls, 0, sizeof(nav->ui.scrolls));
}

bool photo_page_is_open(const struct photo_page *p)
{
    return p->mode != PHOTO_CLOSED;
}

void photo_page_open(struct photo_page *p, const char *id, struct nav *nav)
{
    snprintf(p->id, sizeof(p->id), "%s", id);
    turn_to(p, PHOTO_LOOK, nav);
    said(nav, app_photo(nav->app, CMD_OPEN_PHOTO, id));
}

static void begin_drawing(struct photo_page *p, enum photo_mode mode,
                          struct nav *nav)
{
    memset(p->tools, DRAWING_PEN, sizeof(p->tools));
    p->tool = DRAWING_PEN;
    ink_clear(&nav->ui);
    turn_to(p, mode, nav);
}

/* --- taking --- */

static void take(struct photo_page *p, enum capture_mode mode, struct nav *nav)
{
    p->taking = mode;
    p->has_recorded = false;
    p->code_serial = app_views(nav->app)->capture.code_serial;
    turn_to(p, PHOTO_TAKE, nav);
    said(nav, app_capture(nav->app, mode));
}

void photo_page_take(struct photo_page *p, struct nav *nav)
{
    take(p, app_views(nav->app)->log.has_camera ? CAPTURE_PHOTO : CAPTURE_VOICE,
         nav);
}

void photo_page_scan(struct photo_page *p, struct nav *nav)
{
    take(p, CAPTURE_SCAN, nav);
}

/* Photo, video, voice note; behind them the sketch. */
static void choose_kind(struct photo_page *p, int index, struct nav *nav)
{
    if (index >= 0 && index <= CAPTURE_VOICE - CAPTURE_PHOTO) {
        take(p, (enum capture_mode)(CAPTURE_PHOTO + index), nav);
        return;
    }
    said(nav, app_capture(nav->app, CAPTURE_CLOSED));
    p->id[0] = '\0';
    begin_drawing(p, PHOTO_SKETCH, nav);
}

/* A photo is one touch; a recording ends with another, or by itself. */
static void shoot(struct photo_page *p, struct nav *nav)
{
    const enum err err = app_send(nav->app, CMD_SHOOT);

    said(nav, err);
    if (!err && p->taking == CAPTURE_PHOTO) {
        turn_to(p, PHOTO_CLOSED, nav);
    }
}

const char *photo_page_changed(struct photo_page *p, struct nav *nav)
{
    const struct view_capture *v = &app_views(nav->app)->capture;

    if (p->mode != PHOTO_TAKE) {
        return NULL;
    }
    if (p->taking == CAPTURE_SCAN && v->code_serial != p->code_serial) {
        turn_to(p, PHOTO_CLOSED, nav);
        return v->code;
    }
    if (v->state == CAPTURE_RECORDS) {
        p->has_recorded = true;
    } else if (p->has_recorded && v->state == CAPTURE_OFF) {
        turn_to(p, PHOTO_CLOSED, nav); /* the log shows it */
    }
    return NULL;
}

/* --- drawing --- */

static bool has_ink(const struct nav *nav)
{
    return nav->ui.ink.id == CTL_PHOTO_GROUND && nav->ui.ink.count > 0;
}

/* The stroke that ended is of the tool that was chosen. */
static void stroke_ended(struct photo_page *p, struct nav *nav)
{
    struct ui_ink *ink = &nav->ui.ink;
    const int strokes = drawing_strokes(ink->points, ink->count);

    if (strokes > DRAWING_STROKES_MAX) {
        ink->count = drawing_without_last(ink->points, ink->count);
    } else if (strokes > 0) {
        p->tools[strokes - 1] = (uint8_t)p->tool;
    }
}

/* The next stroke shows as what it will be while it is drawn. */
static void choose_tool(struct photo_page *p, enum drawing_tool tool,
                        struct nav *nav)
{
    const struct ui_ink *ink = &nav->ui.ink;
    const int strokes =
        has_ink(nav) ? drawing_strokes(ink->points, ink->count) : 0;

    p->tool = tool;
    for (int i = strokes; i < DRAWING_STROKES_MAX; i++) {
        p->tools[i] = (uint8_t)tool;
    }
}

static void take_back(struct photo_page *p, struct nav *nav)
{
    struct ui_ink *ink = &nav->ui.ink;

    ink->count = drawing_without_last(ink->points, ink->count);
    choose_tool(p, p->tool, nav);
}

static void keep(struct photo_page *p, struct nav *nav)
{
    const struct target *t = ui_find(&nav->ui, "photo.ground");
    const struct ui_ink *ink = &nav->ui.ink;
    struct drawing d;
    enum err err;

    if (t == NULL || !has_ink(nav)) {
        return;
    }
    d = (struct drawing){ .width = t->box.w,
                          .height = t->box.h,
                          .count = ink->count };
    memcpy(d.points, ink->points, sizeof(d.points));
    memcpy(d.tools, p->tools, sizeof(d.tools));
    err = app_draw(nav->app, p->id, &d);
    said(nav, err);
    if (!err) {
        ink_clear(&nav->ui);
        turn_to(p, PHOTO_CLOSED, nav);
    }
}

/* --- events --- */

static void leave(struct photo_page *p, struct nav *nav)
{
    const bool draws = p->mode == PHOTO_DRAW || p->mode == PHOTO_SKETCH;

    if (draws && has_ink(nav)) {
        p->from = p->mode;
        p->mode = PHOTO_LEAVE;
    } else if (p->mode == PHOTO_DRAW) {
        turn_to(p, PHOTO_LOOK, nav);
    } else {
        if (p->mode == PHOTO_TAKE) {
            said(nav, app_capture(nav->app, CAPTURE_CLOSED));
        } else if (app_views(nav->app)->picture.is_playing) {
            said(nav, app_photo(nav->app, CMD_PLAY, p->id));
        }
        turn_to(p, PHOTO_CLOSED, nav);
    }
}

static void sheet_tap(struct photo_page *p, const struct ui_event *ev,
                      struct nav *nav)
{
    if (ev->kind == UI_GO_BACK || ev->id == CTL_SHEET_CANCEL) {
        p->mode = p->mode == PHOTO_ASK ? PHOTO_LOOK : p->from;
    } else if (ev->kind == UI_TAP && ev->id == CTL_SHEET_DONE) {
        if (p->mode == PHOTO_ASK) {
            said(nav, app_remove_photo(nav->app, p->id));
            turn_to(p, PHOTO_CLOSED, nav);
            return;
        }
        ink_clear(&nav->ui);
        turn_to(p, p->from == PHOTO_DRAW ? PHOTO_LOOK : PHOTO_CLOSED, nav);
    }
}

static void beside(struct photo_page *p, bool is_after, struct nav *nav)
{
    const struct view_picture *v = &app_views(nav->app)->picture;
    const char *id = is_after ? v->after : v->before;

    if (strcmp(v->id, p->id) == 0 && id[0] != '\0') {
        photo_page_open(p, id, nav);
    }
}

/* False: it is none of the page's controls. */
static bool tap(struct photo_page *p, const struct ui_event *ev,
                struct nav *nav)
{
    switch (ev->id) {
    case CTL_PHOTO_DRAW:
        begin_drawing(p, PHOTO_DRAW, nav);
        return true;
    case CTL_PHOTO_REMOVE:
        p->mode = PHOTO_ASK;
        return true;
    case CTL_PHOTO_BEFORE:
    case CTL_PHOTO_AFTER:
        beside(p, ev->id == CTL_PHOTO_AFTER, nav);
        return true;
    case CTL_PHOTO_PLAY:
        said(nav, app_photo(nav->app, CMD_PLAY, p->id));
        return true;
    case CTL_PHOTO_TOOL:
        choose_tool(p, (enum drawing_tool)ev->index, nav);
        return true;
    case CTL_PHOTO_TAKE_BACK:
        take_back(p, nav);
        return true;
    case CTL_PHOTO_KEEP:
        keep(p, nav);
        return true;
    case CTL_PHOTO_KIND:
        choose_kind(p, ev->index, nav);
        return true;
    case CTL_PHOTO_SHOOT:
        shoot(p, nav);
        return true;
    case CTL_PHOTO_AGAIN:
        take(p, p->taking, nav);
        return true;
    case CTL_TOP_BACK:
        leave(p, nav);
        return true;
    default:
        return false;
    }
}

enum go photo_page_event(struct photo_page *p, const struct ui_event *ev,
                         struct nav *nav)
{
    if (p->mode == PHOTO_ASK || p->mode == PHOTO_LEAVE) {
        sheet_tap(p, ev, nav);
        return GO_HERE;
    }
    if (ev->kind == UI_INKED) {
        stroke_ended(p, nav);
        return GO_HERE;
    }
    if (ev->kind == UI_GO_BACK) {
        leave(p, nav);
        return GO_HERE;
    }
    if (ev->kind == UI_TAP && tap(p, ev, nav)) {
        return GO_HERE;
    }
    if (p->mode == PHOTO_TAKE && (ev->kind == UI_TAP || ev->kind == UI_PLACE)) {
        said(nav, app_capture(nav->app, CAPTURE_CLOSED)); /* to elsewhere */
    }
    return GO_STAY;
}
