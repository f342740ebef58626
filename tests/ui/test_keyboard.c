/* The keyboard on the screen: its boards, and what they write. */
#include "tests/test.h"

#include <string.h>

#include "tests/ui/audit.h"
#include "tests/ui/stage.h"
#include "ui/kit/board.h"
#include "ui/kit/input.h"

static void touch(struct stage *s, const char *name)
{
    static int64_t ms = 100000;
    const struct target *t = ui_find(&s->nav.ui, name);
    struct ui_event ev;
    struct rect seen;

    assert_non_null(t);
    seen = rect_intersect(t->box, t->clip);
    assert_false(rect_is_empty(seen));
    ms += 1000;
    (void)ui_touch_down(&s->nav.ui, seen.x + seen.w / 2, seen.y + seen.h / 2,
                        ms);
    if (ui_touch_up(&s->nav.ui, seen.x + seen.w / 2, seen.y + seen.h / 2,
                    ms + 50, &ev)) {
        nav_event(&s->nav, &ev);
    }
    stage_turn(s);
}

static void open_note(struct stage *s)
{
    stage_tap(s, "home.tile.asb");
    stage_tap(s,
              ui_find(&s->nav.ui, "log.note") != NULL ? "log.note" : "log.add");
    if (ui_find(&s->nav.ui, "sheet.choice.note") != NULL) {
        stage_tap(s, "sheet.choice.note");
    }
    touch(s, "sheet.field");
    assert_true(s->nav.ui.shows_keyboard);
}

static void type_by_touch(struct stage *s, const char *what)
{
    open_note(s);
    assert_int_equal(audit_screen(&s->nav.ui, what), 0);
    touch(s, "key.u0048"); /* H: a sentence begins with a capital */
    touch(s, "key.u0069");
    touch(s, "key.c3"); /* signs */
    assert_int_equal(audit_screen(&s->nav.ui, what), 0);
    touch(s, "key.u0021");
    touch(s, "key.c2"); /* delete */
    touch(s, "key.u00a3");
    touch(s, "key.c5"); /* done */
    assert_false(s->nav.ui.shows_keyboard);
    stage_tap(s, "sheet.done");
    assert_string_equal(s->fake.last.draft.note, "Hi£");
}

static void escape_puts_the_keyboard_away_before_the_page(void **state)
{
    struct stage *s = *state;

    open_note(s);
    stage_key(s, KEY_ESCAPE);
    assert_false(s->nav.ui.shows_keyboard);
    assert_non_null(ui_find(&s->nav.ui, "sheet.field"));
    stage_key(s, KEY_ESCAPE);
    assert_null(ui_find(&s->nav.ui, "sheet.field"));
}

static void letters_on_a_sheet_go_into_its_field(void **state)
{
    const struct ui_event new_entry = { .kind = UI_NEW };
    struct stage *s = *state;
    struct ui_event ev;

    stage_tap(s, "rail.notebook");
    nav_event(&s->nav, &new_entry); /* Ctrl+N */
    stage_turn(s);
    assert_true(ui_type(&s->nav.ui, "A", &ev));
    nav_event(&s->nav, &ev);
    assert_true(ui_type(&s->nav.ui, "b", &ev));
    nav_event(&s->nav, &ev);
    stage_turn(s);
    stage_tap(s, "sheet.done");
    assert_string_equal(s->fake.last.text, "Ab");
}

static void type_arabic(struct stage *s, const char *what)
{
    open_note(s);
    assert_int_equal(audit_screen(&s->nav.ui, what), 0);
    touch(s, "key.u0634");
    touch(s, "key.c1"); /* the rarer letters */
    assert_int_equal(audit_screen(&s->nav.ui, what), 0);
    touch(s, "key.u0621");
    touch(s, "key.c3"); /* signs */
    assert_int_equal(audit_screen(&s->nav.ui, what), 0);
    touch(s, "key.u061f");
    touch(s, "key.c5");
    stage_tap(s, "sheet.done");
    assert_string_equal(s->fake.last.draft.note, "شء؟");
}

static void an_arabic_screen_has_arabic_keys(void **state)
{
    struct stage *s = *state;

    assert_ok(nav_set_language(&s->nav, "ar"));
    stage_turn(s);
    type_arabic(s, "keyboard ar");
}

static void arabic_keys_fit_the_smallest_screen(void **state)
{
    struct stage *s = *state;

    s->width = 740;
    s->height = 600;
    nav_set_text(&s->nav, 200);
    assert_ok(nav_set_language(&s->nav, "ar"));
    stage_turn(s);
    type_arabic(s, "keyboard ar 740x600 200 %");
}

/* Any officer may write in any language that there is a board for. */
static void the_globe_goes_through_all_boards_and_back(void **state)
{
    struct stage *s = *state;
    int boards = 0;

    open_note(s);
    do {
        touch(s, "key.c7");
        assert_int_equal(audit_screen(&s->nav.ui, "boards"), 0);
        touch(s, "key.c1");
        assert_int_equal(audit_screen(&s->nav.ui, "boards, shifted"), 0);
        touch(s, "key.c1");
        boards++;
        assert_true(boards < 20);
    } while (strcmp(board_name(&s->nav.ui), "English") != 0);
    assert_int_equal(boards, 5);
    touch(s, "key.u0071"); /* q */
}

static void the_keyboard_on_the_screen_types(void **state)
{
    type_by_touch(*state, "keyboard");
}

static void the_keyboard_leaves_sos_free_upright_and_mirrored(void **state)
{
    struct stage *s = *state;

    s->width = 800;
    s->height = 1280;
    assert_ok(nav_set_language(&s->nav, "ar"));
    stage_turn(s);
    type_arabic(s, "keyboard 800x1280 ar");
    s->width = 1280;
    s->height = 800;
    stage_tap(s, "rail.patrol");
    stage_tap(s, "home.tile.asb");
    stage_tap(s, "log.note");
    touch(s, "sheet.field");
    assert_int_equal(audit_screen(&s->nav.ui, "keyboard 1280x800 ar"), 0);
}

static void the_keyboard_types_on_the_smallest_screen_too(void **state)
{
    struct stage *s = *state;

    s->width = 740;
    s->height = 600;
    nav_set_text(&s->nav, 200);
    stage_turn(s);
    type_by_touch(s, "keyboard 740x600 200 %");
}

#define IN(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(an_arabic_screen_has_arabic_keys),
        IN(arabic_keys_fit_the_smallest_screen),
        IN(the_globe_goes_through_all_boards_and_back),
        IN(the_keyboard_on_the_screen_types),
        IN(letters_on_a_sheet_go_into_its_field),
        IN(escape_puts_the_keyboard_away_before_the_page),
        IN(the_keyboard_leaves_sos_free_upright_and_mirrored),
        IN(the_keyboard_types_on_the_smallest_screen_too),
    };

    return RUN_TESTS(tests);
}
