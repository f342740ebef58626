#include "core/merge.h"

#include <string.h>

#include "core/mem.h"
#include "tests/core/history.h"

static struct merge_event *strike(struct history *h, uint8_t tablet,
                                  uint64_t sequence,
                                  const struct event_ref *bases, size_t count)
{
    const struct event_ref own = ref_of(tablet, 0);
    struct body_writer w;

    body_begin(&w);
    body_put_base(&w, FIELD_NOTE, &own.incarnation, bases, count);
    return add(h, tablet, sequence, OP_STRIKE, &w);
}

struct change {
    const char *added;
    const char *removed;
};

static struct merge_event *codes(struct history *h, uint8_t tablet,
                                 uint64_t sequence, struct change change,
                                 const struct event_ref *bases, size_t count)
{
    const struct event_ref own = ref_of(tablet, 0);
    struct body_writer w;

    body_begin(&w);
    body_put_codes(&w, FIELD_LINKED, &change.added, change.added != NULL,
                   &change.removed, change.removed != NULL);
    if (count > 0) {
        body_put_base(&w, FIELD_LINKED, &own.incarnation, bases, count);
    }
    return add(h, tablet, sequence, OP_SET, &w);
}

/* "a|b": the members of the set. */
static void codes_text(const struct merge_record *r, char *out, size_t size)
{
    size_t at = 0;

    out[0] = '\0';
    for (size_t i = 0; i < r->field_count; i++) {
        struct cbor_reader in;
        size_t count;

        if (!r->fields[i].is_set) {
            continue;
        }
        cbor_open(&in, buf_bytes(&r->fields[i].codes));
        count = cbor_get_array(&in);
        for (size_t k = 0; k < count; k++) {
            const struct bytes text = cbor_get_text(&in);

            assert_true(at + text.len + 2 < size);
            if (at > 0) {
                out[at++] = '|';
            }
            memcpy(out + at, text.data, text.len);
            at += text.len;
            out[at] = '\0';
        }
        assert_ok(cbor_close(&in));
    }
}

static void a_later_value_that_saw_the_first_replaces_it(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref a = ref_of(1, 1);

    (void)state;
    note(&h, 1, 1, "wire", NULL, 0);
    note(&h, 2, 1, "two wires", &a, 1);
    check_note(&h, "two wires", false, false);
    history_free(&h);
}

static void two_that_did_not_know_of_each_other_both_stay(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref a = ref_of(1, 1);
    const struct event_ref heads[] = { ref_of(2, 1), ref_of(3, 1) };

    (void)state;
    note(&h, 1, 1, "wire", NULL, 0);
    note(&h, 2, 1, "two", &a, 1);
    note(&h, 3, 1, "three", &a, 1);
    check_note(&h, "two|three", true, false);
    note(&h, 1, 2, "three wires", heads, 2); /* a person decides */
    check_note(&h, "three wires", false, false);
    history_free(&h);
}

static void the_same_words_from_two_tablets_are_no_conflict(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref a = ref_of(1, 1);

    (void)state;
    note(&h, 1, 1, "wire", NULL, 0);
    note(&h, 2, 1, "two", &a, 1);
    note(&h, 3, 1, "two", &a, 1);
    check_note(&h, "two|two", false, false);
    history_free(&h);
}

static void a_deletion_never_silently_beats_an_edit(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref a = ref_of(1, 1);
    const struct event_ref s = ref_of(2, 1);

    (void)state;
    note(&h, 1, 1, "wire", NULL, 0);
    strike(&h, 2, 1, &a, 1);
    check_note(&h, "-", false, true);
    note(&h, 3, 1, "three", &a, 1); /* did not know of the strike */
    check_note(&h, "-|three", true, false);
    history_free(&h);

    note(&h, 1, 1, "wire", NULL, 0);
    strike(&h, 2, 1, &a, 1);
    note(&h, 3, 1, "written again", &s, 1); /* knew of it */
    check_note(&h, "written again", false, false);
    history_free(&h);
}

