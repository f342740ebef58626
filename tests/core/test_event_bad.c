/* test_event_bad.c - headers, wire forms and seals that nobody may write. */
#include <string.h>

#include "core/cbor.h"
#include "core/cose.h"
#include "core/event.h"
#include "tests/hex.h"
#include "tests/test.h"

#define SALT "00112233445566778899aabbccddeeff"
#define ZERO "00000000000000000000000000000000"

/* A header that is right, by key; 10-12, 17, 18 and 20-22 may be absent. */
static const char *const good[] = {
    [1] = "01",
    [2] = "50 01000000000000000000000000000000",
    [3] = "50 02000000000000000000000000000000",
    [4] = "182a",
    [5] = "1903e8",
    [6] = "20",
    [7] = "05",
    [8] = "50 03000000000000000000000000000000",
    [9] = "383b",
    [13] = "50 04000000000000000000000000000000",
    [14] = "01",
    [15] = "01",
    [16] = "01",
    /* one value; NOLINTNEXTLINE(bugprone-suspicious-missing-comma) */
    [19] = "5820 05" ZERO "000000000000000000000000000000",
    [22] = NULL,
};

static void put_hex(struct buf *out, const char *text)
{
    const struct hex h = hex_new(text);

    cbor_put_raw(out, hex_bytes(h));
    free(h.data);
}

/* The good header with other values at `keys`; "": left out. */
struct change {
    unsigned key;
    const char *value;
};

static void make(struct buf *out, const struct change *changes, size_t count)
{
    const char *values[ARRAY_LEN(good)];
    size_t pairs = 0;

    memcpy(values, good, sizeof(good));
    for (size_t i = 0; i < count; i++) {
        values[changes[i].key] =
            changes[i].value[0] != '\0' ? changes[i].value : NULL;
    }
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        pairs += values[i] != NULL;
    }
    buf_reset(out);
    cbor_put_map(out, pairs);
    for (size_t i = 0; i < ARRAY_LEN(good); i++) {
        if (values[i] != NULL) {
            cbor_put_uint(out, i);
            put_hex(out, values[i]);
        }
    }
    assert_ok(out->err);
}

static enum err parse(const struct change *changes, size_t count)
{
    struct event_header h;
    struct buf out;
    enum err err;

    buf_init(&out, 2 * HEADER_MAX_BYTES);
    make(&out, changes, count);
    err = event_header_parse(buf_bytes(&out), &h);
    buf_fini(&out);
    return err;
}

static enum err with(unsigned key, const char *value)
{
    const struct change change = { key, value };

    return parse(&change, 1);
}

static enum err with_two(unsigned key, const char *value, unsigned other,
                         const char *other_value)
{
    const struct change changes[] = { { key, value }, { other, other_value } };

    return parse(changes, 2);
}

static void a_header_without_one_of_its_parts_is_refused(void **state)
{
    (void)state;
    assert_ok(parse(NULL, 0));
    for (unsigned key = 1; key < ARRAY_LEN(good); key++) {
        if (good[key] != NULL) {
            assert_err(with(key, ""), ERR_BAD_DATA);
        }
    }
}

static void numbers_beyond_their_range_are_refused(void **state)
{
    static const unsigned numbers[] = { 4, 5, 7, 14, 15, 16 };

    (void)state;
    assert_err(with(4, "00"), ERR_BAD_DATA);
    for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
        assert_ok(with(numbers[i], "1b7fffffffffffffff"));
        assert_err(with(numbers[i], "1b8000000000000000"), ERR_BAD_DATA);
        assert_err(with(numbers[i], "20"), ERR_BAD_DATA);
        assert_err(with(numbers[i], "6131"), ERR_BAD_DATA);
    }
    assert_ok(with(9, "190438")); /* 18 hours */
    assert_err(with(9, "190439"), ERR_BAD_DATA);
    assert_ok(with(9, "390437"));
    assert_err(with(9, "390438"), ERR_BAD_DATA);
}

/* What is none has one spelling: absent. */
static void an_empty_part_must_be_left_out(void **state)
{
    (void)state;
    assert_ok(with(12, "50 06"
                       "000000000000000000000000000000"));
    assert_err(with(12, "50" ZERO), ERR_BAD_DATA);
    assert_err(with(10, "60"), ERR_BAD_DATA);
    assert_err(with(20, "80"), ERR_BAD_DATA);
    assert_ok(with_two(17, "6161", 18, "01"));
    assert_err(with(17, "6161"), ERR_BAD_DATA);
    assert_err(with(18, "01"), ERR_BAD_DATA);
    assert_err(with_two(17, "60", 18, "01"), ERR_BAD_DATA);
}

