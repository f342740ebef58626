/* test_page.c - the console: who gets in, and who sees what. */
#include <string.h>

#include "core/cose.h"
#include "core/fields.h"
#include "core/tier.h"
#include "sync-server/api_enrol.h"
#include "sync-server/attempts.h"
#include "sync-server/definitions.h"
#include "sync-server/page.h"
#include "sync-server/sdb_holder.h"
#include "tests/sync-server/browser.h"

static struct desk desk;
static struct desk_tablet tablet;

static struct bytes text_of(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

static const char *ask(struct browser *b, enum service_method method,
                       const char *path, const char *body)
{
    return browser_ask(&desk, b, method, path, body);
}

static void sign_in(struct browser *b, const char *number, const char *pass)
{
    browser_sign_in(&desk, b, number, pass);
}

static void add_officer(const char *number, const char *name, const char *role,
                        const char *pass)
{
    const struct browser_officer o = { number, name, role, pass };

    browser_add_officer(&desk, &o);
}

static void record(uint64_t kind, const char *category, const char *note)
{
    struct desk_event e = { .kind = kind, .op = OP_CREATE };
    struct body_writer w;
    struct buf body;

    e.record.bytes[0] = (uint8_t)(0x40 + kind);
    e.record.bytes[15] = (uint8_t)(tablet.count + 1);
    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_CATEGORY, category);
    body_put_text(&w, FIELD_NOTE, note);
    assert_ok(body_end(&w, &body));
    body_fini(&w);
    e.body = buf_bytes(&body);
    desk_record(&tablet, &e);
    buf_fini(&body);
}

static void push_all(void)
{
    struct desk_reply r;

    desk_send(&tablet, &(struct desk_push){ .first = 1, .last = tablet.count },
              &r);
    assert_int_equal(r.status, 200);
    desk_reply_free(&r);
}

static int set_up(void **state)
{
    struct council *c;

    (void)state;
    desk_open(&desk);
    desk_tablet_new(&desk, "tablet A", &tablet);
    attempts_right("192.0.2.1");
    attempts_right("officer 1001");
    c = service_council(desk.service);
    assert_ok(sdb_begin(c->db));
    assert_ok(sdb_meta_put(c->db, API_META_COUNCIL, text_of("West & brook")));
    assert_ok(sdb_meta_put(c->db, DEFINITIONS_META_LABEL "ASB-05",
                           text_of("Litter or drugs litter")));
    assert_ok(sdb_commit(c->db));
    add_officer("1001", "Leader <Lee>", "team-leader", "leader passphrase");
    add_officer("1002", "Ann Admin", "administrator", "admin passphrase");
    add_officer("1003", "Pat Plain", "neighbourhood-officer", "plain pass 12");
    return page_open(SHARE_DIR) == ERR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    desk_tablet_free(&tablet);
    desk_close(&desk);
    return 0;
}

static void a_page_without_a_session_leads_to_the_sign_in(void **state)
{
    struct browser b = { .session = "" };

    (void)state;
    (void)ask(&b, METHOD_GET, "/records", "");
    assert_int_equal(b.r.status, 303);
    assert_string_equal(b.r.headers[0], "Location: /sign-in");
    buf_fini(&b.r.body);
}

static void the_right_passphrase_opens_and_signing_out_closes(void **state)
{
    struct browser b;
    const char *page, *token;
    char body[200];

    (void)state;
    sign_in(&b, "1001", "leader+passphrase");
    assert_int_equal(b.r.status, 303);
    page = ask(&b, METHOD_GET, "/records", "");
    assert_int_equal(b.r.status, 200);
    assert_non_null(strstr(page, "Leader &lt;Lee&gt;"));
    assert_non_null(strstr(page, "West &amp; brook"));
    token = strstr(page, "name=\"token\" value=\"");
    assert_non_null(token);
    snprintf(body, sizeof(body), "token=%.64s", token + 20);
    (void)ask(&b, METHOD_POST, "/sign-out", body);
    assert_int_equal(b.r.status, 303);
    (void)ask(&b, METHOD_GET, "/records", "");
    assert_int_equal(b.r.status, 303);
    buf_fini(&b.r.body);
}

