/*
 * page_record.c - one open record: what stands in it and who wrote that,
 * what hangs on it, what was asked, and what the council can prove of it.
 * Closed records are never read here; each look is in the log.
 */
#include "sync-server/page_record.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/fields.h"
#include "core/limits.h"
#include "core/mem.h"
#include "sync-server/clocks.h"
#include "sync-server/page_brief.h"
#include "sync-server/sdb_order.h"

#define EVENTS_MAX   50   /* shown with their proof, the newest */
#define BRANCHES_MAX 50   /* shown of other branches */
#define BRANCH_WALK  5000 /* looked at for them */

/* --- one value --- */

const struct merge_record *page_record_merged(const struct decide_record *r)
{
    return r->conflict.is_strike ? &r->conflict.kept : &r->conflict.now;
}

struct bytes page_record_value(const struct merge_record *m, uint64_t field)
{
    for (size_t i = 0; i < m->field_count; i++) {
        const struct merge_field *f = &m->fields[i];

        if (f->id == field && f->head_count > 0 && !f->is_conflict) {
            return f->heads[0].value;
        }
    }
    return (struct bytes){ NULL, 0 };
}

void page_record_text(const struct merge_record *m, uint64_t field, char *out,
                      size_t size)
{
    const struct bytes value = page_record_value(m, field);
    struct cbor_reader r;
    struct bytes text;

    out[0] = '\0';
    if (value.data != NULL) {
        cbor_open_gated(&r, value);
        text = cbor_get_text(&r);
        if (!r.err && text.len > 0) {
            snprintf(out, size, "%.*s",
                     (int)(text.len < size - 1 ? text.len : size - 1),
                     (const char *)text.data);
        }
    }
}

int64_t page_record_int(const struct merge_record *m, uint64_t field)
{
    const struct bytes value = page_record_value(m, field);
    struct cbor_reader r;
    int64_t n = 0;

    if (value.data != NULL) {
        cbor_open_gated(&r, value);
        n = cbor_get_int(&r);
        n = r.err ? 0 : n;
    }
    return n;
}

bool page_record_may_see(const struct page_rights *rights,
                         const struct session *s, const struct decide_record *r)
{
    return rights->sees_content &&
           (rights->sees_all ||
            uuid_eq(&r->list[r->first]->header.officer, &s->officer));
}

/* --- fields --- */

static void put_side(struct council *c, const struct event_header *h,
                     bool is_one_of_two, struct buf *words, struct buf *out)
{
    char who[360], when[120];

    page_words_who(c, h, who, sizeof(who));
    page_words_when(h, when, sizeof(when));
    {
        const struct html_value values[] = {
            { "class", is_one_of_two ? "console-side" : "" },
            { "value", buf_text(words) },
            { "who", who },
            { "when", when },
        };

        page_put(out, "record_side.html", values, ARRAY_LEN(values));
    }
}

static void put_head(struct council *c, const struct decide_record *r,
                     const struct merge_field *f, size_t head, struct buf *out)
{
    const struct merge_value *v = &f->heads[head];
    struct buf words;

    buf_init(&words, SYNC_BODY_MAX_BYTES);
    if (v->value.data == NULL) {
        page_words_strike(r->events[v->event].body, &words);
    } else if (f->is_set) {
        page_words_codes(r->form, f->id, buf_bytes(&f->codes), &words);
    } else {
        page_words_value(c, r->form, f->id, v->value, &words);
    }
    put_side(c, &r->list[v->event]->header, f->is_conflict, &words, out);
    page_carry(out, &words);
    buf_wipe(&words);
}

static void put_label(const struct decide_record *r, uint64_t field, char *out,
                      size_t size)
{
    static const char *const entry[] = {
        [ENTRY_NUMBER] = "Number in the book",
        [ENTRY_LATE_MS] = "Made late for",
        [ENTRY_AMENDS] = "Corrects number",
        [ENTRY_ABOUT] = "About the record",
        [ENTRY_AREA] = "Beat or hotspot",
        [ENTRY_MARK] = "Mark",
    };

    if (r->kind == KIND_ENTRY && field < ARRAY_LEN(entry) &&
        entry[field] != NULL) {
        snprintf(out, size, "%s", entry[field]);
    } else {
        page_words_label(r->form, field, out, size);
    }
}