static void a_short_text_is_short_and_without_a_nul(void **state)
{
    char longest[2 * ZONE_MAX + 6], beyond[2 * ZONE_MAX + 6];

    (void)state;
    assert_err(with(10, "63 610061"), ERR_BAD_DATA);
    memset(longest, '6', sizeof(longest));
    memcpy(longest, "7827", 4); /* 39 bytes */
    longest[4 + 2 * (ZONE_MAX - 1)] = '\0';
    assert_ok(with(10, longest));
    memset(beyond, '6', sizeof(beyond));
    memcpy(beyond, "7828", 4);
    beyond[4 + 2 * ZONE_MAX] = '\0';
    assert_err(with(10, beyond), ERR_BAD_DATA);
}

/* `count` names of files, each one more than that before, by `step`. */
static enum err with_blobs(size_t count, int step)
{
    struct event_header h;
    struct buf out;
    struct hash name = { { 100 } };
    enum err err;

    buf_init(&out, 2 * HEADER_MAX_BYTES);
    make(&out, NULL, 0);
    out.data[0]++; /* one pair more, behind the others */
    cbor_put_uint(&out, 20);
    cbor_put_array(&out, count);
    for (size_t i = 0; i < count; i++) {
        cbor_put_hash(&out, &name);
        name.bytes[0] = (uint8_t)(name.bytes[0] + step);
    }
    assert_ok(out.err);
    err = event_header_parse(buf_bytes(&out), &h);
    if (!err) {
        assert_int_equal(h.blob_count, count);
    }
    buf_fini(&out);
    return err;
}

static void names_of_files_ascend_and_are_few(void **state)
{
    (void)state;
    assert_ok(with_blobs(1, 1));
    assert_ok(with_blobs(2, 1));
    assert_ok(with_blobs(HEADER_BLOBS_MAX, 1));
    assert_err(with_blobs(HEADER_BLOBS_MAX + 1, 1), ERR_BAD_DATA);
    assert_err(with_blobs(2, 0), ERR_BAD_DATA);
    assert_err(with_blobs(2, -1), ERR_BAD_DATA);
}

static void what_is_repeated_is_named_by_two_parts(void **state)
{
    (void)state;
    assert_ok(with(21, "82 50" SALT "01"));
    assert_err(with(21, "82 50" SALT "00"), ERR_BAD_DATA);
    assert_err(with(21, "81 50" SALT), ERR_BAD_DATA);
    assert_err(with(21, "83 50" SALT "0101"), ERR_BAD_DATA);
    assert_err(with(21, "82 4100 01"), ERR_BAD_DATA);
}

static enum err with_earlier(const char *count, size_t refs)
{
    char hex[1024];
    int len = snprintf(hex, sizeof(hex), "%s", count);

    for (size_t i = 0; i < refs; i++) {
        len += snprintf(hex + len, sizeof(hex) - (size_t)len,
                        "82 50" SALT "0%zu", i + 1);
    }
    return with_two(21, "82 50" SALT "09", 22, hex);
}

static void earlier_places_are_few_and_follow_the_one_repeated(void **state)
{
    (void)state;
    assert_ok(with_earlier("81", 1));
    assert_ok(with_earlier("87", 7));
    assert_err(with_earlier("80", 0), ERR_BAD_DATA);
    assert_err(with_earlier("88", 8), ERR_BAD_DATA);
    assert_err(with(22, "81 82 50" SALT "01"), ERR_BAD_DATA);
}

/* Someone newer may put more in, as long as the whole stays small. */
static void an_unknown_part_is_passed_over(void **state)
{
    static uint8_t filler[HEADER_MAX_BYTES];
    struct event_header h;
    struct buf out;
    size_t len;

    (void)state;
    buf_init(&out, 2 * HEADER_MAX_BYTES);
    make(&out, NULL, 0);
    len = HEADER_MAX_BYTES - out.len - 2 - 3; /* key 100, length */
    for (size_t more = 0; more < 2; more++) {
        make(&out, NULL, 0);
        out.data[0]++;
        cbor_put_uint(&out, 100);
        cbor_put_bytes(&out, filler, len + more);
        assert_int_equal(out.len, HEADER_MAX_BYTES + more);
        assert_err(event_header_parse(buf_bytes(&out), &h),
                   more == 0 ? ERR_OK : ERR_BAD_DATA);
    }
    make(&out, NULL, 0);
    out.data[0]++;
    put_hex(&out, "6161 01"); /* a key that is no number */
    assert_err(event_header_parse(buf_bytes(&out), &h), ERR_BAD_DATA);
    buf_fini(&out);
}

