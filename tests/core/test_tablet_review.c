#include "core/tablet_review.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/cose.h"
#include "core/tablet_history.h"
#include "core/tablet_sign.h"
#include "tests/core/publish.h"
#include "tests/store_machine.h"

/* One tablet that an officer, a colleague and two team leaders share. */
struct desk {
    struct machine m;
    struct tablet *t;
    struct uuid amina, marek, tom, ruth;
    struct uuid patrol, log; /* Amina's; log: an observation on it */
    struct buf why;
    struct tablet_patrol_log seen;
    struct tablet_log_entry entries[32];
    size_t count;
};

static void append(struct desk *d, struct evlog_new *e, struct body_writer *w)
{
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    assert_ok(body_end(w, &body));
    e->body = buf_bytes(&body);
    assert_ok(evlog_append(tablet_log(d->t), e, 1, NULL));
    body_fini(w);
    buf_fini(&body);
}

static void publish_form(struct desk *d, const char *id)
{
    char path[300];
    char *text = malloc(1000000);
    FILE *file;

    assert_non_null(text);
    snprintf(path, sizeof(path), "%s/assets/forms/%s.json", SOURCE_DIR, id);
    file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, 999999, file)] = '\0';
    fclose(file);
    publish_definition(d->t, KIND_FORM, id, text);
    free(text);
}

static void add_officer(struct desk *d, struct uuid *id, uint8_t byte,
                        const char *name, const char *role)
{
    struct evlog_new e = { .kind = KIND_OFFICER,
                           .kind_version = 1,
                           .op = OP_CREATE };
    struct body_writer w;

    memset(id->bytes, byte, 16);
    e.record = *id;
    body_begin(&w);
    body_put_text(&w, OFFICER_NUMBER, "4127");
    body_put_text(&w, OFFICER_NAME, name);
    body_put_codes(&w, OFFICER_ROLES, &role, 1, NULL, 0);
    append(d, &e, &w);
}

static void later(struct desk *d)
{
    d->m.world_ms += 60000;
}

static struct uuid observe(struct desk *d, const char *note)
{
    const struct tablet_text_field field = { "note", note };
    const struct tablet_new n = { .what = "ASB",
                                  .fields = &field,
                                  .field_count = 1 };
    struct uuid id;

    later(d);
    assert_ok(tablet_record(d->t, &n, &id, &d->why));
    return id;
}

static void as(struct desk *d, const struct uuid *officer)
{
    assert_ok(tablet_sign_out(d->t));
    later(d);
    assert_ok(tablet_sign_in(d->t, officer));
}

static int desk_open(void **state)
{
    struct desk *d = calloc(1, sizeof(*d));
    struct tablet_options options;
    uint64_t number;

    assert_non_null(d);
    *state = d;
    machine_new(&d->m, 31);
    machine_close(&d->m);
    options = (struct tablet_options){ .store = machine_options(&d->m),
                                       .port = sim_port(d->m.sim) };
    assert_ok(tablet_open(&options, &d->t));
    buf_init(&d->why, 1000);
    publish_form(d, "asb");
    publish_form(d, "person");
    publish_form(d, "vehicle");
    publish_definition(d->t, KIND_CATEGORY, "ASB",
                       "{\"id\":\"ASB\",\"label\":\"ASB\",\"tier\":\"open\","
                       "\"marking\":\"OFFICIAL\",\"form\":\"asb\"}");
    add_officer(d, &d->amina, 0xa1, "Amina Yusuf", "enforcement-officer");
    add_officer(d, &d->marek, 0xa2, "Marek Nowak", "enforcement-officer");
    add_officer(d, &d->tom, 0xb1, "Tom Ashdown", "team-leader");
    add_officer(d, &d->ruth, 0xb2, "Ruth Ellis", "team-leader");
    assert_ok(tablet_sign_in(d->t, &d->amina));
    assert_ok(tablet_patrol_start(d->t, "Beat 3", &d->patrol));
    d->log = observe(d, "broken glass");
    later(d);
    assert_ok(tablet_entry(d->t, "Dry, busy", 0, 0, &number));
    (void)observe(d, "street drinking");
    later(d);
    assert_ok(tablet_patrol_end(d->t));
    (void)observe(d, "after the patrol");
    as(d, &d->tom);
    return 0;
}