void page_put_fields(struct council *c, const struct decide_record *r,
                     struct buf *out)
{
    const struct merge_record *m = page_record_merged(r);

    for (size_t i = 0; i < m->field_count; i++) {
        const struct merge_field *f = &m->fields[i];
        const size_t shown = f->is_conflict ? f->head_count : f->head_count > 0;
        char label[200];
        struct buf sides, tag;

        buf_init(&sides, SYNC_BODY_MAX_BYTES);
        buf_init(&tag, 4096);
        put_label(r, f->id, label, sizeof(label));
        for (size_t k = 0; k < shown; k++) {
            put_head(c, r, f, k, &sides);
        }
        if (f->is_conflict) {
            page_put_tag(&tag, "yellow", "Two versions");
        }
        {
            const struct html_value values[] = {
                { "label", label },
                { "raw_tag", buf_text(&tag) },
                { "raw_sides", buf_text(&sides) },
            };

            if (shown > 0) {
                page_put(out, "record_field.html", values, ARRAY_LEN(values));
            }
        }
        page_carry(out, &sides);
        page_carry(out, &tag);
        buf_wipe(&sides);
        buf_fini(&tag);
    }
}

/* --- what the council holds --- */

struct page {
    struct council *council;
    const struct session *session;
    struct page_rights rights;
    struct decide_record record;
    struct held_keys *keys;
    char id[UUID_TEXT_SIZE];
    size_t broken;    /* proofs that don't hold */
    int64_t first_ms; /* received */
    uint64_t log_size;
    bool is_erased, is_quarantined;
    size_t branches;
    struct buf proofs, branch_rows;
};

static void put_proof_tag(const struct sdb_event *e, const struct held *held,
                          struct buf *out)
{
    switch (held->seal) {
    case HELD_SEALED:
        page_put_tag(out, "green", "Seal holds");
        break;
    case HELD_NO_CHAIN:
        page_put_tag(out, "yellow", "What came before is missing");
        break;
    case HELD_NO_SEAL:
        page_put_tag(out, "yellow", "Not sealed yet");
        break;
    case HELD_FAR:
        page_put_tag(out, "grey", "Seal is too far to check here");
        break;
    case HELD_BROKEN:
        page_put_tag(out, "red", "Seal does not hold");
        break;
    }
    if (!held->is_in_log) {
        page_put_tag(out, "red", "Not in the log");
    }
    if (e->state == SDB_ERASED) {
        page_put_tag(out, "grey", "Erased");
    } else if (!held->is_body_whole) {
        page_put_tag(out, "red", "Words missing or changed");
    }
    if (e->state == SDB_QUARANTINED) {
        page_put_tag(out, "red", "Held, not applied");
    }
}

static void put_proof_row(struct page *p, const struct event_header *h,
                          const struct sdb_event *e, const struct held *held)
{
    char who[360], when[160], received[40], position[24], chain[UUID_TEXT_SIZE];
    char shorted[16], number[24], reason[200];
    struct buf tag;

    buf_init(&tag, 8192);
    page_words_who(p->council, h, who, sizeof(who));
    page_words_came(p->council, h, e->received_ms, when, sizeof(when));
    page_time(e->received_ms, received, sizeof(received));
    snprintf(position, sizeof(position), "%" PRIu64, e->position);
    uuid_format(&e->ref.incarnation, chain);
    page_short_id(chain, shorted, sizeof(shorted));
    snprintf(number, sizeof(number), "%" PRIu64, e->ref.sequence);
    snprintf(reason, sizeof(reason), "%.*s",
             (int)(e->reason.len < 190 ? e->reason.len : 190),
             e->reason.len > 0 ? (const char *)e->reason.data : "");
    put_proof_tag(e, held, &tag);
    if (clocks_wrong_in(p->council, h, e->received_ms)) {
        page_put_tag(&tag, "yellow", "Clock wrong");
    }
    {
        const struct html_value values[] = {
            { "what", page_words_op(h->op) },
            { "who", who },
            { "when", when },
            { "received", received },
            { "position", position },
            { "chain", shorted },
            { "chain_id", chain },
            { "number", number },
            { "reason", reason },
            { "raw_tag", buf_text(&tag) },
        };

        page_put(&p->proofs, "record_proof.html", values, ARRAY_LEN(values));
    }
    page_carry(&p->proofs, &tag);
    buf_fini(&tag);
}

