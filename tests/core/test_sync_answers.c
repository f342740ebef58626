/* test_sync_answers.c - what the engine makes of an answer: all of it, or
 * nothing. */
#include <sqlite3.h>

#include "core/event.h"
#include "core/store_internal.h"
#include "core/wipe_order.h"
#include "tests/core/sync_rig.h"

#define EVENTS 5

static struct wire_receipt receipt;
static struct wire_reply reply;

/* Five events, all of them in the request that is out. */
static int set_up(void **state)
{
    uint64_t last;

    (void)state;
    rig_open(EVENTS);
    assert_int_equal(rig_push(&last), EVENTS);
    rig_plan(EVENTS, &receipt, &reply);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rig_close();
    return 0;
}

static struct evlog_counts counts(void)
{
    struct evlog_counts c;

    assert_ok(evlog_counts(rig.log, &c));
    return c;
}

static struct sync_status status(void)
{
    struct sync_status s;

    sync_status(rig.sync, &s);
    return s;
}

static bool is_new_chain(void)
{
    return !uuid_eq(&evlog_identity(rig.log)->incarnation, &rig.id.incarnation);
}

/* It meant `want`, and nothing of it was believed. */
static void assert_nothing_of_it(enum err want)
{
    assert_err(rig_answer(&receipt, &reply), want);
    assert_int_equal(counts().acknowledged, 0);
    assert_int_equal(counts().received, 0);
    assert_false(is_new_chain());
    assert_int_equal(status().last_err, want);
}

static void only_a_receipt_of_this_exchange_counts(void **state)
{
    uint64_t last;

    (void)state;
    receipt.device.bytes[0] ^= 1;
    assert_nothing_of_it(ERR_PORTAL);
    assert_int_equal(rig_push(&last), EVENTS);
    receipt.device = rig.id.device;
    receipt.incarnation.bytes[0] ^= 1;
    assert_nothing_of_it(ERR_PORTAL);
    assert_int_equal(rig_push(&last), EVENTS);
    receipt.incarnation = rig.id.incarnation;
    reply.version = WIRE_VERSION + 1;
    assert_nothing_of_it(ERR_NEWER);
    assert_int_equal(rig_push(&last), EVENTS);
    reply.version = WIRE_VERSION;
    assert_ok(rig_answer(&receipt, &reply));
    assert_int_equal(counts().acknowledged, EVENTS);
    assert_int_equal(status().last_err, ERR_OK);
}

static void a_receipt_by_another_key_is_a_portals(void **state)
{
    const struct ec_key honest = rig.server;

    (void)state;
    assert_ok(crypto_ec_new(port_random(sim_port(rig.machine)), &rig.server));
    assert_nothing_of_it(ERR_PORTAL);
    rig.server = honest;
}

static void an_answer_that_nobody_asked_for_is_not_read(void **state)
{
    (void)state;
    assert_ok(rig_answer(&receipt, &reply));
    assert_err(rig_answer(&receipt, &reply), ERR_USAGE);
    sync_failed(rig.sync, rig.mono_ms, ERR_TLS, "late");
    assert_int_equal(status().last_err, ERR_OK);
}

static void each_status_without_a_receipt_has_its_meaning(void **state)
{
    static const struct {
        int status;
        const char *type;
        enum err want;
    } rows[] = {
        { 200, "text/html", ERR_PORTAL },
        { 200, WIRE_TYPE_PLAIN, ERR_PORTAL },
        { 302, "text/plain", ERR_PORTAL },
        { 400, "text/plain; charset=utf-8", ERR_REFUSED },
        { 400, "text/html", ERR_PORTAL },
        { 403, "text/plain", ERR_DENIED },
        { 413, "text/plain", ERR_TOO_LONG },
        { 429, "text/plain", ERR_BUSY },
        { 503, "text/plain", ERR_BUSY },
        { 507, "text/plain", ERR_BUSY },
        { 511, "text/html", ERR_PORTAL },
    };
    struct sync_response r = { .body = { (const uint8_t *)"no", 2 } };
    uint64_t last;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        r.status = rows[i].status;
        r.content_type = rows[i].type;
        assert_err(sync_feed(rig.sync, rig.mono_ms, &r), rows[i].want);
        assert_int_equal(status().last_err, rows[i].want);
        assert_int_equal(status().state, SYNC_WAITING);
        assert_int_equal(counts().acknowledged, 0);
        assert_int_equal(rig_push(&last), EVENTS);
    }
    assert_non_null(strstr(status().why, "(HTTP 511)"));
}

