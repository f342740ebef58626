/* test_rate.c - how often one address may ask. */
#include "sync-server/rate.h"

#include <string.h>

#include "tests/test.h"

static struct rate rate;

static void an_address_is_stopped_and_let_in_again(void **state)
{
    (void)state;
    memset(&rate, 0, sizeof(rate));
    for (unsigned i = 0; i < HTTP_WEB_RATE_MAX; i++) {
        assert_true(rate_allows(&rate, "192.0.2.1", 20000));
    }
    assert_false(rate_allows(&rate, "192.0.2.1", 20000));
    assert_false(
        rate_allows(&rate, "192.0.2.1", 20000 + HTTP_WEB_RATE_WINDOW_MS - 1));
    assert_true(
        rate_allows(&rate, "192.0.2.1", 20000 + HTTP_WEB_RATE_WINDOW_MS));
}

static void one_address_does_not_stop_another(void **state)
{
    (void)state;
    memset(&rate, 0, sizeof(rate));
    for (unsigned i = 0; i <= HTTP_WEB_RATE_MAX; i++) {
        (void)rate_allows(&rate, "192.0.2.1", 20000);
    }
    assert_true(rate_allows(&rate, "192.0.2.2", 20000));
    assert_true(rate_allows(&rate, "2001:db8::1", 20000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_stopped_and_let_in_again),
        cmocka_unit_test(one_address_does_not_stop_another),
    };

    return RUN_TESTS(tests);
}
