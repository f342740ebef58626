/* page_briefing.c - one briefing: who has read it, its questions; the form. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/limits.h"
#include "sync-server/page_brief.h"

#define DAYS_MS ((int64_t)86400000)

enum fault { TITLE, TEXT, DAY, FAULTS };

struct page {
    struct council *council;
    struct session *session;
    bool is_new;
    char id[UUID_TEXT_SIZE]; /* "new" */
    struct decide_record record;
    struct brief b;
    struct page_date ends;
    struct page_fault faults[FAULTS];
    struct page_readers readers;
    const char *error;   /* of the page itself */
    const char *success; /* what was done */
};

/* --- dates and faults --- */

void page_date_get(struct bytes form, struct page_date *out)
{
    memset(out, 0, sizeof(*out));
    (void)html_form_get(form, "day", out->day, sizeof(out->day));
    (void)html_form_get(form, "month", out->month, sizeof(out->month));
    (void)html_form_get(form, "year", out->year, sizeof(out->year));
}

enum err page_date_ms(struct council *c, const struct page_date *d, int hour,
                      int minute, int64_t *out)
{
    const int date[5] = { atoi(d->year), atoi(d->month), atoi(d->day), hour,
                          minute };

    return brief_local_ms(c, date, out);
}

void page_date_put(struct council *c, int64_t ms, struct page_date *out)
{
    char text[32];

    brief_time_format(c, ms, text, sizeof(text));
    snprintf(out->year, sizeof(out->year), "%.4s", text);
    snprintf(out->month, sizeof(out->month), "%d", atoi(text + 5));
    snprintf(out->day, sizeof(out->day), "%d", atoi(text + 8));
}

const char *page_fault_class(const struct page_fault *f)
{
    return f->text != NULL ? " govuk-form-group--error" : "";
}

void page_put_faults(struct page_fault *faults, size_t count, struct buf *out)
{
    struct html_value summary[] = { { "raw_items", "" } };
    struct buf items;

    buf_init(&items, SYNC_BODY_MAX_BYTES);
    for (size_t i = 0; i < count; i++) {
        struct page_fault *f = &faults[i];
        const struct html_value values[] = { { "key", f->key },
                                             { "text", f->text } };

        buf_init(&f->html, 8192);
        if (f->text != NULL) {
            page_put_error(&items, f->key, f->text);
            page_put(&f->html, "error_field.html", values, ARRAY_LEN(values));
        }
    }
    if (items.len > 0) {
        summary[0].text = buf_text(&items);
        page_put(out, "error_summary.html", summary, ARRAY_LEN(summary));
    }
    buf_fini(&items);
}

/* --- the form --- */

static enum err reply_form(struct route_call *call, struct page *p, int status)
{
    struct buf main, errors, areas;
    struct page_fault *f = p->faults;
    const bool is_sensitive = strcmp(p->b.marking, "OFFICIAL-SENSITIVE") == 0;
    char back[UUID_TEXT_SIZE + 16];
    enum err err;

    buf_init(&main, SYNC_BODY_MAX_BYTES);
    buf_init(&errors, SYNC_BODY_MAX_BYTES);
    buf_init(&areas, SYNC_BODY_MAX_BYTES);
    err = page_put_areas(p->council, p->b.area, &areas);
    page_put_faults(f, FAULTS, &errors);
    snprintf(back, sizeof(back), "/briefings%s%s", p->is_new ? "" : "/",
             p->is_new ? "" : p->id);
    {
        const struct html_value values[] = {
            { "back", back },
            { "raw_errors", buf_text(&errors) },
            { "heading", p->is_new ? "Write a briefing" : "Change a briefing" },
            { "button", p->is_new ? "Send to the tablets" : "Send the change" },
            { "id", p->id },
            { "token", p->session->token },
            { "title_class", page_fault_class(&f[TITLE]) },
            { "raw_title_error", buf_text(&f[TITLE].html) },
            { "title", p->b.title },
            { "text_class", page_fault_class(&f[TEXT]) },
            { "raw_text_error", buf_text(&f[TEXT].html) },
            { "text", p->b.text },
            { "why", p->b.why },
            { "to_do", p->b.to_do },
            { "look_for", p->b.look_for },
            { "place", p->b.place_name },
            { "raw_areas", buf_text(&areas) },
            { "day_class", page_fault_class(&f[DAY]) },
            { "raw_day_error", buf_text(&f[DAY].html) },
            { "day", p->ends.day },
            { "month", p->ends.month },
            { "year", p->ends.year },
            { "raw_official", is_sensitive ? "" : " checked" },
            { "raw_sensitive", is_sensitive ? " checked" : "" },
            { "raw_must", p->b.must_read ? " checked" : "" },
        };

        page_put(&main, "briefing_form.html", values, ARRAY_LEN(values));
    }
    err = err ? err
              : page_reply(call, status,
                           p->is_new ? "Write a briefing" : "Change a briefing",
                           &main, p->session);
    buf_fini(&main);
    buf_fini(&errors);
    buf_fini(&areas);
    for (size_t i = 0; i < FAULTS; i++) {
        buf_fini(&f[i].html);
    }
    return err;
}

