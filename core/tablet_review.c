#include "core/tablet_review.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/policy.h"
#include "core/tablet_review_internal.h"

enum err tablet_is_leader(struct tablet *t, bool *out)
{
    struct tablet_self self;
    const enum err err = tablet_self(t, &self);

    *out = !err && self.is_leader;
    return err;
}

static enum err need_leader(struct tablet *t)
{
    bool is_leader = false;
    const enum err err = uuid_is_zero(&t->officer)
                             ? ERR_DENIED
                             : tablet_is_leader(t, &is_leader);

    return err ? err : is_leader ? ERR_OK : ERR_DENIED;
}

/* --- the patrol itself --- */

static enum err take_field(void *ctx, const struct tablet_field *f)
{
    struct tablet_patrol_log *out = ctx;
    struct cbor_reader r;
    int64_t n;

    if (f->value.data == NULL || f->ordinal > 0) {
        return ERR_OK;
    }
    if (f->id == PATROL_AREA) {
        tablet_copy(f->value, out->area, sizeof(out->area));
    } else if (f->id == PATROL_MINUTES) {
        tablet_copy(f->value, out->minutes, sizeof(out->minutes));
    } else if (f->id == PATROL_DISTANCE_MM || f->id == PATROL_GAPS_MS) {
        cbor_open_gated(&r, f->value);
        n = cbor_get_int(&r);
        if (!r.err && f->id == PATROL_DISTANCE_MM) {
            out->distance_mm = n;
        } else if (!r.err) {
            out->gaps_ms = n;
        }
    }
    return ERR_OK;
}

static void add_step(struct review_patrol *p, enum tablet_entry_kind kind,
                     int64_t at_ms)
{
    if (p->step_count < REVIEW_STEPS_MAX) {
        p->steps[p->step_count].kind = kind;
        p->steps[p->step_count].at_ms = at_ms;
        p->step_count++;
    }
}

/* A promise is kept, or was missed, when the next thing happens. */
static void meet_check(struct review_patrol *p, int64_t at_ms, int64_t next_ms)
{
    if (p->due_ms != 0) {
        p->out->checks++;
        p->out->late_checks += span_ms(at_ms, p->due_ms) > p->grace_ms;
    }
    p->due_ms = next_ms;
}

static void add_review(struct review_patrol *p, const struct tablet_said *s)
{
    size_t at = p->review_count;

    if (at == REVIEW_VERDICTS_MAX) {
        return;
    }
    for (; at > 0 && p->reviews[at - 1].hlc > s->hlc; at--) {
        p->reviews[at] = p->reviews[at - 1];
    }
    p->reviews[at] = (struct review_one){
        .hlc = s->hlc,
        .seen = (uint64_t)tablet_said_int(s, REVIEW_SEEN, 0),
        .verdict = tablet_said_int(s, REVIEW_VERDICT, 0),
        .at_ms = s->wall_ms,
        .officer = s->officer,
    };
    tablet_said_text(s, FIELD_REASON, p->reviews[at].reason,
                     sizeof(p->reviews[at].reason));
    p->review_count++;
}

static enum err take_step(void *ctx, const struct tablet_said *s)
{
    struct review_patrol *p = ctx;

    p->newest = s->hlc > p->newest ? s->hlc : p->newest;
    switch (s->op) {
    case OP_PATROL_START:
        p->from = s->hlc;
        p->out->started_ms = s->wall_ms;
        p->out->officer = s->officer;
        add_step(p, TABLET_LOG_STARTED, s->wall_ms);
        break;
    case OP_PATROL_PAUSE:
        add_step(p, TABLET_LOG_PAUSED, s->wall_ms);
        break;
    case OP_PATROL_RESUME:
        add_step(p, TABLET_LOG_RESUMED, s->wall_ms);
        break;
    case OP_PATROL_END:
        p->to = s->hlc + 1; /* the line that says so comes after it */
        p->out->ended_ms = s->wall_ms;
        meet_check(p, s->wall_ms, 0);
        add_step(p, TABLET_LOG_ENDED, s->wall_ms);
        break;
    case OP_CHECK_IN:
        meet_check(p, s->wall_ms, tablet_said_int(s, PATROL_NEXT_MS, 0));
        break;
    case OP_REVIEW:
        add_review(p, s);
        break;
    default:
        break;
    }
    return ERR_OK;
}

enum err tablet_review_read(struct tablet *t, struct review_patrol *p)
{
    struct tablet_patrol_log *out = p->out;
    const struct uuid id = out->id;
    struct policy policy;
    enum err err = tablet_policy(t, &policy);

