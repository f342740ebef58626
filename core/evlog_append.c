/* Making our own events: see evlog.h. */
#include "core/evlog.h"

#include <string.h>

#include "core/erase.h"
#include "core/evlog_internal.h"
#include "core/mem.h"
#include "core/project.h"

#define SEAL_MAX_BYTES 1024

static const char sql_event_add[] =
    "INSERT INTO event (incarnation, sequence, branch, record, kind, op,"
    " header, link, salt, body, state, reason)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

enum err evlog_insert(struct store *s, const struct evlog_row *row,
                      int64_t *id_out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_event_add, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, row->incarnation);
    db_bind_int(st, 2, (int64_t)row->h->sequence);
    db_bind_int(st, 3, row->branch);
    db_bind_uuid(st, 4, &row->h->record);
    db_bind_int(st, 5, (int64_t)row->h->kind);
    db_bind_int(st, 6, (int64_t)row->h->op);
    db_bind_bytes(st, 7, row->header);
    if (row->link != NULL) {
        db_bind_hash(st, 8, row->link);
    } else {
        db_bind_null(st, 8);
    }
    db_bind_bytes(st, 9, row->salt);
    db_bind_bytes(st, 10, row->body);
    db_bind_int(st, 11, row->state);
    db_bind_text(st, 12, row->reason);
    err = db_run(st);
    *id_out = sqlite3_last_insert_rowid(s->db);
    return err;
}

/* One save in the making. */
struct save {
    struct evlog *log;
    struct evlog_clock clock;
    struct evlog_head head;
    struct port_time now;
    struct uuid *records; /* touched, `count` of them, sorted at the end */
    size_t count;
};

static int compare_hashes(const struct hash *a, const struct hash *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

/* Few: an insertion sort. Names are distinct, as each key is random. */
static void sort_blobs(struct event_header *h)
{
    for (size_t i = 1; i < h->blob_count; i++) {
        const struct hash one = h->blobs[i];
        size_t at = i;

        for (; at > 0 && compare_hashes(&h->blobs[at - 1], &one) > 0; at--) {
            h->blobs[at] = h->blobs[at - 1];
        }
        h->blobs[at] = one;
    }
}

static void fill_header(struct save *s, const struct evlog_new *e,
                        struct event_header *h)
{
    const struct evlog *log = s->log;

    memset(h, 0, sizeof(*h));
    h->envelope = EVENT_ENVELOPE;
    h->device = log->id.device;
    h->incarnation = log->id.incarnation;
    h->sequence = s->head.sequence + 1;
    h->hlc = hlc_next(&s->clock.hlc, s->now.wall_ms);
    h->wall_ms = s->now.wall_ms;
    h->mono_ms = s->now.mono_ms;
    h->boot = s->now.boot;
    h->utc_offset_min = s->now.utc_offset_min;
    memcpy(h->zone, s->now.zone, sizeof(h->zone));
    h->has_gnss = s->now.has_gnss;
    h->gnss_ms = s->now.has_gnss ? s->now.gnss_ms : 0;
    h->officer = e->officer;
    h->record = e->record;
    h->kind = e->kind;
    h->kind_version = e->kind_version;
    h->op = e->op;
    if (e->form != NULL && e->form[0] != '\0') {
        ASSERT(strlen(e->form) <= FORM_ID_MAX);
        memcpy(h->form, e->form, strlen(e->form));
        h->form_version = e->form_version;
    }
    ASSERT(e->blob_count <= HEADER_BLOBS_MAX);
    for (size_t i = 0; i < e->blob_count; i++) {
        h->blobs[i] = e->blobs[i];
    }
    h->blob_count = e->blob_count;
    sort_blobs(h);
}

static const char sql_blob_add[] =
    "INSERT INTO blob (name, size, is_own, event) VALUES (?1, ?2, 1, ?3)"
    " ON CONFLICT (name) DO NOTHING";

/* An event may name only what is durable already. */
static enum err add_blobs(struct evlog *log, const struct event_header *h,
                          int64_t event)
{
    sqlite3_stmt *st;
    uint64_t size;
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < h->blob_count; i++) {
        err = log->port->ops->blob_size(log->port->ctx, &h->blobs[i], &size);
        if (err == ERR_NOT_FOUND && log->is_salvaging) {
            err = ERR_OK;
            continue;
        }
        if (!err) {
            err = store_statement(log->store, sql_blob_add, &st);
        }
        if (!err) {
            db_bind_hash(st, 1, &h->blobs[i]);
            db_bind_int(st, 2, (int64_t)size);
            db_bind_int(st, 3, event);
            err = db_run(st);
        }
    }
    return err;
}