static int desk_close(void **state)
{
    struct desk *d = *state;

    tablet_close(d->t);
    buf_fini(&d->why);
    machine_free(&d->m);
    free(d);
    return 0;
}

static enum err see_entry(void *ctx, const struct tablet_log_entry *e)
{
    struct desk *d = ctx;

    d->entries[d->count++] = *e;
    return ERR_OK;
}

static void look(struct desk *d)
{
    d->count = 0;
    assert_ok(tablet_patrol_log(d->t, &d->patrol, &d->seen, see_entry, d));
}

static enum err see_patrol(void *ctx, const struct tablet_patrol_log *p)
{
    struct desk *d = ctx;

    d->seen = *p;
    d->count++;
    return ERR_OK;
}

static enum err say(struct desk *d, const char *question, bool rest)
{
    const struct tablet_log_question q = { d->log, question };
    const struct tablet_verdict v = { .patrol = d->patrol,
                                      .questions = &q,
                                      .question_count = question != NULL,
                                      .approves_rest = rest,
                                      .reason = "" };

    later(d);
    return tablet_review(d->t, &v);
}

static enum err count_asked(void *ctx, const struct tablet_asked *a)
{
    struct desk *d = ctx;

    assert_string_equal(a->by, "Tom Ashdown");
    assert_string_equal(a->question, "Which door?");
    d->count++;
    return ERR_OK;
}

static size_t questions(struct desk *d)
{
    d->count = 0;
    assert_ok(tablet_questions(d->t, count_asked, d));
    return d->count;
}

static const struct tablet_log_entry *entry(struct desk *d,
                                            const struct uuid *id)
{
    look(d);
    for (size_t i = 0; i < d->count; i++) {
        if (uuid_eq(&d->entries[i].item.id, id)) {
            return &d->entries[i];
        }
    }
    fail_msg("the log has no such entry");
    return NULL;
}

static void a_leader_sees_a_patrol_with_what_was_made_on_it(void **state)
{
    struct desk *d = *state;

    d->count = 0;
    assert_ok(tablet_patrols(d->t, 0, see_patrol, d));
    assert_int_equal(d->count, 1);
    look(d);
    assert_string_equal(d->seen.name, "Amina Yusuf");
    assert_string_equal(d->seen.area, "Beat 3");
    assert_int_equal(d->seen.state, TABLET_LOG_TO_REVIEW);
    assert_int_equal(d->seen.logs, 2); /* not the one after the end */
    assert_int_equal(d->seen.lines, 5);
    assert_false(d->seen.has_line_gap);
    assert_int_equal(d->seen.to_look_at, 3);
    assert_int_equal(d->count, 5);
    assert_int_equal(d->entries[0].kind, TABLET_LOG_STARTED);
    assert_int_equal(d->entries[2].kind, TABLET_LOG_LINE);
    assert_int_equal(d->entries[4].kind, TABLET_LOG_ENDED);
}

static void only_a_leader_sees_it(void **state)
{
    struct desk *d = *state;

    as(d, &d->marek);
    assert_err(tablet_patrols(d->t, 0, see_patrol, d), ERR_DENIED);
    assert_err(tablet_patrol_log(d->t, &d->patrol, &d->seen, NULL, NULL),
               ERR_DENIED);
    assert_err(say(d, NULL, true), ERR_DENIED);
}

static void approving_marks_each_entry_and_the_log(void **state)
{
    struct desk *d = *state;

    assert_ok(say(d, NULL, true));
    look(d);
    assert_int_equal(d->seen.state, TABLET_LOG_APPROVED);
    assert_int_equal(d->seen.reviewed, 3);
    assert_int_equal(d->seen.to_look_at, 0);
    assert_string_equal(d->seen.by, "Tom Ashdown");
    assert_err(say(d, NULL, true), ERR_USAGE);
    assert_ok(store_fsck(tablet_store(d->t), machine_finding, NULL));
}

