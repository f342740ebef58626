/* Closed records between tablets: who reads, who doesn't, who gets it later.
 * The events travel by hand; what the server lets through is its own test. */
#include "core/tablet_hold.h"

#include <stdio.h>
#include <stdlib.h>

#include <sqlite3.h>

#include "core/cose.h"
#include "core/fields.h"
#include "core/tablet_list.h"
#include "tests/store_machine.h"

#define PEOPLE 5
enum who { SERVER, AUTHOR, LEAD, DEPUTY, COLLEAGUE };

/* One store for each; the server's is only the source of its events. */
static struct person {
    struct machine m;
    struct tablet *t;
    struct uuid officer;
    struct ec_key own, holder;
} people[PEOPLE];
static struct buf why;

static void open_tablet(struct person *p)
{
    const struct tablet_options options = { .store = machine_options(&p->m),
                                            .port = sim_port(p->m.sim) };

    tablet_close(p->t);
    assert_ok(tablet_open(&options, &p->t));
}

static void append(struct person *p, const struct evlog_new *what,
                   struct body_writer *w)
{
    struct evlog_new e = *what;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    assert_ok(body_end(w, &body));
    e.kind_version = 1;
    e.body = buf_bytes(&body);
    assert_ok(evlog_append(tablet_log(p->t), &e, 1, NULL));
    body_fini(w);
    buf_fini(&body);
}

static char *read_asset(const char *name)
{
    char path[300];
    char *text = malloc(1000000);
    FILE *file;

    assert_non_null(text);
    snprintf(path, sizeof(path), "%s/assets/forms/%s.json", SOURCE_DIR, name);
    file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, 999999, file)] = '\0';
    fclose(file);
    return text;
}

static void publish(enum event_kind kind, const char *id, const char *json)
{
    struct evlog_new e = { .kind = kind, .op = OP_CREATE };
    struct body_writer w;

    e.record = machine_record(0);
    memcpy(e.record.bytes + 1, id, strlen(id) < 15 ? strlen(id) : 15);
    body_begin(&w);
    body_put_text(&w, FIELD_TITLE, id);
    body_put_text(&w, DEFINITION_JSON, json);
    append(&people[SERVER], &e, &w);
}

static void publish_form(const char *id)
{
    char *json = read_asset(id);

    publish(KIND_FORM, id, json);
    free(json);
}

/* A holder's key has a role; the one without is the recovery key. */
static void put_key(struct person *by, uint8_t number, enum event_op op,
                    const char *role, const struct uuid *owner,
                    const struct ec_public *pub)
{
    struct evlog_new e = { .kind = KIND_KEY, .op = op };
    struct body_writer w;
    struct buf cose;

    memset(&e.record, number, 16);
    buf_init(&cose, 1000);
    cose_key_put(&cose, pub);
    body_begin(&w);
    body_put_bytes(&w, KEY_PUBLIC, buf_bytes(&cose));
    body_put_text(&w, KEY_USE, role != NULL ? "holder" : "recovery");
    body_put_uuid(&w, KEY_OWNER, owner);
    if (role != NULL) {
        body_put_text(&w, KEY_ROLE, role);
    }
    append(by, &e, &w);
    buf_fini(&cose);
}

static void certify(enum who who, const char *role)
{
    put_key(&people[SERVER], (uint8_t)(0x70 + who), OP_GRANT, role,
            &people[who].officer, &people[who].holder.pub);
}

static enum err carry_one(void *ctx, const struct evlog_event *e)
{
    struct person *to = ctx;
    const enum err err =
        evlog_receive(tablet_log(to->t), e->header, e->salt, e->body);

    return err == ERR_BAD_DATA ? ERR_OK : err;
}

static void carry(enum who from, enum who to)
{
    assert_ok(evlog_all(tablet_log(people[from].t), carry_one, &people[to]));
}

static void from_server(void)
{
    for (enum who to = AUTHOR; to < PEOPLE; to++) {
        carry(SERVER, to);
    }
}

static int64_t ask(enum who who, const char *sql)
{
    sqlite3_stmt *st;
    int64_t answer = -1;

    assert_int_equal(sqlite3_prepare_v2(store_db(tablet_store(people[who].t)),
                                        sql, -1, &st, NULL),
                     SQLITE_OK);
    if (sqlite3_step(st) == SQLITE_ROW) {
        answer = sqlite3_column_int64(st, 0);
    }
    sqlite3_finalize(st);
    return answer;
}

