#include "core/tablet.h"

#include <string.h>

#include "core/mem.h"
#include "core/tablet_hold.h"
#include "core/tablet_internal.h"

static enum err copy_officers(struct tablet *t, const struct tablet_options *o)
{
    t->officers = mem_array(o->officer_count + 1, sizeof(*t->officers));
    if (t->officers == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < o->officer_count; i++) {
        t->officers[i] = o->officers[i];
    }
    t->officer_count = o->officer_count;
    return ERR_OK;
}

enum err tablet_open(const struct tablet_options *options, struct tablet **out)
{
    struct tablet *t = mem_alloc(sizeof(*t));
    enum err err;

    *out = NULL;
    if (t == NULL) {
        return ERR_NOMEM;
    }
    t->port = options->port;
    t->is_metered = options->is_metered;
    err = copy_officers(t, options);
    if (!err) {
        err = store_open(&options->store, &t->store);
    }
    if (!err) {
        err = evlog_open(t->store, &t->log);
    }
    if (!err) {
        err = tablet_hold(t, NULL);
    }
    if (err) {
        tablet_close(t);
        return err;
    }
    *out = t;
    return ERR_OK;
}

void tablet_close(struct tablet *t)
{
    if (t == NULL) {
        return;
    }
    if (t->sync_close != NULL) {
        t->sync_close(t->sync);
    }
    while (t->forms != NULL) {
        struct tablet_cached *next = t->forms->next;

        form_free(t->forms->form);
        mem_free(t->forms);
        t->forms = next;
    }
    tablet_areas_close(t);
    while (t->categories != NULL) {
        struct tablet_categories_cached *next = t->categories->next;

        category_list_free(t->categories->list);
        mem_free(t->categories);
        t->categories = next;
    }
    tablet_held_close(t);
    evlog_close(t->log);
    store_close(t->store);
    mem_free(t->officers);
    mem_free(t);
}

struct store *tablet_store(struct tablet *t)
{
    return t->store;
}

struct evlog *tablet_log(struct tablet *t)
{
    return t->log;
}

const struct uuid *tablet_officer(const struct tablet *t)
{
    return &t->officer;
}

enum err tablet_new_id(struct tablet *t, struct uuid *out)
{
    struct port_time now;
    uint8_t random[10];
    const enum err err =
        t->port->ops->random(t->port->ctx, random, sizeof(random));

    if (err) {
        return err;
    }
    t->port->ops->now(t->port->ctx, &now);
    id_uuid7(now.wall_ms > 0 ? (uint64_t)now.wall_ms : 0, random, out);
    return ERR_OK;
}

/* --- signing in --- */

static enum err put_session(struct tablet *t, const struct uuid *officer,
                            enum event_op op)
{
    const struct evlog_new e = { .officer = *officer,
                                 .record = t->session,
                                 .kind = KIND_SESSION,
                                 .kind_version = 1,
                                 .op = op };
    struct tablet_save s;
    struct body_writer w;
    enum err err;

    tablet_save_init(&s, t);
    body_begin(&w);
    tablet_save_add(&s, &e, &w, TIER_OPEN, NULL);
    err = tablet_save_end(&s);
    tablet_save_fini(&s);
    return err;
}

enum err tablet_is_shut_out(struct tablet *t, const struct uuid *officer,
                            bool *out)
{
    static const char sql[] =
        "SELECT op, header FROM event WHERE record = ?1 AND kind = ?2"
        " AND state = 0 AND op IN (?3, ?4, ?5)";
    struct event_header h;
    sqlite3_stmt *st;
    uint64_t newest = 0;
    bool has_row;
    enum err err = store_statement(t->store, sql, &st);

    *out = false;
    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, officer);
    db_bind_int(st, 2, KIND_OFFICER);
    db_bind_int(st, 3, OP_CREATE);
    db_bind_int(st, 4, OP_GRANT);
    db_bind_int(st, 5, OP_REVOKE);
    for (;;) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            return err;
        }
        if (!event_header_parse(db_get_bytes(st, 1), &h) && h.hlc > newest) {
            newest = h.hlc;
            *out = sqlite3_column_int64(st, 0) == OP_REVOKE;
        }
    }
}

enum err tablet_sign_in(struct tablet *t, const struct uuid *officer)
{
    bool is_out;
    enum err err = tablet_is_shut_out(t, officer, &is_out);

    if (err || is_out) {
        return err ? err : ERR_DENIED;
    }
    if (!uuid_is_zero(&t->officer)) {
        err = tablet_sign_out(t);
        if (err) {
            return err;
        }
    }
    err = tablet_new_id(t, &t->session);
    if (!err) {
        err = put_session(t, officer, OP_SIGN_IN);
    }
    if (!err) {
        t->officer = *officer;
    }
    return err;
}

enum err tablet_sign_out(struct tablet *t)
{
    enum err err;

    if (uuid_is_zero(&t->officer)) {
        return ERR_OK;
    }
    err = put_session(t, &t->officer, OP_SIGN_OUT);
    if (!err) {
        memset(&t->officer, 0, sizeof(t->officer));
    }
    return err;
}
