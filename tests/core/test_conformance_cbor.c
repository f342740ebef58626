/* RFC 8949, appendix A: what the gate says to each published example. */
#include "core/cbor_gate.h"

#include "tests/core/cbor_copy.h"
#include "tests/data.h"

enum verdict {
    ACCEPTED,
    NO_FLOATS,
    NO_SIMPLE,
    NO_TAGS,
    NO_INDEFINITE,
    VERDICT__COUNT
};

static const char *const reasons[] = {
    [ACCEPTED] = "accepted, and written back as it was",
    [NO_FLOATS] = "refused: floats; we have integers with units",
    [NO_SIMPLE] = "refused: undefined and unnamed simple values",
    [NO_TAGS] = "refused: tags other than those of COSE",
    [NO_INDEFINITE] = "refused: of indefinite length, or longer than needed",
};

/* From RFC 8949's own first bytes (appendix B), not from the gate. */
static enum verdict verdict_of(uint8_t first, bool is_preferred)
{
    if (first >= 0xf9 && first <= 0xfb) {
        return NO_FLOATS;
    }
    if (!is_preferred) {
        return NO_INDEFINITE;
    }
    if (first >> 5 == 6) {
        return NO_TAGS;
    }
    if (first >> 5 == 7 && (first < 0xf4 || first > 0xf6)) {
        return NO_SIMPLE;
    }
    return ACCEPTED;
}

static void check_copy(struct bytes in)
{
    struct cbor_reader r;
    struct buf out;

    buf_init(&out, COPY_BYTES_MAX);
    cbor_open(&r, in);
    cbor_copy(&out, &r);
    assert_ok(cbor_close(&r));
    assert_true(bytes_eq(buf_bytes(&out), in));
    buf_fini(&out);
}

static void every_example_of_the_rfc_gets_its_verdict(void **state)
{
    json_t *root = data_json("conformance/cbor/appendix_a.json");
    size_t counts[VERDICT__COUNT] = { 0 };
    json_t *row;
    size_t i;

    (void)state;
    if (root == NULL) {
        skip();
    }
    json_array_foreach(root, i, row)
    {
        struct hex h = data_hex(row, "hex");
        const enum verdict want = verdict_of(
            h.data[0], json_is_true(json_object_get(row, "roundtrip")));
        const enum err err = cbor_gate(hex_bytes(h), NULL);

        counts[want]++;
        if ((err == ERR_OK) != (want == ACCEPTED)) {
            fail_msg("%s: %s; %s", data_text(row, "hex"), err_text(err),
                     reasons[want]);
        }
        if (want == ACCEPTED) {
            check_copy(hex_bytes(h));
        }
        free(h.data);
    }
    for (i = 0; i < VERDICT__COUNT; i++) {
        print_message("%3zu %s\n", counts[i], reasons[i]);
    }
    assert_true(counts[ACCEPTED] > 0);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_example_of_the_rfc_gets_its_verdict),
    };

    return RUN_TESTS(tests);
}
