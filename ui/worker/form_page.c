#include "ui/worker/form_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/drawn.h"
#include "core/form_text.h"
#include "core/mem.h"
#include "core/vrm.h"
#include "ui/worker/hand_ink.h"

#define VALUES_MAX      (FORM_FIELDS_MAX + FORM_FIELD_ID_MIN)
#define ARENA_MAX_BYTES ((size_t)1024 * 1024)
/* People, vehicles and photos that any log may have stand from here on. */
#define ANY_LOG_ID 240
#define HOUR_MS    ((int64_t)3600000)

/* Answers of one page as the core checks them. */
struct values {
    struct arena arena;
    struct form_value list[VALUES_MAX];
    size_t count;
};

static bool has_rows(enum form_type type)
{
    return type == FORM_TYPE_PERSON || type == FORM_TYPE_VEHICLE ||
           type == FORM_TYPE_GROUP || type == FORM_TYPE_SIGNATURE;
}

static void page_fields(const struct form_page *p,
                        const struct form_field **fields, size_t *count)
{
    *fields = p->group != NULL ? p->group->fields : p->form->fields;
    *count = p->group != NULL ? p->group->field_count : p->form->field_count;
}

/* The key of an answer on this page; NULL: of another one. */
static const char *own_key(const struct form_page *p, const char *key)
{
    const size_t len = strlen(p->path);

    if (len > 0) {
        if (strncmp(key, p->path, len) != 0 || key[len] != '.') {
            return NULL;
        }
        key += len + 1;
    }
    return strchr(key, '.') == NULL ? key : NULL;
}

static void full_key(const struct form_page *p, const char *key,
                     char out[VIEW_KEY_SIZE])
{
    snprintf(out, VIEW_KEY_SIZE, "%s%s%s", p->path,
             p->path[0] != '\0' ? "." : "", key);
}

static const char *answer(const struct form_page *p, const char *key)
{
    char full[VIEW_KEY_SIZE];

    full_key(p, key, full);
    return form_draft_get(p->draft, full);
}

/* Ascending by field, as the core wants them. */
static void add_value(struct values *vs, struct form_value v)
{
    size_t at = vs->count;

    if (vs->count == VALUES_MAX) {
        return; /* more fields than a form can have */
    }
    for (; at > 0 && vs->list[at - 1].field > v.field; at--) {
        vs->list[at] = vs->list[at - 1];
    }
    vs->list[at] = v;
    vs->count++;
}

/* What cannot be read as its kind counts as no value: ask again. */
static void read_values(const struct form_page *p, struct values *vs)
{
    const struct form_field *fields;
    size_t count;

    vs->count = 0;
    arena_init(&vs->arena, ARENA_MAX_BYTES);
    for (size_t i = 0; i < p->draft->count; i++) {
        const struct form_answer *a = &p->draft->answers[i];
        const char *key = own_key(p, a->key);
        struct form_value v;

        if (key != NULL &&
            form_read(p->form, key, a->text, &vs->arena, &v) == ERR_OK) {
            add_value(vs, v);
        }
    }
    page_fields(p, &fields, &count);
    for (size_t i = 0; i < count && p->path[0] == '\0'; i++) {
        const int rows = has_rows(fields[i].type)
                             ? form_draft_rows(p->draft, fields[i].key)
                             : 0;

        if (rows > 0) {
            add_value(vs, (struct form_value){ .field = fields[i].id,
                                               .kind = FORM_VALUE_ROWS,
                                               .count = (size_t)rows });
        }
    }
}

/* --- words --- */

static uint32_t put_words(struct view_form *v, const char *text)
{
    const size_t len = text != NULL ? strlen(text) : 0;
    const uint32_t at = v->words_len;

    if (len == 0) {
        return 0;
    }
    if (len + 1 > sizeof(v->words) - at) {
        v->words_len = sizeof(v->words); /* told by form_page_fill */
        return 0;
    }
    memcpy(v->words + at, text, len + 1);
    v->words_len = at + (uint32_t)len + 1;
    return at;
}

