/*
 * form_draft.h - what was answered of a form so far: keys and texts, and
 * which versions of the forms were asked. Texts are those of
 * core/form_text.h; children are "persons.2.upper_body".
 *
 * A draft is not an event: it is kept by tablet_draft_put as
 *   [1, kind, time was set, [+ [form, version]], [* key, text]]
 */
#ifndef UI_WORKER_FORM_DRAFT_H
#define UI_WORKER_FORM_DRAFT_H

#include "core/buf.h"
#include "core/limits.h"
#include "ui/view.h"

#define FORM_DRAFT_PINS  6 /* its own form, and one of each kind of child */
#define FORM_DRAFT_BYTES ((size_t)512 * 1024)

struct form_answer {
    char *key;  /* owned */
    char *text; /* owned */
};

struct form_pin {
    char form[FORM_ID_MAX + 1];
    uint32_t version;
};

struct form_draft {
    char kind[VIEW_ID_SIZE]; /* of its tile */
    bool is_time_set;        /* by the officer, not by opening it */
    struct form_pin pins[FORM_DRAFT_PINS];
    size_t pin_count;
    struct form_answer *answers; /* owned */
    size_t count, cap;
};

void form_draft_fini(struct form_draft *d); /* wipes; may be called twice */

const char *form_draft_get(const struct form_draft *d, const char *key);
/* "" takes the answer out. */
MUST_USE enum err form_draft_put(struct form_draft *d, const char *key,
                                 const char *text);
/* Adds a code to a set, or takes it out. */
MUST_USE enum err form_draft_toggle(struct form_draft *d, const char *key,
                                    const char *code);
bool form_draft_has_code(const struct form_draft *d, const char *key,
                         const char *code);
/* Rows are numbered from 1 without a gap. */
int form_draft_rows(const struct form_draft *d, const char *field);
/* Takes out row `number`; those after it move up. */
MUST_USE enum err form_draft_drop_row(struct form_draft *d, const char *field,
                                      int number);
/* 0: no such form was asked yet. */
uint32_t form_draft_version(const struct form_draft *d, const char *form);
void form_draft_pin(struct form_draft *d, const char *form, uint32_t version);

void form_draft_write(const struct form_draft *d, struct buf *out);
/* ERR_BAD_DATA: not a draft of this kind. `d` must be empty. */
MUST_USE enum err form_draft_read(struct form_draft *d, struct bytes data);

#endif /* UI_WORKER_FORM_DRAFT_H */