static void a_form_of_another_page_is_refused(void **state)
{
    struct browser b = { .session = "" };

    (void)state;
    (void)ask(&b, METHOD_GET, "/sign-in", "");
    (void)ask(&b, METHOD_POST, "/sign-in",
              "token=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
              "aaaaaa&number=1001&passphrase=leader+passphrase");
    assert_int_equal(b.r.status, 403);
    assert_string_equal(b.session, "");
    buf_fini(&b.r.body);
}

static void the_sixth_wrong_passphrase_is_not_even_tried(void **state)
{
    struct browser b;

    (void)state;
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
        sign_in(&b, "1001", "wrong+passphrase");
        assert_int_equal(b.r.status, 403);
        buf_fini(&b.r.body);
    }
    sign_in(&b, "1001", "leader+passphrase");
    assert_int_equal(b.r.status, 429);
    buf_fini(&b.r.body);
}

static void a_leader_sees_open_records_and_nothing_of_sealed_ones(void **state)
{
    struct browser b;
    const char *page;

    (void)state;
    record(KIND_OBSERVATION, "ASB-05", "needles");
    record(KIND_RESTRICTED, "HATE-01", "secret of a person");
    record(KIND_SEALED, "PREV-01", "secret of a child");
    push_all();
    sign_in(&b, "1001", "leader+passphrase");
    page = ask(&b, METHOD_GET, "/records", "");
    assert_int_equal(b.r.status, 200);
    assert_non_null(strstr(page, "Litter or drugs litter"));
    assert_non_null(strstr(page, "Restricted record"));
    assert_non_null(strstr(page, "Sealed record"));
    assert_null(strstr(page, "HATE-01"));
    assert_null(strstr(page, "PREV-01"));
    assert_null(strstr(page, "secret"));
    browser_keep("records", page);
    buf_fini(&b.r.body);
}

/* --- closed records --- */

static enum err note_holder(void *ctx, const struct sdb_holder *h)
{
    if (!h->is_revoked) {
        *(struct sdb_holder *)ctx = *h;
    }
    return ERR_OK;
}

static void put_event(uint64_t kind, uint64_t op, const struct uuid *id,
                      struct bytes body)
{
    const struct desk_event e = {
        .kind = kind, .op = op, .record = *id, .body = body
    };

    desk_record(&tablet, &e);
}

/* What a tablet makes of a hate incident: closed, and shared with one. */
static void record_closed(const struct uuid *id, const struct sdb_holder *to)
{
    const struct crypto_random random = port_random(sim_port(desk.machine));
    const uint8_t key[CRYPTO_KEY_SIZE] = { 7 };
    struct body_writer w;
    struct buf plain, sealed, share;

    buf_init(&plain, BODY_MAX_BYTES);
    buf_init(&sealed, BODY_MAX_BYTES);
    buf_init(&share, BODY_MAX_BYTES);
    body_begin(&w);
    w.kind = KIND_OBSERVATION;
    w.form = "hate";
    w.form_version = 1;
    body_put_text(&w, FIELD_CATEGORY, "ASB-05");
    body_put_text(&w, FIELD_NOTE, "medlar <insult>");
    assert_ok(body_end(&w, &plain));
    body_fini(&w);
    assert_ok(cose_encrypt0_put(
        &sealed, (struct bytes){ key, sizeof(key) }, random, buf_bytes(&plain),
        (struct bytes){ id->bytes, sizeof(id->bytes) }));
    put_event(KIND_RESTRICTED, OP_CREATE, id, buf_bytes(&sealed));
    assert_ok(tier_share(random, id, key, &to->pub, &share));
    buf_reset(&plain);
    body_begin(&w);
    body_put_uuid(&w, SHARE_HOLDER, &to->id);
    body_put_bytes(&w, SHARE_CONTENT_KEY, buf_bytes(&share));
    assert_ok(body_end(&w, &plain));
    body_fini(&w);
    put_event(KIND_RESTRICTED, OP_SHARE_KEY, id, buf_bytes(&plain));
    push_all();
    buf_fini(&plain);
    buf_fini(&sealed);
    buf_fini(&share);
}