/* --- one question --- */

static const struct {
    const char *code, *label;
} yes_no[] = { { "yes", "Yes" }, { "no", "No" }, { "unknown", "Not known" } };

static enum ask ask_of(enum form_type type)
{
    switch (type) {
    case FORM_TYPE_NUMBER:
        return ASK_NUMBER;
    case FORM_TYPE_YES_NO:
        return ASK_YES_NO;
    case FORM_TYPE_ONE_OF:
        return ASK_ONE;
    case FORM_TYPE_MANY_OF:
        return ASK_MANY;
    case FORM_TYPE_DATE_TIME:
        return ASK_TIME;
    case FORM_TYPE_PLACE:
        return ASK_PLACE;
    case FORM_TYPE_LINE:
        return ASK_LINE;
    case FORM_TYPE_AREA:
        return ASK_AREA;
    case FORM_TYPE_PERSON:
        return ASK_PERSON;
    case FORM_TYPE_VEHICLE:
        return ASK_VEHICLE;
    case FORM_TYPE_GROUP:
        return ASK_GROUP;
    case FORM_TYPE_SIGNATURE:
        return ASK_SIGN;
    default:
        return ASK_TEXT;
    }
}

/* Types that a person cannot answer on a page. */
static bool is_asked(enum form_type type)
{
    return type != FORM_TYPE_NEWER && type != FORM_TYPE_BYTES &&
           type != FORM_TYPE_PHOTO;
}

static void add_choice(struct view_form *v, struct view_field *f,
                       const char *code, const char *label, bool is_on)
{
    struct view_choice *c = &v->choices[v->choice_count];

    if (v->choice_count == VIEW_FORM_CHOICES) {
        v->words_len = sizeof(v->words);
        return;
    }
    v->choice_count++;
    f->choice_count++;
    c->code = put_words(v, code);
    c->label = put_words(v, label);
    c->is_on = is_on;
}

static void add_choices(const struct form_page *p, const struct form_field *def,
                        struct view_field *f, struct view_form *v)
{
    char key[VIEW_KEY_SIZE];

    full_key(p, def->key, key);
    f->first_choice = v->choice_count;
    if (def->type == FORM_TYPE_YES_NO) {
        for (size_t i = 0; i < ARRAY_LEN(yes_no); i++) {
            add_choice(v, f, yes_no[i].code, yes_no[i].label,
                       strcmp(answer(p, def->key), yes_no[i].code) == 0);
        }
        return;
    }
    for (size_t i = 0; i < def->choice_count; i++) {
        const char *code = def->choices[i].code;

        add_choice(v, f, code, def->choices[i].label,
                   def->type == FORM_TYPE_MANY_OF
                       ? form_draft_has_code(p->draft, key, code)
                       : strcmp(answer(p, def->key), code) == 0);
    }
}

/* A registration mark stands with its spaces. */
static const char *shown_text(const struct form_field *def, const char *text,
                              char mark[VRM_SIZE])
{
    if (strcmp(def->key, "vrm") != 0 || text[0] == '\0') {
        return text;
    }
    vrm_show(text, mark);
    return mark;
}

/* --- rows --- */

static void add_part(struct view_form *v, struct view_row *row, bool is_word,
                     const char *text)
{
    if (v->part_count == VIEW_FORM_PARTS || text[0] == '\0') {
        return; /* a summary may be short */
    }
    v->parts[v->part_count++] =
        (struct view_part){ .is_word = is_word, .text = put_words(v, text) };
    row->part_count++;
}

static void add_answer_parts(const struct form_page *p,
                             const struct form_field *def, struct view_form *v,
                             struct view_row *row)
{
    const char *text = answer(p, def->key);
    char key[VIEW_KEY_SIZE];
    char number[64];
    char mark[VRM_SIZE];

