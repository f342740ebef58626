/* Two tablets that wrote apart, and what a person decides about it. */
#include "core/tablet_conflict.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/tablet_history.h"
#include "core/tablet_review.h"
#include "tests/store_machine.h"

#define TABLETS 2

struct desk {
    struct machine m;
    struct tablet *t;
};

struct street {
    struct desk desks[TABLETS];
    struct uuid officers[TABLETS];
    struct uuid record;
    struct buf why;
};

static void publish(struct desk *d, enum event_kind kind, const char *id,
                    const char *json)
{
    struct evlog_new e = { .kind = kind, .kind_version = 1, .op = OP_CREATE };
    struct body_writer w;
    struct buf body;

    e.record = machine_record((uint8_t)kind);
    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, FIELD_TITLE, id);
    body_put_text(&w, 16, json); /* DEFINITION_JSON */
    assert_ok(body_end(&w, &body));
    e.body = buf_bytes(&body);
    assert_ok(evlog_append(tablet_log(d->t), &e, 1, NULL));
    body_fini(&w);
    buf_fini(&body);
}

static void publish_form(struct desk *d)
{
    static char json[1000000];
    FILE *file = fopen(SOURCE_DIR "/assets/forms/asb.json", "rb");

    assert_non_null(file);
    json[fread(json, 1, sizeof(json) - 1, file)] = '\0';
    fclose(file);
    publish(d, KIND_FORM, "asb", json);
    publish(d, KIND_CATEGORY, "ASB",
            "{\"id\":\"ASB\",\"label\":\"ASB\",\"tier\":\"open\","
            "\"marking\":\"OFFICIAL\",\"form\":\"asb\"}");
}

static void desk_new(struct desk *d, uint64_t seed, const struct uuid *officer)
{
    struct tablet_options options;

    memset(d, 0, sizeof(*d));
    machine_new(&d->m, seed);
    machine_close(&d->m);
    options = (struct tablet_options){ .store = machine_options(&d->m),
                                       .port = sim_port(d->m.sim) };
    assert_ok(tablet_open(&options, &d->t));
    assert_ok(tablet_sign_in(d->t, officer));
    publish_form(d);
}

struct carry {
    const struct street *s;
    struct evlog *to;
};

static enum err carry_one(void *ctx, const struct evlog_event *e)
{
    struct carry *c = ctx;
    struct event_header h;

    assert_ok(event_header_parse(e->header, &h));
    if (!uuid_eq(&h.record, &c->s->record) ||
        uuid_eq(&h.incarnation, &evlog_identity(c->to)->incarnation)) {
        return ERR_OK;
    }
    return evlog_receive(c->to, e->header, e->salt, e->body);
}

/* Each gets what the other wrote of the record. */
static void meet(struct street *s)
{
    for (size_t i = 0; i < TABLETS; i++) {
        struct carry c = { s, tablet_log(s->desks[1 - i].t) };

        assert_ok(evlog_all(tablet_log(s->desks[i].t), carry_one, &c));
    }
}

static enum err record(struct street *s, const char *key, const char *value)
{
    const struct tablet_text_field f = { key, value };
    const struct tablet_new n = { .what = "ASB",
                                  .fields = &f,
                                  .field_count = 1 };

    return tablet_record(s->desks[0].t, &n, &s->record, &s->why);
}

static void set(struct street *s, size_t who, const char *key,
                const char *value)
{
    const struct tablet_text_field f = { key, value };

    s->desks[who].m.world_ms += 1000;
    assert_ok(tablet_set(s->desks[who].t, &s->record, &f, 1, &s->why));
}

static void street_new(struct street *s)
{
    memset(s, 0, sizeof(*s));
    buf_init(&s->why, 1000);
    for (size_t i = 0; i < TABLETS; i++) {
        memset(s->officers[i].bytes, (int)(0x41 + i), 16);
        desk_new(&s->desks[i], 40 + i, &s->officers[i]);
    }
    assert_ok(record(s, "note", "red car"));
    meet(s);
}

static void street_free(struct street *s)
{
    for (size_t i = 0; i < TABLETS; i++) {
        assert_ok(
            store_fsck(tablet_store(s->desks[i].t), machine_finding, NULL));
        tablet_close(s->desks[i].t);
        machine_free(&s->desks[i].m);
    }
    buf_fini(&s->why);
}

static struct tablet_item item(struct street *s, size_t who)
{
    struct tablet_item out;

    assert_ok(tablet_item(s->desks[who].t, &s->record, &out));
    return out;
}

