#include "core/wire.h"

#include <string.h>

#include "core/cose.h"
#include "core/limits.h"
#include "tests/test.h"

static uint64_t random_state = 5;

static enum err fill(void *ctx, uint8_t *out, size_t len)
{
    (void)ctx;
    for (size_t i = 0; i < len; i++) {
        random_state =
            random_state * 6364136223846793005u + 1442695040888963407u;
        out[i] = (uint8_t)(random_state >> 33);
    }
    return ERR_OK;
}

static const struct crypto_random source = { fill, NULL };

static struct ec_key new_key(void)
{
    struct ec_key key;

    assert_ok(crypto_ec_new(source, &key));
    return key;
}

static struct wire_receipt a_receipt(struct wire_list_writer *blobs)
{
    struct wire_receipt r;
    struct hash name;

    memset(&r, 0x31, sizeof(r));
    memset(&name, 0x77, sizeof(name));
    r.size = 1000;
    r.sequence = 42;
    wire_list_begin(blobs, 4096);
    cbor_put_hash(wire_list_item(blobs), &name);
    cbor_put_hash(wire_list_item(blobs), &r.root);
    r.blobs = wire_list_view(blobs);
    return r;
}

static void a_receipt_comes_back_as_it_was_signed(void **state)
{
    const struct ec_key key = new_key();
    struct wire_list_writer blobs;
    struct wire_list_reader list;
    struct wire_receipt r = a_receipt(&blobs), got;
    struct bytes item;
    struct hash name;
    struct buf out;
    size_t count = 0;

    (void)state;
    buf_init(&out, 4096);
    assert_ok(wire_receipt_sign(&out, &key, &r));
    assert_ok(wire_receipt_open(buf_bytes(&out), &key.pub, &got));
    assert_int_equal(got.size, 1000);
    assert_int_equal(got.sequence, 42);
    assert_memory_equal(&got.link, &r.link, sizeof(r.link));
    wire_list_open(&list, &got.blobs);
    while (wire_list_next(&list, &item)) {
        assert_ok(wire_item_hash(item, &name));
        count++;
    }
    assert_int_equal(count, 2);
    assert_memory_equal(&name, &r.root, sizeof(name));
    wire_list_fini(&blobs);
    buf_fini(&out);
}

static void a_signature_for_one_thing_holds_for_no_other(void **state)
{
    const struct ec_key key = new_key(), other = new_key();
    struct wire_checkpoint c = { .size = 7 };
    struct wire_list_writer blobs;
    struct wire_receipt r = a_receipt(&blobs), got;
    struct wire_page page;
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    assert_ok(wire_receipt_sign(&out, &key, &r));
    assert_err(wire_receipt_open(buf_bytes(&out), &other.pub, &got),
               ERR_BAD_SEAL);
    assert_err(wire_page_open(buf_bytes(&out), &key.pub, &page), ERR_BAD_SEAL);
    buf_reset(&out);
    assert_ok(wire_checkpoint_sign(&out, &key, &c));
    assert_err(wire_receipt_open(buf_bytes(&out), &key.pub, &got),
               ERR_BAD_SEAL);
    wire_list_fini(&blobs);
    buf_fini(&out);
}

static void no_changed_byte_of_a_receipt_passes(void **state)
{
    const struct ec_key key = new_key();
    struct wire_list_writer blobs;
    struct wire_receipt r = a_receipt(&blobs), got;
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    assert_ok(wire_receipt_sign(&out, &key, &r));
    for (size_t i = 0; i < out.len; i += 5) {
        enum err err;

        out.data[i] ^= 1;
        err = wire_receipt_open(buf_bytes(&out), &key.pub, &got);
        /* The key id is a hint that no signature covers. */
        assert_true(err != ERR_OK || (i > 5 && i < 25));
        out.data[i] ^= 1;
    }
    for (size_t len = 0; len < out.len; len++) {
        assert_true(wire_receipt_open((struct bytes){ out.data, len }, &key.pub,
                                      &got) != ERR_OK);
    }
    wire_list_fini(&blobs);
    buf_fini(&out);
}

/* Each message that is all optional or empty, and each that lacks a field:
 * a map with one key fewer must not pass. */
static void a_message_that_lacks_a_field_is_none(void **state)
{
    struct wire_checkpoint c = { .size = 7 }, got;
    struct buf out, less;

    (void)state;
    buf_init(&out, 4096);
    buf_init(&less, 4096);
    wire_checkpoint_put(&out, &c);
    assert_ok(wire_checkpoint_get(buf_bytes(&out), &got));
    cbor_put_map(&less, 2);
    cbor_put_uint(&less, 1);
    cbor_put_uuid(&less, &c.log_id);
    cbor_put_uint(&less, 2);
    cbor_put_uint(&less, 7);
    assert_err(wire_checkpoint_get(buf_bytes(&less), &got), ERR_BAD_DATA);
    buf_fini(&out);
    buf_fini(&less);
}

