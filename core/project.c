#include "core/project.h"

#include <stdlib.h>
#include <string.h>

#include "core/erase.h"
#include "core/mem.h"
#include "core/store_internal.h"

/* What a record's first event says of it. */
struct origin {
    struct event_header header;
    bool is_own;
};

/* Events of one record, copied out of their statement. */
struct history {
    struct merge_event *events;
    int64_t *ids;
    uint8_t **bodies; /* owned; merge's views point into them */
    size_t count, cap;
    struct origin first; /* lowest (hlc, device, incarnation, sequence) */
    uint64_t changed_hlc;
    uint64_t kind; /* what it is, also where the header hides it */
    char form[FORM_ID_MAX + 1];
    uint64_t form_version;
    bool has_quarantined, has_newer;
    bool is_erased;       /* by order of the council */
    bool has_gone;        /* an event's body isn't here */
    project_open_fn open; /* NULL: by the store's content keys */
    void *open_ctx;
};

/* --- reading --- */

static const char sql_events[] =
    "SELECT e.id, e.header, e.body, e.state, i.is_own FROM event e"
    " JOIN incarnation i ON i.id = e.incarnation"
    " WHERE e.record = ?1";

static void history_fini(struct history *h)
{
    for (size_t i = 0; i < h->count; i++) {
        if (h->bodies[i] != NULL) {
            wipe(h->bodies[i], h->events[i].body.len); /* may be a closed one */
        }
        mem_free(h->bodies[i]);
    }
    mem_free(h->events);
    mem_free(h->ids);
    mem_free(h->bodies);
}

static enum err history_grow(struct history *h)
{
    const size_t cap = h->cap > 0 ? h->cap * 2 : 4;
    void *p;

    if (h->count < h->cap) {
        return ERR_OK;
    }
    p = mem_realloc(h->events, cap * sizeof(*h->events));
    if (p == NULL) {
        return ERR_NOMEM;
    }
    h->events = p;
    p = mem_realloc(h->ids, cap * sizeof(*h->ids));
    if (p == NULL) {
        return ERR_NOMEM;
    }
    h->ids = p;
    p = mem_realloc(h->bodies, cap * sizeof(*h->bodies));
    if (p == NULL) {
        return ERR_NOMEM;
    }
    h->bodies = p;
    h->cap = cap;
    return ERR_OK;
}

static enum err keep_body(struct bytes body, struct merge_event *e,
                          uint8_t **copy_out)
{
    *copy_out = NULL;
    e->body = (struct bytes){ NULL, 0 };
    if (body.data == NULL) {
        return ERR_OK;
    }
    *copy_out = mem_alloc(body.len + 1);
    if (*copy_out == NULL) {
        return ERR_NOMEM;
    }
    memcpy(*copy_out, body.data, body.len);
    e->body = (struct bytes){ *copy_out, body.len };
    return ERR_OK;
}

/* The body as merge may see it: opened where a key is held, else none. */
static enum err read_body(struct store *s, const struct history *by,
                          const struct event_header *h, struct bytes body,
                          struct merge_event *e)
{
    uint8_t **copy_out = &by->bodies[by->count];
    struct body_view view;
    struct buf plain;
    enum err err;

    if (tier_of_kind(h->kind) == TIER_OPEN || body.data == NULL) {
        return keep_body(body, e, copy_out);
    }
    if (h->op == OP_SHARE_KEY) {
        return keep_body((struct bytes){ NULL, 0 }, e, copy_out);
    }
    buf_init(&plain, BODY_MAX_BYTES);
    err = by->open != NULL ? by->open(by->open_ctx, &h->record, body, &plain)
                           : tier_open(s, &h->record, body, &plain);
    if (err == ERR_NOT_FOUND ||
        (!err && body_parse(buf_bytes(&plain), &view))) {
        buf_reset(&plain);
        err = keep_body((struct bytes){ NULL, 0 }, e, copy_out);
    } else if (!err) {
        err = keep_body(buf_bytes(&plain), e, copy_out);
    }
    buf_wipe(&plain);
    return err;
}

static bool is_before(const struct event_header *a,
                      const struct event_header *b)
{
    int order = (a->hlc > b->hlc) - (a->hlc < b->hlc);

    if (order == 0) {
        order = memcmp(&a->device, &b->device, sizeof(a->device));
    }
    if (order == 0) {
        order =
            memcmp(&a->incarnation, &b->incarnation, sizeof(a->incarnation));
    }
    return order != 0 ? order < 0 : a->sequence < b->sequence;
}

static enum err add_event(struct store *s, struct history *h, sqlite3_stmt *st)
{
    const int64_t state = sqlite3_column_int64(st, 3);
    struct event_header header;
    struct merge_event *e;
    enum err err = event_header_parse(db_get_bytes(st, 1), &header);
    const bool is_newer = err == ERR_NEWER;
    bool has_body;

