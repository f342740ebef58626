/*
 * form_internal.h - what stands behind struct form; for form*.c only.
 */
#ifndef CORE_FORM_INTERNAL_H
#define CORE_FORM_INTERNAL_H

#include "core/arena.h"
#include "core/form.h"
#include "core/limits.h"

struct expr_engine;

struct form_owned {
    struct form form; /* first, so that a form finds its owner */
    struct arena arena;
    struct expr_engine *engine;
    /* By slot: common fields at their id, then the form's own. "" and 0
     * where there is none. */
    const char *names[FORM_FIELD_ID_MIN + FORM_FIELDS_MAX];
    uint32_t ids[FORM_FIELD_ID_MIN + FORM_FIELDS_MAX];
};

static_assert(FORM_FIELD_ID_MIN + FORM_FIELDS_MAX <= EXPR_NAMES_MAX,
              "every field of a form has a name in its expressions");

#endif /* CORE_FORM_INTERNAL_H */
