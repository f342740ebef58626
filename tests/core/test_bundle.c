#include <string.h>

#include "core/cose.h"
#include "tests/core/tiny_council.h"

struct verdict {
    struct bundle_verdict v;
    char text[8192]; /* all findings, one a line */
};

static void keep(void *ctx, const char *what)
{
    struct verdict *v = ctx;
    const size_t len = strlen(v->text);

    snprintf(v->text + len, sizeof(v->text) - len, "%s\n", what);
}

static void check(const struct tiny_bundle *b, struct verdict *out)
{
    memset(out, 0, sizeof(*out));
    assert_ok(bundle_verify(b->files, b->count, keep, out, &out->v));
}

static void assert_holds(const struct tiny_bundle *b)
{
    struct verdict v;

    check(b, &v);
    assert_string_equal(v.text, "");
    assert_int_equal(v.v.findings, 0);
    assert_true(v.v.has_anchor);
}

static void assert_finds(const struct tiny_bundle *b, const char *what)
{
    struct verdict v;

    check(b, &v);
    if (strstr(v.text, what) == NULL) {
        fail_msg("not \"%s\" but:\n%s", what, v.text);
    }
    assert_true(v.v.findings > 0);
}

/* Two tablets with three notes each, in two pushes, one with a photo. */
static void a_day(struct tiny *t)
{
    struct tiny_new photo = { .who = TINY_B, .kind = KIND_PHOTO };
    struct body_writer w;

    tiny_init(t);
    tiny_note(t, TINY_A, "one");
    tiny_note(t, TINY_A, "two");
    tiny_seal(t, TINY_A);
    tiny_note(t, TINY_B, "three");
    crypto_sha256((struct bytes){ (const uint8_t *)"pixels", 6 }, &photo.blob);
    photo.record = tiny_id(t);
    body_begin(&w);
    body_put_bytes(&w, PHOTO_BLOB, (struct bytes){ photo.blob.bytes, 32 });
    tiny_add(t, &photo, &w);
    tiny_seal(t, TINY_B);
    tiny_note(t, TINY_A, "four");
    tiny_seal(t, TINY_A);
}

static struct buf *blob_file(struct tiny *t, struct tiny_bundle *b)
{
    struct hash hash;
    char name[100] = BUNDLE_BLOBS;

    (void)t;
    crypto_sha256((struct bytes){ (const uint8_t *)"pixels", 6 }, &hash);
    hex_format(hash.bytes, sizeof(hash.bytes), name + strlen(name));
    return tiny_file(b, name);
}

static void resign(struct tiny *t, struct tiny_bundle *b)
{
    tiny_sign(t, b, &t->devices[TINY_SERVER].key);
}

static void write_day(struct tiny *t, struct tiny_bundle *b)
{
    a_day(t);
    tiny_write(t, b);
    buf_put_text(blob_file(t, b), "pixels");
    resign(t, b);
}

static void done(struct tiny *t, struct tiny_bundle *b)
{
    tiny_free(b);
    tiny_fini(t);
}

static void a_whole_day_holds_and_is_counted(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct verdict v;
    struct buf key;
    struct hash anchor;

    (void)state;
    write_day(&t, &b);
    check(&b, &v);
    assert_string_equal(v.text, "");
    assert_int_equal(v.v.events, t.event_count);
    assert_int_equal(v.v.bodies, t.event_count);
    assert_int_equal(v.v.blobs, 1);
    buf_init(&key, 256);
    cose_key_put(&key, &t.devices[TINY_SERVER].key.pub);
    crypto_sha256(buf_bytes(&key), &anchor);
    assert_true(hash_eq(&anchor, &v.v.anchor));
    buf_fini(&key);
    done(&t, &b);
}

