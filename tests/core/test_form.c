#include "core/form.h"

#include <string.h>

#include "core/form_check.h"
#include "tests/test.h"

#define HEAD                                                     \
    "{\"id\": \"t\", \"version\": 1, \"kind\": \"observation\"," \
    " \"label\": \"T\", "
#define FIELD(id, key, type)                                          \
    "{\"id\": " #id ", \"key\": \"" key "\", \"type\": \"" type "\"," \
    " \"label\": \"L\""
#define CHOICES                                            \
    ", \"choices\": [{\"code\": \"x\", \"label\": \"X\"}," \
    " {\"code\": \"y\", \"label\": \"Y\"}]"

static enum err parse(const char *json, struct form **form_out)
{
    return form_parse(json, strlen(json), form_out);
}

static const struct {
    const char *why, *json;
    enum err want;
} broken[] = {
    /* clang-format off */
        { "not JSON", "{", ERR_BAD_DATA },
        { "JSON5", HEAD "\"fields\": [],}", ERR_BAD_DATA },
        { "no object", "[]", ERR_BAD_DATA },
        { "no id", "{\"version\": 1, \"kind\": \"k\", \"label\": \"L\","
          " \"fields\": []}", ERR_BAD_DATA },
        { "a key twice", HEAD "\"id\": \"u\", \"fields\": []}", ERR_BAD_DATA },
        { "no fields", HEAD "\"x\": 1}", ERR_BAD_DATA },
        { "field id missing", HEAD "\"fields\": [{\"key\": \"a\","
          " \"type\": \"text\", \"label\": \"L\"}]}", ERR_BAD_DATA },
        { "field id reserved", HEAD "\"fields\": ["
          FIELD(15, "a", "text") "}]}", ERR_BAD_DATA },
        { "field id no whole number", HEAD "\"fields\": ["
          FIELD(16.5, "a", "text") "}]}", ERR_BAD_DATA },
        { "field id twice", HEAD "\"fields\": [" FIELD(16, "a", "text") "},"
          FIELD(16, "b", "text") "}]}", ERR_BAD_DATA },
        { "key twice", HEAD "\"fields\": [" FIELD(16, "a", "text") "},"
          FIELD(17, "a", "text") "}]}", ERR_BAD_DATA },
        { "key of a common field", HEAD "\"fields\": ["
          FIELD(16, "note", "text") "}]}", ERR_BAD_DATA },
        { "key is a word of SQL", HEAD "\"fields\": ["
          FIELD(16, "in", "text") "}]}", ERR_BAD_DATA },
        { "type is no text", HEAD "\"fields\": [{\"id\": 16, \"key\": \"a\","
          " \"type\": 3, \"label\": \"L\"}]}", ERR_BAD_DATA },
        { "choice without choices", HEAD "\"fields\": ["
          FIELD(16, "a", "one_of") "}]}", ERR_BAD_DATA },
        { "choice code twice", HEAD "\"fields\": [" FIELD(16, "a", "one_of")
          ", \"choices\": [{\"code\": \"x\", \"label\": \"X\"},"
          " {\"code\": \"x\", \"label\": \"Y\"}]}]}", ERR_BAD_DATA },
        { "comma in a code", HEAD "\"fields\": [" FIELD(16, "a", "many_of")
          ", \"choices\": [{\"code\": \"x,y\", \"label\": \"X\"}]}]}",
          ERR_BAD_DATA },
        { "a call without a number", HEAD "\"fields\": [],"
          " \"calls\": [{\"label\": \"L\"}]}", ERR_BAD_DATA },
        { "advice that is no text", HEAD "\"fields\": [],"
          " \"advice\": [\"A\", 1]}", ERR_BAD_DATA },
        { "too many calls", HEAD "\"fields\": [], \"calls\": ["
          "{}, {}, {}, {}, {}]}", ERR_TOO_LONG },
        { "hostile expression", HEAD "\"fields\": [" FIELD(16, "a", "text")
          ", \"shown_when\": \"randomblob(500000000)\"}]}", ERR_BAD_DATA },
        { "expression with an unknown key", HEAD "\"fields\": ["
          FIELD(16, "a", "text") ", \"constraint\": \"b = 1\"}]}",
          ERR_BAD_DATA },
        { "min above max", HEAD "\"fields\": [" FIELD(16, "a", "number")
          ", \"min\": 2, \"max\": 1}]}", ERR_BAD_DATA },
        { "required is no boolean", HEAD "\"fields\": ["
          FIELD(16, "a", "text") ", \"required\": 1}]}", ERR_BAD_DATA },
        { "group in a group", HEAD "\"fields\": [" FIELD(16, "a", "group")
          ", \"fields\": [" FIELD(17, "b", "group") ", \"fields\": ["
          FIELD(18, "c", "text") "}]}]}]}", ERR_BAD_DATA },
        { "group without fields", HEAD "\"fields\": ["
          FIELD(16, "a", "group") "}]}", ERR_BAD_DATA },
        { "required but not asked", HEAD
          "\"common_required\": [\"note\"], \"fields\": []}", ERR_BAD_DATA },
        { "label of half a character", HEAD "\"fields\": ["
          "{\"id\": 16, \"key\": \"a\", \"type\": \"text\","
          " \"label\": \"\\ud800\"}]}", ERR_BAD_DATA },
        { "NUL in a label", HEAD "\"fields\": [{\"id\": 16, \"key\": \"a\","
          " \"type\": \"text\", \"label\": \"a\\u0000b\"}]}", ERR_BAD_DATA },
        { "too deep", "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
          ERR_TOO_LONG },
    /* clang-format on */
};

