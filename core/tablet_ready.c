#include "core/tablet_ready.h"

#include <string.h>

#include "core/tablet_internal.h"

/* Newest first, so that as few as possible are read. */
static const char sql_chain[] =
    "SELECT * FROM (SELECT e.sequence, e.header, e.link, e.salt, e.body"
    " FROM event e JOIN incarnation i ON i.id = e.incarnation"
    " WHERE i.incarnation = ?1 AND e.link IS NOT NULL AND e.branch = 0"
    " ORDER BY e.sequence DESC LIMIT ?2) ORDER BY sequence";

struct walk {
    struct hash link;
    uint64_t sequence, seen;
    bool is_whole;
};

static void take_entry(struct walk *w, sqlite3_stmt *st)
{
    const struct bytes header = db_get_bytes(st, 1);
    const struct bytes salt = db_get_bytes(st, 3);
    const struct bytes body = db_get_bytes(st, 4);
    const uint64_t sequence = (uint64_t)sqlite3_column_int64(st, 0);
    struct hash link, computed, commitment;
    struct event_header h;

    db_get_hash(st, 2, &link);
    w->seen++;
    if (event_header_parse(header, &h)) {
        w->is_whole = false;
        return;
    }
    if (body.data != NULL && salt.len == EVENT_SALT_SIZE) {
        event_commit(salt.data, body, &commitment);
        w->is_whole &= hash_eq(&commitment, &h.commitment);
    }
    w->is_whole &= h.sequence == sequence;
    if (w->seen > 1 || sequence == 1) { /* the first only says from where */
        event_link(&w->link, header, &computed);
        w->is_whole &= hash_eq(&computed, &link);
        w->is_whole &= sequence == w->sequence + 1;
    }
    w->link = link;
    w->sequence = sequence;
}

static enum err check_chain(struct tablet *t, struct tablet_ready *out)
{
    struct walk w = { .is_whole = true };
    struct evlog_head head;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = evlog_head(t->log, &head);

    if (!err) {
        err = store_statement(t->store, sql_chain, &st);
    }
    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, &head.incarnation);
    db_bind_int(st, 2, READY_EVENTS_MAX);
    for (;;) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        take_entry(&w, st);
    }
    out->entries = w.seen;
    out->is_whole = w.is_whole && w.sequence == head.sequence &&
                    (w.seen == 0 || hash_eq(&w.link, &head.link));
    return err;
}

static enum err count_forms(struct tablet *t, struct tablet_ready *out)
{
    static const char sql[] =
        "SELECT count(DISTINCT id) FROM definition WHERE kind = ?1";
    sqlite3_stmt *st;
    enum err err = store_statement(t->store, sql, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, KIND_FORM);
    err = db_row(st);
    if (!err) {
        out->forms = (unsigned)sqlite3_column_int64(st, 0);
        sqlite3_reset(st);
    }
    return err;
}

enum err tablet_ready(struct tablet *t, struct tablet_ready *out)
{
    struct evlog_counts counts;
    enum err err;

    memset(out, 0, sizeof(*out));
    err = check_chain(t, out);
    if (!err) {
        err = count_forms(t, out);
    }
    if (!err) {
        err = evlog_counts(t->log, &counts);
    }
    if (!err) {
        out->synced_ms = counts.last_ack_ms;
    }
    return err;
}
