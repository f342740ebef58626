#include "tests/test.h"

#include <string.h>

#include "core/cbor.h"
#include "core/event.h"
#include "tests/hex.h"

static struct event_header sample(void)
{
    struct event_header h = { .envelope = EVENT_ENVELOPE,
                              .device = { { 1 } },
                              .incarnation = { { 2 } },
                              .sequence = 42,
                              .hlc = (uint64_t)1234567890123 << 16 | 7,
                              .wall_ms = 1234567890123,
                              .mono_ms = 99,
                              .boot = { { 3 } },
                              .utc_offset_min = -60,
                              .record = { { 4 } },
                              .kind = KIND_OBSERVATION,
                              .kind_version = 1,
                              .op = OP_CREATE,
                              .commitment = { { 5 } } };

    return h;
}

static void every_part_of_a_header_comes_back(void **state)
{
    struct event_header h = sample(), got;
    struct buf out;

    (void)state;
    memcpy(h.zone, "Europe/London", 14);
    memcpy(h.form, "quick_log", 10);
    h.form_version = 3;
    h.has_gnss = true;
    h.gnss_ms = -1;
    h.officer = (struct uuid){ { 6 } };
    h.blob_count = 2;
    h.blobs[0].bytes[0] = 1;
    h.blobs[1].bytes[0] = 2;
    h.former.count = 2;
    h.former.at[0] = (struct event_ref){ { { 8 } }, 3 };
    h.former.at[1] = (struct event_ref){ { { 9 } }, 5 };
    buf_init(&out, HEADER_MAX_BYTES);
    assert_ok(event_header_put(&out, &h));
    assert_ok(event_header_parse(buf_bytes(&out), &got));
    assert_memory_equal(&h, &got, sizeof(h));
    buf_fini(&out);
}

static void a_header_with_a_wrong_byte_count_is_refused(void **state)
{
    const struct event_header h = sample();
    struct event_header got;
    struct buf out;

    (void)state;
    buf_init(&out, HEADER_MAX_BYTES);
    assert_ok(event_header_put(&out, &h));
    for (size_t len = 0; len < out.len; len++) {
        assert_err(event_header_parse((struct bytes){ out.data, len }, &got),
                   ERR_BAD_DATA);
    }
    buf_fini(&out);
}

static void a_newer_envelope_still_says_who_and_where(void **state)
{
    struct event_header h = sample(), got;
    struct buf out;

    (void)state;
    h.envelope = 2;
    buf_init(&out, HEADER_MAX_BYTES);
    assert_ok(event_header_put(&out, &h));
    assert_err(event_header_parse(buf_bytes(&out), &got), ERR_NEWER);
    assert_int_equal(got.sequence, 42);
    assert_true(uuid_eq(&got.record, &h.record));
    buf_fini(&out);
}

static void the_wire_form_leaves_out_what_can_be_computed(void **state)
{
    static const uint8_t salt[EVENT_SALT_SIZE] = { 7 };
    const struct bytes body = { (const uint8_t *)"\xa1\x01\xa0", 3 };
    struct event_header h = sample();
    struct bytes got_salt, got_body;
    struct buf header, wire, back;

    (void)state;
    buf_init(&header, HEADER_MAX_BYTES);
    buf_init(&wire, HEADER_MAX_BYTES);
    buf_init(&back, HEADER_MAX_BYTES);
    event_commit(salt, body, &h.commitment);
    h.blob_count = 1;
    assert_ok(event_header_put(&header, &h));
    assert_ok(event_wire_put(&wire, buf_bytes(&header), salt, body));
    assert_true(wire.len < header.len + sizeof(salt) + body.len);
    assert_ok(event_wire_parse(buf_bytes(&wire), &back, &got_salt, &got_body));
    assert_true(bytes_eq(buf_bytes(&header), buf_bytes(&back)));
    assert_true(bytes_eq(got_body, body));
    assert_memory_equal(got_salt.data, salt, sizeof(salt));
    buf_fini(&header);
    buf_fini(&wire);
    buf_fini(&back);
}

static void an_erased_event_travels_with_its_commitment(void **state)
{
    const struct event_header h = sample();
    struct bytes salt, body;
    struct buf header, wire, back;

    (void)state;
    buf_init(&header, HEADER_MAX_BYTES);
    buf_init(&wire, HEADER_MAX_BYTES);
    buf_init(&back, HEADER_MAX_BYTES);
    assert_ok(event_header_put(&header, &h));
    assert_ok(event_wire_put(&wire, buf_bytes(&header), NULL,
                             (struct bytes){ NULL, 0 }));
    assert_ok(event_wire_parse(buf_bytes(&wire), &back, &salt, &body));
    assert_true(bytes_eq(buf_bytes(&header), buf_bytes(&back)));
    assert_null(body.data);
    buf_fini(&header);
    buf_fini(&wire);
    buf_fini(&back);
}

