/*
 * page_questions.c - what officers and team leaders asked about records, and
 * what was answered: the list of all, and the part of one record's page.
 * Asked and answered on tablets; here it is read.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "core/mem.h"
#include "sync-server/page_brief.h"
#include "sync-server/page_record.h"

#define ROWS_MAX   50
#define LOOKED_MAX 300 /* questions looked at for one page */

/* --- on a record's page --- */

static void put_one(struct council *c, const struct said *said,
                    const struct said_one *one, struct buf *out)
{
    char officer[160], whom[200] = "", at[40], what[200];
    const bool is_ask = one->op == OP_ASK;
    const char *text = one->text;
    struct buf tag;

    buf_init(&tag, 4096);
    page_officer(c, &one->officer, officer, sizeof(officer));
    page_time(one->at_ms, at, sizeof(at));
    if (one->is_peer) {
        page_officer(c, &one->of, whom, sizeof(whom));
    }
    if (one->op == OP_REVIEW) {
        snprintf(what, sizeof(what), "%s",
                 one->verdict == REVIEW_APPROVED ? "Reviewed"
                 : one->verdict == REVIEW_SENT_BACK
                     ? "Sent back"
                     : "Reviewed, newer verdict");
        text = text[0] != '\0' ? text : "No words were needed.";
    } else if (is_ask) {
        snprintf(what, sizeof(what), "%s%s",
                 one->is_peer ? "Asked " : "Asked by a team leader", whom);
    } else {
        snprintf(what, sizeof(what), "Answered%s%s", one->is_peer ? " " : "",
                 whom);
    }
    if (is_ask && said_is_open(said, one)) {
        page_put_tag(&tag, "yellow", "No answer yet");
    }
    {
        const struct html_value values[] = {
            { "what", what }, { "officer", officer },        { "at", at },
            { "text", text }, { "raw_tag", buf_text(&tag) },
        };

        page_put(out, "record_said_row.html", values, ARRAY_LEN(values));
    }
    page_carry(out, &tag);
    buf_fini(&tag);
}

void page_put_said(struct council *c, const struct said *said, struct buf *out)
{
    struct buf rows;

    if (said->count == 0) {
        return;
    }
    buf_init(&rows, SYNC_BODY_MAX_BYTES);
    for (size_t i = 0; i < said->count; i++) {
        put_one(c, said, &said->list[i], &rows);
    }
    {
        char text[80] = "";
        const struct html_value values[] = {
            { "text", text },
            { "raw_rows", buf_text(&rows) },
        };

        if (said->is_cut) {
            snprintf(text, sizeof(text), "Only the first %d are shown.",
                     SAID_MAX);
        }
        page_put(out, "record_said.html", values, ARRAY_LEN(values));
    }
    page_carry(out, &rows);
    buf_wipe(&rows);
}

/* --- the list --- */

struct list {
    struct council *council;
    const struct session *session;
    struct page_rights rights;
    bool is_all; /* answered ones, too */
    size_t rows, looked;
    uint64_t before; /* where the following page goes on */
    bool has_more;
    struct buf html;
    struct said said;
};

struct asked {
    struct event_ref ref;
    struct uuid record;
    uint64_t position;
};

struct found {
    size_t count;
    struct asked list[LOOKED_MAX];
};

static enum err take_ask(void *ctx, const struct sdb_event *e)
{
    struct found *f = ctx;

    f->list[f->count++] = (struct asked){ e->ref, e->record, e->position };
    return ERR_OK;
}

static const struct said_one *find_one(const struct said *s,
                                       const struct event_ref *ref)
{
    for (size_t i = 0; i < s->count; i++) {
        if (s->list[i].ref.sequence == ref->sequence &&
            uuid_eq(&s->list[i].ref.incarnation, &ref->incarnation)) {
            return &s->list[i];
        }
    }
    return NULL;
}

/* About one's own record, or asked by or of oneself. */
static bool may_see(const struct list *l, const struct said_one *ask)
{
    const struct uuid *me = &l->session->officer;

    return l->rights.sees_content &&
           (l->rights.sees_all || uuid_eq(&l->said.officer, me) ||
            uuid_eq(&ask->officer, me) ||
            (ask->is_peer && uuid_eq(&ask->of, me)));
}

/* Briefings have their questions on their own page. */
static bool is_listed(const struct said *s)
{
    return !s->is_closed && s->kind != KIND_BRIEFING && s->kind != KIND_TASK;
}

static void put_answer(struct list *l, const struct said_one *answer,
                       struct buf *out)
{
    char officer[160], at[40];

    page_officer(l->council, &answer->officer, officer, sizeof(officer));
    page_time(answer->at_ms, at, sizeof(at));
    {
        const struct html_value values[] = {
            { "text", answer->text },
            { "officer", officer },
            { "at", at },
        };

        page_put(out, "questions_answer.html", values, ARRAY_LEN(values));
    }
}

