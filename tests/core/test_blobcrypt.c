#include "core/blobcrypt.h"

#include <string.h>

#include "core/buf.h"
#include "core/limits.h"
#include "tests/hex.h"
#include "tests/test.h"

#define CHUNK  BLOB_CHUNK_BYTES
#define SEALED (CHUNK + CRYPTO_TAG_SIZE)

static enum err count_up(void *ctx, uint8_t *out, size_t len)
{
    uint8_t *next = ctx;

    for (size_t i = 0; i < len; i++) {
        out[i] = (*next)++;
    }
    return ERR_OK;
}

static enum err no_random(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    (void)out;
    (void)len;
    return ERR_IO;
}

static enum err keep(void *ctx, struct bytes piece)
{
    struct buf *b = ctx;

    buf_put(b, piece.data, piece.len);
    return b->err;
}

struct blob {
    uint8_t key[CRYPTO_KEY_SIZE];
    struct buf plain;
    struct buf file;
    struct blobcrypt_result result;
};

static void feed(struct blobcrypt *c, struct bytes in, size_t piece)
{
    while (in.len > 0) {
        const size_t len = piece < in.len ? piece : in.len;

        assert_ok(blobcrypt_add(c, (struct bytes){ in.data, len }));
        in.data += len;
        in.len -= len;
    }
}

/* A blob of `size` bytes, sealed in pieces; a test frees it. */
static struct blob new_blob(size_t size, size_t piece, uint8_t seed)
{
    const struct crypto_random random = { count_up, &seed };
    struct blobcrypt *c = NULL;
    struct blob b;
    uint8_t *at;

    buf_init(&b.plain, BLOB_MAX_BYTES);
    buf_init(&b.file, BLOB_FILE_MAX_BYTES);
    at = buf_grow(&b.plain, size);
    ASSERT(at != NULL);
    for (size_t i = 0; i < size; i++) {
        at[i] = (uint8_t)(i * 31 >> 3);
    }
    assert_ok(blobcrypt_seal_new(random, keep, &b.file, b.key, &c));
    feed(c, buf_bytes(&b.plain), piece);
    assert_ok(blobcrypt_end(c, &b.result));
    blobcrypt_free(c);
    return b;
}

static void free_blob(struct blob *b)
{
    buf_fini(&b->plain);
    buf_fini(&b->file);
}

static enum err open_file(const uint8_t *key, struct bytes in, size_t piece,
                          struct buf *plain, struct blobcrypt_result *result)
{
    struct blobcrypt *c = NULL;
    enum err err = blobcrypt_open_new(key, keep, plain, &c);

    while (in.len > 0 && !err) {
        const size_t len = piece < in.len ? piece : in.len;

        err = blobcrypt_add(c, (struct bytes){ in.data, len });
        in.data += len;
        in.len -= len;
    }
    if (!err) {
        err = blobcrypt_end(c, result);
    }
    blobcrypt_free(c);
    return err;
}

/* Only whether it opens: what it holds is thrown away. */
static enum err try_file(const uint8_t *key, struct bytes in)
{
    struct blobcrypt_result result;
    struct buf plain;
    enum err err;

    buf_init(&plain, BLOB_MAX_BYTES);
    err = open_file(key, in, SIZE_MAX, &plain, &result);
    buf_fini(&plain);
    return err;
}

static void check_round_trip(size_t size, size_t piece)
{
    struct blob b = new_blob(size, piece, 1);
    const size_t chunks = size == 0 ? 1 : (size + CHUNK - 1) / CHUNK;
    struct blobcrypt_result result;
    struct buf plain;
    struct hash h;

    buf_init(&plain, BLOB_MAX_BYTES);
    assert_int_equal(b.file.len,
                     BLOBCRYPT_HEADER + size + chunks * CRYPTO_TAG_SIZE);
    assert_int_equal(b.result.file_bytes, b.file.len);
    assert_int_equal(b.result.plain_bytes, size);
    crypto_sha256(buf_bytes(&b.file), &h);
    assert_true(hash_eq(&h, &b.result.name));
    crypto_sha256(buf_bytes(&b.plain), &h);
    assert_true(hash_eq(&h, &b.result.plain_hash));
    assert_ok(open_file(b.key, buf_bytes(&b.file), piece, &plain, &result));
    assert_true(bytes_eq(buf_bytes(&plain), buf_bytes(&b.plain)));
    assert_memory_equal(&result, &b.result, sizeof(result));
    buf_fini(&plain);
    free_blob(&b);
}

