/* Records that a person must decide about: see tablet_conflict.h. */
#include "core/tablet_conflict.h"

#include <string.h>

#include "core/mem.h"
#include "core/project.h"
#include "core/tablet_history.h"
#include "core/tablet_internal.h"

#define TEXTS_MAX_BYTES ((size_t)1024 * 1024)
#define STRUCK_KEY      "struck"
#define STANDS_REASON   "The strike stands."

/* Nobody reads a sealed one here, others no restricted one. */
static enum err know(struct tablet *t, const struct uuid *record,
                     struct tablet_known *out)
{
    const enum err err = tablet_known_record(t, record, out);

    if (!err &&
        (out->tier == TIER_SEALED || (out->tier == TIER_RESTRICTED &&
                                      !uuid_eq(&out->officer, &t->officer)))) {
        return ERR_DENIED;
    }
    return err;
}

/* --- who wrote a side, when, where --- */

static const char sql_header[] =
    "SELECT e.header, i.is_own FROM event e JOIN incarnation i"
    " ON i.id = e.incarnation WHERE i.incarnation = ?1 AND e.sequence = ?2"
    " ORDER BY e.branch LIMIT 1";
static const char sql_name[] =
    "SELECT f.value FROM field f JOIN record r ON r.id = f.record"
    " WHERE r.record = ?1 AND r.kind = ?2 AND f.field = ?3 AND f.ordinal = 0";
/* The council's own first event: what shares its device is the console. */
static const char sql_is_office[] =
    "SELECT 1 FROM event e JOIN incarnation i ON i.id = e.incarnation"
    " WHERE i.device = ?1 AND i.is_own = 0 AND e.kind = ?2 LIMIT 1";

static enum err read_name(struct tablet *t, const struct uuid *record,
                          enum event_kind kind, uint64_t field,
                          char out[TABLET_TEXT_SIZE])
{
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql_name, &st);

    out[0] = '\0';
    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    db_bind_int(st, 2, (int64_t)kind);
    db_bind_int(st, 3, (int64_t)field);
    err = db_row(st);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    tablet_copy(db_get_bytes(st, 0), out, TABLET_TEXT_SIZE);
    sqlite3_reset(st);
    return ERR_OK;
}

static enum err read_office(struct tablet *t, struct tablet_side *side)
{
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql_is_office, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &side->device);
    db_bind_int(st, 2, KIND_COUNCIL);
    err = db_row(st);
    side->is_office = err == ERR_OK;
    if (!err) {
        sqlite3_reset(st);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err read_header(struct tablet *t, const struct event_ref *ref,
                            struct tablet_side *side)
{
    struct event_header h;
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql_header, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &ref->incarnation);
    db_bind_int(st, 2, (int64_t)ref->sequence);
    err = db_row(st);
    if (err) {
        return err;
    }
    err = event_header_parse(db_get_bytes(st, 0), &h);
    side->is_here = sqlite3_column_int(st, 1) != 0;
    sqlite3_reset(st);
    if (err) {
        return err;
    }
    side->officer = h.officer;
    side->device = h.device;
    side->wall_ms = h.wall_ms;
    side->utc_offset_min = (int)h.utc_offset_min;
    side->gnss_ms = h.has_gnss ? h.gnss_ms : 0;
    return ERR_OK;
}

static void read_reason(struct bytes body, char out[TABLET_TEXT_SIZE])
{
    struct body_view *view = mem_alloc(sizeof(*view));
    const struct body_field_view *f = NULL;

    if (view != NULL && body.data != NULL && !body_parse(body, view)) {
        f = body_find(view, FIELD_REASON);
    }
    if (f != NULL) {
        tablet_copy(f->value, out, TABLET_TEXT_SIZE);
    }
    mem_free(view);
}

enum err tablet_side_read(struct tablet *t, const struct event_ref *ref,
                          struct tablet_side *side)
{
    enum err err = read_header(t, ref, side);

    if (!err) {
        err = read_name(t, &side->officer, KIND_OFFICER, OFFICER_NAME,
                        side->officer_name);
    }
    if (!err) {
        err = read_name(t, &side->device, KIND_DEVICE, DEVICE_NAME,
                        side->device_name);
    }
    return err ? err : read_office(t, side);
}

static enum err read_side(struct tablet *t, const struct merge_event *event,
                          const struct conflict_side *from, bool is_record,
                          struct tablet_side *side)
{
    side->value = from->value;
    side->is = TABLET_SIDE_VALUE;
    if (is_record) {
        side->is =
            from->value.data == NULL ? TABLET_SIDE_STRUCK : TABLET_SIDE_KEPT;
        read_reason(event->body, side->reason);
    }
    return tablet_side_read(t, &event->ref, side);
}

