/* A patrol's track in the store, the promise to check in, a call for help. */
#include "core/tablet_track.h"

#include <string.h>

#include "core/fields.h"
#include "core/tablet_safety.h"
#include "core/tablet_visit.h"
#include "tests/core/publish.h"
#include "tests/store_machine.h"

#define SECOND 1000
#define MINUTE (60 * SECOND)

/* 100 m by 100 m around 52.4, -4.6, and another one 400 m to the north. */
#define SQUARE(id, name, goal, south, north)                            \
    "{\"type\":\"Feature\",\"id\":\"" id                                \
    "\",\"properties\":{\"kind\":\"hotspot\",\"name\":\"" name          \
    "\",\"goal_minutes\":" goal "},\"geometry\":{\"type\":\"Polygon\"," \
    "\"coordinates\":[[[-4.600735," south "],[-4.599265," south         \
    "],[-4.599265," north "],[-4.600735," north "],[-4.600735," south "]]]}}"

struct desk {
    struct machine m;
    struct tablet *t;
    struct track track;
};

static void reopen(struct desk *d)
{
    const struct tablet_options options = { .store = machine_options(&d->m),
                                            .port = sim_port(d->m.sim) };
    struct uuid officer;

    memset(officer.bytes, 0x44, 16);
    tablet_close(d->t);
    assert_ok(tablet_open(&options, &d->t));
    assert_ok(tablet_sign_in(d->t, &officer));
}

static void desk_new(struct desk *d, uint64_t seed)
{
    memset(d, 0, sizeof(*d));
    machine_new(&d->m, seed);
    machine_close(&d->m);
    reopen(d);
    publish_definition(
        d->t, KIND_AREA, "hotspot/market",
        SQUARE("market", "Market", "15", "52.39955", "52.40045"));
    publish_definition(d->t, KIND_AREA, "hotspot/north",
                       SQUARE("north", "North", "10", "52.40315", "52.40405"));
}

static void desk_free(struct desk *d)
{
    tablet_close(d->t);
    machine_free(&d->m);
}

/* A look a second for so long, `north` metres north of the first square's
 * middle; none without a fix. */
static void stand(struct desk *d, unsigned seconds, double north, bool has_fix)
{
    for (unsigned i = 0; i < seconds; i++) {
        struct track_sample s = { .mono_ms = d->m.world_ms + SECOND,
                                  .has_receiver = true,
                                  .has_fix = has_fix,
                                  .accuracy_mm = 5000 };

        d->m.world_ms += SECOND;
        s.wall_ms = MACHINE_WALL_MS + (int64_t)d->m.world_ms;
        s.pos =
            (struct geo_pos){ 524000000 + (int32_t)(north * 89.87), -46000000 };
        (void)track_feed(&d->track, &s);
        if (track_is_due(&d->track, s.mono_ms)) {
            assert_ok(tablet_track_put(d->t, d->track.points, d->track.count));
            track_taken(&d->track);
        }
    }
}

/* At 1.25 m/s. */
static void walk(struct desk *d, int from, int to)
{
    for (int i = 0; i < (to - from) * 4 / 5; i++) {
        stand(d, 1, from + i * 1.25, true);
    }
}

static void end_way(struct desk *d, struct tablet_way *way)
{
    struct tablet_summary p;

    track_close(&d->track);
    assert_ok(tablet_track_put(d->t, d->track.points, d->track.count));
    track_taken(&d->track);
    assert_ok(tablet_summary(d->t, &p));
    memset(way, 0, sizeof(*way));
    way->patrol = p.patrol;
    way->started_ms = p.started_ms;
    way->ended_ms = p.ended_ms;
    assert_ok(tablet_way_read(d->t, NULL, "2025-11-22",
                              MACHINE_WALL_MS + (int64_t)d->m.world_ms, way));
}

/*
 * 12 minutes in the middle of the market, 4 without a fix there, 40 s out of
 * it (50 m at 1.25 m/s), 240 s to the middle of the north (350 m, the last
 * 50 of them inside), 6 minutes there.
 */