static void hidden_neighbours_leave_hashes_that_hold(void **state)
{
    struct tiny t;
    struct tiny_bundle b;

    (void)state;
    a_day(&t);
    for (size_t i = 3; i < t.event_count; i++) {
        t.events[i].is_hidden = i != 4; /* the second note of tablet A */
    }
    tiny_write(&t, &b);
    assert_holds(&b);
    for (size_t i = 0; i < b.count; i++) {
        const struct bytes data = b.files[i].data;

        for (size_t at = 0; at + 5 <= data.len; at++) {
            assert_true(memcmp(data.data + at, "three", 5) != 0);
        }
    }
    done(&t, &b);
}

static void an_erased_body_leaves_a_bundle_that_holds(void **state)
{
    struct tiny t;
    struct tiny_bundle b;

    (void)state;
    a_day(&t);
    t.events[4].is_erased = true;
    t.events[6].is_hidden = true; /* the photo */
    tiny_write(&t, &b);
    assert_holds(&b);
    done(&t, &b);
}

static void each_flipped_byte_of_each_file_is_found_in_it(void **state)
{
    struct tiny t;
    struct tiny_bundle b;

    (void)state;
    write_day(&t, &b);
    for (size_t i = 0; i < b.count; i++) {
        const size_t step = b.data[i].len > 600 ? 37 : 7;

        for (size_t at = 0; at < b.data[i].len; at += step * test_step(13)) {
            b.data[i].data[at] ^= 0x10;
            assert_finds(&b, b.names[i]);
            b.data[i].data[at] ^= 0x10;
        }
    }
    assert_holds(&b);
    done(&t, &b);
}

static void a_byte_missing_added_or_moved_is_found_in_its_file(void **state)
{
    struct tiny t;
    struct tiny_bundle b;

    (void)state;
    write_day(&t, &b);
    for (size_t i = 0; i < b.count; i++) {
        struct bundle_file *file = &b.files[i];
        const struct bytes whole = file->data;
        struct buf changed;

        if (whole.len < 2) {
            continue;
        }
        file->data.len--;
        assert_finds(&b, file->name);
        buf_init(&changed, whole.len + 1);
        buf_put(&changed, whole.data, whole.len);
        buf_put_u8(&changed, 0);
        assert_ok(changed.err);
        file->data = buf_bytes(&changed);
        assert_finds(&b, file->name);
        changed.data[0] = whole.data[1];
        changed.data[1] = whole.data[0];
        file->data.len = whole.len;
        if (whole.data[0] != whole.data[1]) {
            assert_finds(&b, file->name);
        }
        file->data = whole;
        buf_fini(&changed);
    }
    done(&t, &b);
}

static void the_block_of_a_change_is_named(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct buf *blob;

    (void)state;
    write_day(&t, &b);
    blob = tiny_file(&b, BUNDLE_CSV);
    while (blob->len < 3 * BUNDLE_BLOCK_BYTES) {
        buf_put_u8(blob, 'x');
        assert_ok(blob->err);
    }
    resign(&t, &b);
    blob->data[BUNDLE_BLOCK_BYTES + 5] = 'y';
    assert_finds(&b, "records.csv: bytes 4096 to 8191: changed");
    done(&t, &b);
}

static void a_missing_and_an_added_file_are_named(void **state)
{
    struct tiny t;
    struct tiny_bundle b;

    (void)state;
    write_day(&t, &b);
    for (size_t i = 0; i < b.count; i++) {
        const struct bundle_file file = b.files[i];
        char want[120];

        b.files[i] = b.files[--b.count];
        snprintf(want, sizeof(want), "%s: missing", file.name);
        assert_finds(&b, want);
        b.files[b.count++] = b.files[i];
        b.files[i] = file;
    }
    buf_put_text(tiny_file(&b, "more.txt"), "x");
    tiny_refresh(&b);
    assert_finds(&b, "more.txt: added");
    done(&t, &b);
}

static void a_manifest_by_another_key_disowns_every_chain(void **state)
{
    struct tiny t;
    struct tiny_bundle b;

    (void)state;
    write_day(&t, &b);
    tiny_sign(&t, &b, &t.devices[TINY_A].key);
    assert_finds(&b, "checkpoint.cose: byte 0: not a checkpoint that the "
                     "council signed");
    done(&t, &b);
}

