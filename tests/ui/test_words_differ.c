/* test_words_differ.c - the words that one of two versions has alone. */
#include "ui/screens/words_differ.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

/* `text` with its spans in brackets. */
static const char *marked(const char *text, const char *other)
{
    static char out[2000];
    struct text_span spans[TEXT_SPANS_MAX];
    const int count = words_differ(text, other, spans);
    int at = 0;
    size_t n = 0;

    for (size_t i = 0; i <= strlen(text); i++) {
        if (at < count && spans[at].to == i) {
            out[n++] = ']';
            at++;
        }
        if (at < count && spans[at].from == i) {
            assert_int_equal(spans[at].look, TEXT_BOLD);
            out[n++] = '[';
        }
        out[n++] = text[i];
    }
    assert_int_equal(at, count);
    return out;
}

static void what_one_has_alone_is_marked(void **state)
{
    (void)state;
    assert_string_equal(marked("a red car", "a blue car"), "a [red] car");
    assert_string_equal(marked("a blue car", "a red car"), "a [blue] car");
    assert_string_equal(marked("Declined a place.", "a place"),
                        "[Declined] a place.");
    assert_string_equal(marked("bed 4, from 19:00", "bed 4"),
                        "bed 4, [from 19:00]");
}

static void case_and_punctuation_are_no_difference(void **state)
{
    (void)state;
    assert_string_equal(
        marked("Abbey doorway, Monks Walk", "the abbey doorway."),
        "Abbey doorway, [Monks Walk]");
    assert_string_equal(marked("Same words.", "same, words"), "Same words.");
}

static void longer_words_in_common_count_more(void **state)
{
    (void)state;
    assert_string_equal(marked("by the lake, from the Abbey doorway",
                               "Abbey doorway. Told by the verger."),
                        "[by the lake, from the] Abbey doorway");
}

static void texts_that_share_no_word_are_left_plain(void **state)
{
    (void)state;
    assert_string_equal(marked("red car", "blue van"), "red car");
    assert_string_equal(marked("", "blue van"), "");
    assert_string_equal(marked("red car", ""), "red car");
    assert_string_equal(marked("... -", "... -"), "... -");
}

static void close_ones_become_one_when_there_are_many(void **state)
{
    (void)state;
    assert_string_equal(marked("x one xxxx two xx three xxxxxx four x five x",
                               "one two three four five"),
                        "[x one xxxx two xx] three [xxxxxx] four [x] five [x]");
}

static void words_of_any_script_are_words(void **state)
{
    (void)state;
    assert_string_equal(marked("\u0633\u064a\u0627\u0631\u0629 \u062d",
                               "\u0633\u064a\u0627\u0631\u0629"),
                        "\u0633\u064a\u0627\u0631\u0629 [\u062d]");
}

static void a_long_text_is_told_apart_as_far_as_it_goes(void **state)
{
    char a[4000];
    char b[4000];
    struct text_span spans[TEXT_SPANS_MAX];
    int at = snprintf(a, sizeof(a), "start");

    (void)state;
    for (int i = 0; i < 300; i++) {
        at += snprintf(a + at, sizeof(a) - (size_t)at, " word");
    }
    snprintf(b, sizeof(b), "other %.3900s", a);
    assert_int_equal(words_differ(a, b, spans), 0);
    assert_int_equal(words_differ(b, a, spans), 1);
    assert_int_equal(spans[0].to, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_has_alone_is_marked),
        cmocka_unit_test(case_and_punctuation_are_no_difference),
        cmocka_unit_test(longer_words_in_common_count_more),
        cmocka_unit_test(texts_that_share_no_word_are_left_plain),
        cmocka_unit_test(close_ones_become_one_when_there_are_many),
        cmocka_unit_test(words_of_any_script_are_words),
        cmocka_unit_test(a_long_text_is_told_apart_as_far_as_it_goes),
    };

    return RUN_TESTS(tests);
}
