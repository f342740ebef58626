/* The steps of one record: see tablet_history.h. */
#include "core/tablet_history.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/tablet_internal.h"

struct order {
    uint64_t hlc;
    size_t event;
};

struct telling {
    struct tablet *t;
    tablet_step_fn fn;
    void *ctx;
    struct body_view view;
    struct tablet_step_field fields[BODY_FIELDS_MAX];
};

static int by_hlc(const void *left, const void *right)
{
    const struct order *a = left;
    const struct order *b = right;

    if (a->hlc != b->hlc) {
        return a->hlc < b->hlc ? -1 : 1;
    }
    return a->event < b->event ? -1 : a->event > b->event;
}

/* A strike has bases of every field and values of none but its reason. */
static void put_fields(struct telling *h, struct tablet_step *s)
{
    for (size_t i = 0; i < h->view.field_count; i++) {
        const struct body_field_view *f = &h->view.fields[i];

        if (f->id == FIELD_REASON) {
            tablet_copy(f->value, s->by.reason, sizeof(s->by.reason));
        } else if (f->value.data != NULL) {
            h->fields[s->field_count++] =
                (struct tablet_step_field){ f->id, f->value };
        }
    }
}

static enum err tell_one(struct telling *h, const struct merge_event *e)
{
    struct tablet_step s = { .op = e->op,
                             .is_refused = e->is_quarantined,
                             .fields = h->fields };
    enum err err;

    err = tablet_side_read(h->t, &e->ref, &s.by);
    if (err) {
        return err;
    }
    if (e->body.data != NULL && !body_parse(e->body, &h->view)) {
        put_fields(h, &s);
    }
    return h->fn(h->ctx, &s);
}

static enum err tell(void *ctx, const struct merge_event *events, size_t count)
{
    struct telling *h = ctx;
    struct order *order = mem_array(count + 1, sizeof(*order));
    enum err err = order == NULL ? ERR_NOMEM : ERR_OK;

    for (size_t i = 0; i < count && !err; i++) {
        order[i] = (struct order){ events[i].hlc, i };
    }
    if (!err) {
        qsort(order, count, sizeof(*order), by_hlc);
    }
    for (size_t i = 0; i < count && !err; i++) {
        err = tell_one(h, &events[order[i].event]);
    }
    mem_free(order);
    return err == ERR_STOPPED ? ERR_OK : err;
}

enum err tablet_history(struct tablet *t, const struct uuid *record,
                        tablet_step_fn fn, void *ctx)
{
    struct tablet_known known;
    struct telling *h;
    enum err err = tablet_known_record(t, record, &known);

    if (err) {
        return err;
    }
    if (known.tier == TIER_SEALED || (known.tier == TIER_RESTRICTED &&
                                      !uuid_eq(&known.officer, &t->officer))) {
        return ERR_DENIED;
    }
    h = mem_alloc(sizeof(*h));
    if (h == NULL) {
        return ERR_NOMEM;
    }
    *h = (struct telling){ .t = t, .fn = fn, .ctx = ctx };
    err = project_events(t->store, record, tell, h);
    wipe(h, sizeof(*h));
    mem_free(h);
    return err;
}