/* True when it can go out as it is. */
static bool read_form(const struct route_call *call, struct page *p)
{
    const struct bytes in = call->in->body;
    struct brief *b = &p->b;
    char must[8] = "";
    bool fits;

    fits = html_form_get(in, "title", b->title, sizeof(b->title)) &&
           html_form_get(in, "place", b->place_name, sizeof(b->place_name)) &&
           html_form_get(in, "area", b->area, sizeof(b->area)) &&
           html_form_get(in, "marking", b->marking, sizeof(b->marking));
    if (!fits || b->title[0] == '\0') {
        p->faults[TITLE].text = "Enter a title of at most 190 characters";
    }
    fits =
        html_form_get_lines(in, "text", b->text, sizeof(b->text)) &&
        html_form_get_lines(in, "why", b->why, sizeof(b->why)) &&
        html_form_get_lines(in, "to_do", b->to_do, sizeof(b->to_do)) &&
        html_form_get_lines(in, "look_for", b->look_for, sizeof(b->look_for));
    if (!fits || b->text[0] == '\0') {
        p->faults[TEXT].text =
            "Say what it is about, in at most 2,000 characters a part";
    }
    b->must_read = html_form_get(in, "must", must, sizeof(must)) &&
                   strcmp(must, "yes") == 0;
    page_date_get(in, &p->ends);
    if (page_date_ms(p->council, &p->ends, 23, 59, &b->ends_ms)) {
        p->faults[DAY].text = "Enter the day on which it ends";
    } else if (b->ends_ms <= council_now(p->council)) {
        p->faults[DAY].text = "The day on which it ends must be today or later";
    }
    return p->faults[TITLE].text == NULL && p->faults[TEXT].text == NULL &&
           p->faults[DAY].text == NULL;
}

/* --- one briefing --- */

static void put_section(struct buf *out, const char *label, const char *text)
{
    const struct html_value values[] = { { "label", label }, { "text", text } };

    if (text[0] != '\0') {
        page_put(out, "briefing_section.html", values, ARRAY_LEN(values));
    }
}

static void put_sections(const struct brief *b, struct buf *out)
{
    put_section(out, "What it is about", b->text);
    put_section(out, "Why here", b->why);
    put_section(out, "What to do", b->to_do);
    put_section(out, "Look out for", b->look_for);
    put_section(out, "Place", b->place_name);
    put_section(out, "Beat or hotspot", b->area);
}

static void put_readers(struct page *p, struct buf *out)
{
    for (size_t i = 0; i < p->readers.count; i++) {
        const struct page_reader *r = &p->readers.list[i];
        char officer[160], read[40] = "Not yet";
        struct buf tag;

        buf_init(&tag, 4096);
        page_officer(p->council, &r->officer, officer, sizeof(officer));
        if (r->read_ms != 0) {
            page_local(p->council, r->read_ms, read, sizeof(read));
        }
        page_put_tag(&tag,
                     r->is_current     ? "green"
                     : r->read_ms != 0 ? "yellow"
                                       : "grey",
                     r->is_current     ? "Read"
                     : r->read_ms != 0 ? "Changed since"
                                       : "Not read");
        {
            const struct html_value values[] = { { "officer", officer },
                                                 { "read", read },
                                                 { "raw_tag",
                                                   buf_text(&tag) } };

            page_put(out, "briefing_reader.html", values, ARRAY_LEN(values));
        }
        buf_fini(&tag);
    }
}