/* --- the chain --- */

static void a_receipt_for_more_than_we_have_ends_the_chain(void **state)
{
    (void)state;
    receipt.sequence = EVENTS + 1;
    assert_ok(rig_answer(&receipt, &reply));
    assert_true(is_new_chain());
    assert_true(status().is_alarm);
    assert_int_equal(counts().acknowledged, 0);
}

static void a_receipt_with_another_link_ends_the_chain(void **state)
{
    (void)state;
    receipt.link.bytes[5] ^= 1;
    assert_ok(rig_answer(&receipt, &reply));
    assert_true(is_new_chain());
    assert_true(status().is_alarm);
    assert_int_equal(counts().acknowledged, 0);
}

static void an_empty_chain_has_the_link_of_zeros(void **state)
{
    (void)state;
    rig_plan(0, &receipt, &reply);
    assert_ok(rig_answer(&receipt, &reply));
    assert_false(is_new_chain());
    assert_false(status().is_alarm);
}

static void an_empty_chain_with_another_link_is_not_ours(void **state)
{
    (void)state;
    rig_plan(0, &receipt, &reply);
    receipt.link.bytes[31] = 1;
    assert_ok(rig_answer(&receipt, &reply));
    assert_true(is_new_chain());
    assert_true(status().is_alarm);
}

static void a_part_of_a_push_is_acknowledged_as_far_as_it_is_held(void **state)
{
    uint64_t last;

    (void)state;
    rig_plan(2, &receipt, &reply);
    assert_ok(rig_answer(&receipt, &reply));
    assert_int_equal(counts().acknowledged, 2);
    assert_int_equal(rig_push(&last), EVENTS - 2);
}

static void a_receipt_is_kept_with_the_logs_size_and_root(void **state)
{
    sqlite3_stmt *st;

    (void)state;
    assert_ok(rig_answer(&receipt, &reply));
    assert_ok(store_statement(
        rig.store, "SELECT log_size, log_root, log_id FROM receipt", &st));
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int64(st, 0), receipt.size);
    assert_int_equal(sqlite3_column_bytes(st, 1), sizeof(receipt.root));
    assert_memory_equal(sqlite3_column_blob(st, 1), &receipt.root,
                        sizeof(receipt.root));
    assert_int_equal(sqlite3_column_bytes(st, 2), sizeof(receipt.log_id));
    assert_memory_equal(sqlite3_column_blob(st, 2), &receipt.log_id,
                        sizeof(receipt.log_id));
    sqlite3_reset(st);
}

/* --- the server's log --- */

static void a_log_that_got_smaller_is_an_alarm_and_changes_nothing(void **state)
{
    uint64_t last;

    (void)state;
    rig_plan(2, &receipt, &reply);
    assert_ok(rig_answer(&receipt, &reply));
    (void)rig_push(&last);
    rig_plan(EVENTS, &receipt, &reply);
    receipt.size = 3; /* it was 4 */
    assert_err(rig_answer(&receipt, &reply), ERR_WENT_BACK);
    assert_int_equal(counts().acknowledged, 2);
    assert_true(status().is_alarm);
    assert_false(is_new_chain());
    (void)rig_push(&last);
    receipt.size = 4; /* with another root */
    assert_err(rig_answer(&receipt, &reply), ERR_WENT_BACK);
    (void)rig_push(&last);
    rig_plan(2, &receipt, &reply); /* the very same */
    assert_ok(rig_answer(&receipt, &reply));
    (void)rig_push(&last);
    rig_plan(EVENTS, &receipt, &reply);
    assert_ok(rig_answer(&receipt, &reply));
    assert_int_equal(counts().acknowledged, EVENTS);
}

static void another_log_is_given_back_what_it_lacks(void **state)
{
    uint64_t last;

    (void)state;
    assert_ok(rig_answer(&receipt, &reply));
    assert_int_equal(counts().acknowledged, EVENTS);
    rig_record(1);
    assert_int_equal(rig_push(&last), 1);
    rig_plan(0, &receipt, &reply);
    receipt.log_id.bytes[0] ^= 1;
    receipt.size = 1;
    assert_ok(rig_answer(&receipt, &reply));
    assert_true(status().is_alarm);
    assert_false(is_new_chain());
    assert_int_equal(counts().acknowledged, 0);
    assert_int_equal(rig_push(&last), EVENTS + 1);
}

