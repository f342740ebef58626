/* test_wipe.c - orders to close a tablet for good, at the server. */
#include "sync-server/wipe.h"

#include <string.h>

#include "core/wipe_order.h"
#include "tests/sync-server/desk.h"

static struct desk desk;
static struct desk_tablet a, b;

static int set_up(void **state)
{
    (void)state;
    desk_open(&desk);
    desk_tablet_new(&desk, "tablet A", &a);
    desk_tablet_new(&desk, "tablet B", &b);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_tablet_free(&a);
    desk_tablet_free(&b);
    desk_close(&desk);
    return 0;
}

static enum err order(const struct uuid *device)
{
    struct council *c = service_council(desk.service);
    enum err err;

    assert_ok(council_begin(c));
    err = wipe_order(c, device, "left on a bus");
    if (err) {
        council_rollback(c);
        return err;
    }
    return council_commit(c);
}

/* One exchange with whatever the tablet has not sent; true: an order came. */
static bool exchange(struct desk_tablet *t, uint64_t first, size_t *entries)
{
    struct desk_reply r;
    struct wipe_order got;
    bool has;

    desk_send(t, &(struct desk_push){ .first = first, .last = t->count }, &r);
    assert_int_equal(r.status, 200);
    has = r.msg.has_wipe;
    if (has) {
        assert_ok(wipe_order_open(r.msg.wipe,
                                  &service_council(desk.service)->seal_key.pub,
                                  &t->device, &got));
    }
    if (entries != NULL) {
        *entries = r.msg.entries.count;
    }
    desk_reply_free(&r);
    return has;
}

static void obey(struct desk_tablet *t)
{
    desk_record(t, &(struct desk_event){ .kind = KIND_DEVICE,
                                         .op = OP_WIPE,
                                         .record = t->device });
}

static void each_answer_has_the_order_until_it_was_obeyed(void **state)
{
    struct sdb_device device;

    (void)state;
    desk_note(&a, "before");
    assert_false(exchange(&a, 1, NULL));
    assert_ok(order(&a.device));
    desk_note(&a, "after");
    assert_true(exchange(&a, 2, NULL));
    assert_true(exchange(&a, 0, NULL));
    obey(&a);
    assert_false(exchange(&a, 3, NULL));
    assert_false(exchange(&a, 0, NULL));
    assert_ok(sdb_device_get(desk.db, &a.device, &device));
    assert_int_equal(device.state, SDB_DEVICE_REVOKED);
    assert_true(device.revoked_position > 0);
}

static void nothing_comes_down_to_a_tablet_with_an_order(void **state)
{
    size_t entries = 0;

    (void)state;
    assert_ok(order(&a.device));
    desk_note(&b, "a colleague's");
    assert_false(exchange(&b, 1, NULL));
    assert_true(exchange(&a, 0, &entries));
    assert_int_equal(entries, 0);
}

static void one_tablet_cannot_obey_for_another(void **state)
{
    struct desk_reply r;

    (void)state;
    assert_ok(order(&a.device));
    desk_record(&b, &(struct desk_event){ .kind = KIND_DEVICE,
                                          .op = OP_WIPE,
                                          .record = a.device });
    desk_send(&b, &(struct desk_push){ .first = 1, .last = 1 }, &r);
    assert_int_equal(r.msg.exceptions.count, 1);
    desk_reply_free(&r);
    assert_true(exchange(&a, 0, NULL));
}

static void a_second_order_and_one_for_nobody_change_nothing(void **state)
{
    const struct uuid nobody = { { 1, 2, 3 } };
    struct council *c = service_council(desk.service);
    struct buf first, second;

    (void)state;
    buf_init(&first, WIPE_ORDER_MAX);
    buf_init(&second, WIPE_ORDER_MAX);
    assert_err(order(&nobody), ERR_NOT_FOUND);
    assert_ok(order(&a.device));
    assert_ok(wipe_pending(c, &a.device, &first));
    assert_ok(order(&a.device));
    assert_ok(wipe_pending(c, &a.device, &second));
    assert_true(bytes_eq(buf_bytes(&first), buf_bytes(&second)));
    buf_fini(&first);
    buf_fini(&second);
}

static void the_list_says_who_has_obeyed(void **state)
{
    struct council *c = service_council(desk.service);
    struct buf text;

    (void)state;
    buf_init(&text, 4096);
    assert_ok(wipe_list(c, &text));
    assert_non_null(strstr(buf_text(&text), "no tablet"));
    assert_ok(order(&a.device));
    buf_reset(&text);
    assert_ok(wipe_list(c, &text));
    assert_non_null(strstr(buf_text(&text), "not obeyed yet"));
    obey(&a);
    assert_false(exchange(&a, 1, NULL));
    buf_reset(&text);
    assert_ok(wipe_list(c, &text));
    assert_null(strstr(buf_text(&text), "not obeyed yet"));
    assert_non_null(strstr(buf_text(&text), "tablet A"));
    buf_fini(&text);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(each_answer_has_the_order_until_it_was_obeyed),
        T(nothing_comes_down_to_a_tablet_with_an_order),
        T(one_tablet_cannot_obey_for_another),
        T(a_second_order_and_one_for_nobody_change_nothing),
        T(the_list_says_who_has_obeyed),
    };

    return RUN_TESTS(tests);
}
