#include "core/zpack.h"

#include <string.h>

#include <zstd.h>

#include "core/limits.h"
#include "tests/hex.h"
#include "tests/test.h"

#define ROOM ((size_t)64 * 1024 * 1024)

/* Text that packs about 3 to 1, or bytes that don't pack at all. */
static void fill(uint8_t *out, size_t len, bool is_text)
{
    uint32_t x = 2463534242u;

    for (size_t i = 0; i < len; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        out[i] = is_text ? (uint8_t)('a' + (x & 3)) : (uint8_t)x;
    }
}

static uint8_t *new_bytes(size_t len)
{
    uint8_t *p = calloc(1, len + 1);

    ASSERT(p != NULL);
    return p;
}

/* What somebody else's zstd would send. */
static struct bytes pack_raw(struct buf *b, const uint8_t *plain, size_t len,
                             int window_log, int with_size)
{
    const size_t room = ZSTD_compressBound(len);
    ZSTD_CCtx *ctx = ZSTD_createCCtx();
    uint8_t *at;
    size_t got;

    buf_init(b, room);
    at = buf_grow(b, room);
    ZSTD_CCtx_setParameter(ctx, ZSTD_c_windowLog, window_log);
    ZSTD_CCtx_setParameter(ctx, ZSTD_c_contentSizeFlag, with_size);
    got = ZSTD_compress2(ctx, at, room, plain, len);
    ASSERT(!ZSTD_isError(got));
    ZSTD_freeCCtx(ctx);
    b->len = got;
    return buf_bytes(b);
}

static enum err unpack_size(struct bytes in, size_t *len_out)
{
    struct buf out;
    enum err err;

    buf_init(&out, ROOM);
    err = zpack_unpack(&out, in);
    *len_out = out.len;
    buf_fini(&out);
    return err;
}

static void check_round_trip(const uint8_t *plain, size_t len)
{
    struct buf packed;
    struct buf out;

    buf_init(&packed, ROOM);
    buf_init(&out, ROOM);
    buf_put(&packed, "ab", 2);
    buf_put(&out, "cd", 2);
    assert_ok(zpack_pack(&packed, (struct bytes){ plain, len }));
    assert_memory_equal(packed.data, "ab", 2);
    assert_ok(
        zpack_unpack(&out, (struct bytes){ packed.data + 2, packed.len - 2 }));
    assert_int_equal(out.len, len + 2);
    assert_memory_equal(out.data, "cd", 2);
    assert_memory_equal(out.data + 2, plain, len);
    buf_fini(&packed);
    buf_fini(&out);
}

static void what_is_packed_unpacks_the_same(void **state)
{
    static const size_t sizes[] = {
        0, 1, 100, 4096, 70000, 1 << 20, 5000000, SYNC_PLAIN_MAX_BYTES
    };
    uint8_t *plain = new_bytes(SYNC_PLAIN_MAX_BYTES);

    (void)state;
    for (int is_text = 0; is_text < 2; is_text++) {
        fill(plain, SYNC_PLAIN_MAX_BYTES, is_text == 1);
        for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
            check_round_trip(plain, sizes[i]);
        }
    }
    free(plain);
}

static void text_that_packs_too_well_still_reaches_its_reader(void **state)
{
    static const size_t sizes[] = { 4097, 5000, 100000, 3000000 };
    uint8_t *zeros = new_bytes(SYNC_PLAIN_MAX_BYTES);

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        check_round_trip(zeros, sizes[i]);
    }
    check_round_trip(zeros, SYNC_PLAIN_MAX_BYTES);
    free(zeros);
}