static void blobs_of_every_size_open_as_they_were(void **state)
{
    static const size_t sizes[] = { 0,         1,         CHUNK - 1,    CHUNK,
                                    CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7 };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        check_round_trip(sizes[i], SIZE_MAX);
        check_round_trip(sizes[i], 1000);
        check_round_trip(sizes[i], CHUNK);
    }
    check_round_trip(100, 1);
}

static void two_blobs_of_the_same_bytes_share_nothing(void **state)
{
    struct blob a = new_blob(100, SIZE_MAX, 1);
    struct blob b = new_blob(100, SIZE_MAX, 2);

    (void)state;
    assert_false(hash_eq(&a.result.name, &b.result.name));
    assert_true(hash_eq(&a.result.plain_hash, &b.result.plain_hash));
    assert_err(try_file(b.key, buf_bytes(&a.file)), ERR_WRONG_KEY);
    free_blob(&a);
    free_blob(&b);
}

static void a_file_cut_anywhere_does_not_open(void **state)
{
    struct blob b = new_blob(2 * CHUNK, SIZE_MAX, 1);
    const size_t cuts[] = {
        0,
        3,
        BLOBCRYPT_HEADER - 1,
        BLOBCRYPT_HEADER,
        BLOBCRYPT_HEADER + 15,
        BLOBCRYPT_HEADER + 16,
        BLOBCRYPT_HEADER + SEALED - 1,
        BLOBCRYPT_HEADER + SEALED, /* at the edge: the flag shows it */
        BLOBCRYPT_HEADER + SEALED + 1,
        BLOBCRYPT_HEADER + SEALED + 16,
        BLOBCRYPT_HEADER + 2 * SEALED - 1,
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cuts); i++) {
        const enum err err =
            try_file(b.key, (struct bytes){ b.file.data, cuts[i] });

        assert_true(err == ERR_BAD_DATA || err == ERR_WRONG_KEY);
    }
    buf_put(&b.file, "0123456789abcdef", 16); /* nor with more behind it */
    assert_err(try_file(b.key, buf_bytes(&b.file)), ERR_BAD_DATA);
    free_blob(&b);
}

static void chunks_in_another_order_do_not_open(void **state)
{
    struct blob b = new_blob(4 * CHUNK, SIZE_MAX, 1);
    uint8_t *first = b.file.data + BLOBCRYPT_HEADER;
    uint8_t *kept = malloc(SEALED);

    (void)state;
    ASSERT(kept != NULL);
    assert_ok(try_file(b.key, buf_bytes(&b.file)));
    memcpy(kept, first + SEALED, SEALED);
    memcpy(first + SEALED, first + 2 * SEALED, SEALED);
    assert_err(try_file(b.key, buf_bytes(&b.file)), ERR_BAD_DATA);
    memcpy(first + 2 * SEALED, kept, SEALED); /* second and third swapped */
    assert_err(try_file(b.key, buf_bytes(&b.file)), ERR_BAD_DATA);
    memcpy(first + SEALED, kept, SEALED); /* the second one twice */
    assert_err(try_file(b.key, buf_bytes(&b.file)), ERR_BAD_DATA);
    free(kept);
    free_blob(&b);
}

static void a_chunk_of_another_file_does_not_fit(void **state)
{
    struct blob a = new_blob(2 * CHUNK, SIZE_MAX, 1);
    struct blob b = new_blob(2 * CHUNK, SIZE_MAX, 50);

    (void)state;
    memcpy(a.file.data + BLOBCRYPT_HEADER + SEALED,
           b.file.data + BLOBCRYPT_HEADER + SEALED, SEALED);
    assert_err(try_file(a.key, buf_bytes(&a.file)), ERR_BAD_DATA);
    free_blob(&a);
    free_blob(&b);
}

