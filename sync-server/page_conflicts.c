/* page_conflicts.c - records that people wrote differently, to settle. */
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "core/records.h"
#include "sync-server/decide.h"
#include "sync-server/page.h"
#include "sync-server/sdb_conflict.h"

#define ROWS_MAX   50
#define LOOKED_MAX 500 /* candidates looked at for one page */

struct list {
    struct council *council;
    const struct session *session;
    struct page_rights rights;
    struct uuid ids[LOOKED_MAX];
    size_t count, rows;
    struct uuid next; /* where the following page goes on; zero: end */
    struct buf html;
};

static enum err take_id(void *ctx, const struct uuid *id)
{
    struct list *l = ctx;

    l->ids[l->count++] = *id;
    return ERR_OK;
}

/* Both values of its first field, so that the list says what it is about. */
static void put_values(const struct decide_record *r, struct buf *out)
{
    const struct conflict_question *q =
        &r->conflict.questions[r->conflict.question_count - 1];

    for (size_t i = 0; i < q->side_count; i++) {
        buf_put_text(out, i > 0 ? " | " : "");
        records_item(q->sides[i].value, out);
    }
}

static void show(struct list *l, const struct decide_record *r)
{
    char id[UUID_TEXT_SIZE], shorted[16], what[200], officer[160], made[40];
    char fields[24];
    struct buf values_text;

    uuid_format(&r->id, id);
    page_short_id(id, shorted, sizeof(shorted));
    page_time(r->list[r->first]->header.wall_ms, made, sizeof(made));
    snprintf(fields, sizeof(fields), "%zu", r->conflict.question_count);
    snprintf(what, sizeof(what), "Observation");
    snprintf(officer, sizeof(officer), "Not shown");
    buf_init(&values_text, SYNC_BODY_MAX_BYTES);
    if (l->rights.sees_content) {
        page_category(l->council, decide_value(r, FIELD_CATEGORY), what,
                      sizeof(what));
        page_officer(l->council, &r->list[r->first]->header.officer, officer,
                     sizeof(officer));
        put_values(r, &values_text);
    } else {
        buf_put_text(&values_text, "Not shown");
    }
    {
        const struct html_value values[] = {
            { "id", id },         { "short", shorted },
            { "what", what },     { "officer", officer },
            { "made", made },     { "values", buf_text(&values_text) },
            { "fields", fields },
        };

        page_put(&l->html, "conflicts_row.html", values, ARRAY_LEN(values));
    }
    buf_wipe(&values_text);
    l->rows++;
}

static enum err look_at(struct list *l, const struct uuid *id)
{
    struct decide_record r;
    enum err err = decide_read(l->council, id, &r);

    if (!err && r.conflict.question_count > 0 &&
        (l->rights.sees_all ||
         uuid_eq(&r.list[r.first]->header.officer, &l->session->officer))) {
        show(l, &r);
    }
    decide_fini(&r);
    /* One that cannot be read must not hide the others. */
    return err == ERR_NOMEM || err == ERR_IO ? err : ERR_OK;
}

static enum err look(struct list *l, const struct uuid *after)
{
    enum err err =
        sdb_conflict_list(l->council->db, after, LOOKED_MAX, take_id, l);

    for (size_t i = 0; i < l->count && !err && l->rows < ROWS_MAX; i++) {
        err = look_at(l, &l->ids[i]);
        l->next = l->ids[i];
        if (i + 1 == l->count && l->count < LOOKED_MAX) {
            memset(&l->next, 0, sizeof(l->next)); /* that was all */
        }
    }
    return err;
}

static void put_more(const struct list *l, struct buf *out)
{
    char next[UUID_TEXT_SIZE];
    const struct html_value values[] = { { "next", next } };

    if (!uuid_is_zero(&l->next)) {
        uuid_format(&l->next, next);
        page_put(out, "conflicts_more.html", values, ARRAY_LEN(values));
    }
}

static enum err reply(struct route_call *call, struct list *l, bool is_settled)
{
    struct buf main, note, more, success;
    enum err err;

    buf_init(&main, SYNC_BODY_MAX_BYTES);
    buf_init(&note, 8192);
    buf_init(&more, 8192);
    buf_init(&success, 8192);
    page_put_rights(&l->rights, &note);
    put_more(l, &more);
    if (is_settled) {
        const struct html_value values[] = {
            { "text", "Settled. Each tablet gets it at its next sync." }
        };

        page_put(&success, "success.html", values, ARRAY_LEN(values));
    }
    if (l->rows == 0) {
        const struct html_value values[] = { { "text", "Nothing to settle." } };

        page_put(&l->html, "empty_row.html", values, ARRAY_LEN(values));
    }
    {
        const struct html_value values[] = {
            { "raw_success", buf_text(&success) },
            { "raw_note", buf_text(&note) },
            { "raw_rows", buf_text(&l->html) },
            { "raw_older", buf_text(&more) },
        };

        page_put(&main, "conflicts.html", values, ARRAY_LEN(values));
    }
    err = page_reply(call, 200, "Two versions", &main, l->session);
    buf_fini(&main);
    buf_fini(&note);
    buf_fini(&more);
    buf_fini(&success);
    return err;
}

enum err page_conflicts(struct route_call *call)
{
    static struct list l; /* the store answers one request at a time */
    const struct bytes query = { (const uint8_t *)call->in->query,
                                 strlen(call->in->query) };
    struct uuid after = { { 0 } };
    char text[UUID_TEXT_SIZE], settled[8];
    enum err err;

    memset(&l, 0, sizeof(l));
    l.council = call->council;
    l.session = session_find(call->council, call->in);
    if (l.session == NULL)
        return page_redirect(call, "/sign-in");
    if (html_form_get(query, "after", text, sizeof(text)) &&
        uuid_parse(text, &after))
        return ERR_NOT_FOUND;
    buf_init(&l.html, SYNC_BODY_MAX_BYTES);
    err = page_rights(call->council, l.session, &l.rights);
    err = err ? err : look(&l, &after);
    err = err ? err
              : page_log_access(l.council, l.session,
                                "console, list of conflicts", 0);
    err =
        err ? err
            : reply(call, &l,
                    html_form_get(query, "settled", settled, sizeof(settled)));
    buf_fini(&l.html);
    return err;
}
