/*
 * history.h - a record's history being written, event by event, and the texts
 * of its note after a merge.
 */
#ifndef TESTS_CORE_HISTORY_H
#define TESTS_CORE_HISTORY_H

#include <string.h>

#include "core/merge.h"
#include "tests/test.h"

#define HISTORY_MAX 24

/* A record's history being written: event i lies in `events[i]`. */
struct history {
    struct merge_event events[HISTORY_MAX];
    struct buf bodies[HISTORY_MAX];
    size_t count;
};

static inline void history_free(struct history *h)
{
    for (size_t i = 0; i < h->count; i++) {
        buf_fini(&h->bodies[i]);
    }
    h->count = 0;
}

static inline struct event_ref ref_of(uint8_t tablet, uint64_t sequence)
{
    struct event_ref ref = { .sequence = sequence };

    memset(ref.incarnation.bytes, tablet, sizeof(ref.incarnation.bytes));
    return ref;
}

static inline struct event_places stood_at(struct event_ref place)
{
    return (struct event_places){ .count = 1, .at = { place } };
}

static inline struct merge_event *add(struct history *h, uint8_t tablet,
                                      uint64_t sequence, enum event_op op,
                                      struct body_writer *w)
{
    struct merge_event *e = &h->events[h->count];
    struct buf *body = &h->bodies[h->count];

    buf_init(body, BODY_MAX_BYTES);
    assert_ok(body_end(w, body));
    body_fini(w);
    *e = (struct merge_event){ .ref = ref_of(tablet, sequence),
                               .hlc = sequence * 100 + tablet,
                               .op = op,
                               .body = buf_bytes(body) };
    memset(e->device.bytes, tablet, sizeof(e->device.bytes));
    h->count++;
    return e;
}

/* `tablet` writes text into FIELD_NOTE, replacing `bases`. */
static inline struct merge_event *note(struct history *h, uint8_t tablet,
                                       uint64_t sequence, const char *text,
                                       const struct event_ref *bases,
                                       size_t count)
{
    const struct event_ref own = ref_of(tablet, 0);
    struct body_writer w;

    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, text);
    if (count > 0) {
        body_put_base(&w, FIELD_NOTE, &own.incarnation, bases, count);
    }
    return add(h, tablet, sequence, count > 0 ? OP_SET : OP_CREATE, &w);
}

/* "a|b": the texts of the note's heads in order, "-" for a strike. */
static inline void heads_text(const struct merge_record *r, char *out,
                              size_t size)
{
    size_t at = 0;

    out[0] = '\0';
    for (size_t i = 0; i < r->field_count; i++) {
        const struct merge_field *f = &r->fields[i];

        for (size_t k = 0; f->id == FIELD_NOTE && k < f->head_count; k++) {
            struct cbor_reader in;
            struct bytes text = { (const uint8_t *)"-", 1 };

            if (f->heads[k].value.data != NULL) {
                cbor_open(&in, f->heads[k].value);
                text = cbor_get_text(&in);
            }
            assert_true(at + text.len + 2 < size);
            if (at > 0) {
                out[at++] = '|';
            }
            memcpy(out + at, text.data, text.len);
            at += text.len;
            out[at] = '\0';
        }
    }
}

static inline void check_note(const struct history *h, const char *want,
                              bool conflict, bool struck)
{
    struct merge_record r;
    char got[200];

    assert_ok(merge_record(h->events, h->count, &r));
    heads_text(&r, got, sizeof(got));
    assert_string_equal(got, want);
    assert_int_equal(r.has_conflict, conflict);
    assert_int_equal(r.is_struck, struck);
    merge_fini(&r);
}

/* A random number that a seed repeats. */
static inline uint32_t roll(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*seed >> 33);
}

#endif
