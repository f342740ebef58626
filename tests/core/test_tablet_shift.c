/* People, drafts and the sum of a shift, as screens list them. */
#include "core/tablet_list.h"
#include "tests/core/tablet_desk.h"

static struct desk desk;
static struct tablet_person people[4];
static size_t people_count, draft_count;
static char draft_form[20];

static int set_up(void **state)
{
    (void)state;
    desk_new(&desk, 1);
    assert_ok(tablet_sign_in(desk.t, &desk.officer));
    people_count = draft_count = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_free(&desk);
    return 0;
}

/* --- people --- */

static void add_person(uint8_t number, const char *name, const char *role)
{
    struct evlog_new e = { .kind = KIND_OFFICER,
                           .kind_version = 1,
                           .op = OP_CREATE,
                           .record = machine_record(number) };
    struct body_writer w;
    struct buf body;

    buf_init(&body, BODY_MAX_BYTES);
    body_begin(&w);
    body_put_text(&w, OFFICER_NUMBER, "4417");
    body_put_text(&w, OFFICER_NAME, name);
    if (role != NULL) {
        body_put_codes(&w, OFFICER_ROLES, &role, role[0] != '\0', NULL, 0);
    }
    assert_ok(body_end(&w, &body));
    e.body = buf_bytes(&body);
    assert_ok(evlog_append(tablet_log(desk.t), &e, 1, NULL));
    body_fini(&w);
    buf_fini(&body);
}

static enum err see_person(void *ctx, const struct tablet_person *p)
{
    const size_t *most = ctx;

    assert_true(people_count < ARRAY_LEN(people));
    people[people_count++] = *p;
    return people_count == *most ? ERR_STOPPED : ERR_OK;
}

static void people_come_by_name_with_their_role(void **state)
{
    char name[400];
    size_t most = ARRAY_LEN(people);

    (void)state;
    memset(name, 'Z', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    add_person(1, name, NULL);
    add_person(2, "B", "");
    add_person(3, "A", "team-leader");
    assert_ok(tablet_people(desk.t, see_person, &most));
    assert_int_equal(people_count, 3);
    assert_string_equal(people[0].name, "A");
    assert_string_equal(people[0].role, "team-leader");
    assert_string_equal(people[0].number, "4417");
    assert_string_equal(people[1].role, "");
    assert_string_equal(people[2].role, "");
    /* a long name is cut, not left out */
    assert_int_equal(strlen(people[2].name), sizeof(people[2].name) - 1);
    people_count = 0;
    most = 1;
    assert_ok(tablet_people(desk.t, see_person, &most));
    assert_int_equal(people_count, 1);
}

/* --- drafts --- */

static enum err see_draft(void *ctx, const struct uuid *id, const char *form,
                          struct bytes data)
{
    const size_t *most = ctx;

    (void)id;
    (void)data;
    snprintf(draft_form, sizeof(draft_form), "%s", form);
    return ++draft_count == *most ? ERR_STOPPED : ERR_OK;
}

static void put_draft(uint8_t number, const char *form)
{
    const struct uuid id = machine_record(number);

    desk.m.world_ms += 1000;
    assert_ok(tablet_draft_put(desk.t, &id, form, (struct bytes){ NULL, 0 }));
}

static size_t drafts(size_t most)
{
    draft_count = 0;
    assert_ok(tablet_drafts(desk.t, see_draft, &most));
    return draft_count;
}

static void a_draft_belongs_to_who_began_it(void **state)
{
    const struct uuid other = { { 0x45 } }, id = machine_record(1);

    (void)state;
    put_draft(1, "asb");
    assert_ok(tablet_sign_in(desk.t, &other));
    assert_int_equal(drafts(9), 0);
    assert_ok(tablet_draft_drop(desk.t, &id));
    assert_ok(tablet_sign_in(desk.t, &desk.officer));
    assert_int_equal(drafts(9), 1);
    assert_ok(tablet_draft_drop(desk.t, &id));
    assert_int_equal(drafts(9), 0);
}

static void the_draft_touched_last_comes_first(void **state)
{
    size_t most = 9;

    (void)state;
    put_draft(1, "asb");
    put_draft(2, "hate");
    assert_int_equal(drafts(1), 1);
    assert_string_equal(draft_form, "hate");
    put_draft(1, "asb");
    assert_int_equal(drafts(1), 1);
    assert_string_equal(draft_form, "asb");
    draft_count = 0;
    assert_ok(tablet_drafts_of(desk.t, "hate", see_draft, &most));
    assert_int_equal(draft_count, 1);
}

/* --- the sum of a shift --- */

/* A screen's own notes and a leader's question are no unfinished record. */
static void the_sum_names_what_is_unfinished(void **state)
{
    struct tablet_summary sum;
    struct uuid patrol;
    char area[400];

    (void)state;
    memset(area, 'x', sizeof(area) - 1);
    area[sizeof(area) - 1] = '\0';
    assert_ok(tablet_patrol_start(desk.t, area, &patrol));
    put_draft(1, "asb");
    put_draft(2, "@screen");
    put_draft(3, "review");
    assert_ok(tablet_summary(desk.t, &sum));
    assert_int_equal(sum.drafts, 1);
    assert_int_equal(sum.ended_ms, 0);
    assert_false(sum.is_paused);
    assert_int_equal(strlen(sum.area), sizeof(sum.area) - 1);
    assert_ok(tablet_patrol_pause(desk.t, "lunch"));
    assert_ok(tablet_summary(desk.t, &sum));
    assert_true(sum.is_paused);
    assert_ok(tablet_patrol_resume(desk.t));
    assert_ok(tablet_patrol_end(desk.t));
    assert_ok(tablet_summary(desk.t, &sum));
    assert_false(sum.is_paused);
    assert_int_not_equal(sum.ended_ms, 0);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(people_come_by_name_with_their_role),
        T(a_draft_belongs_to_who_began_it),
        T(the_draft_touched_last_comes_first),
        T(the_sum_names_what_is_unfinished),
    };
    return RUN_TESTS(tests);
}
