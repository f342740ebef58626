/*
 * records_table.c - sorts a bundle's events into records and definitions.
 */
#include "core/records_table.h"

#include <stdlib.h>
#include <string.h>

#include "core/cbor.h"
#include "core/fields.h"
#include "core/mem.h"

/* Kinds that are records of the council's work, not its settings. */
static bool is_for_people(uint64_t kind)
{
    return kind >= KIND_OBSERVATION && kind <= KIND_BRIEFING;
}

static void merge_of(const struct bundle_event *e, const struct event_header *h,
                     struct merge_event *out)
{
    *out = (struct merge_event){ .hlc = h->hlc,
                                 .device = h->device,
                                 .officer = h->officer,
                                 .op = h->op,
                                 .body = e->body };
    out->ref.incarnation = h->incarnation;
    out->ref.sequence = h->sequence;
    out->former = h->former;
}

static enum err add_event(struct records_table *t, const struct bundle_event *e,
                          const struct event_header *h)
{
    struct records_event *list =
        mem_grow(t->events, t->event_count, &t->event_cap, sizeof(*list));
    struct records_event *to;

    if (list == NULL) {
        return ERR_NOMEM;
    }
    t->events = list;
    to = &list[t->event_count++];
    *to = (struct records_event){ .record = h->record,
                                  .position = e->position,
                                  .kind = h->kind,
                                  .wall_ms = h->wall_ms,
                                  .utc_offset_min = h->utc_offset_min,
                                  .form_version = h->form_version };
    memcpy(to->form, h->form, sizeof(to->form));
    merge_of(e, h, &to->merge);
    return ERR_OK;
}

static enum err add_officer(struct records_table *t,
                            const struct bundle_event *e,
                            const struct event_header *h)
{
    struct merge_event *list =
        mem_grow(t->officers, t->officer_count, &t->officer_cap, sizeof(*list));
    struct uuid *ids;

    if (list == NULL) {
        return ERR_NOMEM;
    }
    t->officers = list;
    ids = mem_grow(t->officer_ids, t->officer_count, &t->officer_id_cap,
                   sizeof(*ids));
    if (ids == NULL) {
        return ERR_NOMEM;
    }
    t->officer_ids = ids;
    merge_of(e, h, &list[t->officer_count]);
    ids[t->officer_count++] = h->record;
    return ERR_OK;
}

/* The value of one field of a body, unparsed; data NULL when absent. */
static struct bytes field_value(const struct body_view *view, uint64_t id)
{
    const struct body_field_view *field = body_find(view, id);

    return field == NULL ? (struct bytes){ 0 } : field->value;
}

static enum err add_form(struct records_table *t, const struct body_view *view)
{
    struct form **list;
    struct cbor_reader r;
    struct bytes json;
    struct form *form;
    enum err err;

    cbor_open_gated(&r, field_value(view, DEFINITION_JSON));
    json = cbor_get_text(&r);
    if (r.err) {
        return ERR_OK; /* a newer shape: its fields show as numbers */
    }
    err = form_parse((const char *)json.data, json.len, &form);
    if (err)
        return err == ERR_NOMEM ? err : ERR_OK;
    list = mem_grow(t->forms, t->form_count, &t->form_cap, sizeof(*list));
    if (list == NULL) {
        form_free(form);
        return ERR_NOMEM;
    }
    t->forms = list;
    list[t->form_count++] = form;
    return ERR_OK;
}

static enum err add_refused(struct records_table *t,
                            const struct body_view *view)
{
    struct event_ref *list =
        mem_grow(t->refused, t->refused_count, &t->refused_cap, sizeof(*list));
    struct cbor_reader id;
    struct cbor_reader sequence;
    struct event_ref ref;

    if (list == NULL) {
        return ERR_NOMEM;
    }
    t->refused = list;
    cbor_open_gated(&id, field_value(view, LOG_INCARNATION));
    cbor_open_gated(&sequence, field_value(view, LOG_SEQUENCE));
    cbor_get_uuid(&id, &ref.incarnation);
    ref.sequence = cbor_get_uint(&sequence);
    if (!id.err && !sequence.err) {
        list[t->refused_count++] = ref;
    }
    return ERR_OK;
}