/* --- what the server says beside it --- */

static void a_stop_is_obeyed(void **state)
{
    static const struct {
        enum wire_stop stop;
        enum err want;
        bool is_new, is_alarm;
    } rows[] = {
        { WIRE_STOP_GAP, ERR_OK, true, false },
        { WIRE_STOP_FORK, ERR_OK, true, true },
        { WIRE_STOP_REVOKED, ERR_OK, false, false },
        { WIRE_STOP_REENROL, ERR_OK, false, false },
        { WIRE_STOP_SEAL, ERR_REFUSED, false, false },
    };
    struct sync_request q;
    uint64_t wake;
    char why[301];

    (void)state;
    memset(why, 'w', 300);
    why[300] = '\0';
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        (void)tear_down(NULL);
        (void)set_up(NULL);
        reply.has_stop = reply.has_reason = true;
        reply.stop = rows[i].stop;
        reply.reason =
            (struct bytes){ (const uint8_t *)why, i % 2 == 0 ? 300 : 199 };
        assert_err(rig_answer(&receipt, &reply), rows[i].want);
        assert_int_equal(is_new_chain(), rows[i].is_new);
        assert_int_equal(status().is_alarm, rows[i].is_alarm);
        if (!rows[i].is_new) { /* words are cut, never lost */
            assert_int_equal(strspn(status().why, "w"), 199);
        }
        if (rows[i].stop == WIRE_STOP_REVOKED ||
            rows[i].stop == WIRE_STOP_REENROL) {
            assert_false(sync_next(rig.sync, rig.mono_ms, &q, &wake));
            assert_int_equal(status().state, SYNC_STOPPED);
            assert_int_equal(status().last_err, ERR_DENIED);
        }
    }
}

static void a_further_page_is_asked_for_at_once(void **state)
{
    struct sync_request q;
    uint64_t wake;

    (void)state;
    reply.has_more = true;
    assert_ok(rig_answer(&receipt, &reply));
    assert_true(sync_next(rig.sync, rig.mono_ms, &q, &wake));
    reply.has_more = false;
    assert_ok(rig_answer(&receipt, &reply));
    assert_false(sync_next(rig.sync, rig.mono_ms, &q, &wake));
    assert_int_equal(wake, rig.mono_ms + SYNC_POLL_MS);
    assert_false(sync_next(rig.sync, wake - 1, &q, &wake));
    assert_true(sync_next(rig.sync, wake, &q, &wake));
}

/* --- events that were refused --- */

static void put_exception(struct wire_list_writer *w, uint64_t sequence,
                          const char *reason)
{
    const struct wire_exception e = {
        sequence, 1, { (const uint8_t *)reason, strlen(reason) }
    };

    wire_exception_put(wire_list_item(w), &e);
}

static void a_refusal_is_of_an_event_that_the_receipt_covers(void **state)
{
    struct wire_list_writer w;
    char reason[300];

    (void)state;
    memset(reason, 'r', sizeof(reason) - 1);
    reason[sizeof(reason) - 1] = '\0';
    wire_list_begin(&w, 4096);
    put_exception(&w, 0, "nothing");
    put_exception(&w, 2, reason);
    put_exception(&w, EVENTS + 1, "not ours");
    reply.exceptions = wire_list_view(&w);
    assert_ok(rig_answer(&receipt, &reply));
    assert_int_equal(counts().quarantined, 1);
    assert_int_equal(counts().acknowledged, EVENTS);
    wire_list_fini(&w);
}

static void a_refusal_that_is_none_spoils_the_answer(void **state)
{
    struct wire_list_writer w;

    (void)state;
    wire_list_begin(&w, 4096);
    put_exception(&w, 1, "a reason");
    cbor_put_uint(wire_list_item(&w), 7);
    reply.exceptions = wire_list_view(&w);
    assert_nothing_of_it(ERR_BAD_DATA);
    assert_int_equal(counts().quarantined, 0);
    wire_list_fini(&w);
}