static void a_holder_reads_what_was_shared_and_each_look_is_logged(void **state)
{
    const struct uuid id = { { 0x66 } };
    char path[80] = "/closed/";
    struct sdb_holder leader;
    struct sdb_counts before, after;
    struct browser b;
    const char *page;

    (void)state;
    assert_ok(sdb_holder_all(desk.db, note_holder, &leader));
    record_closed(&id, &leader);
    uuid_format(&id, path + 8);
    sign_in(&b, "1001", "leader+passphrase");
    page = ask(&b, METHOD_GET, "/closed/", "");
    assert_int_equal(b.r.status, 200);
    assert_non_null(strstr(page, "Litter or drugs litter"));
    assert_null(strstr(page, "medlar"));
    assert_ok(sdb_counts(desk.db, &before));
    page = ask(&b, METHOD_GET, path, "");
    assert_int_equal(b.r.status, 200);
    assert_non_null(strstr(page, "medlar &lt;insult&gt;"));
    assert_ok(sdb_counts(desk.db, &after));
    assert_int_equal(after.events, before.events + 1);
    (void)ask(&b, METHOD_GET, "/closed/66000000-0000-0000-0000-000000000001",
              "");
    assert_int_equal(b.r.status, 404);
    buf_fini(&b.r.body);
}

/* A child has a key of its own, shared with the same holder. */
static void record_closed_signature(const struct uuid *parent,
                                    const struct sdb_holder *to)
{
    const struct crypto_random random = port_random(sim_port(desk.machine));
    const uint8_t key[CRYPTO_KEY_SIZE] = { 8 };
    const struct uuid id = { { 0x67 } };
    struct body_writer w;
    struct buf plain, sealed, share;

    buf_init(&plain, BODY_MAX_BYTES);
    buf_init(&sealed, BODY_MAX_BYTES);
    buf_init(&share, BODY_MAX_BYTES);
    body_begin(&w);
    w.kind = KIND_ROW;
    w.form = "signature";
    w.form_version = 1;
    w.parent = *parent;
    w.parent_field = 47;
    body_put_text(&w, SIGN_WHY, "cannot");
    body_put_text(&w, SIGNED_BY, "Eve <Ng>");
    body_put_text(&w, SIGNED_WORDS, "He shouted it.");
    assert_ok(body_end(&w, &plain));
    body_fini(&w);
    assert_ok(cose_encrypt0_put(&sealed, (struct bytes){ key, sizeof(key) },
                                random, buf_bytes(&plain),
                                (struct bytes){ id.bytes, sizeof(id.bytes) }));
    put_event(KIND_RESTRICTED, OP_CREATE, &id, buf_bytes(&sealed));
    assert_ok(tier_share(random, &id, key, &to->pub, &share));
    buf_reset(&plain);
    body_begin(&w);
    body_put_uuid(&w, SHARE_HOLDER, &to->id);
    body_put_bytes(&w, SHARE_CONTENT_KEY, buf_bytes(&share));
    assert_ok(body_end(&w, &plain));
    body_fini(&w);
    put_event(KIND_RESTRICTED, OP_SHARE_KEY, &id, buf_bytes(&plain));
    push_all();
    buf_fini(&plain);
    buf_fini(&sealed);
    buf_fini(&share);
}

static void a_closed_record_shows_its_signatures_to_its_holder(void **state)
{
    const struct uuid id = { { 0x66 } };
    char path[80] = "/closed/";
    struct sdb_holder leader;
    struct browser b;
    const char *page;

    (void)state;
    assert_ok(sdb_holder_all(desk.db, note_holder, &leader));
    record_closed(&id, &leader);
    record_closed_signature(&id, &leader);
    uuid_format(&id, path + 8);
    sign_in(&b, "1001", "leader+passphrase");
    page = ask(&b, METHOD_GET, path, "");
    assert_int_equal(b.r.status, 200);
    assert_non_null(strstr(page, "He shouted it."));
    assert_non_null(strstr(page, "Eve &lt;Ng&gt;"));
    assert_non_null(strstr(page, "Not signed: could not sign"));
    buf_fini(&b.r.body);
}