/* Definitions and the server's verdicts: what the rows are read with. */
static enum err add_setting(struct records_table *t,
                            const struct bundle_event *e,
                            const struct event_header *h)
{
    struct body_view *view;
    enum err err = ERR_OK;

    if (h->kind == KIND_COUNCIL && h->op == OP_CREATE && !t->has_server) {
        t->has_server = true;
        t->server = h->device;
    }
    if (!t->has_server || !uuid_eq(&h->device, &t->server)) {
        return ERR_OK; /* only the council's own word counts for these */
    }
    if (h->kind == KIND_OFFICER) {
        return add_officer(t, e, h);
    }
    if (h->kind != KIND_FORM && !(h->kind == KIND_LOG && h->op == OP_REFUSE)) {
        return ERR_OK;
    }
    view = mem_alloc(sizeof(*view));
    if (view == NULL) {
        return ERR_NOMEM;
    }
    if (e->body.data != NULL && body_parse(e->body, view) == ERR_OK) {
        err = h->kind == KIND_FORM ? add_form(t, view) : add_refused(t, view);
    }
    mem_free(view);
    return err;
}

static int compare_events(const void *a, const void *b)
{
    const struct records_event *x = a;
    const struct records_event *y = b;
    const int by_id =
        memcmp(x->record.bytes, y->record.bytes, sizeof(x->record.bytes));

    if (by_id != 0) {
        return by_id;
    }
    return (x->position > y->position) - (x->position < y->position);
}

static int compare_event_refs(const void *a, const void *b)
{
    const struct event_ref *x = a;
    const struct event_ref *y = b;
    const int by_id = memcmp(x->incarnation.bytes, y->incarnation.bytes,
                             sizeof(x->incarnation.bytes));

    if (by_id != 0) {
        return by_id;
    }
    return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

/* The server's refusals come after what they refuse: known at the end. */
static void mark_refused(struct records_table *t)
{
    if (t->refused_count == 0) {
        return;
    }
    qsort(t->refused, t->refused_count, sizeof(*t->refused),
          compare_event_refs);
    for (size_t i = 0; i < t->event_count; i++) {
        struct merge_event *e = &t->events[i].merge;

        e->is_quarantined =
            bsearch(&e->ref, t->refused, t->refused_count, sizeof(*t->refused),
                    compare_event_refs) != NULL;
    }
}

enum err records_table_make(const struct bundle_event *events, size_t count,
                            struct records_table *out)
{
    struct event_header *h = mem_alloc(sizeof(*h));
    enum err err = h == NULL ? ERR_NOMEM : ERR_OK;

    *out = (struct records_table){ 0 };
    for (size_t i = 0; i < count && !err; i++) {
        if (event_header_parse(events[i].header, h)) {
            continue; /* a newer envelope: it is in the bundle, unread */
        }
        err = is_for_people(h->kind) ? add_event(out, &events[i], h)
                                     : add_setting(out, &events[i], h);
    }
    mem_free(h);
    if (!err && out->event_count > 0) {
        qsort(out->events, out->event_count, sizeof(*out->events),
              compare_events);
    }
    mark_refused(out);
    if (err) {
        records_table_fini(out);
    }
    return err;
}

void records_table_fini(struct records_table *t)
{
    for (size_t i = 0; i < t->form_count; i++) {
        form_free(t->forms[i]);
    }
    mem_free(t->forms);
    mem_free(t->events);
    mem_free(t->officers);
    mem_free(t->officer_ids);
    mem_free(t->refused);
    *t = (struct records_table){ 0 };
}

static enum err walk_one(const struct records_table *t, size_t from,
                         size_t count, records_row_fn fn, void *ctx)
{
    struct merge_event *list = mem_array(count, sizeof(*list));
    struct records_row row = { .first = &t->events[from] };
    enum err err;

    if (list == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        list[i] = t->events[from + i].merge;
    }
    err = merge_record(list, count, &row.merged);
    if (!err) {
        err = fn(ctx, t, &row);
        merge_fini(&row.merged);
    } else if (err == ERR_BAD_DATA) {
        err = ERR_OK; /* quarantined wherever it came in */
    }
    mem_free(list);
    return err;
}

enum err records_table_walk(const struct records_table *t, records_row_fn fn,
                            void *ctx)
{
    size_t from = 0;

    while (from < t->event_count) {
        size_t end = from + 1;
        enum err err;

        while (end < t->event_count &&
               uuid_eq(&t->events[end].record, &t->events[from].record)) {
            end++;
        }
        err = walk_one(t, from, end - from, fn, ctx);
        if (err)
            return err;
        from = end;
    }
    return ERR_OK;
}
