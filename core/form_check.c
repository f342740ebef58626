#include "core/form_check.h"

#include <string.h>

#include "core/buf.h"
#include "core/drawn.h"
#include "core/expr.h"
#include "core/form_internal.h"
#include "core/geo.h"
#include "core/text.h"

struct checker {
    const struct form_owned *own;
    struct form_problems *problems; /* NULL: only who is shown matters */
    uint32_t row;
    struct buf sets; /* codes as ",a,b," for expressions */
    struct expr_value slots[FORM_FIELD_ID_MIN + FORM_FIELDS_MAX];
};

static void report(struct checker *c, uint32_t field,
                   enum form_problem_kind kind, const char *message)
{
    /* The texts that a person reads; "" is never shown. */
    static const char *const messages[] = {
        [FORM_REQUIRED] = "Answer this",
        [FORM_TOO_LONG] = "This is longer than it may be",
        [FORM_TOO_SMALL] = "This is too low",
        [FORM_TOO_LARGE] = "This is too high",
        [FORM_BAD_CHOICE] = "Choose one of the answers",
        [FORM_BAD_VALUE] = "This answer does not fit the question",
        [FORM_CONSTRAINT] = "Check this answer",
        [FORM_HIDDEN] = "This answer is not needed any more",
        [FORM_UNCHECKED] = "This answer could not be checked",
    };

    if (c->problems == NULL || c->problems->count == FORM_PROBLEMS_MAX) {
        return;
    }
    c->problems->list[c->problems->count++] = (struct form_problem){
        .field = field,
        .row = c->row,
        .kind = kind,
        .message = message != NULL ? message : messages[kind],
    };
}

static const struct form_value *find_value(const struct form_row *row,
                                           uint32_t field)
{
    for (size_t i = 0; i < row->count; i++) {
        if (row->values[i].field == field &&
            row->values[i].kind != FORM_VALUE_NULL) {
            return &row->values[i];
        }
    }
    return NULL;
}

/* An empty text, set or list is no answer. */
static bool is_given(const struct form_value *v)
{
    if (v == NULL) {
        return false;
    }
    switch (v->kind) {
    case FORM_VALUE_NULL:
        return false;
    case FORM_VALUE_TEXT:
    case FORM_VALUE_BYTES:
        return v->text.len > 0;
    case FORM_VALUE_CODES:
    case FORM_VALUE_ROWS:
        return v->count > 0;
    case FORM_VALUE_INT:
    case FORM_VALUE_PLACE:
        break;
    }
    return true;
}

/* --- values as expressions see them --- */

/* Reserved first: the texts must not move while expressions read them. */
static size_t set_bytes(const struct form_row *row)
{
    size_t total = 0;

    for (size_t i = 0; i < row->count; i++) {
        const struct form_value *v = &row->values[i];

        for (size_t k = 0; v->kind == FORM_VALUE_CODES && k < v->count; k++) {
            total += strlen(v->codes[k]) + 2;
        }
    }
    return total;
}

static struct expr_value set_value(struct checker *c,
                                   const struct form_value *v)
{
    struct expr_value out = { .kind = EXPR_TEXT };
    uint8_t *at;
    size_t len = 1;

    for (size_t k = 0; k < v->count; k++) {
        len += strlen(v->codes[k]) + 1;
    }
    at = buf_grow(&c->sets, len);
    if (at == NULL) {
        return (struct expr_value){ .kind = EXPR_NULL };
    }
    out.text = (struct bytes){ at, len };
    *at++ = ',';
    for (size_t k = 0; k < v->count; k++) {
        const size_t n = strlen(v->codes[k]);

        memcpy(at, v->codes[k], n);
        at[n] = ',';
        at += n + 1;
    }
    return out;
}

static struct expr_value as_expr(struct checker *c, const struct form_value *v)
{
    struct expr_value out = { .kind = EXPR_NULL };

