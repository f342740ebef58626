/* form_parse.c - from a form's JSON to struct form. */
#include <string.h>

#include "core/arena.h"
#include "core/expr.h"
#include "core/form.h"
#include "core/form_internal.h"
#include "core/json.h"
#include "core/limits.h"
#include "core/mem.h"

struct parser {
    struct form_owned *own;
    size_t slot; /* next free */
};

/* --- members, each with its own limits --- */

static bool is_code(const char *text, size_t max)
{
    const size_t len = strlen(text);

    for (size_t i = 0; i < len; i++) {
        const char c = text[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.')) {
            return false; /* no comma: sets are read as ",a,b," */
        }
    }
    return len > 0 && len <= max;
}

/* Missing stays NULL. */
static enum err get_text(const struct json *object, const char *key, size_t max,
                         const char **text_out)
{
    const struct json *member = json_get(object, key);

    *text_out = NULL;
    if (member == NULL) {
        return ERR_OK;
    }
    if (member->type != JSON_TEXT || member->len == 0) {
        return ERR_BAD_DATA;
    }
    *text_out = member->text;
    return member->len <= max ? ERR_OK : ERR_TOO_LONG;
}

static enum err need_text(const struct json *object, const char *key,
                          size_t max, const char **text_out)
{
    const enum err err = get_text(object, key, max, text_out);

    return !err && *text_out == NULL ? ERR_BAD_DATA : err;
}

static enum err need_code(const struct json *object, const char *key,
                          size_t max, const char **text_out)
{
    const enum err err = need_text(object, key, max, text_out);

    return !err && !is_code(*text_out, max) ? ERR_BAD_DATA : err;
}

static enum err get_int(const struct json *object, const char *key,
                        bool *has_out, int64_t *number_out)
{
    const struct json *member = json_get(object, key);

    *has_out = member != NULL;
    if (member == NULL) {
        return ERR_OK;
    }
    *number_out = member->number;
    return member->type == JSON_INT ? ERR_OK : ERR_BAD_DATA;
}

/* A count from 1 to `max`; 0 when missing. */
static enum err get_count(const struct json *object, const char *key,
                          uint32_t max, uint32_t *count_out)
{
    int64_t number = 0;
    bool has;
    const enum err err = get_int(object, key, &has, &number);

    if (!err && has && (number < 1 || number > max)) {
        return ERR_BAD_DATA;
    }
    *count_out = (uint32_t)number;
    return err;
}

static enum err get_bool(const struct json *object, const char *key, bool *out)
{
    const struct json *member = json_get(object, key);

    *out = member != NULL && member->number != 0;
    return member == NULL || member->type == JSON_BOOL ? ERR_OK : ERR_BAD_DATA;
}

/* --- fields --- */

static enum form_type type_of(const char *name)
{
    static const char *const names[] = { [FORM_TYPE_NEWER] = "",
#define X(NAME, text) [FORM_TYPE_##NAME] = #text,
                                         FORM_TYPES(X)
#undef X
    };

    for (size_t i = 1; i < ARRAY_LEN(names); i++) {
        if (strcmp(names[i], name) == 0) {
            return (enum form_type)i;
        }
    }
    return FORM_TYPE_NEWER;
}

static bool has_code(const struct form_choice *choices, size_t count,
                     const char *code)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(choices[i].code, code) == 0) {
            return true;
        }
    }
    return false;
}

static enum err read_choices(struct parser *p, const struct json *object,
                             struct form_field *f)
{
    const struct json *list = json_get(object, "choices");
    struct form_choice *choices;

    if (f->type != FORM_TYPE_ONE_OF && f->type != FORM_TYPE_MANY_OF) {
        return ERR_OK;
    }
    if (list == NULL && f->open_choices) {
        return ERR_OK;
    }
    if (list == NULL || list->type != JSON_ARRAY || list->count == 0) {
        return ERR_BAD_DATA;
    }
    if (list->count > FORM_CHOICES_MAX) {
        return ERR_TOO_LONG;
    }
    choices = arena_array(&p->own->arena, list->count, sizeof(*choices));
    if (choices == NULL) {
        return ERR_NOMEM;
    }
    for (const struct json *at = list->first; at != NULL; at = at->next) {
        struct form_choice *c = &choices[f->choice_count];
        enum err err = need_code(at, "code", FORM_CODE_MAX, &c->code);

        if (!err) {
            err = need_text(at, "label", FORM_LABEL_MAX, &c->label);
        }
        if (!err && has_code(choices, f->choice_count, c->code)) {
            err = ERR_BAD_DATA;
        }
        if (err)
            return err;
        f->choice_count++;
    }
    f->choices = choices;
    return ERR_OK;
}