static void a_refusal_in_anothers_chain_is_not_for_us(void **state)
{
    struct wire_list_writer w;

    (void)state;
    wire_list_begin(&w, 4096);
    put_exception(&w, 1, "a reason");
    reply.exceptions = wire_list_view(&w);
    receipt.link.bytes[0] ^= 1;
    assert_ok(rig_answer(&receipt, &reply));
    assert_int_equal(counts().quarantined, 0);
    wire_list_fini(&w);
}

/* --- a page of events --- */

struct page {
    struct wire_list_writer entries;
    struct buf header, wire, leaves, seal;
    struct wire_page signed_;
    uint64_t sequence;
};

static void page_begin(struct page *p, size_t count)
{
    memset(p, 0, sizeof(*p));
    wire_list_begin(&p->entries, SYNC_PLAIN_MAX_BYTES);
    buf_init(&p->header, HEADER_MAX_BYTES);
    buf_init(&p->wire, HEADER_MAX_BYTES);
    buf_init(&p->leaves, (size_t)1024 * 1024);
    buf_init(&p->seal, 4096);
    cbor_put_array(&p->leaves, count);
    assert_ok(p->leaves.err);
    p->signed_.log_id = receipt.log_id;
    p->signed_.device = rig.id.device;
}

static void page_end(struct page *p)
{
    wire_list_fini(&p->entries);
    buf_fini(&p->header);
    buf_fini(&p->wire);
    buf_fini(&p->leaves);
    buf_fini(&p->seal);
}

/* A colleague's next event. */
static void page_event(struct page *p)
{
    static const uint8_t salt[EVENT_SALT_SIZE] = { 1 };
    const struct bytes body = { (const uint8_t *)"\xa1\x01\xa0", 3 };
    struct event_header h = { .envelope = EVENT_ENVELOPE,
                              .device = { { 8 } },
                              .incarnation = { { 9 } },
                              .sequence = ++p->sequence,
                              .hlc = 1000,
                              .boot = { { 3 } },
                              .record = { { 4 } },
                              .kind = KIND_OBSERVATION,
                              .kind_version = 1,
                              .op = OP_CREATE };
    struct wire_entry e = { .position = 10 + p->sequence };
    struct wire_leaf leaf = { .position = 10 + p->sequence };

    event_commit(salt, body, &h.commitment);
    buf_reset(&p->header);
    buf_reset(&p->wire);
    assert_ok(event_header_put(&p->header, &h));
    assert_ok(event_wire_put(&p->wire, buf_bytes(&p->header), salt, body));
    e.event = buf_bytes(&p->wire);
    wire_entry_put(wire_list_item(&p->entries), &e);
    crypto_sha256(buf_bytes(&p->header), &leaf.header);
    wire_leaf_put(&p->leaves, &leaf);
}

/* Signs the leaves, puts both into the reply. */
static void page_sign(struct page *p, const struct ec_key *key)
{
    crypto_sha256(buf_bytes(&p->leaves), &p->signed_.leaves);
    buf_reset(&p->seal);
    assert_ok(wire_page_sign(&p->seal, key, &p->signed_));
    reply.entries = wire_list_view(&p->entries);
    reply.has_page = true;
    reply.page = buf_bytes(&p->seal);
}

static void a_page_counts_when_all_of_it_is_signed_for_us(void **state)
{
    const struct ec_key stranger = rig.id.seal_key;
    struct page p;
    uint64_t last;

    (void)state;
    page_begin(&p, 2);
    page_event(&p);
    page_event(&p);
    page_sign(&p, &stranger);
    assert_nothing_of_it(ERR_BAD_SEAL);
    (void)rig_push(&last);
    p.signed_.device.bytes[0] ^= 1;
    page_sign(&p, &rig.server);
    assert_nothing_of_it(ERR_BAD_SEAL);
    (void)rig_push(&last);
    p.signed_.device = rig.id.device;
    p.signed_.log_id.bytes[0] ^= 1;
    page_sign(&p, &rig.server);
    assert_nothing_of_it(ERR_BAD_SEAL);
    (void)rig_push(&last);
    p.signed_.log_id = receipt.log_id;
    p.leaves.data[3] ^= 1;
    page_sign(&p, &rig.server);
    assert_nothing_of_it(ERR_BAD_SEAL);
    (void)rig_push(&last);
    p.leaves.data[3] ^= 1;
    page_sign(&p, &rig.server);
    reply.has_page = false;
    assert_nothing_of_it(ERR_BAD_DATA);
    (void)rig_push(&last);
    page_sign(&p, &rig.server);
    assert_ok(rig_answer(&receipt, &reply));
    assert_int_equal(counts().received, 2);
    assert_int_equal(counts().acknowledged, EVENTS);
    page_end(&p);
}

