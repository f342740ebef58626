#include "core/expr.h"

#include <string.h>

#include "core/limits.h"
#include "tests/test.h"

static const char *const names[] = { "a", "b", "word", "codes" };

static struct expr_value number(int64_t n)
{
    return (struct expr_value){ .kind = EXPR_INT, .number = n };
}

static struct expr_value text(const char *t)
{
    return (struct expr_value){ .kind = EXPR_TEXT,
                                .text = { (const uint8_t *)t, strlen(t) } };
}

static int open_engine(void **state)
{
    return expr_open((struct expr_engine **)state) != ERR_OK;
}

static int close_engine(void **state)
{
    expr_close(*state);
    return 0;
}

static enum err compile(void *engine, const char *source,
                        struct expr **expr_out)
{
    return expr_compile(engine, source, names, ARRAY_LEN(names), expr_out);
}

static void answers_are_those_of_sql(void **state)
{
    static const struct {
        const char *source;
        enum expr_truth want;
    } rows[] = {
        { "a = 3 AND b > 9", EXPR_TRUE },
        { "a <> 3 OR NOT b >= 10", EXPR_FALSE },
        { "a + b * 2 - 1 = 22", EXPR_TRUE },
        { "a - -1 = 4", EXPR_TRUE },
        { "b / a = 3", EXPR_TRUE }, /* whole numbers */
        { "b / 0 = 1", EXPR_UNKNOWN },
        { "a IN (1, 2, 3)", EXPR_TRUE },
        { "word IN ('x', 'it''s')", EXPR_TRUE },
        { "word NOT IN ('x')", EXPR_TRUE },
        { "a BETWEEN 4 AND 5", EXPR_FALSE },
        { "instr(codes, ',race,') > 0", EXPR_TRUE },
        { "instr(codes, ',rac,') > 0", EXPR_FALSE },
        { "length(trim(word)) = 4", EXPR_TRUE },
        { "upper(substr(word, 1, 2)) = 'IT'", EXPR_TRUE },
        { "iif(a > 1, 'x', 'y') = 'x'", EXPR_TRUE },
        { "max(a, b) - min(a, b) = abs(-7)", EXPR_TRUE },
        { "replace(lower(word), 's', '') = 'it'''", EXPR_TRUE },
        { "nullif(a, 3) IS NULL", EXPR_TRUE },
        { "coalesce(nullif(a, 3), 9) = 9", EXPR_TRUE },
        { "NULL = 1", EXPR_UNKNOWN },
        { "a == 3 AND word IS NOT NULL", EXPR_TRUE },
    };
    const struct expr_value values[] = { number(3), number(10), text("it's"),
                                         text(",race,faith,") };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct expr *expr = NULL;
        enum expr_truth truth = EXPR_UNKNOWN;

        print_message("%s\n", rows[i].source);
        assert_ok(compile(*state, rows[i].source, &expr));
        assert_ok(expr_eval(expr, values, &truth));
        assert_int_equal(truth, rows[i].want);
        expr_free(expr);
    }
}

static void whatever_is_not_on_the_list_is_refused(void **state)
{
    static const struct {
        const char *source;
        enum err want;
    } rows[] = {
        { "randomblob(500000000)", ERR_DENIED },
        { "length(randomblob(500000000)) > 1", ERR_DENIED },
        { "zeroblob(1)", ERR_DENIED },
        { "load_extension('x')", ERR_DENIED },
        { "printf('%1000000s', a)", ERR_DENIED },
        { "a LIKE '%x'", ERR_DENIED },
        { "word GLOB '*'", ERR_DENIED },
        { "word MATCH 'x'", ERR_DENIED },
        { "word || word", ERR_DENIED },
        { "(SELECT 1)", ERR_DENIED },
        { "EXISTS (SELECT 1)", ERR_DENIED },
        { "a IN (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1"
          " FROM c) SELECT x FROM c)",
          ERR_DENIED },
        { "1) UNION SELECT (2", ERR_DENIED },
        { "1) FROM sqlite_master, (2", ERR_DENIED },
        { "1; ATTACH 'x' AS y", ERR_DENIED },
        { "ATTACH 'x' AS y", ERR_DENIED },
        { "CAST(a AS TEXT)", ERR_DENIED },
        { "CASE WHEN a THEN 1 END", ERR_DENIED },
        { "a COLLATE nocase = 1", ERR_DENIED },
        { "sum(a) OVER ()", ERR_DENIED },
        { "max(a) OVER () > 1", ERR_DENIED },
        { "current_timestamp", ERR_DENIED },
        { "random()", ERR_DENIED },
        { "\"a\" = 1", ERR_DENIED },
        { "[a] = 1", ERR_DENIED },
        { "`a` = 1", ERR_DENIED },
        { "?1 = 3", ERR_DENIED },
        { "$a = 3", ERR_DENIED },
        { "x'00' = a", ERR_DENIED },
        { "1e9 > a", ERR_DENIED },
        { "1.5 > a", ERR_DENIED },
        { "0x10 > a", ERR_DENIED },
        { "A = 3", ERR_DENIED }, /* names are lower case */
        { "length = 3", ERR_DENIED },
        { "unheard_of = 3", ERR_DENIED },
        { "a = 3 -- no", ERR_DENIED },
        { "a = 3 /* b */", ERR_BAD_DATA },
        { "word = 'open", ERR_BAD_DATA },
        { "(a = 3", ERR_BAD_DATA },
        { "a = ", ERR_BAD_DATA },
        { "a, b", ERR_BAD_DATA },
        { "length()", ERR_BAD_DATA },
        { "", ERR_BAD_DATA },
        { "a IN b", ERR_BAD_DATA },
    };

    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        struct expr *expr = NULL;

        print_message("%s\n", rows[i].source);
        assert_err(compile(*state, rows[i].source, &expr), rows[i].want);
        assert_null(expr);
    }
}