static void minutes_are_what_the_hand_computes(void **state)
{
    struct tablet_way way;
    struct uuid patrol;
    struct buf text;
    struct desk d;

    (void)state;
    desk_new(&d, 1);
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrol));
    track_init(&d.track, TRACK_NO_GAP);
    stand(&d, 12 * 60, 0, true);
    stand(&d, 4 * 60, 0, false);
    walk(&d, 0, 400);
    stand(&d, 6 * 60, 400, true);
    end_way(&d, &way);
    assert_int_equal(way.hotspot_count, 2);
    assert_string_equal(way.hotspots[0].area->id, "market");

    /* Market: sure are 12 min and 45 m (36 s); the gap is inside at both
     * ends; perhaps it was left 5 m later. A step is 8 m, 7 s. */
    assert_in_range(way.hotspots[0].dwell.low_ms, 12 * MINUTE + 26 * SECOND,
                    12 * MINUTE + 38 * SECOND);
    assert_in_range(way.hotspots[0].dwell.best_ms, 16 * MINUTE + 33 * SECOND,
                    16 * MINUTE + 47 * SECOND);
    assert_in_range(way.hotspots[0].dwell.high_ms, 16 * MINUTE + 40 * SECOND,
                    16 * MINUTE + 54 * SECOND);
    assert_in_range(way.hotspots[1].dwell.low_ms, 6 * MINUTE + 26 * SECOND,
                    6 * MINUTE + 40 * SECOND);
    assert_in_range(way.hotspots[1].dwell.high_ms, 6 * MINUTE + 40 * SECOND,
                    6 * MINUTE + 54 * SECOND);
    assert_int_equal(way.hotspots[0].dwell.visits, 1);
    assert_in_range(way.distance_mm, 392000, 404000);
    assert_int_equal(way.gaps, 1);
    assert_in_range(way.gap_ms, 4 * MINUTE, 4 * MINUTE + 60 * SECOND);
    assert_int_equal(way.longest_cause, TRACK_NO_FIX);

    buf_init(&text, 1000);
    tablet_way_text(&way, &text);
    assert_string_equal(buf_text(&text), "market 12-16-16/15; north 6-6-6/10");
    buf_fini(&text);
    desk_free(&d);
}

static void nothing_is_stored_outside_a_patrol(void **state)
{
    const struct track_point p = { .at_ms = MACHINE_WALL_MS };
    struct uuid patrol;
    struct desk d;

    (void)state;
    desk_new(&d, 2);
    assert_err(tablet_track_put(d.t, &p, 1), ERR_NOT_FOUND);
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrol));
    assert_ok(tablet_track_put(d.t, &p, 1));
    assert_ok(tablet_patrol_end(d.t));
    assert_err(tablet_track_put(d.t, &p, 1), ERR_NOT_FOUND);
    desk_free(&d);
}

static enum err count_points(void *ctx, const struct track_point *p)
{
    unsigned *count = ctx;

    (void)p;
    ++*count;
    return ERR_OK;
}

static void the_way_is_there_after_a_restart_with_its_gap(void **state)
{
    struct tablet_way way;
    unsigned before = 0, after = 0;
    struct uuid patrol;
    struct desk d;

    (void)state;
    desk_new(&d, 3);
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrol));
    track_init(&d.track, TRACK_NO_GAP);
    walk(&d, 0, 300); /* 240 s: one batch of 120 s is stored */
    assert_ok(tablet_track(d.t, &patrol, count_points, &before));
    assert_true(before > 15);
    d.m.world_ms += 10 * MINUTE;
    reopen(&d);
    track_init(&d.track, TRACK_STOPPED);
    walk(&d, 300, 400);
    assert_ok(tablet_track(d.t, &patrol, count_points, &after));
    assert_int_equal(after, before);
    end_way(&d, &way);
    assert_int_equal(way.gaps, 1);
    assert_int_equal(way.longest_cause, TRACK_STOPPED);
    assert_in_range(way.gap_ms, 10 * MINUTE, 13 * MINUTE);
    desk_free(&d);
}