static enum err put_proof(struct page *p, size_t i)
{
    const struct event_ref *ref = &p->record.events[i].ref;
    struct sdb_event e;
    struct held held;
    enum err err = held_check(p->council, p->keys, ref, &held);

    err = err ? err : sdb_event_get(p->council->db, ref, &e);
    if (err) {
        return err;
    }
    p->broken +=
        held.seal == HELD_BROKEN || !held.is_in_log || !held.is_body_whole;
    p->is_erased |= e.state == SDB_ERASED;
    p->is_quarantined |= e.state == SDB_QUARANTINED && i == p->record.first;
    p->log_size = held.log_size > p->log_size ? held.log_size : p->log_size;
    { /* a view of the row ends with the next call */
        struct buf reason;

        buf_init(&reason, 1024);
        buf_put(&reason, e.reason.data, e.reason.len);
        e.reason = buf_bytes(&reason);
        put_proof_row(p, &p->record.list[i]->header, &e, &held);
        buf_fini(&reason);
    }
    return ERR_OK;
}

static enum err put_proofs(struct page *p)
{
    const size_t count = p->record.count;
    struct sdb_event first;
    enum err err = sdb_event_get(
        p->council->db, &p->record.events[p->record.first].ref, &first);

    if (!err) {
        p->first_ms = first.received_ms;
    }
    for (size_t i = count > EVENTS_MAX ? count - EVENTS_MAX : 0;
         i < count && !err; i++) {
        err = put_proof(p, i);
    }
    return err;
}

/* --- the other branch of a fork --- */

/* Its words beside those that count now. */
static void put_branch_field(struct page *p, const struct event_header *h,
                             const struct body_field_view *f)
{
    const struct bytes now =
        page_record_value(page_record_merged(&p->record), f->id);
    char label[200], who[360], when[120];
    struct buf counts, other;

    buf_init(&counts, SYNC_BODY_MAX_BYTES);
    buf_init(&other, SYNC_BODY_MAX_BYTES);
    put_label(&p->record, f->id, label, sizeof(label));
    page_words_value(p->council, p->record.form, f->id, f->value, &other);
    if (now.data != NULL) {
        page_words_value(p->council, p->record.form, f->id, now, &counts);
    }
    page_words_who(p->council, h, who, sizeof(who));
    page_words_when(h, when, sizeof(when));
    {
        const struct html_value values[] = {
            { "label", label },
            { "what", page_words_op(h->op) },
            { "counts", now.data != NULL ? buf_text(&counts) : "-" },
            { "other", buf_text(&other) },
            { "who", who },
            { "when", when },
        };

        page_put(&p->branch_rows, "record_branch_row.html", values,
                 ARRAY_LEN(values));
    }
    page_carry(&p->branch_rows, &counts);
    page_carry(&p->branch_rows, &other);
    buf_wipe(&counts);
    buf_wipe(&other);
}

static enum err take_branch(void *ctx, const struct sdb_event *e)
{
    struct page *p = ctx;
    struct event_header h;
    struct body_view *view;

    if (event_header_parse(e->header, &h) || e->body.data == NULL ||
        !uuid_eq(&h.record, &p->record.id) || h.kind == KIND_RESTRICTED ||
        h.kind == KIND_SEALED) {
        return ERR_OK;
    }
    if (p->branches++ >= BRANCHES_MAX) {
        return ERR_STOPPED;
    }
    view = mem_alloc(sizeof(*view));
    if (view == NULL) {
        return ERR_NOMEM;
    }
    if (body_parse(e->body, view) == ERR_OK) {
        for (size_t i = 0; i < view->field_count; i++) {
            if (view->fields[i].value.len > 0) {
                put_branch_field(p, &h, &view->fields[i]);
            }
        }
    }
    mem_free(view);
    return ERR_OK;
}

/* --- the page --- */

