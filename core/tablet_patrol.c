/* The patrol: started, paused, resumed, ended. See tablet.h.
 *
 *            pause
 *   RUNNING -------> PAUSED
 *      |   <-------    |
 *      |    resume     |
 *      +-- end --+-----+
 */
#include "core/tablet_internal.h"

static const char sql_patrol[] =
    "SELECT p.record, (SELECT e.op FROM event e WHERE e.record = p.record"
    " AND e.op IN (?3, ?4, ?5, ?6) AND e.state <> 2"
    " ORDER BY e.id DESC LIMIT 1) FROM record p"
    " WHERE p.kind = ?1 AND p.officer = ?2 AND p.is_own = 1"
    " AND p.is_struck = 0 ORDER BY p.created_hlc DESC LIMIT 1";

enum err tablet_patrol_find(struct tablet *t, struct uuid *out,
                            bool *is_paused_out)
{
    sqlite3_stmt *st;
    int64_t last;
    enum err err = store_statement(t->store, sql_patrol, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_PATROL);
    db_bind_uuid(st, 2, &t->officer);
    db_bind_int(st, 3, OP_PATROL_START);
    db_bind_int(st, 4, OP_PATROL_PAUSE);
    db_bind_int(st, 5, OP_PATROL_RESUME);
    db_bind_int(st, 6, OP_PATROL_END);
    err = db_row(st);
    if (err) {
        return err;
    }
    db_get_uuid(st, 0, out);
    last = sqlite3_column_int64(st, 1);
    sqlite3_reset(st);
    *is_paused_out = last == OP_PATROL_PAUSE;
    return last == OP_PATROL_END ? ERR_NOT_FOUND : ERR_OK;
}

static enum err save_step(struct tablet *t, const struct uuid *patrol,
                          enum event_op op, struct body_writer *w,
                          const char *text)
{
    const struct evlog_new e = { .officer = t->officer,
                                 .record = *patrol,
                                 .kind = KIND_PATROL,
                                 .kind_version = 1,
                                 .op = op };
    const struct tablet_line line = { .text = text, .about = patrol };
    struct tablet_save s;
    enum err err;

    tablet_save_init(&s, t);
    tablet_save_add(&s, &e, w, TIER_OPEN, NULL);
    tablet_save_line(&s, &line, NULL);
    err = tablet_save_end(&s);
    tablet_save_fini(&s);
    return err;
}

static int64_t wall_ms(struct tablet *t)
{
    struct port_time now;

    t->port->ops->now(t->port->ctx, &now);
    return now.wall_ms;
}

enum err tablet_patrol_start(struct tablet *t, const char *area,
                             struct uuid *patrol_out)
{
    struct body_writer w;
    bool is_paused;
    enum err err;

    if (uuid_is_zero(&t->officer)) {
        return ERR_DENIED;
    }
    err = tablet_patrol_find(t, patrol_out, &is_paused);
    if (err != ERR_NOT_FOUND) {
        return err ? err : ERR_EXISTS;
    }
    err = tablet_new_id(t, patrol_out);
    if (err) {
        return err;
    }
    body_begin(&w);
    body_put_int(&w, FIELD_NOTED_MS, wall_ms(t));
    if (area != NULL && area[0] != '\0') {
        body_put_text(&w, PATROL_AREA, area);
    }
    return save_step(t, patrol_out, OP_PATROL_START, &w, "Patrol started");
}

static enum err step(struct tablet *t, enum event_op op, const char *reason,
                     const char *text)
{
    struct uuid patrol;
    struct body_writer w;
    bool is_paused;
    enum err err;

    if (uuid_is_zero(&t->officer)) {
        return ERR_DENIED;
    }
    err = tablet_patrol_find(t, &patrol, &is_paused);
    if (err) {
        return err;
    }
    if (op == OP_PATROL_PAUSE && is_paused) {
        return ERR_EXISTS;
    }
    if (op == OP_PATROL_RESUME && !is_paused) {
        return ERR_NOT_FOUND;
    }
    body_begin(&w);
    if (reason != NULL && reason[0] != '\0') {
        body_put_text(&w, FIELD_REASON, reason);
    }
    if (op == OP_PATROL_END) {
        body_put_int(&w, FIELD_ENDED_MS, wall_ms(t));
    }
    return save_step(t, &patrol, op, &w, text);
}

enum err tablet_patrol_pause(struct tablet *t, const char *reason)
{
    return step(t, OP_PATROL_PAUSE, reason, "Patrol paused");
}

enum err tablet_patrol_resume(struct tablet *t)
{
    return step(t, OP_PATROL_RESUME, NULL, "Patrol resumed");
}

enum err tablet_patrol_end(struct tablet *t)
{
    return step(t, OP_PATROL_END, NULL, "Patrol ended");
}

enum err tablet_patrol_close(struct tablet *t,
                             const struct tablet_patrol_figures *f)
{
    struct uuid patrol;
    struct body_writer w;
    bool is_paused;
    enum err err;

    if (uuid_is_zero(&t->officer)) {
        return ERR_DENIED;
    }
    err = tablet_patrol_find(t, &patrol, &is_paused);
    if (err) {
        return err;
    }
    body_begin(&w);
    body_put_int(&w, FIELD_ENDED_MS, wall_ms(t));
    body_put_int(&w, PATROL_DISTANCE_MM, (int64_t)f->distance_mm);
    if (f->minutes[0] != '\0') {
        body_put_text(&w, PATROL_MINUTES, f->minutes);
    }
    body_put_int(&w, PATROL_GAPS_MS, (int64_t)f->gaps_ms);
    if (f->signing != NULL) {
        err = tablet_put_signing(t, &patrol, 0, f->signing, &w);
    }
    if (err) {
        body_fini(&w);
        return err;
    }
    return save_step(t, &patrol, OP_PATROL_END, &w, "Patrol ended");
}