static void whom_nothing_was_shared_with_reads_nothing(void **state)
{
    const struct uuid id = { { 0x66 } };
    char path[80] = "/closed/";
    struct sdb_holder leader;
    struct browser b;
    const char *page;

    (void)state;
    assert_ok(sdb_holder_all(desk.db, note_holder, &leader));
    record_closed(&id, &leader);
    uuid_format(&id, path + 8);
    sign_in(&b, "1003", "plain+pass+12");
    page = ask(&b, METHOD_GET, path, "");
    assert_int_equal(b.r.status, 404);
    assert_null(strstr(page, "medlar"));
    buf_fini(&b.r.body);
    sign_in(&b, "1002", "admin+passphrase");
    page = ask(&b, METHOD_GET, path, "");
    assert_int_equal(b.r.status, 404);
    assert_null(strstr(page, "medlar"));
    memset(b.session, 0, sizeof(b.session));
    (void)ask(&b, METHOD_GET, path, "");
    assert_int_equal(b.r.status, 303);
    buf_fini(&b.r.body);
}

static void a_new_passphrase_has_a_new_key_and_the_old_ones_is_revoked(void **s)
{
    const struct uuid id = { { 0x66 } };
    struct sdb_holder before, after;
    char path[80] = "/closed/";
    struct browser b;

    (void)s;
    assert_ok(sdb_holder_all(desk.db, note_holder, &before));
    record_closed(&id, &before);
    add_officer("1001", "Leader <Lee>", "team-leader", "another passphrase");
    assert_ok(sdb_holder_all(desk.db, note_holder, &after));
    assert_memory_not_equal(&before.pub, &after.pub, sizeof(before.pub));
    assert_ok(sdb_holder_get(desk.db, &before.id, &before));
    assert_true(before.is_revoked);
    uuid_format(&id, path + 8);
    sign_in(&b, "1001", "another+passphrase");
    (void)ask(&b, METHOD_GET, path, "");
    assert_int_equal(b.r.status, 404); /* until a present holder shares it */
    buf_fini(&b.r.body);
}

static void an_administrator_sees_no_content(void **state)
{
    struct browser b;
    const char *page;

    (void)state;
    record(KIND_OBSERVATION, "ASB-05", "needles");
    push_all();
    sign_in(&b, "1002", "admin+passphrase");
    page = ask(&b, METHOD_GET, "/records", "");
    assert_null(strstr(page, "Litter"));
    assert_non_null(strstr(page, "never what is in them"));
    buf_fini(&b.r.body);
}

/* Words of the newest observation, signed by whoever said them. */
static void record_signature(const char *who, const char *why)
{
    struct desk_event e = { .kind = KIND_ROW,
                            .op = OP_CREATE,
                            .form = "signature" };
    struct body_writer w;
    struct buf body;

    e.record.bytes[0] = 0x77;
    e.record.bytes[15] = (uint8_t)(tablet.count + 1);
    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    w.parent.bytes[0] = 0x40 + KIND_OBSERVATION;
    w.parent.bytes[15] = (uint8_t)tablet.count;
    w.parent_field = 47;
    if (why != NULL) {
        body_put_text(&w, SIGN_WHY, why);
    }
    body_put_text(&w, SIGNED_BY, who);
    assert_ok(body_end(&w, &body));
    body_fini(&w);
    e.body = buf_bytes(&body);
    desk_record(&tablet, &e);
    buf_fini(&body);
}

