#include "core/tablet_list.h"

#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "core/cose.h"
#include "core/fields.h"
#include "tests/core/tablet_desk.h"

static void an_observation_is_saved_with_its_line_in_the_book(void **state)
{
    static const struct tablet_text_field fields[] = {
        { "note", "shouting at the bus stop" },
        { "place", "51.5012345 -3.1912345" },
        { "people_count", "5" },
        { "persons.1.name", "Doe" },
    };
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d, 1);
    assert_ok(tablet_sign_in(d.t, &d.officer));
    assert_ok(record(&d, "ASB", fields, ARRAY_LEN(fields), &id));
    assert_int_equal(ask(&d, "SELECT count(*) FROM record WHERE kind = 1"), 1);
    assert_int_equal(ask(&d, "SELECT count(*) FROM record WHERE kind = 8"), 1);
    assert_int_equal(ask(&d, "SELECT count(*) FROM record WHERE kind = 7"), 1);
    assert_int_equal(ask(&d, "SELECT min_lat FROM place"), 515012345);
    assert_int_equal(ask(&d, "SELECT count(*) FROM search"
                             " WHERE search MATCH 'shouting'"),
                     1);
    assert_ok(store_fsck(tablet_store(d.t), machine_finding, NULL));
    desk_free(&d);
}

static void a_value_that_does_not_fit_stores_nothing(void **state)
{
    static const struct {
        const char *key, *value;
    } rows[] = {
        { "people_count", "many" },     { "qualifier", "no such code" },
        { "no_such_field", "x" },       { "place", "north" },
        { "persons.0.surname", "Doe" },
    };
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d, 2);
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        const struct tablet_text_field f = { rows[i].key, rows[i].value };
        const int64_t events = ask(&d, "SELECT count(*) FROM event");

        buf_reset(&d.why);
        assert_err(record(&d, "ASB", &f, 1, &id), ERR_BAD_DATA);
        assert_true(d.why.len > 0);
        assert_int_equal(ask(&d, "SELECT count(*) FROM event"), events);
    }
    assert_err(record(&d, "NOPE", NULL, 0, &id), ERR_NOT_FOUND);
    desk_free(&d);
}

static void a_change_replaces_and_a_strike_takes_out(void **state)
{
    static const struct tablet_text_field first = { "note", "red car" };
    static const struct tablet_text_field second = { "note", "blue car" };
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d, 3);
    assert_ok(record(&d, "ASB", &first, 1, &id));
    assert_ok(tablet_set(d.t, &id, &second, 1, &d.why));
    assert_int_equal(ask(&d, "SELECT has_conflict FROM record WHERE kind = 1"),
                     0);
    assert_int_equal(ask(&d, "SELECT count(*) FROM search"
                             " WHERE search MATCH 'red'"),
                     0);
    assert_ok(tablet_strike(d.t, &id, "wrong street"));
    assert_int_equal(ask(&d, "SELECT is_struck FROM record WHERE kind = 1"), 1);
    assert_int_equal(ask(&d, "SELECT count(*) FROM search"
                             " WHERE search MATCH 'blue'"),
                     0);
    desk_free(&d);
}

static void a_photo_is_encrypted_and_durable_before_it_is_named(void **state)
{
    const struct tablet_photo photo = {
        .original = { (const uint8_t *)"plain jpeg bytes", 16 },
        .small = { (const uint8_t *)"small", 5 },
        .media_type = "image/jpeg",
        .orientation = 6
    };
    const struct tablet_new n = { .what = "ASB",
                                  .photos = &photo,
                                  .photo_count = 1 };
    struct evlog_counts counts;
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d, 4);
    assert_ok(tablet_record(d.t, &n, &id, &d.why));
    assert_ok(evlog_counts(tablet_log(d.t), &counts));
    assert_int_equal(counts.blobs_own, 2);
    assert_true(sim_port_blob_bytes(d.m.sim) > 21);
    assert_ok(store_fsck(tablet_store(d.t), machine_finding, NULL));
    desk_free(&d);
}

