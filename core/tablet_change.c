/* Changing and striking what was recorded: see tablet.h. */
#include <string.h>

#include "core/mem.h"
#include "core/tablet_internal.h"
#include "core/tablet_list.h"

#define ANSWERS_MAX_BYTES ((size_t)1024 * 1024)
#define CODES_MAX         256 /* of one set; what stands beyond stays */

static_assert(FORM_ITEMS_MAX <= CODES_MAX, "an answer has room");

struct change {
    struct tablet *t;
    struct tablet_known known;
    struct uuid record;
    struct buf *why; /* NULL: of a strike */
    struct arena arena;
    struct form_value *values;
    size_t count;
};

/* A change goes under the record's own key: without it a second one would
 * be made that nobody was told. */
static enum err find_key(struct change *c)
{
    uint8_t key[CRYPTO_KEY_SIZE];
    const uint8_t *held;
    enum err err = tier_key(c->t->store, &c->record, key);

    wipe(key, sizeof(key));
    if (err != ERR_NOT_FOUND) {
        return err;
    }
    err = tablet_held_refresh(c->t);
    held = tablet_held_key(c->t, &c->record, 0);
    if (err || held == NULL) {
        return err ? err : ERR_DENIED;
    }
    err = evlog_begin(c->t->log);
    if (err) {
        return err;
    }
    err = tier_keep(c->t->store, &c->record, held);
    err = err ? err : project_records(c->t->store, &c->record, 1);
    if (err) {
        evlog_rollback(c->t->log);
        return err;
    }
    err = evlog_commit(c->t->log);
    return err ? err : tablet_known_record(c->t, &c->record, &c->known);
}

/* Who may write here: nobody on sealed ones, the author on restricted. */
static enum err know(struct change *c)
{
    enum err err = tablet_known_record(c->t, &c->record, &c->known);

    if (!err && (c->known.tier == TIER_SEALED ||
                 (c->known.tier == TIER_RESTRICTED &&
                  !uuid_eq(&c->known.officer, &c->t->officer)))) {
        err = ERR_DENIED;
    }
    if (!err && c->known.gone != TABLET_HERE) {
        if (c->why != NULL) {
            buf_put_text(c->why, c->known.gone == TABLET_ERASED
                                     ? "it was erased by order of the council"
                                     : "its content is kept by the council: "
                                       "change it there");
        }
        err = ERR_CLOSED;
    }
    return err || c->known.tier != TIER_RESTRICTED ? err : find_key(c);
}

/* --- sets of codes: what is added, what goes --- */

static bool list_has(const char *const *codes, size_t count, const char *code)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(codes[i], code) == 0) {
            return true;
        }
    }
    return false;
}

static void put_difference(struct buf *out, const char *const *from,
                           size_t from_count, const char *const *to,
                           size_t to_count)
{
    const char *kept[CODES_MAX];
    size_t count = 0;

    ASSERT(to_count <= CODES_MAX);
    for (size_t i = 0; i < to_count; i++) {
        size_t at = count;

        if (list_has(from, from_count, to[i]) || list_has(kept, count, to[i])) {
            continue;
        }
        for (; at > 0 && strcmp(kept[at - 1], to[i]) > 0; at--) {
            kept[at] = kept[at - 1];
        }
        kept[at] = to[i];
        count++;
    }
    cbor_put_array(out, count);
    for (size_t i = 0; i < count; i++) {
        cbor_put_str(out, kept[i]);
    }
}

static const char sql_codes[] =
    "SELECT value FROM field WHERE record = ?1 AND field = ?2"
    " AND event IS NULL";

static enum err current_codes(struct change *c, uint32_t field,
                              const char *codes[CODES_MAX], size_t *count)
{
    struct cbor_reader r;
    sqlite3_stmt *st;
    size_t left;
    enum err err = store_statement(c->t->store, sql_codes, &st);

    *count = 0;
    if (err) {
        return err;
    }
    db_bind_int(st, 1, c->known.id);
    db_bind_int(st, 2, field);
    err = db_row(st);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    cbor_open_gated(&r, db_get_bytes(st, 0));
    for (left = cbor_get_array(&r); left > 0 && *count < CODES_MAX; left--) {
        const struct bytes code = cbor_get_text(&r);

        codes[*count] =
            arena_text(&c->arena, (const char *)code.data, code.len);
        if (codes[*count] == NULL) {
            err = ERR_NOMEM;
            break;
        }
        ++*count;
    }
    sqlite3_reset(st);
    return err;
}

static enum err put_set(struct change *c, const struct form_value *v,
                        struct body_writer *w)
{
    const char *now[CODES_MAX];
    struct buf *out;
    size_t count;
    enum err err = current_codes(c, v->field, now, &count);

    if (err) {
        return err;
    }
    out = body_field(w, v->field);
    cbor_put_array(out, 2);
    put_difference(out, now, count, v->codes, v->count);
    put_difference(out, v->codes, v->count, now, count);
    return ERR_OK;
}

/* --- set --- */