static enum err append_one(struct save *s, const struct evlog_new *e,
                           const struct event_places *former,
                           const uint8_t *salt)
{
    struct evlog *log = s->log;
    struct event_header h;
    struct hash link;
    bool is_erased;
    int64_t id;
    enum err err;

    if (e->body.len > BODY_MAX_BYTES) {
        return ERR_TOO_LONG;
    }
    err = erase_is_ordered(log->store, &e->record, &is_erased);
    if (err || is_erased) {
        return err ? err : ERR_CLOSED;
    }
    fill_header(s, e, &h);
    if (former != NULL) {
        h.former = *former;
    }
    event_commit(salt, e->body, &h.commitment);
    buf_reset(&log->header);
    err = event_header_put(&log->header, &h);
    if (err) {
        return err;
    }
    event_link(&s->head.link, buf_bytes(&log->header), &link);
    err = evlog_insert(log->store,
                       &(struct evlog_row){ .incarnation = log->incarnation_row,
                                            .h = &h,
                                            .header = buf_bytes(&log->header),
                                            .link = &link,
                                            .salt = { salt, EVENT_SALT_SIZE },
                                            .body = e->body },
                       &id);
    if (!err) {
        evlog_safety_event(log->store, buf_bytes(&log->header),
                           (struct bytes){ salt, EVENT_SALT_SIZE }, e->body);
        err = add_blobs(log, &h, id);
    }
    s->head.sequence = h.sequence;
    s->head.link = link;
    s->clock.counter++;
    s->records[s->count++] = h.record;
    return err;
}

static const char sql_seal_add[] =
    "INSERT INTO seal (incarnation, sequence, seal) VALUES (?1, ?2, ?3)"
    " ON CONFLICT DO NOTHING";
static const char sql_head_put[] =
    "UPDATE incarnation SET head = ?2, link = ?3 WHERE id = ?1";

static enum err put_seal(struct evlog *log, int64_t incarnation,
                         const struct event_seal *what, struct buf *seal)
{
    sqlite3_stmt *st;
    enum err err = event_seal_put(seal, &log->id.seal_key, what);

    if (!err) {
        err = store_statement(log->store, sql_seal_add, &st);
    }
    if (err) {
        return err;
    }
    db_bind_int(st, 1, incarnation);
    db_bind_int(st, 2, (int64_t)what->sequence);
    db_bind_bytes(st, 3, buf_bytes(seal));
    return db_run(st);
}

static enum err close_save(struct save *s)
{
    struct evlog *log = s->log;
    const struct event_seal what = { log->id.device, log->id.incarnation,
                                     s->head.sequence, s->head.link };
    sqlite3_stmt *st;
    struct buf seal;
    enum err err;

    buf_init(&seal, SEAL_MAX_BYTES);
    err = put_seal(log, log->incarnation_row, &what, &seal);
    buf_fini(&seal);
    if (!err) {
        err = store_statement(log->store, sql_head_put, &st);
    }
    if (err) {
        return err;
    }
    db_bind_int(st, 1, log->incarnation_row);
    db_bind_int(st, 2, (int64_t)s->head.sequence);
    db_bind_hash(st, 3, &s->head.link);
    err = db_run(st);
    if (!err) {
        err = evlog_clock_put(log->store, &s->clock);
    }
    if (!err) {
        err = project_records(log->store, s->records, s->count);
    }
    return err;
}

