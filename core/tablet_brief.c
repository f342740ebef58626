#include "core/tablet_brief.h"

#include <string.h>

#include "core/mem.h"
#include "core/tablet_internal.h"

static const char sql_list[] =
    "SELECT record, officer, created_ms FROM record WHERE kind = ?1"
    " AND tier = 0 AND is_struck = 0 ORDER BY created_hlc DESC LIMIT ?2";

struct taking {
    struct tablet *t;
    struct tablet_brief *b;
    struct uuid team; /* that it is for; zero: not said */
    uint64_t seen;    /* what the officer read of it, 0: nothing */
    uint64_t asked, answered;
};

/* --- its fields --- */

static void take_place(struct tablet_brief *b, struct bytes value)
{
    b->has_place = body_place_parse(value, &b->place) == ERR_OK;
    b->place.words = (struct bytes){ NULL, 0 };
}

static void take_other(struct taking *k, const struct tablet_field *f)
{
    struct cbor_reader r;
    struct uuid team;

    cbor_open_gated(&r, f->value);
    if (f->id == FIELD_ENDED_MS) {
        const int64_t ends_ms = cbor_get_int(&r);

        k->b->ends_ms = r.err ? 0 : ends_ms;
    } else if (f->id == BRIEFING_MUST_READ) {
        const bool is_needed = cbor_get_bool(&r);

        k->b->must_read = !r.err && is_needed;
    } else if (f->id == BRIEFING_TEAM) {
        cbor_get_uuid(&r, &team);
        if (!r.err) {
            k->team = team;
        }
    } else if (f->id == FIELD_PLACE) {
        take_place(k->b, f->value);
    }
}

static enum err take_field(void *ctx, const struct tablet_field *f)
{
    struct taking *k = ctx;
    struct tablet_brief *b = k->b;
    const struct {
        uint64_t id;
        char *out;
        size_t size;
    } texts[] = {
        { FIELD_TITLE, b->title, sizeof(b->title) },
        { FIELD_NOTE, b->text, sizeof(b->text) },
        { FIELD_MARKING, b->marking, sizeof(b->marking) },
        { FIELD_PLACE_NAME, b->place_name, sizeof(b->place_name) },
        { BRIEFING_AREA, b->area, sizeof(b->area) },
        { BRIEFING_WHY, b->why, sizeof(b->why) },
        { BRIEFING_TO_DO, b->to_do, sizeof(b->to_do) },
        { BRIEFING_LOOK_FOR, b->look_for, sizeof(b->look_for) },
    };

    if (f->value.data == NULL || f->ordinal > 0) {
        return ERR_OK;
    }
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (texts[i].id == f->id) {
            tablet_copy(f->value, texts[i].out, texts[i].size);
            return ERR_OK;
        }
    }
    take_other(k, f);
    return ERR_OK;
}

/* --- what was said of it --- */

static uint64_t seen_of(const struct tablet_said *s)
{
    const struct body_field_view *f =
        s->body == NULL ? NULL : body_find(s->body, BRIEFING_SEEN);
    struct cbor_reader r;
    int64_t seen;

    if (f == NULL) {
        return 0;
    }
    cbor_open_gated(&r, f->value);
    seen = cbor_get_int(&r);
    return r.err || seen < 0 ? 0 : (uint64_t)seen;
}

static void copy_note(const struct tablet_said *s, char *out, size_t size)
{
    const struct body_field_view *f =
        s->body == NULL ? NULL : body_find(s->body, FIELD_NOTE);

    out[0] = '\0';
    if (f != NULL) {
        tablet_copy(f->value, out, size);
    }
}

static enum err take_said(void *ctx, const struct tablet_said *s)
{
    struct taking *k = ctx;
    struct tablet_brief *b = k->b;
    const bool is_mine = uuid_eq(&s->officer, &k->t->officer);

    if (s->op == OP_CREATE || s->op == OP_SET || s->op == OP_RESOLVE) {
        if (s->hlc > b->changed) {
            b->changed = s->hlc;
            b->changed_ms = s->wall_ms;
        }
    } else if (s->op == OP_ACKNOWLEDGE && is_mine) {
        if (seen_of(s) >= k->seen) {
            k->seen = seen_of(s);
            b->read_ms = s->wall_ms;
        }
    } else if (s->op == OP_ASK && is_mine && s->hlc > k->asked) {
        k->asked = s->hlc;
        b->asked_ms = s->wall_ms;
        copy_note(s, b->question, sizeof(b->question));
    } else if (s->op == OP_ANSWER && s->hlc > k->answered) {
        k->answered = s->hlc;
        b->answered_ms = s->wall_ms;
        copy_note(s, b->answer, sizeof(b->answer));
    }
    return ERR_OK;
}