static void a_question_goes_to_the_officer_and_its_answer_comes_back(
    void **state)
{
    struct desk *d = *state;

    assert_ok(say(d, "Which door?", false));
    assert_int_equal(entry(d, &d->log)->mark, TABLET_ASKED);
    assert_int_equal(d->seen.state, TABLET_LOG_SENT_BACK);
    assert_int_equal(questions(d), 0); /* it isn't the leader's */
    as(d, &d->amina);
    assert_int_equal(questions(d), 1);
    assert_err(tablet_answer(d->t, &d->log, ""), ERR_USAGE);
    assert_ok(tablet_answer(d->t, &d->log, "The left one"));
    assert_int_equal(questions(d), 0);
    assert_err(tablet_answer(d->t, &d->log, "Again"), ERR_NOT_FOUND);
    as(d, &d->tom);
    assert_int_equal(entry(d, &d->log)->mark, TABLET_ANSWERED);
    assert_string_equal(entry(d, &d->log)->answer, "The left one");
    assert_int_equal(d->seen.state, TABLET_LOG_TO_REVIEW);
    assert_ok(say(d, NULL, true));
    assert_int_equal(entry(d, &d->log)->mark, TABLET_REVIEWED);
    assert_int_equal(d->seen.state, TABLET_LOG_APPROVED);
}

static void the_rest_is_approved_while_a_question_is_open(void **state)
{
    struct desk *d = *state;

    assert_ok(say(d, "Which door?", true));
    look(d);
    assert_int_equal(d->seen.reviewed, 2);
    assert_int_equal(d->seen.asked, 1);
    assert_int_equal(d->seen.state, TABLET_LOG_SENT_BACK);
}

static void another_officer_cannot_answer(void **state)
{
    struct desk *d = *state;

    assert_ok(say(d, "Which door?", false));
    as(d, &d->marek);
    assert_int_equal(questions(d), 0);
    assert_err(tablet_answer(d->t, &d->log, "Mine"), ERR_NOT_FOUND);
}

static void what_colleagues_ask_is_no_part_of_the_review(void **state)
{
    struct desk *d = *state;

    as(d, &d->marek);
    assert_ok(tablet_ask(d->t, &d->log, &d->amina, "Which bottle?"));
    as(d, &d->tom);
    assert_int_equal(entry(d, &d->log)->mark, TABLET_TO_LOOK_AT);
    assert_ok(say(d, NULL, true));
    as(d, &d->amina); /* a leader's approval closes his own questions only */
    assert_ok(tablet_answer(d->t, &d->log, "The broken one"));
    as(d, &d->tom);
    assert_int_equal(entry(d, &d->log)->mark, TABLET_REVIEWED);
    assert_string_equal(entry(d, &d->log)->answer, "");
}

static void a_later_change_takes_an_approval_back(void **state)
{
    static const struct tablet_text_field field = { "note", "a bottle" };
    struct desk *d = *state;

    assert_ok(say(d, NULL, true));
    as(d, &d->amina);
    later(d);
    assert_ok(tablet_set(d->t, &d->log, &field, 1, &d->why));
    as(d, &d->tom);
    assert_int_equal(entry(d, &d->log)->mark, TABLET_TO_LOOK_AT);
}

static void nobody_approves_the_own_patrol_or_one_that_goes_on(void **state)
{
    struct tablet_verdict v = { .approves_rest = true, .reason = "" };
    struct desk *d = *state;

    assert_ok(tablet_patrol_start(d->t, "Beat 9", &v.patrol));
    later(d);
    as(d, &d->ruth);
    assert_err(tablet_review(d->t, &v), ERR_BUSY);
    as(d, &d->tom);
    assert_ok(tablet_patrol_end(d->t));
    assert_err(tablet_review(d->t, &v), ERR_DENIED);
    as(d, &d->ruth);
    assert_ok(tablet_review(d->t, &v));
}

/* As it comes from another tablet that hadn't seen the first. */
static void of_two_verdicts_the_first_stands_beside_the_other(void **state)
{
    struct evlog_new e = { .kind = KIND_PATROL,
                           .kind_version = 1,
                           .op = OP_REVIEW };
    struct desk *d = *state;
    struct body_writer w;

    assert_ok(say(d, NULL, true));
    later(d);
    e.record = d->patrol;
    e.officer = d->ruth;
    body_begin(&w);
    body_put_int(&w, REVIEW_VERDICT, REVIEW_SENT_BACK);
    body_put_int(&w, REVIEW_SEEN, 1);
    append(d, &e, &w);
    look(d);
    assert_int_equal(d->seen.state, TABLET_LOG_APPROVED);
    assert_string_equal(d->seen.by, "Tom Ashdown");
    assert_string_equal(d->seen.other, "Ruth Ellis");
}

