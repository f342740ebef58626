/*
 * view_form.h - one page of a form as it is shown: the questions that are
 * asked now, with what was answered; of an observation, or of one person,
 * vehicle or row in it.
 *
 * Texts are offsets into `words` (0 is ""), so that a page is one flat
 * struct. Labels, hints, messages, units and choices are the form's own, in
 * English: tr() them. What the officer wrote stands as it was written.
 */
#ifndef UI_VIEW_FORM_H
#define UI_VIEW_FORM_H

#include "ui/view_review.h"

#define VIEW_FORM_FIELDS  96
#define VIEW_FORM_CHOICES 320
#define VIEW_FORM_ROWS    48
#define VIEW_FORM_PARTS   320
#define VIEW_FORM_CALLS   4
#define VIEW_FORM_ADVICE  6
#define VIEW_FORM_OFFERS  6
#define VIEW_FORM_SIGNS   4
#define VIEW_FORM_WORDS   (96 * 1024)
#define VIEW_KEY_SIZE     80 /* "persons.16.upper_body" */

enum ask {
    ASK_TEXT,
    ASK_NUMBER,
    ASK_YES_NO,
    ASK_ONE,
    ASK_MANY,
    ASK_TIME,
    ASK_PLACE,
    ASK_LINE, /* drawn or walked: core/drawn.h */
    ASK_AREA,
    ASK_PERSON, /* these have rows, each a page of its own */
    ASK_VEHICLE,
    ASK_GROUP,
    ASK_SIGN /* a signature on `value`, and no page */
};

/* What Save found wrong with an answer. */
enum fault {
    FAULT_NONE,
    FAULT_MISSING,
    FAULT_LONG,
    FAULT_SMALL,
    FAULT_LARGE,
    FAULT_VALUE,  /* not a value of its kind, not a choice */
    FAULT_RULE,   /* the form's own; `message` says which */
    FAULT_INSIDE, /* in one of its rows */
    FAULT_STALE   /* the words changed after they were signed */
};

struct view_choice {
    uint32_t code;
    uint32_t label;
    bool is_on;
};

struct view_field {
    uint32_t key;
    uint32_t label;
    uint32_t hint;
    uint32_t unit;
    uint32_t message;
    uint32_t value; /* of TEXT, PLACE, LINE, AREA; of SIGN: what is signed */
    int64_t number; /* of NUMBER; of TIME local ms; of LINE mm, of AREA m2 */
    int64_t min;
    int64_t max;
    enum ask ask;
    enum fault fault;
    bool is_required;
    bool has_number; /* answered */
    bool has_min;
    bool has_max;
    bool has_add;  /* rows: asked for on the page, not only in the bar */
    int max_chars; /* 0: no limit of its own */
    int first_choice;
    int choice_count;
    int first_row;
    int row_count;
    int max_rows;
    int sign; /* of SIGN: which of the page's signatures; -1: not signed */
};

/* What was said of a person or vehicle, in the order of its form. */
struct view_part {
    bool is_word; /* the form's: tr() it; else the officer's */
    uint32_t text;
};

struct view_row {
    uint32_t key; /* "persons.2" */
    int number;
    int first_part;
    int part_count;
};

/* An answer given before, offered again. */
struct view_offer {
    char text[128];
};

struct view_call {
    uint32_t number;
    uint32_t label;
    uint32_t detail;
    bool is_urgent;
};

enum view_tier { VIEW_OPEN, VIEW_RESTRICTED, VIEW_SEALED };

struct view_form {
    uint32_t opened;          /* counts pages shown: another one is here */
    uint32_t checked;         /* counts saves that found something wrong */
    char path[VIEW_KEY_SIZE]; /* "": the observation; or "persons.2" */
    enum ask page;            /* PERSON, VEHICLE or GROUP of a path */
    uint32_t title;           /* of a child's page */
    enum view_tier tier;
    bool lacks_type; /* Save found no type chosen */
    bool has_note;
    bool has_photos;
    bool is_first;    /* sent at once when it is saved: somebody waits for it */
    int person_field; /* where a described person goes; -1: nowhere */
    int vehicle_field;
    struct view_call calls[VIEW_FORM_CALLS]; /* before anything is written */
    int call_count;
    int calls_after; /* field that is answered before them; -1: none */
    uint32_t advice[VIEW_FORM_ADVICE]; /* the first is its title */
    int advice_count;
    struct view_offer offers[VIEW_FORM_OFFERS]; /* of the place's name */
    int offer_count;
    struct view_row self; /* of a child's page: what stands on it so far */
    struct view_field fields[VIEW_FORM_FIELDS];
    int field_count;
    struct view_choice choices[VIEW_FORM_CHOICES];
    int choice_count;
    struct view_row rows[VIEW_FORM_ROWS];
    int row_count;
    struct view_part parts[VIEW_FORM_PARTS];
    int part_count;
    struct view_signature signs[VIEW_FORM_SIGNS];
    int sign_count;
    uint32_t words_len;
    char words[VIEW_FORM_WORDS];
};

#endif /* UI_VIEW_FORM_H */
