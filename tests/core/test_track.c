/* What is kept of a track, and the minutes that it gives. */
#include "core/track.h"

#include <string.h>

#include "core/dwell.h"
#include "tests/test.h"

/* A metre north and east at 52.4 north, in 1e-7 degree. */
#define NORTH_E7 89.87
#define EAST_E7  146.92

static struct geo_pos metres(double north, double east)
{
    return (struct geo_pos){ (int32_t)(524000000 + north * NORTH_E7),
                             (int32_t)(-46000000 + east * EAST_E7) };
}

static struct track_sample seen(uint64_t s, double north, double east)
{
    return (struct track_sample){ .mono_ms = 5000000 + s * 1000,
                                  .wall_ms = (int64_t)s * 1000,
                                  .has_receiver = true,
                                  .has_fix = true,
                                  .pos = metres(north, east),
                                  .accuracy_mm = 5000 };
}

static enum track_verdict feed(struct track *t, struct track_sample s)
{
    const enum track_verdict v = track_feed(t, &s);

    if (t->count == TRACK_BATCH_POINTS) {
        track_taken(t);
    }
    return v;
}

static void a_walk_is_as_long_as_it_was(void **state)
{
    struct track t;
    unsigned kept = 0;

    (void)state;
    track_init(&t, TRACK_NO_GAP);
    for (unsigned s = 0; s <= 600; s++) { /* 1.4 m/s to the north */
        kept += feed(&t, seen(s, 1.4 * s, 0)) == TRACK_KEPT;
    }
    assert_in_range(t.distance_mm, 830000, 845000);
    assert_in_range(kept, 90, 120);
    assert_false(t.is_still);
    assert_int_equal(t.dropped, 0);
}

static void standing_still_is_no_way_and_one_position_a_minute(void **state)
{
    static const double jitter[] = { 0, 2.5, -1, 3, -3.5, 1, -2 };
    struct track t;
    unsigned kept = 0;

    (void)state;
    track_init(&t, TRACK_NO_GAP);
    for (unsigned s = 0; s < 1800; s++) {
        kept += feed(&t, seen(s, jitter[s % 7], jitter[s % 5])) == TRACK_KEPT;
    }
    assert_true(t.is_still);
    assert_in_range(t.distance_mm, 0, 40000);
    assert_in_range(kept, 29, 40);
    /* And on again: noticed when the spot is left. */
    for (unsigned s = 0; s < 30; s++) {
        (void)feed(&t, seen(1800 + s, 1.4 * s, 0));
    }
    assert_false(t.is_still);
}

static void a_drive_is_believed_and_a_reflection_is_not(void **state)
{
    struct track t;
    double at = 0;

    (void)state;
    track_init(&t, TRACK_NO_GAP);
    for (unsigned s = 0; s <= 60; s++) { /* to 13 m/s at 2 m/s each second */
        at += s < 7 ? 2.0 * s : 13;
        (void)feed(&t, seen(s, at, 0));
    }
    assert_int_equal(t.dropped, 0);
    assert_int_equal(feed(&t, seen(61, at + 400, 0)), TRACK_DROPPED);
    assert_int_equal(t.dropped, 1);
    assert_int_not_equal(feed(&t, seen(62, at + 26, 0)), TRACK_DROPPED);
}

static void five_that_agree_are_believed_behind_a_gap(void **state)
{
    struct track t;

    (void)state;
    track_init(&t, TRACK_NO_GAP);
    assert_int_equal(feed(&t, seen(0, 0, 0)), TRACK_KEPT);
    for (unsigned s = 1; s < 5; s++) {
        assert_int_equal(feed(&t, seen(s, 5000 + s, 0)), TRACK_DROPPED);
    }
    assert_int_equal(feed(&t, seen(5, 5005, 0)), TRACK_KEPT);
    assert_int_equal(t.points[t.count - 1].cause, TRACK_JUMP);
    assert_int_equal(t.distance_mm, 0);
}

