/*
 * sign.h - signing by hand: the sheet with the pad (design, components
 * 2.11), and a signature as it is shown afterwards.
 *
 * "Would not sign" and "Cannot sign" are always there and let the work go
 * on; without a finger the full name is typed and called one's own.
 */
#ifndef UI_SIGN_H
#define UI_SIGN_H

#include "ui/app.h"
#include "ui/kit/ui.h"

struct sign {
    bool is_open;
    bool types;
    bool is_mine;   /* the name that was typed */
    bool asks_name; /* who signs is not who is signed in */
    int why;        /* 1..: of the chips; 0: none */
    char name[VIEW_NAME_SIZE];
};

enum sign_step { SIGN_GOES_ON, SIGN_CANCELLED, SIGN_DONE };

void sign_open(struct sign *s, struct ui *ui);
/* The same for somebody else, whose name is asked: `hand.by`. */
void sign_open_other(struct sign *s, struct ui *ui);
/* While it is open; SIGN_DONE fills `out`, both others leave it. It is closed
 * after SIGN_CANCELLED and SIGN_DONE. */
enum sign_step sign_event(struct sign *s, const struct ui_event *ev,
                          struct ui *ui, struct hand *out);
/* The sheet: what is signed, in words. `done`: the button. */
void sign_draw(struct ui *ui, const struct sign *s, const char *title,
               const char *words, const char *done);

/* "Signed by Amina Yusuf, 12:04", and the drawing below it; draws at the top
 * of `r` and returns the height, 0 when nobody signed. */
int sign_show(struct ui *ui, struct rect r, const struct view_signature *s,
              bool is_counter, int64_t now_ms);
/* The drawing alone, as large as the box allows; never mirrored. */
void sign_ink(struct ui *ui, struct rect r, const struct view_ink *ink);

#endif /* UI_SIGN_H */
