#include "core/tablet_safety.h"

#include "core/tablet_internal.h"

static int64_t wall_ms(struct tablet *t)
{
    struct port_time now;

    t->port->ops->now(t->port->ctx, &now);
    return now.wall_ms;
}

static enum err save(struct tablet *t, const struct evlog_new *e,
                     const struct body_place *place, int64_t next_ms,
                     const char *line)
{
    const struct tablet_line text = { .text = line, .about = &e->record };
    struct tablet_save s;
    struct body_writer w;
    enum err err;

    body_begin(&w);
    body_put_int(&w, FIELD_NOTED_MS, wall_ms(t));
    if (place != NULL) {
        body_place_put(body_field(&w, FIELD_PLACE), place);
    }
    if (next_ms != 0) {
        body_put_int(&w, PATROL_NEXT_MS, next_ms);
    }
    tablet_save_init(&s, t);
    tablet_save_add(&s, e, &w, TIER_OPEN, NULL);
    tablet_save_line(&s, &text, NULL);
    err = tablet_save_end(&s);
    tablet_save_fini(&s);
    return err;
}

static enum err promise(struct tablet *t, int64_t next_ms,
                        const struct body_place *place, const char *line)
{
    struct evlog_new e = { .officer = t->officer,
                           .kind = KIND_PATROL,
                           .kind_version = 1,
                           .op = OP_CHECK_IN };
    bool is_paused;
    enum err err = tablet_patrol_find(t, &e.record, &is_paused);

    return err ? err : save(t, &e, place, next_ms, line);
}

enum err tablet_check_in(struct tablet *t, int64_t next_ms,
                         const struct body_place *place)
{
    return promise(t, next_ms, place, "I’m OK");
}

enum err tablet_check_in_begin(struct tablet *t, int64_t next_ms,
                               const struct body_place *place)
{
    return promise(t, next_ms, place, "Check-ins begin");
}

enum err tablet_sos(struct tablet *t, const struct body_place *place,
                    struct uuid *record_out)
{
    struct evlog_new e = { .officer = t->officer,
                           .kind = KIND_SESSION,
                           .kind_version = 1,
                           .op = OP_SOS };
    enum err err = tablet_new_id(t, &e.record);

    err = err ? err : save(t, &e, place, 0, "SOS");
    if (!err) {
        *record_out = e.record;
    }
    return err;
}

/* --- what became of it --- */

/* The newest of this operation: its body, and whether a receipt covers it. */
static const char sql_said[] =
    "SELECT e.body, e.sequence <= i.acked FROM event e JOIN incarnation i"
    " ON i.id = e.incarnation WHERE e.record = ?1 AND e.op = ?2"
    " AND e.state <> 2 ORDER BY e.id DESC LIMIT 1";

static enum err find_said(struct tablet *t, const struct uuid *record,
                          enum event_op op, sqlite3_stmt **out)
{
    enum err err = store_statement(t->store, sql_said, out);

    if (err) {
        return err;
    }
    db_bind_uuid(*out, 1, record);
    db_bind_int(*out, 2, op);
    return db_row(*out);
}

static int64_t promised(struct bytes body)
{
    const struct body_field_view *f;
    struct body_view view;
    struct cbor_reader r;
    int64_t ms;

    if (body.data == NULL || body_parse(body, &view)) {
        return 0;
    }
    f = body_find(&view, PATROL_NEXT_MS);
    if (f == NULL) {
        return 0;
    }
    cbor_open_gated(&r, f->value);
    ms = cbor_get_int(&r);
    return r.err ? 0 : ms;
}

enum err tablet_welfare(struct tablet *t, struct tablet_welfare *out)
{
    struct uuid patrol;
    sqlite3_stmt *st;
    bool is_paused;
    enum err err = tablet_patrol_find(t, &patrol, &is_paused);

    *out = (struct tablet_welfare){ 0 };
    if (err || is_paused) {
        return err;
    }
    err = find_said(t, &patrol, OP_CHECK_IN, &st);
    if (!err) {
        out->next_ms = promised(db_get_bytes(st, 0));
        out->is_held = sqlite3_column_int(st, 1) != 0;
        sqlite3_reset(st);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

enum err tablet_sos_state(struct tablet *t, const struct uuid *record,
                          enum tablet_sos_state *out)
{
    sqlite3_stmt *st;
    enum err err = find_said(t, record, OP_SOS, &st);

    if (err) {
        return err;
    }
    *out =
        sqlite3_column_int(st, 1) != 0 ? TABLET_SOS_HELD : TABLET_SOS_WAITING;
    sqlite3_reset(st);
    err = find_said(t, record, OP_ACKNOWLEDGE, &st);
    if (!err) {
        *out = TABLET_SOS_ANSWERED;
        sqlite3_reset(st);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}