static void a_field_of_a_newer_program_is_passed_over(void **state)
{
    struct wire_wanted got;
    struct hash name = { { 9 } };
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    cbor_put_map(&out, 4);
    cbor_put_uint(&out, 1);
    cbor_put_hash(&out, &name);
    cbor_put_uint(&out, 2);
    cbor_put_uint(&out, 5);
    cbor_put_uint(&out, 90);
    cbor_put_array(&out, 1);
    cbor_put_text(&out, "new", 3);
    cbor_put_uint(&out, 91);
    cbor_put_bool(&out, true);
    assert_ok(wire_wanted_get(buf_bytes(&out), &got));
    assert_int_equal(got.offset, 5);
    assert_true(hash_eq(&got.name, &name));
    buf_fini(&out);
}

static void a_field_of_another_type_is_refused(void **state)
{
    struct wire_wanted got;
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    cbor_put_map(&out, 2);
    cbor_put_uint(&out, 1);
    cbor_put_text(&out, "not a hash", 10);
    cbor_put_uint(&out, 2);
    cbor_put_uint(&out, 5);
    assert_err(wire_wanted_get(buf_bytes(&out), &got), ERR_BAD_DATA);
    buf_fini(&out);
}

static void an_optional_field_is_there_only_when_it_was_put(void **state)
{
    struct wire_proof p = { .size = 3 }, got;
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    p.has_index = true;
    p.index = 0;
    wire_proof_put(&out, &p);
    assert_ok(wire_proof_get(buf_bytes(&out), &got));
    assert_true(got.has_index && !got.has_old_size);
    buf_fini(&out);
}

static void files_of_a_fetch_come_back_byte_by_byte(void **state)
{
    static const uint8_t data[] = "ciphertext";
    struct wire_file f = { .data = { data, sizeof(data) } }, got;
    struct wire_list_writer files, none;
    struct wire_list_reader list;
    struct wire_fetched msg, back;
    struct bytes item;
    struct buf out;

    (void)state;
    buf_init(&out, 4096);
    wire_list_begin(&files, 4096);
    wire_list_begin(&none, 16);
    f.name.bytes[3] = 4;
    wire_file_put(wire_list_item(&files), &f);
    msg.files = wire_list_view(&files);
    msg.missing = wire_list_view(&none);
    wire_fetched_put(&out, &msg);
    assert_ok(wire_fetched_get(buf_bytes(&out), &back));
    assert_int_equal(back.missing.count, 0);
    wire_list_open(&list, &back.files);
    assert_true(wire_list_next(&list, &item));
    assert_ok(wire_file_get(item, &got));
    assert_true(hash_eq(&got.name, &f.name));
    assert_true(bytes_eq(got.data, f.data));
    assert_false(wire_list_next(&list, &item));
    wire_list_fini(&files);
    wire_list_fini(&none);
    buf_fini(&out);
}

static void an_item_of_another_type_is_refused(void **state)
{
    struct hash name;
    struct uuid id;
    struct bytes bytes;
    struct buf out;

    (void)state;
    buf_init(&out, 64);
    cbor_put_uint(&out, 5);
    assert_err(wire_item_hash(buf_bytes(&out), &name), ERR_BAD_DATA);
    assert_err(wire_item_uuid(buf_bytes(&out), &id), ERR_BAD_DATA);
    assert_err(wire_item_bytes(buf_bytes(&out), &bytes), ERR_BAD_DATA);
    buf_fini(&out);
}

static void a_body_is_packed_only_where_that_helps(void **state)
{
    static uint8_t text[5000];
    const struct bytes plain = { text, sizeof(text) };
    uint8_t noise[200];
    struct buf out, back;
    const char *type;

    (void)state;
    buf_init(&out, 100000);
    buf_init(&back, 100000);
    memset(text, 'a', sizeof(text));
    assert_ok(wire_pack(&out, plain, &type));
    assert_string_equal(type, WIRE_TYPE_PACKED);
    assert_true(out.len < sizeof(text) / 2);
    assert_ok(fill(NULL, noise, sizeof(noise)));
    buf_reset(&out);
    assert_ok(wire_pack(&out, (struct bytes){ noise, sizeof(noise) }, &type));
    assert_string_equal(type, WIRE_TYPE_PLAIN);
    assert_int_equal(out.len, sizeof(noise));
    assert_ok(wire_unpack(&back, type, buf_bytes(&out)));
    assert_memory_equal(back.data, noise, sizeof(noise));
    assert_err(wire_unpack(&back, "text/html", buf_bytes(&out)), ERR_BAD_DATA);
    assert_true(wire_unpack(&back, WIRE_TYPE_PACKED, buf_bytes(&out)) !=
                ERR_OK);
    buf_fini(&out);
    buf_fini(&back);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_comes_back_as_it_was_signed),
        cmocka_unit_test(a_signature_for_one_thing_holds_for_no_other),
        cmocka_unit_test(no_changed_byte_of_a_receipt_passes),
        cmocka_unit_test(a_message_that_lacks_a_field_is_none),
        cmocka_unit_test(a_field_of_a_newer_program_is_passed_over),
        cmocka_unit_test(a_field_of_another_type_is_refused),
        cmocka_unit_test(an_optional_field_is_there_only_when_it_was_put),
        cmocka_unit_test(files_of_a_fetch_come_back_byte_by_byte),
        cmocka_unit_test(an_item_of_another_type_is_refused),
        cmocka_unit_test(a_body_is_packed_only_where_that_helps),
    };

    return RUN_TESTS(tests);
}