static void a_broken_form_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(broken); i++) {
        struct form *form = NULL;

        print_message("%s\n", broken[i].why);
        assert_err(parse(broken[i].json, &form), broken[i].want);
        assert_null(form);
    }
}

static void what_a_newer_version_adds_does_no_harm(void **state)
{
    const struct form_value any = { .field = 16,
                                    .kind = FORM_VALUE_INT,
                                    .number = 7 };
    struct form_problems problems;
    struct form *form;

    (void)state;
    assert_ok(parse(HEAD "\"later\": {\"x\": []}, \"fields\": [" FIELD(
                        16, "a", "hologram") ", \"required\": true}]}",
                    &form));
    assert_int_equal(form->fields[0].type, FORM_TYPE_NEWER);
    assert_string_equal(form->fields[0].type_name, "hologram");
    assert_ok(form_check(form, &any, 1, &problems));
    assert_int_equal(problems.count, 0);
    assert_ok(form_check(form, NULL, 0, &problems));
    assert_int_equal(problems.count, 0);
    form_free(form);
}

static struct form_value text(uint32_t field, const char *t)
{
    return (struct form_value){
        .field = field,
        .kind = FORM_VALUE_TEXT,
        .text = { (const uint8_t *)t, strlen(t) },
    };
}

static struct form_value number(uint32_t field, int64_t n)
{
    return (struct form_value){ .field = field,
                                .kind = FORM_VALUE_INT,
                                .number = n };
}

static const char sample[] =
    HEAD "\"common\": [\"category\", \"note\"],"
         "\"common_required\": [\"category\"], \"fields\": [" /**/
    FIELD(16, "kind_of", "one_of") CHOICES "},"               /**/
    FIELD(17, "words", "text") ", \"max_chars\": 3, \"required\": true,"
                               " \"shown_when\": \"kind_of = 'x'\"}," /**/
    FIELD(18, "low", "number") ", \"min\": 1, \"max\": 9},"           /**/
    FIELD(19, "high", "number") ", \"constraint\": \"high >= low\","
                                " \"message\": \"Higher, please\"}," /**/
    FIELD(20, "set", "many_of") CHOICES ", \"max_items\": 1},"       /**/
    FIELD(21, "extra",
          "yes_no_unknown") ", \"shown_when\": \"instr(set, ',y,') > 0\"}," /**/
    FIELD(22, "rows", "group") ", \"max_items\": 2, \"fields\": ["          /**/
    FIELD(23, "row_low", "number") ", \"required\": true},"                 /**/
    FIELD(24, "row_high", "number") ", \"constraint\": \"row_high >= row_low "
                                    "AND row_high > low\"}]}," /**/
    FIELD(25, "sly", "text") ", \"shown_when\": \"abs(low) > 0\"}]}";