static void the_records_page_says_who_signed(void **state)
{
    struct browser b;
    const char *page;

    (void)state;
    record(KIND_OBSERVATION, "ASB-05", "needles");
    record_signature("Dai Morgan", NULL);
    record(KIND_OBSERVATION, "ASB-05", "more needles");
    record_signature("Eve <Ng>", "would-not");
    push_all();
    sign_in(&b, "1001", "leader+passphrase");
    page = ask(&b, METHOD_GET, "/records", "");
    assert_non_null(strstr(page, "(signed by Dai Morgan)"));
    assert_non_null(strstr(page, "(would not sign: Eve &lt;Ng&gt;)"));
    buf_fini(&b.r.body);
}

static void an_officer_sees_only_their_own_records(void **state)
{
    struct browser b;
    const char *page;

    (void)state;
    record(KIND_OBSERVATION, "ASB-05", "needles");
    push_all();
    sign_in(&b, "1003", "plain+pass+12");
    page = ask(&b, METHOD_GET, "/records", "");
    assert_int_equal(b.r.status, 200);
    assert_null(strstr(page, "Litter"));
    assert_non_null(strstr(page, "No records here."));
    buf_fini(&b.r.body);
}

static void each_look_is_in_the_log(void **state)
{
    struct council *c = service_council(desk.service);
    struct sdb_log before, after;
    struct sdb_event e;
    struct browser b;

    (void)state;
    sign_in(&b, "1001", "leader+passphrase");
    assert_ok(sdb_log_current(c->db, &before));
    (void)ask(&b, METHOD_GET, "/records", "");
    assert_ok(sdb_log_current(c->db, &after));
    assert_int_equal(after.size, before.size + 1);
    assert_ok(sdb_event_at(c->db, after.base + after.size - 1, &e));
    assert_int_equal(e.op, OP_CONSULT);
    buf_fini(&b.r.body);
}

static void only_the_listed_files_are_served(void **state)
{
    struct browser b = { .session = "" };

    (void)state;
    (void)ask(&b, METHOD_GET, "/style/govuk-frontend.css", "");
    assert_int_equal(b.r.status, 200);
    (void)ask(&b, METHOD_GET, "/style/page.html", "");
    assert_int_equal(b.r.status, 404);
    (void)ask(&b, METHOD_GET, "/style/passwd.css", "");
    assert_int_equal(b.r.status, 404);
    buf_fini(&b.r.body);
}

/* --- two versions --- */

static struct desk_tablet other;

/* `by` writes the note of `id`, having seen `seen` only. */
static void write_note(struct desk_tablet *by, const struct uuid *id,
                       const char *note, const struct event_ref *seen)
{
    struct desk_event e = { .kind = KIND_OBSERVATION,
                            .op = seen != NULL ? OP_SET : OP_CREATE,
                            .record = *id };
    struct body_writer w;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_CATEGORY, "ASB-05");
    body_put_text(&w, FIELD_NOTE, note);
    if (seen != NULL) {
        body_put_base(&w, FIELD_CATEGORY, &by->incarnation, seen, 1);
        body_put_base(&w, FIELD_NOTE, &by->incarnation, seen, 1);
    }
    assert_ok(body_end(&w, &body));
    body_fini(&w);
    e.body = buf_bytes(&body);
    desk_record(by, &e);
    buf_fini(&body);
}

/* A record that two tablets changed apart; its id, as pages have it. */
static void make_conflict(char id[UUID_TEXT_SIZE])
{
    const struct uuid record = { { 0x77, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                   0, 1 } };
    struct event_ref seen = { .sequence = 0 };
    struct desk_reply r;

    desk_tablet_new(&desk, "tablet B", &other);
    write_note(&tablet, &record, "red <car>", NULL);
    seen.incarnation = tablet.incarnation;
    seen.sequence = tablet.count;
    write_note(&tablet, &record, "blue car", &seen);
    write_note(&other, &record, "green car", &seen);
    push_all();
    desk_send(&other, &(struct desk_push){ .first = 1, .last = other.count },
              &r);
    assert_int_equal(r.status, 200);
    desk_reply_free(&r);
    uuid_format(&record, id);
}

