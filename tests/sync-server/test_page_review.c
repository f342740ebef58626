/* test_page_review.c - the pages of reviews, and of tablets that parted. */
#include <string.h>

#include "core/fields.h"
#include "sync-server/api_enrol.h"
#include "sync-server/attempts.h"
#include "sync-server/page.h"
#include "tests/sync-server/browser.h"

static struct desk desk;
static struct desk_tablet tablet;
static struct browser browser;
static struct sdb_officer leader;
static const struct uuid patrol_id = { { 0x41 } };
static const struct uuid record_id = { { 0x51 } };

static const char *get(const char *path)
{
    return browser_ask(&desk, &browser, METHOD_GET, path, "");
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
    static const char name[] = "Westbrook";
    struct council *c;

    (void)state;
    memset(&browser, 0, sizeof(browser));
    desk_open(&desk);
    desk_tablet_new(&desk, "tablet <A>", &tablet);
    attempts_right("192.0.2.1");
    c = service_council(desk.service);
    assert_ok(sdb_begin(c->db));
    assert_ok(
        sdb_meta_put(c->db, API_META_COUNCIL,
                     (struct bytes){ (const uint8_t *)name, strlen(name) }));
    assert_ok(sdb_commit(c->db));
    for (size_t i = 0; i < ARRAY_LEN(officers); i++) {
        browser_add_officer(&desk, &officers[i]);
    }
    assert_ok(sdb_officer_by_number(desk.db, "1001", &leader));
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

static void has(const char *page, const char *words)
{
    if (strstr(page, words) == NULL) {
        fail_msg("the page does not say \"%s\":\n%s", words, page);
    }
}

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

static void put_text(struct desk_tablet *by, struct desk_event e,
                     uint64_t field, const char *text)
{
    struct body_writer w;

    body_begin(&w);
    body_put_text(&w, field, text);
    put(by, e, &w);
}

static void push(struct desk_tablet *t)
{
    struct desk_reply r;

    desk_send(t, &(struct desk_push){ .first = 1, .last = t->count }, &r);
    assert_int_equal(r.status, 200);
    desk_reply_free(&r);
}

/* --- reviews --- */

static void walk_a_patrol(void)
{
    put_text(&tablet,
             (struct desk_event){ .kind = KIND_PATROL,
                                  .op = OP_PATROL_START,
                                  .record = patrol_id },
             PATROL_AREA, "beat-<3>");
    put_text(&tablet, (struct desk_event){ .record = record_id }, FIELD_NOTE,
             "needles");
    desk_record(&tablet, &(struct desk_event){ .kind = KIND_RESTRICTED,
                                               .record = { { 0x52 } } });
    put_text(&tablet,
             (struct desk_event){ .kind = KIND_PATROL,
                                  .op = OP_PATROL_END,
                                  .record = patrol_id },
             FIELD_NOTE, "over");
}

/* The leader's words, on the same tablet. */
static void review(const struct uuid *record, uint64_t kind, int64_t verdict,
                   const char *reason)
{
    struct body_writer w;

    body_begin(&w);
    body_put_text(&w, FIELD_REASON, reason);
    body_put_int(&w, REVIEW_VERDICT, verdict);
    body_put_int(&w, REVIEW_SEEN, (int64_t)tablet.hlc);
    put(&tablet,
        (struct desk_event){ .kind = kind,
                             .op = OP_REVIEW,
                             .record = *record,
                             .officer = leader.id },
        &w);
}

static void a_patrol_waits_for_review_until_a_leader_approves(void **state)
{
    const char *page;

    (void)state;
    walk_a_patrol();
    push(&tablet);
    sign_in("1001", "leader+passphrase");
    page = get("/reviews?show=waiting");
    has(page, "A. Khan (4417)");
    has(page, "beat-&lt;3&gt;");
    has(page, ">To review</strong>");
    has(page, "2: 0 reviewed, 1 to look at, 0 asked");
    has(get("/reviews?show=approved"), "No patrol here.");
    review(&record_id, KIND_OBSERVATION, REVIEW_APPROVED, "");
    review(&patrol_id, KIND_PATROL, REVIEW_APPROVED, "Well <done>");
    push(&tablet);
    page = get("/reviews?show=approved");
    browser_keep("reviews", page);
    has(page, ">Approved</strong>");
    has(page, "Leader &lt;Lee&gt; (1001)");
    has(page, "Well &lt;done&gt;");
    has(page, "2: 1 reviewed, 0 to look at, 0 asked");
    has(get("/reviews?show=waiting"), "No patrol here.");
}

static void a_question_sends_it_back_and_an_answer_brings_it_again(void **state)
{
    struct desk_event ask = { .op = OP_ASK,
                              .record = record_id,
                              .officer = leader.id };
    struct desk_event answer = { .op = OP_ANSWER, .record = record_id };
    const char *page;

    (void)state;
    walk_a_patrol();
    put_text(&tablet, ask, FIELD_NOTE, "How <many>?");
    review(&patrol_id, KIND_PATROL, REVIEW_SENT_BACK, "");
    push(&tablet);
    sign_in("1001", "leader+passphrase");
    has(get("/reviews?show=back"), ">Sent back</strong>");
    page = get("/reviews/41000000-0000-0000-0000-000000000000");
    browser_keep("review", page);
    assert_int_equal(browser.r.status, 200);
    has(page, "How &lt;many&gt;?");
    has(page, "href=\"/records/51000000-");
    has(page, "A restricted record.");
    assert_null(strstr(page, "/records/52000000-"));
    put_text(&tablet, answer, FIELD_NOTE, "Three.");
    push(&tablet);
    has(get("/reviews?show=waiting"), ">To review</strong>");
    page = get("/reviews/41000000-0000-0000-0000-000000000000");
    has(page, "Answered, to look at again");
    has(page, "Three.");
}

static void nobody_else_sees_a_patrol_or_that_it_was(void **state)
{
    const char *const path = "/reviews/41000000-0000-0000-0000-000000000000";

    (void)state;
    walk_a_patrol();
    push(&tablet);
    sign_in("1003", "plain+pass+12");
    assert_null(strstr(get("/reviews"), "A. Khan"));
    (void)get(path);
    assert_int_equal(browser.r.status, 404);
    sign_in("1002", "admin+passphrase");
    assert_null(strstr(get("/reviews"), "A. Khan"));
    (void)get(path);
    assert_int_equal(browser.r.status, 404);
    memset(browser.session, 0, sizeof(browser.session));
    (void)get(path);
    assert_int_equal(browser.r.status, 303);
}

/* --- tablets --- */

static void fork_the_tablet(void)
{
    struct desk_tablet clone;
    struct desk_reply r;

    desk_note(&tablet, "both wrote this");
    desk_tablet_clone(&tablet, &clone);
    desk_note(&tablet, "on the first copy");
    desk_note(&clone, "on the <second> copy");
    desk_record(&clone, &(struct desk_event){ .kind = KIND_SEALED });
    push(&tablet);
    desk_send(&clone, &(struct desk_push){ .first = 1, .last = 3 }, &r);
    desk_reply_free(&r);
    desk_tablet_free(&clone);
}

static const char *get_tablet(void)
{
    char path[60] = "/devices/";

    uuid_format(&tablet.device, path + 9);
    return get(path);
}

static void both_branches_of_a_copied_tablet_stand_side_by_side(void **state)
{
    const char *page;

    (void)state;
    fork_the_tablet();
    sign_in("1001", "leader+passphrase");
    page = get("/devices");
    browser_keep("devices", page);
    has(page, "tablet &lt;A&gt;");
    has(page, "Was copied");
    page = get_tablet();
    browser_keep("device", page);
    has(page, "Parted in two");
    has(page, "on the first copy");
    has(page, "on the &lt;second&gt; copy");
    has(page, "Sealed record");
    assert_null(strstr(page, "both wrote this"));
    assert_null(strstr(page, "note 3")); /* what the sealed one says */
}

static void an_administrator_sees_the_fork_and_no_words_of_it(void **state)
{
    const char *page;

    (void)state;
    fork_the_tablet();
    sign_in("1002", "admin+passphrase");
    page = get_tablet();
    assert_int_equal(browser.r.status, 200);
    has(page, "Parted in two");
    has(page, "Not shown");
    assert_null(strstr(page, "first copy"));
    assert_null(strstr(page, "second"));
    assert_null(strstr(page, "A. Khan"));
    sign_in("1003", "plain+pass+12");
    (void)get_tablet();
    assert_int_equal(browser.r.status, 403);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_patrol_waits_for_review_until_a_leader_approves),
        T(a_question_sends_it_back_and_an_answer_brings_it_again),
        T(nobody_else_sees_a_patrol_or_that_it_was),
        T(both_branches_of_a_copied_tablet_stand_side_by_side),
        T(an_administrator_sees_the_fork_and_no_words_of_it),
    };

    return RUN_TESTS(tests);
}
