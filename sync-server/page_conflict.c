/*
 * page_conflict.c - one record, every version side by side, and a form to
 * decide. Works without JavaScript. Team leaders decide on any record,
 * officers on what they made; an auditor only looks.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/form_text.h"
#include "core/limits.h"
#include "core/mem.h"
#include "core/records.h"
#include "sync-server/decide.h"
#include "sync-server/page_words.h"

#define QUESTIONS_MAX 24 /* of one page; the rest are asked after these */
#define TEXT_SIZE     2001
#define STAMP_SIZE    65
#define OTHER         (-1)

struct answer {
    int side; /* 1.., OTHER, 0: none */
    char text[TEXT_SIZE];
    const char *error; /* NULL: none */
    struct buf value;  /* of OTHER, as CBOR */
};

struct page {
    struct council *council;
    const struct session *session;
    struct page_rights rights;
    struct decide_record record;
    char id[UUID_TEXT_SIZE];
    char stamp[STAMP_SIZE];
    bool can_decide;
    size_t count; /* of the questions shown */
    struct answer answers[QUESTIONS_MAX];
    const char *error; /* of the whole page; NULL: none */
};

static const struct conflict_question *question(const struct page *p, size_t i)
{
    return &p->record.conflict.questions[i];
}

static const struct form_field *asked(const struct page *p, uint64_t field)
{
    return p->record.form != NULL && field <= UINT32_MAX
               ? form_find(p->record.form, (uint32_t)field)
               : NULL;
}

static bool is_number(const struct page *p, uint64_t field)
{
    const struct form_field *f = asked(p, field);

    return f != NULL && f->type == FORM_TYPE_NUMBER;
}

/* What can be typed; places, times and codes are chosen. */
static bool can_write(const struct page *p, uint64_t field)
{
    const struct form_field *f = asked(p, field);

    return p->record.form != NULL &&
           (field == FIELD_NOTE || field == FIELD_PLACE_NAME ||
            (f != NULL &&
             (f->type == FORM_TYPE_TEXT || f->type == FORM_TYPE_NUMBER)));
}

/* --- words --- */

static void put_label(const struct page *p, uint64_t field, char *out,
                      size_t size)
{
    if (field == CONFLICT_RECORD) {
        snprintf(out, size, "Struck out or kept?");
    } else {
        page_words_label(p->record.form, field, out, size);
    }
}

static void put_words(const struct page *p, const struct conflict_question *q,
                      size_t side, struct buf *out)
{
    const struct conflict_side *s = &q->sides[side];
    struct cbor_reader r;

    if (q->field != CONFLICT_RECORD) {
        page_words_value(p->council, p->record.form, q->field, s->value, out);
        return;
    }
    if (s->value.data == NULL) {
        page_words_strike(p->record.events[s->event].body, out);
        return;
    }
    buf_put_text(out, "Keep it");
    cbor_open_gated(&r, s->value);
    if (cbor_peek(&r) == CBOR_TYPE_TEXT) {
        buf_put_text(out, ", with: ");
        records_item(s->value, out);
    }
}

/* --- one question --- */

static void put_side(const struct page *p, size_t i, size_t side,
                     struct buf *out)
{
    const struct conflict_question *q = question(p, i);
    const struct event_header *h =
        &p->record.list[q->sides[side].event]->header;
    char key[32], suffix[24], value[24], who[360], when[120];
    struct buf words;

    snprintf(key, sizeof(key), "f%" PRIu64, q->field);
    suffix[0] =
        '\0'; /* the first has the field's own name: errors lead to it */
    if (side > 0) {
        snprintf(suffix, sizeof(suffix), "-%zu", side + 1);
    }
    snprintf(value, sizeof(value), "%zu", side + 1);
    page_words_who(p->council, h, who, sizeof(who));
    page_words_when(h, when, sizeof(when));
    buf_init(&words, SYNC_BODY_MAX_BYTES);
    put_words(p, q, side, &words);
    {
        const struct html_value values[] = {
            { "key", key },
            { "suffix", suffix },
            { "value", value },
            { "words", buf_text(&words) },
            { "who", who },
            { "when", when },
            { "raw_checked",
              p->answers[i].side == (int)side + 1 ? " checked" : "" },
            { "raw_disabled", p->can_decide ? "" : " disabled" },
        };

        page_put(out, "conflict_side.html", values, ARRAY_LEN(values));
    }
    buf_wipe(&words);
}

