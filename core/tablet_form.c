/* Forms, categories and answers: see tablet.h, tablet_internal.h. */
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/policy.h"
#include "core/power_card.h"
#include "core/profile.h"
#include "core/tablet_internal.h"

#define CATEGORIES_JSON_MAX ((size_t)4 * 1024 * 1024)

/* --- definitions --- */

/* Any version when ?3 is 0. */
static const char sql_definition[] =
    "SELECT version, hlc, json FROM definition WHERE kind = ?1 AND id = ?2"
    " AND ?3 IN (0, version) ORDER BY version DESC, hlc DESC, json LIMIT 1";

static enum err add_form(struct tablet *t, sqlite3_stmt *st,
                         const struct form **out)
{
    const struct bytes json = db_get_bytes(st, 2);
    struct tablet_cached *c = mem_alloc(sizeof(*c));
    enum err err = c == NULL ? ERR_NOMEM : ERR_OK;

    if (!err) {
        c->version = sqlite3_column_int64(st, 0);
        c->hlc = sqlite3_column_int64(st, 1);
        err = form_parse((const char *)json.data, json.len, &c->form);
    }
    if (err) {
        mem_free(c);
        return err;
    }
    c->next = t->forms;
    t->forms = c;
    *out = c->form;
    return ERR_OK;
}

/* The newest definition of kind `power` by that id. */
static enum err read_power(struct tablet *t, const char *id,
                           enum err (*parse)(struct bytes json, void *out),
                           void *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql_definition, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_POWER);
    db_bind_text(st, 2, id);
    db_bind_int(st, 3, 0);
    err = db_row(st);
    if (!err) {
        err = parse(db_get_bytes(st, 2), out);
        sqlite3_reset(st);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err parse_profile(struct bytes json, void *out)
{
    return profile_parse((const char *)json.data, json.len, out);
}

enum err tablet_profile(struct tablet *t, struct profile *out)
{
    memset(out, 0, sizeof(*out));
    return read_power(t, PROFILE_ID, parse_profile, out);
}

/* A later program's policy may be beyond our bounds: then as before. */
static enum err parse_policy(struct bytes json, void *out)
{
    const enum err err = policy_parse((const char *)json.data, json.len, out);

    return err == ERR_BAD_DATA ? ERR_OK : err;
}

enum err tablet_policy(struct tablet *t, struct policy *out)
{
    *out = policy_before();
    return read_power(t, POLICY_ID, parse_policy, out);
}

static enum err parse_cards(struct bytes json, void *out)
{
    return power_cards_parse((const char *)json.data, json.len, out);
}

enum err tablet_cards(struct tablet *t, struct power_cards *out)
{
    char id[sizeof(CARD_ID_PREFIX) + FORM_ID_MAX + 1];
    struct tablet_self self;
    enum err err = tablet_self(t, &self);

    memset(out, 0, sizeof(*out));
    if (err || self.number[0] == '\0') {
        return err;
    }
    snprintf(id, sizeof(id), CARD_ID_PREFIX "%s", self.number);
    return read_power(t, id, parse_cards, out);
}

enum err tablet_form(struct tablet *t, const char *id, const struct form **out)
{
    return tablet_form_at(t, id, 0, out);
}

enum err tablet_form_at(struct tablet *t, const char *id, uint32_t version,
                        const struct form **out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql_definition, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_FORM);
    db_bind_text(st, 2, id);
    db_bind_int(st, 3, version);
    err = db_row(st);
    if (err) {
        return err;
    }
    for (struct tablet_cached *c = t->forms; c != NULL; c = c->next) {
        if (strcmp(c->form->id, id) == 0 &&
            c->version == sqlite3_column_int64(st, 0) &&
            c->hlc == sqlite3_column_int64(st, 1)) {
            *out = c->form;
            sqlite3_reset(st);
            return ERR_OK;
        }
    }
    err = add_form(t, st, out);
    sqlite3_reset(st);
    return err;
}

/* Groups are shorter than what they hold ("ASB", "ASB-01"): parents come
 * first in this order. */
static const char sql_categories[] =
    "SELECT d.json FROM definition d WHERE d.kind = ?1 AND NOT EXISTS"
    " (SELECT 1 FROM definition o WHERE o.kind = d.kind AND o.id = d.id"
    " AND (o.version, o.hlc, o.record) > (d.version, d.hlc, d.record))"
    " ORDER BY d.id";
static const char sql_categories_stamp[] =
    "SELECT count(*) + coalesce(max(hlc), 0) FROM definition WHERE kind = 18";

static enum err join_categories(struct tablet *t, struct buf *out)
{
    const char *comma = "";
    struct bytes json;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_categories, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_CATEGORY);
    buf_put_text(out, "{\"categories\":[");
    for (;;) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        json = db_get_bytes(st, 0);
        buf_put_text(out, comma);
        buf_put(out, json.data, json.len);
        comma = ",";
    }
    buf_put_text(out, "]}");
    if (!err && comma[0] == '\0') {
        err = ERR_NOT_FOUND;
    }
    return err ? err : out->err;
}

enum err tablet_categories(struct tablet *t, const struct category_list **out)
{
    struct tablet_categories_cached *c = t->categories;
    struct buf json;
    int64_t stamp;
    enum err err = store_number(t->store, sql_categories_stamp, &stamp);