static struct ec_key recovery;

/* As machine_new, but of one council with one recovery key. */
static void new_machine(struct machine *m, uint64_t seed)
{
    struct sim_port_options options = { &m->world_ms, MACHINE_WALL_MS, seed };
    struct store_options store;
    struct evlog_identity id;

    memset(m, 0, sizeof(*m));
    memset(m->key, 7, sizeof(m->key));
    assert_ok(sim_port_new(&options, &m->sim));
    assert_ok(faultvfs_new(seed, &m->disk));
    store = machine_options(m);
    machine_identity(m, &id);
    id.recovery_key = recovery.pub;
    assert_ok(store_open(&store, &m->store));
    assert_ok(evlog_init(m->store, &id));
    machine_close(m);
}

static void publish_all(void)
{
    const struct uuid council =
        evlog_identity(tablet_log(people[SERVER].t))->council;
    const struct evlog_new e = { .record = council,
                                 .kind = KIND_COUNCIL,
                                 .op = OP_CREATE };
    struct body_writer w;

    body_begin(&w);
    body_put_text(&w, COUNCIL_NAME, "Westbrook");
    append(&people[SERVER], &e, &w);
    put_key(&people[SERVER], 0x6f, OP_GRANT, NULL, &council, &recovery.pub);
    publish_form("hate");
    publish_form("prevent_concern");
    publish_form("person");
    publish_form("vehicle");
    publish(KIND_CATEGORY, "HAT",
            "{\"id\":\"HAT\",\"label\":\"Hate\",\"tier\":\"restricted\","
            "\"marking\":\"OFFICIAL-SENSITIVE\",\"form\":\"hate\"}");
    publish(KIND_CATEGORY, "PRV",
            "{\"id\":\"PRV\",\"label\":\"Prevent\",\"tier\":\"sealed\","
            "\"marking\":\"OFFICIAL-SENSITIVE\",\"form\":\"prevent_concern\"}");
}

static int set_up(void **state)
{
    (void)state;
    memset(people, 0, sizeof(people));
    memset(recovery.d, 0x33, sizeof(recovery.d));
    assert_ok(crypto_ec_derive(&recovery));
    buf_init(&why, 2000);
    for (size_t i = 0; i < PEOPLE; i++) {
        struct person *p = &people[i];

        new_machine(&p->m, 40 + i);
        open_tablet(p);
        memset(&p->officer, 0x40 + (int)i, sizeof(p->officer));
        memset(p->own.d, 0x50 + (int)i, sizeof(p->own.d));
        assert_ok(crypto_ec_derive(&p->own));
        assert_ok(tier_holder_key(&p->own, &p->holder));
        assert_ok(tablet_hold(p->t, &p->holder));
        if (i != SERVER) {
            assert_ok(tablet_sign_in(p->t, &p->officer));
        }
    }
    publish_all();
    from_server();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (size_t i = 0; i < PEOPLE; i++) {
        tablet_close(people[i].t);
        machine_free(&people[i].m);
    }
    buf_fini(&why);
    return 0;
}

/* --- what is recorded --- */

static struct uuid hate_incident(void)
{
    static const struct tablet_text_field fields[] = {
        { "note", "gooseberry painted on a door" },
        { "place", "51.5 -3.1" },
        { "in_danger_now", "no" },
        { "strands", "race;religion" },
        { "perceived_by", "victim" },
        { "what_happened", "somebody painted a gooseberry" },
    };
    const struct tablet_new n = { .what = "HAT",
                                  .fields = fields,
                                  .field_count = ARRAY_LEN(fields) };
    struct uuid id;

    assert_ok(tablet_record(people[AUTHOR].t, &n, &id, &why));
    return id;
}

static enum err prevent_concern(struct uuid *id)
{
    static const struct tablet_text_field fields[] = {
        { "danger_now", "no" },
        { "about", "somebody" },
        { "facts", "quince marmalade" },
        { "source", "saw" },
    };
    const struct tablet_new n = { .what = "PRV",
                                  .fields = fields,
                                  .field_count = ARRAY_LEN(fields) };