/* --- questions --- */

struct asking {
    struct tablet *t;
    const struct form *form; /* NULL: the record has none */
    tablet_question_fn fn;
    void *ctx;
    struct tablet_conflict *out;
};

static enum err ask(struct asking *a, const struct conflict_question *from,
                    const struct merge_event *events)
{
    const bool is_record = from->field == CONFLICT_RECORD;
    struct tablet_question q = { .field = from->field, .key = STRUCK_KEY };
    struct tablet_side *sides = mem_array(from->side_count + 1, sizeof(*sides));
    enum err err = sides == NULL ? ERR_NOMEM : ERR_OK;

    for (size_t i = 0; i < from->side_count && !err; i++) {
        err = read_side(a->t, &events[from->sides[i].event], &from->sides[i],
                        is_record, &sides[i]);
    }
    if (!err && !is_record) {
        q.key = tablet_field_key(a->form, (uint32_t)from->field);
        q.asked =
            a->form != NULL ? form_find(a->form, (uint32_t)from->field) : NULL;
    }
    q.side_count = from->side_count;
    q.sides = sides;
    if (!err) {
        err = a->fn(a->ctx, &q);
    }
    mem_free(sides);
    return err;
}

static enum err ask_all(void *ctx, const struct merge_event *events,
                        size_t count)
{
    struct asking *a = ctx;
    struct conflict c;
    enum err err = conflict_read(events, count, &c);

    if (err) {
        return err;
    }
    a->out->questions = c.question_count;
    a->out->joined = c.joined;
    conflict_stamp(&c, events, &a->out->stamp);
    for (size_t i = 0; i < c.question_count && !err; i++) {
        err = ask(a, &c.questions[i], events);
    }
    conflict_fini(&c);
    return err == ERR_STOPPED ? ERR_OK : err;
}

/* A record of a form that this tablet doesn't hold yet is asked about all
 * the same, by the numbers of its fields. */