/* Begins with all versions, to be joined, or with what was typed. */
static void put_other(const struct page *p, size_t i, struct buf *out)
{
    const struct conflict_question *q = question(p, i);
    const struct answer *a = &p->answers[i];
    char key[32], label[200];
    struct buf text;

    snprintf(key, sizeof(key), "f%" PRIu64, q->field);
    put_label(p, q->field, label, sizeof(label));
    buf_init(&text, SYNC_BODY_MAX_BYTES);
    buf_put_text(&text, a->text);
    for (size_t k = 0;
         a->text[0] == '\0' && k < q->side_count && !is_number(p, q->field);
         k++) {
        buf_put_text(&text, k > 0 ? "\n" : "");
        records_item(q->sides[k].value, &text);
    }
    {
        const struct html_value values[] = {
            { "key", key },
            { "label", label },
            { "text", buf_text(&text) },
            { "raw_checked", a->side == OTHER ? " checked" : "" },
        };

        page_put(out, "conflict_other.html", values, ARRAY_LEN(values));
    }
    buf_wipe(&text);
}

static void put_error(const struct page *p, size_t i, struct buf *out)
{
    char key[32];
    const struct html_value values[] = { { "key", key },
                                         { "text", p->answers[i].error } };

    snprintf(key, sizeof(key), "f%" PRIu64, question(p, i)->field);
    if (p->answers[i].error != NULL) {
        page_put(out, "error_field.html", values, ARRAY_LEN(values));
    }
}

static void put_question(const struct page *p, size_t i, struct buf *out)
{
    const struct conflict_question *q = question(p, i);
    const bool is_wrong = p->answers[i].error != NULL;
    char label[200], number[16], described[64];
    struct buf sides, error;

    buf_init(&sides, SYNC_BODY_MAX_BYTES);
    buf_init(&error, 8192);
    put_label(p, q->field, label, sizeof(label));
    snprintf(number, sizeof(number), "%zu", i + 1);
    snprintf(described, sizeof(described),
             " aria-describedby=\"f%" PRIu64 "-error\"", q->field);
    for (size_t k = 0; k < q->side_count; k++) {
        put_side(p, i, k, &sides);
    }
    if (p->can_decide && can_write(p, q->field)) {
        put_other(p, i, &sides);
    }
    put_error(p, i, &error);
    {
        const struct html_value values[] = {
            { "number", number },
            { "label", label },
            { "error_class", is_wrong ? " govuk-form-group--error" : "" },
            { "raw_described", is_wrong ? described : "" },
            { "raw_error", buf_text(&error) },
            { "raw_sides", buf_text(&sides) },
        };

        page_put(out, "conflict_field.html", values, ARRAY_LEN(values));
    }
    buf_wipe(&sides);
    buf_fini(&error);
}

/* --- the page --- */

static void put_errors(const struct page *p, struct buf *out)
{
    struct html_value filled[] = { { "raw_items", "" } };
    struct buf items;

    buf_init(&items, SYNC_BODY_MAX_BYTES);
    if (p->error != NULL) {
        const struct html_value item[] = { { "target", "main" },
                                           { "text", p->error } };

        page_put(&items, "error_item.html", item, ARRAY_LEN(item));
    }
    for (size_t i = 0; i < p->count; i++) {
        char key[32], label[200], text[300];
        const struct html_value item[] = { { "target", key },
                                           { "text", text } };

        snprintf(key, sizeof(key), "f%" PRIu64, question(p, i)->field);
        put_label(p, question(p, i)->field, label, sizeof(label));
        if (p->answers[i].error != NULL) {
            snprintf(text, sizeof(text), "%.180s: %s", label,
                     p->answers[i].error);
            page_put(&items, "error_item.html", item, ARRAY_LEN(item));
        }
    }
    filled[0].text = buf_text(&items);
    if (items.len > 0) {
        page_put(out, "error_summary.html", filled, ARRAY_LEN(filled));
    }
    buf_fini(&items);
}

static void put_form(const struct page *p, struct buf *out)
{
    struct buf fields;

    buf_init(&fields, SYNC_BODY_MAX_BYTES);
    for (size_t i = 0; i < p->count; i++) {
        put_question(p, i, &fields);
    }
    {
        const struct html_value values[] = {
            { "id", p->id },
            { "token", p->session->token },
            { "seen", p->stamp },
            { "raw_fields", buf_text(&fields) },
        };

        if (p->can_decide) {
            page_put(out, "conflict_form.html", values, ARRAY_LEN(values));
        } else {
            buf_put(out, fields.data, fields.len);
        }
    }
    buf_wipe(&fields);
}