static void put_row(struct list *l, const struct said_one *ask)
{
    const struct said_one *answer = said_answer(&l->said, ask);
    char id[UUID_TEXT_SIZE], shorted[16], officer[160], whom[160], at[40];
    struct buf end;

    buf_init(&end, 16384);
    uuid_format(&l->said.record, id);
    page_short_id(id, shorted, sizeof(shorted));
    page_officer(l->council, &ask->officer, officer, sizeof(officer));
    page_officer(l->council, ask->is_peer ? &ask->of : &l->said.officer, whom,
                 sizeof(whom));
    page_time(ask->at_ms, at, sizeof(at));
    if (answer != NULL) {
        put_answer(l, answer, &end);
    } else {
        const bool is_open = said_is_open(&l->said, ask);

        page_put_tag(&end, is_open ? "yellow" : "grey",
                     is_open ? "No answer yet" : "Set aside by an approval");
    }
    {
        const struct html_value values[] = {
            { "id", id },
            { "short", shorted },
            { "kind", page_words_kind(l->said.kind) },
            { "from", officer },
            { "as", ask->is_peer ? "a colleague" : "a team leader" },
            { "whom", whom },
            { "at", at },
            { "text", ask->text },
            { "raw_answer", buf_text(&end) },
        };

        page_put(&l->html, "questions_row.html", values, ARRAY_LEN(values));
    }
    page_carry(&l->html, &end);
    buf_fini(&end);
    l->rows++;
}

static enum err look_at(struct list *l, const struct asked *a)
{
    const struct said_one *ask;
    enum err err = said_read(l->council, &a->record, &l->said);

    if (err) {
        return err;
    }
    ask = find_one(&l->said, &a->ref);
    if (ask != NULL && is_listed(&l->said) && may_see(l, ask) &&
        (l->is_all || said_is_open(&l->said, ask))) {
        put_row(l, ask);
    }
    return ERR_OK;
}

static enum err look(struct list *l)
{
    struct found *f = mem_alloc(sizeof(*f));
    enum err err = ERR_NOMEM;

    if (f != NULL) {
        f->count = 0;
        err = sdb_said_list(l->council->db, OP_ASK, l->before, LOOKED_MAX,
                            take_ask, f);
        for (size_t i = 0; i < f->count && !err && l->rows < ROWS_MAX; i++) {
            err = look_at(l, &f->list[i]);
            l->before = f->list[i].position;
            l->has_more = i + 1 < f->count || f->count == LOOKED_MAX;
        }
    }
    mem_free(f);
    return err;
}

static void put_none(struct list *l)
{
    const struct html_value values[] = {
        { "text", l->is_all ? "Nobody asked anything here."
                            : "No question waits for an answer here." }
    };

    if (l->rows == 0) {
        page_put(&l->html, "empty_row.html", values, ARRAY_LEN(values));
    }
}

static enum err reply(struct route_call *call, struct list *l)
{
    char before[24];
    struct buf main, note, older;
    enum err err;

    buf_init(&main, SYNC_BODY_MAX_BYTES);
    buf_init(&note, 8192);
    buf_init(&older, 8192);
    page_put_rights(&l->rights, &note);
    snprintf(before, sizeof(before), "%" PRIu64, l->before);
    if (l->has_more) {
        const struct html_value values[] = {
            { "before", before }, { "show", l->is_all ? "all" : "open" }
        };

        page_put(&older, "questions_older.html", values, ARRAY_LEN(values));
    }
    put_none(l);
    {
        const struct html_value values[] = {
            { "raw_note", buf_text(&note) },
            { "raw_open_here", l->is_all ? "" : " aria-current=\"page\"" },
            { "raw_all_here", l->is_all ? " aria-current=\"page\"" : "" },
            { "raw_rows", buf_text(&l->html) },
            { "raw_older", buf_text(&older) },
        };

        page_put(&main, "questions.html", values, ARRAY_LEN(values));
    }
    page_carry(&main, &l->html);
    page_carry(&main, &note);
    page_carry(&main, &older);
    err = page_reply(call, 200, "Questions", &main, l->session);
    buf_wipe(&main);
    buf_fini(&note);
    buf_fini(&older);
    return err;
}

enum err page_questions(struct route_call *call)
{
    static struct list l; /* the store answers one request at a time */
    const struct bytes query = { (const uint8_t *)call->in->query,
                                 strlen(call->in->query) };
    char text[24];
    enum err err;

    memset(&l, 0, offsetof(struct list, said));
    l.council = call->council;
    l.session = session_find(call->council, call->in);
    if (l.session == NULL)
        return page_redirect(call, "/sign-in");
    l.is_all = html_form_get(query, "show", text, sizeof(text)) &&
               strcmp(text, "all") == 0;
    l.before = INT64_MAX;
    if (html_form_get(query, "before", text, sizeof(text))) {
        const uint64_t before = strtoull(text, NULL, 10);

        l.before = before < l.before ? before : l.before;
    }
    buf_init(&l.html, SYNC_BODY_MAX_BYTES);
    err = page_rights(l.council, l.session, &l.rights);
    err = err ? err : look(&l);
    err =
        err ? err
            : page_log_record(l.council, l.session, "console, questions", NULL);
    err = err ? err : reply(call, &l);
    buf_wipe(&l.html);
    return err;
}
