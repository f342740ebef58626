/* The audit itself: each fault that it is there for, made on purpose. */
#include "tests/ui/audit.h"

#include "tests/test.h"
#include "ui/kit/paint.h"

static const char *const names[] = { "none", "one", "two" };

static int open_ui(void **state)
{
    static struct ui ui;

    assert_ok(ui_init(&ui, names));
    ui_begin(&ui, 800, 600);
    *state = &ui;
    return 0;
}

static int close_ui(void **state)
{
    ui_fini(*state);
    return 0;
}

static void put_text(struct ui *ui, struct rect r, const char *text)
{
    (void)ui_text(ui, r, TYPE_LABEL, COLOR_TEXT, 0, text);
}

static void a_whole_screen_has_no_fault(void **state)
{
    struct ui *ui = *state;

    put_text(ui, rect_make(20, 20, 300, 0), "Anti-social behaviour");
    put_text(ui, rect_make(20, 60, 300, 0), "Street drinking");
    ui_target(ui, rect_make(20, 100, 200, 56), 1, 0, NULL, 0, 0, "Save");
    ui_target(ui, rect_make(20, 164, 200, 56), 2, 0, NULL, 0, 0, "Back");
    assert_int_equal(audit_screen(ui, "whole"), 0);
}

static void a_word_wider_than_its_box_is_found(void **state)
{
    struct ui *ui = *state;

    put_text(ui, rect_make(20, 20, 60, 0), "Environmental");
    assert_int_not_equal(audit_screen(ui, "too wide"), 0);
}

static void a_text_higher_than_its_box_is_found(void **state)
{
    struct ui *ui = *state;

    put_text(ui, rect_make(20, 20, 300, 0), "Street drinking");
    draw_set_height(&ui->list, ui->list.count - 1, 10);
    assert_int_not_equal(audit_screen(ui, "too high"), 0);
}

static void an_ellipsis_is_found(void **state)
{
    struct ui *ui = *state;

    (void)ui_text(ui, rect_make(20, 20, 60, 0), TYPE_LABEL, COLOR_TEXT, UI_LINE,
                  "Street drinking");
    assert_int_not_equal(audit_screen(ui, "cut"), 0);
}

static void a_text_beyond_the_screen_is_found(void **state)
{
    struct ui *ui = *state;

    put_text(ui, rect_make(700, 20, 300, 0), "Street drinking");
    assert_int_not_equal(audit_screen(ui, "side"), 0);
    ui_begin(ui, 800, 600);
    put_text(ui, rect_make(20, 590, 300, 0), "Street drinking");
    assert_int_not_equal(audit_screen(ui, "bottom"), 0);
}

static void a_text_over_another_is_found(void **state)
{
    struct ui *ui = *state;

    put_text(ui, rect_make(20, 20, 300, 0), "Street drinking");
    put_text(ui, rect_make(40, 30, 300, 0), "Fireworks");
    assert_int_not_equal(audit_screen(ui, "over"), 0);
}

static void a_hidden_text_is_found(void **state)
{
    struct ui *ui = *state;

    put_text(ui, rect_make(20, 20, 300, 0), "Street drinking");
    (void)ui_box(ui, rect_make(60, 10, 90, 50), COLOR_SURFACE, COLOR_NONE, 0,
                 0);
    assert_int_not_equal(audit_screen(ui, "hidden"), 0);
}

static void little_contrast_is_found(void **state)
{
    struct ui *ui = *state;

    (void)ui_text(ui, rect_make(20, 20, 300, 0), TYPE_LABEL, COLOR_LINE, 0,
                  "Street drinking");
    assert_int_not_equal(audit_screen(ui, "contrast"), 0);
}

/* 4.54 to 1 is enough on white, 4.48 is not (WCAG 2.2, 1.4.3). */
static void contrast_counts_as_the_standard_does(void **state)
{
    struct ui *ui = *state;
    struct draw_cmd *c;

    (void)ui_box(ui, rect_make(0, 0, 800, 600), COLOR_SURFACE, COLOR_NONE, 0,
                 0);
    put_text(ui, rect_make(20, 20, 300, 0), "Street drinking");
    c = &ui->list.cmds[ui->list.count - 1];
    c->fill = 0xFF767676;
    assert_int_equal(audit_screen(ui, "enough"), 0);
    c->fill = 0xFF777777;
    assert_int_not_equal(audit_screen(ui, "not enough"), 0);
}

static void a_small_control_is_found(void **state)
{
    struct ui *ui = *state;

    ui_target(ui, rect_make(20, 100, 200, 56), 1, 0, NULL, 0, 0, "Save");
    ui->targets[0].box.h = 55;
    assert_int_not_equal(audit_screen(ui, "small"), 0);
}

static void controls_that_overlap_are_found(void **state)
{
    struct ui *ui = *state;

    ui_target(ui, rect_make(20, 100, 200, 56), 1, 0, NULL, 0, 0, "Save");
    ui_target(ui, rect_make(20, 155, 200, 56), 2, 0, NULL, 0, 0, "Back");
    assert_int_not_equal(audit_screen(ui, "overlap"), 0);
}

static void a_control_without_a_name_is_found(void **state)
{
    struct ui *ui = *state;

    ui_target(ui, rect_make(20, 100, 200, 56), 1, 0, NULL, 0, 0, "");
    assert_int_not_equal(audit_screen(ui, "name"), 0);
}

static void a_control_beyond_the_screen_is_found(void **state)
{
    struct ui *ui = *state;

    ui_target(ui, rect_make(700, 100, 200, 56), 1, 0, NULL, 0, 0, "Save");
    assert_int_not_equal(audit_screen(ui, "beyond"), 0);
}

/* Mirrored twice, everything stands where it stood. */
static void mirroring_twice_changes_nothing(void **state)
{
    struct ui *ui = *state;

    for (int x = 0; x < 800; x += 7) {
        const struct rect r = rect_make(x, 10, 800 - x, 56);
        struct rect twice;

        ui->list.is_flipped = true;
        twice = draw_flip(&ui->list, draw_flip(&ui->list, r));
        assert_memory_equal(&r, &twice, sizeof(r));
    }
}

#define ON(test) cmocka_unit_test_setup_teardown(test, open_ui, close_ui)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON(a_whole_screen_has_no_fault),
        ON(a_word_wider_than_its_box_is_found),
        ON(a_text_higher_than_its_box_is_found),
        ON(an_ellipsis_is_found),
        ON(a_text_beyond_the_screen_is_found),
        ON(a_text_over_another_is_found),
        ON(a_hidden_text_is_found),
        ON(little_contrast_is_found),
        ON(contrast_counts_as_the_standard_does),
        ON(a_small_control_is_found),
        ON(controls_that_overlap_are_found),
        ON(a_control_without_a_name_is_found),
        ON(a_control_beyond_the_screen_is_found),
        ON(mirroring_twice_changes_nothing),
    };

    return RUN_TESTS(tests);
}