static void a_page_of_more_than_the_limit_is_refused(void **state)
{
    struct page p;
    uint64_t last;

    (void)state;
    page_begin(&p, SYNC_BATCH_MAX + 1);
    for (size_t i = 0; i < SYNC_BATCH_MAX + 1; i++) {
        page_event(&p);
    }
    page_sign(&p, &rig.server);
    assert_nothing_of_it(ERR_BAD_DATA);
    page_end(&p);
    (void)rig_push(&last);
    page_begin(&p, SYNC_BATCH_MAX);
    for (size_t i = 0; i < SYNC_BATCH_MAX; i++) {
        page_event(&p);
    }
    page_sign(&p, &rig.server);
    assert_ok(rig_answer(&receipt, &reply));
    assert_int_equal(counts().received, SYNC_BATCH_MAX);
    page_end(&p);
}

static void an_entry_that_is_none_spoils_the_page(void **state)
{
    struct wire_entry e = { 12, { (const uint8_t *)"\x01", 1 } };
    struct page p;
    uint64_t last;

    (void)state;
    page_begin(&p, 2);
    wire_entry_put(wire_list_item(&p.entries), &e);
    page_event(&p);
    page_sign(&p, &rig.server);
    assert_nothing_of_it(ERR_BAD_DATA);
    (void)rig_push(&last);
    page_end(&p);
    page_begin(&p, 1);
    cbor_put_uint(wire_list_item(&p.entries), 7);
    page_sign(&p, &rig.server);
    assert_nothing_of_it(ERR_BAD_DATA);
    page_end(&p);
}

/* What the server logged, though it is no event: the rest still counts. */
static void what_is_no_event_in_a_signed_page_is_passed_over(void **state)
{
    static const uint8_t wire[] = {
        0x83, 0x41, 0xa0, 0x50, 1, 2, 3, 4, 5,    6,    7, 8,
        9,    0,    1,    2,    3, 4, 5, 6, 0x43, 0xa1, 1, 0xa0
    };
    const struct wire_entry e = { 10, { wire, sizeof(wire) } };
    struct wire_leaf leaf = { .position = 10 };
    struct bytes salt, body;
    struct buf header;
    struct page p;

    (void)state;
    buf_init(&header, HEADER_MAX_BYTES); /* of a commitment, and no more */
    assert_ok(event_wire_parse(e.event, &header, &salt, &body));
    page_begin(&p, 2);
    wire_entry_put(wire_list_item(&p.entries), &e);
    crypto_sha256(buf_bytes(&header), &leaf.header);
    buf_fini(&header);
    wire_leaf_put(&p.leaves, &leaf);
    page_event(&p);
    page_sign(&p, &rig.server);
    assert_ok(rig_answer(&receipt, &reply));
    assert_int_equal(counts().received, 1);
    page_end(&p);
}

/* --- files --- */

static void a_file_that_the_receipt_names_badly_spoils_it(void **state)
{
    struct wire_list_writer w;

    (void)state;
    wire_list_begin(&w, 4096);
    cbor_put_bytes(wire_list_item(&w), "short", 5);
    receipt.blobs = wire_list_view(&w);
    assert_nothing_of_it(ERR_BAD_DATA);
    wire_list_fini(&w);
}

/* An event with `count` files of its own; the names ascend. */
static void record_files(uint8_t record, size_t count)
{
    const struct port *port = sim_port(rig.machine);
    const struct bytes bytes = { (const uint8_t *)"a file", 6 };
    struct hash names[HEADER_BLOBS_MAX] = { { { 0 } } };
    struct evlog_new e = { .record = { { record } },
                           .kind = KIND_PHOTO,
                           .kind_version = 1,
                           .op = OP_CREATE,
                           .body = { (const uint8_t *)"\xa1\x01\xa0", 3 },
                           .blobs = names,
                           .blob_count = count };

    for (size_t i = 0; i < count; i++) {
        names[i].bytes[0] = record;
        names[i].bytes[1] = (uint8_t)i;
        assert_ok(port->ops->part_write(port->ctx, &names[i], 0, bytes));
        assert_ok(port->ops->part_commit(port->ctx, &names[i], &names[i]));
    }
    assert_ok(evlog_append(rig.log, &e, 1, NULL));
}