/* The questions as one line: "note:red|blue;struck:S|K". */
struct asked {
    char text[400];
    struct tablet_side first;
};

static void put_side(struct asked *a, const struct tablet_side *side)
{
    size_t at = strlen(a->text);
    struct cbor_reader r;
    struct bytes text = { (const uint8_t *)"", 0 };

    if (side->is != TABLET_SIDE_VALUE) {
        snprintf(a->text + at, sizeof(a->text) - at,
                 side->is == TABLET_SIDE_STRUCK ? "S" : "K");
        return;
    }
    cbor_open(&r, side->value);
    text = cbor_get_text(&r);
    assert_ok(r.err);
    snprintf(a->text + at, sizeof(a->text) - at, "%.*s", (int)text.len,
             (const char *)text.data);
}

static enum err take(void *ctx, const struct tablet_question *q)
{
    struct asked *a = ctx;
    size_t at = strlen(a->text);

    if (at == 0) {
        a->first = q->sides[0];
    }
    snprintf(a->text + at, sizeof(a->text) - at, "%s%s:", at > 0 ? ";" : "",
             q->key);
    for (size_t i = 0; i < q->side_count; i++) {
        at = strlen(a->text);
        snprintf(a->text + at, sizeof(a->text) - at, "%s", i > 0 ? "|" : "");
        put_side(a, &q->sides[i]);
    }
    return ERR_OK;
}

static struct asked ask(struct street *s, size_t who,
                        struct tablet_conflict *out)
{
    struct asked a = { "", { 0 } };

    assert_ok(tablet_conflict(s->desks[who].t, &s->record, take, &a, out));
    return a;
}

static enum err resolve(struct street *s, size_t who, uint64_t field,
                        size_t side, const char *text)
{
    const struct tablet_choice c = { field, side, text };

    buf_reset(&s->why);
    s->desks[who].m.world_ms += 1000;
    return tablet_resolve(s->desks[who].t, &s->record, &c, 1, NULL, &s->why);
}

static void check_note(struct street *s, const char *want)
{
    meet(s);
    for (size_t i = 0; i < TABLETS; i++) {
        const struct tablet_item got = item(s, i);

        assert_false(got.has_conflict);
        assert_false(got.is_struck);
        assert_string_equal(got.note, want);
        assert_string_equal(got.category, "ASB");
    }
}

static void both_tablets_are_asked_the_same_in_the_same_order(void **state)
{
    struct tablet_conflict a;
    struct tablet_conflict b;
    struct asked first;
    struct street s;

    (void)state;
    street_new(&s);
    set(&s, 0, "note", "blue car");
    set(&s, 1, "note", "green car");
    assert_int_equal(ask(&s, 0, &a).first.is, 0); /* alone: no question */
    assert_int_equal(a.questions, 0);
    meet(&s);
    first = ask(&s, 0, &a);
    assert_string_equal(first.text, ask(&s, 1, &b).text);
    assert_non_null(strstr(first.text, "blue car"));
    assert_non_null(strstr(first.text, "green car"));
    assert_memory_equal(&a.stamp, &b.stamp, sizeof(a.stamp));
    assert_int_equal(a.questions, 1);
    assert_true(a.joined > 2);
    street_free(&s);
}

static void a_side_says_who_where_and_by_which_clock(void **state)
{
    struct tablet_conflict c;
    struct asked here;
    struct asked there;
    struct street s;

    (void)state;
    street_new(&s);
    set(&s, 0, "note", "blue car");
    s.desks[1].m.world_ms += 60000;
    set(&s, 1, "note", "green car");
    meet(&s);
    here = ask(&s, 0, &c);
    there = ask(&s, 1, &c);
    assert_true(uuid_eq(&here.first.officer, &s.officers[0]));
    assert_true(here.first.is_here);
    assert_false(there.first.is_here);
    assert_int_equal(there.first.wall_ms,
                     MACHINE_WALL_MS + (int64_t)s.desks[0].m.world_ms);
    street_free(&s);
}

static void a_list_shows_all_values_until_one_is_chosen(void **state)
{
    struct street s;

    (void)state;
    street_new(&s);
    set(&s, 0, "note", "blue car");
    s.desks[1].m.world_ms += 60000;
    set(&s, 1, "note", "green car");
    meet(&s);
    for (size_t i = 0; i < TABLETS; i++) {
        assert_string_equal(item(&s, i).note, "blue car | green car");
    }
    street_free(&s);
}

