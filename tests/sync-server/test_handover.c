/* The sealed hand-over file, from a real tablet to the council and back. */
#include <string.h>

#include "core/limits.h"
#include "core/store_parcels.h"
#include "core/tablet_handover.h"
#include "sync-server/handover.h"
#include "tests/sync-server/real_tablet.h"

#define FILE_MAX ((size_t)8 * 1024 * 1024)

static struct desk desk, other;
static struct real_tablet a;
static struct buf file, replies, why;

static int set_up(void **state)
{
    (void)state;
    desk_open(&desk);
    real_publish(&desk);
    real_tablet_new(&desk, "tablet A", 31, &a);
    real_sync(&a);
    buf_init(&file, FILE_MAX);
    buf_init(&replies, HANDOVER_REPLY_MAX_BYTES);
    buf_init(&why, 4000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    real_tablet_free(&a);
    desk_close(&desk);
    buf_fini(&file);
    buf_fini(&replies);
    buf_fini(&why);
    return 0;
}

static enum err collect(void *ctx, struct bytes piece)
{
    struct buf *out = ctx;

    buf_put(out, piece.data, piece.len);
    return out->err;
}

static struct tablet_handover export_all(bool is_all)
{
    struct tablet_handover made;

    buf_reset(&file);
    assert_ok(tablet_handover(a.t, is_all, collect, &file, &made));
    return made;
}

struct source {
    struct bytes left;
    size_t step;
};

static enum err read_some(void *ctx, uint8_t *out, size_t len, size_t *got)
{
    struct source *s = ctx;
    size_t some = s->left.len < len ? s->left.len : len;

    some = s->step > 0 && some > s->step ? s->step : some;
    if (some > 0) {
        memcpy(out, s->left.data, some);
        s->left.data += some;
        s->left.len -= some;
    }
    *got = some;
    return ERR_OK;
}

static enum err import_as(struct desk *d, struct bytes bytes, size_t step,
                          struct handover_report *out)
{
    struct source s = { bytes, step };
    enum err err;

    buf_reset(&replies);
    err = handover_import(service_council(d->service), read_some, &s, out,
                          &replies);
    buf_reset(&why);
    handover_explain(out, err, &why);
    return err;
}

static enum err import_file(struct handover_report *out)
{
    return import_as(&desk, buf_bytes(&file), 0, out);
}

static struct evlog_counts counts(void)
{
    struct evlog_counts c;

    assert_ok(evlog_counts(tablet_log(a.t), &c));
    return c;
}

static void what_could_not_be_sent_comes_by_hand(void **state)
{
    struct tablet_handover made;
    struct tablet_receipts got;
    struct handover_report r;
    struct uuid record;
    uint64_t waiting;

    (void)state;
    real_photos(&a, 2, 300000, 65, &record);
    waiting = counts().waiting;
    made = export_all(false);
    assert_int_equal(made.events, waiting);
    assert_int_equal(made.files, 4);
    assert_ok(import_file(&r));
    assert_int_equal(r.events_new, waiting);
    assert_int_equal(r.files_new, 4);
    assert_true(r.is_whole);
    assert_ok(tablet_take_receipts(a.t, buf_bytes(&replies), &got));
    assert_int_equal(got.events, waiting);
    assert_int_equal(got.files, 4);
    assert_int_equal(counts().waiting, 0);
    assert_int_equal(counts().blobs_held, 4);
    assert_ok(tablet_take_receipts(a.t, buf_bytes(&replies), &got));
    assert_int_equal(got.events + got.files, 0);
    real_sync(&a);
    real_fsck(&a);
}

static void the_same_file_twice_and_a_sync_take_each_once(void **state)
{
    struct sdb_counts before, after;
    struct handover_report r;
    struct uuid record;

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    (void)export_all(false);
    assert_ok(import_file(&r));
    assert_ok(sdb_counts(desk.db, &before));
    assert_ok(import_file(&r));
    assert_int_equal(r.events_new + r.files_new, 0);
    assert_int_equal(r.files_held, 2);
    assert_true(r.events_held > 0);
    real_sync(&a); /* sends the same again, unless the receipt says no */
    assert_ok(sdb_counts(desk.db, &after));
    assert_int_equal(before.events, after.events);
    assert_int_equal(counts().waiting, 0);
    assert_int_equal(counts().blobs_held, 2);
}

static void a_file_after_the_sync_brings_nothing_new(void **state)
{
    struct handover_report r;
    struct uuid record;

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    (void)export_all(false);
    real_sync(&a);
    real_photos(&a, 1, 3000, 75, &record);
    real_sync(&a);
    assert_ok(import_file(&r));
    assert_int_equal(r.events_new + r.files_new + r.events_behind, 0);
    assert_null(r.reason);
    real_sync(&a);
}

static void everything_own_can_be_given_again(void **state)
{
    struct tablet_handover made;
    struct handover_report r;
    struct uuid record;

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    real_sync(&a);
    made = export_all(false);
    assert_int_equal(made.events + made.files, 0);
    made = export_all(true);
    assert_int_equal(made.events, counts().own);
    assert_int_equal(made.files, 2);
    assert_ok(import_file(&r));
    assert_int_equal(r.events_held, made.events);
    assert_int_equal(r.files_held, 2);
}

static void a_file_read_byte_by_byte_is_the_same(void **state)
{
    struct handover_report r;
    struct uuid record;

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    (void)export_all(false);
    assert_ok(import_as(&desk, buf_bytes(&file), 1, &r));
    assert_int_equal(r.files_new, 2);
}

static void a_cut_file_leaves_what_came_before_the_cut(void **state)
{
    struct handover_report r = { 0 };
    struct uuid record;
    size_t whole;

    (void)state;
    real_photos(&a, 1, 400000, 65, &record);
    (void)export_all(false);
    whole = file.len;
    for (size_t len = 0; len < whole; len += (1 + whole / 97) * test_step(9)) {
        assert_err(import_as(&desk, (struct bytes){ file.data, len }, 0, &r),
                   ERR_BAD_DATA);
        assert_false(r.is_whole);
    }
    assert_true(r.events_held > 0);
    assert_int_equal(r.files_held, 1); /* the small one is before the cut */
    assert_non_null(strstr(buf_text(&why), "make it again"));
    assert_ok(import_file(&r));
    assert_int_equal(r.files_new, 1);
}

static void a_changed_byte_is_noticed_wherever_it_is(void **state)
{
    struct handover_report r;
    struct uuid record;

    (void)state;
    real_photos(&a, 1, 100000, 65, &record);
    (void)export_all(false);
    for (size_t at = 0; at < file.len;
         at += (1 + file.len / 211) * test_step(13)) {
        enum err err;

        file.data[at] ^= 0x10;
        err = import_file(&r);
        /* Key ids are hints; everything else is covered. */
        if (err == ERR_OK && at > 700) {
            fail_msg("byte %zu of %zu passed", at, file.len);
        }
        file.data[at] ^= 0x10;
    }
    assert_ok(import_file(&r));
    real_sync(&a);
    assert_int_equal(counts().waiting, 0);
}

static void another_council_cannot_open_it(void **state)
{
    struct handover_report r;
    struct sdb_counts before, after;
    struct uuid record;

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    (void)export_all(false);
    desk_open(&other);
    /* Its own numbers would be those of the first: draw some. */
    assert_ok(sdb_counts(other.db, &before));
    assert_ok(sdb_meta_put(other.db, "handover-key",
                           (struct bytes){ a.seal_key.d, 32 }));
    assert_err(import_as(&other, buf_bytes(&file), 0, &r), ERR_WRONG_KEY);
    assert_ok(sdb_counts(other.db, &after));
    assert_int_equal(before.events, after.events);
    assert_non_null(strstr(buf_text(&why), "another council"));
    desk_close(&other);
}

static void another_file_is_told_as_none(void **state)
{
    static const uint8_t picture[] = "\xff\xd8\xff\xe0 a picture";
    struct handover_report r;

    (void)state;
    assert_err(
        import_as(&desk, (struct bytes){ picture, sizeof(picture) }, 0, &r),
        ERR_BAD_DATA);
    assert_non_null(strstr(buf_text(&why), "no hand-over file"));
    assert_err(import_as(&desk, (struct bytes){ NULL, 0 }, 0, &r),
               ERR_BAD_DATA);
}

static void a_revoked_tablets_file_goes_to_quarantine(void **state)
{
    struct handover_report r;
    struct sdb_device row;
    struct uuid record;

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    (void)export_all(false);
    assert_ok(sdb_device_get(desk.db, &a.device, &row));
    row.state = SDB_DEVICE_REVOKED;
    assert_ok(sdb_device_put(desk.db, &row));
    assert_ok(import_file(&r));
    assert_true(r.events_refused > 0);
    assert_int_equal(r.events_refused, r.events_new);
}

static void receipts_for_another_tablet_are_refused(void **state)
{
    struct tablet_receipts got;
    struct handover_report r;
    struct real_tablet b;
    struct uuid record;

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    (void)export_all(false);
    assert_ok(import_file(&r));
    real_tablet_new(&desk, "tablet B", 32, &b);
    assert_err(tablet_take_receipts(b.t, buf_bytes(&replies), &got),
               ERR_DENIED);
    real_tablet_free(&b);
    replies.data[replies.len / 2] ^= 1;
    assert_true(tablet_take_receipts(a.t, buf_bytes(&replies), &got) != ERR_OK);
    assert_true(counts().waiting > 0); /* nothing of it was taken */
}

/* Puts the file on B, as beatbookctl carry does. */
static struct hash put_parcel(struct real_tablet *b)
{
    const struct port *port = sim_port(b->sim);
    struct hash name;

    crypto_sha256(buf_bytes(&file), &name);
    for (size_t at = 0; at < file.len; at += BLOB_PART_MAX_BYTES) {
        const size_t left = file.len - at;

        assert_ok(port->ops->part_write(
            port->ctx, &name, at,
            (struct bytes){ file.data + at, left < BLOB_PART_MAX_BYTES
                                                ? left
                                                : BLOB_PART_MAX_BYTES }));
    }
    assert_ok(port->ops->part_commit(port->ctx, &name, &name));
    assert_ok(store_parcel_add(tablet_store(b->t), &name, file.len, 1));
    return name;
}

static enum err take_parcel(void *ctx, const struct store_parcel *p)
{
    *(struct store_parcel *)ctx = *p;
    return ERR_OK;
}

/* Every third answer to a piece is lost on its way. */
static bool lose(struct real_tablet *r, const struct sync_request *q,
                 struct service_response *answer)
{
    (void)answer;
    return strncmp(q->path, "/v1/parcels/", 12) == 0 &&
           (r->sent[SYNC_PATCH] + r->sent[SYNC_HEAD]) % 3 == 0;
}

static void another_tablet_carries_it_over_a_bad_line(void **state)
{
    struct tablet_receipts got;
    struct store_parcel p;
    struct real_tablet b;
    struct uuid record;
    struct hash name;

    (void)state;
    real_photos(&a, 2, 700000, 65, &record);
    (void)export_all(false);
    real_tablet_new(&desk, "tablet B", 32, &b);
    real_sync(&b);
    name = put_parcel(&b);
    b.fault = lose;
    b.faults_left = 3;
    real_sync(&b);
    assert_int_equal(b.faults_left, 0);
    assert_ok(store_parcels(tablet_store(b.t), take_parcel, &p));
    assert_int_equal(p.state, PARCEL_DELIVERED);
    buf_reset(&replies);
    assert_ok(store_parcel_answer(tablet_store(b.t), &name, &replies));
    assert_ok(tablet_take_receipts(a.t, buf_bytes(&replies), &got));
    assert_int_equal(counts().waiting, 0);
    assert_int_equal(got.files, 4);
    real_sync(&a);
    real_sync(&b);
    real_tablet_free(&b);
}

static void a_carried_file_that_is_damaged_is_told_and_kept(void **state)
{
    struct store_parcel p;
    struct real_tablet b;
    struct uuid record;
    uint64_t size;

    (void)state;
    real_photos(&a, 1, 3000, 65, &record);
    (void)export_all(false);
    file.data[file.len - 20] ^= 1;
    real_tablet_new(&desk, "tablet B", 32, &b);
    real_sync(&b);
    (void)put_parcel(&b);
    real_sync(&b);
    assert_ok(store_parcels(tablet_store(b.t), take_parcel, &p));
    assert_int_equal(p.state, PARCEL_REFUSED);
    assert_non_null(strstr(p.words, "damaged"));
    assert_ok(
        sim_port(b.sim)->ops->blob_size(sim_port(b.sim)->ctx, &p.name, &size));
    assert_true(counts().waiting > 0);
    real_tablet_free(&b);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(what_could_not_be_sent_comes_by_hand),
        T(the_same_file_twice_and_a_sync_take_each_once),
        T(a_file_after_the_sync_brings_nothing_new),
        T(everything_own_can_be_given_again),
        T(a_file_read_byte_by_byte_is_the_same),
        T(a_cut_file_leaves_what_came_before_the_cut),
        T(a_changed_byte_is_noticed_wherever_it_is),
        T(another_council_cannot_open_it),
        T(another_file_is_told_as_none),
        T(a_revoked_tablets_file_goes_to_quarantine),
        T(receipts_for_another_tablet_are_refused),
        T(another_tablet_carries_it_over_a_bad_line),
        T(a_carried_file_that_is_damaged_is_told_and_kept),
    };

    return RUN_TESTS(tests);
}
