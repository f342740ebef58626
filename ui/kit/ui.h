/*
 * ui.h - one frame being drawn and the touch that will meet it.
 *
 * A screen draws into the list and names its controls (targets) as it goes.
 * Input meets the targets of the last frame and comes back as a ui_event.
 * The kit knows no clock: every call that needs the time is given it, in ms.
 */
#ifndef UI_KIT_UI_H
#define UI_KIT_UI_H

#include "ui/kit/draw.h"

#define UI_TARGETS_MAX 160
#define UI_SCROLLS_MAX 8
#define UI_NAME_SIZE   48
#define UI_LEVEL       1000 /* of UI_ZOOM */
/* Bytes of a field: a statement of 10,000 characters in any script. */
#define UI_EDIT_MAX    40000
#define UI_INK_MAX     2048 /* points; a signature has some hundreds */
#define UI_STROKES_MAX 64
#define COLOR_NONE     COLOR__COUNT

/* Focus goes through the parts in this order (design, components 5). */
enum ui_part {
    UI_BACK,
    UI_CONTENT,
    UI_ACTIONS,
    UI_TOP,
    UI_RAIL,
    UI_SOS,
    UI_KEYBOARD, /* on-screen keys: touch only, never focused */
    UI_PART__COUNT
};

enum ui_flag {
    UI_CENTER = 1,
    UI_END = 2,
    UI_MID = 4,       /* centred upright in the box */
    UI_LINE = 8,      /* one line, ellipsis; only in lists */
    UI_DISABLED = 16, /* can be reached, says why, does nothing */
    UI_HOLDS = 32,    /* acts after MS_HOLD_SOS, not on release */
    UI_FIELD = 64,    /* takes letters */
    UI_AREA = 128,    /* a field of several lines */
    UI_NUMBER = 256,  /* a field that opens the number pad */
    UI_SECRET = 512,  /* never in a screenshot's text or a log */
    UI_SELECTED = 1024,
    UI_REPEATS = 2048, /* two quick touches are two: digits, steps */
    UI_DRAWS = 8192,   /* a finger or a pen leaves ink on it */
    UI_WRITTEN = 4096, /* a line of a written page: as high as its rule */
    UI_GROUND = 16384, /* a map: it is dragged, pinched, and lies below all */
};

struct target {
    uint16_t id;
    uint16_t index;
    char name[UI_NAME_SIZE]; /* "home.tile.asb": what scripts tap */
    const char *label;       /* accessible name; in the list's text */
    const char *text;        /* of a field; in the list's text */
    int most;                /* bytes of it; 0: UI_EDIT_MAX */
    struct rect box;         /* on the screen, after mirroring */
    struct rect clip;        /* what of the screen it may be seen in */
    int radius;
    int flags;
    enum ui_part part;
    int group;  /* arrows move inside one group; 0: alone */
    int layer;  /* only the highest layer is alive, and SOS */
    int scroll; /* which scroll area it lies in, or -1 */
};

enum ui_event_kind {
    UI_NOTHING,
    UI_TAP,
    UI_HELD,
    UI_LET_GO, /* a hold that ended early */
    UI_EDITED, /* `text` is the field's new content */
    UI_INKED,  /* a stroke ended: `ink` of struct ui has all */
    UI_GO_BACK,
    UI_SAVE,
    UI_UNDO,
    UI_PLACE, /* `index` is the place, 0 to 4 */
    UI_NEW,   /* a new notebook entry, from anywhere */
    UI_DRAG,  /* the ground moved by (x, y) */
    UI_ZOOM,  /* the ground grew by `amount` around (x, y) */
    UI_HELP,  /* F1 */
    UI_SPOT   /* the ground was held at (x, y) */
};

struct ui_event {
    enum ui_event_kind kind;
    uint16_t id;
    uint16_t index;
    const char *text; /* valid until the next call */
    int x;            /* of UI_TAP by touch, UI_DRAG, UI_ZOOM, UI_SPOT: dp; */
    int y;            /* -1 of UI_ZOOM: around the middle of what is seen */
    int amount;       /* UI_LEVEL is a doubling; 0: the fingers are lifted */
};

struct ui_key_of { /* which control, across frames */
    uint16_t id;
    uint16_t index;
};

