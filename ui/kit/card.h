/*
 * card.h - one person, one vehicle, one thing that went wrong (design,
 * components 2.13, 2.14, 2.24).
 */
#ifndef UI_KIT_CARD_H
#define UI_KIT_CARD_H

#include "ui/kit/button.h"
#include "ui/kit/marks.h"

struct who_card {
    uint16_t id;
    uint16_t index;
    const char *key;
    const char *initials; /* of a named person, else NULL */
    enum icon icon;       /* when there are no initials */
    const char *title;
    const char *plate; /* stands in the title's place, or NULL */
    const char *detail;
    bool is_restricted; /* "Restricted person", a lock */
};
int who_card_height(struct ui *ui, const struct who_card *c, int width);
void who_card_draw(struct ui *ui, struct rect r, const struct who_card *c);

/* A number plate: never mirrored, never broken; height as a line of text. */
int plate_width(struct ui *ui, const char *plate);
int plate_height(const struct ui *ui);
void plate_draw(struct ui *ui, int x, int y, const char *plate);

/* What happened, what is safe, what to do (2.24). */
struct error_card {
    const char *title;
    const char *words;
    struct button act;   /* id 0: nothing to press */
    struct button other; /* a quiet way on; id 0: none */
    const char *code;    /* for support, or NULL */
};
/* Draws at the top of `r`; returns the height. */
int error_card_draw(struct ui *ui, struct rect r, const struct error_card *c);

/* A banner with its one button; returns the height. */
int banner_button_draw(struct ui *ui, struct rect r, enum banner banner,
                       enum icon icon, const char *text,
                       const struct button *b);

#endif /* UI_KIT_CARD_H */