static void without_a_position_the_minutes_are_unknown(void **state)
{
    struct tablet_way way;
    struct uuid patrol;
    struct desk d;

    (void)state;
    desk_new(&d, 7);
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrol));
    track_init(&d.track, TRACK_NO_GAP);
    stand(&d, 20 * 60, 0, false);
    end_way(&d, &way);
    assert_int_equal(way.points, 0);
    assert_int_equal(way.hotspots[1].dwell.low_ms, 0);
    assert_int_equal(way.hotspots[1].dwell.best_ms, 0);
    assert_in_range(way.hotspots[1].dwell.high_ms, 20 * MINUTE,
                    20 * MINUTE + SECOND);
    assert_int_equal(way.hotspots[1].dwell.visits, 0);
    assert_int_equal(way.gaps, 1);
    desk_free(&d);
}

static void a_pause_is_neither_way_nor_gap_nor_minutes(void **state)
{
    struct tablet_way way;
    struct uuid patrol;
    struct desk d;

    (void)state;
    desk_new(&d, 4);
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrol));
    track_init(&d.track, TRACK_NO_GAP);
    stand(&d, 300, 0, true);
    track_close(&d.track);
    assert_ok(tablet_track_put(d.t, d.track.points, d.track.count));
    assert_ok(tablet_patrol_pause(d.t, "meal"));
    d.m.world_ms += 30 * MINUTE;
    assert_ok(tablet_patrol_resume(d.t));
    track_init(&d.track, TRACK_PAUSED);
    stand(&d, 300, 200, true);
    end_way(&d, &way);
    assert_int_equal(way.gaps, 0);
    assert_in_range(way.paused_ms, 30 * MINUTE, 30 * MINUTE + 2 * SECOND);
    assert_in_range(way.hotspots[0].dwell.high_ms, 290 * SECOND, 300 * SECOND);
    assert_int_equal(way.distance_mm, 0);
    desk_free(&d);
}

static void a_promise_stands_until_the_next(void **state)
{
    const int64_t hour = MACHINE_WALL_MS + 60 * MINUTE;
    struct tablet_welfare welfare;
    struct uuid patrol;
    struct desk d;

    (void)state;
    desk_new(&d, 5);
    assert_err(tablet_check_in(d.t, hour, NULL), ERR_NOT_FOUND);
    assert_err(tablet_welfare(d.t, &welfare), ERR_NOT_FOUND);
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrol));
    assert_ok(tablet_welfare(d.t, &welfare));
    assert_int_equal(welfare.next_ms, 0);
    assert_ok(tablet_check_in(d.t, hour, NULL));
    assert_ok(tablet_check_in(d.t, hour + 7, NULL));
    assert_ok(tablet_welfare(d.t, &welfare));
    assert_int_equal(welfare.next_ms, hour + 7);
    assert_false(welfare.is_held); /* nothing was sent */
    assert_ok(tablet_patrol_pause(d.t, "meal"));
    assert_ok(tablet_welfare(d.t, &welfare));
    assert_int_equal(welfare.next_ms, 0);
    desk_free(&d);
}

static void a_call_for_help_waits_until_a_receipt_has_it(void **state)
{
    const struct body_place place = { .lat_e7 = 524000000,
                                      .lon_e7 = -46000000,
                                      .source = PLACE_GPS };
    enum tablet_sos_state sos;
    struct uuid record, other = { { 9 } };
    struct desk d;

    (void)state;
    desk_new(&d, 6);
    assert_ok(tablet_sos(d.t, &place, &record));
    assert_ok(tablet_sos_state(d.t, &record, &sos));
    assert_int_equal(sos, TABLET_SOS_WAITING);
    assert_err(tablet_sos_state(d.t, &other, &sos), ERR_NOT_FOUND);
    desk_free(&d);
}

/* --- visits --- */

struct marks {
    struct visits visits;
    unsigned count;
    char area[AREA_ID_SIZE];
};

