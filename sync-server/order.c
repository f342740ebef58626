#include "sync-server/order.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/body.h"
#include "core/cbor.h"
#include "core/erase.h"
#include "core/fields.h"
#include "core/mem.h"

/* In sdb_meta while old pages may still show what was erased. */
#define META_DUE "erase-due"

/* --- the records of a family --- */

struct pair {
    struct uuid record, parent;
};

struct family {
    struct council *c;
    struct uuid root;
    struct pair *pairs; /* every child that can be read */
    size_t pair_count, pair_cap;
    struct uuid *members; /* the root and all below it */
    size_t member_count;
    struct body_view *view;
    bool is_found;
    uint64_t kind; /* of the root */
};

static enum err note_event(void *ctx, const struct sdb_event *e)
{
    struct family *f = ctx;

    if (uuid_eq(&e->record, &f->root) && !f->is_found &&
        !erase_is_order(e->op)) {
        f->is_found = true;
        f->kind = e->kind;
    }
    if (e->body.data == NULL || e->op != OP_CREATE ||
        e->kind == KIND_RESTRICTED || e->kind == KIND_SEALED ||
        body_parse(e->body, f->view) || uuid_is_zero(&f->view->parent)) {
        return ERR_OK;
    }
    if (f->pair_count == f->pair_cap) {
        const size_t cap = 2 * f->pair_cap + 64;
        struct pair *more = mem_realloc(f->pairs, cap * sizeof(*more));

        if (more == NULL)
            return ERR_NOMEM;
        f->pairs = more;
        f->pair_cap = cap;
    }
    f->pairs[f->pair_count++] = (struct pair){ e->record, f->view->parent };
    return ERR_OK;
}

static bool is_member(const struct family *f, const struct uuid *record)
{
    for (size_t i = 0; i < f->member_count; i++) {
        if (uuid_eq(&f->members[i], record))
            return true;
    }
    return false;
}

static enum err gather(struct family *f)
{
    bool grew = true;

    f->members = mem_array(f->pair_count + 1, sizeof(*f->members));
    if (f->members == NULL)
        return ERR_NOMEM;
    f->members[f->member_count++] = f->root;
    while (grew) {
        grew = false;
        for (size_t i = 0; i < f->pair_count; i++) {
            if (is_member(f, &f->pairs[i].parent) &&
                !is_member(f, &f->pairs[i].record)) {
                f->members[f->member_count++] = f->pairs[i].record;
                grew = true;
            }
        }
    }
    return ERR_OK;
}

static enum err family_read(struct council *c, const struct uuid *root,
                            struct family *f)
{
    enum err err;

    memset(f, 0, sizeof(*f));
    f->c = c;
    f->root = *root;
    f->view = mem_alloc(sizeof(*f->view));
    err = f->view == NULL ? ERR_NOMEM : sdb_event_all(c->db, 0, note_event, f);
    return err ? err : gather(f);
}

static void family_free(struct family *f)
{
    mem_free(f->view);
    mem_free(f->pairs);
    mem_free(f->members);
}

/* A hold on the record, on what hangs on it, or on what it hangs on. */
static enum err find_hold(struct family *f, bool *out)
{
    struct sdb_order_state state = { 0, false };
    struct uuid at = f->root;
    enum err err = ERR_OK;

    for (size_t i = 0; i < f->member_count && !err && state.holds == 0; i++) {
        err = sdb_order_state(f->c->db, &f->members[i], &state);
    }
    for (size_t i = 0; i < f->pair_count && !err && state.holds == 0; i++) {
        if (uuid_eq(&f->pairs[i].record, &at)) {
            at = f->pairs[i].parent;
            err = sdb_order_state(f->c->db, &at, &state);
            i = (size_t)-1; /* from the start, one step up */
            if (uuid_eq(&at, &f->root))
                break; /* a ring: not ours to judge */
        }
    }
    *out = state.holds > 0;
    return err;
}

/* --- one order --- */

static enum err order_body(const struct sdb_order *o, struct buf *out)
{
    struct body_writer w;
    enum err err;

