/* test_sync_parcel.c - a file carried for another tablet, piece by piece. */
#include "core/store_parcels.h"
#include "tests/core/sync_rig.h"

static struct sync_request request;

/* The next request that is about the carried file. */
static enum sync_method next_of_parcel(void)
{
    uint64_t wake = 0;

    for (int i = 0; !sync_next(rig.sync, rig.mono_ms, &request, &wake); i++) {
        assert_true(i < 1000);
        rig.mono_ms = wake;
    }
    assert_int_equal(strncmp(request.path, "/v1/parcels/", 12), 0);
    return request.method;
}

/* Its size is one byte, and the server has none of it yet. */
static int set_up(void **state)
{
    static const struct bytes one = { (const uint8_t *)"x", 1 };
    const struct port *port;
    struct wire_receipt receipt;
    struct wire_reply reply;
    struct hash name;
    uint64_t last;

    (void)state;
    rig_open(1);
    port = sim_port(rig.machine);
    crypto_sha256(one, &name);
    assert_ok(port->ops->part_write(port->ctx, &name, 0, one));
    assert_ok(port->ops->part_commit(port->ctx, &name, &name));
    assert_ok(store_parcel_add(rig.store, &name, 1, 1));
    assert_int_equal(rig_push(&last), 1);
    rig_plan(1, &receipt, &reply);
    assert_ok(rig_answer(&receipt, &reply));
    assert_int_equal(next_of_parcel(), SYNC_HEAD);
    assert_ok(sync_feed(
        rig.sync, rig.mono_ms,
        &(struct sync_response){ .status = 200, .has_offset = true }));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rig_close();
    return 0;
}

static enum err take(void *ctx, const struct store_parcel *p)
{
    *(struct store_parcel *)ctx = *p;
    return ERR_OK;
}

static void a_last_piece_of_one_byte_is_sent(void **state)
{
    (void)state;
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    assert_int_equal(request.body.len, 1);
    assert_int_equal(request.body.data[0], 'x');
    assert_int_equal(request.upload_offset, 0);
    assert_int_equal(request.upload_length, 1);
}

static void a_refusal_of_empty_lines_alone_has_no_words(void **state)
{
    static const uint8_t lines[] = "a\n\n\n\n";
    struct store_parcel p = { .size = 0 };

    (void)state;
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    assert_ok(sync_feed(rig.sync, rig.mono_ms,
                        &(struct sync_response){ .status = 422,
                                                 .content_type = "text/plain",
                                                 .body = { lines + 3, 2 } }));
    assert_ok(store_parcels(rig.store, take, &p));
    assert_int_equal(p.state, PARCEL_REFUSED);
    assert_string_equal(p.words, "");
}

#define SHOWN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHOWN(a_last_piece_of_one_byte_is_sent),
        SHOWN(a_refusal_of_empty_lines_alone_has_no_words),
    };

    return RUN_TESTS(tests);
}
