/*
 * fuzz_zpack.c - any bytes unpacked: no crash, never more than the limits
 * say; and any bytes packed come back.
 */
#include "core/zpack.h"

#include "core/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROOM ((size_t)64 * 1024 * 1024)

static void check_round_trip(struct bytes plain)
{
    struct buf packed;
    struct buf again;

    buf_init(&packed, ROOM);
    buf_init(&again, ROOM);
    ASSERT(zpack_pack(&packed, plain) == ERR_OK);
    ASSERT(zpack_unpack(&again, buf_bytes(&packed)) == ERR_OK);
    ASSERT(bytes_eq(buf_bytes(&again), plain));
    buf_fini(&packed);
    buf_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes in = { data, size };
    struct buf out;

    buf_init(&out, ROOM);
    if (zpack_unpack(&out, in) == ERR_OK) {
        ASSERT(out.len <= SYNC_PLAIN_MAX_BYTES);
        ASSERT(out.len <= ZPACK_FLOOR_BYTES ||
               out.len <= size * SYNC_INFLATE_RATIO_MAX);
        check_round_trip(buf_bytes(&out));
    } else {
        ASSERT(out.len == 0);
        check_round_trip(in);
    }
    buf_fini(&out);
    return 0;
}
