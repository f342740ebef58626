#include "tests/sync-server/desk.h"

#include <string.h>

#include "core/cose.h"

static struct desk desk;
static struct desk_tablet a, b;

static int set_up(void **state)
{
    (void)state;
    desk_open(&desk);
    desk_tablet_new(&desk, "tablet A", &a);
    desk_tablet_new(&desk, "tablet B", &b);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_tablet_free(&a);
    desk_tablet_free(&b);
    desk_close(&desk);
    return 0;
}

static void notes(struct desk_tablet *t, int n)
{
    for (int i = 0; i < n; i++) {
        desk_record(t, &(struct desk_event){ 0 });
    }
}

static struct sdb_counts counts(void)
{
    struct sdb_counts c;

    assert_ok(sdb_counts(desk.db, &c));
    return c;
}

/* Sends first..last and expects `held` in the verified receipt. */
static void push(struct desk_tablet *t, uint64_t first, uint64_t last,
                 uint64_t held)
{
    struct desk_reply r;

    desk_send(t, &(struct desk_push){ .first = first, .last = last }, &r);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.receipt.sequence, held);
    assert_memory_equal(&r.receipt.link, &t->link[held], 32);
    desk_reply_free(&r);
}

static void a_push_is_held_and_its_receipt_names_the_link(void **state)
{
    struct desk_reply r;

    (void)state;
    notes(&a, 5);
    desk_send(&a, &(struct desk_push){ .first = 1, .last = 5 }, &r);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.msg.held, 5);
    assert_int_equal(r.receipt.sequence, 5);
    assert_memory_equal(&r.receipt.link, &a.link[5], 32);
    assert_memory_equal(&r.receipt.device, &a.device, 16);
    assert_int_equal(r.receipt.size, 2 + 5); /* council and its key first */
    assert_int_equal(r.msg.exceptions.count, 0);
    desk_reply_free(&r);
}

static void a_repeated_push_adds_nothing(void **state)
{
    uint64_t before;

    (void)state;
    notes(&a, 5);
    push(&a, 1, 5, 5);
    before = counts().events;
    push(&a, 1, 5, 5);
    push(&a, 3, 5, 5);
    assert_int_equal(counts().events, before);
    assert_int_equal(counts().alarms, 0);
}

static void an_old_copy_of_a_push_that_comes_late_changes_nothing(void **state)
{
    struct desk_push old = { .first = 1, .last = 3 };
    struct buf plain;
    struct desk_reply r;
    uint64_t before;

    (void)state;
    notes(&a, 3);
    buf_init(&plain, SYNC_PLAIN_MAX_BYTES);
    desk_encode(&a, &old, &plain);
    push(&a, 1, 3, 3);
    notes(&a, 2);
    push(&a, 4, 5, 5);
    before = counts().events;
    desk_send_raw(&a, WIRE_TYPE_PLAIN, buf_bytes(&plain), &r);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.msg.stop, WIRE_STOP_GAP); /* its head is behind */
    assert_int_equal(r.receipt.sequence, 3);
    assert_int_equal(counts().events, before);
    assert_int_equal(counts().alarms, 0);
    desk_reply_free(&r);
    buf_fini(&plain);
    notes(&a, 1);
    push(&a, 6, 6, 6);
}

static void what_skips_a_number_is_not_taken(void **state)
{
    struct desk_reply r;

    (void)state;
    notes(&a, 5);
    push(&a, 1, 2, 2);
    desk_send(&a, &(struct desk_push){ .first = 4, .last = 5 }, &r);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.msg.held, 2);
    desk_reply_free(&r);
    push(&a, 3, 5, 5);
}

static void a_push_with_a_wrong_seal_is_not_taken(void **state)
{
    struct desk_reply r;
    uint64_t before = counts().events;

    (void)state;
    notes(&a, 3);
    desk_send(&a,
              &(struct desk_push){ .first = 1, .last = 3, .is_bad_seal = true },
              &r);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.msg.stop, WIRE_STOP_SEAL);
    assert_int_equal(r.msg.held, 0);
    assert_int_equal(counts().events, before);
    desk_reply_free(&r);
    push(&a, 1, 3, 3);
}

