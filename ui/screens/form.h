/*
 * form.h - the page made from a form: its model, shared by what it does
 * (screen_form.c) and how it looks (draw_form*.c).
 *
 * The worker holds the answers; the page shows the view and sends touches.
 */
#ifndef UI_SCREENS_FORM_H
#define UI_SCREENS_FORM_H

#include "ui/screen.h"
#include "ui/screens/photo.h"
#include "ui/screens/wear.h"
#include "ui/sign.h"

enum form_sheet {
    FORM_NO_SHEET,
    FORM_TYPES,
    FORM_TEXT, /* also the note and the place */
    FORM_NUMBER,
    FORM_TIME,
    FORM_CHOICES,
    FORM_ADD,
    FORM_SIGN
};

/* Steppers of the time's sheet, by their index. */
enum form_unit { UNIT_TIME, UNIT_DAY, UNIT_MONTH, UNIT_YEAR };

/* What of a person's page is shown. */
enum form_face {
    FORM_LOOKS,
    FORM_SEEN, /* how well they were seen: the eight of ADVOKATE */
    FORM_NAMED /* who it is */
};

struct form_model {
    enum form_face face;
    enum wear_part part; /* the figure's chosen label */
    uint32_t opened;     /* as seen of the view */
    uint32_t checked;
    uint32_t told;
    bool is_saving;
    enum form_sheet sheet;
    char key[VIEW_KEY_SIZE];     /* of the answer in the sheet, in full */
    char text[VIEW_NOTE_SIZE];   /* being typed */
    char before[VIEW_NOTE_SIZE]; /* what Cancel brings back */
    int64_t time_ms;
    int64_t before_ms; /* 0: there was none */
    struct photo_page photo;
    struct sign sign; /* open while the sheet is FORM_SIGN */
};

/* A word of the page; "" at 0. */
const char *form_word(const struct view_form *v, uint32_t at);
/* The question whose answer has this full key, or NULL. */
const struct view_field *form_field_of(const struct view_form *v,
                                       const char *key);
/* The same by the key that it has on its page. */
const struct view_field *form_field_of_page(const struct view_form *v,
                                            const char *key);
/* "Man, 18 to 20, red cap" of a row; "" when nothing was said. */
const char *form_sentence(struct ui *ui, const struct view_form *v,
                          const struct view_row *row);

void form_draw(const void *model, const struct app *app, struct ui *ui);
/* Question `i` at the top of `r`; returns its height, 0: nothing to show. */
int form_field_draw(struct ui *ui, struct rect r, const struct views *v, int i);
/* Questions in the order in which a page shows them, by their index. */
struct form_flow {
    int order[VIEW_FORM_FIELDS];
    int count;
};
struct form_flow form_flow_all(const struct view_form *v);
/* Those from `from` to before `to`; short ones in pairs. Returns the height. */
int form_flow_draw(struct ui *ui, struct rect r, const struct views *v,
                   const struct form_flow *f, int from, int to);
/* How many stand in a first column of width `a`, so that a second one of
 * `b`, which begins `behind` lower, ends about as low. */
int form_flow_split(struct ui *ui, const struct views *v,
                    const struct form_flow *f, int a, int b, int behind);
/* The page of a person, vehicle or row; returns where it ends. */
int form_row_draw(struct ui *ui, struct rect r, const struct form_model *m,
                  const struct views *v, bool is_wide);
int form_person_draw(struct ui *ui, struct rect r, const struct form_model *m,
                     const struct views *v, bool is_wide);
/* How what was described will read; returns the height. */
int form_reads_draw(struct ui *ui, struct rect r, const char *said);
/* A figure with what was said of it, in the upper part of a card. */
int form_figure_draw(struct ui *ui, struct rect r, const struct view_form *v,
                     enum wear_part chosen);
const char *form_figure_said(const struct view_form *v, enum wear_part part);
/* Words and colours of one label, in a card; returns the height. */
int form_panel_draw(struct ui *ui, struct rect r, const struct view_form *v,
                    enum wear_part part);
/* How well a person was seen, and the way to change it, in the action bar. */
void form_seen_draw(struct ui *ui, struct rect *row, const struct view_form *v);
/* The next height up or down, in cm. */
int form_height_step(const struct view_field *f, int by);
/* Is this question one of the figure's labels? */
bool form_figure_has(const struct view_form *v, int field);

/* Is this page a report of what was seen, in five lines? Then its lines, at
 * the top of `r`; and is this question one of them? */
bool form_report_is(const struct view_form *v);
bool form_report_has(const struct view_form *v, int field);
int form_report_draw(struct ui *ui, struct rect r, const struct views *v);
/* What is asked before them: its answers beside its words. */
int form_report_first(struct ui *ui, struct rect r, const struct views *v,
                      int field);
/* The control of a question with choices, without its label. */
int form_choices_draw(struct ui *ui, struct rect r, const struct view_form *v,
                      int index);
/* What is wrong with an answer, and what to do next. */
const char *form_fault_words(struct ui *ui, const struct view_form *v,
                             const struct view_field *f);

/* Numbers to call, and advice; with the gap below, 0 when there is none. */
int form_calls_draw(struct ui *ui, struct rect r, const struct views *v);
int form_advice_draw(struct ui *ui, struct rect r, const struct view_form *v);
/* A question that is answered by a signature; returns the height. */
int form_sign_draw(struct ui *ui, struct rect r, const struct views *v,
                   int field);
void form_draw_sign_sheet(const struct form_model *m, const struct view_form *v,
                          struct ui *ui);
void form_draw_sheet(const struct form_model *m, const struct views *v,
                     struct ui *ui);

#endif /* UI_SCREENS_FORM_H */
