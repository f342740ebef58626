/* A hand-over file and the answer to it, as bytes from anywhere. */
#include <string.h>

#include "core/cose.h"
#include "core/handover.h"
#include "core/limits.h"
#include "platform/sim/sim_port.h"
#include "tests/test.h"

#define HEAD_SIZE 8 /* magic and length of the box */
/* Of the answer below: which key signed it, a hint outside the signature. */
#define KID_AT  26
#define KID_END 36

static uint64_t world_ms;
static struct sim_port *machine;
static struct crypto_random random_of;
static struct ec_key council, recovery, other;
static struct buf file, told;

static int set_up(void **state)
{
    const struct sim_port_options options = { &world_ms, 1790000000000, 5 };

    (void)state;
    assert_ok(sim_port_new(&options, &machine));
    random_of = port_random(sim_port(machine));
    assert_ok(crypto_ec_new(random_of, &council));
    assert_ok(crypto_ec_new(random_of, &recovery));
    assert_ok(crypto_ec_new(random_of, &other));
    buf_init(&file, (size_t)1 << 20);
    buf_init(&told, (size_t)1 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_fini(&file);
    buf_fini(&told);
    sim_port_free(machine);
    return 0;
}

static enum err collect(void *ctx, struct bytes piece)
{
    buf_put(ctx, piece.data, piece.len);
    return ((struct buf *)ctx)->err;
}

static void seal_file(void)
{
    const struct ec_public keys[] = { council.pub, recovery.pub };
    static const struct bytes words = { (const uint8_t *)"words", 5 };
    struct handover_writer *w;

    buf_reset(&file);
    assert_ok(handover_seal_new(keys, 2, random_of, collect, &file, &w));
    assert_ok(handover_put(w, HANDOVER_PUSH, words));
    assert_ok(handover_put(w, HANDOVER_END, (struct bytes){ NULL, 0 }));
    assert_ok(handover_seal_end(w));
    handover_writer_free(w);
}

/* Each item as type, length and bytes. */
static enum err tell(void *ctx, unsigned type, struct bytes payload)
{
    (void)ctx;
    handover_item_put(&told, (enum handover_type)type, payload);
    return told.err;
}

/* So many bytes at a time. */
static enum err open_file(const struct ec_key *keys, size_t count, size_t step)
{
    struct handover_reader *r;
    enum err err;

    buf_reset(&told);
    err = handover_open_new(keys, count, tell, NULL, &r);
    for (size_t at = 0; at < file.len && !err; at += step) {
        const size_t left = file.len - at;

        err = handover_add(
            r, (struct bytes){ file.data + at, left < step ? left : step });
    }
    err = err ? err : handover_open_end(r);
    handover_reader_free(r);
    return err;
}

static const char items[] = "\2\0\0\0\5words\5\0\0\0\0";

static void check_told(void)
{
    assert_int_equal(told.len, sizeof(items) - 1);
    assert_memory_equal(told.data, items, sizeof(items) - 1);
}

/* A stick or a line gives pieces of any size. */
static void however_it_is_cut_into_pieces_it_says_the_same(void **state)
{
    static const size_t steps[] = { 1, 3, 7, 100, 100000 };

    (void)state;
    seal_file();
    for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
        assert_ok(open_file(&council, 1, steps[i]));
        check_told();
    }
}

static void either_key_of_the_council_opens_it_and_no_other(void **state)
{
    const struct ec_key keys[] = { other, recovery, council };

    (void)state;
    seal_file();
    assert_ok(open_file(keys, 3, 100));
    check_told();
    assert_err(open_file(&other, 1, 100), ERR_WRONG_KEY);
    assert_int_equal(told.len, 0);
}

/* It says "update the server", in place of "your file is broken". */
static void a_newer_file_is_told_from_a_broken_one(void **state)
{
    static const struct {
        const char *magic;
        enum err err;
    } cases[] = { { "Bho\2", ERR_NEWER },
                  { "Bho\0", ERR_BAD_DATA },
                  { "Bhz\1", ERR_BAD_DATA },
                  { "PK\3\4", ERR_BAD_DATA } };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        seal_file();
        memcpy(file.data, cases[i].magic, 4);
        assert_err(open_file(&council, 1, 100), cases[i].err);
    }
}

static void a_box_of_no_or_too_many_bytes_is_not_waited_for(void **state)
{
    static const char lengths[2][4] = { "\0\0\0\0", "\0\0\x20\1" };

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
        seal_file();
        memcpy(file.data + 4, lengths[i], 4);
        file.len = HEAD_SIZE;
        assert_err(open_file(&council, 1, 100), ERR_BAD_DATA);
    }
}

