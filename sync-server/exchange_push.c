/*
 * exchange_push.c - the tablet's own events: they fit the chain that we
 * hold, or they are another branch of it, and then both are kept.
 */
#include <stdio.h>
#include <string.h>

#include "core/body.h"
#include "core/fields.h"
#include "sync-server/clocks.h"
#include "sync-server/exchange.h"
#include "sync-server/order.h"

/* One walk over the events of a push. */
struct push {
    struct exchange *x;
    struct buf header;
    uint64_t first, last; /* sequences */
    struct hash link;     /* after the newest event walked */
    bool is_fork;         /* one differs from what we hold */
    bool has_new;
    bool is_clock_said;
};

typedef enum err (*push_fn)(struct push *p, const struct accept_event *ev);

static void stop(struct exchange *x, enum wire_stop code, const char *reason)
{
    x->stop = code;
    x->reason = reason;
}

/* The link that we hold after `sequence` of the tablet's chain. */
static enum err link_after(struct exchange *x, uint64_t sequence,
                           struct hash *out)
{
    const struct event_ref ref = { x->in.incarnation, sequence };
    struct sdb_event e;
    enum err err;

    memset(out, 0, sizeof(*out));
    if (sequence == 0) {
        return ERR_OK;
    }
    if (sequence == x->chain.held) {
        *out = x->chain.link;
        return ERR_OK;
    }
    err = sdb_event_get(x->c->db, &ref, &e);
    if (err)
        return err;
    *out = e.link;
    return e.has_link ? ERR_OK : ERR_BAD_DATA;
}

static bool names_us(const struct push *p, const struct accept_event *ev,
                     uint64_t sequence)
{
    return uuid_eq(&ev->h.device, &p->x->device.id) &&
           uuid_eq(&ev->h.incarnation, &p->x->in.incarnation) &&
           ev->h.sequence == sequence;
}

static enum err walk(struct push *p, push_fn fn)
{
    struct wire_list_reader list;
    struct bytes item, wire;
    uint64_t sequence = p->first;
    enum err err = link_after(p->x, p->first - 1, &p->link);

    wire_list_open(&list, &p->x->in.events);
    while (!err && wire_list_next(&list, &item)) {
        struct accept_event ev;

        err = wire_item_bytes(item, &wire);
        err = err ? err : accept_parse(wire, &p->header, &ev);
        if (!err && !names_us(p, &ev, sequence)) {
            err = ERR_BAD_DATA;
        }
        if (!err) {
            event_link(&p->link, ev.header, &p->link);
            err = fn(p, &ev);
        }
        sequence++;
    }
    return err;
}

/* First walk: is each one that we hold the same, and is there a new one? */
static enum err compare(struct push *p, const struct accept_event *ev)
{
    const struct event_ref ref = { ev->h.incarnation, ev->h.sequence };
    struct sdb_event held;
    enum err err = sdb_event_get(p->x->c->db, &ref, &held);

    if (err == ERR_NOT_FOUND) {
        p->has_new = true;
        return ERR_OK;
    }
    if (err)
        return err;
    if (!p->is_fork && !hash_eq(&held.header_hash, &ev->header_hash)) {
        p->is_fork = true;
        p->x->common = ev->h.sequence - 1;
    }
    if (ev->h.sequence > p->x->chain.held) {
        p->has_new = true; /* held without its chain until now */
    }
    return ERR_OK;
}

static enum err add_exception(struct exchange *x, uint64_t sequence,
                              enum err code, struct bytes reason)
{
    const struct wire_exception e = { sequence, (uint64_t)code, reason };

    wire_exception_put(wire_list_item(&x->exceptions), &e);
    return x->exceptions.items.err;
}

/* A duplicate: what we said about it the first time. */
static enum err repeat_verdict(struct push *p, const struct sdb_event *held)
{
    if (held->state != SDB_QUARANTINED) {
        return ERR_OK;
    }
    return add_exception(p->x, held->ref.sequence, held->code, held->reason);
}

/* Once for a push: whose clocks are wrong, the log says. */
static void note_clock(struct push *p, const struct accept_event *ev)
{
    const struct exchange *x = p->x;
    const int64_t now = council_now(x->c);
    char chain[UUID_TEXT_SIZE];

    if (p->is_clock_said ||
        !clocks_wrong(ev->h.wall_ms, now, x->device.enrolled_ms)) {
        return;
    }
    p->is_clock_said = true;
    uuid_format(&x->in.incarnation, chain);
    port_log(x->c->port, PORT_LOG_WARN,
             "chain %s, from number %llu: the tablet's clock is wrong by more "
             "than five minutes; its entries are kept with that mark",
             chain, (unsigned long long)ev->h.sequence);
}