static void a_field_first_set_beside_a_strike_is_a_conflict(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref own = ref_of(1, 0);
    struct merge_record r;
    struct body_writer w;

    (void)state;
    note(&h, 1, 1, "wire", NULL, 0);
    strike(&h, 2, 1, &(struct event_ref){ own.incarnation, 1 }, 1);
    body_begin(&w);
    body_put_text(&w, FIELD_TITLE, "bin store");
    add(&h, 3, 1, OP_SET, &w);
    assert_ok(merge_record(h.events, h.count, &r));
    assert_true(r.has_conflict);
    assert_false(r.is_struck);
    merge_fini(&r);
    history_free(&h);
}

static void a_quarantined_event_replaces_nothing(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref a = ref_of(1, 1);

    (void)state;
    note(&h, 1, 1, "wire", NULL, 0);
    note(&h, 2, 1, "two", &a, 1)->is_quarantined = true;
    check_note(&h, "wire", false, false);
    history_free(&h);
}

static void a_base_that_is_not_held_yet_is_told(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref later = ref_of(9, 4);
    struct merge_record r;

    (void)state;
    note(&h, 2, 1, "two", &later, 1);
    assert_ok(merge_record(h.events, h.count, &r));
    assert_true(r.has_missing);
    merge_fini(&r);
    history_free(&h);
}

static void an_unknown_operation_changes_nothing_and_is_told(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref a = ref_of(1, 1);
    struct merge_record r;
    char got[100];

    (void)state;
    note(&h, 1, 1, "wire", NULL, 0);
    note(&h, 2, 1, "two", &a, 1)->op = 9999;
    assert_ok(merge_record(h.events, h.count, &r));
    heads_text(&r, got, sizeof(got));
    assert_string_equal(got, "wire");
    assert_true(r.has_newer);
    merge_fini(&r);
    history_free(&h);
}

static void codes_join_and_a_seen_one_can_be_taken_out(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref a = ref_of(1, 1);
    struct merge_record r;
    char got[100];

    (void)state;
    codes(&h, 1, 1, (struct change){ "race", NULL }, NULL, 0);
    codes(&h, 2, 1, (struct change){ "faith", NULL }, NULL, 0);
    codes(&h, 3, 1, (struct change){ NULL, "race" }, &a, 1);
    assert_ok(merge_record(h.events, h.count, &r));
    codes_text(&r, got, sizeof(got));
    assert_string_equal(got, "faith");
    assert_false(r.has_conflict);
    merge_fini(&r);

    codes(&h, 4, 1, (struct change){ "race", NULL }, NULL,
          0); /* did not see the removal */
    assert_ok(merge_record(h.events, h.count, &r));
    codes_text(&r, got, sizeof(got));
    assert_string_equal(got, "race|faith");
    merge_fini(&r);
    history_free(&h);
}

/* The entry that added it may not be here yet. */
static void a_code_taken_out_that_nobody_put_in_leaves_an_empty_set(
    void **state)
{
    struct history h = { .count = 0 };
    struct merge_record r;
    char got[100];

    (void)state;
    codes(&h, 1, 1, (struct change){ NULL, "race" }, NULL, 0);
    assert_ok(merge_record(h.events, h.count, &r));
    assert_int_equal(r.field_count, 1);
    assert_true(r.fields[0].is_set);
    codes_text(&r, got, sizeof(got));
    assert_string_equal(got, "");
    merge_fini(&r);
    history_free(&h);
}

/* No honest tablet writes so: each of two names the other. */
static void bases_that_go_in_a_circle_end_all_the_same(void **state)
{
    const struct event_ref first = ref_of(1, 1), second = ref_of(2, 1);
    struct history h = { .count = 0 };
    struct merge_record r;
    char got[100];

    (void)state;
    codes(&h, 1, 1, (struct change){ "race", NULL }, &second, 1);
    codes(&h, 2, 1, (struct change){ "faith", NULL }, &first, 1);
    codes(&h, 3, 1, (struct change){ NULL, "race" }, &first, 1);
    assert_ok(merge_record(h.events, h.count, &r));
    codes_text(&r, got, sizeof(got));
    assert_string_equal(got, "faith");
    merge_fini(&r);
    history_free(&h);
}

