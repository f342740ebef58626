/* test_page_record.c - the page of one open record, and what was asked. */
#include <string.h>

#include "core/cose.h"
#include "core/fields.h"
#include "core/signed_words.h"
#include "core/strokes.h"
#include "sync-server/api_enrol.h"
#include "sync-server/attempts.h"
#include "sync-server/definitions.h"
#include "sync-server/page.h"
#include "tests/sync-server/browser.h"

static struct desk desk;
static struct desk_tablet tablet;
static struct browser browser;
static const struct uuid record_id = { { 0x51, 2 } };

static struct bytes text_of(const char *text)
{
    return (struct bytes){ (const uint8_t *)text, strlen(text) };
}

static const char *get(const char *path)
{
    return browser_ask(&desk, &browser, METHOD_GET, path, "");
}

static const char *get_record(const struct uuid *id)
{
    char path[60] = "/records/";

    uuid_format(id, path + 9);
    return get(path);
}

static void sign_in(const char *number, const char *pass)
{
    buf_fini(&browser.r.body);
    browser_sign_in(&desk, &browser, number, pass);
}

static int set_up(void **state)
{
    static const struct browser_officer officers[] = {
        { "1001", "Leader <Lee>", "team-leader", "leader passphrase" },
        { "1002", "Ann Admin", "administrator", "admin passphrase" },
        { "1003", "Pat Plain", "neighbourhood-officer", "plain pass 12" },
    };
    struct council *c;

    (void)state;
    memset(&browser, 0, sizeof(browser));
    desk_open(&desk);
    desk_tablet_new(&desk, "tablet A", &tablet);
    attempts_right("192.0.2.1");
    attempts_right("officer 1001");
    c = service_council(desk.service);
    assert_ok(sdb_begin(c->db));
    assert_ok(sdb_meta_put(c->db, API_META_COUNCIL, text_of("Westbrook")));
    assert_ok(sdb_meta_put(c->db, DEFINITIONS_META_LABEL "ASB-05",
                           text_of("Litter or drugs litter")));
    assert_ok(sdb_commit(c->db));
    for (size_t i = 0; i < ARRAY_LEN(officers); i++) {
        browser_add_officer(&desk, &officers[i]);
    }
    return page_open(SHARE_DIR) == ERR_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    buf_fini(&browser.r.body);
    desk_tablet_free(&tablet);
    desk_close(&desk);
    return 0;
}

/* --- what a tablet writes --- */

static void put(struct desk_tablet *by, struct desk_event e,
                struct body_writer *w)
{
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    assert_ok(body_end(w, &body));
    body_fini(w);
    e.body = buf_bytes(&body);
    desk_record(by, &e);
    buf_fini(&body);
}

static void record_note(const char *note)
{
    struct body_writer w;

    body_begin(&w);
    body_put_text(&w, FIELD_CATEGORY, "ASB-05");
    body_put_text(&w, FIELD_NOTE, note);
    put(&tablet, (struct desk_event){ .record = record_id }, &w);
}

/* Another note, by whoever saw the entry `seen` only. */
static void change_note(struct desk_tablet *by, const char *note, uint64_t seen)
{
    const struct event_ref ref = { tablet.incarnation, seen };
    struct body_writer w;

    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, note);
    body_put_base(&w, FIELD_NOTE, &by->incarnation, &ref, 1);
    put(by, (struct desk_event){ .record = record_id, .op = OP_SET }, &w);
}

static void begin_child(struct body_writer *w)
{
    body_begin(w);
    w->parent = record_id;
    w->parent_field = 47;
}

static void push(struct desk_tablet *t)
{
    struct desk_reply r;

    desk_send(t, &(struct desk_push){ .first = 1, .last = t->count }, &r);
    assert_int_equal(r.status, 200);
    desk_reply_free(&r);
}

static void has(const char *page, const char *words)
{
    if (strstr(page, words) == NULL) {
        fail_msg("the page does not say \"%s\":\n%s", words, page);
    }
}

/* --- the record --- */

