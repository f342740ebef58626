/* Questions about a record, and their answer as an event: see conflict.h. */
#include "core/conflict.h"

#include <string.h>

#include "core/mem.h"

static bool is_struck_in(const struct merge_field *f)
{
    for (size_t i = 0; i < f->head_count; i++) {
        if (f->heads[i].value.data == NULL) {
            return true;
        }
    }
    return false;
}

static const struct merge_field *find_field(const struct merge_record *r,
                                            uint64_t id)
{
    for (size_t i = 0; i < r->field_count; i++) {
        if (r->fields[i].id == id) {
            return &r->fields[i];
        }
    }
    return NULL;
}

/* The record again, without what any strike says. */
static enum err merge_kept(const struct merge_event *events, size_t count,
                           struct merge_record *out)
{
    struct merge_event *copy = mem_array(count + 1, sizeof(*copy));
    enum err err;

    if (copy == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        copy[i] = events[i];
        copy[i].is_quarantined |= copy[i].op == OP_STRIKE;
    }
    err = merge_record(copy, count, out);
    mem_free(copy);
    return err;
}

static bool has_event(const struct conflict_question *q, size_t event)
{
    for (size_t i = 0; i < q->side_count; i++) {
        if (q->sides[i].event == event) {
            return true;
        }
    }
    return false;
}

static struct conflict_question *add_question(struct conflict *c,
                                              uint64_t field, size_t sides)
{
    struct conflict_question *q = &c->questions[c->question_count];

    *q = (struct conflict_question){ .field = field };
    q->sides = mem_array(sides + 1, sizeof(*q->sides));
    if (q->sides == NULL) {
        return NULL;
    }
    c->question_count++;
    return q;
}

/* Who struck, and who wrote without knowing of it. */
static enum err ask_record(struct conflict *c, size_t event_count)
{
    struct conflict_question *q = add_question(c, CONFLICT_RECORD, event_count);

    if (q == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < c->now.field_count; i++) {
        const struct merge_field *f = &c->now.fields[i];

        for (size_t k = 0; f->is_conflict && k < f->head_count; k++) {
            if (!has_event(q, f->heads[k].event)) {
                q->sides[q->side_count++] =
                    (struct conflict_side){ f->heads[k].event,
                                            f->heads[k].value };
            }
        }
    }
    return ERR_OK;
}

/* A field whose values differ also when the strike is left out. */
static enum err ask_field(struct conflict *c, const struct merge_field *f)
{
    struct conflict_question *q = add_question(c, f->id, f->head_count);

    if (q == NULL) {
        return ERR_NOMEM;
    }
    for (size_t i = 0; i < f->head_count; i++) {
        q->sides[q->side_count++] =
            (struct conflict_side){ f->heads[i].event, f->heads[i].value };
    }
    return ERR_OK;
}

static enum err ask_all(struct conflict *c, size_t event_count)
{
    const struct merge_record *r = c->is_strike ? &c->kept : &c->now;
    enum err err = ERR_OK;

    c->questions = mem_array(r->field_count + 2, sizeof(*c->questions));
    if (c->questions == NULL) {
        return ERR_NOMEM;
    }
    if (c->is_strike) {
        err = ask_record(c, event_count);
    }
    for (size_t i = 0; i < r->field_count && !err; i++) {
        if (r->fields[i].is_conflict) {
            err = ask_field(c, &r->fields[i]);
        } else {
            c->joined++;
        }
    }
    return err;
}

enum err conflict_read(const struct merge_event *events, size_t count,
                       struct conflict *out)
{
    enum err err;

    *out = (struct conflict){ 0 };
    err = merge_record(events, count, &out->now);
    if (err) {
        return err;
    }
    for (size_t i = 0; i < out->now.field_count; i++) {
        const struct merge_field *f = &out->now.fields[i];

        out->is_strike |= f->is_conflict && is_struck_in(f);
    }
    if (out->is_strike) {
        err = merge_kept(events, count, &out->kept);
    }
    if (!err && out->now.has_conflict) {
        err = ask_all(out, count);
    }
    if (err) {
        conflict_fini(out);
    }
    return err;
}

void conflict_fini(struct conflict *c)
{
    for (size_t i = 0; i < c->question_count; i++) {
        mem_free(c->questions[i].sides);
    }
    mem_free(c->questions);
    merge_fini(&c->now);
    merge_fini(&c->kept);
    *c = (struct conflict){ 0 };
}