static void one_changed_bit_is_noticed(void **state)
{
    struct blob b = new_blob(CHUNK + 100, SIZE_MAX, 1);

    (void)state;
    for (size_t i = 0; i < b.file.len; i += i < 64 ? test_step(7) : 9973) {
        b.file.data[i] ^= 0x40;
        assert_int_not_equal(try_file(b.key, buf_bytes(&b.file)), ERR_OK);
        b.file.data[i] ^= 0x40;
    }
    b.file.data[3] = 2;
    assert_err(try_file(b.key, buf_bytes(&b.file)), ERR_NEWER);
    free_blob(&b);
}

static void a_sink_that_fails_stops_the_work(void **state)
{
    struct blobcrypt_result result;
    struct blobcrypt *c = NULL;
    uint8_t key[CRYPTO_KEY_SIZE];
    uint8_t seed = 0;
    uint8_t *zeros = calloc(1, CHUNK + 1);
    struct buf small;

    (void)state;
    ASSERT(zeros != NULL);
    buf_init(&small, 100);
    assert_ok(blobcrypt_seal_new((struct crypto_random){ count_up, &seed },
                                 keep, &small, key, &c));
    assert_err(blobcrypt_add(c, (struct bytes){ zeros, CHUNK + 1 }),
               ERR_TOO_LONG);
    assert_err(blobcrypt_add(c, (struct bytes){ zeros, 0 }), ERR_TOO_LONG);
    assert_err(blobcrypt_end(c, &result), ERR_TOO_LONG);
    blobcrypt_free(c);
    buf_fini(&small);
    free(zeros);
}

static enum err drop(void *ctx, struct bytes piece)
{
    (void)ctx;
    (void)piece;
    return ERR_OK;
}

static void a_blob_ends_at_its_limit(void **state)
{
    struct blobcrypt_result result;
    struct blobcrypt *c = NULL;
    uint8_t key[CRYPTO_KEY_SIZE];
    uint8_t seed = 0;
    uint8_t *zeros = calloc(1, CHUNK);

    (void)state;
    ASSERT(zeros != NULL);
    assert_ok(blobcrypt_seal_new((struct crypto_random){ count_up, &seed },
                                 drop, NULL, key, &c));
    for (size_t i = 0; i < BLOB_MAX_BYTES / CHUNK; i++) {
        assert_ok(blobcrypt_add(c, (struct bytes){ zeros, CHUNK }));
    }
    assert_err(blobcrypt_add(c, (struct bytes){ zeros, 1 }), ERR_TOO_LONG);
    assert_err(blobcrypt_end(c, &result), ERR_TOO_LONG);
    blobcrypt_free(c);
    free(zeros);
}

static void a_finished_blob_takes_no_more(void **state)
{
    struct blobcrypt_result result;
    struct blobcrypt *c = NULL;
    uint8_t key[CRYPTO_KEY_SIZE];
    uint8_t seed = 0;

    (void)state;
    assert_err(blobcrypt_seal_new((struct crypto_random){ no_random, NULL },
                                  drop, NULL, key, &c),
               ERR_IO);
    assert_ok(blobcrypt_seal_new((struct crypto_random){ count_up, &seed },
                                 drop, NULL, key, &c));
    assert_ok(blobcrypt_end(c, &result));
    assert_err(blobcrypt_add(c, (struct bytes){ key, 1 }), ERR_CLOSED);
    assert_err(blobcrypt_end(c, &result), ERR_CLOSED);
    blobcrypt_free(c);
    blobcrypt_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blobs_of_every_size_open_as_they_were),
        cmocka_unit_test(two_blobs_of_the_same_bytes_share_nothing),
        cmocka_unit_test(a_file_cut_anywhere_does_not_open),
        cmocka_unit_test(chunks_in_another_order_do_not_open),
        cmocka_unit_test(a_chunk_of_another_file_does_not_fit),
        cmocka_unit_test(one_changed_bit_is_noticed),
        cmocka_unit_test(a_sink_that_fails_stops_the_work),
        cmocka_unit_test(a_blob_ends_at_its_limit),
        cmocka_unit_test(a_finished_blob_takes_no_more),
    };

    return RUN_TESTS(tests);
}
