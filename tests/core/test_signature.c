/* Words in a record, signed by the hand of who said them. */
#include "core/tablet_signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/cose.h"
#include "core/fields.h"
#include "tests/core/publish.h"
#include "tests/store_machine.h"

#define SAID "I only put it down for a minute."

static const char form[] =
    "{\"id\":\"words\",\"version\":1,\"kind\":\"observation\","
    "\"label\":\"Words\",\"categories\":[],\"common\":[\"note\"],"
    "\"common_required\":[],\"fields\":["
    "{\"id\":16,\"key\":\"reply\",\"type\":\"text\",\"label\":\"Said\"},"
    "{\"id\":17,\"key\":\"signed\",\"type\":\"signature\",\"label\":\"Sign\","
    "\"required\":true,\"child_form\":\"signature\",\"signs\":\"reply\","
    "\"shown_when\":\"length(coalesce(reply, '')) > 0\"}]}";

struct desk {
    struct machine m;
    struct tablet *t;
    struct uuid officer;
    struct ec_key key;
    struct buf why;
    struct tablet_signature seen;
    int count;
};

static void publish_ours(struct desk *d)
{
    char *json = calloc(1, 100000);
    FILE *in = fopen(SOURCE_DIR "/assets/forms/signature.json", "rb");

    assert_non_null(json);
    assert_non_null(in);
    assert_true(fread(json, 1, 99999, in) > 0);
    fclose(in);
    publish_definition(d->t, KIND_FORM, SIGNATURE_FORM, json);
    free(json);
}

static int setup(void **state)
{
    struct desk *d = calloc(1, sizeof(*d));
    struct tablet_options options;

    assert_non_null(d);
    machine_new(&d->m, 5);
    machine_close(&d->m);
    options = (struct tablet_options){ .store = machine_options(&d->m),
                                       .port = sim_port(d->m.sim) };
    assert_ok(tablet_open(&options, &d->t));
    assert_ok(crypto_ec_new(port_random(sim_port(d->m.sim)), &d->key));
    buf_init(&d->why, 1000);
    memset(d->officer.bytes, 0x44, 16);
    publish_definition(d->t, KIND_FORM, "words", form);
    publish_ours(d);
    assert_ok(tablet_sign_in(d->t, &d->officer));
    *state = d;
    return 0;
}

static int teardown(void **state)
{
    struct desk *d = *state;

    tablet_close(d->t);
    buf_fini(&d->why);
    machine_free(&d->m);
    free(d);
    return 0;
}

/* A short stroke as a draft keeps it: hex of its CBOR. */
static void draw(char hex[256])
{
    struct strokes *s = calloc(1, sizeof(*s));
    struct buf b;

    assert_non_null(s);
    strokes_begin(s, 400, 200);
    strokes_down(s, 0);
    strokes_point(s, 10, 20);
    strokes_point(s, 90, 60);
    buf_init(&b, 100);
    assert_ok(strokes_put(&b, s));
    hex_format(b.data, b.len, hex);
    buf_fini(&b);
    free(s);
}

static enum err record(struct desk *d, const char *reply, const char *words,
                       const char *key, const char *value, struct uuid *out)
{
    const struct tablet_text_field fields[] = {
        { "reply", reply },
        { "signed.1.statement", words },
        { "signed.1.signer", "Dai Morgan" },
        { "signed.1.signed_at", "1763770000000" },
        { key, value },
    };
    const struct tablet_new n = { .what = "words",
                                  .fields = fields,
                                  .field_count =
                                      value == NULL ? 1 : ARRAY_LEN(fields),
                                  .key = &d->key };

    return tablet_record(d->t, &n, out, &d->why);
}

static enum err take(void *ctx, const struct tablet_signature *s)
{
    struct desk *d = ctx;

    d->seen = *s;
    d->count++;
    return ERR_OK;
}

static void a_drawing_is_kept_beside_the_words_and_its_hash_fits(void **state)
{
    struct desk *d = *state;
    struct uuid id;
    char hex[256];

    draw(hex);
    assert_ok(record(d, SAID, SAID, "signed.1.strokes", hex, &id));
    assert_ok(tablet_signatures(d->t, &id, take, d));
    assert_int_equal(d->count, 1);
    assert_string_equal(d->seen.by, "Dai Morgan");
    assert_int_equal(d->seen.at_ms, 1763770000000);
    assert_true(d->seen.has_ink);
    assert_int_equal(d->seen.ink.point_count, 2);
    assert_true(d->seen.fits);
}