static void a_record_has_a_page_with_its_fields_and_its_proof(void **state)
{
    const char *page;

    (void)state;
    record_note("<script>alert(1)</script> \xe2\x80\xae"
                "abc");
    change_note(&tablet, "needles & \"caps\"", 1);
    push(&tablet);
    sign_in("1001", "leader+passphrase");
    has(get("/records"), "href=\"/records/51020000-");
    page = get_record(&record_id);
    browser_keep("record", page);
    assert_int_equal(browser.r.status, 200);
    has(page, "Litter or drugs litter");
    has(page, "needles &amp; &quot;caps&quot;");
    has(page, "A. Khan (4417), tablet tablet A");
    has(page, "All of it checks out");
    has(page, "Seal holds");
    has(page, "number 2");
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "does not hold"));
}

static void record_by_a_clock_off(int64_t ms)
{
    sim_port_skew(desk.machine, ms);
    record_note("by a wrong clock");
    sim_port_skew(desk.machine, 0);
    push(&tablet);
    sign_in("1001", "leader+passphrase");
}

#define YEAR_MS ((int64_t)365 * 24 * 3600 * 1000)

/* Nobody reads a day of 2126 and takes it for the day it was. */
static void a_time_after_its_arrival_is_marked(void **state)
{
    const char *log;

    (void)state;
    record_by_a_clock_off(100 * YEAR_MS);
    log = sim_port_log_line(desk.machine);
    assert_non_null(strstr(log, "clock is wrong"));
    has(get("/records"), "Clock wrong");
    has(get_record(&record_id), "clock was wrong: received ");
    browser_keep("clock", get_record(&record_id));
    has(get_record(&record_id), "All of it checks out");
}

static void a_time_before_the_tablet_was_enrolled_is_marked(void **state)
{
    (void)state;
    record_by_a_clock_off(-50 * YEAR_MS);
    has(get("/records"), "Clock wrong");
    has(get_record(&record_id), "clock was wrong: received ");
}

/* Weeks in a drawer are no fault of the clock, nor are four minutes. */
static void a_late_arrival_and_a_clock_nearly_right_have_no_mark(void **state)
{
    (void)state;
    sim_port_skew(desk.machine, (int64_t)4 * 60 * 1000);
    record_note("a little ahead");
    sim_port_skew(desk.machine, 0);
    push(&tablet);
    change_note(&tablet, "long in a drawer", 1);
    desk.world_ms += (uint64_t)60 * 24 * 3600 * 1000;
    push(&tablet);
    sign_in("1001", "leader+passphrase");
    assert_null(strstr(get("/records"), "Clock wrong"));
    assert_null(strstr(get_record(&record_id), "clock was wrong"));
    assert_null(strstr(sim_port_log_line(desk.machine), "clock is wrong"));
}

/* Direction marks stay inside the element that holds the words. */
static void words_cannot_break_out_of_their_place(void **state)
{
    const char *page, *at;

    (void)state;
    record_note("<script>alert(1)</script>\xe2\x80\xae"
                "abc");
    push(&tablet);
    sign_in("1001", "leader+passphrase");
    page = get_record(&record_id);
    assert_null(strstr(page, "<script"));
    at = strstr(page, "&lt;script&gt;alert(1)&lt;/script&gt;\xe2\x80\xae");
    assert_non_null(at);
    at -= strlen("dir=\"auto\">");
    assert_memory_equal(at, "dir=\"auto\">", strlen("dir=\"auto\">"));
}

static void two_versions_stand_side_by_side_with_who_wrote_them(void **state)
{
    struct desk_tablet other;
    const char *page;

    (void)state;
    desk_tablet_new(&desk, "tablet B", &other);
    record_note("red car");
    change_note(&tablet, "blue car", 1);
    change_note(&other, "green car", 1);
    push(&tablet);
    push(&other);
    sign_in("1001", "leader+passphrase");
    page = get_record(&record_id);
    browser_keep("record_conflict", page);
    has(page, ">blue car</div>");
    has(page, ">green car</div>");
    has(page, "tablet tablet B");
    has(page, "href=\"/conflicts/51020000-");
    assert_null(strstr(page, "red car"));
    desk_tablet_free(&other);
}

