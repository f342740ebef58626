#include "core/gnss.h"

#include "core/limits.h"
#include "tests/test.h"

#define NOW_MS      INT64_C(1790000000000)
#define ROLLOVER_MS (INT64_C(1024) * 7 * 86400 * 1000)

static void a_receiver_is_judged_by_its_distance_from_the_clock(void **state)
{
    static const struct {
        const char *why;
        int64_t gnss_ms;
        enum gnss_verdict verdict;
        int64_t offset_ms, rollovers;
    } rows[] = {
        { "the same", NOW_MS, GNSS_AGREES, 0, 0 },
        { "within the bound", NOW_MS - GNSS_AGREE_MS, GNSS_AGREES,
          -GNSS_AGREE_MS, 0 },
        { "an hour ahead", NOW_MS + 3600000, GNSS_DIFFERS, 3600000, 0 },
        { "once 1,024 weeks back", NOW_MS - ROLLOVER_MS + 5, GNSS_WEEKS_OFF, 5,
          -1 },
        { "twice", NOW_MS - 2 * ROLLOVER_MS, GNSS_WEEKS_OFF, 0, -2 },
        { "once ahead", NOW_MS + ROLLOVER_MS, GNSS_WEEKS_OFF, 0, 1 },
        { "1,023 weeks back", NOW_MS - ROLLOVER_MS + 7 * 86400000, GNSS_DIFFERS,
          -ROLLOVER_MS + 7 * 86400000, 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct gnss_check got;

        gnss_compare(NOW_MS, rows[i].gnss_ms, &got);
        if (got.verdict != rows[i].verdict ||
            got.offset_ms != rows[i].offset_ms ||
            got.rollovers != rows[i].rollovers) {
            fail_msg("%s: verdict %d, offset %lld, rollovers %lld", rows[i].why,
                     (int)got.verdict, (long long)got.offset_ms,
                     (long long)got.rollovers);
        }
    }
}

static void the_ends_of_time_do_not_overflow(void **state)
{
    struct gnss_check got;

    (void)state;
    gnss_compare(INT64_MAX, INT64_MIN, &got);
    assert_int_equal(got.verdict, GNSS_DIFFERS);
    gnss_compare(INT64_MIN, INT64_MAX, &got);
    assert_int_equal(got.verdict, GNSS_DIFFERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receiver_is_judged_by_its_distance_from_the_clock),
        cmocka_unit_test(the_ends_of_time_do_not_overflow),
    };

    return RUN_TESTS(tests);
}