    body_begin(&w);
    body_put_text(&w, FIELD_REASON, o->reason);
    body_put_uuid(&w, ORDER_ID, &o->id);
    body_put_uuid(&w, ORDER_ROOT, &o->root);
    err = body_end(&w, out);
    body_fini(&w);
    return err;
}

static enum err note_kind(void *ctx, const struct sdb_event *e)
{
    uint64_t *kind = ctx;

    if (erase_is_order(e->op))
        return ERR_OK;
    *kind = e->kind;
    return ERR_STOPPED;
}

static enum err append(struct council *c, struct sdb_order *o)
{
    const struct sdb_audience all = { WIRE_SUB_ORDERS, c->id };
    struct evlog_new e = { .officer = o->officer,
                           .record = o->record,
                           .op = (enum event_op)o->op };
    uint64_t kind = KIND_OBSERVATION;
    struct event_ref ref;
    struct sdb_event made;
    struct buf body;
    enum err err;

    buf_init(&body, BODY_MAX_BYTES);
    err = order_body(o, &body);
    err = err ? err : sdb_event_of_record(c->db, &o->record, note_kind, &kind);
    e.kind = (enum event_kind)kind;
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, &all, &ref);
    err = err ? err : sdb_event_get(c->db, &ref, &made);
    if (!err) {
        o->position = made.position;
        err = sdb_order_add(c->db, o);
    }
    buf_fini(&body);
    return err;
}

static enum err doom_blobs(void *ctx, const struct sdb_event *e)
{
    struct council *c = ctx;
    struct event_header h;
    enum err err = event_header_parse(e->header, &h);

    if (err)
        return err == ERR_NOMEM ? err : ERR_OK;
    for (size_t i = 0; i < h.blob_count && !err; i++) {
        struct sdb_blob blob;

        err = sdb_blob_get(c->db, &h.blobs[i], &blob);
        if (err == ERR_NOT_FOUND) {
            err = ERR_OK;
            continue;
        }
        blob.is_held = false;
        blob.is_erased = true;
        err = err ? err : sdb_blob_put(c->db, &blob);
    }
    return err;
}

static enum err erase_rows(struct council *c, const struct uuid *record)
{
    uint64_t count;
    enum err err = sdb_event_of_record(c->db, record, doom_blobs, c);

    err = err ? err : sdb_order_erase(c->db, record, &count);
    err = err ? err : sdb_order_erase_branches(c->db, record);
    return err ? err
               : sdb_meta_put(c->db, META_DUE,
                              (struct bytes){ (const uint8_t *)"1", 1 });
}

enum err order_apply(struct council *c, const struct sdb_order *o,
                     bool *is_new_out)
{
    struct sdb_order row = *o;
    enum err err = sdb_order_get(c->db, &o->id, &row);

    *is_new_out = err == ERR_NOT_FOUND;
    if (err != ERR_NOT_FOUND)
        return err;
    row = *o;
    err = append(c, &row);
    if (!err && o->op == OP_ERASE_BODY) {
        err = erase_rows(c, &o->record);
    }
    return err;
}

/* A new order: into the journal first, which outlives the database. */
static enum err make(struct council *c, const struct order_ask *ask,
                     uint64_t op, const struct uuid *record)
{
    const struct crypto_random random = port_random(c->port);
    struct sdb_order o;
    bool is_new;
    enum err err;

    memset(&o, 0, sizeof(o));
    err = random.fill(random.ctx, o.id.bytes, sizeof(o.id.bytes));
    o.op = op;
    o.record = *record;
    o.root = ask->record;
    o.officer = ask->officer;
    o.made_ms = council_now(c);
    snprintf(o.reason, sizeof(o.reason), "%s", ask->reason);
    if (!err && c->journal != NULL) {
        err = c->journal->write(c->journal->ctx, &o);
    }
    return err ? err : order_apply(c, &o, &is_new);
}

/* --- what an administrator asks for --- */

