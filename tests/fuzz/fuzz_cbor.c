/*
 * fuzz_cbor.c - any bytes: no crash. What the gate lets through is written
 * again as it was, and none of its prefixes gets through.
 */
#include "core/cbor.h"

#include "tests/core/cbor_copy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Gets of every type, which must stop at the end whatever stands there. */
static void read_ungated(struct bytes in)
{
    struct cbor_reader r;

    cbor_open_gated(&r, in);
    while (cbor_peek(&r) != CBOR_TYPE_END) {
        struct cbor_reader probe = r;
        struct uuid id;

        cbor_get_uuid(&probe, &id);
        probe = r;
        (void)cbor_get_text(&probe);
        probe = r;
        (void)cbor_get_map(&probe);
        probe = r;
        (void)cbor_get_int(&probe);
        probe = r;
        (void)cbor_get_bool(&probe);
        cbor_skip(&r);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes in = { data, size };
    struct cbor_reader r;
    struct buf b;
    size_t at = 0;

    read_ungated(in);
    if (cbor_gate_first(in, &at) == ERR_OK) {
        ASSERT(at > 0);
        ASSERT(at <= size);
    }
    if (cbor_gate(in, &at) != ERR_OK) {
        ASSERT(at <= size);
        return 0;
    }
    buf_init(&b, COPY_BYTES_MAX);
    cbor_open(&r, in);
    cbor_copy(&b, &r);
    ASSERT(cbor_close(&r) == ERR_OK);
    ASSERT(bytes_eq(buf_bytes(&b), in));
    buf_fini(&b);
    for (size_t len = 0; len < size && len < 256; len++) {
        ASSERT(cbor_gate((struct bytes){ data, len }, NULL) != ERR_OK);
    }
    return 0;
}