static void a_link_depends_on_the_link_before_it(void **state)
{
    const struct bytes header = { (const uint8_t *)"header", 6 };
    const struct hash first = { { 0 } };
    struct hash one, two, check, inner;

    (void)state;
    event_link(&first, header, &one);
    event_link(&one, header, &two);
    assert_false(hash_eq(&one, &two));
    crypto_sha256(header, &inner);
    crypto_sha256_2((struct bytes){ one.bytes, 32 },
                    (struct bytes){ inner.bytes, 32 }, &check);
    assert_true(hash_eq(&two, &check));
}

static enum err count_up(void *ctx, uint8_t *out, size_t len)
{
    uint8_t *next = ctx;

    for (size_t i = 0; i < len; i++) {
        out[i] = (*next)++;
    }
    return ERR_OK;
}

static void a_seal_opens_only_with_the_key_that_made_it(void **state)
{
    const struct event_seal seal = { { { 1 } }, { { 2 } }, 9, { { 3 } } };
    uint8_t next = 1;
    const struct crypto_random random = { count_up, &next };
    struct event_seal got;
    struct ec_key key, stranger;
    struct buf out;

    (void)state;
    assert_ok(crypto_ec_new(random, &key));
    assert_ok(crypto_ec_new(random, &stranger));
    buf_init(&out, 1024);
    assert_ok(event_seal_put(&out, &key, &seal));
    assert_ok(event_seal_open(buf_bytes(&out), &key.pub, &got));
    assert_memory_equal(&got, &seal, sizeof(seal));
    assert_err(event_seal_open(buf_bytes(&out), &stranger.pub, &got),
               ERR_BAD_SEAL);
    buf_fini(&out);
}

static void the_clock_never_repeats_though_the_wall_stands(void **state)
{
    uint64_t hlc = 0;
    const uint64_t first = hlc_next(&hlc, 1000);

    (void)state;
    assert_int_equal(first, (uint64_t)1000 << 16);
    assert_int_equal(hlc_next(&hlc, 1000), first + 1);
    assert_int_equal(hlc_next(&hlc, 500), first + 2);
    assert_int_equal(hlc_next(&hlc, 1001), (uint64_t)1001 << 16);
}

static void a_remote_clock_moves_ours_five_minutes_at_most(void **state)
{
    const uint64_t ahead = ((uint64_t)1000 + HLC_AHEAD_MAX_MS) << 16;
    uint64_t hlc = 0;

    (void)state;
    assert_true(hlc_observe(&hlc, ahead, 1000));
    assert_int_equal(hlc, ahead);
    assert_false(hlc_observe(&hlc, (uint64_t)1 << 62, 1000));
    assert_int_equal(hlc, ahead | UINT16_MAX);
}

/* A wall clock before 1970, or beyond all sense, still orders. */
static void the_clock_stays_below_two_to_the_63rd(void **state)
{
    uint64_t hlc = 0;

    (void)state;
    assert_int_equal(hlc_next(&hlc, -5), 1);
    assert_int_equal(hlc_next(&hlc, 0), 2);
    assert_true(hlc_next(&hlc, INT64_MAX) < (uint64_t)1 << 63);
    hlc = 0;
    assert_int_equal(hlc_next(&hlc, (int64_t)1 << 47), (((uint64_t)1 << 47) - 1)
                                                           << 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_of_a_header_comes_back),
        cmocka_unit_test(a_header_with_a_wrong_byte_count_is_refused),
        cmocka_unit_test(a_newer_envelope_still_says_who_and_where),
        cmocka_unit_test(the_wire_form_leaves_out_what_can_be_computed),
        cmocka_unit_test(an_erased_event_travels_with_its_commitment),
        cmocka_unit_test(a_link_depends_on_the_link_before_it),
        cmocka_unit_test(a_seal_opens_only_with_the_key_that_made_it),
        cmocka_unit_test(the_clock_never_repeats_though_the_wall_stands),
        cmocka_unit_test(the_clock_stays_below_two_to_the_63rd),
        cmocka_unit_test(a_remote_clock_moves_ours_five_minutes_at_most),
    };

    return RUN_TESTS(tests);
}