static enum err erase_members(struct family *f, const struct order_ask *ask,
                              uint64_t *done_out)
{
    enum err err = ERR_OK;

    *done_out = 0;
    for (size_t i = 0; i < f->member_count && !err; i++) {
        struct sdb_order_state state;

        err = sdb_order_state(f->c->db, &f->members[i], &state);
        if (!err && !state.is_erased) {
            err = make(f->c, ask, OP_ERASE_BODY, &f->members[i]);
            ++*done_out;
        }
    }
    return err;
}

static bool is_erasable(uint64_t kind)
{
    return kind <= KIND_BRIEFING || kind >= KIND_RESTRICTED;
}

static enum err check_erase(struct family *f, struct buf *text)
{
    bool held;
    enum err err;

    if (!f->is_found) {
        buf_put_text(text, "the council holds no such record.");
        return ERR_NOT_FOUND;
    }
    if (!is_erasable(f->kind)) {
        buf_put_text(text, "this is not a record of a patrol but of the "
                           "council's own administration.");
        return ERR_DENIED;
    }
    err = find_hold(f, &held);
    if (!err && held) {
        buf_put_text(text, "refused: a legal hold stands. Release it first, "
                           "if the law allows.");
        err = ERR_CLOSED;
    }
    return err;
}

static void say_erased(struct buf *text, uint64_t records)
{
    buf_put_text(text, "erased here: the record");
    if (records > 1) {
        buf_printf(text, " and %" PRIu64 " that belong to it", records - 1);
    }
    buf_put_text(text, ". Tablets erase it when they next connect; "
                       "\"erasures\" lists those that have not. Backups made "
                       "before hold its words until they are replaced, after "
                       "seven days at most; restoring one erases it again.");
}

static enum err erase_family(struct council *c, const struct order_ask *ask,
                             struct buf *text)
{
    struct family f;
    uint64_t done = 0;
    enum err err = family_read(c, &ask->record, &f);

    err = err ? err : check_erase(&f, text);
    err = err ? err : erase_members(&f, ask, &done);
    if (!err && done == 0) {
        buf_put_text(text, "it was erased before.");
        err = ERR_EXISTS;
    }
    if (!err) {
        say_erased(text, done);
        if (f.kind == KIND_RESTRICTED || f.kind == KIND_SEALED) {
            buf_put_text(text, "\nThe server cannot read which persons or "
                               "photos belong to a closed record: erase "
                               "those by their own ids.");
        }
    }
    family_free(&f);
    return err;
}

/* Runs `fn` as one transaction. */
static enum err transact(struct council *c, const struct order_ask *ask,
                         struct buf *text,
                         enum err (*fn)(struct council *,
                                        const struct order_ask *, struct buf *))
{
    enum err err = council_begin(c);

    if (err)
        return err;
    err = fn(c, ask, text);
    if (err) {
        council_rollback(c);
        return err;
    }
    return council_commit(c);
}

enum err order_erase(struct council *c, const struct order_ask *ask,
                     struct buf *text)
{
    enum err err = transact(c, ask, text, erase_family);

    if (!err && order_flush(c)) {
        buf_put_text(text, "\nA reader keeps the database busy: the last "
                           "traces go within a minute.");
    }
    return err;
}

static enum err hold_one(struct council *c, const struct order_ask *ask,
                         struct buf *text)
{
    struct sdb_order_state state;
    uint64_t kind = 0;
    enum err err = sdb_event_of_record(c->db, &ask->record, note_kind, &kind);

    err = err ? err : sdb_order_state(c->db, &ask->record, &state);
    if (err)
        return err;
    if (kind == 0) {
        buf_put_text(text, "the council holds no such record.");
        return ERR_NOT_FOUND;
    }
    if (state.is_erased) {
        buf_put_text(text, "it was erased before: there is nothing to hold.");
        return ERR_EXISTS;
    }
    buf_printf(text, "held; %" PRIu64 " hold%s on it now", state.holds + 1,
               state.holds == 0 ? "" : "s");
    return make(c, ask, OP_HOLD, &ask->record);
}

enum err order_hold(struct council *c, const struct order_ask *ask,
                    struct buf *text)
{
    return transact(c, ask, text, hold_one);
}

static enum err release_one(struct council *c, const struct order_ask *ask,
                            struct buf *text)
{
    struct sdb_order_state state;
    enum err err = sdb_order_state(c->db, &ask->record, &state);