static void a_restricted_record_is_read_here_and_searched_nowhere(void **state)
{
    static const struct tablet_text_field fields[] = {
        { "note", "gooseberry painted on a door" },
        { "place", "51.5 -3.1" },
        { "in_danger_now", "no" },
        { "strands", "race;religion" },
        { "perceived_by", "victim" },
        { "what_happened", "somebody painted a gooseberry" },
    };
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d, 5);
    assert_ok(tablet_sign_in(d.t, &d.officer));
    assert_ok(record(&d, "HAT", fields, ARRAY_LEN(fields), &id));
    assert_int_equal(ask(&d, "SELECT tier FROM record WHERE kind = 1"), 1);
    assert_int_equal(ask(&d, "SELECT count(*) FROM event WHERE kind = 30"), 1);
    assert_int_equal(ask(&d, "SELECT count(*) FROM search"
                             " WHERE search MATCH 'gooseberry'"),
                     0);
    assert_int_equal(ask(&d, "SELECT count(*) FROM place"), 0);
    assert_int_equal(ask(&d, "SELECT count(*) FROM event"
                             " WHERE instr(body, 'gooseberry') > 0"),
                     0);
    assert_ok(tablet_set(d.t, &id, fields, 1, &d.why));
    assert_ok(evlog_new_incarnation(tablet_log(d.t)));
    assert_ok(store_fsck(tablet_store(d.t), machine_finding, NULL));
    d.officer.bytes[0]++;
    assert_ok(tablet_sign_in(d.t, &d.officer));
    assert_err(tablet_set(d.t, &id, fields, 1, &d.why), ERR_DENIED);
    desk_free(&d);
}

/* As the council's server does it; here it is the tablet itself. */
static void add_key(struct desk *d, uint8_t number, const char *use,
                    const char *role, const struct ec_public *pub)
{
    struct evlog_new e = { .record = machine_record(number),
                           .kind = KIND_KEY,
                           .kind_version = 1,
                           .op = OP_GRANT };
    struct body_writer w;
    struct buf body, cose;

    e.record.bytes[0] = number;
    buf_init(&body, BODY_MAX_BYTES);
    buf_init(&cose, 1000);
    cose_key_put(&cose, pub);
    body_begin(&w);
    body_put_bytes(&w, KEY_PUBLIC, buf_bytes(&cose));
    body_put_text(&w, KEY_USE, use);
    body_put_uuid(&w, KEY_OWNER, &e.record);
    if (role != NULL) {
        body_put_text(&w, KEY_ROLE, role);
    }
    assert_ok(body_end(&w, &body));
    e.body = buf_bytes(&body);
    assert_ok(evlog_append(tablet_log(d->t), &e, 1, NULL));
    body_fini(&w);
    buf_fini(&body);
    buf_fini(&cose);
}

static void add_holder(struct desk *d, uint8_t number, const char *role)
{
    struct ec_key key;

    assert_ok(crypto_ec_new(port_random(sim_port(d->m.sim)), &key));
    add_key(d, number, "holder", role, &key.pub);
}

static void add_council(struct desk *d)
{
    struct evlog_new e = { .record = evlog_identity(tablet_log(d->t))->council,
                           .kind = KIND_COUNCIL,
                           .kind_version = 1,
                           .op = OP_CREATE };
    struct body_writer w;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, COUNCIL_NAME, "Westbrook");
    assert_ok(body_end(&w, &body));
    e.body = buf_bytes(&body);
    assert_ok(evlog_append(tablet_log(d->t), &e, 1, NULL));
    body_fini(&w);
    buf_fini(&body);
    add_key(d, 99, "recovery", NULL,
            &evlog_identity(tablet_log(d->t))->recovery_key);
}

