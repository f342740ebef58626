/* Tasks of who is signed in: see tablet_brief.h. */
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/tablet_brief.h"
#include "core/tablet_internal.h"

static const char sql_list[] =
    "SELECT record, officer, created_ms FROM record WHERE kind = ?1"
    " AND tier = 0 AND is_struck = 0 ORDER BY created_hlc DESC LIMIT ?2";

struct taking {
    struct tablet *t;
    struct tablet_task *task;
    const struct tablet_self *self;
    struct uuid team;
    bool is_for_some, is_for_me;
    int64_t ended_ms; /* taken back by its author; 0: not */
    uint64_t closed;  /* hlc of the first that closed it */
    struct uuid closer;
};

/* --- its fields --- */

/* A set's members: an array of texts. */
static void take_officers(struct taking *k, struct bytes value)
{
    struct cbor_reader r;
    size_t count;

    cbor_open_gated(&r, value);
    count = cbor_get_array(&r);
    k->is_for_some = count > 0;
    for (size_t i = 0; i < count && !r.err; i++) {
        const struct bytes number = cbor_get_text(&r);

        k->is_for_me |= !r.err && number.len == strlen(k->self->number) &&
                        number.len > 0 &&
                        memcmp(number.data, k->self->number, number.len) == 0;
    }
}

static void take_number(struct taking *k, const struct tablet_field *f)
{
    struct tablet_task *task = k->task;
    struct cbor_reader r;
    int64_t n;

    cbor_open_gated(&r, f->value);
    n = cbor_get_int(&r);
    if (r.err) {
        return;
    }
    if (f->id == TASK_KIND && n >= TASK_SORT_CHECK_IN && n <= TASK_SORT_OTHER) {
        task->sort = (enum task_sort)n;
    } else if (f->id == FIELD_ENDED_MS) {
        k->ended_ms = n;
    } else if (f->id == TASK_DUE_MS) {
        task->due_ms = n;
    } else if (f->id == TASK_GOAL_MIN && n >= 0 && n <= 24 * 60) {
        task->goal_min = (int)n;
    }
}

static void take_mark(struct taking *k, const struct tablet_field *f)
{
    struct cbor_reader r;
    struct uuid team;

    cbor_open_gated(&r, f->value);
    if (f->id == TASK_URGENT) {
        const bool is_urgent = cbor_get_bool(&r);

        k->task->is_urgent = !r.err && is_urgent;
        return;
    }
    cbor_get_uuid(&r, &team);
    if (!r.err) {
        k->team = team;
    }
}

static enum err take_field(void *ctx, const struct tablet_field *f)
{
    struct taking *k = ctx;
    struct tablet_task *task = k->task;

    if (f->value.data == NULL || f->ordinal > 0) {
        return ERR_OK;
    }
    switch (f->id) {
    case FIELD_TITLE:
        tablet_copy(f->value, task->title, sizeof(task->title));
        break;
    case FIELD_NOTE:
        tablet_copy(f->value, task->note, sizeof(task->note));
        break;
    case FIELD_PLACE_NAME:
        tablet_copy(f->value, task->place_name, sizeof(task->place_name));
        break;
    case TASK_AREA:
        tablet_copy(f->value, task->area, sizeof(task->area));
        break;
    case TASK_OFFICERS:
        take_officers(k, f->value);
        break;
    case TASK_URGENT:
    case TASK_TEAM:
        take_mark(k, f);
        break;
    default:
        take_number(k, f);
    }
    return ERR_OK;
}

/* --- what was said of it --- */