static enum err take_mark(void *ctx, const struct tablet_mark *m)
{
    struct marks *all = ctx;

    tablet_visits_add(&all->visits, m->mark, m->at_ms);
    memcpy(all->area, m->area, sizeof(all->area));
    all->count++;
    return ERR_OK;
}

static void marks_are_of_their_patrol_and_there_after_a_restart(void **state)
{
    struct marks first = { .count = 0 }, second = { .count = 0 };
    struct uuid patrols[2];
    struct desk d;

    (void)state;
    desk_new(&d, 7);
    assert_err(tablet_visit_put(d.t, "market", ENTRY_MARK_ENTERED, "x"),
               ERR_NOT_FOUND); /* nobody is on patrol */
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrols[0]));
    assert_ok(
        tablet_visit_put(d.t, "market", ENTRY_MARK_ENTERED, "Came to Market"));
    d.m.world_ms += 7 * MINUTE;
    assert_ok(tablet_visit_put(d.t, "market", ENTRY_MARK_LEFT, "Left Market"));
    assert_ok(tablet_entry(d.t, "Quiet", 0, 0, &(uint64_t){ 0 }));
    assert_ok(tablet_patrol_end(d.t));
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrols[1]));
    assert_ok(tablet_visit_put(d.t, "north", ENTRY_MARK_STARTED, "Visit"));
    reopen(&d);
    assert_ok(tablet_marks(d.t, &patrols[0], take_mark, &first));
    assert_int_equal(first.count, 2);
    assert_string_equal(first.area, "market");
    assert_int_equal(first.visits.count, 1);
    assert_false(first.visits.is_open);
    assert_int_equal(first.visits.list[0].to_ms - first.visits.list[0].from_ms,
                     7 * MINUTE);
    assert_ok(tablet_marks(d.t, &patrols[1], take_mark, &second));
    assert_int_equal(second.count, 1);
    assert_true(second.visits.is_by_hand);
    desk_free(&d);
}

static void a_visit_by_hand_ends_by_hand(void **state)
{
    struct visits v = { .count = 0 };

    (void)state;
    tablet_visits_add(&v, ENTRY_MARK_ENTERED, 1000);
    tablet_visits_add(&v, ENTRY_MARK_STARTED, 2000); /* the same visit */
    assert_int_equal(v.count, 1);
    tablet_visits_add(&v, ENTRY_MARK_LEFT,
                      3000); /* the officer says otherwise */
    assert_true(v.is_open);
    tablet_visits_add(&v, ENTRY_MARK_ENDED, 4000);
    assert_false(v.is_open);
    assert_int_equal(v.list[0].from_ms, 1000);
    assert_int_equal(v.list[0].to_ms, 4000);
    tablet_visits_add(&v, ENTRY_MARK_ENDED, 5000); /* nothing to end */
    assert_int_equal(v.list[0].to_ms, 4000);
    for (int i = 0; i < VISITS_MAX; i++) {
        tablet_visits_add(&v, ENTRY_MARK_ENTERED, 10000 + i);
        tablet_visits_add(&v, ENTRY_MARK_LEFT, 10000 + i);
    }
    assert_int_equal(v.count, VISITS_MAX);
    assert_int_equal(v.list[0].from_ms, 10000); /* the oldest made room */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minutes_are_what_the_hand_computes),
        cmocka_unit_test(nothing_is_stored_outside_a_patrol),
        cmocka_unit_test(the_way_is_there_after_a_restart_with_its_gap),
        cmocka_unit_test(without_a_position_the_minutes_are_unknown),
        cmocka_unit_test(a_pause_is_neither_way_nor_gap_nor_minutes),
        cmocka_unit_test(a_promise_stands_until_the_next),
        cmocka_unit_test(a_call_for_help_waits_until_a_receipt_has_it),
        cmocka_unit_test(marks_are_of_their_patrol_and_there_after_a_restart),
        cmocka_unit_test(a_visit_by_hand_ends_by_hand),
    };

    return RUN_TESTS(tests);
}
