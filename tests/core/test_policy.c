/* What a council decides for patrols: ours is whole, bounds hold. */
#include "core/policy.h"

#include <stdio.h>
#include <string.h>

#include "core/limits.h"
#include "tests/test.h"

static size_t read_ours(char *text, size_t size)
{
    FILE *in = fopen(SOURCE_DIR "/assets/policy.json", "rb");
    size_t len;

    assert_non_null(in);
    len = fread(text, 1, size, in);
    fclose(in);
    return len;
}

static enum err parse(const char *every, const char *grace, const char *cap,
                      struct policy *out)
{
    char json[400];

    snprintf(json, sizeof(json),
             "{\"id\":\"policy\",\"version\":2,\"date\":\"2027-01-05\","
             "\"check_in_minutes\":%s,\"check_in_grace_minutes\":%s,"
             "\"hotspot_cap_minutes\":%s}",
             every, grace, cap);
    return policy_parse(json, strlen(json), out);
}

static void ours_says_what_holds_before_one_is_published(void **state)
{
    const struct policy before = policy_before();
    struct policy p;
    char text[4096];

    (void)state;
    assert_ok(policy_parse(text, read_ours(text, sizeof(text)), &p));
    assert_int_equal(p.check_in_ms, before.check_in_ms);
    assert_int_equal(p.check_in_grace_ms, before.check_in_grace_ms);
    assert_int_equal(p.hotspot_cap_ms, before.hotspot_cap_ms);
    assert_true(p.is_to_be_confirmed);
    assert_string_equal(before.date, "");
    assert_int_equal(strlen(p.date), strlen("2026-11-22"));
}

static void a_councils_own_figures_are_taken(void **state)
{
    struct policy p;

    (void)state;
    assert_ok(parse("30", "5", "15", &p));
    assert_int_equal(p.check_in_ms, 30 * 60000);
    assert_int_equal(p.check_in_grace_ms, 5 * 60000);
    assert_int_equal(p.hotspot_cap_ms, 15 * 60000);
    assert_false(p.is_to_be_confirmed);
    assert_string_equal(p.date, "2027-01-05");
}

static void figures_beyond_their_bounds_change_nothing(void **state)
{
    static const char *const bad[][3] = {
        { "0", "2", "60" },      { "-5", "2", "60" },
        { "100000", "2", "60" }, { "60", "0", "60" },
        { "60", "100000", "9" }, { "60", "2", "100000" },
        { "\"60\"", "2", "60" }
    };
    struct policy p;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(parse(bad[i][0], bad[i][1], bad[i][2], &p), ERR_BAD_DATA);
        assert_int_equal(p.check_in_ms, policy_before().check_in_ms);
    }
    assert_err(policy_parse("{}", 2, &p), ERR_BAD_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ours_says_what_holds_before_one_is_published),
        cmocka_unit_test(a_councils_own_figures_are_taken),
        cmocka_unit_test(figures_beyond_their_bounds_change_nothing),
    };

    return RUN_TESTS(tests);
}