static void each_gap_has_its_cause(void **state)
{
    struct track_sample none = { .has_receiver = true };
    struct track t;

    (void)state;
    track_init(&t, TRACK_NO_GAP);
    (void)feed(&t, seen(0, 0, 0));
    assert_int_equal(t.points[0].cause, TRACK_NO_GAP);
    for (unsigned s = 1; s < 120; s++) {
        none.mono_ms = seen(s, 0, 0).mono_ms;
        assert_int_equal(feed(&t, none), TRACK_NOTHING);
    }
    assert_int_equal(feed(&t, seen(120, 60, 0)), TRACK_KEPT);
    assert_int_equal(t.points[1].cause, TRACK_NO_FIX);
    none.has_receiver = false;
    none.mono_ms = seen(150, 0, 0).mono_ms;
    (void)feed(&t, none);
    (void)feed(&t, seen(200, 60, 0));
    assert_int_equal(t.points[2].cause, TRACK_NO_RECEIVER);
    /* A moment without satellites is none. */
    none.mono_ms = seen(205, 0, 0).mono_ms;
    (void)feed(&t, none);
    (void)feed(&t, seen(210, 69, 0));
    assert_int_equal(t.points[3].cause, TRACK_NO_GAP);
    track_init(&t, TRACK_PAUSED);
    (void)feed(&t, seen(900, 0, 0));
    assert_int_equal(t.points[0].cause, TRACK_PAUSED);
}

static void a_clock_that_is_set_changes_no_duration(void **state)
{
    struct track_sample s;
    struct track t;

    (void)state;
    track_init(&t, TRACK_NO_GAP);
    (void)feed(&t, seen(0, 0, 0));
    s = seen(10, 14, 0);
    s.wall_ms -= 86400000;
    (void)feed(&t, s);
    assert_int_equal(t.points[1].at_ms - t.points[0].at_ms, 10000);
}

/* --- as bytes --- */

struct taken {
    struct track_point points[4];
    size_t count;
};

static enum err take(void *ctx, const struct track_point *p)
{
    struct taken *taken = ctx;

    assert_true(taken->count < ARRAY_LEN(taken->points));
    taken->points[taken->count++] = *p;
    return ERR_OK;
}

static void points_come_back_as_they_were(void **state)
{
    const struct track_point points[] = {
        { .at_ms = 1792137600000, .pos = metres(0, 0), .accuracy_mm = 4321 },
        { .at_ms = 1792137603001,
          .pos = { -GEO_LAT_MAX_E7, GEO_LON_MAX_E7 },
          .is_simulated = true,
          .cause = TRACK_JUMP },
        { .at_ms = 1792137603001,
          .pos = metres(9, -9),
          .accuracy_mm = UINT32_MAX,
          .is_still = true,
          .cause = TRACK_STOPPED },
    };
    struct taken taken = { .count = 0 };
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    track_put(&out, points, ARRAY_LEN(points));
    assert_ok(out.err);
    assert_ok(track_parse(buf_bytes(&out), take, &taken));
    assert_int_equal(taken.count, ARRAY_LEN(points));
    for (size_t i = 0; i < ARRAY_LEN(points); i++) {
        assert_memory_equal(&taken.points[i].pos, &points[i].pos,
                            sizeof(points[i].pos));
        assert_int_equal(taken.points[i].at_ms, points[i].at_ms);
        assert_int_equal(taken.points[i].accuracy_mm, points[i].accuracy_mm);
        assert_int_equal(taken.points[i].is_still, points[i].is_still);
        assert_int_equal(taken.points[i].is_simulated, points[i].is_simulated);
        assert_int_equal(taken.points[i].cause, points[i].cause);
    }
    for (size_t cut = 0; cut < out.len; cut++) {
        taken.count = 0;
        assert_err(track_parse((struct bytes){ out.data, cut }, take, &taken),
                   ERR_BAD_DATA);
    }
    buf_fini(&out);
}

/* --- minutes --- */

/* 100 m by 100 m around the origin. */
static struct geo_pos corners[5];
static const struct geo_line ring = { corners, 5 };
static const struct geo_polygon polygon = { &ring, 1 };
static const struct area square = { .ground = { .shape = { &polygon, 1 } } };

static void make_square(void)
{
    corners[0] = corners[4] = metres(-50, -50);
    corners[1] = metres(-50, 50);
    corners[2] = metres(50, 50);
    corners[3] = metres(50, -50);
}

