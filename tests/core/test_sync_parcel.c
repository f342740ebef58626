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

/* A file of one byte that is said to have `size`, and its name. */
static struct hash carry_of(uint8_t byte, uint64_t size)
{
    const struct port *port = sim_port(rig.machine);
    const struct bytes one = { &byte, 1 };
    struct hash name;

    crypto_sha256(one, &name);
    assert_ok(port->ops->part_write(port->ctx, &name, 0, one));
    assert_ok(port->ops->part_commit(port->ctx, &name, &name));
    assert_ok(store_parcel_add(rig.store, &name, size, byte));
    return name;
}

static struct hash carry(uint8_t byte)
{
    return carry_of(byte, 1);
}

static void lose(const struct hash *name)
{
    const struct port *port = sim_port(rig.machine);

    assert_ok(port->ops->blob_remove(port->ctx, name));
}

/* An exchange, after which carried files are looked for. */
static void exchange(void)
{
    struct wire_receipt receipt;
    struct wire_reply reply;
    uint64_t last;

    (void)rig_push(&last);
    rig_plan(1, &receipt, &reply);
    assert_ok(rig_answer(&receipt, &reply));
}

static enum err feed(const struct sync_response *r)
{
    return sync_feed(rig.sync, rig.mono_ms, r);
}

static enum err feed_words(int status, const char *words)
{
    return feed(&(struct sync_response){
        .status = status,
        .content_type = "text/plain",
        .body = { (const uint8_t *)words, strlen(words) } });
}

/* The server has nothing of the file that is asked for. */
static void has_none(void)
{
    assert_int_equal(next_of_parcel(), SYNC_HEAD);
    assert_ok(
        feed(&(struct sync_response){ .status = 200, .has_offset = true }));
}

/* After a failure all begins with the next exchange. */
static void begin_again(void)
{
    exchange();
    has_none();
}

/* Its size is one byte, and the server has none of it yet. */
static int set_up(void **state)
{
    (void)state;
    rig_open(1);
    (void)carry('x');
    begin_again();
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

/* The newest of them. */
static struct store_parcel carried(void)
{
    struct store_parcel p = { .size = 0 };

    assert_ok(store_parcels(rig.store, take, &p));
    return p;
}

/* No request is about a carried file until then. */
static void check_next_is_an_exchange(void)
{
    uint64_t wake = 0;

    for (int i = 0; !sync_next(rig.sync, rig.mono_ms, &request, &wake); i++) {
        assert_true(i < 1000);
        rig.mono_ms = wake;
    }
    assert_string_equal(request.path, "/v1/exchange");
}

static void check_waits_for_an_exchange(void)
{
    check_next_is_an_exchange();
    assert_int_equal(carried().state, PARCEL_WAITING);
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
    (void)state;
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    assert_ok(feed_words(422, "\n\n"));
    assert_int_equal(carried().state, PARCEL_REFUSED);
    assert_string_equal(carried().words, "");
}

static void a_long_refusal_is_kept_as_far_as_there_is_room(void **state)
{
    char words[600];

    (void)state;
    memset(words, 'w', sizeof(words));
    words[599] = '\0';
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    assert_ok(feed_words(413, words));
    assert_int_equal(carried().state, PARCEL_REFUSED);
    assert_int_equal(strlen(carried().words), 399);
}

/* The author's tablet is to learn what became of its entries, and the file
 * is to make room. */
static void what_the_council_answered_is_kept_and_the_file_goes(void **state)
{
    static const uint8_t answer[] = "Bhr\x01 and what it says";
    const struct sync_response r = { .status = 200,
                                     .body = { answer, sizeof(answer) } };

    (void)state;
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    assert_ok(feed(&r));
    assert_int_equal(carried().state, PARCEL_DELIVERED);
    assert_true(carried().has_answer);
    assert_int_equal(sim_port_blob_bytes(rig.machine), 0);
}

static void a_file_that_went_with_its_answer_is_delivered(void **state)
{
    static const uint8_t answer[] = "Bhr\x01";
    const struct sync_response r = { .status = 200, .body = { answer, 4 } };

    struct store_parcel kept;

    (void)state;
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    kept = carried();
    lose(&kept.name);
    assert_ok(feed(&r));
    assert_int_equal(carried().state, PARCEL_DELIVERED);
}

/* A sign-in page that says 200 would have the file deleted. */
static void a_page_in_place_of_the_answer_delivers_nothing(void **state)
{
    static uint8_t large[HANDOVER_REPLY_MAX_BYTES + 1] = "Bhr\x01";
    const struct bytes answers[] = { { NULL, 0 },
                                     { large, 3 },
                                     { (const uint8_t *)"<html>", 6 },
                                     { large, sizeof(large) } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
        assert_int_equal(next_of_parcel(), SYNC_PATCH);
        assert_err(feed(&(struct sync_response){ .status = 200,
                                                 .content_type = "text/html",
                                                 .body = answers[i] }),
                   ERR_PORTAL);
        assert_int_equal(carried().state, PARCEL_WAITING);
        begin_again();
    }
    assert_true(sim_port_blob_bytes(rig.machine) > 0);
}

static void a_page_that_says_no_offset_or_no_word_moves_nothing(void **state)
{
    const struct sync_response moved = { .status = 204 },
                               page = { .status = 403,
                                        .content_type = "text/html" };

    (void)state;
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    assert_err(feed(&moved), ERR_PORTAL);
    begin_again();
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    assert_err(feed(&page), ERR_PORTAL);
    begin_again();
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    assert_int_equal(request.upload_offset, 0);
}

/* Part of it came by another way, or the answer to a piece was lost. */
static void a_server_that_has_another_offset_is_asked_for_it(void **state)
{
    (void)state;
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    assert_ok(feed_words(409, "not there\n"));
    assert_int_equal(next_of_parcel(), SYNC_HEAD);
    assert_ok(feed(&(struct sync_response){
        .status = 200, .has_offset = true, .upload_offset = 1 }));
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    assert_int_equal(request.upload_offset, 1);
    assert_int_equal(request.body.len, 0);
}

/* It knows no carried files: they stay, the tablet's own go on. */
static void an_older_server_is_left_alone_until_the_next_exchange(void **state)
{
    static const int statuses[] = { 404, 405 };

    (void)state;
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    assert_ok(feed_words(404, "no such page\n"));
    check_waits_for_an_exchange();
    for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
        rig_close();
        rig_open(1);
        (void)carry('x');
        exchange();
        assert_int_equal(next_of_parcel(), SYNC_HEAD);
        assert_ok(feed_words(statuses[i], "no such page\n"));
        check_waits_for_an_exchange();
    }
}

