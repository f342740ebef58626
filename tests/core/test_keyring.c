#include "core/keyring.h"

#include <string.h>

#include "tests/test.h"

static enum err count_up(void *ctx, uint8_t *out, size_t len)
{
    uint8_t *next = ctx;

    for (size_t i = 0; i < len; i++) {
        out[i] = (*next)++;
    }
    return ERR_OK;
}

static uint8_t counter;
static const struct crypto_random counting = { count_up, &counter };
static const struct uuid device = { { 1 } };
static const struct uuid ann = { { 0xa } }, bob = { { 0xb } };
static const struct uuid boot = { { 0xbb } };
static const uint8_t secret[32] = { 5 };

/* As Argon2id would give for this PIN: any function of it will do. */
static struct keyring_proof proof_of(const char *pin)
{
    struct keyring_proof p = { { 0 }, { 0 } };

    memcpy(p.pin_hash, pin, strlen(pin));
    memcpy(p.device_secret, secret, sizeof(secret));
    return p;
}

static struct keyring_keys keys_new(void)
{
    struct keyring_keys keys = { .database = { 42 }, .has_officer = true };

    assert_ok(crypto_ec_new(counting, &keys.officer));
    return keys;
}

static void set_pin(struct keyring *k, const struct uuid *officer,
                    const char *pin, const struct keyring_keys *keys)
{
    struct keyring_new_pin p = { .officer = *officer,
                                 .number = officer == &ann ? "4417" : "4418",
                                 .name = "Ann Example",
                                 .proof = proof_of(pin) };

    assert_ok(keyring_kdf_new(counting, &p.kdf));
    assert_ok(keyring_set_pin(k, &p, keys, counting));
}

static struct keyring *ring_new(void)
{
    struct keyring_keys keys = keys_new();
    struct keyring *k;

    assert_ok(keyring_new(&device, &k));
    set_pin(k, &ann, "1111", &keys);
    set_pin(k, &bob, "2222", &keys);
    return k;
}

/* One try at `mono_ms`, as the programs make it. */
static enum err try_pin(struct keyring *k, const struct uuid *officer,
                        const char *pin, uint64_t mono_ms)
{
    struct keyring_proof proof = proof_of(pin);
    struct keyring_keys keys;
    struct keyring_kdf kdf;
    uint64_t wait;
    enum err err = keyring_try(k, officer, &boot, mono_ms, &kdf, &wait);

    return err ? err : keyring_open(k, officer, &proof, &keys);
}

/* Through the file and back, as between two starts. */
static struct keyring *reread(struct keyring *k)
{
    struct keyring *again;
    struct buf file;

    buf_init(&file, KEYRING_FILE_MAX_BYTES);
    assert_ok(keyring_put(k, &file));
    assert_ok(keyring_parse(buf_bytes(&file), &again));
    keyring_free(k);
    buf_fini(&file);
    return again;
}

static void a_pin_opens_its_own_wrap_with_both_keys(void **state)
{
    struct keyring_keys keys = keys_new(), got;
    struct keyring_proof proof = proof_of("1111");
    struct keyring *k;
    struct uuid who;

    (void)state;
    assert_ok(keyring_new(&device, &k));
    set_pin(k, &ann, "1111", &keys);
    k = reread(k);
    assert_ok(keyring_find(k, "4417", &who));
    assert_true(uuid_eq(&who, &ann));
    assert_ok(keyring_open(k, &ann, &proof, &got));
    assert_memory_equal(got.database, keys.database, 32);
    assert_true(got.has_officer);
    assert_memory_equal(&got.officer, &keys.officer, sizeof(got.officer));
    keyring_free(k);
}

static void another_pin_device_or_place_opens_nothing(void **state)
{
    struct keyring *k = ring_new();
    struct keyring_proof proof = proof_of("2222");
    struct keyring_keys got;
    const struct keyring_keys none = { 0 };

    (void)state;
    assert_err(keyring_open(k, &ann, &proof, &got), ERR_WRONG_KEY);
    assert_memory_equal(&got, &none, sizeof(got));
    proof = proof_of("1111");
    proof.device_secret[0] ^= 1;
    assert_err(keyring_open(k, &ann, &proof, &got), ERR_WRONG_KEY);
    keyring_free(k);
}

