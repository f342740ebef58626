/* page_briefings.c - the list of briefings, and how far each was read. */
#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "sync-server/areas.h"
#include "sync-server/brief.h"
#include "sync-server/page.h"
#include "sync-server/page_brief.h"

#define ROWS_MAX 100

/* --- where --- */

struct area_options {
    const char *chosen;
    bool is_there; /* the chosen one was among them */
    struct buf *out;
};

static void put_option(struct buf *out, const char *id, const char *what,
                       bool is_chosen)
{
    const struct html_value values[] = {
        { "id", id },
        { "what", what },
        { "raw_selected", is_chosen ? " selected" : "" },
    };

    page_put(out, "area_option.html", values, ARRAY_LEN(values));
}

static void put_area(void *ctx, const char *kind, const char *id)
{
    struct area_options *o = ctx;
    const bool is_chosen = strcmp(id, o->chosen) == 0;

    if (strcmp(kind, "beat") == 0 || strcmp(kind, "hotspot") == 0 ||
        strcmp(kind, "order") == 0) {
        put_option(o->out, id, kind, is_chosen);
        o->is_there |= is_chosen;
    }
}

enum err page_put_areas(struct council *c, const char *chosen, struct buf *out)
{
    struct area_options o = { chosen, chosen[0] == '\0', out };
    const enum err err = areas_each(c, put_area, &o);

    if (!o.is_there) { /* it isn't changed by the way */
        put_option(out, chosen, "no longer on the map", true);
    }
    return err;
}

/* --- who should have read it --- */

static const char *const patrol_roles[] = { "enforcement-officer",
                                            "neighbourhood-officer",
                                            "cohesion-officer",
                                            "cctv-operative" };

struct collect {
    struct council *c;
    struct page_readers *out;
};

static enum err add_officer(void *ctx, const struct sdb_officer *o)
{
    const struct collect *k = ctx;
    struct page_reader *r = &k->out->list[k->out->count];
    bool is_one = false;
    enum err err = ERR_OK;

    if (!o->is_active || k->out->count == PAGE_READERS_MAX) {
        return ERR_OK;
    }
    for (size_t i = 0; i < ARRAY_LEN(patrol_roles) && !err && !is_one; i++) {
        err = sdb_officer_has_role(k->c->db, &o->id, patrol_roles[i], &is_one);
    }
    if (!err && is_one) {
        memset(r, 0, sizeof(*r));
        r->officer = o->id;
        k->out->count++;
    }
    return err;
}

static struct page_reader *reader_of(struct page_readers *readers,
                                     const struct uuid *officer)
{
    for (size_t i = 0; i < readers->count; i++) {
        if (uuid_eq(&readers->list[i].officer, officer)) {
            return &readers->list[i];
        }
    }
    if (readers->count == PAGE_READERS_MAX) {
        return NULL;
    }
    readers->list[readers->count] = (struct page_reader){ .officer = *officer };
    return &readers->list[readers->count++];
}

static enum err take_mark(void *ctx, const struct brief_mark *m)
{
    struct page_readers *readers = ctx;
    struct page_reader *r;

    readers->asked += m->op == OP_ASK;
    readers->answered += m->op == OP_ANSWER;
    if (m->op != OP_ACKNOWLEDGE) {
        return ERR_OK;
    }
    r = reader_of(readers, &m->officer);
    if (r != NULL && (m->is_current || !r->is_current)) {
        r->read_ms = m->at_ms;
        r->is_current = m->is_current;
    }
    return ERR_OK;
}

enum err page_readers(struct council *c, const struct decide_record *r,
                      struct page_readers *out)
{
    struct collect k = { c, out };
    enum err err;

    memset(out, 0, sizeof(*out));
    err = sdb_officer_all(c->db, add_officer, &k);
    err = err ? err : brief_marks(r, take_mark, out);
    for (size_t i = 0; i < out->count; i++) {
        out->read += out->list[i].is_current;
    }
    return err;
}

void page_put_tag(struct buf *out, const char *colour, const char *text)
{
    const struct html_value values[] = { { "colour", colour },
                                         { "text", text } };

    page_put(out, "tag.html", values, ARRAY_LEN(values));
}

/* --- the list --- */

struct list {
    struct council *council;
    size_t count;
    struct uuid ids[ROWS_MAX];
    struct buf html;
};

static enum err take_id(void *ctx, const struct uuid *id)
{
    struct list *l = ctx;

