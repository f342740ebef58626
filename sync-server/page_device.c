/*
 * page_device.c - one tablet: its chains, and of a chain that parted (its
 * folder was copied) what both branches hold, side by side.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/mem.h"
#include "sync-server/page_brief.h"
#include "sync-server/page_devices.h"
#include "sync-server/page_words.h"
#include "sync-server/sdb_page.h"

#define CHAINS_MAX   64  /* of one tablet */
#define NUMBERS_MAX  100 /* of one fork, shown */
#define BRANCHES_MAX 300 /* events of other branches, looked at */

struct numbers {
    size_t count; /* of the list, ascending, each once */
    bool is_cut;
    uint64_t list[NUMBERS_MAX];
};

struct page {
    struct page_devices p;
    struct sdb_device device;
    size_t chain_count;
    struct sdb_incarnation chains[CHAINS_MAX];
    struct numbers numbers;
    uint64_t number; /* whose branches are told now */
    struct buf rows, forks, ours, theirs;
};

/* --- what an entry holds --- */

static void put_note(struct page *p, struct bytes body, char *out, size_t size)
{
    struct body_view *view = mem_alloc(sizeof(*view));
    const struct body_field_view *f = NULL;
    struct buf words;

    buf_init(&words, SYNC_BODY_MAX_BYTES);
    out[0] = '\0';
    if (view != NULL && body.data != NULL && !body_parse(body, view)) {
        f = body_find(view, FIELD_NOTE);
        f = f != NULL ? f : body_find(view, FIELD_CATEGORY);
    }
    if (f != NULL && f->value.len > 0) {
        page_words_value(p->p.council, NULL, f->id, f->value, &words);
        snprintf(out, size, "%s", buf_text(&words));
    }
    buf_wipe(&words);
    mem_free(view);
}

/* Only what is an open record's, and only to whom that is shown. */
static void put_entry(struct page *p, const struct sdb_event *e,
                      struct buf *out)
{
    char what[200], when[160], who[360] = "Not shown", note[600] = "";
    char record[UUID_TEXT_SIZE], hash[65], shorted[13];
    struct event_header h;

    if (event_header_parse(e->header, &h)) {
        return;
    }
    snprintf(what, sizeof(what), "%s: %s", page_words_kind(h.kind),
             page_words_op(h.op));
    page_words_came(p->p.council, &h, e->received_ms, when, sizeof(when));
    uuid_format(&h.record, record);
    hex_format(e->header_hash.bytes, 32, hash);
    snprintf(shorted, sizeof(shorted), "%.12s", hash);
    if (p->p.rights.sees_content && h.kind != KIND_RESTRICTED &&
        h.kind != KIND_SEALED) {
        page_words_who(p->p.council, &h, who, sizeof(who));
    }
    if (p->p.rights.sees_content &&
        (h.kind == KIND_OBSERVATION || h.kind == KIND_ENTRY)) {
        put_note(p, e->body, note, sizeof(note));
    }
    {
        const struct html_value values[] = {
            { "what", what }, { "when", when },     { "who", who },
            { "note", note }, { "record", record }, { "hash", shorted },
        };

        page_put(out, "device_entry.html", values, ARRAY_LEN(values));
    }
}

/* --- one fork --- */

static enum err take_number(void *ctx, const struct sdb_event *e)
{
    struct numbers *n = ctx;

    if (n->count > 0 && n->list[n->count - 1] == e->ref.sequence) {
        return ERR_OK;
    }
    if (n->count == NUMBERS_MAX) {
        n->is_cut = true;
        return ERR_STOPPED;
    }
    n->list[n->count++] = e->ref.sequence;
    return ERR_OK;
}

static enum err take_branch(void *ctx, const struct sdb_event *e)
{
    struct page *p = ctx;

    if (e->ref.sequence == p->number) {
        put_entry(p, e, &p->theirs);
    }
    return ERR_OK;
}

static enum err put_number(struct page *p, const struct sdb_incarnation *chain)
{
    const struct event_ref ref = { chain->id, p->number };
    struct buf header, body;
    struct sdb_event e;
    char number[24];
    enum err err = sdb_event_get(p->p.council->db, &ref, &e);

    buf_reset(&p->ours);
    buf_reset(&p->theirs);
    buf_init(&header, HEADER_MAX_BYTES);
    buf_init(&body, BODY_MAX_BYTES);
    if (!err) { /* a view, and words ask the database */
        buf_put(&header, e.header.data, e.header.len);
        buf_put(&body, e.body.data, e.body.len);
        e.header = buf_bytes(&header);
        e.body = e.body.data != NULL ? buf_bytes(&body) : e.body;
        put_entry(p, &e, &p->ours);
    }
    page_carry(&p->rows, &header);
    page_carry(&p->rows, &body);
    buf_fini(&header);
    buf_wipe(&body);
    err = err == ERR_NOT_FOUND ? ERR_OK : err;
    err = err ? err
              : sdb_branch_all(p->p.council->db, &chain->id, BRANCHES_MAX,
                               take_branch, p);
    snprintf(number, sizeof(number), "%" PRIu64, p->number);
    {
        const struct html_value values[] = {
            { "number", number },
            { "raw_ours", p->ours.len > 0 ? buf_text(&p->ours) : "Nothing" },
            { "raw_theirs", buf_text(&p->theirs) },
        };

        page_put(&p->rows, "device_fork_row.html", values, ARRAY_LEN(values));
    }
    page_carry(&p->rows, &p->ours);
    page_carry(&p->rows, &p->theirs);
    return err;
}

