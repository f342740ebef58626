/* A recorded run through the track: Kent, 2014, a position a second, read
 * by gpsbabel. Skips without the data or the program. */
#include <math.h>
#include <string.h>

#include "core/dwell.h"
#include "core/track.h"
#include "tests/test.h"

#define POINTS_MAX 10000
#define PATH_SIZE  2000

struct run {
    struct track_sample samples[POINTS_MAX];
    size_t count;
    double raw_m; /* from each to the next */
};

static bool read_run(struct run *run)
{
    const char *folder = getenv("BEATBOOK_DATA");
    char command[PATH_SIZE + 200], line[300];
    FILE *out;

    snprintf(command, sizeof(command),
             "gpsbabel -t -i gpx -f %s/gps/gpx/kent-iwade-run-2014-05-10-1hz"
             ".gpx -o unicsv,utc=0 -F - 2>/dev/null",
             folder != NULL ? folder : SOURCE_DIR "/../shared/data");
    out = popen(command, "r");
    assert_non_null(out);
    memset(run, 0, sizeof(*run));
    while (fgets(line, sizeof(line), out) != NULL && run->count < POINTS_MAX) {
        struct track_sample *s = &run->samples[run->count];
        int h, m, sec;
        double lat, lon;

        if (sscanf(line, "%*d,%lf,%lf,%*f,%*d/%*d/%*d,%d:%d:%d", &lat, &lon, &h,
                   &m, &sec) != 5) {
            continue;
        }
        *s = (struct track_sample){ .has_receiver = true, .has_fix = true };
        s->mono_ms = 1000000 + (uint64_t)((h * 60 + m) * 60 + sec) * 1000;
        s->wall_ms = (int64_t)s->mono_ms;
        s->pos = (struct geo_pos){ (int32_t)lround(lat * 1e7),
                                   (int32_t)lround(lon * 1e7) };
        if (run->count > 0) {
            run->raw_m += (double)geo_distance_mm(s[-1].pos, s->pos) / 1000;
        }
        run->count++;
    }
    (void)pclose(out);
    return run->count > 0;
}

static void a_real_run_keeps_its_length_in_a_fraction_of_its_points(void **s)
{
    static struct run run;
    struct track t;
    size_t kept = 0, gaps = 0, bytes = 0;
    struct buf page;

    (void)s;
    if (!read_run(&run)) {
        skip();
    }
    track_init(&t, TRACK_NO_GAP);
    buf_init(&page, 256 * 1024);
    for (size_t i = 0; i < run.count; i++) {
        if (track_feed(&t, &run.samples[i]) == TRACK_KEPT) {
            kept++;
            gaps += t.points[t.count - 1].cause != TRACK_NO_GAP;
        }
        if (track_is_due(&t, run.samples[i].mono_ms)) {
            buf_reset(&page);
            track_put(&page, t.points, t.count);
            bytes += page.len;
            track_taken(&t);
        }
    }
    print_message("%zu positions, %.0f m; kept %zu, %.0f m, %zu bytes, "
                  "%zu gaps, %u dropped\n",
                  run.count, run.raw_m, kept, (double)t.distance_mm / 1000,
                  bytes, gaps, t.dropped);
    assert_true((double)t.distance_mm / 1000 > run.raw_m * 0.95);
    assert_true((double)t.distance_mm / 1000 < run.raw_m * 1.01);
    assert_true(kept < run.count / 2);
    assert_true(t.dropped < run.count / 100);
    buf_fini(&page);
}

/* 500 m of displacement for three seconds, every five minutes. */
static void reflections_in_a_real_run_are_dropped(void **s)
{
    static struct run run;
    uint64_t clean_mm;
    uint32_t false_ones = 0;
    struct track t;

    (void)s;
    if (!read_run(&run)) {
        skip();
    }
    for (int spoiled = 0; spoiled < 2; spoiled++) {
        clean_mm = spoiled ? t.distance_mm : 0;
        track_init(&t, TRACK_NO_GAP);
        for (size_t i = 0; i < run.count; i++) {
            struct track_sample one = run.samples[i];

            if (spoiled && i % 300 >= 297) {
                one.pos.lat_e7 += 45000;
                false_ones++;
            }
            (void)track_feed(&t, &one);
            if (t.count == TRACK_BATCH_POINTS) {
                track_taken(&t);
            }
        }
    }
    assert_true(t.dropped >= false_ones);
    assert_true(t.distance_mm < clean_mm + clean_mm / 50);
    assert_true(t.distance_mm > clean_mm - clean_mm / 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
            a_real_run_keeps_its_length_in_a_fraction_of_its_points),
        cmocka_unit_test(reflections_in_a_real_run_are_dropped),
    };

    return RUN_TESTS(tests);
}