static void another_envelope_must_say_where_it_belongs(void **state)
{
    (void)state;
    assert_err(with(1, "02"), ERR_NEWER);
    assert_err(with_two(1, "02", 7, "6131"), ERR_NEWER); /* not ours to read */
    assert_err(with_two(1, "02", 4, "00"), ERR_BAD_DATA);
    assert_err(with_two(1, "02", 13, ""), ERR_BAD_DATA);
    assert_err(with(1, "00"), ERR_BAD_DATA);
    assert_err(with(1, "20"), ERR_BAD_DATA);
}

/* --- as sent --- */

/* `head` opens the array, then the header as bytes, then `rest`. */
static enum err parse_wire(const char *head, const struct change *change,
                           const char *rest)
{
    struct buf header, wire, back;
    struct bytes salt, body;
    enum err err;

    buf_init(&header, HEADER_MAX_BYTES);
    buf_init(&wire, 2 * HEADER_MAX_BYTES);
    buf_init(&back, HEADER_MAX_BYTES);
    make(&header, change, change != NULL);
    put_hex(&wire, head);
    cbor_put_bytes(&wire, header.data, header.len);
    put_hex(&wire, rest);
    err = event_wire_parse(buf_bytes(&wire), &back, &salt, &body);
    buf_fini(&header);
    buf_fini(&wire);
    buf_fini(&back);
    return err;
}

static void an_event_as_sent_has_one_part_or_three(void **state)
{
    static const struct change computed = { 19, "" };

    (void)state;
    assert_ok(parse_wire("81", NULL, ""));
    assert_ok(parse_wire("83", &computed, "50" SALT "43 a101a0"));
    assert_err(parse_wire("82", NULL, "50" SALT), ERR_BAD_DATA);
    assert_err(parse_wire("84", &computed, "50" SALT "43 a101a0 00"),
               ERR_BAD_DATA);
    assert_err(parse_wire("81", NULL, "00"), ERR_BAD_DATA);
    assert_err(parse_wire("82 01", NULL, ""), ERR_BAD_DATA);
}

/* Who sends the body doesn't send what can be computed from it. */
static void a_commitment_comes_just_without_its_body(void **state)
{
    static const struct change computed = { 19, "" };

    (void)state;
    assert_err(parse_wire("81", &computed, ""), ERR_BAD_DATA);
    assert_err(parse_wire("83", NULL, "50" SALT "43 a101a0"), ERR_BAD_DATA);
    assert_err(parse_wire("83", &computed,
                          "4f 00112233445566778899aabbccddee"
                          "43 a101a0"),
               ERR_BAD_DATA);
    assert_err(parse_wire("83", &computed, "50" SALT "01"), ERR_BAD_DATA);
}

static enum err parse_with_body(size_t len)
{
    static const struct change computed = { 19, "" };
    static uint8_t large[BODY_MAX_BYTES + 1];
    const uint8_t salt[EVENT_SALT_SIZE] = { 1 };
    struct bytes got_salt, body;
    struct buf header, wire, back;
    enum err err;

    buf_init(&header, HEADER_MAX_BYTES);
    buf_init(&wire, sizeof(large) + HEADER_MAX_BYTES);
    buf_init(&back, HEADER_MAX_BYTES);
    make(&header, &computed, 1);
    cbor_put_array(&wire, 3);
    cbor_put_bytes(&wire, header.data, header.len);
    cbor_put_bytes(&wire, salt, sizeof(salt));
    cbor_put_bytes(&wire, large, len);
    err = event_wire_parse(buf_bytes(&wire), &back, &got_salt, &body);
    buf_fini(&header);
    buf_fini(&wire);
    buf_fini(&back);
    return err;
}

static void a_body_longer_than_the_limit_is_refused(void **state)
{
    (void)state;
    assert_ok(parse_with_body(BODY_MAX_BYTES));
    assert_err(parse_with_body(BODY_MAX_BYTES + 1), ERR_BAD_DATA);
}

