/* Recording, changing and striking observations: see tablet.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/tablet_hold.h"
#include "core/tablet_internal.h"

#define CHILDREN_MAX 64 /* persons, vehicles and rows of one record */
/* All texts of one record, which must fit its bodies anyhow, beside the
 * values of so many children, which must have their places. */
#define ANSWERS_MAX_BYTES  \
    ((size_t)1024 * 1024 + \
     (CHILDREN_MAX + 1) * BODY_FIELDS_MAX * sizeof(struct form_value))

/* A person, vehicle or row: "key.N.child". */
struct child {
    const struct form_field *field; /* of the parent */
    const struct form *form;        /* the child's own, or the parent's */
    unsigned number;
    struct form_value *values; /* BODY_FIELDS_MAX of them, in the arena */
    size_t count;
};

/* One record in the making. */
struct record {
    struct tablet *t;
    const struct tablet_new *n;
    struct buf *why;
    struct arena arena;
    const struct form *form;
    const struct category *category; /* NULL: none */
    enum tier tier;
    struct uuid id;
    struct form_value *values;
    size_t count;
    struct child children[CHILDREN_MAX];
    size_t child_count;
};

/* --- what it is about --- */

static enum err get_form(struct record *r, const char *id,
                         const struct form **out)
{
    for (size_t i = 0; i < r->n->pin_count; i++) {
        if (strcmp(r->n->pins[i].form, id) == 0) {
            return tablet_form_at(r->t, id, r->n->pins[i].version, out);
        }
    }
    return tablet_form(r->t, id, out);
}

static enum err find_form(struct record *r)
{
    const struct category_list *all;
    const char *form = r->n->what;
    enum err err = tablet_categories(r->t, &all);

    if (!err) {
        r->category = category_find(all, r->n->what);
    }
    if (r->category != NULL) {
        form = r->category->form;
        r->tier = r->category->tier == CATEGORY_SEALED       ? TIER_SEALED
                  : r->category->tier == CATEGORY_RESTRICTED ? TIER_RESTRICTED
                                                             : TIER_OPEN;
        if (r->category->is_retired) {
            buf_printf(r->why, "%s is not used any more", r->n->what);
            return ERR_BAD_DATA;
        }
    }
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    err = get_form(r, form, &r->form);
    if (err == ERR_NOT_FOUND) {
        buf_printf(r->why,
                   "no form or category \"%s\" here: send and receive"
                   " first",
                   r->n->what);
    }
    return err;
}

/* A form that only closed categories use must not be filled in openly. */
static enum err check_tier(struct record *r)
{
    const struct category_list *all;

    if (r->category == NULL && !tablet_categories(r->t, &all)) {
        for (size_t i = 0; i < all->count; i++) {
            if (all->list[i].tier != CATEGORY_OPEN &&
                strcmp(all->list[i].form, r->form->id) == 0) {
                buf_printf(r->why, "name the category, not the form");
                return ERR_BAD_DATA;
            }
        }
    }
    return tablet_may_close(r->t, r->tier, r->why);
}

/* --- answers --- */

static enum err add_text(struct record *r, const char *key, const char *text)
{
    const enum err err =
        tablet_read(r->form, key, text, &r->arena, r->values, &r->count);

    if (err == ERR_NOT_FOUND || err == ERR_BAD_DATA || err == ERR_UNSUPPORTED) {
        buf_printf(r->why,
                   err == ERR_NOT_FOUND ? "%s: the form has no such question"
                                        : "%s is not a value of its kind",
                   key);
        return ERR_BAD_DATA;
    }
    return err;
}

static enum err add_common(struct record *r, uint32_t field, const char *text)
{
    return add_text(r, tablet_field_key(r->form, field), text);
}

static uint64_t kind_of(const struct form_field *field)
{
    switch (field->type) {
    case FORM_TYPE_PERSON:
        return KIND_PERSON;
    case FORM_TYPE_VEHICLE:
        return KIND_VEHICLE;
    case FORM_TYPE_GROUP:
    case FORM_TYPE_SIGNATURE:
        return KIND_ROW;
    default:
        return 0;
    }
}

