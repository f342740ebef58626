/*
 * merge.c - heads by cause: which values of a record stand.
 *
 * Events are looked at as a graph: an arrow from an event to each one that
 * it names in a field's bases. No clock takes part; hlc only orders what is
 * shown side by side.
 */
#include "core/merge.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

/* One event with its body read. */
struct node {
    const struct merge_event *event;
    struct body_view *view; /* owned, NULL without fields */
    bool is_strike;
    bool is_skipped; /* a repeat of another one here, or not applied */
    size_t canon;    /* the one that it repeats, or itself */
};

struct graph {
    struct node *nodes; /* owned */
    size_t count;
    bool has_missing, has_newer;
};

static bool ref_eq(const struct event_ref *a, const struct event_ref *b)
{
    return a->sequence == b->sequence &&
           uuid_eq(&a->incarnation, &b->incarnation);
}

/* Operations whose fields are the record's state; the others speak about
 * it (reviews, questions, pauses) and stand in its timeline only. */
static bool is_state(uint64_t op)
{
    switch (op) {
    case OP_CREATE:
    case OP_SET:
    case OP_STRIKE:
    case OP_ATTACH:
    case OP_OPEN_BOOK:
    case OP_CLOSE_BOOK:
    case OP_ISSUE:
    case OP_LEASE_BLOCK:
    case OP_PATROL_START:
    case OP_PATROL_END:
    case OP_RESOLVE:
    case OP_GRANT:
        return true;
    default:
        return false;
    }
}

static enum err read_node(struct graph *g, const struct merge_event *e,
                          struct node *out)
{
    enum err err;

    out->event = e;
    out->is_skipped = e->is_quarantined || !is_state(e->op);
    if (event_op_word(e->op) == NULL) {
        g->has_newer = true;
    }
    out->is_strike = e->op == OP_STRIKE;
    if (!is_state(e->op) || e->body.data == NULL) {
        return ERR_OK;
    }
    out->view = mem_alloc(sizeof(*out->view));
    if (out->view == NULL) {
        return ERR_NOMEM;
    }
    err = body_parse(e->body, out->view);
    if (err && e->is_quarantined) { /* why it is: nothing to read in it */
        mem_free(out->view);
        out->view = NULL;
        err = ERR_OK;
    }
    return err;
}

static bool stood_at(const struct merge_event *e, const struct event_ref *ref)
{
    for (size_t i = 0; i < e->former.count; i++) {
        if (ref_eq(&e->former.at[i], ref)) {
            return true;
        }
    }
    return false;
}

/* The node that `ref` names, directly or by a place where it stood. */
static bool find_node(const struct graph *g, const struct event_ref *ref,
                      size_t *at_out)
{
    for (size_t i = 0; i < g->count; i++) {
        if (ref_eq(&g->nodes[i].event->ref, ref)) {
            *at_out = g->nodes[i].canon;
            return true;
        }
    }
    for (size_t i = 0; i < g->count; i++) {
        if (stood_at(g->nodes[i].event, ref)) {
            *at_out = g->nodes[i].canon;
            return true;
        }
    }
    return false;
}

static int compare_refs(const struct merge_event *a,
                        const struct merge_event *b)
{
    int order = (a->hlc > b->hlc) - (a->hlc < b->hlc);

    if (order == 0) {
        order = memcmp(&a->device, &b->device, sizeof(a->device));
    }
    if (order == 0) {
        order = memcmp(&a->ref.incarnation, &b->ref.incarnation,
                       sizeof(a->ref.incarnation));
    }
    if (order == 0) {
        order = (a->ref.sequence > b->ref.sequence) -
                (a->ref.sequence < b->ref.sequence);
    }
    return order;
}

static struct event_ref first_place(const struct merge_event *e)
{
    return e->former.count > 0 ? e->former.at[0] : e->ref;
}

/* What it says at the root of all repeats: a store that was put back twice
 * records the same entry twice, and neither copy may have the first one. */
static struct event_ref origin(const struct graph *g, size_t i)
{
    struct event_ref ref = first_place(g->nodes[i].event);

