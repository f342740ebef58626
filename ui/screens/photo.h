/*
 * photo.h - a page inside a log's or the notebook's: one photo large, its
 * exhibit label and custody; a copy of it, or an empty sheet, to draw on.
 *
 * Whoever shows it has it in its model, hands it events first, and draws it
 * in place of its own page while it is open.
 */
#ifndef UI_SCREENS_PHOTO_H
#define UI_SCREENS_PHOTO_H

#include "ui/kit/drawing.h"
#include "ui/screen.h"

enum photo_mode {
    PHOTO_CLOSED,
    PHOTO_LOOK,
    PHOTO_ASK,    /* "Remove this photo?" */
    PHOTO_DRAW,   /* on a copy */
    PHOTO_SKETCH, /* on an empty sheet */
    PHOTO_LEAVE,  /* "Throw the drawing away?" */
    PHOTO_TAKE    /* before the camera, or speaking */
};

struct photo_page {
    enum photo_mode mode;
    enum photo_mode from;   /* where PHOTO_LEAVE goes back to */
    char id[VIEW_ID_SIZE];  /* of the photo; "" of a sketch */
    enum drawing_tool tool; /* for the next stroke */
    uint8_t tools[DRAWING_STROKES_MAX];
    enum capture_mode taking; /* what PHOTO_TAKE takes */
    bool has_recorded;        /* it ends by itself, too */
    uint32_t code_serial;     /* as it was when scanning began */
};

void photo_page_open(struct photo_page *p, const char *id, struct nav *nav);
/* Takes photos, videos, voice notes, or leads to a sketch. */
void photo_page_take(struct photo_page *p, struct nav *nav);
void photo_page_scan(struct photo_page *p, struct nav *nav);
/* New views have come: what was scanned, once; else NULL. */
const char *photo_page_changed(struct photo_page *p, struct nav *nav);
bool photo_page_is_open(const struct photo_page *p);

/* Only while it is open; its answer is the screen's. */
enum go photo_page_event(struct photo_page *p, const struct ui_event *ev,
                         struct nav *nav);
void photo_page_draw(const struct photo_page *p, const struct app *app,
                     struct ui *ui);
/* Of PHOTO_TAKE: draw_capture.c. */
void photo_take_draw(const struct photo_page *p, const struct app *app,
                     struct ui *ui);

#endif /* UI_SCREENS_PHOTO_H */