    buf_reset(&why);
    return tablet_record(people[AUTHOR].t, &n, id, &why);
}

struct seen {
    const char *word;
    bool found;
};

static enum err look(void *ctx, const struct tablet_field *f)
{
    struct seen *s = ctx;
    const size_t len = strlen(s->word);

    for (size_t i = 0; i + len <= f->value.len; i++) {
        s->found |= memcmp(f->value.data + i, s->word, len) == 0;
    }
    return ERR_OK;
}

static bool reads(enum who who, const struct uuid *id, const char *word)
{
    struct seen s = { word, false };

    assert_ok(tablet_fields(people[who].t, id, look, &s));
    return s.found;
}

static enum err count_item(void *ctx, const struct tablet_item *item)
{
    *(int *)ctx += item->tier != TIER_OPEN;
    return ERR_OK;
}

/* Closed records in the list. */
static int listed(enum who who)
{
    const struct tablet_filter all = { .max = 100 };
    int count = 0;

    assert_ok(tablet_records(people[who].t, &all, count_item, &count));
    return count;
}

/* --- */

static void without_a_limit_closed_records_are_all_listed(void **state)
{
    const struct tablet_filter all = { .max = SIZE_MAX };
    int count = 0;

    (void)state;
    certify(LEAD, "team-leader");
    from_server();
    (void)hate_incident();
    (void)hate_incident();
    carry(AUTHOR, LEAD);
    assert_ok(tablet_records(people[LEAD].t, &all, count_item, &count));
    assert_int_equal(count, 2);
}

static void a_holder_reads_a_restricted_record_a_colleague_nothing(void **state)
{
    struct tablet_item item;
    struct uuid id;

    (void)state;
    certify(LEAD, "team-leader");
    from_server();
    id = hate_incident();
    carry(AUTHOR, LEAD);
    carry(AUTHOR, COLLEAGUE); /* even if the server erred */
    assert_true(reads(AUTHOR, &id, "gooseberry"));
    assert_true(reads(LEAD, &id, "gooseberry"));
    assert_false(reads(COLLEAGUE, &id, "gooseberry"));
    assert_int_equal(listed(LEAD), 1);
    assert_int_equal(listed(COLLEAGUE), 0);
    assert_ok(tablet_item(people[LEAD].t, &id, &item));
    assert_string_equal(item.category, "HAT");
    assert_int_equal(item.kind, KIND_OBSERVATION);
    assert_err(tablet_item(people[COLLEAGUE].t, &id, &item), ERR_NOT_FOUND);
}

static void nothing_that_a_holder_reads_is_written_to_the_store(void **state)
{
    struct hash before, after;
    struct uuid id;

    (void)state;
    certify(LEAD, "team-leader");
    from_server();
    id = hate_incident();
    carry(AUTHOR, LEAD);
    assert_ok(store_dump_hash(tablet_store(people[LEAD].t), &before));
    assert_true(reads(LEAD, &id, "gooseberry"));
    assert_int_equal(ask(LEAD, "SELECT count(*) FROM content_key"), 0);
    assert_int_equal(ask(LEAD, "SELECT count(*) FROM field"
                               " WHERE instr(value, 'gooseberry') > 0"),
                     0);
    assert_int_equal(ask(LEAD, "SELECT count(*) FROM search"
                               " WHERE search MATCH 'gooseberry'"),
                     0);
    assert_ok(store_rebuild(tablet_store(people[LEAD].t)));
    assert_ok(store_dump_hash(tablet_store(people[LEAD].t), &after));
    assert_true(hash_eq(&before, &after));
    assert_ok(store_fsck(tablet_store(people[LEAD].t), machine_finding, NULL));
}

static void another_officers_pin_on_a_holders_tablet_reads_nothing(void **state)
{
    struct person *lead = &people[LEAD];
    struct uuid id;

    (void)state;
    certify(LEAD, "team-leader");
    from_server();
    id = hate_incident();
    carry(AUTHOR, LEAD);
    assert_true(reads(LEAD, &id, "gooseberry"));
    assert_ok(tablet_hold(lead->t, &people[COLLEAGUE].holder));
    assert_ok(tablet_sign_in(lead->t, &people[COLLEAGUE].officer));
    assert_false(reads(LEAD, &id, "gooseberry"));
    assert_int_equal(listed(LEAD), 0);
    assert_ok(tablet_hold(lead->t, NULL));
    assert_int_equal(listed(LEAD), 0);
    assert_ok(tablet_hold(lead->t, &lead->holder));
    assert_true(reads(LEAD, &id, "gooseberry"));
}