/* Everything that a merge says, as bytes to compare. */
static void describe(const struct merge_record *r,
                     const struct merge_event *events, struct buf *out)
{
    buf_printf(out, "%d%d%d%d;", r->is_struck, r->has_conflict, r->has_missing,
               r->has_newer);
    for (size_t i = 0; i < r->field_count; i++) {
        const struct merge_field *f = &r->fields[i];

        buf_printf(out, "%d:%d:%d:", (int)f->id, f->is_conflict, f->is_set);
        for (size_t k = 0; k < f->head_count; k++) {
            const struct merge_event *e = &events[f->heads[k].event];

            buf_printf(out, "%d/%d ", e->ref.incarnation.bytes[0],
                       (int)e->ref.sequence);
            buf_put(out, f->heads[k].value.data, f->heads[k].value.len);
        }
        buf_put(out, f->codes.data, f->codes.len);
    }
}

/* A random history of up to 5 tablets, each knowing a random part. */
static void random_history(struct history *h, uint64_t *seed)
{
    const size_t events = 2 + roll(seed) % 10;
    uint64_t next[6] = { 0 };

    h->count = 0;
    for (size_t i = 0; i < events; i++) {
        const uint8_t tablet = (uint8_t)(1 + roll(seed) % 5);
        struct event_ref bases[4];
        size_t count = 0;
        char text[3] = { (char)('a' + (int)(roll(seed) % 4)), '\0', '\0' };

        for (size_t k = 0; k < h->count && count < ARRAY_LEN(bases); k++) {
            if (roll(seed) % 3 == 0) {
                bases[count++] = h->events[k].ref;
            }
        }
        next[tablet]++;
        if (roll(seed) % 5 == 0 && count > 0) {
            strike(h, tablet, next[tablet], bases, count);
        } else if (roll(seed) % 3 == 0) {
            codes(h, tablet, next[tablet],
                  (struct change){ text, roll(seed) % 2 ? "b" : NULL }, bases,
                  count);
        } else {
            note(h, tablet, next[tablet], text, bases, count);
        }
    }
}

static void arrival_order_and_repetition_never_matter(void **state)
{
    uint64_t seed = 20261016;

    (void)state;
    for (int run = 0; run < 400; run++) {
        struct history h;
        struct merge_record r;
        struct buf want;

        random_history(&h, &seed);
        buf_init(&want, 65536);
        assert_ok(merge_record(h.events, h.count, &r));
        describe(&r, h.events, &want);
        merge_fini(&r);
        for (int order = 0; order < 8; order++) {
            struct merge_event mixed[HISTORY_MAX + 1];
            struct buf got;

            memcpy(mixed, h.events, sizeof(h.events));
            for (size_t i = h.count; i-- > 1;) {
                const size_t k = roll(&seed) % (i + 1);
                const struct merge_event swap = mixed[i];

                mixed[i] = mixed[k];
                mixed[k] = swap;
            }
            mixed[h.count] = mixed[roll(&seed) % h.count]; /* sent twice */
            buf_init(&got, 65536);
            assert_ok(merge_record(mixed, h.count + 1, &r));
            describe(&r, mixed, &got);
            merge_fini(&r);
            assert_int_equal(got.len, want.len);
            assert_memory_equal(got.data, want.data, want.len);
            buf_fini(&got);
        }
        buf_fini(&want);
        history_free(&h);
    }
}

static void who_saw_a_refused_value_also_saw_what_it_replaced(void **state)
{
    const struct event_ref first = ref_of(1, 1), refused = ref_of(2, 1);
    struct history h = { .count = 0 };
    struct merge_record r;

    (void)state;
    note(&h, 1, 1, "first", NULL, 0);
    note(&h, 2, 1, "refused", &first, 1)->is_quarantined = true;
    note(&h, 3, 1, "third", &refused, 1);
    assert_ok(merge_record(h.events, h.count, &r));
    assert_false(r.has_conflict);
    assert_int_equal(r.fields[0].head_count, 1);
    assert_int_equal(r.fields[0].heads[0].event, 2);
    merge_fini(&r);
    assert_ok(merge_record(h.events, 2, &r));
    assert_int_equal(r.fields[0].head_count, 1);
    assert_int_equal(r.fields[0].heads[0].event, 0);
    merge_fini(&r);
    history_free(&h);
}

