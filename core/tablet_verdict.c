/* What a leader says of a log, and the officer's answer: tablet_review.h. */
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/tablet_review_internal.h"

struct mark {
    struct uuid record;
    uint64_t kind, changed;
    enum tablet_review_mark mark;
};

struct marks {
    size_t count;
    struct mark list[REVIEW_ENTRIES_MAX];
};

static enum err take_entry(void *ctx, const struct tablet_log_entry *e)
{
    struct marks *m = ctx;

    if (e->kind == TABLET_LOG_RECORD || e->kind == TABLET_LOG_LINE) {
        m->list[m->count++] =
            (struct mark){ e->item.id, e->item.kind, e->changed, e->mark };
    }
    return ERR_OK;
}

static struct mark *find_mark(struct marks *m, const struct uuid *record)
{
    for (size_t i = 0; i < m->count; i++) {
        if (uuid_eq(&m->list[i].record, record)) {
            return &m->list[i];
        }
    }
    return NULL;
}

struct saying {
    struct tablet_save save;
    const struct tablet_verdict *v;
    struct tablet_patrol_log log;
    struct marks marks;
    struct buf text; /* of the line in the leader's book */
    size_t asked;    /* questions without an answer, after this */
};

static void add(struct saying *s, const struct uuid *record, uint64_t kind,
                enum event_op op, struct body_writer *w)
{
    const struct evlog_new e = { .officer = s->save.t->officer,
                                 .record = *record,
                                 .kind = (enum event_kind)kind,
                                 .kind_version = 1,
                                 .op = op };

    tablet_save_add(&s->save, &e, w, TIER_OPEN, NULL);
}

static enum err add_questions(struct saying *s)
{
    for (size_t i = 0; i < s->v->question_count; i++) {
        const struct tablet_log_question *q = &s->v->questions[i];
        struct mark *m = find_mark(&s->marks, &q->record);
        struct body_writer w;

        if (m == NULL) {
            return ERR_NOT_FOUND;
        }
        if (q->text[0] == '\0') {
            return ERR_USAGE;
        }
        body_begin(&w);
        body_put_text(&w, FIELD_NOTE, q->text);
        body_put_int(&w, REVIEW_SEEN, (int64_t)m->changed);
        add(s, &m->record, m->kind, OP_ASK, &w);
        m->mark = TABLET_ASKED;
    }
    return ERR_OK;
}

static size_t add_approvals(struct saying *s)
{
    size_t count = 0;

    for (size_t i = 0; i < s->marks.count; i++) {
        const struct mark *m = &s->marks.list[i];
        struct body_writer w;

        s->asked += m->mark == TABLET_ASKED;
        if (!s->v->approves_rest || m->mark == TABLET_ASKED ||
            m->mark == TABLET_REVIEWED) {
            continue;
        }
        body_begin(&w);
        body_put_int(&w, REVIEW_VERDICT, REVIEW_APPROVED);
        body_put_int(&w, REVIEW_SEEN, (int64_t)m->changed);
        add(s, &m->record, m->kind, OP_REVIEW, &w);
        count++;
    }
    return count;
}

static void add_verdict(struct saying *s, uint64_t newest)
{
    const char *reason = s->v->reason == NULL ? "" : s->v->reason;
    struct body_writer w;

    body_begin(&w);
    if (reason[0] != '\0') {
        body_put_text(&w, FIELD_REASON, reason);
    }
    body_put_int(&w, REVIEW_VERDICT,
                 s->asked > 0 ? REVIEW_SENT_BACK : REVIEW_APPROVED);
    body_put_int(&w, REVIEW_SEEN, (int64_t)newest);
    if (s->asked > 0) {
        body_put_int(&w, REVIEW_COUNT, (int64_t)s->asked);
    }
    add(s, &s->v->patrol, KIND_PATROL, OP_REVIEW, &w);
}

static enum err save_line(struct saying *s)
{
    struct tablet_line line = { .about = &s->v->patrol };

    if (s->asked > 0) {
        buf_printf(&s->text,
                   "Sent back with %u question%s: ", (unsigned)s->asked,
                   s->asked == 1 ? "" : "s");
    } else {
        buf_put_text(&s->text, "Reviewed and approved: ");
    }
    buf_printf(&s->text, "%s%s%s", s->log.name,
               s->log.area[0] != '\0' ? ", " : "", s->log.area);
    buf_put_u8(&s->text, 0);
    if (s->text.err) {
        return s->text.err;
    }
    line.text = (const char *)s->text.data;
    tablet_save_line(&s->save, &line, NULL);
    return tablet_save_end(&s->save);
}

