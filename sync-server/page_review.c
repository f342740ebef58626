/* page_review.c - one patrol's log under review, with each of its entries. */
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "sync-server/page_brief.h"
#include "sync-server/page_reviews.h"
#include "sync-server/page_words.h"

struct page {
    struct council *council;
    const struct session *session;
    struct page_rights rights;
    struct review_log log;
    struct buf rows;
};

bool page_review_may_see(const struct page_rights *rights,
                         const struct session *s, const struct review_log *log)
{
    return rights->sees_content &&
           (rights->sees_all || uuid_eq(&log->officer, &s->officer));
}

void page_put_review_state(const struct review_log *log, struct buf *out)
{
    switch (log->state) {
    case REVIEW_TO_DO:
        page_put_tag(out, "blue", "To review");
        break;
    case REVIEW_BACK:
        page_put_tag(out, "yellow", "Sent back");
        break;
    case REVIEW_RUNNING:
        page_put_tag(out, "grey", "On patrol");
        break;
    case REVIEW_DONE:
        page_put_tag(out, "green", "Approved");
        break;
    }
}

void page_put_verdict(struct council *c, const struct review_log *log,
                      struct buf *out)
{
    char by[160], at[40], other[160], text[400] = "";

    if (uuid_is_zero(&log->by)) {
        return;
    }
    page_officer(c, &log->by, by, sizeof(by));
    page_time(log->by_ms, at, sizeof(at));
    if (!uuid_is_zero(&log->other)) {
        page_officer(c, &log->other, other, sizeof(other));
        snprintf(text, sizeof(text),
                 "%s gave a verdict, too, without knowing of this one.", other);
    }
    {
        const struct html_value values[] = {
            { "by", by },
            { "at", at },
            { "reason", log->reason },
            { "other", text },
        };

        page_put(out, "review_verdict.html", values, ARRAY_LEN(values));
    }
}

/* --- its entries --- */

static void put_mark(const struct review_entry *e, struct buf *out)
{
    switch (e->mark) {
    case SAID_TO_LOOK_AT:
        page_put_tag(out, "blue", "To look at");
        break;
    case SAID_REVIEWED:
        page_put_tag(out, "green", "Reviewed");
        break;
    case SAID_ASKED:
        page_put_tag(out, "yellow", "Asked");
        break;
    case SAID_ANSWERED:
        page_put_tag(out, "blue", "Answered, to look at again");
        break;
    }
}

/* The newest question of a leader, and its answer. */
static const struct said_one *newest_ask(const struct said *s)
{
    const struct said_one *ask = NULL;

    for (size_t i = 0; i < s->count; i++) {
        if (s->list[i].op == OP_ASK && !s->list[i].is_peer &&
            (ask == NULL || s->list[i].hlc > ask->hlc)) {
            ask = &s->list[i];
        }
    }
    return ask;
}

/* A closed record is told as one, no more. */
static enum err put_closed(struct page *p, const struct review_entry *e)
{
    const struct html_value values[] = {
        { "text", "A restricted record. Who may read it opens it under "
                  "Closed records." }
    };

    (void)e;
    page_put(&p->rows, "review_closed.html", values, ARRAY_LEN(values));
    return p->rows.err;
}

static enum err put_entry(void *ctx, const struct review_entry *e)
{
    struct page *p = ctx;
    const struct said_one *ask = newest_ask(e->said);
    const struct said_one *answer =
        ask == NULL ? NULL : said_answer(e->said, ask);
    char id[UUID_TEXT_SIZE], shorted[16], made[40], by[200] = "";
    struct buf mark;

    if (e->is_closed) {
        return put_closed(p, e);
    }
    buf_init(&mark, 4096);
    uuid_format(&e->record, id);
    page_short_id(id, shorted, sizeof(shorted));
    page_time(e->made_ms, made, sizeof(made));
    put_mark(e, &mark);
    if (e->by != NULL) {
        page_officer(p->council, &e->by->officer, by, sizeof(by));
    }
    {
        const struct html_value values[] = {
            { "id", id },
            { "short", shorted },
            { "kind", page_words_kind(e->kind) },
            { "made", made },
            { "by", by },
            { "question", ask != NULL ? ask->text : "" },
            { "answer", answer != NULL ? answer->text : "" },
            { "raw_mark", buf_text(&mark) },
        };

        page_put(&p->rows, "review_row.html", values, ARRAY_LEN(values));
    }
    page_carry(&p->rows, &mark);
    buf_fini(&mark);
    return p->rows.err;
}

/* --- the page --- */

static void put_page(struct page *p, struct buf *out)
{
    const struct review_log *log = &p->log;
    char officer[160], began[40], ended[40] = "not yet", cut[120] = "";
    struct buf state, verdict;

    buf_init(&state, 4096);
    buf_init(&verdict, 16384);
    page_officer(p->council, &log->officer, officer, sizeof(officer));
    page_time(log->started_ms, began, sizeof(began));
    if (log->ended_ms != 0) {
        page_time(log->ended_ms, ended, sizeof(ended));
    }
    if (log->is_cut) {
        snprintf(cut, sizeof(cut), "Only the first %d entries are shown.",
                 REVIEW_ENTRIES_MAX);
    }
    page_put_review_state(log, &state);
    page_put_verdict(p->council, log, &verdict);
    {
        const struct html_value values[] = {
            { "officer", officer },
            { "area", log->area[0] != '\0' ? log->area : "Patrol" },
            { "began", began },
            { "ended", ended },
            { "cut", cut },
            { "none", p->rows.len == 0 ? "Nothing was written on it." : "" },
            { "raw_state", buf_text(&state) },
            { "raw_verdict", buf_text(&verdict) },
            { "raw_rows", buf_text(&p->rows) },
        };

        page_put(out, "review.html", values, ARRAY_LEN(values));
    }
    page_carry(out, &state);
    page_carry(out, &verdict);
    page_carry(out, &p->rows);
    buf_fini(&state);
    buf_fini(&verdict);
}

static enum err reply(struct route_call *call, struct page *p)
{
    struct buf main;
    enum err err;

    buf_init(&main, SYNC_BODY_MAX_BYTES);
    put_page(p, &main);
    err = page_log_record(p->council, p->session, "console, review",
                          &p->log.patrol);
    err = err ? err : page_reply(call, 200, "Review", &main, p->session);
    buf_wipe(&main);
    return err;
}

/* ERR_NOT_FOUND also for what may not be seen. */
static enum err open_page(struct route_call *call, struct page *p)
{
    struct uuid id;
    enum err err = page_rights(p->council, p->session, &p->rights);

    if (!err && (!p->rights.sees_content || uuid_parse(call->tail, &id))) {
        err = ERR_NOT_FOUND;
    }
    err = err ? err : reviews_read(p->council, &id, put_entry, p, &p->log);
    return !err && !page_review_may_see(&p->rights, p->session, &p->log)
               ? ERR_NOT_FOUND
               : err;
}

enum err page_review(struct route_call *call)
{
    static struct page p; /* the store answers one request at a time */
    enum err err;

    memset(&p, 0, sizeof(p));
    p.council = call->council;
    p.session = session_find(call->council, call->in);
    if (p.session == NULL)
        return page_redirect(call, "/sign-in");
    buf_init(&p.rows, SYNC_BODY_MAX_BYTES);
    err = open_page(call, &p);
    err = err ? err : reply(call, &p);
    buf_wipe(&p.rows);
    return err == ERR_NOT_FOUND
               ? page_message(call, 404, "Not found",
                              "There is no such patrol that you may read.")
               : err;
}