static void a_refused_body_blocks_nothing_behind_it(void **state)
{
    static const uint8_t rubbish[] = { 0x61, 'x' };
    struct wire_list_reader list;
    struct wire_exception e;
    struct desk_reply r;
    struct bytes item;

    (void)state;
    for (int again = 0; again < 2; again++) {
        if (again == 0) {
            notes(&a, 2);
            desk_record(&a, &(struct desk_event){
                                .body = { rubbish, sizeof(rubbish) } });
            desk_record(&a, &(struct desk_event){ .kind = KIND_OFFICER });
            notes(&a, 2);
        }
        desk_send(&a, &(struct desk_push){ .first = 1, .last = 6 }, &r);
        assert_int_equal(r.receipt.sequence, 6);
        assert_int_equal(r.msg.exceptions.count, 2);
        wire_list_open(&list, &r.msg.exceptions);
        assert_true(wire_list_next(&list, &item));
        assert_ok(wire_exception_get(item, &e));
        assert_int_equal(e.sequence, 3);
        assert_int_equal(e.code, ERR_BAD_DATA);
        assert_true(e.reason.len > 10);
        assert_true(wire_list_next(&list, &item));
        assert_ok(wire_exception_get(item, &e));
        assert_int_equal(e.sequence, 4);
        assert_int_equal(e.code, ERR_DENIED);
        desk_reply_free(&r);
    }
    assert_int_equal(counts().quarantined, 2);
}

static void an_unknown_operation_or_kind_is_held_and_forwarded(void **state)
{
    struct desk_reply r;

    (void)state;
    desk_record(&a, &(struct desk_event){ .op = 4000 });
    desk_record(&a, &(struct desk_event){ .kind = 4000 });
    push(&a, 1, 2, 2);
    desk_send(&b, &(struct desk_push){ 0 }, &r);
    assert_int_equal(r.msg.entries.count, 2 + 2);
    assert_int_equal(counts().quarantined, 0);
    desk_reply_free(&r);
}

static void two_contents_of_one_number_are_both_kept(void **state)
{
    struct desk_tablet copy;
    struct desk_reply r;
    struct sdb_device device;

    (void)state;
    notes(&a, 3);
    push(&a, 1, 3, 3);
    desk_tablet_clone(&a, &copy);
    desk_note(&a, "mine");
    desk_note(&copy, "not mine");
    push(&a, 4, 4, 4);
    desk_send(&copy, &(struct desk_push){ .first = 4, .last = 4 }, &r);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.msg.stop, WIRE_STOP_FORK);
    assert_int_equal(r.receipt.sequence, 3); /* the last in common */
    assert_memory_equal(&r.receipt.link, &a.link[3], 32);
    assert_int_equal(r.msg.entries.count, 0);
    desk_reply_free(&r);
    assert_int_equal(counts().alarms, 1);
    assert_non_null(strstr(sim_port_log_line(desk.machine), "it was copied"));
    assert_ok(sdb_device_get(desk.db, &a.device, &device));
    assert_int_equal(device.state, SDB_DEVICE_REENROL);
    /* The first one is told too, and nothing comes down to it. */
    desk_note(&a, "later");
    desk_send(&a, &(struct desk_push){ .first = 5, .last = 5 }, &r);
    assert_int_equal(r.msg.stop, WIRE_STOP_FORK);
    assert_int_equal(r.msg.entries.count, 0);
    desk_reply_free(&r);
    assert_int_equal(counts().alarms, 1);
    desk_tablet_free(&copy);
}

/* Else it would record again what the receipt covers. */
static void a_copy_behind_the_fork_is_told_of_its_own_head(void **state)
{
    struct desk_tablet behind, copy;
    struct desk_reply r;

    (void)state;
    notes(&a, 3);
    push(&a, 1, 3, 3);
    desk_tablet_clone(&a, &behind);
    desk_tablet_clone(&a, &copy);
    desk_note(&a, "mine");
    desk_note(&copy, "not mine");
    push(&a, 4, 4, 4);
    desk_send(&copy, &(struct desk_push){ .first = 4, .last = 4 }, &r);
    desk_reply_free(&r);
    desk_send(&behind, &(struct desk_push){ .first = 1, .last = 3 }, &r);
    assert_int_equal(r.msg.stop, WIRE_STOP_FORK);
    assert_int_equal(r.receipt.sequence, 3);
    assert_memory_equal(&r.receipt.link, &behind.link[3], 32);
    desk_reply_free(&r);
    desk_tablet_free(&behind);
    desk_tablet_free(&copy);
}