static void the_tenth_wrong_pin_drops_that_wrap_only(void **state)
{
    struct keyring *k = ring_new();
    struct keyring_officer o;
    uint64_t at = 0;

    (void)state;
    for (int i = 0; i < KEYRING_TRIES_MAX; i++) {
        at += 3600000;
        assert_err(try_pin(k, &ann, "0000", at), ERR_WRONG_KEY);
        k = reread(k);
    }
    at += 3600000;
    assert_err(try_pin(k, &ann, "1111", at), ERR_DENIED);
    keyring_get(k, 0, &o);
    assert_false(o.has_wrap);
    assert_ok(try_pin(k, &bob, "2222", at));
    keyring_free(k);
}

static void a_dropped_pin_opens_nothing_and_leaves_the_others(void **state)
{
    struct keyring *k = ring_new();
    const struct uuid nobody = { { 0x5f } };

    (void)state;
    assert_err(keyring_drop(k, &nobody), ERR_NOT_FOUND);
    assert_ok(keyring_drop(k, &ann));
    k = reread(k);
    assert_err(try_pin(k, &ann, "1111", 0), ERR_DENIED);
    assert_ok(try_pin(k, &bob, "2222", 0));
    keyring_free(k);
}

static void a_right_pin_forgets_the_wrong_ones(void **state)
{
    struct keyring *k = ring_new();
    uint64_t at = 0;

    (void)state;
    for (int i = 0; i < KEYRING_TRIES_MAX - 1; i++) {
        at += 3600000;
        assert_err(try_pin(k, &ann, "0000", at), ERR_WRONG_KEY);
    }
    at += 3600000;
    assert_ok(try_pin(k, &ann, "1111", at));
    assert_err(try_pin(k, &ann, "0000", at), ERR_WRONG_KEY);
    assert_ok(try_pin(k, &ann, "1111", at));
    keyring_free(k);
}

static void the_fourth_try_waits_also_after_a_restart(void **state)
{
    struct keyring *k = ring_new();
    const struct uuid other_boot = { { 0xcc } };
    struct keyring_kdf kdf;
    uint64_t wait;

    (void)state;
    for (int i = 0; i < 3; i++) {
        assert_err(try_pin(k, &ann, "0000", 1000), ERR_WRONG_KEY);
    }
    assert_err(try_pin(k, &ann, "1111", 1000), ERR_BUSY);
    assert_err(try_pin(k, &ann, "1111", 5999), ERR_BUSY);
    k = reread(k);
    assert_err(keyring_try(k, &ann, &other_boot, 10, &kdf, &wait), ERR_BUSY);
    assert_int_equal(wait, 4990);
    assert_ok(try_pin(k, &bob, "2222", 1000));
    assert_ok(try_pin(k, &ann, "1111", 6000));
    keyring_free(k);
}

static void a_new_pin_makes_the_old_one_useless(void **state)
{
    struct keyring *k = ring_new();
    struct keyring_keys keys = keys_new();

    (void)state;
    set_pin(k, &ann, "3333", &keys);
    assert_int_equal(keyring_count(k), 2);
    assert_err(try_pin(k, &ann, "1111", 0), ERR_WRONG_KEY);
    assert_ok(try_pin(k, &ann, "3333", 0));
    keyring_free(k);
}

static void the_council_s_recovery_key_opens_the_database(void **state)
{
    struct keyring *k = ring_new();
    const uint8_t database[32] = { 42 };
    uint8_t got[32];
    struct ec_key council, other;

    (void)state;
    assert_ok(crypto_ec_new(counting, &council));
    assert_ok(crypto_ec_new(counting, &other));
    assert_err(keyring_recover(k, &council, got), ERR_NOT_FOUND);
    assert_ok(keyring_set_recovery(k, &council.pub, database, counting));
    k = reread(k);
    assert_ok(keyring_recover(k, &council, got));
    assert_memory_equal(got, database, 32);
    assert_int_not_equal(keyring_recover(k, &other, got), ERR_OK);
    keyring_free(k);
}