static void size_and_depth_have_ends(void **state)
{
    char source[EXPR_MAX_BYTES + 2];
    struct expr *expr = NULL;

    memset(source, '(', sizeof(source));
    source[EXPR_DEPTH_MAX + 1] = '\0';
    assert_err(compile(*state, source, &expr), ERR_TOO_LONG);
    memset(source, '-', sizeof(source));
    source[EXPR_TOKENS_MAX + 1] = '\0';
    assert_err(compile(*state, source, &expr), ERR_TOO_LONG);
    memset(source, ' ', sizeof(source));
    source[EXPR_MAX_BYTES + 1] = '\0';
    assert_err(compile(*state, source, &expr), ERR_TOO_LONG);
}

static void a_text_cannot_grow_without_end(void **state)
{
    static char big[EXPR_VALUE_MAX_BYTES + 1];
    struct expr_value values[4] = { 0 };
    enum expr_truth truth;
    struct expr *expr;

    memset(big, 'x', sizeof(big) - 1);
    values[2] = text(big);
    assert_ok(compile(*state, "length(word) = 65536", &expr));
    assert_ok(expr_eval(expr, values, &truth));
    assert_int_equal(truth, EXPR_TRUE);
    expr_free(expr);

    assert_ok(compile(*state, "length(replace(word, 'x', 'yy')) > 0", &expr));
    assert_err(expr_eval(expr, values, &truth), ERR_BAD_DATA);
    values[2].text.len++;
    assert_err(expr_eval(expr, values, &truth), ERR_BAD_DATA);
    expr_free(expr);
}

static void an_overflow_is_an_error_and_the_next_answer_is_right(void **state)
{
    struct expr_value values[4] = { 0 };
    enum expr_truth truth;
    struct expr *expr;

    values[0] = number(INT64_MIN);
    assert_ok(compile(*state, "abs(a) > 1", &expr));
    assert_err(expr_eval(expr, values, &truth), ERR_BAD_DATA);
    values[0] = number(-2);
    assert_ok(expr_eval(expr, values, &truth));
    assert_int_equal(truth, EXPR_TRUE);
    expr_free(expr);
}

static void a_value_is_never_read_as_sql(void **state)
{
    struct expr_value values[4] = { 0 };
    enum expr_truth truth;
    struct expr *expr;

    values[2] = text("x' OR 1=1 --");
    assert_ok(compile(*state, "word = 'x'", &expr));
    assert_ok(expr_eval(expr, values, &truth));
    assert_int_equal(truth, EXPR_FALSE);
    expr_free(expr);
}

static void a_name_is_none_of_the_words(void **state)
{
    (void)state;
    assert_true(expr_is_name("group_size"));
    assert_true(expr_is_name("a1"));
    assert_false(expr_is_name("in"));
    assert_false(expr_is_name("length"));
    assert_false(expr_is_name("Upper"));
    assert_false(expr_is_name("1a"));
    assert_false(expr_is_name("_a"));
    assert_false(expr_is_name(""));
    assert_false(expr_is_name("abcdefghijklmnopqrstuvwxyz0123456"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_those_of_sql),
        cmocka_unit_test(whatever_is_not_on_the_list_is_refused),
        cmocka_unit_test(size_and_depth_have_ends),
        cmocka_unit_test(a_text_cannot_grow_without_end),
        cmocka_unit_test(an_overflow_is_an_error_and_the_next_answer_is_right),
        cmocka_unit_test(a_value_is_never_read_as_sql),
        cmocka_unit_test(a_name_is_none_of_the_words),
    };

    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