static enum err find_child(struct record *r, const struct form_field *field,
                           unsigned number, struct child **out)
{
    struct child *c;

    for (size_t i = 0; i < r->child_count; i++) {
        *out = &r->children[i];
        if ((*out)->field == field && (*out)->number == number) {
            return ERR_OK;
        }
    }
    if (r->child_count == CHILDREN_MAX) {
        return ERR_TOO_LONG;
    }
    c = &r->children[r->child_count];
    *c = (struct child){ field, r->form, number, NULL, 0 };
    c->values = arena_array(&r->arena, BODY_FIELDS_MAX, sizeof(*c->values));
    if (c->values == NULL) {
        return ERR_NOMEM;
    }
    r->child_count++;
    *out = c;
    return field->type == FORM_TYPE_GROUP
               ? ERR_OK
               : get_form(r, field->child_form, &c->form);
}

/* "persons.1.surname" */
static enum err add_child_text(struct record *r, const char *key,
                               const char *dot, const char *text)
{
    const struct form_field *field;
    struct child *c = NULL;
    char *end;
    const char *name = arena_text(&r->arena, key, (size_t)(dot - key));
    const unsigned long number = strtoul(dot + 1, &end, 10);
    enum err err;

    if (name == NULL) {
        return ERR_NOMEM;
    }
    field = form_find_key(r->form, name);
    if (field == NULL || kind_of(field) == 0 || number == 0 || *end != '.' ||
        number > CHILDREN_MAX) {
        buf_printf(r->why, "%s: the form has no such question", key);
        return ERR_BAD_DATA;
    }
    err = find_child(r, field, (unsigned)number, &c);
    if (!err) {
        err = tablet_read(c->form, end + 1, text, &r->arena, c->values,
                          &c->count);
    }
    if (err == ERR_NOT_FOUND || err == ERR_BAD_DATA || err == ERR_UNSUPPORTED) {
        buf_printf(r->why, "%s is not an answer of the form", key);
        return ERR_BAD_DATA;
    }
    return err;
}

static bool has_value(const struct record *r, uint32_t field)
{
    for (size_t i = 0; i < r->count; i++) {
        if (r->values[i].field == field) {
            return true;
        }
    }
    return false;
}

static bool asks(const struct record *r, uint32_t common)
{
    return (r->form->common >> common & 1) != 0 && !has_value(r, common);
}

/* What nobody typed, but is known. */
static enum err add_known(struct record *r)
{
    struct port_time now;
    struct uuid patrol;
    char text[48];
    bool is_paused;
    enum err err = ERR_OK;

    r->t->port->ops->now(r->t->port->ctx, &now);
    if (r->category != NULL && asks(r, FIELD_CATEGORY)) {
        err = add_common(r, FIELD_CATEGORY, r->category->id);
    }
    if (!err && r->category != NULL && asks(r, FIELD_MARKING)) {
        err = add_common(r, FIELD_MARKING, r->category->marking);
    }
    if (!err && asks(r, FIELD_NOTED_MS)) {
        snprintf(text, sizeof(text), "%lld", (long long)now.wall_ms);
        err = add_common(r, FIELD_NOTED_MS, text);
    }
    if (!err && asks(r, FIELD_PATROL) &&
        !tablet_patrol_find(r->t, &patrol, &is_paused)) {
        hex_format(patrol.bytes, sizeof(patrol.bytes), text);
        err = add_common(r, FIELD_PATROL,
                         arena_text(&r->arena, text, strlen(text)));
    }
    return err;
}

static enum err add_place(struct record *r)
{
    size_t at = r->count;