static void a_sealed_record_needs_two_people_and_leaves_no_key(void **state)
{
    static const struct tablet_text_field fields[] = {
        { "danger_now", "no" },
        { "about", "somebody" },
        { "facts", "quince marmalade" },
        { "source", "saw" },
    };
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d, 6);
    assert_err(record(&d, "PRV", fields, 3, &id), ERR_DENIED);
    assert_non_null(strstr(buf_text(&d.why), "safeguarding-deputy"));
    add_council(&d);
    add_holder(&d, 1, "safeguarding-lead");
    assert_err(record(&d, "PRV", fields, 3, &id), ERR_DENIED);
    add_holder(&d, 2, "team-leader"); /* reads restricted ones only */
    assert_err(record(&d, "PRV", fields, 3, &id), ERR_DENIED);
    add_holder(&d, 3, "safeguarding-deputy");
    buf_reset(&d.why);
    {
        const enum err err = record(&d, "PRV", fields, 4, &id);

        if (err == ERR_BAD_DATA) { /* the code of `source` is the form's */
            print_message("%s\n", buf_text(&d.why));
        }
        assert_ok(err);
    }
    assert_int_equal(ask(&d, "SELECT count(*) FROM content_key"), 0);
    assert_int_equal(ask(&d, "SELECT count(*) FROM event WHERE op = 29"), 3);
    assert_int_equal(ask(&d, "SELECT count(*) FROM event"
                             " WHERE instr(body, 'quince marmalade') > 0"),
                     0);
    assert_int_equal(ask(&d, "SELECT tier FROM record WHERE kind = 31"), 2);
    assert_err(tablet_strike(d.t, &id, "no"), ERR_DENIED);
    assert_ok(evlog_new_incarnation(tablet_log(d.t)));
    assert_ok(store_fsck(tablet_store(d.t), machine_finding, NULL));
    desk_free(&d);
}

static void a_patrol_goes_its_way_and_survives_a_restart(void **state)
{
    struct uuid patrol, again;
    struct desk d;

    (void)state;
    desk_new(&d, 7);
    assert_err(tablet_patrol_start(d.t, "Beat 3", &patrol), ERR_DENIED);
    assert_ok(tablet_sign_in(d.t, &d.officer));
    assert_err(tablet_patrol_end(d.t), ERR_NOT_FOUND);
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrol));
    assert_err(tablet_patrol_start(d.t, "Beat 4", &again), ERR_EXISTS);
    assert_ok(tablet_patrol_pause(d.t, "lunch"));
    assert_err(tablet_patrol_pause(d.t, "lunch"), ERR_EXISTS);
    reopen(&d);
    assert_ok(tablet_sign_in(d.t, &d.officer));
    assert_ok(tablet_patrol_resume(d.t));
    assert_err(tablet_patrol_resume(d.t), ERR_NOT_FOUND);
    assert_ok(tablet_patrol_end(d.t));
    assert_ok(tablet_patrol_start(d.t, "Beat 4", &again));
    assert_false(uuid_eq(&patrol, &again));
    desk_free(&d);
}

static void lines_are_numbered_and_a_closed_book_gets_no_more(void **state)
{
    struct ec_key key;
    struct desk d;
    uint64_t number;

    (void)state;
    desk_new(&d, 8);
    assert_err(tablet_entry(d.t, "x", 0, 0, &number), ERR_DENIED);
    assert_ok(tablet_sign_in(d.t, &d.officer));
    for (uint64_t i = 1; i <= 3; i++) {
        assert_ok(tablet_entry(d.t, "On foot, dry", 0, i - 1, &number));
        assert_int_equal(number, i);
    }
    assert_err(tablet_entry(d.t, "x", 0, 9, &number), ERR_NOT_FOUND);
    assert_ok(crypto_ec_new(port_random(sim_port(d.m.sim)), &key));
    assert_ok(tablet_close_book(d.t, &key));
    assert_ok(tablet_entry(d.t, "next book", 1, 0, &number));
    assert_int_equal(number, 1);
    assert_int_equal(ask(&d, "SELECT count(*) FROM record WHERE kind = 7"), 2);
    desk_free(&d);
}