    for (size_t steps = 0; steps < g->count; steps++) {
        size_t k = 0;

        while (k < g->count && !(ref_eq(&g->nodes[k].event->ref, &ref) &&
                                 g->nodes[k].event->former.count > 0)) {
            k++;
        }
        if (k == g->count) {
            break;
        }
        ref = g->nodes[k].event->former.at[0];
    }
    return ref;
}

/* True when `a` speaks for both: one that is applied, of those the first one
 * itself, else the earlier. */
static bool is_before(const struct merge_event *a, const struct merge_event *b)
{
    const bool is_copy = a->former.count > 0;

    if (a->is_quarantined != b->is_quarantined) {
        return b->is_quarantined;
    }
    return is_copy != (b->former.count > 0) ? !is_copy : compare_refs(a, b) < 0;
}

/* The same event twice, or recorded again, counts once. */
static enum err fold_repeats(struct graph *g)
{
    struct event_ref *origins = mem_array(g->count + 1, sizeof(*origins));

    if (origins == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < g->count; i++) {
        origins[i] = origin(g, i);
    }
    for (size_t i = 0; i < g->count; i++) {
        struct node *node = &g->nodes[i];

        node->canon = i;
        for (size_t k = 0; k < g->count; k++) {
            if (ref_eq(&origins[k], &origins[i]) &&
                is_before(g->nodes[k].event, g->nodes[node->canon].event)) {
                node->canon = k;
            }
        }
        /* equal ones: the first in the list */
        for (size_t k = 0; k < node->canon; k++) {
            if (ref_eq(&g->nodes[k].event->ref,
                       &g->nodes[node->canon].event->ref)) {
                node->canon = k;
            }
        }
        node->is_skipped |= node->canon != i;
    }
    mem_free(origins);
    return ERR_OK;
}

static enum err graph_make(const struct merge_event *events, size_t count,
                           struct graph *out)
{
    enum err err = ERR_OK;

    *out = (struct graph){ 0 };
    out->nodes = mem_array(count + 1, sizeof(*out->nodes));
    if (out->nodes == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < count && !err; i++) {
        out->count++;
        err = read_node(out, &events[i], &out->nodes[i]);
    }
    if (!err) {
        err = fold_repeats(out);
    }
    return err;
}

static void graph_fini(struct graph *g)
{
    for (size_t i = 0; i < g->count; i++) {
        mem_free(g->nodes[i].view);
    }
    mem_free(g->nodes);
}

/* The field's part in one event; NULL when the event doesn't touch it. */
static const struct body_field_view *part(const struct node *node, uint64_t id)
{
    if (node->is_skipped || node->view == NULL) {
        return NULL;
    }
    return body_find(node->view, id);
}

/* Marks in `is_gone` what node `i` names as replaced in field `id`; true
 * when a quarantined one was marked for the first time. */
static bool mark_one(struct graph *g, uint64_t id, size_t i, bool *is_gone)
{
    const struct node *node = &g->nodes[i];
    const struct body_field_view *f =
        node->view != NULL ? body_find(node->view, id) : NULL;
    struct event_ref refs[BODY_BASES_MAX];
    bool is_more = false;
    size_t count;

    if (f == NULL ||
        body_bases(f, &node->event->ref.incarnation, refs, &count)) {
        return false;
    }
    for (size_t k = 0; k < count; k++) {
        size_t at;

        if (!find_node(g, &refs[k], &at)) {
            g->has_missing |= !node->is_skipped;
        } else if (at != i) {
            is_more |= !is_gone[at] && g->nodes[at].event->is_quarantined;
            is_gone[at] = true;
        }
    }
    return is_more;
}

/* What any applied event replaces; and, as whoever saw a quarantined event
 * saw what it replaced, what a replaced quarantined one does. */
static void mark_replaced(struct graph *g, uint64_t id, bool *is_gone)
{
    bool is_more = false;

    for (size_t i = 0; i < g->count; i++) {
        if (!g->nodes[i].is_skipped) {
            is_more |= mark_one(g, id, i, is_gone);
        }
    }
    while (is_more) {
        is_more = false;
        for (size_t i = 0; i < g->count; i++) {
            if (is_gone[i] && g->nodes[i].event->is_quarantined) {
                is_more |= mark_one(g, id, i, is_gone);
            }
        }
    }
}