/* ERR_STOPPED: it is not for this officer, or over. */
static enum err read_brief(struct taking *k, const struct tablet_self *self,
                           const struct uuid *author, int64_t now_ms)
{
    struct tablet_brief *b = k->b;
    enum err err = tablet_fields(k->t, &b->id, take_field, k);

    if (err == ERR_NOT_FOUND || (!err && b->title[0] == '\0')) {
        return ERR_STOPPED; /* erased */
    }
    if (!err && !uuid_is_zero(&k->team) && !uuid_is_zero(&self->team) &&
        !uuid_eq(&k->team, &self->team)) {
        return ERR_STOPPED;
    }
    if (!err && b->ends_ms != 0 && b->ends_ms <= now_ms) {
        return ERR_STOPPED;
    }
    err = err ? err : tablet_said(k->t, &b->id, take_said, k);
    b->is_read = b->read_ms != 0 && k->seen >= b->changed;
    if (k->answered < k->asked) {
        b->answer[0] = '\0'; /* to somebody else, or an earlier one */
        b->answered_ms = 0;
    }
    return err ? err : tablet_name_of(k->t, author, b->from, sizeof(b->from));
}

static enum err each_brief(struct tablet *t, sqlite3_stmt *st, int64_t now_ms,
                           struct tablet_brief *b, tablet_brief_fn fn,
                           void *ctx)
{
    struct tablet_self self;
    struct uuid author;
    bool has_row;
    enum err err = tablet_self(t, &self);

    db_bind_int(st, 1, KIND_BRIEFING);
    db_bind_int(st, 2, BRIEF_LIST_MAX);
    while (!err) {
        struct taking k = { .t = t, .b = b };

        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        memset(b, 0, sizeof(*b));
        db_get_uuid(st, 0, &b->id);
        db_get_uuid(st, 1, &author);
        b->made_ms = sqlite3_column_int64(st, 2);
        err = read_brief(&k, &self, &author, now_ms);
        err = err == ERR_STOPPED ? ERR_OK : err ? err : fn(ctx, b);
    }
    sqlite3_reset(st);
    return err == ERR_STOPPED ? ERR_OK : err;
}

enum err tablet_briefs(struct tablet *t, int64_t now_ms, tablet_brief_fn fn,
                       void *ctx)
{
    struct tablet_brief *b;
    sqlite3_stmt *st;
    enum err err;

    if (uuid_is_zero(&t->officer)) {
        return ERR_OK;
    }
    err = store_statement(t->store, sql_list, &st);
    if (err) {
        return err;
    }
    b = mem_alloc(sizeof(*b));
    err = b == NULL ? ERR_NOMEM : each_brief(t, st, now_ms, b, fn, ctx);
    mem_free(b);
    return err;
}

/* --- what the officer says --- */

static enum err find_brief(struct tablet *t, const struct uuid *brief)
{
    struct tablet_known known;
    enum err err;

    if (uuid_is_zero(&t->officer)) {
        return ERR_DENIED;
    }
    err = tablet_known_record(t, brief, &known);
    return err ? err : known.kind == KIND_BRIEFING ? ERR_OK : ERR_NOT_FOUND;
}

struct mine {
    struct tablet *t;
    uint64_t seen;
};

static enum err take_mine(void *ctx, const struct tablet_said *s)
{
    struct mine *m = ctx;

    if (s->op == OP_ACKNOWLEDGE && uuid_eq(&s->officer, &m->t->officer) &&
        seen_of(s) > m->seen) {
        m->seen = seen_of(s);
    }
    return ERR_OK;
}

enum err tablet_brief_read(struct tablet *t, const struct uuid *brief,
                           uint64_t changed)
{
    const struct evlog_new e = { .officer = t->officer,
                                 .record = *brief,
                                 .kind = KIND_BRIEFING,
                                 .kind_version = 1,
                                 .op = OP_ACKNOWLEDGE };
    struct mine mine = { .t = t };
    struct body_writer w;
    enum err err = find_brief(t, brief);

    err = err ? err : tablet_said(t, brief, take_mine, &mine);
    if (err || (mine.seen != 0 && mine.seen >= changed)) {
        return err;
    }
    body_begin(&w);
    body_put_int(&w, BRIEFING_SEEN, (int64_t)changed);
    return tablet_say(t, &e, &w, "Read and understood");
}

enum err tablet_brief_ask(struct tablet *t, const struct uuid *brief,
                          const char *question)
{
    const struct evlog_new e = { .officer = t->officer,
                                 .record = *brief,
                                 .kind = KIND_BRIEFING,
                                 .kind_version = 1,
                                 .op = OP_ASK };
    struct body_writer w;
    enum err err = find_brief(t, brief);

    if (err || question[0] == '\0') {
        return err ? err : ERR_USAGE;
    }
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, question);
    return tablet_say(t, &e, &w, "Asked about");
}