static void a_copied_tablets_words_stand_beside_those_that_count(void **state)
{
    struct desk_tablet clone;
    struct desk_reply r;
    const char *page;

    (void)state;
    record_note("red car");
    desk_tablet_clone(&tablet, &clone);
    change_note(&tablet, "blue car", 1);
    change_note(&clone, "a <b>bike</b>", 1);
    push(&tablet);
    desk_send(&clone, &(struct desk_push){ .first = 1, .last = 2 }, &r);
    desk_reply_free(&r);
    sign_in("1001", "leader+passphrase");
    page = get_record(&record_id);
    browser_keep("record_fork", page);
    has(page, "Written on another copy of the tablet");
    has(page, "dir=\"auto\">blue car</td>");
    has(page, "a &lt;b&gt;bike&lt;/b&gt;</td>");
    has(page, "All of it checks out");
    desk_tablet_free(&clone);
}

static void who_may_not_read_it_is_not_told_that_it_is_there(void **state)
{
    const struct uuid none = { { 9 } };
    struct desk_event e = { .kind = KIND_RESTRICTED, .record = { { 0x52 } } };
    const char *page;

    (void)state;
    record_note("needles");
    desk_record(&tablet, &e);
    push(&tablet);
    sign_in("1003", "plain+pass+12"); /* another officer */
    page = get_record(&record_id);
    assert_int_equal(browser.r.status, 404);
    assert_null(strstr(page, "needles"));
    sign_in("1002", "admin+passphrase"); /* an administrator */
    page = get_record(&record_id);
    assert_int_equal(browser.r.status, 404);
    assert_null(strstr(page, "needles"));
    sign_in("1001", "leader+passphrase"); /* closed, and none at all */
    (void)get_record(&e.record);
    assert_int_equal(browser.r.status, 404);
    (void)get_record(&none);
    assert_int_equal(browser.r.status, 404);
    (void)get("/records/../etc");
    assert_int_equal(browser.r.status, 404);
    memset(browser.session, 0, sizeof(browser.session));
    (void)get_record(&record_id);
    assert_int_equal(browser.r.status, 303);
}

static void a_look_at_a_record_is_in_the_log_with_its_id(void **state)
{
    struct council *c = service_council(desk.service);
    struct sdb_log before, after;
    char id[UUID_TEXT_SIZE];
    struct sdb_event e;

    (void)state;
    record_note("needles");
    push(&tablet);
    sign_in("1001", "leader+passphrase");
    assert_ok(sdb_log_current(c->db, &before));
    (void)get_record(&record_id);
    assert_ok(sdb_log_current(c->db, &after));
    assert_int_equal(after.size, before.size + 1);
    assert_ok(sdb_event_at(c->db, after.base + after.size - 1, &e));
    assert_int_equal(e.op, OP_CONSULT);
    uuid_format(&record_id, id);
    assert_non_null(memmem(e.body.data, e.body.len, id, strlen(id)));
    assert_null(memmem(e.body.data, e.body.len, "needles", 7));
}

static void a_changed_byte_in_the_database_is_told(void **state)
{
    struct council *c = service_council(desk.service);
    const struct event_ref ref = { tablet.incarnation, 1 };
    uint8_t body[4096];
    const char *page;
    struct sdb_event e;

    (void)state;
    record_note("red car");
    push(&tablet);
    assert_ok(sdb_event_get(c->db, &ref, &e));
    assert_true(e.body.len < sizeof(body));
    memcpy(body, e.body.data, e.body.len);
    *(uint8_t *)memmem(body, e.body.len, "red", 3) = 't';
    e.body.data = body;
    assert_ok(sdb_begin(c->db));
    assert_ok(sdb_event_set_state(c->db, &e));
    assert_ok(sdb_commit(c->db));
    sign_in("1001", "leader+passphrase");
    page = get_record(&record_id);
    has(page, "ted car");
    has(page, "Something does not hold");
    has(page, "Words missing or changed");
}

/* --- what hangs on it --- */

static void put_photo(uint8_t number, const struct hash *blob)
{
    struct desk_event e = { .kind = KIND_PHOTO, .blob = *blob };
    const uint8_t key[32] = { 0xab, 0xcd, 0xef };
    struct body_writer w;

    e.record.bytes[0] = 0x60;
    e.record.bytes[15] = number;
    begin_child(&w);
    body_put_bytes(&w, PHOTO_KEY, (struct bytes){ key, sizeof(key) });
    body_put_int(&w, PHOTO_BYTES, 123456);
    body_put_text(&w, PHOTO_CAPTION, "Stand <A>");
    put(&tablet, e, &w);
}