static void take_close(struct taking *k, const struct tablet_said *s)
{
    struct tablet_task *task = k->task;
    const struct body_field_view *f;
    struct cbor_reader r;
    int64_t outcome = TASK_DONE;

    if (k->closed != 0 && k->closed <= s->hlc) {
        return;
    }
    f = s->body == NULL ? NULL : body_find(s->body, TASK_OUTCOME);
    if (f != NULL) {
        cbor_open_gated(&r, f->value);
        outcome = cbor_get_int(&r);
        outcome =
            !r.err && outcome == TASK_NOT_DONE ? TASK_NOT_DONE : TASK_DONE;
    }
    f = s->body == NULL ? NULL : body_find(s->body, FIELD_REASON);
    task->reason[0] = '\0';
    if (f != NULL) {
        tablet_copy(f->value, task->reason, sizeof(task->reason));
    }
    task->outcome = (enum task_outcome)outcome;
    task->closed_ms = s->wall_ms;
    k->closed = s->hlc;
    k->closer = s->officer;
}

static enum err take_said(void *ctx, const struct tablet_said *s)
{
    struct taking *k = ctx;

    if (s->op == OP_CLOSE || s->op == OP_CHECK_IN) {
        take_close(k, s);
    } else if (s->op == OP_ACKNOWLEDGE &&
               uuid_eq(&s->officer, &k->t->officer)) {
        k->task->is_acknowledged = true;
    }
    return ERR_OK;
}

static bool is_wanted(const struct taking *k, int64_t now_ms)
{
    const struct tablet_task *task = k->task;
    const int64_t due_ms = task->due_ms != 0 ? task->due_ms : task->made_ms;
    const bool is_team = uuid_is_zero(&k->team) ||
                         uuid_is_zero(&k->self->team) ||
                         uuid_eq(&k->team, &k->self->team);

    return task->title[0] != '\0' && is_team &&
           (k->ended_ms == 0 || k->ended_ms > now_ms) &&
           (!k->is_for_some || k->is_for_me) &&
           span_ms(now_ms, due_ms) < TASK_KEEP_MS;
}

/* ERR_STOPPED: it is not for this officer, or long over. */
static enum err read_task(struct taking *k, const struct uuid *author,
                          int64_t now_ms)
{
    struct tablet_task *task = k->task;
    enum err err = tablet_fields(k->t, &task->id, take_field, k);

    if (err == ERR_NOT_FOUND || (!err && !is_wanted(k, now_ms))) {
        return ERR_STOPPED;
    }
    err = err ? err : tablet_said(k->t, &task->id, take_said, k);
    err = err ? err
              : tablet_name_of(k->t, author, task->from, sizeof(task->from));
    return err ? err
               : tablet_name_of(k->t, &k->closer, task->closed_by,
                                sizeof(task->closed_by));
}

/* --- the list --- */

struct list {
    size_t count;
    struct tablet_task tasks[BRIEF_LIST_MAX];
};

static int by_due(const void *a, const void *b)
{
    const struct tablet_task *x = a;
    const struct tablet_task *y = b;

    if (x->due_ms != y->due_ms) {
        return x->due_ms < y->due_ms ? -1 : 1;
    }
    return memcmp(x->id.bytes, y->id.bytes, sizeof(x->id.bytes));
}

static enum err load(struct tablet *t, sqlite3_stmt *st, int64_t now_ms,
                     struct list *l)
{
    struct tablet_self self;
    struct uuid author;
    bool has_row;
    enum err err = tablet_self(t, &self);

    db_bind_int(st, 1, KIND_TASK);
    db_bind_int(st, 2, BRIEF_LIST_MAX);
    while (!err) {
        struct tablet_task *task = &l->tasks[l->count];
        struct taking k = { .t = t, .task = task, .self = &self };

        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        memset(task, 0, sizeof(*task));
        task->sort = TASK_SORT_OTHER;
        db_get_uuid(st, 0, &task->id);
        db_get_uuid(st, 1, &author);
        task->made_ms = sqlite3_column_int64(st, 2);
        err = read_task(&k, &author, now_ms);
        l->count += !err;
        err = err == ERR_STOPPED ? ERR_OK : err;
    }
    sqlite3_reset(st);
    return err;
}