    if (err && !is_newer) {
        return err;
    }
    if (state == 2) {
        return ERR_OK; /* it stands where it was recorded again */
    }
    if (!is_newer && erase_is_order(header.op)) {
        h->is_erased |= header.op == OP_ERASE_BODY && state == 0;
        return ERR_OK; /* about the record; says nothing in it */
    }
    has_body = db_get_bytes(st, 2).data != NULL;
    err = history_grow(h);
    if (err) {
        return err;
    }
    e = &h->events[h->count];
    *e = (struct merge_event){
        .ref = { header.incarnation, header.sequence },
        .hlc = header.hlc,
        .device = header.device,
        .officer = header.officer,
        /* Without its body a strike doesn't say what it saw, nor does what
         * came after it say that it saw the strike. */
        .op = is_newer || !has_body ? 0 : header.op,
        .is_quarantined = state != 0,
        .former = header.former,
    };
    err = read_body(s, h, &header,
                    is_newer ? (struct bytes){ NULL, 0 } : db_get_bytes(st, 2),
                    e);
    if (err) {
        return err;
    }
    h->ids[h->count] = sqlite3_column_int64(st, 0);
    h->has_gone |= !has_body;
    h->has_quarantined |= state != 0;
    h->has_newer |= is_newer || event_kind_word(header.kind) == NULL;
    if (header.hlc > h->changed_hlc) {
        h->changed_hlc = header.hlc;
    }
    if (h->count == 0 || is_before(&header, &h->first.header)) {
        h->first.header = header;
        h->first.is_own = sqlite3_column_int(st, 4) != 0;
    }
    h->count++;
    return ERR_OK;
}

/* Kind and form: from the first event, or from inside its body. */
static void read_kind(struct history *h)
{
    struct body_view view;

    h->kind = h->first.header.kind;
    memcpy(h->form, h->first.header.form, sizeof(h->form));
    h->form_version = h->first.header.form_version;
    if (tier_of_kind(h->kind) == TIER_OPEN) {
        return;
    }
    for (size_t i = 0; i < h->count; i++) {
        if (h->events[i].op == OP_CREATE && h->events[i].body.data != NULL &&
            !body_parse(h->events[i].body, &view) && view.kind != 0) {
            h->kind = view.kind;
            memset(h->form, 0, sizeof(h->form));
            if (view.form.len > 0) {
                memcpy(h->form, view.form.data, view.form.len);
            }
            h->form_version = view.form_version;
        }
    }
}

static enum err history_read(struct store *s, const struct uuid *record,
                             struct history *h)
{
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_statement(s, sql_events, &st);

    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    for (;;) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        err = add_event(s, h, st);
        if (err) {
            sqlite3_reset(st);
            break;
        }
    }
    if (!err && h->count > 0) { /* else the copies are elsewhere */
        read_kind(h);
    }
    return err;
}

enum err project_events(struct store *s, const struct uuid *record,
                        project_events_fn fn, void *ctx)
{
    struct history h = { .events = NULL };
    enum err err = history_read(s, record, &h);

    if (!err) {
        err = h.count == 0 ? ERR_NOT_FOUND : fn(ctx, h.events, h.count);
    }
    history_fini(&h);
    return err;
}

/* --- values --- */

struct bytes project_value(const struct merge_record *r, uint64_t field)
{
    for (size_t i = 0; i < r->field_count; i++) {
        const struct merge_field *f = &r->fields[i];

        if (f->id == field && f->head_count > 0 && !f->is_conflict &&
            !f->is_set) {
            return f->heads[0].value;
        }
    }
    return (struct bytes){ NULL, 0 };
}

bool project_text(struct bytes value, struct bytes *out)
{
    struct cbor_reader r;

    if (value.data == NULL) {
        return false;
    }
    cbor_open_gated(&r, value);
    *out = cbor_get_text(&r);
    return !r.err;
}

bool project_int(struct bytes value, int64_t *out)
{
    struct cbor_reader r;

    if (value.data == NULL) {
        return false;
    }
    cbor_open_gated(&r, value);
    *out = cbor_get_int(&r);
    return !r.err;
}

static bool get_bytes(struct bytes value, size_t len, struct bytes *out)
{
    struct cbor_reader r;

    if (value.data == NULL) {
        return false;
    }
    cbor_open_gated(&r, value);
    *out = cbor_get_bytes(&r);
    return !r.err && out->len == len;
}

/* --- writing --- */

