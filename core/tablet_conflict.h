/*
 * tablet_conflict.h - records in which a person must decide, and the
 * decision as an event (core/conflict.h has the rules). Lists of them:
 * tablet_records() with only_conflict.
 *
 * Restricted records are asked of their author only; sealed ones are never
 * merged.
 */
#ifndef CORE_TABLET_CONFLICT_H
#define CORE_TABLET_CONFLICT_H

#include "core/conflict.h"
#include "core/tablet_list.h"

enum tablet_side_is {
    TABLET_SIDE_VALUE = 1, /* wrote `value` */
    TABLET_SIDE_STRUCK,    /* struck the record: `reason` */
    TABLET_SIDE_KEPT       /* wrote into it without knowing of the strike */
};

struct tablet_side {
    enum tablet_side_is is;
    struct bytes value; /* CBOR, of TABLET_SIDE_VALUE */
    struct uuid officer, device;
    char officer_name[TABLET_TEXT_SIZE]; /* "": nobody, or not known */
    char device_name[TABLET_TEXT_SIZE];
    bool is_here;                  /* written on this tablet */
    bool is_office;                /* on the council's console */
    int64_t wall_ms;               /* UTC by that device's own clock */
    int utc_offset_min;            /* as it stood there */
    int64_t gnss_ms;               /* satellite time; 0: none */
    char reason[TABLET_TEXT_SIZE]; /* of a strike */
};

struct tablet_question {
    uint64_t field;  /* CONFLICT_RECORD: struck or kept */
    const char *key; /* as in forms and exports; "struck" for the record */
    const struct form_field *asked; /* NULL: every record has this field */
    size_t side_count;
    const struct tablet_side *sides;
};
typedef enum err (*tablet_question_fn)(void *ctx,
                                       const struct tablet_question *q);

struct tablet_conflict {
    size_t questions, joined; /* fields to decide; fields without trouble */
    struct hash stamp;        /* of what stands now; for tablet_resolve */
};
/* Every question in order; views end with the call of `fn`, which must not
 * write. 0 questions: nothing (more) to decide. ERR_NOT_FOUND, ERR_DENIED
 * for what isn't readable here. */
MUST_USE enum err tablet_conflict(struct tablet *t, const struct uuid *record,
                                  tablet_question_fn fn, void *ctx,
                                  struct tablet_conflict *out);

struct tablet_choice {
    uint64_t field;
    size_t side;      /* 1..: that side's; of the record: struck or kept */
    const char *text; /* side 0: another value, as core/form_text.h reads */
};

/*
 * One resolve event that names every head of the fields chosen; a strike
 * that is to stand becomes a strike that names all. ERR_EXISTS when
 * something was written since `stamp` (NULL: whatever stands now).
 * ERR_BAD_DATA with `why`: a text that doesn't fit the form, or a kept
 * record with a field that still needs a choice.
 */
MUST_USE enum err tablet_resolve(struct tablet *t, const struct uuid *record,
                                 const struct tablet_choice *choices,
                                 size_t count, const struct hash *stamp,
                                 struct buf *why);

#endif /* CORE_TABLET_CONFLICT_H */