static void the_chosen_value_stands_on_both(void **state)
{
    struct street s;

    (void)state;
    street_new(&s);
    set(&s, 0, "note", "blue car");
    s.desks[1].m.world_ms += 60000;
    set(&s, 1, "note", "green car");
    meet(&s);
    assert_true(item(&s, 0).has_conflict);
    assert_ok(resolve(&s, 0, FIELD_NOTE, 2, NULL));
    check_note(&s, "green car");
    street_free(&s);
}

static void another_value_must_fit_the_form(void **state)
{
    struct street s;

    (void)state;
    street_new(&s);
    set(&s, 0, "people_count", "4");
    set(&s, 1, "people_count", "5");
    meet(&s);
    for (uint64_t field = 16; field < 60; field++) {
        if (resolve(&s, 1, field, 0, "about six") == ERR_BAD_DATA) {
            assert_true(s.why.len > 0);
            assert_ok(resolve(&s, 1, field, 0, "6"));
        }
    }
    check_note(&s, "red car");
    street_free(&s);
}

static void a_change_since_it_was_shown_is_not_run_over(void **state)
{
    const struct tablet_choice c = { FIELD_NOTE, 1, NULL };
    struct tablet_conflict shown;
    struct street s;

    (void)state;
    street_new(&s);
    set(&s, 0, "note", "blue car");
    set(&s, 1, "note", "green car");
    meet(&s);
    (void)ask(&s, 0, &shown);
    set(&s, 1, "note", "white car"); /* settles it there */
    set(&s, 0, "note", "black car");
    meet(&s);
    assert_err(
        tablet_resolve(s.desks[0].t, &s.record, &c, 1, &shown.stamp, &s.why),
        ERR_EXISTS);
    set(&s, 1, "note", "white car");
    meet(&s);
    assert_err(
        tablet_resolve(s.desks[0].t, &s.record, &c, 1, &shown.stamp, &s.why),
        ERR_NOT_FOUND);
    check_note(&s, "white car");
    street_free(&s);
}

static void two_decisions_apart_are_a_conflict_again(void **state)
{
    struct tablet_conflict c;
    struct street s;

    (void)state;
    street_new(&s);
    set(&s, 0, "note", "blue car");
    s.desks[1].m.world_ms += 60000;
    set(&s, 1, "note", "green car");
    meet(&s);
    assert_ok(resolve(&s, 0, FIELD_NOTE, 1, NULL));
    assert_ok(resolve(&s, 1, FIELD_NOTE, 2, NULL));
    meet(&s);
    assert_true(item(&s, 0).has_conflict);
    (void)ask(&s, 0, &c);
    assert_int_equal(c.questions, 1);
    street_free(&s);
}

/* One struck it, the other wrote into it. */
static void strike_beside(struct street *s, const char *key, const char *value)
{
    street_new(s);
    assert_ok(tablet_strike(s->desks[0].t, &s->record, "wrong street"));
    s->desks[1].m.world_ms += 60000;
    set(s, 1, key, value);
    meet(s);
}

static void a_kept_record_has_all_that_the_strike_emptied(void **state)
{
    struct tablet_conflict c;
    struct street s;

    (void)state;
    strike_beside(&s, "note", "green car");
    assert_string_equal(ask(&s, 0, &c).text, "struck:S|K");
    assert_string_equal(ask(&s, 1, &c).first.reason, "wrong street");
    assert_string_equal(item(&s, 1).category, ""); /* struck for now */
    assert_ok(resolve(&s, 1, CONFLICT_RECORD, 2, NULL));
    check_note(&s, "green car");
    street_free(&s);
}

static void a_long_reason_of_a_strike_is_shown_as_far_as_it_fits(void **state)
{
    struct tablet_conflict c;
    char reason[500];
    struct street s;

    (void)state;
    memset(reason, 'x', sizeof(reason) - 1);
    reason[sizeof(reason) - 1] = '\0';
    street_new(&s);
    assert_ok(tablet_strike(s.desks[0].t, &s.record, reason));
    s.desks[1].m.world_ms += 60000;
    set(&s, 1, "note", "green car");
    meet(&s);
    assert_int_equal(strlen(ask(&s, 1, &c).first.reason), TABLET_TEXT_SIZE - 1);
    street_free(&s);
}

static void a_strike_can_be_let_stand(void **state)
{
    struct street s;

    (void)state;
    strike_beside(&s, "note", "green car");
    assert_ok(resolve(&s, 1, CONFLICT_RECORD, 1, NULL));
    meet(&s);
    for (size_t i = 0; i < TABLETS; i++) {
        assert_true(item(&s, i).is_struck);
        assert_false(item(&s, i).has_conflict);
    }
    street_free(&s);
}