    full_key(p, def->key, key);
    if (strcmp(def->key, "vrm_style") == 0) {
        return; /* the mark says it */
    }
    if (text[0] == '\0' || strcmp(text, "unknown") == 0) {
        return;
    }
    switch (def->type) {
    case FORM_TYPE_TEXT:
        add_part(v, row, false, shown_text(def, text, mark));
        break;
    case FORM_TYPE_NUMBER:
        snprintf(number, sizeof(number), "%s%s%s", text,
                 def->unit != NULL ? " " : "",
                 def->unit != NULL ? def->unit : "");
        add_part(v, row, false, number);
        break;
    case FORM_TYPE_ONE_OF:
    case FORM_TYPE_MANY_OF:
        for (size_t i = 0; i < def->choice_count; i++) {
            if (form_draft_has_code(p->draft, key, def->choices[i].code)) {
                add_part(v, row, true, def->choices[i].label);
            }
        }
        break;
    default: /* yes and no say nothing without their question */
        break;
    }
}

static void fill_row(const struct form_page *p, struct view_form *v,
                     struct view_row *row)
{
    const struct form_field *fields;
    size_t count;

    page_fields(p, &fields, &count);
    row->first_part = v->part_count;
    for (size_t i = 0; i < count; i++) {
        add_answer_parts(p, &fields[i], v, row);
    }
    add_part(v, row, false, answer(p, "note"));
}

/* The page of one row; false when its form isn't here. */
static bool row_page(const struct form_page *p, const struct form_field *def,
                     int number, char path[VIEW_KEY_SIZE],
                     struct form_page *out)
{
    snprintf(path, VIEW_KEY_SIZE, "%s.%d", def->key, number);
    *out = *p;
    out->path = path;
    if (def->type == FORM_TYPE_GROUP) {
        out->group = def;
    } else {
        out->form = p->child(p->ctx, def->child_form);
    }
    return out->form != NULL;
}

static void add_rows(const struct form_page *p, const struct form_field *def,
                     struct view_field *f, struct view_form *v)
{
    const int rows = form_draft_rows(p->draft, def->key);

    f->first_row = v->row_count;
    f->max_rows = def->max_items > 0 ? (int)def->max_items : FORM_ITEMS_MAX;
    for (int i = 1; i <= rows && v->row_count < VIEW_FORM_ROWS; i++) {
        struct view_row *row = &v->rows[v->row_count];
        char path[VIEW_KEY_SIZE];
        struct form_page child;

        *row = (struct view_row){ .number = i };
        if (row_page(p, def, i, path, &child)) {
            row->key = put_words(v, path);
            fill_row(&child, v, row);
            v->row_count++;
            f->row_count++;
        }
    }
}

/* --- signatures --- */

static const char *sign_answer(const struct form_page *p,
                               const struct form_field *def, const char *part)
{
    char key[VIEW_KEY_SIZE];

    snprintf(key, sizeof(key), "%.50s.1.%.20s", def->key, part);
    return form_draft_get(p->draft, key);
}

static bool is_signed(const struct form_page *p, const struct form_field *def)
{
    return form_draft_rows(p->draft, def->key) > 0;
}

/* Other words stand there now than those that were signed. */
static bool is_stale(const struct form_page *p, const struct form_field *def)
{
    return def->signs != NULL && is_signed(p, def) &&
           strcmp(answer(p, def->signs), sign_answer(p, def, "statement")) != 0;
}

static void show_strokes(const char *hex, struct view_ink *out)
{
    const size_t len = strlen(hex) / 2;
    struct strokes *strokes = mem_alloc(sizeof(*strokes));
    uint8_t *cbor = mem_alloc(len + 1);

    if (strokes != NULL && cbor != NULL && !hex_parse(hex, len, cbor) &&
        !strokes_get((struct bytes){ cbor, len }, strokes)) {
        hand_ink_show(strokes, out);
    }
    mem_free(cbor);
    mem_free(strokes);
}