static void a_box_with_no_key_in_it_opens_nothing(void **state)
{
    static const char head[] = "Bho\1\0\0";
    static const struct bytes few = { (const uint8_t *)"not 32 bytes", 12 };
    const struct bytes aad = { (const uint8_t *)HANDOVER_AAD,
                               sizeof(HANDOVER_AAD) - 1 };
    struct buf box;

    (void)state;
    buf_init(&box, 4096);
    assert_ok(cose_encrypt_put(&box, &council.pub, 1, random_of, few, aad));
    buf_put(&file, head, 6);
    buf_put_u8(&file, (uint8_t)(box.len >> 8));
    buf_put_u8(&file, (uint8_t)box.len);
    buf_put(&file, box.data, box.len);
    buf_fini(&box);
    assert_err(open_file(&council, 1, 100), ERR_BAD_DATA);
}

static void a_file_that_was_cut_is_never_whole(void **state)
{
    size_t whole;

    (void)state;
    seal_file();
    whole = file.len;
    for (size_t len = 0; len < whole; len += 3) {
        file.len = len;
        assert_err(open_file(&council, 1, 100), ERR_BAD_DATA);
    }
}

/* A whole file of a writer that stopped in the middle of an item. */
static void an_item_without_its_end_is_no_item(void **state)
{
    struct handover_items reader;

    (void)state;
    for (size_t len = 1; len < 10; len++) {
        buf_reset(&told);
        handover_items_init(&reader, tell, NULL);
        assert_ok(handover_items_add(
            &reader, (struct bytes){ (const uint8_t *)items, len }));
        assert_err(handover_items_end(&reader), ERR_BAD_DATA);
        assert_int_equal(told.len, 0);
        handover_items_fini(&reader);
    }
}

/* Its length alone would ask for 4 GiB of memory. */
static void an_item_too_long_is_refused_by_its_length(void **state)
{
    struct handover_items reader;

    (void)state;
    handover_items_init(&reader, tell, NULL);
    assert_err(handover_items_add(
                   &reader,
                   (struct bytes){ (const uint8_t *)"\1\xff\xff\xff\xff", 5 }),
               ERR_TOO_LONG);
    handover_items_fini(&reader);
}

/* --- the answer --- */

static void sign_answer(void)
{
    static const struct bytes words = { (const uint8_t *)"reply", 5 };

    buf_reset(&file);
    handover_answer_begin(&file);
    handover_item_put(&file, HANDOVER_REPLY, words);
    assert_ok(handover_answer_sign(&file, &council));
}

static enum err open_answer(size_t len)
{
    struct bytes inside;

    return handover_answer_open((struct bytes){ file.data, len }, &council.pub,
                                &inside);
}

/* What it acknowledges, the tablet drops one day. */
static void no_byte_of_an_answer_may_be_other_or_missing(void **state)
{
    (void)state;
    sign_answer();
    assert_ok(open_answer(file.len));
    for (size_t i = 0; i < file.len; i++) {
        file.data[i] ^= 1;
        assert_true((i >= KID_AT && i < KID_END) ||
                    open_answer(file.len) != ERR_OK);
        file.data[i] ^= 1;
        assert_err(open_answer(i), ERR_BAD_DATA);
    }
    buf_put_u8(&file, 0);
    assert_err(open_answer(file.len), ERR_BAD_DATA);
}

static void only_the_councils_own_signature_counts(void **state)
{
    struct bytes inside;
    struct buf seal;
    struct hash sum;
    size_t signed_len;

    (void)state;
    sign_answer();
    assert_err(handover_answer_open(buf_bytes(&file), &other.pub, &inside),
               ERR_BAD_SEAL);
    file.len = 4 + 10; /* magic and the reply */
    signed_len = file.len;
    handover_item_put(&file, HANDOVER_SIGNED,
                      (struct bytes){ (const uint8_t *)"no seal", 7 });
    assert_err(open_answer(file.len), ERR_BAD_DATA);
    file.len = signed_len; /* a seal of the council, for other words */
    buf_init(&seal, 1024);
    crypto_sha256((struct bytes){ NULL, 0 }, &sum);
    assert_ok(
        cose_sign1_put(&seal, &council, (struct bytes){ sum.bytes, 32 },
                       (struct bytes){ (const uint8_t *)HANDOVER_ANSWER_AAD,
                                       sizeof(HANDOVER_ANSWER_AAD) - 1 }));
    handover_item_put(&file, HANDOVER_SIGNED, buf_bytes(&seal));
    buf_fini(&seal);
    assert_err(open_answer(file.len), ERR_BAD_SEAL);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(however_it_is_cut_into_pieces_it_says_the_same),
        T(either_key_of_the_council_opens_it_and_no_other),
        T(a_newer_file_is_told_from_a_broken_one),
        T(a_box_of_no_or_too_many_bytes_is_not_waited_for),
        T(a_box_with_no_key_in_it_opens_nothing),
        T(a_file_that_was_cut_is_never_whole),
        T(an_item_without_its_end_is_no_item),
        T(an_item_too_long_is_refused_by_its_length),
        T(no_byte_of_an_answer_may_be_other_or_missing),
        T(only_the_councils_own_signature_counts),
    };

    return RUN_TESTS(tests);
}