/* Put a head in its place among those found so far. */
static void insert_head(const struct graph *g, struct merge_field *field,
                        struct merge_value head)
{
    size_t at = field->head_count++;

    while (at > 0 &&
           compare_refs(g->nodes[head.event].event,
                        g->nodes[field->heads[at - 1].event].event) < 0) {
        field->heads[at] = field->heads[at - 1];
        at--;
    }
    field->heads[at] = head;
}

static enum err find_heads(struct graph *g, struct merge_field *field,
                           bool *is_gone)
{
    memset(is_gone, 0, g->count * sizeof(*is_gone));
    mark_replaced(g, field->id, is_gone);
    field->heads = mem_array(g->count, sizeof(*field->heads));
    if (field->heads == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < g->count; i++) {
        const struct node *node = &g->nodes[i];
        const struct body_field_view *f = part(node, field->id);
        const bool speaks = f != NULL && f->value.data != NULL;
        struct merge_value head = { i, { NULL, 0 } };

        if (is_gone[i] || node->is_skipped || !(speaks || node->is_strike)) {
            continue;
        }
        if (!node->is_strike) {
            head.value = f->value;
        }
        insert_head(g, field, head);
    }
    for (size_t i = 1; i < field->head_count; i++) {
        const struct merge_value *a = &field->heads[0];
        const struct merge_value *b = &field->heads[i];

        field->is_conflict |=
            (a->value.data == NULL) != (b->value.data == NULL) ||
            !bytes_eq(a->value, b->value);
    }
    return ERR_OK;
}

/* --- sets of codes --- */

/* codes = [ [* added], [* removed] ]; false for anything else. */
static bool open_codes(struct bytes value, struct cbor_reader *added,
                       struct cbor_reader *removed)
{
    struct cbor_reader r;

    cbor_open_gated(&r, value);
    if (cbor_get_array(&r) != 2 || cbor_peek(&r) != CBOR_TYPE_ARRAY) {
        return false; /* no array, or no value at all, has none */
    }
    cbor_open_gated(added, cbor_get_item(&r));
    if (cbor_peek(&r) != CBOR_TYPE_ARRAY) {
        return false;
    }
    cbor_open_gated(removed, cbor_get_item(&r));
    return true;
}

static bool list_has(struct cbor_reader list, struct bytes code)
{
    const size_t count = cbor_get_array(&list);

    for (size_t i = 0; i < count; i++) {
        if (bytes_eq(cbor_get_item(&list), code)) {
            return true;
        }
    }
    return false;
}

/* All events in the causal past of `from` in this field. */
static void mark_past(const struct graph *g, uint64_t id, size_t from,
                      bool *in_past, size_t *stack)
{
    struct event_ref refs[BODY_BASES_MAX];
    size_t depth = 0;

    memset(in_past, 0, g->count * sizeof(*in_past));
    stack[depth++] = from;
    while (depth > 0) {
        const struct node *node = &g->nodes[stack[--depth]];
        const struct body_field_view *f = part(node, id);
        size_t count;

        if (f == NULL ||
            body_bases(f, &node->event->ref.incarnation, refs, &count)) {
            continue;
        }
        for (size_t k = 0; k < count; k++) {
            size_t at;

            if (find_node(g, &refs[k], &at) && !in_past[at] && at != from) {
                in_past[at] = true;
                stack[depth++] = at;
            }
        }
    }
}

struct set_work {
    bool *in_past; /* count */
    bool *is_out;  /* count: the add of this code by this event is undone */
    size_t *stack; /* count + 1 */
};

