#include "sync-server/decide.h"

#include <string.h>

#include "core/fields.h"
#include "core/limits.h"
#include "core/mem.h"
#include "sync-server/definitions.h"
#include "sync-server/sdb_conflict.h"
#include "sync-server/sdb_order.h"

#define STANDS_REASON "The strike stands."
#define READERS_MAX   128

static bool is_closed(uint64_t kind)
{
    return kind == KIND_RESTRICTED || kind == KIND_SEALED;
}

/* --- reading --- */

static enum err grow(struct decide_record *r)
{
    const size_t cap = r->cap > 0 ? r->cap * 2 : 8;
    void *list;
    void *events;

    if (r->count < r->cap) {
        return ERR_OK;
    }
    list = mem_realloc(r->list, cap * sizeof(struct decide_event *));
    if (list == NULL) {
        return ERR_NOMEM;
    }
    r->list = list;
    events = mem_realloc(r->events, cap * sizeof(*r->events));
    if (events == NULL) {
        return ERR_NOMEM;
    }
    r->events = events;
    r->cap = cap;
    return ERR_OK;
}

static enum err take_event(void *ctx, const struct sdb_event *e)
{
    struct decide_record *r = ctx;
    struct decide_event *own;
    enum err err = r->count == r->max ? ERR_TOO_LONG : grow(r);
    bool is_newer;

    if (err)
        return err;
    own = mem_alloc(sizeof(*own));
    if (own == NULL) {
        return ERR_NOMEM;
    }
    r->list[r->count] = own;
    buf_init(&own->body, BODY_MAX_BYTES);
    err = event_header_parse(e->header, &own->header);
    is_newer = err == ERR_NEWER;
    if (e->body.data != NULL) {
        buf_put(&own->body, e->body.data, e->body.len);
    }
    r->events[r->count] = (struct merge_event){
        .ref = e->ref,
        .hlc = own->header.hlc,
        .device = e->device,
        .officer = e->officer,
        .op = is_newer ? 0 : e->op,
        .body = { NULL, 0 },
        .is_quarantined = e->state == SDB_QUARANTINED,
        .former = own->header.former,
    };
    if (e->body.data != NULL && !is_newer) {
        r->events[r->count].body = buf_bytes(&own->body);
    }
    r->is_closed |= is_closed(e->kind);
    r->count++;
    return err && !is_newer ? err : own->body.err;
}

/* Others may speak about it in kinds of their own. */
static void find_first(struct decide_record *r)
{
    for (size_t i = 1; i < r->count; i++) {
        if (r->events[i].hlc < r->events[r->first].hlc) {
            r->first = i;
        }
    }
    r->kind = r->list[r->first]->header.kind;
}

static enum err read_events(struct council *c, const struct uuid *record,
                            size_t max, struct decide_record *out)
{
    enum err err;

    memset(out, 0, sizeof(*out));
    out->id = *record;
    out->max = max;
    err = sdb_event_of_record(c->db, record, take_event, out);
    if (!err && out->count == 0) {
        err = ERR_NOT_FOUND;
    }
    if (!err && out->is_closed) {
        err = ERR_DENIED;
    }
    if (!err) {
        find_first(out);
        err = conflict_read(out->events, out->count, &out->conflict);
    }
    return err;
}

enum err decide_read(struct council *c, const struct uuid *record,
                     struct decide_record *out)
{
    enum err err = read_events(c, record, DECIDE_EVENTS_MAX, out);

    if (!err) {
        err =
            definitions_form(c, out->list[out->first]->header.form, &out->form);
        err = err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    return err;
}

void decide_fini(struct decide_record *r)
{
    conflict_fini(&r->conflict);
    for (size_t i = 0; i < r->count; i++) {
        buf_wipe(&r->list[i]->body);
        mem_free(r->list[i]);
    }
    mem_free(r->list);
    mem_free(r->events);
    form_free(r->form);
    memset(r, 0, sizeof(*r));
}

struct bytes decide_value(const struct decide_record *r, uint64_t field)
{
    const struct merge_record *m =
        r->conflict.is_strike ? &r->conflict.kept : &r->conflict.now;