static enum err put_fork(struct page *p, const struct sdb_incarnation *chain)
{
    char id[UUID_TEXT_SIZE], shorted[16], cut[80] = "";
    enum err err;

    memset(&p->numbers, 0, sizeof(p->numbers));
    buf_reset(&p->rows);
    err = sdb_branch_all(p->p.council->db, &chain->id, BRANCHES_MAX,
                         take_number, &p->numbers);
    for (size_t i = 0; i < p->numbers.count && !err; i++) {
        p->number = p->numbers.list[i];
        err = put_number(p, chain);
    }
    uuid_format(&chain->id, id);
    page_short_id(id, shorted, sizeof(shorted));
    if (p->numbers.is_cut) {
        snprintf(cut, sizeof(cut), "Only the first %d numbers are shown.",
                 NUMBERS_MAX);
    }
    {
        const struct html_value values[] = {
            { "chain", shorted },
            { "cut", cut },
            { "raw_rows", buf_text(&p->rows) },
        };

        if (p->numbers.count > 0) {
            page_put(&p->forks, "device_fork.html", values, ARRAY_LEN(values));
        }
    }
    page_carry(&p->forks, &p->rows);
    return err;
}

/* --- the page --- */

static enum err take_chain(void *ctx, const struct sdb_incarnation *i)
{
    struct page *p = ctx;

    if (p->chain_count == CHAINS_MAX) {
        return ERR_STOPPED;
    }
    p->chains[p->chain_count++] = *i;
    return ERR_OK;
}

static void put_chain(const struct sdb_incarnation *chain, struct buf *out)
{
    const bool is_forked = chain->state == SDB_INCARNATION_FORKED;
    char id[UUID_TEXT_SIZE], shorted[16], held[24];
    struct buf state;

    buf_init(&state, 4096);
    uuid_format(&chain->id, id);
    page_short_id(id, shorted, sizeof(shorted));
    snprintf(held, sizeof(held), "%" PRIu64, chain->held);
    page_put_tag(&state, is_forked ? "red" : "green",
                 is_forked ? "Parted in two" : "One history");
    {
        const struct html_value values[] = {
            { "id", id },
            { "short", shorted },
            { "held", held },
            { "raw_state", buf_text(&state) },
        };

        page_put(out, "device_chain.html", values, ARRAY_LEN(values));
    }
    page_carry(out, &state);
    buf_fini(&state);
}

static enum err fill(struct page *p, struct buf *chains)
{
    enum err err =
        sdb_incarnation_all(p->p.council->db, &p->device.id, take_chain, p);

    for (size_t i = 0; i < p->chain_count && !err; i++) {
        put_chain(&p->chains[i], chains);
        err = put_fork(p, &p->chains[i]);
    }
    return err;
}

static enum err reply(struct route_call *call, struct page *p)
{
    struct buf main, chains, state;
    enum err err;

    buf_init(&main, SYNC_BODY_MAX_BYTES);
    buf_init(&chains, SYNC_BODY_MAX_BYTES);
    buf_init(&state, 8192);
    page_put_device_state(&p->device, &state);
    err = fill(p, &chains);
    page_carry(&main, &chains);
    page_carry(&main, &state);
    page_carry(&main, &p->forks);
    if (!err) {
        const struct html_value values[] = {
            { "name", p->device.name },
            { "raw_state", buf_text(&state) },
            { "raw_chains", buf_text(&chains) },
            { "raw_forks", buf_text(&p->forks) },
        };

        page_put(&main, "device.html", values, ARRAY_LEN(values));
        err = page_log_record(p->p.council, p->p.session, "console, tablet",
                              &p->device.id);
    }
    err =
        err ? err : page_reply(call, 200, p->device.name, &main, p->p.session);
    buf_wipe(&main);
    buf_fini(&chains);
    buf_fini(&state);
    return err;
}

enum err page_device(struct route_call *call)
{
    static struct page p; /* the store answers one request at a time */
    struct buf *const all[] = { &p.rows, &p.forks, &p.ours, &p.theirs };
    bool is_answered;
    struct uuid id;
    enum err err;

    memset(&p, 0, sizeof(p));
    err = page_devices_start(call, &p.p, &is_answered);
    if (err || is_answered) {
        return err;
    }
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        buf_init(all[i], SYNC_BODY_MAX_BYTES);
    }
    err = uuid_parse(call->tail, &id)
              ? ERR_NOT_FOUND
              : sdb_device_get(p.p.council->db, &id, &p.device);
    err = err ? err : reply(call, &p);
    for (size_t i = 0; i < ARRAY_LEN(all); i++) {
        buf_wipe(all[i]);
    }
    return err == ERR_NOT_FOUND
               ? page_message(call, 404, "Not found", "No such tablet.")
               : err;
}