static void fill_sign(const struct form_page *p, const struct form_field *def,
                      struct view_field *f, struct view_form *v)
{
    const char *hex = sign_answer(p, def, "strokes");
    struct view_signature *s = &v->signs[v->sign_count];

    if (def->signs != NULL) {
        f->value = put_words(v, answer(p, def->signs));
    }
    if (!is_signed(p, def) || v->sign_count == VIEW_FORM_SIGNS) {
        return;
    }
    f->sign = v->sign_count++;
    memset(s, 0, sizeof(*s));
    snprintf(s->by, sizeof(s->by), "%.63s", sign_answer(p, def, "signer"));
    snprintf(s->name, sizeof(s->name), "%.63s",
             sign_answer(p, def, "typed_name"));
    snprintf(s->why, sizeof(s->why), "%.15s",
             sign_answer(p, def, "not_signed"));
    s->at_ms = strtoll(sign_answer(p, def, "signed_at"), NULL, 10);
    s->at_ms += p->offset_ms;
    if (hex[0] != '\0') {
        show_strokes(hex, &s->ink);
    }
    if (is_stale(p, def)) {
        f->fault = FAULT_STALE;
    }
}

/* --- the page --- */

static enum fault fault_of(enum form_problem_kind kind, enum ask ask)
{
    switch (kind) {
    case FORM_REQUIRED:
        return FAULT_MISSING;
    case FORM_TOO_LONG:
        return FAULT_LONG;
    case FORM_TOO_SMALL:
        return FAULT_SMALL;
    case FORM_TOO_LARGE:
        return FAULT_LARGE;
    case FORM_BAD_CHOICE:
    case FORM_BAD_VALUE:
        return FAULT_VALUE;
    case FORM_CONSTRAINT:
        return ask >= ASK_PERSON ? FAULT_INSIDE : FAULT_RULE;
    case FORM_HIDDEN:
    case FORM_UNCHECKED:
        break;
    }
    return FAULT_NONE;
}

static void put_fault(const struct form_problems *problems, uint32_t id,
                      struct view_field *f, struct view_form *v)
{
    for (size_t i = 0; problems != NULL && i < problems->count; i++) {
        const struct form_problem *bad = &problems->list[i];

        if (bad->field == id && f->fault == FAULT_NONE) {
            f->fault = fault_of(bad->kind, f->ask);
            f->message = put_words(v, bad->message);
        }
    }
}

static struct view_field *add_field(struct view_form *v, const char *key,
                                    const char *label)
{
    struct view_field *f = &v->fields[v->field_count];

    ASSERT(v->field_count < VIEW_FORM_FIELDS);
    v->field_count++;
    *f = (struct view_field){ .key = put_words(v, key),
                              .label = put_words(v, label),
                              .sign = -1 };
    return f;
}

/* Millimetres of a line, square metres of an area. */
static bool measure(const char *text, int64_t *out)
{
    struct drawn d;

    if (drawn_parse(text, strlen(text), &d)) {
        return false;
    }
    *out = d.kind == DRAWN_AREA ? drawn_area_m2(&d) : drawn_length_mm(&d);
    return true;
}

static void fill_field(const struct form_page *p, const struct form_field *def,
                       const struct form_problems *problems,
                       struct view_form *v)
{
    struct view_field *f = add_field(v, def->key, def->label);
    const char *text = answer(p, def->key);
    struct form_value value = { .number = 0 };
    char mark[VRM_SIZE];
    struct arena arena;