    if (!is_given(v)) {
        return out;
    }
    switch (v->kind) {
    case FORM_VALUE_TEXT:
        if (text_is_utf8((const char *)v->text.data, v->text.len)) {
            out = (struct expr_value){ .kind = EXPR_TEXT, .text = v->text };
        }
        break;
    case FORM_VALUE_CODES:
        return set_value(c, v);
    case FORM_VALUE_INT:
        return (struct expr_value){ .kind = EXPR_INT, .number = v->number };
    case FORM_VALUE_ROWS:
        out.kind = EXPR_INT; /* children are their number */
        out.number = (int64_t)v->count;
        break;
    case FORM_VALUE_BYTES:
    case FORM_VALUE_PLACE:
        out.kind = EXPR_INT; /* is given, no more */
        out.number = 1;
        break;
    case FORM_VALUE_NULL:
        break;
    }
    return out;
}

/* --- one answer --- */

static enum form_value_kind kind_of(enum form_type type)
{
    switch (type) {
    case FORM_TYPE_TEXT:
    case FORM_TYPE_YES_NO:
    case FORM_TYPE_ONE_OF:
    case FORM_TYPE_LINE:
    case FORM_TYPE_AREA:
        return FORM_VALUE_TEXT;
    case FORM_TYPE_NUMBER:
    case FORM_TYPE_DATE_TIME:
        return FORM_VALUE_INT;
    case FORM_TYPE_MANY_OF:
        return FORM_VALUE_CODES;
    case FORM_TYPE_PLACE:
        return FORM_VALUE_PLACE;
    case FORM_TYPE_BYTES:
        return FORM_VALUE_BYTES;
    case FORM_TYPE_PHOTO:
    case FORM_TYPE_PERSON:
    case FORM_TYPE_VEHICLE:
    case FORM_TYPE_SIGNATURE:
    case FORM_TYPE_GROUP:
        return FORM_VALUE_ROWS;
    case FORM_TYPE_NEWER:
        break;
    }
    return FORM_VALUE_NULL;
}