enum err tablet_tasks(struct tablet *t, int64_t now_ms, tablet_task_fn fn,
                      void *ctx)
{
    struct list *l;
    sqlite3_stmt *st;
    enum err err;

    if (uuid_is_zero(&t->officer)) {
        return ERR_OK;
    }
    err = store_statement(t->store, sql_list, &st);
    if (err) {
        return err;
    }
    l = mem_alloc(sizeof(*l));
    if (l == NULL) {
        return ERR_NOMEM;
    }
    l->count = 0;
    err = load(t, st, now_ms, l);
    if (!err && l->count > 1) {
        qsort(l->tasks, l->count, sizeof(l->tasks[0]), by_due);
    }
    for (size_t i = 0; i < l->count && !err; i++) {
        err = fn(ctx, &l->tasks[i]);
    }
    mem_free(l);
    return err == ERR_STOPPED ? ERR_OK : err;
}

/* --- what the officer says --- */

struct state {
    struct tablet *t;
    bool is_closed, is_seen;
    struct cbor_reader r;
    int64_t sort;
};

static enum err take_state(void *ctx, const struct tablet_said *s)
{
    struct state *state = ctx;

    state->is_closed |= s->op == OP_CLOSE || s->op == OP_CHECK_IN;
    state->is_seen |=
        s->op == OP_ACKNOWLEDGE && uuid_eq(&s->officer, &state->t->officer);
    return ERR_OK;
}

static enum err take_sort(void *ctx, const struct tablet_field *f)
{
    struct state *state = ctx;

    if (f->id == TASK_KIND && f->value.data != NULL && f->ordinal == 0) {
        cbor_open_gated(&state->r, f->value);
        state->sort = cbor_get_int(&state->r);
        return ERR_STOPPED;
    }
    return ERR_OK;
}

static enum err find_task(struct tablet *t, const struct uuid *task,
                          struct state *out)
{
    struct tablet_known known;
    enum err err;

    memset(out, 0, sizeof(*out));
    out->t = t;
    if (uuid_is_zero(&t->officer)) {
        return ERR_DENIED;
    }
    err = tablet_known_record(t, task, &known);
    if (!err && known.kind != KIND_TASK) {
        err = ERR_NOT_FOUND;
    }
    err = err ? err : tablet_said(t, task, take_state, out);
    return err ? err : tablet_fields(t, task, take_sort, out);
}

enum err tablet_task_close(struct tablet *t, const struct uuid *task,
                           enum task_outcome outcome, const char *reason)
{
    struct evlog_new e = { .officer = t->officer,
                           .record = *task,
                           .kind = KIND_TASK,
                           .kind_version = 1,
                           .op = OP_CLOSE };
    const bool is_done = outcome == TASK_DONE;
    struct body_writer w;
    struct state state;
    enum err err = find_task(t, task, &state);

    if (err || state.is_closed) {
        return err ? err : ERR_EXISTS;
    }
    if (!is_done && reason[0] == '\0') {
        return ERR_USAGE;
    }
    if (is_done && state.sort == TASK_SORT_CHECK_IN) {
        e.op = OP_CHECK_IN;
    }
    body_begin(&w);
    if (reason[0] != '\0') {
        body_put_text(&w, FIELD_REASON, reason);
    }
    body_put_int(&w, TASK_OUTCOME, outcome);
    return tablet_say(t, &e, &w, is_done ? "Done" : "Not done");
}

enum err tablet_task_seen(struct tablet *t, const struct uuid *task)
{
    const struct evlog_new e = { .officer = t->officer,
                                 .record = *task,
                                 .kind = KIND_TASK,
                                 .kind_version = 1,
                                 .op = OP_ACKNOWLEDGE };
    struct body_writer w;
    struct state state;
    enum err err = find_task(t, task, &state);

    if (err || state.is_seen) {
        return err;
    }
    body_begin(&w);
    return tablet_say(t, &e, &w, "Seen");
}