static enum err read_identity(struct parser *p, const struct json *object,
                              struct form_field *f)
{
    int64_t id = 0;
    bool has;
    enum err err = get_int(object, "id", &has, &id);

    if (!err && (id < FORM_FIELD_ID_MIN || id > FORM_FIELD_ID_MAX)) {
        err = ERR_BAD_DATA; /* missing too: then it is 0 */
    }
    if (!err) {
        err = need_text(object, "key", EXPR_NAME_MAX, &f->key);
    }
    if (!err && !expr_is_name(f->key)) {
        err = ERR_BAD_DATA;
    }
    if (err)
        return err;
    f->id = (uint32_t)id;
    for (size_t i = 0; i < p->slot; i++) {
        if (p->own->ids[i] == f->id ||
            (p->own->names[i] != NULL &&
             strcmp(p->own->names[i], f->key) == 0)) {
            return ERR_BAD_DATA;
        }
    }
    if (p->slot == ARRAY_LEN(p->own->names)) {
        return ERR_TOO_LONG;
    }
    f->slot = p->slot++;
    p->own->ids[f->slot] = f->id;
    p->own->names[f->slot] = f->key;
    return ERR_OK;
}

static enum err read_texts(const struct json *object, struct form_field *f)
{
    enum err err = need_code(object, "type", FORM_CODE_MAX, &f->type_name);

    if (!err) {
        f->type = type_of(f->type_name);
        err = need_text(object, "label", FORM_LABEL_MAX, &f->label);
    }
    if (!err) {
        err = get_text(object, "hint", FORM_LABEL_MAX, &f->hint);
    }
    if (!err) {
        err = get_text(object, "unit", FORM_CODE_MAX, &f->unit);
    }
    if (!err) {
        err = get_text(object, "shown_when", EXPR_MAX_BYTES, &f->shown_when);
    }
    if (!err) {
        err = get_text(object, "constraint", EXPR_MAX_BYTES, &f->constraint);
    }
    if (!err) {
        err = get_text(object, "message", FORM_LABEL_MAX, &f->message);
    }
    if (!err) {
        err = get_text(object, "child_form", FORM_ID_MAX, &f->child_form);
    }
    if (!err) {
        err = get_text(object, "signs", EXPR_NAME_MAX, &f->signs);
    }
    return err;
}

static enum err read_limits(const struct json *object, struct form_field *f)
{
    enum err err = get_bool(object, "required", &f->required);

    if (!err) {
        err = get_bool(object, "open_choices", &f->open_choices);
    }
    if (!err) {
        err = get_int(object, "min", &f->has_min, &f->min);
    }
    if (!err) {
        err = get_int(object, "max", &f->has_max, &f->max);
    }
    if (!err) {
        err = get_count(object, "max_chars", TEXT_MAX_BYTES, &f->max_chars);
    }
    if (!err) {
        err = get_count(object, "max_items", FORM_ITEMS_MAX, &f->max_items);
    }
    if (!err && f->has_min && f->has_max && f->min > f->max) {
        err = ERR_BAD_DATA;
    }
    return err;
}

static enum err read_fields(struct parser *p, const struct json *list,
                            bool in_group, const struct form_field **fields_out,
                            size_t *count_out);

static enum err read_field(struct parser *p, const struct json *object,
                           bool in_group, struct form_field *f)
{
    enum err err = read_identity(p, object, f);

    if (!err) {
        err = read_texts(object, f);
    }
    if (!err) {
        err = read_limits(object, f);
    }
    if (!err) {
        err = read_choices(p, object, f);
    }
    if (err || f->type != FORM_TYPE_GROUP)
        return err;
    if (in_group) {
        return ERR_BAD_DATA;
    }
    return read_fields(p, json_get(object, "fields"), true, &f->fields,
                       &f->field_count);
}