/* Second walk: store what is new, repeat what we said about the rest. */
static enum err take(struct push *p, const struct accept_event *ev)
{
    struct exchange *x = p->x;
    const struct event_ref ref = { ev->h.incarnation, ev->h.sequence };
    struct accept_result result;
    struct sdb_event held;
    enum err err = sdb_event_get(x->c->db, &ref, &held);

    if (err == ERR_NOT_FOUND) {
        note_clock(p, ev);
        err = accept_store(x->c, &x->device, ev, &p->link, &result);
        if (!err && result.code) {
            err = add_exception(x, ev->h.sequence, result.code,
                                (struct bytes){ (const uint8_t *)result.reason,
                                                strlen(result.reason) });
        }
    } else if (!err) {
        if (held.body.data == NULL && ev->body.data != NULL) {
            err = accept_fill(x->c, &held, ev);
            err = err ? err : sdb_event_get(x->c->db, &ref, &held);
        }
        err = err ? err : repeat_verdict(p, &held);
        if (!err && !held.has_link) {
            err = sdb_event_set_link(x->c->db, &ref, &p->link);
        }
    }
    if (!err && ev->h.sequence == x->chain.held + 1) {
        x->chain.held++;
        x->chain.link = p->link;
    }
    return err;
}

/* Another branch: kept, where it differs from what we hold. */
static enum err keep_branch(struct push *p, const struct accept_event *ev)
{
    const struct event_ref ref = { ev->h.incarnation, ev->h.sequence };
    struct sdb_event held, e;
    enum order_cover cover;
    enum err err = sdb_event_get(p->x->c->db, &ref, &held);

    if (!err && hash_eq(&held.header_hash, &ev->header_hash)) {
        return ERR_OK;
    }
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    err = order_covers(p->x->c, ev, &cover);
    if (err)
        return err;
    memset(&e, 0, sizeof(e));
    e.ref = ref;
    e.header = ev->header;
    e.header_hash = ev->header_hash;
    if (cover == ORDER_NONE) {
        e.salt = ev->salt;
        e.body = ev->body;
    }
    e.received_ms = council_now(p->x->c);
    return sdb_branch_add(p->x->c->db, &e);
}

static enum err record_fork(struct exchange *x, uint64_t sequence)
{
    const struct sdb_audience nobody = { 0, x->c->id };
    struct body_writer w;
    struct evlog_new e;
    struct buf body;
    enum err err;

    buf_init(&body, 1024);
    body_begin(&w);
    body_put_bytes(&w, LOG_INCARNATION,
                   (struct bytes){ x->chain.id.bytes, 16 });
    body_put_int(&w, LOG_SEQUENCE, (int64_t)sequence);
    body_put_int(&w, LOG_CODE, ERR_FORK);
    err = body_end(&w, &body);
    body_fini(&w);
    memset(&e, 0, sizeof(e));
    e.record = x->c->id;
    e.kind = KIND_LOG;
    e.op = OP_CLOSE_INCARNATION;
    e.body = buf_bytes(&body);
    err = err ? err : council_append(x->c, &e, &nobody, NULL);
    buf_fini(&body);
    return err;
}

/* Incarnation closed, alarm, and the device must be enrolled anew before
 * it may download. Once for each incarnation. */
static enum err close_forked(struct exchange *x, uint64_t sequence)
{
    char text[100];
    enum err err;

    stop(x, WIRE_STOP_FORK,
         "Two tablets wrote under the same identity. Both copies are kept.");
    if (x->chain.state == SDB_INCARNATION_FORKED) {
        return ERR_OK;
    }
    x->chain.state = SDB_INCARNATION_FORKED;
    snprintf(text, sizeof(text),
             "Number %llu of this tablet has two contents: it was copied. "
             "Enrol it anew.",
             (unsigned long long)sequence);
    err = sdb_incarnation_put(x->c->db, &x->chain);
    err =
        err ? err
            : council_alarm(x->c, ERR_FORK, &x->device.id, &x->chain.id, text);
    err = err ? err : record_fork(x, sequence);
    if (!err && x->device.state == SDB_DEVICE_ACTIVE) {
        x->device.state = SDB_DEVICE_REENROL;
        x->device.forked = x->chain.id;
        err = sdb_device_put(x->c->db, &x->device);
    }
    return err;
}