static void work_goes_on_after_a_fork_in_a_new_incarnation(void **state)
{
    struct desk_tablet copy;
    struct desk_reply r;

    (void)state;
    notes(&a, 1);
    desk_tablet_clone(&a, &copy);
    desk_note(&a, "mine");
    desk_note(&copy, "not mine");
    push(&a, 1, 2, 2);
    desk_send(&copy, &(struct desk_push){ .first = 1, .last = 2 }, &r);
    desk_reply_free(&r);
    copy.incarnation.bytes[0] ^= 1;
    copy.count = 0;
    notes(&copy, 2);
    desk_send(&copy, &(struct desk_push){ .first = 1, .last = 2 }, &r);
    assert_int_equal(r.receipt.sequence, 2);
    assert_int_equal(r.msg.stop, WIRE_STOP_REENROL);
    assert_int_equal(r.msg.entries.count, 0);
    desk_reply_free(&r);
    desk_tablet_free(&copy);
}

static void a_tablet_put_back_to_an_older_state_is_told(void **state)
{
    struct desk_tablet old;
    struct desk_reply r;

    (void)state;
    notes(&a, 3);
    desk_tablet_clone(&a, &old);
    notes(&a, 2);
    push(&a, 1, 5, 5);
    desk_send(&old, &(struct desk_push){ 0 }, &r);
    assert_int_equal(r.msg.stop, WIRE_STOP_GAP);
    assert_int_equal(r.receipt.sequence, 3);
    assert_memory_equal(&r.receipt.link, &old.link[3], 32);
    assert_int_equal(counts().alarms, 0);
    desk_reply_free(&r);
    desk_tablet_free(&old);
}

static void a_revoked_tablet_may_only_send_into_quarantine(void **state)
{
    struct sdb_device device;
    struct desk_reply r;

    (void)state;
    notes(&b, 2);
    push(&b, 1, 2, 2);
    notes(&a, 4);
    push(&a, 1, 2, 2);
    assert_ok(sdb_device_get(desk.db, &a.device, &device));
    device.state = SDB_DEVICE_REVOKED;
    assert_ok(sdb_device_put(desk.db, &device));
    notes(&b, 1);
    push(&b, 3, 3, 3);
    desk_send(&a, &(struct desk_push){ .first = 3, .last = 4 }, &r);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.receipt.sequence, 4);
    assert_int_equal(r.msg.stop, WIRE_STOP_REVOKED);
    assert_int_equal(r.msg.entries.count, 0);
    assert_int_equal(r.msg.exceptions.count, 2);
    assert_int_equal(counts().quarantined, 2);
    desk_reply_free(&r);
}

static void a_page_is_signed_and_goes_on_where_it_stopped(void **state)
{
    struct desk_reply r;
    struct wire_page page;
    int rounds = 0;
    size_t got = 0;

    (void)state;
    notes(&a, 10);
    push(&a, 1, 10, 10);
    do {
        desk_send(&b, &(struct desk_push){ .max_rows = 3 }, &r);
        assert_int_equal(r.status, 200);
        assert_true(r.msg.entries.count <= 3);
        got += r.msg.entries.count;
        assert_true(r.msg.has_page == (r.msg.entries.count > 0));
        if (r.msg.has_page) {
            assert_ok(
                wire_page_open(r.msg.page, &desk.council.seal_key.pub, &page));
            assert_memory_equal(&page.device, &b.device, 16);
        }
        rounds++;
        desk_reply_free(&r);
    } while (rounds < 4);
    assert_int_equal(got, 10 + 2);
    desk_send(&b, &(struct desk_push){ 0 }, &r);
    assert_int_equal(r.msg.entries.count, 0);
    assert_false(r.msg.has_more);
    desk_reply_free(&r);
}

static void a_tablet_does_not_get_its_own_events_back(void **state)
{
    struct desk_reply r;

    (void)state;
    notes(&a, 3);
    desk_send(&a, &(struct desk_push){ .first = 1, .last = 3 }, &r);
    assert_int_equal(r.msg.entries.count, 2); /* the council's */
    desk_reply_free(&r);
}

static void an_officer_without_a_place_on_the_tablet_reads_nothing(void **state)
{
    struct desk_reply r;

    (void)state;
    notes(&a, 3);
    push(&a, 1, 3, 3);
    assert_ok(council_begin(&desk.council));
    council_rollback(&desk.council);
    b.officer.bytes[3] ^= 1;
    desk_send(&b, &(struct desk_push){ 0 }, &r);
    assert_int_equal(r.msg.entries.count, 2);
    desk_reply_free(&r);
}

static void another_tablets_identity_is_refused(void **state)
{
    struct desk_reply r;

    (void)state;
    notes(&a, 1);
    push(&a, 1, 1, 1);
    b.incarnation = a.incarnation;
    desk_send(&b, &(struct desk_push){ 0 }, &r);
    assert_int_equal(r.status, 403);
    desk_reply_free(&r);
    b.cert.bytes[0] ^= 1;
    desk_send(&b, &(struct desk_push){ 0 }, &r);
    assert_int_equal(r.status, 403);
    desk_reply_free(&r);
}