static enum err read_fields(struct parser *p, const struct json *list,
                            bool in_group, const struct form_field **fields_out,
                            size_t *count_out)
{
    struct form_field *fields;
    size_t count = 0;

    if (list == NULL || list->type != JSON_ARRAY ||
        (in_group && list->count == 0)) {
        return ERR_BAD_DATA;
    }
    if (list->count > FORM_FIELDS_MAX) {
        return ERR_TOO_LONG;
    }
    fields = arena_array(&p->own->arena, list->count, sizeof(*fields));
    if (fields == NULL) {
        return ERR_NOMEM;
    }
    /* Counted first, so that form_free finds what a failure leaves. */
    *fields_out = fields;
    *count_out = list->count;
    for (const struct json *at = list->first; at != NULL; at = at->next) {
        const enum err err = read_field(p, at, in_group, &fields[count++]);

        if (err)
            return err;
    }
    return ERR_OK;
}

/* --- expressions, when all names are known --- */

static enum err compile(struct form_owned *own, const char *text,
                        struct expr **expr_out)
{
    enum err err;

    if (text == NULL) {
        return ERR_OK;
    }
    err = expr_compile(own->engine, text, own->names, ARRAY_LEN(own->names),
                       expr_out);
    return err == ERR_DENIED ? ERR_BAD_DATA : err;
}

static enum err compile_fields(struct form_owned *own,
                               const struct form_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        /* The arena's memory is ours; it is const for the readers. */
        struct form_field *f = (struct form_field *)&fields[i];
        enum err err = compile(own, f->shown_when, &f->shown_expr);

        if (!err) {
            err = compile(own, f->constraint, &f->constraint_expr);
        }
        if (!err) {
            err = compile_fields(own, f->fields, f->field_count);
        }
        if (err)
            return err;
    }
    return ERR_OK;
}

/* What is signed is a text that this form asks for. */
static enum err check_signs(const struct form *form)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const struct form_field *f = &form->fields[i];
        const struct form_field *words =
            f->signs != NULL ? form_find_key(form, f->signs) : NULL;

        if (f->signs != NULL &&
            (f->type != FORM_TYPE_SIGNATURE || words == NULL ||
             words->type != FORM_TYPE_TEXT)) {
            return ERR_BAD_DATA;
        }
    }
    return ERR_OK;
}

/* --- the form itself --- */

static enum err read_categories(struct form_owned *own, const struct json *root)
{
    const struct json *list = json_get(root, "categories");
    const char **codes;

    if (list == NULL) {
        return ERR_OK;
    }
    if (list->type != JSON_ARRAY || list->count > FORM_CATEGORIES_MAX) {
        return ERR_BAD_DATA;
    }
    codes = arena_array(&own->arena, list->count, sizeof(*codes));
    if (codes == NULL) {
        return ERR_NOMEM;
    }
    for (const struct json *at = list->first; at != NULL; at = at->next) {
        if (at->type != JSON_TEXT || !is_code(at->text, FORM_CODE_MAX)) {
            return ERR_BAD_DATA;
        }
        codes[own->form.category_count++] = at->text;
    }
    own->form.categories = codes;
    return ERR_OK;
}

/* Keys of common fields to a bit each; a key of a newer version is passed
 * over. */
static enum err read_common(const struct json *root, const char *key,
                            uint32_t *bits_out)
{
    static const struct {
        uint32_t id;
        const char *key;
    } common[] = {
#define X(field_id, key, type) { (field_id), key },
        FORM_COMMON(X)
#undef X
    };
    const struct json *list = json_get(root, key);

    if (list == NULL) {
        return ERR_OK;
    }
    if (list->type != JSON_ARRAY) {
        return ERR_BAD_DATA;
    }
    for (const struct json *at = list->first; at != NULL; at = at->next) {
        if (at->type != JSON_TEXT) {
            return ERR_BAD_DATA;
        }
        for (size_t i = 0; i < ARRAY_LEN(common); i++) {
            if (strcmp(common[i].key, at->text) == 0) {
                *bits_out |= (uint32_t)1 << common[i].id;
            }
        }
    }
    return ERR_OK;
}

static enum err read_head(struct form_owned *own, const struct json *root)
{
    struct form *form = &own->form;
    enum err err = need_code(root, "id", FORM_ID_MAX, &form->id);

    if (!err) {
        err = get_count(root, "version", UINT16_MAX, &form->version);
    }
    if (!err && form->version == 0) {
        err = ERR_BAD_DATA;
    }
    if (!err) {
        err = need_code(root, "kind", FORM_CODE_MAX, &form->kind);
    }
    if (!err) {
        err = need_text(root, "label", FORM_LABEL_MAX, &form->label);
    }
    if (!err) {
        err = read_categories(own, root);
    }
    if (!err) {
        err = read_common(root, "common", &form->common);
    }
    if (!err) {
        err = read_common(root, "common_required", &form->common_required);
    }
    if (!err && (form->common_required & ~form->common) != 0) {
        err = ERR_BAD_DATA; /* required, but nobody asks */
    }
    return err;
}