    static_assert(KIND_CATEGORY == 18, "as in sql_categories_stamp");
    if (err) {
        return err;
    }
    if (c != NULL && c->stamp == stamp) {
        *out = c->list;
        return ERR_OK;
    }
    c = mem_alloc(sizeof(*c));
    if (c == NULL) {
        return ERR_NOMEM;
    }
    buf_init(&json, CATEGORIES_JSON_MAX);
    err = join_categories(t, &json);
    if (!err) {
        err = category_list_parse((const char *)json.data, json.len, &c->list);
    }
    buf_fini(&json);
    if (err) {
        mem_free(c);
        return err;
    }
    c->stamp = stamp;
    c->next = t->categories;
    t->categories = c;
    *out = c->list;
    return ERR_OK;
}

/* --- answers --- */

const char *tablet_field_key(const struct form *form, uint32_t id)
{
    const struct form_field *field = form != NULL ? form_find(form, id) : NULL;

    if (field != NULL) {
        return field->key;
    }
    switch (id) {
#define X(number, key, type) \
    case number:             \
        return key;
        FORM_COMMON(X)
#undef X
    default:
        return "?";
    }
}

enum err tablet_read(const struct form *form, const char *key, const char *text,
                     struct arena *arena, struct form_value *values,
                     size_t *count)
{
    struct form_value v;
    size_t at = *count;
    enum err err = form_read(form, key, text, arena, &v);

    if (err) {
        return err;
    }
    while (at > 0 && values[at - 1].field >= v.field) {
        at--;
    }
    if (at == *count || values[at].field != v.field) {
        if (*count == BODY_FIELDS_MAX) {
            return ERR_TOO_LONG;
        }
        memmove(&values[at + 1], &values[at],
                (*count - at) * sizeof(values[0]));
        ++*count;
    }
    values[at] = v;
    return ERR_OK;
}

static const char *problem_text(enum form_problem_kind kind)
{
    switch (kind) {
    case FORM_REQUIRED:
        return "must be given";
    case FORM_TOO_LONG:
        return "is too long";
    case FORM_TOO_SMALL:
        return "is too small";
    case FORM_TOO_LARGE:
        return "is too large";
    case FORM_BAD_CHOICE:
        return "is not one of the choices";
    case FORM_BAD_VALUE:
        return "is not a value of its kind";
    case FORM_CONSTRAINT:
    case FORM_HIDDEN:
    case FORM_UNCHECKED:
        break;
    }
    return "does not fit the form's rule";
}

static void take_out(struct form_value *values, size_t *count, uint32_t field)
{
    for (size_t i = 0; i < *count; i++) {
        if (values[i].field == field) {
            memmove(&values[i], &values[i + 1],
                    (*count - i - 1) * sizeof(values[0]));
            --*count;
            return;
        }
    }
}

enum err tablet_check(const struct form *form, struct form_value *values,
                      size_t *count, struct buf *why)
{
    struct form_problems problems;
    enum err err = form_check(form, values, *count, &problems);

    for (size_t i = 0; !err && i < problems.count; i++) {
        const struct form_problem *p = &problems.list[i];

        if (p->kind == FORM_HIDDEN && p->row == 0) {
            take_out(values, count, p->field);
        } else if (p->kind != FORM_HIDDEN && p->kind != FORM_UNCHECKED) {
            buf_printf(why, "%s %s", tablet_field_key(form, p->field),
                       p->message != NULL ? p->message : problem_text(p->kind));
            err = ERR_BAD_DATA;
        }
    }
    return err;
}

static int compare_text(const char *a, const char *b)
{
    return strcmp(a, b);
}

/* Codes ascending and each once, as a body wants them. */
static void put_codes(struct buf *out, const char *const *codes, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        size_t twice = 0;

        for (size_t k = 0; k < i; k++) {
            twice += compare_text(codes[k], codes[i]) == 0;
        }
        kept += twice == 0;
    }
    cbor_put_array(out, 2);
    cbor_put_array(out, kept);
    for (const char *last = NULL; kept > 0; kept--) {
        const char *next = NULL;

        for (size_t i = 0; i < count; i++) {
            if ((last == NULL || compare_text(codes[i], last) > 0) &&
                (next == NULL || compare_text(codes[i], next) < 0)) {
                next = codes[i];
            }
        }
        cbor_put_str(out, next);
        last = next;
    }
    cbor_put_array(out, 0);
}

void tablet_put_value(struct buf *out, const struct form_value *v)
{
    struct body_place place = { v->lat_e7, v->lon_e7, 0, 0, false, v->text };

    switch (v->kind) {
    case FORM_VALUE_INT:
        cbor_put_int(out, v->number);
        break;
    case FORM_VALUE_TEXT:
        cbor_put_text(out, (const char *)v->text.data, v->text.len);
        break;
    case FORM_VALUE_BYTES:
        cbor_put_bytes(out, v->text.data, v->text.len);
        break;
    case FORM_VALUE_CODES:
        put_codes(out, v->codes, v->count);
        break;
    case FORM_VALUE_PLACE:
        body_place_put(out, &place);
        break;
    case FORM_VALUE_NULL:
    case FORM_VALUE_ROWS:
        cbor_put_null(out);
        break;
    }
}

void tablet_put_values(struct body_writer *w, const struct form_value *values,
                       size_t count, const struct body_place *place)
{
    for (size_t i = 0; i < count; i++) {
        const struct form_value *v = &values[i];

        if (v->kind == FORM_VALUE_NULL || v->kind == FORM_VALUE_ROWS) {
            continue;
        }
        if (v->field == FIELD_PLACE && place != NULL) {
            body_place_put(body_field(w, v->field), place);
        } else {
            tablet_put_value(body_field(w, v->field), v);
        }
    }
}