/* Opens the record's page and posts `answer` with its token and stamp. */
static const char *answer(struct browser *b, const char *id, const char *fields)
{
    char path[80], body[600];
    const char *page, *token, *seen;

    snprintf(path, sizeof(path), "/conflicts/%s", id);
    page = ask(b, METHOD_GET, path, "");
    token = strstr(page, "action=\"/conflicts/");
    assert_non_null(token);
    token = strstr(token, "name=\"token\" value=\"");
    seen = strstr(page, "name=\"seen\" value=\"");
    assert_true(token != NULL && seen != NULL);
    snprintf(body, sizeof(body), "token=%.64s&seen=%.64s&%s", token + 20,
             seen + 19, fields);
    return ask(b, METHOD_POST, path, body);
}

static void a_conflict_shows_every_value_and_who_wrote_it(void **state)
{
    char id[UUID_TEXT_SIZE], path[80];
    const char *page;
    struct browser b;

    (void)state;
    make_conflict(id);
    sign_in(&b, "1001", "leader+passphrase");
    page = ask(&b, METHOD_GET, "/conflicts", "");
    assert_non_null(strstr(page, " car | "));
    assert_non_null(strstr(page, "Litter or drugs litter"));
    snprintf(path, sizeof(path), "/conflicts/%s", id);
    page = ask(&b, METHOD_GET, path, "");
    assert_int_equal(b.r.status, 200);
    assert_non_null(strstr(page, ">blue car</label>"));
    assert_non_null(strstr(page, ">green car</label>"));
    assert_non_null(strstr(page, "tablet A"));
    assert_non_null(strstr(page, "tablet B"));
    assert_null(strstr(page, "red &lt;car")); /* both saw it */
    desk_tablet_free(&other);
    buf_fini(&b.r.body);
}

static enum err find_resolve(void *ctx, const struct sdb_event *e)
{
    struct uuid *officer = ctx;

    if (e->op == OP_RESOLVE) {
        *officer = e->officer;
        assert_true(
            uuid_eq(&e->device, &service_council(desk.service)->device));
    }
    return ERR_OK;
}

static void a_leader_settles_it_in_the_leaders_name(void **state)
{
    char id[UUID_TEXT_SIZE];
    struct uuid officer = { { 0 } };
    struct sdb_officer leader;
    const char *page;
    struct browser b;

    (void)state;
    make_conflict(id);
    sign_in(&b, "1001", "leader+passphrase");
    (void)answer(&b, id, "f4=2");
    assert_int_equal(b.r.status, 303);
    page = ask(&b, METHOD_GET, "/conflicts", "");
    assert_non_null(strstr(page, "Nothing to settle"));
    assert_ok(sdb_event_all(desk.db, 0, find_resolve, &officer));
    assert_ok(sdb_officer_by_number(desk.db, "1001", &leader));
    assert_true(uuid_eq(&officer, &leader.id));
    desk_tablet_free(&other);
    buf_fini(&b.r.body);
}

static void a_missing_choice_is_named_and_nothing_is_settled(void **state)
{
    char id[UUID_TEXT_SIZE];
    const char *page;
    struct browser b;

    (void)state;
    make_conflict(id);
    sign_in(&b, "1001", "leader+passphrase");
    page = answer(&b, id, "f9=1");
    assert_int_equal(b.r.status, 400);
    assert_non_null(strstr(page, "govuk-error-summary"));
    assert_non_null(strstr(page, "href=\"#f4\""));
    page = ask(&b, METHOD_GET, "/conflicts", "");
    assert_non_null(strstr(page, " car | "));
    desk_tablet_free(&other);
    buf_fini(&b.r.body);
}