/* Whether `code` is in the set: some add that no removal has seen. */
static bool is_member(const struct graph *g, uint64_t id, struct bytes code,
                      const struct set_work *w)
{
    memset(w->is_out, 0, g->count * sizeof(*w->is_out));
    for (size_t i = 0; i < g->count; i++) {
        const struct body_field_view *f = part(&g->nodes[i], id);
        struct cbor_reader added;
        struct cbor_reader removed;

        if (f == NULL || !open_codes(f->value, &added, &removed) ||
            !list_has(removed, code)) {
            continue;
        }
        mark_past(g, id, i, w->in_past, w->stack);
        for (size_t k = 0; k < g->count; k++) {
            w->is_out[k] |= w->in_past[k];
        }
    }
    for (size_t i = 0; i < g->count; i++) {
        const struct body_field_view *f = part(&g->nodes[i], id);
        struct cbor_reader added;
        struct cbor_reader removed;

        if (f != NULL && !w->is_out[i] &&
            open_codes(f->value, &added, &removed) && list_has(added, code)) {
            return true;
        }
    }
    return false;
}

static int compare_items(const void *a, const void *b)
{
    const struct bytes *x = a;
    const struct bytes *y = b;
    const size_t len = x->len < y->len ? x->len : y->len;
    const int order = memcmp(x->data, y->data, len);

    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

/* Every code that any event added, once, in order of its bytes. */
static enum err all_codes(const struct graph *g, uint64_t id,
                          struct bytes **list_out, size_t *count_out)
{
    struct bytes *list = NULL;
    size_t count = 0;
    size_t kept = 0;

    for (size_t i = 0; i < g->count; i++) {
        const struct body_field_view *f = part(&g->nodes[i], id);
        struct cbor_reader added;
        struct cbor_reader removed;
        struct bytes *more;
        size_t items;

        if (f == NULL || !open_codes(f->value, &added, &removed)) {
            continue;
        }
        items = cbor_get_array(&added);
        more = mem_realloc(list, (count + items + 1) * sizeof(*list));
        if (more == NULL) {
            mem_free(list);
            return ERR_NOMEM;
        }
        list = more;
        for (size_t k = 0; k < items; k++) {
            list[count++] = cbor_get_item(&added);
        }
    }
    if (count > 1) {
        qsort(list, count, sizeof(*list), compare_items);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !bytes_eq(list[kept - 1], list[i])) {
            list[kept++] = list[i];
        }
    }
    *list_out = list;
    *count_out = kept;
    return ERR_OK;
}

static enum err put_members(const struct graph *g, struct merge_field *field,
                            const struct set_work *w)
{
    struct bytes *codes;
    size_t count;
    size_t members = 0;
    enum err err = all_codes(g, field->id, &codes, &count);

    if (err)
        return err;
    for (size_t i = 0; i < count; i++) {
        if (is_member(g, field->id, codes[i], w)) {
            codes[members++] = codes[i];
        }
    }
    cbor_put_array(&field->codes, members);
    for (size_t i = 0; i < members; i++) {
        cbor_put_raw(&field->codes, codes[i]);
    }
    mem_free(codes);
    return field->codes.err;
}

/* A field is a set when every value in it has the shape of one. */
static bool is_set_field(const struct graph *g, uint64_t id)
{
    bool is_any = false;

    for (size_t i = 0; i < g->count; i++) {
        const struct body_field_view *f = part(&g->nodes[i], id);
        struct cbor_reader added;
        struct cbor_reader removed;

        if (f == NULL || f->value.data == NULL) {
            continue;
        }
        if (!open_codes(f->value, &added, &removed)) {
            return false;
        }
        is_any = true;
    }
    return is_any;
}

static enum err merge_set(const struct graph *g, struct merge_field *field)
{
    struct set_work w = {
        .in_past = mem_array(g->count, sizeof(bool)),
        .is_out = mem_array(g->count, sizeof(bool)),
        .stack = mem_array(g->count + 1, sizeof(size_t)),
    };
    enum err err = ERR_NOMEM;

    if (w.in_past != NULL && w.is_out != NULL && w.stack != NULL) {
        err = put_members(g, field, &w);
    }
    mem_free(w.in_past);
    mem_free(w.is_out);
    mem_free(w.stack);
    return err;
}

/* --- the record --- */

