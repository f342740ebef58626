/* Every component in every theme, language, text size and width. */
#include "tests/test.h"

#include <stdio.h>

#include "tests/ui/audit.h"
#include "tests/ui/gallery/gallery.h"
#include "ui/kit/ink.h"
#include "ui/kit/input.h"
#include "ui/kit/tr.h"

static const int widths[] = { 1280, 800, 740 };
static const int sizes[] = { 100, 125, 150, 200 };
static const char *const langs[] = { "en", "cy", "ar" };

static int open_gallery(void **state)
{
    static struct gallery g;

    assert_ok(gallery_init(&g));
    *state = &g;
    return 0;
}

static int close_gallery(void **state)
{
    gallery_fini(*state);
    tr_close();
    return 0;
}

static int audit_sheet(struct gallery *g, int sheet, int width)
{
    char what[128];

    snprintf(what, sizeof(what), "%s %s theme %d text %d width %d",
             gallery_sheets[sheet].name, g->ui.list.lang, (int)g->ui.theme,
             g->ui.percent, width);
    (void)gallery_draw(g, sheet, width);
    return audit_screen(&g->ui, what);
}

static int audit_sheets(struct gallery *g)
{
    int faults = 0;

    for (int theme = 0; theme < THEME__COUNT; theme++) {
        for (size_t size = 0; size < ARRAY_LEN(sizes); size++) {
            for (size_t w = 0; w < ARRAY_LEN(widths); w++) {
                g->ui.theme = (enum theme_id)theme;
                g->ui.percent = sizes[size];
                for (int i = 0; i < gallery_sheet_count; i++) {
                    faults += audit_sheet(g, i, widths[w]);
                }
            }
        }
    }
    return faults;
}

static void every_component_is_whole_everywhere(void **state)
{
    struct gallery *g = *state;
    int faults = 0;

    for (size_t i = 0; i < ARRAY_LEN(langs); i++) {
        assert_ok(tr_use(PO_DIR, langs[i]));
        snprintf(g->ui.list.lang, sizeof(g->ui.list.lang), "%s", langs[i]);
        g->ui.list.is_flipped = tr_is_rtl();
        faults += audit_sheets(g);
    }
    assert_int_equal(faults, 0);
}

/* --- ink --- */

/* The last pad of the photo sheet, empty. */
static const struct target *open_pad(struct gallery *g)
{
    const struct target *pad = NULL;

    assert_ok(tr_use(PO_DIR, "en"));
    g->ui.list.is_flipped = false;
    g->ui.percent = 100;
    (void)gallery_draw(g, 4, 1280);
    for (int i = 0; i < g->ui.target_count; i++) {
        if (g->ui.targets[i].flags & UI_DRAWS) {
            pad = &g->ui.targets[i];
        }
    }
    assert_non_null(pad);
    ink_clear(&g->ui);
    return pad;
}

static void a_stroke_on_the_pad_is_a_signature(void **state)
{
    struct gallery *g = *state;
    const struct target *pad = open_pad(g);
    struct ui_event ev = { 0 };

    assert_true(ui_touch_down(&g->ui, pad->box.x + 10, pad->box.y + 90, 0));
    for (int i = 0; i < 20; i++) {
        assert_true(ui_touch_move(&g->ui, pad->box.x + 13 + 3 * i,
                                  pad->box.y + 90 - 2 * (i % 3)));
    }
    assert_true(ui_touch_up(&g->ui, pad->box.x + 70, pad->box.y + 90, 9, &ev));
    assert_int_equal(ev.kind, UI_INKED);
    assert_int_equal(ev.id, pad->id);
    assert_true(ink_is_signature(&g->ui, pad->id));
    assert_false(ink_is_signature(&g->ui, (uint16_t)(pad->id - 1)));
}

static void a_touch_on_the_pad_is_no_signature(void **state)
{
    struct gallery *g = *state;
    const struct target *pad = open_pad(g);
    struct ui_event ev = { 0 };

    (void)ui_touch_down(&g->ui, pad->box.x + 10, pad->box.y + 90, 0);
    (void)ui_touch_move(&g->ui, pad->box.x + 30, pad->box.y + 90);
    (void)ui_touch_up(&g->ui, pad->box.x + 30, pad->box.y + 90, 9, &ev);
    assert_int_equal(ink_length(&g->ui.ink), 20);
    assert_false(ink_is_signature(&g->ui, pad->id));
}

static void ink_stays_on_its_pad_and_has_an_end(void **state)
{
    struct gallery *g = *state;
    const struct target *pad = open_pad(g);
    struct ui_event ev = { 0 };

    (void)ui_touch_down(&g->ui, pad->box.x + 10, pad->box.y + 90, 0);
    for (int i = 0; i < 2 * UI_INK_MAX; i++) {
        (void)ui_touch_move(&g->ui, pad->box.x + (i % 2 ? 9000 : -9000),
                            pad->box.y + 9000);
    }
    (void)ui_touch_up(&g->ui, 0, 0, 9, &ev);
    assert_int_equal(g->ui.ink.count, UI_INK_MAX);
    for (int i = 0; i < g->ui.ink.count; i++) {
        assert_in_range(g->ui.ink.points[2 * i], 0, pad->box.w);
        assert_in_range(g->ui.ink.points[2 * i + 1], 0, pad->box.h);
    }
}

static void leaving_the_screen_wipes_the_ink(void **state)
{
    struct gallery *g = *state;
    const struct target *pad = open_pad(g);

    (void)ui_touch_down(&g->ui, pad->box.x + 10, pad->box.y + 90, 0);
    (void)ui_touch_move(&g->ui, pad->box.x + 90, pad->box.y + 90);
    ui_forget(&g->ui);
    assert_int_equal(g->ui.ink.count, 0);
    assert_int_equal(g->ui.ink.points[0], 0);
}

#define IN(test) \
    cmocka_unit_test_setup_teardown(test, open_gallery, close_gallery)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(every_component_is_whole_everywhere),
        IN(a_stroke_on_the_pad_is_a_signature),
        IN(a_touch_on_the_pad_is_no_signature),
        IN(ink_stays_on_its_pad_and_has_an_end),
        IN(leaving_the_screen_wipes_the_ink),
    };

    return RUN_TESTS(tests);
}
