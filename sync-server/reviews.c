#include "sync-server/reviews.h"

#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/mem.h"
#include "sync-server/sdb_order.h"

struct reading {
    struct council *c;
    struct review_log *out;
    struct event_ref start;
    uint64_t start_hlc, end_hlc;
    size_t walked, count;
    struct {
        struct uuid id;
        uint64_t kind;
    } entries[REVIEW_ENTRIES_MAX];
    struct body_view view;
    struct said patrol, one;
};

static void read_area(struct reading *k, const struct sdb_event *e)
{
    const struct body_field_view *f;
    struct cbor_reader r;
    struct bytes text;

    if (e->body.data == NULL || body_parse(e->body, &k->view)) {
        return;
    }
    f = body_find(&k->view, PATROL_AREA);
    if (f == NULL) {
        return;
    }
    cbor_open_gated(&r, f->value);
    text = cbor_get_text(&r);
    if (!r.err && text.len > 0 && text.len < sizeof(k->out->area)) {
        memcpy(k->out->area, text.data, text.len);
        k->out->area[text.len] = '\0';
    }
}

static enum err take_step(void *ctx, const struct sdb_event *e)
{
    struct reading *k = ctx;
    struct event_header h;

    if (e->state == SDB_QUARANTINED || event_header_parse(e->header, &h)) {
        return ERR_OK;
    }
    if (e->op == OP_PATROL_START) {
        k->start = e->ref;
        k->start_hlc = h.hlc;
        k->out->officer = e->officer;
        k->out->started_ms = h.wall_ms;
        read_area(k, e);
    } else if (e->op == OP_PATROL_END) {
        k->end_hlc = h.hlc;
        k->out->ended_ms = h.wall_ms;
    }
    return ERR_OK;
}

/* A line of the book that speaks of a record is that record's; what hangs on
 * one is part of it. */
static bool is_entry(struct reading *k, const struct sdb_event *e)
{
    if (e->op != OP_CREATE || e->state != SDB_APPLIED ||
        !uuid_eq(&e->officer, &k->out->officer)) {
        return false;
    }
    if (e->kind == KIND_RESTRICTED) {
        return true;
    }
    if ((e->kind != KIND_OBSERVATION && e->kind != KIND_ENTRY &&
         e->kind != KIND_NOTICE) ||
        e->body.data == NULL || body_parse(e->body, &k->view)) {
        return false;
    }
    return e->kind == KIND_ENTRY ? body_find(&k->view, ENTRY_ABOUT) == NULL
                                 : uuid_is_zero(&k->view.parent);
}

static enum err take_entry(void *ctx, const struct sdb_event *e)
{
    struct reading *k = ctx;
    struct event_header h;

    if (++k->walked > REVIEWS_WALK_MAX) {
        k->out->is_cut = true;
        return ERR_STOPPED;
    }
    if (event_header_parse(e->header, &h)) {
        return ERR_OK;
    }
    if (k->end_hlc != 0 && h.hlc > k->end_hlc) {
        return ERR_STOPPED;
    }
    if (e->op == OP_PATROL_START && k->end_hlc == 0 &&
        uuid_eq(&e->officer, &k->out->officer)) {
        return ERR_STOPPED; /* the next one */
    }
    if (is_entry(k, e)) {
        if (k->count == REVIEW_ENTRIES_MAX) {
            k->out->is_cut = true;
            return ERR_STOPPED;
        }
        k->entries[k->count].id = e->record;
        k->entries[k->count++].kind = e->kind;
    }
    return ERR_OK;
}

static void count_mark(struct review_log *out, enum said_mark mark)
{
    out->reviewed += mark == SAID_REVIEWED;
    out->asked += mark == SAID_ASKED;
    out->answered += mark == SAID_ANSWERED;
    out->to_look_at += mark == SAID_TO_LOOK_AT || mark == SAID_ANSWERED;
}

static enum err tell_entry(struct reading *k, size_t i, review_entry_fn fn,
                           void *ctx)
{
    struct review_entry e = { .record = k->entries[i].id,
                              .kind = k->entries[i].kind,
                              .said = &k->one };
    enum err err = said_read(k->c, &e.record, &k->one);

    if (err) {
        return err;
    }
    e.made_ms = k->one.made_ms;
    e.is_closed = k->one.is_closed;
    k->out->entries++;
    k->out->closed += e.is_closed;
    if (!e.is_closed) {
        e.mark = said_mark(&k->one, &e.by);
        count_mark(k->out, e.mark);
    }
    return fn == NULL ? ERR_OK : fn(ctx, &e);
}

/* The later of two stands when its author knew of the earlier; else the
 * earlier does, and the other is shown beside it. */
static void settle(struct reading *k)
{
    const struct said_one *stands = NULL, *beside = NULL;
    struct review_log *out = k->out;

    for (size_t i = 0; i < k->patrol.count; i++) {
        const struct said_one *r = &k->patrol.list[i];

        if (r->op != OP_REVIEW) {
            continue;
        }
        if (stands == NULL || r->seen >= stands->hlc) {
            stands = r;
            beside = NULL;
        } else {
            beside = r;
        }
    }
    if (stands != NULL) {
        out->by = stands->officer;
        out->by_ms = stands->at_ms;
        memcpy(out->reason, stands->text, sizeof(out->reason));
    }
    if (beside != NULL) {
        out->other = beside->officer;
        out->other_ms = beside->at_ms;
    }
    out->state = out->ended_ms == 0 ? REVIEW_RUNNING
                 : out->asked > 0   ? REVIEW_BACK
                 : stands != NULL && stands->verdict == REVIEW_APPROVED
                     ? REVIEW_DONE
                     : REVIEW_TO_DO;
}

static void sort_by_hlc(struct said *s)
{
    for (size_t i = 1; i < s->count; i++) {
        for (size_t k = i; k > 0 && s->list[k - 1].hlc > s->list[k].hlc; k--) {
            const struct said_one one = s->list[k];

            s->list[k] = s->list[k - 1];
            s->list[k - 1] = one;
        }
    }
}

static enum err read_all(struct reading *k, review_entry_fn fn, void *ctx)
{
    uint64_t first_last[2] = { 0, INT64_MAX };
    enum err err = sdb_event_of_record(k->c->db, &k->out->patrol, take_step, k);

    if (!err && k->start.sequence == 0) {
        return ERR_NOT_FOUND;
    }
    first_last[0] = k->start.sequence + 1;
    err = err ? err
              : sdb_event_range(k->c->db, &k->start.incarnation, first_last,
                                take_entry, k);
    for (size_t i = 0; i < k->count && !err; i++) {
        err = tell_entry(k, i, fn, ctx);
    }
    err = err ? err : said_read(k->c, &k->out->patrol, &k->patrol);
    if (!err) {
        sort_by_hlc(&k->patrol);
        settle(k);
    }
    return err;
}

enum err reviews_read(struct council *c, const struct uuid *patrol,
                      review_entry_fn fn, void *ctx, struct review_log *out)
{
    struct reading *k = mem_alloc(sizeof(*k));
    enum err err;

    memset(out, 0, sizeof(*out));
    out->patrol = *patrol;
    if (k == NULL) {
        return ERR_NOMEM;
    }
    memset(k, 0, offsetof(struct reading, view));
    k->c = c;
    k->out = out;
    err = read_all(k, fn, ctx);
    mem_free(k);
    return err;
}