static void minutes_are_low_to_high_by_accuracy_and_gaps(void **state)
{
    static const struct {
        const char *why;
        double from, to; /* metres north of the middle */
        uint32_t accuracy_mm;
        enum track_cause cause;
        uint64_t low_s, best_s, high_s; /* of a step of 60 s */
    } rows[] = {
        { "in the middle", 0, 10, 5000, 0, 60, 60, 60 },
        { "at the edge", 46, 46, 5000, 0, 0, 60, 60 },
        { "just outside", 53, 53, 5000, 0, 0, 0, 60 },
        { "outside", 60, 60, 5000, 0, 0, 0, 0 },
        { "walking in", 60, 0, 5000, 0, 0, 30, 60 },
        { "a receiver that doesn't know", 0, 10, 60000, 0, 0, 60, 60 },
        { "no accuracy given: 25 m", 20, 20, 0, 0, 60, 60, 60 },
        { "no accuracy given: near", 30, 30, 0, 0, 0, 60, 60 },
        { "a gap inside", 0, 10, 5000, TRACK_NO_FIX, 0, 60, 60 },
        { "a gap from inside to outside", 0, 90, 5000, TRACK_NO_FIX, 0, 0, 60 },
        { "a gap outside", 90, 90, 5000, TRACK_STOPPED, 0, 0, 0 },
        { "a pause inside", 0, 10, 5000, TRACK_PAUSED, 0, 0, 0 },
    };

    (void)state;
    make_square();
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct track_point from = { .at_ms = 1000,
                                          .pos = metres(rows[i].from, 0),
                                          .accuracy_mm = rows[i].accuracy_mm };
        const struct track_point to = { .at_ms = 61000,
                                        .pos = metres(rows[i].to, 0),
                                        .accuracy_mm = rows[i].accuracy_mm,
                                        .cause = rows[i].cause };
        struct dwell d = { 0 };

        dwell_step(&d, &square, &from, &to);
        if (d.low_ms != rows[i].low_s * 1000 ||
            d.best_ms != rows[i].best_s * 1000 ||
            d.high_ms != rows[i].high_s * 1000) {
            fail_msg("%s: %u %u %u", rows[i].why, (unsigned)d.low_ms,
                     (unsigned)d.best_ms, (unsigned)d.high_ms);
        }
    }
}

static void coming_back_is_another_visit_and_hours_are_capped(void **state)
{
    static const double way[] = { 90, 0, 10, 90, 0, 60 };
    struct track_point before = { .pos = metres(120, 0) };
    struct dwell d = { 0 };

    (void)state;
    make_square();
    for (size_t i = 0; i < ARRAY_LEN(way); i++) {
        const struct track_point p = { .at_ms = (int64_t)i * 600000,
                                       .pos = metres(way[i], 0),
                                       .accuracy_mm = 5000 };

        dwell_step(&d, &square, &before, &p);
        before = p;
    }
    assert_int_equal(d.visits, 2);
    assert_int_equal(d.low_ms, 600000);
    assert_int_equal(d.high_ms, 5 * 600000);
    dwell_cap(&d, 900000);
    assert_int_equal(d.low_ms, 600000);
    assert_int_equal(d.high_ms, 900000);
    dwell_open_end(&d, &square, &before, 1000);
    assert_int_equal(d.high_ms, 900000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_is_as_long_as_it_was),
        cmocka_unit_test(standing_still_is_no_way_and_one_position_a_minute),
        cmocka_unit_test(a_drive_is_believed_and_a_reflection_is_not),
        cmocka_unit_test(five_that_agree_are_believed_behind_a_gap),
        cmocka_unit_test(each_gap_has_its_cause),
        cmocka_unit_test(a_clock_that_is_set_changes_no_duration),
        cmocka_unit_test(points_come_back_as_they_were),
        cmocka_unit_test(minutes_are_low_to_high_by_accuracy_and_gaps),
        cmocka_unit_test(coming_back_is_another_visit_and_hours_are_capped),
    };

    return RUN_TESTS(tests);
}