static enum err read_changes(struct change *c, const struct form *form,
                             const struct tablet_text_field *fields,
                             size_t count)
{
    enum err err = ERR_OK;

    c->values = arena_array(&c->arena, BODY_FIELDS_MAX, sizeof(*c->values));
    if (c->values == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; !err && i < count; i++) {
        err = tablet_read(form, fields[i].key, fields[i].value, &c->arena,
                          c->values, &c->count);
        if (err == ERR_NOT_FOUND || err == ERR_BAD_DATA ||
            err == ERR_UNSUPPORTED) {
            buf_printf(c->why, "%s is not an answer of the form",
                       fields[i].key);
            err = ERR_BAD_DATA;
        }
    }
    return err;
}

enum err tablet_check_values(const struct form *form,
                             const struct form_value *values, size_t count,
                             struct buf *why)
{
    struct form_problems problems;
    enum err err = form_check(form, values, count, &problems);

    for (size_t i = 0; !err && i < problems.count; i++) {
        const enum form_problem_kind kind = problems.list[i].kind;

        if (kind >= FORM_TOO_LONG && kind <= FORM_BAD_VALUE) {
            buf_printf(why, "%s is not allowed by the form",
                       tablet_field_key(form, problems.list[i].field));
            err = ERR_BAD_DATA;
        }
    }
    return err;
}

static enum err put_change(struct change *c, const struct form_field *field,
                           const struct form_value *v, struct body_writer *w)
{
    struct event_ref heads[BODY_BASES_MAX];
    size_t count;
    enum err err = tablet_heads(c->t, c->known.id, v->field, heads, &count);

    if (err) {
        return err;
    }
    body_put_base(w, v->field, &evlog_identity(c->t->log)->incarnation, heads,
                  count);
    if (v->kind == FORM_VALUE_CODES ||
        (field != NULL && field->type == FORM_TYPE_MANY_OF)) {
        return put_set(c, v, w);
    }
    tablet_put_value(body_field(w, v->field), v);
    return ERR_OK;
}

static enum err save_change(struct change *c, const struct form *form,
                            enum event_op op, struct body_writer *w,
                            const char *text)
{
    const struct evlog_new e = { .officer = c->t->officer,
                                 .record = c->record,
                                 .kind = (enum event_kind)c->known.kind,
                                 .kind_version = 1,
                                 .op = op,
                                 .form = form != NULL ? form->id : NULL,
                                 .form_version =
                                     form != NULL ? form->version : 0 };
    const struct tablet_line line = { .text = text, .about = &c->record };
    struct tablet_save s;
    enum err err = evlog_begin(c->t->log);

    if (err) {
        body_fini(w);
        return err;
    }
    tablet_save_init(&s, c->t);
    tablet_save_add(&s, &e, w, c->known.tier, NULL);
    tablet_save_line(&s, &line, NULL);
    err = tablet_save_end(&s);
    tablet_save_fini(&s);
    if (err) {
        evlog_rollback(c->t->log);
        return err;
    }
    return evlog_commit(c->t->log);
}

static enum err change(struct change *c, const struct tablet_text_field *fields,
                       size_t field_count)
{
    const struct form *form = NULL;
    struct body_writer w;
    enum err err = know(c);

    if (!err) {
        err = tablet_form(c->t, c->known.form, &form);
    }
    if (!err) {
        err = read_changes(c, form, fields, field_count);
    }
    if (!err) {
        err = tablet_check_values(form, c->values, c->count, c->why);
    }
    if (err || c->count == 0) {
        return err;
    }
    body_begin(&w);
    for (size_t i = 0; !err && i < c->count; i++) {
        err = put_change(c, form_find(form, c->values[i].field), &c->values[i],
                         &w);
    }
    if (err) {
        body_fini(&w);
        return err;
    }
    return save_change(c, form, OP_SET, &w, "Changed");
}

enum err tablet_set(struct tablet *t, const struct uuid *record,
                    const struct tablet_text_field *fields, size_t field_count,
                    struct buf *why)
{
    struct change c = { .t = t, .record = *record, .why = why };
    enum err err;

    arena_init(&c.arena, ANSWERS_MAX_BYTES);
    err = change(&c, fields, field_count);
    arena_fini(&c.arena);
    return err;
}

/* --- strike --- */

static const char sql_fields[] =
    "SELECT DISTINCT field FROM field WHERE record = ?1 ORDER BY field";

static enum err put_all_bases(struct change *c, struct body_writer *w)
{
    struct event_ref heads[BODY_BASES_MAX];
    sqlite3_stmt *st;
    bool has_row;
    size_t count;
    enum err err = store_statement(c->t->store, sql_fields, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, c->known.id);
    while (!err) {
        uint64_t field;

        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        field = (uint64_t)sqlite3_column_int64(st, 0);
        err = tablet_heads(c->t, c->known.id, field, heads, &count);
        if (!err) {
            body_put_base(w, field, &evlog_identity(c->t->log)->incarnation,
                          heads, count);
        } else {
            sqlite3_reset(st);
        }
    }
    return err;
}

enum err tablet_strike(struct tablet *t, const struct uuid *record,
                       const char *reason)
{
    struct change c = { .t = t, .record = *record };
    struct body_writer w;
    enum err err = know(&c);

    if (err) {
        return err;
    }
    body_begin(&w);
    body_put_text(&w, FIELD_REASON, reason);
    err = put_all_bases(&c, &w);
    if (err) {
        body_fini(&w);
        return err;
    }
    return save_change(&c, NULL, OP_STRIKE, &w, "Struck");
}