static void a_key_that_only_a_tablet_granted_is_told_nothing(void **state)
{
    struct uuid id;

    (void)state;
    put_key(&people[COLLEAGUE], 0x11, OP_GRANT, "safeguarding-lead",
            &people[COLLEAGUE].officer, &people[COLLEAGUE].holder.pub);
    carry(COLLEAGUE, AUTHOR);
    id = hate_incident();
    carry(AUTHOR, COLLEAGUE);
    assert_false(reads(COLLEAGUE, &id, "gooseberry"));
    assert_int_equal(ask(AUTHOR, "SELECT count(*) FROM event WHERE op = 29"),
                     1); /* the recovery key's */
}

static void sealing_waits_for_two_people_and_the_recovery_key(void **state)
{
    struct uuid id;

    (void)state;
    assert_err(prevent_concern(&id), ERR_DENIED);
    certify(LEAD, "safeguarding-lead");
    from_server();
    assert_err(prevent_concern(&id), ERR_DENIED);
    assert_non_null(strstr(buf_text(&why), "only one person"));
    certify(DEPUTY, "team-leader");
    from_server();
    assert_err(prevent_concern(&id), ERR_DENIED);
    certify(COLLEAGUE, "safeguarding-deputy");
    from_server();
    assert_ok(prevent_concern(&id));
}

static void the_author_of_a_sealed_record_keeps_a_reference_only(void **state)
{
    struct tablet_item item;
    struct uuid id;

    (void)state;
    certify(LEAD, "safeguarding-lead");
    certify(DEPUTY, "safeguarding-deputy");
    from_server();
    assert_ok(prevent_concern(&id));
    carry(AUTHOR, LEAD);
    assert_false(reads(AUTHOR, &id, "quince"));
    assert_ok(tablet_item(people[AUTHOR].t, &id, &item));
    assert_int_equal(item.kind, KIND_SEALED);
    assert_string_equal(item.category, "");
    assert_int_equal(ask(AUTHOR, "SELECT count(*) FROM content_key"), 0);
    assert_true(reads(LEAD, &id, "quince"));
    assert_ok(tablet_sign_in(people[AUTHOR].t, &people[COLLEAGUE].officer));
    assert_int_equal(listed(AUTHOR), 0);
}

static void a_later_deputy_gets_what_a_present_holder_has(void **state)
{
    struct uuid hate, prevent;
    size_t count;

    (void)state;
    certify(LEAD, "safeguarding-lead");
    certify(COLLEAGUE, "safeguarding-deputy");
    from_server();
    hate = hate_incident();
    assert_ok(prevent_concern(&prevent));
    carry(AUTHOR, LEAD);
    carry(AUTHOR, DEPUTY);
    assert_false(reads(DEPUTY, &hate, "gooseberry"));
    certify(DEPUTY, "safeguarding-deputy");
    from_server();
    assert_ok(tablet_share_missing(people[LEAD].t, &count));
    assert_int_equal(count, 2);
    assert_ok(tablet_share_missing(people[LEAD].t, &count));
    assert_int_equal(count, 0);
    carry(LEAD, DEPUTY);
    assert_true(reads(DEPUTY, &hate, "gooseberry"));
    assert_true(reads(DEPUTY, &prevent, "quince"));
}

static void a_team_leader_is_never_given_a_sealed_record(void **state)
{
    struct uuid hate, prevent;
    size_t count;

    (void)state;
    certify(LEAD, "safeguarding-lead");
    certify(COLLEAGUE, "safeguarding-deputy");
    from_server();
    hate = hate_incident();
    assert_ok(prevent_concern(&prevent));
    carry(AUTHOR, LEAD);
    certify(DEPUTY, "team-leader");
    from_server();
    assert_ok(tablet_share_missing(people[LEAD].t, &count));
    assert_int_equal(count, 1);
    carry(AUTHOR, DEPUTY);
    carry(LEAD, DEPUTY);
    assert_true(reads(DEPUTY, &hate, "gooseberry"));
    assert_false(reads(DEPUTY, &prevent, "quince"));
}

