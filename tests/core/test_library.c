/* The documents of the library: whole, sourced, and to be found. */
#include "tests/test.h"

#include <stdio.h>
#include <string.h>

#include "core/arena.h"
#include "core/json.h"
#include "core/library.h"
#include "core/limits.h"
#include "core/profile.h"

static const char *const names[] = { "emergency",  "using",   "referral",
                                     "suspicious", "prevent", "powers" };

static struct arena arena;
static char text[JSON_MAX_BYTES];

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 8 * JSON_MAX_BYTES);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static size_t load(const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t len;

    assert_non_null(f);
    len = fread(text, 1, sizeof(text), f);
    fclose(f);
    return len;
}

static struct library_doc doc(const char *name)
{
    struct library_doc d;
    char path[300];

    snprintf(path, sizeof(path), SOURCE_DIR "/assets/library/%s.json", name);
    assert_ok(library_parse(text, load(path), &arena, &d));
    assert_string_equal(d.id, name);
    return d;
}

/* --- the documents as they are --- */

static const char *number_of(const struct library_doc *d, const char *number)
{
    for (size_t s = 0; s < d->section_count; s++) {
        for (size_t i = 0; i < d->sections[s].item_count; i++) {
            if (strcmp(d->sections[s].items[i].number, number) == 0) {
                return d->sections[s].items[i].title;
            }
        }
    }
    return NULL;
}

static void the_emergency_card_has_both_numbers_and_needs_no_pin(void **state)
{
    const struct library_doc d = doc("emergency");

    (void)state;
    assert_true(d.is_always);
    assert_non_null(number_of(&d, "999"));
    assert_non_null(number_of(&d, "0800 789 321"));
    assert_int_equal(d.sections[0].items[0].is_to_be_confirmed, false);
}

static void only_the_emergency_card_needs_no_pin(void **state)
{
    (void)state;
    for (size_t i = 1; i < ARRAY_LEN(names); i++) {
        assert_false(doc(names[i]).is_always);
    }
}

static void every_source_leads_somewhere(void **state)
{
    const struct json *root, *sources;
    struct library_doc docs[ARRAY_LEN(names)];

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        docs[i] = doc(names[i]);
    }
    assert_ok(json_parse(text, load(SOURCE_DIR "/assets/sources.json"), &arena,
                         &root));
    sources = json_get(root, "sources");
    for (size_t d = 0; d < ARRAY_LEN(names); d++) {
        for (size_t s = 0; s < docs[d].section_count; s++) {
            for (size_t i = 0; i < docs[d].sections[s].item_count; i++) {
                const struct library_item *item = &docs[d].sections[s].items[i];

                for (size_t k = 0; k < item->source_count; k++) {
                    assert_non_null(json_get(sources, item->sources[k]));
                }
            }
        }
    }
}

static size_t count_found(const char *words)
{
    size_t found = 0;

    for (size_t n = 0; n < ARRAY_LEN(names); n++) {
        const struct library_doc d = doc(names[n]);

        for (size_t s = 0; s < d.section_count; s++) {
            for (size_t i = 0; i < d.sections[s].item_count; i++) {
                found += library_matches(&d, &d.sections[s],
                                         &d.sections[s].items[i], words);
            }
        }
    }
    return found;
}

static void words_are_found_by_their_beginning_in_any_case(void **state)
{
    (void)state;
    assert_true(count_found("ALCO") > 2);
    assert_true(count_found("alco surr") > 0);
    assert_true(count_found("alco surr") < count_found("alco"));
    assert_true(count_found("0800") >= 3);
    assert_int_equal(count_found("lcohol"), 0);
    assert_int_equal(count_found(""), 0);
    assert_int_equal(count_found("  "), 0);
}

/* --- what isn't of the shape --- */

static void refuse(const char *json)
{
    struct library_doc d;

    assert_err(library_parse(json, strlen(json), &arena, &d), ERR_BAD_DATA);
}

#define HEAD "{\"id\":\"x\",\"date\":\"2026-11-22\",\"title\":\"X\","

static void a_document_of_another_shape_is_refused(void **state)
{
    struct library_doc d;
    static const char good[] =
        HEAD "\"sections\":[{\"title\":\"S\",\"items\":[{\"title\":\"A\","
             "\"text\":\"B\",\"sources\":[\"L1\"]}]}]}";

    (void)state;
    assert_ok(library_parse(good, strlen(good), &arena, &d));
    refuse("[]");
    refuse(HEAD "\"sections\":[]}");
    refuse(HEAD "\"sections\":[{\"title\":\"S\",\"items\":[]}]}");
    refuse(HEAD "\"sections\":[{\"title\":\"S\",\"items\":[{\"title\":\"A\","
                "\"sources\":[\"L1\"]}]}]}");
    refuse(HEAD "\"sections\":[{\"title\":\"S\",\"items\":[{\"title\":\"A\","
                "\"text\":\"B\",\"sources\":[7]}]}]}");
    refuse("{\"id\":\"x\",\"date\":\"2026\",\"title\":\"X\",\"sections\":["
           "{\"title\":\"S\",\"items\":[{\"title\":\"A\",\"text\":\"B\","
           "\"sources\":[\"L1\"]}]}]}");
}