    for (size_t i = 0; i < m->field_count; i++) {
        if (m->fields[i].id == field && m->fields[i].head_count > 0) {
            return m->fields[i].heads[0].value;
        }
    }
    return (struct bytes){ NULL, 0 };
}

/* --- the list --- */

enum err decide_index(struct council *c, const struct uuid *record,
                      uint64_t kind, uint64_t op)
{
    struct decide_record r;
    enum err err;

    /* Nothing else names what others wrote, or writes beside it. */
    if (is_closed(kind) ||
        (op != OP_SET && op != OP_STRIKE && op != OP_RESOLVE)) {
        return ERR_OK;
    }
    err = read_events(c, record, DECIDE_INDEX_EVENTS_MAX, &r);
    if (!err || err == ERR_TOO_LONG) { /* then the page looks */
        err = sdb_conflict_set(c->db, record,
                               err || r.conflict.question_count > 0);
    }
    decide_fini(&r);
    return err == ERR_BAD_DATA ? ERR_OK : err; /* none of our making */
}

/* --- for all who read it --- */

struct readers {
    size_t count;
    struct sdb_audience list[READERS_MAX];
};

static enum err add_reader(void *ctx, struct sdb_audience a)
{
    struct readers *r = ctx;

    if (r->count == READERS_MAX) {
        return ERR_TOO_LONG;
    }
    r->list[r->count++] = a;
    return ERR_OK;
}

enum err decide_append(struct council *c, const struct evlog_new *e)
{
    const struct sdb_audience nobody = { 0, e->record };
    struct readers readers = { .count = 0 };
    struct event_ref ref;
    struct sdb_event row;
    enum err err =
        sdb_audience_of_record(c->db, &e->record, add_reader, &readers);

    err = err ? err : council_append(c, e, &nobody, &ref);
    err = err ? err : sdb_event_get(c->db, &ref, &row);
    for (size_t i = 0; i < readers.count && !err; i++) {
        err = sdb_audience_add(c->db, &readers.list[i], &row);
    }
    return err ? err
               : decide_index(c, &e->record, (uint64_t)e->kind,
                              (uint64_t)e->op);
}

/* --- the decision --- */

static enum err save(struct council *c, const struct decide_record *r,
                     const struct uuid *officer, enum event_op op,
                     struct bytes body)
{
    const struct event_header *first = &r->list[r->first]->header;
    const struct evlog_new e = { .officer = *officer,
                                 .record = r->id,
                                 .kind = (enum event_kind)r->kind,
                                 .kind_version = 1,
                                 .op = op,
                                 .form = first->form[0] != '\0' ? first->form
                                                                : NULL,
                                 .form_version = first->form_version,
                                 .body = body };
    enum err err = decide_append(c, &e);

    if (err) {
        council_rollback(c);
        return err;
    }
    return council_commit(c);
}

enum err decide(struct council *c, const struct decide_record *r,
                const struct uuid *officer,
                const struct conflict_choice *choices, size_t count)
{
    struct conflict_answer answer = { .choices = choices, .count = count };
    struct body_writer w;
    enum event_op op = OP_RESOLVE;
    struct buf body;
    enum err err = council_begin(c);

    if (err)
        return err;
    answer.incarnation = &c->head.id; /* known from here on */
    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    err = conflict_decide(&r->conflict, r->events, &answer, &w, &op);
    if (!err && op == OP_STRIKE) {
        body_put_text(&w, FIELD_REASON, STANDS_REASON);
    }
    err = err ? err : body_end(&w, &body);
    body_fini(&w);
    if (err) {
        council_rollback(c);
    } else {
        err = save(c, r, officer, op, buf_bytes(&body));
    }
    buf_wipe(&body);
    return err;
}
