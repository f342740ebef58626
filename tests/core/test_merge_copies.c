/* test_merge_copies.c - an entry that was recorded again counts once. */
#include "tests/core/history.h"

static void an_event_recorded_again_counts_once(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref first = ref_of(1, 1);
    const struct event_ref again = ref_of(7, 1);
    struct merge_event *e;

    (void)state;
    note(&h, 1, 1, "wire", NULL, 0);
    e = note(&h, 7, 1, "wire", NULL, 0);
    e->former = stood_at(first);
    check_note(&h, "wire", false, false);
    note(&h, 3, 1, "three", &first, 1);
    check_note(&h, "three", false, false);
    note(&h, 4, 1, "four", &again, 1); /* knew it under its second name */
    check_note(&h, "three|four", true, false);
    history_free(&h);
}

static void the_first_one_speaks_for_its_copy_whatever_their_numbers(
    void **state)
{
    (void)state;
    for (uint8_t copy = 1; copy <= 9; copy = (uint8_t)(copy + 8)) {
        struct history h = { .count = 0 };
        struct merge_record r;

        note(&h, 5, 1, "wire", NULL, 0);
        note(&h, copy, 1, "wire", NULL, 0)->former = stood_at(ref_of(5, 1));
        assert_ok(merge_record(h.events, h.count, &r));
        assert_int_equal(r.field_count, 1);
        assert_int_equal(r.fields[0].head_count, 1);
        assert_int_equal(r.fields[0].heads[0].event, 0);
        merge_fini(&r);
        history_free(&h);
    }
}

static void two_copies_of_an_event_that_is_not_held_count_once(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref first = ref_of(1, 1);
    const struct event_ref again = ref_of(7, 1);
    struct merge_event *e;

    (void)state;
    e = note(&h, 7, 1, "wire", NULL, 0);
    e->former = stood_at(first);
    e = note(&h, 8, 1, "wire", NULL, 0); /* put back a second time */
    e->former = stood_at(first);
    e = note(&h, 9, 1, "wire", NULL, 0); /* and a copy of a copy */
    e->former = stood_at(again);
    check_note(&h, "wire", false, false);
    note(&h, 3, 1, "three", &first, 1);
    check_note(&h, "three", false, false);
    history_free(&h);
}

/* Of five copies one is held: whoever wrote upon any of them is understood,
 * and another copy of any of them is the same entry. */
static void a_copy_stands_for_each_place_where_it_stood(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref upon[] = { ref_of(1, 1), ref_of(5, 1), ref_of(6, 1),
                                      ref_of(7, 1), ref_of(9, 1) };
    struct event_places *former;

    (void)state;
    former = &note(&h, 9, 1, "wire", NULL, 0)->former;
    memcpy(former->at, upon, 4 * sizeof(upon[0]));
    former->count = 4;
    check_note(&h, "wire", false, false);
    former = &note(&h, 8, 1, "wire", NULL, 0)->former;
    memcpy(former->at, upon, 2 * sizeof(upon[0]));
    former->count = 2;
    check_note(&h, "wire", false, false);
    for (size_t i = 0; i < 5; i++) {
        note(&h, 3, i + 1, "three", &upon[i], 1);
        check_note(&h, "three", false, false);
        h.count--;
        buf_fini(&h.bodies[h.count]);
    }
    history_free(&h);
}

/* The tablet's access was ended between the two: whoever holds the copy alone
 * reads the same as those who never got it. */
static void a_refused_copy_does_not_speak_for_one_that_was_taken(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref first = ref_of(1, 1), refused = ref_of(2, 1);
    struct merge_event *e;

    (void)state;
    /* the refused one is the earlier by its clock, which went back */
    e = note(&h, 2, 1, "wire", NULL, 0);
    e->former = stood_at(first);
    e->is_quarantined = true;
    e = note(&h, 3, 1, "wire", NULL, 0);
    e->former = stood_at(first);
    check_note(&h, "wire", false, false);
    note(&h, 4, 1, "four", &refused, 1);
    check_note(&h, "four", false, false);
    history_free(&h);
}

/* And the other way round: refused when first sent, taken when the tablet had
 * been let in again. */
