/*
 * gallery.h - every component of the kit in every state, on sheets as the
 * design's own (png/90-components-*.png).
 */
#ifndef TESTS_UI_GALLERY_GALLERY_H
#define TESTS_UI_GALLERY_GALLERY_H

#include "tests/ui/fake_app.h"
#include "ui/kit/ui.h"

#define GALLERY_MARGIN 72
#define GALLERY_NAMES  256

struct gallery {
    struct ui ui;
    uint16_t next_id; /* each sample is a control of its own */
    int x;            /* of the flow: where the next sample stands */
    int y;
    int line;
    struct rect area;
    struct image *photo;
};

struct gallery_sheet {
    const char *name;  /* of the file: "1-button" */
    const char *title; /* English: the gallery is for us */
    void (*draw)(struct gallery *g);
    int height; /* of what fills a screen; 0: as high as its samples */
};
extern const struct gallery_sheet gallery_sheets[];
extern const int gallery_sheet_count;

MUST_USE enum err gallery_init(struct gallery *g);
void gallery_fini(struct gallery *g);

/* Draws a sheet into g->ui.list and returns how high it is. */
int gallery_draw(struct gallery *g, int sheet, int width);

/* --- for the sheets --- */

uint16_t gallery_id(struct gallery *g);
/* The place for a sample of this size, its caption above it. */
struct rect gallery_place(struct gallery *g, const char *caption, int w, int h);
/* The next sample begins a new row. */
void gallery_break(struct gallery *g);
/* From here on the control `id` is drawn as pressed; 0: none is. */
void gallery_press(struct gallery *g, uint16_t id);
/* The width of a sample of `at_100` at this text size, never too wide. */
int gallery_width(const struct gallery *g, int at_100);

void gallery_buttons(struct gallery *g);
void gallery_tiles(struct gallery *g);
void gallery_chips(struct gallery *g);
void gallery_fields(struct gallery *g);
void gallery_photos(struct gallery *g);
void gallery_cards(struct gallery *g);
void gallery_banners(struct gallery *g);
void gallery_badges(struct gallery *g);
void gallery_rows(struct gallery *g);
void gallery_steps(struct gallery *g);
void gallery_errors(struct gallery *g);
void gallery_sos(struct gallery *g);
void gallery_page(struct gallery *g);
void gallery_dialog(struct gallery *g);
void gallery_keyboards(struct gallery *g);
void gallery_toasts(struct gallery *g);
void gallery_sign_empty(struct gallery *g);
void gallery_sign_drawn(struct gallery *g);
void gallery_sign_typed(struct gallery *g);
void gallery_sign_not(struct gallery *g);
void gallery_signed(struct gallery *g);

#endif /* TESTS_UI_GALLERY_GALLERY_H */
