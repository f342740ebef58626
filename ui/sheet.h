/*
 * sheet.h - a dialog above the screen: a title that is a question, content
 * that scrolls if it must, and the ways out (design, components 2.20).
 */
#ifndef UI_SHEET_H
#define UI_SHEET_H

#include "ui/kit/paint.h"

struct sheet {
    const char *title;
    int width;          /* dp at most; narrower screens take it all */
    const char *cancel; /* NULL: "Close" */
    const char *done;   /* NULL: no such button */
    bool is_danger;     /* done destroys something */
    bool is_off;        /* done cannot be pressed yet */
    /* between begin and end */
    int panel;
    int first_cmd;
    int first_target;
    struct rect box;
    bool is_bare; /* the keyboard leaves room for the content only */
};

/* Draws the scrim and the head; content goes into the returned box. */
struct rect sheet_begin(struct ui *ui, struct sheet *sheet);
/* `bottom_y`: where the content ended. Centres the whole. */
void sheet_end(struct ui *ui, struct sheet *sheet, int bottom_y);

/* A column of choices (CTL_SHEET_CHOICE); returns where it ends. */
int sheet_choices(struct ui *ui, struct rect r, const char *const *labels,
                  const char *const *keys, size_t count, int chosen);

/* One of them, in our words already; for a set, each by itself. */
int sheet_choice(struct ui *ui, struct rect r, int index, const char *label,
                 const char *key, bool is_on);

#endif /* UI_SHEET_H */
