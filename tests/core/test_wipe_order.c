/* test_wipe_order.c - who may make a tablet destroy its keys. */
#include "core/wipe_order.h"

#include <string.h>

#include "core/cose.h"
#include "tests/test.h"

static uint8_t next;

static enum err fill(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    for (size_t i = 0; i < len; i++) {
        out[i] = ++next;
    }
    return ERR_OK;
}

static const struct crypto_random any = { fill, NULL };
static struct ec_key server, other;
static struct wipe_order order;
static struct buf signed_order;

static int set_up(void **state)
{
    (void)state;
    assert_ok(crypto_ec_new(any, &server));
    assert_ok(crypto_ec_new(any, &other));
    memset(order.device.bytes, 1, 16);
    memset(order.id.bytes, 2, 16);
    order.given_ms = 1760000000000;
    buf_init(&signed_order, WIPE_ORDER_MAX);
    assert_ok(wipe_order_sign(&signed_order, &server, &order));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_fini(&signed_order);
    return 0;
}

static enum err open_for(const struct ec_key *key, struct bytes in)
{
    struct wipe_order got;
    const enum err err = wipe_order_open(in, &key->pub, &order.device, &got);

    if (!err) {
        assert_true(uuid_eq(&got.id, &order.id));
        assert_int_equal(got.given_ms, order.given_ms);
    }
    return err;
}

static void the_councils_order_is_believed(void **state)
{
    (void)state;
    assert_ok(open_for(&server, buf_bytes(&signed_order)));
}

static void nobody_elses_is(void **state)
{
    (void)state;
    assert_err(open_for(&other, buf_bytes(&signed_order)), ERR_BAD_SEAL);
}

static void an_order_for_another_tablet_is_not_obeyed(void **state)
{
    struct wipe_order got;
    struct uuid mine;

    (void)state;
    memset(mine.bytes, 9, 16);
    assert_err(
        wipe_order_open(buf_bytes(&signed_order), &server.pub, &mine, &got),
        ERR_DENIED);
}

static void a_receipt_is_no_order(void **state)
{
    static const uint8_t payload[] = { 0xa0 };
    const struct bytes aad = { (const uint8_t *)"beatbook/receipt/1", 18 };
    struct buf b;

    (void)state;
    buf_init(&b, 512);
    assert_ok(cose_sign1_put(&b, &server,
                             (struct bytes){ payload, sizeof(payload) }, aad));
    assert_err(open_for(&server, buf_bytes(&b)), ERR_BAD_SEAL);
    buf_fini(&b);
}

static void each_changed_or_missing_byte_is_noticed(void **state)
{
    (void)state;
    for (size_t i = 0; i < signed_order.len; i++) {
        signed_order.data[i] ^= 1;
        /* The key id is a hint that nothing depends on. */
        if (open_for(&server, buf_bytes(&signed_order)) == ERR_OK) {
            assert_in_range(i, 5, 20);
        }
        signed_order.data[i] ^= 1;
        assert_true(open_for(&server, (struct bytes){ signed_order.data, i }) !=
                    ERR_OK);
    }
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(the_councils_order_is_believed),
        T(nobody_elses_is),
        T(an_order_for_another_tablet_is_not_obeyed),
        T(a_receipt_is_no_order),
        T(each_changed_or_missing_byte_is_noticed),
    };

    return RUN_TESTS(tests);
}