/* --- restored from a backup --- */

static void a_restored_server_opens_a_new_log_and_gets_all_back(void **state)
{
    struct faultvfs *backup;
    struct desk_reply r;
    struct uuid log;

    (void)state;
    notes(&a, 3);
    push(&a, 1, 3, 3);
    assert_ok(faultvfs_new(5, &backup));
    assert_ok(faultvfs_copy(backup, desk.disk));
    notes(&a, 4);
    desk_send(&a, &(struct desk_push){ .first = 4, .last = 7 }, &r);
    log = r.receipt.log_id;
    desk_reply_free(&r);
    /* The backup comes back. */
    service_close(desk.service);
    council_close(&desk.council);
    sdb_close(desk.db);
    assert_ok(faultvfs_copy(desk.disk, backup));
    faultvfs_free(backup);
    assert_ok(
        service_open(&(struct service_options){ "c", faultvfs_name(desk.disk),
                                                sim_port(desk.machine) },
                     &desk.service));
    assert_ok(sdb_open("c", faultvfs_name(desk.disk), &desk.db));
    assert_ok(council_open(desk.db, sim_port(desk.machine), &desk.council));
    desk_send(&a, &(struct desk_push){ 0 }, &r);
    assert_int_equal(r.status, 200);
    assert_int_equal(r.msg.held, 3);
    assert_memory_not_equal(&r.receipt.log_id, &log, 16);
    assert_non_null(strstr(sim_port_log_line(desk.machine), "from a backup"));
    log = r.receipt.log_id;
    desk_reply_free(&r);
    desk_send(&a, &(struct desk_push){ .first = 4, .last = 7 }, &r);
    assert_int_equal(r.receipt.sequence, 7);
    assert_memory_equal(&r.receipt.log_id, &log, 16);
    desk_reply_free(&r);
}

/* --- what is not a message --- */

static void bytes_cut_or_changed_anywhere_change_nothing(void **state)
{
    struct buf plain, packed;
    const char *type;
    uint64_t before;

    (void)state;
    notes(&a, 2);
    buf_init(&plain, SYNC_PLAIN_MAX_BYTES);
    buf_init(&packed, SYNC_PLAIN_MAX_BYTES);
    desk_encode(&a, &(struct desk_push){ .first = 1, .last = 2 }, &plain);
    assert_ok(wire_pack(&packed, buf_bytes(&plain), &type));
    before = counts().events;
    for (size_t n = 0; n < packed.len; n++) {
        struct desk_reply r;

        desk_send_raw(&a, type, (struct bytes){ packed.data, n }, &r);
        assert_int_equal(r.status, 400);
        desk_reply_free(&r);
    }
    for (size_t n = 0; n < plain.len; n++) {
        struct desk_reply r;

        desk_send_raw(&a, WIRE_TYPE_PLAIN, (struct bytes){ plain.data, n }, &r);
        assert_int_equal(r.status, 400);
        desk_reply_free(&r);
        plain.data[n] ^= 0x20;
        desk_send_raw(&a, WIRE_TYPE_PLAIN, buf_bytes(&plain), &r);
        assert_true(r.status == 400 || r.status == 403 || r.status == 200);
        if (r.status == 200 && r.msg.held == 2) {
            /* Only a field without weight was changed: what we may ask. */
            assert_memory_equal(&r.receipt.link, &a.link[2], 32);
            desk_reply_free(&r);
            goto out;
        }
        desk_reply_free(&r);
        plain.data[n] ^= 0x20;
    }
    assert_int_equal(counts().events, before);
out:
    buf_fini(&plain);
    buf_fini(&packed);
}

static void a_newer_protocol_version_is_answered_clearly(void **state)
{
    struct buf plain;
    struct desk_reply r;

    (void)state;
    buf_init(&plain, 4096);
    desk_encode(&a, &(struct desk_push){ 0 }, &plain);
    assert_int_equal(plain.data[2], 1); /* {1: version} */
    plain.data[2] = 2;
    desk_send_raw(&a, WIRE_TYPE_PLAIN, buf_bytes(&plain), &r);
    assert_int_equal(r.status, 400);
    assert_non_null(strstr(buf_text(&r.body), "newer version"));
    desk_reply_free(&r);
    buf_fini(&plain);
}

