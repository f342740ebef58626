/* test_credential.c - a tablet's TLS key and certificate. */
#include "core/credential.h"

#include <string.h>

#include "tests/test.h"

#define DAY ((int64_t)86400)

static enum err fill(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    memset(out, 7, len);
    return ERR_OK;
}

static const struct crypto_random same = { fill, NULL };

static void renewal_begins_at_half_of_its_life(void **state)
{
    static const struct {
        const char *why;
        int64_t now;
        enum credential_need want;
    } rows[] = {
        { "the first day", 100 * DAY, CREDENTIAL_GOOD },
        { "a second before half", 145 * DAY - 1, CREDENTIAL_GOOD },
        { "half", 145 * DAY, CREDENTIAL_RENEW },
        { "the last second", 190 * DAY - 1, CREDENTIAL_RENEW },
        { "over", 190 * DAY, CREDENTIAL_EXPIRED },
        { "400 days off", 590 * DAY, CREDENTIAL_EXPIRED },
        { "a clock of 1970", 0, CREDENTIAL_GOOD },
        { "a clock a century back", -36500 * DAY, CREDENTIAL_GOOD },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (credential_need(100 * DAY, 190 * DAY, rows[i].now) !=
            rows[i].want) {
            fail_msg("%s", rows[i].why);
        }
    }
}

static void a_pair_reads_back_as_it_was_written(void **state)
{
    struct credential c = { .leaf = { (const uint8_t *)"leaf", 4 },
                            .issuer = { (const uint8_t *)"ca", 2 } };
    struct credential got;
    struct buf b;

    (void)state;
    buf_init(&b, 1024);
    assert_ok(crypto_ec_new(same, &c.key));
    assert_ok(credential_put(&b, &c));
    assert_ok(credential_parse(buf_bytes(&b), &got));
    assert_memory_equal(&got.key, &c.key, sizeof(c.key));
    assert_true(bytes_eq(got.leaf, c.leaf));
    assert_true(bytes_eq(got.issuer, c.issuer));
    buf_fini(&b);
}

static void none_is_told_from_a_damaged_one(void **state)
{
    struct credential c = { .leaf = { (const uint8_t *)"leaf", 4 } };
    struct credential got;
    struct buf b;

    (void)state;
    buf_init(&b, 1024);
    assert_ok(crypto_ec_new(same, &c.key));
    assert_ok(credential_put(&b, &c)); /* a leaf without its issuer */
    assert_err(credential_parse(buf_bytes(&b), &got), ERR_BAD_DATA);
    assert_err(credential_parse((struct bytes){ b.data, b.len - 1 }, &got),
               ERR_BAD_DATA);
    assert_err(credential_parse((struct bytes){ NULL, 0 }, &got),
               ERR_NOT_FOUND);
    buf_fini(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(renewal_begins_at_half_of_its_life),
        cmocka_unit_test(a_pair_reads_back_as_it_was_written),
        cmocka_unit_test(none_is_told_from_a_damaged_one),
    };

    return RUN_TESTS(tests);
}