struct talk {
    struct page *p;
    struct buf *out;
};

static enum err put_said(void *ctx, const struct brief_mark *m)
{
    const struct talk *talk = ctx;
    char officer[160], made[40];
    const struct html_value values[] = { { "officer", officer },
                                         { "made", made },
                                         { "text", m->text } };

    if (m->op != OP_ASK && m->op != OP_ANSWER) {
        return ERR_OK;
    }
    page_officer(talk->p->council, &m->officer, officer, sizeof(officer));
    page_local(talk->p->council, m->at_ms, made, sizeof(made));
    page_put(talk->out, "briefing_question.html", values, ARRAY_LEN(values));
    return ERR_OK;
}

static enum err put_talk(struct page *p, struct buf *out)
{
    struct talk talk = { p, out };
    const struct html_value none[] = { { "text", "Nobody has asked." } };
    const struct html_value form[] = { { "id", p->id },
                                       { "token", p->session->token } };
    const enum err err = brief_marks(&p->record, put_said, &talk);

    if (!err && p->readers.asked == 0) {
        page_put(out, "note.html", none, ARRAY_LEN(none));
    } else if (!err) {
        page_put(out, "briefing_answer.html", form, ARRAY_LEN(form));
    }
    return err;
}

static enum err fill(struct page *p, struct buf *main)
{
    struct buf parts[6];
    char officer[160], made[40], ends[40] = "not set", read[60];
    const bool is_over =
        p->b.ends_ms != 0 && p->b.ends_ms <= council_now(p->council);
    enum err err;

    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        buf_init(&parts[i], SYNC_BODY_MAX_BYTES);
    }
    page_officer(p->council, &p->b.officer, officer, sizeof(officer));
    page_local(p->council, p->record.list[p->record.first]->header.wall_ms,
               made, sizeof(made));
    if (p->b.ends_ms != 0) {
        page_local(p->council, p->b.ends_ms, ends, sizeof(ends));
    }
    snprintf(read, sizeof(read), "%zu of %zu officers have read it",
             p->readers.read, p->readers.count);
    page_put_tag(&parts[0], is_over ? "grey" : "green",
                 is_over ? "Ended" : "On tablets");
    if (p->b.must_read) {
        page_put_tag(&parts[0], "yellow", "Must read");
    }
    put_sections(&p->b, &parts[1]);
    put_readers(p, &parts[2]);
    err = put_talk(p, &parts[3]);
    if (p->success != NULL) {
        const struct html_value values[] = { { "text", p->success } };

        page_put(&parts[4], "success.html", values, ARRAY_LEN(values));
    }
    if (p->error != NULL) {
        struct page_fault fault = { .key = "answer", .text = p->error };

        page_put_faults(&fault, 1, &parts[5]);
        buf_fini(&fault.html);
    }
    {
        const struct html_value values[] = {
            { "id", p->id },
            { "token", p->session->token },
            { "marking", p->b.marking },
            { "title", p->b.title },
            { "officer", officer },
            { "made", made },
            { "ends", ends },
            { "read", read },
            { "raw_tag", buf_text(&parts[0]) },
            { "raw_sections", buf_text(&parts[1]) },
            { "raw_readers", buf_text(&parts[2]) },
            { "raw_questions", buf_text(&parts[3]) },
            { "raw_success", buf_text(&parts[4]) },
            { "raw_errors", buf_text(&parts[5]) },
        };

        page_put(main, "briefing.html", values, ARRAY_LEN(values));
    }
    for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
        buf_fini(&parts[i]);
    }
    return err;
}

static enum err reply(struct route_call *call, struct page *p, int status)
{
    struct buf main;
    enum err err = page_readers(p->council, &p->record, &p->readers);

    buf_init(&main, SYNC_BODY_MAX_BYTES);
    err = err ? err : fill(p, &main);
    err = err ? err : page_reply(call, status, p->b.title, &main, p->session);
    buf_wipe(&main);
    return err;
}

/* --- requests --- */