static void an_import_keeps_every_row_and_column(void **state)
{
    static const char csv[] =
        "Crime ID,Month,Longitude,Latitude,Location,Crime type\r\n"
        ",2018-10,-3.193205,51.798910,On or near \"A, B\" Street,Burglary\n";
    static const char good[] =
        "Crime ID,Month,Longitude,Latitude,Location,Crime type\r\n"
        "aa,2018-10,-3.193205,51.798910,\"On or near A, B\",Burglary\r\n"
        "aa,2018-10,-3.193205,51.798910,\"On or near A, B\",Burglary\r\n"
        ",2018-10,,,No Location,Drugs\r\n";
    uint64_t rows;
    int64_t events;
    struct desk d;

    (void)state;
    desk_new(&d, 9);
    events = ask(&d, "SELECT count(*) FROM event");
    assert_err(tablet_import_police_uk(
                   d.t, (struct bytes){ (const uint8_t *)csv, sizeof(csv) - 1 },
                   &rows, &d.why),
               ERR_BAD_DATA);
    assert_non_null(strstr(buf_text(&d.why), "line 2"));
    assert_int_equal(ask(&d, "SELECT count(*) FROM event"), events);
    assert_ok(tablet_import_police_uk(
        d.t, (struct bytes){ (const uint8_t *)good, sizeof(good) - 1 }, &rows,
        &d.why));
    assert_int_equal(rows, 3);
    assert_int_equal(ask(&d, "SELECT count(*) FROM record WHERE kind = 1"), 3);
    assert_int_equal(ask(&d, "SELECT count(*) FROM place"), 2);
    assert_ok(store_fsck(tablet_store(d.t), machine_finding, NULL));
    desk_free(&d);
}

static void the_status_counts_what_waits(void **state)
{
    struct uuid id;
    struct desk d;
    struct buf out;

    (void)state;
    desk_new(&d, 10);
    buf_init(&out, 1000);
    assert_ok(record(&d, "ASB", NULL, 0, &id));
    assert_ok(tablet_status_json(d.t, &out));
    assert_non_null(strstr(buf_text(&out), "\"events\":10,\"waiting\":10,"));
    buf_fini(&out);
    desk_free(&d);
}

static void what_a_set_loses_and_gains_is_merged_by_code(void **state)
{
    static const struct tablet_text_field first = { "action", "advice;none" };
    static const struct tablet_text_field second = { "action", "moved_on" };
    struct uuid id;
    struct desk d;

    (void)state;
    desk_new(&d, 11);
    assert_ok(record(&d, "ASB", &first, 1, &id));
    assert_ok(tablet_set(d.t, &id, &second, 1, &d.why));
    assert_int_equal(ask(&d, "SELECT has_conflict FROM record WHERE kind = 1"),
                     0);
    /* One code is left: an array of one text. */
    assert_int_equal(ask(&d, "SELECT instr(value, 'moved_on') = 3 AND"
                             " length(value) = 10 FROM field WHERE field = 50"
                             " AND event IS NULL"),
                     1);
    desk_free(&d);
}

struct seen {
    size_t count;
    struct tablet_item items[20];
    struct tablet_book_line lines[20];
};

static enum err see_item(void *ctx, const struct tablet_item *item)
{
    struct seen *seen = ctx;

    seen->items[seen->count++] = *item;
    return ERR_OK;
}

static enum err see_line(void *ctx, const struct tablet_book_line *line)
{
    struct seen *seen = ctx;

    seen->lines[seen->count++] = *line;
    return seen->count == 2 ? ERR_STOPPED : ERR_OK;
}

static enum err see_draft(void *ctx, const struct uuid *id, const char *form,
                          struct bytes data)
{
    (void)id;
    assert_string_equal(form, "asb");
    assert_int_equal(data.len, 4);
    ++*(int *)ctx;
    return ERR_OK;
}