struct want {
    uint32_t field, row;
    enum form_problem_kind kind;
};

static void assert_problems(const struct form_value *values, size_t count,
                            const struct want *want, size_t want_count)
{
    struct form_problems got;
    struct form *form;

    assert_ok(parse(sample, &form));
    assert_ok(form_check(form, values, count, &got));
    for (size_t i = 0; i < got.count; i++) {
        print_message("field %u row %u kind %d: %s\n", got.list[i].field,
                      got.list[i].row, (int)got.list[i].kind,
                      got.list[i].message);
    }
    assert_int_equal(got.count, want_count);
    for (size_t i = 0; i < want_count; i++) {
        assert_int_equal(got.list[i].field, want[i].field);
        assert_int_equal(got.list[i].row, want[i].row);
        assert_int_equal(got.list[i].kind, want[i].kind);
    }
    form_free(form);
}

#define CHECK(values, ...)                                                 \
    do {                                                                   \
        const struct want want[] = { __VA_ARGS__ };                        \
        assert_problems(values, ARRAY_LEN(values), want, ARRAY_LEN(want)); \
    } while (0)

static void a_required_field_is_required_only_when_shown(void **state)
{
    const struct form_value hidden[] = { text(16, "y") };
    const struct form_value shown[] = { text(1, "ASB-09"), text(16, "x") };

    (void)state;
    CHECK(hidden, { 1, 0, FORM_REQUIRED });
    CHECK(shown, { 17, 0, FORM_REQUIRED });
}

static void an_answer_to_a_hidden_question_is_named(void **state)
{
    const struct form_value values[] = { text(1, "c"), text(16, "y"),
                                         text(17, "abc") };

    (void)state;
    CHECK(values, { 17, 0, FORM_HIDDEN });
}

static void a_hidden_answer_counts_as_missing_for_the_next(void **state)
{
    static const char chain[] = HEAD "\"fields\": [" /**/
        FIELD(16, "first", "text") "}," FIELD(
            17, "second", "text") ", \"shown_when\": \"first = 'x'\"}," /**/
        FIELD(
            18, "third",
            "text") ", \"shown_when\": \"second = 'x'\", \"required\": true}]}";
    const struct form_value values[] = { text(16, "no"), text(17, "x") };
    struct form_problems got;
    struct form *form;

    (void)state;
    assert_ok(parse(chain, &form));
    assert_false(form_is_shown(form, values, ARRAY_LEN(values), 18));
    assert_ok(form_check(form, values, ARRAY_LEN(values), &got));
    assert_int_equal(got.count, 1);
    assert_int_equal(got.list[0].field, 17);
    assert_int_equal(got.list[0].kind, FORM_HIDDEN);
    form_free(form);
}

static void limits_count_characters_not_bytes(void **state)
{
    const struct form_value three[] = { text(1, "c"), text(16, "x"),
                                        text(17, "\u00e9\u00e9\u00e9"),
                                        number(18, 9) };
    const struct form_value four[] = { text(1, "c"), text(16, "x"),
                                       text(17, "abcd"), number(18, 10) };
    struct form_problems got;
    struct form *form;

    (void)state;
    CHECK(four, { 17, 0, FORM_TOO_LONG }, { 18, 0, FORM_TOO_LARGE });
    assert_ok(parse(sample, &form));
    assert_ok(form_check(form, three, ARRAY_LEN(three), &got));
    assert_int_equal(got.count, 0);
    form_free(form);
}

