/* The council's answer to a hand-over file, by a test that has its key. */
#include "core/cose.h"
#include "core/store_sync.h"
#include "core/sync_internal.h"
#include "core/tablet_handover.h"
#include "core/wire.h"
#include "tests/core/tablet_desk.h"

/* machine_identity() makes the tablet's own key the server's, too. */
static struct desk desk;
static struct buf file;
static struct evlog_head head;

static int set_up(void **state)
{
    struct uuid id;

    (void)state;
    desk_new(&desk, 1);
    assert_ok(tablet_sign_in(desk.t, &desk.officer));
    assert_ok(record(&desk, "ASB", NULL, 0, &id));
    assert_ok(evlog_head(tablet_log(desk.t), &head));
    buf_init(&file, 100000);
    handover_answer_begin(&file);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_fini(&file);
    desk_free(&desk);
    return 0;
}

static const struct evlog_identity *identity(void)
{
    return evlog_identity(tablet_log(desk.t));
}

/* An honest receipt for all up to `held`. */
static struct wire_receipt receipt_for(uint64_t held)
{
    struct wire_receipt r;

    memset(&r, 0, sizeof(r));
    r.size = held + 2;
    r.sequence = held;
    r.device = identity()->device;
    r.incarnation = head.incarnation;
    memset(r.log_id.bytes, 7, sizeof(r.log_id.bytes));
    memset(r.root.bytes, (int)held, sizeof(r.root.bytes));
    if (held > 0) {
        assert_ok(
            evlog_link_at(tablet_log(desk.t), &r.incarnation, held, &r.link));
    }
    return r;
}

struct refusal {
    uint64_t sequence;
    const char *reason;
};

static void put_reply(const struct wire_receipt *r,
                      const struct refusal *refused, size_t count)
{
    struct wire_reply reply;
    struct wire_list_writer exceptions;
    struct buf receipt, item;

    memset(&reply, 0, sizeof(reply));
    buf_init(&receipt, 65536);
    buf_init(&item, 65536);
    wire_list_begin(&exceptions, 65536);
    for (size_t i = 0; i < count; i++) {
        struct wire_exception e;

        memset(&e, 0, sizeof(e));
        e.sequence = refused[i].sequence;
        e.reason = (struct bytes){ (const uint8_t *)refused[i].reason,
                                   strlen(refused[i].reason) };
        wire_exception_put(wire_list_item(&exceptions), &e);
    }
    assert_ok(wire_receipt_sign(&receipt, &identity()->seal_key, r));
    reply.version = WIRE_VERSION;
    reply.held = r->sequence;
    reply.link = r->link;
    reply.receipt = buf_bytes(&receipt);
    reply.exceptions = wire_list_view(&exceptions);
    wire_reply_put(&item, &reply);
    assert_ok(item.err);
    handover_item_put(&file, HANDOVER_REPLY, buf_bytes(&item));
    wire_list_fini(&exceptions);
    buf_fini(&receipt);
    buf_fini(&item);
}

/* Signs what was put, and begins another. */
static enum err take(struct tablet_receipts *out)
{
    enum err err;

    assert_ok(handover_answer_sign(&file, &identity()->seal_key));
    err = tablet_take_receipts(desk.t, buf_bytes(&file), out);
    buf_reset(&file);
    handover_answer_begin(&file);
    return err;
}

static uint64_t waiting(void)
{
    struct evlog_counts c;

    assert_ok(evlog_counts(tablet_log(desk.t), &c));
    return c.waiting;
}

static void assert_refused(const struct wire_receipt *r, enum err want)
{
    const uint64_t before = waiting();
    struct tablet_receipts got;

    put_reply(r, NULL, 0);
    assert_err(take(&got), want);
    assert_int_equal(waiting(), before);
}

static uint64_t kept_size(void)
{
    struct cose_sign1 msg;
    struct wire_receipt r;
    struct buf bytes;

    buf_init(&bytes, 65536);
    assert_ok(store_meta_get(tablet_store(desk.t), SYNC_META_RECEIPT, &bytes));
    assert_ok(cose_sign1_parse(buf_bytes(&bytes), &msg));
    assert_ok(wire_receipt_get(msg.payload, &r));
    buf_fini(&bytes);
    return r.size;
}

static void a_receipt_by_hand_counts_as_one_by_the_network(void **state)
{
    const struct wire_receipt some = receipt_for(3);
    struct tablet_receipts got;

    (void)state;
    put_reply(&some, NULL, 0);
    assert_ok(take(&got));
    assert_int_equal(got.receipts, 1);
    assert_int_equal(got.events, 3);
    assert_int_equal(waiting(), head.sequence - 3);
    assert_int_equal(kept_size(), 5);
}

