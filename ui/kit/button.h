/*
 * button.h - things to press: buttons, tiles, choices, segments, steppers,
 * switches. Sizes and states as the design's components 2.2 to 2.9.
 */
#ifndef UI_KIT_BUTTON_H
#define UI_KIT_BUTTON_H

#include "ui/kit/paint.h"

enum button_kind {
    BUTTON_PRIMARY,       /* 72 high, one per screen */
    BUTTON_PRIMARY_SMALL, /* 56, in a row or card */
    BUTTON_SECONDARY,
    BUTTON_QUIET,
    BUTTON_QUIET_TEXT,  /* quiet in the text's colour, small type */
    BUTTON_QUIET_SMALL, /* quiet, small type */
    BUTTON_ON_LIVE,
    BUTTON_DANGER_LINE, /* leads to a dialog */
    BUTTON_DANGER,      /* only inside that dialog */
    BUTTON_DONE,        /* a tick that can be taken back */
    BUTTON__COUNT
};

struct button {
    enum button_kind kind;
    uint16_t id;
    uint16_t index;
    const char *key; /* last part of its name, or NULL */
    enum icon icon;  /* ICON_NONE: none */
    const char *label;
    bool is_upright; /* icon above label, fills the box */
    bool is_disabled;
    bool is_busy;
};

int button_width(struct ui *ui, const struct button *b);
/* Height at this width: two lines where the label needs them. */
int button_height(struct ui *ui, const struct button *b, int width);
void button_draw(struct ui *ui, struct rect r, const struct button *b);
/* Cuts a button of its own width off the end (or start) of `row`, centred
 * upright, with `gap` beyond it. */
void button_at_end(struct ui *ui, struct rect *row, int gap,
                   const struct button *b);
void button_at_start(struct ui *ui, struct rect *row, int gap,
                     const struct button *b);

/* A square with an icon only; `label` is its accessible name. */
void button_icon(struct ui *ui, struct rect r, uint16_t id, enum icon icon,
                 int icon_size, const char *label);

struct tile {
    uint16_t id;
    uint16_t index;
    const char *key;
    enum icon icon;
    const char *label;
    const char *note;   /* small, top end; NULL: none */
    const char *reason; /* why it is disabled; NULL: it is not */
    bool is_sealed;
    bool is_row; /* icon and label side by side */
};
int tile_height(struct ui *ui, const struct tile *t, int width);
/* Is every word narrower than the tile? */
bool tile_fits(struct ui *ui, const struct tile *t, int width);
void tile_draw(struct ui *ui, struct rect r, const struct tile *t);

/* One of several; `is_row` puts the icon beside the label. */
struct choice {
    uint16_t id;
    uint16_t index;
    const char *key;
    enum icon icon;
    const char *label;
    bool is_on;
    bool is_row;
};
int choice_height(struct ui *ui, const struct choice *c, int width);
bool choice_fits(struct ui *ui, const struct choice *c, int width);
void choice_draw(struct ui *ui, struct rect r, const struct choice *c);

/* One box of equal parts; chosen -1: none. */
struct segments {
    uint16_t id;
    uint16_t first; /* index of the first part */
    const char *const *labels;
    const char *const *keys;
    int count;
    int chosen;
};
/* Side by side at that width, or is a word too wide? */
bool segments_fit(struct ui *ui, const struct segments *s, int width);
int segments_height(struct ui *ui, const struct segments *s, int width);
void segments_draw(struct ui *ui, struct rect r, const struct segments *s);

/* Minus, value, plus; ids less and more. */
int stepper_height(struct ui *ui);
void stepper_draw(struct ui *ui, struct rect r, uint16_t less_id,
                  uint16_t more_id, const char *value, bool at_least,
                  bool at_most);

/* The same for one of several: both ids with this index and key. With an
 * `open_id` the value can be touched, to write it. */
struct stepper {
    uint16_t less_id;
    uint16_t more_id;
    uint16_t open_id; /* 0: only to be read */
    uint16_t index;
    const char *key;
    const char *value;
    const char *label; /* accessible name of the value */
    bool at_least;
    bool at_most;
};
void stepper_draw_one(struct ui *ui, struct rect r, const struct stepper *s);

/* The whole row is the target; it takes r.h, which is at least this: */
int switch_row_height(struct ui *ui, int width, const char *label,
                      const char *detail);
void switch_row(struct ui *ui, struct rect r, uint16_t id, bool is_on,
                const char *label, const char *detail);

#endif /* UI_KIT_BUTTON_H */