/* The newest thing that is known of the patrol itself. */
static enum err newest_of(struct tablet *t, const struct uuid *patrol,
                          uint64_t *out)
{
    struct review_patrol *p = mem_alloc(sizeof(*p));
    struct tablet_patrol_log log = { .id = *patrol };
    enum err err = ERR_NOMEM;

    if (p != NULL) {
        memset(p, 0, sizeof(*p));
        p->out = &log;
        err = tablet_review_read(t, p);
        *out = p->newest;
    }
    mem_free(p);
    return err;
}

static enum err say(struct tablet *t, struct saying *s)
{
    uint64_t newest = 0;
    size_t approved;
    enum err err =
        tablet_patrol_log(t, &s->v->patrol, &s->log, take_entry, &s->marks);

    if (!err && s->log.is_own) {
        return ERR_DENIED; /* another team leader does that */
    }
    if (!err && s->v->approves_rest &&
        (s->log.ended_ms == 0 || s->log.here < s->log.total)) {
        return ERR_BUSY;
    }
    err = err ? err : newest_of(t, &s->v->patrol, &newest);
    err = err ? err : add_questions(s);
    if (err) {
        return err;
    }
    approved = add_approvals(s);
    if (s->v->question_count == 0 && approved == 0 &&
        (s->log.state == TABLET_LOG_APPROVED || !s->v->approves_rest)) {
        return ERR_USAGE;
    }
    add_verdict(s, newest);
    return save_line(s);
}

enum err tablet_review(struct tablet *t, const struct tablet_verdict *v)
{
    struct saying *s = mem_alloc(sizeof(*s));
    enum err err;

    if (s == NULL) {
        return ERR_NOMEM;
    }
    memset(s, 0, sizeof(*s));
    s->v = v;
    buf_init(&s->text, 4 * TABLET_TEXT_SIZE);
    tablet_save_init(&s->save, t);
    err = say(t, s);
    tablet_save_fini(&s->save);
    buf_fini(&s->text);
    mem_free(s);
    return err;
}

/* --- the officer's side --- */

/* The partial index event_said: its words stand here as they stand there. */
static const char sql_asked[] =
    "SELECT r.record FROM event e INDEXED BY event_said"
    " CROSS JOIN record r ON r.record = e.record"
    " WHERE e.op IN (22, 25) AND e.op = 22 AND e.state = 0"
    " AND r.officer = ?1 AND r.kind IN (1, 8, 9) AND r.is_struck = 0"
    " GROUP BY r.record ORDER BY max(e.id) DESC LIMIT ?2";

static_assert(OP_ASK == 22 && OP_REVIEW == 25, "as in sql_asked");

static enum err tell_asked(struct tablet *t, const struct uuid *record,
                           tablet_asked_fn fn, void *ctx)
{
    struct tablet_log_entry e;
    struct tablet_asked asked;
    const enum err err = tablet_review_entry(t, record, false, &e);

    if (err || e.mark != TABLET_ASKED) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    asked.item = e.item;
    asked.is_peer = false;
    asked.asked_ms = e.by_ms;
    memcpy(asked.by, e.by, sizeof(asked.by));
    memcpy(asked.question, e.question, sizeof(asked.question));
    return fn(ctx, &asked);
}

/* Questions of team leaders, about what the officer wrote. */
static enum err each_asked(struct tablet *t, tablet_asked_fn fn, void *ctx)
{
    struct uuid record;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql_asked, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &t->officer);
    db_bind_int(st, 2, BRIEF_LIST_MAX);
    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        db_get_uuid(st, 0, &record);
        err = tell_asked(t, &record, fn, ctx);
    }
    sqlite3_reset(st);
    return err;
}

/* --- questions of colleagues: whom they ask stands in the body --- */

static const char sql_peers[] =
    "SELECT e.record, e.body FROM event e INDEXED BY event_said"
    " CROSS JOIN record r ON r.record = e.record WHERE e.op IN (22, 25) AND "
    "e.op = 22"
    " AND e.state = 0 AND r.is_struck = 0 ORDER BY e.id DESC";