static void each_recovery_code_opens_once(void **state)
{
    struct keyring *k = ring_new();
    const uint8_t database[32] = { 42 };
    struct keyring_codes codes;
    uint8_t got[32];

    (void)state;
    assert_ok(keyring_new_codes(k, secret, database, counting, &codes));
    k = reread(k);
    assert_int_equal(keyring_codes_left(k), KEYRING_CODES);
    assert_ok(keyring_use_code(k, codes.text[3], secret, got));
    assert_memory_equal(got, database, 32);
    assert_err(keyring_use_code(k, codes.text[3], secret, got), ERR_WRONG_KEY);
    for (int i = 0; i < KEYRING_CODES; i++) {
        if (i != 3) {
            assert_ok(keyring_use_code(k, codes.text[i], secret, got));
        }
    }
    assert_int_equal(keyring_codes_left(k), 0);
    assert_err(keyring_use_code(k, "0123-4567", secret, got), ERR_BAD_DATA);
    keyring_free(k);
}

static void set_duress(struct keyring *k, const char *pin)
{
    const struct keyring_proof proof = proof_of(pin), own = proof_of("1111");
    struct keyring_keys keys;

    assert_ok(keyring_open(k, &ann, &own, &keys));
    assert_ok(keyring_set_duress(k, &ann, &proof, &keys, counting));
}

static void a_duress_pin_opens_the_same_keys_and_says_so(void **state)
{
    const struct keyring_proof own = proof_of("1111"), other = proof_of("9999");
    struct keyring *k = ring_new();
    struct keyring_keys keys, got;

    (void)state;
    set_duress(k, "9999");
    k = reread(k);
    assert_ok(keyring_open(k, &ann, &own, &keys));
    assert_false(keys.is_duress);
    assert_ok(keyring_open(k, &ann, &other, &got));
    assert_true(got.is_duress);
    assert_memory_equal(got.database, keys.database, 32);
    assert_memory_equal(&got.officer, &keys.officer, sizeof(got.officer));
    assert_err(try_pin(k, &bob, "9999", 0), ERR_WRONG_KEY);
    assert_err(keyring_set_duress(k, &ann, &own, &keys, counting), ERR_EXISTS);
    keyring_free(k);
}

static void a_new_pin_ends_the_duress_pin(void **state)
{
    struct keyring *k = ring_new();
    struct keyring_keys keys = keys_new();

    (void)state;
    set_duress(k, "9999");
    set_pin(k, &ann, "3333", &keys);
    assert_err(try_pin(k, &ann, "9999", 0), ERR_WRONG_KEY);
    keyring_free(k);
}

static size_t file_size(struct keyring *k)
{
    struct buf file;
    size_t len;

    buf_init(&file, KEYRING_FILE_MAX_BYTES);
    assert_ok(keyring_put(k, &file));
    len = file.len;
    buf_fini(&file);
    return len;
}

static void the_file_does_not_tell_who_has_a_duress_pin(void **state)
{
    struct keyring *k = ring_new();
    const size_t before = file_size(k);

    (void)state;
    set_duress(k, "9999");
    assert_int_equal(file_size(k), before);
    keyring_free(k);
}

static void the_last_to_sign_in_has_the_highest_turn(void **state)
{
    struct keyring *k = ring_new();
    struct keyring_officer first, second;

    (void)state;
    keyring_used(k, &bob);
    keyring_used(k, &ann);
    k = reread(k);
    keyring_get(k, 0, &first);
    keyring_get(k, 1, &second);
    assert_true(first.turn > second.turn && second.turn > 0);
    keyring_used(k, &bob);
    keyring_get(k, 1, &second);
    assert_true(second.turn > first.turn);
    keyring_free(k);
}

static void the_wait_is_told_before_a_try(void **state)
{
    struct keyring *k = ring_new();

    (void)state;
    for (int i = 0; i < 2; i++) {
        assert_err(try_pin(k, &ann, "0000", 1000), ERR_WRONG_KEY);
    }
    assert_int_equal(keyring_wait_ms(k, &ann, &boot, 1000), 0);
    assert_int_equal(keyring_next_wait_ms(k, &ann), 5000);
    assert_err(try_pin(k, &ann, "0000", 1000), ERR_WRONG_KEY);
    assert_int_equal(keyring_wait_ms(k, &ann, &boot, 2000), 4000);
    assert_int_equal(keyring_wait_ms(k, &ann, &boot, 6000), 0);
    assert_int_equal(keyring_wait_ms(k, &bob, &boot, 1000), 0);
    keyring_free(k);
}