static void a_statement_without_a_source_is_to_be_confirmed(void **state)
{
    static const char marked[] =
        HEAD "\"sections\":[{\"title\":\"S\",\"items\":[{\"title\":\"A\","
             "\"text\":\"B\",\"to_be_confirmed\":true}]}]}";
    struct library_doc d;

    (void)state;
    refuse(HEAD "\"sections\":[{\"title\":\"S\",\"items\":[{\"title\":\"A\","
                "\"text\":\"B\"}]}]}");
    assert_ok(library_parse(marked, strlen(marked), &arena, &d));
    assert_true(d.sections[0].items[0].is_to_be_confirmed);
}

/* --- whose law --- */

static struct profile profile_of(const char *file)
{
    struct profile p;
    char path[300];

    snprintf(path, sizeof(path), SOURCE_DIR "/assets/profiles/%s.json", file);
    assert_ok(profile_parse(text, load(path), &p));
    return p;
}

static unsigned shown_titles(const struct library_doc *d,
                             const struct profile *p, const char *title)
{
    unsigned count = 0;

    for (size_t s = 0; s < d->section_count; s++) {
        for (size_t i = 0; i < d->sections[s].item_count; i++) {
            const struct library_item *item = &d->sections[s].items[i];

            count += strcmp(item->title, title) == 0 && profile_has(p, item);
        }
    }
    return count;
}

static void an_officer_sees_the_powers_of_the_nation_and_no_others(void **state)
{
    const struct library_doc d = doc("powers");
    const struct profile england = profile_of("england");
    const struct profile wales = profile_of("wales");
    const struct profile scotland = profile_of("scotland");
    const struct profile ireland = profile_of("northern-ireland");
    const struct profile none = { { 0 }, { 0 } };

    (void)state;
    assert_int_equal(shown_titles(&d, &england, "Alcohol: under 18"), 1);
    assert_int_equal(shown_titles(&d, &wales, "Alcohol: under 18"), 1);
    assert_int_equal(shown_titles(&d, &scotland, "Alcohol: under 18"), 0);
    assert_int_equal(shown_titles(&d, &ireland, "Alcohol: under 18"), 0);
    assert_int_equal(shown_titles(&d, &scotland, "Scotland: litter FPN"), 1);
    assert_int_equal(shown_titles(&d, &england, "Scotland: litter FPN"), 0);
    assert_int_equal(shown_titles(&d, &none, "Scotland: litter FPN"), 1);
    assert_int_equal(shown_titles(&d, &none, "Alcohol: under 18"), 1);
    /* What no officer has anywhere is said everywhere. */
    assert_int_equal(shown_titles(&d, &scotland, "Detain a person"), 1);
}

static void a_profile_of_another_shape_is_refused(void **state)
{
    static const char *const bad[] = {
        "[]",
        "{\"id\":\"x\",\"jurisdiction\":\"E\",\"title\":\"England\"}",
        "{\"id\":\"profile\",\"jurisdiction\":\"\",\"title\":\"England\"}",
        "{\"id\":\"profile\",\"jurisdiction\":\"ENGLANDS\",\"title\":\"E\"}",
        "{\"id\":\"profile\",\"jurisdiction\":7,\"title\":\"England\"}",
        "{\"id\":\"profile\",\"jurisdiction\":\"E\"}",
    };
    struct profile p;

    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        assert_err(profile_parse(bad[i], strlen(bad[i]), &p), ERR_BAD_DATA);
        assert_string_equal(p.jurisdiction, "");
    }
}

#define IN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(the_emergency_card_has_both_numbers_and_needs_no_pin),
        IN(only_the_emergency_card_needs_no_pin),
        IN(every_source_leads_somewhere),
        IN(words_are_found_by_their_beginning_in_any_case),
        IN(a_document_of_another_shape_is_refused),
        IN(a_statement_without_a_source_is_to_be_confirmed),
        IN(an_officer_sees_the_powers_of_the_nation_and_no_others),
        IN(a_profile_of_another_shape_is_refused),
    };

    return RUN_TESTS(tests);
}