    memset(out, 0, sizeof(*out));
    out->id = id;
    out->clock_off_ms = -1;
    p->to = INT64_MAX;
    p->grace_ms = policy.check_in_grace_ms;
    err = err ? err : tablet_said(t, &id, take_step, p);
    if (!err && p->from == 0) {
        return ERR_NOT_FOUND; /* its beginning isn't here, or is erased */
    }
    out->is_own = uuid_eq(&out->officer, &t->officer);
    err = err ? err : tablet_fields(t, &id, take_field, out);
    return err ? err
               : tablet_name_of(t, &out->officer, out->name, sizeof(out->name));
}

/* The later of two stands when its author knew of the earlier; else the
 * earlier does, and the other is shown beside it. */
enum err tablet_review_settle(struct tablet *t, struct review_patrol *p)
{
    const struct review_one *stands = NULL, *beside = NULL;
    struct tablet_patrol_log *out = p->out;
    enum err err = ERR_OK;

    for (size_t i = 0; i < p->review_count; i++) {
        const struct review_one *r = &p->reviews[i];

        if (stands == NULL || r->seen >= stands->hlc) {
            stands = r;
            beside = NULL;
        } else {
            beside = r;
        }
    }
    if (stands != NULL) {
        out->by_ms = stands->at_ms;
        memcpy(out->reason, stands->reason, sizeof(out->reason));
        err = tablet_name_of(t, &stands->officer, out->by, sizeof(out->by));
    }
    if (!err && beside != NULL) {
        out->other_ms = beside->at_ms;
        err =
            tablet_name_of(t, &beside->officer, out->other, sizeof(out->other));
    }
    out->state = out->ended_ms == 0 ? TABLET_LOG_ARRIVING
                 : out->asked > 0   ? TABLET_LOG_SENT_BACK
                 : stands != NULL && stands->verdict == REVIEW_APPROVED
                     ? TABLET_LOG_APPROVED
                     : TABLET_LOG_TO_REVIEW;
    return err;
}

/* --- its entries --- */

static const char sql_entries[] =
    "SELECT r.record, r.kind, r.parent, (SELECT value FROM field"
    " WHERE record = r.id AND field = ?5 AND ordinal = 0),"
    " EXISTS (SELECT 1 FROM field WHERE record = r.id AND field = ?6)"
    " FROM record r WHERE r.kind IN (1, 8, 9, 30)"
    " AND r.created_hlc BETWEEN ?1 AND ?2 AND r.officer = ?3"
    " AND (r.kind = 8 OR r.parent IS NULL) AND r.is_struck = 0"
    " ORDER BY r.created_hlc LIMIT ?4";

static_assert(KIND_OBSERVATION == 1 && KIND_ENTRY == 8 && KIND_NOTICE == 9 &&
                  KIND_RESTRICTED == 30,
              "as in sql_entries");

struct log {
    struct tablet *t;
    struct review_patrol *p;
    struct tablet_log_entry *entries; /* NULL: only counted */
    struct tablet_log_entry *one;     /* the one being read */
    size_t count;
};

/* Numbers of one book follow each other. */
static void count_line(struct tablet_patrol_log *out, const struct uuid *book,
                       struct bytes value)
{
    int64_t number = 0;

    out->lines++;
    if (!project_int(value, &number) || number < 1) {
        return;
    }
    if (!uuid_eq(book, &out->book)) {
        out->book = *book;
        out->first_line = (uint64_t)number;
    } else if ((uint64_t)number != out->last_line + 1) {
        out->has_line_gap = true;
    }
    out->last_line = (uint64_t)number;
}

static void count_entry(struct tablet_patrol_log *out,
                        const struct tablet_log_entry *e)
{
    const int64_t off = e->off_ms < 0 ? -e->off_ms : e->off_ms;

    out->total += 1 + e->pictures;
    out->here += 1 + e->pictures_here;
    out->photos += e->pictures;
    if (e->has_gnss && off > out->clock_off_ms) {
        out->clock_off_ms = off;
    }
    if (e->kind == TABLET_LOG_CLOSED) {
        out->logs++;
        return;
    }
    out->logs += e->item.kind == KIND_OBSERVATION;
    out->notices += e->item.kind == KIND_NOTICE;
    out->conflicts += e->item.has_conflict;
    out->reviewed += e->mark == TABLET_REVIEWED;
    out->asked += e->mark == TABLET_ASKED;
    out->answered += e->mark == TABLET_ANSWERED;
    out->to_look_at +=
        e->mark == TABLET_TO_LOOK_AT || e->mark == TABLET_ANSWERED;
}

/* A line that speaks of a record is that record's, not an entry by itself. */
static enum err take_row(struct log *l, sqlite3_stmt *st)
{
    struct tablet_patrol_log *out = l->p->out;
    struct uuid record, book = { { 0 } };
    enum err err;