static void a_field_from_a_newer_version_is_skipped(void **state)
{
    struct buf plain;
    struct desk_reply r;

    (void)state;
    buf_init(&plain, 4096);
    desk_encode(&a, &(struct desk_push){ 0 }, &plain);
    plain.data[0]++; /* one pair more */
    cbor_put_uint(&plain, 99);
    cbor_put_str(&plain, "what is this");
    desk_send_raw(&a, WIRE_TYPE_PLAIN, buf_bytes(&plain), &r);
    assert_int_equal(r.status, 200);
    desk_reply_free(&r);
    buf_fini(&plain);
}

static enum err find_nothing(void *ctx, const struct sdb_event *e)
{
    (void)ctx;
    (void)e;
    return ERR_NOT_FOUND;
}

static void what_a_walker_does_not_find_is_not_the_end_of_the_walk(void **state)
{
    (void)state;
    notes(&a, 1);
    push(&a, 1, 1, 1);
    assert_err(sdb_event_all(desk.db, 0, find_nothing, NULL), ERR_NOT_FOUND);
}

static void every_database_fault_is_a_503_or_507_and_loses_nothing(void **state)
{
    (void)state;
    notes(&a, 3);
    for (uint64_t nth = 1; nth < 60; nth += test_step(7)) {
        struct desk_reply r;
        enum faultvfs_fault f = nth % 3 == 0   ? FAULTVFS_FULL
                                : nth % 3 == 1 ? FAULTVFS_WRITE_IO
                                               : FAULTVFS_SYNC_IO;

        faultvfs_plan(desk.disk, f, nth / 3 + 1, false);
        desk_send(&a, &(struct desk_push){ .first = 1, .last = 3 }, &r);
        faultvfs_plan(desk.disk, f, 0, false);
        assert_true(r.status == 200 || r.status == 503 || r.status == 507);
        assert_true(r.status != 507 ||
                    strstr(sim_port_log_line(desk.machine), "no space left"));
        desk_reply_free(&r);
        desk_restart(&desk);
        push(&a, 1, 3, 3);
        notes(&a, 1);
        a.count--;
    }
    assert_true(faultvfs_fired(desk.disk, FAULTVFS_WRITE_IO) > 0);
    assert_int_equal(counts().alarms, 0);
}

static void killed_between_any_two_writes_it_keeps_what_it_acknowledged(
    void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth < 40; nth++) {
        struct desk_reply r;
        uint64_t first = a.count + 1;
        uint64_t held = 0;

        notes(&a, 1);
        faultvfs_plan(desk.disk, FAULTVFS_KILL, nth, false);
        desk_send(&a, &(struct desk_push){ .first = first, .last = first }, &r);
        held = r.status == 200 ? r.receipt.sequence : 0;
        desk_reply_free(&r);
        desk_restart(&desk);
        desk_send(&a, &(struct desk_push){ 0 }, &r);
        assert_int_equal(r.status, 200);
        assert_true(r.msg.held >= held);
        desk_reply_free(&r);
        push(&a, first, first, first);
    }
    assert_true(faultvfs_fired(desk.disk, FAULTVFS_KILL) > 10);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_push_is_held_and_its_receipt_names_the_link),
        T(a_repeated_push_adds_nothing),
        T(an_old_copy_of_a_push_that_comes_late_changes_nothing),
        T(what_skips_a_number_is_not_taken),
        T(a_push_with_a_wrong_seal_is_not_taken),
        T(a_refused_body_blocks_nothing_behind_it),
        T(an_unknown_operation_or_kind_is_held_and_forwarded),
        T(two_contents_of_one_number_are_both_kept),
        T(a_copy_behind_the_fork_is_told_of_its_own_head),
        T(work_goes_on_after_a_fork_in_a_new_incarnation),
        T(a_tablet_put_back_to_an_older_state_is_told),
        T(a_revoked_tablet_may_only_send_into_quarantine),
        T(a_page_is_signed_and_goes_on_where_it_stopped),
        T(a_tablet_does_not_get_its_own_events_back),
        T(an_officer_without_a_place_on_the_tablet_reads_nothing),
        T(another_tablets_identity_is_refused),
        T(a_restored_server_opens_a_new_log_and_gets_all_back),
        T(bytes_cut_or_changed_anywhere_change_nothing),
        T(a_newer_protocol_version_is_answered_clearly),
        T(a_field_from_a_newer_version_is_skipped),
        T(what_a_walker_does_not_find_is_not_the_end_of_the_walk),
        T(every_database_fault_is_a_503_or_507_and_loses_nothing),
        T(killed_between_any_two_writes_it_keeps_what_it_acknowledged),
    };

    return RUN_TESTS(tests);
}
