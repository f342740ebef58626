/*
 * text.h - words into lines and pixels: Pango with one cached layout per
 * (string, type, width, language, size step).
 *
 * Lines sit in boxes of the design's line height; the baseline comes from
 * Noto Sans, so a fallback font never moves a line.
 */
#ifndef UI_KIT_TEXT_H
#define UI_KIT_TEXT_H

#include <cairo.h>
#include <stdint.h>

#include "core/base.h"
#include "ui/kit/tokens.h"

struct text_engine;

/* A part of a text that looks different; bytes [from, to). */
enum text_look { TEXT_BOLD = 1, TEXT_STRIKE = 2, TEXT_LINK = 4 };
#define TEXT_SPANS_MAX 4
struct text_span {
    uint16_t from;
    uint16_t to;
    uint8_t look;   /* enum text_look bits */
    uint32_t color; /* 0xRRGGBB of the strike or the link */
};

enum text_align { TEXT_START, TEXT_CENTER, TEXT_END };

struct text_job {
    const char *text;
    size_t len;
    enum type type;
    int percent;   /* text size, 100 to 200 */
    int width;     /* dp; 0: one line as long as it is */
    bool one_line; /* cut with an ellipsis at `width` */
    bool is_rtl;   /* direction of our own words */
    enum text_align align;
    const char *lang; /* "en", "ar" */
    const struct text_span *spans;
    int span_count;
};

struct text_size {
    int width;  /* dp, widest line, rounded up */
    int height; /* dp, lines x line height */
    int lines;
    int line;      /* dp, one line */
    int last;      /* dp, width of the last line */
    bool is_cut;   /* an ellipsis stands for something */
    bool too_wide; /* a single word is wider than `width` */
};

MUST_USE enum err text_new(struct text_engine **engine_out);
void text_free(struct text_engine *engine);

/* Size and line height of a type at a text size, dp. */
int text_type_size(enum type type, int percent);
int text_type_line(enum type type, int percent, const char *lang);

struct text_size text_measure(struct text_engine *engine,
                              const struct text_job *job);

/* Byte offset of the letter nearest to (x, y) within the text's box. */
int text_index_at(struct text_engine *engine, const struct text_job *job, int x,
                  int y);
/* Where the caret stands before byte `index`: dp from the box's corner. */
void text_caret(struct text_engine *engine, const struct text_job *job,
                int index, int *x_out, int *y_out);

/* Draws with its first line box at (x, y); colour 0xRRGGBB. */
void text_draw(struct text_engine *engine, cairo_t *cr,
               const struct text_job *job, int x, int y, uint32_t color);

#endif /* UI_KIT_TEXT_H */
