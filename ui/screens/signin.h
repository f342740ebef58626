/*
 * signin.h - the sign-in page's model, shared by what it does
 * (screen_signin.c) and how it looks (signin_*.c).
 */
#ifndef UI_SCREENS_SIGNIN_H
#define UI_SCREENS_SIGNIN_H

#include "ui/kit/button.h"
#include "ui/screen.h"

#define PIN_DIGITS       6
#define SIGNIN_TEXT_SIZE 48 /* a code of 26 letters with hyphens, a name */

/*
 *   PIN --- Forgotten, Someone else --> HOW --> OPENER --+
 *    |                                   |               v
 *    |                                   +--> CODE --> [WHO] --> NEW --> AGAIN
 *    +--- a PIN that is too old ----------------------------------^
 */
enum signin_step {
    STEP_PIN,
    STEP_HOW,    /* sheet: a colleague, or a code */
    STEP_OPENER, /* a colleague's PIN */
    STEP_CODE,   /* sheet */
    STEP_WHO,    /* sheet: search the list of staff */
    STEP_NEW,
    STEP_AGAIN,
    STEP_HELP /* sheet */
};

struct signin_model {
    enum signin_step step;
    int officer;              /* chosen in the list */
    int opener;               /* the colleague who opens */
    struct view_officer who;  /* gets a PIN; id "": to be searched for */
    bool is_renewal;          /* the old PIN was right, and too old */
    bool is_different;        /* the two new ones */
    char tried[VIEW_ID_SIZE]; /* whose PIN was tried last */
    char pin[PIN_DIGITS + 1];
    char first[PIN_DIGITS + 1]; /* the new one, typed once */
    char text[SIGNIN_TEXT_SIZE];
    uint32_t attempt; /* of the answer that was seen */
};

/* --- signin_aside.c --- */

void signin_aside(struct ui *ui, struct rect r, const struct views *v,
                  const struct signin_model *m);
/* The short form: brand, time and SOS in one band; returns its height. */
int signin_band(struct ui *ui, struct rect r, const struct views *v);
/* What the dark side says, as lines of the page; returns the end. */
int signin_facts(struct ui *ui, struct rect r, const struct views *v,
                 const struct signin_model *m);

/* --- signin_page.c --- */

/* The officer whose PIN the pad takes; NULL: for a new PIN, or nobody. */
const struct view_officer *signin_on_pad(const struct signin_model *m,
                                         const struct view_signin *v);
bool signin_is_waiting(const struct view_officer *o, int64_t now_ms);
/* Six dots and the pad, for the step's PIN; returns the height. */
int signin_pad(struct ui *ui, struct rect r, const struct signin_model *m,
               bool is_off);
const char *signin_role(const char *role);
int signin_settings_height(struct ui *ui, int width);
void signin_settings(struct ui *ui, struct rect r);
/* The same one by one: language, text size, theme, emergency card. */
#define SIGNIN_SETTINGS 4
void signin_setting(struct ui *ui, struct button out[SIGNIN_SETTINGS]);
const char *signin_languages(struct ui *ui); /* all, that in use first */
/* A touch of one: the next theme, text size or language. False for any other
 * control. */
bool signin_set(struct nav *nav, uint16_t id);
/* Two columns, as the design has it: all is in sight. */
void signin_columns(struct ui *ui, struct rect r, const struct views *v,
                    const struct signin_model *m);
/* One column that scrolls: large text, upright and low screens. */
void signin_column(struct ui *ui, struct rect r, const struct views *v,
                   const struct signin_model *m);

/* --- signin_sheets.c --- */

void signin_sheet(struct ui *ui, const struct view_signin *v,
                  const struct signin_model *m);

#endif /* UI_SCREENS_SIGNIN_H */
