/* page_tasks.c - tasks: set, what became of each, taken back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "sync-server/page_brief.h"

#define ROWS_MAX 100

enum fault { TITLE, MINUTES, OFFICERS, DAY, TIME, FAULTS };

/* --- the list --- */

struct list {
    struct council *council;
    const struct session *session;
    size_t count;
    struct uuid ids[ROWS_MAX];
    struct buf html;
};

/* What was said of one task. */
struct outcome {
    struct council *council;
    bool is_closed, is_done;
    size_t seen;
    struct buf said;
};

static enum err take_id(void *ctx, const struct uuid *id)
{
    struct list *l = ctx;

    l->ids[l->count++] = *id;
    return ERR_OK;
}

static enum err take_mark(void *ctx, const struct brief_mark *m)
{
    struct outcome *o = ctx;
    char officer[160], at[40];

    page_officer(o->council, &m->officer, officer, sizeof(officer));
    page_local(o->council, m->at_ms, at, sizeof(at));
    if (m->op == OP_ACKNOWLEDGE) {
        o->seen++;
        buf_printf(&o->said, "Seen by %s, %s\n", officer, at);
    } else if (m->op == OP_CLOSE || m->op == OP_CHECK_IN) {
        if (!o->is_closed) {
            o->is_done = m->is_done;
        }
        o->is_closed = true;
        buf_printf(&o->said, "%s %s, %s%s%s\n",
                   m->is_done ? "Done by" : "Not done:", officer, at,
                   m->text[0] != '\0' ? ": " : "", m->text);
    }
    return ERR_OK;
}

static void put_state(struct list *l, const struct brief_task *t,
                      const struct decide_record *r, const struct outcome *o,
                      struct buf *tag)
{
    const struct bytes ended = decide_value(r, FIELD_ENDED_MS);

    if (o->is_closed) {
        page_put_tag(tag, o->is_done ? "green" : "orange",
                     o->is_done ? "Done" : "Not done");
    } else if (ended.data != NULL) {
        page_put_tag(tag, "grey", "Taken back");
    } else if (t->due_ms < council_now(l->council)) {
        page_put_tag(tag, "red", "Late");
    } else {
        page_put_tag(tag, "blue", o->seen > 0 ? "Seen" : "Set");
    }
}

static void put_for(const struct brief_task *t, char *out, size_t size)
{
    size_t at = 0;

    snprintf(out, size, "The whole team");
    for (size_t i = 0; i < t->officer_count && at + 1 < size; i++) {
        at += (size_t)snprintf(out + at, size - at, "%s%s", i > 0 ? ", " : "",
                               t->officers[i]);
    }
}

static void put_row(struct list *l, const struct brief_task *t,
                    const struct decide_record *r, struct outcome *o)
{
    char id[UUID_TEXT_SIZE], due[40], who[BRIEF_FOR_MAX * BRIEF_CODE_SIZE + 32];
    const bool is_open =
        !o->is_closed && decide_value(r, FIELD_ENDED_MS).data == NULL;
    struct buf tag, urgent, end;

    buf_init(&tag, 4096);
    buf_init(&urgent, 4096);
    buf_init(&end, 8192);
    uuid_format(&t->id, id);
    page_local(l->council, t->due_ms, due, sizeof(due));
    put_for(t, who, sizeof(who));
    put_state(l, t, r, o, &tag);
    if (t->is_urgent) {
        page_put_tag(&urgent, "red", "Emergency");
    }
    if (is_open) {
        const struct html_value values[] = { { "id", id },
                                             { "title", t->title },
                                             { "token", l->session->token } };

        page_put(&end, "task_for.html", values, ARRAY_LEN(values));
    }
    {
        const struct html_value values[] = {
            { "title", t->title },
            { "raw_urgent", buf_text(&urgent) },
            { "for", who },
            { "due", due },
            { "raw_tag", buf_text(&tag) },
            { "said", buf_text(&o->said) },
            { "raw_end", buf_text(&end) },
        };

        page_put(&l->html, "tasks_row.html", values, ARRAY_LEN(values));
    }
    buf_fini(&tag);
    buf_fini(&urgent);
    buf_fini(&end);
}

static enum err put_rows(struct list *l)
{
    static struct brief_task t; /* the store answers one request at a time */
    enum err err = ERR_OK;