static void a_strike_beside_a_new_code_is_asked_about(void **state)
{
    struct tablet_conflict c;
    struct street s;

    (void)state;
    strike_beside(&s, "linked", "00112233445566778899aabbccddeeff");
    assert_true(item(&s, 0).has_conflict);
    assert_string_equal(ask(&s, 0, &c).text, "struck:S|K");
    assert_ok(resolve(&s, 0, CONFLICT_RECORD, 2, NULL));
    check_note(&s, "red car");
    street_free(&s);
}

static void a_kept_record_still_needs_its_other_choices(void **state)
{
    const struct tablet_choice wrong[] = { { CONFLICT_RECORD, 3, NULL },
                                           { FIELD_NOTE, 0, "a green car" } };
    const struct tablet_choice right[] = { { CONFLICT_RECORD, 2, NULL },
                                           { FIELD_NOTE, 0, "a green car" } };
    struct tablet_conflict c;
    struct street s;

    (void)state;
    street_new(&s);
    set(&s, 0, "note", "blue car");
    assert_ok(tablet_strike(s.desks[0].t, &s.record, "twice"));
    s.desks[1].m.world_ms += 60000;
    set(&s, 1, "note", "green car");
    meet(&s);
    assert_string_equal(ask(&s, 0, &c).text,
                        "struck:S|K;note:blue car|green car");
    assert_err(resolve(&s, 0, CONFLICT_RECORD, 2, NULL), ERR_BAD_DATA);
    assert_err(tablet_resolve(s.desks[0].t, &s.record, wrong, 2, NULL, &s.why),
               ERR_NOT_FOUND); /* there is no third side */
    assert_ok(tablet_resolve(s.desks[0].t, &s.record, right, 2, NULL, &s.why));
    check_note(&s, "a green car");
    street_free(&s);
}

static enum err count_item(void *ctx, const struct tablet_item *i)
{
    (void)i;
    ++*(int *)ctx;
    return ERR_OK;
}

static void only_records_in_conflict_are_listed(void **state)
{
    const struct tablet_filter filter = { .only_conflict = true,
                                          .with_children = true,
                                          .max = 10 };
    struct street s;
    int count = 0;

    (void)state;
    street_new(&s);
    assert_ok(tablet_records(s.desks[0].t, &filter, count_item, &count));
    assert_int_equal(count, 0);
    set(&s, 0, "note", "blue car");
    set(&s, 1, "note", "green car");
    meet(&s);
    assert_ok(tablet_records(s.desks[0].t, &filter, count_item, &count));
    assert_int_equal(count, 1);
    assert_ok(resolve(&s, 0, FIELD_NOTE, 1, NULL));
    count = 0;
    assert_ok(tablet_records(s.desks[0].t, &filter, count_item, &count));
    assert_int_equal(count, 0);
    street_free(&s);
}

/* "create@A set:note=blue car@B ..." */
struct steps {
    const struct street *s;
    char text[600];
};

static void put_text_field(struct steps *k, const struct tablet_step_field *f)
{
    size_t at = strlen(k->text);
    struct cbor_reader r;
    struct bytes text;

    cbor_open_gated(&r, f->value);
    text = cbor_get_text(&r);
    if (f->id == FIELD_NOTE && !r.err) {
        snprintf(k->text + at, sizeof(k->text) - at, "=%.*s", (int)text.len,
                 (const char *)text.data);
    }
}

static enum err take_step(void *ctx, const struct tablet_step *step)
{
    struct steps *k = ctx;
    size_t at = strlen(k->text);

    snprintf(k->text + at, sizeof(k->text) - at, "%s%s", at > 0 ? " " : "",
             event_op_word(step->op));
    for (size_t i = 0; i < step->field_count; i++) {
        put_text_field(k, &step->fields[i]);
    }
    at = strlen(k->text);
    snprintf(k->text + at, sizeof(k->text) - at, "%s@%c%s", step->by.reason,
             uuid_eq(&step->by.officer, &k->s->officers[0]) ? 'A' : 'B',
             step->by.is_here ? "!" : "");
    return ERR_OK;
}

static void the_history_has_each_step_with_what_it_wrote(void **state)
{
    struct steps k = { .text = "" };
    struct street s;

    (void)state;
    street_new(&s);
    k.s = &s;
    set(&s, 0, "note", "blue car");
    s.desks[1].m.world_ms += 5000;
    set(&s, 1, "note", "green car");
    meet(&s);
    assert_ok(resolve(&s, 0, FIELD_NOTE, 2, NULL));
    s.desks[0].m.world_ms += 1000;
    assert_ok(tablet_strike(s.desks[0].t, &s.record, "twice"));
    assert_ok(tablet_history(s.desks[0].t, &s.record, take_step, &k));
    assert_string_equal(k.text, "create=red car@A! set=blue car@A! "
                                "set=green car@B resolve=green car@A! "
                                "striketwice@A!");
    assert_err(tablet_history(s.desks[0].t, &s.officers[0], take_step, &k),
               ERR_NOT_FOUND);
    street_free(&s);
}