/* A child that was written with two parents: no writer of ours does it. */
static void a_second_parent_does_not_depend_on_the_order(void **state)
{
    static const uint8_t orders[][3] = { { 1, 2, 3 },
                                         { 2, 1, 3 },
                                         { 3, 2, 1 } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(orders); i++) {
        struct history h = { .count = 0 };
        struct merge_record r;

        for (uint8_t k = 0; k < 3; k++) {
            struct body_writer w;

            body_begin(&w);
            w.parent.bytes[0] = orders[i][k];
            w.parent_field = (uint64_t)orders[i][k] * 10;
            /* the least of them was refused */
            add(&h, (uint8_t)(k + 1), 1, OP_CREATE, &w)->is_quarantined =
                orders[i][k] == 1;
        }
        assert_ok(merge_record(h.events, h.count, &r));
        assert_int_equal(r.parent.bytes[0], 2);
        assert_int_equal(r.parent_field, 20);
        merge_fini(&r);
        history_free(&h);
    }
}

static void an_event_cannot_replace_itself(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref own = ref_of(1, 1);

    (void)state;
    note(&h, 1, 1, "one", &own, 1);
    check_note(&h, "one", false, false);
    history_free(&h);
}

/* Its body was erased: it says nothing, and nothing breaks. */
static void an_erased_event_has_no_value(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref first = ref_of(1, 1);

    (void)state;
    note(&h, 1, 1, "one", NULL, 0)->body = (struct bytes){ NULL, 0 };
    check_note(&h, "", false, false);
    note(&h, 2, 1, "two", &first, 1);
    check_note(&h, "two", false, false);
    history_free(&h);
}

static void a_body_that_is_none_stops_only_who_did_not_refuse_it(void **state)
{
    struct history h = { .count = 0 };
    struct merge_record r;
    struct merge_event *e;

    (void)state;
    note(&h, 1, 1, "one", NULL, 0);
    e = note(&h, 2, 1, "two", NULL, 0);
    e->body.len--;
    e->is_quarantined = true;
    check_note(&h, "one", false, false);
    e->is_quarantined = false;
    assert_err(merge_record(h.events, h.count, &r), ERR_BAD_DATA);
    history_free(&h);
}

/* Every operation that changes a record, and one of those that only speak
 * about it. */
static void each_operation_on_state_has_a_value(void **state)
{
    static const enum event_op ops[] = {
        OP_CREATE,     OP_SET,     OP_ATTACH,      OP_OPEN_BOOK,
        OP_CLOSE_BOOK, OP_ISSUE,   OP_LEASE_BLOCK, OP_PATROL_START,
        OP_PATROL_END, OP_RESOLVE, OP_GRANT
    };

    (void)state;
    for (size_t i = 0; i <= ARRAY_LEN(ops); i++) {
        struct history h = { .count = 0 };

        note(&h, 1, 1, "one", NULL, 0)->op =
            i < ARRAY_LEN(ops) ? ops[i] : OP_REVIEW;
        check_note(&h, i < ARRAY_LEN(ops) ? "one" : "", false, false);
        history_free(&h);
    }
}

/* What stands in the place of a set's changes, but is none. */
static void a_value_that_is_no_set_adds_nothing_to_one(void **state)
{
    static const struct bytes values[] = {
        { (const uint8_t *)"\x01", 1 },             /* 1 */
        { (const uint8_t *)"\x80", 1 },             /* [] */
        { (const uint8_t *)"\x81\x80", 2 },         /* [[]] */
        { (const uint8_t *)"\x82\x01\x80", 3 },     /* [1, []] */
        { (const uint8_t *)"\x82\x80\x01", 3 },     /* [[], 1] */
        { (const uint8_t *)"\x83\x80\x80\x80", 4 }, /* three lists */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        struct history h = { .count = 0 };
        const struct event_ref first = ref_of(1, 1);
        struct body_writer w;
        struct merge_record r;
        char got[100];

        codes(&h, 1, 1, (struct change){ "race", NULL }, NULL, 0);
        body_begin(&w);
        body_put_raw(&w, FIELD_LINKED, values[i]);
        add(&h, 2, 1, OP_SET, &w);
        codes(&h, 3, 1, (struct change){ "faith", NULL }, &first, 1);
        assert_ok(merge_record(h.events, h.count, &r));
        codes_text(&r, got, sizeof(got));
        assert_true(got[0] == '\0' || strcmp(got, "race|faith") == 0);
        assert_true(r.field_count == 1 && r.fields[0].head_count == 2);
        merge_fini(&r);
        history_free(&h);
    }
}

