#include "core/form.h"

#include <string.h>

#include "core/expr.h"
#include "core/form_internal.h"
#include "core/mem.h"

static void free_exprs(const struct form_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        expr_free(fields[i].shown_expr);
        expr_free(fields[i].constraint_expr);
        free_exprs(fields[i].fields, fields[i].field_count);
    }
}

void form_free(struct form *form)
{
    struct form_owned *own = (struct form_owned *)form;

    if (own == NULL) {
        return;
    }
    free_exprs(form->fields, form->field_count);
    expr_close(own->engine);
    arena_fini(&own->arena);
    mem_free(own);
}

static const struct form_field *find(const struct form_field *fields,
                                     size_t count, uint32_t id, const char *key)
{
    for (size_t i = 0; i < count; i++) {
        const struct form_field *child;

        if (key != NULL ? strcmp(fields[i].key, key) == 0
                        : fields[i].id == id) {
            return &fields[i];
        }
        child = find(fields[i].fields, fields[i].field_count, id, key);
        if (child != NULL) {
            return child;
        }
    }
    return NULL;
}

const struct form_field *form_find(const struct form *form, uint32_t id)
{
    return find(form->fields, form->field_count, id, NULL);
}

const struct form_field *form_find_key(const struct form *form, const char *key)
{
    return find(form->fields, form->field_count, 0, key);
}

#define N_(text) (text) /* the catalogues have it */

const char *form_common_label(uint64_t id)
{
    switch (id) {
    case FIELD_CATEGORY:
        return N_("What it is");
    case FIELD_NOTED_MS:
        return N_("When it was seen");
    case FIELD_PLACE:
        return N_("Where on the map");
    case FIELD_NOTE:
        return N_("Note");
    case FIELD_MARKING:
        return N_("Marking");
    case FIELD_TITLE:
        return N_("Title");
    case FIELD_PLACE_NAME:
        return N_("Name of the place");
    case FIELD_KNOWN_HOW:
        return N_("How it is known");
    case FIELD_EXTERNAL:
        return N_("Reference elsewhere");
    case FIELD_ENDED_MS:
        return N_("When it was over");
    case FIELD_LATE_REASON:
        return N_("Why it was made late");
    default:
        return NULL;
    }
}