static enum err reply(struct route_call *call, const struct page *p, int status)
{
    const struct event_header *first = &p->record.list[p->record.first]->header;
    char shorted[16], what[200], officer[160], made[40], joined[80];
    struct buf main, errors, form;
    enum err err;

    buf_init(&main, SYNC_BODY_MAX_BYTES);
    buf_init(&errors, SYNC_BODY_MAX_BYTES);
    buf_init(&form, SYNC_BODY_MAX_BYTES);
    page_short_id(p->id, shorted, sizeof(shorted));
    page_category(p->council, decide_value(&p->record, FIELD_CATEGORY), what,
                  sizeof(what));
    page_officer(p->council, &first->officer, officer, sizeof(officer));
    page_time(first->wall_ms, made, sizeof(made));
    snprintf(joined, sizeof(joined), "%zu other fields joined without trouble.",
             p->record.conflict.joined);
    put_errors(p, &errors);
    put_form(p, &form);
    {
        const struct html_value values[] = {
            { "raw_errors", buf_text(&errors) },
            { "short", shorted },
            { "what", what },
            { "officer", officer },
            { "made", made },
            { "joined", joined },
            { "raw_form", buf_text(&form) },
        };

        page_put(&main, "conflict.html", values, ARRAY_LEN(values));
    }
    err = page_reply(call, status,
                     errors.len > 0 ? "Error: two versions" : "Two versions",
                     &main, p->session);
    buf_wipe(&main);
    buf_fini(&errors);
    buf_wipe(&form);
    return err;
}

/* --- opening --- */

static void put_stamp(struct page *p)
{
    struct hash stamp;

    conflict_stamp(&p->record.conflict, p->record.events, &stamp);
    hex_format(stamp.bytes, sizeof(stamp.bytes), p->stamp);
}

/* ERR_NOT_FOUND also for what may not be seen: ids are not told. */
static enum err open_page(struct route_call *call, struct page *p)
{
    struct uuid id;
    bool is_author;
    enum err err;

    memset(p, 0, sizeof(*p));
    p->council = call->council;
    p->session = session_find(call->council, call->in);
    if (p->session == NULL)
        return ERR_OK;
    if (uuid_parse(call->tail, &id))
        return ERR_NOT_FOUND;
    uuid_format(&id, p->id);
    err = page_rights(p->council, p->session, &p->rights);
    err = err ? err : decide_read(p->council, &id, &p->record);
    if (err)
        return err == ERR_DENIED ? ERR_NOT_FOUND : err;
    is_author = uuid_eq(&p->record.list[p->record.first]->header.officer,
                        &p->session->officer);
    if (!p->rights.sees_content || !(p->rights.sees_all || is_author))
        return ERR_NOT_FOUND;
    p->can_decide = p->rights.decides || is_author;
    p->count = p->record.conflict.question_count;
    p->count = p->count > QUESTIONS_MAX ? QUESTIONS_MAX : p->count;
    put_stamp(p);
    return ERR_OK;
}

static void close_page(struct page *p)
{
    for (size_t i = 0; i < QUESTIONS_MAX; i++) {
        buf_fini(&p->answers[i].value);
    }
    decide_fini(&p->record);
    wipe(p, sizeof(*p));
}

enum err page_conflict(struct route_call *call)
{
    static struct page p; /* the store answers one request at a time */
    enum err err = open_page(call, &p);
    char what[80];

    if (!err && p.session == NULL)
        return page_redirect(call, "/sign-in");
    if (!err && p.count == 0) {
        err = page_redirect(call, "/conflicts");
    } else if (!err) {
        snprintf(what, sizeof(what), "console, two versions of %s", p.id);
        err = page_log_access(p.council, p.session, what, 0);
        err = err ? err : reply(call, &p, 200);
    }
    close_page(&p);
    return err;
}

/* --- the answer --- */

/* Typed words as the form takes them; else a.error says what is wrong. */
static enum err read_other(const struct page *p, uint64_t field,
                           struct answer *a)
{
    struct form_problems problems;
    struct form_value v = { .field = (uint32_t)field, .kind = FORM_VALUE_TEXT };
    char *end = NULL;
    enum err err;