static const char sql_record_find[] = "SELECT id FROM record WHERE record = ?1";
static const char sql_record_put[] =
    "INSERT INTO record (id, record, kind, tier, form, form_version, category,"
    " title, parent, parent_field, patrol, officer, device, created_hlc,"
    " created_ms, noted_ms, changed_hlc, event_count, is_own, is_struck,"
    " has_conflict, has_missing, has_newer, has_quarantined, gone)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,"
    " ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)";
static const char sql_record_drop[] = "DELETE FROM record WHERE id = ?1";
static const char sql_field_put[] =
    "INSERT INTO field (record, field, ordinal, event, value)"
    " VALUES (?1, ?2, ?3, ?4, ?5)";
static const char sql_field_drop[] = "DELETE FROM field WHERE record = ?1";
static const char sql_conflict_put[] =
    "INSERT INTO conflict (record, field) VALUES (?1, ?2)";
static const char sql_conflict_drop[] =
    "DELETE FROM conflict WHERE record = ?1";

static void bind_texts(sqlite3_stmt *st, const struct merge_record *m)
{
    struct bytes text;

    db_bind_null(st, 7);
    db_bind_null(st, 8);
    db_bind_null(st, 11);
    if (project_text(project_value(m, FIELD_CATEGORY), &text)) {
        db_bind_text_view(st, 7, text);
    }
    if (project_text(project_value(m, FIELD_TITLE), &text)) {
        db_bind_text_view(st, 8, text);
    }
    if (get_bytes(project_value(m, FIELD_PATROL), sizeof(struct uuid), &text)) {
        db_bind_bytes(st, 11, text);
    }
}

static enum err put_record(struct project *p, const struct history *h)
{
    const struct event_header *first = &h->first.header;
    const struct merge_record *m = &p->merged;
    sqlite3_stmt *st;
    int64_t noted;
    enum err err = store_statement(p->store, sql_record_put, &st);

    if (err) {
        return err;
    }
    if (p->id != 0) {
        db_bind_int(st, 1, p->id);
    } else {
        db_bind_null(st, 1);
    }
    db_bind_uuid(st, 2, &first->record);
    db_bind_int(st, 3, (int64_t)h->kind);
    db_bind_int(st, 4, p->tier);
    db_bind_text(st, 5, h->form[0] != '\0' ? h->form : NULL);
    db_bind_int(st, 6, (int64_t)h->form_version);
    bind_texts(st, m);
    db_bind_uuid_or_null(st, 9, &m->parent);
    db_bind_int(st, 10, (int64_t)m->parent_field);
    db_bind_uuid_or_null(st, 12, &first->officer);
    db_bind_uuid(st, 13, &first->device);
    db_bind_int(st, 14, (int64_t)first->hlc);
    db_bind_int(st, 15, first->wall_ms);
    db_bind_null(st, 16);
    if (project_int(project_value(m, FIELD_NOTED_MS), &noted)) {
        db_bind_int(st, 16, noted);
    }
    db_bind_int(st, 17, (int64_t)h->changed_hlc);
    db_bind_int(st, 18, (int64_t)h->count);
    db_bind_int(st, 19, h->first.is_own);
    db_bind_int(st, 20, m->is_struck);
    db_bind_int(st, 21, m->has_conflict);
    db_bind_int(st, 22, m->has_missing);
    db_bind_int(st, 23, m->has_newer || h->has_newer);
    db_bind_int(st, 24, h->has_quarantined);
    db_bind_int(st, 25, h->is_erased ? 2 : h->has_gone ? 1 : 0);
    err = db_run(st);
    if (p->id == 0) {
        p->id = sqlite3_last_insert_rowid(p->store->db);
    }
    return err;
}

static enum err put_value(const struct project *p, uint64_t field,
                          size_t ordinal, const int64_t *event,
                          struct bytes value)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(p->store, sql_field_put, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, p->id);
    db_bind_int(st, 2, (int64_t)field);
    db_bind_int(st, 3, (int64_t)ordinal);
    if (event != NULL) {
        db_bind_int(st, 4, *event);
    } else {
        db_bind_null(st, 4);
    }
    db_bind_bytes(st, 5, value);
    return db_run(st);
}

static enum err put_conflict(const struct project *p, uint64_t field)
{
    sqlite3_stmt *st;
    const enum err err = store_statement(p->store, sql_conflict_put, &st);

    if (err) {
        return err;
    }
    db_bind_int(st, 1, p->id);
    db_bind_int(st, 2, (int64_t)field);
    return db_run(st);
}

static enum err put_fields(const struct project *p, const struct history *h)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < p->merged.field_count; i++) {
        const struct merge_field *f = &p->merged.fields[i];
        size_t ordinal = 0;