/* A list of at most `max`; NULL when the form has none. */
static enum err get_list(const struct json *root, const char *key, size_t max,
                         const struct json **list_out)
{
    const struct json *list = json_get(root, key);

    *list_out = list;
    if (list != NULL && (list->type != JSON_ARRAY || list->count == 0)) {
        return ERR_BAD_DATA;
    }
    return list != NULL && list->count > max ? ERR_TOO_LONG : ERR_OK;
}

static enum err read_calls(struct form_owned *own, const struct json *root)
{
    const struct json *list;
    struct form_call *calls;
    enum err err = get_list(root, "calls", FORM_CALLS_MAX, &list);

    if (!err) {
        err = get_text(root, "calls_after", FORM_CODE_MAX,
                       &own->form.calls_after);
    }
    if (err || list == NULL) {
        return err;
    }
    calls = arena_array(&own->arena, list->count, sizeof(*calls));
    if (calls == NULL) {
        return ERR_NOMEM;
    }
    for (const struct json *at = list->first; at != NULL && !err;
         at = at->next) {
        struct form_call *c = &calls[own->form.call_count++];

        err = need_text(at, "number", FORM_CODE_MAX, &c->number);
        if (!err) {
            err = need_text(at, "label", FORM_LABEL_MAX, &c->label);
        }
        if (!err) {
            err = get_text(at, "detail", FORM_LABEL_MAX, &c->detail);
        }
        if (!err) {
            err = get_bool(at, "urgent", &c->is_urgent);
        }
    }
    own->form.calls = calls;
    return err;
}

static enum err read_advice(struct form_owned *own, const struct json *root)
{
    const struct json *list;
    const char **lines;
    const enum err err = get_list(root, "advice", FORM_ADVICE_MAX, &list);

    if (err || list == NULL) {
        return err;
    }
    lines = arena_array(&own->arena, list->count, sizeof(*lines));
    if (lines == NULL) {
        return ERR_NOMEM;
    }
    for (const struct json *at = list->first; at != NULL; at = at->next) {
        if (at->type != JSON_TEXT || at->len == 0) {
            return ERR_BAD_DATA;
        }
        if (at->len > FORM_LABEL_MAX) {
            return ERR_TOO_LONG;
        }
        lines[own->form.advice_count++] = at->text;
    }
    own->form.advice = lines;
    return ERR_OK;
}

static void name_common(struct form_owned *own)
{
    /* Slots below FORM_FIELD_ID_MIN are the common ids themselves; those
     * without a field keep a name that no expression can write. */
    for (size_t i = 0; i < ARRAY_LEN(own->names); i++) {
        own->names[i] = "";
    }
#define X(field, key, type)  \
    own->names[field] = key; \
    own->ids[field] = (field);
    FORM_COMMON(X)
#undef X
}

enum err form_parse(const char *json, size_t len, struct form **form_out)
{
    struct form_owned *own = mem_alloc(sizeof(*own));
    struct parser p = { .own = own, .slot = FORM_FIELD_ID_MIN };
    const struct json *root;
    enum err err;

    if (own == NULL) {
        return ERR_NOMEM;
    }
    arena_init(&own->arena, (size_t)32 * FORM_MAX_BYTES);
    name_common(own);
    err = len <= FORM_MAX_BYTES ? expr_open(&own->engine) : ERR_TOO_LONG;
    if (!err) {
        err = json_parse(json, len, &own->arena, &root);
    }
    if (!err) {
        err = read_head(own, root);
    }
    if (!err) {
        err = read_fields(&p, json_get(root, "fields"), false,
                          &own->form.fields, &own->form.field_count);
    }
    if (!err) {
        err = read_calls(own, root);
    }
    if (!err) {
        err = read_advice(own, root);
    }
    if (!err) {
        err = check_signs(&own->form);
    }
    if (!err) {
        err = compile_fields(own, own->form.fields, own->form.field_count);
    }
    if (err) {
        form_free(&own->form);
        return err;
    }
    *form_out = &own->form;
    return ERR_OK;
}
