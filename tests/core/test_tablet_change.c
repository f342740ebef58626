/* Changing and striking what was recorded. */
#include "core/tablet_internal.h"
#include "core/tablet_list.h"
#include "tests/core/tablet_desk.h"

static struct desk desk;
static struct uuid log_id;

static const struct tablet_text_field first[] = {
    { "note", "red car" }, { "action", "warning;advice;none" }
};

static int set_up(void **state)
{
    (void)state;
    desk_new(&desk, 1);
    assert_ok(tablet_sign_in(desk.t, &desk.officer));
    assert_ok(record(&desk, "ASB", first, ARRAY_LEN(first), &log_id));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    desk_free(&desk);
    return 0;
}

static void run(const char *sql)
{
    assert_int_equal(
        sqlite3_exec(store_db(tablet_store(desk.t)), sql, NULL, NULL, NULL),
        SQLITE_OK);
}

static int64_t events(void)
{
    return ask(&desk, "SELECT count(*) FROM event");
}

static enum err set(const char *key, const char *value)
{
    const struct tablet_text_field f = { key, value };

    buf_reset(&desk.why);
    return tablet_set(desk.t, &log_id, &f, 1, &desk.why);
}

static void assert_refuses(const char *key, const char *value, const char *why)
{
    const int64_t before = events();

    assert_err(set(key, value), ERR_BAD_DATA);
    assert_string_equal(buf_text(&desk.why), why);
    assert_int_equal(events(), before);
}

/* --- what is asked of an answer --- */

static void a_change_that_the_form_does_not_allow_says_which(void **state)
{
    (void)state;
    assert_refuses("people_count", "1000",
                   "people_count is not allowed by the form");
    assert_refuses("people_count", "-1",
                   "people_count is not allowed by the form");
    assert_refuses("qualifier", "somebody",
                   "qualifier is not allowed by the form");
    assert_refuses("action", "shouting", "action is not allowed by the form");
    assert_refuses("nobody", "x", "nobody is not an answer of the form");
    assert_refuses("people_count", "many",
                   "people_count is not an answer of the form");
    assert_refuses("persons", "Doe", "persons is not an answer of the form");
}

/* What shows it may have been answered in another event. */
static void an_answer_to_what_is_hidden_here_is_kept(void **state)
{
    static const char dogs[] = "SELECT count(*) FROM field f JOIN record r"
                               " ON r.id = f.record WHERE r.kind = 1"
                               " AND f.field NOT IN (1, 2, 3, 4, 8, 50)";
    const int64_t before = ask(&desk, dogs);

    (void)state;
    assert_ok(set("owner_seen", "yes"));
    assert_int_equal(ask(&desk, dogs), before + 1);
}

static void a_change_of_nothing_writes_nothing(void **state)
{
    const int64_t before = events();

    (void)state;
    assert_ok(tablet_set(desk.t, &log_id, NULL, 0, &desk.why));
    assert_int_equal(events(), before);
}

/* --- sets --- */

struct codes {
    size_t len;
    char text[200];
};

static enum err take_codes(void *ctx, const struct tablet_field *f)
{
    struct codes *to = ctx;
    struct cbor_reader r;

    if (f->id != 50) {
        return ERR_OK;
    }
    cbor_open_gated(&r, f->value);
    for (size_t left = cbor_get_array(&r); left > 0; left--) {
        const struct bytes code = cbor_get_text(&r);

        assert_true(to->len + code.len + 2 < sizeof(to->text));
        memcpy(to->text + to->len, code.data, code.len);
        to->len += code.len;
        to->text[to->len++] = ';';
    }
    assert_ok(cbor_close(&r));
    return ERR_OK;
}

static struct codes actions(void)
{
    struct codes out = { .len = 0 };

    assert_ok(tablet_fields(desk.t, &log_id, take_codes, &out));
    return out;
}

static void a_set_becomes_what_was_chosen(void **state)
{
    (void)state;
    assert_string_equal(actions().text, "none;advice;warning;");
    assert_ok(set("action", "police;warning;police;notice;moved_on"));
    assert_string_equal(actions().text, "notice;police;warning;moved_on;");
    assert_ok(set("action", "notice"));
    assert_string_equal(actions().text, "notice;");
}

static void a_set_can_be_emptied_and_filled_again(void **state)
{
    (void)state;
    assert_ok(set("action", ""));
    assert_string_equal(actions().text, "");
    assert_ok(set("action", "support;advice"));
    assert_string_equal(actions().text, "advice;support;");
}

