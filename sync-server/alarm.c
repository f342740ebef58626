#include "sync-server/alarm.h"

#include <string.h>

#include "core/fields.h"
#include "core/limits.h"
#include "core/mem.h"
#include "sync-server/definitions.h"

#define DAY_MS ((int64_t)86400 * 1000)

struct walk {
    struct council *c;
    alarm_fn fn;
    void *ctx;
    int64_t now_ms;
    int64_t grace_ms; /* after a check-in was due: core/policy.h */
};

static int64_t number(const struct body_view *v, uint64_t field)
{
    const struct body_field_view *f = body_find(v, field);
    struct cbor_reader r;
    int64_t n;

    if (f == NULL) {
        return 0;
    }
    cbor_open_gated(&r, f->value);
    n = cbor_get_int(&r);
    return r.err ? 0 : n;
}

/*
 * When it is due by the server's clock. A tablet's own may be wrong: it is
 * believed where it says sooner, and never past what was promised counted
 * from the moment that the promise came.
 */
static int64_t due_ms(int64_t next_ms, int64_t wall_ms, int64_t received_ms)
{
    const int64_t most = 7 * DAY_MS;
    int64_t wait = 0;

    if (next_ms > wall_ms && next_ms - wall_ms < most) {
        wait = next_ms - wall_ms;
    }
    return next_ms < received_ms + wait ? next_ms : received_ms + wait;
}

/* ERR_NOT_FOUND: nothing was promised. */
static enum err read_event(const struct walk *w, const struct sdb_event *e,
                           struct body_view *view, struct alarm *out)
{
    const struct body_field_view *place;
    struct event_header h;
    int64_t next;

    *out = (struct alarm){ .kind = ALARM_SOS,
                           .record = e->record,
                           .officer = e->officer,
                           .device = e->device,
                           .at_ms = e->received_ms };
    if (event_header_parse(e->header, &h)) {
        return ERR_NOT_FOUND;
    }
    out->said_ms = h.wall_ms;
    if (e->body.data == NULL || body_parse(e->body, view)) {
        return e->op == OP_SOS ? ERR_OK : ERR_NOT_FOUND;
    }
    place = body_find(view, FIELD_PLACE);
    out->has_place =
        place != NULL && body_place_parse(place->value, &out->place) == ERR_OK;
    out->place.words = (struct bytes){ NULL, 0 };
    if (e->op == OP_SOS) {
        return ERR_OK;
    }
    next = number(view, PATROL_NEXT_MS);
    if (next == 0) {
        return ERR_NOT_FOUND;
    }
    out->at_ms = due_ms(next, h.wall_ms, e->received_ms);
    out->kind = w->now_ms > out->at_ms + w->grace_ms ? ALARM_MISSED : ALARM_DUE;
    return ERR_OK;
}

static enum err take_event(void *ctx, const struct sdb_event *e)
{
    struct walk *w = ctx;
    struct body_view *view = mem_alloc(sizeof(*view));
    struct alarm a;
    enum err err = view == NULL ? ERR_NOMEM : read_event(w, e, view, &a);

    mem_free(view);
    if (!err && a.kind == ALARM_SOS) {
        err = sdb_alarm_answer(w->c->db, &a.record, &a.answered_by,
                               &a.answered_ms);
        a.is_answered = err == ERR_OK;
        err = err == ERR_NOT_FOUND ? ERR_OK : err;
    }
    if (err)
        return err == ERR_NOT_FOUND ? ERR_OK : err;
    return w->fn(w->ctx, &a);
}

enum err alarm_list(struct council *c, alarm_fn fn, void *ctx)
{
    struct walk w = { c, fn, ctx, council_now(c), 0 };
    const int64_t since = w.now_ms - ALARM_DAYS * DAY_MS;
    struct policy policy;
    enum err err = definitions_policy(c, &policy);

    w.grace_ms = policy.check_in_grace_ms;
    err =
        err ? err
            : sdb_alarm_list(c->db, OP_SOS, since, ALARMS_MAX, take_event, &w);
    return err ? err
               : sdb_alarm_list(c->db, OP_CHECK_IN, since, ALARMS_MAX,
                                take_event, &w);
}

static enum err count_one(void *ctx, const struct alarm *a)
{
    size_t *count = ctx;

    *count +=
        a->kind == ALARM_MISSED || (a->kind == ALARM_SOS && !a->is_answered);
    return ERR_OK;
}

enum err alarm_count(struct council *c, size_t *out)
{
    *out = 0;
    return alarm_list(c, count_one, out);
}

/* --- an answer --- */

struct find {
    const struct uuid *record;
    struct alarm found;
    bool has_found;
};

static enum err find_one(void *ctx, const struct alarm *a)
{
    struct find *f = ctx;

    if (a->kind == ALARM_SOS && uuid_eq(&a->record, f->record)) {
        f->found = *a;
        f->has_found = true;
    }
    return ERR_OK;
}

static enum err append(struct council *c, const struct alarm *a,
                       const struct uuid *officer)
{
    const struct evlog_new empty = { .officer = *officer,
                                     .record = a->record,
                                     .kind = KIND_SESSION,
                                     .kind_version = 1,
                                     .op = OP_ACKNOWLEDGE };
    /* To who called; where nobody was signed in, to the team. */
    const struct sdb_audience to =
        uuid_is_zero(&a->officer)
            ? (struct sdb_audience){ WIRE_SUB_TEAM, c->default_team }
            : (struct sdb_audience){ WIRE_SUB_OWN, a->officer };
    struct evlog_new e = empty;
    struct body_writer w;
    struct buf body;
    enum err err;

    buf_init(&body, 1024);
    body_begin(&w);
    body_put_int(&w, FIELD_NOTED_MS, council_now(c));
    err = body_end(&w, &body);
    body_fini(&w);
    e.body = buf_bytes(&body);
    err = err ? err : council_append(c, &e, &to, NULL);
    buf_fini(&body);
    return err;
}

enum err alarm_answer(struct council *c, const struct uuid *record,
                      const struct uuid *officer)
{
    struct find f = { .record = record };
    enum err err = council_begin(c);

    if (err)
        return err;
    err = alarm_list(c, find_one, &f);
    if (!err && !f.has_found) {
        err = ERR_NOT_FOUND;
    } else if (!err && f.found.is_answered) {
        err = ERR_EXISTS;
    }
    err = err ? err : append(c, &f.found, officer);
    if (err) {
        council_rollback(c);
        return err;
    }
    return council_commit(c);
}