static void a_list_shows_the_newest_first_and_what_waits(void **state)
{
    static const struct tablet_text_field one = { "note", "broken lamp" };
    static const struct tablet_text_field two = { "note", "loud \"music\"" };
    const struct tablet_filter all = { .max = 10 };
    const struct tablet_filter some = { .max = 10, .words = "lam\" broken" };
    struct seen seen = { 0 };
    struct uuid first, second;
    struct desk d;

    (void)state;
    desk_new(&d, 12);
    assert_ok(tablet_sign_in(d.t, &d.officer));
    assert_ok(record(&d, "ASB", &one, 1, &first));
    d.m.world_ms += 1000;
    assert_ok(record(&d, "ASB", &two, 1, &second));
    assert_ok(tablet_records(d.t, &all, see_item, &seen));
    assert_true(seen.count >= 2);
    assert_true(uuid_eq(&seen.items[0].id, &second));
    assert_string_equal(seen.items[0].category, "ASB");
    assert_int_equal(seen.items[0].state, TABLET_WAITING);
    seen.count = 0;
    assert_ok(tablet_records(d.t, &some, see_item, &seen));
    assert_int_equal(seen.count, 1);
    assert_true(uuid_eq(&seen.items[0].id, &first));
    seen.count = 0;
    assert_ok(tablet_book_page(d.t, 0, 10, see_line, &seen));
    assert_int_equal(seen.count, 2);
    assert_int_equal(seen.lines[0].number, 2);
    assert_true(uuid_eq(&seen.lines[0].about.id, &second));
    seen.count = 0;
    assert_ok(tablet_book_page(d.t, 2, 10, see_line, &seen));
    assert_int_equal(seen.count, 1);
    assert_int_equal(seen.lines[0].number, 1);
    desk_free(&d);
}

static size_t waiting_in_list(struct desk *d, uint64_t kind, size_t *all_out)
{
    struct tablet_filter f = {
        .kind = kind, .with_children = true, .only_own = true, .max = 20
    };
    struct seen seen = { 0 };

    assert_ok(tablet_records(d->t, &f, see_item, &seen));
    *all_out = seen.count;
    seen.count = 0;
    f.only_waiting = true;
    assert_ok(tablet_records(d->t, &f, see_item, &seen));
    for (size_t i = 0; i < seen.count; i++) {
        assert_int_equal(seen.items[i].state, TABLET_WAITING);
    }
    return seen.count;
}

static void a_tally_counts_what_the_lists_show(void **state)
{
    static const struct tablet_text_field note = { "note", "x" };
    static const struct tablet_text_field hate[] = {
        { "note", "painted on a door" },
        { "in_danger_now", "no" },
        { "strands", "race" },
        { "perceived_by", "victim" },
        { "what_happened", "somebody did it" }
    };
    static const uint64_t kinds[] = { KIND_OBSERVATION, KIND_ENTRY,
                                      KIND_PATROL };
    struct evlog_ack ack = { .receipt = { (const uint8_t *)"r", 1 } };
    struct tablet_tally tally[ARRAY_LEN(kinds)];
    struct uuid id, colleague = { { 0x55 } };
    struct evlog_head head;
    struct desk d;

    (void)state;
    desk_new(&d, 14);
    assert_ok(tablet_sign_in(d.t, &colleague));
    assert_ok(record(&d, "HAT", hate, ARRAY_LEN(hate),
                     &id)); /* nobody else's to see */
    assert_ok(tablet_sign_in(d.t, &d.officer));
    assert_ok(record(&d, "HAT", hate, ARRAY_LEN(hate), &id));
    assert_ok(record(&d, "ASB", &note, 1, &id));
    assert_ok(evlog_head(tablet_log(d.t), &head));
    ack.incarnation = head.incarnation;
    ack.held = head.sequence;
    assert_ok(evlog_acked(tablet_log(d.t), &ack));
    assert_ok(record(&d, "ASB", &note, 1, &id));
    assert_ok(tablet_tally(d.t, kinds, ARRAY_LEN(kinds), tally));
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        size_t all;
        const size_t waiting = waiting_in_list(&d, kinds[i], &all);

        assert_int_equal(tally[i].made, all);
        assert_int_equal(tally[i].made - tally[i].held, waiting);
    }
    assert_int_equal(tally[0].made, 3);
    assert_int_equal(tally[0].held, 2);
    assert_int_equal(tally[2].made, 0);
    desk_free(&d);
}