struct peers {
    struct tablet *t;
    struct body_view view;
    size_t count; /* of records looked at */
    struct uuid seen[BRIEF_LIST_MAX];
};

static bool is_new_to_me(struct peers *p, struct bytes body,
                         const struct uuid *record)
{
    const struct tablet_said said = { .body = &p->view };
    struct uuid of;

    if (body.data == NULL || body_parse(body, &p->view) ||
        !tablet_said_of(&said, &of) || !uuid_eq(&of, &p->t->officer) ||
        p->count == BRIEF_LIST_MAX) {
        return false;
    }
    for (size_t i = 0; i < p->count; i++) {
        if (uuid_eq(&p->seen[i], record)) {
            return false;
        }
    }
    p->seen[p->count++] = *record;
    return true;
}

/* Is a team leader's question about this record open, too? It goes first. */
static enum err is_leaders_open(struct tablet *t, const struct uuid *record,
                                struct tablet_log_entry *e, bool *out)
{
    const enum err err = tablet_review_entry(t, record, false, e);

    *out = !err && e->mark == TABLET_ASKED &&
           uuid_eq(&e->item.officer, &t->officer);
    return err;
}

static enum err tell_peer(struct tablet *t, const struct uuid *record,
                          tablet_asked_fn fn, void *ctx)
{
    struct tablet_asked asked;
    struct tablet_log_entry e;
    struct tablet_peer peer;
    bool is_leaders;
    enum err err = tablet_peer_read(t, record, &peer);

    if (err || !peer.is_open) {
        return err;
    }
    err = is_leaders_open(t, record, &e, &is_leaders);
    if (err || is_leaders) {
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    asked.item = e.item;
    asked.is_peer = true;
    asked.asked_ms = peer.at_ms;
    memcpy(asked.question, peer.question, sizeof(asked.question));
    err = tablet_name_of(t, &peer.by, asked.by, sizeof(asked.by));
    return err ? err : fn(ctx, &asked);
}

static enum err each_peer(struct tablet *t, tablet_asked_fn fn, void *ctx)
{
    struct peers *p = mem_alloc(sizeof(*p));
    struct uuid record;
    sqlite3_stmt *st;
    bool has_row = true;
    enum err err =
        p == NULL ? ERR_NOMEM : store_statement(t->store, sql_peers, &st);

    if (err) {
        mem_free(p);
        return err;
    }
    p->t = t;
    p->count = 0;
    while (!err && has_row) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        db_get_uuid(st, 0, &record);
        if (is_new_to_me(p, db_get_bytes(st, 1), &record)) {
            err = tell_peer(t, &record, fn, ctx);
        }
    }
    sqlite3_reset(st);
    mem_free(p);
    return err;
}

enum err tablet_questions(struct tablet *t, tablet_asked_fn fn, void *ctx)
{
    enum err err;

    if (uuid_is_zero(&t->officer)) {
        return ERR_OK;
    }
    err = each_asked(t, fn, ctx);
    if (!err) {
        err = each_peer(t, fn, ctx);
    }
    return err == ERR_STOPPED ? ERR_OK : err;
}

enum err tablet_answer(struct tablet *t, const struct uuid *record,
                       const char *answer)
{
    struct evlog_new e = { .officer = t->officer,
                           .record = *record,
                           .kind_version = 1,
                           .op = OP_ANSWER };
    struct tablet_log_entry entry;
    struct tablet_peer peer = { .is_open = false };
    struct body_writer w;
    bool is_leaders = false;
    enum err err = uuid_is_zero(&t->officer)
                       ? ERR_DENIED
                       : is_leaders_open(t, record, &entry, &is_leaders);

    if (!err && !is_leaders) {
        err = tablet_peer_read(t, record, &peer);
    }
    if (err) {
        return err;
    }
    if (!is_leaders && !peer.is_open) {
        return ERR_NOT_FOUND;
    }
    if (answer[0] == '\0') {
        return ERR_USAGE;
    }
    if (!is_leaders) {
        return tablet_peer_answer(t, record, &peer.by, answer);
    }
    e.kind = (enum event_kind)entry.item.kind;
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, answer);
    return tablet_say(t, &e, &w, "Answered");
}