static void a_conflict_is_settled_from_our_own_page_only(void **state)
{
    char id[UUID_TEXT_SIZE], path[80];
    struct browser b;

    (void)state;
    make_conflict(id);
    sign_in(&b, "1001", "leader+passphrase");
    snprintf(path, sizeof(path), "/conflicts/%s", id);
    (void)ask(&b, METHOD_POST, path, "token=none&f4=1");
    assert_int_equal(b.r.status, 403);
    buf_fini(&b.r.body);
    sign_in(&b, "1003", "plain+pass+12"); /* neither leader nor author */
    (void)ask(&b, METHOD_GET, path, "");
    assert_int_equal(b.r.status, 404);
    buf_fini(&b.r.body);
    sign_in(&b, "1002", "admin+passphrase");
    (void)ask(&b, METHOD_GET, path, "");
    assert_int_equal(b.r.status, 404);
    desk_tablet_free(&other);
    buf_fini(&b.r.body);
}

static void a_page_that_is_out_of_date_settles_nothing(void **state)
{
    char id[UUID_TEXT_SIZE], path[80], body[300];
    const char *page, *token;
    struct browser b;

    (void)state;
    make_conflict(id);
    sign_in(&b, "1001", "leader+passphrase");
    snprintf(path, sizeof(path), "/conflicts/%s", id);
    page = ask(&b, METHOD_GET, path, "");
    token = strstr(strstr(page, "action=\"/conflicts/"), "value=\"");
    snprintf(body, sizeof(body), "token=%.64s&seen=00&f4=1", token + 7);
    page = ask(&b, METHOD_POST, path, body);
    assert_int_equal(b.r.status, 409);
    assert_non_null(strstr(page, "Look at it again"));
    desk_tablet_free(&other);
    buf_fini(&b.r.body);
}

/* The tablet says what it is, or corrects what it said. */
static void record_as(const char *category, const struct uuid *id,
                      const struct event_ref *seen)
{
    struct desk_event e = { .kind = KIND_OBSERVATION,
                            .op = seen != NULL ? OP_SET : OP_CREATE,
                            .record = *id };
    struct body_writer w;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_CATEGORY, category);
    if (seen != NULL) {
        body_put_base(&w, FIELD_CATEGORY, &tablet.incarnation, seen, 1);
    }
    assert_ok(body_end(&w, &body));
    body_fini(&w);
    e.body = buf_bytes(&body);
    desk_record(&tablet, &e);
    buf_fini(&body);
}

static void the_list_shows_the_category_as_last_corrected(void **state)
{
    const struct uuid record = { { 0x78, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                   0, 1 } };
    struct event_ref seen = { .sequence = 0 };
    const char *page;
    struct browser b;

    (void)state;
    record_as("ASB-01", &record, NULL);
    seen.incarnation = tablet.incarnation;
    seen.sequence = tablet.count;
    record_as("ASB-05", &record, &seen);
    push_all();
    sign_in(&b, "1001", "leader+passphrase");
    page = ask(&b, METHOD_GET, "/records", "");
    assert_non_null(strstr(page, "Litter or drugs litter"));
    assert_null(strstr(page, "ASB-01"));
    buf_fini(&b.r.body);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_page_without_a_session_leads_to_the_sign_in),
        T(the_right_passphrase_opens_and_signing_out_closes),
        T(a_form_of_another_page_is_refused),
        T(the_sixth_wrong_passphrase_is_not_even_tried),
        T(a_leader_sees_open_records_and_nothing_of_sealed_ones),
        T(a_holder_reads_what_was_shared_and_each_look_is_logged),
        T(a_closed_record_shows_its_signatures_to_its_holder),
        T(whom_nothing_was_shared_with_reads_nothing),
        T(a_new_passphrase_has_a_new_key_and_the_old_ones_is_revoked),
        T(an_administrator_sees_no_content),
        T(the_records_page_says_who_signed),
        T(an_officer_sees_only_their_own_records),
        T(each_look_is_in_the_log),
        T(only_the_listed_files_are_served),
        T(a_conflict_shows_every_value_and_who_wrote_it),
        T(a_leader_settles_it_in_the_leaders_name),
        T(a_missing_choice_is_named_and_nothing_is_settled),
        T(a_conflict_is_settled_from_our_own_page_only),
        T(a_page_that_is_out_of_date_settles_nothing),
        T(the_list_shows_the_category_as_last_corrected),
    };

    return RUN_TESTS(tests);
}