static void a_server_that_cannot_now_is_asked_again(void **state)
{
    static const struct {
        int status;
        enum err err;
    } cases[] = { { 403, ERR_DENIED },  { 429, ERR_BUSY },
                  { 503, ERR_BUSY },    { 507, ERR_BUSY },
                  { 405, ERR_REFUSED }, { 500, ERR_REFUSED } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        assert_int_equal(next_of_parcel(), SYNC_PATCH);
        assert_err(feed_words(cases[i].status, "not now\n"), cases[i].err);
        assert_int_equal(carried().state, PARCEL_WAITING);
        begin_again();
    }
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
}

static void a_file_that_is_gone_holds_back_none_behind_it(void **state)
{
    struct sync_status status;
    struct store_parcel kept;

    (void)state;
    kept = carried();
    lose(&kept.name);
    (void)carry('y');
    assert_int_equal(next_of_parcel(), SYNC_HEAD);
    sync_status(rig.sync, &status);
    assert_string_equal(status.why, "A carried file cannot be read.");
    assert_ok(
        feed(&(struct sync_response){ .status = 200, .has_offset = true }));
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    assert_int_equal(request.body.data[0], 'y');
    assert_int_equal(carried().state, PARCEL_WAITING);
}

/* Cut short by whatever filled or damaged the disk. */
static void a_file_that_ends_too_early_holds_back_none_behind_it(void **state)
{
    struct store_parcel kept;

    (void)state;
    rig_close();
    rig_open(1);
    (void)carry_of('x', 2);
    exchange();
    assert_int_equal(next_of_parcel(), SYNC_HEAD);
    assert_ok(feed(&(struct sync_response){
        .status = 200, .has_offset = true, .upload_offset = 1 }));
    (void)carry('y');
    assert_int_equal(next_of_parcel(), SYNC_HEAD);
    kept = carried();
    assert_int_equal(kept.state, PARCEL_WAITING);
}

/* It may be read the next time: it is neither refused nor forgotten. */
static void a_file_that_cannot_be_read_now_waits(void **state)
{
    struct sync_status status;

    (void)state;
    sim_port_fault(rig.machine, SIM_FAULT_BLOB_IO, 1000);
    check_waits_for_an_exchange();
    sync_status(rig.sync, &status);
    assert_string_equal(status.why, "A carried file cannot be read.");
}

/* Paid by the byte: originals and large files wait for the office. */
static void on_a_metered_line_only_small_files_are_carried_on(void **state)
{
    static const struct uuid nobody = { { 0 } };
    struct store_parcel kept;
    struct hash small, large;

    (void)state;
    rig_close();
    rig_open(1);
    sync_close(rig.sync);
    assert_ok(sync_open(&(struct sync_options){ .log = rig.log,
                                                .port = sim_port(rig.machine),
                                                .officers = &nobody,
                                                .is_metered = true },
                        &rig.sync));
    memset(&large, 9, sizeof(large));
    assert_ok(
        store_parcel_add(rig.store, &large, SYNC_METERED_BLOB_BYTES + 1, 0));
    small = carry('x');
    exchange();
    has_none();
    assert_int_equal(next_of_parcel(), SYNC_PATCH);
    assert_int_equal(request.body.data[0], 'x');
    assert_ok(feed_words(422, "no\n"));
    kept = carried();
    assert_true(hash_eq(&kept.name, &small));
    check_next_is_an_exchange();
}

#define SHOWN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHOWN(a_last_piece_of_one_byte_is_sent),
        SHOWN(a_refusal_of_empty_lines_alone_has_no_words),
        SHOWN(a_long_refusal_is_kept_as_far_as_there_is_room),
        SHOWN(what_the_council_answered_is_kept_and_the_file_goes),
        SHOWN(a_file_that_went_with_its_answer_is_delivered),
        SHOWN(a_page_in_place_of_the_answer_delivers_nothing),
        SHOWN(a_page_that_says_no_offset_or_no_word_moves_nothing),
        SHOWN(a_server_that_has_another_offset_is_asked_for_it),
        SHOWN(an_older_server_is_left_alone_until_the_next_exchange),
        SHOWN(a_server_that_cannot_now_is_asked_again),
        SHOWN(a_file_that_is_gone_holds_back_none_behind_it),
        SHOWN(a_file_that_ends_too_early_holds_back_none_behind_it),
        SHOWN(a_file_that_cannot_be_read_now_waits),
        SHOWN(on_a_metered_line_only_small_files_are_carried_on),
    };

    return RUN_TESTS(tests);
}
