/*
 * rect.h - boxes in dp, and cutting one into smaller ones.
 *
 * Layout is done by cutting: take the top off what is left, then the start,
 * and so on. "Start" and "end" are left and right here; the draw list flips
 * everything at once when the language runs from right to left.
 */
#ifndef UI_KIT_RECT_H
#define UI_KIT_RECT_H

#include <stdbool.h>

struct rect {
    int x;
    int y;
    int w;
    int h;
};

struct rect rect_make(int x, int y, int w, int h);
struct rect rect_inset(struct rect r, int dx, int dy);
/* Grown by `d` on each side. */
struct rect rect_grow(struct rect r, int d);

/* Takes a strip off `r` and returns it; never more than is there. */
struct rect rect_cut_top(struct rect *r, int h);
struct rect rect_cut_bottom(struct rect *r, int h);
struct rect rect_cut_start(struct rect *r, int w);
struct rect rect_cut_end(struct rect *r, int w);

/* Cell `i` of `n` equal cells across `r`; left-over pixels spread. */
struct rect rect_cell(struct rect r, int n, int i, int gap);
/* Columns [first, first + span) of 12 with the design's gutter. */
struct rect rect_columns(struct rect r, int first, int span);

struct rect rect_intersect(struct rect a, struct rect b); /* w, h >= 0 */
struct rect rect_union(struct rect a, struct rect b);     /* empty is neutral */
bool rect_is_empty(struct rect r);
bool rect_contains(struct rect r, int x, int y);
bool rect_inside(struct rect inner, struct rect outer);

#endif /* UI_KIT_RECT_H */