/* --- signing --- */

struct signed_by {
    size_t count;
    struct tablet_signed last;
};

static enum err see_signed(void *ctx, const struct tablet_signed *s)
{
    struct signed_by *by = ctx;

    by->count++;
    by->last = *s;
    return ERR_OK;
}

static void an_officer_signs_the_book_and_a_leader_countersigns(void **state)
{
    struct signed_by by = { 0 };
    struct desk *d = *state;
    struct strokes ink;
    struct ec_key key;
    struct tablet_signing s = { .ink = &ink, .name = "", .why = "" };
    uint64_t number;

    assert_ok(crypto_ec_new(port_random(sim_port(d->m.sim)), &key));
    s.key = &key;
    strokes_begin(&ink, 320, 150);
    strokes_down(&ink, 0);
    strokes_point(&ink, 10, 10);
    strokes_point(&ink, 90, 120);
    look(d);
    assert_err(tablet_sign_lines(d->t, &s), ERR_NOT_FOUND); /* Tom: no book */
    as(d, &d->amina);
    assert_ok(tablet_sign_lines(d->t, &s));
    assert_err(tablet_sign_lines(d->t, &s), ERR_NOT_FOUND);
    assert_ok(tablet_signs(d->t, &d->seen.book, see_signed, &by));
    assert_int_equal(by.count, 1);
    assert_int_equal(by.last.to, 6);
    assert_true(by.last.has_ink && by.last.has_key && !by.last.is_leader);
    assert_int_equal(by.last.ink.point_count, 2);
    assert_err(tablet_countersign(d->t, &d->seen.book, 6, &s), ERR_DENIED);
    later(d);
    assert_ok(tablet_entry(d->t, "one more", 0, 0, &number));
    s.ink = NULL;
    assert_err(tablet_sign_lines(d->t, &s), ERR_USAGE);
    s.name = "Amina Yusuf";
    assert_ok(tablet_sign_lines(d->t, &s));
    as(d, &d->tom);
    s.name = "";
    s.why = "cannot";
    assert_ok(tablet_countersign(d->t, &d->seen.book, 7, &s));
    by.count = 0;
    assert_ok(tablet_signs(d->t, &d->seen.book, see_signed, &by));
    assert_int_equal(by.count, 3);
    assert_true(by.last.is_leader && !by.last.has_ink);
    assert_string_equal(by.last.by, "Tom Ashdown");
    assert_string_equal(by.last.why, "cannot");
    assert_ok(store_fsck(tablet_store(d->t), machine_finding, NULL));
}

static void the_end_of_a_patrol_carries_its_signature(void **state)
{
    struct signed_by by = { 0 };
    struct desk *d = *state;
    const struct tablet_signing s = { .name = "Tom Ashdown", .why = "" };
    const struct tablet_patrol_figures f = { .minutes = "", .signing = &s };
    struct uuid patrol;

    assert_ok(tablet_patrol_start(d->t, "Beat 9", &patrol));
    later(d);
    assert_ok(tablet_patrol_close(d->t, &f));
    assert_ok(tablet_signs(d->t, &patrol, see_signed, &by));
    assert_int_equal(by.count, 1);
    assert_string_equal(by.last.name, "Tom Ashdown");
    assert_int_equal(by.last.to, 0);
}

#define ON_DESK(test) \
    cmocka_unit_test_setup_teardown(test, desk_open, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DESK(a_leader_sees_a_patrol_with_what_was_made_on_it),
        ON_DESK(only_a_leader_sees_it),
        ON_DESK(approving_marks_each_entry_and_the_log),
        ON_DESK(a_question_goes_to_the_officer_and_its_answer_comes_back),
        ON_DESK(the_rest_is_approved_while_a_question_is_open),
        ON_DESK(another_officer_cannot_answer),
        ON_DESK(what_colleagues_ask_is_no_part_of_the_review),
        ON_DESK(a_later_change_takes_an_approval_back),
        ON_DESK(nobody_approves_the_own_patrol_or_one_that_goes_on),
        ON_DESK(of_two_verdicts_the_first_stands_beside_the_other),
        ON_DESK(an_officer_signs_the_book_and_a_leader_countersigns),
        ON_DESK(the_end_of_a_patrol_carries_its_signature),
    };

    return RUN_TESTS(tests);
}