static void wrong_kinds_and_codes_are_named(void **state)
{
    static const char *const codes[] = { "x", "z" };
    const struct form_value values[] = {
        number(1, 3),
        text(16, "no such code"),
        text(18, "3"),
        { .field = 20, .kind = FORM_VALUE_CODES, .codes = codes, .count = 2 },
        text(99, "of a newer form"),
    };

    (void)state;
    CHECK(values, { 1, 0, FORM_BAD_VALUE }, { 16, 0, FORM_BAD_CHOICE },
          { 18, 0, FORM_BAD_VALUE }, { 20, 0, FORM_TOO_LONG },
          { 20, 0, FORM_BAD_CHOICE });
}

static void a_constraint_holds_while_one_side_is_missing(void **state)
{
    const struct form_value alone[] = { number(19, 3) };
    const struct form_value both[] = { text(1, "c"), number(18, 5),
                                       number(19, 3) };

    (void)state;
    CHECK(alone, { 1, 0, FORM_REQUIRED });
    CHECK(both, { 19, 0, FORM_CONSTRAINT });
}

static void each_row_of_a_group_is_checked_by_itself(void **state)
{
    const struct form_value first[] = { number(23, 1), number(24, 8) };
    const struct form_value second[] = { number(23, 9), number(24, 8) };
    const struct form_value third[] = { number(24, 4) };
    const struct form_row rows[] = { { first, 2 },
                                     { second, 2 },
                                     { third, 1 } };
    const struct form_value values[] = {
        text(1, "c"),
        number(18, 5),
        { .field = 22, .kind = FORM_VALUE_ROWS, .rows = rows, .count = 3 },
    };

    (void)state;
    CHECK(values, { 22, 0, FORM_TOO_LONG }, { 24, 2, FORM_CONSTRAINT },
          { 23, 3, FORM_REQUIRED }, { 24, 3, FORM_CONSTRAINT });
}

static void a_rule_that_cannot_be_worked_out_hides_nothing(void **state)
{
    const struct form_value values[] = { text(1, "c"), number(18, INT64_MIN),
                                         text(25, "kept") };

    (void)state;
    CHECK(values, { 18, 0, FORM_TOO_SMALL }, { 25, 0, FORM_UNCHECKED });
}

static void a_set_decides_what_is_shown(void **state)
{
    static const char *const y[] = { "y" };
    static const char *const x[] = { "x" };
    struct form_value set = {
        .field = 20, .kind = FORM_VALUE_CODES, .codes = x, .count = 1
    };
    struct form *form;

    (void)state;
    assert_ok(parse(sample, &form));
    assert_false(form_is_shown(form, &set, 1, 21));
    set.codes = y;
    assert_true(form_is_shown(form, &set, 1, 21));
    assert_string_equal(form_find(form, 24)->key, "row_high");
    assert_int_equal(form_find_key(form, "set")->id, 20);
    assert_null(form_find(form, 3));
    form_free(form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_form_is_refused),
        cmocka_unit_test(what_a_newer_version_adds_does_no_harm),
        cmocka_unit_test(a_required_field_is_required_only_when_shown),
        cmocka_unit_test(an_answer_to_a_hidden_question_is_named),
        cmocka_unit_test(a_hidden_answer_counts_as_missing_for_the_next),
        cmocka_unit_test(limits_count_characters_not_bytes),
        cmocka_unit_test(wrong_kinds_and_codes_are_named),
        cmocka_unit_test(a_constraint_holds_while_one_side_is_missing),
        cmocka_unit_test(each_row_of_a_group_is_checked_by_itself),
        cmocka_unit_test(a_rule_that_cannot_be_worked_out_hides_nothing),
        cmocka_unit_test(a_set_decides_what_is_shown),
    };

    return RUN_TESTS(tests);
}
