#include "core/tablet_crew.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/project.h"
#include "core/tablet_internal.h"

enum err tablet_set_officers(struct tablet *t, const struct uuid *officers,
                             size_t count)
{
    struct uuid *copy = mem_array(count + 1, sizeof(*copy));

    if (copy == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        copy[i] = officers[i];
    }
    mem_free(t->officers);
    t->officers = copy;
    t->officer_count = count;
    if (t->sync_close != NULL) {
        t->sync_close(t->sync);
        t->sync = NULL;
        t->sync_close = NULL;
    }
    return ERR_OK;
}

/* --- what waits of whom --- */

struct share {
    struct uuid officer;
    uint64_t waiting;
};
struct shares {
    struct share *list; /* owned */
    size_t count, cap;
};

static enum err count_one(struct shares *s, const struct uuid *officer)
{
    struct share *more;

    for (size_t i = 0; i < s->count; i++) {
        if (uuid_eq(&s->list[i].officer, officer)) {
            s->list[i].waiting++;
            return ERR_OK;
        }
    }
    more = mem_grow(s->list, s->count, &s->cap, sizeof(*more));
    if (more == NULL) {
        return ERR_NOMEM;
    }
    s->list = more;
    s->list[s->count++] = (struct share){ *officer, 1 };
    return ERR_OK;
}

static enum err count_headers(struct tablet *t, const char *sql,
                              struct shares *s)
{
    struct event_header h;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(t->store, sql, &st);

    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        if (event_header_parse(db_get_bytes(st, 0), &h)) {
            memset(&h.officer, 0, sizeof(h.officer)); /* a newer version's */
        }
        err = count_one(s, &h.officer);
    }
    sqlite3_reset(st);
    return err;
}

enum err tablet_waiting_of_each(struct tablet *t, tablet_share_fn fn, void *ctx)
{
    static const char events[] =
        "SELECT e.header FROM incarnation i JOIN event e"
        " ON e.incarnation = i.id AND e.sequence > i.acked"
        " WHERE i.is_own = 1 AND i.is_closed = 0 AND e.link IS NOT NULL";
    static const char files[] =
        "SELECT e.header FROM blob b JOIN event e ON e.id = b.event"
        " WHERE b.is_own = 1 AND b.receipt IS NULL";
    struct shares s = { .count = 0 };
    enum err err = count_headers(t, events, &s);

    if (!err) {
        err = count_headers(t, files, &s);
    }
    for (size_t i = 0; !err && i < s.count; i++) {
        err = fn(ctx, &s.list[i].officer, s.list[i].waiting);
    }
    mem_free(s.list);
    return err == ERR_STOPPED ? ERR_OK : err;
}

/* --- a colleague's patrol --- */

static const char sql_other[] =
    "SELECT p.record, p.officer, p.created_ms,"
    " (SELECT value FROM field WHERE record = p.id AND field = ?3"
    " AND ordinal = 0),"
    " (SELECT f.value FROM record o JOIN field f ON f.record = o.id"
    " AND f.field = ?4 AND f.ordinal = 0 WHERE o.record = p.officer)"
    " FROM record p WHERE p.kind = ?1 AND p.is_own = 1 AND p.is_struck = 0"
    " AND p.officer IS NOT NULL AND p.officer <> ?2 AND NOT EXISTS"
    " (SELECT 1 FROM event e WHERE e.record = p.record AND e.op = ?5"
    " AND e.state <> 2) ORDER BY p.created_hlc DESC LIMIT 1";

static void copy_text(struct bytes cbor, char *out, size_t size)
{
    struct bytes text;

    if (project_text(cbor, &text) && text.len < size) {
        memcpy(out, text.data, text.len);
        out[text.len] = '\0';
    }
}

enum err tablet_other_patrol(struct tablet *t, struct tablet_other_patrol *out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql_other, &st);

    memset(out, 0, sizeof(*out));
    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_PATROL);
    db_bind_uuid(st, 2, &t->officer);
    db_bind_int(st, 3, PATROL_AREA);
    db_bind_int(st, 4, OFFICER_NAME);
    db_bind_int(st, 5, OP_PATROL_END);
    err = db_row(st);
    if (err) {
        return err;
    }
    db_get_uuid(st, 0, &out->patrol);
    db_get_uuid(st, 1, &out->officer);
    out->started_ms = sqlite3_column_int64(st, 2);
    copy_text(db_get_bytes(st, 3), out->area, sizeof(out->area));
    copy_text(db_get_bytes(st, 4), out->name, sizeof(out->name));
    sqlite3_reset(st);
    return ERR_OK;
}

static enum err end_other(struct tablet *t,
                          const struct tablet_other_patrol *other,
                          const char *text)
{
    const struct evlog_new e = { .officer = t->officer,
                                 .record = other->patrol,
                                 .kind = KIND_PATROL,
                                 .kind_version = 1,
                                 .op = OP_PATROL_END };
    const struct tablet_line line = { .text = text, .about = &other->patrol };
    struct tablet_save s;
    struct body_writer w;
    struct port_time now;
    enum err err;

    t->port->ops->now(t->port->ctx, &now);
    body_begin(&w);
    body_put_text(&w, FIELD_REASON, text);
    body_put_int(&w, FIELD_ENDED_MS, now.wall_ms);
    tablet_save_init(&s, t);
    tablet_save_add(&s, &e, &w, TIER_OPEN, NULL);
    tablet_save_line(&s, &line, NULL);
    err = tablet_save_end(&s);
    tablet_save_fini(&s);
    return err;
}

enum err tablet_end_other_patrol(struct tablet *t,
                                 const struct tablet_other_patrol *other,
                                 bool takes_over)
{
    char text[TABLET_TEXT_SIZE + 64];
    struct uuid own;
    bool is_paused;
    enum err err;

    if (uuid_is_zero(&t->officer)) {
        return ERR_DENIED;
    }
    err = tablet_patrol_find(t, &own, &is_paused);
    if (takes_over && err != ERR_NOT_FOUND) {
        return err ? err : ERR_EXISTS;
    }
    snprintf(text, sizeof(text),
             takes_over ? "Took over the patrol of %s"
                        : "Ended the patrol of %s",
             other->name[0] != '\0' ? other->name : "a colleague");
    err = end_other(t, other, text);
    if (!err && takes_over) {
        err = tablet_patrol_start(t, other->area, &own);
    }
    return err;
}