/* Written by a program, not by a hand. */
static void a_code_that_stands_many_times_is_once_in_the_set(void **state)
{
    enum { MANY = FORM_ITEMS_MAX + 1 };
    char text[MANY * 5];

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        memcpy(text + i * 5, "none;", 5);
    }
    text[FORM_ITEMS_MAX * 5 - 1] = '\0';
    assert_ok(set("action", text));
    assert_string_equal(actions().text, "none;");
    text[FORM_ITEMS_MAX * 5 - 1] = ';';
    text[MANY * 5 - 1] = '\0';
    assert_err(set("action", text), ERR_BAD_DATA);
    assert_string_equal(actions().text, "none;");
}

static void the_later_of_two_answers_in_one_change_wins(void **state)
{
    static const struct tablet_text_field twice[] = { { "note", "blue car" },
                                                      { "note", "green" } };

    (void)state;
    assert_ok(tablet_set(desk.t, &log_id, twice, 2, &desk.why));
    assert_int_equal(ask(&desk, "SELECT count(*) FROM search"
                                " WHERE search MATCH 'green'"),
                     1);
    assert_int_equal(ask(&desk, "SELECT count(*) FROM search"
                                " WHERE search MATCH 'blue'"),
                     0);
}

/* --- what can't be changed --- */

/* There is nothing to correct any more: bases would name what nobody saw. */
static void what_was_erased_or_pruned_is_neither_changed_nor_struck(
    void **state)
{
    static const struct {
        const char *sql, *why;
    } rows[] = {
        { "UPDATE record SET gone = 1 WHERE kind = 1",
          "its content is kept by the council: change it there" },
        { "UPDATE record SET gone = 2 WHERE kind = 1",
          "it was erased by order of the council" },
    };
    const int64_t before = events();

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        run(rows[i].sql);
        assert_err(set("note", "blue car"), ERR_CLOSED);
        assert_string_equal(buf_text(&desk.why), rows[i].why);
        assert_err(tablet_strike(desk.t, &log_id, "wrong"), ERR_CLOSED);
    }
    assert_int_equal(events(), before);
}

static void what_is_not_here_is_neither_changed_nor_struck(void **state)
{
    (void)state;
    log_id.bytes[3] ^= 1;
    assert_err(set("note", "blue car"), ERR_NOT_FOUND);
    assert_err(tablet_strike(desk.t, &log_id, "wrong"), ERR_NOT_FOUND);
}

/* --- words of others, in a place of ours --- */

static void a_text_is_cut_before_the_character_that_does_not_fit(void **state)
{
    static const struct {
        const char *text, *want;
        size_t size;
    } rows[] = {
        { "abc", "abc", 4 },         { "abcd", "abc", 4 },
        { "ab\xc3\xa9", "ab", 4 },   { "ab\xc3\xa9", "ab\xc3\xa9", 5 },
        { "\xe2\x82\xac", "", 3 },   { "", "", 4 },
        { "a\xe2\x82\xac", "a", 4 }, { "\x82\x82\x82", "", 3 },
    };
    char out[8];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        tablet_copy_text((struct bytes){ (const uint8_t *)rows[i].text,
                                         strlen(rows[i].text) },
                         out, rows[i].size);
        assert_string_equal(out, rows[i].want);
    }
}

static void what_is_no_text_is_shown_as_none(void **state)
{
    static const uint8_t seven[] = { 7 };
    char out[8] = "before";

    (void)state;
    tablet_copy((struct bytes){ seven, 1 }, out, sizeof(out));
    assert_string_equal(out, "");
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(a_change_that_the_form_does_not_allow_says_which),
        T(an_answer_to_what_is_hidden_here_is_kept),
        T(a_change_of_nothing_writes_nothing),
        T(a_set_becomes_what_was_chosen),
        T(a_set_can_be_emptied_and_filled_again),
        T(a_code_that_stands_many_times_is_once_in_the_set),
        T(the_later_of_two_answers_in_one_change_wins),
        T(what_was_erased_or_pruned_is_neither_changed_nor_struck),
        T(what_is_not_here_is_neither_changed_nor_struck),
        cmocka_unit_test(a_text_is_cut_before_the_character_that_does_not_fit),
        cmocka_unit_test(what_is_no_text_is_shown_as_none),
    };
    return RUN_TESTS(tests);
}
