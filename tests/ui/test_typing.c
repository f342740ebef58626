/* What goes into a field: letters of any script, and nothing else. */
#include "tests/test.h"

#include <string.h>

#include "tests/ui/stage.h"
#include "ui/kit/input.h"
#include "ui/look.h"

static void open_note(struct stage *s)
{
    stage_tap(s, "home.tile.asb");
    stage_tap(s,
              ui_find(&s->nav.ui, "log.note") != NULL ? "log.note" : "log.add");
    if (ui_find(&s->nav.ui, "sheet.choice.note") != NULL) {
        stage_tap(s, "sheet.choice.note");
    }
    stage_tap(s, "sheet.field");
}

static void what_is_no_letter_is_passed_over(void **state)
{
    struct stage *s = *state;

    open_note(s);
    stage_type(s, "a\x01\x1b"
                  "b\x7f\xc2\x85"
                  "c\td");
    assert_string_equal(s->nav.ui.edit, "abc d");
    stage_type(s, "\xed\xa0\x80"
                  "e\xc0\x80"
                  "f\xff"
                  "g\xe2\x82");
    assert_string_equal(s->nav.ui.edit, "abc defg");
}

static void a_full_field_ends_with_a_whole_letter_and_says_so(void **state)
{
    struct stage *s = *state;
    char many[256] = "";

    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.place");
    stage_tap(s, "sheet.field");
    for (size_t i = 0; i < 64; i++) {
        memcpy(many + 2 * i, "\u00e9", 3); /* two bytes and the end */
    }
    s->nav.ui.edit[0] = '\0';
    s->nav.ui.caret = 0;
    stage_type(s, many);
    assert_int_equal(strlen(s->nav.ui.edit), VIEW_LINE_SIZE - 2);
    assert_true(look_has(&s->nav, "This field is full"));
}

static void each_letter_of_a_note_is_kept_before_the_sheet_is_closed(
    void **state)
{
    struct stage *s = *state;

    open_note(s);
    stage_type(s, "three m");
    assert_string_equal(s->fake.last.draft.note, "three m");
    stage_tap(s, "sheet.cancel");
    assert_string_equal(s->fake.last.draft.note, "");
}

static void the_end_of_a_long_note_is_in_sight_while_it_is_typed(void **state)
{
    struct stage *s = *state;
    char line[64];

    open_note(s);
    for (int i = 0; i < 100; i++) {
        snprintf(line, sizeof(line), "line %d of a long statement\n", i);
        stage_type(s, line);
    }
    assert_true(s->nav.ui.scrolls[0].offset > 0 ||
                s->nav.ui.scrolls[1].offset > 0 ||
                s->nav.ui.scrolls[2].offset > 0);
}

static void practice_marks_the_page_below_all_that_can_be_touched(void **state)
{
    struct stage *s = *state;

    s->fake.v.status.is_practice = true;
    bridge_post(s->bridge, VIEW_STATUS, &s->fake.v.status);
    stage_turn(s);
    assert_true(look_has(&s->nav, "PRACTICE"));
    assert_int_equal(s->nav.ui.list.height, s->height);
    for (int i = 0; i < s->nav.ui.target_count; i++) {
        const struct target *t = &s->nav.ui.targets[i];

        assert_true(rect_intersect(t->box, t->clip).y +
                        rect_intersect(t->box, t->clip).h <=
                    s->nav.ui.height);
    }
}

#define IN(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(what_is_no_letter_is_passed_over),
        IN(a_full_field_ends_with_a_whole_letter_and_says_so),
        IN(each_letter_of_a_note_is_kept_before_the_sheet_is_closed),
        IN(the_end_of_a_long_note_is_in_sight_while_it_is_typed),
        IN(practice_marks_the_page_below_all_that_can_be_touched),
    };

    return RUN_TESTS(tests);
}