static void a_seal_by_a_key_never_granted_is_named(void **state)
{
    struct tiny t;
    struct tiny_bundle b;

    (void)state;
    tiny_init(&t);
    t.devices[TINY_A].key.d[3] ^= 1;
    assert_ok(crypto_ec_derive(&t.devices[TINY_A].key));
    tiny_note(&t, TINY_A, "one");
    tiny_seal(&t, TINY_A);
    tiny_write(&t, &b);
    assert_finds(&b, "seals.cborseq: byte ");
    assert_finds(&b, "its key was not granted to this device");
    done(&t, &b);
}

static void a_tablet_cannot_grant_itself_a_key(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct uuid id;

    (void)state;
    tiny_init(&t);
    tiny_note(&t, TINY_A, "one");
    id = tiny_id(&t);
    tiny_key(&t, TINY_B, OP_GRANT, &id, &t.devices[TINY_A].device,
             &t.devices[TINY_B].key.pub);
    tiny_seal(&t, TINY_B);
    t.devices[TINY_A].key = t.devices[TINY_B].key; /* B forges A's seal */
    tiny_note(&t, TINY_A, "two");
    tiny_seal(&t, TINY_A);
    tiny_write(&t, &b);
    assert_finds(&b, "its key was not granted to this device");
    done(&t, &b);
}

static void the_councils_key_seals_no_tablets_chain(void **state)
{
    struct tiny t;
    struct tiny_bundle b;

    (void)state;
    tiny_init(&t);
    t.devices[TINY_A].key = t.devices[TINY_SERVER].key;
    tiny_note(&t, TINY_A, "one");
    tiny_seal(&t, TINY_A);
    tiny_write(&t, &b);
    assert_finds(&b, "its key was not granted to this device");
    done(&t, &b);
}

static void a_re_enrolled_tablet_has_two_keys_that_count(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct uuid id;

    (void)state;
    tiny_init(&t);
    tiny_note(&t, TINY_A, "before");
    tiny_seal(&t, TINY_A);
    t.devices[TINY_A].key.d[3] ^= 1;
    assert_ok(crypto_ec_derive(&t.devices[TINY_A].key));
    id = tiny_id(&t);
    tiny_key(&t, TINY_SERVER, OP_GRANT, &id, &t.devices[TINY_A].device,
             &t.devices[TINY_A].key.pub);
    tiny_seal(&t, TINY_SERVER);
    tiny_note(&t, TINY_A, "after");
    tiny_seal(&t, TINY_A);
    tiny_write(&t, &b);
    assert_holds(&b);
    done(&t, &b);
}

static void a_key_granted_after_the_events_came_does_not_count(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct uuid id;

    (void)state;
    tiny_init(&t);
    t.devices[TINY_A].key.d[3] ^= 1;
    assert_ok(crypto_ec_derive(&t.devices[TINY_A].key));
    tiny_note(&t, TINY_A, "before");
    tiny_seal(&t, TINY_A);
    id = tiny_id(&t);
    tiny_key(&t, TINY_SERVER, OP_GRANT, &id, &t.devices[TINY_A].device,
             &t.devices[TINY_A].key.pub);
    tiny_seal(&t, TINY_SERVER);
    tiny_write(&t, &b);
    assert_finds(&b, "its key was not granted to this device");
    done(&t, &b);
}

/* The server's word that it put the newest event of A into quarantine. */
static void refuse(struct tiny *t)
{
    const struct tiny_new e = { .who = TINY_SERVER,
                                .kind = KIND_LOG,
                                .op = OP_REFUSE,
                                .record = t->council };
    struct body_writer w;

    body_begin(&w);
    body_put_uuid(&w, LOG_INCARNATION, &t->devices[TINY_A].incarnation);
    body_put_int(&w, LOG_SEQUENCE, (int64_t)t->devices[TINY_A].count);
    body_put_int(&w, LOG_CODE, ERR_DENIED);
    tiny_add(t, &e, &w);
    tiny_seal(t, TINY_SERVER);
}