static void photos_say_how_many_arrived_and_never_their_keys(void **state)
{
    struct council *c = service_council(desk.service);
    const char *page;

    (void)state;
    record_note("needles");
    for (uint8_t i = 1; i <= 3; i++) {
        const struct hash blob = { { i } };

        put_photo(i, &blob);
    }
    push(&tablet);
    for (uint8_t i = 1; i <= 2; i++) {
        struct sdb_blob blob;

        assert_ok(sdb_blob_get(c->db, &(struct hash){ { i } }, &blob));
        blob.is_held = true;
        assert_ok(sdb_begin(c->db));
        assert_ok(sdb_blob_put(c->db, &blob));
        assert_ok(sdb_commit(c->db));
    }
    sign_in("1001", "leader+passphrase");
    page = get_record(&record_id);
    browser_keep("record_photos", page);
    has(page, "2 of 3 photos and recordings arrived");
    has(page, "Still on the tablet");
    has(page, "Stand &lt;A&gt;");
    assert_null(strstr(page, "abcdef"));
    (void)get("/records/60000000-0000-0000-0000-000000000001");
    assert_int_equal(browser.r.status, 303); /* to the record it hangs on */
    assert_non_null(strstr(browser.r.headers[0], "/records/51020000-"));
}

static void a_person_stands_on_the_page_of_the_record(void **state)
{
    struct desk_event e = { .kind = KIND_PERSON, .record = { { 0x70 } } };
    struct body_writer w;
    const char *page;

    (void)state;
    record_note("needles");
    push(&tablet);
    sign_in("1001", "leader+passphrase");
    (void)get_record(&record_id);
    begin_child(&w); /* and comes later */
    body_put_text(&w, FIELD_NOTE, "red <coat>");
    put(&tablet, e, &w);
    push(&tablet);
    page = get_record(&record_id);
    has(page, "Persons, vehicles and details");
    has(page, "red &lt;coat&gt;");
}

/* --- signatures --- */

static void put_strokes_of(struct buf *out)
{
    static struct strokes s;

    strokes_begin(&s, 400, 100);
    strokes_down(&s, 0);
    for (int i = 0; i < 60; i++) {
        strokes_point(&s, 20 + 5 * i, 50 + (i % 7 - 3) * 9);
    }
    strokes_down(&s, 900);
    strokes_point(&s, 350, 20);
    assert_ok(strokes_put(out, &s));
}

struct signing {
    const char *words, *who, *typed, *why;
    bool is_drawn, is_changed; /* the words, after they were signed */
    const struct ec_key *key;  /* NULL: not co-signed */
};

static void put_cose(struct body_writer *w, const struct signing *n,
                     const struct hash *hash)
{
    struct buf cose;

    buf_init(&cose, 1024);
    if (n->key != NULL) {
        assert_ok(cose_sign_put(&cose, n->key, 1,
                                (struct bytes){ hash->bytes, 32 },
                                text_of(SIGNATURE_AAD)));
        body_put_bytes(w, SIGN_COSE, buf_bytes(&cose));
    }
    buf_fini(&cose);
}