static void the_author_gives_a_holder_what_was_made_before_there_was_one(
    void **state)
{
    struct uuid id;
    size_t count;

    (void)state;
    id = hate_incident();
    certify(LEAD, "team-leader");
    from_server();
    assert_ok(tablet_share_missing(people[AUTHOR].t, &count));
    assert_int_equal(count, 1);
    carry(AUTHOR, LEAD);
    assert_true(reads(LEAD, &id, "gooseberry"));
}

static void a_revoked_holder_is_told_nothing_new(void **state)
{
    struct uuid before, after;

    (void)state;
    certify(LEAD, "team-leader");
    from_server();
    before = hate_incident();
    put_key(&people[SERVER], 0x70 + LEAD, OP_REVOKE, "team-leader",
            &people[LEAD].officer, &people[LEAD].holder.pub);
    from_server();
    after = hate_incident();
    carry(AUTHOR, LEAD);
    assert_true(reads(LEAD, &before, "gooseberry"));
    assert_false(reads(LEAD, &after, "gooseberry"));
}

static void the_recovery_key_from_the_safe_opens_every_closed_record(void **s)
{
    struct uuid id;

    (void)s;
    id = hate_incident();
    carry(AUTHOR, COLLEAGUE);
    assert_false(reads(COLLEAGUE, &id, "gooseberry"));
    assert_ok(tablet_hold(people[COLLEAGUE].t, &recovery));
    assert_true(reads(COLLEAGUE, &id, "gooseberry"));
}

static void say_of_officer(enum who who, enum event_op op)
{
    const struct evlog_new e = { .record = people[who].officer,
                                 .kind = KIND_OFFICER,
                                 .op = op };
    struct body_writer w;

    body_begin(&w);
    append(&people[SERVER], &e, &w);
    people[SERVER].m.world_ms += 1000;
}

static void an_officer_who_is_shut_out_signs_in_no_more_until_let_in(void **s)
{
    struct person *lead = &people[LEAD];
    bool is_out;

    (void)s;
    assert_ok(tablet_sign_out(lead->t));
    say_of_officer(LEAD, OP_CREATE);
    from_server();
    assert_ok(tablet_sign_in(lead->t, &lead->officer));
    assert_ok(tablet_sign_out(lead->t));
    say_of_officer(LEAD, OP_REVOKE);
    from_server();
    assert_err(tablet_sign_in(lead->t, &lead->officer), ERR_DENIED);
    assert_ok(tablet_is_shut_out(lead->t, &people[DEPUTY].officer, &is_out));
    assert_false(is_out);
    say_of_officer(LEAD, OP_GRANT);
    from_server();
    assert_ok(tablet_sign_in(lead->t, &lead->officer));
}

static void a_holders_key_differs_from_the_officers_and_repeats(void **state)
{
    struct ec_key again;

    (void)state;
    assert_ok(tier_holder_key(&people[LEAD].own, &again));
    assert_memory_equal(&again, &people[LEAD].holder, sizeof(again));
    assert_memory_not_equal(again.d, people[LEAD].own.d, sizeof(again.d));
    assert_memory_not_equal(again.d, people[DEPUTY].holder.d, sizeof(again.d));
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(without_a_limit_closed_records_are_all_listed),
        T(a_holder_reads_a_restricted_record_a_colleague_nothing),
        T(nothing_that_a_holder_reads_is_written_to_the_store),
        T(another_officers_pin_on_a_holders_tablet_reads_nothing),
        T(a_key_that_only_a_tablet_granted_is_told_nothing),
        T(sealing_waits_for_two_people_and_the_recovery_key),
        T(the_author_of_a_sealed_record_keeps_a_reference_only),
        T(a_later_deputy_gets_what_a_present_holder_has),
        T(a_team_leader_is_never_given_a_sealed_record),
        T(the_author_gives_a_holder_what_was_made_before_there_was_one),
        T(a_revoked_holder_is_told_nothing_new),
        T(the_recovery_key_from_the_safe_opens_every_closed_record),
        T(an_officer_who_is_shut_out_signs_in_no_more_until_let_in),
        T(a_holders_key_differs_from_the_officers_and_repeats),
    };

    return RUN_TESTS(tests);
}