static void put_tags(const struct page *p, struct buf *out)
{
    if (p->is_quarantined) {
        page_put_tag(out, "red", "Held, not applied");
    }
    if (p->is_erased) {
        page_put_tag(out, "grey", "Erased");
    }
    if (p->record.conflict.now.is_struck) {
        page_put_tag(out, "grey", "Struck out");
    }
    if (p->record.conflict.question_count > 0) {
        page_put_tag(out, "yellow", "Two versions");
    }
}

static void put_notes(const struct page *p, struct buf *out)
{
    const struct html_value link[] = { { "id", p->id } };
    char text[160];
    struct html_value note[] = { { "text", text } };

    if (p->record.conflict.question_count > 0) {
        page_put(out, "record_conflict.html", link, ARRAY_LEN(link));
    }
    if (p->is_erased) {
        snprintf(text, sizeof(text),
                 "What it said was erased by an order. That it was there, and "
                 "its place in the log, stays.");
        page_put(out, "note.html", note, ARRAY_LEN(note));
    }
    if (p->record.count > EVENTS_MAX) {
        snprintf(text, sizeof(text),
                 "The proof shows the newest %d of %zu entries.", EVENTS_MAX,
                 p->record.count);
        page_put(out, "note.html", note, ARRAY_LEN(note));
    }
}

static void put_proof_line(const struct page *p, struct buf *out)
{
    const struct event_header *first = &p->record.list[p->record.first]->header;
    char since[40], chain[UUID_TEXT_SIZE], shorted[16], number[24], size[24];
    struct buf tag;

    buf_init(&tag, 4096);
    page_time(p->first_ms, since, sizeof(since));
    uuid_format(&first->incarnation, chain);
    page_short_id(chain, shorted, sizeof(shorted));
    snprintf(number, sizeof(number), "%" PRIu64, first->sequence);
    snprintf(size, sizeof(size), "%" PRIu64, p->log_size);
    page_put_tag(&tag, p->broken > 0 ? "red" : "green",
                 p->broken > 0 ? "Something does not hold: see below"
                               : "All of it checks out");
    {
        const struct html_value values[] = {
            { "since", since },    { "chain", shorted },
            { "chain_id", chain }, { "number", number },
            { "size", size },      { "raw_tag", buf_text(&tag) },
        };

        page_put(out, "record_held.html", values, ARRAY_LEN(values));
    }
    page_carry(out, &tag);
    buf_fini(&tag);
}

struct parts {
    struct buf main, tags, notes, held, fields, children, said, branches;
};

static enum err fill(struct page *p, struct parts *b)
{
    struct said *said = mem_alloc(sizeof(*said));
    enum err err = said == NULL ? ERR_NOMEM : put_proofs(p);

    err = err ? err : said_read(p->council, &p->record.id, said);
    if (!err) {
        page_put_said(p->council, said, &b->said);
        page_put_fields(p->council, &p->record, &b->fields);
        put_tags(p, &b->tags);
        put_notes(p, &b->notes);
        put_proof_line(p, &b->held);
        err = page_put_children(p->council, p->keys, &p->record, &b->children);
    }
    mem_free(said);
    err =
        err ? err
            : sdb_branch_all(p->council->db, NULL, BRANCH_WALK, take_branch, p);
    if (!err && p->branch_rows.len > 0) {
        const struct html_value values[] = { { "raw_rows",
                                               buf_text(&p->branch_rows) } };

        page_put(&b->branches, "record_branch.html", values, ARRAY_LEN(values));
    }
    return err;
}

static enum err put_page(struct route_call *call, struct page *p,
                         struct parts *b)
{
    const struct event_header *first = &p->record.list[p->record.first]->header;
    char shorted[16], what[200], officer[160], made[40];
    enum err err = fill(p, b);

