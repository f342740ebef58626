#include "core/cbor.h"

#include <string.h>

#include "core/limits.h"
#include "tests/hex.h"
#include "tests/test.h"

struct sample {
    const char *why;
    const char *hex;
    size_t at; /* where the gate says that it is wrong */
};

/* Gate a copy of exact length, so that ASan sees one byte too many. */
static enum err gate_hex(const char *text, size_t *at_out)
{
    struct hex h = hex_new(text);
    uint8_t *exact = malloc(h.len > 0 ? h.len : 1);
    enum err err;

    ASSERT(exact != NULL);
    memcpy(exact, h.data, h.len);
    err = cbor_gate((struct bytes){ exact, h.len }, at_out);
    free(exact);
    free(h.data);
    return err;
}

static void everything_not_canonical_is_refused_at_its_place(void **state)
{
    static const struct sample rows[] = {
        { "nothing at all", "", 0 },
        { "23 in two bytes", "1817", 0 },
        { "255 in three bytes", "1900ff", 0 },
        { "65535 in five bytes", "1a0000ffff", 0 },
        { "2^32-1 in nine bytes", "1b00000000ffffffff", 0 },
        { "-24 in two bytes", "3817", 0 },
        { "-256 in three bytes", "3900ff", 0 },
        { "length of bytes in two bytes", "580141", 0 },
        { "length of text in three bytes", "79000161", 0 },
        { "count of an array in two bytes", "980101", 0 },
        { "count of a map in two bytes", "b8010102", 0 },
        { "tag 18 in three bytes", "d9001280", 0 },
        { "reserved argument 28", "1c", 0 },
        { "reserved argument 30 in an array", "82005e", 2 },
        { "indefinite bytes", "5f4101ff", 0 },
        { "indefinite text", "7f6161ff", 0 },
        { "indefinite array", "9f01ff", 0 },
        { "indefinite map", "bf0102ff", 0 },
        { "a break alone", "ff", 0 },
        { "a break in an array", "8201ff", 2 },
        { "half float", "f93c00", 0 },
        { "single float", "fa47c35000", 0 },
        { "double float", "fb3ff199999999999a", 0 },
        { "undefined", "f7", 0 },
        { "simple value 16", "f0", 0 },
        { "simple value 255", "f8ff", 0 },
        { "true in two bytes", "f815", 0 },
        { "a date tag", "c000", 0 },
        { "the tag of COSE_Mac0", "d180", 0 },
        { "keys out of order", "a202000100", 3 },
        { "the same key twice", "a201000100", 3 },
        { "shorter key after longer", "a2190100001800", 5 },
        { "text key before number key", "a261610001f6", 4 },
        { "same array key twice", "a2810100810100", 5 },
        { "wrong order two levels down", "8281a20200010000", 5 },
        { "text cut in a letter", "61c3", 0 },
        { "overlong text", "62c080", 0 },
        { "overlong text of three bytes", "63e08080", 0 },
        { "overlong text of four bytes", "64f0808080", 0 },
        { "surrogate in text", "63eda080", 0 },
        { "text above U+10FFFF", "64f4908080", 0 },
        { "lonely continuation byte", "6180", 0 },
        { "letter without its continuation", "62c341", 0 },
        { "five-byte letter", "65f888808080", 0 },
        { "a second item", "0000", 1 },
        { "an item after an array", "810000", 2 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t at = SIZE_MAX;
        const enum err err = gate_hex(rows[i].hex, &at);

        if (err != ERR_BAD_DATA || at != rows[i].at) {
            fail_msg("%s: %s at %zu", rows[i].why, err_text(err), at);
        }
    }
}

static void everything_canonical_passes(void **state)
{
    static const struct sample rows[] = {
        { "zero", "00", 0 },
        { "24 in two bytes", "1818", 0 },
        { "256", "190100", 0 },
        { "65536", "1a00010000", 0 },
        { "2^32", "1b0000000100000000", 0 },
        { "2^64-1", "1bffffffffffffffff", 0 },
        { "-2^64", "3bffffffffffffffff", 0 },
        { "no bytes", "40", 0 },
        { "no text", "60", 0 },
        { "text in four scripts", "6a41c3a9e0a495f0908d88", 0 },
        { "the last letter of Unicode", "64f48fbfbf", 0 },
        { "the first behind the surrogates", "63ee8080", 0 },
        { "empty array and map", "8280a0", 0 },
        { "keys by their bytes", "a40a001864002000616100", 0 },
        { "longer key with same start", "a2616100626161 00", 0 },
        { "a COSE_Sign1", "d28440a04040", 0 },
        { "the tag of COSE_Encrypt", "d8608440a04080", 0 },
        { "false, true, null", "83f4f5f6", 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t at = 0;
        const enum err err = gate_hex(rows[i].hex, &at);

        if (err) {
            fail_msg("%s: %s at %zu", rows[i].why, err_text(err), at);
        }
    }
}

static void a_length_that_claims_more_than_there_is_is_refused(void **state)
{
    static const struct sample rows[] = {
        { "2^28 items in five bytes", "9a10000000", 0 },
        { "2^28 pairs in five bytes", "ba10000000", 0 },
        { "2^64-1 items", "9bffffffffffffffff", 0 },
        { "2^63 pairs", "bb8000000000000000", 0 },
        { "2^64-1 bytes", "5bffffffffffffffff", 0 },
        { "2^31 letters", "7a80000000", 0 },
        { "two levels claim the same bytes", "8383000000", 1 },
        { "a map of one pair with one item", "a100", 0 },
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        size_t at = SIZE_MAX;

        assert_err(gate_hex(rows[i].hex, &at), ERR_BAD_DATA);
        assert_int_equal(at, rows[i].at);
    }
}

/* `depth` arrays of one item around an integer, or tags, or maps. */
static enum err gate_nested(uint8_t head, size_t depth)
{
    struct buf b;
    enum err err;

    buf_init(&b, SIZE_MAX / 2);
    for (size_t i = 0; i < depth; i++) {
        buf_put_u8(&b, head);
        if (head == 0xa1) {
            buf_put_u8(&b, 0);
        }
    }
    buf_put_u8(&b, 0);
    assert_ok(b.err);
    err = cbor_gate(buf_bytes(&b), NULL);
    buf_fini(&b);
    return err;
}

static void nesting_ends_at_the_limit_on_every_rung(void **state)
{
    static const uint8_t heads[] = { 0x81, 0xa1, 0xd2 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(heads); i++) {
        for (size_t depth = 0; depth < 4 * CBOR_DEPTH_MAX; depth++) {
            assert_err(gate_nested(heads[i], depth),
                       depth <= CBOR_DEPTH_MAX ? ERR_OK : ERR_BAD_DATA);
        }
        assert_err(gate_nested(heads[i], 100000), ERR_BAD_DATA);
    }
}

static void an_empty_container_counts_as_a_rung(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 64);
    for (size_t i = 0; i < CBOR_DEPTH_MAX; i++) {
        buf_put_u8(&b, 0x81);
    }
    buf_put_u8(&b, 0x80);
    assert_ok(b.err);
    assert_err(cbor_gate(buf_bytes(&b), NULL), ERR_BAD_DATA);
    b.data[CBOR_DEPTH_MAX - 1] = 0x80;
    b.len--;
    assert_ok(cbor_gate(buf_bytes(&b), NULL));
    buf_fini(&b);
}

/* One of everything that the writer can write. */
static void put_sample(struct buf *b)
{
    const struct uuid id = { { 1, 2, 3 } };
    const struct hash h = { { 4, 5, 6 } };

    cbor_put_map(b, 9);
    cbor_put_uint(b, 1);
    cbor_put_uint(b, UINT64_MAX);
    cbor_put_uint(b, 2);
    cbor_put_int(b, INT64_MIN);
    cbor_put_uint(b, 3);
    cbor_put_array(b, 3);
    cbor_put_bool(b, true);
    cbor_put_bool(b, false);
    cbor_put_null(b);
    cbor_put_uint(b, 4);
    cbor_put_bytes(b, "\1\2", 2);
    cbor_put_uint(b, 5);
    cbor_put_text(b, "caf\xc3\xa9", 5);
    cbor_put_uint(b, 6);
    cbor_put_uuid(b, &id);
    cbor_put_uint(b, 7);
    cbor_put_hash(b, &h);
    cbor_put_uint(b, 8);
    cbor_put_tag(b, 18);
    cbor_put_array(b, 0);
    cbor_put_int(b, -1);
    cbor_put_str(b, "last");
}

static void what_is_written_reads_back(void **state)
{
    struct cbor_reader r;
    struct buf b;
    struct uuid id;
    struct hash h;
    struct bytes text;

    (void)state;
    buf_init(&b, 4096);
    put_sample(&b);
    assert_ok(b.err);
    cbor_open(&r, buf_bytes(&b));
    assert_int_equal(cbor_get_map(&r), 9);
    assert_int_equal(cbor_get_uint(&r), 1);
    assert_true(cbor_get_uint(&r) == UINT64_MAX);
    assert_int_equal(cbor_get_uint_max(&r, 2), 2);
    assert_true(cbor_get_int(&r) == INT64_MIN);
    assert_int_equal(cbor_get_int(&r), 3);
    assert_int_equal(cbor_get_array(&r), 3);
    assert_true(cbor_get_bool(&r));
    assert_false(cbor_get_bool(&r));
    assert_int_equal(cbor_peek(&r), CBOR_TYPE_NULL);
    cbor_get_null(&r);
    cbor_skip(&r);
    text = cbor_get_bytes(&r);
    assert_int_equal(text.len, 2);
    cbor_skip(&r);
    text = cbor_get_text(&r);
    assert_memory_equal(text.data, "caf\xc3\xa9", 5);
    cbor_skip(&r);
    cbor_get_uuid(&r, &id);
    assert_int_equal(id.bytes[2], 3);
    cbor_skip(&r);
    cbor_get_hash(&r, &h);
    assert_int_equal(h.bytes[2], 6);
    cbor_skip(&r);
    assert_int_equal(cbor_peek(&r), CBOR_TYPE_TAG);
    text = cbor_get_item(&r);
    assert_memory_equal(text.data, "\xd2\x80", 2);
    assert_int_equal(cbor_peek(&r), CBOR_TYPE_NEGINT);
    assert_int_equal(cbor_get_int(&r), -1);
    cbor_skip(&r);
    assert_int_equal(cbor_peek(&r), CBOR_TYPE_END);
    assert_ok(cbor_close(&r));
    buf_fini(&b);
}

static void a_message_cut_at_any_byte_is_refused(void **state)
{
    struct buf b;

    (void)state;
    buf_init(&b, 4096);
    put_sample(&b);
    for (size_t len = 0; len < b.len; len++) {
        uint8_t *cut = malloc(len > 0 ? len : 1);

        ASSERT(cut != NULL);
        memcpy(cut, b.data, len);
        assert_err(cbor_gate((struct bytes){ cut, len }, NULL), ERR_BAD_DATA);
        free(cut);
    }
    buf_fini(&b);
}

static void a_sequence_is_read_item_by_item(void **state)
{
    struct hex h = hex_new("82 01 02 a0 18 64 ff");
    size_t used;
    struct bytes left = hex_bytes(h);
    const size_t want[] = { 3, 1, 2 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(want); i++) {
        assert_ok(cbor_gate_first(left, &used));
        assert_int_equal(used, want[i]);
        left.data += used;
        left.len -= used;
    }
    assert_err(cbor_gate_first(left, &used), ERR_BAD_DATA);
    free(h.data);
}

static void the_first_wrong_type_sticks(void **state)
{
    struct hex h = hex_new("83 01 02 03");
    struct cbor_reader r;

    (void)state;
    cbor_open(&r, hex_bytes(h));
    assert_int_equal(cbor_get_array(&r), 3);
    assert_int_equal(cbor_get_text(&r).len, 0);
    assert_int_equal(cbor_get_uint(&r), 0);
    assert_int_equal(cbor_peek(&r), CBOR_TYPE_END);
    assert_err(cbor_close(&r), ERR_BAD_DATA);

    cbor_open(&r, hex_bytes(h));
    assert_err(cbor_close(&r), ERR_BAD_DATA); /* nobody read the rest */
    cbor_open(&r, (struct bytes){ h.data, 3 });
    assert_int_equal(cbor_peek(&r), CBOR_TYPE_END); /* the gate said no */
    assert_err(cbor_close(&r), ERR_BAD_DATA);
    free(h.data);
}

/* Bytes that no gate saw: nothing is read beyond them. */
static void a_reader_stays_within_bytes_that_claim_more(void **state)
{
    static const char *const rows[] = {
        "18",   "1901", "1c",     "4561", "6561",
        "8501", "a300", "a20000", "f6",   "5b7fffffffffffffff"
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct hex h = hex_new(rows[i]);
        struct cbor_reader r;

        cbor_open_gated(&r, hex_bytes(h));
        if (strcmp(rows[i], "f6") == 0) {
            cbor_get_null(&r);
            cbor_get_null(&r); /* there is one only */
        } else {
            cbor_skip(&r);
        }
        assert_err(cbor_close(&r), ERR_BAD_DATA);
        assert_ptr_equal(r.at, r.end);
        cbor_open_gated(&r, hex_bytes(h));
        assert_int_equal(cbor_get_uint(&r), 0);
        assert_int_equal(cbor_get_bytes(&r).len, 0);
        cbor_open_gated(&r, hex_bytes(h));
        assert_int_equal(cbor_get_bytes(&r).len, 0);
        cbor_open_gated(&r, hex_bytes(h));
        assert_int_equal(cbor_get_array(&r), 0);
        cbor_open_gated(&r, hex_bytes(h));
        assert_int_equal(cbor_get_map(&r), 0);
        free(h.data);
    }
}

static void what_is_not_null_is_not_read_as_null(void **state)
{
    const struct hex h = hex_new("f4");
    struct cbor_reader r;

    (void)state;
    cbor_open(&r, hex_bytes(h));
    cbor_get_null(&r);
    assert_err(cbor_close(&r), ERR_BAD_DATA);
    free(h.data);
}

static void a_number_out_of_range_is_an_error_not_a_cut(void **state)
{
    struct hex h = hex_new("3b8000000000000000");
    struct cbor_reader r;

    (void)state;
    cbor_open(&r, hex_bytes(h));
    assert_int_equal(cbor_get_int(&r), 0);
    assert_err(r.err, ERR_BAD_DATA);
    free(h.data);
    h = hex_new("1901f4");
    cbor_open(&r, hex_bytes(h));
    assert_int_equal(cbor_get_uint_max(&r, 499), 0);
    assert_err(r.err, ERR_BAD_DATA);
    free(h.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_not_canonical_is_refused_at_its_place),
        cmocka_unit_test(everything_canonical_passes),
        cmocka_unit_test(a_length_that_claims_more_than_there_is_is_refused),
        cmocka_unit_test(nesting_ends_at_the_limit_on_every_rung),
        cmocka_unit_test(an_empty_container_counts_as_a_rung),
        cmocka_unit_test(what_is_written_reads_back),
        cmocka_unit_test(a_message_cut_at_any_byte_is_refused),
        cmocka_unit_test(a_sequence_is_read_item_by_item),
        cmocka_unit_test(the_first_wrong_type_sticks),
        cmocka_unit_test(a_reader_stays_within_bytes_that_claim_more),
        cmocka_unit_test(what_is_not_null_is_not_read_as_null),
        cmocka_unit_test(a_number_out_of_range_is_an_error_not_a_cut),
    };

    return RUN_TESTS(tests);
}
