/* Every form of every tile in every theme, language, text size and shape. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/ui/audit.h"
#include "tests/ui/stage.h"
#include "ui/look.h"

static const struct {
    int w;
    int h;
} shapes[] = { { 1280, 800 }, { 800, 1280 }, { 800, 600 } };
static const int sizes[] = { 100, 150, 200 };
static const char *const langs[] = { "en", "cy", "ar" };

static int audit_shape(struct stage *s, int theme, int size, const char *what)
{
    int faults = 0;
    char name[128];

    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        nav_set_theme(&s->nav, (enum theme_id)theme);
        nav_set_text(&s->nav, size);
        s->width = shapes[i].w;
        s->height = shapes[i].h;
        stage_turn(s);
        snprintf(name, sizeof(name), "%s theme %d text %d %dx%d", what, theme,
                 size, s->width, s->height);
        faults += audit_screen(&s->nav.ui, name);
    }
    return faults;
}

/* Colours do not move anything: one theme a size is enough. */
static void audit_everywhere(struct stage *s, const char *what)
{
    int faults = 0;
    char name[64];

    for (size_t i = 0; i < ARRAY_LEN(langs); i++) {
        assert_ok(nav_set_language(&s->nav, langs[i]));
        snprintf(name, sizeof(name), "%s %s", what, langs[i]);
        for (size_t k = 0; k < ARRAY_LEN(sizes); k++) {
            faults += audit_shape(s, (int)k % THEME__COUNT, sizes[k], name);
        }
    }
    assert_int_equal(faults, 0);
    assert_ok(nav_set_language(&s->nav, "en"));
    nav_set_text(&s->nav, 100);
    s->width = 1280;
    s->height = 800;
    stage_turn(s);
}

/* As it opens, with one type chosen, and with Save pressed too early. */
static void audit_tile(struct stage *s, const char *tile, const char *type)
{
    char name[64];

    snprintf(name, sizeof(name), "home.tile.%s", tile);
    stage_tap(s, name);
    assert_string_equal(nav_screen_name(&s->nav), "form");
    audit_everywhere(s, tile);
    if (ui_find(&s->nav.ui, type) == NULL) {
        stage_tap(s, "log.more-types");
        snprintf(name, sizeof(name), "sheet.choice.%s",
                 type + strlen("log.type."));
        type = name;
    }
    stage_tap(s, type);
    if (strcmp(tile, "vehicle") == 0) { /* it asks when you asked */
        stage_tap(s, "form.engine_asked.yes");
    }
    stage_tap(s, "log.save");
    assert_string_equal(nav_screen_name(&s->nav), "form");
    audit_everywhere(s, type);
}

#define TILE(kind, type)                                 \
    static void kind##_is_whole_everywhere(void **state) \
    {                                                    \
        audit_tile(*state, #kind, "log.type." type);     \
    }
TILE(env, "ENV-03")
TILE(hate, "HATE-GRAF")
TILE(care, "WEL-12")
TILE(suspicious, "SUS-08")
TILE(security, "PSO-10")
TILE(vehicle, "VEH-03")
TILE(tension, "TEN-03")
TILE(prevent, "PRV-01")

static void person_page_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.env");
    stage_tap(s, "log.person");
    stage_tap(s, "form.spoken_to.yes");
    stage_tap(s, "form.age_band.18-20");
    audit_everywhere(s, "person");
    stage_tap(s, "form.done");
    audit_everywhere(s, "form with a person");
}

static void vehicle_page_is_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.vehicle");
    stage_tap(s, "form.add.vehicle");
    stage_tap(s, "form.colour.blue");
    audit_everywhere(s, "vehicle");
    stage_tap(s, "form.done");
    audit_everywhere(s, "form with a vehicle");
}

static void form_sheets_are_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_tap(s, "home.tile.care");
    stage_tap(s, "log.type.WEL-04");
    stage_tap(s, "form.open.seen_or_heard");
    audit_everywhere(s, "text of a form");
    stage_tap(s, "sheet.done");
    stage_tap(s, "form.open.last_seen_at");
    audit_everywhere(s, "time of a form");
    stage_tap(s, "sheet.cancel");
    stage_tap(s, "form.more.agency");
    audit_everywhere(s, "choices of a form");
}

static void signed_words_are_whole_everywhere(void **state)
{
    struct stage *s = *state;

    stage_reply(s, "I only put it down for a minute");
    audit_everywhere(s, "words to be signed");
    stage_tap(s, "form.open.reply_signed");
    audit_everywhere(s, "signing");
    stage_tap(s, "sign.type");
    audit_everywhere(s, "signing by name");
    stage_tap(s, "sign.type");
    stage_tap(s, "sign.name");
    stage_type(s, "Dai Morgan");
    stage_sign(s);
    audit_everywhere(s, "signed words");
    stage_tap(s, "form.open.reply");
    stage_tap(s, "sheet.field");
    stage_type(s, "!");
    stage_tap(s, "sheet.done");
    audit_everywhere(s, "words changed after the signing");
}

#define IN(test) cmocka_unit_test_setup_teardown(test, stage_open, stage_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(env_is_whole_everywhere),
        IN(hate_is_whole_everywhere),
        IN(care_is_whole_everywhere),
        IN(suspicious_is_whole_everywhere),
        IN(security_is_whole_everywhere),
        IN(vehicle_is_whole_everywhere),
        IN(tension_is_whole_everywhere),
        IN(prevent_is_whole_everywhere),
        IN(person_page_is_whole_everywhere),
        IN(vehicle_page_is_whole_everywhere),
        IN(form_sheets_are_whole_everywhere),
        IN(signed_words_are_whole_everywhere),
    };

    return RUN_TESTS(tests);
}