struct questions {
    int count;
    char text[TABLET_TEXT_SIZE];
};

static enum err take_asked(void *ctx, const struct tablet_asked *a)
{
    struct questions *q = ctx;

    q->count++;
    memcpy(q->text, a->question, sizeof(q->text));
    return ERR_OK;
}

static int asked_of(struct street *s, size_t who, struct questions *q)
{
    q->count = 0;
    assert_ok(tablet_questions(s->desks[who].t, take_asked, q));
    return q->count;
}

static void a_colleague_is_asked_and_the_answer_comes_back(void **state)
{
    struct tablet_exchange x;
    struct questions q;
    struct street s;

    (void)state;
    street_new(&s);
    assert_ok(tablet_asked_by_me(s.desks[0].t, &s.record, &x));
    assert_true(uuid_is_zero(&x.whom));
    assert_ok(tablet_ask(s.desks[0].t, &s.record, &s.officers[1], "Which?"));
    assert_int_equal(asked_of(&s, 0, &q), 0); /* though it is A's record */
    meet(&s);
    assert_int_equal(asked_of(&s, 1, &q), 1);
    assert_string_equal(q.text, "Which?");
    s.desks[1].m.world_ms += 9000;
    assert_ok(tablet_answer(s.desks[1].t, &s.record, "The green one"));
    assert_int_equal(asked_of(&s, 1, &q), 0);
    assert_err(tablet_answer(s.desks[1].t, &s.record, "Again"), ERR_NOT_FOUND);
    meet(&s);
    assert_ok(tablet_asked_by_me(s.desks[0].t, &s.record, &x));
    assert_true(uuid_eq(&x.whom, &s.officers[1]));
    assert_string_equal(x.answer, "The green one");
    s.desks[0].m.world_ms += 20000;
    assert_ok(tablet_ask(s.desks[0].t, &s.record, &s.officers[1], "Sure?"));
    assert_ok(tablet_asked_by_me(s.desks[0].t, &s.record, &x));
    assert_string_equal(x.answer, ""); /* that was to the first */
    meet(&s);
    assert_int_equal(asked_of(&s, 1, &q), 1);
    street_free(&s);
}

static void only_another_is_asked_and_with_words(void **state)
{
    const struct uuid nobody = { { 0 } };
    struct street s;
    struct tablet *t;

    (void)state;
    street_new(&s);
    t = s.desks[0].t;
    assert_err(tablet_ask(t, &s.record, &s.officers[0], "Me?"), ERR_USAGE);
    assert_err(tablet_ask(t, &s.record, &nobody, "Who?"), ERR_USAGE);
    assert_err(tablet_ask(t, &s.record, &s.officers[1], ""), ERR_USAGE);
    assert_ok(tablet_sign_out(t));
    assert_err(tablet_ask(t, &s.record, &s.officers[1], "Now?"), ERR_DENIED);
    street_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_tablets_are_asked_the_same_in_the_same_order),
        cmocka_unit_test(a_side_says_who_where_and_by_which_clock),
        cmocka_unit_test(a_list_shows_all_values_until_one_is_chosen),
        cmocka_unit_test(the_chosen_value_stands_on_both),
        cmocka_unit_test(another_value_must_fit_the_form),
        cmocka_unit_test(a_change_since_it_was_shown_is_not_run_over),
        cmocka_unit_test(two_decisions_apart_are_a_conflict_again),
        cmocka_unit_test(a_kept_record_has_all_that_the_strike_emptied),
        cmocka_unit_test(a_long_reason_of_a_strike_is_shown_as_far_as_it_fits),
        cmocka_unit_test(a_strike_can_be_let_stand),
        cmocka_unit_test(a_strike_beside_a_new_code_is_asked_about),
        cmocka_unit_test(a_kept_record_still_needs_its_other_choices),
        cmocka_unit_test(only_records_in_conflict_are_listed),
        cmocka_unit_test(the_history_has_each_step_with_what_it_wrote),
        cmocka_unit_test(a_colleague_is_asked_and_the_answer_comes_back),
        cmocka_unit_test(only_another_is_asked_and_with_words),
    };

    return RUN_TESTS(tests);
}
