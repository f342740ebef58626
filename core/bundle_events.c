/*
 * bundle_events.c - reads events.cborseq: order and commitments, and what
 * the server's own events say about keys and refusals.
 */
#include <stdlib.h>
#include <string.h>

#include "core/body.h"
#include "core/bundle_check.h"
#include "core/cbor.h"
#include "core/cose.h"
#include "core/fields.h"
#include "core/mem.h"

/* The value of one field, unparsed; data NULL when absent. */
static struct bytes field_value(const struct body_view *view, uint64_t id)
{
    const struct body_field_view *field = body_find(view, id);

    return field == NULL ? (struct bytes){ 0 } : field->value;
}

static bool field_uuid(const struct body_view *view, uint64_t id,
                       struct uuid *out)
{
    struct cbor_reader r;

    cbor_open_gated(&r, field_value(view, id));
    cbor_get_uuid(&r, out);
    return !r.err;
}

/* A seal counts by a key of use "seal"; the server's own is "server". */
static bool is_for_seals(const struct body_view *view)
{
    struct cbor_reader r;
    struct bytes use;

    cbor_open_gated(&r, field_value(view, KEY_USE));
    use = cbor_get_text(&r);
    return !r.err && ((use.len == 4 && memcmp(use.data, "seal", 4) == 0) ||
                      (use.len == 6 && memcmp(use.data, "server", 6) == 0));
}

/* A grant that publishes a key: the seals of its owner may use it. */
static enum err keep_grant(struct bundle_check *c, const struct event_header *h,
                           uint64_t position, const struct body_view *view)
{
    struct bundle_key key = { .id = h->record,
                              .granted = position,
                              .revoked = UINT64_MAX };
    struct cbor_reader r;
    struct bundle_key *keys;

    cbor_open_gated(&r, field_value(view, KEY_PUBLIC));
    if (!is_for_seals(view) || !field_uuid(view, KEY_OWNER, &key.owner) ||
        bundle_is_wrong(c, cose_key_parse(cbor_get_bytes(&r), &key.pub))) {
        return ERR_OK; /* another use, or a newer shape: it opens no seal */
    }
    keys = bundle_grow(c->keys, c->key_count, &c->key_cap, sizeof(*keys));
    if (keys == NULL) {
        return ERR_NOMEM;
    }
    c->keys = keys;
    keys[c->key_count++] = key;
    return ERR_OK;
}

static void keep_revocation(struct bundle_check *c,
                            const struct event_header *h, uint64_t position)
{
    for (size_t i = 0; i < c->key_count; i++) {
        if (uuid_eq(&c->keys[i].id, &h->record) &&
            c->keys[i].revoked == UINT64_MAX) {
            c->keys[i].revoked = position;
        }
    }
}

static enum err keep_refusal(struct bundle_check *c,
                             const struct body_view *view)
{
    struct event_ref *list;
    struct event_ref ref;
    struct cbor_reader r;

    cbor_open_gated(&r, field_value(view, LOG_SEQUENCE));
    ref.sequence = cbor_get_uint(&r);
    if (r.err || !field_uuid(view, LOG_INCARNATION, &ref.incarnation)) {
        return ERR_OK;
    }
    list = bundle_grow(c->refused, c->refused_count, &c->refused_cap,
                       sizeof(*list));
    if (list == NULL) {
        return ERR_NOMEM;
    }
    c->refused = list;
    list[c->refused_count++] = ref;
    return ERR_OK;
}

/* What the server itself says in this event about keys and refusals. */
static enum err hear_server(struct bundle_check *c,
                            const struct bundle_event *e,
                            const struct event_header *h)
{
    struct body_view *view;
    enum err err = ERR_OK;

    if (!c->has_server || !uuid_eq(&h->device, &c->server)) {
        return ERR_OK; /* a tablet that says so has no say */
    }
    if (h->kind == KIND_KEY && h->op == OP_REVOKE) {
        keep_revocation(c, h, e->position);
        return ERR_OK;
    }
    if (!(h->kind == KIND_KEY && h->op == OP_GRANT) &&
        !(h->kind == KIND_LOG && h->op == OP_REFUSE)) {
        return ERR_OK;
    }
    view = mem_alloc(sizeof(*view));
    if (view == NULL) {
        return ERR_NOMEM;
    }
    if (body_parse(e->body, view) == ERR_OK) {
        err = h->kind == KIND_KEY ? keep_grant(c, h, e->position, view)
                                  : keep_refusal(c, view);
    }
    mem_free(view);
    return err;
}