    if (err)
        return err;
    if (state.holds == 0) {
        buf_put_text(text, "no hold stands on this record.");
        return ERR_NOT_FOUND;
    }
    buf_printf(text, "one hold released; %" PRIu64 " left on it",
               state.holds - 1);
    return make(c, ask, OP_RELEASE, &ask->record);
}

enum err order_release(struct council *c, const struct order_ask *ask,
                       struct buf *text)
{
    return transact(c, ask, text, release_one);
}

/* --- what arrives --- */

static enum err parent_of(const struct accept_event *ev, struct uuid *out)
{
    struct body_view *view;

    memset(out, 0, sizeof(*out));
    if (ev->is_newer || ev->body.data == NULL ||
        ev->h.kind == KIND_RESTRICTED || ev->h.kind == KIND_SEALED)
        return ERR_OK;
    view = mem_alloc(sizeof(*view));
    if (view == NULL)
        return ERR_NOMEM;
    if (!body_parse(ev->body, view)) {
        *out = view->parent;
    }
    mem_free(view);
    return ERR_OK;
}

enum err order_covers(struct council *c, const struct accept_event *ev,
                      enum order_cover *out)
{
    struct sdb_order_state state;
    struct uuid parent;
    enum err err;

    *out = ORDER_NONE;
    if (erase_is_order(ev->h.op))
        return ERR_OK;
    err = sdb_order_state(c->db, &ev->h.record, &state);
    if (err || state.is_erased) {
        *out = ORDER_RECORD;
        return err;
    }
    err = parent_of(ev, &parent);
    if (err || uuid_is_zero(&parent))
        return err;
    err = sdb_order_state(c->db, &parent, &state);
    if (!err && state.is_erased) {
        *out = ORDER_PARENT;
    }
    return err;
}

enum err order_erase_child(struct council *c, const struct accept_event *ev)
{
    const struct order_ask ask = { .record = ev->h.record,
                                   .reason = "belongs to an erased record" };

    return make(c, &ask, OP_ERASE_BODY, &ev->h.record);
}

static bool field_uuid(const struct body_view *view, uint64_t id,
                       struct uuid *out)
{
    const struct body_field_view *f = body_find(view, id);
    struct cbor_reader r;

    if (f == NULL || f->value.data == NULL)
        return false;
    cbor_open_gated(&r, f->value);
    cbor_get_uuid(&r, out);
    return !r.err;
}

static bool read_given(const struct accept_event *ev,
                       const struct body_view *view, struct sdb_order *o)
{
    const struct body_field_view *f = body_find(view, FIELD_REASON);
    struct cbor_reader r;
    struct bytes reason = { NULL, 0 };

    memset(o, 0, sizeof(*o));
    if (!field_uuid(view, ORDER_ID, &o->id) ||
        !field_uuid(view, ORDER_ROOT, &o->root))
        return false;
    if (f != NULL && f->value.data != NULL) {
        cbor_open_gated(&r, f->value);
        reason = cbor_get_text(&r);
    }
    snprintf(o->reason, sizeof(o->reason), "%.*s",
             (int)(reason.len < SDB_REASON_MAX ? reason.len : 0),
             reason.len > 0 ? (const char *)reason.data : "");
    o->op = ev->h.op;
    o->record = ev->h.record;
    o->officer = ev->h.officer;
    o->made_ms = ev->h.wall_ms;
    return true;
}

enum err order_given_back(struct council *c, const struct accept_event *ev)
{
    struct body_view *view;
    struct sdb_order o;
    bool is_new = false;
    enum err err = ERR_OK;

    if (!erase_is_order(ev->h.op) || ev->body.data == NULL)
        return ERR_OK;
    view = mem_alloc(sizeof(*view));
    if (view == NULL)
        return ERR_NOMEM;
    if (!body_parse(ev->body, view) && read_given(ev, view, &o)) {
        err = order_apply(c, &o, &is_new);
    }
    mem_free(view);
    if (!err && is_new && c->journal != NULL) {
        err = c->journal->write(c->journal->ctx, &o);
    }
    return err;
}