/* A ring of one, as version 1 of the file had it. */
static void a_file_of_the_first_version_still_opens(void **state)
{
    struct keyring_keys keys = keys_new();
    struct buf file, old;
    struct keyring *k;
    size_t tail;

    (void)state;
    assert_ok(keyring_new(&device, &k));
    set_pin(k, &ann, "1111", &keys);
    buf_init(&file, KEYRING_FILE_MAX_BYTES);
    buf_init(&old, KEYRING_FILE_MAX_BYTES);
    assert_ok(keyring_put(k, &file));
    /* Behind the slot: 4: "", 5: []. Version, pairs, and 13 to 17 change. */
    assert_memory_equal(file.data + file.len - 4, "\x04\x40\x05\x80", 4);
    tail = file.len - 4;
    while (memcmp(file.data + tail, "\x0d\x60\x0e\x00\x0f\x00\x10", 7) != 0) {
        tail--;
    }
    buf_put(&old, file.data, tail);
    buf_put(&old, file.data + file.len - 4, 4);
    assert_ok(old.err);
    assert_int_equal(old.data[2], 2);
    old.data[2] = 1;
    assert_int_equal(old.data[23], 0xb1);
    old.data[23] = 0xac;
    keyring_free(k);
    assert_ok(keyring_parse(buf_bytes(&old), &k));
    assert_ok(try_pin(k, &ann, "1111", 0));
    buf_fini(&file);
    buf_fini(&old);
    keyring_free(k);
}

static void every_cut_of_the_file_is_refused(void **state)
{
    struct keyring *k = ring_new(), *got;
    struct buf file;

    (void)state;
    buf_init(&file, KEYRING_FILE_MAX_BYTES);
    assert_ok(keyring_put(k, &file));
    for (size_t i = 0; i < file.len; i++) {
        assert_err(keyring_parse((struct bytes){ file.data, i }, &got),
                   ERR_BAD_DATA);
    }
    buf_fini(&file);
    keyring_free(k);
}

static void a_moved_wrap_opens_nothing(void **state)
{
    struct keyring *k = ring_new(), *forged;
    struct buf file;
    uint8_t *at;

    (void)state;
    buf_init(&file, KEYRING_FILE_MAX_BYTES);
    assert_ok(keyring_put(k, &file));
    /* Ann's entry now says that it is Bob's; her PIN must not open it. */
    at = memchr(file.data, 0xa, file.len);
    while (at && memcmp(at, ann.bytes, 16) != 0) {
        at = memchr(at + 1, 0xa, file.len - (size_t)(at + 1 - file.data));
    }
    assert_non_null(at);
    at[0] = 0xc;
    assert_ok(keyring_parse(buf_bytes(&file), &forged));
    assert_err(try_pin(forged, &(struct uuid){ { 0xc } }, "1111", 0),
               ERR_WRONG_KEY);
    buf_fini(&file);
    keyring_free(forged);
    keyring_free(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pin_opens_its_own_wrap_with_both_keys),
        cmocka_unit_test(another_pin_device_or_place_opens_nothing),
        cmocka_unit_test(the_tenth_wrong_pin_drops_that_wrap_only),
        cmocka_unit_test(a_dropped_pin_opens_nothing_and_leaves_the_others),
        cmocka_unit_test(a_right_pin_forgets_the_wrong_ones),
        cmocka_unit_test(the_fourth_try_waits_also_after_a_restart),
        cmocka_unit_test(a_new_pin_makes_the_old_one_useless),
        cmocka_unit_test(the_council_s_recovery_key_opens_the_database),
        cmocka_unit_test(each_recovery_code_opens_once),
        cmocka_unit_test(a_duress_pin_opens_the_same_keys_and_says_so),
        cmocka_unit_test(a_new_pin_ends_the_duress_pin),
        cmocka_unit_test(the_file_does_not_tell_who_has_a_duress_pin),
        cmocka_unit_test(the_last_to_sign_in_has_the_highest_turn),
        cmocka_unit_test(the_wait_is_told_before_a_try),
        cmocka_unit_test(a_file_of_the_first_version_still_opens),
        cmocka_unit_test(every_cut_of_the_file_is_refused),
        cmocka_unit_test(a_moved_wrap_opens_nothing),
    };

    return RUN_TESTS(tests);
}
