/* Files of the police's open data that are not as they should be. */
#include "tests/core/tablet_desk.h"

static struct desk desk;

static int set_up(void **state)
{
    (void)state;
    desk_new(&desk, 1);
    assert_ok(tablet_sign_in(desk.t, &desk.officer));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_free(&desk);
    return 0;
}

static enum err import(const char *csv, uint64_t *rows)
{
    buf_reset(&desk.why);
    return tablet_import_police_uk(
        desk.t, (struct bytes){ (const uint8_t *)csv, strlen(csv) }, rows,
        &desk.why);
}

static int64_t filed(const char *where)
{
    char sql[100];

    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM record WHERE kind = 1 AND %s", where);
    return ask(&desk, sql);
}

static void a_file_that_is_refused_says_where_and_stores_nothing(void **state)
{
#define PLACE_HEAD "Longitude,Latitude\n"
    static const struct {
        const char *csv, *why;
    } rows[] = {
        { "", "line 1: the file is empty" },
        { "Month,\"Crime type\nx,y\n", "line 1: a quoted field does not end" },
        { ",Month\n", "line 1: a column that the form doesn't know: " },
        { "Colour\n", "line 1: a column that the form doesn't know: Colour" },
        { "Place\n", "line 1: a column that the form doesn't know: Place" },
        { "A name that is much longer than any column of any form can be,x\n",
          "line 1: a column that the form doesn't know: A name that is much"
          " longer than any column of any form can be" },
        { "Month,Location,Month\n", "line 1: the column month stands twice" },
        { "a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a,a\n",
          "line 1: too many columns" },
        { "Month\n2018-10\nx,y\n",
          "line 3: a row with more or fewer fields than the first" },
        { "Month\n\"2018\"x\n", "line 2: text behind a closing quote" },
        { PLACE_HEAD "-3.19,\n", "line 2: the place is not a place" },
        { PLACE_HEAD ",51.79\n", "line 2: the place is not a place" },
        { PLACE_HEAD "-3.19,north\n", "line 2: the place is not a place" },
        { PLACE_HEAD "-3.19,95.0\n", "line 2: the place is not a place" },
        { PLACE_HEAD "-3.1900000000000000000000000000000000000000,"
                     "51.000000000000000000000000000000\n",
          "line 2: the place is not a place" },
    };
    uint64_t count = 7;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        assert_err(import(rows[i].csv, &count), ERR_BAD_DATA);
        assert_string_equal(buf_text(&desk.why), rows[i].why);
        assert_int_equal(count, 0);
        assert_int_equal(filed("1"), 0);
    }
}

static void without_the_form_it_says_what_to_do(void **state)
{
    uint64_t count;

    (void)state;
    assert_int_equal(
        sqlite3_exec(store_db(tablet_store(desk.t)),
                     "DELETE FROM definition WHERE id = 'police_uk_import'",
                     NULL, NULL, NULL),
        SQLITE_OK);
    assert_err(import("Month\n2018-10\n", &count), ERR_NOT_FOUND);
    assert_non_null(strstr(buf_text(&desk.why), "send and receive first"));
}

static void columns_may_stand_in_any_order(void **state)
{
    uint64_t count;

    (void)state;
    assert_ok(import("Crime type,Latitude,Month,Longitude,Location,Crime ID\n"
                     "Burglary,51.79,2018-10,-3.19,High Street,ab12\n",
                     &count));
    assert_int_equal(count, 1);
    assert_int_equal(ask(&desk, "SELECT min_lat FROM place"), 517900000);
    assert_int_equal(ask(&desk, "SELECT count(*) FROM search"
                                " WHERE search MATCH 'high'"),
                     1);
    assert_ok(store_fsck(tablet_store(desk.t), machine_finding, NULL));
}

/* A crime type becomes the council's category, where it said which. */
static void a_type_is_filed_under_the_councils_category(void **state)
{
    uint64_t count;

    (void)state;
    publish_definition(desk.t, KIND_FORM, "police_uk_types",
                       "{\"id\":\"police_uk_types\",\"types\":"
                       "{\"Burglary\":\"THF\"}}");
    assert_ok(import("Month,Crime type\n2018-10,Burglary\n2018-10,Burglary\n"
                     "2018-10,Drugs\n",
                     &count));
    assert_ok(import("Month\n2018-10\n", &count));
    assert_int_equal(filed("category = 'THF'"), 2);
    assert_int_equal(filed("category = 'CRM'"), 1);
    assert_int_equal(filed("category IS NULL"), 1);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_file_that_is_refused_says_where_and_stores_nothing),
        T(without_the_form_it_says_what_to_do),
        T(columns_may_stand_in_any_order),
        T(a_type_is_filed_under_the_councils_category),
    };
    return RUN_TESTS(tests);
}