static void a_bomb_is_refused_before_it_fills_memory(void **state)
{
    uint8_t *zeros = new_bytes(ROOM);
    struct buf out;
    struct buf b;
    struct bytes in;
    size_t len;

    (void)state;
    for (int with_size = 0; with_size < 2; with_size++) {
        in = pack_raw(&b, zeros, 1 << 20, SYNC_WINDOW_LOG, with_size);
        assert_true(in.len < 200);
        buf_init(&out, ROOM);
        assert_err(zpack_unpack(&out, in), ERR_TOO_LONG);
        assert_int_equal(out.len, 0);
        assert_true(out.cap <= 65536); /* it never grew to a megabyte */
        buf_fini(&out);
        buf_fini(&b);
    }
    fill(zeros, SYNC_PLAIN_MAX_BYTES + 1, false);
    in = pack_raw(&b, zeros, SYNC_PLAIN_MAX_BYTES + 1, SYNC_WINDOW_LOG, 0);
    assert_err(unpack_size(in, &len), ERR_TOO_LONG);
    buf_fini(&b);
    free(zeros);
}

static void the_floor_is_open_to_short_bodies_only(void **state)
{
    uint8_t *zeros = new_bytes(ZPACK_FLOOR_BYTES + 1);
    struct buf b;
    size_t len;

    (void)state;
    assert_ok(unpack_size(pack_raw(&b, zeros, ZPACK_FLOOR_BYTES, 20, 0), &len));
    assert_int_equal(len, ZPACK_FLOOR_BYTES);
    buf_fini(&b);
    assert_err(
        unpack_size(pack_raw(&b, zeros, ZPACK_FLOOR_BYTES + 1, 20, 0), &len),
        ERR_TOO_LONG);
    buf_fini(&b);
    free(zeros);
}

static void a_wider_window_than_ours_is_refused(void **state)
{
    const size_t size = (size_t)3 << 20;
    uint8_t *plain = new_bytes(size);
    struct buf b;
    size_t len;

    (void)state;
    fill(plain, size, false);
    assert_err(unpack_size(pack_raw(&b, plain, size, 21, 1), &len),
               ERR_TOO_LONG);
    buf_fini(&b);
    assert_ok(unpack_size(pack_raw(&b, plain, size, 20, 1), &len));
    buf_fini(&b);
    free(plain);
}

static void a_body_cut_at_any_byte_is_refused(void **state)
{
    uint8_t plain[500];
    struct buf b;
    size_t len;

    (void)state;
    fill(plain, sizeof(plain), true);
    buf_init(&b, ROOM);
    assert_ok(zpack_pack(&b, (struct bytes){ plain, sizeof(plain) }));
    for (size_t cut = 0; cut < b.len; cut++) {
        assert_err(unpack_size((struct bytes){ b.data, cut }, &len),
                   ERR_BAD_DATA);
        assert_int_equal(len, 0);
    }
    b.data[b.len - 1] ^= 1; /* the checksum */
    assert_err(unpack_size(buf_bytes(&b), &len), ERR_BAD_DATA);
    b.data[b.len - 1] ^= 1;
    buf_put_u8(&b, 0); /* something behind it */
    assert_err(unpack_size(buf_bytes(&b), &len), ERR_BAD_DATA);
    buf_fini(&b);
}

static void a_small_buffer_is_never_overrun(void **state)
{
    uint8_t *plain = new_bytes(10000);
    struct buf packed;
    struct buf small;

    (void)state;
    fill(plain, 10000, false);
    buf_init(&small, 9000);
    assert_err(zpack_pack(&small, (struct bytes){ plain, 10000 }),
               ERR_TOO_LONG);
    assert_int_equal(small.len, 0);
    buf_init(&packed, ROOM);
    assert_ok(zpack_pack(&packed, (struct bytes){ plain, 10000 }));
    buf_reset(&small);
    assert_err(zpack_unpack(&small, buf_bytes(&packed)), ERR_TOO_LONG);
    assert_int_equal(small.len, 0);
    buf_fini(&small);
    buf_fini(&packed);
    free(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_packed_unpacks_the_same),
        cmocka_unit_test(text_that_packs_too_well_still_reaches_its_reader),
        cmocka_unit_test(a_bomb_is_refused_before_it_fills_memory),
        cmocka_unit_test(the_floor_is_open_to_short_bodies_only),
        cmocka_unit_test(a_wider_window_than_ours_is_refused),
        cmocka_unit_test(a_body_cut_at_any_byte_is_refused),
        cmocka_unit_test(a_small_buffer_is_never_overrun),
    };

    return RUN_TESTS(tests);
}
