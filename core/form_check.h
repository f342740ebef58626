/*
 * form_check.h - what is shown of a form, and what is wrong with its
 * answers.
 */
#ifndef CORE_FORM_CHECK_H
#define CORE_FORM_CHECK_H

#include "core/form.h"
#include "core/limits.h"

enum form_value_kind {
    FORM_VALUE_NULL,  /* not answered; the same as no value at all */
    FORM_VALUE_INT,   /* NUMBER, DATE_TIME */
    FORM_VALUE_TEXT,  /* TEXT, and the code of ONE_OF and YES_NO */
    FORM_VALUE_CODES, /* MANY_OF */
    FORM_VALUE_BYTES, /* BYTES, in `text` */
    FORM_VALUE_PLACE,
    FORM_VALUE_ROWS /* PHOTO, PERSON, VEHICLE, SIGNATURE, GROUP */
};

/* One answer; what it points to is borrowed. */
struct form_value {
    uint32_t field; /* id */
    enum form_value_kind kind;
    int64_t number;
    struct bytes text;        /* of PLACE: words beside it */
    const char *const *codes; /* `count` of them */
    int32_t lat_e7, lon_e7;
    const struct form_row *rows; /* `count`; NULL: children's own forms
                                  * were checked by themselves */
    size_t count;
};

struct form_row {
    const struct form_value *values;
    size_t count;
};

enum form_problem_kind {
    FORM_REQUIRED = 1,
    FORM_TOO_LONG,   /* more than max_chars or max_items */
    FORM_TOO_SMALL,  /* below min */
    FORM_TOO_LARGE,  /* above max */
    FORM_BAD_CHOICE, /* not among the choices */
    FORM_BAD_VALUE,  /* another kind than the field's, not UTF-8, off earth */
    FORM_CONSTRAINT, /* the form's own rule */
    FORM_HIDDEN,     /* answered though not shown: will not be used */
    FORM_UNCHECKED   /* a rule that could not be worked out */
};

struct form_problem {
    uint32_t field;
    uint32_t row; /* of a group, from 1; 0: not in a group */
    enum form_problem_kind kind;
    const char *message; /* msgid; lives as long as the form */
};

struct form_problems {
    struct form_problem list[FORM_PROBLEMS_MAX];
    size_t count; /* in the order of the form, common fields first */
};

/*
 * Fills `problems_out`. Values of fields that the form lacks are passed
 * over: a newer version of it asked them. ERR_NOMEM only.
 */
MUST_USE enum err form_check(const struct form *form,
                             const struct form_value *values, size_t count,
                             struct form_problems *problems_out);

/*
 * Whether a field at the top of the form is asked, given these answers. A
 * hidden field's answer counts as none for the fields after it; a rule that
 * cannot be worked out shows its field.
 */
bool form_is_shown(const struct form *form, const struct form_value *values,
                   size_t count, uint32_t field);

#endif /* CORE_FORM_CHECK_H */