static int compare_ids(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a;
    const uint64_t y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Ids of the fields that have a value somewhere, ascending. */
static enum err list_fields(const struct graph *g, struct merge_record *out)
{
    size_t cap = 1;
    size_t count = 0;
    uint64_t *ids;

    for (size_t i = 0; i < g->count; i++) {
        cap += g->nodes[i].view != NULL ? g->nodes[i].view->field_count : 0;
    }
    ids = mem_array(cap, sizeof(*ids));
    out->fields = mem_array(cap, sizeof(*out->fields));
    if (ids == NULL || out->fields == NULL) {
        mem_free(ids);
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < g->count; i++) {
        const struct node *node = &g->nodes[i];

        for (size_t k = 0; node->view != NULL && !node->is_skipped &&
                           k < node->view->field_count;
             k++) {
            if (node->view->fields[k].value.data != NULL) {
                ids[count++] = node->view->fields[k].id;
            }
        }
    }
    qsort(ids, count, sizeof(*ids), compare_ids);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || ids[i] != ids[i - 1]) {
            struct merge_field *field = &out->fields[out->field_count++];

            field->id = ids[i];
            buf_init(&field->codes, BODY_MAX_BYTES);
        }
    }
    mem_free(ids);
    return ERR_OK;
}

static void find_parent(const struct graph *g, struct merge_record *out)
{
    for (size_t i = 0; i < g->count; i++) {
        const struct node *node = &g->nodes[i];

        if (node->view != NULL && !node->is_skipped &&
            !uuid_is_zero(&node->view->parent) &&
            (uuid_is_zero(&out->parent) ||
             memcmp(&node->view->parent, &out->parent, sizeof(out->parent)) <
                 0)) {
            out->parent = node->view->parent; /* never differs, but must */
            out->parent_field = node->view->parent_field; /* not depend on
                                                             the order */
        }
    }
}

static bool all_struck(const struct graph *g, const struct merge_record *r)
{
    bool has_strike = false;

    for (size_t i = 0; i < g->count; i++) {
        has_strike |= g->nodes[i].is_strike && !g->nodes[i].is_skipped;
    }
    for (size_t i = 0; i < r->field_count; i++) {
        for (size_t k = 0; k < r->fields[i].head_count; k++) {
            if (r->fields[i].heads[k].value.data != NULL) {
                return false;
            }
        }
    }
    return has_strike;
}

/* Changes of a set join, but a strike beside one asks for a decision. */
static bool is_half_struck(const struct merge_field *field)
{
    size_t strikes = 0;

    for (size_t i = 0; i < field->head_count; i++) {
        strikes += field->heads[i].value.data == NULL;
    }
    return strikes > 0 && strikes < field->head_count;
}

static enum err merge_fields(struct graph *g, struct merge_record *out)
{
    bool *is_gone = mem_array(g->count + 1, sizeof(*is_gone));
    enum err err = is_gone == NULL ? ERR_NOMEM : ERR_OK;

    for (size_t i = 0; i < out->field_count && !err; i++) {
        struct merge_field *field = &out->fields[i];

        err = find_heads(g, field, is_gone);
        field->is_set = !err && is_set_field(g, field->id);
        if (field->is_set) {
            field->is_conflict = is_half_struck(field);
            err = merge_set(g, field);
        }
        out->has_conflict |= field->is_conflict;
    }
    mem_free(is_gone);
    return err;
}

enum err merge_record(const struct merge_event *events, size_t count,
                      struct merge_record *out)
{
    struct graph g;
    enum err err = graph_make(events, count, &g);

    *out = (struct merge_record){ 0 };
    if (!err) {
        err = list_fields(&g, out);
    }
    if (!err) {
        err = merge_fields(&g, out);
    }
    if (!err) {
        find_parent(&g, out);
        out->is_struck = all_struck(&g, out);
        out->has_missing = g.has_missing;
        out->has_newer = g.has_newer;
    }
    graph_fini(&g);
    if (err) {
        merge_fini(out);
    }
    return err;
}

void merge_fini(struct merge_record *r)
{
    for (size_t i = 0; i < r->field_count; i++) {
        mem_free(r->fields[i].heads);
        buf_fini(&r->fields[i].codes);
    }
    mem_free(r->fields);
    *r = (struct merge_record){ 0 };
}