/* Of as many files as one request may ask about; the receipt names the first
 * `held`: is the next request due at once? */
static bool goes_on_after(size_t files, size_t held)
{
    struct wire_list_writer w;
    struct sync_request q;
    uint64_t last, wake;
    struct hash name = { { 0 } };
    bool is_due;

    (void)tear_down(NULL);
    (void)set_up(NULL);
    assert_ok(rig_answer(&receipt, &reply));
    for (uint8_t i = 0; files > 0; i++) {
        const size_t some = files < HEADER_BLOBS_MAX ? files : HEADER_BLOBS_MAX;

        record_files((uint8_t)(i + 1), some);
        files -= some;
    }
    assert_true(rig_push(&last) > 0);
    rig_plan(last, &receipt, &reply);
    wire_list_begin(&w, 8192);
    name.bytes[0] = 1;
    for (; w.count < held; name.bytes[1]++) {
        cbor_put_hash(wire_list_item(&w), &name);
    }
    receipt.blobs = wire_list_view(&w);
    assert_ok(rig_answer(&receipt, &reply));
    assert_int_equal(counts().blobs_held, held);
    wire_list_fini(&w);
    is_due = sync_next(rig.sync, rig.mono_ms, &q, &wake);
    if (is_due) {
        assert_string_equal(q.path, "/v1/exchange");
    }
    return is_due;
}

/* Files behind those that could be asked about may be there, too. */
static void more_files_than_one_request_names_are_asked_about(void **state)
{
    (void)state;
    assert_true(goes_on_after(SYNC_BLOBS_MAX, 1));
    assert_true(goes_on_after(SYNC_BLOBS_MAX + 1, 2));
    assert_false(goes_on_after(SYNC_BLOBS_MAX, 0));
    assert_false(goes_on_after(SYNC_BLOBS_MAX - 1, 1));
}

/* Files that this tablet hasn't got: nothing of them is sent. */
static void what_is_wanted_of_others_is_passed_over(void **state)
{
    struct wire_wanted wanted = { .offset = 0 };
    struct wire_list_writer w;
    struct sync_request q;
    uint64_t wake;

    (void)state;
    wire_list_begin(&w, 8192);
    for (size_t i = 0; i < SYNC_BLOBS_MAX + 5; i++) {
        wanted.name.bytes[0] = (uint8_t)i;
        wire_wanted_put(wire_list_item(&w), &wanted);
    }
    reply.wanted = wire_list_view(&w);
    assert_ok(rig_answer(&receipt, &reply));
    assert_false(sync_next(rig.sync, rig.mono_ms, &q, &wake));
    wire_list_fini(&w);
}

static void an_order_to_wipe_that_does_not_hold_is_nothing(void **state)
{
    struct buf kept;

    (void)state;
    buf_init(&kept, 4096);
    reply.has_wipe = true;
    reply.wipe = (struct bytes){ (const uint8_t *)"\xd2\x84", 2 };
    assert_ok(rig_answer(&receipt, &reply));
    assert_int_equal(counts().acknowledged, EVENTS);
    assert_err(store_meta_get(rig.store, WIPE_ORDER_META, &kept),
               ERR_NOT_FOUND);
    buf_fini(&kept);
}

static enum err answer_with_order(const struct ec_key *key,
                                  const struct uuid *device)
{
    const struct wipe_order order = { .device = *device, .given_ms = 1 };
    struct buf signed_, kept;
    enum err err;

    buf_init(&signed_, WIPE_ORDER_MAX);
    buf_init(&kept, WIPE_ORDER_MAX);
    assert_ok(wipe_order_sign(&signed_, key, &order));
    reply.has_wipe = true;
    reply.wipe = buf_bytes(&signed_);
    assert_ok(rig_answer(&receipt, &reply));
    err = store_meta_get(rig.store, WIPE_ORDER_META, &kept);
    if (!err) {
        assert_true(bytes_eq(buf_bytes(&kept), buf_bytes(&signed_)));
    }
    buf_fini(&signed_);
    buf_fini(&kept);
    return err;
}