    if (r->n->place == NULL) {
        return ERR_OK;
    }
    if (!has_value(r, FIELD_PLACE)) {
        if (r->count == BODY_FIELDS_MAX) {
            return ERR_TOO_LONG;
        }
        for (; at > 0 && r->values[at - 1].field > FIELD_PLACE; at--) {
            r->values[at] = r->values[at - 1];
        }
        r->values[at] = (struct form_value){
            .field = FIELD_PLACE,
            .kind = FORM_VALUE_PLACE,
            .lat_e7 = r->n->place->lat_e7,
            .lon_e7 = r->n->place->lon_e7,
        };
        r->count++;
    }
    return ERR_OK;
}

static enum err read_answers(struct record *r)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < r->n->field_count; i++) {
        const char *key = r->n->fields[i].key;
        const char *text = r->n->fields[i].value;
        const char *dot = strchr(key, '.');

        err = dot == NULL ? add_text(r, key, text)
                          : add_child_text(r, key, dot, text);
    }
    if (!err) {
        err = add_place(r);
    }
    return err ? err : add_known(r);
}

/* --- checks --- */

/* The first field for photos; 0 when the form asks for none. */
static uint32_t photo_field(const struct form *form)
{
    for (size_t i = 0; i < form->field_count; i++) {
        if (form->fields[i].type == FORM_TYPE_PHOTO) {
            return form->fields[i].id;
        }
    }
    return 0;
}

/* Counts children in among the answers, so that the form can ask for them. */
static enum err count_rows(struct record *r, uint32_t field, size_t rows)
{
    size_t at = r->count;

    if (rows == 0 || field == 0) {
        return ERR_OK;
    }
    if (r->count == BODY_FIELDS_MAX) {
        return ERR_TOO_LONG;
    }
    for (; at > 0 && r->values[at - 1].field > field; at--) {
        r->values[at] = r->values[at - 1];
    }
    r->values[at] = (struct form_value){ .field = field,
                                         .kind = FORM_VALUE_ROWS,
                                         .count = rows };
    r->count++;
    return ERR_OK;
}

static enum err check_answers(struct record *r)
{
    enum err err = count_rows(r, photo_field(r->form), r->n->photo_count);

    for (size_t i = 0; !err && i < r->child_count; i++) {
        struct child *c = &r->children[i];
        size_t rows = 0;

        for (size_t k = 0; k < r->child_count; k++) {
            rows += r->children[k].field == c->field && k >= i;
        }
        if (!has_value(r, c->field->id)) {
            err = count_rows(r, c->field->id, rows);
        }
        if (!err && c->form != r->form) {
            err = tablet_check(c->form, c->values, &c->count, r->why);
        }
    }
    return err ? err : tablet_check(r->form, r->values, &r->count, r->why);
}

static const struct form_value *value_of(const struct record *r,
                                         const char *key)
{
    const struct form_field *field =
        key != NULL ? form_find_key(r->form, key) : NULL;

    for (size_t i = 0; i < r->count && field != NULL; i++) {
        if (r->values[i].field == field->id) {
            return &r->values[i];
        }
    }
    return NULL;
}

/* After the checks: those of a question that is hidden now are not saved. */
static enum err finish_signatures(struct record *r)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < r->child_count && !err; i++) {
        struct child *c = &r->children[i];
        const struct form_value *words = value_of(r, c->field->signs);
        const struct bytes none = { NULL, 0 };
        const struct tablet_signature_new n = { .field = c->field->key,
                                                .form = c->form,
                                                .words = c->field->signs == NULL
                                                             ? NULL
                                                         : words != NULL
                                                             ? &words->text
                                                             : &none,
                                                .key = r->n->key,
                                                .arena = &r->arena,
                                                .values = c->values,
                                                .count = &c->count };

        if (c->field->type == FORM_TYPE_SIGNATURE &&
            has_value(r, c->field->id)) {
            err = tablet_finish_signature(&n, r->why);
        }
    }
    return err;
}

/* --- saving --- */