static void put_signature(const struct signing *n)
{
    struct desk_event e = { .kind = KIND_ROW, .form = "signature" };
    struct bytes parts[SIGNED_PARTS] = { { NULL, 0 } };
    struct body_writer w;
    struct hash hash;
    struct buf ink;

    e.record.bytes[0] = 0x77;
    e.record.bytes[15] = (uint8_t)(tablet.count + 1);
    buf_init(&ink, 16384);
    put_strokes_of(&ink);
    parts[SIGNED_PART_WORDS] = text_of(n->words);
    parts[SIGNED_PART_WHO] = text_of(n->who);
    if (n->is_drawn) {
        parts[SIGNED_PART_INK] = buf_bytes(&ink);
    }
    if (n->typed != NULL) {
        parts[SIGNED_PART_TYPED] = text_of(n->typed);
    }
    if (n->why != NULL) {
        parts[SIGNED_PART_WHY] = text_of(n->why);
    }
    assert_ok(signed_words_hash(parts, &hash));
    begin_child(&w);
    body_put_int(&w, SIGNED_AT_MS, 1790000000000);
    if (n->is_drawn) {
        body_put_bytes(&w, SIGN_INK, buf_bytes(&ink));
    }
    if (n->typed != NULL) {
        body_put_text(&w, SIGN_NAME, n->typed);
    }
    put_cose(&w, n, &hash);
    if (n->why != NULL) {
        body_put_text(&w, SIGN_WHY, n->why);
    }
    body_put_bytes(&w, SIGNED_HASH, (struct bytes){ hash.bytes, 32 });
    body_put_text(&w, SIGNED_BY, n->who);
    body_put_text(&w, SIGNED_WORDS, n->is_changed ? "I did it." : n->words);
    put(&tablet, e, &w);
    buf_fini(&ink);
}

/* The officer's key on this tablet, told as tablets do. */
static void grant_key(const struct ec_key *key)
{
    struct desk_event e = { .kind = KIND_KEY,
                            .op = OP_GRANT,
                            .record = { { 0x88 } } };
    struct body_writer w;
    struct buf pub;

    buf_init(&pub, 256);
    cose_key_put(&pub, &key->pub);
    body_begin(&w);
    body_put_bytes(&w, KEY_PUBLIC, buf_bytes(&pub));
    body_put_text(&w, KEY_USE, "officer");
    body_put_uuid(&w, KEY_OWNER, &tablet.officer);
    put(&tablet, e, &w);
    buf_fini(&pub);
}

static void a_signature_is_drawn_and_its_co_signature_is_checked(void **state)
{
    struct ec_key key;
    const char *page;

    (void)state;
    assert_ok(crypto_ec_new(port_random(sim_port(desk.machine)), &key));
    grant_key(&key);
    record_note("needles");
    put_signature(&(struct signing){ .words = "It was <me>.",
                                     .who = "Dai \"D\" Morgan",
                                     .is_drawn = true,
                                     .key = &key });
    push(&tablet);
    sign_in("1001", "leader+passphrase");
    page = get_record(&record_id);
    browser_keep("record_signed", page);
    has(page, "It was &lt;me&gt;.");
    has(page, "Signed by finger");
    has(page, "<svg class=\"console-ink\" viewBox=\"0 0 400 100\"");
    has(page, "aria-label=\"Signature of Dai &quot;D&quot; Morgan\"");
    has(page, "points=\"20,23 25,32 ");
    has(page, "points=\"350,20 350,20\""); /* a dot shows, too */
    has(page, "The words are those that were signed");
    has(page, "Co-signature holds: A. Khan (4417)");
}

static void a_signature_that_was_tampered_with_says_so(void **state)
{
    struct ec_key key, other;
    const char *page;

    (void)state;
    assert_ok(crypto_ec_new(port_random(sim_port(desk.machine)), &key));
    assert_ok(crypto_ec_new(port_random(sim_port(desk.machine)), &other));
    grant_key(&key);
    record_note("needles");
    put_signature(&(struct signing){ .words = "It was not me.",
                                     .who = "Dai Morgan",
                                     .typed = "Dai <M>",
                                     .is_changed = true,
                                     .key = &other });
    push(&tablet);
    sign_in("1001", "leader+passphrase");
    page = get_record(&record_id);
    has(page, "The words are not those that were signed");
    has(page, "Co-signature does not hold: A. Khan (4417)");
    has(page, "Signed by typing: Dai &lt;M&gt;");
    assert_null(strstr(page, "<svg"));
}

static void who_would_not_sign_is_shown_as_that(void **state)
{
    const char *page;

    (void)state;
    record_note("needles");
    put_signature(&(struct signing){
        .words = "No comment.", .who = "Eve Ng", .why = "would-not" });
    push(&tablet);
    sign_in("1001", "leader+passphrase");
    page = get_record(&record_id);
    has(page, "Not signed: would not sign");
    has(page, "Not co-signed by the officer");
    has(page, "The words are those that were signed");
}

/* --- questions --- */

