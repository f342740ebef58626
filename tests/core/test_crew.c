/* Several officers on one tablet: what waits of whom, whose patrol runs. */
#include "core/tablet_crew.h"

#include <string.h>

#include "core/fields.h"
#include "tests/store_machine.h"

static const struct uuid ann = { { 0xa } }, bob = { { 0xb } };

struct desk {
    struct machine m;
    struct tablet *t;
};

static void reopen(struct desk *d)
{
    const struct tablet_options options = { .store = machine_options(&d->m),
                                            .port = sim_port(d->m.sim) };

    tablet_close(d->t);
    assert_ok(tablet_open(&options, &d->t));
}

static void add_officer(struct desk *d, const struct uuid *id, const char *name)
{
    struct evlog_new e = {
        .record = *id, .kind = KIND_OFFICER, .kind_version = 1, .op = OP_CREATE
    };
    struct body_writer w;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, OFFICER_NUMBER, "4127");
    body_put_text(&w, OFFICER_NAME, name);
    assert_ok(body_end(&w, &body));
    e.body = buf_bytes(&body);
    assert_ok(evlog_append(tablet_log(d->t), &e, 1, NULL));
    body_fini(&w);
    buf_fini(&body);
}

static void desk_new(struct desk *d)
{
    memset(d, 0, sizeof(*d));
    machine_new(&d->m, 7);
    machine_close(&d->m);
    reopen(d);
    add_officer(d, &ann, "Ann Example");
    add_officer(d, &bob, "Bob Example");
}

static void desk_free(struct desk *d)
{
    tablet_close(d->t);
    machine_free(&d->m);
}

struct sum {
    uint64_t of_ann, of_bob, all;
};

static enum err add(void *ctx, const struct uuid *officer, uint64_t waiting)
{
    struct sum *s = ctx;

    s->of_ann += uuid_eq(officer, &ann) ? waiting : 0;
    s->of_bob += uuid_eq(officer, &bob) ? waiting : 0;
    s->all += waiting;
    return ERR_OK;
}

static void what_waits_is_told_apart_by_who_wrote_it(void **state)
{
    struct evlog_counts counts;
    struct sum sum = { .all = 0 };
    struct uuid patrol;
    struct desk d;

    (void)state;
    desk_new(&d);
    assert_ok(tablet_sign_in(d.t, &ann));
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrol));
    assert_ok(tablet_sign_in(d.t, &bob));
    assert_ok(tablet_waiting_of_each(d.t, add, &sum));
    assert_ok(evlog_counts(tablet_log(d.t), &counts));
    assert_true(sum.of_ann > sum.of_bob);
    assert_int_equal(sum.of_bob, 1); /* signing in */
    assert_int_equal(sum.all, counts.waiting);
    desk_free(&d);
}

static void a_colleague_s_patrol_is_found_and_taken_over(void **state)
{
    struct tablet_other_patrol other;
    struct tablet_summary own;
    struct uuid patrol;
    struct desk d;

    (void)state;
    desk_new(&d);
    assert_ok(tablet_sign_in(d.t, &ann));
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrol));
    assert_err(tablet_other_patrol(d.t, &other), ERR_NOT_FOUND);
    assert_ok(tablet_sign_in(d.t, &bob));
    reopen(&d);
    assert_ok(tablet_sign_in(d.t, &bob));
    assert_ok(tablet_other_patrol(d.t, &other));
    assert_true(uuid_eq(&other.patrol, &patrol));
    assert_true(uuid_eq(&other.officer, &ann));
    assert_string_equal(other.name, "Ann Example");
    assert_string_equal(other.area, "Beat 3");
    assert_ok(tablet_end_other_patrol(d.t, &other, true));
    assert_err(tablet_other_patrol(d.t, &other), ERR_NOT_FOUND);
    assert_ok(tablet_summary(d.t, &own));
    assert_int_equal(own.ended_ms, 0);
    assert_string_equal(own.area, "Beat 3");
    assert_int_equal(own.entries, 1); /* its start; the end stood before */
    assert_ok(tablet_sign_in(d.t, &ann));
    assert_ok(tablet_summary(d.t, &own));
    assert_int_not_equal(own.ended_ms, 0);
    desk_free(&d);
}

static void a_colleague_s_patrol_is_ended_without_another(void **state)
{
    struct tablet_other_patrol other;
    struct tablet_summary own;
    struct uuid patrol;
    struct desk d;

    (void)state;
    desk_new(&d);
    assert_ok(tablet_sign_in(d.t, &ann));
    assert_ok(tablet_patrol_start(d.t, "Beat 3", &patrol));
    assert_ok(tablet_sign_out(d.t));
    memset(&other, 0, sizeof(other));
    assert_err(tablet_end_other_patrol(d.t, &other, false), ERR_DENIED);
    assert_ok(tablet_sign_in(d.t, &bob));
    assert_ok(tablet_other_patrol(d.t, &other));
    assert_ok(tablet_end_other_patrol(d.t, &other, false));
    assert_err(tablet_summary(d.t, &own), ERR_NOT_FOUND);
    assert_err(tablet_other_patrol(d.t, &other), ERR_NOT_FOUND);
    desk_free(&d);
}

static void a_new_officer_is_one_the_sync_engine_asks_for(void **state)
{
    const struct uuid both[] = { ann, bob };
    struct sync *before, *after;
    struct desk d;

    (void)state;
    desk_new(&d);
    assert_ok(tablet_sync(d.t, &before));
    assert_ok(tablet_set_officers(d.t, both, 2));
    assert_ok(tablet_sync(d.t, &after));
    assert_ok(tablet_sync(d.t, &before));
    assert_ptr_equal(before, after);
    desk_free(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_waits_is_told_apart_by_who_wrote_it),
        cmocka_unit_test(a_colleague_s_patrol_is_found_and_taken_over),
        cmocka_unit_test(a_colleague_s_patrol_is_ended_without_another),
        cmocka_unit_test(a_new_officer_is_one_the_sync_engine_asks_for),
    };

    return RUN_TESTS(tests);
}