    f->ask = ask_of(def->type);
    f->hint = put_words(v, def->hint);
    f->unit = put_words(v, def->unit);
    f->is_required = def->required;
    f->has_min = def->has_min;
    f->has_max = def->has_max;
    f->min = def->min;
    f->max = def->max;
    f->max_chars = (int)def->max_chars;
    f->has_add = def->id < ANY_LOG_ID;
    if (f->ask == ASK_NUMBER || f->ask == ASK_TIME) {
        arena_init(&arena, ARENA_MAX_BYTES);
        f->has_number = text[0] != '\0' && form_read(p->form, def->key, text,
                                                     &arena, &value) == ERR_OK;
        arena_fini(&arena);
        f->number = value.number + (f->ask == ASK_TIME ? p->offset_ms : 0);
    } else if (f->ask == ASK_SIGN) {
        fill_sign(p, def, f, v);
    } else if (has_rows(def->type)) {
        add_rows(p, def, f, v);
    } else if (f->ask == ASK_LINE || f->ask == ASK_AREA) {
        f->value = put_words(v, text);
        f->has_number = measure(text, &f->number);
    } else if (f->ask != ASK_TEXT && f->ask != ASK_PLACE) {
        add_choices(p, def, f, v);
    } else {
        f->value = put_words(v, shown_text(def, text, mark));
    }
    put_fault(problems, def->id, f, v);
}

/* Written more than an hour after it was seen: the book asks why. */
static void ask_why_late(const struct form_page *p, struct view_form *v)
{
    struct form_value noted;
    struct view_field *f;
    struct arena arena;
    bool is_late;

    if ((p->form->common >> FIELD_LATE_REASON & 1) == 0 ||
        !p->draft->is_time_set) {
        return;
    }
    arena_init(&arena, ARENA_MAX_BYTES);
    is_late = form_read(p->form, "noted", answer(p, "noted"), &arena, &noted) ==
                  ERR_OK &&
              noted.kind == FORM_VALUE_INT &&
              noted.number + p->offset_ms < p->now_ms - HOUR_MS;
    arena_fini(&arena);
    if (is_late) {
        f = add_field(v, "late_reason", form_common_label(FIELD_LATE_REASON));
        f->value = put_words(v, answer(p, "late_reason"));
    }
}

static void fill_common(const struct form_page *p, struct view_form *v)
{
    const char *label = form_common_label(FIELD_NOTE);

    if (p->path[0] == '\0') {
        v->has_note = (p->form->common >> FIELD_NOTE & 1) != 0;
        ask_why_late(p, v);
    } else if (p->group == NULL && (p->form->common >> FIELD_NOTE & 1) != 0) {
        add_field(v, "note", label)->value = put_words(v, answer(p, "note"));
    }
}

static_assert(VIEW_FORM_CALLS == FORM_CALLS_MAX &&
                  VIEW_FORM_ADVICE == FORM_ADVICE_MAX,
              "a page has room for all of a form");

/* A phone or a radio within 15 m of a suspect item may set it off. */
static int field_before_calls(const struct form *form,
                              const struct view_form *v)
{
    for (int i = 0; form->calls_after != NULL && i < v->field_count; i++) {
        if (strcmp(v->words + v->fields[i].key, form->calls_after) == 0) {
            return i;
        }
    }
    return -1;
}

static void fill_calls(const struct form *form, struct view_form *v)
{
    v->calls_after = field_before_calls(form, v);
    for (size_t i = 0; i < form->call_count; i++) {
        v->calls[v->call_count++] =
            (struct view_call){ .number = put_words(v, form->calls[i].number),
                                .label = put_words(v, form->calls[i].label),
                                .detail = put_words(v, form->calls[i].detail),
                                .is_urgent = form->calls[i].is_urgent };
    }
    for (size_t i = 0; i < form->advice_count; i++) {
        v->advice[v->advice_count++] = put_words(v, form->advice[i]);
    }
}

static void fill_fields(const struct form_page *p, const struct values *vs,
                        const struct form_problems *problems,
                        struct view_form *v)
{
    const struct form_field *fields;
    size_t count;

