/*
 * draw.h - the draw list: what a screen wants to be seen, in order.
 *
 * It is the seam between screens and pixels. A renderer paints it, a test
 * reads it, and the difference of two lists is the area to paint again.
 * Boxes go in from start to end; when the list is flipped (right-to-left)
 * they come out mirrored, once, here.
 */
#ifndef UI_KIT_DRAW_H
#define UI_KIT_DRAW_H

#include <stdint.h>

#include "core/base.h"
#include "ui/kit/icons.h"
#include "ui/kit/image.h"
#include "ui/kit/rect.h"
#include "ui/kit/text.h"

/* The fullest screen has about 500 commands and 6 KiB of text; a long
 * statement stands on its page, in its field and beside it. */
#define DRAW_CMDS_MAX 2048
#define DRAW_TEXT_MAX (256 * 1024)
/* Corners of lines and areas: a day's track, and the areas around. */
#define DRAW_POINTS_MAX 8192

enum draw_kind {
    DRAW_BOX, /* fill and edge with rounded corners; edge lies inside */
    DRAW_TEXT,
    DRAW_ICON,
    DRAW_IMAGE, /* fills the box, cut to its shape */
    DRAW_ARC,   /* part of a ring along the box's inner edge */
    DRAW_LINE,  /* through points, round ends: ink, a track */
    DRAW_PATH,  /* lines, or areas with holes (even-odd) */
    DRAW_CLIP,  /* from here on only inside the box */
    DRAW_UNCLIP
};

/* On the screen, never mirrored; DRAW_BREAK in `x` begins another part. */
struct draw_point {
    int32_t x;
    int32_t y;
};
#define DRAW_BREAK INT32_MIN

struct draw_cmd {
    enum draw_kind kind;
    struct rect box;
    uint32_t fill; /* 0xAARRGGBB, alpha 0: none; colour of text and icon */
    uint32_t edge; /* same; front colour of the mark */
    int edge_w;
    int radius;
    /* text */
    uint32_t text_at; /* in the list's text */
    uint32_t text_len;
    enum type type;
    int percent; /* text size */
    enum text_align align;
    bool one_line;
    bool is_rtl;
    struct text_span spans[TEXT_SPANS_MAX];
    int span_count;
    /* icon, image, arc */
    enum icon icon;
    bool is_flipped;
    const struct image *image;
    uint32_t serial; /* of the image: addresses come again */
    int turn;        /* arc: 0 to 1000 of a full turn from the top */
    /* path; `edge` strokes it, `fill` fills it */
    uint32_t points_at; /* in the list's points */
    uint32_t point_count;
    int dash; /* dp of a dash and of the gap behind it; 0: a whole line */
    int gap;
    bool on_map; /* panels may lie over it */
};

struct draw_list {
    struct draw_cmd cmds[DRAW_CMDS_MAX];
    int count;
    char text[DRAW_TEXT_MAX];
    uint32_t text_len;
    int width; /* of the screen, dp */
    int height;
    struct draw_point points[DRAW_POINTS_MAX];
    uint32_t point_count;
    bool is_flipped;
    bool on_map; /* what is put in from here on is the map's */
    int percent; /* text size */
    char lang[8];
    bool is_full; /* something was left out: a bug that tests look for */
};

/* Between two points of a line the pen is lifted. */
#define DRAW_LIFT INT16_MIN

#define DRAW_RGB(rgb)        (0xFF000000u | (rgb))
#define DRAW_RGBA(rgb, a255) (((uint32_t)(a255) << 24) | (rgb))

/* Empties the list and sets what holds for the whole frame. */
void draw_begin(struct draw_list *l, int width, int height);

/* Each returns the index of its command, for draw_set_height. */
int draw_box(struct draw_list *l, struct rect r, uint32_t fill, uint32_t edge,
             int edge_w, int radius);
int draw_icon(struct draw_list *l, struct rect r, enum icon icon, uint32_t fill,
              uint32_t edge);
int draw_image(struct draw_list *l, struct rect r, const struct image *image,
               int radius);
int draw_arc(struct draw_list *l, struct rect r, uint32_t color, int width,
             int turn);
/*
 * `points` are x, y in dp from the box's left top as it lies on the screen:
 * what a hand drew is not mirrored. x = DRAW_LIFT begins anew.
 */
int draw_line(struct draw_list *l, struct rect r, const int16_t *points,
              int count, uint32_t color, int width);
void draw_clip(struct draw_list *l, struct rect r);
/* Points as they lie on the screen; edge_w 0: no line. Returns -1 and sets
 * is_full when there is no room for all of them. */
int draw_path(struct draw_list *l, const struct draw_point *points,
              uint32_t count, uint32_t fill, uint32_t edge, int edge_w);
void draw_set_dash(struct draw_list *l, int index, int dash, int gap);
void draw_unclip(struct draw_list *l);

/* `job` says how, `color` 0xRRGGBB; the box is where the lines are. */
int draw_text(struct draw_list *l, struct rect r, const struct text_job *job,
              uint32_t color);

/* For a card whose height is known only after its content. */
void draw_set_height(struct draw_list *l, int index, int h);

/* A copy of `text` that lives until the next draw_begin; "" when full. */
const char *draw_keep(struct draw_list *l, const char *text, size_t len);

/* `r` as it lies on the screen. */
struct rect draw_flip(const struct draw_list *l, struct rect r);

/* The text job of a DRAW_TEXT command. */
struct text_job draw_job(const struct draw_list *l, const struct draw_cmd *c);

/* As an assignment, without what is unused: a list has room for 800 KiB. */
void draw_copy(struct draw_list *to, const struct draw_list *from);

/* What must be painted to turn `old` into `now`; empty: nothing. */
struct rect draw_difference(const struct draw_list *old,
                            const struct draw_list *now);

#endif /* UI_KIT_DRAW_H */