/* Of a server that has seen nothing of this chain yet. */
static void a_receipt_for_nothing_takes_nothing(void **state)
{
    const struct wire_receipt none = receipt_for(0);
    struct tablet_receipts got;

    (void)state;
    put_reply(&none, NULL, 0);
    assert_ok(take(&got));
    assert_int_equal(got.receipts, 1);
    assert_int_equal(got.events, 0);
    assert_int_equal(waiting(), head.sequence);
}

static void the_newest_of_several_receipts_is_kept(void **state)
{
    const struct wire_receipt newer = receipt_for(5), older = receipt_for(2);
    struct tablet_receipts got;

    (void)state;
    put_reply(&newer, NULL, 0);
    put_reply(&older, NULL, 0);
    assert_ok(take(&got));
    assert_int_equal(got.receipts, 2);
    assert_int_equal(got.events, 5);
    assert_int_equal(kept_size(), newer.size);
}

static void what_is_not_of_our_chain_takes_nothing(void **state)
{
    struct wire_receipt r = receipt_for(3);

    (void)state;
    r.device.bytes[0] ^= 1;
    assert_refused(&r, ERR_DENIED);
    r = receipt_for(3);
    r.link.bytes[0] ^= 1;
    assert_refused(&r, ERR_FORK);
    r = receipt_for(3);
    r.sequence = head.sequence + 1;
    assert_refused(&r, ERR_NOT_FOUND);
    r = receipt_for(0);
    r.link.bytes[0] = 1;
    assert_refused(&r, ERR_FORK);
}

/* A server gone wrong, with the right key. */
static void a_receipt_that_names_too_many_files_takes_nothing(void **state)
{
    static const uint8_t name[32] = { 9 };
    struct wire_receipt r = receipt_for(3);
    struct wire_list_writer blobs;

    (void)state;
    wire_list_begin(&blobs, 65536);
    for (size_t i = 0; i <= SYNC_BLOBS_MAX; i++) {
        cbor_put_bytes(wire_list_item(&blobs), name, sizeof(name));
    }
    r.blobs = wire_list_view(&blobs);
    assert_refused(&r, ERR_TOO_LONG);
    wire_list_fini(&blobs);
}

/* Another log, or another content of the same size: it was put back. */
static void a_server_that_went_back_is_told(void **state)
{
    struct wire_receipt r = receipt_for(3);
    struct tablet_receipts got;

    (void)state;
    put_reply(&r, NULL, 0);
    assert_ok(take(&got));
    put_reply(&r, NULL, 0);
    assert_ok(take(&got));
    r.root.bytes[0] ^= 1;
    assert_refused(&r, ERR_WENT_BACK);
    r = receipt_for(4);
    r.log_id.bytes[0] ^= 1;
    assert_refused(&r, ERR_WENT_BACK);
    /* within one answer as well */
    r = receipt_for(5);
    put_reply(&r, NULL, 0);
    r.root.bytes[0] ^= 1;
    assert_refused(&r, ERR_WENT_BACK);
}

static void what_the_council_does_not_apply_is_told_with_its_reason(
    void **state)
{
    char reason[300];
    const struct refusal refused[] = {
        { 0, "of nothing" },
        { 2, reason },
        { 4, "behind the receipt" },
    };
    const struct wire_receipt r = receipt_for(3);
    struct tablet_receipts got;

    (void)state;
    memset(reason, 'x', sizeof(reason));
    memcpy(reason + 198, "\xc3\xa9", 2); /* would be cut in two */
    reason[299] = '\0';
    put_reply(&r, refused, ARRAY_LEN(refused));
    assert_ok(take(&got));
    assert_int_equal(got.exceptions, 1);
    assert_int_equal(ask(&desk, "SELECT length(CAST(reason AS BLOB))"
                                " FROM event WHERE state = 1"),
                     198);
    assert_int_equal(ask(&desk, "SELECT count(*) FROM event WHERE state = 1"),
                     1);
}

static void what_a_newer_server_adds_is_passed_over(void **state)
{
    static const uint8_t news[] = { 1, 2, 3 };
    const struct wire_receipt r = receipt_for(3);
    struct tablet_receipts got;

    (void)state;
    handover_item_put(&file, (enum handover_type)99,
                      (struct bytes){ news, sizeof(news) });
    put_reply(&r, NULL, 0);
    assert_ok(take(&got));
    assert_int_equal(got.receipts, 1);
    assert_int_equal(got.events, 3);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_receipt_by_hand_counts_as_one_by_the_network),
        T(a_receipt_for_nothing_takes_nothing),
        T(the_newest_of_several_receipts_is_kept),
        T(what_is_not_of_our_chain_takes_nothing),
        T(a_receipt_that_names_too_many_files_takes_nothing),
        T(a_server_that_went_back_is_told),
        T(what_the_council_does_not_apply_is_told_with_its_reason),
        T(what_a_newer_server_adds_is_passed_over),
    };
    return RUN_TESTS(tests);
}