static void after_a_revocation_only_refused_events_hold(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct uuid id;

    (void)state;
    tiny_init(&t);
    id = t.events[1].ref.incarnation; /* overwritten below */
    {
        struct event_header *h = malloc(sizeof(*h));

        assert_non_null(h);
        assert_ok(event_header_parse(buf_bytes(&t.events[1].header), h));
        id = h->record; /* the key of tablet A */
        free(h);
    }
    tiny_key(&t, TINY_SERVER, OP_REVOKE, &id, &t.devices[TINY_A].device,
             &t.devices[TINY_A].key.pub);
    tiny_seal(&t, TINY_SERVER);
    tiny_note(&t, TINY_A, "too late");
    tiny_seal(&t, TINY_A);
    tiny_write(&t, &b);
    assert_finds(&b, "its key was not granted to this device");
    tiny_free(&b);
    refuse(&t);
    tiny_write(&t, &b);
    assert_holds(&b);
    done(&t, &b);
}

static void a_forged_seal_is_named(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct buf *seals;

    (void)state;
    write_day(&t, &b);
    seals = tiny_file(&b, BUNDLE_SEALS);
    /* a seal ends with its signature, the item with a key of 77 bytes */
    seals->data[seals->len - 90] ^= 1;
    resign(&t, &b);
    assert_finds(&b, "the signature does not hold");
    done(&t, &b);
}

static void a_changed_body_does_not_fit_its_commitment(void **state)
{
    struct tiny t;
    struct tiny_bundle b;

    (void)state;
    a_day(&t);
    t.events[4].body.data[t.events[4].body.len - 1] ^= 1; /* "two" */
    tiny_write(&t, &b);
    assert_finds(&b, "the body at log position 4 does not fit");
    done(&t, &b);
}

static void a_chain_with_a_hole_is_named(void **state)
{
    struct tiny t;
    struct tiny_bundle b;

    (void)state;
    a_day(&t);
    tiny_write(&t, &b);
    t.events[5].is_hidden = true; /* gone from the events only */
    buf_reset(tiny_file(&b, BUNDLE_EVENTS));
    {
        struct bundle_event events[TINY_EVENTS_MAX];
        const size_t count = tiny_events(&t, events);

        for (size_t i = 0; i < count; i++) {
            bundle_event_put(tiny_file(&b, BUNDLE_EVENTS), &events[i]);
        }
    }
    resign(&t, &b);
    assert_finds(&b, "chains.cborseq: byte ");
    assert_finds(&b, "event 1 of the chain is not among the events");
    assert_finds(&b, "proofs.cborseq: no proof for log position 0");
    done(&t, &b);
}

static void events_out_of_order_are_named(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct bundle_event events[TINY_EVENTS_MAX];
    size_t count;

    (void)state;
    a_day(&t);
    tiny_write(&t, &b);
    count = tiny_events(&t, events);
    buf_reset(tiny_file(&b, BUNDLE_EVENTS));
    bundle_event_put(tiny_file(&b, BUNDLE_EVENTS), &events[1]);
    bundle_event_put(tiny_file(&b, BUNDLE_EVENTS), &events[0]);
    for (size_t i = 2; i < count; i++) {
        bundle_event_put(tiny_file(&b, BUNDLE_EVENTS), &events[i]);
    }
    resign(&t, &b);
    assert_finds(&b, "log position 0 is out of order");
    done(&t, &b);
}