/* --- after the commit --- */

static enum err remove_file(struct council *c, const struct hash *name)
{
    const struct port *port = c->port;
    enum err err = port->ops->blob_remove(port->ctx, name);

    if (!err || err == ERR_NOT_FOUND) {
        err = port->ops->part_drop(port->ctx, name);
    }
    if (err && err != ERR_NOT_FOUND)
        return err;
    if (c->journal != NULL) {
        c->journal->forget(c->journal->ctx, name);
    }
    err = sdb_begin(c->db);
    if (err)
        return err;
    err = sdb_order_blob_gone(c->db, name);
    if (err) {
        sdb_rollback(c->db);
        return err;
    }
    return sdb_commit(c->db);
}

static enum err forget_due(struct council *c)
{
    enum err err = sdb_begin(c->db);

    if (err)
        return err;
    err = sdb_meta_put(c->db, META_DUE, (struct bytes){ NULL, 0 });
    if (err) {
        sdb_rollback(c->db);
        return err;
    }
    return sdb_commit(c->db);
}

enum err order_flush(struct council *c)
{
    struct hash name;
    struct buf due;
    enum err err;

    buf_init(&due, 8);
    err = sdb_meta_get(c->db, META_DUE, &due);
    if (err || due.len == 0) {
        buf_fini(&due);
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    buf_fini(&due);
    while (!(err = sdb_order_blob_next(c->db, &name))) {
        err = remove_file(c, &name);
        if (err)
            return err;
    }
    err = err == ERR_NOT_FOUND ? sdb_flush(c->db) : err;
    return err ? err : forget_due(c);
}

/* --- who has not confirmed --- */

struct listing {
    struct council *c;
    struct buf *text;
    const struct sdb_order *order;
    uint64_t erasures, waiting;
};

static const char *state_words(const struct sdb_device *d)
{
    switch (d->state) {
    case SDB_DEVICE_REENROL:
        return ", to be enrolled again first";
    case SDB_DEVICE_REVOKED:
        return ", shut out: it will not be told";
    default:
        return "";
    }
}

static void put_time(struct buf *out, int64_t ms)
{
    const time_t seconds = (time_t)(ms / 1000);
    struct tm tm;
    char text[32];

    if (ms == 0) {
        buf_put_text(out, "never");
        return;
    }
    gmtime_r(&seconds, &tm);
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M", &tm);
    buf_put_text(out, text);
}

static enum err list_device(void *ctx, const struct sdb_device *d)
{
    struct listing *l = ctx;
    uint64_t done;
    enum err err = sdb_device_orders_get(l->c->db, &d->id, &done);

    if (err || done > l->order->position || d->enrolled_ms > l->order->made_ms)
        return err;
    l->waiting++;
    buf_printf(l->text, "  not confirmed by %s%s, last seen ", d->name,
               state_words(d));
    put_time(l->text, d->seen_ms);
    buf_put_u8(l->text, '\n');
    return l->text->err;
}

static enum err list_order(void *ctx, const struct sdb_order *o)
{
    struct listing *l = ctx;
    char id[UUID_TEXT_SIZE];
    const uint64_t before = l->waiting;
    enum err err;

    if (o->op != OP_ERASE_BODY)
        return ERR_OK;
    l->order = o;
    l->erasures++;
    uuid_format(&o->record, id);
    put_time(l->text, o->made_ms);
    buf_printf(l->text, " record %s: %s\n", id, o->reason);
    err = sdb_device_all(l->c->db, list_device, l);
    if (!err && l->waiting == before) {
        buf_put_text(l->text, "  confirmed by every tablet\n");
    }
    return err;
}

enum err order_list(struct council *c, struct buf *text)
{
    struct listing l = { .c = c, .text = text };
    enum err err = sdb_order_all(c->db, list_order, &l);

    if (!err) {
        buf_printf(text,
                   "%" PRIu64 " erased, %" PRIu64
                   " confirmations are missing (times in UTC)",
                   l.erasures, l.waiting);
        err = text->err;
    }
    return err;
}