static enum err find_form(struct tablet *t, const struct tablet_known *known,
                          const struct form **out)
{
    const enum err err =
        known->form[0] == '\0' ? ERR_OK : tablet_form(t, known->form, out);

    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err tablet_conflict(struct tablet *t, const struct uuid *record,
                         tablet_question_fn fn, void *ctx,
                         struct tablet_conflict *out)
{
    struct asking a = { .t = t, .fn = fn, .ctx = ctx, .out = out };
    struct tablet_known known;
    enum err err = know(t, record, &known);

    memset(out, 0, sizeof(*out));
    if (!err) {
        err = find_form(t, &known, &a.form);
    }
    return err ? err : project_events(t->store, record, ask_all, &a);
}

/* --- the decision --- */

struct resolving {
    struct tablet *t;
    struct tablet_known known;
    const struct uuid *record;
    const struct form *form;
    const struct tablet_choice *choices;
    size_t count;
    const struct hash *stamp;
    struct buf *why;
    struct arena arena;
    struct buf *texts; /* one a choice: its other value as CBOR */
    struct conflict_choice *decided;
};

static enum err read_text(struct resolving *r, const struct tablet_choice *from,
                          struct buf *out)
{
    struct form_value *values =
        arena_array(&r->arena, BODY_FIELDS_MAX, sizeof(*values));
    const char *key;
    size_t count = 0;
    enum err err;

    if (values == NULL) {
        return ERR_NOMEM;
    }
    if (r->form == NULL || from->text == NULL) {
        return ERR_UNSUPPORTED;
    }
    key = tablet_field_key(r->form, (uint32_t)from->field);
    err = tablet_read(r->form, key, from->text, &r->arena, values, &count);
    if (err && err != ERR_NOMEM) {
        buf_printf(r->why, "%s is not an answer of the form", key);
        return ERR_BAD_DATA;
    }
    if (!err) {
        err = tablet_check_values(r->form, values, count, r->why);
    }
    if (!err && count == 1) {
        tablet_put_value(out, &values[0]);
        err = out->err;
    }
    return err;
}

static const struct conflict_question *find_question(const struct conflict *c,
                                                     uint64_t field)
{
    for (size_t i = 0; i < c->question_count; i++) {
        if (c->questions[i].field == field) {
            return &c->questions[i];
        }
    }
    return NULL;
}

static enum err decide_one(struct resolving *r, const struct conflict *c,
                           size_t i)
{
    const struct tablet_choice *from = &r->choices[i];
    const struct conflict_question *q = find_question(c, from->field);
    struct conflict_choice *to = &r->decided[i];
    enum err err = ERR_OK;

    to->field = from->field;
    if (q == NULL || from->side > q->side_count ||
        (from->side == 0 && q->field == CONFLICT_RECORD)) {
        return ERR_NOT_FOUND;
    }
    if (from->side > 0) {
        to->value = q->sides[from->side - 1].value;
        return ERR_OK;
    }
    err = read_text(r, from, &r->texts[i]);
    to->value = buf_bytes(&r->texts[i]);
    return err;
}

static enum err save(struct resolving *r, enum event_op op,
                     struct body_writer *w)
{
    const struct evlog_new e = { .officer = r->t->officer,
                                 .record = *r->record,
                                 .kind = (enum event_kind)r->known.kind,
                                 .kind_version = 1,
                                 .op = op,
                                 .form = r->form != NULL ? r->form->id : NULL,
                                 .form_version =
                                     r->form != NULL ? r->form->version : 0 };
    const struct tablet_line line = { .text = "Settled: two versions",
                                      .about = r->record };
    struct tablet_save s;
    enum err err = evlog_begin(r->t->log);

    if (err) {
        body_fini(w);
        return err;
    }
    tablet_save_init(&s, r->t);
    tablet_save_add(&s, &e, w, r->known.tier, NULL);
    tablet_save_line(&s, &line, NULL);
    err = tablet_save_end(&s);
    tablet_save_fini(&s);
    if (err) {
        evlog_rollback(r->t->log);
        return err;
    }
    return evlog_commit(r->t->log);
}

static enum err decide(struct resolving *r, const struct conflict *c,
                       const struct merge_event *events)
{
    const struct conflict_answer answer = {
        r->decided, r->count, &evlog_identity(r->t->log)->incarnation
    };
    struct body_writer w;
    enum event_op op;
    enum err err = ERR_OK;

    for (size_t i = 0; i < r->count && !err; i++) {
        err = decide_one(r, c, i);
    }
    if (err) {
        return err;
    }
    body_begin(&w);
    err = conflict_decide(c, events, &answer, &w, &op);
    if (err == ERR_BAD_DATA) {
        buf_put_text(r->why, "choose a value for each field in conflict");
    }
    if (err) {
        body_fini(&w);
        return err;
    }
    if (op == OP_STRIKE) {
        body_put_text(&w, FIELD_REASON, STANDS_REASON);
    }
    return save(r, op, &w);
}

static enum err resolve_now(void *ctx, const struct merge_event *events,
                            size_t count)
{
    struct resolving *r = ctx;
    struct conflict c;
    struct hash now;
    enum err err = conflict_read(events, count, &c);

    if (err) {
        return err;
    }
    conflict_stamp(&c, events, &now);
    if (c.question_count == 0) {
        buf_put_text(r->why, "nothing of it is in conflict");
        err = ERR_NOT_FOUND;
    } else if (r->stamp != NULL &&
               memcmp(now.bytes, r->stamp->bytes, sizeof(now.bytes)) != 0) {
        buf_put_text(r->why, "it was changed meanwhile: look at it again");
        err = ERR_EXISTS;
    } else {
        err = decide(r, &c, events);
    }
    conflict_fini(&c);
    return err;
}

static enum err resolve(struct resolving *r)
{
    enum err err = ERR_NOMEM;

    r->texts = mem_array(r->count + 1, sizeof(*r->texts));
    r->decided = mem_array(r->count + 1, sizeof(*r->decided));
    for (size_t i = 0; r->texts != NULL && i < r->count; i++) {
        buf_init(&r->texts[i], BODY_MAX_BYTES);
    }
    if (r->texts != NULL && r->decided != NULL) {
        err = project_events(r->t->store, r->record, resolve_now, r);
    }
    for (size_t i = 0; r->texts != NULL && i < r->count; i++) {
        buf_wipe(&r->texts[i]);
    }
    mem_free(r->texts);
    mem_free(r->decided);
    return err;
}

enum err tablet_resolve(struct tablet *t, const struct uuid *record,
                        const struct tablet_choice *choices, size_t count,
                        const struct hash *stamp, struct buf *why)
{
    struct resolving r = { .t = t,
                           .record = record,
                           .choices = choices,
                           .count = count,
                           .stamp = stamp,
                           .why = why };
    enum err err = know(t, record, &r.known);

    if (!err && count == 0) {
        return ERR_NOT_FOUND;
    }
    if (!err) {
        err = find_form(t, &r.known, &r.form);
    }
    if (err) {
        return err;
    }
    arena_init(&r.arena, TEXTS_MAX_BYTES);
    err = resolve(&r);
    arena_fini(&r.arena);
    return err;
}