/* The index of each must stand in the plan: a notebook grows for years. */
static void no_list_looks_at_every_record(void **state)
{
    static const struct tablet_text_field note = { "note", "x" };
    struct tablet_filter f = { .max = 1 };
    struct seen seen = { 0 };
    struct uuid id, patrol;
    struct evlog_ack ack = { .receipt = { (const uint8_t *)"r", 1 } };
    const uint64_t kind = KIND_PATROL;
    struct tablet_tally tally;
    struct evlog_head head;
    sqlite3_stmt *st = NULL;
    int64_t steps = 0;
    struct desk d;

    (void)state;
    desk_new(&d, 15);
    assert_ok(tablet_sign_in(d.t, &d.officer));
    for (int i = 0; i < 300; i++) {
        assert_ok(record(&d, "ASB", &note, 1, &id));
    }
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrol));
    assert_ok(evlog_head(tablet_log(d.t), &head));
    ack.incarnation = head.incarnation;
    ack.held = head.sequence;
    assert_ok(evlog_acked(tablet_log(d.t), &ack));
    assert_ok(tablet_tally(d.t, &kind, 1, &tally));
    for (int way = 0; way < 6; way++) {
        f = (struct tablet_filter){ .max = 1,
                                    .only_waiting = way == 5,
                                    .kind = way == 1 ? KIND_PATROL : 0,
                                    .only_refused = way == 3,
                                    .only_conflict = way == 4 };
        f.patrol = way == 2 ? patrol : f.patrol;
        seen.count = 0;
        assert_ok(tablet_records(d.t, &f, see_item, &seen));
    }
    while ((st = sqlite3_next_stmt(store_db(tablet_store(d.t)), st)) != NULL) {
        if (strstr(sqlite3_sql(st), "created_hlc DESC, r.record") != NULL ||
            strstr(sqlite3_sql(st), ") w CROSS JOIN record") != NULL) {
            steps = sqlite3_stmt_status(st, SQLITE_STMTSTATUS_VM_STEP, 0);
            assert_true(steps < 600);
        }
    }
    assert_true(steps > 0);
    desk_free(&d);
}

static void the_end_of_the_shift_counts_by_receipts(void **state)
{
    const struct tablet_text_field note = { "note", "x" };
    struct evlog_ack ack = { .receipt = { (const uint8_t *)"r", 1 } };
    struct tablet_summary sum;
    struct evlog_head head;
    struct uuid id, patrol;
    struct desk d;

    (void)state;
    desk_new(&d, 13);
    assert_ok(tablet_sign_in(d.t, &d.officer));
    assert_err(tablet_summary(d.t, &sum), ERR_NOT_FOUND);
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrol));
    assert_ok(record(&d, "ASB", &note, 1, &id));
    assert_ok(tablet_patrol_end(d.t));
    assert_ok(tablet_summary(d.t, &sum));
    assert_int_equal(sum.observations, 1);
    assert_int_equal(sum.entries, 3);
    assert_int_equal(sum.made, 4);
    assert_int_equal(sum.waiting, 4);
    assert_string_equal(sum.area, "Beat 3");
    assert_true(sum.ended_ms > 0);
    assert_ok(evlog_head(tablet_log(d.t), &head));
    ack.incarnation = head.incarnation;
    ack.held = head.sequence;
    assert_ok(evlog_acked(tablet_log(d.t), &ack));
    assert_ok(tablet_summary(d.t, &sum));
    assert_int_equal(sum.stored, 4);
    assert_int_equal(sum.waiting, 0);
    desk_free(&d);
}