static void a_header_that_is_no_map_is_not_sent_on(void **state)
{
    static const struct change computed = { 19, "" };
    const uint8_t salt[EVENT_SALT_SIZE] = { 1 };
    const struct bytes body = { (const uint8_t *)"\xa1\x01\xa0", 3 };
    struct bytes got_salt, got_body;
    struct buf out, header;

    (void)state;
    buf_init(&out, HEADER_MAX_BYTES);
    buf_init(&header, HEADER_MAX_BYTES);
    put_hex(&out, "81 41 01"); /* a number */
    assert_err(event_wire_parse(buf_bytes(&out), &header, &got_salt, &got_body),
               ERR_BAD_DATA);
    buf_reset(&out);
    put_hex(&out, "81 41 b8"); /* cut */
    assert_err(event_wire_parse(buf_bytes(&out), &header, &got_salt, &got_body),
               ERR_BAD_DATA);
    make(&header, &computed, 1);
    assert_err(event_wire_put(&out, buf_bytes(&header), salt, body),
               ERR_BAD_DATA);
    assert_err(event_wire_put(&out, body, salt, body), ERR_BAD_DATA);
    assert_err(event_wire_put(&out, (struct bytes){ salt, 1 }, salt, body),
               ERR_BAD_DATA);
    buf_fini(&out);
    buf_fini(&header);
}

/* --- seals --- */

static enum err count_up(void *ctx, uint8_t *out, size_t len)
{
    uint8_t *next = ctx;

    for (size_t i = 0; i < len; i++) {
        out[i] = (*next)++;
    }
    return ERR_OK;
}

/* What the right key signed, but nobody who knows what a seal is. */
static enum err open_signed(const char *payload)
{
    static const char aad[] = "beatbook/seal/1";
    const struct hex h = hex_new(payload);
    uint8_t next = 1;
    struct event_seal got;
    struct ec_key key;
    struct buf out;
    enum err err;

    assert_ok(crypto_ec_new((struct crypto_random){ count_up, &next }, &key));
    buf_init(&out, 1024);
    assert_ok(cose_sign1_put(
        &out, &key, hex_bytes(h),
        (struct bytes){ (const uint8_t *)aad, sizeof(aad) - 1 }));
    err = event_seal_open(buf_bytes(&out), &key.pub, &got);
    free(h.data);
    buf_fini(&out);
    return err;
}

static void a_signed_payload_of_another_shape_is_no_seal(void **state)
{
    static const char link[] = "5820" ZERO ZERO;
    char text[300];

    (void)state;
    snprintf(text, sizeof(text), "84 50%s 50%s 09 %s", SALT, SALT, link);
    assert_ok(open_signed(text));
    snprintf(text, sizeof(text), "83 50%s 50%s 09", SALT, SALT);
    assert_err(open_signed(text), ERR_BAD_DATA);
    snprintf(text, sizeof(text), "85 50%s 50%s 09 %s 01", SALT, SALT, link);
    assert_err(open_signed(text), ERR_BAD_DATA);
    snprintf(text, sizeof(text), "84 50%s 50%s 1b8000000000000000 %s", SALT,
             SALT, link);
    assert_err(open_signed(text), ERR_BAD_DATA);
    assert_err(open_signed("01"), ERR_BAD_DATA);
}

/* COSE_Sign1 with a payload of null. */
static void a_seal_without_its_payload_is_refused(void **state)
{
    const struct hex h =
        hex_new("d2 84 43a10126 a0 f6 5840" ZERO ZERO ZERO ZERO);
    struct event_seal got;
    struct ec_public pub;

    (void)state;
    memset(&pub, 0, sizeof(pub));
    assert_err(event_seal_open(hex_bytes(h), &pub, &got), ERR_BAD_DATA);
    free(h.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_without_one_of_its_parts_is_refused),
        cmocka_unit_test(numbers_beyond_their_range_are_refused),
        cmocka_unit_test(an_empty_part_must_be_left_out),
        cmocka_unit_test(a_short_text_is_short_and_without_a_nul),
        cmocka_unit_test(names_of_files_ascend_and_are_few),
        cmocka_unit_test(what_is_repeated_is_named_by_two_parts),
        cmocka_unit_test(earlier_places_are_few_and_follow_the_one_repeated),
        cmocka_unit_test(an_unknown_part_is_passed_over),
        cmocka_unit_test(another_envelope_must_say_where_it_belongs),
        cmocka_unit_test(an_event_as_sent_has_one_part_or_three),
        cmocka_unit_test(a_commitment_comes_just_without_its_body),
        cmocka_unit_test(a_body_longer_than_the_limit_is_refused),
        cmocka_unit_test(a_header_that_is_no_map_is_not_sent_on),
        cmocka_unit_test(a_signed_payload_of_another_shape_is_no_seal),
        cmocka_unit_test(a_seal_without_its_payload_is_refused),
    };

    return RUN_TESTS(tests);
}