struct ui_scroll {
    uint16_t id; /* 0: free */
    int offset;
    int content;      /* height at the last frame */
    struct rect view; /* on the screen */
};

/* What was drawn by hand on the target `id`; see draw_line for points. */
struct ui_ink {
    uint16_t id;
    bool is_down; /* a stroke is being drawn */
    int64_t first_ms;
    int stroke_count;
    uint32_t at_ms[UI_STROKES_MAX]; /* of each stroke, since the first */
    struct rect box;                /* of the pad, on the screen */
    int count;
    int16_t points[2 * UI_INK_MAX];
};

struct ui {
    struct draw_list list;
    struct target targets[UI_TARGETS_MAX];
    int target_count;
    struct text_engine *engine;
    const char *const *names; /* by control id */
    /* settings */
    enum theme_id theme;
    int percent;
    int width;
    int height;
    /* of the frame being drawn */
    enum ui_part part;
    int group;
    int groups;
    int layer;
    int scroll_now;
    struct rect clip;
    /* what lasts from frame to frame */
    struct ui_scroll scrolls[UI_SCROLLS_MAX];
    struct ui_key_of focus;
    bool shows_focus; /* by keys, not by touch */
    struct ui_key_of pressed;
    bool is_pressing;
    bool is_panning;
    int pan_scroll;
    int down_x;
    int down_y;
    int last_x;
    int last_y;
    bool is_dragging; /* the ground */
    bool is_pinching;
    int drag_x; /* since the last ui_drag_take */
    int drag_y;
    int64_t down_ms;
    int64_t tapped_ms;
    struct ui_key_of tapped;
    int held_permille;      /* of MS_HOLD_SOS */
    struct ui_key_of field; /* being edited; id 0: none */
    bool shows_keyboard;
    int keep_start;     /* what the keyboard leaves in sight: the rail, */
    int keep_bottom;    /* or the bar with SOS */
    int foot;           /* bars at the bottom: a toast stands above them */
    bool has_actions;   /* one of them is the action bar */
    int keyboard_page;  /* enum board_page */
    int keyboard_board; /* chosen by hand, from 1; 0: the language's */
    struct ui_ink ink;
    int caret;
    int caret_seen;    /* it was scrolled into sight there; -1: not yet */
    bool draws_again;  /* the frame moved something: once more */
    int edit_most;     /* bytes that the field takes */
    bool edits_area;   /* it takes line ends */
    bool is_edit_full; /* letters were left out: nav tells it */
    char edit[UI_EDIT_MAX + 8];
};

MUST_USE enum err ui_init(struct ui *ui, const char *const *names);
void ui_fini(struct ui *ui);

void ui_begin(struct ui *ui, int width, int height);
void ui_end(struct ui *ui); /* focus ring, keyboard */

/* Targets until the end belong to this part, group or layer. */
void ui_part(struct ui *ui, enum ui_part part);
void ui_group_begin(struct ui *ui);
void ui_group_end(struct ui *ui);
void ui_layer_begin(struct ui *ui); /* draws the scrim too */
void ui_layer_end(struct ui *ui);

/*
 * Content may be taller than `view`; draw from the returned y and say at the
 * end where it ended. The bar stands in the margin after `view`.
 */
int ui_scroll_begin(struct ui *ui, uint16_t id, struct rect view);
void ui_scroll_end(struct ui *ui, int bottom_y);

/* Names a control. ASSERTs the 56 dp that gloves need, but for UI_WRITTEN:
 * a line of a page, where a miss only chooses the line beside it. */
void ui_target(struct ui *ui, struct rect r, uint16_t id, uint16_t index,
               const char *key, int radius, int flags, const char *label);
bool ui_is_pressed(const struct ui *ui, uint16_t id, uint16_t index);

/* Removes focus and keyboard; for a new screen. */
void ui_forget(struct ui *ui);
void ui_focus_on(struct ui *ui, uint16_t id, uint16_t index);

/* The target with this name among the live ones, or NULL. */
const struct target *ui_find(const struct ui *ui, const char *name);
bool ui_is_live(const struct ui *ui, const struct target *t);

#endif /* UI_KIT_UI_H */
