/* test_cue.c - what is felt and heard of what happened. */
#include "tests/test.h"

#include "ui/cue.h"

static enum cue told(enum told what, enum err err)
{
    const struct view_told t = { .told = what, .err = err };

    return cue_of_told(&t);
}

static void what_went_wrong_feels_otherwise_than_what_went_well(void **state)
{
    (void)state;
    assert_int_equal(told(TOLD_NOTHING, ERR_OK), CUE_NONE);
    assert_int_equal(told(TOLD_SAVED, ERR_OK), CUE_DONE);
    assert_int_equal(told(TOLD_SAVED, ERR_FULL), CUE_REFUSED);
    assert_int_equal(told(TOLD_FAILED, ERR_FULL), CUE_REFUSED);
    assert_int_equal(told(TOLD_SOS_NOT_SENT, ERR_OK), CUE_REFUSED);
    assert_int_equal(told(TOLD_SOS_ANSWERED, ERR_OK), CUE_CALLED);
}

/* Two seconds, a shake each half: felt without looking, and over when the
 * finger is lifted. */
static void a_held_sos_is_felt_four_times(void **state)
{
    int shakes = 0;

    (void)state;
    for (int now = 10; now <= 1000; now += 10) {
        shakes += cue_of_hold(now - 10, now) == CUE_HOLD;
    }
    assert_int_equal(shakes, 4);
    assert_int_equal(cue_of_hold(600, 0), CUE_NONE);
}

static void without_memory_or_devices_nothing_happens(void **state)
{
    struct cues *none = cue_new(false, false);

    (void)state;
    cue_play(NULL, CUE_DONE);
    assert_int_equal(cue_rest(NULL), -1);
    cue_play(none, CUE_DONE);
    assert_int_equal(cue_rest(none), -1);
    cue_free(none);
    cue_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_went_wrong_feels_otherwise_than_what_went_well),
        cmocka_unit_test(a_held_sos_is_felt_four_times),
        cmocka_unit_test(without_memory_or_devices_nothing_happens),
    };

    return RUN_TESTS(tests);
}