    l->ids[l->count++] = *id;
    return ERR_OK;
}

static void put_row(struct list *l, const struct brief *b,
                    const struct page_readers *readers)
{
    char id[UUID_TEXT_SIZE], officer[160], ends[40] = "Not set", read[40];
    char questions[60];
    struct buf tag, must;
    const bool is_over =
        b->ends_ms != 0 && b->ends_ms <= council_now(l->council);

    buf_init(&tag, 4096);
    buf_init(&must, 4096);
    uuid_format(&b->id, id);
    page_officer(l->council, &b->officer, officer, sizeof(officer));
    if (b->ends_ms != 0) {
        page_local(l->council, b->ends_ms, ends, sizeof(ends));
    }
    snprintf(read, sizeof(read), "%zu of %zu", readers->read, readers->count);
    snprintf(questions, sizeof(questions),
             readers->asked > readers->answered ? "%zu, not all answered"
                                                : "%zu",
             readers->asked);
    page_put_tag(&tag, is_over ? "grey" : "green",
                 is_over ? "Ended" : "On tablets");
    if (b->must_read) {
        page_put_tag(&must, "yellow", "Must read");
    }
    {
        const struct html_value values[] = {
            { "id", id },
            { "title", b->title },
            { "officer", officer },
            { "ends", ends },
            { "read", read },
            { "questions", questions },
            { "raw_tag", buf_text(&tag) },
            { "raw_must", buf_text(&must) },
        };

        page_put(&l->html, "briefings_row.html", values, ARRAY_LEN(values));
    }
    buf_fini(&tag);
    buf_fini(&must);
}

static enum err put_rows(struct list *l)
{
    static struct brief b; /* the store answers one request at a time */
    static struct page_readers readers;
    enum err err = ERR_OK;

    for (size_t i = 0; i < l->count && !err; i++) {
        struct decide_record r;

        err = decide_read(l->council, &l->ids[i], &r);
        if (!err) {
            brief_read(&r, &b);
            err = page_readers(l->council, &r, &readers);
        }
        if (!err && b.title[0] != '\0') {
            put_row(l, &b, &readers);
        }
        decide_fini(&r);
        err = err == ERR_NOMEM || err == ERR_IO ? err : ERR_OK;
    }
    return err;
}

static const struct page_list page = {
    .title = "Briefings",
    .template = "briefings.html",
    .flag = "ended",
    .said = "Ended. Each tablet drops it at its next sync.",
    .none = "No briefing yet.",
};

enum err page_briefings(struct route_call *call)
{
    static struct list l; /* the store answers one request at a time */
    struct session *session;
    bool is_answered;
    enum err err = page_leader(call, &session, &is_answered);

    if (err || is_answered) {
        return err;
    }
    memset(&l, 0, sizeof(l));
    l.council = call->council;
    buf_init(&l.html, SYNC_BODY_MAX_BYTES);
    err = sdb_brief_list(l.council->db, KIND_BRIEFING, ROWS_MAX, take_id, &l);
    err = err ? err
              : page_log_access(l.council, session,
                                "console, list of briefings", 0);
    err = err ? err : put_rows(&l);
    err = err ? err : page_reply_list(call, &page, &l.html, session);
    buf_wipe(&l.html);
    return err;
}

enum err page_reply_list(struct route_call *call, const struct page_list *p,
                         struct buf *rows, const struct session *session)
{
    const struct bytes query = { (const uint8_t *)call->in->query,
                                 strlen(call->in->query) };
    struct buf main, success;
    char flag[16];
    enum err err;

    buf_init(&main, SYNC_BODY_MAX_BYTES);
    buf_init(&success, 8192);
    if (html_form_get(query, p->flag, flag, sizeof(flag))) {
        const struct html_value values[] = { { "text", p->said } };

        page_put(&success, "success.html", values, ARRAY_LEN(values));
    }
    if (rows->len == 0) {
        const struct html_value values[] = { { "text", p->none } };

        page_put(rows, "empty_row.html", values, ARRAY_LEN(values));
    }
    {
        const struct html_value values[] = {
            { "raw_success", buf_text(&success) },
            { "raw_rows", buf_text(rows) },
        };

        page_put(&main, p->template, values, ARRAY_LEN(values));
    }
    err = page_reply(call, 200, p->title, &main, session);
    buf_fini(&main);
    buf_fini(&success);
    return err;
}