static void a_copy_that_was_taken_speaks_for_a_refused_one(void **state)
{
    struct history h = { .count = 0 };
    const struct event_ref first = ref_of(1, 1);
    struct merge_event *e;

    (void)state;
    note(&h, 1, 1, "wire", NULL, 0)->is_quarantined = true;
    check_note(&h, "", false, false);
    e = note(&h, 2, 1, "wire", NULL, 0);
    e->former = stood_at(first);
    check_note(&h, "wire", false, false);
    history_free(&h);
}

/* Two that say of each other that they repeat it. */
static void repeats_in_a_ring_come_to_an_end(void **state)
{
    struct history h = { .count = 0 };
    struct merge_record r;
    struct merge_event *e;

    (void)state;
    e = note(&h, 1, 1, "one", NULL, 0);
    e->former = stood_at(ref_of(2, 1));
    e = note(&h, 2, 1, "two", NULL, 0);
    e->former = stood_at(ref_of(1, 1));
    assert_ok(merge_record(h.events, h.count, &r));
    assert_int_equal(r.field_count, 1);
    assert_true(r.fields[0].head_count > 0);
    merge_fini(&r);
    history_free(&h);
}

/* The letters of the note's heads, in order of the alphabet. */
static void letters(const struct history *h, char *out, size_t size)
{
    struct merge_record r;

    assert_ok(merge_record(h->events, h->count, &r));
    heads_text(&r, out, size);
    merge_fini(&r);
    for (size_t i = 1; out[0] != '\0' && out[i] != '\0'; i++) {
        for (size_t k = i; k > 0 && out[k] < out[k - 1]; k--) {
            const char swap = out[k];

            out[k] = out[k - 1];
            out[k - 1] = swap;
        }
    }
}

#define ENTRIES_MAX 6 /* each may stand in three places */

/* Entry i is written by tablet i + 1; `bases[i]` has a bit for each that its
 * author saw. */
static void write_as(struct history *h, size_t i, struct event_places former,
                     const unsigned *bases, bool is_refused)
{
    const char text[2] = { (char)('a' + (int)i), '\0' };
    const uint8_t tablet = (uint8_t)(i + 1 + 10 * former.count);
    struct event_ref refs[ENTRIES_MAX];
    struct merge_event *e;
    size_t count = 0;

    for (size_t k = 0; k < i; k++) {
        if (bases[i] >> k & 1) {
            refs[count++] = ref_of((uint8_t)(k + 1), 1);
        }
    }
    e = note(h, tablet, 1, text, refs, count);
    e->former = former;
    e->is_quarantined = is_refused;
    e->hlc = 7 * e->hlc % 13; /* clocks go back */
}

/* Some of the entries are held as copies alone, some beside them, and of some
 * another copy was refused: that changes nothing. */
static void copies_and_refusals_of_them_change_nothing(void **state)
{
    uint64_t seed = 20261122;

    (void)state;
    for (int run = 0; run < 2000; run++) {
        struct history plain = { .count = 0 }, mixed = { .count = 0 };
        unsigned bases[ENTRIES_MAX];
        char want[64], have[64];

        for (size_t i = 0; i < ENTRIES_MAX; i++) {
            const struct event_places none = { 0 };
            struct event_places former = none;
            const size_t applied = roll(&seed) % 3;

            bases[i] = roll(&seed) & roll(&seed);
            write_as(&plain, i, none, bases, false);
            for (size_t n = 0; n < 3; n++) {
                if (n == applied || roll(&seed) % 2 == 0) {
                    write_as(&mixed, i, former, bases,
                             n != applied && roll(&seed) % 2 == 0);
                }
                former.at[former.count++] =
                    ref_of((uint8_t)(i + 1 + 10 * n), 1);
            }
        }
        letters(&plain, want, sizeof(want));
        letters(&mixed, have, sizeof(have));
        assert_string_equal(have, want);
        history_free(&plain);
        history_free(&mixed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_recorded_again_counts_once),
        cmocka_unit_test(
            the_first_one_speaks_for_its_copy_whatever_their_numbers),
        cmocka_unit_test(two_copies_of_an_event_that_is_not_held_count_once),
        cmocka_unit_test(a_copy_stands_for_each_place_where_it_stood),
        cmocka_unit_test(a_refused_copy_does_not_speak_for_one_that_was_taken),
        cmocka_unit_test(a_copy_that_was_taken_speaks_for_a_refused_one),
        cmocka_unit_test(copies_and_refusals_of_them_change_nothing),
        cmocka_unit_test(repeats_in_a_ring_come_to_an_end),
    };

    return RUN_TESTS(tests);
}