    page_fields(p, &fields, &count);
    for (size_t i = 0; i < count; i++) {
        const struct form_field *def = &fields[i];

        if (p->group == NULL &&
            !form_is_shown(p->form, vs->list, vs->count, def->id)) {
            continue;
        }
        v->has_photos |= p->path[0] == '\0' && def->type == FORM_TYPE_PHOTO;
        if (!is_asked(def->type) || v->field_count >= VIEW_FORM_FIELDS - 2) {
            continue;
        }
        if (def->type == FORM_TYPE_PERSON && v->person_field < 0) {
            v->person_field = v->field_count;
        } else if (def->type == FORM_TYPE_VEHICLE && v->vehicle_field < 0) {
            v->vehicle_field = v->field_count;
        }
        fill_field(p, def, problems, v);
    }
}

enum err form_page_fill(const struct form_page *p,
                        const struct form_problems *problems,
                        struct view_form *v)
{
    const uint32_t opened = v->opened;
    const uint32_t checked = v->checked;
    struct values vs;

    memset(v, 0, offsetof(struct view_form, words));
    v->words[0] = '\0';
    v->words_len = 1;
    v->opened = opened;
    v->checked = checked;
    v->person_field = -1;
    v->vehicle_field = -1;
    v->calls_after = -1;
    v->tier = p->tier == CATEGORY_SEALED       ? VIEW_SEALED
              : p->tier == CATEGORY_RESTRICTED ? VIEW_RESTRICTED
                                               : VIEW_OPEN;
    snprintf(v->path, sizeof(v->path), "%s", p->path);
    v->is_first = p->is_first;
    v->title =
        put_words(v, p->group != NULL ? p->group->label : p->form->label);
    read_values(p, &vs);
    fill_fields(p, &vs, problems, v);
    fill_common(p, v);
    if (p->path[0] != '\0') {
        fill_row(p, v, &v->self);
    } else {
        fill_calls(p->form, v);
    }
    arena_fini(&vs.arena);
    return v->words_len >= sizeof(v->words) ? ERR_TOO_LONG : ERR_OK;
}

/* --- what is wrong --- */

enum err form_page_check(const struct form_page *p, struct form_problems *out)
{
    struct values vs;
    enum err err;

    out->count = 0;
    if (p->group != NULL) {
        return ERR_OK; /* its rows are the parent form's to check */
    }
    read_values(p, &vs);
    err = form_check(p->form, vs.list, vs.count, out);
    arena_fini(&vs.arena);
    return err;
}

static bool is_wrong(const struct form_problem *bad)
{
    return bad->kind != FORM_HIDDEN && bad->kind != FORM_UNCHECKED;
}

enum err form_page_check_rows(const struct form_page *p,
                              const struct form_field *field,
                              bool *is_whole_out)
{
    const int rows = form_draft_rows(p->draft, field->key);
    enum err err = ERR_OK;

    *is_whole_out = true;
    for (int i = 1; i <= rows && !err; i++) {
        char path[VIEW_KEY_SIZE];
        struct form_problems problems;
        struct form_page child;

        if (!row_page(p, field, i, path, &child)) {
            continue;
        }
        err = form_page_check(&child, &problems);
        for (size_t k = 0; !err && k < problems.count; k++) {
            *is_whole_out &= !is_wrong(&problems.list[k]);
        }
    }
    return err;
}

enum err form_page_check_all(const struct form_page *p,
                             struct form_problems *out)
{
    enum err err = form_page_check(p, out);
    size_t kept = 0;

    for (size_t i = 0; i < out->count; i++) {
        if (is_wrong(&out->list[i])) {
            out->list[kept++] = out->list[i];
        }
    }
    out->count = kept;
    for (size_t i = 0; i < p->form->field_count && !err; i++) {
        const struct form_field *field = &p->form->fields[i];
        bool is_whole = true;

        if (has_rows(field->type) && p->path[0] == '\0') {
            err = form_page_check_rows(p, field, &is_whole);
            is_whole = is_whole && !is_stale(p, field);
        }
        if (!is_whole && out->count < FORM_PROBLEMS_MAX) {
            out->list[out->count++] =
                (struct form_problem){ .field = field->id,
                                       .kind = FORM_CONSTRAINT };
        }
    }
    return err;
}