static void an_event_in_no_chain_is_named_unless_listed(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct verdict v;
    size_t at;

    (void)state;
    a_day(&t);
    t.events[6].is_hidden = true;
    at = tiny_note(&t, TINY_B, "given back"); /* never sealed again */
    tiny_write(&t, &b);
    assert_finds(&b, "log position 8 is in no chain");
    tiny_free(&b);
    t.events[at].is_unchained = true;
    tiny_write(&t, &b);
    check(&b, &v);
    assert_string_equal(v.text, "");
    assert_int_equal(v.v.unchained, 1);
    tiny_free(&b);
    t.events[4].is_unchained = true; /* in a chain all the same */
    tiny_write(&t, &b);
    assert_finds(&b, "log position 4 is in a chain, the manifest says");
    done(&t, &b);
}

static void a_missing_or_foreign_proof_is_named(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct buf *proofs;

    (void)state;
    a_day(&t);
    t.events[6].is_hidden = true;
    tiny_write(&t, &b);
    assert_holds(&b);
    proofs = tiny_file(&b, BUNDLE_PROOFS);
    proofs->data[proofs->len - 1] ^= 1;
    resign(&t, &b);
    assert_finds(&b, "log position 7 is not in the checkpoint");
    buf_reset(proofs);
    resign(&t, &b);
    assert_finds(&b, "proofs.cborseq: no proof for log position 0");
    done(&t, &b);
}

static void another_councils_checkpoint_is_named(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct ec_key ours;

    (void)state;
    a_day(&t);
    ours = t.devices[TINY_SERVER].key;
    t.events[6].is_hidden = true;
    t.devices[TINY_SERVER].key = t.devices[TINY_B].key;
    tiny_write(&t, &b);
    tiny_sign(&t, &b, &ours);
    assert_finds(&b, "checkpoint.cose: byte 0: not a checkpoint that the "
                     "council signed");
    done(&t, &b);
}

static void an_older_checkpoint_does_not_reach_the_events(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct tiny_bundle old;

    (void)state;
    a_day(&t);
    t.events[6].is_hidden = true;
    tiny_write(&t, &old);
    tiny_note(&t, TINY_A, "five");
    tiny_seal(&t, TINY_A);
    tiny_write(&t, &b);
    buf_reset(tiny_file(&b, BUNDLE_CHECKPOINT));
    buf_put(tiny_file(&b, BUNDLE_CHECKPOINT),
            tiny_file(&old, BUNDLE_CHECKPOINT)->data,
            tiny_file(&old, BUNDLE_CHECKPOINT)->len);
    resign(&t, &b);
    assert_finds(&b, "log position 8 lies beyond the checkpoint");
    tiny_free(&old);
    done(&t, &b);
}

static void a_restored_council_is_one_history_with_a_named_gap(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct verdict v;

    (void)state;
    a_day(&t);
    t.events[6].is_hidden = true;
    tiny_restart(&t, 12);
    tiny_seal(&t, TINY_SERVER);
    tiny_note(&t, TINY_A, "after");
    tiny_seal(&t, TINY_A);
    tiny_write(&t, &b);
    check(&b, &v);
    assert_string_equal(v.text, "");
    assert_int_equal(v.v.restarts, 1);
    assert_int_equal(v.v.lost, 12);
    tiny_free(&b);
    t.events[8].is_hidden = true; /* who hides why, hides too much */
    tiny_write(&t, &b);
    assert_finds(&b, "does not say why another log begins there");
    done(&t, &b);
}

static void a_blob_missing_foreign_or_renamed_is_named(void **state)
{
    struct tiny t;
    struct tiny_bundle b;

    (void)state;
    a_day(&t);
    tiny_write(&t, &b);
    assert_finds(&b, "missing; the event at log position 6 names it");
    crypto_sha256((struct bytes){ (const uint8_t *)"pixels", 6 }, &t.missing);
    resign(&t, &b);
    assert_holds(&b); /* said to be missing is honest */
    memset(&t.missing, 0, sizeof(t.missing));
    buf_put_text(blob_file(&t, &b), "other pixels");
    resign(&t, &b);
    assert_finds(&b, "its bytes have another hash");
    buf_reset(blob_file(&t, &b));
    buf_put_text(blob_file(&t, &b), "pixels");
    buf_put_text(tiny_file(&b, "blobs/6b23c0d5f35d1b11f9b683f0b0a617355deb11277"
                               "d91ae091d399c655b87940d"),
                 "C");
    resign(&t, &b);
    assert_finds(&b, "no event names it");
    done(&t, &b);
}

