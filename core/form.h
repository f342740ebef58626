/*
 * form.h - what may be written down about one kind of thing: a form is data
 * (assets/forms/FORM.json, described by form.schema.json), parsed here.
 *
 * A record stores field *ids*; keys serve expressions, imports and exports,
 * labels serve people. Ids are never reused and never change their type.
 */
#ifndef CORE_FORM_H
#define CORE_FORM_H

#include "core/body.h"

/* How forms call the fields that every record may have (core/body.h);
 * assets/forms/README.md says what each holds. */
#define FORM_COMMON(X)                      \
    X(FIELD_CATEGORY, "category", ONE_OF)   \
    X(FIELD_NOTED_MS, "noted", DATE_TIME)   \
    X(FIELD_PLACE, "place", PLACE)          \
    X(FIELD_NOTE, "note", TEXT)             \
    X(FIELD_MARKING, "marking", ONE_OF)     \
    X(FIELD_TITLE, "title", TEXT)           \
    X(FIELD_PATROL, "patrol", BYTES)        \
    X(FIELD_REASON, "reason", TEXT)         \
    X(FIELD_PLACE_NAME, "place_name", TEXT) \
    X(FIELD_KNOWN_HOW, "known_how", ONE_OF) \
    X(FIELD_EXTERNAL, "external_ref", TEXT) \
    X(FIELD_ENDED_MS, "ended", DATE_TIME)   \
    X(FIELD_LINKED, "linked", MANY_OF)      \
    X(FIELD_LATE_REASON, "late_reason", TEXT)

/* The names in the file are these in lower case. */
#define FORM_TYPES(X)                                          \
    X(TEXT, text)                                              \
    X(NUMBER, number)         /* whole; `unit` says of what */ \
    X(YES_NO, yes_no_unknown) /* code yes, no or unknown */    \
    X(ONE_OF, one_of)         /* a code of `choices` */        \
    X(MANY_OF, many_of)       /* a set of codes */             \
    X(DATE_TIME, date_time)   /* ms UTC since 1970 */          \
    X(PLACE, place)                                            \
    X(BYTES, bytes) /* a record id, hash or key */             \
    X(LINE, line)   /* core/drawn.h, a text */                 \
    X(AREA, area)   /* the same */                             \
    X(PHOTO, photo) /* child records of `child_form` */        \
    X(PERSON, person)                                          \
    X(VEHICLE, vehicle)                                        \
    X(SIGNATURE, signature)                                    \
    X(GROUP, group) /* child records of its own `fields` */

enum form_type {
    FORM_TYPE_NEWER, /* unknown here: shown as "made by a newer version" */
#define X(NAME, name) FORM_TYPE_##NAME,
    FORM_TYPES(X)
#undef X
};

struct form_choice {
    const char *code;
    const char *label; /* msgid */
};

struct form_field {
    uint32_t id;
    const char *key;
    enum form_type type;
    const char *type_name; /* as the file has it */
    const char *label;     /* msgid */
    const char *hint;      /* msgid, or NULL */
    const char *unit;      /* "m", "min" ..., or NULL */
    bool required;         /* when shown */
    bool has_min, has_max;
    bool open_choices;      /* of a set: codes beyond `choices` are allowed */
    int64_t min, max;       /* of a number */
    uint32_t max_chars;     /* of a text; 0: TEXT_MAX_BYTES decides */
    uint32_t max_items;     /* of a set or children; 0: FORM_ITEMS_MAX */
    const char *shown_when; /* expression or NULL: always */
    const char *constraint; /* expression or NULL */
    const char *message;    /* msgid when the constraint fails, or NULL */
    const char *child_form; /* of PHOTO, PERSON, VEHICLE, SIGNATURE */
    const char *signs; /* of SIGNATURE: key of the text that is signed; NULL */
    const struct form_choice *choices; /* of ONE_OF, MANY_OF */
    size_t choice_count;
    const struct form_field *fields; /* of GROUP; no group in a group */
    size_t field_count;
    size_t slot; /* private: place among the names of expressions */
    struct expr *shown_expr;
    struct expr *constraint_expr;
};

/* Whom to call before writing anything down. */
struct form_call {
    const char *number; /* as people dial it: "0800 789 321" */
    const char *label;  /* msgid: when */
    const char *detail; /* msgid: what to say, or NULL */
    bool is_urgent;
};

struct form {
    const char *id;
    uint32_t version;
    const char *kind;  /* of the record: "observation", "person" ... */
    const char *label; /* msgid */
    const char *const *categories; /* codes that it serves; may be none */
    size_t category_count;
    uint32_t common;          /* bit n: common field n is asked */
    uint32_t common_required; /* bit n: ... and must be given */
    const struct form_field *fields;
    size_t field_count;
    const struct form_call *calls;
    size_t call_count;
    const char *calls_after;   /* key of the question that, where it is asked,
                                  is answered before they are shown; or NULL */
    const char *const *advice; /* msgids; the first is its title */
    size_t advice_count;
};

/*
 * The form of one definition; form_free frees it. Unknown members are
 * ignored, unknown types kept as FORM_TYPE_NEWER. ERR_BAD_DATA: not a form,
 * an id or key twice, a bad expression. ERR_TOO_LONG: beyond limits.h.
 */
MUST_USE enum err form_parse(const char *json, size_t len,
                             struct form **form_out);
void form_free(struct form *form); /* NULL is allowed */

/* NULL when the form has no such field; children of groups included. */
const struct form_field *form_find(const struct form *form, uint32_t id);
const struct form_field *form_find_key(const struct form *form,
                                       const char *key);

/* What people call a field that every record may have: a msgid; NULL for
 * the fields that forms number. */
const char *form_common_label(uint64_t id);

#endif /* CORE_FORM_H */