static enum err make_save(struct save *s, const struct evlog_new *events,
                          size_t count, const struct event_places *former,
                          struct event_ref *refs_out)
{
    const struct port *port = s->log->port;
    uint8_t *salts = mem_array(count, EVENT_SALT_SIZE);
    enum err err;

    s->records = mem_array(count, sizeof(*s->records));
    err = salts == NULL || s->records == NULL ? ERR_NOMEM : ERR_OK;
    if (!err) {
        err = port->ops->random(port->ctx, salts, count * EVENT_SALT_SIZE);
    }
    for (size_t i = 0; !err && i < count; i++) {
        err = append_one(s, &events[i], former != NULL ? &former[i] : NULL,
                         salts + i * EVENT_SALT_SIZE);
        if (refs_out != NULL) {
            refs_out[i].incarnation = s->log->id.incarnation;
            refs_out[i].sequence = s->head.sequence;
        }
    }
    if (!err) {
        err = close_save(s);
    }
    mem_free(salts);
    mem_free(s->records);
    return err;
}

enum err evlog_append_repeats(struct evlog *log, const struct evlog_new *events,
                              size_t count, const struct event_places *former,
                              struct event_ref *refs_out)
{
    struct save save = { .log = log };
    enum err err;

    if (count == 0) {
        return ERR_OK;
    }
    err = evlog_begin(log);
    if (err) {
        return err;
    }
    err = evlog_clock_get(log->store, &save.clock);
    if (!err) {
        err = evlog_head(log, &save.head);
    }
    if (!err) {
        log->port->ops->now(log->port->ctx, &save.now);
        err = make_save(&save, events, count, former, refs_out);
    }
    if (err) {
        evlog_rollback(log);
        return err;
    }
    return evlog_commit(log);
}

enum err evlog_append(struct evlog *log, const struct evlog_new *events,
                      size_t count, struct event_ref *refs_out)
{
    return evlog_append_repeats(log, events, count, NULL, refs_out);
}

/* --- seals of a part batch --- */

static const char sql_seal_at[] =
    "SELECT s.sequence, s.seal, e.link, i.device FROM seal s"
    " JOIN incarnation i ON i.id = s.incarnation"
    " JOIN event e ON e.incarnation = s.incarnation"
    " AND e.sequence = s.sequence AND e.link IS NOT NULL"
    " WHERE i.incarnation = ?1 AND s.sequence <= ?2"
    " ORDER BY s.sequence DESC LIMIT 1";

enum err evlog_seal_at(struct evlog *log, const struct uuid *incarnation,
                       uint64_t sequence, struct event_seal *what,
                       struct buf *seal_out)
{
    sqlite3_stmt *st;
    struct bytes seal;
    enum err err = store_statement(log->store, sql_seal_at, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, incarnation);
    db_bind_int(st, 2, (int64_t)sequence);
    err = db_row(st);
    if (err) {
        return err;
    }
    what->incarnation = *incarnation;
    what->sequence = (uint64_t)sqlite3_column_int64(st, 0);
    seal = db_get_bytes(st, 1);
    buf_put(seal_out, seal.data, seal.len);
    db_get_hash(st, 2, &what->link);
    db_get_uuid(st, 3, &what->device);
    sqlite3_reset(st);
    return seal_out->err;
}

enum err evlog_seal_for(struct evlog *log, const struct uuid *incarnation,
                        uint64_t sequence, struct buf *seal_out)
{
    struct event_seal what;
    int64_t row;
    enum err err;

    buf_reset(seal_out);
    err = evlog_seal_at(log, incarnation, sequence, &what, seal_out);
    if (!err && what.sequence == sequence) {
        return ERR_OK;
    }
    if (err && err != ERR_NOT_FOUND) {
        return err;
    }
    buf_reset(seal_out);
    what = (struct event_seal){
        log->id.device, *incarnation, sequence, { { 0 } }
    };
    err = evlog_incarnation_find(log->store, incarnation, &row);
    if (!err) {
        err = evlog_link_at(log, incarnation, sequence, &what.link);
    }
    return err ? err : put_seal(log, row, &what, seal_out);
}