static void files_for_people_must_say_what_the_events_say(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct buf *csv;

    (void)state;
    write_day(&t, &b);
    csv = tiny_file(&b, BUNDLE_CSV);
    for (size_t i = 0; i + 3 < csv->len; i++) {
        if (memcmp(csv->data + i, "four", 4) == 0) {
            csv->data[i] = 'p';
        }
    }
    resign(&t, &b);
    assert_finds(&b, "records.csv: byte ");
    assert_finds(&b, "differs from what the events say");
    done(&t, &b);
}

static void a_newer_envelope_is_logged_chained_and_counted(void **state)
{
    struct tiny t;
    struct tiny_bundle b;
    struct tiny_new e = { .who = TINY_A, .envelope = 2 };
    struct body_writer w;
    struct verdict v;

    (void)state;
    tiny_init(&t);
    e.record = tiny_id(&t);
    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, "from tomorrow");
    tiny_add(&t, &e, &w);
    tiny_seal(&t, TINY_A);
    tiny_write(&t, &b);
    check(&b, &v);
    assert_string_equal(v.text, "");
    assert_int_equal(v.v.newer, 1);
    done(&t, &b);
}

static void names_that_would_steer_a_terminal_are_shown_tame(void **state)
{
    struct tiny t;
    struct tiny_bundle b;

    (void)state;
    write_day(&t, &b);
    buf_put_text(tiny_file(&b, "\x1b[2Jgone\x7f"), "x");
    tiny_refresh(&b);
    assert_finds(&b, "?[2Jgone?: added");
    done(&t, &b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_day_holds_and_is_counted),
        cmocka_unit_test(hidden_neighbours_leave_hashes_that_hold),
        cmocka_unit_test(an_erased_body_leaves_a_bundle_that_holds),
        cmocka_unit_test(each_flipped_byte_of_each_file_is_found_in_it),
        cmocka_unit_test(a_byte_missing_added_or_moved_is_found_in_its_file),
        cmocka_unit_test(the_block_of_a_change_is_named),
        cmocka_unit_test(a_missing_and_an_added_file_are_named),
        cmocka_unit_test(a_manifest_by_another_key_disowns_every_chain),
        cmocka_unit_test(a_seal_by_a_key_never_granted_is_named),
        cmocka_unit_test(a_tablet_cannot_grant_itself_a_key),
        cmocka_unit_test(the_councils_key_seals_no_tablets_chain),
        cmocka_unit_test(a_re_enrolled_tablet_has_two_keys_that_count),
        cmocka_unit_test(a_key_granted_after_the_events_came_does_not_count),
        cmocka_unit_test(after_a_revocation_only_refused_events_hold),
        cmocka_unit_test(a_forged_seal_is_named),
        cmocka_unit_test(a_changed_body_does_not_fit_its_commitment),
        cmocka_unit_test(a_chain_with_a_hole_is_named),
        cmocka_unit_test(events_out_of_order_are_named),
        cmocka_unit_test(an_event_in_no_chain_is_named_unless_listed),
        cmocka_unit_test(a_missing_or_foreign_proof_is_named),
        cmocka_unit_test(another_councils_checkpoint_is_named),
        cmocka_unit_test(an_older_checkpoint_does_not_reach_the_events),
        cmocka_unit_test(a_restored_council_is_one_history_with_a_named_gap),
        cmocka_unit_test(a_blob_missing_foreign_or_renamed_is_named),
        cmocka_unit_test(files_for_people_must_say_what_the_events_say),
        cmocka_unit_test(a_newer_envelope_is_logged_chained_and_counted),
        cmocka_unit_test(names_that_would_steer_a_terminal_are_shown_tame),
    };

    return RUN_TESTS(tests);
}