/* --- deciding --- */

struct decision {
    const struct conflict *c;
    const struct merge_event *events;
    const struct conflict_answer *answer;
    struct body_writer *w;
};

static const struct conflict_choice *find_choice(const struct decision *d,
                                                 uint64_t field)
{
    for (size_t i = 0; i < d->answer->count; i++) {
        if (d->answer->choices[i].field == field) {
            return &d->answer->choices[i];
        }
    }
    return NULL;
}

static bool is_question(const struct conflict *c, uint64_t field)
{
    for (size_t i = 0; i < c->question_count; i++) {
        if (c->questions[i].field == field) {
            return true;
        }
    }
    return false;
}

static void put_bases(const struct decision *d, const struct merge_field *f)
{
    struct event_ref refs[BODY_BASES_MAX];
    size_t count = 0;

    for (size_t i = 0; i < f->head_count && count < BODY_BASES_MAX; i++) {
        refs[count++] = d->events[f->heads[i].event].ref;
    }
    body_put_base(d->w, f->id, d->answer->incarnation, refs, count);
}

/* What the field held before the strike. A set's members are untouched by
 * it: an empty change only names the strike as seen. */
static enum err put_kept(const struct decision *d, const struct merge_field *f)
{
    const struct merge_field *before = find_field(&d->c->kept, f->id);

    if (before == NULL || before->head_count == 0) {
        return ERR_OK; /* the strike's own reason */
    }
    if (before->is_set) {
        body_put_codes(d->w, f->id, NULL, 0, NULL, 0);
        return ERR_OK;
    }
    if (before->is_conflict) {
        return ERR_BAD_DATA;
    }
    body_put_raw(d->w, f->id, before->heads[0].value);
    return ERR_OK;
}

static enum err decide_field(const struct decision *d,
                             const struct merge_field *f, bool is_kept)
{
    const struct conflict_choice *choice = find_choice(d, f->id);

    if (choice == NULL && !(is_kept && is_struck_in(f))) {
        return ERR_OK;
    }
    put_bases(d, f);
    if (choice == NULL) {
        return put_kept(d, f);
    }
    body_put_raw(d->w, f->id, choice->value);
    return ERR_OK;
}

enum err conflict_decide(const struct conflict *c,
                         const struct merge_event *events,
                         const struct conflict_answer *answer,
                         struct body_writer *w, enum event_op *op_out)
{
    const struct decision d = { c, events, answer, w };
    const struct conflict_choice *whole = find_choice(&d, CONFLICT_RECORD);
    const bool is_kept = whole != NULL && whole->value.data != NULL;
    enum err err = ERR_OK;

    for (size_t i = 0; i < answer->count; i++) {
        const struct conflict_choice *choice = &answer->choices[i];

        if (!is_question(c, choice->field) ||
            (choice->field != CONFLICT_RECORD && choice->value.data == NULL)) {
            return ERR_NOT_FOUND;
        }
    }
    *op_out = whole != NULL && !is_kept ? OP_STRIKE : OP_RESOLVE;
    for (size_t i = 0; i < c->now.field_count && !err; i++) {
        if (*op_out == OP_STRIKE) {
            put_bases(&d, &c->now.fields[i]);
        } else {
            err = decide_field(&d, &c->now.fields[i], is_kept);
        }
    }
    return err;
}

void conflict_stamp(const struct conflict *c, const struct merge_event *events,
                    struct hash *out)
{
    uint8_t ref[sizeof(struct uuid) + 8];

    memset(out, 0, sizeof(*out));
    for (size_t i = 0; i < c->now.field_count; i++) {
        const struct merge_field *f = &c->now.fields[i];

        for (size_t k = 0; f->is_conflict && k < f->head_count; k++) {
            const struct event_ref *r = &events[f->heads[k].event].ref;

            memcpy(ref, r->incarnation.bytes, sizeof(struct uuid));
            for (int b = 0; b < 8; b++) {
                ref[sizeof(struct uuid) + (size_t)b] =
                    (uint8_t)(r->sequence >> (8 * b));
            }
            crypto_sha256_2((struct bytes){ out->bytes, sizeof(out->bytes) },
                            (struct bytes){ ref, sizeof(ref) }, out);
        }
    }
}