    db_get_uuid(st, 0, &record);
    if (sqlite3_column_int(st, 1) == KIND_ENTRY) {
        db_get_uuid(st, 2, &book);
        count_line(out, &book, db_get_bytes(st, 3));
        if (sqlite3_column_int(st, 4) != 0) {
            out->total++;
            out->here++;
            return ERR_OK;
        }
    }
    err = tablet_review_entry(l->t, &record, l->entries != NULL, l->one);
    if (err) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    count_entry(out, l->one);
    if (l->entries != NULL && l->count < REVIEW_ENTRIES_MAX) {
        l->entries[l->count++] = *l->one;
    }
    return ERR_OK;
}

static enum err read_entries(struct log *l)
{
    const struct review_patrol *p = l->p;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(l->t->store, sql_entries, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, (int64_t)p->from);
    db_bind_int(st, 2, (int64_t)p->to);
    db_bind_uuid(st, 3, &p->out->officer);
    db_bind_int(st, 4, REVIEW_ENTRIES_MAX);
    db_bind_int(st, 5, ENTRY_NUMBER);
    db_bind_int(st, 6, ENTRY_ABOUT);
    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        err = take_row(l, st);
    }
    sqlite3_reset(st);
    return err;
}

static int by_time(const void *a, const void *b)
{
    const struct tablet_log_entry *x = a;
    const struct tablet_log_entry *y = b;

    if (x->at_ms != y->at_ms) {
        return x->at_ms < y->at_ms ? -1 : 1;
    }
    return x->kind != y->kind ? (x->kind < y->kind ? -1 : 1)
                              : memcmp(x->item.id.bytes, y->item.id.bytes, 16);
}

static enum err read_log(struct log *l)
{
    struct review_patrol *p = l->p;
    enum err err = tablet_review_read(l->t, p);

    err = err ? err : read_entries(l);
    for (size_t i = 0; !err && l->entries != NULL && i < p->step_count &&
                       l->count < REVIEW_ENTRIES_MAX;
         i++) {
        l->entries[l->count++] =
            (struct tablet_log_entry){ .kind = p->steps[i].kind,
                                       .at_ms = p->steps[i].at_ms };
    }
    return err ? err : tablet_review_settle(l->t, p);
}

static enum err tell_log(struct log *l, tablet_log_fn fn, void *ctx)
{
    enum err err = ERR_OK;

    qsort(l->entries, l->count, sizeof(l->entries[0]), by_time);
    for (size_t i = 0; i < l->count && !err; i++) {
        err = fn(ctx, &l->entries[i]);
    }
    return err == ERR_STOPPED ? ERR_OK : err;
}

enum err tablet_patrol_log(struct tablet *t, const struct uuid *patrol,
                           struct tablet_patrol_log *out, tablet_log_fn fn,
                           void *ctx)
{
    struct review_patrol *p = mem_alloc(sizeof(*p));
    struct log l = { .t = t, .p = p };
    enum err err = p == NULL ? ERR_NOMEM : need_leader(t);

    if (!err) {
        memset(p, 0, sizeof(*p));
        p->out = out;
        out->id = *patrol;
        l.one = mem_alloc(sizeof(*l.one));
        l.entries =
            fn == NULL
                ? NULL
                : mem_alloc((size_t)REVIEW_ENTRIES_MAX * sizeof(*l.entries));
        err = l.one == NULL || (fn != NULL && l.entries == NULL) ? ERR_NOMEM
                                                                 : read_log(&l);
    }
    if (!err && fn != NULL) {
        err = tell_log(&l, fn, ctx);
    }
    mem_free(l.one);
    mem_free(l.entries);
    mem_free(p);
    return err;
}

/* --- all of them --- */

static const char sql_patrols[] =
    "SELECT record FROM record WHERE kind = ?1 AND is_struck = 0"
    " AND created_ms >= ?2 ORDER BY created_hlc DESC LIMIT ?3";

static enum err list_patrols(struct tablet *t, int64_t since_ms,
                             struct uuid *ids, size_t *count)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_patrols, &st);

    *count = 0;
    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_PATROL);
    db_bind_int(st, 2, since_ms);
    db_bind_int(st, 3, REVIEW_LIST_MAX);
    for (;;) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        db_get_uuid(st, 0, &ids[(*count)++]);
    }
}

enum err tablet_patrols(struct tablet *t, int64_t since_ms, tablet_patrol_fn fn,
                        void *ctx)
{
    struct uuid ids[REVIEW_LIST_MAX];
    size_t count = 0;
    enum err err = need_leader(t);

    err = err ? err : list_patrols(t, since_ms, ids, &count);
    for (size_t i = 0; i < count && !err; i++) {
        struct tablet_patrol_log p;

        err = tablet_patrol_log(t, &ids[i], &p, NULL, NULL);
        err = err == ERR_NOT_FOUND ? ERR_OK : err ? err : fn(ctx, &p);
    }
    return err == ERR_STOPPED ? ERR_OK : err;
}