static enum event_kind kind_by_word(const char *word)
{
#define X(num, NAME, text)         \
    if (strcmp(word, text) == 0) { \
        return KIND_##NAME;        \
    }
    EVENT_KINDS(X)
#undef X
    return KIND_OBSERVATION;
}

static void save_record(struct record *r, struct tablet_save *s)
{
    const struct evlog_new e = { .officer = r->t->officer,
                                 .record = r->id,
                                 .kind = kind_by_word(r->form->kind),
                                 .kind_version = 1,
                                 .op = OP_CREATE,
                                 .form = r->form->id,
                                 .form_version = r->form->version };
    struct body_writer w;

    body_begin(&w);
    tablet_put_values(&w, r->values, r->count, r->n->place);
    tablet_save_record(s, &e, &w, r->tier);
}

static void save_child(struct record *r, struct tablet_save *s,
                       const struct child *c)
{
    struct evlog_new e = { .officer = r->t->officer,
                           .kind = (enum event_kind)kind_of(c->field),
                           .kind_version = 1,
                           .op = OP_CREATE,
                           .form = c->form->id,
                           .form_version = c->form->version };
    struct body_writer w;

    if (!s->err) {
        s->err = tablet_new_id(r->t, &e.record);
    }
    body_begin(&w);
    w.parent = r->id;
    w.parent_field = c->field->id;
    tablet_put_values(&w, c->values, c->count, NULL);
    tablet_save_record(s, &e, &w, r->tier);
}

static const char sql_draft_drop[] = "DELETE FROM draft WHERE id = ?1";

static enum err drop_draft(struct record *r)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(r->t->store, sql_draft_drop, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &r->id);
    return db_run(st);
}

static enum err save_all(struct record *r)
{
    const struct tablet_line line = { .about = &r->id };
    struct tablet_save s;
    enum err err;

    tablet_save_init(&s, r->t);
    save_record(r, &s);
    for (size_t i = 0; i < r->child_count; i++) {
        if (has_value(r, r->children[i].field->id)) {
            save_child(r, &s, &r->children[i]);
        }
    }
    for (size_t i = 0; i < r->n->photo_count; i++) {
        tablet_save_photo(&s, &r->n->photos[i], &r->id, photo_field(r->form),
                          r->tier);
    }
    tablet_save_line(&s, &line, NULL);
    err = s.err ? s.err : drop_draft(r);
    if (!err) {
        err = tablet_save_end(&s);
    }
    tablet_save_fini(&s);
    return err;
}

static enum err make_record(struct record *r)
{
    enum err err = ERR_OK;

    r->values = arena_array(&r->arena, BODY_FIELDS_MAX + 1, sizeof(*r->values));
    if (r->values == NULL) {
        return ERR_NOMEM;
    }
    r->id = r->n->record;
    if (uuid_is_zero(&r->id)) {
        err = tablet_new_id(r->t, &r->id);
    }
    if (!err) {
        err = find_form(r);
    }
    if (!err) {
        err = check_tier(r);
    }
    if (!err) {
        err = read_answers(r);
    }
    if (!err) {
        err = check_answers(r);
    }
    if (!err) {
        err = finish_signatures(r);
    }
    if (!err) {
        err = evlog_begin(r->t->log);
    }
    if (err) {
        return err;
    }
    err = save_all(r);
    if (err) {
        evlog_rollback(r->t->log);
        return err;
    }
    return evlog_commit(r->t->log);
}

enum err tablet_record(struct tablet *t, const struct tablet_new *n,
                       struct uuid *record_out, struct buf *why)
{
    struct record *r = mem_alloc(sizeof(*r));
    enum err err;

    if (r == NULL) {
        return ERR_NOMEM;
    }
    r->t = t;
    r->n = n;
    r->why = why;
    arena_init(&r->arena, ANSWERS_MAX_BYTES);
    err = make_record(r);
    if (!err) {
        *record_out = r->id;
    }
    arena_fini(&r->arena);
    mem_free(r);
    return err;
}