    page_short_id(p->id, shorted, sizeof(shorted));
    page_category(p->council, decide_value(&p->record, FIELD_CATEGORY), what,
                  sizeof(what));
    if (p->record.kind != KIND_OBSERVATION) {
        snprintf(what, sizeof(what), "%s", page_words_kind(p->record.kind));
    }
    page_officer(p->council, &first->officer, officer, sizeof(officer));
    page_time(first->wall_ms, made, sizeof(made));
    page_carry(&b->main, &p->proofs);
    page_carry(&b->main, &p->branch_rows);
    page_carry(&b->main, &b->tags);
    page_carry(&b->main, &b->notes);
    page_carry(&b->main, &b->held);
    page_carry(&b->main, &b->fields);
    page_carry(&b->main, &b->children);
    page_carry(&b->main, &b->said);
    page_carry(&b->main, &b->branches);
    if (!err) {
        const struct html_value values[] = {
            { "id", p->id },
            { "short", shorted },
            { "what", what },
            { "officer", officer },
            { "made", made },
            { "raw_tags", buf_text(&b->tags) },
            { "raw_notes", buf_text(&b->notes) },
            { "raw_held", buf_text(&b->held) },
            { "raw_fields", buf_text(&b->fields) },
            { "raw_children", buf_text(&b->children) },
            { "raw_said", buf_text(&b->said) },
            { "raw_branches", buf_text(&b->branches) },
            { "raw_proofs", buf_text(&p->proofs) },
        };

        page_put(&b->main, "record.html", values, ARRAY_LEN(values));
        err = page_log_record(p->council, p->session, "console, record",
                              &p->record.id);
    }
    return err ? err : page_reply(call, 200, what, &b->main, p->session);
}

static enum err reply(struct route_call *call, struct page *p)
{
    struct parts b;
    struct buf *const all[] = { &b.main,   &b.tags, &b.notes,    &b.held,
                                &b.fields, &b.said, &b.children, &b.branches };
    enum err err;

    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        buf_init(all[i], SYNC_BODY_MAX_BYTES);
    }
    err = held_keys_read(p->council, &p->keys);
    err = err ? err : put_page(call, p, &b);
    held_keys_free(p->keys);
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        buf_wipe(all[i]);
    }
    return err;
}

/* What hangs on a record stands on the record's page, a patrol on its own. */
static bool leads_on(const struct page *p, char *path, size_t size)
{
    const struct uuid *parent = &p->record.conflict.now.parent;
    char id[UUID_TEXT_SIZE];

    if (p->record.kind == KIND_PATROL) {
        snprintf(path, size, "/reviews/%s", p->id);
        return true;
    }
    if (p->record.kind == KIND_ENTRY || uuid_is_zero(parent)) {
        return false;
    }
    uuid_format(parent, id);
    snprintf(path, size, "/records/%s", id);
    return true;
}

static bool is_shown(uint64_t kind)
{
    return kind == KIND_OBSERVATION || kind == KIND_ENTRY ||
           kind == KIND_NOTICE || kind == KIND_PERSON || kind == KIND_VEHICLE ||
           kind == KIND_PHOTO || kind == KIND_ROW || kind == KIND_PATROL;
}

/* ERR_NOT_FOUND also for what may not be seen: ids are not told. */
static enum err open_page(struct route_call *call, struct page *p)
{
    struct uuid id;
    enum err err;

    if (uuid_parse(call->tail, &id)) {
        return ERR_NOT_FOUND;
    }
    uuid_format(&id, p->id);
    err = page_rights(p->council, p->session, &p->rights);
    err = err ? err : decide_read(p->council, &id, &p->record);
    if (err) {
        return err == ERR_DENIED ? ERR_NOT_FOUND : err;
    }
    return is_shown(p->record.kind) &&
                   page_record_may_see(&p->rights, p->session, &p->record)
               ? ERR_OK
               : ERR_NOT_FOUND;
}

enum err page_record(struct route_call *call)
{
    static struct page p; /* the store answers one request at a time */
    char path[80];
    enum err err;

    memset(&p, 0, sizeof(p));
    p.council = call->council;
    p.session = session_find(call->council, call->in);
    if (p.session == NULL)
        return page_redirect(call, "/sign-in");
    buf_init(&p.proofs, SYNC_BODY_MAX_BYTES);
    buf_init(&p.branch_rows, SYNC_BODY_MAX_BYTES);
    err = open_page(call, &p);
    if (!err) {
        err = leads_on(&p, path, sizeof(path)) ? page_redirect(call, path)
                                               : reply(call, &p);
    }
    decide_fini(&p.record);
    buf_wipe(&p.proofs);
    buf_wipe(&p.branch_rows);
    return err == ERR_NOT_FOUND
               ? page_message(call, 404, "Not found",
                              "There is no such record that you may read.")
               : err;
}