static void a_draft_goes_when_its_record_is_saved(void **state)
{
    struct tablet_new n = { .what = "ASB" };
    struct uuid id;
    struct desk d;
    int count = 0;

    (void)state;
    desk_new(&d, 14);
    n.record = machine_record(9);
    assert_ok(tablet_draft_put(d.t, &n.record, "asb",
                               (struct bytes){ (const uint8_t *)"half", 4 }));
    reopen(&d);
    assert_ok(tablet_drafts(d.t, see_draft, &count));
    assert_int_equal(count, 1);
    assert_ok(tablet_record(d.t, &n, &id, &d.why));
    assert_true(uuid_eq(&id, &n.record));
    assert_ok(tablet_drafts(d.t, see_draft, &count));
    assert_int_equal(count, 1);
    desk_free(&d);
}

/* `json` with the first `from` replaced by a `to` of the same length. */
static void reword(char *json, const char *from, const char *to)
{
    const size_t len = strlen(from);
    char *at = strstr(json, from);

    assert_non_null(at);
    assert_int_equal(strlen(to), len);
    for (size_t i = 0; i < len; i++) {
        at[i] = to[i];
    }
}

static void a_draft_is_saved_with_the_form_it_was_begun_with(void **state)
{
    static const struct tablet_text_field fields[] = {
        { "qualifier", "personal" },
        { "persons.1.name", "Doe" },
    };
    static const struct tablet_pin pins[] = { { "asb", 1 }, { "person", 1 } };
    struct tablet_new n = { .what = "ASB",
                            .fields = fields,
                            .field_count = ARRAY_LEN(fields) };
    const struct form *form;
    struct uuid id;
    struct desk d;
    char *asb = read_asset("forms/asb.json");
    char *person = read_asset("forms/person.json");

    (void)state;
    desk_new(&d, 15);
    reword(asb, "\"version\": 1", "\"version\": 2");
    reword(asb, "\"qualifier\"", "\"who_is_it\"");
    publish_definition(d.t, KIND_FORM, "asb", asb);
    reword(person, "\"version\": 1", "\"version\": 2");
    reword(person, "\"key\": \"name\"", "\"key\": \"nome\"");
    publish_definition(d.t, KIND_FORM, "person", person);
    assert_ok(tablet_form(d.t, "asb", &form));
    assert_int_equal(form->version, 2);
    assert_ok(tablet_form_at(d.t, "asb", 1, &form));
    assert_int_equal(form->version, 1);
    assert_err(tablet_form_at(d.t, "asb", 3, &form), ERR_NOT_FOUND);
    assert_err(tablet_record(d.t, &n, &id, &d.why), ERR_BAD_DATA);
    n.pins = pins;
    n.pin_count = ARRAY_LEN(pins);
    assert_ok(tablet_record(d.t, &n, &id, &d.why));
    free(asb);
    free(person);
    desk_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_observation_is_saved_with_its_line_in_the_book),
        cmocka_unit_test(a_value_that_does_not_fit_stores_nothing),
        cmocka_unit_test(a_change_replaces_and_a_strike_takes_out),
        cmocka_unit_test(a_photo_is_encrypted_and_durable_before_it_is_named),
        cmocka_unit_test(a_restricted_record_is_read_here_and_searched_nowhere),
        cmocka_unit_test(a_sealed_record_needs_two_people_and_leaves_no_key),
        cmocka_unit_test(a_patrol_goes_its_way_and_survives_a_restart),
        cmocka_unit_test(lines_are_numbered_and_a_closed_book_gets_no_more),
        cmocka_unit_test(an_import_keeps_every_row_and_column),
        cmocka_unit_test(the_status_counts_what_waits),
        cmocka_unit_test(what_a_set_loses_and_gains_is_merged_by_code),
        cmocka_unit_test(a_list_shows_the_newest_first_and_what_waits),
        cmocka_unit_test(a_tally_counts_what_the_lists_show),
        cmocka_unit_test(no_list_looks_at_every_record),
        cmocka_unit_test(the_end_of_the_shift_counts_by_receipts),
        cmocka_unit_test(a_draft_goes_when_its_record_is_saved),
        cmocka_unit_test(a_draft_is_saved_with_the_form_it_was_begun_with),
    };

    return RUN_TESTS(tests);
}