/* True in `holds_out` when the seal is this device's; `link_fits_out` when
 * it seals the chain as we compute it. */
static enum err check_seal(struct push *p, bool *holds_out, bool *link_fits_out)
{
    struct exchange *x = p->x;
    struct event_seal seal = { 0 };
    enum err err = ERR_BAD_SEAL;

    if (x->in.has_seal) {
        err = event_seal_open(x->in.seal, &x->device.seal_key, &seal);
    }
    *holds_out = !err && uuid_eq(&seal.device, &x->device.id) &&
                 uuid_eq(&seal.incarnation, &x->in.incarnation) &&
                 seal.sequence == p->last;
    *link_fits_out = *holds_out && hash_eq(&seal.link, &p->link);
    return err == ERR_NOMEM ? err : ERR_OK;
}

/* Where the two branches part: up to there, the tablet needs nothing. */
static enum err tell_common(struct push *p)
{
    struct exchange *x = p->x;

    if (!p->is_fork) {
        return ERR_OK;
    }
    if (x->common > x->chain.held) { /* behind it nothing has a link */
        x->common = x->chain.held;
    }
    x->is_forked = true;
    return link_after(x, x->common, &x->common_link);
}

static enum err take_all(struct push *p)
{
    struct exchange *x = p->x;
    const struct event_ref ref = { x->in.incarnation, p->last };
    enum err err = walk(p, take);

    err = err ? err : sdb_seal_put(x->c->db, &ref, x->in.seal);
    return err ? err : sdb_incarnation_put(x->c->db, &x->chain);
}

static enum err take_push(struct push *p)
{
    struct exchange *x = p->x;
    bool holds, fits;
    enum err err = walk(p, compare);

    if (err)
        return err;
    if (!p->has_new && !p->is_fork) {
        return walk(p, take); /* repeats the verdicts, changes nothing */
    }
    err = check_seal(p, &holds, &fits);
    if (err)
        return err;
    if (!holds) {
        stop(x, WIRE_STOP_SEAL, "The seal of what was sent does not hold.");
        return ERR_OK;
    }
    if (p->is_fork || !fits || x->chain.state != SDB_INCARNATION_OPEN) {
        err = walk(p, keep_branch);
        err = err ? err : tell_common(p);
        return err ? err : close_forked(x, p->first);
    }
    return take_all(p);
}

/* Does the tablet's head stand where our copy of its chain says? */
static enum err check_head(struct exchange *x, bool *goes_on_out)
{
    struct hash ours;
    enum err err;

    *goes_on_out = true;
    if (x->in.head_sequence > x->chain.held) {
        return ERR_OK;
    }
    err = link_after(x, x->in.head_sequence, &ours);
    if (err)
        return err;
    if (!hash_eq(&ours, &x->in.head_link)) {
        return ERR_OK; /* a fork: the push will show where */
    }
    if (x->in.head_sequence < x->chain.held) {
        stop(x, WIRE_STOP_GAP,
             "The server holds later entries of this tablet: it was put back "
             "to an older state.");
        x->is_behind = true;
        *goes_on_out = false;
    }
    return ERR_OK;
}

enum err exchange_push(struct exchange *x)
{
    bool goes_on;
    enum err err = check_head(x, &goes_on);

    if (x->chain.state == SDB_INCARNATION_FORKED) {
        stop(x, WIRE_STOP_FORK, "This tablet's identity was copied.");
    }
    return err || !goes_on ? err : exchange_take(x);
}

enum err exchange_take(struct exchange *x)
{
    struct push p = { .x = x };
    enum err err;

    if (!x->in.has_events || x->in.events.count == 0) {
        return ERR_OK;
    }
    if (!x->in.has_first || x->in.first == 0 ||
        x->in.events.count > SYNC_BATCH_MAX) {
        return ERR_BAD_DATA;
    }
    if (x->in.first > x->chain.held + 1) {
        return ERR_OK; /* the answer says from where on we need it */
    }
    p.first = x->in.first;
    p.last = x->in.first + x->in.events.count - 1;
    buf_init(&p.header, HEADER_MAX_BYTES);
    err = take_push(&p);
    buf_fini(&p.header);
    return err;
}