    for (size_t i = 0; i < l->count && !err; i++) {
        struct outcome o = { .council = l->council };
        struct decide_record r;

        buf_init(&o.said, SYNC_BODY_MAX_BYTES);
        err = decide_read(l->council, &l->ids[i], &r);
        if (!err) {
            brief_task_read(&r, &t);
            err = brief_marks(&r, take_mark, &o);
        }
        if (!err && t.title[0] != '\0') {
            put_row(l, &t, &r, &o);
        }
        decide_fini(&r);
        buf_wipe(&o.said);
        err = err == ERR_NOMEM || err == ERR_IO ? err : ERR_OK;
    }
    return err;
}

static const struct page_list page = {
    .title = "Tasks",
    .template = "tasks.html",
    .flag = "sent",
    .said = "Sent. Each tablet gets it at its next sync.",
    .none = "No task yet.",
};

enum err page_tasks(struct route_call *call)
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
    l.session = session;
    buf_init(&l.html, SYNC_BODY_MAX_BYTES);
    err = sdb_brief_list(l.council->db, KIND_TASK, ROWS_MAX, take_id, &l);
    err =
        err ? err
            : page_log_access(l.council, session, "console, list of tasks", 0);
    err = err ? err : put_rows(&l);
    err = err ? err : page_reply_list(call, &page, &l.html, l.session);
    buf_wipe(&l.html);
    return err;
}

/* --- the form --- */

struct entry {
    struct council *council;
    struct session *session;
    struct brief_task t;
    struct page_date due;
    char minutes[8], time[8], officers[BRIEF_LINE_SIZE];
    struct page_fault faults[FAULTS];
};

static enum err reply_form(struct route_call *call, struct entry *p, int status)
{
    struct page_fault *f = p->faults;
    struct buf main, errors, areas;
    enum err err;

    buf_init(&main, SYNC_BODY_MAX_BYTES);
    buf_init(&errors, SYNC_BODY_MAX_BYTES);
    buf_init(&areas, SYNC_BODY_MAX_BYTES);
    err = page_put_areas(p->council, p->t.area, &areas);
    page_put_faults(f, FAULTS, &errors);
    {
        const struct html_value values[] = {
            { "raw_errors", buf_text(&errors) },
            { "token", p->session->token },
            { "title_class", page_fault_class(&f[TITLE]) },
            { "raw_title_error", buf_text(&f[TITLE].html) },
            { "title", p->t.title },
            { "raw_kind_3", p->t.sort == TASK_SORT_OTHER ? " checked" : "" },
            { "raw_kind_2", p->t.sort == TASK_SORT_HOTSPOT ? " checked" : "" },
            { "raw_kind_1", p->t.sort == TASK_SORT_CHECK_IN ? " checked" : "" },
            { "minutes_class", page_fault_class(&f[MINUTES]) },
            { "raw_minutes_error", buf_text(&f[MINUTES].html) },
            { "minutes", p->minutes },
            { "text", p->t.text },
            { "place", p->t.place_name },
            { "raw_areas", buf_text(&areas) },
            { "officers_class", page_fault_class(&f[OFFICERS]) },
            { "raw_officers_error", buf_text(&f[OFFICERS].html) },
            { "officers", p->officers },
            { "day_class", page_fault_class(&f[DAY]) },
            { "raw_day_error", buf_text(&f[DAY].html) },
            { "day", p->due.day },
            { "month", p->due.month },
            { "year", p->due.year },
            { "time_class", page_fault_class(&f[TIME]) },
            { "raw_time_error", buf_text(&f[TIME].html) },
            { "time", p->time },
            { "raw_urgent", p->t.is_urgent ? " checked" : "" },
        };

        page_put(&main, "task_form.html", values, ARRAY_LEN(values));
    }
    err = err ? err : page_reply(call, status, "Set a task", &main, p->session);
    buf_fini(&main);
    buf_fini(&errors);
    buf_fini(&areas);
    for (size_t i = 0; i < FAULTS; i++) {
        buf_fini(&f[i].html);
    }
    return err;
}

/* Numbers with blanks or commas between; each must be an officer's. */
static void read_officers(struct entry *p)
{
    const char *at = p->officers;

    while (*at != '\0') {
        const size_t skip = strspn(at, " ,");
        const size_t len = strcspn(at + skip, " ,");
        char *to = p->t.officers[p->t.officer_count % BRIEF_FOR_MAX];
        struct sdb_officer officer;

        at += skip + len;
        if (len == 0) {
            continue;
        }
        if (len >= BRIEF_CODE_SIZE || p->t.officer_count == BRIEF_FOR_MAX) {
            p->faults[OFFICERS].text = "Enter at most 8 officers' numbers";
            return;
        }
        memcpy(to, at - len, len);
        to[len] = '\0';
        p->t.officer_count++;
        if (sdb_officer_by_number(p->council->db, to, &officer)) {
            p->faults[OFFICERS].text = "One of these is no officer's number";
            return;
        }
    }
}