    if (a->text[0] == '\0') {
        a->error = "Write what is right";
        return ERR_OK;
    }
    v.text = (struct bytes){ (const uint8_t *)a->text, strlen(a->text) };
    if (is_number(p, field)) {
        v.kind = FORM_VALUE_INT;
        v.number = strtoll(a->text, &end, 10);
        if (*end != '\0') {
            a->error = "Enter a whole number";
            return ERR_OK;
        }
    }
    err = form_check(p->record.form, &v, 1, &problems);
    for (size_t i = 0; !err && i < problems.count; i++) {
        if (problems.list[i].field == v.field &&
            problems.list[i].kind >= FORM_TOO_LONG &&
            problems.list[i].kind <= FORM_BAD_VALUE) {
            a->error = "This is not allowed by the form";
        }
    }
    buf_init(&a->value, BODY_MAX_BYTES);
    if (v.kind == FORM_VALUE_INT) {
        cbor_put_int(&a->value, v.number);
    } else {
        cbor_put_text(&a->value, a->text, v.text.len);
    }
    return err ? err : a->value.err;
}

static enum err read_answer(const struct route_call *call, struct page *p,
                            size_t i)
{
    const struct conflict_question *q = question(p, i);
    struct answer *a = &p->answers[i];
    char key[32], value[16];

    snprintf(key, sizeof(key), "f%" PRIu64, q->field);
    if (!html_form_get(call->in->body, key, value, sizeof(value))) {
        return ERR_OK;
    }
    if (strcmp(value, "other") == 0 && can_write(p, q->field)) {
        a->side = OTHER;
        snprintf(key, sizeof(key), "f%" PRIu64 "-text", q->field);
        if (!html_form_get_lines(call->in->body, key, a->text,
                                 sizeof(a->text))) {
            a->error = "Write what is right, in fewer words";
            return ERR_OK;
        }
        return read_other(p, q->field, a);
    }
    a->side = atoi(value);
    if (a->side < 1 || (size_t)a->side > q->side_count) {
        a->side = 0;
    }
    return ERR_OK;
}

/* A record that stays struck needs no other choice. */
static bool stays_struck(const struct page *p)
{
    const struct conflict_question *q = question(p, 0);
    const int side = p->answers[0].side;

    return q->field == CONFLICT_RECORD && side > 0 &&
           q->sides[side - 1].value.data == NULL;
}

static enum err read_answers(const struct route_call *call, struct page *p,
                             bool *is_whole_out)
{
    enum err err = ERR_OK;

    for (size_t i = 0; i < p->count && !err; i++) {
        err = read_answer(call, p, i);
    }
    *is_whole_out = true;
    for (size_t i = 0; i < p->count && !err; i++) {
        if (p->answers[i].side == 0 && !stays_struck(p)) {
            p->answers[i].error = "Choose which is right";
        }
        *is_whole_out &= p->answers[i].error == NULL;
    }
    return err;
}

static enum err settle(struct page *p)
{
    struct conflict_choice choices[QUESTIONS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < p->count; i++) {
        const struct answer *a = &p->answers[i];
        const struct conflict_question *q = question(p, i);

        if (a->side == 0 || (i > 0 && stays_struck(p))) {
            continue;
        }
        choices[count++] = (struct conflict_choice){
            q->field, a->side == OTHER ? buf_bytes(&a->value)
                                       : q->sides[a->side - 1].value
        };
    }
    return decide(p->council, &p->record, &p->session->officer, choices, count);
}

static enum err post(struct route_call *call, struct page *p)
{
    char seen[STAMP_SIZE];
    bool is_whole = false;
    enum err err;

    if (!session_form_ok(call->in, p->session->token))
        return page_message(call, 403, "Not settled",
                            "The request did not come from our page.");
    if (!p->can_decide)
        return page_message(call, 403, "Not settled",
                            "You may look at this record only.");
    if (p->count == 0)
        return page_redirect(call, "/conflicts");
    if (!html_form_get(call->in->body, "seen", seen, sizeof(seen)) ||
        strcmp(seen, p->stamp) != 0) {
        p->error = "Somebody changed this record since you opened the page. "
                   "Look at it again";
        return reply(call, p, 409);
    }
    err = read_answers(call, p, &is_whole);
    if (!err && !is_whole)
        return reply(call, p, 400);
    err = err ? err : settle(p);
    return err ? err : page_redirect(call, "/conflicts?settled=1");
}

enum err page_conflict_post(struct route_call *call)
{
    static struct page p;
    enum err err = open_page(call, &p);

    if (!err && p.session == NULL)
        return page_redirect(call, "/sign-in");
    err = err ? err : post(call, &p);
    close_page(&p);
    return err;
}
