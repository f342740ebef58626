/* test_evlog_restart.c - what a new incarnation takes over from a closed one.
 */
#include "core/fields.h"
#include "core/project.h"
#include "core/tier.h"
#include "tests/store_machine.h"

static struct machine m;

static int set_up(void **state)
{
    (void)state;
    machine_new(&m, 61);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    machine_free(&m);
    return 0;
}

static void acknowledge(const struct uuid *incarnation, uint64_t held)
{
    const struct evlog_ack ack = { .incarnation = *incarnation,
                                   .held = held,
                                   .receipt = { (const uint8_t *)"r", 1 },
                                   .log_size = held };

    assert_ok(evlog_acked(m.log, &ack));
}

static uint64_t waiting(void)
{
    struct evlog_counts counts;

    assert_ok(evlog_counts(m.log, &counts));
    return counts.waiting;
}

struct seen {
    size_t count;
    struct event_header headers[8];
    struct buf body; /* the last one's */
};

static enum err see(void *ctx, const struct evlog_event *e)
{
    struct seen *seen = ctx;

    assert_true(seen->count < ARRAY_LEN(seen->headers));
    assert_ok(event_header_parse(e->header, &seen->headers[seen->count++]));
    buf_reset(&seen->body);
    buf_put(&seen->body, e->body.data, e->body.len);
    return ERR_OK;
}

/* The chain that is open now, from `first` on. */
static struct seen see_from(uint64_t first)
{
    struct seen seen = { .count = 0 };

    buf_init(&seen.body, BODY_MAX_BYTES);
    assert_ok(evlog_own(m.log, &evlog_identity(m.log)->incarnation, first, 8,
                        see, &seen));
    return seen;
}

static void what_a_server_lost_of_a_closed_chain_is_recorded_again(void **state)
{
    const struct uuid old = evlog_identity(m.log)->incarnation;
    struct seen seen;

    (void)state;
    for (uint8_t i = 1; i <= 3; i++) {
        const struct uuid record = machine_record(i);

        assert_ok(machine_note(&m, &record, "a note", NULL, 0, NULL));
    }
    acknowledge(&old, 3);
    assert_ok(evlog_new_incarnation(m.log));
    assert_int_equal(waiting(), 1); /* that there is a new one */
    assert_ok(evlog_record_again(m.log, &old, 1));
    assert_int_equal(waiting(), 3);
    seen = see_from(2);
    assert_int_equal(seen.count, 2);
    for (size_t i = 0; i < seen.count; i++) {
        const struct event_header *h = &seen.headers[i];

        assert_int_equal(h->former.count, 1);
        assert_true(uuid_eq(&h->former.at[0].incarnation, &old));
        assert_int_equal(h->former.at[0].sequence, 2 + i);
        assert_int_equal(h->record.bytes[15], 2 + i);
    }
    buf_fini(&seen.body);
    assert_ok(evlog_record_again(m.log, &old, 1)); /* once is enough */
    assert_int_equal(waiting(), 3);
    assert_ok(store_fsck(m.store, machine_finding, NULL));
}

static void what_a_server_still_holds_is_not_recorded_again(void **state)
{
    const struct uuid old = evlog_identity(m.log)->incarnation;
    const struct uuid record = machine_record(1);

    (void)state;
    assert_ok(machine_note(&m, &record, "a note", NULL, 0, NULL));
    acknowledge(&old, 1);
    assert_ok(evlog_record_again(m.log, &old, 0)); /* open: given back */
    assert_int_equal(waiting(), 0);
    assert_ok(evlog_new_incarnation(m.log));
    assert_ok(evlog_record_again(m.log, &old, 1));
    assert_int_equal(waiting(), 1);
}

static void restricted(const struct uuid *record, struct bytes plain)
{
    struct evlog_new e = { .record = *record,
                           .kind = KIND_RESTRICTED,
                           .kind_version = 1,
                           .op = OP_CREATE };
    struct buf closed;

    buf_init(&closed, BODY_MAX_BYTES);
    assert_ok(tier_close(m.store, record, plain, &closed));
    e.body = buf_bytes(&closed);
    assert_ok(evlog_append(m.log, &e, 1, NULL));
    buf_fini(&closed);
}

static void a_restricted_entry_can_be_read_after_a_new_beginning(void **state)
{
    const struct uuid record = machine_record(1);
    struct body_writer w;
    struct body_view view;
    struct project_view shown;
    struct buf plain;
    struct bytes text;
    struct cbor_reader r;
    struct seen seen;

    (void)state;
    buf_init(&plain, BODY_MAX_BYTES);
    body_begin(&w);
    w.kind = KIND_OBSERVATION;
    w.form = "hate";
    w.form_version = 7;
    body_put_text(&w, FIELD_NOTE, "for few");
    assert_ok(body_end(&w, &plain));
    body_fini(&w);
    restricted(&record, buf_bytes(&plain));
    assert_ok(evlog_new_incarnation(m.log));
    seen = see_from(2);
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.headers[0].kind, KIND_RESTRICTED);
    buf_reset(&plain);
    assert_ok(tier_open(m.store, &record, buf_bytes(&seen.body), &plain));
    assert_ok(body_parse(buf_bytes(&plain), &view));
    assert_int_equal(view.kind, KIND_OBSERVATION);
    assert_true(
        bytes_eq(view.form, (struct bytes){ (const uint8_t *)"hate", 4 }));
    assert_int_equal(view.form_version, 7);
    assert_int_equal(view.field_count, 1);
    cbor_open(&r, view.fields[0].value);
    text = cbor_get_text(&r);
    assert_int_equal(text.len, 7);
    assert_memory_equal(text.data, "for few", 7);
    assert_ok(project_view(m.store, &record, NULL, NULL, &shown));
    assert_int_equal(shown.kind, KIND_OBSERVATION);
    assert_string_equal(shown.form, "hate"); /* who may read it can edit it */
    assert_int_equal(shown.form_version, 7);
    project_view_fini(&shown);
    buf_fini(&seen.body);
    buf_fini(&plain);
}

#define SHOWN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHOWN(what_a_server_lost_of_a_closed_chain_is_recorded_again),
        SHOWN(what_a_server_still_holds_is_not_recorded_again),
        SHOWN(a_restricted_entry_can_be_read_after_a_new_beginning),
    };

    return RUN_TESTS(tests);
}