        if (f->is_set) {
            err = put_value(p, f->id, ordinal++, NULL, buf_bytes(&f->codes));
        }
        for (size_t j = 0; !err && j < f->head_count; j++) {
            err = put_value(p, f->id, ordinal++, &h->ids[f->heads[j].event],
                            f->heads[j].value);
        }
        if (!err && f->is_conflict) {
            err = put_conflict(p, f->id);
        }
    }
    return err;
}

static enum err find_row(struct store *s, const struct uuid *record,
                         int64_t *id_out)
{
    sqlite3_stmt *st;
    enum err err = store_statement(s, sql_record_find, &st);

    *id_out = 0;
    if (err) {
        return err;
    }
    db_bind_uuid(st, 1, record);
    err = db_row(st);
    if (!err) {
        *id_out = sqlite3_column_int64(st, 0);
        sqlite3_reset(st);
    }
    return err == ERR_NOT_FOUND ? ERR_OK : err;
}

static enum err drop_rows(struct store *s, int64_t id)
{
    static const char *const drops[] = { sql_record_drop, sql_field_drop,
                                         sql_conflict_drop };
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < ARRAY_LEN(drops); i++) {
        sqlite3_stmt *st;

        err = store_statement(s, drops[i], &st);
        if (!err) {
            db_bind_int(st, 1, id);
            err = db_run(st);
        }
    }
    return err;
}

static enum err project_one(struct store *s, const struct uuid *record)
{
    struct project p = { .store = s };
    struct history h = { .events = NULL };
    bool is_new;
    enum err err = history_read(s, record, &h);

    if (err || h.count == 0) {
        goto out;
    }
    p.kind = h.kind;
    p.tier = tier_of_kind(h.first.header.kind);
    p.events = h.events;
    p.count = h.count;
    err = merge_record(h.events, h.count, &p.merged);
    if (!err) {
        err = find_row(s, record, &p.id);
    }
    is_new = p.id == 0;
    if (!err && !is_new) {
        err = drop_rows(s, p.id);
    }
    if (!err) {
        err = put_record(&p, &h);
    }
    if (!err) {
        err = put_fields(&p, &h);
    }
    if (!err) {
        err = project_index(&p, is_new);
    }
out:
    merge_fini(&p.merged);
    history_fini(&h);
    return err;
}

static int compare_uuids(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct uuid));
}

enum err project_records(struct store *s, struct uuid *records, size_t count)
{
    enum err err = ERR_OK;

    if (count > 1) {
        qsort(records, count, sizeof(*records), compare_uuids);
    }
    for (size_t i = 0; !err && i < count; i++) {
        if (i == 0 || !uuid_eq(&records[i - 1], &records[i])) {
            err = project_one(s, &records[i]);
        }
    }
    return err;
}

/* --- for one reader --- */

enum err project_view(struct store *s, const struct uuid *record,
                      project_open_fn open, void *ctx, struct project_view *out)
{
    struct history *h = mem_alloc(sizeof(*h));
    enum err err;

    memset(out, 0, sizeof(*out));
    if (h == NULL) {
        return ERR_NOMEM;
    }
    out->history = h;
    h->open = open;
    h->open_ctx = ctx;
    err = history_read(s, record, h);
    if (!err && h->count == 0) {
        err = ERR_NOT_FOUND;
    }
    if (!err) {
        err = merge_record(h->events, h->count, &out->merged);
    }
    if (err) {
        project_view_fini(out);
        return err;
    }
    out->kind = h->kind;
    memcpy(out->form, h->form, sizeof(out->form));
    out->form_version = h->form_version;
    out->events = h->events;
    return ERR_OK;
}

void project_view_fini(struct project_view *v)
{
    merge_fini(&v->merged);
    if (v->history != NULL) {
        history_fini(v->history);
        mem_free(v->history);
    }
    memset(v, 0, sizeof(*v));
}

/* --- anew --- */

static const char sql_drop_all[] =
    "DELETE FROM record; DELETE FROM field; DELETE FROM conflict;"
    "DELETE FROM definition; DELETE FROM search; DELETE FROM place;";
static const char sql_every_record[] =
    "SELECT DISTINCT record FROM event ORDER BY record";

enum err project_all(struct store *s)
{
    struct uuid record;
    sqlite3_stmt *st;
    bool has_row;
    enum err err = store_begin(s);

    if (err) {
        return err;
    }
    err = db_exec(s->db, sql_drop_all);
    if (!err) {
        err = store_statement(s, sql_every_record, &st);
    }
    while (!err) {
        err = db_step(st, &has_row);
        if (err || !has_row) {
            break;
        }
        db_get_uuid(st, 0, &record);
        err = project_one(s, &record);
        if (err) {
            sqlite3_reset(st);
        }
    }
    if (err) {
        store_rollback(s);
        return err;
    }
    return store_commit(s);
}