static void words_changed_after_the_signing_are_refused(void **state)
{
    struct desk *d = *state;
    struct uuid id;

    assert_err(record(d, SAID " Sorry.", SAID, "signed.1.typed_name",
                      "Dai Morgan", &id),
               ERR_BAD_DATA);
    assert_non_null(strstr(buf_text(&d->why), "changed after"));
}

static void words_without_a_signature_are_refused(void **state)
{
    struct desk *d = *state;
    struct uuid id;

    assert_err(record(d, SAID, SAID, NULL, NULL, &id), ERR_BAD_DATA);
    assert_err(record(d, SAID, SAID, "signed.1.signer_role", "person", &id),
               ERR_BAD_DATA);
    assert_err(record(d, SAID, SAID, "signed.1.strokes", "00", &id),
               ERR_BAD_DATA);
}

static void a_refusal_is_an_answer_too(void **state)
{
    struct desk *d = *state;
    struct uuid id;

    assert_ok(record(d, SAID, SAID, "signed.1.not_signed", "would-not", &id));
    assert_ok(tablet_signatures(d->t, &id, take, d));
    assert_string_equal(d->seen.why, "would-not");
    assert_true(d->seen.fits);
}

/* The words went, so the question is not asked any more. */
static void a_signature_on_no_words_is_not_saved(void **state)
{
    struct desk *d = *state;
    struct uuid id;

    assert_ok(record(d, "", SAID, "signed.1.typed_name", "Dai Morgan", &id));
    assert_ok(tablet_signatures(d->t, &id, take, d));
    assert_int_equal(d->count, 0);
}

struct found {
    struct buf cose;
    struct hash hash;
};

static enum err take_field(void *ctx, const struct tablet_field *f)
{
    struct found *found = ctx;
    struct cbor_reader r;
    struct bytes cose;

    cbor_open_gated(&r, f->value);
    if (f->id == SIGN_COSE) {
        cose = cbor_get_bytes(&r);
        buf_put(&found->cose, cose.data, cose.len);
    } else if (f->id == SIGNED_HASH) {
        cbor_get_hash(&r, &found->hash);
    }
    return ERR_OK;
}

static void the_officers_key_signs_the_hash(void **state)
{
    struct desk *d = *state;
    struct found found = { .hash = { { 0 } } };
    struct bytes payload;
    struct uuid id;

    assert_ok(record(d, SAID, SAID, "signed.1.typed_name", "Dai", &id));
    assert_ok(tablet_signatures(d->t, &id, take, d));
    buf_init(&found.cose, 1000);
    assert_ok(tablet_fields(d->t, &d->seen.id, take_field, &found));
    assert_ok(cose_sign_verify(
        buf_bytes(&found.cose), &d->key.pub,
        (struct bytes){ (const uint8_t *)SIGNATURE_AAD, strlen(SIGNATURE_AAD) },
        &payload));
    assert_int_equal(payload.len, sizeof(found.hash.bytes));
    assert_memory_equal(payload.data, found.hash.bytes, payload.len);
    buf_fini(&found.cose);
}

static void a_form_that_signs_no_text_of_its_own_is_refused(void **state)
{
    struct form *out;
    char json[sizeof(form)];
    char *at;

    (void)state;
    memcpy(json, form, sizeof(form));
    at = strstr(json, "\"signs\":\"reply\"");
    assert_non_null(at);
    memcpy(at, "\"signs\":\"signe\"", strlen("\"signs\":\"reply\""));
    assert_err(form_parse(json, strlen(json), &out), ERR_BAD_DATA);
}

#define ON(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON(a_drawing_is_kept_beside_the_words_and_its_hash_fits),
        ON(words_changed_after_the_signing_are_refused),
        ON(words_without_a_signature_are_refused),
        ON(a_refusal_is_an_answer_too),
        ON(a_signature_on_no_words_is_not_saved),
        ON(the_officers_key_signs_the_hash),
        cmocka_unit_test(a_form_that_signs_no_text_of_its_own_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