static enum err add_row(struct bundle_check *c, const struct bundle_seq *seq,
                        const struct bundle_event *e,
                        const struct event_header *h)
{
    struct bundle_row *rows =
        bundle_grow(c->rows, c->row_count, &c->row_cap, sizeof(*c->rows));
    struct bundle_row *row;

    if (rows == NULL) {
        return ERR_NOMEM;
    }
    c->rows = rows;
    row = &c->rows[c->row_count++];
    *row = (struct bundle_row){ .event = *e,
                                .device = h->device,
                                .kind = h->kind,
                                .op = h->op,
                                .offset = seq->offset,
                                .record = h->record };
    row->ref.incarnation = h->incarnation;
    row->ref.sequence = h->sequence;
    crypto_sha256(e->header, &row->header_hash);
    return ERR_OK;
}

static bool is_in_order(struct bundle_check *c, const struct bundle_seq *seq,
                        const struct bundle_event *e)
{
    if (c->row_count == 0 ||
        e->position > c->rows[c->row_count - 1].event.position) {
        return true;
    }
    bundle_found(c,
                 BUNDLE_EVENTS ": byte %zu: log position %llu is out of "
                               "order or repeated",
                 seq->offset, (unsigned long long)e->position);
    return false;
}

static enum err take_event(struct bundle_check *c, const struct bundle_seq *seq,
                           struct bytes item, struct event_header *h)
{
    struct bundle_event e;
    struct hash commitment;
    bool is_newer;
    enum err err = bundle_event_parse(item, &e);

    memset(h, 0, sizeof(*h));
    err = err ? err : event_header_parse(e.header, h);
    is_newer = err == ERR_NEWER;
    if (err && !is_newer) {
        bundle_found(c, BUNDLE_EVENTS ": byte %zu: not an event", seq->offset);
        return ERR_OK;
    }
    if (!is_in_order(c, seq, &e)) {
        return ERR_OK;
    }
    if (is_newer) { /* chained and logged like any; its body can't be read */
        h->kind = h->op = 0;
        c->verdict->newer++;
        return add_row(c, seq, &e, h);
    }
    err = add_row(c, seq, &e, h);
    if (!c->has_server && h->kind == KIND_COUNCIL && h->op == OP_CREATE &&
        uuid_eq(&h->record, &c->council)) {
        c->has_server = true;
        c->server = h->device;
    }
    if (err || e.body.data == NULL) {
        return err;
    }
    c->verdict->bodies++;
    event_commit(e.salt.data, e.body, &commitment);
    if (!hash_eq(&commitment, &h->commitment)) {
        bundle_found(c,
                     BUNDLE_EVENTS ": byte %zu: the body at log position "
                                   "%llu does not fit its commitment",
                     seq->offset, (unsigned long long)e.position);
        return ERR_OK;
    }
    return hear_server(c, &e, h);
}

static int compare_index(const void *a, const void *b)
{
    const struct bundle_index *x = a;
    const struct bundle_index *y = b;

    return bundle_ref_compare(&x->ref, &y->ref);
}

static enum err index_rows(struct bundle_check *c)
{
    struct bundle_index *list = mem_array(c->row_count + 1, sizeof(*list));

    if (list == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < c->row_count; i++) {
        list[i].ref = c->rows[i].ref;
        list[i].row = i;
    }
    qsort(list, c->row_count, sizeof(*list), compare_index);
    c->by_ref = list;
    for (size_t i = 0; i < c->refused_count; i++) {
        struct bundle_row *row = bundle_row_find(c, &c->refused[i]);

        if (row != NULL) {
            row->is_refused = true;
        }
    }
    return ERR_OK;
}

static int compare_records(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct uuid));
}

static bool is_erasure(const struct bundle_check *c,
                       const struct bundle_row *row)
{
    return row->op == OP_ERASE_BODY && c->has_server &&
           uuid_eq(&row->device, &c->server);
}

/* Entries without text whose record the council ordered to be erased. */
static enum err count_erased(struct bundle_check *c)
{
    struct uuid *list = mem_array(c->row_count + 1, sizeof(*list));
    size_t count = 0;

    if (list == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < c->row_count; i++) {
        if (is_erasure(c, &c->rows[i])) {
            list[count++] = c->rows[i].record;
        }
    }
    qsort(list, count, sizeof(*list), compare_records);
    for (size_t i = 0; i < c->row_count; i++) {
        const struct bundle_row *row = &c->rows[i];

        c->verdict->erased += row->event.body.data == NULL && row->kind != 0 &&
                              bsearch(&row->record, list, count, sizeof(*list),
                                      compare_records) != NULL;
    }
    mem_free(list);
    return ERR_OK;
}

enum err bundle_check_events(struct bundle_check *c)
{
    struct bundle_seq seq = { c, bundle_file_find(c, BUNDLE_EVENTS), 0, 0 };
    struct event_header *h = mem_alloc(sizeof(*h));
    struct bytes item;
    enum err err = ERR_OK;

    if (h == NULL) {
        return ERR_NOMEM;
    }
    while (!err && bundle_seq_next(&seq, &item)) {
        err = take_event(c, &seq, item, h);
    }
    mem_free(h);
    c->verdict->events = c->row_count;
    err = err ? err : index_rows(c);
    return err ? err : count_erased(c);
}