/* A diamond: who saw two that had both seen a third. */
static void a_removal_reaches_what_it_saw_over_two_ways(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref first = ref_of(1, 1);
    const struct event_ref sides[] = { ref_of(2, 1), ref_of(3, 1) };
    const struct event_ref last[] = { ref_of(4, 1), ref_of(9, 9) };
    struct merge_record r;
    char got[100];

    (void)state;
    codes(&h, 1, 1, (struct change){ "race", NULL }, NULL, 0);
    codes(&h, 2, 1, (struct change){ "faith", NULL }, &first, 1);
    codes(&h, 3, 1, (struct change){ "age", NULL }, &first, 1);
    codes(&h, 4, 1, (struct change){ NULL, "race" }, sides, 2);
    assert_ok(merge_record(h.events, h.count, &r));
    codes_text(&r, got, sizeof(got));
    assert_string_equal(got, "age|faith");
    assert_false(r.has_missing);
    merge_fini(&r);
    /* Out by itself, and by one that is not held yet. */
    codes(&h, 4, 2, (struct change){ "sex", "sex" }, last, 2);
    assert_ok(merge_record(h.events, h.count, &r));
    codes_text(&r, got, sizeof(got));
    assert_string_equal(got, "age|sex|faith");
    assert_true(r.has_missing);
    merge_fini(&r);
    history_free(&h);
}

static struct merge_event *strike_codes(struct history *h, uint8_t tablet,
                                        const struct event_ref *bases,
                                        size_t count)
{
    const struct event_ref own = ref_of(tablet, 0);
    struct body_writer w;

    body_begin(&w);
    body_put_base(&w, FIELD_LINKED, &own.incarnation, bases, count);
    return add(h, tablet, 1, OP_STRIKE, &w);
}

static void a_set_is_in_conflict_only_beside_a_strike(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref first = ref_of(1, 1), second = ref_of(2, 1);
    struct merge_record r;

    (void)state;
    codes(&h, 1, 1, (struct change){ "race", NULL }, NULL, 0);
    strike_codes(&h, 3, &first, 1);
    assert_ok(merge_record(h.events, h.count, &r));
    assert_false(r.has_conflict);
    assert_true(r.is_struck);
    merge_fini(&r);
    codes(&h, 2, 1, (struct change){ "faith", NULL }, NULL, 0);
    assert_ok(merge_record(h.events, h.count, &r));
    assert_true(r.has_conflict);
    assert_false(r.is_struck);
    merge_fini(&r);
    strike_codes(&h, 4, &second, 1);
    assert_ok(merge_record(h.events, h.count, &r));
    assert_false(r.has_conflict); /* both are struck */
    assert_true(r.is_struck);
    merge_fini(&r);
    history_free(&h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_value_that_saw_the_first_replaces_it),
        cmocka_unit_test(two_that_did_not_know_of_each_other_both_stay),
        cmocka_unit_test(the_same_words_from_two_tablets_are_no_conflict),
        cmocka_unit_test(a_deletion_never_silently_beats_an_edit),
        cmocka_unit_test(a_field_first_set_beside_a_strike_is_a_conflict),
        cmocka_unit_test(a_quarantined_event_replaces_nothing),
        cmocka_unit_test(a_base_that_is_not_held_yet_is_told),
        cmocka_unit_test(an_unknown_operation_changes_nothing_and_is_told),
        cmocka_unit_test(codes_join_and_a_seen_one_can_be_taken_out),
        cmocka_unit_test(
            a_code_taken_out_that_nobody_put_in_leaves_an_empty_set),
        cmocka_unit_test(bases_that_go_in_a_circle_end_all_the_same),
        cmocka_unit_test(arrival_order_and_repetition_never_matter),
        cmocka_unit_test(who_saw_a_refused_value_also_saw_what_it_replaced),
        cmocka_unit_test(a_second_parent_does_not_depend_on_the_order),
        cmocka_unit_test(an_event_cannot_replace_itself),
        cmocka_unit_test(an_erased_event_has_no_value),
        cmocka_unit_test(a_body_that_is_none_stops_only_who_did_not_refuse_it),
        cmocka_unit_test(each_operation_on_state_has_a_value),
        cmocka_unit_test(a_value_that_is_no_set_adds_nothing_to_one),
        cmocka_unit_test(a_removal_reaches_what_it_saw_over_two_ways),
        cmocka_unit_test(a_set_is_in_conflict_only_beside_a_strike),
    };

    return RUN_TESTS(tests);
}