static void read_due(struct entry *p)
{
    int hour = -1, minute = -1, end = 0;

    if (sscanf(p->time, "%2d:%2d%n", &hour, &minute, &end) != 2 ||
        p->time[end] != '\0' || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59) {
        p->faults[TIME].text = "Enter a time like 14:30";
        hour = minute = 0;
    }
    if (page_date_ms(p->council, &p->due, hour, minute, &p->t.due_ms)) {
        p->faults[DAY].text = "Enter the day when it is due";
    } else if (p->faults[TIME].text == NULL &&
               p->t.due_ms <= council_now(p->council)) {
        p->faults[TIME].text = "It must be due after now";
    }
}

static bool read_form(const struct bytes in, struct entry *p)
{
    struct brief_task *t = &p->t;
    char kind[8] = "", urgent[8] = "";
    bool is_right = true;
    const bool fits =
        html_form_get(in, "title", t->title, sizeof(t->title)) &&
        html_form_get(in, "place", t->place_name, sizeof(t->place_name)) &&
        html_form_get(in, "area", t->area, sizeof(t->area)) &&
        html_form_get(in, "officers", p->officers, sizeof(p->officers)) &&
        html_form_get(in, "minutes", p->minutes, sizeof(p->minutes)) &&
        html_form_get(in, "time", p->time, sizeof(p->time)) &&
        html_form_get(in, "kind", kind, sizeof(kind)) &&
        html_form_get_lines(in, "text", t->text, sizeof(t->text));

    if (!fits || t->title[0] == '\0') {
        p->faults[TITLE].text =
            "Say what is to be done, in at most 190 characters";
    }
    t->sort = kind[0] >= '1' && kind[0] <= '3' && kind[1] == '\0'
                  ? (enum task_sort)(kind[0] - '0')
                  : TASK_SORT_OTHER;
    t->is_urgent = html_form_get(in, "urgent", urgent, sizeof(urgent));
    t->goal_min = t->sort == TASK_SORT_HOTSPOT ? atoi(p->minutes) : 0;
    if (t->sort == TASK_SORT_HOTSPOT &&
        (t->goal_min < 1 || t->goal_min > 24 * 60)) {
        p->faults[MINUTES].text = "Enter how many minutes, from 1 on";
    }
    page_date_get(in, &p->due);
    read_officers(p);
    read_due(p);
    for (size_t i = 0; i < FAULTS; i++) {
        is_right &= p->faults[i].text == NULL;
    }
    return is_right;
}

static enum err open_form(struct route_call *call, struct entry *p,
                          bool *is_answered)
{
    static const char *const keys[FAULTS] = { "title", "minutes", "officers",
                                              "day", "time" };

    memset(p, 0, sizeof(*p));
    p->council = call->council;
    p->t.sort = TASK_SORT_OTHER;
    for (size_t i = 0; i < FAULTS; i++) {
        p->faults[i].key = keys[i];
    }
    return page_leader(call, &p->session, is_answered);
}

enum err page_task(struct route_call *call)
{
    static struct entry p; /* the store answers one request at a time */
    bool is_answered;
    const enum err err = open_form(call, &p, &is_answered);

    if (err || is_answered) {
        return err;
    }
    page_date_put(p.council, council_now(p.council), &p.due);
    return reply_form(call, &p, 200);
}

static enum err set(struct route_call *call, struct entry *p)
{
    struct uuid id;
    enum err err;

    if (!read_form(call->in->body, p)) {
        return reply_form(call, p, 400);
    }
    p->t.officer = p->session->officer;
    err = brief_task_put(p->council, &p->t, &id);
    return err ? err : page_redirect(call, "/tasks?sent=1");
}

enum err page_task_post(struct route_call *call)
{
    static struct entry p;
    bool is_answered;
    struct uuid id;
    enum err err = open_form(call, &p, &is_answered);

    if (err || is_answered) {
        return err;
    }
    if (strcmp(call->tail, "new") == 0) {
        return set(call, &p);
    }
    if (uuid_parse(call->tail, &id)) {
        return ERR_NOT_FOUND;
    }
    err = brief_end(p.council, &id, &p.session->officer);
    return err ? err : page_redirect(call, "/tasks?sent=1");
}