static void only_the_councils_order_for_this_tablet_is_kept(void **state)
{
    const struct uuid other = { { 5 } };
    uint64_t last;

    (void)state;
    assert_err(answer_with_order(&rig.id.seal_key, &rig.id.device),
               ERR_NOT_FOUND);
    sync_now(rig.sync, rig.mono_ms);
    (void)rig_push(&last);
    assert_err(answer_with_order(&rig.server, &other), ERR_NOT_FOUND);
    sync_now(rig.sync, rig.mono_ms);
    (void)rig_push(&last);
    assert_ok(answer_with_order(&rig.server, &rig.id.device));
}

static void one_request_is_out_at_a_time(void **state)
{
    struct sync_request q;
    uint64_t wake = 0;

    (void)state;
    assert_false(sync_next(rig.sync, rig.mono_ms, &q, &wake));
    assert_true(wake > rig.mono_ms);
    sync_now(rig.sync, rig.mono_ms);
    assert_false(sync_next(rig.sync, wake + 1, &q, &wake));
}

/* Without random numbers all would come back together: late, then. */
static void without_random_numbers_the_wait_is_the_longest(void **state)
{
    struct sync_request q;
    uint64_t wake = 0;

    (void)state;
    sim_port_fault(rig.machine, SIM_FAULT_RANDOM_IO, 1000);
    sync_failed(rig.sync, rig.mono_ms, ERR_UNREACHABLE, "cut");
    sim_port_fault(rig.machine, SIM_FAULT_RANDOM_IO, 0);
    assert_false(sync_next(rig.sync, rig.mono_ms, &q, &wake));
    assert_int_equal(wake - rig.mono_ms, SYNC_BACKOFF_FIRST_MS);
}

/* The text that was held counts; of the files it is asked again. */
static void a_wish_for_files_that_is_none_is_an_error(void **state)
{
    struct wire_list_writer w;

    (void)state;
    wire_list_begin(&w, 100);
    cbor_put_uint(wire_list_item(&w), 7);
    reply.wanted = wire_list_view(&w);
    assert_err(rig_answer(&receipt, &reply), ERR_BAD_DATA);
    assert_int_equal(counts().acknowledged, EVENTS);
    assert_int_equal(status().state, SYNC_WAITING);
    wire_list_fini(&w);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(only_a_receipt_of_this_exchange_counts),
        T(a_receipt_by_another_key_is_a_portals),
        T(an_answer_that_nobody_asked_for_is_not_read),
        T(each_status_without_a_receipt_has_its_meaning),
        T(a_receipt_for_more_than_we_have_ends_the_chain),
        T(a_receipt_with_another_link_ends_the_chain),
        T(an_empty_chain_has_the_link_of_zeros),
        T(an_empty_chain_with_another_link_is_not_ours),
        T(a_part_of_a_push_is_acknowledged_as_far_as_it_is_held),
        T(a_receipt_is_kept_with_the_logs_size_and_root),
        T(a_log_that_got_smaller_is_an_alarm_and_changes_nothing),
        T(another_log_is_given_back_what_it_lacks),
        T(a_stop_is_obeyed),
        T(a_further_page_is_asked_for_at_once),
        T(a_refusal_is_of_an_event_that_the_receipt_covers),
        T(a_refusal_that_is_none_spoils_the_answer),
        T(a_refusal_in_anothers_chain_is_not_for_us),
        T(a_page_counts_when_all_of_it_is_signed_for_us),
        T(a_page_of_more_than_the_limit_is_refused),
        T(an_entry_that_is_none_spoils_the_page),
        T(a_file_that_the_receipt_names_badly_spoils_it),
        T(more_files_than_one_request_names_are_asked_about),
        T(what_is_wanted_of_others_is_passed_over),
        T(an_order_to_wipe_that_does_not_hold_is_nothing),
        T(what_is_no_event_in_a_signed_page_is_passed_over),
        T(only_the_councils_order_for_this_tablet_is_kept),
        T(one_request_is_out_at_a_time),
        T(without_random_numbers_the_wait_is_the_longest),
        T(a_wish_for_files_that_is_none_is_an_error),
    };

    return RUN_TESTS(tests);
}