static bool is_choice(const struct form_field *f, const char *code, size_t len)
{
    for (size_t i = 0; i < f->choice_count; i++) {
        if (strlen(f->choices[i].code) == len &&
            memcmp(f->choices[i].code, code, len) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_yes_no(struct bytes text)
{
    static const char *const codes[] = { "yes", "no", "unknown" };

    for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
        if (text.len == strlen(codes[i]) &&
            memcmp(text.data, codes[i], text.len) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_drawn(const struct form_field *f, struct bytes text)
{
    struct drawn d;

    return drawn_parse((const char *)text.data, text.len, &d) == ERR_OK &&
           d.kind == (f->type == FORM_TYPE_AREA ? DRAWN_AREA : DRAWN_LINE);
}

static void check_text(struct checker *c, const struct form_field *f,
                       const struct form_value *v)
{
    const char *text = (const char *)v->text.data;

    if (!text_is_utf8(text, v->text.len)) {
        report(c, f->id, FORM_BAD_VALUE, NULL);
    } else if (f->type == FORM_TYPE_ONE_OF) {
        if (!is_choice(f, text, v->text.len)) {
            report(c, f->id, FORM_BAD_CHOICE, NULL);
        }
    } else if (f->type == FORM_TYPE_LINE || f->type == FORM_TYPE_AREA) {
        if (!is_drawn(f, v->text)) {
            report(c, f->id, FORM_BAD_VALUE, NULL);
        }
    } else if (f->type == FORM_TYPE_YES_NO) {
        if (!is_yes_no(v->text)) {
            report(c, f->id, FORM_BAD_CHOICE, NULL);
        }
    } else if (v->text.len > TEXT_MAX_BYTES ||
               (f->max_chars > 0 &&
                text_chars(text, v->text.len) > f->max_chars)) {
        report(c, f->id, FORM_TOO_LONG, NULL);
    }
}

static void check_items(struct checker *c, const struct form_field *f,
                        const struct form_value *v)
{
    if (v->count > (f->max_items > 0 ? f->max_items : FORM_ITEMS_MAX)) {
        report(c, f->id, FORM_TOO_LONG, NULL);
    }
    if (v->kind != FORM_VALUE_CODES || f->open_choices) {
        return;
    }
    for (size_t i = 0; i < v->count; i++) {
        if (!is_choice(f, v->codes[i], strlen(v->codes[i]))) {
            report(c, f->id, FORM_BAD_CHOICE, NULL);
            break;
        }
    }
}

static void check_range(struct checker *c, const struct form_field *f,
                        int64_t number)
{
    if (f->has_min && number < f->min) {
        report(c, f->id, FORM_TOO_SMALL, NULL);
    }
    if (f->has_max && number > f->max) {
        report(c, f->id, FORM_TOO_LARGE, NULL);
    }
}

static bool is_on_earth(const struct form_value *v)
{
    return geo_pos_is_valid((struct geo_pos){ v->lat_e7, v->lon_e7 });
}

static void check_value(struct checker *c, const struct form_field *f,
                        const struct form_value *v)
{
    if (f->type == FORM_TYPE_NEWER) {
        return; /* its own version knows the rules */
    }
    if (v->kind != kind_of(f->type)) {
        report(c, f->id, FORM_BAD_VALUE, NULL);
        return;
    }
    switch (v->kind) {
    case FORM_VALUE_TEXT:
        check_text(c, f, v);
        break;
    case FORM_VALUE_CODES:
    case FORM_VALUE_ROWS:
        check_items(c, f, v);
        break;
    case FORM_VALUE_PLACE:
        if (!is_on_earth(v)) {
            report(c, f->id, FORM_BAD_VALUE, NULL);
        }
        break;
    case FORM_VALUE_INT:
        check_range(c, f, v->number);
        break;
    case FORM_VALUE_BYTES:
        check_range(c, f, (int64_t)v->text.len);
        break;
    case FORM_VALUE_NULL:
        break;
    }
}

/* --- fields --- */

/* A rule that fails to run hides nothing. */
static enum err eval(struct checker *c, struct expr *expr,
                     enum expr_truth *truth_out)
{
    const enum err err = expr_eval(expr, c->slots, truth_out);

    return err == ERR_NOMEM ? err : err ? ERR_BAD_DATA : ERR_OK;
}

static enum err find_shown(struct checker *c, const struct form_field *f,
                           bool *shown_out)
{
    enum expr_truth truth = EXPR_TRUE;
    enum err err = ERR_OK;

    if (f->shown_expr != NULL) {
        err = eval(c, f->shown_expr, &truth);
    }
    if (err == ERR_BAD_DATA) {
        report(c, f->id, FORM_UNCHECKED, NULL);
        truth = EXPR_TRUE;
        err = ERR_OK;
    }
    *shown_out = truth == EXPR_TRUE;
    return err;
}

static enum err check_constraint(struct checker *c, const struct form_field *f)
{
    enum expr_truth truth = EXPR_TRUE;
    enum err err = ERR_OK;

    if (f->constraint_expr != NULL) {
        err = eval(c, f->constraint_expr, &truth);
    }
    if (err == ERR_BAD_DATA) {
        report(c, f->id, FORM_UNCHECKED, NULL);
        return ERR_OK;
    }
    if (truth == EXPR_FALSE) { /* unknown holds, as in SQL's CHECK */
        report(c, f->id, FORM_CONSTRAINT, f->message);
    }
    return err;
}

static void fill_slots(struct checker *c, const struct form_field *fields,
                       size_t count, const struct form_row *row)
{
    for (size_t i = 0; i < count; i++) {
        c->slots[fields[i].slot] = as_expr(c, find_value(row, fields[i].id));
    }
}

static enum err check_fields(struct checker *c, const struct form_field *fields,
                             size_t count, const struct form_row *row);

static enum err check_rows(struct checker *c, const struct form_field *f,
                           const struct form_value *v)
{
    enum err err = ERR_OK;

    if (v->rows == NULL || v->count > FORM_ITEMS_MAX) {
        return ERR_OK;
    }
    for (size_t i = 0; i < v->count && !err; i++) {
        c->row = (uint32_t)i + 1;
        fill_slots(c, f->fields, f->field_count, &v->rows[i]);
        err = check_fields(c, f->fields, f->field_count, &v->rows[i]);
    }
    c->row = 0;
    fill_slots(c, f->fields, f->field_count, &(struct form_row){ NULL, 0 });
    return err;
}

static enum err check_field(struct checker *c, const struct form_field *f,
                            const struct form_value *v)
{
    enum err err;
    bool shown;

    err = find_shown(c, f, &shown);
    if (err)
        return err;
    if (!shown) {
        if (is_given(v)) {
            report(c, f->id, FORM_HIDDEN, NULL);
        }
        c->slots[f->slot].kind = EXPR_NULL;
        return ERR_OK;
    }
    if (!is_given(v)) {
        if (f->required && f->type != FORM_TYPE_NEWER) {
            report(c, f->id, FORM_REQUIRED, NULL);
        }
        return ERR_OK;
    }
    check_value(c, f, v);
    if (f->type == FORM_TYPE_GROUP && v->kind == FORM_VALUE_ROWS) {
        err = check_rows(c, f, v);
    }
    return err ? err : check_constraint(c, f);
}

static enum err check_fields(struct checker *c, const struct form_field *fields,
                             size_t count, const struct form_row *row)
{
    for (size_t i = 0; i < count; i++) {
        const enum err err =
            check_field(c, &fields[i], find_value(row, fields[i].id));

        if (err)
            return err;
    }
    return ERR_OK;
}

/* Common fields have no limits of their own beyond kind and presence: what
 * a category or marking may be is not the form's to say. */
static void check_common(struct checker *c, const struct form_row *row)
{
    static const struct form_field common[] = {
#define X(field_id, field_key, field_type) \
    { .id = (field_id),                    \
      .key = field_key,                    \
      .slot = (field_id),                  \
      .type = FORM_TYPE_##field_type },
        FORM_COMMON(X)
#undef X
    };
    const struct form *form = &c->own->form;

    for (size_t i = 0; i < ARRAY_LEN(common); i++) {
        const uint32_t bit = (uint32_t)1 << common[i].id;
        const struct form_value *v = find_value(row, common[i].id);

        c->slots[common[i].id] = as_expr(c, v);
        if (!is_given(v)) {
            if ((form->common_required & bit) != 0) {
                report(c, common[i].id, FORM_REQUIRED, NULL);
            }
        } else if (v->kind != kind_of(common[i].type)) {
            report(c, common[i].id, FORM_BAD_VALUE, NULL);
        } else if (common[i].type == FORM_TYPE_TEXT) {
            check_text(c, &common[i], v);
        } else if (common[i].type == FORM_TYPE_PLACE) {
            check_value(c, &common[i], v);
        }
    }
}

static enum err checker_init(struct checker *c, const struct form *form,
                             const struct form_row *row)
{
    size_t total = set_bytes(row);

    for (size_t i = 0; i < row->count; i++) {
        const struct form_value *v = &row->values[i];

        for (size_t k = 0; v->kind == FORM_VALUE_ROWS && v->rows != NULL &&
                           k < v->count && k < FORM_ITEMS_MAX;
             k++) {
            total += set_bytes(&v->rows[k]);
        }
    }
    *c = (struct checker){ .own = (const struct form_owned *)form };
    buf_init(&c->sets, total);
    if (total > 0 && buf_grow(&c->sets, total) == NULL) {
        return ERR_NOMEM;
    }
    c->sets.len = 0; /* the room stays */
    return ERR_OK;
}

enum err form_check(const struct form *form, const struct form_value *values,
                    size_t count, struct form_problems *problems_out)
{
    const struct form_row row = { values, count };
    struct checker c;
    enum err err = checker_init(&c, form, &row);

    problems_out->count = 0;
    c.problems = problems_out;
    if (!err) {
        check_common(&c, &row);
        fill_slots(&c, form->fields, form->field_count, &row);
        err = check_fields(&c, form->fields, form->field_count, &row);
    }
    buf_fini(&c.sets);
    return err;
}

bool form_is_shown(const struct form *form, const struct form_value *values,
                   size_t count, uint32_t field)
{
    const struct form_row row = { values, count };
    struct checker c;
    bool shown = true;
    enum err err = checker_init(&c, form, &row);

    if (!err) {
        check_common(&c, &row);
        fill_slots(&c, form->fields, form->field_count, &row);
    }
    for (size_t i = 0; i < form->field_count && !err; i++) {
        const struct form_field *f = &form->fields[i];

        err = find_shown(&c, f, &shown);
        if (f->id == field) {
            break;
        }
        if (!shown) {
            c.slots[f->slot].kind = EXPR_NULL;
        }
        shown = true;
    }
    buf_fini(&c.sets);
    return err || shown;
}