static void say(uint64_t op, const char *text, const struct uuid *by,
                const struct uuid *of)
{
    struct body_writer w;

    body_begin(&w);
    body_put_text(&w, FIELD_NOTE, text);
    if (of != NULL) {
        body_put_uuid(&w, REVIEW_OF, of);
    }
    put(&tablet,
        (struct desk_event){ .record = record_id, .op = op, .officer = *by },
        &w);
}

static void a_question_is_listed_until_it_is_answered(void **state)
{
    struct sdb_officer plain;
    const char *page;

    (void)state;
    assert_ok(sdb_officer_by_number(desk.db, "1003", &plain));
    record_note("needles");
    say(OP_ASK, "Which <stand>?", &plain.id, &tablet.officer);
    push(&tablet);
    sign_in("1001", "leader+passphrase");
    page = get("/questions");
    browser_keep("questions", page);
    assert_int_equal(browser.r.status, 200);
    has(page, "Which &lt;stand&gt;?");
    has(page, "Pat Plain (1003)</bdi>, a colleague");
    has(page, "No answer yet");
    has(page, "href=\"/records/51020000-");
    has(get_record(&record_id), "Asked A. Khan (4417)");
    say(OP_ANSWER, "Stand A & B", &tablet.officer, &plain.id);
    push(&tablet);
    has(get("/questions"), "No question waits for an answer");
    page = get("/questions?show=all");
    browser_keep("questions_all", page);
    has(page, "Stand A &amp; B");
    assert_null(strstr(page, "No answer yet"));
}

static void an_answer_of_somebody_else_answers_nothing(void **state)
{
    struct sdb_officer plain, leader;

    (void)state;
    assert_ok(sdb_officer_by_number(desk.db, "1003", &plain));
    assert_ok(sdb_officer_by_number(desk.db, "1001", &leader));
    record_note("needles");
    say(OP_ASK, "Which stand?", &plain.id, &tablet.officer);
    say(OP_ANSWER, "Not mine to say", &leader.id, &plain.id);
    say(OP_ANSWER, "To a leader", &tablet.officer, NULL);
    push(&tablet);
    sign_in("1001", "leader+passphrase");
    has(get("/questions"), "No answer yet");
}

static void an_officer_sees_questions_that_are_theirs(void **state)
{
    struct sdb_officer plain, leader;
    const char *page;

    (void)state;
    assert_ok(sdb_officer_by_number(desk.db, "1003", &plain));
    assert_ok(sdb_officer_by_number(desk.db, "1001", &leader));
    record_note("needles");
    say(OP_ASK, "Mine?", &plain.id, &tablet.officer);
    say(OP_ASK, "Another's?", &leader.id, NULL);
    push(&tablet);
    sign_in("1003", "plain+pass+12");
    page = get("/questions");
    has(page, "Mine?");
    assert_null(strstr(page, "Another&#39;s?"));
    sign_in("1002", "admin+passphrase");
    page = get("/questions");
    assert_null(strstr(page, "Mine?"));
    has(page, "never what is in them");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_record_has_a_page_with_its_fields_and_its_proof),
        T(a_time_after_its_arrival_is_marked),
        T(a_time_before_the_tablet_was_enrolled_is_marked),
        T(a_late_arrival_and_a_clock_nearly_right_have_no_mark),
        T(words_cannot_break_out_of_their_place),
        T(two_versions_stand_side_by_side_with_who_wrote_them),
        T(a_copied_tablets_words_stand_beside_those_that_count),
        T(who_may_not_read_it_is_not_told_that_it_is_there),
        T(a_look_at_a_record_is_in_the_log_with_its_id),
        T(a_changed_byte_in_the_database_is_told),
        T(photos_say_how_many_arrived_and_never_their_keys),
        T(a_person_stands_on_the_page_of_the_record),
        T(a_signature_is_drawn_and_its_co_signature_is_checked),
        T(a_signature_that_was_tampered_with_says_so),
        T(who_would_not_sign_is_shown_as_that),
        T(a_question_is_listed_until_it_is_answered),
        T(an_answer_of_somebody_else_answers_nothing),
        T(an_officer_sees_questions_that_are_theirs),
    };

    return RUN_TESTS(tests);
}
