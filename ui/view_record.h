/*
 * view_record.h - one record whole, for the screen of two versions: all its
 * fields, what became of it, what was asked about it. A snapshot as those
 * of view.h are.
 */
#ifndef UI_VIEW_RECORD_H
#define UI_VIEW_RECORD_H

#include "ui/view_review.h"

#define VIEW_ROWS      64 /* fields of the record, with all their values */
#define VIEW_STEPS     24
#define VIEW_STEP_ROWS 96 /* of all steps */
#define VIEW_ROW_SIZE  1024
#define VIEW_HANDS     3 /* who signed words of it */

enum row_kind {
    ROW_TEXT,  /* in somebody's own words, or a number */
    ROW_WORDS, /* our own, English, by '\n': tr() each; "-" before: taken out */
    ROW_TIME,  /* `time_ms` */
    ROW_PLACE, /* `lat_e7`, `lon_e7`; `text` in words */
    ROW_EMPTY  /* was emptied */
};

struct view_value {
    char label[128]; /* English: tr() it; "": as the row before, or none */
    enum row_kind kind;
    bool is_cut;    /* there is more of the text */
    bool is_differ; /* one of several values: `who` wrote it */
    int64_t time_ms;
    int32_t lat_e7, lon_e7;
    char who[64];
    char text[VIEW_ROW_SIZE];
};

enum step_kind {
    STEP_MADE,
    STEP_CHANGED,
    STEP_SETTLED,
    STEP_STRUCK, /* `why` */
    STEP_PHOTO,
    STEP_ASKED,
    STEP_ANSWERED,
    STEP_REVIEWED,
    STEP_ISSUED
};

struct view_step {
    enum step_kind kind;
    bool is_you, is_here, is_office, is_refused;
    int64_t at_ms;
    char who[64], where[64], why[256];
    int first, count; /* of step_rows */
};

struct view_record {
    char id[40];
    struct view_value rows[VIEW_ROWS];
    int row_count;
    int field_count;                    /* different labels among them */
    struct view_step steps[VIEW_STEPS]; /* newest first */
    int step_count;                     /* of those */
    int earlier_count;                  /* steps before those */
    struct view_value step_rows[VIEW_STEP_ROWS];
    int step_row_count;
    struct view_signature hands[VIEW_HANDS]; /* newest first */
    int hand_count;
    /* who can be asked, and what was */
    char ask_id[40]; /* "": nobody */
    char ask_name[64];
    char question[256], answer[256];
    int64_t asked_ms, answered_ms; /* 0: not yet */
};

#endif /* UI_VIEW_RECORD_H */