static enum err open_page(struct route_call *call, struct page *p,
                          bool *is_answered)
{
    static const char *const keys[FAULTS] = { "title", "text", "day" };
    struct uuid id;
    enum err err;

    memset(p, 0, sizeof(*p));
    p->council = call->council;
    for (size_t i = 0; i < FAULTS; i++) {
        p->faults[i].key = keys[i];
    }
    err = page_leader(call, &p->session, is_answered);
    if (err || *is_answered) {
        return err;
    }
    p->is_new = strcmp(call->tail, "new") == 0;
    snprintf(p->id, sizeof(p->id), "%s", p->is_new ? "new" : "");
    if (p->is_new) {
        return ERR_OK;
    }
    if (uuid_parse(call->tail, &id)) {
        return ERR_NOT_FOUND;
    }
    uuid_format(&id, p->id);
    err = decide_read(p->council, &id, &p->record);
    if (!err && p->record.kind != KIND_BRIEFING) {
        err = ERR_NOT_FOUND;
    }
    if (!err) {
        brief_read(&p->record, &p->b);
    }
    return err == ERR_DENIED ? ERR_NOT_FOUND : err;
}

static enum err get(struct route_call *call, struct page *p)
{
    const struct bytes query = { (const uint8_t *)call->in->query,
                                 strlen(call->in->query) };
    char said[16], what[80];
    enum err err;

    if (p->is_new) {
        page_date_put(p->council, council_now(p->council) + 7 * DAYS_MS,
                      &p->ends);
        return reply_form(call, p, 200);
    }
    snprintf(what, sizeof(what), "console, briefing %s", p->id);
    err = page_log_access(p->council, p->session, what, 0);
    if (err) {
        return err;
    }
    if (html_form_get(query, "edit", said, sizeof(said))) {
        page_date_put(p->council,
                      p->b.ends_ms != 0 ? p->b.ends_ms
                                        : council_now(p->council),
                      &p->ends);
        return reply_form(call, p, 200);
    }
    if (html_form_get(query, "sent", said, sizeof(said))) {
        p->success = "Sent. Each tablet of the team gets it at its next sync.";
    }
    return reply(call, p, 200);
}

enum err page_briefing(struct route_call *call)
{
    static struct page p; /* the store answers one request at a time */
    bool is_answered;
    enum err err = open_page(call, &p, &is_answered);

    if (!err && !is_answered) {
        err = get(call, &p);
    }
    decide_fini(&p.record);
    return err;
}

static enum err change(struct route_call *call, struct page *p)
{
    char path[UUID_TEXT_SIZE + 32];
    struct uuid id;
    enum err err;

    if (!read_form(call, p)) {
        return reply_form(call, p, 400);
    }
    if (p->is_new) {
        memset(&p->b.id, 0, sizeof(p->b.id));
    }
    p->b.officer = p->session->officer;
    err = brief_put(p->council, &p->b, &id);
    if (err) {
        return err;
    }
    uuid_format(&id, p->id);
    snprintf(path, sizeof(path), "/briefings/%s?sent=1", p->id);
    return page_redirect(call, path);
}

static enum err answer(struct route_call *call, struct page *p)
{
    char text[BRIEF_LONG_SIZE], path[UUID_TEXT_SIZE + 32];
    enum err err;

    if (!html_form_get_lines(call->in->body, "answer", text, sizeof(text)) ||
        text[0] == '\0') {
        p->error = "Write an answer of at most 2,000 characters";
        return reply(call, p, 400);
    }
    err = brief_answer(p->council, &p->record.id, &p->session->officer, text);
    snprintf(path, sizeof(path), "/briefings/%s?sent=1", p->id);
    return err ? err : page_redirect(call, path);
}

static enum err post(struct route_call *call, struct page *p)
{
    char action[16];
    enum err err;

    if (!html_form_get(call->in->body, "action", action, sizeof(action))) {
        return ERR_BAD_DATA;
    }
    if (strcmp(action, "change") == 0) {
        return change(call, p);
    }
    if (!p->is_new && strcmp(action, "answer") == 0) {
        return answer(call, p);
    }
    if (!p->is_new && strcmp(action, "end") == 0) {
        err = brief_end(p->council, &p->record.id, &p->session->officer);
        return err ? err : page_redirect(call, "/briefings?ended=1");
    }
    return ERR_BAD_DATA;
}

enum err page_briefing_post(struct route_call *call)
{
    static struct page p;
    bool is_answered;
    enum err err = open_page(call, &p, &is_answered);

    if (!err && !is_answered) {
        err = post(call, &p);
    }
    decide_fini(&p.record);
    wipe(&p, sizeof(p));
    return err;
}
